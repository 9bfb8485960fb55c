//! What Node.js calls its own.

use super::property;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::parse::{EdgeKind, NodeKind, Tables};

/// How its own things in C++ are called.
pub(super) const OWN: &str = "Node / ";

/// Whether a node is one that Node makes for each snapshot anew.
#[inline]
pub(crate) fn is_made_for_snapshot(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.nodes.kind(node) == NodeKind::Native
        && heap.tables.strings.starts_with(heap.tables.nodes.name(node), OWN)
}

/// Buffers that it fills and never lets grow beyond a limit: `performance` keeps the timings of 250
/// requests, and a free list of parsers a thousand. By the class of their owner (empty for a
/// variable), and by name.
const BOUNDED: [(&str, &str, u64); 2] =
    [("", "resourceTimingBuffer", 250), ("FreeList", "list", 1000)];

/// How many entries a buffer of the runtime can have, if it is one of those with a limit.
pub(crate) fn bounded_by_runtime(owner: &str, name: &str) -> Option<u64> {
    let known = BOUNDED.iter().find(|(class, called, _)| (*class, *called) == (owner, name));
    known.map(|(.., limit)| *limit)
}

/// Classes of what a program opens and has to close, as the runtime calls them.
const HANDLES: [&str; 25] = [
    "TCP",
    "TLSWrap",
    "TLSSocket",
    "Socket",
    "Pipe",
    "UDP",
    "TTY",
    "Process",
    "ChildProcess",
    "FSEvent",
    "FSWatcher",
    "StatWatcher",
    "FSReqCallback",
    "FileHandle",
    "ReadStream",
    "WriteStream",
    "ReadableStream",
    "WritableStream",
    "MessagePort",
    "Worker",
    "WORKER",
    "HTTPParser",
    "Http2Session",
    "Http2Stream",
    "WebSocket",
];

/// Whether it is a class of such things.
pub(crate) fn is_handle(class: &str) -> bool {
    HANDLES.contains(&class)
}

/// What such a thing is a part of, where a program opens the whole and never sees the part.
const WHOLES: [(&str, &str); 5] = [
    ("MessagePort", "Worker"),
    ("Process", "ChildProcess"),
    ("Pipe", "ChildProcess"),
    ("FSEvent", "FSWatcher"),
    ("TLSWrap", "TLSSocket"),
];

/// The class that a program opens when the runtime opens one of this class.
pub(crate) fn whole_of(class: &str) -> Option<&'static str> {
    WHOLES.iter().find(|(part, _)| *part == class).map(|(_, whole)| *whole)
}

/// What an emitter has its listeners in, by event.
pub(super) const EMITTER_TABLE: &str = "_events";
/// What an event target has them in, a part of the symbol's name.
pub(super) const TARGET_TABLE: &str = "kEvents";
/// Classes of what has listeners.
const EMITTERS: [&str; 2] = ["EventTarget", "EventEmitter"];
/// The class of one listener of an event target.
const LISTENER: &str = "Listener";
/// What abort signals that depend on each other know each other by, in parts of symbols' names, in
/// lower case.
const LINKED_SIGNALS: [&str; 4] =
    ["dependantsignals", "dependentsignals", "sourcesignals", "persistentsignals"];
/// What a timer calls.
const TIMER_CALLBACK: &str = "_onTimeout";
/// Timers of one length, and what `setTimeout()` and `setInterval()` make.
const TIMER_LIST: &str = "TimersList";
const TIMEOUT: &str = "Timeout";
const IMMEDIATE: &str = "Immediate";
/// The state of a stream, by what holds it.
const STREAM_STATES: [&str; 2] = ["_readableState", "_writableState"];
/// What an asynchronous call has its stores in, and parts of names of what leads there.
const ASYNC_CONTEXT: &str = "AsyncContextFrame";
const ASYNC_CONTEXT_LINKS: [&str; 3] =
    ["kResourceStore", "async_context_frame", "kAsyncContextFrame"];

/// Whether a name is that of what keeps listeners.
pub(crate) fn is_listener_table(word: &str) -> bool {
    word == EMITTER_TABLE || is_target_table(word)
}

/// Whether a class is one of what has listeners, and perhaps other things.
pub(crate) fn is_emitter(class: &str) -> bool {
    EMITTERS.contains(&class)
}

/// Whether a name is that of what an event target, an abort signal say, has its listeners in.
pub(crate) fn is_target_table(word: &str) -> bool {
    word.contains(TARGET_TABLE)
}

/// Whether it is the class of one listener of an event target.
pub(crate) fn is_listener(class: &str) -> bool {
    class == LISTENER
}

