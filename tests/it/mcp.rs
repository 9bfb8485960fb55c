//! The server of the Model Context Protocol, spoken to over its standard input and output: what its tools
//! tell, page by page. Real clients speak to it in `tests/live/mcp`.

use crate::drawing::draw_all;
use crate::fixtures::{path, scratch};
use crate::layouts::{GLOBAL, array};
use crate::mcp_client::{AFTER, BEFORE, Client, of_drawings, text_of};
use serde_json::json;

/// So many objects of a class in an array.
fn many(count: usize) -> String {
    format!("{GLOBAL}g -l-> l:Array(32)\n{}", array("l", 0..count, |i| format!("s{i}:Session(90)")))
}

#[test]
fn eight_tools_say_what_they_are_for_and_take_plain_arguments() {
    let mut client = Client::of_fixtures();
    let reply = client.ask("tools/list", json!({}));
    let tools = reply["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    let expected = ["diff", "summary", "show", "retainers", "path", "inside", "list", "strings"];
    assert_eq!(names, expected);
    for tool in tools {
        assert!(tool["description"].as_str().is_some_and(|what| what.len() > 40), "{tool}");
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        let schema = &tool["inputSchema"];
        assert_eq!(
            (&schema["type"], &schema["additionalProperties"]),
            (&json!("object"), &json!(false))
        );
        for (name, argument) in schema["properties"].as_object().unwrap() {
            let kind = argument["type"].as_str().unwrap_or_else(|| panic!("{name}: {argument}"));
            assert!(
                ["string", "integer", "boolean", "array"].contains(&kind),
                "{name}: {argument}"
            );
            assert!(argument["description"].is_string(), "{name}: {argument}");
        }
        // What models cannot take: references, alternatives, null.
        let text = schema.to_string();
        assert!(
            ["$ref", "anyOf", "null", "$defs"].iter().all(|word| !text.contains(word)),
            "{text}"
        );
    }
    // All of it stands in the context of a model for a whole session.
    assert!(reply["result"].to_string().len() < 14_000, "{}", reply["result"].to_string().len());
    client.end();
}

#[test]
fn from_a_comparison_to_the_field_that_explains_it_in_three_calls() {
    let mut client = Client::of_fixtures();
    let diff = client.text("diff", json!({ "before": BEFORE, "after": AFTER }));
    for part in [
        "verdict: LEAK LIKELY",
        "\"sessionManager.sessions\"",
        "next: show with id 52865 (what piles up) and 79939 (one of its entries)",
    ] {
        assert!(diff.contains(part), "{part}: {diff}");
    }
    let shown = client.text("show", json!({ "file": AFTER, "older": BEFORE, "id": 79_939 }));
    assert!(
        shown.contains("\"ToolSession\" @79939") && shown.contains(".\"closed\"  \"true\""),
        "{shown}"
    );
    let ways = client.text("path", json!({ "file": AFTER, "id": 79_939 }));
    assert!(ways.contains("the only way: cutting it frees 432 B"), "{ways}");
    client.end();
}

#[test]
fn every_tool_tells_what_the_command_line_tells() {
    let mut client = Client::of_fixtures();
    for (tool, arguments, told) in [
        ("summary", json!({ "file": AFTER }), "3.1 MB in 41,104 objects"),
        ("retainers", json!({ "file": AFTER, "id": 79_939 }), "\"Map\" @52865"),
        ("inside", json!({ "file": AFTER, "class": "ToolSession" }), "retains 54.4 kB together"),
        ("inside", json!({ "file": AFTER, "id": 52_865 }), "retains 62.5 kB"),
        ("list", json!({ "file": AFTER, "class": "ToolS*" }), "126 objects of 7.1 kB"),
        (
            "list",
            json!({ "file": AFTER, "older": BEFORE, "class": "ToolSession", "age": "new" }),
            "96 objects of 5.4 kB",
        ),
        ("list", json!({ "file": AFTER, "class": "ToolSession", "shape": true }), "126 ×"),
        ("list", json!({ "file": AFTER, "class": "ToolSession", "by": "closed" }), "BY VALUE"),
        ("strings", json!({ "file": AFTER, "glob": "*" }), "STRINGS"),
    ] {
        let text = client.text(tool, arguments);
        assert!(text.contains(told), "{tool}: {text}");
    }
    client.end();
}

#[test]
fn an_answer_is_the_same_as_text_and_as_data_and_no_page_is_larger_than_was_asked_for() {
    for size in ["1000", "4000"] {
        let mut client = Client::start(&path(""), &["--answer-size", size]);
        let mut arguments = json!({ "file": AFTER });
        let mut pages = 0;
        loop {
            let result = client.call("summary", arguments.clone());
            let (text, data) = (text_of(&result), &result["structuredContent"]);
            let lines = data["lines"].as_array().unwrap();
            let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
            assert!(text.starts_with(&lines.join("\n")), "{result}");
            let limit: usize = size.parse().unwrap();
            assert!(text.len() <= limit && data.to_string().len() <= limit + 20, "{result}");
            pages += 1;
            let Some(more) = data["more"].as_str() else { break };
            assert!(text.ends_with(&format!(
                "more: \"{more}\" (give it as more, beside the same arguments, for the rest)"
            )));
            arguments["more"] = more.into();
        }
        assert!(pages > 1, "{pages}");
        client.end();
    }
}

#[test]
fn pages_go_on_over_lines_and_rows_until_everything_is_told_once() {
    let (mut client, drawings) = of_drawings(&[&many(300)], &[]);
    let pages = client.pages("list", json!({ "file": "0.heapsnapshot", "class": "Session" }));
    assert!(pages.len() > 2);
    let told: Vec<&str> = pages
        .iter()
        .flatten()
        .filter_map(|line| Some(line.split_once("\"Session\" @")?.1))
        .collect();
    let mut ids: Vec<u32> =
        told.iter().map(|rest| rest.split(' ').next().unwrap().parse().unwrap()).collect();
    ids.sort_unstable();
    let mut expected: Vec<u32> = (0..300).map(|i| drawings[0].id(&format!("s{i}"))).collect();
    expected.sort_unstable();
    assert_eq!(ids, expected);
    let wrong = client
        .refused("list", json!({ "file": "0.heapsnapshot", "class": "Session", "more": "next" }));
    assert!(wrong.contains("more is the word that ends a page"), "{wrong}");
    client.end();
}

#[test]
fn no_page_ends_with_a_title() {
    let mut client = Client::start(&path(""), &["--answer-size", "1000"]);
    let pages = client.pages("summary", json!({ "file": AFTER }));
    let is_title = |line: &str| line.len() > 3 && !line.contains(char::is_lowercase);
    for page in &pages {
        assert!(!is_title(page.last().unwrap()), "{page:?}");
    }
    assert!(pages.iter().flatten().any(|line| is_title(line)));
    client.end();
}

#[test]
fn an_id_may_be_written_as_answers_write_it() {
    let (mut client, drawings) = of_drawings(&[&many(1)], &[]);
    let id = drawings[0].id("s0");
    for id in [json!(id), json!(f64::from(id)), json!(id.to_string()), json!(format!("@{id}"))] {
        let text =
            client.text("show", json!({ "file": "0.heapsnapshot", "id": id, "older": null }));
        assert!(text.contains("\"Session\" @"), "{text}");
    }
    client.end();
}

#[test]
fn what_is_wrong_with_a_call_is_said_so_that_a_model_can_mend_it() {
    let (mut client, drawings) = of_drawings(&[&many(2)], &[]);
    let file = "0.heapsnapshot";
    let id = drawings[0].id("s1");
    for (tool, arguments, said) in [
        ("show", json!({ "file": file }), "missing field `id`"),
        ("show", json!({ "fil": file, "id": 1 }), "unknown field `fil`, expected one of `file`"),
        (
            "show",
            json!({ "file": file, "id": "first" }),
            "id: a whole number from 0 on belongs here",
        ),
        (
            "show",
            json!({ "file": file, "id": id, "limit": 1.5 }),
            "limit: a whole number from 0 on",
        ),
        ("show", json!({ "file": [file], "id": id }), "file: invalid type: sequence"),
        ("show", json!({ "file": file, "id": id, "more": "0:99" }), "more is behind the end"),
        ("summary", json!({ "file": "." }), "snapshots there, newest first: \"0.heapsnapshot\""),
        ("show", json!({ "file": file, "id": 7_777_777 }), "there is no object @7777777"),
        ("show", json!({ "file": file, "id": format!("{id}0") }), "did you mean @"),
        ("list", json!({ "file": file, "class": "Sesion" }), "did you mean \"Session\"?"),
        (
            "list",
            json!({ "file": file, "class": "S", "where": ["x"] }),
            "where is a list of FIELD=VALUE",
        ),
        ("list", json!({ "file": file, "class": "S", "age": "old" }), "unknown variant `old`"),
        ("inside", json!({ "file": file }), "give either an id or a class"),
        (
            "strings",
            json!({ "file": file, "text": "a", "glob": "b" }),
            "give one of text, glob and regex",
        ),
        ("diff", json!({ "before": file, "after": file, "calls": 0 }), "calls is how often"),
        (
            "list",
            json!({ "file": file, "class": "Session", "age": "new" }),
            "an older snapshot of the same",
        ),
        (
            "summary",
            json!({ "file": "1.heapsnapshot" }),
            "snapshots there, newest first: \"0.heapsnapshot\"",
        ),
    ] {
        let text = client.refused(tool, arguments);
        assert!(text.contains(said), "{said}: {text}");
    }
    let reply = client.ask("tools/call", json!({ "name": "dif", "arguments": {} }));
    assert_eq!(reply["error"]["code"], -32602);
    assert!(
        reply["error"]["message"].as_str().unwrap().contains("there are diff, summary"),
        "{reply}"
    );
    client.end();
}

#[test]
fn a_client_that_asks_for_it_is_told_of_progress_before_the_answer() {
    let mut client = Client::of_fixtures();
    let arguments = json!({ "before": BEFORE, "after": AFTER });
    let ask = json!({ "name": "diff", "arguments": arguments, "_meta": { "progressToken": "p" } });
    let reply = client.ask("tools/call", ask);
    assert_eq!(reply["result"]["isError"], false);
    let steps: Vec<(f64, String)> = std::mem::take(&mut client.heard)
        .iter()
        .map(|told| {
            assert_eq!(told["method"], "notifications/progress");
            let params = &told["params"];
            assert_eq!(params["progressToken"], "p");
            (params["progress"].as_f64().unwrap(), params["message"].as_str().unwrap().to_owned())
        })
        .collect();
    assert!(steps.iter().any(|(_, what)| what == "dominators"), "{steps:?}");
    assert!(steps.windows(2).all(|two| two[0].0 < two[1].0), "{steps:?}");
    // Nobody asked here.
    client.text("summary", json!({ "file": AFTER }));
    assert!(client.heard.is_empty(), "{:?}", client.heard);
    client.end();
}

#[test]
fn a_client_of_2026_07_28_needs_no_handshake() {
    let mut client = Client::silent(&path(""), &[]);
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let found = client.ask("server/discover", json!({ "_meta": meta }));
    let versions = found["result"]["supportedVersions"].to_string();
    assert!(versions.contains("2026-07-28") && versions.contains("2025-11-25"), "{found}");
    let arguments = json!({ "file": AFTER, "id": 79_939 });
    let call = json!({ "name": "show", "arguments": arguments, "_meta": meta });
    let result = client.ask("tools/call", call);
    assert!(text_of(&result["result"]).contains("\"ToolSession\" @79939"), "{result}");
    client.end();
}

#[test]
fn a_prompt_teaches_the_hunt_and_names_the_files() {
    let mut client = Client::of_fixtures();
    let prompts = client.ask("prompts/list", json!({}));
    assert_eq!(prompts["result"]["prompts"][0]["name"], "find-the-leak");
    let files = json!({ "before": BEFORE, "after": "a \"b\"" });
    let prompt = client.ask("prompts/get", json!({ "name": "find-the-leak", "arguments": files }));
    let text = prompt["result"]["messages"][0]["content"]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("\"plain/before.heapsnapshot\", after is \"a \\\"b\\\"\""), "{text}");
    for tool in ["`diff`", "`show`", "`path`", "`list`"] {
        assert!(text.contains(tool), "{text}");
    }
    let missing = client.ask("prompts/get", json!({ "name": "find-the-leak", "arguments": {} }));
    assert_eq!(missing["error"]["message"], "before is needed");
    client.end();
}

#[test]
fn three_snapshots_are_compared_and_calls_are_counted() {
    let dir = scratch("mcp-series");
    for (at, count) in [30, 60, 90].into_iter().enumerate() {
        let text = many(count);
        let drawing = draw_all(&[&text]).remove(0);
        std::fs::write(dir.join(format!("{at}.heapsnapshot")), drawing.bytes()).unwrap();
    }
    let mut client = Client::start(&dir, &[]);
    let text = client.text(
        "diff",
        json!({
            "before": "0.heapsnapshot", "after": "2.heapsnapshot",
            "between": ["1.heapsnapshot"], "calls": 60,
        }),
    );
    assert!(text.contains("30 → 60 → 90") || text.contains("entries 30"), "{text}");
    client.end();
}
