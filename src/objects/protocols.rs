//! An object in, what it is among requests and answers out: whether it waits for an answer, whether what
//! holds it speaks over a transport, and what of it is still connected.
//!
//! ```text
//!   Client -_transport-> Transport -onmessage-> closure -context-> this: Client      connected
//!          -_handlers--> Map -> closure                                              answers by name
//!          -_pending---> Map -> closure -context-> resolve: closure -> Promise       waits for answers
//! ```

use super::entries::{hash_table, internal, is_hole};
use super::node::is_handle;
use super::v8::{CONTEXT, PROTO, is_promise_node, is_scope};
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::parse::{EdgeKind, NodeKind};
use crate::text::words_in;
use std::collections::{HashMap, HashSet};

/// The last words of names under which an object has what carries its messages.
const TRANSPORTS: [&str; 16] = [
    "transport",
    "connection",
    "conn",
    "socket",
    "websocket",
    "ws",
    "channel",
    "stream",
    "port",
    "pipe",
    "wire",
    "writer",
    "worker",
    "child",
    "process",
    "send",
];
/// What the two functions are called that settle a promise, where others call them.
const SETTLERS: [&str; 2] = ["resolve", "reject"];
/// What a request can be called off by while it is worked on.
const CALLED_OFF_BY: [&str; 2] = ["AbortController", "CancellationTokenSource"];
/// From a function's variables to those of the one that it lies in.
const PREVIOUS: &str = "previous";

/// What is looked at has at most so many references, and what waits for an answer so many fields.
const FEW: usize = 64;
const FEW_FIELDS: usize = 8;
/// So many references of a Map's table are looked at.
const ROWS: usize = 128;
/// Code units of the names that say something.
const NAME: usize = 64;
/// So many objects are looked at for a connection, so many transports of each, and for the way back to it so
/// many again.
const NEAR: usize = 256;
const CARRIERS: usize = 4;
const WAY_BACK: usize = 128;
/// And in so many steps.
const STEPS: u32 = 4;
const STEPS_BACK: u32 = 5;

/// Whether an entry waits for an answer: it settles a promise once that comes.
pub(crate) fn waits(heap: &Heap, entry: NodeIdx) -> bool {
    let class = heap.tables.nodes.name(entry);
    let can_be_called_off = CALLED_OFF_BY.iter().any(|name| heap.tables.strings.is(class, name));
    can_be_called_off || holds_settler(heap, entry, 1)
}

fn holds_settler(heap: &Heap, node: NodeIdx, deeper: u32) -> bool {
    let in_variables = |closure| variables(heap, closure).any(|edge| is_settler(heap, edge));
    match heap.tables.nodes.kind(node) {
        NodeKind::Closure => settles(heap, node) || in_variables(node),
        NodeKind::Object => {
            let fields: Vec<EdgeIdx> = fields(heap, node).take(FEW_FIELDS + 1).collect();
            fields.len() <= FEW_FIELDS
                && !has_transport(heap, node)
                && fields.into_iter().any(|edge| {
                    let target = heap.tables.edges.target(edge);
                    is_settler(heap, edge)
                        || match heap.tables.nodes.kind(target) {
                            NodeKind::Closure => in_variables(target),
                            _ => deeper > 0 && holds_settler(heap, target, deeper - 1),
                        }
                })
        }
        _ => false,
    }
}

/// Whether a reference leads to a function that settles a promise.
fn is_settler(heap: &Heap, edge: EdgeIdx) -> bool {
    let target = heap.tables.edges.target(edge);
    let is_called = || SETTLERS.iter().any(|settler| is_named(heap, edge, settler));
    heap.tables.nodes.kind(target) == NodeKind::Closure && (settles(heap, target) || is_called())
}

/// Whether it is one of the engine's own two: written nowhere, with the promise beside its variables.
fn settles(heap: &Heap, closure: NodeIdx) -> bool {
    let edges = &heap.tables.edges;
    let is_promise = |edge: &EdgeIdx| {
        edges.kind(*edge) != EdgeKind::Context && is_promise_node(heap, edges.target(*edge))
    };
    heap.tables.nodes.kind(closure) == NodeKind::Closure
        && heap.tables.locations.of(closure).is_none()
        && internal(heap, closure, CONTEXT)
            .is_some_and(|context| few(heap, context).any(|edge| is_promise(&edge)))
}

/// Whether an object, or a function's variables, have what messages are carried by.
pub(crate) fn has_transport(heap: &Heap, owner: NodeIdx) -> bool {
    fields(heap, owner).any(|edge| carries(heap, edge))
}

fn carries(heap: &Heap, edge: EdgeIdx) -> bool {
    let target = heap.tables.edges.target(edge);
    let strings = &heap.tables.strings;
    let is_called = || {
        let name = heap.tables.edges.name(edge).map(|name| strings.beginning(name, NAME));
        let words = name.map(|name| words_in(&name.to_string_lossy())).unwrap_or_default();
        words.last().is_some_and(|word| TRANSPORTS.contains(&word.as_str()))
    };
    let is_opened = || {
        let class = strings.beginning(heap.tables.nodes.name(target), NAME);
        is_handle(&class.to_string_lossy())
    };
    match heap.tables.nodes.kind(target) {
        NodeKind::Object | NodeKind::Native => is_called() || is_opened(),
        NodeKind::Closure => is_called(),
        _ => false,
    }
}

