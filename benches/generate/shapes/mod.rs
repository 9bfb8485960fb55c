//! The name of a shape and a number in, the heap of as many objects out that hang together in this
//! one way. Each shape is one that a careless walk goes through once for every object in it; see
//! `benches/proportion`.
//!
//! | shape | what it is |
//! |---|---|
//! | `list-and-index` | a list whose values an array has as well |
//! | `queue-and-map` | the same, in a Map: a queue of jobs that are also known by their number |
//! | `comb` | a list, below its end all teeth, and the program has each tooth too |
//! | `rope` | `s += 'line\n'`, again and again, from a part of another string on |
//! | `empty-rope` | the same with empty strings |
//! | `web` | 96 holders whose new fields all lead to one hub, which has one object many times |
//! | `net` | objects with four references each, by chance |
//! | `ladder` | two lists, each object with one of the other list, from its other end |
//! | `all-with-all` | every object of one class has every one of another |
//! | `fan-in` | objects of an array that all have one object |
//! | `contexts` | closures within closures, each with a variable |
//! | `forest` | elements that are no longer in the page, ten deep |
//! | `ephemerons` | a WeakMap in which each value is the next key |
//! | `again` | the root has an object many times, and that another one many times |
//! | `itself` | a part that has itself many times, and then a list |
//! | `roots` | one root with many children, and many roots of its name |
//! | `shared-table` | Map -> Map -> ..., each of a class of its own, with one table for all |
//! | `many-lists` | one object with many lists that grow, each of a class of its own |
//! | `many-arrays` | one object with many arrays that grow |
//! | `far-arrays` | the same at the end of a list as long as there are arrays |
//! | `far-few` | 96 arrays that grow, at the end of a long list of many classes and names |
//! | `promises` | the reactions of a promise that does not settle |
//! | `properties` | an object with twice as many properties as before |
//! | `one-id` | objects of a thousand classes that all have one id |
//! | `deep-classes` | a list, and at its end an object each of many classes |
//! | `classes` | an array with an object each of many classes |
//! | `other-classes` | the same, all others than before |
//! | `wide-objects` | plain objects of a thousand properties |
//! | `definitions` | plain objects that fit a thousand definitions |
//! | `scripts` | functions, each in a script of its own |
//! | `shared-function` | closures of one function that has many parts and no script |
//! | `large` | objects of 2^53 - 1 bytes |
//! | `long-class` | objects of one class with a long name, each with a place of its own |
//! | `long-list` | a list by two long names |
//! | `long-tail` | the same, and at its end an object of another class |
//! | `long-chain` | the same, and only that object is new |
//! | `long-shapes` | plain objects with one of two long names, and one of their own |
//! | `long-roots` | roots of two long names |
//! | `long-key` | an object that has all others by two long names |
//! | `long-descriptors` | descriptors whose slots have two long names |
//! | `long-slots` | a Map's table whose slots have two long names |
//! | `long-halves` | ropes whose halves have two long names |
//! | `long-text` | two long texts of many strings |

mod hanging;
mod holding;
mod long;
mod naming;

use crate::generate::heap::{By, Heap, Id, Kind, Life};

/// Makes so many objects, below the global object or the root.
type Make = fn(&mut Heap, Base, usize);

/// By name.
const SHAPES: [(&str, Make); 43] = [
    ("list-and-index", hanging::list_and_index),
    ("queue-and-map", hanging::queue_and_map),
    ("comb", hanging::comb),
    ("rope", hanging::rope),
    ("empty-rope", hanging::empty_rope),
    ("web", hanging::web),
    ("net", hanging::net),
    ("ladder", hanging::ladder),
    ("all-with-all", hanging::all_with_all),
    ("fan-in", hanging::fan_in),
    ("contexts", hanging::contexts),
    ("forest", hanging::forest),
    ("ephemerons", hanging::ephemerons),
    ("again", hanging::again),
    ("itself", hanging::itself),
    ("roots", holding::roots),
    ("shared-table", holding::shared_table),
    ("many-lists", holding::many_lists),
    ("many-arrays", holding::many_arrays),
    ("far-arrays", holding::far_arrays),
    ("far-few", holding::far_few),
    ("promises", holding::promises),
    ("properties", holding::properties),
    ("one-id", holding::one_id),
    ("deep-classes", naming::deep_classes),
    ("classes", naming::classes),
    ("other-classes", naming::other_classes),
    ("wide-objects", naming::wide_objects),
    ("definitions", naming::definitions),
    ("scripts", naming::scripts),
    ("shared-function", naming::shared_function),
    ("large", naming::large),
    ("long-class", long::class),
    ("long-list", long::list),
    ("long-tail", long::tail),
    ("long-chain", long::chain),
    ("long-shapes", long::shapes),
    ("long-roots", long::roots),
    ("long-key", long::key),
    ("long-descriptors", long::descriptors),
    ("long-slots", long::slots),
    ("long-halves", long::halves),
    ("long-text", long::text),
];

/// What every heap has.
#[derive(Clone, Copy)]
pub struct Base {
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

/// A small object.
fn object(heap: &mut Heap, class: &str) -> Id {
    heap.node(Kind::Object, class, 16)
}

/// Objects of one class, in an array.
fn all(heap: &mut Heap, base: Base, count: usize, class: &str) -> Vec<Id> {
    let all = object(heap, "Array");
    heap.link(base.global, By::Property("all"), all);
    let mut make = |at| {
        let object = object(heap, class);
        heap.link(all, By::Element(at), object);
        object
    };
    (0..count).map(&mut make).collect()
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
