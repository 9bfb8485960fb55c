//! More snapshots, calls, and whose ids can be trusted.

use crate::cli::{report as json_of, shown};
use crate::drawing::{Drawing, draw};
use crate::fixtures::scratch;
use crate::layouts::{
    GLOBAL, array, call, closure, grown, list, map, map_from_numbers, script, snapshots, told,
    told_of, told_with,
};
use heapdiff::report::Options;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A Map of so many sessions.
fn sessions(n: usize) -> String {
    format!("{GLOBAL}g -table-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call))
}

/// A Map of so many sessions in each snapshot, which leaves something behind as well.
fn series(test: &str, entries: &[usize]) -> Value {
    let taken = |(at, n): (usize, &usize)| format!("{}g -taken-> t{at}:Taken(16)\n", sessions(*n));
    let drawings: Vec<String> = entries.iter().enumerate().map(taken).collect();
    let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
    told_with(test, &drawings, &Options::default())
}

#[test]
fn what_was_filled_once_and_then_stopped_is_no_leak() {
    let report = series("stopped", &[3, 1203, 1203]);
    assert_eq!(report["containers"][0]["entries"], json!([3, 1203, 1203]));
    assert_eq!(report["containers"][0]["note"], "filled once, then stopped growing");
    assert_eq!(report["containers"][0]["piles_up"], false);
    assert_eq!(report["verdict"]["kind"], "grew", "{}", report["verdict"]);
    let reasons = report["verdict"]["reasons"].to_string();
    assert!(reasons.contains("table went from 3 to 1,203 entries: filled once"), "{reasons}");
    // Two snapshots cannot know.
    let report = series("stopped-unknown", &[3, 1203]);
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    assert_eq!(report["containers"][0]["note"], Value::Null);
}

#[test]
fn a_snapshot_that_is_given_twice_does_not_tell_that_nothing_grows_any_more() {
    let told = |test: &str, entries: &[usize]| {
        let drawings: Vec<String> = entries.iter().map(|n| sessions(*n)).collect();
        let files = snapshots(test, &drawings.iter().map(String::as_str).collect::<Vec<_>>());
        (told_of(&files, &Options::default()), shown(files.iter().map(|f| f.to_str().unwrap())))
    };
    let (pair, _) = told("given-once", &[3, 203]);
    for (test, entries, said) in [
        ("last-again", [3, 203, 203].as_slice(), ["2nd and 3rd"].as_slice()),
        ("first-again", &[3, 3, 203], &["1st and 2nd"]),
        ("thrice", &[3, 203, 203, 203], &["2nd, 3rd and 4th"]),
        ("both-again", &[3, 3, 203, 203], &["1st and 2nd", "3rd and 4th"]),
    ] {
        let (report, text) = told(test, entries);
        for part in ["verdict", "containers", "suspects", "findings"] {
            assert_eq!(report[part], pair[part], "{test}");
        }
        for which in said {
            let warning = format!("  WARNING: {which} file are the same snapshot\n");
            assert!(text.contains(&warning), "{text}");
        }
        assert_eq!(text.matches("WARNING").count(), said.len(), "{text}");
    }
    // Beside one that comes again, others tell what they tell.
    let (report, _) = told("again-in-between", &[3, 103, 103, 203]);
    assert_eq!(report["containers"][0]["entries"], json!([3, 103, 203]));
    assert_eq!(report["between"][1]["same_as"], 2);
    assert_eq!(report["snapshots"]["after"]["same_as"], Value::Null);
}

#[test]
fn what_grows_in_every_interval_leaks() {
    let report = series("goes-on", &[3, 603, 1203]);
    assert_eq!(report["containers"][0]["entries"], json!([3, 603, 1203]));
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    assert_eq!(report["suspects"][0]["count"], 1200, "first against last");
    assert_eq!(list(&report, "between").len(), 1);
    let report = series("four", &[3, 203, 403, 603]);
    assert_eq!(report["containers"][0]["entries"], json!([3, 203, 403, 603]));
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    let report = series("four-stopped", &[3, 303, 603, 603]);
    assert_eq!(report["containers"][0]["entries"], json!([3, 303, 603, 603]));
    assert_eq!(report["verdict"]["kind"], "grew");
}

#[test]
fn what_was_more_in_between_is_told_as_it_was() {
    // A list, a copy in place of another, and a Map whose ids mean nothing.
    let linked = |n: usize| {
        let links: String =
            (1..n).map(|i| format!("n{} -next-> n{i}:Step(100)\n", i - 1)).collect();
        format!("{GLOBAL}g -log-> log:Log(24) -first-> n0:Step(100)\n{links}")
    };
    let copied = |n: usize| {
        let copy = format!("items{n}");
        let store = format!("g -store-> s:Store(24) -items-> {copy}:Array(32)\n");
        format!("{GLOBAL}{store}{}", array(&copy, 0..n, call))
    };
    let table =
        |n: usize| format!("{GLOBAL}g -table-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call));
    let entries = |test: &str, by_id: Option<bool>, draw: &dyn Fn(usize) -> String| {
        let drawings = [40, 900, 400].map(draw);
        let options = Options { by_id, ..Options::default() };
        let report = told_with(test, &drawings.each_ref().map(String::as_str), &options);
        report["containers"][0]["entries"].clone()
    };
    assert_eq!(entries("list-between", None, &linked), json!([40, 900, 400]));
    assert_eq!(entries("copy-between", None, &copied), json!([40, 900, 400]));
    assert_eq!(entries("map-between", Some(false), &table), json!([40, 900, 400]));
}

#[test]
fn what_has_stopped_comes_after_what_goes_on_however_heavy() {
    let draw = |loaded: usize, leaked: usize| {
        let row = |i: usize| format!("r{i}:Row(5000)");
        let (table, log) = (map_from_numbers("m", 0..loaded, row), array("a", 0..leaked, call));
        format!("{GLOBAL}g -table-> m:Map(32)\ng -log-> a:Array(32)\n{table}{log}")
    };
    let drawings = [draw(0, 3), draw(500, 103), draw(500, 203)];
    let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
    let report = told_with("both", &drawings, &Options::default());
    assert_eq!(grown(&report), ["log Array 3 → 203", "table Map 0 → 500"]);
    assert_eq!(report["containers"][0]["entries"], json!([3, 103, 203]));
    assert_eq!(report["containers"][1]["entries"], json!([0, 500, 500]));
    assert_eq!(report["suspects"][0]["class"], "ToolCall");
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    for finding in list(&report, "findings") {
        assert!(!finding.to_string().contains("table"), "{finding}");
    }
}

fn after_calls(test: &str, entries: usize, calls: u64) -> Value {
    let [before, after] = [3, 3 + entries]
        .map(|n| format!("{GLOBAL}g -calls-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call)));
    told_with(test, &[&before, &after], &Options { calls: Some(calls), ..Options::default() })
}

#[test]
fn calls_give_figures_per_call() {
    let reasons = |report: &Value| report["verdict"]["reasons"].to_string();
    let report = after_calls("calls-1", 200, 200);
    assert_eq!(report["calls"], 200);
    assert!(reasons(&report).contains("exactly 1 per call"), "{}", reasons(&report));
    let report = after_calls("calls-2", 200, 100);
    assert!(reasons(&report).contains("exactly 2 per call"), "{}", reasons(&report));
    let report = after_calls("calls-3", 200, 160);
    assert!(reasons(&report).contains("1.25 per call"), "{}", reasons(&report));
    assert!(!reasons(&report).contains("exactly 1"), "{}", reasons(&report));
    let without = series("calls-none", &[3, 203]);
    assert!(!reasons(&without).contains("per call") && without["calls"].is_null());
}

#[test]
fn the_text_says_per_call_what_a_container_grew_by() {
    let drawing =
        |n| format!("{GLOBAL}g -calls-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call));
    let files = snapshots("calls-text", &[&drawing(3), &drawing(203)]);
    let text = shown([files[0].to_str().unwrap(), files[1].to_str().unwrap(), "--calls=200"]);
    assert!(text.contains("3 → 203 entries") && text.contains("+1.00 per call"), "{text}");
    assert!(text.contains("exactly 1 per call"), "{text}");
}

/// Writes two drawings whose ids have nothing to do with each other.
fn strangers(test: &str, before: &Drawing, after: &Drawing) -> [PathBuf; 2] {
    let dir = scratch(test);
    [("before", before), ("after", after)].map(|(name, drawing)| {
        let file = dir.join(name);
        std::fs::write(&file, drawing.bytes()).unwrap();
        file
    })
}

fn server(first: &str, n: usize) -> Drawing {
    draw(&format!(
        "{GLOBAL}{first}g -app-> app:App(24) -calls-> m:Map(32)\n{}",
        map_from_numbers("m", 0..n, call)
    ))
}

/// Things that only the second process has, so that every id is another object's.
fn shift() -> String {
    (0..30).map(|i| format!("g -x{i}-> x{i}:X{i}(16)\n")).collect()
}

#[test]
fn another_process_is_compared_by_structure() {
    let files = strangers("strangers", &server("", 10), &server(&shift(), 200));
    let report = told_of(&files, &Options::default());
    assert_eq!(report["identity"]["kind"], "different_process", "{}", report["identity"]);
    assert_eq!(report["identity"]["by_id"], false);
    assert_eq!(grown(&report), ["app.calls Map 10 → 200", "global Object 1 → 31"]);
    assert_eq!(report["suspects"][0]["class"], "ToolCall");
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    let text = shown(files.iter().map(|f| f.to_str().unwrap()));
    assert!(text.contains("ids were renumbered") && text.contains("by structure"), "{text}");
}

#[test]
fn a_runtime_that_renumbers_is_compared_by_structure() {
    let mut after = server("", 200);
    after.nodes.iter_mut().for_each(|n| n.id += 1_000_000);
    let files = strangers("renumbered", &server("", 10), &after);
    let report = told_of(&files, &Options::default());
    assert_eq!(report["identity"]["kind"], "unstable_ids", "{}", report["identity"]);
    assert_eq!(report["identity"]["ids_kept"], 0.0);
    assert_eq!(grown(&report), ["app.calls Map 10 → 200"]);
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    let text = shown(files.iter().map(|f| f.to_str().unwrap()));
    assert!(text.contains("as Bun does for every snapshot"), "{text}");
}

#[test]
fn ids_that_repeat_are_not_more_than_all() {
    let mut after = server("", 200);
    let ids: Vec<u64> = after.nodes.iter().map(|n| n.id).take(20).collect();
    after.nodes.iter_mut().skip(20).for_each(|n| n.id = ids[(n.id % 20) as usize]);
    let report = told_of(&strangers("repeats", &server("", 10), &after), &Options::default());
    assert_eq!(report["identity"]["ids_kept"], 1.0, "{}", report["identity"]);
}

#[test]
fn ids_can_be_insisted_on_and_set_aside() {
    let by = |by_id| Options { by_id, ..Options::default() };
    let drawing =
        |n| format!("{GLOBAL}g -calls-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call));
    let files = snapshots("insisted", &[&drawing(10), &drawing(200)]);
    let [auto, id, count] = [None, Some(true), Some(false)].map(|b| told_of(&files, &by(b)));
    assert_eq!(auto, id);
    assert_eq!(count["identity"]["by_id"], false);
    assert_eq!(count["identity"]["kind"], "same_process", "what is found out stays");
    assert_eq!(count["classes"], id["classes"], "the comparison's columns go by ids always");
    assert_eq!(grown(&count), ["calls Map 10 → 200"]);
    // A Map replaced by one of as many other objects: by ids all is new.
    let churned = |from| {
        format!(
            "{GLOBAL}g -calls-> m{from}:Map(32)\n{}",
            map_from_numbers(&format!("m{from}"), from..from + 100, call)
        )
    };
    let files = snapshots("set-aside", &[&churned(0), &churned(500)]);
    let report = told_of(&files, &by(Some(false)));
    assert_eq!((grown(&report), &report["verdict"]["kind"]), (Vec::new(), &"no_growth".into()));
    let args = ["--identity=count", "--identity=id"].map(|a| json_of(&files[0], &files[1], &[a]));
    assert_eq!(args[0]["identity"]["by_id"], false);
    assert_eq!(args[1]["identity"]["by_id"], true);
    assert_eq!(args[0]["classes"], args[1]["classes"]);
}

#[test]
fn two_files_without_anything_in_common_are_not_comparable() {
    let classes = |from: usize| -> String {
        (from..from + 40).map(|i| format!("root -p{i}-> o{i}:Class{i}(24)\n")).collect()
    };
    let before = draw(&classes(0));
    let mut after = draw(&classes(500));
    after.nodes.iter_mut().for_each(|n| n.id += 1_000_000);
    let files = strangers("nothing-in-common", &before, &after);
    let report = told_of(&files, &Options::default());
    assert_eq!(report["verdict"]["kind"], "not_comparable", "{}", report["verdict"]);
    assert!(!list(&report["verdict"], "reasons").is_empty());
    let text = shown(files.iter().map(|f| f.to_str().unwrap()));
    assert!(text.starts_with("NOT COMPARABLE"), "{text}");
    // One thing in common is enough: the class names.
    let mut after = draw(&classes(0));
    after.nodes.iter_mut().for_each(|n| n.id += 1_000_000);
    let report = told_of(&strangers("names-in-common", &before, &after), &Options::default());
    assert_ne!(report["verdict"]["kind"], "not_comparable", "{}", report["verdict"]);
}

#[test]
fn two_programs_are_warned_of_and_one_that_was_built_anew_is_not() {
    let program = |scripts: &[&str], n: usize| {
        let one = |(at, name): (u32, &&str)| {
            let (number, handle) = (90 + at, format!("f{at}"));
            let place = format!("{number}:1:1");
            let code = closure(&handle, &handle, &format!("scope{at}"), &place);
            format!("{code}{}g -{handle}-> {handle}\n", script(number, name))
        };
        let scripts: String = (0..).zip(scripts).map(one).collect();
        let mut drawing = draw(&format!("{}{scripts}{}", sessions(n), shift()));
        drawing.nodes.iter_mut().for_each(|node| node.id += if n > 50 { 1_000_000 } else { 0 });
        drawing
    };
    let are_two = |test: &str, before: &[&str], after: &[&str]| {
        let files = strangers(test, &program(before, 20), &program(after, 200));
        let report = told_of(&files, &Options::default());
        let text = shown(files.iter().map(|f| f.to_str().unwrap()));
        let two = report["identity"]["two_programs"] == true;
        assert_eq!(
            text.contains("WARNING: the files look like those of two programs"),
            two,
            "{text}"
        );
        assert_ne!(report["identity"]["kind"], "same_process", "{}", report["identity"]);
        two
    };
    assert!(are_two("other", &["/app/shop.mjs"], &["/srv/chat.mjs"]));
    assert!(are_two(
        "half",
        &["/app/shop.mjs", "/app/load.mjs"],
        &["/app/chat.mjs", "/app/load.mjs"]
    ));
    assert!(are_two("no-scripts", &["/app/shop.mjs"], &[]));
    assert!(!are_two("moved", &["/app/shop.mjs"], &["/srv/shop.mjs"]));
    assert!(!are_two("built", &["/app/main-4f3c2a.js"], &["/app/main-77b0.js"]));
    assert!(!are_two(
        "lazy",
        &["/a/x.js", "/a/y.js", "/a/z.js"],
        &["/a/x.js", "/a/y.js", "/a/w.js"]
    ));
    assert!(!are_two("none", &[], &[]));
}

#[test]
fn a_swapped_pair_is_warned_of_and_not_swapped() {
    let drawing = |n| format!("{GLOBAL}g -calls-> m:Map(32)\n{}", map("m", 0..n, call));
    let mut files = snapshots("swapped", &[&drawing(10), &drawing(100)]);
    let right = told_of(&files, &Options::default());
    assert_eq!(right["identity"]["swapped"], false);
    files.reverse();
    let wrong = told_of(&files, &Options::default());
    assert_eq!(wrong["identity"]["swapped"], true);
    let row = list(&wrong, "classes").iter().find(|row| row["name"] == "ToolCall").unwrap();
    assert_eq!((&row["new"], &row["deleted"]), (&0.into(), &90.into()), "not swapped");
    assert_eq!(wrong["verdict"]["kind"], "no_growth");
    let text = shown(files.iter().map(|f| f.to_str().unwrap()));
    assert!(text.contains("WARNING: the second file looks older"), "{text}");
    let same = [files[0].clone(), files[0].clone()];
    assert_eq!(told_of(&same, &Options::default())["identity"]["swapped"], false);
}

#[test]
fn a_pair_that_only_lost_something_is_not_taken_for_swapped() {
    let before = format!("{GLOBAL}g -calls-> m:Map(32)\n{}", map("m", 0..40, call));
    let after = format!("{GLOBAL}g -calls-> m:Map(32)\n{}", map("m", 0..30, call));
    let late = format!("{after}g -late-> late:Late(24)\n");
    let report = told("lost", &before, &late);
    assert_eq!(report["identity"]["kind"], "same_process");
    assert_eq!(report["verdict"]["kind"], "no_growth");
}
