//! A file that is cut off is read as far as it goes, if that is allowed, and the report says so.

use crate::cli::{complaint, program, report, run, shown};
use crate::drawing::{draw, draw_all};
use crate::fixtures::{path, scratch, snapshot, unzst};
use crate::layouts::{GLOBAL, call, map};
use crate::packing::{fed, gzip, tar};
use crate::writing::inside;
use heapdiff::error::ErrorKind;
use heapdiff::input::{Reading, Source};
use heapdiff::parse::Tables;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn whole() -> Vec<u8> {
    let list = (0..40).map(|i| format!("root -list-> l:L(8) -[{i}]-> o{i}:O{i}(64)@7:{i}:3\n"));
    draw(&list.collect::<String>()).bytes()
}

fn salvaged(file: &Path) -> heapdiff::error::Result<Tables> {
    let reading = Reading { truncated: true, ..Reading::default() };
    Tables::read(&Source::new(file, reading).open().unwrap())
}

/// Both files, the newer one cut.
fn cut_at(folder: &str, at: usize) -> [PathBuf; 2] {
    let dir = scratch(folder);
    let files = ["before.heapsnapshot", "after.heapsnapshot"].map(|name| dir.join(name));
    std::fs::write(&files[0], whole()).unwrap();
    std::fs::write(&files[1], &whole()[..at]).unwrap();
    files
}

#[test]
fn a_file_cut_anywhere_behind_its_nodes_is_read_as_far_as_it_goes() {
    let whole = whole();
    let file = scratch("cut-anywhere").join("cut.heapsnapshot");
    let end = whole.iter().rposition(|b| *b == b'}').unwrap();
    let nodes = inside(&whole, "nodes").end;
    let mut edges_before = 0;
    for cut in 1..=end {
        std::fs::write(&file, &whole[..cut]).unwrap();
        let tables = match salvaged(&file) {
            Ok(tables) => tables,
            Err(e) => {
                assert!(cut <= nodes, "cut at {cut}: {e}");
                assert_eq!(e.byte(), Some(cut as u64), "{e}");
                continue;
            }
        };
        assert!(cut > nodes, "cut at {cut}");
        let lost = tables.truncated.as_ref().unwrap();
        assert_eq!(lost.byte, cut as u64);
        assert_eq!(tables.nodes.len(), 42);
        assert_eq!(tables.edges.len() as u64 + lost.edges_lost, 80);
        // What is there is as it was written, and grows with the file.
        assert!(tables.edges.len() >= edges_before, "cut at {cut}");
        edges_before = tables.edges.len();
        let owned: usize = tables.nodes.indices().map(|n| tables.nodes.edges(n).len()).sum();
        assert_eq!(owned, tables.edges.len());
        let names = tables.nodes.indices().map(|n| tables.strings.get(tables.nodes.name(n)));
        let lost_names = names.filter(|name| name.to_string_lossy() == "(lost)").count();
        assert_eq!(lost_names as u64, lost.names_lost, "cut at {cut}");
    }
    assert_eq!(edges_before, 80);
}

#[test]
fn without_leave_a_cut_file_is_refused_and_the_error_tells_of_the_option() {
    let whole = whole();
    for (member, told) in
        [("nodes", false), ("edges", true), ("locations", true), ("strings", true)]
    {
        let files = cut_at("cut-refused", inside(&whole, member).end - 5);
        let error = complaint(&run(&files), 3);
        assert!(error.contains("the file ends inside the "), "{error}");
        assert_eq!(error.contains("--allow-truncated reads what is there"), told, "{error}");
    }
    let files = cut_at("cut-nodes", inside(&whole, "nodes").end - 5);
    let args = [files[0].as_os_str(), files[1].as_os_str(), "--allow-truncated".as_ref()];
    let error = complaint(&run(args), 3);
    assert!(error.contains("the file ends inside the node table (at byte "), "{error}");
}

#[test]
fn every_report_of_a_cut_file_says_so_first() {
    let whole = whole();
    let strings = inside(&whole, "strings");
    for (at, inside, edges, names) in [
        (inside(&whole, "edges").start + 30, "the edge table", 77, 42),
        (inside(&whole, "locations").start + 5, "the locations", 0, 42),
        (strings.start + 1, "the string table", 0, 42),
        (strings.end, "the string table", 0, 0),
    ] {
        let files = cut_at("cut-first", at);
        let report = report(&files[0], &files[1], &["--allow-truncated"]);
        let cut = &report["snapshots"]["after"]["truncated"];
        assert_eq!(cut["byte"], at);
        assert_eq!(cut["inside"], inside);
        assert_eq!(
            (&cut["edges_lost"], &cut["names_lost"]),
            (&edges.into(), &names.into()),
            "{inside}"
        );
        assert_eq!(report["snapshots"]["before"]["truncated"], Value::Null);
        let args = [files[0].as_os_str(), files[1].as_os_str(), "--allow-truncated".as_ref()];
        let text = shown(args);
        let path = files[1].display();
        let byte = heapdiff::units::count(at as u64);
        let line = format!("TRUNCATED   {path} ends inside {inside} (at byte {byte}); lost: ");
        assert!(text.starts_with(&line), "{text}");
        assert!(text.contains(&format!("\nnote: {path} ends inside {inside}")), "{text}");
        // The older one is looked at as well.
        let args = [files[1].as_os_str(), files[0].as_os_str(), "--allow-truncated".as_ref()];
        assert!(shown(args).starts_with("TRUNCATED   "));
    }
}

