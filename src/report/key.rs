//! The name of a property in, how code would write it out.

use crate::objects::symbol;

/// How code would write the name of a property.
pub(crate) enum Key<'a> {
    /// Behind a dot.
    Plain(&'a str),
    /// A symbol in brackets, by its own name.
    Symbol(&'a str),
    /// A text in brackets and quotes.
    Text(&'a str),
}

/// Which of these a name is.
pub(crate) fn key(name: &str) -> Key<'_> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
    match symbol(name) {
        Some(symbol) => Key::Symbol(symbol),
        None if !name.is_empty() && name.chars().all(plain) => Key::Plain(name),
        None => Key::Text(name),
    }
}
