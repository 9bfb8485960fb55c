//! docs/explore.md and the schema are what the program says.

use crate::cli::program;
use crate::explore::drawn;
use crate::layouts::{GLOBAL, map};
use crate::sample::{Validator, same_as};
use crate::scanning::root;
use heapdiff::explore::Reply;

const DOC: &str = "docs/explore.md";
const SCHEMA: &str = "docs/explore.schema.json";

/// The words of a command line, in quotes or not.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        1 => vec![part.to_owned()],
        _ => part.split_whitespace().map(str::to_owned).collect(),
    });
    words.collect()
}

#[test]
fn every_example_prints_what_stands_below_it() {
    let text = std::fs::read_to_string(root().join(DOC)).unwrap();
    let mut out = String::new();
    let mut examples = 0;
    for (at, part) in text.split("```").enumerate() {
        if at > 0 {
            out += "```";
        }
        match part.strip_prefix("console\n$ heapdiff ").filter(|_| at % 2 == 1) {
            Some(example) => {
                examples += 1;
                let command = example.lines().next().unwrap();
                let run = program().current_dir(root()).args(words(command)).output().unwrap();
                assert!(
                    run.status.success(),
                    "{command}: {}",
                    String::from_utf8_lossy(&run.stderr)
                );
                let said = String::from_utf8(run.stdout).unwrap();
                out += &format!("console\n$ heapdiff {command}\n{said}");
            }
            None => out += part,
        }
    }
    assert!(examples >= 8, "{examples} examples");
    same_as(DOC, &out);
}

#[test]
fn the_schema_of_answers_is_that_of_the_types() {
    let text = serde_json::to_string_pretty(&schemars::schema_for!(Reply)).unwrap();
    same_as(SCHEMA, &(text + "\n"));
}

#[test]
fn the_json_of_every_question_is_as_the_schema_says() {
    let text = std::fs::read_to_string(root().join(SCHEMA)).unwrap();
    let schema = Validator::of(&text);
    let draw = |n: usize| {
        format!("{GLOBAL}g -m-> m:Map(32)\n{}", map("m", 0..n, |i| format!("s{i}:Session(100)")))
    };
    let asked = drawn(&[&draw(3), &draw(9)]);
    let id = asked.id("m");
    let questions: [(&str, Vec<&str>); 10] = [
        ("summary", vec![]),
        ("show", vec![&id]),
        ("show", vec![&id, "--raw"]),
        ("retainers", vec![&id, "--dominators"]),
        ("path", vec![&id]),
        ("inside", vec![&id]),
        ("list", vec!["--class", "Session", "--new"]),
        ("list", vec!["--class", "Session", "--shape"]),
        ("list", vec!["--class", "Session", "--common"]),
        ("strings", vec!["--glob", "*", "--show-strings"]),
    ];
    for (question, args) in questions {
        let text = asked.text(question, &[args.as_slice(), &["--format", "json"]].concat());
        let reply = serde_json::from_str(&text).unwrap();
        schema.check(&reply).unwrap_or_else(|e| panic!("{question}: {e}"));
    }
}
