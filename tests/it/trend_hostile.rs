//! Logs that no program would write: nothing crashes, and time and memory stay within bounds.

use crate::cli::program;
use crate::fixtures::scratch;
use crate::trend::saw;
use std::io::Write;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

/// The program over bytes from standard input.
fn over(bytes: &[u8]) -> Output {
    let mut child = program()
        .args(["trend", "-", "--format=json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// The exit code; a report is there if it is 0, and an error else.
fn code(bytes: &[u8]) -> i32 {
    let output = over(bytes);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code().unwrap_or_else(|| panic!("{errors}"));
    assert!([0, 3].contains(&code), "{code}: {errors}");
    assert_eq!(errors.starts_with("error: "), code == 3, "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    if code == 0 {
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
    }
    code
}

#[test]
fn strange_numbers_are_no_samples() {
    for value in ["NaN", "-5", "1e308", "1e400", "Infinity", "null", "\"many\"", "[]", "{}"] {
        assert_eq!(
            code(format!("{{\"heapUsed\":{value}}}\nheapUsed={value}\n").as_bytes()),
            3,
            "{value}"
        );
    }
    let mixed = saw(0.5, |at, mb| match at % 4 {
        0 => "{\"heapUsedMB\":1e308}\nheapUsedMB=-1e999".to_owned(),
        _ => format!("{{\"heapUsedMB\":{mb}}}"),
    });
    assert_eq!(code(mixed.as_bytes()), 0);
    assert_eq!(code(b"heapUsed=0\nheapUsed=0\n"), 0);
}

#[test]
fn strange_times_are_put_in_order() {
    let times = ["0", "-1", "1e308", "99999999999999999999", "1764489600"];
    let line = |at: usize, mb: f64| {
        let time = times[at % times.len()];
        format!("{{\"time\":{time},\"heapUsedMB\":{mb}}}")
    };
    assert_eq!(code(saw(0.5, line).as_bytes()), 0);
    let back = saw(0.5, |at, mb| format!("{{\"time\":{},\"rssMB\":{mb}}}", 1_764_489_600 - at));
    assert_eq!(code(back.as_bytes()), 0);
    let same = saw(0.5, |_, mb| format!("2026-11-30T08:00:00Z rss={mb}MB"));
    assert_eq!(code(same.as_bytes()), 0);
    let wild = saw(0.5, |at, mb| format!("{:04}-{:02}-31T25:61:99Z rss={mb}MB", at * 77, at % 14));
    assert_eq!(code(wild.as_bytes()), 0);
}

#[test]
fn what_is_no_log_is_refused() {
    for bytes in [
        &b""[..],
        b"\n\n\n",
        b"\0\0\0heapUsed=5\n",
        b"\x7fELF\0\0",
        b"[{\"heapUsed\":5},",
        b"[{]",
        b"{\"resultType\":",
        b"{\"data\":{\"resultType\":\"matrix\",\"result\":null}}",
        b"time,heapUsed\n",
        b"\x1f\x8b\x08\0heap",
    ] {
        assert_eq!(code(bytes), 3, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn any_encoding_is_read() {
    let text = saw(0.5, |at, mb| format!("é\u{1F600} rss={mb}MB {at}"));
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(code(&wide), 0);
    let latin: Vec<u8> = text.replace("é\u{1F600}", "\u{e9}").chars().map(|c| c as u8).collect();
    assert_eq!(code(&latin), 0);
    let mut mixed = latin;
    mixed.extend(b"\xff\xfe\x00 rss=5MB\n");
    assert_eq!(code(&mixed), 0);
}

#[test]
fn lines_without_an_end_and_deep_objects_are_left_out() {
    let mut bytes = saw(0.5, |_, mb| format!("rss={mb}MB")).into_bytes();
    bytes.extend(std::iter::repeat_n(b"heapUsed=1 ", 1 << 20).flatten());
    let deep =
        format!("\n{{\"heapUsed\":{}1{}}}\n", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    bytes.extend(deep.as_bytes());
    let output = over(&bytes);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(told["notes"].to_string().contains("longer than 1 MiB"), "{}", told["notes"]);
}

#[test]
fn names_of_the_log_reach_no_terminal_as_they_are() {
    let line = |at: usize, mb: f64| {
        format!("{{\"pid\":\"\\u001b[31m\\u202e{}\",\"heapUsedMB\":{mb}}}", at % 2)
    };
    let file = scratch("names").join("log");
    std::fs::write(&file, saw(0.5, line)).unwrap();
    for format in ["text", "markdown", "html", "agent", "github", "junit", "csv", "openmetrics"] {
        let output = program().arg("trend").arg(&file).arg("-f").arg(format).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.len() > 100, "{format}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format}: {text}");
    }
}

/// Time that the program takes for so many lines of several processes.
fn time(lines: usize) -> Duration {
    let file = scratch("long").join("log");
    let mut out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    for at in 0..lines {
        let mb = 50 + at % 13;
        writeln!(out, "{{\"time\":{at}000,\"pid\":{},\"heapUsedMB\":{mb},\"x\":{at}}}", at % 3)
            .unwrap();
    }
    drop(out);
    let start = Instant::now();
    let output = program().arg("trend").arg(&file).arg("--format=json").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    start.elapsed()
}

#[test]
fn ten_times_the_lines_take_about_ten_times_as_long() {
    let short = time(40_000).max(Duration::from_millis(100));
    let long = time(400_000);
    assert!(long < short * 40, "{short:?}, {long:?}");
}
