//! Logs of real processes (fixtures/trend, and how they were made), in all forms: what becomes of memory is told.

use crate::cli::{run, shown};
use crate::fixtures::{path, scratch};
use serde_json::Value;
use std::path::Path;

fn log(name: &str) -> String {
    path("trend").join(name).display().to_string()
}

/// What is told of logs, as JSON.
pub fn told(logs: &[&str], more: &[&str]) -> Value {
    let args = ["trend"].iter().chain(logs).chain(more).chain(&["--format=json"]);
    serde_json::from_str(&shown(args)).unwrap()
}

/// What is told of a text that is the log.
pub fn told_of(text: &str, more: &[&str]) -> Value {
    let file = scratch("log").join("app.log");
    std::fs::write(&file, text).unwrap();
    told(&[&file.display().to_string()], more)
}

fn verdict(name: &str) -> String {
    told(&[&log(name)], &[])["verdict"].as_str().unwrap().to_owned()
}

/// A sawtooth in MB that begins at 50 and grows by so much in each of 120 samples, one a minute, as lines.
pub fn saw(grows: f64, line: impl Fn(usize, f64) -> String) -> String {
    let value =
        |at: usize| 50.0 + grows * at as f64 + 3.0 * (at % 5) as f64 + (at % 3) as f64 / 7.0;
    (0..120).map(|at| line(at, value(at)) + "\n").collect()
}

fn iso(at: usize) -> String {
    format!("2026-11-30T{:02}:{:02}:00Z", 8 + at / 60, at % 60)
}

/// The series of a kind of the first process.
fn series<'v>(told: &'v Value, kind: &str) -> &'v Value {
    let all = told["processes"][0]["series"].as_array().unwrap();
    all.iter().find(|series| series["kind"] == kind).unwrap()
}

#[test]
fn processes_that_leak_are_told_from_those_that_do_not() {
    for (name, expected) in [
        ("leak.jsonl", "leak"),
        ("leak.console.log", "leak"),
        ("leak.range.json", "leak"),
        ("leak.gc.log.gz", "leak"),
        ("buffers.csv", "leak"),
        ("healthy.pino.log", "sawtooth_only"),
        ("lru.text.log", "plateau"),
        ("filling.winston.log", "still_warming"),
    ] {
        assert_eq!(verdict(name), expected, "{name}");
    }
}

#[test]
fn buffers_are_told_from_objects() {
    let told = told(&[&log("buffers.csv")], &["--per=requests_total"]);
    assert_eq!(told["processes"][0]["leaks"], serde_json::json!(["external"]));
    let reasons = told["reasons"].to_string();
    assert!(reasons.contains("the heap does not rise with it"), "{reasons}");
}

#[test]
fn restarts_are_cut_out_and_the_last_run_is_judged() {
    let told = told(&[&log("restarts.pino.log")], &[]);
    let runs = told["processes"][0]["runs"].as_array().unwrap();
    let judged: Vec<bool> = runs.iter().map(|run| run["judged"].as_bool().unwrap()).collect();
    assert_eq!(judged, [false, false, false, true]);
    assert!(runs[..3].iter().all(|run| run["ended_by"] == "uptime"), "{runs:?}");
    assert_eq!(told["verdict"], "leak");
}

#[test]
fn memory_that_comes_and_goes_with_sessions_is_no_leak() {
    let sessions = log("sessions.prom");
    let told = told(&[&sessions], &["--per=mcp_active_sessions_total"]);
    assert_ne!(told["verdict"], "leak");
    let per = &told["processes"][0]["per"];
    assert_eq!(per["counter"], false);
    assert!(per["bytes"].as_f64().unwrap() > 500.0, "{per}");
}

