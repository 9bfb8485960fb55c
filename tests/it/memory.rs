//! What a run may take of the machine's memory, and what it says where that is too little.

use crate::cli::{complaint, program};
use crate::fixtures::{self, path, scratch};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

fn plain() -> [PathBuf; 2] {
    ["plain/before.heapsnapshot", "plain/after.heapsnapshot"].map(path)
}

/// The report of the plain pair within so many bytes, if they are enough.
fn within(limit: u64, format: &str) -> Option<Vec<u8>> {
    let output = program()
        .args(plain())
        .args(["--format", format, "--max-memory"])
        .arg(limit.to_string())
        .output()
        .unwrap();
    match output.status.code() {
        Some(0) => Some(output.stdout),
        Some(4) => None,
        other => panic!("{other:?}: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[test]
fn what_will_not_fit_is_refused_before_it_is_read_with_what_it_needs() {
    let [before, after] = plain();
    let output = program().args([&before, &after]).args(["--max-memory", "20MB"]).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(4), 0));
    let line = errors.lines().next().unwrap();
    assert!(line.starts_with("error: comparing these snapshots takes about "), "{line}");
    assert!(line.ends_with(" MB, and the limit is 20.0 MB"), "{line}");
    assert!(errors.contains("--max-memory"), "{errors}");
}

/// A plain file is mapped; a packed one has to be held.
#[test]
fn a_packed_file_that_will_not_fit_is_refused_while_it_is_unpacked() {
    let dir = scratch("memory_packed");
    let [before, after] = plain();
    let packed = dir.join("after.heapsnapshot.gz");
    fs::write(&packed, crate::packing::gzip(&fs::read(after).unwrap())).unwrap();
    let output = program().args([&before, &packed]).args(["--max-memory", "1MB"]).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(4), 0), "{errors}");
    let told = "after.heapsnapshot.gz: unpacked, it takes more than is left of the limit of memory, 1.0 MB\n\
                hint: unpack it to the disk, where it is mapped, or allow more with --max-memory\n";
    assert!(errors.ends_with(told), "{errors}");
}

/// Two files of which each would fit by itself; and the hint is true of what is not packed.
#[test]
fn what_is_read_into_memory_has_to_fit_together() {
    let [before, after] = plain();
    let limit = |bytes: u64| format!("--max-memory={bytes}");
    let run = |limit: &str| {
        program().args([&before, &after]).args(["--no-mmap", limit]).output().unwrap()
    };
    let size = |file| fs::metadata(file).unwrap().len();
    let errors = complaint(&run(&limit(size(&before) + size(&after) - 1)), 4);
    let told = "it takes more than is left of the limit of memory, 7.8 MB\n\
                hint: write it to a file, where it is mapped, without --no-mmap, or allow more";
    assert!(errors.contains(told) && !errors.contains("unpacked"), "{errors}");
    let errors = complaint(&run(&limit(size(&before) + size(&after))), 4);
    assert!(errors.contains("comparing these snapshots takes about"), "{errors}");
}

/// The counts are looked for wherever the header stands.
#[test]
fn a_header_that_is_not_the_first_member_counts_as_well() {
    let dir = scratch("memory_late");
    let late = plain().map(|file| {
        let text = fs::read_to_string(&file).unwrap();
        let end = text.find("\"nodes\":").unwrap();
        let header = text[1..end].trim_end().trim_end_matches(',');
        let rest = text[end..].trim_end().strip_suffix('}').unwrap();
        let late = dir.join(file.file_name().unwrap());
        fs::write(&late, format!("{{{rest},{header}}}")).unwrap();
        late
    });
    let run = |limit: &str| program().args(&late).args(["-q", limit]).output().unwrap();
    let errors = complaint(&run("--max-memory=20MB"), 4);
    assert!(errors.contains("comparing these snapshots takes about"), "{errors}");
    assert_eq!(run("--max-memory=200MB").status.code(), Some(0));
}

