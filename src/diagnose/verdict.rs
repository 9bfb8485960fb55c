//! Suspects and totals in, one verdict out.

use super::Case;
use super::judge::Judged;
use super::rules::{
    IN_COMMON, MANY_UNHELD, NOISE, NOISE_BYTES, NOISE_COMPILED, SCRIPTS, WEIGHTY_NUMBERS,
};
use super::suspects::Suspect;
use crate::chains::Scripts;
use crate::classes::Census;
use crate::diff::Comparison;
use crate::growth::Matched;
use crate::pair::Pair;
use serde::Serialize;

/// What the comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum VerdictKind {
    /// A container piles up and nothing says that it has stopped.
    LeakLikely,
    /// The heap grew, but nothing piles up.
    Grew,
    /// The heap did not grow to speak of.
    NoGrowth,
    /// The two files have nothing to do with each other.
    NotComparable,
}

impl VerdictKind {
    /// The word that a report has for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::LeakLikely => "LEAK LIKELY",
            Self::Grew => "GREW",
            Self::NoGrowth => "NO GROWTH",
            Self::NotComparable => "NOT COMPARABLE",
        }
    }

    /// The name that JSON has.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::LeakLikely => "leak_likely",
            Self::Grew => "grew",
            Self::NoGrowth => "no_growth",
            Self::NotComparable => "not_comparable",
        }
    }
}

/// The verdict, by whether any container piles up.
#[must_use]
pub fn verdict(
    comparison: &Comparison,
    matched: &Matched<'_>,
    containers: &[Judged],
    suspects: &[Suspect],
) -> VerdictKind {
    if !comparable(comparison, matched) {
        return VerdictKind::NotComparable;
    }
    if containers.iter().any(|one| one.piles_up) || suspects.iter().any(is_unheld) {
        return VerdictKind::LeakLikely;
    }
    let [before, after] = [&matched.heaps.before, &matched.heaps.after].map(|h| h.total_size());
    let Pair { before: older, after: newer } = comparison.census.as_ref().map(Census::compiled);
    let compiled = newer.saturating_sub(older).min(NOISE_COMPILED);
    let grown = after.saturating_sub(before).saturating_sub(compiled);
    if grown < NOISE_BYTES || (grown as f64) < before as f64 * NOISE {
        VerdictKind::NoGrowth
    } else {
        VerdictKind::Grew
    }
}

/// Whether these are objects without a recorded retainer, and too many for chance.
#[must_use]
pub fn is_unheld(suspect: &Suspect) -> bool {
    suspect.paths.is_empty() && suspect.count >= MANY_UNHELD && suspect.retained >= WEIGHTY_NUMBERS
}

/// Ids that agree, or else class names in common, make two files comparable.
fn comparable(comparison: &Comparison, matched: &Matched<'_>) -> bool {
    if matched.identity.kind == crate::diff::IdentityKind::SameProcess {
        return true;
    }
    let named = |census: &Census| -> std::collections::HashSet<crate::text::Text> {
        let classes = census.naming.classes.iter().zip(census.figures());
        let counted = classes.filter(|(_, figures)| figures.count > 0);
        // What every program has says nothing.
        let names = counted.map(|(class, _)| class.name.clone());
        names.filter(|name| !super::standing::is_common(&name.to_string_lossy())).collect()
    };
    let (before, after) = (named(&comparison.census.before), named(&comparison.census.after));
    let common = before.intersection(&after).count();
    common * IN_COMMON >= before.len().min(after.len()).max(1)
}

/// Whether two files of two processes look like two programs: hardly any script of the one is in the
/// other too, or only one of the runtimes tells of scripts. Names in files that were cut off, or
/// scrubbed apart, tell nothing.
#[must_use]
pub fn are_two_programs(case: &Case<'_>) -> bool {
    let matched = case.matched;
    let Pair { before, after } = matched.heaps;
    if matched.identity.kind == crate::diff::IdentityKind::SameProcess
        || !case.can_count_entries()
        || before.tables.scrubbed != after.tables.scrubbed
    {
        return false;
    }
    let older = Scripts::of(before);
    let (old, young) = (older.own(), case.scripts.own());
    let common = old.intersection(&young).count();
    let fewer = old.len().min(young.len());
    older.is_empty() != case.scripts.is_empty() || (fewer > 0 && common * SCRIPTS <= fewer)
}
