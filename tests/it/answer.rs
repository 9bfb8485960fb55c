//! The answer as a whole: its names in JSON, its proofs in the file, its place on a screen.

use crate::cli::{report as json_of, run, shown};
use crate::drawing::draw_all;
use crate::fixtures::{pairs, path, scratch, snapshot};
use crate::layouts::{
    GLOBAL, array, call, closure, list, map, map_from_numbers, script, set, snapshots, told,
    told_of,
};
use heapdiff::compare::read;
use heapdiff::graph::Heap;
use heapdiff::ids::{EdgeIdx, NodeIdx};
use heapdiff::parse::NodeKind::{Array, Code, Hidden, ObjectShape};
use heapdiff::report::Options;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use unicode_width::UnicodeWidthStr;

const PATTERNS: [&str; 17] = [
    "event-listener",
    "unbounded-map-or-set",
    "unbounded-array",
    "cache",
    "timer",
    "closure-context",
    "promise",
    "abort-signal",
    "detached-buffer",
    "detached-dom",
    "string-parent",
    "async-context",
    "session-registry",
    "stream-socket",
    "duplicate-strings",
    "finalization",
    "no-retainer",
];

/// What a field holds: a letter for its kind. `?` allows null.
#[track_caller]
fn has(object: &Value, fields: &[(&str, &str)]) {
    for (name, kind) in fields {
        let value = object.get(name).unwrap_or_else(|| panic!("{name} is missing in {object}"));
        let fits = match *kind {
            "text" => value.is_string(),
            "text?" => value.is_string() || value.is_null(),
            "count" => value.is_u64(),
            "share" => value.as_f64().is_some_and(|n| (0.0..=1.0).contains(&n)),
            "list" => value.is_array(),
            "place?" => value.is_null() || is_place(value),
            _ => panic!("no kind {kind}"),
        };
        assert!(fits, "{name} is {value} and no {kind}");
    }
}

fn is_place(value: &Value) -> bool {
    value["file"].is_string()
        && value["line"].as_u64() > Some(0)
        && value["column"].as_u64() > Some(0)
}

/// The names of the JSON that stay, with the right types.
fn has_the_names(report: &Value) {
    has(&report["identity"], &[("kind", "text"), ("ids_kept", "share"), ("agreement", "share")]);
    let kind = report["identity"]["kind"].as_str().unwrap();
    assert!(["same_process", "different_process", "unstable_ids"].contains(&kind), "{kind}");
    has(&report["verdict"], &[("kind", "text"), ("reasons", "list")]);
    let kind = report["verdict"]["kind"].as_str().unwrap();
    assert!(["leak_likely", "grew", "no_growth", "not_comparable"].contains(&kind), "{kind}");
    assert!(list(&report["verdict"], "reasons").iter().all(Value::is_string));
    let numbers =
        [("entries_before", "count"), ("entries_after", "count"), ("retained_new", "count")];
    for container in list(report, "containers") {
        has(
            container,
            &[("path", "text"), ("class", "text"), ("id", "count"), ("location", "place?")],
        );
        has(container, &numbers);
    }
    for suspect in list(report, "suspects") {
        has(suspect, &[("class", "text"), ("count", "count"), ("retained", "count")]);
        has(suspect, &[("container", "text?"), ("chains", "list")]);
        for chain in list(suspect, "chains") {
            has(chain, &[("share", "count"), ("total", "count"), ("frees", "count")]);
            for step in list(chain, "steps") {
                has(step, &[("label", "text"), ("edge", "text"), ("edge_type", "text")]);
                has(step, &[("class", "text"), ("id", "count"), ("location", "place?")]);
            }
        }
    }
    for finding in list(report, "findings") {
        has(finding, &[("title", "text"), ("advice", "text"), ("evidence", "text")]);
        assert!(PATTERNS.contains(&finding["pattern"].as_str().unwrap()), "{finding}");
        let evidence = finding["evidence"].as_str().unwrap();
        assert!(evidence.contains(|c: char| c.is_ascii_digit()), "no numbers: {finding}");
    }
}

