//! The log of a CI system obeys nothing that came from a heap, a file's name, a configuration or an
//! argument, whatever is written into it.

use crate::cli::{files, grown, program};
use crate::fixtures::scratch;
use crate::sample::{HOSTILE, all, renamed};
use heapdiff::report::Report;
use heapdiff::text::{json_without_commands, visible, without_commands};
use serde_json::Value;

/// What Azure Pipelines, TeamCity and GitHub's runner obey.
const COMMANDS: [&str; 7] = [
    "##vso[task.setvariable variable=PATH]x",
    "a ##teamcity[buildStop comment='x']",
    "###[error]x",
    "##[add-matcher]x.json",
    "::error::x",
    " ::stop-commands::x",
    "#\u{200b}#\n::error::x\r##VSO[x.y]z",
];

/// The first line that is obeyed, if any is.
fn obeyed(log: &str) -> Option<&str> {
    let marked = |line: &str| {
        line.match_indices("##").chain(line.match_indices("###").map(|(at, s)| (at + 1, s))).any(
            |(at, _)| {
                let word = |c: char| c.is_alphanumeric() || "-_.".contains(c);
                line[at + 2..].trim_start_matches(word).starts_with('[')
            },
        )
    };
    log.split(['\n', '\r']).find(|line| line.trim_start().starts_with("::") || marked(line))
}

#[track_caller]
fn tame(what: &str, log: &str) {
    assert_eq!(obeyed(log), None, "{what}: {log}");
}

#[test]
fn no_format_has_a_command() {
    for name in COMMANDS.into_iter().chain(HOSTILE) {
        let report = renamed(name);
        for (extension, text) in all(&report) {
            let own = |line: &&str| extension != "github" || !line.starts_with("::");
            let text = text.lines().filter(own).map(|line| format!("{line}\n"));
            tame(&format!("{extension} of {name:?}"), &text.collect::<String>());
        }
        tame(name, &heapdiff::render::html(&report));
        json_has(&report, name);
    }
}

/// Programs read every name as it is.
fn json_has(report: &Report, name: &str) {
    let json: Value = serde_json::from_str(&heapdiff::render::json(report).unwrap()).unwrap();
    assert!(json["classes"].as_array().unwrap().iter().any(|row| row["name"] == name));
    let lines = heapdiff::render::ndjson(report).unwrap();
    let mut lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert!(lines.any(|line| line["type"] == "class" && line["name"] == name));
}

