//! What answers are made of: plain owned data. Sizes are in bytes, ids are V8's own.

use super::summary::Summary;
use crate::report::answer::{Place, WayStep};
use crate::report::{Snapshot, StringFacts, Tool};
use crate::text::Text;
use serde::Serialize;

/// Number of the answers' schema; grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// An answer, and what was asked.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reply {
    /// [`SCHEMA`].
    pub schema: u32,
    /// What made the answer.
    pub tool: Tool,
    /// The snapshot that was asked.
    pub snapshot: Snapshot,
    /// The one from before; null if there is none.
    pub older: Option<Snapshot>,
    /// The answer, under the name of its question.
    #[serde(flatten)]
    pub answer: Answer,
    /// What a reader should know before trusting the figures.
    pub notes: Vec<String>,
}

/// An answer, by the question.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    /// One object.
    Show(Box<Shown>),
    /// What a snapshot is made of.
    Summary(Box<Summary>),
}

/// Which part of a long list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)]
pub struct Page {
    /// So many are passed over.
    pub from: u64,
    /// So many are told at most.
    pub limit: u64,
}

impl Page {
    /// What is on the page of a list.
    pub(super) fn of<T>(self, list: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        list.into_iter().skip(count(self.from)).take(count(self.limit))
    }
}

/// One object, as a line tells it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Object {
    /// Its id.
    pub id: u64,
    /// V8's kind of the node: object, closure, string, ...
    pub kind: String,
    /// Its class, as DevTools names it.
    pub class: Text,
    /// What it is called beside its class: a function's own name, or that of a part of the engine.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub name: Text,
    /// What a number, a boolean, null, undefined, a symbol or a regular expression is, as far as the file
    /// has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub literal: Option<Text>,
    /// What is said of a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string: Option<StringFacts>,
    /// Number of its entries, if it is a container that has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<u64>,
    /// Its shallow size.
    pub shallow: u64,
    /// Its retained size.
    pub retained: u64,
    /// Where a function is written, or the class of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Place>,
}

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
    /// The nearest object that every way to it leads over; null for the root.
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
    /// What it was in the older snapshot; null if it was not there, or nothing is known of it.
    pub former: Option<Former>,
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
    /// How many fields, elements, entries and variables it had.
    pub total: u64,
    /// What it has now and had not.
    pub added: Vec<Change>,
    /// What it had and has not.
    pub removed: Vec<Change>,
    /// What has another value.
    pub changed: Vec<Change>,
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
    /// What it was; retained sizes of then are not known, and 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Object>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Object>,
}
