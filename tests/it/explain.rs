//! `heapdiff explain`: every word of the report has an entry that is found as people write it.

use crate::cli::{complaint, run, shown};
use crate::fixtures::path;
use crate::layouts::list;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn source(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The texts in quotes in a part of a source file.
fn quoted(file: &str, from: &str, to: &str) -> Vec<String> {
    let source = source(file);
    let part = source.split_once(from).unwrap().1.split_once(to).unwrap().0;
    part.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn titles() -> Vec<String> {
    shown(["explain"]).lines().map(str::to_owned).collect()
}

/// The entry begins with the title.
#[track_caller]
fn leads_to(term: &str, title: &str) {
    let text = shown(["explain", term]);
    assert_eq!(text.lines().next(), Some(title), "{term}");
}

#[test]
fn every_pattern_has_an_entry_of_its_own() {
    let ids = quoted("src/report/findings.rs", "fn id(", "/// What to do");
    assert_eq!(ids.len(), 17);
    for id in ids {
        leads_to(&id, &id);
    }
}

#[test]
fn every_column_of_the_table_has_an_entry() {
    let columns = quoted("src/render/table.rs", "TITLES: [&str; 8] = [", "];");
    assert_eq!(columns.len(), 8);
    for column in columns {
        let text = shown(["explain", &column]);
        assert!(text.to_lowercase().starts_with(&column.to_lowercase()), "{text}");
    }
}

#[test]
fn every_verdict_has_an_entry() {
    for verdict in ["LEAK LIKELY", "GREW", "NO GROWTH", "NOT COMPARABLE"] {
        leads_to(verdict, &verdict.to_lowercase());
    }
    leads_to("leak_likely", "leak likely");
}

/// What stands in capitals at the beginning of a line of a text, the words that lines for an agent begin
/// with, the titles of a page's parts, and what containers and steps are called.
fn words_of_reports() -> BTreeSet<String> {
    let mut words: BTreeSet<String> = BTreeSet::new();
    let pairs = [
        "mcp-tool-listeners",
        "unread-responses",
        "sliced-tokens",
        "healthy-httpd",
        "bun-map-orphans",
    ];
    for pair in pairs {
        let files = ["before", "after"].map(|which| {
            path(&format!("pairs/{pair}/{which}.heapsnapshot.zst")).display().to_string()
        });
        let told = |format: &str| {
            let gates = ["--fail-on=verdict == leak", "--fail-on=heap.after < 1B", "--calls=7"];
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let output = run([&files[..], &["--format", format], &gates[..]].concat());
            String::from_utf8(output.stdout).unwrap()
        };
        for line in told("text").lines() {
            let capitals = line.split("   ").next().unwrap();
            if capitals.len() > 3
                && capitals.chars().all(|c| c.is_ascii_uppercase() || " ,".contains(c))
            {
                words.extend(capitals.split(", ").map(str::to_owned));
            }
        }
        let agent = told("agent");
        words.extend(agent.lines().filter_map(|line| Some(line.split_once(": ")?.0.to_owned())));
        let report: Value = serde_json::from_str(&told("json")).unwrap();
        words.extend(report.as_object().unwrap().keys().cloned());
        for step in list(&report, "suspects")
            .iter()
            .flat_map(|s| list(s, "chains"))
            .flat_map(|w| list(w, "steps"))
        {
            let label = step["label"].as_str().unwrap();
            words.extend(label.starts_with("[…]").then(|| "[…]".to_owned()));
            words.extend(
                ["value of key", "variable", "export"]
                    .into_iter()
                    .filter(|w| label.starts_with(w))
                    .map(str::to_owned),
            );
        }
    }
    // Of the file and the program, not of what is told.
    words.retain(|word| {
        !["heapdiff", "schema", "tool", "snapshots", "between"].contains(&word.as_str())
    });
    words
}

#[test]
fn every_word_that_a_report_uses_is_explained() {
    let words = words_of_reports();
    for seldom in ["PILING UP", "WHAT TO DO", "GATES", "fix", "way", "[…]", "resized"] {
        assert!(words.contains(seldom), "{seldom}: {words:?}");
    }
    let unknown: Vec<&String> =
        words.iter().filter(|word| run(["explain", word]).status.code() != Some(0)).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}

#[test]
fn a_term_is_found_in_any_case_by_other_names_and_without_its_marks() {
    leads_to("new", "# New");
    leads_to("# new", "# New");
    leads_to("ALLOC SIZE", "Alloc. Size");
    leads_to("event listener", "event-listener");
    leads_to("retained", "retained size");
    leads_to("self size", "shallow size");
    leads_to("piling-up", "container");
    let words = shown(["explain", "retained", "size"]);
    assert_eq!(words, shown(["explain", "retained size"]));
}

#[test]
fn no_two_terms_answer_to_one_name() {
    let page = source("docs/terms.md");
    let mut names: Vec<String> = Vec::new();
    for line in page.lines() {
        let found = line.strip_prefix("## ").or(line.strip_prefix("Also: "));
        names.extend(found.into_iter().flat_map(|l| l.split(", ")).map(|name| {
            let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
            if letters.is_empty() { name.to_owned() } else { letters.to_lowercase() }
        }));
    }
    names.sort();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(twice, None);
}

#[test]
fn every_entry_is_plain_text_of_a_readable_width() {
    for title in titles() {
        let text = shown(["explain", &title]);
        assert_eq!(text.lines().next(), Some(title.as_str()));
        for mark in ["`", "](", "Also:"] {
            assert!(!text.contains(mark), "{mark} in {text}");
        }
        // What is code stays as it is.
        let prose: String = text.split('"').step_by(2).collect();
        assert!(!prose.contains('*'), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
        let sentences = text.matches(". ").count() + text.matches(".\n").count();
        assert!((4..=10).contains(&sentences), "{sentences} sentences: {text}");
    }
}

#[test]
fn without_a_term_all_are_listed_one_a_line() {
    let titles = titles();
    assert!(titles.len() > 30);
    for title in ["shallow size", "# New", "dominator", "gate", "no-retainer"] {
        assert!(titles.iter().any(|t| t == title), "{title}");
    }
}

#[test]
fn an_unknown_term_is_wrong_usage_and_the_nearest_one_is_named() {
    let error = complaint(&run(["explain", "retaned size"]), 2);
    assert!(error.contains("there is no term retaned size"), "{error}");
    let error = run(["explain", "retaned size"]);
    let error = String::from_utf8(error.stderr).unwrap();
    assert!(error.contains("did you mean retained size?"), "{error}");
    let error = String::from_utf8(run(["explain", "#"]).stderr).unwrap();
    assert!(error.contains("heapdiff explain lists all terms"), "{error}");
}
