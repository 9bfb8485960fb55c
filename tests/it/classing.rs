//! DevTools' rules for classes and for the comparison, one small drawing each.

use crate::drawing::{compared, comparison, draw, drawn};
use crate::writing::Style;
use heapdiff::classes::{Census, Interfaces, Naming};
use heapdiff::ids::NodeIdx;
use heapdiff::pair::Pair;
use std::fmt::Write as _;

/// As many plain objects as asked for, each with these properties, below an object.
fn literals(name: &str, count: usize, properties: &[&str]) -> String {
    let mut text = format!("root -> holder_{name}:Holder(1)\n");
    for i in 0..count {
        let _ = writeln!(text, "holder_{name} -[{i}]-> {name}{i}:Object(8)");
        for property in properties {
            let _ = writeln!(text, "{name}{i} -\"{property}\"-> v:(number)\"heap number\"(0)");
        }
    }
    text
}

#[test]
fn kinds_that_have_no_class_of_their_own_are_one_class_each() {
    let heap = drawn(
        "root -> h:(hidden)\"system / Context\"(1)
         root -> c:(code)optimized(1)\n root -> f:(closure)onData(1)\n root -> r:(regexp)abc(1)
         root -> s:(string)text(1)\n root -> n:(native)Div(1)
         root -> k:(concatenated string)(1)\n root -> o:Session(1)\n root -> y:(symbol)mark(1)",
    );
    let classes = ["h", "c", "f", "r", "s", "n", "k", "o", "y"].map(|n| heap.class(n));
    let expected = [
        ",(system)",
        ",(compiled code)",
        ",Function",
        ",RegExp",
        ",(string)",
        ",Div",
        ",(concatenated string)",
        ",Session",
        ",(symbol)",
    ];
    assert_eq!(classes, expected);
}

#[test]
fn an_element_s_class_is_its_tag_alone() {
    let heap = drawn(
        "root -> a:(native)\"<div class='row'>\"(1)\n root -> b:(native)\"<p id=x y>\"(1)+detached
         root -> c:\"<br>\"(1)\n root -> d:(string)\"<b c>\"(1)",
    );
    let classes = ["a", "b", "c", "d"].map(|n| heap.class(n));
    assert_eq!(classes, [",<div>", ",Detached <p>", ",<br>", ",(string)"]);
}

#[test]
fn two_classes_of_one_name_from_two_places_are_two_rows() {
    let rows = compared(
        "root -> app:App(1)",
        "root -> app:App(1)
         app -[0]-> a:Session(8)@7:10:2\n app -[1]-> b:Session(8)@9:0:0
         app -[2]-> c:Session(8)\n app -[3]-> d:(closure)Session(8)@9:0:0",
    );
    let keys = [",Function +1 -0", ",Session +1 -0", "7,10,2,Session +1 -0", "9,0,0,Session +1 -0"];
    assert_eq!(rows.rows(), keys);
}

#[test]
fn a_long_name_is_cut_in_the_middle_and_stays_one_class_s() {
    let long = |middle: &str| format!("{}{middle}{}", "a".repeat(3000), "z".repeat(3000));
    let [one, other] = ["one", "two"].map(long);
    let heap =
        draw(&format!("root -> a:{one}(8)\nroot -> b:{other}(8)\nroot -> c:{one}(8)")).heap();
    let naming = Naming::of_heap(&heap, &Interfaces::of(&heap));
    let names = [1, 2, 3].map(|node| naming.of(NodeIdx(node)).name.to_string_lossy());
    assert_eq!(names[0], names[2]);
    assert_ne!(names[0], names[1]);
    let [first, last] = ["a", "z"].map(|end| end.repeat(1980));
    assert!(names[0].starts_with(&format!("{first}…(2043 more, ")), "{}", names[0]);
    assert!(names[0].ends_with(&format!(")…{last}")), "{}", names[0]);
    // Up to 4,000 units nothing is left out.
    let whole = "n".repeat(4000);
    let heap = draw(&format!("root -> a:{whole}(8)")).heap();
    let naming = Naming::of_heap(&heap, &Interfaces::of(&heap));
    assert_eq!(naming.of(NodeIdx(1)).name.to_string_lossy(), whole);
}

#[test]
fn plain_objects_are_named_by_what_two_of_them_have() {
    let two = drawn(&literals("o", 2, &["request", "started"]));
    assert_eq!(two.class("o1"), ",{request, started}");
    let one = drawn(&literals("o", 1, &["request", "started"]));
    assert_eq!(one.class("o0"), ",Object");
}

#[test]
fn two_are_not_enough_among_three_thousand() {
    let rare = |others| {
        let text = literals("r", 2, &["rare"]) + &literals("o", others, &["common"]);
        drawn(&text).class("r0")
    };
    assert_eq!(rare(1998), ",{rare}");
    assert_eq!(rare(1999), ",Object");
}