/// The folded steps of a chain are ways in the file: each one's last edge comes from the step
/// before, through parts and contexts alone.
fn is_a_way(heap: &Heap, by_id: &HashMap<u64, NodeIdx>, steps: &[Value], what: &str) {
    let node = |step: &Value| {
        *by_id.get(&step["id"].as_u64().unwrap()).unwrap_or_else(|| panic!("{what}: {step}"))
    };
    for (at, step) in steps.iter().enumerate() {
        let to = node(step);
        let leads = |edge: EdgeIdx| {
            heap.tables.edges.target(edge) == to
                && heap.tables.edges.kind(edge).name() == step["edge_type"]
                && heap.edge_name(edge).to_string_lossy() == step["edge"].as_str().unwrap()
        };
        let from = at.checked_sub(1).map(|before| &steps[before]);
        // Of a run of steps the last ones are shown; of several roots too.
        let folded =
            [from, Some(step)].into_iter().flatten().any(|s| s["times"].as_u64() > Some(1));
        let found = match from {
            Some(before) if !folded => {
                below(heap, node(before)).into_iter().any(|n| heap.tables.edges_of(n).any(leads))
            }
            _ => (0..heap.tables.edges.len()).map(EdgeIdx::from_at).any(leads),
        };
        assert!(found, "{what}: no such edge to step {at}: {step}");
    }
}

/// A node and what it is made of.
fn below(heap: &Heap, node: NodeIdx) -> HashSet<NodeIdx> {
    let mut seen = HashSet::from([node]);
    let mut stack = vec![node];
    while let Some(at) = stack.pop() {
        for edge in heap.tables.edges_of(at) {
            let target = heap.tables.edges.target(edge);
            let kind = heap.tables.nodes.kind(target);
            let part = matches!(kind, Hidden | Array | Code | ObjectShape)
                || heap.raw_name(target).starts_with("system / Context");
            if part && seen.insert(target) {
                stack.push(target);
            }
        }
    }
    seen
}

#[test]
fn every_real_report_has_the_names_and_ways_that_exist() {
    let mut steps = 0;
    for pair in pairs() {
        let files = ["before", "after"].map(|which| snapshot(&pair, which));
        let report = told_of(&files, &Options::default());
        has_the_names(&report);
        let heap = read(&files[1]).unwrap();
        let ids = (0..).map(NodeIdx).zip(heap.tables.nodes.ids());
        let by_id: HashMap<u64, NodeIdx> = ids.map(|(node, id)| (u64::from(*id), node)).collect();
        for container in list(&report, "containers") {
            assert!(by_id.contains_key(&container["id"].as_u64().unwrap()), "{container}");
        }
        for suspect in list(&report, "suspects") {
            let what = format!("{} {}", pair.display(), suspect["class"]);
            for chain in list(suspect, "chains") {
                steps += list(chain, "steps").len();
                is_a_way(&heap, &by_id, list(chain, "steps"), &what);
                assert!(chain["share"].as_u64() <= chain["total"].as_u64(), "{what}");
            }
        }
    }
    assert!(steps > 120, "only {steps} steps were checked");
}

#[test]
fn containers_come_by_weight_and_names_of_a_drawn_leak_are_all_there() {
    let draw = |n: usize| {
        let big = map("m", 0..n, |i| format!("b{i}:Report(900)"));
        let small = map("small", 0..n, call);
        let function = closure("f", "createServer", "c", "7:11:20") + &script(7, "/app/server.mjs");
        format!(
            "{GLOBAL}g -calls-> small:Map(32)\ng -f-> f\n{function}c -<cache>-> m\n{big}{small}"
        )
    };
    let report = told("names", &draw(3), &draw(103));
    has_the_names(&report);
    let weights: Vec<u64> =
        list(&report, "containers").iter().map(|c| c["retained_new"].as_u64().unwrap()).collect();
    assert_eq!(weights, [92_400, 12_400]);
    assert_eq!(report["suspects"][0]["class"], "Report");
    assert_eq!(report["suspects"][1]["class"], "ToolCall");
    assert_eq!(report["containers"][0]["path"], "server.mjs: cache");
    assert_eq!(report["findings"][0]["file"], "/app/server.mjs");
    let companions = list(&report["suspects"][0], "inside");
    assert!(
        companions.iter().any(|c| c["class"] == "(string)" && c["count"] == 100),
        "{companions:?}"
    );
}

#[test]
fn the_default_text_fits_a_screen_whatever_the_threads() {
    let args = |more: &[&'static str]| {
        let files = ["before", "after"].map(|w| path(&format!("plain/{w}.heapsnapshot")));
        let files = files.map(|f| f.into_os_string().into_string().unwrap());
        files.into_iter().chain(more.iter().map(|a| (*a).to_owned())).collect::<Vec<_>>()
    };
    let text = shown(args(&["--width=100"]));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() <= 47, "{} lines\n{text}", lines.len());
    for line in &lines {
        assert!(line.width() <= 100, "{} columns: {line}", line.width());
    }
    for part in ["LEAK LIKELY", "PILING UP", "TOP GROWERS", "WHY IT STAYS", "WHAT TO DO"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    let at = |part: &str| text.find(part).unwrap();
    assert!(at("PILING UP") < at("TOP GROWERS") && at("TOP GROWERS") < at("WHY IT STAYS"));
    for format in ["--format=text", "--format=json"] {
        let [one, two, eight] = ["--threads=1", "--threads=2", "--threads=8"]
            .map(|t| run(args(&["--width=100", format, t])).stdout);
        assert!(!one.is_empty() && one == two && two == eight, "{format}");
    }
    assert_eq!(shown(args(&["--width=100", "--threads=8"])), text);
}

