//! Processes in containers, through the front door: a test plays docker and kubectl. Real processes in namespaces of their
//! own are in `tests/live/containers`.
#![cfg(unix)]

use crate::capture::{Plays, inspector};
use crate::cli::{complaint, program};
use crate::fixtures::{path, scratch};
use crate::scanning::root;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The command line that runs our program, behind the way into the container.
const NODE: &str = "node --input-type=commonjs --inspect-port=0 --title=heapdiff -e";

/// A client that does what a script says, and the folder of a test.
struct Played {
    folder: PathBuf,
    script: PathBuf,
}

impl Played {
    fn new(test: &str, script: &str) -> Self {
        let folder = scratch(&format!("containers-{test}"));
        let file = folder.join("script");
        std::fs::write(&file, script).unwrap();
        Self { folder, script: file }
    }

    fn command(&self, target: &str, more: &[&str]) -> Command {
        let clients = root().join("tests/it/clients");
        let others = std::env::var("PATH").unwrap();
        let mut command = program();
        command.args(["capture", target, "-o"]).arg(self.folder.join("a.heapsnapshot")).args(more);
        command.env("PATH", format!("{}:{others}", clients.display()));
        command.env("PLAYED", &self.script).env("FOLDER", &self.folder);
        command
    }

    fn capture(&self, target: &str, more: &[&str]) -> Output {
        self.command(target, more).output().unwrap()
    }

    /// What heapdiff complains of.
    fn refused(test: &str, target: &str, script: &str, exit: i32) -> String {
        let played = Self::new(test, script);
        let said = complaint(&played.capture(target, &[]), exit);
        assert!(!played.folder.join("a.heapsnapshot").exists());
        said
    }
}

/// What clients say for which target, what is told of it, and what to do.
const COMPLAINTS: [(&str, &str, &str, &str); 15] = [
    (
        "docker:app",
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        "cannot run node in docker:app: Cannot connect to the Docker daemon",
        "start its daemon",
    ),
    (
        "docker:app",
        "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
        "permission denied while trying",
        "the group docker",
    ),
    (
        "docker:app",
        "Error response from daemon: No such container: app",
        "daemon: No such container: app",
        "docker ps lists",
    ),
    (
        "docker:app",
        "Error response from daemon: container 4f is not running",
        "4f is not running",
        "only a running container",
    ),
    (
        "docker:app",
        "Error response from daemon: Container 4f is paused, unpause the container before exec",
        "is paused",
        "docker unpause",
    ),
    (
        "docker:app",
        "OCI runtime exec failed: exec failed: unable to start container process: exec: \\\"node\\\": executable file not found in \\$PATH: unknown",
        "there is no node in docker:app, on its PATH or in /nodejs/bin",
        "docker inspect",
    ),
    (
        "podman:app",
        "Error: no container with name or ID \\\"app\\\" found: no such container",
        "no container with name",
        "lists",
    ),
    (
        "kubectl:shop/web",
        "Error from server (NotFound): pods \\\"web\\\" not found",
        "pods \"web\" not found",
        "kubectl get pods",
    ),
    (
        "kubectl:shop/web",
        "Defaulted container \\\"a\\\" out of: a, b\nError from server (Forbidden): pods \\\"web\\\" is forbidden: User \\\"u\\\" cannot create resource \\\"pods/exec\\\"",
        "(Forbidden): pods \"web\" is forbidden",
        "create on pods/exec",
    ),
    (
        "kubectl:shop/web/x",
        "Error from server (BadRequest): container x is not valid for pod web",
        "x is not valid",
        "kubectl describe pod",
    ),
    (
        "kubectl:c/shop/web/x",
        "error: context \\\"c\\\" does not exist",
        "context \"c\" does not exist",
        "get-contexts",
    ),
    (
        "kubectl:shop/web",
        "E1130 11:02:13.133701 9 memcache.go:265] \\\"Unhandled Error\\\"\nThe connection to the server localhost:8080 was refused - did you specify the right host or port?",
        "The connection to the server localhost:8080 was refused",
        "whether kubectl get pods works",
    ),
    (
        "kubectl:shop/web",
        "error: Internal error occurred: exec: \\\"node\\\": executable file not found in \\$PATH\ncommand terminated with exit code 127",
        "there is no node in kubectl:shop/web",
        "kubectl debug",
    ),
    ("docker:app", "\x1b[31mwhat", "cannot run node in docker:app: \\u{1b}[31mwhat", ""),
    ("docker:app", "", "cannot run node in docker:app: docker has ended", ""),
];

