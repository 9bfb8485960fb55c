//! What belongs to the runtime and is harmless: the module loader's registries, bounded buffers, its
//! own timers; and what looks like them and is the program's.

use crate::layouts::{GLOBAL, array, call, closure, grown, list, map, script, told};
use serde_json::Value;

const LOADER: &str = "node:internal/modules/cjs/loader";
const LOADED: &str = "code was loaded for the first time";
const BOUNDED: &str = "a buffer of the runtime, which has a limit";

/// Before and after, in a program that has other things too.
fn report(test: &str, entries: [usize; 2], draw: impl Fn(usize) -> String) -> Value {
    let parts: String = (0..300).map(|i| format!("g -part{i}-> part{i}:Part(24)\n")).collect();
    let [before, after] = entries.map(|n| format!("{GLOBAL}{parts}{}", draw(n)));
    told(&format!("own-{test}"), &before, &after)
}

/// What is said of the container that grew most, or that it leaks.
#[track_caller]
fn note(report: &Value) -> String {
    let first = list(report, "containers").first().unwrap_or_else(|| panic!("{report}"));
    let leaks = report["verdict"]["kind"] == "leak_likely";
    assert_eq!(first["piles_up"] == true, leaks, "{:?}", grown(report));
    if leaks { "leak".into() } else { first["note"].as_str().unwrap_or_default().to_owned() }
}

/// A function of the loader's file, so that objects of script 7 are written there.
fn loader() -> String {
    format!("g -load-> f\n{}{}", closure("f", "load", "fc", "7:1:2"), script(7, LOADER))
}

// Module(loader) -exports-> {} -carts-> Map
fn exported(n: usize) -> String {
    let module = "g -main-> mod:Module(80)@7:3:4 -exports-> e:Object(24) -carts-> m:Map(32)\n";
    format!("{}{module}{}", loader(), map("m", 0..n, call))
}

#[test]
fn what_a_module_exports_is_the_program_s() {
    assert_eq!(note(&report("exports", [10, 510], exported)), "leak");
    // An object that is the exports itself, as `exports[id] = cart` makes it.
    let draw = |n: usize| {
        let entries: String = (0..n).map(|i| format!("e -\"id{i}\"-> {}\n", call(i))).collect();
        format!("{}g -main-> mod:Module(80)@7:3:4 -exports-> e:Object(24)\n{entries}", loader())
    };
    assert_eq!(note(&report("exports-itself", [10, 510], draw)), "leak");
}

#[test]
fn what_else_hangs_at_a_module_of_the_loader_is_code() {
    let draw = |n: usize| exported(n).replace("-exports->", "-state->");
    assert_eq!(note(&report("not-exports", [10, 510], draw)), LOADED);
    // Written by the program, it is the program's.
    let draw =
        |n: usize| exported(n).replace("-exports->", "-state->").replace(LOADER, "/app/a.js");
    assert_eq!(note(&report("not-loader", [10, 510], draw)), "leak");
}

// modules.children: Array of Modules, each of a file
fn modules(n: usize, file: &dyn Fn(usize) -> usize) -> String {
    let module = |i: usize| {
        format!("m{i}:Module(400) -filename-> file{0}:(string)\"/app/{0}.js\"(40)", file(i))
    };
    format!("g -main-> mod:Program(80) -children-> a:Array(32)\n{}", array("a", 0..n, module))
}

#[test]
fn modules_of_different_files_are_code_that_was_loaded() {
    assert_eq!(note(&report("files", [5, 305], |n| modules(n, &|i| i))), LOADED);
    assert_eq!(note(&report("two-each", [5, 305], |n| modules(n, &|i| i * 2 / 3))), LOADED);
}

#[test]
fn modules_of_one_file_loaded_again_and_again_are_a_leak() {
    assert_eq!(note(&report("one-file", [5, 305], |n| modules(n, &|_| 1))), "leak");
    assert_eq!(
        note(&report("half", [4, 304], |n| modules(n, &|i| i / 2))),
        "leak",
        "no more than half"
    );
}

#[test]
fn a_container_with_a_few_modules_among_other_things_is_no_registry() {
    let draw = |n: usize| {
        let entry = |i: usize| {
            if i.is_multiple_of(2) {
                format!("m{i}:ModuleWrap(400)")
            } else {
                format!("s{i}:ToolCall(400)")
            }
        };
        format!("g -seen-> a:Array(32)\n{}", array("a", 0..n, entry))
    };
    assert_eq!(note(&report("half-modules", [4, 304], draw)), "leak");
    let draw = |n: usize| {
        format!("g -seen-> a:Array(32)\n{}", array("a", 0..n, |i| format!("m{i}:ModuleWrap(400)")))
    };
    assert_eq!(note(&report("all-modules", [4, 304], draw)), LOADED);
}

#[test]
fn a_cache_of_the_loader_s_function_is_code_and_one_of_another_function_is_not() {
    // Module._pathCache, by name of the function that has it.
    let draw = |n: usize, function: &str| {
        format!(
            "g -f-> f:(closure){function}(64) -_pathCache-> m:Map(32)\n{}",
            map("m", 0..n, call)
        )
    };
    assert_eq!(note(&report("path-cache", [10, 510], |n| draw(n, "Module"))), LOADED);
    assert_eq!(note(&report("router", [10, 510], |n| draw(n, "Router"))), "leak");
}

