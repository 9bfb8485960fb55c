//! What a person at a terminal sees beside words: bright and dim, links, lines that fit.

use crate::cli::shown;
use crate::fixtures::{path, scratch};
use crate::sample::plain;
use heapdiff::render::{self, Sources, View};
use heapdiff::report::Report;
use heapdiff::report::answer::Owner;
use heapdiff::text::Text;
use std::collections::BTreeSet;

fn file(which: &str) -> String {
    path(&format!("plain/{which}.heapsnapshot")).display().to_string()
}

/// The first place of a suspect in the file that is given, which the program has or has not.
fn placed(file: &str, owner: Owner) -> Report {
    let mut report = plain();
    let place = report.answer.suspects[0].location.as_mut().unwrap();
    (place.file, place.owner) = (Text::from(file), owner);
    report.common_prefix = String::new();
    report
}

#[test]
fn places_are_bright_short_or_dim_by_whose_they_are() {
    let view = View { color: true, ..View::plain(Some(100)) };
    let line = |file: &str, owner| {
        let text = render::text(&placed(file, owner), &view);
        text.lines().find(|line| line.contains("WHY IT STAYS")).unwrap().to_owned()
    };
    let own = line("/app/store.js", Owner::Program);
    assert!(own.contains("\u{1b}[1;36m/app/store.js:20:14\u{1b}[0m"), "{own:?}");
    let package = line("/app/node_modules/undici/lib/client.js", Owner::Package);
    assert!(package.ends_with("   undici lib/client.js:20:14"), "{package:?}");
    let runtime = line("node:events", Owner::Runtime);
    assert!(runtime.contains("\u{1b}[2mnode:events:20:14\u{1b}[0m"), "{runtime:?}");
}

#[test]
fn a_place_is_a_link_only_to_a_file_that_is_there_and_below_the_repository() {
    let dir = scratch("text-links");
    std::fs::write(dir.join("a b.js"), "").unwrap();
    let root = dir.canonicalize().unwrap().display().to_string();
    let view = View { links: Some(Sources::below(&root)), ..View::plain(None) };
    let linked = |file: &str| render::text(&placed(file, Owner::Program), &view);
    let text = linked(&format!("file://{root}/a%20b.js"));
    let url = format!("file://{root}/a%20b.js");
    assert!(text.contains(&format!("\u{1b}]8;;{url}\u{1b}\\")), "{text:?}");
    for file in [format!("{root}/gone.js"), "/etc/passwd".into(), format!("{root}/../a b.js")] {
        assert!(!linked(&file).contains('\u{1b}'), "{file}");
    }
    let hostile = format!("{root}/a b.js\u{1b}]8;;https://example.org\u{7}");
    assert!(!linked(&hostile).contains('\u{1b}'));
}

#[test]
fn what_does_not_fit_beside_stands_below() {
    let [before, after] = ["before", "after"].map(|which| {
        path(&format!("pairs/mcp-tool-listeners/{which}.heapsnapshot.zst")).display().to_string()
    });
    let text = shown([before, after, "--width=80".to_owned()]);
    let part = |from: &str| text.split_once(from).unwrap().1.split("\n\n").next().unwrap();
    for from in ["LEAK LIKELY", "PILING UP", "WHY IT STAYS", "WHAT TO DO"] {
        assert!(!part(from).replace("[…]", "").contains('…'), "{from}: {}", part(from));
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    for place in ["19:49", "12:14", "25:15"] {
        assert!(text.contains(&format!("mcp-tool-listeners.cjs:{place}")), "{place}: {text}");
    }
}

#[test]
fn a_class_that_is_not_there_is_told_from_one_that_has_not_changed() {
    let asked = |name: &str| shown([file("before"), file("after"), format!("--class={name}")]);
    assert!(asked("ToolSesion").contains("did you mean 'ToolSession'?"));
    assert!(asked("Qx").contains("neither file has a class of that name\n"));
    assert!(asked("SessionManager").contains("has neither grown nor shrunk"));
}

/// The long options in a text.
fn options(text: &str) -> BTreeSet<&str> {
    let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
    let begins = text.match_indices("--").filter(|(at, _)| !text[..*at].ends_with(is_name));
    let names = begins.map(|(at, _)| &text[at..at + text[at..].find(|c| !is_name(c)).unwrap_or(0)]);
    names.filter(|name| name.contains(char::is_alphabetic)).collect()
}

#[test]
fn the_page_on_options_has_all_that_there_are_and_no_others() {
    let help = shown(["--help"]);
    let heads = help.lines().filter(|line| line.trim_start().starts_with('-'));
    let heads: String = heads.map(|line| format!("{line}\n")).collect();
    let page = include_str!("../../docs/options.md");
    let table = page.split_once("\n| option | meaning |\n").unwrap().1;
    let table = table.split_once("\n\n").unwrap().0;
    let first = |line: &str| line.split(" | ").next().unwrap().to_owned() + "\n";
    let table: String = table.lines().map(first).collect();
    assert_eq!(options(&table), options(&heads));
}
