//! An object or a class in, what its retained bytes consist of out: down the dominator tree, by how
//! things are had and by class. What is told adds up to the whole.
//!
//! ```text
//!   Session × 3                              3.1 kB
//!     own                                     300 B
//!     .log      Array × 3                    2.4 kB
//!       own                                   200 B
//!       […]     string × 60                  2.2 kB
//!     .user     Object × 3                    400 B
//! ```

use super::Explorer;
use super::answer::{Extent, Inside, Portion};
use crate::classes::Naming;
use crate::error::Result;
use crate::glob::Glob;
use crate::graph::Heap;
use crate::ids::{ClassIdx, NodeIdx, StrIdx};
use crate::objects::{Has, Member, Parts, implements, own};
use crate::text::Text;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Levels of a tree.
const DEEPEST: u32 = 30;
/// An object with more fields is a table, whose keys say nothing of what it has.
const FIELDS: usize = 50;

/// How a portion is had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum How {
    Field(StrIdx),
    Variable(StrIdx),
    Element,
    Key,
    Value,
    Item,
    Local,
    Internal(StrIdx),
    /// By several of its parts, so that only the whole of them keeps it.
    Together,
}

impl Explorer {
    /// What an object retains.
    ///
    /// # Errors
    /// `Usage` if there is no object of this id.
    pub fn inside(&self, id: u64, extent: Extent) -> Result<Inside> {
        let node = self.node(id)?;
        self.prepare();
        let whole = self.portions(vec![node], extent);
        Ok(Inside { object: Some(self.teller(1).object(node)), objects: 1, whole })
    }

    /// What all objects of some classes retain together.
    ///
    /// # Errors
    /// `Usage` if no class has such a name.
    pub fn inside_class(&self, class: &Glob, extent: Extent) -> Result<Inside> {
        self.prepare();
        let nodes = self.of_class(class)?;
        let objects = nodes.len() as u64;
        Ok(Inside { object: None, objects, whole: self.portions(nodes, extent) })
    }

    /// What some objects retain together: one below another counts once.
    pub(super) fn portions(&self, nodes: Vec<NodeIdx>, extent: Extent) -> Portion {
        let heap = &self.heap;
        let naming = &self.census().naming;
        let mut sorter = Sorter { heap, naming, below: Below::of(self), extent };
        let class = nodes.first().map(|node| naming.class_of[node.at()]);
        let class = class.filter(|class| nodes.iter().all(|n| naming.class_of[n.at()] == *class));
        let name = |class: ClassIdx| {
            let key = &naming.classes[class.at()];
            let original = self.sources().class(key);
            self.redactor().name(original.as_ref().unwrap_or(&key.name))
        };
        let class = class.map(name);
        let nodes = sorter.below.topmost(nodes);
        let said = |how| self.had(how);
        sorter.portion(
            (String::new(), class.unwrap_or_default(), None),
            &nodes,
            extent.depth.min(DEEPEST),
            &said,
            &name,
        )
    }

    /// Bytes that some objects retain together.
    pub(super) fn retained_together(&self, nodes: Vec<NodeIdx>) -> u64 {
        let top = Below::of(self).topmost(nodes);
        top.iter().fold(0, |sum: u64, node| sum.saturating_add(self.heap.retained().of(*node)))
    }

    fn had(&self, how: How) -> String {
        let name =
            |name| self.redactor().label(&self.heap.tables.strings.get(name)).to_string_lossy();
        match how {
            How::Field(field) => format!(".{}", name(field)),
            How::Variable(variable) => format!("variable {}", name(variable)),
            How::Element => "[…]".into(),
            How::Key => "keys".into(),
            How::Value => "values".into(),
            How::Item => "items".into(),
            How::Local => "local values".into(),
            How::Internal(field) => format!("<{}>", name(field)),
            How::Together => "shared inside".into(),
        }
    }
}

/// The dominator tree, downwards.
struct Below<'a> {
    heap: &'a Heap,
    /// By node: its place in the tree's order.
    places: &'a [u32],
}

impl<'a> Below<'a> {
    fn of(explorer: &'a Explorer) -> Self {
        Self { heap: &explorer.heap, places: explorer.places() }
    }

    /// Those of some nodes that no other one dominates, in the order of the tree.
    fn topmost(&self, mut nodes: Vec<NodeIdx>) -> Vec<NodeIdx> {
        nodes.sort_unstable_by_key(|node| self.places[node.at()]);
        let mut covered = 0;
        nodes.retain(|node| {
            let place = self.places[node.at()];
            let is_top = place >= covered;
            if is_top {
                covered = self.heap.dominators().end[place as usize];
            }
            is_top
        });
        nodes
    }

