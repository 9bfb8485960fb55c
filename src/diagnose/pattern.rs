//! What patterns of leaks there are.

use serde::Serialize;

/// What kind of leak it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Pattern {
    /// Callbacks of an event emitter, an event target or an observable that are not removed.
    EventListener,
    /// Entries of a Map, a Set or an object used as one that are not deleted.
    UnboundedMapOrSet,
    /// Elements of an array, or of a list of another kind, that are not removed.
    UnboundedArray,
    /// Entries of a cache without a limit.
    Cache,
    /// Timers that are not cleared, or what the callback of one collects.
    Timer,
    /// Variables that functions capture.
    ClosureContext,
    /// Reactions of a promise that does not settle.
    Promise,
    /// Listeners of an abort signal that outlives the calls.
    AbortSignal,
    /// Large backing stores that small views keep.
    DetachedBuffer,
    /// Elements that were removed from the page and are still held by JavaScript.
    DetachedDom,
    /// Long strings that slices or concatenations of them keep.
    StringParent,
    /// Stores of `AsyncLocalStorage` that timers and handles keep.
    AsyncContext,
    /// Sessions, clients or connections that are not removed when they end.
    SessionRegistry,
    /// Streams, sockets, requests or responses that are not read or closed.
    StreamSocket,
    /// Many new strings of equal text.
    DuplicateStrings,
    /// Entries of a `FinalizationRegistry` whose held value leads to the registered object.
    Finalization,
    /// Objects that nothing in the file holds, or only a table of the runtime.
    NoRetainer,
}

/// What was begun and never finished, where that is why things pile up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unfinished {
    /// Requests wait for answers that do not come.
    Request,
    /// Connections were opened and never closed.
    Connection,
}
