//! What clap says in (help, the version, what is wrong with the arguments), the same printed out.

use super::exit::{Exit, Failure, say};
use super::written;
use crate::text::visible;
use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextValue, ErrorKind};

/// Help and the version to standard output, or what is wrong with the arguments.
pub(super) fn tell(said: Error) -> Result<Exit, Failure> {
    let said = tame(said);
    match said.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            written(said.print()).map(|()| Exit::Fine)
        }
        _ => {
            lines(&said.render().to_string()).iter().for_each(|line| say(line));
            Ok(Exit::Usage)
        }
    }
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
        None => "hint: heapdiff -h lists the options".to_owned(),
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