#[test]
fn what_is_scrubbed_or_dumped_has_to_fit_as_well() {
    let dir = scratch("memory_other");
    let [before, after] = plain();
    let packed = dir.join("after.heapsnapshot.gz");
    fs::write(&packed, crate::packing::gzip(&fs::read(&after).unwrap())).unwrap();
    let run = |command: &str, files: &[&PathBuf], limit: &str| {
        let limit = ["--max-memory", limit, "-o"];
        let out = dir.join(command);
        let output = program().arg(command).args(files).args(limit).arg(&out).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap(), out.exists())
    };
    for (command, files, words) in [
        ("scrub", &[&before, &after][..], "error: scrubbing takes about "),
        ("dump", &[&before], "before.heapsnapshot: dumping takes about "),
        (
            "scrub",
            &[&before, &packed],
            "unpacked, it takes more than is left of the limit of memory",
        ),
        ("dump", &[&packed], "unpacked, it takes more than is left of the limit of memory"),
    ] {
        let (code, errors, written) = run(command, files, "1MB");
        assert_eq!((code, written), (Some(4), false), "{errors}");
        assert!(errors.contains(words) && errors.contains("--max-memory"), "{errors}");
    }
    assert_eq!(run("scrub", &[&before, &packed], "200MB").0, Some(0));
    assert_eq!(run("dump", &[&before], "0").0, Some(0));
}

/// There may be as many classes as objects, which no header counts.
#[test]
fn what_classes_take_is_counted_as_soon_as_it_is_known() {
    let dir = scratch("memory_classes");
    let pair = |name: &str, class: &dyn Fn(usize) -> String| {
        let draw = |n: usize| {
            let line = |i: usize| format!("root -x{i}-> o{i}:{}(16)\n", class(i));
            crate::drawing::draw(&(0..n).map(line).collect::<String>()).bytes()
        };
        [1, 30_000].map(|n| {
            let file = dir.join(format!("{name}-{n}.heapsnapshot"));
            fs::write(&file, draw(n)).unwrap();
            file
        })
    };
    let run = |files: &[PathBuf; 2]| {
        let output = program().args(files).args(["--max-memory=30MB", "-q"]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&pair("one", &|_| "Session".into())), (Some(0), String::new()));
    let (code, errors) = run(&pair("many", &|i| format!("Class{i}")));
    assert_eq!(code, Some(4), "{errors}");
    assert!(errors.starts_with("error: telling 30,001 classes takes about 4"), "{errors}");
}

/// Ids of more than 32 bits take four bytes more of each node.
#[test]
fn whole_ids_are_counted_where_there_are_such() {
    let dir = scratch("memory_wide_ids");
    let told = |shift: u32| {
        let mut drawing = crate::drawing::draw("root -> a:A(8)");
        for i in 0..100_000 {
            let node = crate::drawing::Node { id: (i + 2) << shift, ..drawing.nodes[1].clone() };
            drawing.nodes.push(node);
        }
        let file = dir.join(format!("{shift}.heapsnapshot"));
        fs::write(&file, drawing.bytes()).unwrap();
        let run = program().args([&file, &file]).arg("--max-memory=1MB").output().unwrap();
        let errors = complaint(&run, 4);
        let needed = errors.split("takes about ").nth(1).unwrap().split(" MB").next().unwrap();
        needed.parse::<f64>().unwrap()
    };
    let more = told(32) - told(0);
    assert!((0.7..0.9).contains(&more), "{more} MB more for two times 100,000 nodes");
}

#[test]
fn the_least_memory_that_is_enough_gives_the_same_report() {
    // JSON needs all edges of the older heap, text does not.
    let [text, json] = ["text", "json"].map(|format| {
        let plenty = within(0, format).expect("0 is no limit");
        let (mut refused, mut enough) = (1 << 20, 1 << 30);
        assert!(within(refused, format).is_none());
        while enough - refused > 1 {
            let middle = refused.midpoint(enough);
            *(if within(middle, format).is_some() { &mut enough } else { &mut refused }) = middle;
        }
        // Here the files are read one after the other.
        assert!(within(enough, format).unwrap() == plenty, "{format}");
        enough
    });
    assert!(text < json, "{text} {json}");
}

/// That objects have to be told by their places turns out when both files have been read.
#[test]
fn two_processes_that_will_not_fit_are_refused_though_one_process_would() {
    let dir = scratch("memory_two_processes");
    let other = dir.join("after.heapsnapshot");
    let foreign = fixtures::snapshot(&path("pairs/express-report-cache"), "after");
    fs::write(&other, fixtures::unzst(&foreign)).unwrap();
    let run = |limit: u64, more: &[&str]| {
        let limit = format!("--max-memory={limit}");
        program().args([&plain()[0], &other]).args([&limit, "-q"]).args(more).output().unwrap()
    };
    let (mut refused, mut enough) = (1_u64 << 20, 1 << 30);
    while enough - refused > 1 << 10 {
        let middle = refused.midpoint(enough);
        let fits = run(middle, &["--identity", "id"]).status.success();
        *(if fits { &mut enough } else { &mut refused }) = middle;
    }
    let errors = complaint(&run(enough, &[]), 4);
    assert!(errors.starts_with("error: comparing two processes takes about "), "{errors}");
    assert!(run(2 * enough, &[]).status.success());
    // Who knows it before is told before.
    let errors = complaint(&run(enough, &["--identity", "count"]), 4);
    assert!(errors.starts_with("error: comparing these snapshots takes about "), "{errors}");
}

