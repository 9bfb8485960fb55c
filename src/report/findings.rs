//! A diagnosis in, findings in the language of the code out.

use super::answer::{ContainerReport, Finding, SuspectReport};
use super::fingerprint::fingerprint;
use super::whose::{is_of_dependency, own, places};
use crate::diagnose::{Diagnosis, Pattern, Suspect, Unfinished};
use crate::text::{Text, called};
use crate::units::{count, size};

impl Pattern {
    /// The name that JSON has.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::EventListener => "event-listener",
            Self::UnboundedMapOrSet => "unbounded-map-or-set",
            Self::UnboundedArray => "unbounded-array",
            Self::Cache => "cache",
            Self::Timer => "timer",
            Self::ClosureContext => "closure-context",
            Self::Promise => "promise",
            Self::AbortSignal => "abort-signal",
            Self::DetachedBuffer => "detached-buffer",
            Self::DetachedDom => "detached-dom",
            Self::StringParent => "string-parent",
            Self::AsyncContext => "async-context",
            Self::SessionRegistry => "session-registry",
            Self::StreamSocket => "stream-socket",
            Self::DuplicateStrings => "duplicate-strings",
            Self::Finalization => "finalization",
            Self::NoRetainer => "no-retainer",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::EventListener => {
                "Register once, or call off()/removeListener()/unsubscribe() in finally."
            }
            Self::UnboundedMapOrSet => {
                "delete() the entry on every way out, errors too, or cap the size (LRU, TTL)."
            }
            Self::UnboundedArray => {
                "Remove entries once they are no longer needed, or keep only the last N (a ring buffer)."
            }
            Self::Cache => "Cap it (max entries, TTL).",
            Self::Timer => {
                "clearInterval()/clearTimeout() when the work is done, and let the callback keep less."
            }
            Self::ClosureContext => {
                "Closures made in one function share their variables: null the big one, or move it out."
            }
            Self::Promise => {
                "Settle the promise, or race it against a timeout; do not await one long-lived promise from every call."
            }
            Self::AbortSignal => {
                "removeEventListener() when the call ends, or use a signal per call (AbortSignal.any leaks with a long-lived parent)."
            }
            Self::DetachedBuffer => {
                "Copy the part that is kept (Buffer.from(slice)), so that the large backing store can go."
            }
            Self::DetachedDom => "Drop references to removed elements, and their listeners.",
            Self::StringParent => {
                "A slice or a rope keeps the whole text: copy it (Buffer.from(s).toString(), or structuredClone)."
            }
            Self::AsyncContext => {
                "Long-lived timers and handles keep the async context they were made in: start them outside of run()."
            }
            Self::SessionRegistry => {
                "Remove the session on close, error and timeout, not only on a clean goodbye."
            }
            Self::StreamSocket => {
                "Read or destroy() every response and stream, close() ports and watchers, terminate() workers, on errors too."
            }
            Self::DuplicateStrings => {
                "Share one copy (intern in a Map), or keep ids and not texts."
            }
            Self::NoRetainer => {
                "The runtime does not write who holds these: look where they are made and kept."
            }
            Self::Finalization => {
                "The held value must not lead to the object it is registered for."
            }
        }
    }
}

impl Unfinished {
    /// What to do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Request => {
                "These requests were never answered: give each a timeout, answer it on errors too, and close() a connection that is lost."
            }
            Self::Connection => {
                "These connections were never closed: call client.close() or transport.close() when one is done with, on errors and timeouts too."
            }
        }
    }
}

/// One finding for each suspect: one advice for each leak.
pub(super) fn findings(
    diagnosis: &Diagnosis,
    suspects: &[SuspectReport],
    containers: &[ContainerReport],
) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (at, report) in suspects.iter().enumerate() {
        let suspect = &diagnosis.suspects[at];
        let growth = suspect.paths.first().map(|p| p.container).or(suspect.guess);
        let Some(container) = growth.and_then(|g| containers.get(g)) else {
            found.extend(suspect.patterns.first().map(|p| unheld(*p, report)));
            continue;
        };
        if !container.piles_up && !suspect.paths.is_empty() {
            continue;
        }
        let known = |f: &Finding| f.container.as_ref() == Some(&container.path);
        if let Some(pattern) = suspect.patterns.first().filter(|_| !found.iter().any(known)) {
            found.push(finding(*pattern, suspect, report, container));
        }
    }
    found.extend(diagnosis.copies.map(|copies| Finding {
        pattern: Pattern::DuplicateStrings,
        unfinished: None,
        title: format!(
            "{} new strings have only {} different texts",
            count(copies.strings),
            count(copies.texts)
        ),
        advice: Pattern::DuplicateStrings.advice(),
        evidence: format!("all but one of each take {}", size(copies.bytes)),
        class: None,
        compiled_class: None,
        container: None,
        held_by: None,
        own: None,
        dependency_only: false,
        locations: Vec::new(),
        file: None,
        fingerprint: fingerprint(&[Pattern::DuplicateStrings.id()]),
        compiled_fingerprint: None,
    }));
    found
}

