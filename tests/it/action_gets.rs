//! The GitHub Action's other scripts: how it gets the program, and how it comments. What they talk to
//! is played by programs on the PATH.

use crate::fixtures::{program, scratch};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ARCHIVE: &str = "heapdiff-1.2.3-x86_64-unknown-linux-musl";

fn bash(script: &str) -> Command {
    let mut command = Command::new("bash");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("action").join(script));
    command
}

/// With the programs in this folder before all others.
fn with(command: &mut Command, folder: &Path) {
    let known = std::env::var_os("PATH").unwrap_or_default();
    let all = [folder.to_owned()].into_iter().chain(std::env::split_paths(&known));
    command.env("PATH", std::env::join_paths(all).unwrap());
}

fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

/// A runner with the action's checkout, of version 1.2.3, and what is to be had from its releases.
struct Runner {
    dir: PathBuf,
}

impl Runner {
    fn new(name: &str) -> Self {
        let dir = scratch(&format!("action-runner-{name}"));
        for folder in ["source/src", "path", "served", "temp"] {
            std::fs::create_dir_all(dir.join(folder)).unwrap();
        }
        let runner = Self { dir };
        runner.write("source/Cargo.toml", "[package]\nversion = \"1.2.3\"\n[d]\nversion = \"9\"\n");
        runner.write("source/Cargo.lock", "lock");
        runner.write("source/src/main.rs", "main");
        // As curl: the file after --output, and 22 for what is not there.
        let served = runner.dir.join("served");
        let log = runner.dir.join("asked");
        let curl = format!(
            "#!/usr/bin/env bash\nwhile [ $# -gt 1 ]; do [ \"$1\" = --output ] && to=$2; shift; done\n\
             echo \"$1\" >>'{}'\ncp '{}'/\"${{1##*/}}\" \"$to\" 2>/dev/null || exit 22\n",
            log.display(),
            served.display()
        );
        program(&runner.dir.join("path/curl"), &curl);
        let built = runner.dir.join("built");
        let cargo = format!("#!/usr/bin/env bash\nprintf '[%s]' \"$@\" >'{}'\n", built.display());
        program(&runner.dir.join("path/cargo"), &cargo);
        runner
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.dir.join(name), content).unwrap();
    }

    /// What is to be had: an archive as `scripts/archive` makes it, and sums.
    fn serve(&self, sums: impl Fn(&str) -> String) {
        let folder = self.dir.join(ARCHIVE);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("heapdiff"), "the program").unwrap();
        let archive = self.dir.join("served").join(format!("{ARCHIVE}.tar.gz"));
        let mut tar = Command::new("tar");
        tar.arg("-czf").arg(&archive).arg("-C").arg(&self.dir).arg(ARCHIVE);
        assert!(tar.status().unwrap().success());
        let sum = Command::new("sha256sum").arg(&archive).output().unwrap().stdout;
        let sum = String::from_utf8(sum).unwrap();
        self.write("served/SHA256SUMS", &sums(sum.split_once(' ').unwrap().0));
    }

    fn run(&self, what: &str, inputs: &[(&str, &str)]) -> Output {
        let mut run = bash("install.sh");
        with(&mut run, &self.dir.join("path"));
        run.arg(what)
            .env("GITHUB_ACTION_PATH", self.dir.join("source"))
            .env("GITHUB_OUTPUT", self.dir.join("outputs"))
            .env("RUNNER_TEMP", self.dir.join("temp"))
            .envs([("RUNNER_OS", "Linux"), ("RUNNER_ARCH", "X64")])
            .env("REPOSITORY", "someone/heapdiff")
            .env_remove("GITHUB_SERVER_URL")
            .env_remove("VERSION")
            .envs(inputs.iter().copied());
        run.output().unwrap()
    }

    fn key(&self, inputs: &[(&str, &str)]) -> String {
        let _ = std::fs::remove_file(self.dir.join("outputs"));
        assert!(self.run("key", inputs).status.success());
        text(&self.dir.join("outputs"))
    }

    fn installed(&self) -> String {
        text(&self.dir.join("temp/heapdiff/bin/heapdiff"))
    }

    fn built(&self) -> String {
        text(&self.dir.join("built"))
    }
}

fn said(run: &Output) -> String {
    String::from_utf8_lossy(&run.stdout).into_owned()
}

#[test]
fn the_program_is_cached_under_its_sources_and_its_version() {
    let runner = Runner::new("key");
    let first = runner.key(&[]);
    assert!(first.starts_with("key=heapdiff-1.2.3-Linux-X64-"), "{first}");
    assert!(first.contains("\nfolder="), "{first}");
    assert_eq!(first, runner.key(&[]));
    assert_ne!(first, runner.key(&[("VERSION", "1.2.2")]));
    runner.write("source/src/main.rs", "changed");
    assert_ne!(first, runner.key(&[]));
}

#[test]
fn a_release_is_downloaded_and_held_against_its_sums() {
    let runner = Runner::new("release");
    runner.serve(|sum| format!("0000  another.tar.gz\n{sum}  {ARCHIVE}.tar.gz\n"));
    let run = runner.run("install", &[]);
    assert!(run.status.success(), "{run:?}");
    assert_eq!((&*runner.installed(), &*runner.built()), ("the program", ""));
    let from = "https://github.com/someone/heapdiff/releases/download/v1.2.3";
    let asked = format!("{from}/SHA256SUMS\n{from}/{ARCHIVE}.tar.gz\n");
    assert_eq!(text(&runner.dir.join("asked")), asked);
}

