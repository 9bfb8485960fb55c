//! What kind of leak it is, told by classes, names and what weighs: for each pattern a drawing that
//! has it, and one that nearly has.

use crate::layouts::{GLOBAL, array, call, closure, list, map, script, set, told};
use serde_json::Value;

const PROGRAM: &str = "/app/server.mjs";

/// Before and after, from 3 entries to 103.
fn report(test: &str, draw: impl Fn(usize) -> String) -> Value {
    let [before, after] = [3, 103].map(|n| format!("{GLOBAL}{}", draw(n)));
    told(&format!("pattern-{test}"), &before, &after)
}

/// The pattern of the first finding.
#[track_caller]
pub fn pattern(test: &str, draw: impl Fn(usize) -> String) -> String {
    let report = report(test, draw);
    let findings = list(&report, "findings");
    assert_eq!(findings.len(), 1, "one leak, one finding: {findings:?} {}", report["verdict"]);
    findings[0]["pattern"].as_str().unwrap().to_owned()
}

/// An Array `g.open` of objects, and a function that names the file of script 7.
fn open(n: usize, file: &str, entry: impl Fn(usize) -> String) -> String {
    let function = closure("f", "main", "c", "7:1:2") + &script(7, file);
    format!("g -main-> f\n{function}g -open-> a:Array(32)\n{}", array("a", 0..n, entry))
}

/// A Map `g.app.NAME` of so many objects of a class.
fn map_named(n: usize, name: &str, class: &str) -> String {
    let entries = map("m", 0..n, |i| format!("s{i}:{class}(100)"));
    format!("g -app-> app:App(24) -\"{name}\"-> m:Map(32)\n{entries}")
}

#[test]
fn responses_that_were_never_read_are_stream_socket() {
    let runtime =
        |n| open(n, "node:_http_incoming", |i| format!("s{i}:IncomingMessage(100)@7:3:4"));
    assert_eq!(pattern("stream", runtime), "stream-socket");
    let nowhere = |n| open(n, PROGRAM, |i| format!("s{i}:ServerResponse(100)"));
    assert_eq!(pattern("stream-nowhere", nowhere), "stream-socket");
}

#[test]
fn a_class_of_the_program_that_is_called_transform_is_no_stream() {
    for class in ["Transform", "Response", "Socket"] {
        let own = |n| open(n, PROGRAM, |i| format!("s{i}:{class}(100)@7:3:4"));
        assert_ne!(pattern("no-stream", own), "stream-socket", "{class}");
    }
    let own = |n| open(n, PROGRAM, |i| format!("s{i}:Transform(100)@7:3:4"));
    assert_eq!(pattern("no-transform", own), "unbounded-array");
}

#[test]
fn what_has_the_state_of_a_stream_is_one_whatever_its_class() {
    for state in ["_readableState", "_writableState"] {
        let draw =
            |n| open(n, PROGRAM, |i| format!("s{i}:Upload(100)@7:3:4 -{state}-> z{i}:State(40)"));
        assert_eq!(pattern("state", draw), "stream-socket", "{state}");
    }
    let draw = |n| open(n, PROGRAM, |i| format!("s{i}:Upload(100)@7:3:4 -_state-> z{i}:State(40)"));
    assert_eq!(pattern("no-state", draw), "unbounded-array");
}

#[test]
fn what_a_library_has_around_a_socket_is_a_stream_and_what_the_program_has_is_not() {
    let held = |n: usize, file: &str, class: &str| {
        open(n, file, |i| format!("s{i}:Wire(100)@7:3:4 -io-> io{i}:{class}(20)"))
    };
    let library = "/app/node_modules/wire/index.js";
    assert_eq!(pattern("wire", |n| held(n, library, "TCP")), "stream-socket");
    assert_eq!(pattern("own-wire", |n| held(n, PROGRAM, "TCP")), "unbounded-array");
    assert_eq!(pattern("no-wire", |n| held(n, library, "Topic")), "unbounded-array");
}

