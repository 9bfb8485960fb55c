//! An object and the name of a field in, what the field is worth out: what a filter and a group go by.
//! Long texts are compared by their place in the file, so that many objects may have one.

use super::answer::ValueReport;
use super::object::Teller;
use crate::classes::{DisplayNames, Naming};
use crate::glob::Glob;
use crate::graph::Heap;
use crate::ids::{ClassIdx, NodeIdx, StrIdx};
use crate::objects::{Has, literal, own};
use crate::parse::NodeKind;
use crate::text::Text;
use std::collections::HashMap;

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
}

impl Word {
    pub(super) fn text(&self, heap: &Heap) -> Text {
        match self {
            Self::Written(string) => heap.tables.strings.get(*string),
            Self::Made(text) => text.clone(),
        }
    }
}

impl Worth {
    /// As it may be shown.
    pub(super) fn said(&self, teller: &mut Teller<'_>) -> ValueReport {
        let mut said = ValueReport { string: None, literal: None, class: None, shape: None };
        match self {
            Self::String(Word::Written(text)) => {
                let text = teller.heap().tables.strings.get(*text);
                said.string = Some(teller.redactor().text(&text));
            }
            Self::String(Word::Made(text)) => said.string = Some(teller.redactor().text(text)),
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
}

impl<'a> Fields<'a> {
    pub(super) fn of(heap: &'a Heap, naming: &'a Naming) -> Self {
        let names = DisplayNames::new(heap);
        Self { heap, naming, names, known: HashMap::new(), fitting: HashMap::new() }
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
                    Worth::Shape(_) | Worth::Nothing => return false,
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
        let heap = self.heap;
        let find = || heap.tables.strings.find(&name.into());
        let Some(wanted) = *self.known.entry(name.to_owned()).or_insert_with(find) else {
            return Worth::Nothing;
        };
        let value = self.all(node).find(|(name, _)| *name == wanted).map(|(_, value)| value);
        value.map_or(Worth::Nothing, |value| self.of_value(value))
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
        if tables.nodes.kind(string) != NodeKind::ConsString {
            return Word::Written(tables.strings.canonical(tables.nodes.name(string)));
        }
        let text = self.names.of(string);
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
