//! Conditions and a report in, budgets that are kept or broken out.
//!
//! ```text
//! report -figures-> what grew, by name -beyond the baseline-> measured -comparator, limit-> ok
//! ```

mod amount;
mod baseline;
mod condition;
mod figures;
mod judge;
mod metric;

pub use baseline::Baseline;
pub use condition::{Condition, Mistake};

#[cfg(feature = "cli")]
pub(crate) use metric::nearest;

use crate::glob::Glob;
use crate::report::answer::ContainerReport;
use crate::report::{Need, Report};
use figures::Figures;
use judge::Judge;

/// What conditions should leave out.
#[derive(Debug, Clone, Default)]
pub struct Ignore {
    /// Classes of such names.
    pub classes: Vec<Glob>,
    /// Containers of such paths.
    pub containers: Vec<Glob>,
}

impl Ignore {
    fn has_class(&self, name: &str) -> bool {
        self.classes.iter().any(|glob| glob.matches(name))
    }

    fn has_container(&self, container: &ContainerReport) -> bool {
        self.containers.iter().any(|glob| fits(glob, &container.path, &container.name))
    }

    fn is_empty(&self) -> bool {
        self.classes.is_empty() && self.containers.is_empty()
    }
}

/// Whether a pattern means a container: by its path, with or without the file before it.
fn fits(glob: &Glob, path: &str, name: &str) -> bool {
    glob.matches(path) || glob.matches(name)
}

/// Conditions with what they leave out and what they accept.
#[derive(Debug, Clone, Default)]
pub struct Gates {
    /// Conditions that must not hold.
    pub conditions: Vec<Condition>,
    /// What does not count.
    pub ignore: Ignore,
    /// Growth that is accepted: conditions measure what goes beyond.
    pub baseline: Baseline,
}

impl Gates {
    /// What a report must hold to be judged.
    #[must_use]
    pub fn need(&self) -> Need {
        let figures = self.conditions.iter().any(Condition::needs_figures);
        Need { figures, chains: false }
    }

    /// Accepts all that has grown in a report, which must have all its figures.
    pub fn accept(&mut self, report: &Report) {
        self.baseline = Baseline::of(&Figures::of(report, &self.ignore));
    }

    /// Judges a report that has what is [needed](Self::need), and writes down in it what came of
    /// each condition.
    pub fn judge(&self, report: &mut Report) {
        let figures = Figures::of(report, &self.ignore);
        let judge = Judge { gates: self, report, figures: &figures };
        let budgets = self.conditions.iter().map(|condition| judge.judge(condition)).collect();
        report.budgets = budgets;
        report.ignored = (!self.ignore.is_empty()).then_some(figures.ignored);
    }
}
