//! Runs a command and prints the most memory that it had at a time, in kB, on standard output; what
//! the command prints goes nowhere:
//!
//! ```text
//! cargo run --example peak -- COMMAND ARGUMENT...
//! ```

use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("usage: peak COMMAND ARGUMENT...");
        return ExitCode::from(2);
    };
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status();
    let peak = children();
    if peak > 0 && status.is_ok_and(|status| status.success()) {
        println!("{peak}");
        return ExitCode::SUCCESS;
    }
    eprintln!("error: the command failed, or its memory is not known");
    ExitCode::from(3)
}

/// The most that a child had which has ended.
#[cfg(target_os = "linux")]
fn children() -> i64 {
    // SAFETY: plain numbers, for which zero is a value; the system call fills them in.
    unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage.ru_maxrss
    }
}

/// Others count in other units, or not at all.
#[cfg(not(target_os = "linux"))]
fn children() -> i64 {
    0
}
