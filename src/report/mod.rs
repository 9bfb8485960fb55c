//! The report: plain owned data, raw integers, complete. Renderers choose what fits, and shape it.

pub mod answer;
mod build;
mod callbacks;
mod captured;
mod chains;
mod diagnosis;
mod facts;
mod findings;
mod fingerprint;
mod gates;
mod key;
mod names;
mod options;
mod order;
mod originals;
mod prefix;
mod redact;
mod repeats;
mod run;
mod steps;
mod suspects;
mod whose;
mod words;

pub use answer::Answer;
pub(crate) use build::{notes_of, snapshot};
pub(crate) use diagnosis::outside;
#[cfg(feature = "render")]
pub(crate) use key::{Key, key};
pub(crate) use originals::Sources;
#[cfg(any(feature = "cli", feature = "internals"))]
pub(crate) use redact::masked_text;
pub(crate) use redact::{Redactor, longest, masked};
pub(crate) use words::{Words, step};

pub(crate) use build::{Series, build};
pub use captured::{Captured, Taken};
pub use gates::{Comparator, Gate, Ignored, Measure, Method, Outcome};
pub use options::{Need, Options};
pub use order::Sort;
pub use run::{LoadPart, Round, Run};
pub use steps::{ChainReport, StepReport, StringFacts};

pub use crate::classes::{ClassFigures, ClassKey, Location};
use crate::glob::{Glob, nearest};
pub use crate::pair::Pair;
pub use crate::text::Text;
use crate::units::count;
use serde::Serialize;
use std::collections::BTreeSet;

/// Number of the report's schema; grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 2;

/// Everything heapdiff has to say about two snapshots. Sizes are in bytes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Report {
    /// Version of this format.
    pub schema: u32,
    /// What made the report.
    pub tool: Tool,
    /// The first and the last file.
    pub snapshots: Pair<Snapshot>,
    /// The files between them, as given; empty if there are two.
    pub between: Vec<Snapshot>,
    /// How often the operation in question ran between the first and the last snapshot; null if nobody
    /// said.
    pub calls: Option<u64>,
    /// What the program's own scripts are called in the last file, without folders, ends and what a bundler
    /// adds: by them another report is known to be of the same program. Sorted, and at most 1,000.
    pub scripts: Vec<String>,
    /// Identity, verdict, containers, suspects, findings.
    #[serde(flatten)]
    pub answer: Answer,
    /// Sums over `classes`.
    pub totals: Totals,
    /// Bytes that objects in both files have more now (negative: less). With `totals.size_delta` it
    /// makes what the heap has grown by.
    pub resized: i64,
    /// Every class with any new or deleted object: by `alloc_size` descending, then by `name` (in
    /// UTF-16 code units), then by `key`.
    pub classes: Vec<ClassRow>,
    /// For each class with any new object the shortest way to one of its objects: by the class's `new`
    /// descending, then by `name`, then by `key`. Not the same as the `chains` of a suspect. All
    /// together have at most one step for each 256 bytes of the newer file, or 10,000 (or the first one
    /// alone more); a chain that would go beyond is left out, and `notes` says how many are. JSON
    /// always has them; other reports may be made without.
    pub chains: Vec<ChainReport>,
    /// Names of all classes that either of the two files has.
    #[serde(skip)]
    pub class_names: BTreeSet<Text>,
    /// Names of all properties and variables, if they were [asked for](Need::members).
    #[serde(skip)]
    pub members: BTreeSet<String>,
    /// What the paths of all scripts that the report names have in common.
    #[serde(skip)]
    pub common_prefix: String,
    /// The gates and what came of them, those of the configuration first; empty if there are none.
    pub gates: Vec<Gate>,
    /// What the configuration tells to leave out; null if it tells nothing.
    pub ignored: Option<Ignored>,
    /// What the program did between the snapshots, if `heapdiff run` or `heapdiff watch` took them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// How the snapshots were taken, if that stands beside both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captured: Option<Captured>,
    /// What to know before trusting the figures, in English; mostly empty.
    pub notes: Vec<String>,
}

/// Name and version of the program.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Tool {
    /// `heapdiff`.
    pub name: &'static str,
    /// Version of the program.
    pub version: &'static str,
}

