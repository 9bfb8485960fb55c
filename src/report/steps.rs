//! The chains' part of the report: why one object of each class stays.

use crate::classes::ClassKey;
use crate::text::Text;
use serde::Serialize;

/// A shortest way from the root to one object of a class, in the newer snapshot: of the class's new
/// objects the one of least distance, of these the one of largest retained size, of these the one of
/// lowest id.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChainReport {
    /// `name` of the class.
    pub class: Text,
    /// `key` of the class.
    pub key: ClassKey,
    /// Id of the object.
    pub object: u64,
    /// DevTools' distance of the object; -5 if nothing reaches it. A chain that avoids a weak edge of
    /// the root may be longer.
    pub distance: i32,
    /// From the root to the object, both included; empty if nothing reaches it.
    pub steps: Vec<StepReport>,
}

/// One step of a chain. Every edge is one, as in DevTools.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepReport {
    /// Name of the edge that leads from the step before into this one: of a property or variable, or an
    /// index in decimal; null for the root.
    pub edge: Option<Text>,
    /// V8's kind of that edge: `context` (a closure's variable), `element`, `property`, `internal`,
    /// `hidden`, `shortcut`, `weak` (only of the root, where there is no other way), or `other` (a kind
    /// this version does not know); null for the root.
    pub edge_type: Option<&'static str>,
    /// Class of the object.
    pub class: Text,
    /// The object's own name where it says more than the class: of functions, and of V8's code,
    /// contexts, tables and roots; else empty.
    pub name: Text,
    /// Id of the object.
    pub id: u64,
    /// Its shallow size.
    pub shallow: u64,
    /// Its retained size.
    pub retained: u64,
    /// What is said of a string. Only of strings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string: Option<StringFacts>,
}

/// A string, whose value is not shown unless it was asked for.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StringFacts {
    /// UTF-16 code units, as far as the file has the value (V8 cuts at 1,024).
    pub length: u64,
    /// FNV-1a, 32 bits, of the value in UTF-16LE, as 8 hexadecimal digits: equal values have equal
    /// hashes.
    pub hash: String,
    /// The value. Only with `--show-strings`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text>,
}
