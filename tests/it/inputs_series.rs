//! A directory or an archive alone: the snapshots in it that belong together, oldest first.

use crate::cli::{complaint, run, shown};
use crate::fixtures::scratch;
use crate::packing::{fed, gzip, tar, zip};
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Snapshots of one process in which a map holds more and more.
fn heaps(count: usize) -> Vec<Vec<u8>> {
    let drawing = |n: usize| {
        let sessions = (0..n * 4).map(|i| format!("map -[{i}]-> s{i}:Session(900)\n"));
        format!("root -> app:App(48) -cache-> map:Map(32)\n{}", sessions.collect::<String>())
    };
    let drawings: Vec<String> = (1..=count).map(drawing).collect();
    let drawings: Vec<&str> = drawings.iter().map(String::as_str).collect();
    crate::drawing::draw_all(&drawings).iter().map(|drawing| drawing.bytes()).collect()
}

fn node_name(process: u32, minute: usize) -> String {
    format!("Heap.20261121.14{minute:02}00.{process}.0.{minute:03}.heapsnapshot")
}

/// Names of the files of a report, oldest first.
fn order(output: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(output).unwrap();
    let name = |snapshot: &Value| {
        let path = Path::new(snapshot["path"].as_str().unwrap());
        path.file_name().unwrap().to_str().unwrap().to_owned()
    };
    let between = report["between"].as_array().unwrap();
    let ends = &report["snapshots"];
    [&ends["before"]].into_iter().chain(between).chain([&ends["after"]]).map(name).collect()
}

fn order_in(path: &Path) -> Vec<String> {
    order(&shown([path.as_os_str(), "--format=json".as_ref()]))
}

#[test]
fn node_s_own_names_make_a_series() {
    let dir = scratch("series-names");
    let heaps = heaps(3);
    for (at, minute) in [(2, 30), (0, 10), (1, 20)] {
        std::fs::write(dir.join(node_name(42, minute)), &heaps[at]).unwrap();
    }
    let names = [10, 20, 30].map(|minute| node_name(42, minute));
    assert_eq!(order_in(&dir), names);
    // What else is there is left out, as is a packed copy.
    std::fs::write(dir.join(node_name(42, 20) + ".gz"), gzip(&heaps[1])).unwrap();
    std::fs::write(dir.join("notes.txt"), "x").unwrap();
    std::fs::write(dir.join("baseline.heapsnapshot"), &heaps[0]).unwrap();
    std::fs::write(dir.join(node_name(43, 15)), &heaps[0]).unwrap();
    assert_eq!(order_in(&dir), names);
    let text = shown([&dir]);
    let note = format!(
        "note: compared, oldest first by the times in their names (files of other \
                        processes or names are left out: 2): {}\n",
        names.join(", ")
    );
    assert!(text.contains(&note), "{text}");
    // Two of another process: which one is meant?
    std::fs::write(dir.join(node_name(43, 25)), &heaps[1]).unwrap();
    let error = complaint(&run([&dir]), 2);
    assert!(error.contains("several processes or threads"), "{error}");
    assert!(error.contains("process 42, thread 0 (3 files), process 43, thread 0 (2 files)"));
}

#[test]
fn files_that_are_called_by_numbers_are_in_their_order() {
    let dir = scratch("series-numbers");
    let heaps = heaps(3);
    // In the order of the alphabet 10 comes before 9.
    for (name, heap) in [("10", &heaps[2]), ("8", &heaps[0]), ("9", &heaps[1])] {
        std::fs::write(dir.join(format!("{name}.heapsnapshot")), heap).unwrap();
    }
    assert_eq!(order_in(&dir), ["8", "9", "10"].map(|name| format!("{name}.heapsnapshot")));
    std::fs::write(dir.join("08.heapsnapshot"), &heaps[0]).unwrap();
    assert!(complaint(&run([&dir]), 2).contains("in no known order"));
}

#[test]
fn two_files_of_a_directory_are_before_and_after_by_name_or_time() {
    let dir = scratch("series-two");
    let heaps = heaps(2);
    let [a, b] = ["b.heapsnapshot", "a.heapsnapshot"].map(|name| dir.join(name));
    for (file, heap, age) in [(&a, &heaps[0], 500), (&b, &heaps[1], 100)] {
        std::fs::write(file, heap).unwrap();
        let time = SystemTime::now() - Duration::from_secs(age);
        std::fs::File::options().write(true).open(file).unwrap().set_modified(time).unwrap();
    }
    assert_eq!(order_in(&dir), ["b.heapsnapshot", "a.heapsnapshot"]);
    assert!(shown([&dir]).contains("oldest first by the times of the files"));
    let [before, after] = ["before.heapsnapshot", "after.heapsnapshot.gz"].map(|n| dir.join(n));
    std::fs::rename(&b, &before).unwrap();
    std::fs::rename(&a, &after).unwrap();
    assert_eq!(order_in(&dir), ["before.heapsnapshot", "after.heapsnapshot.gz"]);
    // As brotli the content is read although only the name says so.
    let (gzip, brotli) = (after.clone(), after.with_extension("br"));
    std::fs::remove_file(gzip).unwrap();
    std::fs::write(&brotli, crate::packing::brotli(&heaps[1])).unwrap();
    assert_eq!(order_in(&dir), ["before.heapsnapshot", "after.heapsnapshot.br"]);
    std::fs::rename(brotli, &after).unwrap();
    std::fs::write(dir.join("third.heapsnapshot"), &heaps[1]).unwrap();
    let error = complaint(&run([&dir]), 2);
    assert!(error.contains("3 snapshots are in it, in no known order: after.heapsnapshot.gz, "));
}

