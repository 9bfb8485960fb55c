//! Arguments that are made from the schemas of tools: they keep to them, and differ from call to call.

use crate::played::{Plays, Server};
use heapdiff::Cancel;
use heapdiff::soak::mcp::{Amount, Leaving, Mcp, Place, Wanted};
use serde_json::{Value, json};

/// The arguments of so many calls of a tool with this schema; or why there are none.
fn made(schema: &Value, leaving: Leaving) -> Result<Vec<Value>, String> {
    let tool = json!({ "name": "made", "inputSchema": schema });
    let server = Server::with_tools(Plays::Json, vec![tool]);
    let place = Place::Url(server.url(), Vec::new());
    let wanted = Wanted { tools: vec!["*".into()], ..Wanted::default() };
    let mcp = Mcp::meet(place, &wanted, &Cancel::default()).map_err(|error| error.to_string())?;
    server.asked();
    let amount = Amount { sessions: 1, calls: 120, first: 0, at_once: 1 };
    mcp.round(leaving, amount, &Cancel::default()).unwrap();
    let calls = server.asked().into_iter();
    let of_tool = |asked: &crate::played::Asked| {
        asked.method == "tools/call" && asked.params["name"] == "made"
    };
    Ok(calls.filter(of_tool).map(|call| call.params["arguments"].clone()).collect())
}

fn object(property: Value) -> Value {
    json!({ "type": "object", "properties": { "x": property }, "required": ["x"],
        "$defs": { "name": { "type": "string", "minLength": 20 }, "deep": { "$ref": "#/$defs/name" } } })
}

/// Whether arguments keep to a schema, by a library that knows.
fn keeps_to(schema: &Value, arguments: &[Value]) -> Vec<String> {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("schema", schema.clone()).unwrap();
    let index = compiler.compile("schema", &mut schemas).unwrap();
    let wrong = arguments.iter().filter_map(|one| {
        let why = schemas.validate(one, index).err()?;
        Some(format!("{one}: {why}"))
    });
    wrong.collect()
}

