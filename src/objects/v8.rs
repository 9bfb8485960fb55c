//! What V8 calls its own.

use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::parse::{EdgeKind, NodeKind};
use crate::text::Text;

/// How the names of its own things begin.
pub(super) const OWN: &str = "system / ";
/// A function's variables, which closures share.
pub(super) const SCOPE: &str = "system / Context";
/// The record of an ES module.
pub(super) const MODULE_RECORD: &str = "system / SourceTextModule";
/// What holds one variable, or one thing that a module exports.
pub(super) const CELL: &str = "system / Cell";
/// What a promise does once it is settled; those of one promise are a list.
pub(super) const REACTION: &str = "system / PromiseReaction";
/// What describes a function's variables, and the beginning of what scripts are called.
pub(super) const SCOPE_INFO: &str = "system / ScopeInfo";
pub(super) const SCRIPT: &str = "system / Script";
/// What the bytes of a buffer lie in.
const BYTE_STORE: &str = "system / JSArrayBufferData";
/// Views of it byte by byte, Node's own ones among them.
const BYTES: [&str; 3] = ["Buffer", "Uint8Array", "FastBuffer"];
/// A call that waits: of a generator, or of a module's code.
const GENERATOR: &str = "Generator";
const PROMISE: &str = "Promise";
const FINALIZATION: &str = "FinalizationRegistry";
/// The global object, perhaps with the page's address behind.
const GLOBAL: &str = "global";
/// How a native context holds it: the only name that it has where the root does not lead to it.
const GLOBAL_OBJECT: &str = "global_object";
/// How a symbol is written where it stands for a name.
pub(super) const SYMBOL: &str = "<symbol ";
/// Classes that only connect, and the classes that DevTools makes of roots and of parts.
const GLUE: [&str; 5] = ["Function", PROMISE, GENERATOR, "(synthetic)", "(system)"];

/// What leads from a container to its hash table.
pub(super) const TABLE: &str = "table";
/// What leads from an array, or an object with numbers for names, to what it holds.
pub(super) const ELEMENTS: &str = "elements";
/// What leads from a function to the variables around it.
pub(super) const CONTEXT: &str = "context";
/// What leads from an object to its prototype.
pub(crate) const PROTO: &str = "__proto__";
/// What leads from a rope to its halves.
pub(crate) const ROPE_HALVES: [&str; 2] = ["first", "second"];

/// The root of its own list, and of what C++ code has registered.
const STRONG_ROOTS: &str = "(Strong roots)";

/// The hole: an oddball up to V8 12, and a kind of its own since.
pub(super) const HOLES: [&str; 2] = [ODDBALL, "system / Hole"];

/// What stands for the text of a part of another string, up to V8 12.
const SLICE: &str = "(sliced string)";
/// What is one of a kind: true, false, null, undefined, and what stands where nothing does.
const ODDBALL: &str = "system / Oddball";
/// What an accessor has its two functions in.
const ACCESSORS: &str = "system / AccessorPair";

/// Classes of the language, whose names say what objects are and not what they are for.
pub(super) const CLASSES: &[&str] = &[
    "Object",
    "Array",
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "WeakRef",
    "Promise",
    "Date",
    "RegExp",
    "Function",
    "Error",
    "TypeError",
    "RangeError",
    "SyntaxError",
    "AggregateError",
    "Symbol",
    "ArrayBuffer",
    "SharedArrayBuffer",
    "DataView",
    "Buffer",
    "Generator",
    "AsyncGenerator",
    "AsyncFunction",
    "Arguments",
    "Number",
    "String",
    "Boolean",
    "BigInt",
    "Proxy",
    "Iterator",
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "FinalizationRegistry",
    "FastBuffer",
    "AsyncContextFrame",
];

/// The engine's roots that hold what they hold because a call is in progress.
pub(super) const PASSING_ROOTS: [&str; 3] = ["(Stack roots)", "(Handle scope)", "(Relocatable)"];

/// Those that hold it because code was compiled, or for the engine itself.
pub(super) const ENGINE_ROOTS: [&str; 13] = [
    "(Isolate)",
    "(Micro tasks)",
    "(Debugger)",
    "(Weak roots)",
    "(Internalized strings)",
    "(Startup object cache)",
    "(Builtins)",
    "(Shareable object cache)",
    "(Read-only roots)",
    "(External strings)",
    "(Bootstrapper)",
    "(Compilation cache)",
    "(Code flusher)",
];

fn is_called(heap: &Heap, node: NodeIdx, name: &str) -> bool {
    heap.tables.strings.starts_with(heap.tables.nodes.name(node), name)
}

/// Whether a node is called as a function's variables are.
#[inline]
pub(crate) fn is_scope(heap: &Heap, node: NodeIdx) -> bool {
    is_called(heap, node, SCOPE)
}

/// Whether a node is called as the record of an ES module is.
#[inline]
pub(crate) fn is_module_record(heap: &Heap, node: NodeIdx) -> bool {
    is_called(heap, node, MODULE_RECORD)
}

/// Whether a node holds one variable, or one thing that a module exports.
pub(crate) fn is_cell(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.nodes.kind(node) == NodeKind::Hidden && is_called(heap, node, CELL)
}

/// Whether a string is a part of another one whose text the file does not have.
pub(crate) fn is_unwritten(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.nodes.kind(node) == NodeKind::SlicedString && is_called(heap, node, SLICE)
}

/// Whether a node is true, false, null or undefined, or stands where nothing does.
pub(super) fn is_oddball(heap: &Heap, node: NodeIdx) -> bool {
    is_called(heap, node, ODDBALL)
}