#[test]
fn what_a_client_complains_of_is_told_in_a_line_with_what_to_do() {
    for (target, said, told, hint) in COMPLAINTS {
        let script = format!("echo \"{said}\" >&2; exit 1");
        let complaint = Played::refused("complains", target, &script, 3);
        assert!(complaint.contains(told), "{said}: {complaint}");
        assert!(
            hint.is_empty() || complaint.contains("\nhint: ") && complaint.contains(hint),
            "{complaint}"
        );
    }
}

#[test]
fn a_client_that_is_not_there_is_told_of() {
    let played = Played::new("absent", "");
    for client in ["docker", "kubectl"] {
        let target = if client == "docker" { "docker:app" } else { "kubectl:shop/web" };
        let output = played.command(target, &[]).env("PATH", &played.folder).output().unwrap();
        let said = complaint(&output, 3);
        assert!(
            said.contains(&format!("cannot start {client}, which {target} is reached with")),
            "{said}"
        );
    }
}

#[test]
fn a_name_is_one_argument_and_never_an_option() {
    let write = "printf '%s\\n' \"${@:1:$#-1}\" >>\"$FOLDER/given\"; echo '\"x\": executable file not found' >&2; exit 127";
    for (target, given) in [
        (
            "docker:app",
            vec![
                format!("exec -i -e NODE_OPTIONS= -- app {NODE}"),
                format!("exec -i -e NODE_OPTIONS= -- app /nodejs/bin/{NODE}"),
            ],
        ),
        (
            "kubectl:shop/web/app:7",
            vec![
                "config get-contexts -o".to_owned(),
                format!(
                    "exec -i --namespace=shop --container=app pod/web -- env NODE_OPTIONS= {NODE}"
                ),
                format!("exec -i --namespace=shop --container=app pod/web -- {NODE}"),
                format!("exec -i --namespace=shop --container=app pod/web -- /nodejs/bin/{NODE}"),
            ],
        ),
    ] {
        let played = Played::new("arguments", write);
        complaint(&played.capture(target, &[]), 3);
        let told = std::fs::read_to_string(played.folder.join("given")).unwrap();
        assert_eq!(told.split_whitespace().collect::<Vec<_>>().join(" "), given.join(" "));
    }
    for target in [
        "docker:-v",
        "docker:a b",
        "docker:",
        "docker:--privileged",
        "kubectl:web",
        "kubectl:shop/-it",
        "kubectl:-n/web",
        "kubectl:shop/web/--x",
    ] {
        let said = Played::refused("names", target, "echo it was started >&2", 2);
        assert!(said.contains("is no container's name"), "{said}");
    }
}

/// What our program inside says first, of these processes.
fn header(processes: &str) -> String {
    format!(
        "noise that was loaded before\n{{\"heapdiff\":1,\"pid\":99,\"version\":\"v24.1.0\",\"user\":0,\"namespace\":null,\"processes\":[{processes}]}}\n"
    )
}

fn process(pid: u32, name: &str, arguments: &str) -> String {
    format!(
        "{{\"pid\":{pid},\"user\":1000,\"group\":1000,\"name\":\"{name}\",\"program\":\"/usr/bin/{name}\",\"arguments\":{arguments}}}"
    )
}

/// What it sees of the process that was chosen.
fn seen(more: &str) -> String {
    let rest = "\"started\":\"5\",\"options\":\"\",\"stopped\":false,\"caught\":\"0000000000000200\",\"inspector\":null";
    format!(
        "{{\"user\":1000,\"program\":\"/usr/bin/node\",\"arguments\":[\"node\",\"a.js\"],{rest}{more}}}\n"
    )
}

/// Each of what our program inside says leads to an exit code and what is told.
fn are_told(target: &str, talks: &[(String, i32, &str)]) {
    for (says, exit, told) in talks {
        let script = format!("cat <<'END'\n{says}END\n");
        let said = Played::refused("talks", target, &script, *exit);
        assert!(said.contains(told), "{said}");
        assert!(!said.contains("ghp_0"), "{said}");
    }
}

#[test]
fn which_process_is_meant_is_said_where_that_is_not_clear() {
    let app = process(1, "node", "[\"node\",\"a.js\"]");
    let tini = process(1, "tini", "[\"tini\",\"--\",\"npm\",\"start\"]");
    let npm = process(7, "node", "[\"npm start\"]");
    let one =
        process(18, "node", "[\"node\",\"--token=ghp_0123456789abcdefghijABCDEFGHIJ012345\"]");
    let two = process(19, "node", "[\"node\",\"b.js\"]");
    let ours = process(44, "node", "[\"heapdiff\"]");
    let named = "2 processes in docker:app run Node.js\nhint: name one: docker:app:18 \
                 (node --token=ghp_…(40)) or docker:app:19 (node b.js)";
    let none = "no process in docker:app runs Node.js\nhint: process 1 is tini -- npm start";
    let hidden = header(&app).replace(&format!("[{app}]"), "null");
    are_told(
        "docker:app",
        &[
            (header(&[&*tini, &npm, &one, &two, &ours].join(",")), 2, named),
            (header(&[&*tini, &npm, &ours].join(",")), 3, none),
            (hidden, 3, "the processes of docker:app cannot be seen"),
        ],
    );
    are_told("docker:app:5", &[(header(&app), 3, "there is no process 5 in docker:app")]);
}