#[test]
fn growth_at_level_sessions_is_a_leak_and_growth_with_them_is_none() {
    let line = |sessions: fn(usize) -> usize| {
        move |at: usize, mb: f64| {
            let (time, sessions) = (iso(at), sessions(at));
            format!("{{\"time\":\"{time}\",\"heapUsedMB\":{mb},\"sessions\":{sessions}}}")
        }
    };
    let level = told_of(&saw(0.5, line(|at| 100 + at % 2)), &["--per=sessions"]);
    assert_eq!(level["verdict"], "leak");
    assert!(level["reasons"].to_string().contains("is level, so that no load explains"));
    let grows = told_of(&saw(0.5, line(|at| 100 + 10 * at)), &["--per=sessions"]);
    assert_eq!(grows["verdict"], "plateau");
    assert_eq!(grows["processes"][0]["per"]["follows"], true);
    let each = grows["processes"][0]["per"]["bytes"].as_f64().unwrap();
    assert!((each / (0.05 * 1024.0 * 1024.0) - 1.0).abs() < 0.1, "{each}");
}

#[test]
fn the_rate_and_the_time_until_the_limit_are_those_of_the_log() {
    let line = |at: usize, mb: f64| format!("{} rss=200MB heapUsed={mb}MB", iso(at));
    let told = told_of(&saw(0.5, line), &["--limit=512MiB"]);
    let heap = series(&told, "heap");
    let rate = heap["rate"]["bytes"].as_f64().unwrap();
    let mb_an_hour = rate / 1024.0 / 1024.0;
    assert!((mb_an_hour - 30.0).abs() < 1.0, "{mb_an_hour}");
    assert_eq!(heap["rate"]["each"], "hour");
    let left = heap["limit"]["hours_left"].as_f64().unwrap();
    assert!((left - (512.0 - 110.0) / 30.0).abs() < 0.5, "{left}");
    assert!(heap["limit"]["reached"].as_str().unwrap().starts_with("2026-11-30 2"), "{heap}");
}

#[test]
fn every_limit_is_told_and_the_one_that_is_reached_first_before_the_others() {
    let line = |at: usize, mb: f64| format!("{} rss={}MB heapUsed={mb}MB", iso(at), mb + 100.0);
    let text = saw(0.5, line);
    let reasons = |limits: &[&str]| told_of(&text, limits)["reasons"].to_string();
    let one = reasons(&["--limit=rss=400MB"]);
    assert!(one.contains("at this rate RSS reaches its limit of 400 MB in "), "{one}");
    let both = reasons(&["--limit=1GB", "--limit=rss=400MB"]);
    let (rss, heap) = (both.find("RSS reaches its limit"), both.find("the heap reaches its limit"));
    assert!(rss.is_some() && rss < heap, "{both}");
    let above = reasons(&["--limit=10MB"]);
    assert!(above.contains("it is above its limit of 10.0 MB"), "{above}");
    assert!(!above.contains("reaches"), "{above}");
    let level = told_of(&saw(0.0, line), &["--limit=10MB"])["reasons"].to_string();
    assert!(level.contains("it is above its limit"), "{level}");
}

#[test]
fn a_limit_that_is_given_counts_more_than_that_of_the_log() {
    let line = |at: usize, mb: f64| format!("{} heapUsed={mb}MB heap_limit=256MB", iso(at));
    let limit = |more: &[&str]| {
        series(&told_of(&saw(0.5, line), more), "heap")["limit"]["bytes"].as_u64().unwrap()
    };
    assert_eq!(limit(&[]), 256 << 20);
    assert_eq!(limit(&["--limit=512MiB"]), 512 << 20);
}

#[test]
fn rss_that_rises_alone_is_native_memory() {
    let line = |at: usize, mb: f64| {
        let heap = 40.0 + 4.0 * (at % 5) as f64;
        format!("{} rss={mb}MB heapUsed={heap}MB external=2MB", iso(at))
    };
    let told = told_of(&saw(0.5, line), &[]);
    assert_eq!(told["processes"][0]["leaks"], serde_json::json!(["rss"]));
    assert_eq!(told["next"]["what"], "native");
    assert!(told["reasons"].to_string().contains("native memory"));
}

