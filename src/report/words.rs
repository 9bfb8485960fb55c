//! Access paths in, words out: what a programmer would call a container, and a step to it.

use super::answer::{Holder, Role, WayStep};
use super::key::{Key, key};
use super::originals::{Sources, whose};
use super::redact::Redactor;
use crate::chains::{Place, Scripts};
use crate::classes::{ClassKey, Naming};
use crate::graph::Heap;
use crate::ids::{NodeIdx, StrIdx};
use crate::objects::{Owner, is_generator, is_scope, module_file, package_of};
use crate::parse::NodeKind;
use crate::places::{Declared, Maps};
use crate::text::Text;
use crate::units::count;
use crate::ways::{Access, Label, anchor, is_exports, is_static};
use std::cell::RefCell;
use std::collections::HashMap;

/// What handles are called that only the runtime holds, behind their class.
pub(super) const OF_RUNTIME: &str = " handles held by the runtime";

/// ` × 176`.
fn times_of(times: u32) -> String {
    format!(" × {}", count(u64::from(times)))
}

/// What a container is called.
pub(crate) struct Called {
    /// The file whose variable or export the name begins with.
    pub file: Option<Text>,
    /// As code in that file would write it.
    pub name: String,
    /// Whose that file is.
    pub owner: Option<Holder>,
}

impl Called {
    /// Both: `server.mjs: sessions`.
    pub(crate) fn path(&self) -> String {
        match &self.file {
            Some(file) => format!("{}: {}", short(&file.to_string_lossy()), self.name),
            None => self.name.clone(),
        }
    }
}

/// A file as people call it, the same wherever a program is installed: a package by its name, other
/// files by the last part of their paths, and the folder's name where that says nothing.
fn short(file: &str) -> String {
    const COMMON: [&str; 3] = ["index", "main", "mod"];
    if let Some(package) = package_of(file) {
        return package.name;
    }
    let file = file.replace('\\', "/");
    let file = file.split(['?', '#']).next().unwrap_or_default();
    let mut parts = file.trim_end_matches('/').rsplit('/');
    let last = parts.next().unwrap_or_default();
    match parts.next() {
        Some(folder) if !folder.is_empty() && COMMON.contains(&stem(last)) => {
            format!("{folder}/{last}")
        }
        _ => last.to_owned(),
    }
}

fn stem(file: &str) -> &str {
    file.split('.').next().unwrap_or_default()
}

/// Makes words for one heap.
pub(crate) struct Words<'a> {
    pub heap: &'a Heap,
    pub scripts: &'a Scripts,
    /// Where scripts were made from.
    pub maps: &'a Maps,
    pub redactor: Redactor,
    /// What has been told before: a long name may be that of many steps.
    pub told: &'a RefCell<HashMap<Said, String>>,
}

/// A text of the heap, in a path: with masks, and without.
pub(crate) type Said = (StrIdx, bool);

/// Code units of a name in a path, and of a whole path.
const LONGEST_NAME: usize = 200;
const LONGEST_PATH: usize = 1000;

