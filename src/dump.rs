//! One snapshot in, every number computed from it out, for three files that can be held
//! against DevTools' own (see `fixtures/README.md`).
//!
//! | file | content |
//! |---|---|
//! | `snapshot.classes.tsv` | key, name, count, distance, self, maxRet; key and name as JSON strings |
//! | `snapshot.nodes.json` | number of nodes, node kinds, class keys, and where each column lies |
//! | `snapshot.nodes.bin` | the columns, little endian, each starting at a multiple of 8 bytes |

use crate::classes::{Census, DisplayNames, Interfaces};
use crate::error::{Error, Result};
use crate::graph::Heap;
use crate::input::Source;
use crate::memory;
use crate::parse::Tables;
use crate::report::masked_text;
use crate::text::{Text, json_without_commands};
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Header {
    magic: &'static str,
    n: usize,
    types: Vec<String>,
    columns: Vec<Column>,
    #[serde(rename = "classKeys")]
    class_keys: Vec<Text>,
}

#[derive(Serialize)]
struct Column {
    name: &'static str,
    dtype: &'static str,
    offset: usize,
}

/// What the files are called, in the order in which [`dump`] gives them.
pub const FILES: [&str; 3] = ["snapshot.classes.tsv", "snapshot.nodes.json", "snapshot.nodes.bin"];

/// Reads `file` and gives what belongs into the three files. `limit` is the memory that it may take,
/// in bytes. What looks like a secret in a name is masked, unless it is to be shown.
///
/// # Errors
/// If the snapshot cannot be read, or if it takes more than the limit.
pub fn dump(file: &Source, limit: Option<u64>, show_secrets: bool) -> Result<[Vec<u8>; 3]> {
    let input = file.open()?;
    memory::dump(&input, limit).map_err(|e| e.in_file(file.path()))?;
    let heap = Heap::new(Tables::of_file(&input)?);
    let interfaces = Interfaces::of(&heap);
    let census = Census::take(&heap, &interfaces, &interfaces.own);
    let shown = |name: &Text| if show_secrets { name.clone() } else { masked_text(name) };
    let classes = classes(&census, &shown);
    let (header, columns) = nodes(&heap, &census, &shown);
    let header =
        serde_json::to_string(&header).map_err(|e| Error::io("cannot encode", e.into()))?;
    // All names are strings of JSON.
    let texts = [classes, header].map(|text| json_without_commands(text).into_bytes());
    let [classes, header] = texts;
    Ok([classes, header, columns])
}

fn classes(census: &Census, shown: &impl Fn(&Text) -> Text) -> String {
    let mut out = "key\tname\tcount\tdistance\tself\tmaxRet\n".to_owned();
    for (class, figures) in census.naming.classes.iter().zip(census.figures()) {
        if figures.count > 0 {
            let _ = writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}\t{}",
                shown(&class.text()).to_json(),
                shown(&class.name).to_json(),
                figures.count,
                figures.distance.unwrap_or(0),
                figures.shallow,
                figures.retained.unwrap_or(0)
            );
        }
    }
    out
}

fn nodes(heap: &Heap, census: &Census, shown: &impl Fn(&Text) -> Text) -> (Header, Vec<u8>) {
    let nodes = &heap.tables.nodes;
    let mut columns = Vec::new();
    let mut bytes: Vec<u8> = Vec::new();
    let mut add = |name, dtype, column: &mut dyn Iterator<Item = Vec<u8>>| {
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        columns.push(Column { name, dtype, offset: bytes.len() });
        column.for_each(|value| bytes.extend(value));
    };
    let le = |n: u32| n.to_le_bytes().to_vec();
    add("id", "<u4", &mut nodes.ids().iter().map(|id| le(*id)));
    add("self", "<u8", &mut heap.shallow().iter().map(|n| n.to_le_bytes().to_vec()));
    add("retained", "<f8", &mut heap.retained().iter().map(|n| (n as f64).to_le_bytes().to_vec()));
    add("distance", "<i4", &mut heap.shortest().distance.iter().map(|d| d.to_le_bytes().to_vec()));
    add("dominator", "<u4", &mut heap.dominators().idom.iter().map(|n| le(n.0)));
    add("classId", "<u4", &mut census.naming.class_of.iter().map(|c| le(c.0)));
    let mut names = DisplayNames::new(heap);
    add("nameHash", "<u4", &mut nodes.indices().map(|n| le(names.of(n).fnv1a())));
    add("type", "|u1", &mut nodes.raw_kind.iter().map(|kind| vec![*kind]));
    add("detachedness", "|u1", &mut heap.dom_state.iter().map(|state| vec![*state]));
    let header = Header {
        magic: "HDORACLE1",
        n: nodes.len(),
        types: nodes.kind_names.clone(),
        columns,
        class_keys: census.naming.classes.iter().map(|key| shown(&key.text())).collect(),
    };
    (header, bytes)
}
