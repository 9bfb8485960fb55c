//! What the library promises is written down, and changes only on purpose: docs/api.txt has a line for
//! each public item, read from the source as rustfmt lays it out.

use crate::scanning::{code, first_word, room, root, src};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A module: the names on the way to it.
type Path = Vec<String>;

/// Something that is public where it is written.
#[derive(Clone)]
struct Item {
    /// In which line.
    at: usize,
    /// Without `pub` and the body, in one line.
    signature: String,
    name: String,
    /// Attributes as they are written, one after the other.
    attributes: String,
    /// Public fields, or variants.
    members: Vec<String>,
}

impl Item {
    fn is_hidden(&self) -> bool {
        self.attributes.contains("#[doc(hidden)]")
            || self.attributes.contains("#[cfg(feature = \"internals\")]")
    }

    /// What attributes say of its use.
    fn marks(&self) -> String {
        let mut marks = String::new();
        for derived in between(&self.attributes, "#[derive(", ")]") {
            write!(marks, " [{derived}]").unwrap();
        }
        if self.attributes.contains("non_exhaustive") {
            marks += " [non_exhaustive]";
        }
        for feature in between(&self.attributes, "#[cfg(feature = \"", "\")]") {
            write!(marks, " [feature {feature}]").unwrap();
        }
        marks
    }
}

fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(move |rest| rest.split(end).next())
}

/// One file, as lines of code and as it is written.
struct File {
    code: Vec<String>,
    source: Vec<String>,
}

impl File {
    fn of(source: &str) -> Self {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        Self { code: lines(&code(source)), source: lines(source) }
    }

    /// The lines from one on until something ends them, as one.
    fn joined(&self, from: usize, ends: &[char]) -> String {
        let mut all = String::new();
        for line in &self.code[from..] {
            let line = line.trim();
            let end = line.find(ends).map(|end| &line[..end]);
            all += end.unwrap_or(line);
            if end.is_some() {
                break;
            }
            all += " ";
        }
        let all = all.replace("( ", "(").replace(", )", ")").replace(",)", ")");
        all.trim().to_owned()
    }

    fn attributes(&self, of: usize) -> String {
        let above = self.source[..of].iter().rev().map(|line| line.trim());
        let above =
            above.take_while(|line| !line.is_empty() && !line.ends_with(['{', '}', ';', ',']));
        above.filter(|line| !line.starts_with("//")).collect()
    }

    /// Public lines of some depth between two lines.
    fn public(&self, lines: std::ops::Range<usize>, depth: usize) -> Vec<Item> {
        let start = format!("{}pub ", " ".repeat(depth));
        let mut found = Vec::new();
        for at in lines.filter(|at| self.code[*at].starts_with(&start)) {
            let line = &self.code[at][start.len()..];
            let constant = line.starts_with("const ") && !line.starts_with("const fn");
            let whole = self.joined(at, if constant { &['='] } else { &['{', ';'] });
            let signature = whole["pub ".len()..].trim().to_owned();
            let kinds = ["const fn ", "fn ", "struct ", "enum ", "const ", "type ", "mod ", "use "];
            let name = kinds.iter().find_map(|kind| signature.strip_prefix(kind));
            let name = first_word(name.unwrap_or(&signature));
            let members = self.members(at, &signature);
            let attributes = self.attributes(at);
            found.push(Item { at, signature, name, attributes, members });
        }
        found
    }

    fn end(&self, from: usize) -> usize {
        (from..self.code.len()).find(|at| self.code[*at].starts_with('}')).unwrap_or(from)
    }

    fn members(&self, at: usize, signature: &str) -> Vec<String> {
        let inside = || (at + 1..self.end(at)).map(|at| self.code[at].as_str());
        let one = |line: &str| line.trim().trim_end_matches(',').to_owned();
        if signature.starts_with("struct ") && self.code[at].ends_with('{') {
            inside().filter_map(|line| line.strip_prefix("    pub ")).map(one).collect()
        } else if signature.starts_with("enum ") {
            let variant =
                |line: &&str| line.starts_with("    ") && line[4..].starts_with(char::is_uppercase);
            inside().filter(variant).map(one).collect()
        } else {
            Vec::new()
        }
    }

    /// What is implemented of a type: traits, and public functions.
    fn implemented(&self, name: &str) -> Vec<String> {
        let mut all = Vec::new();
        for at in (0..self.code.len()).filter(|at| self.code[*at].starts_with("impl")) {
            let header = self.joined(at, &['{']);
            let bare = generics(&header["impl".len()..]);
            match bare.split_once(" for ") {
                Some((of, kind)) if first_word(kind) == name => {
                    all.push(format!("impl {}", of.trim()))
                }
                None if first_word(bare) == name => {
                    let methods = self.public(at + 1..self.end(at), 4);
                    let shown = methods.into_iter().filter(|method| !method.is_hidden());
                    all.extend(shown.map(|method| method.signature));
                }
                _ => {}
            }
        }
        all
    }
}

/// What comes behind `<...>`.
fn generics(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '<') - i32::from(c == '>' && !text[..at].ends_with('-'));
        if depth == 0 {
            return text[at + usize::from(c == '>')..].trim();
        }
    }
    text
}

/// The whole library.
struct Library(BTreeMap<String, File>);

impl Library {
    fn file(&self, module: &[String]) -> Option<(&str, &File)> {
        let path = module.join("/");
        let names = match module {
            [] => vec!["lib.rs".to_owned()],
            _ => vec![format!("{path}.rs"), format!("{path}/mod.rs")],
        };
        let found = names.iter().find_map(|name| self.0.get_key_value(name.as_str()))?;
        Some((found.0, found.1))
    }

