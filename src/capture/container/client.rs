//! The command line of a client in, the streams of what it runs in a container out.

use std::io::{ErrorKind, Read, Result, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Bytes that are read at once, and how many times as many wait at most.
const PART: usize = 64 << 10;
const WAITING: usize = 16;
/// Bytes that are kept of what it complains of.
const LONGEST: usize = 16 << 10;
/// How long a client may take to end once its input has: what it runs closes an inspector before.
const END: Duration = Duration::from_secs(5);
const GLANCE: Duration = Duration::from_millis(10);

/// A client that runs.
pub(in crate::capture) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Vec<u8>>,
    /// What has come and is not read yet, and from where on.
    part: Vec<u8>,
    at: usize,
    complaints: Arc<Mutex<Vec<u8>>>,
    complains: JoinHandle<()>,
    /// How long a read waits.
    pub wait: Duration,
}

impl Client {
    /// Starts it. A Ctrl-C at the terminal is for us, who still need it then.
    pub(super) fn start(mut command: Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        #[cfg(windows)]
        {
            const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
            std::os::windows::process::CommandExt::creation_flags(
                &mut command,
                CREATE_NEW_PROCESS_GROUP,
            );
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let missing = || std::io::Error::other("it has no streams");
        let input = child.stdin.take();
        let mut stdout = child.stdout.take().ok_or_else(missing)?;
        let mut stderr = child.stderr.take().ok_or_else(missing)?;
        let (sends, output) = sync_channel(WAITING);
        std::thread::spawn(move || {
            let mut part = vec![0; PART];
            while let Ok(length @ 1..) = stdout.read(&mut part) {
                if sends.send(part[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        let complaints: Arc<Mutex<Vec<u8>>> = Arc::default();
        let kept = Arc::clone(&complaints);
        let complains = std::thread::spawn(move || {
            let mut part = vec![0; PART];
            while let Ok(length @ 1..) = stderr.read(&mut part) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&part[..length]);
                let much = kept.len().saturating_sub(LONGEST);
                kept.drain(..much);
            }
        });
        let (part, at, wait) = (Vec::new(), 0, GLANCE);
        Ok(Self { child, input, output, part, at, complaints, complains, wait })
    }

    /// What it has said on standard error so far.
    pub(super) fn said(&self) -> String {
        let said = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&said).into_owned()
    }

    /// What it has said on standard error, if it has ended by itself.
    pub(super) fn ended(&mut self) -> Option<String> {
        let begun = Instant::now();
        while begun.elapsed() < END {
            if self.child.try_wait().ok()?.is_some() && self.complains.is_finished() {
                return Some(self.said());
            }
            std::thread::sleep(GLANCE);
        }
        None
    }

    /// Why it has ended, in a line, if it says so.
    pub(in crate::capture) fn complaint(&mut self) -> Option<String> {
        super::words::complaint(&self.ended()?)
    }

    /// Lets it end: what it runs does so when its input ends.
    pub(in crate::capture) fn end(&mut self) {
        self.input = None;
        let begun = Instant::now();
        while begun.elapsed() < END {
            // It could not end while it waits for somebody to take what it says.
            while self.output.try_recv().is_ok() {}
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(GLANCE);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.end();
    }
}

impl Read for Client {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.at == self.part.len() {
            (self.part, self.at) = match self.output.recv_timeout(self.wait) {
                Ok(part) => (part, 0),
                Err(RecvTimeoutError::Timeout) => return Err(ErrorKind::WouldBlock.into()),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            };
        }
        let length = into.len().min(self.part.len() - self.at);
        into[..length].copy_from_slice(&self.part[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

impl Write for Client {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match &mut self.input {
            Some(input) => input.write(bytes),
            None => Err(ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> Result<()> {
        self.input.as_mut().map_or(Ok(()), Write::flush)
    }
}
