//! The GitHub Action: its script with inputs as the runner gives them, and the built program.

use crate::cli::grown;
use crate::fixtures::{own, program, scratch};
use heapdiff::pair::Pair;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a step of the action leaves behind.
struct Step {
    /// What the runner reads commands from.
    log: String,
    outputs: String,
    summary: String,
}

impl Step {
    fn output(&self, name: &str) -> Option<&str> {
        self.outputs.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    }
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Runs `action/run.sh` with these inputs.
fn step(name: &str, inputs: &[(&str, &str)]) -> Step {
    let dir = scratch(&format!("action-{name}"));
    let (outputs, summary) = (dir.join("outputs"), dir.join("summary"));
    let run = Command::new("bash")
        .arg(file("action/run.sh"))
        .env("HEAPDIFF", env!("CARGO_BIN_EXE_heapdiff"))
        .env("GITHUB_OUTPUT", &outputs)
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("RUNNER_TEMP", &dir)
        .env_remove("GITHUB_WORKSPACE")
        .envs(inputs.iter().copied())
        .current_dir(&dir)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&run.stderr), "", "everything goes to the log's commands");
    assert_eq!(run.status.code(), Some(0), "the last step of the action fails, not this one");
    let text = |file: &Path| std::fs::read_to_string(file).unwrap_or_default();
    let log = String::from_utf8(run.stdout).unwrap();
    Step { log, outputs: text(&outputs), summary: text(&summary) }
}

fn names(pair: &Pair<PathBuf>) -> (&str, &str) {
    (pair.before.to_str().unwrap(), pair.after.to_str().unwrap())
}

#[test]
fn a_pair_that_passes_gives_outputs_a_page_and_a_summary() {
    let pair = grown("action-pair-passing");
    let (before, after) = names(&pair);
    let step = step("passing", &[("BEFORE", before), ("AFTER", after)]);
    assert_eq!(step.output("exit-code"), Some("0"));
    assert_eq!(step.output("verdict"), Some("no_growth"));
    assert_eq!(step.output("heap-delta"), Some("924"));
    assert!(std::fs::read_to_string(step.output("html").unwrap()).unwrap().contains("</html>"));
    assert!(std::fs::read_to_string(step.output("json").unwrap()).unwrap().starts_with('{'));
    assert!(
        std::fs::read_to_string(step.output("markdown").unwrap()).unwrap().contains("NO GROWTH")
    );
    assert!(step.summary.contains("NO GROWTH"), "{}", step.summary);
    assert!(step.log.starts_with("heapdiff: NO GROWTH"), "{}", step.log);
}

#[test]
fn a_broken_gate_is_an_annotation_and_an_exit_code() {
    let pair = grown("action-pair-gate");
    let (before, after) = names(&pair);
    let gates = "delta(Session) > 0\r\n\nper_call(heap.delta) > 1kB";
    let inputs = [("FILES", &*format!("{before}\n{after}\n")), ("FAIL_ON", gates), ("CALLS", "2")];
    let step = step("gate", &[&inputs[..], &[("SUMMARY", "false")]].concat());
    assert_eq!(step.output("exit-code"), Some("1"));
    let errors = step.log.lines().filter(|line| line.starts_with("::error "));
    assert_eq!(errors.count(), 1, "one of two conditions holds: {}", step.log);
    assert!(step.log.contains("::delta(Session) > 0: +1, allowed: ≤ 0"), "{}", step.log);
    assert!(step.output("html").is_some(), "{}", step.outputs);
    assert_eq!(step.summary, "");
}

#[test]
fn a_missing_file_is_an_annotation_and_leaves_no_page() {
    let pair = grown("action-pair-missing");
    let step = step("missing", &[("BEFORE", names(&pair).0), ("AFTER", "gone.heapsnapshot")]);
    assert_eq!(step.outputs, "exit-code=3\n");
    assert!(step.log.starts_with("::error title=heapdiff::error: gone.heapsnapshot"));
    assert_eq!(step.log.lines().count(), 1, "{}", step.log);
}

