//! What answers are made of: plain owned data. Sizes are in bytes, ids are V8's own.

mod lists;
mod show;
mod ways;

pub use lists::{Common, FieldValue, Group, List, Listed, StringRow, Strings, ValueReport};
pub use show::{Age, Change, Former, Held, MemberReport, Shown, Waiter};
pub use ways::{Inside, OneWay, Paths, Portion, Retainer, Retainers};

use super::summary::Summary;
use crate::report::answer::Place;
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
    /// What a snapshot is made of.
    Summary(Box<Summary>),
    /// One object.
    Show(Box<Shown>),
    /// Who holds an object.
    Retainers(Box<Retainers>),
    /// Over which ways an object is reached.
    Path(Box<Paths>),
    /// What some retained bytes consist of.
    Inside(Box<Inside>),
    /// Objects of some classes.
    List(Box<List>),
    /// Strings.
    Strings(Box<Strings>),
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

/// How far and how broad a tree is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)]
pub struct Extent {
    /// Levels below its root, 30 at most.
    pub depth: u32,
    /// Branches at each place.
    pub breadth: u64,
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
    /// What it is called beside its class: a function's own name, or that of a part of the engine; empty
    /// for others.
    pub name: Text,
    /// What its author calls the function, or the class, where a source map tells of another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Text>,
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
