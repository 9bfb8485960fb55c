//! What Blink (Chromium, Electron) calls its own.

/// Vectors and hash tables: they move to a new place, with a new id, when they grow.
pub(super) const BACKINGS: [&str; 3] =
    ["blink::HeapVectorBacking", "blink::HeapHashTableBacking", "blink::BasicHeap"];

/// Classes that any page has objects of.
pub(super) const CLASSES: &[&str] = &["Window"];

/// Classes of event listeners.
pub(crate) const LISTENERS: [&str; 3] =
    ["RegisteredEventListener", "V8EventListener", "MutationObserver"];
