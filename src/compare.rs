//! The whole walk on one screen: paths in, a report out.

use crate::chains::Scripts;
use crate::diagnose::{Between, Case, diagnose};
use crate::diff::Comparison;
use crate::error::Result;
use crate::graph::Heap;
use crate::growth::{self, Ground, Preferred};
use crate::input::{Input, Source};
use crate::memory::{self, Plan};
use crate::pair::Pair;
use crate::parse::Tables;
use crate::phase::phase;
use crate::report::{self, Options, Report};
use std::path::Path;
use std::sync::Arc;

/// Compares the first with the last snapshot, and looks at those in between to tell what goes
/// on growing from what was loaded once.
///
/// # Errors
/// If a file cannot be read or is no sound V8 heap snapshot; of two bad files the older
/// snapshot's error is returned.
pub fn compare<F: Into<Source> + Copy>(
    files: Pair<F>,
    between: &[F],
    options: &Options,
) -> Result<Report> {
    let between: Vec<Source> = between.iter().map(|file| (*file).into()).collect();
    walk(&files.map(Into::into), &between, options)
}

fn walk(files: &Pair<Source>, between: &[Source], options: &Options) -> Result<Report> {
    let inputs = files.as_ref().join(Source::open).both()?;
    let others = between.iter().map(Source::open).collect::<Result<Vec<_>>>()?;
    let plan = memory::plan(inputs.as_ref(), &others, options.memory)?;
    let heaps = heaps(&inputs, plan)?.map(Arc::new);
    let last = Arc::clone(&heaps.after);
    let (comparison, tree) =
        rayon::join(|| Comparison::new(heaps), || phase!("preferred ways", Preferred::find(&last)));
    let between = others.iter().map(|input| Ok(Arc::new(Heap::older(Tables::of_file(input)?))));
    let between = between.collect::<Result<Vec<_>>>()?;
    let then: Vec<Between<'_>> = between
        .iter()
        .map(|heap| {
            let comparison = Comparison::new(Pair::new(Arc::clone(heap), Arc::clone(&last)));
            let since = growth::find(&Ground::new(&comparison, tree.clone(), options.by_id));
            Between::new(heap, since)
        })
        .collect();
    let ground = phase!("survivors", Ground::new(&comparison, tree, options.by_id));
    let scripts = Scripts::of(ground.heaps.after);
    let case = Case { comparison: &comparison, ground: &ground, scripts: &scripts };
    let diagnosis = phase!("diagnosis", diagnose(&case, &then));
    let between: Vec<&Heap> = between.iter().map(|heap| &**heap).collect();
    let report = phase!("report", report::build(&case, &diagnosis, &between, options));
    // Names were read from the files until now.
    for heap in between.into_iter().chain(comparison.heaps().iter().copied()) {
        heap.tables.strings.input().check_unchanged()?;
    }
    Ok(report)
}

fn heaps(inputs: &Pair<Arc<Input>>, plan: Plan) -> Result<Pair<Heap>> {
    let older = || Tables::of_file(&inputs.before).map(Heap::older);
    let newest = || Tables::of_file(&inputs.after).map(Heap::new);
    let (after, before) = match plan {
        Plan::Together => rayon::join(newest, older),
        Plan::InTurn => (newest(), older()),
    };
    Pair::new(before, after).both()
}

/// Reads one snapshot file.
///
/// # Errors
/// If it cannot be read or is no sound V8 heap snapshot.
pub fn read(path: &Path) -> Result<Heap> {
    Tables::of_file(&Source::from(path).open()?).map(Heap::new)
}
