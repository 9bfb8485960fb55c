//! A report in, what grew in it out, each under what it is known by in every run of the program.

use super::known::{Container, Finding, Known, Suspect};
use super::{Amount, LeakChange, Outcome};
use std::collections::HashMap;

/// Containers at like places, or a class that nothing holds.
#[derive(Debug, Clone)]
pub(super) struct Leak {
    /// Fingerprints, with source maps and without.
    keys: Vec<String>,
    path: String,
    kind: Option<String>,
    pattern: Option<String>,
    pub entries: u64,
    retained: u64,
    /// Whether it counts as a leak, or only holds more.
    pub leaks: bool,
    /// Why it does not.
    pub note: Option<String>,
}

/// What grew in a report.
#[derive(Debug)]
pub(super) struct Leaks {
    pub all: Vec<Leak>,
    by_key: HashMap<String, usize>,
}

impl Leaks {
    /// In the report's order.
    pub(super) fn of(known: &Known) -> Self {
        let mut found = Self { all: Vec::new(), by_key: HashMap::new() };
        // One of several at like places that piles up is what is told of them.
        let piling = known.containers.iter().filter(|container| container.piles_up);
        let others = known.containers.iter().filter(|container| !container.piles_up);
        piling.chain(others).for_each(|container| found.add(Leak::of(container, known)));
        let unheld = known.suspects.iter().filter(|suspect| suspect.unheld);
        unheld.for_each(|suspect| found.add(Leak::unheld(suspect, known)));
        found
    }

    fn add(&mut self, leak: Leak) {
        if let Some(at) = self.position(&leak) {
            let known = &mut self.all[at];
            known.entries = known.entries.saturating_add(leak.entries);
            known.retained = known.retained.saturating_add(leak.retained);
            return;
        }
        let keys = leak.keys.iter().cloned();
        self.by_key.extend(keys.map(|key| (key, self.all.len())));
        self.all.push(leak);
    }

    fn position(&self, leak: &Leak) -> Option<usize> {
        leak.keys.iter().find_map(|key| self.by_key.get(key)).copied()
    }

    /// The same of another run.
    pub(super) fn like(&self, leak: &Leak) -> Option<&Leak> {
        self.position(leak).map(|at| &self.all[at])
    }
}

impl Leak {
    fn of(container: &Container, known: &Known) -> Self {
        let compiled = container.compiled.as_ref().map(|compiled| compiled.fingerprint.clone());
        let is_of = |finding: &&Finding| finding.container.as_ref() == Some(&container.path);
        let finding = known.findings.iter().find(is_of);
        Self {
            keys: [container.fingerprint.clone()].into_iter().chain(compiled).collect(),
            path: container.path.0.clone(),
            kind: Some(container.kind.clone()),
            pattern: finding.map(|finding| finding.pattern.clone()),
            entries: container.entries_after.saturating_sub(container.entries_before),
            retained: container.retained_new,
            leaks: container.piles_up,
            note: container.note.clone(),
        }
    }

    fn unheld(suspect: &Suspect, known: &Known) -> Self {
        let is_of = |finding: &&Finding| finding.class.as_ref() == Some(&suspect.class);
        let finding = known.findings.iter().find(is_of);
        let keys = finding.map(|finding| {
            let compiled = finding.compiled_fingerprint.clone();
            [finding.fingerprint.clone()].into_iter().chain(compiled).collect()
        });
        Self {
            keys: keys.unwrap_or_else(|| vec![suspect.class.0.clone()]),
            path: suspect.class.0.clone(),
            kind: None,
            pattern: finding.map(|finding| finding.pattern.clone()),
            entries: suspect.count,
            retained: suspect.retained,
            leaks: true,
            note: None,
        }
    }

    /// By how much it grew in so many calls.
    pub(super) fn amount(&self, calls: Option<u64>) -> Amount {
        Amount {
            entries: self.entries,
            per_call: calls.map(|calls| self.entries as f64 / calls.max(1) as f64),
            retained: self.retained,
        }
    }

    /// What has become of it.
    pub(super) fn told(&self, outcome: Outcome, note: Option<String>) -> LeakChange {
        LeakChange {
            outcome,
            path: self.path.clone(),
            kind: self.kind.clone(),
            pattern: self.pattern.clone(),
            fingerprint: self.keys.first().cloned().unwrap_or_default(),
            old: None,
            new: None,
            note,
        }
    }
}
