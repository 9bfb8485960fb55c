//! A node in, what it is to a reader of JavaScript out: an object or a part of one, what holds
//! entries and how many.

mod alive;
mod entries;
mod hermes;
mod modules;
mod node;
mod part;
mod v8;

pub(crate) use alive::holds;
pub use entries::{Shape, entries};
pub(crate) use entries::{TableShapes, fresh_entries, internal, property, slot};
pub(crate) use hermes::{GLOBAL as HERMES_GLOBAL, is_inside, shape_above};
pub(crate) use modules::{is_commonjs, module_file};
pub(crate) use node::{Plumbing, bounded_by_runtime, is_handle};
pub(crate) use part::is_part;
