//! A line of text in, what it says of memory out: `rss=120MB heapUsed: 45.2 MB`.

use super::Wanted;
use super::number::{is_sound, leading};
use crate::trend::sample::{Labels, Meaning, Says, Value};
use std::borrow::Cow;

/// Numbers of a line that are looked at.
const MOST: usize = 200;
/// What ends a name before it begins.
const SEPARATORS: [char; 12] = [',', ';', '|', '{', '}', '(', ')', '[', ']', '/', '"', '\''];

/// A line without the escape sequences of a terminal.
pub(super) fn uncolored(line: &str) -> Cow<'_, str> {
    if !line.contains('\x1b') {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    for (at, part) in line.split('\x1b').enumerate() {
        let rest = part.strip_prefix('[').filter(|_| at > 0).map(|code| {
            let end = code.find(|c: char| !c.is_ascii_digit() && c != ';');
            end.map_or("", |end| code.get(end + 1..).unwrap_or_default())
        });
        out.push_str(rest.unwrap_or(part));
    }
    Cow::Owned(out)
}

/// The values of a line, each with the name before it.
pub(super) fn values(line: &str, wanted: &Wanted) -> Vec<Value> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    for _ in 0..MOST {
        let Some(start) = next_number(line, at) else { break };
        let Some(number) = leading(&line[start..]) else {
            at = start + 1;
            continue;
        };
        let name = name(&line[from..start]);
        let end = start + number.length;
        // A letter behind it: no number, but a part of some name.
        let glued = line[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if let Some((name, sure)) = name.filter(|_| !glued && is_sound(number.number))
            && let Some(Meaning { says, unit }) = wanted.meaning(name, name, sure)
        {
            let unit = number.unit.or(unit);
            found.push(Value {
                field: shortest(name, says, sure, wanted).to_owned(),
                says,
                number: number.number,
                unit,
                rank: 1,
            });
        }
        at = end.max(start + 1);
        from = at;
    }
    found
}

/// The last words of a name that say the same: those before them may differ from line to line.
fn shortest<'a>(name: &'a str, says: Says, sure: bool, wanted: &Wanted) -> &'a str {
    let words =
        name.rmatch_indices([' ', '\t', '=', ':']).map(|(at, blank)| &name[at + blank.len()..]);
    let same = |word: &&str| wanted.meaning(word, word, sure).is_some_and(|m| m.says == says);
    words.take(MOST).find(same).unwrap_or(name)
}

/// Where a number begins that is no part of a name or of another number.
fn next_number(line: &str, from: usize) -> Option<usize> {
    let bytes = line.as_bytes();
    (from..bytes.len()).find(|at| {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        bytes[*at].is_ascii_digit()
            && before.is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'.' | b'-'))
    })
}

/// The name at the end of what stands before a number, and whether a sign says that it is one.
fn name(before: &str) -> Option<(&str, bool)> {
    let trimmed = before.trim_end_matches([' ', '\t', '"', '\'', '~', '≈']);
    let named = trimmed.trim_end_matches([':', '=']);
    let sure = named.len() < trimmed.len();
    let named = named.trim_end_matches([' ', '"', '\'', ')']);
    let from = named
        .rfind(SEPARATORS)
        .map_or(0, |at| at + named[at..].chars().next().map_or(0, char::len_utf8));
    let name = named[from..].trim();
    (!name.is_empty()).then_some((name, sure))
}

/// What tells in a line of which process it is: `pid=12`, `node[12]:`, `(12)`.
pub(super) fn labels(line: &str) -> Labels {
    let mut labels = Labels::new();
    let number = |text: &str| -> Option<String> {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        (1..=10).contains(&digits.len()).then_some(digits)
    };
    let after = |word: &str| {
        let at = line.find(word)?;
        let is_begun = line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = line[at + word.len()..].trim_start_matches(['=', ':', ' ', '"']);
        number(rest).filter(|_| !is_begun)
    };
    let program = || {
        let end = line.find("]: ")?;
        let start = line[..end].rfind('[')?;
        let is_named = line[..start].ends_with(|c: char| c.is_alphanumeric());
        number(&line[start + 1..end]).filter(|pid| is_named && pid.len() == end - start - 1)
    };
    let level = || {
        let end = line.find("):")?;
        let start = line[..end].rfind(['(', '/'])?;
        number(&line[start + 1..end]).filter(|pid| pid.len() == end - start - 1)
    };
    if let Some(pid) = after("pid").or_else(program).or_else(level) {
        labels.insert("pid".into(), pid);
    }
    if let Some((service, _)) = line.get(..line.len().min(200)).and_then(|h| h.split_once(" | ")) {
        let service = service.trim();
        let plain = |c: char| c.is_alphanumeric() || "-_.|".contains(c);
        if !service.is_empty() && service.len() < 60 && service.chars().all(plain) {
            labels.insert("service".into(), service.into());
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<(String, f64)> {
        let values = values(line, &Wanted::default()).into_iter();
        values.map(|v| (v.field, v.number * v.unit.unwrap_or(1.0) / 1024.0)).collect()
    }

    #[test]
    fn names_and_values_of_prose_are_found() {
        let kb = |name: &str, kb: f64| (name.to_owned(), kb);
        for (line, all) in [
            ("rss=1kB heapUsed: 2.5 kB", vec![kb("rss", 1.0), kb("heapUsed", 2.5)]),
            (
                "2025-11-30T12:02:03Z info: RSS: 3 kB, Heap Used: 4 kB / 9 kB",
                vec![kb("RSS", 3.0), kb("Heap Used", 4.0)],
            ),
            (
                "{ rss: 1024, heapTotal: 9, heapUsed: 2048 }",
                vec![kb("rss", 1.0), kb("heapUsed", 2.0)],
            ),
            ("  \"heapUsed\": 5120,", vec![kb("heapUsed", 5.0)]),
            ("mem heapUsed 7kB", vec![kb("heapUsed", 7.0)]),
            ("the external 3 of 4", vec![]),
            ("heapUsed=-5 rss=NaN heapUsed2=7 heapUsed: 12abc", vec![]),
        ] {
            let found = found(line);
            assert_eq!(found, all, "{line}");
        }
    }

    #[test]
    fn processes_are_told_by_what_loggers_write() {
        for line in [
            "pid=42 heapUsed=1",
            "Nov 30 12:00:00 host node[42]: heapUsed=1",
            "[12:00:00.000] INFO (42): memory",
            "[12:00:00.000] INFO (app/42): memory",
            "worker pid: 42 heapUsed: 1",
        ] {
            assert_eq!(labels(line).get("pid").map(String::as_str), Some("42"), "{line}");
        }
        assert_eq!(labels("app-1  | heapUsed=1").get("service").unwrap(), "app-1");
        assert!(labels("rapid 42 [x]: (y):").is_empty());
    }

    #[test]
    fn colours_are_left_out() {
        assert_eq!(uncolored("rss: \x1b[33m123\x1b[39m,"), "rss: 123,");
        assert_eq!(uncolored("a\x1b[b\x1b"), "a");
    }
}