#[test]
fn slices_of_a_long_text_are_string_parent() {
    let sliced = |i: usize| {
        format!("s{i}:(sliced string)\"id {i}\"(32) -(parent)-> p{i}:(string)\"page {i}\"(900)")
    };
    let flat = |i: usize| format!("s{i}:(string)\"id {i}\"(932)");
    let draw = |n: usize, text: &dyn Fn(usize) -> String| {
        format!("g -ids-> m:Set(32)\n{}", set("m", 0..n, text))
    };
    assert_eq!(pattern("slices", |n| draw(n, &sliced)), "string-parent");
    assert_eq!(pattern("flat", |n| draw(n, &flat)), "unbounded-map-or-set");
}

/// Views of stores of so many bytes.
fn views(n: usize, class: &str, bytes: usize) -> String {
    open(n, PROGRAM, |i| {
        let store = format!("d{i}:(native)\"system / JSArrayBufferData\"({bytes})");
        format!("v{i}:{class}(80) -(buffer)-> b{i}:ArrayBuffer(64) -(backing_store)-> {store}")
    })
}

#[test]
fn views_of_bytes_on_large_stores_are_detached_buffer() {
    for class in ["Buffer", "Uint8Array", "FastBuffer"] {
        assert_eq!(pattern("views", |n| views(n, class, 4096)), "detached-buffer", "{class}");
    }
    assert_eq!(pattern("small-views", |n| views(n, "Buffer", 4095)), "unbounded-array");
    assert_eq!(pattern("numbers", |n| views(n, "Float64Array", 4096)), "unbounded-array");
}

#[test]
fn a_collection_that_is_called_after_sessions_or_clients_is_session_registry() {
    for name in ["sessions", "_clients", "openConnections", "PEERS", "#sockets", "presence"] {
        let draw = |n| map_named(n, name, "Row");
        assert_eq!(pattern("registry", draw), "session-registry", "{name}");
    }
    for name in ["sessionCounts", "orders", "peer"] {
        let draw = |n| map_named(n, name, "Row");
        assert_eq!(pattern("no-registry", draw), "unbounded-map-or-set", "{name}");
    }
}

#[test]
fn a_collection_of_what_is_called_a_session_is_session_registry() {
    for class in ["Session", "ToolSession", "SSEClient", "SessionData", "Peer2", "Sessions"] {
        let draw = |n| map_named(n, "open", class);
        assert_eq!(pattern("registry-class", draw), "session-registry", "{class}");
    }
    // Words, and not letters.
    for class in ["TransportationOrder", "Clientele", "Obsession"] {
        let draw = |n| map_named(n, "open", class);
        assert_eq!(pattern("registry-letters", draw), "unbounded-map-or-set", "{class}");
    }
}

#[test]
fn a_list_of_sessions_is_no_registry() {
    let draw = |n: usize| {
        let links: String =
            (1..n).map(|i| format!("s{i}:Session(100) -next-> s{}\n", i - 1)).collect();
        format!(
            "g -sessions-> log:Log(24) -first-> s{}:Session(100)\ns0:Session(100)\n{links}",
            n - 1
        )
    };
    assert_eq!(pattern("registry-list", draw), "unbounded-array");
}

#[test]
fn a_collection_that_is_called_a_cache_or_a_memo_is_cache() {
    for name in ["cache", "_cache", "rowCache", "cachedRows", "lru", "LRUCache", "memo", "memoized"]
    {
        let draw = |n| map_named(n, name, "Row");
        assert_eq!(pattern("cache", draw), "cache", "{name}");
    }
    let own = |n| map_named(n, "rows", "CacheEntry");
    assert_eq!(pattern("cache-class", own), "cache");
    let array = |n: usize| format!("g -cache-> a:Array(32)\n{}", array("a", 0..n, call));
    assert_eq!(pattern("cache-array", array), "cache");
}

