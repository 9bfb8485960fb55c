//! Prose in, lines of a width out. They break at blanks only, and not at those within a name or between
//! a number and what it counts.

use textwrap::{Options, WordSeparator, WordSplitter};
use unicode_width::UnicodeWidthStr;

/// Stands for a blank at which no line may break; no character of any text.
const GLUE: char = '\u{fdd0}';
/// What is wider than this may break at any of its blanks.
const WIDEST: usize = 40;

/// The text in lines, each after the indent.
pub(crate) fn wrapped(text: &str, width: usize, indent: &str) -> Vec<String> {
    let options = Options::new(width)
        .initial_indent(indent)
        .subsequent_indent(indent)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    let glued = glued(text, WIDEST.min(width.saturating_sub(indent.width())));
    let lines = textwrap::wrap(&glued, options).into_iter();
    lines.map(|line| line.replace(GLUE, " ")).collect()
}

/// The text with [`GLUE`] for the blanks that hold what belongs together, if that is no wider than `most`.
fn glued(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut before, mut columns, mut open) = ("", 0, 0_usize);
    for (at, word) in text.split(' ').enumerate() {
        let joins = at > 0 && (open > 0 || belongs(before, word));
        let joined = columns + 1 + word.width();
        let fits = joins && joined <= most;
        if at > 0 {
            out.push(if fits { GLUE } else { ' ' });
        }
        columns = if fits { joined } else { word.width() };
        out.push_str(word);
        open = (open + word.matches('{').count()).saturating_sub(word.matches('}').count());
        before = word;
    }
    out
}

/// Whether two words that follow each other are read as one.
fn belongs(before: &str, word: &str) -> bool {
    let digits = before.trim_start_matches(['(', '+', '-', '≈']);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let is_file = before.ends_with(':') && before.contains('.');
    (is_number && word.starts_with(|c: char| !c.is_ascii_digit()))
        || is_file
        || (before.starts_with('(') && !before.contains(')') && word.contains(')'))
        || before == "×"
        || before.ends_with("byte")
        || before == "/"
        || word == "/"
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_neither_in_names_nor_between_a_number_and_its_unit() {
        let text = "635 kB are held by express-report-cache.cjs: resultCache, with {name, roles}";
        for width in 30..80 {
            let lines = wrapped(text, width, "  ");
            for whole in ["635 kB", "{name, roles}"] {
                assert!(lines.iter().any(|line| line.contains(whole)), "{width}: {lines:?}");
            }
            assert!(!lines.iter().any(|line| line.ends_with("express-")), "{width}: {lines:?}");
            assert_eq!(lines.iter().map(|l| l.trim()).collect::<Vec<_>>().join(" "), text);
        }
    }
}