fn finding(
    pattern: Pattern,
    found: &Suspect,
    suspect: &SuspectReport,
    container: &ContainerReport,
) -> Finding {
    let places = places(suspect, Some(container));
    let own = own(&places, Some(container));
    let more = container.entries_after - container.entries_before;
    let about = if container.approximate { "≈" } else { "" };
    // Others of them may be held elsewhere.
    let held = suspect.ways.first().map(|c| c.share).filter(|share| *share > 0);
    let known_by = |container: &str, class: &Text| {
        fingerprint(&[container, &class.to_string_lossy(), pattern.id()])
    };
    let is_mapped = container.compiled.is_some() || suspect.compiled_class.is_some();
    let compiled = container.compiled.as_ref().map_or(&container.fingerprint, |c| &c.fingerprint);
    Finding {
        pattern,
        unfinished: found.unfinished,
        title: format!(
            "{} went from {about}{} to {about}{} entries{}",
            container.path,
            count(container.entries_before),
            count(container.entries_after),
            if container.only_grows() { ", and grew each time" } else { "" }
        ),
        advice: match (found.unfinished, pattern, container.kind) {
            (Some(unfinished), ..) => unfinished.advice(),
            (None, Pattern::ClosureContext, "list") => WRAPPED,
            _ => pattern.advice(),
        },
        evidence: format!(
            "+{about}{} entries retain {}; {} new {} objects{}",
            count(more),
            size(container.retained_new),
            count(held.unwrap_or(suspect.count)),
            called(&suspect.class),
            removing(suspect)
        ),
        fingerprint: known_by(&container.fingerprint, &suspect.class),
        compiled_fingerprint: is_mapped.then(|| known_by(compiled, suspect.compiled())),
        class: Some(suspect.class.clone()),
        compiled_class: suspect.compiled_class.clone(),
        container: Some(container.path.clone()),
        held_by: container.held_by.clone(),
        dependency_only: own.is_none() && is_of_dependency(found, suspect, container),
        own,
        locations: places.into_iter().map(|(_, place)| place).collect(),
        file: container.file.clone(),
    }
}

/// What removing the new entries of the first way's container frees.
fn removing(suspect: &SuspectReport) -> String {
    let Some(way) = suspect.ways.first() else { return String::new() };
    match way.frees {
        0 => "; removing them here alone frees nothing: they are also held elsewhere".to_owned(),
        bytes if suspect.needs_all_ways_cut() => format!(
            "; removing them here alone frees {}: they are also held elsewhere",
            size(bytes)
        ),
        bytes => format!("; removing its new entries frees {}", size(bytes)),
    }
}

/// What to do where each function holds the one before.
const WRAPPED: &str =
    "Each call wraps what the call before left there: register once, or put the old one back.";

fn unheld(pattern: Pattern, suspect: &SuspectReport) -> Finding {
    let known_by = |class: &Text| fingerprint(&[&class.to_string_lossy(), pattern.id()]);
    let places = places(suspect, None);
    Finding {
        pattern,
        unfinished: None,
        title: format!("{} piles up and the file records no retainer", called(&suspect.class)),
        advice: pattern.advice(),
        evidence: format!("{} new objects retain {}", count(suspect.count), size(suspect.retained)),
        class: Some(suspect.class.clone()),
        compiled_class: suspect.compiled_class.clone(),
        container: suspect.container.clone(),
        held_by: None,
        own: own(&places, None),
        dependency_only: false,
        locations: places.into_iter().map(|(_, place)| place).collect(),
        file: None,
        fingerprint: known_by(&suspect.class),
        compiled_fingerprint: suspect.compiled_class.as_ref().map(known_by),
    }
}
