//! A report in, Markdown out: for the summary of a CI job and for comments on pull requests.

use super::brief::location;
use super::paint::Paint;
use super::safe::{class, fit};
use super::view::View;
use super::whose::whose;
use super::{brief, fixes, held, tree};
use crate::report::answer::{Place, SuspectReport, VerdictKind};
use crate::report::{Gate, Measure, Outcome, Report};
use crate::text::{visible, without_commands};
use crate::units::{count, difference, signed_count, signed_size, size};
use std::fmt::Write as _;

/// Bytes that a comment on GitHub may have, with room for a few lines of one's own.
pub const COMMENT: usize = 64_000;
/// Bytes that the summary of a step may have.
pub const SUMMARY: usize = 1_024_000;
/// By this line a bot finds its comment again.
pub(super) const MARKER: &str = "<!-- heapdiff -->";

const ROWS: usize = 20;
const SUSPECTS: usize = 3;
const WAYS: usize = 2;
/// Columns of a drawing.
const DRAWING: usize = 120;

/// A page that does not grow beyond a number of bytes.
pub(super) struct Page {
    pub out: String,
    pub most: usize,
}

impl Page {
    /// Adds a block, if it fits whole.
    pub(super) fn block(&mut self, block: &str) {
        if self.out.len() + block.len() <= self.most {
            self.out.push_str(block);
        }
    }

    /// Adds a table, or as many of its rows as fit; `more` counts those that were left out
    /// before. With a summary it is folded.
    pub(super) fn table(&mut self, open: &str, rows: &[String], more: usize, close: &str) {
        let rest = |left: usize| match left {
            0 => String::new(),
            _ => format!("\n{} more in the JSON report\n", count(left as u64)),
        };
        // No other number of rows has a longer line.
        let reserve = close.len() + rest(rows.len() + more).len();
        let mut room = self.most.saturating_sub(self.out.len() + open.len() + reserve);
        let mut table = open.to_owned();
        let mut shown = 0;
        for row in rows {
            if row.len() > room {
                break;
            }
            room -= row.len();
            table.push_str(row);
            shown += 1;
        }
        table.push_str(&rest(rows.len() - shown + more));
        table.push_str(close);
        if shown > 0 {
            self.block(&table);
        }
    }
}

/// The answer, with details folded, in at most so many bytes; what does not fit is left out.
#[must_use]
pub fn markdown(report: &Report, most: usize) -> String {
    let mut page = Page { out: String::new(), most };
    page.block(&head(report));
    if page.out.is_empty() {
        return page.out;
    }
    gates(&report.gates, &mut page);
    containers(report, &mut page);
    findings(report, &mut page);
    order(report, &mut page);
    if report.answer.verdict.kind == VerdictKind::LeakLikely {
        for suspect in report.answer.suspects.iter().take(SUSPECTS) {
            page.block(&why(suspect, report));
        }
    }
    growers(report, &mut page);
    for note in report.notes.iter().take(ROWS) {
        page.block(&format!("\n> {}\n", prose(note)));
    }
    page.out
}

fn head(report: &Report) -> String {
    let verdict = &report.answer.verdict;
    let good = verdict.kind == VerdictKind::NoGrowth;
    let mark = match brief::gates(report) {
        Some(_) if report.failing_gates().is_empty() => "✅",
        Some(_) => "❌",
        None if verdict.kind == VerdictKind::LeakLikely => "❌",
        None if good => "✅",
        None => "⚠️",
    };
    let word = verdict.kind.word();
    let title = brief::gates(report).map_or_else(|| word.to_owned(), |b| format!("{b}, {word}"));
    let mut out = format!("{MARKER}\n");
    for warning in brief::warnings(report).iter().take(ROWS) {
        let title = if warning.id == "truncated" { "Truncated" } else { "Warning" };
        let _ = writeln!(out, "> **{title}:** {}\n", prose(&warning.text));
    }
    let _ = write!(out, "## {mark} heapdiff: {title}\n\n**{}**\n\n", brief::heap(report));
    for reason in verdict.reasons.iter().take(ROWS) {
        let _ = writeln!(out, "- {}", prose(reason));
    }
    if let Some(ignored) = brief::ignored(report) {
        let _ = writeln!(out, "- {ignored}");
    }
    let _ = writeln!(out, "- {}", brief::each(report, |file| code(&file.path)));
    out
}

/// The table of gates.
pub(super) fn gates(gates: &[Gate], page: &mut Page) {
    let rows: Vec<String> = gates
        .iter()
        .map(|gate| {
            let decided = gate.decided_by.as_deref().map(code);
            let note = gate.note.as_deref().map(prose);
            let more = match (decided, note) {
                (Some(by), None)
                    if !matches!(gate.limit, Measure::Verdict(_) | Measure::Trend(_)) =>
                {
                    vec![format!("worst: {by}")]
                }
                (by, note) => by.into_iter().chain(note).collect(),
            };
            let more =
                if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
            format!(
                "| {} | {} | {}{} | {} |\n",
                match gate.outcome {
                    Outcome::Kept => "✅",
                    Outcome::Broken => "❌",
                    Outcome::Unjudged => "❔",
                },
                code(&gate.condition),
                prose(&gate.measured_shown()),
                more,
                prose(&gate.allowed_shown()),
            )
        })
        .collect();
    let open = "\n| | Fails if | Measured | Allowed |\n|---|---|--:|--:|\n";
    page.table(open, &rows, 0, "");
}

