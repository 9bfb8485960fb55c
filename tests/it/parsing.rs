//! Every way to write one snapshot reads as the same heap.

use crate::drawing::{Drawing, draw};
use crate::fixtures::heap;
use crate::writing::{Lines, Style, inside, replaced, swapped, token};
use heapdiff::graph::Heap;
use heapdiff::ids::{EdgeIdx, NodeIdx, StrIdx};
use heapdiff::parse::Tables;

const HEAP: &str = "
    root -> app:App(48)@7:3:4 -cache-> map:Map(32)
    map -[0]-> s:Session(900)@12:30:40 -<user>-> u:(string)\"o'hara, [x] {y}\"(24)
    map -(table)-> store:(array)(8192) -{70000}-> f:(closure)onData(64)@12:5:6
    map ~> s
    row:(native)Row(8)+detached -> cell:(native)Cell(8)
";

/// Everything the file says and everything computed from it, as text.
pub fn facts(heap: &Heap) -> String {
    let tables = &heap.tables;
    let node = |n: NodeIdx| {
        let nodes = &tables.nodes;
        (nodes.kind(n), nodes.whole_id(n), tables.strings.get(nodes.name(n)), nodes.edges(n))
    };
    let edge = |e: EdgeIdx| {
        let name = tables.edges.name(e).map(|name| tables.strings.get(name));
        let number = name.is_none().then(|| tables.edges.label(e));
        (tables.edges.kind(e), name, number, tables.edges.target(e))
    };
    let nodes: Vec<_> = tables.nodes.indices().map(node).collect();
    let edges: Vec<_> = (0..tables.edges.len()).map(|e| edge(EdgeIdx::from_at(e))).collect();
    let places: Vec<_> = tables.locations.iter().collect();
    let computed = (heap.shallow(), heap.retained(), &heap.shortest().distance, &heap.dom_state);
    format!("{nodes:?}\n{edges:?}\n{places:?}\n{computed:?}")
}

fn expected() -> (Drawing, String) {
    let drawing = draw(HEAP);
    let facts = facts(&drawing.heap());
    assert!(facts.contains("Object, 3, \"App\", 1..2"), "{facts}");
    assert!(facts.contains("[0, 48, 8224, 900, 24, 0, 64, 8, 8]"), "{facts}");
    (drawing, facts)
}

fn reads_alike(style: &Style) {
    let (drawing, expected) = expected();
    assert_eq!(facts(&heap(style.write(&drawing))), expected, "{style:?}");
}

#[test]
fn lines_and_white_space_mean_nothing() {
    for lines in [Lines::Records, Lines::One, Lines::Pretty, Lines::Crlf] {
        reads_alike(&Style { lines, ..Style::default() });
        reads_alike(&Style { lines, after: b"", ..Style::default() });
        reads_alike(&Style {
            lines,
            before: b"\xef\xbb\xbf \r\n",
            after: b"\t \n\n",
            ..Style::default()
        });
    }
}

#[test]
fn members_may_come_in_any_order() {
    let mut members = vec!["snapshot", "nodes", "edges", "locations", "strings"];
    let mut orders = 0;
    permute(&mut members, 0, &mut |order| {
        orders += 1;
        reads_alike(&Style { members: order.to_vec(), ..Style::default() });
    });
    assert_eq!(orders, 120);
}

pub fn permute(items: &mut [&'static str], from: usize, each: &mut impl FnMut(&[&'static str])) {
    if from == items.len() {
        return each(items);
    }
    for i in from..items.len() {
        items.swap(from, i);
        permute(items, from + 1, each);
        items.swap(from, i);
    }
}

#[test]
fn unknown_members_are_skipped_whatever_they_hold() {
    let unknown = [
        "[0,-1,12,-1,3]",
        "[]",
        "{}",
        "null",
        "-1.5e3",
        "true",
        r#""text""#,
        r#"["]","}","[","{","\"]","\\"]"#,
        r#"{"nodes":[1,2],"deep":{"strings":["]"],"x":[[[{}]]]}}"#,
        r#"[{"a":"}"},[["\\\""]],-3]"#,
    ];
    for json in unknown {
        for at in 0..=7 {
            let mut style = Style { extra: vec![("scopes", json)], ..Style::default() };
            style.members.insert(at, "scopes");
            reads_alike(&style);
        }
    }
}

