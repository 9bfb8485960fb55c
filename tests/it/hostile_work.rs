//! Small files that would make a careless reader work for hours.

use crate::cli::program;
use crate::fixtures::scratch;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

/// A heap of one node with some strings, in pieces of its file.
fn file(fields: &str, row: &str, strings: &str) -> String {
    format!(
        r#"{{"snapshot":{{"meta":{{"node_fields":["type","name","id","self_size","edge_count"{fields}],
        "node_types":[["hidden","array","string","object","code","closure","regexp","number",
        "native","synthetic"]],"edge_fields":["type","name_or_index","to_node"],
        "edge_types":[["context","element","property"]]}},"node_count":1,"edge_count":0}},
        "nodes":[9,0,1,0,0{row}],"edges":[],"strings":["(root)"{strings}]}}"#
    )
}

/// A run that has to end while a patient reader still waits.
#[track_caller]
fn compared(file: &Path) -> Output {
    let folder = file.parent().unwrap();
    let mut child = program()
        .args([file, file])
        .arg("--output")
        .arg(folder.join("report.json"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("it works on and on");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// Texts that begin with these four characters had one hash, of foldhash under the seed 0.
#[test]
fn texts_that_were_made_to_collide_are_told_apart_in_time() {
    let letters = b'a'..=b'z';
    let words = letters.clone().flat_map(|a| letters.clone().map(move |b| [a, b]));
    let ends = words.flat_map(|[a, b]| (0..100).map(move |n| [a, b, b'0' + n / 10, b'0' + n % 10]));
    let strings: String = ends
        .map(|end| format!(",\"\u{ec4e}\u{fa98}\u{82e}\u{6c89}{}\"", str::from_utf8(&end).unwrap()))
        .collect();
    let path = scratch("work-collide").join("a.heapsnapshot");
    std::fs::write(&path, file("", "", &strings)).unwrap();
    assert_eq!(compared(&path).status.code(), Some(0));
}

/// Room is reserved for some hundred rows.
#[test]
fn a_row_of_thousands_of_fields_is_refused() {
    let path = scratch("work-fields").join("a.heapsnapshot");
    for (many, code) in [(59, 0), (60, 3), (100_000, 3)] {
        let (fields, row) = (",\"x\"".repeat(many), ",0".repeat(many));
        std::fs::write(&path, file(&fields, &row, "")).unwrap();
        let output = compared(&path);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{errors}");
        let told = format!("the header has {} fields for a row, far too many", many + 5);
        assert_eq!(errors.contains(&told), code == 3, "{errors}");
    }
}

/// The root has an object as often as that has another one; found by the fuzz target `work`.
#[test]
fn what_a_root_has_many_times_is_searched_once() {
    const MANY: usize = 300_000;
    let path = scratch("work-again").join("a.heapsnapshot");
    let edges = |to: usize| format!("1,0,{to},").repeat(MANY);
    let edges = edges(5) + &edges(10);
    let file = file("", "", "")
        .replace(
            "\"node_count\":1,\"edge_count\":0",
            &format!("\"node_count\":3,\"edge_count\":{}", 2 * MANY),
        )
        .replace("9,0,1,0,0", &format!("9,0,1,0,{MANY},3,0,3,8,{MANY},3,0,5,8,0"))
        .replace("\"edges\":[]", &format!("\"edges\":[{}]", edges.trim_end_matches(',')));
    std::fs::write(&path, file).unwrap();
    assert_eq!(compared(&path).status.code(), Some(0));
}
