//! The scripts that make a release, in a copy of what they need.

use crate::fixtures::{program, scratch};
use crate::scanning::{root, src};
use std::path::PathBuf;
use std::process::{Command, Output};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const NPM: &str = "npm/heapdiff/package.json";
const TARGETS: [&str; 4] = [
    "aarch64-apple-darwin",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "x86_64-unknown-linux-musl",
];

/// A folder with the scripts and the files that they read.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let dir = scratch(&format!("released-{name}"));
        std::fs::create_dir_all(dir.join("dist")).unwrap();
        let mut copy = Command::new("cp");
        copy.arg("-R").current_dir(root()).args([
            "scripts",
            "README.md",
            "CHANGELOG.md",
            "Cargo.toml",
        ]);
        copy.args(["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT"]).arg(&dir);
        assert!(copy.status().unwrap().success());
        Self(dir)
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::create_dir_all(self.0.join(name).parent().unwrap()).unwrap();
        std::fs::write(self.0.join(name), content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    fn change(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// Puts what starts the program that is tested where `scripts/build` would put one: itself it is
    /// large, and takes seconds to pack.
    fn build(&self, target: &str) {
        let folder = self.0.join("dist").join(target);
        std::fs::create_dir_all(&folder).unwrap();
        let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_heapdiff"));
        program(&folder.join("heapdiff"), &script);
    }

    fn run(&self, script: &str, args: &[&str]) -> Output {
        let mut run = Command::new("bash");
        run.arg(self.0.join("scripts").join(script)).args(args);
        let known = std::env::var_os("PATH").unwrap_or_default();
        let all = [self.0.join("path")].into_iter().chain(std::env::split_paths(&known));
        run.env("PATH", std::env::join_paths(all).unwrap());
        run.output().unwrap()
    }

    fn git(&self, args: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(&self.0).args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
        let run = git.args(args).output().unwrap();
        assert!(run.status.success(), "{run:?}");
    }
}

fn said(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

#[test]
fn an_archive_has_what_belongs_to_the_program_and_is_the_same_each_time() {
    let copy = Copy::new("archive");
    copy.build(TARGETS[3]);
    let run = copy.run("archive", &[TARGETS[3]]);
    assert!(run.status.success(), "{run:?}");
    let folder = format!("heapdiff-{VERSION}-{}", TARGETS[3]);
    let archive = copy.0.join("dist").join(format!("{folder}.tar.gz"));
    let first = std::fs::read(&archive).unwrap();
    assert!(copy.run("archive", &[TARGETS[3]]).status.success());
    assert!(first == std::fs::read(&archive).unwrap(), "the same files gave another archive");
    let tar = ["-xzf", archive.to_str().unwrap()];
    assert!(Command::new("tar").args(tar).current_dir(&copy.0).status().unwrap().success());
    for (name, part) in [
        ("README.md", "# heapdiff"),
        ("CHANGELOG.md", "# Changelog"),
        ("LICENSE-APACHE", "Apache License"),
        ("LICENSE-MIT", "MIT"),
        ("completions/heapdiff.bash", "complete -F _heapdiff"),
        ("completions/_heapdiff", "#compdef heapdiff"),
        ("completions/heapdiff.fish", "complete -c heapdiff"),
        ("completions/heapdiff.ps1", "Register-ArgumentCompleter"),
        ("man/heapdiff.1", ".TH heapdiff 1"),
    ] {
        let text = copy.read(&format!("{folder}/{name}"));
        assert!(text.contains(part), "{name} has no {part}");
    }
    let run = Command::new(copy.0.join(folder).join("heapdiff")).arg("--version").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&run.stdout), format!("heapdiff {VERSION}\n"));
}

#[test]
fn what_is_not_built_is_not_packed() {
    let copy = Copy::new("missing");
    let run = copy.run("archive", &[TARGETS[0]]);
    assert_eq!(run.status.code(), Some(3));
    assert!(said(&run).contains("scripts/build aarch64-apple-darwin makes it"), "{run:?}");
    // One that cannot run here has its manual from one that can, and there is none.
    copy.write(&format!("dist/{}/heapdiff", TARGETS[0]), "not for this machine");
    let run = copy.run("archive", &[TARGETS[0]]);
    assert_eq!(run.status.code(), Some(3));
    copy.build(TARGETS[3]);
    assert!(copy.run("archive", &[TARGETS[0]]).status.success());
}

