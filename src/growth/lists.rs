//! What is new in, the lists that have grown out: timers, listeners that know the next one, undo
//! steps, promise reactions, callbacks that call the one before, ropes.
//!
//! ```text
//!   head -> a -> b -> c -> d*-> e*        new ones (*) hang behind a survivor, or
//!   head -> e*-> d*-> c -> b -> a         before it; either way the head is the container
//! ```
//!
//! No edge of the head tells how long a list is, and other things may lead to its entries too. What
//! makes a list is the link: an edge of one name from each entry to the next. It is followed from
//! the head in both heaps.

use super::earlier::Linked;
use super::entering::Entering;
use super::links::{Link, Sort};
use super::{Growth, How, Matched, PILE};
use crate::classes::Members;
use crate::graph::{Bits, Heap, sweep};
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx};
use crate::objects::{Shape, holds, shape_above};
use crate::parse::{EdgeKind, Hop, NodeKind, Tables};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Entries that are linked, the first one first.
struct List {
    sort: Sort,
    link: Link,
    entries: Vec<NodeIdx>,
    /// Whether the last one leads to the first one.
    ring: bool,
}

/// An edge that leads into a list from an object outside.
#[derive(Clone, Copy)]
struct IncomingEdge {
    /// Whether the edge has no name that code can use.
    nameless: bool,
    holder: NodeIdx,
    edge: EdgeIdx,
}

impl IncomingEdge {
    /// Whether a list is known by this one. A ring has two from one holder, to the first entry and to
    /// the last: the smaller name, so that it is the same one in any capture.
    fn goes_before(self, heap: &Heap, other: Self) -> bool {
        let name = |known: Self| heap.edge_name(known.edge);
        let order = (self.nameless, self.holder).cmp(&(other.nameless, other.holder));
        order.then_with(|| name(self).cmp(&name(other))).then(self.edge.cmp(&other.edge)).is_lt()
    }
}

/// All lists that have grown.
pub(super) fn grown(matched: &Matched<'_>) -> Vec<Growth> {
    let sorts = fresh_sorts(matched);
    let samples = (ASKED / sorts.len().max(1)).clamp(8, 64);
    let links: Vec<(Sort, Link)> = sorts
        .par_iter()
        .flat_map_iter(|(sort, fresh)| {
            let links = Link::of_sort(matched, fresh, samples);
            let makes_lists = |link: &Link| makes_lists(matched, *sort, link, fresh);
            links.into_iter().filter(makes_lists).map(|link| (*sort, link)).collect::<Vec<_>>()
        })
        .collect();
    if links.is_empty() {
        return Vec::new();
    }
    let members = members(matched, &links);
    let lists: Vec<List> = links
        .par_iter()
        .flat_map_iter(|(sort, link)| chains(matched, *sort, link, &members[sort]))
        .collect();
    let incoming = incoming(matched, &lists);
    let beside = beside(matched, &lists);
    let mut entering = Entering::default();
    let told = lists.iter().zip(incoming).zip(beside);
    let growth =
        |((list, incoming), beside)| growth(matched, list, incoming, beside, &mut entering);
    told.filter_map(growth).collect()
}

/// So many new objects are asked for links, all sorts together.
const ASKED: usize = 200_000;

/// The new objects of each sort that has enough of them.
fn fresh_sorts(matched: &Matched<'_>) -> Vec<(Sort, Vec<NodeIdx>)> {
    let fresh = Members::group(matched.naming.after, &matched.fresh);
    let classes = (0..matched.naming.after.classes.len()).map(ClassIdx::from_at);
    let mut sorts = Vec::new();
    for class in classes.filter(|class| fresh.of(*class).len() as u64 >= PILE) {
        let mut sorted: Vec<(Sort, NodeIdx)> =
            fresh.of(class).iter().map(|node| (Sort::of(matched, *node), *node)).collect();
        // Objects of most classes are all of one sort.
        if !sorted.is_sorted() {
            sorted.sort_unstable();
        }
        let same = sorted.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() as u64 >= PILE);
        sorts.extend(same.map(|same| (same[0].0, same.iter().map(|(_, node)| *node).collect())));
    }
    sorts
}

/// A link makes lists of a sort where at least one in so many of its new objects stands in one.
const SHARE: usize = 8;

/// Whether a link makes lists of many of the new objects of a sort. These alone are asked: what is
/// added to a list stands together, before the old ones or behind them, and members of most classes
/// that know another one of their class are no list.
fn makes_lists(matched: &Matched<'_>, sort: Sort, link: &Link, fresh: &[NodeIdx]) -> bool {
    let lists = chains(matched, sort, link, fresh);
    lists.iter().map(|list| list.entries.len()).sum::<usize>() * SHARE >= fresh.len()
}

