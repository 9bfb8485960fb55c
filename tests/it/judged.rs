//! When a container piles up and when it is harmless: each rule with what it lets by and what it does
//! not.

use crate::drawing::draw;
use crate::fixtures::scratch;
use crate::layouts::{
    GLOBAL, array, call, grown, list, map, map_from_numbers, numbers, set, told_of, told_with,
};
use heapdiff::report::Options;
use serde_json::{Value, json};
use std::ops::Range;

/// What is told of drawings of one program that has other things too, oldest first.
fn told(test: &str, calls: Option<u64>, drawings: &[String]) -> Value {
    let parts: String = (0..300).map(|i| format!("g -part{i}-> part{i}:Part(24)\n")).collect();
    let drawings: Vec<String> =
        drawings.iter().map(|drawing| format!("{GLOBAL}{parts}{drawing}")).collect();
    let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
    told_with(&format!("judged-{test}"), &drawings, &Options { calls, ..Options::default() })
}

/// A Map `g.table` of rows of so many bytes.
fn table(keys: Range<usize>, bytes: usize) -> String {
    let rows = map_from_numbers("m", keys, |i| format!("r{i}:Row({bytes})"));
    format!("g -table-> m:Map(32)\n{rows}")
}

fn tables(keys: &[Range<usize>]) -> Vec<String> {
    keys.iter().map(|keys| table(keys.clone(), 100)).collect()
}

/// What is said of the container, and whether it piles up; it is the only one.
#[track_caller]
fn judged(report: &Value) -> (String, bool) {
    let containers = list(report, "containers");
    assert_eq!(containers.len(), 1, "{:?}", grown(report));
    let leaks = report["verdict"]["kind"] == "leak_likely";
    assert_eq!(containers[0]["piles_up"] == true, leaks, "{report}");
    (containers[0]["note"].as_str().unwrap_or_default().to_owned(), leaks)
}

fn judge(test: &str, drawings: &[String]) -> (String, bool) {
    judged(&told(test, None, drawings))
}

#[track_caller]
fn leaks(test: &str, before: String, after: String) -> bool {
    judge(test, &[before, after]).1
}

#[test]
fn fifty_more_entries_are_many_and_forty_nine_are_not() {
    assert!(leaks("50", table(0..10, 100), table(0..60, 100)));
    assert!(!leaks("49", table(0..10, 100), table(0..59, 100)));
}

#[test]
fn a_tenth_more_is_a_pile_and_less_is_not() {
    assert!(leaks("tenth", table(0..1000, 100), table(0..1100, 100)));
    assert!(!leaks("less", table(0..1000, 100), table(0..1099, 100)));
}

#[test]
fn new_entries_have_to_retain_four_kilobytes() {
    assert!(leaks("4096", table(0..10, 64), table(0..74, 64)));
    assert!(!leaks("4032", table(0..10, 64), table(0..73, 64)));
    let last = "r73:Row(63)";
    assert!(!leaks("4095", table(0..10, 64), table(0..74, 64).replace("r73:Row(64)", last)));
}

// minutes: Array -> Array -> Tick, Tick, ...
fn minutes(n: usize, ticks: usize, class: &str) -> String {
    let minute = |i: usize| format!("a{i}:Array(32)");
    let inside: String = (0..n)
        .map(|i| array(&format!("a{i}"), 0..ticks, |j| format!("x{i}_{j}:{class}(20)")))
        .collect();
    format!("g -minutes-> all:Array(32)\n{}{inside}", array("all", 0..n, minute))
}

#[test]
fn ten_entries_with_five_hundred_objects_of_the_program_inside_are_many() {
    let pair = |ticks, class| (minutes(10, ticks, class), minutes(20, ticks, class));
    let judge = |test, (before, after)| leaks(test, before, after);
    assert!(judge("500", pair(50, "Tick")));
    let (before, after) = pair(50, "Tick");
    let one_less = after.replace("x19_49:Tick", "x19_49:Date");
    assert!(!leaks("499", before, one_less));
    assert!(!judge("builtin", pair(50, "Date")), "of the program");
    assert!(!leaks("nine", minutes(10, 100, "Tick"), minutes(20, 20, "Tick")), "10 × 20");
}