/// Standard output and standard error of a cut pair, which is in the current folder.
fn written(files: &[PathBuf; 2], format: &str, more: &[&str]) -> (String, String) {
    let mut command = program();
    command.current_dir(files[0].parent().unwrap());
    command.args(files.iter().map(|file| file.file_name().unwrap()));
    let output = command.args(["--allow-truncated", "-f", format]).args(more).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn whatever_is_written_of_a_cut_file_says_so_first() {
    let at = inside(&whole(), "edges").start + 30;
    let files = cut_at("cut-formats", at);
    let byte = heapdiff::units::count(at as u64);
    let cut =
        format!("after.heapsnapshot ends inside the edge table (at byte {byte}); lost: 77 edges");
    for (format, first) in [
        ("text", format!("TRUNCATED   {cut}")),
        ("markdown", format!("<!-- heapdiff -->\n> **Truncated:** {cut}")),
        ("github", format!("::warning title=heapdiff truncated::{cut}")),
    ] {
        let (out, errors) = written(&files, format, &[]);
        assert!(out.starts_with(&first), "{first}\n{out}");
        assert_eq!(errors, "", "{format}");
    }
    for (format, sign, behind) in [
        ("html", format!("<p class=\"warning\">Truncated: {cut}"), "<h1>"),
        ("agent", format!("\ntruncated: \"{cut}"), "\nverdict: "),
        ("junit", format!("<property name=\"truncated\" value=\"{cut}"), "<testcase"),
        ("sarif", format!("\"text\": \"{cut}"), "\"results\""),
        ("openmetrics", "\nheapdiff_truncated_files 1\n".into(), "heapdiff_verdict"),
        ("json", format!("\"truncated\": {{\n        \"byte\": {at}"), "\"identity\""),
        ("ndjson", format!("\"truncated\":{{\"byte\":{at}"), "\n"),
    ] {
        let (out, errors) = written(&files, format, &[]);
        let [sign, behind] =
            [&sign, behind].map(|text| out.find(text).unwrap_or_else(|| panic!("{text}: {out}")));
        assert!(sign < behind, "{format}: {out}");
        assert_eq!(errors, "", "{format}");
    }
    // A table of classes has no place for a sentence.
    for (format, more) in [("csv", &[][..]), ("tsv", &[]), ("json", &["-q"])] {
        let (out, errors) = written(&files, format, more);
        assert!(!out.contains("ends inside"), "{out}");
        assert_eq!(errors, format!("truncated: {cut} and the names of 42 objects\n"));
    }
}

#[test]
fn what_is_written_of_whole_files_says_nothing_of_cuts() {
    let files = cut_at("cut-not", whole().len());
    for format in
        ["text", "markdown", "github", "html", "agent", "junit", "sarif", "openmetrics", "csv"]
    {
        let (out, errors) = written(&files, format, &[]);
        assert!(!out.to_lowercase().replace("truncated {", "").contains("truncated"), "{out}");
        assert!(!errors.contains("truncated"), "{errors}");
    }
}

#[test]
fn leave_changes_nothing_for_a_whole_file_and_saves_no_broken_one() {
    let whole = whole();
    let files = cut_at("cut-whole", whole.len());
    let plain = shown(&files);
    let args = [files[0].as_os_str(), files[1].as_os_str(), "--allow-truncated".as_ref()];
    assert_eq!(shown(args), plain);
    let broken = crate::writing::replaced(&whole, crate::writing::token(&whole, "edges", 4), "x");
    std::fs::write(&files[1], &broken[..broken.len() - 30]).unwrap();
    assert_eq!(salvaged(&files[1]).unwrap_err().kind(), ErrorKind::Damaged);
}

/// A file that got its full size before it was written.
#[test]
fn zeros_at_the_end_are_what_was_not_written() {
    let at = inside(&whole(), "strings").end - 20;
    let files = cut_at("cut-zeros", at);
    let cut = std::fs::read(&files[1]).unwrap();
    std::fs::write(&files[1], [&cut[..], &[0; 5000]].concat()).unwrap();
    assert_eq!(salvaged(&files[1]).unwrap().truncated.unwrap().byte, at as u64);
}

#[test]
fn a_cut_stream_is_salvaged_as_well() {
    let files = cut_at("cut-stream", 100);
    let whole = whole();
    let tar = tar(&[("after.heapsnapshot", 1, &whole)]);
    let cut = 512 + inside(&whole, "strings").end - 20;
    for stream in [tar[..cut].to_vec(), gzip(&tar)[..gzip(&tar).len() * 9 / 10].to_vec()] {
        let before = files[0].to_str().unwrap();
        let error = complaint(&fed(&[before, "-"], &stream), 3);
        assert!(error.contains(
            "is cut off\nhint: was the copy interrupted? comparing with --allow-truncated"
        ));
        let output = fed(&[before, "-", "--allow-truncated"], &stream);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with("TRUNCATED   -/after.heapsnapshot ends inside the "), "{text}");
    }
}

