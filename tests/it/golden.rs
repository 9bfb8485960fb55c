//! DevTools' numbers, as the oracle writes them, and our numbers in the same form.

use heapdiff::classes::{Census, DisplayNames, Interfaces};
use heapdiff::diff::Comparison;
use heapdiff::graph::Heap;
use heapdiff::ids::NodeIdx;
use std::collections::BTreeMap;

/// What DevTools stores in 32 bits, we store in 64.
pub const WRAP: u64 = 1 << 32;

/// The rows of a tab-separated file; JSON strings stay as they are written.
pub fn rows(tsv: &str) -> Vec<Vec<&str>> {
    tsv.lines().skip(1).map(|line| line.split('\t').collect()).collect()
}

/// One class as a line of numbers.
#[derive(Debug, PartialEq, Eq, Clone)]
pub struct Class {
    pub name: String,
    pub count: u64,
    pub shallow: u64,
    pub distance: i32,
    pub retained: u64,
}

/// Reads `key name count distance self maxRet` (or, for the comparison, `... self distance ...`).
pub fn classes(tsv: &str) -> BTreeMap<String, Class> {
    let header: Vec<&str> = tsv.lines().next().unwrap().split('\t').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (distance, shallow) = (at("distance"), at("self"));
    rows(tsv)
        .into_iter()
        .map(|row| {
            let class = Class {
                name: row[1].to_owned(),
                count: row[2].parse().unwrap(),
                shallow: row[shallow].parse::<u64>().unwrap() % WRAP,
                distance: row[distance].parse().unwrap(),
                retained: row[5].parse::<u64>().unwrap() % WRAP,
            };
            (row[0].to_owned(), class)
        })
        .collect()
}

/// Our census in the same form.
pub fn our_classes(census: &Census) -> BTreeMap<String, Class> {
    let all = census.naming.classes.iter().zip(census.figures());
    all.filter(|(_, figures)| figures.count > 0)
        .map(|(class, figures)| {
            let row = Class {
                name: class.name.to_json(),
                count: figures.count,
                shallow: figures.shallow % WRAP,
                distance: figures.distance.unwrap(),
                retained: figures.retained.unwrap() % WRAP,
            };
            (class.text().to_json(), row)
        })
        .collect()
}

/// One row of the comparison: name, new, deleted, alloc size, freed size, ids of both kinds.
#[derive(Debug, PartialEq, Eq, Clone, Default)]
pub struct Delta {
    pub name: String,
    pub new: u64,
    pub deleted: u64,
    pub alloc: u64,
    pub freed: u64,
    pub new_ids: Vec<u32>,
    pub deleted_ids: Vec<u32>,
}

pub fn deltas(diff: &str, ids: &str) -> BTreeMap<String, Delta> {
    let mut deltas = BTreeMap::new();
    for row in rows(diff) {
        let number = |at: usize| row[at].parse::<i64>().unwrap();
        assert_eq!(number(2) - number(3), number(4), "the golden file contradicts itself");
        let delta = Delta {
            name: row[1].to_owned(),
            new: number(2) as u64,
            deleted: number(3) as u64,
            alloc: number(5) as u64 % WRAP,
            freed: number(6) as u64 % WRAP,
            ..Delta::default()
        };
        deltas.insert(row[0].to_owned(), delta);
    }
    for row in rows(ids) {
        let list = row[2].split(',').map(|id| id.parse().unwrap()).collect();
        let delta = deltas.get_mut(row[0]).unwrap();
        match row[1] {
            "+" => delta.new_ids = list,
            _ => delta.deleted_ids = list,
        }
    }
    deltas
}

pub fn our_deltas(comparison: &Comparison) -> BTreeMap<String, Delta> {
    let ids = |heap: &Heap, nodes: &[NodeIdx]| {
        let mut ids: Vec<u32> = nodes.iter().map(|n| heap.tables.nodes.id(*n)).collect();
        ids.sort_unstable();
        ids
    };
    let delta = |row: &heapdiff::diff::ClassDelta| Delta {
        name: row.name.to_json(),
        new: row.new,
        deleted: row.deleted,
        alloc: row.alloc_size % WRAP,
        freed: row.freed_size % WRAP,
        new_ids: ids(&comparison.heaps.after, comparison.new_objects(row)),
        deleted_ids: ids(&comparison.heaps.before, comparison.deleted_objects(row)),
    };
    comparison.deltas().iter().map(|row| (row.key.text().to_json(), delta(row))).collect()
}

/// One heap under its own definitions, as the columns of the golden files.
pub struct Columns {
    pub heap_len: usize,
    pub id: Vec<u32>,
    pub shallow: Vec<u64>,
    pub retained: Vec<u64>,
    pub distance: Vec<i32>,
    pub dominator: Vec<u32>,
    pub kind: Vec<u8>,
    pub detachedness: Vec<u8>,
    pub name_hash: Vec<u32>,
    pub key: Vec<String>,
}

pub fn our_census(heap: &Heap) -> Census {
    let interfaces = Interfaces::of(heap);
    Census::take(heap, &interfaces, &interfaces.own)
}

/// Through the front door: what `heapdiff dump` writes, read back.
pub fn columns(header: &str, bin: &[u8]) -> Columns {
    let header: serde_json::Value = serde_json::from_str(&escape_lone(header)).unwrap();
    let n = header["n"].as_u64().unwrap() as usize;
    let keys: Vec<String> = header["classKeys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|k| k.as_str().unwrap().into())
        .collect();
    let column = |name: &str| -> Vec<u64> {
        let columns = header["columns"].as_array().unwrap();
        let column = columns.iter().find(|c| c["name"] == name).unwrap();
        let width = column["dtype"].as_str().unwrap()[2..].parse::<usize>().unwrap();
        let float = column["dtype"] == "<f8";
        let from = column["offset"].as_u64().unwrap() as usize;
        bin[from..from + n * width]
            .chunks(width)
            .map(|b| {
                let mut eight = [0; 8];
                eight[..width].copy_from_slice(b);
                let bits = u64::from_le_bytes(eight);
                if float { f64::from_bits(bits) as u64 } else { bits }
            })
            .collect()
    };
    let narrow = |name: &str| column(name).into_iter().map(|v| v as u32).collect::<Vec<u32>>();
    let bytes = |name: &str| column(name).into_iter().map(|v| v as u8).collect::<Vec<u8>>();
    Columns {
        heap_len: n,
        id: narrow("id"),
        shallow: column("self"),
        retained: column("retained"),
        distance: narrow("distance").into_iter().map(u32::cast_signed).collect(),
        dominator: narrow("dominator"),
        kind: bytes("type"),
        detachedness: bytes("detachedness"),
        name_hash: narrow("nameHash"),
        key: narrow("classId").into_iter().map(|c| keys[c as usize].clone()).collect(),
    }
}

/// serde_json refuses lone surrogates; two files that differ only there do not occur.
fn escape_lone(json: &str) -> String {
    json.replace("\\ud", "\\\\ud").replace("\\uD", "\\\\uD")
}

/// The displayed name of every node, for tests that look at one.
#[allow(dead_code)]
pub fn names(heap: &Heap) -> Vec<String> {
    let mut names = DisplayNames::new(heap);
    heap.tables.nodes.indices().map(|n| names.of(n).to_json()).collect()
}