#[test]
fn numbers_are_only_guessed_at_and_have_to_weigh_more() {
    let latencies = |n| format!("g -latencies-> a:Array(32)\n{}", numbers("a", n));
    // Eight bytes each: 64 KiB are 8,192.
    assert!(leaks("numbers", latencies(100), latencies(100 + 8192)));
    assert!(!leaks("few-numbers", latencies(100), latencies(100 + 8191)));
    let report = told("room", None, &[latencies(1000), latencies(1000 + 511)]);
    assert_eq!(grown(&report), Vec::<String>::new(), "less than 4,096 bytes more");
}

const FROM_NOTHING: &str =
    "was empty before, so it may be filled once: a third snapshot after as much load tells";

#[test]
fn from_nothing_to_many_may_be_filled_once_and_two_snapshots_cannot_tell() {
    let drawings = tables(&[0..0, 0..500]);
    assert_eq!(judge("nothing", &drawings), (FROM_NOTHING.into(), false));
    // One entry before is something.
    assert_eq!(judge("one", &tables(&[0..1, 0..500])), (String::new(), true));
    // A third one tells.
    assert_eq!(judge("goes-on", &tables(&[0..0, 0..250, 0..500])), (String::new(), true));
    let stopped = "filled once, then stopped growing";
    let mut filled = tables(&[0..0, 0..500, 0..500]);
    filled[2] += "g -taken-> taken:Taken(16)\n";
    assert_eq!(judge("filled", &filled), (stopped.into(), false));
}

#[test]
fn from_nothing_to_a_multiple_of_the_calls_is_a_leak() {
    let drawings = tables(&[0..0, 0..500]);
    for (calls, leak) in
        [(500, true), (250, true), (100, true), (5, true), (499, false), (1000, false), (0, false)]
    {
        let report = told("per-call", Some(calls), &drawings);
        assert_eq!(judged(&report).1, leak, "{calls} calls");
    }
}

#[test]
fn two_containers_that_went_in_step_from_nothing_are_a_leak() {
    let two = |first: usize, second: usize| {
        let other = set("s", 0..second, |i| format!("o{i}:Other(100)"));
        format!("{}g -other-> s:Set(32)\n{other}", table(0..first, 100))
    };
    let report = told("in-step", None, &[two(0, 0), two(300, 300)]);
    assert!(list(&report, "containers").iter().all(|c| c["piles_up"] == true), "{report}");
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    let report = told("out-of-step", None, &[two(0, 0), two(300, 301)]);
    assert!(list(&report, "containers").iter().all(|c| c["note"] == FROM_NOTHING), "{report}");
    assert_eq!(report["verdict"]["kind"], "grew");
    // One that had something before, and grew by as many, says so too.
    let report = told("with-old", None, &[two(0, 7), two(300, 307)]);
    assert!(list(&report, "containers").iter().all(|c| c["piles_up"] == true), "{report}");
}

const MAY_EVICT: &str =
    "drops old entries too, as a cache does that is not full yet: a third snapshot tells";

#[test]
fn a_container_that_drops_a_fifth_of_its_first_entries_may_be_a_cache() {
    // Of 100 entries 20 have gone; and 19.
    let fifth = judge("fifth", &tables(&[0..100, 20..400]));
    assert_eq!(fifth, (MAY_EVICT.into(), false));
    assert_eq!(judge("less-than-a-fifth", &tables(&[0..100, 19..400])), (String::new(), true));
}

#[test]
fn one_or_two_first_entries_that_have_gone_say_nothing() {
    for first in 1..=2 {
        let drawings = tables(&[0..first, first..400]);
        assert_eq!(judge(&format!("gone-{first}"), &drawings), (String::new(), true));
    }
    assert_eq!(judge("gone-3", &tables(&[0..3, 3..400])), (MAY_EVICT.into(), false));
    assert_eq!(judge("gone-2-of-9", &tables(&[0..9, 2..400])), (String::new(), true));
}

