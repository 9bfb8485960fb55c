//! What a report is to go by, and to hold.

use crate::cancel::Cancel;
use std::path::PathBuf;

/// What a comparison goes by. The default trusts what the files show, takes any amount of memory, keeps
/// values of strings and secrets to itself, and makes a report with everything in it.
///
/// ```
/// let mut options = heapdiff::Options::default();
/// options.calls = Some(100);
/// options.memory = Some(2 << 30);
/// ```
#[derive(Debug, Clone, Default)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Options {
    /// Puts the values of strings in.
    pub show_strings: bool,
    /// Puts in what looks like a secret, in names and (with `show_strings`) in values; masked otherwise.
    pub show_secrets: bool,
    /// How often the operation in question ran between the first and the last snapshot; figures per
    /// call, and what grows as often as that, go by it.
    pub calls: Option<u64>,
    /// Whether to trust ids; `None` to find out.
    pub by_id: Option<bool>,
    /// Bytes of memory that the comparison may take; `None` for any number. Where both files do not fit
    /// at once they are read one after the other, and where that is too much the error is
    /// [`Memory`](crate::ErrorKind::Memory). What is unpacked while files are read has its own limit in
    /// [`Reading`](crate::Reading).
    pub memory: Option<u64>,
    /// What makes the program's allocator keep freed blocks for the next ones, or give all back. It
    /// is called with `true` where there is memory for that, which takes a tenth more and saves a tenth
    /// of the time; with `false` where so many classes are to be told that it would be in the way.
    pub keep_freed: Option<fn(bool)>,
    /// Source maps, and folders that have them, beside those that scripts have beside themselves. Only
    /// local files in these folders and the scripts' own are opened.
    pub source_maps: Vec<PathBuf>,
    /// Folders outside of which no source map, script or `package.json` is opened, but for what
    /// `source_maps` names; empty if there is no such limit.
    pub confined_to: Vec<PathBuf>,
    /// Whether somebody still waits for the report.
    pub cancel: Cancel,
    /// What the report is to hold beside the answer.
    pub need: Need,
}

/// What a report holds beside the answer. Whoever needs none of it spares half of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Need {
    /// What whole classes retain, before and after, and how far they are.
    pub figures: bool,
    /// The shortest chain of each class with new objects.
    pub chains: bool,
    /// The names of all properties and variables.
    pub members: bool,
}

impl Need {
    /// Everything that a report can show.
    pub const ALL: Self = Self { figures: true, chains: true, members: false };
    /// The answer alone.
    pub const NOTHING: Self = Self { figures: false, chains: false, members: false };

    /// What is needed where both are.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            figures: self.figures | other.figures,
            chains: self.chains | other.chains,
            members: self.members | other.members,
        }
    }
}

impl Default for Need {
    fn default() -> Self {
        Self::ALL
    }
}
