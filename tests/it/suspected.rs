//! Which class is suspected, over which ways, and what is near: each rule on both sides of its threshold.

use crate::layouts::{
    GLOBAL, array, call, closure, list, map, map_from_numbers, numbers, script, set, told,
};
use serde_json::Value;

/// Before and after, in a program that has other things too.
fn report(test: &str, draw: impl Fn(bool) -> String) -> Value {
    let parts: String = (0..300).map(|i| format!("g -part{i}-> part{i}:Part(24)\n")).collect();
    let [before, after] = [false, true].map(|late| format!("{GLOBAL}{parts}{}", draw(late)));
    told(&format!("suspected-{test}"), &before, &after)
}

/// The class suspected where an Array gets so many entries, the first of which hold something.
fn class(test: &str, entries: usize, entry: &str, holding: usize, held: &str) -> String {
    let draw = |late: bool| {
        let all = array("all", 0..if late { 1 + entries } else { 1 }, |i| format!("e{i}:{entry}"));
        let inside = |i: usize| format!("e{} -x-> o{i}:{held}\n", 1 + i % entries);
        let inside: String = (0..if late { holding } else { 0 }).map(inside).collect();
        format!("g -all-> all:Array(32)\n{all}{inside}")
    };
    let report = report(test, draw);
    report["suspects"][0]["class"].as_str().unwrap().to_owned()
}

#[test]
fn a_class_of_the_program_is_suspected_if_one_in_ten_entries_has_it() {
    assert_eq!(class("tenth", 200, "Array(32)", 20, "Order(900)"), "Order");
    assert_eq!(class("fewer", 200, "Array(32)", 19, "Order(900)"), "Array");
}

#[test]
fn where_entries_are_of_standing_the_number_has_to_fit_within_a_tenth() {
    assert_eq!(class("fits", 100, "\"{id, rows}\"(40)", 90, "Order(100)"), "Order");
    assert_eq!(class("fits-not", 100, "\"{id, rows}\"(40)", 89, "Order(100)"), "{id, rows}");
}

#[test]
fn a_class_of_a_library_is_suspected_if_there_are_about_as_many() {
    let literal = |test, n| class(test, 100, "Array(32)", n, "\"{id, rows}\"(100)");
    assert_eq!(literal("half", 50), "{id, rows}");
    assert_eq!(literal("less", 49), "Array");
    assert_eq!(literal("twice", 200), "{id, rows}");
    assert_eq!(literal("more", 201), "Array");
}

#[test]
fn what_is_suspected_instead_of_the_entries_has_to_weigh() {
    assert_eq!(class("fifth", 100, "Array(400)", 100, "Order(100)"), "Order");
    assert_eq!(class("light", 100, "Array(401)", 100, "Order(100)"), "Array");
    let function = |bytes: usize| format!("(closure)later({bytes})");
    assert_eq!(class("fiftieth", 100, &function(4900), 100, "Order(100)"), "Order");
    assert_eq!(class("lighter", 100, &function(4901), 100, "Order(100)"), "Function");
}

#[test]
fn a_literal_that_the_runtime_puts_in_between_says_nothing_and_one_of_the_program_does() {
    let class = |test: &str, file: &str, between: usize| {
        let main = closure("main", "main", "scope", "9:1:1") + &script(9, file);
        let draw = |late: bool| {
            let entry = |i: usize| format!("e{i}:\"{{next, last}}\"(48) -of-> o{i}:Listener(100)");
            let all = array("all", 0..if late { 101 } else { 1 }, entry);
            let steps: String = (0..between).map(|i| format!(" -in-> b{i}:Box(16)")).collect();
            format!(
                "{main}g -main-> main\ng -port-> port:Port(32)@9:4:4{steps} -all-> all:Array(32)\n{all}"
            )
        };
        report(test, draw)["suspects"][0]["class"].as_str().unwrap().to_owned()
    };
    assert_eq!(class("runtime-literal", "node:internal/event_target", 0), "Listener");
    assert_eq!(class("own-literal", "/app/server.mjs", 0), "{next, last}");
    // The elements, the Array and six more stand between them.
    assert_eq!(class("runtime-near", "node:internal/event_target", 6), "Listener");
    assert_eq!(class("runtime-far", "node:internal/event_target", 7), "{next, last}");
}

