//! A process that is watched, through the front door: a test plays its inspector. Real processes are in
//! `tests/live/watch`.

use crate::cli::program;
use crate::fixtures::scratch;
use crate::layouts::{GLOBAL, call, map_from_numbers, snapshots};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, Mutex};
use tungstenite::{Message, accept};

/// A process with a Map that has more entries in each snapshot.
struct Played {
    address: SocketAddr,
    /// The commands that it was given, those that evaluate something by what.
    heard: Arc<Mutex<Vec<String>>>,
}

/// What happens to the process when so many snapshots have been taken.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    GoesOn,
    Dies(usize),
    /// It waits for us, as Node.js does.
    Ends(usize),
    /// It has become too large for another.
    IsHuge(usize),
    /// It takes snapshots and evaluates nothing, as workerd does where all code is in modules.
    TellsNothing,
}

impl Played {
    fn begin(test: &str, then: Then) -> Self {
        let drawings: Vec<String> = (0..8)
            .map(|at| {
                format!(
                    "{GLOBAL}g -table-> m:Map(32)\n{}",
                    map_from_numbers("m", 0..3 + 200 * at, call)
                )
            })
            .collect();
        let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
        let files = snapshots(&format!("watch-{test}"), &drawings);
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let hears = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in server.incoming() {
                serve(stream.unwrap(), address, &files, then, &hears);
            }
        });
        Self { address, heard }
    }

    fn watch(&self, more: &[&str]) -> Output {
        program().arg("watch").arg(self.address.to_string()).args(more).output().unwrap()
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn refusal(id: &Value) -> Value {
    json!({ "id": id, "error": { "code": -32000, "message": "Cannot find default execution context" } })
}

fn serve(
    mut stream: TcpStream,
    at: SocketAddr,
    files: &[PathBuf],
    then: Then,
    heard: &Mutex<Vec<String>>,
) {
    let mut head = [0; 14];
    if stream.peek(&mut head).is_ok() && head.starts_with(b"GET /json/list") {
        let _ = stream.read(&mut [0; 4096]);
        let list = json!([{ "webSocketDebuggerUrl": format!("ws://{at}/socket") }]).to_string();
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{list}", list.len());
        return;
    }
    let Ok(mut socket) = accept(stream) else { return };
    let (mut taken, mut asked) = (0, 0_u64);
    while let Ok(Message::Text(text)) = socket.read() {
        let command: Value = serde_json::from_str(&text).unwrap();
        let mut send = |message: Value| socket.send(Message::text(message.to_string())).is_ok();
        let method = command["method"].as_str().unwrap();
        let expression = command["params"]["expression"].as_str().unwrap_or_default();
        let is_usage = expression.contains("getActiveResourcesInfo");
        heard.lock().unwrap().push(if is_usage { "usage".into() } else { method.to_owned() });
        let result = match method {
            "Runtime.evaluate" if then == Then::TellsNothing => {
                send(refusal(&command["id"]));
                continue;
            }
            "Runtime.evaluate" if is_usage => {
                asked += 1;
                let usage = json!({ "heap": 1_000_000 * asked, "external": 5, "rss": 9_000_000 });
                json!({ "result": { "value": usage } })
            }
            "Runtime.evaluate" => {
                let is_huge = matches!(then, Then::IsHuge(when) if when == taken);
                let used = if is_huge { 1_u64 << 60 } else { 1000 };
                json!({ "result": { "value": { "pid": 0, "used": used, "large": 0 } } })
            }
            "HeapProfiler.takeHeapSnapshot" => {
                let chunk = std::fs::read_to_string(&files[taken]).unwrap();
                taken += 1;
                send(
                    json!({ "method": "HeapProfiler.addHeapSnapshotChunk", "params": { "chunk": chunk } }),
                );
                json!({})
            }
            _ => json!({}),
        };
        send(json!({ "id": command["id"], "result": result }));
        let is_snapshot = method == "HeapProfiler.takeHeapSnapshot";
        match then {
            Then::Dies(when) if is_snapshot && when == taken => return,
            Then::Ends(when) if is_snapshot && when == taken => {
                send(json!({ "method": "NodeRuntime.waitingForDisconnect" }));
            }
            _ => {}
        }
    }
}

/// What was said on standard error, and the exit code, which must be this one.
#[track_caller]
fn said(output: &Output, code: i32) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

const QUICKLY: [&str; 2] = ["--every", "10ms"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    QUICKLY.into_iter().chain(more.iter().copied()).collect()
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"))
}

#[test]
fn the_answer_is_one_document_and_each_round_is_told_beside_it() {
    let process = Played::begin("rounds", Then::GoesOn);
    let output = process.watch(&with(&["--rounds", "2", "-f", "json"]));
    let said = said(&output, 0);
    let report = json_of(&output);
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    assert_eq!(report["identity"]["kind"], "same_process");
    assert_eq!(report["containers"][0]["entries"], json!([3, 203, 403]));
    assert_eq!(report["run"]["load"], Value::Null);
    assert_eq!(report["run"]["rounds"].as_array().unwrap().len(), 3);
    assert_eq!(report["run"]["rounds"][2]["heap"], 3_000_000);
    assert_eq!(report["run"]["ended"], Value::Null);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[0],
        format!("watching {}: Ctrl-C answers from those that are there", process.address)
    );
    let rounds: Vec<_> = lines.iter().filter(|line| line.starts_with("snapshot ")).collect();
    assert_eq!(rounds.len(), 3, "{said}");
    assert!(
        rounds[1].starts_with("snapshot 2 of 3 after 0s: heap 2.0 MB, external 5 B, RSS 9.0 MB; "),
        "{said}"
    );
    assert_eq!(
        said.matches("\n  LEAK LIKELY   heap ").count(),
        1,
        "the last one is the answer: {said}"
    );
    let connections = process.heard().iter().filter(|m| m.starts_with("NodeRuntime.")).count();
    assert_eq!(connections, 1, "ids are the same on one connection only");
}

