//! What a user calls a container in, the command lines out that run Node.js in it.

use crate::error::{Error, ErrorKind, Result};
use std::fmt;
use std::process::Command;

/// Takes the program that follows on standard input, its length before it, and runs it.
const BOOTSTRAP: &str = include_str!("bootstrap.js");
/// How Node.js is started: whatever an image has in its environment, it takes no inspector's port from others.
const NODE: [&str; 5] =
    ["--input-type=commonjs", "--inspect-port=0", "--title=heapdiff", "-e", BOOTSTRAP];

/// Where Node.js is; some images have it beside the PATH. Options that the environment has for all of them, such as
/// agents to load, are for none of ours: docker can say so, and else env if it is there.
const IN_DOCKER: [&[&str]; 2] = [&["node"], &["/nodejs/bin/node"]];
const IN_POD: [&[&str]; 3] = [&["env", "NODE_OPTIONS=", "node"], &["node"], &["/nodejs/bin/node"]];

/// A container, as a client on this machine knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Container {
    /// What the user calls it.
    text: String,
    /// The client, and its arguments before a command.
    pub(super) client: &'static str,
    before: Vec<String>,
    /// The process; without it the container's first, or whichever runs Node.js.
    pub(super) pid: Option<u32>,
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Container {
    /// Reads `docker:NAME[:PID]` or `kubectl:[CONTEXT/]NAMESPACE/POD[/CONTAINER][:PID]`; `None` if it begins otherwise.
    ///
    /// # Errors
    /// `Usage` if the rest is no such name.
    pub(in crate::capture) fn read(text: &str) -> Result<Option<Self>> {
        let Some((client, rest)) = text.split_once(':') else { return Ok(None) };
        let (whole, pid) = match rest.rsplit_once(':') {
            Some((name, pid)) if pid.parse::<u32>().is_ok() => (name, pid.parse().ok()),
            _ => (rest, None),
        };
        let (client, before) = match client {
            "docker" => ("docker", in_engine(whole)),
            "podman" => ("podman", in_engine(whole)),
            "kubectl" => {
                let before = Pod::read(whole, known_contexts).map(|pod| pod.before());
                ("kubectl", before)
            }
            _ => return Ok(None),
        };
        let Some(before) = before else { return Err(unreadable(text, client)) };
        Ok(Some(Self { text: text.to_owned(), client, before, pid }))
    }

    /// Its name, whichever of its processes is meant.
    pub(super) fn name(&self) -> &str {
        match self.pid {
            Some(_) => self.text.rsplit_once(':').map_or(&self.text, |(name, _)| name),
            None => &self.text,
        }
    }

    /// What runs Node.js in it, in several ways: the first for which there is a program is the one.
    pub(super) fn commands(&self) -> Vec<Command> {
        let nodes: &[&[&str]] = if self.client == "kubectl" { &IN_POD } else { &IN_DOCKER };
        let command = |node: &&[&str]| {
            let mut command = Command::new(self.client);
            command.args(&self.before).args(*node).args(NODE);
            command
        };
        nodes.iter().map(command).collect()
    }
}

/// Arguments of docker's, and of those that take the same.
fn in_engine(name: &str) -> Option<Vec<String>> {
    let arguments = ["exec", "-i", "-e", "NODE_OPTIONS=", "--", name];
    is_name(name).then(|| arguments.map(str::to_owned).to_vec())
}

/// What no client could take for an option, or for several arguments.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

fn unreadable(text: &str, client: &str) -> Error {
    let hint = match client {
        "kubectl" => {
            "kubectl:NAMESPACE/POD, with a context before it, a container behind it (kubectl:CONTEXT/NAMESPACE/POD/CONTAINER) and \
             the id of a process last (:PID), if need be"
                .to_owned()
        }
        engine => format!("{engine}:NAME, with the id of a process behind it (:PID), if need be"),
    };
    Error::new(ErrorKind::Usage, format!("{text} is no container's name")).with_hint(hint)
}

/// A container of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pod {
    context: Option<String>,
    namespace: String,
    name: String,
    container: Option<String>,
}

