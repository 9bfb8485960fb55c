//! The answer's part of the report: verdict, containers, findings, and the memory outside the heap that a
//! snapshot knows of. Suspects are beside it.

pub use super::suspects::{Inside, Role, SuspectReport, Way, WayStep};
pub use crate::chains::{Compiled, Place};
pub use crate::diagnose::{Pattern, Unfinished, VerdictKind};
pub use crate::diff::IdentityKind;
pub use crate::objects::{Owner, Package};
use crate::pair::Pair;
use crate::text::Text;
use serde::Serialize;

/// Whether equal ids mean equal objects.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IdentityReport {
    /// What equal ids mean.
    pub kind: IdentityKind,
    /// How many of the older file's ids the newer one has too, 0 to 1. Below 0.05 `kind` is
    /// `unstable_ids`.
    pub ids_kept: f64,
    /// Of these (a regular sample of about 32,768, the same in every run), how many have the same kind
    /// and name in both files, 0 to 1. Below 0.95 `kind` is `different_process`.
    pub agreement: f64,
    /// Whether the second file looks older than the first. They are compared as given.
    pub swapped: bool,
    /// Whether both files are the same snapshot.
    pub same_snapshot: bool,
    /// Whether the files look like those of two programs, or of two runtimes.
    pub two_programs: bool,
    /// Whether `verdict`, `containers` and `suspects` go by ids, or else by structure. `--identity`
    /// decides it, else `kind`.
    pub by_id: bool,
    /// Whether what is in both files stands in the same order in both, as in one process; always true
    /// if `by_id`.
    pub in_order: bool,
}

/// What it comes to.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Verdict {
    /// The conclusion.
    pub kind: VerdictKind,
    /// The facts it rests on, a sentence each, in English.
    pub reasons: Vec<String>,
}

/// Memory outside the heap that the file knows of, in bytes. All of it is part of `total_size`. Of what
/// a native addon allocates it knows nothing.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Outside {
    /// Backing stores of ArrayBuffers, and so of Buffers and typed arrays; null if the file has lost
    /// names, by which they are known.
    pub array_buffers: Option<u64>,
    /// Text of strings that lives outside; null if the file has lost names.
    pub external_strings: Option<u64>,
    /// Native memory that belongs to no node; null if the file does not say.
    pub extra_native_bytes: Option<u64>,
}

/// What holds the entries of a container: the nearest object on the way of a class that is written
/// somewhere, a variable, or the runtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Holder {
    /// Whose it is.
    pub owner: Owner,
    /// The package that it is of. Only of one, and where the path tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<Package>,
    /// Where its class is written; null for a variable and for the runtime.
    pub location: Option<Place>,
}

impl Holder {
    /// One whose class is written there.
    pub(super) fn at(place: Place) -> Self {
        Self { owner: place.owner, package: place.package.clone(), location: Some(place) }
    }
}

/// What a place of the program has to do with a leak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// What holds the entries is written there.
    Holds,
    /// A function is written there that was put into the container.
    FilledFrom,
    /// The class is written there of what piles up, or of what holds it in an entry.
    Class,
    /// Over what is written there the container is reached.
    Leads,
}

/// A place of the program's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OwnPlace {
    /// What it has to do with the leak.
    pub part: Part,
    /// The file that it is in.
    pub file: Text,
    /// The place; null where only the file is known, whose variable it is.
    pub location: Option<Place>,
}

/// What a container is called and known by without source maps.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CompiledContainer {
    /// As `path` of the container.
    pub path: String,
    /// As `fingerprint` of the container.
    pub fingerprint: String,
}

/// An object that was there before and holds more now. In the list by `retained_new` descending; those
/// that have stopped growing, those of the module loader, and lists of the runtime's own timers come
/// last.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ContainerReport {
    /// What people call it: the file, shortly, and an access path as code in it has it: `server.mjs:
    /// cache`, `lru: store.byId`; the path alone where it begins at the global object: `sessions.byId`.
    /// A file of a package is called after the package, other files by the last part of their paths.
    /// `[…]` is any element or entry, `*` a step that is repeated. Of more than 192 steps the first 48
    /// and the last 144 are told, `…(511 more)…` between; a name of more than 200 code units, and a
    /// path of more than 1,000, are cut in the middle.
    pub path: String,
    /// The access path alone.
    pub name: String,
    /// Both as they are, where what is shown is masked: gates go by them.
    #[serde(skip)]
    pub real: Option<[String; 2]>,
    /// The script whose variable or export the path begins with; null if it begins elsewhere, or the
    /// file does not tell.
    pub file: Option<Text>,
    /// Whose that script is.
    #[serde(skip)]
    pub file_owner: Option<Owner>,
    /// `Map` (also WeakMap), `Set` (also WeakSet), `Array`, `Object` (properties), `list` (entries that
    /// hold each other), `rope` (concatenated strings), `context` (a function's variables), or `holder`
    /// (anything else).
    pub kind: &'static str,
    /// 16 hexadecimal digits, the same in every run of the program: made of `path` without keys in
    /// quotes and numbers of the engine, and of `kind`. Not of lines, ids, counts, or where the program
    /// is installed.
    pub fingerprint: String,
    /// What it is called and known by in the script. Only where source maps change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled: Option<CompiledContainer>,
    /// Its class, as DevTools names it.
    pub class: Text,
    /// Its id in the newest snapshot; of several taken together the heaviest one's.
    pub id: u64,
    /// Entries in the oldest snapshot.
    pub entries_before: u64,
    /// Entries in the newest snapshot.
    pub entries_after: u64,
    /// How it is known to be the one that was there before: `id`, `structure`, `place` (it stands where
    /// one stood that held less), or `class` (what only the runtime holds).
    pub matched: &'static str,
    /// How sure that is: of the entries that it had, how many it still has, 0 to 1. What was taken out
    /// of it lowers it as well. Null if it had none.
    pub known_again: Option<f64>,
    /// Entries in every snapshot, oldest first; the first and the last are the two above. A snapshot
    /// between them that has lost edges or names is left out.
    pub entries: Vec<u64>,
    /// Whether the counts are computed from the container's size, because small integers and doubles
    /// leave no edges.
    pub approximate: bool,
    /// How many containers at like places are counted as one here (the arrays in a Map of arrays);
    /// mostly 1.
    pub together: u64,
    /// Bytes that its new entries retain, none counted twice. Of an entry that retains mostly older
    /// objects, only what is new counts.
    pub retained_new: u64,
    /// Whether it counts for `leak_likely`.
    pub piles_up: bool,
    /// What holds it; null where the file does not tell.
    pub held_by: Option<Holder>,
    /// Why it does not, if that is not for its size, in English: `filled once, then stopped growing`.
    pub note: Option<&'static str>,
    /// Where to look: where the functions are written that it was filled with (listeners, callbacks),
    /// or else the nearest class of the program that has it. Null for a variable, whose line the file
    /// does not tell.
    pub location: Option<Place>,
}

