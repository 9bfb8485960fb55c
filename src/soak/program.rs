//! A command line in, a running program with an inspector out; and its end.

use super::output::{Output, Stop};
use crate::error::{Error, ErrorKind, Result};
use regex::Regex;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// With what Node.js opens an inspector, on a port that is free.
const INSPECT: &str = "--inspect=127.0.0.1:0";
/// Commands of Deno's that take it after their name.
const OF_DENO: [&str; 3] = ["run", "serve", "test"];
/// How long a program may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(50);

/// How a program is started.
#[derive(Debug, Default)]
pub(crate) struct Start {
    /// The program and its arguments.
    pub command: Vec<OsString>,
    /// Where its output goes; nowhere without.
    pub log: Option<File>,
    /// What it says when it is ready.
    pub ready: Option<Regex>,
    /// Keeps its standard input and output for a client.
    pub speaks: bool,
}

/// A program that was started here, and ends with this.
pub(crate) struct Program {
    child: Child,
    pub(super) output: Output,
    name: String,
    ended: Option<ExitStatus>,
    finished: bool,
}

impl Program {
    /// Starts it, in a group of processes of its own.
    ///
    /// # Errors
    /// `Io` if it cannot be started.
    pub(crate) fn start(start: Start) -> Result<Self> {
        let Some((program, arguments)) = start.command.split_first() else {
            return Err(Error::new(ErrorKind::Usage, "there is no program to start"));
        };
        let mut command = Command::new(program);
        command.args(with_inspector(program, arguments)).env("NODE_OPTIONS", options());
        command.stderr(Stdio::piped()).stdout(Stdio::piped());
        command.stdin(if start.speaks { Stdio::piped() } else { Stdio::null() });
        let name = program.to_string_lossy().into_owned();
        let mut child = group(&mut command)
            .spawn()
            .map_err(|e| Error::io(format!("cannot start {name}"), e))?;
        let output = Output::new(start.log, start.ready);
        child.stderr.take().into_iter().for_each(|pipe| output.listen(pipe));
        if !start.speaks {
            child.stdout.take().into_iter().for_each(|pipe| output.listen(pipe));
        }
        Ok(Self { child, output, name, ended: None, finished: false })
    }

    /// Starts a command of the shell's, which speaks into the same log, and is made to wait at each mark if
    /// `waits`.
    ///
    /// # Errors
    /// `Io` if it cannot be started.
    pub(super) fn shell(&self, line: &str, waits: bool) -> Result<Self> {
        let mut command = match cfg!(windows) {
            true => Command::new("cmd"),
            false => Command::new("sh"),
        };
        command.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(line);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = group(&mut command)
            .spawn()
            .map_err(|e| Error::io(format!("cannot start {line}"), e))?;
        let group = child.id();
        let stop: Stop = Arc::new(move || signal(group, Signal::Wait));
        let output = self.output.aside(waits.then_some(stop));
        child.stderr.take().into_iter().for_each(|pipe| output.listen(pipe));
        child.stdout.take().into_iter().for_each(|pipe| output.listen(pipe));
        Ok(Self { child, output, name: line.to_owned(), ended: None, finished: false })
    }

    /// How it has ended, if it has.
    ///
    /// # Errors
    /// `Io` if that cannot be told.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        match self.has_not_ended() {
            Err(why) if self.ended.is_none() => Err(why),
            _ => Ok(self.ended),
        }
    }

    /// Tells all its processes something.
    pub(super) fn signal(&self, what: Signal) {
        signal(self.child.id(), what);
    }

    /// Its standard input and output, if they were kept.
    pub(crate) fn speech(&mut self) -> Option<(ChildStdin, ChildStdout)> {
        self.child.stdin.take().zip(self.child.stdout.take())
    }

    /// Looks whether it still runs.
    ///
    /// # Errors
    /// `Io` if not, with what it said last.
    pub(crate) fn runs(&mut self) -> Result<()> {
        self.has_not_ended()?;
        match self.output.waits_to_end() {
            false => Ok(()),
            true => Err(self.gone("wants to end")),
        }
    }

    fn gone(&self, how: &str) -> Error {
        // What it said last may still be on its way.
        std::thread::sleep(GLANCE);
        let what = format!("{} {how}", self.name);
        Error::new(ErrorKind::Io, what).with_hint(self.output.said_last())
    }

    pub(super) fn has_not_ended(&mut self) -> Result<()> {
        let ended =
            self.child.try_wait().map_err(|e| Error::io("cannot look at the program", e))?;
        match ended {
            None => Ok(()),
            Some(status) => {
                self.ended = Some(status);
                Err(self.gone(&format!("has ended ({status})")))
            }
        }
    }

    /// The error if it has ended meanwhile, or else another one. Nobody is connected any more.
    pub(crate) fn or_ended(&mut self, other: Error) -> Error {
        // A connection breaks a moment before the process is gone.
        let begun = Instant::now();
        while other.kind() == ErrorKind::Io && begun.elapsed() < GLANCE * 10 {
            if let Err(ended) = self.has_not_ended() {
                return ended;
            }
            std::thread::sleep(GLANCE);
        }
        other
    }

    /// Asks it to end, and makes it after a while.
    pub(crate) fn end(mut self) {
        self.finish();
    }

    fn finish(&mut self) {
        if self.ended.is_none() {
            signal(self.child.id(), Signal::Please);
            signal(self.child.id(), Signal::GoOn);
            let begun = Instant::now();
            while self.ended.is_none() && begun.elapsed() < PATIENCE {
                std::thread::sleep(GLANCE);
                self.ended = self.child.try_wait().ok().flatten();
            }
        }
        // Its children may go on without it.
        signal(self.child.id(), Signal::Now);
        let _ = self.child.kill();
        self.ended = self.child.wait().ok();
        self.finished = true;
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if !self.finished {
            self.finish();
        }
    }
}

/// What Node.js is told, for all processes that the program starts.
fn options() -> OsString {
    let mut options = std::env::var_os("NODE_OPTIONS").unwrap_or_default();
    options.push(if options.is_empty() { "" } else { " " });
    options.push(INSPECT);
    options
}

/// Deno does not go by NODE_OPTIONS.
fn with_inspector(program: &OsStr, arguments: &[OsString]) -> Vec<OsString> {
    let mut all = arguments.to_vec();
    let is_deno = Path::new(program).file_stem() == Some(OsStr::new("deno"));
    if is_deno && arguments.first().is_some_and(|first| OF_DENO.iter().any(|one| first == one)) {
        all.insert(1, INSPECT.into());
    }
    all
}

pub(super) enum Signal {
    Please,
    Now,
    Wait,
    GoOn,
}

#[cfg(unix)]
fn group(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt;
    command.process_group(0)
}

#[cfg(unix)]
fn signal(leader: u32, signal: Signal) {
    use rustix::process::{Pid, Signal as Of, kill_process_group};
    let signal = match signal {
        Signal::Please => Of::TERM,
        Signal::Now => Of::KILL,
        Signal::Wait => Of::STOP,
        Signal::GoOn => Of::CONT,
    };
    if let Some(group) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        // If none is left there is nobody to tell.
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(not(unix))]
fn group(command: &mut Command) -> &mut Command {
    command
}

#[cfg(not(unix))]
fn signal(_: u32, _: Signal) {}
