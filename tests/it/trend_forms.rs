//! The same sawtooth that rises by half a MB a minute, in each form that a log may have: the same is told.

use crate::trend::{saw, told_of};

const MB: f64 = 1024.0 * 1024.0;

fn iso(at: usize) -> String {
    format!("2026-11-30T{:02}:{:02}:00Z", 8 + at / 60, at % 60)
}

fn epoch(at: usize) -> usize {
    1_764_489_600 + at * 60
}

/// The rate of the only process, in MB an hour.
fn rate(text: &str, more: &[&str]) -> f64 {
    let told = told_of(text, more);
    assert_eq!(told["verdict"], "leak", "{text:.300}");
    assert_eq!(told["processes"].as_array().unwrap().len(), 1, "{text:.300}");
    let heap = &told["processes"][0]["series"][0];
    assert_eq!((&heap["kind"], &heap["rate"]["each"]), (&"heap".into(), &"hour".into()));
    heap["rate"]["bytes"].as_f64().unwrap() / MB
}

/// Each form has the same rate.
fn same(line: impl Fn(usize, f64) -> String, more: &[&str]) {
    let text = saw(0.5, line);
    let rate = rate(&text, more);
    assert!((rate - 30.0).abs() < 1.0, "{rate} MB an hour: {text:.200}");
}

#[test]
fn json_lines_of_all_loggers() {
    same(
        |at, mb| format!("{{\"time\":{}000,\"pid\":7,\"heapUsed\":{:.0}}}", epoch(at), mb * MB),
        &[],
    );
    same(
        |at, mb| {
            format!("{{\"memory\":{{\"heapUsed\":\"{mb:.2} MB\"}},\"timestamp\":\"{}\"}}", iso(at))
        },
        &[],
    );
    same(
        |at, mb| {
            format!("app-1  | {{\"ts\":{},\"mem\":{{\"heap\":{{\"used_mb\":{mb}}}}}}}", epoch(at))
        },
        &[],
    );
    // A log of a container, whose lines are logs.
    same(
        |at, mb| {
            let log = format!("{{\\\"heapUsed\\\":{:.0}}}\\n", mb * MB);
            format!("{{\"log\":\"{log}\",\"stream\":\"stdout\",\"time\":\"{}\"}}", iso(at))
        },
        &[],
    );
    same(|at, mb| format!("{} stdout F {{\"heapUsedMB\":{mb}}}", iso(at)), &[]);
}

#[test]
fn text_of_all_loggers() {
    same(|at, mb| format!("{} info: RSS: 190 MB, Heap Used: {mb:.2} MB / 300 MB", iso(at)), &[]);
    same(|at, mb| format!("[{}] heap_used_mb={mb} rss_mb=190", iso(at).replace('T', " ")), &[]);
    same(
        |at, mb| {
            let (hour, minute) = (8 + at / 60, at % 60);
            format!(
                "[{hour:02}:{minute:02}:00.000] INFO (42): memory\n    heapUsed: {:.0}",
                mb * MB
            )
        },
        &[],
    );
    same(
        |at, mb| {
            let (hour, minute) = (8 + at / 60, at % 60);
            format!("Nov 30 {hour:02}:{minute:02}:00 web node[42]: \x1b[33mheapUsed\x1b[39m={mb}MB")
        },
        &[],
    );
    // console.log(process.memoryUsage()), after a line with the time.
    same(
        |at, mb| format!("{} stats\n{{\n  rss: 99999999,\n  heapUsed: {:.0}\n}}", iso(at), mb * MB),
        &[],
    );
}

#[test]
fn dates_in_words_have_their_parts_in_any_order() {
    for form in [
        "Sun Nov 29 12H UTC 2026",
        "Sun 29 Nov 2026 12H UTC",
        "Nov 29, 2026, 12H",
        "2026-11-29 12H",
        "Sun Nov 29 24H UTC 2026",
        "Sun 29 Nov 2026 24H UTC",
        "Sun, 29 Nov 2026 24H +0000",
        "Sun, 29 Nov 2026 24H GMT",
        "29-Nov-2026 24H",
    ] {
        let line = |at: usize, mb: f64| {
            let (hour, minute) = (11 + at / 60, at % 60);
            let half = if hour < 12 { "AM" } else { "PM" };
            let twelve = format!("{:02}:{minute:02}:00 {half}", (hour + 11) % 12 + 1);
            let date = form.replace("12H", &twelve);
            let date = date.replace("24H", &format!("{hour:02}:{minute:02}:00"));
            format!("{date}\nnodejs_heap_size_used_bytes {:.0}", mb * MB)
        };
        same(line, &[]);
        let told = told_of(&saw(0.5, line), &[]);
        let run = &told["processes"][0]["runs"][0];
        let noon = 1_795_953_600.0;
        assert_eq!((&run["from"], &run["to"]), (&(noon - 3600.0).into(), &(noon + 3540.0).into()));
    }
}

