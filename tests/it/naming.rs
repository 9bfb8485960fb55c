//! What a leak is called, where it is fixed, and what it is known by: the same in any run.

use crate::cli::run;
use crate::layouts::{GLOBAL, array, call, closure, list, map, script, snapshots, told};
use serde_json::{Value, json};

fn of_container<'a>(report: &'a Value, field: &str) -> &'a Value {
    &report["containers"][0][field]
}

/// A variable `open` of a script, whose Map goes from 3 to 63 entries.
fn variable(test: &str, file: &str, function: &str, line: usize) -> Value {
    let draw = |n: usize| {
        let function = closure("f", function, "c", &format!("7:{line}:2")) + &script(7, file);
        format!("{GLOBAL}g -on-> f\n{function}c -<open>-> m:Map(32)\n{}", map("m", 0..n, call))
    };
    told(test, &draw(3), &draw(63))
}

#[test]
fn a_file_is_called_as_people_call_it() {
    for (at, (file, path)) in [
        ("/app/server.mjs", "server.mjs: open"),
        ("file:///app/server.mjs", "server.mjs: open"),
        ("C:\\app\\server.js", "server.js: open"),
        ("/app/carts/index.js", "carts/index.js: open"),
        ("/app/node_modules/debug/src/common.js", "debug: open"),
        ("/app/node_modules/@scope/pkg/index.js", "@scope/pkg: open"),
        ("/app/node_modules/.pnpm/lru@4/node_modules/lru/a.js", "lru: open"),
        ("http://localhost:8080/", "localhost:8080: open"),
        ("/app/jobs.mjs?v=12", "jobs.mjs: open"),
        // The runtime's own files are not where anybody looks.
        ("node:internal/timers", "open"),
    ]
    .into_iter()
    .enumerate()
    {
        let report = variable(&format!("naming-file-{at}"), file, "f", 3);
        assert_eq!(of_container(&report, "path"), path, "{file}");
        assert_eq!(of_container(&report, "name"), "open");
        // The file tells of no line of a variable.
        assert_eq!(of_container(&report, "location"), &Value::Null);
    }
}

