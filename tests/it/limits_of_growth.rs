//! Where the search for what grew ends: each limit with what is just inside, and what is just beyond.

use crate::layouts::{GLOBAL, array, call, grown, numbers, told};
use serde_json::Value;
use std::fmt::Write as _;

/// What is told of a program that has other things too.
fn told_of(test: &str, entries: [usize; 2], draw: impl Fn(usize) -> String) -> Value {
    let parts: String = (0..200).map(|i| format!("g -part{i}-> part{i}:Part(24)\n")).collect();
    let [before, after] = entries.map(|n| format!("{GLOBAL}{parts}{}", draw(n)));
    told(&format!("limits-{test}"), &before, &after)
}

#[track_caller]
fn grows(report: &Value, expected: &str) {
    assert_eq!(grown(report), [expected]);
}

#[track_caller]
fn nothing(report: &Value) {
    assert_eq!(grown(report), Vec::<String>::new());
}

/// log.first -> n0 -> n1 -> ..., over what leads from one to the next.
fn log(entries: usize, link: impl Fn(usize) -> String) -> String {
    let links = (1..entries).fold(String::new(), |mut out, i| {
        let _ = writeln!(out, "n{}:Step(100) {} n{i}:Step(100)", i - 1, link(i));
        out
    });
    format!("g -log-> log:Log(24) -first-> n0:Step(100)\n{links}")
}

#[test]
fn an_array_of_numbers_grows_by_4096_bytes_and_not_by_less() {
    let of = |more: usize| {
        told_of("little", [100, 100 + more], |n| {
            format!("g -latencies-> a:Array(32)\n{}", numbers("a", n))
        })
    };
    grows(&of(512), "latencies Array ≈106 → ≈618");
    nothing(&of(511));
}

#[test]
fn a_bigger_copy_is_found_below_five_new_objects_and_not_below_six() {
    // store -f1-> new -f2-> new ... -> the copy
    let draw = |new: usize, n: usize| {
        let fields: String = (1..=new).map(|i| format!(" -f{i}-> o{n}_{i}:State(24)")).collect();
        let copy = format!("items{n}");
        format!(
            "g -store-> s:Store(24){fields} -items-> {copy}:Array(32)\n{}",
            array(&copy, 0..n, call)
        )
    };
    let path = "store.f1.f2.f3.f4.f5.items Array 3 → 63";
    grows(&told_of("deep", [3, 63], |n| draw(5, n)), path);
    nothing(&told_of("deeper", [3, 63], |n| draw(6, n)));
}

#[test]
fn forty_things_one_below_the_other_are_a_chain_and_thirty_nine_are_none() {
    // No two are linked by the same name.
    let of = |more: usize| told_of("long", [40, 40 + more], |n| log(n, |i| format!("-to{i}->")));
    grows(&of(40), "log.first list 40 → 80");
    nothing(&of(39));
}

#[test]
fn what_stands_between_two_entries_has_sixteen_edges_and_not_more() {
    // n0 -over-> link -by-> step -to-> n1, and the link and the step know other things.
    let draw = |edges: usize, n: usize| {
        let others = |of: &str| {
            (1..edges).fold(String::new(), |mut out, at| {
                let _ = writeln!(out, "{of} -other{at}-> part{at}");
                out
            })
        };
        let each = |i: usize| others(&format!("l{i}")) + &others(&format!("k{i}"));
        let others: String = (1..n).map(each).collect();
        log(n, |i| format!("-over-> l{i}:Link(24) -by-> k{i}:Knot(24) -to->")) + &others
    };
    grows(&told_of("between", [40, 52], |n| draw(16, n)), "log.first list 40 → 52");
    nothing(&told_of("beyond", [40, 52], |n| draw(17, n)));
}

#[test]
fn the_next_entry_is_looked_for_among_the_first_127_things_around() {
    let draw = |others: usize, n: usize| {
        let each = |i: usize| {
            (0..others).fold(String::new(), |mut out, at| {
                let _ = writeln!(out, "n{i}:Step(100) -other{at}-> part{at}");
                out
            })
        };
        (0..n).map(each).collect::<String>() + &log(n, |_| "-next->".to_owned())
    };
    grows(&told_of("around", [40, 70], |n| draw(126, n)), "log.first list 40 → 70");
    nothing(&told_of("too-many", [40, 70], |n| draw(127, n)));
}

#[test]
fn of_the_names_by_which_entries_know_each_other_the_first_four_are_tried() {
    // All know a first one by other names, and there are more of these edges than of the link.
    let draw = |names: usize, n: usize| {
        let known = |i: usize| {
            (0..names).fold(String::new(), |mut out, name| {
                let _ = writeln!(out, "n{i}:Step(100) -boss{name}-> b{name}:Step(100)");
                out
            })
        };
        let bosses: String =
            (0..names).map(|name| format!("g -boss{name}-> b{name}:Step(100)\n")).collect();
        let known: String = (0..n).map(known).collect();
        bosses + &known + &log(n, |_| "-next->".to_owned())
    };
    grows(&told_of("third", [40, 70], |n| draw(3, n)), "log.first list 40 → 70");
    nothing(&told_of("fourth", [40, 70], |n| draw(4, n)));
}

#[test]
fn a_list_has_one_in_eight_of_the_new_objects_of_its_class() {
    // Others are here and there.
    let draw = |others: usize, n: usize| {
        let others: String = match n {
            40 => String::new(),
            _ => (0..others).map(|i| format!("part{i} -own-> own{i}:Step(100)\n")).collect(),
        };
        log(n, |_| "-next->".to_owned()) + &others
    };
    // 17 of 136, and of 137.
    grows(&told_of("eighth", [40, 57], |n| draw(119, n)), "log.first list 40 → 57");
    nothing(&told_of("less", [40, 57], |n| draw(120, n)));
}

#[test]
fn how_entries_know_each_other_is_seen_in_the_first_64_of_a_list() {
    // A head knows the last one, and from some entry on each knows the one before.
    let draw = |known_from: usize, n: usize| {
        let back = (known_from..n).fold(String::new(), |mut out, i| {
            let _ = writeln!(out, "n{i} -prev-> n{}", i - 1);
            out
        });
        let head = format!("g -head-> head:Head(24) -prev-> n{}\n", n - 1);
        log(n, |_| "-next->".to_owned()) + &back + &head
    };
    let frees = |test: &str, from: usize| {
        let report = told_of(test, [40, 340], |n| draw(from, n));
        grows(&report, "log.first list 40 → 340");
        report["suspects"][0]["chains"][0]["frees"].as_u64().unwrap()
    };
    assert_eq!(frees("seen", 63), 30_000);
    // Over the other name the last ones stay, and from there all that know the one before.
    assert_eq!(frees("unseen", 64), 23 * 100);
}
