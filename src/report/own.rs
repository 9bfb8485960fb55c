//! A place of the program's own that has to do with a leak.

use crate::chains::Place;
use crate::text::Text;
use serde::Serialize;

/// What a place of the program has to do with a leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// The class of what holds the entries is written there.
    Holds,
    /// So is a function that was put into the container.
    FilledFrom,
    /// So is the class of what piles up, or of what holds it in an entry.
    Class,
    /// Over what is written there the container is reached.
    Leads,
}

/// A place of the program's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OwnPlace {
    /// What it has to do with the leak.
    pub part: Part,
    /// The file that it is in.
    pub file: Text,
    /// Where it is; null where only the file is known.
    pub location: Option<Place>,
}
