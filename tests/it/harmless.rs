//! What grows, churns or is merely large, and is no leak: nobody is accused.

use crate::layouts::{
    GLOBAL, array, call, closure, grown, list, map, map_from_numbers, script, set, told, weak_map,
};
use serde_json::Value;

fn pair(test: &str, draw: impl Fn(bool) -> String) -> Value {
    let [before, after] = [false, true].map(|late| format!("{GLOBAL}{}", draw(late)));
    told(test, &before, &after)
}

#[track_caller]
fn is_harmless(report: &Value) {
    let kind = report["verdict"]["kind"].as_str().unwrap();
    assert!(["no_growth", "grew"].contains(&kind), "{kind}: {}", report["verdict"]);
    let piles = list(report, "containers").iter().find(|c| c["piles_up"] == true);
    assert!(piles.is_none(), "{piles:?}");
    assert_eq!(report["findings"], Value::Array(Vec::new()));
}

#[test]
fn a_cache_that_forgets_as_much_as_it_learns_is_no_leak() {
    let report = pair("churn-map", |late| {
        let keys = if late { 500..600 } else { 0..100 };
        format!("g -lru-> m:Map(32)\n{}", map("m", keys, call))
    });
    is_harmless(&report);
    assert_eq!(grown(&report), Vec::<String>::new());
    assert_eq!(report["verdict"]["kind"], "no_growth");
    assert_eq!(report["suspects"], Value::Array(Vec::new()));
    let row = list(&report, "classes").iter().find(|row| row["name"] == "ToolCall").unwrap();
    assert_eq!((&row["new"], &row["deleted"]), (&100.into(), &100.into()));
}

#[test]
fn a_queue_that_is_drained_as_fast_as_it_fills_is_no_leak() {
    let report = pair("churn-list", |late| {
        let first = if late { 900 } else { 0 };
        let links: String = (first + 1..first + 100)
            .map(|i| format!("n{} -next-> n{i}:Entry(100)\n", i - 1))
            .collect();
        format!("g -queue-> q:Queue(24) -first-> n{first}:Entry(100)\n{links}")
    });
    is_harmless(&report);
    let report = pair("churn-array", |late| {
        let entries = if late { 900..1000 } else { 0..100 };
        format!("g -ring-> a:Array(32)\n{}", array("a", entries, call))
    });
    is_harmless(&report);
    assert_eq!(grown(&report), Vec::<String>::new());
}

#[test]
fn a_replaced_copy_of_the_same_length_is_no_leak() {
    let report = pair("churn-copy", |late| {
        let (copy, entries) = if late { ("b", 900..1000) } else { ("a", 0..100) };
        let array = array(copy, entries, call);
        format!("g -store-> s:Store(24) -items-> {copy}:Array(32)\n{array}")
    });
    is_harmless(&report);
    assert_eq!(grown(&report), Vec::<String>::new());
}

