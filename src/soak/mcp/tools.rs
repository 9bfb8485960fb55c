//! The tools of a server in, calls of them out, each with other arguments than the one before.

use super::arguments;
use super::messages::said;
use crate::error::{Error, ErrorKind, Result};
use crate::text::visible;
use data_encoding::BASE64;
use serde_json::{Map, Value, json};

/// All of them.
const ALL: &str = "*";
/// What stands in a text for the number of the call.
const NUMBER: &str = "{n}";

/// What is to be called.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Tools by their names, or `*` for all that there are.
    pub tools: Vec<String>,
    /// Arguments for each of them; without, they are made of what a tool says of itself.
    pub arguments: Option<Value>,
    /// Arguments that the tools take and then fail with.
    pub failing: Option<Value>,
    /// The version of the protocol; without, one with sessions if the server gives any.
    pub version: Option<String>,
}

/// A tool as its server describes it.
#[derive(Debug, Clone)]
struct Tool {
    name: String,
    schema: Value,
}

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    tool: String,
    arguments: Value,
    /// What is said of the arguments in the head of a request.
    headers: Vec<(String, String)>,
}

impl Call {
    pub(super) fn params(&self) -> Value {
        json!({ "name": self.tool, "arguments": self.arguments })
    }

    /// What the head of a request says of it, in the version without sessions.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let name = ("Mcp-Name".to_owned(), field(&self.tool));
        std::iter::once(name).chain(self.headers.iter().cloned()).collect()
    }
}

/// Which tools are called, and with what.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    tools: Vec<Tool>,
    wanted: Wanted,
    /// Which tools there are and are not called, and why.
    pub left_out: Vec<(String, String)>,
}

impl Plan {
    /// Of what there is, takes what is wanted.
    ///
    /// # Errors
    /// `Usage` if a tool is not there, or no arguments can be made for any.
    pub(super) fn new(listed: &[Value], wanted: &Wanted) -> Result<Self> {
        let usage = |what: String| Error::new(ErrorKind::Usage, what);
        for given in [&wanted.arguments, &wanted.failing].into_iter().flatten() {
            if !given.is_object() {
                return Err(usage("the arguments of a tool are an object of JSON".to_owned()));
            }
        }
        let tool = |value: &Value| {
            let name = value.get("name")?.as_str()?.to_owned();
            Some(Tool { name, schema: value.get("inputSchema").cloned().unwrap_or_default() })
        };
        let all: Vec<Tool> = listed.iter().filter_map(tool).collect();
        let mut tools = Vec::new();
        for name in &wanted.tools {
            if name == ALL {
                tools.clone_from(&all);
                break;
            }
            let found = all.iter().find(|tool| tool.name == *name);
            let found = found.ok_or_else(|| {
                usage(format!("the server has no tool {}", visible(name))).with_hint(names(&all))
            })?;
            tools.push(found.clone());
        }
        if tools.is_empty() {
            let what = "no tool of the server is to be called".to_owned();
            return Err(usage(what).with_hint(names(&all)));
        }
        let mut plan = Self { tools, wanted: wanted.clone(), left_out: Vec::new() };
        plan.leave_out();
        if let (true, Some((name, why))) = (plan.tools.is_empty(), plan.left_out.first()) {
            let what = format!("no arguments can be made for {name}: {why}");
            return Err(usage(what).with_hint("give the arguments of the tool"));
        }
        Ok(plan)
    }

    /// Leaves out the tools that no arguments can be made for.
    fn leave_out(&mut self) {
        if self.wanted.arguments.is_some() {
            return;
        }
        let left_out = &mut self.left_out;
        self.tools.retain(|tool| match arguments::make(&tool.schema, 0) {
            Ok(_) => true,
            Err(why) => {
                left_out.push((said(&tool.name), said(&why)));
                false
            }
        });
    }

    /// How many tools are called.
    pub(super) fn tools(&self) -> usize {
        self.tools.len()
    }

    /// The call of this number: the tools take turns.
    pub(super) fn call(&self, number: u64) -> Call {
        let tool = self.tool(number);
        let arguments = match &self.wanted.arguments {
            Some(given) => numbered(given, number),
            // It went well for the first one.
            None => arguments::make(&tool.schema, number).unwrap_or_else(|_| json!({})),
        };
        call(tool, arguments)
    }

    /// A call of this number that cannot go well: of a tool that is not there, with arguments that its
    /// schema forbids, or with those that it fails with.
    pub(super) fn invalid(&self, number: u64) -> Call {
        let kinds = if self.wanted.failing.is_some() { 3 } else { 2 };
        let (kind, number) = (number % kinds, number / kinds);
        let tool = self.tool(number);
        match (&self.wanted.failing, kind) {
            (_, 0) => Call {
                tool: format!("no-such-tool-{number}"),
                arguments: json!({}),
                headers: Vec::new(),
            },
            (Some(failing), 2) => call(tool, numbered(failing, number)),
            _ => call(tool, arguments::wrong(&tool.schema, &self.call(number).arguments, number)),
        }
    }

    fn tool(&self, number: u64) -> &Tool {
        &self.tools[usize::try_from(number).unwrap_or_default() % self.tools.len()]
    }
}

fn call(tool: &Tool, arguments: Value) -> Call {
    let mut headers = Vec::new();
    declared(&tool.schema, &arguments, &mut headers, 0);
    Call { tool: tool.name.clone(), arguments, headers }
}

/// A few names of tools, for who named another.
fn names(all: &[Tool]) -> String {
    let names: Vec<String> = all.iter().take(20).map(|tool| said(&tool.name)).collect();
    match names.len() {
        0 => "it has no tools".to_owned(),
        _ => format!("it has {}", names.join(", ")),
    }
}

/// The same with the number of the call in its texts.
fn numbered(given: &Value, number: u64) -> Value {
    match given {
        Value::String(text) => Value::String(text.replace(NUMBER, &number.to_string())),
        Value::Array(all) => all.iter().map(|value| numbered(value, number)).collect(),
        Value::Object(all) => {
            let numbered = all.iter().map(|(key, value)| (key.clone(), numbered(value, number)));
            Value::Object(numbered.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// The arguments that a schema wants to have in the head of a request too (`x-mcp-header`), where proxies
/// read them.
fn declared(schema: &Value, value: &Value, found: &mut Vec<(String, String)>, depth: usize) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for (key, schema) in properties.into_iter().flatten() {
        let Some(value) = value.get(key) else { continue };
        if let Some(name) = schema.get("x-mcp-header").and_then(Value::as_str)
            && is_token(name)
        {
            match value {
                Value::String(text) => found.push((format!("Mcp-Param-{name}"), field(text))),
                Value::Bool(_) | Value::Number(_) => {
                    found.push((format!("Mcp-Param-{name}"), value.to_string()));
                }
                _ => {}
            }
        }
        if depth < arguments::DEEPEST {
            declared(schema, value, found, depth + 1);
        }
    }
}

/// Whether it can be the name of a header.
fn is_token(name: &str) -> bool {
    let ok = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(ok)
}

/// A text as a header can have it.
fn field(text: &str) -> String {
    let is_plain = !text.is_empty()
        && text.trim() == text
        && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
        && !text.starts_with("=?base64?");
    if is_plain {
        text.to_owned()
    } else {
        format!("=?base64?{}?=", BASE64.encode(text.as_bytes()))
    }
}