#[test]
fn flags_shape_the_text_and_never_the_json() {
    let [before, after] = ["before", "after"].map(|w| path(&format!("plain/{w}.heapsnapshot")));
    let whole = json_of(&before, &after, &[]);
    let text = |more: &[&str]| {
        let files = [before.as_os_str(), after.as_os_str()];
        shown(files.into_iter().chain(more.iter().map(std::ffi::OsStr::new)))
    };
    let flags: [&[&str]; 8] = [
        &["--ways=0"],
        &["--ways=3"],
        &["--chains=0"],
        &["--chains=8"],
        &["--suspects=8"],
        &["--top=0"],
        &["--all"],
        &["--sort=new"],
    ];
    for more in flags {
        assert_eq!(json_of(&before, &after, more), whole, "{more:?}");
    }
    let why = |text: &str| text.matches("WHY IT STAYS").count();
    let suspects = list(&whole, "suspects").len();
    assert!(suspects > 1, "{suspects} suspects");
    assert_eq!([0, 1, 2].map(|n| why(&text(&[&format!("--suspects={n}")]))), [0, 1, 2]);
    // As it was once called.
    assert_eq!(["--suspects=99", "--chains=99"].map(|all| why(&text(&[all]))), [suspects; 2]);
    assert!(text(&["--top=0"]).lines().count() > text(&["--top=3"]).lines().count());
}

#[test]
fn paths_are_so_many_ways_of_each_suspect() {
    let draw = |n: usize| {
        let ways = [
            ("byId", map_from_numbers("m", 0..n, call)),
            ("log", array("a", 0..n, call)),
            ("open", set("o", 0..n, call)),
        ];
        let way = |(name, lines): (&str, String)| {
            format!("g -{name}-> {}\n{lines}", lines.split('(').next().unwrap())
        };
        format!("{GLOBAL}{}", ways.map(way).concat())
    };
    let files = snapshots("ways", &[&draw(3), &draw(103)]);
    let ways = |n: usize| {
        let ways = format!("--ways={n}");
        let text = shown([files[0].to_str().unwrap(), files[1].to_str().unwrap(), &ways]);
        let left = if n < 3 { format!(" ({n} shown, --ways 3 shows all)") } else { String::new() };
        let told =
            format!("held in 3 independent ways{left}: each must be cut; cutting all 3 frees");
        assert!(text.contains(&told) && text.contains("way 1 of 3   holds 100 of 100"), "{text}");
        text.matches("◀ grows").count()
    };
    assert_eq!([1, 2, 3].map(ways), [1, 2, 3]);
    let reports = ["--ways=1", "--ways=3"].map(|p| json_of(&files[0], &files[1], &[p]));
    assert_eq!(reports[0], reports[1]);
    assert_eq!(list(&reports[0]["suspects"][0], "chains").len(), 3);
}

#[test]
fn memory_outside_the_heap_is_told_before_and_after() {
    let draw = |n: usize| {
        let buffer = |i: usize| {
            format!(
                "g -b{i}-> b{i}:ArrayBuffer(64) -(backing_store)-> d{i}:(native)\"system / JSArrayBufferData\"(50000)\n"
            )
        };
        let text = |i: usize| {
            format!(
                "g -t{i}-> t{i}:(string)text{i}(24) -(external)-> e{i}:(native)\"system / ExternalStringData\"(7000)\n"
            )
        };
        format!("{GLOBAL}{}", (0..n).map(|i| buffer(i) + &text(i)).collect::<String>())
    };
    let dir = scratch("outside");
    let (before, after) = (draw(2), draw(5));
    let drawings = draw_all(&[&before, &after]);
    let files: Vec<_> = ["\"extra_native_bytes\":1000,", "\"extra_native_bytes\":91000,"]
        .into_iter()
        .zip(&drawings)
        .map(|(extra, drawing)| {
            let text = String::from_utf8(drawing.bytes()).unwrap();
            let file = dir.join(extra.len().to_string());
            std::fs::write(
                &file,
                text.replacen("\"node_count\"", &format!("{extra}\"node_count\""), 1),
            )
            .unwrap();
            file
        })
        .collect();
    let report = told_of(&files, &Options::default());
    let outside = |buffers: u64, strings: u64, extra: u64| json!({ "array_buffers": buffers, "external_strings": strings, "extra_native_bytes": extra });
    assert_eq!(report["outside"]["before"], outside(100_000, 14_000, 1000));
    assert_eq!(report["outside"]["after"], outside(250_000, 35_000, 91_000));
    let text = shown(files.iter().map(|f| f.to_str().unwrap()));
    assert!(text.contains("ArrayBuffers +150 kB (100 kB → 250 kB)"), "{text}");
    assert!(text.contains("external strings +21.0 kB"), "{text}");
    assert!(text.contains("other native memory +90.0 kB"), "{text}");
    let quiet = told("outside-none", GLOBAL, GLOBAL);
    assert_eq!(quiet["outside"]["after"]["extra_native_bytes"], Value::Null);
}

