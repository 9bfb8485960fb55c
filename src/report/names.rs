//! File names in, what Node wrote into them out: time, process and thread.

use crate::diff::IdentityKind;
use crate::input::Stamp;
use crate::pair::Pair;
use std::path::Path;

/// What the names add to what the ids say, or hold against it.
pub(super) fn note(paths: Pair<&Path>, identity: IdentityKind) -> Option<String> {
    let (before, after) = (Stamp::of(paths.before)?, Stamp::of(paths.after)?);
    if before.process != after.process {
        let (a, b) = (before.process, after.process);
        return Some(format!("the file names say two processes, {a} and {b}"));
    }
    if before.thread != after.thread {
        let (a, b) = (before.thread, after.thread);
        return Some(format!("the file names say two threads of one process, {a} and {b}"));
    }
    if before.time > after.time {
        return Some("the file names say that the first snapshot is the newer one".into());
    }
    (identity == IdentityKind::DifferentProcess).then(|| {
        "the file names say one process: its ids were renumbered, as happens when a \
         debugger detaches in between"
            .into()
    })
}

/// How fast the heap grew, if the names tell when the snapshots of one process were taken.
pub(super) fn rate(paths: Pair<&Path>, sizes: Pair<u64>) -> Option<String> {
    let (before, after) = (Stamp::of(paths.before)?, Stamp::of(paths.after)?);
    let seconds = after.seconds()?.checked_sub(before.seconds()?)?;
    let same = (before.process, before.thread) == (after.process, after.thread);
    let rate = per_hour(sizes, seconds).filter(|_| same)?;
    Some(format!("{rate}, by the times in the file names"))
}

/// How fast something grew within so many seconds.
pub(super) fn per_hour(sizes: Pair<u64>, seconds: i64) -> Option<String> {
    let growth = sizes.after.checked_sub(sizes.before).filter(|growth| *growth > 0)?;
    if seconds < SHORTEST {
        return None;
    }
    let per_hour = u128::from(growth) * 3600 / u128::from(seconds.unsigned_abs());
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let time = match hours {
        0 => format!("{minutes} min"),
        _ => format!("{hours} h {minutes} min"),
    };
    Some(format!("{} per hour over {time}", crate::units::size(per_hour as u64)))
}

/// A rate from less time, in seconds, would be one of noise.
const SHORTEST: i64 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn note_for(before: &str, after: &str, identity: IdentityKind) -> String {
        note(Pair::new(Path::new(before), Path::new(after)), identity).unwrap_or_default()
    }

    #[test]
    fn names_that_node_writes_tell_process_thread_and_order() {
        let same = IdentityKind::SameProcess;
        let signal = |rest: &str| format!("dir/Heap.20261121.{rest}.heapsnapshot");
        let (a, b) = (signal("143000.42.0.001"), signal("153000.42.0.002"));
        assert_eq!(note_for(&a, &b, same), "");
        assert!(note_for(&b, &a, same).contains("newer"));
        assert!(note_for(&a, &b, IdentityKind::DifferentProcess).contains("renumbered"));
        assert!(
            note_for(&a, &signal("153000.43.0.002"), same).contains("two processes, 42 and 43")
        );
        assert!(note_for(&a, &signal("153000.42.1.002"), same).contains("two threads"));
        let api = "Heap-20261121-143000-7-0.heapsnapshot";
        assert!(note_for(api, &a, same).contains("two processes, 7 and 42"));
    }

    #[test]
    fn names_with_times_give_growth_per_hour() {
        let name = |rest: &str| format!("Heap.20261121.{rest}.heapsnapshot");
        let told = |before: &str, after: &str| {
            let (before, after) = (name(before), name(after));
            let paths = Pair::new(Path::new(&before), Path::new(&after));
            rate(paths, Pair::new(1_000_000, 4_000_000)).unwrap_or_default()
        };
        let words = told("143000.42.0.001", "160000.42.0.002");
        assert_eq!(words, "2.0 MB per hour over 1 h 30 min, by the times in the file names");
        assert!(
            told("143000.42.0.001", "143200.42.0.002").starts_with("90.0 MB per hour over 2 min")
        );
        assert_eq!(told("143000.42.0.001", "160000.43.0.002"), "");
        assert_eq!(told("143000.42.0.001", "143030.42.0.002"), "");
        assert_eq!(told("160000.42.0.002", "143000.42.0.001"), "");
    }
}
