//! What README, SECURITY, the newest changes and docs/ name is there: links lead somewhere, and files,
//! fields, options, variables, features and names in the source are still called so.

use crate::cli::shown;
use crate::scanning::{is_word, root};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is named and is not ours, and whose it is.
const OTHERS: [(&str, &str); 26] = [
    ("heapdiff/test", "of the package for npm"),
    ("--inspect-port", "Node.js'"),
    ("/json/list", "of an inspector"),
    ("/nodejs/bin/node", "of images without a shell"),
    ("pods/exec", "Kubernetes'"),
    ("/sys/fs/cgroup", "Linux'"),
    ("--heapsnapshot-signal", "Node.js'"),
    ("--disable-sigusr", "Node.js', with a number behind"),
    ("--permission", "Node.js'"),
    ("--allow-inspector", "Node.js'"),
    (".claude/skills/", "Claude Code's"),
    (".cursor/mcp.json", "Cursor's"),
    (".vscode/mcp.json", "VS Code's"),
    ("heapdiff/v2", "a name in SARIF, where a slash comes before the version"),
    ("MADV_POPULATE_READ", "the system's; it was tried and is not used"),
    ("MADV_POPULATE_WRITE", "the system's; it was tried and is not used"),
    ("ERR_WORKER_INVALID_EXEC_ARGV", "Node.js'"),
    ("--expose-gc", "Node.js'"),
    ("--inspect", "Node.js'"),
    ("--experimental-vm-modules", "Node.js'"),
    ("--omit", "npm's"),
    ("--include", "npm's"),
    ("--features", "cargo's"),
    ("--no-default-features", "cargo's"),
    ("--pictures", "of the test in a browser"),
    ("--paths", "what --ways was called; the changes say so"),
];

/// What can grow stale in a document.
#[derive(Default)]
struct Page {
    /// Its path in the repository.
    file: String,
    text: String,
    /// Where its links lead, as they are written.
    links: Vec<String>,
    /// Its headings, as links call them.
    anchors: BTreeSet<String>,
    /// What stands in backticks, outside of blocks of code.
    spans: Vec<String>,
    tables: Vec<Table>,
}

#[derive(Default)]
struct Table {
    /// The spans of the heading above it: in the page on JSON, the objects it is about.
    section: Vec<String>,
    /// Those of a line above it that begins with one and ends in a colon: the parts it is about.
    parts: Vec<String>,
    /// What stands in its upper left corner.
    corner: String,
    /// The spans of the first column.
    first: BTreeSet<String>,
}

/// Reads a page from its beginning to its end.
#[derive(Default)]
struct Reader {
    page: Page,
    /// Of the heading, paragraph or cell that is read: its text, and the spans in it.
    block: String,
    spans: Vec<String>,
    section: Vec<String>,
    parts: Vec<String>,
    /// Of the row that is read, how many cells are.
    cells: usize,
}

impl Reader {
    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.page.links.push(dest_url.into_string());
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::TableCell => {
                (self.block, self.spans) = (String::new(), Vec::new());
            }
            Tag::TableRow => self.cells = 0,
            Tag::Table(_) => {
                let (section, parts) = (self.section.clone(), std::mem::take(&mut self.parts));
                self.page.tables.push(Table { section, parts, ..Table::default() });
            }
            _ => {}
        }
    }

    fn code(&mut self, span: CowStr<'_>) {
        self.block += &span;
        self.page.spans.push(span.to_string());
        self.spans.push(span.into_string());
    }

    fn end(&mut self, tag: TagEnd) {
        match (tag, self.page.tables.last_mut()) {
            (TagEnd::Heading(_), _) => {
                self.page.anchors.insert(anchor(&self.block));
                (self.section, self.parts) = (self.spans.clone(), Vec::new());
            }
            (TagEnd::Paragraph, _) => {
                let begins = self.spans.first().is_some_and(|span| self.block.starts_with(span));
                let leads = begins && self.block.ends_with(':');
                self.parts = if leads { self.spans.clone() } else { Vec::new() };
            }
            (TagEnd::TableCell, Some(table)) => {
                if table.corner.is_empty() {
                    table.corner.clone_from(&self.block);
                } else if self.cells == 0 {
                    table.first.extend(self.spans.clone());
                }
                self.cells += 1;
            }
            _ => {}
        }
    }
}

