//! The part of the command line that says how sessions of the Model Context Protocol are opened and left.

use super::exit::Failure;
use super::help::LOAD;
use crate::cancel::Cancel;
use crate::soak::mcp::{Leaving, Mcp, Place, Wanted};
use crate::soak::{Load, Program, Sessions};
use clap::builder::PossibleValue;
use serde_json::Value;

/// Sessions of a round, if nothing else is said.
const SESSIONS: u64 = 400;
/// Calls in each.
const CALLS: u64 = 5;
const STDIO: &str = "stdio";

/// Sessions with a server, and what is called in them.
#[derive(Debug, clap::Args)]
pub(super) struct McpArgs {
    /// Open sessions of the Model Context Protocol, at this address or over the program's standard streams
    #[arg(long, help_heading = LOAD, value_name = "URL|stdio", conflicts_with_all = ["load", "url"])]
    mcp: Option<String>,
    /// Call this tool (may be repeated); '*' calls all
    #[arg(long, help_heading = LOAD, value_name = "NAME", requires = "mcp")]
    tool: Vec<String>,
    /// Its arguments, as JSON; an n in braces becomes the number of the call [default: made from its schema]
    #[arg(long, help_heading = LOAD, value_name = "JSON", requires = "mcp", value_parser = json)]
    args: Option<Value>,
    /// Arguments that the tool takes and then fails with, for calls that are to fail
    #[arg(long, help_heading = LOAD, value_name = "JSON", requires = "mcp", value_parser = json)]
    failing_args: Option<Value>,
    /// Sessions between two snapshots, shared among the ways to leave them [default: 400]
    #[arg(long, help_heading = LOAD, value_name = "N", requires = "mcp", value_parser = clap::value_parser!(u64).range(1..))]
    sessions: Option<u64>,
    /// Leave sessions only in these ways [default: all that are possible]
    #[arg(long, help_heading = LOAD, value_name = "WAYS", requires = "mcp", value_delimiter = ',')]
    leave: Vec<Leaving>,
    /// The version of the protocol [default: one with sessions, if the server gives any]
    #[arg(long, help_heading = LOAD, value_name = "VERSION", requires = "mcp")]
    protocol: Option<String>,
    /// Call all tools with arguments that are made up: tools act
    #[arg(long, help_heading = LOAD, requires = "mcp")]
    yes: bool,
}

impl clap::ValueEnum for Leaving {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.what()))
    }
}

fn json(text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("it is no JSON: {e}"))?;
    if value.is_object() { Ok(value) } else { Err("an object of JSON belongs here".to_owned()) }
}

impl McpArgs {
    pub(super) const fn is_asked(&self) -> bool {
        self.mcp.is_some()
    }

    /// Whether the server speaks over its standard streams.
    pub(super) fn speaks(&self) -> bool {
        self.mcp.as_deref() == Some(STDIO)
    }

    /// Where it listens otherwise.
    pub(super) fn url(&self) -> Option<&str> {
        self.mcp.as_deref().filter(|_| !self.speaks())
    }

    /// Calls in a session.
    fn calls(calls: Option<u64>) -> u64 {
        calls.unwrap_or(CALLS)
    }

    /// Calls of a round.
    pub(super) fn measured(&self, calls: Option<u64>) -> u64 {
        self.sessions.unwrap_or(SESSIONS).saturating_mul(Self::calls(calls))
    }

    /// What nobody should have to start a program to be told.
    ///
    /// # Errors
    /// If all tools are to be called, and nobody said that they may.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.tool.iter().any(|tool| tool == "*") && self.args.is_none() && !self.yes {
            let what = "tools act: they write, send and delete, with whatever they are called with";
            return Err(Failure::usage(what).hint(Some("add --yes if these may".into())));
        }
        let least = self.leave.len().max(1) as u64;
        if self.sessions.is_some_and(|sessions| sessions < least) {
            let what = "there are fewer sessions than ways to leave them";
            return Err(Failure::usage(what).hint(Some("raise --sessions".into())));
        }
        Ok(())
    }

    /// The load; `headers` go with each request.
    ///
    /// # Errors
    /// If there is no server that can be loaded so.
    pub(super) fn load(
        &self,
        program: &mut Program,
        headers: Vec<(String, String)>,
        (calls, at_once): (Option<u64>, u64),
        cancel: &Cancel,
    ) -> Result<Box<dyn Load>, Failure> {
        let place = match self.url() {
            Some(url) => Place::Url(url.to_owned(), headers),
            None => {
                let speech = program.speech();
                let (input, output) =
                    speech.ok_or_else(|| Failure::usage("the program's streams are taken"))?;
                Place::Stdio(Box::new(input), Box::new(output))
            }
        };
        let wanted = Wanted {
            tools: self.tool.clone(),
            arguments: self.args.clone(),
            failing: self.failing_args.clone(),
            version: self.protocol.clone(),
        };
        let mcp = Mcp::meet(place, &wanted, cancel)?;
        let at_once = usize::try_from(at_once).unwrap_or(1);
        Ok(Box::new(Sessions::new(mcp, &self.leave, Self::calls(calls), at_once)?))
    }
}
