//! Where a way begins, which ways there are, and how they are told: bytes by hand.

use crate::explore::{Asked, drawn};
use crate::layouts::{GLOBAL, array, closure, list, script};
use serde_json::Value;

/// A closure of a call: its variables lie in a function that has variables of its own.
fn of_call(handle: &str, variable: &str) -> String {
    let f = closure(handle, "onData", "c", "7:2:4");
    let script = script(7, "/srv/app.js");
    format!(
        "{f}c -<{variable}>-> v:View(900)\nc -(previous)-> o:\"system / Context\"(40)\n{script}"
    )
}

fn roles(way: &Value) -> Vec<String> {
    let line = |step: &Value| format!("{} {}", step["label"].as_str().unwrap(), step["role"]);
    list(way, "steps").iter().map(|step| line(step).replace('"', "")).collect()
}

#[test]
fn a_variable_of_a_call_is_called_by_the_object_that_has_its_function() {
    let has = "f:(closure)\"onData\"(64)";
    let asked = drawn(&[&format!(
        "{GLOBAL}g -prices-> p:Prices(16) -observers-> l:Array(32) -[0]-> m:Mapper(16) -project-> {has}\n{}",
        of_call("f", "this")
    )]);
    let way = &asked.json("path", &[&asked.id("v")])["ways"][0];
    assert_eq!(way["path"], "prices.observers[…].project → this");
    assert_eq!(
        roles(way),
        [
            "global root",
            ".prices holder",
            ".observers holder",
            "[…] holder",
            ".project holder",
            "variable this object"
        ]
    );
    assert_eq!(asked.json("show", &[&asked.id("v")])["path"], way["path"]);
}

#[test]
fn a_variable_of_a_module_is_called_by_its_own_name_and_what_is_above_is_counted() {
    let has = "f:(closure)\"onData\"(64)";
    let f = closure("f", "onData", "c", "7:2:4");
    let asked = drawn(&[&format!(
        "{GLOBAL}g -app-> p:App(16) -hooks-> h:Hooks(16) -project-> {has}\n{f}c -<sessions>-> v:View(900)\n{}",
        script(7, "/srv/app.js")
    )]);
    let id = asked.id("v");
    assert_eq!(asked.json("path", &[&id])["ways"][0]["path"], "app.js: sessions");
    let text = asked.text("path", &[&id]);
    assert!(text.contains("WAY 1   app.js: sessions\n  … 3 steps above\n  .project"), "{text}");
}

#[test]
fn a_run_of_steps_is_one_with_its_number() {
    let next: String =
        (0..9).map(|i| format!("n{i}:Node(16) -next-> n{}:Node(16)\n", i + 1)).collect();
    let asked = drawn(&[&format!("{GLOBAL}g -head-> n0:Node(16)\n{next}n9 -item-> s:Session(90)")]);
    let held = |handle: &str| asked.json("show", &[&asked.id(handle)])["path"].clone();
    assert_eq!((held("n9"), held("s")), ("head.next × 9".into(), "head.next × 9 .item".into()));
}

fn two_below_one() -> Asked {
    drawn(&[&format!(
        "{GLOBAL}g -box-> b:Box(16) -first-> x:X(16) -it-> s:Session(900)\nb -second-> y:Y(16) -it-> s"
    )])
}

#[test]
fn ways_that_share_references_are_told_after_those_that_share_none() {
    let asked = two_below_one();
    let id = asked.id("s");
    let paths = asked.json("path", &[&id]);
    let way = |way: &Value| format!("{} {} {}", way["path"], way["frees"], way["shares"]);
    let ways: Vec<String> = list(&paths, "ways").iter().map(way).collect();
    assert_eq!(ways, ["\"box.first.it\" 0 false", "\"box.second.it\" 0 true"]);
    assert_eq!((&paths["frees_together"], &paths["more"]), (&900.into(), &false.into()));
    let text = asked.text("path", &[&id]);
    assert!(text.contains("held over 2 ways, 1 of which share references"), "{text}");
    let one = asked.text("path", &[&id, "--ways", "1"]);
    assert!(
        one.contains("the first way; --ways tells up to 16: cutting it frees nothing, since")
            && !one.contains("only way"),
        "{one}"
    );
}

