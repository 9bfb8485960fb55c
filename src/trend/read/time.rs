//! A text in, when it says that something was out: in seconds since 1970, or of a clock without a date, or none.

use super::date::{Date, clock, first, midnight};
use crate::trend::sample::Time;
use jiff::tz::TimeZone;

/// Bytes of a line in which a time is looked for.
const HEAD: usize = 160;
const DAY: f64 = 86_400.0;
/// A step back by such a share of a day or a year is one into the next.
const BACK: f64 = 0.5;
/// A step on by such a share is one into the day or the year before: a line that is late, or an older file.
const ON: f64 = 0.9;

/// A time, and where it ends in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub time: Time,
    pub end: usize,
}

/// Seconds since 1970 of a number of seconds, milliseconds, microseconds or nanoseconds since then.
pub(super) fn of_number(number: f64) -> Option<f64> {
    match number {
        n if !n.is_finite() => None,
        n if (1e17..1e20).contains(&n) => Some(n / 1e9),
        n if (1e14..1e17).contains(&n) => Some(n / 1e6),
        n if (1e11..1e14).contains(&n) => Some(n / 1e3),
        n if (1e8..1e11).contains(&n) => Some(n),
        _ => None,
    }
}

/// The time of a text that is nothing but one: with its date, or else it cannot be told.
pub(super) fn of_text(text: &str) -> Time {
    let text = head(text.trim());
    let dated = || first(text).and_then(|date| since_1970(&date));
    match dated().or_else(|| of_number(text.parse().ok()?)) {
        Some(seconds) => Time::Clock(seconds),
        None if is_like_one(text) => Time::Unread,
        None => Time::Unknown,
    }
}

fn since_1970(date: &Date) -> Option<f64> {
    Some(midnight(date.year?, date.month, date.day)? + date.seconds)
}

/// As much of a text as may have the time.
fn head(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether something in a text looks like a time or a date, in whatever way it is written: `10:02`, `30.11.2026`.
pub(super) fn is_like_one(text: &str) -> bool {
    let text = head(text);
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !":./-".contains(c));
    let numbers = words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    numbers.map(|word| word.trim_end_matches([':', '.', '-', '/'])).any(|word| {
        let digits = |parts: &[&str]| -> Option<Vec<usize>> {
            let number = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
            parts.iter().all(number).then(|| parts.iter().map(|part| part.len()).collect())
        };
        let clock: Vec<&str> = word.split('.').next().unwrap_or_default().split(':').collect();
        let is_clock = matches!(digits(&clock).as_deref(), Some([1 | 2, 2] | [1 | 2, 2, 2]));
        let is_date = ['/', '.', '-'].into_iter().any(|dash| {
            let parts: Vec<&str> = word.split(dash).collect();
            matches!(digits(&parts).as_deref(), Some([1 | 2, 1 | 2, 4] | [4, 1 | 2, 1 | 2]))
        });
        is_clock || is_date
    })
}

/// Tells times of lines one after the other: those that have no year, or no date, go by the one before.
#[derive(Debug, Default)]
pub(in crate::trend) struct Clock {
    day: Turns,
    year: Turns,
    /// Whether the year that is told of has a 29 February.
    leap: bool,
}

/// Times that begin again and again.
#[derive(Debug, Default)]
struct Turns {
    /// When the turn began that is told of.
    begin: f64,
    last: Option<f64>,
}

impl Turns {
    /// A time from the beginning of its turn in, one from the beginning of all out.
    fn on(&mut self, seconds: f64, turn: f64) -> f64 {
        let step = self.last.map_or(0.0, |last| self.begin + seconds - last);
        if step < -BACK * turn {
            self.begin += turn;
        } else if step > ON * turn {
            self.begin -= turn;
        }
        let time = self.begin + seconds;
        self.last = Some(time);
        time
    }
}

impl Clock {
    /// The first time in a line.
    pub(super) fn of_line(&mut self, line: &str) -> Option<Found> {
        let text = head(line);
        if let Some(date) = first(text) {
            let dated = since_1970(&date).map(Time::Clock);
            let time = dated.or_else(|| self.of_year(&date).map(Time::Undated))?;
            return Some(Found { time, end: date.end });
        }
        epoch(text).or_else(|| self.of_day(text))
    }

    /// `Nov 30 11:02:03`, of syslog, which leaves out the year. It has a 29 February if a line is of that day.
    fn of_year(&mut self, date: &Date) -> Option<f64> {
        self.leap |= (date.month, date.day) == (2, 29);
        let like = if self.leap { 2024 } else { 2023 };
        let [begin, end] = [midnight(like, 1, 1)?, midnight(like + 1, 1, 1)?];
        let seconds = midnight(like, date.month, date.day)? - begin + date.seconds;
        let before = self.year.begin;
        let time = self.year.on(seconds, end - begin);
        self.leap &= self.year.begin <= before;
        Some(time)
    }