#[test]
fn a_wrong_condition_is_an_annotation() {
    let pair = grown("action-pair-usage");
    let (before, after) = names(&pair);
    let inputs = [("BEFORE", before), ("AFTER", after), ("FAIL_ON", "100% > heap.dleta")];
    let step = step("usage", &inputs);
    assert_eq!(step.outputs, "exit-code=2\n");
    assert!(step.log.starts_with("::error title=heapdiff::error: --fail-on"), "{}", step.log);
    assert!(step.log.contains("100%25 > heap"), "{}", step.log);
    assert_eq!(step.log.lines().count(), 1, "{}", step.log);
}

#[test]
fn what_cannot_be_judged_leaves_annotations_and_reports() {
    let after = crate::fixtures::path("plain/after.heapsnapshot");
    let after = after.to_str().unwrap();
    let step = step(
        "unjudged",
        &[("BEFORE", after), ("AFTER", after), ("FAIL_ON", "heap.delta > 1GB\nheap.after > 1B")],
    );
    assert_eq!(step.output("exit-code"), Some("2"), "{}", step.log);
    assert!(step.log.contains("::error title=heapdiff gate not judged"), "{}", step.log);
    assert!(step.log.contains("::error title=heapdiff gate broken"), "{}", step.log);
    assert_eq!(step.output("heap-delta"), Some("0"));
    assert!(Path::new(step.output("json").unwrap()).exists());
}

/// No input is code, an option of another input, or a command to the runner.
#[test]
fn a_hostile_name_is_a_name() {
    let pair = grown("action-pair-hostile");
    let hostile = "$(touch pwned)`touch pwned`;touch pwned\n::error::pwned \"' *.heapsnapshot";
    let step = step("hostile", &[("BEFORE", "--help"), ("AFTER", hostile)]);
    assert_eq!(step.outputs, "exit-code=3\n");
    assert!(step.log.contains("--help"), "an option is no option here: {}", step.log);
    let dir = pair.before.parent().unwrap().to_owned();
    std::fs::rename(&pair.before, dir.join(hostile)).unwrap();
    let before = dir.join(hostile);
    let inputs = [("BEFORE", before.to_str().unwrap()), ("AFTER", names(&pair).1)];
    let step = self::step("hostile", &[&inputs[..], &[("FAIL_ON", "delta(Session) > 0")]].concat());
    assert_eq!(step.output("exit-code"), Some("1"), "{}", step.log);
    assert_eq!(step.outputs.lines().count(), 6, "{}", step.outputs);
    assert!(!step.log.lines().any(|line| line.starts_with("::error::")), "{}", step.log);
    assert!(!own().join("action-hostile/pwned").exists() && !dir.join("pwned").exists());
}

/// What heapdiff is called with, a call a line, its words in brackets: a program of its own takes its
/// place, writes what `-o` asks for and ends with this code.
fn called(name: &str, code: u8, inputs: &[(&str, &str)]) -> (Vec<String>, Step) {
    let folder = scratch(&format!("action-called-{name}"));
    let (fake, log) = (folder.join("heapdiff"), folder.join("log"));
    let script = format!(
        "#!/usr/bin/env bash\n{{ printf '%s:' \"${{PWD##*/}}\"; printf '[%s]' \"$@\"; echo; }} >>'{}'\n\
         for word; do case $word in\n\
         json=*) echo '{{}}' >\"${{word#json=}}\" ;;\n\
         markdown=*) printf '## \\342\\234\\205 heapdiff: GREW\\n\\n**heap 1 MB**\\n' >\"${{word#markdown=}}\" ;;\n\
         esac; done\n\
         exit {code}\n",
        log.display()
    );
    program(&fake, &script);
    let inputs = [inputs, &[("HEAPDIFF", fake.to_str().unwrap())]].concat();
    let step = step(name, &inputs);
    let out = format!("{}/heapdiff-report.", own().join(format!("action-{name}")).display());
    let calls = std::fs::read_to_string(log).unwrap_or_default();
    let shorter = |line: &str| {
        let mut parts = line.split(&out);
        let first = parts.next().unwrap().to_owned();
        // Behind it six letters of chance.
        parts.fold(first, |line, part| line + "OUT" + &part[6..])
    };
    (calls.lines().map(shorter).collect(), step)
}

