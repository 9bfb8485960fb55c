//! A long run of letters and digits in, the parts of it that look like chance out.

use super::{Secret, is_alphanumeric, is_base64, run, words};

/// What stands before a hash that is meant to be public.
const DIGESTS: [&str; 5] = ["md5", "sha1", "sha256", "sha384", "sha512"];
/// Shorter runs of letters and digits are not looked at.
const LONG: usize = 32;

/// The parts of a long run of letters and digits that look like chance.
pub(super) fn random(before: &[u8], rest: &[u8]) -> Vec<Secret> {
    let (word, tail) = rest.split_at(run(rest, is_base64));
    if word.len() < LONG || is_public(before, word, tail) {
        return Vec::new();
    }
    if let Some(kind) = looks_random(word) {
        let padding = run(tail, |b| b == b'=').min(2);
        return vec![Secret { at: 0..word.len() + padding, kind }];
    }
    let mut found = Vec::new();
    let mut start = 0;
    for part in word.split(|b| *b == b'/') {
        match looks_random(part) {
            Some(kind) => found.push(Secret { at: start..start + part.len(), kind }),
            None => found.extend(random_words(part, start)),
        }
        start += part.len() + 1;
    }
    found
}

fn random_words(part: &[u8], mut start: usize) -> Vec<Secret> {
    let mut found = Vec::new();
    for word in part.split(|b| !is_alphanumeric(*b)) {
        let kind = looks_random(word);
        found.extend(kind.map(|kind| Secret { at: start..start + word.len(), kind }));
        start += word.len() + 1;
    }
    found
}

/// A part of a file's name, or a hash that says so.
fn is_public(before: &[u8], word: &[u8], tail: &[u8]) -> bool {
    let extension = tail.strip_prefix(b".").map_or(0, |tail| run(tail, is_alphanumeric));
    let digest = |d: &str| {
        let inside = word.strip_prefix(d.as_bytes()).is_some_and(|w| w.starts_with(b"-"));
        inside || before.strip_suffix(b":").is_some_and(|b| b.ends_with(d.as_bytes()))
    };
    (1..=5).contains(&extension) || DIGESTS.into_iter().any(digest)
}

/// `hex` or `base64` if a word of letters and digits cannot be a name.
fn looks_random(word: &[u8]) -> Option<&'static str> {
    let has = |test: fn(&u8) -> bool| word.iter().any(test);
    let (upper, lower) = (has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase));
    if word.len() < LONG || !has(u8::is_ascii_digit) {
        return None;
    }
    let digits = word.strip_prefix(b"0x").unwrap_or(word);
    let words = words(word);
    // Of chance, every second character begins a word; of names, hardly every fourth.
    if digits.iter().all(u8::is_ascii_hexdigit) && upper != lower {
        (words * 5 > word.len()).then_some("hex")
    } else {
        (upper && lower && words * 20 > word.len() * 7).then_some("base64")
    }
}
