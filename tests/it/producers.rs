//! Files as other producers than today's V8 write them: each with a container that leaks.

use crate::cli;
use crate::drawing::{Drawing, KINDS, draw, draw_all};
use crate::fixtures::scratch;
use crate::layouts::{call, grown, list, set, told_of};
use crate::writing::{Lines, Style};
use heapdiff::pair::Pair;
use heapdiff::report::Options;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;

/// A producer: how it writes, and what it makes of the number of an object.
pub struct Producer {
    pub style: Style,
    pub id: fn(u64) -> u64,
}

/// What is told of files, and what was drawn in the first one and the last.
pub struct Told {
    pub drawings: Pair<Drawing>,
    pub files: Vec<PathBuf>,
    pub report: Value,
}

pub const fn as_in_v8(number: u64) -> u64 {
    number
}

/// Of an object of 64 bytes, in one of two regions of 4 GiB.
const fn address(number: u64) -> u64 {
    0x7f3a_9000_0000 + (number % 4) * (1 << 31) + 64 * number
}

impl Producer {
    /// Draws a program with so many entries in its container each time, writes it and asks.
    pub fn told(&self, name: &str, entries: &[usize], draw: impl Fn(usize) -> String) -> Told {
        let dir = scratch(&format!("producers-{name}"));
        let texts: Vec<String> = entries.iter().map(|entries| draw(*entries)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut drawings = draw_all(&texts);
        let nodes = drawings.iter_mut().flat_map(|drawing| &mut drawing.nodes);
        nodes.for_each(|node| node.id = (self.id)(node.id));
        let write = |(at, drawing)| {
            let file = dir.join(format!("{at}.heapsnapshot"));
            std::fs::write(&file, self.style.write(drawing)).unwrap();
            file
        };
        let files: Vec<PathBuf> = drawings.iter().enumerate().map(write).collect();
        let report = told_of(&files, &Options::default());
        let after = drawings.pop().unwrap();
        Told { drawings: Pair::new(drawings.swap_remove(0), after), files, report }
    }
}

impl Told {
    /// The totals are those of the drawings, the verdict is a leak, and the container that weighs most is
    /// this one, as the first line says.
    #[track_caller]
    pub fn leaks(&self, lines: &[&str], holder: &str) {
        let report = &self.report;
        self.drawings.as_ref().zip(Pair::new("before", "after")).map(|(drawing, side)| {
            let size: u64 = drawing.nodes.iter().map(|node| node.size).sum();
            let snapshot = &report["snapshots"][side];
            assert_eq!(snapshot["total_size"], size, "{side}");
            assert_eq!(snapshot["nodes"], drawing.nodes.len(), "{side}");
        });
        assert_eq!(grown(report), lines);
        assert_eq!(report["verdict"]["kind"], "leak_likely", "{}", report["verdict"]);
        assert_eq!(report["identity"]["kind"], "same_process");
        let container = &report["containers"][0];
        assert_eq!((&container["id"], &container["matched"]), (&self.id(holder), &"id".into()));
    }

    /// The id of an object, as it is in the file.
    pub fn id(&self, handle: &str) -> Value {
        let drawing = &self.drawings.after;
        drawing.nodes[drawing.at(handle)].id.into()
    }

    /// The ids of the steps of the way to the suspect.
    pub fn way(&self) -> Vec<Value> {
        let steps = list(&self.report["suspects"][0]["chains"][0], "steps");
        steps.iter().map(|step| step["id"].clone()).collect()
    }

    pub fn ids<const N: usize>(&self, handles: [&str; N]) -> [Value; N] {
        handles.map(|handle| self.id(handle))
    }

