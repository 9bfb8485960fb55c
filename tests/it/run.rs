//! A program under load: one that a test plays with its inspector, through the front door. Real programs are
//! in `tests/live/run`.

use crate::cli::{complaint, program, shown};
use crate::drawing::draw;
use crate::fixtures::scratch;
use crate::layouts::{GLOBAL, call, map_from_numbers};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tungstenite::{Message, WebSocket, accept};

/// A process with a Map of so many sessions each time it is asked for a snapshot.
fn snapshot(taken: usize) -> String {
    let sessions = map_from_numbers("m", 0..100 + 300 * taken, call);
    let drawing =
        format!("{GLOBAL}g -table-> m:Map(32)\n{sessions}g -taken-> t{taken}:Taken(16)\n");
    String::from_utf8(draw(&drawing).bytes()).unwrap()
}

/// What a program is like at rest.
#[derive(Clone, Copy)]
struct Plays {
    /// Timers that it has more after each load, which are due in a minute.
    timers: u64,
    /// The status of its answers.
    status: &'static str,
}

const WELL: Plays = Plays { timers: 0, status: "200 OK" };

/// A server and its inspector, which play until the test ends.
struct Played {
    server: SocketAddr,
    inspector: SocketAddr,
}

fn played(plays: Plays) -> Played {
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (server, inspector) = (listen(), listen());
    let played =
        Played { server: server.local_addr().unwrap(), inspector: inspector.local_addr().unwrap() };
    let port = played.server.port();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            std::thread::spawn(move || answer(stream.unwrap(), plays));
        }
    });
    std::thread::spawn(move || {
        let taken = Arc::new(AtomicU64::new(0));
        for stream in inspector.incoming() {
            // A client that only looks whether somebody is there.
            let Ok(mut socket) = accept(stream.unwrap()) else { continue };
            while let Ok(Message::Text(text)) = socket.read() {
                obey(&mut socket, &serde_json::from_str(&text).unwrap(), plays, port, &taken);
            }
        }
    });
    played
}

fn answer(mut stream: TcpStream, plays: Plays) {
    while stream.read(&mut [0; 4096]).is_ok_and(|bytes| bytes > 0) {
        let head = format!("HTTP/1.1 {}\r\nContent-Length: 2\r\n\r\nok", plays.status);
        if stream.write_all(head.as_bytes()).is_err() {
            return;
        }
    }
}

fn obey(
    socket: &mut WebSocket<TcpStream>,
    command: &Value,
    plays: Plays,
    port: u16,
    taken: &AtomicU64,
) {
    let mut send = |message: Value| drop(socket.send(Message::text(message.to_string())));
    let value = |value: Value| json!({ "result": { "value": value } });
    let params = &command["params"];
    let result = match command["method"].as_str().unwrap() {
        "Runtime.evaluate" => match params["expression"].as_str().unwrap() {
            ask if ask.contains("memoryUsage") => value(
                json!({ "heap": 4_000_000, "external": 1000, "rss": 50_000_000, "active": {} }),
            ),
            ask if ask.contains("_getActiveHandles") => {
                value(json!({ "pid": 1, "at": [["127.0.0.1", port]] }))
            }
            ask if ask.contains("getPrototypeOf") => json!({ "result": { "objectId": "1" } }),
            _ => value(json!({ "pid": 0, "used": 1000, "large": 0 })),
        },
        "Runtime.queryObjects" => json!({ "objects": { "objectId": "2" } }),
        "Runtime.callFunctionOn" => {
            let count = plays.timers * taken.load(Relaxed);
            value(json!({ "count": count, "last": 60_000.0 }))
        }
        "HeapProfiler.takeHeapSnapshot" => {
            let chunk = snapshot(taken.fetch_add(1, Relaxed) as usize);
            send(
                json!({ "method": "HeapProfiler.addHeapSnapshotChunk", "params": { "chunk": chunk } }),
            );
            json!({})
        }
        _ => json!({}),
    };
    send(json!({ "id": command["id"], "result": result }));
}

/// A program that says where this inspector is, and does nothing.
fn says(inspector: SocketAddr) -> Vec<String> {
    let script = format!("echo 'Debugger listening on ws://{inspector}/x' >&2; exec sleep 60");
    ["sh", "-c", &script].map(str::to_owned).to_vec()
}

fn run(plays: Plays, options: &[&str]) -> Output {
    let Played { server, inspector } = played(plays);
    let url = format!("http://{server}/item/{{n}}");
    let all = ["run", "--url", &url, "--calls", "40", "--settle", "0s"];
    program().args(all).args(options).arg("-q").arg("--").args(says(inspector)).output().unwrap()
}

