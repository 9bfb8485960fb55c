//! An id as somebody gives it in, the node out; or which one was meant.

use super::Explorer;
use crate::error::{Error, ErrorKind, Result};
use crate::glob::{Glob, nearest};
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::objects::is_part;
use crate::report::masked;
use crate::text::quoted;
use std::collections::HashMap;

/// So many are suggested.
const MEANT: usize = 3;

impl Explorer {
    /// The object of an id.
    ///
    /// # Errors
    /// `Usage` if the snapshot has none: says if the older one has it, and which one may be meant.
    pub(super) fn node(&self, id: u64) -> Result<NodeIdx> {
        if let Some(node) = find(&self.heap, id) {
            return Ok(node);
        }
        let file = self.heap.tables.strings.input().path();
        if let Some(older) = &self.older
            && let Some(node) = find(&older.heap, id)
        {
            let class = self.redactor().name(&older.census().naming.of(node).name);
            let was = older.heap.tables.strings.input().path().display();
            let what = format!("@{id} is gone: it was a {} in {was}", quoted(&class.to_string()));
            let hint = format!("ask {was} alone to see it");
            return Err(Error::new(ErrorKind::Usage, what).in_file(file).with_hint(hint));
        }
        let error = Error::new(ErrorKind::Usage, format!("there is no object @{id}")).in_file(file);
        Err(match self.meant(id).as_slice() {
            [] => error.with_hint("ids are what stands behind @ in a report of the same file"),
            meant => error.with_hint(format!("did you mean {}?", meant.join(" or "))),
        })
    }

    /// The objects of all classes of such a name, as DevTools counts them.
    ///
    /// # Errors
    /// `Usage` if no class has such a name: says which one may be meant.
    pub(super) fn of_class(&self, class: &Glob) -> Result<Vec<NodeIdx>> {
        let naming = &self.census().naming;
        let counts = self.census().figures();
        let names: Vec<String> = naming.classes.iter().map(|c| c.name.to_string_lossy()).collect();
        let originals = self.originals();
        let fits = |at: usize| {
            class.matches(&names[at])
                || originals.get(&at).is_some_and(|original| class.matches(original))
        };
        let is_wanted: Vec<bool> =
            counts.iter().enumerate().map(|(at, c)| c.count > 0 && fits(at)).collect();
        if !is_wanted.contains(&true) {
            let file = self.heap.tables.strings.input().path();
            let what = format!("there is no class {}", masked(&class.text()));
            let error = Error::new(ErrorKind::Usage, what).in_file(file);
            let there = names.iter().zip(counts).filter(|(_, c)| c.count > 0);
            let asked = class.text().replace('*', "");
            let there = there.map(|(name, _)| name).chain(originals.values());
            let meant = nearest(&asked, there.map(String::as_str));
            return Err(match meant {
                Some(name) => error.with_hint(format!("did you mean {}?", quoted(&masked(name)))),
                None => error.with_hint(
                    "a summary without a limit lists all classes; * stands for any text",
                ),
            });
        }
        let wanted = |node: &NodeIdx| is_wanted[naming.class_of[node.at()].at()];
        let nodes = self.heap.tables.nodes.indices();
        Ok(nodes.filter(|node| wanted(node) && !self.heap.shallow().is_zero(*node)).collect())
    }

    /// By number: what the authors of classes call them, where source maps tell.
    fn originals(&self) -> HashMap<usize, String> {
        let (sources, classes) = (self.sources(), self.census().naming.classes.iter());
        let named = classes.enumerate().map(|(at, class)| (at, sources.class(class)));
        named.filter_map(|(at, name)| Some((at, name?.to_string_lossy()))).collect()
    }

    /// Objects whose ids differ in one digit, or in the order of two; those of a program first.
    fn meant(&self, id: u64) -> Vec<String> {
        let mut found: Vec<NodeIdx> =
            variations(id).into_iter().filter_map(|id| find(&self.heap, id)).collect();
        found.sort_by_key(|node| (is_part(&self.heap, *node), *node));
        found.dedup();
        let name = |node: &NodeIdx| {
            let class = self.redactor().name(&self.census().naming.of(*node).name);
            format!("@{} {}", self.heap.tables.nodes.whole_id(*node), quoted(&class.to_string()))
        };
        found.iter().take(MEANT).map(name).collect()
    }
}

/// The first node of an id.
fn find(heap: &Heap, id: u64) -> Option<NodeIdx> {
    let nodes = &heap.tables.nodes;
    let like = |node: &NodeIdx| u64::from(nodes.id(*node)) == id & u64::from(u32::MAX);
    nodes.indices().filter(like).find(|node| nodes.whole_id(*node) == id)
}

/// Numbers that one may have meant.
fn variations(id: u64) -> Vec<u64> {
    let digits = id.to_string();
    let mut texts = Vec::new();
    for at in 0..digits.len() {
        let (left, right) = (&digits[..at], &digits[at + 1..]);
        texts.push(format!("{left}{right}"));
        for digit in '0'..='9' {
            texts.push(format!("{left}{digit}{right}"));
            texts.push(format!("{left}{digit}{}", &digits[at..]));
        }
        if let Some(next) = digits.get(at + 1..at + 2) {
            texts.push(format!("{left}{next}{}{}", &digits[at..=at], &digits[at + 2..]));
        }
    }
    texts.extend(('0'..='9').map(|digit| format!("{digits}{digit}")));
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}