/// All objects of the sorts that have links, in node order.
fn members(matched: &Matched<'_>, links: &[(Sort, Link)]) -> HashMap<Sort, Vec<NodeIdx>> {
    let mut wanted = vec![false; matched.naming.after.classes.len()];
    links.iter().for_each(|(sort, _)| wanted[sort.class.at()] = true);
    let mut members: HashMap<Sort, Vec<NodeIdx>> =
        links.iter().map(|(sort, _)| (*sort, Vec::new())).collect();
    for (at, class) in matched.naming.after.class_of.iter().enumerate() {
        let node = NodeIdx::from_at(at);
        if wanted[class.at()]
            && let Some(members) = members.get_mut(&Sort::of(matched, node))
        {
            members.push(node);
        }
    }
    members
}

/// So many entries of a list are asked by which names they lead to each other.
const LOOKED_AT: usize = 64;
const NONE: u32 = u32::MAX;

/// The lists that a link makes of the members of a class, if enough of them is new.
fn chains(matched: &Matched<'_>, sort: Sort, link: &Link, members: &[NodeIdx]) -> Vec<List> {
    let heap = matched.heaps.after;
    let place = |node: NodeIdx| members.binary_search(&node).map_or(NONE, |at| at as u32);
    let is_entry = |node: NodeIdx| matched.class(node) == sort.class;
    let next = |node: &NodeIdx| link.next(heap, is_entry, *node).map_or(NONE, place);
    let mut next: Vec<u32> = members.par_iter().map(next).collect();
    let led_to = in_line(&mut next);
    let mut seen = Bits::new(members.len());
    let mut found = Vec::new();
    let starts = (0..members.len()).filter(|at| !led_to.has(*at));
    // What is left has no start: rings.
    for start in starts.chain(0..members.len()) {
        let mut entries = Vec::new();
        let mut at = start as u32;
        while at != NONE && seen.add(at as usize) {
            entries.push(members[at as usize]);
            at = next[at as usize];
        }
        let new = entries.iter().filter(|entry| matched.is_fresh(**entry)).count() as u64;
        if new >= PILE {
            let (link, ring) = (link.clone(), led_to.has(start));
            found.push(List { sort, link, entries, ring });
        }
    }
    found
}

/// Leaves each entry one that leads to it: the one that is led to itself. Where several are, it is a
/// tree and no list. Gives those that are led to.
fn in_line(next: &mut [u32]) -> Bits {
    let mut led_to = Bits::new(next.len());
    next.iter().filter(|to| **to != NONE).for_each(|to| led_to.set(*to as usize));
    let mut chosen = vec![NONE; next.len()];
    let mut tree = Bits::new(next.len());
    for (from, to) in (0..).zip(next.iter()).filter(|(_, to)| **to != NONE) {
        let before = &mut chosen[*to as usize];
        let (known, new) =
            (*before != NONE && led_to.has(*before as usize), led_to.has(from as usize));
        match (known, new) {
            (true, true) => tree.set(*to as usize),
            (false, true) => *before = from,
            _ if *before == NONE => *before = from,
            _ => {}
        }
    }
    for (from, to) in (0..).zip(next.iter_mut()).filter(|(_, to)| **to != NONE) {
        if chosen[*to as usize] != from || tree.has(*to as usize) {
            *to = NONE;
        }
    }
    let mut left = Bits::new(next.len());
    next.iter().filter(|to| **to != NONE).for_each(|to| left.set(*to as usize));
    left
}

/// By list: the object that has it, and the edge from there.
fn incoming(matched: &Matched<'_>, lists: &[List]) -> Vec<Option<IncomingEdge>> {
    let heap = matched.heaps.after;
    let mut led_to: HashMap<NodeIdx, Vec<usize>> = HashMap::new();
    let mut wanted = Bits::new(heap.tables.nodes.len());
    for (number, list) in lists.iter().enumerate() {
        let entered = if list.ring { list.entries.len() } else { 1 };
        for entry in &list.entries[..entered] {
            wanted.set(entry.at());
            led_to.entry(*entry).or_default().push(number);
        }
    }
    let mut found: Vec<Option<IncomingEdge>> = vec![None; lists.len()];
    let wants = |_: &_, hop: Hop| wanted.has(hop.target().at());
    sweep(&heap.tables, &mut found, wants, |found, source, edge| {
        let Some(lists_here) = led_to.get(&heap.tables.edges.target(edge)) else { return };
        if !holds(heap, source, edge) || !matched.tree.reaches(source) {
            return;
        }
        let Some(holder) = matched.holder(source) else { return };
        if matched.is_fresh(holder) || !matched.can_pile_up(holder) {
            return;
        }
        let named = matches!(heap.tables.edges.kind(edge), EdgeKind::Property | EdgeKind::Context);
        let incoming = IncomingEdge { nameless: !named, holder, edge };
        for number in lists_here {
            if Sort::of(matched, holder) != lists[*number].sort
                && found[*number].is_none_or(|known| incoming.goes_before(heap, known))
            {
                found[*number] = Some(incoming);
            }
        }
    });
    found
}