#[test]
fn a_property_and_the_cell_that_has_it_are_one_way() {
    // The cell is the code's too, so that the global object is not all that holds it.
    let asked = drawn(&[&format!(
        "{GLOBAL}g -session-> s:Session(900)\ng -(properties)-> t:(array)(32) -(3)-> c:(hidden)\"system / PropertyCell\"(24) -(value)-> s
         root -> k:(code)\"run\"(10) -(1)-> c"
    )]);
    let paths = asked.json("path", &[&asked.id("s")]);
    let ways = list(&paths, "ways");
    assert_eq!(
        (ways.len(), &ways[0]["path"], &ways[0]["frees"]),
        (1, &"session".into(), &900.into())
    );
}

#[test]
fn the_shortest_way_is_told_only_if_it_is_another_one_for_a_reader() {
    let f = closure("f", "onData", "c", "7:2:4");
    let draw = |of_engine: &str| {
        drawn(&[&format!(
            "{GLOBAL}g -app-> p:App(16) -hooks-> h:Hooks(16) -project-> f:(closure)\"onData\"(64)\n{f}c -<sessions>-> v:View(900)\n{}\ng -\"__proto__\"-> {of_engine}\n",
            script(7, "/srv/app.js")
        )])
    };
    let shortest =
        |asked: &Asked| asked.json("path", &[&asked.id("v"), "--ways", "1"])["shortest"].clone();
    assert_eq!(shortest(&draw("f")), Value::Null);
    assert_eq!(shortest(&draw("v")).as_array().map(Vec::len), Some(2));
}

#[test]
fn no_id_is_cut_however_narrow_the_terminal_is() {
    let asked = drawn(&[&format!(
        "{GLOBAL}g -registry-> r:ARegistryOfAllSubscriptionsOfTheApplication(16) -subscriptionsByName-> l:Array(32)\n{}",
        array("l", 0..2, |i| format!(
            "s{i}:ASubscriptionWithALongNameOfItsOwn(90)@7:2:4\n{}",
            if i == 0 { script(7, "/srv/a/long/name/of/a/file.js") } else { String::new() }
        ))
    )]);
    for width in ["110", "80", "60", "40"] {
        for question in ["retainers", "path"] {
            let text = asked.text(question, &[&asked.id("s1"), "--width", width]);
            for handle in ["s1", "l", "r", "g"] {
                let id = format!("@{}", asked.id(handle));
                let whole = |word: &str| word == id;
                assert!(text.split_whitespace().any(whole), "{width}: {id} is not in\n{text}");
            }
        }
    }
}

#[test]
fn holders_end_at_the_global_object_and_at_what_is_weak_and_a_cut_is_seen() {
    let asked = drawn(&[&format!(
        "{GLOBAL}g -a-> a:A(16) -b-> b:B(16) -c-> c:C(16) -d-> d:D(16)\ng -ref-> r:WeakRef(32) ~target~> d"
    )]);
    let id = asked.id("d");
    let deep = asked.json("retainers", &[&id, "--depth", "9"]);
    let up = |one: &Value| list(one, "retainers").first().cloned().unwrap_or_default();
    let global = up(&up(&up(&up(&deep))));
    assert_eq!(
        (&global["object"]["class"], &global["retainers"]),
        (&"global".into(), &Value::from([(); 0].map(|()| 0).to_vec()))
    );
    let weak = &list(&deep, "retainers")[1];
    assert_eq!((&weak["strong"], list(weak, "retainers").len()), (&false.into(), 0));
    assert_eq!((&weak["left_out"], &global["left_out"]), (&0.into(), &0.into()));
    let flat = asked.json("retainers", &[&id, "--depth", "1"]);
    assert_eq!(up(&flat)["left_out"], 1);
    let text = asked.text("retainers", &[&id, "--depth", "1"]);
    assert!(text.contains("…: its holders are told by a greater --depth"), "{text}");
    assert!(!asked.text("retainers", &[&id, "--depth", "9"]).contains("--depth"));
}

#[test]
fn members_are_written_as_code_would_have_them() {
    let asked = drawn(&[&format!(
        "{GLOBAL}g -a-> a:A(16) -\"<symbol kEvents>\"-> b:B(16)\na -\"sid-5\"-> c:C(16)\na -plain-> d:D(16)"
    )]);
    let text = asked.text("show", &[&asked.id("a")]);
    for member in ["  [kEvents] ", "  [\"sid-5\"] ", "  .plain "] {
        assert!(text.contains(member), "{member} is not in\n{text}");
    }
}
