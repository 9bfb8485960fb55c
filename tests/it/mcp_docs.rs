//! docs/mcp.md and the skill are what the server says.

use crate::mcp_client::Client;
use crate::sample::same_as;
use crate::scanning::root;
use serde_json::{Value, json};

const DOC: &str = "docs/mcp.md";
const SKILL: &str = "examples/skills/heapdiff/SKILL.md";

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

#[test]
fn every_call_is_answered_as_it_stands_below() {
    let text = read(DOC);
    let mut client = Client::start(&root(), &[]);
    let mut out = String::new();
    let mut rest = text.as_str();
    let mut calls = 0;
    while let Some(at) = rest.find("\n> ") {
        let (before, call) = rest.split_at(at + 3);
        let (call, after) = call.split_once("\n\n```text\n").unwrap();
        let end = after.find("```").unwrap();
        let (tool, arguments) = call.split_once(' ').unwrap();
        let answer = client.text(tool, serde_json::from_str(arguments).unwrap());
        out += &format!("{before}{call}\n\n```text\n{answer}\n");
        rest = &after[end..];
        calls += 1;
    }
    client.end();
    assert!(calls >= 2);
    same_as(DOC, &(out + rest));
}

#[test]
fn the_page_has_every_tool_and_every_option() {
    let text = read(DOC);
    let mut client = Client::start(&root(), &[]);
    let tools = client.ask("tools/list", json!({}));
    let names = tools["result"]["tools"].as_array().unwrap().iter().map(|tool| &tool["name"]);
    let names: Vec<&str> = names.map(|name| name.as_str().unwrap()).collect();
    for name in &names {
        assert!(text.contains(&format!("\n| `{name}` |")), "{name}");
    }
    let help = crate::cli::shown(["mcp", "--help"]);
    let options = help.lines().filter_map(|line| line.trim_start().strip_prefix("--"));
    for option in options.map(|line| line.split([' ', '[']).next().unwrap()) {
        assert!(text.contains(&format!("\n| `--{option}")), "{option}");
    }
    client.end();
}

#[test]
fn configurations_are_json_and_start_this_program() {
    let text = read(DOC);
    let blocks: Vec<&str> = text.split("```json\n").skip(1).collect();
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        let config: Value = serde_json::from_str(block.split("```").next().unwrap()).unwrap();
        let servers = config.get("mcpServers").or(config.get("servers")).unwrap();
        assert_eq!(servers["heapdiff"]["command"], "heapdiff");
        assert_eq!(servers["heapdiff"]["args"][0], "mcp");
    }
}

#[test]
fn the_skill_is_short_and_names_what_is_there() {
    let text = read(SKILL);
    assert!(text.lines().count() < 100, "{}", text.lines().count());
    let head = text.strip_prefix("---\nname: heapdiff\ndescription: ").unwrap();
    assert!(head.split('\n').next().unwrap().len() < 1024);
    let help = crate::cli::shown(["list", "--help"]) + &crate::cli::shown(["--help"]);
    let options = text.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
    let of_node = ["--heapsnapshot-signal", "--expose-gc"];
    for option in options.filter(|word| word.starts_with("--") && word.len() > 3) {
        assert!(help.contains(option) || of_node.contains(&option), "{option}");
    }
}
