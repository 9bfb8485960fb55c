//! An object of both heaps in, what has changed about it out.

use super::answer::{Change, Former, Held};
use super::object::Teller;
use super::show::{as_written, waiting};
use super::{Explorer, Older};
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::objects::{Has, Member, Members, literal, members};
use crate::parse::NodeKind;
use crate::text::Text;
use std::cmp::Reverse;
use std::collections::HashMap;

/// So many that have grown are told.
const GROWN: usize = 5;

impl Explorer {
    /// What an object was before, and what has changed since; `now` is what it has. So many changes are
    /// told at most.
    pub(super) fn former(
        &self,
        node: NodeIdx,
        now: &Members,
        raw: bool,
        limit: u64,
    ) -> Option<Former> {
        let older = self.older.as_ref().filter(|older| older.goes_by_id())?;
        let before = older.same(&self.heap, node)?;
        let then = if raw { as_written(&older.heap, before) } else { members(&older.heap, before) };
        let mut was = self.older_teller(limit)?;
        let mut is = self.teller(limit);
        let mut told = unchanged(older, before, was.class(before), then.list.len());
        let mut left = limit;
        let mut room = |left_out: &mut u64| {
            let fits = left > 0;
            left = left.saturating_sub(1);
            *left_out += u64::from(!fits);
            fits
        };
        let mut grown: Vec<(u64, Member, NodeIdx)> = Vec::new();
        let mut old: HashMap<Known, &Member> =
            then.list.iter().map(|member| (known(&older.heap, member), member)).collect();
        for member in &now.list {
            let old = old.remove(&known(&self.heap, member));
            if let Some(old) = old.filter(|old| self.is_same(older, old.value, member.value)) {
                grown.extend(self.growth(older, old, member));
                continue;
            }
            if room(&mut told.left_out) {
                let list = if old.is_some() { &mut told.changed } else { &mut told.added };
                let before = old.and_then(|old| old.value).map(|value| was.object(value));
                let after = member.value.map(|value| is.object(value));
                list.push(Change { before, after, ..change(&mut is, member) });
            }
        }
        // In the order of the file.
        for member in &then.list {
            if old.remove(&known(&older.heap, member)).is_some() && room(&mut told.left_out) {
                let before = member.value.map(|value| was.object(value));
                let change = change(&mut was, member);
                told.removed.push(Change { before, ..change });
            }
        }
        grown.sort_by_key(|(more, _, before)| (Reverse(*more), *before));
        for (_, member, before) in grown.iter().take(GROWN) {
            let before = Some(was.object(*before));
            let after = member.value.map(|value| is.object(value));
            told.grown.push(Change { before, after, ..change(&mut is, member) });
        }
        Some(told)
    }

    /// By how much more a member retains that is the same as before, in bytes, and what it was.
    fn growth(
        &self,
        older: &Older,
        old: &Member,
        member: &Member,
    ) -> Option<(u64, Member, NodeIdx)> {
        let (before, after) = (old.value?, member.value?);
        let retained = (older.heap.retained().of(before), self.heap.retained().of(after));
        let more = retained.1.checked_sub(retained.0).filter(|more| *more > 0)?;
        Some((more, *member, before))
    }

    /// Whether two values are one: the same object, or the same text or number.
    fn is_same(&self, older: &Older, before: Option<NodeIdx>, after: Option<NodeIdx>) -> bool {
        let before = before.map(|node| Worth::of(&older.heap, node));
        before == after.map(|node| Worth::of(&self.heap, node))
    }
}

/// An object of which no change is told yet.
fn unchanged(older: &Older, before: NodeIdx, class: Text, total: usize) -> Former {
    Former {
        class,
        shallow: older.heap.shallow().of(before),
        retained: older.heap.retained().of(before),
        total: total as u64,
        waiting: waiting(&older.heap, before).len() as u64,
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        grown: Vec::new(),
        left_out: 0,
    }
}

/// A change of a member without its values.
fn change(teller: &mut Teller<'_>, member: &Member) -> Change {
    let (held, name, _) = teller.how(member.how);
    let key = member.key.map(|key| teller.object(key));
    Change { held, name, key, before: None, after: None }
}

/// What a member is known by in both heaps.
#[derive(PartialEq, Eq, Hash)]
enum Known {
    Named(u8, Text, u32),
    Element(u32),
    Entry(Option<Worth>),
}

fn known(heap: &Heap, member: &Member) -> Known {
    let text = |name| heap.tables.strings.get(name);
    match member.how {
        Has::Field(name) => Known::Named(Held::Field as u8, text(name), 0),
        Has::Variable(name, out) => Known::Named(Held::Variable as u8, text(name), out),
        Has::Internal(name) => Known::Named(Held::Internal as u8, text(name), 0),
        Has::Element(number) => Known::Element(number),
        Has::Local | Has::Entry | Has::Item => {
            Known::Entry(member.key.or(member.value).map(|node| Worth::of(heap, node)))
        }
    }
}

/// What makes two values the same one.
#[derive(PartialEq, Eq, Hash)]
enum Worth {
    Text(Text),
    Object(u64),
}

impl Worth {
    fn of(heap: &Heap, node: NodeIdx) -> Self {
        let nodes = &heap.tables.nodes;
        let name = match nodes.kind(node) {
            NodeKind::String => Some(nodes.name(node)),
            _ => literal(heap, node),
        };
        match name {
            Some(name) => Self::Text(heap.tables.strings.get(name)),
            None => Self::Object(nodes.whole_id(node)),
        }
    }
}
