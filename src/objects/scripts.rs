//! A function in, the script that it is written in out; the name of a script in, whether it is the
//! runtime's own out.

use super::internal;
use super::node::{MODULE_FAMILIES, MODULES};
use super::v8::OWN;
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::parse::{EdgeKind, NodeKind};
use serde::Serialize;

/// How the runtime's own scripts begin.
const SCRIPTS: [&str; 7] = [
    "node:",
    "internal/",
    // Deno's.
    "ext:",
    "deno:",
    // Bun's.
    "bun:",
    // V8's, and Chromium's.
    "native ",
    "extensions::",
];

/// The folder of the packages that a program depends on.
const PACKAGES: &str = "node_modules";

/// Where Node's module loader is written, and what runs before it.
const LOADER: [&str; 2] = ["internal/modules/", "internal/bootstrap/"];

/// Whose a script is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Owner {
    /// The program's own.
    Program,
    /// Of a package that it depends on.
    Package,
    /// The runtime's.
    Runtime,
}

impl Owner {
    /// By the script's path or URL.
    #[must_use]
    pub fn of(script: &str) -> Self {
        match () {
            () if is_runtime_file(script) => Self::Runtime,
            () if script.contains(PACKAGES) => Self::Package,
            () => Self::Program,
        }
    }
}

/// What all closures of one function share.
pub(crate) fn shared(heap: &Heap, closure: NodeIdx) -> Option<NodeIdx> {
    internal(heap, closure, "shared")
}

/// The script that what closures share is written in.
pub(crate) fn script(heap: &Heap, shared: NodeIdx) -> Option<NodeIdx> {
    internal(heap, shared, "script").or_else(|| internal(heap, shared, "script_or_debug_info"))
}

/// The node with a script's name: a string of its own, or else the script itself, which V8 calls the
/// same where it has a name that is no flat string.
pub(crate) fn script_name(heap: &Heap, script: NodeIdx) -> Option<NodeIdx> {
    let name = internal(heap, script, "name")?;
    match heap.tables.nodes.kind(name) {
        NodeKind::String => Some(name),
        NodeKind::SlicedString | NodeKind::ConsString => {
            let own = heap.raw_name(script);
            (!own.starts_with("(") && !own.starts_with(OWN)).then_some(script)
        }
        _ => None,
    }
}

/// What a script says of its source map. V8 tells of it without a name, last of its strings.
pub(crate) fn script_map(heap: &Heap, script: NodeIdx) -> Option<NodeIdx> {
    let edges = &heap.tables.edges;
    let nameless =
        heap.tables.edges_of(script).filter(|edge| edges.kind(*edge) == EdgeKind::Hidden);
    let is_string = |node: &NodeIdx| heap.tables.nodes.kind(*node) == NodeKind::String;
    nameless.map(|edge| edges.target(edge)).filter(is_string).last()
}

/// Whether a script is the runtime's own: `node:net`, `internal/timers`, `net.js` and `ext:core` are.
fn is_runtime_file(name: &str) -> bool {
    // Node up to 14 calls its own modules by their file names alone.
    let module = name.strip_suffix(".js").unwrap_or("");
    SCRIPTS.iter().any(|prefix| name.starts_with(prefix))
        || MODULES.contains(&module)
        || MODULE_FAMILIES.iter().any(|prefix| module.starts_with(prefix))
}

/// Whether a script is of the module loader.
pub(crate) fn is_loader_file(name: &str) -> bool {
    LOADER.iter().any(|folder| name.contains(folder))
}

/// A path with slashes in; what stands before the innermost package, its name, and what is below out.
fn split_package(file: &str) -> Option<(&str, String, &str)> {
    let (above, path) = file.rsplit_once(&format!("{PACKAGES}/"))?;
    let name = path.split('/').take(if path.starts_with('@') { 2 } else { 1 });
    Some((above, name.collect::<Vec<_>>().join("/"), path))
}

/// The package that a script is of.
pub(crate) fn package_of(file: &str) -> Option<String> {
    split_package(&file.replace('\\', "/")).map(|(_, name, _)| name)
}

/// A path in a package. pnpm has its version in the name of a folder above.
pub(crate) fn in_package(file: &str) -> Option<String> {
    let file = file.replace('\\', "/");
    let (above, name, path) = split_package(&file)?;
    let rest = path.get(name.len() + 1..).filter(|rest| !rest.is_empty())?;
    let folder = above.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let version = folder.strip_prefix(&name.replace('/', "+")).and_then(|v| v.strip_prefix('@'));
    let version = version.map(|v| v.split(['_', '(']).next().unwrap_or_default());
    let version = version.map_or_else(String::new, |version| format!("@{version}"));
    Some(format!("{name}{version} {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_package_is_called_by_name_version_and_path() {
        for (file, expected) in [
            ("/app/node_modules/undici/lib/client.js", Some("undici lib/client.js")),
            ("/app/node_modules/a/node_modules/@s/b/index.js", Some("@s/b index.js")),
            (
                "/app/node_modules/.pnpm/undici@6.21.0/node_modules/undici/lib/client.js",
                Some("undici@6.21.0 lib/client.js"),
            ),
            (
                "/app/node_modules/.pnpm/@s+b@1.2.3_react@18.0.0/node_modules/@s/b/b.js",
                Some("@s/b@1.2.3 b.js"),
            ),
            (r"C:\app\node_modules\a\b.js", Some("a b.js")),
            ("/app/node_modules/a", None),
            ("/app/server.mjs", None),
        ] {
            assert_eq!(in_package(file).as_deref(), expected, "{file}");
        }
    }
}
