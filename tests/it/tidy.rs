//! The house rules that a program can check: who may use whom, and how long things are.

use crate::scanning::{
    closing, code, first_word, functions, is_word, literals, product, room, root, sources, src,
};
use std::collections::{BTreeMap, BTreeSet};

/// The rooms, each below those it must not use. Two of a kind never use each other.
const ROOMS: [&str; 33] = [
    "text", "units", "ids", "pair", "phase", "glob", "error", "cancel", "secret", "input", "parse",
    "memory", "graph", "objects", "classes", "ways", "diff", "growth", "chains", "places",
    "diagnose", "report", "explore", "render", "gate", "compare", "dump", "scrub", "capture",
    "soak", "mcp", "cli", "main",
];
/// Stricter walls: what a room or file may use at all.
const WALLS: [(&str, &[&str]); 16] = [
    ("soak/", &["cancel", "capture", "error", "text", "units"]),
    ("capture/", &["cancel", "error", "input", "parse", "secret", "text", "units"]),
    ("text.rs", &[]),
    ("units.rs", &[]),
    ("ids.rs", &[]),
    ("pair.rs", &[]),
    ("phase.rs", &[]),
    ("glob.rs", &[]),
    ("error.rs", &["text"]),
    ("secret/", &["text"]),
    ("scrub/", &["error", "ids", "input", "memory", "parse", "secret", "text"]),
    ("places/", &["text", "units"]),
    ("report/mod.rs", &["text", "units", "ids", "pair", "glob", "classes"]),
    ("render/", &["report", "explore", "units", "text", "pair", "glob"]),
    (
        "mcp/",
        &[
            "cancel", "compare", "error", "explore", "glob", "input", "pair", "render", "report",
            "text",
        ],
    ),
    ("gate/", &["report", "units", "text", "glob", "error"]),
];
/// Files that may hold `unsafe`.
const UNSAFE: [&str; 3] = ["input/map.rs", "main.rs", "parse/vector.rs"];
/// What may write to standard output and standard error; `main.rs` where there is no memory left to
/// do it otherwise.
const SPEAKING: [&str; 2] = ["cli/", "main.rs"];
/// Who may name options of the command line: who reads them, and who says in a text what shows more.
const NAMING_OPTIONS: [&str; 3] = ["cli/", "main.rs", "render/"];
/// Options of other programs.
const OPTIONS_OF_OTHERS: [&str; 17] = [
    // docker's.
    "user",
    // kubectl's.
    "context",
    "container",
    "namespace",
    // Node.js'.
    "input-type",
    "title",
    "allow-inspector",
    "debug-port",
    "disable-sigusr",
    "heapsnapshot-signal",
    "inspect",
    "inspect-brk",
    "inspect-port",
    "inspect-wait",
    "long",
    "permission",
    "ultra",
];

/// Words that look like a runtime's names, by who may write them.
const WORDS: [(&str, &[&str]); 6] = [
    // DevTools' classes for kinds of nodes; the file has but the kind.
    ("classes/naming.rs", &["Function", "RegExp", "(system)", "(compiled code)", "({other})"]),
    // What people read where nothing has a name.
    ("report/words.rs", &["(root)", "(held by the engine)"]),
    ("render/", &["(root)"]),
    // A wall keeps it from `objects`: it has tables and no heap.
    ("scrub/", &["(concatenated string)", "(sliced string)", "script_or_debug_info"]),
    // What the Model Context Protocol calls what goes with each message.
    ("soak/mcp/", &["_meta"]),
    // A symbol of jemalloc's.
    ("main.rs", &["_rjem_malloc_conf"]),
];

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 60;

/// The rooms that code uses through `crate::`.
fn used(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if rest.starts_with('{') {
            let inside = &rest[1..closing(rest) - 1];
            let mut depth = 0;
            let parts = inside.split(|c| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                c == ',' && depth == 0
            });
            rooms.extend(parts.map(|part| first_word(part.trim())).filter(|word| !word.is_empty()));
        } else {
            rooms.push(first_word(rest));
        }
    }
    rooms
}

#[test]
fn a_room_uses_only_the_rooms_below_it() {
    let rank = |room: &str| {
        let found = ROOMS.iter().position(|r| *r == room);
        found.unwrap_or_else(|| panic!("{room} has no place in the order of rooms"))
    };
    for (file, source) in src() {
        if file == "lib.rs" {
            continue;
        }
        let room = room(&file).to_owned();
        for other in used(&product(&source)).into_iter().filter(|other| *other != room) {
            assert!(rank(&other) < rank(&room), "src/{file} uses crate::{other}, which lies above");
            let words = |name: &str| rank(name) < rank("error");
            assert!(!words(&room) || file == "error.rs", "src/{file} uses {other}: words use none");
        }
    }
}

#[test]
fn some_walls_have_no_doors_but_these() {
    for (file, source) in src() {
        let Some((_, doors)) = WALLS.iter().find(|(wall, _)| file.starts_with(wall)) else {
            continue;
        };
        let room = room(&file);
        for other in used(&product(&source)).iter().filter(|other| *other != room) {
            assert!(doors.contains(&other.as_str()), "src/{file} may not use crate::{other}");
        }
    }
}

