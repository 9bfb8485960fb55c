//! Where `scrub` writes: all of what was asked for, or nothing.

use crate::cli::{complaint, files, grown, program, run};
use crate::fixtures::scratch;
use std::path::{Path, PathBuf};
use std::process::Stdio;

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|n| n.into_string().unwrap()).collect();
    names.sort();
    names
}

fn scrub(files: &[&Path], out: &Path) -> std::process::Output {
    run(["scrub".as_ref()].into_iter().chain(files.iter().copied()).chain(["-o".as_ref(), out]))
}

#[test]
fn what_is_not_a_file_is_not_replaced_and_nothing_is_written() {
    let pair = grown("scrub-onto");
    let out = scratch("scrub-onto-out");
    std::fs::create_dir(out.join("after.heapsnapshot")).unwrap();
    let error = complaint(&scrub(&[&pair.before, &pair.after], &out), 3);
    assert!(
        error.contains("after.heapsnapshot: this is a directory, a pipe or a device, not a file")
    );
    assert_eq!(names(&out), ["after.heapsnapshot"]);
    assert!(complaint(&scrub(&[&pair.after], &out), 3).contains("this is a directory"));
    #[cfg(unix)]
    {
        let pipe = out.join("pipe");
        crate::packing::make_pipe(&pipe);
        assert!(complaint(&scrub(&[&pair.before], &pipe), 3).contains("pipe: this is a "));
        assert!(!pipe.is_file());
        let write = format!("--write-baseline={}", pipe.display());
        let output = run([pair.before.as_path(), &pair.after, "-q".as_ref(), write.as_ref()]);
        assert!(complaint(&output, 3).contains("pipe: this is a directory, a pipe or a device"));
        assert!(!pipe.is_file());
    }
}

#[test]
fn a_folder_that_is_not_there_is_told_as_such() {
    let out = scratch("scrub-nowhere-out");
    let error = complaint(&scrub(&[&grown("scrub-nowhere").after], &out.join("no/a")), 3);
    let told = "a: there is no folder of this name\nhint: make the folder first";
    assert!(error.contains(told), "{error}");
    assert_eq!(names(&out), [""; 0]);
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let mut command = program();
    command.arg("scrub").arg(grown("scrub-read").after).args(["-o", "-"]);
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(running.stdout.take());
    let output = running.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_a_read_only_file_what_it_is() {
    let pair = grown("scrub-link");
    let out = scratch("scrub-link-out");
    let (link, file) = (out.join("link"), out.join("file"));
    std::os::unix::fs::symlink("file", &link).unwrap();
    for _ in 0..2 {
        assert_eq!(scrub(&[&pair.before], &link).status.code(), Some(0));
        assert!(link.is_symlink() && file.metadata().unwrap().len() > 500);
        std::fs::write(&file, "").unwrap();
    }
    let mut mode = file.metadata().unwrap().permissions();
    mode.set_readonly(true);
    std::fs::set_permissions(&file, mode).unwrap();
    assert!(complaint(&scrub(&[&pair.before], &link), 3).contains("file: the file is read-only"));
    assert_eq!(file.metadata().unwrap().len(), 0);
}

/// A folder of its own for the run: the name is the whole path.
#[cfg(unix)]
#[test]
fn what_is_said_of_a_file_is_no_command_in_a_log() {
    let pair = grown("scrub-commands");
    let dir = scratch("scrub-commands-in");
    for name in ["::error::x.heapsnapshot", "##[error]x.heapsnapshot"] {
        std::fs::copy(&pair.after, dir.join(name)).unwrap();
        for out in ["out.heapsnapshot", "missing/out"] {
            let args = ["scrub", name, "-o", out];
            let output = program().current_dir(&dir).args(args).output().unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            let obeyed = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
            assert!(!told.is_empty() && !told.lines().any(obeyed), "{told}");
        }
    }
}

#[test]
fn names_that_are_one_name_on_some_systems_are_refused() {
    let (first, second) = (grown("scrub-case-1"), grown("scrub-case-2"));
    let out = scratch("scrub-case").join("new");
    let other = second.after.with_file_name("BEFORE.heapsnapshot");
    std::fs::rename(&second.after, &other).unwrap();
    let error = complaint(&scrub(&[&first.before, &other], &out), 2);
    assert!(error.contains("two of the snapshots would become "), "{error}");
    assert!(error.contains("hint: on some systems names are the same in "), "{error}");
    let error = complaint(&scrub(&[&first.before, &second.before], &out), 2);
    assert!(error.contains("two of the snapshots ") && !error.contains("hint"), "{error}");
    assert!(!out.exists());
}

/// The last file gets no name, because a folder of this name was made after the run had begun.
#[cfg(unix)]
#[test]
fn if_one_file_cannot_get_its_name_new_ones_are_taken_back() {
    let pair = grown("scrub-late");
    let out = scratch("scrub-late-out");
    let pipe = pair.after.with_file_name("pipe");
    crate::packing::make_pipe(&pipe);
    let child = program()
        .args(["scrub".as_ref(), pair.before.as_path(), &pipe, "-o".as_ref(), &out])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Waits until the other end is opened.
    let mut writer = std::fs::File::options().write(true).open(&pipe).unwrap();
    std::fs::create_dir(out.join("pipe")).unwrap();
    std::io::copy(&mut std::fs::File::open(&pair.after).unwrap(), &mut writer).unwrap();
    drop(writer);
    let error = complaint(&child.wait_with_output().unwrap(), 3);
    assert!(error.contains("pipe: cannot write"), "{error}");
    assert_eq!(names(&out), ["pipe"]);
}

/// A limit of the system's for the size of files ends a run as a full disk does.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_so_large_is_an_error_and_leaves_nothing() {
    let out = scratch("scrub-limit-out");
    let more = "x".repeat(1 << 20);
    let file = files("scrub-limit", &format!("root -> s:(string)\"{more}\"(24)"), "root").before;
    let limited = ["-c", "ulimit -f 200; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_heapdiff")];
    let mut command = std::process::Command::new("sh");
    command.args(limited).args(["scrub".as_ref(), file.as_path(), "-o".as_ref(), &out]);
    let error = complaint(&command.output().unwrap(), 3);
    assert!(error.contains("before.heapsnapshot: cannot write: File too large"), "{error}");
    assert_eq!(names(&out), [""; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_that_is_killed_while_it_writes_leaves_nothing() {
    use std::os::unix::fs::OpenOptionsExt;
    let out = scratch("scrub-killed-out").canonicalize().unwrap();
    let unnamed = std::fs::File::options().write(true).custom_flags(libc::O_TMPFILE).open(&out);
    if unnamed.is_err() {
        // This file system has none.
        return;
    }
    let more = "x".repeat(40 << 20);
    let file = files("scrub-killed", &format!("root -> s:(string)\"{more}\"(24)"), "root").before;
    let old: PathBuf = out.join("before.heapsnapshot");
    std::fs::write(&old, "old").unwrap();
    for target in [&out, &old] {
        let args = ["scrub".as_ref(), file.as_path(), "-o".as_ref(), target];
        let mut child = program().args(args).spawn().unwrap();
        let open = PathBuf::from(format!("/proc/{}/fd", child.id()));
        let writes = || {
            let open = std::fs::read_dir(&open).unwrap().flatten();
            open.flat_map(|file| file.path().read_link()).any(|file| file.starts_with(&out))
        };
        while !writes() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        }
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().code(), None, "killed");
        assert_eq!(names(&out), ["before.heapsnapshot"]);
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "old");
    }
}
