//! Who is accused and of how much: each container by its own entries, each leak once, no share above
//! the whole; and how entries are counted where the table has more than entries.

use crate::layouts::{GLOBAL, array, call, grown, list, map, map_from_numbers, set, told};
use serde_json::Value;
use std::collections::HashSet;

/// Before and after, in a program that has other things too.
fn report(test: &str, draw: impl Fn(bool) -> String) -> Value {
    let parts: String = (0..800).map(|i| format!("g -part{i}-> part{i}:Part(24)\n")).collect();
    let [before, after] = [false, true].map(|late| format!("{GLOBAL}{parts}{}", draw(late)));
    told(&format!("accused-{test}"), &before, &after)
}

/// The containers that pile up.
fn piling(report: &Value) -> Vec<&str> {
    let piling = list(report, "containers").iter().filter(|c| c["piles_up"] == true);
    piling.map(|c| c["path"].as_str().unwrap()).collect()
}

fn sessions(handle: &str, keys: std::ops::Range<usize>) -> String {
    let name = handle.to_owned();
    array(handle, keys, move |i| format!("{name}{i}:Session(400)"))
}

#[test]
fn a_cache_that_churns_does_not_accuse_an_array_beside_it() {
    // lru: 600 sessions, all others than before; recent: from 10 to 22 of the same class.
    let draw = |late: bool, churns: bool| {
        let cached = if late && churns { 1000..1600 } else { 0..600 };
        let recent = sessions("b", 0..if late { 22 } else { 10 });
        format!("g -lru-> a:Array(32)\ng -recent-> b:Array(32)\n{}{recent}", sessions("a", cached))
    };
    for churns in [true, false] {
        let report = report("churn", |late| draw(late, churns));
        assert_eq!(grown(&report), ["recent Array 10 → 22"], "{churns}");
        assert_eq!(report["verdict"]["kind"], "no_growth", "{churns}: 12 entries are few");
    }
}

#[test]
fn a_second_container_of_a_class_that_is_suspected_already_is_judged_all_the_same() {
    // index: from 1,000 to 1,045 heavy sessions, less than a tenth; minutes: ten more arrays of fifty.
    let draw = |late: bool, index: bool| {
        let minute = |i: usize| sessions(&format!("m{i}_"), 0..50).replace("(400)", "(100)");
        let n = if late { 20 } else { 10 };
        let minutes: String = (0..n).map(minute).collect();
        let heavy = sessions("a", 0..if late { 1045 } else { 1000 }).replace("(400)", "(4000)");
        let index = if index { format!("g -index-> a:Array(32)\n{heavy}") } else { String::new() };
        let all = array("all", 0..n, |i| format!("m{i}_:Array(32)"));
        format!("{index}g -minutes-> all:Array(32)\n{all}{minutes}")
    };
    for index in [false, true] {
        let report = report("second", |late| draw(late, index));
        assert_eq!(piling(&report), ["minutes"], "{index}: {:?}", grown(&report));
        assert_eq!(report["verdict"]["kind"], "leak_likely", "{index}");
        assert_eq!(report["findings"][0]["container"], "minutes", "{index}");
    }
}

#[test]
fn many_objects_that_got_one_heavy_thing_each_do_not_hide_a_map_of_many_light_ones() {
    let draw = |late: bool, arenas: usize| {
        let worker = |i: usize| {
            let arena =
                if late { format!("w{i} -arena-> x{i}:Arena(100000)\n") } else { String::new() };
            format!("g -w{i}-> w{i}:Worker(16)\n{arena}")
        };
        let workers: String = (0..arenas).map(worker).collect();
        let leak = array("a", 0..if late { 5000 } else { 1 }, |i| format!("s{i}:Session(16)"));
        format!("{workers}g -app-> app:App(16) -sessions-> a:Array(16)\n{leak}")
    };
    for arenas in [96, 300] {
        let report = report("arenas", |late| draw(late, arenas));
        assert_eq!(piling(&report), ["app.sessions"], "{arenas}");
        assert_eq!(grown(&report), ["app.sessions Array 1 → 5000"], "{arenas}");
        assert_eq!(report["findings"][0]["container"], "app.sessions", "{arenas}");
    }
}

#[test]
fn a_hundred_containers_that_grew_by_a_few_heavy_things_do_not_hide_one_of_many_light_ones() {
    let draw = |late: bool| {
        let chunks = |i: usize| {
            let buffer = array(&format!("b{i}"), 0..if late { 13 } else { 1 }, move |j| {
                format!("c{i}_{j}:Chunk{i}(10000)")
            });
            format!("g -room{i}-> r{i}:Room{i}(16) -buffer-> b{i}:Array(16)\n{buffer}")
        };
        let rooms: String = (0..100).map(chunks).collect();
        let leak = array("a", 0..if late { 5000 } else { 1 }, |i| format!("s{i}:Session(16)"));
        format!("{rooms}g -app-> app:App(16) -sessions-> a:Array(16)\n{leak}")
    };
    let report = report("rooms", draw);
    assert_eq!(piling(&report), ["app.sessions"]);
    assert_eq!(list(&report, "containers")[0]["path"], "app.sessions");
    assert_eq!(report["findings"][0]["container"], "app.sessions");
}