#[test]
fn memory_is_no_memo_and_a_truly_is_no_lru() {
    for name in ["inMemoryStore", "memory", "truly", "memorial", "ache"] {
        let draw = |n| map_named(n, name, "Row");
        assert_eq!(pattern("no-cache", draw), "unbounded-map-or-set", "{name}");
    }
    let store = |n: usize| {
        format!(
            "g -store-> app:InMemorySessionStore(24) -rows-> m:Map(32)\n{}",
            map("m", 0..n, call)
        )
    };
    assert_eq!(pattern("no-cache-class", store), "unbounded-map-or-set");
}

// app.onclose -> onclose() -> context -previous-> onclose() -> ...
fn wrapped(n: usize, captured: &str) -> String {
    let one = |i: usize| {
        let before =
            if i == 0 { String::new() } else { format!("c{i} -<previous>-> f{}\n", i - 1) };
        closure(&format!("f{i}"), "onclose", &format!("c{i}"), "7:11:20")
            + &before
            + &format!("{} {}\n", captured.replace('#', &i.to_string()), call(i))
    };
    let functions: String = (0..n).map(one).collect();
    format!("{}g -app-> app:App(24) -onclose-> f{}\n{functions}", script(7, PROGRAM), n - 1)
}

#[test]
fn callbacks_that_wrap_the_one_before_are_closure_context() {
    assert_eq!(pattern("wrapped", |n| wrapped(n, "c# -<request>->")), "closure-context");
}

#[test]
fn functions_in_an_array_are_entries_of_the_array_whatever_they_capture() {
    let draw = |n: usize| {
        let functions: String = (0..n)
            .map(|i| {
                closure(&format!("f{i}"), "later", &format!("c{i}"), "7:11:20")
                    + &format!("c{i} -<request>-> {}\n", call(i))
            })
            .collect();
        let entries = array("a", 0..n, |i| format!("f{i}"));
        format!("{}g -jobs-> a:Array(32)\n{entries}{functions}", script(7, PROGRAM))
    };
    assert_eq!(pattern("functions", draw), "unbounded-array");
}

#[test]
fn variables_that_were_made_one_after_the_other_are_closure_context() {
    // A context that eval() adds to.
    let draw = |n: usize| {
        let variables: String = (0..n).map(|i| format!("c -<v{i}>-> {}\n", call(i))).collect();
        format!(
            "g -f-> f\n{}{}{variables}",
            closure("f", "run", "c", "7:11:20"),
            script(7, PROGRAM)
        )
    };
    let report = report("variables", draw);
    let kinds: Vec<&Value> = list(&report, "containers").iter().map(|c| &c["kind"]).collect();
    assert_eq!(kinds, ["context"]);
    assert_eq!(report["findings"][0]["pattern"], "closure-context");
}

/// Before and after, from 2 texts to so many, of two different ones.
fn copies(test: &str, after: usize, text: &str, bytes: usize, other: usize) -> bool {
    let draw = |n: usize| {
        let copy = |i: usize| format!("s{i}:(string)\"{text}{}\"({bytes})", i % 2);
        let rest = if n > 2 { format!("g -rest-> rest:Rest({other})\n") } else { String::new() };
        format!("{GLOBAL}g -log-> m:Set(32)\n{}{rest}", set("m", 0..n, copy))
    };
    let report = told(&format!("copies-{test}"), &draw(2), &draw(after));
    list(&report, "findings").iter().any(|f| f["pattern"] == "duplicate-strings")
}

#[test]
fn new_strings_of_equal_text_are_duplicate_strings_if_they_weigh() {
    // 132 new ones: all but one of each take 130 times as much.
    assert!(copies("enough", 134, "text", 505, 0), "65,650 bytes");
    assert!(!copies("little", 134, "text", 504, 0), "65,520 bytes are less than 64 KiB");
    assert!(copies("share", 134, "text", 505, 1_200_000), "a twentieth of 1.3 MB");
    assert!(!copies("no-share", 134, "text", 505, 1_300_000));
}

#[test]
fn strings_that_the_file_cuts_short_are_not_taken_for_equal() {
    assert!(copies("long", 134, &"x".repeat(1022), 900, 0));
    assert!(!copies("cut", 134, &"x".repeat(1023), 900, 0));
}
