//! A heap in, strings of equal text out, by what one copy each would save.
//!
//! A file has the first 1,024 characters of a text at most, so long texts that begin alike are taken for
//! equal if they have one size, too. Where that may err the row says so.

use super::whole::Most;
use super::{Copies, CopiesRow};
use crate::explore::Explorer;
use crate::explore::values::WRITTEN;
use crate::ids::{NodeIdx, StrIdx};
use crate::parse::NodeKind;
use std::cmp::Reverse;

/// Strings of one text and one size.
struct Group {
    first: NodeIdx,
    count: u64,
    size: u64,
}

impl Group {
    const fn saved(&self) -> u64 {
        self.size.saturating_mul(self.count - 1)
    }
}

impl Explorer {
    /// Strings that say what others say, by what one copy each would save.
    pub(super) fn copies(&self, most: Most) -> Copies {
        let mut groups = self.equal_strings();
        groups.sort_by_key(|group| (Reverse(group.saved()), group.first));
        let strings = groups.iter().map(|group| group.count).sum();
        let saved = groups.iter().fold(0_u64, |sum, group| sum.saturating_add(group.saved()));
        let tables = &self.heap.tables;
        let mut teller = self.teller(most.objects());
        let texts = most.of(groups, |group| CopiesRow {
            object: teller.object(group.first),
            path: self.path_to(group.first),
            count: group.count,
            shallow: group.size.saturating_mul(group.count),
            saved: group.saved(),
            cut: tables.strings.get(tables.nodes.name(group.first)).len() >= WRITTEN,
        });
        Copies { texts, strings, saved }
    }

    fn equal_strings(&self) -> Vec<Group> {
        let tables = &self.heap.tables;
        let is_string = |node: &NodeIdx| {
            tables.nodes.kind(*node) == NodeKind::String && !self.heap.shallow().is_zero(*node)
        };
        let known = |node: NodeIdx| {
            let text = tables.strings.canonical(tables.nodes.name(node));
            (text, self.heap.shallow().of(node), node)
        };
        let mut strings: Vec<(StrIdx, u64, NodeIdx)> =
            tables.nodes.indices().filter(is_string).map(known).collect();
        strings.sort_unstable();
        let alike = strings.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|all| all.len() > 1);
        let group = |all: &[(StrIdx, u64, NodeIdx)]| Group {
            first: all[0].2,
            count: all.len() as u64,
            size: all[0].1,
        };
        alike.map(group).collect()
    }
}
