//! One long name, or two that begin alike, in as many places as there are. The name is a twentieth of
//! the file or more. See [`super`].

use super::Base;
use super::{all, object};
use crate::generate::heap::{By, Heap, Id, Kind, Life};

/// Names the node that was made last. To look a long name up for each takes longer than all else.
fn name_node(heap: &mut Heap, name: u32) {
    heap.nodes.last_mut().expect("a node").name = name;
}

/// Names the edge that was made last.
fn name_link(heap: &mut Heap, name: u32) {
    heap.links.last_mut().expect("an edge").1.label = name;
}

/// The two names.
fn names(heap: &mut Heap, count: usize) -> [u32; 2] {
    let long = "x".repeat(4 * count);
    ["a", "b"].map(|end| heap.strings.index(&format!("{long}{end}")))
}

pub fn class(heap: &mut Heap, base: Base, count: usize) {
    let name = heap.strings.index(&"x".repeat(20 * count));
    let all = heap.node(Kind::Object, "Array", 16);
    heap.link(base.global, By::Property("all"), all);
    for at in 0..count {
        let object = heap.node(Kind::Object, "", 16);
        name_node(heap, name);
        heap.link(all, By::Element(at), object);
        heap.locate(object, 1, at as u32, 0);
    }
}

/// An object has so many, each by a name of its own choice.
fn held(heap: &mut Heap, holder: Id, kind: Kind, count: usize, by: By<'_>) {
    let names = names(heap, count);
    for n in 0..count {
        let part = heap.node(kind, &format!("C{}", n % 50), 100);
        heap.link(holder, by, part);
        name_link(heap, names[n % 2]);
    }
}

/// A list, from the global object on.
fn links(heap: &mut Heap, base: Base, count: usize) -> Id {
    let names = names(heap, count);
    let mut last = base.global;
    for n in 0..count {
        let link = object(heap, "Link");
        heap.link(last, By::Property(""), link);
        name_link(heap, names[n % 2]);
        last = link;
    }
    last
}

pub fn list(heap: &mut Heap, base: Base, count: usize) {
    links(heap, base, count);
}

pub fn tail(heap: &mut Heap, base: Base, count: usize) {
    let last = links(heap, base, count);
    let tail = object(heap, "Tail");
    heap.link(last, By::Property("tail"), tail);
}

/// The one object of its class that is looked at is the last one.
pub fn chain(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let last = links(heap, base, count);
    heap.life = Life::After;
    let tail = object(heap, "Tail");
    heap.link(last, By::Property("tail"), tail);
}

pub fn shapes(heap: &mut Heap, base: Base, count: usize) {
    let (names, value) = (names(heap, count), object(heap, "Value"));
    for (n, plain) in all(heap, base, count, "Object").into_iter().enumerate() {
        heap.link(plain, By::Property(""), value);
        name_link(heap, names[n % 2]);
        heap.link(plain, By::Property(&format!("p{}", n / 2)), value);
    }
}

pub fn roots(heap: &mut Heap, base: Base, count: usize) {
    let long = "x".repeat(4 * count);
    let names = ["a", "b"].map(|end| heap.strings.index(&format!("({long}{end})")));
    for n in 0..count {
        let root = heap.node(Kind::Synthetic, "", 0);
        name_node(heap, names[n % 2]);
        heap.link(base.root, By::Element(2 + n), root);
    }
}

pub fn key(heap: &mut Heap, base: Base, count: usize) {
    let registry = object(heap, "Registry");
    heap.link(base.global, By::Property("registry"), registry);
    held(heap, registry, Kind::Object, count, By::Property(""));
}

pub fn descriptors(heap: &mut Heap, base: Base, count: usize) {
    let descriptors = heap.node(Kind::Array, "(map descriptors)", 16);
    heap.link(base.global, By::Internal("descriptors"), descriptors);
    held(heap, descriptors, Kind::Object, count, By::Internal(""));
}

pub fn slots(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let (map, table) = (object(heap, "Map"), heap.node(Kind::Array, "", 100));
    heap.link(base.global, By::Property("map"), map);
    heap.link(map, By::Internal("table"), table);
    heap.life = Life::After;
    held(heap, table, Kind::Object, count, By::Internal(""));
}

pub fn halves(heap: &mut Heap, base: Base, count: usize) {
    let names = names(heap, count);
    let all = object(heap, "Array");
    heap.link(base.global, By::Property("all"), all);
    for n in 0..count {
        let rope = heap.node(Kind::Cons, "", 32);
        heap.link(all, By::Element(n), rope);
        heap.link(rope, By::Internal(""), base.global);
        name_link(heap, names[n % 2]);
    }
}

pub fn text(heap: &mut Heap, base: Base, count: usize) {
    let names = names(heap, count);
    let all = object(heap, "Array");
    heap.link(base.global, By::Property("all"), all);
    for n in 0..count {
        let kinds = [Kind::String, Kind::Sliced, Kind::Bigint, Kind::Number];
        let text = heap.node(kinds[n / 2 % 4], "", 16);
        name_node(heap, names[n % 2]);
        heap.link(all, By::Element(n), text);
    }
}
