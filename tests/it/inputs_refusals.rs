//! What cannot be read is refused in one line, with the exit code that says whose fault it is.

use crate::cli::{complaint, program, refused, run};
use crate::fixtures::scratch;
use crate::packing::{brotli, fed, gzip, header, tar, zip, zstd};
use heapdiff::error::ErrorKind;
use heapdiff::input::{Limits, Reading, Source};
use std::io::Write;
use zip::CompressionMethod::Stored;

fn content() -> Vec<u8> {
    crate::drawing::draw("root -> app:App(48) -cache-> map:Map(32)").bytes()
}

#[test]
fn an_archive_without_a_snapshot_says_what_is_in_it() {
    let dir = scratch("refused-none");
    let mut links = tar::Builder::new(Vec::new());
    for (kind, name) in [
        (tar::EntryType::Symlink, "after.heapsnapshot"),
        (tar::EntryType::Char, "zero.heapsnapshot"),
        (tar::EntryType::Directory, "folder"),
    ] {
        links.append(&header(name, kind, 1, 0), &b""[..]).unwrap();
    }
    let links = links.into_inner().unwrap();
    let many: Vec<String> = (0..12).map(|i| format!("file{i:02}")).collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), 1, &b"x"[..])).collect();
    let none = "no heap snapshot is in the archive, only";
    let cases = [
        (
            "a.tar",
            tar(&[("x.txt", 1, b"hello"), ("y.json", 1, b"{}")]),
            format!("{none} x.txt, y.json"),
        ),
        ("a.zip", zip(&[("x.txt", 1, b"hello")], Stored), format!("{none} x.txt")),
        ("empty.zip", zip(&[], Stored), "the archive is empty".into()),
        (
            "links.tar",
            links,
            format!("{none} after.heapsnapshot (a link), zero.heapsnapshot (a device)"),
        ),
        ("many.tgz", gzip(&tar(&many)), "file07 and 4 more".into()),
    ];
    for (name, bytes, words) in cases {
        let file = dir.join(name);
        std::fs::write(&file, bytes).unwrap();
        refused(&file, &words);
    }
}

#[test]
fn an_archive_with_several_snapshots_is_no_snapshot() {
    let dir = scratch("refused-several");
    let file = dir.join("a.tar");
    let content = content();
    let names = ["a.heapsnapshot", "b.heapsnapshot", "c.heapsnapshot"];
    std::fs::write(&file, tar(&names.map(|name| (name, 1, content.as_slice())))).unwrap();
    let error = complaint(&run([&file, &file]), 2);
    let words = "a.tar: 3 snapshots are in it: a.heapsnapshot, b.heapsnapshot, c.heapsnapshot";
    assert!(error.contains(words), "{error}");
    assert!(error.contains("\nhint: one is wanted here"), "{error}");
    let nested = dir.join("nested.tar");
    std::fs::write(&nested, tar(&[("x.heapsnapshot", 1, &tar(&[("y", 1, &content)]))])).unwrap();
    refused(&nested, "nested.tar/x.heapsnapshot: this is an archive inside an archive");
}

#[test]
fn of_very_long_names_an_error_shows_the_ends() {
    let dir = scratch("refused-long");
    let long = format!("{}/ends-here", "a".repeat(100_000));
    let file = dir.join("a.tar");
    let content = content();
    let mut archive = tar::Builder::new(Vec::new());
    for _ in 0..9 {
        let mut header = header("", tar::EntryType::Regular, 1, 5);
        archive.append_data(&mut header, &long, &b"hello"[..]).unwrap();
    }
    std::fs::write(&file, archive.into_inner().unwrap()).unwrap();
    let error = complaint(&run([&file, &file]), 3);
    assert!(error.contains("only …aaa") && error.contains("aaa/ends-here and 1 more"), "{error}");
    assert!(error.len() < 2_000, "{}", error.len());
    let names = ["x", "y"].map(|end| format!("{}{end}.heapsnapshot", "/long".repeat(10_000)));
    let entries = names.each_ref().map(|name| (name.as_str(), 1, content.as_slice()));
    std::fs::write(&file, zip(&entries, Stored)).unwrap();
    let error = complaint(&run([&file, &file]), 2);
    assert!(error.contains("x.heapsnapshot, …") && error.len() < 1_000, "{error}");
    std::fs::write(&file, zip(&[(&names[0], 1, &b"{\"snapshot\":"[..])], Stored)).unwrap();
    let error = complaint(&run([&file, &file]), 3);
    assert!(error.contains("long/longx.heapsnapshot: ") && error.len() < 5_000, "{error}");
}

