//! What a client says when it cannot do it in, an error with what to do out.

use super::name::Container;
use crate::error::{Error, ErrorKind};
use crate::text::visible;

/// Characters of what is passed on.
const LONG: usize = 300;

/// What clients say, in small letters, and what to do then, with a pair of braces for the client; the first that is
/// said counts.
const SAYS: [(&str, &str); 16] = [
    ("cannot connect to the docker daemon", DAEMON),
    ("failed to connect to the docker api", DAEMON),
    (
        "cannot connect to podman",
        "start its service (podman machine start), or say where it is, as to podman itself (CONTAINER_HOST)",
    ),
    (
        "permission denied while trying to connect",
        "run this as root, or as a user that may use docker (the group docker)",
    ),
    ("no such container", "{} ps lists those that run"),
    ("is not running", ENDED),
    ("running containers", ENDED),
    ("is paused", "{} unpause lets it go on"),
    (
        "is forbidden",
        "your role needs create on pods/exec and get on pods in that namespace; kubectl auth can-i create pods/exec tells",
    ),
    ("does not exist", "kubectl config get-contexts lists the contexts"),
    ("no context exists", "kubectl config get-contexts lists the contexts"),
    ("completed pod", "only a running pod has a process to look at"),
    ("is not valid for pod", "kubectl describe pod lists its containers"),
    ("container not found", "kubectl describe pod tells whether it runs"),
    ("not found", "kubectl get pods lists those of a namespace"),
    ("server", "look whether kubectl get pods works, or name another context before the namespace"),
];
const DAEMON: &str = "start its daemon, or say where it is, as to docker itself (DOCKER_HOST)";
const ENDED: &str = "only a running container has a process to look at: {} ps lists them";

/// Whether a client complains that there is no such program in the container.
pub(super) fn lacks_program(said: &str) -> bool {
    let said = said.to_lowercase();
    let says = |words: &str| said.contains(words);
    // A file that is not there may be the daemon's socket, too.
    let of_exec = ["oci runtime", "container process", "env:"].iter().any(|words| says(words));
    says("executable file not found")
        || says("not found in $path")
        || of_exec && says("no such file or directory")
}

/// No program of Node.js is where one was looked for.
pub(super) fn no_node(container: &Container) -> Error {
    let what = format!("there is no node in {container}, on its PATH or in /nodejs/bin");
    let hint = match container.client {
        "kubectl" => {
            "name a debug container beside it whose image has one (kubectl debug with a target), or forward the port of \
             its inspector"
                .to_owned()
        }
        engine => format!(
            "as root on its machine, name its process by the id that it has there ({engine} inspect)"
        ),
    };
    Error::new(ErrorKind::Io, what).with_hint(hint)
}

/// The client itself is not there.
pub(super) fn no_client(container: &Container, why: std::io::Error) -> Error {
    let client = container.client;
    let what = format!("cannot start {client}, which {container} is reached with");
    Error::io(what, why).with_hint(format!("{client} has to be on the PATH, and to work there"))
}

/// It could not run Node.js in the container.
pub(super) fn failed(container: &Container, said: &str) -> Error {
    let what = format!("cannot run node in {container}");
    let small = said.to_lowercase();
    let error = match complaint(said) {
        Some(why) => Error::new(ErrorKind::Io, format!("{what}: {why}")),
        None => Error::new(ErrorKind::Io, format!("{what}: {} has ended", container.client)),
    };
    match SAYS.iter().find(|(says, _)| small.contains(says)) {
        Some((_, hint)) => error.with_hint(hint.replace("{}", container.client)),
        None => error,
    }
}

/// The line that tells what is wrong, of all that a client says.
pub(super) fn complaint(said: &str) -> Option<String> {
    let lines = || said.lines().map(str::trim).filter(|line| tells(line));
    let is_error = |line: &&str| line.to_lowercase().contains("error");
    let line = lines().find(is_error).or_else(|| lines().next_back())?;
    let shown: String = visible(line).chars().take(LONG).collect();
    Some(shown.trim_end_matches('.').to_owned())
}

/// The containers of a pod, where kubectl has chosen one of them.
pub(super) fn chosen(said: &str) -> Option<String> {
    const CHOSEN: &str = "Defaulted container ";
    let line = said.lines().find_map(|line| line.trim().strip_prefix(CHOSEN))?;
    Some(visible(line).chars().take(LONG).collect())
}

/// Whether a line says what is wrong: not what is logged, and not what to read.
fn tells(line: &str) -> bool {
    let is_logged = line.get(1..5).is_some_and(|day| day.bytes().all(|b| b.is_ascii_digit()))
        && line.starts_with(['E', 'I', 'W']);
    let others = [
        "Defaulted container",
        "command terminated",
        "See ",
        "Use ",
        "Run ",
        "Usage:",
        "Node.js v",
    ];
    !line.is_empty() && !is_logged && !others.iter().any(|other| line.starts_with(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_all_that_a_client_says_the_line_is_told_that_says_what_is_wrong() {
        for (said, told) in [
            (
                "Error response from daemon: No such container: app\n",
                "Error response from daemon: No such container: app",
            ),
            (
                "Defaulted container \"a\" out of: a, b\nError from server (Forbidden): pods \"x\" is forbidden\n",
                "Error from server (Forbidden): pods \"x\" is forbidden",
            ),
            (
                "E1130 11:02:13.1 9 memcache.go:265] \"Unhandled Error\" err=\"dial tcp\"\nThe connection to the server \
                 localhost:8080 was refused - did you specify the right host or port?\n",
                "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
            ),
            ("a\x1b[31m.\ncommand terminated with exit code 1\n", "a\\u{1b}[31m"),
        ] {
            assert_eq!(complaint(said).unwrap(), told);
        }
        assert_eq!(complaint("\n\n"), None);
        assert_eq!(
            chosen("Defaulted container \"a\" out of: a, b\n").unwrap(),
            "\"a\" out of: a, b"
        );
    }

    #[test]
    fn a_hint_names_the_client_that_was_asked() {
        let said = "Error: no container with name or ID \"gone\" found: no such container";
        for client in ["docker", "podman"] {
            let container = Container::read(&format!("{client}:gone")).unwrap().unwrap();
            let error = failed(&container, said);
            assert_eq!(
                error.hint().unwrap().to_string(),
                format!("{client} ps lists those that run")
            );
        }
    }

    #[test]
    fn a_missing_program_is_no_missing_socket() {
        for (said, lacks) in [
            (
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \"node\": executable file not found in $PATH: unknown",
                true,
            ),
            (
                "Error response from daemon: OCI runtime exec failed: exec failed: exec: \"node\": executable file not found in $PATH",
                true,
            ),
            (
                "Error: crun: executable file `node` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found",
                true,
            ),
            ("env: can't execute 'node': No such file or directory", true),
            (
                "exec failed: unable to start container process: exec: \"/nodejs/bin/node\": stat /nodejs/bin/node: no such file or directory: unknown",
                true,
            ),
            (
                "failed to connect to the docker API at unix:///var/run/docker.sock; check if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory",
                false,
            ),
            ("Error response from daemon: No such container: app", false),
        ] {
            assert_eq!(lacks_program(said), lacks, "{said}");
        }
    }
}