#[test]
fn strings_that_say_the_same_are_a_finding_with_numbers() {
    let draw = |n: usize| {
        let copy = |i: usize| format!("s{i}:(string)\"{}\"(500)", ["red", "green"][i % 2]);
        format!("{GLOBAL}g -log-> m:Map(32)\n{}", map("m", 0..n, copy))
    };
    let report = told("copies", &draw(2), &draw(402));
    let finding = list(&report, "findings").iter().find(|f| f["pattern"] == "duplicate-strings");
    let finding = finding.unwrap_or_else(|| panic!("{}", report["findings"]));
    let words = finding["title"].to_string() + &finding["evidence"].to_string();
    assert!(words.contains("400") && words.contains('2'), "{finding}");
    assert!(words.contains("199 kB"), "all but one of each: {finding}");
    let told_once = told("no-copies", &draw(2), &draw(8));
    assert!(list(&told_once, "findings").iter().all(|f| f["pattern"] != "duplicate-strings"));
}

#[test]
fn objects_that_nothing_holds_are_said_to_have_no_retainer() {
    let draw = |n: usize| {
        let lost: String = (0..n)
            .map(|i| format!("l{i}:Presence(400) -id-> i{i}:(string)\"id {i}\"(24)\n"))
            .collect();
        format!("{GLOBAL}g -app-> app:App(24)\n{lost}")
    };
    let files = snapshots("unheld", &[&draw(5), &draw(305)]);
    let report = told_of(&files, &Options::default());
    has_the_names(&report);
    let suspect = &report["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["count"]), (&"Presence".into(), &300.into()));
    assert_eq!((&suspect["container"], &suspect["chains"]), (&Value::Null, &json!([])));
    assert_eq!(report["verdict"]["kind"], "leak_likely");
    assert!(
        report["verdict"]["reasons"].to_string().contains("no retainer"),
        "{}",
        report["verdict"]
    );
    let text = shown(files.iter().map(|f| f.to_str().unwrap()));
    assert!(text.contains("the file records no retainer of these objects"), "{text}");
}

#[test]
fn a_terminal_does_not_obey_a_name_in_a_path() {
    let evil = "a\u{1b}]2;PWNED\u{7}b\u{202e}c";
    let draw = |n: usize| {
        let entries = map("m", 0..n, |i| format!("s{i}:\"{evil}\"(100)"));
        let holder = format!("o:\"{evil}\"(24)");
        format!("{GLOBAL}g -\"{evil}\"-> {holder} -\"{evil}\"-> m:Map(32)\n{entries}")
    };
    let files = snapshots("evil", &[&draw(3), &draw(103)]);
    let text = shown([files[0].to_str().unwrap(), files[1].to_str().unwrap(), "--width=100"]);
    assert!(text.contains("PWNED"), "{text}");
    let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(bad), "{text:?}");
}

#[test]
fn what_does_not_pile_up_and_holds_much_of_the_growth_is_shown_beside_what_does() {
    // A cache that drops a part of what it had, of so many bytes each.
    let text = |test: &str, each: usize| {
        let draw = |calls: usize, rows: std::ops::Range<usize>| {
            let (log, cache) =
                (array("a", 0..calls, call), map("m", rows, |i| format!("r{i}:Row({each})")));
            format!("{GLOBAL}g -log-> a:Array(32)\ng -cache-> m:Map(32)\n{log}{cache}")
        };
        let files = snapshots(test, &[&draw(3, 0..100), &draw(803, 50..350)]);
        shown(files.iter().map(|f| f.to_str().unwrap()))
    };
    let much = text("much", 200);
    let (piling, others) = much.split_once("HOLD MORE, BUT DO NOT PILE UP").expect(&much);
    assert!(piling.contains("log  3 → 803 entries"), "{much}");
    assert!(others.contains("cache  100 → 300 entries"), "{much}");
    let little = text("little", 8);
    assert!(little.contains("PILING UP") && !little.contains("HOLD MORE"), "{little}");
}
