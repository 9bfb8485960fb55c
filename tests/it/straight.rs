//! What is read in one walk reads as it does patiently, and whatever is odd is left to the patient
//! way.

use crate::drawing::{Drawing, draw};
use crate::fixtures::{pairs, path, snapshot};
use crate::hostile_mutations::{mutated, sound};
use crate::laws::Random;
use crate::parsing::{facts, permute};
use crate::writing::{Lines, Style, inside, replaced, swapped};
use heapdiff::graph::Heap;
use heapdiff::ids::StrIdx;
use heapdiff::input::Input;
use heapdiff::parse::Tables;
use std::sync::Arc;

fn drawing() -> Drawing {
    draw(
        "root -> app:App(48)@7:3:4 -cache-> map:Map(32)
         map -[0]-> s:Session(900)@12:30:40 -<user>-> u:(string)name(24)
         map -{70000}-> f:(closure)onData(64)@12:5:6\n map ~> s",
    )
}

/// Whether a file is read in one walk. However it is, it is read or refused as it is patiently.
fn is_straight(file: &[u8], which: &str) -> bool {
    let input = Arc::new(Input::from_bytes(file.to_vec()));
    let tables = Tables::straight(&input);
    let is_straight = tables.is_some();
    let told = |error: heapdiff::error::Error| {
        (error.to_string(), error.byte(), error.hint().map(ToString::to_string))
    };
    let [patient, usual] = [Tables::patiently(&input), Tables::read(&input)]
        .map(|tables| tables.map(|tables| facts(&Heap::new(tables))).map_err(told));
    if let Some(tables) = tables {
        assert_eq!(Ok(facts(&Heap::new(tables))), patient, "{which}");
    }
    // What is no JSON object at all is told before anything is looked for.
    if !usual.as_ref().is_err_and(|(text, ..)| text.starts_with("not a V8 heap snapshot")) {
        assert_eq!(usual, patient, "{which}");
    }
    is_straight
}

#[test]
fn a_file_as_v8_writes_it_is_read_in_one_walk() {
    for lines in [Lines::Records, Lines::One] {
        for members in [
            "snapshot nodes edges locations strings",
            "snapshot nodes edges strings",
            "snapshot nodes edges trace_function_infos trace_tree samples locations strings",
        ] {
            let members: Vec<&str> = members.split(' ').collect();
            let style = Style { lines, members, ..Style::default() };
            assert!(is_straight(&style.write(&drawing()), &format!("{style:?}")));
        }
    }
}

#[test]
fn real_files_are_read_in_one_walk() {
    for pair in pairs() {
        for which in ["before", "after"] {
            let input = Arc::new(Input::open(&snapshot(&pair, which)).unwrap());
            assert!(Tables::straight(&input).is_some(), "{which} of {}", pair.display());
        }
    }
    let input = Input::open(&snapshot(&path("plain"), "after")).unwrap();
    assert!(is_straight(input.bytes(), "plain"));
}

#[test]
fn members_in_any_other_order_are_read_patiently() {
    let mut members = vec!["snapshot", "nodes", "edges", "locations", "strings"];
    let mut straight = 0;
    permute(&mut members, 0, &mut |order| {
        let style = Style { members: order.to_vec(), ..Style::default() };
        straight += usize::from(is_straight(&style.write(&drawing()), &format!("{order:?}")));
    });
    assert_eq!(straight, 1);
}

#[test]
fn white_space_is_no_oddity_but_around_the_strings() {
    for lines in [Lines::Pretty, Lines::Crlf] {
        let file = Style { lines, ..Style::default() }.write(&drawing());
        assert_eq!(is_straight(&file, &format!("{lines:?}")), lines == Lines::Crlf);
    }
    for before in ["\u{feff}", " \n", "\u{feff}\r\n\t "] {
        let style = Style { before: before.as_bytes(), after: b"\t \n\n", ..Style::default() };
        assert!(is_straight(&style.write(&drawing()), before));
    }
}

#[test]
fn strings_that_look_like_members_are_strings() {
    let texts = [
        r#"\"strings\":["#,
        r#"],\n\"strings\":[\"a\""#,
        r#"\\"#,
        r#"\\\""#,
        r#"]}"#,
        r#"],\"nodes\":[1,2,3]"#,
        r#":["#,
        r#"strings"#,
        r#"\\\"strings\":["#,
        r#",\"strings\":["#,
    ];
    for many in 1..=texts.len() {
        for first in 0..texts.len() {
            let texts: Vec<&str> = texts.iter().cycle().skip(first).take(many).copied().collect();
            let file = Style::default().write(&drawing());
            let end = inside_strings(&file);
            let more: String = texts.iter().map(|text| format!(",\n\"{text}\"")).collect();
            let file = replaced(&file, end..end, &more);
            assert!(is_straight(&file, &more));
            let strings = Tables::read(&Arc::new(Input::from_bytes(file))).unwrap().strings;
            for (at, text) in (strings.len() - many..).zip(&texts) {
                let expected: String = serde_json::from_str(&format!("\"{text}\"")).unwrap();
                assert_eq!(strings.get(StrIdx::from_at(at)).to_string_lossy(), expected);
            }
        }
    }
}

/// Where the inside of the strings ends.
fn inside_strings(file: &[u8]) -> usize {
    file.iter().rposition(|byte| *byte == b']').unwrap()
}