impl ContainerReport {
    /// Whether three snapshots or more have seen it grow from each to the next.
    #[must_use]
    pub fn only_grows(&self) -> bool {
        self.entries.len() > 2 && self.entries.windows(2).all(|two| two[0] < two[1])
    }
}

impl Answer {
    /// How many containers pile up that neither a finding names nor one of the ways that a named one's
    /// objects are held by.
    #[must_use]
    pub fn without_advice(&self) -> usize {
        let told = |container: &ContainerReport| {
            let named = |path: Option<&String>| {
                self.findings.iter().any(|f| f.container.is_some() && f.container.as_ref() == path)
            };
            let mut chains = self.suspects.iter().filter(|s| named(s.container.as_ref()));
            named(Some(&container.path))
                || chains.any(|s| s.ways.iter().any(|chain| chain.container == container.path))
        };
        self.containers.iter().filter(|c| c.piles_up && !told(c)).count()
    }
}

/// What kind of leak it is, what to do, and what that rests on. Of each container that piles up the
/// first pattern of its first suspect, of each suspect that nothing holds its first pattern, and at
/// last `duplicate-strings`, if it applies.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Finding {
    /// What kind of leak it is.
    pub pattern: Pattern,
    /// What was begun and never finished; null where that is not why it piles up.
    pub unfinished: Option<Unfinished>,
    /// What was found, in English.
    pub title: String,
    /// What to do, in English.
    pub advice: &'static str,
    /// The numbers it rests on, in English.
    pub evidence: String,
    /// `class` of the suspect; null for `duplicate-strings`.
    pub class: Option<Text>,
    /// What the class is called in the script. Only where source maps change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_class: Option<Text>,
    /// `path` of the container; null if the file does not tell.
    pub container: Option<String>,
    /// What holds the entries; null where the file does not tell.
    pub held_by: Option<Holder>,
    /// The first place of the program's own; null if there is none.
    pub own: Option<OwnPlace>,
    /// Whether all that leads to the entries is of packages, so that nothing in the program makes the
    /// leak as far as the file tells.
    pub dependency_only: bool,
    /// Where to look, the most telling place first: the `location` of the container, the functions on
    /// the way, the suspect's class; the program's own files before those of packages. None twice;
    /// often empty.
    pub locations: Vec<Place>,
    /// The script whose variable holds the container, to look in where no place says more.
    pub file: Option<Text>,
    /// The same in every run of the program: made of the container's, `class` and `pattern`.
    pub fingerprint: String,
    /// The same without source maps. Only where these change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_fingerprint: Option<String>,
}

/// One leak of several, and what mending it frees.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FixReport {
    /// Paths of the containers that have to let go of their new entries: several where these hold the same.
    pub containers: Vec<String>,
    /// Bytes of what is new that this alone frees.
    pub frees: u64,
    /// Bytes of what is new that this frees with all those before it.
    pub frees_so_far: u64,
}

/// The whole answer.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Answer {
    /// Whether equal ids mean equal objects.
    pub identity: IdentityReport,
    /// What it comes to.
    pub verdict: Verdict,
    /// Memory outside the heap that the files know of.
    pub outside: Pair<Outside>,
    /// Containers that hold more now.
    pub containers: Vec<ContainerReport>,
    /// Classes that pile up and why they stay, in order of suspicion.
    pub suspects: Vec<SuspectReport>,
    /// What kind of leaks they are, and what to do.
    pub findings: Vec<Finding>,
    /// Of several leaks the order in which to fix them: the one that frees most first. Empty if there are
    /// not two.
    pub fixes: Vec<FixReport>,
}
