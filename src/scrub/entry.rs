//! The name of a WeakMap's entry in, where it names the key and the value out.
//!
//! ```text
//!   7 / part of key (Session @101) -> value (Object @103) pair in WeakMap (table @99)
//! ```

use memchr::memmem;
use std::ops::Range;

const BEGIN: &[u8] = b" / part of key (";
const MIDDLE: &[u8] = b") -> value (";
const END: &[u8] = b") pair in WeakMap (table ";
/// So many ways to part key and value are tried.
const SPLITS: usize = 16;

/// Where key and value stand; `None` if this is no such name. A key or value may hold anything,
/// also what parts the two: then `is_known` tells which part is one.
pub(super) fn parts(
    name: &[u16],
    is_known: impl Fn(&Range<usize>) -> bool,
) -> Option<[Range<usize>; 2]> {
    let bytes: Vec<u8> = name.iter().map(|u| u8::try_from(*u).unwrap_or(0xff)).collect();
    let number = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if number == 0 || !bytes[number..].starts_with(BEGIN) {
        return None;
    }
    let start = number + BEGIN.len();
    let table = before_id(bytes.strip_suffix(b")")?, b"@")?;
    let value_end = before_id(bytes[..table].strip_suffix(END)?, b" @")?;
    let rest = bytes.get(start..value_end)?;
    let splits = memmem::find_iter(rest, MIDDLE).filter_map(|at| {
        let key = start..start + before_id(&rest[..at], b" @")?;
        Some([key, start + at + MIDDLE.len()..value_end])
    });
    let mut splits = splits.take(SPLITS);
    let first = splits.next()?;
    if first.iter().all(&is_known) {
        return Some(first);
    }
    Some(splits.find(|parts| parts.iter().all(&is_known)).unwrap_or(first))
}

/// Where the id at the end begins, its mark included.
fn before_id(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    let digits = bytes.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let end = bytes.len() - digits;
    (digits > 0 && bytes[..end].ends_with(mark)).then(|| end - mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(name: &str, known: &[&str]) -> Option<[String; 2]> {
        let units: Vec<u16> = name.encode_utf16().collect();
        let text = |at: &Range<usize>| String::from_utf16(&units[at.clone()]).unwrap();
        let parts = parts(&units, |at| known.contains(&text(at).as_str()))?;
        Some(parts.map(|at| text(&at)))
    }

    #[test]
    fn a_key_and_a_value_are_found_between_their_marks() {
        let name = "7 / part of key (größe @1) -> value (a (b) @2 @3) pair in WeakMap (table @9)";
        assert_eq!(split(name, &[]), Some(["größe".to_owned(), "a (b) @2".to_owned()]));
        let empty = "7 / part of key ( @1) -> value ( @3) pair in WeakMap (table @9)";
        assert_eq!(split(empty, &[]), Some([String::new(), String::new()]));
    }

    #[test]
    fn what_parts_them_may_stand_in_a_value() {
        let name =
            "7 / part of key (k @1) -> value (v @1) -> value (w @3) pair in WeakMap (table @9)";
        let (k, v) = ("k @1) -> value (v", "v @1) -> value (w");
        assert_eq!(split(name, &[]), Some(["k".to_owned(), v.to_owned()]));
        assert_eq!(split(name, &[k, "w"]), Some([k.to_owned(), "w".to_owned()]));
    }

    #[test]
    fn other_names_are_none() {
        for name in [
            "",
            "next",
            "7",
            "7 / part of key (k @1) -> value (v @3)",
            " / part of key (k @1) -> value (v @3) pair in WeakMap (table @9)",
            "7 / part of key (%s @%u) -> value (%s @%u) pair in WeakMap (table @%u)",
            "7 / part of key ( @1) pair in WeakMap (table @9)",
        ] {
            assert_eq!(split(name, &[]), None, "{name}");
        }
    }
}
