//! A heap in, the way out that a person can act on: for every object, and as an access path.

mod access;
mod holders;
mod preferred;
mod prices;
mod queue;

pub(crate) use access::access_to_many;
pub use access::{
    Access, Label, access, access_to_ends, anchor, cut, fold_cycles, is_exports, is_static,
};
pub(crate) use holders::Holders;
pub use preferred::Preferred;
