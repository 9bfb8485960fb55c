//! JavaScript strings: UTF-16 code units, lone surrogates and all.
//!
//! DevTools measures, cuts, compares and hashes names in code units, so names are kept
//! that way until they are shown.

use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// A JavaScript string. Copies share the code units: one name stands in many rows and steps.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Text(Arc<Vec<u16>>);

impl Text {
    /// The code units.
    #[must_use]
    pub fn units(&self) -> &[u16] {
        &self.0
    }

    /// Length in code units, as JavaScript's `length`.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it shares its code units with another one: then both are equal.
    #[must_use]
    pub(crate) fn is_copy_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether it is the empty string.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends another string.
    pub fn push(&mut self, other: &Self) {
        self.push_units(&other.0);
    }

    /// Appends code units.
    pub(crate) fn push_units(&mut self, units: &[u16]) {
        Arc::make_mut(&mut self.0).extend_from_slice(units);
    }

    /// Puts another string in place of some code units.
    #[cfg(any(feature = "cli", feature = "internals"))]
    pub(crate) fn replace(&mut self, at: std::ops::Range<usize>, other: &Self) {
        Arc::make_mut(&mut self.0).splice(at, other.0.iter().copied());
    }

    /// Keeps so many code units.
    pub(crate) fn truncate(&mut self, length: usize) {
        Arc::make_mut(&mut self.0).truncate(length);
    }

    /// Appends ASCII text or any other Rust string.
    pub(crate) fn push_str(&mut self, s: &str) {
        Arc::make_mut(&mut self.0).extend(s.encode_utf16());
    }

    /// Whether it starts with the given ASCII text.
    #[must_use]
    pub fn starts_with(&self, ascii: &str) -> bool {
        self.0.len() >= ascii.len()
            && self.0.iter().zip(ascii.bytes()).all(|(u, b)| *u == u16::from(b))
    }

    /// As a Rust string; lone surrogates become U+FFFD.
    #[must_use]
    pub fn to_string_lossy(&self) -> String {
        String::from_utf16_lossy(&self.0)
    }

