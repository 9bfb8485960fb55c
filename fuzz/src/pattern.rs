//! A few records in, two heaps of one process out in which what the records describe is repeated as
//! often as one likes.
//!
//! | record | bytes |
//! |---|---|
//! | a row of copies | `0`, how many, how many in the older heap, whether these have other ids |
//! | a single node | `1`, kind, name, size |
//! | a node of each copy | `2` or `3`, kind, name, size, place, detachedness, which heaps |
//! | an edge of each copy | `4` to `7`, from, of which copy, to, of which copy, kind, label, of which copies |
//!
//! Every byte means something, whatever it is, and bytes that are missing are zero. The first two
//! single nodes are there anyway: the root and the global object.

use crate::graph::{SYNTHETIC, WORDS, header};
use std::fmt::Write as _;

/// Bytes of a record.
const RECORD: usize = 8;
/// More are ignored: larger patterns have nothing that smaller ones lack.
const RECORDS: usize = 48;
/// So many copies stand together.
const GROUPS: [usize; 8] = [2, 3, 8, 12, 24, 60, 96, 300];
const FIELDS: usize = 6;
const GLOBAL: usize = 1;

#[derive(Clone, Copy)]
struct Row {
    times: u8,
    older: u8,
    anew: bool,
}

#[derive(Clone, Copy)]
struct Node {
    /// The row it belongs to; none for a single one.
    row: Option<usize>,
    kind: u8,
    name: u8,
    size: u8,
    place: u8,
    state: u8,
    life: u8,
}

#[derive(Clone, Copy)]
struct Edge {
    row: usize,
    from: (u8, u8),
    to: (u8, u8),
    kind: u8,
    label: u8,
    when: u8,
}

/// What is repeated.
pub struct Pattern {
    rows: Vec<Row>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

/// How much of it there is.
#[derive(Clone, Copy)]
pub struct Scale {
    /// Copies in a row.
    pub copies: usize,
    /// Letters of a long name.
    pub letters: usize,
}

impl Pattern {
    /// Reads records.
    pub fn of(data: &[u8]) -> Self {
        let row = |record: [u8; RECORD]| Row {
            times: record[1],
            older: record[2],
            anew: record[3] % 2 == 1,
        };
        let node = |record: [u8; RECORD], row| {
            let [_, kind, name, size, place, state, life, _] = record;
            Node { row, kind, name, size, place, state, life }
        };
        let root = node([1, SYNTHETIC, 0, 0, 0, 0, 0, 0], None);
        let global = node([1, 3, 7, 4, 0, 0, 0, 0], None);
        let mut pattern = Self { rows: Vec::new(), nodes: vec![root, global], edges: Vec::new() };
        for bytes in data.chunks(RECORD).take(RECORDS) {
            let mut record = [0; RECORD];
            record[..bytes.len()].copy_from_slice(bytes);
            if pattern.rows.is_empty() || record[0] % 8 == 0 {
                pattern.rows.push(row(if record[0] % 8 == 0 { record } else { [0; RECORD] }));
            }
            let last = pattern.rows.len() - 1;
            match record[0] % 8 {
                0 => {}
                1 => pattern.nodes.push(node(record, None)),
                2 | 3 => pattern.nodes.push(node(record, Some(last))),
                _ => {
                    let [_, a, b, c, d, kind, label, when] = record;
                    pattern.edges.push(Edge {
                        row: last,
                        from: (a, b),
                        to: (c, d),
                        kind,
                        label,
                        when,
                    });
                }
            }
        }
        pattern
    }

    /// The older file and the newer one.
    pub fn write(&self, scale: Scale) -> [Vec<u8>; 2] {
        [false, true].map(|newer| Heap::new(self, scale, newer).file())
    }
}

/// One of the two heaps.
struct Heap<'a> {
    pattern: &'a Pattern,
    scale: Scale,
    newer: bool,
    /// Copies in each row.
    copies: Vec<usize>,
    /// The position of each node's first copy, and how many there are.
    first: Vec<usize>,
    count: Vec<usize>,
    texts: Vec<String>,
    known: std::collections::HashMap<String, usize>,
}

