//! A gate that is broken fails the job and says why; one that is kept does neither.

use crate::cli::{files, program, report, run, shown};
use crate::fixtures::{pairs, path, scratch, snapshot};
use heapdiff::compare::compare;
use heapdiff::gate::{Condition, Gates, Ignore};
use heapdiff::glob::Glob;
use heapdiff::pair::Pair;
use heapdiff::report::{Options, Report};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The pair in which 96 ToolSessions and 32 listeners pile up.
pub fn plain() -> [PathBuf; 2] {
    ["before", "after"].map(|which| path(&format!("plain/{which}.heapsnapshot")))
}

/// Options that make a job fail.
pub fn fail_on<'a>(conditions: &[&'a str]) -> Vec<&'a str> {
    conditions.iter().flat_map(|c| ["--fail-on", c]).collect()
}

pub fn gated(files: &[PathBuf], more: &[&str]) -> Output {
    run(files.iter().map(|f| f.as_os_str()).chain(more.iter().map(std::ffi::OsStr::new)))
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The line of a condition among the gates, its blanks narrowed.
#[track_caller]
fn line(text: &str, condition: &str) -> String {
    let lines = text.lines().skip_while(|l| !l.starts_with("GATES"));
    let mut own = lines.filter(|l| l.contains(&format!(" {condition} ")));
    let line = own.next().unwrap_or_else(|| panic!("no line for {condition} in {text}"));
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A metric, what the plain pair measures, a limit that this keeps and one that it breaks.
const MEASURED: [[&str; 4]; 21] = [
    ["heap.delta", "+86.1 kB", "> 86088B", "> 86087 B"],
    ["heap.delta", "+2.9%", "> 2.9%", ">= 2.8 %"],
    ["heap.after", "+3.1 MB", "> 4MB", "> 2.5MiB"],
    ["objects.delta", "+1,304", "> 1304", "> 1303"],
    ["objects.delta", "+3.3%", "> 3.3%", "> 3.2%"],
    ["objects.after", "+41,104", ">= 41105", ">= 41104"],
    ["new(ToolSession)", "+96", "!= 96", "== 96"],
    ["deleted(\"(string)\")", "+24", "> 24", "> 23"],
    ["delta(Tool*)", "+128", "> 128", "> 127"],
    ["size(Tool*)", "+6.9 kB", "> 6912B", "> 6.9kB"],
    ["retained(ToolSession)", "+41.5 kB", "> 40.6KiB", "> 40.4KiB"],
    ["class.new(Tool*)", "+96", "> 96", "> 95"],
    ["class.deleted(*)", "+24", "> 24", ">= 24"],
    ["class.delta(*)", "+323", "> 400", "> 300"],
    ["class.size(*)", "+20.7 kB", "> 1GB", "> 1kB"],
    ["class.retained(Tool????)", "+2.4 kB", "> 1MB", "> 0"],
    ["container.growth", "+96", "> 96", "> 95"],
    ["container.growth('*.reload')", "+32", "> 32", "> 31"],
    ["container.retained", "+44.5 kB", "> 0.1GiB", "> 1 kb"],
    ["per_call(delta(ToolSession))", "+1.00 per call", "> 1", "> 0.99"],
    ["per_call(heap.delta)", "+897 B per call", "> 896.76B", "> 896.7B"],
];

#[test]
fn every_metric_keeps_and_breaks() {
    for (at, mark, code) in [(2, "✓", 0), (3, "✗", 1)] {
        let conditions: Vec<String> =
            MEASURED.iter().map(|row| format!("{} {}", row[0], row[at])).collect();
        let mut options = fail_on(&conditions.iter().map(String::as_str).collect::<Vec<_>>());
        options.extend(["--calls", "96"]);
        let output = gated(&plain(), &options);
        let text = out(&output);
        assert_eq!(output.status.code(), Some(code), "{text}{}", err(&output));
        for (row, condition) in MEASURED.iter().zip(&conditions) {
            let start = format!("{mark} {condition} {} ", row[1]);
            let line = line(&text, condition);
            assert!(line.starts_with(&start), "{line} is not {start}");
        }
    }
}

#[test]
fn every_comparator_means_what_it_says() {
    let cases = [
        ("> 96", true),
        ("> 95", false),
        (">= 97", true),
        (">= 96", false),
        ("< 96", true),
        ("< 97", false),
        ("<= 95", true),
        ("<= 96", false),
        ("== 95", true),
        ("== 96", false),
        ("!= 96", true),
        ("!= +95", false),
        ("< -1", true),
        (">-1", false),
    ];
    let conditions = cases.map(|(rest, _)| format!("delta(ToolSession) {rest}"));
    let options = fail_on(&conditions.each_ref().map(String::as_str));
    let [before, after] = plain();
    let gates = judged(&before, &after, &options);
    for ((rest, ok), gate) in cases.iter().zip(&gates) {
        assert_eq!(gate["ok"], *ok, "{rest}");
        assert_eq!(gate["measured"]["value"], 96);
    }
}

/// `gates` of a JSON report, whatever the exit code.
fn judged(before: &Path, after: &Path, options: &[&str]) -> Vec<Value> {
    let files = [before.to_owned(), after.to_owned()];
    let output = gated(&files, &[options, &["--format=json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["gates"].as_array().unwrap().clone()
}

#[test]
fn the_worst_of_several_decides() {
    let [before, after] = plain();
    let conditions = [
        "class.delta({*}) > 10",
        "class.size(*) < 0B",
        "class.delta(Tool*) == 32",
        "class.delta(Tool*) != 96",
        "container.growth < 40",
        "class.delta(NoSuch*) > 0",
    ];
    let quoted = conditions.map(|c| c.replace("({*})", "(\"{*}\")"));
    let gates = judged(&before, &after, &fail_on(&quoted.each_ref().map(String::as_str)));
    let decided = gates.iter().map(|b| b["decided_by"].as_str().unwrap_or("nobody"));
    let expected = [
        "{name, roles}",
        "ArrayBuffer",
        "ToolCall",
        "ToolCall",
        "sessionManager.catalog._events.reload",
        "nobody",
    ];
    assert_eq!(decided.collect::<Vec<_>>(), expected);
    assert_eq!(gates[5]["measured"]["value"], 0);
    assert_eq!(gates[5]["ok"], true);
}

#[test]
fn patterns_leave_out_the_engine_and_names_do_not() {
    let [before, after] = plain();
    let options = fail_on(&["class.delta(\"(comp*\") > 0", "class.delta(\"(compiled code)\") > 0"]);
    let gates = judged(&before, &after, &options);
    assert_eq!([&gates[0]["ok"], &gates[1]["ok"]], [true, false]);
}

#[test]
fn a_verdict_is_held_against_a_verdict() {
    let healthy = pairs().into_iter().find(|p| p.ends_with("lru-churn")).unwrap();
    let healthy = ["before", "after"].map(|which| snapshot(&healthy, which));
    let options = fail_on(&["verdict == leak"]);
    assert_eq!(gated(&plain(), &options).status.code(), Some(1));
    assert_eq!(gated(&healthy, &options).status.code(), Some(0));
    let options = fail_on(&["verdict != no_growth"]);
    assert_eq!(gated(&plain(), &options).status.code(), Some(1));
    assert_eq!(gated(&healthy, &options).status.code(), Some(0));
}

#[test]
fn what_is_broken_comes_first_and_what_is_kept_last() {
    let place = |text: &str, what: &str| text.find(what).unwrap_or_else(|| panic!("{text}"));
    let broken = out(&gated(&plain(), &fail_on(&["heap.delta > 1kB", "heap.delta > 1MB"])));
    assert!(broken.contains("GATES   1 of 2 broken\n"), "{broken}");
    assert!(place(&broken, "GATES") < place(&broken, "PILING UP"));
    let kept = out(&gated(&plain(), &fail_on(&["heap.delta > 1MB"])));
    assert!(kept.contains("GATES   1 kept\n"), "{kept}");
    assert!(place(&kept, "GATES") > place(&kept, "WHAT TO DO"));
    let [before, after] = plain();
    assert!(!shown([before, after]).contains("GATES"), "no gate, no section");
}

#[test]
fn without_a_text_broken_gates_are_told_on_standard_error() {
    let options = fail_on(&["class.delta(Tool*) > 5", "heap.delta > 1MB"]);
    let told = "gate broken: class.delta(Tool*) > 5: +96, allowed: ≤ +5 (decided by ToolSession)\n";
    for how in [["-q"], ["--format=json"]] {
        let output = gated(&plain(), &[&options[..], &how].concat());
        assert_eq!((output.status.code(), err(&output).as_str()), (Some(1), told));
        assert_eq!(output.stdout.is_empty(), how == ["-q"]);
    }
    let output = gated(&plain(), &options);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(1), ""));
}

#[test]
fn gates_fit_a_narrow_terminal() {
    let conditions =
        ["container.growth(\"sessionManager.sess*\") > 5", "delta(NoSuchClassAnywhereAtAll) > 0"];
    let options = [&fail_on(&conditions)[..], &["--width", "48"]].concat();
    let text = out(&gated(&plain(), &options));
    let lines = text.lines().skip_while(|l| !l.starts_with("GATES")).take_while(|l| !l.is_empty());
    for line in lines {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 48, "{line:?}\n{text}");
    }
}

#[test]
fn an_error_beats_a_gate() {
    let [before, _] = plain();
    let missing = scratch("gates-missing").join("nowhere");
    let files = [before.clone(), missing.clone()];
    let output = gated(&files, &fail_on(&["heap.delta >= 0"]));
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(3), ""));
    // A condition is checked before any file is read.
    let output = gated(&files, &fail_on(&["heap.delta >= 0", "heap.dleta > 0"]));
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("heap.dleta"));
}

