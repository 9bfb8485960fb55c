//! What a report holds beside the answer is computed where something shows it, and nowhere else; and
//! the answer is the same with and without.

use crate::cli::program;
use crate::fixtures::{pairs, scratch, snapshot};
use heapdiff::compare::compare;
use heapdiff::pair::Pair;
use heapdiff::report::{Need, Options, Report};
use std::path::Path;

const NEEDS: [Need; 4] = [
    Need::NOTHING,
    Need { figures: true, chains: false, members: false },
    Need { figures: false, chains: true, members: false },
    Need::ALL,
];

fn reported(pair: &Path, need: Need, by_id: Option<bool>) -> Report {
    let files = Pair::new("before", "after").map(|which| snapshot(pair, which));
    let options = Options { need, by_id, ..Options::default() };
    compare(files.as_ref().map(std::path::PathBuf::as_path), &[], &options).unwrap()
}

#[test]
fn the_answer_does_not_depend_on_what_else_is_shown() {
    for pair in pairs() {
        for by_id in [None, Some(false)] {
            let whole = reported(&pair, Need::ALL, by_id);
            let mut told = reported(&pair, Need::NOTHING, by_id);
            assert!(told.chains.is_empty() && !whole.chains.is_empty(), "{pair:?}");
            told.chains.clone_from(&whole.chains);
            for (told, whole) in told.classes.iter_mut().zip(&whole.classes) {
                assert_eq!([told.before.retained, told.after.retained], [None, None]);
                assert_eq!([told.before.distance, told.after.distance], [None, None]);
                assert_eq!(
                    (told.before.count, told.after.shallow),
                    (whole.before.count, whole.after.shallow)
                );
                (told.before, told.after) = (whole.before, whole.after);
            }
            let json = |report| serde_json::to_string(report).unwrap();
            assert_eq!(json(&told), json(&whole), "{pair:?} {by_id:?}");
        }
    }
}

#[test]
fn figures_and_chains_are_there_where_they_are_needed() {
    let pair = &pairs()[0];
    let whole = reported(pair, Need::ALL, None);
    for need in NEEDS {
        let report = reported(pair, need, None);
        assert_eq!(report.chains.len(), if need.chains { whole.chains.len() } else { 0 });
        for (row, same) in report.classes.iter().zip(&whole.classes) {
            let figures = need.figures.then_some((same.before, same.after));
            assert_eq!(row.before.retained, figures.and_then(|(before, _)| before.retained));
            assert_eq!(row.after.distance, figures.and_then(|(_, after)| after.distance));
        }
    }
    let [nothing, figures, chains, all] = NEEDS;
    assert_eq!((nothing.and(nothing), figures.and(chains), all.and(nothing)), (nothing, all, all));
}

/// `-o` a JSON file makes everything be computed; what standard output shows must not change.
fn same_with_everything(folder: &str, pair: &Path, args: &[&str]) {
    let [before, after] = ["before", "after"].map(|which| snapshot(pair, which));
    let json = format!("--output={}", scratch(folder).join("all.json").display());
    let [alone, beside] = [None, Some(json.as_str())].map(|more| {
        let files = [before.as_os_str(), after.as_os_str()];
        let output = program().args(files).args(args).args(more).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), output.stderr)
    });
    assert_eq!(alone, beside, "{args:?}");
    assert!(matches!(alone.0, Some(0 | 1)), "{args:?}: {alone:?}");
}

#[test]
fn every_format_gets_all_that_it_shows() {
    let pair = &pairs()[0];
    let formats = [
        "text",
        "json",
        "ndjson",
        "html",
        "csv",
        "tsv",
        "markdown",
        "github",
        "junit",
        "sarif",
        "agent",
        "openmetrics",
    ];
    for format in formats {
        same_with_everything("needs_formats", pair, &["--format", format]);
    }
    same_with_everything("needs_class", pair, &["--class", "*", "--chains", "9"]);
}

/// Without ids a class's retained size is what it retains after, less before.
#[test]
fn a_gate_over_retained_sizes_gets_them_in_every_format() {
    for gate in ["retained(*) > 1B", "class.retained(Array) > 1B", "class.retained(*) > 9GB"] {
        for ids in ["--identity=count", "--identity=id"] {
            let args = ["--format=junit", ids, "--fail-on", gate];
            same_with_everything("needs_gates", &pairs()[1], &args);
        }
    }
}

#[test]
fn a_baseline_gets_the_retained_sizes_that_it_accepts() {
    let [before, after] = ["before", "after"].map(|which| snapshot(&pairs()[0], which));
    let dir = scratch("needs_baseline");
    let [text, json] = ["text", "json"].map(|format| {
        let baseline = dir.join(format);
        let write = format!("--write-baseline={}", baseline.display());
        let args = ["--identity=count", "--format", format, &write];
        let output = program().args([&before, &after]).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        std::fs::read_to_string(baseline).unwrap()
    });
    assert_eq!(text, json);
    assert!(text.contains("\"retained\""), "{text}");
}
