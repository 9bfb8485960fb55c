//! Graphs that no program makes: as deep as they are large, as wide, in a ring, or held by nothing.

use crate::cli::shown;
use crate::drawing::{draw, draw_all, drawn};
use crate::fixtures::{heap, scratch};
use crate::hostile_files::confined;
use crate::invariants::laws_of_one_heap;
use crate::layouts::{GLOBAL, list, told};
use crate::writing::swapped;
use heapdiff::ids::{NodeIdx, ROOT};
use heapdiff::parse::Tables;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Each object holds the next one.
    Chain,
    /// And the last one the first.
    Ring,
    /// The root holds all of them.
    Star,
}

/// A file of so many objects of 16 bytes beside the root.
fn file(shape: Shape, count: usize) -> Vec<u8> {
    let (fields, links) = (5, if shape == Shape::Ring { count + 1 } else { count });
    let mut nodes = format!("1,0,1,0,{}", if shape == Shape::Star { count } else { 1 });
    let mut edges = String::from("0,1,5");
    for at in 1..=count {
        let owned = usize::from(shape == Shape::Ring || (shape == Shape::Chain && at < count));
        let _ = write!(nodes, "\n,0,1,{},16,{owned}", 2 * at + 1);
        if at > 1 {
            let _ = write!(edges, "\n,0,2,{}", at * fields);
        }
    }
    if shape == Shape::Ring {
        edges += "\n,0,2,5";
    }
    format!(
        r#"{{"snapshot":{{"meta":{{"node_fields":["type","name","id","self_size","edge_count"],
"node_types":[["object","synthetic"]],"edge_fields":["type","name_or_index","to_node"],
"edge_types":[["property"]]}},"node_count":{},"edge_count":{links}}},
"nodes":[{nodes}],"edges":[{edges}],"strings":["","Link","next"]}}"#,
        count + 1,
    )
    .into_bytes()
}

/// Read, understood and compared with a smaller one of its kind by the program.
fn large(shape: Shape, count: usize) {
    let content = file(shape, count);
    let dir = scratch(&format!("hostile-graph-{}-{count}", shape as u8));
    let paths = [dir.join("before"), dir.join("after")];
    std::fs::write(&paths[0], file(shape, count / 2)).unwrap();
    std::fs::write(&paths[1], &content).unwrap();
    let text = shown(paths.iter().map(|p| p.as_os_str()).chain(["--sort=new".as_ref()]));
    std::fs::remove_dir_all(dir).unwrap();
    let row = text.lines().find(|line| line.starts_with("Link")).unwrap();
    let new = row.split_whitespace().nth(1).unwrap().replace(',', "");
    assert_eq!(new.parse(), Ok(count - count / 2), "{text}");

    let heap = heap(content);
    let size = 16 * count as u64;
    let (first, last) = (NodeIdx(1), NodeIdx::from_at(count));
    assert_eq!(heap.retained().of(ROOT), size);
    let (alone, depth) = (shape == Shape::Star, count as i32);
    assert_eq!(heap.retained().of(first), if alone { 16 } else { size });
    assert_eq!(heap.retained().of(last), 16);
    assert_eq!(heap.shortest().distance[count], if alone { 1 } else { depth });
    laws_of_one_heap(&heap, "a large graph");
}

#[test]
fn a_chain_of_a_million_objects_is_compared() {
    large(Shape::Chain, 1_000_000);
}

#[test]
fn a_ring_of_a_million_objects_is_compared() {
    large(Shape::Ring, 1_000_000);
}

#[test]
fn a_star_of_a_million_objects_is_compared() {
    large(Shape::Star, 1_000_000);
}

#[test]
#[ignore = "needs 5 GB of memory and, without optimisation, minutes"]
fn a_chain_a_ring_and_a_star_of_ten_million_objects_are_compared() {
    for shape in [Shape::Chain, Shape::Ring, Shape::Star] {
        large(shape, 10_000_000);
    }
}

#[test]
fn a_heap_whose_edges_are_all_weak_is_held_by_the_root() {
    let all = drawn("root ~> a:A(8) ~> b:B(16) ~x~> c:C(32)\n c ~> a\n root ~> c");
    for (handle, size) in [("a", 8), ("b", 16), ("c", 32)] {
        assert_eq!((all.retained(handle), all.dominator(handle)), (size, "root"));
    }
    laws_of_one_heap(&all.heap, "all weak");
    let lists = |n: usize| {
        let weak = (0..n).map(|i| format!("root ~> o{i}:Orphan(4096)\n"));
        format!("root ~> keep:Keep(8)\n{}", weak.collect::<String>())
    };
    let report = told("all-weak", &lists(2), &lists(402));
    assert_eq!(report["totals"]["new"], 400);
}

