//! A size in, a pair of snapshots out: `before.heapsnapshot` and `after.heapsnapshot`, as Node.js
//! 22 writes them, of a program that keeps the documents it has read. Between the two a cache and
//! an array of listeners grow, and a ring of recent documents has turned over. The same size
//! gives the same bytes, on every machine.

mod engine;
mod functions;
pub mod heap;
mod names;
mod program;
mod write;

use std::io;
use std::path::Path;

/// How much of everything there is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// As it is called.
    pub name: &'static str,
    /// Source files of the program.
    modules: u32,
    /// Documents in the cache, before and after.
    documents: [u32; 2],
}

/// 5 + 6 MB, 100 + 130 MB and 450 + 570 MB.
pub const SIZES: [Size; 3] = [
    Size { name: "small", modules: 40, documents: [24, 36] },
    Size { name: "medium", modules: 400, documents: [640, 850] },
    Size { name: "large", modules: 800, documents: [2_800, 3_500] },
];

impl Size {
    /// By its name.
    pub fn of(name: &str) -> Option<Self> {
        SIZES.into_iter().find(|size| size.name == name)
    }
}

/// Writes a pair into a folder, which is made if it is not there.
///
/// # Errors
/// If a file cannot be written.
pub fn write_pair(folder: &Path, size: Size) -> io::Result<()> {
    write_heap(folder, program::run(size.modules, size.documents))
}

/// Writes what a heap was before and after.
///
/// # Errors
/// If a file cannot be written.
pub fn write_heap(folder: &Path, heap: heap::Heap) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let heap = heap.finish();
    write::snapshot(&heap, heap::Life::Before, &folder.join("before.heapsnapshot"))?;
    write::snapshot(&heap, heap::Life::After, &folder.join("after.heapsnapshot"))
}
