//! A program and a load in; three snapshots of it, and the answer, out.

use super::answering::Answering;
use super::atomic::{AtomicFile, Readers, keep};
use super::capture::take;
use super::exit::{Exit, Failure, say};
use super::help::{INPUT, OUTPUT};
use super::interrupt;
use super::load::LoadArgs;
use super::target::folder;
use super::told::Told;
use crate::capture::{Session, Vitals, check};
use crate::error::Error;
use crate::input::{Reading, Series, Source};
use crate::report::{self, Report};
use crate::soak::{
    Part, Plan, Program, ROUNDS, Ready, Rest, Round, Start, Watcher, experiment, marked, ready,
};
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
    override_usage = "heapdiff run [OPTIONS] [--url <URL>|--load <COMMAND>|--mcp <URL|stdio>] -- <PROGRAM>..."
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
    /// A folder to keep the snapshots in
    #[arg(long, help_heading = OUTPUT, value_name = "DIR")]
    keep: Option<PathBuf>,
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
    run.load.mcp.check()?;
    let answering = Answering::begin(&run.told, run.load.in_all(), &[])?;
    let mut snapshots = Snapshots::begin(run)?;
    let Driven { load, omitted, rounds } = drive(run, &mut snapshots)?;
    let kept = run.keep.is_some();
    let names: Vec<String> = snapshots.files.iter().map(|(name, _)| shown(name)).collect();
    let (sources, _held) = snapshots.sources()?;
    let files = Series::of(sources).ok_or_else(|| Failure::usage("there are no snapshots"))?;
    let mut report = answering.compare(&files, &answering.options())?;
    name(&mut report, &names);
    let unsettled = rounds.iter().skip(1).find_map(|round| round.rest.unsettled.as_deref());
    let unsettled = unsettled.map(|why| format!("{why}; --settle waits longer"));
    let rounds = rounds
        .iter()
        .enumerate()
        .map(|(number, round)| told(run.load.name(number), round))
        .collect();
    answering.tell(report.of_run(report::Run { load, omitted, rounds, unsettled, kept }))
}

/// What the load was, what of it could not be made, and its rounds.
struct Driven {
    load: String,
    omitted: Vec<String>,
    rounds: Vec<Round>,
}

fn drive(run: &Run, snapshots: &mut Snapshots<'_>) -> Result<Driven, Failure> {
    let cancel = interrupt::cancel();
    let ready_when = ready_when(run)?;
    let says = match &run.ready {
        Some(text) if ready_when == Ready::Says => Some(Regex::new(text).map_err(|e| {
            Failure::usage(format!("--ready: {text} is no regular expression: {e}"))
        })?),
        _ => None,
    };
    let log = run.log.as_deref().map(log).transpose()?;
    snapshots.tell(&format!("starting {}", run.program[0].to_string_lossy()));
    let start =
        Start { command: run.program.clone(), log, ready: says, speaks: run.load.mcp.speaks() };
    let mut program = Program::start(start)?;
    // Whoever speaks has started.
    let spoken = run.load.speak(&mut program, &cancel)?;
    let mut server = ready(&mut program, &ready_when, run.load.port()?, &cancel)?;
    snapshots.tell(&match &server.url {
        Some(url) => format!("ready: it listens at {url}"),
        None => "ready".to_owned(),
    });
    let url = server.url.as_deref();
    let plan =
        Plan { warm_up: run.load.warm_up(), calls: run.load.calls(), patience: run.settle, cancel };
    let session = &mut server.session;
    let (load, omitted, rounds) = match (run.load.test(url)?, spoken) {
        (Some(line), _) => {
            let rounds = marked(&line, &mut program, session, &plan, snapshots);
            (line, Vec::new(), rounds)
        }
        (None, spoken) => {
            let mut load = match spoken {
                Some(load) => load,
                None => run.load.load(url, &mut program, &plan.cancel)?,
            };
            let rounds = experiment(&mut program, session, &mut *load, &plan, snapshots);
            (load.told(), load.omitted(), rounds)
        }
    };
    server.session.close();
    let rounds = rounds.map_err(|why| program.or_ended(why));
    program.end();
    Ok(Driven { load, omitted, rounds: rounds? })
}

