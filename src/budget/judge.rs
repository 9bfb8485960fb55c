//! One condition and the figures in, its budget out.

use super::amount::Amount;
use super::condition::{Comparator, Condition, Limit};
use super::figures::Figures;
use super::metric::{Kind, Metric, OfClass, OfContainer, Whole, nearest};
use super::{Baseline, Gates};
use crate::glob::Glob;
use crate::report::answer::VerdictKind;
use crate::report::{BudgetReport, Measure, Report, Snapshot};
use crate::text::Text;

/// What the conditions of a run are judged by.
pub(super) struct Judge<'a> {
    pub gates: &'a Gates,
    pub report: &'a Report,
    pub figures: &'a Figures,
}

/// A measured figure.
#[derive(Default)]
struct Measured {
    /// Beyond the baseline.
    value: i64,
    /// With what the baseline accepts.
    whole: i64,
    decided_by: Option<String>,
    notes: Vec<String>,
}

impl Measured {
    fn new(whole: i64, accepted: i64) -> Self {
        Self { value: beyond(whole, accepted), whole, ..Self::default() }
    }
}

/// Growth beyond what is accepted. What has grown by less than that has not grown, and makes up
/// for nothing else; what has shrunk has.
fn beyond(measured: i64, accepted: i64) -> i64 {
    if measured > accepted { measured.saturating_sub(accepted) } else { measured.min(0) }
}

