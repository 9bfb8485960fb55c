//! A condition as text in, what it measures and what it is held against out.
//!
//! ```text
//! condition  = metric comparator limit
//! metric     = NAME | NAME "(" pattern ")" | "per_call" "(" metric ")"
//! pattern    = letters, digits and _ $ . * ? # -  |  '"' anything '"'  |  "'" anything "'"
//! comparator = ">" | ">=" | "<" | "<=" | "==" | "!="
//! limit      = number [ unit [ "/" time ] | "%" ] | verdict
//! ```

use super::amount::Amount;
use super::metric::{Kind, METRICS, Metric, OfClass};
use super::mistake::{Mistake, mistake};
use super::unit::{is_zero, seconds_of, unit_of};
use crate::error::{Hint, Remedy};
use crate::glob::{Glob, nearest};
use crate::report::Comparator;
use crate::report::answer::VerdictKind;
use crate::trend::Verdict;
use std::ops::Range;

/// What must not hold, for a gate to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// As it was written.
    pub text: String,
    /// Where it was written.
    pub source: String,
    pub(super) metric: Metric,
    pub(super) comparator: Comparator,
    pub(super) limit: Limit,
}

/// Longer ones first: `>` begins `>=`.
const COMPARATORS: [(&str, Comparator); 6] = [
    (">=", Comparator::AtLeast),
    ("<=", Comparator::AtMost),
    ("==", Comparator::Equal),
    ("!=", Comparator::Unequal),
    (">", Comparator::More),
    ("<", Comparator::Less),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    Plain(Amount),
    Percent(Amount),
    Verdict(VerdictKind),
    /// What only logs are.
    Trend(Verdict),
}

const VERDICTS: [(&str, VerdictKind); 5] = [
    ("leak", VerdictKind::LeakLikely),
    ("leak_likely", VerdictKind::LeakLikely),
    ("grew", VerdictKind::Grew),
    ("no_growth", VerdictKind::NoGrowth),
    ("not_comparable", VerdictKind::NotComparable),
];

/// The same of logs; a leak is one here and there.
const TRENDS: [(&str, Verdict); 4] = [
    ("still_warming", Verdict::StillWarming),
    ("plateau", Verdict::Plateau),
    ("sawtooth_only", Verdict::SawtoothOnly),
    ("too_short", Verdict::TooShort),
];

/// What a condition can be held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A comparison of snapshots.
    Snapshots,
    /// What logs tell.
    Logs,
    /// Either.
    Both,
}

