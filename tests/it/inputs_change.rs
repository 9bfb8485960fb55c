//! A file that changes while it is read ends the run with a line, whatever the change is.
#![cfg(unix)]

use crate::cli::{complaint, grown, program};
use crate::fixtures::{path, scratch};
use heapdiff::pair::Pair;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

/// A run on one thread, stopped between its first file, which it has read, and its second, which
/// is a pipe: names of the first are read again when the report is written.
struct Stopped {
    child: Child,
    before: PathBuf,
    pipe: PathBuf,
    after: Vec<u8>,
}

impl Stopped {
    fn start(folder: &str, more: &[&str]) -> (Self, File) {
        Self::begin(grown(folder), &[&["--format=json"], more].concat())
    }

    fn begin(pair: Pair<PathBuf>, args: &[&str]) -> (Self, File) {
        let after = std::fs::read(&pair.after).unwrap();
        let pipe = pair.after.with_file_name("pipe");
        crate::packing::make_pipe(&pipe);
        let child = program()
            .env("RAYON_NUM_THREADS", "1")
            .args(args)
            .args([&pair.before, &pipe])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Waits until the other end is opened.
        let writer = File::options().write(true).open(&pipe).unwrap();
        (Self { child, before: pair.before, pipe, after }, writer)
    }

    /// Goes on after a change of the first file.
    fn finish(self, mut writer: File) -> std::process::Output {
        writer.write_all(&self.after).unwrap();
        drop(writer);
        let output = self.child.wait_with_output().unwrap();
        std::fs::remove_file(self.pipe).unwrap();
        output
    }
}

fn after_change(folder: &str, more: &[&str], change: impl Fn(&Path)) -> std::process::Output {
    let (run, writer) = Stopped::start(folder, more);
    change(&run.before);
    run.finish(writer)
}

fn truncate(file: &Path) {
    File::options().write(true).open(file).unwrap().set_len(0).unwrap();
}

fn grow(file: &Path) {
    File::options().append(true).open(file).unwrap().write_all(b" ").unwrap();
}

fn replace(file: &Path) {
    let new = file.with_extension("new");
    std::fs::copy(file, &new).unwrap();
    std::fs::rename(new, file).unwrap();
}

#[test]
fn a_file_that_is_cut_short_under_the_map_is_no_bus_error() {
    let output = after_change("change-short", &[], truncate);
    let error = complaint(&output, 3);
    assert!(error.contains("before.heapsnapshot: the file was cut short while it was read\n"));
    assert!(error.contains("\nhint: wait until the snapshot is written to its end"), "{error}");
}

#[test]
fn a_file_that_grows_or_is_replaced_while_it_is_read_is_refused() {
    for change in [grow, replace] {
        let error = complaint(&after_change("change-other", &[], change), 3);
        assert!(error.contains("before.heapsnapshot: the file changed while it was read\n"));
    }
}

#[test]
fn a_file_that_is_read_and_not_mapped_may_change_afterwards() {
    for change in [truncate, grow, replace] {
        let output = after_change("change-no-mmap", &["--no-mmap"], change);
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn a_file_that_is_deleted_while_it_is_read_is_whole() {
    let output = after_change("change-deleted", &[], |file| std::fs::remove_file(file).unwrap());
    assert_eq!(output.status.code(), Some(0));
}

/// The handler is for maps. What somebody else sends goes where it went before.
#[test]
fn a_bus_error_that_is_none_of_ours_ends_the_run_as_ever() {
    let (mut run, _writer) = Stopped::start("change-signal", &[]);
    let pid = run.child.id().to_string();
    for _ in 0..100 {
        std::process::Command::new("kill")
            .args(["-BUS", &pid])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        if let Some(status) = run.child.try_wait().unwrap() {
            assert_eq!(status.code(), None, "ended by a signal");
            assert!(status.signal().is_some());
            return;
        }
    }
    panic!("it runs on");
}

/// The values of what was written meanwhile would be copied.
#[test]
fn a_file_that_changes_while_it_is_scrubbed_is_refused_and_nothing_is_written() {
    let out = scratch("change-scrub-out");
    let scrub = ["scrub", "-o", out.to_str().unwrap()];
    for change in [truncate, grow, replace] {
        let (run, writer) = Stopped::begin(grown("change-scrub"), &scrub);
        change(&run.before);
        let error = complaint(&run.finish(writer), 3);
        assert!(error.contains("before.heapsnapshot: the file "), "{error}");
        assert!(error.contains(" while it was read\n"), "{error}");
    }
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}

/// Nobody reads what it writes, so it waits in the middle of the file.
#[test]
fn a_file_that_changes_while_its_scrubbed_copy_is_written_is_refused() {
    let file = scratch("change-copy").join("copied.heapsnapshot");
    for change in [truncate, grow, replace] {
        std::fs::copy(path("plain/after.heapsnapshot"), &file).unwrap();
        let mut child = program()
            .args(["scrub", "-o-"])
            .arg(&file)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdout.as_mut().unwrap().read_exact(&mut [0; 100]).unwrap();
        change(&file);
        let output = child.wait_with_output().unwrap();
        assert!(String::from_utf8_lossy(&output.stderr).contains(" while it was read\n"));
        assert_eq!(output.status.code(), Some(3));
    }
}

/// Whoever writes over a mapped file can make every look at it see something else.
#[test]
fn a_file_that_is_written_over_all_the_time_is_compared_or_refused_and_no_crash() {
    use std::os::unix::fs::FileExt;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    let file = scratch("change-torn").join("torn.heapsnapshot");
    let sound = std::fs::read(path("plain/after.heapsnapshot")).unwrap();
    std::fs::write(&file, &sound).unwrap();
    let done = AtomicBool::new(false);
    let torn = File::options().write(true).open(&file).unwrap();
    let outputs = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut at = 0;
            while !done.load(Relaxed) {
                at = (at + 1_000_003) % (sound.len() - 64);
                for other in *b" ,]\"1\xe2" {
                    torn.write_all_at(&[other; 64], at as u64).unwrap();
                }
                torn.write_all_at(&sound[at..at + 64], at as u64).unwrap();
            }
        });
        let run = |threads| program().args([&file, &file]).args([threads, "-q"]).output();
        let outputs: Vec<_> =
            ["--threads=1", "--threads=2"].repeat(20).into_iter().map(run).collect();
        done.store(true, Relaxed);
        outputs
    });
    for output in outputs {
        let output = output.unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 3)), "{:?} {told}", output.status);
        assert!(told.is_empty() || told.starts_with("error: "), "{told}");
    }
}
