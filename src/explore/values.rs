//! An object and the name of a field in, what the field is worth out: what a filter and a group go by.
//! Long texts are compared by their place in the file, so that many objects may have one.

use super::answer::ValueReport;
use super::object::Teller;
use crate::classes::{DisplayNames, Naming};
use crate::glob::Glob;
use crate::graph::Heap;
use crate::ids::{ClassIdx, NodeIdx, StrIdx};
use crate::objects::{Has, is_unwritten, literal, own, scope_above, scope_of};
use crate::parse::{Location, NodeKind};
use crate::text::Text;
use std::collections::HashMap;

/// Code units of a string that V8 writes.
pub(super) const WRITTEN: usize = 1024;

/// What a field is worth.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Worth {
    /// A string.
    String(Word),
    /// A number, a boolean, null or the like.
    Literal(StrIdx),
    /// An object, by its class.
    Class(ClassIdx),
    /// The names of an object's fields.
    Shape(Vec<StrIdx>),
    /// Where it is written.
    Place(Location),
    /// There is no such field, or it leaves no trace, as small integers do.
    Nothing,
}

/// A string's text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Word {
    /// The first place where the file has it.
    Written(StrIdx),
    /// One that was joined, or a beginning, of no more than a thousand code units.
    Made(Text),
    /// One of which the file may have the beginning alone, and its size.
    Long(StrIdx, u64),
    /// The same of one whose size says nothing, or of which the file has no text: no other is known to
    /// be equal.
    Own(NodeIdx),
}

impl Word {
    pub(super) fn text(&self, heap: &Heap) -> Text {
        match self {
            Self::Written(string) => heap.tables.strings.get(*string),
            Self::Made(text) => text.clone(),
            Self::Long(string, _) => heap.tables.strings.get(*string),
            Self::Own(node) => DisplayNames::new(heap).of(*node),
        }
    }
}

impl Worth {
    /// As it may be shown.
    pub(super) fn said(&self, teller: &mut Teller<'_>) -> ValueReport {
        let mut said =
            ValueReport { string: None, literal: None, class: None, shape: None, location: None };
        match self {
            Self::String(word) => {
                let text = word.text(teller.heap());
                said.string = Some(teller.redactor().text(&text));
            }
            Self::Place(location) => said.location = teller.located(*location),
            Self::Literal(text) => said.literal = Some(teller.label(*text)),
            Self::Class(class) => said.class = Some(teller.named(*class)),
            Self::Shape(names) => {
                said.shape = Some(names.iter().map(|name| teller.label(*name)).collect());
            }
            Self::Nothing => {}
        }
        said
    }
}

/// Looks into the objects of one heap.
pub(super) struct Fields<'a> {
    heap: &'a Heap,
    naming: &'a Naming,
    names: DisplayNames<'a>,
    /// Names that were asked for, as the file has them.
    known: HashMap<String, Option<StrIdx>>,
    /// By condition: whether a value fits.
    fitting: HashMap<(usize, Worth), bool>,
    /// By scope and name: the variable there, or further out.
    variables: HashMap<(NodeIdx, StrIdx), Option<NodeIdx>>,
}

/// What stands for the name of a field that is no field: where something is written.
const LOCATION: &str = "location";
/// So many functions may lie in each other.
const DEEPEST: usize = 64;

impl<'a> Fields<'a> {
    pub(super) fn of(heap: &'a Heap, naming: &'a Naming) -> Self {
        let names = DisplayNames::new(heap);
        let (known, fitting, variables) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { heap, naming, names, known, fitting, variables }
    }

    /// Whether the fields of some names all have values that fit.
    pub(super) fn fit(&mut self, node: NodeIdx, conditions: &[(String, Glob)]) -> bool {
        conditions.iter().enumerate().all(|(at, (name, glob))| {
            let worth = self.worth(node, name);
            let fits = |worth: &Worth| {
                let (heap, naming) = (self.heap, self.naming);
                let text = match worth {
                    Worth::String(word) => word.text(heap),
                    Worth::Literal(text) => heap.tables.strings.get(*text),
                    Worth::Class(class) => naming.classes[class.at()].name.clone(),
                    Worth::Shape(_) | Worth::Place(_) | Worth::Nothing => return false,
                };
                glob.matches(&text.to_string_lossy())
            };
            if let Some(known) = self.fitting.get(&(at, worth.clone())) {
                return *known;
            }
            let fits = fits(&worth);
            self.fitting.insert((at, worth), fits);
            fits
        })
    }

