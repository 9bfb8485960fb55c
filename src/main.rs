//! The `heapdiff` program; everything it does is in the library.

fn main() -> std::process::ExitCode {
    heapdiff::cli::run()
}
