//! A suspect in, the pattern of its leak out: told by where it hangs and what it is.

use super::Case;
use super::judge::Judged;
use super::pattern::Pattern;
use super::rules::{LARGE_STORE, NEAR, NEAR_SIGNAL};
use super::suspects::Suspect;
use super::ways::Path;
use crate::growth::{Growth, How, Matched};
use crate::ids::NodeIdx;
use crate::objects::{
    SOCKETS, STREAMS, Shape, has_stream_state, holds_async_context, is_byte_store, is_bytes,
    is_element, is_emitter, is_finalization_registry, is_handle, is_listener, is_listener_table,
    is_of_promise, is_promise, is_stream_state, is_target_table, is_timeout, is_timer_callback,
    is_timer_list, links_signals, names_listener,
};
use crate::parse::NodeKind;
use crate::text::words_in;
use crate::ways::{Access, Label};

/// What is known of a suspect, in words.
struct Clues<'a> {
    case: &'a Case<'a>,
    suspect: &'a Suspect,
    matched: &'a Matched<'a>,
    growth: Option<&'a Growth>,
    /// Names and classes of the steps: to the container, and from there on.
    above: Vec<String>,
    below: Vec<String>,
    /// The class of the suspect.
    class: String,
    /// The name by which the container is known.
    name: String,
    path: Option<&'a Path>,
}

/// The patterns that fit, the most telling first.
pub(super) fn patterns(case: &Case<'_>, suspect: &Suspect, containers: &[Judged]) -> Vec<Pattern> {
    let matched = case.matched;
    let path = suspect.paths.first();
    let (above, below, name) = match path {
        None => (Vec::new(), Vec::new(), String::new()),
        Some(path) => {
            let words = |steps: &[Access]| steps.iter().flat_map(|s| words(matched, s)).collect();
            let container = path.container_at + 1;
            // What is above the last closure belongs to whatever calls it.
            let kind = |s: &Access| matched.heaps.after.tables.nodes.kind(s.node);
            let closure =
                path.steps[..container].iter().rposition(|s| kind(s) == NodeKind::Closure);
            let from = closure.map_or(0, |at| at + 1).min(container - 1);
            let named = path.steps[..container].iter().rev().find_map(|s| label(matched, s));
            (
                words(&path.steps[from..container]),
                words(&path.steps[container..]),
                named.unwrap_or_default(),
            )
        }
    };
    let growth = path.map(|p| p.container).or(suspect.guess).map(|at| &containers[at].growth);
    let class = matched.naming.after.classes[suspect.class.at()].name.to_string_lossy();
    let clues = Clues { case, suspect, matched, growth, above, below, class, name, path };
    let mut found: Vec<Pattern> =
        clues.rules().into_iter().filter(|(_, fits)| *fits).map(|(pattern, _)| pattern).collect();
    // A closure in a collection says less than the collection.
    let shape = by_shape(&clues);
    let list = matches!(clues.shape(), Shape::List | Shape::Context);
    let at = found.iter().position(|p| *p == Pattern::ClosureContext && !list);
    found.insert(at.unwrap_or(found.len()), shape);
    let mut seen = std::collections::HashSet::new();
    found.retain(|pattern| seen.insert(*pattern));
    found
}

