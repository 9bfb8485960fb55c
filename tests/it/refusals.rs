//! What is no sound snapshot is refused, with the byte at which that can be seen.

use crate::drawing::{Drawing, draw};
use crate::writing::{Lines, Style, inside, replaced, swapped, token};
use heapdiff::error::{Error, ErrorKind};
use heapdiff::input::Input;
use heapdiff::parse::Tables;
use std::sync::Arc;

fn file() -> Vec<u8> {
    draw(
        "root -> app:App(48)@7:3:4 -cache-> map:Map(32)
         map -[0]-> s:Session(900)@12:30:40 -<user>-> u:(string)name(24)
         map -(table)-> store:(array)(8192) -{70000}-> f:(closure)onData(64)@12:5:6
         map ~> s",
    )
    .bytes()
}

fn refusal(file: Vec<u8>) -> Error {
    let shown = String::from_utf8_lossy(&file[..file.len().min(3000)]).into_owned();
    match Tables::read(&Arc::new(Input::from_bytes(file))) {
        Ok(_) => panic!("this was read: {shown}"),
        Err(e) => e,
    }
}

/// The file is damaged, at this byte, and the message says so in these words.
#[track_caller]
fn refused(file: Vec<u8>, at: usize, words: &str) {
    let error = refusal(file);
    let text = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Damaged, "{text}");
    assert_eq!(error.byte(), Some(at as u64), "{text}");
    assert!(text.contains(words), "{text:?} does not say {words:?}");
    assert!(text.ends_with(&format!(" (at byte {at})")), "{text}");
    assert!(!text.contains('\n') && !text.contains(". ") && !text.starts_with(char::is_uppercase));
}

/// One number is written otherwise; the fault is `offset` bytes into it.
#[track_caller]
fn bad_number(member: &str, at: usize, number: &str, offset: usize, words: &str) {
    let file = file();
    let range = token(&file, member, at);
    refused(replaced(&file, range.clone(), number), range.start + offset, words);
}

#[test]
fn only_plain_whole_numbers_are_numbers() {
    let long = "1".repeat(400);
    let cases = [
        ("-", 0, "not '-'"),
        ("1.0", 1, "not '.'"),
        ("1e3", 1, "not 'e'"),
        ("+1", 0, "not '+'"),
        ("0x1", 1, "not 'x'"),
        ("null", 0, "not 'n'"),
        ("\"1\"", 0, "not '\\\"'"),
        ("1 2", 1, "not ' '"),
        ("1\n2", 1, "not '\\n'"),
        ("00", 0, "leading zero"),
        ("01", 0, "leading zero"),
        ("0123456789", 0, "leading zero"),
        ("18446744073709551616", 0, "beyond 2^64"),
        (&long, 0, "beyond 2^64"),
        ("", 0, "a number is missing"),
        ("1\u{c}", 1, "not '\\u{c}'"),
        ("1\0", 1, "not '\\u{0}'"),
        ("12345:78", 5, "not ':'"),
        ("1234567/", 7, "not '/'"),
    ];
    for member in ["nodes", "edges", "locations"] {
        let last = inside(&file(), member);
        let numbers = file()[last].iter().filter(|b| **b == b',').count() + 1;
        for at in [0, 1, numbers / 2, numbers - 1] {
            for (number, offset, words) in cases {
                if number.is_empty() && at == numbers - 1 {
                    continue; // white space follows, and the fault is behind it
                }
                bad_number(member, at, number, offset, words);
            }
        }
    }
}

#[test]
fn only_a_line_and_a_column_may_be_below_zero() {
    for (member, at) in [("nodes", 3), ("edges", 1), ("locations", 0), ("locations", 1)] {
        bad_number(member, at, "-1", 0, "not '-'");
    }
    bad_number("locations", 3, "-1.5", 2, "not '.'");
    let before_all = replaced(&file(), token(&file(), "locations", 3), " -25");
    let tables = Tables::read(&Arc::new(Input::from_bytes(before_all))).unwrap();
    assert_eq!(tables.locations.iter().next().unwrap().1.column, 0);
}

#[test]
fn white_space_before_a_bad_number_is_not_the_fault() {
    bad_number("nodes", 9, " \r\n\t-4", 4, "not '-'");
    bad_number("edges", 5, "  5", 2, "to_node 5 is not a multiple of 7");
}

#[test]
fn the_last_number_may_not_be_missing() {
    for member in ["nodes", "edges", "locations"] {
        let file = file();
        let inside = inside(&file, member);
        let comma = file[inside.clone()].iter().rposition(|b| *b == b',').unwrap();
        let cut = inside.start + comma + 1..inside.end;
        refused(replaced(&file, cut.clone(), ""), cut.start, "a number is missing");
        refused(replaced(&file, cut.clone(), " \n"), cut.start + 2, "a number is missing");
    }
}

