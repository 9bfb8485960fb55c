//! What patterns of leaks there are.

use serde::Serialize;

/// What kind of leak it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum Pattern {
    EventListener,
    UnboundedMapOrSet,
    UnboundedArray,
    Cache,
    Timer,
    ClosureContext,
    Promise,
    AbortSignal,
    DetachedBuffer,
    DetachedDom,
    StringParent,
    AsyncContext,
    SessionRegistry,
    StreamSocket,
    DuplicateStrings,
    Finalization,
    NoRetainer,
}
