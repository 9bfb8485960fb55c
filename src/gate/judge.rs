//! One condition and the figures in, its gate out.

use super::amount::Amount;
use super::condition::{Condition, Limit, Subject};
use super::figures::{Class, Figures};
use super::metric::{Kind, OfClass, OfContainer, OfHeap};
use super::shown::{shown, shown_limit};
use super::{Baseline, Gates};
use crate::glob::{Glob, nearest};
use crate::report::answer::VerdictKind;
use crate::report::{Comparator, Gate, Measure, Method, Outcome, Report, Snapshot, masked};

/// What the conditions of a run are judged by.
pub(super) struct Judge<'a> {
    pub gates: &'a Gates,
    pub report: &'a Report,
    pub figures: &'a Figures<'a>,
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
    matched_nothing: bool,
}

/// What should be known of a pattern, and whether it fits nothing in either file.
#[derive(Default)]
struct Fit {
    notes: Vec<String>,
    nothing: bool,
}

impl Fit {
    /// `meant` is the name that was probably meant, as it may be shown.
    fn nothing(what: &str, meant: Option<String>) -> Self {
        let meant = meant.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        let note = format!("matched nothing: neither file has such a {what}{meant}");
        Self { notes: vec![note], nothing: true }
    }
}

/// The names that a container's path must consist of for a pattern to fit, without the file before it;
/// `None` if the pattern does not tell.
fn words(pattern: &str) -> Option<Vec<&str>> {
    let name = pattern.rsplit_once(": ").map_or(pattern, |(_, name)| name);
    // A sentence, a call, a part of a name: nothing that a program has.
    if name.contains([' ', '(', '"', '*', '?']) {
        return None;
    }
    let parts = name.split(['.', '[', ']', '…', '#']);
    Some(parts.filter(|part| !part.is_empty()).collect())
}

impl Measured {
    fn with(mut self, fit: Fit) -> Self {
        self.notes.splice(..0, fit.notes);
        Self { matched_nothing: fit.nothing, ..self }
    }

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
    pub(super) fn judge(&self, condition: &Condition) -> Gate {
        if let Some(reason) = self.unjudged(condition) {
            return Gate {
                outcome: Outcome::Unjudged,
                method: None,
                note: Some(reason),
                ..self.report_of(condition)
            };
        }
        let judged = match condition.limit {
            Limit::Verdict(limit) => self.verdict(condition, limit),
            Limit::Plain(limit) | Limit::Percent(limit) => self.figure(condition, limit),
            Limit::Trend(_) => self.report_of(condition),
        };
        let unmatched = self.gates.strict && judged.matched_nothing;
        let outcome = match () {
            () if unmatched => Outcome::Unjudged,
            () if judged.ok => Outcome::Kept,
            () => Outcome::Broken,
        };
        Gate { ok: outcome == Outcome::Kept, outcome, ..judged }
    }

    /// A gate that nothing is known of yet.
    fn report_of(&self, condition: &Condition) -> Gate {
        Gate {
            condition: condition.text.clone(),
            source: condition.source.clone(),
            ok: false,
            outcome: Outcome::Unjudged,
            method: self.method(condition.metric.kind),
            matched_nothing: false,
            measured: None,
            allowed: condition.comparator.opposite(),
            limit: shown_limit(condition),
            decided_by: None,
            note: None,
        }
    }

    /// Why a condition cannot be judged. What there is in the newer file can always be told, and that
    /// two files have nothing in common.
    fn unjudged(&self, condition: &Condition) -> Option<String> {
        let kind = condition.metric.kind;
        if condition.subject() == Subject::Logs {
            return Some("it is about logs, and these are snapshots".into());
        }
        if matches!(kind, Kind::Heap(OfHeap::HeapAfter | OfHeap::ObjectsAfter))
            || condition.limit == Limit::Verdict(VerdictKind::NotComparable)
        {
            return None;
        }
        why_unjudged(self.report, matches!(kind, Kind::Heap(_))).map(str::to_owned)
    }

    const fn method(&self, kind: Kind) -> Option<Method> {
        Some(match kind {
            Kind::Heap(_) => Method::Totals,
            _ if self.figures.by_id => Method::Id,
            Kind::Classes(_) | Kind::EachClass(_) => Method::Count,
            Kind::Containers(_) | Kind::Verdict => Method::Structure,
            Kind::Trend(_) => Method::Series,
        })
    }

