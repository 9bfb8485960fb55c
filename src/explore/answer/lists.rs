//! What is said of many objects, and of strings.

use super::{Age, Object};
use crate::report::StringFacts;
use crate::report::answer::Place;
use crate::text::Text;
use serde::Serialize;

/// Objects of some classes, put in an order or together.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct List {
    /// How many there are.
    pub total: u64,
    /// How many of these are passed over.
    pub from: u64,
    /// Sum of their shallow sizes.
    pub shallow: u64,
    /// Bytes that they retain together; 0 for those that only the older snapshot has.
    pub retained: u64,
    /// The objects; empty where they are put together.
    pub rows: Vec<Listed>,
    /// By value or shape, the most frequent first; null if they were not to be put together.
    pub groups: Option<Vec<Group>>,
    /// How many groups there are.
    pub groups_total: u64,
    /// What they have in common and the others of their classes have not, the most telling first; null
    /// if that was not asked for.
    pub common: Option<Vec<Common>>,
    /// How many such things there are.
    pub common_total: u64,
    /// How many others of these classes there are that were not chosen.
    pub others: u64,
}

/// One object of a list.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Listed {
    /// Whether it was there before; null without an older snapshot that tells.
    pub age: Option<Age>,
    /// The object.
    pub object: Object,
    /// Its first fields and variables.
    pub fields: Vec<FieldValue>,
}

/// One field of an object.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FieldValue {
    /// Its name.
    pub name: Text,
    /// Its value.
    pub value: Object,
}

/// What a field is worth: one of these, or none where it leaves no trace in the file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ValueReport {
    /// A string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string: Option<StringFacts>,
    /// A number, a boolean, null or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub literal: Option<Text>,
    /// The class of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Text>,
    /// The names of an object's fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<Vec<Text>>,
    /// Where a function is written, or the class of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Place>,
}

/// Objects of one value or shape.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Group {
    /// The value or shape.
    pub value: ValueReport,
    /// How many objects have it.
    pub count: u64,
    /// Sum of their shallow sizes.
    pub shallow: u64,
    /// Bytes that they retain together.
    pub retained: u64,
    /// One of them.
    pub example: Object,
}

/// What objects have in common.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Common {
    /// The field or variable.
    pub field: Text,
    /// Its value.
    pub value: ValueReport,
    /// Of strings that only begin alike: how many code units, which are the value; null for whole values.
    pub beginning: Option<u64>,
    /// How many of the objects have it.
    pub count: u64,
    /// How many of the others have it.
    pub others: u64,
}

/// Strings of a heap.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Strings {
    /// Different texts, those first whose copies take most.
    pub rows: Vec<StringRow>,
    /// How many of these are passed over.
    pub from: u64,
    /// How many different texts there are.
    pub total: u64,
    /// How many strings these are.
    pub count: u64,
    /// Sum of their sizes.
    pub bytes: u64,
    /// Bytes that one copy of each would save.
    pub saved: u64,
}

/// One text, and its copies.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StringRow {
    /// What is said of it.
    pub string: StringFacts,
    /// How many strings have it.
    pub count: u64,
    /// Sum of their sizes.
    pub bytes: u64,
    /// Bytes that one copy would save.
    pub saved: u64,
    /// The id of one.
    pub example: u64,
    /// How most of the first ones are held, as code would write it; null if nothing leads to them.
    pub path: Option<String>,
}
