//! The whole report in, JSON out, indented, with a line feed at the end.

use crate::report::Report;
use crate::text::json_without_commands;
use serde::Serialize;
use std::io::{self, Error, Write};

/// As a text.
///
/// # Errors
/// Never for a report made by [`compare`](crate::compare()).
pub fn json(report: &Report) -> io::Result<String> {
    pretty(report)
}

/// Anything that has such a form.
///
/// # Errors
/// If it has none.
pub(super) fn pretty(value: &impl Serialize) -> io::Result<String> {
    let mut out = serde_json::to_string_pretty(value)?;
    out.push('\n');
    Ok(json_without_commands(out))
}

/// Written while it is made: it may be several times as long as the snapshots.
///
/// # Errors
/// If it cannot be written.
pub fn json_to(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines { out, line: Vec::new() };
    serde_json::to_writer_pretty(&mut lines, report)?;
    lines.write_all(b"\n")
}

/// Breaks up commands of CI systems line by line: no string of JSON goes over several.
struct Lines<'a> {
    out: &'a mut dyn Write,
    line: Vec<u8>,
}

impl Write for Lines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(bytes.len(), |end| end + 1);
        self.line.extend_from_slice(&bytes[..taken]);
        if end.is_some() {
            let line = String::from_utf8(std::mem::take(&mut self.line)).map_err(Error::other)?;
            let line = json_without_commands(line).into_bytes();
            self.out.write_all(&line)?;
            self.line = line;
            self.line.clear();
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
