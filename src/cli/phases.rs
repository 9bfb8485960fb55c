//! The spans of the phases in, a table of them or a progress bar on standard error out.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Shorter runs need no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// About how many thousandths of a run of two files each phase takes, for one file where it
/// works on one; measured on a pair of 500 MB, whose text was asked for.
const WEIGHTS: [(&str, u64); 17] = [
    ("sections", 1),
    ("strings", 5),
    ("nodes", 33),
    ("edges", 110),
    ("locations", 28),
    ("ephemerons", 1),
    ("owners", 25),
    ("shapes", 11),
    ("same objects", 16),
    ("classes", 40),
    ("matching", 11),
    ("dominators", 210),
    ("retained sizes", 45),
    ("preferred ways", 120),
    ("survivors", 20),
    ("diagnosis", 60),
    ("report", 10),
];

/// Listens to the phases of a run.
#[derive(Default)]
pub(super) struct Phases(Mutex<Heard>);

struct Heard {
    begin: Instant,
    runs: Vec<Run>,
    bar: Option<ProgressBar>,
}

struct Run {
    name: &'static str,
    from: Duration,
    until: Option<Duration>,
}

impl Default for Heard {
    fn default() -> Self {
        Self { begin: Instant::now(), runs: Vec::new(), bar: None }
    }
}

impl Phases {
    /// Listens from now on; `None` if somebody else does. `files` is how many snapshots are read; `bar`
    /// whether to draw one.
    pub(super) fn listen(files: u64, bar: bool) -> Option<&'static Self> {
        // There can be one only, as long as the program runs.
        static ONE: OnceLock<(Phases, OnceLock<bool>)> = OnceLock::new();
        let (phases, listens) = ONE.get_or_init(Default::default);
        let listens =
            listens.get_or_init(|| tracing::subscriber::set_global_default(phases).is_ok());
        let bar = bar.then(|| Self::bar(files));
        *phases.heard() = Heard { bar, ..Heard::default() };
        listens.then_some(phases)
    }

    fn bar(files: u64) -> ProgressBar {
        let whole: u64 = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let bar =
            ProgressBar::with_draw_target(Some(whole * files.max(2)), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}");
        bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if let Some(bar) = self.heard().bar.take() {
            bar.finish_and_clear();
        }
    }

    /// One line for each phase, in order of their beginning: from when until when it ran, and
    /// how long altogether, over both files.
    pub(super) fn table(&self) -> String {
        let heard = self.heard();
        let runs = &heard.runs;
        let mut names: Vec<&str> = Vec::new();
        for run in runs {
            if !names.contains(&run.name) {
                names.push(run.name);
            }
        }
        let mut out = format!("{:<16}{:>9}{:>9}{:>9}\n", "phase", "from s", "until s", "busy s");
        for name in names {
            let own = || runs.iter().filter(|run| run.name == name);
            let until = |run: &Run| run.until.unwrap_or(run.from);
            let from = own().map(|run| run.from).min().unwrap_or_default();
            let end = own().map(until).max().unwrap_or_default();
            let busy: Duration = own().map(|run| until(run).saturating_sub(run.from)).sum();
            let [from, end, busy] = [from, end, busy].map(|time| time.as_secs_f64());
            let _ = writeln!(out, "{name:<16}{from:>9.3}{end:>9.3}{busy:>9.3}");
        }
        let _ = writeln!(out, "{:<25}{:>9.3}", "whole", heard.begin.elapsed().as_secs_f64());
        out
    }
}

impl Heard {
    fn show(&self, name: &'static str, done: bool) {
        let Some(bar) = &self.bar else { return };
        if bar.is_hidden() && self.begin.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if done {
            let weight = WEIGHTS.iter().find(|(known, _)| *known == name).map_or(0, |(_, w)| *w);
            bar.inc(weight);
        } else {
            bar.set_message(name);
        }
    }
}

impl Subscriber for &'static Phases {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("heapdiff")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let name = span.metadata().name();
        let mut heard = self.heard();
        heard.show(name, false);
        let from = heard.begin.elapsed();
        heard.runs.push(Run { name, from, until: None });
        Id::from_u64(heard.runs.len() as u64)
    }

    fn exit(&self, span: &Id) {
        let at = span.into_u64() as usize - 1;
        let mut heard = self.heard();
        let until = Some(heard.begin.elapsed());
        let Some(run) = heard.runs.get_mut(at) else { return };
        run.until = until;
        let name = run.name;
        heard.show(name, true);
    }

    fn enter(&self, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
}
