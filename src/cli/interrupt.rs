//! Ctrl-C, or a signal to end, in; work that is cancelled out.

use super::exit::{Exit, say};
use crate::cancel::Cancel;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Signals that come within this are one: a terminal, or `timeout`, tells whoever has started this program too, and
/// npm's launcher passes on what it is told.
const AT_ONCE: Duration = Duration::from_millis(300);

/// What is cancelled when the user, or the system, wants the run to end, so that it leaves nothing open
/// behind itself. Who asks twice does not want to wait for that.
pub(super) fn cancel() -> Cancel {
    static CANCEL: OnceLock<Cancel> = OnceLock::new();
    let install = || {
        let cancel = Cancel::default();
        let (copy, asked) = (cancel.clone(), OnceLock::new());
        // Where there can be no handler the run ends at once, as others do.
        let _ = ctrlc::set_handler(move || {
            copy.cancel();
            match asked.get().map(Instant::elapsed) {
                Some(since) if since >= AT_ONCE => std::process::exit(Exit::File as i32),
                Some(_) => {}
                None => {
                    let _ = asked.set(Instant::now());
                    say("stopping; ask once more to end at once");
                }
            }
        });
        cancel
    };
    CANCEL.get_or_init(install).clone()
}
