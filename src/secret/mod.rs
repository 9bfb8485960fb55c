//! A text in, the secrets in it out: tokens, keys and passwords, told by how they look.
//!
//! Most have a beginning that nothing else has (`ghp_`, `AKIA`, `eyJ`), or a name before them that
//! says so (`?token=`, `;Password=`, `Cookie:`). The others are long runs of letters and digits that
//! no one would write by hand. What is public although it looks random is left alone: UUIDs, hashes
//! in file names, integrity hashes, long identifiers.

mod chance;
mod named;
mod tokens;

use crate::text::Text;
use chance::random;
use named::{cookies, parameter};
use std::borrow::Cow;
use std::ops::Range;
use tokens::token;

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// Where it stands, in code units.
    pub at: Range<usize>,
    /// What may be told of it: its beginning, or what it is made of.
    pub kind: &'static str,
}

/// Which bytes a token is made of.
type Charset = fn(u8) -> bool;

const PEM: &str = "-----BEGIN ";
/// Schemes of an `Authorization` header.
const SCHEMES: [&str; 2] = ["bearer ", "basic "];
/// So far into a token or a value is looked to tell it by.
const WINDOW: usize = 64;

/// All secrets of a text, in order; none overlap.
pub(crate) fn find(text: &[u16]) -> Vec<Secret> {
    // No secret is longer in bytes; what is not ASCII is none of it.
    let bytes: Vec<u8> = text.iter().map(|u| u8::try_from(*u).unwrap_or(0xff)).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let secrets = secrets_at(&bytes, at);
        at = secrets.last().map_or(at + 1, |last: &Secret| last.at.end);
        found.extend(secrets);
    }
    found
}

/// The text with `sk-…(51)` in the place of each secret: its kind, and its length in code units.
#[must_use]
pub(crate) fn mask(text: &Text) -> Cow<'_, Text> {
    let found = find(text.units());
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = Text::default();
    let mut done = 0;
    for secret in found {
        out.push_units(&text.units()[done..secret.at.start]);
        out.push_str(&format!("{}…({})", secret.kind, secret.at.len()));
        done = secret.at.end;
    }
    out.push_units(&text.units()[done..]);
    Cow::Owned(out)
}

/// The secrets that begin at a byte: several only if they are parts of one run.
fn secrets_at(bytes: &[u8], at: usize) -> Vec<Secret> {
    let (before, rest) = bytes.split_at(at);
    let begins = |charset: Charset| !before.last().is_some_and(|b| charset(*b));
    let value = |at| Secret { at, kind: "" };
    let behind = |at: Range<usize>| value(at.start + 1..at.end + 1);
    let found = match rest[0] {
        b':' => password(rest).map(value),
        b'?' | b'&' | b'#' => parameter(&rest[1..], false).map(behind),
        b';' => parameter(&rest[1..], true).map(behind),
        b'-' if rest.starts_with(PEM.as_bytes()) => {
            Some(Secret { at: 0..pem(rest), kind: "-----BEGIN" })
        }
        b'c' | b'C' | b's' | b'S' if begins(is_alphanumeric) => {
            let cookies: Vec<Secret> = cookies(before, rest).into_iter().map(value).collect();
            if !cookies.is_empty() {
                return shifted(cookies, at);
            }
            word(before, rest)
        }
        _ if begins(is_alphanumeric) => word(before, rest),
        _ => None,
    };
    match found {
        Some(secret) => shifted(vec![secret], at),
        None if begins(is_base64) => shifted(random(before, rest), at),
        None => Vec::new(),
    }
}

fn shifted(secrets: Vec<Secret>, by: usize) -> Vec<Secret> {
    let shifted = |s: Secret| Secret { at: by + s.at.start..by + s.at.end, ..s };
    secrets.into_iter().map(shifted).collect()
}

/// The secret that a word is or leads to. A text may begin with a name, as one behind a semicolon.
fn word(before: &[u8], rest: &[u8]) -> Option<Secret> {
    let value = |at| Secret { at, kind: "" };
    let named = if before.is_empty() { parameter(rest, true) } else { None };
    let found = named.map(value).or_else(|| token(rest));
    found.or_else(|| authorization(rest).map(value))
}

/// From its header to the end of its last line, or of the text.
fn pem(rest: &[u8]) -> usize {
    let footer = memchr::memmem::find(rest, b"-----END ");
    let end = footer.and_then(|at| {
        let tail = &rest[at + 9..];
        Some(at + 9 + memchr::memmem::find(tail, b"-----")? + 5)
    });
    end.unwrap_or(rest.len())
}

