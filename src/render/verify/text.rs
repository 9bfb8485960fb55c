//! For a person at a terminal.

use super::{conclusion, growth, retained, side, word};
use crate::render::paint::Paint;
use crate::render::view::{View, prose};
use crate::text::{visible, without_commands};
use crate::verify::{LeakChange, Outcome, Verification};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// What has become of each leak, and what it comes to.
#[must_use]
pub fn text(verification: &Verification, view: &View) -> String {
    let paint = Paint { color: view.color, links: None };
    let word = word(verification.outcome);
    let head = prose(&format!("{word}   {}", conclusion(verification)), 2, view).join("\n");
    let head = head.trim_start();
    let rest = head.strip_prefix(&word).unwrap_or_default();
    let mut out = format!("{}{rest}\n", paint.verdict(&word, color(verification.outcome)));
    for (name, of) in [("old", &verification.old), ("new", &verification.new)] {
        for line in prose(&format!("{name}: {}", side(of, str::to_owned)), 2, view) {
            let _ = writeln!(out, "{}", paint.dim(&line));
        }
    }
    if !verification.leaks.is_empty() {
        out += &format!("\n{}\n", paint.bold("LEAKS"));
        out += &rows(&verification.leaks, view, &paint);
    }
    without_commands(out)
}

const fn color(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::NewLeak | Outcome::StillLeaks => 31,
        Outcome::NotJudged => 33,
        Outcome::Fixed => 32,
    }
}

fn rows(leaks: &[LeakChange], view: &View, paint: &Paint<'_>) -> String {
    let row = |change: &LeakChange| {
        let kind = change.kind.as_ref().map_or_else(String::new, |kind| format!("{kind} "));
        [format!("{kind}{}", visible(&change.path)), growth(change), retained(change)]
    };
    let rows: Vec<[String; 3]> = leaks.iter().map(row).collect();
    let widest = |at: usize| rows.iter().map(|row| row[at].width()).max().unwrap_or(0);
    let [path, growth, retained] = [widest(0), widest(1), widest(2)];
    let outcome = leaks.iter().map(|change| change.outcome.word().len()).max().unwrap_or(0);
    let fits = view.width.is_none_or(|w| outcome + path + growth + retained + 8 <= w);
    let mut out = String::new();
    for (change, row) in leaks.iter().zip(&rows) {
        let word = change.outcome.word();
        let pad = " ".repeat(outcome - word.len());
        let painted = paint.verdict(word, color(change.outcome));
        if fits {
            let _ = writeln!(
                out,
                "  {painted}{pad}  {}{}  {:>growth$}  {:>retained$}",
                row[0],
                " ".repeat(path - row[0].width()),
                row[1],
                row[2]
            );
        } else {
            let _ = writeln!(out, "  {painted}");
            for line in row.iter().flat_map(|part| prose(part, 4, view)) {
                let _ = writeln!(out, "{line}");
            }
        }
        for line in change.note.iter().flat_map(|note| prose(note, 4, view)) {
            let _ = writeln!(out, "{}", paint.dim(&line));
        }
    }
    out
}
