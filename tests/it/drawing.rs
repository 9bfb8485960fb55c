//! A few lines of text in, a heap out: no test spells a row of numbers.
//!
//! ```text
//!   root -> app:App(48)                     # a shortcut edge, as V8 has to its globals
//!   app -cache-> map:Map(32)                # a property
//!   map -[0]-> s:Session(900)               # an element
//!   map ~> s                                # weak
//! ```
//!
//! * A node is `handle:Class(size)`, later just `handle`. It is of kind object unless the kind
//!   stands before the class: `f:(closure)onData(32)`, `p:(array)(64)`. A name with spaces goes
//!   in quotes. Without a size it has 16 bytes, without a class the handle is its class.
//! * `s:Session(900)@12:3:4` stands in script 12; `d:(native)Div(8)+detached`, `+attached`.
//! * `root` is node 0. Nodes lie in order of first appearance, edges in order of the lines.
//!   Ids count 1, 3, 5 ... in the same order; in a pair, a handle has one id in both.
//! * Edges: `->` internal, named like its target (from the root: shortcut), `-name->` property,
//!   `-[3]->` element, `-<name>->` context, `-(name)->` internal, `-{3}->` hidden, `=name=>`
//!   shortcut, `~>` and `~name~>` weak. In a quoted name `@handle` stands for `@` and its id.
//! * `#` after white space starts a comment; arrows may be strung together in one line.

use crate::writing::Style;
use heapdiff::classes::{DisplayNames, Interfaces, Naming};
use heapdiff::diff::{ClassDelta, Comparison};
use heapdiff::graph::Heap;
use heapdiff::ids::NodeIdx;
use heapdiff::pair::Pair;
use std::collections::HashMap;

/// V8's kinds of nodes, in the order of Node 22's header.
pub const KINDS: [&str; 15] = [
    "hidden",
    "array",
    "string",
    "object",
    "code",
    "closure",
    "regexp",
    "number",
    "native",
    "synthetic",
    "concatenated string",
    "sliced string",
    "symbol",
    "bigint",
    "object shape",
];
/// Kinds that only other producers write.
pub const OTHER_KINDS: [&str; 8] = [
    "String",
    "jl_sym_t",
    "jl_svec_t",
    "jl_module_t",
    "jl_task_t",
    "jl_array_t",
    "slicedstring",
    "framework",
];
/// V8's kinds of edges.
pub const LINKS: [&str; 7] =
    ["context", "element", "property", "internal", "hidden", "shortcut", "weak"];

/// One node of a drawing.
#[derive(Debug, Clone)]
pub struct Node {
    pub handle: String,
    pub kind: &'static str,
    pub name: String,
    pub id: u64,
    pub size: u64,
    pub state: u64,
    pub place: Option<[u64; 3]>,
}

/// One edge of a drawing; a label of digits is a number where the kind wants one.
#[derive(Debug, Clone)]
pub struct Edge {
    pub from: usize,
    pub kind: &'static str,
    pub label: String,
    pub to: usize,
}

/// A drawn heap, before it is written.
#[derive(Debug, Clone)]
pub struct Drawing {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

/// Reads one drawing.
pub fn draw(text: &str) -> Drawing {
    numbered(text, &mut HashMap::new())
}

/// Reads two drawings of one process: a handle has the same id in both.
pub fn draw_pair(before: &str, after: &str) -> Pair<Drawing> {
    let mut ids = HashMap::new();
    let before = numbered(before, &mut ids);
    Pair::new(before, numbered(after, &mut ids))
}

/// Reads any number of drawings of one process, oldest first.
pub fn draw_all(texts: &[&str]) -> Vec<Drawing> {
    let mut ids = HashMap::new();
    texts.iter().map(|text| numbered(text, &mut ids)).collect()
}

fn numbered(text: &str, ids: &mut HashMap<String, u64>) -> Drawing {
    let mut drawing = Drawing::new();
    for line in text.lines() {
        let end = line.find(" #").unwrap_or(line.len());
        let line = line[..end].trim();
        if !line.is_empty() && !line.starts_with('#') {
            Pen { drawing: &mut drawing, rest: line, line }.line();
        }
    }
    for node in &mut drawing.nodes {
        let next = 2 * ids.len() as u64 + 1;
        node.id = *ids.entry(node.handle.clone()).or_insert(next);
    }
    let nodes = drawing.nodes.clone();
    for edge in drawing.edges.iter_mut().filter(|e| e.label.contains('@')) {
        for node in &nodes {
            let named = format!("@{}", node.handle);
            edge.label = replace_word(&edge.label, &named, &format!("@{}", node.id));
        }
    }
    drawing
}

fn replace_word(text: &str, word: &str, with: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let after = &rest[at + word.len()..];
        let whole = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        out += &rest[..at];
        out += if whole { with } else { word };
        rest = after;
    }
    out + rest
}

