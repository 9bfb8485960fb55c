//! Details of the answer that were wrong once.

use crate::drawing::Drawing;
use crate::fixtures::scratch;
use crate::layouts::{
    GLOBAL, array, call, closure, grown, labels, list, map, map_from_numbers, set, snapshots, told,
    told_of, told_with, weak_map,
};
use heapdiff::report::Options;
use serde_json::{Value, json};

fn pair(test: &str, draw: impl Fn(usize) -> String) -> Value {
    let [before, after] = [3, 63].map(|n| format!("{GLOBAL}{}", draw(n)));
    told(test, &before, &after)
}

#[test]
fn three_maps_of_one_object_are_three_ways_and_not_one() {
    let draw = |n: usize| {
        let index = |name: &str| {
            format!("store -{name}-> {name}:Map(32)\n{}", map_from_numbers(name, 0..n, call))
        };
        format!("g -store-> store:Store(24)\n{}", ["byId", "byRoom", "byUser"].map(index).concat())
    };
    let report = pair("open-three", draw);
    let mut names = grown(&report);
    names.sort();
    assert_eq!(
        names,
        ["store.byId Map 3 → 63", "store.byRoom Map 3 → 63", "store.byUser Map 3 → 63"]
    );
    assert_eq!(list(&report["suspects"][0], "chains").len(), 3);
}

