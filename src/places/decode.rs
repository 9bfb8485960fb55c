//! The text of a source map in, the places that it tells of out. Sentry's library decodes the mappings;
//! what it is given is counted before.

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use sourcemap::{SourceMap, Token};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// Sources, names or sections of one map.
const MOST: usize = 1 << 20;
/// Places of one map.
const MOST_PLACES: usize = 1 << 23;
/// Digits of a number: more than any line or column has.
const DIGITS: usize = 7;

/// A map that has been read.
#[derive(Debug)]
pub(super) struct Map {
    /// By the line and column where they begin.
    sections: Vec<((u32, u32), Section)>,
}

#[derive(Debug)]
struct Section {
    map: SourceMap,
    root: String,
    sources: Vec<Option<String>>,
}

/// A place as a map has it; line and column from 0.
pub(super) struct Place<'a> {
    pub source: &'a str,
    pub root: &'a str,
    pub line: u32,
    pub column: u32,
    pub name: Option<&'a str>,
    /// Where that begins in the script.
    pub at: (u32, u32),
}

/// What of a map is looked at. All else, the texts of the sources among it, is passed over.
#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow, default, rename = "sourceRoot")]
    root: Option<&'a RawValue>,
    #[serde(default)]
    sources: Option<Bounded<Option<String>>>,
    #[serde(borrow, default)]
    names: Option<Bounded<&'a RawValue>>,
    #[serde(borrow, default)]
    mappings: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    sections: Option<Bounded<RawSection<'a>>>,
}

#[derive(Deserialize)]
struct RawSection<'a> {
    offset: Offset,
    #[serde(borrow, default)]
    map: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Offset {
    line: u32,
    column: u32,
}

/// The same as the library reads it.
#[derive(Serialize)]
struct Slim<'a> {
    version: u8,
    sources: Vec<&'static str>,
    names: Vec<&'a RawValue>,
    mappings: &'a str,
}

/// A list that is not longer than any honest one.
struct Bounded<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bounded<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Bounded<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = from.next_element()? {
                    if list.len() == MOST {
                        return Err(A::Error::custom("a list in it is too long"));
                    }
                    list.push(item);
                }
                Ok(Bounded(list))
            }
        }
        from.deserialize_seq(List(PhantomData))
    }
}

impl Map {
    /// Reads a map's text.
    pub(super) fn read(text: &[u8]) -> Result<Self, String> {
        let raw = parse(without_guard(text))?;
        let mut left = MOST_PLACES;
        let Some(sections) = raw.sections else {
            return Ok(Self { sections: vec![((0, 0), Section::of(raw, &mut left)?)] });
        };
        let mut all = Vec::new();
        for section in sections.0 {
            let Some(map) = section.map else { continue };
            let raw = parse(map.get().as_bytes())?;
            let section = ((section.offset.line, section.offset.column), raw);
            all.push((section.0, Section::of(section.1, &mut left)?));
        }
        all.sort_by_key(|(offset, _)| *offset);
        Ok(Self { sections: all })
    }

