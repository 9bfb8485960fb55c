//! A suspect in, the sentences about the ways over which it is held out: the same in every format.

use crate::report::answer::{SuspectReport, Way};
use crate::units::{count, size};

/// What holds for several ways together; nothing where there is but one. `how` says how to see those
/// that are not shown.
pub(super) fn together(suspect: &SuspectReport, shown: usize, how: &str) -> Option<String> {
    let ways = suspect.ways.len();
    if ways < 2 {
        return None;
    }
    let left = if shown < ways { format!(" ({shown} shown{how})") } else { String::new() };
    let all = if ways == 2 { "both".to_owned() } else { format!("all {ways}") };
    let held = format!("held in {ways} independent ways{left}");
    Some(match suspect.frees_together {
        0 => {
            format!("{held}: cutting {all} frees nothing, as something else holds the objects too")
        }
        bytes if suspect.needs_all_ways_cut() => {
            format!("{held}: each must be cut; cutting {all} frees {}", size(bytes))
        }
        bytes => format!("{held}: cutting {all} frees {}", size(bytes)),
    })
}

/// `way 1 of 3`; nothing where there is but one.
pub(super) fn number(suspect: &SuspectReport, at: usize) -> Option<String> {
    let ways = suspect.ways.len();
    (ways > 1).then(|| format!("way {} of {ways}", at + 1))
}

/// What a way holds, and what cutting it frees.
pub(super) fn way(suspect: &SuspectReport, way: &Way) -> String {
    let [share, total] = [way.share, way.total].map(count);
    let is_one = suspect.ways.len() == 1;
    let holds = match (way.share, is_one) {
        (0, _) => String::new(),
        (_, true) => format!("{share} of {total} held this way"),
        (_, false) => format!("holds {share} of {total}"),
    };
    let frees = match (way.frees, is_one) {
        (0, true) => "cutting it frees nothing, as something else holds the objects too".to_owned(),
        (0, false) => String::new(),
        (bytes, true) => format!("cutting it frees {}", size(bytes)),
        (bytes, false) => format!("cutting it alone frees {}", size(bytes)),
    };
    let parts = [holds, frees].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}
