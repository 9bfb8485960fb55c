//! What a load came to: how many calls, and what became of them.

use std::collections::BTreeMap;
use std::ops::AddAssign;

/// What a load did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls that were begun, all of them.
    pub calls: u64,
    /// Sessions that were begun; 0 where there are none.
    pub sessions: u64,
    /// Of the calls, those that were to fail or to be broken off.
    pub meant_to_fail: u64,
    /// Of these, those that did not: that were answered before they could be broken off, say.
    pub went_well: u64,
    /// Of the others, those that failed, by what came instead of an answer.
    pub failed: BTreeMap<String, u64>,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.sessions += other.sessions;
        self.meant_to_fail += other.meant_to_fail;
        self.went_well += other.went_well;
        for (why, calls) in other.failed {
            *self.failed.entry(why).or_default() += calls;
        }
    }
}

impl Tally {
    /// Whether all failed that were not meant to.
    pub(super) fn failed_of_all(&self) -> bool {
        let meant_well = self.calls - self.meant_to_fail;
        meant_well > 0 && self.failed.values().sum::<u64>() == meant_well
    }
}
