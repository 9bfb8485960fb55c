//! Some objects and others in, what the first have in common and the others have not out.
//!
//! Values are compared as they are; what is shown of them goes by the masks. Of strings that differ the
//! beginning may be what they have in common.

use super::Explorer;
use super::answer::Common;
use super::values::{Fields, Word, Worth};
use crate::ids::{NodeIdx, StrIdx};
use crate::text::Text;
use std::cmp::Reverse;
use std::collections::HashMap;

/// So many of a hundred have it, if they have it in common.
const MOST: u64 = 90;
/// And of the others at most so many of a hundred do.
const FEW: u64 = 50;
/// Code units of a beginning.
const BEGINNINGS: [usize; 6] = [64, 32, 16, 8, 4, 2];

/// Code units that are looked at.
const LONGEST: usize = 65;

/// A field, and a value, or a beginning of so many code units.
type Trait = (StrIdx, Worth, usize);

/// What the objects have in common, the most telling first.
pub(super) fn common(explorer: &Explorer, nodes: &[NodeIdx], others: &[NodeIdx]) -> Vec<Common> {
    let here = traits(explorer, nodes);
    let there = traits(explorer, others);
    let (count, other_count) = (nodes.len() as u64, others.len() as u64);
    let share = |n: u64, of: u64| n.saturating_mul(100) / of.max(1);
    let mut found: Vec<(Trait, u64, u64)> = here
        .into_iter()
        .filter(|(_, n)| share(*n, count) >= MOST)
        .map(|(one, n)| (n, there.get(&one).copied().unwrap_or(0), one))
        .filter(|(_, other, _)| share(*other, other_count) <= FEW)
        .map(|(n, other, one)| (one, n, other))
        .collect();
    // What is rarest among the others says most; a whole value more than its beginning, and a long
    // beginning more than a short one.
    found.sort_by(|(a, n, other), (b, m, another)| {
        let rank = |(_, _, units): &Trait| Reverse(*units);
        (share(*other, other_count), rank(a), Reverse(n), a).cmp(&(
            share(*another, other_count),
            rank(b),
            Reverse(m),
            b,
        ))
    });
    let mut told: Vec<StrIdx> = Vec::new();
    found.retain(|((name, ..), ..)| {
        let is_first = !told.contains(name);
        if is_first {
            told.push(*name);
        }
        is_first
    });
    let mut teller = explorer.teller(found.len() as u64);
    let said = |((name, worth, units), n, other): (Trait, u64, u64)| Common {
        field: teller.label(name),
        value: worth.said(&mut teller),
        beginning: (units != usize::MAX).then_some(units as u64),
        count: n,
        others: other,
    };
    found.into_iter().map(said).collect()
}

/// How many of some objects have what.
fn traits(explorer: &Explorer, nodes: &[NodeIdx]) -> HashMap<Trait, u64> {
    let heap = &explorer.heap;
    let mut fields = Fields::of(heap, &explorer.census().naming);
    let mut counts: HashMap<Trait, u64> = HashMap::new();
    for node in nodes {
        let mut all: Vec<(StrIdx, NodeIdx)> = fields.all(*node).collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all.dedup_by_key(|(name, _)| *name);
        for (name, value) in all {
            let worth = fields.of_value(value);
            if let Worth::String(word) = &worth {
                let text = match word {
                    Word::Written(string) | Word::Long(string, _) => {
                        heap.tables.strings.beginning(*string, LONGEST)
                    }
                    Word::Made(_) | Word::Own(_) => word.text(heap),
                };
                let units = text.units();
                for at in BEGINNINGS.iter().filter(|at| **at < units.len()) {
                    let beginning = Text::from(units[..*at].to_vec());
                    let beginning = Worth::String(Word::Made(beginning));
                    *counts.entry((name, beginning, *at)).or_default() += 1;
                }
            }
            *counts.entry((name, worth, usize::MAX)).or_default() += 1;
        }
    }
    counts
}