/// Whether what has a container has another one, too, with at least so many entries that wait for
/// answers.
pub(crate) fn waits_beside(heap: &Heap, owner: NodeIdx, least: usize) -> bool {
    fields(heap, owner).filter_map(|edge| table(heap, edge)).any(|table| {
        let mut values = values(heap, table).peekable();
        heap.tables.nodes.edges(table).len() >= least
            && values.peek().is_some()
            && values.all(|value| waits(heap, value))
    })
}

/// Finds what is still connected in one heap.
pub(crate) struct Connected<'a> {
    heap: &'a Heap,
    /// By owner.
    known: HashMap<NodeIdx, bool>,
}

impl<'a> Connected<'a> {
    pub(crate) fn of(heap: &'a Heap) -> Self {
        Self { heap, known: HashMap::new() }
    }

    /// What is still connected in an object or near it: what hears of its transport's messages, and
    /// answers some by their names.
    pub(crate) fn in_or_near(&mut self, object: NodeIdx) -> Option<NodeIdx> {
        let Self { heap, known } = self;
        let is_one = |owner: &NodeIdx| {
            let found = || answers(heap, *owner) && hears(heap, *owner);
            *known.entry(*owner).or_insert_with(found)
        };
        around(heap, object, STEPS, NEAR).into_iter().find(is_one)
    }
}

/// Whether a Map of functions belongs to it.
fn answers(heap: &Heap, owner: NodeIdx) -> bool {
    let is_function = |node| heap.tables.nodes.kind(node) == NodeKind::Closure;
    let tables = fields(heap, owner).filter_map(|edge| table(heap, edge));
    let mut handlers = tables.flat_map(|table| values(heap, table));
    handlers.any(|handler| {
        let mut fields = fields(heap, handler);
        is_function(handler) || fields.any(|edge| is_function(heap.tables.edges.target(edge)))
    })
}

/// Whether its transport leads back to it.
fn hears(heap: &Heap, owner: NodeIdx) -> bool {
    let carried = fields(heap, owner).filter(|edge| carries(heap, *edge));
    let mut transports = carried.take(CARRIERS).map(|edge| heap.tables.edges.target(edge));
    transports.any(|transport| {
        transport != owner && around(heap, transport, STEPS_BACK, WAY_BACK).contains(&owner)
    })
}

/// Objects and variables in so many steps over fields and what functions capture, so many at most.
fn around(heap: &Heap, from: NodeIdx, steps: u32, most: usize) -> Vec<NodeIdx> {
    let mut seen: HashSet<NodeIdx> = HashSet::from([from]);
    let mut found = vec![(from, 0)];
    let mut next = 0;
    while let Some(&(node, step)) = found.get(next) {
        next += 1;
        let further = fields(heap, node).map(|edge| heap.tables.edges.target(edge));
        let inner = is_little(heap, node).then(|| inner(heap, node)).into_iter().flatten();
        let further = further.chain(inner);
        for target in further.filter(|_| step < steps) {
            let kind = heap.tables.nodes.kind(target);
            let is_object = matches!(kind, NodeKind::Object | NodeKind::Closure);
            if found.len() < most && is_object && seen.insert(target) {
                found.push((target, step + 1));
            }
        }
    }
    found.into_iter().map(|(node, _)| node).collect()
}

/// The variables of a function, and those of the one that it lies in.
fn inner(heap: &Heap, node: NodeIdx) -> Option<NodeIdx> {
    let link = if is_scope(heap, node) { PREVIOUS } else { CONTEXT };
    internal(heap, node, link)
}

/// The table of the Map that a reference leads to.
fn table(heap: &Heap, edge: EdgeIdx) -> Option<NodeIdx> {
    let map = heap.tables.edges.target(edge);
    let is_map = heap.tables.nodes.kind(map) == NodeKind::Object && is_little(heap, map);
    is_map.then(|| hash_table(heap, map)).flatten()
}

/// Values in a Map's table, or the first of many.
fn values(heap: &Heap, table: NodeIdx) -> impl Iterator<Item = NodeIdx> + '_ {
    let rows = heap.tables.edges_of(table).take(ROWS).map(|edge| heap.tables.edges.target(edge));
    rows.filter(|target| {
        let kind = heap.tables.nodes.kind(*target);
        matches!(kind, NodeKind::Object | NodeKind::Closure) && !is_hole(heap, *target)
    })
}

/// What a function captures, of the innermost function around it alone.
fn variables(heap: &Heap, closure: NodeIdx) -> impl Iterator<Item = EdgeIdx> + '_ {
    let context = internal(heap, closure, CONTEXT);
    let edges = context.into_iter().flat_map(|context| few(heap, context));
    edges.filter(|edge| heap.tables.edges.kind(*edge) == EdgeKind::Context)
}

/// Properties, elements and variables.
fn fields(heap: &Heap, node: NodeIdx) -> impl Iterator<Item = EdgeIdx> + '_ {
    few(heap, node).filter(|edge| match heap.tables.edges.kind(*edge) {
        EdgeKind::Property => !is_named(heap, *edge, PROTO),
        EdgeKind::Element | EdgeKind::Context => true,
        _ => false,
    })
}

fn is_named(heap: &Heap, edge: EdgeIdx, name: &str) -> bool {
    heap.tables.edges.name(edge).is_some_and(|own| heap.tables.strings.is(own, name))
}

/// What a node refers to, if that is little.
fn few(heap: &Heap, node: NodeIdx) -> impl Iterator<Item = EdgeIdx> + '_ {
    let node = Some(node).filter(|node| is_little(heap, *node));
    node.into_iter().flat_map(|node| heap.tables.edges_of(node))
}

fn is_little(heap: &Heap, node: NodeIdx) -> bool {
    heap.tables.nodes.edges(node).len() <= FEW
}
