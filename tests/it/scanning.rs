//! What tests that read this repository's source have in common: code without comments and literals,
//! literals without code.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// All Rust files below a folder by their path in it.
pub fn sources(below: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![below.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(below).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(found.len() > 5);
    found
}

pub fn src() -> BTreeMap<String, String> {
    sources(&root().join("src"))
}

/// The code alone: comments and the insides of literals are blank, lines stay lines.
pub fn code(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = at + literal_or_comment(&chars[at..], at > 0 && is_word(chars[at - 1]));
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Length of the literal or comment that starts here; 0 if none does.
pub fn literal_or_comment(rest: &[char], in_word: bool) -> usize {
    let starts = |text: &str| text.chars().zip(rest).filter(|(a, b)| a == *b).count() == text.len();
    let until = |from: usize, end: &str| {
        let end: Vec<char> = end.chars().collect();
        let found = rest[from..].windows(end.len()).position(|w| w == end);
        found.map_or(rest.len(), |n| from + n + end.len())
    };
    if starts("//") {
        return until(0, "\n") - 1;
    }
    if starts("/*") {
        return until(2, "*/");
    }
    let raw = usize::from(starts("br")) + 1;
    if !in_word && (starts("r") || starts("br")) {
        let hashes = rest[raw..].iter().take_while(|c| **c == '#').count();
        if rest.get(raw + hashes) == Some(&'"') {
            return until(raw + hashes + 1, &format!("\"{}", "#".repeat(hashes)));
        }
    }
    match rest {
        ['"', ..] => quoted(rest, '"'),
        ['\'', '\\', ..] | ['\'', _, '\'', ..] => quoted(rest, '\''),
        _ => 0,
    }
}

pub fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The code without its `#[cfg(test)]` modules and items.
pub fn product(source: &str) -> String {
    let mut code = code(source);
    while let Some(test) = test(&code) {
        code.replace_range(test, "");
    }
    code
}

/// Where the first `#[cfg(test)]` module or item stands in some code.
pub fn test(code: &str) -> Option<Range<usize>> {
    let start = code.find("#[cfg(test)]")?;
    let rest = &code[start..];
    let brace = rest.find('{').unwrap_or(rest.len());
    let end = match rest.find(';') {
        Some(end) if end < brace => end + 1,
        _ => brace + closing(&rest[brace..]),
    };
    Some(start..start + end)
}

/// The insides of the string literals in the code without its tests, as they are written.
pub fn literals(source: &str) -> Vec<String> {
    let mut chars: Vec<char> = source.chars().collect();
    let mut code = code(source);
    assert!(code.is_ascii(), "only literals and comments hold other letters");
    while let Some(test) = test(&code) {
        chars.drain(test.clone());
        code.replace_range(test, "");
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let length = literal_or_comment(&chars[at..], at > 0 && is_word(chars[at - 1]));
        let whole = &chars[at..at + length];
        if let ['"' | 'r' | 'b', ..] = whole {
            let quotes: Vec<usize> = (0..length).filter(|n| whole[*n] == '"').collect();
            found.push(whole[quotes[0] + 1..quotes[quotes.len() - 1]].iter().collect());
        }
        at += length.max(1);
    }
    found
}

/// Length of the block that starts here.
pub fn closing(block: &str) -> usize {
    let mut depth = 0;
    for (at, c) in block.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    panic!("a block does not end: {block}");
}

pub fn room(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

pub fn first_word(text: &str) -> String {
    text.chars().take_while(|c| is_word(*c)).collect()
}

/// Every function with its number of lines, from `fn` to the closing brace.
pub fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let starts = !code[..at].ends_with(is_word);
        let body = code[at..].find(['{', ';']).map(|n| at + n);
        if let Some(body) = body.filter(|b| starts && code[*b..].starts_with('{')) {
            let end = body + closing(&code[body..]);
            found.push((first_word(&code[at + 3..]), code[at..end].lines().count()));
        }
    }
    found
}
