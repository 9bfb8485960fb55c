//! One long name, or two that begin alike, in as many places as there are. The name is a twentieth of
//! the file or more. See [`super`].

use super::Base;
use super::{all, object};
use crate::generate::heap::{By, Heap, Id, Kind, Life};

/// As [`Heap::node`], by a name that has been looked up: with a long one that takes longer than all else.
fn node(heap: &mut Heap, kind: Kind, name: u32, size: usize) -> Id {
    let node = heap.node(kind, "", size);
    heap.nodes[node.0 as usize].name = name;
    node
}

/// As [`Heap::link`], by such a name in place of the one that `by` has.
fn link(heap: &mut Heap, from: Id, by: By<'_>, name: u32, to: Id) {
    heap.link(from, by, to);
    heap.links.last_mut().expect("an edge").1.label = name;
}

/// The two names, each as `of` makes it of the long part and how it ends.
fn names_as(heap: &mut Heap, count: usize, of: impl Fn(&str, &str) -> String) -> [u32; 2] {
    let long = "x".repeat(4 * count);
    ["a", "b"].map(|end| heap.strings.index(&of(&long, end)))
}

fn names(heap: &mut Heap, count: usize) -> [u32; 2] {
    names_as(heap, count, |long, end| format!("{long}{end}"))
}

pub fn class(heap: &mut Heap, base: Base, count: usize) {
    let name = heap.strings.index(&"x".repeat(20 * count));
    let all = heap.node(Kind::Object, "Array", 16);
    heap.link(base.global, By::Property("all"), all);
    for at in 0..count {
        let object = node(heap, Kind::Object, name, 16);
        heap.link(all, By::Element(at), object);
        heap.locate(object, 1, at as u32, 0);
    }
}

/// An object has so many, each by a name of its own choice.
fn held(heap: &mut Heap, holder: Id, kind: Kind, count: usize, by: By<'_>) {
    let names = names(heap, count);
    for n in 0..count {
        let part = heap.node(kind, &format!("C{}", n % 50), 100);
        link(heap, holder, by, names[n % 2], part);
    }
}

/// A list, from the global object on.
fn links(heap: &mut Heap, base: Base, count: usize) -> Id {
    let names = names(heap, count);
    let mut last = base.global;
    for n in 0..count {
        let next = object(heap, "Link");
        link(heap, last, By::Property(""), names[n % 2], next);
        last = next;
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
        link(heap, plain, By::Property(""), names[n % 2], value);
        heap.link(plain, By::Property(&format!("p{}", n / 2)), value);
    }
}

pub fn roots(heap: &mut Heap, base: Base, count: usize) {
    let names = names_as(heap, count, |long, end| format!("({long}{end})"));
    for n in 0..count {
        let root = node(heap, Kind::Synthetic, names[n % 2], 0);
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
        link(heap, rope, By::Internal(""), names[n % 2], base.global);
    }
}

pub fn text(heap: &mut Heap, base: Base, count: usize) {
    let names = names(heap, count);
    let all = object(heap, "Array");
    heap.link(base.global, By::Property("all"), all);
    for n in 0..count {
        let kinds = [Kind::String, Kind::Sliced, Kind::Bigint, Kind::Number];
        let text = node(heap, kinds[n / 2 % 4], names[n % 2], 16);
        heap.link(all, By::Element(n), text);
    }
}
