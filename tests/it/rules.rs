//! DevTools' rules, one small drawing each: sizes, retainers, distances, DOM states.

use crate::drawing::drawn;

#[test]
fn a_part_held_by_one_object_counts_for_that_object() {
    let heap = drawn(
        "root -> map:Map(32)
         map -(table)-> store:(array)(8192) -(next)-> more:(hidden)(100)",
    );
    assert_eq!(heap.shallow("map"), 32 + 8192 + 100);
    assert_eq!([heap.shallow("store"), heap.shallow("more")], [0, 0]);
}

#[test]
fn a_part_held_by_two_objects_keeps_its_size() {
    let heap = drawn(
        "root -> a:Array(16) -(elements)-> shared:(array)(64)
         root -> b:Array(16) -(elements)-> shared
         shared -> deep:(array)(8)",
    );
    assert_eq!([heap.shallow("a"), heap.shallow("b")], [16, 16]);
    assert_eq!([heap.shallow("shared"), heap.shallow("deep")], [64, 8]);
}

#[test]
fn a_weak_edge_makes_no_owner() {
    let heap = drawn(
        "root -> a:Array(16) -(elements)-> part:(array)(64)
         root -> b:Array(16) ~> part",
    );
    assert_eq!([heap.shallow("a"), heap.shallow("part")], [80, 0]);
}

#[test]
fn the_engine_s_synthetic_roots_own_no_parts() {
    let heap = drawn(
        "root -> app:App(8)
         root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[1]-> part:(array)(64)",
    );
    assert_eq!([heap.shallow("gc"), heap.shallow("part")], [0, 64]);
}

#[test]
fn external_string_data_is_a_part_and_other_native_memory_is_not() {
    let heap = drawn(
        "root -> s:(string)text(24) -> data:(native)\"system / ExternalStringData\"(500)
         root -> b:Buffer(24) -> store:(native)\"system / JSArrayBufferData\"(700)",
    );
    assert_eq!([heap.shallow("s"), heap.shallow("data")], [524, 0]);
    assert_eq!([heap.shallow("b"), heap.shallow("store")], [24, 700]);
}

#[test]
fn without_user_roots_no_size_moves() {
    let heap = drawn("root -[1]-> gc:(synthetic)x(0) -[1]-> map:Map(32) -> store:(array)(64)");
    assert_eq!([heap.shallow("map"), heap.shallow("store")], [32, 64]);
    assert_eq!([heap.distance("root"), heap.distance("gc"), heap.distance("map")], [0, 1, 2]);
}

#[test]
fn both_ways_to_a_diamond_must_go_before_it_is_free() {
    let heap = drawn(
        "root -> a:A(1) -l-> b:B(10) -x-> d:D(1000)
         a -r-> c:C(100) -x-> d",
    );
    assert_eq!(heap.dominator("d"), "a");
    assert_eq!([heap.retained("b"), heap.retained("c"), heap.retained("a")], [10, 100, 1111]);
}

#[test]
fn only_the_key_of_a_weak_map_keeps_the_value() {
    let name = |from: &str| {
        format!("\"{from} / part of key (K @key) -> value (V @value) pair in WeakMap (table @t)\"")
    };
    let heap = drawn(&format!(
        "root -> app:App(1) -key-> key:K(10)
         app -map-> map:WeakMap(1) -table-> t:(array)(0)
         key -({})-> value:V(100)
         t -({})-> value",
        name("2"),
        name("3"),
    ));
    assert_eq!(heap.dominator("value"), "key");
    assert_eq!([heap.retained("key"), heap.retained("map")], [110, 1]);
}

#[test]
fn of_a_weak_map_s_two_edges_the_second_one_met_gives_the_distance() {
    let name = "\"1 / part of key (K @key) -> value (V @value) pair in WeakMap (table @t)\"";
    let near = "root -> key:K(10)\n root -> app:App(1) -> t:(array)(0)";
    let heap = drawn(&format!("{near}\n key -({name})-> value:V(9)\n t -({name})-> value"));
    assert_eq!([heap.distance("key"), heap.distance("t"), heap.distance("value")], [1, 2, 3]);
    let alone = drawn(&format!("{near}\n key -({name})-> value:V(9)"));
    assert_eq!(alone.distance("value"), -5, "half an entry holds nothing");
}

