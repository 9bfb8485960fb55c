//! What a container is called: as code would say it, whatever the engine puts in between.

use crate::layouts::{GLOBAL, array, call, closure, grown, labels, list, map, script, set, told};
use serde_json::Value;

/// A Map `m` that grows, held as the lines say.
fn held(test: &str, lines: &str) -> Value {
    let [before, after] =
        [3, 63].map(|n| format!("{GLOBAL}m:Map(32)\n{lines}\n{}", map("m", 0..n, call)));
    told(test, &before, &after)
}

#[track_caller]
fn is_called(test: &str, lines: &str, name: &str) -> Value {
    let report = held(test, lines);
    assert_eq!(grown(&report), [format!("{name} Map 3 → 63")]);
    assert_eq!(report["suspects"][0]["container"], name);
    report["suspects"][0]["chains"][0].clone()
}

fn place(file: &str, line: u32, column: u32) -> Value {
    serde_json::json!({ "file": file, "line": line, "column": column, "owner": "program" })
}

#[test]
fn a_property_of_the_global_object_is_called_by_its_name() {
    is_called("global", "g -sessions-> m", "sessions");
    let chain = is_called(
        "global-deep",
        "g -app-> app:App(24) -state-> s:State(24) -sessions-> m",
        "app.state.sessions",
    );
    assert_eq!(labels(&chain), ".app .state .sessions value of key");
    assert_eq!(list(&chain, "steps")[0]["label"], "global");
}

