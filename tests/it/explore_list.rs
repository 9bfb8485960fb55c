//! Objects of a class: listed, filtered, grouped, and what they have in common; and strings.

use crate::explore::{Asked, drawn, worth};
use crate::layouts::{GLOBAL, array, closure, list, script};
use serde_json::Value;
use std::fmt::Write as _;

/// Requests of which the stuck ones have a query that begins alike.
fn requests(range: std::ops::Range<usize>) -> String {
    let mut out = GLOBAL.to_owned();
    for i in range {
        let stuck = i % 2 == 0;
        let (state, query) = if stuck { ("stuck", "bad ") } else { ("done", "good ") };
        let _ = writeln!(
            out,
            "g -r{i}-> r{i}:Request({}) -query-> q{i}:(string)\"{query}{i}\"(40)
             r{i} -state-> {state}:(string)\"{state}\"(24)",
            100 + i
        );
    }
    out
}

fn ids(asked: &Asked, more: &[&str]) -> Vec<u64> {
    let answer = asked.json("list", &[&["--class", "Request"], more].concat());
    list(&answer, "rows").iter().map(|row| row["object"]["id"].as_u64().unwrap()).collect()
}

fn id(asked: &Asked, handle: &str) -> u64 {
    asked.id(handle).parse().unwrap()
}

#[test]
fn objects_are_listed_by_what_they_retain_by_size_or_by_id() {
    let asked = drawn(&[&requests(0..4)]);
    let all: Vec<u64> = (0..4).map(|i| id(&asked, &format!("r{i}"))).collect();
    let backwards: Vec<u64> = all.iter().rev().copied().collect();
    assert_eq!(ids(&asked, &[]), backwards);
    assert_eq!(ids(&asked, &["--sort", "shallow"]), backwards);
    assert_eq!(ids(&asked, &["--sort", "id"]), all);
    let answer = asked.json("list", &["--class", "Req*", "--limit", "1"]);
    assert_eq!((answer["total"].as_u64(), answer["shallow"].as_u64()), (Some(4), Some(406)));
    let fields: Vec<&str> =
        list(&answer["rows"][0], "fields").iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(fields, ["query", "state"]);
}

#[test]
fn two_snapshots_tell_what_is_new_what_survived_and_what_is_gone() {
    let asked = drawn(&[&requests(0..3), &requests(1..5)]);
    let handles = |range: std::ops::Range<usize>| -> Vec<u64> {
        range.map(|i| id(&asked, &format!("r{i}"))).collect()
    };
    assert_eq!(ids(&asked, &["--new", "--sort", "id"]), handles(3..5));
    assert_eq!(ids(&asked, &["--survived", "--sort", "id"]), handles(1..3));
    assert_eq!(ids(&asked, &["--gone"]), [u64::from(asked.drawings[0].id("r0"))]);
    let one = drawn(&[&requests(0..3)]);
    let said = one.refused("list", &["--class", "Request", "--new"]);
    assert!(said.contains("one snapshot does not tell what is new"), "{said}");
}

#[test]
fn a_condition_holds_a_field_against_a_pattern() {
    let asked = drawn(&[&requests(0..6)]);
    let stuck: Vec<u64> = [0, 2, 4].map(|i| id(&asked, &format!("r{i}"))).to_vec();
    assert_eq!(ids(&asked, &["--where", "state=stuck", "--sort", "id"]), stuck);
    assert_eq!(
        ids(&asked, &["--where", "query=bad*", "--where", "state=s*", "--sort", "id"]),
        stuck
    );
    assert_eq!(ids(&asked, &["--where", "state=nothing"]), [0_u64; 0]);
    let said = asked.refused("list", &["--class", "Requst"]);
    assert!(said.contains("did you mean \"Request\"?"), "{said}");
}

#[test]
fn objects_are_put_together_by_a_value_or_by_their_shape() {
    let asked =
        drawn(&[&format!("{}g -odd-> odd:Request(16) -other-> o:Other(16)", requests(0..5))]);
    let groups = |more: &[&str]| -> Vec<(u64, Value)> {
        let answer = asked.json("list", &[&["--class", "Request"], more].concat());
        let groups = list(&answer, "groups").iter();
        groups.map(|g| (g["count"].as_u64().unwrap(), g["value"].clone())).collect()
    };
    let by_state = groups(&["--by", "state", "--show-strings"]);
    let values: Vec<(u64, &str)> =
        by_state.iter().map(|(n, v)| (*n, v["string"]["value"].as_str().unwrap_or("-"))).collect();
    assert_eq!(values, [(3, "stuck"), (2, "done"), (1, "-")]);
    let shapes = groups(&["--shape"]);
    assert_eq!(shapes[0].0, 5);
    assert_eq!(shapes[1].1["shape"], serde_json::json!(["other"]));
}

