//! What bundlers write in; the lines that an author wrote out. Lines and columns of the scripts, from 0,
//! are those of V8's snapshots, and so are the names.

use crate::scanning::root;
use heapdiff::places::{Maps, Script, Variable};

/// A script, a place in it, and what stands in the author's line.
const PLACES: [(&str, u32, u32, &str); 20] = [
    ("esbuild/server.js", 0, 41, "constructor(id: string)"),
    ("esbuild/server.js", 0, 58, "add(part: number)"),
    ("esbuild/server.js", 0, 85, "class Ticket"),
    ("esbuild/server.js", 0, 129, "function openSession"),
    ("esbuild/server.js", 0, 188, "closeSession = (id"),
    ("esbuild/server.js", 0, 213, "function serve"),
    ("inline/server.js", 5, 15, "constructor(id: string)"),
    ("inline/server.js", 12, 15, "class Ticket"),
    ("inline/server.js", 19, 22, "function openSession"),
    ("inline/server.js", 25, 21, "closeSession = (id"),
    ("tsc/main.js", 4, 14, "function serve"),
    ("tsc/registry.js", 7, 20, "function openSession"),
    ("tsc/session.js", 5, 15, "constructor(id: string)"),
    ("tsc/session.js", 9, 7, "add(part: number)"),
    ("rollup/server.js", 0, 45, "constructor(id)"),
    ("rollup/server.js", 0, 126, "function openSession"),
    ("rollup/server.js", 0, 177, "function serve"),
    ("webpack/server.js", 0, 38, "constructor(id)"),
    ("webpack/server.js", 0, 69, "add(part)"),
    ("webpack/server.js", 0, 160, "function openSession"),
];

#[test]
fn places_of_bundles_are_the_lines_that_were_written() {
    let bundles = root().join("tests/bundles");
    let maps = Maps::new(&[], None);
    for (script, line, column, expected) in PLACES {
        let name = bundles.join("out").join(script).display().to_string();
        let place = maps.original(Script { name: &name, map: None }, line, column);
        let place = place.unwrap_or_else(|| panic!("{script}:{line}:{column} {:?}", maps.notes()));
        // webpack tells a path in the project.
        let text = std::fs::read_to_string(bundles.join(&place.file)).unwrap();
        let written = text.lines().nth(place.line as usize).unwrap();
        assert!(written.contains(expected), "{script}:{line}:{column}: {place:?}: {written}");
    }
    assert_eq!(maps.notes(), [""; 0]);
}

/// A script, a place in it, what the script calls what is there, and what the author does.
const NAMES: [(&str, u32, u32, &str, Option<&str>); 11] = [
    ("esbuild/server.js", 0, 41, "o", Some("Session")),
    ("esbuild/server.js", 0, 85, "n", Some("Ticket")),
    ("esbuild/server.js", 0, 129, "r", Some("openSession")),
    ("esbuild/server.js", 0, 188, "i", Some("closeSession")),
    ("inline/server.js", 5, 15, "Session", None),
    ("tsc/session.js", 5, 15, "Session", None),
    ("rollup/server.js", 0, 45, "s", Some("Session")),
    ("rollup/server.js", 0, 126, "n", Some("openSession")),
    ("webpack/server.js", 0, 38, "s", Some("Session")),
    ("webpack/server.js", 0, 69, "add", None),
    ("webpack/server.js", 0, 160, "c", Some("openSession")),
];

/// A script, where `openSession` is in it, the registry's variable there, and the file that declares it.
const VARIABLES: [(&str, u32, u32, &str, &str); 5] = [
    ("esbuild/server.js", 0, 129, "t", "registry.ts"),
    ("inline/server.js", 19, 22, "sessions", "registry.ts"),
    ("tsc/registry.js", 7, 20, "sessions", "registry.ts"),
    ("rollup/server.js", 0, 126, "e", "registry.js"),
    ("webpack/server.js", 0, 160, "e", "registry.mjs"),
];

#[test]
fn what_a_bundler_calls_otherwise_has_the_name_that_was_written() {
    let bundles = root().join("tests/bundles/out");
    let maps = Maps::new(&[], None);
    for (script, line, column, compiled, expected) in NAMES {
        let name = bundles.join(script).display().to_string();
        let name = maps.name(Script { name: &name, map: None }, (line, column), compiled);
        assert_eq!(name.as_deref(), expected, "{script}:{line}:{column}");
    }
    for (script, line, column, name, file) in VARIABLES {
        let path = bundles.join(script).display().to_string();
        let asked = Variable { function: (line, column), inside: false, name, beside: &[] };
        let found = maps.variable(Script { name: &path, map: None }, &asked);
        assert_eq!(found.name.as_deref().unwrap_or(name), "sessions", "{script}");
        // A script of one file is said to be from that anyway.
        let told = found.file.is_some_and(|found| found.ends_with(file));
        assert!(told || script.starts_with("tsc"), "{script}");
    }
}
