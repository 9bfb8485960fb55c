//! Files as Hermes writes them: its global object, and its Maps and Sets, by the names that a program
//! gives them.

use crate::drawing::KINDS;
use crate::layouts::{call, grown, labels, list};
use crate::producers::{Producer, as_in_v8};
use crate::writing::{Lines, Style};
use std::fmt::Write as _;

/// `counted` since 2024.
fn hermes(counted: bool) -> Producer {
    let kinds = KINDS[..14].to_vec();
    let style = Style { lines: Lines::One, kinds, counted, after: b"", ..Style::default() };
    Producer { style, id: as_in_v8 }
}

/// A program whose global object is called so, and a register that holds its Map or Set directly, as
/// the call has it in hand that wrote the file.
fn hermes_global(class: &str, map: &str) -> String {
    format!(
        "root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[1]-> regs:(synthetic)\"(Registers)\"(0)
         gc -[7]-> protos:(synthetic)\"(Prototypes)\"(0) -(mapPrototype)-> mp:Map(48)
         gc -[11]-> symbols:(synthetic)\"(SymbolRegistry)\"(0) -[0]-> empty:OrderedHashMap(32)
         regs -[0]-> native:(closure)NativeFunction(48)
         regs -[1]-> m
         regs -[6]-> g:\"{class}\"(48) -print-> print:(closure)print(48)
         g -globalThis-> g -registry-> r:\"{class}\"(48)
         r -(directProp0)-> m
         r -sessions-> m
         m -(parent)-> mp
         {map}"
    )
}

/// A Map or a Set; `entry` is the key and the value of each, empty where the file has no edge to them.
fn hermes_map(class: &str, entries: usize, entry: impl Fn(usize) -> [String; 2]) -> String {
    let mut out = format!(
        "m:{class}(48) -(storage)-> o:OrderedHashMap(32) -(hashTable)-> t{entries}:(array)ArrayStorageSmall({})
         o -(firstIterationEntry)-> e0\n",
        16 + 4 * entries
    );
    for i in 0..entries {
        let _ = writeln!(out, "t{entries} -({})-> e{i}:HashMapEntry(40)", 7 * i % entries);
        for (name, node) in
            ["key", "value"].iter().zip(entry(i)).filter(|(_, node)| !node.is_empty())
        {
            let _ = writeln!(out, "e{i} -({name})-> {node}");
        }
        if i > 0 {
            let _ = writeln!(out, "e{} -(nextIterationEntry)-> e{i}", i - 1);
            let _ = writeln!(out, "e{i} -(prevIterationEntry)-> e{}", i - 1);
        }
    }
    let _ = writeln!(out, "o -(lastIterationEntry)-> e{}", entries - 1);
    out
}

fn named(i: usize) -> [String; 2] {
    [format!("k{i}:(string)\"client {i}\"(24)"), call(i)]
}

/// As a Set has it, for key and value.
fn twice(i: usize) -> [String; 2] {
    [call(i), call(i)]
}

fn numbers(_: usize) -> [String; 2] {
    [String::new(), String::new()]
}

#[test]
fn maps_and_sets_of_hermes_have_the_name_that_the_program_gives_them() {
    type Entry = fn(usize) -> [String; 2];
    for (class, entry, kind) in [
        ("Map", named as Entry, "Map"),
        ("JSMap", named, "Map"),
        ("Set", twice, "Set"),
        ("JSSet", twice, "Set"),
        // Of classes that extend them the layout tells, and else the name.
        ("SessionMap", named, "Map"),
        ("SessionSet", twice, "Set"),
        ("JSMap", twice, "Map"),
        ("Map", twice, "Map"),
        ("SessionMap", numbers, "Map"),
        ("Set", numbers, "Set"),
        ("JSSet", numbers, "Set"),
    ] {
        // In 0.8.1 names have no `JS` before them, and the header counts nothing.
        let [global, counted] = [class.starts_with("JS"), !["Map", "Set"].contains(&class)];
        let global = if global { "JSObject(Dictionary)" } else { "Object(Dictionary)" };
        let draw = |n: usize| hermes_global(global, &hermes_map(class, n, entry));
        let calls = if entry(0)[1].is_empty() { 0 } else { 200 };
        let told = hermes(counted).told(&format!("{class}-{calls}"), &[50, 150, 250], draw);
        told.leaks(&[&format!("registry.sessions {kind} 50 → 250")], "m");
        assert_eq!(told.report["containers"][0]["entries"], serde_json::json!([50, 150, 250]));
        assert_eq!(told.class("HashMapEntry"), [200, 0, 200 * 40, 0], "{class}");
        assert_eq!(told.way()[..4], told.ids(["regs", "g", "r", "m"]), "{class}");
        if calls > 0 {
            assert_eq!(told.class("ToolCall"), [calls, 0, calls * 100, 0], "{class}");
            assert_eq!(told.way()[4..], told.ids(["s150"]), "{class}");
        }
    }
}

