//! How questions are put: help, usage, which files, and what is said of them.

use crate::cli::{complaint, run, shown};
use crate::drawing::{Drawing, draw};
use crate::explore::drawn;
use crate::fixtures::scratch;
use crate::layouts::{GLOBAL, array};

/// The last three are not listed by the help of all.
const COMMANDS: [&str; 12] = [
    "summary",
    "show",
    "retainers",
    "path",
    "inside",
    "list",
    "strings",
    "scrub",
    "explain",
    "dump",
    "completions",
    "man",
];

#[test]
fn each_command_has_help_of_its_own() {
    for command in COMMANDS {
        for args in [[command, "-h"], [command, "--help"], ["help", command]] {
            let text = shown(args);
            assert!(text.contains(&format!("Usage: heapdiff {command}")), "{args:?}: {text}");
            assert!(text.contains("-h, --help"), "{args:?}: {text}");
        }
    }
    assert_eq!(shown(["help"]), shown(["--help"]));
}

#[test]
fn what_is_wrong_with_a_command_leads_to_its_help() {
    for command in COMMANDS {
        let said = complaint(&run([command, "--bogus"]), 2);
        assert!(said.contains(&format!("heapdiff {command} -h lists the options")), "{said}");
    }
    let said = complaint(&run(["--bogus"]), 2);
    assert!(said.contains("hint: heapdiff -h lists the options"), "{said}");
}

#[test]
fn usage_says_that_there_may_be_an_older_file_and_more_than_two_are_refused_by_number() {
    for command in &COMMANDS[..7] {
        let text = shown([command, "-h"]);
        let usage = text.lines().find(|line| line.starts_with("Usage")).unwrap();
        assert!(usage.contains("[OLDER] <FILE>"), "{usage}");
    }
    let asked = drawn(&[GLOBAL, GLOBAL, GLOBAL]);
    let said = [asked.refused("show", &["1"]), asked.refused("list", &["--class", "*"])];
    for said in said {
        assert!(
            said.contains("one snapshot or two can be asked, oldest first; these are 3"),
            "{said}"
        );
    }
}

#[test]
fn the_first_line_is_broken_where_the_terminal_is_narrow() {
    let text =
        format!("{GLOBAL}g -l-> l:Array(32)\n{}", array("l", 0..3, |i| format!("s{i}:S(90)")));
    let text = drawn(&[&text]).text("list", &["--class", "S", "--width", "40"]);
    let first: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    assert!(first.iter().all(|line| line.chars().count() <= 40), "{text}");
    assert_eq!(first.join(" "), "3 objects of 270 B, retaining 270 B together");
}

#[test]
fn an_id_that_may_have_been_meant_stands_with_its_class_as_it_is() {
    let asked = drawn(&[&format!("{GLOBAL}g -a-> a:(string)text(24)")]);
    let id = asked.id("a");
    let said = asked.refused("show", &[&format!("{id}7")]);
    assert!(said.contains(&format!("@{id} \"(string)\"")) && !said.contains("(("), "{said}");
}

#[test]
fn two_files_whose_ids_say_nothing_are_told_apart_by_why() {
    let dir = scratch("asked-apart");
    let server = |first: &str| {
        let objects = array("l", 0..300, |i| format!("s{i}:S(90)"));
        draw(&format!("{GLOBAL}{first}g -l-> l:Array(32)\n{objects}"))
    };
    let said = |name: &str, after: &Drawing| {
        let mut files = Vec::new();
        for (at, drawing) in [&server(""), after].into_iter().enumerate() {
            let file = dir.join(format!("{name}{at}.heapsnapshot"));
            std::fs::write(&file, drawing.bytes()).unwrap();
            files.push(file.to_str().unwrap().to_owned());
        }
        shown([&["summary".to_owned()], files.as_slice()].concat())
    };
    let mut renumbered = server("");
    renumbered.nodes.iter_mut().for_each(|node| node.id += 1_000_000);
    let text = said("renumbered", &renumbered);
    assert!(text.contains("ids were renumbered, as Bun does"), "{text}");
    // Every id is another object's.
    let others: String = (0..30).map(|i| format!("g -x{i}-> x{i}:X{i}(16)\n")).collect();
    let text = said("others", &server(&others));
    assert!(text.contains("the files are of two processes"), "{text}");
}
