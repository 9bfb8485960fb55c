//! What clap says in (help, the version, what is wrong with the arguments), the same printed out.

use super::exit::{Exit, Failure};
use super::written;
use crate::text::visible;
use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextValue, ErrorKind};

/// Help and the version to standard output, or what is wrong with the arguments.
pub(super) fn tell(said: Error) -> Result<Exit, Failure> {
    let said = tame(said);
    let printed = said.print();
    match said.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => written(printed).map(|()| Exit::Fine),
        // If stderr is closed there is no one to tell.
        _ => Ok(Exit::Usage),
    }
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