#[test]
fn an_archive_alone_is_a_series_too() {
    let dir = scratch("series-archive");
    let heaps = heaps(3);
    let names = [10, 20, 30].map(|minute| format!("app/{}", node_name(42, minute)));
    let entries = [
        (names[2].as_str(), 1, heaps[2].as_slice()),
        (names[0].as_str(), 2, heaps[0].as_slice()),
        (names[1].as_str(), 3, heaps[1].as_slice()),
    ];
    let expected = [10, 20, 30].map(|minute| node_name(42, minute));
    for (name, bytes) in [
        ("a.tar", tar(&entries)),
        ("a.tgz", gzip(&tar(&entries))),
        ("a.zip", zip(&entries, zip::CompressionMethod::Deflated)),
    ] {
        let file = dir.join(name);
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(order_in(&file), expected, "{name}");
        let output = fed(&["-", "--format=json"], &bytes);
        assert_eq!(order(std::str::from_utf8(&output.stdout).unwrap()), expected, "{name}");
    }
    let two = [("x.heapsnapshot", 9, heaps[1].as_slice()), ("y.heapsnapshot", 4, &heaps[0])];
    for bytes in [tar(&two), zip(&two, zip::CompressionMethod::Stored)] {
        let output = fed(&["-", "--format=json"], &bytes);
        let output = std::str::from_utf8(&output.stdout).unwrap();
        assert_eq!(order(output), ["y.heapsnapshot", "x.heapsnapshot"], "by their times");
    }
}

#[test]
fn names_that_differ_by_more_than_the_packing_are_of_different_files() {
    let dir = scratch("series-names");
    let heaps = heaps(2);
    for (name, heap) in [("Run.heapsnapshot", &heaps[0]), ("run.heapsnapshot", &heaps[1])] {
        std::fs::write(dir.join(name), heap).unwrap();
    }
    // What stands between a file and its copy in the alphabet does not part them.
    if std::fs::read_dir(&dir).unwrap().count() == 2 {
        assert_eq!(order_in(&dir).len(), 2);
        std::fs::remove_file(dir.join("Run.heapsnapshot")).unwrap();
    }
    std::fs::write(dir.join("run.heapsnapshot-2.heapsnapshot"), &heaps[0]).unwrap();
    std::fs::write(dir.join("run.heapsnapshot.gz"), gzip(&heaps[1])).unwrap();
    assert_eq!(order_in(&dir).len(), 2);
}

#[test]
fn one_snapshot_is_not_enough() {
    let dir = scratch("series-one");
    let heap = heaps(1).remove(0);
    let error = complaint(&fed(&["-"], &heap), 2);
    assert!(error.contains("one snapshot is not enough to compare"), "{error}");
    let error = complaint(&fed(&["-"], &tar(&[("x.heapsnapshot", 1, &heap)])), 2);
    assert!(error.contains("only one snapshot is in it: x.heapsnapshot"), "{error}");
    let error = complaint(&run([&dir]), 3);
    assert!(error.contains("no file in it is named *.heapsnapshot"), "{error}");
    let error = complaint(&fed(&["-"], &tar(&[("x.txt", 1, b"hello")])), 3);
    assert!(error.contains("no heap snapshot is in the archive, only x.txt"), "{error}");
}

#[test]
fn times_in_names_give_growth_per_hour() {
    let dir = scratch("series-rate");
    let sizes = [1, 200].map(|n| {
        let sessions = (0..n).map(|i| format!("map -[{i}]-> s{i}:Session(9000)\n"));
        format!("root -> app:App(48) -cache-> map:Map(32)\n{}", sessions.collect::<String>())
    });
    let pair = crate::drawing::draw_pair(&sizes[0], &sizes[1]);
    std::fs::write(dir.join(node_name(42, 10)), pair.before.bytes()).unwrap();
    std::fs::write(dir.join(node_name(42, 40)), pair.after.bytes()).unwrap();
    let text = shown([&dir]);
    assert!(text.contains("3.6 MB per hour over 30 min, by the times in the file names"), "{text}");
}
