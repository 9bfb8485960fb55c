//! The client that loads servers of the Model Context Protocol, against servers that a test plays. Real ones
//! are in `tests/live/run`.

use crate::played::{Asked, Plays, Server};
use heapdiff::Cancel;
use heapdiff::soak::Tally;
use heapdiff::soak::mcp::{Amount, Leaving, Mcp, Place, Wanted};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};

/// Four sessions of three calls.
const AMOUNT: Amount = Amount { sessions: 4, calls: 3, first: 10, at_once: 2 };

fn wanted() -> Wanted {
    let arguments = Some(json!({ "query": "item {n}", "deep": [{ "also": "{n}{n}" }] }));
    Wanted { tools: vec!["search".into()], arguments, ..Wanted::default() }
}

fn meet(server: &Server, wanted: &Wanted) -> heapdiff::Result<Mcp> {
    Mcp::meet(Place::Url(server.url(), Vec::new()), wanted, &Cancel::default())
}

/// A round, and what was asked in it.
fn round(plays: Plays, leaving: Leaving) -> (Tally, Vec<Asked>) {
    let server = Server::start(plays);
    let mcp = meet(&server, &wanted()).unwrap();
    server.asked();
    let tally = mcp.round(leaving, AMOUNT, &Cancel::default()).unwrap();
    (tally, server.asked())
}

fn count(asked: &[Asked], method: &str) -> usize {
    asked.iter().filter(|asked| asked.method == method).count()
}

#[test]
fn a_closed_session_is_as_clients_have_it_and_ends_with_delete() {
    for plays in [Plays::Events, Plays::Json] {
        let (tally, asked) = round(plays, Leaving::Closed);
        assert_eq!((tally.calls, tally.sessions, tally.meant_to_fail), (12, 4, 0));
        assert!(tally.failed.is_empty(), "{tally:?}");
        for method in ["initialize", "notifications/initialized", "GET", "DELETE"] {
            assert_eq!(count(&asked, method), 4, "{method} of {asked:?}");
        }
        let calls: Vec<&Asked> =
            asked.iter().filter(|asked| asked.method == "tools/call").collect();
        assert!(calls.iter().all(|call| call.session.starts_with("session-")), "{calls:?}");
        assert!(calls.iter().all(|call| call.header("mcp-protocol-version") == "2025-11-25"));
        let mut queries: Vec<&Value> = calls.iter().map(|call| &call.params["arguments"]).collect();
        queries.sort_by_key(|arguments| arguments["query"].as_str());
        let first = json!({ "query": "item 10", "deep": [{ "also": "1010" }] });
        assert_eq!((queries.len(), queries[0]), (12, &first));
        queries.dedup();
        assert_eq!(queries.len(), 12, "each call has arguments of its own");
    }
}

#[test]
fn a_dropped_session_is_not_ended_and_keeps_no_connection() {
    let server = Server::start(Plays::Events);
    let mcp = meet(&server, &wanted()).unwrap();
    server.asked();
    let tally = mcp.round(Leaving::Dropped, AMOUNT, &Cancel::default()).unwrap();
    let asked = server.asked();
    assert_eq!((tally.calls, count(&asked, "DELETE"), count(&asked, "GET")), (12, 0, 4));
    assert!(server.is_left_alone(), "connections stay open");
}

#[test]
fn calls_of_a_stale_session_have_its_id_or_none_that_was_given_and_open_no_other() {
    let (tally, asked) = round(Plays::Events, Leaving::Stale);
    assert_eq!((tally.calls, tally.meant_to_fail, tally.went_well), (12, 12, 0));
    assert_eq!((count(&asked, "initialize"), count(&asked, "DELETE")), (4, 4));
    let ended: Vec<&str> = asked
        .iter()
        .filter(|asked| asked.method == "DELETE")
        .map(|asked| &*asked.session)
        .collect();
    let calls = asked.iter().filter(|asked| asked.method == "tools/call");
    let (own, other): (Vec<&Asked>, Vec<&Asked>) =
        calls.partition(|call| ended.contains(&&*call.session));
    assert!(!own.is_empty() && !other.is_empty());
    assert!(other.iter().all(|call| call.session.starts_with("no-such-session")), "{other:?}");
}

