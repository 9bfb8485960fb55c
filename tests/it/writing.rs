//! A drawing in, the bytes of a snapshot file out, in any of the ways programs write them.

use crate::drawing::{Drawing, Edge, KINDS, LINKS, Node};
use std::collections::HashMap;
use std::ops::Range;

/// How numbers and members are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Node up to 22: a record a line, the comma before the next one.
    Records,
    /// Node 24 and Bun: everything in one line.
    One,
    /// One line, with spaces, as Python writes JSON.
    Spaced,
    /// As an editor would indent it.
    Pretty,
    /// Records, with Windows line ends.
    Crlf,
}

/// One way to write a file.
#[derive(Debug, Clone)]
pub struct Style {
    pub lines: Lines,
    pub node_fields: Vec<&'static str>,
    pub edge_fields: Vec<&'static str>,
    /// Kinds of nodes and of edges, by their numbers.
    pub kinds: Vec<&'static str>,
    pub links: Vec<&'static str>,
    /// How many of the kinds the header lists.
    pub listed: usize,
    /// The tables beside nodes and edges whose fields the header lists.
    pub described: Vec<&'static str>,
    /// Whether the header counts the rows.
    pub counted: bool,
    /// The top-level members, in order; those that are not known are written from `extra`.
    pub members: Vec<&'static str>,
    /// JSON of unknown members, and of known ones to be written otherwise.
    pub extra: Vec<(&'static str, &'static str)>,
    pub before: &'static [u8],
    pub after: &'static [u8],
    pub trace_function_count: u64,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            lines: Lines::Records,
            node_fields: "type name id self_size edge_count trace_node_id detachedness"
                .split(' ')
                .collect(),
            edge_fields: vec!["type", "name_or_index", "to_node"],
            kinds: KINDS.to_vec(),
            links: LINKS.to_vec(),
            listed: usize::MAX,
            described: vec!["trace_function_info", "trace_node", "sample", "location"],
            counted: true,
            members: "snapshot nodes edges trace_function_infos trace_tree samples locations \
                      strings"
                .split_whitespace()
                .collect(),
            extra: Vec::new(),
            before: b"",
            after: b"\n",
            trace_function_count: 0,
        }
    }
}

impl Style {
    /// The whole file.
    pub fn write(&self, drawing: &Drawing) -> Vec<u8> {
        let file = File::new(self, drawing);
        let gap = match self.lines {
            Lines::Records => "\n",
            Lines::One => "",
            Lines::Spaced => " ",
            Lines::Pretty => "\n  ",
            Lines::Crlf => "\r\n",
        };
        let space = if self.lines == Lines::Pretty { " " } else { "" };
        let behind = if self.lines == Lines::Spaced { " " } else { space };
        let members: Vec<String> = self
            .members
            .iter()
            .map(|name| format!("\"{name}\"{space}:{behind}{}", file.member(name)))
            .collect();
        let mut out = self.before.to_vec();
        out.extend(format!("{{{space}{}{space}}}", members.join(&format!(",{gap}"))).into_bytes());
        out.extend(self.after);
        out
    }

    fn array(&self, rows: &[Vec<u64>]) -> String {
        let (within, between) = match self.lines {
            Lines::Records => (",", "\n,"),
            Lines::One => (",", ","),
            Lines::Spaced => (", ", ", "),
            Lines::Pretty => (",\n    ", ",\n    "),
            Lines::Crlf => (" ,\t", "\r\n,\r\n"),
        };
        let rows: Vec<String> = rows
            .iter()
            .map(|row| row.iter().map(u64::to_string).collect::<Vec<_>>().join(within))
            .collect();
        match self.lines {
            Lines::Pretty => format!("[\n    {}\n  ]", rows.join(between)),
            Lines::Crlf => format!("[\r\n{}\r\n]", rows.join(between)),
            Lines::Records => format!("[{}\n]", rows.join(between)),
            Lines::One | Lines::Spaced => format!("[{}]", rows.join(between)),
        }
    }
}

struct File<'a> {
    style: &'a Style,
    drawing: &'a Drawing,
    edges: Vec<&'a Edge>,
    edge_counts: Vec<u64>,
    strings: Vec<&'a str>,
    string_at: HashMap<&'a str, u64>,
}

impl<'a> File<'a> {
    fn new(style: &'a Style, drawing: &'a Drawing) -> Self {
        let mut edges: Vec<&Edge> = drawing.edges.iter().collect();
        edges.sort_by_key(|e| e.from);
        let mut edge_counts = vec![0; drawing.nodes.len()];
        edges.iter().for_each(|e| edge_counts[e.from] += 1);
        let mut file = Self {
            style,
            drawing,
            edges,
            edge_counts,
            strings: vec!["<dummy>"],
            string_at: HashMap::new(),
        };
        for node in &drawing.nodes {
            file.intern(&node.name);
        }
        for edge in drawing.edges.iter().filter(|e| !matches!(e.kind, "element" | "hidden")) {
            file.intern(&edge.label);
        }
        file
    }

    fn intern(&mut self, text: &'a str) {
        let next = self.strings.len() as u64;
        if *self.string_at.entry(text).or_insert(next) == next {
            self.strings.push(text);
        }
    }

