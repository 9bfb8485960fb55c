//! Many classes, shapes, functions and places. See [`super`].

use super::Base;
use super::{all, chain, object};
use crate::generate::heap::{By, Heap, Kind, Life};

pub fn deep_classes(heap: &mut Heap, base: Base, count: usize) {
    let last = chain(heap, base.global, "Link", count).pop().unwrap_or(base.global);
    for n in 0..count {
        let object = heap.node(Kind::Object, &format!("Class{n}"), 16);
        heap.link(last, By::Element(n), object);
    }
}

pub fn shared_function(heap: &mut Heap, base: Base, count: usize) {
    let function = heap.node(Kind::Hidden, "system / SharedFunctionInfo", 16);
    let part = heap.node(Kind::Object, "Part", 16);
    // So that a file has these words at all.
    for word in ["script", "script_or_debug_info", "name"] {
        heap.link(part, By::Property(word), part);
    }
    let all = heap.node(Kind::Object, "Array", 16);
    heap.link(base.global, By::Property("all"), all);
    for at in 0..count {
        heap.link(function, By::Internal("part"), part);
        let closure = heap.node(Kind::Closure, "callback", 16);
        heap.link(all, By::Element(at), closure);
        heap.link(closure, By::Internal("shared"), function);
        heap.locate(closure, 7, at as u32, 0);
    }
}

/// So many classes, each of one object.
fn many(heap: &mut Heap, base: Base, count: usize, class: &str) {
    let all = object(heap, "Array");
    heap.link(base.global, By::Property("all"), all);
    for n in 0..count {
        let object = object(heap, &format!("{class}{n}"));
        heap.link(all, By::Element(n), object);
    }
}

pub fn classes(heap: &mut Heap, base: Base, count: usize) {
    many(heap, base, count, "Class");
}

pub fn other_classes(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Before;
    many(heap, base, count, "Old");
    heap.life = Life::After;
    many(heap, base, count, "New");
}

pub fn wide_objects(heap: &mut Heap, base: Base, count: usize) {
    let value = object(heap, "Value");
    for (n, plain) in all(heap, base, count / 1000, "Object").into_iter().enumerate() {
        for at in 0..1000 {
            heap.link(plain, By::Property(&format!("p{}", (n * 7 + at * at) % 3000)), value);
        }
    }
}

/// Small plain objects define 990 classes, and large ones have the properties of all of them.
pub fn definitions(heap: &mut Heap, base: Base, count: usize) {
    let value = object(heap, "Value");
    for (first, second) in (0..45).flat_map(|a| (0..a).map(move |b| (a, b))) {
        for plain in all(heap, base, 2 + count / 200_000, "Object") {
            for at in [first, second] {
                heap.link(plain, By::Property(&format!("p{at}")), value);
            }
        }
    }
    for plain in all(heap, base, count / 345, "Object") {
        for at in 0..345 {
            let other = format!("q{}", heap.random.below(5000));
            let own = format!("p{at}");
            heap.link(plain, By::Property(if at < 45 { &own } else { &other }), value);
        }
    }
}

pub fn scripts(heap: &mut Heap, base: Base, count: usize) {
    let all = object(heap, "Array");
    heap.link(base.global, By::Property("all"), all);
    for n in 0..count {
        let closure = heap.node(Kind::Closure, &format!("f{n}"), 16);
        heap.link(all, By::Element(n), closure);
        let shared = heap.node(Kind::Hidden, "system / SharedFunctionInfo", 16);
        heap.link(closure, By::Internal("shared"), shared);
        let script = heap.node(Kind::Hidden, "system / Script", 16);
        heap.link(shared, By::Internal("script"), script);
        let name = heap.node(Kind::String, &format!("/app/s{n}.js"), 16);
        heap.link(script, By::Internal("name"), name);
        heap.locate(closure, n as u32, 1, 1);
    }
}

pub fn large(heap: &mut Heap, base: Base, count: usize) {
    let all = object(heap, "Array");
    heap.link(base.global, By::Property("all"), all);
    for n in 0..count {
        let object = heap.node(Kind::Object, "Large", (1 << 53) - 1);
        heap.link(all, By::Element(n), object);
    }
}