#[test]
fn a_cancelled_call_is_named_to_the_server_or_loses_its_connection() {
    let (tally, asked) = round(Plays::Slow, Leaving::Cancelled);
    assert_eq!((tally.calls, tally.meant_to_fail, tally.went_well), (12, 12, 0));
    let cancelled: Vec<&Asked> =
        asked.iter().filter(|asked| asked.method == "notifications/cancelled").collect();
    assert_eq!(cancelled.len(), 6, "of every other call: {asked:?}");
    for of in cancelled {
        let is_its =
            |call: &&Asked| call.session == of.session && call.id == of.params["requestId"];
        assert_eq!(
            asked.iter().filter(|asked| asked.method == "tools/call").filter(is_its).count(),
            1
        );
    }
    assert_eq!(count(&asked, "DELETE"), 4);
    // What answers at once cannot be broken off, and that is told.
    let (tally, _) = round(Plays::Events, Leaving::Cancelled);
    assert!(tally.went_well > 0, "{tally:?}");
}

#[test]
fn invalid_calls_are_of_tools_that_are_not_there_or_have_arguments_that_are_wrong() {
    let server = Server::start(Plays::Events);
    let failing = Some(json!({ "query": "bad {n}" }));
    let mcp = meet(&server, &Wanted { failing, ..wanted() }).unwrap();
    server.asked();
    let tally = mcp.round(Leaving::Invalid, AMOUNT, &Cancel::default()).unwrap();
    let asked = server.asked();
    let calls: Vec<&Asked> = asked.iter().filter(|asked| asked.method == "tools/call").collect();
    assert_eq!((calls.len(), tally.meant_to_fail), (12, 12));
    let has =
        |what: &dyn Fn(&Value) -> bool| calls.iter().filter(|call| what(&call.params)).count();
    assert_eq!(has(&|params| params["name"] != "search"), 4);
    let is_bad = |params: &Value| {
        params["arguments"]["query"].as_str().is_some_and(|q| q.starts_with("bad "))
    };
    assert_eq!(has(&is_bad), 4);
    let is_wrong =
        |params: &Value| params["name"] == "search" && !params["arguments"]["query"].is_string();
    assert_eq!(has(&is_wrong), 4);
    assert_eq!(count(&asked, "DELETE"), 4);
}

#[test]
fn the_version_without_sessions_has_its_headers_and_no_ways_to_leave_one() {
    let server = Server::start(Plays::WithoutSessions);
    let arguments = Some(json!({ "query": "item {n}", "place": "é" }));
    let mcp = meet(&server, &Wanted { arguments, ..wanted() }).unwrap();
    assert_eq!((&*mcp.version, &*mcp.name), ("2026-07-28", "played"));
    let told: Vec<(&str, bool)> =
        mcp.ways.iter().map(|(way, why_not)| (way.name(), why_not.is_none())).collect();
    let can = ["answered", "cancelled", "invalid"];
    assert!(told.iter().all(|(way, can_be)| can.contains(way) == *can_be), "{told:?}");
    server.asked();
    let tally = mcp.round(Leaving::Answered, AMOUNT, &Cancel::default()).unwrap();
    assert_eq!((tally.calls, tally.sessions, tally.failed.len()), (12, 0, 0));
    let asked = server.asked();
    assert_eq!((count(&asked, "subscriptions/listen"), count(&asked, "initialize")), (4, 0));
    for call in asked.iter().filter(|asked| asked.method == "tools/call") {
        assert_eq!((call.header("mcp-method"), call.header("mcp-name")), ("tools/call", "search"));
        assert_eq!(call.header("mcp-protocol-version"), "2026-07-28");
        assert_eq!(call.header("mcp-param-place"), "=?base64?w6k=?=");
        let meta = &call.params["_meta"]["io.modelcontextprotocol/protocolVersion"];
        assert_eq!(meta, "2026-07-28");
        assert!(call.session.is_empty());
    }
    let error = mcp.round(Leaving::Dropped, AMOUNT, &Cancel::default()).unwrap_err();
    assert!(
        error.to_string().contains("version 2026-07-28 of the protocol has no sessions"),
        "{error}"
    );
}

#[test]
fn a_server_may_ask_in_between_and_is_answered() {
    let (tally, asked) = round(Plays::Asks, Leaving::Closed);
    assert!(tally.failed.is_empty(), "{tally:?}");
    let replies: Vec<&Asked> = asked.iter().filter(|asked| asked.method.is_empty()).collect();
    assert_eq!(replies.len(), 12, "{asked:?}");
}

