//! A heap in, what steps cost out: by how the edge binds, and by what it leads to.

use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::objects::{
    Purpose, has_registered, has_registers, holds, is_global, is_in_reach_of_call,
    is_module_record, nameless_lists, timer_names,
};
use crate::parse::{BONDS, Bond, NodeKind};

/// What a step or a way costs: its tier in the upper two bits, then the sum. So the tier counts
/// first, and no saving elsewhere pays for a dearer one, however long a list is.
///
/// ```text
///   tier 0   below 150       what a person can act on
///   tier 1   from 150 on     the engine's own business
///   tier 2   from 400 on     the engine's own roots
///   tier 3   from 600 on     what only a call in progress has, under no name
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost(u32);

impl Cost {
    const SUM: u32 = (1 << 30) - 1;
    /// Of the root.
    pub(super) const ZERO: Self = Self(0);
    /// Of what no way is known to.
    pub(super) const NONE: Self = Self(u32::MAX);
    /// No way costs more; one that had to is some 2,000,000 of the dearest steps long.
    const MOST: u32 = Self::SUM - 1;

    /// Of one price.
    const fn of(price: u32) -> Self {
        let tier = match price {
            0..150 => 0,
            150..400 => 1,
            400..600 => 2,
            _ => 3,
        };
        Self(tier << 30 | price)
    }

    pub(super) const fn tier(self) -> usize {
        (self.0 >> 30) as usize
    }

    pub(super) const fn sum(self) -> u32 {
        self.0 & Self::SUM
    }

    /// The cheapest of a tier.
    pub(super) const fn first_of(tier: usize) -> Self {
        Self((tier as u32) << 30)
    }

    /// Of equal tier, and a sum of its own.
    pub(super) const fn with_sum(self, sum: u32) -> Self {
        Self(self.0 & !Self::SUM | sum)
    }

    pub(super) const fn is_none(self) -> bool {
        self.0 == Self::NONE.0
    }

    /// Of the way that goes on. The dearer of the two makes the tier: two prices together are not
    /// dearer than that.
    #[inline(always)]
    pub(super) fn and(self, more: Self) -> Self {
        let sum = (self.sum() + more.sum()).min(Self::MOST);
        Self(self.0.max(more.0) & !Self::SUM | sum)
    }
}

/// Number of tiers.
pub(super) const TIERS: usize = 4;
/// No step costs as much.
pub(super) const DEAREST_STEP: usize = 2048;

const INTERNAL: Cost = Cost::of(3);
const EPHEMERON: Cost = Cost::of(6);
const PROTOTYPE: u32 = 150;
const COMMON: u32 = 200;
/// Over a root of the engine that holds what it holds because code was compiled, or for itself.
const ENGINE: u32 = 450;
/// Over one that holds it because a call is in progress, often the one that writes the snapshot.
const PASSING: Cost = Cost::of(500);
/// From there to what is no scope of that call: such a root holds whatever a call has in hand, and
/// has no name for it. A variable or a property that leads there says more.
const NAMELESS: Cost = Cost::of(600);

const _: () = assert!(NAMELESS.sum() + PASSING.sum() < DEAREST_STEP as u32);

/// Prices of the edges of a node by how they bind. None for what keeps nothing alive, and for what
/// has to be asked (see [`asked`]).
pub(super) type Prices = [Cost; BONDS];

const PRICES: Prices = {
    let mut prices = [Cost::of(1); BONDS];
    prices[Bond::Internal as usize] = INTERNAL;
    prices[Bond::Beside as usize] = Cost::of(2);
    prices[Bond::Hidden as usize] = Cost::of(4);
    prices[Bond::Scope as usize] = Cost::of(60);
    // Over a prototype one reaches everything from anything; it is never the reason.
    prices[Bond::Prototype as usize] = Cost::of(PROTOTYPE);
    prices[Bond::Common as usize] = Cost::of(COMMON);
    prices[Bond::Shortcut as usize] = Cost::NONE;
    prices[Bond::Weak as usize] = Cost::NONE;
    prices[Bond::Entry as usize] = Cost::NONE;
    prices
};
/// The same for steps from the root.
const ROOT_PRICES: Prices = {
    let mut prices = PRICES;
    prices[Bond::Element as usize] = Cost::of(40);
    prices[Bond::Shortcut as usize] = Cost::of(1);
    prices
};

/// The same for steps from a root of calls in progress: each is asked.
const PASSING_PRICES: Prices = [Cost::NONE; BONDS];

/// By node: what stepping on it costs, over and above the edge. There are few different prices and
/// many nodes, so a node has but the number of its price.
pub(super) struct Tolls {
    number: Vec<u8>,
    price: Vec<Cost>,
}