// ModuleLoader -loadCache-> Map of URLs, each with a module
fn imported(n: usize, url: &dyn Fn(usize) -> String) -> String {
    let modules = map("m", 0..n, call);
    let named = (0..n).fold(modules, |text, i| {
        let (own, with) = (format!("\"key {i}\""), format!("\"{}\"", url(i)));
        text.replace(&own, &with)
    });
    format!("{}g -esm-> esm:ModuleLoader(80)@7:3:4 -loadCache-> m:Map(32)\n{named}", loader())
}

#[test]
fn files_that_are_imported_under_ever_new_queries_are_a_leak_and_new_files_are_code() {
    let note = |test: &str, url: &dyn Fn(usize) -> String| {
        note(&report(test, [10, 310], |n| imported(n, url)))
    };
    assert_eq!(note("urls", &|i| format!("file:///app/{i}.mjs")), LOADED);
    assert_eq!(note("query", &|i| format!("file:///app/a.mjs?v={i}")), "leak");
    assert_eq!(note("fragment", &|i| format!("file:///app/a.mjs#{i}")), "leak");
    assert_eq!(note("two-queries", &|i| format!("file:///app/{}.mjs?v={i}", i * 2 / 3)), LOADED);
}

// observe() of a file -> context -resourceTimingBuffer-> Array
fn buffer(n: usize, file: &str, name: &str, class: &str) -> String {
    let function = closure("f", "observe", "c", "7:1:2") + &script(7, file);
    let entry = |i: usize| format!("t{i}:{class}(200)");
    format!("g -f-> f\n{function}c -<{name}>-> a:Array(32)\n{}", array("a", 0..n, entry))
}

const PERFORMANCE: &str = "node:internal/perf/observe";
const TIMING: &str = "PerformanceResourceTiming";

#[test]
fn a_buffer_of_the_runtime_is_harmless_up_to_its_limit() {
    let draw = |file, name, class| move |n| buffer(n, file, name, class);
    let name = "resourceTimingBuffer";
    assert_eq!(note(&report("250", [20, 250], draw(PERFORMANCE, name, TIMING))), BOUNDED);
    assert_eq!(note(&report("251", [20, 251], draw(PERFORMANCE, name, TIMING))), "leak");
    assert_eq!(note(&report("other", [20, 250], draw(PERFORMANCE, "timings", TIMING))), "leak");
    assert_eq!(note(&report("own-file", [20, 250], draw("/app/perf.js", name, TIMING))), "leak");
}

// FreeList(of a file) -list-> Array
fn free_list(n: usize, file: &str, class: &str) -> String {
    let function = closure("f", "alloc", "c", "7:1:2") + &script(7, file);
    let entry = |i: usize| format!("t{i}:{class}");
    format!(
        "g -f-> f\n{function}g -parsers-> l:FreeList(40)@7:3:4 -list-> a:Array(32)\n{}",
        array("a", 0..n, entry)
    )
}

#[test]
fn a_free_list_of_the_runtime_is_harmless_unless_it_holds_what_the_program_made() {
    let runtime = "node:internal/freelist";
    assert_eq!(
        note(&report("parsers", [20, 1000], |n| free_list(n, runtime, "HTTPParser(90)"))),
        BOUNDED
    );
    assert_eq!(
        note(&report("1001", [20, 1001], |n| free_list(n, runtime, "HTTPParser(90)"))),
        "leak"
    );
    let own = |n| free_list(n, runtime, "Job(90)@8:3:4") + &script(8, "/app/jobs.js");
    assert_eq!(note(&report("own-jobs", [20, 1000], own)), "leak");
}

const TIMERS: &str = "timers of the runtime, which go when they are due";

/// Timers that call a function of the runtime, and hold something of so many bytes.
fn timers(n: usize, class: &str, bytes: usize) -> String {
    let function =
        closure("f", "onTimeout", "c", "7:1:2") + &script(7, "node:internal/deps/undici");
    let timer =
        |i: usize| format!("t{i}:{class}(70) -_onTimeout-> f\nt{i} -_arg-> w{i}:WeakRef({bytes})");
    format!("g -f-> f\n{function}g -timers-> a:Array(32)\n{}", array("a", 0..n, timer))
}

#[test]
fn the_runtime_s_timers_are_harmless_if_they_hold_no_more_than_themselves() {
    assert_eq!(note(&report("timers", [20, 520], |n| timers(n, "FastTimer", 70))), TIMERS);
    assert_eq!(note(&report("heavy", [20, 520], |n| timers(n, "FastTimer", 71))), "leak");
    assert_eq!(note(&report("timeout", [20, 520], |n| timers(n, "Timeout", 70))), "leak");
    // One among them that calls nothing of the runtime is enough.
    let draw = |n| timers(n, "FastTimer", 0) + "a -[9999]-> other:FastTimer(70)\n";
    let [before, after] =
        [20, 520].map(|n| if n == 20 { timers(n, "FastTimer", 0) } else { draw(n) });
    assert_eq!(
        note(&told("own-other", &(GLOBAL.to_owned() + &before), &(GLOBAL.to_owned() + &after))),
        "leak"
    );
}