#[test]
fn another_way_leads_to_a_tenth_of_the_objects() {
    let chains = |test: &str, n: usize| {
        let draw = |late: bool| {
            let (all, few) = if late { (201, 1 + n) } else { (1, 1) };
            let few = set("s", 0..few, call);
            format!(
                "g -byId-> m:Map(32)\ng -few-> s:Set(32)\n{}{few}",
                map_from_numbers("m", 0..all, call)
            )
        };
        list(&report(test, draw)["suspects"][0], "chains").len()
    };
    assert_eq!([chains("way", 20), chains("no-way", 19)], [2, 1]);
}

#[test]
fn so_many_ways_suspects_and_containers_are_worked_out() {
    let held = |test: &str, classes: &[&str]| {
        let draw = |late: bool| {
            let one = |(at, class): (usize, &&str)| {
                // Heavier ones first.
                let entry = |i: usize| format!("o{at}_{i}:{class}({})", 1000 - at);
                let entries = array(&format!("a{at}"), 0..if late { 61 } else { 1 }, entry);
                format!("g -list{at}-> a{at}:Array(32)\n{entries}")
            };
            classes.iter().enumerate().map(one).collect::<String>()
        };
        report(test, draw)
    };
    let own = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    assert_eq!(list(&held("suspects", &own), "suspects").len(), 8);
    let after = |n: usize| {
        let classes: Vec<&str> = (0..n).map(|_| "Order").chain(["Last"]).collect();
        list(&held("asked", &classes), "suspects").len()
    };
    assert_eq!([after(15), after(16)], [2, 1], "sixteen containers are asked");
    let draw = |late: bool| {
        let n = if late { 61 } else { 1 };
        let lists = (0..4).map(|at| {
            format!("g -l{at}-> a{at}:Array(32)\n{}", array(&format!("a{at}"), 0..n, call))
        });
        lists.collect::<String>()
    };
    assert_eq!(list(&report("ways", draw)["suspects"][0], "chains").len(), 3);
}

#[test]
fn objects_of_one_class_that_pile_up_in_two_places_are_one_suspect_with_two_ways() {
    let draw = |late: bool| {
        let n = if late { 103 } else { 3 };
        let first = array("a", 0..n, |i| format!("s{i}:Session(100)"));
        let other = array("b", 0..n, |i| format!("t{i}:Session(90)"));
        format!("g -open-> a:Array(32)\ng -closed-> b:Array(32)\n{first}{other}")
    };
    let report = report("two-places", draw);
    let suspects = list(&report, "suspects");
    assert_eq!((suspects.len(), &suspects[0]["count"]), (1, &200.into()));
    let ways: Vec<String> = list(&suspects[0], "chains")
        .iter()
        .map(|way| format!("{} {} of {}", way["container"], way["share"], way["total"]))
        .collect();
    assert_eq!(ways, ["\"open\" 100 of 200", "\"closed\" 100 of 200"]);
    let fact = report["verdict"]["reasons"][0].as_str().unwrap();
    assert!(
        fact.contains("200 new Session objects of 95 B each, held by open and closed"),
        "{fact}"
    );
}

