//! The schema of a tool's input in, arguments that keep to it out; or such that do not.
//!
//! A property that need not be there is left out. What a schema says with words that are not known here is not
//! kept to: the server refuses such arguments, and that is told.

use super::formats;
use super::pattern;
use serde_json::{Map, Value, json};

/// How deep values lie in each other.
pub(super) const DEEPEST: usize = 16;
/// How many values one call has in all, so that arrays in arrays come to an end.
const MOST: usize = 2000;
const LONGEST_TEXT: u64 = 1 << 20;

type Made<T> = Result<T, String>;

/// Arguments for the call of this number.
///
/// # Errors
/// Says why there can be none.
pub(super) fn make(schema: &Value, number: u64) -> Made<Value> {
    let mut maker = Maker { root: schema, left: MOST };
    match maker.value(schema, number, 0)? {
        object @ Value::Object(_) => Ok(object),
        _ => Err("its arguments are no object".to_owned()),
    }
}

/// Arguments that a schema forbids: one is missing, or is of another kind.
pub(super) fn wrong(schema: &Value, right: &Value, number: u64) -> Value {
    let mut wrong = right.as_object().cloned().unwrap_or_default();
    let required = schema.get("required").and_then(Value::as_array);
    let required: Vec<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
    if let (1, Some(name)) = (number % 2, required.first()) {
        wrong.remove(*name);
        return Value::Object(wrong);
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let name = required.first().copied();
    match name.or_else(|| properties?.keys().next().map(String::as_str)) {
        // No tool takes an object like this one for anything.
        Some(name) => {
            wrong.insert(name.to_owned(), json!({ "no": { "such": [number] } }));
            Value::Object(wrong)
        }
        None => json!([number]),
    }
}

struct Maker<'a> {
    root: &'a Value,
    left: usize,
}

impl Maker<'_> {
    fn value(&mut self, schema: &Value, number: u64, depth: usize) -> Made<Value> {
        self.left = self.left.checked_sub(1).ok_or("it asks for too many values")?;
        if depth > DEEPEST {
            return Err("it asks for values that lie too deep in each other".to_owned());
        }
        let Value::Object(schema) = schema else {
            return match schema {
                Value::Bool(false) => Err("it asks for a value that cannot be".to_owned()),
                _ => Ok(Value::String(text(number))),
            };
        };
        let schema = &self.merged(schema, depth)?;
        for several in ["anyOf", "oneOf"] {
            if let Some(all) = schema.get(several).and_then(Value::as_array) {
                return self.first_of(schema, (several, all), number, depth);
            }
        }
        if let Some(value) = schema.get("const") {
            return Ok(value.clone());
        }
        for listed in ["enum", "examples"] {
            if let Some(all) = schema.get(listed).and_then(Value::as_array) {
                let turn = usize::try_from(number).unwrap_or_default() % all.len().max(1);
                return all.get(turn).cloned().ok_or_else(|| "it allows no value".to_owned());
            }
        }
        if let Some(value) = schema.get("default") {
            return Ok(value.clone());
        }
        match kind(schema)? {
            "object" => self.object(schema, number, depth),
            "array" => self.array(schema, number, depth),
            "string" => string(schema, number),
            "integer" => numeric(schema, number, true),
            "number" => numeric(schema, number, false),
            "boolean" => Ok(Value::Bool(number.is_multiple_of(2))),
            "null" => Ok(Value::Null),
            other => Err(format!("it asks for a value of the kind {other}")),
        }
    }

    /// The schema with what it refers to and what holds besides.
    fn merged(&self, schema: &Map<String, Value>, depth: usize) -> Made<Map<String, Value>> {
        if depth > DEEPEST {
            return Err("it refers to itself".to_owned());
        }
        let mut merged = schema.clone();
        if let Some(Value::String(place)) = merged.remove("$ref") {
            let pointer = place.strip_prefix('#');
            let found = pointer.and_then(|pointer| self.root.pointer(pointer));
            let Some(Value::Object(found)) = found else {
                return Err(format!("it refers to {place}, which is not in it"));
            };
            join(&mut merged, self.merged(found, depth + 1)?);
        }
        if let Some(Value::Array(all)) = merged.remove("allOf") {
            for part in &all {
                if let Value::Object(part) = part {
                    join(&mut merged, self.merged(part, depth + 1)?);
                }
            }
        }
        Ok(merged)
    }

    /// The first of several schemas that something can be made for, if not null.
    fn first_of(
        &mut self,
        schema: &Map<String, Value>,
        (word, all): (&str, &[Value]),
        number: u64,
        depth: usize,
    ) -> Made<Value> {
        let is_null = |schema: &Value| schema.get("type").is_some_and(|kind| kind == "null");
        let mut last = Err("it allows no value".to_owned());
        for one in
            all.iter().filter(|one| !is_null(one)).chain(all.iter().filter(|one| is_null(one)))
        {
            let mut rest = schema.clone();
            rest.remove(word);
            if let Value::Object(one) = one {
                join(&mut rest, one.clone());
            }
            last = self.value(&Value::Object(rest), number, depth + 1);
            if last.is_ok() {
                break;
            }
        }
        last
    }

    fn object(&mut self, schema: &Map<String, Value>, number: u64, depth: usize) -> Made<Value> {
        let required = schema.get("required").and_then(Value::as_array);
        let mut object = Map::new();
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            let properties = schema.get("properties");
            let found = properties.and_then(|all| all.get(name));
            let found = found.or_else(|| schema.get("additionalProperties"));
            let value = self.value(found.unwrap_or(&Value::Bool(true)), number, depth + 1);
            object.insert(name.to_owned(), value.map_err(|why| format!("{name}: {why}"))?);
        }
        Ok(Value::Object(object))
    }

    fn array(&mut self, schema: &Map<String, Value>, number: u64, depth: usize) -> Made<Value> {
        let at_most = unsigned(schema, "maxItems").unwrap_or(u64::MAX);
        let length = unsigned(schema, "minItems").unwrap_or(1).min(at_most);
        if length > MOST as u64 {
            return Err(format!("it asks for {length} items"));
        }
        let first = schema.get("prefixItems").and_then(Value::as_array);
        let rest = schema.get("items").unwrap_or(&Value::Bool(true));
        let item =
            |at: u64| first.and_then(|all| all.get(usize::try_from(at).ok()?)).unwrap_or(rest);
        // Each another one: some must differ.
        let items = (0..length).map(|at| self.value(item(at), number.wrapping_add(at), depth + 1));
        items.collect::<Made<Vec<Value>>>().map(Value::Array)
    }
}

