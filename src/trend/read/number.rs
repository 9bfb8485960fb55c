//! A text in, the number at its beginning and the unit behind it out: `123.4 MB`, `1,234,567`.

use super::names;

/// A number, what one of its unit is, and how many bytes of the text both take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub number: f64,
    pub unit: Option<f64>,
    pub length: usize,
}

/// More than any memory has, and more than any count needs.
const MOST: f64 = 1e18;

/// Whether a value is one that something can have.
pub(super) fn is_sound(number: f64) -> bool {
    number.is_finite() && (0.0..MOST).contains(&number)
}

/// The number that a text begins with, if one does.
pub(super) fn leading(text: &str) -> Option<Number> {
    let bytes = text.as_bytes();
    let mut end = 0;
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if !digit(0) {
        return None;
    }
    let mut plain = String::new();
    loop {
        match bytes.get(end) {
            Some(b) if b.is_ascii_digit() => plain.push(char::from(*b)),
            Some(b'.') if digit(end + 1) && !plain.contains('.') => plain.push('.'),
            // A comma between groups of three.
            Some(b',') if (1..=3).all(|next| digit(end + next)) && !digit(end + 4) => {}
            Some(b'e' | b'E') if exponent(&bytes[end..]) > 0 => {
                let length = exponent(&bytes[end..]);
                plain.push_str(text.get(end..end + length)?);
                end += length;
                break;
            }
            _ => break,
        }
        end += 1;
    }
    let number: f64 = plain.parse().ok()?;
    let rest = &text[end..];
    let blank = rest.len() - rest.trim_start_matches(' ').len();
    let word = rest[blank..].split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let unit = names::bytes(word).filter(|_| blank < 2);
    let length = if unit.is_some() { end + blank + word.len() } else { end };
    Some(Number { number, unit, length })
}

/// Bytes of `e+05`; 0 if it is none.
fn exponent(bytes: &[u8]) -> usize {
    let sign = usize::from(matches!(bytes.get(1), Some(b'+' | b'-')));
    let digits = bytes[(1 + sign).min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit());
    match digits.count() {
        0 => 0,
        digits => 1 + sign + digits,
    }
}

/// The number that a whole text is.
pub(super) fn whole(text: &str) -> Option<Number> {
    let text = text.trim();
    leading(text).filter(|number| number.length == text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_groups_and_exponents() {
        const MB: Option<f64> = Some(1024.0 * 1024.0);
        for (text, number, unit) in [
            ("123.4 MB", 123.4, MB),
            ("45MiB,", 45.0, MB),
            ("1,234,567", 1_234_567.0, None),
            ("1.2e+08", 1.2e8, None),
            ("12 requests", 12.0, None),
            ("7", 7.0, None),
        ] {
            let found = leading(text).unwrap();
            assert_eq!((found.number, found.unit), (number, unit), "{text}");
        }
        assert_eq!(leading("-5"), None);
        assert_eq!(leading(""), None);
        assert_eq!(whole("5 apples"), None);
        assert!(!is_sound(f64::NAN) && !is_sound(1e308) && !is_sound(-1.0));
    }
}
