//! What the benches measure on: generated pairs, `small` and `medium`, and the pairs in
//! `$HEAPDIFF_BENCH_DIR`, in it and in folders in it. A pair is two files,
//! `before.heapsnapshot` and `after.heapsnapshot`.

use crate::generate::{Size, write_pair};
use heapdiff::input::Input;
use heapdiff::pair::Pair;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// Two files.
#[derive(Clone)]
pub struct Measured {
    name: String,
    folder: PathBuf,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Measured {
    pub fn paths(&self) -> Pair<PathBuf> {
        Pair::new("before", "after").map(|which| self.folder.join(format!("{which}.heapsnapshot")))
    }

    pub fn inputs(&self) -> Pair<Arc<Input>> {
        self.paths().map(|path| Arc::new(Input::open(&path).expect("a snapshot to measure on")))
    }
}

/// Two files and a number of threads; 0 is one per core.
pub struct Case {
    pub pair: Measured,
    threads: usize,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let threads = ["all threads", "1 thread"][self.threads];
        write!(f, "{}, {threads}", self.pair)
    }
}

impl Case {
    /// The threads, made before anything is measured.
    pub fn pool(&self) -> rayon::ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().expect("threads")
    }
}

/// Every pair.
pub fn pairs() -> Vec<Measured> {
    static PAIRS: LazyLock<Vec<Measured>> = LazyLock::new(|| {
        let generated = ["small", "medium"].into_iter().filter_map(Size::of).map(made);
        generated.chain(real()).collect()
    });
    PAIRS.clone()
}

/// Every pair on one thread and on all.
pub fn cases() -> Vec<Case> {
    let twice = |pair: Measured| [1, 0].map(|threads| Case { pair: pair.clone(), threads });
    pairs().into_iter().flat_map(twice).collect()
}

/// A generated pair, made anew by every program that measures: it takes less than a second.
fn made(size: Size) -> Measured {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated").join(size.name);
    write_pair(&folder, size).expect("a place for generated snapshots");
    Measured { name: size.name.to_owned(), folder }
}

fn real() -> Vec<Measured> {
    let Some(top) = std::env::var_os("HEAPDIFF_BENCH_DIR").map(PathBuf::from) else {
        return Vec::new();
    };
    let inside = std::fs::read_dir(&top).expect("the folder HEAPDIFF_BENCH_DIR names");
    let inside = inside.flatten().map(|entry| entry.path());
    let mut found: Vec<Measured> = std::iter::once(top.clone())
        .chain(inside)
        .filter(|folder| folder.join("before.heapsnapshot").exists())
        .map(|folder| Measured { name: format!("real {}", last(&folder)), folder })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!found.is_empty(), "no pair of snapshots in {}", top.display());
    found
}

fn last(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
