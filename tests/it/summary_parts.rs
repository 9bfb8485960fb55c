//! Each part of a summary, on a heap that is small enough to be counted by hand.

use crate::drawing::draw;
use crate::summary::{COPIES, asked, file, of, rows, text, told};

#[test]
fn an_object_of_which_most_is_in_one_object_gives_way_to_that_one() {
    let summary = of("root -> app:App(100) -box-> box:Box(20) -items-> list:Array(16)
        list -[0]-> a:Item(200) -data-> d1:Data(100)
        list -[1]-> b:Item(200) -data-> d2:Data(100)
        list -[2]-> c:Item(200) -data-> d3:Data(100)
        app -other-> o:Other(50) -x-> p:Part(30)
        root -> n1:Node(10) -next-> n2:Node(10) -next-> n3:Node(10)");
    let heavy = told(&summary["dominators"], &["object/class", "object/retained", "path"]);
    let expected = ["Array 916 box.items", "Other 80 other", "Node 30 Node"];
    assert_eq!(heavy, expected);
    assert_eq!(summary["dominators"]["total"], 3);
}

#[test]
fn containers_go_by_their_entries() {
    let properties: String = (0..50).map(|n| format!("o -p{n}-> v{n}:V(8)\n")).collect();
    let summary = of(&format!(
        "root -> app:App(8) -m-> m:Map(16) -(table)-> t:(array)(64)
        t -(5)-> k:(string)key(8)
        t -(6)-> v:V(8)
        t -(8)-> k2:(string)key2(8)
        t -(9)-> v
        app -s-> s:Set(16) -(table)-> u:(array)(64)
        u -(4)-> v
        u -(6)-> k
        u -(8)-> k2
        app -a-> a:Array(16) -[0]-> v
        app -e-> e:Map(16)
        app -few-> few:Few(8) -x-> v
        app -o-> o:Object(400)
        {properties}"
    ));
    let list = &summary["containers"];
    let expected = ["Object 50 o", "Set 3 s", "Map 2 m", "Array 1 a"];
    assert_eq!(told(list, &["shape", "entries", "path"]), expected);
    assert_eq!(list["total"], 4);
}

#[test]
fn equal_strings_of_one_size_are_copies_and_their_text_is_not_told() {
    let file = file(&draw(COPIES).bytes());
    let copies = asked(&file, &[])["copies"].take();
    let groups = told(&copies["texts"], &["count", "shallow", "saved", "cut", "path"]);
    assert_eq!(groups, ["3 72 48 false a", "2 80 40 false d"]);
    assert_eq!((&copies["strings"], &copies["saved"]), (&5.into(), &88.into()));
    for how in ["text", "json", "agent"] {
        assert!(!text(&file, &["-f", how]).contains("alpha"), "{how}");
        assert!(text(&file, &["-f", how, "--show-strings"]).contains("alpha"), "{how}");
    }
}

#[test]
fn texts_that_are_cut_in_the_file_are_said_to_be_alike_only_so_far() {
    let long = "x".repeat(1024);
    let file = file(
        &draw(&format!(
            "root -> app:App(8) -a-> a:(string){long}(2000)
        app -b-> b:(string){long}(2000)
        app -c-> c:(string){long}(3000)"
        ))
        .bytes(),
    );
    let copies = asked(&file, &[])["copies"].take();
    assert_eq!(told(&copies["texts"], &["count", "saved", "cut"]), ["2 2000 true"]);
    assert!(text(&file, &[]).contains("* of these the file has but the beginning"));
}

#[test]
fn the_value_of_a_string_stands_in_no_path_to_it() {
    let file = file(
        &draw(
            "root -> app:App(8) -r-> r:X(24) -{1}-> a:(string)hidden(24)
        r -{2}-> b:(string)hidden(24)",
        )
        .bytes(),
    );
    for how in ["text", "json", "agent"] {
        assert!(!text(&file, &["-f", how]).contains("hidden"), "{how}");
    }
}

#[test]
fn detached_nodes_are_counted_by_class_and_weighed_once() {
    let summary = of(
        "root -> app:App(8) -row-> d:(native)Div(100)+detached -[0]-> e:(native)Div(40)+detached
        e -[1]-> t:(native)Text(10)+detached
        app -own-> r:(native)\"Node / Wrap\"(70)+detached
        root -> doc:(native)Doc(8)+attached -[0]-> f:(native)Div(8)+attached",
    );
    let expected = ["Detached Div 2 140 150 row", "Detached Text 1 10 10 row[…][…]"];
    let list = &summary["detached"];
    assert_eq!(told(list, &["class", "count", "shallow", "retained", "path"]), expected);
}

#[test]
fn variables_are_told_once_for_all_functions_that_have_them() {
    let summary =
        of("root -> app:App(8) -f-> f:(closure)f(32)@1:2:3 -(context)-> c:\"system / Context\"(24)
        app -g-> g:(closure)g(32)@1:4:5 -(context)-> c
        f -(shared)-> sf:(code)f(0) -(script)-> sc:(code)app(0) -(name)-> nm:(string)/app/a.js(0)
        g -(shared)-> sg:(code)g(0) -(script)-> sc
        c -<big>-> big:Big(500)
        c -<small>-> small:Small(10)
        c -(scope_info)-> i:(code)\"system / ScopeInfo\"(0) -(function_name)-> n:(string)outer(0)
        app -h-> h:(closure)g(32)@1:4:5 -(context)-> c2:\"system / Context\"(24) -(scope_info)-> i
        h -(shared)-> sg
        c2 -<big>-> b2:Big(300)");
    let list = &summary["closures"];
    let fields = ["function/name", "declared_in", "functions", "closures", "contexts", "retained"];
    assert_eq!(told(list, &fields), ["g outer 2 3 2 858"]);
    let variables = told(&rows(list)[0]["variables"], &["name", "retained"]);
    assert_eq!(variables, ["big 800", "small 10"]);
}

#[test]
fn what_waits_for_promises_is_told_by_its_function() {
    let summary = of("root -> app:App(8) -p-> p:Promise(16) -(reactions_or_result)-> r:(hidden)\"system / PromiseReaction\"(40)
        r -{1}-> h:(closure)\"\"(32) -(context)-> c:\"system / Context\"(24) -(extension)-> g:Generator(48)
        g -(function)-> load:(closure)load(32)@1:5:6
        r -{2}-> r2:(hidden)\"system / PromiseReaction\"(40) -{1}-> then:(closure)onDone(32)@1:8:9
        then -(shared)-> st:(code)st(0) -(script)-> sc:(code)app(0) -(name)-> nm:(string)/app/a.js(0)
        app -q-> q:Promise(16) -(reactions_or_result)-> r3:(hidden)\"system / PromiseReaction\"(40)
        r3 -{1}-> h2:(closure)\"\"(32) -(context)-> c
        app -z-> z:Promise(16) -(reactions_or_result)-> r4:(hidden)\"system / PromiseReaction\"(40)
        app -done-> done:Promise(16) -(reactions_or_result)-> app");
    let list = &summary["waiting"];
    let expected = ["load 2 2 p", "onDone 1 1 p", "- 1 1 z"];
    assert_eq!(told(list, &["function/name", "count", "promises", "path"]), expected);
}

#[test]
fn listeners_are_told_by_emitter_and_event() {
    let summary = of("root -> app:App(8) -bus-> bus:Bus(16) -_events-> ev:Object(16)
        ev -data-> l:Array(16)
        l -[0]-> a:(closure)a(32)
        l -[1]-> b:(closure)b(32)
        ev -end-> a
        ev -__proto__-> proto:Object(16)
        ev -none-> undefined:(hidden)undefined(8)
        app -bus2-> bus2:Bus(16) -_events-> ev2:Object(16) -end-> b
        app -sig-> sig:AbortSignal(16) -\"<symbol kEvents>\"-> m:Map(16) -(table)-> t:(array)(64)
        t -(5)-> k:(string)abort(16)
        t -(6)-> first:Object(16) -next-> l1:Listener(16) -next-> l2:Listener(16)
        l2 -next-> l1");
    let list = &summary["listeners"];
    let fields = ["class", "event", "listeners", "emitters", "path"];
    let mut told = told(list, &fields);
    told.sort();
    let expected = ["AbortSignal abort 2 1 sig", "Bus data 2 1 bus", "Bus end 2 2 bus"];
    assert_eq!(told, expected);
}

#[test]
fn timers_are_told_by_what_they_call() {
    let summary = of("root -> app:App(8) -a-> a:Timeout(100) -_onTimeout-> tick:(closure)tick(32)@1:2:3
        app -b-> b:Timeout(100) -_onTimeout-> again:(closure)tick(32)@1:2:3
        tick -(shared)-> s:(code)tick(0)
        again -(shared)-> s
        app -c-> c:Timeout(100) -_onTimeout-> bound:(closure)native_bind(32) -(bound_function)-> f:(closure)poll(32)
        app -d-> d:Timeout(100) -_onTimeout-> null:(hidden)null(8)");
    let list = &summary["timers"];
    assert_eq!(told(list, &["function/name", "count", "retained"]), ["tick 2 264", "poll 1 164"]);
    assert_eq!(list["total"], 2);
}
