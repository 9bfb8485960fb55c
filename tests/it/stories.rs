//! Real leaking servers, and healthy ones: the first suspect is the true class, its chain names
//! the true holder, the first finding is the true pattern, and nobody healthy is accused.

use crate::fixtures::{pairs, snapshot};
use heapdiff::compare::compare;
use heapdiff::pair::Pair;
use heapdiff::report::Options;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The JSON report of a pair, with its last snapshot if there are three.
fn report(pair: &Path) -> Value {
    let (before, after) = (snapshot(pair, "before"), snapshot(pair, "after"));
    let last = snapshot(pair, "final");
    let files: Vec<PathBuf> =
        if last.exists() { vec![before, after, last] } else { vec![before, after] };
    let ends = Pair::new(files[0].as_path(), files[files.len() - 1].as_path());
    let between: Vec<&Path> = files[1..files.len() - 1].iter().map(PathBuf::as_path).collect();
    let report = compare(ends, &between, &Options::default()).unwrap();
    serde_json::to_value(&report).unwrap()
}

fn truth(pair: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(pair.join("truth.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

fn list<'a>(truth: &'a Value, key: &str) -> Vec<&'a str> {
    truth[key].as_array().map(|a| a.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn stories(leak: bool) -> Vec<(String, Value, Value)> {
    let found: Vec<_> = pairs()
        .into_iter()
        .filter_map(|pair| Some((truth(&pair)?, pair)))
        .filter(|(truth, _)| truth["leak"] == leak)
        .map(|(truth, pair)| (truth["name"].to_string(), report(&pair), truth))
        .collect();
    assert!(found.len() >= if leak { 17 } else { 3 });
    found
}

#[test]
fn every_leak_is_found_named_and_explained() {
    for (name, report, truth) in stories(true) {
        let suspect = &report["suspects"][0];
        let class = suspect["class"].as_str().unwrap_or_default();
        assert!(list(&truth, "top").contains(&class), "{name}: the first suspect is {class}");
        let chain = suspect["chains"].to_string() + &suspect["container"].to_string();
        for holder in list(&truth, "holder") {
            assert!(chain.contains(holder), "{name}: {holder} is missing in {chain}");
        }
        let any = list(&truth, "holderAny");
        assert!(any.is_empty() || any.iter().any(|h| chain.contains(h)), "{name}: {any:?}");
        let pattern = report["findings"][0]["pattern"].as_str().unwrap_or_default();
        let right =
            truth["pattern"] == pattern || list(&truth, "alsoAcceptable").contains(&pattern);
        assert!(right, "{name}: the first pattern is {pattern}, not {}", truth["pattern"]);
        assert_eq!(report["verdict"]["kind"], "leak_likely", "{name}");
    }
}

#[test]
fn a_chain_counts_the_objects_and_the_bytes_it_holds() {
    for (name, report, truth) in stories(true) {
        let suspect = &report["suspects"][0];
        for chain in suspect["chains"].as_array().unwrap() {
            assert!(chain["share"].as_u64() <= chain["total"].as_u64(), "{name}");
            assert!(chain["frees"].as_u64() <= suspect["frees_together"].as_u64(), "{name}");
        }
        if truth["retainerRecorded"] == true {
            let grows = report["containers"][0]["entries_after"].as_u64()
                > report["containers"][0]["entries_before"].as_u64();
            assert!(grows, "{name}");
        }
    }
}

#[test]
fn healthy_servers_are_not_accused() {
    for (name, report, _) in stories(false) {
        assert_ne!(report["verdict"]["kind"], "leak_likely", "{name}: {}", report["verdict"]);
    }
}

#[test]
fn bun_numbers_objects_anew_and_the_report_says_so() {
    for (name, report, truth) in stories(true) {
        let kind = report["identity"]["kind"].as_str().unwrap();
        let expected = if truth["runtime"] == "bun" { "unstable_ids" } else { "same_process" };
        assert_eq!(kind, expected, "{name}");
    }
}

#[test]
fn snapshots_of_two_programs_are_not_of_one_process() {
    let all = pairs();
    let find = |name: &str| all.iter().find(|p| p.ends_with(name)).unwrap();
    let (a, b) = (find("lru-churn"), find("packet-headers"));
    let (old, new) = (snapshot(a, "before"), snapshot(b, "after"));
    let ends = Pair::new(old.as_path(), new.as_path());
    let report = serde_json::to_value(compare(ends, &[], &Options::default()).unwrap()).unwrap();
    assert_eq!(report["identity"]["kind"], "different_process");
    assert_eq!(report["identity"]["by_id"], false);
}

#[test]
fn a_pair_the_wrong_way_round_is_noticed() {
    for pair in pairs() {
        let truth = truth(&pair);
        if truth.is_some_and(|t| t["runtime"] == "bun") {
            continue;
        }
        let (old, new) = (snapshot(&pair, "before"), snapshot(&pair, "after"));
        for (first, second, swapped) in [(&old, &new, false), (&new, &old, true)] {
            let ends = Pair::new(first.as_path(), second.as_path());
            let report = compare(ends, &[], &Options::default()).unwrap();
            assert_eq!(report.answer.identity.swapped, swapped, "{}", pair.display());
        }
    }
}
