//! Files that are broken or meant to do harm, as the program meets them: exit code 3, one line that
//! says what is wrong and where, in a second of processor time and with little memory.

use crate::cli::{complaint, files, program, report, shown};
use crate::drawing::draw;
use crate::fixtures::{own, scratch};
use crate::writing::{inside, swapped};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program in 128 MiB of memory, two threads' stacks included, and a second of processor time.
#[cfg(target_os = "linux")]
pub fn confined(kib: u32, args: &[&Path]) -> Output {
    let limits = format!("ulimit -v {kib} && ulimit -t 1 && exec \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limits, "sh"]).arg(program().get_program());
    command.args(args).env("RAYON_NUM_THREADS", "2").output().unwrap()
}

/// Elsewhere nothing keeps the limits, and the rest is checked all the same.
#[cfg(not(target_os = "linux"))]
pub fn confined(_: u32, args: &[&Path]) -> Output {
    crate::cli::run(args)
}

const ENOUGH: u32 = 128 << 10;

fn sound() -> Vec<u8> {
    draw(
        r#"root -> app:App(48)@7:3:4 -cache-> map:Map(32) -[0]-> s:Session(900)@12:30:40
           map -(table)-> store:(array)(8192) -{70000}-> f:(closure)onData(64)@12:5:6
           s -<user>-> u:(string)"name"(24)
           map ~> s"#,
    )
    .bytes()
}

fn folder() -> PathBuf {
    let dir = own();
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Refused as either file, in these words; and at this byte, if there is one.
#[track_caller]
fn refused(name: &str, content: &[u8], words: &str, byte: Option<usize>) {
    refused_within(ENOUGH, name, content, words, byte);
}

#[track_caller]
fn refused_within(kib: u32, name: &str, content: &[u8], words: &str, byte: Option<usize>) {
    let (bad, good) = (folder().join(name), folder().join(format!("{name}-good")));
    std::fs::write(&bad, content).unwrap();
    std::fs::write(&good, sound()).unwrap();
    for files in [[bad.as_path(), good.as_path()], [good.as_path(), bad.as_path()]] {
        let error = complaint(&confined(kib, &files), 3);
        let first = error.lines().next().unwrap();
        assert!(first.contains(words), "{error:?} does not say {words:?}");
        assert!(first.contains(name), "{error:?} does not name the file");
        let at = byte.map_or(String::new(), |byte| format!(" (at byte {byte})"));
        assert!(first.ends_with(&at), "{error:?} does not say {at:?}");
    }
}

#[test]
fn a_file_that_was_only_half_written_is_refused() {
    for member in ["nodes", "edges", "strings"] {
        let mut file = sound();
        let half = inside(&file, member).start + 5;
        file[half..].fill(0);
        let (end, table) = (file.len(), ["node", "edge", "string"]);
        let table = table.iter().find(|t| member.starts_with(*t)).unwrap();
        refused(member, &file, &format!("the file ends inside the {table} table"), Some(end));
    }
}

#[test]
fn a_cut_file_is_refused_by_the_program_too() {
    let file = sound();
    for cut in (1..file.len() - 2).step_by(83) {
        refused("cut", &file[..cut], "the file ends in", Some(cut));
    }
}

#[test]
fn a_file_cut_inside_an_escape_is_refused() {
    let file = swapped(&sound(), "\"Session\"", r#""S\u0061\ud83d\ude00n""#);
    let text = String::from_utf8(file.clone()).unwrap();
    let start = text.find(r"\u0061").unwrap();
    for cut in start..start + 18 {
        refused("escape", &file[..cut], "the file ends inside the string table", Some(cut));
    }
}

#[test]
fn utf_16_is_called_by_its_name() {
    let text = String::from_utf8(sound()).unwrap();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for file in [[b"\xff\xfe", &little[..]].concat(), little, [b"\xfe\xff", &big[..]].concat(), big]
    {
        refused("utf-16", &file, "this is UTF-16 text, and V8 writes UTF-8; iconv", None);
    }
}

/// Counts and lengths that a file of a few hundred bytes cannot hold must not be believed.
#[test]
fn a_small_file_with_large_claims_needs_no_memory() {
    let file = sound();
    let most = (1 << 28) - 1;
    for (name, words) in
        [("node_count", "the node table has 7 rows"), ("edge_count", "own 7 edges")]
    {
        let claim = swapped(&file, &format!("\"{name}\":7"), format!("\"{name}\":{most}"));
        refused("claim", &claim, words, Some(inside(&claim, "nodes").end + 1));
    }
    let deep = format!("{{\"snapshot\":{}", "[".repeat(1 << 20));
    refused("deep", deep.as_bytes(), "the file ends inside the header", Some(deep.len()));
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let start = "{\"snapshot\":".len();
    let long = swapped(&file, "\"meta\":", format!("\"x\":{},\"meta\":", nested(1 << 20)));
    let end = inside(&long, "nodes").start - "\"nodes\":[".len() - 2;
    refused("long", &long, &format!("the header has {} bytes", end - start), Some(start));
    let deep = swapped(&file, "\"meta\":", format!("\"x\":{},\"meta\":", nested(500_000)));
    let too_deep = deep.windows(128).position(|w| w.iter().all(|b| *b == b'[')).unwrap() + 126;
    refused("deep-header", &deep, "or is nested too deeply", Some(too_deep));
}

#[test]
fn compressed_data_that_is_damaged_is_refused() {
    let packed = gzip(&sound());
    let end = packed.len();
    let broken = |at: usize| {
        let mut file = packed.clone();
        file[at] ^= 0x10;
        file
    };
    let damaged = "the gzip data is damaged";
    let cut_off = "the gzip data is cut off";
    for cut in [2, 3, 9, 10, 11, end / 2, end - 8, end - 1] {
        refused("cut.gz", &packed[..cut], cut_off, None);
    }
    refused("crc.gz", &broken(end - 6), damaged, None);
    refused("length.gz", &broken(end - 2), damaged, None);
    refused("body.gz", &broken(end / 2), damaged, None);
    for tail in ["tail", "\x1etail", "\0\0tail"] {
        let tailed = [&packed[..], tail.as_bytes()].concat();
        refused("tail.gz", &tailed, "something follows the end of the gzip data", None);
    }
    refused("thrice.gz", &gzip(&gzip(&packed)), "packed", None);
    let mut bomb = gzip(&vec![b' '; 80 << 20]);
    // Up to 16 MiB are unpacked before the ratio counts, and blocks outgrown on the way count too.
    let words = "the gzip data unpacks to more than 200 times its size";
    refused_within(192 << 10, "bomb.gz", &bomb, words, None);
    bomb.truncate(1 << 12);
    refused("cut-bomb.gz", &bomb, cut_off, None);
}

/// A frame that asks for a window of 2 GiB, in which its only block is: it is never given.
#[test]
fn a_zstd_window_of_gigabytes_is_refused() {
    for window in [(31 - 10) << 3, 0xff] {
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, window, 0x09, 0x00, 0x00, b'{'];
        refused("window.zst", &frame, "the zstd data ", None);
    }
    let raw = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0xff, 0xff, 0xff, b'{'];
    refused("block.zst", &raw, "the zstd data is ", None);
}

/// Room for what is to come out is made before; whether there is any, and enough, tells the data.
#[test]
fn a_zstd_frame_may_lie_about_its_length() {
    let pair = files("hostile-length", "root -> a:A(8)", "root -> a:A(8) -b-> b:B(8)");
    let plain = report(&pair.before, &pair.after, &[]);
    let content = std::fs::read(&pair.after).unwrap();
    let packed = pair.after.with_file_name("after.zst");
    for length in [0, 5, content.len() as u64, 1 << 40, u64::MAX] {
        let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0xc0, (21 - 10) << 3];
        frame.extend(length.to_le_bytes());
        let mut blocks = content.chunks(100).peekable();
        while let Some(block) = blocks.next() {
            let head = (block.len() as u32) << 3 | u32::from(blocks.peek().is_none());
            frame.extend(&head.to_le_bytes()[..3]);
            frame.extend(block);
        }
        std::fs::write(&packed, frame).unwrap();
        assert_eq!(report(&pair.before, &packed, &[])["classes"], plain["classes"], "{length}");
    }
}

