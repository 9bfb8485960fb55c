//! A text, a pattern or nothing in, the strings of a heap out: how often each stands there, what its
//! copies take, and who holds them.
//!
//! A file has the first 1,024 code units of a string. Two strings are copies if these are the same and
//! both have the same size.

use super::Explorer;
use super::answer::{Age, Page, StringRow, Strings};
use super::values::{Fields, Word};
use crate::error::{Error, ErrorKind, Result};
use crate::glob::Glob;
use crate::ids::NodeIdx;
use crate::parse::NodeKind;
use crate::text::{Text, wrong_with};
use regex::Regex;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Which strings are wanted.
#[derive(Debug, Clone)]
pub struct Pattern(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Copies,
    Text(String),
    Glob(Glob),
    Regex(Regex),
}

impl Pattern {
    /// All texts that stand there more than once.
    #[must_use]
    pub const fn copies() -> Self {
        Self(Kind::Copies)
    }

    /// Those that have a text somewhere in them.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(Kind::Text(text.to_owned()))
    }

    /// Those that fit a pattern as a whole: `*` is any text, `?` any character.
    #[must_use]
    pub fn glob(pattern: &str) -> Self {
        Self(Kind::Glob(Glob::new(pattern)))
    }

    /// Those in which a regular expression is found.
    ///
    /// # Errors
    /// `Usage` if it is none.
    pub fn regex(pattern: &str) -> Result<Self> {
        let wrong = |e: regex::Error| {
            let what = format!("this is no regular expression: {}", wrong_with(&e));
            Error::new(ErrorKind::Usage, what)
        };
        Regex::new(pattern).map(|regex| Self(Kind::Regex(regex))).map_err(wrong)
    }

    fn fits(&self, text: &Text) -> bool {
        let text = || text.to_string_lossy();
        match &self.0 {
            Kind::Copies => true,
            Kind::Text(part) => text().contains(part.as_str()),
            Kind::Glob(glob) => glob.matches(&text()),
            Kind::Regex(regex) => regex.is_match(&text()),
        }
    }
}

impl Explorer {
    /// The strings that fit, those first whose copies take most.
    ///
    /// # Errors
    /// `Usage` if only new ones are wanted and the snapshots do not tell them.
    pub fn strings(&self, pattern: &Pattern, new: bool, page: Page) -> Result<Strings> {
        if new {
            self.tells_ages()?;
        }
        rayon::join(|| self.prepare(), || self.ways());
        let heap = &self.heap;
        let nodes = &heap.tables.nodes;
        let mut fields = Fields::of(heap, &self.census().naming);
        let mut fitting: HashMap<Word, bool> = HashMap::new();
        let mut groups: HashMap<(Word, u64), Vec<NodeIdx>> = HashMap::new();
        let is_string = |node: &NodeIdx| {
            matches!(
                nodes.kind(*node),
                NodeKind::String | NodeKind::ConsString | NodeKind::SlicedString
            )
        };
        let wanted = |node: &NodeIdx| !new || self.age(*node) == Some(Age::New);
        for node in nodes.indices().filter(is_string).filter(wanted) {
            let word = fields.word(node);
            let fits = match fitting.get(&word) {
                Some(fits) => *fits,
                None => {
                    let fits = pattern.fits(&word.text(heap));
                    fitting.insert(word.clone(), fits);
                    fits
                }
            };
            if fits {
                groups.entry((word, heap.shallow().of(node))).or_default().push(node);
            }
        }
        if matches!(pattern.0, Kind::Copies) {
            groups.retain(|_, nodes| nodes.len() > 1);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|((_, size), nodes)| {
            (Reverse(size.saturating_mul(nodes.len() as u64)), Reverse(nodes.len()), nodes[0])
        });
        let sums = groups.iter().fold(
            (0_u64, 0_u64, 0_u64),
            |(count, bytes, saved), ((_, size), nodes)| {
                let n = nodes.len() as u64;
                let all = size.saturating_mul(n);
                (count + n, bytes.saturating_add(all), saved.saturating_add(all - size))
            },
        );
        let total = groups.len() as u64;
        let told =
            page.of(groups).map(|((word, size), nodes)| self.row(&word.text(heap), size, &nodes));
        Ok(Strings {
            rows: told.collect(),
            from: page.from.min(total),
            total,
            count: sums.0,
            bytes: sums.1,
            saved: sums.2,
        })
    }

    fn row(&self, text: &Text, size: u64, nodes: &[NodeIdx]) -> StringRow {
        let count = nodes.len() as u64;
        let mut holders: HashMap<String, u64> = HashMap::new();
        for node in nodes.iter().take(LOOKED_AT) {
            if let Some(path) = self.path_to(*node) {
                *holders.entry(path).or_default() += 1;
            }
        }
        let mut holders: Vec<(String, u64)> = holders.into_iter().collect();
        holders.sort_by(|(a, n), (b, m)| (Reverse(n), a).cmp(&(Reverse(m), b)));
        StringRow {
            string: self.redactor().text(text),
            count,
            bytes: size.saturating_mul(count),
            saved: size.saturating_mul(count.saturating_sub(1)),
            example: self.heap.tables.nodes.whole_id(nodes[0]),
            path: holders.first().map(|(path, _)| path.clone()),
        }
    }
}

/// So many copies are asked for who holds them.
const LOOKED_AT: usize = 16;
