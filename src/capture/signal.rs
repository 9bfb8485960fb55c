//! What is seen of a process in, whether SIGUSR1 opens an inspector of it out.
//!
//! A signal that nobody expects kills. So SIGUSR1 is sent only to a process that is Node.js or Deno and catches it,
//! and never SIGUSR2.

use crate::error::{Error, ErrorKind, Result};
use std::net::IpAddr;

/// A process, as far as it is seen.
#[derive(Debug)]
pub(super) struct Looks<'a> {
    /// What it is called.
    pub process: &'a str,
    /// The name of the file that it runs; empty if that is not seen.
    pub program: &'a str,
    pub arguments: Vec<&'a str>,
    /// What `NODE_OPTIONS` has for it.
    pub options: &'a str,
    /// The signals that it catches, as its `status` has them.
    pub caught: &'a str,
}

impl Looks<'_> {
    /// # Errors
    /// `Usage` if the signal would do something else.
    pub(super) fn may_be_told(&self) -> Result<()> {
        let no = |why: &str, hint: &str| {
            let what = format!("{} cannot be told to open an inspector: {why}", self.process);
            Err(Error::new(ErrorKind::Usage, what).with_hint(hint))
        };
        if !self.program.starts_with("node") && !self.program.starts_with("deno") {
            return match self.program {
                "" => no(
                    "what it runs cannot be seen from here",
                    "it may have changed its user, which hides it: start it with --inspect",
                ),
                program => no(
                    &format!("it runs {program}"),
                    "only Node.js and Deno can; start others with an inspector",
                ),
            };
        }
        // What stands on the command line goes before the environment.
        let given: Vec<&str> =
            self.options.split_whitespace().chain(self.arguments.iter().copied()).collect();
        let has = |option: &str| given.contains(&option);
        if has("--disable-sigusr1") {
            return no("it runs with --disable-sigusr1", "start it without, or with --inspect");
        }
        if has("--permission") && !has("--allow-inspector") {
            return no("it runs with --permission", "start it with --allow-inspector too");
        }
        if let Some(place) = place_of_inspector(&given).filter(|place| !is_here(place)) {
            return no(
                &format!("that would be open to others, at {place}"),
                "start it with an --inspect-port on 127.0.0.1",
            );
        }
        let caught = u64::from_str_radix(self.caught.trim(), 16).unwrap_or(0);
        // Bit by number of the signal, from 1 on.
        if caught >> 9 & 1 == 0 {
            return no("it does not catch SIGUSR1, which would kill it", "start it with --inspect");
        }
        Ok(())
    }
}

/// A process that was told, and has no inspector after a while.
pub(super) fn unheard(process: &str) -> Error {
    let what = format!("{process} was told to open its inspector (SIGUSR1), and did not");
    Error::new(ErrorKind::Io, what).with_hint(
        "its port may be taken by another process (its standard error says so), or it is stopped or busy: \
         start it with --inspect-port=0, or with --inspect",
    )
}

/// Where a process is told to open its inspector: the last that its options say.
fn place_of_inspector<'a>(given: &[&'a str]) -> Option<&'a str> {
    const SAY: [&str; 5] =
        ["--inspect-port", "--debug-port", "--inspect", "--inspect-brk", "--inspect-wait"];
    let mut said = given.iter().enumerate().filter_map(|(at, option)| {
        match option.split_once('=') {
            Some((name, place)) => SAY.contains(&name).then_some(place),
            // Only these take what follows.
            None => SAY[..2].contains(option).then(|| given.get(at + 1).copied()).flatten(),
        }
    });
    said.next_back()
}

/// Whether a place is on this machine alone: a port, or a host with or without one.
fn is_here(place: &str) -> bool {
    let host = match place.rsplit_once(':') {
        _ if place.parse::<u16>().is_ok() => return true,
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => place,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.is_empty()
        || host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inspector_that_others_could_reach_is_known_by_the_options() {
        for (given, is_open) in [
            ("node server.js", false),
            ("node --inspect-port=9333 server.js", false),
            ("node --inspect-port 0 server.js", false),
            ("node --inspect-port=127.0.0.1:9333 server.js", false),
            ("node --inspect-port=localhost server.js", false),
            ("node --inspect-port=[::1]:0 server.js", false),
            ("node --inspect-port=0.0.0.0:9229 server.js", true),
            ("node --inspect-port 0.0.0.0 server.js", true),
            ("node --debug-port=[::]:9229 server.js", true),
            ("node --inspect=10.0.0.7 server.js", true),
            ("node --inspect-port=0.0.0.0 --inspect-port=9229 server.js", false),
        ] {
            let given: Vec<&str> = given.split(' ').collect();
            let place = place_of_inspector(&given);
            assert_eq!(place.is_some_and(|place| !is_here(place)), is_open, "{given:?}");
        }
    }
}
