//! What has become of leaks after a fix: fixed, still there, new, or not to be told.

use crate::cli::{program, run};
use crate::fixtures::scratch;
use crate::layouts::{GLOBAL, array, call, map, snapshots};
use crate::sample::{Validator, same_as};
use heapdiff::verify::Verification;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Output;

const SCHEMA: &str = "docs/verify.schema.json";

/// A Map of so many calls, an array of so many notes, and what is another one in every snapshot.
fn heap(at: usize, calls: usize, notes: usize) -> String {
    let note = |i: usize| format!("n{i}:Note(200)");
    let (calls, notes) = (map("m", 0..calls, call), array("a", 0..notes, note));
    format!(
        "{GLOBAL}g -sessions-> m:Map(32)\ng -notes-> a:Array(32)\ng -turn-> t{at}:Turn(24)\n{calls}{notes}"
    )
}

/// A folder with a snapshot each of the number of sessions and notes.
fn series(test: &str, sizes: &[(usize, usize)]) -> PathBuf {
    let drawings: Vec<String> =
        sizes.iter().enumerate().map(|(at, (calls, notes))| heap(at, *calls, *notes)).collect();
    let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
    snapshots(&format!("verify-{test}"), &drawings)[0].parent().unwrap().to_owned()
}

/// The report of a folder, in a file.
fn report(test: &str, sizes: &[(usize, usize)], calls: u64) -> PathBuf {
    let folder = series(test, sizes);
    let file = folder.join("report.json");
    let calls = calls.to_string();
    let out = run([
        folder.as_os_str(),
        "--calls".as_ref(),
        calls.as_ref(),
        "-o".as_ref(),
        file.as_os_str(),
    ]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    file
}

fn verify(old: &Path, new: &Path, more: &[&str]) -> Output {
    program().arg("verify").args([old, new]).args(more).output().unwrap()
}

fn code(output: &Output) -> (i32, String) {
    let said = String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), format!("{}{said}", String::from_utf8_lossy(&output.stdout)))
}

/// `path: outcome, entries then → now` of every leak, and the exit code.
fn outcomes(old: &Path, new: &Path) -> (i32, Vec<String>) {
    let out = verify(old, new, &["--format", "json"]);
    let json: Value = serde_json::from_slice(&out.stdout).unwrap();
    let leaks = json["leaks"].as_array().unwrap().iter().map(|leak| {
        let of = |side: &str| leak[side]["entries"].as_u64().unwrap_or(0);
        let (path, outcome) = (leak["path"].as_str().unwrap(), leak["outcome"].as_str().unwrap());
        format!("{path}: {outcome}, {} → {}", of("old"), of("new"))
    });
    (out.status.code().unwrap(), leaks.collect())
}

#[test]
fn what_leaked_and_does_not_any_more_is_fixed() {
    let old = report("fixed-old", &[(3, 3), (103, 3)], 100);
    let new = report("fixed-new", &[(3, 3), (3, 3)], 100);
    assert_eq!(outcomes(&old, &new), (0, vec!["sessions: fixed, 100 → 0".to_owned()]));
    let (_, text) = code(&verify(&old, &new, &[]));
    assert!(
        text.starts_with("FIXED   what leaked does not any more, and nothing new does\n"),
        "{text}"
    );
    assert!(text.contains("Map sessions  +1.00/call → 0.00/call"), "{text}");
}

#[test]
fn what_leaks_as_before_is_not_fixed() {
    let old = report("still-old", &[(3, 3), (103, 103)], 100);
    let new = report("still-new", &[(3, 3), (3, 103)], 100);
    let expected = ["notes: still_leaks, 100 → 100", "sessions: fixed, 100 → 0"];
    assert_eq!(outcomes(&old, &new), (1, expected.map(str::to_owned).to_vec()));
}

#[test]
fn what_leaks_only_now_is_a_new_leak() {
    let old = report("new-old", &[(3, 3), (103, 3)], 100);
    let new = report("new-new", &[(3, 3), (3, 203)], 100);
    let expected = ["notes: new_leak, 0 → 200", "sessions: fixed, 100 → 0"];
    assert_eq!(outcomes(&old, &new), (1, expected.map(str::to_owned).to_vec()));
}

#[test]
fn what_grows_slower_still_leaks() {
    let old = report("slower-old", &[(3, 3), (1003, 3)], 1000);
    // Too few to be called a pile, and more than a tenth of what they were.
    let new = report("slower-new", &[(3, 3), (43, 3)], 100);
    let (code, leaks) = outcomes(&old, &new);
    assert_eq!((code, leaks), (1, vec!["sessions: still_leaks, 1000 → 40".to_owned()]));
}

