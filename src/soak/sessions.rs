//! A server of the Model Context Protocol in, a load out whose parts are the ways to leave sessions.

use super::load::Load;
use super::mcp::{Amount, Leaving, Mcp};
use super::program::Program;
use super::tally::Tally;
use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use std::ops::Range;

/// Sessions that are opened, and left in ways that take turns.
pub(crate) struct Sessions {
    mcp: Mcp,
    ways: Vec<Leaving>,
    /// Calls in each session.
    calls: u64,
    at_once: usize,
    omitted: Vec<String>,
}

impl Sessions {
    /// Of the `wanted` ways those that are possible; without any, all that are.
    ///
    /// # Errors
    /// `Usage` if none is.
    pub(crate) fn new(mcp: Mcp, wanted: &[Leaving], calls: u64, at_once: usize) -> Result<Self> {
        let is_wanted = |way: Leaving| wanted.is_empty() || wanted.contains(&way);
        let mut ways = Vec::new();
        let mut omitted = Vec::new();
        for (way, why_not) in mcp.ways.iter().filter(|(way, _)| is_wanted(*way)) {
            match why_not {
                None => ways.push(*way),
                Some(why) => omitted.push(format!("no sessions are left {}: {why}", way.name())),
            }
        }
        if ways.is_empty() {
            return Err(Error::new(ErrorKind::Usage, omitted.join("; ")));
        }
        let left_out = mcp.left_out().iter();
        omitted.extend(left_out.map(|(tool, why)| format!("{tool} is not called: {why}")));
        Ok(Self { mcp, ways, calls: calls.max(1), at_once, omitted })
    }
}

impl Load for Sessions {
    fn told(&self) -> String {
        let Mcp { name, version, .. } = &self.mcp;
        let tools = crate::units::counted(self.mcp.tools() as u64, "tool", "tools");
        let calls = crate::units::counted(self.calls, "call", "calls");
        format!("{tools} of {name}, MCP {version}, {calls} in a session")
    }

    fn omitted(&self) -> Vec<String> {
        self.omitted.clone()
    }

    /// Each way has its share of the sessions, and at least one. It goes in two passes, as long as each other:
    /// the first brings in what the way needs, code above all, which goes when it has not run for a while.
    fn parts(&self, calls: u64) -> Vec<(&'static str, u64)> {
        let sessions = calls.div_ceil(self.calls);
        let ways = self.ways.len() as u64;
        let share = |at: u64| (sessions / ways + u64::from(at < sessions % ways)).max(1);
        let parts = (0_u64..).zip(&self.ways).flat_map(|(at, way)| {
            let first = share(at) / 2;
            [first, share(at) - first].map(|sessions| (way.name(), sessions * self.calls))
        });
        parts.filter(|(_, calls)| *calls > 0).collect()
    }

    fn drive(
        &mut self,
        part: &str,
        numbers: Range<u64>,
        program: &mut Program,
        cancel: &Cancel,
    ) -> Result<Tally> {
        let way = self.ways.iter().copied().find(|way| way.name() == part);
        let Some(way) = way else { return Ok(Tally::default()) };
        let sessions = (numbers.end - numbers.start) / self.calls;
        let (calls, at_once) = (self.calls, self.at_once);
        let amount = Amount { sessions, calls, first: numbers.start, at_once };
        let tally = self.mcp.round(way, amount, cancel);
        program.runs()?;
        tally
    }
}