impl Drawing {
    /// The root alone.
    pub fn new() -> Self {
        let root = Node { kind: "synthetic", name: String::new(), size: 0, ..Node::new("root") };
        Self { nodes: vec![root], edges: Vec::new() }
    }

    /// The node's position.
    pub fn at(&self, handle: &str) -> usize {
        self.nodes.iter().position(|n| n.handle == handle).unwrap_or_else(|| panic!("no {handle}"))
    }

    pub fn index(&self, handle: &str) -> NodeIdx {
        NodeIdx::from_at(self.at(handle))
    }

    pub fn id(&self, handle: &str) -> u32 {
        self.nodes[self.at(handle)].id as u32
    }

    /// As Node 22 would write it.
    pub fn bytes(&self) -> Vec<u8> {
        Style::default().write(self)
    }

    pub fn heap(&self) -> Heap {
        crate::fixtures::heap(self.bytes())
    }
}

impl Node {
    pub fn new(handle: &str) -> Self {
        let handle = handle.to_owned();
        let name = handle.clone();
        Self { handle, kind: "object", name, id: 1, size: 16, state: 0, place: None }
    }
}

struct Pen<'a> {
    drawing: &'a mut Drawing,
    rest: &'a str,
    line: &'a str,
}

impl<'a> Pen<'a> {
    fn line(&mut self) {
        let mut from = self.node();
        while !self.rest.is_empty() {
            let (kind, label) = self.arrow(from);
            let to = self.node();
            let label = label.unwrap_or_else(|| self.drawing.nodes[to].handle.clone());
            self.drawing.edges.push(Edge { from, kind, label, to });
            from = to;
        }
    }

    fn node(&mut self) -> usize {
        let handle = self.until(|c| !c.is_alphanumeric() && c != '_');
        assert!(!handle.is_empty(), "a node belongs before {:?} in {:?}", self.rest, self.line);
        let at = self.drawing.nodes.iter().position(|n| n.handle == handle).unwrap_or_else(|| {
            self.drawing.nodes.push(Node::new(handle));
            self.drawing.nodes.len() - 1
        });
        if self.take(":") {
            if self.take("(") {
                let kind = self.up_to(")");
                let known = KINDS.iter().chain(&OTHER_KINDS).find(|k| **k == kind);
                self.drawing.nodes[at].kind = known.unwrap_or_else(|| panic!("no kind {kind}"));
            }
            let quoted = self.take("\"");
            let name = if quoted { self.up_to("\"") } else { self.until(|c| " (@+".contains(c)) };
            self.drawing.nodes[at].name = name.to_owned();
            if self.take("(") {
                let size = self.up_to(")");
                self.drawing.nodes[at].size = size.parse().expect("a size");
            }
            self.extras(at);
        }
        self.rest = self.rest.trim_start();
        at
    }

    fn extras(&mut self, at: usize) {
        if self.take("@") {
            let place = self.until(|c| c != ':' && !c.is_ascii_digit());
            let mut numbers = place.split(':').map(|n| n.parse().expect("a place"));
            self.drawing.nodes[at].place = Some([(); 3].map(|()| numbers.next().expect("three")));
        }
        if self.take("+") {
            let state = self.until(|c| c == ' ');
            self.drawing.nodes[at].state = match state {
                "attached" => 1,
                "detached" => 2,
                number => number.parse().expect("a state"),
            };
        }
    }

