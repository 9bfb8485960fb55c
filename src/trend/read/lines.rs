//! Bytes in, lines of a bounded length out, whatever their encoding.

use std::io::{BufRead, Result};

/// Bytes of a line; what is longer is left out.
pub(super) const LONGEST: usize = 1 << 20;

/// How characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    /// As PowerShell writes what it redirects; whether the high byte comes first.
    Utf16 {
        high_first: bool,
    },
}

/// Reads line after line.
pub(super) struct Lines<'a> {
    from: &'a mut dyn BufRead,
    encoding: Encoding,
    bytes: Vec<u8>,
    text: String,
    /// Lines so far.
    pub count: u64,
    /// Of these, lines that are too long.
    pub long: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(from: &'a mut dyn BufRead) -> Result<Self> {
        let (encoding, mark) = match from.fill_buf()? {
            [0xff, 0xfe, ..] => (Encoding::Utf16 { high_first: false }, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16 { high_first: true }, 2),
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
            _ => (Encoding::Utf8, 0),
        };
        from.consume(mark);
        Ok(Self { from, encoding, bytes: Vec::new(), text: String::new(), count: 0, long: 0 })
    }

    /// The next line without its end; none at the end. What is no character of its encoding is replaced.
    pub(super) fn next(&mut self) -> Result<Option<&str>> {
        loop {
            self.bytes.clear();
            let (some, whole) = self.fill()?;
            if !some {
                return Ok(None);
            }
            self.count += 1;
            if whole {
                break;
            }
            self.long += 1;
        }
        match self.encoding {
            Encoding::Utf8 => self.text = String::from_utf8_lossy(&self.bytes).into_owned(),
            Encoding::Utf16 { high_first } => {
                let unit = |pair: &[u8]| match high_first {
                    true => u16::from_be_bytes([pair[0], pair[1]]),
                    false => u16::from_le_bytes([pair[0], pair[1]]),
                };
                let units: Vec<u16> = self.bytes.chunks_exact(2).map(unit).collect();
                self.text = String::from_utf16_lossy(&units);
            }
        }
        Ok(Some(self.text.trim_end_matches(['\r', '\n'])))
    }

    /// Reads up to the end of a line: whether there was anything, and whether all of it is there.
    fn fill(&mut self) -> Result<(bool, bool)> {
        let (mut some, mut whole) = (false, true);
        loop {
            let buffer = self.from.fill_buf()?;
            if buffer.is_empty() {
                return Ok((some, whole));
            }
            some = true;
            let end = memchr::memchr(b'\n', buffer);
            let taken = end.map_or(buffer.len(), |end| end + 1);
            if self.bytes.len() + taken <= LONGEST {
                self.bytes.extend_from_slice(&buffer[..taken]);
            } else {
                whole = false;
            }
            self.from.consume(taken);
            if end.is_some() && self.ends() {
                return Ok((some, whole));
            }
        }
    }

    /// Whether a line feed is one: in UTF-16 it is half of some other character as well.
    fn ends(&mut self) -> bool {
        match self.encoding {
            Encoding::Utf8 => true,
            Encoding::Utf16 { high_first: true } => {
                self.bytes.len().is_multiple_of(2) && self.bytes.ends_with(b"\0\n")
            }
            Encoding::Utf16 { high_first: false } => {
                let low = !self.bytes.len().is_multiple_of(2);
                // The high byte of the line feed follows.
                if low && self.from.fill_buf().is_ok_and(|rest| rest.first() == Some(&0)) {
                    self.from.consume(1);
                    self.bytes.push(0);
                    return true;
                }
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<String> {
        let mut from = std::io::BufReader::with_capacity(3, bytes);
        let mut lines = Lines::new(&mut from).unwrap();
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            all.push(line.to_owned());
        }
        all
    }

    #[test]
    fn lines_come_in_any_encoding() {
        let text = "rss: 1Ċ\r\nĀheap\n\nend";
        let wanted = ["rss: 1Ċ", "Āheap", "", "end"];
        assert_eq!(lines(text.as_bytes()), wanted);
        assert_eq!(lines(format!("\u{feff}{text}").as_bytes()), wanted);
        let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
        assert_eq!(lines(&units().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()), wanted);
        assert_eq!(lines(&units().flat_map(u16::to_be_bytes).collect::<Vec<u8>>()), wanted);
        assert_eq!(lines(b"\xff rss\n\0"), ["\u{fffd} rss", "\0"]);
    }

    #[test]
    fn what_is_too_long_is_left_out() {
        let mut bytes = vec![b'a'; 3 * LONGEST];
        bytes.extend(b"\nrss: 1\n");
        let mut from = bytes.as_slice();
        let mut lines = Lines::new(&mut from).unwrap();
        assert_eq!(lines.next().unwrap(), Some("rss: 1"));
        assert_eq!((lines.count, lines.long), (2, 1));
    }
}
