//! Conditions on logs: the grammar, the exit codes and the configuration of gates.

use crate::cli::{program, run};
use crate::fixtures::{path, scratch};
use crate::trend::{saw, told_of};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Output;

fn log(grows: f64) -> PathBuf {
    let file = scratch("gate").join("app.log");
    let line = |at: usize, mb: f64| {
        format!(
            "2026-11-30T{:02}:{:02}:00Z heapUsed={mb}MB requests={}",
            8 + at / 60,
            at % 60,
            at * 10
        )
    };
    std::fs::write(&file, saw(grows, line)).unwrap();
    file
}

fn judged(grows: f64, condition: &str) -> Output {
    program()
        .arg("trend")
        .arg(log(grows))
        .args(["--fail-on", condition, "--per=requests"])
        .output()
        .unwrap()
}

fn code(grows: f64, condition: &str) -> Option<i32> {
    judged(grows, condition).status.code()
}

#[test]
fn growth_alone_never_fails() {
    let output = program().arg("trend").arg(log(0.5)).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("LEAK   heap +3"));
}

#[test]
fn a_rate_is_held_against_one_of_any_time() {
    // It grows by 30 MiB an hour.
    for (condition, broken) in [
        ("trend.heap > 1MB/h", true),
        ("trend.heap > 30MiB/hour", false),
        ("trend.heap >= 0.4MiB/min", true),
        ("trend.heap > 9kB/s", false),
        ("trend.heap > 700MiB/day", true),
        ("trend.heap > 800 MiB / day", false),
        ("trend.heap > 0", true),
        ("trend.heap < 1MB/h", false),
        ("trend.per > 50kB", true),
        ("trend.per > 60kB", false),
        ("verdict == leak", true),
        ("verdict == plateau", false),
        ("verdict != leak", false),
    ] {
        assert_eq!(code(0.5, condition), Some(i32::from(broken)), "{condition}");
    }
}

#[test]
fn what_does_not_grow_measures_nothing() {
    assert_eq!(code(0.0, "trend.heap > 0"), Some(0));
    assert_eq!(code(0.0, "verdict == sawtooth_only"), Some(1));
}

#[test]
fn what_is_not_in_the_logs_or_too_short_cannot_be_judged() {
    let output = judged(0.5, "trend.rss > 1MB/h");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("no log has RSS"), "{text}");
    let file = scratch("short").join("log");
    std::fs::write(&file, "heapUsed=5MB\nheapUsed=6MB\n").unwrap();
    for condition in ["verdict == leak", "trend.heap > 0"] {
        let output =
            program().arg("trend").arg(&file).args(["--fail-on", condition]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{condition}");
    }
    let untimed = saw(0.5, |_, mb| format!("heapUsed={mb}MB"));
    std::fs::write(&file, untimed).unwrap();
    let output =
        program().arg("trend").arg(&file).args(["--fail-on", "trend.heap > 0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stdout).unwrap().contains("the logs have no times"));
}

#[test]
fn mistakes_are_shown_where_they_are() {
    for (condition, what, carets) in [
        ("trend.heap > 1MB", "a rate needs a time", "^"),
        ("trend.heap > 1MB/year", "a rate goes by a time", "^^^^"),
        ("trend.heap > 5/h", "a size needs a unit", "^"),
        ("trend.hepa > 1MB/h", "there is no metric trend.hepa", "^^^^^^^^^^"),
        ("trend.heap(x) > 1MB/h", "trend.heap has nothing to choose", "^^^"),
        ("per_call(trend.heap) > 1MB/h", "does not grow with the calls", "^^^^^^^^^^"),
        ("verdict == leaky", "a verdict belongs here", "^^^^^"),
        ("delta(Session) > 0", "is about snapshots", ""),
    ] {
        let output = judged(0.5, condition);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{condition}");
        assert!(error.contains(what) && error.contains(carets), "{error}");
    }
}

#[test]
fn conditions_on_logs_are_none_on_snapshots() {
    let [before, after] = ["before", "after"]
        .map(|name| path(&format!("plain/{name}.heapsnapshot")).display().to_string());
    let output = run(["--fail-on", "trend.heap > 1MB/h", &before, &after]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("is about logs, and these are snapshots"), "{error}");
}

#[test]
fn a_configuration_serves_snapshots_and_logs() {
    let dir = scratch("configured");
    let conditions =
        "fail-on = [\"delta(ToolSession) > 0\", \"trend.heap > 1MB/h\", \"verdict == leak\"]\n";
    std::fs::write(dir.join("heapdiff.toml"), conditions).unwrap();
    let log = log(0.5);
    let said = |args: &[&str]| -> Vec<String> {
        let output = program().current_dir(&dir).args(args).arg("--format=json").output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let gates = told["gates"].as_array().unwrap().iter();
        gates.map(|gate| gate["condition"].as_str().unwrap().to_owned()).collect()
    };
    let [before, after] = ["before", "after"]
        .map(|name| path(&format!("plain/{name}.heapsnapshot")).display().to_string());
    assert_eq!(said(&["trend", log.to_str().unwrap()]), ["trend.heap > 1MB/h", "verdict == leak"]);
    assert_eq!(said(&[&before, &after]), ["delta(ToolSession) > 0", "verdict == leak"]);
}

#[test]
fn gates_are_in_json_and_broken_ones_on_standard_error() {
    let output = program()
        .arg("trend")
        .arg(log(0.5))
        .args(["--fail-on", "trend.heap > 1MB/h", "--quiet"])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.stdout.is_empty());
    assert!(error.starts_with("gate broken: trend.heap > 1MB/h: +31."), "{error}");
    let told =
        told_of(&saw(0.0, |_, mb| format!("heapUsed={mb}MB")), &["--fail-on=verdict == leak"]);
    let gate = &told["gates"][0];
    assert_eq!(gate["measured"], serde_json::json!({"unit": "trend", "value": "sawtooth_only"}));
    assert_eq!((&gate["method"], &gate["ok"]), (&"series".into(), &true.into()));
}
