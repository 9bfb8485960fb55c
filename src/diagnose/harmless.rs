//! A container that grew in, why it is not called a leak out.

use super::rules::{EVICTS, GONE, MODULES, OWN_TIMER_WEIGHT, PASSES, SLOWER, STOPPED};
use super::standing::{Standing, standing};
use super::{Between, Case};
use crate::graph::Heap;
use crate::growth::{Growth, How, PILE};
use crate::ids::{NodeIdx, StrIdx};
use crate::objects::{
    LOADERS, Owner, bounded_by_runtime, file_of_url, fresh_entries, is_loader_file, is_timeout,
    module_file, names_exports, timer_callback,
};
use crate::parse::{NodeKind, Tables};
use crate::ways::{Access, Label, access_to_ends};
use std::collections::HashSet;

/// Why a container that grew is not called a leak, however much it grew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harmless {
    /// A registry of the module loader.
    CodeLoaded,
    /// A buffer of the runtime, which has a limit.
    Bounded,
    /// The last interval added next to nothing.
    Stopped,
    /// Timers that the runtime has set for itself.
    OwnTimers,
    /// It drops old entries and grows ever more slowly.
    Filling,
    /// It grows ever more slowly, and without ids it cannot be seen whether it drops old entries.
    Slowing,
    /// What it got in the first interval has gone again.
    PassingThrough,
    /// It drops old entries, and there are but two snapshots.
    MayEvict,
    /// It was empty, and there are but two snapshots.
    FromNothing,
}

impl Harmless {
    /// What a report says of it.
    #[must_use]
    pub const fn note(self) -> &'static str {
        match self {
            Self::CodeLoaded => "code was loaded for the first time",
            Self::Bounded => "a buffer of the runtime, which has a limit",
            Self::Stopped => "filled once, then stopped growing",
            Self::OwnTimers => "timers of the runtime, which go when they are due",
            Self::Filling => "drops old entries and grows ever more slowly, as a cache that fills",
            Self::Slowing => {
                "grows ever more slowly, as a cache that fills: with ids it would be seen whether it drops old entries"
            }
            Self::PassingThrough => {
                "what it got at first has gone again: it holds what is under way"
            }
            Self::MayEvict => {
                "drops old entries too, as a cache does that is not full yet: a third snapshot tells"
            }
            Self::FromNothing => {
                "was empty before, so it may be filled once: a third snapshot after as much load tells"
            }
        }
    }
}

/// Looks for the reason. `series` are the container's entries in every snapshot, oldest first.
#[must_use]
pub fn harmless(
    case: &Case<'_>,
    growth: &Growth,
    series: &[u64],
    last: Option<&Between<'_>>,
) -> Option<Harmless> {
    match () {
        () if loads_code(case, growth) => Some(Harmless::CodeLoaded),
        () if is_bounded(case, growth) => Some(Harmless::Bounded),
        () if has_stopped(series) => Some(Harmless::Stopped),
        () if are_own_timers(case, growth) => Some(Harmless::OwnTimers),
        () if last.is_some_and(|last| passes_through(case, growth, series, last)) => {
            Some(Harmless::PassingThrough)
        }
        () if growth.how == How::Root && kept(case, growth) > 0 => None,
        () if evicts(case, growth) => match series {
            [_, _] => Some(Harmless::MayEvict),
            _ => slows_down(series).then_some(Harmless::Filling),
        },
        () if !case.matched.by_id && slows_down(series) => Some(Harmless::Slowing),
        () if series.len() == 2 && series[0] == 0 => Some(Harmless::FromNothing),
        () => None,
    }
}

/// Whether the last interval added next to nothing to what was added before: loaded once.
fn has_stopped(series: &[u64]) -> bool {
    let [first, .., previous, last] = series else { return false };
    let all = last.saturating_sub(*first);
    let lately = last.saturating_sub(*previous);
    lately.saturating_mul(STOPPED) < all
}

/// Whether the last interval added much less than those before it, each.
fn slows_down(series: &[u64]) -> bool {
    let [first, .., previous, last] = series else { return false };
    let before = previous.saturating_sub(*first) / (series.len() as u64 - 2);
    last.saturating_sub(*previous).saturating_mul(SLOWER) < before
}

/// Whether a good part of the entries that it had are gone: a cache drops those. So does a table of
/// sessions for those that said goodbye; it goes on growing as before.
fn evicts(case: &Case<'_>, growth: &Growth) -> bool {
    if growth.is_approximate() || !case.matched.in_order {
        return false;
    }
    let gone = growth.entries_before.saturating_sub(kept(case, growth));
    gone >= GONE && gone.saturating_mul(EVICTS) >= growth.entries_before
}

/// How many entries of the older heap a container still has.
pub(crate) fn kept(case: &Case<'_>, growth: &Growth) -> u64 {
    let others = others(case, growth, |node| case.matched.is_fresh(node));
    growth.entries_after.saturating_sub(others).min(growth.entries_before)
}

/// How many of its entries are new, as `is_new` says.
fn others(case: &Case<'_>, growth: &Growth, is_new: impl Fn(NodeIdx) -> bool) -> u64 {
    let heap = case.matched.heaps.after;
    match growth.how {
        How::Entries | How::Replaced => {
            growth.together.iter().map(|holder| fresh_entries(heap, *holder, &is_new)).sum()
        }
        How::InPlace => growth.more(),
        How::List { .. } | How::Root => {
            growth.new_entries.iter().filter(|entry| is_new(**entry)).count() as u64
        }
    }
}

