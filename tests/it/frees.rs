//! What a cut frees: exact bytes, and the same as taking the edges away and looking.

use crate::cli::shown;
use crate::drawing::{Drawing, draw_pair};
use crate::laws::Random;
use crate::layouts::{
    GLOBAL, array, call, list, map, map_from_numbers, numbers, set, snapshots, told, weak_map,
};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write as _;

fn pair(test: &str, draw: impl Fn(usize) -> String) -> Value {
    let [before, after] = [3, 63].map(|n| format!("{GLOBAL}{}", draw(n)));
    told(test, &before, &after)
}

/// `container share/total frees` of every way of the first suspect.
fn ways(report: &Value) -> Vec<String> {
    let chains = list(&report["suspects"][0], "chains").iter();
    let way = |c: &Value| {
        let name = c["container"].as_str().unwrap();
        format!("{name} {}/{} {}", c["share"], c["total"], c["frees"])
    };
    let mut ways: Vec<String> = chains.map(way).collect();
    ways.sort();
    ways
}

#[test]
fn one_holder_frees_all_it_holds() {
    let draw = |n: usize| {
        let inside: String =
            (0..n).map(|i| format!("s{i} -body-> b{i}:Body(50)\nb{i} -call-> s{i}\n")).collect();
        format!("g -calls-> m:Map(32)\n{}{inside}", map("m", 0..n, call))
    };
    let report = pair("one-holder", draw);
    assert_eq!(ways(&report), [format!("calls 60/60 {}", 60 * (100 + 50 + 24))]);
    assert_eq!(report["suspects"][0]["frees_together"], 60 * 174);
}

#[test]
fn of_two_holders_each_alone_frees_nothing() {
    let draw = |n: usize| {
        let (map, array) = (map_from_numbers("m", 0..n, call), array("a", 0..n, call));
        format!("g -byId-> m:Map(32)\ng -log-> a:Array(32)\n{map}{array}")
    };
    let report = pair("two-holders", draw);
    assert_eq!(ways(&report), ["byId 60/60 0", "log 60/60 0"]);
    assert_eq!(report["suspects"][0]["frees_together"], 6000);
}

#[test]
fn of_three_holders_only_all_three_free_something() {
    let draw = |n: usize| {
        let (map, array) = (map_from_numbers("m", 0..n, call), array("a", 0..n, call));
        let set = set("s", 0..n, call);
        format!("g -byId-> m:Map(32)\ng -log-> a:Array(32)\ng -open-> s:Set(32)\n{map}{array}{set}")
    };
    let draw = |n: usize| draw(n).replace("s:Set", "open:Set").replace("s_table", "open_table");
    let report = pair("three-holders", draw);
    assert_eq!(ways(&report), ["byId 60/60 0", "log 60/60 0", "open 60/60 0"]);
    assert_eq!(report["suspects"][0]["frees_together"], 6000);
}

#[test]
fn a_holder_of_half_of_them_spoils_half_of_the_cut() {
    let draw = |n: usize| {
        let (all, half) = (map_from_numbers("m", 0..n, call), array("a", 0..n / 2, call));
        format!("g -byId-> m:Map(32)\ng -slow-> a:Array(32)\n{all}{half}")
    };
    let report = pair("half", draw);
    // 31 of 63 are in both, and one of those was there before.
    assert_eq!(ways(&report), ["byId 60/60 3200", "slow 28/60 0"]);
    assert_eq!(report["suspects"][0]["frees_together"], 6000);
}

#[test]
fn what_is_held_elsewhere_is_not_freed_however_it_is_held() {
    let draw = |n: usize| {
        let kept: String =
            (0..n).map(|i| format!("keep -p{i}-> b{i}:Body(50)\ns{i} -body-> b{i}\n")).collect();
        format!(
            "g -calls-> m:Map(32)\ng -keep-> keep:Keeper(24)\n{}{kept}",
            map_from_numbers("m", 0..n, call)
        )
    };
    let report = pair("elsewhere", draw);
    let suspect = list(&report, "suspects").iter().find(|s| s["class"] == "ToolCall").unwrap();
    assert_eq!(suspect["chains"][0]["frees"], 6000, "the bodies stay");
}