fn growth(
    matched: &Matched<'_>,
    list: &List,
    incoming: Option<IncomingEdge>,
    beside: Vec<EdgeIdx>,
    entering: &mut Entering,
) -> Option<Growth> {
    let (new, old): (Vec<NodeIdx>, Vec<NodeIdx>) =
        list.entries.iter().partition(|entry| matched.is_fresh(**entry));
    let holder = incoming.map(|from| from.holder).or_else(|| above(matched, list))?;
    let entries_after = list.entries.len() as u64;
    let linked = Linked { sort: list.sort, link: list.link.clone(), first: list.entries[0] };
    let way = linked.way(matched, holder);
    let stood = || linked.stood(matched, holder, &way, entries_after);
    let before = incoming.map_or_else(stood, |from| linked.before(matched, from.holder, from.edge));
    let entries_before = before.max(old.len() as u64);
    if entries_after < entries_before + PILE {
        return None;
    }
    let heap = matched.heaps.after;
    let rope = heap.tables.nodes.kind(new[0]) == NodeKind::ConsString;
    let plain = if rope { Shape::Rope } else { Shape::List };
    // A Map of Hermes has its entries in a list.
    let map = matched.tree.parent(heap, holder);
    let map = map.and_then(|above| Some((above, shape_above(heap, holder, above)?)));
    let edges = into(matched, &way, holder, [&old, &new], beside, entering);
    let (holder, shape) = map.unwrap_or((holder, plain));
    Some(Growth {
        holder,
        shape,
        how: How::List { incoming: incoming.map(|from| from.edge) },
        entries_before,
        entries_after,
        retained_new: matched.weight(new.iter().copied()),
        edges,
        new_entries: new,
        together: vec![holder],
        keyed: false,
        linked: Some(Arc::new(linked)),
    })
}

/// The first survivor above the list on its preferred way.
fn above(matched: &Matched<'_>, list: &List) -> Option<NodeIdx> {
    let heap = matched.heaps.after;
    let mut at = *list.entries.first()?;
    loop {
        at = matched.holder(matched.tree.parent(heap, at)?)?;
        if !matched.is_fresh(at) && Sort::of(matched, at) != list.sort {
            return matched.can_pile_up(at).then_some(at);
        }
    }
}

/// By list: the edges into new entries by which entries know each other too, from what is none. The
/// head of a list that is linked both ways knows the last entry as well, and may be another object
/// than the one over which the list is found.
fn beside(matched: &Matched<'_>, lists: &[List]) -> Vec<Vec<EdgeIdx>> {
    let Tables { edges, strings, .. } = &matched.heaps.after.tables;
    let mut at: HashMap<NodeIdx, Vec<usize>> = HashMap::new();
    for (number, list) in lists.iter().enumerate() {
        list.entries.iter().for_each(|entry| at.entry(*entry).or_default().push(number));
    }
    let name =
        |edge: EdgeIdx| (edges.kind(edge), edges.name(edge).map(|name| strings.canonical(name)));
    let mut names: Vec<HashSet<_>> = Vec::new();
    for (number, list) in lists.iter().enumerate() {
        let asked = list.entries.iter().take(LOOKED_AT);
        let own = asked.flat_map(|entry| matched.heaps.after.tables.edges_of(*entry));
        let is_of =
            |edge: &EdgeIdx| at.get(&edges.target(*edge)).is_some_and(|l| l.contains(&number));
        names.push(own.filter(is_of).map(name).collect());
    }
    let mut found = vec![Vec::new(); lists.len()];
    for crossing in matched.frontier() {
        for number in at.get(&crossing.entry).into_iter().flatten() {
            if names[*number].contains(&name(crossing.edge)) {
                found[*number].push(crossing.edge);
            }
        }
    }
    found
}

/// The edges that add to the list: into new entries, from its holder, from older entries, from what is
/// new between the holder and the list, and from the parts of these.
fn into(
    matched: &Matched<'_>,
    way: &[EdgeIdx],
    holder: NodeIdx,
    [old, new]: [&[NodeIdx]; 2],
    mut edges: Vec<EdgeIdx>,
    entering: &mut Entering,
) -> Vec<EdgeIdx> {
    let heap = matched.heaps.after;
    let new: HashSet<NodeIdx> = new.iter().copied().collect();
    let between: Vec<NodeIdx> = way.iter().map(|edge| heap.tables.edges.target(*edge)).collect();
    let between = between.iter().take_while(|node| !new.contains(node));
    for owner in std::iter::once(&holder).chain(old).chain(between) {
        entering.tell(heap, *owner, &new, &mut edges);
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}
