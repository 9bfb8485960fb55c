//! A node in, the line that tells it out. What has been told before is remembered: in a strange file many
//! objects may have one long name, or lead to one with a million entries.

use super::answer::{Held, Object};
use super::{Explorer, LONGEST};
use crate::chains::Place;
use crate::classes::{Census, DisplayNames};
use crate::graph::Heap;
use crate::ids::{ClassIdx, NodeIdx, StrIdx};
use crate::objects::{Has, Shape, entries, hash_table, is_unwritten, literal};
use crate::parse::{Location, NodeKind};
use crate::report::{Redactor, StringFacts, longest};
use crate::text::Text;
use std::collections::HashMap;

/// Names that the line of an object may have.
const NAMES: u64 = 4;

/// Tells nodes of one heap.
pub(super) struct Teller<'a> {
    explorer: &'a Explorer,
    heap: &'a Heap,
    census: &'a Census,
    redactor: Redactor,
    names: DisplayNames<'a>,
    /// Whether it is the older heap, of which less is known.
    is_older: bool,
    told: Told,
}

/// What has been told.
#[derive(Default)]
struct Told {
    labels: HashMap<StrIdx, Text>,
    classes: HashMap<ClassIdx, Text>,
    strings: HashMap<StrIdx, StringFacts>,
    /// By container, or its table.
    entries: HashMap<NodeIdx, u64>,
    files: HashMap<u32, Text>,
}

impl Explorer {
    /// One that will tell about so many objects.
    pub(super) fn teller(&self, objects: u64) -> Teller<'_> {
        self.teller_of(&self.heap, self.census(), objects, false)
    }

    /// The same for the older heap.
    pub(super) fn older_teller(&self, objects: u64) -> Option<Teller<'_>> {
        let older = self.older.as_ref()?;
        Some(self.teller_of(&older.heap, older.census(), objects, true))
    }

    fn teller_of<'a>(
        &'a self,
        heap: &'a Heap,
        census: &'a Census,
        objects: u64,
        is_older: bool,
    ) -> Teller<'a> {
        let names = usize::try_from(objects.saturating_mul(NAMES)).unwrap_or(usize::MAX);
        let longest = longest(heap.tables.file_bytes, names).min(LONGEST);
        let redactor = Redactor::of(self.options.show_strings, self.options.show_secrets, longest);
        let (names, told) = (DisplayNames::new(heap), Told::default());
        Teller { explorer: self, heap, census, redactor, names, is_older, told }
    }
}