impl Clues<'_> {
    /// In the order in which they are believed.
    fn rules(&self) -> [(Pattern, bool); 13] {
        [
            (Pattern::Finalization, self.is_finalization()),
            (Pattern::AsyncContext, self.is_async_context()),
            (Pattern::AbortSignal, self.is_abort_signal()),
            (Pattern::EventListener, self.is_listener()),
            (Pattern::Promise, self.is_promise()),
            (Pattern::Timer, self.is_timer()),
            (Pattern::DetachedDom, self.is_dom()),
            (Pattern::StreamSocket, self.is_stream()),
            (Pattern::StringParent, self.is_string_parent()),
            (Pattern::DetachedBuffer, self.is_buffer()),
            (Pattern::SessionRegistry, self.is_registry()),
            (Pattern::Cache, self.is_cache()),
            (Pattern::ClosureContext, self.is_closure()),
        ]
    }

    fn shape(&self) -> Shape {
        self.growth.map_or(Shape::Other, |g| g.shape)
    }

    fn holder_class(&self) -> String {
        self.growth
            .map(|g| self.matched.naming.after.of(g.holder).name.to_string_lossy())
            .unwrap_or_default()
    }

    fn is_finalization(&self) -> bool {
        is_finalization_registry(&self.holder_class())
    }

    fn is_async_context(&self) -> bool {
        self.below.iter().any(|w| holds_async_context(w))
    }

    fn is_abort_signal(&self) -> bool {
        let near = &self.above[self.above.len().saturating_sub(NEAR_SIGNAL)..];
        let speaks_of_one = |w: &String| {
            let w = w.to_lowercase();
            w.contains("signal") || w.contains("abort")
        };
        near.iter().any(|w| links_signals(w))
            || (near.iter().any(|w| is_target_table(w)) && near.iter().any(speaks_of_one))
    }

    /// The container itself or what it is a part of keeps callbacks by name of the event. An emitter
    /// may keep other things.
    fn is_listener(&self) -> bool {
        let near = &self.above[self.above.len().saturating_sub(NEAR)..];
        let are_functions = self.kinds_below().next().is_some_and(|(k, _)| k == NodeKind::Closure);
        near.iter().any(|w| {
            is_listener_table(w)
                || (is_emitter(w) && are_functions)
                || ["listeners", "observers"].iter().any(|name| {
                    w.trim_start_matches(['_', '#'])
                        .trim_end_matches('_')
                        .to_lowercase()
                        .ends_with(name)
                })
                || w.contains("mobx administration")
        }) || is_listener(&self.class)
            || self.below.iter().any(|w| names_listener(w))
    }

    fn is_timer(&self) -> bool {
        let Some(path) = self.path else { return false };
        let held_by_timer = path.steps[..=path.container_at].windows(2).rev().take(2).any(|pair| {
            label(self.matched, &pair[0]).is_some_and(|name| is_timer_callback(&name))
                && matches!(pair[1].label, Label::Variable(_))
        });
        held_by_timer
            || is_timer_list(&self.holder_class())
            || is_timeout(&self.class)
            || self.is_list_of_timers()
    }

    /// Timers know each other, by whatever name the first one is found, or the runtime has them.
    fn is_list_of_timers(&self) -> bool {
        let list = self.growth.filter(|g| g.shape == Shape::List || self.held_by_root());
        let first = list.and_then(|growth| growth.new_entries.first());
        first.is_some_and(|entry| is_timeout(&self.matched.naming.after.of(*entry).name))
    }

    fn is_dom(&self) -> bool {
        is_element(&self.class) || self.below.iter().any(|w| is_element(w))
    }

    fn is_stream(&self) -> bool {
        // A program may have a class of its own called Transform.
        let class = &self.matched.naming.after.classes[self.suspect.class.at()];
        let own = super::standing(class, self.case.scripts) == super::Standing::Program;
        if STREAMS.contains(&self.class.as_str()) && (!own || self.case.scripts.is_empty()) {
            return true;
        }
        if self.below.iter().any(|w| is_stream_state(w)) {
            return true;
        }
        let Some(object) = self.path.and_then(|p| p.steps.get(p.object_at)) else { return false };
        let heap = self.matched.heaps.after;
        if has_stream_state(heap, object.node) {
            return true;
        }
        let place = self.matched.naming.after.of(object.node).location;
        // A class of the program that holds a socket is a session; one of a library, a stream.
        place.is_some()
            && super::standing(self.matched.naming.after.of(object.node), self.case.scripts)
                < super::Standing::Program
            && heap.tables.edges_of(object.node).any(|e| {
                let class = &self.matched.naming.after.of(heap.tables.edges.target(e)).name;
                SOCKETS.iter().any(|s| *class == **s)
            })
    }

    fn is_string_parent(&self) -> bool {
        self.shape() == Shape::Rope
            || self.kinds_below().any(|(kind, _)| kind == NodeKind::SlicedString)
    }

    /// Most of what is held is a large backing store, seen through a view of bytes: a slice of
    /// it, perhaps. Arrays of numbers are rarely sliced.
    fn is_buffer(&self) -> bool {
        let Some(path) = self.path else { return false };
        let class = |step: &Access| &self.matched.naming.after.of(step.node).name;
        let below = &path.steps[path.object_at..];
        let store = below.iter().find(|s| is_byte_store(class(s)));
        below.iter().any(|s| is_bytes(class(s)))
            && store.is_some_and(|s| self.matched.heaps.after.shallow().of(s.node) >= LARGE_STORE)
    }

    fn held_by_root(&self) -> bool {
        self.growth.is_some_and(|growth| growth.how == How::Root)
    }

    /// Whether what only the runtime holds is what a program opens and closes.
    fn are_handles(&self) -> bool {
        let first = self.growth.and_then(|growth| growth.new_entries.first());
        first.is_some_and(|entry| {
            self.matched.heaps.after.tables.nodes.kind(*entry) == NodeKind::Native
                || is_handle(&self.matched.naming.after.of(*entry).name.to_string_lossy())
        })
    }

    fn is_promise(&self) -> bool {
        let list = self.growth.filter(|growth| growth.shape == Shape::List);
        let first = list.and_then(|growth| growth.new_entries.first());
        is_promise(&self.holder_class())
            || first.is_some_and(|entry| is_of_promise(self.matched.heaps.after, *entry))
    }

    /// The entries are closures, or a chain of closures and what they capture.
    fn is_closure(&self) -> bool {
        let Some(path) = self.path else { return false };
        let below = &path.steps[path.container_at + 1..];
        let entry_is_closure =
            self.kinds_below().next().is_some_and(|(k, _)| k == NodeKind::Closure);
        let captured = below.iter().any(|s| matches!(s.label, Label::Variable(_)));
        captured && (entry_is_closure || self.shape() == Shape::List)
    }

    fn is_registry(&self) -> bool {
        let name = self.name.trim_start_matches(['_', '#']).to_lowercase();
        let whole =
            ["sessions", "clients", "connections", "peers", "sockets", "transports", "presence"];
        let class = ["session", "client", "connection", "peer", "socket", "transport", "presence"];
        let word_of_class = |word: &String| {
            let one = word.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('s');
            class.contains(&one)
        };
        matches!(self.shape(), Shape::Map | Shape::Set | Shape::Object | Shape::Array)
            && (whole.iter().any(|w| name.ends_with(w) || name.starts_with("presence"))
                || words_in(&self.class).iter().any(word_of_class))
    }

    fn is_cache(&self) -> bool {
        let near = &self.above[self.above.len().saturating_sub(NEAR)..];
        let cache = |name: &String| words_in(name).iter().any(|word| is_cache_word(word));
        matches!(self.shape(), Shape::Map | Shape::Set | Shape::Object | Shape::Array)
            && (near.iter().any(cache) || cache(&self.class))
    }

    fn kinds_below(&self) -> impl Iterator<Item = (NodeKind, NodeIdx)> + '_ {
        let steps = self.path.map_or(&[][..], |p| &p.steps[p.container_at + 1..]);
        steps.iter().map(|s| (self.matched.heaps.after.tables.nodes.kind(s.node), s.node))
    }
}