#[test]
fn a_middle_snapshot_s_count_is_its_own() {
    for series in [[3, 1203, 1209], [3, 1203, 603], [3, 903, 1203]] {
        let drawings = series.map(|n| {
            format!("{GLOBAL}g -table-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call))
        });
        let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
        let report = told_with("open-middle", &drawings, &Options::default());
        assert_eq!(report["containers"][0]["entries"], json!(series));
    }
}

#[test]
fn containers_taken_together_go_on_together() {
    // Room 0 has grown most in all, room 1 grows most now.
    let draw = |counts: [usize; 4]| {
        let rooms = map("m", 0..4, |room| format!("a{room}:Array(32)"));
        let arrays: String = (0..4)
            .map(|room| {
                array(&format!("a{room}"), 0..counts[room], move |i| {
                    format!("s{room}_{i}:Message(100)")
                })
            })
            .collect();
        format!("{GLOBAL}g -rooms-> m:Map(32)\n{rooms}{arrays}")
    };
    let drawings = [draw([3; 4]), draw([203, 53, 53, 53]), draw([223, 153, 103, 103])];
    let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
    let report = told_with("open-together", &drawings, &Options::default());
    assert_eq!(report["containers"][0]["entries"], json!([12, 362, 582]));
    assert_eq!(report["containers"][0]["note"], Value::Null);
    assert_eq!(report["verdict"]["kind"], "leak_likely");
}

#[test]
fn a_weak_map_s_string_is_not_told_unasked() {
    let draw = |n: usize| {
        let value = |i: usize| format!("v{i}:(string)\"secret {i}\"(5000)");
        let weak = weak_map("w", 0..n, |i| format!("s{i}"), value)
            .replace("value (Value", "value (secret");
        format!("g -open-> s:Set(32)\ng -tokens-> w:WeakMap(32)\n{}{weak}", set("s", 0..n, call))
    };
    let report = pair("open-secret", draw);
    assert!(!report["suspects"].to_string().contains("secret"), "{}", report["suspects"]);
}

#[test]
fn every_suspect_s_cuts_are_tried() {
    // Eight classes, each in a Map of its own and in two Arrays of all: 8 × (3 ways + all).
    let draw = |n: usize| {
        let entry = |m: usize, i: usize| format!("s{m}_{i}:Class{m}({})", 900 - 100 * m);
        let owner = |m: usize| {
            let entries = map_from_numbers(&format!("m{m}"), 0..n, |i| entry(m, i));
            format!("g -p{m}-> owner{m}:Owner{m}(24) -items-> m{m}:Map(32)\n{entries}")
        };
        let hub = |h: &str| {
            let entries = array(h, 0..8 * n, |at| entry(at % 8, at / 8));
            format!("g -{h}-> {h}_owner:Hub{h}(24) -all-> {h}:Array(32)\n{entries}")
        };
        (0..8).map(owner).chain(["left", "right"].map(hub)).collect()
    };
    let report = pair("open-eighth", draw);
    let suspects = list(&report, "suspects");
    assert!(suspects.len() >= 7);
    for suspect in suspects {
        assert_eq!(list(suspect, "chains").len(), 3);
        assert!(suspect["frees_together"].as_u64() > Some(0), "{suspect}");
    }
}

#[test]
fn a_subclass_of_set_has_as_many_entries_as_keys() {
    let draw = |n: usize| {
        let set = set("s", 0..n, call).replace("s:Set", "s:Registry");
        format!("g -open-> s:Registry(32)\n{set}")
    };
    let report = pair("open-subclass", draw);
    assert_eq!(grown(&report), ["open Set 3 → 63"]);
    assert_eq!(labels(&report["suspects"][0]["chains"][0]), ".open key");
}

#[test]
fn a_subclass_of_array_is_an_array() {
    let draw = |n: usize| {
        let array = array("a", 0..n, call).replace("a:Array", "a:Stack");
        format!("g -open-> a:Stack(32)\n{array}")
    };
    assert_eq!(grown(&pair("open-stack", draw)), ["open Array 3 → 63"]);
}

#[test]
fn much_smaller_is_still_the_same_process() {
    let drawing = |n| format!("{GLOBAL}g -calls-> m:Map(32)\n{}", map("m", 0..n, call));
    let mut files = snapshots("open-smaller", &[&drawing(10), &drawing(400)]);
    files.reverse();
    let report = told_of(&files, &Options::default());
    assert_eq!(report["identity"]["kind"], "same_process", "{}", report["identity"]);
    assert_eq!(report["identity"]["swapped"], true);
}

#[test]
fn two_edges_to_one_object_are_one_place() {
    let draw = |n: usize| {
        crate::drawing::draw(&format!(
            "{GLOBAL}g -app-> app:App(24) -calls-> m:Map(32)\ng -app-> app\n{}",
            map_from_numbers("m", 0..n, call)
        ))
    };
    let dir = scratch("open-place");
    let mut after: Drawing = draw(200);
    after.nodes.iter_mut().for_each(|n| n.id += 1_000_000);
    let files = [("before", draw(10)), ("after", after)].map(|(name, drawing)| {
        std::fs::write(dir.join(name), drawing.bytes()).unwrap();
        dir.join(name)
    });
    let report = told_of(&files, &Options::default());
    assert_eq!(grown(&report), ["app.calls Map 10 → 200"]);
}

#[test]
fn a_value_of_a_weak_map_is_named_by_its_key() {
    let draw = |n: usize| {
        let weak = weak_map("w", 0..1, |_| "app:App(24)".into(), |_| "m:Map(32)".into());
        format!("g -app-> app\ng -states-> w:WeakMap(32)\n{weak}{}", map("m", 0..n, call))
    };
    let report = pair("open-weak-value", draw);
    assert!(grown(&report)[0].starts_with("app"));
}

#[test]
fn a_list_s_name_does_not_depend_on_the_end_it_grows_at() {
    let links = |n: usize, turn: bool| -> String {
        (1..n)
            .map(|i| {
                if turn {
                    format!("n{i} -next-> n{}\n", i - 1)
                } else {
                    format!("n{} -next-> n{i}\n", i - 1)
                }
            })
            .collect()
    };
    let nodes = |n: usize| -> String { (0..n).map(|i| format!("n{i}:Entry(100)\n")).collect() };
    let draw = |turn: bool| {
        move |n: usize| {
            let first = if turn { n - 1 } else { 0 };
            format!("{}g -log-> log:Log(24) -first-> n{first}\n{}", nodes(n), links(n, turn))
        }
    };
    let [end, start] = [(false, "open-end"), (true, "open-start")]
        .map(|(turn, test)| grown(&pair(test, draw(turn))));
    assert_eq!(end, start);
}

#[test]
fn a_queue_whose_middle_is_taken_out_is_counted() {
    // Entries of a Map from which 3 of 4 are deleted again.
    let draw = |n: usize| {
        let kept: Vec<usize> = (0..n).filter(|i| i % 4 == 0).collect();
        format!(
            "g -left-> m:Map(32)\n{}",
            map_from_numbers("m", 0..n, |i| if kept.contains(&i) {
                call(i)
            } else {
                String::new()
            })
        )
    };
    let [before, after] = [12, 400].map(|n| format!("{GLOBAL}{}", draw(n)));
    assert_eq!(grown(&told("open-deleted", &before, &after)), ["left Map 3 → 100"]);
}

#[test]
fn numbers_in_a_map_in_place_are_counted() {
    let draw = |n: usize| {
        format!("g -hits-> m:Map(32)\n{}", map_from_numbers("m", 0..n, |_| String::new()))
    };
    let [before, after] = [100, 20_000].map(|n| format!("{GLOBAL}{}", draw(n)));
    let report = told("open-map-numbers", &before, &after);
    let c = &report["containers"][0];
    assert_eq!(c["path"], "hits");
    assert_eq!(c["approximate"], true);
    let (b, a) = (c["entries_before"].as_u64().unwrap(), c["entries_after"].as_u64().unwrap());
    assert!((50..=200).contains(&b) && (15_000..=40_000).contains(&a), "{b} {a}");
}

#[test]
fn two_closures_of_one_name_have_their_own_counts() {
    let draw = |n: usize| {
        let one = closure("f1", "createServer", "c1", "7:11:20")
            + "g -a-> f1\nc1 -<cache>-> m1\n"
            + &map_from_numbers("m1", 0..n, |i| format!("a{i}:Alpha(300)"));
        let two = closure("f2", "createServer", "c2", "7:11:20")
            + "g -b-> x:X(24) -srv-> f2\nc2 -<cache>-> m2\n"
            + &map_from_numbers("m2", 0..2 * n, |i| format!("b{i}:Beta(100)"));
        one + &two
    };
    let report = pair("open-two-closures", draw);
    assert_eq!(list(&report, "containers").len(), 2);
    let [before, after] = [3, 63].map(|n| format!("{GLOBAL}{}", draw(n)));
    let files = snapshots("open-two-text", &[&before, &after]);
    let text =
        crate::cli::shown([files[0].to_str().unwrap(), files[1].to_str().unwrap(), "--chains=2"]);
    let beta = &text[text.find("WHY IT STAYS   Beta").unwrap()..];
    assert!(beta.contains("6 → 126 entries ◀ grows"), "{beta}");
}