/// One file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Snapshot {
    /// The path as given; of a file in an archive the archive's path and the file's own behind it. What
    /// is not UTF-8 is replaced.
    pub path: String,
    /// Size of the file as it lies there, so the packed size of a compressed one; of a file in an
    /// archive its size there, of a stream what came in.
    pub file_bytes: u64,
    /// Number of nodes: objects, and the engine's own entries.
    pub nodes: u64,
    /// Number of edges: references.
    pub edges: u64,
    /// DevTools' total: all shallow sizes and `extra_native_bytes`.
    pub total_size: u64,
    /// Native memory that belongs to no node; null if the file does not say (before V8 13).
    pub extra_native_bytes: Option<u64>,
    /// What is missing of a file that is cut off and was read all the same; null if it is whole.
    pub truncated: Option<Truncated>,
    /// The mark of a file that `scrub` wrote, the same in all files of one run (`unknown` if it is none
    /// that `scrub` writes); null of any other file.
    pub scrubbed: Option<String>,
    /// The first of the files, counted from 1, that is this very snapshot; null if it is this one.
    pub same_as: Option<u64>,
}

/// What a file that is cut off lacks. If edges or names are lost in the first or the last file, there
/// are no containers, suspects and findings: what a container held cannot be told.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Truncated {
    /// Where the content ends, unpacked.
    pub byte: u64,
    /// Inside which part, in English.
    pub inside: &'static str,
    /// Edges that are missing.
    pub edges_lost: u64,
    /// Nodes whose name is missing; they are called `(lost)`.
    pub names_lost: u64,
    /// Edges that are there and whose name is missing; they are called `(lost)`.
    pub edge_names_lost: u64,
}

impl Tool {
    pub(crate) const fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

impl Snapshot {
    /// Says that and where the file is cut off, if it is.
    #[must_use]
    pub fn cut(&self) -> Option<String> {
        let cut = self.truncated.as_ref()?;
        let Truncated { byte, inside, .. } = cut;
        let lost = cut.lost().unwrap_or_else(|| "no edges and no names".into());
        Some(format!("{} ends inside {inside} (at byte {}); lost: {lost}", self.path, count(*byte)))
    }
}

impl Truncated {
    /// The edges and names that are missing, in words; `None` if there are none.
    #[must_use]
    pub fn lost(&self) -> Option<String> {
        let edges = (self.edges_lost > 0).then(|| format!("{} edges", count(self.edges_lost)));
        let names = match (self.names_lost, self.edge_names_lost) {
            (0, 0) => None,
            (0, lost) => Some(format!("the names of {} edges", count(lost))),
            (lost, _) => Some(format!("the names of {} objects", count(lost))),
        };
        match (edges, names) {
            (Some(edges), Some(names)) => Some(format!("{edges} and {names}")),
            (edges, names) => edges.or(names),
        }
    }
}

/// Something about the files that a reader must know before anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// `truncated`, `scrubbed`, `order`, `same-snapshot`, `two-programs` or `unsettled`.
    pub id: &'static str,
    /// A sentence without its full stop.
    pub text: String,
}

impl Report {
    /// Whether either file has a class of such a name.
    #[must_use]
    pub fn has_class(&self, glob: &Glob) -> bool {
        match glob.is_plain() {
            true => self.class_names.contains(&Text::from(glob.text().as_str())),
            false => self.class_names.iter().any(|name| glob.matches(&name.to_string_lossy())),
        }
    }

    /// The name of the class that was most likely meant, of all in both files; masked as names are.
    #[must_use]
    pub fn class_like(&self, name: &str) -> Option<String> {
        let names: Vec<String> = self.class_names.iter().map(Text::to_string_lossy).collect();
        nearest(name, names.iter().map(String::as_str)).map(masked)
    }

    /// What is wrong with the files or with how they were given. Whoever writes a report says so
    /// before anything else.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + '_ {
        let identity = &self.answer.identity;
        let swapped = identity.swapped.then_some(Warning {
            id: "order",
            text: "the second file looks older than the first; are they the wrong way round?"
                .into(),
        });
        let same = identity.same_snapshot.then_some(Warning {
            id: "same-snapshot",
            text: "both files are the same snapshot; take a second one to see what grew".into(),
        });
        let same = same.filter(|_| self.between.is_empty());
        let files: Vec<&Snapshot> = self.files().collect();
        let repeated = (files.len() > 2).then(|| repeats::said(&files)).into_iter().flatten();
        let repeated = repeated.map(|text| Warning { id: "same-snapshot", text });
        let apart_from = identity.two_programs.then_some(Warning {
            id: "two-programs",
            text: "the files look like those of two programs, which have hardly a script in common"
                .into(),
        });
        let cuts = self.cuts().map(|text| Warning { id: "truncated", text });
        let apart = self.scrubbed_apart().map(|text| Warning { id: "scrubbed", text });
        let unsettled = self.run.as_ref().and_then(|run| run.unsettled.clone());
        let unsettled = unsettled.map(|text| Warning { id: "unsettled", text });
        let warnings = cuts.chain(apart).chain(swapped).chain(same).chain(repeated);
        warnings.chain(apart_from).chain(unsettled)
    }

    /// Says which files have other texts than the rest, because not all were scrubbed at once.
    #[must_use]
    pub fn scrubbed_apart(&self) -> Option<String> {
        let first = &self.snapshots.before;
        let other = self.files().find(|file| file.scrubbed != first.scrubbed)?;
        let (one, other) = match &first.scrubbed {
            Some(_) => (&first.path, other),
            None => (&other.path, first),
        };
        let which = match &other.scrubbed {
            Some(_) => format!("{one} and {} were scrubbed in different runs", other.path),
            None => format!("{one} is scrubbed and {} is not", other.path),
        };
        Some(format!(
            "not scrubbed at once: equal texts look different, and the verdict may be wrong ({which})"
        ))
    }

    /// All files, oldest first.
    fn files(&self) -> impl Iterator<Item = &Snapshot> {
        let Pair { before, after } = &self.snapshots;
        [before].into_iter().chain(&self.between).chain([after])
    }

    /// The files that are cut off, each in a sentence.
    pub fn cuts(&self) -> impl Iterator<Item = String> + '_ {
        self.files().filter_map(Snapshot::cut)
    }
}