impl Page {
    fn read(file: &str) -> Self {
        let mut text = std::fs::read_to_string(root().join(file)).unwrap();
        if file == "CHANGELOG.md" {
            // What older versions had was called so then.
            let older = text.match_indices("\n## [").nth(1).unwrap().0;
            text.truncate(older);
        }
        let mut reader = Reader::default();
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(tag) => reader.start(tag),
                Event::Text(text) => reader.block += &text,
                Event::Code(span) => reader.code(span),
                Event::End(tag) => reader.end(tag),
                _ => {}
            }
        }
        Self { file: file.to_owned(), text, ..reader.page }
    }

    /// The file that a link leads to, seen from the root of the repository.
    fn target(&self, link: &str) -> String {
        if link.is_empty() {
            return self.file.clone();
        }
        let mut parts: Vec<&str> = self.file.split('/').collect();
        parts.pop();
        for part in link.split('/') {
            match part {
                ".." => drop(parts.pop().unwrap()),
                _ => parts.push(part),
            }
        }
        parts.join("/")
    }
}

fn pages() -> Vec<Page> {
    let mut files =
        ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned).to_vec();
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        files.extend(name.ends_with(".md").then(|| format!("docs/{name}")));
    }
    files.sort();
    assert!(files.len() > 10);
    files.iter().map(|file| Page::read(file)).collect()
}

/// What a heading is called in links to it.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| is_word(*c) || [' ', '-'].contains(c);
    heading.to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// All words of the source, and of what lies beside it.
fn words() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let places = "src tests fuzz benches examples action fixtures Cargo.toml action.yml";
    let mut left: Vec<PathBuf> = places.split(' ').map(|place| root().join(place)).collect();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if is_source(&path) {
            let text = std::fs::read_to_string(&path).unwrap();
            words.extend(text.split(|c| !is_word(c)).map(str::to_owned));
        }
    }
    words
}

/// This file is none: it names what is not there.
fn is_source(path: &Path) -> bool {
    let ends = ["rs", "toml", "mjs", "js", "sh", "yml"];
    path.extension().is_some_and(|end| ends.iter().any(|known| end == *known))
        && !path.ends_with("tests/it/stale.rs")
}

fn is_others(name: &str) -> bool {
    OTHERS.iter().any(|(other, _)| *other == name)
}

#[test]
fn links_lead_to_files_and_headings_that_are_there() {
    for page in pages() {
        for link in page.links.iter().filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = page.target(file);
            let there = root().join(&target).exists()
                && (heading.is_empty() || Page::read(&target).anchors.contains(heading));
            assert!(there, "{}: {link} leads nowhere", page.file);
        }
    }
}

#[test]
fn files_and_modules_that_are_named_are_there() {
    let is_path = |span: &str| {
        let plain = span.chars().all(|c| is_word(c) || "/.-".contains(c));
        plain && (span.contains('/') || span.ends_with(".rs"))
    };
    for page in pages() {
        for span in page.spans.iter().filter(|span| is_path(span) && !is_others(span)) {
            let there = ["", "src/", "docs/", "tests/it/", "fuzz/"].iter().any(|folder| {
                let path = format!("{folder}{span}");
                ["", ".rs"].iter().any(|end| root().join(path.clone() + end).exists())
            });
            assert!(there, "{}: there is no {span}", page.file);
        }
    }
}

#[test]
fn names_in_the_source_are_still_called_so() {
    let words = words();
    let is_name = |span: &str| {
        let span = span.trim_end_matches("()");
        let plain = span.chars().all(|c| is_word(c) || ":.[]".contains(c));
        plain && (span.contains("::") || span.trim_matches('_').contains('_'))
    };
    for page in pages() {
        for span in page.spans.iter().filter(|span| is_name(span) && !is_others(span)) {
            let unknown = span.split(|c| !is_word(c)).find(|word| !words.contains(*word));
            assert_eq!(unknown, None, "{}: nothing in {span} is called so", page.file);
        }
    }
}

#[test]
fn options_that_are_named_are_there() {
    // Those of every command.
    let all = shown(["completions", "bash"]);
    let is_option = |c: char| c.is_ascii_lowercase() || c == '-';
    let known: BTreeSet<&str> = all.split(|c| !is_option(c)).collect();
    for page in pages() {
        for span in page.spans.iter().filter(|span| span.starts_with("--")) {
            let options = span.split(|c| !is_option(c)).filter(|word| word.starts_with("--"));
            for option in options.filter(|option| !is_others(option)) {
                assert!(known.contains(option), "{}: there is no {option}", page.file);
            }
        }
    }
}

