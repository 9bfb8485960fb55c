//! Arbitrary bytes in, a graph out that can be written as a sound snapshot.

use arbitrary::{Arbitrary, Result, Unstructured};
use std::fmt::Write as _;

const KINDS: &str = r#""hidden","array","string","object","code","closure","regexp","number","native","synthetic","concatenated string","sliced string","symbol","bigint","object shape""#;
const LINKS: &str = r#""context","element","property","internal","hidden","shortcut","weak""#;
pub(crate) const SYNTHETIC: u8 = 9;

/// Names that mean something to heapdiff, so that a fuzzer need not spell them.
pub(crate) const WORDS: &[&str] = &[
    "",
    "Object",
    "Map",
    "Set",
    "Array",
    "WeakMap",
    "Function",
    "global",
    "table",
    "elements",
    "system / Context",
    "system / NativeContext",
    "system / JSArrayBufferData",
    "system / ExternalStringData",
    "(Document DOM trees)",
    "(GC roots)",
    "(Global handles)",
    "(object elements)",
    "(map descriptors)",
    "sloppy_function_map",
    "script_or_debug_info",
    "shared",
    "context",
    "name",
    "first",
    "second",
    "parent",
    "length",
    "next",
    "prev",
    "_events",
    "EventEmitter",
    "Detached Row",
    "<div>",
    "AbortSignal",
    "Timeout",
    "Promise",
    "__proto__",
    "constructor",
    "0",
    "-1",
    "1e21",
    "1 / part of key (K @3) -> value (V @5) pair in WeakMap (table @7)",
];

/// A node; everything is brought into range when it is written.
#[derive(Debug, Clone, Arbitrary)]
struct Node {
    kind: u8,
    name: u8,
    /// Added to the number the node would have anyway.
    id: u8,
    size: Size,
    state: u8,
    place: Option<(u8, u32, u32)>,
}

#[derive(Debug, Clone, Arbitrary)]
enum Size {
    Small(u8),
    Any(u64),
}

#[derive(Debug, Clone, Arbitrary)]
struct Edge {
    from: u8,
    kind: u8,
    label: u8,
    to: u8,
}

/// A heap that is not yet written.
#[derive(Debug, Clone, Arbitrary)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    words: Vec<String>,
    extra_native_bytes: Option<u64>,
}

/// Two heaps of which the second is the first with something added, as in life.
pub fn arbitrary_pair(data: &mut Unstructured<'_>) -> Result<(Graph, Graph)> {
    let before = Graph::arbitrary(data)?;
    let more = Graph::arbitrary(data)?;
    let mut after = before.clone();
    let cut = usize::from(u8::arbitrary(data)?) % (after.nodes.len() + 1);
    if bool::arbitrary(data)? {
        after.nodes.truncate(cut);
    }
    after.nodes.extend(more.nodes);
    after.edges.extend(more.edges);
    Ok((before, after))
}

impl Graph {
    /// The file.
    pub fn write(&self) -> Vec<u8> {
        let count = 1 + self.nodes.len().min(255);
        let mut edges: Vec<(usize, &Edge)> =
            self.edges.iter().map(|e| (usize::from(e.from) % count, e)).collect();
        edges.sort_by_key(|(from, _)| *from);
        let owned = |at: usize| edges.iter().filter(|(from, _)| *from == at).count();
        let strings = WORDS.len() + self.words.len();
        let mut nodes = format!("{SYNTHETIC},0,1,0,{},0", owned(0));
        let mut places = Vec::new();
        for (at, node) in (1..count).zip(&self.nodes) {
            let size = match node.size {
                Size::Small(size) => u64::from(size),
                Size::Any(size) => size,
            };
            let (kind, name) = (node.kind % 15, usize::from(node.name) % strings);
            let id = 2 * at + 1 + usize::from(node.id >> 4);
            let _ = write!(nodes, ",{kind},{name},{id},{size},{},{}", owned(at), node.state);
            if let Some((script, line, column)) = node.place {
                places.push(format!("{},{script},{line},{column}", at * 6));
            }
        }
        let edges: Vec<String> = edges
            .iter()
            .map(|(_, edge)| {
                let kind = edge.kind % 7;
                let label =
                    usize::from(edge.label) % if kind == 1 || kind == 4 { 256 } else { strings };
                format!("{kind},{label},{}", usize::from(edge.to) % count * 6)
            })
            .collect();
        self.file(count, &nodes, &edges, &places)
    }

    fn file(&self, count: usize, nodes: &str, edges: &[String], places: &[String]) -> Vec<u8> {
        let words = WORDS.iter().copied().chain(self.words.iter().map(String::as_str));
        let strings = serde_json::to_string(&words.collect::<Vec<_>>()).unwrap_or_default();
        let native = self
            .extra_native_bytes
            .map_or(String::new(), |n| format!(",\"extra_native_bytes\":{n}"));
        format!(
            r#"{{{},
"nodes":[{nodes}],
"edges":[{}],
"locations":[{}],
"strings":{strings}}}"#,
            header(count, edges.len(), &native),
            edges.join(","),
            places.join(","),
        )
        .into_bytes()
    }
}

/// The first member of a file; `more` is what else its counts hold.
pub(crate) fn header(nodes: usize, edges: usize, more: &str) -> String {
    format!(
        r#""snapshot":{{"meta":{{"node_fields":["type","name","id","self_size","edge_count","detachedness"],"node_types":[[{KINDS}]],"edge_fields":["type","name_or_index","to_node"],"edge_types":[[{LINKS}]],"location_fields":["object_index","script_id","line","column"]}},"node_count":{nodes},"edge_count":{edges}{more}}}"#
    )
}
