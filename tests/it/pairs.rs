//! Real snapshots, Node 12 to 26, Chromium, Bun, Deno, workerd: every cell and every node
//! equals what DevTools' own code computes.

use crate::fixtures::{pairs, snapshot, unzst};
use crate::golden::{Columns, classes, columns, deltas, our_census, our_classes, our_deltas, rows};
use heapdiff::compare::read;
use heapdiff::diff::Comparison;
use heapdiff::pair::Pair;
use std::fmt::Debug;
use std::path::Path;

const BLOCK: usize = 256;

#[test]
fn every_cell_of_every_comparison_equals_devtools() {
    for pair in pairs() {
        let golden = |name: &str| std::fs::read_to_string(pair.join("golden").join(name)).unwrap();
        let heaps =
            Pair::new("before", "after").map(|which| read(&snapshot(&pair, which)).unwrap());
        for (which, heap) in [("before", &heaps.before), ("after", &heaps.after)] {
            let theirs = classes(&golden(&format!("{which}.classes.tsv")));
            same(&pair, which, &our_classes(&our_census(heap)), &theirs);
        }
        let totals: serde_json::Value = serde_json::from_str(&golden("totals.json")).unwrap();
        for (which, heap) in [("before", &heaps.before), ("after", &heaps.after)] {
            let theirs = &totals[which];
            assert_eq!(theirs["nodes"], heap.tables.nodes.len(), "{pair:?} {which}");
            assert_eq!(theirs["edges"], heap.tables.edges.len(), "{pair:?} {which}");
            assert_eq!(theirs["total_size"], heap.total_size(), "{pair:?} {which}");
            assert_eq!(theirs["extra_native_bytes"].as_u64(), heap.tables.extra_native_bytes);
        }
        let comparison = Comparison::new(heaps);
        let before = our_classes(&comparison.census.before);
        let theirs = classes(&golden("before.classes-for-diff.tsv"));
        let numbers = |c: &crate::golden::Class| (c.count, c.shallow, c.distance, c.retained);
        assert_eq!(before.len(), theirs.len(), "{pair:?}: number of classes");
        for (key, class) in &theirs {
            assert_eq!(
                before.get(key).map(numbers),
                Some(numbers(class)),
                "{pair:?} before: {key}"
            );
        }
        let ids = String::from_utf8(unzst(&pair.join("golden/diff-ids.tsv.zst"))).unwrap();
        same(&pair, "diff", &our_deltas(&comparison), &deltas(&golden("diff.tsv"), &ids));
    }
}

fn same<T: PartialEq + Debug>(
    pair: &Path,
    what: &str,
    ours: &std::collections::BTreeMap<String, T>,
    theirs: &std::collections::BTreeMap<String, T>,
) {
    for (key, row) in theirs {
        assert_eq!(ours.get(key), Some(row), "{} {what}: {key}", pair.display());
    }
    for key in ours.keys() {
        assert!(theirs.contains_key(key), "{} {what}: {key} is ours alone", pair.display());
    }
}

#[test]
fn every_node_of_every_snapshot_equals_devtools() {
    let mut blocks = 0;
    for pair in pairs() {
        for which in ["before", "after", "final"] {
            let golden = pair.join(format!("golden/{which}.nodes.tsv"));
            let Ok(golden) = std::fs::read_to_string(golden) else {
                assert_eq!(which, "final");
                continue;
            };
            let file = snapshot(&pair, which);
            let dumped = heapdiff::dump::dump(&file.as_path().into(), None, true).unwrap();
            let [_, header, bin] = dumped;
            let ours = columns(&String::from_utf8(header).unwrap(), &bin);
            let theirs = rows(&golden);
            assert_eq!(theirs.len(), ours.heap_len.div_ceil(BLOCK), "{pair:?} {which}");
            for (block, row) in theirs.iter().enumerate() {
                let mine = checksums(&ours, block);
                assert_eq!(
                    mine.iter().map(String::as_str).collect::<Vec<_>>(),
                    row[1..],
                    "{} {which}: nodes from {} (id self retained distance dominator type \
                     detachedness name class); see fixtures/README.md for how to look closer",
                    pair.display(),
                    block * BLOCK
                );
                blocks += 1;
            }
        }
    }
    assert!(blocks > 7000, "only {blocks} blocks were compared");
}

fn checksums(ours: &Columns, block: usize) -> [String; 9] {
    let range = block * BLOCK..((block + 1) * BLOCK).min(ours.heap_len);
    let crc = |bytes: Vec<u8>| format!("{:08x}", crc32fast::hash(&bytes));
    let fours =
        |column: &[u32]| crc(column[range.clone()].iter().flat_map(|v| v.to_le_bytes()).collect());
    let eights =
        |column: &[u64]| crc(column[range.clone()].iter().flat_map(|v| v.to_le_bytes()).collect());
    let key = |key: &String| heapdiff::text::Text::from(key.as_str()).to_json() + "\n";
    [
        fours(&ours.id),
        eights(&ours.shallow),
        eights(&ours.retained),
        crc(ours.distance[range.clone()].iter().flat_map(|v| v.to_le_bytes()).collect()),
        fours(&ours.dominator),
        crc(ours.kind[range.clone()].to_vec()),
        crc(ours.detachedness[range.clone()].to_vec()),
        fours(&ours.name_hash),
        crc(ours.key[range.clone()].iter().flat_map(|k| key(k).into_bytes()).collect()),
    ]
}