#[test]
fn a_room_is_entered_by_its_door_and_not_through_super() {
    for (file, source) in src() {
        let depth = file.matches('/').count();
        let ups = "super::".repeat(depth + usize::from(!file.ends_with("mod.rs")));
        let through = !ups.is_empty() && depth > 0 && product(&source).contains(&ups);
        assert!(!through, "src/{file} leaves its room by {ups}; the walls see only crate::");
    }
}

#[test]
fn only_objects_know_what_runtimes_call_their_own() {
    let sources = src();
    let rank = |file: &str| ROOMS.iter().position(|r| *r == room(file));
    let known: BTreeSet<String> =
        sources.iter().filter(|s| room(s.0) == "objects").flat_map(|s| literals(s.1)).collect();
    assert!(known.len() > 200, "the tables of names have moved");
    let allowed: BTreeSet<(&str, &str)> =
        WORDS.iter().flat_map(|(at, words)| words.iter().map(|word| (*at, *word))).collect();
    let mut written = BTreeSet::new();
    for (file, source) in sources.iter().filter(|s| rank(s.0) > rank("objects")) {
        for name in literals(source).iter().filter(|text| is_runtime_name(text, &known)) {
            let word = allowed.iter().find(|(at, word)| file.starts_with(at) && word == name);
            assert!(word.is_some(), "src/{file} knows what a runtime calls {name:?}: ask objects");
            written.extend(word);
        }
    }
    assert_eq!(written, allowed, "what nobody writes any more need not be allowed");
}

/// Whether a text is one of the names that are known, unless it is an everyday word, or has a form
/// that only a runtime's names have.
fn is_runtime_name(text: &str, known: &BTreeSet<String>) -> bool {
    const BEGINNINGS: [&str; 7] =
        ["system / ", "Node / ", "blink::", "Detached ", "<symbol", "internal/", "node:"];
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let everyday = text.chars().all(|c| c.is_ascii_lowercase()) || letters < 2;
    let marked = match text.as_bytes() {
        [b'k', second, _, ..] => second.is_ascii_uppercase(),
        [b'_', second, ..] => second.is_ascii_lowercase(),
        _ => false,
    };
    (known.contains(text) && !everyday)
        || BEGINNINGS.iter().any(|beginning| text.starts_with(beginning))
        || (marked && text.chars().all(is_word))
        || (text.starts_with('(') && text.ends_with(')'))
}

#[test]
fn files_and_functions_are_short() {
    for folder in ["src", "tests/it"] {
        for (file, source) in sources(&root().join(folder)) {
            let lines = source.lines().count();
            assert!(lines <= LONGEST_FILE, "{folder}/{file} has {lines} lines");
            for (name, lines) in functions(&code(&source)) {
                assert!(lines <= LONGEST_FUNCTION, "{folder}/{file}: {name} has {lines} lines");
            }
        }
    }
}

#[test]
fn unsafe_code_has_one_home() {
    for (file, source) in src() {
        let code = code(&source);
        let has = code.split(|c| !is_word(c)).any(|word| word == "unsafe");
        assert!(!has || UNSAFE.contains(&file.as_str()), "src/{file} holds unsafe code");
    }
    assert!(src()["lib.rs"].contains("#![deny(unsafe_code)]"));
}

#[test]
fn nothing_gives_up_or_is_unfinished() {
    let words =
        ["todo!", "unimplemented!", "dbg!", "panic!", "unreachable!", ".unwrap()", ".expect("];
    for (file, source) in src() {
        let code = product(&source);
        for word in words {
            // The parser's own `expect` takes a byte.
            let at =
                code.match_indices(word).find(|(at, _)| !code[at + word.len()..].starts_with("b"));
            let line = at.map(|(at, _)| code[..at].lines().count());
            assert!(line.is_none(), "src/{file}: {word} near line {}", line.unwrap());
        }
    }
}

#[test]
fn only_the_command_line_speaks() {
    for (file, source) in src() {
        let code = product(&source);
        for word in ["print!", "println!", "eprint!", "eprintln!"] {
            assert!(!code.contains(word), "src/{file} holds {word}");
        }
        let speaks = code.contains("stdout()") || code.contains("stderr()");
        assert!(!speaks || SPEAKING.iter().any(|s| file.starts_with(s)), "src/{file} speaks");
    }
}

#[test]
fn the_library_names_no_options_of_the_command_line() {
    let mut others: BTreeSet<&&str> = BTreeSet::new();
    for (file, source) in src() {
        if NAMING_OPTIONS.iter().any(|may| file.starts_with(may)) {
            continue;
        }
        for text in literals(&source) {
            for (at, dashes) in text.match_indices("--") {
                let letter = |c: &char| c.is_ascii_lowercase() || *c == '-';
                let rest = text[at + dashes.len()..].chars();
                let option: String = rest.take_while(letter).collect();
                if !option.starts_with(|c: char| c.is_ascii_lowercase()) {
                    continue;
                }
                let other = OPTIONS_OF_OTHERS.iter().find(|other| **other == option);
                assert!(
                    other.is_some(),
                    "src/{file} names --{option}: give a Remedy, see error.rs"
                );
                others.extend(other);
            }
        }
    }
    assert_eq!(others.len(), OPTIONS_OF_OTHERS.len(), "of these some are named by nobody");
}

