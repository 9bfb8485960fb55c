//! Rows of the `locations` array in, a place in the source for some objects out.

use super::digits::Signed;
use super::meta::{Layout, LocationFields};
use super::numbers::{Fault, Table};
use super::sections::Array;
use super::stream::Stream;
use crate::error::Result;
use crate::ids::NodeIdx;
use crate::input::Input;
use foldhash::quality::RandomState;
use std::collections::HashMap;
use std::ops::Range;

/// A place in a script; line and column count from 0 here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// V8's number of the script, unique within one process.
    pub script: u32,
    /// Line, from 0.
    pub line: u32,
    /// Column, from 0.
    pub column: u32,
}

/// Where objects and closures come from: for an object, its class's constructor.
#[derive(Debug, Default)]
pub struct Locations {
    /// By node: a position in `places`, since many objects have one constructor, or [`NONE`]. Empty
    /// if the file has no records.
    place: Vec<u32>,
    places: Vec<Location>,
}

const NONE: u32 = u32::MAX;
const NOWHERE: Location = Location { script: 0, line: 0, column: 0 };

impl Locations {
    pub(super) fn read(input: &Input, array: &Array, layout: &Layout) -> Result<Self> {
        let Some(field) = layout.location else { return Ok(Self::default()) };
        let mut table = Table::split(input, array, field.width, "the locations")?;
        // Code that somebody wraps before it is compiled (Vitest, bundlers) begins behind its first column, and
        // what the wrapper has lies before it: Node.js 24 writes -8 for that.
        table.signed = Signed::columns([field.line, field.column]);
        let mut records = Records::default();
        records.fill(0..table.rows(), &table, (&field, layout))?;
        Ok(Self::by_node(&records, layout.node_count))
    }

    /// The same while the array's end is looked for in a stretch that begins with the array; gives
    /// the end too. `None` if anything is odd.
    pub(super) fn stream(
        input: &Input,
        stretch: Range<usize>,
        layout: &Layout,
    ) -> Option<(Self, usize)> {
        let field = layout.location?;
        // Room for as many as can be there. What is not filled takes no memory.
        let most = stretch.len() / (2 * field.width);
        let (object, place) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let mut records = Records { object, place };
        let (_, end) = Stream::new(input, field.width)
            .read(stretch.start, |rows, table| records.fill(rows, table, (&field, layout)))?;
        Some((Self::by_node(&records, layout.node_count), end))
    }

    /// Of several records for one object the last in the file counts.
    fn by_node(Records { object, place }: &Records, nodes: usize) -> Self {
        if object.is_empty() {
            return Self::default();
        }
        let mut by_node = vec![NONE; nodes];
        let mut numbers = Numbers::default();
        for (object, place) in object.iter().zip(place) {
            by_node[*object as usize] = numbers.of(*place);
        }
        Self { place: by_node, places: numbers.places }
    }

    /// The place recorded for a node.
    #[inline]
    #[must_use]
    pub fn of(&self, node: NodeIdx) -> Option<Location> {
        let place = *self.place.get(node.at())?;
        // There is no place of the number that stands for none.
        self.places.get(place as usize).copied()
    }

    /// All of them, ascending by node.
    pub fn iter(&self) -> impl Iterator<Item = (NodeIdx, Location)> + '_ {
        let nodes = (0..self.place.len()).map(NodeIdx::from_at);
        nodes.filter_map(|node| Some((node, self.of(node)?)))
    }
}

/// The records of a file, in its order.
#[derive(Default)]
struct Records {
    object: Vec<u32>,
    place: Vec<Location>,
}

impl Records {
    /// Reads the next rows.
    fn fill(
        &mut self,
        rows: Range<usize>,
        table: &Table<'_>,
        (field, layout): (&LocationFields, &Layout),
    ) -> Result<()> {
        self.object.resize(rows.end, 0);
        self.place.resize(rows.end, NOWHERE);
        let objects = table.deal(&mut self.object[rows.clone()]).into_iter();
        let parts = objects.zip(table.deal(&mut self.place[rows])).collect();
        let width = layout.node.width as u64;
        table.read(
            parts,
            |(objects, places): &mut (&mut [u32], &mut [Location]), first, batch| {
                for row in 0..batch.rows() {
                    let fault = |column: usize, what: String| Fault { row, column, what };
                    let index = batch.at(row, field.object);
                    let ordinal = index / width;
                    if ordinal * width != index || ordinal >= layout.node_count as u64 {
                        return Err(fault(field.object, format!("no node starts at {index}")));
                    }
                    let small = |column: usize| {
                        let value = batch.at(row, column);
                        u32::try_from(value)
                            .map_err(|_| fault(column, format!("{value} is beyond 2^32")))
                    };
                    objects[first + row] = ordinal as u32;
                    places[first + row] = Location {
                        script: small(field.script)?,
                        line: small(field.line)?,
                        column: small(field.column)?,
                    };
                }
                Ok(())
            },
        )?;
        Ok(())
    }
}

/// Numbers places as they come.
#[derive(Default)]
struct Numbers {
    places: Vec<Location>,
    known: HashMap<u128, u32, RandomState>,
    /// Objects of one class follow each other.
    last: Option<(Location, u32)>,
}

impl Numbers {
    fn of(&mut self, place: Location) -> u32 {
        if let Some((last, number)) = self.last
            && last == place
        {
            return number;
        }
        let next = self.places.len() as u32;
        let [script, line, column] = [place.script, place.line, place.column].map(u128::from);
        let number = *self.known.entry(script << 64 | line << 32 | column).or_insert(next);
        if number == next {
            self.places.push(place);
        }
        self.last = Some((place, number));
        number
    }
}
