//! A file that changes while it is read ends the run with a line, whatever the change is.
#![cfg(unix)]

use crate::cli::{complaint, grown, program};
use std::fs::File;
use std::io::Write;
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
        let pair = grown(folder);
        let after = std::fs::read(&pair.after).unwrap();
        let pipe = pair.after.with_file_name("pipe");
        crate::packing::make_pipe(&pipe);
        let child = program()
            .args([&pair.before, &pipe])
            .args(["--threads=1", "--format=json"])
            .args(more)
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
