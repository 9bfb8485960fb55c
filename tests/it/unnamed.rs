//! What no container of the program is known to hold: chains, and what only the runtime has.

use crate::layouts::{GLOBAL, array, call, closure, grown, labels, list, script, told, told_with};
use heapdiff::report::Options;
use serde_json::{Value, json};

/// Before and after, in a program that has other things too.
fn report(test: &str, entries: [usize; 2], draw: impl Fn(usize) -> String) -> Value {
    let parts: String = (0..300).map(|i| format!("g -part{i}-> part{i}:Part(24)\n")).collect();
    let [before, after] = entries.map(|n| format!("{GLOBAL}{parts}{}", draw(n)));
    told(&format!("unnamed-{test}"), &before, &after)
}

#[track_caller]
fn numbers(container: &Value) -> [u64; 3] {
    ["entries_before", "entries_after", "retained_new"]
        .map(|name| container[name].as_u64().unwrap())
}

// tail -> Promise -> reaction -> job() -> context -> Promise -> ...
fn promises(n: usize) -> String {
    let one = |i: usize| {
        let next = if i + 1 < n { format!("c{i} -<next>-> p{}\n", i + 1) } else { String::new() };
        format!(
            "p{i}:Promise(48) -(reactions_or_result)-> r{i}:(hidden)\"system / PromiseReaction\"(48)
             r{i} -{{2}}-> f{i}:(closure)job(56) -(context)-> c{i}:\"system / Context\"(40) -<call>-> {}\n{next}",
            call(i)
        )
    };
    format!("{}g -queue-> q:Queue(24) -head-> p0\n", (0..n).map(one).collect::<String>())
}

#[test]
fn a_chain_of_promises_piles_up_though_no_link_of_three_steps_joins_them() {
    let report_of = report("promises", [20, 140], promises);
    let container = &report_of["containers"][0];
    assert_eq!(container["kind"], "list", "{:?}", grown(&report_of));
    assert_eq!(numbers(container)[..2], [20, 140], "{:?}", grown(&report_of));
    assert!(container["path"].as_str().unwrap().starts_with("queue"), "{container}");
    assert_eq!(report_of["verdict"]["kind"], "leak_likely");
    assert_eq!(report_of["findings"][0]["pattern"], "promise");
    assert_eq!(report_of["suspects"][0]["class"], "ToolCall");
    assert_eq!(report_of["suspects"][0]["count"], 120);
}

// q -head-> A -x-> B -x-> C -x-> D -x-> E -x-> A ...: what stands there again and again is five steps apart
fn spine(n: usize) -> String {
    let class = |i: usize| ["Order", "Line", "Note", "Mark", "Page"][i % 5];
    let link = |i: usize| format!("n{i}:{}(100) -x-> n{}:{}(100)\n", class(i), i + 1, class(i + 1));
    format!("{}g -queue-> q:Queue(24) -head-> n0\n", (0..5 * n - 1).map(link).collect::<String>())
}

#[test]
fn new_objects_one_below_the_other_are_a_chain_if_there_are_forty() {
    let report_of = report("forty", [20, 28], spine);
    assert_eq!(grown(&report_of), Vec::<String>::new(), "40 new ones, 8 of each class");
    let report_of = report("fifty", [20, 30], spine);
    assert_eq!(numbers(&report_of["containers"][0])[..2], [20, 30], "{:?}", grown(&report_of));
    let report_of = report("many", [20, 120], spine);
    assert_eq!(numbers(&report_of["containers"][0]), [20, 120, 50_000]);
    assert_eq!(report_of["verdict"]["kind"], "leak_likely");
}

#[test]
fn a_chain_is_not_asked_for_where_a_container_piles_up() {
    let draw = |n: usize| format!("{}g -log-> a:Array(32)\n{}", spine(n), array("a", 0..n, call));
    let report_of = report("beside", [20, 120], draw);
    assert_eq!(grown(&report_of), ["log Array 20 → 120"]);
}

#[test]
fn a_deep_thing_that_is_there_once_is_no_chain() {
    // Each of its 60 objects is of a class of its own.
    let draw = |n: usize| {
        let links: String =
            (1..n).map(|i| format!("d{} -x-> d{i}:Deep{i}(100)\n", i - 1)).collect();
        format!("g -page-> d0:Deep(100)\n{links}")
    };
    let report_of = report("deep", [2, 62], draw);
    assert_eq!(grown(&report_of), Vec::<String>::new());
}

const GLOBALS: &str = "root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[2]-> handles:(synthetic)\"(Global handles)\"(0)\n";