#[test]
fn an_object_takes_the_definition_with_most_of_its_properties() {
    let text = literals("a", 3, &["x"])
        + &literals("b", 2, &["x", "y"])
        + &literals("c", 1, &["z", "y", "x"])
        + &literals("d", 1, &["y"]);
    let heap = drawn(&text);
    let classes = ["a0", "b0", "c0", "d0"].map(|n| heap.class(n));
    assert_eq!(classes, [",{x}", ",{x, y}", ",{x, y}", ",Object"]);
}

#[test]
fn of_two_that_fit_alike_the_more_frequent_and_then_the_first_wins() {
    let both = |a, b| {
        let text = literals("a", a, &["x", "p"])
            + &literals("b", b, &["x", "q"])
            + &literals("c", 1, &["q", "p", "x"]);
        drawn(&text).class("c0")
    };
    assert_eq!(both(2, 3), ",{x, q}");
    assert_eq!(both(2, 2), ",{x, p}");
}

#[test]
fn an_interface_s_name_stops_at_120_units() {
    let long = "p".repeat(59);
    let name = |second: usize| {
        let second = "q".repeat(second);
        drawn(&literals("o", 2, &[&long, &second, "r"])).class("o0")
    };
    assert_eq!(name(60), format!(",{{{long}, {}}}", "q".repeat(60)), "1 + 59 + 60 = 120");
    assert_eq!(name(61), format!(",{{{long}}}"));
    let huge = "h".repeat(300);
    assert_eq!(drawn(&literals("o", 2, &[&huge])).class("o0"), format!(",{{{huge}}}"));
}