/// Whether a node is what an accessor has its two functions in.
pub(super) fn is_accessor_pair(heap: &Heap, node: NodeIdx) -> bool {
    is_called(heap, node, ACCESSORS)
}

/// Whether an object is a call that waits.
pub(crate) fn is_generator(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.nodes.kind(node) == NodeKind::Object
        && heap.tables.strings.is(heap.tables.nodes.name(node), GENERATOR)
}

/// What a call reaches by name: a function, its variables, the code of a module.
pub(crate) fn is_in_reach_of_call(heap: &Heap, node: NodeIdx) -> bool {
    match heap.tables.nodes.kind(node) {
        NodeKind::Closure => true,
        NodeKind::Object => is_scope(heap, node) || is_called(heap, node, GENERATOR),
        NodeKind::Hidden => is_module_record(heap, node),
        _ => false,
    }
}

/// V8 has two roots of one name: its own list, and what C++ code has registered for as long as it
/// works on it, by number and label (`17 / IdentityMapBase`). Whether this is the second one.
pub(crate) fn has_registered(heap: &Heap, root: NodeIdx) -> bool {
    const LONGEST: usize = 64;
    let tables = &heap.tables;
    if !is_called(heap, root, STRONG_ROOTS) {
        return false;
    }
    let mut names = tables.edges_of(root).filter_map(|edge| tables.edges.name(edge));
    names.any(|name| {
        let text = &tables.strings.input().bytes()[tables.strings.place(name)];
        let digits = text.iter().take(LONGEST).take_while(|byte| byte.is_ascii_digit()).count();
        digits > 0 && text[digits..].starts_with(b" / ")
    })
}

/// Whether a node is one of the engine's roots: these stand in brackets.
pub(crate) fn is_engine_root(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.nodes.kind(node) == NodeKind::Synthetic && is_called(heap, node, "(")
}

/// Whether a node is called as the global object is.
pub(super) fn is_global(heap: &Heap, node: NodeIdx) -> bool {
    is_called(heap, node, GLOBAL)
}

/// Whether an edge leads from the context of a realm to its global object.
pub(crate) fn leads_to_global(heap: &Heap, edge: EdgeIdx) -> bool {
    is_internal(heap, edge, GLOBAL_OBJECT)
}

/// Whether a node is a promise, or waits in a promise's list.
pub(crate) fn is_of_promise(heap: &Heap, node: NodeIdx) -> bool {
    let name = heap.tables.nodes.name(node);
    is_called(heap, node, REACTION) || heap.tables.strings.is(name, PROMISE)
}

/// Whether a node is a promise.
pub(super) fn is_promise_node(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.nodes.kind(node) == NodeKind::Object
        && heap.tables.strings.is(heap.tables.nodes.name(node), PROMISE)
}

/// Whether it is the class of promises.
pub(crate) fn is_promise(class: &str) -> bool {
    class == PROMISE
}

/// Whether it is the class of what calls back when objects are gone.
pub(crate) fn is_finalization_registry(class: &str) -> bool {
    class == FINALIZATION
}

/// Whether it is a class of buffers that are seen byte by byte.
pub(crate) fn is_bytes(class: &Text) -> bool {
    BYTES.iter().any(|bytes| *class == **bytes)
}

/// Whether it is the class of what the bytes of buffers lie in.
pub(crate) fn is_byte_store(class: &Text) -> bool {
    *class == *BYTE_STORE
}

/// Whether a class is the engine's own: its parts, and values that are no objects.
pub(crate) fn is_engine_class(class: &str) -> bool {
    class.starts_with('(') || class.starts_with(OWN)
}

/// Classes in brackets of what a program has itself.
const VALUES: [&str; 7] = [
    "(string)",
    "(concatenated string)",
    "(sliced string)",
    "(number)",
    "(bigint)",
    "(symbol)",
    "(regexp)",
];

/// Whether a class is that of parts which only the engine has.
pub(super) fn is_part(class: &str) -> bool {
    is_engine_class(class) && !VALUES.contains(&class)
}

/// Whether a class is one of the objects that V8 makes for its own use, such as contexts.
pub(crate) fn is_engine_object(class: &Text) -> bool {
    class.starts_with(OWN)
}

/// Whether things of a class only connect others, by the names of the language and the engine.
pub(super) fn is_glue(class: &str) -> bool {
    GLUE.contains(&class) || class.starts_with(OWN)
}

/// The name of a symbol, if a property's name is one.
pub(crate) fn symbol(name: &str) -> Option<&str> {
    name.strip_prefix(SYMBOL)?.strip_suffix('>')
}

/// Whether a name, in UTF-8, is a symbol's.
pub(crate) fn is_symbol(name: &[u8]) -> bool {
    name.starts_with(SYMBOL.as_bytes())
}

/// Whether an edge leads from a container to its hash table.
pub(crate) fn leads_to_table(heap: &Heap, edge: EdgeIdx) -> bool {
    is_internal(heap, edge, TABLE)
}

/// Whether an edge leads from an array, or an object with numbers for names, to what it holds.
pub(crate) fn leads_to_elements(heap: &Heap, edge: EdgeIdx) -> bool {
    is_internal(heap, edge, ELEMENTS)
}

/// Whether an internal edge of this name leads from a function to the variables around it.
pub(crate) fn names_context(heap: &Heap, name: StrIdx) -> bool {
    heap.tables.strings.is(name, CONTEXT)
}

fn is_internal(heap: &Heap, edge: EdgeIdx, name: &str) -> bool {
    let tables = &heap.tables;
    tables.edges.kind(edge) == EdgeKind::Internal
        && tables.edges.name(edge).is_some_and(|n| tables.strings.is(n, name))
}
