//! Lists are found by their link, wherever they are entered; and what only looks like one is none.

use crate::layouts::{GLOBAL, array, call, closure, grown, list, map, script, set, told_with};
use heapdiff::report::Options;
use serde_json::Value;
use std::ops::Range;

/// Before and after, from so many entries to so many, in a program that has other things too.
fn between(test: &str, entries: [usize; 2], draw: impl Fn(usize) -> String) -> Value {
    per_call(test, entries, None, draw)
}

/// The same where it is known how often the operation ran.
fn per_call(
    test: &str,
    entries: [usize; 2],
    calls: Option<u64>,
    draw: impl Fn(usize) -> String,
) -> Value {
    let parts: String = (0..200).map(|i| format!("g -part{i}-> part{i}:Part(24)\n")).collect();
    let [before, after] = entries.map(|n| format!("{GLOBAL}{parts}{}", draw(n)));
    let options = Options { calls, ..Options::default() };
    told_with(&format!("linked-{test}"), &[&before, &after], &options)
}

fn report(test: &str, draw: impl Fn(usize) -> String) -> Value {
    between(test, [40, 340], draw)
}

#[track_caller]
fn nothing_grew(report: &Value) {
    assert_eq!(grown(report), Vec::<String>::new());
    assert_ne!(report["verdict"]["kind"], "leak_likely");
}

// log.first -> old -> old -> ... -> new -> new
fn appended(entries: Range<usize>) -> String {
    let links: String =
        entries.clone().skip(1).map(|i| format!("n{} -next-> n{i}:Step(100)\n", i - 1)).collect();
    format!("g -log-> log:Log(24) -first-> n{}:Step(100)\n{links}", entries.start)
}

// log.last -> new -> new -> ... -> old -> old
fn prepended(n: usize, link: &str) -> String {
    let links: String = (1..n).map(|i| format!("n{i}:Step(100) {link} n{}\n", i - 1)).collect();
    format!("n0:Step(100)\n{links}g -log-> log:Log(24) -last-> n{}\n", n - 1)
}

#[test]
fn what_was_added_behind_the_old_ones_or_before_them_is_counted_in_both_heaps() {
    let report_of = report("append", |n| appended(0..n));
    assert_eq!(grown(&report_of), ["log.first list 40 → 340"]);
    assert_eq!(report_of["suspects"][0]["count"], 300);
    assert_eq!(report_of["findings"][0]["container"], "log.first");
    let report_of = report("prepend", |n| prepended(n, "-next->"));
    assert_eq!(grown(&report_of), ["log.last list 40 → 340"]);
    assert_eq!(report_of["suspects"][0]["count"], 300);
    assert_eq!(report_of["verdict"]["kind"], "leak_likely");
}

#[test]
fn a_list_that_drops_as_many_as_it_gets_has_not_grown() {
    nothing_grew(&report("still", |_| appended(0..340)));
    // All of its 100 entries are others now, as many as there were calls.
    let drained = |n: usize| appended(n - 100..n);
    nothing_grew(&per_call("drained", [100, 200], Some(100), drained));
    nothing_grew(&per_call("overlap", [100, 160], Some(60), drained));
    let grown_by = per_call("grows", [100, 200], Some(100), |n| appended(50..n));
    assert_eq!(grown(&grown_by), ["log.first list 50 → 150"]);
    assert_eq!(grown_by["verdict"]["kind"], "leak_likely");
}

#[test]
fn a_list_all_of_whose_entries_are_others_now_is_no_leak_however_long() {
    let late = |n: usize| if n > 100 { 100..260 } else { 0..100 };
    let report_of = between("ramp", [100, 160], |n| appended(late(n)));
    assert_eq!(grown(&report_of), ["log.first list 100 → 160"]);
    assert_ne!(report_of["verdict"]["kind"], "leak_likely");
    let stays = between("stays", [100, 160], |n| appended(0..n));
    assert_eq!(stays["verdict"]["kind"], "leak_likely");
}

#[test]
fn cutting_a_list_that_is_linked_both_ways_frees_it_whoever_its_head_is() {
    // The job knows the first timer by name; the head, another object, knows the first and the last.
    let draw = |n: usize| {
        let links: String = (1..n)
            .map(|i| format!("n{} -next-> n{i}:Step(100)\nn{i} -prev-> n{}\n", i - 1, i - 1))
            .collect();
        format!(
            "n0:Step(100)\n{links}g -job-> job:Job(24) -timer-> n0\n\
             g -head-> head:Head(24) -next-> n0\nhead -prev-> n{}\n",
            n - 1
        )
    };
    let report_of = report("both-ways", draw);
    assert_eq!(grown(&report_of), ["job.timer list 40 → 340"]);
    assert_eq!(report_of["suspects"][0]["chains"][0]["frees"], 30_000);
}