#[test]
fn the_limit_counts_every_snapshot_of_a_series() {
    let [before, after] = plain();
    let run = |files: &[&PathBuf]| {
        let limit = ["--max-memory", "27MB", "--quiet"];
        program().args(files).args(limit).status().unwrap().code()
    };
    assert_eq!(run(&[&before, &after]), Some(0));
    assert_eq!(run(&[&before, &before, &before, &before, &after]), Some(4));
}

#[test]
fn a_limit_that_is_no_size_is_wrong_usage() {
    let [before, after] = plain();
    let output = program().args([&before, &after]).args(["--max-memory", "much"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("such as 2GB or 512MiB"));
}

/// Memory that runs out although it was promised ends the program with a line of its own.
#[cfg(target_os = "linux")]
#[test]
fn memory_that_runs_out_is_an_error_and_no_crash() {
    let dir = scratch("memory_that_runs_out");
    // Two million edges from the root to itself, in columns of 16 MB.
    let edges = 2_000_000;
    let rows = vec!["1,0,0"; edges].join(",");
    let file = dir.join("many.heapsnapshot");
    fs::write(
        &file,
        format!(
            r#"{{"snapshot":{{"meta":{{"node_fields":["type","name","id","self_size","edge_count"],
            "node_types":[["hidden","array","string","object","code","closure","regexp","number",
            "native","synthetic"]],"edge_fields":["type","name_or_index","to_node"],
            "edge_types":[["context","element","property"]]}},"node_count":1,"edge_count":{edges}}},
            "nodes":[9,0,1,0,{edges}],"edges":[{rows}],"strings":["(root)"]}}"#
        ),
    )
    .unwrap();
    let starved = |kilobytes: u32| {
        let limited = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_heapdiff")]);
        command.args([&file, &file]).args(["--max-memory=0", "--threads=1", "--quiet"]);
        command.output().unwrap()
    };
    assert_eq!(starved(4_000_000).status.code(), Some(0));
    // The files alone, mapped, are 24 MB; what the program itself maps depends on the system.
    let failed = (1..30).map(|step| starved(step * 8_000)).find(|output| {
        String::from_utf8_lossy(&output.stderr).starts_with("error: there is not enough memory")
    });
    let failed = failed.expect("some limit lets it start and not finish");
    assert_eq!(failed.status.code(), Some(4));
    assert_eq!(String::from_utf8_lossy(&failed.stderr).lines().count(), 2);
}

/// A folder of its own has no /proc, and so the system does not say how much memory there is.
#[cfg(target_os = "linux")]
#[test]
fn where_the_system_does_not_say_what_there_is_nothing_is_refused() {
    let dir = scratch("memory_jail");
    let linked = Command::new("ldd").arg(env!("CARGO_BIN_EXE_heapdiff")).output().unwrap();
    let linked = String::from_utf8(linked.stdout).unwrap();
    let libraries = linked.split_whitespace().filter(|word| word.starts_with('/'));
    for library in libraries.map(std::path::Path::new) {
        let to = dir.join(library.strip_prefix("/").unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(library, to).unwrap();
    }
    fs::copy(env!("CARGO_BIN_EXE_heapdiff"), dir.join("heapdiff")).unwrap();
    for file in plain() {
        fs::copy(&file, dir.join(file.file_name().unwrap())).unwrap();
    }
    let run = |way: &[&str]| {
        let inside = ["/heapdiff", "/before.heapsnapshot", "/after.heapsnapshot"];
        Command::new(way[0]).args(&way[1..]).arg(&dir).args(inside).output().unwrap()
    };
    let mut output = run(&["chroot"]);
    if output.status.code() == Some(125) {
        // Not as root: as root of a name space of its own, where the system allows that.
        output = run(&["unshare", "--user", "--map-root-user", "chroot"]);
    }
    let errors = String::from_utf8(output.stderr).unwrap();
    if errors.contains("Operation not permitted") || errors.starts_with("unshare") {
        return;
    }
    assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""));
    assert!(output.stdout.starts_with(b"LEAK LIKELY"));
}