/// Adds what another schema says; what both say, the first one says.
fn join(schema: &mut Map<String, Value>, other: Map<String, Value>) {
    for (word, said) in other {
        match (schema.get_mut(&word), said) {
            (Some(Value::Object(all)), Value::Object(more)) if word == "properties" => {
                for (name, property) in more {
                    all.entry(name).or_insert(property);
                }
            }
            (Some(Value::Array(all)), Value::Array(more)) if word == "required" => all.extend(more),
            (Some(_), _) => {}
            (None, said) => {
                schema.insert(word, said);
            }
        }
    }
}

/// Of which kind a value is to be.
fn kind(schema: &Map<String, Value>) -> Made<&str> {
    let has = |words: &[&str]| words.iter().any(|word| schema.contains_key(*word));
    match schema.get("type") {
        Some(Value::String(kind)) => Ok(kind),
        Some(Value::Array(kinds)) => {
            let mut kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            kinds.sort_by_key(|kind| *kind == "null");
            kinds.first().copied().ok_or_else(|| "it allows no value".to_owned())
        }
        _ if has(&["properties", "required", "additionalProperties"]) => Ok("object"),
        _ if has(&["items", "prefixItems", "minItems"]) => Ok("array"),
        _ if has(&["minimum", "maximum", "multipleOf"]) => Ok("number"),
        _ => Ok("string"),
    }
}

fn unsigned(schema: &Map<String, Value>, word: &str) -> Option<u64> {
    schema.get(word).and_then(Value::as_u64)
}

/// A text that no other call has.
fn text(number: u64) -> String {
    format!("item {number}")
}

fn string(schema: &Map<String, Value>, number: u64) -> Made<Value> {
    let word = |word: &str| schema.get(word).and_then(Value::as_str);
    let at_least = unsigned(schema, "minLength").unwrap_or(0);
    let at_most = unsigned(schema, "maxLength").unwrap_or(u64::MAX);
    if at_least > LONGEST_TEXT || at_least > at_most {
        return Err(format!("it asks for a text of {at_least} characters"));
    }
    if let Some(made) = word("format").and_then(|format| formats::make(format, number)) {
        return Ok(Value::String(made));
    }
    if let Some(asked) = word("pattern") {
        return pattern::make(asked, number, (at_least, at_most)).map(Value::String);
    }
    let mut made = text(number);
    // The end of it tells one call from another.
    let too_many = (made.len() as u64).saturating_sub(at_most);
    made.drain(..usize::try_from(too_many).unwrap_or_default());
    let missing = at_least.saturating_sub(made.len() as u64);
    made.insert_str(0, &"x".repeat(usize::try_from(missing).unwrap_or_default()));
    Ok(Value::String(made))
}

/// A number of the least hundred that are allowed: many are how much is asked for.
fn numeric(schema: &Map<String, Value>, number: u64, is_whole: bool) -> Made<Value> {
    let bound = |word: &str| schema.get(word).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|step| *step > 0.0).unwrap_or(1.0);
    let above = bound("exclusiveMinimum").map(|bound| (bound / step).floor() * step + step);
    let from = bound("minimum").map(|bound| (bound / step).ceil() * step);
    let below = bound("exclusiveMaximum").map(|bound| (bound / step).ceil() * step - step);
    let to = bound("maximum").map(|bound| (bound / step).floor() * step);
    let greatest = below.into_iter().chain(to).reduce(f64::min);
    let least = above.into_iter().chain(from).reduce(f64::max);
    let least = least.unwrap_or_else(|| greatest.map_or(step, |greatest| greatest.min(step)));
    let room = greatest.map_or(99.0, |greatest| ((greatest - least) / step).floor().min(99.0));
    if room < 0.0 {
        // A share between two whole numbers.
        let (least, greatest) = (bound("minimum"), bound("maximum"));
        return match (least, greatest, is_whole) {
            (Some(least), Some(greatest), false) if least <= greatest => Ok(json!(least)),
            _ => Err("it allows no number".to_owned()),
        };
    }
    // Below a hundred.
    #[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
    let made = least + step * ((number % 100) as f64 % (room + 1.0));
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers are written as such")]
    let whole = made as i64;
    #[expect(clippy::cast_precision_loss, reason = "compared with what it was made of")]
    let is_exact = whole as f64 == made;
    match (is_exact, is_whole) {
        (true, _) => Ok(json!(whole)),
        (false, false) => Ok(json!(made)),
        (false, true) => Err("it allows no whole number".to_owned()),
    }
}
