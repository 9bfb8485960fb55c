//! Parses files as JSON and builds nothing from them, for comparisons of whole processes:
//!
//! ```text
//! cargo run --release --example json -- simd-json|serde_json FILE...
//! ```

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((parser, files)) = arguments.split_first() else {
        eprintln!("usage: json simd-json|serde_json FILE...");
        return ExitCode::from(2);
    };
    for path in files {
        let mut bytes = std::fs::read(path).expect("a file to read");
        let sound = match parser.as_str() {
            "simd-json" => simd_json::to_tape(&mut bytes).is_ok(),
            _ => serde_json::from_slice::<serde_json::Value>(&bytes).is_ok(),
        };
        assert!(sound, "{path} is no JSON");
    }
    ExitCode::SUCCESS
}
