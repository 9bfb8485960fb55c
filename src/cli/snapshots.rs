//! A session in, its snapshots out, one after the other: files that are gone with the run, or that are kept
//! in a folder.

use super::atomic::{AtomicFile, keep};
use super::capture::{Place, is_new};
use super::exit::Failure;
use super::help::OUTPUT;
use crate::capture::{Session, Taken, Vitals, check};
use crate::error::Error;
use crate::input::{Reading, Sidecar, Source};
use crate::report::Report;
use std::path::{Path, PathBuf};

/// Whether snapshots stay, and how.
#[derive(Debug, clap::Args)]
pub(super) struct Keep {
    /// A folder to keep the snapshots in
    #[arg(long, help_heading = OUTPUT, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Keep them packed with gzip, at about a quarter of their size
    #[arg(long, help_heading = OUTPUT, requires = "keep")]
    compress: bool,
}

/// The snapshots of a run, on their way.
pub(super) struct Snapshots {
    folder: PathBuf,
    /// What was made for them of the folder and those that it lies in, the innermost first.
    made: Vec<PathBuf>,
    kept: bool,
    compress: bool,
    /// Takes them although there may be no room.
    force: bool,
    taken: usize,
    files: Vec<Held>,
}

/// A snapshot, and until it has its name what it is written to, and what tells how it was taken.
struct Held {
    name: PathBuf,
    unnamed: Option<[AtomicFile; 2]>,
}

impl Snapshots {
    /// Looks whether so many can be kept, if they are to be.
    ///
    /// # Errors
    /// If there can be no such folder, or one of the files is there.
    pub(super) fn begin(how: &Keep, force: bool, most: usize) -> Result<Self, Failure> {
        let folder = how.keep.clone().unwrap_or_else(std::env::temp_dir);
        let (kept, compress) = (how.keep.is_some(), how.compress);
        let (made, files) = (Vec::new(), Vec::new());
        let mut new = Self { folder, made, kept, compress, force, taken: 0, files };
        if let Some(folder) = &how.keep {
            let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
            new.made = folder.ancestors().take_while(missing).map(Path::to_owned).collect();
            std::fs::create_dir_all(folder)
                .map_err(|e| Error::io("cannot make the folder", e).in_file(folder))?;
            for file in (1..=most).map(|number| new.file(number)) {
                is_new(&file)?;
                is_new(&Sidecar::path(&file))?;
            }
        }
        Ok(new)
    }

    fn file(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{number}.heapsnapshot{}", if self.compress { ".gz" } else { "" }))
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
        let mut place = Place::at(&name, None)?;
        let taken = place.take(session)?;
        let Place { begun, beside, .. } = place;
        check(&begun.path(), &name)?;
        self.taken += 1;
        self.files.push(Held { name, unnamed: Some([begun, beside]) });
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
        keep(self.files.iter_mut().filter_map(|held| held.unnamed.take()).flatten().collect())
    }

    /// Where they can be read, as long as they are held here.
    pub(super) fn sources(&self) -> Vec<Source> {
        let path = |held: &Held| match &held.unnamed {
            Some([begun, _]) => begun.path(),
            None => held.name.clone(),
        };
        self.files.iter().map(|file| Source::new(path(file), Reading::default())).collect()
    }

    /// Calls the snapshots of a report by their names, which they do not have where they are not kept.
    pub(super) fn name(&self, report: &mut Report) {
        let before = &mut report.snapshots.before;
        let files = [before].into_iter().chain(&mut report.between);
        for (file, held) in files.chain([&mut report.snapshots.after]).zip(&self.files) {
            let name = held.name.as_path();
            let name = if self.kept { name } else { name.file_name().unwrap_or_default().as_ref() };
            file.path = name.display().to_string();
        }
    }
}

impl Drop for Snapshots {
    /// A folder that was made for snapshots which never came goes with the run.
    fn drop(&mut self) {
        self.files.clear();
        // One with something in it stays.
        let _ = self.made.iter().try_for_each(std::fs::remove_dir);
    }
}