#[test]
fn what_is_spelled_out_can_still_be_read() {
    assert_eq!(visible("a ###vso[x] #b ##c d[e] ##"), "a ##\\u{23}vso[x] #b ##c d[e] ##");
    assert_eq!(without_commands("a::b\n ::c ##[d\n".into()), "a::b\n :\\u{3a}c #\\u{23}[d\n");
    let json = r#"["\\##vso[x]", "::y"]"#;
    let safe = json_without_commands(json.into());
    assert_eq!(safe, r#"["\\#\u0023vso[x]", "::y"]"#);
    assert_eq!(safe.parse::<Value>().unwrap(), json.parse::<Value>().unwrap());
}

/// A folder of its own for the run: the name is the whole path.
#[cfg(unix)]
#[test]
fn no_message_about_a_file_is_a_command() {
    let pair = grown("logs-files");
    let dir = scratch("logs-files-in");
    for command in COMMANDS {
        let name = format!("{}.heapsnapshot", command.replace('/', ""));
        let other = format!("{}.json", command.replace('/', ""));
        let cut = format!("cut {name}");
        std::fs::copy(&pair.after, dir.join(&name)).unwrap();
        std::fs::write(dir.join(&cut), "{\"snapshot\":").unwrap();
        std::fs::write(dir.join(&other), "{").unwrap();
        for args in [
            &[&*name, &name][..],
            &[&name, &name, "-q", "-fcsv"],
            &[&name, &cut],
            &[&name, &name, "-fjson", "-o", &other],
            &[&name, &name, "-o", &format!("{name}/x.json")],
            &[&name, &name, "--baseline", &other],
            &[&name, &name, "--config", &other],
            &["scrub", &name, "-o", "out.heapsnapshot"],
            &["scrub", &name, "-o", "missing/out"],
            &["scrub", &name, "-o", &name],
            &["dump", &cut, "-o", "out"],
            &["dump", &name, "-o", &name],
        ] {
            let output = program().current_dir(&dir).args(args).output().unwrap();
            let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(!told.is_empty() || output.status.code() == Some(0), "{args:?}");
            tame(&format!("{args:?}"), &told);
        }
    }
}

#[test]
fn no_condition_and_no_configuration_is_a_command() {
    let pair = grown("logs-configuration");
    let dir = pair.before.parent().unwrap();
    for command in COMMANDS {
        // A string of TOML as well.
        let text = serde_json::to_string(command).unwrap();
        for config in [
            format!("fail-on = [{text}]"),
            format!("{text} = 1"),
            format!("baseline = {text}"),
            format!(
                "fail-on = [{}]",
                serde_json::to_string(&format!("delta('{command}') > 0")).unwrap()
            ),
        ] {
            std::fs::write(dir.join("heapdiff.toml"), config).unwrap();
            for more in [&["-fjson"][..], &["-fjunit"], &["-ftext"], &["-q", "--strict"]] {
                let mut run = program();
                run.current_dir(dir).args([&pair.before, &pair.after]).args(more);
                let output = run.args(["--fail-on", command]).output().unwrap();
                let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
                tame(command, &told);
                let mut run = program();
                run.current_dir(dir).args([&pair.before, &pair.after]).args(more);
                let output = run.output().unwrap();
                tame(command, &String::from_utf8_lossy(&output.stdout));
                tame(command, &String::from_utf8_lossy(&output.stderr));
            }
        }
    }
}

/// Also nothing of what a terminal obeys.
#[test]
fn wrong_arguments_are_repeated_without_a_command() {
    let steering = ["\u{1b}]2;PWNED\u{7}", "\u{9b}31m", "a\u{202e}b", "\u{200b}"];
    for evil in COMMANDS.into_iter().chain(steering) {
        for args in [
            &[&*format!("--{evil}")][..],
            &[&format!("-{evil}")],
            &["a", "b", "--format", evil],
            &["a", "b", "--top", evil],
            &["a", "b", "--max-memory", evil],
            &["a", "b", "-o", &format!("{evil}=x")],
            &["a", "b", "-o", evil],
            &["a", "b", &format!("--quiet={evil}")],
            &["completions", evil],
            &["man", evil],
            &["explain", evil],
            &["scrub", "a", "-o", "b", "-o", evil],
            &["scrub", "a", "--oot", evil],
        ] {
            let output = program().args(args).output().unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            // A name of a file is no mistake.
            let name = args.contains(&"-o") && args[0] == "a";
            let code = output.status.code();
            assert!(code == Some(2) || (name && code == Some(3)), "{args:?}: {told}");
            tame(&format!("{args:?}"), &told);
            let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c);
            assert!(!told.contains(bad), "{args:?}: {told:?}");
        }
    }
}

/// A class that is called so in the first column of a table, which nothing stands before.
#[test]
fn a_name_at_the_start_of_a_line_is_no_command() {
    let heap = |n: usize| {
        let all: Vec<String> =
            (0..n).map(|i| format!("root -s{i}-> s{i}:\"::error::x\"(900)")).collect();
        all.join("\n")
    };
    let pair = files("logs-line", &heap(1), &heap(3));
    for format in ["csv", "tsv"] {
        let file = pair.before.with_file_name(format!("a.{format}"));
        let mut run = program();
        run.args([&pair.before, &pair.after]).args(["-f", format, "-q", "-o"]).arg(&file);
        assert_eq!(run.output().unwrap().status.code(), Some(0));
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains(":\\u{3a}error::x"), "{text}");
        tame(format, &text);
    }
}
