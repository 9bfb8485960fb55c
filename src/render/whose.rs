//! A finding in, whose the leak is out: in one order of words, in every format.
//!
//! ```text
//!   held by undici 6.21.0 (dependency), filled from src/session.ts:41:5 (yours)
//! ```

use super::brief;
use crate::report::Report;
use crate::report::answer::{Finding, Holder, Owner, Package, Part};

/// What a finding says, in one line: where to look, what was found, what to do, the numbers.
pub(super) fn finding(finding: &Finding, report: &Report) -> String {
    let places: Vec<String> = finding
        .locations
        .iter()
        .take(3)
        .map(|p| brief::name(&brief::location(p, report)))
        .collect();
    let places = if places.is_empty() { String::new() } else { places.join(", ") + ": " };
    let [title, evidence] = [&finding.title, &finding.evidence].map(|text| brief::sentence(text));
    let whose =
        whose(finding, report, brief::name).map_or_else(String::new, |told| format!("; {told}"));
    format!("{places}{title}{whose}. {} {evidence}.", finding.advice)
}

/// What holds the entries, and the first place of the program's own; nothing where neither says more than
/// the container's path. `name` writes a name as the format does.
pub(super) fn whose(
    finding: &Finding,
    report: &Report,
    name: impl Fn(&str) -> String,
) -> Option<String> {
    let filled = finding.own.as_ref().filter(|own| own.part != Part::Holds).map(|own| {
        let place = own.location.as_ref().map(|place| brief::location(place, report));
        let place = place.unwrap_or_else(|| brief::file(&own.file, report));
        format!("{} {} (yours)", word(own.part), name(&place))
    });
    // The path begins with the file of a variable, and the runtime alone is nobody to turn to.
    let says_little = |by: &Holder| by.owner != Owner::Package && by.location.is_none();
    let by = finding.held_by.as_ref().filter(|by| filled.is_some() || !says_little(by));
    let by = by.and_then(|by| holder(by, finding, report, &name));
    let by = by.map(|by| format!("held by {by}"));
    let parts: Vec<String> = by.into_iter().chain(filled).collect();
    let only = if finding.dependency_only {
        "; nothing of yours is on the way: upgrade it, or report the leak there"
    } else {
        ""
    };
    (!parts.is_empty()).then(|| parts.join(", ") + only)
}

/// How a place of the program has to do with it.
const fn word(part: Part) -> &'static str {
    match part {
        Part::Holds => "held by",
        Part::FilledFrom => "filled from",
        Part::Class => "with the class at",
        Part::Leads => "reached from",
    }
}

fn holder(
    by: &Holder,
    finding: &Finding,
    report: &Report,
    name: impl Fn(&str) -> String,
) -> Option<String> {
    Some(match by.owner {
        Owner::Program => {
            let place = by.location.as_ref().map(|place| brief::location(place, report));
            let file = || finding.file.as_ref().map(|file| brief::file(file, report));
            format!("{} (yours)", name(&place.or_else(file)?))
        }
        Owner::Package => match &by.package {
            Some(package) => format!("{} (dependency)", name(&called(package))),
            None => "a dependency".to_owned(),
        },
        Owner::Runtime => "the runtime".to_owned(),
    })
}

/// `undici 6.21.0`.
fn called(package: &Package) -> String {
    match &package.version {
        Some(version) => format!("{} {version}", package.name),
        None => package.name.clone(),
    }
}
