//! What kind of leak it is, told by what the runtime made: for each pattern a drawing that has it, and
//! one that nearly has.

use crate::layouts::{array, call, closure, map, script, set};
use crate::patterns_names::pattern;

/// So many in a row, each held by the one before: `from` has the last one.
fn linked(n: usize, from: &str, link: &str, one: impl Fn(usize) -> String) -> String {
    let first = (0..n).map(|i| one(i) + "\n").collect::<String>();
    let name = |i: usize| one(i).split(':').next().unwrap().to_owned();
    let links: String = (1..n).map(|i| format!("{} {link} {}\n", name(i), name(i - 1))).collect();
    format!("{first}{links}{from} {}\n", name(n - 1))
}

// registry -active_cells-> cell -next-> cell -next-> ...
//                            \-holdings-> ToolCall
fn registered(n: usize, class: &str) -> String {
    let cell =
        |i: usize| format!("w{i}:(hidden)\"system / WeakCell\"(72) -(holdings)-> {}", call(i));
    format!("g -gone-> r:{class}(40)\n{}", linked(n, "r -(active_cells)->", "-(next)->", cell))
}

#[test]
fn what_a_finalization_registry_keeps_for_its_callback_is_finalization() {
    assert_eq!(pattern("finalization", |n| registered(n, "FinalizationRegistry")), "finalization");
}

#[test]
fn a_map_beside_a_finalization_registry_is_a_map() {
    let draw = |n: usize| {
        let tracker =
            "g -gone-> t:FinalizationTracker(40) -registry-> r:FinalizationRegistry(40)\n";
        format!("{tracker}t -held-> m:Map(32)\n{}", map("m", 0..n, call))
    };
    assert_eq!(pattern("no-finalization", draw), "unbounded-map-or-set");
    assert_eq!(pattern("no-registry", |n| registered(n, "WeakTable")), "unbounded-array");
}

#[test]
fn what_is_held_through_a_frame_of_async_context_is_async_context() {
    // open[i] -> Handle -> AsyncContextFrame -> ToolCall
    let draw = |n: usize| {
        let handle = |i: usize| format!("h{i}:Handle(40)");
        let frames: String = (0..n)
            .map(|i| {
                format!(
                    "h{i} -(async_context_frame)-> f{i}:AsyncContextFrame(40) -store-> {}\n",
                    call(i)
                )
            })
            .collect();
        format!("g -open-> a:Array(32)\n{}{frames}", array("a", 0..n, handle))
    };
    assert_eq!(pattern("async", draw), "async-context");
    // In Node.js up to 22 a property of each resource holds the store.
    let draw = |n: usize| {
        let handle =
            |i: usize| format!("h{i}:Handle(40) -\"Symbol(kResourceStore)\"-> {}", call(i));
        format!("g -open-> a:Array(32)\n{}", array("a", 0..n, handle))
    };
    assert_eq!(pattern("resource", draw), "async-context");
}

#[test]
fn a_container_in_the_store_of_an_async_context_is_none_of_it() {
    // The frame is above the container, and is there once.
    let draw = |n: usize| {
        let above = "g -app-> h:Handle(40) -(async_context_frame)-> f:AsyncContextFrame(40)";
        format!("{above} -store-> t:Tenant(40) -seen-> m:Map(32)\n{}", map("m", 0..n, call))
    };
    assert_eq!(pattern("no-async", draw), "unbounded-map-or-set");
}

// target -kEvents-> Map -value-> {root} -next-> Listener -next-> Listener ...
fn listeners(n: usize, target: &str) -> String {
    let listener = |i: usize| format!("l{i}:Listener(80) -callback-> {}", call(i));
    let events = map("m", 0..1, |_| "first:Object(24)".to_owned());
    format!(
        "g -{target}(40) -\"Symbol(kEvents)\"-> m:Map(32)\n{events}{}",
        linked(n, "first -next->", "-next->", listener)
    )
}

#[test]
fn listeners_of_one_long_lived_signal_are_abort_signal() {
    assert_eq!(pattern("abort", |n| listeners(n, "stop-> s:AbortSignal")), "abort-signal");
    // By name, where the class is one of a library.
    assert_eq!(pattern("abort-name", |n| listeners(n, "stopSignal-> s:Target")), "abort-signal");
}

#[test]
fn signals_that_one_signal_depends_on_are_abort_signal() {
    for name in [
        "Symbol(kDependantSignals)",
        "dependentSignals",
        "Symbol(kSourceSignals)",
        "gcPersistentSignals",
    ] {
        let draw = |n: usize| {
            let signals = set("m", 0..n, |i| format!("w{i}:AbortSignal(80)"));
            format!("g -stop-> s:Target(40) -\"{name}\"-> m:Set(32)\n{signals}")
        };
        assert_eq!(pattern("dependent", draw), "abort-signal", "{name}");
    }
}

#[test]
fn listeners_of_what_is_no_signal_are_event_listener() {
    assert_eq!(pattern("target", |n| listeners(n, "bus-> s:EventTarget")), "event-listener");
    assert_eq!(pattern("kevents", |n| listeners(n, "bus-> s:Bus")), "event-listener");
}