#[test]
fn a_heap_without_any_edge_is_read() {
    let mut drawing = draw("root -> a:A(8) -> b:B(16)");
    drawing.edges.clear();
    let heap = drawing.heap();
    assert_eq!(heap.retained().of(ROOT), 24);
    assert_eq!(heap.shortest().distance, [0, -5, -5]);
    laws_of_one_heap(&heap, "no edges");
}

#[test]
fn files_in_which_ids_repeat_are_compared_with_a_note() {
    let plain = format!("{GLOBAL}g -log-> a:Array(16)\n a -[0]-> x:X(8)\n a -[1]-> y:X(8)");
    let twice = |times: usize| {
        let mut drawing = draw(&plain);
        let (x, y) = (drawing.at("x"), drawing.at("y"));
        drawing.nodes[y].id = drawing.nodes[if times == 2 { x } else { y }].id;
        drawing.bytes()
    };
    let dir = scratch("hostile-ids");
    let files = [1, 2].map(|times| {
        let file = dir.join(format!("{times}.heapsnapshot"));
        std::fs::write(&file, twice(times)).unwrap();
        file
    });
    let note = |before: usize, after: usize| {
        let files = [before, after].map(|times| files[times - 1].clone());
        let report = crate::layouts::told_of(&files, &heapdiff::report::Options::default());
        let notes: Vec<String> =
            list(&report, "notes").iter().map(|n| n.as_str().unwrap().to_owned()).collect();
        let one_by_one = "several objects have one id; these are matched one by one";
        assert!(notes.iter().all(|n| n.contains(one_by_one)), "{notes:?}");
        (notes, report["totals"]["new"].as_u64().unwrap())
    };
    assert_eq!(note(1, 1), (vec![], 0));
    assert!(note(1, 2).0[0].contains("2.heapsnapshot"));
    assert!(note(2, 1).0[0].contains("2.heapsnapshot"));
    let (notes, new) = note(2, 2);
    assert!(notes[0].starts_with("in both files") && new == 0, "{notes:?}");
}

/// In a second of processor time: what is long is read once and not once for each object.
#[test]
fn long_names_and_long_gaps_do_not_count_for_each_object() {
    let objects = |n: usize| {
        let kinds = ["", "(closure)", "(string)", "(native)", "(hidden)"];
        let line = |i: usize| format!("g -LABEL-> o{i}:{}LONG(16)\n", kinds[i % 5]);
        format!("{GLOBAL}{}", (0..n).map(line).collect::<String>())
    };
    let long = "x".repeat(1 << 19);
    let gap = format!("\"LONG\"{}", " ".repeat(1 << 19));
    let drawings = draw_all(&[&objects(1), &objects(16_000)]);
    let dir = scratch("hostile-long");
    for (at, text, with) in [(0, "LONG", &long), (1, "LABEL", &long), (2, "\"LONG\"", &gap)] {
        let files = [0, 1].map(|which| {
            let file = dir.join(format!("{at}-{which}.heapsnapshot"));
            std::fs::write(&file, swapped(&drawings[which].bytes(), text, with)).unwrap();
            file
        });
        let output = confined(512 << 10, &[&files[0], &files[1]]);
        assert_eq!(output.status.code(), Some(0), "{text}: {output:?}");
    }
}

/// One object before, so many after: each of a class with a place of its own, all under one long name.
fn one_name(folder: &str, objects: usize, length: usize) -> [PathBuf; 2] {
    let draw = |n: usize| {
        let line = |i: usize| format!("g -x{i}-> o{i}:LONG(16)@{i}:1:1\n");
        format!("{GLOBAL}{}", (0..n).map(line).collect::<String>())
    };
    let (drawings, dir) = (draw_all(&[&draw(1), &draw(objects)]), scratch(folder));
    [0, 1].map(|which| {
        let file = dir.join(format!("{which}.heapsnapshot"));
        let content = swapped(&drawings[which].bytes(), "LONG", "x".repeat(length));
        std::fs::write(&file, content).unwrap();
        file
    })
}

