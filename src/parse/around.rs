//! A file in, where in it the snapshot lies out: a container's log may put lines before it, a shell a
//! prompt behind, an inspector a message around it.

use crate::error::{Error, Result};
use memchr::memmem;

/// How a snapshot begins, as V8 and all who write its format do it.
const BEGINNING: &[u8] = b"{\"snapshot\":{";
/// It is looked for in so many bytes.
const NEAR: usize = 64 << 10;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Bytes of a file that are no part of the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Around {
    /// Before it, white space and a byte order mark apart.
    pub before: u64,
    /// Behind it, white space apart.
    pub behind: u64,
}

impl Around {
    /// Whether there are none.
    #[cfg(any(feature = "cli", feature = "internals"))]
    #[must_use]
    pub const fn is_nothing(self) -> bool {
        self.before == 0 && self.behind == 0
    }
}

/// The first byte behind a byte order mark and the white space of JSON.
pub(super) fn first(bytes: &[u8]) -> usize {
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    mark + bytes[mark..].iter().take_while(|byte| b" \n\r\t".contains(byte)).count()
}

/// Where a snapshot begins in a file that begins with something else.
pub(super) fn further_on(bytes: &[u8]) -> Option<usize> {
    let first = first(bytes);
    let near = &bytes[first..bytes.len().min(first + NEAR)];
    memmem::find(near, BEGINNING).filter(|at| *at > 0).map(|at| first + at)
}

/// Passes over what stands behind the end of the snapshot.
///
/// # Errors
/// If that may be a part of it, or is another one.
pub(super) fn around(bytes: &[u8], begin: usize, end: usize) -> Result<Around> {
    let before = bytes[first(bytes)..begin].trim_ascii_end().len() as u64;
    let rest = &bytes[end..];
    let text = rest.trim_ascii_start();
    let blank = &rest[..rest.len() - text.len()];
    // What is of another origin is on a line of its own, and does not go on as JSON does. A message has
    // only its own end behind.
    let goes_on = text.first().is_some_and(|byte| b"{}],:\"".contains(byte));
    let is_apart = text.starts_with(b"\0") || blank.contains(&b'\n') && !goes_on;
    let is_closed = before > 0 && text.starts_with(b"}");
    if !text.is_empty() && (!is_apart && !is_closed || memmem::find(text, BEGINNING).is_some()) {
        let at = bytes.len() - text.len();
        return Err(Error::damaged(at, "something follows the end of the snapshot")
            .with_hint("a snapshot is one JSON object; were two files joined?"));
    }
    Ok(Around { before, behind: text.trim_ascii_end().len() as u64 })
}