    /// The place from which something in the script was made.
    pub(super) fn place(&self, line: u32, column: u32) -> Option<Place<'_>> {
        let behind = self.sections.partition_point(|(offset, _)| *offset <= (line, column));
        let ((first, indent), section) = self.sections.get(behind.checked_sub(1)?)?;
        let column = if line == *first { column - indent } else { column };
        let shift = if line == *first { *indent } else { 0 };
        let token = section.map.lookup_token(line - first, column)?;
        // What a map tells of a line does not reach into the next one.
        if token.get_dst_line() != line - first {
            return None;
        }
        section.told(token, (line, token.get_dst_col().saturating_add(shift)))
    }

    /// The same where what the map tells of begins at this very place.
    pub(super) fn exact(&self, line: u32, column: u32) -> Option<Place<'_>> {
        self.place(line, column).filter(|place| place.at == (line, column))
    }

    /// Whether it tells of any name.
    pub(super) fn has_names(&self) -> bool {
        self.sections.iter().any(|(_, section)| section.map.get_name_count() > 0)
    }

    /// All that it tells of between two places.
    pub(super) fn between(
        &self,
        from: (u32, u32),
        to: (u32, u32),
    ) -> impl Iterator<Item = Place<'_>> {
        self.sections.iter().flat_map(move |((line, indent), section)| {
            let shift = move |(at, column): (u32, u32)| {
                let indent = if at == 0 { *indent } else { 0 };
                (at.saturating_add(*line), column.saturating_add(indent))
            };
            let tokens = (section.first(|at| shift(at) >= from)..).map_while(move |token| {
                let token = section.map.get_token(token)?;
                let at = shift(token.get_dst());
                (at < to).then(|| section.told(token, at))
            });
            tokens.flatten()
        })
    }

    /// The source that all of the script is from, behind the root of sources.
    pub(super) fn only_source(&self) -> Option<(&str, &str)> {
        let [(_, one)] = self.sections.as_slice() else { return None };
        let [source] = one.sources.as_slice() else { return None };
        Some((&one.root, source.as_deref()?))
    }
}

impl Section {
    /// What a token that begins at a place tells of.
    fn told(&self, token: Token<'_>, at: (u32, u32)) -> Option<Place<'_>> {
        let source = token.has_source().then(|| token.get_src_id())?;
        let name = token.has_name().then(|| self.map.get_name(token.get_name_id())).flatten();
        Some(Place {
            source: self.sources.get(source as usize)?.as_deref()?,
            root: &self.root,
            line: token.get_src_line(),
            column: token.get_src_col(),
            name: name.filter(|name| !name.is_empty()),
            at,
        })
    }

    /// The first token that lies so that a condition holds, which it does of all behind it.
    fn first(&self, lies: impl Fn((u32, u32)) -> bool) -> usize {
        let (mut low, mut high) = (0, self.map.get_token_count() as usize);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.map.get_token(middle).is_some_and(|token| lies(token.get_dst())) {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        low
    }

    fn of(raw: Raw<'_>, left: &mut usize) -> Result<Self, String> {
        let mappings = raw.mappings.ok_or("it is no source map: it has no mappings")?;
        let places = count(&mappings)?;
        *left = left.checked_sub(places).ok_or("it has too many places")?;
        let sources = raw.sources.map(|list| list.0).unwrap_or_default();
        let names = raw.names.map(|list| list.0).unwrap_or_default();
        let slim =
            Slim { version: 3, sources: vec![""; sources.len()], names, mappings: &mappings };
        let slim = serde_json::to_vec(&slim).map_err(|e| e.to_string())?;
        let map = SourceMap::from_slice(&slim).map_err(|e| e.to_string())?;
        let root = raw.root.and_then(|root| serde_json::from_str(root.get()).ok());
        Ok(Self { map, root: root.unwrap_or_default(), sources })
    }
}

fn parse(text: &[u8]) -> Result<Raw<'_>, String> {
    serde_json::from_slice(text).map_err(|e| format!("it is no source map: {e}"))
}

/// Without the line that keeps a browser from running it.
fn without_guard(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if !text.starts_with(b")]}") {
        return text;
    }
    memchr::memchr(b'\n', text).map_or(b"", |end| &text[end..])
}

/// How many places there are, unless a number among them is longer than any.
fn count(mappings: &str) -> Result<usize, String> {
    let (mut places, mut digits) = (1, 0);
    for byte in mappings.bytes() {
        // Digits from 32 on go on.
        digits = match byte {
            b'g'..=b'z' | b'0'..=b'9' | b'+' | b'/' => digits + 1,
            _ => 0,
        };
        places += usize::from(matches!(byte, b',' | b';'));
        if digits >= DIGITS {
            return Err("a number in it is too long".to_owned());
        }
    }
    Ok(places)
}
