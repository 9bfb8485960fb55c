//! The part of the command line that says what a program is to bear.

use super::exit::Failure;
use super::help::LOAD;
use super::load_mcp::McpArgs;
use crate::cancel::Cancel;
use crate::soak::{Command, Load, Program, ROUNDS, Requests};
use clap::ArgGroup;
use std::path::PathBuf;
use ureq::http::{HeaderName, HeaderValue, Method};

/// Calls of a round, if nothing else is said.
const CALLS: u64 = 500;
/// What is sent at once.
const CONCURRENCY: u64 = 8;
/// Calls of a hundred that are broken off, and that fail.
const SHARE: u64 = 10;

/// What to do to the program. In texts of help clap takes n in braces for the end of a line.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("kind").required(true).multiple(true).args(["load", "url", "mcp", "test"]))]
pub(super) struct LoadArgs {
    /// Send requests to this address; an n in braces becomes the number of the call
    #[arg(long, help_heading = LOAD, value_name = "URL")]
    url: Option<String>,
    /// Run this in the shell; an n in braces becomes the number of calls, {url} where the program listens
    #[arg(long, help_heading = LOAD, value_name = "COMMAND")]
    load: Option<String>,
    /// Run this in the shell, and take a snapshot wherever it says on a line: heapdiff: mark
    #[arg(long, help_heading = LOAD, value_name = "COMMAND", conflicts_with_all = ["load", "mcp", "warm_up"])]
    test: Option<String>,
    #[command(flatten)]
    pub mcp: McpArgs,
    /// Calls between two snapshots, or in each session [default: 500, or 5]; in a --test in all
    #[arg(long, help_heading = LOAD, value_name = "N", value_parser = super::told::calls)]
    calls: Option<u64>,
    /// Calls before the first snapshot [default: twice as many]
    #[arg(long, alias = "warmup", help_heading = LOAD, value_name = "N")]
    warm_up: Option<u64>,
    /// The requests' method [default: GET, or POST with a body]
    #[arg(long, help_heading = LOAD, value_name = "METHOD", requires = "url")]
    method: Option<Method>,
    /// A header of the requests (may be repeated)
    #[arg(long, help_heading = LOAD, value_name = "NAME: VALUE", conflicts_with = "load", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,
    /// A file with the requests' body; an n in braces becomes the number of the call
    #[arg(long, help_heading = LOAD, value_name = "FILE", requires = "url")]
    body: Option<PathBuf>,
    /// Requests at once
    #[arg(long, help_heading = LOAD, value_name = "N", default_value_t = CONCURRENCY)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=256))]
    concurrency: u64,
    /// Use a new connection for each request
    #[arg(long, help_heading = LOAD)]
    no_keep_alive: bool,
    /// Percent of the requests that are broken off before the answer
    #[arg(long, help_heading = LOAD, value_name = "PERCENT", default_value_t = SHARE)]
    #[arg(value_parser = clap::value_parser!(u64).range(0..=100))]
    aborted: u64,
    /// Percent of the requests that are wrong: half a body, or a path that is not there
    #[arg(long, help_heading = LOAD, value_name = "PERCENT", default_value_t = SHARE)]
    #[arg(value_parser = clap::value_parser!(u64).range(0..=100))]
    failing: u64,
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let wrong = || "a name, a colon and a value belong here: 'authorization: Bearer x'".to_owned();
    let (name, value) = text.split_once(':').ok_or_else(wrong)?;
    let name = name.trim().parse().map_err(|_| wrong())?;
    Ok((name, value.trim().parse().map_err(|_| wrong())?))
}

impl LoadArgs {
    /// What nobody should have to start a program to be told.
    ///
    /// # Errors
    /// If there would be more calls that are meant to fail than calls, or as of [`McpArgs::check`].
    pub(super) fn check(&self) -> Result<(), Failure> {
        let (aborted, failing) = (self.aborted, self.failing);
        if aborted + failing > 100 {
            let what = format!(
                "--aborted {aborted} and --failing {failing} are more than 100 percent together"
            );
            let hint = format!("lower one of them; each is {SHARE} if it is not given");
            return Err(Failure::usage(what).hint(Some(hint)));
        }
        self.mcp.check()
    }

    /// Calls of a round.
    pub(super) fn calls(&self) -> u64 {
        if self.mcp.is_asked() {
            return self.mcp.measured(self.calls);
        }
        self.calls.unwrap_or(CALLS)
    }