    /// What a node dominates at once.
    fn children(&self, node: NodeIdx) -> impl Iterator<Item = NodeIdx> + '_ {
        let tree = self.heap.dominators();
        let place = self.places[node.at()];
        let end = tree.end[place as usize];
        let first = Some(place + 1).filter(|at| *at < end);
        let next = move |at: &u32| Some(tree.end[*at as usize]).filter(|at| *at < end);
        std::iter::successors(first, next).map(|at| tree.order[at as usize])
    }
}

/// Sorts what objects retain into portions.
struct Sorter<'a> {
    heap: &'a Heap,
    naming: &'a Naming,
    below: Below<'a>,
    extent: Extent,
}

type Groups = HashMap<(How, ClassIdx), Vec<NodeIdx>>;
type Said<'a> = dyn Fn(How) -> String + 'a;
type Named<'a> = dyn Fn(ClassIdx) -> Text + 'a;

impl Sorter<'_> {
    fn portion(
        &mut self,
        (label, class, kind): (String, Text, Option<(How, ClassIdx)>),
        nodes: &[NodeIdx],
        depth: u32,
        said: &Said<'_>,
        named: &Named<'_>,
    ) -> Portion {
        let retained = |nodes: &[NodeIdx]| {
            nodes.iter().fold(0_u64, |sum, n| sum.saturating_add(self.heap.retained().of(*n)))
        };
        let bytes = retained(nodes);
        let count = nodes.len() as u64;
        let mut portion =
            Portion { label, class, count, bytes, own: 0, parts: vec![], more: 0, rest: 0 };
        let (own, more, groups) = self.groups(nodes, kind);
        portion.count += more;
        portion.own = own;
        let mut groups: Vec<_> =
            groups.into_iter().map(|(kind, nodes)| (retained(&nodes), kind, nodes)).collect();
        groups.sort_by_key(|(bytes, kind, _)| (Reverse(*bytes), *kind));
        let told =
            if depth == 0 { 0 } else { usize::try_from(self.extent.breadth).unwrap_or(usize::MAX) };
        for (at, (bytes, (how, class), nodes)) in groups.into_iter().enumerate() {
            if at < told {
                let names = (said(how), named(class), Some((how, class)));
                portion.parts.push(self.portion(names, &nodes, depth - 1, said, named));
            } else {
                portion.more += 1;
                portion.rest = portion.rest.saturating_add(bytes);
            }
        }
        portion
    }

    /// The bytes of some objects and of what implements them, and what else they dominate at once, by how
    /// it is had and class. What is had as these are, and of their class, is the next of a list: it
    /// belongs to them. How many such there are comes second.
    fn groups(&self, nodes: &[NodeIdx], kind: Option<(How, ClassIdx)>) -> (u64, u64, Groups) {
        let heap = self.heap;
        let mut own_bytes = 0_u64;
        let mut groups = Groups::new();
        let mut all = nodes.to_vec();
        let mut next = 0;
        while let Some(&node) = all.get(next) {
            next += 1;
            let parts = Parts::of(heap, node);
            let is_table = own(heap, node).filter(is_field).nth(FIELDS).is_some();
            let mut had: HashMap<NodeIdx, How> = HashMap::new();
            let mut note = |member: Member| {
                let (key, value) = match member.how {
                    // So many are no fields of a class, but keys.
                    Has::Field(_) if is_table => (How::Value, How::Value),
                    how => self.how(how),
                };
                for (node, how) in [(member.key, key), (member.value, value)] {
                    if let Some(node) = node {
                        had.entry(node).or_insert(how);
                    }
                }
            };
            own(heap, node).for_each(&mut note);
            let mut open = vec![node];
            let mut below = Vec::new();
            while let Some(at) = open.pop() {
                own_bytes = own_bytes.saturating_add(heap.shallow().of(at));
                for child in self.below.children(at) {
                    if implements(heap, child) {
                        // Only it has this part, so each is looked at once.
                        parts.members(heap, child).into_iter().for_each(&mut note);
                        open.push(child);
                    } else {
                        below.push(child);
                    }
                }
            }
            for child in below {
                let how = had.get(&child).copied().unwrap_or(How::Together);
                let class = self.naming.class_of[child.at()];
                match kind == Some((how, class)) && how != How::Together {
                    true => all.push(child),
                    false => groups.entry((how, class)).or_default().push(child),
                }
            }
        }
        (own_bytes, (all.len() - nodes.len()) as u64, groups)
    }

    /// How a key and a value are had.
    fn how(&self, how: Has) -> (How, How) {
        let first = |name| self.heap.tables.strings.canonical(name);
        let one = match how {
            Has::Entry => return (How::Key, How::Value),
            Has::Field(name) => How::Field(first(name)),
            Has::Variable(name, _) => How::Variable(first(name)),
            Has::Internal(name) => How::Internal(first(name)),
            Has::Element(_) => How::Element,
            Has::Local => How::Local,
            Has::Item => How::Item,
        };
        (one, one)
    }
}

const fn is_field(member: &Member) -> bool {
    matches!(member.how, Has::Field(_))
}
