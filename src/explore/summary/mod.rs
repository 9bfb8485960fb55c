//! One snapshot in, what it is made of out: a part for each question that people ask first.

mod classes;
mod closures;
mod containers;
mod copies;
mod detached;
mod dominators;
mod events;
mod grouped;
mod totals;
mod unread;
mod waiting;
mod whole;

use super::answer::Object;
use crate::classes::ClassKey;
use crate::report::answer::Outside;
use crate::text::Text;
use serde::Serialize;

/// What a snapshot is made of.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Summary {
    /// DevTools' total: the sizes of all objects and the native memory beside them.
    pub total_size: u64,
    /// Number of objects, the engine's parts among them.
    pub nodes: u64,
    /// So many rows of a list are told at most; of the classes a text tells so many.
    pub limit: u64,
    /// All of V8's kinds that there are objects of, heaviest first. With the native memory beside them
    /// they make the total.
    pub kinds: Vec<KindRow>,
    /// DevTools' Statistics.
    pub statistics: Statistics,
    /// All classes, in DevTools' order: retained size descending, then by name.
    pub classes: Vec<ClassSummary>,
    /// The objects that retain most, none inside another one.
    pub dominators: Rows<Heavy>,
    /// Containers by their number of entries.
    pub containers: Rows<Holding>,
    /// Strings of equal text.
    pub copies: Copies,
    /// Nodes of the DOM that are in no document, by class.
    pub detached: Rows<DetachedRow>,
    /// Variables that functions keep, by whose variables they are.
    pub closures: Rows<ClosureRow>,
    /// Variables that no function reads any more; null if the file does not tell who reads what.
    pub unread: Option<Unread>,
    /// Memory outside the heap.
    pub outside: Outside,
    /// What waits for promises, by function.
    pub waiting: Rows<WaitingRow>,
    /// Listeners, by the emitter's class and the event.
    pub listeners: Rows<ListenerRow>,
    /// Timers, by what they call.
    pub timers: Rows<TimerRow>,
}

/// The first rows of a list, and how many there are.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Rows<T> {
    /// The first ones.
    pub rows: Vec<T>,
    /// How many there are, with those that are not told.
    pub total: u64,
}

/// All objects of one of V8's kinds.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct KindRow {
    /// The kind, in V8's words.
    pub kind: String,
    /// Number of objects.
    pub count: u64,
    /// Sum of their shallow sizes.
    pub shallow: u64,
}

/// DevTools' Statistics, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Statistics {
    /// Everything.
    pub total: u64,
    /// The total without native memory.
    pub v8_heap: u64,
    /// Native memory, with that which belongs to no object.
    pub native: u64,
    /// Of it the bytes of typed arrays.
    pub typed_arrays: u64,
    /// Compiled code.
    pub code: u64,
    /// Strings.
    pub strings: u64,
    /// Arrays with their elements.
    pub js_arrays: u64,
    /// Hidden classes and other things of the engine.
    pub system: u64,
    /// What is left of the heap.
    pub other: u64,
}

/// A class.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ClassSummary {
    /// DevTools' key of it.
    pub key: ClassKey,
    /// Its name.
    pub name: Text,
    /// What its author calls it, where a source map tells of another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Text>,
    /// Number of objects.
    pub count: u64,
    /// Sum of their shallow sizes.
    pub shallow: u64,
    /// What they retain: DevTools' figure.
    pub retained: u64,
    /// The least distance of any of them.
    pub distance: i32,
    /// How many of the objects the older snapshot does not have; null without one that tells.
    pub new: Option<u64>,
}

/// An object that retains much.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Heavy {
    /// The object.
    pub object: Object,
    /// The way to it as code would write it; null if nothing leads to it.
    pub path: Option<String>,
}

/// A container.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Holding {
    /// Map, Set, Array or Object.
    pub shape: &'static str,
    /// Number of entries, as far as they leave a trace in the file.
    pub entries: u64,
    /// The container.
    pub object: Object,
    /// The way to it as code would write it; null if nothing leads to it.
    pub path: Option<String>,
}

/// Strings of equal text.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Copies {
    /// The texts, by what one copy each would save.
    pub texts: Rows<CopiesRow>,
    /// Number of strings that say what another one says too.
    pub strings: u64,
    /// Bytes that one copy each would save, of all texts.
    pub saved: u64,
}

/// Strings of one text and one size.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CopiesRow {
    /// One of them.
    pub object: Object,
    /// The way to it as code would write it; null if nothing leads to it.
    pub path: Option<String>,
    /// How many there are.
    pub count: u64,
    /// Sum of their shallow sizes.
    pub shallow: u64,
    /// Bytes of all but one.
    pub saved: u64,
    /// Whether the file has but the beginning of the text, so that they may differ behind it.
    pub cut: bool,
}

/// Nodes of the DOM of one class that are in no document.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DetachedRow {
    /// The class.
    pub class: Text,
    /// How many there are.
    pub count: u64,
    /// Sum of their shallow sizes.
    pub shallow: u64,
    /// What they retain together.
    pub retained: u64,
    /// The heaviest of them.
    pub object: Object,
    /// The way to it as code would write it; null if nothing leads to it.
    pub path: Option<String>,
}

/// The variables of one function, of all its calls.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ClosureRow {
    /// A function that has them: of those with the most closures the first.
    pub function: Object,
    /// The function whose variables they are; empty if the file does not tell.
    pub declared_in: Text,
    /// Number of functions of the source that have them.
    pub functions: u64,
    /// Number of closures that have them.
    pub closures: u64,
    /// Number of contexts, which hold the variables of one call each.
    pub contexts: u64,
    /// What the contexts retain together.
    pub retained: u64,
    /// The variables, heaviest first.
    pub variables: Rows<VariableRow>,
}

/// A variable, in all contexts.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VariableRow {
    /// Its name.
    pub name: Text,
    /// Sum of the retained sizes of its values, each counted once.
    pub retained: u64,
}

/// Variables that no function reads any more.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Unread {
    /// The variables, heaviest first.
    pub variables: Rows<UnreadRow>,
    /// Contexts that were not looked at, since that would take too long.
    pub skipped: u64,
}

/// A variable that no function reads any more.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnreadRow {
    /// Its name.
    pub name: Text,
    /// The function whose variable it is; empty if that has no name.
    pub declared_in: Text,
    /// The script; empty if the file does not tell.
    pub script: Text,
    /// Number of contexts that have it.
    pub contexts: u64,
    /// Sum of the retained sizes of its values, each counted once.
    pub retained: u64,
    /// The heaviest value.
    pub value: Object,
}

/// What waits for promises in one function.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WaitingRow {
    /// The async function, or the one given to `then()`; null where only another promise waits.
    pub function: Option<Object>,
    /// How often it waits.
    pub count: u64,
    /// For how many promises.
    pub promises: u64,
    /// The promise that is waited for most often.
    pub promise: Object,
    /// The way to it as code would write it; null if nothing leads to it.
    pub path: Option<String>,
}

/// Listeners for one event of the emitters of one class.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ListenerRow {
    /// The emitter's class.
    pub class: Text,
    /// The event.
    pub event: Text,
    /// Number of listeners.
    pub listeners: u64,
    /// Number of emitters that have any.
    pub emitters: u64,
    /// The emitter that has most.
    pub emitter: Object,
    /// The way to it as code would write it; null if nothing leads to it.
    pub path: Option<String>,
}

/// Timers that call one function.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TimerRow {
    /// The function.
    pub function: Object,
    /// Number of timers.
    pub count: u64,
    /// What the timers retain together.
    pub retained: u64,
}
