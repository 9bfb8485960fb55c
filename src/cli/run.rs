//! A program and a load in; three snapshots of it, and the answer, out.

use super::answering::Answering;
use super::exit::{Exit, Failure, say};
use super::help::{INPUT, OUTPUT};
use super::interrupt;
use super::load::LoadArgs;
use super::snapshots::{Keep, Snapshots};
use super::target::missing_folder;
use super::told::Told;
use crate::capture::Session;
use crate::error::Error;
use crate::input::Series;
use crate::report;
use crate::soak::{
    Part, Plan, Program, ROUNDS, Ready, Rest, Round, Start, Watcher, experiment, marked, ready,
};
use crate::text::wrong_with;
use crate::units::{counted, size};
use regex::Regex;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a program may take to come to rest, if nothing else is said.
const REST: &str = "10s";

/// A program and its load.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "heapdiff run [OPTIONS] <--url <URL>|--load <COMMAND>|--test <COMMAND>|--mcp <URL|stdio>> -- <PROGRAM>..."
)]
pub(super) struct Run {
    /// The program to start and its arguments: node server.js, npm start
    #[arg(required = true, last = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
    #[command(flatten)]
    load: LoadArgs,
    /// How long the program may take to come to rest after a load: longer than what it holds on purpose
    #[arg(long, help_heading = INPUT, value_name = "TIME", default_value = REST)]
    #[arg(value_parser = humantime::parse_duration)]
    settle: Duration,
    /// The address that answers, or a pattern of what the program says, when it is ready [default: it listens]
    #[arg(long, help_heading = INPUT, value_name = "URL|REGEX")]
    ready: Option<String>,
    /// Take snapshots although there may be no room for them, in memory or on the disk
    #[arg(long, help_heading = INPUT)]
    force: bool,
    #[command(flatten)]
    keep: Keep,
    /// A file for what the program and the load say
    #[arg(long, help_heading = OUTPUT, value_name = "FILE")]
    log: Option<PathBuf>,
    #[command(flatten)]
    pub told: Told,
    #[command(flatten)]
    help: super::help::Help,
}

/// Makes the experiment, and tells.
///
/// # Errors
/// If something is asked for that cannot be, the program cannot be started or reached, ends or takes too
/// much, or something cannot be written.
pub(super) fn run(run: &Run) -> Result<Exit, Failure> {
    run.load.check()?;
    let answering = Answering::begin(&run.told, run.load.in_all(), &[])?;
    let snapshots = Snapshots::begin(&run.keep, run.force, ROUNDS + 1)?;
    let mut teller = Teller { run, snapshots };
    let Driven { load, omitted, rounds } = drive(run, &mut teller)?;
    let Teller { mut snapshots, .. } = teller;
    snapshots.keep()?;
    let kept = run.keep.keep.is_some();
    let files = Series::of(snapshots.sources());
    let files = files.ok_or_else(|| Failure::usage("there are no snapshots"))?;
    let mut report = answering.compare(&files, &answering.options())?;
    snapshots.name(&mut report);
    let unsettled = rounds.iter().skip(1).find_map(|round| round.rest.unsettled.as_deref());
    let unsettled = unsettled.map(|why| format!("{why}; --settle waits longer"));
    let rounds = rounds
        .iter()
        .enumerate()
        .map(|(number, round)| told(run.load.name(number), round))
        .collect();
    let load = Some(load);
    let run = report::Run { load, omitted, rounds, unsettled, ended: None, kept };
    answering.tell(report.of_run(run))
}

/// What the load was, what of it could not be made, and its rounds.
struct Driven {
    load: String,
    omitted: Vec<String>,
    rounds: Vec<Round>,
}

