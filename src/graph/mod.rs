//! Tables in, a [`Heap`] out: who holds whom, how far, how much. The rules are DevTools'.

mod bits;
mod detached;
mod distance;
mod dominators;
mod outside;
mod ownership;
mod retained;
mod retainers;
mod search;
mod strength;
mod sweep;

pub(crate) use bits::Bits;
pub(crate) use detached::{DETACHED, MARK as DETACHED_MARK};
pub use distance::ShortestTree;
pub use outside::OutsideBytes;
pub use retained::Dominators;
pub(crate) use sweep::{sweep, sweep_for};

use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::parse::{EdgeKind, NodeKind, Sizes, Tables};
use crate::phase::phase;
use crate::text::Text;
use distance::Start;
pub(crate) use distance::parse_int;
use std::sync::{Mutex, OnceLock, PoisonError};

/// One snapshot, understood. Whole or not at all.
#[derive(Debug)]
pub struct Heap {
    /// What the file says.
    pub tables: Tables,
    /// By node: 0 unknown, 1 attached to a document, 2 detached.
    pub dom_state: Vec<u8>,
    /// Memory outside the heap that nodes stand for.
    pub outside: OutsideBytes,
    role: Role,
    /// Sizes as written, until shallow sizes are made of them.
    written: Mutex<Sizes>,
    /// Shallow sizes, and their sum, which is asked for often.
    shallow: OnceLock<(Sizes, u64)>,
    dominance: OnceLock<(Sizes, Dominators)>,
    shortest: OnceLock<ShortestTree>,
    known: KnownStrings,
}

impl Heap {
    /// Cannot fail: the tables are checked. What takes longer is computed when it is first asked for:
    /// [`Self::shallow`], [`Self::retained`], [`Self::dominators`], [`Self::shortest`].
    #[must_use]
    pub fn new(tables: Tables) -> Self {
        Self::of(tables, Role::Newest)
    }

    /// The same for a heap that another is compared with, and whose objects nobody asks why they
    /// stay: `shortest.via` and `dominators.idom` are left empty.
    pub(crate) fn older(tables: Tables) -> Self {
        Self::of(tables, Role::Older)
    }

    fn of(mut tables: Tables, role: Role) -> Self {
        let known = KnownStrings::find(&tables);
        tables.strings.release();
        let dom_state = detached::propagate(&mut tables);
        let outside = outside::outside(&tables, &known);
        let written = Mutex::new(std::mem::take(&mut tables.nodes.self_size));
        let (shallow, dominance, shortest) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { tables, dom_state, outside, role, written, shallow, dominance, shortest, known }
    }

    // Nothing that is computed on demand may run in parallel within: a thread that waits for its
    // parts could take up work that asks for the same, and would wait for itself.
    fn sizes(&self) -> &(Sizes, u64) {
        self.shallow.get_or_init(|| {
            let Self { tables, known, dom_state, written, .. } = self;
            let written =
                std::mem::take(&mut *written.lock().unwrap_or_else(PoisonError::into_inner));
            let sizes = || ownership::shallow_sizes(written, tables, known, dom_state);
            let sizes = phase!("owners", sizes());
            let sum = sizes.iter().fold(0, u64::saturating_add);
            (sizes, sum)
        })
    }

    /// By node: size in bytes, hidden parts counted for their owner.
    #[inline]
    #[must_use]
    pub fn shallow(&self) -> &Sizes {
        &self.sizes().0
    }

    fn dominance(&self) -> &(Sizes, Dominators) {
        self.dominance.get_or_init(|| {
            let tree = phase!("dominators", dominators::dominators(&self.tables, &self.known));
            let parents = self.role == Role::Newest;
            phase!("retained sizes", retained::retained(tree, self.shallow(), parents))
        })
    }

    /// By node: bytes that would be free without it.
    #[inline]
    #[must_use]
    pub fn retained(&self) -> &Sizes {
        &self.dominance().0
    }

    /// Who every way to a node leads through.
    #[inline]
    #[must_use]
    pub fn dominators(&self) -> &Dominators {
        &self.dominance().1
    }

