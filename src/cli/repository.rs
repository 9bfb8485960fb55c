//! The environment in, the folder that the program's own source lies in out.

use crate::render::Sources;
use std::path::{Path, PathBuf};

/// What GitHub checked out; else the nearest folder above this one that git keeps; else this one.
pub(super) fn sources() -> Sources {
    let workspace = std::env::var_os("GITHUB_WORKSPACE").filter(|path| !path.is_empty());
    let here = || std::env::current_dir().unwrap_or_default();
    let root = workspace.map_or_else(|| root(&here()), PathBuf::from);
    let root = root.canonicalize().unwrap_or(root);
    root.to_str().map_or_else(Sources::default, Sources::below)
}

/// The root of the repository that a folder lies in; outside of one the folder.
pub(super) fn root(folder: &Path) -> PathBuf {
    folder.ancestors().nth(above(folder).unwrap_or(0)).unwrap_or(folder).to_owned()
}

/// How many folders above this one the repository's root is; none outside of a repository.
pub(super) fn above(folder: &Path) -> Option<usize> {
    folder.ancestors().position(|above| above.join(".git").exists())
}
