//! Snapshots over an inspector: one that a test plays, through the front door. Real processes are in
//! `tests/live/capture`.

use crate::cli::{complaint, program};
use crate::fixtures::{path, scratch};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use tungstenite::{Message, WebSocket, accept};

const PLAIN: &str = "plain/before.heapsnapshot";
/// What the heaps of worker threads are.
const WORKERS: &str = "plain/after.heapsnapshot";
/// What Node.js sends at once is larger; several chunks are what matters.
const CHUNK: usize = 300_000;

/// Whether one was asked for a snapshot, and waits.
static WAITS: AtomicBool = AtomicBool::new(false);

/// How an inspector behaves.
#[derive(Clone, Copy, PartialEq)]
pub enum Plays {
    /// As a host that has no worker threads.
    Well,
    /// As Node.js with two worker threads.
    HasWorkers,
    /// The first of them ends behind the first chunk.
    LosesOne,
    /// It says nothing any more.
    Waits,
    /// It dies behind the first chunk.
    Dies,
    /// It says that everything was sent, and it was not.
    SendsHalf,
    /// It sends nothing.
    SendsNothing,
    /// It refuses.
    Refuses,
    /// It sends what is no JSON.
    Babbles,
    /// Its heap is larger than any machine.
    IsHuge,
}

/// An inspector that plays for one client, at this address.
pub fn inspector(plays: Plays) -> SocketAddr {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            serve(stream.unwrap(), address, plays);
        }
    });
    address
}

fn serve(mut stream: TcpStream, address: SocketAddr, plays: Plays) {
    let mut head = [0; 14];
    let is_list = stream.peek(&mut head).is_ok() && head.starts_with(b"GET /json/list");
    if is_list {
        let _ = stream.read(&mut [0; 4096]);
        let list = json!([{ "type": "node", "title": "app",
            "webSocketDebuggerUrl": format!("ws://{address}/the-socket") }]);
        return answer(&mut stream, "application/json", &list.to_string());
    }
    // A client that goes away early is one of the tests.
    let Ok(mut socket) = accept(stream) else { return };
    while let Ok(Message::Text(text)) = socket.read() {
        let command = serde_json::from_str(&text).unwrap();
        if !receive(&mut socket, &command, plays) {
            return;
        }
    }
}

/// Whether it goes on.
fn receive(socket: &mut WebSocket<TcpStream>, command: &Value, plays: Plays) -> bool {
    let mut send = |message: Value| socket.send(Message::text(message.to_string())).is_ok();
    let has_workers = matches!(plays, Plays::HasWorkers | Plays::LosesOne);
    let (id, params) = (&command["id"], &command["params"]);
    match command["method"].as_str().unwrap() {
        "NodeWorker.enable" if has_workers => {
            for (session, title) in [("a", "[worker 7] one \u{1b}[31m"), ("b", "[worker 2]")] {
                send(json!({ "method": "NodeWorker.attachedToWorker", "params": {
                    "sessionId": session, "waitingForDebugger": false, "workerInfo": {
                        "workerId": "1", "type": "worker", "title": title, "url": "" } } }));
            }
            send(json!({ "id": id, "result": {} }))
        }
        "NodeWorker.enable" => send(json!({ "id": id,
            "error": { "code": -32601, "message": "'NodeWorker.enable' wasn't found" } })),
        "NodeWorker.sendMessageToWorker" => {
            send(json!({ "id": id, "result": {} }));
            let session = &params["sessionId"];
            let inner = serde_json::from_str(params["message"].as_str().unwrap()).unwrap();
            let mut chunks = 0;
            let mut wrap = |message: Value| {
                chunks += u32::from(message["method"] == "HeapProfiler.addHeapSnapshotChunk");
                let of = json!({ "sessionId": session, "message": message.to_string() });
                match plays == Plays::LosesOne && session == "b" && chunks > 0 {
                    true => {
                        send(json!({ "method": "NodeWorker.detachedFromWorker", "params": of }))
                    }
                    false => send(
                        json!({ "method": "NodeWorker.receivedMessageFromWorker", "params": of }),
                    ),
                }
            };
            obey(&mut wrap, &inner, plays, WORKERS)
        }
        _ => obey(&mut send, command, plays, PLAIN),
    }
}

