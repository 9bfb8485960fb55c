//! Why an object stays: every step of every chain is an edge of the file.

use crate::cli::{files, report, shown};
use crate::fixtures::{pairs, snapshot, unzst};
use crate::golden::deltas;
use heapdiff::compare::read;
use heapdiff::graph::Heap;
use heapdiff::ids::NodeIdx;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Where DevTools' distances of what only the engine holds begin.
const SYSTEM: i64 = 100_000_000;

#[test]
fn every_step_of_every_chain_is_an_edge_of_the_file() {
    let mut steps = 0;
    for pair in pairs() {
        let [before, after] = ["before", "after"].map(|which| snapshot(&pair, which));
        let report = report(&before, &after, &[]);
        let heap = read(&after).unwrap();
        let ids = (0..).map(NodeIdx).zip(heap.tables.nodes.ids());
        let by_id: HashMap<u64, NodeIdx> = ids.map(|(node, id)| (u64::from(*id), node)).collect();
        let golden = std::fs::read_to_string(pair.join("golden/diff.tsv")).unwrap();
        let ids = String::from_utf8(unzst(&pair.join("golden/diff-ids.tsv.zst"))).unwrap();
        let rows = deltas(&golden, &ids);
        let chains = report["chains"].as_array().unwrap();
        let new = rows.values().filter(|row| row.new > 0).count();
        assert_eq!(chains.len(), new, "{pair:?}: a chain for each class with new objects");
        for chain in chains {
            let what = format!("{}: {} {}", pair.display(), chain["key"], chain["object"]);
            steps += check_steps(&heap, &by_id, chain, &what);
            let row = rows.iter().find(|(key, _)| unescaped(key) == chain["key"]);
            check_object(&heap, &by_id, chain, &row.unwrap().1.new_ids, &what);
        }
    }
    assert!(steps > 3000, "only {steps} steps were checked");
}

fn unescaped(key: &str) -> Value {
    serde_json::from_str(&key.replace("\\ud", "\\\\ud")).unwrap()
}

/// Length, ends and every edge of a chain.
fn check_steps(heap: &Heap, by_id: &HashMap<u64, NodeIdx>, chain: &Value, what: &str) -> usize {
    let steps = chain["steps"].as_array().unwrap();
    let distance = chain["distance"].as_i64().unwrap();
    let object = by_id[&chain["object"].as_u64().unwrap()];
    assert_eq!(distance, i64::from(heap.shortest().distance[object.at()]), "{what}");
    if steps.is_empty() {
        assert_eq!(distance, -5, "{what}");
        return 0;
    }
    let expected = if distance >= SYSTEM { distance - SYSTEM } else { distance } + 1;
    let weak = steps.get(1).is_some_and(|step| step["edge_type"] == "weak");
    assert!(steps.len() as i64 == expected || (!weak && only_weakly_near(heap, object)), "{what}");
    assert_eq!((&steps[0]["edge"], &steps[0]["edge_type"]), (&Value::Null, &Value::Null), "{what}");
    assert_eq!(steps[0]["id"], heap.tables.nodes.id(NodeIdx(0)), "{what}: the root comes first");
    assert_eq!(steps[steps.len() - 1]["id"], chain["object"], "{what}: the object comes last");
    for two in steps.windows(2) {
        let [from, to] = [&two[0], &two[1]].map(|step| by_id[&step["id"].as_u64().unwrap()]);
        let leads = |edge| {
            heap.tables.edges.target(edge) == to
                && heap.tables.edges.kind(edge).name() == two[1]["edge_type"]
                && displayed(heap, edge) == two[1]["edge"]
        };
        assert!(heap.tables.edges_of(from).any(leads), "{what}: no such edge {}", two[1]);
        assert_eq!(two[1]["shallow"], heap.shallow().of(to), "{what}");
        assert_eq!(two[1]["retained"], heap.retained().of(to), "{what}");
    }
    steps.len()
}

/// Whether the way by which the distance came starts over a weak edge of the root.
fn only_weakly_near(heap: &Heap, object: NodeIdx) -> bool {
    let mut node = object;
    loop {
        let edge = heap.shortest().via[node.at()];
        node = heap.tables.nodes.source(edge);
        if node == NodeIdx(0) {
            return heap.tables.edges.kind(edge).name() == "weak";
        }
    }
}