#[test]
fn one_leak_is_one_suspect_and_one_finding_however_it_is_held() {
    // Each call is in a Map, an Array and a Set, and has a result of its own class.
    let draw = |late: bool| {
        let n = if late { 303 } else { 3 };
        let results: String = (0..n).map(|i| format!("s{i} -result-> x{i}:Result(60)\n")).collect();
        format!(
            "g -byId-> m:Map(32)\ng -log-> a:Array(32)\ng -open-> o:Set(32)\n{}{}{}{results}",
            map_from_numbers("m", 0..n, call),
            array("a", 0..n, call),
            set("o", 0..n, call)
        )
    };
    let report = report("once", draw);
    assert_eq!(piling(&report).len(), 3);
    let classes: Vec<&Value> = list(&report, "suspects").iter().map(|s| &s["class"]).collect();
    assert_eq!(classes, ["ToolCall"]);
    assert_eq!(list(&report, "findings").len(), 1, "{}", report["findings"]);
    assert_eq!(list(&report["suspects"][0], "chains").len(), 3);
}

#[test]
fn two_leaks_are_two_findings_and_no_container_has_two() {
    let draw = |late: bool| {
        let n = if late { 303 } else { 3 };
        let rows = array("a", 0..n, |i| format!("r{i}:Row(80)"));
        format!("g -byId-> m:Map(32)\ng -log-> a:Array(32)\n{}{rows}", map("m", 0..n, call))
    };
    let report = report("two", draw);
    let findings = list(&report, "findings");
    let containers: HashSet<&str> =
        findings.iter().map(|f| f["container"].as_str().unwrap()).collect();
    assert_eq!((findings.len(), containers), (2, HashSet::from(["byId", "log"])));
}

/// All shares that the words of a report name, in percent.
fn shares(report: &Value) -> Vec<f64> {
    let text = report["verdict"]["reasons"].to_string() + &report["findings"].to_string();
    let before = text.split('%').collect::<Vec<_>>();
    let number = |part: &&str| {
        let digits = part.rsplit(|c: char| !c.is_ascii_digit() && c != '.').next()?;
        digits.parse().ok()
    };
    before[..before.len() - 1].iter().filter_map(number).collect()
}

#[test]
fn no_share_is_above_the_whole() {
    // Much was freed, so that what is new is more than the growth.
    let draw = |late: bool, freed: usize| {
        let n = if late { 503 } else { 3 };
        let old = if late { String::new() } else { format!("g -old-> old:Old({freed})\n") };
        format!("{old}g -byId-> m:Map(32)\n{}", map("m", 0..n, call))
    };
    for freed in [0, 1000, 50_000, 61_000, 1_000_000] {
        let report = report("shares", |late| draw(late, freed));
        assert_eq!(report["verdict"]["kind"], "leak_likely", "{freed}");
        let shares = shares(&report);
        assert!(shares.iter().all(|share| *share <= 100.0), "{freed}: {report}");
        assert_eq!(shares.is_empty(), freed >= 50_000, "{freed}: none where less grew than is new");
        for suspect in list(&report, "suspects") {
            for chain in list(suspect, "chains") {
                assert!(chain["share"].as_u64() <= chain["total"].as_u64(), "{chain}");
                assert!(chain["frees"].as_u64() <= suspect["frees_together"].as_u64(), "{chain}");
            }
        }
    }
}

#[test]
fn what_stands_in_dead_slots_is_no_entry() {
    // Of 63 slots all but three had been deleted in the older heap: V8 12 has an oddball there, later
    // ones a hole.
    for hole in ["system / Oddball", "system / Hole"] {
        let draw = |late: bool| {
            let live = |i: usize| late || i < 3;
            let entry = |i: usize| {
                if live(i) { call(i) } else { format!("hole:(hidden)\"{hole}\"(0)") }
            };
            format!("g -table-> m:Map(32)\n{}", map_from_numbers("m", 0..63, entry))
        };
        let report = report("holes", draw);
        assert_eq!(grown(&report), ["table Map 3 → 63"], "{hole}");
    }
    let draw = |late: bool| {
        let dead = if late { 0..3 } else { 3..63 };
        let entry = |i: usize| {
            if dead.contains(&i) { "x:(hidden)\"system / Thing\"(0)".to_owned() } else { call(i) }
        };
        format!("g -table-> m:Map(32)\n{}", map_from_numbers("m", 0..63, entry))
    };
    assert_eq!(grown(&report("no-holes", draw)), Vec::<String>::new(), "63 entries each");
}

#[test]
fn a_class_that_extends_map_has_a_map_s_entries_and_not_its_fields() {
    let draw = |late: bool, class: &str| {
        let fields = ["ttl", "clock", "logger", "db", "name"];
        let fields: String = fields.map(|f| format!("m -{f}-> f_{f}:Field(16)\n")).concat();
        let table = map("m", 0..if late { 103 } else { 3 }, call);
        format!(
            "g -store-> m:{class}(32)\n{}{fields}",
            table.replacen("m:Map", &format!("m:{class}"), 1)
        )
    };
    for class in ["Map", "SessionStore"] {
        let report = report("subclass", |late| draw(late, class));
        assert_eq!(grown(&report), ["store Map 3 → 103"], "{class}");
        assert_eq!(report["containers"][0]["class"], class);
    }
}
