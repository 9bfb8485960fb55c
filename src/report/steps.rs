//! The chains' part of the report: why one object of each class stays.

use crate::classes::ClassKey;
use crate::text::Text;
use serde::Serialize;

/// Why one object stays.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChainReport {
    /// Name of the class.
    pub class: Text,
    /// Key of the class.
    pub key: ClassKey,
    /// Id of the object.
    pub object: u64,
    /// DevTools' distance of the object; -5 if nothing reaches it.
    pub distance: i32,
    /// From the root down to the object; empty if nothing reaches it.
    pub steps: Vec<StepReport>,
}

/// One step of a chain.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepReport {
    /// Name of the edge that leads into this step; null for the root.
    pub edge: Option<Text>,
    /// V8's kind of that edge; null for the root.
    pub edge_type: Option<&'static str>,
    /// Class of the object.
    pub class: Text,
    /// The object's own name where it says more than the class: a function's, a context's.
    pub name: Text,
    /// Id of the object.
    pub id: u64,
    /// Its shallow size.
    pub shallow: u64,
    /// Its retained size.
    pub retained: u64,
    /// What is said of a string instead of its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string: Option<StringFacts>,
}

/// A string that is not shown.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StringFacts {
    /// Length in code units, as far as the file has it (V8 cuts at 1,024).
    pub length: u64,
    /// FNV-1a 32 of its UTF-16LE bytes, in hexadecimal: equal strings have equal hashes.
    pub hash: String,
    /// The value, if strings were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text>,
}
