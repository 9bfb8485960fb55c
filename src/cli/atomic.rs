//! Bytes in, a file out that is whole or not there: a run that is killed leaves what was there.

use super::target::{folder, missing_folder};
use crate::error::Error;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Its owner alone: it may hold secrets.
    Owner,
    /// Whoever may read any new file of this user.
    Usual,
}

impl Readers {
    /// The user's mask takes away from that.
    #[cfg(unix)]
    const fn mode(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Usual => 0o666,
        }
    }
}

/// A file on its way: it does not have its name until it is kept, and is gone if it is not.
#[derive(Debug)]
pub(super) struct AtomicFile {
    temporary: Temporary,
    readers: Readers,
    target: PathBuf,
}

#[derive(Debug)]
enum Temporary {
    /// Gone with the run, however that ends.
    #[cfg(target_os = "linux")]
    Unnamed(File),
    /// Where there are no files without names. One stays behind if the run is killed.
    Named(NamedTempFile),
}

impl AtomicFile {
    /// Begins a file in the folder of its target.
    pub(super) fn begin(target: &Path, readers: Readers) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Some(file) = unnamed::open(folder(target), readers) {
            let temporary = Temporary::Unnamed(file);
            return Ok(Self { temporary, readers, target: target.to_owned() });
        }
        Self::begin_named(target, readers)
    }

    fn begin_named(target: &Path, readers: Readers) -> io::Result<Self> {
        let temporary = Temporary::Named(named(target, readers)?);
        Ok(Self { temporary, readers, target: target.to_owned() })
    }

    /// Where to write to.
    pub(super) fn file(&mut self) -> &mut File {
        match &mut self.temporary {
            #[cfg(target_os = "linux")]
            Temporary::Unnamed(file) => file,
            Temporary::Named(file) => file.as_file_mut(),
        }
    }

    /// Where it can be read before it has its name.
    #[cfg(feature = "capture")]
    pub(super) fn path(&self) -> PathBuf {
        match &self.temporary {
            #[cfg(target_os = "linux")]
            Temporary::Unnamed(file) => unnamed::number(file).into(),
            Temporary::Named(file) => file.path().to_owned(),
        }
    }

    /// Gives it its name, in place of what has it.
    pub(super) fn keep(self) -> io::Result<()> {
        let Self { temporary, readers, target } = self;
        match temporary {
            #[cfg(target_os = "linux")]
            Temporary::Unnamed(file) => unnamed::keep(file, &target, readers),
            Temporary::Named(file) => {
                let _ = readers;
                file.persist(&target).map_err(|e| e.error)?;
                Ok(())
            }
        }
    }
}

/// Begins a file, or says why there can be none.
pub(super) fn begin(target: &Path, readers: Readers) -> Result<AtomicFile, Error> {
    AtomicFile::begin(target, readers).map_err(|e| {
        let other = || Error::io("cannot write into the folder", e).in_file(folder(target));
        missing_folder(target).unwrap_or_else(other)
    })
}

/// Writes files, each with its content: all or none.
pub(super) fn write(files: &[(PathBuf, Vec<u8>)], readers: Readers) -> Result<(), Error> {
    let mut begun = Vec::new();
    for (target, content) in files {
        let mut file = begin(target, readers)?;
        let written = file.file().write_all(content);
        written.map_err(|e| Error::io("cannot write", e).in_file(target))?;
        begun.push(file);
    }
    keep(begun)
}

/// Gives all files their names. If one cannot have it, those that were new are taken back.
pub(super) fn keep(files: Vec<AtomicFile>) -> Result<(), Error> {
    let mut new = Vec::new();
    for file in files {
        let target = file.target.clone();
        let is_new = target.symlink_metadata().is_err();
        if let Err(e) = file.keep() {
            // One that cannot be removed is whole as well.
            new.iter().for_each(|kept: &PathBuf| drop(std::fs::remove_file(kept)));
            return Err(Error::io("cannot write", e).in_file(&target));
        }
        new.extend(is_new.then_some(target));
    }
    Ok(())
}

fn named(target: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = builder();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(readers.mode()));
    }
    #[cfg(not(unix))]
    let _ = (&mut builder, readers);
    // Else the error names a file that nobody knows.
    builder.tempfile_in(folder(target)).map_err(|e| e.kind().into())
}

fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".heapdiff-");
    builder
}

/// Files that have no name while they are written.
#[cfg(target_os = "linux")]
mod unnamed {
    use super::{Readers, builder, folder, named};
    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat};
    use std::fs::File;
    use std::io::{self, Seek};
    use std::os::fd::AsRawFd;
    use std::path::Path;

    /// `None` where there are none: not every file system has them, and without `/proc` they
    /// cannot be named.
    pub(super) fn open(folder: &Path, readers: Readers) -> Option<File> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(readers.mode());
        let file = File::from(rustix::fs::open(folder, flags, mode).ok()?);
        Path::new(&number(&file)).exists().then_some(file)
    }

    pub(super) fn number(file: &File) -> String {
        format!("/proc/self/fd/{}", file.as_raw_fd())
    }

    fn link(file: &File, name: &Path) -> io::Result<()> {
        Ok(linkat(CWD, number(file), CWD, name, AtFlags::SYMLINK_FOLLOW)?)
    }

    pub(super) fn keep(mut file: File, target: &Path, readers: Readers) -> io::Result<()> {
        if link(&file, target).is_ok() {
            return Ok(());
        }
        // Something has the name, and only renaming takes it away; or the file system has no links.
        let path = match builder().make_in(folder(target), |name| link(&file, name)) {
            Ok(linked) => linked.into_temp_path(),
            Err(_) => {
                let mut copy = named(target, readers)?;
                file.rewind()?;
                io::copy(&mut file, &mut copy)?;
                copy.into_temp_path()
            }
        };
        path.persist(target).map_err(|e| e.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_a_name_a_file_comes_to_its_name_when_it_is_kept() {
        for begin in [AtomicFile::begin, AtomicFile::begin_named] {
            let dir = tempfile::tempdir().unwrap();
            let target = dir.path().join("a");
            for text in ["new", "in place of it"] {
                let before = std::fs::read(&target).ok();
                let begun = || {
                    let mut file = begin(&target, Readers::Usual).unwrap();
                    file.file().write_all(text.as_bytes()).unwrap();
                    file
                };
                drop(begun());
                let file = begun();
                assert_eq!(std::fs::read(&target).ok(), before);
                file.keep().unwrap();
                assert_eq!(std::fs::read_to_string(&target).unwrap(), text);
                assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let usual = dir.path().join("usual");
                let mode = |file: File| file.metadata().unwrap().permissions().mode();
                assert_eq!(mode(File::open(&target).unwrap()), mode(File::create(usual).unwrap()));
            }
        }
    }

    /// What has lost its last name gets none again.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_cannot_be_linked_is_copied() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a");
        let (mut file, path) = NamedTempFile::new_in(&dir).unwrap().into_parts();
        file.write_all(b"text").unwrap();
        drop(path);
        unnamed::keep(file, &target, Readers::Owner).unwrap();
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "text");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