/// Packed, they would take as much memory as a bomb.
#[test]
fn what_an_archive_says_of_its_files_may_not_fill_the_memory() {
    let dir = scratch("refused-full");
    let content = content();
    let long = "a".repeat(2 << 20);
    let mut pax = tar::Builder::new(Vec::new());
    pax.append_pax_extensions([("comment", long.as_bytes())]).unwrap();
    let file = header("a.heapsnapshot", tar::EntryType::Regular, 1, content.len());
    pax.append(&file, content.as_slice()).unwrap();
    let mut gnu = tar::Builder::new(Vec::new());
    gnu.append(&header("large", tar::EntryType::Regular, 1, long.len()), long.as_bytes()).unwrap();
    let mut file = header("", tar::EntryType::Regular, 1, content.len());
    gnu.append_data(&mut file, &long, content.as_slice()).unwrap();
    for archive in [pax, gnu] {
        let file = dir.join("a.tar");
        std::fs::write(&file, archive.into_inner().unwrap()).unwrap();
        refused(&file, "a name in the tar archive is longer than a megabyte");
    }
    let many: Vec<_> = (0..2_000).map(|i| (format!("{i}.heapsnapshot"), 1)).collect();
    let many: Vec<_> = many.iter().map(|(name, time)| (name.as_str(), *time, &b"{"[..])).collect();
    for archive in [tar(&many), zip(&many, Stored)] {
        let error = complaint(&fed(&["-"], &archive), 2);
        assert!(error.contains("more than 1000 snapshots are in the archive"), "{error}");
    }
}

/// Sound files that another program can unpack: nothing is wrong with the copy.
#[test]
fn ways_to_pack_that_are_not_known_are_called_so() {
    let dir = scratch("refused-ways");
    let content = content();
    let mut packed = zip(&[("a.heapsnapshot", 1, &content)], Stored);
    let table = packed.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    for method in [8, table + 10] {
        packed[method] = 9; // Deflate64, as Windows packs what is large
    }
    let file = dir.join("a.zip");
    std::fs::write(&file, &packed).unwrap();
    let error = complaint(&run([&file, &file]), 3);
    assert!(error.contains("a.heapsnapshot: the zip data cannot be unpacked: "), "{error}");
    assert!(error.contains("\nhint: unpack it first, with another program\n"), "{error}");
    let mut packed = zstd(&content);
    packed[4] |= 1; // a dictionary's number follows, of one byte
    packed.insert(if packed[4] & 0x20 == 0 { 6 } else { 5 }, 7);
    let file = dir.join("a.zst");
    std::fs::write(&file, &packed).unwrap();
    refused(&file, "the zstd data was packed with a dictionary");
}

/// What V8 left out of a sparse file would have to be guessed.
#[test]
fn a_sparse_file_in_an_archive_is_no_regular_file() {
    let dir = scratch("refused-sparse");
    let content = content();
    let mut tar = tar::Builder::new(Vec::new());
    let numbers = [("GNU.sparse.major", &b"1"[..]), ("GNU.sparse.minor", b"0")];
    tar.append_pax_extensions(numbers).unwrap();
    let header = header("x.heapsnapshot", tar::EntryType::Regular, 1, content.len());
    tar.append(&header, &content[..]).unwrap();
    let file = dir.join("sparse.tar");
    std::fs::write(&file, tar.into_inner().unwrap()).unwrap();
    refused(&file, "only x.heapsnapshot (a sparse file)");
}

