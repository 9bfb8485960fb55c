//! For programs, and for pages of others.

use super::{conclusion, growth, retained, sentence, side, word};
use crate::render::brief::name;
use crate::render::github::{annotation, data};
use crate::render::json::pretty;
use crate::render::junit::{case, document, problem};
use crate::render::markdown::{Page, code, prose};
use crate::render::ndjson::lines;
use crate::render::openmetrics::{Family, written};
use crate::render::rows::{field, table};
use crate::text::{json_without_commands, quoted, without_commands};
use crate::verify::{Amount, LeakChange, Outcome, Verification};
use std::fmt::Write as _;
use std::io;

/// By this line a bot finds its comment again.
const MARKER: &str = "<!-- heapdiff verify -->";
/// GitHub shows ten annotations of a step and drops the rest.
const ANNOTATIONS: usize = 10;
/// The class of the test cases.
const CLASS: &str = "heapdiff.verify";
/// Leaks in a table for people.
const ROWS: usize = 50;
/// Every leak is a time series of its own.
const SERIES: usize = 50;

/// The whole, indented, with a line feed at the end.
///
/// # Errors
/// Never: it is written into memory.
pub fn json(verification: &Verification) -> io::Result<String> {
    pretty(verification)
}

/// A line for what there is only one of, then one for each leak. `type` tells which.
///
/// # Errors
/// Never: it is written into memory.
pub fn ndjson(verification: &Verification) -> io::Result<String> {
    let head = Verification { leaks: Vec::new(), ..verification.clone() };
    let mut out = String::new();
    lines(&mut out, "verification", &[head])?;
    lines(&mut out, "leak", &verification.leaks)?;
    Ok(json_without_commands(out))
}

/// Every leak, separated by commas.
///
/// # Errors
/// Never: it is written into memory.
pub fn csv(verification: &Verification) -> io::Result<String> {
    rows(verification, b',')
}

/// Every leak, separated by tabs.
///
/// # Errors
/// Never: it is written into memory.
pub fn tsv(verification: &Verification) -> io::Result<String> {
    rows(verification, b'\t')
}

fn rows(verification: &Verification, delimiter: u8) -> io::Result<String> {
    const COLUMNS: [&str; 12] = [
        "outcome",
        "path",
        "kind",
        "pattern",
        "fingerprint",
        "old_entries",
        "old_per_call",
        "old_retained",
        "new_entries",
        "new_per_call",
        "new_retained",
        "note",
    ];
    let leaks = verification.leaks.iter().map(|change| {
        let text = |text: &Option<String>| text.as_deref().map_or_else(String::new, field);
        let first = [
            change.outcome.word().to_owned(),
            field(&change.path),
            text(&change.kind),
            text(&change.pattern),
            field(&change.fingerprint),
        ];
        let amounts = [change.old, change.new].into_iter().flat_map(figures);
        first.into_iter().chain(amounts).chain([text(&change.note)]).collect()
    });
    table(&COLUMNS, leaks, delimiter)
}

fn figures(amount: Option<Amount>) -> [String; 3] {
    let Some(amount) = amount else { return Default::default() };
    let rate = amount.per_call.map_or_else(String::new, |rate| rate.to_string());
    [amount.entries.to_string(), rate, amount.retained.to_string()]
}

/// For the summary of a CI job, and for a comment on a pull request, in at most so many bytes; what does not
/// fit is left out.
#[must_use]
pub fn markdown(verification: &Verification, most: usize) -> String {
    let mut page = Page { out: String::new(), most };
    let mark = match verification.outcome {
        Outcome::Fixed => "✅",
        Outcome::NotJudged => "⚠️",
        Outcome::NewLeak | Outcome::StillLeaks => "❌",
    };
    page.block(&format!(
        "{MARKER}\n## {mark} heapdiff verify: {}\n\n{}\n\n- old: {}\n- new: {}\n",
        word(verification.outcome),
        prose(&conclusion(verification)),
        prose(&side(&verification.old, name)),
        prose(&side(&verification.new, name)),
    ));
    if page.out.is_empty() {
        return page.out;
    }
    let row = |change: &LeakChange| {
        let kind = change.kind.as_ref().map(|kind| format!("{} ", prose(kind)));
        let note = change.note.as_ref().map(|note| format!("<br>{}", prose(note)));
        format!(
            "| {} | {}{}{} | {} | {} |\n",
            change.outcome.word(),
            kind.unwrap_or_default(),
            code(&change.path),
            note.unwrap_or_default(),
            growth(change),
            retained(change),
        )
    };
    let rows: Vec<String> = verification.leaks.iter().take(ROWS).map(row).collect();
    let open = "\n| | Container | Grows by | Retained |\n|---|---|--:|--:|\n";
    page.table(open, &rows, verification.leaks.len() - rows.len(), "");
    page.out
}