#[test]
fn proto_is_no_property_and_odd_names_are_quoted() {
    let heap = drawn(&literals("o", 2, &["__proto__", "a b", "it's", "c{d"]));
    assert_eq!(heap.class("o0"), r#",{a b, "it's", "c{d"}"#);
    assert_eq!(drawn(&literals("o", 2, &["__proto__"])).class("o0"), ",Object");
}

#[test]
fn a_plain_object_is_shown_by_properties_from_both_ends() {
    let heap = drawn(&literals("o", 1, &["a", "b", "c", "d", "e"]));
    assert_eq!(heap.name("o0"), "{a, b, c, d, e}");
    let long = ["x".repeat(30), "y".repeat(30), "z".repeat(30), "w".repeat(30)];
    let heap = drawn(&literals("o", 1, &long.each_ref().map(String::as_str)));
    assert_eq!(heap.name("o0"), format!("{{{}, {}, …, {}}}", long[0], long[1], long[3]));
}

#[test]
fn a_rope_is_shown_joined_up_to_a_thousand_units() {
    let part = "y".repeat(1023);
    let heap = drawn(&format!(
        "root -> a:(concatenated string)(8) -(first)-> b:(concatenated string)(8)
         a -(second)-> s3:(string)three(8)
         b -(first)-> s1:(string)\"one \"(8)\n b -(second)-> s2:(string)\"two \"(8)
         root -> long:(concatenated string)(8) -(first)-> x:(string){part}(8)
         long -(second)-> b\n root -> half:(concatenated string)(8) -(second)-> s3"
    ));
    assert_eq!([heap.name("a"), heap.name("half")], ["one two three", "three"]);
    assert_eq!(heap.name("long"), format!("{part}one "), "the last piece may go beyond");
}

#[test]
fn objects_without_size_are_in_no_class() {
    let rows = compared("root -> app:App(1)", "root -> app:App(1) -x-> z:Zero(0) -y-> o:One(1)");
    assert_eq!(rows.rows(), [",One +1 -0"]);
}

#[test]
fn a_class_s_retained_size_counts_what_its_members_hold_once() {
    let heap = drawn(
        "root -> a:List(1) -next-> b:List(2) -next-> c:List(4) -data-> d:Data(8)
         root -> e:List(16) -data-> f:Zero(0) -next-> g:List(32)",
    );
    let interfaces = Interfaces::of(&heap.heap);
    let census = Census::take(&heap.heap, &interfaces, &interfaces.own);
    let list = census.naming.classes.iter().position(|c| c.name == *"List").unwrap();
    assert_eq!((census.figures()[list].count, census.figures()[list].shallow), (5, 55));
    assert_eq!(census.figures()[list].retained, Some(15 + 48));
    assert_eq!(census.figures()[list].distance, Some(1));
}

#[test]
fn an_object_is_the_same_if_its_id_and_its_class_are() {
    let rows = compared(
        "root -> app:App(1)\n app -a-> a:A(8) -> b:B(8)\n app -c-> c:C(8)",
        "root -> app:App(9)\n app -c-> c:D(8)\n app -b-> b:B(80)\n app -d-> d:D(8)",
    );
    assert_eq!(rows.rows(), [",A +0 -1", ",C +0 -1", ",D +2 -0"]);
    let (a, d) = (rows.row(",A"), rows.row(",D"));
    let Pair { before, after } = &rows.drawings;
    assert_eq!((before.id("c"), before.id("b")), (after.id("c"), after.id("b")));
    assert_eq!(rows.comparison.new_objects(d), [after.index("c"), after.index("d")]);
    assert_eq!(rows.comparison.deleted_objects(a), [before.index("a")]);
    assert_eq!((d.alloc_size, d.freed_size, d.size_delta()), (16, 0, 16));
    assert_eq!((a.alloc_size, a.freed_size, a.size_delta()), (0, 8, -8));
}

#[test]
fn the_newer_heap_s_definitions_name_the_objects_of_both() {
    let rows = compared(
        &literals("o", 3, &["x", "y"]),
        &(literals("o", 2, &["x", "y"]) + &literals("p", 5, &["x"])),
    );
    assert_eq!(rows.rows(), [",Holder +1 -0", ",{x, y} +0 -1", ",{x} +5 -0"]);
    let rows = compared(&literals("o", 3, &["x", "y"]), &literals("p", 5, &["x"]));
    let row = rows.row(",{x}");
    assert_eq!((row.deleted, row.new), (3, 5), "{{x, y}} is unknown to the newer heap");
}

#[test]
fn a_class_only_the_older_heap_has_is_labelled_by_its_last_member_as_it_was() {
    let before = literals("o", 3, &["x", "y"]) + &literals("q", 1, &["z"]);
    let rows = compared(&before, "root -> app:App(1)");
    assert_eq!(rows.row(",Object").name.to_string_lossy(), "Object", "the last one has z");
    let before = literals("q", 1, &["z"]) + &literals("o", 3, &["x", "y"]);
    let rows = compared(&before, "root -> app:App(1)");
    assert_eq!(rows.row(",Object").name.to_string_lossy(), "{x, y}");
}

#[test]
fn retained_new_counts_each_new_object_under_its_topmost_new_kin() {
    let rows = compared(
        "root -> app:App(1) -list-> a:Node(10)",
        "root -> app:App(1) -list-> a:Node(10) -next-> b:Node(20) -next-> c:Node(40)
         c -data-> d:Data(80) -back-> e:Node(160)",
    );
    let node = rows.row(",Node");
    assert_eq!((node.new, node.alloc_size, node.retained_new), (3, 220, 300));
    let figures = rows.comparison.figures(node.class).map(|figures| figures.retained);
    assert_eq!(figures, Pair::new(Some(10), Some(310)));
}

#[test]
fn equal_ids_are_matched_one_by_one() {
    let rows = |before: usize, after: usize| {
        let heap = |count: usize| {
            let edges = (0..count).map(|i| format!("app -[{i}]-> o{i}:O({})\n", i + 1));
            let mut drawing =
                crate::drawing::draw(&format!("root -> app:App(1)\n{}", edges.collect::<String>()));
            drawing.nodes.iter_mut().filter(|n| n.name == "O").for_each(|n| n.id = 101);
            drawing.heap()
        };
        let comparison = comparison(Pair::new(heap(before), heap(after)));
        comparison.deltas().iter().map(|d| (d.new, d.alloc_size, d.deleted)).collect::<Vec<_>>()
    };
    assert_eq!(rows(3, 3), []);
    assert_eq!(rows(2, 4), [(2, 3 + 4, 0)], "the first ones in the file are the old ones");
    assert_eq!(rows(4, 2), [(0, 0, 2)]);
}

#[test]
fn unlike_in_devtools_sizes_beyond_32_bits_stay_whole() {
    let heap = drawn("root -> big:Big(4294967296) -> part:(array)(8589934593)\n root -> b:B(5)");
    assert_eq!(heap.shallow("big"), 3 * 4_294_967_296 + 1);
    assert_eq!(heap.retained("root"), 3 * 4_294_967_296 + 6);
    let rows = compared("root -> app:App(1)", "root -> app:App(1) -x-> big:Big(4294967296)");
    assert_eq!(rows.rows(), [",Big +1 -0"], "DevTools takes such an object for an empty one");
}

#[test]
fn unlike_in_devtools_colliding_keys_are_one_row_with_all_their_objects() {
    let rows = compared(
        "root -> app:App(1)",
        "root -> app:App(1) -f-> f:(closure)onData(8)\n app -g-> g:Function(4)
         app -d-> d:(native)Row(1)+detached\n app -e-> e:(native)\"Detached Row\"(2)",
    );
    assert_eq!(rows.rows(), [",Detached Row +2 -0", ",Function +2 -0"]);
    assert_eq!((rows.row(",Function").alloc_size, rows.row(",Detached Row").alloc_size), (12, 3));
}

#[test]
fn unlike_in_devtools_a_snapshot_taken_while_allocations_are_tracked_is_read() {
    let drawing = crate::drawing::draw("root -> app:App(7)");
    let style = Style {
        trace_function_count: 1,
        extra: vec![
            ("trace_function_infos", "[0,1,2,3,-1,-1,1,1,2,3,4,5]"),
            ("trace_tree", "[1,0,0,0,[2,1,3,4,[]]]"),
            ("samples", "[0,9]"),
        ],
        ..Style::default()
    };
    assert_eq!(crate::fixtures::heap(style.write(&drawing)).total_size(), 7);
}
