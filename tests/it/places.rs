//! Where files are written: for their owner, whole or not at all, and never over what is read.

use crate::cli::{complaint, files, grown, program, run};
use crate::configuration::{repository, run_in};
use crate::fixtures::scratch;
use std::fs::{hard_link, read, write};
#[cfg(unix)]
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

const DUMPED: [&str; 3] = ["snapshot.classes.tsv", "snapshot.nodes.bin", "snapshot.nodes.json"];

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|n| n.into_string().unwrap()).collect();
    names.sort();
    names
}

fn dump(file: &Path, out: &Path, more: &[&str]) -> std::process::Output {
    program().arg("dump").arg(file).arg("-o").arg(out).args(more).output().unwrap()
}

#[test]
fn a_dump_masks_secrets_in_names_unless_told_otherwise() {
    let token = ["gh", "p_q7RzK2mWx9TbLc4VfYhN8sJdGp3ZaQeU1234"].concat();
    let heap = format!("root -> a:\"Cls {token}\"(900) -x-> b:\"##vso[task.x]y\"(20)");
    let pair = files("places-mask", &heap, &heap);
    for (more, shown) in [(&[][..], false), (&["--show-secrets"], true)] {
        let out = scratch("places-mask-out");
        assert_eq!(dump(&pair.after, &out, more).status.code(), Some(0));
        let text = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
        for text in [text(DUMPED[0]), text(DUMPED[2])] {
            assert_eq!(text.contains(&token), shown, "{text}");
            assert_eq!(text.contains("Cls ghp_…(40)"), !shown, "{text}");
            assert!(!text.contains("##") && text.contains("#\\u0023vso[task.x]y"), "{text}");
        }
    }
}

#[test]
fn a_dump_in_place_of_a_folder_is_refused_before_anything_is_written() {
    let pair = grown("places-folder");
    let out = scratch("places-folder-out");
    std::fs::create_dir(out.join(DUMPED[2])).unwrap();
    let error = complaint(&dump(&pair.after, &out, &[]), 3);
    assert!(error.contains("snapshot.nodes.json: this is a directory"), "{error}");
    assert_eq!(names(&out), [DUMPED[2]]);
    let error = complaint(&dump(&pair.after, &pair.before, &[]), 3);
    assert!(error.contains("before.heapsnapshot"), "{error}");
}

#[cfg(unix)]
fn mode(file: &Path) -> u32 {
    file.metadata().unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn a_dump_is_for_its_owner_only_and_a_link_stays_one() {
    let pair = grown("places-mode");
    let out = scratch("places-mode-out");
    write(out.join(DUMPED[0]), "old").unwrap();
    symlink("real.json", out.join(DUMPED[2])).unwrap();
    assert_eq!(dump(&pair.after, &out, &[]).status.code(), Some(0));
    for name in [DUMPED[0], DUMPED[1], "real.json"] {
        assert_eq!(mode(&out.join(name)), 0o600, "{name}");
    }
    assert!(out.join(DUMPED[2]).is_symlink());
    assert_eq!(names(&out), ["real.json", DUMPED[0], DUMPED[1], DUMPED[2]]);
}

#[cfg(unix)]
#[test]
fn a_report_behind_a_link_that_leads_nowhere_yet_is_for_its_owner_only() {
    let pair = grown("places-nowhere");
    let out = scratch("places-nowhere-out");
    symlink("far.json", out.join("near.json")).unwrap();
    symlink("near.json", out.join("a.json")).unwrap();
    let option = out.join("a.json");
    let args = [&pair.before, &pair.after, Path::new("-qo"), &option];
    assert_eq!(run(args).status.code(), Some(0));
    assert_eq!(mode(&out.join("far.json")), 0o600);
    assert!(out.join("near.json").is_symlink());
}

#[cfg(unix)]
#[test]
fn a_dump_that_cannot_be_whole_leaves_what_was_there() {
    let objects: Vec<String> = (0..4000).map(|i| format!("root -o{i}-> o{i}:A(8)")).collect();
    let file = files("places-limit", &objects.join("\n"), "root").before;
    let out = scratch("places-limit-out");
    write(out.join(DUMPED[0]), "old").unwrap();
    // Blocks of 512 or 1024 bytes: the columns do not fit.
    let limited = ["-c", "ulimit -f 40; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_heapdiff")];
    let mut command = std::process::Command::new("sh");
    command.args(limited).args(["dump".as_ref(), file.as_path(), "-o".as_ref(), &out]);
    let error = complaint(&command.output().unwrap(), 3);
    assert!(error.contains("snapshot.nodes.bin: cannot write: File too large"), "{error}");
    assert_eq!(names(&out), [DUMPED[0]]);
    assert_eq!(read(out.join(DUMPED[0])).unwrap(), b"old");
}

/// Every way to call a file that is read by another name.
#[cfg(unix)]
fn aliases(file: &Path, out: &Path, name: &str) -> Vec<Box<dyn Fn()>> {
    let (file, to) = (file.to_owned(), out.join(name));
    let hard = (file.clone(), to.clone());
    let far = (file.clone(), to.clone(), out.join("far"));
    vec![
        Box::new(move || hard_link(&hard.0, &hard.1).unwrap()),
        Box::new(move || symlink(&file, &to).unwrap()),
        Box::new(move || {
            symlink(&far.0, &far.2).unwrap();
            symlink("far", &far.1).unwrap();
        }),
    ]
}