#[test]
fn a_trailing_comma_is_one_number_too_many() {
    for (member, fields) in [("nodes", 7), ("edges", 3), ("locations", 4)] {
        let file = file();
        let end = inside(&file, member).end;
        let words = format!("not a multiple of {fields} fields");
        refused(replaced(&file, end..end, ","), end + 1, &words);
    }
}

/// Where a copy lost a part, there are zeros.
#[test]
fn zero_bytes_among_numbers_are_found_where_they_begin() {
    let file = draw("root -> a:A(1) -> b:B(2)").bytes();
    let nodes = file.windows(8).position(|w| w == b"\"nodes\":").unwrap() + 12;
    for count in 1..9 {
        let mut torn = file.clone();
        torn[nodes..nodes + count].fill(0);
        let error = Tables::read(&Arc::new(Input::from_bytes(torn))).unwrap_err();
        assert_eq!(error.byte(), Some(nodes as u64), "{error}");
    }
}

#[test]
fn an_array_must_be_whole_rows() {
    for (member, fields) in [("nodes", 7), ("edges", 3), ("locations", 4)] {
        for less in 1..fields {
            let file = file();
            let inside = inside(&file, member);
            let cut = token(&file, member, less).start;
            let short = replaced(&file, inside.start..cut, "");
            let end = inside.end - (cut - inside.start);
            refused(short, end, &format!("not a multiple of {fields} fields"));
        }
    }
}

#[test]
fn the_tables_must_have_as_many_rows_as_the_header_counts() {
    let file = file();
    for (member, table, fields) in [("nodes", "the node table", 7), ("edges", "the edge table", 3)]
    {
        let inside = inside(&file, member);
        let row = token(&file, member, 0).start..token(&file, member, fields).start - 2;
        let longer = [b",", &file[row]].concat();
        let end = inside.end + longer.len() + 1;
        let words = format!("{table} has 8 rows, but the header says 7");
        refused(replaced(&file, inside.end..inside.end, longer), end, &words);
        let cut = token(&file, member, 6 * fields - 1).end..inside.end;
        let words = format!("{table} has 6 rows, but the header says 7");
        refused(replaced(&file, cut.clone(), ""), cut.start + 1, &words);
        let none = replaced(&file, inside.clone(), "\n ");
        let words = format!("{table} has 0 rows, but the header says 7");
        refused(none, inside.start + 3, &words);
    }
    for (counted, words) in [(6, "the header says 6"), (8, "the header says 8")] {
        let other = swapped(&file, "\"edge_count\":7", format!("\"edge_count\":{counted}"));
        refused(
            other,
            inside(&file, "nodes").end + 1,
            &format!("the nodes own 7 edges, but {words}"),
        );
    }
}

#[test]
fn counts_that_no_file_could_hold_are_refused_without_allocating() {
    let file = file();
    for count in ["4294967295", "9007199254740993", "18446744073709551615"] {
        for name in ["node_count", "edge_count"] {
            let other = swapped(&file, &format!("\"{name}\":7"), format!("\"{name}\":{count}"));
            refused(other, 12, &format!("counts {count}"));
        }
    }
    let other = swapped(&file, "\"node_count\":7", "\"node_count\":4294967294");
    assert_eq!(refusal(other).kind(), ErrorKind::Damaged);
}

#[test]
fn the_nodes_must_own_exactly_the_edges_there_are() {
    let file = file();
    let end = inside(&file, "nodes").end + 1;
    let owned = |number: &str| replaced(&file, token(&file, "nodes", 4), number);
    refused(owned("0"), end, "the nodes own 6 edges, but the header says 7");
    refused(owned("2"), end, "the nodes own 8 edges, but the header says 7");
    bad_number("nodes", 4, "8", 0, "a node has 8 edges, more than there are");
    bad_number("nodes", 4, "4294967297", 0, "a node has 4294967297 edges");
}

#[test]
fn every_index_must_lead_somewhere() {
    bad_number("nodes", 7, "256", 0, "type 256 is not in the file's list");
    bad_number("nodes", 7, "4294967299", 0, "type 4294967299 is not in the file's list");
    bad_number("nodes", 8, "99", 0, "string 99 of");
    bad_number("nodes", 8, "4294967298", 0, "string 4294967298 of");
    bad_number("edges", 0, "7", 0, "the edge table: type 7 is not in the file's list");
    bad_number("edges", 0, "4294967301", 0, "type 4294967301 is not in the file's list");
    bad_number("edges", 1, "99", 0, "string 99 of");
    bad_number("edges", 1, "4294967298", 0, "string 4294967298 of");
    bad_number("edges", 2, "8", 0, "to_node 8 is not a multiple of 7");
    bad_number("edges", 2, "49", 0, "to_node 49 is beyond the last node");
    bad_number("edges", 2, "4294967297", 0, "to_node 4294967297 is not a multiple of 7");
    bad_number("edges", 2, "30064771079", 0, "to_node 30064771079 is beyond the last node");
    bad_number("locations", 0, "8", 0, "no node starts at 8");
    bad_number("locations", 0, "49", 0, "no node starts at 49");
    bad_number("locations", 1, "4294967296", 0, "4294967296 is beyond 2^32");
}

