//! Tables in, what each string is used for out: V8 has one list for names and values.

use super::entry;
use crate::ids::{NodeIdx, StrIdx};
use crate::parse::{EdgeKind, NodeKind, Strings, Tables};
use crate::text::Text;

/// What becomes of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A value, or nothing that a node or an edge has.
    Value,
    /// A name, perhaps a value as well.
    Name,
    /// The name of a WeakMap's entry, made of two others.
    Entry,
}

const NAME: u8 = 1;
const VALUE: u8 = 2;
const ENTRY: u8 = 4;

/// V8's own words for what is a value otherwise.
const WORDS: [&str; 4] = ["(concatenated string)", "(sliced string)", "symbol", "private symbol"];
/// What leads from a function's code to its script.
const TO_SCRIPT: [&str; 2] = ["script", "script_or_debug_info"];

/// The uses of each text, at the first string that has it.
pub(super) struct Roles(Vec<u8>);

impl Roles {
    pub(super) fn of(tables: &Tables) -> Self {
        let mut roles = Self(vec![0; tables.strings.len()]);
        let scripts = TO_SCRIPT.map(|name| tables.strings.find(&name.into()));
        let mut of_scripts = Vec::new();
        for node in tables.nodes.indices() {
            roles.add(tables, tables.nodes.name(node), role_of_name(tables, node));
            let is_code = tables.nodes.kind(node) == NodeKind::Code;
            for edge in tables.edges_of(node) {
                let Some(name) = tables.edges.name(edge) else { continue };
                roles.add(tables, name, NAME);
                // A property or variable may have the same name, and lead to anything.
                if is_code
                    && tables.edges.kind(edge) == EdgeKind::Internal
                    && scripts.contains(&Some(tables.strings.canonical(name)))
                {
                    of_scripts.push(tables.edges.target(edge));
                }
            }
        }
        roles.add_script_names(tables, of_scripts);
        roles.find_entries(&tables.strings);
        roles
    }

    fn add(&mut self, tables: &Tables, string: StrIdx, role: u8) {
        self.0[tables.strings.canonical(string).at()] |= role;
    }

    /// A script's name is a string like any other.
    fn add_script_names(&mut self, tables: &Tables, mut scripts: Vec<NodeIdx>) {
        scripts.sort_unstable();
        scripts.dedup();
        let Some(name) = tables.strings.find(&"name".into()) else { return };
        for edge in scripts.into_iter().flat_map(|script| tables.edges_of(script)) {
            let label = tables.edges.name(edge).map(|label| tables.strings.canonical(label));
            if label == Some(name) && tables.edges.kind(edge) == EdgeKind::Internal {
                self.add(tables, tables.nodes.name(tables.edges.target(edge)), NAME);
            }
        }
    }

    fn find_entries(&mut self, strings: &Strings) {
        for (string, role) in (0..).map(StrIdx).zip(&mut self.0) {
            // A digit and a bracket, each perhaps as an escape: `\u0031`, `\u0029`.
            let could = |first: u8, last: u8| {
                (first.is_ascii_digit() || first == b'\\') && matches!(last, b')' | b'9')
            };
            if *role & NAME != 0
                && strings.literal_could_be(string, could)
                && entry::parts(strings.get(string).units(), |_| true).is_some()
            {
                *role |= ENTRY;
            }
        }
    }

    /// Takes over what is a name in another snapshot.
    pub(super) fn learn(&mut self, own: &Strings, other: &Self, strings: &Strings) {
        for (string, role) in (0..).map(StrIdx).zip(&other.0).filter(|(_, role)| **role & NAME != 0)
        {
            if let Some(known) = own.find(&strings.get(string)) {
                self.0[known.at()] |= role & (NAME | ENTRY);
            }
        }
    }

    fn get(&self, strings: &Strings, string: StrIdx) -> u8 {
        self.0[strings.canonical(string).at()]
    }

    pub(super) fn of_string(&self, strings: &Strings, string: StrIdx) -> Role {
        match self.get(strings, string) {
            role if role & ENTRY != 0 => Role::Entry,
            role if role & NAME != 0 => Role::Name,
            _ => Role::Value,
        }
    }

    /// Whether the string is kept although it is a value.
    pub(super) fn is_both(&self, strings: &Strings, string: StrIdx) -> bool {
        self.get(strings, string) == NAME | VALUE
    }
}

/// Whether a node is called by its value or by a word of the engine's.
fn role_of_name(tables: &Tables, node: NodeIdx) -> u8 {
    let text = || tables.strings.get(tables.nodes.name(node));
    let is_value = match tables.nodes.kind(node) {
        NodeKind::String | NodeKind::RegExp => true,
        NodeKind::ConsString | NodeKind::SlicedString | NodeKind::Symbol => {
            let text = text();
            !WORDS.iter().any(|word| text == **word)
        }
        NodeKind::Number | NodeKind::BigInt => !is_word(&text()),
        // Of an unknown kind the name is not shown.
        NodeKind::Other => true,
        _ => false,
    };
    if is_value { VALUE } else { NAME }
}

/// `heap number`, `int`, `bigint`; not `42n`. No word of V8's is longer; a text that is would be
/// looked through for each number.
fn is_word(text: &Text) -> bool {
    const LONGEST: usize = 40;
    let is_letter =
        |u: &u16| matches!(char::from_u32(u32::from(*u)), Some('a'..='z' | 'A'..='Z' | ' '));
    text.len() <= LONGEST && text.units().iter().all(is_letter)
}