#[test]
fn what_goes_with_a_class_is_not_what_its_container_got_of_others() {
    let draw = |late: bool| {
        let (light, heavy) = if late { (63, 6) } else { (3, 0) };
        let entry = move |i: usize| match i < light {
            true => format!("l{i}:Light(500)"),
            false => format!("h{i}:Heavy(4000)"),
        };
        format!("g -codecs-> m:Map(32)\n{}", map("m", 0..light + heavy, entry))
    };
    let report =
        told("two-sorts", &format!("{GLOBAL}{}", draw(false)), &format!("{GLOBAL}{}", draw(true)));
    let reason = report["verdict"]["reasons"][0].as_str().unwrap();
    assert!(
        reason.contains("66 new entries of 842 B each, with 60 new Light of 526 B each"),
        "{reason}"
    );
    let keys_as_well = report["suspects"][0]["frees_together"].as_u64().unwrap();
    assert!(keys_as_well > 60 * 500 + 6 * 4000, "{keys_as_well}");
}

#[test]
fn what_goes_with_objects_that_hold_each_other_goes_with_each() {
    // Each ring of two hangs at both, so that neither dominates anything.
    let draw = |n: usize| {
        let ring = |i: usize| {
            format!(
                "s{i}:Session(100) -peer-> t{i}:Tail(900) -peer-> s{i}\ne{i} -s-> s{i}\ne{i} -t-> t{i}\n"
            )
        };
        let rings: String = (0..n).map(ring).collect();
        format!("g -open-> a:Array(32)\n{}{rings}", array("a", 0..n, |i| format!("e{i}:Array(16)")))
    };
    let report = pair("rings", draw);
    let reason = report["verdict"]["reasons"][0].as_str().unwrap();
    assert!(reason.contains("60 new entries of 1.0 kB each, mostly Tail"), "{reason}");
}

/// `containers: alone, so far` of every fix.
fn order(report: &Value) -> Vec<String> {
    let fix = |fix: &Value| {
        let paths = list(fix, "containers").iter().map(|path| path.as_str().unwrap());
        let paths = paths.collect::<Vec<_>>().join(" and ");
        format!("{paths}: {}, {}", fix["frees"], fix["frees_so_far"])
    };
    list(report, "fixes").iter().map(fix).collect()
}

fn note(i: usize) -> String {
    format!("n{i}:Note(70)")
}

#[test]
fn of_several_leaks_the_one_that_frees_most_is_fixed_first() {
    let draw = |n: usize| {
        let (light, heavy) = (array("a", 0..n, note), array("b", 0..n, call));
        format!("g -notes-> a:Array(32)\ng -calls-> b:Array(32)\n{light}{heavy}")
    };
    let report = pair("several", draw);
    assert_eq!(order(&report), ["calls: 6000, 6000", "notes: 4200, 10200"]);
}

#[test]
fn of_one_leak_there_is_no_order() {
    let draw = |n: usize| format!("g -calls-> b:Array(32)\n{}", array("b", 0..n, call));
    assert_eq!(order(&pair("single", draw)), [""; 0]);
}

#[test]
fn containers_that_hold_the_same_are_fixed_together() {
    let draw = |n: usize| {
        let (map, array_) = (map_from_numbers("m", 0..n, call), array("a", 0..n, call));
        let notes = array("b", 0..n, note);
        format!(
            "g -byId-> m:Map(32)\ng -log-> a:Array(32)\ng -notes-> b:Array(32)\n{map}{array_}{notes}"
        )
    };
    let report = pair("together", draw);
    assert_eq!(order(&report), ["byId and log: 6000, 6000", "notes: 4200, 10200"]);
}

#[test]
fn what_two_leaks_share_goes_with_the_second_of_them() {
    let draw = |n: usize| {
        let shared: String =
            (0..n).map(|i| format!("s{i} -body-> b{i}:Body(50)\nn{i} -body-> b{i}\n")).collect();
        let (light, heavy) = (array("a", 0..n, note), array("b", 0..n, call));
        format!("g -notes-> a:Array(32)\ng -calls-> b:Array(32)\n{light}{heavy}{shared}")
    };
    let report = pair("shared", draw);
    assert_eq!(order(&report), ["calls: 6000, 6000", "notes: 4200, 13200"]);
}