    fn arrow(&mut self, from: usize) -> (&'static str, Option<String>) {
        let shapes = [
            ("->", "", if from == 0 { "shortcut" } else { "internal" }),
            ("~>", "", "weak"),
            ("-[", "]->", "element"),
            ("-<", ">->", "context"),
            ("-(", ")->", "internal"),
            ("-{", "}->", "hidden"),
            ("=", "=>", "shortcut"),
            ("~", "~>", "weak"),
            ("-", "->", "property"),
        ];
        let shape = shapes.iter().find(|(open, _, _)| self.take(open));
        let (_, close, kind) = shape.unwrap_or_else(|| panic!("no arrow in {:?}", self.line));
        let label = (!close.is_empty()).then(|| {
            if self.take("\"") {
                let name = self.up_to("\"");
                assert!(self.take(close), "{close} is missing in {:?}", self.line);
                name.to_owned()
            } else {
                self.up_to(close).to_owned()
            }
        });
        self.rest = self.rest.trim_start();
        (kind, label)
    }

    fn take(&mut self, text: &str) -> bool {
        let after = self.rest.strip_prefix(text);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn up_to(&mut self, end: &str) -> &'a str {
        let (text, rest) = self
            .rest
            .split_once(end)
            .unwrap_or_else(|| panic!("{end} is missing in {:?}", self.line));
        self.rest = rest;
        text
    }

    fn until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let (text, rest) = self.rest.split_at(self.rest.find(stop).unwrap_or(self.rest.len()));
        self.rest = rest;
        text
    }
}

/// A drawn heap, understood.
pub struct Drawn {
    pub drawing: Drawing,
    pub heap: Heap,
}

/// Draws, writes, reads and understands.
pub fn drawn(text: &str) -> Drawn {
    let drawing = draw(text);
    Drawn { heap: drawing.heap(), drawing }
}

impl Drawn {
    pub fn shallow(&self, handle: &str) -> u64 {
        self.heap.shallow().of(NodeIdx::from_at(self.drawing.at(handle)))
    }

    pub fn retained(&self, handle: &str) -> u64 {
        self.heap.retained().of(NodeIdx::from_at(self.drawing.at(handle)))
    }

    pub fn distance(&self, handle: &str) -> i32 {
        self.heap.shortest().distance[self.drawing.at(handle)]
    }

    pub fn dominator(&self, handle: &str) -> &str {
        let dominator = self.heap.dominators().idom[self.drawing.at(handle)];
        &self.drawing.nodes[dominator.at()].handle
    }

    pub fn state(&self, handle: &str) -> u8 {
        self.heap.dom_state[self.drawing.at(handle)]
    }

    /// The displayed name.
    pub fn name(&self, handle: &str) -> String {
        DisplayNames::new(&self.heap).of(self.drawing.index(handle)).to_string_lossy()
    }

    /// The class key under the heap's own definitions.
    pub fn class(&self, handle: &str) -> String {
        let naming = Naming::of_heap(&self.heap, &Interfaces::of(&self.heap));
        naming.of(self.drawing.index(handle)).to_string()
    }
}

/// Compares two heaps.
pub fn comparison(heaps: Pair<Heap>) -> Comparison {
    Comparison::new(heaps)
}

/// Two drawn heaps, compared.
pub struct Compared {
    pub drawings: Pair<Drawing>,
    pub comparison: Comparison,
}

/// Draws a pair and compares it.
pub fn compared(before: &str, after: &str) -> Compared {
    let drawings = draw_pair(before, after);
    let comparison = comparison(drawings.as_ref().map(Drawing::heap));
    Compared { drawings, comparison }
}

impl Compared {
    /// `key +new -deleted`, in order of the keys.
    pub fn rows(&self) -> Vec<String> {
        let row = |r: &ClassDelta| format!("{} +{} -{}", r.key, r.new, r.deleted);
        let mut rows: Vec<String> = self.comparison.deltas().iter().map(row).collect();
        rows.sort();
        rows
    }

    /// The row with this key.
    pub fn row(&self, key: &str) -> &ClassDelta {
        let found = self.comparison.deltas().iter().find(|r| r.key.to_string() == *key);
        found.unwrap_or_else(|| panic!("no row {key} in {:?}", self.rows()))
    }
}
