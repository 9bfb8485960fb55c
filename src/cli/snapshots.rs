//! A session in, its snapshots out, one after the other: files that are gone with the run, or that are kept
//! in a folder.

use super::atomic::{AtomicFile, Readers, keep};
use super::capture::take;
use super::exit::Failure;
use super::target::folder;
use crate::capture::{Session, Taken, Vitals, check};
use crate::error::Error;
use crate::input::{Reading, Source};
use crate::report::Report;
use std::path::{Path, PathBuf};

/// The snapshots of a run, on their way.
pub(super) struct Snapshots {
    folder: PathBuf,
    kept: bool,
    /// Takes them although there may be no room.
    force: bool,
    taken: usize,
    files: Vec<(PathBuf, Option<AtomicFile>)>,
}

impl Snapshots {
    /// Looks whether so many can be kept, if they are to be.
    ///
    /// # Errors
    /// If there can be no such folder, or one of the files is there.
    pub(super) fn begin(kept: Option<&Path>, force: bool, most: usize) -> Result<Self, Failure> {
        let folder = kept.map_or_else(std::env::temp_dir, Path::to_owned);
        let new = Self { folder, kept: kept.is_some(), force, taken: 0, files: Vec::new() };
        if let Some(folder) = kept {
            std::fs::create_dir_all(folder)
                .map_err(|e| Error::io("cannot make the folder", e).in_file(folder))?;
            for file in (1..=most).map(|number| new.file(number)) {
                if file.symlink_metadata().is_ok() {
                    let there = std::io::ErrorKind::AlreadyExists.into();
                    let what = "this file is there already";
                    return Err(Error::io(what, there).in_file(&file).into());
                }
            }
        }
        Ok(new)
    }

    fn file(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{number}.heapsnapshot"))
    }

    /// Takes one.
    ///
    /// # Errors
    /// `Memory` if there is no room for it, `Io` if the process does not send all of it or it cannot be
    /// written.
    pub(super) fn take(&mut self, session: &mut Session) -> Result<Taken, Error> {
        let name = self.file(self.taken + 1);
        if !self.force {
            Vitals::of(session)?.fits(session, &self.folder)?;
        }
        let mut file = AtomicFile::begin(&name, Readers::Owner)
            .map_err(|e| Error::io("cannot write into the folder", e).in_file(folder(&name)))?;
        let taken = take(session, &mut file)?;
        check(&file.path(), &name)?;
        self.taken += 1;
        self.files.push((name, Some(file)));
        Ok(taken)
    }

    /// How many have been taken.
    pub(super) const fn taken(&self) -> usize {
        self.taken
    }

    /// Holds one no longer, by its place among those that are held. If it is kept, it stays.
    pub(super) fn forget(&mut self, at: usize) {
        self.files.remove(at);
    }

    /// Gives those that are to be kept their names: all, or none.
    ///
    /// # Errors
    /// If one cannot have it.
    pub(super) fn keep(&mut self) -> Result<(), Error> {
        if !self.kept {
            return Ok(());
        }
        keep(self.files.iter_mut().filter_map(|(_, file)| file.take()).collect())
    }

    /// Where they can be read, as long as they are held here.
    pub(super) fn sources(&self) -> Vec<Source> {
        let path = |(name, file): &(PathBuf, Option<AtomicFile>)| {
            file.as_ref().map_or_else(|| name.clone(), AtomicFile::path)
        };
        self.files.iter().map(|file| Source::new(path(file), Reading::default())).collect()
    }

    /// Calls the snapshots of a report by their names, which they do not have where they are not kept.
    pub(super) fn name(&self, report: &mut Report) {
        let before = &mut report.snapshots.before;
        let files = [before].into_iter().chain(&mut report.between);
        for (file, (name, _)) in files.chain([&mut report.snapshots.after]).zip(&self.files) {
            file.path = name.display().to_string();
        }
    }
}
