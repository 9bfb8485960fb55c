//! A session in, a heap snapshot written as its chunks come, out: whole, or an error.

use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::input::Input;
use crate::parse::Tables;
use serde::Deserialize;
use serde_json::json;
use std::borrow::Cow;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// How long a collection may take that is not needed.
const SOON: Duration = Duration::from_secs(15);

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Bytes.
    pub bytes: u64,
}

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    chunk: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Progress {
    done: f64,
    total: f64,
}

impl Session {
    /// Asks to be told when the program ends: Node.js waits for all that are connected, and so for us.
    pub(crate) fn mind_its_end(&mut self) {
        // Others know nothing of it, and do not wait.
        let ask = json!({ "enabled": true });
        let _ = self.call("NodeRuntime.notifyWhenWaitingForDisconnect", &ask, &mut |_, _| Ok(()));
    }

    /// Bytes of the objects of the heap; 0 if the process does not tell.
    pub(crate) fn heap_usage(&mut self) -> Result<u64> {
        let told = self.ask("Runtime.getHeapUsage", &json!({}), &mut |_, _| Ok(()))?;
        Ok(told.ok().and_then(|told| told["usedSize"].as_f64()).unwrap_or(0.0) as u64)
    }

    /// Collects garbage, as DevTools does it before each snapshot.
    ///
    /// # Errors
    /// As of [`Self::call`].
    pub(crate) fn collect(&mut self) -> Result<()> {
        self.call("HeapProfiler.collectGarbage", &json!({}), &mut |_, _| Ok(())).map(|_| ())
    }

    /// The same where it goes soon: a process whose event loop does not turn collects nothing, and some can
    /// write a snapshot even so, before which V8 collects garbage itself.
    ///
    /// # Errors
    /// As of [`Self::call`], but for silence.
    pub(crate) fn collect_soon(&mut self) -> Result<()> {
        let patience = std::mem::replace(&mut self.patience, SOON);
        let collected = self.collect();
        self.patience = patience;
        match collected {
            Err(_) if self.is_silent => Ok(()),
            collected => collected,
        }
    }

    /// Takes a snapshot, and writes it while it comes; `progress` hears of the share of the objects that is
    /// done. The reply follows the last chunk, so that with it everything is there.
    ///
    /// # Errors
    /// `Io` if the process goes away or says nothing for long, if it sends something else than a snapshot,
    /// or if it cannot be written.
    pub(crate) fn snapshot(
        &mut self,
        file: &mut dyn Write,
        progress: &mut dyn FnMut(f64),
    ) -> Result<Taken> {
        let mut bytes = 0;
        let mut hear = |event: &str, said: &str| {
            match event {
                "HeapProfiler.addHeapSnapshotChunk" => {
                    let chunk: Chunk<'_> = serde_json::from_str(said).map_err(strange)?;
                    let chunk = chunk.chunk.as_bytes();
                    file.write_all(chunk).map_err(|e| Error::io("cannot write the snapshot", e))?;
                    bytes += chunk.len() as u64;
                }
                "HeapProfiler.reportHeapSnapshotProgress" => {
                    let Progress { done, total } = serde_json::from_str(said).map_err(strange)?;
                    progress(if total > 0.0 { (done / total).clamp(0.0, 1.0) } else { 0.0 });
                }
                _ => {}
            }
            Ok(())
        };
        let how = json!({ "reportProgress": true });
        self.call("HeapProfiler.takeHeapSnapshot", &how, &mut hear)?;
        if bytes == 0 {
            return Err(Error::new(ErrorKind::Io, "the process sent no snapshot").with_hint(SMALL));
        }
        file.flush().map_err(|e| Error::io("cannot write the snapshot", e))?;
        Ok(Taken { bytes })
    }
}

/// Looks whether a file has all that a snapshot has; `called` is what it will be called.
///
/// # Errors
/// `Io` if not.
pub(crate) fn check(file: &Path, called: &Path) -> Result<()> {
    let looked = Input::open(file).and_then(|input| Tables::look(&input));
    looked.map_err(|why| {
        let what = format!("the process did not send a whole snapshot: {}", why.what());
        Error::new(ErrorKind::Io, what).in_file(called).with_hint(SMALL)
    })
}

const SMALL: &str = "near its limit of memory a process cannot: give it more, or take one earlier";

fn strange(why: serde_json::Error) -> Error {
    Error::io("the process sends what is no part of a snapshot", why.into())
}
