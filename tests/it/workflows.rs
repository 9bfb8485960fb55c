//! The workflows and the action: pinned, with no more rights than they need, and no text of others in a
//! script.

use crate::scanning::root;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Every file that GitHub runs, by name.
fn files() -> Vec<(String, String)> {
    let folder = root().join(".github/workflows");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.push(root().join("action.yml"));
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    paths.into_iter().map(read).collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// What a line has for this key, if it is one, with or without the dash of a list.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let line = line.trim_start();
    line.strip_prefix("- ").unwrap_or(line).strip_prefix(key)?.strip_prefix(':').map(str::trim)
}

/// The scripts of all steps: what stands behind `run:`, or below it.
fn scripts(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let script = |(at, line): (usize, &&str)| {
        let first = value(line, "run")?;
        // Without a value it is the defaults of a job's scripts.
        if !matches!(first, "|" | ">-" | ">" | "|-") {
            return (!first.is_empty()).then(|| first.to_owned());
        }
        let below = lines[at + 1..].iter();
        let own = below.take_while(|each| each.trim().is_empty() || indent(each) > indent(line));
        Some(own.copied().collect::<Vec<_>>().join("\n"))
    };
    lines.iter().enumerate().filter_map(script).collect()
}

/// An expression in a script would be put in as text, and run.
#[test]
fn no_script_has_an_expression_in_it() {
    let mut seen = 0;
    for (name, text) in files() {
        for script in scripts(&text) {
            assert!(!script.contains("${{"), "{name}: {script}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen} scripts");
}

#[test]
fn the_scripts_that_are_run_are_there() {
    let mut seen = 0;
    for (name, text) in files() {
        for script in scripts(&text) {
            let words = script.split(|c: char| c.is_whitespace() || "\"';|&()".contains(c));
            let words = words.map(|word| word.trim_start_matches("$GITHUB_ACTION_PATH/"));
            let own =
                |word: &&str| ["scripts/", ".ci/", "action/"].iter().any(|at| word.starts_with(at));
            for word in words.filter(own) {
                assert!(root().join(word).is_file(), "{name} runs {word}");
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen} scripts");
}

/// What a workflow may do is said at its top; a job that needs more says so, and why.
#[test]
fn rights_are_given_and_not_taken() {
    for (name, text) in files().into_iter().filter(|(name, _)| name != "action.yml") {
        let own = text.lines().find_map(|line| line.strip_prefix("permissions:"));
        let own = own.unwrap_or_else(|| panic!("{name} has no permissions of its own")).trim();
        assert!(own.is_empty() || own == "{}", "{name}: {own}");
        for forbidden in ["write-all", "read-all", "pull_request_target", "secrets: inherit"] {
            assert!(!text.contains(forbidden), "{name}: {forbidden}");
        }
        let writes = text.lines().filter(|line| line.trim_end().ends_with(": write"));
        assert!(writes.clone().all(|line| indent(line) > 4), "{name}: a right for all jobs");
        let checkouts = text.matches("actions/checkout@").count();
        assert_eq!(checkouts, text.matches("persist-credentials: false").count(), "{name}");
    }
}

/// A tag can be moved to other code; a commit cannot.
#[test]
fn actions_of_others_are_commits() {
    let mut pins: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in files() {
        for used in text.lines().filter_map(|line| value(line, "uses")) {
            let (action, rest) = used.split_once('@').unwrap_or_else(|| panic!("{name}: {used}"));
            let (commit, version) =
                rest.split_once(" # v").unwrap_or_else(|| panic!("{name}: {used}"));
            assert!(commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()), "{used}");
            assert_eq!(version.split('.').count(), 3, "{used}");
            // Of one repository one commit: actions/cache/save is in actions/cache.
            let repository = action.split('/').take(2).collect::<Vec<_>>().join("/");
            let known = pins.entry(repository).or_insert_with(|| rest.to_owned());
            assert_eq!(known, rest, "{name}: {used}");
        }
    }
    assert!(pins.len() > 5, "{pins:?}");
}
