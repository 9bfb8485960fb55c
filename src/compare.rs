//! The whole walk on one screen: paths in, a report out.

use crate::chains::Scripts;
use crate::diagnose::{Between, Case, diagnose};
use crate::diff::Comparison;
use crate::error::Result;
use crate::graph::Heap;
use crate::growth::{self, Ground, Preferred};
use crate::input::Input;
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
pub fn compare(paths: Pair<&Path>, between: &[&Path], options: &Options) -> Result<Report> {
    let inputs = paths.join(open).both()?;
    let open_between = between.iter().map(|path| Ok((*path, open(path)?)));
    let between = open_between.collect::<Result<Vec<_>>>()?;
    let others: Vec<&Input> = between.iter().map(|(_, input)| &**input).collect();
    let plan = memory::plan(inputs.as_ref().map(|input| &**input), &others, options.memory)?;
    let heaps = heaps(paths, &inputs, plan)?.map(Arc::new);
    let last = Arc::clone(&heaps.after);
    let (comparison, tree) =
        rayon::join(|| Comparison::new(heaps), || phase!("preferred ways", Preferred::find(&last)));
    let between = between
        .iter()
        .map(|(path, input)| Ok((*path, Arc::new(Heap::older(tables(input, path)?)))));
    let between = between.collect::<Result<Vec<_>>>()?;
    let then: Vec<Between<'_>> = between
        .iter()
        .map(|(_, heap)| {
            let comparison = Comparison::new(Pair::new(Arc::clone(heap), Arc::clone(&last)));
            let since = growth::find(&Ground::new(&comparison, tree.clone(), options.by_id));
            Between::new(heap, since)
        })
        .collect();
    let ground = phase!("survivors", Ground::new(&comparison, tree, options.by_id));
    let scripts = Scripts::of(ground.heaps.after);
    let case = Case { comparison: &comparison, ground: &ground, scripts: &scripts };
    let diagnosis = phase!("diagnosis", diagnose(&case, &then));
    let between: Vec<(&Path, &Heap)> = between.iter().map(|(p, heap)| (*p, &**heap)).collect();
    Ok(phase!("report", report::build(&case, &diagnosis, paths, &between, options)))
}

fn open(path: &Path) -> Result<Arc<Input>> {
    Input::open(path).map(Arc::new)
}

fn heaps(paths: Pair<&Path>, inputs: &Pair<Arc<Input>>, plan: Plan) -> Result<Pair<Heap>> {
    let older = || tables(&inputs.before, paths.before).map(Heap::older);
    let newest = || tables(&inputs.after, paths.after).map(Heap::new);
    let (before, after) = match plan {
        Plan::Together => rayon::join(older, newest),
        Plan::InTurn => (older(), newest()),
    };
    Pair::new(before, after).both()
}

/// Reads one snapshot file.
///
/// # Errors
/// If it cannot be read or is no sound V8 heap snapshot.
pub fn read(path: &Path) -> Result<Heap> {
    tables(&open(path)?, path).map(Heap::new)
}

fn tables(input: &Arc<Input>, path: &Path) -> Result<Tables> {
    Tables::read(input).map_err(|e| e.in_file(path))
}