#[test]
fn times_without_a_year_go_on_over_new_year_and_tell_no_date() {
    let line = |at: usize, mb: f64| {
        let day = if at < 60 { "Dec 31 23" } else { "Jan  1 00" };
        format!("{day}:{:02}:00 web node[42]: heapUsed={mb}MB", at % 60)
    };
    same(line, &[]);
    let told = told_of(&saw(0.5, line), &["--limit=512MB"]);
    let process = &told["processes"][0];
    let run = &process["runs"][0];
    assert_eq!((&process["axis"], &run["from"]), (&"seconds".into(), &0.0.into()));
    assert_eq!(run["to"], 119.0 * 60.0);
    let limit = &process["series"][0]["limit"];
    assert!(limit["hours_left"].is_f64() && limit["reached"].is_null(), "{limit}");
    assert!(!told["reasons"].to_string().contains("UTC"), "{told}");
}

#[test]
fn what_looks_like_a_time_and_is_none_that_is_known_has_a_note() {
    let noted = |line: &dyn Fn(usize, f64) -> String| {
        let told = told_of(&saw(0.5, line), &[]);
        assert_eq!(told["processes"][0]["axis"], "samples");
        told["notes"].to_string().contains("the time of 120 samples could not be read")
    };
    assert!(noted(&|at, mb| format!("29.11.2026 10h{at} heapUsed={mb}MB")));
    assert!(noted(&|at, mb| format!("{{\"time\":\"29/11/2026\",\"n\":{at},\"heapUsedMB\":{mb}}}")));
    assert!(noted(&|_, mb| format!("29/11/2026 10:02\n  heapUsed: {mb} MB")));
    assert!(!noted(&|_, mb| format!("127.0.0.1:3000 heapUsed={mb}MB")));
}

#[test]
fn tables() {
    let rows = saw(0.5, |at, mb| format!("{};{:.0};190000000", iso(at), mb * MB));
    assert!((rate(&format!("time;heapUsed;rss\n{rows}"), &[]) - 30.0).abs() < 1.0);
    let rows = saw(0.5, |at, mb| format!("\"{}\",\"{mb:.2} MiB\"", iso(at)));
    let head = "\"Time\",\"nodejs_heap_size_used_bytes{instance=\"\"a\"\"}\"";
    assert!((rate(&format!("{head}\n{rows}"), &[]) - 30.0).abs() < 1.0);
}