/// `Bearer TOKEN`: the token, if it is no word.
fn authorization(rest: &[u8]) -> Option<Range<usize>> {
    let start = SCHEMES.into_iter().map(str::as_bytes).find_map(|scheme| {
        let head = rest.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then_some(scheme.len())
    })?;
    let length = run(&rest[start..], |b| is_base64(b) || matches!(b, b'.' | b'~' | b'='));
    let value = &rest[start..start + length];
    let odd = value.iter().any(|b| b.is_ascii_digit() || *b == b'=');
    (length >= 12 && odd).then_some(start..start + length)
}

/// `://user:PASSWORD@host`.
fn password(rest: &[u8]) -> Option<Range<usize>> {
    let tail = rest.strip_prefix(b"://")?;
    let authority = run(tail, |b| b > b' ' && !b"/?#\"'<>`{}".contains(&b));
    let end = tail[..authority].iter().rposition(|b| *b == b'@')?;
    let start = tail[..end].iter().position(|b| *b == b':')? + 1;
    (start < end).then_some(3 + start..3 + end)
}

/// Words as people join them: `HTTPServer2`, `max_size` have two and more.
fn words(word: &[u8]) -> usize {
    let class = |b: u8| match b {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 3,
        _ => 0,
    };
    let mut before = 0;
    let mut count = 0;
    for class in word.iter().map(|b| class(*b)) {
        let capital = (before, class) == (2, 1);
        count += usize::from(class != before && class != 0 && !capital);
        before = class;
    }
    count
}

fn run(bytes: &[u8], charset: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|b| charset(**b)).count()
}

const fn is_alphanumeric(b: u8) -> bool {
    b.is_ascii_alphanumeric()
}

const fn is_upper_or_digit(b: u8) -> bool {
    b.is_ascii_uppercase() || b.is_ascii_digit()
}

const fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

const fn is_base64url(b: u8) -> bool {
    is_word(b) || b == b'-'
}

