//! Nodes and edges in, in the order in which a program makes them; both snapshots' heaps out, in
//! one table: every node knows in which of the two it is.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Kinds of nodes, at their positions in the file's `node_types`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Hidden,
    Array,
    String,
    Object,
    Code,
    Closure,
    Regexp,
    Number,
    Native,
    Synthetic,
    Cons,
    Sliced,
    Symbol,
    Bigint,
    Shape,
}

/// In which snapshots a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    Both,
    Before,
    After,
}

/// What an edge is, and what it says.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    Context(&'a str),
    Element(usize),
    Property(&'a str),
    Internal(&'a str),
    /// A part of an array of the engine: internal, with a number for a name.
    Slot(usize),
    Hidden(usize),
    Shortcut(&'a str),
    Weak(&'a str),
}

/// A node, by the order of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id(pub u32);

pub struct Node {
    pub kind: Kind,
    pub life: Life,
    pub detachedness: u8,
    pub name: u32,
    pub size: u64,
    /// Whether it has the id of all others that say so.
    one_id: bool,
}

/// Position in `edge_types`, a number or a string, a target.
#[derive(Clone, Copy)]
pub struct Edge {
    pub kind: u8,
    pub label: u32,
    pub to: u32,
}

impl Edge {
    /// Whether the label is a number and no string.
    pub fn is_numbered(self) -> bool {
        matches!(self.kind, 1 | 4)
    }
}

pub struct Location {
    pub node: u32,
    pub script: u32,
    pub line: u32,
    pub column: u32,
}

#[derive(Default)]
pub struct Strings {
    pub texts: Vec<String>,
    known: HashMap<String, u32, FixedState>,
    numbers: Vec<u32>,
}

impl Strings {
    pub fn index(&mut self, text: &str) -> u32 {
        if let Some(index) = self.known.get(text) {
            return *index;
        }
        let index = self.texts.len() as u32;
        self.texts.push(text.to_owned());
        self.known.insert(text.to_owned(), index);
        index
    }

    fn number(&mut self, n: usize) -> u32 {
        while self.numbers.len() <= n {
            let index = self.index(&self.numbers.len().to_string());
            self.numbers.push(index);
        }
        self.numbers[n]
    }
}

/// Everything a run of the program made.
pub struct Heap {
    pub nodes: Vec<Node>,
    pub links: Vec<(u32, Edge)>,
    pub locations: Vec<Location>,
    pub strings: Strings,
    pub random: Random,
    /// Where the nodes made now belong.
    pub life: Life,
    /// Whether they all have one id.
    pub one_id: bool,
}

impl Heap {
    pub fn new() -> Self {
        Self {
            nodes: Vec::new(),
            links: Vec::new(),
            locations: Vec::new(),
            strings: Strings::default(),
            random: Random(1),
            life: Life::Both,
            one_id: false,
        }
    }

    pub fn node(&mut self, kind: Kind, name: &str, size: usize) -> Id {
        let name = self.strings.index(name);
        let (life, one_id, size) = (self.life, self.one_id, size as u64);
        self.nodes.push(Node { kind, life, detachedness: 0, name, size, one_id });
        Id(self.nodes.len() as u32 - 1)
    }

    pub fn link(&mut self, from: Id, by: By<'_>, to: Id) {
        let strings = &mut self.strings;
        let (kind, label) = match by {
            By::Context(name) => (0, strings.index(name)),
            By::Element(n) => (1, n as u32),
            By::Property(name) => (2, strings.index(name)),
            By::Internal(name) => (3, strings.index(name)),
            By::Slot(n) => (3, strings.number(n)),
            By::Hidden(n) => (4, n as u32),
            By::Shortcut(name) => (5, strings.index(name)),
            By::Weak(name) => (6, strings.index(name)),
        };
        self.links.push((from.0, Edge { kind, label, to: to.0 }));
    }

    pub fn locate(&mut self, node: Id, script: u32, line: u32, column: u32) {
        self.locations.push(Location { node: node.0, script, line, column });
    }

    /// Sorts the edges by the node they leave.
    pub fn finish(mut self) -> Finished {
        let mut first = vec![0_usize; self.nodes.len() + 1];
        for (from, _) in &self.links {
            first[*from as usize + 1] += 1;
        }
        for n in 0..self.nodes.len() {
            first[n + 1] += first[n];
        }
        let mut next = first.clone();
        let mut edges = vec![Edge { kind: 0, label: 0, to: 0 }; self.links.len()];
        for (from, edge) in &self.links {
            edges[next[*from as usize]] = *edge;
            next[*from as usize] += 1;
        }
        // Most objects lie in the order of their ids; what was moved does not.
        let mut ids: Vec<u32> = (0..self.nodes.len() as u32).map(|n| 2 * n + 1).collect();
        for _ in 0..ids.len() / 50 {
            let [a, b] = [0; 2].map(|_| 1 + self.random.below(ids.len() - 1));
            ids.swap(a, b);
        }
        let clones = self.nodes.iter().enumerate().filter(|(_, node)| node.one_id);
        clones.for_each(|(at, _)| ids[at] = 2 * self.nodes.len() as u32 + 1);
        self.locations.sort_by_key(|location| location.node);
        let Self { nodes, locations, strings, .. } = self;
        Finished { nodes, ids, first, edges, locations, strings: strings.texts }
    }
}

/// As it is written.
pub struct Finished {
    pub nodes: Vec<Node>,
    pub ids: Vec<u32>,
    first: Vec<usize>,
    edges: Vec<Edge>,
    pub locations: Vec<Location>,
    pub strings: Vec<String>,
}

impl Finished {
    /// Whether a node is in one of the two snapshots.
    pub fn lives(&self, node: u32, when: Life) -> bool {
        let life = self.nodes[node as usize].life;
        life == Life::Both || life == when
    }

    /// The edges of a node to those that are there as well.
    pub fn edges(&self, node: u32, when: Life) -> impl Iterator<Item = Edge> {
        let edges = &self.edges[self.first[node as usize]..self.first[node as usize + 1]];
        edges.iter().copied().filter(move |edge| self.lives(edge.to, when))
    }
}

/// splitmix64.
pub struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end - 1`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}
