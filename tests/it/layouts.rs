//! What V8 makes of a Map, an Array, a closure, a module, as lines of a drawing; and what is
//! told of drawings.
//!
//! ```text
//!   map -table-> (array)   [3 numbers, buckets, then key value chain, key value chain, ...]
//!   array -[0]-> entry     and again -elements-> (array) -0-> entry
//! ```
//!
//! A hash table is a new object whenever its capacity has doubled, as in life.

use crate::drawing::draw_all;
use crate::fixtures::scratch;
use heapdiff::compare::compare;
use heapdiff::pair::Pair;
use heapdiff::report::Options;
use serde_json::Value;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The global object.
pub const GLOBAL: &str = "root -> g:global(40)\n";

/// One new object per call, of 100 bytes.
pub fn call(i: usize) -> String {
    format!("s{i}:ToolCall(100)")
}

fn capacity(entries: usize) -> usize {
    entries.next_power_of_two().max(4)
}

/// A hash table of rows; `row` is the nodes in the slots of one, empty where a number is.
fn table(
    handle: &str,
    class: &str,
    rows: Range<usize>,
    row: &dyn Fn(usize) -> [String; 2],
) -> String {
    let width = if class == "Set" { 2 } else { 3 };
    let room = capacity(rows.len());
    let (buckets, table) = (room / 2, format!("{handle}_table{room}"));
    let bytes = 16 + 8 * (3 + buckets + width * room);
    let mut out = format!("{handle}:{class}(32) -(table)-> {table}:(array)({bytes})\n");
    for (at, i) in rows.enumerate() {
        for (offset, node) in row(i).into_iter().enumerate().filter(|(_, node)| !node.is_empty()) {
            let slot = 3 + buckets + width * at + offset;
            let _ = writeln!(out, "{table} -({slot})-> {node}");
        }
    }
    out
}

/// A Map from strings of 24 bytes each.
pub fn map(handle: &str, keys: Range<usize>, value: impl Fn(usize) -> String) -> String {
    let row = |i: usize| [format!("{handle}_key{i}:(string)\"key {i}\"(24)"), value(i)];
    table(handle, "Map", keys, &row)
}

/// A Map from numbers, which leave no edge.
pub fn map_from_numbers(
    handle: &str,
    keys: Range<usize>,
    value: impl Fn(usize) -> String,
) -> String {
    table(handle, "Map", keys, &|i| [String::new(), value(i)])
}

/// A Set.
pub fn set(handle: &str, entries: Range<usize>, entry: impl Fn(usize) -> String) -> String {
    table(handle, "Set", entries, &|i| [entry(i), String::new()])
}

/// An Array.
pub fn array(handle: &str, entries: Range<usize>, entry: impl Fn(usize) -> String) -> String {
    let room = capacity(entries.len());
    let elements = format!("{handle}_elements{room}");
    let mut out = format!(
        "{handle}:Array(32) -(elements)-> {elements}:(array)\"(object elements)\"({})\n",
        16 + 8 * room
    );
    for (at, i) in entries.enumerate() {
        let node = entry(i);
        let _ = writeln!(out, "{handle} -[{at}]-> {node}\n{elements} -({at})-> {node}");
    }
    out
}

/// An Array of numbers only.
pub fn numbers(handle: &str, length: usize) -> String {
    let bytes = 16 + 8 * length;
    format!(
        "{handle}:Array(32) -(elements)-> {handle}_{length}:(array)\"(object elements)\"({bytes})\n"
    )
}

/// A WeakMap: the table's side of each entry and the key's, of one name.
pub fn weak_map(
    handle: &str,
    keys: Range<usize>,
    key: impl Fn(usize) -> String,
    value: impl Fn(usize) -> String,
) -> String {
    let room = capacity(keys.len());
    let table = format!("{handle}_table{room}");
    let bytes = 16 + 16 * room;
    let mut out = format!("{handle}:WeakMap(32) -(table)-> {table}:(array)({bytes})\n");
    for (at, i) in keys.enumerate() {
        let (key, value) = (key(i), value(i));
        let bare = |node: &str| node.split(':').next().unwrap().to_owned();
        let (k, v, slot) = (bare(&key), bare(&value), 3 + 2 * at);
        let name = format!(
            "{slot} / part of key (Key @{k}) -> value (Value @{v}) pair in WeakMap (table @{table})"
        );
        let _ = writeln!(out, "{table} ~{slot}~> {key}\n{table} ~{}~> {value}", slot + 1);
        let _ = writeln!(out, "{table} -({name})-> {v}\n{k} -({name})-> {v}");
    }
    out
}

/// A closure over a context; `place` is script, line and column, counted from 0.
pub fn closure(handle: &str, name: &str, context: &str, place: &str) -> String {
    let script = place.split(':').next().unwrap();
    format!(
        "{handle}:(closure)\"{name}\"(64)@{place} -(context)-> {context}:\"system / Context\"(40)
         {handle} -(shared)-> {handle}_shared:(code)\"{name}\"(56) -(script_or_debug_info)-> script{script}\n"
    )
}

/// A script's name, as a closure's way to it ends.
pub fn script(number: u32, name: &str) -> String {
    format!(
        "script{number}:(code)\"{name}\"(136) -(name)-> script{number}_name:(string)\"{name}\"(56)\n"
    )
}

/// Writes drawings as snapshots of one process, oldest first.
pub fn snapshots(test: &str, drawings: &[&str]) -> Vec<PathBuf> {
    let dir = scratch(&format!("told-{test}"));
    let write = |(at, drawing): (usize, crate::drawing::Drawing)| {
        let file = dir.join(format!("{at}.heapsnapshot"));
        std::fs::write(&file, drawing.bytes()).unwrap();
        file
    };
    draw_all(drawings).into_iter().enumerate().map(write).collect()
}

/// What is told of drawings of one process, oldest first.
pub fn told_with(test: &str, drawings: &[&str], options: &Options) -> Value {
    let files = snapshots(test, drawings);
    told_of(&files, options)
}

/// What is told of files.
pub fn told_of(files: &[PathBuf], options: &Options) -> Value {
    let ends = Pair::new(files[0].as_path(), files[files.len() - 1].as_path());
    let between: Vec<&Path> = files[1..files.len() - 1].iter().map(PathBuf::as_path).collect();
    serde_json::to_value(compare(ends, &between, options).unwrap()).unwrap()
}

/// What is told of a pair of drawings.
pub fn told(test: &str, before: &str, after: &str) -> Value {
    told_with(test, &[before, after], &Options::default())
}

pub fn list<'a>(report: &'a Value, field: &str) -> &'a [Value] {
    report[field].as_array().unwrap_or_else(|| panic!("no list {field} in {report}"))
}

/// `path kind before → after`, a line each, heaviest first.
pub fn grown(report: &Value) -> Vec<String> {
    let line = |c: &Value| {
        let about = if c["approximate"] == true { "≈" } else { "" };
        let [before, after] = ["entries_before", "entries_after"].map(|n| c[n].as_u64().unwrap());
        format!(
            "{} {} {about}{before} → {about}{after}",
            c["path"].as_str().unwrap(),
            c["kind"].as_str().unwrap()
        )
    };
    list(report, "containers").iter().map(line).collect()
}

/// The labels of a suspect's way, from the first that code can use to the object.
pub fn labels(chain: &Value) -> String {
    let steps =
        list(chain, "steps").iter().filter(|s| s["role"] != "root" && s["role"] != "inside");
    steps.map(|s| s["label"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}
