//! A command of the shell's in, which loads a program; whether it went well out.

use super::program::Program;
use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use std::time::Duration;

/// How often is looked what a command does.
pub(super) const GLANCE: Duration = Duration::from_millis(20);

/// Runs a command until it ends.
///
/// # Errors
/// `Io` if it cannot be started, or the program ends; `Usage` if it fails; `Cancelled`.
pub(super) fn shell(line: &str, program: &mut Program, cancel: &Cancel) -> Result<()> {
    let mut load = program.shell(line, false)?;
    while goes_on(&mut load, program, cancel)? {
        std::thread::sleep(GLANCE);
    }
    Ok(())
}

/// Whether a command still runs; and the program must.
pub(super) fn goes_on(load: &mut Program, program: &mut Program, cancel: &Cancel) -> Result<bool> {
    cancel.check()?;
    match load.ended()? {
        Some(status) if status.success() => Ok(false),
        Some(status) => {
            let what = format!("the load has failed ({status})");
            Err(Error::new(ErrorKind::Usage, what).with_hint(load.output.said_last()))
        }
        None => program.runs().map(|()| true),
    }
}
