//! A running process in, a file with its heap snapshot out; with its worker threads, one for each.

use super::atomic::{AtomicFile, Readers, begin, keep};
use super::exit::{Exit, say};
use super::help::{Help, INPUT, OUTPUT};
use super::interrupt;
use super::packed::Packed;
use super::target::folder;
use crate::capture::{Session, Taken, Target, Vitals, Worker, check};
use crate::error::{Error, ErrorKind, Result};
use crate::input::Sidecar;
use crate::text::visible;
use crate::units::{counted, size};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Characters of a worker's name.
const LONGEST_NAME: usize = 60;

/// Which process, and where to.
#[derive(Debug, clap::Args)]
pub(super) struct Capture {
    /// The id of a process, where its inspector is (:9229, HOST:PORT, ws://HOST:PORT/PATH), or a container
    /// (docker:NAME, podman:NAME, kubectl:NAMESPACE/POD)
    #[arg(value_name = "TARGET")]
    target: String,
    /// The file to write, gzip if its name ends in .gz; it must not be there
    #[arg(short, long, value_name = "FILE", help_heading = OUTPUT)]
    output: PathBuf,
    /// Take each worker thread too, into a file of its own: FILE with worker-1 before its ending
    #[arg(long, help_heading = INPUT)]
    all: bool,
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
pub(super) fn run(capture: &Capture) -> Result<Exit> {
    let target = Target::read(&capture.target, capture.allow_remote)?;
    if capture.output == Path::new("-") {
        let what = "a snapshot is written to a file, with what tells how it was taken beside it";
        return Err(Error::new(ErrorKind::Usage, format!("-o -: {what}"))
            .with_hint("name a file: -o after.heapsnapshot"));
    }
    let main = Place::begin(&capture.output, None)?;
    let mut session = Session::open(&target, interrupt::cancel())?;
    session.notes().iter().for_each(|note| say(&visible(note)));
    let mut taking = Taking { capture, session: &mut session, missed: Vec::new() };
    let done = taking.all(main);
    let missed = taking.missed;
    session.close();
    let snapshots = done?;
    snapshots.iter().try_for_each(|(place, _)| check(&place.begun.path(), &place.file))?;
    let (mut lines, mut files) = (Vec::new(), Vec::new());
    for (Place { file, worker, begun, beside }, Taken { bytes }) in snapshots {
        let name = worker.filter(|worker| !worker.name.is_empty());
        let name = name.map(|worker| format!(", {}", shortened(&worker.name)));
        let whole = match Packed::of(&file)? {
            Packed::Not => String::new(),
            Packed::Gzip => format!(" ({} unpacked)", size(bytes)),
        };
        let written = size(begun.path().metadata().map_or(bytes, |file| file.len()));
        let name = name.unwrap_or_default();
        lines.push(format!("{}: {written}{whole}{name}", file.display()));
        files.extend([begun, beside]);
    }
    keep(files)?;
    lines.iter().chain(&missed).for_each(|line| say(&visible(line)));
    say(
        "note: ids hold for one connection only: heapdiff watch takes snapshots that can be compared by id",
    );
    Ok(Exit::Fine)
}

/// A file on its way, and whose heap it is to hold: a worker's or the main thread's.
pub(super) struct Place {
    pub file: PathBuf,
    worker: Option<Worker>,
    pub begun: AtomicFile,
    /// What tells how it was taken.
    pub beside: AtomicFile,
}

impl Place {
    /// Begins files that are not there.
    fn begin(file: &Path, worker: Option<Worker>) -> Result<Self> {
        Packed::of(file)?;
        is_new(file)?;
        is_new(&Sidecar::path(file))?;
        Self::at(file, worker)
    }

    /// The same of files that were looked at already, or that never come to their names.
    pub(super) fn at(file: &Path, worker: Option<Worker>) -> Result<Self> {
        let begun = begin(file, Readers::Owner)?;
        let beside = begin(&Sidecar::path(file), Readers::Owner)?;
        Ok(Self { file: file.to_owned(), worker, begun, beside })
    }

    /// Takes the snapshot, and writes beside it how it was taken.
    pub(super) fn take(&mut self, session: &mut Session) -> Result<Taken> {
        session.collect_soon()?;
        let about = session.about(self.worker.as_ref())?;
        let taken = write(session, &mut self.begun, Packed::of(&self.file)?)?;
        self.tell(Sidecar { rss_afterwards: session.rss().ok().flatten(), ..about })?;
        Ok(taken)
    }

