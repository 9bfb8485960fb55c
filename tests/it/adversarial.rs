//! 600 generated pairs full of traps: every cell and every node equals DevTools', but for the
//! deliberate differences.
//!
//! * Sizes are compared modulo 2^32: DevTools stores them in 32 bits.
//! * An object whose size is a multiple of 2^32 is a member here; DevTools takes it for empty.
//! * Classes with colliding public keys are one row here, while DevTools keeps one class of
//!   them and loses the others: these rows are held against the per-node columns instead.

use crate::fixtures::{heap, path, untar, unzst};
use crate::golden::{
    Class, Columns, Delta, WRAP, classes, columns, deltas, our_census, our_classes, our_deltas,
};
use heapdiff::classes::Census;
use heapdiff::diff::Comparison;
use heapdiff::graph::Heap;
use heapdiff::pair::Pair;
use std::collections::{BTreeMap, BTreeSet};

pub type Files = BTreeMap<String, Vec<u8>>;

#[test]
fn six_hundred_adversarial_pairs_equal_devtools() {
    let mut seeds = 0;
    let mut cells = 0;
    for part in ["001", "002", "003"] {
        let pairs = untar(&unzst(&path(&format!("adversarial/pairs-{part}.tar.zst"))));
        let golden = untar(&unzst(&path(&format!("adversarial/golden-{part}.tar.zst"))));
        let names: BTreeSet<String> =
            pairs.keys().map(|k| k.split('/').next().unwrap().to_owned()).collect();
        for seed in names {
            cells += check(&seed, &pairs, &golden);
            seeds += 1;
        }
    }
    assert_eq!(seeds, 600);
    assert!(cells > 850_000, "only {cells} cells were compared");
}

/// The generated snapshots, by seed and name.
pub fn seeds() -> Files {
    let parts = ["001", "002", "003"];
    let files = parts.map(|p| untar(&unzst(&path(&format!("adversarial/pairs-{p}.tar.zst")))));
    let snapshots = files.into_iter().flatten();
    snapshots.filter(|(name, _)| name.ends_with("after.heapsnapshot")).collect()
}

fn check(seed: &str, pairs: &Files, golden: &Files) -> usize {
    let bytes = |name: &str| pairs[&format!("{seed}/{name}")].clone();
    let text = |name: &str| String::from_utf8(golden[&format!("{seed}/{name}")].clone()).unwrap();
    let heaps = Pair::new(heap(bytes("before.heapsnapshot")), heap(bytes("after.heapsnapshot")));
    let collisions: serde_json::Value = serde_json::from_str(&text("collisions.json")).unwrap();
    let lost = |which: &str| -> BTreeSet<String> {
        let keys = collisions[which].as_array().unwrap();
        keys.iter().map(|k| k.to_string()).collect()
    };
    let theirs = Pair::new("before", "after").map(|which| {
        columns(
            &text(&format!("{which}.nodes.json")),
            &golden[&format!("{seed}/{which}.nodes.bin")],
        )
    });
    let mut cells = 0;
    for (which, heap, theirs) in
        [("before", &heaps.before, &theirs.before), ("after", &heaps.after, &theirs.after)]
    {
        cells += same_nodes(&format!("{seed} {which}"), heap, theirs);
        let ours = our_classes(&our_census(heap));
        let mut expected = classes(&text(&format!("{which}.classes.tsv")));
        for key in lost(which) {
            let class = class_from_nodes(theirs, &key);
            expected.insert(key.clone(), Class { name: ours[&key].name.clone(), ..class });
        }
        for (key, members) in whole(heap, &our_census(heap)) {
            let theirs = expected.get(&key).map_or(0, |class| class.count);
            assert_eq!(ours[&key].count, theirs + members, "seed {seed} {which}: {key}");
            expected.insert(key.clone(), ours[&key].clone());
        }
        for (key, class) in &expected {
            assert_eq!(ours.get(key), Some(class), "seed {seed} {which}: {key}");
        }
        assert_eq!(ours.len(), expected.len(), "seed {seed} {which}: number of classes");
        cells += expected.len() * 5;
    }
    cells + same_diff(seed, Comparison::new(heaps), &theirs, &lost("before"), &lost("after"), &text)
}

fn same_diff(
    seed: &str,
    comparison: Comparison,
    theirs: &Pair<Columns>,
    lost_before: &BTreeSet<String>,
    lost_after: &BTreeSet<String>,
    text: &dyn Fn(&str) -> String,
) -> usize {
    let ours = our_deltas(&comparison);
    let mut expected = deltas(&text("diff.tsv"), &text("diff-ids.tsv"));
    // What is lost on either side has to be worked out from the nodes. A plain object's class
    // depends on whose definitions are applied, which the per-node columns do not tell.
    for key in lost_before.union(lost_after) {
        expected.remove(key);
        let plain = key.starts_with("\",{") || key.contains(",{") || key.ends_with(",Object\"");
        let mine = ours.get(key);
        if plain {
            if let Some(mine) = mine {
                expected.insert(key.clone(), mine.clone());
            }
            continue;
        }
        if let Some(delta) = delta_from_nodes(theirs, key, mine) {
            expected.insert(key.clone(), delta);
        }
    }
    for key in whole(&comparison.heaps.before, &comparison.census.before)
        .into_keys()
        .chain(whole(&comparison.heaps.after, &comparison.census.after).into_keys())
    {
        expected.remove(&key);
        if let Some(mine) = ours.get(&key) {
            expected.insert(key, mine.clone());
        }
    }
    for (key, delta) in &expected {
        assert_eq!(ours.get(key), Some(delta), "seed {seed}: {key}");
    }
    assert_eq!(ours.len(), expected.len(), "seed {seed}: rows");
    for delta in comparison.deltas() {
        let Pair { before, after } = comparison.figures(delta.class);
        let (before, after) = (before.count.cast_signed(), after.count.cast_signed());
        assert_eq!(delta.delta(), after - before, "seed {seed}: {:?}", delta.key);
    }
    expected.len() * 7
}

