//! The whole job, and beside it what two JSON parsers take for the same two files, building
//! nothing from them: why the arrays of numbers are read by code of our own. See README.md.

mod generate;
mod measured;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use heapdiff::compare::compare;
use heapdiff::pair::Pair;
use heapdiff::parse::Tables;
use heapdiff::report::Options;
use measured::{Case, Measured, cases, pairs};

fn main() {
    divan::main();
}

/// From two paths to a report.
#[divan::bench(args = cases(), sample_count = 20, max_time = 15)]
fn whole(bencher: Bencher<'_, '_>, case: &Case) {
    let paths = case.pair.paths();
    let pool = case.pool();
    bencher.counter(bytes(&case.pair)).counter(nodes(&case.pair)).bench_local(|| {
        let paths = Pair::new(paths.before.as_path(), paths.after.as_path());
        pool.install(|| compare(paths, &[], &Options::default()))
    });
}

/// A tape of each file. The copies that simd-json writes into are made before.
#[divan::bench(args = pairs(), sample_count = 5, max_time = 15)]
fn simd_json_tape(bencher: Bencher<'_, '_>, pair: &Measured) {
    let inputs = pair.inputs();
    bencher
        .counter(bytes(pair))
        .counter(nodes(pair))
        .with_inputs(|| [&inputs.before, &inputs.after].map(|input| input.bytes().to_vec()))
        .bench_local_values(|files| {
            files.map(|mut file| simd_json::to_tape(&mut file).map(|tape| tape.0.len()))
        });
}

/// A tree of values of each file.
#[divan::bench(args = pairs(), sample_count = 5, max_time = 15)]
fn serde_json_value(bencher: Bencher<'_, '_>, pair: &Measured) {
    let inputs = pair.inputs();
    bencher.counter(bytes(pair)).counter(nodes(pair)).bench_local(|| {
        [&inputs.before, &inputs.after].map(|input| {
            serde_json::from_slice::<serde_json::Value>(black_box(input.bytes()))
                .map(|value| value.is_object())
        })
    });
}

fn bytes(pair: &Measured) -> BytesCount {
    let inputs = pair.inputs();
    BytesCount::new(inputs.before.bytes().len() + inputs.after.bytes().len())
}

fn nodes(pair: &Measured) -> ItemsCount {
    let count = |input| Tables::read(input).expect("a sound snapshot").nodes.len();
    let inputs = pair.inputs();
    ItemsCount::new(count(&inputs.before) + count(&inputs.after))
}
