//! Files of the repository: snapshots, packed or plain, and what DevTools says of them.

use heapdiff::graph::Heap;
use heapdiff::input::Input;
use heapdiff::parse::Tables;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub fn path(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(below)
}

/// The folders of all real pairs, the plain one first.
pub fn pairs() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(path("pairs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|dir| dir.join("golden").is_dir())
        .collect();
    found.sort();
    assert!(found.len() >= 20, "the pairs are missing: {found:?}");
    found.insert(0, path("plain"));
    found
}

/// `before`, `after` or `final` of a pair, packed or not.
pub fn snapshot(pair: &Path, which: &str) -> PathBuf {
    let plain = pair.join(format!("{which}.heapsnapshot"));
    if plain.exists() { plain } else { pair.join(format!("{which}.heapsnapshot.zst")) }
}

pub fn heap(bytes: Vec<u8>) -> Heap {
    Heap::new(Tables::read(&Arc::new(Input::from_bytes(bytes))).unwrap())
}

pub fn unzst(file: &Path) -> Vec<u8> {
    let packed = std::fs::File::open(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let mut out = Vec::new();
    ruzstd::decoding::StreamingDecoder::new(packed).unwrap().read_to_end(&mut out).unwrap();
    out
}

/// The entries of a plain tar archive.
pub fn untar(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let text = |field: &[u8]| {
        let end = field.iter().position(|b| *b == 0).unwrap_or(field.len());
        String::from_utf8(field[..end].to_vec()).unwrap()
    };
    let mut entries = BTreeMap::new();
    let mut at = 0;
    while archive[at] != 0 {
        let header = &archive[at..at + 512];
        let size = usize::from_str_radix(text(&header[124..136]).trim(), 8).unwrap();
        entries.insert(text(&header[..100]), archive[at + 512..at + 512 + size].to_vec());
        at += 512 + size.next_multiple_of(512);
    }
    entries
}

/// The folder of the test that runs, which no other test shares.
pub fn own() -> PathBuf {
    let test = std::thread::current().name().expect("tests run on threads of their own").to_owned();
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(test.replace("::", "/"))
}

/// A fresh folder for the test that runs.
pub fn scratch(name: &str) -> PathBuf {
    let dir = own().join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Makes a program of this script. Another process writes it: a file that this one had open for writing,
/// and so what it has forked meanwhile, could not be started.
pub fn program(file: &Path, script: &str) {
    let mut write = std::process::Command::new("sh")
        .args(["-c", "cat >\"$1\" && chmod +x \"$1\"", "sh"])
        .arg(file)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut write.stdin.take().unwrap(), script.as_bytes()).unwrap();
    assert!(write.wait().unwrap().success());
}
