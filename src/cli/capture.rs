//! A running process in, a file with its heap snapshot out.

use super::atomic::{AtomicFile, Readers};
use super::exit::{Exit, Failure, say};
use super::help::{Help, INPUT, OUTPUT};
use super::interrupt;
use super::target::folder;
use crate::capture::{Session, Taken, Target, Vitals, check};
use crate::error::Error;
use crate::units::size;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{BufWriter, IsTerminal};
use std::path::PathBuf;

/// Bytes that are written at once.
const BUFFER: usize = 1 << 20;

/// Which process, and where to.
#[derive(Debug, clap::Args)]
pub(super) struct Capture {
    /// The id of a process, or where its inspector is: :9229, HOST:PORT, ws://HOST:PORT/PATH
    #[arg(value_name = "TARGET")]
    target: String,
    /// The file to write; it must not be there
    #[arg(short, long, value_name = "FILE", help_heading = OUTPUT)]
    output: PathBuf,
    /// Take it although there may be no room for it, in memory or on the disk
    #[arg(long, help_heading = INPUT)]
    force: bool,
    /// Connect to an inspector that is not on this machine
    #[arg(long, help_heading = INPUT)]
    allow_remote: bool,
    #[command(flatten)]
    help: Help,
}

/// Takes a snapshot.
///
/// # Errors
/// If the process cannot be reached or does not send all of it, or the file cannot be written.
pub(super) fn run(capture: &Capture) -> Result<Exit, Failure> {
    let target = Target::read(&capture.target, capture.allow_remote)?;
    let file = &capture.output;
    if file.symlink_metadata().is_ok() {
        let what = "this file is there already";
        return Err(Failure::from(
            Error::io(what, std::io::ErrorKind::AlreadyExists.into()).in_file(file),
        ));
    }
    let mut begun = AtomicFile::begin(file, Readers::Owner)
        .map_err(|e| Error::io("cannot write into the folder", e).in_file(folder(file)))?;
    let mut session = Session::open(&target, interrupt::cancel())?;
    let fits = match capture.force {
        true => Ok(()),
        false => Vitals::of(&mut session).and_then(|vitals| vitals.fits(&session, folder(file))),
    };
    let taken = fits.and_then(|()| take(&mut session, &mut begun));
    session.close();
    let Taken { bytes } = taken?;
    check(&begun.path(), file)?;
    begun.keep().map_err(|e| Error::io("cannot write", e).in_file(file))?;
    let name = crate::text::visible(&file.display().to_string()).into_owned();
    say(&format!("{name}: {}", size(bytes)));
    say(
        "note: ids hold for one connection only: heapdiff watch takes snapshots that can be compared by id",
    );
    Ok(Exit::Fine)
}

/// Takes a snapshot into a file, and shows how far it is.
pub(super) fn take(session: &mut Session, begun: &mut AtomicFile) -> Result<Taken, Error> {
    session.collect()?;
    let bar = bar();
    let mut out = BufWriter::with_capacity(BUFFER, begun.file());
    let taken = session.snapshot(&mut out, &mut |share| bar.set_position((share * 100.0) as u64));
    bar.finish_and_clear();
    taken
}

/// Shown where somebody looks.
fn bar() -> ProgressBar {
    let target = match std::io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}");
    ProgressBar::with_draw_target(Some(100), target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message("the process is stopped while it writes")
}