#[test]
fn the_global_object_of_a_page_is_known_by_the_context_that_has_it() {
    let page = |edge: &str| {
        format!(
            "root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[9]-> h:(synthetic)\"(Global handles)\"(0)
             h -(\"1 / V8PerContextData\")-> c:(hidden)\"system / NativeContext\"(200) -({edge})-> w:Window(40) -app-> app:App(24) -sessions-> m"
        )
    };
    let chain = is_called("page", &page("global_object"), "app.sessions");
    assert_eq!(labels(&chain), ".app .sessions value of key");
    is_called("page-else", &page("extras"), "(Global handles).<extras>.app.sessions");
}

#[test]
fn odd_names_are_written_as_code_would() {
    is_called("symbol", "g -app-> app:App(24) -\"<symbol kSessions>\"-> m", "app[kSessions]");
    is_called("well-known", "g -app-> app:App(24) -\"<symbol Symbol.for>\"-> m", "app[Symbol.for]");
    is_called("private", "g -pool-> p:Pool(24) -#sockets-> m", "pool.#sockets");
    is_called("blank", "g -app-> app:App(24) -\"by user\"-> m", "app[\"by user\"]");
    is_called("hyphen", "g -app-> app:App(24) -\"x-cache\"-> m", "app[\"x-cache\"]");
    is_called("dollar", "g -$app-> app:App(24) -_m1-> m", "$app._m1");
}

#[test]
fn a_variable_is_called_by_its_own_name_and_not_by_a_function_that_shares_it() {
    let lines =
        closure("f", "createServer", "c", "7:11:20") + "g -createServer-> f\nc -<cache>-> m\n";
    let chain = is_called("closure", &lines, "cache");
    assert_eq!(labels(&chain), "variable cache value of key");
    // An outer function's variable, two contexts up.
    let outer = "g -createServer-> f\nc -(previous)-> c1:\"system / Context\"(40) -(previous)-> \
                 c2:\"system / Context\"(40) -<cache>-> m\n";
    let lines = closure("f", "createServer", "c", "7:11:20") + outer;
    is_called("outer", &lines, "cache");
    let lines = closure("f", "createServer", "c", "7:11:20")
        + "g -createServer-> f\nc -<state>-> s:State(24) -cache-> m\n";
    is_called("property-of-variable", &lines, "state.cache");
}

#[test]
fn a_variable_is_called_after_the_file_of_the_functions_that_share_it() {
    let lines = closure("f", "", "c", "7:11:20")
        + "g -on-> f\nc -<cache>-> m\n"
        + &script(7, "/app/lib/server.mjs");
    let chain = is_called("nameless", &lines, "server.mjs: cache");
    let function = list(&chain, "steps").iter().find(|s| s["class"] == "Function").unwrap();
    assert_eq!(function["location"], place("/app/lib/server.mjs", 12, 21));
    let lines = closure("f", "", "c", "7:11:20") + "g -on-> f\nc -<cache>-> m\n";
    is_called("nameless-nowhere", &lines, "cache");
}

/// An ES module whose exports are a hash table of names and cells.
fn module(export: &str, target: &str) -> String {
    format!(
        "root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[9]-> strong:(synthetic)\"(Strong roots)\"(0)
         strong -{{3}}-> module:(hidden)\"system / SourceTextModule\"(120) -(exports)-> exports:(array)(200)
         exports -(5)-> name:(string)\"{export}\"(24)
         exports -(6)-> cell:(hidden)\"system / Cell\"(16) -(value)-> {target}
         exports -(8)-> name2:(string)other(24)
         exports -(9)-> cell2:(hidden)\"system / Cell\"(16) -(value)-> o:Other(24)\n"
    )
}

#[test]
fn an_export_of_a_module_is_called_by_its_name() {
    let chain = is_called("export", &module("sessions", "m"), "sessions");
    assert_eq!(labels(&chain), "export sessions value of key");
    let lines = module("sessions", "manager:SessionManager(24) -sessions-> m");
    let chain = is_called("export-deep", &lines, "sessions.sessions");
    assert_eq!(labels(&chain), "export sessions .sessions value of key");
    assert!(list(&chain, "steps").iter().any(|s| s["label"] == "module"), "{chain}");
}

#[test]
fn what_one_module_imports_is_called_as_the_other_one_exports_it() {
    // Only the first one hangs near a root, and its list of imports comes first in the file.
    let exporter = module("sessions", "m");
    let [root, rest] = exporter.split_once("strong -{3}-> ").map(|(a, b)| [a, b]).unwrap();
    let lines = format!(
        "{root}strong -{{3}}-> main:(hidden)\"system / SourceTextModule\"(120) -{{6}}-> imports:(array)(32)
         imports -(0)-> cell:(hidden)\"system / Cell\"(16)
         main -{{7}}-> asked:(array)(32) -(0)-> {rest}"
    );
    let chain = is_called("import", &lines, "sessions");
    assert_eq!(labels(&chain), "export sessions value of key");
}

#[test]
fn a_static_field_is_called_after_its_class() {
    is_called("static-global", "g -Foo-> foo:(closure)Foo(64) -cache-> m", "Foo.cache");
    let lines =
        "root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[9]-> h:(synthetic)\"(Global handles)\"(0)
                 h -{3}-> foo:(closure)Foo(64) -cache-> m";
    is_called("static-handle", lines, "Foo.cache");
    let lines = closure("f", "main", "c", "7:11:20")
        + "g -main-> f\nc -<Foo>-> foo:(closure)Foo(64) -cache-> m\n";
    is_called("static-variable", &lines, "Foo.cache");
}

#[test]
fn which_key_or_index_leads_there_does_not_matter() {
    let outer = map("rooms", 0..1, |_| "m".to_owned());
    let chain = is_called("in-map", &format!("g -rooms-> rooms:Map(32)\n{outer}"), "rooms[…]");
    assert_eq!(labels(&chain), ".rooms value of key value of key");
    let outer = array("shards", 0..1, |_| "m".to_owned());
    is_called("in-array", &format!("g -shards-> shards:Array(32)\n{outer}"), "shards[…]");
    let outer = set("live", 0..1, |_| "m".to_owned());
    is_called("in-set", &format!("g -live-> live:Set(32)\n{outer}"), "live.keys()");
}

#[test]
fn a_location_is_that_of_the_class_that_has_the_container() {
    let lines = closure("f", "SessionManager", "c", "7:6:31")
        + &script(7, "file:///app/server.mjs")
        + "g -f-> f\ng -manager-> o:SessionManager(24)@7:6:31 -sessions-> m\n";
    let report = held("location", &lines);
    assert_eq!(report["containers"][0]["location"], place("file:///app/server.mjs", 7, 32));
    let chain = &report["suspects"][0]["chains"][0];
    let manager = list(chain, "steps").iter().find(|s| s["class"] == "SessionManager").unwrap();
    assert_eq!(manager["location"], place("file:///app/server.mjs", 7, 32));
    // No closure of a script means no name for it, and half a location is none.
    let report =
        held("location-nameless", "g -manager-> o:SessionManager(24)@9:6:31 -sessions-> m\n");
    assert_eq!(report["containers"][0]["location"], Value::Null);
}

/// A way of so many names from the global object to the Map.
fn long_way(names: usize) -> (String, String) {
    let links: String =
        (1..names).map(|i| format!("o{} -n{i}-> o{i}:Part{i}(24)\n", i - 1)).collect();
    let path: Vec<String> = (0..names).map(|i| format!("n{i}")).collect();
    (
        format!("g -n0-> o0:Part0(24)\n{links}o{} -sessions-> m\n", names - 1),
        format!("{}.sessions", path.join(".")),
    )
}

#[test]
fn the_program_s_own_holder_is_preferred_however_far() {
    // Dearer in sum than any root of the engine.
    let (lines, _) = long_way(700);
    let gc = "root -[1]-> gc:(synthetic)\"(GC roots)\"(0)\n";
    let shorter = [
        "gc -[2]-> r:(synthetic)\"(Stack roots)\"(0) -{0}-> m",
        "gc -[3]-> r:(synthetic)\"(Handle scope)\"(0) -{7}-> m",
        "gc -[3]-> r:(synthetic)\"(Micro tasks)\"(0) -{7}-> m",
        "g -f-> f:(closure)f(64) -(feedback_cell)-> fc:(code)\"system / FeedbackCell\"(24) -(value)-> \
         fv:(code)\"system / FeedbackVector\"(80) -{4}-> m",
        "g -x-> x:X(24) -(map)-> hc:(hidden)\"system / Map\"(80) -(constructor_or_back_pointer)-> m",
        "g -x-> x:X(24) -(map)-> hc:(object shape)\"system / Map\"(80) -(prototype)-> m",
        "g -f-> f:(closure)f(64) -(code)-> cc:(code)\"(code for f)\"(80) -{4}-> m",
    ];
    for (at, way) in shorter.iter().enumerate() {
        let report = held(&format!("preferred-{at}"), &format!("{gc}{way}\n{lines}"));
        let path = report["containers"][0]["path"].as_str().unwrap();
        assert!(path.starts_with("n0.n1.n2.") && path.ends_with(".n698.n699.sessions"), "{path}");
    }
}

#[test]
fn a_way_that_is_too_long_is_told_by_its_ends_with_the_number_of_what_is_left_out() {
    let (lines, name) = long_way(180);
    let report = held("whole", &lines);
    assert_eq!(report["containers"][0]["path"], name, "180 steps");
    let (lines, _) = long_way(700);
    let report = held("ends", &lines);
    let path = report["containers"][0]["path"].as_str().unwrap();
    // The root, the global object and 46 more; then 143 names and the Map.
    assert!(path.contains(".n45…(511 more)….n557."), "{path}");
    // In a chain each end has 128.
    let steps = list(&report["suspects"][0]["chains"][0], "steps");
    let labels: Vec<&str> = steps.iter().map(|s| s["label"].as_str().unwrap()).collect();
    assert_eq!(labels[127], ".n126");
    assert_eq!(labels[128], "…(446 steps more)… .n573");
    assert_eq!(steps.iter().filter(|step| step["role"] != "inside").count(), 2 * 128 + 1);
}

#[test]
fn a_path_of_very_long_names_is_cut_in_the_middle() {
    let long = "x".repeat(900);
    let lines: String =
        (1..40).map(|i| format!("o{} -{long}{i}-> o{i}:Part(24)\n", i - 1)).collect();
    let report = held("long-names", &format!("g -n0-> o0:Part(24)\n{lines}o39 -sessions-> m\n"));
    let path = report["containers"][0]["path"].as_str().unwrap();
    assert!(path.starts_with("n0[\"xxx") && path.ends_with("xxx…\"].sessions"), "{path}");
    assert!(path.chars().count() <= 1000 && path.contains(" more, "), "{path}");
}

#[test]
fn where_only_the_stack_holds_it_the_stack_is_shown() {
    let lines = "root -[1]-> gc:(synthetic)\"(GC roots)\"(0)
                 gc -[2]-> r:(synthetic)\"(Stack roots)\"(0) -{0}-> s:Store(24) -sessions-> m";
    let report = held("stack-only", lines);
    let suspect = &report["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["count"]), (&"ToolCall".into(), &60.into()));
    let steps = list(&suspect["chains"][0], "steps");
    assert_eq!(steps[0]["label"], "(Stack roots)", "{steps:?}");
    assert!(
        suspect["container"].as_str().unwrap().ends_with(".sessions"),
        "{}",
        suspect["container"]
    );
}

#[test]
fn a_retainer_s_own_plumbing_is_no_step() {
    let report = held(
        "plumbing",
        "g -a-> a:A(24) -(properties)-> p:(hidden)\"system / PropertyArray\"(40) -{2}-> m",
    );
    let chain = &report["suspects"][0]["chains"][0];
    for step in list(chain, "steps") {
        let class = step["class"].as_str().unwrap();
        assert!(!["(system)", "(array)", "(compiled code)"].contains(&class), "{chain}");
    }
}

#[test]
fn every_instance_is_folded_into_one_way() {
    let report = held("folded", "g -sessions-> m");
    let chains = list(&report["suspects"][0], "chains");
    assert_eq!(chains.len(), 1);
    assert_eq!((&chains[0]["share"], &chains[0]["total"]), (&60.into(), &60.into()));
    let text = chains[0]["steps"].to_string();
    assert!(!text.contains("key 1"), "no key of any one instance is told: {text}");
}

#[test]
fn a_list_s_steps_are_one() {
    let draw = |n: usize| {
        let links: String =
            (1..n).map(|i| format!("n{} -next-> n{i}:Entry(100)\n", i - 1)).collect();
        format!("{GLOBAL}g -log-> log:Log(24) -first-> n0:Entry(100)\n{links}")
    };
    let report = told("list-steps", &draw(3), &draw(200));
    let steps = list(&report["suspects"][0]["chains"][0], "steps");
    assert!(steps.len() < 8, "{}", steps.len());
    assert!(
        steps.iter().any(|s| s["times"].as_u64() > Some(2) && s["label"] == ".next"),
        "{steps:?}"
    );
}
