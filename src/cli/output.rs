//! `--output` values in, files out: whole ones, or none.

use super::atomic::{AtomicFile, Readers};
use super::exit::Failure;
use super::format::{Body, Format};
use super::print;
use super::target::{is_one_of, missing_folder, real};
use crate::error::{Error, ErrorKind};
use crate::render::{COMMENT, SUMMARY, View};
use clap::ValueEnum;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind as Io, Write};
use std::path::{Path, PathBuf};

/// A value of `--output`.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub format: Format,
    pub file: PathBuf,
}

impl Output {
    /// Reads `[FORMAT=]FILE`.
    pub(super) fn parse(value: OsString) -> Result<Self, String> {
        let named = value.to_str().and_then(|text| text.split_once('='));
        if let Some((format, file)) = named
            && format.chars().all(|c| c.is_ascii_alphanumeric())
        {
            let format = Format::from_str(format, true).map_err(|_| {
                format!("there is no format {format}; a file of this name is written ./{format}=…")
            })?;
            return Self::new(format, file.into());
        }
        let file = PathBuf::from(value);
        match Format::of_file(&file.to_string_lossy()) {
            [format] => Self::new(*format, file),
            [] => Err("the name does not tell the format: write FORMAT=FILE".to_owned()),
            several => {
                let names: Vec<String> =
                    several.iter().map(|f| format!("{}=FILE", f.name())).collect();
                Err(format!("the name fits several formats: write {}", names.join(" or ")))
            }
        }
    }

    fn new(format: Format, file: PathBuf) -> Result<Self, String> {
        match file.to_str() {
            Some("") => Err("the file's name is missing".to_owned()),
            Some("-") => Err("for standard output there is --format".to_owned()),
            _ => Ok(Self { format, file }),
        }
    }
}

/// How a report gets into its file.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    /// A new file takes the place of the old one.
    Replace,
    /// What is no plain file (a pipe, a device) is written into.
    Through,
    /// The summary of a CI job may have other parts.
    Append,
    Stdout,
}

/// A file to be written, checked as far as can be before there is anything to write.
#[derive(Debug)]
pub(super) struct Sink {
    pub format: Format,
    /// As the user called it.
    named: PathBuf,
    /// Without links.
    file: PathBuf,
    way: Way,
}

/// Finds out how each output is to be written.
///
/// # Errors
/// If two outputs, or an output and the baseline, are one file, an output is one of the inputs, or a file could not be made.
pub(super) fn prepare(
    outputs: &[Output],
    inputs: &[&Path],
    baseline: Option<&Path>,
) -> Result<Vec<Sink>, Failure> {
    let baseline = baseline.map(real);
    let mut sinks: Vec<Sink> = Vec::new();
    for output in outputs {
        let file = real(&output.file);
        let shown = output.file.display();
        if is_one_of(&file, inputs) {
            return Err(Failure::usage(format!("{shown}: a snapshot is not to be overwritten")));
        }
        if baseline.as_ref() == Some(&file) || sinks.iter().any(|sink| sink.file == file) {
            return Err(Failure::usage(format!("{shown}: two outputs go to this file")));
        }
        let way = way(&output.file, &file).map_err(|e| e.in_file(&output.file))?;
        sinks.push(Sink { format: output.format, named: output.file.clone(), file, way });
    }
    Ok(sinks)
}

/// Refuses to write over a snapshot that was found in a folder, which is known later.
///
/// # Errors
/// If an output or the baseline is one of the snapshots.
pub(super) fn spare(
    snapshots: &[&Path],
    sinks: &[Sink],
    baseline: Option<&Path>,
) -> Result<(), Failure> {
    let mut files = sinks.iter().map(|sink| sink.file.as_path()).chain(baseline);
    match files.find(|file| is_one_of(file, snapshots)) {
        Some(file) => {
            let shown = file.display();
            Err(Failure::usage(format!("{shown}: a snapshot is not to be overwritten")))
        }
        None => Ok(()),
    }
}

