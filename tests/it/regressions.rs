//! Bugs that were found once, each with the input that showed it.

use crate::cli::program;
use crate::drawing::draw;
use crate::layouts::{GLOBAL, told};
use crate::writing::{Style, swapped};
use heapdiff::ids::EdgeIdx;
use heapdiff::input::Input;
use heapdiff::parse::Tables;
use std::sync::Arc;
use zip::CompressionMethod::Deflated;

#[test]
fn a_numeric_shortcut_is_displayed_as_javascript_writes_the_number() {
    let digits = "9".repeat(400);
    for (name, expected) in
        [("-0", "0"), (" +007x", "7"), ("1000000000000000000000", "1e+21"), (&digits, "Infinity")]
    {
        let heap = draw(&format!("root =\"{name}\"=> a:A(1)")).heap();
        assert_eq!(heap.edge_name(EdgeIdx(0)).to_string_lossy(), expected, "{name}");
    }
}

#[test]
fn a_form_feed_is_no_white_space_in_json() {
    let style = Style {
        extra: vec![("edges", "[\u{c}]"), ("nodes", "[9,1,1,0,0,0,0]")],
        ..Style::default()
    };
    let file = swapped(&style.write(&draw("root")), "\"edge_count\":0", "\"edge_count\":0");
    assert!(Tables::read(&Arc::new(Input::from_bytes(file))).is_err());
}

/// A file may say any size and any line; sums of them stay at the largest number there is.
#[test]
fn the_largest_sizes_and_lines_add_up_without_overflow() {
    let most = u64::MAX;
    let draw = |n: usize| {
        let entries =
            (0..n).map(|i| format!("a -[{i}]-> e{i}:Huge({most})@1:4294967295:4294967295\n"));
        format!("{GLOBAL}g -log-> a:Array({most})\n{}", entries.collect::<String>())
    };
    let report = told("huge", &draw(3), &draw(203));
    assert_eq!(report["containers"][0]["retained_new"], most);
    assert_eq!(report["suspects"][0]["retained"], most);
    assert_eq!(report["verdict"]["kind"], "leak_likely");
}

/// The JSON parser quotes what it stumbles over; found by the fuzz target `header`.
#[test]
fn a_control_character_in_a_bad_header_is_spelled_in_the_error() {
    for odd in ["\u{1f}", "\u{c}", "\u{7f}", "\u{1b}]2;x"] {
        let file = swapped(&draw("root -> a:A(1)").bytes(), "\"meta\":", format!("\"meta\"{odd}"));
        let error = Tables::read(&Arc::new(Input::from_bytes(file))).unwrap_err().to_string();
        assert!(
            error.contains("from here on the header is not JSON, or is nested too deeply"),
            "{error:?}"
        );
        assert!(!error.chars().any(char::is_control), "{error:?}");
    }
}

/// A zip file's table of contents may claim any size; found by the fuzz target `container`.
#[test]
fn a_file_in_an_archive_is_no_larger_than_the_archive() {
    let content = draw("root -> a:A(1)").bytes();
    let mut packed = crate::packing::zip(&[("a.heapsnapshot", 1, &content)], Deflated);
    let row = packed.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    packed[row + 20 + 2] = 1; // 64 kB more
    let file = crate::fixtures::scratch("regressions-zip").join("a.zip");
    std::fs::write(&file, &packed).unwrap();
    let input = Input::open(&file).unwrap();
    assert_eq!(input.bytes(), content);
    assert_eq!(input.file_bytes(), packed.len() as u64);
}

/// The options are the text that `main.rs` exports; a wrong pointer would be read as well.
#[cfg(all(feature = "jemalloc", not(target_env = "msvc")))]
#[test]
fn the_allocator_reads_the_options_that_the_program_exports() {
    let mut command = program();
    command.env("_RJEM_MALLOC_CONF", "confirm_conf:true").arg("--version");
    let told = String::from_utf8(command.output().unwrap().stderr).unwrap();
    let options = "dirty_decay_ms:0,narenas:1,oversize_threshold:0";
    assert!(told.contains(&format!("global variable malloc_conf): \"{options}\"")), "{told}");
}