#[test]
fn gzip_of_several_members_is_one_file() {
    let pair = files("hostile-members", "root -> a:A(8)", "root -> a:A(8) -b-> b:B(8)");
    let plain = report(&pair.before, &pair.after, &[]);
    let content = std::fs::read(&pair.after).unwrap();
    let (head, tail) = content.split_at(content.len() / 3);
    let packed = pair.after.with_file_name("after.gz");
    let members = [gzip(head), gzip(b""), gzip(tail)].concat();
    // Zeros at the end fill the last block of a tape, or more than one buffer.
    for padding in [0, 1, 512, 1 << 20] {
        std::fs::write(&packed, [&members[..], &vec![0; padding]].concat()).unwrap();
        assert_eq!(report(&pair.before, &packed, &[])["classes"], plain["classes"]);
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

/// A file of 1 GB, and room for 256 MB: it cannot even be mapped.
#[cfg(target_os = "linux")]
#[test]
fn a_file_larger_than_the_memory_is_refused() {
    let large = scratch("hostile-large").join("large.heapsnapshot");
    std::fs::File::create(&large).unwrap().set_len(1 << 30).unwrap();
    let error = complaint(&confined(256 << 10, &[&large, &large]), 3);
    assert!(error.contains("large.heapsnapshot: cannot map the file: "), "{error}");
}

/// As where a container limits the number of processes.
#[cfg(target_os = "linux")]
#[test]
fn threads_that_cannot_be_started_are_told() {
    let good = folder().join("threads");
    std::fs::write(&good, sound()).unwrap();
    let started = |threads: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v 131072 && exec \"$@\"", "sh"]).arg(program().get_program());
        command.args([&good, &good]).env("RAYON_NUM_THREADS", threads).output().unwrap()
    };
    // Those that were started before it is known take their memory too, each time in another order.
    for _ in 0..20 {
        let error = complaint(&started("200"), 4);
        assert!(error.starts_with("error: cannot start threads: "), "{error}");
        assert!(error.contains("--threads") && error.lines().count() == 1, "{error}");
    }
    assert_eq!(started("16").status.code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let pair = files("hostile-full", "root -> a:A(8)", "root -> a:A(8)");
    let named = [pair.before.to_str().unwrap(), pair.after.to_str().unwrap()];
    for args in [&named[..], &["--help"], &["--version"], &["explain", "dominator"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let error = complaint(&program().args(args).stdout(full).output().unwrap(), 3);
        let told = "error: cannot write to standard output: No space left";
        assert!(error.starts_with(told), "{args:?}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn closed_standard_streams_are_no_error() {
    let pair = files("hostile-closed", "root -> a:A(8)", "root -> a:A(8)");
    for close in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("exec \"$@\" {close}"), "sh"]).arg(program().get_program());
        let status = command.args([&pair.before, &pair.after]).stdout(Stdio::null()).status();
        assert_eq!(status.unwrap().code(), Some(0), "{close}");
    }
}

#[test]
fn no_home_and_no_place_for_temporary_files_are_no_error() {
    let pair = files("hostile-homeless", "root -> a:A(8)", "root -> a:A(8) -b-> b:B(8)");
    let usual = shown([&pair.before, &pair.after]);
    let mut command = program();
    for variable in ["HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
        command.env(variable, "/nowhere/at/all");
    }
    let output = command.args([&pair.before, &pair.after]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(0), usual.into_bytes()));
}