#[test]
fn numbers_in_place_are_freed_with_their_array() {
    let draw = |n: usize| {
        let numbers = numbers("times", 600 * n);
        let calls = array("b", 0..n, call);
        format!("g -times-> times:Array(32)\ng -calls-> b:Array(32)\n{numbers}{calls}")
    };
    let report = pair("numbers", draw);
    let times = list(&report, "containers").iter().find(|c| c["path"] == "times").unwrap();
    let bytes = times["retained_new"].as_u64().unwrap();
    assert!(bytes > 100_000, "{bytes}");
    assert_eq!(
        order(&report),
        [format!("times: {bytes}, {bytes}"), format!("calls: 6000, {}", bytes + 6000)]
    );
}

#[test]
fn every_format_tells_the_order() {
    let draw = |n: usize| {
        let (light, heavy) = (array("a", 0..n, note), array("b", 0..n, call));
        format!("{GLOBAL}g -notes-> a:Array(32)\ng -calls-> b:Array(32)\n{light}{heavy}")
    };
    let [before, after] = [3, 63].map(draw);
    let files = snapshots("told", &[&before, &after]);
    for (format, told) in [
        (
            "text",
            "  1. calls: frees 6.0 kB\n  2. notes: frees 4.2 kB, 10.2 kB with the one before\n",
        ),
        (
            "markdown",
            "1. `calls`: frees 6.0 kB\n2. `notes`: frees 4.2 kB, 10.2 kB with the one before\n",
        ),
        ("agent", "order: 2 \"notes\" frees 4.2 kB, 10.2 kB with the one before\n"),
        ("html", "<li>notes: frees 4.2 kB, 10.2 kB with the one before</li>"),
        (
            "ndjson",
            "{\"type\":\"fix\",\"containers\":[\"notes\"],\"frees\":4200,\"frees_so_far\":10200}\n",
        ),
    ] {
        let args = files.iter().map(|file| file.as_os_str());
        let out = shown(args.chain(["--format", format].map(AsRef::as_ref)));
        assert!(out.contains(told), "{format}: {out}");
    }
}

/// Three containers that grow from the same pool of new objects, and edges at random.
fn tangle(seed: u64, late: bool) -> String {
    let mut random = Random::new(seed);
    let count = if late { 40 } else { 4 };
    let mut out = GLOBAL.to_owned();
    for (at, handle) in ["alpha", "beta", "gamma"].into_iter().enumerate() {
        let from = random.below(12) as usize;
        let entries = from..(from + count);
        let _ = writeln!(out, "g -{handle}-> {handle}:Object(24)");
        let entry = |i: usize| format!("s{}:ToolCall(100)", i);
        out += &match (seed as usize + at) % 3 {
            0 => map(handle, entries, entry),
            1 => array(handle, entries, entry),
            _ => set(handle, entries, entry),
        };
    }
    let keys = out.lines().filter_map(|l| l.rsplit(' ').next()?.strip_suffix(":ToolCall(100)"));
    let mut keys: Vec<String> = keys.map(str::to_owned).collect();
    keys.dedup();
    let value = |i: usize| format!("x{i}:Body({i})");
    out += &weak_map("w", 0..keys.len().min(20), |i| keys[i].clone(), value);
    out += "g -states-> w\n";
    for at in 0..60 {
        let (from, to) = (random.below(50), random.below(50));
        let line = match random.below(6) {
            0 => format!("s{from} ~> x{to}:Body({})", 8 * at),
            1 | 2 => format!("s{from} -p{at}-> x{to}:Body({})", 8 * at),
            3 => format!("s{from} -(i{at})-> s{to}"),
            4 => format!("x{from} -p{at}-> s{to}"),
            _ => format!("g -p{at}-> x{to}"),
        };
        let handles = line.split([' ', ':']).filter(|w| w.starts_with(['s', 'x']));
        let known = |h: &str| out.contains(&format!("{h}:ToolCall")) || h.starts_with('x');
        if late && handles.into_iter().all(known) {
            out += &line;
            out.push('\n');
        }
    }
    out
}

