//! What V8 calls its own.

/// The hole: an oddball up to V8 12, and a kind of its own since.
pub(super) const HOLES: [&str; 2] = ["system / Oddball", "system / Hole"];

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
pub(crate) const PASSING_ROOTS: [&str; 3] = ["(Stack roots)", "(Handle scope)", "(Relocatable)"];

/// Those that hold it because code was compiled, or for the engine itself.
pub(crate) const ENGINE_ROOTS: [&str; 13] = [
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