#[test]
fn the_formula_has_the_sums_of_the_archives() {
    let copy = Copy::new("formula");
    let sums =
        TARGETS.map(|target| format!("{}-sum  heapdiff-{VERSION}-{target}.tar.gz\n", target));
    copy.write("dist/SHA256SUMS", &sums[1..].concat());
    let run = copy.run("formula", &[]);
    assert_eq!(run.status.code(), Some(3));
    assert!(said(&run).contains("no archive for aarch64-apple-darwin"), "{run:?}");
    copy.write("dist/SHA256SUMS", &sums.concat());
    assert!(copy.run("formula", &[]).status.success());
    let formula = copy.read("dist/heapdiff.rb");
    assert!(!formula.contains('@'), "{formula}");
    for target in TARGETS {
        let url = format!("/releases/download/v{VERSION}/heapdiff-{VERSION}-{target}.tar.gz\"\n");
        let (_, behind) = formula.split_once(&url).unwrap_or_else(|| panic!("no {url}"));
        let sum = format!("sha256 \"{target}-sum\"");
        assert!(behind.trim_start().starts_with(&sum), "{behind}");
    }
}

/// A repository that has everything for a release.
fn complete(name: &str) -> Copy {
    let copy = Copy::new(name);
    copy.write(NPM, &format!(r#"{{"version": "{VERSION}"}}"#));
    copy.write(".gitignore", "/dist\n");
    copy.git(&["init", "-q", "-b", "main"]);
    copy.git(&["add", "-A"]);
    copy.git(&["commit", "-qm", "all"]);
    // As it is here on any day, it is good for a trial.
    let run = copy.run("ready", &["--dry-run"]);
    assert!(run.status.success(), "{run:?}");
    copy.write("CHANGELOG.md", &format!("# Changelog\n\n## [{VERSION}] - 2026-11-30\n\n- A.\n"));
    let cargo = copy.read("Cargo.toml");
    copy.write("Cargo.toml", &cargo.replace("OWNER/heapdiff", "some-body/heapdiff"));
    copy.git(&["commit", "-qam", "released"]);
    let run = copy.run("ready", &[]);
    assert!(run.status.success() && run.stderr.is_empty(), "{run:?}");
    copy
}

#[test]
fn a_tree_is_ready_when_nothing_is_left_to_do() {
    let copy = complete("ready");
    let locked = format!("name = \"heapdiff\"\nversion = \"{VERSION}\"");
    let other = "name = \"heapdiff\"\nversion = \"0.0.9\"";
    let needs = r#"", "optionalDependencies": {"a": "0.0.8"}}"#;
    for (file, from, to, why) in [
        ("Cargo.lock", &*locked, other, "Cargo.lock has version 0.0.9"),
        (NPM, VERSION, "0.0.9", "package.json has version 0.0.9"),
        (NPM, "\"}", needs, "package.json has version 0.0.8"),
        ("CHANGELOG.md", VERSION, "9.9.9", "has no section"),
        ("CHANGELOG.md", "2026-11-30", "unreleased", "needs the day"),
        ("CHANGELOG.md", "## [", "## [Unreleased]\n\n- B.\n\n## [", "what is [Unreleased]"),
        ("Cargo.toml", "some-body", "OWNER", "scripts/release --repository"),
    ] {
        copy.change(file, from, to);
        copy.git(&["commit", "-qam", "broken"]);
        let run = copy.run("ready", &[]);
        assert_eq!(run.status.code(), Some(1), "{why}");
        assert!(said(&run).contains(why) && said(&run).lines().count() == 1, "{why}: {run:?}");
        copy.git(&["reset", "-q", "--hard", "HEAD~1"]);
    }
}

#[test]
fn a_tree_with_changes_or_with_anothers_tag_is_not_ready() {
    let copy = complete("changed");
    copy.write("new", "file");
    let trial = copy.run("ready", &["--dry-run"]);
    assert!(trial.status.success(), "{trial:?}");
    assert_eq!(said(&trial), "to do: git has changes that are not committed\n");
    assert_eq!(copy.run("ready", &[]).status.code(), Some(1));
    std::fs::remove_file(copy.0.join("new")).unwrap();
    copy.git(&["tag", &format!("v{VERSION}")]);
    assert!(copy.run("ready", &[]).status.success(), "a tag of this commit is its own");
    copy.git(&["commit", "-q", "--allow-empty", "-m", "later"]);
    assert!(said(&copy.run("ready", &[])).contains("the tag of another commit"));
}

#[test]
fn the_public_place_is_filled_in_everywhere() {
    let copy = Copy::new("place");
    copy.write("docs/recipes.md", "uses: OWNER/heapdiff@REF, OWNER/heapdiff\n");
    copy.git(&["init", "-q"]);
    copy.git(&["add", "-A"]);
    for wrong in ["some-body", "a/b/c", "a|b/c", "-x/y"] {
        assert_eq!(copy.run("release", &["--repository", wrong]).status.code(), Some(2), "{wrong}");
    }
    let run = copy.run("release", &["--repository", "some-body/heap.diff"]);
    assert!(run.status.success(), "{run:?}");
    assert_eq!(
        copy.read("docs/recipes.md"),
        "uses: some-body/heap.diff@REF, some-body/heap.diff\n"
    );
    assert!(
        copy.read("Cargo.toml")
            .contains("repository = \"https://github.com/some-body/heap.diff\"\n")
    );
    let readme = copy.read("README.md");
    assert!(
        readme.contains("\n| Homebrew | `brew install some-body/tap/heapdiff` |\n"),
        "{readme}"
    );
    assert!(!readme.contains("There is no release yet") && !readme.contains("released: "));
    let left = copy.run("release", &["--repository", "some-body/heap.diff"]);
    assert!(left.stdout.is_empty(), "{left:?}");
}

/// Packages that are there already are left, and the one that needs the others comes last.
#[test]
fn packages_are_published_once_and_in_order() {
    let copy = Copy::new("packages");
    std::fs::create_dir_all(copy.0.join("path")).unwrap();
    let npm = "#!/usr/bin/env bash\ncase $1 in\nview) [ \"${2%@*}\" = @heapdiff/linux-x64 ] && echo \"${2##*@}\" ;;\n\
               publish) echo \"$*\" ;;\nesac\n";
    program(&copy.0.join("path/npm"), npm);
    let missing = copy.run("publish", &["npm"]);
    assert_eq!(missing.status.code(), Some(3), "{missing:?}");
    for (file, name) in [
        (format!("heapdiff-{VERSION}.tgz"), "heapdiff"),
        (format!("heapdiff-linux-x64-{VERSION}.tgz"), "@heapdiff/linux-x64"),
        (format!("heapdiff-win32-arm64-{VERSION}.tgz"), "@heapdiff/win32-arm64"),
        (format!("heapdiff-{VERSION}-linux-x64.tgz"), "all in one, which is for no registry"),
    ] {
        copy.write("package/package.json", &format!(r#"{{"name": "{name}"}}"#));
        let mut tar = Command::new("tar");
        tar.current_dir(&copy.0).arg("-czf").arg(format!("dist/{file}")).arg("package");
        assert!(tar.status().unwrap().success());
    }
    let run = copy.run("publish", &["npm"]);
    assert!(run.status.success(), "{run:?}");
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    let expected = format!(
        "@heapdiff/linux-x64 {VERSION} is there\n\
         publish ./dist/heapdiff-win32-arm64-{VERSION}.tgz --provenance --access public\n\
         publish ./dist/heapdiff-{VERSION}.tgz --provenance --access public\n"
    );
    assert_eq!(told, expected);
}

/// Who has only the package can run its examples, too.
#[test]
fn the_package_has_the_files_that_its_documentation_reads() {
    let mut list = Command::new(env!("CARGO"));
    list.current_dir(root()).args(["package", "--list", "--allow-dirty", "--offline"]);
    let list = list.output().unwrap();
    assert!(list.status.success(), "{list:?}");
    let packed = String::from_utf8(list.stdout).unwrap();
    let mut read = 0;
    for (file, source) in src() {
        let examples = source.lines().map(str::trim).filter(|line| line.starts_with("//"));
        for path in examples.flat_map(|line| line.split('"')).filter(|p| p.starts_with("fixtures/"))
        {
            assert!(packed.lines().any(|packed| packed == path), "{file} reads {path}");
            read += 1;
        }
    }
    assert!(read > 0, "no example reads a file");
}

/// By name: not every builder finds what only a pattern lets in below a folder that is left out.
#[test]
fn the_image_is_given_all_that_it_copies() {
    let read = |name| std::fs::read_to_string(root().join(name)).unwrap();
    let (steps, given) = (read("Dockerfile"), read(".dockerignore"));
    let copies = steps.lines().filter_map(|line| line.strip_prefix("COPY "));
    let files: Vec<&str> =
        copies.flat_map(|line| line.rsplit_once(' ').unwrap().0.split(' ')).collect();
    assert_eq!(files.len(), 4, "{files:?}");
    for file in files {
        assert!(given.lines().any(|line| line == format!("!{file}")), "{file}");
    }
}