/// Sums of the fields of the same names over all classes.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Totals {
    /// Objects in the newer snapshot only: # New.
    pub new: u64,
    /// Objects in the older snapshot only: # Deleted.
    pub deleted: u64,
    /// `new` − `deleted`: # Delta.
    pub delta: i64,
    /// Shallow sizes of the new objects: Alloc. Size.
    pub alloc_size: u64,
    /// Shallow sizes of the deleted objects: Freed Size.
    pub freed_size: u64,
    /// `alloc_size` − `freed_size`: Size Delta.
    pub size_delta: i64,
}

impl Totals {
    /// Sums of some rows.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a ClassRow>) -> Self {
        let mut sum = Self::default();
        for row in rows {
            sum.new += row.new;
            sum.deleted += row.deleted;
            sum.delta = sum.delta.saturating_add(row.delta);
            sum.alloc_size = sum.alloc_size.saturating_add(row.alloc_size);
            sum.freed_size = sum.freed_size.saturating_add(row.freed_size);
            sum.size_delta = sum.size_delta.saturating_add(row.size_delta);
        }
        sum
    }
}

/// One class of the comparison. An object is the same in both files if it has the same id and class,
/// whatever `identity` says.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct ClassRow {
    /// DevTools' key of the class: `,NAME`, or `SCRIPT,LINE,COLUMN,NAME` for objects whose
    /// constructor's place is known (script id, line and column from 0). Unique in the list, unless it
    /// is masked.
    pub key: ClassKey,
    /// The name DevTools shows. Not unique, and for a class of plain objects that is in the older
    /// snapshot only, not always the name in `key`.
    pub name: Text,
    /// What its author calls it. Only where a source map tells of another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Text>,
    /// The same unmasked, if that looks like a secret: gates and patterns go by it, and it is not shown.
    #[serde(skip)]
    pub real: Option<Text>,
    /// Objects in the newer snapshot only: # New.
    pub new: u64,
    /// Objects in the older snapshot only: # Deleted.
    pub deleted: u64,
    /// `new` − `deleted`, which is also `after.count` − `before.count`: # Delta.
    pub delta: i64,
    /// Shallow sizes of the new objects: Alloc. Size.
    pub alloc_size: u64,
    /// Shallow sizes of the deleted objects: Freed Size.
    pub freed_size: u64,
    /// `alloc_size` − `freed_size`: Size Delta.
    pub size_delta: i64,
    /// Retained sizes (in the newer snapshot) of those new objects that no other new object of the
    /// class dominates.
    pub retained_new: u64,
    /// Whether the text folds the class as the engine's own: V8's internal kinds, arrays that belong to
    /// no object, and runtime objects that are all new and all deleted at once.
    pub engine: bool,
    /// The whole class in the older snapshot, its plain objects named by the shapes found in the newer
    /// one.
    pub before: ClassFigures,
    /// The whole class in the newer snapshot.
    pub after: ClassFigures,
}

impl ClassRow {
    /// What a pattern may know the class by: its name as it is shown, and as it is, in the script and in
    /// its source.
    pub fn names(&self) -> impl Iterator<Item = &Text> {
        [Some(&self.name), self.real.as_ref(), self.original.as_ref()].into_iter().flatten()
    }

    /// What people call it: as its author does, where that is known.
    #[must_use]
    pub fn shown(&self) -> &Text {
        self.original.as_ref().unwrap_or(&self.name)
    }
}
