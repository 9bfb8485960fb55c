//! A container that grew in, the function that most of its new entries are, or call, out: a
//! listener, a timer's callback, a handler of a promise. Where it is written something is registered,
//! and there it has to be taken back.

use crate::diagnose::{Case, Standing, standing};
use crate::growth::Growth;
use crate::ids::NodeIdx;
use crate::objects::Owner;
use crate::parse::{Bond, Location, NodeKind};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// So many of the new entries are asked.
const ASKED: usize = 64;
/// What calls a function has few edges: a timer, a listener's node, a reaction.
const FEW: usize = 64;

/// One of the functions that are written where most of them are, if at least half of the entries
/// have one.
pub(super) fn callback(case: &Case<'_>, growth: &Growth) -> Option<NodeIdx> {
    let every = growth.new_entries.len().div_ceil(ASKED).max(1);
    let asked = growth.new_entries.iter().step_by(every);
    let half = asked.len().div_ceil(2);
    let mut found: BTreeMap<Location, (usize, NodeIdx)> = BTreeMap::new();
    for (place, function) in asked.filter_map(|entry| called_by(case, *entry)) {
        found.entry(place).or_insert((0, function)).0 += 1;
    }
    let most = found.into_iter().max_by_key(|(place, (count, _))| (*count, Reverse(*place)));
    most.filter(|(_, (count, _))| *count >= half).map(|(_, (_, function))| function)
}

/// The program's function that an entry is or leads to. Objects of the program's own classes are not
/// asked: what they have is written where their class is.
fn called_by(case: &Case<'_>, entry: NodeIdx) -> Option<(Location, NodeIdx)> {
    let heap = case.matched.heaps.after;
    if let Some(place) = written(case, entry) {
        return Some((place, entry));
    }
    let class = case.matched.naming.after.of(entry);
    let edges = heap.tables.edges_of(entry);
    if standing(class, case.scripts) == Standing::Program
        || heap.tables.nodes.edges(entry).len() > FEW
    {
        return None;
    }
    let own = heap.tables.locations.of(entry);
    // An object of a library has functions of whatever it is made of; the program's alone tell more.
    let is_program = |place: Location| owner(case, place) == Some(Owner::Program);
    let of_package = own.is_some_and(|place| owner(case, place) == Some(Owner::Package));
    let own = own.map(|place| place.script);
    let held = edges
        .filter(|edge| matches!(heap.tables.edges.bond(*edge), Bond::Property | Bond::Internal));
    let functions = held.map(|edge| heap.tables.edges.target(edge));
    let written = functions.filter_map(|function| Some((written(case, function)?, function)));
    let written = written.filter(|(place, _)| !of_package || is_program(*place));
    written.filter(|(place, _)| Some(place.script) != own).min()
}

/// Where a function of the program is written.
fn written(case: &Case<'_>, node: NodeIdx) -> Option<Location> {
    let heap = case.matched.heaps.after;
    let is_own = |place: Location| owner(case, place).is_some_and(|own| own != Owner::Runtime);
    (heap.tables.nodes.kind(node) == NodeKind::Closure)
        .then(|| heap.tables.locations.of(node))?
        .filter(|place| is_own(*place))
}

fn owner(case: &Case<'_>, place: Location) -> Option<Owner> {
    case.scripts.named(place).map(|place| place.owner)
}
