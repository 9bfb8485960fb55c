//! Strings in, the ephemeron edges among them out.
//!
//! A WeakMap entry is in the file as two edges of one name, from the key and from the table:
//!
//! ```text
//!   7 / part of key (Session @101) -> value (Object @103) pair in WeakMap (table @99)
//! ```
//!
//! Only the key keeps the value alive. Which of the two an edge is, is told by the table's
//! id at the end of the name.

use super::Strings;
use crate::ids::{NodeId, StrIdx};
use crate::text::Text;
use rayon::prelude::*;
use std::collections::HashMap;

/// Which strings are ephemeron names.
#[derive(Debug)]
pub(crate) struct Ephemerons {
    /// By string: a position in `pairs`, or NONE. Empty if there are no pairs.
    at: Vec<u32>,
    pairs: Vec<Pairing>,
    /// Names that V8 failed to fill in, because they would have been too long.
    blank: Vec<StrIdx>,
}

/// What stands in the place of a name that was too long (seen in V8 11.3 and 12.4).
const BLANK: &str = " / part of key (%s @%u) -> value (%s @%u) pair in WeakMap (table @%u)";

/// What an ephemeron's name says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pairing {
    /// Id of the WeakMap's table; beyond 32 bits no node has it.
    table: u64,
    /// Equal for the two edges of one entry.
    pub entry: u32,
}

const NONE: u32 = u32::MAX;

impl Ephemerons {
    pub(super) fn find(strings: &Strings) -> Self {
        let found: Vec<(u32, u64, Text)> = (0..strings.len() as u32)
            .into_par_iter()
            .with_min_len(1024)
            .filter_map(|i| {
                let (table, entry) = parse(strings, StrIdx(i))?;
                Some((i, table, entry))
            })
            .collect();
        let mut at = vec![NONE; if found.is_empty() { 0 } else { strings.len() }];
        let mut entries = HashMap::new();
        let mut pairs = Vec::with_capacity(found.len());
        for (string, table, entry) in found {
            let next = entries.len() as u32;
            let entry = *entries.entry(entry).or_insert(next);
            at[string as usize] = pairs.len() as u32;
            pairs.push(Pairing { table, entry });
        }
        let blank = (0..strings.len() as u32).map(StrIdx).filter(|name| is_blank(strings, *name));
        Self { at, pairs, blank: blank.collect() }
    }

    /// Whether a name is an ephemeron's, or would be if V8 had filled it in.
    pub(crate) fn has(&self, name: StrIdx) -> bool {
        self.get(name).is_some() || self.is_blank(name)
    }

    /// Whether V8 failed to fill the name in. DevTools takes such an edge for an ordinary one;
    /// which side it is can only be told by what it leaves.
    pub(crate) fn is_blank(&self, name: StrIdx) -> bool {
        self.blank.binary_search(&name).is_ok()
    }

    /// All names that are an entry's, or would be.
    pub(super) fn names(&self) -> impl Iterator<Item = StrIdx> + '_ {
        let named = (0_u32..).zip(&self.at).filter(|(_, at)| **at != NONE);
        named.map(|(name, _)| StrIdx(name)).chain(self.blank.iter().copied())
    }

    /// Number of distinct entries.
    pub(crate) fn entries(&self) -> usize {
        self.pairs.iter().map(|p| p.entry as usize + 1).max().unwrap_or(0)
    }

    /// What the name says, if it is an ephemeron's.
    #[inline]
    pub(crate) fn get(&self, name: StrIdx) -> Option<Pairing> {
        let at = *self.at.get(name.at())?;
        self.pairs.get(at as usize).copied()
    }
}

impl Pairing {
    /// Whether an edge of this name that leaves `source` is the table's side of the entry.
    pub(crate) fn is_from_table(self, source: NodeId) -> bool {
        self.table == u64::from(source)
    }
}

/// Whether a text could be an ephemeron's name. What DevTools takes for one is narrower: a line
/// break in the name of the key or the value is enough to make it an ordinary name. Whoever
/// hides values goes by this.
pub(crate) fn may_name_entry(text: &Text) -> bool {
    text.to_string_lossy().contains(KEY)
}

/// What every such name has behind its number.
pub(crate) const KEY: &str = " / part of key (";
/// What stands between key and value, and between the value and the table's id.
pub(crate) const VALUE: &str = ") -> value (";
pub(crate) const TABLE: &str = ") pair in WeakMap (table @";

fn is_blank(strings: &Strings, name: StrIdx) -> bool {
    strings.literal_could_be(name, |first, last| first.is_ascii_digit() && last == b')') && {
        let text = strings.get(name).to_string_lossy();
        text.trim_start_matches(|c: char| c.is_ascii_digit()) == BLANK
    }
}

/// The table's id, and the name without its leading number.
fn parse(strings: &Strings, name: StrIdx) -> Option<(u64, Text)> {
    if !strings.literal_could_be(name, |first, last| {
        (first.is_ascii_digit() || first == b'\\') && matches!(last, b')' | b'9')
    }) {
        return None;
    }
    let text = strings.get(name);
    let units = text.units();
    let digits = units.iter().take_while(|u| is_digit(**u)).count();
    let entry = &units[digits..];
    let (rest, table) = strip(entry, ")", digits > 0)?;
    let rest = strip_end(rest, TABLE)?;
    let (rest, _) = strip(rest, "", true)?;
    let rest = strip_end(rest, " @")?;
    let rest = strip_start(rest, KEY)?;
    if rest.iter().any(|u| matches!(u, 0x0a | 0x0d | 0x2028 | 0x2029)) {
        return None;
    }
    let middle: Vec<u16> = VALUE.encode_utf16().collect();
    let splits = rest.windows(middle.len()).enumerate().filter(|(_, w)| *w == middle);
    let keyed = |(at, _): (usize, &[u16])| {
        strip(&rest[..at], "", true).and_then(|(key, _)| strip_end(key, " @")).is_some()
    };
    splits.into_iter().any(keyed).then(|| (table, Text::from(entry.to_vec())))
}

/// Takes `end` and the digits before it off the end.
fn strip<'a>(units: &'a [u16], end: &str, go: bool) -> Option<(&'a [u16], u64)> {
    let units = strip_end(units, end).filter(|_| go)?;
    let digits = units.iter().rev().take_while(|u| is_digit(**u)).count();
    let (rest, number) = units.split_at(units.len() - digits);
    let value = number
        .iter()
        .fold(0_u64, |n, u| n.saturating_mul(10).saturating_add(u64::from(u - u16::from(b'0'))));
    (digits > 0).then_some((rest, value))
}

fn strip_end<'a>(units: &'a [u16], ascii: &str) -> Option<&'a [u16]> {
    let (rest, end) = units.split_at_checked(units.len().checked_sub(ascii.len())?)?;
    end.iter().copied().eq(ascii.encode_utf16()).then_some(rest)
}

fn strip_start<'a>(units: &'a [u16], ascii: &str) -> Option<&'a [u16]> {
    let (start, rest) = units.split_at_checked(ascii.len())?;
    start.iter().copied().eq(ascii.encode_utf16()).then_some(rest)
}

const fn is_digit(unit: u16) -> bool {
    matches!(unit, 0x30..=0x39)
}
