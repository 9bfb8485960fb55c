//! A report in, findings in SARIF 2.1.0 out: for code scanning and editors.

use super::json::pretty;
use super::safe::shown;
use super::sources::{PATH, Sources};
use super::{brief, whose};
use crate::report::answer::{Finding, Place, VerdictKind};
use crate::report::{Gate, Outcome, Report};
use crate::text::{Text, visible};
use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};
use std::io;

/// The rule of a gate that is not kept.
const GATE: &str = "gate";

/// A result for each finding, if a leak is likely, and for each gate that is broken or could not be judged; a rule for each
/// pattern among them.
///
/// # Errors
/// Never for a report made by [`compare`](crate::compare()).
pub fn sarif(report: &Report, sources: &Sources) -> io::Result<String> {
    let leak = report.answer.verdict.kind == VerdictKind::LeakLikely;
    let mut rules: Vec<Value> = Vec::new();
    let mut results: Vec<Value> = Vec::new();
    for gate in report.failing_gates() {
        let index = index(&mut rules, GATE, gate_rule);
        results.push(gate_result(gate, index, report, sources));
    }
    for finding in report.answer.findings.iter().filter(|_| leak) {
        let index = index(&mut rules, finding.pattern.id(), || rule(finding));
        results.push(result(finding, index, report, sources));
    }
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": report.tool.name,
                "semanticVersion": report.tool.version,
                "rules": rules,
            }},
            "columnKind": "utf16CodeUnits",
            "invocations": [invocation(report)],
            "results": results,
            "properties": {
                "verdict": report.answer.verdict.kind,
                "summary": brief::heap(report),
                "ignored": brief::ignored(report),
            },
        }],
    });
    pretty(&log)
}

/// Whether the program could do all it was asked, and what is wrong with the files.
fn invocation(report: &Report) -> Value {
    let notification = |level: &str, id: &str, text: &str| {
        json!({
            "level": level,
            "descriptor": { "id": id },
            "message": { "text": plain(text) },
        })
    };
    let files = brief::warnings(report);
    let files = files.iter().map(|file| notification("warning", file.id, &file.text));
    let empty = report.unmatched_gates();
    let empty = empty.map(|b| notification("warning", "matched-nothing", &brief::gate(b)));
    let unjudged = report.gates.iter().filter(|b| b.outcome == Outcome::Unjudged);
    let unjudged = unjudged.map(|b| notification("error", "not-judged", &brief::gate(b)));
    let all: Vec<Value> = files.chain(empty).chain(unjudged).collect();
    let judged = report.gates_with(Outcome::Unjudged) == 0;
    let mut invocation = json!({ "executionSuccessful": judged });
    if !all.is_empty() {
        invocation["toolExecutionNotifications"] = all.into();
    }
    invocation
}

/// Where the rule stands; it is added if it is not there yet.
fn index(rules: &mut Vec<Value>, id: &str, make: impl FnOnce() -> Value) -> usize {
    rules.iter().position(|rule| rule["id"] == id).unwrap_or_else(|| {
        rules.push(make());
        rules.len() - 1
    })
}

fn rule(finding: &Finding) -> Value {
    let id = finding.pattern.id();
    json!({
        "id": id,
        "shortDescription": { "text": format!("Memory leak: {}", id.replace('-', " ")) },
        "help": { "text": finding.advice },
        "defaultConfiguration": { "level": "warning" },
    })
}

fn gate_rule() -> Value {
    json!({
        "id": GATE,
        "shortDescription": { "text": "A gate of the heap is broken or could not be judged" },
        "help": { "text": "Find what grew in the other results, or raise the limit on purpose." },
        "defaultConfiguration": { "level": "error" },
    })
}

/// Placed where the leak is that broke it.
fn gate_result(gate: &Gate, index: usize, report: &Report, sources: &Sources) -> Value {
    let by = gate.decided_by.as_deref().map(|by| logical(by, "object"));
    let mut location = json!({ "logicalLocations": by.into_iter().collect::<Vec<_>>() });
    if let Some(place) = report.finding_of(gate).and_then(|f| first_place(f, sources)) {
        location["physicalLocation"] = place;
    }
    json!({
        "ruleId": GATE,
        "ruleIndex": index,
        "level": "error",
        "message": { "text": plain(&brief::gate(gate)) },
        "locations": places_of(location),
        "partialFingerprints": { "heapdiff/v2": fingerprint(&[GATE, &gate.condition]) },
    })
}

/// The first place of a finding that lies in the repository, or else its file.
fn first_place(finding: &Finding, sources: &Sources) -> Option<Value> {
    let file = || finding.file.as_ref().and_then(|file| sources.relative(file));
    let file = || file().map(|file| artifact(&file));
    finding.locations.iter().find_map(|place| physical(place, sources)).or_else(file)
}

/// A list of the location, unless it says nothing.
fn places_of(location: Value) -> Value {
    if location["logicalLocations"] == json!([]) && location["physicalLocation"].is_null() {
        json!([])
    } else {
        json!([location])
    }
}

fn result(finding: &Finding, index: usize, report: &Report, sources: &Sources) -> Value {
    let class = finding.class.as_ref().map(|class| logical(&shown(class), "type"));
    let container = finding.container.as_deref().map(|path| logical(path, "object"));
    let logical: Vec<Value> = container.into_iter().chain(class).collect();
    let mut location = json!({ "logicalLocations": logical });
    if let Some(place) = first_place(finding, sources) {
        location["physicalLocation"] = place;
    }
    let places = finding.locations.iter().filter_map(|place| physical(place, sources)).skip(1);
    let related = places.enumerate().map(|(at, p)| json!({ "id": at, "physicalLocation": p }));
    json!({
        "ruleId": finding.pattern.id(),
        "ruleIndex": index,
        "level": "warning",
        "message": { "text": plain(&whose::finding(finding, report)) },
        "locations": places_of(location),
        "relatedLocations": related.collect::<Vec<_>>(),
        "partialFingerprints": known_by(finding),
    })
}

fn known_by(finding: &Finding) -> Value {
    let mut known = json!({ "heapdiff/v2": finding.fingerprint });
    if let Some(compiled) = &finding.compiled_fingerprint {
        known["heapdiff/compiled/v2"] = compiled.as_str().into();
    }
    known
}

fn logical(name: &str, kind: &str) -> Value {
    json!({ "fullyQualifiedName": brief::name(name), "kind": kind })
}

/// Only of a script in the repository: elsewhere nobody could open it.
fn artifact(path: &str) -> Value {
    json!({
        "artifactLocation": {
            "uri": utf8_percent_encode(path, PATH).to_string(),
            "uriBaseId": "%SRCROOT%",
        },
    })
}

fn physical(place: &Place, sources: &Sources) -> Option<Value> {
    let mut physical = artifact(&sources.of(place)?);
    physical["region"] = json!({ "startLine": place.line, "startColumn": place.column });
    Some(physical)
}

/// SARIF takes `[text](target)` in a message for a link.
fn plain(text: &str) -> String {
    visible(text).replace("](", "] (")
}

/// The same finding in another run has the same one.
fn fingerprint(parts: &[&str]) -> String {
    format!("{:08x}", Text::from(parts.join("\0").as_str()).fnv1a())
}