#[test]
fn packed_data_that_is_damaged_is_told_by_its_format() {
    let dir = scratch("refused-packed");
    // Numbers, so that something is left to be packed.
    let content = gzip_proof();
    let flip = |mut bytes: Vec<u8>, from_end: usize| {
        let at = bytes.len() - from_end;
        bytes[at] ^= 0xff;
        bytes
    };
    let half = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    let zstd_with_sum = zstd(&content);
    let entry = [("x.heapsnapshot", 1, content.as_slice())];
    let cases = [
        ("sum.gz", flip(gzip(&content), 6), "the gzip data is damaged"),
        ("cut.gz", half(gzip(&content)), "the gzip data is cut off"),
        ("cut.zst", half(zstd_with_sum.clone()), "the zstd data is cut off"),
        ("sum.zst", flip(zstd_with_sum, 1), "the zstd data is damaged"),
        ("cut.br", half(brotli(&content)), "the brotli data is damaged or cut off"),
        ("no.br", content.clone(), "the brotli data is damaged or cut off"),
        ("cut.tar", half(tar(&entry)), "the tar data is cut off"),
        ("cut.tgz", half(gzip(&tar(&entry))), "the gzip data is cut off"),
        ("cut.zip", half(zip(&entry, Stored)), "the zip archive is damaged or cut off"),
        ("thrice.gz", gzip(&gzip(&gzip(&content))), "the file is packed more than twice"),
    ];
    for (name, bytes, words) in cases {
        let file = dir.join(name);
        std::fs::write(&file, bytes).unwrap();
        refused(&file, words);
    }
}

fn gzip_proof() -> Vec<u8> {
    let list =
        (0..2000).map(|i| format!("root -list-> l:L(8) -[{i}]-> o{i}:O{i}({})\n", i * 977 % 4099));
    crate::drawing::draw(&list.collect::<String>()).bytes()
}

#[test]
fn a_bomb_is_refused_before_it_fills_the_memory() {
    let dir = scratch("refused-bomb");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(b"{\"snapshot\":").unwrap();
    let blank = vec![b' '; 1 << 20];
    for _ in 0..80 {
        gzip.write_all(&blank).unwrap();
    }
    let bomb = gzip.finish().unwrap();
    for (name, bytes) in [
        ("bomb.gz", bomb.clone()),
        ("bomb.tar", tar(&[("x.heapsnapshot.gz", 1, &bomb)])),
        ("twice.gz", crate::packing::gzip(&bomb)),
    ] {
        let file = dir.join(name);
        std::fs::write(&file, bytes).unwrap();
        refused(&file, "the gzip data unpacks to more than 200 times its size");
    }
}

/// A frame that asks for a window of 2 GiB: the exponent is 21 (times eight is the descriptor).
#[test]
fn a_huge_zstd_window_is_refused_and_not_allocated() {
    let file = scratch("refused-window").join("long.zst");
    std::fs::write(&file, [0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 1, 0, 0]).unwrap();
    refused(&file, "the zstd data needs 2147483648 bytes of memory");
}

#[test]
fn an_empty_file_is_empty_however_it_comes() {
    let dir = scratch("refused-empty");
    for (name, bytes) in [
        ("a.gz", gzip(b"")),
        ("a.zst", zstd(b"")),
        ("a.tar", tar(&[("x.heapsnapshot", 1, b"")])),
        ("a.zip", zip(&[("x.heapsnapshot", 1, b"")], Stored)),
    ] {
        let file = dir.join(name);
        std::fs::write(&file, bytes).unwrap();
        refused(&file, "the file is empty");
    }
    let error = complaint(&fed(&["-", file_name(&dir.join("a.gz"))], b""), 3);
    assert!(error.contains("-: nothing came in\nhint: did the command"), "{error}");
}

