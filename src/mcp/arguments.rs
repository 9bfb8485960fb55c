//! What a client gives a tool in, what is asked out.

use rmcp::model::JsonObject;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

/// What is compared.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Diff {
    /// The older snapshot: a path below the root
    pub before: String,
    /// The newer snapshot of the same process
    pub after: String,
    /// Snapshots from between the two, oldest first: they tell a leak from a warm-up
    #[serde(default)]
    pub between: Vec<String>,
    /// How often the operation in question ran in between: gives figures per call
    pub calls: Option<Whole>,
}

/// What is asked of a snapshot as a whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Summary {
    /// The snapshot: a path below the root
    pub file: String,
    /// An older snapshot of the same process: tells what is new since
    pub older: Option<String>,
    /// Rows of each list (10 if not given, 0 for all)
    pub limit: Option<Whole>,
}

/// What is asked of an object.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Show {
    /// The snapshot: a path below the root
    pub file: String,
    /// An older snapshot of the same process: tells what the object was then
    pub older: Option<String>,
    /// The id of the object, which stands behind @ in other answers
    pub id: Id,
    /// Tell the references of the file as they are, the engine's too
    #[serde(default)]
    pub raw: bool,
    /// Members at once (40 if not given, 0 for all)
    pub limit: Option<Whole>,
}

/// Who holds an object.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Retainers {
    /// The snapshot: a path below the root
    pub file: String,
    /// An older snapshot of the same process
    pub older: Option<String>,
    /// The id of the object
    pub id: Id,
    /// The nearest to the roots first, as in DevTools
    #[serde(default)]
    pub distance: bool,
    /// Tell also what every way to it leads over
    #[serde(default)]
    pub dominators: bool,
    /// Levels of the tree (4 if not given)
    pub depth: Option<Whole>,
    /// Holders at each place (4 if not given)
    pub breadth: Option<Whole>,
}

/// Over which ways an object is reached.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Path {
    /// The snapshot: a path below the root
    pub file: String,
    /// An older snapshot of the same process
    pub older: Option<String>,
    /// The id of the object
    pub id: Id,
    /// Independent ways (3 if not given, 16 at most)
    pub ways: Option<Whole>,
}

/// What some retained bytes consist of.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Inside {
    /// The snapshot: a path below the root
    pub file: String,
    /// An older snapshot of the same process
    pub older: Option<String>,
    /// The id of the object; or give a class
    pub id: Option<Id>,
    /// The name of a class; * is any text
    pub class: Option<String>,
    /// Levels of the tree (3 if not given)
    pub depth: Option<Whole>,
    /// Parts at each place (6 if not given)
    pub breadth: Option<Whole>,
}

/// Objects of a class.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    /// The snapshot: a path below the root
    pub file: String,
    /// An older snapshot of the same process
    pub older: Option<String>,
    /// Their class; * is any text, ? any character
    pub class: String,
    /// Only those that are new, survived, or are gone since the older snapshot, which is needed then
    pub age: Option<Age>,
    /// Only those with such a value in a field or variable, each as FIELD=VALUE, such as user.state=open or
    /// parent=*; * is any text, within a value only where the server shows strings
    #[serde(default, rename = "where")]
    pub conditions: Vec<String>,
    /// Their order (retained if not given)
    pub sort: Option<Sort>,
    /// Put them together by the value of this field, or of location: where they are written. At most one of
    /// by, shape and common
    pub by: Option<String>,
    /// Put them together by the names of their fields
    #[serde(default)]
    pub shape: bool,
    /// Tell what they have in common, and the others of their class have not
    #[serde(default)]
    pub common: bool,
    /// Rows at once (40 if not given, 0 for all)
    pub limit: Option<Whole>,
}

/// Strings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Strings {
    /// The snapshot: a path below the root
    pub file: String,
    /// An older snapshot of the same process
    pub older: Option<String>,
    /// Those that have a text somewhere in them, where the server shows strings
    pub text: Option<String>,
    /// Those that fit a pattern as a whole; * is any text, within others only where the server shows strings
    pub glob: Option<String>,
    /// Those in which a regular expression is found, where the server shows strings
    pub regex: Option<String>,
    /// Only those that the older snapshot does not have, which is needed then
    #[serde(default)]
    pub new: bool,
    /// Rows at once (40 if not given, 0 for all)
    pub limit: Option<Whole>,
}

/// Objects by the snapshots that have them.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(super) enum Age {
    New,
    Survived,
    Gone,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(super) enum Sort {
    Retained,
    Shallow,
    Id,
}

/// The id of an object.
pub(super) type Id = Whole;

/// A whole number. Models also write `"40"` and `40.0`, and ids as answers do: `"@79939"`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole(pub u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        /// The largest whole number that JavaScript tells from its neighbours.
        const LARGEST: f64 = 9_007_199_254_740_991.0;
        let given = serde_json::Value::deserialize(from)?;
        let text = given.as_str().map(|text| text.strip_prefix('@').unwrap_or(text));
        let float = given.as_f64().filter(|n| n.fract() == 0.0 && (0.0..=LARGEST).contains(n));
        let number = given.as_u64().or_else(|| text?.parse().ok()).or(float.map(|n| n as u64));
        let wrong = || D::Error::custom("a whole number from 0 on belongs here, such as 40");
        number.map(Self).ok_or_else(wrong)
    }
}

impl JsonSchema for Whole {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Whole".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer" })
    }
}

/// Reads the arguments of a tool.
///
/// # Errors
/// What is wrong with them.
pub(super) fn read<T: DeserializeOwned>(given: JsonObject) -> Result<T, String> {
    // Some clients write null for what they leave out.
    let given = given.into_iter().filter(|(_, value)| !value.is_null()).collect();
    serde_path_to_error::deserialize(serde_json::Value::Object(given)).map_err(|e| {
        let name = e.path().to_string();
        // Of a name that is missing or too much the message itself says which.
        if name == "." { e.inner().to_string() } else { format!("{name}: {}", e.inner()) }
    })
}

/// What every tool takes beside its own.
pub(super) const MORE: &str = "more";

/// The JSON Schema of some arguments, in the plain manner that all clients take: no type has two, and no
/// default is null.
pub(super) fn schema<T: JsonSchema>() -> JsonObject {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    let mut schema = schema.as_object().cloned().unwrap_or_default();
    for word in ["$schema", "title", "description"] {
        schema.remove(word);
    }
    let properties = schema.get_mut("properties").and_then(serde_json::Value::as_object_mut);
    for property in properties.into_iter().flatten().filter_map(|(_, it)| it.as_object_mut()) {
        for word in ["format", "minimum", "default"] {
            property.remove(word);
        }
        plain(property);
    }
    if let Some(properties) =
        schema.get_mut("properties").and_then(serde_json::Value::as_object_mut)
    {
        let more = serde_json::json!({
            "type": "string",
            "description": "The word that ended the last page of this answer, for the next one",
        });
        properties.insert(MORE.to_owned(), more);
    }
    schema
}

fn plain(property: &mut JsonObject) {
    if let Some(types) = property.get("type").and_then(|it| it.as_array()) {
        let first = types.iter().find(|it| *it != "null").cloned();
        property.extend(first.map(|first| ("type".to_owned(), first)));
    }
    if let Some(either) = property.remove("anyOf") {
        let some = either.as_array().and_then(|all| all.first()?.as_object().cloned());
        for (word, value) in some.unwrap_or_default() {
            property.entry(word).or_insert(value);
        }
    }
    if let Some(values) = property.get_mut("enum").and_then(|it| it.as_array_mut()) {
        values.retain(|value| !value.is_null());
    }
}
