//! Numbers in, names and texts out, as sources of programs have them.

use super::heap::Random;
use std::fmt::Write;

const FIRST: [&str; 24] = [
    "get", "set", "create", "is", "has", "resolve", "update", "handle", "parse", "emit", "find",
    "visit", "check", "load", "with", "to", "on", "flush", "bind", "read", "write", "next",
    "current", "default",
];
const SECOND: [&str; 24] = [
    "Node", "Symbol", "Session", "Request", "Token", "Name", "Scope", "Type", "Value", "Index",
    "Error", "Stream", "Message", "Path", "Buffer", "Entry", "Listener", "Context", "Module",
    "Option", "Range", "Element", "Cache", "Event",
];
const THIRD: [&str; 16] = [
    "", "s", "Id", "Map", "List", "Type", "Handler", "Count", "At", "ByName", "Async", "Options",
    "Result", "State", "Factory", "Key",
];

/// The name with this number; the first 9,216 are words alone.
pub fn identifier(n: usize) -> String {
    let (first, n) = (FIRST[n % FIRST.len()], n / FIRST.len());
    let (second, n) = (SECOND[n % SECOND.len()], n / SECOND.len());
    let (third, n) = (THIRD[n % THIRD.len()], n / THIRD.len());
    if n == 0 { format!("{first}{second}{third}") } else { format!("{first}{second}{third}{n}") }
}

/// A name; those with low numbers are drawn more often.
pub fn drawn(random: &mut Random, of: usize) -> String {
    let end = 1 + random.below(of);
    identifier(random.below(end))
}

/// A piece of source, as long as V8 writes strings at most.
pub fn source(random: &mut Random, seed: usize) -> String {
    let mut text = format!("// file {seed}\n\"use strict\";\n");
    while text.len() < 1_024 {
        let [a, b, c] = [0; 3].map(|_| drawn(random, 2_000));
        let _ = match random.below(4) {
            0 => writeln!(text, "const {a} = require(\"./{b}\");"),
            1 => writeln!(text, "function {a}({b}, {c}) {{\n\treturn {b}.{c};\n}}"),
            2 => writeln!(text, "  if ({a} !== '{b}\\n') {c}(); // \u{2713}"),
            _ => writeln!(text, "  this.{a} = {b}.map(({c}) => {c} ?? null);"),
        };
    }
    while text.len() > 1_024 {
        text.pop();
    }
    text
}
