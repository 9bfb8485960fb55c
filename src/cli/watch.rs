//! A running process in; snapshots of it from time to time, and the answer after each, out.

use super::answering::Answering;
use super::exit::{Exit, Failure, say};
use super::help::{Help, INPUT};
use super::live::Live;
use super::snapshots::{Keep, Snapshots};
use super::told::Told;
use super::{interrupt, keyboard};
use crate::capture::{Session, Target, Vitals};
use crate::error::{Error, ErrorKind};
use crate::input::Series;
use crate::report::{self, Report};
use crate::soak::{self, Onlooker, Rhythm, State};
use crate::units::{counted, size};
use humantime::format_duration;
use std::time::{Duration, Instant};

/// How often a snapshot is taken if nothing says when.
const OFTEN: Duration = Duration::from_secs(600);
/// Snapshots after the first.
const ROUNDS: u64 = 3;
/// Snapshots that are compared and held at most: the first, and the newest.
const HELD: usize = 4;

/// A process, and when to look at it.
#[derive(Debug, clap::Args)]
#[command(override_usage = "heapdiff watch [OPTIONS] <TARGET>")]
pub(super) struct Watch {
    /// The id of a process, where its inspector is (:9229, HOST:PORT, ws://HOST:PORT/PATH), or a container
    /// (docker:NAME, podman:NAME, kubectl:NAMESPACE/POD)
    #[arg(value_name = "TARGET")]
    target: String,
    /// How long to wait before the first snapshot, until all is loaded and caches are full
    #[arg(long, alias = "warmup", help_heading = INPUT, value_name = "TIME", default_value = "0s")]
    #[arg(value_parser = time)]
    warm_up: Duration,
    /// Take a snapshot so long after the one before [default: 10m, if there is no --growth]
    #[arg(long, help_heading = INPUT, value_name = "TIME", value_parser = some_time)]
    every: Option<Duration>,
    /// Take a snapshot when heap and external memory have grown by so much since the one before
    #[arg(long, help_heading = INPUT, value_name = "SIZE", value_parser = growth)]
    growth: Option<u64>,
    /// Snapshots to take after the first
    #[arg(long, help_heading = INPUT, value_name = "N", default_value_t = ROUNDS)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=10_000))]
    rounds: u64,
    /// Take snapshots although there may be no room for them, in memory or on the disk
    #[arg(long, help_heading = INPUT)]
    force: bool,
    /// Connect to an inspector that is not on this machine
    #[arg(long, help_heading = INPUT)]
    allow_remote: bool,
    #[command(flatten)]
    keep: Keep,
    #[command(flatten)]
    pub told: Told,
    #[command(flatten)]
    help: Help,
}

fn time(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| "a time belongs here, such as 90s or 10m".into())
}

fn some_time(text: &str) -> Result<Duration, String> {
    match time(text)? {
        Duration::ZERO => Err("a time above 0 belongs here, such as 10m".into()),
        time => Ok(time),
    }
}

fn growth(text: &str) -> Result<u64, String> {
    match super::limit::size(text)? {
        0 => Err("a size above 0 belongs here, such as 50MB".into()),
        bytes => Ok(bytes),
    }
}

/// Watches, and tells.
///
/// # Errors
/// If something is asked for that cannot be, the process cannot be reached, ends or takes too much before
/// there are two snapshots, or something cannot be written.
pub(super) fn run(watch: &Watch) -> Result<Exit, Failure> {
    let target = Target::read(&watch.target, watch.allow_remote)?;
    let answering = Answering::begin(&watch.told, None, &[])?;
    let rounds = watch.rounds as usize;
    let snapshots = Snapshots::begin(&watch.keep, watch.force, rounds + 1)?;
    let mut session = Session::open(&target, interrupt::cancel())?;
    let mut watching = Watching::new(watch, &answering, snapshots);
    watching.begin();
    session.notes().iter().for_each(|note| watching.tell(note));
    let rhythm = Rhythm {
        warm_up: watch.warm_up,
        every: watch.every.or_else(|| watch.growth.is_none().then_some(OFTEN)),
        growth: watch.growth,
        rounds,
    };
    let ended = soak::watch(&mut session, &rhythm, &mut watching);
    watching.live.clear();
    // The process is left before it is thought about.
    session.close();
    let taken = watching.snapshots.taken();
    let (why, exit) = match ended {
        Ok(()) => (None, None),
        Err(why) if taken < 2 => return Err(too_early(why, taken)),
        Err(why) if why.kind() == ErrorKind::Cancelled => (Some("it was stopped".into()), None),
        Err(why) => (Some(why.to_string()), Some(Failure::from(why).tell())),
    };
    let judged = watching.answer(why).and_then(|report| answering.tell(report));
    match exit {
        // An error counts more than a gate.
        Some(exit) => Ok(judged.map_or_else(Failure::tell, |_| exit)),
        None => judged,
    }
}

/// Nothing can be said of one snapshot.
fn too_early(why: Error, taken: usize) -> Failure {
    if why.kind() != ErrorKind::Cancelled {
        return why.into();
    }
    let taken = counted(taken as u64, "snapshot", "snapshots");
    Failure::usage(format!("stopped after {taken}: there is no answer from fewer than two"))
}

