//! Bytes in, a file out that is whole or not there: a run that is killed leaves what was there.

use std::fs::File;
use std::io;
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

/// A file on its way: it has another name until it is kept, and is gone if it is not.
#[derive(Debug)]
pub(super) struct Whole {
    temporary: NamedTempFile,
    target: PathBuf,
}

impl Whole {
    /// Begins a file in the folder of its target.
    pub(super) fn begin(target: &Path, readers: Readers) -> io::Result<Self> {
        let mut builder = Builder::new();
        builder.prefix(".heapdiff-");
        #[cfg(unix)]
        if readers == Readers::Usual {
            use std::os::unix::fs::PermissionsExt;
            // The user's mask takes away from that; temporary files are only for their owner.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        #[cfg(not(unix))]
        let _ = readers;
        let temporary = builder.tempfile_in(folder(target))?;
        Ok(Self { temporary, target: target.to_owned() })
    }

    /// Where to write to.
    pub(super) fn file(&mut self) -> &mut File {
        self.temporary.as_file_mut()
    }

    /// Gives it its name, in place of what has it.
    pub(super) fn keep(self) -> io::Result<()> {
        self.temporary.persist(&self.target).map_err(|e| e.error)?;
        Ok(())
    }
}

/// The folder that a file lies in.
pub(super) fn folder(file: &Path) -> &Path {
    file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}
