//! A container that grew in, why it comes to an end by itself out.

use super::Case;
use crate::chains::is_program_file;
use crate::growth::Growth;
use crate::ids::NodeIdx;
use crate::parse::{NodeKind, Tables};
use crate::ways::access;

/// Why a container that grew does not pile up, however much it grew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calm {
    /// A registry of the module loader.
    CodeLoaded,
    /// The last interval added next to nothing.
    Stopped,
    /// Timers that the runtime has set for itself.
    OwnTimers,
}

impl Calm {
    /// What a report says of it.
    #[must_use]
    pub const fn note(self) -> &'static str {
        match self {
            Self::CodeLoaded => "code was loaded for the first time",
            Self::Stopped => "filled once, then stopped growing",
            Self::OwnTimers => "timers of the runtime, which go when they are due",
        }
    }
}

/// Looks for the reason. `series` are the container's entries in every snapshot, oldest first.
#[must_use]
pub fn calm(case: &Case<'_>, growth: &Growth, series: &[u64]) -> Option<Calm> {
    match () {
        () if loads_code(case, growth) => Some(Calm::CodeLoaded),
        () if has_stopped(series) => Some(Calm::Stopped),
        () if are_own_timers(case, growth) => Some(Calm::OwnTimers),
        () => None,
    }
}

/// Whether the last interval added next to nothing to what was added before: loaded once.
fn has_stopped(series: &[u64]) -> bool {
    let [first, .., previous, last] = series else { return false };
    let all = last.saturating_sub(*first);
    let lately = last.saturating_sub(*previous);
    lately.saturating_mul(20) < all
}

/// Timers whose callback is a function of the runtime, and which hold hardly more than themselves:
/// `fetch` sets one for each response and leaves it in a list until the next tick of half a second.
/// One that holds more, a promise that waits for it, may be the program's, and so may whatever
/// `setTimeout()` made, which is of the class Timeout.
fn are_own_timers(case: &Case<'_>, growth: &Growth) -> bool {
    let ground = case.ground;
    let heap = ground.heaps.after;
    let Tables { strings, edges, .. } = &heap.tables;
    let Some(callback) = strings.find(&"_onTimeout".into()) else { return false };
    let is_callback = |name| strings.canonical(name) == callback;
    let is_own = |timer: &NodeIdx| {
        let mut calls = heap.tables.edges_of(*timer);
        let call = calls.find(|edge| edges.name(*edge).is_some_and(is_callback));
        let place = call.and_then(|edge| case.scripts.place(heap, edges.target(edge)));
        ground.naming.after.of(*timer).name != *"Timeout"
            && place.is_some_and(|place| !is_program_file(&place.file.to_string_lossy()))
    };
    let timers = &growth.new_entries;
    let size: u64 = timers.iter().map(|timer| heap.shallow().of(*timer)).sum();
    !timers.is_empty() && growth.retained_new <= size.saturating_mul(2) && timers.iter().all(is_own)
}

/// Registries of the module loader grow when code is loaded for the first time.
fn loads_code(case: &Case<'_>, growth: &Growth) -> bool {
    let ground = case.ground;
    const LOADERS: &[&str] =
        &["Module", "ModuleLoader", "ModuleWrap", "ModuleJob", "ModuleMap", "LoadCache"];
    let heap = ground.heaps.after;
    let Tables { nodes, strings, .. } = &heap.tables;
    let names: Vec<_> = LOADERS.iter().filter_map(|l| strings.find(&(*l).into())).collect();
    let is_loader = |node: NodeIdx| {
        let class = &ground.naming.after.of(node).name;
        LOADERS.iter().any(|l| *class == **l)
            || (nodes.kind(node) == NodeKind::Closure
                && names.contains(&strings.canonical(nodes.name(node))))
    };
    let entries = growth.new_entries.iter().filter(|n| is_loader(**n)).count();
    if entries * 2 > growth.new_entries.len() && entries > 0 {
        return true;
    }
    // `Module._cache`, `Module._pathCache`, and variables of the loader's own closures.
    let way = ground.tree.way(heap, growth.holder);
    let steps = access(heap, &way);
    let near = &steps[steps.len().saturating_sub(3)..steps.len().saturating_sub(1)];
    near.iter().any(|step| {
        is_loader(step.node) && heap.tables.nodes.kind(step.node) == NodeKind::Closure
            || case.scripts.place(heap, step.node).is_some_and(|place| {
                let file = place.file.to_string_lossy();
                file.contains("internal/modules/") || file.contains("internal/bootstrap/")
            })
    })
}
