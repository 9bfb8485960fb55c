//! What is said of holders, ways and what lies inside.

use super::Object;
use crate::report::answer::WayStep;
use crate::text::Text;
use serde::Serialize;

/// Who holds an object.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Retainers {
    /// The object.
    pub object: Object,
    /// Its distance from the roots, as DevTools counts; -5 if nothing reaches it.
    pub distance: i32,
    /// Who holds it: those that keep it alive first.
    pub retainers: Vec<Retainer>,
    /// Holders that are not told.
    pub left_out: u64,
    /// What every way to the object leads over, the nearest first, up to the root; null if it was not
    /// asked for.
    pub dominators: Option<Vec<Object>>,
}

/// Who holds an object in one way.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Retainer {
    /// How it holds it, as code would say: `.sessions`, `value of key`.
    pub label: String,
    /// One that holds it so: of several the nearest to the roots.
    pub object: Object,
    /// How many of this class hold it in this way.
    pub alike: u64,
    /// Whether it keeps the object alive.
    pub strong: bool,
    /// Whether the preferred way leads over it.
    pub preferred: bool,
    /// Its distance from the roots, as DevTools counts; -5 if nothing reaches it.
    pub distance: i32,
    /// Whether it stands above already, or is the object itself: a loop, which goes on as it began.
    pub is_loop: bool,
    /// Who holds it in turn; empty where the tree is deep enough, for the global object, a root, a loop, and
    /// one that does not keep it alive.
    pub retainers: Vec<Retainer>,
    /// Of these, how many are not told; where the tree is deep enough, references to it.
    pub left_out: u64,
}

/// Over which ways an object is reached.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Paths {
    /// The object.
    pub object: Object,
    /// Ways that have no reference of the program in common, the one that tells most first; then such as
    /// share some but end in another one. Empty if nothing reaches the object.
    pub ways: Vec<OneWay>,
    /// Whether there are more such ways than are told.
    pub more: bool,
    /// Bytes that are free when the last references of all these ways are cut.
    pub frees_together: u64,
    /// The shortest way, by number of references; null if it is one of these, or ends as one of them.
    pub shortest: Option<Vec<WayStep>>,
}

/// One way to an object.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OneWay {
    /// As code would write it: `server.mjs: sessions[…]`.
    pub path: String,
    /// From the root to the object.
    pub steps: Vec<WayStep>,
    /// Bytes that are free when its last reference is cut, and no other.
    pub frees: u64,
    /// Whether it shares references of the program with ways before it, and only ends in another one.
    pub shares: bool,
}

/// What some retained bytes consist of.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Inside {
    /// The object, if one was asked for.
    pub object: Option<Object>,
    /// How many objects were asked for.
    pub objects: u64,
    /// The whole: the object, or those of the classes that were asked for which no other of them has below
    /// it. Its class is empty if they are of several.
    pub whole: Portion,
}

/// A portion of retained bytes. Its own bytes, those of its parts and those of the rest add up to it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Portion {
    /// How the portion above has it: `.log`, `keys`, `values`; empty for the whole.
    pub label: String,
    /// The class of its objects.
    pub class: Text,
    /// How many objects.
    pub count: u64,
    /// Bytes that they retain, none counted twice.
    pub bytes: u64,
    /// Of these, their own, with what the engine needs to make them.
    pub own: u64,
    /// What they retain, by how they have it and class, the heaviest first.
    pub parts: Vec<Portion>,
    /// How many more such parts there are.
    pub more: u64,
    /// Bytes of those.
    pub rest: u64,
}
