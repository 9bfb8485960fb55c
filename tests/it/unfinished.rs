//! What piles up in, what was begun and never finished out: requests that wait for answers, connections that
//! were never closed. Each drawing that has it stands beside one that nearly has.

use crate::cli::{files, shown};
use crate::layouts::{GLOBAL, array, call, closure, list, map, map_from_numbers, script, told};
use serde_json::Value;

/// Scripts of the program and of a library.
fn scripts() -> String {
    format!(
        "{GLOBAL}g -main-> main\n{}{}{}",
        closure("main", "main", "none", "7:1:2"),
        script(7, "/app/server.mjs"),
        script(8, "/app/node_modules/rpc/index.js"),
    )
}

fn heaps(draw: &dyn Fn(usize) -> String) -> [String; 2] {
    [3, 103].map(|n| scripts() + &draw(n))
}

/// What is said of the first finding, from 3 entries to 103.
fn unfinished(test: &str, draw: &dyn Fn(usize) -> String) -> Value {
    let [before, after] = heaps(draw);
    let report = told(&format!("unfinished-{test}"), &before, &after);
    list(&report, "findings")[0]["unfinished"].clone()
}

/// A function of the engine that settles a promise.
fn settler(handle: &str) -> String {
    format!(
        "{handle}:(closure)\"\"(64) -(context)-> {handle}_context:\"system / Context\"(40)
         {handle}_context -{{1}}-> {handle}_promise:Promise(48)\n"
    )
}

/// A function that gets the answer, and settles a promise by what is called so.
fn handler(i: usize, resolve: &str) -> String {
    closure(&format!("h{i}"), "", &format!("c{i}"), "8:20:4")
        + &settler(&format!("r{i}"))
        + &format!("c{i} -<{resolve}>-> r{i}\nc{i} -<options>-> {}\n", call(i))
}

/// A client of the library with a Map of so many requests.
fn client(n: usize, transport: &str, handler: &dyn Fn(usize) -> String) -> String {
    let handlers: String = (0..n).map(handler).collect();
    let table = map_from_numbers("m", 0..n, |i| format!("h{i}"));
    format!("g -rpc-> k:Client(40)@8:2:4 {transport}\nk -p-> m:Map(32)\n{table}{handlers}")
}

const TRANSPORT: &str = "-_transport-> t:Pipe(40)";

#[test]
fn requests_whose_answers_do_not_come_are_unfinished() {
    for (test, resolve) in [("waiting", "resolve"), ("minified", "e")] {
        let draw = |n| client(n, TRANSPORT, &|i| handler(i, resolve));
        assert_eq!(unfinished(test, &draw), "request", "{test}");
    }
    for (test, transport) in [("socket", "-ws-> t:Thing(40)"), ("handle", "-h-> t:TCP(40)")] {
        let draw = |n| client(n, transport, &|i| handler(i, "resolve"));
        assert_eq!(unfinished(test, &draw), "request", "{test}");
    }
    let [before, after] = heaps(&|n| client(n, TRANSPORT, &|i| handler(i, "resolve")));
    let pair = files("unfinished-text", &before, &after);
    let text = shown([&pair.before, &pair.after]);
    assert!(text.contains("These requests were never answered: give each a timeout"), "{text}");
}

#[test]
fn what_settles_nothing_or_is_sent_nowhere_is_no_request() {
    let draw = |n| client(n, "-options-> t:Thing(40)", &|i| handler(i, "resolve"));
    assert_eq!(unfinished("nowhere", &draw), Value::Null, "no transport");
    // What it was is undefined now.
    let closed = "-_transport-> u:(hidden)\"system / Oddball\"(24)";
    let draw = |n| client(n, closed, &|i| handler(i, "resolve"));
    assert_eq!(unfinished("closed", &draw), Value::Null, "a transport that is gone");
    let listener = |i: usize| {
        closure(&format!("h{i}"), "", &format!("c{i}"), "8:20:4")
            + &format!("c{i} -<options>-> {}\n", call(i))
    };
    let draw = |n| client(n, TRANSPORT, &listener);
    assert_eq!(unfinished("settled", &draw), Value::Null, "functions that settle nothing");
    let row = |i: usize| format!("h{i}:Row(100)\n");
    let draw = |n| client(n, TRANSPORT, &row);
    assert_eq!(unfinished("rows", &draw), Value::Null, "no functions");
}

