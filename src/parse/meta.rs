//! The header's JSON in, a [`Layout`] out. What differs between V8's versions ends here:
//! fields and types are found by name, never by position.

use super::misread;
use super::sections::Array;
use crate::error::{Error, Result};
use serde::Deserialize;

/// Bits of an ordinal. What is left of 32 holds every bond.
pub(super) const ORDINAL: u32 = 28;
/// More nodes than this cannot be numbered; a file of so many has some 30 GB.
pub(super) const MOST_NODES: usize = 1 << ORDINAL;

/// Kinds of nodes. The numbers in a file are positions in that file's own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum NodeKind {
    Hidden,
    Array,
    String,
    Object,
    Code,
    Closure,
    RegExp,
    Number,
    Native,
    Synthetic,
    ConsString,
    SlicedString,
    Symbol,
    BigInt,
    ObjectShape,
    /// A kind this program has no rule for; its class is its name in parentheses.
    Other,
}

/// Kinds of edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum EdgeKind {
    Context,
    Element,
    Property,
    Internal,
    Hidden,
    Shortcut,
    Weak,
    /// DevTools' pseudo kind; no file has it.
    Invisible,
    /// A kind this program has no rule for: an ordinary named reference.
    Other,
}

impl NodeKind {
    fn from_name(name: &str) -> Self {
        match name {
            "hidden" => Self::Hidden,
            "array" => Self::Array,
            "string" => Self::String,
            "object" => Self::Object,
            "code" => Self::Code,
            "closure" => Self::Closure,
            "regexp" => Self::RegExp,
            "number" => Self::Number,
            "native" => Self::Native,
            "synthetic" => Self::Synthetic,
            "concatenated string" => Self::ConsString,
            "sliced string" => Self::SlicedString,
            "symbol" => Self::Symbol,
            "bigint" => Self::BigInt,
            "object shape" => Self::ObjectShape,
            _ => Self::Other,
        }
    }
}

impl EdgeKind {
    fn from_name(name: &str) -> Self {
        match name {
            "context" => Self::Context,
            "element" => Self::Element,
            "property" => Self::Property,
            "internal" => Self::Internal,
            "hidden" => Self::Hidden,
            "shortcut" => Self::Shortcut,
            "weak" => Self::Weak,
            "invisible" => Self::Invisible,
            _ => Self::Other,
        }
    }

    /// Whether the label is a plain number and not a name.
    #[must_use]
    pub const fn is_indexed(self) -> bool {
        matches!(self, Self::Element | Self::Hidden)
    }

    /// V8's word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Context => "context",
            Self::Element => "element",
            Self::Property => "property",
            Self::Internal => "internal",
            Self::Hidden => "hidden",
            Self::Shortcut => "shortcut",
            Self::Weak => "weak",
            Self::Invisible => "invisible",
            Self::Other => "other",
        }
    }
}

/// The member of a header by which a scrubbed file is known. Its value is the same in all files that
/// were scrubbed at once.
#[cfg(any(feature = "cli", feature = "internals"))]
pub(crate) const SCRUBBED: &str = "heapdiff_scrubbed";

/// How the rows of one file are laid out.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub node_count: usize,
    pub edge_count: usize,
    pub extra_native_bytes: Option<u64>,
    pub scrubbed: Option<String>,
    pub node: NodeFields,
    pub edge: EdgeFields,
    pub location: Option<LocationFields>,
    /// The file's names of node kinds, in its own order.
    pub node_type_names: Vec<String>,
    pub node_kinds: Vec<NodeKind>,
    pub edge_kinds: Vec<EdgeKind>,
}

/// Positions within a node's row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NodeFields {
    pub width: usize,
    pub kind: usize,
    pub name: usize,
    pub id: usize,
    pub self_size: usize,
    pub edge_count: usize,
    pub detachedness: Option<usize>,
}

/// Positions within an edge's row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EdgeFields {
    pub width: usize,
    pub kind: usize,
    pub label: usize,
    pub to_node: usize,
}

/// Positions within a location's row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocationFields {
    pub width: usize,
    pub object: usize,
    pub script: usize,
    pub line: usize,
    pub column: usize,
}

#[derive(Deserialize)]
struct Header {
    meta: Meta,
    node_count: u64,
    edge_count: u64,
    root_index: Option<u64>,
    extra_native_bytes: Option<u64>,
    heapdiff_scrubbed: Option<String>,
}

#[derive(Deserialize)]
struct Meta {
    node_fields: Vec<String>,
    node_types: Vec<Types>,
    edge_fields: Vec<String>,
    edge_types: Vec<Types>,
    location_fields: Option<Vec<String>>,
}

/// The list of kinds, or the name of a plain type such as `"number"`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    Kinds(Vec<String>),
    Plain(#[allow(dead_code)] String),
}

/// Bytes of a header. V8 writes some 2 kB; what is parsed needs many times its size in memory.
const LONGEST: usize = 1 << 20;
/// Fields of a row. V8 writes seven at most; room is reserved for hundreds of rows.
const MOST_FIELDS: usize = 64;

