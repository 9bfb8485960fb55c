//! Who holds an object, over which ways, and what lies inside one: bytes by hand.

use crate::explore::{Asked, drawn};
use crate::layouts::{GLOBAL, array, call, closure, list, map, script};
use serde_json::Value;

/// A tree of holders, a line each: `label Class × n marks`, with two spaces for each level.
fn tree(retainers: &[Value], depth: usize, out: &mut Vec<String>) {
    for one in retainers {
        let alike = one["alike"].as_u64().unwrap();
        let alike = if alike == 1 { String::new() } else { format!(" × {alike}") };
        let mut marks = String::new();
        for (mark, is) in [("weak", one["strong"] == false), ("loop", one["is_loop"] == true)] {
            if is {
                marks += &format!(" {mark}");
            }
        }
        let class = one["object"]["class"].as_str().unwrap();
        let label = one["label"].as_str().unwrap();
        out.push(format!("{}{label} {class}{alike}{marks}", "  ".repeat(depth)));
        tree(list(one, "retainers"), depth + 1, out);
    }
}

fn held(asked: &Asked, handle: &str, more: &[&str]) -> Vec<String> {
    let answer = asked.json("retainers", &[&[asked.id(handle).as_str()], more].concat());
    let mut out = Vec::new();
    tree(list(&answer, "retainers"), 0, &mut out);
    out
}

#[test]
fn holders_are_objects_that_a_program_knows_the_preferred_first_and_alike_ones_once_and_weak_ones_last()
 {
    // s is held by a Map, by 3 closures over one variable each, and weakly.
    let closures: String = (0..3)
        .map(|i| {
            let f = closure(&format!("f{i}"), "onData", &format!("c{i}"), "7:2:4");
            format!("{f}c{i} -<session>-> s0\nl -[{i}]-> f{i}\n")
        })
        .collect();
    let asked = drawn(&[&format!(
        "{GLOBAL}g -sessions-> m:Map(32)\ng -list-> l:Array(32)\ng -ref-> r:WeakRef(32)
         {}{closures}{}r ~target~> s0",
        map("m", 0..1, call),
        script(7, "/srv/app.js")
    )]);
    assert_eq!(
        held(&asked, "s0", &["--depth", "2"]),
        [
            "variable session Function × 3",
            "  […] Array",
            "value of key Map",
            "  .sessions global",
            "target WeakRef weak",
        ]
    );
}

#[test]
fn a_loop_is_marked_and_goes_no_further() {
    let asked = drawn(&[&format!("{GLOBAL}g -a-> a:A(16) -b-> b:B(16) -a-> a")]);
    assert_eq!(held(&asked, "b", &["--depth", "9"]), [".b A", "  .a global", "  .a B loop"]);
}

#[test]
fn a_tree_is_as_deep_and_as_broad_as_asked_and_says_what_is_left_out() {
    let holders: String =
        (0..10).map(|i| format!("g -h{i}-> h{i}:H{i}(16) -x-> x:X(16)\n")).collect();
    let asked = drawn(&[&format!("{GLOBAL}{holders}")]);
    let answer = asked.json("retainers", &[&asked.id("x"), "--breadth", "3", "--depth", "1"]);
    assert_eq!((list(&answer, "retainers").len(), answer["left_out"].as_u64()), (3, Some(7)));
    let text = asked.text("retainers", &[&asked.id("x"), "--breadth", "3"]);
    assert!(text.contains("… 7 more holders"), "{text}");
}

#[test]
fn dominators_are_told_up_to_the_root() {
    let asked = drawn(&[&format!("{GLOBAL}g -a-> a:A(16) -b-> b:B(16) -c-> c:C(16)\na -c-> c")]);
    let answer = asked.json("retainers", &[&asked.id("c"), "--dominators"]);
    let over: Vec<&str> =
        list(&answer, "dominators").iter().map(|o| o["class"].as_str().unwrap()).collect();
    assert_eq!(over, ["A", "global", "(synthetic)"]);
}

/// `path frees` of every way.
fn ways(answer: &Value) -> Vec<String> {
    let line = |way: &Value| format!("{} {}", way["path"].as_str().unwrap(), way["frees"]);
    list(answer, "ways").iter().map(line).collect()
}

#[test]
fn independent_ways_are_told_with_what_cutting_each_and_all_frees() {
    let asked = drawn(&[&format!(
        "{GLOBAL}g -byId-> m:Map(32)\ng -log-> a:Array(32)\n{}{}",
        map("m", 0..1, call),
        array("a", 0..1, call)
    )]);
    let answer = asked.json("path", &[&asked.id("s0")]);
    assert_eq!(ways(&answer), ["log[…] 0", "byId[…] 0"]);
    assert_eq!((&answer["frees_together"], &answer["more"]), (&100.into(), &false.into()));
    let one = asked.json("path", &[&asked.id("s0"), "--ways", "1"]);
    assert_eq!((ways(&one).len(), &one["more"]), (1, &true.into()));
    // The Map has one way, over which all of it goes: its table, key and value; the array's s0 stays.
    let map = asked.json("path", &[&asked.id("m")]);
    let table = 16 + 8 * (3 + 2 + 3 * 4);
    assert_eq!(ways(&map), [format!("byId {}", 32 + table + 24)]);
}