    fn items(&self, module: &[String]) -> Vec<Item> {
        let (_, file) = self.file(module).unwrap_or_else(|| panic!("no module {module:?}"));
        file.public(0..file.code.len(), 0)
    }

    /// Where a name leads that a module uses, by any `use`.
    fn used(&self, module: &[String], name: &str) -> Option<(Path, String)> {
        let (_, file) = self.file(module)?;
        let uses = (0..file.code.len()).filter(|at| {
            let line = &file.code[*at];
            line.starts_with("use ")
                || line.starts_with("pub use ")
                || line.starts_with("pub(crate) use ")
        });
        let mut all = uses.flat_map(|at| imports(&file.uses(at)));
        let mut way = all.find(|way| way.last().is_some_and(|last| last == name))?;
        way.pop();
        let mut at = module.to_vec();
        for part in way {
            match part.as_str() {
                "crate" => at.clear(),
                "super" => drop(at.pop()),
                "self" => {}
                _ => at.push(part),
            }
        }
        Some((at, name.to_owned()))
    }

    /// The file in which a name that a module has is written, and what it is.
    fn find(&self, module: &[String], name: &str) -> Option<(String, Item)> {
        let (file, _) = self.file(module)?;
        let other = ["use ", "mod "];
        let is = |item: &Item| {
            item.name == name && !other.iter().any(|kind| item.signature.starts_with(kind))
        };
        if let Some(item) = self.items(module).into_iter().find(is) {
            return Some((file.to_owned(), item));
        }
        let (module, name) = self.used(module, name)?;
        self.find(&module, &name)
    }
}

impl File {
    fn uses(&self, at: usize) -> String {
        let lines = self.code[at..].iter().map(|line| line.trim());
        let mut all = String::new();
        for line in lines {
            all += line;
            if line.ends_with(';') {
                break;
            }
        }
        all.split_once("use ").unwrap().1.trim_end_matches(';').to_owned()
    }
}

/// The names that a `use` brings, each with the way to it.
fn imports(text: &str) -> Vec<Path> {
    let (way, names) = match text.split_once('{') {
        Some((way, names)) => (way, names.trim_end_matches('}')),
        None => ("", text),
    };
    let split =
        |name: &str| format!("{way}{}", name.trim()).split("::").map(str::to_owned).collect();
    names.split(',').filter(|name| !name.trim().is_empty()).map(split).collect()
}

/// A line for each public item below a module.
fn surface(
    library: &Library,
    module: &[String],
    known: &mut BTreeMap<(String, String), String>,
) -> Vec<String> {
    let path = [&["heapdiff".to_owned()], module].concat().join("::");
    let mut lines = Vec::new();
    let mut modules = Vec::new();
    let (_, file) = library.file(module).unwrap();
    for item in library.items(module).into_iter().filter(|item| !item.is_hidden()) {
        if item.signature.starts_with("mod ") {
            lines.push(format!("{path}::{}: mod{}", item.name, item.marks()));
            modules.push(item.name);
            continue;
        }
        let names = match item.signature.starts_with("use ") {
            true => {
                let ways = imports(&file.uses(item.at)).into_iter();
                ways.filter_map(|mut way| way.pop()).collect()
            }
            false => vec![item.name.clone()],
        };
        for name in names {
            let (home, item) =
                library.find(module, &name).unwrap_or_else(|| panic!("{path}::{name}?"));
            let mine = format!("{path}::{name}");
            if let Some(other) = known.get(&(home.clone(), name.clone())) {
                lines.push(format!("{mine}: see {other}"));
                continue;
            }
            known.insert((home.clone(), name.clone()), mine.clone());
            lines.extend(described(library, &mine, &home, &item));
        }
    }
    for name in modules {
        lines.extend(surface(library, &[module, &[name]].concat(), known));
    }
    lines
}

fn described(library: &Library, path: &str, home: &str, item: &Item) -> Vec<String> {
    // Fields of a tuple are nobody's.
    let signature = match item.signature.split_once('(') {
        Some((start, _)) if start.starts_with("struct") => start,
        _ => &item.signature,
    };
    let mut lines = vec![format!("{path}: {signature}{}", item.marks())];
    lines.extend(item.members.iter().map(|member| format!("{path}: {member}")));
    if ["struct ", "enum "].iter().any(|kind| signature.starts_with(kind)) {
        let near = library.0.iter().filter(|(file, _)| room(file) == room(home));
        let all: BTreeSet<String> =
            near.flat_map(|(_, file)| file.implemented(&item.name)).collect();
        lines.extend(all.into_iter().map(|line| format!("{path}: {line}")));
    }
    lines
}

#[test]
fn the_public_surface_is_the_one_that_is_written_down() {
    let library = Library(src().into_iter().map(|(name, text)| (name, File::of(&text))).collect());
    let lines = surface(&library, &[], &mut BTreeMap::new());
    let text = lines.join("\n") + "\n";
    let file = root().join("docs/api.txt");
    if std::env::var_os("HEAPDIFF_BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap();
    for (line, written) in text.lines().zip(written.lines()) {
        assert_eq!(
            line, written,
            "HEAPDIFF_BLESS=1 writes docs/api.txt anew; say so in CHANGELOG.md"
        );
    }
    assert_eq!(text.len(), written.len(), "HEAPDIFF_BLESS=1 writes docs/api.txt anew");
}
