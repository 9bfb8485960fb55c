//! What Node.js calls its own.

use crate::graph::Heap;
use crate::ids::{EdgeIdx, StrIdx};
use crate::parse::{EdgeKind, Tables};

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

/// Properties that hold what an object of the runtime is made of.
const PLUMBING: [&str; 1] = ["_events"];

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

/// How the runtime's own scripts begin: Node's, Bun's, Deno's, Chromium's.
const SCRIPTS: [&str; 7] =
    ["node:", "internal/", "ext:", "bun:", "deno:", "native ", "extensions::"];

/// Whether a script is the runtime's own: `node:net`, `internal/timers`, `net.js` and `ext:core` are.
pub(crate) fn is_runtime_file(name: &str) -> bool {
    // Node up to 14 calls its own modules by their file names alone.
    let module = name.strip_suffix(".js").unwrap_or("");
    SCRIPTS.iter().any(|prefix| name.starts_with(prefix))
        || MODULES.contains(&module)
        || ["_http_", "_stream_", "_tls_"].iter().any(|prefix| module.starts_with(prefix))
}

/// Modules of Node.
const MODULES: &[&str] = &[
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
