//! Where the batches of the edge table stand in the file in; the columns of one of them out, when
//! asked.
//!
//! Of the older of two heaps a few edges are looked at again after its owners and shapes are known.
//! So its columns, two thirds of a heap, need not stay: what is asked for is read once more, a batch
//! at a time, and then kept. Who walks over all of them asks for a whole column.

use super::digits::Digits;
use super::edge_rows::{Hop, Part, Rule};
use super::vector::Vector;
use crate::ids::EdgeIdx;
use crate::input::Input;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The edge table as it stands in the file.
#[derive(Debug)]
pub(super) struct Pages {
    input: Arc<Input>,
    pub rule: Rule,
    /// The first row of each batch, and the byte at which it begins; and where the last one ends.
    first: Vec<(u32, usize)>,
    /// At most so many batches are not full.
    short: usize,
    read: Vec<OnceLock<Page>>,
    hops: OnceLock<Vec<u32>>,
    labels: OnceLock<Vec<u32>>,
}

/// Where the batches stand that have been read, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Batches {
    first: Vec<(u32, usize)>,
    parts: usize,
    rows: u32,
}

impl Batches {
    /// Takes those of the next parts of the table.
    pub(super) fn extend(&mut self, parts: &[Part<'_>]) {
        for part in parts {
            self.first.extend(part.batches.iter().map(|(row, byte)| (self.rows + row, *byte)));
            self.rows += part.rows() as u32;
        }
        self.parts += parts.len();
    }
}

#[derive(Debug)]
struct Page {
    label: Box<[u32]>,
    to: Box<[u32]>,
}

/// Batches that are read before the system may take their part of the file back.
const AT_ONCE: usize = 1 << 12;

/// Bytes that the system maps along with those that are read, on either side.
const AROUND: usize = 1 << 16;

/// Rows of a full batch.
const ROWS: usize = super::digits::ROWS;

impl Pages {
    /// `end` is where the text of the last row ends.
    pub(super) fn new(input: &Arc<Input>, rule: Rule, batches: Batches, end: usize) -> Self {
        let Batches { mut first, parts: short, rows } = batches;
        first.push((rows, end + 1));
        let input = Arc::clone(input);
        let (hops, labels) = (OnceLock::new(), OnceLock::new());
        Self { input, rule, first, short, read: Vec::new(), hops, labels }
    }

    /// Makes ready to be asked.
    pub(super) fn open(&mut self) {
        self.read.resize_with(self.first.len() - 1, OnceLock::new);
    }

    /// The label of an edge.
    #[cold]
    pub(super) fn label(&self, edge: EdgeIdx) -> u32 {
        if let Some(labels) = self.labels.get() {
            return labels[edge.at()];
        }
        let (page, at) = self.page(edge);
        page.label[at]
    }

    /// Where an edge leads.
    #[cold]
    pub(super) fn hop(&self, edge: EdgeIdx) -> u32 {
        let (page, at) = self.page(edge);
        page.to[at]
    }

    /// Where all edges lead.
    pub(super) fn hops(&self) -> &[u32] {
        self.hops.get_or_init(|| self.column(|page| page.to))
    }

    /// The labels of all edges.
    pub(super) fn labels(&self) -> &[u32] {
        self.labels.get_or_init(|| self.column(|page| page.label))
    }

    fn column(&self, of: impl Fn(Page) -> Box<[u32]>) -> Vec<u32> {
        let rows = self.first.last().map_or(0, |(rows, _)| *rows as usize);
        let mut column = Vec::with_capacity(rows);
        let batches: Vec<&[(u32, usize)]> = self.first.windows(2).collect();
        for some in batches.chunks(AT_ONCE) {
            for two in some {
                let ((row, byte), (next, after)) = (two[0], two[1]);
                column.extend(of(self.read(byte..after - 1, (next - row) as usize)));
            }
            if let [first, .., last] = some {
                self.input.release(first[0].1..last[1].1);
            }
        }
        column
    }

    fn page(&self, edge: EdgeIdx) -> (&Page, usize) {
        // No batch has more rows than a full one, and few have less.
        let near = edge.at() / ROWS;
        let far = self.first.len().min(near + self.short + 1);
        let at = near + self.first[near..far].partition_point(|(row, _)| *row <= edge.0) - 1;
        (self.at(at), (edge.0 - self.first[at].0) as usize)
    }

