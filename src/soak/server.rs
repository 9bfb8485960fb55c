//! A program that starts in, a session with the one of its processes that the load is for out.

use super::program::Program;
use super::state::Listening;
use crate::cancel::Cancel;
use crate::capture::{Session, Target};
use crate::error::{Error, ErrorKind, Result};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// How long a program may take to be ready.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long it may listen somewhere else before that counts as an answer.
const ELSEWHERE: Duration = Duration::from_secs(15);
/// How long the inspector of one that is ready may take: it comes first, where there is one.
const INSPECTOR: Duration = Duration::from_secs(3);
/// Between two looks, at first and at last. Each look is a line in the program's log.
const GLANCE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// By what a program is known to be ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ready {
    /// It listens.
    Listens,
    /// Something listens at this port of a host.
    At(String),
    /// A request of this address is answered without an error of the server's.
    Answers(String),
    /// It says so.
    Says,
    /// It is.
    Now,
}

/// The process that the load is for.
pub(crate) struct Server {
    pub session: Session,
    /// Where it listens, if it does.
    pub url: Option<String>,
}

/// Waits until a program is ready, and finds the process among those that it consists of. `port` is the
/// one that the load goes to, if that is known.
///
/// # Errors
/// `Io` if it ends, has no inspector or is not ready in time; `Usage` if several of its processes could
/// be meant.
pub(crate) fn ready(
    program: &mut Program,
    ready: &Ready,
    port: Option<u16>,
    cancel: &Cancel,
) -> Result<Server> {
    let begun = Instant::now();
    let mut pause = GLANCE.0;
    let mut since = None;
    let mut is_asked = false;
    loop {
        cancel.check()?;
        program.runs()?;
        let is_ready = match ready {
            Ready::At(place) => answers(place),
            Ready::Answers(url) => is_well(url),
            Ready::Says => program.output.is_ready(),
            Ready::Listens | Ready::Now => !program.output.inspectors().is_empty(),
        };
        if is_ready {
            let since: &Instant = since.get_or_insert_with(Instant::now);
            if let Some(server) = find(program, *ready == Ready::Listens, port, cancel)? {
                return Ok(server);
            }
            if *ready != Ready::Listens && since.elapsed() > INSPECTOR {
                return Err(no_inspector());
            }
        }
        let is_late = begun.elapsed() > PATIENCE;
        if is_late || (!is_asked && begun.elapsed() > ELSEWHERE) {
            is_asked = true;
            let elsewhere = match ready {
                Ready::At(_) => elsewhere(program, cancel),
                _ => None,
            };
            if is_late || elsewhere.is_some() {
                return Err(late(program, ready, begun.elapsed(), elsewhere));
            }
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(GLANCE.1);
    }
}

fn no_inspector() -> Error {
    Error::new(ErrorKind::Io, "the program is ready, and has no inspector of V8's").with_hint(
        "heapdiff reads heaps of V8: of Node.js and Deno, not of Bun, Python or others; is it started with an \
         environment of its own, without NODE_OPTIONS?",
    )
}

/// The address at which a process of the program listens.
fn elsewhere(program: &Program, cancel: &Cancel) -> Option<String> {
    let server = find(program, true, None, cancel).ok().flatten()?;
    server.session.close();
    server.url
}

/// `elsewhere` is where the program listens instead.
fn late(program: &Program, ready: &Ready, after: Duration, elsewhere: Option<String>) -> Error {
    if program.output.inspectors().is_empty() {
        return no_inspector();
    }
    let missing = match ready {
        Ready::Listens => "no process of it listens".to_owned(),
        Ready::At(place) => {
            let elsewhere = elsewhere.map(|url| format!(", but the program does at {url}"));
            format!("nothing listens at {place}{}", elsewhere.unwrap_or_default())
        }
        Ready::Answers(url) => format!("{url} does not answer well"),
        Ready::Says => "it does not say that it is ready".to_owned(),
        Ready::Now => "it does not start".to_owned(),
    };
    let what = format!("the program is not ready after {} s: {missing}", after.as_secs());
    Error::new(ErrorKind::Io, what).with_hint(program.output.said_last())
}

fn answers(place: &str) -> bool {
    let Ok(mut all) = place.to_socket_addrs() else { return false };
    all.any(|at| TcpStream::connect_timeout(&at, GLANCE.1).is_ok())
}

fn is_well(url: &str) -> bool {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(GLANCE.1 * 5))
        .max_redirects(0)
        .proxy(None)
        .http_status_as_error(false)
        .build();
    let reply = ureq::Agent::new_with_config(config).get(url).call();
    reply.is_ok_and(|reply| !reply.status().is_server_error())
}

/// A process of the program, and where it listens.
struct Candidate {
    target: Target,
    listening: Listening,
}

/// The process that is meant, if it is there yet.
fn find(
    program: &Program,
    must_listen: bool,
    port: Option<u16>,
    cancel: &Cancel,
) -> Result<Option<Server>> {
    let mut all = Vec::new();
    for target in program.output.inspectors() {
        // One that has ended is none. A process does not end while somebody is connected.
        let Ok(mut session) = Session::open(&target, cancel.clone()) else { continue };
        let listening = Listening::of(&mut session);
        session.close();
        if let Ok(listening) = listening {
            all.push(Candidate { target, listening });
        }
    }
    let has = |one: &Candidate| match port {
        Some(port) => one.listening.at.iter().any(|(_, at)| *at == port),
        None => !one.listening.at.is_empty(),
    };
    let mut listen = all.iter().filter(|one| has(one));
    let chosen = match (listen.next(), listen.next()) {
        (Some(one), None) => one,
        (Some(one), Some(other)) => return Err(several(one, other)),
        (None, _) if must_listen => return Ok(None),
        // Others start what they are to run last.
        (None, _) => match all.last() {
            Some(one) => one,
            None => return Ok(None),
        },
    };
    let session = Session::open(&chosen.target, cancel.clone())?;
    program.output.all_have_ended();
    let url = chosen.listening.at.first().map(|(ip, port)| url(ip, *port));
    Ok(Some(Server { session, url }))
}

fn several(one: &Candidate, other: &Candidate) -> Error {
    let what = format!(
        "processes {} and {} of the program both listen, and it is not known which the load is for",
        one.listening.pid, other.listening.pid
    );
    Error::new(ErrorKind::Usage, what).with_hint(
        "start the one that is meant by itself, without a cluster and without others beside it",
    )
}

/// The address of a server for a client on this machine.
fn url(ip: &str, port: u16) -> String {
    let host = match ip.parse() {
        Ok(std::net::IpAddr::V4(ip)) if !ip.is_unspecified() => ip.to_string(),
        Ok(std::net::IpAddr::V6(ip)) if !ip.is_unspecified() => format!("[{ip}]"),
        _ => "127.0.0.1".to_owned(),
    };
    format!("http://{host}:{port}")
}
