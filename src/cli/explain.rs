//! A term in, what it means out: the section of docs/terms.md.

use super::exit::Failure;
use super::screen::terminal_width;
use crate::glob::nearest;
use crate::render::wrapped;

const TERMS: &str = include_str!("../../docs/terms.md");
/// Columns where no terminal says otherwise.
const WIDTH: usize = 100;

/// A section of the page.
struct Section<'a> {
    title: &'a str,
    aliases: Vec<&'a str>,
    paragraphs: Vec<String>,
}

/// What a term means, or without one all terms, one a line.
pub(super) fn explain(term: &str) -> Result<String, Failure> {
    let sections = sections(TERMS);
    let wanted = key(term);
    if term.trim().is_empty() {
        return Ok(sections.iter().map(|section| format!("{}\n", section.title)).collect());
    }
    match sections.iter().find(|section| section.names().any(|name| key(name) == wanted)) {
        Some(section) => Ok(section.shown(terminal_width().unwrap_or(WIDTH))),
        None => {
            Err(Failure::usage(format!("there is no term {term}"))
                .hint(Some(hint(&wanted, &sections))))
        }
    }
}

/// The term that was most likely meant, or where they all are.
fn hint(wanted: &str, sections: &[Section<'_>]) -> String {
    let names = || sections.iter().flat_map(|s| s.names().map(move |name| (key(name), s.title)));
    let keys: Vec<String> = names().map(|(key, _)| key).collect();
    let near = nearest(wanted, keys.iter().map(String::as_str));
    match names().find(|(key, _)| Some(key.as_str()) == near) {
        Some((_, title)) => format!("did you mean {title}?"),
        None => "heapdiff explain lists all terms".to_owned(),
    }
}

impl<'a> Section<'a> {
    fn names(&self) -> impl Iterator<Item = &'a str> {
        std::iter::once(self.title).chain(self.aliases.iter().copied())
    }

    fn shown(&self, width: usize) -> String {
        let mut out = format!("{}\n", self.title);
        for paragraph in &self.paragraphs {
            out.push('\n');
            for line in wrapped(&plain(paragraph), width, "") {
                out += &line;
                out.push('\n');
            }
        }
        out
    }
}

/// Cuts the page at its headings of the second level. What stands before them is for readers of
/// the page.
fn sections(page: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut goes_on = false;
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section { title, aliases: Vec::new(), paragraphs: Vec::new() });
            goes_on = false;
            continue;
        }
        let Some(section) = sections.last_mut() else { continue };
        if let Some(aliases) = line.strip_prefix("Also: ") {
            section.aliases = aliases.split(", ").collect();
            continue;
        }
        match section.paragraphs.last_mut() {
            Some(paragraph) if goes_on && !line.is_empty() => {
                paragraph.push(' ');
                *paragraph += line;
            }
            _ if !line.is_empty() => section.paragraphs.push(line.to_owned()),
            _ => {}
        }
        goes_on = !line.is_empty();
    }
    sections
}

/// A name without what people leave out or write differently: case, marks, blanks, hyphens. One that
/// is all marks stays what it is.
fn key(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let key: String = letters.flat_map(char::to_lowercase).collect();
    if key.is_empty() { name.trim().replace("...", "…") } else { key }
}

/// A paragraph without the links and the emphasis of Markdown. Code stands in quotes.
fn plain(paragraph: &str) -> String {
    let mut out = String::new();
    let mut rest = paragraph;
    while let Some((before, link)) = rest.split_once('[') {
        out += before;
        let text = link.split_once(']').filter(|(_, after)| after.starts_with('('));
        let parts = text.and_then(|(text, target)| Some((text, target.split_once(')')?.1)));
        (out, rest) = match parts {
            Some((text, after)) => (out + text, after),
            None => (out + "[", link),
        };
    }
    out += rest;
    let parts = out.split('`').enumerate();
    let parts =
        parts.map(|(at, part)| if at % 2 == 0 { part.replace('*', "") } else { part.into() });
    parts.collect::<Vec<_>>().join("\"")
}
