//! A heap's texts in, what a report may say of them out. Every text of a heap passes here, and
//! nowhere else is decided what is shown: values of strings, and what looks like a secret.

use super::{Options, StringFacts};
use crate::chains::{Compiled, Place};
use crate::classes::{ClassKey, DisplayNames};
use crate::diff::Comparison;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::Package;
use crate::parse::NodeKind;
use crate::parse::{KEY, TABLE, VALUE, may_name_entry};
use crate::secret;
use crate::text::Text;
use std::borrow::Cow;

/// Code units of a name in a report.
const LONGEST: u64 = 4000;
/// And of names of which there are so many that a report would be longer than the file by far.
const SHORTEST: u64 = 200;
/// So many names together are so many times as long as the file.
const SHARE: u64 = 2;

/// Code units of each name, where so many are told of a file of so many bytes.
pub(crate) fn longest(bytes: u64, names: usize) -> usize {
    let each = bytes.saturating_mul(SHARE) / (names as u64).max(1);
    each.clamp(SHORTEST, LONGEST) as usize
}

/// What may be shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redactor {
    strings: bool,
    secrets: bool,
    longest: usize,
}

impl Redactor {
    pub(super) fn new(options: &Options, comparison: &Comparison) -> Self {
        let bytes = comparison.heaps.after.tables.file_bytes;
        let longest = longest(bytes, comparison.deltas().len());
        Self { strings: options.show_strings, secrets: options.show_secrets, longest }
    }

    /// One for a reader who may see this, of names with so many code units at most.
    pub(crate) const fn of(strings: bool, secrets: bool, longest: usize) -> Self {
        Self { strings, secrets, longest }
    }

    /// The same where so many names are said beside those of the classes.
    pub(super) fn saying(self, bytes: u64, names: usize) -> Self {
        Self { longest: self.longest.min(longest(bytes, names)), ..self }
    }

    /// A name: of a class, a function, a property, a script.
    pub(crate) fn name(self, name: &Text) -> Text {
        let name = name.shortened(self.longest);
        if self.secrets { name.into_owned() } else { secret::mask(&name).into_owned() }
    }

    /// A class as it is known in both snapshots.
    pub(crate) fn key(self, key: &ClassKey) -> ClassKey {
        ClassKey { name: self.name(&key.name), location: key.location }
    }

    /// Whether a name is not shown as it is.
    pub(super) fn hides(self, name: &Text) -> bool {
        !self.secrets && matches!(secret::mask(name), Cow::Owned(_))
    }

    /// Whether the values of strings may be shown.
    pub(super) const fn shows_strings(self) -> bool {
        self.strings
    }

    /// Whether names are not masked.
    pub(super) const fn is_open(self) -> bool {
        self.secrets
    }

    /// The same without masking names: for gates, which nobody sees.
    pub(super) const fn open(self) -> Self {
        Self { secrets: true, ..self }
    }

    /// A place in the source.
    pub(crate) fn place(self, place: Place) -> Place {
        let compiled = |place: Compiled| Compiled { file: self.name(&place.file), ..place };
        let (file, compiled) = (self.name(&place.file), place.compiled.map(compiled));
        let package = place.package.map(|package| self.package(package));
        Place { file, compiled, package, ..place }
    }

    /// A package, as a path and a file on disk tell of it.
    pub(crate) fn package(self, package: Package) -> Package {
        let shown = |text: String| self.name(&Text::from(text.as_str())).to_string_lossy();
        Package { name: shown(package.name), version: package.version.map(shown) }
    }

    /// An edge's name. V8 names a WeakMap's entry after its key and its value: if the value is a
    /// string, that part is masked.
    pub(crate) fn edge(self, heap: &Heap, edge: EdgeIdx) -> Text {
        let name = heap.edge_name(edge);
        let ends = [heap.tables.nodes.source(edge), heap.tables.edges.target(edge)];
        let [key, value] = ends.map(|node| is_string(heap.tables.nodes.kind(node)));
        if self.strings || !(key || value) || !may_name_entry(&name) {
            return self.name(&name);
        }
        let masked = if key { None } else { without_value(&name.to_string_lossy()) };
        self.name(&Text::from(masked.as_deref().unwrap_or(ENTRY)))
    }

    /// The name of a reference as a part of an access path.
    pub(crate) fn label(self, name: &Text) -> Text {
        if !self.strings && may_name_entry(name) { ENTRY.into() } else { self.name(name) }
    }

    /// What is said of a string; `None` for other nodes.
    pub(crate) fn value(
        self,
        heap: &Heap,
        names: &mut DisplayNames<'_>,
        node: NodeIdx,
    ) -> Option<StringFacts> {
        if !is_string(heap.tables.nodes.kind(node)) {
            return None;
        }
        Some(self.text(&names.of(node)))
    }

    /// What is said of a string's text.
    pub(crate) fn text(self, value: &Text) -> StringFacts {
        StringFacts {
            length: value.len() as u64,
            hash: format!("{:08x}", value.fnv1a()),
            value: self.strings.then(|| self.name(value)),
        }
    }
}

/// A name that is said to somebody who has not asked for secrets.
pub(crate) fn masked(name: &str) -> String {
    masked_text(&Text::from(name)).to_string_lossy()
}

/// The same of a text as a heap has it.
pub(crate) fn masked_text(name: &Text) -> Text {
    secret::mask(name).into_owned()
}

/// Stands for the name of a WeakMap's entry that cannot be taken apart.
const ENTRY: &str = "a WeakMap's entry";

/// The name of a WeakMap's entry without its value, which may hold anything, the words around it
/// among them: so all that stands between the first ones and the last ones is left out.
fn without_value(name: &str) -> Option<String> {
    let is_id = |id: &str| id == "%u" || (!id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
    let ends_with_id = |text: &str| text.rsplit_once(" @").is_some_and(|(_, id)| is_id(id));
    let (head, rest) = name.split_once(VALUE)?;
    let (number, key) = head.split_once(KEY)?;
    let (value, table) = rest.rsplit_once(TABLE)?;
    let (_, id) = value.rsplit_once(" @")?;
    let sound = number.bytes().all(|b| b.is_ascii_digit())
        && ends_with_id(key)
        && is_id(id)
        && table.strip_suffix(')').is_some_and(is_id);
    sound.then(|| format!("{head}{VALUE}string @{id}{TABLE}{table}"))
}

const fn is_string(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::String | NodeKind::ConsString | NodeKind::SlicedString)
}