#[test]
fn a_field_of_a_field_a_variable_and_a_location_are_values_too() {
    let f = |i: usize, user: &str| {
        let closure = closure(&format!("f{i}"), "onData", &format!("c{i}"), "7:2:4");
        format!(
            "g -f{i}-> f{i}:(closure)\"onData\"(64)\n{closure}c{i} -<user>-> u{i}:User(16) -name-> n{i}:(string)\"{user}\"(24)\n"
        )
    };
    let asked = drawn(&[&format!(
        "{GLOBAL}{}{}{}{}",
        f(0, "ann"),
        f(1, "ann"),
        f(2, "bob"),
        script(7, "/srv/app.js")
    )]);
    let groups = |by: &str| -> Vec<u64> {
        let answer = asked.json("list", &["--class", "Function", "--by", by]);
        list(&answer, "groups").iter().map(|g| g["count"].as_u64().unwrap()).collect()
    };
    assert_eq!(groups("user.name"), [2, 1]);
    assert_eq!(groups("location"), [3]);
    let answer = asked.json("list", &["--class", "Function", "--where", "user.name=b*"]);
    assert_eq!(answer["total"], 1);
    let text = asked.text("list", &["--class", "Function", "--by", "location"]);
    assert!(text.contains("3 ×  app.js:3:5"), "{text}");
}

#[test]
fn an_unknown_field_says_which_ones_there_are() {
    let asked = drawn(&[&requests(0..4)]);
    let said = asked.refused("list", &["--class", "Request", "--by", "stat"]);
    assert!(
        said.contains("has a field stat") && said.contains("did you mean \"state\"?"),
        "{said}"
    );
    let said = asked.refused("list", &["--class", "Request", "--where", "zebra=1"]);
    assert!(said.contains("the first one has \"query\", \"state\""), "{said}");
}

#[test]
fn what_groups_retain_is_counted_once() {
    let chain = "g -a-> a:Node(100) -next-> b:Node(100) -next-> c:Node(100)\na -x-> x:X(16)\nb -x-> x\nc -x-> x";
    let asked = drawn(&[&format!("{GLOBAL}{chain}")]);
    let answer = asked.json("list", &["--class", "Node", "--by", "x"]);
    assert_eq!(answer["groups"][0]["retained"], answer["retained"]);
    assert_eq!(answer["retained"], 316);
}

#[test]
fn strings_that_may_go_on_behind_what_the_file_has_are_no_copies_of_each_other() {
    let long = "x".repeat(1024);
    let asked = drawn(&[&format!(
        "{GLOBAL}g -a-> a:(sliced string)\"{long}\"(32)\ng -b-> b:(sliced string)\"{long}\"(32)
         g -c-> c:(string)\"{long}\"(4000)\ng -d-> d:(string)\"{long}\"(4000)\ng -e-> e:(string)\"{long}\"(5000)
         g -p-> p:(sliced string)\"(sliced string)\"(32)\ng -q-> q:(sliced string)\"(sliced string)\"(32)"
    )]);
    let answer = asked.json("strings", &[]);
    assert_eq!((answer["total"].as_u64(), answer["saved"].as_u64()), (Some(1), Some(4000)));
    let text = asked.text("strings", &["--glob", "*"]);
    assert!(text.contains("string of 1,024 characters or more"), "{text}");
    // Up to V8 12 a file does not say which part of its parent such a string is.
    let shown = asked.text("show", &[&asked.id("p")]);
    assert!(shown.starts_with(&format!("(sliced string) @{}", asked.id("p"))), "{shown}");
}

#[test]
fn strings_are_told_that_are_new() {
    let draw = |more: &str| format!("{GLOBAL}g -a-> a:(string)\"old\"(24)\n{more}");
    let asked = drawn(&[&draw(""), &draw("g -b-> b:(string)\"fresh\"(24)")]);
    assert_eq!(texts(&asked, &["--glob", "*", "--new"]), ["fresh × 1 24 saves 0"]);
    let one = drawn(&[&draw("")]);
    assert!(one.refused("strings", &["--new"]).contains("one snapshot does not tell"));
}

