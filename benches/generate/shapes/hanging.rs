//! How objects hang together: lists, ropes, trees, nets. See [`super`].

use super::Base;
use super::{all, chain, list, object};
use crate::generate::heap::{By, Heap, Id, Kind, Life};

pub fn list_and_index(heap: &mut Heap, base: Base, count: usize) {
    let jobs = list(heap, base.global, count);
    let index = heap.node(Kind::Object, "Array", 16);
    heap.link(base.global, By::Property("all"), index);
    for (at, job) in jobs.into_iter().enumerate() {
        heap.link(index, By::Element(at), job);
    }
}

pub fn queue_and_map(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let queue = heap.node(Kind::Object, "Queue", 32);
    heap.link(base.global, By::Property("queue"), queue);
    let map = heap.node(Kind::Object, "Map", 32);
    heap.link(base.global, By::Property("jobs"), map);
    heap.life = Life::After;
    let table = heap.node(Kind::Array, "", 24 * count);
    heap.link(map, By::Internal("table"), table);
    for (at, job) in list(heap, queue, count).into_iter().enumerate() {
        heap.link(table, By::Hidden(3 * at + 4), job);
    }
}

pub fn comb(heap: &mut Heap, base: Base, count: usize) {
    let last = chain(heap, base.global, "Link", count).pop().unwrap_or(base.global);
    let teeth: Vec<Id> = (0..count).map(|_| heap.node(Kind::Object, "Tooth", 16)).collect();
    for from in [last, base.global] {
        for (at, tooth) in teeth.iter().enumerate() {
            heap.link(from, By::Element(at), *tooth);
        }
    }
}

pub fn rope(heap: &mut Heap, base: Base, count: usize) {
    let line = heap.node(Kind::String, "line\n", 16);
    let mut whole = heap.node(Kind::Sliced, "the first line\n", 32);
    for _ in 0..count {
        let longer = heap.node(Kind::Cons, "", 32);
        heap.link(longer, By::Internal("first"), whole);
        heap.link(longer, By::Internal("second"), line);
        whole = longer;
    }
    heap.link(base.global, By::Property("log"), whole);
}

/// As [`rope`], with nothing in any part.
pub fn empty_rope(heap: &mut Heap, base: Base, count: usize) {
    let nothing = heap.node(Kind::String, "", 16);
    let mut whole = heap.node(Kind::Sliced, "", 32);
    for _ in 0..count {
        let longer = heap.node(Kind::Cons, "", 32);
        heap.link(longer, By::Internal("first"), whole);
        heap.link(longer, By::Internal("second"), nothing);
        whole = longer;
    }
    heap.link(base.global, By::Property("log"), whole);
}

pub fn web(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let holders: Vec<Id> = (0..96)
        .map(|n| {
            let holder = object(heap, "Holder");
            heap.link(base.global, By::Property(&format!("h{n}")), holder);
            holder
        })
        .collect();
    heap.life = Life::After;
    let (hub, leaf) = (object(heap, "Hub"), object(heap, "Leaf"));
    for at in 0..count {
        heap.link(hub, By::Element(at), leaf);
    }
    for (n, holder) in holders.into_iter().enumerate() {
        let field = object(heap, "Field");
        heap.link(holder, By::Property("field"), field);
        for part in 0..4 {
            let middle = object(heap, &format!("Middle{part}"));
            heap.link(field, By::Property(&format!("m{part}")), middle);
            for at in 0..5 {
                let heavy = heap.node(Kind::Object, &format!("Heavy{n}"), 5000);
                heap.link(middle, By::Property(&format!("x{at}")), heavy);
                heap.link(heavy, By::Property("hub"), hub);
            }
        }
    }
}

pub fn net(heap: &mut Heap, base: Base, count: usize) {
    let nodes: Vec<Id> = (0..count).map(|_| object(heap, "Node")).collect();
    heap.link(base.global, By::Property("net"), nodes[0]);
    for node in &nodes {
        for at in 0..4 {
            let to = nodes[heap.random.below(count)];
            heap.link(*node, By::Element(at), to);
        }
    }
}

