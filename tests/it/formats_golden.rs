//! Every format of the plain pair, byte for byte, and the JSON of every pair against the schema.

use crate::fixtures::{pairs, snapshot};
use crate::sample::{Validator, all, gated, plain, same_as};
use heapdiff::compare::compare;
use heapdiff::report::{Options, Report};
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use serde_json::Value;

const SCHEMA: &str = "docs/report.schema.json";

#[test]
fn every_format_is_as_it_was_looked_at() {
    let mut report = gated();
    // One of each shows the form; the rest is long.
    report.chains.truncate(1);
    report.classes.truncate(12);
    for (extension, text) in all(&report) {
        same_as(&format!("fixtures/plain/reports/gated.{extension}"), &text);
    }
    let mut report = plain();
    report.chains.clear();
    report.classes.truncate(12);
    for (extension, text) in all(&report).into_iter().skip(2) {
        same_as(&format!("fixtures/plain/reports/ungated.{extension}"), &text);
    }
}

/// Of what is written: a field that may be null is always there, and one that may be absent is never null.
pub fn schema() -> Schema {
    let made = SchemaSettings::default().for_serialize().into_generator();
    let mut schema = made.into_root_schema_for::<Report>();
    RecursiveTransform(absent_and_never_null).transform(&mut schema);
    schema
}

fn absent_and_never_null(schema: &mut Schema) {
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten();
    for (_, field) in fields.filter(|(name, _)| !required.contains(&name.as_str().into())) {
        let field = field.as_object_mut().unwrap();
        if let Some(Value::Array(kinds)) = field.remove("anyOf") {
            let some = kinds.into_iter().find(|one| one["type"] != "null").unwrap();
            field.extend(some.as_object().unwrap().clone());
        } else if let Some(kinds) = field.get("type").and_then(Value::as_array) {
            let some = kinds.iter().find(|one| *one != "null").unwrap().clone();
            field.insert("type".to_owned(), some);
        }
    }
}

#[test]
fn the_schema_is_that_of_the_types() {
    let text = serde_json::to_string_pretty(&schema()).unwrap();
    same_as(SCHEMA, &(text + "\n"));
}

/// The shipped file, ready to check with.
fn checked(report: &Value) -> Result<(), String> {
    thread_local! {
        static SHIPPED: Validator = {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
            Validator::of(&std::fs::read_to_string(path).unwrap())
        };
    }
    SHIPPED.with(|schema| schema.check(report))
}

#[test]
fn what_the_json_has_the_lines_have_too() {
    let report = gated();
    let json: Value = heapdiff::render::json(&report).unwrap().parse().unwrap();
    let lines = heapdiff::render::ndjson(&report).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| line.parse().unwrap()).collect();
    for (member, value) in json.as_object().unwrap() {
        let kind = match member.as_str() {
            "classes" => "class",
            "fixes" => "fix",
            _ => member.trim_end_matches('s'),
        };
        let all: Vec<&Value> = lines.iter().filter(|line| line["type"] == kind).collect();
        let same = match value.as_array() {
            Some(values) if lines[0].get(member).is_none() => values.len() == all.len(),
            _ => lines[0][member] == *value,
        };
        assert!(same, "{member}");
    }
}

#[test]
fn the_json_of_every_pair_is_as_the_schema_says() {
    for pair in pairs() {
        let files = heapdiff::pair::Pair::new("before", "after").map(|w| snapshot(&pair, w));
        let paths = files.as_ref().map(|p| p.as_path());
        let options = Options { show_strings: true, calls: Some(3), ..Options::default() };
        let report = compare(paths, &[paths.after], &options).unwrap();
        let json = heapdiff::render::json(&report).unwrap().replace("\\ud", "\\\\ud");
        checked(&serde_json::from_str(&json).unwrap()).unwrap_or_else(|e| panic!("{pair:?}: {e}"));
    }
}

#[test]
fn the_json_of_gates_is_as_the_schema_says_and_other_json_is_not() {
    let good = serde_json::to_value(gated()).unwrap();
    checked(&good).unwrap();
    for (member, wrong) in [
        ("/totals/new", Value::from("many")),
        ("/verdict/kind", Value::from("fine")),
        ("/gates/1/measured/unit", Value::from("furlongs")),
        ("/findings/0/locations", Value::Null),
        ("/classes/0/name", Value::Null),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(member).unwrap() = wrong;
        assert!(checked(&bad).is_err(), "{member}");
    }
}