// table -6000-> head -first-> entry -> entry -> ..., where the head is made anew with its entries
fn under(head: &str, entries: Range<usize>) -> String {
    let links: String =
        entries.clone().skip(1).map(|i| format!("n{} -next-> n{i}:Step(100)\n", i - 1)).collect();
    format!("{head} -first-> n{}:Step(100)\n{links}", entries.start)
}

#[test]
fn a_list_whose_head_was_made_anew_is_counted_at_the_place_of_the_old_one() {
    let draw = |key: &str, entries: Range<usize>| {
        let head = format!("head{}", entries.start);
        let list = under(&head, entries);
        format!("g -lists-> t:Table(32) -[{key}]-> {head}:Head(40)\n{list}")
    };
    // From 100 to as many others, and to 60 more.
    let late = |n: usize| n > 100;
    let others = |n| draw("6000", if late(n) { 100..200 } else { 0..100 });
    nothing_grew(&per_call("new-head", [100, 200], Some(100), others));
    let more = |n| draw("6000", if late(n) { 100..260 } else { 0..100 });
    assert_eq!(grown(&between("new-head-more", [100, 160], more)), ["lists list 100 → 160"]);
    // What stands elsewhere is another list.
    let elsewhere =
        |n| draw(if late(n) { "7000" } else { "6000" }, if late(n) { 100..200 } else { 0..100 });
    assert_eq!(grown(&between("elsewhere", [100, 200], elsewhere)), ["lists list 0 → 100"]);
}

#[test]
fn a_list_below_a_new_entry_of_a_map_has_grown_by_no_more_than_its_class_has() {
    let draw = |entries: Range<usize>| {
        let head = format!("head{}", entries.start);
        let at = if entries.start == 0 { 3 } else { 17 };
        let keys = map("m", at..at + 1, |_| format!("{head}:Head(40)"));
        format!("g -lists-> m:Map(32)\n{keys}{}", under(&head, entries))
    };
    let others = |n: usize| draw(if n > 100 { 100..200 } else { 0..100 });
    nothing_grew(&per_call("map-head", [100, 200], Some(100), others));
    let more = |n: usize| draw(if n > 100 { 100..260 } else { 0..100 });
    assert_eq!(grown(&between("map-head-more", [100, 160], more)), ["lists list 100 → 160"]);
}

#[test]
fn a_list_has_grown_by_ten_entries_and_not_by_nine() {
    let report_of = between("nine", [40, 49], |n| prepended(n, "-next->"));
    nothing_grew(&report_of);
    let report_of = between("ten", [40, 50], |n| prepended(n, "-next->"));
    assert_eq!(grown(&report_of), ["log.last list 40 → 50"]);
}

// lists -> TimersList <-> t <-> t <-> ... ; a server has one of the timers, too
fn ring(n: usize) -> String {
    let links: String = (0..n)
        .map(|i| {
            let next = if i + 1 == n { "list".to_owned() } else { format!("t{}", i + 1) };
            let back = if i == 0 { "list".to_owned() } else { format!("t{}", i - 1) };
            format!("t{i}:Timeout(100) -_idleNext-> {next}\nt{i} -_idlePrev-> {back}\n")
        })
        .collect();
    let last = n - 1;
    format!(
        "g -lists-> list:TimersList(64) -_idleNext-> t0\nlist -_idlePrev-> t{last}
         {links}g -server-> server:Server(40) -interval-> t7\n"
    )
}

#[test]
fn a_ring_that_is_entered_at_a_second_place_is_one_list() {
    let report_of = report("two-doors", ring);
    assert_eq!(grown(&report_of).len(), 1, "{:?}", grown(&report_of));
    let container = &report_of["containers"][0];
    let of = ["entries_before", "entries_after"].map(|n| container[n].as_u64().unwrap());
    assert_eq!((of, &container["kind"]), ([40, 340], &"list".into()));
    assert_eq!(report_of["suspects"][0]["count"], 300);
    assert_eq!(report_of["findings"][0]["pattern"], "timer");
    assert_eq!(report_of["verdict"]["kind"], "leak_likely");
}

