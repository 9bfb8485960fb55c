//! What scripts, maps and sources are called in, paths out. Sources are text alone: nothing here opens
//! them.

use percent_encoding::percent_decode_str;
use std::path::{Path, PathBuf};

/// Schemes of bundlers, behind which a path in the project stands.
const BUNDLERS: [&str; 5] =
    ["webpack://", "webpack-internal://", "turbopack://", "rspack://", "rollup://"];

/// How webpack calls what it does not bundle: `external commonjs "next/dist/server/web"`.
const EXTERNAL: &str = "external ";

/// A scheme, and what follows on it: `file`, `http`; a drive is none.
fn scheme(name: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = name.split_once(':')?;
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    (scheme.len() > 1 && scheme.chars().all(letters)).then_some((scheme, rest))
}

fn is_drive(name: &str) -> bool {
    matches!(name.as_bytes(), [c, b':', b'/' | b'\\', ..] if c.is_ascii_alphabetic())
}

fn is_absolute(name: &str) -> bool {
    name.starts_with(['/', '\\']) || is_drive(name) || scheme(name).is_some()
}

/// A URL without what is asked of it.
fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The local file that a path or a `file:` URL names; none on another host.
pub(super) fn local(name: &str) -> Option<PathBuf> {
    let path = match name.get(..5).filter(|start| start.eq_ignore_ascii_case("file:")) {
        Some(_) => {
            let rest = without_query(&name[5..]);
            let rest = rest.strip_prefix("//localhost/").map_or(rest, |_| &rest[11..]);
            let path = rest.strip_prefix("//").unwrap_or(rest);
            let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
            if path.get(1..).is_some_and(is_drive) { path[1..].to_owned() } else { path }
        }
        None => name.to_owned(),
    };
    let elsewhere = ["//", r"\\", r"/\", r"\/"].iter().any(|host| path.starts_with(host));
    let path = PathBuf::from(path);
    (path.is_absolute() && !elsewhere).then_some(path)
}

/// The file that a map's URL names, as seen from a folder.
pub(super) fn beside(folder: &Path, url: &str) -> Option<PathBuf> {
    if is_absolute(url) {
        return local(url);
    }
    let path = percent_decode_str(without_query(url)).decode_utf8().ok()?;
    (!path.is_empty()).then(|| folder.join(&*path))
}

/// The parts of a script's path, of a URL without the host.
pub(super) fn parts(name: &str) -> Vec<String> {
    let path = match scheme(name) {
        Some((_, rest)) => {
            let rest = without_query(rest);
            let path = rest
                .strip_prefix("//")
                .map_or(rest, |rest| rest.split_once('/').map_or("", |(_, path)| path));
            percent_decode_str(path).decode_utf8_lossy().into_owned()
        }
        None => name.to_owned(),
    };
    let parts: Vec<String> = path.split(['/', '\\']).map(str::to_owned).collect();
    let strange = |part: &String| matches!(part.as_str(), "." | "..") || part.contains([':', '\0']);
    let from = parts.iter().rposition(strange).map_or(0, |at| at + 1);
    parts[from..].iter().filter(|part| !part.is_empty()).cloned().collect()
}

/// What a source is called, of a map that stands at `base` (a name like a script's).
pub(super) fn original(base: &str, root: &str, source: &str) -> Option<String> {
    if source.is_empty() {
        return None;
    }
    let named = match root {
        "" => source.to_owned(),
        _ if is_absolute(source) => source.to_owned(),
        root => format!("{}/{source}", root.trim_end_matches('/')),
    };
    if let Some(bundled) = BUNDLERS.iter().find_map(|scheme| named.strip_prefix(scheme)) {
        return in_project(bundled);
    }
    if is_absolute(&named) {
        return Some(named);
    }
    Some(joined(base, &named))
}

/// `app/./src/session.ts?1f2e` of a bundler: the path in the project, `src/session.ts`.
fn in_project(name: &str) -> Option<String> {
    let (_, path) = name.split_once('/')?;
    let mut path = path.split('?').next().unwrap_or_default();
    // Next's layers, Turbopack's root.
    while let Some((first, rest)) = path.split_once('/')
        && (is_layer(first) || first == "[project]")
    {
        path = rest;
    }
    let path = joined("", path);
    // What stays outside of a bundle is in no file of the project.
    (!path.is_empty() && !path.starts_with(EXTERNAL)).then_some(path)
}

fn is_layer(part: &str) -> bool {
    let inside = part.strip_prefix('(').and_then(|part| part.strip_suffix(')'));
    inside.is_some_and(|inside| inside != "webpack")
}

/// A relative path behind a script's folder.
pub(super) fn joined(base: &str, relative: &str) -> String {
    let start = match scheme(base) {
        Some((scheme, rest)) => {
            let host =
                rest.strip_prefix("//").map_or(0, |rest| 2 + rest.find('/').unwrap_or(rest.len()));
            scheme.len() + 1 + host
        }
        None if is_drive(base) => 2,
        None => 0,
    };
    let (start, path) = base.split_at(start);
    let slash = if path.starts_with(['/', '\\']) { "/" } else { "" };
    let mut parts: Vec<&str> = path.split(['/', '\\']).collect();
    parts.pop();
    parts.extend(relative.split(['/', '\\']));
    let mut kept: Vec<&str> = Vec::new();
    for part in parts {
        match part {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            part => kept.push(part),
        }
    }
    format!("{start}{slash}{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_called_as_their_author_would() {
        for (base, root, source, expected) in [
            ("/app/dist/server.mjs", "", "../src/session.ts", "/app/src/session.ts"),
            ("/app/dist/server.mjs", "../src/", "session.ts", "/app/src/session.ts"),
            ("/app/dist/server.mjs", "/repo/src", "a/b.ts", "/repo/src/a/b.ts"),
            ("/app/x.js", "", "/repo/src/b.ts", "/repo/src/b.ts"),
            ("file:///app/dist/a.mjs", "", "../src/b.ts", "file:///app/src/b.ts"),
            ("https://x.org/assets/a.js", "", "../src/b.ts", "https://x.org/src/b.ts"),
            (r"C:\app\dist\a.js", "", "../src/b.ts", "C:/app/src/b.ts"),
            ("bundle.js", "", "../src/b.ts", "src/b.ts"),
            ("/a/x.js", "", "../../../../etc/passwd", "/etc/passwd"),
            ("/a/x.js", "", "webpack://shop/./src/session.ts?1f2e", "src/session.ts"),
            ("/a/x.js", "", "webpack:///src/session.ts", "src/session.ts"),
            ("/a/x.js", "", "webpack://_N_E/(rsc)/./app/page.tsx", "app/page.tsx"),
            ("/a/x.js", "", "turbopack:///[project]/app/page.tsx", "app/page.tsx"),
            ("/a/x.js", "webpack://shop/", "./src/a.ts", "src/a.ts"),
            ("/a/x.js", "", "webpack://shop/../../lib/a.ts", "lib/a.ts"),
        ] {
            let name = original(base, root, source);
            assert_eq!(name.as_deref(), Some(expected), "{base} {root} {source}");
        }
        assert_eq!(original("/a/x.js", "", "webpack://_N_E/?7a1c"), None);
        assert_eq!(original("/a/x.js", "", "webpack://n/external commonjs \"a/b.js\""), None);
        assert_eq!(original("/a/x.js", "", ""), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_local_files_are_files() {
        for (name, expected) in [
            ("/app/a.js", Some("/app/a.js")),
            ("file:///app/a%20b.js?v=1", Some("/app/a b.js")),
            ("file://localhost/app/a.js", Some("/app/a.js")),
            ("FILE:/app/a.js", Some("/app/a.js")),
            ("file://host/app/a.js", None),
            ("file:////host/app/a.js", None),
            ("//host/share/a.js", None),
            (r"\\host\share\a.js", None),
            ("https://x.org/a.js", None),
            ("node:net", None),
            ("a.js", None),
            ("é/a", None),
        ] {
            assert_eq!(local(name).as_deref(), expected.map(Path::new), "{name}");
        }
        assert_eq!(parts("https://x.org/a/../b/c%20d.js?x"), ["b", "c d.js"]);
        assert_eq!(parts("/app/dist/a.js"), ["app", "dist", "a.js"]);
    }
}