#[test]
fn what_chosen_objects_have_in_common_and_the_others_have_not_is_told_by_its_beginning_too() {
    let asked = drawn(&[&requests(0..20)]);
    let common = |more: &[&str]| {
        let args = [&["--class", "Request", "--where", "state=stuck", "--common"], more].concat();
        asked.json("list", &args)
    };
    let answer = common(&[]);
    let line = |c: &Value| {
        let begins =
            c["beginning"].as_u64().map(|n| format!(" begins with {n}")).unwrap_or_default();
        format!(
            "{}{begins}: {} of {}, {} others",
            c["field"].as_str().unwrap(),
            c["count"],
            answer["total"],
            c["others"]
        )
    };
    let lines: Vec<String> = list(&answer, "common").iter().map(line).collect();
    assert_eq!(lines, ["state: 10 of 10, 0 others", "query begins with 4: 10 of 10, 0 others"]);
    assert_eq!(answer["others"], 10);
    // Masked values are compared all the same, and shown to who asks.
    assert!(worth(&answer["common"][1]["value"]).starts_with('#'));
    let shown = common(&["--show-strings"]);
    assert_eq!(shown["common"][1]["value"]["string"]["value"], "bad ");
}

#[test]
fn nothing_is_said_of_no_objects() {
    let asked = drawn(&[&requests(0..4), &requests(0..4)]);
    for how in [&["--common"] as &[&str], &["--shape"], &[]] {
        let text = asked.text("list", &[&["--class", "Request", "--new"], how].concat());
        assert!(text.ends_with("no object of this class is so\n"), "{text}");
    }
}

#[test]
fn nine_in_ten_have_it_in_common_and_at_most_half_of_the_others() {
    // Of 20 that are chosen and 20 others so many have each of these fields with one value.
    let have = [("most", 18, 0), ("many", 17, 0), ("half", 20, 10), ("more", 20, 11)];
    let mut heap = format!("{GLOBAL}g -l-> l:Array(32)\n");
    heap += "g -yes-> yes:(string)\"yes\"(16)\ng -no-> no:(string)\"no\"(16)\n";
    heap += &array("l", 0..40, |i| format!("r{i}:Request(90)"));
    for i in 0..40 {
        let is = |yes: bool| if yes { "yes" } else { "no" };
        heap += &format!("r{i} -chosen-> {}\n", is(i < 20));
        for (name, chosen, others) in have {
            let has = if i < 20 { i < chosen } else { i - 20 < others };
            heap += &if has { format!("r{i} -{name}-> yes\n") } else { String::new() };
        }
    }
    let asked = drawn(&[&heap]);
    let answer = asked.json("list", &["--class", "Request", "--where", "chosen=yes", "--common"]);
    let fields: Vec<&str> =
        list(&answer, "common").iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["chosen", "most", "half"]);
}

fn texts(asked: &Asked, more: &[&str]) -> Vec<String> {
    let answer = asked.json("strings", &[more, &["--show-strings"]].concat());
    let line = |row: &Value| {
        let text = row["string"]["value"].as_str().unwrap();
        format!("{text} × {} {} saves {}", row["count"], row["bytes"], row["saved"])
    };
    list(&answer, "rows").iter().map(line).collect()
}

#[test]
fn strings_are_told_with_their_copies_and_what_one_of_each_would_save() {
    let mut draw = GLOBAL.to_owned();
    for i in 0..3 {
        let _ = writeln!(
            draw,
            "g -a{i}-> a{i}:(string)\"a long text\"(40)\ng -b{i}-> b{i}:(string)\"number {i}\"(24)"
        );
    }
    // The same as far as the file has it, and of another size: another text.
    let _ = writeln!(draw, "g -c-> c:(string)\"a long text\"(4000)");
    let asked = drawn(&[&draw]);
    assert_eq!(texts(&asked, &[]), ["a long text × 3 120 saves 80"]);
    assert_eq!(
        texts(&asked, &["--text", "long"]),
        ["a long text × 1 4000 saves 0", "a long text × 3 120 saves 80"]
    );
    assert_eq!(texts(&asked, &["--glob", "number ?"]).len(), 3);
    assert_eq!(texts(&asked, &["--regex", "^number [01]$"]).len(), 2);
    let held = asked.json("strings", &[])["rows"][0]["path"].clone();
    assert_eq!(held, "a0");
    let said = asked.refused("strings", &["--regex", "(a"]);
    assert!(said.contains("this is no regular expression: unclosed group"), "{said}");
}