fn drive(run: &Run, teller: &mut Teller<'_>) -> Result<Driven, Failure> {
    let cancel = interrupt::cancel();
    let place = run.load.listens()?;
    let ready_when = ready_when(run, place.as_ref());
    let says = match &run.ready {
        Some(text) if ready_when == Ready::Says => Some(Regex::new(text).map_err(|e| {
            let what = wrong_with(&e);
            Failure::usage(format!("--ready: {text} is no regular expression: {what}"))
        })?),
        _ => None,
    };
    let log = run.log.as_deref().map(log).transpose()?;
    teller.tell(&format!("starting {}", run.program[0].to_string_lossy()));
    let start =
        Start { command: run.program.clone(), log, ready: says, speaks: run.load.mcp.speaks() };
    let mut program = Program::start(start)?;
    // Whoever speaks has started.
    let spoken = run.load.speak(&mut program, &cancel)?;
    let mut server = ready(&mut program, &ready_when, place.map(|(_, port)| port), &cancel)?;
    teller.tell(&match &server.url {
        Some(url) => format!("ready: it listens at {url}"),
        None => "ready".to_owned(),
    });
    let url = server.url.as_deref();
    let plan =
        Plan { warm_up: run.load.warm_up(), calls: run.load.calls(), patience: run.settle, cancel };
    let session = &mut server.session;
    let (load, omitted, rounds) = match (run.load.test(url)?, spoken) {
        (Some(line), _) => {
            let rounds = marked(&line, &mut program, session, &plan, teller);
            (line, Vec::new(), rounds)
        }
        (None, spoken) => {
            let mut load = match spoken {
                Some(load) => load,
                None => run.load.load(url, &mut program, &plan.cancel)?,
            };
            let rounds = experiment(&mut program, session, &mut *load, &plan, teller);
            (load.told(), load.omitted(), rounds)
        }
    };
    server.session.close();
    let rounds = rounds.map_err(|why| program.or_ended(why));
    program.end();
    Ok(Driven { load, omitted, rounds: rounds? })
}

/// `place` is the host and port that the load goes to.
fn ready_when(run: &Run, place: Option<&(String, u16)>) -> Ready {
    match &run.ready {
        Some(url) if url.starts_with("http://") => Ready::Answers(url.clone()),
        Some(_) => Ready::Says,
        None => match place {
            Some((host, port)) => Ready::At(format!("{host}:{port}")),
            None if run.load.mcp.speaks() => Ready::Now,
            None => Ready::Listens,
        },
    }
}

fn log(file: &Path) -> Result<File, Failure> {
    let made = File::create(file).map_err(|e| {
        let other = || Error::io("cannot write the log", e).in_file(file);
        missing_folder(file).unwrap_or_else(other)
    });
    Ok(made?)
}

/// Says how it goes, and takes the snapshots.
struct Teller<'a> {
    run: &'a Run,
    snapshots: Snapshots,
}

impl Teller<'_> {
    fn tell(&self, what: &str) {
        if !self.run.told.quiet {
            say(&crate::text::visible(what));
        }
    }
}

impl Watcher for Teller<'_> {
    fn begins(&mut self, number: usize, calls: u64) {
        let calls = match self.run.load.measured() {
            Some(_) => format!(": {}", counted(calls, "call", "calls")),
            None => String::new(),
        };
        self.tell(&format!("{}{calls}", self.run.load.name(number)));
    }

    fn at_rest(&mut self, session: &mut Session, rest: &Rest) -> Result<(), Error> {
        self.tell(&format!("at rest: {}", rest.told()));
        let taken = self.snapshots.take(session)?;
        self.tell(&format!("snapshot {}: {}", self.snapshots.taken(), size(taken.bytes)));
        Ok(())
    }
}

fn told(name: String, round: &Round) -> report::Round {
    let Round { tally, rest, parts } = round;
    report::Round {
        name,
        calls: (tally.calls > 0).then_some(tally.calls),
        meant_to_fail: tally.meant_to_fail,
        failed: tally.failed.clone(),
        heap: rest.state.heap,
        external: rest.state.external,
        rss: rest.state.rss,
        left: rest.left.clone(),
        parts: parts.iter().map(part).collect(),
    }
}

fn part(part: &Part) -> report::LoadPart {
    let Part { name, tally, kept } = part;
    report::LoadPart {
        name: (*name).to_owned(),
        sessions: tally.sessions,
        calls: tally.calls,
        meant_to_fail: tally.meant_to_fail,
        went_well: tally.went_well,
        kept: *kept,
    }
}
