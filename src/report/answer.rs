//! The answer's part of the report: verdict, containers, suspects, findings, and the memory
//! outside the heap that a snapshot knows of.

pub use super::own::{OwnPlace, Part};
pub use crate::chains::{Compiled, Place};
use crate::classes::ClassKey;
pub use crate::diagnose::{Pattern, Unfinished, VerdictKind};
pub use crate::diff::IdentityKind;
pub use crate::objects::{Owner, Package};
use crate::pair::Pair;
use crate::text::Text;
use serde::Serialize;

/// How far ids can be trusted.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IdentityReport {
    /// What equal ids mean.
    pub kind: IdentityKind,
    /// Share of the older file's ids that the newer one has too, 0 to 1.
    pub ids_kept: f64,
    /// Share of these whose kind and name agree, 0 to 1.
    pub agreement: f64,
    /// Whether the newer file looks older.
    pub swapped: bool,
    /// Whether both files are the same snapshot.
    pub same_snapshot: bool,
    /// Whether the files look like those of two programs, or of two runtimes.
    pub two_programs: bool,
    /// Whether containers and suspects go by ids (or else by structure).
    pub by_id: bool,
    /// Whether what is in both files stands in the same order in both, as in one process.
    pub in_order: bool,
}

/// What it comes to.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Verdict {
    /// The conclusion.
    pub kind: VerdictKind,
    /// The facts it rests on, a sentence each.
    pub reasons: Vec<String>,
}

/// Memory that the heap's objects hold outside of it, in bytes.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Outside {
    /// Backing stores of ArrayBuffers (and so of Buffers and typed arrays); null if the file has
    /// lost names.
    pub array_buffers: Option<u64>,
    /// Text of strings that lives outside; null if the file has lost names.
    pub external_strings: Option<u64>,
    /// Native memory that belongs to no object; null if the file does not say.
    pub extra_native_bytes: Option<u64>,
}

/// What holds the entries of a container: an object of a class, or a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Holder {
    /// Whose it is.
    pub owner: Owner,
    /// The package that it is of, if it is of one and the path tells of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<Package>,
    /// Where its class is written; null for a variable.
    pub location: Option<Place>,
}

impl Holder {
    /// One whose class is written there.
    pub(super) fn at(place: Place) -> Self {
        Self { owner: place.owner, package: place.package.clone(), location: Some(place) }
    }
}

/// A container by the scripts that run, where source maps tell of the files that they are made from.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CompiledContainer {
    /// As the path, without source maps: `server.mjs: sessions`.
    pub path: String,
    /// Made of that.
    pub fingerprint: String,
}

/// A container that holds more now.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ContainerReport {
    /// What people recognise: the file, shortly, and the name in it: `server.mjs: sessions`.
    pub path: String,
    /// The access path alone: `sessions`, `app.state.sessions`.
    pub name: String,
    /// Both as they are, where what is shown is masked: gates go by them.
    #[serde(skip)]
    pub real: Option<[String; 2]>,
    /// The script whose variable or export the path begins with; null if it begins elsewhere, or
    /// the file does not tell.
    pub file: Option<Text>,
    /// Whose that script is.
    #[serde(skip)]
    pub file_owner: Option<Owner>,
    /// Map, Set, Array, Object, list, rope, context or holder.
    pub kind: &'static str,
    /// The same in every run of the program: made of file, name without keys, and kind.
    pub fingerprint: String,
    /// What it is called and known by without source maps, where these change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled: Option<CompiledContainer>,
    /// Its class.
    pub class: Text,
    /// Its id in the newest snapshot.
    pub id: u64,
    /// Entries in the oldest snapshot.
    pub entries_before: u64,
    /// Entries in the newest snapshot.
    pub entries_after: u64,
    /// How it is known to be the one that was there before: `id`, `structure`, or `place` (it took the
    /// place of another one); `class` for what only the runtime holds.
    pub matched: &'static str,
    /// How sure: of the entries that it had, the share that is known again, 0 to 1; null if it had
    /// none. What was taken out of it is not there either.
    pub known_again: Option<f64>,
    /// Entries in every snapshot that has all its edges and names, oldest first.
    pub entries: Vec<u64>,
    /// Whether the counts are guessed from the container's size: numbers leave no edges.
    pub approximate: bool,
    /// How many containers at this place are taken together.
    pub together: u64,
    /// Bytes that the new entries retain.
    pub retained_new: u64,
    /// Whether it piles up, as far as can be seen.
    pub piles_up: bool,
    /// What holds it; null where the file does not tell.
    pub held_by: Option<Holder>,
    /// Why it is no leak, or what else should be known.
    pub note: Option<&'static str>,
    /// Where to look: where the functions are written that it was filled with, or the class that has
    /// it. Null for a variable, whose line the file does not tell.
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

