//! Snapshots that were not scrubbed at once have other texts where the heaps have the same: they are
//! known by a mark, and whoever compares them is warned.

use crate::cli::{files, program, report};
use crate::fixtures::{path, scratch};
use crate::writing::{Lines, Style};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

const MARK: &str = "heapdiff_scrubbed";

/// Scrubs files into a folder of a fresh one; what was said on standard error.
fn scrub(out: &Path, files: &[&Path]) -> String {
    let output = program().arg("scrub").args(files).arg("-o").arg(out).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stderr).unwrap()
}

/// The plain pair as it is, its files scrubbed one by one, and both at once.
fn plain(test: &str) -> [[PathBuf; 2]; 3] {
    let names = ["before.heapsnapshot", "after.heapsnapshot"];
    let whole = names.map(|name| path("plain").join(name));
    let dir = scratch(test);
    let [apart, once] = ["apart", "once"].map(|name| names.map(|file| dir.join(name).join(file)));
    std::fs::create_dir(dir.join("apart")).unwrap();
    whole.iter().zip(&apart).for_each(|(from, to)| drop(scrub(to, &[from])));
    scrub(&dir.join("once"), &[&whole[0], &whole[1]]);
    [whole, apart, once]
}

fn compare(files: &[&PathBuf], more: &[&str]) -> Output {
    program().args(files).args(more).output().unwrap()
}

#[test]
fn every_format_warns_of_files_that_were_not_scrubbed_at_once() {
    let [whole, apart, once] = plain("apart-formats");
    for (pair, words) in [
        ([&apart[0], &whole[1]], "before.heapsnapshot is scrubbed and "),
        ([&whole[0], &apart[1]], "after.heapsnapshot is scrubbed and "),
        ([&apart[0], &apart[1]], "were scrubbed in different runs"),
        ([&once[0], &apart[1]], "were scrubbed in different runs"),
    ] {
        for format in
            "text json html ndjson csv tsv markdown github junit sarif agent openmetrics".split(' ')
        {
            for more in [&["-f", format][..], &["-qf", format]] {
                let output = compare(&pair, more);
                assert_eq!(output.status.code(), Some(0));
                let told = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap());
                let words = match format {
                    _ if more[0] == "-qf" => words,
                    // Programs tell it by the marks.
                    "json" | "ndjson" => "\"scrubbed\":",
                    "openmetrics" => "heapdiff_warning{warning=\"scrubbed\"} 1",
                    _ => "equal texts look different",
                };
                assert!(told.concat().contains(words), "{more:?}: {told:?}");
            }
        }
        let report = report(pair[0], pair[1], &[]);
        let marks = ["before", "after"].map(|which| &report["snapshots"][which]["scrubbed"]);
        assert!(marks[0] != marks[1] && marks.iter().any(|mark| mark.is_string()), "{marks:?}");
    }
    for pair in [&whole, &once] {
        let output = compare(&[&pair[0], &pair[1]], &[]);
        assert!(!String::from_utf8(output.stdout).unwrap().contains("scrubbed at once"));
        assert_eq!(output.stderr, b"");
    }
}

#[test]
fn a_snapshot_in_between_counts_as_well() {
    let [whole, apart, once] = plain("apart-between");
    let three = |files: [&PathBuf; 3]| String::from_utf8(compare(&files, &["-q"]).stderr).unwrap();
    let words = three([&once[0], &apart[0], &once[1]]);
    assert!(words.contains("scrubbed in different runs"), "{words}");
    assert!(three([&once[0], &whole[0], &once[1]]).contains(" is scrubbed and "));
    assert!(!three([&once[0], &once[0], &once[1]]).contains("scrubbed"));
}

