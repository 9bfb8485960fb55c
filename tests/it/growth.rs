//! Containers that hold more now: each kind counted by what the graph shows of it.

use crate::layouts::{
    GLOBAL, array, call, closure, grown, labels, list, map, map_from_numbers, numbers, script, set,
    told,
};

/// Before and after, from 3 entries to 63.
fn told_of(test: &str, draw: impl Fn(usize) -> String) -> serde_json::Value {
    let [before, after] = [3, 63].map(|n| format!("{GLOBAL}{}", draw(n)));
    told(test, &before, &after)
}

#[test]
fn a_map_has_as_many_entries_as_keys() {
    let report = told_of("map", |n| format!("g -sessions-> m:Map(32)\n{}", map("m", 0..n, call)));
    assert_eq!(grown(&report), ["sessions Map 3 → 63"]);
    let container = &report["containers"][0];
    assert_eq!(container["retained_new"], 60 * (100 + 24), "keys and values");
    assert_eq!((&container["class"], &container["piles_up"]), (&"Map".into(), &true.into()));
    let suspect = &report["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["count"]), (&"ToolCall".into(), &60.into()));
    assert_eq!(suspect["retained"], 6000);
    assert_eq!(labels(&suspect["chains"][0]), ".sessions value of key");
    assert_eq!(report["verdict"]["kind"], "leak_likely");
}

#[test]
fn a_map_s_numbers_have_no_edges_and_count_all_the_same() {
    let report = told_of("map-numbers", |n| {
        format!("g -byId-> m:Map(32)\n{}", map_from_numbers("m", 0..n, call))
    });
    assert_eq!(grown(&report), ["byId Map 3 → 63"]);
    assert_eq!(labels(&report["suspects"][0]["chains"][0]), ".byId value of key");
    let counts = |n| format!("g -hits-> m:Map(32)\n{}", map("m", 0..n, |_| String::new()));
    let report = told_of("map-counts", |n| counts(n * 10));
    assert_eq!(grown(&report), ["hits Map 30 → 630"]);
}

#[test]
fn a_set_has_a_key_and_a_chain_for_each_entry() {
    let report = told_of("set", |n| format!("g -open-> m:Set(32)\n{}", set("m", 0..n, call)));
    assert_eq!(grown(&report), ["open Set 3 → 63"]);
    assert_eq!(labels(&report["suspects"][0]["chains"][0]), ".open key");
    assert_eq!(report["containers"][0]["retained_new"], 6000);
}

#[test]
fn an_array_has_its_elements() {
    let report = told_of("array", |n| format!("g -log-> a:Array(32)\n{}", array("a", 0..n, call)));
    assert_eq!(grown(&report), ["log Array 3 → 63"]);
    let chain = &report["suspects"][0]["chains"][0];
    assert_eq!(labels(chain), ".log […]");
    assert_eq!(chain["frees"], 6000);
    assert_eq!(report["findings"][0]["pattern"], "unbounded-array");
}

#[test]
fn an_object_used_as_a_dictionary_has_its_properties() {
    let dictionary = |n: usize| {
        let each = |i: usize| {
            let slot = 3 * i + 4;
            format!("d -\"user {i}\"-> {0}\nd_properties -({slot})-> {0}\n", call(i))
        };
        let entries: String = (0..n).map(each).collect();
        format!("g -byUser-> d:Object(24) -(properties)-> d_properties:(array)(2000)\n{entries}")
    };
    let report = told_of("dictionary", dictionary);
    assert_eq!(grown(&report), ["byUser Object 3 → 63"]);
    assert_eq!(labels(&report["suspects"][0]["chains"][0]), ".byUser value of key");
    assert_eq!(report["suspects"][0]["chains"][0]["frees"], 6000);
    assert_eq!(report["findings"][0]["pattern"], "unbounded-map-or-set");
}

#[test]
fn listeners_are_counted_and_named_after_what_they_capture() {
    let draw = |n: usize| {
        let listener = |i: usize| format!("f{i}");
        let closures: String = (0..n)
            .map(|i| {
                closure(&format!("f{i}"), "onData", &format!("c{i}"), "7:11:20")
                    + &format!("c{i} -<call>-> {}\n", call(i))
            })
            .collect();
        format!(
            "g -bus-> bus:Catalog(48) -_events-> events:Object(24) -data-> a:Array(32)\n{}{closures}{}",
            array("a", 0..n, listener),
            script(7, "file:///app/server.mjs")
        )
    };
    let report = told_of("listeners", draw);
    assert_eq!(grown(&report), ["bus._events.data Array 3 → 63"]);
    let suspect = &report["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["count"]), (&"ToolCall".into(), &60.into()));
    assert_eq!(labels(&suspect["chains"][0]), ".bus ._events .data […] variable call");
    let closure =
        list(&suspect["chains"][0], "steps").iter().find(|s| s["name"] == "onData").unwrap();
    let place = serde_json::json!({ "file": "file:///app/server.mjs", "line": 12, "column": 21, "owner": "program" });
    assert_eq!(closure["location"], place);
    assert_eq!(report["findings"][0]["pattern"], "event-listener");
}

#[test]
fn a_list_that_is_appended_to_belongs_to_its_head() {
    let draw = |n: usize| {
        let links: String =
            (1..n).map(|i| format!("n{} -next-> n{i}:Entry(100)\n", i - 1)).collect();
        format!("g -log-> log:Log(24) -first-> n0:Entry(100)\n{links}")
    };
    let report = told_of("appended", draw);
    assert_eq!(grown(&report), ["log.first list 3 → 63"]);
    assert_eq!(report["suspects"][0]["class"], "Entry");
    assert_eq!(report["suspects"][0]["chains"][0]["frees"], 6000);
    assert_eq!(report["containers"][0]["retained_new"], 6000);
}

#[test]
fn a_list_that_is_prepended_to_keeps_what_it_had() {
    let draw = |n: usize| {
        let links: String =
            (1..n).map(|i| format!("n{i}:Entry(100) -next-> n{}\n", i - 1)).collect();
        format!("g -log-> log:Log(24) -first-> n{}:Entry(100)\nn0:Entry(100)\n{links}", n - 1)
    };
    let report = told_of("prepended", draw);
    assert_eq!(grown(&report), ["log.first list 3 → 63"]);
    assert_eq!(report["suspects"][0]["class"], "Entry");
    assert_eq!(report["suspects"][0]["count"], 60);
    assert_eq!(report["suspects"][0]["chains"][0]["frees"], 6000, "the old ones were there before");
    assert_eq!(report["containers"][0]["retained_new"], 6000);
}

#[test]
fn a_ring_below_a_head_is_a_list_both_ways() {
    let draw = |n: usize| {
        let links: String = (0..n)
            .map(|i| {
                let next = if i + 1 == n { "list".to_owned() } else { format!("t{}", i + 1) };
                let back = if i == 0 { "list".to_owned() } else { format!("t{}", i - 1) };
                format!("t{i}:Job(100) -_idleNext-> {next}\nt{i} -_idlePrev-> {back}\n")
            })
            .collect();
        format!(
            "g -pending-> list:JobList(64) -_idleNext-> t0\nlist -_idlePrev-> t{}\n{links}",
            n - 1
        )
    };
    let report = told_of("ring", draw);
    assert_eq!(grown(&report), ["pending._idleNext list 3 → 63"]);
    assert_eq!(report["suspects"][0]["chains"][0]["frees"], 6000);
}

#[test]
fn a_string_that_is_appended_to_for_ever_is_a_rope() {
    let draw = |n: usize| {
        let cons = |i: usize| {
            let part = format!("c{i} -(second)-> p{i}:(string)\"part {i}\"(80)\n");
            let before =
                if i == 0 { "start:(string)start(24)".to_owned() } else { format!("c{}", i - 1) };
            format!("c{i}:(concatenated string)\"\"(32) -(first)-> {before}\n{part}")
        };
        let ropes: String = (0..n).map(cons).collect();
        format!("g -audit-> log:AuditLog(24) -text-> c{}\n{ropes}", n - 1)
    };
    let report = told_of("rope", draw);
    assert_eq!(report["containers"][0]["kind"], "rope", "{}", report["containers"]);
    assert_eq!(report["findings"][0]["pattern"], "string-parent");
    assert!(grown(&report)[0].starts_with("audit"), "{:?}", grown(&report));
}

#[test]
fn a_promise_that_never_settles_keeps_its_reactions() {
    let draw = |n: usize| {
        let reaction = |i: usize| {
            let next = if i == 0 { String::new() } else { format!("r{i} -{{1}}-> r{}\n", i - 1) };
            format!(
                "r{i}:(hidden)\"system / PromiseReaction\"(48) -{{2}}-> f{i}:(closure)\"\"(56) -(context)-> \
                 c{i}:\"system / Context\"(40) -<call>-> {}\n{next}",
                call(i)
            )
        };
        let reactions: String = (0..n).map(reaction).collect();
        format!("g -ready-> p:Promise(48) -(reactions_or_result)-> r{}\n{reactions}", n - 1)
    };
    let report = told_of("promise", draw);
    assert!(grown(&report)[0].starts_with("ready "), "{:?}", grown(&report));
    assert!(grown(&report)[0].ends_with(" 3 → 63"), "{:?}", grown(&report));
    let suspect = &report["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["count"]), (&"ToolCall".into(), &60.into()));
    assert_eq!(report["findings"][0]["pattern"], "promise");
    // The older ones hang behind the newer ones, and are none of what has grown.
    assert_eq!(suspect["chains"][0]["frees"], 60 * (56 + 40 + 100));
}

/// The bytes of reactions are the promise's, so that there is nothing to count of them.
#[test]
fn a_promise_that_keeps_what_the_language_brings_is_told_as_well() {
    let draw = |n: usize| {
        let reaction = |i: usize| {
            let next = if i == 0 { String::new() } else { format!("r{i} -{{1}}-> r{}\n", i - 1) };
            format!(
                "r{i}:(hidden)\"system / PromiseReaction\"(48) -{{2}}-> race{i}:Promise(48) -value-> rows{i}:Array(900)\n{next}"
            )
        };
        let reactions: String = (0..n).map(reaction).collect();
        format!("g -shutdown-> p:Promise(48) -(reactions_or_result)-> r{}\n{reactions}", n - 1)
    };
    let report = told_of("promise-race", draw);
    assert_eq!(grown(&report), ["shutdown list 3 → 63"]);
    let suspect = &report["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["count"]), (&"Promise".into(), &60.into()));
    assert_eq!(report["findings"][0]["pattern"], "promise");
}

#[test]
fn a_bigger_copy_in_the_same_field_is_the_same_container() {
    let draw = |n: usize| {
        let copy = format!("items{n}");
        format!("g -store-> s:Store(24) -items-> {copy}:Array(32)\n{}", array(&copy, 0..n, call))
    };
    let report = told_of("copied", draw);
    assert_eq!(grown(&report), ["store.items Array 3 → 63"]);
    assert_eq!(report["suspects"][0]["class"], "ToolCall");
    assert_eq!(report["suspects"][0]["count"], 60);
    assert_eq!(report["suspects"][0]["chains"][0]["frees"], 6000);
}

#[test]
fn cutting_a_copied_object_cuts_what_it_stores_its_properties_in_as_well() {
    // V8 calls this store hidden, and the one of a dictionary an array.
    for store in ["(hidden)\"system / PropertyArray\"", "(array)\"(object properties)\""] {
        let draw = |n: usize| {
            let each =
                |i: usize| format!("copy{n} -user{i}-> {0}\nstore{n} -{{{i}}}-> {0}\n", call(i));
            let entries: String = (0..n).map(each).collect();
            format!(
                "g -state-> s:Store(24) -users-> copy{n}:Object(24) -(properties)-> store{n}:{store}(800)\n{entries}"
            )
        };
        let report = told_of("copied-object", draw);
        assert_eq!(grown(&report), ["state.users Object 3 → 63"]);
        assert_eq!(report["suspects"][0]["chains"][0]["frees"], 6000, "{store}");
    }
}

#[test]
fn arrays_in_a_map_are_taken_together() {
    let draw = |n: usize| {
        let rooms = map("m", 0..5, |room| format!("a{room}:Array(32)"));
        let arrays: String = (0..5)
            .map(|room| {
                array(&format!("a{room}"), 0..n, move |i| format!("s{room}_{i}:Message(100)"))
            })
            .collect();
        format!("g -rooms-> m:Map(32)\n{rooms}{arrays}")
    };
    let report = told_of("nested", draw);
    assert_eq!(grown(&report), ["rooms[…] Array 15 → 315"]);
    let container = &report["containers"][0];
    assert_eq!((&container["together"], &container["retained_new"]), (&5.into(), &30_000.into()));
    let chain = &report["suspects"][0]["chains"][0];
    assert_eq!((&chain["share"], &chain["total"]), (&300.into(), &300.into()));
    assert_eq!(chain["frees"], 30_000);
}

#[test]
fn numbers_in_place_are_told_by_size_and_said_to_be_about_so_many() {
    let report = {
        let [before, after] = [100, 20_100]
            .map(|n| format!("{GLOBAL}g -latencies-> a:Array(32)\n{}", numbers("a", n)));
        told("numbers", &before, &after)
    };
    let line = &grown(&report)[0];
    assert!(line.starts_with("latencies Array ≈1") && line.contains("→ ≈201"), "{line}");
    let container = &report["containers"][0];
    assert_eq!(
        (&container["approximate"], &container["retained_new"]),
        (&true.into(), &160_000.into())
    );
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    let chain = &report["suspects"][0]["chains"][0];
    assert_eq!(chain["frees"], 160_000, "what emptying the array frees");
}