/// An edge's name as DevTools shows it: numbers, names, and shortcuts that are numbers.
fn displayed(heap: &Heap, edge: heapdiff::ids::EdgeIdx) -> Value {
    let edges = &heap.tables.edges;
    let Some(name) = edges.name(edge) else { return edges.label(edge).to_string().into() };
    let text = heap.tables.strings.get(name).to_json();
    let text: Value = unescaped(&text);
    let number = text.as_str().and_then(|t| t.parse::<i64>().ok());
    match number {
        Some(number) if edges.kind(edge).name() == "shortcut" => number.to_string().into(),
        _ => text,
    }
}

/// The object is new, of the class, and of these the nearest, then largest, then oldest one.
fn check_object(
    heap: &Heap,
    by_id: &HashMap<u64, NodeIdx>,
    chain: &Value,
    new: &[u32],
    what: &str,
) {
    let rank = |id: &&u32| {
        let at = by_id[&u64::from(**id)].at();
        let distance = match heap.shortest().distance[at] {
            -5 => i32::MAX,
            reached => reached,
        };
        (distance, Reverse(heap.retained().of(NodeIdx::from_at(at))), **id)
    };
    let typical = new.iter().min_by_key(rank).unwrap();
    assert_eq!(chain["object"], *typical, "{what}");
}

/// `edge type class` of every step, of the chain of a class of a drawn pair.
fn chain(folder: &str, before: &str, after: &str, class: &str) -> (i64, Vec<String>, u64) {
    let pair = files(folder, before, after);
    let report = report(&pair.before, &pair.after, &[]);
    let chains = report["chains"].as_array().unwrap();
    let chain = chains.iter().find(|c| c["class"] == class).unwrap();
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let step = |s: &Value| [&s["edge"], &s["edge_type"], &s["class"]].map(word).join(" ");
    let steps = chain["steps"].as_array().unwrap().iter().map(step).collect();
    (chain["distance"].as_i64().unwrap(), steps, chain["object"].as_u64().unwrap())
}

const APP: &str = "root -> app:App(1)";

#[test]
fn the_chain_leads_from_the_root_to_the_object_by_the_shortest_way() {
    let (distance, steps, _) = chain(
        "chain-short",
        APP,
        "root -> app:App(1) -a-> long:Long(1) -b-> longer:Longer(1) -c-> leak:Leak(1)
         app -d-> short:Short(1) -[3]-> leak\n leak -self-> leak",
        "Leak",
    );
    let expected = ["- - (synthetic)", "app shortcut App", "d property Short", "3 element Leak"];
    assert_eq!((distance, steps), (3, expected.map(String::from).to_vec()));
}

#[test]
fn among_equally_short_chains_the_first_in_the_file_is_taken() {
    let (_, steps, _) = chain(
        "chain-tie",
        APP,
        "root -> app:App(1) -b-> two:Two(1)\n app -a-> one:One(1)\n one -x-> leak:Leak(1)
         two -y-> leak\n two -z-> leak",
        "Leak",
    );
    assert_eq!(steps[2..], ["b property Two", "y property Leak"]);
}

#[test]
fn every_kind_of_edge_is_called_by_its_name() {
    let after = "root -> app:App(1) -<captured>-> c:C(1) -(table)-> t:T(1) -{7}-> h:H(1)
         h =1e3=> s:S(1) -\"7 \"-> p:P(1)";
    let (_, steps, _) = chain("chain-kinds", APP, after, "P");
    let expected =
        ["captured context C", "table internal T", "7 hidden H", "1 shortcut S", "7  property P"];
    assert_eq!(steps[2..], expected);
}

#[test]
fn a_weak_edge_of_the_root_starts_a_chain_only_where_there_is_no_other_way() {
    let weak = "root ~handle~> leak:Leak(1)\n root -> app:App(1)";
    let (distance, steps, _) = chain("chain-weak", APP, weak, "Leak");
    assert_eq!((distance, steps[1..].to_vec()), (1, vec!["handle weak Leak".to_owned()]));
    let both = "root ~handle~> leak:Leak(1)\n root -> app:App(1) -x-> y:Y(1) -z-> leak";
    let (distance, steps, _) = chain("chain-weak-or-not", APP, both, "Leak");
    assert_eq!(distance, 1, "as DevTools has it");
    assert_eq!(steps[1..], ["app shortcut App", "x property Y", "z property Leak"]);
    let below = "root ~handle~> leak:Leak(1)\n root -> app:App(1)\n leak -x-> y:Y(1)\n app ~> y";
    let (_, steps, _) = chain("chain-below-weak", APP, below, "Y");
    assert_eq!(steps[1..], ["handle weak Leak", "x property Y"]);
}

