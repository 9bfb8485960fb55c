//! What is wrong with a condition in, a message with its place out.

use crate::error::Hint;
use std::fmt;
use std::ops::Range;

/// What is wrong with a condition, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// What is wrong.
    pub what: String,
    /// Which bytes of the text.
    pub at: Range<usize>,
    /// What to write instead.
    pub hint: Option<Hint>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Mistake {}

pub(super) fn mistake(at: Range<usize>, what: impl Into<String>) -> Mistake {
    Mistake { what: what.into(), at, hint: None }
}

impl Mistake {
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(Hint::new(hint)), ..self }
    }

    pub(super) fn meant(self, nearest: Option<&str>, otherwise: impl Into<String>) -> Self {
        match nearest {
            Some(name) => self.hint(format!("did you mean {name}?")),
            None => self.hint(otherwise),
        }
    }
}