fn same_nodes(at: &str, heap: &Heap, theirs: &Columns) -> usize {
    let census = our_census(heap);
    let nodes = &heap.tables.nodes;
    assert_eq!(nodes.ids(), theirs.id, "{at}: ids");
    let wrapped = |column: &[u64]| column.iter().map(|v| v % WRAP).collect::<Vec<_>>();
    assert_eq!(
        wrapped(&heap.shallow().iter().collect::<Vec<_>>()),
        wrapped(&theirs.shallow),
        "{at}: shallow sizes"
    );
    assert_eq!(
        wrapped(&heap.retained().iter().collect::<Vec<_>>()),
        wrapped(&theirs.retained),
        "{at}: retained sizes"
    );
    assert_eq!(heap.shortest().distance, theirs.distance, "{at}: distances");
    let idom: Vec<u32> = heap.dominators().idom.iter().map(|n| n.0).collect();
    assert_eq!(idom, theirs.dominator, "{at}: dominators");
    assert_eq!(heap.dom_state, theirs.detachedness, "{at}: detachedness");
    let mut names = heapdiff::classes::DisplayNames::new(heap);
    for node in nodes.indices() {
        let name = names.of(node);
        assert_eq!(name.fnv1a(), theirs.name_hash[node.at()], "{at}: name of {node:?}: {name:?}");
        let key = census.naming.of(node).to_string();
        assert_eq!(key, theirs.key[node.at()], "{at}: class of {node:?}");
    }
    nodes.len() * 8
}

/// By class: members whose size is a multiple of 2^32, which DevTools takes for 0 and leaves out.
fn whole(heap: &Heap, census: &Census) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for node in heap.tables.nodes.indices() {
        let size = heap.shallow().of(node);
        if size != 0 && size.is_multiple_of(WRAP) {
            *found.entry(census.naming.of(node).text().to_json()).or_default() += 1;
        }
    }
    found
}

/// A class as DevTools would count it if it did not lose it.
fn class_from_nodes(nodes: &Columns, key: &str) -> Class {
    let key: String = serde_json::from_str(key).unwrap();
    let member = |i: usize| nodes.key[i] == key && nodes.shallow[i] != 0;
    let covered = |i: usize| {
        let mut at = i;
        while at != 0 {
            at = nodes.dominator[at] as usize;
            if member(at) {
                return true;
            }
        }
        false
    };
    let members: Vec<usize> = (0..nodes.heap_len).filter(|i| member(*i)).collect();
    let top = members.iter().filter(|i| !covered(**i));
    Class {
        name: String::new(),
        count: members.len() as u64,
        shallow: members.iter().map(|i| nodes.shallow[*i]).sum::<u64>() % WRAP,
        distance: members.iter().map(|i| nodes.distance[*i]).min().unwrap(),
        retained: top.map(|i| nodes.retained[*i]).sum::<u64>() % WRAP,
    }
}

/// A row of the comparison from the nodes of both heaps: sorted by id, two pointers.
fn delta_from_nodes(nodes: &Pair<Columns>, key: &str, mine: Option<&Delta>) -> Option<Delta> {
    let text: String = serde_json::from_str(key).unwrap();
    let members = |nodes: &Columns| {
        let member = |i: &usize| nodes.key[*i] == text && nodes.shallow[*i] != 0;
        let mut list: Vec<(u32, usize)> =
            (0..nodes.heap_len).filter(member).map(|i| (nodes.id[i], i)).collect();
        list.sort_unstable();
        list
    };
    let (old, young) = (members(&nodes.before), members(&nodes.after));
    let mut delta = Delta::default();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < young.len() {
        let (a, b) = (old.get(i).map(|x| x.0), young.get(j).map(|x| x.0));
        if a == b {
            i += 1;
            j += 1;
        } else if b.is_none() || a.is_some_and(|a| Some(a) < b) {
            delta.deleted += 1;
            delta.freed += nodes.before.shallow[old[i].1];
            delta.deleted_ids.push(old[i].0);
            i += 1;
        } else {
            delta.new += 1;
            delta.alloc += nodes.after.shallow[young[j].1];
            delta.new_ids.push(young[j].0);
            j += 1;
        }
    }
    delta.alloc %= WRAP;
    delta.freed %= WRAP;
    delta.name = mine.map(|m| m.name.clone()).unwrap_or_default();
    (delta.new + delta.deleted > 0).then_some(delta)
}