/// Annotations in GitHub Actions: an `::error` for each leak that is new or still there, a `::warning` for
/// each that could not be judged.
#[must_use]
pub fn github(verification: &Verification) -> String {
    let mut out = format!("heapdiff verify: {}\n", data(&line(verification)));
    let open = verification.leaks.iter().filter(|change| change.outcome != Outcome::Fixed);
    for change in open.take(ANNOTATIONS) {
        let kind = if change.outcome == Outcome::NotJudged { "warning" } else { "error" };
        out += &annotation(kind, change.outcome.word(), None, &sentence(change));
    }
    out
}

fn line(verification: &Verification) -> String {
    format!("{}: {}", word(verification.outcome), conclusion(verification))
}

/// Test results: a test case for each leak, an error if it could not be judged.
///
/// # Errors
/// Never: it is written into memory.
pub fn junit(verification: &Verification) -> io::Result<String> {
    let [new, still, open] = [Outcome::NewLeak, Outcome::StillLeaks, Outcome::NotJudged]
        .map(|outcome| verification.count(outcome) as usize);
    let whole = verification.leaks.is_empty();
    let tests = verification.leaks.len().max(1);
    document([tests, new + still, open + usize::from(whole), 0], |xml| {
        if whole {
            let told = conclusion(verification);
            case(xml, CLASS, "verify", |xml| problem(xml, "error", "verify", &told, ""))?;
        }
        for change in &verification.leaks {
            let element = match change.outcome {
                Outcome::Fixed => None,
                Outcome::NotJudged => Some("error"),
                Outcome::NewLeak | Outcome::StillLeaks => Some("failure"),
            };
            case(xml, CLASS, &name(&change.path), |xml| match element {
                Some(element) => problem(xml, element, "leak", &sentence(change), ""),
                None => Ok(()),
            })?;
        }
        Ok(())
    })
}

/// A short text for a language model, a fact a line.
#[must_use]
pub fn agent(verification: &Verification) -> String {
    let mut out = format!("outcome: {}\n", word(verification.outcome));
    let _ = writeln!(out, "why: {}", quoted(&conclusion(verification)));
    let _ = writeln!(out, "old: {}", quoted(&side(&verification.old, name)));
    let _ = writeln!(out, "new: {}", quoted(&side(&verification.new, name)));
    for change in verification.leaks.iter().take(ROWS) {
        let word = change.outcome.word().replace(' ', "-");
        let note = change.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        let (path, growth) = (quoted(&name(&change.path)), growth(change));
        let _ = writeln!(out, "{word}: {path} {growth}, retained {}{note}", retained(change));
    }
    without_commands(out)
}

/// Gauges: what it comes to, and by how much each leak grows.
#[must_use]
pub fn openmetrics(verification: &Verification) -> String {
    let mut leaks = Family::new("heapdiff_verify_leaks", "Leaks, by what has become of them.");
    for outcome in [Outcome::NewLeak, Outcome::StillLeaks, Outcome::NotJudged, Outcome::Fixed] {
        let word = outcome.word().replace(' ', "_");
        leaks.add(&[("outcome", &word)], verification.count(outcome) as f64);
    }
    let mut entries = Family::new(
        "heapdiff_verify_entries",
        "Entries that a leak got, before and after the fix.",
    );
    for change in verification.leaks.iter().take(SERIES) {
        let path = name(&change.path);
        for (report, amount) in [("old", change.old), ("new", change.new)] {
            let labels = [("path", path.as_str()), ("report", report)];
            entries.add(&labels, amount.unwrap_or_default().entries as f64);
        }
    }
    written([leaks, entries])
}
