//! A directory or an archive in, the snapshots in it that belong together out, oldest first.

use super::archive::{list, shown};
use super::{Input, Opened, Reading, Source, Stamp, is_snapshot_name, open, unpacked};
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::pair::Pair;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The files of one comparison.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Series {
    /// The first and the last file.
    pub ends: Pair<Source>,
    /// Those in between, oldest first.
    pub between: Vec<Source>,
    /// Which files were chosen, if that was left to us.
    pub note: Option<String>,
}

impl Series {
    /// Files in the order in which they are given; `None` if there are fewer than two.
    #[must_use]
    pub fn of(mut files: Vec<Source>) -> Option<Self> {
        let after = files.pop()?;
        let mut files = files.into_iter();
        let before = files.next()?;
        Some(Self { ends: Pair::new(before, after), between: files.collect(), note: None })
    }
}

/// A file to choose from.
struct Candidate {
    path: PathBuf,
    modified: u128,
}

/// Finds the snapshots of one process in a directory or an archive (tar, zip; packed or not), by the times
/// in their names or of the files. Those of a directory are not opened yet.
///
/// # Errors
/// `Usage` if it is a single snapshot, or if names and times do not tell which of many belong
/// together; `Io`, `Damaged` or `NotASnapshot` if it cannot be listed, read or unpacked, or holds no
/// snapshot.
pub fn series(path: &Path, reading: &Reading) -> Result<Series> {
    let whole = if path.is_dir() { directory(path, reading) } else { archive(path, reading) };
    whole.map_err(|e| e.inside(path))
}

fn directory(path: &Path, reading: &Reading) -> Result<Series> {
    let cannot = |e| Error::io("cannot list the directory", e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let Ok(meta) = std::fs::metadata(&path) else { continue };
        if meta.is_file() && is_snapshot_name(&path) {
            let modified = meta.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
            found.push(Candidate { path, modified: modified.map_or(0, |t| t.as_nanos()) });
        }
    }
    found.sort_by_cached_key(|candidate| (unpacked(&candidate.path), candidate.path.clone()));
    // `gzip -k` leaves both.
    found.dedup_by_key(|candidate| unpacked(&candidate.path));
    if found.is_empty() {
        return Err(Error::new(ErrorKind::NotASnapshot, "no file in it is named *.heapsnapshot")
            .with_hint("files in directories below are not looked at"));
    }
    let (order, note) = choose(&found)?;
    let files =
        order.iter().map(|at| Source::new(found[*at].path.as_path(), reading.clone())).collect();
    finish(files, note)
}

fn archive(path: &Path, reading: &Reading) -> Result<Series> {
    let archive = match open(path, reading)? {
        Opened::Archive(archive) => archive,
        Opened::Snapshot(_) => {
            return Err(Error::new(ErrorKind::Usage, "one snapshot is not enough to compare")
                .with_remedies("{}", &[Remedy::Two]));
        }
    };
    if archive.snapshots.is_empty() {
        return Err(archive.none());
    }
    let candidate =
        |m: &super::Member| Candidate { path: m.name.clone(), modified: u128::from(m.modified) };
    let found: Vec<Candidate> = archive.snapshots.iter().map(candidate).collect();
    let (order, note) = choose(&found)?;
    let mut members: Vec<_> = archive.snapshots.into_iter().map(Some).collect();
    let mut files = Vec::new();
    for member in order.iter().filter_map(|at| members[*at].take()) {
        files.push(Source::held(Input::member(path, member, reading)?, reading.clone()));
    }
    finish(files, note)
}

fn finish(files: Vec<Source>, how: String) -> Result<Series> {
    let names: Vec<String> = files.iter().map(|f| name(f.path())).collect();
    let too_few = || Error::new(ErrorKind::Usage, "two snapshots are needed");
    let mut series = Series::of(files).ok_or_else(too_few)?;
    series.note = Some(format!("compared, oldest first {how}: {}", names.join(", ")));
    Ok(series)
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| shown(path), |n| n.to_string_lossy().into_owned())
}

