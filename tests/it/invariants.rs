//! What must hold for any heap and any pair, however odd the files. The fuzz targets use this
//! file too.

use heapdiff::diff::{ClassDelta, Comparison};
use heapdiff::graph::Heap;
use heapdiff::ids::ROOT;
use heapdiff::pair::Pair;
use std::collections::BTreeMap;

/// The laws of retained sizes and dominators.
pub fn laws_of_one_heap(heap: &Heap, which: &str) {
    // A file may claim any sizes; sums stay at the largest number there is.
    let sum = heap.shallow().iter().fold(0, u64::saturating_add);
    assert_eq!(heap.retained().of(ROOT), sum, "{which}: the root retains everything");
    let native = heap.tables.extra_native_bytes.unwrap_or(0);
    let total = sum.saturating_add(native);
    assert_eq!(heap.total_size(), total, "{which}: and that is the total");
    let idom = &heap.dominators().idom;
    let mut ends_at_root = vec![false; idom.len()];
    ends_at_root[0] = true;
    for start in 0..idom.len() {
        let mut path = vec![start];
        while !ends_at_root[path[path.len() - 1]] {
            path.push(idom[path[path.len() - 1]].at());
            assert!(path.len() <= idom.len(), "{which}: the dominators of {start} go in circles");
        }
        path.into_iter().for_each(|n| ends_at_root[n] = true);
    }
    let mut above: Vec<u64> = heap.shallow().iter().collect();
    for (dominator, retained) in idom.iter().zip(heap.retained().iter()).skip(1) {
        above[dominator.at()] = above[dominator.at()].saturating_add(retained);
    }
    let retained: Vec<u64> = heap.retained().iter().collect();
    assert_eq!(above, retained, "{which}: retained = shallow + retained of the dominated");
}

/// The laws of the rows.
pub fn laws_of_one_comparison(comparison: &Comparison, which: &str) {
    let mut keys: Vec<_> = comparison.deltas().iter().map(|row| &row.key).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), comparison.deltas().len(), "{which}: a key is one row");
    for row in comparison.deltas() {
        let Pair { before, after } = comparison.figures(row.class);
        let (new, deleted) = (row.new.cast_signed(), row.deleted.cast_signed());
        assert!(new + deleted > 0, "{which}: {}", row.key);
        assert_eq!(row.delta(), new - deleted, "{which}: {}", row.key);
        let grown = after.count.cast_signed() - before.count.cast_signed();
        assert_eq!(row.delta(), grown, "{which}: {}", row.key);
        assert_eq!(comparison.new_objects(row).len() as u64, row.new);
        assert_eq!(comparison.deleted_objects(row).len() as u64, row.deleted);
        assert!(row.retained_new >= row.alloc_size || row.new > 1, "{which}: {}", row.key);
        assert!(row.retained_new <= comparison.heaps.after.retained().of(ROOT));
    }
}

/// New, deleted, allocated and freed by key, but for plain objects: these are called by the
/// newer heap's definitions, and swapped the other heap is the newer one.
pub fn figures(comparison: &Comparison) -> BTreeMap<String, [u64; 4]> {
    let named = |row: &&ClassDelta| {
        let key = row.key.to_string();
        let name = key.splitn(4, ',').last().unwrap().trim_start_matches(',').to_owned();
        !key.contains(",{") && name != "Object"
    };
    let rows = comparison.deltas().iter().filter(named);
    rows.map(|r| (r.key.text().to_json(), [r.new, r.deleted, r.alloc_size, r.freed_size])).collect()
}

/// The same of the swapped files: New and Deleted change places.
pub fn turned(backward: &Comparison) -> BTreeMap<String, [u64; 4]> {
    let rows = figures(backward).into_iter();
    rows.map(|(key, [new, deleted, alloc, freed])| (key, [deleted, new, freed, alloc])).collect()
}
