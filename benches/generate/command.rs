//! Writes a generated pair of snapshots into a folder:
//!
//! ```text
//! cargo run --release --example generate -- DIR small|medium|large
//! ```

#[path = "mod.rs"]
mod generate;

use generate::Size;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, size] = arguments.as_slice() else {
        eprintln!("usage: generate DIR small|medium|large");
        return ExitCode::from(2);
    };
    let Some(size) = Size::of(size) else {
        eprintln!("error: no such size, '{size}'");
        return ExitCode::from(2);
    };
    match generate::write_pair(Path::new(folder), size) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot write into {folder}, {error}");
            ExitCode::from(3)
        }
    }
}