fn ready_when(run: &Run) -> Result<Ready, Failure> {
    Ok(match &run.ready {
        Some(url) if url.starts_with("http://") => Ready::Answers(url.clone()),
        Some(_) => Ready::Says,
        None => match run.load.place()? {
            Some(place) => Ready::At(place),
            None if run.load.mcp.speaks() => Ready::Now,
            None => Ready::Listens,
        },
    })
}

fn log(file: &Path) -> Result<File, Failure> {
    File::create(file).map_err(|e| Error::io("cannot write the log", e).in_file(file).into())
}

/// The snapshots of a run, on their way.
struct Snapshots<'a> {
    run: &'a Run,
    folder: PathBuf,
    files: Vec<(PathBuf, AtomicFile)>,
}

impl<'a> Snapshots<'a> {
    /// Looks whether they can be kept.
    fn begin(run: &'a Run) -> Result<Self, Failure> {
        let folder = run.keep.clone().unwrap_or_else(std::env::temp_dir);
        let new = Self { run, folder, files: Vec::new() };
        if let Some(folder) = &run.keep {
            std::fs::create_dir_all(folder)
                .map_err(|e| Error::io("cannot make the folder", e).in_file(folder))?;
            for file in (1..=ROUNDS + 1).map(|number| new.file(number)) {
                if file.symlink_metadata().is_ok() {
                    let there = std::io::ErrorKind::AlreadyExists.into();
                    let what = "this file is there already";
                    return Err(Error::io(what, there).in_file(&file).into());
                }
            }
        }
        Ok(new)
    }

    fn file(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{number}.heapsnapshot"))
    }

    fn tell(&self, what: &str) {
        if !self.run.told.quiet {
            say(&crate::text::visible(what));
        }
    }

    /// What can be read, and what must be kept while it is.
    fn sources(self) -> Result<(Vec<Source>, Vec<AtomicFile>), Error> {
        let (names, files): (Vec<PathBuf>, Vec<AtomicFile>) = self.files.into_iter().unzip();
        if self.run.keep.is_some() {
            keep(files)?;
            let read = names.into_iter().map(|name| Source::new(name, Reading::default()));
            return Ok((read.collect(), Vec::new()));
        }
        let read = files.iter().map(|file| Source::new(file.path(), Reading::default())).collect();
        Ok((read, files))
    }
}

impl Watcher for Snapshots<'_> {
    fn begins(&mut self, number: usize, calls: u64) {
        let calls = match self.run.load.measured() {
            Some(_) => format!(": {}", counted(calls, "call", "calls")),
            None => String::new(),
        };
        self.tell(&format!("{}{calls}", self.run.load.name(number)));
    }

    fn at_rest(&mut self, session: &mut Session, rest: &Rest) -> Result<(), Error> {
        self.tell(&format!("at rest: {}", rest.told()));
        let name = self.file(self.files.len() + 1);
        if !self.run.force {
            Vitals::of(session)?.fits(session, &self.folder)?;
        }
        let mut file = AtomicFile::begin(&name, Readers::Owner)
            .map_err(|e| Error::io("cannot write into the folder", e).in_file(folder(&name)))?;
        let taken = take(session, &mut file)?;
        check(&file.path(), &name)?;
        self.tell(&format!("snapshot {}: {}", self.files.len() + 1, size(taken.bytes)));
        self.files.push((name, file));
        Ok(())
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

/// Calls the snapshots by their names, which they do not have where they are not kept.
fn name(report: &mut Report, names: &[String]) {
    let before = &mut report.snapshots.before;
    let files = [before].into_iter().chain(&mut report.between);
    for (file, name) in files.chain([&mut report.snapshots.after]).zip(names) {
        file.path.clone_from(name);
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

fn part(part: &Part) -> report::Part {
    let Part { name, tally, kept } = part;
    report::Part {
        name: (*name).to_owned(),
        sessions: tally.sessions,
        calls: tally.calls,
        meant_to_fail: tally.meant_to_fail,
        went_well: tally.went_well,
        kept: *kept,
    }
}
