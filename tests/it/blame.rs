//! Which of several things that grew is told: one leak once, and who really keeps it.

use crate::cli::shown;
use crate::layouts::{GLOBAL, grown, labels, list, map, snapshots, told};

/// A chain of closures, each over the thing before: two lists of one leak, and two ways in.
///
/// ```text
///   app -last-> t9 -run-> f9 -context-> c9 -before-> t8 -run-> f8 ...
///   bus -hook-> f9
/// ```
fn interleaved(n: usize) -> String {
    let mut out = format!("{GLOBAL}g -app-> app:App(24)\ng -bus-> bus:Bus(24)\n");
    for i in (1..n).rev() {
        out += &format!(
            "t{i}:Thing(900) -run-> f{i}:(closure)run(64) -(context)-> c{i}:\"system / Context\"(40)
             c{i} -<before>-> t{}:Thing(900)\n",
            i - 1
        );
    }
    out + &format!("app -last-> t{0}\nbus -hook-> f{0}\n", n - 1)
}

#[test]
fn lists_that_hold_each_other_are_one_leak() {
    let report = told("blame-lists", &interleaved(5), &interleaved(105));
    assert_eq!(grown(&report), ["app.last list 5 → 105"]);
}

#[test]
fn lists_beside_each_other_are_two() {
    let draw = |n: usize| {
        let chain = |name: &str, class: &str| -> String {
            (1..n)
                .map(|i| format!("{name}{i}:{class}(900) -next-> {name}{}:{class}(900)\n", i - 1))
                .collect()
        };
        format!(
            "{GLOBAL}g -app-> app:App(24)\ng -bus-> bus:Bus(24)\n{}{}app -jobs-> a{2}\nbus -hooks-> b{2}\n",
            chain("a", "Job"),
            chain("b", "Hook"),
            n - 1
        )
    };
    let mut lists = grown(&told("blame-two-lists", &draw(5), &draw(105)));
    lists.sort();
    assert_eq!(lists, ["app.jobs list 5 → 105", "bus.hooks list 5 → 105"]);
}

/// A Map of ports; with `held`, the runtime has them all in a table of its own as well.
fn ports(n: usize, held: bool) -> String {
    let port = |i: usize| format!("p{i}:MessagePort(900)");
    let mut out = format!(
        "{GLOBAL}g -ports-> m:Map(32)\n{}root -[1]-> gc:(synthetic)\"(GC roots)\"(0)
         gc -[2]-> handles:(synthetic)\"(Global handles)\"(0)\n",
        map("m", 0..n, port)
    );
    for i in 0..if held { n } else { 0 } {
        out += &format!("handles -[{i}]-> p{i}\n");
    }
    out
}

#[test]
fn where_a_container_frees_nothing_the_runtime_is_asked() {
    let report = told("blame-held", &ports(5, true), &ports(105, true));
    let names = grown(&report);
    assert!(names.contains(&"ports Map 5 → 105".to_owned()), "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("MessagePort handles held")), "{names:?}");
    assert_eq!(report["suspects"][0]["class"], "MessagePort");
    assert!(list(&report["suspects"][0], "chains").len() > 1, "{report}");
    // Where it frees them, nobody else is to blame.
    let report = told("blame-free", &ports(5, false), &ports(105, false));
    assert_eq!(grown(&report), ["ports Map 5 → 105"]);
}

/// Maps of objects of one class, each of its own ones.
fn maps(names: &[&str], n: usize) -> String {
    let one = |name: &&str| {
        let entry = |i: usize| format!("{name}_{i}:ToolCall(100)");
        format!("g -{name}-> {name}:Map(32)\n{}", map(name, 0..n, entry))
    };
    format!("{GLOBAL}{}", names.iter().map(one).collect::<String>())
}

#[test]
fn a_second_container_of_a_class_that_is_suspected_is_judged_by_its_own() {
    let two = ["calls", "recent"];
    let report = told("blame-second", &maps(&two, 3), &maps(&two, 103));
    let piles = list(&report, "containers").iter().filter(|c| c["piles_up"] == true).count();
    assert_eq!(piles, 2, "{report}");
}

#[test]
fn a_leak_without_advice_is_counted() {
    // Of one class only so many ways are told.
    let names = ["calls", "recent", "open", "late"];
    let text = |after: usize| {
        let drawings = [maps(&names, 3), maps(&names, after)];
        let test = format!("blame-left-out-{after}");
        shown(snapshots(&test, &drawings.each_ref().map(String::as_str)))
    };
    assert!(text(103).contains("1 more piles up without advice here"), "{}", text(103));
    assert!(!text(3).contains("without advice"), "{}", text(3));
}

/// A Map of Hermes, with a class of its own for each part.
fn hermes(n: usize) -> String {
    let mut out = "root -[1]-> regs:(synthetic)\"(Registers)\"(0) -[0]-> g:GlobalObject(40)
                   g -registry-> r:\"JSObject(registry)\"(32) -byId-> m:JSMap(32)
                   m -(storage)-> s:OrderedHashMap(48) -(firstIterationEntry)-> e0:HashMapEntry(48)\n"
        .to_owned();
    for i in 0..n {
        out +=
            &format!("e{i} -(key)-> k{i}:(string)\"key {i}\"(24)\ne{i} -(value)-> v{i}:Row(64)\n");
        if i + 1 < n {
            out += &format!("e{i} -(nextIterationEntry)-> e{}:HashMapEntry(48)\n", i + 1);
        }
    }
    out
}

#[test]
fn a_map_of_hermes_is_a_map_of_what_it_holds() {
    let report = told("blame-hermes", &hermes(50), &hermes(1050));
    assert_eq!(grown(&report), ["registry.byId Map 50 → 1050"]);
    assert_eq!(report["suspects"][0]["class"], "Row");
    assert_eq!(labels(&report["suspects"][0]["chains"][0]), ".registry .byId value of key");
}
