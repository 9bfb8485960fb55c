//! A snapshot in, every number that is computed from it out, in three files.

use super::atomic::{self, Readers};
use super::exit::{Exit, Failure};
use super::target::{is_one_of, real, replaceable};
use crate::dump::FILES;
use crate::error::Error;
use crate::input::Source;
use std::path::Path;

/// Writes all files or none into a folder, which is made if missing. `limit` is the memory that it may
/// take, in bytes.
pub(super) fn dump(
    file: &Source,
    into: &Path,
    limit: Option<u64>,
    show_secrets: bool,
) -> Result<Exit, Failure> {
    check(file, into)?;
    let contents = crate::dump::dump(file, limit, show_secrets)?;
    std::fs::create_dir_all(into)
        .map_err(|e| Error::io("cannot make the folder", e).in_file(into))?;
    // There may be no telling where they really are before there is a folder.
    let targets = FILES.map(|name| real(&into.join(name)));
    let files: Vec<_> = targets.into_iter().zip(contents).collect();
    atomic::write(&files, Readers::Owner)?;
    Ok(Exit::Fine)
}

fn check(file: &Source, into: &Path) -> Result<(), Failure> {
    let targets = FILES.map(|name| real(&into.join(name)));
    for (at, target) in targets.iter().enumerate() {
        let shown = target.display();
        if is_one_of(target, &[file.path()]) {
            return Err(Failure::usage(format!("{shown}: a snapshot is not to be overwritten")));
        }
        if targets[..at].contains(target) {
            return Err(Failure::usage(format!("{shown}: two outputs go to this file")));
        }
        replaceable(target)?;
    }
    Ok(())
}
