//! docs/json-fields.md is made from the schema of reports: a table for each type, links between them, and
//! where a report has it.

use crate::formats_golden::schema;
use crate::sample::same_as;
use serde_json::Value;
use std::fmt::Write as _;

const HEAD: &str = "\
# Fields of the JSON report

Every type of [the JSON report](json.md), as [report.schema.json](report.schema.json) has it;
[TypeScript](npm.md) has them under the same names. Below a name stands where they are in a report. Sizes
are in bytes. A field that may be *null* is always there; one that may be *absent* is left out where it has nothing to say.

This page is made from the types in the source: `HEAPDIFF_BLESS=1 cargo test --test it formats_golden json_fields`.
";

/// The types below the report, in the order in which it leads to them, each with the paths to it.
type Paths<'s> = Vec<(&'s str, Vec<String>)>;

fn named<'s>(schema: &'s Value, name: &str) -> &'s Value {
    &schema["$defs"][name]
}

/// What it is but null.
fn itself(field: &Value) -> &Value {
    let some = field["anyOf"].as_array().into_iter().flatten();
    some.into_iter().find(|one| one["type"] != "null").unwrap_or(field)
}

/// The type that a field has or a list of which it is, and how a path goes on to it.
fn referred(field: &Value) -> Option<(&str, &'static str)> {
    let field = itself(field);
    match field["$ref"].as_str() {
        Some(name) => Some((name.strip_prefix("#/$defs/").unwrap(), "")),
        None => referred(field.get("items")?).map(|(name, _)| (name, "[]")),
    }
}

/// The fields of an object, in the order in which a report has them; those that may be absent come last.
fn fields(object: &Value) -> Vec<(&str, &Value)> {
    let Some(all) = object["properties"].as_object() else { return Vec::new() };
    let required = object["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let required: Vec<&str> = required.collect();
    let rest = all.keys().map(String::as_str).filter(|name| !required.contains(name));
    required.iter().copied().chain(rest).map(|name| (name, &all[name])).collect()
}

/// Of what a type is one of a kind for each of the two snapshots.
fn of_pair(object: &Value) -> Option<&str> {
    match fields(object).as_slice() {
        [("before", before), ("after", after)] if before["$ref"] == after["$ref"] => {
            referred(before).map(|(name, _)| name)
        }
        _ => None,
    }
}

fn collect<'s>(schema: &'s Value, object: &'s Value, path: &str, found: &mut Paths<'s>) {
    let kinds = object["oneOf"].as_array().into_iter().flatten();
    for (name, field) in kinds.chain([object]).flat_map(fields) {
        let Some((of, more)) = referred(field) else { continue };
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{name}{more}");
        match found.iter_mut().find(|(known, _)| *known == of) {
            Some((_, paths)) => paths.push(path.clone()),
            None => found.push((of, vec![path.clone()])),
        }
        collect(schema, named(schema, of), &path, found);
    }
}

fn link(schema: &Value, name: &str) -> String {
    match of_pair(named(schema, name)) {
        Some(of) => format!("{} each, as `before` and `after`", link(schema, of)),
        None => format!("[{name}](#{})", name.to_lowercase()),
    }
}

fn kind(schema: &Value, field: &Value) -> String {
    let field = itself(field);
    if let Some((name, more)) = referred(field) {
        return link(schema, name) + more;
    }
    let types = field["type"].as_array().into_iter().flatten().chain([&field["type"]]);
    match types.filter_map(Value::as_str).find(|one| *one != "null").unwrap() {
        "array" => format!("{}[]", kind(schema, &field["items"])),
        "object" => format!("object of {}", kind(schema, &field["additionalProperties"])),
        plain => plain.to_owned(),
    }
}

fn may_be_null(field: &Value) -> bool {
    let others = field["anyOf"].as_array().into_iter().flatten();
    let null = |one: &Value| one["type"] == "null";
    others.into_iter().any(null)
        || field["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "null"))
}

fn said(of: &Value) -> String {
    let text = of["description"].as_str().unwrap_or_else(|| panic!("nothing is said of {of}"));
    text.replace('\n', " ").replace('|', "\\|")
}

fn table(schema: &Value, object: &Value) -> String {
    let mut out = String::from("| field | type | may be | meaning |\n|---|---|---|---|\n");
    for (name, field) in fields(object) {
        let required = object["required"].as_array().is_some_and(|r| r.iter().any(|n| n == name));
        let may_be = match (required, may_be_null(field)) {
            (true, false) => "",
            (true, true) => "null",
            (false, false) => "absent",
            (false, true) => panic!("{name} is absent or null"),
        };
        let kind = kind(schema, field);
        writeln!(out, "| `{name}` | {kind} | {may_be} | {} |", said(field)).unwrap();
    }
    out
}

/// What a type of which there are several kinds may be: words, or objects that say in a field which they are.
fn kinds(schema: &Value, kinds: &[Value]) -> String {
    let of = |one: &Value| one["const"].as_str().map(str::to_owned);
    if kinds.iter().all(|one| of(one).is_some()) {
        let row = |one: &Value| format!("| `{}` | {} |\n", of(one).unwrap(), said(one));
        let rows: String = kinds.iter().map(row).collect();
        return format!("| value | meaning |\n|---|---|\n{rows}");
    }
    let row = |one: &Value| {
        let unit = of(&one["properties"]["unit"]).unwrap();
        format!("| `{unit}` | {} | {} |\n", kind(schema, &one["properties"]["value"]), said(one))
    };
    let rows: String = kinds.iter().map(row).collect();
    format!("| `unit` | `value` | meaning |\n|---|---|---|\n{rows}")
}

fn page(schema: &Value) -> String {
    let mut found = Paths::new();
    collect(schema, schema, "", &mut found);
    let mut out = format!("{HEAD}\n## Report\n\n{}\n\n{}", said(schema), table(schema, schema));
    for (name, paths) in &found {
        let of = named(schema, name);
        if of_pair(of).is_some() {
            continue;
        }
        let told = match of["oneOf"].as_array() {
            Some(all) => kinds(schema, all),
            None => table(schema, of),
        };
        let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        write!(out, "\n## {name}\n\n{}\n\n{}:\n\n{told}", said(of), paths.join(", ")).unwrap();
    }
    let told = schema["$defs"].as_object().unwrap().len();
    assert_eq!(found.len(), told, "a type is reached by no path");
    out
}

#[test]
fn the_page_of_fields_is_made_from_the_schema() {
    same_as("docs/json-fields.md", &page(&schema().to_value()));
}