/// Kinds that a node can be of. V8 3.28 to 6.2 has a symbol's at 12, behind the end of its list.
const KINDS: usize = 256;
/// What DevTools calls a kind that is not in the list.
pub(crate) const UNNAMED: &str = "undefined";

impl Layout {
    /// Counts the rows of a file that leaves that to its reader, as Hermes did up to 2024.
    pub(super) fn count_rows(&mut self, nodes: &Array, edges: &Array) {
        let rows = |array: &Array, width: usize| array.numbers().div_ceil(width);
        if self.node_count == 0 && self.edge_count == 0 {
            self.node_count = rows(nodes, self.node.width).min(MOST_NODES - 1);
            self.edge_count = rows(edges, self.edge.width).min(u32::MAX as usize - 1);
        }
    }

    /// Reads the header, which starts at byte `at` of the file.
    pub(crate) fn read(json: &[u8], at: usize) -> Result<Self> {
        if json.len() > LONGEST {
            let length = json.len();
            return Err(Error::damaged(at, format!("the header has {length} bytes, far too many")));
        }
        // simd-json parses in place, and the bytes are a read-only map: a copy of a few kB.
        let mut copy = json.to_vec();
        let header: Header =
            simd_json::serde::from_slice(&mut copy).map_err(|_| misread::header(json, at))?;
        let damaged = |what: String| Error::damaged(at, what);
        let count = |n: u64, most: usize, what: &str| {
            usize::try_from(n).ok().filter(|n| *n < most).ok_or_else(|| {
                damaged(format!("the header counts {n} {what}, more than can be numbered"))
            })
        };
        if header.root_index.unwrap_or(0) != 0 {
            return Err(damaged("the root is not the first node (\"root_index\")".into()));
        }
        let meta = &header.meta;
        let locations = meta.location_fields.as_deref().unwrap_or_default();
        let fields = [&meta.node_fields, &meta.edge_fields, locations].map(<[_]>::len);
        if let Some(many) = fields.into_iter().find(|fields| *fields > MOST_FIELDS) {
            return Err(damaged(format!("the header has {many} fields for a row, far too many")));
        }
        let node = NodeFields::find(&meta.node_fields).map_err(damaged)?;
        let edge = EdgeFields::find(&meta.edge_fields).map_err(damaged)?;
        let mut node_type_names =
            kinds(&meta.node_types, node.kind, "node_types").map_err(damaged)?;
        node_type_names.resize(KINDS, UNNAMED.to_owned());
        let edge_types = kinds(&meta.edge_types, edge.kind, "edge_types").map_err(damaged)?;
        let location = meta
            .location_fields
            .as_deref()
            .map(LocationFields::find)
            .transpose()
            .map_err(damaged)?;
        Ok(Self {
            node_count: count(header.node_count, MOST_NODES, "nodes")?,
            edge_count: count(header.edge_count, u32::MAX as usize, "edges")?,
            extra_native_bytes: header.extra_native_bytes,
            scrubbed: header.heapdiff_scrubbed.map(sound_mark),
            node,
            edge,
            location,
            node_kinds: node_type_names.iter().map(|n| NodeKind::from_name(n)).collect(),
            edge_kinds: edge_types.iter().map(|n| EdgeKind::from_name(n)).collect(),
            node_type_names,
        })
    }
}

/// The mark as `scrub` writes it. Anybody may have written another one, and it is shown.
fn sound_mark(mark: String) -> String {
    let sound = mark.len() == 16 && mark.bytes().all(|b| b.is_ascii_hexdigit());
    if sound { mark } else { "unknown".to_owned() }
}

fn kinds(types: &[Types], at: usize, what: &str) -> std::result::Result<Vec<String>, String> {
    match types.get(at) {
        Some(Types::Kinds(names)) if (1..=256).contains(&names.len()) => Ok(names.clone()),
        _ => Err(format!("the header's \"{what}\" has no list of kinds at position {at}")),
    }
}

fn field(fields: &[String], name: &str, of: &str) -> std::result::Result<usize, String> {
    fields
        .iter()
        .position(|f| f == name)
        .ok_or_else(|| format!("the header's \"{of}\" lacks \"{name}\""))
}

impl NodeFields {
    fn find(fields: &[String]) -> std::result::Result<Self, String> {
        let at = |name| field(fields, name, "node_fields");
        Ok(Self {
            width: fields.len(),
            kind: at("type")?,
            name: at("name")?,
            id: at("id")?,
            self_size: at("self_size")?,
            edge_count: at("edge_count")?,
            detachedness: at("detachedness").ok(),
        })
    }
}

impl EdgeFields {
    fn find(fields: &[String]) -> std::result::Result<Self, String> {
        let at = |name| field(fields, name, "edge_fields");
        Ok(Self {
            width: fields.len(),
            kind: at("type")?,
            label: at("name_or_index")?,
            to_node: at("to_node")?,
        })
    }
}

impl LocationFields {
    fn find(fields: &[String]) -> std::result::Result<Self, String> {
        let at = |name| field(fields, name, "location_fields");
        Ok(Self {
            width: fields.len(),
            object: at("object_index")?,
            script: at("script_id")?,
            line: at("line")?,
            column: at("column")?,
        })
    }
}
