//! The `strings` array in, offsets of its literals out. The text stays in the file and is
//! decoded on demand: most strings of a heap are never shown.

use super::digits::CHANGED;
use super::literal::{check, decode, is_plain};
use super::sections::Cursor;
use crate::error::{Error, Result};
use crate::ids::StrIdx;
use crate::input::Input;
use crate::text::Text;
use foldhash::quality::RandomState;
use hashbrown::HashTable;
use memchr::memchr;
use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};

/// Bytes of a text that is decoded only once: a small file may use one in every row.
const LONG: usize = 256;

/// The string table of one file.
#[derive(Debug)]
pub struct Strings {
    input: Arc<Input>,
    /// Where the literals begin (at the opening quote), and at last where the table ends.
    start: Vec<usize>,
    /// Where those literals end that much white space follows, at the closing quote.
    far: HashMap<StrIdx, usize>,
    /// Finds a text; holds the first position of each distinct text.
    index: HashTable<u32>,
    /// The first position of the same text; empty if no text stands twice (V8 writes none twice).
    first: Vec<u32>,
    /// Another one in each run: under one that is known, texts could be made to collide.
    hash: RandomState,
    /// Long texts that were asked for.
    long: RwLock<HashMap<StrIdx, Text>>,
}

impl Strings {
    /// Finds all literals and checks that each can be decoded.
    pub(super) fn read(input: &Arc<Input>, array: Range<usize>) -> Result<Self> {
        let bytes = input.bytes();
        let mut at = Cursor { bytes: &bytes[..array.end], at: array.start };
        at.expect(b'[', "the strings should be an array")?;
        let mut start: Vec<usize> = Vec::new();
        let mut far = HashMap::new();
        let mut end = at.at;
        let mut passed = |count: usize, end: usize, next: usize| {
            if count > 0 && next - end > NEAR / 2 {
                far.insert(StrIdx::from_at(count - 1), end);
            }
        };
        if !at.accept(b']') {
            loop {
                let literal = at.string("a string")?;
                passed(start.len(), end, literal.start);
                start.push(literal.start);
                end = literal.end - 1;
                if !at.accept(b',') {
                    break;
                }
            }
            at.expect(b']', "a comma or the end of the strings belongs here")?;
        }
        if at.at != array.end {
            return Err(Error::damaged(at.at, CHANGED));
        }
        if start.len() >= u32::MAX as usize {
            return Err(Error::damaged(array.start, "there are more strings than can be numbered"));
        }
        passed(start.len(), end, array.end);
        start.push(array.end);
        let mut strings = Self {
            input: Arc::clone(input),
            start,
            far,
            index: HashTable::new(),
            first: Vec::new(),
            hash: RandomState::default(),
            long: RwLock::default(),
        };
        let hashes = strings.check_and_hash()?;
        strings.find_duplicates(&hashes);
        Ok(strings)
    }

    fn check_and_hash(&self) -> Result<Vec<u64>> {
        let wrong = AtomicU32::new(u32::MAX);
        let hashes = (0..self.len() as u32)
            .into_par_iter()
            .with_min_len(1024)
            .map(|i| {
                let inside = self.literal(StrIdx(i));
                if check(inside).is_err() {
                    wrong.fetch_min(i, Relaxed);
                }
                self.hash_literal(inside)
            })
            .collect();
        let first = wrong.into_inner();
        if first == u32::MAX {
            return Ok(hashes);
        }
        let start = self.start[first as usize] + 1;
        Err(match check(self.literal(StrIdx(first))) {
            Err((at, why)) => Error::damaged(start + at, format!("a string has {why}")),
            Ok(()) => Error::damaged(start, CHANGED),
        })
    }

    fn hash_literal(&self, literal: &[u8]) -> u64 {
        if is_plain(literal) {
            self.hash.hash_one(literal)
        } else {
            self.hash_text(&decode(literal))
        }
    }

    fn hash_text(&self, text: &Text) -> u64 {
        if text.units().iter().all(|u| *u < 0x80) {
            let ascii: Vec<u8> = text.units().iter().map(|u| *u as u8).collect();
            self.hash.hash_one(ascii.as_slice())
        } else {
            self.hash.hash_one(text.units())
        }
    }

    fn find_duplicates(&mut self, hashes: &[u64]) {
        let mut index = HashTable::with_capacity(hashes.len());
        let mut repeated = Vec::new();
        for (i, hash) in (0_u32..).zip(hashes) {
            let same = |other: &u32| self.same(StrIdx(i), StrIdx(*other));
            match index.find(*hash, same) {
                Some(first) => repeated.push((i, *first)),
                None => {
                    index.insert_unique(*hash, i, |i| hashes[*i as usize]);
                }
            }
        }
        if !repeated.is_empty() {
            self.first = (0..hashes.len() as u32).collect();
            for (i, first) in repeated {
                self.first[i as usize] = first;
            }
        }
        self.index = index;
    }

    fn same(&self, a: StrIdx, b: StrIdx) -> bool {
        let (a, b) = (self.literal(a), self.literal(b));
        a == b || (!(is_plain(a) && is_plain(b)) && decode(a) == decode(b))
    }

