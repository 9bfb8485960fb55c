//! What a user calls a container in, the way to an inspector inside of it out.
//!
//! ```text
//!   docker:NAME, kubectl:NAMESPACE/POD -> docker exec, kubectl exec -> relay.js in the image's node -> an inspector
//!                 name                          client                          inside
//! ```
//!
//! Nothing is installed or written in the container: its `node` runs a program that comes over standard input, opens the
//! inspector if that is closed, and passes bytes on.

mod client;
mod inside;
mod name;
mod words;

pub(super) use client::Client;
pub(super) use inside::{Inside, open};
pub(crate) use name::Container;