#[test]
fn quietly_there_is_nothing_but_the_exit_code() {
    let process = Played::begin("quiet", Then::GoesOn);
    let output = process.watch(&with(&["--rounds", "1", "-q", "--fail-on", "delta(Map) > 5"]));
    assert_eq!(said(&output, 0), "");
    let output = process.watch(&with(&["--rounds", "1", "-q", "--fail-on", "verdict == leak"]));
    assert!(said(&output, 1).starts_with("gate broken: verdict == leak"));
    assert!(output.stdout.is_empty());
}

#[test]
fn the_first_and_the_newest_are_compared_however_many_there_are() {
    let keep = scratch("watch-many").join("new/folder");
    let folder = keep.to_str().unwrap();
    let process = Played::begin("many", Then::GoesOn);
    let output = process.watch(&with(&["--rounds", "6", "-f", "json", "--keep", folder]));
    said(&output, 0);
    let report = json_of(&output);
    assert_eq!(report["containers"][0]["entries"], json!([3, 803, 1003, 1203]));
    let heaps = report["run"]["rounds"].as_array().unwrap().iter().map(|round| &round["heap"]);
    assert_eq!(heaps.collect::<Vec<_>>(), [1_000_000, 5_000_000, 6_000_000, 7_000_000]);
    let file = |number: usize| keep.join(format!("{number}.heapsnapshot"));
    assert_eq!(report["snapshots"]["before"]["path"], file(1).to_str().unwrap());
    assert_eq!(report["between"][0]["path"], file(5).to_str().unwrap());
    assert!((1..=7).all(|number| file(number).is_file()) && !file(8).exists());
    // None of them is written over.
    let again = process.watch(&with(&["--keep", folder]));
    assert!(said(&again, 3).contains("1.heapsnapshot: this file is there already"));
    let more = process.heard().iter().filter(|m| m.starts_with("NodeRuntime.")).count();
    assert_eq!(more, 1, "that is known before anybody is asked");
}

#[test]
fn growth_is_looked_for_without_collecting_garbage_that_cannot_hide_it() {
    let process = Played::begin("growth", Then::GoesOn);
    // Each time it is asked it has a megabyte more.
    let output = process.watch(&["--growth", "1.5MB", "--rounds", "1", "-f", "json"]);
    said(&output, 0);
    let report = json_of(&output);
    let heaps = [0, 1].map(|at| report["run"]["rounds"][at]["heap"].as_u64().unwrap());
    assert!(heaps[1] - heaps[0] >= 1_500_000, "{heaps:?}");
    let heard = process.heard();
    let first = heard.iter().position(|m| m == "HeapProfiler.takeHeapSnapshot").unwrap();
    let later = heard[first + 1..].iter().map(String::as_str);
    // What it takes after a snapshot is written down beside it.
    let later: Vec<&str> = later.filter(|m| *m != "Runtime.evaluate").collect();
    assert_eq!(later[..3], ["usage", "usage", "HeapProfiler.collectGarbage"]);
    // Somebody may look at the console of an inspector that was open.
    assert!(!heard.iter().any(|m| m == "Runtime.discardConsoleEntries"), "{heard:?}");
}