const fn is_base64(b: u8) -> bool {
    is_base64url(b) || matches!(b, b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        mask(&text.into()).to_string_lossy()
    }

    /// Joins what would be taken for a leaked secret if it stood in one piece.
    fn join(parts: &[&str]) -> String {
        parts.concat()
    }

    const CHANCE: &str = "q7RzK2mWx9TbLc4VfYhN8sJdGp3ZaQeU";

    #[test]
    fn tokens_are_known_by_their_beginning() {
        let hex = "3f9a61c07be24d58a90cf1e276b3d845";
        for (token, mask) in [
            (join(&["sk", "-ant-api03-", CHANCE]), "sk-…(45)"),
            (join(&["gh", "p_", CHANCE, "abcd"]), "ghp_…(40)"),
            (join(&["github", "_pat_", CHANCE]), "github_pat_…(43)"),
            (join(&["xo", "xb-1234567890-abcdef"]), "xoxb-…(22)"),
            (join(&["AK", "IAQ7RZK2MWX9TBLC4V"]), "AKIA…(20)"),
            (join(&["AI", "za", CHANCE, "abc"]), "AIza…(39)"),
            (join(&["ey", "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.", CHANCE]), "eyJ…(70)"),
            (join(&["sk", "_live_", CHANCE]), "sk_live_…(40)"),
            (join(&["0x", hex, hex]), "hex…(66)"),
            (hex.to_owned(), "hex…(32)"),
            (hex.to_uppercase(), "hex…(32)"),
            (CHANCE.to_owned(), "base64…(32)"),
            (join(&[CHANCE, "/", CHANCE, "=="]), "base64…(67)"),
        ] {
            assert_eq!(masked(&token), mask);
            let inside = masked(&format!("users[\"{token}\"].name"));
            assert_eq!(inside, format!("users[\"{mask}\"].name"));
            assert_eq!(
                masked(&format!("{{id, {token}, größe}}")),
                format!("{{id, {mask}, größe}}")
            );
        }
    }

    #[test]
    fn of_headers_addresses_and_keys_only_the_secret_is_masked() {
        for (text, mask) in [
            (join(&["Bearer ", "abc123def456"]), "Bearer …(12)"),
            (join(&["Basic ", "dXNlcjpwYXNz"]), "Basic dXNlcjpwYXNz"),
            (join(&["Basic ", "dXNlcjpwYXNzdw=="]), "Basic …(16)"),
            (join(&["postgres://app:", "hunter2", "@db/x"]), "postgres://app:…(7)@db/x"),
            (join(&["redis://:", "a@b", "@db:1"]), "redis://:…(3)@db:1"),
            (
                join(&["https://x/a.js?v=1&access_", "token=abc&b=2"]),
                "https://x/a.js?v=1&access_token=…(3)&b=2",
            ),
            (
                join(&["-----BEGIN ", "PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"]),
                "-----BEGIN…(58)\n",
            ),
            (join(&["-----BEGIN ", "PRIVATE KEY-----\nMII"]), "-----BEGIN…(31)"),
            (
                join(&["https://x/cb#access_", "token=ab1&state=x"]),
                "https://x/cb#access_token=…(3)&state=x",
            ),
            (
                join(&["Server=db;User Id=sa;Pass", "word=hunter 2;Encrypt=yes"]),
                "Server=db;User Id=sa;Password=…(8);Encrypt=yes",
            ),
            (join(&["Pw", "d='a;b'; Database=x"]), "Pwd='…(3)'; Database=x"),
            (
                join(&["AccountName=a;Account", "Key=abc==;EndpointSuffix=core"]),
                "AccountName=a;AccountKey=…(5);EndpointSuffix=core",
            ),
            (
                join(&["SharedAccessKeyName=root;Shared", "AccessKey=abc="]),
                "SharedAccessKeyName=root;SharedAccessKey=…(4)",
            ),
            (
                join(&["Cook", "ie: session=ab; connect.sid=s%3Aab.c; theme=dark"]),
                "Cookie: session=…(2); connect.sid=…(8); theme=…(4)",
            ),
            (
                join(&["Set-Cook", "ie: sid=ab; Path=/; HttpOnly"]),
                "Set-Cookie: sid=…(2); Path=/; HttpOnly",
            ),
            (join(&["connect.", "sid=s%3Aq7Rz.K2mW; Path=/"]), "connect.sid=…(13); Path=/"),
            (join(&["/maps?k", "ey=q7RzK2mWx9&zoom=3"]), "/maps?key=…(10)&zoom=3"),
            (format!("session:{CHANCE}:user"), "session:base64…(32):user"),
        ] {
            assert_eq!(masked(&text), mask);
        }
    }

    #[test]
    fn what_people_write_is_no_secret() {
        for plain in [
            "",
            "Session",
            "{name, roles}",
            "sk-circle-fade-dot sk-cube-grid-large",
            "task-3f9a61c07be24d58a90cf1e2",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "file:///app/chunk-3f9a61c07be24d58a90cf1e276b3d845.js",
            "assets/3f9a61c07be24d58a90cf1e276b3d845.woff2?v=2",
            "sha512-q7RzK2mWx9TbLc4VfYhN8sJdGp3ZaQeUq7RzK2mWx9TbLc4VfYhN8sJdGp3ZaQeU==",
            "sha256:3f9a61c07be24d58a90cf1e276b3d8453f9a61c07be24d58a90cf1e276b3d845",
            "/srv/node_modules/@aws-sdk/client-s3/dist-cjs/commands/ListObjectsV2Command",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            "0123456789abcdef0123456789abcdef",
            "ERR_HTTP2_HEADER_SINGLE_VALUE_IN_THE_SECOND_FRAME",
            "_ZN4core3fmt9Formatter12pad_integral17h0123456789abcdefE",
            "getOwnPropertyDescriptorOfUint8ArrayPrototypeToStringTag",
            "npm_package_dependencies_typescript_eslint_parser_version_2",
            "Bearer authentication",
            "BearerAuthenticationStrategyFactory2",
            "https://localhost:8080/a@b",
            "https://git@example.org/x?monkeys=3",
            "https://example.org/?monkey=1&sort_key=name&pageToken=2#key=home",
            "/list?key=user-2024-01&session=spring&auth=none&token=null",
            "Server=db;Database=keys;Integrated Security=true",
            "Set-Cookie: ; Path=/",
            "Cookie: a",
            "cookie:parser",
            "ASIAN",
            "eyJson",
        ] {
            assert_eq!(masked(plain), plain);
        }
    }

    #[test]
    fn a_long_text_takes_no_longer_per_character() {
        for part in [
            "sk-",
            "eyJ",
            "://",
            "?key",
            "?key=",
            ";key=a",
            "#key=?",
            ";token",
            "; ",
            "cookie:",
            "cookie:a=;",
            "set-cookie:a=",
            "Bearer ",
            "-----BEGIN ",
            "q7RzK2mWx9/",
        ] {
            masked(&part.repeat(1 << 16));
        }
    }
}
