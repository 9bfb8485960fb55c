//! What holds many objects, and what many objects have. See [`super`].

use super::Base;
use super::{chain, object};
use crate::generate::heap::{By, Heap, Id, Kind, Life};

pub fn roots(heap: &mut Heap, base: Base, count: usize) {
    let name = "(Some handles)";
    heap.life = Life::Before;
    let old = heap.node(Kind::Synthetic, name, 0);
    heap.link(base.root, By::Element(2), old);
    for at in 0..count {
        let child = heap.node(Kind::Object, "Handle", 16);
        heap.link(old, By::Element(at), child);
    }
    heap.life = Life::After;
    for at in 0..count {
        let root = heap.node(Kind::Synthetic, name, 0);
        heap.link(base.root, By::Element(2 + at), root);
    }
}

pub fn shared_table(heap: &mut Heap, base: Base, count: usize) {
    let shared = heap.node(Kind::Array, "", 16);
    let value = heap.node(Kind::Object, "Value", 16);
    for at in 0..count {
        heap.link(shared, By::Hidden(3 * at), value);
    }
    let mut last = base.global;
    for _ in 0..count {
        let map = heap.node(Kind::Object, "OwnMap", 16);
        heap.link(last, By::Hidden(1), map);
        heap.link(map, By::Internal("table"), shared);
        last = heap.node(Kind::Array, "", 16);
        heap.link(map, By::Internal("table"), last);
    }
    let registry = heap.node(Kind::Object, "Registry", 16);
    heap.link(last, By::Hidden(1), registry);
    for at in 0..200 {
        let item = heap.node(Kind::Object, "Item", 100);
        heap.link(registry, By::Element(at), item);
    }
}

pub fn many_lists(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let registry = heap.node(Kind::Object, "Registry", 16);
    heap.link(base.global, By::Property("registry"), registry);
    for n in 0..count / 24 {
        let (mut last, mut name) = (registry, format!("list{n}"));
        for at in 0..24 {
            heap.life = if at < 10 { Life::Both } else { Life::After };
            let entry = heap.node(Kind::Object, &format!("Entry{}", n % 50), 100);
            heap.link(last, By::Property(&name), entry);
            (last, name) = (entry, "next".to_owned());
        }
    }
}

/// Arrays of an object, from nothing to twelve entries each.
fn arrays(heap: &mut Heap, owner: Id, count: usize) {
    for n in 0..count {
        heap.life = Life::Both;
        let array = heap.node(Kind::Object, "Array", 16);
        heap.link(owner, By::Property(&format!("array{n}")), array);
        heap.life = Life::After;
        for at in 0..12 {
            let item = heap.node(Kind::Object, "Item", 500);
            heap.link(array, By::Element(at), item);
        }
    }
}

pub fn many_arrays(heap: &mut Heap, base: Base, count: usize) {
    arrays(heap, base.global, count / 13);
}

pub fn far_arrays(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let last = chain(heap, base.global, "Part", count / 14).pop().unwrap_or(base.global);
    arrays(heap, last, count / 14);
}

/// Few that grow, at the end of a list.
pub fn far_few(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let mut last = base.global;
    for n in 0..count {
        let part = heap.node(Kind::Object, &format!("Part{}", n * 7 % 50), 16);
        heap.link(last, By::Property(&format!("part{}", n * n % 50)), part);
        last = part;
    }
    arrays(heap, last, 96);
}

pub fn promises(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let promise = object(heap, "Promise");
    heap.link(base.global, By::Property("promise"), promise);
    let mut last = promise;
    for n in 0..count {
        heap.life = if n < 2 { Life::Both } else { Life::After };
        let by = if n == 0 { "reactions_or_result" } else { "next" };
        let reaction = heap.node(Kind::Hidden, "system / PromiseReaction", 16);
        heap.link(last, By::Internal(by), reaction);
        let closure = heap.node(Kind::Closure, "callback", 64);
        heap.link(reaction, By::Internal("fulfill_handler"), closure);
        last = reaction;
    }
}

pub fn properties(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let owner = object(heap, "Object");
    heap.link(base.global, By::Property("owner"), owner);
    for n in 0..count {
        heap.life = if n < count / 2 { Life::Both } else { Life::After };
        let value = object(heap, "Value");
        heap.link(owner, By::Property(&format!("property{n}")), value);
    }
}

/// All have one id, in both files.
pub fn one_id(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let all = object(heap, "Array");
    heap.link(base.global, By::Property("all"), all);
    heap.one_id = true;
    for n in 0..count {
        let object = object(heap, &format!("Class{}", n % 1000));
        heap.link(all, By::Element(n), object);
    }
}