#[test]
fn what_ends_early_is_told_of_from_two_snapshots_on_and_an_error_counts_more_than_a_gate() {
    for (test, then, code, why) in [
        ("dies", Then::Dies(3), 3, "error: the connection to the process at 127.0.0.1"),
        ("ends", Then::Ends(3), 3, "error: the program of the process at 127.0.0.1"),
        ("huge", Then::IsHuge(3), 4, "the file may have up to"),
    ] {
        let process = Played::begin(test, then);
        let output = process.watch(&with(&["--fail-on", "verdict == leak", "-f", "json"]));
        let said = said(&output, code);
        assert!(said.contains(why), "{said}");
        let report = json_of(&output);
        assert_eq!(report["containers"][0]["entries"], json!([3, 203, 403]), "{said}");
        assert!(
            report["run"]["ended"].is_string() && report["gates"][0]["ok"] == false,
            "{report}"
        );
        let note = report["notes"].as_array().unwrap().last().unwrap().as_str().unwrap();
        assert!(note.starts_with("not all was done: "), "{note}");
    }
    for (test, then, code) in [
        ("dies-early", Then::Dies(1), 3),
        ("ends-early", Then::Ends(1), 3),
        ("huge-early", Then::IsHuge(1), 4),
        ("huge-at-once", Then::IsHuge(0), 4),
    ] {
        let output = Played::begin(test, then).watch(&QUICKLY);
        assert!(said(&output, code).contains("\nerror: "));
        assert!(output.stdout.is_empty(), "{output:?}");
    }
}

#[cfg(unix)]
#[test]
fn who_stops_it_gets_the_answer_from_two_snapshots_and_not_from_one() {
    for (rounds, code) in [(1, 0), (0, 2)] {
        let process = Played::begin(&format!("stopped-{rounds}"), Then::GoesOn);
        let mut command = program();
        command.arg("watch").arg(process.address.to_string());
        // From the next on there is no hurry.
        let times = if rounds == 1 { ["--growth", "1.5MB"] } else { ["--every", "1h"] };
        let mut run = command
            .args(times)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let is_taken = || {
            let taken =
                process.heard().iter().filter(|m| *m == "HeapProfiler.takeHeapSnapshot").count();
            taken == rounds + 1
        };
        while !is_taken() {
            assert!(run.try_wait().unwrap().is_none());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        std::thread::sleep(std::time::Duration::from_secs(2));
        let pid = run.id().to_string();
        assert!(
            std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success()
        );
        let output = run.wait_with_output().unwrap();
        let said = said(&output, code);
        let told = String::from_utf8_lossy(&output.stdout);
        if rounds == 1 {
            assert!(told.starts_with("LEAK LIKELY") && told.contains("it was stopped"), "{told}");
        } else {
            assert!(
                told.is_empty() && said.contains("error: stopped after 1 snapshot: "),
                "{said}"
            );
        }
    }
}

#[test]
fn a_process_that_evaluates_nothing_is_watched_all_the_same() {
    let process = Played::begin("tells-nothing", Then::TellsNothing);
    let output = process.watch(&with(&["--rounds", "2", "-f", "json"]));
    said(&output, 0);
    assert_eq!(json_of(&output)["containers"][0]["entries"], json!([3, 203, 403]));
}

#[test]
fn what_cannot_be_is_refused_before_anybody_is_asked() {
    let process = Played::begin("refused", Then::GoesOn);
    for (options, told) in [
        (&["--every", "0s"][..], "a time above 0 belongs here"),
        (&["--every", "soon"], "a time belongs here, such as 90s or 10m"),
        (&["--warm-up", "-1"], "unexpected argument"),
        (&["--growth", "0"], "a size above 0 belongs here"),
        (&["--growth", "much"], "a size belongs here"),
        (&["--rounds", "0"], "0 is not in 1..=10000"),
        (&["--fail-on", "verdict = leak"], "--fail-on"),
        (&["-o", "no/such/folder/a.json"], "there is no folder of this name"),
    ] {
        let output = process.watch(options);
        let code = if options[0] == "-o" { 3 } else { 2 };
        assert!(said(&output, code).contains(told), "{options:?}: {output:?}");
    }
    assert!(process.heard().is_empty());
    let output = program().args(["watch", "server"]).output().unwrap();
    assert!(said(&output, 2).contains("server is no process and no inspector"));
}

#[test]
fn nothing_is_left_of_snapshots_that_are_not_kept() {
    let folder = scratch("watch-left");
    let process = Played::begin("left", Then::GoesOn);
    let mut command = program();
    command.arg("watch").arg(process.address.to_string()).args(with(&["--rounds", "2"]));
    let output = command.env("TMPDIR", &folder).output().unwrap();
    said(&output, 0);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("--keep DIR to keep the snapshots"), "{told}");
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!Path::new("1.heapsnapshot").exists());
}
