//! The GitHub Action: its script with inputs as the runner gives them, and the built program.

use crate::cli::grown;
use crate::fixtures::{own, scratch};
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
    assert_eq!(step.outputs.lines().count(), 5, "{}", step.outputs);
    assert!(!step.log.lines().any(|line| line.starts_with("::error::")), "{}", step.log);
    assert!(!own().join("action-hostile/pwned").exists() && !dir.join("pwned").exists());
}

#[test]
fn the_program_is_cached_under_its_sources() {
    let dir = scratch("action-key");
    let source = dir.join("source");
    std::fs::create_dir_all(source.join("src")).unwrap();
    for name in ["Cargo.toml", "Cargo.lock", "src/main.rs"] {
        std::fs::write(source.join(name), name).unwrap();
    }
    let key = || {
        let outputs = dir.join("outputs");
        let _ = std::fs::remove_file(&outputs);
        let mut run = Command::new("bash");
        run.arg(file("action/install.sh")).arg("key").env("GITHUB_ACTION_PATH", &source);
        run.env("GITHUB_OUTPUT", &outputs).env("RUNNER_TEMP", &dir);
        assert!(run.status().unwrap().success());
        std::fs::read_to_string(outputs).unwrap()
    };
    let first = key();
    assert!(first.starts_with("key=heapdiff-") && first.contains("\nfolder="), "{first}");
    assert_eq!(first, key());
    std::fs::write(source.join("src/main.rs"), "changed").unwrap();
    assert_ne!(first, key());
}

/// An expression in a script would be put in as text, and run.
#[test]
fn inputs_reach_the_shell_only_through_the_environment() {
    let action = std::fs::read_to_string(file("action.yml")).unwrap();
    let scripts: Vec<&str> =
        action.lines().filter_map(|line| line.trim().strip_prefix("run:")).collect();
    assert_eq!(scripts.len(), 4);
    for script in scripts {
        assert!(!script.contains("${{") && !script.trim().is_empty(), "{script}");
        assert!(!script.trim().starts_with(['|', '>']), "a script of its own is tested: {script}");
    }
}
