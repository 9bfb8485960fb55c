//! A mark in, the secret behind the name that follows it out: parameters of URLs, parts of
//! connection strings, cookies.
//!
//! ```text
//!   ?token=VALUE   #access_token=VALUE   ;Password=VALUE   Cookie: name=VALUE; name=VALUE
//! ```

use super::{WINDOW, is_base64url, run, words};
use std::ops::Range;

/// Names of what is secret, word by word, whatever stands before them (`client_secret`, `X-Amz-Signature`).
const SECRET: [&str; 25] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "signature",
    "jwt",
    "otp",
    "totp",
    "credentials",
    "api key",
    "access key",
    "secret key",
    "private key",
    "account key",
    "auth key",
    "signing key",
    "encryption key",
    "master key",
    "shared key",
    "subscription key",
    "client assertion",
    "session token",
];
/// The same in one word.
const JOINED: [&str; 12] = [
    "apikey",
    "accesstoken",
    "authtoken",
    "refreshtoken",
    "idtoken",
    "csrftoken",
    "clientsecret",
    "accesskey",
    "secretkey",
    "privatekey",
    "accountkey",
    "sharedaccesskey",
];
/// Whole names of what may be secret: it is if it looks like chance.
const PERHAPS: [&str; 18] = [
    "key",
    "auth",
    "authorization",
    "code",
    "credential",
    "x amz credential",
    "session",
    "session id",
    "sessionid",
    "jsessionid",
    "phpsessid",
    "sessid",
    "connect sid",
    "sid",
    "sig",
    "ticket",
    "nonce",
    "samlresponse",
];
/// What ends like a name of a secret and is none.
const PLAIN: [&str; 5] =
    ["page token", "next token", "continuation token", "sync token", "cancellation token"];
/// What is no value.
const EMPTY: [&str; 5] = ["true", "false", "null", "undefined", "none"];
/// A longer name is none.
const LONGEST_NAME: usize = 64;
/// A shorter value that may be secret is none.
const SHORTEST: usize = 8;

/// What a name says of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Secret,
    Perhaps,
    Nothing,
}

/// The value of a parameter whose name begins here, which a mark stands before: `token=VALUE`. What
/// stands behind a semicolon may have blanks in it, and may be in quotes.
pub(super) fn parameter(rest: &[u8], semicolon: bool) -> Option<Range<usize>> {
    let blanks = if semicolon { run(rest, |b| b == b' ') } else { 0 };
    let named = &rest[blanks..];
    let name = run(&named[..named.len().min(LONGEST_NAME + 1)], |b| is_base64url(b) || b == b'.');
    if named.get(name) != Some(&b'=') {
        return None;
    }
    let says = says(&named[..name]);
    if says == Says::Nothing {
        return None;
    }
    let quote = named.get(name + 1).filter(|b| semicolon && matches!(b, b'"' | b'\'')).copied();
    let start = blanks + name + 1 + usize::from(quote.is_some());
    let is_value = |b: u8| match quote {
        Some(quote) => b != quote,
        None if semicolon => b >= b' ' && !b";\"'`".contains(&b),
        None => b > b' ' && !b"&#\"'<>`()[]{},;".contains(&b),
    };
    let value = &rest[start..];
    // So much tells; the rest is only looked at once it is sure to be left out.
    let head = &value[..run(&value[..value.len().min(WINDOW)], is_value)];
    let empty = EMPTY.iter().any(|word| head.eq_ignore_ascii_case(word.as_bytes()));
    let is_secret = !head.is_empty() && !empty && (says == Says::Secret || looks_random(head));
    is_secret.then(|| start..start + run(value, is_value))
}

/// The values of the cookies in a header that begins here. A browser is known by any of them.
pub(super) fn cookies(before: &[u8], rest: &[u8]) -> Vec<Range<usize>> {
    let begins = |name: &str| {
        rest.get(..name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()))
    };
    let (mut at, most) = match () {
        // Attributes follow.
        () if begins("set-cookie:") => (11, 1),
        () if begins("cookie:") && !before.ends_with(b"-") => (7, usize::MAX),
        () => return Vec::new(),
    };
    let mut found = Vec::new();
    for _ in 0..most {
        let blanks = run(&rest[at..], |b| b == b' ');
        let name = run(&rest[at + blanks..], |b| b > b' ' && b < 0x7f && !b"=:;,\"'".contains(&b));
        let start = at + blanks + name + 1;
        if name == 0 || rest.get(start - 1) != Some(&b'=') {
            break;
        }
        let length = run(&rest[start..], |b| b > b' ' && b < 0x7f && !b";,\"'`".contains(&b));
        found.extend((length > 0).then(|| start..start + length));
        at = start + length;
        if rest.get(at) != Some(&b';') {
            break;
        }
        at += 1;
    }
    found
}

fn says(name: &[u8]) -> Says {
    let words = parted(name);
    let ends = |table: &[&str]| {
        table.iter().any(|known| {
            let before = words.strip_suffix(known);
            before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
        })
    };
    match () {
        () if ends(&PLAIN) => Says::Nothing,
        () if ends(&SECRET) || ends(&JOINED) => Says::Secret,
        () if PERHAPS.contains(&words.as_str()) => Says::Perhaps,
        () => Says::Nothing,
    }
}

/// A name in words of small letters: `X-Amz-Signature`, `sharedAccessKey`, `DB_PASSWORD`.
fn parted(name: &[u8]) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    for (at, b) in name.iter().enumerate() {
        let small = |at: usize| name.get(at).is_some_and(u8::is_ascii_lowercase);
        let before = at.checked_sub(1).map(|at| name[at]);
        let begins = b.is_ascii_uppercase()
            && before.is_some_and(|b| !b.is_ascii_uppercase() || small(at + 1));
        if (begins || !b.is_ascii_alphanumeric()) && !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
        if b.is_ascii_alphanumeric() {
            words.push(char::from(b.to_ascii_lowercase()));
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// Whether a value is neither short nor words.
fn looks_random(value: &[u8]) -> bool {
    let words = words(value);
    let digit = value.iter().any(u8::is_ascii_digit);
    value.len() >= SHORTEST && (words * 3 > value.len() || (digit && words * 4 > value.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_word_by_word() {
        for (name, words) in [
            ("X-Amz-Signature", "x amz signature"),
            ("sharedAccessKey", "shared access key"),
            ("DB_PASSWORD", "db password"),
            ("HTTPToken2", "http token2"),
            ("connect.sid", "connect sid"),
            ("_key_", "key"),
            ("", ""),
        ] {
            assert_eq!(parted(name.as_bytes()), words);
        }
        for name in
            ["monkey", "sort_key", "tokens", "hotkey", "keySecretary", "pageToken", "inside"]
        {
            assert!(says(name.as_bytes()) == Says::Nothing, "{name}");
        }
    }
}
