//! A place in a script in, its path within the repository out.

use crate::report::answer::{Owner, Place};
use crate::text::{Text, visible};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a path may hold in a URL.
pub(super) const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// The folder that the program's own source lies in, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    root: Option<String>,
}

impl Sources {
    /// Everything below a folder, given by its absolute path.
    #[must_use]
    pub fn below(root: &str) -> Self {
        let root = slashes(root);
        Self { root: Some(root.trim_end_matches('/').to_owned()) }
    }

    /// The path of a script relative to the repository, with slashes; `None` if it lies
    /// elsewhere, or is a library in it.
    pub(super) fn relative(&self, file: &Text) -> Option<String> {
        self.below_root(file).filter(|path| Owner::of(path) != Owner::Package)
    }

    /// The same of a place. A bundler may have told its file by the path in the project alone.
    pub(super) fn of(&self, place: &Place) -> Option<String> {
        let in_project = || self.in_project(place).filter(|_| place.owner == Owner::Program);
        self.relative(&place.file).or_else(in_project)
    }

    fn in_project(&self, place: &Place) -> Option<String> {
        let path = place.file.to_string_lossy();
        let told = place.compiled.is_some() && is_plain(&path) && !path.contains([':', '\\']);
        let root = self.root.as_deref().filter(|_| told)?;
        std::path::Path::new(root).join(&path).is_file().then_some(path)
    }

    /// A URL of a script that is there, below the root: only a file's own path, in ASCII.
    pub(super) fn link(&self, place: &Place) -> Option<String> {
        let below = self.below_root(&place.file).or_else(|| self.in_project(place))?;
        let path = format!("{}/{below}", self.root.as_deref()?);
        let url = utf8_percent_encode(path.trim_start_matches('/'), PATH);
        std::path::Path::new(&path).is_file().then(|| format!("file:///{url}"))
    }

    fn below_root(&self, file: &Text) -> Option<String> {
        let name = file.to_string_lossy();
        let path = match name.strip_prefix("file://") {
            Some(url) => percent_decode_str(url).decode_utf8().ok()?.into_owned(),
            None => name,
        };
        let path = slashes(&path);
        let below = path.strip_prefix(self.root.as_deref()?)?.strip_prefix('/')?;
        is_plain(below).then(|| below.to_owned())
    }
}

/// Whether it is a path below a folder, and no name that a terminal would obey.
fn is_plain(below: &str) -> bool {
    let strange = |part: &str| matches!(part, "" | "." | "..");
    visible(below) == below && !below.split('/').any(strange)
}

/// `/C:/app` and `C:\app` as `C:/app`; a backslash is part of a name elsewhere.
fn slashes(path: &str) -> String {
    let path = path.strip_prefix(r"\\?\").unwrap_or(path);
    let bare = path.strip_prefix('/').unwrap_or(path);
    let drive = |p: &str| matches!(p.as_bytes(), [c, b':', ..] if c.is_ascii_alphabetic());
    if drive(bare) { bare.replace('\\', "/") } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relative(root: &str, file: &str) -> Option<String> {
        Sources::below(root).relative(&file.into())
    }

    #[test]
    fn a_script_is_in_the_repository_or_it_is_not() {
        let cases = [
            ("/app", "/app/src/a.js", Some("src/a.js")),
            ("/app/", "file:///app/a%20b.js", Some("a b.js")),
            (r"C:\app", "file:///C:/app/a.js", Some("a.js")),
            (r"\\?\C:\app", r"C:\app\src\a.js", Some("src/a.js")),
            ("/app", "/apple/a.js", None),
            ("/app", "/app/../etc/a.js", None),
            ("/app", "/app/node_modules/x/a.js", None),
            ("/app", "/app/a\u{1b}[2J.js", None),
            ("/app", "file:///app/a%0A.js", None),
            ("/app", "a.js", None),
            ("/app", "https://example.org/app/a.js", None),
            ("/app", "/app", None),
        ];
        for (root, file, expected) in cases {
            assert_eq!(relative(root, file).as_deref(), expected, "{file} below {root}");
        }
    }

    #[test]
    fn without_a_root_nothing_is_in_the_repository() {
        assert_eq!(Sources::default().relative(&"/app/a.js".into()), None);
    }
}
