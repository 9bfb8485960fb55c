//! The bytes between two quotes in, a text out.

use crate::text::Text;
use memchr::memchr;

/// ASCII without escapes: the bytes are the text.
pub(super) fn is_plain(literal: &[u8]) -> bool {
    literal.is_ascii() && memchr(b'\\', literal).is_none()
}

/// Checks the inside of a literal; the error is an offset and what is there.
pub(super) fn check(literal: &[u8]) -> std::result::Result<(), (usize, &'static str)> {
    if let Some(at) = literal.iter().position(|b| *b < 0x20) {
        return Err((at, "a bare control character"));
    }
    let mut at = 0;
    while let Some(n) = memchr(b'\\', &literal[at..]) {
        let escape = at + n;
        let good = match literal.get(escape + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') if four_hex(literal, escape + 2).is_some() => 6,
            _ => return Err((escape, "an escape that JSON does not know")),
        };
        at = escape + good;
    }
    Ok(())
}

fn four_hex(literal: &[u8], at: usize) -> Option<u16> {
    literal
        .get(at..at + 4)?
        .iter()
        .try_fold(0, |unit, b| Some(unit << 4 | char::from(*b).to_digit(16)? as u16))
}

/// Decodes the inside of a checked literal. Bytes that are no UTF-8 become U+FFFD, as in the
/// decoder that DevTools reads with; lone surrogates stay what they are.
pub(super) fn decode(literal: &[u8]) -> Text {
    let mut units = Vec::with_capacity(literal.len());
    let mut at = 0;
    while let Some(n) = memchr(b'\\', &literal[at..]) {
        push_utf8(&mut units, &literal[at..at + n]);
        let (unit, length) = match literal.get(at + n + 1) {
            Some(b'b') => (8, 2),
            Some(b'f') => (12, 2),
            Some(b'n') => (10, 2),
            Some(b'r') => (13, 2),
            Some(b't') => (9, 2),
            Some(b'u') => (four_hex(literal, at + n + 2).unwrap_or(0xfffd), 6),
            Some(other) => (u16::from(*other), 2),
            None => (0xfffd, 1),
        };
        units.push(unit);
        at = (at + n + length).min(literal.len());
    }
    push_utf8(&mut units, &literal[at..]);
    Text::from(units)
}

fn push_utf8(units: &mut Vec<u16>, bytes: &[u8]) {
    if bytes.is_ascii() {
        units.extend(bytes.iter().map(|b| u16::from(*b)));
    } else {
        // A copy: what is checked to be UTF-8 has to be it still when it is decoded, and somebody
        // may write to a mapped file.
        let copy = bytes.to_vec();
        units.extend(String::from_utf8_lossy(&copy).encode_utf16());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Our decoder against serde_json's, on literals that serde_json can hold.
    #[test]
    fn a_literal_decodes_as_serde_json_decodes_it() {
        for literal in [
            "",
            "plain",
            r"a\nb\tc\\d\/e\u0041",
            r#"\"quoted\""#,
            r"\ud83d\ude00 pair",
            "日本語",
            r"\u65e5\u672c",
            r"\b\f\r",
            "raw \u{1f600} and \\u0000",
        ] {
            let ours = decode(literal.as_bytes()).to_string_lossy();
            let theirs: String = serde_json::from_str(&format!("\"{literal}\"")).unwrap();
            assert_eq!(ours, theirs, "{literal}");
            assert_eq!(check(literal.as_bytes()), Ok(()), "{literal}");
        }
    }

    #[test]
    fn a_lone_surrogate_survives_decoding_and_encoding() {
        let text = decode(br"a\ud83d");
        assert_eq!(text.units(), [0x61, 0xd83d]);
        assert_eq!(text.to_json(), r#""a\ud83d""#);
    }

    #[test]
    fn a_bad_escape_is_found_where_it_stands() {
        assert_eq!(check(br"ab\x41").unwrap_err().0, 2);
        assert_eq!(check(br"ab\u12g4").unwrap_err().0, 2);
        assert_eq!(check(b"a\x01").unwrap_err().0, 1);
    }

    #[test]
    fn bytes_that_are_no_utf8_become_replacement_characters() {
        assert_eq!(decode(b"a\xffb").to_string_lossy(), "a\u{fffd}b");
    }
}
