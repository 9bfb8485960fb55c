//! The whole walk on one screen: paths in, a report out.

use crate::chains::Scripts;
use crate::classes::Interfaces;
use crate::diagnose::{Between, Case, diagnose};
use crate::diff::{Comparison, Identified, identify, same_snapshots};
use crate::error::Result;
use crate::graph::Heap;
use crate::growth::Matched;
use crate::input::{Input, Source};
use crate::memory::{self, ReadPlan, Task};
use crate::pair::Pair;
use crate::parse::Tables;
use crate::phase::phase;
use crate::places::Maps;
use crate::report::{self, Need, Options, Report};
use crate::ways::Preferred;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

/// Compares the first with the last snapshot, and looks at those in `between`, oldest first, to tell
/// what goes on growing from what was loaded once. Files are paths, or a [`Source`] each that says how
/// it is read. It works on all threads of the current rayon pool, and prints nothing.
///
/// # Errors
/// [`Io`](crate::ErrorKind::Io) if a file cannot be opened or read, or changed meanwhile;
/// [`NotASnapshot`](crate::ErrorKind::NotASnapshot) and [`Damaged`](crate::ErrorKind::Damaged) if it is
/// no sound V8 heap snapshot, with the byte; [`Memory`](crate::ErrorKind::Memory) if they need more than
/// [`Options::memory`]; [`Usage`](crate::ErrorKind::Usage) if it is an archive with several snapshots.
/// Of two bad files the older snapshot's error is returned. [`Cancelled`](crate::ErrorKind::Cancelled) by
/// [`Options::cancel`].
pub fn compare<F: Into<Source> + Copy>(
    files: Pair<F>,
    between: &[F],
    options: &Options,
) -> Result<Report> {
    let between: Vec<Source> = between.iter().map(|file| (*file).into()).collect();
    walk(&files.map(Into::into), &between, options)
}

fn walk(files: &Pair<Source>, between: &[Source], options: &Options) -> Result<Report> {
    let (inputs, first) = open(files, options.memory)?;
    let others = between.iter().map(Source::open).collect::<Result<Vec<_>>>()?;
    let task = Task::new(inputs.as_ref(), &others, options.memory, options.need.figures);
    let plan = task.plan(options.by_id == Some(false))?;
    if let (ReadPlan::Amply, Some(keep_freed)) = (plan, options.keep_freed) {
        keep_freed(true);
    }
    let (heaps, interfaces) = heaps(&inputs, first, plan, options.need)?.unzip();
    options.cancel.check()?;
    let comparison = OnceLock::new();
    let may_go_by_place = || task.go_by_place(plan);
    let (comparison, matched) =
        prepare(heaps, interfaces.as_ref(), options, &may_go_by_place, &comparison)?;
    options.cancel.check()?;
    let are_many = task.tell(plan, comparison.class_count())?;
    if let (true, ReadPlan::Amply, Some(keep_freed)) = (are_many, plan, options.keep_freed) {
        keep_freed(false);
    }
    comparison.weigh();
    let last = &comparison.heaps.after;
    let rest = || rayon::join(|| matched.prepare(), || Scripts::of(last)).1;
    let (_, scripts) = rayon::join(|| comparison.deltas(), rest);
    let between = others.iter().map(older).collect::<Result<Vec<_>>>()?;
    let (between, told): (Vec<_>, Vec<_>) = between
        .into_iter()
        .map(|(heap, own)| {
            let (heap, identified) = identified(heap, last, options);
            (heap, (identified, own))
        })
        .unzip();
    let case = Case { comparison, matched: &matched, scripts: &scripts, calls: options.calls };
    let grown = phase!("growth", case.grown());
    let repeats = repeats(comparison, &between);
    let then: Vec<Between<'_>> = between
        .iter()
        .zip(told)
        .enumerate()
        .filter(|(at, _)| is_evidence(&repeats, at + 1))
        .map(|(_, (heap, (identified, own)))| {
            let heaps = Pair::new(Arc::clone(heap), Arc::clone(last));
            let interfaces = Pair::new(&own, &interfaces.after);
            let interfaces = heaps.as_ref().zip(interfaces).map(|(heap, own)| shapes(heap, own));
            let comparison = Comparison::find(heaps, interfaces, identified, false);
            let since = Matched::new(&comparison, matched.tree.clone(), options.by_id);
            Between::new(heap, &since, &grown)
        })
        .collect();
    options.cancel.check()?;
    let diagnosis = phase!("diagnosis", diagnose(&case, grown, &then));
    let between: Vec<&Heap> = between.iter().map(|heap| &**heap).collect();
    let room = task.left(plan, !matched.by_id, comparison.class_count());
    let maps = Maps::new(&options.source_maps, room).confined_to(&options.confined_to);
    let series = report::Series { between: &between, repeats: &repeats, maps: &maps };
    let report = phase!("report", report::build(&case, &diagnosis, &series, options));
    // Names were read from the files until now.
    unchanged(between.into_iter().chain(comparison.heaps().iter().copied()))?;
    Ok(report.with_sidecars(files.as_ref().map(Source::path)))
}

fn unchanged<'a>(mut heaps: impl Iterator<Item = &'a Heap>) -> Result<()> {
    heaps.try_for_each(|heap| heap.tables.strings.input().check_unchanged())
}