#[test]
fn requests_are_told_in_whatever_they_are_kept() {
    // Variables of a function, and literals with two functions.
    let literals = |n: usize| {
        let entry = |i: usize| {
            format!(
                "e{i}:\"{{resolve, reject}}\"(100) -resolve-> r{i}\n{}",
                settler(&format!("r{i}"))
            )
        };
        let entries: String = (0..n).map(entry).collect();
        let table = map_from_numbers("m", 0..n, |i| format!("e{i}"));
        format!(
            "g -send-> f\n{}c -<messageWriter>-> w:Writer(40)\nc -<waiting>-> m:Map(32)\n{table}{entries}",
            closure("f", "send", "c", "8:30:4")
        )
    };
    assert_eq!(unfinished("literals", &literals), "request");
    // An Array of pairs.
    let pairs = |n: usize| {
        let entry = |i: usize| {
            array(&format!("e{i}"), 0..1, |_| format!("r{i}")) + &settler(&format!("r{i}"))
        };
        let entries: String = (0..n).map(entry).collect();
        let queue = array("a", 0..n, |i| format!("e{i}:Array(100)"));
        format!("g -rpc-> k:Client(40)@8:2:4 {TRANSPORT}\nk -queue-> a:Array(32)\n{queue}{entries}")
    };
    assert_eq!(unfinished("pairs", &pairs), "request");
    // What is worked on can be called off.
    let works = |n| client(n, TRANSPORT, &|i| format!("h{i}:AbortController(100)\n"));
    assert_eq!(unfinished("works", &works), "request");
}

#[test]
fn what_is_kept_beside_waiting_requests_is_theirs() {
    let progress = |n: usize, waiting: usize| {
        let on_progress = |i: usize| {
            closure(&format!("p{i}"), "", &format!("q{i}"), "7:9:4")
                + &format!("q{i} -<call>-> s{i}:Progress(400)\n")
        };
        let all: String = (0..n).map(on_progress).collect();
        let table = map_from_numbers("b", 0..n, |i| format!("p{i}"));
        let client = client(waiting, TRANSPORT, &|i| handler(i, "resolve"));
        format!("{client}k -progress-> b:Map(32)\n{table}{all}")
    };
    assert_eq!(unfinished("beside", &|n| progress(n, n)), "request");
    assert_eq!(unfinished("beside-few", &|n| progress(n, 1)), Value::Null);
}

/// A session with a client that answers by name, whose transport tells it of messages if it is connected.
fn session(i: usize, connected: bool) -> String {
    let ping = closure(&format!("ping{i}"), "ping", &format!("pc{i}"), "8:40:4");
    let handlers = map(&format!("by{i}"), 0..1, |_| format!("ping{i}"));
    let transport = format!(
        "k{i} -_transport-> t{i}:Transport(40)@8:9:4 -onmessage-> on{i}\n{}oc{i} -<this>-> k{i}\n",
        closure(&format!("on{i}"), "", &format!("oc{i}"), "8:50:4")
    );
    format!(
        "e{i}:Session(100)@7:5:4 -client-> k{i}:Client(40)@8:2:4 -_handlers-> by{i}:Map(32)\n{handlers}{ping}{}",
        if connected { transport } else { String::new() }
    )
}

fn registry(n: usize, entry: &dyn Fn(usize) -> String) -> String {
    let entries: String = (0..n).map(entry).collect();
    format!(
        "g -app-> app:App(24)@7:3:4 -users-> m:Map(32)\n{}{entries}",
        map("m", 0..n, |i| format!("e{i}"))
    )
}

#[test]
fn connections_that_were_never_closed_are_unfinished() {
    let draw = |n| registry(n, &|i| session(i, true));
    assert_eq!(unfinished("open", &draw), "connection");
    let draw = |n| registry(n, &|i| session(i, false));
    assert_eq!(unfinished("left", &draw), Value::Null, "closed, and kept all the same");
}

#[test]
fn one_connection_that_all_share_is_not_theirs_to_close() {
    let shared = |n: usize| {
        let one = session(0, true).replace("e0:Session", "one:Session");
        let entry = |i: usize| format!("e{i}:Session(100)@7:5:4 -client-> k0\n");
        one + &registry(n, &entry)
    };
    assert_eq!(unfinished("shared", &shared), Value::Null);
}