#[test]
fn an_element_s_number_must_fit_its_column() {
    let file = file();
    let element = (0..7).find(|row| &file[token(&file, "edges", row * 3)] == b"1").unwrap();
    bad_number("edges", element * 3 + 1, "4294967296", 0, "index 4294967296 is beyond 2^32");
}

#[test]
fn the_first_fault_of_the_file_is_the_one_that_is_told() {
    let file = file();
    let (first, second) = (token(&file, "nodes", 8), token(&file, "nodes", 23));
    let twice = replaced(&replaced(&file, second, "9999"), first.clone(), "8888");
    refused(twice, first.start, "string 8888");
}

#[test]
fn a_member_may_not_stand_twice_nor_be_missing() {
    for member in ["snapshot", "nodes", "edges", "locations", "strings"] {
        let mut style = Style::default();
        style.members.push(member);
        let file = style.write(&draw("root -> a:A(1)"));
        let key = format!("\"{member}\":");
        let at = file.windows(key.len()).rposition(|w| w == key.as_bytes()).unwrap();
        refused(file, at, &format!("\"{member}\" stands twice"));
        if member == "locations" || member == "snapshot" {
            continue;
        }
        let members = style.members.into_iter().filter(|m| *m != member).collect();
        let file = Style { members, ..Style::default() }.write(&draw("root -> a:A(1)"));
        let end = file.len();
        refused(file, end, &format!("no \"{member}\" member"));
    }
}

#[test]
fn nothing_may_follow_the_end() {
    for garbage in ["{}", "x", ",", "]", "}", "\n\"x\"", "\n,", "\n{\"snapshot\":{}}"] {
        let mut file = file().trim_ascii_end().to_vec();
        file.extend(garbage.as_bytes());
        let at = file.len() - garbage.trim_ascii_start().len();
        refused(file, at, "something follows the end of the snapshot");
    }
}

#[test]
fn the_json_around_the_tables_must_be_sound() {
    let file = file();
    let comma = inside(&file, "nodes").end + 1;
    refused(replaced(&file, comma..comma + 1, ""), comma + 1, "a comma or the end of the object");
    refused(replaced(&file, comma..comma + 1, ",,"), comma + 1, "the name of a member");
    let colon = inside(&file, "edges").start - 2;
    refused(replaced(&file, colon..colon + 1, ""), colon, "a colon belongs");
    for member in ["nodes", "edges", "locations", "strings"] {
        let style = Style { extra: vec![(member, "{}")], ..Style::default() };
        let file = style.write(&draw("root -> a:A(1)@1:2:3"));
        let key = format!("\"{member}\":");
        let at = file.windows(key.len()).position(|w| w == key.as_bytes()).unwrap();
        refused(file, at + key.len(), "should be an array");
    }
}

