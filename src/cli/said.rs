//! What clap says in (help, the version, what is wrong with the arguments), the same printed out.

use super::args::Args;
use super::exit::{Exit, Failure, say};
use super::written;
use crate::text::visible;
use clap::builder::StyledStr;
use clap::error::{ContextValue, ErrorKind};
use clap::{CommandFactory, Error};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;

/// Help and the version to standard output, or what is wrong with the arguments.
pub(super) fn tell(said: Error) -> Result<Exit, Failure> {
    let said = tame(said);
    match said.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let more = match said.kind() {
                ErrorKind::DisplayVersion if std::env::args_os().any(|one| one == "--verbose") => {
                    build()
                }
                _ => String::new(),
            };
            written(said.print().and_then(|()| write!(std::io::stdout(), "{more}")))
                .map(|()| Exit::Fine)
        }
        _ => {
            lines(&said.render().to_string()).iter().for_each(|line| say(line));
            Ok(Exit::Usage)
        }
    }
}

/// What the program was built with and for.
fn build() -> String {
    let features = [
        ("capture", cfg!(feature = "capture")),
        ("jemalloc", cfg!(feature = "jemalloc")),
        ("mcp", cfg!(feature = "mcp")),
    ];
    let with: Vec<&str> = features.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    let with = if with.is_empty() { "none".to_owned() } else { with.join(", ") };
    let libc = [
        ("gnu", cfg!(target_env = "gnu")),
        ("musl", cfg!(target_env = "musl")),
        ("msvc", cfg!(target_env = "msvc")),
    ];
    let libc =
        libc.iter().find(|(_, is)| *is).map_or(String::new(), |(name, _)| format!(" {name}"));
    let (arch, os) = (std::env::consts::ARCH, std::env::consts::OS);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    format!("features: {with}\nbuilt for: {arch} {os}{libc}\nthreads: {threads}\n")
}

/// The arguments; `help show` is `show --help`.
pub(super) fn arguments() -> Vec<OsString> {
    let mut all: Vec<OsString> = std::env::args_os().collect();
    let asks = |at: usize, name: &OsString| all.get(at).is_some_and(|one| one == name);
    let is_help = asks(1, &"help".into()) && all.len() <= 3;
    let of_command = all.get(2).is_none_or(|name| is_command(name));
    if is_help && of_command && !Path::new("help").exists() {
        all.remove(1);
        all.push("--help".into());
    }
    all
}

/// The command that was given, with a space.
fn command() -> String {
    let name = std::env::args_os().nth(1).filter(|name| is_command(name));
    name.map(|name| format!("{} ", name.to_string_lossy())).unwrap_or_default()
}

fn is_command(name: &OsStr) -> bool {
    Args::command().get_subcommands().any(|command| name == command.get_name())
}

/// What clap says is wrong, with hints as all errors have them.
fn lines(said: &str) -> Vec<String> {
    let mut meant = None;
    let mut lines: Vec<String> = Vec::new();
    for line in said.lines().take_while(|line| !line.starts_with("For more")) {
        match line.trim_start().strip_prefix("tip: ") {
            Some(tip) => {
                // Any other tip is how to name a file that begins with a hyphen.
                let like = tip.split_once(" similar ").and_then(|(_, like)| like.split_once(": "));
                meant = meant.or(like.map(|(_, like)| like.to_owned()));
            }
            None if line.is_empty() => {}
            None => lines.push(line.to_owned()),
        }
    }
    lines.push(match meant {
        Some(like) => format!("hint: did you mean {like}?"),
        None => format!("hint: heapdiff {}-h lists the options", command()),
    });
    lines
}

/// Clap repeats arguments as they are, and a stranger may have named what they name. What our own
/// readers of values say repeats none.
fn tame(mut said: Error) -> Error {
    let text = |text: &String| visible(text).into_owned();
    // Colour is lost with it: it cannot be told from the argument's own.
    let styled = |text: &StyledStr| StyledStr::from(visible(&text.to_string()).into_owned());
    let context: Vec<_> = said.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in context {
        let value = match value {
            ContextValue::String(value) => ContextValue::String(text(&value)),
            ContextValue::Strings(values) => {
                ContextValue::Strings(values.iter().map(text).collect())
            }
            ContextValue::StyledStrs(values) => {
                ContextValue::StyledStrs(values.iter().map(styled).collect())
            }
            // The usage, which is ours.
            other => other,
        };
        said.insert(kind, value);
    }
    said
}
