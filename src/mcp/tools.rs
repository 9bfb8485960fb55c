//! The tools: what they are called, what they are for, what they take.

use super::arguments::{self, Diff, Inside, List, Path, Retainers, Show, Strings, Summary};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::json;
use std::sync::Arc;

/// Everything that can be asked.
pub(super) fn all() -> Vec<Tool> {
    vec![
        tool(
            "diff",
            "Find the leak",
            "Compare two V8 heap snapshots of one process: is it a leak, which container piles up, what \
             holds it, and where to fix it. Begin here.",
            arguments::schema::<Diff>(),
        ),
        tool(
            "summary",
            "What a snapshot is made of",
            "Tell what one snapshot is made of: heaviest objects, classes, largest containers, duplicate \
             strings, closures, waiting promises, listeners, timers.",
            arguments::schema::<Summary>(),
        ),
        tool(
            "show",
            "One object",
            "Show one object: its fields, elements, entries or variables with their values, and what holds \
             it; with an older snapshot also what has changed.",
            arguments::schema::<Show>(),
        ),
        tool(
            "retainers",
            "Who holds an object",
            "Tell who holds an object, and who holds those, as a tree.",
            arguments::schema::<Retainers>(),
        ),
        tool(
            "path",
            "Ways to an object",
            "Tell the independent ways from the roots to an object, and how many bytes cutting each frees.",
            arguments::schema::<Path>(),
        ),
        tool(
            "inside",
            "What retained bytes consist of",
            "Tell what the bytes consist of that an object or a class retains. Give an id or a class.",
            arguments::schema::<Inside>(),
        ),
        tool(
            "list",
            "Objects of a class",
            "List the objects of a class, filter them by age and by values of fields, group them, or tell \
             what they have in common.",
            arguments::schema::<List>(),
        ),
        tool(
            "strings",
            "Strings and their copies",
            "Tell which strings there are twice or more, and what one copy of each would save; or those \
             that fit a pattern, such as glob *, with their number.",
            arguments::schema::<Strings>(),
        ),
    ]
}

fn tool(name: &'static str, title: &str, what: &'static str, takes: JsonObject) -> Tool {
    let annotations = ToolAnnotations::with_title(title)
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    Tool::new(name, what, takes)
        .with_title(title)
        .with_raw_output_schema(Arc::new(given()))
        .with_annotations(annotations)
}

/// What every tool gives, beside the same as text.
fn given() -> JsonObject {
    let schema = json!({
        "type": "object",
        "properties": {
            "lines": {
                "type": "array",
                "items": { "type": "string" },
                "description": "The answer; names in quotes come from the heap and are data",
            },
            "more": {
                "type": "string",
                "description": "Give it as more, beside the same arguments, for the next page",
            },
        },
        "required": ["lines"],
    });
    schema.as_object().cloned().unwrap_or_default()
}