impl Words<'_> {
    fn string(&self, string: StrIdx) -> String {
        let text = || self.redactor.label(&self.heap.tables.strings.get(string));
        let text = || text().shortened(LONGEST_NAME).to_string_lossy();
        let said = (string, self.redactor.is_open());
        self.told.borrow_mut().entry(said).or_insert_with(text).clone()
    }

    /// A node's own name, as its author has it.
    fn name(&self, node: NodeIdx) -> Text {
        self.closure(node).0
    }

    /// `.name`, or `["a name"]`.
    fn member(&self, string: StrIdx) -> String {
        let name = self.string(string);
        match key(&name) {
            Key::Symbol(symbol) => format!("[{symbol}]"),
            Key::Plain(name) => format!(".{name}"),
            Key::Text(name) => {
                let short: String = name.chars().take(40).collect();
                let dots = if short.len() < name.len() { "…" } else { "" };
                format!("[\"{short}{dots}\"]")
            }
        }
    }

    /// How the step before holds this one.
    pub(crate) fn label(&self, steps: &[Access], at: usize) -> String {
        match steps[at].left_out {
            0 => self.how(steps, at),
            more => format!("…({} steps more)… {}", count(u64::from(more)), self.how(steps, at)),
        }
    }

    fn how(&self, steps: &[Access], at: usize) -> String {
        let step = &steps[at];
        match step.label {
            Label::Root if step.edge.is_none() => "(root)".into(),
            Label::Root => self.name(step.node).to_string_lossy(),
            Label::Global => "global".into(),
            Label::Module => "module".into(),
            Label::Export(name) => format!("export {}", self.string(name)),
            Label::Variable(name) => format!("variable {}", self.variable(steps, at, name)),
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
    pub(crate) fn path(&self, steps: &[Access]) -> Called {
        self.written(steps, anchor(self.heap, steps), false)
    }

    /// The same from a step on, and how often a step is repeated.
    pub(crate) fn path_from(&self, steps: &[Access], from: usize) -> Called {
        self.written(steps, from, true)
    }

    fn written(&self, steps: &[Access], from: usize, counted: bool) -> Called {
        let mut path = String::new();
        for (at, step) in steps.iter().enumerate().skip(from) {
            if step.left_out > 0 && !path.is_empty() {
                path += &format!("…({} more)…", count(u64::from(step.left_out)));
            }
            let first = path.is_empty();
            match step.label {
                Label::Variable(name) | Label::Export(name) => {
                    if !first {
                        path.truncate(path.trim_end().len());
                        path.push_str(" → ");
                    }
                    // Whose `this` it is says more. V8 calls a class after where it is put:
                    // `module.exports.Core`.
                    let variable = self.variable(steps, at, name);
                    let class = self.object(step.node);
                    let class = class.rsplit('.').next().unwrap_or_default();
                    let is_this = variable == "this" && at + 1 < steps.len();
                    path += if is_this { class } else { &variable };
                }
                // What a module exports has the name that others import.
                Label::Property(_)
                    if first && at + 1 < steps.len() && self.is_exports(steps, at) => {}
                Label::Property(name) => {
                    if first {
                        path += &self.owner(steps, at);
                    }
                    path += &self.member(name);
                    if path.starts_with('.') {
                        path.remove(0);
                    }
                }
                Label::Value if first && at > 0 && self.is_exports(steps, at - 1) => {
                    path.push_str("exports[…]");
                }
                Label::Element | Label::Value => path.push_str("[…]"),
                Label::Key => path.push_str(".keys()"),
                Label::Internal(name) if !first => path += &format!(".<{}>", self.string(name)),
                _ if first => path = self.object(step.node),
                _ => path += &format!(" → {}", self.object(step.node)),
            }
            match step.times {
                0 | 1 => {}
                _ if !counted => path.push('*'),
                times if at + 1 == steps.len() => path += &times_of(times),
                // What follows is no part of the number.
                times => path += &format!("{} ", times_of(times)),
            }
        }
        let name = Text::from(path.as_str()).shortened(LONGEST_PATH).to_string_lossy();
        let (file, owner) = self.file_of(steps, from).unzip();
        Called { file: file.flatten(), name, owner }
    }

    fn is_exports(&self, steps: &[Access], at: usize) -> bool {
        is_exports(self.heap, steps, at)
    }

    /// The file whose variable or export a step is, and whose it is. All functions that share a variable
    /// are of one script, whichever of them leads here; their lines say nothing of the variable's.
    fn file_of(&self, steps: &[Access], at: usize) -> Option<(Option<Text>, Holder)> {
        let (step, before) = (steps.get(at)?, steps.get(at.checked_sub(1)?)?.node);
        let (file, script) = match step.label {
            // A list may begin at the variables themselves, which have no place.
            Label::Variable(_) => {
                let script = self.place_of_scope(&steps[..at]).map(|place| place.file);
                let declared = self.declared(steps, at).and_then(|declared| declared.file);
                let declared = declared.map(|file| Text::from(file.as_str()));
                let file = declared.or_else(|| Some(self.sources().file(script.clone()?)))?;
                (file.clone(), script.unwrap_or(file))
            }
            Label::Export(_) => self.made_from(self.file_of_module(before)?),
            _ if self.is_exports(steps, at) => {
                self.made_from(self.heap.raw_name(module_file(self.heap, before)?))
            }
            _ if is_static(self.heap, steps, at) => {
                let place = self.place(before).filter(|place| place.owner != Owner::Runtime)?;
                return Some((Some(place.file.clone()), Holder::at(place)));
            }
            _ => return None,
        };
        let [told, script] = [&file, &script].map(Text::to_string_lossy);
        let (owner, package) = whose(self.maps, &told, &script);
        let package = package.map(|package| self.redactor.package(package));
        let holder = Holder { owner, package, location: None };
        Some(((owner != Owner::Runtime).then(|| self.redactor.name(&file)), holder))
    }

    fn place_of_scope(&self, steps: &[Access]) -> Option<Place> {
        self.compiled(self.function(steps)?)
    }

    /// The function over whose variables a way leads on.
    fn function(&self, steps: &[Access]) -> Option<NodeIdx> {
        let (last, before) = steps.split_last()?;
        let function = before.last().filter(|_| is_scope(self.heap, last.node)).unwrap_or(last);
        Some(function.node)
    }

    /// What a step's variable is in its source.
    fn declared(&self, steps: &[Access], at: usize) -> Option<Declared> {
        self.sources().variable(self.function(&steps[..at])?, steps[at].edge)
    }

    /// What a step's variable is called.
    fn variable(&self, steps: &[Access], at: usize, name: StrIdx) -> String {
        let own = self.declared(steps, at).and_then(|declared| declared.name);
        let own = own.map(|own| self.redactor.name(&Text::from(own.as_str())).to_string_lossy());
        own.unwrap_or_else(|| self.string(name))
    }

    const fn sources(&self) -> Sources<'_> {
        Sources { heap: self.heap, scripts: self.scripts, maps: self.maps }
    }

    /// What a class is called, and what without source maps, if these change it.
    pub(crate) fn class(&self, key: &ClassKey) -> (Text, Option<Text>) {
        let compiled = self.redactor.name(&key.name);
        match self.sources().class(key) {
            Some(original) => (self.redactor.name(&original), Some(compiled)),
            None => (compiled, None),
        }
    }

    /// The same of a function.
    fn closure(&self, node: NodeIdx) -> (Text, Option<Text>) {
        let compiled = self.heap.raw_name(node);
        let location = self.heap.tables.locations.of(node);
        let original = location.and_then(|at| self.sources().name(at, &compiled));
        let compiled = self.redactor.name(&compiled);
        match original {
            Some(original) => (self.redactor.name(&original), Some(compiled)),
            None => (compiled, None),
        }
    }

    /// An ES module leads to its code, which runs as a generator.
    fn file_of_module(&self, module: NodeIdx) -> Option<Text> {
        let edges = &self.heap.tables.edges;
        let mut code = self.heap.tables.edges_of(module).map(|edge| edges.target(edge));
        code.find_map(|code| self.compiled(code)).map(|place| place.file)
    }

    /// An ES module's code runs as a generator, whose context has the module's variables.
    fn is_top_level(&self, node: NodeIdx) -> bool {
        is_generator(self.heap, node)
            && self.compiled(node).is_some_and(|p| (p.line, p.column) == (1, 1))
    }

    /// A class or a function whose property the first step is.
    fn owner(&self, steps: &[Access], at: usize) -> String {
        let is_export = |at: usize| self.is_exports(steps, at);
        match at
            .checked_sub(1)
            .filter(|before| !is_export(at) && !is_export(*before))
            .and_then(|before| steps.get(before))
        {
            Some(before) if before.label != Label::Global => self.object(before.node),
            _ => String::new(),
        }
    }

    /// An object by its own name: a function's, a class's.
    fn object(&self, node: NodeIdx) -> String {
        let name = self.name(node).shortened(LONGEST_NAME).to_string_lossy();
        match self.heap.tables.nodes.kind(node) {
            NodeKind::Closure if name.is_empty() => match self.place(node) {
                Some(place) => {
                    let file = place.file.to_string_lossy();
                    let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                    format!("the function at {file}:{}:{}", place.line, place.column)
                }
                None => "a function".into(),
            },
            // A string's name is its value.
            NodeKind::String | NodeKind::ConsString | NodeKind::SlicedString
                if !self.redactor.shows_strings() =>
            {
                "a string".into()
            }
            _ => name,
        }
    }

    /// Where something is written.
    pub(crate) fn place(&self, node: NodeIdx) -> Option<Place> {
        let location = self.heap.tables.locations.of(node)?;
        let place = self.sources().place(location);
        place.map(|place| self.redactor.place(place))
    }

    /// The same in the script that runs.
    fn compiled(&self, node: NodeIdx) -> Option<Place> {
        self.scripts.place(self.heap, node).filter(|place| !place.file.is_empty())
    }

    /// The file that all of a script is from, or else the script; and the script.
    fn made_from(&self, script: Text) -> (Text, Text) {
        (self.sources().file(script.clone()), script)
    }
}

/// One step of a way, in words.
pub(crate) fn step(
    words: &Words<'_>,
    naming: &Naming,
    (steps, at): (&[Access], usize),
    role: Role,
) -> WayStep {
    let (heap, step) = (words.heap, &steps[at]);
    let (class, compiled_class) = words.class(naming.of(step.node));
    let (name, compiled_name) = match heap.tables.nodes.kind(step.node) {
        NodeKind::Closure => words.closure(step.node),
        _ => (Text::default(), compiled_class),
    };
    let edge = Some(step.edge).filter(|edge| !edge.is_none());
    WayStep {
        label: words.label(steps, at),
        edge: edge.map(|edge| words.redactor.edge(heap, edge)).unwrap_or_default(),
        edge_type: edge.map_or("", |edge| heap.tables.edges.kind(edge).name()),
        class,
        name,
        compiled_name,
        id: heap.tables.nodes.whole_id(step.node),
        retained: heap.retained().of(step.node),
        times: step.times,
        role,
        location: words.place(step.node),
    }
}
