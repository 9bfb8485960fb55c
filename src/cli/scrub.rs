//! Snapshots in, scrubbed ones in files or on standard output out, and a note on standard error.

use super::atomic::{Readers, begin, keep};
use super::exit::{Exit, Failure, say};
use super::target::{is_one_of, real, replaceable};
use crate::error::Error;
use crate::input::Source;
use crate::scrub::{Scrubbed, Scrubber, Snapshot};
use crate::text::visible;
use crate::units::count;
use std::io::{BufWriter, ErrorKind as Io, Write};
use std::path::{Path, PathBuf};

/// `limit` is the memory that it may take, in bytes.
pub(super) fn scrub(files: &[Source], out: &Path, limit: Option<u64>) -> Result<Exit, Failure> {
    if out.as_os_str() != "-" {
        return to_files(files, out, limit);
    }
    let [_] = files else {
        return Err(Failure::usage(
            "standard output takes one snapshot; name a folder for several: --out scrubbed",
        ));
    };
    to_stdout(files, limit)
}

fn to_stdout(files: &[Source], limit: Option<u64>) -> Result<Exit, Failure> {
    let mut scrubber = Scrubber::new(Snapshot::read(files, limit)?);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let scrubbed = scrubber.write(0, &mut out).and_then(|scrubbed| {
        out.flush().map_err(|e| Error::io("cannot write", e))?;
        Ok(scrubbed)
    });
    match scrubbed {
        Ok(scrubbed) => {
            files.iter().for_each(|file| tell(file.path(), scrubbed));
            warn(files);
        }
        // A reader that has gone (`| head`) is not an error.
        Err(e) if e.io_error().is_some_and(|e| e.kind() == Io::BrokenPipe) => {}
        Err(e) => return Err(e.in_file(Path::new("standard output")).into()),
    }
    Ok(Exit::Fine)
}

/// Writes all files or none.
fn to_files(files: &[Source], out: &Path, limit: Option<u64>) -> Result<Exit, Failure> {
    let targets = targets(files, out)?;
    let mut scrubber = Scrubber::new(Snapshot::read(files, limit)?);
    if files.len() > 1 {
        std::fs::create_dir_all(out)
            .map_err(|e| Error::io("cannot make the folder", e).in_file(out))?;
    }
    let mut written = Vec::new();
    for (at, target) in targets.iter().enumerate() {
        let mut whole = begin(target, Readers::Owner)?;
        let mut writer = BufWriter::with_capacity(1 << 16, whole.file());
        let scrubbed = scrubber.write(at, &mut writer).map_err(|e| e.in_file(target))?;
        writer.flush().map_err(|e| Error::io("cannot write", e).in_file(target))?;
        drop(writer);
        written.push((whole, scrubbed));
    }
    let (wholes, scrubbed): (Vec<_>, Vec<_>) = written.into_iter().unzip();
    keep(wholes)?;
    files.iter().zip(scrubbed).for_each(|(file, scrubbed)| tell(file.path(), scrubbed));
    warn(files);
    Ok(Exit::Fine)
}

/// Where each file goes. None goes where another one goes or comes from, or where no file can be.
fn targets(files: &[Source], out: &Path) -> Result<Vec<PathBuf>, Failure> {
    let targets: Vec<PathBuf> = match files {
        [_] if !out.is_dir() => vec![out.to_owned()],
        _ => files.iter().map(|file| out.join(plain_name(file.path()))).collect(),
    };
    let targets: Vec<PathBuf> = targets.iter().map(|target| real(target)).collect();
    let read: Vec<&Path> = files.iter().map(Source::path).collect();
    for (at, target) in targets.iter().enumerate() {
        let name = target.display();
        if targets[..at].iter().any(|other| lower_case(other) == lower_case(target)) {
            let failure = Failure::usage(format!("two of the snapshots would become {name}"));
            let differ = !targets[..at].contains(target);
            let hint = "on some systems names are the same in upper and lower case; rename one";
            return Err(failure.hint(differ.then(|| hint.to_owned())));
        }
        if is_one_of(target, &read) {
            return Err(Failure::usage(format!(
                "{name} is one of the snapshots to scrub; write to another place"
            )));
        }
        replaceable(target).map_err(|e| e.with_hint("--out - writes to standard output"))?;
    }
    Ok(targets)
}

fn lower_case(name: &Path) -> String {
    name.to_string_lossy().to_lowercase()
}

/// Ends of names of what is packed.
const PACKED: [&str; 7] = ["gz", "zst", "br", "tar", "tgz", "tzst", "zip"];

/// The file's name; what is written is neither packed nor an archive.
fn plain_name(file: &Path) -> PathBuf {
    if file == Path::new("-") {
        return "stdin.heapsnapshot".into();
    }
    let ends =
        |name: &Path, end: &str| name.extension().is_some_and(|e| e.eq_ignore_ascii_case(end));
    let mut name = PathBuf::from(file.file_name().unwrap_or(file.as_os_str()));
    if !PACKED.iter().any(|end| ends(&name, end)) {
        return name;
    }
    while PACKED.iter().any(|end| ends(&name, end)) {
        name.set_extension("");
    }
    if !ends(&name, "heapsnapshot") {
        name.as_mut_os_string().push(".heapsnapshot");
    }
    name
}

fn tell(file: &Path, scrubbed: Scrubbed) {
    let Scrubbed { replaced, kept, secrets } = scrubbed;
    let name = file.to_string_lossy();
    let line = format!(
        "{}: replaced {} (values), {} (secrets in names); kept {} (values that are names too)",
        visible(&name),
        count(replaced),
        count(secrets),
        count(kept)
    );
    say(&line);
}

/// Says of one file alone that no other one fits it.
fn warn(files: &[Source]) {
    if files.len() == 1 {
        say(
            "warning: scrubbed alone: equal texts are other letters in each run, so this file compares \
             with no other; to compare some, name all snapshots at once",
        );
    }
}