/// So many objects that the runtime has in a table of its own, and something more for each.
fn opened(n: usize, class: &str, more: &str) -> String {
    let one = |i: usize| {
        format!("handles -[{i}]-> h{i}:{class}(60)\n{}", more.replace('#', &i.to_string()))
    };
    format!("{GLOBALS}{}", (0..n).map(one).collect::<String>())
}

#[test]
fn sockets_that_only_the_runtime_holds_are_told_by_class() {
    let more = "h# -owner-> s#:Conn(100)\n";
    let report_of = report("handles", [10, 110], |n| opened(n, "TCP", more));
    let container = &report_of["containers"][0];
    assert_eq!(numbers(container), [10, 110, 100 * 160], "{:?}", grown(&report_of));
    assert_eq!(container["path"], "TCP handles held by the runtime");
    assert_eq!(report_of["verdict"]["kind"], "leak_likely");
    assert_eq!(report_of["findings"][0]["pattern"], "stream-socket");
}

#[test]
fn what_only_the_runtime_holds_is_told_as_it_was_in_between() {
    let more = "h# -owner-> s#:Conn(100)\n";
    for (between, verdict) in [(110, "leak_likely"), (209, "no_growth")] {
        let drawings = [10, between, 210].map(|n| format!("{GLOBAL}{}", opened(n, "TCP", more)));
        let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
        let report = told_with(&format!("handles-{between}"), &drawings, &Options::default());
        assert_eq!(report["containers"][0]["entries"], json!([10, between, 210]));
        assert_eq!(report["verdict"]["kind"], verdict, "{}", report["containers"]);
    }
}

#[test]
fn what_only_the_runtime_holds_and_nobody_closes_is_no_socket() {
    let report_of = report("no-handles", [10, 110], |n| opened(n, "Row", "h# -x-> s#:Cell(100)\n"));
    assert_eq!(numbers(&report_of["containers"][0])[..2], [10, 110]);
    assert_eq!(report_of["findings"][0]["pattern"], "no-retainer");
}

#[test]
fn what_a_table_below_the_roots_has_is_held_by_the_runtime() {
    let draw = |n: usize, table: &str| {
        let timer = |i: usize| {
            format!("t -(held)-> h{i}:(native)Timeout(176) -callback-> s{i}:Session(100)\n")
        };
        let gc = "root -[1]-> gc:(synthetic)\"(GC roots)\"(0)";
        format!("{gc} -(block)-> t:{table}(64)\n{}", (0..n).map(timer).collect::<String>())
    };
    let told = report("table", [30, 130], |n| draw(n, "(hidden)StrongRootBlock"));
    let container = &told["containers"][0];
    assert_eq!(numbers(container), [30, 130, 100 * 276], "{:?}", grown(&told));
    assert_eq!(container["path"], "Timeout handles held by the runtime");
    assert_eq!(told["verdict"]["kind"], "leak_likely");
    assert_eq!(told["findings"][0]["pattern"], "timer");
    let told = report("no-table", [30, 130], |n| draw(n, "Registry"));
    assert_eq!(grown(&told), Vec::<String>::new());
}

/// The class suspected where the runtime has so many objects in its table, each with something.
fn named(test: &str, class: &str, more: &str) -> Value {
    let main = closure("main", "main", "scope", "9:1:1") + &script(9, "app.js");
    let known = format!("{main}g -main-> main\n");
    let draw = |n| opened(n, class, more) + &known;
    report(&format!("named-{test}"), [10, 110], draw)["suspects"][0]["class"].clone()
}

#[test]
fn a_wrapper_of_the_runtime_gives_way_to_what_it_keeps_and_what_a_program_opens_does_not() {
    let keeps = "h# -x-> v#:\"{load, name}\"(500)\n";
    assert_eq!(named("wrapper", "CompiledEntry", keeps), "{load, name}");
    assert_eq!(named("wrapper-alone", "CompiledEntry", "h# -x-> v#:Array(500)\n"), "CompiledEntry");
    assert_eq!(named("opened", "TCP", keeps), "TCP");
}

#[test]
fn a_port_is_called_after_its_worker_if_it_leads_to_one() {
    let leads = |class: &str| format!("h# -x-> w#:{class}(100)\n");
    assert_eq!(named("worker", "MessagePort", &leads("Worker")), "Worker");
    assert_eq!(named("port", "MessagePort", &leads("Other")), "MessagePort");
    assert_eq!(named("no-part", "TCP", &leads("Worker")), "TCP");
}

