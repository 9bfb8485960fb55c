//! Access paths in, words out: what a programmer would call a container, and a step to it.

use super::door::Door;
use crate::chains::{Place, Scripts, is_program_file};
use crate::graph::Heap;
use crate::ids::{NodeIdx, StrIdx};
use crate::parse::NodeKind;
use crate::text::Text;
use crate::ways::{Access, Label, anchor};

/// Makes words for one heap.
pub(super) struct Words<'a> {
    pub heap: &'a Heap,
    pub scripts: &'a Scripts,
    pub door: Door,
}

impl Words<'_> {
    fn string(&self, string: StrIdx) -> String {
        self.door.label(&self.heap.tables.strings.get(string)).to_string_lossy()
    }

    /// A node's own name.
    fn name(&self, node: NodeIdx) -> Text {
        self.door.name(&self.heap.raw_name(node))
    }

    /// `.name`, or `["a name"]`.
    fn member(&self, string: StrIdx) -> String {
        let name = self.string(string);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
        if let Some(symbol) = name.strip_prefix("<symbol ").and_then(|n| n.strip_suffix('>')) {
            return format!("[{symbol}]");
        }
        if !name.is_empty() && name.chars().all(plain) {
            format!(".{name}")
        } else {
            let short: String = name.chars().take(40).collect();
            let dots = if short.len() < name.len() { "…" } else { "" };
            format!("[\"{short}{dots}\"]")
        }
    }

    /// How the step before holds this one.
    pub(super) fn label(&self, step: &Access) -> String {
        match step.label {
            Label::Root if step.edge.is_none() => "(root)".into(),
            Label::Root => self.name(step.node).to_string_lossy(),
            Label::Global => "global".into(),
            Label::Module => "module".into(),
            Label::Export(name) => format!("export {}", self.string(name)),
            Label::Variable(name) => format!("variable {}", self.string(name)),
            Label::Property(name) => self.member(name),
            Label::Element => "[…]".into(),
            Label::Value => "value of key".into(),
            Label::Key => "key".into(),
            Label::WeakValue => "value of weak key".into(),
            Label::Internal(name) => self.string(name),
            Label::Nameless if self.is_top_level(step.node) => "top-level code".into(),
            Label::Nameless => "(held by the engine)".into(),
        }
    }

    /// The way to the last step as code would write it.
    pub(super) fn path(&self, steps: &[Access]) -> String {
        let from = anchor(self.heap, steps);
        let mut path = String::new();
        for (at, step) in steps.iter().enumerate().skip(from) {
            let first = path.is_empty();
            match step.label {
                Label::Variable(name) | Label::Export(name) => {
                    if !first {
                        path.push_str(" → ");
                    }
                    path += &self.string(name);
                }
                Label::Property(name) => {
                    if first {
                        path += &self.owner(steps, at);
                    }
                    path += &self.member(name);
                    if path.starts_with('.') {
                        path.remove(0);
                    }
                }
                Label::Element | Label::Value => path.push_str("[…]"),
                Label::Key => path.push_str(".keys()"),
                Label::Internal(name) if !first => path += &format!(".<{}>", self.string(name)),
                _ if first => path = self.object(step.node),
                _ => path += &format!(" → {}", self.object(step.node)),
            }
            if step.times > 1 {
                path.push('*');
            }
        }
        if let [.., before, last] = steps
            && let Label::Variable(_) = last.label
        {
            if self.heap.tables.nodes.kind(before.node) == NodeKind::Closure {
                path += &format!(" (closure variable of {})", self.object(before.node));
            } else if self.is_top_level(before.node) {
                path += " (module variable)";
            }
        }
        path
    }

    /// An ES module's code runs as a generator, whose context has the module's variables.
    fn is_top_level(&self, node: NodeIdx) -> bool {
        self.heap.tables.nodes.kind(node) == NodeKind::Object
            && self.heap.raw_name(node) == *"Generator"
            && self.place(node).is_some_and(|p| (p.line, p.column) == (1, 1))
    }

    /// A class or a function whose property the first step is.
    fn owner(&self, steps: &[Access], at: usize) -> String {
        match at.checked_sub(1).and_then(|before| steps.get(before)) {
            Some(before) if before.label != Label::Global => self.object(before.node),
            _ => String::new(),
        }
    }

    /// An object by its own name: a function's, a class's.
    fn object(&self, node: NodeIdx) -> String {
        let name = self.name(node).to_string_lossy();
        match self.heap.tables.nodes.kind(node) {
            NodeKind::Closure if name.is_empty() => match self.place(node) {
                Some(place) => {
                    let file = place.file.to_string_lossy();
                    let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                    format!("the function at {file}:{}:{}", place.line, place.column)
                }
                None => "a function".into(),
            },
            _ => name,
        }
    }

    /// Where something is written.
    pub(super) fn place(&self, node: NodeIdx) -> Option<Place> {
        let place = self.scripts.place(self.heap, node).filter(|place| !place.file.is_empty());
        place.map(|place| self.door.place(place))
    }

    /// A closure's name, and nothing for other objects.
    pub(super) fn own_name(&self, node: NodeIdx) -> Text {
        match self.heap.tables.nodes.kind(node) {
            NodeKind::Closure => self.name(node),
            _ => Text::default(),
        }
    }
}

/// The folder that all the program's own scripts in an answer lie in, with its last slash;
/// libraries and the runtime do not count.
pub(super) fn common_prefix(answer: &super::Answer) -> String {
    let steps = answer.suspects.iter().flat_map(|s| &s.chains).flat_map(|c| &c.steps);
    let places = steps.filter_map(|s| s.location.as_ref());
    let places = places.chain(answer.containers.iter().filter_map(|c| c.location.as_ref()));
    let files = places.map(|p| p.file.to_string_lossy());
    let files = files.map(|f| f.strip_prefix("file://").map_or(f.clone(), str::to_owned));
    let own =
        files.filter(|f| is_program_file(f) && f.contains('/') && !f.contains("node_modules"));
    let folder = |f: String| f.rsplit_once('/').map_or(String::new(), |(dir, _)| format!("{dir}/"));
    own.map(folder)
        .reduce(|a, b| {
            let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
            let common: String = a.chars().take(same).collect();
            common.rsplit_once('/').map_or(String::new(), |(dir, _)| format!("{dir}/"))
        })
        .unwrap_or_default()
}
