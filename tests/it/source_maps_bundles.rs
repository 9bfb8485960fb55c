//! What bundlers write in; the lines that an author wrote out. Lines and columns of the scripts, from 0,
//! are those of V8's snapshots.

use crate::scanning::root;
use heapdiff::places::{Maps, Script};

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
    let maps = Maps::new(&[]);
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
