//! Text in, the same with the escape sequences of a terminal around it out.

use super::Sources;
use crate::report::answer::{Owner, Place};

/// Puts escape sequences around text, or does not.
pub(super) struct Paint<'a> {
    pub color: bool,
    /// Where scripts lie, for a terminal that follows links.
    pub links: Option<&'a Sources>,
}

impl Paint<'_> {
    pub(super) fn dim(&self, text: &str) -> String {
        self.in_style("2", text)
    }

    /// Red for bad news, green for good, yellow for what is between.
    pub(super) fn verdict(&self, text: &str, code: u8) -> String {
        self.in_style(&format!("1;{code}"), text)
    }

    pub(super) fn bold(&self, text: &str) -> String {
        self.in_style("1", text)
    }

    /// A place as it is shown: the program's own bright, the runtime's dim, and a link where there is
    /// such a file.
    pub(super) fn place(&self, shown: &str, place: &Place) -> String {
        let text = match place.owner {
            Owner::Program => self.in_style("1;36", shown),
            Owner::Package => shown.to_owned(),
            Owner::Runtime => self.dim(shown),
        };
        match self.links.and_then(|sources| sources.link(place)) {
            Some(url) if !text.is_empty() => {
                format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\")
            }
            _ => text,
        }
    }

    fn in_style(&self, style: &str, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\x1b[{style}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