#[test]
fn what_the_sums_do_not_say_is_not_run() {
    let wrong = ["0".repeat(64) + "  " + ARCHIVE + ".tar.gz\n", String::new()];
    for (at, sums) in wrong.iter().enumerate() {
        let runner = Runner::new(&format!("wrong-{at}"));
        runner.serve(|_| sums.clone());
        let run = runner.run("install", &[]);
        assert_eq!(run.status.code(), Some(3), "{run:?}");
        assert!(said(&run).starts_with("::error title=heapdiff::heapdiff-1.2.3-"), "{run:?}");
        assert_eq!((&*runner.installed(), &*runner.built()), ("", ""), "nothing instead of it");
    }
}

#[test]
fn without_a_release_the_checkout_is_built_with_all_features() {
    let runner = Runner::new("none");
    for inputs in
        [&[][..], &[("REPOSITORY", "")], &[("RUNNER_ARCH", "RISCV64")], &[("VERSION", "v1.2.3")]]
    {
        let _ = std::fs::remove_file(runner.dir.join("built"));
        assert!(runner.run("install", inputs).status.success());
        let built = runner.built();
        assert!(built.starts_with("[install][--locked][--features][full][--path]["), "{built}");
    }
    assert_eq!(text(&runner.dir.join("asked")).lines().count(), 2, "no place, nothing asked");
}

#[test]
fn a_version_that_is_not_there_is_an_error_and_no_other_is_taken() {
    let runner = Runner::new("other");
    let run = runner.run("install", &[("VERSION", "1.0.0")]);
    assert_eq!(run.status.code(), Some(3));
    assert!(said(&run).contains("there is no release 1.0.0"), "{run:?}");
    for hostile in ["1.0.0/../../x", "$(touch pwned)", "main", "1.0.0\nkey=x"] {
        let run = runner.run("install", &[("VERSION", hostile)]);
        assert_eq!(run.status.code(), Some(2), "{hostile}");
        assert_eq!(said(&run).lines().count(), 1, "{run:?}");
    }
    assert_eq!(runner.built(), "");
    assert_eq!(text(&runner.dir.join("asked")).lines().count(), 1);
}

/// What was sent for a comment, if anything was; and what the job's log has. `comments` are those that
/// are there.
fn comment(name: &str, comments: &str, event: &str, inputs: &[(&str, &str)]) -> (String, String) {
    let dir = scratch(&format!("action-comment-{name}"));
    let write = |name: &str, content: &str| std::fs::write(dir.join(name), content).unwrap();
    write("comments", comments);
    write("event", event);
    write("report.md", "## `Map` grows\n\"quoted\" <!-- heapdiff: heapdiff -->\n");
    // As gh: the comments for a reader, the way and the body for a writer, and an error without a token.
    let gh = "#!/usr/bin/env bash\n[ \"$GH_TOKEN\" = secret ] || { echo 'HTTP 403' >&2; exit 1; }\n\
              if [ \"$2\" = --paginate ]; then echo \"$3\" >>\"$DIR/asked\"; cat \"$DIR/comments\"; exit; fi\n\
              echo \"$3 $4\" >>\"$DIR/sent\"; cat \"$6\" >>\"$DIR/sent\"\n";
    program(&dir.join("gh"), gh);
    let mut run = bash("comment.sh");
    with(&mut run, &dir);
    let run = run
        .env("DIR", &dir)
        .env("RUNNER_TEMP", &dir)
        .env("GITHUB_EVENT_PATH", dir.join("event"))
        .env("MARKDOWN", dir.join("report.md"))
        .envs([("GITHUB_REPOSITORY", "me/app"), ("NAME", "heapdiff"), ("GH_TOKEN", "secret")])
        .envs(inputs.iter().copied())
        .output()
        .unwrap();
    assert!(run.status.success() && run.stderr.is_empty(), "{run:?}");
    (text(&dir.join("sent")), said(&run))
}

const EVENT: &str = "{\"pull_request\": {\"number\": 7}}";

#[test]
fn the_first_run_makes_a_comment_and_later_ones_change_it() {
    let body =
        "<!-- heapdiff: heapdiff -->\n## `Map` grows\n\"quoted\" <!-- heapdiff: heapdiff -->\n";
    // Somebody quotes it, and there is one of another name: neither is it.
    let others = r#"[{"id": 1, "body": "> <!-- heapdiff: heapdiff -->"}, {"id": 2, "body": "<!-- heapdiff: api -->"}]"#;
    let (sent, log) = comment("new", others, EVENT, &[]);
    let (to, sent) = sent.split_once('\n').unwrap();
    assert_eq!((to, &*log), ("POST repos/me/app/issues/7/comments", ""));
    let sent: serde_json::Value = serde_json::from_str(sent).unwrap();
    assert_eq!(sent["body"], body);
    // Pages come one after the other, and GitHub's editor ends lines in its own way.
    let pages =
        format!("{others}{}", r#"[{"id": 42, "body": "<!-- heapdiff: heapdiff -->\r\nold"}]"#);
    let (sent, _) = comment("old", &pages, EVENT, &[]);
    assert!(sent.starts_with("PATCH repos/me/app/issues/comments/42\n"), "{sent}");
}

#[test]
fn a_job_that_may_not_comment_is_warned_and_goes_on() {
    for (name, event, inputs, why) in [
        ("push", "{}", ("NAME", "heapdiff"), "does not run for a pull request"),
        ("fork", EVENT, ("GH_TOKEN", "none"), "HTTP 403"),
        ("name", EVENT, ("NAME", "--> <script>"), "its name may have letters"),
        ("number", "{\"pull_request\": {\"number\": \"7/../8\"}}", ("NAME", "a"), "pull request"),
    ] {
        let (sent, log) = comment(name, "[]", event, &[inputs]);
        assert_eq!(sent, "", "{name}");
        assert!(log.starts_with("::warning title=heapdiff::no comment: "), "{log}");
        assert!(log.contains(why) && log.lines().count() == 1, "{log}");
    }
}