#[test]
fn three_snapshots_of_one_connection_are_compared_and_calls_are_counted() {
    let file = scratch("run-three").join("heap.json");
    let output = run(WELL, &["-o", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    assert_eq!(report["calls"], 80);
    assert_eq!(report["identity"]["kind"], "same_process");
    assert_eq!(report["snapshots"]["after"]["path"], "3.heapsnapshot");
    let rounds = report["run"]["rounds"].as_array().unwrap();
    assert_eq!(rounds.len(), 3);
    let calls = |key: &str| rounds.iter().map(|round| round[key].clone()).collect::<Vec<_>>();
    assert_eq!(calls("calls"), [80, 40, 40]);
    assert_eq!(calls("meant_to_fail"), [16, 8, 8]);
    assert_eq!(rounds[2]["heap"], 4_000_000);
    assert!(report["run"].get("unsettled").unwrap().is_null());
}

#[test]
fn what_may_go_by_itself_is_called_no_leak_and_its_gate_is_not_judged() {
    let gate = ["--fail-on", "verdict == leak"];
    assert_eq!(run(WELL, &gate).status.code(), Some(1));
    let file = scratch("run-timers").join("heap.txt");
    let output = format!("text={}", file.display());
    let output = run(Plays { timers: 30, ..WELL }, &[&gate[..], &["-o", &output]].concat());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = std::fs::read_to_string(file).unwrap();
    assert!(said.starts_with("GREW"), "{said}");
    assert!(said.contains("timers more than before the load are not due yet"), "{said}");
    assert!(said.contains("the program did not come to rest after the load"), "{said}");
}

#[test]
fn a_load_that_does_nothing_is_no_proof() {
    let said = complaint(&run(Plays { status: "404 Not Found", ..WELL }, &[]), 2);
    assert!(said.contains("none of 80 calls of") && said.contains("404 Not Found"), "{said}");
}

#[test]
fn nothing_is_started_for_a_gate_that_is_wrong() {
    let folder = scratch("run-wrong");
    let mark = folder.join("started");
    let start = |options: &[&str]| {
        let touch = ["--", "touch", mark.to_str().unwrap()];
        program().args(["run", "-q"]).args(options).args(touch).output().unwrap()
    };
    let url = ["--url", "http://127.0.0.1:1/"];
    let there = folder.join("1.heapsnapshot");
    std::fs::write(&there, "precious").unwrap();
    let new = folder.join("new/snapshots");
    for (options, exit, told) in [
        (&["--fail-on", "verdict = leak"][..], 2, "--fail-on"),
        (&["-o", "/nowhere/heap.json"], 3, "there is no folder of this name"),
        (&["--keep", folder.to_str().unwrap()], 3, "this file is there already"),
        (&["--ready", "["], 2, "[ is no regular expression: unclosed character class\n"),
        (&["--keep", new.to_str().unwrap(), "--ready", "["], 2, "is no regular expression"),
        (&["--aborted", "70", "--failing", "70"], 2, "are more than 100 percent together"),
        (&["--log", "/nowhere/log"], 3, "/nowhere/log: there is no folder of this name"),
        (&["--settle", "soon"], 2, "--settle"),
        (&["--body", "/nowhere/body.json"], 3, "cannot read the body"),
    ] {
        let said = complaint(&start(&[&url, options].concat()), exit);
        assert!(said.contains(told), "{told}: {said}");
    }
    let said = complaint(&start(&[]), 2);
    assert!(said.contains("--url") && said.contains("--load"), "{said}");
    assert!(!mark.exists());
    assert_eq!(std::fs::read(&there).unwrap(), b"precious");
    assert!(!folder.join("new").exists(), "a folder without a snapshot in it");
}

#[test]
fn a_program_without_an_inspector_and_one_that_ends_are_told_apart() {
    let Played { server, .. } = played(WELL);
    let url = format!("http://{server}/");
    let start = |script: &str| {
        let program_ = ["--", "sh", "-c", script];
        program().args(["run", "-q", "--url", &url]).args(program_).output().unwrap()
    };
    let said = complaint(&start("exec sleep 60"), 3);
    assert!(said.contains("has no inspector of V8's"), "{said}");
    let said = complaint(&start("echo no luck; exit 7"), 3);
    assert!(said.contains("sh has ended (exit status: 7)") && said.contains("no luck"), "{said}");
    // Only one of this machine is its own.
    let said =
        complaint(&start("echo 'Debugger listening on ws://192.0.2.1:9229/x'; exec sleep 60"), 3);
    assert!(said.contains("has no inspector of V8's"), "{said}");
}

#[test]
fn help_has_whole_lines() {
    for command in ["run", "watch", "capture"] {
        let help = shown([command, "--help"]);
        let cut = help
            .lines()
            .find(|line| line.ends_with("; ") || line.trim_start().starts_with("in it"));
        assert_eq!(cut, None, "{help}");
    }
}