#[test]
fn values_that_were_replaced_under_their_keys_have_not_gone() {
    let draw = |n: usize, version: usize| {
        let row = |i: usize| format!("r{i}_{version}:Row(100)");
        format!("g -table-> m:Map(32)\n{}", map("m", 0..n, row))
    };
    assert_eq!(judge("replaced", &[draw(100, 1), draw(400, 2)]), (String::new(), true));
}

const FILLING: &str = "drops old entries and grows ever more slowly, as a cache that fills";

#[test]
fn a_cache_that_fills_grows_ever_more_slowly_and_a_table_of_sessions_does_not() {
    // Each interval drops some of the old ones: 134 -> 184 -> 200 as a cache, +50 each as sessions.
    let cache = judge("filling", &tables(&[0..134, 20..204, 100..300]));
    assert_eq!(cache, (FILLING.into(), false));
    let sessions = judge("sessions", &tables(&[0..134, 40..224, 80..314]));
    assert_eq!(sessions, (String::new(), true));
    // Half as much as before is not ever more slowly; less than half is.
    assert!(judge("half", &tables(&[0..100, 30..330, 60..510])).1, "+200, +150");
    assert!(judge("just-half", &tables(&[0..100, 30..330, 60..460])).1, "+200, +100");
    let below = judge("below-half", &tables(&[0..100, 30..330, 60..459]));
    assert_eq!(below, (FILLING.into(), false), "+200, +99");
}

#[test]
fn what_has_gone_again_was_under_way_and_half_of_it_that_stayed_leaks() {
    const PASSED: &str = "what it got at first has gone again: it holds what is under way";
    // Each time more of them, and none of those that were there the time before.
    let ramp = [0..40, 100..200, 300..500];
    assert_eq!(judge("ramp", &tables(&ramp)), (PASSED.to_owned(), false));
    // Of what is sixty more, 30 have stayed, or 29.
    assert_eq!(judge("stayed", &tables(&[0..40, 40..140, 110..310])), (String::new(), true));
    assert_eq!(judge("passed", &tables(&[0..40, 40..140, 111..311])), (PASSED.to_owned(), false));
}

#[test]
fn few_entries_are_a_leak_if_they_are_so_many_for_each_call() {
    let grown_by = |test: &str, n: usize, calls| {
        let table = |n: usize| table(0..n, 2000);
        judged(&told(test, calls, &[table(6), table(6 + n)]))
    };
    assert!(grown_by("few-per-call", 25, Some(25)).1);
    assert!(grown_by("few-two-each", 24, Some(12)).1);
    assert!(!grown_by("few-no-multiple", 25, Some(24)).1);
    assert!(!grown_by("few-unknown", 25, None).1);
    assert!(!grown_by("few-calls", 18, Some(9)).1);
}

#[test]
fn what_grows_ever_more_slowly_but_drops_nothing_is_no_cache() {
    let steady = judge("slower", &tables(&[0..100, 0..300, 0..350]));
    assert_eq!(steady, (String::new(), true));
}

#[test]
fn an_interval_that_adds_a_twentieth_of_all_has_not_stopped() {
    let stopped = "filled once, then stopped growing";
    assert_eq!(judge("twentieth", &tables(&[0..10, 0..390, 0..410])), (String::new(), true));
    assert_eq!(judge("stopped", &tables(&[0..10, 0..410, 0..430])), (stopped.into(), false));
}

