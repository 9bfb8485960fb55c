//! A line of Prometheus' text format in, its sample out: `name{label="value"} 123 1732960000000`.

use super::Wanted;
use super::json::LABELS;
use super::number::is_sound;
use super::time::of_number;
use crate::trend::sample::{Labels, Meaning, Record, Time, Value};
use std::fmt::Write as _;

/// Labels of a line.
const MOST: usize = 64;

/// What a series is called, and its labels.
pub(super) struct Name<'a> {
    pub name: &'a str,
    pub labels: Vec<(&'a str, String)>,
    /// Bytes that both take.
    pub length: usize,
}

/// `name{label="value"}` at the beginning of a text.
pub(super) fn name(text: &str) -> Option<Name<'_>> {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let end = text.find(|c| !letter(c)).unwrap_or(text.len());
    let name = &text[..end];
    if name.is_empty() || name.ends_with(':') || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if !text[end..].starts_with('{') {
        return Some(Name { name, labels: Vec::new(), length: end });
    }
    let mut labels = Vec::new();
    let mut at = end + 1;
    loop {
        let rest = &text[at..];
        let begin = rest.trim_start_matches([' ', ',']);
        at += rest.len() - begin.len();
        if begin.starts_with('}') {
            return Some(Name { name, labels, length: at + 1 });
        }
        let (label, value) = begin.split_once("=\"").filter(|_| labels.len() < MOST)?;
        let (value, length) = quoted(value)?;
        labels.push((label.trim(), value));
        at += begin.len() - begin.split_once("=\"").map_or(0, |(_, rest)| rest.len()) + length;
    }
}

/// A text up to its closing quote, and where it ends.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => {
                out.push(if c == 'n' { '\n' } else { c });
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((out, at + 1)),
            c => out.push(c),
        }
    }
    None
}

/// The labels that tell processes apart, and the name with all others behind it.
pub(super) fn split(name: &str, labels: &[(&str, String)]) -> (Labels, String) {
    let mut own = Labels::new();
    let mut field = name.to_owned();
    let mut begun = false;
    for (label, value) in labels {
        if LABELS.contains(&label.to_ascii_lowercase().as_str()) {
            own.insert((*label).to_owned(), value.chars().take(100).collect());
        } else if !matches!(*label, "__name__" | "job" | "version") {
            let _ = write!(field, "{}{label}={value}", if begun { "," } else { "{" });
            begun = true;
        }
    }
    if begun {
        field.push('}');
    }
    (own, field)
}

/// The sample of a line, if it is one of a series that is wanted.
pub(super) fn record(line: &str, wanted: &Wanted) -> Option<Record> {
    let Name { name, labels, length } = name(line)?;
    let mut parts = line.get(length..)?.strip_prefix([' ', '\t'])?.split_ascii_whitespace();
    let number: f64 = parts.next()?.parse().ok()?;
    let time = match parts.next() {
        Some("#") | None => Time::Unknown,
        Some(time) => Time::Clock(of_number(time.parse().ok()?)?),
    };
    if parts.next().is_some_and(|rest| rest != "#") || !is_sound(number) {
        return None;
    }
    let Meaning { says, unit } = wanted.meaning(name, name, true)?;
    let (labels, field) = split(name, &labels);
    // Without a unit in its name a metric is in bytes, or in seconds: so the format asks.
    let unit = Some(unit.unwrap_or(1.0));
    Some(Record { time, labels, values: vec![Value { field, says, number, unit, rank: 1 }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_have_labels_and_times() {
        let line = r#"nodejs_heap_size_used_bytes{instance="a:1",x="\"}"} 1.5e+07 1764504123000"#;
        let found = record(line, &Wanted::default()).unwrap();
        assert_eq!(found.time, Time::Clock(1_764_504_123.0));
        assert_eq!(found.labels.get("instance").unwrap(), "a:1");
        assert_eq!(found.values[0].number, 1.5e7);
        assert_eq!(found.values[0].field, "nodejs_heap_size_used_bytes{x=\"}}");
    }

    #[test]
    fn what_is_no_sample_is_none() {
        for line in [
            "",
            "# HELP rss",
            "rss",
            "rss{",
            "rss{a=\"",
            "rss{a=\"b\"",
            "rss NaN",
            "rss -1",
            "rss 1 2 3",
            "rss 1e308 1",
            "heapUsed: 12",
            "{\"rss\": 1}",
        ] {
            assert!(record(line, &Wanted::default()).is_none(), "{line}");
        }
    }
}
