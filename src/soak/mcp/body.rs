//! The bytes of a connection in, those of a body out, however HTTP wraps it.

use super::messages::{Tried, Trouble};

/// What is to come of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// Its head has not come.
    Unknown,
    /// So many bytes.
    Length(u64),
    /// A chunk's length, or what stands behind the last chunk if that was it.
    ChunkLength { last: bool },
    /// So many bytes of a chunk, and a line's end.
    Chunk(u64),
    /// All until the connection ends.
    Rest,
    /// Nothing.
    Over,
}

/// Longer lines before a chunk are no lengths.
const LONGEST_LINE: usize = 4096;

impl Body {
    /// What the head says about it.
    ///
    /// # Errors
    /// If it says what cannot be.
    pub(super) fn of(status: u16, chunked: bool, length: Option<&str>) -> Tried<Self> {
        if matches!(status, 100..=199 | 204 | 304) {
            return Ok(Self::Over);
        }
        if chunked {
            return Ok(Self::ChunkLength { last: false });
        }
        match length.map(str::parse) {
            None => Ok(Self::Rest),
            Some(Ok(0)) => Ok(Self::Over),
            Some(Ok(length)) => Ok(Self::Length(length)),
            Some(Err(_)) => Err(Trouble::new("the answer has a length that is no number")),
        }
    }

    pub(super) fn ends_with_connection(self) -> bool {
        self == Self::Rest
    }

    /// Moves what there is of it, and says how many bytes that were.
    ///
    /// # Errors
    /// If it is wrapped wrongly.
    pub(super) fn take(&mut self, raw: &mut Vec<u8>, text: &mut Vec<u8>) -> Tried<usize> {
        let mut used = 0;
        let before = text.len();
        loop {
            let rest = &raw[used..];
            if rest.is_empty() {
                break;
            }
            match *self {
                Self::Unknown | Self::Over => break,
                Self::Rest => {
                    text.extend_from_slice(rest);
                    used = raw.len();
                }
                Self::Length(left) | Self::Chunk(left) if left > 0 => {
                    let length = rest.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    text.extend_from_slice(&rest[..length]);
                    used += length;
                    let left = left - length as u64;
                    *self = match self {
                        Self::Chunk(_) => Self::Chunk(left),
                        _ if left == 0 => Self::Over,
                        _ => Self::Length(left),
                    };
                }
                Self::Length(_) => *self = Self::Over,
                Self::Chunk(_) | Self::ChunkLength { .. } => {
                    let Some(end) = memchr::memchr(b'\n', rest) else {
                        if rest.len() > LONGEST_LINE {
                            return Err(Trouble::new("a chunk of the answer has no length"));
                        }
                        break;
                    };
                    let line = rest[..end].trim_ascii();
                    *self = self.behind(line)?;
                    used += end + 1;
                }
            }
        }
        raw.drain(..used);
        Ok(text.len() - before)
    }

    /// What follows a line between chunks.
    fn behind(self, line: &[u8]) -> Tried<Self> {
        match self {
            Self::ChunkLength { last: true } if line.is_empty() => Ok(Self::Over),
            Self::ChunkLength { last: true } => Ok(self),
            Self::ChunkLength { last: false } => {
                let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
                let digits = std::str::from_utf8(digits.trim_ascii()).unwrap_or_default();
                match u64::from_str_radix(digits, 16) {
                    Ok(0) => Ok(Self::ChunkLength { last: true }),
                    Ok(length) => Ok(Self::Chunk(length)),
                    Err(_) => Err(Trouble::new("a chunk of the answer has no length")),
                }
            }
            _ => Ok(Self::ChunkLength { last: false }),
        }
    }
}
