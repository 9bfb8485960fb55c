//! Text from a heap in, text that is safe and fits out. Everything that came out of a
//! snapshot passes here before it reaches a terminal.

use crate::text::{Text, called, visible};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A heap's text as a terminal may see it.
pub(super) fn shown(text: &Text) -> String {
    visible(&text.to_string_lossy()).into_owned()
}

/// The name of a class as a terminal may see it.
pub(super) fn class(name: &Text) -> String {
    visible(&called(name)).into_owned()
}

/// Shortens to a number of columns; what is lost is marked with `…`.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}
