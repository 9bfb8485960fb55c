//! Arrays of numbers: the quick reader against a naive one, in 1, 2, 3, 7 and 64 chunks, with
//! vectors and without.
#![no_main]

use heapdiff::input::Input;
use heapdiff::parse::numbers;
use heapdiff_fuzz::one_line;
use libfuzzer_sys::fuzz_target;

/// Byte by byte, as one would write it at first.
fn naive(inside: &[u8], width: usize) -> Option<Vec<u64>> {
    let text = std::str::from_utf8(inside).ok()?;
    let space = [' ', '\n', '\r', '\t'];
    if text.trim_matches(space).is_empty() {
        return Some(Vec::new());
    }
    let number = |token: &str| {
        let token = token.trim_matches(space);
        let plain = !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
        (plain && (token == "0" || !token.starts_with('0'))).then(|| token.parse().ok())?
    };
    let values = text.split(',').map(number).collect::<Option<Vec<u64>>>()?;
    values.len().is_multiple_of(width).then_some(values)
}

fuzz_target!(|data: (u8, &[u8])| {
    let width = usize::from(data.0) % 8 + 1;
    let end = data.1.iter().position(|b| *b == b']').unwrap_or(data.1.len());
    let inside = &data.1[..end];
    let expected = naive(inside, width);
    // Vectors look back from a number's end.
    let before = b"                ";
    let input = Input::from_bytes([&before[..], b"[", inside, b"]"].concat());
    let end = before.len() + end;
    let mut first = None;
    for (chunks, vector) in [1, 2, 3, 7, 64].iter().flat_map(|n| ["on", "avx2", "off"].map(|vector| (n, vector))) {
        let step = inside.len().div_ceil(*chunks).max(1);
        match numbers(&input, width, step, vector) {
            Ok(values) => assert_eq!(Some(&values), expected.as_ref(), "{chunks} chunks"),
            Err(e) => {
                one_line(&e);
                assert_eq!(expected, None, "{chunks} chunks: {e}");
                assert!(e.byte().is_some_and(|b| b as usize <= end + 2), "{e}");
                let told = first.get_or_insert_with(|| e.to_string());
                assert_eq!(*told, e.to_string(), "{chunks} chunks");
            }
        }
    }
});