const REPORTS: &str = "[-f][github][--fail-on=verdict == leak][-o][html=OUT/heap.html]\
                       [-o][json=OUT/heap.json][-o][markdown=OUT/heap.md]";

#[test]
fn a_program_is_started_and_loaded() {
    let inputs = [
        ("RUN", "node --no-warnings  server.js\n"),
        ("URL", "http://127.0.0.1:3000/{n}?a=$(touch pwned)"),
        ("CALLS", "500"),
        ("ARGS", "--settle=2m"),
        ("FAIL_ON", "verdict == leak"),
        ("SUMMARY", "false"),
    ];
    let (calls, step) = called("started", 1, &inputs);
    let url = "[--url=http://127.0.0.1:3000/{n}?a=$(touch pwned)]";
    let program = "[--][node][--no-warnings][server.js]";
    let expected = format!("action-started:[run]{url}[--calls=500][--settle=2m]{REPORTS}{program}");
    assert_eq!(calls, [expected]);
    assert_eq!(step.output("exit-code"), Some("1"));
    assert!(!own().join("action-started/pwned").exists());
}

#[test]
fn words_with_blanks_stand_one_a_line() {
    let inputs = [("RUN", "node\r\nmy server.js\r\n*\r\n"), ("MCP", "stdio"), ("SUMMARY", "false")];
    let (calls, _) = called("words", 0, &inputs);
    assert!(calls[0].starts_with("action-words:[run][--mcp=stdio]"), "{calls:?}");
    assert!(calls[0].ends_with("[--][node][my server.js][*]"), "{calls:?}");
}

#[test]
fn a_base_is_loaded_alike_and_compared_with() {
    let folder = scratch("action-other-state");
    let inputs = [
        ("RUN", "npm start"),
        ("BASE", folder.to_str().unwrap()),
        ("LOAD", "npx autocannon {url}"),
        ("FAIL_ON", "verdict == leak"),
        ("CALLS", "500"),
        ("SUMMARY", "false"),
    ];
    let (calls, step) = called("base", 0, &inputs);
    let load = "[--load=npx autocannon {url}][--calls=500]";
    let base = "[run][--quiet][--write-baseline=OUT/base.json][-o][markdown=OUT/base.md]";
    let accepted = REPORTS.replace("[-o][html", "[--baseline=OUT/base.json][-o][html");
    let program = "[--][npm][start]";
    assert_eq!(
        calls,
        [
            format!("action-other-state:{base}{load}{program}"),
            format!("action-base:[run]{load}{accepted}{program}"),
        ]
    );
    let told = std::fs::read_to_string(step.output("markdown").unwrap()).unwrap();
    assert!(told.ends_with("**Base, under the same load:** GREW heap 1 MB\n"), "{told}");
    assert_eq!(step.output("exit-code"), Some("0"));
    let (calls, step) = called("base-broken", 2, &inputs);
    assert_eq!(calls.len(), 1, "nothing is compared with what could not be loaded: {calls:?}");
    assert_eq!(step.outputs, "exit-code=2\n");
    assert!(step.log.starts_with("::error title=heapdiff::exit code 2"), "{}", step.log);
}

#[test]
fn inputs_that_do_not_belong_together_are_refused() {
    let pairs: [(&[(&str, &str)], &str); 5] = [
        (&[], "there is nothing to compare"),
        (&[("BEFORE", "a")], "there is nothing to compare"),
        (&[("RUN", "npm start"), ("BEFORE", "a")], "takes its own snapshots"),
        (&[("URL", "http://127.0.0.1/"), ("BEFORE", "a"), ("AFTER", "b")], "need the input run"),
        (&[("RUN", "npm start"), ("BASE", "a"), ("BASELINE", "b")], "leave one of them out"),
    ];
    for (inputs, why) in pairs {
        let (calls, step) = called("mixed", 0, inputs);
        assert!(calls.is_empty(), "{calls:?}");
        assert_eq!(step.outputs, "exit-code=2\n");
        assert!(step.log.starts_with("::error") && step.log.contains(why), "{}", step.log);
    }
}
