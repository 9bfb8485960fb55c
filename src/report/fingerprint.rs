//! What a leak is known by in, a short text that is the same in every run out.
//!
//! ```text
//!   server.mjs: rooms["lobby"][…].seats   Map   Seat   unbounded-map-or-set   -> "9c1f0e52a86b3d17"
//! ```
//!
//! File, variable, property path, kind, class and pattern count. Lines, ids, counts, keys, and where
//! a program is installed do not.

/// Of some parts, in order.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let parts = parts.iter().flat_map(|part| part.bytes().chain([0]));
    format!("{:016x}", parts.fold(START, step))
}

/// An access path without what another run has otherwise: keys in quotes, and numbers that the
/// engine gives.
pub(super) fn stable(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(at) = rest.find(['[', '<']) {
        let (before, from) = rest.split_at(at);
        out += before;
        let end = if from.starts_with('[') { "\"]" } else { ">" };
        let inside = |end: usize| from[1..end].bytes().all(|byte| byte.is_ascii_digit());
        let length = match from.find(end) {
            Some(end) if from.starts_with("[\"") => end + 2,
            Some(end) if from.starts_with('<') && inside(end) => end + 1,
            _ => 0,
        };
        out += if length > 0 { "[…]" } else { &from[..1] };
        rest = &from[length.max(1)..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_numbers_of_the_engine_do_not_count() {
        for (path, expected) in [
            ("a.js: rooms[\"lobby\"].seats", "a.js: rooms[…].seats"),
            ("agent.sockets[\"127.0.0.1:38119:\"]", "agent.sockets[…]"),
            ("rooms[…].#seats", "rooms[…].#seats"),
            ("app[kSessions].list", "app[kSessions].list"),
            ("(Stack roots).<27>.jobs", "(Stack roots).[…].jobs"),
            ("x.<context>", "x.<context>"),
            ("odd[\"", "odd[\""),
            ("<", "<"),
        ] {
            assert_eq!(stable(path), expected, "{path}");
        }
        assert_ne!(fingerprint(&["a", "bc"]), fingerprint(&["ab", "c"]));
    }
}
