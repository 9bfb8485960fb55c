//! The whole walk on one screen: paths in, a report out.

use crate::chains::Scripts;
use crate::diagnose::{Between, Case, diagnose};
use crate::diff::Comparison;
use crate::error::Result;
use crate::graph::Heap;
use crate::growth::{self, Ground, Preferred};
use crate::input::Input;
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
    let Pair { before, after } = paths;
    let (before, after) = rayon::join(|| read(before), || tables(after).map(Heap::beside_another));
    let heaps = Pair::new(before, after).both()?.map(Arc::new);
    let last = Arc::clone(&heaps.after);
    let (comparison, tree) =
        rayon::join(|| Comparison::new(heaps), || phase!("preferred ways", Preferred::find(&last)));
    let between = between.iter().map(|path| Ok((*path, Arc::new(read(path)?))));
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

/// Reads one snapshot file.
///
/// # Errors
/// If it cannot be read or is no sound V8 heap snapshot.
pub fn read(path: &Path) -> Result<Heap> {
    tables(path).map(Heap::new)
}

fn tables(path: &Path) -> Result<Tables> {
    let input = Arc::new(Input::open(path)?);
    Tables::read(&input).map_err(|e| e.in_file(path))
}
