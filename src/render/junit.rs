//! A report in, test results in JUnit's XML out: for CI systems that show nothing else.

use super::brief;
use crate::report::answer::VerdictKind;
use crate::report::{BudgetReport, Outcome, Report};
use crate::text::without_commands;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

type Xml = Writer<Vec<u8>>;

/// A test case for each budget, an error if it could not be judged; without budgets one for the verdict, which fails if a leak is
/// likely and is skipped if the files cannot be compared.
///
/// # Errors
/// Never: it is written into memory.
pub fn junit(report: &Report) -> io::Result<String> {
    let verdict = report.answer.verdict.kind;
    let without = report.budgets.is_empty();
    let failures = match verdict {
        VerdictKind::LeakLikely if without => 1,
        _ => brief::having(report, Outcome::Broken) as usize,
    };
    let errors = brief::having(report, Outcome::Unjudged) as usize;
    let skipped = usize::from(without && verdict == VerdictKind::NotComparable);
    let tests = report.budgets.len().max(1);
    let numbers = [tests, failures, errors, skipped].map(|n| n.to_string());
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
                .write_inner_content(|xml| suite(xml, report))?;
            Ok(())
        })?;
    let mut out = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    out.push('\n');
    Ok(without_commands(out))
}

fn suite(xml: &mut Xml, report: &Report) -> io::Result<()> {
    let leak = report.answer.verdict.kind == VerdictKind::LeakLikely;
    let findings = report.answer.findings.iter().filter(|_| leak);
    let known = findings.map(|finding| ("fingerprint", finding.fingerprint.clone()));
    let warnings = brief::warnings(report).into_iter().map(|warning| (warning.id, warning.text));
    let empty = brief::empty(report).map(|budget| ("matched-nothing", brief::budget(budget)));
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
    for budget in &report.budgets {
        case(xml, "heapdiff.budget", &brief::name(&budget.condition), |xml| {
            kept(xml, report, budget)
        })?;
    }
    if report.budgets.is_empty() {
        case(xml, "heapdiff", "verdict", |xml| verdict(xml, report))?;
    }
    xml.create_element("system-out").write_text_content(text(&details(report)))?;
    Ok(())
}

fn case(
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

fn kept(xml: &mut Xml, report: &Report, budget: &BudgetReport) -> io::Result<()> {
    if budget.ok {
        return Ok(());
    }
    let message = brief::budget(budget);
    let element = if budget.outcome == Outcome::Unjudged { "error" } else { "failure" };
    problem(xml, element, "budget", &message, &format!("{message}\n{}", details(report)))
}

fn verdict(xml: &mut Xml, report: &Report) -> io::Result<()> {
    let kind = report.answer.verdict.kind;
    let message = format!("{}: {}", kind.word(), brief::heap(report));
    match kind {
        VerdictKind::LeakLikely => problem(xml, "failure", "leak", &message, &details(report)),
        VerdictKind::NotComparable => {
            let element = xml.create_element("skipped");
            element.with_attribute(("message", message.as_str())).write_empty()?;
            Ok(())
        }
        VerdictKind::Grew | VerdictKind::NoGrowth => Ok(()),
    }
}

fn problem(
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

/// What is wrong with the files, the verdict with its facts, what piles up, what to do.
fn details(report: &Report) -> String {
    let verdict = &report.answer.verdict;
    let warnings = brief::warnings(report).into_iter();
    let mut lines: Vec<String> = warnings.map(|w| format!("{}: {}", w.id, w.text)).collect();
    lines.push(format!("{}: {}", verdict.kind.word(), brief::heap(report)));
    lines.extend(verdict.reasons.iter().map(|reason| brief::sentence(reason)));
    lines.extend(brief::ignored(report));
    lines.extend(
        report
            .answer
            .findings
            .iter()
            .map(|f| format!("{}: {}", f.pattern.id(), brief::finding(f, report))),
    );
    lines.join("\n")
}

fn text(text: &str) -> BytesText<'static> {
    BytesText::new(&allowed(text)).into_owned()
}

/// Without the two characters that XML forbids and that are not spelled out before.
fn allowed(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
