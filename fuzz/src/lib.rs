//! What the fuzz targets have in common: how to give bytes to heapdiff, how to write an arbitrary
//! graph as a snapshot, and the laws that any result obeys.

#[path = "../../tests/it/invariants.rs"]
pub mod invariants;

mod graph;
mod pattern;

pub use graph::{Graph, arbitrary_pair};
pub use pattern::{Pattern, Scale};

use heapdiff::compare::compare;
use heapdiff::diff::Comparison;
use heapdiff::error::{Error, ErrorKind, Result};
use heapdiff::graph::Heap;
use heapdiff::input::Input;
use heapdiff::pair::Pair;
use heapdiff::parse::Tables;
use heapdiff::render::{View, text};
use heapdiff::report::{Options, Report};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

/// A folder of this process, in memory where the system has such a place.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    // This thread alone: what differs between runs is hard to repeat, and waking others is slow.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    let shared = PathBuf::from("/dev/shm");
    let parent = if shared.is_dir() { shared } else { std::env::temp_dir() };
    let folder = parent.join(format!("heapdiff-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for files");
    folder
});

/// Reads tables out of bytes; an error has to be one line, and not the caller's fault.
pub fn tables(bytes: &[u8]) -> Result<Tables> {
    LazyLock::force(&FOLDER);
    Tables::read(&Arc::new(Input::from_bytes(bytes.to_vec()))).inspect_err(about_the_content)
}

/// Reads a heap out of bytes.
pub fn heap(bytes: &[u8]) -> Result<Heap> {
    let heap = Heap::new(tables(bytes)?);
    invariants::laws_of_one_heap(&heap, "this file");
    Ok(heap)
}

/// Writes a file for [`Input::open`].
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = FOLDER.join(name);
    std::fs::write(&path, bytes).expect("a file to read");
    path
}

/// An error is one line of plain text.
pub fn one_line(error: &Error) {
    let hint = error.hint().map_or_else(|| "none".into(), ToString::to_string);
    for text in [error.to_string(), hint] {
        assert!(!text.is_empty() && !text.chars().any(char::is_control), "{text:?}");
        assert!(text.len() < 1000, "{text:?}");
    }
}

fn about_the_content(error: &Error) {
    one_line(error);
    assert_ne!(error.kind(), ErrorKind::Usage, "{error}");
}

/// Compares two heaps, both ways, and either with itself.
pub fn compared(before: &[u8], after: &[u8]) {
    let read = |bytes| heap(bytes).map(Arc::new);
    let (Ok(before), Ok(after)) = (read(before), read(after)) else { return };
    let forward = Comparison::new(Pair::new(Arc::clone(&before), Arc::clone(&after)));
    invariants::laws_of_one_comparison(&forward, "forward");
    let backward = Comparison::new(Pair::new(Arc::clone(&after), Arc::clone(&before)));
    invariants::laws_of_one_comparison(&backward, "backward");
    assert_eq!(invariants::figures(&forward), invariants::turned(&backward), "swapped");
    for heap in [before, after] {
        let same = Comparison::new(Pair::new(Arc::clone(&heap), heap));
        assert!(same.deltas().is_empty(), "compared with itself");
    }
}

/// The whole way: two files in, the report out, if both are sound.
pub fn report(before: &[u8], after: &[u8]) -> Option<Report> {
    let files = Pair::new(file("before", before), file("after", after));
    let paths = Pair::new(files.before.as_path(), files.after.as_path());
    let options = Options { show_strings: true, calls: Some(7), ..Options::default() };
    compare(paths, &[], &options).inspect_err(one_line).ok()
}

/// A text of which a terminal obeys nothing.
pub fn tame(text: &str) {
    for line in text.lines() {
        assert_eq!(heapdiff::text::visible(line), line, "a terminal would obey this");
    }
}

/// All that can be said of a report, in a narrow terminal and in an endless one: nothing in it is
/// obeyed by a terminal.
pub fn drawn(report: &Report) {
    let brief = View {
        top: None,
        sort: None,
        all: false,
        class: None,
        suspects: Some(9),
        chains: None,
        ways: 3,
        width: None,
        color: false,
        links: None,
    };
    let glob = Some(heapdiff::glob::Glob::new("*"));
    let narrow = View { width: Some(40), ..brief.clone() };
    let classes = View { all: true, class: glob, chains: Some(9), ..brief.clone() };
    for view in [brief, narrow, classes] {
        tame(&text(report, &view));
    }
    let json = heapdiff::render::json(report).expect("JSON");
    assert!(json.bytes().all(|b| b >= 0x20 || b == b'\n'), "JSON holds a bare control character");
}