    pub(super) fn warm_up(&self) -> u64 {
        // Functions are optimised while they are called, which takes memory of its own.
        let usual = if self.mcp.is_asked() { 1 } else { 2 };
        self.warm_up.unwrap_or_else(|| self.calls() * usual)
    }

    /// What a round is for.
    pub(super) fn name(&self, number: usize) -> String {
        match (&self.test, number) {
            (Some(_), _) => format!("mark {}", number + 1),
            (None, 0) => "warm-up".to_owned(),
            (None, _) => format!("load {number}"),
        }
    }

    /// Calls between the first and the last snapshot, if that is known.
    pub(super) fn in_all(&self) -> Option<u64> {
        match self.test {
            Some(_) => self.calls,
            None => self.measured().map(|calls| calls * ROUNDS as u64),
        }
    }

    /// Calls of a round, if it is known that it has so many.
    pub(super) fn measured(&self) -> Option<u64> {
        if self.test.is_some() {
            return None;
        }
        let counts = self.load.as_ref().is_none_or(|line| line.contains("{n}"));
        (counts || self.calls.is_some()).then(|| self.calls())
    }

    /// The host and port that the load goes to, if that is known.
    ///
    /// # Errors
    /// If the address is none.
    pub(super) fn listens(&self) -> Result<Option<(String, u16)>, Failure> {
        let url = self.url.as_deref().or(self.mcp.url());
        url.map(|url| self.requests(url)?.place().map_err(Failure::from)).transpose()
    }

    /// The load, where it speaks with the program before anything else is known of it.
    ///
    /// # Errors
    /// As of [`load`](Self::load).
    pub(super) fn speak(
        &self,
        program: &mut Program,
        cancel: &Cancel,
    ) -> Result<Option<Box<dyn Load>>, Failure> {
        if !self.mcp.speaks() {
            return Ok(None);
        }
        self.sessions(program, cancel).map(Some)
    }

    fn sessions(&self, program: &mut Program, cancel: &Cancel) -> Result<Box<dyn Load>, Failure> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = self.header.iter().map(|(name, value)| (name.to_string(), text(value)));
        self.mcp.load(program, headers.collect(), (self.calls, self.concurrency), cancel)
    }

    /// The command that drives by itself, if there is one.
    ///
    /// # Errors
    /// If the address is needed and not known.
    pub(super) fn test(&self, listens: Option<&str>) -> Result<Option<String>, Failure> {
        let Some(line) = &self.test else { return Ok(None) };
        Ok(Some(line.replace("{url}", self.url_for(line, listens)?)))
    }

    fn url_for<'a>(&'a self, line: &str, listens: Option<&'a str>) -> Result<&'a str, Failure> {
        let url = self.url.as_deref().or(listens);
        if url.is_none() && line.contains("{url}") {
            let what = "it is not known where the program listens";
            return Err(Failure::usage(what).hint(Some("give --url too".into())));
        }
        Ok(url.unwrap_or_default())
    }

    /// The load; `listens` is where the program listens.
    ///
    /// # Errors
    /// If the body cannot be read, or the address is needed and not known.
    pub(super) fn load(
        &self,
        listens: Option<&str>,
        program: &mut Program,
        cancel: &Cancel,
    ) -> Result<Box<dyn Load>, Failure> {
        if self.mcp.is_asked() {
            return self.sessions(program, cancel);
        }
        if let Some(line) = &self.load {
            let url = self.url_for(line, listens)?.to_owned();
            return Ok(Box::new(Command::new(line.clone(), url, self.calls.is_some())));
        }
        let url = self.url.as_deref().unwrap_or_default();
        Ok(Box::new(self.requests(url)?))
    }

    fn requests(&self, url: &str) -> Result<Requests, Failure> {
        let body = self.body.as_ref().map(|file| {
            std::fs::read(file)
                .map_err(|e| crate::error::Error::io("cannot read the body", e).in_file(file))
        });
        let body = body.transpose()?;
        let mut headers = self.header.clone();
        let has_type = headers.iter().any(|(name, _)| name == "content-type");
        let is_json = body.as_ref().is_some_and(|body| matches!(body.first(), Some(b'{' | b'[')));
        if is_json && !has_type {
            headers.push((
                HeaderName::from_static("content-type"),
                HeaderValue::from_static("application/json"),
            ));
        }
        let usual = if body.is_some() { Method::POST } else { Method::GET };
        Ok(Requests {
            url: url.to_owned(),
            method: self.method.clone().unwrap_or(usual),
            headers,
            body,
            concurrency: self.concurrency,
            keep_alive: !self.no_keep_alive,
            aborted: self.aborted,
            failing: self.failing,
        })
    }
}