/// Which ones, oldest first, and how that is known.
fn choose(found: &[Candidate]) -> Result<(Vec<usize>, String)> {
    let mut stamped: Vec<(Stamp, usize)> = Vec::new();
    for (at, candidate) in found.iter().enumerate() {
        stamped.extend(Stamp::of(&candidate.path).map(|stamp| (stamp, at)));
    }
    stamped.sort();
    // An archive may have one in two folders.
    stamped.dedup_by(|b, a| a.0 == b.0);
    let same = |a: &(Stamp, usize), b: &(Stamp, usize)| {
        (a.0.process, a.0.thread) == (b.0.process, b.0.thread)
    };
    let of_one: Vec<&[(Stamp, usize)]> =
        stamped.chunk_by(same).filter(|group| group.len() > 1).collect();
    if of_one.is_empty()
        && let Some(order) = numbered(found)
    {
        return Ok((order, "by the numbers that they are called by".to_owned()));
    }
    match (of_one.as_slice(), found) {
        ([group], _) => {
            let left = found.len() - group.len();
            let others = match left {
                0 => String::new(),
                n => format!(" (files of other processes or names are left out: {n})"),
            };
            let order = group.iter().map(|(_, at)| *at).collect();
            Ok((order, format!("by the times in their names{others}")))
        }
        ([], [a, b]) => {
            let (swap, how) = order_of_two(a, b);
            Ok((if swap { vec![1, 0] } else { vec![0, 1] }, how.to_owned()))
        }
        ([], [one]) => {
            let what = format!("only one snapshot is in it: {}", name(&one.path));
            Err(Error::new(ErrorKind::Usage, what)
                .with_hint("two are needed to compare; heapdiff summary tells of one"))
        }
        ([], _) => Err(too_many(found)),
        (groups, _) => Err(several(groups)),
    }
}

/// The order of files that are called by numbers, as `heapdiff run` and `heapdiff watch` keep them.
fn numbered(found: &[Candidate]) -> Option<Vec<usize>> {
    let number = |one: &Candidate| name(&one.path).split('.').next()?.parse::<u64>().ok();
    let numbers: Option<Vec<u64>> = found.iter().map(number).collect();
    let numbers = numbers.filter(|numbers| numbers.len() > 1)?;
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by_key(|at| numbers[*at]);
    order.is_sorted_by(|a, b| numbers[*a] < numbers[*b]).then_some(order)
}

fn too_many(found: &[Candidate]) -> Error {
    let names: Vec<String> = found.iter().map(|c| name(&c.path)).collect();
    let what =
        format!("{} snapshots are in it, in no known order: {}", names.len(), list(&names, 0));
    Error::new(ErrorKind::Usage, what).with_hint("name those to compare, oldest first")
}

fn several(groups: &[&[(Stamp, usize)]]) -> Error {
    let names: Vec<String> = groups
        .iter()
        .map(|group| {
            let Stamp { process, thread, .. } = group[0].0;
            format!("process {process}, thread {thread} ({} files)", group.len())
        })
        .collect();
    let what = format!("snapshots of several processes or threads are in it: {}", list(&names, 0));
    Error::new(ErrorKind::Usage, what).with_hint("name those of one of them, oldest first")
}

/// Whether the second one is older, and what tells so.
fn order_of_two(a: &Candidate, b: &Candidate) -> (bool, &'static str) {
    if let (Some(a), Some(b)) = (Stamp::of(&a.path), Stamp::of(&b.path)) {
        return ((b.time, b.number) < (a.time, a.number), "by the times in their names");
    }
    let names = [name(&a.path), name(&b.path)].map(|n| n.to_ascii_lowercase());
    let says = |word: &str| [names[0].contains(word), names[1].contains(word)];
    let by_name = "by \"before\" and \"after\" in their names";
    match (says("before"), says("after")) {
        ([true, false], [false, true]) => (false, by_name),
        ([false, true], [true, false]) => (true, by_name),
        _ if a.modified != b.modified => (b.modified < a.modified, "by the times of the files"),
        _ => (false, "in their order there, being of one time"),
    }
}
