//! Snapshots in, scrubbed ones in files or on standard output out, and a note on standard error.

use super::exit::{Exit, Failure};
use super::whole::{Readers, Whole, folder};
use crate::error::Error;
use crate::scrub::{Scrubbed, Scrubber, Snapshot};
use crate::text::visible;
use crate::units::count;
use std::io::{BufWriter, ErrorKind as Io, Write};
use std::path::{Path, PathBuf};

pub(super) fn scrub(files: &[PathBuf], out: &Path) -> Result<Exit, Failure> {
    if out.as_os_str() != "-" {
        return to_files(files, out);
    }
    let [file] = files else {
        return Err(Failure::usage(
            "standard output takes one snapshot; name a folder for several: --out scrubbed",
        ));
    };
    to_stdout(file)
}

fn to_stdout(file: &Path) -> Result<Exit, Failure> {
    let mut scrubber = Scrubber::new(vec![Snapshot::read(file)?]);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let scrubbed = scrubber.write(0, &mut out).and_then(|scrubbed| {
        out.flush().map_err(|e| Error::io("cannot write", e))?;
        Ok(scrubbed)
    });
    match scrubbed {
        Ok(scrubbed) => tell(file, scrubbed),
        // A reader that has gone (`| head`) is not an error.
        Err(e) if is_broken_pipe(&e) => {}
        Err(e) => return Err(e.in_file(Path::new("standard output")).into()),
    }
    Ok(Exit::Fine)
}

fn is_broken_pipe(error: &Error) -> bool {
    let source = std::error::Error::source(error).and_then(|e| e.downcast_ref::<std::io::Error>());
    source.is_some_and(|e| e.kind() == Io::BrokenPipe)
}

/// Writes all files or none.
fn to_files(files: &[PathBuf], out: &Path) -> Result<Exit, Failure> {
    let targets = targets(files, out)?;
    let snapshots: crate::error::Result<_> =
        files.iter().map(|file| Snapshot::read(file)).collect();
    let mut scrubber = Scrubber::new(snapshots?);
    if files.len() > 1 {
        std::fs::create_dir_all(out)
            .map_err(|e| Error::io("cannot make the folder", e).in_file(out))?;
    }
    let mut written = Vec::new();
    for (at, target) in targets.iter().enumerate() {
        let mut whole = Whole::begin(target, Readers::Owner)
            .map_err(|e| Error::io("cannot write into the folder", e).in_file(folder(target)))?;
        let mut writer = BufWriter::with_capacity(1 << 16, whole.file());
        let scrubbed = scrubber.write(at, &mut writer).map_err(|e| e.in_file(target))?;
        writer.flush().map_err(|e| Error::io("cannot write", e).in_file(target))?;
        drop(writer);
        written.push((whole, scrubbed));
    }
    for ((whole, scrubbed), (file, target)) in written.into_iter().zip(files.iter().zip(&targets)) {
        whole.keep().map_err(|e| Error::io("cannot write", e).in_file(target))?;
        tell(file, scrubbed);
    }
    Ok(Exit::Fine)
}

/// Where each file goes. None goes where another one goes or comes from.
fn targets(files: &[PathBuf], out: &Path) -> Result<Vec<PathBuf>, Failure> {
    let targets: Vec<PathBuf> = match files {
        [_] if !out.is_dir() => vec![out.to_owned()],
        _ => files.iter().map(|file| out.join(plain_name(file))).collect(),
    };
    for (at, target) in targets.iter().enumerate() {
        let name = target.display();
        if targets[..at].contains(target) {
            return Err(Failure::usage(format!("two of the snapshots would become {name}")));
        }
        let real = std::fs::canonicalize(target).ok();
        if real.is_some() && files.iter().any(|file| std::fs::canonicalize(file).ok() == real) {
            return Err(Failure::usage(format!(
                "{name} is one of the snapshots to scrub; write to another place"
            )));
        }
    }
    Ok(targets)
}

/// The file's name; what is written is not packed.
fn plain_name(file: &Path) -> PathBuf {
    let packed = file.extension().is_some_and(|e| e == "gz" || e == "zst");
    let name = if packed { file.file_stem() } else { file.file_name() };
    name.unwrap_or(file.as_os_str()).into()
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
    // If stderr is closed there is no one to tell.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