/// In half a gigabyte: a name stands in the keys of all classes that are called so.
#[test]
fn a_long_name_is_not_copied_for_each_class_that_has_a_place_of_its_own() {
    let files = one_name("hostile-places", 2000, 1 << 17);
    let output = confined(512 << 10, &[&files[0], &files[1]]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// In a second of processor time, and half a gigabyte of which the program's own stacks are a part: the
/// same name stands in each row of JSON, as it may be shown.
#[test]
fn json_is_no_longer_than_the_names_of_the_file_allow() {
    let files = one_name("hostile-json", 4000, 1 << 16);
    let output = confined(512 << 10, &[&files[0], &files[1], Path::new("--format=json")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let most = 32 * std::fs::metadata(&files[1]).unwrap().len() as usize;
    assert!(output.stdout.len() < most, "{} bytes", output.stdout.len());
}

/// The same for a dump, where two long names take turns and the name of each node is hashed.
#[test]
fn a_dump_is_no_longer_than_the_names_of_the_file_allow_and_hashes_no_more() {
    let line = |i: usize| format!("g -x{i}-> o{i}:{}(16)@{i}:1:1\n", ["ONE", "TWO"][i % 2]);
    let drawing = format!("{GLOBAL}{}", (0..20_000).map(line).collect::<String>());
    let content = swapped(&draw(&drawing).bytes(), "ONE", "x".repeat(1 << 18));
    let content = swapped(&content, "TWO", "y".repeat(1 << 18));
    let dir = scratch("hostile-dump");
    let (file, into) = (dir.join("one.heapsnapshot"), dir.join("into"));
    std::fs::write(&file, &content).unwrap();
    let output = confined(512 << 10, &[Path::new("dump"), &file, Path::new("-o"), &into]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for name in ["snapshot.classes.tsv", "snapshot.nodes.json"] {
        let written = std::fs::metadata(into.join(name)).unwrap().len() as usize;
        assert!(written < 8 * content.len(), "{name}: {written} bytes");
    }
}

/// The same for many containers that are far from the root: what all of their ways have in common is
/// walked over once.
#[test]
fn many_containers_at_the_end_of_a_long_way_are_told_in_time() {
    let draw = |entries: usize| {
        let way: String =
            (1..8000).map(|i| format!("o{} -n{}-> o{i}:Part(24)\n", i - 1, i % 7)).collect();
        let array = |at: usize| {
            let entry = |i: usize| format!("a{at} -[{i}]-> e{at}_{i}:Item(500)\n");
            let entries: String = (0..entries).map(entry).collect();
            format!("o7999 -c{at}-> a{at}:Array(32)\n{entries}")
        };
        let arrays: String = (0..800).map(array).collect();
        format!("{GLOBAL}g -n0-> o0:Part(24)\n{way}{arrays}")
    };
    let dir = scratch("hostile-far");
    let drawings = draw_all(&[&draw(0), &draw(12)]);
    let files = [0, 1].map(|which| {
        let file = dir.join(format!("{which}.heapsnapshot"));
        std::fs::write(&file, drawings[which].bytes()).unwrap();
        file
    });
    let output = confined(512 << 10, &[&files[0], &files[1], Path::new("--format=json")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stdout.len() < 8 << 20, "{} bytes", output.stdout.len());
}

#[test]
fn a_string_of_64_megabytes_is_read_and_its_value_is_not_shown() {
    let long = "x".repeat(64 << 20);
    let file = draw("root -> a:A(8) -s-> s:(string)PLACE(24)").bytes();
    let content = swapped(&file, "PLACE", &long);
    let input = heapdiff::input::Input::from_bytes(content.clone());
    let tables = Tables::read(&std::sync::Arc::new(input)).unwrap();
    assert_eq!(tables.strings.get(tables.nodes.name(NodeIdx(2))).len(), 64 << 20);
    let dir = scratch("hostile-string");
    let paths = [dir.join("before"), dir.join("after")];
    std::fs::write(&paths[0], draw("root -> a:A(8)").bytes()).unwrap();
    std::fs::write(&paths[1], content).unwrap();
    for more in ["--all", "--class=*", "--format=json"] {
        let text = shown(paths.iter().map(|p| p.as_os_str()).chain([more.as_ref()]));
        assert!(text.len() < 100_000 && text.contains("string"), "{more}: {} bytes", text.len());
    }
}