#[test]
fn a_cache_that_is_capped_now_is_fixed() {
    let old = report("capped-old", &[(3, 3), (203, 3), (403, 3)], 400);
    let new = report("capped-new", &[(3, 3), (103, 3), (103, 3)], 400);
    assert_eq!(outcomes(&old, &new), (0, vec!["sessions: fixed, 400 → 100".to_owned()]));
    let (_, text) = code(&verify(&old, &new, &[]));
    assert!(text.contains("filled once, then stopped growing"), "{text}");
}

#[test]
fn too_few_calls_show_nothing() {
    let old = report("few-old", &[(3, 3), (1003, 3)], 1000);
    let new = report("few-new", &[(3, 3), (3, 3)], 49);
    assert_eq!(outcomes(&old, &new), (2, vec!["sessions: not_judged, 1000 → 0".to_owned()]));
    let (_, text) = code(&verify(&old, &new, &[]));
    assert!(text.contains("49 calls are too few to show it: make 50 or more"), "{text}");
    let new = report("enough-new", &[(3, 3), (3, 3)], 50);
    assert_eq!(outcomes(&old, &new).0, 0);
}

#[test]
fn without_a_number_of_calls_nothing_is_fixed_but_a_leak_is_one() {
    let old = series("uncounted-old", &[(3, 3), (103, 3)]);
    let new = series("uncounted-new", &[(3, 3), (3, 3)]);
    let (exit, text) = code(&verify(&old, &new, &[]));
    assert_eq!(exit, 2, "{text}");
    assert!(text.contains("hint: give --calls N"), "{text}");
    let (exit, text) = code(&verify(&old, &new, &["--calls", "100"]));
    assert_eq!(exit, 0, "{text}");
    let (exit, text) = code(&verify(&old, &old, &[]));
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("+100 → +100 entries"), "{text}");
}

#[test]
fn folders_reports_and_four_snapshots_tell_the_same() {
    let sizes = [[(3, 3), (103, 3)], [(3, 3), (3, 103)]];
    let reports = [0, 1].map(|at| report(&format!("same-{at}"), &sizes[at], 100));
    let folders = [0, 1].map(|at| reports[at].parent().unwrap().to_owned());
    let expected = outcomes(&reports[0], &reports[1]);
    let json = |out: &Output| -> Value { serde_json::from_slice(&out.stdout).unwrap() };
    let told = json(&verify(&folders[0], &folders[1], &["--calls", "100", "--format", "json"]));
    let four = folders
        .iter()
        .flat_map(|folder| [0, 1].map(|at| folder.join(format!("{at}.heapsnapshot"))));
    let mut command = program();
    command.arg("verify").args(four).args(["--calls", "100", "--format", "json"]);
    let four = json(&command.output().unwrap());
    assert_eq!(told["leaks"], four["leaks"]);
    assert_eq!(told["leaks"][0]["path"], "notes");
    assert_eq!(expected.0, 1);
    let mixed = verify(&reports[0], &folders[1], &["--calls", "100", "--format", "json"]);
    assert_eq!(json(&mixed)["leaks"], told["leaks"]);
}

#[test]
fn a_program_without_a_leak_has_no_fix() {
    let old = report("none-old", &[(3, 3), (3, 3)], 100);
    let (exit, text) = code(&verify(&old, &old, &[]));
    assert_eq!(exit, 2, "{text}");
    let leaking = report("none-new", &[(3, 3), (103, 3)], 100);
    assert_eq!(outcomes(&old, &leaking), (1, vec!["sessions: new_leak, 0 → 100".to_owned()]));
}

/// A report with some of it changed.
fn changed(file: &Path, name: &str, change: impl FnOnce(&mut Value)) -> PathBuf {
    let mut report: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    change(&mut report);
    let to = file.with_file_name(format!("{name}.json"));
    std::fs::write(&to, serde_json::to_vec_pretty(&report).unwrap()).unwrap();
    to
}

