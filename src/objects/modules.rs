//! A module in, the file that it stands for out.

use super::property;
use super::v8::is_cell;
use crate::graph::Heap;
use crate::ids::{NodeIdx, StrIdx};
use crate::parse::{NodeKind, Tables};

/// The class of CommonJS modules in Node.js, Electron and Bun.
const MODULE: &str = "Module";

/// What a module calls what it exports.
const EXPORTS: &str = "exports";

/// Whether a property is called as the one with what a module exports.
pub(crate) fn names_exports(heap: &Heap, property: StrIdx) -> bool {
    heap.tables.strings.is(property, EXPORTS)
}

/// What a module calls its file, the best name first: `id` of the first one is a dot.
const FILE: [&str; 3] = ["filename", "url", "id"];

/// The name of a module's file.
pub(crate) fn module_file(heap: &Heap, module: NodeIdx) -> Option<NodeIdx> {
    let name = FILE.iter().find_map(|name| property(heap, module, name))?;
    (heap.tables.nodes.kind(name) == NodeKind::String).then_some(name)
}

/// A module's URL without what tells one loading of its file from another: `import()` with a new
/// query loads it again.
pub(crate) fn file_of_url(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Whether it is a CommonJS module of a known file: what stands in its `exports` is a name that code
/// can use.
pub(crate) fn is_commonjs(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.nodes.kind(node) == NodeKind::Object
        && heap.tables.strings.is(heap.tables.nodes.name(node), MODULE)
        && module_file(heap, node).is_some()
}

/// What a module's record has cells in without their names: what it imports from other modules, and
/// what it exports once more. The names stand in the exporting module's table.
pub(crate) fn nameless_lists(heap: &Heap, record: NodeIdx) -> Vec<NodeIdx> {
    let Tables { nodes, edges, .. } = &heap.tables;
    let targets = |node| heap.tables.edges_of(node).map(|edge| edges.target(edge));
    let is_list = |list: &NodeIdx| {
        let holds = |is: &dyn Fn(NodeIdx) -> bool| targets(*list).any(is);
        nodes.kind(*list) == NodeKind::Array
            && holds(&|target| is_cell(heap, target))
            && !holds(&|target| nodes.kind(target) == NodeKind::String)
    };
    targets(record).filter(is_list).collect()
}