impl Pod {
    /// Names of contexts may hold slashes. What could be read in two ways has a context in front if there is one of that
    /// name; an empty part in front is the current context, one at the end the container that kubectl chooses.
    fn read(text: &str, contexts: impl FnOnce() -> Vec<String>) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let known = if parts.len() > 2 { contexts() } else { Vec::new() };
        let take = |behind: usize| {
            let (before, rest) = parts.split_at_checked(parts.len().checked_sub(behind)?)?;
            let is_whole = is_name(rest[0]) && is_name(rest[1]);
            let container = rest.get(2).copied().filter(|container| !container.is_empty());
            (is_whole && container.is_none_or(is_name)).then(|| Self {
                context: Some(before.join("/")).filter(|context| !context.is_empty()),
                namespace: rest[0].to_owned(),
                name: rest[1].to_owned(),
                container: container.map(str::to_owned),
            })
        };
        let without = take(2).filter(|pod| match &pod.context {
            Some(context) => known.contains(context),
            None => parts.len() == 2,
        });
        without.or_else(|| take(3))
    }

    fn before(&self) -> Vec<String> {
        let mut before = vec!["exec".to_owned(), "-i".to_owned()];
        before.extend(self.context.as_ref().map(|context| format!("--context={context}")));
        before.push(format!("--namespace={}", self.namespace));
        before.extend(self.container.as_ref().map(|container| format!("--container={container}")));
        before.extend([format!("pod/{}", self.name), "--".to_owned()]);
        before
    }
}

/// The contexts that kubectl knows; none if it cannot be asked.
fn known_contexts() -> Vec<String> {
    let asked = Command::new("kubectl").args(["config", "get-contexts", "-o", "name"]).output();
    let told = asked.map(|told| String::from_utf8_lossy(&told.stdout).into_owned());
    told.unwrap_or_default().lines().map(|line| line.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_read_in_two_ways_has_a_context_in_front_if_there_is_one() {
        let known = || ["prod", "arn:aws:eks:eu-1:1:cluster/c"].map(str::to_owned).to_vec();
        for (text, told) in [
            ("shop/web", "--namespace=shop pod/web"),
            ("shop/web/app", "--namespace=shop --container=app pod/web"),
            ("prod/shop/web", "--context=prod --namespace=shop pod/web"),
            ("/prod/web/app", "--namespace=prod --container=app pod/web"),
            ("/shop/web/", "--namespace=shop pod/web"),
            ("prod/shop/web/app", "--context=prod --namespace=shop --container=app pod/web"),
            ("other/shop/web/app", "--context=other --namespace=shop --container=app pod/web"),
            (
                "arn:aws:eks:eu-1:1:cluster/c/shop/web",
                "--context=arn:aws:eks:eu-1:1:cluster/c --namespace=shop pod/web",
            ),
            (
                "arn:aws:eks:eu-1:1:cluster/c/shop/web/app",
                "--context=arn:aws:eks:eu-1:1:cluster/c --namespace=shop --container=app pod/web",
            ),
        ] {
            let pod = Pod::read(text, known).unwrap();
            assert_eq!(pod.before().join(" "), format!("exec -i {told} --"), "{text}");
        }
        for text in
            ["", "web", "/web", "shop/", "shop//app", "-n/web", "shop/-web", "a/shop/web/-c"]
        {
            assert_eq!(Pod::read(text, known), None, "{text}");
        }
    }

    #[test]
    fn what_a_client_could_take_for_something_else_is_no_name() {
        for text in ["docker:", "docker:-v", "docker:a b", "docker:a:b", "docker:a/b", "docker::1"]
        {
            assert!(Container::read(text).is_err(), "{text}");
        }
        let read = |text: &str| Container::read(text).unwrap().unwrap();
        assert_eq!((read("docker:app").pid, read("docker:app:17").pid), (None, Some(17)));
        assert_eq!(
            (read("docker:app").name(), read("docker:app:17").name()),
            ("docker:app", "docker:app")
        );
        assert_eq!(Container::read("localhost:9229").unwrap(), None);
    }
}