    /// The file that they are in.
    #[must_use]
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// Says that all texts have been looked at, and that only a few will be wanted again.
    pub(crate) fn release(&self) {
        if let [first, .., end] = self.start[..] {
            self.input.release(first..end);
        }
    }

    /// Number of strings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.start.len() - 1
    }

    /// Whether the table is empty.
    #[cfg(feature = "internals")]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text.
    #[must_use]
    pub fn get(&self, string: StrIdx) -> Text {
        let literal = self.literal(string);
        if literal.len() < LONG {
            return decode(literal);
        }
        let known = self.long.read().unwrap_or_else(PoisonError::into_inner).get(&string).cloned();
        known.unwrap_or_else(|| {
            let mut long = self.long.write().unwrap_or_else(PoisonError::into_inner);
            long.entry(string).or_insert_with(|| decode(literal)).clone()
        })
    }

    /// The first position of the same text, so that equal texts have equal indices.
    #[inline]
    #[must_use]
    pub fn canonical(&self, string: StrIdx) -> StrIdx {
        if self.first.is_empty() { string } else { StrIdx(self.first[string.at()]) }
    }

    /// Whether a text stands twice.
    pub(super) const fn repeat(&self) -> bool {
        !self.first.is_empty()
    }

    /// Where a text stands in the table, if it does.
    #[must_use]
    pub fn find(&self, text: &Text) -> Option<StrIdx> {
        let hash = self.hash_text(text);
        self.index.find(hash, |i| self.get(StrIdx(*i)) == *text).map(|i| StrIdx(*i))
    }

    /// By position: where the same text stands in another file, or NONE.
    pub(crate) fn places_in(&self, other: &Self) -> Vec<StrIdx> {
        let find = |i: u32| {
            let literal = self.literal(StrIdx(i));
            let same = |at: &u32| other.literal(StrIdx(*at)) == literal;
            let plain = other.index.find(other.hash_literal(literal), same);
            let found = plain.map(|at| StrIdx(*at));
            // The other file may have spelled the same text with other escapes.
            let spelled = || if is_plain(literal) { None } else { other.find(&decode(literal)) };
            found.or_else(spelled).unwrap_or(StrIdx::NONE)
        };
        (0..self.len() as u32).into_par_iter().with_min_len(1024).map(find).collect()
    }

    /// Whether the string begins with some ASCII text. Cheap: nothing is decoded if the
    /// literal has no escapes.
    #[must_use]
    pub fn starts_with(&self, string: StrIdx, ascii: &str) -> bool {
        let literal = self.literal(string);
        let head = &literal[..literal.len().min(ascii.len())];
        if memchr(b'\\', head).is_some() {
            return decode(literal).starts_with(ascii);
        }
        head == ascii.as_bytes()
    }

    /// Whether the string is some ASCII text. A long one is not decoded for that.
    #[must_use]
    pub fn is(&self, string: StrIdx, ascii: &str) -> bool {
        const ESCAPED: usize = 6; // bytes of `\u0041`
        let literal = self.literal(string);
        if literal.len() == ascii.len() {
            return literal == ascii.as_bytes();
        }
        (ascii.len()..=ascii.len() * ESCAPED).contains(&literal.len())
            && memchr(b'\\', literal).is_some()
            && decode(literal) == *ascii
    }

    /// Its first code units: all of them, or at least so many.
    pub(crate) fn beginning(&self, string: StrIdx, units: usize) -> Text {
        const LONGEST: usize = 12; // bytes of two escapes, which may be one pair
        let literal = self.literal(string);
        let Some(head) = literal.get(..units * LONGEST) else { return decode(literal) };
        // Not within an escape, nor within a character.
        let near = head.len() - LONGEST;
        let escape = head[near..].iter().position(|byte| *byte == b'\\');
        let mut end = escape.map_or(head.len(), |at| near + at);
        while end > near && literal[end] & 0xC0 == 0x80 {
            end -= 1;
        }
        decode(&literal[..end])
    }

    /// Whether it consists of digits alone, or of nothing.
    pub(crate) fn is_number(&self, string: StrIdx) -> bool {
        self.literal(string).iter().all(u8::is_ascii_digit)
    }

    /// A cheap first look at a literal's first and last bytes, before anything is decoded.
    pub(crate) fn literal_could_be(&self, string: StrIdx, test: impl Fn(u8, u8) -> bool) -> bool {
        match self.literal(string) {
            [first, .., last] => test(*first, *last),
            _ => false,
        }
    }

    /// The bytes between the quotes.
    fn literal(&self, string: StrIdx) -> &[u8] {
        &self.input.bytes()[self.place(string)]
    }

    /// Where these bytes lie in the content of the file.
    pub(crate) fn place(&self, string: StrIdx) -> Range<usize> {
        let start = self.start[string.at()] + 1;
        let bytes = &self.input.bytes()[start..self.start[string.at() + 1]];
        // Behind the closing quote come only white space, a comma and the closing bracket: one or
        // two bytes, if nobody has put megabytes of blanks there to be passed over each time.
        let near = bytes.len().saturating_sub(NEAR);
        match bytes[near..].iter().rposition(|b| *b == b'"') {
            Some(at) => start..start + near + at,
            None => start..self.far.get(&string).map_or(start, |end| *end),
        }
    }
}

/// A literal's end is looked for in so many bytes before the next literal.
const NEAR: usize = 64;
