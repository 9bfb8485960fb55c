//! A node in, what it is to a reader of JavaScript out: an object or a part of one, what holds
//! entries and how many.

mod alive;
mod entries;
mod part;

pub(crate) use alive::holds;
pub use entries::{Shape, entries};
pub(crate) use entries::{TableShapes, internal, slot};
pub(crate) use part::is_part;
