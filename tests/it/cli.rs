//! The program as a user meets it: exit codes, what goes where, what an error says.

use crate::drawing::{draw, draw_pair};
use crate::fixtures::{path, scratch};
use heapdiff::pair::Pair;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The program, without what the environment could change.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heapdiff"));
    for variable in ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(variable);
    }
    for variable in ["GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(variable);
    }
    command
}

pub fn run<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    program().args(args).output().unwrap()
}

/// Standard output of a run that must go well.
pub fn shown<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> String {
    let output = run(args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*errors), (Some(0), ""));
    String::from_utf8(output.stdout).unwrap()
}

/// The JSON report of two files. serde_json refuses lone surrogates, so these stay escaped.
pub fn report(before: &Path, after: &Path, more: &[&str]) -> Value {
    let mut args = vec![before.as_os_str(), after.as_os_str(), OsStr::new("--format=json")];
    args.extend(more.iter().map(OsStr::new));
    serde_json::from_str(&shown(args).replace("\\ud", "\\\\ud")).unwrap()
}

/// Writes a drawn pair into a fresh folder.
pub fn files(folder: &str, before: &str, after: &str) -> Pair<PathBuf> {
    let dir = scratch(folder);
    let drawings = draw_pair(before, after);
    let names = Pair::new("before.heapsnapshot", "after.heapsnapshot");
    drawings.zip(names).map(|(drawing, name)| {
        std::fs::write(dir.join(name), drawing.bytes()).unwrap();
        dir.join(name)
    })
}

pub fn grown(folder: &str) -> Pair<PathBuf> {
    files(
        folder,
        "root -> app:App(48) -cache-> map:Map(32)",
        "root -> app:App(48) -cache-> map:Map(32) -[0]-> s:Session(900) -id-> n:(string)ab(24)",
    )
}

/// A sound file that nobody changes.
fn good() -> PathBuf {
    static GOOD: OnceLock<PathBuf> = OnceLock::new();
    GOOD.get_or_init(|| files("cli-good", "root -> app:App(1)", "root -> app:App(1)").after).clone()
}

/// What the program says of a file that it cannot compare: one `error:` line with this in it,
/// perhaps a `hint:` line, exit code 3 and nothing on standard output.
#[track_caller]
pub fn refused(file: &Path, words: &str) {
    let good = good();
    for args in [[file, good.as_path()], [good.as_path(), file]] {
        let error = complaint(&run(args), 3);
        assert!(error.contains(words), "{error:?} does not say {words:?}");
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(error.contains(name), "{error:?} does not name the file");
    }
}

#[track_caller]
pub fn complaint(output: &Output, code: i32) -> String {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert_eq!(output.stdout, b"", "standard output is for reports");
    let lines: Vec<&str> = error.lines().collect();
    assert!(lines[0].starts_with("error: "), "{error}");
    assert!(error.ends_with('\n') && !error.contains('\x1b'), "{error:?}");
    if code == 3 {
        assert!(lines.len() <= 2, "{error}");
        assert!(lines.iter().skip(1).all(|l| l.starts_with("hint: ")), "{error}");
        assert!(!lines[0].ends_with('.') && !error.contains("panick"), "{error}");
    }
    error
}