    /// New and deleted objects of a class, and their sizes.
    #[track_caller]
    pub fn class(&self, name: &str) -> [u64; 4] {
        let row = list(&self.report, "classes").iter().find(|row| row["name"] == name);
        let row = row.unwrap_or_else(|| panic!("no class {name}"));
        ["new", "deleted", "alloc_size", "freed_size"].map(|field| row[field].as_u64().unwrap())
    }
}

/// V8's header, whatever the version: that of Julia lists kinds in the order in which they come.
fn julia() -> Producer {
    let kinds = ["synthetic", "jl_task_t", "object", "jl_module_t", "jl_svec_t", "String"];
    let kinds = [&kinds[..], &["jl_array_t", "jl_sym_t"]].concat();
    let links = vec!["internal", "property", "element", "hidden"];
    let style = Style { lines: Lines::One, kinds, links, ..Style::default() };
    Producer { style, id: |number| if number < 6 { number / 2 } else { address(number) } }
}

/// A dictionary of sessions in a module, and many objects that no root is known of.
fn julia_sessions(entries: usize) -> String {
    let mut out = "
        root -(GC roots)-> gc:(synthetic)\"GC roots\"(0)
        root -(GC finalizer list roots)-> fin:(synthetic)\"GC finalizer list roots\"(0)
        gc -(main_module)-> main:(jl_module_t)Main(448) -(bindings)-> bs:(jl_svec_t)SimpleVector(48)
        gc -(root_task)-> task:(jl_task_t)Task(472) -(stack)-> frame:(synthetic)\"(stack frame)\"(1)
        bs -[0]-> b:Core.Binding(40) -value-> dict:\"Base.Dict{String, Main.Session}\"(72)
        dict -keys-> keys:(jl_array_t)\"Array{String, 1}\"(48)
        dict -vals-> vals:(jl_array_t)\"Array{Main.Session, 1}\"(48)
        keys -{3}-> mem:\"<malloc>\"(16384)
        "
    .to_owned();
    for i in 0..entries {
        let _ = writeln!(
            out,
            "keys -[{i}]-> k{i}:(String)\"client {i}\"(24)
             vals -[{i}]-> s{i}:Main.Session(40) -token-> t{i}:(String)\"token {i}\"(136)"
        );
    }
    for i in 0..1500 {
        let _ = writeln!(out, "m{i}:Core.MethodInstance(120) -def-> d{i}:(jl_sym_t)run(16)");
    }
    out
}

#[test]
fn julia_writes_addresses_for_ids_and_kinds_of_its_own() {
    let told = julia().told("julia", &[50, 250], julia_sessions);
    let path = "GC roots.<main_module>.<bindings>[…].value";
    let lines = ["vals Array 50 → 250", "keys Array 50 → 250"].map(|end| format!("{path}.{end}"));
    told.leaks(&lines.each_ref().map(String::as_str), "vals");
    assert_eq!(told.class("Main.Session"), [200, 0, 200 * 40, 0]);
    assert_eq!(told.class("(String)"), [400, 0, 200 * (24 + 136), 0]);
    assert_eq!(list(&told.report, "classes").len(), 2);
    let suspect = &told.report["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["count"]), (&"Main.Session".into(), &200.into()));
    let ids = ["gc", "main", "bs", "b", "dict", "vals", "s150", "t150"];
    assert_eq!(told.way(), told.ids(ids), "whole ids: {:?}", told.id("vals"));
    assert!(told.id("vals").as_u64() > Some(1 << 46));
}

/// Its tables are called after their addresses, and so each has a class of its own.
fn luau_sessions(entries: usize) -> String {
    let mut out = "
        root -[1]-> thread:(native)\"Luau thread (0x7f01) (main thread)\"(200)
        thread -<env (0x7f02)>-> env:\"Luau table (0x7f02)\"(80)
        env -sessions-> t:\"Luau table (0x7f03)\"(4096)
        env -(Luau table key ref: string (0x7f04))-> n:(string)sessions(32)
        "
    .to_owned();
    for i in 0..entries {
        let _ = writeln!(
            out,
            "t -\"client {i}\"-> s{i}:\"Luau table (0x8f{i:04x})\"(112) -[0]-> d{i}:(string)\"data {i}\"(40)
             t -(Luau table key ref: string (0x9f{i:04x}))-> k{i}:(string)\"client {i}\"(32)"
        );
    }
    out
}

#[test]
fn luau_writes_addresses_for_ids_and_has_a_table_for_root() {
    let style = Style { lines: Lines::Spaced, after: b"", ..Style::default() };
    let told = Producer { style, id: address }.told("luau", &[50, 250], |n| {
        format!("root:\"Registry (0x7f00)\"(64)\n{}", luau_sessions(n))
    });
    told.leaks(&["env (0x7f02).sessions Object 50 → 250"], "t");
    assert_eq!(told.class("(string)"), [400, 0, 200 * (40 + 32), 0]);
    assert_eq!(told.class("Luau table (0x8f0032)"), [1, 0, 112, 0]);
    assert_eq!(list(&told.report, "classes").len(), 201, "a table is a class of its own");
    assert_eq!(told.way()[..3], told.ids(["thread", "env", "t"]));
    let note = told.report["notes"][0].as_str().unwrap();
    assert!(note.starts_with("in all files ids have more than 32 bits"), "{note}");
}

/// Eight fields, and kinds that V8 does not have.
fn arkts() -> Producer {
    let fields = "type name id self_size edge_count trace_node_id detachedness native_size";
    let node_fields = fields.split(' ').collect();
    let kinds = [&KINDS[..11], &["slicedstring", "symbol", "bigint", "framework"]].concat();
    Producer { style: Style { node_fields, kinds, ..Style::default() }, id: as_in_v8 }
}

fn arkts_sessions(entries: usize) -> String {
    let mut out = "
        root =-subroot-=> g:GlobalObject(40) -(hclass)-> hc:(hidden)\"HiddenClass(NonMovable)\"(88)
        root =-subroot-=> page:(framework)Page(64)
        g -sessions-> m:Map(32) -__proto__-> proto:JSObject(40)
        "
    .to_owned();
    for i in 0..entries {
        let _ = writeln!(
            out,
            "m -\"client {i}\"-> s{i}:Session(48) -data-> d{i}:(slicedstring)\"data {i}\"(120)"
        );
    }
    out
}

#[test]
fn arkts_writes_eight_fields_and_kinds_of_its_own() {
    let told = arkts().told("arkts", &[50, 250], arkts_sessions);
    told.leaks(&["sessions Map 50 → 250"], "m");
    assert_eq!(told.class("Session"), [200, 0, 200 * 48, 0]);
    assert_eq!(told.class("(slicedstring)"), [200, 0, 200 * 120, 0]);
    assert_eq!(told.way(), told.ids(["g", "m", "s150", "d150"]));
}

/// V8's header up to 6.2: of kinds it lists so many.
fn old_v8(listed: usize) -> Style {
    let kinds = [&KINDS[..12], &["symbol"]].concat();
    Style { kinds, listed, described: Vec::new(), ..Style::default() }
}

#[test]
fn v8_3_28_to_6_2_has_symbols_of_a_kind_that_its_list_lacks() {
    let mut style = old_v8(12);
    style.node_fields.truncate(6);
    let draw = |n: usize| {
        let entry =
            |i: usize| format!("y{i}:(symbol)symbol(32) -(name)-> n{i}:(string)\"n {i}\"(40)");
        let known = "root =2=> g:\"global / \"(40) -registry-> r:Registry(24) -byName-> m\n";
        format!("{known}{}", set("m", 0..n, entry))
    };
    let told = Producer { style, id: as_in_v8 }.told("symbols", &[50, 250], draw);
    told.leaks(&["registry.byName Set 50 → 250"], "m");
    assert_eq!(told.class("(undefined)"), [200, 0, 200 * 32, 0]);
    assert_eq!(told.way()[..3], told.ids(["g", "r", "m"]));
}

#[test]
fn v8_3_14_has_an_object_for_root() {
    let style = Style {
        node_fields: "type name id self_size edge_count".split(' ').collect(),
        members: vec!["snapshot", "nodes", "edges", "strings"],
        ..old_v8(10)
    };
    let draw = |n: usize| {
        let mut out = "root:(object)\"\"(0) =1=> g:Object(56) -sessions-> o:Object(56)
            root -[2]-> gc:(object)\"(GC roots)\"(0) -[1]-> strong:(object)\"(Strong roots)\"(0)
            strong -[1]-> g\n"
            .to_owned();
        for i in 0..n {
            let _ = writeln!(out, "o -\"client {i}\"-> {}", call(i));
        }
        out + &format!("o -(properties)-> p{n}:(array)\"(object properties)\"({})", 16 + 24 * n)
    };
    let told = Producer { style, id: as_in_v8 }.told("v8-3.14", &[50, 250], draw);
    told.leaks(&["sessions Object 50 → 250"], "o");
    assert_eq!(told.class("ToolCall"), [200, 0, 200 * 100, 0]);
    assert_eq!(told.way(), told.ids(["g", "o", "s150"]));
}

#[test]
fn ids_of_more_than_32_bits_are_compared_by_the_last_32_and_shown_whole() {
    let addresses = |shift: u64| {
        let mut drawing = draw("root -> a:A(8) -x-> b:B(16)");
        drawing.nodes.iter_mut().for_each(|node| node.id += shift << 32);
        drawing
    };
    let nodes = &addresses(0x7f).heap().tables.nodes;
    assert!(nodes.has_wide_ids());
    assert_eq!(nodes.ids(), [1, 3, 5]);
    let whole: Vec<u64> = nodes.indices().map(|node| nodes.whole_id(node)).collect();
    assert_eq!(whole, [1, 3, 5].map(|id| id + (0x7f << 32)));
    let dir = scratch("wide-ids");
    let files = [0, 0x7f].map(|shift| {
        let file = dir.join(format!("{shift}.heapsnapshot"));
        std::fs::write(&file, addresses(shift).bytes()).unwrap();
        file
    });
    let report = told_of(&files, &Options::default());
    assert_eq!(report["totals"]["new"], 0);
    let note = report["notes"][0].as_str().unwrap();
    assert!(note.contains("127.heapsnapshot ids have more than 32 bits"), "{report}");
}

/// In every form of the report that shows an id.
#[test]
fn a_whole_id_stands_wherever_an_id_is_shown() {
    let told = julia().told("julia-shown", &[50, 250], julia_sessions);
    let [vals, session] = told.ids(["vals", "s150"]).map(|id| id.to_string());
    let [before, after] = [0, 1].map(|at| told.files[at].to_str().unwrap());
    let mut chains = list(&told.report, "chains").iter();
    let chain = chains.find(|chain| chain["class"] == "Main.Session").unwrap();
    let object = chain["object"].to_string();
    for (more, id) in [
        (&["--format=json"][..], &session),
        (&[], &session),
        (&["--format=html"], &session),
        (&["--class=Main.Session"], &object),
    ] {
        let shown = cli::shown([before, after].iter().chain(more));
        assert!(shown.contains(id), "{more:?}");
        assert!(shown.contains(&vals), "{more:?}");
    }
    let new = (50..250).map(|i| told.id(&format!("s{i}")).as_u64());
    assert_eq!(chain["object"].as_u64(), new.min().unwrap(), "of all that are alike");
}
