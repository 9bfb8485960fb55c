//! A heap and interface definitions in, the class of every node out.
//!
//! A class is known by DevTools' public key: `,name`, or `script,line,column,name` for
//! objects whose constructor has a place in the source, so that two classes of one name are
//! two classes.

use super::shapes::{Definition, Shapes};
use crate::graph::{DETACHED_MARK, Heap};
use crate::ids::{ClassIdx, NodeIdx, StrIdx};
use crate::parse::{Location, NodeKind};
use crate::text::Text;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

/// The class of every node under one list of definitions.
#[derive(Debug)]
pub struct Naming {
    /// By node.
    pub class_of: Vec<ClassIdx>,
    /// By class.
    pub classes: Vec<ClassKey>,
}

/// What a class is known by in both snapshots. DevTools makes a text of it, its public key: `,name` or
/// `script,line,column,name`. That is put together when it is asked for: a thousand classes may have one
/// long name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct ClassKey {
    /// The name people read.
    pub name: Text,
    /// Where its constructor stands, for objects.
    pub location: Option<Location>,
}

impl ClassKey {
    /// The text.
    #[must_use]
    pub fn text(&self) -> Text {
        let mut text = Text::from(self.place().as_str());
        text.push(&self.name);
        text
    }

    fn place(&self) -> String {
        match self.location {
            Some(l) => format!("{},{},{},", l.script, l.line, l.column),
            None => ",".to_owned(),
        }
    }
}

/// In the order of the texts: a place ends with its third comma, so none is the beginning of another.
impl Ord for ClassKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place()).then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for ClassKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Display for ClassKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.place(), self.name)
    }
}

impl Serialize for ClassKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(serializer)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ClassKey {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        Text::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Text::json_schema(generator)
    }
}

/// Code units of a class's name. Chromium's templates have more than a thousand.
const LONGEST: usize = 4000;
const UNKNOWN: u32 = u32::MAX;

impl Naming {
    pub(super) fn new(heap: &Heap, shapes: &Shapes, definitions: &[Definition]) -> Self {
        let nodes = &heap.tables.nodes;
        let mut names = Names::new(heap);
        let mut defined = vec![None; definitions.len()];
        let by_shape: Vec<Option<u32>> = shapes
            .apply(heap, definitions)
            .into_iter()
            .map(|fit| {
                fit.map(|at| {
                    *defined[at].get_or_insert_with(|| names.intern(&definitions[at].name))
                })
            })
            .collect();
        let mut plain = shapes.members.iter().peekable();
        let mut keys = Keys::default();
        let class_of = nodes
            .indices()
            .map(|node| {
                let shape = plain.next_if(|(n, _)| *n == node).map(|(_, shape)| *shape);
                let name = match shape.and_then(|shape| by_shape[shape as usize]) {
                    Some(name) => name,
                    None => names.of(node),
                };
                let is_object = nodes.kind(node) == NodeKind::Object;
                keys.class(name, is_object.then(|| heap.tables.locations.of(node)).flatten())
            })
            .collect();
        Self { class_of, classes: keys.classes(&names.texts) }
    }

    /// The classes of a heap under its own definitions.
    #[must_use]
    pub fn of_heap(heap: &Heap, interfaces: &super::Interfaces) -> Self {
        Self::new(heap, &interfaces.shapes, &interfaces.own)
    }

    /// The class of a node.
    #[must_use]
    pub fn of(&self, node: NodeIdx) -> &ClassKey {
        &self.classes[self.class_of[node.at()].at()]
    }
}

/// Class names, each text once.
struct Names<'a> {
    heap: &'a Heap,
    texts: Vec<Text>,
    by_text: HashMap<Text, u32>,
    /// By position in the string table: the name of objects and native nodes so called.
    by_string: Vec<u32>,
    by_detached: HashMap<StrIdx, u32>,
    /// By the file's kinds: names of the kinds that are classes of their own.
    by_kind: Vec<u32>,
}