/// A watch on its way.
struct Watching<'a> {
    watch: &'a Watch,
    answering: &'a Answering<'a>,
    snapshots: Snapshots,
    /// Those of the snapshots that are held.
    rounds: Vec<report::Round>,
    /// The answer from all of these, if it is known.
    report: Option<Report>,
    live: Live,
    begun: Instant,
}

impl<'a> Watching<'a> {
    fn new(watch: &'a Watch, answering: &'a Answering<'a>, snapshots: Snapshots) -> Self {
        let live = Live::new(watch.told.quiet);
        let begun = Instant::now();
        Self { watch, answering, snapshots, rounds: Vec::new(), report: None, live, begun }
    }

    fn tell(&self, what: &str) {
        if !self.watch.told.quiet {
            say(&crate::text::visible(what));
        }
    }

    /// Of how many snapshots which is the next.
    fn next(&self) -> String {
        format!("{} of {}", self.snapshots.taken() + 1, self.watch.rounds + 1)
    }

    /// Says what can be done meanwhile.
    fn begin(&self) {
        let key = if keyboard::is_there() { "Enter takes the next snapshot at once; " } else { "" };
        self.tell(&format!(
            "watching {}: {key}Ctrl-C answers from those that are there",
            self.watch.target
        ));
    }

    /// The answer from what is there; `ended` is why there is no more of it.
    fn answer(&mut self, ended: Option<String>) -> Result<Report, Failure> {
        let report = match self.report.take() {
            Some(report) => report,
            None => compare(self.answering, &self.snapshots)?,
        };
        let (rounds, kept) = (std::mem::take(&mut self.rounds), self.watch.keep.keep.is_some());
        Ok(report.of_run(report::Run { rounds, ended, kept, ..report::Run::default() }))
    }

    /// Says on standard error what the snapshots tell so far. If they tell nothing, more may come. Meanwhile
    /// the process must not wait for us.
    fn answer_so_far(&mut self, session: &mut Session) -> Result<(), Error> {
        let (answering, snapshots) = (self.answering, &self.snapshots);
        let mut there = Ok(());
        let report = std::thread::scope(|scope| {
            let work = scope.spawn(|| compare(answering, snapshots));
            while there.is_ok() && !work.is_finished() {
                there = session.glance();
            }
            if there.is_err() {
                session.leave();
            }
            work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        match report {
            Ok(report) => {
                let told = crate::render::head(&report, &self.watch.told.view_beside());
                told.lines().for_each(|line| say(&format!("  {line}")));
                self.report = Some(report);
            }
            Err(why) => drop(why.tell()),
        }
        there
    }
}

/// Compares what is held.
fn compare(answering: &Answering<'_>, snapshots: &Snapshots) -> Result<Report, Failure> {
    let files = Series::of(snapshots.sources());
    let files = files.ok_or_else(|| Failure::usage("there are no snapshots"))?;
    let mut report = answering.compare(&files, &answering.options())?;
    snapshots.name(&mut report);
    Ok(report)
}

impl Onlooker for Watching<'_> {
    fn wants_to_see(&self) -> bool {
        self.live.is_seen()
    }

    fn sees(&mut self, state: &State) {
        self.live.add(state);
    }

    fn waits(&mut self, until: Option<Instant>) -> bool {
        let time = until.map(|until| {
            let left = until.saturating_duration_since(Instant::now()).as_secs();
            format!("in {}", format_duration(Duration::from_secs(left)))
        });
        let growth = self.watch.growth.filter(|_| self.snapshots.taken() > 0);
        let growth = growth.map(|bytes| format!("at +{}", size(bytes)));
        let when: Vec<String> = time.into_iter().chain(growth).collect();
        self.live.draw(&format!("{} {}", self.next(), when.join(" or ")));
        keyboard::was_enter_pressed()
    }

    fn takes(&mut self, session: &mut Session, state: &State) -> Result<(), Error> {
        self.live.clear();
        let after = Duration::from_secs(self.begun.elapsed().as_secs());
        let after = format!("after {}", format_duration(after));
        let what = format!("snapshot {} {after}: {}", self.next(), state.told());
        if self.snapshots.taken() == 0 {
            Vitals::of(session)?.pause().iter().for_each(|pause| self.tell(pause));
        }
        let taken = self.snapshots.take(session)?;
        self.snapshots.keep()?;
        self.report = None;
        self.tell(&format!("{what}; the file has {}", size(taken.bytes)));
        let State { heap, external, rss, .. } = *state;
        self.rounds.push(report::Round { name: after, heap, external, rss, ..Default::default() });
        if self.rounds.len() > HELD {
            self.rounds.remove(1);
            self.snapshots.forget(1);
        }
        let is_last = self.snapshots.taken() as u64 > self.watch.rounds;
        if self.rounds.len() > 1 && !is_last && !self.watch.told.quiet {
            self.answer_so_far(session)?;
        }
        // Who was impatient meanwhile has got what was wished for.
        keyboard::was_enter_pressed();
        Ok(())
    }
}