// app.onclose -> onclose() -context-> context -previous-> onclose() ...
fn wrapped(n: usize, between: &str) -> String {
    let one = |i: usize| {
        let (context, before) = (format!("c{i}"), i.saturating_sub(1));
        let link = between.replace('#', &i.to_string()).replace("BEFORE", &format!("f{before}"));
        closure(&format!("f{i}"), "onclose", &context, "7:11:20")
            + &if i == 0 { String::new() } else { format!("{context} {link}\n") }
            + &format!("{context} -<request>-> {}\n", call(i))
    };
    let functions: String = (0..n).map(one).collect();
    format!("{}{functions}g -app-> app:App(24) -onclose-> f{}\n", script(7, "/app/app.mjs"), n - 1)
}

#[test]
fn a_link_may_lead_over_a_context_and_one_thing_more() {
    for (test, link) in [
        ("context", "-<previous>-> BEFORE"),
        ("bound", "-<previous>-> b#:Bound(32) -target-> BEFORE"),
    ] {
        let report_of = report(test, |n| wrapped(n, link));
        assert_eq!(grown(&report_of), ["app.onclose list 40 → 340"], "{test}");
        assert_eq!(report_of["suspects"][0]["count"], 300, "{test}");
    }
}

#[test]
fn a_link_of_four_steps_is_followed_where_nothing_else_piles_up() {
    let four = "-<previous>-> b#:Bound(32) -target-> d#:Bind(32) -to-> BEFORE";
    let report_of = report("four", |n| wrapped(n, four));
    // Newer ones are above the older ones, which count all the same.
    assert_eq!(grown(&report_of), ["app.onclose list 40 → 340"]);
    assert_eq!(report_of["verdict"]["kind"], "leak_likely");
}

#[test]
fn one_list_is_told_once_whichever_way_it_is_linked() {
    let draw = |n: usize| {
        let back: String = (1..n).map(|i| format!("n{} -previous-> n{i}\n", i - 1)).collect();
        prepended(n, "-next->") + &back
    };
    let report_of = report("both-ways", draw);
    assert_eq!(grown(&report_of), ["log.last list 40 → 340"]);
    assert_eq!(list(&report_of, "suspects").len(), 1);
}

#[test]
fn a_list_of_what_a_map_holds_too_is_the_map_s_leak() {
    let draw = |n: usize| {
        let links: String = (1..n).map(|i| format!("s{i} -older-> s{}\n", i - 1)).collect();
        format!("g -calls-> m:Map(32)\n{}{links}", map("m", 0..n, call))
    };
    let report_of = report("in-map", draw);
    assert_eq!(grown(&report_of), ["calls Map 40 → 340"]);
    assert_eq!(list(&report_of, "findings").len(), 1);
}

#[test]
fn objects_of_one_class_that_all_know_one_of_them_are_a_tree() {
    // A star: each new one knows the first; and a tree: each knows its parent.
    let star = |n: usize, parent: &dyn Fn(usize) -> usize| {
        let known: String = (1..n).map(|i| format!("s{i} -parent-> s{}\n", parent(i))).collect();
        format!("g -open-> m:Set(32)\n{}{known}", set("m", 0..n, call))
    };
    for (test, parent) in [("star", (|_| 0) as fn(usize) -> usize), ("tree", |i| (i - 1) / 2)] {
        let report_of = report(test, |n| star(n, &parent));
        assert_eq!(grown(&report_of), ["open Set 40 → 340"], "{test}");
    }
}

#[test]
fn a_tree_without_a_collection_is_no_list() {
    let draw = |n: usize| {
        let known: String = (1..n)
            .map(|i| format!("s{} -{}-> {}\n", (i - 1) / 2, ["left", "right"][i % 2], call(i)))
            .collect();
        format!("g -tree-> t:Tree(24) -root-> {}\n{known}", call(0))
    };
    let report_of = report("binary", draw);
    let lists = list(&report_of, "containers").iter().filter(|c| c["kind"] == "list");
    let longest = lists.map(|c| c["entries_after"].as_u64().unwrap()).max().unwrap_or(0);
    assert!(longest < 20, "{:?}", grown(&report_of));
    assert_ne!(report_of["verdict"]["kind"], "leak_likely", "{:?}", grown(&report_of));
}

#[test]
fn short_lists_in_many_objects_are_no_list_of_their_own() {
    // 2,000 sessions with three undo steps each.
    let draw = |n: usize| {
        let steps = |i: usize| {
            format!(
                "s{i} -undo-> u{i}_0:Step(20) -next-> u{i}_1:Step(20) -next-> u{i}_2:Step(20)\n"
            )
        };
        let undo: String = (0..n).map(steps).collect();
        format!("g -open-> a:Array(32)\n{}{undo}", array("a", 0..n, call))
    };
    let report_of = report("short", draw);
    assert_eq!(grown(&report_of), ["open Array 40 → 340"]);
    assert_eq!(report_of["suspects"][0]["class"], "ToolCall");
}