/// What can be told of two heaps before it is known what retains how much, while that is found out.
/// Beside it, what the report needs.
///
/// ```text
///   dominators and retained sizes of the newer heap    ----------------------
///   owners of the newer heap, same objects             ------
///   preferred ways                                           --------
///   shapes of the newer heap, classes, matching                      ------
///   figures and chains, if needed: distances, older dominators             -----
/// ```
fn prepare<'a>(
    heaps: Pair<Heap>,
    interfaces: Pair<&OnceLock<Interfaces>>,
    options: &Options,
    may_go_by_place: &(dyn Fn() -> Result<()> + Sync),
    place: &'a OnceLock<Comparison>,
) -> Result<(&'a Comparison, Matched<'a>)> {
    let (before, after) = (heaps.before, Arc::new(heaps.after));
    let need = options.need;
    let rest = || {
        let _ = after.shallow();
        let (before, identified) = identified(before, &after, options);
        if !identified.identity.goes_by_id(options.by_id) {
            may_go_by_place()?;
        }
        let heaps = Pair::new(Arc::clone(&before), Arc::clone(&after));
        let matching = || {
            let interfaces = heaps.as_ref().zip(interfaces).map(|(heap, own)| shapes(heap, own));
            Comparison::find(heaps, interfaces, identified, need.figures)
        };
        let ways = || phase!("preferred ways", Preferred::find(&after));
        let figures = || {
            let dominators = || need.figures.then(|| before.retained());
            let older = || need.figures.then(|| before.shortest());
            let newer = || (need.figures || need.chains).then(|| after.shortest());
            rayon::join(dominators, || rayon::join(older, newer));
        };
        let matched = || {
            let (tree, comparison) = rayon::join(ways, matching);
            let comparison = place.get_or_init(|| comparison);
            (comparison, Matched::new(comparison, tree, options.by_id))
        };
        Ok(rayon::join(matched, figures).0)
    };
    // The dominators second: where there is one thread, the older heap's edges are gone by then.
    rayon::join(rest, || after.retained()).0
}

/// By snapshot, from the first to the last: one before it that is the same one.
fn repeats(comparison: &Comparison, between: &[Arc<Heap>]) -> Vec<Option<usize>> {
    let Pair { before, after } = comparison.heaps();
    let between = between.iter().map(|heap| &**heap);
    same_snapshots(&[before].into_iter().chain(between).chain([after]).collect::<Vec<_>>())
}

/// Whether a snapshot in between tells anything: one that is given twice does not tell that nothing has
/// grown meanwhile.
fn is_evidence(repeats: &[Option<usize>], at: usize) -> bool {
    repeats[at].is_none() && repeats.last() != Some(&Some(at))
}

/// Finds out which objects of an older heap are in the newest one too.
fn identified(mut older: Heap, newest: &Heap, options: &Options) -> (Arc<Heap>, Identified) {
    let identified = phase!("same objects", identify(Pair::new(&older, newest)));
    // Going by ids, few of its edges are looked at again.
    let by_id = identified.identity.goes_by_id(options.by_id);
    if by_id && !options.need.figures && !memory::are_few(older.tables.edges.len() as u64) {
        older.tables.give_back_edges();
    }
    (Arc::new(older), identified)
}

/// A heap, and how its plain objects are told apart once somebody has asked.
type Read = (Heap, OnceLock<Interfaces>);

/// A heap that was read before it was known how both are to be read.
type Early = Option<Result<Read>>;

/// Opens both files, and reads the older one if it is unpacked while the newer one is not, and there
/// is memory for it whatever comes out of that.
fn open(files: &Pair<Source>, memory: Option<u64>) -> Result<(Pair<Arc<Input>>, Early)> {
    let waits = AtomicBool::new(true);
    let newest = || {
        let input = files.after.open();
        waits.store(false, Relaxed);
        input
    };
    let older = || {
        let input = files.before.open()?;
        let early =
            input.held_bytes() > 0 && waits.load(Relaxed) && memory::is_small(&input, memory);
        let read = early.then(|| older(&input));
        Ok((input, read))
    };
    let (older, newest) = rayon::join(older, newest);
    let (before, read) = older?;
    Ok((Pair::new(before, newest?), read))
}

/// `read` is the older one if it has been read already.
fn heaps(inputs: &Pair<Arc<Input>>, read: Early, plan: ReadPlan, need: Need) -> Result<Pair<Read>> {
    let newest = || Ok((Heap::new(Tables::of_file(&inputs.after)?), OnceLock::new()));
    let older = || read.unwrap_or_else(|| older(&inputs.before));
    match plan {
        ReadPlan::Amply | ReadPlan::Together => {
            let (after, before) = rayon::join(newest, older);
            Pair::new(before, after).both()
        }
        ReadPlan::InTurn => {
            let mut before = older()?;
            if need.figures {
                let _ = (before.0.retained(), before.0.shortest());
            }
            before.0.tables.give_back_edges();
            let mut after: Read = newest()?;
            let _ = (after.0.shallow(), shapes(&after.0, &after.1));
            after.0.tables.give_back_labels();
            let _ = after.0.retained();
            Ok(Pair::new(before, after))
        }
    }
}

fn older(input: &Arc<Input>) -> Result<Read> {
    let (mut heap, interfaces) = (Heap::older(Tables::of_file(input)?), OnceLock::new());
    // Now, while the newer file is still read.
    let _ = (heap.shallow(), shapes(&heap, &interfaces));
    // From here on few labels are asked for.
    if !memory::are_few(heap.tables.edges.len() as u64) {
        heap.tables.give_back_labels();
    }
    Ok((heap, interfaces))
}

fn shapes<'a>(heap: &Heap, interfaces: &'a OnceLock<Interfaces>) -> &'a Interfaces {
    interfaces.get_or_init(|| phase!("shapes", Interfaces::of(heap)))
}

/// Reads one snapshot file.
///
/// # Errors
/// If it cannot be read or is no sound V8 heap snapshot.
#[cfg(feature = "internals")]
pub fn read(path: &std::path::Path) -> Result<Heap> {
    Tables::of_file(&Source::from(path).open()?).map(Heap::new)
}