pub fn ladder(heap: &mut Heap, base: Base, count: usize) {
    let sides = ["Left", "Right"].map(|class| chain(heap, base.global, class, count));
    for at in 0..count {
        heap.link(sides[0][at], By::Property("rung"), sides[1][count - 1 - at]);
        heap.link(sides[1][at], By::Property("rung"), sides[0][count - 1 - at]);
    }
}

pub fn all_with_all(heap: &mut Heap, base: Base, count: usize) {
    let side = |heap: &mut Heap, class| -> Vec<Id> {
        (0..count.isqrt()).map(|_| object(heap, class)).collect()
    };
    let (left, right) = (side(heap, "Left"), side(heap, "Right"));
    for (n, from) in left.into_iter().enumerate() {
        heap.link(base.global, By::Element(n), from);
        for (at, to) in right.iter().enumerate() {
            heap.link(from, By::Element(at), *to);
        }
    }
}

pub fn fan_in(heap: &mut Heap, base: Base, count: usize) {
    let shared = object(heap, "Shared");
    for from in all(heap, base, count, "From") {
        heap.link(from, By::Property("shared"), shared);
    }
}

pub fn contexts(heap: &mut Heap, base: Base, count: usize) {
    let mut outer = None;
    for n in 0..count {
        let context = heap.node(Kind::Object, "system / Context", 16);
        match outer {
            None => heap.link(base.global, By::Property("context"), context),
            Some(outer) => heap.link(outer, By::Internal("previous"), context),
        }
        let closure = heap.node(Kind::Closure, "callback", 16);
        heap.link(context, By::Context(&format!("variable{}", n % 100)), closure);
        outer = Some(context);
    }
}

pub fn forest(heap: &mut Heap, base: Base, count: usize) {
    let mut outer = base.global;
    for n in 0..count {
        let from = if n % 10 == 0 { base.global } else { outer };
        outer = heap.node(Kind::Native, &format!("<div class=\"c{n}\">"), 16);
        heap.nodes[outer.0 as usize].detachedness = if n % 10 == 0 { 2 } else { 0 };
        heap.link(from, By::Element(n), outer);
    }
}

/// Each key's value is the next key.
pub fn ephemerons(heap: &mut Heap, base: Base, count: usize) {
    let (map, table) = (object(heap, "WeakMap"), heap.node(Kind::Array, "", 16));
    heap.link(base.global, By::Property("map"), map);
    heap.link(map, By::Internal("table"), table);
    let keys: Vec<Id> = (0..=count).map(|_| object(heap, "Key")).collect();
    heap.link(base.global, By::Property("first"), keys[0]);
    let id = |node: Id| 2 * node.0 + 1;
    for (n, pair) in keys.windows(2).enumerate().rev() {
        let name = format!(
            "{} / part of key (Key @{}) -> value (Key @{}) pair in WeakMap (table @{})",
            n + 1,
            id(pair[0]),
            id(pair[1]),
            id(table)
        );
        heap.link(table, By::Internal(&name), pair[1]);
        heap.link(pair[0], By::Internal(&name), pair[1]);
    }
}

/// The root has an object as often as that has another one.
pub fn again(heap: &mut Heap, base: Base, count: usize) {
    let other = object(heap, "Other");
    for at in 0..count {
        heap.link(base.root, By::Element(at), base.global);
        heap.link(base.global, By::Element(at), other);
    }
}

/// Both are the engine's own, and the list is new.
pub fn itself(heap: &mut Heap, base: Base, count: usize) {
    let part = |heap: &mut Heap| heap.node(Kind::Hidden, "", 16);
    heap.life = Life::Both;
    let first = part(heap);
    heap.link(base.global, By::Property("part"), first);
    let mut last = first;
    heap.life = Life::After;
    for n in 0..count {
        let next = part(heap);
        let context = heap.node(Kind::Hidden, "system / Context", 16);
        heap.link(next, By::Internal("name"), context);
        heap.link(last, By::Internal(if n == 0 { "first" } else { "next" }), next);
        last = next;
    }
    for _ in 0..count {
        heap.link(first, By::Shortcut("self"), first);
    }
}
