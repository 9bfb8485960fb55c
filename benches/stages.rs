//! The stages of a comparison, and two JSON parsers beside them on the same bytes: the reason
//! why the number arrays are read by code of our own.
//!
//! ```text
//! cargo bench                                        # the fixture in the repository
//! HEAPDIFF_BENCH_DIR=some/folder cargo bench         # before.heapsnapshot, after.heapsnapshot there
//! HEAPDIFF_BENCH_DIR=some/folder cargo bench -- parse --threads 1
//! ```

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use heapdiff::chains::Scripts;
use heapdiff::compare::{compare, read};
use heapdiff::diagnose::{Case, diagnose};
use heapdiff::diff::Comparison;
use heapdiff::graph::Heap;
use heapdiff::growth::{Ground, Preferred};
use heapdiff::input::Input;
use heapdiff::pair::Pair;
use heapdiff::parse::Tables;
use heapdiff::report::Options;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

fn main() {
    divan::main();
}

fn file(which: &str) -> PathBuf {
    let dir = std::env::var_os("HEAPDIFF_BENCH_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/plain"),
        PathBuf::from,
    );
    dir.join(format!("{which}.heapsnapshot"))
}

fn input(which: &str) -> Arc<Input> {
    Arc::new(Input::open(&file(which)).expect("a snapshot to measure on"))
}

static AFTER: LazyLock<Vec<u8>> = LazyLock::new(|| input("after").bytes().to_vec());

/// Runs on one thread and on all.
fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool")
}

const THREADS: [usize; 2] = [1, 0];

#[divan::bench(args = THREADS)]
fn parse(bencher: Bencher<'_, '_>, threads: usize) {
    let input = input("after");
    bencher
        .counter(BytesCount::new(input.bytes().len()))
        .bench_local(|| pool(threads).install(|| Tables::read(black_box(&input))));
}

#[divan::bench(args = THREADS)]
fn graph(bencher: Bencher<'_, '_>, threads: usize) {
    let input = input("after");
    bencher
        .counter(BytesCount::new(input.bytes().len()))
        .with_inputs(|| Tables::read(&input).expect("a sound snapshot"))
        .bench_local_values(|tables| pool(threads).install(|| Heap::new(tables)));
}

#[divan::bench(args = THREADS)]
fn diff(bencher: Bencher<'_, '_>, threads: usize) {
    let heaps = Pair::new("before", "after").map(|w| Arc::new(read(&file(w)).expect("a snapshot")));
    bencher
        .with_inputs(|| heaps.clone())
        .bench_local_values(|heaps| pool(threads).install(|| Comparison::new(heaps)));
}

#[divan::bench(args = THREADS)]
fn answer(bencher: Bencher<'_, '_>, threads: usize) {
    let heaps = Pair::new("before", "after").map(|w| read(&file(w)).expect("a snapshot"));
    let comparison = Comparison::new(heaps);
    bencher.bench_local(|| {
        pool(threads).install(|| {
            let tree = Preferred::find(&comparison.heaps.after);
            let ground = Ground::new(&comparison, tree, None);
            let scripts = Scripts::of(&comparison.heaps.after);
            let case = Case { comparison: &comparison, ground: &ground, scripts: &scripts };
            diagnose(&case, &[])
        })
    });
}

#[divan::bench(args = THREADS)]
fn whole(bencher: Bencher<'_, '_>, threads: usize) {
    let (before, after) = (file("before"), file("after"));
    let bytes = input("before").bytes().len() + input("after").bytes().len();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        pool(threads).install(|| {
            compare(Pair::new(before.as_path(), after.as_path()), &[], &Options::default())
        })
    });
}

/// Only the tape of the newer file, nothing built from it.
#[divan::bench]
fn simd_json_tape(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(AFTER.len()))
        .with_inputs(|| AFTER.clone())
        .bench_local_values(|mut bytes| simd_json::to_tape(&mut bytes).map(|tape| tape.0.len()));
}

/// Only a tree of values of the newer file.
#[divan::bench]
fn serde_json_value(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(AFTER.len())).bench_local(|| {
        serde_json::from_slice::<serde_json::Value>(black_box(&AFTER)).map(|v| v.is_object())
    });
}
