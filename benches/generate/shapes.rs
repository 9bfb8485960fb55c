//! The name of a shape and a number in, the heap of as many objects out that hang together in this
//! one way. Each shape is one that a careless walk goes through once for every object in it; see
//! `benches/proportion`.
//!
//! ```text
//!   list-and-index    Node -next-> Node -next-> ...     a list whose values an array has as well
//!                      \-value-> Job     \-value-> Job
//!   queue-and-map     the same, in a Map: a queue of jobs that are also known by their number
//!   comb              Link -> Link -> ... -> all teeth, and the program has each tooth too
//!   rope              s += 'line\n', again and again, from a part of another string on
//!   deep-classes      Link -> Link -> ... -> an object each of many classes
//!   roots             one root with many children, and many roots of its name
//!   shared-table      Map -> Map -> ..., each of a class of its own, with one table for all
//!   shared-function   closures of one function that has many parts and no script
//!   many-lists        one object with many lists that grow, each of a class of its own
//!   many-arrays       one object with many arrays that grow
//!   far-arrays        the same at the end of a list as long as there are arrays
//!   long-name         objects of many classes that have one long name, each with a place of its own
//! ```

use crate::generate::heap::{By, Heap, Id, Kind, Life};

/// Makes so many objects, below the global object or the root.
type Make = fn(&mut Heap, Base, usize);

/// By name.
const SHAPES: [(&str, Make); 12] = [
    ("list-and-index", list_and_index),
    ("queue-and-map", queue_and_map),
    ("comb", comb),
    ("rope", rope),
    ("deep-classes", deep_classes),
    ("roots", roots),
    ("shared-table", shared_table),
    ("shared-function", shared_function),
    ("many-lists", many_lists),
    ("many-arrays", many_arrays),
    ("far-arrays", far_arrays),
    ("long-name", long_name),
];

/// What every heap has.
#[derive(Clone, Copy)]
struct Base {
    root: Id,
    global: Id,
}

/// The heap of a shape; `None` if there is no such shape.
pub fn heap(shape: &str, count: usize) -> Option<Heap> {
    let (_, make) = SHAPES.into_iter().find(|(name, _)| *name == shape)?;
    let mut heap = Heap::new();
    let root = heap.node(Kind::Synthetic, "", 0);
    let global = heap.node(Kind::Object, "global", 32);
    heap.link(root, By::Shortcut("global"), global);
    let roots = heap.node(Kind::Synthetic, "(GC roots)", 0);
    heap.link(root, By::Element(1), roots);
    heap.life = Life::After;
    make(&mut heap, Base { root, global }, count);
    Some(heap)
}

/// Objects of which each has the next one, from the global object on.
fn chain(heap: &mut Heap, from: Id, class: &str, count: usize) -> Vec<Id> {
    let mut last = from;
    let mut link = || {
        let next = heap.node(Kind::Object, class, 16);
        heap.link(last, By::Property("next"), next);
        last = next;
        next
    };
    (0..count).map(|_| link()).collect()
}

/// A list from the global object on, and its values.
fn list(heap: &mut Heap, from: Id, count: usize) -> Vec<Id> {
    let links = chain(heap, from, "Node", count);
    let value = |link| {
        let job = heap.node(Kind::Object, "Job", 16);
        heap.link(link, By::Property("value"), job);
        job
    };
    links.into_iter().map(value).collect()
}

fn list_and_index(heap: &mut Heap, base: Base, count: usize) {
    let jobs = list(heap, base.global, count);
    let index = heap.node(Kind::Object, "Array", 16);
    heap.link(base.global, By::Property("all"), index);
    for (at, job) in jobs.into_iter().enumerate() {
        heap.link(index, By::Element(at), job);
    }
}

fn queue_and_map(heap: &mut Heap, base: Base, count: usize) {
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

fn comb(heap: &mut Heap, base: Base, count: usize) {
    let last = chain(heap, base.global, "Link", count).pop().unwrap_or(base.global);
    let teeth: Vec<Id> = (0..count).map(|_| heap.node(Kind::Object, "Tooth", 16)).collect();
    for from in [last, base.global] {
        for (at, tooth) in teeth.iter().enumerate() {
            heap.link(from, By::Element(at), *tooth);
        }
    }
}

fn rope(heap: &mut Heap, base: Base, count: usize) {
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

fn deep_classes(heap: &mut Heap, base: Base, count: usize) {
    let last = chain(heap, base.global, "Link", count).pop().unwrap_or(base.global);
    for n in 0..count {
        let object = heap.node(Kind::Object, &format!("Class{n}"), 16);
        heap.link(last, By::Element(n), object);
    }
}

fn roots(heap: &mut Heap, base: Base, count: usize) {
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

fn shared_table(heap: &mut Heap, base: Base, count: usize) {
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

fn shared_function(heap: &mut Heap, base: Base, count: usize) {
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

fn many_lists(heap: &mut Heap, base: Base, count: usize) {
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

fn many_arrays(heap: &mut Heap, base: Base, count: usize) {
    arrays(heap, base.global, count / 13);
}

fn far_arrays(heap: &mut Heap, base: Base, count: usize) {
    heap.life = Life::Both;
    let last = chain(heap, base.global, "Part", count / 14).pop().unwrap_or(base.global);
    arrays(heap, last, count / 14);
}

fn long_name(heap: &mut Heap, base: Base, count: usize) {
    let name = "x".repeat(20 * count);
    let all = heap.node(Kind::Object, "Array", 16);
    heap.link(base.global, By::Property("all"), all);
    for at in 0..count {
        let object = heap.node(Kind::Object, &name, 16);
        heap.link(all, By::Element(at), object);
        heap.locate(object, 1, at as u32, 0);
    }
}