    /// As a JSON string literal, as JavaScript's `JSON.stringify` writes it: `"`, `\` and
    /// controls below U+0020 escaped, lone surrogates as `\udXXX`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.0.len() + 2);
        out.push('"');
        for unit in char::decode_utf16(self.0.iter().copied()) {
            match unit {
                Ok('"') => out.push_str("\\\""),
                Ok('\\') => out.push_str("\\\\"),
                Ok('\n') => out.push_str("\\n"),
                Ok('\r') => out.push_str("\\r"),
                Ok('\t') => out.push_str("\\t"),
                Ok('\u{8}') => out.push_str("\\b"),
                Ok('\u{c}') => out.push_str("\\f"),
                Ok(c) if c < ' ' => write!(out, "\\u{:04x}", c as u32).unwrap_or_default(),
                Ok(c) => out.push(c),
                Err(lone) => {
                    write!(out, "\\u{:04x}", lone.unpaired_surrogate()).unwrap_or_default();
                }
            }
        }
        out.push('"');
        out
    }

    /// Cut in the middle if it has more than so many code units (at least 100), with the number of those
    /// that are left out, and what tells it from another one that begins and ends alike.
    #[must_use]
    pub(crate) fn shortened(&self, most: usize) -> Cow<'_, Self> {
        const WORDS: usize = 40;
        if self.len() <= most {
            return Cow::Borrowed(self);
        }
        let end = (most - WORDS) / 2;
        let (first, rest) = self.0.split_at(end);
        let (middle, last) = rest.split_at(rest.len() - end);
        let mut out = Self::from(first.to_vec());
        out.push_str(&format!("…({} more, {:08x})…", middle.len(), self.fnv1a()));
        out.push_units(last);
        Cow::Owned(out)
    }

    /// FNV-1a 32 over the UTF-16LE bytes: a short stand-in for a value that is not shown.
    #[must_use]
    pub fn fnv1a(&self) -> u32 {
        let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        self.0.iter().flat_map(|u| u.to_le_bytes()).fold(0x811c_9dc5, step)
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is_copy_of(other) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<&str> for Text {
    fn from(s: &str) -> Self {
        Self::from(s.encode_utf16().collect::<Vec<u16>>())
    }
}

impl From<Vec<u16>> for Text {
    fn from(units: Vec<u16>) -> Self {
        Self(Arc::new(units))
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.0.iter().copied().eq(other.encode_utf16())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl Serialize for Text {
    /// A string; one with lone surrogates goes out as raw JSON, so that they survive.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match String::from_utf16(&self.0) {
            Ok(s) => serializer.serialize_str(&s),
            Err(_) => serde_json::value::RawValue::from_string(self.to_json())
                .map_err(serde::ser::Error::custom)?
                .serialize(serializer),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Text")
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

/// The name of a class so that a reader sees where it begins and ends: in quotes if it is empty, or has
/// a blank at either end.
#[must_use]
pub fn called(name: &Text) -> String {
    let name = name.to_string_lossy();
    if !name.is_empty() && name.trim() == name { name } else { format!("\"{name}\"") }
}

/// A text in quotes, as JSON writes it: whatever it holds, nobody takes it for a part of what stands around.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Spells out what a terminal would obey or a reader would not see (control characters,
/// bidirectional overrides, zero-width characters), and what the log of a CI system would obey
/// wherever it stands in a line. A class name may hold `ESC ] 2 ; ...` or `##vso[...]`, put there
/// by anyone who can set a `Symbol.toStringTag`.
#[must_use]
pub fn visible(s: &str) -> Cow<'_, str> {
    let s = broken(s, "\\u{23}");
    if !s.chars().any(is_treacherous) {
        return s;
    }
    let mut out = String::with_capacity(s.len() + 16);
    for c in s.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_treacherous(c) => write!(out, "\\u{{{:x}}}", c as u32).unwrap_or_default(),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Spells out what the log of a CI system obeys: `##word[` anywhere in a line (Azure Pipelines,
/// TeamCity, GitHub), and a line that begins with `::` (GitHub).
#[must_use]
pub fn without_commands(text: String) -> String {
    let text = owned(broken(&text, "\\u{23}")).unwrap_or(text);
    let obeyed = |line: &str| line.trim_start().starts_with("::");
    if !text.lines().any(obeyed) {
        return text;
    }
    let line = |line: &str| match obeyed(line) {
        true => line.replacen("::", ":\\u{3a}", 1),
        false => line.to_owned(),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// The same JSON, without what the log of a CI system obeys anywhere in a line. In JSON a `#` stands
/// in a string only, and its escape is read as the same.
#[must_use]
#[cfg(any(feature = "render", feature = "internals"))]
pub fn json_without_commands(json: String) -> String {
    owned(broken(&json, "\\u0023")).unwrap_or(json)
}

fn owned(text: Cow<'_, str>) -> Option<String> {
    match text {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// The text with something else for the second `#` of each `##word[`.
fn broken<'a>(text: &'a str, hash: &str) -> Cow<'a, str> {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let obeyed = |at: &usize| {
        let word = text.as_bytes()[*at..].strip_prefix(b"##");
        let end = word.and_then(|word| word.iter().find(|b| !is_word(b)));
        end == Some(&b'[')
    };
    let mut commands = text.match_indices('#').map(|(at, _)| at).filter(obeyed).peekable();
    if commands.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for at in commands {
        out.push_str(&text[done..=at]);
        out.push_str(hash);
        done = at + 2;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

const fn is_treacherous(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}')
}

/// The words that a name is made of, in lower case: `LRUCache` is lru, cache.
#[must_use]
pub fn words_in(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let starts = letter.is_uppercase()
            && (before.is_some_and(|c| !c.is_uppercase())
                || after.is_some_and(|c| c.is_lowercase()));
        if starts || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What is wrong with a regular expression, in a line: the error itself draws where, over several.
pub(crate) fn wrong_with(e: &regex::Error) -> String {
    let all = e.to_string();
    all.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