#[test]
fn what_is_no_evidence_is_not_judged() {
    let old = report("evidence-old", &[(3, 3), (103, 3)], 100);
    let new = report("evidence-new", &[(3, 3), (3, 3)], 100);
    let round =
        |failed: Value| json!({"name": "load", "calls": 100, "meant_to_fail": 0, "failed": failed});
    let run = |failed: Value, unsettled: Value| json!({"rounds": [round(json!({})), round(failed)], "unsettled": unsettled});
    let cut = json!({"byte": 1, "inside": "the edges", "edges_lost": 7, "names_lost": 0, "edge_names_lost": 0});
    let cases: [(&str, Value, &str, &str); 7] = [
        ("/snapshots/after/truncated", cut, "cut", "one of its snapshots is cut off"),
        ("/identity/same_snapshot", json!(true), "same", "both of its snapshots are the same"),
        ("/identity/two_programs", json!(true), "two", "its snapshots are of two programs"),
        ("/identity/swapped", json!(true), "swapped", "looks older than the first"),
        ("/verdict/kind", json!("not_comparable"), "apart", "cannot be compared"),
        (
            "/run",
            run(json!({"ECONNREFUSED": 60}), Value::Null),
            "failed",
            "60 of its 100 calls failed",
        ),
        (
            "/run",
            run(json!({}), json!("12 sockets are open")),
            "unsettled",
            "had not come to rest: 12 sockets are open",
        ),
    ];
    for (place, value, name, why) in cases {
        let change = |report: &mut Value| match report.pointer_mut(place) {
            Some(there) => *there = value,
            None => report["run"] = value,
        };
        let (exit, text) = code(&verify(&old, &changed(&new, name, change), &[]));
        assert_eq!(exit, 2, "{name}: {text}");
        assert!(
            text.contains("the new report tells nothing: ") && text.contains(why),
            "{name}: {text}"
        );
        assert!(!text.contains("fixed"), "{name}: {text}");
    }
    let few_failed =
        changed(&new, "few", |report| report["run"] = run(json!({"ECONNRESET": 3}), Value::Null));
    assert_eq!(code(&verify(&old, &few_failed, &[])).0, 0);
}

#[test]
fn the_example_on_the_page_is_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/verify.md")).unwrap();
    let (_, rest) = page.split_once("```console\n$ heapdiff ").unwrap();
    let (command, rest) = rest.split_once('\n').unwrap();
    let (expected, _) = rest.split_once("```").unwrap();
    let output = program().current_dir(root).args(command.split(' ')).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn another_program_is_no_fix() {
    let old = report("program-old", &[(3, 3), (103, 3)], 100);
    let new = report("program-new", &[(3, 3), (3, 3)], 100);
    let of = |file: &Path, scripts: &[&str]| {
        changed(file, scripts.first().unwrap_or(&"none"), |report| {
            report["scripts"] = json!(scripts)
        })
    };
    let server = of(&old, &["server", "cache", "store"]);
    for (scripts, expected) in
        [(&["server", "cache", "lru"][..], 0), (&["other", "cache", "lru"], 2), (&[], 0)]
    {
        let (exit, text) = code(&verify(&server, &of(&new, scripts), &[]));
        assert_eq!(exit, expected, "{scripts:?}: {text}");
        assert_eq!(text.contains("hardly a script in common"), expected == 2, "{text}");
    }
}

#[test]
fn a_leak_is_known_again_by_its_fingerprint_with_a_source_map_or_without() {
    let old = report("maps-old", &[(3, 3), (103, 3)], 100);
    let rename = |report: &mut Value| {
        let container = &mut report["containers"][0];
        container["compiled"] =
            json!({"path": "sessions", "fingerprint": container["fingerprint"]});
        container["path"] = json!("src/registry.ts: open");
        container["fingerprint"] = json!("0000000000000001");
    };
    let mapped = changed(&old, "mapped", rename);
    for (old, new) in [(&old, &mapped), (&mapped, &old)] {
        let (exit, leaks) = outcomes(old, new);
        assert_eq!((exit, leaks.len()), (1, 1), "{leaks:?}");
        assert!(leaks[0].contains("still_leaks, 100 → 100"), "{leaks:?}");
    }
}