#[test]
fn formats_of_prometheus() {
    same(|at, mb| format!("mcp_heap_used_bytes{{pod=\"a\"}} {:.0} {}000", mb * MB, epoch(at)), &[]);
    // Scrapes one after the other, each below the time when it was made.
    same(
        |at, mb| {
            format!("# {}\n# TYPE heap gauge\nnodejs_heap_size_used_bytes {:e}", iso(at), mb * MB)
        },
        &[],
    );
    // The spaces of a heap are one.
    same(
        |at, mb| {
            let part = |space: &str, share: f64| {
                let (bytes, time) = (mb * MB * share, epoch(at));
                format!("v8js_memory_heap_used_bytes{{x=\"{space}\"}} {bytes:.0} {time}000")
            };
            format!("{}\n{}", part("new", 0.25), part("old", 0.75))
        },
        &[],
    );
    let values = saw(0.5, |at, mb| format!("[{}.0,\"{:.0}\"],", epoch(at), mb * MB));
    let values = values.trim_end().trim_end_matches(',');
    let answer = format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[{{\"metric\":\
         {{\"__name__\":\"nodejs_heap_size_used_bytes\"}},\"values\":[{values}]}}]}}}}"
    );
    assert!((rate(&answer, &[]) - 30.0).abs() < 1.0);
}

#[test]
fn documents_that_are_lists() {
    let rows = saw(0.5, |at, mb| format!("  {{\"time\": {}, \"heapUsedMB\": {mb}}},", epoch(at)));
    let list = format!("[\n{}\n]\n", rows.trim_end().trim_end_matches(','));
    assert!((rate(&list, &[]) - 30.0).abs() < 1.0);
}

#[test]
fn fields_and_units_that_are_given() {
    let field = ["--field=heap=m.h:kB"];
    same(
        |at, mb| {
            format!("{{\"time\":{},\"m\":{{\"h\":{:.0}}},\"heapUsed\":1}}", epoch(at), mb * 1024.0)
        },
        &field,
    );
}

#[test]
fn a_field_without_a_unit_is_taken_by_its_size_and_that_is_said() {
    for (each, unit) in [(1.0, "MB"), (1024.0, "kB")] {
        let line = |at: usize, mb: f64| format!("{} heapUsed={:.3}", iso(at), mb * each);
        let text = saw(0.5, line);
        assert!((rate(&text, &[]) - 30.0).abs() < 1.0);
        let notes = told_of(&text, &[])["notes"].to_string();
        assert!(
            notes.contains(&format!("heapUsed has no unit; by its size it is taken for {unit}"))
        );
    }
}

#[test]
fn lines_of_collections_have_the_full_ones_first() {
    let text = saw(0.5, |at, mb| {
        let [ms, young] = [at * 60_000, at * 60_000 + 500];
        let full = mb - 3.0 * (at % 5) as f64;
        format!(
            "[7:0x55d0]  {young} ms: Scavenge 99.0 (99.9) -> {:.1} (99.9) MB, 1.0 / 0.0 ms\n\
             [7:0x55d0]  {ms} ms: Mark-Compact 99.0 (99.9) -> {full:.1} (99.9) MB, 1.0 / 0.0 ms",
            mb + 9.0
        )
    });
    let told = told_of(&text, &[]);
    let heap = &told["processes"][0]["series"][0];
    assert_eq!(heap["field"], "after full collections");
    assert_eq!(told["verdict"], "leak");
}

#[test]
fn a_crash_for_want_of_memory_ends_a_run() {
    let life = saw(2.0, |at, mb| format!("{} heapUsed={mb}MB", iso(at)));
    let first: String = life.lines().take(60).map(|line| format!("{line}\n")).collect();
    let then: String = life
        .lines()
        .take(60)
        .enumerate()
        .map(|(at, line)| format!("{} {}\n", iso(60 + at), line.split_once(' ').unwrap().1))
        .collect();
    let crash =
        "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";
    let told = told_of(&format!("{first}{crash}{then}"), &[]);
    let runs = told["processes"][0]["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2, "{runs:?}");
    assert_eq!(runs[0]["ended_by"], "out_of_memory");
    assert_eq!(told["verdict"], "leak");
}

#[test]
fn the_limit_is_found_in_the_arguments_of_the_program() {
    let rows = saw(0.5, |at, mb| format!("{} heapUsed={mb}MB", iso(at)));
    let told = told_of(&format!("> node --max-old-space-size=256 server.js\n{rows}"), &[]);
    let limit = &told["processes"][0]["series"][0]["limit"];
    assert_eq!(limit["bytes"], 256 << 20, "{told}");
}

#[test]
fn a_restart_of_which_nothing_tells_shows_in_rss_and_heap() {
    let line = |at: usize, mb: f64| {
        let life = (at % 40) as f64;
        let heap = mb - 0.5 * at as f64 + 2.0 * life;
        format!("{} rss={:.1}MB heapUsed={heap:.2}MB", iso(at), 90.0 + 4.0 * life)
    };
    let told = told_of(&saw(0.5, line), &[]);
    let runs = told["processes"][0]["runs"].as_array().unwrap();
    let ended: Vec<&str> = runs.iter().filter_map(|run| run["ended_by"].as_str()).collect();
    assert_eq!(ended, ["memory", "memory"], "{runs:?}");
    assert_eq!(told["verdict"], "leak");
    // A heap that falls alone has had a collection.
    let collected = saw(0.5, |at, mb| {
        let heap = mb - 0.5 * at as f64 + 2.0 * (at % 40) as f64;
        format!("{} rss=200MB heapUsed={heap:.2}MB", iso(at))
    });
    let told = told_of(&collected, &[]);
    assert_eq!(told["processes"][0]["runs"].as_array().unwrap().len(), 1);
}
