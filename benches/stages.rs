//! Each stage of a comparison on its own, in bytes and nodes per second; see README.md.

mod generate;
mod measured;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use heapdiff::chains::Scripts;
use heapdiff::compare::read;
use heapdiff::diagnose::{Case as Diagnosed, diagnose};
use heapdiff::diff::Comparison;
use heapdiff::graph::Heap;
use heapdiff::growth::Matched;
use heapdiff::pair::Pair;
use heapdiff::parse::Tables;
use heapdiff::ways::Preferred;
use measured::{Case, cases};
use std::sync::Arc;

fn main() {
    divan::main();
}

/// The newer file, from bytes to tables.
#[divan::bench(args = cases(), sample_count = 20, max_time = 10)]
fn parse(bencher: Bencher<'_, '_>, case: &Case) {
    let input = case.pair.inputs().after;
    let nodes = Tables::read(&input).expect("a sound snapshot").nodes.len();
    let pool = case.pool();
    bencher
        .counter(BytesCount::new(input.bytes().len()))
        .counter(ItemsCount::new(nodes))
        .bench_local(|| pool.install(|| Tables::read(black_box(&input))));
}

/// The newer file, from tables to owners, distances, dominators and retained sizes.
#[divan::bench(args = cases(), sample_count = 20, max_time = 10)]
fn graph(bencher: Bencher<'_, '_>, case: &Case) {
    let input = case.pair.inputs().after;
    let tables = || Tables::read(&input).expect("a sound snapshot");
    let nodes = tables().nodes.len();
    let pool = case.pool();
    bencher
        .counter(BytesCount::new(input.bytes().len()))
        .counter(ItemsCount::new(nodes))
        .with_inputs(tables)
        .bench_local_values(|tables| pool.install(|| understood(Heap::new(tables))));
}

/// With all that a heap computes when it is asked for.
fn understood(heap: Heap) -> Heap {
    rayon::join(|| heap.retained(), || heap.shortest());
    heap
}

/// Both heaps side by side; nodes and bytes are those of both.
#[divan::bench(args = cases(), sample_count = 20, max_time = 10)]
fn diff(bencher: Bencher<'_, '_>, case: &Case) {
    let heaps = heaps(case);
    let pool = case.pool();
    bencher
        .counter(bytes(case))
        .counter(nodes(&heaps))
        .with_inputs(|| heaps.clone())
        .bench_local_values(|heaps| pool.install(|| Comparison::new(heaps)));
}

/// From the comparison to the verdict.
#[divan::bench(args = cases(), sample_count = 20, max_time = 10)]
fn answer(bencher: Bencher<'_, '_>, case: &Case) {
    let comparison = Comparison::new(heaps(case));
    let pool = case.pool();
    bencher.counter(bytes(case)).counter(nodes(&comparison.heaps)).bench_local(|| {
        pool.install(|| {
            let tree = Preferred::find(&comparison.heaps.after);
            let matched = Matched::new(&comparison, tree, None);
            let scripts = Scripts::of(&comparison.heaps.after);
            let (comparison, matched, scripts) = (&comparison, &matched, &scripts);
            let case = Diagnosed { comparison, matched, scripts, calls: None };
            diagnose(&case, case.grown(), &[])
        })
    });
}

fn heaps(case: &Case) -> Pair<Arc<Heap>> {
    case.pair.paths().map(|path| Arc::new(understood(read(&path).expect("a sound snapshot"))))
}

fn bytes(case: &Case) -> BytesCount {
    let inputs = case.pair.inputs();
    BytesCount::new(inputs.before.bytes().len() + inputs.after.bytes().len())
}

fn nodes(heaps: &Pair<Arc<Heap>>) -> ItemsCount {
    ItemsCount::new(heaps.before.tables.nodes.len() + heaps.after.tables.nodes.len())
}