fn answer(stream: &mut TcpStream, kind: &str, body: &str) {
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all((head + body).as_bytes()).unwrap();
}

/// Whether it goes on.
fn obey(send: &mut dyn FnMut(Value) -> bool, command: &Value, plays: Plays, heap: &str) -> bool {
    let result = match command["method"].as_str().unwrap() {
        "Runtime.evaluate" => {
            let used = if plays == Plays::IsHuge { 1_u64 << 60 } else { 1000 };
            json!({ "result": { "value": { "used": used, "large": 0, "pid": 4242, "uptime": 60.0,
                "runtime": "node v24.1.0", "v8": "13.6", "arguments": ["a.js", "--api-key=hunter2hunter2"],
                "memory": { "rss": 90, "heapTotal": 50, "heapUsed": 40, "external": 3, "arrayBuffers": 2 },
                "heap_limit": 4000 } } })
        }
        "HeapProfiler.takeHeapSnapshot" => {
            let bytes = std::fs::read_to_string(path(heap)).unwrap();
            let whole = match plays {
                Plays::SendsHalf => &bytes[..bytes.len() / 2],
                Plays::SendsNothing => "",
                Plays::Waits => {
                    WAITS.store(true, Relaxed);
                    return true;
                }
                _ => &bytes,
            };
            for at in (0..whole.len()).step_by(CHUNK) {
                let chunk = &whole[at..whole.len().min(at + CHUNK)];
                send(json!({ "method": "HeapProfiler.reportHeapSnapshotProgress",
                    "params": { "done": at, "total": whole.len() } }));
                send(json!({ "method": "HeapProfiler.addHeapSnapshotChunk",
                    "params": { "chunk": chunk } }));
                match plays {
                    Plays::Dies => return false,
                    Plays::Babbles => return send(json!("no message")),
                    _ => {}
                }
            }
            json!({})
        }
        _ => json!({}),
    };
    let id = &command["id"];
    match plays {
        Plays::Refuses => {
            send(json!({ "id": id, "error": { "code": -32601, "message": "'x' wasn't found" } }))
        }
        _ => send(json!({ "id": id, "result": result })),
    }
}

fn capture(target: &str, file: &Path, more: &[&str]) -> Output {
    program().arg("capture").arg(target).arg("-o").arg(file).args(more).output().unwrap()
}

/// Takes one of an inspector, and gives what was said and the file's path.
fn taken(plays: Plays) -> (Output, PathBuf) {
    let dir = scratch(&format!("capture-{}", plays as u8));
    let file = dir.join("a.heapsnapshot");
    (capture(&inspector(plays).to_string(), &file, &[]), file)
}

#[test]
fn a_snapshot_comes_as_the_process_wrote_it_and_is_its_owners_alone() {
    let (output, file) = taken(Plays::Well);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    assert!(std::fs::read(&file).unwrap() == std::fs::read(path(PLAIN)).unwrap());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("a.heapsnapshot: 4.") || said.contains("MB"), "{said}");
    assert!(said.contains("ids hold for one connection only"), "{said}");
}

