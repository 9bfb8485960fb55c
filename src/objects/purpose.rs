//! The name of a root or of a part in, what it is for out.

use super::v8::{CELL, ENGINE_ROOTS, MODULE_RECORD, OWN, PASSING_ROOTS, REACTION, SCOPE};
use super::{blink, node};

/// What a root or a part is for. The prices of ways go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It puts others together, and says nothing itself.
    Group,
    /// The documents of a page.
    Documents,
    /// What code outside of JavaScript holds.
    Handles,
    /// A root that holds what it holds because a call is in progress.
    Call,
    /// One that holds it because code was compiled, or for the engine itself.
    Engine,
    /// What the engine notes to make code faster.
    Feedback,
    /// What holds the program's variables, its exports, and what waits for promises.
    Variables,
    /// What objects look like: hidden classes and their tables.
    Layout,
    /// Other parts of the engine.
    Machinery,
    /// Parts of Node that are written in C++.
    Embedder,
    /// The console of DevTools.
    Console,
    /// Other roots.
    Root,
    /// Anything else.
    Other,
}

/// Names of what only puts others together.
const GROUPS: [&str; 4] = ["", "(GC roots)", "(object properties)", "(object elements)"];
const HANDLES: &str = "(Global handles)";
const FEEDBACK: [&str; 2] = ["Feedback", "feedback"];
const VARIABLES: [&str; 6] =
    [CELL, "system / PropertyCell", SCOPE, MODULE_RECORD, REACTION, "system / ScriptContextTable"];
/// The scope of all scripts, perhaps with the page's address behind.
const GLOBAL_SCOPE: &str = "system / NativeContext";
const LAYOUT: [&str; 3] = ["system / Map", "system / TransitionArray", "system / DescriptorArray"];
const CONSOLE: &str = " / DevTools console";

impl Purpose {
    /// Of a root or a part of this name.
    pub(crate) fn of(name: &str) -> Self {
        match name {
            _ if GROUPS.contains(&name) => Self::Group,
            blink::DOCUMENTS => Self::Documents,
            HANDLES => Self::Handles,
            _ if PASSING_ROOTS.contains(&name) => Self::Call,
            _ if ENGINE_ROOTS.contains(&name) => Self::Engine,
            _ if FEEDBACK.iter().any(|word| name.contains(word)) => Self::Feedback,
            _ if VARIABLES.contains(&name) || name.starts_with(GLOBAL_SCOPE) => Self::Variables,
            _ if LAYOUT.contains(&name) => Self::Layout,
            _ if name.starts_with(OWN) => Self::Machinery,
            _ if name.starts_with(node::OWN) => Self::Embedder,
            _ if name.ends_with(CONSOLE) => Self::Console,
            _ if name.starts_with('(') => Self::Root,
            _ => Self::Other,
        }
    }
}
