//! What is told of logs, in every format, and on the page about it.

use crate::cli::{program, run, shown};
use crate::fixtures::{path, scratch};
use crate::sample::{Validator, same_as};
use crate::scanning::root;
use heapdiff::trend::TrendReport;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

const DOC: &str = "docs/trend.md";
const SCHEMA: &str = "docs/trend.schema.json";

fn log(name: &str) -> String {
    path("trend").join(name).display().to_string()
}

fn told(name: &str, more: &[&str]) -> String {
    let log = log(name);
    shown(["trend", &log].into_iter().chain(more.iter().copied()))
}

#[test]
fn the_example_on_the_page_is_what_the_program_prints() {
    let page = std::fs::read_to_string(root().join(DOC)).unwrap();
    let (before, rest) = page.split_once("<!-- output: begin -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- output: end -->").unwrap();
    let command = ["trend", "fixtures/trend/leak.jsonl", "--limit", "64MB", "--width", "88"];
    let output = program().current_dir(root()).args(command).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let block = format!("```console\n$ heapdiff {}\n{said}```\n", command.join(" "));
    same_as(DOC, &format!("{before}<!-- output: begin -->\n{block}<!-- output: end -->{after}"));
}

#[test]
fn the_schema_is_that_of_the_types_and_json_is_as_it_says() {
    let text = serde_json::to_string_pretty(&schemars::schema_for!(TrendReport)).unwrap() + "\n";
    same_as(SCHEMA, &text);
    let schema = Validator::of(&text);
    for name in ["leak.jsonl", "restarts.pino.log", "sessions.prom", "leak.gc.log.gz"] {
        let gates = ["--fail-on=trend.heap > 900GB/h", "--fail-on=verdict == too_short"];
        let more = ["--format=json", "--per=mcp_active_sessions_total", gates[0], gates[1]];
        let log = log(name);
        let output = run(["trend", &log].into_iter().chain(more));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        schema.check(&json).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}

#[test]
fn a_chart_fits_into_forty_columns_and_needs_no_colour() {
    for width in [40, 60, 88, 200] {
        let text = told("restarts.pino.log", &[&format!("--width={width}")]);
        let widest =
            text.lines().filter(|line| !line.contains("heapdiff watch")).map(|l| l.width());
        assert!(widest.max().unwrap() <= width, "{text}");
        assert!(text.contains("\nHEAP") && text.contains('•'), "{text}");
        assert!(text.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)), "{text}");
        assert!(!text.contains('\u{1b}'));
    }
    let colored = told("leak.jsonl", &["--color=always"]);
    assert!(colored.starts_with("\u{1b}[1;31mLEAK\u{1b}[0m   heap +"), "{colored}");
}

#[test]
fn every_format_has_the_verdict() {
    for (format, word) in [
        ("text", "LEAK   heap +"),
        ("json", "\"verdict\": \"leak\""),
        ("html", "<h1>LEAK</h1>"),
        ("ndjson", "\"verdict\":\"leak\""),
        ("csv", "\n,leak,heap,heapUsed,leak,240,"),
        ("tsv", "\n\tleak\theap\theapUsed\tleak\t240\t"),
        ("markdown", "## ❌ heapdiff trend: LEAK"),
        ("github", "heapdiff: LEAK, heap +"),
        ("junit", "<failure message=\"LEAK: heap +"),
        ("agent", "\nverdict: LEAK\n"),
        ("openmetrics", "heapdiff_trend_verdict{process=\"\",verdict=\"leak\"} 1\n"),
    ] {
        let text = told("leak.jsonl", &["--format", format]);
        assert!(text.contains(word), "{format}: {text:.600}");
    }
    for line in told("leak.jsonl", &["--format=ndjson"]).lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    roxmltree::Document::parse(&told("leak.jsonl", &["--format=junit"])).unwrap();
    let output = run(["trend", &log("leak.jsonl"), "--format=sarif"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_page_has_a_chart_of_each_series_and_runs_nothing_else() {
    let page = told("leak.jsonl", &["--format=html"]);
    assert_eq!(page.matches("<svg").count(), 4, "heap, external, array buffers, RSS");
    assert_eq!(page.matches("trend-left\" d=\"M").count(), 4);
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(!page.contains("http://") && !page.contains("https://"));
}

#[test]
fn files_are_written_beside_standard_output() {
    let dir = scratch("written");
    let log = log("leak.jsonl");
    let output = program()
        .current_dir(&dir)
        .args(["trend", &log, "-o", "trend.html", "-o", "trend.prom", "-q"])
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    assert!(std::fs::read_to_string(dir.join("trend.html")).unwrap().ends_with("</html>\n"));
    let prom = std::fs::read_to_string(dir.join("trend.prom")).unwrap();
    assert!(prom.ends_with("# EOF\n") && prom.contains("heapdiff_trend_bytes_per_hour{"), "{prom}");
}

#[test]
fn the_next_step_is_a_command_that_there_is() {
    let text = told("leak.jsonl", &[]);
    let command = text.lines().find(|line| line.contains("heapdiff watch")).unwrap();
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    assert_eq!(words[1], "4242");
    let output = run(words.into_iter().chain(["--help"]));
    assert!(output.status.success());
}

#[test]
fn gauges_and_metrics_on_the_page_are_those_of_the_program() {
    let page = std::fs::read_to_string(root().join(DOC)).unwrap();
    let more = ["--format=openmetrics", "--per=requests_total", "--limit=999GB"];
    let prom = told("buffers.csv", &more) + &told("leak.jsonl", &more);
    let named = |text: &str| -> std::collections::BTreeSet<String> {
        let names = text.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
        names.filter(|name| name.starts_with("heapdiff_trend_")).map(str::to_owned).collect()
    };
    assert_eq!(named(&page), named(&prom));
}

#[test]
fn every_answer_is_explained() {
    for word in ["LEAK", "still warming", "plateau", "sawtooth only", "too short", "lower envelope"]
    {
        assert!(!shown(["explain", word]).is_empty());
    }
}

#[test]
fn the_rules_on_the_page_read_well_where_a_process_has_no_name() {
    let page = std::fs::read_to_string(root().join(DOC)).unwrap();
    let named = page.matches("$labels.process }}").count();
    assert!(named > 0);
    assert_eq!(page.matches("{{ with $labels.process }}{{ . }}: {{ end }}").count(), named);
}