impl<'a> Heap<'a> {
    fn new(pattern: &'a Pattern, scale: Scale, newer: bool) -> Self {
        let copies: Vec<usize> = pattern.rows.iter().map(|row| row.copies(scale, newer)).collect();
        let (mut first, mut count, mut at) = (Vec::new(), Vec::new(), 0);
        for node in &pattern.nodes {
            let alive = if newer { node.life % 3 != 2 } else { node.life % 3 != 1 };
            let own = node.row.map_or(1, |row| copies[row]);
            first.push(at);
            count.push(if alive { own } else { 0 });
            at += count[count.len() - 1];
        }
        let texts = WORDS.iter().map(|word| (*word).to_owned()).collect();
        let known = WORDS.iter().enumerate().map(|(at, word)| ((*word).to_owned(), at)).collect();
        Self { pattern, scale, newer, copies, first, count, texts, known }
    }

    fn text(&mut self, text: String) -> usize {
        let next = self.texts.len();
        let at = *self.known.entry(text.clone()).or_insert(next);
        if at == next {
            self.texts.push(text);
        }
        at
    }

    /// The word, or something that is made for each copy.
    fn name(&mut self, code: u8, copy: usize) -> usize {
        let code = usize::from(code);
        if code < WORDS.len() {
            return code;
        }
        let group = GROUPS[code / 16 % 8];
        let text = match code % 8 {
            0 => format!("C{copy}"),
            1 => format!("C{}", copy % group),
            2 => format!("C{}", copy / group),
            3 => "x".repeat(self.scale.letters),
            4 => copy.to_string(),
            5 => format!("/app/{copy}.js"),
            6 => format!("<div class=\"c{}\">", copy % group),
            _ => format!("{}{}", "x".repeat(self.scale.letters), copy % 2),
        };
        self.text(text)
    }

    fn label(&mut self, edge: &Edge, copy: usize, to: usize) -> usize {
        let code = usize::from(edge.label);
        if matches!(edge.kind % 7, 1 | 4) {
            return [copy, 3 * copy + 4, 1, copy % GROUPS[code / 4 % 8]][code % 4];
        }
        if code % 8 != 6 || code < WORDS.len() {
            return self.name(edge.label, copy);
        }
        // The key is the first node of the row, the table the last single one.
        let nodes = &self.pattern.nodes;
        let key = nodes.iter().position(|node| node.row == Some(edge.row)).unwrap_or(GLOBAL);
        let table = nodes.iter().rposition(|node| node.row.is_none()).unwrap_or(GLOBAL);
        let key = self.id(key, copy);
        let value = (0..self.first.len()).rfind(|n| self.first[*n] <= to).unwrap_or(GLOBAL);
        let value = self.id(value, to - self.first[value]);
        let table = self.id(table, 0);
        self.text(format!(
            "{} / part of key (K @{key}) -> value (V @{value}) pair in WeakMap (table @{table})",
            copy + 1
        ))
    }

    fn id(&self, node: usize, copy: usize) -> usize {
        let nodes = self.pattern.nodes.len();
        let anew = self.pattern.nodes[node].row.is_some_and(|row| self.pattern.rows[row].anew);
        let later = if anew && self.newer { nodes * 4 * (self.scale.copies + 300) } else { 0 };
        2 * (later + copy * nodes + node) + 1
    }