/// Whether most of what it got before the last snapshot in between has gone since, which ids tell. A
/// leak keeps that, however much else comes and goes.
fn passes_through(case: &Case<'_>, growth: &Growth, series: &[u64], last: &Between<'_>) -> bool {
    let [first, .., then, _] = series else { return false };
    let got = then.saturating_sub(*first);
    if !case.matched.by_id || got < PILE || growth.is_approximate() {
        return false;
    }
    let new = others(case, growth, |node| !last.has(case.matched, node));
    growth.entries_after.saturating_sub(new).saturating_mul(PASSES) < got
}

/// Timers whose callback is a function of the runtime, and which hold hardly more than themselves:
/// `fetch` sets one for each response and leaves it in a list until the next tick of half a second.
/// One that holds more, a promise that waits for it, may be the program's, and so may whatever
/// `setTimeout()` made, which is of the class Timeout.
fn are_own_timers(case: &Case<'_>, growth: &Growth) -> bool {
    let matched = case.matched;
    let heap = matched.heaps.after;
    let is_own = |timer: &NodeIdx| {
        let call = timer_callback(heap, *timer);
        let place = call.and_then(|call| case.scripts.place(heap, call));
        !is_timeout(&matched.naming.after.of(*timer).name)
            && place.is_some_and(|place| place.owner == Owner::Runtime)
    };
    let timers = &growth.new_entries;
    let size =
        timers.iter().fold(0, |sum: u64, timer| sum.saturating_add(heap.shallow().of(*timer)));
    !timers.is_empty()
        && growth.retained_new <= size.saturating_mul(OWN_TIMER_WEIGHT)
        && timers.iter().all(is_own)
}

/// Whether it is a buffer of the runtime that is not full yet, or just so.
fn is_bounded(case: &Case<'_>, growth: &Growth) -> bool {
    let matched = case.matched;
    let heap = matched.heaps.after;
    let steps = access_to_ends(heap, &matched.tree.ends(heap, growth.holder));
    let Some((last, above)) = steps.split_last() else { return false };
    let name = |name| heap.tables.strings.get(name).to_string_lossy();
    let limit = match (last.label, above.last()) {
        (Label::Variable(variable), _) => bounded_by_runtime("", &name(variable)),
        (Label::Property(property), Some(owner)) => {
            let class = &matched.naming.after.of(owner.node).name;
            bounded_by_runtime(&class.to_string_lossy(), &name(property))
        }
        _ => None,
    };
    let own = |node: &NodeIdx| {
        let class = matched.naming.after.of(*node);
        standing(class, case.scripts) == Standing::Program
    };
    let written = above.iter().rev().find_map(|step| case.scripts.place(heap, step.node));
    limit.is_some_and(|limit| growth.entries_after <= limit)
        && written.is_some_and(|place| place.owner == Owner::Runtime)
        && !growth.new_entries.iter().any(own)
}

/// Registries of the module loader grow when code is loaded for the first time.
fn loads_code(case: &Case<'_>, growth: &Growth) -> bool {
    let matched = case.matched;
    let heap = matched.heaps.after;
    let Tables { nodes, strings, .. } = &heap.tables;
    let names: Vec<StrIdx> = LOADERS.iter().filter_map(|l| strings.find(&(*l).into())).collect();
    let name = |node: NodeIdx| strings.canonical(nodes.name(node));
    let is_loader = |node: NodeIdx| {
        let class = &matched.naming.after.of(node).name;
        LOADERS.iter().any(|l| *class == **l)
            || (nodes.kind(node) == NodeKind::Closure && names.contains(&name(node)))
    };
    let modules: Vec<NodeIdx> =
        growth.new_entries.iter().copied().filter(|n| is_loader(*n)).collect();
    if modules.len() * MODULES > growth.new_entries.len() && !modules.is_empty() {
        let files = modules.iter().filter_map(|module| module_file(heap, *module));
        return are_different_files(heap, &files.map(name).collect::<Vec<_>>());
    }
    // `Module._cache`, `Module._pathCache`, and variables of the loader's own closures. What a
    // module exports is the program's.
    let steps = access_to_ends(heap, &matched.tree.ends(heap, growth.holder));
    let exported = |step: &Access| {
        let (Label::Property(name) | Label::Export(name)) = step.label else { return false };
        names_exports(heap, name)
    };
    let near = &steps[steps.len().saturating_sub(3)..steps.len().saturating_sub(1)];
    let own = steps.iter().rposition(exported).map_or(0, |at| at + 1);
    let near = &near[own.saturating_sub(steps.len().saturating_sub(3)).min(near.len())..];
    let is_registry = near.iter().any(|step| {
        is_loader(step.node) && nodes.kind(step.node) == NodeKind::Closure
            || case
                .scripts
                .place(heap, step.node)
                .is_some_and(|place| is_loader_file(&place.file.to_string_lossy()))
    });
    is_registry && {
        // A cache of paths has each twice.
        let keys = growth.new_entries.iter().filter(|key| nodes.kind(**key) == NodeKind::String);
        let keys: HashSet<StrIdx> = keys.map(|key| name(*key)).collect();
        are_different_files(heap, &keys.into_iter().collect::<Vec<_>>())
    }
}

/// Whether most of some names of modules are of files of their own: one that is loaded again and
/// again, be it under a new query each time, is a leak.
fn are_different_files(heap: &Heap, names: &[StrIdx]) -> bool {
    let texts: HashSet<StrIdx> = names.iter().copied().collect();
    let file = |name| file_of_url(&heap.tables.strings.get(name).to_string_lossy()).to_owned();
    let files: HashSet<String> = texts.into_iter().map(file).collect();
    names.is_empty() || files.len() * MODULES > names.len()
}