#[test]
fn growth_is_not_a_failure() {
    let pair = grown("cli-growth");
    for (a, b) in [(&pair.before, &pair.after), (&pair.after, &pair.before)] {
        let text = shown([a.as_os_str(), b.as_os_str(), "--sort=new".as_ref()]);
        assert!(text.contains("Session"), "{text}");
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    let pair = grown("cli-usage");
    let (a, b) = (pair.before.to_str().unwrap(), pair.after.to_str().unwrap());
    let cases: [&[&str]; 13] = [
        &[a],
        &[a, b, "--calls", "0"],
        &[a, b, "--identity", "name"],
        &[a, b, "--ways", "all"],
        &[a, b, "--no-such-option"],
        &[a, b, "--format", "yaml"],
        &[a, b, "--sort", "colour"],
        &[a, b, "--top", "many"],
        &[a, b, "--top", "-1"],
        &[a, b, "--threads", "0"],
        &[a, b, "--color", "perhaps"],
        &[a, b, "--class"],
        &["dump", a],
    ];
    for args in cases {
        complaint(&run(args), 2);
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let help = shown(["--help"]);
    assert!(help.contains("Usage: heapdiff") && help.contains("Exit codes"), "{help}");
    assert!(!help.contains("dump"), "a hidden subcommand");
    assert_eq!(shown(["--version"]), format!("heapdiff {}\n", env!("CARGO_PKG_VERSION")));
    let told = shown(["--version", "--verbose"]);
    assert!(told.contains("\nfeatures: ") && told.contains("\nbuilt for: "), "{told}");
    assert!(help.contains("--sort"));
    // In the order of use, and the short one on one screen.
    let places = ["Output:", "Analysis:", "Gates:", "Text:", "Input:", "Machine:", "More:"];
    let places = places.map(|title| help.find(title).unwrap_or_else(|| panic!("{title}: {help}")));
    assert!(places.is_sorted(), "{help}");
    let short = shown(["-h"]);
    assert!(short.lines().count() <= 40 && short.lines().all(|line| line.len() <= 100), "{short}");
}

#[test]
fn without_arguments_three_lines_say_how_it_is_called() {
    let output = run(&[] as &[&str]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let said = String::from_utf8(output.stderr).unwrap();
    let begins: Vec<&str> = said.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(begins, ["usage", "example", "hint"], "{said}");
    assert!(said.lines().all(|line| line.len() <= 80), "{said}");
}

#[test]
fn a_file_that_is_not_there_or_not_a_file_exits_with_3() {
    let dir = scratch("cli-missing");
    refused(&dir.join("nowhere.heapsnapshot"), "cannot open the file");
    refused(&dir, "this is a directory, not a file");
    let empty = dir.join("empty.heapsnapshot");
    std::fs::write(&empty, "").unwrap();
    refused(&empty, "the file is empty");
}

#[test]
fn a_file_that_is_something_else_is_called_by_its_name() {
    let dir = scratch("cli-strangers");
    let strangers: [(&str, &[u8], &str); 16] = [
        ("page", b"<!DOCTYPE html><title>404</title>", "HTML"),
        ("bom-page", b"\xef\xbb\xbf\n<html>", "HTML"),
        ("profile", br#"{"nodes":[{"id":1}],"startTime":1,"endTime":2}"#, "a CPU profile"),
        (
            "jsc",
            br#"{"version":2,"type":"Inspector","nodes":[],"nodeClassNames":[]}"#,
            "JavaScriptCore",
        ),
        ("hprof", b"JAVA PROFILE 1.0.2\0\0\0\0\x04", "HPROF"),
        ("utf16", b"\xff\xfe{\0\"\0", "UTF-16"),
        ("utf16be", b"\xfe\xff\0{\0\"", "UTF-16"),
        ("zip", b"PK\x03\x04\x14\0", "the zip archive is damaged or cut off"),
        (
            "sampling",
            br#"{"head":{"callFrame":{},"selfSize":0,"id":1},"samples":[]}"#,
            "sampling heap profile",
        ),
        ("trace", br#"{"traceEvents":[]}"#, "performance trace"),
        ("json", br#"{"name":"x","version":"1"}"#, "no snapshot header"),
        ("events", br#"[{"name":"x","ph":"X"}]"#, "a JSON array, perhaps a performance trace"),
        ("pointer", b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        ("text", b"hello", "not JSON"),
        ("zeros", &[0; 4096], "zero bytes"),
        ("blank", b" \n\t\n", "white space"),
    ];
    for (name, content, words) in strangers {
        let file = dir.join(format!("{name}.heapsnapshot"));
        std::fs::write(&file, content).unwrap();
        refused(&file, words);
    }
}

#[test]
fn a_damaged_file_is_told_with_its_byte() {
    let pair = grown("cli-damaged");
    let whole = std::fs::read(&pair.after).unwrap();
    std::fs::write(&pair.after, &whole[..whole.len() - 20]).unwrap();
    refused(
        &pair.after,
        &format!("the file ends inside the string table (at byte {})", whole.len() - 20),
    );
    let error = complaint(&run([&pair.before, &pair.after]), 3);
    assert!(error.contains("\nhint: it looks cut off"), "{error}");
    let nodes = crate::writing::inside(&whole, "nodes");
    std::fs::write(&pair.after, &whole[..nodes.end - 5]).unwrap();
    refused(&pair.after, "the file ends inside the node table");
}

#[test]
fn of_two_bad_files_the_older_one_is_told() {
    let dir = scratch("cli-both");
    let error = complaint(&run([dir.join("one"), dir.join("two")]), 3);
    assert!(error.contains("one: cannot open"), "{error}");
}

#[test]
fn packed_files_are_compared_as_if_plain() {
    let pair = grown("cli-packed");
    let plain = report(&pair.before, &pair.after, &[]);
    let content = std::fs::read(&pair.after).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&content).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(
        &content[..],
        ruzstd::encoding::CompressionLevel::Uncompressed,
    );
    let two_members = [&gzip[..], &gzip[..0]].concat();
    for (name, packed) in [("a.gz", &gzip), ("b.heapsnapshot", &zstd), ("c", &two_members)] {
        let file = pair.after.with_file_name(name);
        std::fs::write(&file, packed).unwrap();
        let report = report(&pair.before, &file, &[]);
        assert_eq!(report["classes"], plain["classes"], "{name}");
        assert_eq!(report["snapshots"]["after"]["file_bytes"], packed.len(), "{name}");
        std::fs::write(&file, &packed[..packed.len() / 2]).unwrap();
        refused(
            &file,
            if name.contains('b') { "zstd data is cut off" } else { "gzip data is cut off" },
        );
    }
}

#[cfg(unix)]
#[test]
fn a_terminal_does_not_obey_a_file_s_name() {
    let name = "evil\x1b]2;PWNED\x07\u{202e}\nname";
    let missing = scratch("cli-escapes").join(name);
    let error = complaint(&run([missing, good()]), 3);
    assert!(error.contains(r"evil\u{1b}]2;PWNED\u{7}\u{202e}\nname"), "{error:?}");
}

#[test]
fn a_reader_that_goes_away_is_not_an_error() {
    let files = [path("plain/before.heapsnapshot"), path("plain/after.heapsnapshot")];
    for args in [["--format=json", "--chains=3"], ["--top=0", "--all"]] {
        let mut child = program()
            .args(&files)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut error = String::new();
        child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
        assert_eq!((child.wait().unwrap().code(), error.as_str()), (Some(0), ""));
    }
}

#[test]
fn quiet_prints_nothing_but_errors() {
    let pair = grown("cli-quiet");
    for option in ["-q", "--quiet"] {
        assert_eq!(shown([pair.before.as_os_str(), pair.after.as_os_str(), option.as_ref()]), "");
    }
    let missing = pair.before.with_file_name("missing");
    complaint(&run([pair.before.as_os_str(), missing.as_os_str(), "-q".as_ref()]), 3);
}

#[test]
fn a_file_named_like_a_subcommand_is_written_with_a_dot_and_slash() {
    let pair = grown("cli-dump-name");
    let dir = pair.before.parent().unwrap();
    std::fs::rename(&pair.before, dir.join("dump")).unwrap();
    let args = ["./dump", "after.heapsnapshot", "--sort=new"];
    let output = program().current_dir(dir).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("Session"));
}

#[test]
fn equal_input_gives_equal_bytes() {
    let args = [path("plain/before.heapsnapshot"), path("plain/after.heapsnapshot")];
    for format in ["--format=json", "--format=text"] {
        let run = || shown(args.iter().map(|p| p.as_os_str()).chain([format.as_ref()]));
        assert_eq!(run(), run());
    }
}

#[test]
fn the_json_report_has_the_promised_names_and_raw_integers() {
    let pair = grown("cli-json");
    let report = report(&pair.before, &pair.after, &["--top=1", "--chains=0", "--class=Nothing"]);
    assert!(report["schema"].is_u64());
    let after = &report["snapshots"]["after"];
    assert_eq!(after["path"], pair.after.to_str().unwrap());
    assert_eq!(after["file_bytes"], std::fs::metadata(&pair.after).unwrap().len());
    assert_eq!((&after["nodes"], &after["edges"]), (&5.into(), &4.into()));
    assert_eq!(after["total_size"], 48 + 32 + 900 + 24);
    assert_eq!(after["extra_native_bytes"], Value::Null);
    assert_eq!(report["snapshots"]["before"]["total_size"], 80);
    let classes = report["classes"].as_array().unwrap();
    assert_eq!(classes.len(), 2, "JSON is whole whatever the table shows");
    let row = &classes[0];
    assert_eq!((row["key"].as_str(), row["name"].as_str()), (Some(",Session"), Some("Session")));
    let numbers =
        ["new", "deleted", "delta", "alloc_size", "freed_size", "size_delta", "retained_new"]
            .map(|name| row[name].as_i64().unwrap());
    assert_eq!(numbers, [1, 0, 1, 900, 0, 900, 924]);
    let whole =
        |side: &str| ["count", "shallow", "retained", "distance"].map(|f| row[side][f].as_i64());
    assert_eq!(whole("after"), [Some(1), Some(900), Some(924), Some(3)]);
    assert_eq!(whole("before"), [Some(0); 4]);
    let chains = report["chains"].as_array().unwrap();
    let chain = chains.iter().find(|c| c["class"] == "Session").unwrap();
    assert_eq!((&chain["object"], &chain["distance"]), (&7.into(), &3.into()));
    let steps: Vec<String> = chain["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| {
            format!(
                "{} {} {} {} {} {}",
                s["edge"], s["edge_type"], s["class"], s["id"], s["shallow"], s["retained"]
            )
        })
        .collect();
    let expected = [
        "null null \"(synthetic)\" 1 0 1004",
        "\"app\" \"shortcut\" \"App\" 3 48 1004",
        "\"cache\" \"property\" \"Map\" 5 32 956",
        "\"0\" \"element\" \"Session\" 7 900 924",
    ];
    assert_eq!(steps, expected);
    assert!(chain["steps"][1]["name"].is_string());
}

#[test]
fn lone_surrogates_survive_into_json() {
    let pair = grown("cli-surrogates");
    let file = std::fs::read(&pair.after).unwrap();
    let file = crate::writing::swapped(&file, "\"Session\"", br#""Se\uD83Dss\u0007\uD83D\uDE00""#);
    std::fs::write(&pair.after, file).unwrap();
    let json = shown([pair.before.as_os_str(), pair.after.as_os_str(), "--format=json".as_ref()]);
    assert!(json.contains("\"name\": \"Se\\ud83dss\\u0007\u{1f600}\""), "{json}");
    let text = shown([pair.before.as_os_str(), pair.after.as_os_str(), "--sort=new".as_ref()]);
    assert!(text.contains("Se\u{fffd}ss\\u{7}\u{1f600}"), "{text}");
}

#[test]
fn the_dump_writes_its_three_files_and_nothing_else() {
    let pair = grown("cli-dump");
    let dir = pair.before.with_file_name("new").join("folder");
    let out = shown(["dump".as_ref(), pair.after.as_os_str(), "-o".as_ref(), dir.as_os_str()]);
    assert_eq!(out, "");
    let mut names: Vec<_> =
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["snapshot.classes.tsv", "snapshot.nodes.bin", "snapshot.nodes.json"]);
}

#[test]
fn the_dump_names_the_kinds_of_the_header_and_those_behind_its_list_that_occur() {
    let dir = scratch("cli-dump-kinds");
    let drawing = draw("root -> a:A(8) -s-> s:(symbol)iterator(16)");
    let short =
        crate::writing::swapped(&drawing.bytes(), ",\"symbol\",\"bigint\",\"object shape\"]", "]");
    let kinds = |name: &str, content: &[u8]| {
        let file = dir.join(format!("{name}.heapsnapshot"));
        std::fs::write(&file, content).unwrap();
        shown(["dump".as_ref(), file.as_os_str(), "-o".as_ref(), dir.join(name).as_os_str()]);
        let header = std::fs::read(dir.join(name).join("snapshot.nodes.json")).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        let kinds = header["types"].as_array().unwrap();
        (kinds.len(), kinds.last().unwrap().as_str().unwrap().to_owned())
    };
    assert_eq!(kinds("whole", &drawing.bytes()), (15, "object shape".to_owned()));
    assert_eq!(kinds("short", &short), (13, "undefined".to_owned()));
}
