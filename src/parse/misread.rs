//! Why a header cannot be read, in words of this program: the parser that reads it in a moment says
//! so in words of its own, and of no byte.

use crate::error::Error;
use serde_json::Value;

/// What is wrong with a header that stands at byte `at` of the file.
pub(super) fn header(json: &[u8], at: usize) -> Error {
    match serde_json::from_slice::<Value>(json) {
        Err(e) => Error::damaged(
            at + offset(json, &e),
            "from here on the header is not JSON, or is nested too deeply",
        ),
        Ok(header) => Error::damaged(at, format!("the header {}", wrong(&header))),
    }
}

fn offset(json: &[u8], error: &serde_json::Error) -> usize {
    let lines = json.split_inclusive(|b| *b == b'\n').take(error.line().saturating_sub(1));
    let before: usize = lines.map(<[u8]>::len).sum();
    (before + error.column().saturating_sub(1)).min(json.len())
}

/// A member's path, whether it has to be there, and what it has to be.
type Member = (&'static [&'static str], bool, &'static str, fn(&Value) -> bool);

const NAMES: &str = "a list of names";
const KINDS: &str = "a list of lists of kinds";
const NUMBER: &str = "a whole number";

const MEMBERS: [Member; 10] = [
    (&["meta"], true, "an object", Value::is_object),
    (&["meta", "node_fields"], true, NAMES, is_names),
    (&["meta", "node_types"], true, KINDS, is_kinds),
    (&["meta", "edge_fields"], true, NAMES, is_names),
    (&["meta", "edge_types"], true, KINDS, is_kinds),
    (&["meta", "location_fields"], false, NAMES, is_names),
    (&["node_count"], true, NUMBER, Value::is_u64),
    (&["edge_count"], true, NUMBER, Value::is_u64),
    (&["root_index"], false, NUMBER, Value::is_u64),
    (&["extra_native_bytes"], false, NUMBER, Value::is_u64),
];

fn is_names(list: &Value) -> bool {
    list.as_array().is_some_and(|list| list.iter().all(Value::is_string))
}

fn is_kinds(list: &Value) -> bool {
    list.as_array().is_some_and(|list| list.iter().all(|k| k.is_string() || is_names(k)))
}

fn wrong(header: &Value) -> String {
    for (path, is_needed, what, is_right) in MEMBERS {
        let name = path.join(".");
        match path.iter().try_fold(header, |of, name| of.get(name)) {
            None | Some(Value::Null) if !is_needed => {}
            None => return format!("has no \"{name}\""),
            Some(value) if !is_right(value) => {
                return format!("has a \"{name}\" that is not {what}");
            }
            Some(_) => {}
        }
    }
    "cannot be read: does a member stand in it twice?".to_owned()
}