#[test]
fn a_name_of_two_lines_is_no_weak_map_entry() {
    let entry = "(V @v) pair in WeakMap (table @t)";
    let mut drawing = crate::drawing::draw(&format!(
        "root -> t:Table(1) -(\"1 / part of key (K @k) -> value {entry}\")-> v:V(9)\n k:K(1)"
    ));
    assert_eq!(drawing.heap().dominators().idom[2].0, 0, "the table's side holds nothing");
    drawing.edges[1].label = drawing.edges[1].label.replace("(K", "(K\u{2028}");
    assert_eq!(drawing.heap().dominators().idom[2].0, 1, "but this is an ordinary edge");
}

#[test]
fn a_weak_edge_keeps_nothing() {
    let heap = drawn("root -> a:A(1) -x-> b:B(10) -> c:C(100)\n a ~> c\n a ~> d:D(5)");
    assert_eq!([heap.dominator("c"), heap.dominator("d")], ["b", "root"]);
    assert_eq!([heap.distance("c"), heap.distance("d")], [3, -5]);
}

#[test]
fn a_shortcut_holds_only_from_the_root() {
    let heap = drawn("root -> a:A(1) -x-> b:B(10) -y-> c:C(100)\n a =s=> c");
    assert_eq!(heap.dominator("c"), "b");
    assert_eq!(heap.distance("c"), 2, "though a search may take it");
    assert_eq!(drawn("root =s=> c:C(100)").dominator("c"), "root");
}

#[test]
fn what_the_page_does_not_own_does_not_hold_what_it_owns() {
    let heap = drawn(
        "root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[1]-> debugger:Debugger(8) -x-> leaf:L(100)
         root -> window:Window(4) -x-> list:List(2) -y-> leaf",
    );
    assert_eq!(heap.dominator("leaf"), "list");
    assert_eq!([heap.retained("debugger"), heap.retained("list")], [8, 102]);
}

#[test]
fn the_documents_start_the_page_over_an_element_edge_only() {
    let with = |edge: &str| {
        drawn(&format!(
            "root {edge} dom:(synthetic)\"(Document DOM trees)\"(0) -[1]-> body:(native)Body(4)
             body -x-> leaf:L(100)
             root -[2]-> gc:(synthetic)\"(GC roots)\"(0) -[1]-> d:Debugger(8) -x-> leaf"
        ))
    };
    assert_eq!(with("-[1]->").dominator("leaf"), "body");
    assert_eq!(with("-p->").dominator("leaf"), "root");
}

#[test]
fn an_object_that_nothing_holds_hangs_below_the_root_with_what_it_holds() {
    let heap = drawn("root -> app:App(1)\n orphan:O(2) -x-> below:B(4) -y-> app\n app ~> orphan");
    assert_eq!([heap.dominator("orphan"), heap.dominator("below")], ["root", "orphan"]);
    assert_eq!(heap.dominator("app"), "root");
    assert_eq!([heap.retained("orphan"), heap.retained("root")], [6, 7]);
    assert_eq!(heap.distance("below"), -5);
}

#[test]
fn an_orphan_s_edge_weakens_the_hold_of_the_living() {
    let heap = drawn("root -> app:App(1) -x-> leaf:L(8)\n orphan:O(2) -y-> leaf");
    assert_eq!(heap.dominator("leaf"), "app", "it does not own what the page owns");
    let heap = drawn("root -[1]-> app:App(1) -x-> leaf:L(8)\n orphan:O(2) -y-> leaf");
    assert_eq!(heap.dominator("leaf"), "root", "but it holds what nobody's page owns");
}

#[test]
fn the_members_of_a_clique_hang_below_the_root_one_by_one() {
    let heap = drawn(
        "root -[1]-> app:App(1) -x-> leaf:L(8)
         a:A(2) -x-> b:B(4) -x-> a
         b -y-> leaf",
    );
    assert_eq!([heap.dominator("a"), heap.dominator("b")], ["root", "root"]);
    assert_eq!([heap.retained("a"), heap.retained("b")], [2, 4]);
    assert_eq!(heap.dominator("leaf"), "app", "and they influence nobody");
}

#[test]
fn an_object_that_only_holds_itself_is_an_orphan_and_no_clique() {
    let heap = drawn("root -> app:App(1)\n a:A(2) -self-> a -x-> b:B(4)");
    assert_eq!((heap.dominator("b"), heap.retained("a")), ("a", 6));
}

