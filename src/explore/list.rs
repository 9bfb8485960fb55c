//! A class and conditions in, its objects out: sorted, grouped by what they have, or with what they have
//! in common and the others of their class have not.

use super::Explorer;
use super::answer::{Age, FieldValue, Group, List, Listed, Page};
use super::common::common;
use super::object::Teller;
use super::values::{Fields, Worth};
use crate::error::{Error, ErrorKind, Result};
use crate::glob::{Glob, nearest};
use crate::ids::{NodeIdx, StrIdx};
use crate::report::masked;
use crate::text::quoted;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Which objects are wanted.
#[derive(Debug, Clone)]
#[allow(clippy::exhaustive_structs)]
pub struct Filter {
    /// Of classes of such a name.
    pub class: Glob,
    /// Which of two snapshots have them; `None` for all that the newer one has.
    pub age: Option<Wanted>,
    /// Only those whose field or variable of a name has such a value.
    pub conditions: Vec<(String, Glob)>,
}

/// Objects by the snapshots that have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum Wanted {
    /// Only the newer one.
    New,
    /// Both.
    Survived,
    /// Only the older one.
    Gone,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[allow(clippy::exhaustive_enums)]
pub enum Order {
    /// What retains most first
    Retained,
    /// The largest first
    Shallow,
    /// In the order in which they were made, as far as ids tell
    Id,
}

/// By what objects are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum By {
    /// By the value of a field or variable.
    Field(String),
    /// By the names of their fields.
    Shape,
}

/// So many names of fields are told.
const NAMED: usize = 12;
/// How many fields of an object a row tells.
const FIELDS: usize = 6;

impl Explorer {
    /// The objects that a filter lets pass.
    ///
    /// # Errors
    /// `Usage` if no class has such a name, or if the snapshots do not tell what is new.
    pub fn list(&self, filter: &Filter, order: Order, page: Page) -> Result<List> {
        self.prepare();
        if filter.age == Some(Wanted::Gone) {
            return self.gone(filter, order, page);
        }
        let mut nodes = self.chosen(filter)?.0;
        let heap = &self.heap;
        let id = |node: NodeIdx| heap.tables.nodes.whole_id(node);
        match order {
            Order::Retained => nodes.sort_by_key(|n| (Reverse(heap.retained().of(*n)), id(*n))),
            Order::Shallow => nodes.sort_by_key(|n| (Reverse(heap.shallow().of(*n)), id(*n))),
            Order::Id => nodes.sort_by_key(|n| id(*n)),
        }
        let mut teller = self.teller(page.limit.saturating_mul(FIELDS as u64));
        let row = |node: &NodeIdx| self.listed(&mut teller, *node);
        let rows = page.of(&nodes).map(row).collect();
        Ok(self.list_of(&nodes, page, rows))
    }

