//! Plain objects in, interface definitions and the shape of each object out.
//!
//! DevTools calls an object literal by its properties, `{request, started}`, if enough
//! objects have them: the *definitions* of one snapshot are inferred by counting, and may be
//! applied to another one. Here objects are first grouped by their exact sequence of
//! property names (a *shape*), so that text is made once per shape and not once per object.

use crate::graph::Heap;
use crate::ids::{NodeIdx, StrIdx};
use crate::objects::PROTO;
use crate::parse::EdgeKind;
use crate::text::Text;
use foldhash::quality::RandomState;
use hashbrown::HashTable;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;

/// A name for the plain objects that have certain properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// `{a, b}`.
    pub name: Text,
    /// The properties, in the order of the first object that had them.
    pub properties: Vec<Text>,
}

/// Length in code units at which DevTools stops adding properties to a name.
const LONGEST_NAME: usize = 120;

/// All plain objects of a heap, grouped by their sequence of properties.
#[derive(Debug)]
pub(super) struct Shapes {
    /// Plain objects in node order, with their shape.
    pub members: Vec<(NodeIdx, u32)>,
    /// Property names of all shapes, one after the other, as canonical string indices.
    names: Vec<StrIdx>,
    /// By shape: its part of `names`, and how many objects have it.
    shapes: Vec<(Range<usize>, u64)>,
}

impl Shapes {
    pub(super) fn find(heap: &Heap) -> Self {
        // Another one in each run: under one that is known, shapes could be made to collide.
        let hasher = RandomState::default();
        let mut table: HashTable<u32> = HashTable::new();
        let mut found = Self { members: Vec::new(), names: Vec::new(), shapes: Vec::new() };
        for node in heap.tables.nodes.indices().filter(|n| heap.is_plain_object(*n)) {
            let start = found.names.len();
            found.names.extend(property_names(heap, node));
            let Self { names, shapes, .. } = &mut found;
            let own = &names[start..];
            let hash = hasher.hash_one(own);
            let same = |shape: &u32| names[shapes[*shape as usize].0.clone()] == *own;
            let shape = match table.find(hash, same) {
                Some(shape) => {
                    let shape = *shape;
                    names.truncate(start);
                    shape
                }
                None => {
                    let shape = shapes.len() as u32;
                    shapes.push((start..names.len(), 0));
                    table.insert_unique(hash, shape, |s| {
                        hasher.hash_one(&names[shapes[*s as usize].0.clone()])
                    });
                    shape
                }
            };
            shapes[shape as usize].1 += 1;
            found.members.push((node, shape));
        }
        found
    }

    fn properties(&self, shape: usize) -> &[StrIdx] {
        &self.names[self.shapes[shape].0.clone()]
    }

    /// The definitions of this heap, best first (DevTools `inferInterfaceDefinitions`).
    pub(super) fn infer(&self, heap: &Heap) -> Vec<Definition> {
        let proto = heap.tables.strings.find(&PROTO.into());
        let mut formatted = Formatted { heap, cache: HashMap::new() };
        let mut candidates: Vec<(Definition, u64)> = Vec::new();
        let mut by_name: HashMap<Text, usize> = HashMap::new();
        // Of shapes that begin alike a name is made once, however long it is.
        let mut by_properties: HashMap<Vec<StrIdx>, usize> = HashMap::new();
        for shape in 0..self.shapes.len() {
            let own = self.properties(shape).iter().copied().filter(|p| Some(*p) != proto);
            let taken = formatted.taken(own);
            if taken.is_empty() {
                continue;
            }
            let at = *by_properties.entry(taken).or_insert_with_key(|taken| {
                let definition = formatted.definition(taken);
                *by_name.entry(definition.name.clone()).or_insert_with(|| {
                    candidates.push((definition, 0));
                    candidates.len() - 1
                })
            });
            candidates[at].1 += self.shapes[shape].1;
        }
        candidates.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let total = self.members.len() as u64;
        let often = |count: u64| count >= 2 && count.saturating_mul(1000) >= total;
        candidates.into_iter().take_while(|(_, n)| often(*n)).map(|(d, _)| d).collect()
    }