#[test]
fn the_root_retains_everything() {
    let heap = drawn("root -> a:A(1)\n o:O(2)\n p:P(4) -> q:Q(8) -> p\n root ~> w:W(16)");
    assert_eq!(heap.retained("root"), 31);
}

#[test]
fn distances_count_from_the_user_roots_and_then_from_the_engine_s() {
    let heap = drawn(
        "root -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[1]-> handle:H(1) -> window
         root -> window:Window(4) -> a:A(1)
         handle -> b:B(1)
         lost:L(1)",
    );
    assert_eq!([heap.distance("window"), heap.distance("a")], [1, 2]);
    assert_eq!(heap.distance("root"), 100_000_000);
    assert_eq!([heap.distance("gc"), heap.distance("handle")], [100_000_001, 100_000_002]);
    assert_eq!([heap.distance("b"), heap.distance("lost")], [100_000_003, -5]);
}

#[test]
fn a_weak_edge_of_the_root_still_starts_a_search() {
    let heap = drawn("root ~> a:A(1) -> b:B(1)\n a ~> c:C(1)");
    assert_eq!([heap.distance("a"), heap.distance("b"), heap.distance("c")], [1, 2, -5]);
}

#[test]
fn the_details_slots_of_map_descriptors_lead_nowhere() {
    let heap = drawn(
        "root -> d:(array)\"(map descriptors)\"(8)
         d -(0)-> n0:N(1)\n d -{1}-> n1:N(1)\n d -{2}-> n2:N(1)
         d -(4)-> n4:N(1)\n d -(\" 7x\")-> n7:N(1)\n d -(next)-> n:N(1)
         root -> e:(array)other(8) -{4}-> m:N(1)",
    );
    assert_eq!(["n0", "n1", "n2", "n"].map(|n| heap.distance(n)), [2; 4]);
    assert_eq!(["n4", "n7"].map(|n| heap.distance(n)), [-5; 2]);
    assert_eq!(heap.distance("m"), 2);
}

#[test]
fn the_sloppy_function_map_of_a_native_context_leads_nowhere() {
    let heap = drawn(
        "root -> c:(hidden)\"system / NativeContext\"(8) -(sloppy_function_map)-> m:(hidden)Map(1)
         root -> d:NativeContext(8) -(sloppy_function_map)-> n:(hidden)Map(1)",
    );
    assert_eq!([heap.distance("m"), heap.distance("n")], [-5, 2]);
}

#[test]
fn the_dom_state_spreads_through_native_nodes_and_renames_the_detached() {
    let heap = drawn(
        "root -> body:(native)Body(1)+attached -> div:(native)Div(1)
         root -> row:(native)Row(1)+detached -> cell:(native)Cell(1) -> div
         cell -> js:Wrapper(1) -> beyond:(native)Beyond(1)
         cell ~> weak:(native)Weak(1)\n cell -{1}-> hidden:(native)Hidden(1)",
    );
    assert_eq!(["body", "div"].map(|n| heap.state(n)), [1, 1]);
    assert_eq!(["row", "cell"].map(|n| heap.state(n)), [2, 2]);
    assert_eq!(["js", "beyond", "weak", "hidden"].map(|n| heap.state(n)), [0; 4]);
    assert_eq!(["row", "div"].map(|n| heap.name(n)), ["Detached Row", "Div"]);
    assert_eq!(heap.class("cell"), ",Detached Cell");
}

#[test]
fn the_attached_state_goes_first() {
    let heap = drawn(
        "root -> row:(native)Row(1)+detached -> both:(native)Both(1)
         root -> body:(native)Body(1)+attached -> both",
    );
    assert_eq!(heap.state("both"), 1);
}

#[test]
fn only_the_two_low_bits_of_a_state_count_and_script_objects_keep_theirs() {
    let heap = drawn("root -> a:(native)A(1)+6\n root -> b:B(1)+2\n root -> c:(native)C(1)+3");
    assert_eq!(["a", "b", "c"].map(|n| heap.state(n)), [2, 2, 3]);
    assert_eq!(["a", "b", "c"].map(|n| heap.name(n)), ["Detached A", "B", "C"]);
}