fn by_shape(clues: &Clues<'_>) -> Pattern {
    match clues.shape() {
        _ if clues.growth.is_none() => Pattern::NoRetainer,
        Shape::Map | Shape::Set | Shape::Object => Pattern::UnboundedMapOrSet,
        Shape::Rope => Pattern::StringParent,
        Shape::Context => Pattern::ClosureContext,
        Shape::Other if is_promise(&clues.holder_class()) => Pattern::Promise,
        Shape::Other if clues.held_by_root() && clues.are_handles() => Pattern::StreamSocket,
        Shape::Other if clues.held_by_root() => Pattern::NoRetainer,
        _ => Pattern::UnboundedArray,
    }
}

fn is_cache_word(word: &str) -> bool {
    const MEMO: [&str; 6] = ["memo", "memos", "memoize", "memoized", "memoizer", "lru"];
    MEMO.contains(&word) || word.starts_with("cache") || word.ends_with("cache")
}

/// The name in a step's label.
fn label(matched: &Matched<'_>, step: &Access) -> Option<String> {
    match step.label {
        Label::Export(n) | Label::Variable(n) | Label::Property(n) | Label::Internal(n) => {
            Some(matched.heaps.after.tables.strings.get(n).to_string_lossy())
        }
        _ => None,
    }
}

fn words(matched: &Matched<'_>, step: &Access) -> impl Iterator<Item = String> {
    let class = matched.naming.after.of(step.node).name.to_string_lossy();
    label(matched, step).into_iter().chain([class])
}