#[test]
fn what_is_not_whole_leaves_nothing_behind() {
    for (plays, exit, told) in [
        (Plays::Dies, 3, "the connection to the process at 127.0.0.1"),
        (Plays::Babbles, 3, "the process sends what no inspector does"),
        (Plays::SendsHalf, 3, "did not send a whole snapshot: the file ends inside"),
        (Plays::SendsNothing, 3, "the process sent no snapshot"),
        (Plays::Refuses, 3, "refuses HeapProfiler.collectGarbage: 'x' wasn't found"),
        (Plays::IsHuge, 4, "the file may have up to"),
    ] {
        let (output, file) = taken(plays);
        let said = complaint(&output, exit);
        assert!(said.contains(told), "{said}");
        let left: Vec<_> = std::fs::read_dir(file.parent().unwrap()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn worker_threads_are_counted_or_each_taken_into_a_file_of_its_own() {
    let dir = scratch("capture-workers");
    let read = |name: &str| std::fs::read(dir.join(name)).unwrap();
    let target = inspector(Plays::HasWorkers).to_string();
    let output = capture(&target, &dir.join("main.heapsnapshot"), &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("2 worker threads are not in it: --all takes each"), "{said}");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 2);

    let output = capture(&target, &dir.join("all.heapsnapshot"), &["--all"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && !said.contains("not in it"), "{said}");
    assert!(said.contains("all.worker-7.heapsnapshot: 4.0 MB, one \\u{1b}[31m"), "{said}");
    assert!(read("all.heapsnapshot") == std::fs::read(path(PLAIN)).unwrap());
    for number in [2, 7] {
        let name = format!("all.worker-{number}.heapsnapshot");
        assert!(read(&name) == std::fs::read(path(WORKERS)).unwrap());
    }
}

#[test]
fn how_each_snapshot_was_taken_stands_beside_it() {
    let dir = scratch("capture-beside");
    let target = inspector(Plays::HasWorkers).to_string();
    let output = capture(&target, &dir.join("a.heapsnapshot"), &["--all"]);
    assert!(output.status.success(), "{output:?}");
    let read = |name: &str| -> Value {
        let file = dir.join(format!("{name}.heapsnapshot.json"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
    };
    let (main, worker) = (read("a"), read("a.worker-7"));
    assert_eq!(main["bytes"], path(PLAIN).metadata().unwrap().len());
    assert_eq!((&main["pid"], &main["runtime"]), (&json!(4242), &json!("node v24.1.0")));
    assert_eq!(main["arguments"], json!(["a.js", "--api-key=…(14)"]));
    assert_eq!((&main["memory"]["rss"], &main["memory"]["heap_used"]), (&json!(90), &json!(40)));
    assert_eq!((&main["worker"], &worker["worker"]), (&Value::Null, &json!(7)));
    assert_eq!(worker["name"], "one \u{1b}[31m");
    assert_eq!(main["session"], worker["session"]);
    assert_eq!(main["time"].as_str().unwrap().len(), "2026-11-30T00:00:00Z".len());
}

#[test]
fn a_worker_that_ends_meanwhile_is_in_no_file_and_the_others_are() {
    let dir = scratch("capture-worker-ends");
    let target = inspector(Plays::LosesOne).to_string();
    let output = capture(&target, &dir.join("a.heapsnapshot"), &["--all"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("note: worker 2 has ended, and is in no file"), "{said}");
    assert!(dir.join("a.worker-7.heapsnapshot").exists());
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 4);
}

#[test]
fn of_several_files_all_are_written_or_none() {
    let dir = scratch("capture-workers-there");
    std::fs::write(dir.join("a.worker-7.heapsnapshot"), "precious").unwrap();
    let target = inspector(Plays::HasWorkers).to_string();
    let said = complaint(&capture(&target, &dir.join("a.heapsnapshot"), &["--all"]), 3);
    assert!(said.contains("a.worker-7.heapsnapshot: this file is there already"), "{said}");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
}

#[test]
fn a_name_says_whether_the_file_is_packed() {
    let file = scratch("capture-packed").join("a.heapsnapshot.gz");
    let target = inspector(Plays::Well).to_string();
    let output = capture(&target, &file, &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains(" unpacked)"), "{said}");
    assert!(std::fs::read(&file).unwrap().starts_with(&[0x1f, 0x8b]));
    let report = crate::cli::report(&path(PLAIN), &file, &[]);
    assert_eq!(report["snapshots"]["after"]["same_as"], 1);
    let other = file.with_file_name("a.heapsnapshot.zst");
    let said = complaint(&capture(&target, &other, &[]), 2);
    assert!(said.contains("snapshots are not written as .zst"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_capture_that_is_interrupted_ends_and_leaves_nothing_behind() {
    let dir = scratch("capture-interrupted");
    let mut command = program();
    command.args(["capture", &inspector(Plays::Waits).to_string(), "-o"]);
    command.arg(dir.join("a.heapsnapshot")).stderr(std::process::Stdio::piped());
    let running = command.spawn().unwrap();
    while !WAITS.load(Relaxed) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let kill =
        std::process::Command::new("kill").arg("-INT").arg(running.id().to_string()).status();
    assert!(kill.unwrap().success());
    let output = running.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.ends_with("error: interrupted\n"), "{said}");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
}

#[test]
fn who_knows_better_takes_one_where_there_may_be_no_room() {
    let file = scratch("capture-forced").join("a.heapsnapshot");
    let output = capture(&inspector(Plays::IsHuge).to_string(), &file, &["--force"]);
    assert!(output.status.success() && file.exists(), "{output:?}");
}

#[test]
fn a_file_that_is_there_is_kept() {
    let file = scratch("capture-there").join("a.heapsnapshot");
    std::fs::write(&file, "precious").unwrap();
    let said = complaint(&capture(&inspector(Plays::Well).to_string(), &file, &[]), 3);
    assert!(said.contains("this file is there already\nhint: name another"), "{said}");
    assert_eq!(std::fs::read(&file).unwrap(), b"precious");
}

#[test]
fn a_snapshot_goes_into_a_file_of_a_folder_that_is_there() {
    let dir = scratch("capture-nowhere");
    let target = inspector(Plays::Well).to_string();
    let said = complaint(&capture(&target, &dir.join("no/a.heapsnapshot"), &[]), 3);
    let told = "a.heapsnapshot: there is no folder of this name\nhint: make the folder first";
    assert!(said.contains(told), "{said}");
    let mut command = program();
    command.args(["capture", &target, "-o", "-"]).current_dir(&dir);
    let said = complaint(&command.output().unwrap(), 2);
    assert!(said.contains("-o -: a snapshot is written to a file"), "{said}");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
}

#[test]
fn a_target_is_a_process_or_an_inspector_of_this_machine() {
    let file = scratch("capture-target").join("a.heapsnapshot");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (target, exit, told) in [
        ("server", 2, "server is no process and no inspector"),
        ("localhost:http", 2, "is no process and no inspector"),
        ("wss://127.0.0.1:1/x", 2, "is no process and no inspector"),
        ("ws://127.0.0.1:1", 2, "is no process and no inspector"),
        ("192.0.2.1:9229", 2, "is not on this machine"),
        ("ws://[2001:db8::1]:9229/x", 2, "is not on this machine"),
        (&free.to_string(), 3, "no inspector answers at 127.0.0.1"),
        #[cfg(target_os = "linux")]
        ("4294967295", 3, "there is no process 4294967295"),
        #[cfg(target_os = "linux")]
        ("1", 2, "cannot be told to open an inspector"),
    ] {
        let said = complaint(&capture(target, &file, &[]), exit);
        assert!(said.contains(told), "{target}: {said}");
    }
    assert!(!file.exists());
}

/// Says one thing, whatever it is asked.
fn answering(what: &'static str) -> SocketAddr {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(what.as_bytes());
        }
    });
    address
}

#[test]
fn what_answers_and_is_no_inspector_or_has_no_such_path_is_told_so() {
    let file = scratch("capture-html").join("a.heapsnapshot");
    let address = answering("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n<p>It works!");
    let said = complaint(&capture(&address.to_string(), &file, &[]), 3);
    assert!(said.contains("is no inspector of V8's"), "{said}");
    // As Node.js has it.
    let address = answering("HTTP/1.0 400 Bad Request\r\n\r\nWebSockets request was expected\r\n");
    let target = format!("ws://{address}/nope");
    let said = complaint(&capture(&target, &file, &[]), 3);
    let told = format!("has nothing at {target}\nhint: name its port alone, {address}");
    assert!(said.contains(&told), "{said}");
}