/// What one property may be, and how many values of 120 differ at least.
fn properties() -> Vec<(Value, usize)> {
    vec![
        (json!({ "type": "string" }), 120),
        (json!({}), 120),
        (json!(true), 120),
        (json!({ "type": "string", "minLength": 30, "maxLength": 40 }), 120),
        (json!({ "type": "string", "maxLength": 3 }), 100),
        (json!({ "type": "string", "maxLength": 0 }), 1),
        (json!({ "type": "integer" }), 99),
        (json!({ "type": "integer", "minimum": 5, "maximum": 9 }), 5),
        (json!({ "type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3 }), 2),
        (json!({ "type": "integer", "maximum": -7 }), 1),
        (json!({ "type": "number", "minimum": 0.25, "maximum": 0.75 }), 1),
        (json!({ "type": "number", "multipleOf": 0.5 }), 99),
        (json!({ "type": "integer", "multipleOf": 10, "minimum": 15 }), 99),
        (json!({ "type": "boolean" }), 2),
        (json!({ "type": "null" }), 1),
        (json!({ "type": ["null", "integer"] }), 99),
        (json!({ "const": 7 }), 1),
        (json!({ "enum": ["a", "b", null] }), 3),
        (json!({ "type": "string", "default": "d" }), 1),
        (json!({ "type": "string", "examples": ["e", "f"] }), 2),
        (
            json!({ "type": "array", "items": { "type": "integer" }, "minItems": 3, "uniqueItems": true }),
            99,
        ),
        (json!({ "type": "array", "maxItems": 0 }), 1),
        (
            json!({ "prefixItems": [{ "type": "boolean" }, { "type": "string" }], "minItems": 2 }),
            120,
        ),
        (
            json!({ "type": "object", "required": ["a", "b"], "properties": { "a": { "type": "string" } },
            "additionalProperties": { "type": "integer" } }),
            120,
        ),
        (json!({ "$ref": "#/$defs/deep" }), 120),
        (json!({ "$ref": "#/$defs/name", "description": "beside it" }), 120),
        (json!({ "allOf": [{ "type": "string" }, { "minLength": 12 }] }), 120),
        (json!({ "anyOf": [{ "type": "null" }, { "type": "string" }] }), 120),
        (json!({ "oneOf": [{ "type": "array", "minItems": 5000 }, { "type": "integer" }] }), 99),
        (json!({ "type": "string", "format": "uri" }), 120),
        (json!({ "type": "string", "format": "date-time" }), 120),
        (json!({ "type": "string", "format": "date" }), 28),
        (json!({ "type": "string", "format": "time" }), 5),
        (json!({ "type": "string", "format": "email" }), 120),
        (json!({ "type": "string", "format": "uuid" }), 120),
        (json!({ "type": "string", "format": "ipv4" }), 120),
        (json!({ "type": "string", "format": "ipv6" }), 120),
        (json!({ "type": "string", "format": "hostname" }), 120),
        (json!({ "type": "string", "format": "duration" }), 120),
        (json!({ "type": "string", "pattern": "^[A-Z]{3}-\\d{4,}$" }), 120),
        (json!({ "type": "string", "pattern": "^(?:cat|dog)s?/[a-f0-9]+$", "maxLength": 20 }), 120),
        (json!({ "type": "string", "pattern": "^#?([a-zA-Z0-9_.-]+)$", "minLength": 4 }), 100),
    ]
}

#[test]
fn arguments_keep_to_the_schema_and_differ_from_call_to_call() {
    for (property, differ) in properties() {
        let schema = object(property.clone());
        let arguments = made(&schema, Leaving::Closed).unwrap();
        assert_eq!(arguments.len(), 120);
        let wrong = keeps_to(&schema, &arguments);
        assert!(wrong.is_empty(), "{property}: {}", wrong[0]);
        let mut texts: Vec<String> = arguments.iter().map(Value::to_string).collect();
        texts.sort();
        texts.dedup();
        assert!(texts.len() >= differ, "{property}: only {} differ", texts.len());
    }
}

#[test]
fn wrong_arguments_keep_to_no_schema() {
    for (property, _) in properties() {
        let schema = object(property.clone());
        let anything = keeps_to(&schema, &[json!({ "x": { "no": { "such": [1] } } })]).is_empty();
        let arguments = made(&schema, Leaving::Invalid).unwrap();
        let right = arguments.len() - keeps_to(&schema, &arguments).len();
        assert!(anything || right == 0, "{property}: {right} of {} are right", arguments.len());
    }
}

#[test]
fn what_need_not_be_there_is_left_out() {
    let schema = json!({ "type": "object", "properties": { "limit": { "type": "integer" } } });
    assert_eq!(made(&schema, Leaving::Closed).unwrap()[5], json!({}));
}

#[test]
fn a_tool_that_nothing_can_be_made_for_is_told_with_the_reason() {
    for (property, why) in [
        (json!(false), "x: it asks for a value that cannot be"),
        (json!({ "$ref": "#/$defs/none" }), "x: it refers to #/$defs/none, which is not in it"),
        (json!({ "$ref": "https://example.com/x" }), "which is not in it"),
        (json!({ "$ref": "#/properties/x" }), "it refers to itself"),
        (json!({ "type": "array", "minItems": 1_000_000 }), "it asks for 1000000 items"),
        (
            json!({ "type": "array", "minItems": 1000, "items": { "type": "array", "minItems": 1000 } }),
            "it asks for too many values",
        ),
        (json!({ "type": "string", "minLength": 1_u64 << 40 }), "it asks for a text of"),
        (json!({ "type": "integer", "minimum": 3, "maximum": 2 }), "it allows no number"),
        (
            json!({ "type": "string", "pattern": "^(?=a)b" }),
            "its pattern ^(?=a)b is not understood",
        ),
        (json!({ "type": "string", "pattern": "^(?:|){900}a{1000000}$" }), "is not understood"),
        (json!({ "type": "string", "pattern": "^aaaa$", "maxLength": 3 }), "no text was found"),
        (json!({ "type": "file" }), "it asks for a value of the kind file"),
        (json!({ "enum": [] }), "it allows no value"),
    ] {
        let told = made(&object(property.clone()), Leaving::Closed).unwrap_err();
        assert!(told.contains("no arguments can be made for made: "), "{told}");
        assert!(told.contains(why), "{property}: {told}");
    }
    // Others are called without it.
    let tools = vec![
        json!({ "name": "good", "inputSchema": { "type": "object" } }),
        json!({ "name": "bad\u{7}", "inputSchema": object(json!(false)) }),
    ];
    let server = Server::with_tools(Plays::Json, tools);
    let wanted = Wanted { tools: vec!["*".into()], ..Wanted::default() };
    let place = Place::Url(server.url(), Vec::new());
    let mcp = Mcp::meet(place, &wanted, &Cancel::default()).unwrap();
    let left_out = ("bad\\u{7}".to_owned(), "x: it asks for a value that cannot be".to_owned());
    assert_eq!((mcp.tools(), mcp.left_out()), (1, &[left_out][..]));
}