/// Over a timer, which goes when it is due: what has another name, has that one for longer.
const PENDING: u32 = 20;
/// Over what a module imports: the module that exports it has a name for it.
const NAMELESS_LIST: u32 = 40;

/// The number of no price at all.
const FREE: u8 = 0;
/// The number of [`PASSING`].
const PASSING_ROOT: u8 = 1;
/// Of a root that holds what calls have in hand, and the global object as well: it costs nothing by
/// itself, and what it holds costs as if such a call had it.
const REGISTERS: u8 = 2;

impl Tolls {
    pub(super) fn of_nodes(heap: &Heap) -> Self {
        const UNKNOWN: u8 = u8::MAX;
        let (strings, nodes) = (&heap.tables.strings, &heap.tables.nodes);
        let mut tolls = Self {
            number: Vec::with_capacity(nodes.len()),
            price: vec![Cost::ZERO, PASSING, Cost::ZERO],
        };
        let mut named = vec![UNKNOWN; strings.len()];
        let pending = tolls.number_of(PENDING);
        let mut records = Vec::new();
        let mut names_record = vec![false; strings.len()];
        let timers = timer_names(heap);
        for node in nodes.indices() {
            let number = match nodes.kind(node) {
                NodeKind::Synthetic if has_registered(heap, node) => PASSING_ROOT,
                NodeKind::Synthetic if has_registers(heap, node) => REGISTERS,
                NodeKind::Synthetic | NodeKind::Hidden | NodeKind::Array => {
                    let name = nodes.name(node);
                    if named[name.at()] == UNKNOWN {
                        let price = name_price(&strings.get(name).to_string_lossy());
                        names_record[name.at()] = is_module_record(heap, node);
                        named[name.at()] = tolls.number_of(price);
                    }
                    if names_record[name.at()] && nodes.kind(node) == NodeKind::Hidden {
                        records.push(node);
                    }
                    named[name.at()]
                }
                NodeKind::Code => tolls.number_of(300),
                NodeKind::ObjectShape => tolls.number_of(200),
                NodeKind::Native => tolls.number_of(30),
                NodeKind::Object if timers.contains(&nodes.name(node)) => pending,
                _ => FREE,
            };
            tolls.number.push(number);
        }
        for list in records.into_iter().flat_map(|record| nameless_lists(heap, record)) {
            tolls.number[list.at()] = tolls.number_of(NAMELESS_LIST);
        }
        tolls
    }

    fn number_of(&mut self, price: u32) -> u8 {
        let price = Cost::of(price);
        let known = self.price.iter().position(|p| *p == price);
        known.unwrap_or_else(|| {
            self.price.push(price);
            self.price.len() - 1
        }) as u8
    }

    #[inline(always)]
    pub(super) fn of(&self, node: NodeIdx) -> Cost {
        self.price[usize::from(self.number[node.at()])]
    }

    /// Prices of the node's edges.
    #[inline(always)]
    pub(super) fn prices(&self, node: NodeIdx) -> &'static Prices {
        match self.number[node.at()] {
            _ if node == ROOT => &ROOT_PRICES,
            PASSING_ROOT | REGISTERS => &PASSING_PRICES,
            _ => &PRICES,
        }
    }

    /// The price of an edge that these do not tell: of a WeakMap's entry, whose value only its key
    /// keeps.
    #[cold]
    pub(super) fn asked(&self, heap: &Heap, source: NodeIdx, edge: EdgeIdx) -> Cost {
        let tables = &heap.tables;
        let bond = tables.edges.bond(edge);
        let number = self.number[source.at()];
        if (number == PASSING_ROOT || number == REGISTERS) && source != ROOT {
            let (price, target) = (PRICES[bond as usize], tables.edges.target(edge));
            return match number {
                _ if price.is_none() => price,
                REGISTERS if is_global(heap, target, source) => price,
                _ if !is_in_reach_of_call(heap, target) => NAMELESS,
                REGISTERS => PASSING,
                _ => price,
            };
        }
        if bond != Bond::Entry || !holds(heap, source, edge) {
            return Cost::NONE;
        }
        let known = tables.ephemerons.get(StrIdx(tables.edges.label(edge))).is_some();
        if known { EPHEMERON } else { INTERNAL }
    }
}

/// The price of what is called so.
fn name_price(name: &str) -> u32 {
    match Purpose::of(name) {
        Purpose::Group => 0,
        Purpose::Variables => 1,
        Purpose::Documents => 5,
        Purpose::Machinery => 15,
        Purpose::Other => 40,
        Purpose::Handles => 60,
        Purpose::Embedder => 100,
        Purpose::Root => 150,
        Purpose::Layout => 200,
        Purpose::Feedback | Purpose::Console => 300,
        Purpose::Engine => ENGINE,
        Purpose::Call => PASSING.sum(),
    }
}