/// Whether abort signals that depend on each other know each other by a name.
pub(crate) fn links_signals(word: &str) -> bool {
    let word = word.to_lowercase();
    LINKED_SIGNALS.iter().any(|name| word.contains(name))
}

/// What timers are called in a heap.
pub(crate) fn timer_names(heap: &Heap) -> Vec<StrIdx> {
    let strings = &heap.tables.strings;
    let all = [TIMEOUT, IMMEDIATE].map(|name| strings.find(&name.into()));
    all.into_iter().flatten().collect()
}

/// Whether a property is the one with what a timer calls.
pub(crate) fn is_timer_callback(property: &str) -> bool {
    property == TIMER_CALLBACK
}

/// What a timer calls.
pub(crate) fn timer_callback(heap: &Heap, timer: NodeIdx) -> Option<NodeIdx> {
    property(heap, timer, TIMER_CALLBACK)
}

/// Whether it is the class of lists of timers.
pub(crate) fn is_timer_list(class: &str) -> bool {
    class == TIMER_LIST
}

/// Whether it is the class of what `setTimeout()` and `setInterval()` make.
pub(crate) fn is_timeout(class: &(impl PartialEq<str> + ?Sized)) -> bool {
    *class == *TIMEOUT
}

/// Whether a name is that of a stream's state.
pub(crate) fn is_stream_state(word: &str) -> bool {
    STREAM_STATES.contains(&word)
}

/// Whether an object has the state of a stream.
pub(crate) fn has_stream_state(heap: &Heap, node: NodeIdx) -> bool {
    let Tables { edges, strings, .. } = &heap.tables;
    let states = STREAM_STATES.map(|name| strings.find(&name.into()));
    let mut names = heap.tables.edges_of(node).filter_map(|edge| edges.name(edge));
    names.any(|name| states.contains(&Some(strings.canonical(name))))
}

/// Whether a name or a class is one over which asynchronous calls have their stores.
pub(crate) fn holds_async_context(word: &str) -> bool {
    word == ASYNC_CONTEXT || ASYNC_CONTEXT_LINKS.iter().any(|name| word.contains(name))
}

/// Properties that hold what an object of the runtime is made of.
const PLUMBING: [&str; 1] = [EMITTER_TABLE];

/// The same, by their names in one file.
pub(crate) struct Plumbing(Vec<StrIdx>);

impl Plumbing {
    pub(crate) fn of(heap: &Heap) -> Self {
        Self(PLUMBING.iter().filter_map(|name| heap.tables.strings.find(&(*name).into())).collect())
    }

    /// Whether an edge leads to such a thing.
    pub(crate) fn has(&self, heap: &Heap, edge: EdgeIdx) -> bool {
        let Tables { edges, strings, .. } = &heap.tables;
        edges.kind(edge) == EdgeKind::Property
            && self.0.contains(&strings.canonical(StrIdx(edges.label(edge))))
    }
}

/// Classes that any program has objects of.
pub(super) const CLASSES: &[&str] = &[
    "Timeout",
    "Immediate",
    "TimersList",
    "AbortSignal",
    "AbortController",
    "EventTarget",
    "EventEmitter",
    "Module",
    "ModuleWrap",
    "native_bind",
    "process",
    "global",
    "console",
];

/// Classes and functions of the module loader.
pub(crate) const LOADERS: &[&str] =
    &["Module", "ModuleLoader", "ModuleWrap", "ModuleJob", "ModuleMap", "LoadCache"];

/// Classes of sockets.
pub(crate) const SOCKETS: &[&str] = &["Socket", "TLSSocket", "TCP", "Http2Session"];

/// Classes of streams, sockets, requests and responses.
pub(crate) const STREAMS: &[&str] = &[
    "Socket",
    "TLSSocket",
    "TCP",
    "HTTPParser",
    "IncomingMessage",
    "ServerResponse",
    "ClientRequest",
    "OutgoingMessage",
    "Readable",
    "Writable",
    "Duplex",
    "Transform",
    "PassThrough",
    "ReadStream",
    "WriteStream",
    "ReadableState",
    "WritableState",
    "BodyReadable",
    "ReadableStream",
    "WritableStream",
    "FileHandle",
    "Http2Stream",
    "ServerHttp2Stream",
    "Response",
];

/// How the names of modules begin that belong together.
pub(super) const MODULE_FAMILIES: [&str; 3] = ["_http_", "_stream_", "_tls_"];

/// Modules of Node.
pub(super) const MODULES: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "crypto",
    "dgram",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "worker_threads",
    "zlib",
];