    /// Writes how it was taken.
    fn tell(&mut self, mut about: Sidecar) -> Result<()> {
        let failed = |e| Error::io("cannot write how the snapshot was taken", e);
        about.bytes = self.begun.file().metadata().map_err(failed)?.len();
        let text = serde_json::to_string_pretty(&about).map_err(|e| failed(e.into()))?;
        self.beside.file().write_all((text + "\n").as_bytes()).map_err(failed)
    }
}

/// Looks that a file is not there.
pub(super) fn is_new(file: &Path) -> Result<()> {
    match file.symlink_metadata() {
        Err(_) => Ok(()),
        Ok(_) => Err(Error::new(ErrorKind::Io, "this file is there already")
            .in_file(file)
            .with_hint("name another, or take it away first: what is there is kept")),
    }
}

/// A capture on its way.
struct Taking<'a> {
    capture: &'a Capture,
    session: &'a mut Session,
    /// What is in no file, in words.
    missed: Vec<String>,
}

impl Taking<'_> {
    /// Takes all that is to be taken.
    fn all(&mut self, main: Place) -> Result<Vec<(Place, Taken)>> {
        let workers = self.session.workers()?;
        let mut places = vec![main];
        if self.capture.all {
            for worker in &workers {
                let file = beside(&self.capture.output, worker.number);
                places.push(Place::begin(&file, Some(worker.clone()))?);
            }
        } else if !workers.is_empty() {
            let (are, takes) = match workers.len() {
                1 => ("is", "takes it"),
                _ => ("are", "takes each"),
            };
            let threads = counted(workers.len() as u64, "worker thread", "worker threads");
            self.missed.push(format!(
                "note: {threads} {are} not in it: --all {takes} into a file of its own"
            ));
        }
        self.look_ahead(&places)?;
        let mut taken = Vec::new();
        for place in places {
            taken.extend(self.one(place)?);
        }
        let number_of_new = match self.capture.all {
            true => self.session.workers()?.iter().filter(|now| !workers.contains(now)).count(),
            false => 0,
        };
        if number_of_new > 0 {
            let threads = counted(number_of_new as u64, "worker thread", "worker threads");
            self.missed.push(format!("note: {threads} began meanwhile, and are in no file"));
        }
        Ok(taken)
    }

    /// Says how long it may take, and looks whether there is room for all: what one has taken in memory
    /// does not come back at once.
    fn look_ahead(&mut self, places: &[Place]) -> Result<()> {
        let mut all: Option<Vitals> = None;
        for place in places {
            let Some(vitals) = within(self.session, place.worker.as_ref(), Vitals::of)? else {
                continue;
            };
            all = Some(match all {
                Some(all) => all.and(&vitals),
                None => vitals,
            });
        }
        let Some(all) = all else { return Ok(()) };
        if !self.capture.force {
            all.fits(self.session, folder(&self.capture.output))?;
        }
        all.pause().iter().for_each(|pause| say(pause));
        Ok(())
    }

    /// Takes one; `None` if its thread has ended.
    fn one(&mut self, mut place: Place) -> Result<Option<(Place, Taken)>> {
        let worker = place.worker.clone();
        let taken = within(self.session, worker.as_ref(), |session| place.take(session));
        if let (Ok(None), Some(worker)) = (&taken, worker) {
            self.missed
                .push(format!("note: worker {} has ended, and is in no file", worker.number));
        }
        Ok(taken?.map(|taken| (place, taken)))
    }
}

fn write(session: &mut Session, begun: &mut AtomicFile, packed: Packed) -> Result<Taken> {
    let bar = bar();
    let mut out = packed.into_file(begun.file());
    let taken = session.snapshot(&mut out, &mut |share| bar.set_position((share * 100.0) as u64));
    let ended = out.finish();
    bar.finish_and_clear();
    let taken = taken?;
    ended.map_err(|e| Error::io("cannot write the snapshot", e))?;
    Ok(taken)
}

/// Asks a worker, or the main thread.
fn within<T>(
    session: &mut Session,
    worker: Option<&Worker>,
    ask: impl FnOnce(&mut Session) -> Result<T>,
) -> Result<Option<T>> {
    match worker {
        Some(worker) => session.within(worker, ask),
        None => ask(session).map(Some),
    }
}

/// The name of a worker's file: `a.heapsnapshot` has `a.worker-1.heapsnapshot` beside it.
fn beside(file: &Path, number: u64) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let whole = name.strip_suffix(".gz").unwrap_or(&name);
    let (stem, _) =
        whole.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((whole, ""));
    file.with_file_name(format!("{stem}.worker-{number}{}", &name[stem.len()..]))
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_worker_stands_before_what_tells_the_format() {
        for (file, with) in [
            ("a.heapsnapshot", "a.worker-3.heapsnapshot"),
            ("x/a.b.heapsnapshot.gz", "x/a.b.worker-3.heapsnapshot.gz"),
            ("a", "a.worker-3"),
            (".a", ".a.worker-3"),
            ("a.gz", "a.worker-3.gz"),
        ] {
            assert_eq!(beside(Path::new(file), 3), Path::new(with));
        }
    }
}
