//! What stands beside two snapshots, and what a comparison says by it.

use crate::cli::report;
use crate::fixtures::{path, scratch};
use heapdiff::pair::Pair;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A pair in a folder of its own, with this beside it, and the report of it.
struct Case {
    files: Pair<PathBuf>,
}

impl Case {
    fn new(name: &str) -> Self {
        let dir = scratch(&format!("captured-{name}"));
        let files = Pair::new("before", "after").map(|which| {
            let file = dir.join(format!("{which}.heapsnapshot"));
            std::fs::copy(path(&format!("plain/{which}.heapsnapshot")), &file).unwrap();
            file
        });
        Self { files }
    }

    /// How both were taken: one process, an hour and a half apart, in which it grew by 300 MB.
    fn told(&self) -> Pair<Value> {
        let bytes = self.files.as_ref().map(|file| file.metadata().unwrap().len());
        let common =
            json!({ "session": "a", "pid": 42, "started": "2026-11-30T01:00:00Z", "unknown": [1] });
        let memory =
            |rss: u64, external: u64| json!({ "rss": rss, "heap_used": 5, "external": external });
        let with = |more: Value| {
            let mut all = common.as_object().unwrap().clone();
            all.extend(more.as_object().unwrap().clone());
            Value::from(all)
        };
        Pair::new(
            with(json!({ "bytes": bytes.before, "time": "2026-11-30T02:00:00Z",
                "memory": memory(100_000_000, 1_000_000), "rss_afterwards": 120_000_000 })),
            with(json!({ "bytes": bytes.after, "time": "2026-11-30T03:30:00Z",
                "memory": memory(420_000_000, 251_000_000), "rss_afterwards": 500_000_000 })),
        )
    }

    fn write(&self, told: &Pair<Value>) {
        for (file, told) in [(&self.files.before, &told.before), (&self.files.after, &told.after)] {
            std::fs::write(beside(file), told.to_string()).unwrap();
        }
    }

    fn report(&self) -> Value {
        report(&self.files.before, &self.files.after, &[])
    }
}

fn beside(file: &std::path::Path) -> PathBuf {
    PathBuf::from(format!("{}.json", file.display()))
}

fn notes(report: &Value) -> String {
    report["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| note.as_str().unwrap().to_owned() + "\n")
        .collect()
}

#[test]
fn what_a_process_grew_by_is_held_against_what_its_heap_explains() {
    let case = Case::new("grown");
    assert!(case.report().get("captured").is_none());
    case.write(&case.told());
    let report = case.report();
    let captured = &report["captured"];
    let heap = |which: &str| report["snapshots"][which]["total_size"].as_i64().unwrap();
    assert_eq!(captured["unexplained"], 300_000_000 - (heap("after") - heap("before")));
    assert_eq!(captured["seconds"], 5400);
    assert_eq!(captured["same_session"], true);
    assert_eq!(captured["same_process"], true);
    assert_eq!(captured["memory"]["before"]["rss_afterwards"], 120_000_000);
    let said = notes(&report);
    assert!(said.contains("per hour over 1 h 30 min, by the times beside the files"), "{said}");
    assert!(
        said.contains("the process grew by 300 MB in memory, of which the heap explains "),
        "{said}"
    );
    assert!(said.contains("; what objects hold outside of it grew by 250 MB: look for "), "{said}");
}

#[test]
fn where_the_heap_explains_the_growth_nothing_is_said_of_native_memory() {
    let case = Case::new("explained");
    let mut told = case.told();
    told.after["memory"]["rss"] = json!(130_000_000);
    case.write(&told);
    let said = notes(&case.report());
    assert!(!said.contains("native memory"), "{said}");
}

#[test]
fn two_processes_threads_starts_and_connections_are_told_apart() {
    for (name, key, value, same, said) in [
        ("pid", "pid", json!(43), [false, true], "two processes, 42 and 43"),
        ("thread", "worker", json!(3), [false, true], "two threads of the program"),
        ("start", "started", json!("2026-11-30T01:00:20Z"), [false, true], "started anew between"),
        ("session", "session", json!("b"), [true, false], ""),
    ] {
        let case = Case::new(name);
        let mut told = case.told();
        told.after[key] = value;
        case.write(&told);
        let report = case.report();
        let captured = &report["captured"];
        assert_eq!([&captured["same_process"], &captured["same_session"]], same, "{name}");
        assert_eq!(captured["unexplained"].is_null(), !same[0], "{name}");
        assert!(notes(&report).contains(said), "{name}");
    }
}

#[test]
fn what_does_not_belong_to_its_snapshot_or_is_broken_is_left_aside() {
    let case = Case::new("broken");
    let told = case.told();
    let mut other = told.after.clone();
    other["bytes"] = json!(1);
    let mut timeless = told.after.clone();
    timeless["time"] = json!("yesterday");
    for (text, why) in [
        (other.to_string(), "it is of another snapshot"),
        (timeless.to_string(), "it is not what a capture writes"),
        ("[".repeat(500_000), "it is not what a capture writes"),
        (" ".repeat(2_000_000), "it is too large"),
    ] {
        case.write(&told);
        std::fs::write(beside(&case.files.after), text).unwrap();
        let report = case.report();
        assert!(report.get("captured").is_none());
        let said = notes(&report);
        assert!(said.contains(&format!("after.heapsnapshot.json is left aside: {why}")), "{said}");
    }
    std::fs::remove_file(beside(&case.files.after)).unwrap();
    assert!(case.report().get("captured").is_none());
    std::fs::create_dir(beside(&case.files.after)).unwrap();
    assert!(notes(&case.report()).contains("it is no plain file"));
}