#[test]
fn variables_and_features_that_are_named_are_there() {
    let words = words();
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for Page { file, text, .. } in pages() {
        for word in text.split(|c| !is_word(c)).filter(|word| word.starts_with("HEAPDIFF_")) {
            assert!(words.contains(word), "{file}: nothing reads {word}");
        }
        for (at, before) in text.match_indices("--features ") {
            let names = text[at + before.len()..].split(|c| !is_word(c) && c != ',').next();
            for feature in names.unwrap().split(',') {
                let there = manifest.contains(&format!("\n{feature} = ["));
                assert!(there, "{file}: there is no feature {feature}");
            }
        }
    }
}

#[test]
fn what_is_named_of_others_is_named_somewhere() {
    let pages = pages();
    for (other, _) in OTHERS {
        let named = pages.iter().any(|page| page.spans.iter().any(|span| span.contains(other)));
        assert!(named, "{other} need not be told of any more");
    }
}

fn schema() -> Value {
    let text = std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The fields that an object of the schema has, or the objects of a list.
fn fields<'s>(schema: &'s Value, object: &'s Value) -> Option<&'s Map<String, Value>> {
    if let Some(name) = object["$ref"].as_str() {
        return fields(schema, schema.pointer(&name[1..]).unwrap());
    }
    let other = || {
        let some = object["anyOf"].as_array().into_iter().flatten();
        some.chain(object.get("items")).find_map(|object| fields(schema, object))
    };
    object["properties"].as_object().or_else(other)
}

/// What a path such as `suspects[].chains[]` leads to from an object.
fn below<'s>(schema: &'s Value, object: &'s Value, path: &str) -> Option<&'s Value> {
    path.split('.').try_fold(object, |at, key| fields(schema, at)?.get(key.trim_end_matches("[]")))
}

#[test]
fn the_page_on_json_has_the_fields_of_the_schema_each_in_its_place() {
    let schema = schema();
    let page = Page::read("docs/json.md");
    let mut told = 0;
    for table in page.tables.iter().filter(|table| table.corner == "field") {
        let Table { section, parts, first, .. } = table;
        // A part of a part, or of what many have, is found by its name alone.
        let part = |name: &String| {
            let own = section
                .iter()
                .find_map(|path| below(&schema, below(&schema, &schema, path)?, name));
            let mut all = schema["$defs"].as_object().unwrap().values();
            own.or_else(|| all.find_map(|object| below(&schema, object, name))).unwrap()
        };
        let whole = |path: &String| below(&schema, &schema, path).unwrap();
        let objects: Vec<&Value> = match (parts.is_empty(), section.is_empty()) {
            (false, _) => parts.iter().map(part).collect(),
            (true, false) => section.iter().map(whole).collect(),
            (true, true) => vec![&schema],
        };
        for object in objects {
            let there = fields(&schema, object).unwrap().keys().cloned().collect();
            assert_eq!(*first, there, "{section:?} {parts:?}");
            told += 1;
        }
    }
    assert!(told > 18, "{told}");
}

#[test]
fn paths_to_fields_of_a_report_lead_to_one() {
    let schema = schema();
    let is_path = |span: &str| {
        let first = span.split(|c| !is_word(c)).next().unwrap();
        let plain = span.chars().all(|c| is_word(c) || ".[]".contains(c));
        plain && span.contains('.') && below(&schema, &schema, first).is_some()
    };
    let mut told = 0;
    for page in pages() {
        for span in page.spans.iter().filter(|span| is_path(span)) {
            let there = below(&schema, &schema, span);
            assert!(there.is_some(), "{}: no report has {span}", page.file);
            told += 1;
        }
    }
    assert!(told > 15, "{told}");
}

#[test]
fn the_index_of_the_pages_has_all_of_them() {
    let index = Page::read("docs/README.md");
    for page in pages().iter().filter(|page| page.file.starts_with("docs/")) {
        let name = page.file.strip_prefix("docs/").unwrap();
        let there = name == "README.md" || index.links.iter().any(|link| link == name);
        assert!(there, "docs/README.md does not lead to {name}");
    }
}
