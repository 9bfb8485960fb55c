//! Which containers are taken for one: those at the same place, and those under many keys of one object.

use crate::layouts::{GLOBAL, array, grown, labels, map, told};
use serde_json::Value;

fn report(test: &str, draw: impl Fn(usize) -> String) -> Value {
    let [before, after] = [3, 63].map(|n| format!("{GLOBAL}{}", draw(n)));
    told(&format!("alike-{test}"), &before, &after)
}

/// An object with so many fields, each an Array of entries of the class that is given for it.
fn fields(object: &str, names: &[&str], class: fn(&str) -> String) -> impl Fn(usize) -> String {
    move |n| {
        let field = |name: &&str| {
            let entry = |i: usize| format!("{object}_{name}{i}:{}(100)", class(name));
            let held = format!("{object}_{name}");
            format!("{object} -{name}-> {held}:Array(32)\n{}", array(&held, 0..n, entry))
        };
        names.iter().map(field).collect()
    }
}

fn rows(_: &str) -> String {
    "Row".into()
}

#[test]
fn three_that_hold_the_same_under_keys_of_one_object_are_one_and_two_are_two() {
    let of = |test: &str, names: &[&str]| {
        let lists = fields("d", names, rows);
        grown(&report(test, |n| format!("g -byShop-> d:Object(32)\n{}", lists(n))))
    };
    assert_eq!(of("three", &["a", "b", "c"]), ["byShop[…] Array 9 → 189"]);
    assert_eq!(of("two", &["a", "b"]), ["byShop.a Array 3 → 63", "byShop.b Array 3 → 63"]);
}

#[test]
fn three_fields_of_one_object_that_hold_different_things_are_three() {
    let lists = fields("d", &["a", "b", "c"], |name| name.to_uppercase());
    let report = report("different", |n| format!("g -shop-> d:Object(32)\n{}", lists(n)));
    assert_eq!(grown(&report), ["shop.a", "shop.b", "shop.c"].map(|p| format!("{p} Array 3 → 63")));
}

#[test]
fn three_fields_of_a_class_are_three() {
    let lists = fields("d", &["a", "b", "c"], rows);
    let report = report("class", |n| format!("g -shop-> d:Shop(32)\n{}", lists(n)));
    assert_eq!(grown(&report), ["shop.a", "shop.b", "shop.c"].map(|p| format!("{p} Array 3 → 63")));
}

#[test]
fn two_fields_that_many_objects_have_are_two() {
    let draw = |n: usize| {
        let rooms = map("m", 0..5, |room| format!("r{room}:Object(32)"));
        let room = |room: usize| fields(&format!("r{room}"), &["in", "out"], rows)(n);
        format!("g -rooms-> m:Map(32)\n{rooms}{}", (0..5).map(room).collect::<String>())
    };
    let of = |name: &str| format!("rooms[…].{name} Array 15 → 315");
    assert_eq!(grown(&report("rooms", draw)), [of("in"), of("out")]);
}

#[test]
fn a_way_leads_over_the_container_that_has_the_typical_object() {
    let draw = |n: usize| {
        let rooms = map("m", 0..5, |room| format!("a{room}:Array(32)"));
        let entry = |room: usize| move |i: usize| format!("s{room}_{i}:Row({})", 100 + room);
        let arrays = (0..5).map(|room| array(&format!("a{room}"), 0..n, entry(room)));
        format!("g -rooms-> m:Map(32)\n{rooms}{}", arrays.collect::<String>())
    };
    let report = report("typical", draw);
    let chain = &report["suspects"][0]["chains"][0];
    assert_eq!(labels(chain), ".rooms value of key […]");
    // The heaviest stands for all in the list, and the typical one is in the middle.
    let steps = chain["steps"].as_array().unwrap();
    let container = steps.iter().find(|step| step["role"] == "container").unwrap();
    assert_ne!(container["id"], report["containers"][0]["id"]);
    assert_eq!(container["class"], "Array");
}

// d -a-> rope -first-> rope -first-> ... -second-> text
fn ropes(names: &[&str]) -> impl Fn(usize) -> String {
    move |n| {
        let one = |name: &&str| {
            // The newest one is on top, and each holds the one before it.
            let ropes = (1..n).rev().map(|i| {
                let (own, older) = (format!("{name}_{i}"), format!("{name}_{}", i - 1));
                let of = "(concatenated string)\"line\"(320)";
                let below = if i > 1 { format!("{older}:{of}") } else { older };
                format!(
                    "{own} -(first)-> {below}\n{own} -(second)-> {own}s:(string)\"line {i}\"(40)\n"
                )
            });
            let top = n - 1;
            let door = format!("d -{name}-> {name}_{top}:(concatenated string)\"line\"(320)\n");
            door + &ropes.collect::<String>()
        };
        names.iter().map(one).collect()
    }
}

#[test]
fn each_rope_that_an_object_has_is_a_list_of_its_own() {
    let of = |test: &str, names: &[&str]| {
        let ropes = ropes(names);
        grown(&report(test, |n| format!("g -refs-> d:Object(32)\n{}", ropes(n))))
    };
    assert_eq!(of("ropes", &["a", "b"]), ["refs.a rope 2 → 62", "refs.b rope 2 → 62"]);
    assert_eq!(of("many-ropes", &["a", "b", "c", "e"]), ["refs[…] rope 8 → 248"]);
}
