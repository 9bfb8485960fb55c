//! The files in which Linux tells of memory in, what a process may still take out: they are read here of a process that
//! runs here, and by the process itself where it does not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Reads files: their texts, or nothing of what is not there.
pub(super) type Reads<'a> = &'a mut dyn FnMut(&[PathBuf]) -> Vec<Option<String>>;

/// What stands for no limit in the first version of control groups.
const NONE: u64 = 1 << 62;

/// What a process may have, and still take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Room {
    /// Bytes that its tightest control group may have, if that is a limit.
    pub limit: Option<u64>,
    /// Bytes that are left, of its control groups and of the machine.
    pub left: Option<u64>,
}

impl Room {
    /// Of the process whose folder in /proc this is.
    pub(super) fn of(process: &Path, reads: Reads<'_>) -> Self {
        let told = reads(&["/proc/meminfo".into(), process.join("cgroup")]);
        let [machine, groups] = &told[..] else { return Self::default() };
        let groups = groups_of(groups.as_deref().unwrap_or_default());
        let files: Vec<PathBuf> = groups.iter().flat_map(Group::files).collect();
        let texts = reads(&files);
        let texts = Texts(files.into_iter().zip(texts).collect());
        let limit = groups.iter().filter_map(|group| group.limit(&texts)).min();
        let least = groups.iter().filter_map(|group| group.left(&texts)).min();
        let available = machine.as_deref().and_then(available);
        Self {
            limit: limit.filter(|limit| *limit < NONE),
            left: available.map(|available| available.min(least.unwrap_or(u64::MAX))),
        }
    }
}

/// Bytes that the machine has left.
fn available(machine: &str) -> Option<u64> {
    let line = machine.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib << 10)
}

/// The control groups that a process says it is in.
fn groups_of(said: &str) -> Vec<Group> {
    let of_line = |line: &str| {
        let (_, rest) = line.split_once(':')?;
        let (controllers, path) = rest.split_once(':')?;
        match controllers {
            "" => Some(Group::second(path)),
            _ if controllers.split(',').any(|one| one == "memory") => Some(Group::first(path)),
            _ => None,
        }
    };
    said.lines().filter_map(of_line).collect()
}

/// What was read.
struct Texts(BTreeMap<PathBuf, Option<String>>);

impl Texts {
    fn text(&self, folder: &Path, file: &str) -> Option<&str> {
        self.0.get(&folder.join(file))?.as_deref()
    }

    fn number(&self, folder: &Path, file: &str) -> Option<u64> {
        self.text(folder, file)?.trim().parse().ok()
    }
}

/// A control group, and those that it lies in: each may have a limit.
struct Group {
    folders: Vec<PathBuf>,
    limit: &'static str,
    used: &'static str,
    cache: &'static str,
}

impl Group {
    fn first(path: &str) -> Self {
        let (limit, used) = ("memory.limit_in_bytes", "memory.usage_in_bytes");
        let folders = folders(Path::new("/sys/fs/cgroup/memory"), path);
        Self { folders, limit, used, cache: "total_inactive_file " }
    }

    fn second(path: &str) -> Self {
        let folders = folders(Path::new("/sys/fs/cgroup"), path);
        Self { folders, limit: "memory.max", used: "memory.current", cache: "inactive_file " }
    }

    fn files(&self) -> Vec<PathBuf> {
        let names = [self.limit, self.used, "memory.stat"];
        self.folders.iter().flat_map(|folder| names.map(|name| folder.join(name))).collect()
    }

    fn limit(&self, texts: &Texts) -> Option<u64> {
        self.folders.iter().filter_map(|folder| texts.number(folder, self.limit)).min()
    }

    /// What is left of the tightest limit; the system gives back pages of files that nobody uses.
    fn left(&self, texts: &Texts) -> Option<u64> {
        let cache = |folder: &Path| -> Option<u64> {
            let all = texts.text(folder, "memory.stat")?;
            all.lines().find_map(|line| line.strip_prefix(self.cache))?.parse().ok()
        };
        let left = |folder: &PathBuf| {
            let limit = texts.number(folder, self.limit)?;
            let used = texts.number(folder, self.used)?;
            Some(limit.saturating_add(cache(folder).unwrap_or(0)).saturating_sub(used))
        };
        self.folders.iter().filter_map(left).min()
    }
}

/// A group's folder and those above it, up to the root. In a container the path may be the host's.
fn folders(root: &Path, path: &str) -> Vec<PathBuf> {
    let own = root.join(path.trim_start_matches('/'));
    own.ancestors().take_while(|folder| folder.starts_with(root)).map(Path::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process in these groups, where these files are; the machine has 5,000 KiB left.
    fn room(groups: &str, files: &[(&str, &str)]) -> Room {
        let root = "/sys/fs/cgroup";
        let mut there: BTreeMap<PathBuf, &str> =
            files.iter().map(|(file, text)| (Path::new(root).join(file), *text)).collect();
        there.insert("/proc/meminfo".into(), "MemFree: 1 kB\nMemAvailable:   5000 kB\n");
        there.insert("/proc/7/cgroup".into(), groups);
        let mut reads = |asked: &[PathBuf]| -> Vec<Option<String>> {
            asked.iter().map(|file| there.get(file).map(|text| (*text).to_owned())).collect()
        };
        Room::of(Path::new("/proc/7"), &mut reads)
    }

    #[test]
    fn the_tightest_group_above_a_process_counts_without_what_the_system_can_give_back() {
        let second = |more: &[(&str, &str)]| {
            let all = [
                ("memory.max", "max"),
                ("memory.current", "900"),
                ("pod/memory.max", "1000"),
                ("pod/memory.current", "700"),
                ("pod/app/memory.max", "max"),
                ("pod/app/memory.current", "600"),
            ];
            room("0::/pod/app\n", &[&all, more].concat())
        };
        assert_eq!(room("0::/pod/app\n", &[]), Room { limit: None, left: Some(5000 << 10) });
        assert_eq!(second(&[]), Room { limit: Some(1000), left: Some(300) });
        let cached = ("pod/memory.stat", "anon 5\ninactive_file 50\n");
        assert_eq!(second(&[cached]).left, Some(350));
        let tight = ("pod/app/memory.max", "620\n");
        assert_eq!(second(&[cached, tight]), Room { limit: Some(620), left: Some(20) });
        let over = ("pod/app/memory.current", "630");
        assert_eq!(second(&[cached, tight, over]).left, Some(0));
        let first = [
            ("memory/pod/memory.limit_in_bytes", "9223372036854771712"),
            ("memory/pod/memory.usage_in_bytes", "700"),
            ("memory/pod/app/memory.limit_in_bytes", "1000"),
            ("memory/pod/app/memory.usage_in_bytes", "990"),
        ];
        let told = room("5:cpu:/x\n4:memory,hugetlb:/pod/app\n", &first);
        assert_eq!(told, Room { limit: Some(1000), left: Some(10) });
        assert_eq!(room("4:memory:/pod", &first[..2]).limit, None);
    }

    #[test]
    fn in_a_container_the_way_to_a_group_may_be_the_hosts() {
        let files = [("memory.max", "1000"), ("memory.current", "400")];
        assert_eq!(room("0::/kubepods/pod1/c1\n", &files).left, Some(600));
    }
}