    /// What a field of a name is worth.
    pub(super) fn worth(&mut self, node: NodeIdx, name: &str) -> Worth {
        match self.value(node, name) {
            Some(value) => self.of_value(value),
            None if name == LOCATION => {
                self.heap.tables.locations.of(node).map_or(Worth::Nothing, Worth::Place)
            }
            None => Worth::Nothing,
        }
    }

    /// The value of a field; of a function, of a variable. Behind a dot stands a field of the value.
    fn value(&mut self, node: NodeIdx, name: &str) -> Option<NodeIdx> {
        let heap = self.heap;
        let find = || heap.tables.strings.find(&name.into());
        if let Some(wanted) = *self.known.entry(name.to_owned()).or_insert_with(find) {
            let own = self.all(node).find(|(name, _)| *name == wanted).map(|(_, value)| value);
            let value = own.or_else(|| self.variable(node, wanted));
            if value.is_some() {
                return value;
            }
        }
        let (first, rest) = name.split_once('.')?;
        let value = self.value(node, first)?;
        self.value(value, rest)
    }

    /// A variable of a function, or of one that it lies in.
    fn variable(&mut self, closure: NodeIdx, wanted: StrIdx) -> Option<NodeIdx> {
        let mut scope = scope_of(self.heap, closure);
        let mut passed = Vec::new();
        let found = loop {
            let at = scope.filter(|at| !passed.contains(at) && passed.len() < DEEPEST)?;
            if let Some(known) = self.variables.get(&(at, wanted)) {
                break *known;
            }
            passed.push(at);
            let own = self.all(at).find(|(name, _)| *name == wanted).map(|(_, value)| value);
            if own.is_some() {
                break own;
            }
            scope = scope_above(self.heap, at);
        };
        self.variables.extend(passed.into_iter().map(|at| ((at, wanted), found)));
        found
    }

    /// The names of the fields of some objects, and whether any has one of a name.
    pub(super) fn have(&mut self, nodes: &[NodeIdx], name: &str) -> bool {
        nodes.iter().any(|node| self.worth(*node, name) != Worth::Nothing)
    }

    /// What a value is worth.
    pub(super) fn of_value(&mut self, value: NodeIdx) -> Worth {
        let strings = &self.heap.tables.strings;
        if let Some(text) = literal(self.heap, value) {
            return Worth::Literal(strings.canonical(text));
        }
        match self.heap.tables.nodes.kind(value) {
            NodeKind::String | NodeKind::ConsString | NodeKind::SlicedString => {
                Worth::String(self.word(value))
            }
            _ => Worth::Class(self.naming.class_of[value.at()]),
        }
    }

    /// The text of a string.
    pub(super) fn word(&mut self, string: NodeIdx) -> Word {
        let Heap { tables, .. } = self.heap;
        let kind = tables.nodes.kind(string);
        if kind != NodeKind::ConsString {
            let name = tables.strings.canonical(tables.nodes.name(string));
            let is_long = tables.strings.beginning(name, WRITTEN).len() >= WRITTEN;
            return match kind {
                _ if is_unwritten(self.heap, string) => Word::Own(string),
                NodeKind::String if is_long => Word::Long(name, self.heap.shallow().of(string)),
                _ if is_long => Word::Own(string),
                _ => Word::Written(name),
            };
        }
        let text = self.names.of(string);
        if text.len() >= WRITTEN {
            return Word::Own(string);
        }
        tables.strings.find(&text).map_or(Word::Made(text), Word::Written)
    }

    /// The names of all fields, sorted.
    pub(super) fn shape(&self, node: NodeIdx) -> Worth {
        let mut names: Vec<StrIdx> = self.all(node).map(|(name, _)| name).collect();
        names.sort_unstable();
        Worth::Shape(names)
    }

    /// All fields by name, in the order of the file.
    pub(super) fn all(&self, node: NodeIdx) -> impl Iterator<Item = (StrIdx, NodeIdx)> + use<'a> {
        let heap = self.heap;
        own(heap, node).filter_map(move |member| match member.how {
            Has::Field(name) | Has::Variable(name, _) => {
                Some((heap.tables.strings.canonical(name), member.value?))
            }
            _ => None,
        })
    }
}
