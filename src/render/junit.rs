//! A report in, test results in JUnit's XML out: for CI systems that show nothing else.

use super::{brief, whose};
use crate::report::answer::{Finding, VerdictKind};
use crate::report::{Gate, Outcome, Report};
use crate::text::without_commands;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

pub(super) type Xml = Writer<Vec<u8>>;

/// A test case for each gate, an error if it could not be judged; without gates one for the verdict, which fails if a leak is
/// likely and is skipped if the files cannot be compared.
///
/// # Errors
/// Never: it is written into memory.
pub fn junit(report: &Report) -> io::Result<String> {
    let verdict = report.answer.verdict.kind;
    let without = report.gates.is_empty();
    let failures = match verdict {
        VerdictKind::LeakLikely if without => 1,
        _ => report.gates_with(Outcome::Broken) as usize,
    };
    let errors = report.gates_with(Outcome::Unjudged) as usize;
    let skipped = usize::from(without && verdict == VerdictKind::NotComparable);
    let tests = report.gates.len().max(1);
    document([tests, failures, errors, skipped], |xml| suite(xml, report))
}

/// A document of one suite with so many tests, failures, errors and tests that are skipped.
pub(super) fn document(
    numbers: [usize; 4],
    suite: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<String> {
    let numbers = numbers.map(|n| n.to_string());
    let names = ["tests", "failures", "errors", "skipped"];
    let numbers = || names.into_iter().zip(numbers.iter().map(String::as_str));
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attribute(("name", "heapdiff"))
        .with_attributes(numbers())
        .write_inner_content(|xml| {
            xml.create_element("testsuite")
                .with_attribute(("name", "heapdiff"))
                .with_attributes(numbers())
                .write_inner_content(suite)?;
            Ok(())
        })?;
    let mut out = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    out.push('\n');
    Ok(without_commands(out))
}

fn suite(xml: &mut Xml, report: &Report) -> io::Result<()> {
    let leak = report.answer.verdict.kind == VerdictKind::LeakLikely;
    let findings = report.answer.findings.iter().filter(|_| leak);
    let known = findings.flat_map(|finding| {
        let compiled = finding.compiled_fingerprint.clone();
        let compiled = compiled.map(|compiled| ("compiled-fingerprint", compiled));
        [("fingerprint", finding.fingerprint.clone())].into_iter().chain(compiled)
    });
    let warnings = brief::warnings(report).into_iter().map(|warning| (warning.id, warning.text));
    let empty = report.unmatched_gates().map(|gate| ("matched-nothing", brief::gate(gate)));
    let properties: Vec<(&str, String)> = warnings.chain(empty).chain(known).collect();
    if !properties.is_empty() {
        xml.create_element("properties").write_inner_content(|xml| {
            for (name, value) in &properties {
                let element = xml.create_element("property").with_attribute(("name", *name));
                element.with_attribute(("value", &*allowed(value))).write_empty()?;
            }
            Ok(())
        })?;
    }
    // What is behind it stands in the first test case that fails, or else beside them.
    let mut details = Some(details(report));
    for gate in &report.gates {
        case(xml, "heapdiff.gate", &brief::name(&gate.condition), |xml| {
            kept(xml, gate, &mut details)
        })?;
    }
    if report.gates.is_empty() {
        case(xml, "heapdiff", "verdict", |xml| verdict(xml, report, &mut details))?;
    }
    if let Some(details) = details {
        xml.create_element("system-out").write_text_content(text(&details))?;
    }
    Ok(())
}

/// A test case.
pub(super) fn case(
    xml: &mut Xml,
    class: &str,
    name: &str,
    inside: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let element = xml.create_element("testcase");
    let element = element.with_attribute(("classname", class));
    element.with_attribute(("name", &*allowed(name))).write_inner_content(inside)?;
    Ok(())
}

/// What came of a gate, if it is not kept.
pub(super) fn kept(xml: &mut Xml, gate: &Gate, details: &mut Option<String>) -> io::Result<()> {
    if gate.ok {
        return Ok(());
    }
    let element = if gate.outcome == Outcome::Unjudged { "error" } else { "failure" };
    problem(xml, element, "gate", &brief::gate(gate), &details.take().unwrap_or_default())
}

fn verdict(xml: &mut Xml, report: &Report, details: &mut Option<String>) -> io::Result<()> {
    let kind = report.answer.verdict.kind;
    let message = format!("{}: {}", kind.word(), brief::heap(report));
    match kind {
        VerdictKind::LeakLikely => {
            problem(xml, "failure", "leak", &message, &details.take().unwrap_or_default())
        }
        VerdictKind::NotComparable => {
            let element = xml.create_element("skipped");
            element.with_attribute(("message", message.as_str())).write_empty()?;
            Ok(())
        }
        VerdictKind::Grew | VerdictKind::NoGrowth => Ok(()),
    }
}

/// A failure or an error.
pub(super) fn problem(
    xml: &mut Xml,
    element: &str,
    kind: &str,
    message: &str,
    details: &str,
) -> io::Result<()> {
    xml.create_element(element)
        .with_attribute(("message", &*allowed(message)))
        .with_attribute(("type", kind))
        .write_text_content(text(details))?;
    Ok(())
}

/// What to do, the verdict with its facts, what is wrong with the files.
fn details(report: &Report) -> String {
    let answer = &report.answer;
    let told = |f: &Finding| format!("{}: {}", f.pattern.id(), whose::finding(f, report));
    let mut lines: Vec<String> = answer.findings.iter().map(told).collect();
    if !report.gates.is_empty() || answer.verdict.kind != VerdictKind::LeakLikely {
        lines.push(format!("{}: {}", answer.verdict.kind.word(), brief::heap(report)));
    }
    lines.extend(answer.verdict.reasons.iter().map(|reason| brief::sentence(reason)));
    lines.extend(brief::ignored(report));
    lines.join("\n")
}

/// The inside of an element.
pub(super) fn text(text: &str) -> BytesText<'static> {
    BytesText::new(&allowed(text)).into_owned()
}

/// Without the two characters that XML forbids and that are not spelled out before.
fn allowed(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
