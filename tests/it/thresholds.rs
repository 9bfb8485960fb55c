//! What docs/diagnosis.md says of the rules is what the source has, docs/thresholds.md is made from it: every
//! threshold of containers, of the diagnosis and of trends by name, value and reason; the numbers in the prose,
//! the order of the patterns, and files that exist.

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

/// `50`, `64 << 10`, `64.0 * 1024.0` and `0.01` as the page writes them.
fn value(text: &str) -> String {
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>();
    let factor = |text: &str| text.trim().replace('_', "").parse::<f64>().unwrap();
    match (text.split_once("<<"), text.contains('*')) {
        (Some((base, shift)), _) => with_commas(number(base).unwrap() << number(shift).unwrap()),
        (None, true) => with_commas(text.split('*').map(factor).product::<f64>() as u64),
        (None, false) => number(text).map_or(text.to_owned(), with_commas),
    }
}

/// The numbers that a file names, in its order. A comment over several holds for all of them.
fn constants(file: &str) -> Vec<Rule> {
    let mut found: Vec<Rule> = Vec::new();
    let mut follows = false;
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
            let above = found.last().filter(|_| follows && reason.is_empty());
            let reason = above.map_or_else(|| reason.join(" "), |above| above.reason.clone());
            found.push(Rule { name, value: value(number), reason });
        }
        follows = parts.is_some();
        reason.clear();
    }
    found
}

const HEAD: &str = "\
# Thresholds

Every number that the answers go by: `links::STEPS` is called `STEPS` in `growth/links.rs`. A *part* of 10 is a tenth. This page is made from
the source: `HEAPDIFF_BLESS=1 cargo test --test it thresholds`.
";
const CONTAINERS: &str = "
## Containers

How [containers](diagnosis.md#containers) are found: the files of `src/growth`. The shares of [ids in
common](diagnosis.md#what-is-new) and the prices of [ways](diagnosis.md#ways) stand with their rules, and what Node.js itself limits in
`src/objects/node.rs`.
";
const DIAGNOSIS: &str = "
## Diagnosis

What follows from them: `src/diagnose/rules.rs`.
";
const TRENDS: &str = "
## Trends

What [`heapdiff trend`](trend.md) goes by: the files of `src/trend`.
";
const COLUMNS: &str = "
| name | value | what it is |
|---|--:|---|
";

#[test]
fn the_page_of_thresholds_is_made_from_the_source() {
    let rules = constants("src/diagnose/rules.rs");
    let declared = source("src/diagnose/rules.rs").matches("pub(super) const ").count();
    assert_eq!(rules.len(), declared);
    let page: String = [
        (CONTAINERS, of_room("src/growth", &[])),
        (DIAGNOSIS, rules),
        (TRENDS, of_room("src/trend", &["prepare", "report"])),
    ]
    .map(|(head, rules)| format!("{head}{COLUMNS}{}", rows(&rules)))
    .concat();
    same_as("docs/thresholds.md", &format!("{HEAD}{page}"));
}

/// The numbers of the files of a room, but for some, in the order of the alphabet; each after its file's name.
fn of_room(room: &str, without: &[&str]) -> Vec<Rule> {
    let folder = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(room)).unwrap();
    let mut files: Vec<String> =
        folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let files = files.iter().filter_map(|file| file.strip_suffix(".rs"));
    let named = |file: &str| {
        let known = constants(&format!("{room}/{file}.rs")).into_iter();
        let name = |rule: Rule| Rule { name: format!("{file}::{}", rule.name), ..rule };
        known.map(name).collect::<Vec<_>>()
    };
    files.filter(|file| !without.contains(file)).flat_map(named).collect()
}

fn rows(rules: &[Rule]) -> String {
    assert!(rules.iter().all(|rule| !rule.reason.is_empty()), "{rules:?}");
    let row = |Rule { name, value, reason }: &Rule| format!("| `{name}` | {value} | {reason} |\n");
    rules.iter().map(row).collect()
}

#[test]
fn the_limits_of_the_runtime_s_own_buffers_are_told() {
    let (code, page) = (source("src/objects/node.rs"), source("docs/diagnosis.md"));
    let known = code.split_once("const BOUNDED").unwrap().1.split_once(" =\n").unwrap().1;
    let rows = known.split_once("];\n").unwrap().0.split('(').skip(1);
    let limits = rows.map(|row| row.split(')').next().unwrap().rsplit(", ").next().unwrap());
    let told: Vec<String> =
        limits.map(|limit| format!(", {}", with_commas(limit.parse().unwrap()))).collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|limit| page.contains(limit)), "{told:?}");
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