impl Condition {
    /// What it can be held against.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match (self.metric.kind, self.limit) {
            (Kind::Trend(_), _) | (_, Limit::Trend(_)) => Subject::Logs,
            (Kind::Verdict, Limit::Verdict(VerdictKind::LeakLikely)) => Subject::Both,
            _ => Subject::Snapshots,
        }
    }

    /// Reads a condition; `source` is where it was written, for the report.
    ///
    /// # Errors
    /// If it is none, with the place at which that shows.
    pub fn parse(text: &str, source: &str) -> Result<Self, Mistake> {
        let mut reader = Reader { text, at: 0 };
        let metric = reader.metric(false)?;
        let comparator = reader.comparator(metric.kind)?;
        let limit = match metric.kind {
            Kind::Verdict => reader.verdict()?,
            _ => reader.limit(&metric)?,
        };
        reader.blank();
        if !reader.rest().is_empty() {
            let at = reader.at..text.len();
            let hint = Some(Hint::of("one condition each: {}", &[Remedy::Another]));
            return Err(Mistake { hint, ..mistake(at, "the condition ends before this") });
        }
        Ok(Self { text: text.to_owned(), source: source.to_owned(), metric, comparator, limit })
    }

    /// Whether it may be judged by what whole classes retain.
    pub(super) const fn needs_figures(&self) -> bool {
        matches!(
            self.metric.kind,
            Kind::Classes(OfClass::Retained) | Kind::EachClass(OfClass::Retained)
        )
    }

    /// Whether it names containers.
    pub(super) const fn names_containers(&self) -> bool {
        matches!(self.metric.kind, Kind::Containers(_)) && self.metric.pattern.is_some()
    }

    /// Whether it can only be judged with a number of calls.
    #[must_use]
    pub const fn needs_calls(&self) -> bool {
        self.metric.per_call
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blank(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn span(&mut self, fits: impl Fn(char) -> bool) -> (Range<usize>, &'a str) {
        let rest = self.rest();
        let length = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        let at = self.at..self.at + length;
        self.at = at.end;
        (at, &rest[..length])
    }

    /// The next character, or the end.
    fn here(&self) -> Range<usize> {
        self.at..self.at + self.rest().chars().next().map_or(0, char::len_utf8)
    }

    fn metric(&mut self, per_call: bool) -> Result<Metric, Mistake> {
        self.blank();
        let (at, name) = self.span(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
        if name.is_empty() {
            return Err(mistake(self.here(), "a metric belongs here")
                .hint("a condition is, for example, heap.delta > 5MB"));
        }
        self.blank();
        if name == "per_call" && !per_call {
            return self.per_call(at.end);
        }
        let Some((_, kind)) = METRICS.iter().find(|(known, _)| *known == name) else {
            let names = METRICS.iter().map(|(known, _)| *known);
            let all: Vec<&str> = names.clone().collect();
            return Err(mistake(at, format!("there is no metric {name}"))
                .meant(nearest(name, names), format!("there are {}", all.join(", "))));
        };
        if per_call && !kind.is_change() {
            return Err(mistake(at, format!("{name} does not grow with the calls"))
                .hint("per_call goes with what changed, such as per_call(heap.delta)"));
        }
        let opened = self.at;
        let pattern = if self.take("(") { Some(self.pattern(opened)?) } else { None };
        match (kind, &pattern) {
            (Kind::Classes(_) | Kind::EachClass(_), None) => {
                return Err(mistake(at, format!("{name} needs the name of a class"))
                    .hint(format!("such as {name}(Session) or {name}(*)")));
            }
            (Kind::Heap(_) | Kind::Verdict | Kind::Trend(_), Some(_)) => {
                return Err(mistake(opened..self.at, format!("{name} has nothing to choose")));
            }
            _ => {}
        }
        Ok(Metric { kind: *kind, pattern, per_call })
    }

    fn per_call(&mut self, end: usize) -> Result<Metric, Mistake> {
        if !self.take("(") {
            return Err(
                mistake(end..end, "per_call needs a metric").hint("such as per_call(heap.delta)")
            );
        }
        let metric = self.metric(true)?;
        self.blank();
        if !self.take(")") {
            return Err(mistake(self.here(), "a closing parenthesis belongs here"));
        }
        Ok(metric)
    }

    /// What stands behind an opening parenthesis, and the closing one.
    fn pattern(&mut self, opened: usize) -> Result<(String, Glob), Mistake> {
        self.blank();
        let quote = ["\"", "'"].into_iter().find(|q| self.rest().starts_with(q));
        let pattern = if let Some(quote) = quote {
            let from = self.at;
            self.at += 1;
            let Some(length) = self.rest().find(quote) else {
                return Err(mistake(from..from + 1, "this quote is not closed"));
            };
            let inside = &self.rest()[..length];
            self.at += length + 1;
            inside
        } else {
            let plain = |c: char| c.is_alphanumeric() || "_$.*?#-".contains(c);
            let (at, inside) = self.span(plain);
            if inside.is_empty() && matches!(self.rest().chars().next(), None | Some(')')) {
                return Err(mistake(at, "a name or a pattern belongs here"));
            }
            inside
        };
        self.blank();
        if self.take(")") {
            return Ok((pattern.to_owned(), Glob::new(pattern)));
        }
        let at = self.here();
        Err(match self.rest().chars().next() {
            Some(c) if quote.is_none() && !"<>=!".contains(c) => {
                mistake(at, format!("a name with {c:?} in it needs quotes"))
                    .hint("such as delta(\"{request, started}\") > 0")
            }
            _ => mistake(opened..opened + 1, "this parenthesis is not closed"),
        })
    }

    fn comparator(&mut self, kind: Kind) -> Result<Comparator, Mistake> {
        self.blank();
        let from = self.at;
        let found = COMPARATORS.iter().find(|(token, _)| self.take(token));
        let Some((_, comparator)) = found else {
            let wrong = mistake(self.here(), "a comparator belongs here: >, >=, <, <=, == or !=");
            return Err(if self.rest().starts_with('=') {
                wrong.hint("equal is ==")
            } else {
                wrong
            });
        };
        let equality = matches!(comparator, Comparator::Equal | Comparator::Unequal);
        if kind == Kind::Verdict && !equality {
            return Err(mistake(from..self.at, "a verdict is neither more nor less than another")
                .hint("compare it with == or !="));
        }
        Ok(*comparator)
    }

    fn verdict(&mut self) -> Result<Limit, Mistake> {
        self.blank();
        let (at, word) = self.span(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if let Some((_, kind)) = VERDICTS.iter().find(|(known, _)| *known == word) {
            return Ok(Limit::Verdict(*kind));
        }
        if let Some((_, kind)) = TRENDS.iter().find(|(known, _)| *known == word) {
            return Ok(Limit::Trend(*kind));
        }
        let names = VERDICTS.iter().map(|(known, _)| *known);
        let names = names.chain(TRENDS.iter().map(|(known, _)| *known));
        Err(mistake(at, "a verdict belongs here").meant(
            nearest(word, names),
            "there are leak, grew, no_growth and not_comparable, and of logs leak, still_warming, \
             plateau, sawtooth_only and too_short",
        ))
    }

    fn limit(&mut self, metric: &Metric) -> Result<Limit, Mistake> {
        self.blank();
        let from = self.at;
        let negative = self.take("-");
        if !negative {
            self.take("+");
        }
        let (_, whole) = self.span(|c| c.is_ascii_digit());
        let part = if self.take(".") { self.span(|c| c.is_ascii_digit()).1 } else { "" };
        let number = from..self.at;
        if whole.is_empty() || self.text[number.clone()].ends_with('.') {
            self.at = from;
            return Err(mistake(self.here(), "a number belongs here"));
        }
        let zero = is_zero(whole, part);
        self.blank();
        let (at, unit) = self.span(|c| c.is_alphabetic() || c == '%');
        let unit = unit_of(metric, unit, at, number.clone(), zero)?;
        let hours = if metric.kind.is_rate() { self.hours(zero)? } else { (1, 1) };
        let decimals = u32::try_from(part.len()).unwrap_or(u32::MAX);
        let amount = Amount::decimal(&format!("{whole}{part}"), decimals, unit.unwrap_or(1));
        let Some(amount) = amount else {
            return Err(mistake(number, "this number is too large or has too many decimals"));
        };
        let amount = amount.times(hours.0, hours.1);
        let amount = if negative { amount.negated() } else { amount };
        if unit.is_none() {
            return Ok(Limit::Percent(amount));
        }
        let divided = metric.per_call || metric.kind.is_trend();
        if !divided && unit == Some(1) && !amount.is_whole() {
            let what = if metric.kind.is_bytes() { "bytes" } else { "objects and entries" };
            return Err(mistake(number, format!("{what} are whole")));
        }
        Ok(Limit::Plain(amount))
    }

    /// What a rate is to be multiplied by and divided by, to be one of an hour.
    fn hours(&mut self, zero: bool) -> Result<(u64, u64), Mistake> {
        self.blank();
        if !self.take("/") {
            let wrong = mistake(self.here(), "a rate needs a time").hint("such as 1MB/h");
            return if zero { Ok((1, 1)) } else { Err(wrong) };
        }
        self.blank();
        let (at, unit) = self.span(char::is_alphabetic);
        Ok((3_600, seconds_of(unit, at)?))
    }
}