#[test]
fn members_that_look_like_the_strings_are_not() {
    let other = [
        r#"{"strings":["a","b"]}"#,
        r#"[{"strings":["a"]},"x"]"#,
        r#"["strings"]"#,
        r#""],\"strings\":[""#,
        r#"{"nodes":[1,2],"edges":[]}"#,
    ];
    for json in other {
        for at in 1..=8 {
            let mut style = Style { extra: vec![("scopes", json)], ..Style::default() };
            style.members.insert(at, "scopes");
            let is_straight = is_straight(&style.write(&drawing()), &format!("{json} {at}"));
            assert_eq!(is_straight, (3..8).contains(&at), "{json} {at}");
        }
    }
}

#[test]
fn members_that_stand_twice_or_are_missing_are_told() {
    let members = Style::default().members;
    for at in 0..members.len() {
        for to in 0..=members.len() {
            let mut style = Style::default();
            style.members.insert(to, members[at]);
            let is_unknown =
                matches!(members[at], "trace_function_infos" | "trace_tree" | "samples");
            let straight = is_straight(&style.write(&drawing()), &format!("{at} {to}"));
            assert!(!straight || is_unknown, "{at} {to}");
        }
        let mut style = Style::default();
        let name = style.members.remove(at);
        let straight = is_straight(&style.write(&drawing()), name);
        let may_lack = !matches!(name, "snapshot" | "nodes" | "edges" | "strings");
        assert_eq!(straight, may_lack, "{name}");
    }
}

#[test]
fn a_cut_file_is_told_from_as_before() {
    let file = drawing().bytes();
    let end = file.iter().rposition(|byte| *byte == b'}').unwrap();
    for cut in 0..=end {
        assert!(!is_straight(&file[..cut], &format!("cut at {cut}")));
        let zeros = [&file[..cut], &[0; 9]].concat();
        assert!(!is_straight(&zeros, &format!("zeros from {cut}")));
        // The end is there and a part before it is not.
        let torn = [&file[..cut], b"]}"].concat();
        is_straight(&torn, &format!("torn at {cut}"));
    }
}

#[test]
fn only_white_space_may_follow() {
    for (after, is_space) in [(" \r\n\t", true), ("\u{c}", false), ("\0", false), ("}", false)] {
        let file = [&drawing().bytes(), after.as_bytes()].concat();
        assert_eq!(is_straight(&file, after), is_space, "{after:?}");
    }
}

/// Windows are as large as there are threads.
#[test]
fn tables_of_many_windows_are_read_in_one_walk() {
    let mut drawing = draw("root -> a:A(1)\n a -> a");
    let mut random = Random::new(1);
    for at in 1..40_000 {
        let mut node = drawing.nodes[1].clone();
        (node.id, node.size) = (2 * at + 3, random.below(1 << (1 + at % 40)));
        node.place = Some([random.below(9), random.below(10_000), random.below(100)]);
        drawing.nodes.push(node);
        let mut edge = drawing.edges[1].clone();
        (edge.kind, edge.label) = ("element", random.below(1 << (1 + at % 32)).to_string());
        (edge.from, edge.to) = (random.below(at + 1) as usize, at as usize + 1);
        drawing.edges.extend([edge.clone(), edge]);
    }
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for lines in [Lines::Records, Lines::One, Lines::Crlf] {
        let file = Style { lines, ..Style::default() }.write(&drawing);
        assert!(["nodes", "edges", "locations"].iter().all(|m| inside(&file, m).len() > 600_000));
        assert!(one.install(|| is_straight(&file, &format!("{lines:?}"))));
        // One value is odd, far inside.
        let middle = inside(&file, "edges").start + 550_000;
        let digit = middle + file[middle..].iter().position(u8::is_ascii_digit).unwrap();
        let odd = replaced(&file, digit..digit + 1, "x");
        assert!(!one.install(|| is_straight(&odd, &format!("{lines:?}, odd"))));
    }
}

#[test]
fn what_the_header_counts_must_be_there() {
    let file = drawing().bytes();
    let (nodes, edges) = (drawing().nodes.len(), drawing().edges.len());
    for (name, count) in [("node_count", nodes), ("edge_count", edges)] {
        for claim in [0, 1, count - 1, count + 1, 2 * count, 1 << 20, (1 << 28) - 1, usize::MAX] {
            let from = format!("\"{name}\":{count}");
            let lie = swapped(&file, &from, format!("\"{name}\":{claim}"));
            assert!(!is_straight(&lie, &format!("{name} {claim}")));
        }
    }
    let empty = inside(&file, "edges");
    assert!(!is_straight(&replaced(&file, empty, ""), "no edges"));
    let alone = Style { lines: Lines::One, ..Style::default() }.write(&Drawing::new());
    assert!(is_straight(&alone, "a root alone, which has no edges"));
}

#[test]
fn a_mutated_file_is_read_or_refused_as_it_is_patiently() {
    let mut straight = 0;
    for lines in [Lines::Records, Lines::One] {
        let file = sound(lines).after;
        assert!(is_straight(&file, "as written"));
        for seed in 0..4000 {
            let which = format!("seed {seed} of {lines:?}");
            straight += usize::from(is_straight(&mutated(&file, &mut Random::new(seed)), &which));
        }
    }
    assert!(straight > 300, "{straight} are read in one walk");
}