    fn member(&self, name: &str) -> String {
        if let Some((_, json)) = self.style.extra.iter().find(|(n, _)| *n == name) {
            return (*json).to_owned();
        }
        let nodes = self.drawing.nodes.iter().enumerate();
        match name {
            "snapshot" => self.header(),
            "nodes" => self.style.array(&nodes.map(|(at, n)| self.node(at, n)).collect::<Vec<_>>()),
            "edges" if self.edges.is_empty() => "[]".to_owned(),
            "edges" => {
                self.style.array(&self.edges.iter().map(|e| self.edge(e)).collect::<Vec<_>>())
            }
            "locations" => {
                let width = self.style.node_fields.len();
                let place = |(at, n): (usize, &Node)| {
                    n.place.map(|[s, l, c]| vec![(at * width) as u64, s, l, c])
                };
                let rows: Vec<_> = nodes.filter_map(place).collect();
                if rows.is_empty() { "[]".to_owned() } else { self.style.array(&rows) }
            }
            "strings" => {
                let texts: Vec<String> =
                    self.strings.iter().map(|s| serde_json::to_string(s).unwrap()).collect();
                let gap = match self.style.lines {
                    Lines::One => ",",
                    Lines::Spaced => ", ",
                    _ => ",\n",
                };
                format!("[{}]", texts.join(gap))
            }
            _ => "[]".to_owned(),
        }
    }

    fn header(&self) -> String {
        let types = |fields: &[&str], kinds: &[&str]| -> Vec<serde_json::Value> {
            let list = |f: &&str| if *f == "type" { kinds.into() } else { "number".into() };
            fields.iter().map(list).collect()
        };
        let (nodes, edges) = (&self.style.node_fields, &self.style.edge_fields);
        let kinds = &self.style.kinds;
        let count = |rows: usize| if self.style.counted { rows } else { 0 };
        let mut header = serde_json::json!({
            "meta": {
                "node_fields": nodes,
                "node_types": types(nodes, &kinds[..kinds.len().min(self.style.listed)]),
                "edge_fields": edges,
                "edge_types": types(edges, &self.style.links),
                "trace_function_info_fields": ["function_id", "name"],
                "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
                "sample_fields": ["timestamp_us", "last_assigned_id"],
                "location_fields": ["object_index", "script_id", "line", "column"],
            },
            "node_count": count(self.drawing.nodes.len()),
            "edge_count": count(self.edges.len()),
            "trace_function_count": self.style.trace_function_count,
        });
        let described = |key: &String| {
            let table = key.strip_suffix("_fields").unwrap_or(key);
            self.style.described.contains(&table)
        };
        let always = |key: &String| key.starts_with("node_") || key.starts_with("edge_");
        let meta = header["meta"].as_object_mut().unwrap();
        meta.retain(|key, _| always(key) || described(key));
        header.to_string()
    }

    fn node(&self, at: usize, node: &Node) -> Vec<u64> {
        let kind = self.style.kinds.iter().position(|k| *k == node.kind).unwrap() as u64;
        let field = |name: &&str| match *name {
            "type" => kind,
            "name" => self.string_at[node.name.as_str()],
            "id" => node.id,
            "self_size" => node.size,
            "edge_count" => self.edge_counts[at],
            "detachedness" => node.state,
            "trace_node_id" => 0,
            _ => 77,
        };
        self.style.node_fields.iter().map(field).collect()
    }

    fn edge(&self, edge: &Edge) -> Vec<u64> {
        let field = |name: &&str| match *name {
            "type" => self.style.links.iter().position(|k| *k == edge.kind).unwrap() as u64,
            "to_node" => (edge.to * self.style.node_fields.len()) as u64,
            "name_or_index" if matches!(edge.kind, "element" | "hidden") => {
                edge.label.parse().expect("elements and hidden edges have numbers")
            }
            "name_or_index" => self.string_at[edge.label.as_str()],
            _ => 77,
        };
        self.style.edge_fields.iter().map(field).collect()
    }
}

/// Where the inside of a member's array lies.
pub fn inside(file: &[u8], member: &str) -> Range<usize> {
    let text = std::str::from_utf8(file).unwrap();
    let open = format!("\"{member}\":[");
    let start = text.find(&open).unwrap() + open.len();
    start..start + text[start..].find(']').unwrap()
}

/// Where one number of a member's array lies.
pub fn token(file: &[u8], member: &str, at: usize) -> Range<usize> {
    let inside = inside(file, member);
    let text = std::str::from_utf8(&file[inside.clone()]).unwrap();
    let mut start = inside.start;
    for (i, token) in text.split(',').enumerate() {
        if i == at {
            return start..start + token.trim_end().len();
        }
        start += token.len() + 1;
    }
    panic!("{member} has no number {at}");
}

/// The file with one stretch written anew.
pub fn replaced(file: &[u8], range: Range<usize>, with: impl AsRef<[u8]>) -> Vec<u8> {
    [&file[..range.start], with.as_ref(), &file[range.end..]].concat()
}

/// The file with the first occurrence of a text replaced.
pub fn swapped(file: &[u8], text: &str, with: impl AsRef<[u8]>) -> Vec<u8> {
    let at = file.windows(text.len()).position(|w| w == text.as_bytes());
    let at = at.unwrap_or_else(|| panic!("{text} is not in the file"));
    replaced(file, at..at + text.len(), with)
}
