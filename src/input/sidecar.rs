//! The name of a snapshot in, what stands in the file beside it out: how it was taken.
//!
//! ```text
//!   after.heapsnapshot
//!   after.heapsnapshot.json    written by who took it; anybody can have changed it since
//! ```

use super::stamp;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Bytes that one may have.
const LONGEST: u64 = 1 << 20;

/// How a snapshot was taken. Of what is read anything may be missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Sidecar {
    /// Bytes of the snapshot, unpacked: whether this is of that file.
    pub bytes: u64,
    /// When it was begun, in UTC (RFC 3339).
    pub time: String,
    /// The connection it was taken on, for which ids hold.
    pub session: String,
    /// The process, as it calls itself, and when it was started.
    pub pid: Option<u64>,
    pub started: Option<String>,
    /// The worker thread that it is of; none if it is the main thread.
    pub worker: Option<u64>,
    pub name: Option<String>,
    pub runtime: Option<String>,
    pub v8: Option<String>,
    /// Those of its command line, without what looks secret.
    pub arguments: Vec<String>,
    pub memory: Option<Memory>,
    /// Bytes of the process in memory when the snapshot had been written: what that takes may stay.
    pub rss_afterwards: Option<u64>,
    /// Bytes that its heap may have, and all of its control group.
    pub heap_limit: Option<u64>,
    pub group_limit: Option<u64>,
}

/// What a process takes, in bytes, before the snapshot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Memory {
    pub rss: u64,
    #[serde(alias = "heapTotal")]
    pub heap_total: u64,
    #[serde(alias = "heapUsed")]
    pub heap_used: u64,
    pub external: u64,
    #[serde(alias = "arrayBuffers")]
    pub array_buffers: u64,
}

impl Sidecar {
    /// What it is called.
    pub(crate) fn path(snapshot: &Path) -> PathBuf {
        let mut name = snapshot.as_os_str().to_owned();
        name.push(".json");
        name.into()
    }

    /// What stands beside a snapshot, if anything does; or what is wrong with it.
    pub(crate) fn beside(snapshot: &Path) -> Result<Option<Self>, &'static str> {
        let path = Self::path(snapshot);
        let Ok(is) = path.symlink_metadata() else { return Ok(None) };
        if !is.is_file() {
            return Err("it is no plain file");
        }
        if is.len() > LONGEST {
            return Err("it is too large");
        }
        let text = std::fs::read(path).map_err(|_| "it cannot be read")?;
        let read: Self =
            serde_json::from_slice(&text).map_err(|_| "it is not what a capture writes")?;
        match read.seconds() {
            Some(_) => Ok(Some(read)),
            None => Err("it is not what a capture writes"),
        }
    }

    /// When it was taken, in seconds from some day on.
    pub(crate) fn seconds(&self) -> Option<i64> {
        seconds(&self.time)
    }

    /// When its process was started, likewise.
    pub(crate) fn began(&self) -> Option<i64> {
        seconds(self.started.as_ref()?)
    }
}

/// Seconds of a time in UTC, from some day on.
fn seconds(time: &str) -> Option<i64> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00Z";
    let fits = |(own, shape): (u8, &u8)| match shape {
        b'0' => own.is_ascii_digit(),
        _ => own == *shape,
    };
    let is_time = time.len() == SHAPE.len() && time.bytes().zip(SHAPE).all(fits);
    let digits: String = time.chars().filter(char::is_ascii_digit).collect();
    is_time.then(|| stamp::seconds(&digits)).flatten()
}

/// A time in UTC as RFC 3339 has it.
#[cfg(feature = "capture")]
pub(crate) fn written(time: std::time::SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read() {
        for (since, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_996_799, "2026-11-29T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            #[cfg(feature = "capture")]
            assert_eq!(
                written(std::time::UNIX_EPOCH + std::time::Duration::from_secs(since)),
                text
            );
            let read = seconds(text).unwrap() - seconds("1970-01-01T00:00:00Z").unwrap();
            assert_eq!(read, since as i64, "{text}");
        }
        for odd in [
            "",
            "2026-11-29",
            "2026-13-29T23:59:59Z",
            "2026-11-29T23:59:59+01:00",
            "ä026-11-29T23:59:59Z",
        ] {
            assert_eq!(seconds(odd), None, "{odd}");
        }
    }
}