impl<'a> Names<'a> {
    fn new(heap: &'a Heap) -> Self {
        let mut names = Self {
            heap,
            texts: Vec::new(),
            by_text: HashMap::new(),
            by_string: vec![UNKNOWN; heap.tables.strings.len()],
            by_detached: HashMap::new(),
            by_kind: Vec::new(),
        };
        names.by_kind =
            heap.tables.nodes.kind_names.iter().map(|k| names.intern(&kind_class(k))).collect();
        names
    }

    /// A class has no longer name than people read: it stands in its key, and in each row and step.
    fn intern(&mut self, text: &Text) -> u32 {
        let text = &*text.shortened(LONGEST);
        if let Some(name) = self.by_text.get(text) {
            return *name;
        }
        let name = self.texts.len() as u32;
        self.texts.push(text.clone());
        self.by_text.insert(text.clone(), name);
        name
    }

    fn of(&mut self, node: NodeIdx) -> u32 {
        let nodes = &self.heap.tables.nodes;
        if !matches!(nodes.kind(node), NodeKind::Object | NodeKind::Native) {
            return self.by_kind[nodes.raw_kind[node.at()] as usize];
        }
        let string = nodes.name(node);
        if self.heap.is_renamed(node) {
            if let Some(name) = self.by_detached.get(&string) {
                return *name;
            }
            let name = self.intern(&without_attributes(self.heap.raw_name(node)));
            self.by_detached.insert(string, name);
            return name;
        }
        if self.by_string[string.at()] == UNKNOWN {
            let text = self.heap.tables.strings.get(string);
            self.by_string[string.at()] = self.intern(&without_attributes(text));
        }
        self.by_string[string.at()]
    }
}

/// The class of all closures.
pub(crate) const FUNCTION: &str = "Function";

/// The class of nodes that are not called by their own name.
pub(super) fn kind_class(kind: &str) -> Text {
    match kind {
        "hidden" => "(system)".into(),
        "code" => "(compiled code)".into(),
        "closure" => FUNCTION.into(),
        "regexp" => "RegExp".into(),
        other => format!("({other})").as_str().into(),
    }
}

/// `<div class="row">` becomes `<div>`.
fn without_attributes(mut name: Text) -> Text {
    let from = if name.starts_with(DETACHED_MARK) { DETACHED_MARK.len() } else { 0 };
    if name.units().get(from) != Some(&u16::from(b'<')) {
        return name;
    }
    let space = name.units().iter().skip(from).position(|u| *u == u16::from(b' '));
    if let Some(at) = space {
        name.truncate(from + at);
        name.push_str(">");
    }
    name
}

/// Classes by name and place. Objects of one class follow each other, so the last place seen
/// for a name is nearly always the next one too.
#[derive(Default)]
struct Keys {
    found: Vec<(u32, Option<Location>)>,
    plain: Vec<u32>,
    last: Vec<Option<(Location, ClassIdx)>>,
    placed: HashMap<(u32, Location), ClassIdx>,
}

impl Keys {
    fn class(&mut self, name: u32, place: Option<Location>) -> ClassIdx {
        let at = name as usize;
        if self.plain.len() <= at {
            self.plain.resize(at + 1, UNKNOWN);
            self.last.resize(at + 1, None);
        }
        let next = ClassIdx::from_at(self.found.len());
        let class = match place {
            None => {
                if self.plain[at] == UNKNOWN {
                    self.plain[at] = next.0;
                }
                ClassIdx(self.plain[at])
            }
            Some(place) => match self.last[at] {
                Some((last, class)) if last == place => class,
                _ => {
                    let class = *self.placed.entry((name, place)).or_insert(next);
                    self.last[at] = Some((place, class));
                    class
                }
            },
        };
        if class == next {
            self.found.push((name, place));
        }
        class
    }

    fn classes(self, texts: &[Text]) -> Vec<ClassKey> {
        let make = |(name, location): (u32, Option<Location>)| ClassKey {
            name: texts[name as usize].clone(),
            location,
        };
        self.found.into_iter().map(make).collect()
    }
}
