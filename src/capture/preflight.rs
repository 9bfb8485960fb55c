//! A session in, what a snapshot of its process would take out; refused where that does not fit.
//!
//! While V8 writes a snapshot it keeps a record of every object and every reference, and its host the text
//! that is not read yet. So what it takes follows their number and not the size of the heap: strings of
//! megabytes take next to nothing, and a Map of a million entries gigabytes.

use super::session::Session;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::units::{count, size};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes that the process takes more for each byte of small objects, and of large ones, which may be tables
/// of nothing but references; and bytes of the file. At most, measured on Node.js 20, 24 and 26 with heaps
/// of 50 to 200 MB of small objects, Maps, arrays, closures, numbers and strings (November 2026).
const MEMORY: (u64, u64) = (22, 64);
const FILE: (u64, u64) = (3, 2);
/// Nanoseconds that it stands still for each byte, at most: 84 to 145 were measured with the same heaps on a
/// busy machine, in CPU time (November 2026).
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

    /// How long the process stands still at most, in words, if that is long.
    pub(crate) fn pause(&self) -> Option<String> {
        let pause = Duration::from_nanos(self.used.saturating_mul(PAUSE));
        (pause >= SHORT).then(|| {
            let seconds = count(pause.as_secs());
            format!("note: while it is written the process stands still, for {seconds} s or less")
        })
    }

    const fn at_most(&self, (small, large): (u64, u64)) -> u64 {
        let small = self.used.saturating_sub(self.large).saturating_mul(small);
        small.saturating_add(self.large.saturating_mul(large))
    }

    /// Refuses a snapshot for which there is no room, in memory or in a folder. Of a process that is not seen
    /// from here it is not known how much memory it has.
    ///
    /// # Errors
    /// `Memory` for both, with the figures.
    pub(crate) fn fits(&self, session: &Session, folder: &Path) -> Result<()> {
        let here = session.process();
        if let Some(room) = here.and_then(room).filter(|room| *room < self.at_most(MEMORY)) {
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

/// Bytes that a process may still take: of its control groups, and of the machine.
fn room(pid: u32) -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok()?;
    let available = machine.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let available: u64 = available.split_whitespace().next()?.parse().ok()?;
    let least = groups(pid).iter().filter_map(Group::room).min().unwrap_or(u64::MAX);
    Some((available << 10).min(least))
}

/// Bytes that the tightest of a process' control groups may have, if that is less than the machine has.
pub(super) fn limit(pid: u32) -> Option<u64> {
    // What stands for no limit in the first version.
    const NONE: u64 = 1 << 62;
    groups(pid).iter().filter_map(Group::limit).min().filter(|limit| *limit < NONE)
}

/// The control groups of a process.
fn groups(pid: u32) -> Vec<Group> {
    let groups = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    let of_line = |line: &str| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        match controllers {
            "" => Some(Group::second(Path::new("/sys/fs/cgroup"), path)),
            _ if controllers.split(',').any(|one| one == "memory") => {
                Some(Group::first(Path::new("/sys/fs/cgroup/memory"), path))
            }
            _ => None,
        }
    };
    groups.lines().filter_map(of_line).collect()
}

/// A control group, and those that it lies in: each may have a limit.
struct Group {
    folders: Vec<PathBuf>,
    limit: &'static str,
    used: &'static str,
    cache: &'static str,
}

impl Group {
    fn first(root: &Path, path: &str) -> Self {
        let (limit, used) = ("memory.limit_in_bytes", "memory.usage_in_bytes");
        Self { folders: folders(root, path), limit, used, cache: "total_inactive_file " }
    }

    fn second(root: &Path, path: &str) -> Self {
        let (limit, used) = ("memory.max", "memory.current");
        Self { folders: folders(root, path), limit, used, cache: "inactive_file " }
    }

    fn limit(&self) -> Option<u64> {
        self.folders.iter().filter_map(|folder| number(folder, self.limit)).min()
    }

    /// What is left of the tightest limit; the system gives back pages of files that nobody uses.
    fn room(&self) -> Option<u64> {
        let cache = |folder: &Path| -> Option<u64> {
            let all = fs::read_to_string(folder.join("memory.stat")).ok()?;
            all.lines().find_map(|line| line.strip_prefix(self.cache))?.parse().ok()
        };
        let room = |folder: &PathBuf| {
            let (limit, used) = (number(folder, self.limit)?, number(folder, self.used)?);
            Some(limit.saturating_add(cache(folder).unwrap_or(0)).saturating_sub(used))
        };
        self.folders.iter().filter_map(room).min()
    }
}

fn number(folder: &Path, file: &str) -> Option<u64> {
    fs::read_to_string(folder.join(file)).ok()?.trim().parse().ok()
}

/// A group's folder and those above it, up to the root. In a container the path may be the host's.
fn folders(root: &Path, path: &str) -> Vec<PathBuf> {
    let own = root.join(path.trim_start_matches('/'));
    own.ancestors().take_while(|folder| folder.starts_with(root)).map(Path::to_owned).collect()
}

#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    Some(stat.f_bavail * stat.f_frsize)
}

#[cfg(not(unix))]
const fn free(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_group_above_a_process_counts_without_what_the_system_can_give_back() {
        let root = tempfile::tempdir().unwrap();
        let own = root.path().join("pod/app");
        fs::create_dir_all(&own).unwrap();
        let write = |folder: &str, file: &str, text: &str| {
            fs::write(root.path().join(folder).join(file), text).unwrap();
        };
        let second = || Group::second(root.path(), "/pod/app").room();
        assert_eq!(second(), None);
        for (folder, limit, used) in
            [("", "max", "900"), ("pod", "1000", "700"), ("pod/app", "max", "600")]
        {
            write(folder, "memory.max", limit);
            write(folder, "memory.current", used);
        }
        assert_eq!(second(), Some(300));
        write("pod", "memory.stat", "anon 5\ninactive_file 50\n");
        assert_eq!(second(), Some(350));
        write("pod/app", "memory.max", "620\n");
        assert_eq!(second(), Some(20));
        write("pod/app", "memory.current", "630");
        assert_eq!(second(), Some(0));
        let first = || Group::first(root.path(), "/pod/app").room();
        assert_eq!(first(), None);
        write("pod", "memory.limit_in_bytes", "9223372036854771712");
        write("pod", "memory.usage_in_bytes", "700");
        write("pod/app", "memory.limit_in_bytes", "1000");
        write("pod/app", "memory.usage_in_bytes", "990");
        assert_eq!(first(), Some(10));
    }
}