    /// Distances from the roots.
    #[inline]
    #[must_use]
    pub fn shortest(&self) -> &ShortestTree {
        self.shortest.get_or_init(|| {
            let ways = self.role == Role::Newest;
            let Self { tables, known, .. } = self;
            phase!("distances", distance::shortest(tables, known, Start::AnyEdge, ways))
        })
    }

    /// DevTools' total: everything that the root retains, which is all there is, and the native
    /// memory beside it, in bytes.
    #[must_use]
    pub fn total_size(&self) -> u64 {
        self.sizes().1.saturating_add(self.tables.extra_native_bytes.unwrap_or(0))
    }

    /// The node's name as written, with `Detached ` where the DOM state put it.
    #[must_use]
    pub fn raw_name(&self, node: NodeIdx) -> Text {
        let name = self.tables.strings.get(self.tables.nodes.name(node));
        if !self.is_renamed(node) {
            return name;
        }
        let mut renamed = Text::from(DETACHED_MARK);
        renamed.push(&name);
        renamed
    }

    /// Whether DevTools puts `Detached ` before the name.
    #[must_use]
    pub fn is_renamed(&self, node: NodeIdx) -> bool {
        is_renamed(&self.tables, &self.dom_state, node)
    }

    /// Whether it is a plain object, whose class is told by its properties.
    #[inline]
    #[must_use]
    pub fn is_plain_object(&self, node: NodeIdx) -> bool {
        self.tables.nodes.kind(node) == NodeKind::Object
            && self.known.is(&self.tables, self.tables.nodes.name(node), self.known.object)
    }

    /// Distances that do not start over the root's weak edges.
    pub(crate) fn shortest_without_weak_roots(&self) -> ShortestTree {
        distance::shortest(&self.tables, &self.known, Start::StrongEdges, true)
    }

    /// An edge's name as DevTools displays it: numbers in decimal, numeric shortcuts tidied.
    #[must_use]
    pub fn edge_name(&self, edge: EdgeIdx) -> Text {
        let edges = &self.tables.edges;
        let Some(name) = edges.name(edge) else {
            return Text::from(edges.label(edge).to_string().as_str());
        };
        let text = self.tables.strings.get(name);
        let number = (edges.kind(edge) == EdgeKind::Shortcut).then(|| parse_int(&text)).flatten();
        number.map_or(text, |n| Text::from(distance::number_to_js(n).as_str()))
    }

    /// Whether an edge keeps its target alive, by the rules of the dominators.
    #[inline]
    pub(crate) fn keeps(&self, source: NodeIdx, edge: EdgeIdx) -> bool {
        strength::keeps(&self.tables, source, edge)
    }
}

/// Which of two heaps it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Older,
    Newest,
}

fn is_renamed(tables: &Tables, state: &[u8], node: NodeIdx) -> bool {
    state[node.at()] == DETACHED
        && tables.nodes.kind(node) == NodeKind::Native
        && tables.nodes.has_detachedness
}

/// Texts with a meaning, by their position in one file's table; NONE if the file lacks them.
#[derive(Debug)]
struct KnownStrings {
    object: StrIdx,
    array_buffer_data: StrIdx,
    document_dom_trees: StrIdx,
    external_string_data: StrIdx,
    map_descriptors: StrIdx,
    native_context: StrIdx,
    sloppy_function_map: StrIdx,
}

impl KnownStrings {
    fn find(tables: &Tables) -> Self {
        let find = |text: &str| tables.strings.find(&text.into()).unwrap_or(StrIdx::NONE);
        Self {
            object: find("Object"),
            array_buffer_data: find("system / JSArrayBufferData"),
            document_dom_trees: find("(Document DOM trees)"),
            external_string_data: find("system / ExternalStringData"),
            map_descriptors: find("(map descriptors)"),
            native_context: find("system / NativeContext"),
            sloppy_function_map: find("sloppy_function_map"),
        }
    }

    #[inline(always)]
    fn is(&self, tables: &Tables, name: StrIdx, known: StrIdx) -> bool {
        tables.strings.canonical(name) == known
    }
}
