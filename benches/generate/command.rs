//! Writes a generated pair of snapshots into a folder:
//!
//! ```text
//! cargo run --release --example generate -- DIR small|medium|large
//! cargo run --release --example generate -- DIR SHAPE COUNT
//! ```

#[path = "mod.rs"]
mod generate;
mod shapes;

use generate::{Size, write_heap, write_pair};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (folder, written) = match arguments[..] {
        [folder, size] => {
            let size = Size::of(size);
            (folder, size.map(|size| write_pair(Path::new(folder), size)))
        }
        [folder, shape, count] => {
            let heap = count.parse().ok().and_then(|count| shapes::heap(shape, count));
            (folder, heap.map(|heap| write_heap(Path::new(folder), heap)))
        }
        _ => {
            eprintln!("usage: generate DIR small|medium|large | generate DIR SHAPE COUNT");
            return ExitCode::from(2);
        }
    };
    match written {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("error: cannot write into {folder}, {error}");
            ExitCode::from(3)
        }
        None => {
            eprintln!("error: there is no '{}'", arguments[1..].join(" "));
            ExitCode::from(2)
        }
    }
}
