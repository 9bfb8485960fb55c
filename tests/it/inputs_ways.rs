//! Whatever way a snapshot comes in, the report is the same but for the path and the file's size.

use crate::cli::{complaint, grown, shown};
use crate::fixtures::scratch;
use crate::packing::{Entry, brotli, fed, gzip, header, tar, zip, zstd};
use heapdiff::pair::Pair;
use std::path::{Path, PathBuf};
use zip::CompressionMethod::{Deflated, Stored};

/// The JSON report without what may differ.
fn told(output: &str) -> String {
    let differs = |line: &&str| !line.contains("\"path\": \"") && !line.contains("\"file_bytes\"");
    output.lines().filter(differs).collect::<Vec<_>>().join("\n")
}

fn run(before: &Path, after: &Path, more: &[&str]) -> String {
    let mut args = vec![before.to_str().unwrap(), after.to_str().unwrap(), "--format=json"];
    args.extend(more);
    told(&shown(args))
}

/// A pair, what is told of it, and the newer snapshot's bytes.
fn plain(folder: &str) -> (Pair<PathBuf>, String, Vec<u8>) {
    let pair = grown(folder);
    let report = run(&pair.before, &pair.after, &[]);
    let content = std::fs::read(&pair.after).unwrap();
    (pair, report, content)
}

/// Every way to pack one snapshot.
fn packed(content: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (one, two) = content.split_at(content.len() / 3);
    let name = "snapshots/after.heapsnapshot";
    let entry: Entry<'_> = (name, 5, content);
    let skippable = [&[0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3][..], &zstd(content)].concat();
    vec![
        ("a.gz", gzip(content)),
        ("members.gz", [gzip(one), gzip(two), gzip(b"")].concat()),
        ("twice.gz", gzip(&gzip(content))),
        ("a.heapsnapshot", zstd(content)),
        ("frames.zst", [zstd(one), zstd(two)].concat()),
        ("skippable.zst", skippable),
        ("a.zip", zip(&[entry], Deflated)),
        ("stored.zip", zip(&[("README", 1, b"hello"), entry], Stored)),
        ("inner.zip", zip(&[("x.heapsnapshot.gz", 1, &gzip(content))], Stored)),
        ("other.zip", zip(&[("notes", 1, b"{}"), ("heap.json", 1, content)], Deflated)),
        ("a.tar", tar(&[("._after.heapsnapshot", 5, b"Mac OS X"), entry])),
        ("a.tgz", gzip(&tar(&[("app/package.json", 5, b"{}"), entry]))),
        ("a.tar.zst", zstd(&tar(&[entry]))),
        ("inner.tar", tar(&[("x.heapsnapshot.zst", 1, &zstd(content))])),
        ("brotli.tar", tar(&[("x.heapsnapshot.br", 1, &brotli(content))])),
        ("other.tar", tar(&[("package.json", 1, b"{}"), ("heap.json", 5, content)])),
    ]
}

#[test]
fn a_packed_file_is_compared_as_if_plain() {
    let (pair, plain, content) = plain("ways-packed");
    for (name, bytes) in packed(&content).into_iter().chain([("a.br", brotli(&content))]) {
        let file = pair.after.with_file_name(name);
        std::fs::write(&file, &bytes).unwrap();
        for more in [&[][..], &["--no-mmap"]] {
            assert!(run(&pair.before, &file, more) == plain, "{name} {more:?}");
        }
    }
    assert_eq!(run(&pair.before, &pair.after, &["--no-mmap"]), plain);
}

#[test]
fn a_snapshot_comes_over_standard_input() {
    let (pair, plain, content) = plain("ways-stdin");
    let before = pair.before.to_str().unwrap();
    for (name, bytes) in packed(&content).into_iter().chain([("plain", content.clone())]) {
        let output = fed(&[before, "-", "--format=json"], &bytes);
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert!(told(std::str::from_utf8(&output.stdout).unwrap()) == plain, "{name}");
    }
    let output = fed(&[before, "-", "--format=json"], &content);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(&format!("\"path\": \"-\",\n      \"file_bytes\": {}", content.len())));
}

#[test]
fn standard_input_can_be_read_once() {
    let error = complaint(&fed(&["-", "/dev/stdin"], b""), 2);
    assert!(error.contains("can be read only once"), "{error}");
    let error = complaint(&fed(&["-", "-"], b"{}"), 2);
    assert!(error.contains("standard input (-) can be read only once"), "{error}");
}