#[test]
fn two_fields_of_one_holder_are_one_way() {
    let asked = drawn(&[&format!("{GLOBAL}g -a-> a:A(16) -x-> x:X(100)\na -y-> x")]);
    assert_eq!(ways(&asked.json("path", &[&asked.id("x")])), ["a.x 100"]);
}

#[test]
fn a_function_in_a_container_is_called_by_the_container() {
    let f = closure("f", "onData", "c", "7:2:4");
    let asked = drawn(&[&format!(
        "{GLOBAL}g -bus-> b:Bus(16) -listeners-> l:Array(32) -[0]-> f:(closure)\"onData\"(64)\n{f}c -<session>-> s:Session(900)\n{}",
        script(7, "/srv/app.js")
    )]);
    let path = asked.json("path", &[&asked.id("s")])["ways"][0]["path"].clone();
    assert_eq!(path, "bus.listeners[…] → session");
}

/// A portion's tree, a line each, and whether each adds up.
fn portions(portion: &Value, depth: usize, out: &mut Vec<String>) -> u64 {
    let number = |field: &str| portion[field].as_u64().unwrap();
    let [label, class] = ["label", "class"].map(|field| portion[field].as_str().unwrap());
    out.push(format!(
        "{}{label} {class} × {} {}",
        "  ".repeat(depth),
        number("count"),
        number("bytes")
    ));
    let parts: u64 = list(portion, "parts").iter().map(|part| portions(part, depth + 1, out)).sum();
    assert_eq!(number("own") + parts + number("rest"), number("bytes"), "{portion}");
    number("bytes")
}

#[test]
fn what_is_inside_an_object_adds_up_by_field_and_class() {
    let each: String = (0..3)
        .map(|i| {
            format!(
                "s{i}:Session(100) -log-> l{i}:Array(32)\ns{i} -user-> u{i}:User(50)\n{}",
                array(&format!("l{i}"), 0..2, |e| format!("e{i}_{e}:(string)\"line {i} {e}\"(40)"))
            )
        })
        .collect();
    let sessions = map("m", 0..3, |i| format!("s{i}:Session(100)"));
    let asked = drawn(&[&format!("{GLOBAL}g -sessions-> m:Map(32)\n{sessions}{each}")]);
    let answer = asked.json("inside", &[&asked.id("m")]);
    let mut lines = Vec::new();
    portions(&answer["whole"], 0, &mut lines);
    let (elements, table) = (16 + 8 * 4, 16 + 8 * (3 + 2 + 3 * 4));
    let log = 32 + elements + 2 * 40;
    let session = 100 + 50 + log;
    assert_eq!(
        lines,
        [
            format!(" Map × 1 {}", 32 + table + 3 * 24 + 3 * session),
            format!("  values Session × 3 {}", 3 * session),
            format!("    .log Array × 3 {}", 3 * log),
            format!("      […] (string) × 6 {}", 6 * 40),
            format!("    .user User × 3 {}", 3 * 50),
            format!("  keys (string) × 3 {}", 3 * 24),
        ]
    );
    // Of the class the same, and with a breadth of one the rest is told.
    let class = asked.json("inside", &["Session", "--breadth", "1", "--depth", "1"]);
    let whole = &class["whole"];
    assert_eq!(
        (whole["bytes"].as_u64(), whole["rest"].as_u64(), whole["more"].as_u64()),
        (Some(3 * session), Some(150), Some(1))
    );
    portions(whole, 0, &mut Vec::new());
}

#[test]
fn a_list_and_a_table_of_many_fields_are_one_part_each() {
    let list: String = (0..9)
        .map(|i| format!("n{i}:Node(16) -next-> n{}:Node(16)\nn{i} -x-> x{i}:X(10)\n", i + 1))
        .collect();
    let table: String = (0..60).map(|i| format!("t -k{i}-> v{i}:Value(20)\n")).collect();
    let asked = drawn(&[&format!(
        "{GLOBAL}g -head-> h:Head(8) -next-> n0:Node(16)\n{list}g -t-> t:Table(8)\n{table}"
    )]);
    let parts = |handle: &str| {
        let mut lines = Vec::new();
        portions(&asked.json("inside", &[&asked.id(handle)])["whole"], 0, &mut lines);
        lines
    };
    assert_eq!(parts("h"), [" Head × 1 258", "  .next Node × 10 250", "    .x X × 9 90"]);
    assert_eq!(parts("t"), [" Table × 1 1208", "  values Value × 60 1200"]);
}

#[test]
fn a_class_inside_itself_counts_once() {
    let asked =
        drawn(&[&format!("{GLOBAL}g -list-> a:Node(16) -next-> b:Node(16) -next-> c:Node(16)")]);
    let whole = &asked.json("inside", &["Node"])["whole"];
    assert_eq!((whole["count"].as_u64(), whole["bytes"].as_u64()), (Some(1), Some(48)));
    portions(whole, 0, &mut Vec::new());
    let text = asked.text("inside", &["Node"]);
    assert!(
        text.starts_with("Node × 3\n") && text.contains("; 2 of them lie inside others"),
        "{text}"
    );
    let several = asked.text("inside", &["*"]);
    assert!(several.contains(" objects of several classes\n"), "{several}");
}