fn way(named: &Path, file: &Path) -> Result<Way, Error> {
    if ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|p| named == Path::new(p)) {
        return Ok(Way::Stdout);
    }
    let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    if summary.is_some_and(|path| real(Path::new(&path)) == file) {
        return Ok(Way::Append);
    }
    match named.metadata() {
        Ok(is) if is.is_dir() => Err(Error::new(ErrorKind::Io, "this is a directory, not a file")),
        Ok(is) if is.is_file() && is.permissions().readonly() => {
            Err(Error::new(ErrorKind::Io, "the file is read-only"))
        }
        Ok(is) if is.is_file() => Ok(Way::Replace),
        Ok(_) => Ok(Way::Through),
        Err(_) => missing_folder(named).map_or(Ok(Way::Replace), Err),
    }
}

impl Sink {
    /// Bytes that are in the file already and stay.
    fn kept(&self) -> Option<u64> {
        (self.way == Way::Append).then(|| self.file.metadata().map_or(0, |is| is.len()))
    }

    /// Bytes that Markdown may take in it.
    fn room(&self) -> usize {
        self.kept().map_or(COMMENT, |kept| SUMMARY.saturating_sub(kept as usize + 1))
    }

    fn write(&self, report: &Body<'_>) -> std::io::Result<()> {
        match self.way {
            Way::Stdout => {
                let mut stdout = std::io::stdout().lock();
                report.write_to(&mut stdout).and_then(|()| stdout.flush())
            }
            Way::Append => {
                let mut file = OpenOptions::new().append(true).create(true).open(&self.file)?;
                // In one piece: others may append at the same time.
                let mut piece = Vec::new();
                if self.kept().is_some_and(|bytes| bytes > 0) {
                    piece.push(b'\n');
                }
                report.write_to(&mut piece)?;
                file.write_all(&piece)
            }
            _ => report.write_to(&mut File::create(&self.named)?),
        }
    }

    fn failed(&self, source: std::io::Error) -> Failure {
        Error::io("cannot write the file", source).in_file(&self.named).into()
    }
}

/// Writes the files, and then to standard output what is `shown`. `body` makes a report of a format and a
/// view, in which Markdown takes so many bytes at most.
///
/// # Errors
/// If something cannot be made or written.
pub(super) fn tell<'a>(
    sinks: Vec<Sink>,
    of_file: &View,
    shown: Option<(Format, &View)>,
    body: impl Fn(Format, &View, usize) -> Result<Body<'a>, Failure>,
) -> Result<(), Failure> {
    let mut reports = Vec::new();
    for sink in sinks {
        let body = body(sink.format, of_file, sink.room())?;
        reports.push((sink, body));
    }
    write(&reports)?;
    match shown {
        Some((format, view)) => print(&body(format, view, COMMENT)?),
        None => Ok(()),
    }
}

/// Writes all reports. Files come to their names only when every one is complete.
///
/// # Errors
/// If one cannot be written.
fn write(reports: &[(Sink, Body<'_>)]) -> Result<(), Failure> {
    let mut ready: Vec<(AtomicFile, &Sink)> = Vec::new();
    for (sink, report) in reports.iter().filter(|(sink, _)| sink.way == Way::Replace) {
        let whole = || -> std::io::Result<AtomicFile> {
            let mut whole = AtomicFile::begin(&sink.file, Readers::Owner)?;
            report.write_to(whole.file())?;
            Ok(whole)
        };
        ready.push((whole().map_err(|e| sink.failed(e))?, sink));
    }
    for (sink, report) in reports.iter().filter(|(sink, _)| sink.way != Way::Replace) {
        match sink.write(report) {
            // Whoever read has read enough.
            Err(e) if e.kind() == Io::BrokenPipe => {}
            result => result.map_err(|e| sink.failed(e))?,
        }
    }
    for (whole, sink) in ready {
        whole.keep().map_err(|e| sink.failed(e))?;
    }
    Ok(())
}
