//! A function in, the script that it is written in out; the name of a script in, whether it is the
//! runtime's own out.

use super::internal;
use super::node::{MODULE_FAMILIES, MODULES};
use super::packages::is_packaged;
use super::v8::OWN;
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::parse::{EdgeKind, NodeKind};
use serde::Serialize;

/// How the runtime's own scripts begin.
const SCRIPTS: [&str; 7] = [
    "node:",
    "internal/",
    // Deno's.
    "ext:",
    "deno:",
    // Bun's.
    "bun:",
    // V8's, and Chromium's.
    "native ",
    "extensions::",
];

/// Where Node's module loader is written, and what runs before it.
const LOADER: [&str; 2] = ["internal/modules/", "internal/bootstrap/"];

/// Whose a script is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Owner {
    /// The program's own.
    Program,
    /// Of a package that the program depends on.
    Package,
    /// The runtime's.
    Runtime,
}

impl Owner {
    /// By the script's path or URL.
    #[must_use]
    pub fn of(script: &str) -> Self {
        match () {
            () if is_runtime_file(script) => Self::Runtime,
            () if is_packaged(&script.replace('\\', "/")) => Self::Package,
            () => Self::Program,
        }
    }
}

/// What all closures of one function share.
pub(crate) fn shared(heap: &Heap, closure: NodeIdx) -> Option<NodeIdx> {
    internal(heap, closure, "shared")
}

/// The script that what closures share is written in.
pub(crate) fn script(heap: &Heap, shared: NodeIdx) -> Option<NodeIdx> {
    internal(heap, shared, "script").or_else(|| internal(heap, shared, "script_or_debug_info"))
}

/// The node with a script's name: a string of its own, or else the script itself, which V8 calls the
/// same where it has a name that is no flat string.
pub(crate) fn script_name(heap: &Heap, script: NodeIdx) -> Option<NodeIdx> {
    let name = internal(heap, script, "name")?;
    match heap.tables.nodes.kind(name) {
        NodeKind::String => Some(name),
        NodeKind::SlicedString | NodeKind::ConsString => {
            let own = heap.raw_name(script);
            (!own.starts_with("(") && !own.starts_with(OWN)).then_some(script)
        }
        _ => None,
    }
}

/// What a script says of its source map. V8 tells of it without a name, last of its strings.
pub(crate) fn script_map(heap: &Heap, script: NodeIdx) -> Option<NodeIdx> {
    let edges = &heap.tables.edges;
    let nameless =
        heap.tables.edges_of(script).filter(|edge| edges.kind(*edge) == EdgeKind::Hidden);
    let is_string = |node: &NodeIdx| heap.tables.nodes.kind(*node) == NodeKind::String;
    nameless.map(|edge| edges.target(edge)).filter(is_string).last()
}

/// Whether a script is the runtime's own: `node:net`, `internal/timers`, `net.js` and `ext:core` are.
fn is_runtime_file(name: &str) -> bool {
    // Node up to 14 calls its own modules by their file names alone.
    let module = name.strip_suffix(".js").unwrap_or("");
    SCRIPTS.iter().any(|prefix| name.starts_with(prefix))
        || MODULES.contains(&module)
        || MODULE_FAMILIES.iter().any(|prefix| module.starts_with(prefix))
}

/// Whether a script is of the module loader.
pub(crate) fn is_loader_file(name: &str) -> bool {
    LOADER.iter().any(|folder| name.contains(folder))
}
