//! What a stranger reads: figures that agree, lines that break where a reader would, hints that help.

use crate::cli::{run, shown};
use crate::fixtures::{path, scratch};

/// A pair of the fixtures, or one file of each of two.
fn pair(before: &str, after: &str) -> [String; 2] {
    [(before, "before"), (after, "after")].map(|(pair, which)| {
        path(&format!("pairs/{pair}/{which}.heapsnapshot.zst")).display().to_string()
    })
}

fn told(before: &str, after: &str, more: &[&str]) -> String {
    let files = pair(before, after);
    shown(files.iter().map(String::as_str).chain(more.iter().copied()))
}

fn error(args: &[&str]) -> String {
    String::from_utf8(run(args).stderr).unwrap()
}

#[test]
fn the_first_fact_has_the_figures_of_its_container() {
    let text = told("express-report-cache", "express-report-cache", &["--calls=900"]);
    let fact = "  691 kB of the growth (82%) is held by express-report-cache.cjs: resultCache: \
                900 new entries of 768 B each, mostly CachedReport, exactly 1 per call\n";
    assert!(text.contains(fact), "{text}");
    let line = "151 → 1,051 entries  +691 kB  +1.00 per call\n";
    assert!(text.contains(line), "{text}");
    let more = told("gateway-never-ready", "gateway-never-ready", &[]);
    assert!(more.contains("  750 kB of the growth (92%) is held by "), "{more}");
    assert!(more.contains(": 500 new entries of 1.5 kB each, mostly RpcCall\n"), "{more}");
    let handles = told("unread-responses", "unread-responses", &["--format=markdown"]);
    assert!(
        handles.contains("held in 3 independent ways (2 shown, JSON has all): each must be cut")
    );
    assert!(handles.contains("\nway 2 of 3   holds 100 of 100\n"), "{handles}");
}

#[test]
fn growth_of_the_engine_is_told_with_the_figure_of_the_table() {
    let text = told("healthy-httpd", "healthy-httpd", &[]);
    assert!(text.contains("all of the growth is V8's own (engine classes +580 kB)\n"), "{text}");
    let line = text.lines().find(|line| line.contains(" engine classes (--all)")).unwrap();
    assert!(line.contains("+580 kB"), "{line}");
}

#[test]
fn files_of_two_runtimes_are_not_said_to_be_of_one() {
    let text = told("bun-chat-sessions", "chromium-detached-rows", &[]);
    assert!(text.contains("  two programs or runtimes: hardly any of the equal ids"), "{text}");
    assert!(!text.contains("DevTools window"), "{text}");
    let one = told("bun-chat-sessions", "bun-chat-sessions", &[]);
    assert!(one.contains("\nids were renumbered: # New, # Deleted and Retained new"), "{one}");
}

#[test]
fn no_figure_is_cut_however_narrow_the_terminal() {
    for width in (44..110).step_by(3) {
        let text = told("the-thing", "the-thing", &[&format!("--width={width}")]);
        for after in text.split("  retains").skip(1) {
            let figure: Vec<&str> = after.split(' ').skip(1).take(2).collect();
            assert!(figure[0].parse::<f64>().is_ok(), "{width}: {text}");
            assert!(["B", "kB", "MB"].iter().any(|unit| figure[1].starts_with(unit)), "{text}");
        }
        let grows = text.contains("50 → 650 entries ◀ grows");
        assert!(grows || width < 60, "{width}: {text}");
        let cut = ["retai…", "retain…", "retains…", "entri…", "kB…", "MB…"];
        assert!(!cut.iter().any(|part| text.contains(part)), "{width}: {text}");
    }
    let many = told("the-thing", "the-thing", &[]);
    assert!(many.contains("    × N: the same step N times, folded\n"), "{many}");
    assert!(shown(["explain", "×"]).starts_with("×\n"));
}

#[test]
fn a_file_that_is_not_there_is_looked_for_by_its_name() {
    let dir = scratch("wording-missing");
    std::fs::write(dir.join("after.heapsnapshot"), "{}").unwrap();
    let [like, other, no_folder] =
        ["aftr.heapsnapshot", "x", "none/x"].map(|name| dir.join(name).display().to_string());
    let hint = |file: &str| error(&[file, file]).lines().nth(1).unwrap_or_default().to_owned();
    let there = dir.join("after.heapsnapshot").display().to_string();
    assert_eq!(hint(&like), format!("hint: did you mean {there}?"));
    assert_eq!(hint(&other), format!("hint: it was looked for in {}", dir.display()));
    let folder = dir.join("none").display().to_string();
    assert_eq!(hint(&no_folder), format!("hint: there is no folder {folder}"));
}

#[test]
fn what_is_wrong_with_an_option_is_said_in_words_with_a_hint() {
    let calls = error(&["a", "b", "--calls", "0"]);
    assert!(calls.contains("a whole number from 1 on belongs here"), "{calls}");
    for (option, hint) in [
        ("--foo", "hint: heapdiff -h lists the options"),
        ("--tops", "hint: did you mean '--top'?"),
    ] {
        let said = error(&["a", "b", option]);
        assert_eq!(said.lines().last(), Some(hint), "{said}");
        assert!(!said.contains("tip:") && !said.contains("For more"), "{said}");
    }
}