#[test]
fn fields_are_found_by_name() {
    let fields = ["type", "name", "id", "self_size", "edge_count", "detachedness"];
    let styles = [
        fields.to_vec(),
        vec!["detachedness", "edge_count", "self_size", "id", "name", "type"],
        [&fields[..], &["trace_node_id", "new_in_v8_20"]].concat(),
        [&["new_in_v8_20"], &fields[..]].concat(),
        vec!["edge_count", "type", "trace_node_id", "id", "detachedness", "name", "self_size"],
    ];
    for node_fields in styles {
        for lines in [Lines::Records, Lines::One] {
            reads_alike(&Style { node_fields: node_fields.clone(), lines, ..Style::default() });
        }
    }
    for edge_fields in [
        vec!["to_node", "type", "name_or_index"],
        vec!["type", "name_or_index", "confidence", "to_node"],
    ] {
        reads_alike(&Style { edge_fields, ..Style::default() });
    }
}

#[test]
fn without_the_field_the_name_tells_what_is_detached() {
    let node_fields = vec!["type", "name", "id", "self_size", "edge_count"];
    let drawing = draw(
        "root -> a:(native)\"Detached Row\"(8) -> b:(native)Row(8)\n root -> c:\"Detached x\"(8)",
    );
    let heap = heap(Style { node_fields, ..Style::default() }.write(&drawing));
    assert_eq!(heap.dom_state, [0, 2, 0, 0]);
    let name = heapdiff::classes::DisplayNames::new(&heap).of(NodeIdx(1));
    assert_eq!(name.to_string_lossy(), "Detached Row", "and nothing is renamed");
}

#[test]
fn kinds_are_found_by_name_and_an_unknown_kind_is_a_class() {
    let (drawing, expected) = expected();
    let mut file = swapped(&drawing.bytes(), "[\"hidden\",", "[\"quantum\",\"hidden\",");
    for row in 0..drawing.nodes.len() {
        let kind = token(&file, "nodes", row * 7);
        let number: u64 = std::str::from_utf8(&file[kind.clone()]).unwrap().parse().unwrap();
        file = replaced(&file, kind, (number + 1).to_string());
    }
    assert_eq!(facts(&heap(file.clone())), expected);
    let heap = heap(replaced(&file, token(&file, "nodes", 7), "0"));
    let naming =
        heapdiff::classes::Naming::of_heap(&heap, &heapdiff::classes::Interfaces::of(&heap));
    assert_eq!(naming.of(NodeIdx(1)).name.to_string_lossy(), "(quantum)");
}

#[test]
fn a_kind_behind_the_end_of_the_list_is_called_undefined_as_in_devtools() {
    // Symbols of V8 3.28 to 6.2.
    let drawing = draw("root -> a:A(8) -s-> s:(symbol)iterator(16)");
    let bytes = swapped(&drawing.bytes(), ",\"symbol\",\"bigint\",\"object shape\"]", "]");
    let heap = heap(bytes);
    let naming =
        heapdiff::classes::Naming::of_heap(&heap, &heapdiff::classes::Interfaces::of(&heap));
    assert_eq!(naming.of(NodeIdx(2)).name.to_string_lossy(), "(undefined)");
    assert_eq!(heap.shallow().of(NodeIdx(2)), 16);
}

#[test]
fn the_first_node_is_the_root_whatever_its_kind() {
    // An object in Node 0.10.
    let (drawing, expected) = expected();
    let file = drawing.bytes();
    let plain = heap(replaced(&file, token(&file, "nodes", 0), "3"));
    assert_eq!(plain.tables.nodes.len(), drawing.nodes.len());
    assert_eq!(plain.total_size(), heap(file).total_size());
    assert!(!expected.is_empty());
}

#[test]
fn rows_are_counted_where_the_header_counts_none() {
    // Hermes up to 2024.
    let (drawing, expected) = expected();
    let text = String::from_utf8(drawing.bytes()).unwrap();
    let count = |text: &str, name: &str| {
        let from = text.find(&format!("\"{name}\":")).unwrap() + name.len() + 3;
        let digits = text[from..].bytes().take_while(u8::is_ascii_digit).count();
        format!("{}0{}", &text[..from], &text[from + digits..])
    };
    let none = count(&count(&text, "node_count"), "edge_count");
    assert_eq!(facts(&heap(none.into_bytes())), expected);
}

#[test]
fn the_type_lists_may_be_longer_than_the_field_lists() {
    let (drawing, expected) = expected();
    let file =
        swapped(&drawing.bytes(), "\"object shape\"],", "\"object shape\"],\"string\",\"x\",");
    assert_eq!(facts(&heap(file)), expected);
}

