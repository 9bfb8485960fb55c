//! A folder in, the configuration that holds there out.

use super::exit::{Failure, in_options};
use super::repository::above;
use crate::error::Error;
use crate::gate::{Condition, Ignore};
use crate::glob::Glob;
use crate::glob::nearest;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::io::ErrorKind as Io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// What a configuration says.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub conditions: Vec<Condition>,
    pub ignore: Ignore,
    /// As seen from the current folder.
    pub baseline: Option<PathBuf>,
    pub calls: Option<u64>,
    pub strict: bool,
}

/// The keys; a condition is a string with its place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Keys<T> {
    #[serde(default = "Vec::new")]
    fail_on: Vec<T>,
    #[serde(default)]
    ignore: IgnoreKeys,
    baseline: Option<PathBuf>,
    calls: Option<NonZeroU64>,
    #[serde(default)]
    strict: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct IgnoreKeys {
    classes: Vec<String>,
    containers: Vec<String>,
}

/// The one key of a package.json that matters here.
#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    heapdiff: Option<Keys<&'a RawValue>>,
}

impl Config {
    /// Reads the file that is named, or the nearest one; nothing if there is none.
    pub(super) fn load(named: Option<&Path>) -> Result<Self, Failure> {
        if let Some(file) = named {
            let text = read(file)?.ok_or_else(|| {
                let what = format!("{}: there is no such configuration", file.display());
                let hint = "name a heapdiff.toml, or a package.json with a key \"heapdiff\"";
                Failure::usage(what).hint(Some(hint.into()))
            })?;
            let source = Source { file, text: &text };
            if file.extension().is_none_or(|e| e != "json") {
                return source.toml();
            }
            return source.package()?.ok_or_else(|| {
                Failure::usage(format!("{}: there is no key \"heapdiff\"", file.display()))
            });
        }
        for folder in folders()? {
            let file = folder.join("heapdiff.toml");
            if let Some(text) = read(&file)? {
                return Source { file: &file, text: &text }.toml();
            }
            let file = folder.join("package.json");
            if let Some(text) = read(&file)?
                && let Some(config) = (Source { file: &file, text: &text }).package()?
            {
                return Ok(config);
            }
        }
        Ok(Self::default())
    }
}

/// This folder and those above, up to the repository's root; outside of a repository this one
/// alone, since anybody may write into the ones above.
fn folders() -> Result<Vec<PathBuf>, Failure> {
    let here =
        std::env::current_dir().map_err(|e| Error::io("cannot tell the current folder", e))?;
    let root = above(&here).unwrap_or(0);
    Ok((0..=root).map(|up| std::iter::repeat_n("..", up).collect()).collect())
}

/// The text of a file; none if there is nothing of this name. What is there and cannot be read is no
/// absence: its conditions would be lost.
fn read(file: &Path) -> Result<Option<String>, Failure> {
    let shown = file.display();
    let wrong = |what: &str| Failure::usage(format!("{shown}: {what}"));
    match file.metadata() {
        Err(e) if e.kind() == Io::NotFound && file.is_symlink() => {
            return Err(wrong("cannot read the configuration: the link leads nowhere"));
        }
        Err(e) if e.kind() == Io::NotFound => return Ok(None),
        Ok(is) if is_pipe(&is) && !is_handed_over(file) => {
            return Err(wrong("cannot read the configuration: this is a pipe"));
        }
        Ok(_) | Err(_) => {}
    }
    let bytes =
        std::fs::read(file).map_err(|e| wrong(&format!("cannot read the configuration: {e}")))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("this is not UTF-8"))?;
    Ok(Some(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned)))
}

/// Nobody may ever write into it.
fn is_pipe(is: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileTypeExt::is_fifo(&is.file_type())
    }
    #[cfg(not(unix))]
    {
        let _ = is;
        false
    }
}

/// A shell hands over what a command prints as such a file: `--config <(command)`.
fn is_handed_over(file: &Path) -> bool {
    ["/dev/fd", "/proc", "/dev/stdin"].iter().any(|folder| file.starts_with(folder))
}

/// A file with its text.
struct Source<'a> {
    file: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    fn toml(&self) -> Result<Config, Failure> {
        let keys: Keys<Spanned<String>> = toml::from_str(self.text)
            .map_err(|e| self.wrong(e.message(), self.place(e.span().map_or(0, |s| s.start))))?;
        self.config(keys, |text| Ok((text.span().start, text.into_inner())))
    }

    fn package(&self) -> Result<Option<Config>, Failure> {
        let told = |e: &serde_json::Error| {
            let what = e.to_string();
            what.split_once(" at line ").map_or(what.clone(), |(what, _)| what.to_owned())
        };
        let package: Package<'_> = serde_json::from_str(self.text)
            .map_err(|e| self.wrong(&told(&e), (e.line(), e.column())))?;
        let Some(keys) = package.heapdiff else { return Ok(None) };
        let config = self.config(keys, |raw| {
            // A raw value is a part of the text that it was read from.
            let at = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
            let text: String = serde_json::from_str(raw.get())
                .map_err(|e| self.wrong(&told(&e), self.place(at)))?;
            Ok((at, text))
        });
        config.map(Some)
    }

    fn config<T>(
        &self,
        keys: Keys<T>,
        place: impl Fn(T) -> Result<(usize, String), Failure>,
    ) -> Result<Config, Failure> {
        let name = self.file.display().to_string();
        let condition = |written: T| {
            let (at, text) = place(written)?;
            Condition::parse(&text, &name).map_err(|mistake| {
                let (line, column) = self.place(at);
                let what = format!("{name}: {mistake} (line {line}, column {column})");
                Failure::usage(what)
                    .at(&text, mistake.at)
                    .hint(mistake.hint.as_ref().map(in_options))
            })
        };
        let globs = |texts: Vec<String>| texts.iter().map(|text| Glob::new(text)).collect();
        let folder = self.file.parent().unwrap_or_else(|| Path::new(""));
        Ok(Config {
            conditions: keys.fail_on.into_iter().map(condition).collect::<Result<_, _>>()?,
            ignore: Ignore {
                classes: globs(keys.ignore.classes),
                containers: globs(keys.ignore.containers),
            },
            baseline: keys.baseline.map(|file| folder.join(file)),
            calls: keys.calls.map(NonZeroU64::get),
            strict: keys.strict,
        })
    }

    /// Line and column of a byte, from 1.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    fn wrong(&self, what: &str, (line, column): (usize, usize)) -> Failure {
        // serde says: unknown field `a`, expected one of `b`, `c`
        let mut names = what.split('`').skip(1).step_by(2);
        let unknown = names.next().filter(|_| what.starts_with("unknown field"));
        let (what, hint) = match unknown {
            None => (what.to_owned(), None),
            Some(unknown) => {
                let known: Vec<&str> = names.collect();
                let hint = match nearest(unknown, known.iter().copied()) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("there are {}", known.join(", ")),
                };
                (format!("there is no key {unknown}"), Some(hint))
            }
        };
        let file = self.file.display();
        Failure::usage(format!("{file}: {what} (line {line}, column {column})")).hint(hint)
    }
}