#[test]
fn what_hangs_on_texts_is_not_judged() {
    let [whole, apart, _] = plain("apart-gates");
    let code = |condition: &str| {
        let output = compare(&[&whole[0], &apart[1]], &["-q", "--fail-on", condition]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for condition in ["verdict == leak", "container.growth > 1000", "delta(ToolSession) > 1000"] {
        let (code, told) = code(condition);
        assert_eq!(code, Some(2), "{condition}: {told}");
        assert!(told.contains("the files were not scrubbed at once"), "{told}");
    }
    assert_eq!(code("heap.delta > 1GB").0, Some(0));
}

#[test]
fn scrubbing_one_file_says_that_it_stands_alone() {
    let whole = ["before", "after"].map(|w| path("plain").join(format!("{w}.heapsnapshot")));
    let dir = scratch("apart-alone");
    let alone = scrub(&dir.join("one.heapsnapshot"), &[&whole[0]]);
    assert!(alone.contains("warning: scrubbed alone"), "{alone}");
    assert!(alone.contains("name all snapshots at once"), "{alone}");
    let both = scrub(&dir.join("both"), &[&whole[0], &whole[1]]);
    assert!(!both.contains("warning"), "{both}");
}

/// The marks in a header, and its other members.
fn header(file: &Path) -> (String, Value) {
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(text.matches(MARK).count(), 1, "there is one mark");
    let mut json: Value = serde_json::from_str(&text).unwrap();
    let mark = json["snapshot"].as_object_mut().unwrap().remove(MARK).unwrap();
    (mark.as_str().unwrap().to_owned(), json)
}

#[test]
fn the_mark_stands_in_the_header_wherever_that_is_and_once() {
    let pair = files("apart-mark", "root -> app:App(48) -s-> s:(string)\"secret\"(24)", "root");
    let drawing = crate::drawing::draw("root -> app:App(48) -s-> s:(string)\"secret\"(24)");
    let last = Style {
        members: "nodes edges locations strings snapshot".split(' ').collect(),
        ..Style::default()
    };
    let middle = Style {
        members: "nodes snapshot strings edges locations".split(' ').collect(),
        lines: Lines::Pretty,
        ..Style::default()
    };
    let [once, twice] = ["once", "twice"].map(|n| scratch(&format!("apart-mark-{n}")).join("f"));
    for style in [Style::default(), last, middle] {
        std::fs::write(&pair.before, style.write(&drawing)).unwrap();
        scrub(&once, &[&pair.before]);
        scrub(&twice, &[&once]);
        let (first, one) = header(&once);
        let (second, two) = header(&twice);
        assert_ne!(first, second, "texts are other ones again");
        let mut whole: Value =
            serde_json::from_slice(&std::fs::read(&pair.before).unwrap()).unwrap();
        for scrubbed in [one, two] {
            assert_ne!(scrubbed["strings"], whole["strings"]);
            whole["strings"] = scrubbed["strings"].clone();
            assert_eq!(scrubbed, whole);
        }
        // Somebody has written the file anew.
        let pretty: Value = serde_json::from_slice(&std::fs::read(&twice).unwrap()).unwrap();
        std::fs::write(&once, serde_json::to_string_pretty(&pretty).unwrap()).unwrap();
        scrub(&twice, &[&once]);
        assert_ne!(header(&twice).0, second);
    }
}

/// The mark is a stranger's, too.
#[test]
fn a_mark_that_scrub_did_not_write_is_no_text_of_the_report() {
    let pair = files("apart-evil", "root -> app:App(48)", "root -> app:App(48)");
    let bytes = std::fs::read(&pair.after).unwrap();
    let evil = "\"heapdiff_scrubbed\":\"##vso[x]\\n::error::y\",\"meta\":";
    std::fs::write(&pair.after, crate::writing::swapped(&bytes, "\"meta\":", evil)).unwrap();
    let told = report(&pair.before, &pair.after, &[]);
    assert_eq!(told["snapshots"]["after"]["scrubbed"], "unknown");
    assert_eq!(told["snapshots"]["before"]["scrubbed"], Value::Null);
}
