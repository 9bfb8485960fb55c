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
use gather::Gathered;
use std::path::Path;

/// Reads logs, which together are one: of one process or of several, one after the other or at once.
///
/// # Errors
/// If a file cannot be read, or no file says how much memory anything takes.
pub fn trend(logs: &[&Path], options: &TrendOptions) -> Result<TrendReport> {
    let wanted = options.wanted();
    let mut gathered = Gathered::default();
    let mut files = Vec::new();
    let mut long = 0;
    for path in logs {
        gathered.next_file();
        let before = gathered.samples;
        let told = read::read(path, &wanted, &mut |record| gathered.take(record))?;
        long += told.long;
        files.push(LogFile {
            path: path.to_string_lossy().into_owned(),
            lines: told.lines,
            samples: gathered.samples - before,
        });
    }
    if gathered.samples == 0 {
        let what = "no line says how much memory anything takes";
        let mut error = Error::new(ErrorKind::Damaged, what);
        if let [path] = logs {
            error = error.in_file(path);
        }
        return Err(error.with_remedies(
            "log process.memoryUsage() every 30 s or so; or name the field that says it: {}",
            &[Remedy::Field],
        ));
    }
    Ok(build::build(gathered, files, long, options))
}