impl Judge<'_> {
    pub(super) fn judge(&self, condition: &Condition) -> BudgetReport {
        let limit = match condition.limit {
            Limit::Verdict(limit) => return self.verdict(condition, limit),
            Limit::Plain(limit) | Limit::Percent(limit) => limit,
        };
        let metric = &condition.metric;
        let measured = match (metric.kind, &metric.pattern) {
            (Kind::Whole(figure), _) => {
                Measured::new(self.figures.get(figure), self.gates.baseline.whole(figure))
            }
            (Kind::Classes(figure), Some((name, glob))) => self.classes(figure, name, glob),
            (Kind::EachClass(figure), Some((name, glob))) => {
                let each = self.matching(figure, glob).map(|(name, whole)| {
                    (name, Measured::new(whole, self.gates.baseline.class(name, figure)))
                });
                let notes = self.class_notes(name, glob);
                Measured { notes, ..self.worst(each, condition, limit) }
            }
            (Kind::Containers(figure), pattern) => {
                let glob = pattern.as_ref().map(|(_, glob)| glob);
                self.worst(self.containers(figure, glob), condition, limit)
            }
            _ => Measured::default(),
        };
        let amount = self.amount(condition, measured.value);
        let mut notes = measured.notes;
        match self.report.answer.verdict.kind {
            VerdictKind::NotComparable => notes.push("the files have nothing in common".into()),
            _ if self.is_blind() && matches!(metric.kind, Kind::Containers(_)) => {
                notes.push(BLIND.into());
            }
            _ if self.figures.by_id => {}
            _ => notes.extend(how_without_ids(metric.kind).map(str::to_owned)),
        }
        if measured.value != measured.whole {
            let whole = self.amount(condition, measured.whole);
            let whole = whole.map_or_else(String::new, |whole| shown(condition, whole).shown());
            notes.push(format!("{whole} in all, the baseline accepts the rest"));
        }
        let ok = match amount {
            Some(amount) => !condition.comparator.holds(amount.compare(limit)),
            // Out of nothing: more than any share of it.
            None => {
                notes.push("there was nothing before".into());
                !condition.comparator.holds(measured.value.cmp(&0))
            }
        };
        BudgetReport {
            condition: condition.text.clone(),
            source: condition.source.clone(),
            ok,
            measured: amount.map(|amount| shown(condition, amount)),
            limit: shown(condition, limit),
            decided_by: measured.decided_by,
            note: (!notes.is_empty()).then(|| notes.join("; ")),
        }
    }

    /// In the limit's terms; none where there is nothing to divide by.
    fn amount(&self, condition: &Condition, value: i64) -> Option<Amount> {
        if let Limit::Percent(_) = condition.limit {
            let before = match condition.metric.kind {
                Kind::Whole(Whole::ObjectsDelta) => self.figures.objects_before,
                _ => self.figures.bytes_before,
            };
            return Amount::percent(value, before);
        }
        let per_call = condition.metric.per_call;
        let calls = self.report.calls.filter(|_| per_call).unwrap_or(1);
        Some(Amount::new(value, calls))
    }

    fn classes(&self, figure: OfClass, name: &str, glob: &Glob) -> Measured {
        let mut sum = Measured { notes: self.class_notes(name, glob), ..Measured::default() };
        let mut summed = 0;
        for (name, whole) in self.matching(figure, glob) {
            let accepted = self.gates.baseline.class(name, figure);
            sum.value = sum.value.saturating_add(beyond(whole, accepted));
            sum.whole = sum.whole.saturating_add(whole);
            summed += usize::from(whole != 0);
        }
        if summed > 1 && figure == OfClass::Retained {
            sum.notes.push("what these classes retain of each other counts twice".into());
        }
        sum
    }

    /// The figures of the classes that fit. A pattern leaves out the engine's own, as the table
    /// does.
    fn matching(&self, figure: OfClass, glob: &Glob) -> impl Iterator<Item = (&str, i64)> {
        let classes = self.figures.classes.iter();
        let fits = classes.filter(|(name, c)| (!c.engine || glob.is_plain()) && glob.matches(name));
        fits.map(move |(name, class)| (name.as_str(), class.get(figure)))
    }

    fn containers(
        &self,
        figure: OfContainer,
        glob: Option<&Glob>,
    ) -> impl Iterator<Item = (&str, Measured)> {
        let all = self.figures.containers.iter();
        let fits = all.filter(move |c| glob.is_none_or(|glob| super::fits(glob, &c.path, &c.name)));
        fits.map(move |container| {
            let accepted = self.gates.baseline.container(container, figure);
            (container.path.as_str(), Measured::new(container.get(figure), accepted))
        })
    }

    /// The one that breaks the budget, or comes nearest to it: the lowest for `<`, else the
    /// highest. Of equal ones the first by name. Where nothing has grown, 0.
    fn worst<'a>(
        &self,
        each: impl Iterator<Item = (&'a str, Measured)>,
        condition: &Condition,
        limit: Amount,
    ) -> Measured {
        let comparator = condition.comparator;
        let low = matches!(comparator, Comparator::Less | Comparator::AtMost);
        let rank = |measured: &Measured| {
            let amount = self.amount(condition, measured.value);
            let breaks = amount.is_some_and(|amount| comparator.holds(amount.compare(limit)));
            let toward = |n: i64| if low { n.saturating_neg() } else { n };
            (breaks, toward(measured.value), toward(measured.whole))
        };
        let worst = each.reduce(|best, other| {
            let (a, b) = (rank(&best.1), rank(&other.1));
            if b > a || (b == a && other.0 < best.0) { other } else { best }
        });
        worst.map_or_else(Measured::default, |(name, measured)| Measured {
            decided_by: Some(name.to_owned()),
            ..measured
        })
    }

    /// What a reader should know of a class named without a pattern.
    fn class_notes(&self, name: &str, glob: &Glob) -> Vec<String> {
        let mut notes = Vec::new();
        let names = &self.report.class_names;
        if glob.is_plain() && self.gates.ignore.has_class(name) {
            notes.push("the class is ignored".into());
        } else if glob.is_plain() && !names.contains(&Text::from(name)) {
            let known: Vec<String> = names.iter().map(Text::to_string_lossy).collect();
            let meant = nearest(name, known.iter().map(String::as_str));
            let meant = meant.map_or_else(String::new, |near| format!("; did you mean {near}?"));
            notes.push(format!("neither snapshot has a class of this name{meant}"));
        }
        notes
    }

    fn verdict(&self, condition: &Condition, limit: VerdictKind) -> BudgetReport {
        let (kind, decided_by, note) = self.kind();
        let ok = !condition.comparator.holds((kind as u8).cmp(&(limit as u8)));
        BudgetReport {
            condition: condition.text.clone(),
            source: condition.source.clone(),
            ok,
            measured: Some(Measure::Verdict(kind.id())),
            limit: Measure::Verdict(limit.id()),
            decided_by,
            note,
        }
    }

    /// Whether a file has lost what containers are found by.
    fn is_blind(&self) -> bool {
        let lost = |snapshot: &Snapshot| {
            snapshot.truncated.as_ref().is_some_and(|cut| cut.lost().is_some())
        };
        self.report.snapshots.iter().any(lost)
    }

    /// The verdict, what it rests on, and a note. A leak that is all ignored or accepted counts
    /// as growth.
    fn kind(&self) -> (VerdictKind, Option<String>, Option<String>) {
        let baseline = &self.gates.baseline;
        let kind = self.report.answer.verdict.kind;
        if kind != VerdictKind::LeakLikely {
            return (kind, None, self.is_blind().then(|| BLIND.into()));
        }
        let excuses = !self.gates.ignore.is_empty() || *baseline != Baseline::default();
        let mut containers = self.figures.containers.iter().filter(|c| c.piles_up);
        let container = containers
            .find(|c| c.get(OfContainer::Growth) > baseline.container(c, OfContainer::Growth))
            .map(|c| c.path.clone());
        let unheld = || {
            let mut classes = self.figures.unheld.iter().filter(|name| {
                let new = self.figures.classes.get(*name).map(|c| c.get(OfClass::New));
                new.is_some_and(|new| new > baseline.class(name, OfClass::New))
            });
            classes.next().cloned()
        };
        match container.or_else(unheld) {
            Some(ground) => (kind, Some(ground), None),
            None if !excuses => (kind, None, None),
            None => {
                let note = "the leak is all ignored or accepted, so this counts as growth";
                (VerdictKind::Grew, None, Some(note.into()))
            }
        }
    }
}

const BLIND: &str = "a file is cut off, so containers cannot be compared";

/// How a figure is come by where ids are not used.
const fn how_without_ids(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Classes(figure) | Kind::EachClass(figure) => match figure {
            OfClass::New | OfClass::Deleted => Some("by # Delta, since ids are not used"),
            OfClass::Size | OfClass::Retained => Some("after less before, since ids are not used"),
            OfClass::Delta => None,
        },
        Kind::Containers(_) => Some("found by structure, since ids are not used"),
        Kind::Whole(_) | Kind::Verdict => None,
    }
}

fn shown(condition: &Condition, amount: Amount) -> Measure {
    let Metric { kind, per_call, .. } = condition.metric;
    match (condition.limit, kind.is_bytes(), per_call) {
        (Limit::Percent(_), _, _) => Measure::Percent(amount.as_f64()),
        (_, true, true) => Measure::BytesPerCall(amount.as_f64()),
        (_, false, true) => Measure::CountPerCall(amount.as_f64()),
        (_, true, false) => Measure::Bytes(amount.rounded()),
        (_, false, false) => Measure::Count(amount.rounded()),
    }
}
