//! A gate never passes by accident: what cannot be judged is told, everywhere, and ends with 2.

use crate::cli::files;
use crate::fixtures::scratch;
use crate::gates::{err, fail_on, gated, out, plain};
use crate::layouts::{GLOBAL, array, call, map, snapshots};
use serde_json::Value;
use std::path::PathBuf;

/// Gates that nobody would break, but for the last one, which `heap.after` always does.
const GROWTH: [&str; 6] = [
    "heap.delta > 1GB",
    "objects.delta > 1000000",
    "delta(ToolSession) > 1000000",
    "class.retained(*) > 1GB",
    "container.growth > 1000000",
    "verdict == leak",
];

fn told(files: &[PathBuf], more: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = gated(files, &[more, &["--format=json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code(), report["gates"].as_array().unwrap().clone())
}

#[track_caller]
fn nothing_that_grew_is_judged(files: &[PathBuf], reason: &str) {
    let (code, gates) = told(files, &fail_on(&GROWTH));
    assert_eq!(code, Some(2));
    for gate in &gates {
        let Value::Object(of) = gate else { panic!("{gate}") };
        assert_eq!((&of["outcome"], &of["ok"]), (&"unjudged".into(), &false.into()), "{gate}");
        assert_eq!((&of["measured"], &of["method"]), (&Value::Null, &Value::Null), "{gate}");
        assert!(of["note"].as_str().unwrap().starts_with(reason), "{gate}");
    }
    // What there is in the newer file is known all the same, and whether the files compare.
    let known = ["heap.after > 1GB", "objects.after > 1000000000"];
    let (code, gates) = told(files, &fail_on(&known));
    assert_eq!((code, &gates[0]["outcome"]), (Some(0), &"kept".into()));
    let (_, gates) = told(files, &fail_on(&["verdict == not_comparable"]));
    assert_ne!(gates[0]["outcome"], "unjudged");
    // It counts more than what is broken.
    let (code, gates) = told(files, &fail_on(&["heap.after > 1B", "heap.delta > 1GB"]));
    assert_eq!((code, &gates[0]["outcome"]), (Some(2), &"broken".into()));
}

#[test]
fn growth_is_not_judged_on_files_in_the_wrong_order() {
    let [before, after] = plain();
    nothing_that_grew_is_judged(&[after, before], "the files look as if");
}

#[test]
fn growth_is_not_judged_on_one_snapshot_given_twice() {
    let [_, after] = plain();
    let copy = scratch("gates-copy").join("copy.heapsnapshot");
    std::fs::copy(&after, &copy).unwrap();
    nothing_that_grew_is_judged(&[after, copy], "both files are the same snapshot");
}

#[test]
fn growth_is_not_judged_on_files_that_have_nothing_in_common() {
    let draw = |class: &str| {
        let of_class = |i: usize| format!("root -> {class}{i}:{class}{i}(8)\n");
        (0..40).map(of_class).collect::<String>()
    };
    let pair = files("gates-apart", &draw("Left"), &draw("Right"));
    let (code, gates) = told(&[pair.before, pair.after], &fail_on(&GROWTH));
    assert_eq!(code, Some(2));
    assert!(gates.iter().all(|gate| gate["outcome"] == "unjudged"), "{gates:?}");
}

#[test]
fn a_heap_that_lost_a_burst_is_in_the_right_order() {
    let draw = |calls: std::ops::Range<usize>| {
        format!("{GLOBAL}g -calls-> m:Map(32)\n{}", map("m", calls, call))
    };
    // 600 that were under way have gone; 5 are new.
    let files = snapshots("gates-burst", &[&draw(0..600), &draw(600..605)]);
    let (code, gates) = told(&files, &fail_on(&["heap.delta > 1GB"]));
    assert_eq!((code, &gates[0]["outcome"]), (Some(0), &"kept".into()));
}

#[test]
fn every_format_says_what_is_not_judged_and_standard_error_says_it_too() {
    let [before, after] = plain();
    let swapped = [after, before];
    let gate = fail_on(&["heap.delta > 1GB"]);
    for (format, words) in [
        ("text", "GATES   1 of 1 not judged"),
        ("json", "\"outcome\": \"unjudged\""),
        ("ndjson", "\"outcome\":\"unjudged\""),
        ("markdown", "1 of 1 gates not judged"),
        ("html", "not judged"),
        ("github", "::error title=heapdiff gate not judged"),
        ("junit", "errors=\"1\""),
        ("sarif", "\"executionSuccessful\": false"),
        ("agent", "not-judged: "),
        ("openmetrics", "heapdiff_gate_ok{condition=\"heap.delta > 1GB\"} 0"),
        ("csv", ""),
    ] {
        let output = gated(&swapped, &[&gate[..], &["--format", format]].concat());
        assert_eq!(output.status.code(), Some(2), "{format}");
        assert!(out(&output).contains(words), "{format}: {}", out(&output));
        let line = "gate not judged: heap.delta > 1GB: the files look as if they were the wrong way round\n";
        assert_eq!(err(&output).contains(line), format != "text", "{format}");
        // The wrong order is told as well.
        let says = ["look older", "looks older"].iter().any(|w| out(&output).contains(w));
        let json = format.contains("json") && out(&output).contains("swapped");
        let numbers = format == "openmetrics";
        assert!(says || json || numbers || err(&output).contains("looks older"), "{format}");
    }
    let output = gated(&swapped, &[&gate[..], &["-q"]].concat());
    assert!(err(&output).starts_with("gate not judged: "), "{}", err(&output));
}

#[test]
fn files_are_written_all_the_same() {
    let [before, after] = plain();
    let file = scratch("gates-written").join("report.json");
    let into = format!("json={}", file.display());
    let options = [&fail_on(&["verdict == leak"])[..], &["-q", "-o", &into]].concat();
    assert_eq!(gated(&[after, before], &options).status.code(), Some(2));
    assert!(std::fs::read_to_string(file).unwrap().contains("unjudged"));
}

#[test]
fn no_baseline_is_written_of_what_cannot_be_judged() {
    let [before, after] = plain();
    let file = scratch("gates-no-baseline").join("baseline.json");
    let into = format!("--write-baseline={}", file.display());
    let output = gated(&[after.clone(), before.clone()], &[&into, "-q"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).starts_with("no baseline is written: the files look"), "{}", err(&output));
    assert!(!file.exists());
    assert_eq!(gated(&[before, after], &[&into]).status.code(), Some(0));
    assert!(file.exists());
}

#[test]
fn a_baseline_with_a_key_twice_is_refused_and_one_of_another_program_is_noted() {
    let file = scratch("gates-odd-baseline").join("baseline.json");
    let judged = |classes: &str| {
        let text = format!(
            "{{\"schema\":1,\"heap\":0,\"objects\":0,\"classes\":{{{classes}}},\"containers\":{{}}}}"
        );
        std::fs::write(&file, text).unwrap();
        gated(&plain(), &["--baseline", file.to_str().unwrap()])
    };
    let output = judged("\"Array\":{\"new\":1},\"Array\":{\"new\":9}");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("\"Array\" stands there twice"), "{}", err(&output));
    let strange = "it may be another program's";
    assert!(out(&judged("\"Invoice\":{\"new\":1}")).contains(strange));
    assert!(!out(&judged("\"Invoice\":{\"new\":1},\"ToolSession\":{\"new\":1}")).contains(strange));
}

#[test]
fn what_is_in_neither_file_is_kept_with_a_word_and_strictly_not_judged() {
    for (gate, near) in [
        ("delta(TolSession) > 0", "; did you mean ToolSession?"),
        ("class.new(Tol*) > 0", ""),
        ("container.growth(sessionManager.sesions) > 0", "; did you mean sessionManager.sessions?"),
        ("container.retained(\"app.js: sesions\") > 1B", "; did you mean sessions?"),
    ] {
        let output = gated(&plain(), &[&fail_on(&[gate])[..], &["-q"]].concat());
        assert_eq!(output.status.code(), Some(0), "{gate}");
        let line = err(&output);
        assert!(
            line.starts_with(&format!("{gate}: matched nothing: neither file has such a ")),
            "{line}"
        );
        assert!(line.trim_end().ends_with(near), "{line}");
        let (code, gates) = told(&plain(), &[&fail_on(&[gate])[..], &["--strict"]].concat());
        assert_eq!((code, &gates[0]["outcome"]), (Some(2), &"unjudged".into()), "{gate}");
        assert_eq!(gates[0]["matched_nothing"], true);
    }
    // There, and not grown.
    for gate in ["delta(SessionManager) > 0", "container.growth(sessionManager.name) > 0"] {
        let output = gated(&plain(), &[&fail_on(&[gate])[..], &["-q", "--strict"]].concat());
        assert_eq!((output.status.code(), &*err(&output)), (Some(0), ""), "{gate}");
    }
}

#[test]
fn strictness_may_stand_in_the_configuration() {
    let config = scratch("gates-strict").join("heapdiff.toml");
    std::fs::write(&config, "strict = true\nfail-on = [\"delta(Nobody) > 0\"]\n").unwrap();
    let output = gated(&plain(), &["--config", config.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
}

#[test]
fn gates_and_patterns_go_by_names_as_they_are_and_show_them_masked() {
    // A version that looks like a token.
    let secret = "K8sV1Beta1HTTPRouteV2Http2TLSv13X509B64";
    let draw = |n: usize| {
        let all = array(secret, 0..n, |i| format!("o{i}:{secret}(100)"));
        format!("{GLOBAL}g -{secret}-> {secret}:Array(32)\n{all}")
    };
    let files = snapshots("gates-masked", &[&draw(5), &draw(500)]);
    for gate in [
        format!("delta({secret}) > 10"),
        "class.delta(K8s*B64) > 10".to_owned(),
        format!("container.growth({secret}) > 10"),
    ] {
        let output = gated(&files, &fail_on(&[&gate]));
        assert_eq!(output.status.code(), Some(1), "{gate}: {}", out(&output));
        let shown = out(&output).replace(&gate, "");
        assert!(!shown.contains(secret), "{shown}");
    }
    let output = gated(&files, &["--class", secret]);
    assert!(out(&output).contains("+495"), "{}", out(&output));
    let file = scratch("gates-masked-baseline").join("baseline.json");
    gated(&files, &[&format!("--write-baseline={}", file.display())]);
    assert!(!std::fs::read_to_string(&file).unwrap().contains(secret));
    let accepted = fail_on(&["class.delta(*) > 10", "container.growth > 10"]);
    let output = gated(&files, &[&accepted[..], &["--baseline", file.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
}

#[test]
fn every_gate_says_how_it_was_measured() {
    let gates =
        fail_on(&["heap.delta > 1GB", "new(Array) > 1000000", "container.growth > 1000000"]);
    let methods = |more: &[&str]| {
        let (_, gates) = told(&plain(), &[&gates[..], more].concat());
        gates.iter().map(|b| b["method"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(methods(&[]), ["totals", "id", "id"]);
    assert_eq!(methods(&["--identity=count"]), ["totals", "count", "structure"]);
}

#[cfg(unix)]
#[test]
fn a_configuration_that_cannot_be_read_is_an_error_and_no_absence() {
    use crate::configuration::{repository, run_in};
    let dir = repository("config-unread", &[]);
    let file = dir.join("heapdiff.toml");
    let refused = |words: &str| {
        let output = run_in(&dir, &plain(), &[]);
        assert_eq!(output.status.code(), Some(2), "{words}: {}", err(&output));
        assert!(err(&output).contains(words), "{}", err(&output));
    };
    std::os::unix::fs::symlink("nowhere", &file).unwrap();
    refused("the link leads nowhere");
    std::fs::remove_file(&file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    refused("this is a pipe");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    refused("cannot read the configuration");
}

#[test]
fn the_baseline_is_no_other_output() {
    let file = scratch("gates-one-file").join("x.json");
    let options =
        [format!("--write-baseline={}", file.display()), format!("-ojson={}", file.display())];
    let output = gated(&plain(), &options.each_ref().map(String::as_str));
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("two outputs go to this file"), "{}", err(&output));
    assert!(!file.exists());
}

#[test]
fn sums_beyond_the_numbers_stay_at_their_end_and_keep_no_gate() {
    let draw = |n: usize| {
        let all = array("all", 0..n, |i| format!("o{i}:Big({})", u64::MAX / 2));
        format!("{GLOBAL}g -all-> all:Array(32)\n{all}")
    };
    let files = snapshots("gates-huge", &[&draw(0), &draw(20)]);
    let (code, gates) = told(&files, &fail_on(&["size(Big) > 5MB", "heap.delta > 5MB"]));
    assert_eq!(code, Some(1));
    for gate in &gates {
        assert_eq!(gate["measured"]["value"], i64::MAX, "{gate}");
        assert_eq!(gate["note"], "this is as far as sums go: sizes in the file are beyond 2^63");
    }
    let text = out(&gated(&files, &[]));
    let negative = text.as_bytes().windows(3).any(|w| w[..2] == *b" -" && w[2].is_ascii_digit());
    assert!(!negative, "{text}");
}
