//! What a snapshot is made of: DevTools' figures where it has any, and each part on a small heap.

use crate::adversarial::seeds;
use crate::cli::shown;
use crate::drawing::draw;
use crate::fixtures::{heap, pairs, path, scratch, snapshot};
use crate::golden::{classes, our_census, our_classes};
use crate::sample::HOSTILE;
use heapdiff::explore::{ExploreOptions, Explorer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub fn file(bytes: &[u8]) -> PathBuf {
    let file = scratch("summary").join("a.heapsnapshot");
    std::fs::write(&file, bytes).unwrap();
    file
}

pub fn text(file: &Path, more: &[&str]) -> String {
    shown(["summary", file.to_str().unwrap()].iter().chain(more))
}

pub fn asked(file: &Path, more: &[&str]) -> Value {
    let json = text(file, &[&["-f", "json"], more].concat()).replace("\\ud", "\\\\ud");
    serde_json::from_str::<Value>(&json).unwrap()["summary"].take()
}

/// The summary of a drawn heap.
pub fn of(drawing: &str) -> Value {
    asked(&file(&draw(drawing).bytes()), &[])
}

pub fn rows(list: &Value) -> &[Value] {
    list["rows"].as_array().unwrap()
}

/// Some fields of each row, numbers and words as they are written.
pub fn told(list: &Value, fields: &[&str]) -> Vec<String> {
    let field = |row: &Value, field: &&str| match row.pointer(&format!("/{field}")) {
        Some(Value::String(word)) => word.clone(),
        Some(other) => other.to_string(),
        None => "-".to_owned(),
    };
    let row = |row: &Value| fields.iter().map(|f| field(row, f)).collect::<Vec<_>>().join(" ");
    rows(list).iter().map(row).collect()
}

pub const COPIES: &str = "root -> app:App(8) -a-> a:(string)alpha(24)
    app -b-> b:(string)alpha(24)
    app -c-> c:(string)alpha(24)
    app -d-> d:(string)alpha(40)
    app -e-> e:(string)alpha(40)
    app -f-> f:(string)beta(24)";

#[test]
fn classes_are_devtools_summary_row_for_row() {
    let mut count = 0;
    for pair in pairs() {
        for which in ["before", "after"] {
            let summary = asked(&snapshot(&pair, which), &["--show-secrets"]);
            let golden = pair.join(format!("golden/{which}.classes.tsv"));
            let golden = classes(&std::fs::read_to_string(golden).unwrap());
            let ours = summary["classes"].as_array().unwrap();
            assert_eq!(ours.len(), golden.len(), "{which} of {}", pair.display());
            for row in ours {
                let key = serde_json::to_string(&row["key"]).unwrap();
                let Some(class) = golden.get(&key) else { continue };
                let figures = ["count", "shallow", "retained"].map(|f| row[f].as_u64().unwrap());
                assert_eq!(figures, [class.count, class.shallow, class.retained], "{key}");
                assert_eq!(row["distance"], class.distance, "{key}");
                count += 1;
            }
            let order: Vec<(u64, &str)> = ours
                .iter()
                .map(|row| (row["retained"].as_u64().unwrap(), row["name"].as_str().unwrap()))
                .collect();
            let falls = |two: &[(u64, &str)]| two[0].0 >= two[1].0;
            assert!(order.windows(2).all(falls), "the heaviest comes first");
        }
    }
    assert!(count > 7_000, "only {count} classes were compared");
}

#[test]
fn classes_of_generated_heaps_are_those_of_the_dump() {
    for (seed, bytes) in seeds() {
        let open = |file: PathBuf| {
            let options = ExploreOptions { show_secrets: true, ..ExploreOptions::default() };
            Explorer::open(file.as_path(), None, options).unwrap().summary(3).unwrap()
        };
        let summary = open(file(&bytes));
        let theirs = our_classes(&our_census(&heap(bytes)));
        let ours: BTreeMap<String, (u64, u64)> = summary
            .classes
            .iter()
            .map(|class| (class.key.text().to_json(), (class.count, class.retained % (1 << 32))))
            .collect();
        let theirs: BTreeMap<String, (u64, u64)> =
            theirs.into_iter().map(|(key, class)| (key, (class.count, class.retained))).collect();
        assert_eq!(ours, theirs, "seed {seed}");
    }
}

#[test]
fn statistics_are_devtools_and_kinds_make_the_whole() {
    for pair in pairs() {
        let totals = std::fs::read_to_string(pair.join("golden/totals.json")).unwrap();
        let totals: Value = serde_json::from_str(&totals).unwrap();
        for which in ["before", "after"] {
            let summary = asked(&snapshot(&pair, which), &[]);
            let golden = totals[which]["statistics"].as_object().unwrap();
            for (name, bytes) in golden {
                assert_eq!(&summary["statistics"][name], bytes, "{name} of {}", pair.display());
            }
            let all = summary["kinds"].as_array().unwrap();
            let sum = |field: &str| all.iter().map(|k| k[field].as_u64().unwrap()).sum::<u64>();
            let beside = summary["outside"]["extra_native_bytes"].as_u64().unwrap_or(0);
            assert_eq!(sum("shallow") + beside, summary["total_size"].as_u64().unwrap());
            assert_eq!(sum("count"), summary["nodes"].as_u64().unwrap());
        }
    }
}

#[test]
fn native_memory_is_that_of_the_report() {
    let summary = of("root -> app:App(8) -b-> b:ArrayBuffer(16)
        b -(d)-> d:(native)\"system / JSArrayBufferData\"(5000)");
    assert_eq!(summary["outside"]["array_buffers"], 5000);
    assert_eq!(summary["statistics"]["typed_arrays"], 5000);
    assert_eq!(summary["outside"]["extra_native_bytes"], Value::Null);
}

#[test]
fn a_list_is_cut_where_it_is_told_and_says_how_many_more_there_are() {
    let file = file(&draw(COPIES).bytes());
    let one = asked(&file, &["--limit", "1"]);
    assert_eq!(
        (rows(&one["copies"]["texts"]).len(), &one["copies"]["texts"]["total"]),
        (1, &2.into())
    );
    assert_eq!(one["classes"].as_array().unwrap().len(), 2, "JSON has all classes");
    let words = text(&file, &["--limit", "1"]);
    assert!(words.contains("1 more text (--limit 0 tells all)"), "{words}");
    assert!(words.contains("1 more class (--limit 0 tells all)"), "{words}");
    let all = text(&file, &["--limit", "0"]);
    assert!(!all.contains("--limit"), "{all}");
}

#[test]
fn with_an_older_snapshot_classes_say_how_many_are_new() {
    let [before, after] =
        ["before", "after"].map(|which| path(&format!("plain/{which}.heapsnapshot")));
    let json = shown(["summary", before.to_str().unwrap(), after.to_str().unwrap(), "-f", "json"]);
    let reply: Value = serde_json::from_str(&json).unwrap();
    assert!(reply["snapshot"]["path"].as_str().unwrap().ends_with("after.heapsnapshot"));
    let classes = reply["summary"]["classes"].as_array().unwrap();
    let class = |name: &str| classes.iter().find(|class| class["name"] == name).unwrap();
    assert_eq!(class("ToolSession")["new"], 96);
    assert_eq!(class("Map")["new"], 0);
}

#[test]
fn hostile_names_stay_in_their_places() {
    for name in HOSTILE {
        let mut drawing = draw(COPIES);
        let at = drawing.at("app");
        drawing.nodes[at].name = name.to_owned();
        for edge in &mut drawing.edges {
            edge.label = format!("{}{name}", edge.label);
        }
        let file = file(&drawing.bytes());
        for how in ["text", "agent"] {
            let out = text(&file, &["-f", how, "--width", "100"]);
            let steers =
                |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}\u{2066}".contains(c);
            assert!(!out.contains(steers), "{how} of {name:?}: {out}");
            let begins =
                |line: &str| ["::", "##[", "#", "<!--"].iter().any(|b| line.starts_with(b));
            assert!(!out.lines().any(begins), "{how} of {name:?}: {out}");
        }
        asked(&file, &[]);
    }
}

#[test]
fn what_looks_like_a_secret_is_masked_wherever_it_stands() {
    let secret = ["gh", "p_q7RzK2mWx9TbLc4VfYhN8sJdGp3ZaQeU1234"].concat();
    let drawing = format!(
        "root -> app:{secret}(8) -{secret}-> a:Array(16)
        a -[0]-> x:X(8)
        app -f-> f:(closure){secret}(32) -(context)-> c:\"system / Context\"(24) -<{secret}>-> v:V(8)
        app -_events-> ev:Object(16) -{secret}-> f"
    );
    let file = file(&draw(&drawing).bytes());
    for how in ["text", "json", "agent"] {
        assert!(!text(&file, &["-f", how]).contains(&secret), "{how}");
        assert!(text(&file, &["-f", how, "--show-secrets"]).contains(&secret), "{how}");
    }
}
