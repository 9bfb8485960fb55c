//! The whole walk on one screen: two paths in, a report out.

use crate::diff::Comparison;
use crate::error::Result;
use crate::graph::Heap;
use crate::input::Input;
use crate::pair::Pair;
use crate::parse::Tables;
use crate::report::{self, Report};
use std::path::Path;
use std::sync::Arc;

/// Compares two snapshot files.
///
/// # Errors
/// If a file cannot be read or is no sound V8 heap snapshot; of two bad files the older
/// snapshot's error is returned.
pub fn compare(paths: Pair<&Path>, show_strings: bool) -> Result<Report> {
    let heaps = paths.join(read).both()?;
    let comparison = Comparison::new(heaps);
    Ok(report::build(&comparison, paths, show_strings))
}

/// Reads one snapshot file.
///
/// # Errors
/// If it cannot be read or is no sound V8 heap snapshot.
pub fn read(path: &Path) -> Result<Heap> {
    let input = Arc::new(Input::open(path)?);
    let tables = Tables::read(&input).map_err(|e| e.in_file(path))?;
    Ok(Heap::new(tables))
}