#[test]
fn what_an_emitter_keeps_is_listeners_if_it_is_functions() {
    let draw = |entry: &str, n: usize| {
        let entries = array("a", 0..n, |i| format!("e{i}:{entry}(100)"));
        format!("g -uplink-> u:EventEmitter(40) -pending-> a:Array(32)\n{entries}")
    };
    assert_eq!(pattern("backlog", |n| draw("Frame", n)), "unbounded-array");
    assert_eq!(pattern("own-table", |n| draw("(closure)onFrame", n)), "event-listener");
}

#[test]
fn a_map_of_signals_without_listeners_is_a_map() {
    let draw = |n: usize| format!("g -signals-> m:Map(32)\n{}", map("m", 0..n, call));
    assert_eq!(pattern("no-abort", draw), "unbounded-map-or-set");
}

#[test]
fn names_that_end_in_listeners_or_observers_are_event_listener() {
    for name in ["_listeners", "changeListeners", "#observers_", "OBSERVERS"] {
        let draw = |n: usize| {
            format!("g -bus-> b:Bus(24) -{name}-> a:Array(32)\n{}", array("a", 0..n, call))
        };
        assert_eq!(pattern("listeners", draw), "event-listener", "{name}");
    }
    for name in ["listenersSeen", "observed"] {
        let draw = |n: usize| {
            format!("g -bus-> b:Bus(24) -{name}-> a:Array(32)\n{}", array("a", 0..n, call))
        };
        assert_eq!(pattern("no-listeners", draw), "unbounded-array", "{name}");
    }
}

#[test]
fn what_a_listener_captures_belongs_to_the_listener_and_not_to_its_emitter() {
    // bus._events.data -> onData() -> seen: Map
    let draw = |n: usize| {
        format!(
            "g -bus-> b:Catalog(48) -_events-> e:Object(24) -data-> f\n{}{}c -<seen>-> m:Map(32)\n{}",
            closure("f", "onData", "c", "7:11:20"),
            script(7, "/app/server.mjs"),
            map("m", 0..n, call)
        )
    };
    assert_eq!(pattern("captured", draw), "unbounded-map-or-set");
}

#[test]
fn promises_in_an_array_are_entries_of_the_array() {
    let draw = |n: usize| {
        let promise = |i: usize| format!("p{i}:Promise(48) -(reactions_or_result)-> {}", call(i));
        format!("g -pending-> a:Array(32)\n{}", array("a", 0..n, promise))
    };
    assert_eq!(pattern("no-promise", draw), "unbounded-array");
}

#[test]
fn a_chain_of_then_after_then_is_promise() {
    // tail -> Promise -> Promise -> ... each the result of the one before
    let draw = |n: usize| {
        let promise = |i: usize| format!("p{i}:Promise(48) -value-> {}", call(i));
        format!(
            "g -queue-> q:Queue(24)\n{}",
            linked(n, "q -tail->", "-(reactions_or_result)->", promise)
        )
    };
    assert_eq!(pattern("then", draw), "promise");
    let draw = |n: usize| {
        let step = |i: usize| format!("p{i}:Step(48) -value-> {}", call(i));
        format!("g -queue-> q:Queue(24)\n{}", linked(n, "q -tail->", "-before->", step))
    };
    assert_eq!(pattern("no-then", draw), "unbounded-array");
}

/// What a function that something calls keeps in a variable.
fn in_a_callback(n: usize, holder: &str, field: &str) -> String {
    format!(
        "g -job-> t:{holder}(72) -{field}-> f\n{}{}c -<lines>-> a:Array(32)\n{}",
        closure("f", "flush", "c", "7:11:20"),
        script(7, "/app/server.mjs"),
        array("a", 0..n, call)
    )
}

#[test]
fn what_the_callback_of_a_timer_collects_is_timer() {
    assert_eq!(pattern("interval", |n| in_a_callback(n, "Timeout", "_onTimeout")), "timer");
    assert_eq!(pattern("no-interval", |n| in_a_callback(n, "Ticker", "onTick")), "unbounded-array");
}

#[test]
fn timers_that_are_never_cleared_are_timer() {
    let draw = |n: usize, list: &str, class: &str| {
        let timer = |i: usize| format!("t{i}:{class}(72) -_timerArg-> {}", call(i));
        format!("g -lists-> l:{list}(64)\n{}", linked(n, "l -_idlePrev->", "-_idlePrev->", timer))
    };
    assert_eq!(pattern("timers", |n| draw(n, "TimersList", "Timeout")), "timer");
    assert_eq!(pattern("no-timers", |n| draw(n, "JobsList", "Job")), "unbounded-array");
}

#[test]
fn elements_that_a_page_has_dropped_are_detached_dom() {
    let draw = |n: usize, node: &str| {
        let row = |i: usize| format!("d{i}:{node}");
        format!("g -rows-> a:Array(32)\n{}", array("a", 0..n, row))
    };
    for node in [
        "(native)HTMLRow(100)+detached",
        "(native)\"<div>\"(100)",
        "HTMLDivElement(100)",
        "HTMLInputElementImpl(100)",
    ] {
        assert_eq!(pattern("dom", |n| draw(n, node)), "detached-dom", "{node}");
    }
    for node in ["HTMLTemplate(100)", "Element(100)", "\"<symbol id>\"(100)"] {
        assert_eq!(pattern("no-dom", |n| draw(n, node)), "unbounded-array", "{node}");
    }
}
