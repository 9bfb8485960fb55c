//! A message of an inspector in, its parts out.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::ErrorKind as Io;

/// What an inspector sends.
#[derive(Debug, Deserialize)]
pub(super) struct Sent<'a> {
    pub id: Option<u64>,
    #[serde(borrow)]
    pub method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub params: Option<&'a RawValue>,
    #[serde(borrow)]
    pub result: Option<&'a RawValue>,
    pub error: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    #[serde(default)]
    pub message: String,
}

/// Whether nothing has come for a while, and nothing is wrong.
pub(super) fn is_silence(e: &std::io::Error) -> bool {
    matches!(e.kind(), Io::WouldBlock | Io::TimedOut | Io::Interrupted)
}
