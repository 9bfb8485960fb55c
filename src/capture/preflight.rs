//! A session in, what a snapshot of its process would take out; refused where that does not fit.
//!
//! While V8 writes a snapshot it keeps a record of every object and every reference, and its host the text
//! that is not read yet. So what it takes follows their number and not the size of the heap: strings of
//! megabytes take next to nothing, and a Map of a million entries gigabytes.

use super::room::Room;
use super::session::Session;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::units::{count, size};
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes that the process takes more for each byte of small objects, and of large ones, which may be tables
/// of nothing but references; and bytes of the file. At most, measured on Node.js 20, 24 and 26 with heaps
/// of 50 to 200 MB of small objects, Maps, arrays, closures, numbers and strings (November 2026).
const MEMORY: (u64, u64) = (22, 64);
const FILE: (u64, u64) = (3, 2);
/// Nanoseconds of CPU time that it stands still for each byte, at most: 84 to 145 were measured with the same heaps
/// (November 2026). Where others want the processors too it takes longer.
const PAUSE: u64 = 150;
/// A pause that nobody need be told of.
const SHORT: Duration = Duration::from_secs(2);

/// What the process tells of itself; what it does not know is 0 or empty.
const ASK: &str = "0, (() => {
    const told = { used: 0, large: 0 };
    try {
        for (const space of require('v8').getHeapSpaceStatistics()) {
            told.used += space.space_used_size;
            if (space.space_name.includes('large')) told.large += space.space_used_size;
        }
    } catch {}
    return told;
})()";

/// What the process reads of these files for us.
const READ: &str = "files => files.map(file => {
    try { return require('fs').readFileSync(file, 'utf8'); } catch { return null; }
})";

impl Session {
    /// What the process may have, and still take. What is not of this machine looks itself, as in a container.
    pub(super) fn room(&mut self) -> Room {
        if let Some(pid) = self.process() {
            let read = |file: &PathBuf| std::fs::read_to_string(file).ok();
            let mut reads = |files: &[PathBuf]| files.iter().map(read).collect();
            return Room::of(&PathBuf::from(format!("/proc/{pid}")), &mut reads);
        }
        let mut reads = |files: &[PathBuf]| {
            let asked = format!("0, ({READ})({})", json!(files));
            let told = self.look(&asked).unwrap_or_default();
            serde_json::from_value(told).unwrap_or_else(|_| vec![None; files.len()])
        };
        Room::of(Path::new("/proc/self"), &mut reads)
    }
}

/// What a process is, as far as it tells.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Vitals {
    /// Bytes of objects, and of those that are large.
    used: u64,
    large: u64,
}

impl Vitals {
    /// # Errors
    /// If the process goes away or says nothing for long.
    pub(crate) fn of(session: &mut Session) -> Result<Self> {
        let mut told: Self = serde_json::from_value(session.look(ASK)?).unwrap_or_default();
        if told.used == 0 {
            told.used = session.heap_usage()?;
        }
        Ok(told)
    }

    /// Of both: what one heap's snapshot has taken does not come back before the next.
    pub(crate) const fn and(&self, other: &Self) -> Self {
        Self {
            used: self.used.saturating_add(other.used),
            large: self.large.saturating_add(other.large),
        }
    }

    /// How long the process stands still at most where nothing else is done, in words, if that is long.
    pub(crate) fn pause(&self) -> Option<String> {
        let pause = Duration::from_nanos(self.used.saturating_mul(PAUSE));
        (pause >= SHORT).then(|| {
            let seconds = count(pause.as_secs());
            format!(
                "note: while it is written the process stands still, for {seconds} s or less; on a busy machine it takes longer"
            )
        })
    }

    const fn at_most(&self, (small, large): (u64, u64)) -> u64 {
        let small = self.used.saturating_sub(self.large).saturating_mul(small);
        small.saturating_add(self.large.saturating_mul(large))
    }

    /// Refuses a snapshot for which there is no room, in memory or in a folder. A process that is not seen from
    /// here may not know how much memory it has.
    ///
    /// # Errors
    /// `Memory` for both, with the figures.
    pub(crate) fn fits(&self, session: &mut Session, folder: &Path) -> Result<()> {
        if let Some(room) = session.room().left.filter(|room| *room < self.at_most(MEMORY)) {
            let (need, room) = (size(self.at_most(MEMORY)), size(room));
            let what = format!(
                "while it writes a snapshot the process may take up to {need} more, and has room for {room}"
            );
            return Err(Error::new(ErrorKind::Memory, what).with_remedies(MORE, &[Remedy::Force]));
        }
        if let Some(free) = free(folder).filter(|free| *free < self.at_most(FILE)) {
            let (need, free) = (size(self.at_most(FILE)), size(free));
            let what =
                format!("the file may have up to {need}, and its folder has room for {free}");
            let error = Error::new(ErrorKind::Memory, what).in_file(folder);
            return Err(error.with_remedies(MORE, &[Remedy::Force]));
        }
        Ok(())
    }
}

const MORE: &str = "give it more, or take one earlier; {} takes it all the same";

#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    Some(stat.f_bavail * stat.f_frsize)
}

#[cfg(not(unix))]
const fn free(_: &Path) -> Option<u64> {
    None
}