    /// The position of a node, as seen from a copy; none where it is not in this heap.
    fn position(&self, (node, which): (u8, u8), copy: usize) -> Option<usize> {
        let node = usize::from(node) % self.pattern.nodes.len();
        if self.count[node] == 0 {
            return None;
        }
        let last = self.count[node] - 1;
        let group = GROUPS[usize::from(which) / 16 % 8];
        // Where there is no copy before this one, its holder is a single node.
        let before = |none: bool| {
            if !none {
                return copy - 1;
            }
            usize::MAX
        };
        let copy = match which % 16 {
            0 | 12.. => copy,
            1 => before(copy == 0),
            2 => copy + 1,
            3 => 0,
            4 => last,
            5 => last - copy.min(last),
            6 => (copy + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20,
            7 => last / 2,
            8 => before(copy % group == 0),
            9 => copy - copy % group,
            10 => copy / group,
            _ => copy % group,
        };
        if copy == usize::MAX && self.pattern.nodes[node].row.is_some() {
            let single = |n: &usize| self.pattern.nodes[*n].row.is_none() && self.count[*n] > 0;
            let holder = (GLOBAL..self.first.len()).rfind(single).unwrap_or(GLOBAL);
            return Some(self.first[holder]);
        }
        Some(self.first[node] + copy % self.count[node])
    }

    /// All edges, as they lie in the file.
    fn edges(&mut self) -> Vec<(usize, u8, usize, usize)> {
        let mut edges = vec![(0, 5, 7, self.first[GLOBAL])];
        for edge in &self.pattern.edges {
            for copy in 0..self.copies[edge.row] {
                let group = GROUPS[usize::from(edge.when) / 8 % 8];
                let there = match edge.when % 8 {
                    1 => copy == 0,
                    2 => copy + 1 == self.copies[edge.row],
                    3 => copy > 0,
                    4 => copy % group == 0,
                    5 => copy % group != 0,
                    _ => true,
                };
                let ends = (self.position(edge.from, copy), self.position(edge.to, copy));
                if let (true, (Some(from), Some(to))) = (there, ends) {
                    let label = self.label(edge, copy, to);
                    edges.push((from, edge.kind % 7, label, to));
                }
            }
        }
        edges.sort_by_key(|edge| edge.0);
        edges
    }

    fn file(mut self) -> Vec<u8> {
        let edges = self.edges();
        let mut owned = vec![0; self.count.iter().sum()];
        edges.iter().for_each(|edge| owned[edge.0] += 1);
        let (mut nodes, mut places) = (String::new(), String::new());
        for (at, node) in self.pattern.nodes.iter().enumerate() {
            for copy in 0..self.count[at] {
                let (position, name) = (self.first[at] + copy, self.name(node.name, copy));
                let size = match usize::from(node.size) {
                    size @ ..200 => 8 * size as u64,
                    size => 1 << (size - 200),
                };
                let (id, kind) = (self.id(at, copy), node.kind % 15);
                let _ = write!(nodes, "{}{kind},{name},{id}", if position > 0 { "," } else { "" });
                let _ = write!(nodes, ",{size},{},{}", owned[position], node.state % 3);
                let (script, line) =
                    [(0, 0), (1, copy), (1, 5), (copy, 1)][usize::from(node.place) % 4];
                if node.place % 4 > 0 {
                    let comma = if places.is_empty() { "" } else { "," };
                    let _ = write!(places, "{comma}{},{script},{line},0", position * FIELDS);
                }
            }
        }
        let mut file = format!(
            "{{{},\"nodes\":[{nodes}],\"locations\":[{places}],\"edges\":[",
            header(owned.len(), edges.len(), "")
        );
        for (at, (_, kind, label, to)) in edges.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let _ = write!(file, "{comma}{kind},{label},{}", to * FIELDS);
        }
        let strings = serde_json::to_string(&self.texts).unwrap_or_default();
        let _ = write!(file, "],\"strings\":{strings}}}");
        file.into_bytes()
    }
}

impl Row {
    fn copies(self, scale: Scale, newer: bool) -> usize {
        let n = scale.copies;
        let all = [n, n, n, n / 12, n.isqrt(), 96, 300, 2 * n][usize::from(self.times) % 8].max(1);
        if newer {
            return all;
        }
        [0, 1, all, all / 2, all - all / 8, all / 16, all * 2, all + 1][usize::from(self.older) % 8]
    }
}