    fn at(&self, at: usize) -> &Page {
        self.read[at].get_or_init(|| {
            let [(row, byte), (next, after)] = [self.first[at], self.first[at + 1]];
            let page = self.read(byte..after - 1, (next - row) as usize);
            let end = (after + AROUND).min(self.input.bytes().len());
            self.input.release(byte.saturating_sub(AROUND)..end);
            page
        })
    }

    /// Reads some rows. What is no row any more (somebody writes to the file, which is told in the
    /// end) is a weak edge to the root.
    fn read(&self, text: Range<usize>, rows: usize) -> Page {
        let (mut label, mut to) = (vec![0; rows], vec![Hop::LOST.0; rows]);
        let size = (rows, self.rule.field.width);
        let mut digits = Digits::new(self.input.bytes(), text, size, Vector::wanted());
        if let Ok(Some(batch)) = digits.batch() {
            let mut part = Part::new(&mut label, &mut to);
            if part.take(0, batch, &self.rule).is_err() {
                (label, to) = (vec![0; rows], vec![Hop::LOST.0; rows]);
            }
        }
        Page { label: label.into(), to: to.into() }
    }
}

#[cfg(test)]
mod tests {
    use crate::ids::EdgeIdx;
    use crate::input::Input;
    use crate::parse::Tables;
    use std::fmt::Write as _;
    use std::sync::Arc;

    /// A root with so many edges of several kinds, in a file as V8 writes it, or with white space.
    fn file(edges: usize, space: &str) -> Vec<u8> {
        let mut table = String::new();
        for edge in 0..edges {
            // Context, element, property, hidden.
            let (kind, label) = [(0, edge % 3), (1, edge), (2, 1), (5, edge)][edge % 4];
            let comma = if edge == 0 { "" } else { "," };
            let _ = writeln!(table, "{comma}{kind},{space}{label},{}", 5 * (edge % 2));
        }
        format!(
            r#"{{"snapshot":{{"meta":{{"node_fields":["type","name","id","self_size","edge_count"],
            "node_types":[["hidden","array","string","object","code","closure","regexp","number",
            "native","synthetic"]],"edge_fields":["type","name_or_index","to_node"],"edge_types":
            [["context","element","property","internal","weak","hidden"]]}},"node_count":2,
            "edge_count":{edges}}},"nodes":[9,0,1,0,{edges},3,1,3,16,0],"edges":[{table}],
            "strings":["(root)","__proto__","x"]}}"#
        )
        .into_bytes()
    }

    #[test]
    fn edges_that_are_given_back_read_as_they_were() {
        for (edges, space) in [(0, ""), (1, ""), (256, ""), (257, " "), (1000, ""), (300_000, "")] {
            let input = Arc::new(Input::from_bytes(file(edges, space)));
            let whole = Tables::read(&input).unwrap().edges;
            let mut given = Tables::read(&input).unwrap();
            given.give_back_edges();
            let given = given.edges;
            assert!(given.to.is_empty() && given.label.is_empty() && given.len() == edges);
            // From behind and with gaps, so that no order of asking is taken for granted.
            for edge in (0..edges as u32).rev().step_by(7).map(EdgeIdx) {
                let told = |e: &crate::parse::Edges| (e.bond(edge), e.label(edge), e.target(edge));
                assert_eq!(told(&given), told(&whole), "{edge:?} of {edges}");
            }
            assert_eq!(given.hops(), whole.hops(), "{edges}");
            let mut labels = Tables::read(&input).unwrap();
            labels.give_back_labels();
            let all = || (0..edges as u32).map(EdgeIdx);
            assert!(all().all(|edge| labels.edges.label(edge) == whole.label(edge)));
            assert!(labels.edges.label.is_empty() && labels.edges.hops() == whole.hops());
        }
    }

    #[test]
    fn edges_that_are_gone_from_the_file_hold_nothing() {
        let text = file(1000, "");
        let mut tables = Tables::read(&Arc::new(Input::from_bytes(text.clone()))).unwrap();
        tables.give_back_edges();
        let blank = text.iter().map(|byte| if byte.is_ascii_digit() { b'x' } else { *byte });
        tables.edges.pages.input = Arc::new(Input::from_bytes(blank.collect()));
        assert_eq!(tables.edges.bond(EdgeIdx(700)), crate::parse::Bond::Weak);
        assert_eq!(tables.edges.target(EdgeIdx(700)), crate::ids::ROOT);
    }
}
