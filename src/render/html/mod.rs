//! A report in, one HTML page out that opens from disk: no network, nothing beside it.
//!
//! Text from a heap is hostile. It becomes a part of the page in one way only: [`maud`] escapes
//! it, and [`part`] spells out what a reader would not see. No name becomes a link, a style or
//! code, and the page's Content-Security-Policy lets nothing run but its own script.

mod bars;
mod chains;
mod classes;
mod containers;
mod files;
mod icicle;
mod suspects;
mod verdict;

pub(in crate::render) use verdict::gate_table;

use crate::report::Report;
use crate::text::{Text, called, visible};
use maud::{Markup, html};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Nothing but these two texts may shape the page and run in it; a test holds the hashes
/// against them.
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-mrS6f1+m4YtlC0pl9XuR3z8PLrGaNnhCy3ZzWtVzn3g='; \
    script-src 'sha256-DX6D5bqKx09JQzQV1Is1xEpIgysVcsKEm89C42hxT2U='; \
    base-uri 'none'; form-action 'none'";

/// Characters of a name that are shown; the rest is in its tooltip, up to this many.
const LONGEST_NAME: usize = 160;
const LONGEST_TITLE: usize = 1_000;

/// The whole report as one HTML page.
#[must_use]
pub fn html(report: &Report) -> String {
    let parts = [
        verdict::head(report),
        verdict::gates(report),
        suspects::findings(report),
        containers::table(report),
        icicle::draw(report),
        suspects::why(report),
        bars::draw(report),
        classes::table(report),
        chains::shortest(report),
        files::table(report),
    ];
    page(&verdict::title(report), &parts)
}

/// A page of these parts.
pub(in crate::render) fn page(title: &str, parts: &[Markup]) -> String {
    let title = part(&html! { (title) });
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    for part in parts.iter().map(part).filter(|part| !part.is_empty()) {
        out += &part;
        out.push('\n');
    }
    out += &format!("</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
    out
}

/// A part of the page. Its markup has no line breaks and no invisible characters of its own, so
/// whatever of these is in it came from a heap, and is spelled out: `\u{202e}`.
fn part(markup: &Markup) -> String {
    visible(&markup.0).into_owned()
}

/// A name as a heap has it: in the typeface of code, isolated from what stands beside it, and
/// cut if it is very long.
pub(in crate::render) fn name(text: &str) -> Markup {
    let short = shortened(text, LONGEST_NAME);
    let long = (short.len() < text.len()).then(|| shortened(text, LONGEST_TITLE));
    html! { code title=[long] { (short) } }
}

/// A sentence with a capital at its beginning.
pub(super) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The name of a class, so that it is seen where it begins and ends.
fn class(text: &Text) -> Markup {
    name(&called(text))
}

fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// `server.mjs:7:42`, as a place in code.
fn location(place: &crate::report::answer::Place, report: &Report) -> Markup {
    name(&super::brief::location(place, report))
}
