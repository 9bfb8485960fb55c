//! Option, environment and terminal in, whether to use colours out.

use clap::ValueEnum;
use std::io::IsTerminal;

/// The option.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Color {
    /// By NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR, else if standard output is a terminal
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether standard output gets colours. The option beats the variables, of which
    /// `NO_COLOR` comes first.
    pub(super) fn wanted(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if is_set("NO_COLOR") => false,
            Self::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
            Self::Auto => std::io::stdout().is_terminal(),
        }
    }
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

fn forced(variable: &str) -> bool {
    is_set(variable) && std::env::var_os(variable).is_some_and(|value| value != "0")
}