#[test]
fn a_class_that_is_nowhere_keeps_its_gate_with_a_note() {
    let options =
        fail_on(&["delta(toolsesion) > 0", "delta(Zebra) > 0", "delta(SessionManager) > 0"]);
    let output = gated(&plain(), &options);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0));
    let nowhere = "matched nothing: neither file has such a class";
    assert!(text.contains(&format!("{nowhere}; did you mean ToolSession?")), "{text}");
    assert!(text.contains(&format!("{nowhere}\n")), "{text}");
    assert_eq!(text.matches(nowhere).count(), 2, "SessionManager is there and has not changed");
}

#[test]
fn a_class_cannot_steer_the_terminal_through_a_gate() {
    let pair = files("gates-hostile", "root -> a:A(8)", "root -> a:A(8) -x-> b:B(8)");
    let file = std::fs::read(&pair.after).unwrap();
    let file = crate::writing::swapped(&file, "\"B\"", br#""\u001b]2;x\u0007""#);
    std::fs::write(&pair.after, file).unwrap();
    for how in ["-q", "--width=80"] {
        let output = gated(
            &[pair.before.clone(), pair.after.clone()],
            &["--fail-on", "class.delta(*) > 0", "--fail-on", "delta('\u{202e}') == 0", how],
        );
        let all = out(&output) + &err(&output);
        assert_eq!(output.status.code(), Some(1));
        assert!(all.contains(r"\u{1b}]2;x\u{7}") && all.contains(r"\u{202e}"), "{all}");
        assert!(!all.contains('\x1b') && !all.contains('\u{202e}'), "{all:?}");
    }
}

#[test]
fn two_processes_are_judged_by_counts_and_sizes() {
    let all = pairs();
    let find = |name: &str| all.iter().find(|p| p.ends_with(name)).unwrap();
    let before = snapshot(find("lru-churn"), "before");
    let after = snapshot(find("packet-headers"), "after");
    let options = fail_on(&["new(Buffer) > 0", "deleted(Buffer) > 0", "size(Buffer) > 0"]);
    let gates = judged(&before, &after, &options);
    let row = report(&before, &after, &[])["classes"].as_array().unwrap().clone();
    let row = row.into_iter().find(|r| r["name"] == "Buffer").unwrap();
    assert!(row["new"].as_i64() > row["delta"].as_i64(), "ids say something else");
    assert_eq!(gates[0]["measured"]["value"], row["delta"]);
    assert_eq!(gates[1]["measured"]["value"], 0);
    let grown =
        row["after"]["shallow"].as_i64().unwrap() - row["before"]["shallow"].as_i64().unwrap();
    assert_eq!(gates[2]["measured"]["value"], grown);
    for gate in &gates {
        assert!(gate["note"].as_str().unwrap().contains("ids are not used"), "{gate}");
    }
}

#[test]
fn a_class_whose_script_has_another_number_in_the_other_process_is_neither_new_nor_deleted() {
    let pair = files(
        "gates-renumbered",
        "root -> a:Session(900)@81:1:25 -> b:Session(900)@81:1:25",
        "root -> a:Session(900)@82:1:25 -> b:Session(900)@82:1:25 -> c:Session(900)@82:1:25",
    );
    let conditions = ["new(Session) > 1", "deleted(Session) > 0", "class.new(Session) > 1"];
    let options = [fail_on(&conditions), vec!["--identity=count"]].concat();
    let gates = judged(&pair.before, &pair.after, &options);
    let measured: Vec<_> = gates.iter().map(|gate| &gate["measured"]["value"]).collect();
    assert_eq!(measured, [1, 0, 1]);

    let options = ["--identity=count", "--format=openmetrics"];
    let text = out(&gated(&[pair.before, pair.after], &options));
    let line = "heapdiff_class_delta_objects{class=\"Session\"} 1\n";
    assert!(text.contains(line), "{text}");
}

#[test]
fn figures_at_the_edge_of_the_numbers_neither_overflow_nor_divide_by_nothing() {
    let ends = plain();
    let ends = Pair::new(ends[0].as_path(), ends[1].as_path());
    let mut report = compare(ends, &[], &Options::default()).unwrap();
    report.calls = Some(0);
    report.snapshots.before.total_size = u64::MAX;
    report.snapshots.after.nodes = u64::MAX;
    for row in &mut report.classes {
        (row.new, row.deleted, row.retained_new) = (u64::MAX, u64::MAX, u64::MAX);
        (row.delta, row.size_delta) = (i64::MIN, i64::MIN);
        (row.before.shallow, row.after.retained) = (u64::MAX, Some(u64::MAX));
    }
    for container in &mut report.answer.containers {
        (container.entries_before, container.retained_new) = (u64::MAX, u64::MAX);
    }
    for by_id in [true, false] {
        report.answer.identity.by_id = by_id;
        judge_all(&mut report);
        (report.snapshots.before.total_size, report.snapshots.before.nodes) = (0, 0);
        judge_all(&mut report);
        report.snapshots.before.total_size = u64::MAX;
    }
}

#[test]
fn out_of_nothing_is_more_than_any_share() {
    let pair = files("gates-nothing", "root", "root -> a:A(8)");
    let gates = judged(&pair.before, &pair.after, &fail_on(&["heap.delta > 1000000%"]));
    assert_eq!((&gates[0]["ok"], &gates[0]["measured"]), (&false.into(), &Value::Null));
    let pair = files("gates-still-nothing", "root", "root -> a:A(0)");
    let gates = judged(&pair.before, &pair.after, &fail_on(&["heap.delta > 0%"]));
    assert_eq!((&gates[0]["ok"], &gates[0]["measured"]), (&true.into(), &Value::Null));
}

fn judge_all(report: &mut Report) {
    let conditions =
        MEASURED.iter().flat_map(|row| [2, 3].map(|at| format!("{} {}", row[0], row[at])));
    let conditions = conditions.map(|text| Condition::parse(&text, "a test").unwrap()).collect();
    let ignore = Ignore { classes: vec![Glob::new("A*")], containers: vec![Glob::new("*reload")] };
    let mut gates = Gates { conditions, ignore, ..Gates::default() };
    gates.judge(report);
    gates.accept(report).unwrap();
    gates.judge(report);
}

#[test]
fn help_tells_the_exit_code_of_a_broken_gate() {
    let help = String::from_utf8(program().arg("--help").output().unwrap().stdout).unwrap();
    assert!(
        help.contains("1  a gate is broken (--fail-on, configuration)")
            && help.contains("--write-baseline")
    );
}
