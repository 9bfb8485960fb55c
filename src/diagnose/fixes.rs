//! Containers that pile up in, the order in which letting go of them frees most out.
//!
//! ```text
//!   byId ------.                what both hold stays until both let go of it: one leak
//!   byUser ----'-- Session
//!   listeners ---- Listener     another one
//! ```

use super::freed;
use super::judge::Judged;
use super::rules::ASKED;
use super::suspects::Suspect;
use crate::growth::Matched;
use crate::ids::EdgeIdx;
use std::cmp::Reverse;

/// One leak of several, and what is freed with it.
#[derive(Debug, Clone)]
pub struct Fix {
    /// Positions of the containers that have to let go of their new entries, the heaviest first.
    pub containers: Vec<usize>,
    /// Bytes of what is new that this alone frees.
    pub frees: u64,
    /// Bytes of what is new that this and all fixes before it free.
    pub frees_so_far: u64,
}

/// The leaks, the one that frees most first. None where there are not two.
pub(super) fn fixes(
    matched: &Matched<'_>,
    containers: &[Judged],
    suspects: &[Suspect],
) -> Vec<Fix> {
    let leaks = leaks(containers, suspects);
    if leaks.len() < 2 {
        return Vec::new();
    }
    let alone = frees(matched, containers, &leaks);
    let mut order: Vec<(Vec<usize>, u64)> = leaks.into_iter().zip(alone).collect();
    order.sort_by_key(|(leak, bytes)| (Reverse(*bytes), leak.first().copied()));
    let sums = order.iter().scan(Vec::new(), |before, (leak, _)| {
        before.extend(leak);
        Some(before.clone())
    });
    let so_far = frees(matched, containers, &sums.collect::<Vec<_>>());
    let fixes = order.into_iter().zip(so_far);
    fixes
        .map(|((containers, frees), frees_so_far)| Fix { containers, frees, frees_so_far })
        .collect()
}

/// Bytes that go when all containers of a leak let go of their new entries, by leak.
fn frees(matched: &Matched<'_>, containers: &[Judged], leaks: &[Vec<usize>]) -> Vec<u64> {
    let growth = |at: &usize| &containers[*at].growth;
    let cut = |leak: &Vec<usize>| leak.iter().flat_map(|at| &growth(at).edges).copied().collect();
    let cuts: Vec<Vec<EdgeIdx>> = leaks.iter().map(cut).collect();
    // Numbers in place have no edges, and are in no other container.
    let in_place = |leak: &Vec<usize>| -> u64 {
        let alone = leak.iter().map(growth).filter(|growth| growth.edges.is_empty());
        alone.map(|growth| growth.retained_new).fold(0, u64::saturating_add)
    };
    let freed = freed(matched, &cuts).into_iter();
    freed.zip(leaks).map(|(bytes, leak)| bytes.saturating_add(in_place(leak))).collect()
}

/// The containers that pile up, those together that hold the same.
fn leaks(containers: &[Judged], suspects: &[Suspect]) -> Vec<Vec<usize>> {
    let piling = |at: &usize| containers[*at].piles_up;
    let mut leaks: Vec<Vec<usize>> = Vec::new();
    let held = suspects.iter().map(|s| s.paths.iter().map(|path| path.container).collect());
    let each = (0..containers.len().min(ASKED)).map(|at| vec![at]);
    for group in held.chain(each).filter(|group: &Vec<usize>| group.iter().any(piling)) {
        let (with, others) = leaks
            .into_iter()
            .partition(|leak: &Vec<usize>| leak.iter().any(|at| group.contains(at)));
        leaks = others;
        let mut together: Vec<usize> = [with, vec![group]].concat().concat();
        together.sort_unstable();
        together.dedup();
        leaks.push(together);
    }
    leaks
}