#[test]
fn what_only_the_engine_holds_has_a_distance_beyond_and_a_chain() {
    let after = "root -> app:App(1)
         root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[2]-> h:(synthetic)\"(Handle scope)\"(0)
         h -[0]-> leak:Leak(1)";
    let (distance, steps, _) = chain("chain-engine", APP, after, "Leak");
    assert_eq!((distance, steps.len()), (SYSTEM + 3, 4));
}

#[test]
fn an_unreachable_object_has_no_steps() {
    let after = "root -> app:App(1) ~> leak:Leak(1)";
    let (distance, steps, object) = chain("chain-lost", APP, after, "Leak");
    assert_eq!((distance, steps, object), (-5, vec![], 5));
    let text = "root -> app:App(1) ~> leak:Leak(1)\n app -x-> far:Far(1) -y-> near:Leak(1)";
    let (distance, _, object) = chain("chain-lost-and-found", APP, text, "Leak");
    assert_eq!((distance, object), (3, 9), "a reachable one is more typical");
}

#[test]
fn the_typical_object_is_the_nearest_then_the_largest_then_the_oldest() {
    let typical = |folder: &str, after: &str| chain(folder, APP, after, "Leak").2;
    let near = "root -> app:App(1) -a-> x:X(1) -b-> far:Leak(1000)\n app -c-> near:Leak(1)";
    assert_eq!(typical("typical-near", near), 9);
    let large = "root -> app:App(1) -a-> small:Leak(9)\n app -b-> large:Leak(1) -c-> d:Data(10)";
    assert_eq!(typical("typical-large", large), 7);
    let old = "root -> app:App(1) -a-> one:Leak(9)\n app -b-> two:Leak(9)\n app -c-> old:Leak(1)";
    assert_eq!(typical("typical-old", old), 5);
    let grown = chain("typical-new", &format!("{APP} -a-> one:Leak(99)"), old, "Leak").2;
    assert_eq!(grown, 7, "only new objects count");
}

#[test]
fn the_values_of_strings_are_not_shown_unless_asked_for() {
    let secret = "sk-live-51H8xHUNTER2";
    let pair = files(
        "chain-secret",
        APP,
        &format!(
            "root -> app:App(1) -token-> s:(string)\"{secret}\"(64)
             app -rope-> r:(concatenated string)(32) -(first)-> s
             r -(second)-> t:(string)\"{secret}\"(8)
             app -slice-> c:(sliced string)\"{secret}\"(24)
             app -mark-> y:(symbol)\"{secret}\"(24)\n app -n-> n:(number)\"{secret}\"(16)
             app -re-> x:(regexp)\"{secret}\"(24)\n app -big-> b:(bigint)\"{secret}\"(16)"
        ),
    );
    let run = |more: &str| {
        let files = [pair.before.as_os_str(), pair.after.as_os_str()];
        shown(files.into_iter().chain(more.split(' ').map(std::ffi::OsStr::new)))
    };
    for more in ["--format=json", "--chains=99 --all", "--chains=99 --top=0 --width=60"] {
        let hidden = run(more);
        assert!(!hidden.contains("HUNTER2"), "{more}: {hidden}");
        let asked = run(&format!("{more} --show-strings"));
        assert!(asked.contains("HUNTER2") || !more.contains("json"), "{asked}");
    }
    let json = run("--format=json");
    assert!(json.contains("\"length\": 20") && json.contains("\"length\": 40"), "{json}");
}

#[test]
fn a_long_chain_is_whole_in_json() {
    let mut after = "root -> app:App(1) -list-> n0:A(1)\n".to_owned();
    for i in 0..300 {
        after += &format!("n{i} -next-> n{}:{}(1)\n", i + 1, if i % 2 == 0 { "B" } else { "A" });
    }
    after += "n300 -leak-> leak:Leak(1)";
    let (distance, steps, _) = chain("chain-long", APP, &after, "Leak");
    assert_eq!((distance, steps.len()), (303, 304));
}