#[test]
fn a_few_samples_and_few_collections_are_too_short() {
    let short: String = saw(0.5, |at, mb| format!("{} heapUsed={mb}MB", iso(at)));
    let few: String = short.lines().take(15).map(|line| format!("{line}\n")).collect();
    let told = told_of(&few, &[]);
    assert_eq!(told["verdict"], "too_short");
    assert!(told["reasons"][0].as_str().unwrap().contains("15 samples"), "{told}");
    let ramp = |at: usize| format!("{} heapUsed={}kB\n", iso(at), 20_000 + at * 100);
    let told = told_of(&(0..100).map(ramp).collect::<String>(), &[]);
    assert_eq!(told["verdict"], "too_short");
    assert!(told["reasons"][0].as_str().unwrap().contains("no collection"), "{told}");
}

#[test]
fn without_times_a_rate_goes_by_samples_or_by_the_interval() {
    let text = saw(0.5, |_, mb| format!("heapUsed: {mb} MB"));
    let told_plain = told_of(&text, &[]);
    assert_eq!(series(&told_plain, "heap")["rate"]["each"], "sample");
    let timed = told_of(&text, &["--interval=1m"]);
    let rate = series(&timed, "heap")["rate"]["bytes"].as_f64().unwrap();
    assert!((rate / 1024.0 / 1024.0 - 30.0).abs() < 1.0, "{rate}");
}

#[test]
fn processes_are_judged_each_on_its_own() {
    let text = saw(0.5, |at, mb| {
        let healthy = 50.0 + 3.0 * ((at + 2) % 5) as f64;
        let time = iso(at);
        format!(
            "{{\"time\":\"{time}\",\"pid\":1,\"heapUsedMB\":{healthy}}}\n\
             {{\"time\":\"{time}\",\"pid\":2,\"heapUsedMB\":{mb}}}"
        )
    });
    let told = told_of(&text, &[]);
    let all: Vec<(&Value, &Value)> = told["processes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|process| (&process["name"], &process["verdict"]))
        .collect();
    assert_eq!(all[0], (&"pid 2".into(), &"leak".into()));
    assert_eq!(all[1], (&"pid 1".into(), &"sawtooth_only".into()));
}

#[test]
fn rotated_logs_are_one_whatever_their_order() {
    let dir = scratch("rotated");
    let text = saw(0.5, |at, mb| format!("{} heapUsed={mb}MB", iso(at)));
    let lines: Vec<&str> = text.lines().collect();
    let write = |name: &str, part: &[&str]| {
        std::fs::write(dir.join(name), part.join("\n")).unwrap();
        dir.join(name).display().to_string()
    };
    let (new, old) = (write("app.log", &lines[60..]), write("app.log.1", &lines[..60]));
    let whole = write("whole.log", &lines);
    let rate = |logs: &[&str]| series(&told(logs, &[]), "heap")["rate"].clone();
    assert_eq!(rate(&[&new, &old]), rate(&[&whole]));
}

#[test]
fn a_log_that_says_nothing_is_refused_with_what_to_do() {
    let file = scratch("nothing").join("app.log");
    std::fs::write(&file, "listening on 3000\n").unwrap();
    let output = run([Path::new("trend"), &file]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(error.contains("app.log: no line says how much memory anything takes\n"), "{error}");
    assert!(error.contains("--field heap=NAME"), "{error}");
}

#[test]
fn a_field_that_no_line_has_and_a_unit_that_there_is_not_are_named() {
    let refused = |field: &str| {
        let output = run(["trend", &log("leak.jsonl"), "--field", field]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, error) = refused("heap=mem.zz");
    assert_eq!(code, Some(3), "{error}");
    assert!(error.contains("leak.jsonl: no line has a number in the field mem.zz\n"), "{error}");
    let (code, error) = refused("heap=heapUsed:parsec");
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains("parsec is no unit: one of B, kB, MB and GB"), "{error}");
}