/// A class whose objects pile up.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SuspectReport {
    /// Its name.
    pub class: Text,
    /// What it is called without source maps, where these change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_class: Option<Text>,
    /// The same as it is in the file, if that is masked.
    #[serde(skip)]
    pub real: Option<Text>,
    /// DevTools' public key.
    pub key: ClassKey,
    /// Number of its new objects (for numbers in place: of new entries).
    pub count: u64,
    /// Bytes that these retain.
    pub retained: u64,
    /// Path of the container they are in; null if the file does not tell.
    pub container: Option<String>,
    /// Where its constructor is written.
    pub location: Option<Place>,
    /// Classes that come along with it.
    pub inside: Vec<Inside>,
    /// The independent ways over which they are held, the most telling first.
    #[serde(rename = "chains")]
    pub ways: Vec<Way>,
    /// Bytes freed if all these ways are cut.
    pub frees_together: u64,
    /// Bytes that go with its objects: what they retain, or what cutting these ways frees for those
    /// entries alone that lead to them, if that is more, as of objects that hold each other in rings.
    #[serde(skip)]
    pub goes_with: u64,
    /// Whether nothing in the file holds them and they are many: such count as a leak.
    pub unheld: bool,
}

impl SuspectReport {
    /// What its class is called in the script.
    #[must_use]
    pub fn compiled(&self) -> &Text {
        self.compiled_class.as_ref().unwrap_or(&self.class)
    }

    /// Whether it is held in several ways of which cutting one frees next to nothing.
    #[must_use]
    pub fn needs_all_ways_cut(&self) -> bool {
        let little = |way: &Way| way.frees.saturating_mul(10) < self.frees_together;
        self.ways.len() > 1 && self.ways.iter().all(little)
    }
}

/// A class that comes along with a suspect.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Inside {
    /// Its name.
    pub class: Text,
    /// What it is called without source maps, where these change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_class: Option<Text>,
    /// Number of new objects that the suspect's objects lead to.
    pub count: u64,
}

/// One way over which a suspect's objects are held.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Way {
    /// How many of the new objects are held this way.
    pub share: u64,
    /// Of how many.
    pub total: u64,
    /// Bytes freed by removing the container's new entries.
    pub frees: u64,
    /// Path of the container on this way.
    pub container: String,
    /// From the root over the container to a typical object, and on to what weighs in it.
    pub steps: Vec<WayStep>,
}

/// What a step of a suspect's chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Leads to a name that the program's code can use.
    Root,
    /// On the way from there.
    Holder,
    /// The container.
    Container,
    /// Between the container and the suspect.
    Entry,
    /// The suspect itself.
    Object,
    /// What weighs in it.
    Inside,
}

/// One step of a suspect's chain.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WayStep {
    /// How the step before holds it, as code would say it: `.sessions`, `value of key`.
    pub label: String,
    /// V8's name of the edge that leads into it; empty for the root itself, as is its kind.
    pub edge: Text,
    /// V8's kind of that edge.
    pub edge_type: &'static str,
    /// Its class.
    pub class: Text,
    /// A closure's own name.
    pub name: Text,
    /// What the closure or the class is called without source maps, where these change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_name: Option<Text>,
    /// Its id.
    pub id: u64,
    /// Its retained size, in bytes.
    pub retained: u64,
    /// How many like steps stand here for one.
    pub times: u32,
    /// What the step is.
    pub role: Role,
    /// Where a closure is written, or an object's constructor.
    pub location: Option<Place>,
}

/// A pattern, what to do about it, and what it rests on.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Finding {
    /// The pattern.
    pub pattern: Pattern,
    /// What was begun and never finished; null where that is not why it piles up.
    pub unfinished: Option<Unfinished>,
    /// What was found.
    pub title: String,
    /// What to do.
    pub advice: &'static str,
    /// The numbers.
    pub evidence: String,
    /// The class that piles up; null where the finding is of several.
    pub class: Option<Text>,
    /// What the class is called without source maps, where these change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled_class: Option<Text>,
    /// Path of the container; null if the file does not tell.
    pub container: Option<String>,
    /// What holds the entries; null where the file does not tell.
    pub held_by: Option<Holder>,
    /// The first place of the program's own; null if there is none.
    pub own: Option<OwnPlace>,
    /// Whether all that leads to the entries is of packages, so that nothing in the program makes the
    /// leak as far as the file tells.
    pub dependency_only: bool,
    /// Where to look, the most telling place first, those of the program's own source before those of
    /// packages.
    pub locations: Vec<Place>,
    /// The script to look in, where a variable of it holds the container; null if another place says
    /// more, or the file does not tell.
    pub file: Option<Text>,
    /// The same in every run of the program: made of the container's, class and pattern.
    pub fingerprint: String,
    /// The same without source maps, where these change it.
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
    /// How far ids can be trusted.
    pub identity: IdentityReport,
    /// What it comes to.
    pub verdict: Verdict,
    /// Memory outside the heap.
    pub outside: Pair<Outside>,
    /// Containers that hold more now, heaviest first.
    pub containers: Vec<ContainerReport>,
    /// Classes that pile up, in order of suspicion.
    pub suspects: Vec<SuspectReport>,
    /// Patterns with evidence.
    pub findings: Vec<Finding>,
    /// Of several leaks the order in which to fix them: the one that frees most first. Empty if there are
    /// not two.
    pub fixes: Vec<FixReport>,
}
