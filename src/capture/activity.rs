//! The id of a process in, what it does out, as Linux tells; elsewhere nobody knows.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long is looked.
const WHILE: Duration = Duration::from_millis(500);
/// The share of that time for which a thread computes that does nothing else.
const WHOLE: f64 = 0.8;

/// What a process, or one of its threads, does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Activity {
    /// Nothing, until somebody lets it go on.
    Stopped,
    /// Nothing, until a debugger of machine code lets it go on.
    Traced,
    /// It computes without a pause.
    Computes,
    /// It waits, or computes now and then.
    Waits,
}

impl Activity {
    /// Of the main thread, or else of the thread that is busiest.
    pub(super) fn of(pid: u32, of_main: bool) -> Option<Self> {
        let folder = PathBuf::from(format!("/proc/{pid}/task"));
        let main = folder.join(pid.to_string());
        if let Some(halted) = halted(&main)? {
            return Some(halted);
        }
        let threads = || match of_main {
            true => vec![main.clone()],
            false => fs::read_dir(&folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|one| one.path())
                .collect(),
        };
        let begun = Instant::now();
        let before: Vec<(PathBuf, u64)> = threads()
            .into_iter()
            .filter_map(|thread| Some((thread.clone(), computed(&thread)?)))
            .collect();
        std::thread::sleep(WHILE);
        let passed = begun.elapsed().as_nanos() as f64;
        let most = before
            .iter()
            .filter_map(|(thread, before)| computed(thread)?.checked_sub(*before))
            .max()?;
        Some(match most as f64 / passed {
            share if share >= WHOLE => Self::Computes,
            _ => Self::Waits,
        })
    }

    /// Whether a process does nothing until somebody lets it go on.
    #[cfg(target_os = "linux")]
    pub(super) fn is_stopped(pid: u32) -> bool {
        let main = PathBuf::from(format!("/proc/{pid}/task/{pid}"));
        matches!(halted(&main), Some(Some(Self::Stopped)))
    }
}

/// Whether a thread is held, and by what.
fn halted(thread: &Path) -> Option<Option<Activity>> {
    let stat = fs::read_to_string(thread.join("stat")).ok()?;
    // Its name stands in parentheses, and may hold any.
    let (_, rest) = stat.rsplit_once(')')?;
    Some(match rest.trim_start().chars().next()? {
        'T' => Some(Activity::Stopped),
        't' => Some(Activity::Traced),
        _ => None,
    })
}

/// Nanoseconds for which a thread has computed, or would have if it had got a core.
fn computed(thread: &Path) -> Option<u64> {
    let text = fs::read_to_string(thread.join("schedstat")).ok()?;
    let mut figures = text.split_whitespace().map(|figure| figure.parse::<u64>().ok());
    Some(figures.next()?? + figures.next()??)
}