/// Node by node: reached over what holds, without some edges.
fn reached(drawing: &Drawing, without: &HashSet<usize>) -> Vec<bool> {
    let mut seen = vec![false; drawing.nodes.len()];
    let mut stack = vec![0];
    while let Some(node) = stack.pop() {
        if std::mem::replace(&mut seen[node], true) {
            continue;
        }
        for (at, edge) in drawing.edges.iter().enumerate().filter(|(_, e)| e.from == node) {
            let from_table = edge.label.ends_with(&format!("(table @{})", drawing.nodes[node].id));
            let holds =
                edge.kind != "weak" && !from_table && (edge.kind != "shortcut" || node == 0);
            if holds && !without.contains(&at) {
                stack.push(edge.to);
            }
        }
    }
    seen
}

/// The edges from a container, or from the table or the elements it is made of, to new objects.
fn entry_edges(drawing: &Drawing, old: &Drawing, container: &str) -> HashSet<usize> {
    let is_new = |at: usize| {
        let node = &drawing.nodes[at];
        node.kind != "array" && !old.nodes.iter().any(|n| n.handle == node.handle)
    };
    let of = |at: usize| {
        let handle = &drawing.nodes[at].handle;
        handle == container || handle.starts_with(&format!("{container}_"))
    };
    let edges = drawing.edges.iter().enumerate();
    edges
        .filter(|(_, e)| of(e.from) && !of_key(drawing, e.from) && is_new(e.to))
        .map(|(at, _)| at)
        .collect()
}

fn of_key(drawing: &Drawing, at: usize) -> bool {
    drawing.nodes[at].kind == "string"
}

/// `counts` has the sizes of what is new, and 0 for the rest.
fn freed(drawing: &Drawing, counts: &[u64], without: &HashSet<usize>) -> u64 {
    let (all, rest) = (reached(drawing, &HashSet::new()), reached(drawing, without));
    (0..all.len()).filter(|at| all[*at] && !rest[*at]).map(|at| counts[at]).sum()
}

#[test]
fn a_cut_frees_what_taking_the_edges_away_frees() {
    let mut checked = [0, 0, 0];
    for seed in 1..=100 {
        let (before, after) = (tangle(seed, false), tangle(seed, true));
        let report = told("tangle", &before, &after);
        let drawings = draw_pair(&before, &after);
        let (old, young) = (&drawings.before, &drawings.after);
        let is_new = |at: usize| !old.nodes.iter().any(|n| n.id == young.nodes[at].id);
        let sizes: Vec<u64> = young.heap().shallow().iter().collect();
        let counts: Vec<u64> =
            (0..sizes.len()).map(|at| if is_new(at) { sizes[at] } else { 0 }).collect();
        for suspect in list(&report, "suspects") {
            let mut together = HashSet::new();
            let mut plain = true;
            for chain in list(suspect, "chains") {
                let name = chain["container"].as_str().unwrap();
                plain &= ["alpha", "beta", "gamma"].contains(&name);
                if !plain {
                    continue;
                }
                let edges = entry_edges(young, old, name);
                assert_eq!(
                    chain["frees"],
                    freed(young, &counts, &edges),
                    "seed {seed}: {name}\n{after}"
                );
                together.extend(edges);
                checked[usize::from(chain["frees"] != 0)] += 1;
            }
            if plain {
                let all = freed(young, &counts, &together);
                assert_eq!(suspect["frees_together"], all, "seed {seed}\n{after}");
            }
        }
        let mut before = HashSet::new();
        for fix in list(&report, "fixes") {
            let paths = list(fix, "containers").iter().map(|path| path.as_str().unwrap());
            if paths.clone().any(|path| !["alpha", "beta", "gamma"].contains(&path)) {
                break;
            }
            let edges: HashSet<usize> =
                paths.flat_map(|path| entry_edges(young, old, path)).collect();
            assert_eq!(fix["frees"], freed(young, &counts, &edges), "seed {seed}\n{after}");
            before.extend(edges);
            assert_eq!(fix["frees_so_far"], freed(young, &counts, &before), "seed {seed}\n{after}");
            checked[2] += 1;
        }
    }
    assert!(checked[0] > 20 && checked[1] > 100, "{checked:?} ways were checked");
}
