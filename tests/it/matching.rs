//! Pairs whose ids mean nothing: what is in both heaps is told by its looks, its place and its order.

use crate::layouts::{GLOBAL, array, call, grown, list, map, map_from_numbers, told_with};
use heapdiff::report::Options;
use serde_json::Value;

/// What is told of a pair by its structure, between things that stay as they are.
fn told(test: &str, draw: impl Fn(bool) -> String) -> Value {
    let still: String = (0..200).map(|i| format!("g -still{i}-> x{i}:Still{i}(16)\n")).collect();
    let [before, after] = [false, true].map(|late| format!("{GLOBAL}{still}{}", draw(late)));
    let options = Options { by_id: Some(false), ..Options::default() };
    told_with(test, &[&before, &after], &options)
}

/// What an entry says, which no other one does.
fn text(i: usize) -> String {
    format!("s{i} -says-> t{i}:(string)\"says {i}\"(24)\n")
}

fn counted(report: &Value) -> (String, Value, Value) {
    let suspect = &report["suspects"][0];
    (grown(report)[0].clone(), suspect["class"].clone(), suspect["count"].clone())
}

#[test]
fn what_is_appended_is_new_and_nothing_else() {
    let report = told("match-append", |late| {
        let count = if late { 90 } else { 30 };
        format!("g -calls-> a:Array(32)\n{}", array("a", 0..count, call))
    });
    let new = ("calls Array 30 → 90".to_owned(), "ToolCall".into(), 60.into());
    assert_eq!(counted(&report), new);
    let row = list(&report, "classes").iter().find(|row| row["name"] == "ToolCall").unwrap();
    assert_eq!((&row["new"], &row["deleted"]), (&60.into(), &0.into()), "DevTools' go by ids");
}

#[test]
fn a_map_that_drops_what_it_had_may_be_a_cache() {
    let cache = |first: usize| {
        move |late: bool| {
            let keys = if late { first..first + 150 } else { 0..50 };
            let texts: String = keys.clone().map(text).collect();
            format!("g -lru-> m:Map(32)\n{}{texts}", map("m", keys, call))
        }
    };
    let report = told("match-evicts", cache(40));
    assert_ne!(report["verdict"]["kind"], "leak_likely", "{}", report["verdict"]);
    let report = told("match-keeps", cache(0));
    assert_eq!(report["verdict"]["kind"], "leak_likely", "{}", report["verdict"]);
    assert_eq!(counted(&report), ("lru Map 50 → 150".into(), "ToolCall".into(), 100.into()));
}

#[test]
fn numbers_far_apart_are_keys() {
    let orders = |first: usize| {
        move |late: bool| {
            let ids = if late { first..first + 90 } else { 0..30 };
            let order =
                |i: usize| format!("o -[{}]-> s{i}:Order(100)\n{}", 70_000 + 1_000 * i, text(i));
            format!("g -orders-> o:Object(32)\n{}", ids.map(order).collect::<String>())
        }
    };
    let report = told("match-keyed", orders(0));
    let new = ("orders Array 30 → 90".to_owned(), "Order".into(), 60.into());
    assert_eq!(counted(&report), new);
    let report = told("match-keyed-gone", orders(25));
    assert_ne!(report["verdict"]["kind"], "leak_likely", "{}", report["verdict"]);
    assert_eq!(report["suspects"][0]["count"], 85, "none of these was there");
}

#[test]
fn what_looks_all_the_same_is_told_by_the_order_of_the_file() {
    // A list that grows at its head: what the head was stands further down, where it stood.
    let report = told("match-order", |late| {
        let link = |i: usize| match i {
            0 => "n0:Entry(100)\n".to_owned(),
            _ => format!("n{i}:Entry(100) -next-> n{}\n", i - 1),
        };
        let links = |ids: std::ops::Range<usize>| ids.map(link).collect::<String>();
        let new = if late { links(40..100) } else { String::new() };
        let head = if late { 99 } else { 39 };
        format!("{}g -end-> end:End(16)\n{new}g -head-> n{head}\n", links(0..40))
    });
    let new = ("head list 40 → 100".to_owned(), "Entry".into(), 60.into());
    assert_eq!(counted(&report), new);
}

#[test]
fn a_table_without_keys_has_its_values_in_their_order() {
    let report = told("match-values", |late| {
        let count = if late { 90 } else { 30 };
        let value = |i: usize| format!("r{i}:Row(500)");
        format!("g -rows-> m:Map(32)\n{}", map_from_numbers("m", 0..count, value))
    });
    assert_eq!(counted(&report), ("rows Map 30 → 90".into(), "Row".into(), 60.into()));
}

#[test]
fn a_rope_is_the_same_if_its_halves_are() {
    let report = told("match-rope", |late| {
        let texts = if late { 20..80 } else { 0..30 };
        let rope = |i: usize| {
            format!(
                "a -[{i}]-> r{i}:(concatenated string)\"(concatenated string)\"(20)
                 r{i} -(first)-> half{i}:(string)\"text {i}\"(900)
                 r{i} -(second)-> end:(string)\"!\"(16)\n"
            )
        };
        format!("g -texts-> a:Array(32)\n{}", texts.map(rope).collect::<String>())
    });
    let suspect = &report["suspects"][0];
    assert_eq!(suspect["count"], 50, "ten of them were there: {suspect}");
}