#[test]
fn a_leak_is_known_by_file_and_name_whatever_function_and_line_lead_there() {
    let known = |test: &str, file, function, line| {
        let report = variable(test, file, function, line);
        report["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let first = known("naming-known-1", "/app/server.mjs", "createServer", 3);
    assert_eq!(first, known("naming-known-2", "/srv/server.mjs", "onRequest", 90));
    assert_ne!(first, known("naming-known-3", "/app/other.mjs", "createServer", 3));
}

/// A CommonJS module with what it exports.
fn module(file: &str, exports: &str) -> String {
    format!(
        "g -process-> p:process(24) -mainModule-> main:Module(40) -children-> ch:Array(32)
         ch -[0]-> mod:Module(40) -filename-> name:(string)\"{file}\"(40)
         mod -exports-> {exports}\n"
    )
}

#[test]
fn what_a_module_exports_is_called_after_its_file() {
    for (at, (exports, path)) in [
        ("e:Object(24) -carts-> m", "carts.js: carts"),
        ("e:Store(24) -sessions-> m", "carts.js: sessions"),
        ("e:(closure)createDebug(64) -instances-> m", "carts.js: instances"),
        ("m", "carts.js: exports"),
    ]
    .into_iter()
    .enumerate()
    {
        let draw = |n| {
            let lines = module("/app/carts.js", exports);
            format!("{GLOBAL}m:Map(32)\n{lines}{}", map("m", 0..n, call))
        };
        let report = told(&format!("naming-exports-{at}"), &draw(3), &draw(63));
        assert_eq!(of_container(&report, "path"), path);
        assert_eq!(of_container(&report, "file"), "/app/carts.js");
    }
    // A program's own `exports` is a property like any other.
    let draw = |n| {
        let lines = "g -shop-> shop:Shop(24) -exports-> e:Object(24) -carts-> m";
        format!("{GLOBAL}m:Map(32)\n{lines}\n{}", map("m", 0..n, call))
    };
    let report = told("naming-own-exports", &draw(3), &draw(63));
    assert_eq!(of_container(&report, "path"), "shop.exports.carts");
}

#[test]
fn a_static_field_is_called_after_its_class_and_file_wherever_the_module_hangs() {
    let draw = |n: usize| {
        let class = closure("store", "Store", "c", "7:3:2") + &script(7, "/app/store.js");
        let rooms = map("m", 0..n, call);
        format!(
            "{GLOBAL}g -\"<symbol entry>\"-> w:ModuleWrap(40) -{{6}}-> cell:(hidden)\"system / Cell\"(16)
             cell -(value)-> store\n{class}store -#rooms-> m:Map(32)\n{rooms}"
        )
    };
    let report = told("naming-static", &draw(3), &draw(63));
    assert_eq!(of_container(&report, "path"), "store.js: Store.#rooms");
}

/// An emitter of a class of its own, with listeners that are written at one place.
fn listeners(n: usize, line: usize) -> String {
    let listener = |i: usize| format!("l{i}:(closure)onTick(64)@8:{line}:10");
    let shared: String = (0..n)
        .map(|i| {
            format!(
                "l{i} -(shared)-> ls:(code)onTick(56) -(script_or_debug_info)-> script8\n\
                 l{i} -(context)-> cx{i}:\"system / Context\"(40) -<job>-> job{i}:Job(900)\n"
            )
        })
        .collect();
    let bus = closure("f", "Bus", "c", "7:3:2") + &script(7, "/app/bus.js");
    format!(
        "{GLOBAL}g -f-> f\n{bus}g -bus-> bus:Bus(24)@7:3:2 -_events-> ev:Object(24) -tick-> a\n{}{shared}{}",
        array("a", 0..n, listener),
        script(8, "/app/jobs.js"),
    )
}

#[test]
fn of_listeners_the_place_where_they_are_written_comes_first() {
    let report = told("naming-listeners", &listeners(3, 65), &listeners(63, 65));
    let place = json!({ "file": "/app/jobs.js", "line": 66, "column": 11, "owner": "program" });
    assert_eq!(of_container(&report, "location"), &place);
    assert_eq!(report["findings"][0]["pattern"], "event-listener");
    assert_eq!(report["findings"][0]["locations"][0], place);
}

#[test]
fn of_objects_of_a_class_the_class_that_has_the_container_comes_first() {
    // Each session has a callback of its own; where that is written nothing is to be mended.
    let draw = |n: usize| {
        let entry = |i: usize| format!("s{i}:Session(100)@7:20:2");
        let callbacks: String = (0..n)
            .map(|i| {
                format!(
                    "s{i} -close-> k{i}:(closure)close(64)@8:50:4
                     k{i} -(shared)-> ks:(code)close(56) -(script_or_debug_info)-> script8\n"
                )
            })
            .collect();
        let store = closure("f", "Store", "c", "7:3:2") + &script(7, "/app/store.js");
        format!(
            "{GLOBAL}g -f-> f\n{store}g -store-> st:Store(24)@7:3:2 -open-> m\nm:Map(32)\n{}{callbacks}{}",
            map("m", 0..n, entry),
            script(8, "/app/other.js"),
        )
    };
    let report = told("naming-class", &draw(3), &draw(63));
    let place = json!({ "file": "/app/store.js", "line": 4, "column": 3, "owner": "program" });
    assert_eq!(of_container(&report, "location"), &place);
}

#[test]
fn a_gate_names_a_container_with_its_file_or_without() {
    let draw = |n: usize| {
        let function = closure("f", "main", "c", "7:3:2") + &script(7, "/app/server.mjs");
        format!("{GLOBAL}g -on-> f\n{function}c -<open>-> m:Map(32)\n{}", map("m", 0..n, call))
    };
    let files = snapshots("naming-gate", &[&draw(3), &draw(63)]);
    for (pattern, code) in
        [("open", 1), ("server.mjs: open", 1), ("*: open", 1), ("op*", 1), ("other.mjs: open", 0)]
    {
        let gate = format!("container.growth(\"{pattern}\") > 10");
        let files = files.iter().map(|file| file.to_str().unwrap());
        let args: Vec<&str> = ["-q", "--fail-on", &gate].into_iter().chain(files).collect();
        assert_eq!(run(args).status.code(), Some(code), "{pattern}");
    }
}

#[test]
fn a_ring_is_known_by_one_name_whichever_of_its_ends_is_new() {
    // Two captures of one leak: new ones behind the old ones, or before them.
    let ring = |order: &[usize]| {
        let mut out = format!("{GLOBAL}g -lists-> head:TimersList(40)\n");
        let node = |i: usize| format!("t{i}:Timeout(200)");
        for two in order.windows(2) {
            out += &format!("{} -_idleNext-> {}\n", node(two[0]), node(two[1]));
            out += &format!("t{} -_idlePrev-> t{}\n", two[1], two[0]);
        }
        let (first, last) = (order[0], order[order.len() - 1]);
        out + &format!(
            "head -_idleNext-> t{first} -_idlePrev-> head\nhead -_idlePrev-> t{last} -_idleNext-> head\n"
        )
    };
    let old: Vec<usize> = (0..20).collect();
    let behind: Vec<usize> = (0..80).collect();
    let before: Vec<usize> = (20..80).chain(0..20).collect();
    for (test, after) in [("naming-ring-1", behind), ("naming-ring-2", before)] {
        let report = told(test, &ring(&old), &ring(&after));
        assert_eq!(of_container(&report, "path"), "lists._idleNext", "{report}");
        assert_eq!(of_container(&report, "entries"), &json!([20, 80]));
    }
    assert!(list(&told("naming-ring-3", &ring(&old), &ring(&old)), "containers").is_empty());
}

#[test]
fn a_script_whose_name_is_a_slice_of_its_address_is_known_by_its_own() {
    // V8 cuts the path of a CommonJS package that a module imports out of `file:///app/...`.
    let draw = |n: usize| {
        let function = closure("f", "main", "c", "7:3:2");
        let name = "script7:(code)\"/app/server.js\"(136) -(name)-> s:(sliced string)\"(sliced string)\"(32)
                    s -(parent)-> p:(string)\"file:///app/server.js\"(56)\n";
        format!(
            "{GLOBAL}g -on-> f\n{function}{name}c -<open>-> m:Map(32)\n{}",
            map("m", 0..n, call)
        )
    };
    let report = told("naming-slice", &draw(3), &draw(63));
    assert_eq!(of_container(&report, "path"), "server.js: open");
}

#[test]
fn what_a_package_keeps_is_mended_where_the_program_gives_it() {
    let draw = |n: usize| {
        let pool =
            closure("f", "Pool", "c", "7:3:2") + &script(7, "/app/node_modules/pool/index.js");
        let job = closure("k", "Job", "c", "8:20:4") + &script(8, "/app/jobs.js");
        let entry = |i: usize| format!("j{i}:Job(100)@8:20:4");
        format!(
            "{GLOBAL}g -f-> f\ng -k-> k\n{pool}{job}g -pool-> p:Pool(24)@7:3:2 -all-> m:Map(32)\n{}",
            map("m", 0..n, entry)
        )
    };
    let report = told("naming-package", &draw(3), &draw(63));
    let place = json!({ "file": "/app/jobs.js", "line": 21, "column": 5, "owner": "program" });
    assert_eq!(of_container(&report, "location"), &place);
}

#[test]
fn this_of_a_function_is_called_after_its_class() {
    let draw = |n: usize| {
        let function = closure("f", "", "c", "7:3:2") + &script(7, "/app/ticker.js");
        let calls = map("m", 0..n, call);
        format!(
            "{GLOBAL}g -on-> f\n{function}c -<this>-> t:\"module.exports.Ticker\"(40) -open-> m:Map(32)\n{calls}"
        )
    };
    let report = told("naming-this", &draw(3), &draw(63));
    assert_eq!(of_container(&report, "path"), "ticker.js: Ticker.open");
}
