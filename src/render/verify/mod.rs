//! What has become of leaks in, bytes for a reader out.

mod formats;
mod page;
mod text;

pub use formats::{agent, csv, github, json, junit, markdown, ndjson, openmetrics, tsv};
pub use page::html;
pub use text::text;

use super::brief::name;
use crate::units::{count, counted, signed_size, size};
use crate::verify::{Amount, LeakChange, Outcome, Side, Verification};

/// What it comes to, in capitals.
fn word(outcome: Outcome) -> String {
    outcome.word().to_uppercase()
}

/// What it comes to, in a sentence.
fn conclusion(verification: &Verification) -> String {
    let told = [Outcome::NewLeak, Outcome::StillLeaks, Outcome::NotJudged, Outcome::Fixed];
    let told = told.into_iter().map(|outcome| (verification.count(outcome), outcome));
    let told: Vec<String> = told.filter(|(number, _)| *number > 0).map(number_of).collect();
    match verification.outcome {
        Outcome::Fixed => match verification.leaks.len() as u64 {
            1 => "what leaked does not any more, and nothing new does".to_owned(),
            all => format!("none of {} leaks is left, and nothing new leaks", count(all)),
        },
        Outcome::NotJudged if !verification.reasons.is_empty() => verification.reasons.join("; "),
        _ => told.join(", "),
    }
}

fn number_of((number, outcome): (u64, Outcome)) -> String {
    match outcome {
        Outcome::NewLeak => counted(number, "new leak", "new leaks"),
        Outcome::StillLeaks if number == 1 => "1 still leaks".to_owned(),
        Outcome::StillLeaks => format!("{} still leak", count(number)),
        Outcome::NotJudged => format!("{} not judged", count(number)),
        Outcome::Fixed => format!("{} fixed", count(number)),
    }
}

/// A report: its files, each as `called` has it, its calls, by how much the heap grew.
fn side(side: &Side, called: impl Fn(&str) -> String) -> String {
    let [before, after] = side.files.each_ref().map(|path| called(path));
    let calls = match side.calls {
        Some(calls) => counted(calls, "call", "calls"),
        None => "number of calls unknown".to_owned(),
    };
    format!("{before} → {after}, {calls}, heap {}", signed_size(side.heap_delta))
}

/// `+1.00/call → 0.00/call`; without calls `+2,000 → 0 entries`.
fn growth(change: &LeakChange) -> String {
    let [old, new] = [change.old, change.new].map(Option::unwrap_or_default);
    let per_call = [change.old, change.new].into_iter().flatten().all(|a| a.per_call.is_some());
    if per_call {
        let told = |amount: Amount| match amount.per_call {
            Some(rate) if rate > 0.0 => format!("{rate:+.2}/call"),
            _ => "0.00/call".to_owned(),
        };
        return format!("{} → {}", told(old), told(new));
    }
    format!("{} → {} entries", plus(old.entries), plus(new.entries))
}

fn plus(entries: u64) -> String {
    if entries > 0 { format!("+{}", count(entries)) } else { "0".to_owned() }
}

/// `5.6 MB → 0 B`.
fn retained(change: &LeakChange) -> String {
    let [old, new] = [change.old, change.new].map(|amount| amount.unwrap_or_default().retained);
    format!("{} → {}", size(old), size(new))
}

/// `Map sessions.sessions: +1.00/call → 0.00/call: fixed`.
fn sentence(change: &LeakChange) -> String {
    let kind = change.kind.as_ref().map(|kind| format!("{kind} ")).unwrap_or_default();
    let note = change.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    let (path, growth) = (name(&change.path), growth(change));
    format!("{kind}{path}: {growth}: {}{note}", change.outcome.word())
}
