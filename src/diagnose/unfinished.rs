//! A suspect in, what was begun and never finished out: requests that wait for answers, or connections that
//! are still open.

use super::judge::Judged;
use super::pattern::Pattern;
use super::rules::SAMPLE;
use super::suspects::Suspect;
use super::{Case, Unfinished};
use crate::growth::{Growth, Matched};
use crate::ids::NodeIdx;
use crate::objects::{Connected, has_transport, waits, waits_beside};
use crate::parse::NodeKind;
use std::collections::HashSet;

/// What was not finished, where the pattern says but that a collection grows.
pub(super) fn unfinished(
    case: &Case<'_>,
    suspect: &Suspect,
    containers: &[Judged],
) -> Option<Unfinished> {
    let says_little = matches!(
        suspect.patterns.first()?,
        Pattern::UnboundedMapOrSet
            | Pattern::UnboundedArray
            | Pattern::SessionRegistry
            | Pattern::StreamSocket
            | Pattern::Cache
    );
    let path = suspect.paths.first().filter(|_| says_little)?;
    let growth = &containers[path.container].growth;
    let heap = case.matched.heaps.after;
    let entries = sample(case.matched, growth);
    let are_most = |found: usize| found > 0 && found * 4 >= entries.len() * 3;
    // The variables of a function have no step of their own.
    let edge = path.steps[path.container_at].edge;
    let source = (!edge.is_none()).then(|| heap.tables.nodes.source(edge));
    let above = path.container_at.checked_sub(1).map(|above| path.steps[above].node);
    let owner = source.into_iter().chain(above).find(|owner| has_transport(heap, *owner));
    if let Some(owner) = owner {
        let least = usize::try_from(growth.entries_after / 2).unwrap_or(usize::MAX);
        let waiting = entries.iter().filter(|entry| waits(heap, **entry)).count();
        if are_most(waiting) || waits_beside(heap, owner, least) {
            return Some(Unfinished::Request);
        }
    }
    are_connected(case.matched, &entries).then_some(Unfinished::Connection)
}

/// Whether most of the entries have a connection each of their own: what all share is no matter of theirs.
fn are_connected(matched: &Matched<'_>, entries: &[NodeIdx]) -> bool {
    let mut connected = Connected::of(matched.heaps.after);
    let mut ends = HashSet::new();
    let is_without = |entry: &&NodeIdx| {
        let end = connected.in_or_near(**entry).filter(|end| matched.is_fresh(*end));
        !end.is_some_and(|end| ends.insert(end))
    };
    // Of what has none no more are looked at than it takes to know.
    let most = entries.len() / 4;
    let without = entries.iter().filter(is_without).take(most + 1).count();
    !entries.is_empty() && without <= most
}

/// Some of the new entries, without the keys.
fn sample(matched: &Matched<'_>, growth: &Growth) -> Vec<NodeIdx> {
    let kind = |node: NodeIdx| matched.heaps.after.tables.nodes.kind(node);
    let is_thing = |node: &NodeIdx| matches!(kind(*node), NodeKind::Object | NodeKind::Closure);
    let things: Vec<NodeIdx> = growth.new_entries.iter().copied().filter(is_thing).collect();
    things.iter().step_by(things.len().div_ceil(SAMPLE).max(1)).copied().collect()
}
