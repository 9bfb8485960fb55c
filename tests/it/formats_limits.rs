//! However much has grown, what is meant to be short stays short.

use crate::sample::{gated, in_format};
use heapdiff::classes::ClassKey;
use heapdiff::render::{self, Sources};
use heapdiff::report::Report;

/// Thousands of everything, under names of a thousand bytes.
fn swollen() -> Report {
    let mut report = gated();
    let long = |n: usize| format!("Class{n}<{}", "|`&émoji😀_".repeat(60));
    let row = report.classes.iter().find(|row| !row.engine && row.delta > 0).unwrap().clone();
    report.classes.extend((0..3_000).map(|n| {
        let mut row = row.clone();
        row.name = long(n).as_str().into();
        row.key = ClassKey { name: row.name.clone(), location: None };
        row
    }));
    let answer = &mut report.answer;
    let container = answer.containers[0].clone();
    let suspect = answer.suspects[0].clone();
    let finding = answer.findings[0].clone();
    for n in 0..1_000 {
        let mut container = container.clone();
        container.path = long(n);
        answer.containers.push(container);
        let mut finding = finding.clone();
        finding.container = Some(long(n));
        finding.title = long(n);
        answer.findings.push(finding);
        let mut suspect = suspect.clone();
        suspect.class = long(n).as_str().into();
        suspect.ways[0].steps.iter_mut().for_each(|step| step.label = long(n));
        answer.suspects.insert(0, suspect);
        answer.verdict.reasons.push(long(n));
        report.notes.push(long(n));
        let mut gate = report.gates[1].clone();
        gate.condition = long(n);
        gate.decided_by = Some(long(n));
        gate.note = Some(long(n));
        report.gates.push(gate);
    }
    report
}

#[test]
fn markdown_fits_a_comment_a_summary_and_whatever_is_left_of_one() {
    let report = swollen();
    for most in [render::COMMENT, render::SUMMARY, 20_000, 2_000, 200, 1, 0] {
        let text = render::markdown(&report, most);
        assert!(text.len() <= most, "{} of {most}", text.len());
        for tag in ["details", "summary", "code"] {
            let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
            assert_eq!(text.matches(&open).count(), text.matches(&close).count(), "{most}");
        }
    }
    let whole = render::markdown(&report, usize::MAX);
    assert!(whole.len() > render::COMMENT, "the report is too short to prove anything");
    let text = render::markdown(&report, render::COMMENT);
    assert!(text.len() > 50_000 && text.contains(" more in the JSON report"), "{}", text.len());
    assert_eq!((render::COMMENT, render::SUMMARY), (64_000, 1_024_000));
}

#[test]
fn a_table_that_does_not_fit_is_cut_by_rows_and_not_left_out() {
    let mut report = gated();
    let gate = report.gates[1].clone();
    report.gates.extend(std::iter::repeat_n(gate, 60));
    for most in 2_000..2_200 {
        let text = render::markdown(&report, most);
        assert!(text.len() <= most && text.contains("| | Fails if |"), "{most}: {text}");
    }
}

#[test]
fn an_agent_reads_sixty_lines_and_four_thousand_bytes_at_most() {
    let report = swollen();
    let text = render::agent(&report);
    assert!(text.len() <= 4_000 && text.lines().count() <= 60, "{}", text.len());
    assert!(text.contains("verdict: LEAK LIKELY") && text.contains("left-out: "), "{text}");
    let short = in_format(&gated(), "agent");
    assert!(short.len() <= 4_000 && !short.contains("left-out"), "{short}");
}

#[test]
fn an_agent_is_cut_by_lines_as_well_as_by_bytes() {
    let mut report = gated();
    let short = |n: usize| format!("C{n}");
    let container = report.answer.containers[0].clone();
    for n in 0..40 {
        let mut container = container.clone();
        container.path = short(n);
        report.answer.containers.push(container);
        report.notes.push(short(n));
    }
    let text = render::agent(&report);
    assert!(text.len() <= 4_000 && text.lines().count() <= 60, "{text}");
}

#[test]
fn github_gets_ten_annotations_and_a_word_about_the_rest() {
    let report = swollen();
    let text = render::github(&report, &Sources::default());
    let annotations: Vec<&str> = text.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(annotations.len(), 10, "{text}");
    // One is not judged and one names nothing.
    let all = 1_003 + report.answer.findings.len();
    assert_eq!(annotations[9], format!("::error title=heapdiff::{} more", all - 9));
}

#[test]
fn gauges_are_few_and_each_is_there_once() {
    let text = in_format(&swollen(), "prom");
    let classes = text.lines().filter(|l| l.starts_with("heapdiff_class_delta_objects{"));
    assert_eq!(classes.count(), 20);
    let mut lines: Vec<&str> =
        text.lines().filter_map(|l| l.split_once(" ")).map(|l| l.0).collect();
    lines.retain(|l| l.starts_with("heapdiff_"));
    let all = lines.len();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), all);
}