/// What the language brings, and literals, which are called after their fields, say less than a class.
#[test]
fn a_class_of_the_program_goes_before_what_hermes_calls_arrays_and_literals() {
    for between in ["JSArray", "\"JSObject(load, session)\"", "\"Object(load, session)\""] {
        let entry = |i: usize| {
            let [key, session] = named(i);
            [key, format!("b{i}:{between}(100) -session-> {session}")]
        };
        let draw = |n: usize| hermes_global("JSObject(Dictionary)", &hermes_map("JSMap", n, entry));
        let told = hermes(true).told("between", &[50, 250], draw);
        assert_eq!(told.report["suspects"][0]["class"], "ToolCall", "{between}");
    }
}

#[test]
fn what_a_call_of_hermes_has_in_hand_is_no_global_object() {
    let draw = |n: usize| {
        let program = hermes_global("JSObject(Dictionary)", &hermes_map("JSMap", n, named));
        program.replace("g -globalThis-> g", "g -globalThis-> print\ng")
    };
    let told = hermes(true).told("hermes-no-global", &[50, 250], draw);
    assert_eq!(grown(&told.report), ["(Registers)[…] Map 50 → 250"]);
}

/// What a function that is being called keeps has a name, and what the call has in hand has none.
#[test]
fn a_function_that_is_called_goes_before_what_its_call_has_in_hand() {
    let draw = |n: usize| {
        let map = hermes_map("JSMap", n, named);
        let global = hermes_global("JSObject(Dictionary)", &map).replace("r -sessions-> m", "");
        let main =
            "regs -[2]-> main:(closure)main(48) -(environment)-> env:Environment(32) -(0)-> m";
        format!("{}{main}\n", global.replace("r -(directProp0)-> m", ""))
    };
    let told = hermes(true).told("function", &[50, 250], draw);
    assert_eq!(grown(&told.report), ["[…].<environment>.<0> Map 50 → 250"]);
    // Whatever else has it goes before both.
    let added = |n: usize| draw(n) + "mp -sessions-> m\n";
    let told = hermes(true).told("prototype", &[50, 250], added);
    assert_eq!(grown(&told.report), ["(Prototypes).<mapPrototype>.sessions Map 50 → 250"]);
}

/// The place of a property has a name too.
#[test]
fn what_an_object_of_hermes_holds_is_called_by_its_property() {
    let data = |i: usize| format!("s{i} -(directProp0)-> d{i}:Data(300)\ns{i} -data-> d{i}\n");
    let draw = |n: usize| {
        let map = hermes_map("JSMap", n, named) + &(0..n).map(data).collect::<String>();
        hermes_global("JSObject(Dictionary)", &map)
    };
    let told = hermes(true).told("inside", &[50, 250], draw);
    let way = &told.report["suspects"][0]["chains"][0];
    let class = told.report["suspects"][0]["class"].as_str().unwrap();
    let data = list(way, "steps").iter().find(|step| step["class"] == "Data");
    assert_eq!(data.unwrap()["label"], ".data", "{class}: {}", labels(way));
}

/// The symbols of all programs are in a table of the same kind, which is no Map of this one.
#[test]
fn what_hermes_itself_keeps_in_such_a_table_is_no_map() {
    let draw = |n: usize| {
        let map = hermes_map("JSMap", n, named).replacen("m:JSMap(48) -(storage)-> o", "o", 1);
        let program = hermes_global("JSObject(Dictionary)", &format!("m:JSMap(48)\n{map}"));
        program.replace("-[0]-> empty:", "-[0]-> o:")
    };
    let told = hermes(true).told("hermes-symbols", &[50, 250], draw);
    assert_eq!(grown(&told.report), ["(SymbolRegistry)[…] list 50 → 250"]);
}
