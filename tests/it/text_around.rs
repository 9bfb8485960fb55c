//! A snapshot in a file that holds other text too: what a container logs before it, what a shell says
//! behind it, a message around it.

use crate::cli::{complaint, report, run};
use crate::drawing::draw;
use crate::fixtures::scratch;
use serde_json::Value;
use std::path::PathBuf;

fn snapshot() -> Vec<u8> {
    draw("root -> global:global(32) -cache-> map:Map(32) -[0]-> s:Session(900)").bytes()
}

/// A file of the parts, and a plain snapshot to hold it against.
fn files(test: &str, parts: [&[u8]; 3]) -> [PathBuf; 2] {
    let dir = scratch(&format!("around-{test}"));
    let files = ["plain", "around"].map(|name| dir.join(format!("{name}.heapsnapshot")));
    std::fs::write(&files[0], parts[1]).unwrap();
    std::fs::write(&files[1], parts.concat()).unwrap();
    files
}

fn notes(report: &Value) -> Vec<&str> {
    report["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap()).collect()
}

#[test]
fn what_stands_on_other_lines_is_passed_over_and_counted() {
    type Case<'a> = (&'a str, &'a [u8], &'a [u8], u64, u64);
    let around: [Case<'_>; 7] = [
        ("prompt", b"", b"\n$ ", 0, 1),
        ("crlf", b"", b"\r\nroot@pod:/app# exit\r\n", 0, 19),
        ("zeros", b"", &[0; 512], 0, 512),
        ("log", b"server listens on 3000\n[12:00:01] GET /\n", b"", 39, 0),
        ("warning", b"Defaulted container \"app\" out of: app, sidecar\r\n", b"\nDone\n", 46, 4),
        ("message", b"{\"id\":7,\"result\":", b"}", 17, 1),
        ("mark", b"\xef\xbb\xbf  ", b"  \n", 0, 0),
    ];
    for (name, before, behind, first, last) in around {
        let [plain, around] = files(name, [before, &snapshot(), behind]);
        let report = report(&plain, &around, &[]);
        assert_eq!(report["totals"]["new"], 0, "{name}");
        assert_eq!(report["snapshots"]["after"]["nodes"], 4, "{name}");
        let told = |count: u64| format!("the {count} byte{}", if count == 1 { "" } else { "s" });
        let expected = format!("{} before the snapshot and {} behind it", told(first), told(last));
        match first + last {
            0 => assert_eq!(notes(&report), Vec::<&str>::new(), "{name}"),
            _ => assert!(notes(&report).iter().any(|n| n.contains(&expected)), "{name}: {report}"),
        }
    }
}

#[test]
fn a_line_of_a_log_in_the_middle_of_a_snapshot_is_told_with_its_byte() {
    let mut content = snapshot();
    let at = content.windows(9).position(|bytes| bytes == b"\"edges\":[").unwrap() + 9;
    content.splice(at..at, *b"2026-11-29T12:00:00Z ");
    let [plain, around] = files("middle", [b"log\n", &content, b""]);
    std::fs::write(&plain, snapshot()).unwrap();
    let error = complaint(&run([&plain, &around]), 3);
    assert!(error.contains(&format!("(at byte {})", 4 + at + 4)), "{error}");
}

#[test]
fn a_log_of_an_inspector_s_messages_is_called_one_and_the_hint_says_how_to_join_them() {
    let piece = |text: &str| {
        let chunk = serde_json::json!({ "chunk": text });
        format!("{{\"method\":\"HeapProfiler.addHeapSnapshotChunk\",\"params\":{chunk}}}\n")
    };
    let text = String::from_utf8(snapshot()).unwrap();
    let (one, two) = text.split_at(text.len() / 2);
    let [plain, log] = files("pieces", [b"", &snapshot(), b""]);
    std::fs::write(&log, piece(one) + &piece(two)).unwrap();
    let error = complaint(&run([&plain, &log]), 3);
    assert!(error.contains("a log of an inspector's messages"), "{error}");
    assert!(error.contains("hint: join the pieces: jq "), "{error}");
}

#[test]
fn what_stands_around_is_no_snapshot_s_and_is_not_scrubbed() {
    let [_, around] = files("scrub", [b"password=hunter2\n", &snapshot(), b""]);
    let out = around.with_file_name("scrubbed.heapsnapshot");
    let error = complaint(&run([&"scrub".into(), &around, &"-o".into(), &out]), 3);
    assert!(error.contains("other text beside the snapshot"), "{error}");
    assert!(!out.exists());
}