#[test]
fn every_room_says_what_goes_in_and_what_comes_out() {
    for (file, source) in src() {
        assert!(source.starts_with("//! "), "src/{file} has no module doc");
    }
}

#[test]
fn nothing_speaks_of_the_place_where_it_was_written() {
    let folders = ["src", "tests/it"].map(|folder| sources(&root().join(folder)));
    let words = [["..", "shared"].join("/"), ["", "work", ""].join("/"), ["", "tmp", ""].join("/")];
    for (file, source) in folders.iter().flatten() {
        for word in &words {
            assert!(!source.contains(word), "{file} speaks of {word}");
        }
    }
}

/// Files of a room that need each other, and why.
const CIRCLES: [(&[&str], &str); 3] = [
    (
        &["growth/frontier.rs", "growth/matched.rs"],
        "matched heaps keep their frontier, found when it is asked for",
    ),
    (
        &["input/archive.rs", "input/unpack.rs", "input/zstd.rs"],
        "a packed file may be an archive, and hold packed files; all keep to one budget",
    ),
    (
        &["render/html/chains.rs", "render/html/classes.rs"],
        "rows lead to their chains and back, and only those that both show",
    ),
];

#[test]
fn files_of_a_room_form_no_circle() {
    let code: BTreeMap<String, String> =
        src().iter().map(|(file, source)| (file.clone(), product(source))).collect();
    let needs: BTreeMap<&String, BTreeSet<String>> =
        code.keys().filter(|file| is_inner(file)).map(|file| (file, needed(file, &code))).collect();
    let circle = |file: &String| -> Vec<&String> {
        needs[file].iter().filter(|other| needs[other].contains(file)).collect()
    };
    let found: BTreeSet<Vec<&String>> = needs.keys().map(|file| circle(file)).collect();
    let found = found.into_iter().filter(|circle| !circle.is_empty());
    let allowed: Vec<&[&str]> = CIRCLES.iter().map(|(files, _)| *files).collect();
    assert_eq!(
        found.collect::<Vec<_>>(),
        allowed,
        "a circle is to be opened, or to be told of here"
    );
}

/// All files of its room that a file needs, by others too.
fn needed(file: &str, code: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let mut left = siblings(file, &code[file], code);
    while let Some(next) = left.pop() {
        if needed.insert(next.clone()) {
            left.extend(siblings(&next, &code[&next], code));
        }
    }
    needed
}

/// Whether it lies in a room, and is not what the room is entered by.
fn is_inner(file: &str) -> bool {
    file.contains('/') && !file.ends_with("mod.rs")
}

/// The files of the same room that a file uses: by `super::`, by `crate::` and the room's name, and by
/// what a `mod.rs` hands on.
fn siblings(file: &str, text: &str, code: &BTreeMap<String, String>) -> Vec<String> {
    let module: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    let inside = format!("crate::{}::", room(file));
    let mut found = Vec::new();
    let ups = text.match_indices("super::").filter(|(at, _)| !text[..*at].ends_with("super::"));
    for (at, _) in ups.chain(text.match_indices(inside.as_str())) {
        let mut rest = &text[at..];
        let mut from = module.clone();
        while let Some(up) = rest.strip_prefix("super::") {
            from.pop();
            rest = up;
        }
        if let Some(below) = rest.strip_prefix(inside.as_str()) {
            (from, rest) = (vec![room(file)], below);
        }
        let names = match rest.strip_prefix('{') {
            Some(_) => rest[1..closing(rest) - 1].split(',').collect(),
            None => vec![rest],
        };
        found.extend(names.iter().filter_map(|name| home(&from, name.trim(), code)));
    }
    found.retain(|other| other != file && is_inner(other));
    found
}

/// The file in which a name is written that stands behind the way to a module.
fn home(module: &[&str], name: &str, code: &BTreeMap<String, String>) -> Option<String> {
    let first = first_word(name);
    let below = [module, &[&first]].concat().join("/");
    let rest = name[first.len()..].strip_prefix("::").unwrap_or_default();
    if code.contains_key(&format!("{below}.rs")) {
        return Some(format!("{below}.rs"));
    }
    if code.contains_key(&format!("{below}/mod.rs")) {
        return home(&[module, &[&first]].concat(), rest, code);
    }
    let door = code.get(&format!("{}/mod.rs", module.join("/")))?;
    let hands_on = |used: &&str| used.split(|c| !is_word(c)).any(|word| word == first);
    let mut uses = door.split(';').filter_map(|line| line.split_once("use ")).map(|(_, used)| used);
    let used = uses.find(|used| !used.starts_with("crate") && hands_on(used))?;
    let child = first_word(used);
    code.get_key_value(&format!("{}/{child}.rs", module.join("/"))).map(|(file, _)| file.clone())
}
