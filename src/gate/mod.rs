//! Conditions and a report in, gates that are kept or broken out.
//!
//! ```text
//! report -figures-> what grew, by name -beyond the baseline-> measured -comparator, limit-> ok
//! ```
//!
//! Sizes are in bytes, and figures per call go by [`Options::calls`](crate::Options::calls).
//!
//! ```
//! use heapdiff::gate::{Condition, Gates};
//! use heapdiff::report::Outcome;
//! use heapdiff::{Need, Options, Pair, compare};
//!
//! let mut gates = Gates::default();
//! gates.conditions.push(Condition::parse("delta(ToolSession) > 50", "a test")?);
//! let mut options = Options::default();
//! options.need = Need::NOTHING.and(gates.need());
//!
//! let files = Pair::new(
//!     "fixtures/plain/before.heapsnapshot",
//!     "fixtures/plain/after.heapsnapshot",
//! );
//! let mut report = compare(files, &[], &options)?;
//! gates.judge(&mut report);
//! assert_eq!(report.gates[0].outcome, Outcome::Broken);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod amount;
mod baseline;
mod condition;
mod figures;
mod judge;
mod metric;
mod mistake;
mod shown;
mod trend;
mod unit;

pub use baseline::Baseline;
pub use condition::{Condition, Subject};
pub use mistake::Mistake;

pub use crate::glob::Glob;
use crate::report::answer::ContainerReport;
use crate::report::{ClassRow, Need, Report};
use crate::trend::Kind as Memory;
use figures::Figures;
use judge::Judge;

/// What conditions should leave out.
#[derive(Debug, Clone, Default)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Ignore {
    /// Classes of such names.
    pub classes: Vec<Glob>,
    /// Containers of such paths.
    pub containers: Vec<Glob>,
}

impl Ignore {
    fn has_class(&self, row: &ClassRow) -> bool {
        row.names()
            .any(|name| self.classes.iter().any(|glob| glob.matches(&name.to_string_lossy())))
    }

    fn has_container(&self, container: &ContainerReport) -> bool {
        self.containers.iter().any(|glob| fits(glob, container))
    }

    fn is_empty(&self) -> bool {
        self.classes.is_empty() && self.containers.is_empty()
    }
}

/// Whether a pattern means a container: by its path, with or without the file before it, as it is or
/// as it is shown, or by its path without source maps.
fn fits(glob: &Glob, container: &ContainerReport) -> bool {
    let ContainerReport { path, name, real, compiled, .. } = container;
    let names = [path, name].into_iter().chain(real.iter().flatten());
    names.chain(compiled.iter().map(|known| &known.path)).any(|name| glob.matches(name))
}

/// Conditions with what they leave out and what they accept.
#[derive(Debug, Clone, Default)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Gates {
    /// Conditions that must not hold.
    pub conditions: Vec<Condition>,
    /// What does not count.
    pub ignore: Ignore,
    /// Growth that is accepted: conditions measure what goes beyond.
    pub baseline: Baseline,
    /// Whether a condition whose pattern fits nothing counts as one that could not be judged.
    pub strict: bool,
}

impl Gates {
    /// What a report must hold to be judged.
    #[must_use]
    pub fn need(&self) -> Need {
        let figures = self.conditions.iter().any(Condition::needs_figures);
        let members = self.conditions.iter().any(Condition::names_containers);
        Need { figures, chains: false, members }
    }

    /// Accepts all that has grown in a report, which must have all its figures.
    ///
    /// # Errors
    /// Says why what has grown cannot be told.
    pub fn accept(&mut self, report: &Report) -> Result<(), &'static str> {
        if let Some(reason) = judge::why_unjudged(report, false) {
            return Err(reason);
        }
        self.baseline = Baseline::of(&Figures::of(report, &self.ignore));
        Ok(())
    }

    /// Judges a report that has what is [needed](Self::need), and writes down in it what came of
    /// each condition.
    pub fn judge(&self, report: &mut Report) {
        let figures = Figures::of(report, &self.ignore);
        let judge = Judge { gates: self, report, figures: &figures };
        let gates = self.conditions.iter().map(|condition| judge.judge(condition)).collect();
        let ignored = figures.ignored;
        let strange = self.baseline.is_strange(&report.class_names);
        report.gates = gates;
        report.notes.extend(strange);
        report.ignored = (!self.ignore.is_empty()).then_some(ignored);
    }
}
