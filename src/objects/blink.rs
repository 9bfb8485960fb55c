//! What Blink (Chromium, Electron) calls its own.

use super::v8::SYMBOL;
use crate::graph::DETACHED_MARK;

/// How the names of its own things in C++ begin.
pub(super) const OWN: &str = "blink::";

/// The root of a page's documents.
pub(super) const DOCUMENTS: &str = "(Document DOM trees)";

/// Vectors and hash tables: they move to a new place, with a new id, when they grow.
pub(super) const BACKINGS: [&str; 3] =
    ["blink::HeapVectorBacking", "blink::HeapHashTableBacking", "blink::BasicHeap"];

/// Classes that any page has objects of.
pub(super) const CLASSES: &[&str] = &["Window"];

/// Classes of event listeners.
const LISTENERS: [&str; 3] = ["RegisteredEventListener", "V8EventListener", "MutationObserver"];

/// How the classes of elements are called; jsdom's end in `Impl`.
const ELEMENT: (&str, &str) = ("HTML", "Element");
const JSDOM: &str = "Impl";

/// Whether the name of a class of event listeners is in a word.
pub(crate) fn names_listener(word: &str) -> bool {
    LISTENERS.iter().any(|name| word.contains(name))
}

/// Whether a name or a class is an element's, or one of what hangs in no document any more.
pub(crate) fn is_element(word: &str) -> bool {
    let (begin, end) = ELEMENT;
    word.starts_with(DETACHED_MARK)
        || (word.starts_with('<') && !word.starts_with(SYMBOL.trim_end()))
        || (word.starts_with(begin) && word.trim_end_matches(JSDOM).ends_with(end))
}

/// A class as it is called of what hangs in a document.
pub(crate) fn attached(class: &str) -> &str {
    class.strip_prefix(DETACHED_MARK).unwrap_or(class)
}

/// Whether a class is one of C++: `Node / Environment`, `blink::Node`.
pub(crate) fn is_embedders(class: &str) -> bool {
    class.contains(" / ") || class.contains("::")
}