/// Containers are found by ids, which a file has whose names are lost.
#[test]
fn an_object_whose_name_is_lost_is_still_the_same_object() {
    let whole = whole();
    let files = cut_at("cut-same", inside(&whole, "strings").start + 40);
    let report = report(&files[0], &files[1], &["--allow-truncated"]);
    assert_eq!(report["identity"]["kind"], "same_process");
    assert_eq!(report["identity"]["agreement"], 1.0);
}

/// A Map that goes on growing, and a Buffer's memory, as often as asked.
fn growing(folder: &str, entries: &[usize]) -> Vec<PathBuf> {
    let draw = |n: &usize| {
        let calls = map("m", 0..*n, call);
        let bytes = "b:(native)\"system / JSArrayBufferData\"(90000)";
        format!("{GLOBAL}g -calls-> m:Map(32)\n{calls}g -bytes-> {bytes}\n")
    };
    let drawings: Vec<String> = entries.iter().map(draw).collect();
    let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
    let dir = scratch(folder);
    let write = |(at, drawing): (usize, crate::drawing::Drawing)| {
        let file = dir.join(format!("{at}.heapsnapshot"));
        std::fs::write(&file, drawing.bytes()).unwrap();
        file
    };
    draw_all(&drawings).into_iter().enumerate().map(write).collect()
}