    fn figure(&self, condition: &Condition, limit: Amount) -> Gate {
        let metric = &condition.metric;
        let measured = match (metric.kind, &metric.pattern) {
            (Kind::Heap(figure), _) => {
                Measured::new(self.figures.get(figure), self.gates.baseline.of_heap(figure))
            }
            (Kind::Classes(figure), Some((name, glob))) => self.classes(figure, name, glob),
            (Kind::EachClass(figure), Some((name, glob))) => {
                let each = self.matching(figure, glob).map(|(class, whole)| {
                    (
                        class.shown.as_str(),
                        Measured::new(whole, self.gates.baseline.class(class, figure)),
                    )
                });
                self.worst(each, condition, limit).with(self.class_fit(name, glob))
            }
            (Kind::Containers(figure), pattern) => {
                let pattern = pattern.as_ref().map(|(name, glob)| (name.as_str(), glob));
                let glob = pattern.map(|(_, glob)| glob);
                let worst = self.worst(self.containers(figure, glob), condition, limit);
                worst.with(self.container_fit(pattern))
            }
            _ => Measured::default(),
        };
        let amount = self.amount(condition, measured.value);
        let mut notes = measured.notes;
        if !self.figures.by_id {
            notes.extend(how_without_ids(metric.kind).map(str::to_owned));
        }
        if [i64::MIN, i64::MAX].contains(&measured.whole) {
            notes.push("this is as far as sums go: sizes in the file are beyond 2^63".into());
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
        Gate {
            ok,
            matched_nothing: measured.matched_nothing,
            measured: amount.map(|amount| shown(condition, amount)),
            decided_by: measured.decided_by,
            note: (!notes.is_empty()).then(|| notes.join("; ")),
            ..self.report_of(condition)
        }
    }

    /// In the limit's terms; none where there is nothing to divide by.
    fn amount(&self, condition: &Condition, value: i64) -> Option<Amount> {
        if let Limit::Percent(_) = condition.limit {
            let before = match condition.metric.kind {
                Kind::Heap(OfHeap::ObjectsDelta) => self.figures.objects_before,
                _ => self.figures.bytes_before,
            };
            return Amount::percent(value, before);
        }
        let per_call = condition.metric.per_call;
        let calls = self.report.calls.filter(|_| per_call).unwrap_or(1);
        Some(Amount::new(value, calls))
    }

    fn classes(&self, figure: OfClass, name: &str, glob: &Glob) -> Measured {
        let mut sum = Measured::default().with(self.class_fit(name, glob));
        let mut summed = 0;
        for (class, whole) in self.matching(figure, glob) {
            let accepted = self.gates.baseline.class(class, figure);
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
    fn matching(&self, figure: OfClass, glob: &Glob) -> impl Iterator<Item = (&Class, i64)> {
        let classes = self.figures.classes.iter();
        let fits =
            classes.filter(|((name, _), c)| (!c.engine || glob.is_plain()) && c.fits(glob, name));
        fits.map(move |(_, class)| (class, class.get(figure)))
    }

    fn containers(
        &self,
        figure: OfContainer,
        glob: Option<&Glob>,
    ) -> impl Iterator<Item = (&str, Measured)> {
        let all = self.figures.containers.iter();
        let fits = all.filter(move |c| glob.is_none_or(|glob| super::fits(glob, c)));
        fits.map(move |container| {
            let accepted = self.gates.baseline.container(container, figure);
            (container.path.as_str(), Measured::new(container.get(figure), accepted))
        })
    }

    /// The one that breaks the gate, or comes nearest to it: the lowest for `<`, else the
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

    /// What a reader should know of a pattern of classes.
    fn class_fit(&self, pattern: &str, glob: &Glob) -> Fit {
        if glob.is_plain() && self.gates.ignore.classes.iter().any(|i| i.matches(pattern)) {
            return Fit { notes: vec!["the class is ignored".into()], nothing: false };
        }
        if self.report.has_class(glob)
            || self.figures.classes.iter().any(|((name, _), class)| class.fits(glob, name))
        {
            return Fit::default();
        }
        Fit::nothing("class", self.report.class_like(pattern))
    }

    /// The same of containers. Only those that hold more are known by their paths; of the others it is
    /// known whether there is anything of that name.
    fn container_fit(&self, pattern: Option<(&str, &Glob)>) -> Fit {
        let Some((pattern, glob)) = pattern else { return Fit::default() };
        let all = &self.report.answer.containers;
        let members = &self.report.members;
        let is_member =
            |word: &str| members.contains(word) || members.contains(&format!("#{word}"));
        if all.iter().any(|container| super::fits(glob, container))
            || words(pattern).is_none_or(|words| words.into_iter().all(is_member))
        {
            return Fit::default();
        }
        let names = all.iter().flat_map(|container| [&*container.path, &*container.name]);
        let name = pattern.rsplit_once(": ").map_or(pattern, |(_, name)| name);
        let names = names.chain(members.iter().map(String::as_str));
        Fit::nothing("container", nearest(name, names).map(masked))
    }

    fn verdict(&self, condition: &Condition, limit: VerdictKind) -> Gate {
        let (kind, decided_by, note) = self.kind();
        Gate {
            ok: !condition.comparator.holds((kind as u8).cmp(&(limit as u8))),
            measured: Some(Measure::Verdict(kind)),
            decided_by,
            note,
            ..self.report_of(condition)
        }
    }

    /// The verdict, what it rests on, and a note. A leak that is all ignored or accepted counts
    /// as growth.
    fn kind(&self) -> (VerdictKind, Option<String>, Option<String>) {
        let baseline = &self.gates.baseline;
        let kind = self.report.answer.verdict.kind;
        if kind != VerdictKind::LeakLikely {
            return (kind, None, None);
        }
        let excuses = !self.gates.ignore.is_empty() || *baseline != Baseline::default();
        let mut containers = self.figures.containers.iter().filter(|c| c.piles_up);
        let container = containers
            .find(|c| c.get(OfContainer::Growth) > baseline.container(c, OfContainer::Growth))
            .map(|c| c.path.clone());
        let unheld = || {
            let mut classes = self.figures.unheld.iter().filter(|name| {
                let class = self.figures.classes.get(*name);
                class.is_some_and(|c| c.get(OfClass::New) > baseline.class(c, OfClass::New))
            });
            let class = classes.next().and_then(|name| self.figures.classes.get(name));
            class.map(|class| class.shown.clone())
        };
        match container.or_else(unheld) {
            Some(reason) => (kind, Some(reason), None),
            None if !excuses => (kind, None, None),
            None => {
                let note = "the leak is all ignored or accepted, so this counts as growth";
                (VerdictKind::Grew, None, Some(note.into()))
            }
        }
    }
}

/// Why it cannot be told what has grown; `totals` are known of files that are cut off as well.
pub(super) fn why_unjudged(report: &Report, totals: bool) -> Option<&'static str> {
    let identity = &report.answer.identity;
    let lost = |file: &Snapshot| file.truncated.as_ref().is_some_and(|cut| cut.lost().is_some());
    match () {
        () if identity.same_snapshot => Some("both files are the same snapshot"),
        () if identity.swapped => Some("the files look as if they were the wrong way round"),
        () if report.answer.verdict.kind == VerdictKind::NotComparable => {
            Some("the files have nothing in common")
        }
        () if !totals && report.snapshots.iter().any(lost) => {
            Some("a file is cut off, and has lost edges or names")
        }
        () if !totals && report.scrubbed_apart().is_some() => {
            Some("the files were not scrubbed at once")
        }
        () if report.run.as_ref().is_some_and(|run| run.unsettled.is_some()) => {
            Some("the program did not come to rest after the load")
        }
        () => None,
    }
}

/// How a figure is come by where ids are not used.
const fn how_without_ids(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Classes(figure) | Kind::EachClass(figure) => match figure {
            OfClass::New | OfClass::Deleted => Some("by # Delta, since ids are not used"),
            OfClass::Size | OfClass::Retained => Some("after less before, since ids are not used"),
            OfClass::Delta => None,
        },
        Kind::Containers(_) => Some("found by structure, since ids are not used"),
        Kind::Heap(_) | Kind::Verdict | Kind::Trend(_) => None,
    }
}