    /// By shape: the position of the definition that fits best, if any does.
    pub(super) fn apply(&self, heap: &Heap, definitions: &[Definition]) -> Vec<Option<usize>> {
        let wanted = Wanted::new(heap, definitions);
        let mut have = Vec::new();
        (0..self.shapes.len())
            .map(|shape| {
                have.clear();
                have.extend_from_slice(self.properties(shape));
                have.sort_unstable();
                wanted.best(&have)
            })
            .collect()
    }
}

fn property_names(heap: &Heap, node: NodeIdx) -> impl Iterator<Item = StrIdx> {
    let tables = &heap.tables;
    tables
        .edges_of(node)
        .filter(|e| tables.edges.kind(*e) == EdgeKind::Property)
        .map(|e| tables.strings.canonical(StrIdx(tables.edges.label(e))))
}

/// Makes names from properties.
struct Formatted<'a> {
    heap: &'a Heap,
    cache: HashMap<StrIdx, (Text, Text)>,
}

impl Formatted<'_> {
    /// As it is, and as it is shown.
    fn of(&mut self, property: StrIdx) -> &(Text, Text) {
        self.cache.entry(property).or_insert_with(|| {
            let raw = self.heap.tables.strings.get(property);
            let shown = format_property(&raw);
            (raw, shown)
        })
    }

    /// The properties that have room in a name: the first one always has.
    fn taken(&mut self, properties: impl Iterator<Item = StrIdx>) -> Vec<StrIdx> {
        let (mut length, mut taken) = ("{".len(), Vec::new());
        for property in properties {
            let shown = self.of(property).1.len();
            if length > 1 && length + shown > LONGEST_NAME {
                break;
            }
            length += shown + if length == 1 { 0 } else { ", ".len() };
            taken.push(property);
        }
        taken
    }

    fn definition(&mut self, taken: &[StrIdx]) -> Definition {
        let mut name = Text::from("{");
        let mut properties = Vec::new();
        for property in taken {
            if name.len() != 1 {
                name.push_str(", ");
            }
            let (raw, shown) = self.of(*property);
            name.push(shown);
            properties.push(raw.clone());
        }
        name.push_str("}");
        Definition { name, properties }
    }
}

/// A property as DevTools writes it: quoted if it holds one of `, ' " { }`.
pub(crate) fn format_property(name: &Text) -> Text {
    let odd = |u: &u16| matches!(char::from_u32(u32::from(*u)), Some(',' | '\'' | '"' | '{' | '}'));
    if name.units().iter().any(odd) { Text::from(name.to_json().as_str()) } else { name.clone() }
}

/// Definitions in one heap's string indices, found by their rarest property.
struct Wanted {
    /// By definition: its properties, sorted; empty if the heap lacks one of them.
    properties: Vec<Vec<StrIdx>>,
    by_rarest: HashMap<StrIdx, Vec<usize>>,
}

impl Wanted {
    fn new(heap: &Heap, definitions: &[Definition]) -> Self {
        let find = |definition: &Definition| {
            let all = definition.properties.iter().map(|p| heap.tables.strings.find(p));
            let mut known = all.collect::<Option<Vec<StrIdx>>>().unwrap_or_default();
            known.sort_unstable();
            known
        };
        let properties: Vec<Vec<StrIdx>> = definitions.iter().map(find).collect();
        let mut uses: HashMap<StrIdx, usize> = HashMap::new();
        for property in properties.iter().flatten() {
            *uses.entry(*property).or_default() += 1;
        }
        let mut by_rarest: HashMap<StrIdx, Vec<usize>> = HashMap::new();
        for (at, own) in properties.iter().enumerate() {
            if let Some(rarest) = own.iter().min_by_key(|p| (uses[*p], **p)) {
                by_rarest.entry(*rarest).or_default().push(at);
            }
        }
        Self { properties, by_rarest }
    }

    /// The definition with most properties among those contained in `have`, then the first.
    fn best(&self, have: &[StrIdx]) -> Option<usize> {
        let distinct = have.chunk_by(|a, b| a == b).filter_map(|same| self.by_rarest.get(&same[0]));
        distinct
            .flatten()
            .filter(|at| contains(have, &self.properties[**at]))
            .copied()
            .max_by_key(|at| (self.properties[*at].len(), std::cmp::Reverse(*at)))
    }
}

/// Whether a sorted multiset contains another.
fn contains(have: &[StrIdx], want: &[StrIdx]) -> bool {
    let mut have = have.iter();
    want.iter().all(|w| have.by_ref().find(|h| *h >= w) == Some(w))
}