    /// The same put together by a field's value or by shape, the most frequent first.
    ///
    /// # Errors
    /// As of [`Self::list`].
    pub fn group(&self, filter: &Filter, by: &By, page: Page) -> Result<List> {
        self.prepare();
        let nodes = self.chosen(filter)?.0;
        if let By::Field(name) = by {
            self.known_field(&nodes, name)?;
        }
        let heap = &self.heap;
        let mut fields = Fields::of(heap, &self.census().naming);
        let mut groups: HashMap<Worth, Vec<NodeIdx>> = HashMap::new();
        for node in &nodes {
            let worth = match by {
                By::Field(name) => fields.worth(*node, name),
                By::Shape => fields.shape(*node),
            };
            groups.entry(worth).or_default().push(*node);
        }
        let mut groups: Vec<(Worth, Vec<NodeIdx>)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, nodes)| (Reverse(nodes.len()), nodes[0]));
        let total = groups.len() as u64;
        let mut teller = self.teller(page.limit.saturating_mul(FIELDS as u64));
        let told = page.of(groups).map(|(worth, nodes)| {
            let shallow = |sum: u64, node: &NodeIdx| sum.saturating_add(heap.shallow().of(*node));
            Group {
                value: worth.said(&mut teller),
                count: nodes.len() as u64,
                shallow: nodes.iter().fold(0, shallow),
                retained: self.retained_together(nodes.clone()),
                example: teller.object(nodes[0]),
            }
        });
        let told: Vec<Group> = told.collect();
        Ok(List {
            groups: Some(told),
            groups_total: total,
            ..self.list_of(&nodes, page, Vec::new())
        })
    }

    /// The same with what they have in common, and the others of their classes have not.
    ///
    /// # Errors
    /// As of [`Self::list`].
    pub fn common(&self, filter: &Filter, page: Page) -> Result<List> {
        self.prepare();
        let (nodes, others) = self.chosen(filter)?;
        let found = common(self, &nodes, &others);
        let total = found.len() as u64;
        let told = page.of(found).collect();
        Ok(List {
            common: Some(told),
            common_total: total,
            others: others.len() as u64,
            ..self.list_of(&nodes, page, Vec::new())
        })
    }

    fn list_of(&self, nodes: &[NodeIdx], page: Page, rows: Vec<Listed>) -> List {
        let shallow = |sum: u64, node: &NodeIdx| sum.saturating_add(self.heap.shallow().of(*node));
        List {
            total: nodes.len() as u64,
            from: page.from.min(nodes.len() as u64),
            shallow: nodes.iter().fold(0, shallow),
            retained: self.retained_together(nodes.to_vec()),
            rows,
            groups: None,
            groups_total: 0,
            common: None,
            common_total: 0,
            others: 0,
        }
    }

    /// The objects that a filter lets pass, and the others of their classes.
    fn chosen(&self, filter: &Filter) -> Result<(Vec<NodeIdx>, Vec<NodeIdx>)> {
        let nodes = self.of_class(&filter.class)?;
        let wanted = match filter.age {
            Some(Wanted::New) => Some(Age::New),
            Some(Wanted::Survived) => Some(Age::Survived),
            _ => None,
        };
        if wanted.is_some() {
            self.tells_ages()?;
        }
        for (name, _) in &filter.conditions {
            self.known_field(&nodes, name)?;
        }
        let mut fields = Fields::of(&self.heap, &self.census().naming);
        let passes = |node: &NodeIdx| {
            (wanted.is_none() || self.age(*node) == wanted) && fields.fit(*node, &filter.conditions)
        };
        Ok(nodes.into_iter().partition(passes))
    }

    /// # Errors
    /// `Usage` if there are objects and none has a field of a name: says which ones they have.
    fn known_field(&self, nodes: &[NodeIdx], name: &str) -> Result<()> {
        let mut fields = Fields::of(&self.heap, &self.census().naming);
        let Some(first) = nodes.first().filter(|_| !fields.have(nodes, name)) else {
            return Ok(());
        };
        let mut teller = self.teller(FIELDS as u64);
        let names: Vec<String> = fields
            .all(*first)
            .take(NAMED)
            .map(|(name, _)| teller.label(name).to_string_lossy())
            .collect();
        let file = self.heap.tables.strings.input().path();
        let what = format!("none of these objects has a field {}", masked(name));
        let error = Error::new(ErrorKind::Usage, what).in_file(file);
        Err(match nearest(name, names.iter().map(String::as_str)) {
            Some(meant) => error.with_hint(format!("did you mean {}?", quoted(meant))),
            None if names.is_empty() => error.with_hint("they have no fields that the file names"),
            None => {
                let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                error.with_hint(format!("the first one has {}", names.join(", ")))
            }
        })
    }

    /// # Errors
    /// `Usage` if the snapshots do not tell what is new.
    pub(super) fn tells_ages(&self) -> Result<()> {
        let what = match &self.older {
            None => "one snapshot does not tell what is new or gone",
            Some(older) if !older.goes_by_id() => {
                "the two files are not of one process, or its ids were made anew: what is new or gone cannot be told"
            }
            Some(_) => return Ok(()),
        };
        Err(Error::new(ErrorKind::Usage, what)
            .with_hint("an older snapshot of the same process tells it"))
    }

    fn listed(&self, teller: &mut Teller<'_>, node: NodeIdx) -> Listed {
        let first = Fields::of(&self.heap, &self.census().naming).all(node).take(FIELDS);
        let first: Vec<(StrIdx, NodeIdx)> = first.collect();
        let value = |(name, value): (StrIdx, NodeIdx)| FieldValue {
            name: teller.label(name),
            value: teller.object(value),
        };
        let fields = first.into_iter().map(value).collect();
        Listed { age: self.age(node), object: teller.object(node), fields }
    }

    /// Objects that only the older snapshot has: their sizes then.
    fn gone(&self, filter: &Filter, order: Order, page: Page) -> Result<List> {
        self.tells_ages()?;
        let (Some(older), Some(mut teller)) = (&self.older, self.older_teller(page.limit)) else {
            return Err(Error::new(ErrorKind::Usage, "there is no older snapshot"));
        };
        let heap = &older.heap;
        let naming = &older.census().naming;
        let fits: Vec<bool> = naming
            .classes
            .iter()
            .map(|class| filter.class.matches(&class.name.to_string_lossy()))
            .collect();
        let there = crate::diff::ById::new(&self.heap, self.heap.tables.nodes.indices());
        let mut fields = Fields::of(heap, naming);
        let mut nodes: Vec<NodeIdx> = heap
            .tables
            .nodes
            .indices()
            .filter(|node| fits[naming.class_of[node.at()].at()] && !heap.shallow().is_zero(*node))
            .filter(|node| there.get(heap.tables.nodes.id(*node)).is_none())
            .filter(|node| fields.fit(*node, &filter.conditions))
            .collect();
        if order != Order::Id {
            nodes.sort_by_key(|node| (Reverse(heap.shallow().of(*node)), *node));
        }
        let row =
            |node: &NodeIdx| Listed { age: None, object: teller.object(*node), fields: Vec::new() };
        let rows = page.of(&nodes).map(row).collect();
        let shallow = nodes.iter().fold(0, |sum: u64, n| sum.saturating_add(heap.shallow().of(*n)));
        let total = nodes.len() as u64;
        let none = self.list_of(&[], page, rows);
        Ok(List { total, from: page.from.min(total), shallow, ..none })
    }
}
