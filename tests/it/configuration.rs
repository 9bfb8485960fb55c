//! Gates from files: which one holds, what it may say, what is accepted and what is ignored.

use crate::cli::{files, program};
use crate::fixtures::{pairs, scratch, snapshot};
use crate::gates::{err, out, plain};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A folder that is a repository of its own, with files in it.
pub fn repository(name: &str, content: &[(&str, &str)]) -> PathBuf {
    let dir = scratch(name);
    std::fs::create_dir(dir.join(".git")).unwrap();
    for (file, text) in content {
        let file = dir.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    dir
}

pub fn run_in(dir: &Path, files: &[PathBuf; 2], more: &[&str]) -> Output {
    program().current_dir(dir).args(files).args(more).output().unwrap()
}

/// The conditions that hold in a folder, and where they are from.
fn conditions(dir: &Path, more: &[&str]) -> Vec<[String; 2]> {
    let output = run_in(dir, &plain(), &[more, &["--format=json"]].concat());
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", err(&output)));
    let gates = report["gates"].as_array().unwrap();
    let text = |b: &Value, key: &str| b[key].as_str().unwrap().to_owned();
    gates.iter().map(|b| [text(b, "condition"), text(b, "source")]).collect()
}

/// Exit code 2 and these words, with nothing on standard output.
#[track_caller]
fn refused(output: &Output, words: &str) {
    let told = err(output);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{told}");
    assert!(told.contains(words), "{told} does not say {words}");
}

#[test]
fn the_nearest_file_holds() {
    let dir = repository(
        "config-nearest",
        &[
            ("heapdiff.toml", "fail-on = ['heap.delta > 1MB']"),
            ("package.json", r#"{"heapdiff": {"fail-on": ["heap.delta > 2MB"]}}"#),
            ("a/package.json", r#"{"name": "a", "heapdiff": {"fail-on": ["heap.delta > 3MB"]}}"#),
            ("b/package.json", r#"{"name": "b"}"#),
            ("b/c/README", ""),
        ],
    );
    let toml = "heapdiff.toml";
    let cases = [
        (".", "heap.delta > 1MB", toml),
        ("a", "heap.delta > 3MB", "package.json"),
        ("b", "heap.delta > 1MB", "../heapdiff.toml"),
        ("b/c", "heap.delta > 1MB", "../../heapdiff.toml"),
    ];
    for (folder, condition, source) in cases {
        let found = conditions(&dir.join(folder), &[]);
        assert_eq!(found, [[condition, source].map(str::to_owned)], "{folder}");
    }
    let found =
        conditions(&dir.join("a"), &["--config=../package.json", "--fail-on=heap.delta > 4MB"]);
    let expected = [["heap.delta > 2MB", "../package.json"], ["heap.delta > 4MB", "--fail-on"]];
    assert_eq!(found, expected.map(|pair| pair.map(str::to_owned)), "the command line adds");
}

#[test]
fn the_search_ends_at_the_repository_s_root() {
    let dir = repository("config-root", &[("heapdiff.toml", "fail-on = ['heap.delta > 1MB']")]);
    let inner = dir.join("inner");
    std::fs::create_dir_all(inner.join("src")).unwrap();
    std::fs::write(inner.join(".git"), "gitdir: ../elsewhere").unwrap();
    assert_eq!(conditions(&inner.join("src"), &[]).len(), 0);
    std::fs::remove_file(inner.join(".git")).unwrap();
    assert_eq!(conditions(&inner.join("src"), &[]).len(), 1);
}

#[test]
fn a_wrong_configuration_is_told_with_its_place() {
    let cases = [
        (
            "fail_on = []",
            "heapdiff.toml: there is no key fail_on (line 1, column 1)\nhint: did you mean fail-on?",
        ),
        (
            "\n[ignore]\nclass = []",
            "there is no key class (line 3, column 1)\nhint: did you mean classes?",
        ),
        ("fail-on = 'x'", "heapdiff.toml: invalid type"),
        ("calls = 0", "(line 1, column 9)"),
        ("fail-on = [", "(line 1, column "),
        (
            "fail-on = [\n  'heap.delta > 1MB',\n  'heap.delta > 1XB',\n]",
            "error: heapdiff.toml: there is no unit XB (line 3, column 3)\n  heap.delta > 1XB\n                ^^\nhint: B",
        ),
        (
            "fail-on = ['per_call(heap.delta) > 1kB']",
            "heapdiff.toml: per_call(heap.delta) > 1kB needs a number",
        ),
    ];
    for (text, words) in cases {
        let dir = repository("config-wrong", &[("heapdiff.toml", text)]);
        refused(&run_in(&dir, &plain(), &[]), words);
    }
    let cases = [
        (
            "{\n \"heapdiff\": {\"failon\": []}}",
            "package.json: there is no key failon (line 2, column ",
        ),
        (
            "{\"heapdiff\":\n {\"fail-on\": [1]}}",
            "package.json: invalid type: integer `1`, expected a string (line 2, column 15)",
        ),
        (
            "{\"heapdiff\":\n {\"fail-on\": [\"verdict == \\u006ceek\"]}}",
            "belongs here (line 2, column 15)\n  verdict == leek\n             ^^^^\n",
        ),
        ("{,}", "package.json: key must be a string (line 1, column 2)"),
    ];
    for (text, words) in cases {
        let dir = repository("config-wrong", &[("package.json", text)]);
        refused(&run_in(&dir, &plain(), &[]), words);
    }
    let dir = repository("config-wrong", &[("package.json", "{}")]);
    refused(&run_in(&dir, &plain(), &["--config=package.json"]), "there is no key \"heapdiff\"");
    let output = run_in(&dir, &plain(), &["--config=nowhere.toml"]);
    refused(&output, "nowhere.toml: there is no such configuration");
    assert!(err(&output).contains("hint: name a heapdiff.toml"), "{}", err(&output));
}

#[test]
fn the_number_of_calls_may_stand_in_the_configuration() {
    let text = "calls = 96\nfail-on = ['per_call(delta(ToolSession)) == 1']";
    let dir = repository("config-calls", &[("heapdiff.toml", text)]);
    assert_eq!(run_in(&dir, &plain(), &["-q"]).status.code(), Some(1));
    assert_eq!(run_in(&dir, &plain(), &["-q", "--calls=95"]).status.code(), Some(0));
}

/// Conditions that the plain pair breaks.
const STRICT: &str = "fail-on = [
    'heap.delta > 0', 'objects.delta > 0', 'new(*) > 0', 'delta(*) > 0', 'class.size(*) > 0',
    'class.retained(*) > 0', 'container.growth > 0', 'container.retained > 0', 'verdict == leak',
]\n";

#[test]
fn what_is_accepted_passes_and_what_newly_grows_does_not() {
    let config = format!("{STRICT}baseline = '../accepted.json'");
    let dir = repository("baseline", &[("ci/heapdiff.toml", &config)]);
    let ci = dir.join("ci");
    let missing = run_in(&ci, &plain(), &[]);
    assert_eq!(missing.status.code(), Some(3), "{}", err(&missing));
    assert!(err(&missing).contains("accepted.json: cannot read the baseline"));
    let written = run_in(&ci, &plain(), &["--write-baseline"]);
    assert_eq!(written.status.code(), Some(0), "{}", out(&written));
    let file = dir.join("accepted.json");
    let first = std::fs::read_to_string(&file).unwrap();
    let again = run_in(&ci, &plain(), &[]);
    assert_eq!(again.status.code(), Some(0), "{}", out(&again));
    assert!(out(&again).contains("+96 in all, the baseline accepts the rest"), "{}", out(&again));
    assert!(out(&again).contains("the leak is all ignored or accepted"), "{}", out(&again));
    run_in(&ci, &plain(), &["--write-baseline"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first, "stable");
    // Another program with another leak: of its own growth nothing is accepted.
    let new = growing("baseline-new", 60);
    let output = run_in(&ci, &new, &["--fail-on=class.new(Session) > 0", "-q"]);
    assert_eq!(output.status.code(), Some(1));
    for part in ["verdict == leak", "container.growth > 0", "class.new(Session) > 0"] {
        assert!(err(&output).contains(part), "{}", err(&output));
    }
}

/// A pair in which the Map `sessions` gets so many more entries of 400 bytes.
fn growing(folder: &str, more: usize) -> [PathBuf; 2] {
    let base = "root -> app:App(48) -sessions-> map:Map(32)\n";
    let entry = |n: usize| format!("map -[{n}]-> s{n}:Session(400)\n");
    let before = base.to_owned() + &(0..10).map(entry).collect::<String>();
    let after = before.clone() + &(10..10 + more).map(entry).collect::<String>();
    let pair = files(folder, &before, &after);
    [pair.before, pair.after]
}

#[test]
fn conditions_measure_what_goes_beyond_the_baseline() {
    let dir = repository("baseline-more", &[]);
    let some = growing("baseline-60", 60);
    let output = run_in(&dir, &some, &["--write-baseline=accepted.json", "-q"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let more = growing("baseline-75", 75);
    let options = ["--baseline=accepted.json", "-q", "--fail-on"];
    let beyond = [
        ("delta(Session) == 15", 1),
        ("class.new(*) == 15", 1),
        ("container.growth == 15", 1),
        ("heap.delta == 6000B", 1),
        ("heap.delta > 15000%", 0),
        ("container.growth > 15", 0),
        ("verdict == leak", 1),
        ("heap.after > 0", 1),
    ];
    for (condition, code) in beyond {
        let output = run_in(&dir, &more, &[&options[..], &[condition]].concat());
        assert_eq!(output.status.code(), Some(code), "{condition}: {}", err(&output));
    }
    let fewer = growing("baseline-55", 55);
    for condition in ["delta(Session) != 0", "verdict == leak", "container.growth != 0"] {
        let output = run_in(&dir, &fewer, &[&options[..], &[condition]].concat());
        assert_eq!(output.status.code(), Some(0), "{condition}: {}", err(&output));
    }
}

#[test]
fn a_baseline_is_small_sorted_and_without_ids() {
    let dir = repository("baseline-text", &[]);
    run_in(&dir, &growing("baseline-text-pair", 60), &["--write-baseline", "-q"]);
    let expected = r#"{
  "schema": 2,
  "heap": 24000,
  "objects": 60,
  "classes": {
    "Session": {"new":60,"delta":60,"size":24000,"retained":24000}
  },
  "containers": {
    "sessions": {"growth":60,"retained":24000,"fingerprint":"8877b3e58fef7a5e"}
  }
}
"#;
    let written = std::fs::read_to_string(dir.join("heapdiff-baseline.json")).unwrap();
    assert_eq!(written, expected);
    let names: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing is left beside it: {names:?}");
}

#[test]
fn a_baseline_that_is_none_is_refused() {
    let dir = repository("baseline-wrong", &[]);
    let cases = [
        (
            "{\"schema\": 3, \"more\": []}",
            "baseline.json: a baseline of schema 3; this version reads 1 to 2",
        ),
        ("{\"schema\": 1,", "baseline.json: this is no baseline: EOF"),
        ("[]", "this is no baseline"),
        (
            "{\"schema\": 1, \"heap\": -1, \"objects\": 0, \"classes\": {}, \"containers\": {}}",
            "line 1 column",
        ),
        (
            "{\"schema\": 1, \"heap\": 1, \"objects\": 0, \"classes\": {\"A\": {\"sise\": 1}}, \"containers\": {}}",
            "sise",
        ),
        ("\u{0}", "this is no baseline"),
    ];
    for (text, words) in cases {
        std::fs::write(dir.join("baseline.json"), text).unwrap();
        refused(&run_in(&dir, &plain(), &["--baseline=baseline.json"]), words);
    }
    let output = run_in(&dir, &plain(), &["--write-baseline=no/such/folder.json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0), "{}", err(&output));
    assert!(err(&output).contains("no/such/folder.json: there is no folder of this name"));
}

#[test]
fn a_baseline_overwrites_no_snapshot_and_no_link() {
    let dir = repository("baseline-over", &[("real.json", "")]);
    let pair = growing("baseline-over-pair", 60);
    let before = std::fs::read(&pair[1]).unwrap();
    let option = format!("--write-baseline={}", pair[1].display());
    refused(&run_in(&dir, &pair, &[&option]), "a snapshot is not to be overwritten");
    assert_eq!(std::fs::read(&pair[1]).unwrap(), before);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("real.json", dir.join("link.json")).unwrap();
        run_in(&dir, &pair, &["--write-baseline=link.json", "-q"]);
        assert!(dir.join("link.json").is_symlink());
        assert!(std::fs::read_to_string(dir.join("real.json")).unwrap().contains("Session"));
    }
}

#[test]
fn what_is_ignored_does_not_count() {
    let ignore = "[ignore]\nclasses = ['Session', 'Nothing*']\ncontainers = ['sess*']\n";
    let dir = repository("ignore", &[("heapdiff.toml", ignore)]);
    let pair = growing("ignore-pair", 60);
    let conditions = [
        "class.delta(*) > 0",
        "delta(Session) > 0",
        "container.growth > 0",
        "heap.delta > 0",
        "objects.delta > 0",
        "verdict == leak",
    ];
    let options = crate::gates::fail_on(&conditions);
    let output = run_in(&dir, &pair, &options);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("LEAK LIKELY"), "the answer is the same: {text}");
    assert!(text.contains("  ignored: 1 class and 1 container, 24.0 kB\n"), "{text}");
    assert!(text.contains("the class is ignored"), "{text}");
    let json = run_in(&dir, &pair, &["--format=json"]);
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    let expected = serde_json::json!({"classes": 1, "containers": 1, "bytes": 24000});
    assert_eq!(report["ignored"], expected);
    std::fs::write(dir.join("heapdiff.toml"), "").unwrap();
    let output = run_in(&dir, &pair, &[&options[..], &["-q"]].concat());
    assert_eq!(err(&output).lines().count(), conditions.len(), "{}", err(&output));
}

#[test]
fn objects_that_nothing_is_said_to_hold_are_a_leak_of_their_own() {
    let pair = pairs().into_iter().find(|p| p.ends_with("bun-map-orphans")).unwrap();
    let pair = ["before", "after"].map(|which| snapshot(&pair, which));
    let dir = repository("ignore-unheld", &[]);
    let config = dir.join("heapdiff.toml");
    let code = |text: &str, more: &[&str]| {
        std::fs::write(&config, text).unwrap();
        run_in(&dir, &pair, &[more, &["-q", "--fail-on=verdict == leak"]].concat()).status.code()
    };
    assert_eq!(code("", &[]), Some(1));
    assert_eq!(code("[ignore]\ncontainers = ['*']", &[]), Some(1));
    assert_eq!(code("[ignore]\ncontainers = ['*']\nclasses = ['Presence*']", &[]), Some(0));
    assert_eq!(code("", &["--write-baseline=accepted.json"]), Some(0));
    assert_eq!(code("baseline = 'accepted.json'", &[]), Some(0));
}