#[test]
fn what_is_no_server_of_mcp_is_told_so_in_one_line() {
    for (plays, told) in [
        (Plays::Html, "answers with 200 and no message of MCP: <p>It works!"),
        (Plays::NotFound, "answers with 404 and no message of MCP"),
        (Plays::Elsewhere, "answers with 302"),
        (Plays::HangsUp, "the connection was closed before the answer"),
        (Plays::NoHttp, "the answer is no HTTP"),
        (Plays::EndlessHead, "the head of the answer has no end"),
        (Plays::EndlessBody, "the answer is longer than 16 MiB"),
        (Plays::Escapes, "error -1: \\u{1b}]0;x"),
    ] {
        let server = Server::start(plays);
        let Err(error) = meet(&server, &wanted()) else { panic!("{told}") };
        assert_eq!(error.kind(), heapdiff::ErrorKind::Usage);
        let said = error.to_string();
        assert!(said.contains(told) && said.contains("is no server of MCP"), "{said}");
        assert!(said.len() < 500 && !said.contains(['\n', '\u{1b}']), "{said}");
    }
    let nobody = Place::Url("http://127.0.0.1:1/mcp".into(), Vec::new());
    let Err(error) = Mcp::meet(nobody, &wanted(), &Cancel::default()) else { panic!() };
    assert_eq!(error.kind(), heapdiff::ErrorKind::Io);
    for url in ["https://127.0.0.1/mcp", "127.0.0.1:80/mcp", "http://", "http://u:p@host/"] {
        let place = Place::Url(url.into(), Vec::new());
        let Err(error) = Mcp::meet(place, &wanted(), &Cancel::default()) else { panic!("{url}") };
        assert_eq!(error.kind(), heapdiff::ErrorKind::Usage, "{error}");
    }
}

#[test]
fn a_load_of_which_nothing_goes_well_is_none() {
    let server = Server::start(Plays::Fails);
    let mcp = meet(&server, &wanted()).unwrap();
    let error = mcp.round(Leaving::Closed, AMOUNT, &Cancel::default()).unwrap_err();
    assert_eq!(error.kind(), heapdiff::ErrorKind::Usage);
    let said = error.to_string();
    assert!(said.contains("every call to the server fails: the tool fails: no index"), "{said}");
}

#[test]
fn a_tool_that_is_not_there_is_told_with_those_that_are() {
    let server = Server::start(Plays::Events);
    for tools in [vec![], vec!["find".to_owned()]] {
        let Err(error) = meet(&server, &Wanted { tools, ..Wanted::default() }) else { panic!() };
        assert!(error.hint().unwrap().to_string().contains("it has search, status"), "{error}");
    }
}

#[test]
fn nobody_waits_for_a_load_that_is_cancelled() {
    let server = Server::start(Plays::Slow);
    let mcp = meet(&server, &wanted()).unwrap();
    let cancel = Cancel::default();
    let begun = std::time::Instant::now();
    let error = std::thread::scope(|scope| {
        let load = scope.spawn(|| mcp.round(Leaving::Closed, AMOUNT, &cancel));
        std::thread::sleep(std::time::Duration::from_millis(100));
        cancel.cancel();
        load.join().unwrap().unwrap_err()
    });
    assert_eq!(error.kind(), heapdiff::ErrorKind::Cancelled);
    assert!(begun.elapsed().as_secs() < 5);
}

/// A server on standard streams that answers as it likes, and says first what is no message.
fn on_streams(answers: bool) -> Place {
    let (reads, input) = std::io::pipe().unwrap();
    let (output, mut writes) = std::io::pipe().unwrap();
    std::thread::spawn(move || {
        writes.write_all(b"Server is running!\n").unwrap();
        for line in BufReader::new(reads).lines() {
            let message: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let result = match message["method"].as_str() {
                _ if !answers => return,
                Some("initialize") => {
                    json!({ "protocolVersion": "2025-06-18", "serverInfo": { "name": "pipes" } })
                }
                Some("tools/list") => json!({ "tools": [{ "name": "search", "inputSchema": {} }] }),
                Some("tools/call") => json!({ "content": [] }),
                _ => continue,
            };
            let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "result": result });
            if writeln!(writes, "{answer}").is_err() {
                return;
            }
        }
    });
    Place::Stdio(Box::new(input), Box::new(output))
}

#[test]
fn standard_streams_are_one_session() {
    let mcp = Mcp::meet(on_streams(true), &wanted(), &Cancel::default()).unwrap();
    assert_eq!((&*mcp.name, &*mcp.version), ("pipes", "2025-06-18"));
    let tally = mcp.round(Leaving::Answered, AMOUNT, &Cancel::default()).unwrap();
    assert_eq!((tally.calls, tally.sessions, tally.failed.len()), (12, 0, 0));
    for leaving in [Leaving::Closed, Leaving::Dropped, Leaving::Stale] {
        let error = mcp.round(leaving, AMOUNT, &Cancel::default()).unwrap_err();
        assert!(error.to_string().contains("standard streams are one session"), "{error}");
    }
    let Err(error) = Mcp::meet(on_streams(false), &wanted(), &Cancel::default()) else { panic!() };
    let said = error.to_string();
    assert!(said.contains("has closed its output (it wrote: Server is running!)"), "{said}");
}