impl Teller<'_> {
    pub(super) fn object(&mut self, node: NodeIdx) -> Object {
        let entries = self.entries(node);
        self.holding(node, entries)
    }

    /// The same of one whose entries are counted.
    pub(super) fn holding(&mut self, node: NodeIdx, entries: Option<u64>) -> Object {
        let nodes = &self.heap.tables.nodes;
        Object {
            id: nodes.whole_id(node),
            kind: nodes.kind_names[usize::from(nodes.raw_kind[node.at()])].clone(),
            class: self.class(node),
            name: self.own_name(node),
            original: if self.is_older { None } else { self.original(node) },
            literal: literal(self.heap, node).map(|name| self.label(name)),
            string: self.string(node),
            entries,
            shallow: self.heap.shallow().of(node),
            retained: self.heap.retained().of(node),
            location: if self.is_older { None } else { self.place(node) },
        }
    }

    pub(super) const fn heap(&self) -> &Heap {
        self.heap
    }

    pub(super) const fn redactor(&self) -> Redactor {
        self.redactor
    }

    /// A name of a property, a variable or a function.
    pub(super) fn label(&mut self, name: StrIdx) -> Text {
        let (redactor, strings) = (self.redactor, &self.heap.tables.strings);
        self.told.labels.entry(name).or_insert_with(|| redactor.label(&strings.get(name))).clone()
    }

    /// The name of a class.
    pub(super) fn named(&mut self, class: ClassIdx) -> Text {
        let (redactor, classes) = (self.redactor, &self.census.naming.classes);
        let name = || redactor.name(&classes[class.at()].name);
        self.told.classes.entry(class).or_insert_with(name).clone()
    }

    pub(super) fn class(&mut self, node: NodeIdx) -> Text {
        self.named(self.census.naming.class_of[node.at()])
    }

    /// How a member is had, its name, and how far out it is declared.
    pub(super) fn how(&mut self, how: Has) -> (Held, Text, Option<u32>) {
        match how {
            Has::Field(field) => (Held::Field, self.label(field), None),
            Has::Element(number) => (Held::Element, number.to_string().as_str().into(), None),
            Has::Variable(variable, out) => (Held::Variable, self.label(variable), Some(out)),
            Has::Local => (Held::Local, Text::default(), None),
            Has::Entry => (Held::Entry, Text::default(), None),
            Has::Item => (Held::Item, Text::default(), None),
            Has::Internal(field) => (Held::Internal, self.label(field), None),
        }
    }

    /// What is said of a string.
    pub(super) fn string(&mut self, node: NodeIdx) -> Option<StringFacts> {
        let nodes = &self.heap.tables.nodes;
        if is_unwritten(self.heap, node) {
            return None;
        }
        if !matches!(nodes.kind(node), NodeKind::String | NodeKind::SlicedString) {
            return self.redactor.value(self.heap, &mut self.names, node);
        }
        let (redactor, strings, name) =
            (self.redactor, &self.heap.tables.strings, nodes.name(node));
        let facts = || redactor.text(&strings.get(name));
        Some(self.told.strings.entry(name).or_insert_with(facts).clone())
    }

    /// What is not the class, and no value of a string.
    fn own_name(&mut self, node: NodeIdx) -> Text {
        let nodes = &self.heap.tables.nodes;
        match nodes.kind(node) {
            NodeKind::Closure
            | NodeKind::Hidden
            | NodeKind::Code
            | NodeKind::Synthetic
            | NodeKind::Array
            | NodeKind::ObjectShape => self.label(nodes.name(node)),
            _ => Text::default(),
        }
    }

    /// What its author calls a function, or the class of an object.
    fn original(&self, node: NodeIdx) -> Option<Text> {
        let sources = self.explorer.sources();
        let name = match self.heap.tables.nodes.kind(node) {
            NodeKind::Closure => {
                sources.name(self.heap.tables.locations.of(node)?, &self.heap.raw_name(node))
            }
            _ => sources.class(self.census.naming.of(node)),
        };
        name.map(|name| self.redactor.name(&name))
    }

    fn entries(&mut self, node: NodeIdx) -> Option<u64> {
        let heap = self.heap;
        if heap.tables.nodes.kind(node) != NodeKind::Object {
            return None;
        }
        let holder = hash_table(heap, node).unwrap_or(node);
        let count = || {
            let shape = Shape::of(heap, node);
            let holds = matches!(shape, Shape::Map | Shape::Set | Shape::Array);
            if holds { entries(heap, node) } else { 0 }
        };
        let count = *self.told.entries.entry(holder).or_insert_with(count);
        (count > 0).then_some(count)
    }

    fn place(&mut self, node: NodeIdx) -> Option<Place> {
        self.located(self.heap.tables.locations.of(node)?)
    }

    /// A location with its script's name.
    pub(super) fn located(&mut self, location: Location) -> Option<Place> {
        let place = self.explorer.sources().place(location)?;
        if place.compiled.is_some() {
            return Some(self.redactor.place(place));
        }
        let redactor = self.redactor;
        let file = self.told.files.entry(location.script);
        let file = file.or_insert_with(|| redactor.name(&place.file)).clone();
        let package = place.package.map(|package| redactor.package(package));
        Some(Place { file, package, ..place })
    }
}
