//! The suspects' part of the report: the classes that pile up, and the ways over which they are held.

use crate::chains::Place;
use crate::classes::ClassKey;
use crate::text::Text;
use serde::Serialize;

/// A class whose new objects pile up, and why they stay. In the list, suspects in a container that
/// piles up come first, then the others; among each, by the weight of the container. Objects that
/// nothing in the file holds come first if they outweigh all others, else last.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SuspectReport {
    /// The class whose name tells most about what piles up.
    pub class: Text,
    /// What it is called in the script. Only where source maps change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_class: Option<Text>,
    /// The same as it is in the file, if that is masked.
    #[serde(skip)]
    pub real: Option<Text>,
    /// Its key, as in `classes`.
    pub key: ClassKey,
    /// Its new objects. Mostly the `new` of `classes`; but an object whose class has changed is not new
    /// here, nor is one that is matched by structure where ids mean nothing. Of numbers in place, the
    /// new entries.
    pub count: u64,
    /// Bytes that these retain, none counted twice.
    pub retained: u64,
    /// `path` of the container they are in; a probable one if `chains` is empty; null if the file does
    /// not tell.
    pub container: Option<String>,
    /// Where its constructor is written; null if the file does not tell.
    pub location: Option<Place>,
    /// Up to six other classes that hang below the same container.
    pub inside: Vec<Inside>,
    /// Up to three ways over which the objects are held, the first the most telling. Empty if the file
    /// records no retainer.
    #[serde(rename = "chains")]
    pub ways: Vec<Way>,
    /// Bytes freed if all of `chains` are cut.
    pub frees_together: u64,
    /// Bytes that go with its objects: what they retain, or what cutting these ways frees for those
    /// entries alone that lead to them, if that is more, as of objects that hold each other in rings.
    #[serde(skip)]
    pub goes_with: u64,
    /// Whether nothing in the file holds them and they are many: at least 100, and 65,536 bytes. Such
    /// count for `leak_likely`.
    pub unheld: bool,
}

impl SuspectReport {
    /// What its class is called in the script.
    #[must_use]
    pub fn compiled(&self) -> &Text {
        self.compiled_class.as_ref().unwrap_or(&self.class)
    }

    /// Whether it is held in several ways of which cutting one frees next to nothing.
    #[must_use]
    pub fn needs_all_ways_cut(&self) -> bool {
        let little = |way: &Way| way.frees.saturating_mul(10) < self.frees_together;
        self.ways.len() > 1 && self.ways.iter().all(little)
    }
}

/// A class that comes along with a suspect.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Inside {
    /// Its name.
    pub class: Text,
    /// What it is called in the script. Only where source maps change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_class: Option<Text>,
    /// Its new objects below the container; at least 10.
    pub count: u64,
}

/// One way over which a suspect's objects are held: from a root over a container and one of its new
/// entries to a typical object, and on to what weighs in it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Way {
    /// How many of the suspect's new objects this container's new entries lead to; 0 for numbers in
    /// place.
    pub share: u64,
    /// `count` of the suspect.
    pub total: u64,
    /// Bytes that nothing would reach any more, were the edges from the container to its new entries
    /// removed: shallow sizes of what is new. 0 if all of it is also held otherwise.
    pub frees: u64,
    /// `path` of the container.
    pub container: String,
    /// From the root down. Hash tables, elements, contexts and other parts of an object are folded into
    /// the step that they implement, so an edge need not start at the step before.
    pub steps: Vec<WayStep>,
}

/// What a step of a suspect's way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Before the first name that code can use.
    Root,
    /// From that name to the container.
    Holder,
    /// The container.
    Container,
    /// Between the container and the object.
    Entry,
    /// The object, which is of the suspect.
    Object,
    /// What weighs in the object.
    Inside,
}

/// One step of a suspect's way.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WayStep {
    /// How the step before holds it, as code would say it: `.name`, `["a name"]`, `[symbol]`, `[…]` (an
    /// element), `variable NAME`, `export NAME`, `value of key`, `key`, `value of weak key`, `global`,
    /// `module`, `top-level code`; else V8's own name of the reference or of the root. Of a part of a
    /// way with more than 256 steps the first and last 128 are told, and the first behind the gap
    /// begins `…(446 steps more)…`.
    pub label: String,
    /// V8's name of the last edge into it: of a property or variable, or an index in decimal; empty for
    /// the root.
    pub edge: Text,
    /// V8's kind of that edge, as in `chains` of the report, but never `weak`; empty for the root.
    pub edge_type: &'static str,
    /// Class of the object.
    pub class: Text,
    /// Own name of a function; else empty.
    pub name: Text,
    /// What the function, or else the class, is called in the script. Only where source maps change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_name: Option<Text>,
    /// Id of the object.
    pub id: u64,
    /// Its retained size.
    pub retained: u64,
    /// How many like steps in a row this one stands for (a list); mostly 1.
    pub times: u32,
    /// What the step is.
    pub role: Role,
    /// Where a function is written, or an object's constructor; null if the file does not tell.
    pub location: Option<Place>,
}
