//! The files of a series in, those that are one snapshot out, in words.

use super::Snapshot;
use crate::units::ordinal;

/// A sentence for each snapshot that is there several times.
pub(super) fn said(files: &[&Snapshot]) -> Vec<String> {
    let same = |first: u64| {
        let others = (1..).zip(files).filter(move |(_, file)| file.same_as == Some(first));
        let others: Vec<String> = others.map(|(at, _)| ordinal(at)).collect();
        let (last, others) = others.split_last()?;
        let others = std::iter::once(ordinal(first)).chain(others.iter().cloned());
        let others = others.collect::<Vec<_>>().join(", ");
        Some(format!("{others} and {last} file are the same snapshot"))
    };
    (1..=files.len() as u64).filter_map(same).collect()
}
