//! A text in, when it says that something was out: in seconds since 1970, of a day, or none.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Bytes of a line in which a time is looked for.
const HEAD: usize = 160;
/// `2026-11-30T11:02:03`, where 0 is any digit.
const DATE: &[u8; 19] = b"0000-00-00T00:00:00";
const DAY: f64 = 86_400.0;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A time, and where it ends in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub seconds: f64,
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

/// The same of a text that is nothing but a time.
pub(super) fn of_text(text: &str) -> Option<f64> {
    let text = text.trim();
    date(text, 0)
        .or_else(|| clf(text))
        .map(|found| found.seconds)
        .or_else(|| of_number(text.parse().ok()?))
}

/// Tells times of lines one after the other: those that have no date go by the one before.
#[derive(Debug, Default)]
pub(super) struct Clock {
    days: f64,
    last: f64,
}

impl Clock {
    /// The first time in a line.
    pub(super) fn of_line(&mut self, line: &str) -> Option<Found> {
        let mut head = line.len().min(HEAD);
        while !line.is_char_boundary(head) {
            head -= 1;
        }
        let text = &line[..head];
        let dated = (0..head).find_map(|at| date(text, at)).or_else(|| clf(text));
        dated.or_else(|| syslog(text)).or_else(|| epoch(text)).or_else(|| self.of_day(text))
    }

    /// `11:02:03.123`, after brackets at most. What is much earlier than the one before is of the next day.
    fn of_day(&mut self, text: &str) -> Option<Found> {
        let at = text.find(|c: char| c.is_ascii_digit())?;
        if text[..at].contains(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let (seconds, end) = hours(text, at)?;
        if seconds + self.days + DAY / 2.0 < self.last {
            self.days += DAY;
        }
        self.last = seconds + self.days;
        Some(Found { seconds: self.last, end })
    }
}

/// Whether bytes look like a template in which 0 stands for any digit.
fn is_like(bytes: &[u8], template: &[u8]) -> bool {
    bytes.len() >= template.len()
        && bytes.iter().zip(template).all(|(b, like)| match like {
            b'0' => b.is_ascii_digit(),
            b'T' => matches!(b, b'T' | b't' | b' ' | b'_'),
            b'-' => matches!(b, b'-' | b'/'),
            like => b == like,
        })
}

fn two(bytes: &[u8], at: usize) -> i8 {
    ((bytes[at] - b'0') * 10 + (bytes[at + 1] - b'0')).cast_signed()
}

/// `2026-11-30T11:02:03.5+01:00` at a place; without a zone it counts as UTC.
fn date(text: &str, at: usize) -> Option<Found> {
    let bytes = text.as_bytes().get(at..)?;
    let follows = at > 0 && text.as_bytes()[at - 1].is_ascii_digit();
    if follows || !is_like(bytes, DATE) {
        return None;
    }
    let year = i16::from(two(bytes, 0)) * 100 + i16::from(two(bytes, 2));
    let [month, day, hour, minute, second] = [5, 8, 11, 14, 17].map(|at| two(bytes, at));
    let (fraction, end) = fraction(bytes, 19);
    let (zone, end) = zone(bytes, end);
    let whole = civil(year, month, day, [hour, minute, second])?;
    Some(Found { seconds: whole + fraction - zone, end: at + end })
}

fn civil(year: i16, month: i8, day: i8, [hour, minute, second]: [i8; 3]) -> Option<f64> {
    // A leap second is the last one of its minute.
    let time = DateTime::new(year, month, day, hour, minute, second.min(59), 0).ok()?;
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_second() as f64)
}

/// `.123` or `,123` at a place, and where it ends.
fn fraction(bytes: &[u8], at: usize) -> (f64, usize) {
    if !matches!(bytes.get(at), Some(b'.' | b',')) {
        return (0.0, at);
    }
    let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let text = bytes[at + 1..at + 1 + digits].iter().take(9);
    let value = text.rev().fold(0.0, |sum, digit| (sum + f64::from(digit - b'0')) / 10.0);
    if digits == 0 { (0.0, at) } else { (value, at + 1 + digits) }
}