#[test]
fn a_limit_holds_for_what_is_read_and_not_for_what_is_mapped() {
    let dir = scratch("refused-limit");
    let content = content();
    let most = content.len() as u64;
    let reading =
        |map, bytes| Reading { map, limits: Limits::within(Some(bytes)), ..Reading::default() };
    let member = [("x.heapsnapshot", 1, content.as_slice())];
    for (name, bytes) in [
        ("plain", content.clone()),
        ("a.gz", gzip(&content)),
        ("a.tar", tar(&member)),
        ("a.zip", zip(&member, Stored)),
    ] {
        let file = dir.join(name);
        std::fs::write(&file, bytes).unwrap();
        let opened = Source::new(&file, reading(true, most - 1)).open();
        assert_eq!(opened.is_ok(), name == "plain");
        let read = Source::new(&file, reading(false, most - 1)).open().unwrap_err();
        assert_eq!(read.kind(), ErrorKind::Memory);
        assert!(read.to_string().contains("it takes more than is left of the limit"), "{read}");
        // A zip file is held itself while it is unpacked, if it is not mapped.
        let enough = if name == "a.zip" { 3 * most } else { most };
        assert!(Source::new(&file, reading(false, enough)).open().is_ok(), "{name}");
    }
}

fn file_name(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_packed_stranger_is_called_by_its_name_too() {
    let dir = scratch("refused-strangers");
    let strangers: [(&[u8], &str); 6] = [
        (b"JAVA PROFILE 1.0.2\0\0\0\0\x04", "HPROF"),
        (b"<html><title>404</title>", "HTML"),
        (br#"{"nodes":[{"id":1}],"startTime":1,"endTime":2}"#, "a CPU profile"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
        (b"\x7fELF\x02\x01\x01", "core dump"),
        (&[0; 4096], "zero bytes"),
    ];
    for (content, words) in strangers {
        let file = dir.join("stranger.heapsnapshot.gz");
        std::fs::write(&file, gzip(content)).unwrap();
        refused(&file, words);
    }
}

#[cfg(unix)]
#[test]
fn devices_and_endless_pipes_are_refused() {
    refused("/dev/zero".as_ref(), "this is a device, not a file");
    refused("/dev/null".as_ref(), "this is a device, not a file");
    let dir = scratch("refused-endless");
    let pipe = dir.join("endless");
    crate::packing::make_pipe(&pipe);
    let other = dir.join("good.heapsnapshot");
    std::fs::write(&other, content()).unwrap();
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut pipe = std::fs::File::options().write(true).open(pipe).unwrap();
            while pipe.write_all(&[0; 4096]).is_ok() {}
        }
    });
    let error = complaint(&run([&other, &pipe]), 3);
    assert!(error.contains("the file begins with zero bytes"), "{error}");
    writer.join().unwrap();
}

#[cfg(unix)]
#[test]
fn a_file_of_another_user_says_how_to_get_it() {
    use std::os::unix::{fs::PermissionsExt, process::CommandExt};
    let file = scratch("refused-permission").join("mine.heapsnapshot");
    std::fs::write(&file, content()).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).unwrap();
    let mut command = program();
    command.args([&file, &file]);
    if std::fs::read(&file).is_ok() {
        command.uid(65_534); // root may read everything
    }
    // That user may not even get to the program if it was built in root's own folder.
    let Ok(output) = command.output() else { return };
    let error = complaint(&output, 3);
    assert!(error.starts_with(&format!("error: {}: cannot open the file", file.display())));
    assert!(error.contains("0600") && error.contains("sudo chown"), "{error}");
}

/// A heap timeline is a snapshot with more members, and compared like one.
#[test]
fn a_heap_timeline_is_read_as_the_snapshot_in_it() {
    let extra = vec![
        ("trace_function_infos", "[0,1,2,3,4,5]"),
        ("trace_tree", "[1,0,2,32,[]]"),
        ("samples", "[0,7]"),
    ];
    let style = crate::writing::Style { extra, ..Default::default() };
    let drawing = crate::drawing::draw("root -> app:App(48)");
    let file = scratch("timeline").join("a.heaptimeline");
    std::fs::write(&file, style.write(&drawing)).unwrap();
    crate::cli::shown([&file, &file]);
}

#[test]
fn a_command_that_others_have_is_told_to_be_needless() {
    let error = complaint(&run(["diff", "a.heapsnapshot", "b.heapsnapshot"]), 3);
    assert!(error.contains("to compare needs no command: heapdiff before"), "{error}");
}
