//! A node in, what it is to a reader of JavaScript out: an object or a part of one, what holds
//! entries and how many.

mod alive;
mod blink;
mod entries;
mod hermes;
mod modules;
mod node;
mod part;
mod v8;

pub(crate) use alive::holds;
pub(crate) use blink::LISTENERS;
pub use entries::{Shape, entries};
pub(crate) use entries::{TableShapes, fresh_entries, internal, property, slot};
pub(crate) use hermes::{GLOBAL as HERMES_GLOBAL, is_inside, shape_above};
pub(crate) use modules::{file_of_url, is_commonjs, module_file};
pub(crate) use node::{
    LOADERS, Plumbing, SOCKETS, STREAMS, bounded_by_runtime, is_handle, is_runtime_file, whole_of,
};
pub(crate) use part::is_part;
pub(crate) use v8::{ENGINE_ROOTS, PASSING_ROOTS};

/// Whether a class is one of the language's or the runtime's that any program has objects of.
pub(crate) fn is_builtin(class: &str) -> bool {
    [v8::CLASSES, node::CLASSES, blink::CLASSES].iter().any(|classes| classes.contains(&class))
}