#[test]
fn a_weak_map_is_not_blamed_for_what_a_set_holds() {
    let draw = |n: usize| {
        let value = |i: usize| format!("v{i}:State(50)");
        format!(
            "{GLOBAL}g -open-> s:Set(32)\ng -states-> w:WeakMap(32)\n{}{}",
            set("s", 0..n, call),
            weak_map("w", 0..n, |i| format!("s{i}"), value)
        )
    };
    let report = told("weak-map", &draw(10), &draw(600));
    assert_eq!(grown(&report)[0], "open Set 10 → 600");
    assert!(list(&report, "containers").iter().all(|c| c["class"] != "WeakMap"), "{report}");
    let suspect = &report["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["container"]), (&"ToolCall".into(), &"open".into()));
    assert_eq!(list(suspect, "chains").len(), 1, "the WeakMap is no way to hold anything");
    assert_eq!(suspect["chains"][0]["frees"], 590 * 150, "values go with their keys");
}

#[test]
fn a_weak_map_alone_holds_nothing() {
    let draw = |n: usize| {
        let weak = weak_map("w", 0..n, call, |i| format!("v{i}:State(50)"));
        let handles: String = (0..n).map(|i| format!("roots -{{{i}}}-> s{i}\n")).collect();
        let root = "root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[9]-> roots:(synthetic)\"(Stack roots)\"(0)";
        format!("{GLOBAL}{root}\ng -states-> w:WeakMap(32)\n{weak}{handles}")
    };
    let report = told("weak-map-alone", &draw(10), &draw(100));
    assert!(list(&report, "containers").iter().all(|c| c["class"] != "WeakMap"), "{report}");
}

#[test]
fn a_weak_map_s_empty_table_holds_no_numbers() {
    let report = pair("weak-room", |late| {
        let bytes = if late { 500_000 } else { 100 };
        let weak = weak_map("w", 0..2, |i| format!("s{i}"), |i| format!("v{i}:State(50)"));
        let keys: String = (0..2).map(|i| format!("g -k{i}-> s{i}:Key(16)\n")).collect();
        let weak = weak.replace("(80)", &format!("({bytes})"));
        format!("g -states-> w:WeakMap(32)\n{keys}{weak}")
    });
    is_harmless(&report);
    assert_eq!(grown(&report), Vec::<String>::new());
    assert_eq!(report["verdict"]["kind"], "grew", "{}", report["snapshots"]);
}

#[test]
fn a_table_that_was_made_in_between_has_not_grown() {
    let report = pair("made", |late| {
        let table = map_from_numbers("m", 0..600, |i| format!("r{i}:Row(500)"));
        let table = if late { format!("app -codes-> m:Map(32)\n{table}") } else { String::new() };
        format!("g -app-> app:App(24)\n{table}")
    });
    is_harmless(&report);
    assert_eq!(grown(&report), Vec::<String>::new());
    assert_eq!(report["verdict"]["kind"], "grew");
}

#[test]
fn room_for_more_is_no_growth() {
    // 1,024 entries fill their table; 4 more double it.
    let draw = |n: usize| format!("g -users-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call));
    let report = pair("room-map", |late| draw(if late { 1028 } else { 1024 }));
    is_harmless(&report);
    assert_eq!(grown(&report), Vec::<String>::new());
    let draw = |n: usize| format!("g -rows-> a:Array(32)\n{}", array("a", 0..n, call));
    let report = pair("room-array", |late| draw(if late { 1028 } else { 1024 }));
    is_harmless(&report);
    assert_eq!(grown(&report), Vec::<String>::new());
    assert_eq!(report["verdict"]["kind"], "no_growth");
}

#[test]
fn the_module_loader_s_registry_grows_because_code_was_loaded() {
    let report = pair("modules", |late| {
        let module = |i: usize| format!("c -\"m{i}.js\"-> m{i}:Module(400)\n");
        let modules: String = (0..if late { 80 } else { 5 }).map(module).collect();
        format!("g -Module-> M:(closure)Module(64) -_cache-> c:Object(24)\n{modules}")
    });
    is_harmless(&report);
    assert_eq!(grown(&report), ["Module._cache Object 5 → 80"]);
    assert_eq!(report["containers"][0]["note"], "code was loaded for the first time");
    let reasons = report["verdict"]["reasons"].to_string();
    assert!(reasons.contains("Module._cache went from 5 to 80 entries"), "{reasons}");
}

/// A list of timers that call a function of this file, each of which holds an object; `#` stands for
/// its number.
fn timers(file: &str, class: &str, held: &str, late: bool) -> String {
    let closure = closure("f", "onTimeout", "c", "7:11:20");
    let script = script(7, file);
    let timer = |i: usize| {
        let held = held.replace('#', &i.to_string());
        format!("t{i}:{class}(72) -_onTimeout-> f\nt{i} -_timerArg-> {held}")
    };
    let entries = if late { 0..600 } else { 0..60 };
    format!("{closure}{script}g -timers-> a:Array(32)\n{}", array("a", entries, timer))
}

#[test]
fn timers_that_the_runtime_has_set_for_itself_go_when_they_are_due() {
    let runtime = "node:internal/deps/undici/undici";
    let report = pair("own-timers", |late| timers(runtime, "FastTimer", "w#:WeakRef(32)", late));
    is_harmless(&report);
    assert_eq!(grown(&report), ["timers Array 60 → 600"]);
    let note = "timers of the runtime, which go when they are due";
    assert_eq!(report["containers"][0]["note"], note);
    // Not so what the program has set, or what holds something of it.
    for (file, class, held) in [
        ("/app/server.js", "FastTimer", "w#:WeakRef(32)"),
        (runtime, "FastTimer", "p#:Promise(200)"),
        (runtime, "Timeout", "w#:WeakRef(32)"),
    ] {
        let report = pair("timers", |late| timers(file, class, held, late));
        assert_eq!(report["verdict"]["kind"], "leak_likely", "{file} {class} {held}");
    }
}

#[test]
fn a_few_more_may_be_a_warm_up() {
    let draw = |late: bool| {
        let n = if late { 30 } else { 3 };
        format!("g -pool-> a:Array(32)\n{}", array("a", 0..n, |i| format!("s{i}:Connection(9000)")))
    };
    let report = pair("warm-up", draw);
    is_harmless(&report);
    assert_eq!(grown(&report), ["pool Array 3 → 30"]);
    assert_eq!(report["verdict"]["kind"], "grew", "270 kB are no noise");
    let reasons = report["verdict"]["reasons"].to_string();
    assert!(reasons.contains("pool went from 3 to 30 entries"), "{reasons}");
}

#[test]
fn a_tenth_more_of_much_is_no_pile() {
    let draw = |n: usize| format!("g -index-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call));
    let report = pair("index", |late| draw(if late { 1080 } else { 1000 }));
    is_harmless(&report);
    assert_eq!(grown(&report), ["index Map 1000 → 1080"]);
}

#[test]
fn weak_references_hold_nothing() {
    let draw = |n: usize| {
        let references: String = (0..n)
            .map(|i| format!("a -[{i}]-> w{i}:WeakRef(16) ~> s{i}:ToolCall(100)\n"))
            .collect();
        let held: String = (0..n).map(|i| format!("a2 -[{i}]-> s{i}\n")).collect();
        format!("g -references-> a:Array(32)\ng -calls-> a2:Array(32)\n{references}{held}")
    };
    let report = pair("weak-refs", |late| draw(if late { 100 } else { 3 }));
    let suspect = list(&report, "suspects").iter().find(|s| s["class"] == "ToolCall").unwrap();
    assert_eq!(suspect["container"], "calls");
    assert_eq!(list(suspect, "chains").len(), 1, "{}", suspect["chains"]);
    assert_eq!(suspect["chains"][0]["frees"], 9700);
}

#[test]
fn nothing_happened_between_a_file_and_itself() {
    let drawing = format!("{GLOBAL}g -users-> m:Map(32)\n{}", map("m", 0..100, call));
    let report = told("same", &drawing, &drawing);
    is_harmless(&report);
    assert_eq!(report["verdict"]["kind"], "no_growth");
    assert_eq!(report["identity"]["kind"], "same_process");
    assert_eq!(
        (&report["identity"]["ids_kept"], &report["identity"]["agreement"]),
        (&1.0.into(), &1.0.into())
    );
    assert_eq!(report["identity"]["swapped"], false);
}

#[test]
fn a_heap_that_shrank_has_not_grown() {
    let draw = |n: usize| format!("g -users-> m:Map(32)\n{}", map("m", 0..n, call));
    let report = pair("shrunk", |late| draw(if late { 10 } else { 900 }));
    is_harmless(&report);
    assert_eq!(report["verdict"]["kind"], "no_growth");
    assert_eq!(grown(&report), Vec::<String>::new());
}

#[test]
fn what_v8_compiled_is_no_growth_until_it_is_much() {
    let verdict = |bytes: u64| {
        let report = pair("compiled", |late| {
            let compiled = if late { bytes } else { 1_000 };
            format!(
                "g -data-> d:Data(900000)\ng -f-> f:(closure)f(32) -code-> c:(code)({compiled})"
            )
        });
        report["verdict"]["kind"].clone()
    };
    assert_eq!([200_000, 500_000, 700_000].map(verdict), ["no_growth", "no_growth", "grew"]);
}