    /// `11:02:03.123` or `11:02:03 AM`, after brackets at most.
    fn of_day(&mut self, text: &str) -> Option<Found> {
        let at = text.find(|c: char| c.is_ascii_digit())?;
        if text[..at].contains(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let (seconds, end) = clock(text.as_bytes(), at)?;
        Some(Found { time: Time::Undated(self.day.on(seconds, DAY)), end })
    }
}

/// `1732960000` or `1732960000123` at the beginning.
fn epoch(text: &str) -> Option<Found> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let whole = text[..end].split('.').next()?.len();
    let seconds = [10, 13].contains(&whole).then(|| of_number(text[..end].parse().ok()?))??;
    Some(Found { time: Time::Clock(seconds), end })
}

/// A time as people read it: `2026-11-30 11:02`.
pub(crate) fn shown(seconds: f64) -> Option<String> {
    let time = jiff::Timestamp::from_second(seconds.round() as i64).ok()?;
    Some(time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_logs_are_found() {
        const NOON: f64 = 1_764_504_123.0;
        for (line, seconds) in [
            ("2025-11-30T12:02:03Z heap", NOON),
            ("[2025-11-30 12:02:03,500] heap", NOON + 0.5),
            ("app-1  | 2025-11-30T13:02:03.25+01:00 heap", NOON + 0.25),
            ("10.0.0.1 - - [30/Nov/2025:12:02:03 +0000] heap", NOON),
            ("Sun Nov 30 12:02:03 PM UTC 2025 heap", NOON),
            ("1764504123 heap", NOON),
            ("1764504123000 heap", NOON),
        ] {
            let found = Clock::default().of_line(line).unwrap();
            assert_eq!(found.time, Time::Clock(seconds), "{line}");
            assert!(line[found.end..].trim_start_matches(']').starts_with(" heap"), "{line}");
        }
        assert_eq!(of_text("1764504123000"), Time::Clock(NOON));
        assert_eq!(of_number(1_764_504_123_000_000_000.0), Some(NOON));
        assert_eq!(of_number(12.0), None);
    }

    /// Seconds from each line to the next, of times without a date.
    fn steps(lines: &[&str]) -> Vec<f64> {
        let mut clock = Clock::default();
        let time = |line: &&str| match clock.of_line(line).unwrap().time {
            Time::Undated(seconds) => seconds,
            time => panic!("{line}: {time:?}"),
        };
        let times: Vec<f64> = lines.iter().map(time).collect();
        times.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    #[test]
    fn times_without_a_date_go_on_after_midnight_and_new_year() {
        assert_eq!(steps(&["[23:59:58] heap", "[00:00:03.5] heap"]), [5.5]);
        assert_eq!(steps(&["11:59:59 AM heap", "12:00:01\u{202f}PM heap"]), [2.0]);
        assert_eq!(
            steps(&["23:59:59 a", "00:00:01 b", "23:59:59 c", "00:00:02 d"]),
            [2.0, -2.0, 3.0]
        );
        assert_eq!(steps(&["Nov 30 23:59:59 web", "Dec  1 00:00:01 web"]), [2.0]);
        assert_eq!(steps(&["Dec 31 23:59:59 web", "Jan  1 00:00:01 web"]), [2.0]);
        assert_eq!(steps(&["Jan  1 00:00:01 web", "Dec 31 23:59:59 web"]), [-2.0]);
        assert_eq!(steps(&["Feb 28 23:59:59 web", "Mar  1 00:00:01 web"]), [2.0]);
        let leap = ["Feb 28 12:00:00 web", "Feb 29 12:00:00 web", "Mar  1 12:00:00 web"];
        assert_eq!(steps(&leap), [DAY, DAY]);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for line in
            ["", "heap 12", "99:99:99", "2025-13-45T12:02:03Z", "v1.2.3", "é11:0", "May", "12/"]
        {
            assert_eq!(Clock::default().of_line(line), None, "{line}");
        }
    }

    #[test]
    fn what_is_like_a_time_is_known_by_its_looks() {
        for text in ["30.11.2026 heap", "11/30/2026, 10:02 heap", "[10:02] heap", "at 2026-11-30:"]
        {
            assert!(is_like_one(text), "{text}");
        }
        for text in ["", "v1.2.3", "127.0.0.1:3000 heap", "heap: 12.5", "a:11", "1.2.3"] {
            assert!(!is_like_one(text), "{text}");
        }
    }
}
