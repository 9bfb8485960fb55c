//! Logs of memory in; for each process whether what is left after its collections goes on growing, how fast, and
//! when it reaches its limit, out.
//!
//! ```text
//! logs -read-> records -gather-> series -prepare-> in bytes, along one axis -runs-> from start to restart
//!   -envelope-> what is left after collections -robust, shape-> leak, warming, plateau, sawtooth, too short
//!   -build-> TrendReport
//! ```

mod build;
mod envelope;
mod gather;
mod judge;
mod load;
mod options;
mod prepare;
mod read;
mod report;
mod robust;
mod runs;
mod sample;
mod series;
mod shape;
mod words;

pub use options::{FieldChoice, TrendOptions};
#[cfg(feature = "render")]
pub(crate) use read::time_shown;
pub use report::{
    Axis, BottomTrend, Each, Kind, LimitTrend, LogFile, NextLook, PerTrend, PointTrend,
    ProcessTrend, Rate, Restart, RunTrend, SeriesTrend, TREND_SCHEMA, TrendReport, Verdict,
};

#[cfg(feature = "render")]
pub(crate) use words::time as duration;

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::report::masked;
use gather::Gathered;
use read::Clock;
use std::path::Path;

/// Reads logs, which together are one: of one process or of several, one after the other or at once.
///
/// # Errors
/// If a file cannot be read, or no file has a field that was named, or says how much memory anything takes.
pub fn trend(logs: &[&Path], options: &TrendOptions) -> Result<TrendReport> {
    let wanted = options.wanted();
    let mut gathered = Gathered::default();
    let mut files = Vec::new();
    let mut long = 0;
    let mut clock = Clock::default();
    for path in logs {
        gathered.next_file();
        let before = gathered.samples;
        let told = read::read(path, &wanted, &mut clock, &mut |record| gathered.take(record))?;
        long += told.long;
        files.push(LogFile {
            path: path.to_string_lossy().into_owned(),
            lines: told.lines,
            samples: gathered.samples - before,
        });
    }
    if let Some(error) = missing(&gathered, options) {
        return Err(match logs {
            [path] => error.in_file(path),
            _ => error,
        });
    }
    gathered.settle();
    Ok(build::build(gathered, files, long, options))
}

/// What logs lack that was asked for: a field that was named, or any memory.
fn missing(gathered: &Gathered, options: &TrendOptions) -> Option<Error> {
    let mut named = options.named().into_iter();
    if let Some((_, names)) = named.find(|(says, _)| !gathered.tells(*says)) {
        let names: Vec<String> = names.into_iter().map(masked).collect();
        let what = format!("no line has a number in the field {}", names.join(" or "));
        let hint =
            "write the name as the logs do, with dots on the way to what lies deeper: memory.used";
        return Some(Error::new(ErrorKind::Damaged, what).with_hint(hint));
    }
    (gathered.samples == 0).then(|| {
        let what = "no line says how much memory anything takes";
        Error::new(ErrorKind::Damaged, what).with_remedies(
            "log process.memoryUsage() every 30 s or so; or name the field that says it: {}",
            &[Remedy::Field],
        )
    })
}
