//! A closure or an object in, the place in the source out.
//!
//! `locations` gives the script's number, line and column; the script's name is found over
//! some closure of it: closure → `shared` → `script` → `name`.

use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::objects::{Owner, Package, in_package, script, script_map, script_name, shared};
use crate::parse::{Location, NodeKind};
use crate::text::Text;
use std::collections::{BTreeSet, HashMap};

/// The names of all scripts that have a closure.
#[derive(Debug)]
pub struct Scripts(HashMap<u32, Script>);

/// A script of a heap.
#[derive(Debug)]
pub struct Script {
    /// Its name: a path or a URL.
    pub name: Text,
    /// Whose it is.
    pub owner: Owner,
    node: NodeIdx,
}

impl Script {
    /// What it says of its source map; what is longer than V8 tells is cut off.
    #[must_use]
    pub fn map(&self, heap: &Heap) -> Option<Text> {
        script_map(heap, self.node).map(|text| heap.raw_name(text))
    }
}

/// A place in the source; line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Place {
    /// Path or URL of the script, as in the file; empty for a script without a name. With a source map
    /// the file that the author wrote.
    pub file: Text,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// Whose the script is.
    pub owner: Owner,
    /// The package that it is of. Only of one, and where the path tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<Package>,
    /// The place in the script that runs. Only where a source map tells that it was made from this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiled: Option<Compiled>,
}

/// A place in a script as it runs; line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Compiled {
    /// The script's name: a path or a URL.
    pub file: Text,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl Place {
    /// A package's file as people call it: its name, its version where that is known, and the path
    /// in it, `undici@6.21.0 lib/client.js`. None for other files.
    #[must_use]
    pub fn in_package(&self) -> Option<String> {
        let version = self.package.as_ref().and_then(|package| package.version.as_deref());
        in_package(&self.file.to_string_lossy(), version).filter(|_| self.owner == Owner::Package)
    }
}

impl Scripts {
    /// Collects them.
    #[must_use]
    pub fn of(heap: &Heap) -> Self {
        let mut names = HashMap::new();
        let mut finder = ScriptFinder { heap, scripts: HashMap::new(), names: HashMap::new() };
        for (node, place) in heap.tables.locations.iter() {
            if heap.tables.nodes.kind(node) == NodeKind::Closure
                && !names.contains_key(&place.script)
                && let Some((node, name)) = finder.script_name(node)
            {
                let name = heap.raw_name(name);
                let owner = Owner::of(&name.to_string_lossy());
                names.insert(place.script, Script { name, owner, node });
            }
        }
        Self(names)
    }

    /// Where a closure is written, or an object's constructor.
    #[must_use]
    pub fn place(&self, heap: &Heap, node: NodeIdx) -> Option<Place> {
        self.named(heap.tables.locations.of(node)?)
    }

    /// A location with its script's name.
    #[must_use]
    pub fn named(&self, location: Location) -> Option<Place> {
        let script = self.get(location)?;
        Some(Place {
            file: script.name.clone(),
            owner: script.owner,
            package: None,
            compiled: None,
            line: location.line.saturating_add(1),
            column: location.column.saturating_add(1),
        })
    }

    /// The script that a location is in.
    #[must_use]
    pub fn get(&self, location: Location) -> Option<&Script> {
        self.0.get(&location.script)
    }

    /// The script of a name.
    #[must_use]
    pub fn by_name(&self, name: &Text) -> Option<&Script> {
        self.0.values().find(|script| script.name == *name)
    }

    /// What the program's own scripts are called, the same wherever it lies and however often it is
    /// built: without folders, ends, and what a bundler adds (`main-4f3c2a.js`).
    #[must_use]
    pub fn own(&self) -> BTreeSet<String> {
        let own = self.0.values().filter(|script| script.owner == Owner::Program);
        let stem = |name: String| {
            let name = name.split(['?', '#']).next().unwrap_or_default();
            let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
            let stem = last.split('.').next().unwrap_or_default();
            let hashed = stem.rsplit_once('-').filter(|(_, end)| end.contains(char::is_numeric));
            hashed.map_or(stem, |(stem, _)| stem).to_owned()
        };
        own.map(|script| stem(script.name.to_string_lossy())).filter(|s| !s.is_empty()).collect()
    }

    /// Whether the file tells of no script at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Finds the names of scripts. Many closures share one function, and many functions one script;
/// where these tell of no name, they are asked once all the same.
struct ScriptFinder<'a> {
    heap: &'a Heap,
    /// By what closures share.
    scripts: HashMap<NodeIdx, Option<NodeIdx>>,
    /// By script.
    names: HashMap<NodeIdx, Option<NodeIdx>>,
}

impl ScriptFinder<'_> {
    fn script_name(&mut self, closure: NodeIdx) -> Option<(NodeIdx, NodeIdx)> {
        let heap = self.heap;
        let shared = shared(heap, closure)?;
        let script = (*self.scripts.entry(shared).or_insert_with(|| script(heap, shared)))?;
        let name = *self.names.entry(script).or_insert_with(|| script_name(heap, script));
        Some((script, name?))
    }
}
