//! A session in, how a snapshot of it is taken out: of which process and thread, when, with what it takes.

use super::session::Session;
use super::workers::Worker;
use crate::error::Result;
use crate::input::{Memory, Sidecar, written};
use crate::secret::mask;
use crate::text::Text;
use serde::Deserialize;
use std::time::{Duration, SystemTime};

/// Arguments that are kept, and characters of each.
const MANY: usize = 100;
const LONG: usize = 200;

/// What a process knows of itself; each runtime knows some of it.
const ASK: &str = "0, (() => {
    const own = globalThis.process, told = {};
    const tell = (what, of) => { try { told[what] = of(); } catch {} };
    tell('pid', () => own?.pid ?? Deno.pid);
    tell('uptime', () => own.uptime());
    tell('runtime', () => 'chromium ' + /Chrom(?:e|ium).([0-9.]+)/.exec(navigator.userAgent)[1]);
    tell('runtime', () => 'node ' + own.version);
    tell('runtime', () => 'deno ' + Deno.version.deno);
    tell('v8', () => own?.versions.v8 ?? Deno.version.v8);
    tell('arguments', () => [...own.execArgv, ...own.argv.slice(1)].map(String));
    tell('memory', () => own.memoryUsage());
    tell('heap_limit', () => performance.memory.jsHeapSizeLimit);
    tell('heap_limit', () => require('v8').getHeapStatistics().heap_size_limit);
    return told;
})()";
const RSS: &str =
    "0, (() => { try { return process.memoryUsage().rss; } catch { return null; } })()";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    pid: Option<u64>,
    uptime: Option<f64>,
    runtime: Option<String>,
    v8: Option<String>,
    arguments: Vec<String>,
    memory: Option<Memory>,
    heap_limit: Option<u64>,
}

impl Session {
    /// What is to stand beside a snapshot that is taken now.
    ///
    /// # Errors
    /// If the process goes away or says nothing for long.
    pub(crate) fn about(&mut self, worker: Option<&Worker>) -> Result<Sidecar> {
        // What answers otherwise than asked knows nothing of itself.
        let told: Told = serde_json::from_value(self.look(ASK)?).unwrap_or_default();
        let now = SystemTime::now();
        let uptime = told.uptime.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Ok(Sidecar {
            bytes: 0,
            time: written(now),
            session: self.id().to_owned(),
            pid: told.pid,
            started: uptime.and_then(|uptime| now.checked_sub(uptime)).map(written),
            worker: worker.map(|worker| worker.number),
            name: worker.map(|worker| shown(&worker.name)).filter(|name| !name.is_empty()),
            runtime: told.runtime.as_deref().map(shown),
            v8: told.v8.as_deref().map(shown),
            arguments: without_secrets(&told.arguments),
            memory: told.memory,
            rss_afterwards: None,
            heap_limit: told.heap_limit,
            group_limit: self.room().limit,
        })
    }

    /// Bytes of the process in memory; `None` if it does not know.
    ///
    /// # Errors
    /// If the process goes away or says nothing for long.
    pub(crate) fn rss(&mut self) -> Result<Option<u64>> {
        Ok(self.look(RSS)?.as_u64())
    }
}

/// Arguments without what looks secret, and without the values of what is called like a secret.
fn without_secrets(arguments: &[String]) -> Vec<String> {
    let before = std::iter::once("").chain(arguments.iter().map(String::as_str));
    let hidden = before.zip(arguments).take(MANY).map(|(before, argument)| {
        let name = before.trim_start_matches('-');
        // The value of an option that stands behind it.
        if name.len() < before.len() && !name.contains('=') && !argument.starts_with('-') {
            let both = shown(&format!("{name}={argument}"));
            return both.strip_prefix(&format!("{name}=")).unwrap_or(&both).to_owned();
        }
        let bare = argument.trim_start_matches('-');
        let dashes = &argument[..argument.len() - bare.len()];
        format!("{dashes}{}", shown(bare))
    });
    hidden.collect()
}

fn shown(text: &str) -> String {
    mask(&Text::from(text)).shortened(LONG).to_string_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_arguments_that_are_called_like_a_secret_are_left_out() {
        for (given, kept) in [
            ("server.js --port 8080", "server.js --port 8080"),
            ("--api-key=hunter2hunter2 x", "--api-key=…(14) x"),
            ("--password hunter2 x", "--password …(7) x"),
            ("PASSWORD=hunter2", "PASSWORD=…(7)"),
            ("--db postgres://me:hunter2@host/db", "--db postgres://me:…(7)@host/db"),
            ("--token ghp_0123456789abcdefghijABCDEFGHIJ012345", "--token …(40)"),
        ] {
            let given: Vec<String> = given.split(' ').map(str::to_owned).collect();
            assert_eq!(without_secrets(&given).join(" "), kept);
        }
        assert_eq!(without_secrets(&vec!["x".repeat(5000); 500]).len(), MANY);
    }
}
