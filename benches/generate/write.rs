//! A heap in, the file of one of its snapshots out, piece by piece.

use super::heap::{Finished, Kind, Life};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

const META: &str = concat!(
    r#""meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","#,
    r#""detachedness"],"node_types":[["hidden","array","string","object","code","closure","#,
    r#""regexp","number","native","synthetic","concatenated string","sliced string","symbol","#,
    r#""bigint","object shape"],"string","number","number","number","number","number"],"#,
    r#""edge_fields":["type","name_or_index","to_node"],"edge_types":[["context","element","#,
    r#""property","internal","hidden","shortcut","weak"],"string_or_number","node"],"#,
    r#""trace_function_info_fields":["function_id","name","script_name","script_id","line","#,
    r#""column"],"trace_node_fields":["id","function_info_index","count","size","children"],"#,
    r#""sample_fields":["timestamp_us","last_assigned_id"],"location_fields":["object_index","#,
    r#""script_id","line","column"]}"#,
);
const NODE_FIELDS: usize = 7;

/// Writes one of the two snapshots.
pub fn snapshot(heap: &Finished, when: Life, path: &Path) -> io::Result<()> {
    let alive: Vec<u32> = (0..heap.nodes.len() as u32).filter(|n| heap.lives(*n, when)).collect();
    let mut position = vec![0; heap.nodes.len()];
    for (ordinal, node) in alive.iter().enumerate() {
        position[*node as usize] = (ordinal * NODE_FIELDS) as u32;
    }
    let edges: usize = alive.iter().map(|node| heap.edges(*node, when).count()).sum();
    let mut out = Out {
        to: BufWriter::with_capacity(1 << 20, File::create(path)?),
        // V8 puts this one before all others.
        used: vec![None],
        index: vec![0; heap.strings.len()],
    };
    let counts = format!(r#""node_count":{},"edge_count":{edges}"#, alive.len());
    write!(out.to, "{{\"snapshot\":{{{META},{counts},\"trace_function_count\":0}},\n\"nodes\":[")?;
    nodes(heap, when, &alive, &mut out)?;
    out.to.write_all(b"],\n\"edges\":[")?;
    let mut first = true;
    for edge in alive.iter().flat_map(|node| heap.edges(*node, when)) {
        let label = if edge.is_numbered() { edge.label } else { out.string(edge.label) };
        out.record(&mut first, &[edge.kind.into(), label, position[edge.to as usize]])?;
    }
    out.to.write_all(
        b"],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":[",
    )?;
    first = true;
    for place in heap.locations.iter().filter(|place| heap.lives(place.node, when)) {
        let object = position[place.node as usize];
        out.record(&mut first, &[object, place.script, place.line, place.column])?;
    }
    out.strings(heap)?;
    out.to.flush()
}

fn nodes(heap: &Finished, when: Life, alive: &[u32], out: &mut Out) -> io::Result<()> {
    let mut first = true;
    for n in alive {
        let node = &heap.nodes[*n as usize];
        let name = out.string(node.name);
        // Ids of what is not V8's own are even.
        let id = heap.ids[*n as usize] + u32::from(node.kind == Kind::Native);
        let edges = heap.edges(*n, when).count() as u32;
        let detachedness = node.detachedness.into();
        let numbers = [node.kind as u32, name, id].map(u64::from);
        let [kind, name, id] = numbers;
        let edges = edges.into();
        out.record(&mut first, &[kind, name, id, node.size, edges, 0, detachedness])?;
    }
    Ok(())
}

/// The file, and its own numbering of strings: by first use, as V8's is.
struct Out {
    to: BufWriter<File>,
    used: Vec<Option<u32>>,
    index: Vec<u32>,
}

impl Out {
    fn string(&mut self, string: u32) -> u32 {
        let index = &mut self.index[string as usize];
        if *index == 0 {
            *index = self.used.len() as u32;
            self.used.push(Some(string));
        }
        *index
    }

    /// One record, one line, the comma ahead.
    fn record<N: Copy + Into<u64>>(&mut self, first: &mut bool, numbers: &[N]) -> io::Result<()> {
        let mut line = [0; 160];
        let mut at = line.len() - 1;
        line[at] = b'\n';
        for number in numbers.iter().rev() {
            let mut rest: u64 = (*number).into();
            loop {
                at -= 1;
                line[at] = b'0' + (rest % 10) as u8;
                rest /= 10;
                if rest == 0 {
                    break;
                }
            }
            at -= 1;
            line[at] = b',';
        }
        at += usize::from(std::mem::take(first));
        self.to.write_all(&line[at..])
    }

    fn strings(&mut self, heap: &Finished) -> io::Result<()> {
        self.to.write_all(b"],\n\"strings\":[\"<dummy>\"")?;
        for string in self.used.iter().flatten() {
            self.to.write_all(b",\n\"")?;
            for c in heap.strings[*string as usize].chars() {
                match c {
                    '\n' => self.to.write_all(b"\\n")?,
                    '\t' => self.to.write_all(b"\\t")?,
                    '"' | '\\' => self.to.write_all(&[b'\\', c as u8])?,
                    ' '..='~' => self.to.write_all(&[c as u8])?,
                    _ => write!(self.to, "\\u{:04X}", u32::from(c))?,
                }
            }
            self.to.write_all(b"\"")?;
        }
        self.to.write_all(b"]}\n")
    }
}