/// `gzip -k` leaves both, and `tar -r` adds a file again.
#[test]
fn a_copy_in_an_archive_is_no_other_snapshot() {
    let (pair, plain, content) = plain("ways-copies");
    let packed = gzip(&content);
    let copies = [("a/x.heapsnapshot", 1, &content[..]), ("a/x.heapsnapshot.gz", 9, &packed)];
    let [file, copy] = copies;
    let older = ("a/x.heapsnapshot", 0, &b"{"[..]);
    for entries in [&[file, copy][..], &[copy, file], &[older, copy, file]] {
        let archive = pair.after.with_file_name("a.tar");
        std::fs::write(&archive, tar(entries)).unwrap();
        assert!(run(&pair.before, &archive, &[]) == plain, "{}", entries.len());
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_can_be_read_once_too() {
    let dir = scratch("ways-twice");
    let pipe = dir.join("after.pipe");
    crate::packing::make_pipe(&pipe);
    std::os::unix::fs::symlink(&pipe, dir.join("link")).unwrap();
    let also = [dir.join("link"), dir.join("./after.pipe")];
    for other in &also {
        let scrub = ["scrub".as_ref(), "--out".as_ref(), dir.as_os_str(), pipe.as_os_str()];
        for args in [&scrub[..], &[pipe.as_os_str()]] {
            let error = complaint(&crate::cli::run([args, &[other.as_os_str()]].concat()), 2);
            assert!(error.contains(": a pipe can be read only once"), "{error}");
        }
    }
}

#[cfg(unix)]
#[test]
fn named_pipes_are_read() {
    let (pair, plain, content) = plain("ways-pipes");
    let names = Pair::new("before.pipe", "after.pipe");
    for (at, threads) in ["--threads=1", "--threads=2"].into_iter().enumerate() {
        let pipes = names.map(|name| pair.after.with_file_name(format!("{name}{at}")));
        let older = std::fs::read(&pair.before).unwrap();
        let writers = [
            crate::packing::pipe(&pipes.before, older),
            crate::packing::pipe(&pipes.after, gzip(&tar(&[("a.heapsnapshot", 1, &content)]))),
        ];
        assert!(run(&pipes.before, &pipes.after, &[threads]) == plain, "{threads}");
        writers.into_iter().for_each(|writer| writer.join().unwrap());
    }
}

/// An archive with everything in it that is no regular file and every odd name; nothing of it may
/// appear on the disk.
#[test]
fn an_archive_is_searched_and_never_extracted() {
    let (pair, plain, content) = plain("ways-hostile");
    let dir = pair.after.parent().unwrap();
    let mut names: Vec<&str> = vec![
        "../../escaped.heapsnapshot",
        "/absolute.heapsnapshot",
        "./a/../../b.heapsnapshot",
        "evil\x1b]2;PWNED\x07.heapsnapshot",
    ];
    let long = format!("{}/after.heapsnapshot", "long".repeat(60));
    names.push(&long);
    for name in names {
        let mut tar = tar::Builder::new(Vec::new());
        for (kind, other) in [
            (tar::EntryType::Symlink, "link.heapsnapshot"),
            (tar::EntryType::Link, "hard.heapsnapshot"),
            (tar::EntryType::Char, "device.heapsnapshot"),
            (tar::EntryType::Fifo, "pipe.heapsnapshot"),
            (tar::EntryType::Directory, "folder.heapsnapshot"),
        ] {
            tar.append(&header(other, kind, 1, 0), &b""[..]).unwrap();
        }
        if name == long {
            let mut header = header("", tar::EntryType::Regular, 1, content.len());
            tar.append_data(&mut header, name, &content[..]).unwrap();
        } else {
            tar.append_pax_extensions([("mtime", &b"1.5"[..])]).unwrap();
            let header = header(name, tar::EntryType::Regular, 1, content.len());
            tar.append(&header, &content[..]).unwrap();
        }
        let file = dir.join("hostile.tar");
        std::fs::write(&file, tar.into_inner().unwrap()).unwrap();
        let before = crate::cli::run([&pair.before, &file]);
        assert_eq!(before.status.code(), Some(0), "{name:?}");
        assert!(!before.stdout.contains(&0x1b));
        assert!(run(&pair.before, &file, &[]) == plain, "{name:?}");
    }
    let mut left: Vec<_> =
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["after.heapsnapshot", "before.heapsnapshot", "hostile.tar"]);
    assert!(!dir.parent().unwrap().join("escaped.heapsnapshot").exists());
}

#[test]
fn a_member_of_an_archive_is_named_with_the_archive() {
    let (pair, _, content) = plain("ways-names");
    let file = pair.after.with_file_name("a.tar");
    std::fs::write(&file, tar(&[("./dir/after.heapsnapshot", 1, &content)])).unwrap();
    let report = crate::cli::report(&pair.before, &file, &[]);
    let path = format!("{}/dir/after.heapsnapshot", file.display());
    assert_eq!(report["snapshots"]["after"]["path"], path);
    assert_eq!(report["snapshots"]["after"]["file_bytes"], content.len());
    let broken = swap(&content);
    std::fs::write(&file, tar(&[("./dir/after.heapsnapshot", 1, &broken)])).unwrap();
    let error = complaint(&crate::cli::run([&pair.before, &file]), 3);
    assert!(error.starts_with(&format!("error: {path}: ")), "{error}");
}

/// The first node's kind is no number.
fn swap(content: &[u8]) -> Vec<u8> {
    crate::writing::replaced(content, crate::writing::token(content, "nodes", 0), "x")
}
