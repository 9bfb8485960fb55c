//! One analysis, as many files as wanted: each whole or not there.

use crate::cli::{complaint, grown, program, run, shown};
use crate::fixtures::{path, scratch};
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program on a small pair, in the folder the pair lies in.
fn at(folder: &str) -> (PathBuf, Command) {
    let pair = grown(folder);
    let dir = pair.before.parent().unwrap().to_owned();
    let mut command = program();
    command.current_dir(&dir).args(["before.heapsnapshot", "after.heapsnapshot"]);
    (dir, command)
}

fn good(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*errors), (Some(0), ""));
    String::from_utf8(output.stdout).unwrap()
}

fn bad(command: &mut Command, code: i32) -> String {
    complaint(&command.output().unwrap(), code)
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|n| n.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn every_format_goes_to_standard_output_and_into_a_file_alike() {
    let formats = [
        ("json", "a.json"),
        ("html", "a.html"),
        ("ndjson", "a.ndjson"),
        ("csv", "a.csv"),
        ("tsv", "a.tsv"),
        ("markdown", "a.md"),
        ("junit", "a.xml"),
        ("sarif", "a.sarif"),
        ("openmetrics", "a.prom"),
        ("text", "text=a1.txt"),
        ("agent", "agent=a2.txt"),
        ("github", "github=a3"),
    ];
    let (dir, mut command) = at("formats-all");
    for (_, output) in formats {
        command.args(["-o", output]);
    }
    assert!(good(&mut command).starts_with("GREW") || !names(&dir).is_empty());
    for (format, output) in formats {
        let file = output.rsplit('=').next().unwrap();
        let written = std::fs::read_to_string(dir.join(file)).unwrap();
        let mut command = program();
        command.current_dir(&dir).args(["before.heapsnapshot", "after.heapsnapshot"]);
        assert_eq!(good(command.args(["-f", format])), written, "{format}");
        assert!(written.ends_with('\n'), "{format}");
    }
    assert_eq!(names(&dir).len(), formats.len() + 2, "nothing else is left there");
}

#[test]
fn quiet_leaves_the_files_and_a_new_report_replaces_an_old_one() {
    let (dir, mut command) = at("formats-quiet");
    std::fs::write(dir.join("heap.JSON"), "x".repeat(1 << 20)).unwrap();
    assert_eq!(good(command.args(["-q", "--output", "heap.JSON"])), "");
    let text = std::fs::read_to_string(dir.join("heap.JSON")).unwrap();
    assert!(serde_json::from_str::<Value>(&text).unwrap()["verdict"].is_object());
}

#[test]
fn a_name_that_does_not_tell_the_format_is_asked_about() {
    let cases = [
        ("heap", "FORMAT=FILE"),
        ("heap.html5", "FORMAT=FILE"),
        ("heap.txt", "text=FILE or agent=FILE"),
        ("yaml=heap.json", "no format yaml"),
        ("json=", "name is missing"),
        ("-", ""),
        ("json=-", "--format"),
    ];
    for (output, words) in cases {
        let (dir, mut command) = at("formats-names");
        let error = bad(command.args(["-o", output]), 2);
        assert!(error.contains(words), "{output}: {error}");
        assert_eq!(names(&dir), ["after.heapsnapshot", "before.heapsnapshot"]);
    }
    let (dir, mut command) = at("formats-names");
    good(command.args(["-o", "./a=b.json", "-o", "sarif=report.json", "-o", "x.sarif.json"]));
    assert!(names(&dir).contains(&"a=b.json".to_owned()));
    let report = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap();
    assert!(report("report.json").contains("2.1.0"));
    assert_eq!(report("report.json"), report("x.sarif.json"));
}

#[test]
fn a_snapshot_is_not_overwritten_and_two_reports_do_not_share_a_file() {
    let (dir, mut command) = at("formats-inputs");
    let kept = std::fs::read(dir.join("after.heapsnapshot")).unwrap();
    let error = bad(command.args(["-o", "json=./after.heapsnapshot"]), 2);
    assert!(error.contains("a snapshot is not to be overwritten"), "{error}");
    assert_eq!(std::fs::read(dir.join("after.heapsnapshot")).unwrap(), kept);
    let (dir, mut command) = at("formats-inputs");
    let error = bad(command.args(["-o", "a.json", "-o", "csv=./a.json"]), 2);
    assert!(error.contains("two outputs go to this file"), "{error}");
    assert_eq!(names(&dir).len(), 2);
}

#[test]
fn an_output_that_cannot_be_written_exits_with_3_and_leaves_nothing() {
    let (dir, mut command) = at("formats-unwritable");
    let error = bad(command.args(["-o", "a.md", "-o", "nowhere/a.json"]), 3);
    assert!(error.contains("nowhere/a.json: there is no folder of this name"), "{error}");
    let (_, mut command) = at("formats-unwritable");
    let error = bad(command.args(["-o", "a.md", "-o", "json=."]), 3);
    assert!(error.contains("this is a directory, not a file"), "{error}");
    assert_eq!(names(&dir), ["after.heapsnapshot", "before.heapsnapshot"]);
}

#[test]
fn a_damaged_snapshot_leaves_old_reports_alone() {
    let (dir, mut command) = at("formats-damaged");
    std::fs::write(dir.join("a.json"), "old").unwrap();
    std::fs::write(dir.join("after.heapsnapshot"), "{\"snapshot\":").unwrap();
    bad(command.args(["-o", "a.json"]), 3);
    assert_eq!(std::fs::read_to_string(dir.join("a.json")).unwrap(), "old");
    assert_eq!(names(&dir).len(), 3);
}

#[test]
fn the_summary_of_a_github_job_is_appended_to_and_stays_below_its_limit() {
    let (dir, _) = at("formats-summary");
    let summary = dir.join("step_summary_1");
    std::fs::write(&summary, "# Tests\n").unwrap();
    let output = || {
        let mut file = OsString::from("markdown=");
        file.push(&summary);
        let mut command = program();
        command.current_dir(&dir).args(["before.heapsnapshot", "after.heapsnapshot", "-q", "-o"]);
        good(command.arg(file).env("GITHUB_STEP_SUMMARY", &summary));
        std::fs::read_to_string(&summary).unwrap()
    };
    let text = output();
    assert!(text.starts_with("# Tests\n\n<!-- heapdiff -->\n## "), "{text}");
    assert_eq!(output().matches("<!-- heapdiff -->").count(), 2);
    std::fs::write(&summary, "x".repeat(1_023_990)).unwrap();
    assert!(output().len() <= 1_024_000);
}

#[test]
fn help_and_completions_and_the_manual_name_every_option() {
    let short = shown(["-h"]);
    let long = shown(["--help"]);
    assert!(long.contains("Text:"), "{long}");
    for heading in ["Output:", "Analysis:", "Formats:", "Exit codes:"] {
        assert!(
            short.contains(heading) && long.contains(heading.trim_end_matches(':')),
            "{heading}"
        );
    }
    assert!(short.lines().count() < 60, "{short}");
    assert!(long.contains("Examples:") && !short.contains("--threads"), "{long}");
    let manual = shown(["man"]);
    assert!(manual.starts_with(".ie") || manual.contains(".TH heapdiff"), "{manual}");
    let formats = "text json html ndjson csv tsv markdown github junit sarif agent openmetrics";
    for format in formats.split(' ') {
        assert!(short.contains(format) && long.contains(format) && manual.contains(format));
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = shown(["completions", shell]);
        for word in ["show-strings", "output", "completions"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    complaint(&run(["completions", "cmd"]), 2);
}

#[test]
fn the_colour_option_beats_the_variables_and_no_color_comes_first() {
    let (dir, _) = at("formats-colour");
    let coloured = |variables: &[(&str, &str)], more: &[&str]| {
        let mut command = program();
        command.current_dir(&dir).args(["before.heapsnapshot", "after.heapsnapshot"]);
        good(command.args(more).envs(variables.iter().copied())).contains('\x1b')
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&[("FORCE_COLOR", "1")], &[]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    for (variable, value) in [("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "0"), ("FORCE_COLOR", "")] {
        assert!(!coloured(&[(variable, value)], &[]), "{variable}={value}");
    }
    assert!(!coloured(&[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], &[]));
    assert!(coloured(&[("NO_COLOR", ""), ("FORCE_COLOR", "1")], &[]));
    assert!(!coloured(&[("FORCE_COLOR", "1")], &["--color=never"]));
    assert!(coloured(&[("NO_COLOR", "1")], &["--color=always"]));
    let (dir, mut command) = at("formats-colour-file");
    good(command.args(["--color=always", "-o", "text=a.txt"]));
    assert!(!std::fs::read_to_string(dir.join("a.txt")).unwrap().contains('\x1b'));
}

#[test]
fn a_place_in_the_repository_is_told_by_its_path_in_it() {
    let files = ["plain/before.heapsnapshot", "plain/after.heapsnapshot"].map(path);
    let warning = |workspace: Option<&str>| {
        let mut command = program();
        command.current_dir(scratch("formats-repository")).args(&files).args(["-f", "github"]);
        good(command.envs(workspace.map(|dir| ("GITHUB_WORKSPACE", dir))))
    };
    assert!(warning(Some("/srv/toolserver")).contains(",file=story.cjs,line=38,col=14::"));
    assert!(warning(Some("/srv")).contains(",file=toolserver/story.cjs,line=38"));
    assert!(!warning(None).contains("file="), "it is none of this repository");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::io::Read;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Stdio;

    #[test]
    fn a_report_is_for_its_owner_only() {
        let (dir, mut command) = at("formats-mode");
        good(command.args(["-o", "a.json"]));
        assert_eq!(dir.join("a.json").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn links_are_followed_and_stay_links() {
        let (dir, mut command) = at("formats-links");
        std::fs::create_dir(dir.join("far")).unwrap();
        std::fs::write(dir.join("far/old.json"), "old").unwrap();
        symlink("far/old.json", dir.join("a.json")).unwrap();
        symlink("far/new.csv", dir.join("a.csv")).unwrap();
        good(command.args(["-o", "a.json", "-o", "a.csv"]));
        assert!(dir.join("a.json").is_symlink() && dir.join("a.csv").is_symlink());
        assert!(std::fs::read_to_string(dir.join("far/old.json")).unwrap().starts_with('{'));
        assert!(std::fs::read_to_string(dir.join("far/new.csv")).unwrap().starts_with("name,"));
        symlink("after.heapsnapshot", dir.join("link")).unwrap();
        let (_, mut command) = (0, program());
        command.current_dir(&dir).args(["before.heapsnapshot", "after.heapsnapshot"]);
        bad(command.args(["-o", "json=link"]), 2);
    }

    #[test]
    fn standard_output_and_pipes_are_written_through() {
        let (dir, mut command) = at("formats-through");
        let text = good(command.args(["-q", "-o", "csv=/dev/stdout"]));
        assert!(text.starts_with("name,key,"), "{text}");
        let fifo = dir.join("pipe");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let reader = std::thread::spawn({
            let fifo = fifo.clone();
            move || std::fs::read_to_string(fifo).unwrap()
        });
        let mut command = program();
        command.current_dir(&dir).args(["before.heapsnapshot", "after.heapsnapshot"]);
        good(command.args(["-q", "-o", "tsv=pipe"]));
        assert!(reader.join().unwrap().starts_with("name\tkey\t"));
        assert!(!fifo.is_file());
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error() {
        let (_, mut command) = at("formats-gone");
        command.args(["-q", "-o", "json=/dev/stdout"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!((child.wait().unwrap().code(), &*errors), (Some(0), ""));
    }

    #[test]
    fn a_full_disk_exits_with_3() {
        let full = Path::new("/dev/full");
        if !full.exists() {
            return;
        }
        let (_, mut command) = at("formats-full");
        let output: Output = command.args(["-o", "json=/dev/full"]).output().unwrap();
        assert!(complaint(&output, 3).contains("/dev/full: cannot write the file"));
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let (dir, mut command) = at("formats-readonly");
        let file = dir.join("a.json");
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o444)).unwrap();
        assert!(bad(command.args(["-o", "a.json"]), 3).contains("read-only"));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    }
}