#[test]
fn strings_must_be_sound() {
    let file = file();
    let start = inside(&file, "strings").start;
    let first = |literal: &[u8]| replaced(&file, start..start + "\"<dummy>\"".len(), literal);
    let escape = "an escape that JSON does not know";
    refused(first(br#""ab\x41""#), start + 3, escape);
    refused(first(br#""\u12g4""#), start + 1, escape);
    refused(first(br#""ok\n\u12""#), start + 5, escape);
    refused(first(b"\"a\x01\""), start + 2, "a bare control character");
    refused(first(b"\"a\nb\""), start + 2, "a bare control character");
    refused(first(b"7"), start, "a string belongs here");
    refused(first(b""), start, "a string belongs here");
    refused(first(b"[\"a\"]"), start, "a string belongs here");
    refused(first(b"\"a\" \"b\""), start + 4, "a comma or the end of the strings");
    let end = inside(&file, "strings").end;
    refused(replaced(&file, end..end, ","), end + 1, "a string belongs here");
    let none = replaced(&file, start..end, "");
    refused(none.clone(), token(&none, "nodes", 1).start, "string 1 of 0 does not exist");
}

#[test]
fn a_file_cut_anywhere_is_refused_and_the_message_says_in_which_table() {
    let list = (0..40).map(|i| format!("root -list-> l:L(8) -[{i}]-> o{i}:O{i}(64)@7:{i}:3\n"));
    let file = draw(&list.collect::<String>()).bytes();
    assert!((2000..5000).contains(&file.len()), "{}", file.len());
    let members = [
        ("nodes", "inside the node table"),
        ("edges", "inside the edge table"),
        ("locations", "inside the locations"),
        ("strings", "inside the string table"),
    ];
    let whole = file.iter().rposition(|b| *b == b'}').unwrap();
    for cut in 0..=whole {
        let error = refusal(file[..cut].to_vec());
        let text = error.to_string();
        let found = members.iter().find(|(m, _)| inside(&file, m).contains(&cut.saturating_sub(1)));
        if let Some((_, words)) = found {
            assert!(text.contains(words), "cut at {cut}: {text}");
        }
        let header = 12..inside(&file, "nodes").start - "\"nodes\":[".len() - 3;
        if header.contains(&cut.saturating_sub(1)) {
            assert!(text.contains("inside the header"), "cut at {cut}: {text}");
        }
        if cut > 0 {
            assert_eq!(error.byte(), Some(cut as u64), "{text}");
            assert!(
                error.hint().is_some_and(|h| h.to_string().contains("cut off")),
                "cut at {cut}: {text}"
            );
        }
    }
}

#[test]
fn a_fault_far_inside_a_large_table_is_told_at_its_byte() {
    let mut drawing = Drawing::new();
    for i in 0..60_000 {
        let mut node = drawing.nodes[0].clone();
        (node.kind, node.id, node.size) = ("object", i * 2 + 3, i % 5000);
        drawing.nodes.push(node);
    }
    for lines in [Lines::Records, Lines::One] {
        let file = Style { lines, ..Style::default() }.write(&drawing);
        let inside = inside(&file, "nodes");
        assert!(inside.len() > 1 << 20, "more than one chunk");
        for near in [1 << 20, (1 << 20) + 33, (1 << 20) - 40, 500_000, inside.len() - 60] {
            let text = &file[inside.start + near..inside.end];
            let comma = text.iter().position(|b| *b == b',').unwrap();
            let end = text[comma + 1..].iter().position(|b| *b == b',').unwrap();
            let start = inside.start + near + comma + 1;
            let token = start..start + end;
            refused(replaced(&file, token.clone(), "-1"), start, "not '-'");
            refused(replaced(&file, token, "18446744073709551616"), start, "beyond 2^64");
        }
    }
}

#[test]
fn what_is_wrong_with_a_header_is_told_by_name_and_what_is_no_json_at_its_byte() {
    let file = file();
    for (from, to, words) in [
        ("\"self_size\"", "\"selfish\"", "\"node_fields\" lacks \"self_size\""),
        ("\"to_node\"", "\"to\"", "\"edge_fields\" lacks \"to_node\""),
        ("\"script_id\"", "\"script\"", "\"location_fields\" lacks \"script_id\""),
        ("\"edge_count\":7", "\"edge_count\":-7", "a \"edge_count\" that is not a whole number"),
        ("\"edge_count\":7", "\"edge_count\":7.5", "a \"edge_count\" that is not a whole number"),
        ("\"edge_count\":7", "\"edge_count\":\"7\"", "a \"edge_count\" that is not a whole number"),
        ("\"edge_count\":7,", "", "the header has no \"edge_count\""),
        ("\"edge_count\":7", "\"edge_count\":7,\"edge_count\":7", "a member stand in it twice?"),
        ("\"edge_types\"", "\"edges\"", "the header has no \"meta.edge_types\""),
        ("\"node_fields\":[", "\"node_fields\":[1,", "not a list of names"),
    ] {
        refused(swapped(&file, from, to), 12, words);
    }
    for (to, words) in [("\"edge_count\":07", "0"), ("\"edge_count\":,7", ":")] {
        let file = swapped(&file, "\"edge_count\":7", to);
        let start = file.windows(to.len()).position(|w| w == to.as_bytes()).unwrap();
        let byte = start + to.find(words).unwrap() + 1;
        refused(file, byte, "from here on the header is not JSON, or is nested too deeply");
    }
}

#[test]
fn a_root_that_is_not_the_first_node_and_a_file_without_nodes_are_refused() {
    let file = file();
    refused(swapped(&file, "\"node_count\"", "\"root_index\":7,\"node_count\""), 12, "root_index");
    let empty = Style {
        extra: vec![("nodes", "[]"), ("edges", "[ ]")],
        members: vec!["nodes", "edges", "strings", "snapshot"],
        lines: Lines::One,
        ..Style::default()
    };
    let file = swapped(&empty.write(&Drawing::new()), "\"node_count\":1", "\"node_count\":0");
    refused(file, 11, "the snapshot has no nodes");
}