#[test]
fn what_is_no_report_is_refused_with_its_place() {
    let old = report("refused", &[(3, 3), (103, 3)], 100);
    let bad = |name: &str, text: &str| {
        let file = old.with_file_name(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    for (file, words) in [
        (bad("empty.json", ""), "this is no report of heapdiff"),
        (bad("other.json", "{\"a\": 1}"), "missing field `schema`"),
        (
            bad("cut.json", "{\"schema\": 2, \"tool\": {\"name\": \"heapdiff\"}, \"calls\": }"),
            "at byte 53",
        ),
        (bad("later.json", "{\"schema\": 3, \"tool\": {\"name\": \"heapdiff\"}}"), "with schema 3"),
        (bad("peer.json", "{\"schema\": 2, \"tool\": {\"name\": \"other\"}}"), "a report of other"),
        (old.with_file_name("absent.json"), "absent.json"),
    ] {
        for (a, b) in [(&old, &file), (&file, &old)] {
            let (exit, text) = code(&verify(a, b, &[]));
            assert_eq!(exit, 3, "{text}");
            assert!(
                text.contains(words) && text.contains(file.file_name().unwrap().to_str().unwrap()),
                "{text}"
            );
            assert_eq!(
                text.lines().filter(|line| line.starts_with("error: ")).count(),
                1,
                "{text}"
            );
        }
    }
    let (exit, text) = code(&program().arg("verify").args([&old, &old, &old]).output().unwrap());
    assert_eq!(exit, 2, "{text}");
}

#[test]
fn what_else_the_program_writes_is_called_what_it_is() {
    let old = report("else", &[(3, 3), (103, 3)], 100);
    let own = old.with_file_name("own.json");
    verify(&old, &old, &["-o", own.to_str().unwrap()]);
    let log = old.with_file_name("app.log");
    let trend = old.with_file_name("trend.json");
    std::fs::write(&log, "heapUsed=5MB\nheapUsed=6MB\n").unwrap();
    program().arg("trend").arg(&log).arg("-o").arg(&trend).output().unwrap();
    for (file, words) in [
        (own, "this is what heapdiff verify tells of two reports; a report of a comparison"),
        (trend, "this is what heapdiff trend tells of logs; a report of a comparison"),
        (old.with_file_name("repor.json"), "hint: did you mean"),
    ] {
        let (exit, text) = code(&verify(&old, &file, &[]));
        assert!(exit == 3 && text.contains(words) && text.contains("hint: "), "{text}");
    }
}

#[test]
fn half_of_a_surrogate_pair_in_a_name_is_read() {
    let old = report("surrogate", &[(3, 3), (103, 3)], 100);
    let text = std::fs::read_to_string(&old)
        .unwrap()
        .replace("\"path\": \"sessions\"", "\"path\": \"s\\ud800\"");
    let odd = old.with_file_name("odd.json");
    std::fs::write(&odd, text).unwrap();
    let (exit, text) = code(&verify(&odd, &old, &[]));
    assert_eq!(exit, 1, "{text}");
    assert!(text.contains("Map s\u{fffd}"), "{text}");
}

#[test]
fn every_format_tells_what_has_become_of_each() {
    let old = report("formats-old", &[(3, 3), (103, 3)], 100);
    let new = report("formats-new", &[(3, 3), (3, 203)], 100);
    for (format, words) in [
        ("json", "\"outcome\": \"new_leak\""),
        ("ndjson", "{\"type\":\"leak\",\"outcome\":\"fixed\",\"path\":\"sessions\""),
        ("csv", "new leak,notes,Array,unbounded-array,"),
        ("tsv", "fixed\tsessions\tMap\t"),
        ("html", "<h1>NEW LEAK</h1>"),
        ("markdown", "| new leak | Array `notes` | 0.00/call → +2.00/call | "),
        (
            "github",
            "::error title=heapdiff new leak::Array notes: 0.00/call → +2.00/call: new leak",
        ),
        (
            "junit",
            "<testsuite name=\"heapdiff\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">",
        ),
        ("agent", "new-leak: \"notes\" 0.00/call → +2.00/call, retained 0 B → "),
        ("openmetrics", "heapdiff_verify_leaks{outcome=\"fixed\"} 1\n"),
    ] {
        let (exit, text) = code(&verify(&old, &new, &["--format", format]));
        assert_eq!(exit, 1);
        assert!(text.contains(words), "{format}: {text}");
    }
    let file = scratch("verify-out").join("out.md");
    let (exit, text) = code(&verify(&old, &new, &["-q", "-o", file.to_str().unwrap()]));
    assert_eq!((exit, text.as_str()), (1, ""));
    assert!(std::fs::read_to_string(file).unwrap().contains("## ❌ heapdiff verify: NEW LEAK"));
    let (exit, text) = code(&verify(&old, &new, &["--format", "sarif"]));
    assert_eq!(exit, 2, "{text}");
}

#[test]
fn a_narrow_terminal_has_lines_that_fit() {
    let old = report("narrow-old", &[(3, 3), (103, 103)], 100);
    let new = report("narrow-new", &[(3, 3), (3, 103)], 10);
    let (_, text) = code(&verify(&old, &new, &["--width", "40"]));
    assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
}

#[test]
fn its_json_is_as_the_schema_says_and_the_schema_that_of_the_types() {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Verification)).unwrap();
    same_as(SCHEMA, &(schema.clone() + "\n"));
    let schema = Validator::of(&schema);
    let old = report("schema-old", &[(3, 3), (103, 3)], 100);
    for new in [(3, 3), (103, 3), (3, 103)] {
        let new = report("schema-new", &[(3, 3), new], 100);
        let out = verify(&old, &new, &["--format", "json"]);
        let json = serde_json::from_slice(&out.stdout).unwrap();
        schema.check(&json).unwrap_or_else(|e| panic!("{e}"));
    }
}