#[test]
fn a_container_made_after_the_first_snapshot_is_judged_by_what_it_got_since() {
    let made = |keys: Range<usize>| {
        let rows = map_from_numbers("m", keys, call);
        format!("g -app-> app:App(24) -sessions-> m:Map(32)\n{rows}")
    };
    let none = || "g -app-> app:App(24)\n".to_owned();
    let report = told("born", None, &[none(), made(0..100), made(0..200)]);
    assert_eq!(report["containers"][0]["entries"], json!([0, 100, 200]));
    assert_eq!(judged(&report), (String::new(), true));
    let report = told("born-few", None, &[none(), made(0..100), made(0..149)]);
    assert_eq!(judged(&report), (String::new(), false), "49 since it was first seen");
    let report = told("born-full", None, &[none(), made(0..100), made(0..100)]);
    assert_eq!(report["verdict"]["kind"], "no_growth", "{:?}", grown(&report));
}

#[test]
fn a_kilobyte_more_is_noise_and_so_is_less_than_a_hundredth() {
    let kind = |test: &str, before: usize, more: usize| {
        let draw = |bytes: usize| vec![format!("g -big-> big:Big({bytes})\n")];
        let report = told(test, None, &[draw(before), draw(before + more)].concat());
        report["verdict"]["kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(kind("noise", 1000, (64 << 10) - 1), "no_growth");
    assert_eq!(kind("growth", 1000, 64 << 10), "grew");
    // The program has 7,240 bytes more.
    assert_eq!(kind("hundredth", 10_000_000 - 7240, 100_000), "grew");
    assert_eq!(kind("less-of-much", 10_000_000 - 7240, 99_999), "no_growth");
}

/// So many objects that nothing holds, from some number on.
fn lost(keys: Range<usize>, bytes: usize) -> String {
    keys.map(|i| format!("l{i}:Presence({bytes})\n")).collect()
}

#[test]
fn a_hundred_objects_that_nothing_holds_are_many_if_they_weigh() {
    let kind = |test: &str, before: Range<usize>, after: Range<usize>, bytes: usize| {
        let report = told(test, None, &[lost(before, bytes), lost(after, bytes)]);
        report["verdict"]["kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(kind("unheld", 0..5, 0..105, 656), "leak_likely");
    assert_ne!(kind("unheld-99", 0..5, 0..104, 900), "leak_likely");
    assert_ne!(kind("unheld-light", 0..5, 0..105, 655), "leak_likely", "65,500 bytes");
    assert_eq!(kind("unheld-churn", 0..200, 200..400, 656), "no_growth", "one for one");
}

#[test]
fn two_files_without_ids_in_common_need_a_tenth_of_the_class_names() {
    let kind = |test: &str, classes: Range<usize>| {
        let draw = |classes: Range<usize>| {
            draw(&classes.map(|i| format!("root -p{i}-> o{i}:Class{i}(24)\n")).collect::<String>())
        };
        let (before, mut after) = (draw(0..40), draw(classes));
        after.nodes.iter_mut().for_each(|node| node.id += 1_000_000);
        let dir = scratch(test);
        let files = [("before", before), ("after", after)].map(|(name, drawing)| {
            let file = dir.join(name);
            std::fs::write(&file, drawing.bytes()).unwrap();
            file
        });
        let report = told_of(&files, &Options::default());
        report["verdict"]["kind"].as_str().unwrap().to_owned()
    };
    assert_ne!(kind("four-of-forty", 36..76), "not_comparable");
    assert_eq!(kind("three-of-forty", 37..77), "not_comparable");
}

#[test]
fn what_shrank_before_it_grew_again_is_not_taken_for_new() {
    // Sessions 100 -> 20 -> 90: fewer than at first.
    let draw = |range: std::ops::Range<usize>| {
        format!("{GLOBAL}g -sessions-> m:Map(32)\n{}", map("m", range, call))
    };
    let report = told_with(
        "judged-shrank",
        &[&draw(0..100), &draw(80..100), &draw(80..170)],
        &Options::default(),
    );
    assert_ne!(report["verdict"]["kind"], "leak_likely", "{report}");
    let entries = |c: &serde_json::Value| c["entries"][0].as_u64();
    assert!(list(&report, "containers").iter().all(|c| entries(c) != Some(0)), "{report}");
}