fn containers(report: &Report, page: &mut Page) {
    let piling = report.piling_up();
    let row = |c: &&crate::report::answer::ContainerReport| {
        format!(
            "| {} {} | {} | {} | {} |\n",
            c.kind,
            code(&c.path),
            c.location.as_ref().map_or_else(String::new, |p| place(p, report)),
            brief::entries(c),
            signed_size(difference(c.retained_new, 0)),
        )
    };
    let rows: Vec<String> = piling.iter().take(ROWS).map(row).collect();
    let open = "\n### Piling up\n\n| Container | Where | Entries | Retained |\n|---|---|--:|--:|\n";
    page.table(open, &rows, piling.len() - rows.len(), "");
}

fn findings(report: &Report, page: &mut Page) {
    let findings = &report.answer.findings;
    let rows: Vec<String> = findings
        .iter()
        .map(|finding| {
            let at: Vec<String> =
                finding.locations.iter().take(3).map(|p| place(p, report)).collect();
            let at = if at.is_empty() { at.concat() } else { format!(" {}", at.join(", ")) };
            let title = finding.container.as_deref().map_or_else(|| prose(&finding.title), code);
            let whose = whose(finding, report, code).map(|told| format!("<br>{told}"));
            let whose = whose.unwrap_or_default();
            let advice = prose(finding.advice);
            format!("- **{}**: {title}{at}{whose}<br>{advice}\n", finding.pattern.id())
        })
        .collect();
    page.table("\n### What to do\n\n", &rows, 0, "");
}

/// In which order to fix several leaks.
fn order(report: &Report, page: &mut Page) {
    let row =
        |(at, fix)| format!("{}. {}: {}\n", at + 1, fixes::names(fix, code), fixes::frees(fix, at));
    let all = &report.answer.fixes;
    let rows: Vec<String> = all.iter().enumerate().take(ROWS).map(row).collect();
    page.table("\n### In this order\n\n", &rows, all.len() - rows.len(), "");
}

/// A suspect's ways, folded, drawn as at a terminal.
fn why(suspect: &SuspectReport, report: &Report) -> String {
    let view = View::plain(Some(DRAWING));
    let mut drawing = String::new();
    let shown = WAYS.min(suspect.ways.len());
    if let Some(told) = held::together(suspect, shown, ", JSON has all") {
        let _ = writeln!(drawing, "{told}");
    }
    for (at, way) in suspect.ways.iter().take(shown).enumerate() {
        let number = held::number(suspect, at).map(|number| format!("{number}   "));
        let _ = writeln!(drawing, "{}{}", number.unwrap_or_default(), held::way(suspect, way));
        drawing += &tree::draw(way, report, &view, &Paint { color: false, links: None });
    }
    if drawing.is_empty() {
        drawing.push_str("the file records no retainer of these objects\n");
    }
    let drawing = without_commands(drawing);
    let runs = drawing.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(runs.max(2) + 1);
    format!(
        "\n<details><summary>Why it stays: {} × {}</summary>\n\n{fence}text\n{drawing}{fence}\n\n</details>\n",
        count(suspect.count),
        html(&class(&suspect.class)),
    )
}

fn growers(report: &Report, page: &mut Page) {
    let all = report.growers();
    let row = |row: &&crate::report::ClassRow| {
        format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            code(&class(row.shown())),
            count(row.new),
            count(row.deleted),
            signed_count(row.delta),
            signed_size(row.size_delta),
            size(row.retained_new),
        )
    };
    let rows: Vec<String> = all.iter().take(ROWS).map(row).collect();
    let open = format!(
        "\n<details><summary>{} classes of the program grew</summary>\n\n\
         | Constructor | # New | # Deleted | # Delta | Size Delta | Retained new |\n\
         |---|--:|--:|--:|--:|--:|\n",
        count(all.len() as u64)
    );
    page.table(&open, &rows, all.len() - rows.len(), "\n</details>\n");
}

fn place(place: &Place, report: &Report) -> String {
    code(&location(place, report))
}

/// A name as code. One that could end the code, the cell or the tag is written in entities,
/// which no Markdown looks into.
pub(super) fn code(text: &str) -> String {
    let text = brief::name(text);
    let tame = |c: char| c.is_alphanumeric() || " ._$/:@#,{}()[]\"'-+=…→≈×%!?~;*>".contains(c);
    if !text.is_empty() && text.chars().all(tame) {
        format!("`{text}`")
    } else {
        format!("<code>{}</code>", entities(&text))
    }
}

/// The inside of a tag.
fn html(text: &str) -> String {
    format!("<code>{}</code>", entities(&fit(&visible(text), DRAWING)))
}

fn entities(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || !c.is_ascii() || c == ' ';
    text.chars().map(|c| if plain(c) { c.to_string() } else { entity(c) }).collect()
}

fn entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

/// A sentence with names in it: no mark-up, no mention, no reference, no link comes of it. What means
/// nothing where it stands is left as it is, since people read the raw text too.
pub(super) fn prose(text: &str) -> String {
    let text = brief::sentence(text);
    let mut out = String::with_capacity(text.len() + 16);
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    for (at, c) in text.char_indices() {
        let (before, rest) = (&text[..at], &text[at + c.len_utf8()..]);
        match c {
            // What is not seen stands between, so that GitHub sees no name or number.
            '@' | '#' => out += &(entity(c) + "&#8203;"),
            ':' if rest.starts_with('/') => out += &entity(c),
            '.' if before.ends_with("www") => out += &entity(c),
            '_' if is_word(before.chars().next_back()) && is_word(rest.chars().next()) => {
                out.push(c)
            }
            '<' => out += "&lt;",
            '&' => out += "&amp;",
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '$' | '>' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