fn nothing_is_said_of_containers(report: &Value, which: &str) {
    let kind = report["verdict"]["kind"].as_str().unwrap();
    assert!(["grew", "no_growth", "not_comparable"].contains(&kind), "{kind}");
    for list in ["containers", "suspects", "findings"] {
        assert_eq!(report[list], Value::Array(Vec::new()), "{list}");
    }
    let reasons: Vec<&str> =
        report["verdict"]["reasons"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let why = format!(
        "containers cannot be compared, because {which} cut off: take the snapshot again, or \
         compare two whole files"
    );
    assert!(reasons.contains(&why.as_str()), "{reasons:?}");
    assert!(!reasons.iter().any(|reason| reason.contains("piles up")), "{reasons:?}");
}

#[test]
fn nothing_piles_up_in_a_file_that_has_lost_edges_or_names() {
    let files = growing("cut-piles", &[3, 203]);
    assert_eq!(report(&files[0], &files[1], &[])["verdict"]["kind"], "leak_likely");
    let whole = [std::fs::read(&files[0]).unwrap(), std::fs::read(&files[1]).unwrap()];
    for (at, which) in ["the older file is", "the newer file is"].into_iter().enumerate() {
        let [edges, strings] = ["edges", "strings"].map(|name| inside(&whole[at], name));
        for cut in [
            edges.start + 30,
            edges.end - 1,
            strings.start + 1,
            (strings.start + strings.end) / 2,
            strings.end - 8,
        ] {
            std::fs::write(&files[at], &whole[at][..cut]).unwrap();
            let told = report(&files[0], &files[1], &["--allow-truncated"]);
            nothing_is_said_of_containers(&told, which);
        }
        std::fs::write(&files[at], &whole[at]).unwrap();
    }
    for (file, whole) in files.iter().zip(&whole) {
        std::fs::write(file, &whole[..inside(whole, "strings").start]).unwrap();
    }
    let gates = ["--fail-on=container.growth > 9", "--fail-on=verdict == leak"];
    let output = run([&files[0], &files[1]].map(|f| f.as_os_str()).into_iter().chain(
        ["--format=json", "--allow-truncated", gates[0], gates[1]].map(std::ffi::OsStr::new),
    ));
    assert_eq!(output.status.code(), Some(2));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    for gate in told["gates"].as_array().unwrap() {
        assert_eq!(gate["outcome"], "unjudged");
        assert_eq!(gate["note"], "a file is cut off, and has lost edges or names");
    }
    nothing_is_said_of_containers(&told, "both files are");
}

/// A cache that is full before and after.
#[test]
fn a_healthy_program_is_healthy_wherever_its_file_is_cut() {
    let pair = path("pairs/lru-churn");
    let whole = unzst(&snapshot(&pair, "before"));
    let after = snapshot(&pair, "after");
    let before = scratch("cut-healthy").join("before.heapsnapshot");
    let strings = inside(&whole, "strings").start;
    for at in [strings - 11, strings + (whole.len() - strings) * 9 / 10, whole.len() - 10] {
        std::fs::write(&before, &whole[..at]).unwrap();
        let files = [before.to_str().unwrap(), after.to_str().unwrap()];
        let gated = |gate| {
            let output = run(files.into_iter().chain(["--allow-truncated", gate]));
            output.status.code()
        };
        // Nothing can be said of a leak, and what the heap has grown by can.
        assert_eq!(gated("--fail-on=verdict == leak"), Some(2), "cut at {at}");
        assert_eq!(gated("--fail-on=heap.delta > 100%"), Some(0), "cut at {at}");
        let told = report(&before, &after, &["--allow-truncated"]);
        nothing_is_said_of_containers(&told, "the older file is");
    }
}

/// V8 writes the names of edges behind those of objects.
#[test]
fn names_of_edges_are_lost_first() {
    let files = ["before", "after"].map(|which| snapshot(&path("plain"), which));
    let whole = std::fs::read(&files[1]).unwrap();
    let cut = scratch("cut-edge-names").join("after.heapsnapshot");
    std::fs::write(&cut, &whole[..whole.len() - 10]).unwrap();
    let told = report(&files[0], &cut, &["--allow-truncated"]);
    let lost = &told["snapshots"]["after"]["truncated"];
    assert_eq!((&lost["edges_lost"], &lost["names_lost"]), (&0.into(), &0.into()));
    assert!(lost["edge_names_lost"].as_u64().unwrap() > 0);
    nothing_is_said_of_containers(&told, "the newer file is");
    let args = [files[0].as_os_str(), cut.as_os_str(), "--allow-truncated".as_ref()];
    let text = shown(args);
    let line = text.lines().next().unwrap();
    assert!(line.contains("; lost: the names of ") && line.ends_with(" edges"), "{line}");
}

#[test]
fn a_file_that_lacks_its_end_alone_is_judged_as_a_whole_one() {
    let files = growing("cut-end", &[3, 203]);
    let judged = || {
        let mut told = report(&files[0], &files[1], &["--allow-truncated"]);
        let notes = told["notes"].take();
        let snapshots = told["snapshots"].take();
        (told, notes, snapshots)
    };
    let (whole, ..) = judged();
    assert_eq!(whole["verdict"]["kind"], "leak_likely");
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        std::fs::write(file, &bytes[..bytes.iter().rposition(|b| *b == b'}').unwrap()]).unwrap();
    }
    let (cut, notes, snapshots) = judged();
    assert_eq!(cut, whole);
    assert_eq!(snapshots["after"]["truncated"]["edge_names_lost"], 0);
    for note in notes.as_array().unwrap() {
        assert!(note.as_str().unwrap().ends_with("; lost: no edges and no names"), "{note}");
    }
}

#[test]
fn a_cut_file_in_between_is_no_evidence() {
    let files = growing("cut-between", &[3, 203, 204]);
    let names: Vec<&str> = files.iter().filter_map(|file| file.to_str()).collect();
    let told = || -> Value {
        let args = names.iter().copied().chain(["--allow-truncated", "--format=json"]);
        serde_json::from_str(&shown(args)).unwrap()
    };
    assert_eq!(told()["containers"][0]["entries"], serde_json::json!([3, 203, 204]));
    let whole = std::fs::read(&files[1]).unwrap();
    std::fs::write(&files[1], &whole[..inside(&whole, "edges").end - 40]).unwrap();
    let told = told();
    assert_eq!(told["containers"][0]["entries"], serde_json::json!([3, 204]));
    let note = told["notes"][0].as_str().unwrap();
    assert!(note.ends_with("it is not looked at to tell what goes on growing"), "{note}");
}

#[test]
fn memory_that_is_known_by_its_name_is_not_gone_with_the_name() {
    let files = growing("cut-outside", &[3, 3]);
    let whole = std::fs::read(&files[1]).unwrap();
    std::fs::write(&files[1], &whole[..inside(&whole, "strings").start + 1]).unwrap();
    let told = report(&files[0], &files[1], &["--allow-truncated"]);
    assert_eq!(told["outside"]["before"]["array_buffers"], 90_000);
    assert_eq!(told["outside"]["after"]["array_buffers"], Value::Null);
    let args = [files[0].as_os_str(), files[1].as_os_str(), "--allow-truncated".as_ref()];
    let text = shown(args);
    assert!(!text.contains("outside the JS heap"), "{text}");
}
