//! What docs/diagnosis.md says of the rules is what the source has, docs/thresholds.md is made from it: every
//! threshold by name, value and reason, the numbers in the prose, the order of the patterns, and files that
//! exist.

use crate::sample::same_as;
use std::path::Path;

fn source(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// A constant of a source file: its name, value and doc comment.
#[derive(Debug, PartialEq)]
struct Rule {
    name: String,
    value: String,
    reason: String,
}

fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
    groups.join(",")
}

/// `50`, `64 << 10` and `0.01` as the page writes them.
fn value(text: &str) -> String {
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>();
    match text.split_once("<<") {
        Some((base, shift)) => with_commas(number(base).unwrap() << number(shift).unwrap()),
        None => number(text).map_or(text.to_owned(), with_commas),
    }
}

/// The numbers that a file names, in its order.
fn constants(file: &str) -> Vec<Rule> {
    let mut found = Vec::new();
    let mut reason: Vec<String> = Vec::new();
    for line in source(file).lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("/// ") {
            reason.push(comment.to_owned());
            continue;
        }
        let line = line.split_once("const ").map(|(_, rest)| rest);
        let parts = line.and_then(|l| {
            l.strip_suffix(';')?.split_once(": ")?.1.split_once(" = ").map(|(_, v)| (l, v))
        });
        if let Some((line, number)) =
            parts.filter(|(_, v)| v.starts_with(|c: char| c.is_ascii_digit()))
        {
            let name = line.split(':').next().unwrap().to_owned();
            found.push(Rule { name, value: value(number), reason: reason.join(" ") });
        }
        reason.clear();
    }
    found
}

const HEAD: &str = "\
# Thresholds

Every number that the [diagnosis](diagnosis.md) goes by, from containers on, as `src/diagnose/rules.rs` has them. A *part* of 10 is a
tenth. This page is made from that file: `HEAPDIFF_BLESS=1 cargo test --test it thresholds`.

| name | value | what it is |
|---|--:|---|
";

#[test]
fn the_page_of_thresholds_is_made_from_the_source() {
    let rules = constants("src/diagnose/rules.rs");
    let declared = source("src/diagnose/rules.rs").matches("pub(super) const ").count();
    assert_eq!(rules.len(), declared);
    assert!(rules.iter().all(|rule| !rule.reason.is_empty()), "{rules:?}");
    let row = |Rule { name, value, reason }: &Rule| format!("| `{name}` | {value} | {reason} |\n");
    let rows: String = rules.iter().map(row).collect();
    same_as("docs/thresholds.md", &format!("{HEAD}{rows}"));
}

#[test]
fn all_thresholds_of_the_diagnosis_are_in_one_file() {
    for file in [
        "copies", "harmless", "judge", "mod", "patterns", "standing", "suspects", "verdict", "ways",
    ] {
        let elsewhere = constants(&format!("src/diagnose/{file}.rs"));
        assert!(elsewhere.is_empty(), "src/diagnose/{file}.rs: {elsewhere:?}");
    }
}

/// What the prose says: file, constant, and the words around its value. `{}` stands for the number,
/// `{part}` for that part of one.
const PROSE: [(&str, &str, &str); 32] = [
    ("diagnose/rules", "MANY", "at least {} more entries"),
    ("diagnose/rules", "MANY", "Fewer than {} entries"),
    ("growth/mod", "PILE", "or at least {} that hold at least"),
    ("diagnose/rules", "MANY_INSIDE", "at least {} new objects of one class of the program"),
    ("diagnose/rules", "SHARE_OF_ENTRIES", "at least a {part} more than before"),
    ("diagnose/rules", "WEIGHTY", "its new entries retain at least {} bytes"),
    ("diagnose/rules", "WEIGHTY_NUMBERS", "numbers in place at least {KiB}"),
    ("diagnose/rules", "WEIGHTY_NUMBERS", "of at least {KiB}, are held by nothing"),
    ("diagnose/rules", "MANY_UNHELD", "at least {} new objects of one class, of at least"),
    ("diagnose/rules", "NOISE", "or by less than {%}"),
    ("diagnose/rules", "NOISE_BYTES", "the total size grew by less than {KiB}"),
    ("diagnose/rules", "STOPPED", "the last interval added at least a {part} of what all added"),
    ("diagnose/rules", "EVICTS", "less than a {part} of its first entries is gone"),
    ("diagnose/rules", "EVICTS", "and a {part} of its first entries gone"),
    ("diagnose/rules", "SLOWER", "at least {part} as much as those before"),
    ("diagnose/rules", "IN_COMMON", "less than a {part} are on the other side too"),
    ("diagnose/rules", "SHARE_OF_WEIGHT", "a {part} of it, or"),
    ("diagnose/rules", "SHARE_OF_GLUE", "or a {part} if the entry is a closure"),
    ("diagnose/rules", "FOR_EACH", "For a class of the program a {part} is enough"),
    ("diagnose/rules", "FOR_EACH", "the number has to fit within a {part}"),
    ("diagnose/rules", "SHARE_OF_WAY", "at least a {part} of the objects"),
    ("diagnose/rules", "MOST_OF_IT", "whatever makes up {} % of it"),
    ("diagnose/rules", "LARGE_STORE", "a backing store of at least {} bytes"),
    ("diagnose/rules", "COPIES_BYTES", "take, but for one of each, at least {KiB}"),
    ("diagnose/rules", "COPIES_SHARE", "and a {part} of all that is new"),
    ("diagnose/rules", "CUT_TEXT", "shorter than {} characters"),
    ("growth/mod", "PILE", "at least {} more than before, and at least half"),
    ("growth/mod", "LITTLE", "whose new objects retain {} bytes"),
    ("growth/spines", "LONG", "chains of at least {} new objects"),
    ("growth/merge", "STEPS", "over the last {word} steps"),
    ("growth/merge", "SIBLINGS", "So are {word} or more under different"),
    ("growth/links", "STEPS", "or up to {word}, over which"),
];