#[test]
fn a_process_that_must_not_be_told_or_does_not_hear_is_said_to() {
    let app = header(&process(1, "node", "[\"node\",\"a.js\"]"));
    let sees = |from: &str, to: &str| app.clone() + &seen("").replace(from, to);
    let deaf = "\"options\":\"--disable-sigusr1\"";
    let others = "process 1 in docker:app is of user 1000, and what runs there for us of user 33";
    let hidden = seen("").replace("\"program\":\"/usr/bin/node\"", "\"program\":null");
    let then = |more: &str| app.clone() + &seen("") + more + "\n";
    let ended = "cannot send a signal to process 1 in docker:app: it has ended";
    are_told(
        "docker:app",
        &[
            (
                sees("\"stopped\":false", "\"stopped\":true"),
                3,
                "process 1 in docker:app is stopped",
            ),
            (sees("/usr/bin/node", "/usr/bin/java"), 2, "to open an inspector: it runs java"),
            (sees("\"options\":\"\"", deaf), 2, "it runs with --disable-sigusr1"),
            (sees("0000000200", "0000000800"), 2, "does not catch SIGUSR1, which would kill it"),
            (app.clone() + &hidden.replace("1000", "33"), 3, others),
            (then("{\"refused\":\"EPERM\"}"), 3, "which may not send it a signal"),
            (then("{\"refused\":\"it has ended\"}"), 3, ended),
            (
                then("{\"inspector\":null}"),
                3,
                "was told to open its inspector (SIGUSR1), and did not",
            ),
            (app.clone() + "[]\n", 3, "what runs in docker:app for heapdiff answers strangely"),
            (app.clone(), 3, "cannot run node in docker:app: docker has ended"),
        ],
    );
}

/// Plays a container whose process has an inspector at a port of this machine.
fn relay(plays: Plays) -> String {
    let port = inspector(plays).port();
    let list = "[{\\\"webSocketDebuggerUrl\\\":\\\"ws://127.0.0.1/the-socket\\\"}]";
    let open =
        format!("\"inspector\":{{\"host\":\"127.0.0.1\",\"port\":{port},\"list\":\"{list}\"}}");
    let seen = seen("").replace("\"inspector\":null", &open);
    format!(
        "length=$(dd bs=1 count=8 2>/dev/null); dd bs=1 count=$((10#$length)) of=\"$FOLDER/program\" 2>/dev/null
         cat <<'END'\n{}END
         read -r asked; cat <<'END'\n{seen}END
         read -r asked; echo \"$asked\" >\"$FOLDER/asked\"; echo '{{\"joined\":true}}'
         exec 3<>/dev/tcp/127.0.0.1/{port}
         cat <&3 & cat >&3; kill $!",
        header(&process(1, "node", "[\"node\"]"))
    )
}

#[test]
fn a_snapshot_comes_over_the_streams_of_a_client() {
    let played = Played::new("relays", &relay(Plays::Well));
    let output = played.capture("docker:app", &[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let read = |name: &str| std::fs::read(played.folder.join(name)).unwrap();
    assert!(read("a.heapsnapshot") == std::fs::read(path("plain/before.heapsnapshot")).unwrap());
    let asked: serde_json::Value = serde_json::from_slice(&read("asked")).unwrap();
    assert_eq!((&asked["ask"], &asked["host"]), (&"join".into(), &"127.0.0.1".into()));
    let ours = std::fs::read(root().join("src/capture/container/relay.js")).unwrap();
    assert!(read("program") == ours, "the program inside is not the one that is written down");
}

#[test]
fn worker_threads_of_a_container_are_taken_too() {
    let played = Played::new("workers", &relay(Plays::HasWorkers));
    let output = played.capture("kubectl:shop/web", &["--all"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for number in [2, 7] {
        assert!(played.folder.join(format!("a.worker-{number}.heapsnapshot")).exists());
    }
}

#[test]
fn a_client_that_ends_meanwhile_says_why() {
    let ends = "cat <&3 & in=$!; cat <&0 >&3 & wait $in; kill $!; echo 'error: lost connection to pod' >&2";
    let script = relay(Plays::Dies).replace("cat <&3 & cat >&3; kill $!", ends);
    let said = Played::refused("ends", "kubectl:shop/web", &script, 3);
    assert!(
        said.contains(
            "the connection to the process at kubectl:shop/web broke: error: lost connection to pod"
        ),
        "{said}"
    );
}