#[test]
fn a_file_without_locations_or_with_none_of_their_fields_has_no_places() {
    let drawing = draw(HEAP);
    let members = vec!["snapshot", "nodes", "edges", "strings"];
    let without = heap(Style { members, ..Style::default() }.write(&drawing));
    assert_eq!(without.tables.locations.iter().count(), 0);
    let unnamed = swapped(&drawing.bytes(), "location_fields", "elsewhere_fields");
    assert_eq!(heap(unnamed).tables.locations.iter().count(), 0);
    assert_eq!(drawing.heap().tables.locations.iter().count(), 3);
}

#[test]
fn of_two_locations_of_one_object_the_last_counts() {
    let file = draw("root -> a:A(8)@1:2:3\n root -> b:B(8)@4:5:6").bytes();
    let places = replaced(&file, inside(&file, "locations"), "14,4,5,6,7,9,9,9,14,1,1,1,7,1,2,3");
    let heap = heap(places);
    let scripts: Vec<_> = heap.tables.locations.iter().map(|(n, p)| (n.0, p.script)).collect();
    assert_eq!(scripts, [(1, 1), (2, 1)]);
}

#[test]
fn equal_strings_are_one_string() {
    let drawing = draw(
        "root -> a:Object(8) -x-> n:N(1)\n root -> b:Second(8) -y-> n\n root -> o:Object(8) -x-> n",
    );
    let mut file = drawing.bytes();
    for (from, to) in [("\"Second\"", r#""\u004fbject""#), ("\"y\"", r#""\u0078""#)] {
        file = swapped(&file, from, to);
    }
    let heap = heap(file);
    let naming =
        heapdiff::classes::Naming::of_heap(&heap, &heapdiff::classes::Interfaces::of(&heap));
    let names = [1, 3, 4].map(|n| naming.of(NodeIdx(n)).name.to_string_lossy());
    assert_eq!(names, ["{x}"; 3]);
}

#[test]
fn equal_ids_are_legal() {
    let mut drawing = draw(HEAP);
    drawing.nodes[3].id = drawing.nodes[2].id;
    assert_eq!(drawing.heap().tables.nodes.ids()[2..4], [5, 5]);
}

#[test]
fn strings_of_every_sort_are_read_as_javascript_would() {
    let cases: [(&[u8], &[u16]); 12] = [
        (b"", &[]),
        (b"plain", &[112, 108, 97, 105, 110]),
        ("\u{e9}\u{65e5}".as_bytes(), &[0xe9, 0x65e5]),
        ("\u{1f600}".as_bytes(), &[0xd83d, 0xde00]),
        (br"\ud83d\ude00", &[0xd83d, 0xde00]),
        (br"a\ud83d", &[97, 0xd83d]),
        (br"\uDE00b", &[0xde00, 98]),
        (br#"\"\\\/\b\f\n\r\t"#, &[34, 92, 47, 8, 12, 10, 13, 9]),
        (br"\u0000\u001F", &[0, 0x1f]),
        (b"a\xffb", &[97, 0xfffd, 98]),
        (b"\xe6\x97", &[0xfffd]),
        (b"]},{[\x7f", &[93, 125, 44, 123, 91, 127]),
    ];
    for (literal, units) in cases {
        let file = draw("root -> a:PLACE(8)").bytes();
        let tables = heap(swapped(&file, "PLACE", literal)).tables;
        let name = tables.nodes.name(NodeIdx(1));
        assert_eq!(tables.strings.get(name).units(), units, "{}", literal.escape_ascii());
    }
}

#[test]
fn strings_may_be_spread_over_lines_and_be_few() {
    let file = draw("root -> a:A(8)").bytes();
    let strings = inside(&file, "strings");
    let spread = replaced(&file, strings.clone(), " \n \"<d>\" ,\t\"\"\r\n,\"A\",\"a\" \n");
    assert_eq!(heap(spread).tables.strings.len(), 4);
    let mut alone = Drawing::new();
    alone.nodes[0].name = "<dummy>".to_owned();
    let style = Style {
        extra: vec![("strings", "[\"root\"]"), ("nodes", "[9,0,1,0,0,0,0]")],
        ..Style::default()
    };
    let heap = heap(style.write(&alone));
    assert_eq!((heap.tables.strings.len(), heap.total_size()), (1, 0));
    assert_eq!(heap.tables.strings.get(StrIdx(0)).to_string_lossy(), "root");
}

#[test]
fn numbers_reach_to_the_ends_of_their_columns() {
    let mut drawing =
        draw("root -> a:A(8) -{4294967295}-> b:B(18446744073709551615)@4294967295:4294967295:0");
    drawing.nodes[1].id = u64::from(u32::MAX);
    drawing.nodes[2].state = u64::MAX;
    let heap = drawing.heap();
    assert_eq!(heap.tables.nodes.ids()[1], u32::MAX);
    assert_eq!(heap.tables.edges.label(EdgeIdx(1)), u32::MAX);
    assert_eq!(heap.shallow().of(NodeIdx(2)), u64::MAX);
    assert_eq!(heap.tables.locations.of(NodeIdx(2)).unwrap().line, u32::MAX);
    assert_eq!(heap.total_size(), u64::MAX, "sums stop there and do not wrap");
}

#[test]
fn extra_native_bytes_are_part_of_the_total() {
    let file = draw("root -> a:A(8)").bytes();
    let with = swapped(&file, "\"node_count\"", "\"extra_native_bytes\":1000,\"node_count\"");
    assert_eq!(heap(with).total_size(), 1008);
}

/// Numbers of 1 to 10 digits in arrays of several chunks, against serde_json's reading. The
/// chunks' borders are moved through every position of a row by making the first number longer.
#[test]
fn large_arrays_read_as_serde_json_reads_them() {
    for (lines, fields, shifts) in
        [(Lines::Records, 7, 10), (Lines::One, 6, 6), (Lines::One, 7, 2), (Lines::Crlf, 5, 2)]
    {
        for shift in 0..shifts {
            let drawing = large(shift);
            let node_fields = "type name id self_size edge_count detachedness trace_node_id";
            let node_fields = node_fields.split(' ').take(fields).collect();
            let file = Style { lines, node_fields, ..Style::default() }.write(&drawing);
            let tables = crate::fixtures::heap(file.clone());
            same_numbers(&tables, &file, fields, &format!("{lines:?}, {fields} fields, {shift}"));
        }
    }
}

#[derive(serde::Deserialize)]
struct Numbers {
    nodes: Vec<u64>,
    edges: Vec<u64>,
    locations: Vec<u64>,
}

fn same_numbers(heap: &Heap, file: &[u8], fields: usize, what: &str) {
    let Numbers { nodes, edges, locations } = serde_json::from_slice(file).unwrap();
    let tables: &Tables = &heap.tables;
    assert_eq!(tables.nodes.len(), nodes.len() / fields, "{what}");
    for (row, node) in nodes.chunks(fields).zip(tables.nodes.indices()) {
        let nodes = &tables.nodes;
        let ours = (nodes.whole_id(node), nodes.id(node), heap.shallow().of(node));
        assert_eq!(ours, (row[2], row[2] as u32, row[3]), "{what}: node {node:?}");
        assert_eq!(tables.nodes.edges(node).len() as u64, row[4], "{what}: node {node:?}");
    }
    for (row, at) in edges.chunks(3).zip(0..) {
        let edge = EdgeIdx(at);
        let ours = (tables.edges.label(edge), tables.edges.target(edge).at() * fields);
        assert_eq!(ours, (row[1] as u32, row[2] as usize), "{what}: edge {edge:?}");
    }
    let places: Vec<u32> = tables.locations.iter().map(|(_, p)| p.column).collect();
    let theirs: Vec<u32> = locations.chunks(4).map(|r| r[3] as u32).collect();
    assert_eq!(places, theirs, "{what}");
}

/// About 1.2 MB of nodes, 1.1 MB of edges and of locations.
fn large(shift: u32) -> Drawing {
    let mut random = crate::laws::Random::new(u64::from(shift) + 1);
    let mut drawing = draw("root -> a:A(1)");
    let mut digits = move || {
        let digits = random.below(10) as u32;
        random.below(10_u64.pow(1 + digits)).min(u64::from(u32::MAX))
    };
    for i in 0..42_000 {
        let mut node = drawing.nodes[1].clone();
        // In most of the files some ids have up to 60 bits, the first ones none.
        node.id = digits() << if i < 20_000 { 0 } else { 4 * shift.min(7) };
        node.size = digits();
        node.place = Some([digits(), digits(), digits()]);
        drawing.nodes.push(node);
        let mut edge = drawing.edges[0].clone();
        (edge.kind, edge.label, edge.from, edge.to) = ("hidden", digits().to_string(), i, i + 2);
        drawing.edges.push(edge.clone());
        (edge.kind, edge.label) = ("element", digits().to_string());
        drawing.edges.push(edge);
    }
    drawing.nodes[0].size = 10_u64.pow(shift.min(18));
    drawing
}