#[test]
fn a_table_that_grew_by_about_as_many_probably_holds_what_nothing_holds() {
    let guess = |test: &str, more: usize| {
        let draw = |late: bool| {
            let lost: String =
                (0..if late { 305 } else { 5 }).map(|i| format!("l{i}:Presence(400)\n")).collect();
            let bytes = 1000 + if late { 32 * more } else { 0 };
            let table = format!("t{bytes}:(array)({bytes})");
            format!("g -present-> m:Map(32) -(table)-> {table}\n{lost}")
        };
        let report = report(test, draw);
        let suspect = list(&report, "suspects").iter().find(|s| s["class"] == "Presence").unwrap();
        assert_eq!(report["verdict"]["kind"], "leak_likely");
        let pattern = report["findings"][0]["pattern"].as_str().unwrap().to_owned();
        // The file does not say that it holds them, and its entries are guessed from its size.
        let facts = report["verdict"]["reasons"].to_string();
        assert!(!facts.contains("held by"), "{facts}");
        if suspect["container"] == "present" {
            assert!(facts.contains("likely in present; the file records no retainer"), "{facts}");
            assert!(facts.contains("1 container piles up, by ≈"), "{facts}");
        }
        (suspect["container"] == "present", pattern == "no-retainer")
    };
    assert_eq!(guess("half-room", 150), (true, false));
    assert_eq!(guess("too-few", 149), (false, true));
    assert_eq!(guess("room", 1200), (true, false));
    assert!(!guess("too-many", 1201).0);
    let draw =
        |late: bool| format!("g -n-> a:Array(32)\n{}", numbers("a", if late { 2000 } else { 100 }));
    assert_eq!(report("numbers-alone", draw)["verdict"]["kind"], "no_growth");
}

/// The labels of what is shown below the object.
fn inside(test: &str, object: &str) -> Vec<String> {
    let draw = |late: bool| {
        let n = if late { 103 } else { 3 };
        let orders: String = (0..n).map(|i| object.replace('#', &i.to_string()) + "\n").collect();
        format!("g -all-> a:Array(32)\n{}{orders}", array("a", 0..n, |i| format!("o{i}:Order(1)")))
    };
    let report = report(test, draw);
    let steps = list(&report["suspects"][0]["chains"][0], "steps");
    let inside = steps.iter().filter(|step| step["role"] == "inside");
    inside.map(|step| step["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_chain_goes_on_below_the_object_to_what_makes_up_most_of_it() {
    assert_eq!(inside("most", "o#:Order(40) -body-> b#:Body(60)"), [".body"]);
    assert_eq!(inside("not-most", "o#:Order(41) -body-> b#:Body(60)"), [] as [&str; 0]);
    let deep = "o#:Order(1) -a-> a#:A(1) -b-> b#:B(1) -c-> c#:C(1) -d-> d#:D(1) -e-> e#:E(1) -f-> f#:F(99)";
    assert_eq!(inside("deep", deep), [".a", ".b", ".c", ".d", ".e"]);
}

/// The pattern of a Map at the end of a way.
fn at_the_end(test: &str, way: &str) -> String {
    let draw = |late: bool| {
        let rows = map("m", 0..if late { 103 } else { 3 }, |i| format!("r{i}:Row(100)"));
        format!("g {way} m:Map(32)\n{rows}")
    };
    report(test, draw)["findings"][0]["pattern"].as_str().unwrap().to_owned()
}

#[test]
fn a_name_is_near_if_it_is_among_the_last_eight_words_of_the_way() {
    let eighth = "-cache-> s:Store(8) -a-> a:A(8) -b-> b:B(8) -rows->";
    assert_eq!(at_the_end("eighth", eighth), "cache");
    let ninth = "-x-> s:RowCache(8) -a-> a:A(8) -b-> b:B(8) -c-> c:C(8) -rows->";
    assert_eq!(at_the_end("ninth", ninth), "unbounded-map-or-set");
}

#[test]
fn a_signal_is_near_if_it_is_among_the_last_fourteen() {
    let events = "-c-> c:C(8) -d-> d:D(8) -\"Symbol(kEvents)\"-> e:E(8) -rows->";
    let way = format!("-signal-> s:S(8) -a-> a:A(8) -b-> b:B(8) {events}");
    assert_eq!(at_the_end("fourteenth", &way), "abort-signal");
    let way = format!("-x-> s:AbortSignal(8) -a-> a:A(8) -b-> b:B(8) -z-> z:Z(8) {events}");
    assert_eq!(at_the_end("fifteenth", &way), "event-listener");
}