fn said(template: &str, value: &str) -> String {
    let number: f64 = value.replace(',', "").parse().unwrap();
    let parts = [(2, "half"), (5, "fifth"), (10, "tenth"), (20, "twentieth"), (50, "fiftieth")];
    let words = [(3, "three"), (12, "twelve")];
    let in_words = |known: &[(u64, &'static str)]| {
        known.iter().find(|(n, _)| *n as f64 == number).map_or("?", |(_, word)| word)
    };
    template
        .replace("{KiB}", &format!("{} KiB", number / 1024.0))
        .replace("{%}", &format!("{} %", number * 100.0))
        .replace("{part}", in_words(&parts))
        .replace("{word}", in_words(&words))
        .replace("{}", value)
}

#[test]
fn the_numbers_in_the_prose_are_those_of_the_source() {
    let page = source("docs/diagnosis.md");
    let prose =
        page.split_once("## Thresholds\n").unwrap().0.replace("\n   ", " ").replace('\n', " ");
    let page = prose + &page.split_once("## What it cannot see").unwrap().1.replace('\n', " ");
    for (file, name, template) in PROSE {
        let rules = constants(&format!("src/{file}.rs"));
        let rule =
            rules.iter().find(|rule| rule.name == name).unwrap_or_else(|| panic!("no {name}"));
        let words = said(template, &rule.value);
        assert!(
            page.contains(&words),
            "{name} is {}, and the page does not say: {words}",
            rule.value
        );
    }
}

#[test]
fn the_patterns_are_told_in_the_order_in_which_they_are_believed() {
    let code = source("src/diagnose/patterns.rs");
    let rules = code.split_once("fn rules(&self)").unwrap().1.split_once("\n    }\n").unwrap().0;
    let in_code = rules.split("Pattern::").skip(1).map(|rest| rest.split(',').next().unwrap());
    let in_code: Vec<String> = in_code.map(with_dashes).collect();
    let page = source("docs/diagnosis.md");
    let ordered = |line: &str| {
        let (number, rest) = line.strip_prefix("| ")?.split_once(" | `")?;
        number.parse::<usize>().ok().map(|n| (n, rest.split('`').next().unwrap().to_owned()))
    };
    let told: Vec<(usize, String)> = page.lines().filter_map(ordered).collect();
    let expected: Vec<(usize, String)> = (1..).zip(in_code).collect();
    assert_eq!(told, expected);
}

/// `EventListener` as JSON writes it.
fn with_dashes(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

#[test]
fn the_sources_that_the_page_names_exist() {
    let page = source("docs/diagnosis.md");
    let table = page.split_once("| step | takes |").unwrap().1.split_once("\n\n").unwrap().0;
    let named: Vec<&str> =
        table.lines().skip(2).filter_map(|line| line.rsplit(" | ").next()).collect();
    let files = named.iter().flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let mut count = 0;
    for file in files {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        assert!(path.is_dir() || path.with_extension("rs").exists(), "src/{file}");
        count += 1;
    }
    assert!(count > 8);
}
