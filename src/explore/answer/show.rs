//! What is said of one object.

use super::Object;
use crate::report::answer::WayStep;
use crate::text::Text;
use serde::Serialize;

/// Whether an object was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Age {
    /// The older snapshot does not have it.
    New,
    /// Both snapshots have it.
    Survived,
}

/// How an object has another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Held {
    /// A property.
    Field,
    /// An element of an array.
    Element,
    /// A variable of a function, or of one that it lies in.
    Variable,
    /// A value that a call works with which waits.
    Local,
    /// An entry of a Map.
    Entry,
    /// An entry of a Set.
    Item,
    /// A reference of the engine's.
    Internal,
}

/// What an object has: one field, element, entry or variable.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MemberReport {
    /// How it has it.
    pub held: Held,
    /// The name, or the number of an element; empty for entries.
    pub name: Text,
    /// Of a variable: how many functions further out it is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out: Option<u32>,
    /// Of an entry: the key; null if it leaves no trace in the file, as small integers do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Object>,
    /// The value; null if it leaves no trace in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Object>,
    /// Whether the reference keeps nothing alive.
    pub weak: bool,
}

/// One object.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Shown {
    /// The object.
    pub object: Object,
    /// DevTools' distance; -5 if nothing reaches it.
    pub distance: i32,
    /// Whether it was there before; null without an older snapshot that tells.
    pub age: Option<Age>,
    /// The way to it as code would write it: `server.mjs: sessions[…]`; null if nothing leads to it.
    pub path: Option<String>,
    /// From the root to the object; empty if nothing leads to it.
    pub way: Vec<WayStep>,
    /// The nearest object that every way to it leads over, parts of the engine apart; null for the root.
    pub dominator: Option<Object>,
    /// What it has, in the order of the file.
    pub members: Vec<MemberReport>,
    /// How many of these are passed over.
    pub from: u64,
    /// How many there are.
    pub total: u64,
    /// Whether these are the references of the file as they are.
    pub raw: bool,
    /// References that are the engine's own and are not told.
    pub engine_references: u64,
    /// What waits for it, if it is a promise that is not settled: by function, the most frequent first.
    pub waiting: Vec<Waiter>,
    /// What it was in the older snapshot; null if it was not there, or nothing is known of it.
    pub former: Option<Former>,
}

/// Functions that wait for a promise.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Waiter {
    /// The function: an async one, or the one given to `then()`; null where only another promise depends
    /// on it.
    pub function: Option<Object>,
    /// How often.
    pub count: u64,
}

/// What an object was before.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Former {
    /// Its class then.
    pub class: Text,
    /// Its shallow size then.
    pub shallow: u64,
    /// Its retained size then.
    pub retained: u64,
    /// How many fields, elements, entries and variables it had.
    pub total: u64,
    /// What waited for it, if it is a promise.
    pub waiting: u64,
    /// What it has now and had not.
    pub added: Vec<Change>,
    /// What it had and has not.
    pub removed: Vec<Change>,
    /// What has another value.
    pub changed: Vec<Change>,
    /// What is the same and retains more, the most first; five at most.
    pub grown: Vec<Change>,
    /// Changes that are not told.
    pub left_out: u64,
}

/// What has changed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Change {
    /// How the object has it, or had it.
    pub held: Held,
    /// The name or number; empty for entries.
    pub name: Text,
    /// Of an entry: the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Object>,
    /// What it was, with its sizes of then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Object>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Object>,
}