#[test]
fn what_a_suspect_of_the_runtime_retains_is_what_its_class_does() {
    let leads = "h# -x-> w#:Worker(100)\n";
    let report_of = report("worker-weight", [10, 110], |n| opened(n, "MessagePort", leads));
    let suspect = &report_of["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["retained"]), (&"Worker".into(), &10_000.into()));
    let row = list(&report_of, "classes").iter().find(|row| row["name"] == "Worker").unwrap();
    assert_eq!(row["retained_new"], 10_000);
}

#[test]
fn the_runtimes_part_of_an_object_is_no_suspect_beside_it() {
    let main = closure("main", "main", "scope", "9:1:1") + &script(9, "app.js");
    let draw = |n: usize| {
        let one = |i: usize| {
            format!(
                "handles -[9{i}]-> p{i}:Worker(50)\nh{i} -x-> w{i}:Worker(100)@9:7:7 -p-> p{i}\n"
            )
        };
        let parts: String = (0..n).map(one).collect();
        format!("{}{parts}{main}g -main-> main\n", opened(n, "MessagePort", ""))
    };
    let report_of = report("worker-twice", [10, 110], draw);
    let suspects: Vec<&Value> = list(&report_of, "suspects").iter().map(|s| &s["class"]).collect();
    assert_eq!(suspects.iter().filter(|class| **class == "Worker").count(), 1, "{suspects:?}");
    assert!(grown(&report_of).len() >= 2, "{:?}", grown(&report_of));
}

#[test]
fn as_many_sockets_as_before_or_but_nine_more_are_no_growth() {
    for (test, entries) in [("few", [10, 19]), ("as-many", [60, 60])] {
        let report_of = report(test, entries, |n| opened(n, "TCP", ""));
        assert_eq!(grown(&report_of), Vec::<String>::new(), "{test}");
    }
    // Sixty others, one for one.
    let draw = |n: usize| {
        let one =
            |i: usize| format!("handles -[{i}]-> h{}:TCP(90)\n", if n > 1 { i + 500 } else { i });
        format!("{GLOBALS}{}", (0..60).map(one).collect::<String>())
    };
    let report_of = report("others", [1, 2], draw);
    assert_eq!(grown(&report_of), Vec::<String>::new());
}

#[test]
fn what_the_runtime_holds_is_not_asked_for_where_a_container_piles_up() {
    let draw = |n: usize| {
        opened(n, "TCP", "") + &format!("g -log-> a:Array(32)\n{}", array("a", 0..n, call))
    };
    let report_of = report("handles-beside", [10, 110], draw);
    assert_eq!(grown(&report_of), ["log Array 10 → 110"]);
}

#[test]
fn they_weigh_what_goes_when_every_table_of_the_runtime_lets_go() {
    // Each is in two roots and in a cleanup queue of the runtime, so it dominates nothing by itself.
    let draw = |n: usize| {
        let queue = "root -[2]-> queue:(native)CleanupQueue(40)\n";
        let strong = "gc -[3]-> strong:(synthetic)\"(Strong roots)\"(0)\n";
        let more =
            "strong -[#]-> h#\nqueue -(entry)-> h#\nh# -x-> s#:Realm(1000)\nstrong -[9#]-> s#\n";
        opened(n, "Context", more).replacen(GLOBALS, &format!("{GLOBALS}{queue}{strong}"), 1)
    };
    let report_of = report("weights", [10, 110], draw);
    let context = list(&report_of, "containers").iter().find(|c| numbers(c)[2] == 6000);
    assert!(context.is_some(), "60 bytes each: {}", report_of["containers"]);
}

// (root) -> ReadableStream, as in Bun
fn direct(n: usize) -> String {
    (0..n).map(|i| format!("root -s{i}-> w{i}:ReadableStream(60) -x-> s{i}:Chunk(100)\n")).collect()
}

#[test]
fn what_hangs_on_the_root_itself_is_told_by_class() {
    let report_of = report("root", [10, 110], direct);
    assert_eq!(numbers(&report_of["containers"][0]), [10, 110, 16_000], "{:?}", grown(&report_of));
    assert_eq!(report_of["verdict"]["kind"], "leak_likely", "{}", report_of["verdict"]);
    assert_eq!(report_of["findings"][0]["pattern"], "stream-socket");
    let suspect = &report_of["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["count"]), (&"ReadableStream".into(), &100.into()));
    assert_eq!(labels(&suspect["chains"][0]), "(root) .s60");
    assert_eq!(suspect["chains"][0]["frees"], 16_000);
    let report_of = report("root-still", [110, 110], direct);
    assert_eq!(grown(&report_of), Vec::<String>::new());
}

#[test]
fn a_root_that_holds_one_more_of_many_classes_has_not_grown() {
    let draw =
        |n: usize| (0..n).map(|i| format!("root -s{i}-> w{i}:Class{i}(900)\n")).collect::<String>();
    let report_of = report("root-classes", [10, 110], draw);
    assert_eq!(grown(&report_of), Vec::<String>::new());
    assert_eq!(report_of["verdict"]["kind"], "grew");
}
