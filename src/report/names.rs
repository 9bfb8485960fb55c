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
        "the file names say one process: its ids were handed out anew, as happens when a \
         debugger detaches in between"
            .into()
    })
}

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
        assert!(note_for(&a, &b, IdentityKind::DifferentProcess).contains("handed out anew"));
        assert!(
            note_for(&a, &signal("153000.43.0.002"), same).contains("two processes, 42 and 43")
        );
        assert!(note_for(&a, &signal("153000.42.1.002"), same).contains("two threads"));
        let api = "Heap-20261121-143000-7-0.heapsnapshot";
        assert!(note_for(api, &a, same).contains("two processes, 7 and 42"));
    }
}