#[cfg(unix)]
#[test]
fn nothing_is_written_over_a_snapshot_that_is_read_whatever_it_is_called() {
    let pair = grown("places-over");
    let kept = read(&pair.after).unwrap();
    for name in [DUMPED[0], DUMPED[1], DUMPED[2], "a.json", "after.heapsnapshot"] {
        for at in 0..3 {
            let out = scratch("places-over-out");
            aliases(&pair.after, &out, name)[at]();
            let to = out.join(".").join(name);
            let json = format!("json={}", to.display());
            let write = format!("--write-baseline={}", to.display());
            let [before, after] = [&pair.before, &pair.after].map(|p| p.as_os_str());
            let all = [
                dump(&pair.after, &out, &[]),
                run([before, after, "-o".as_ref(), json.as_ref()]),
                run([before, after, write.as_ref()]),
                run(["scrub".as_ref(), after, "-o".as_ref(), to.as_os_str()]),
                run(["scrub".as_ref(), after, "-o".as_ref(), out.as_os_str()]),
            ];
            let dumped = DUMPED.contains(&name);
            let folder = name == "after.heapsnapshot";
            for (which, output) in all.iter().enumerate() {
                if (which == 0 && !dumped) || (which == 4 && !folder) {
                    continue;
                }
                let error = complaint(output, 2);
                assert!(error.contains("snapshot"), "{name} {at} {which}: {error}");
            }
            assert_eq!(read(&pair.after).unwrap(), kept);
            assert_eq!(read(out.join(name)).unwrap(), kept);
        }
    }
}

#[test]
fn a_snapshot_that_was_found_in_a_folder_is_not_written_over() {
    let pair = grown("places-found");
    let dir = pair.before.parent().unwrap();
    let kept = [&pair.before, &pair.after].map(|file| read(file).unwrap());
    for file in [&pair.before, &pair.after] {
        for option in ["-ojson", "--write-baseline"] {
            let option = format!("{option}={}", file.display());
            let error = complaint(&run([dir.as_os_str(), option.as_ref()]), 2);
            assert!(error.contains("a snapshot is not to be overwritten"), "{error}");
        }
    }
    assert_eq!([&pair.before, &pair.after].map(|file| read(file).unwrap()), kept);
    let beside = format!("json={}", dir.join("report.json").display());
    assert_eq!(run([dir.as_os_str(), "-qo".as_ref(), beside.as_ref()]).status.code(), Some(0));
}

/// The baseline is kept with the sources: whoever may read these may read it.
#[cfg(unix)]
#[test]
fn a_baseline_is_for_whoever_reads_new_files_and_whole() {
    let pair = grown("places-baseline");
    let pair = [pair.before, pair.after];
    let dir = repository("places-baseline-in", &[]);
    assert_eq!(run_in(&dir, &pair, &["--write-baseline", "-q"]).status.code(), Some(0));
    write(dir.join("usual"), "").unwrap();
    let file = dir.join("heapdiff-baseline.json");
    assert_eq!(mode(&file), mode(&dir.join("usual")));
    let whole = read(&file).unwrap();
    let limited = ["-c", "ulimit -f 0; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_heapdiff")];
    let mut command = std::process::Command::new("sh");
    command.current_dir(&dir).args(limited).args(&pair).args(["--write-baseline", "-q"]);
    let error = complaint(&command.output().unwrap(), 3);
    assert!(error.contains("cannot write the baseline: File too large"), "{error}");
    assert_eq!(read(&file).unwrap(), whole);
    assert_eq!(names(&dir), [".git", "heapdiff-baseline.json", "usual"]);
}

/// A repository may be a stranger's: what is in it does not tell where to write outside of it.
#[cfg(unix)]
#[test]
fn neither_a_link_nor_a_configuration_leads_a_baseline_out_of_the_repository() {
    let pair = grown("places-out");
    let pair = [pair.before, pair.after];
    let outside = scratch("places-out-side");
    let dir = repository("places-out-in", &[("sub/x", "")]);
    let config = |text: &str| write(dir.join("heapdiff.toml"), text).unwrap();
    let refused = |more: &str, target: &Path| {
        let output = run_in(&dir, &pair, &[more, "-q"]);
        let error = complaint(&output, 2);
        assert!(error.contains("leads out of the repository"), "{error}");
        assert!(error.contains("hint: name the file itself"), "{error}");
        assert!(!target.exists());
    };
    let target: PathBuf = outside.join("target.json");
    symlink(&target, dir.join("heapdiff-baseline.json")).unwrap();
    symlink(&outside, dir.join("folder")).unwrap();
    refused("--write-baseline", &target);
    refused("--write-baseline=heapdiff-baseline.json", &target);
    config(&format!("baseline = '{}'", target.display()));
    refused("--write-baseline", &target);
    config("baseline = 'folder/target.json'");
    refused("--write-baseline", &target);
    config("baseline = '../places-out-side/target.json'");
    refused("--write-baseline", &target);
    let to = format!("--write-baseline={}", target.display());
    assert_eq!(run_in(&dir, &pair, &[&to, "-q"]).status.code(), Some(0));
    assert!(target.exists(), "what was named is written");
    symlink("sub/base.json", dir.join("in.json")).unwrap();
    config("baseline = 'in.json'");
    assert_eq!(run_in(&dir, &pair, &["--write-baseline", "-q"]).status.code(), Some(0));
    assert!(dir.join("in.json").is_symlink() && dir.join("sub/base.json").exists());
}
