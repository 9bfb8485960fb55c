//! How many threads in, the threads out that everything runs on.

use super::exit::{Exit, Failure};
use memmap2::MmapMut;
use rayon::{ThreadBuilder, ThreadPoolBuilder};
use std::error::Error;
use std::io::{self, ErrorKind};
use std::sync::mpsc;
use std::thread::Builder;

/// Address space that has to be free before a thread is started, in bytes: its stack takes 2 MiB,
/// its signal stack a few pages, and the allocator may grow by several MiB at once.
const ROOM: usize = 32 << 20;

/// Starts them now and not at the first use, which could only panic; `None` for one per core.
///
/// # Errors
///
/// The system does not allow as many, or they do not fit into the address space.
pub(super) fn start(threads: Option<usize>) -> Result<(), Failure> {
    ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .spawn_handler(spawn)
        .build_global()
        .map_err(|e| {
            let what_now = "ask for fewer with --threads, or raise ulimit -v and -u";
            let cause = e.source().and_then(|e| e.downcast_ref::<io::Error>()).map(io::Error::kind);
            let memory = cause == Some(ErrorKind::OutOfMemory);
            let exit = if memory { Exit::Memory } else { Exit::Usage };
            Failure::with(exit, format!("cannot start threads: {e}; {what_now}"))
        })
}

/// One thread at a time. What a thread allocates before it runs our code ends the program where
/// there is no room: std panics without a signal stack, glibc aborts without its destructors. So
/// there is to be enough, and no other thread takes it meanwhile.
fn spawn(thread: ThreadBuilder) -> io::Result<()> {
    drop(MmapMut::map_anon(ROOM)?);
    let (runs, running) = mpsc::channel();
    Builder::new().spawn(move || {
        // The other end waits for it.
        let _ = runs.send(());
        thread.run();
    })?;
    running.recv().map_err(io::Error::other)
}

/// A number of threads.
pub(super) fn parse(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=1024) => Ok(n),
        _ => Err("a number from 1 to 1024 belongs here".to_owned()),
    }
}