/// `Z`, `+01:00`, ` +0100` at a place: seconds east of Greenwich, and where it ends.
fn zone(bytes: &[u8], at: usize) -> (f64, usize) {
    let blank = usize::from(bytes.get(at) == Some(&b' '));
    let rest = bytes.get(at + blank..).unwrap_or_default();
    let sign = match rest.first() {
        Some(b'Z' | b'z') => return (0.0, at + blank + 1),
        Some(b'+') => 1.0,
        Some(b'-') => -1.0,
        _ => return (0.0, at),
    };
    let colon = usize::from(rest.get(3) == Some(&b':'));
    let template: &[u8] = if colon == 1 { b"00:00" } else { b"0000" };
    if !is_like(&rest[1..], template) {
        return (0.0, at);
    }
    let minutes = i32::from(two(rest, 1)) * 60 + i32::from(two(rest, 3 + colon));
    (sign * 60.0 * f64::from(minutes), at + blank + 1 + template.len())
}

/// `11:02:03.5` at a place, in seconds, and where it ends.
fn hours(text: &str, at: usize) -> Option<(f64, usize)> {
    let bytes = &text.as_bytes()[at..];
    if !is_like(bytes, b"00:00:00") {
        return None;
    }
    let [hour, minute, second] = [0, 3, 6].map(|at| f64::from(two(bytes, at)));
    let (fraction, end) = fraction(bytes, 8);
    let sound = hour < 24.0 && minute < 60.0 && second < 61.0;
    sound.then_some((hour * 3600.0 + minute * 60.0 + second + fraction, at + end))
}

/// `30/Nov/2026:11:02:03 +0000`, of the logs of servers.
fn clf(text: &str) -> Option<Found> {
    let (at, month) = month(text)?;
    let bytes = text.as_bytes();
    let day = at.checked_sub(3).filter(|day| is_like(&bytes[*day..], b"00/"))?;
    let rest = &bytes[at + 3..];
    if rest.first() != Some(&b'/') || !is_like(&rest[1..], b"0000:00:00:00") {
        return None;
    }
    let year = i16::from(two(rest, 1)) * 100 + i16::from(two(rest, 3));
    let time = [6, 9, 12].map(|at| two(rest, at));
    let (zone, end) = zone(rest, 14);
    let whole = civil(year, month, two(bytes, day), time)?;
    Some(Found { seconds: whole - zone, end: at + 3 + end })
}

/// `Nov 30 11:02:03`, of syslog, which leaves out the year: only how much later a line is matters.
fn syslog(text: &str) -> Option<Found> {
    let (at, month) = month(text)?;
    let bytes = text.as_bytes().get(at + 3..)?;
    if !is_like(bytes.get(4..)?, b"00:00:00") && !is_like(bytes.get(4..)?, b"T00:00:00") {
        return None;
    }
    let day = text.get(at + 3..at + 6)?.trim().parse().ok()?;
    let (seconds, end) = hours(text, at + 7)?;
    Some(Found { seconds: civil(2024, month, day, [0; 3])? + seconds, end })
}

/// The first month in a text.
fn month(text: &str) -> Option<(usize, i8)> {
    let found = (1..).zip(MONTHS).filter_map(|(n, month)| Some((text.find(month)?, n)));
    found.min()
}

/// `1732960000` or `1732960000123` at the beginning.
fn epoch(text: &str) -> Option<Found> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let whole = text[..end].split('.').next()?.len();
    let seconds = [10, 13].contains(&whole).then(|| of_number(text[..end].parse().ok()?))??;
    Some(Found { seconds, end })
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
            ("1764504123 heap", NOON),
            ("1764504123000 heap", NOON),
        ] {
            let found = Clock::default().of_line(line).unwrap();
            assert_eq!(found.seconds, seconds, "{line}");
            assert!(line[found.end..].trim_start_matches(']').starts_with(" heap"), "{line}");
        }
        assert_eq!(of_text("1764504123000"), Some(NOON));
        assert_eq!(of_number(1_764_504_123_000_000_000.0), Some(NOON));
        assert_eq!(of_number(12.0), None);
    }

    #[test]
    fn times_without_a_date_go_on_after_midnight() {
        let mut clock = Clock::default();
        let mut at = |line: &str| clock.of_line(line).unwrap().seconds;
        let before = at("[23:59:58] heap");
        assert_eq!(at("[00:00:03.5] heap") - before, 5.5);
        let mut clock = Clock::default();
        let mut at = |line: &str| clock.of_line(line).unwrap().seconds;
        let before = at("Nov 30 23:59:59 host node[1]: heap");
        assert_eq!(at("Dec  1 00:00:01 host node[1]: heap") - before, 2.0);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for line in
            ["", "heap 12", "99:99:99", "2025-13-45T12:02:03Z", "v1.2.3", "é11:0", "May", "12/"]
        {
            assert_eq!(Clock::default().of_line(line), None, "{line}");
        }
    }
}
