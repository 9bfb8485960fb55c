//! What logs of memory tell in, test results in JUnit's XML out.

use crate::render::brief;
use crate::render::junit::{case, document, kept, problem, text};
use crate::report::Outcome;
use crate::trend::{TrendReport, Verdict};
use std::io;

/// A test case for each gate; without gates one for the verdict, which fails if something leaks and is skipped if
/// that cannot be told.
///
/// # Errors
/// Never: it is written into memory.
pub fn trend_junit(report: &TrendReport) -> io::Result<String> {
    let without = report.gates.is_empty();
    let leak = usize::from(without && report.verdict == Verdict::Leak);
    let skipped = usize::from(without && report.verdict == Verdict::TooShort);
    let [broken, open] =
        [Outcome::Broken, Outcome::Unjudged].map(|outcome| report.gates_with(outcome) as usize);
    let head = report.worst().map(super::phrase::head).unwrap_or_default();
    let head = format!("{}: {}", report.verdict.word(), brief::sentence(&head));
    let reasons = report.reasons.iter().map(|reason| brief::sentence(reason));
    let details: Vec<String> = std::iter::once(head.clone()).chain(reasons).collect();
    document([report.gates.len().max(1), broken + leak, open, skipped], |xml| {
        let mut details = Some(details.join("\n"));
        for gate in &report.gates {
            case(xml, "heapdiff.gate", &brief::name(&gate.condition), |xml| {
                kept(xml, gate, &mut details)
            })?;
        }
        if without {
            case(xml, "heapdiff", "trend", |xml| match report.verdict {
                Verdict::Leak => {
                    problem(xml, "failure", "leak", &head, &details.take().unwrap_or_default())
                }
                Verdict::TooShort => {
                    let element = xml.create_element("skipped");
                    element.with_attribute(("message", head.as_str())).write_empty()?;
                    Ok(())
                }
                _ => Ok(()),
            })?;
        }
        if let Some(details) = details {
            xml.create_element("system-out").write_text_content(text(&details))?;
        }
        Ok(())
    })
}
