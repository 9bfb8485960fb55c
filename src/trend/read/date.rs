//! A text in, the date and the time of day in it out, in whatever order their parts stand:
//! `2026-11-30T11:02:03Z`, `Mon Nov 30 11:02:03 AM UTC 2026`, `30/Nov/2026:11:02:03 +0100`.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Names of zones and their hours east of Greenwich: those of RFC 2822, and Europe's.
const ZONES: [(&str, i8); 21] = [
    ("Z", 0),
    ("z", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("WET", 0),
    ("WEST", 1),
    ("BST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
    ("MSK", 3),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];
/// A number of four digits outside of these is no year.
const YEARS: std::ops::Range<u16> = 1970..2200;
/// Letters and digits of a zone's name that is not known.
const LONGEST_ZONE: usize = 6;

/// A date that there is, and a time of that day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Date {
    /// None where the text leaves it out, as syslog does.
    pub year: Option<i16>,
    pub month: i8,
    pub day: i8,
    /// Seconds from the beginning of the day in UTC, which may be those of the day before or after.
    pub seconds: f64,
    /// Where it ends in the text.
    pub end: usize,
}

impl Date {
    /// None if there is no such date.
    fn checked(self) -> Option<Self> {
        midnight(self.year.unwrap_or(2024), self.month, self.day).map(|_| self)
    }
}

/// The first date in numbers, or else in words.
pub(super) fn first(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let begins = |at: &usize, is: fn(&u8) -> bool| {
        is(&bytes[*at]) && !at.checked_sub(1).is_some_and(|before| is(&bytes[before]))
    };
    let all = 0..bytes.len();
    let numbers = all.clone().filter(|at| begins(at, u8::is_ascii_digit));
    let mut words = all.filter(|at| begins(at, u8::is_ascii_alphabetic));
    let mut found = numbers.filter_map(|at| in_numbers(bytes, at));
    found.next().or_else(|| words.find_map(|at| in_words(bytes, at)))
}

/// Seconds from 1970 to the beginning of a day.
pub(super) fn midnight(year: i16, month: i8, day: i8) -> Option<f64> {
    let time = DateTime::new(year, month, day, 0, 0, 0, 0).ok()?;
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_second() as f64)
}

/// A time of day at a place, `11:02:03.5`, `1:02:03 PM` or `1:02 PM`: its seconds, and where it ends.
pub(super) fn clock(bytes: &[u8], at: usize) -> Option<(f64, usize)> {
    let (hour, digits) = number(bytes, at).filter(|(_, digits)| *digits <= 2)?;
    let (minute, end) = after_colon(bytes, at + digits)?;
    let whole = after_colon(bytes, end);
    let (second, end) = whole.unwrap_or((0, end));
    let (fraction, end) = if whole.is_some() { fraction(bytes, end) } else { (0.0, end) };
    let half = half(bytes, end);
    let (hour, end) = match half {
        Some((noon, end)) if (1..=12).contains(&hour) => (hour % 12 + noon, end),
        Some(_) => return None,
        None => (hour, end),
    };
    let sound = hour < 24 && minute < 60 && second < 61 && (whole.is_some() || half.is_some());
    // A leap second is the last one of its minute.
    let [hour, minute, second] = [hour, minute, second.min(59)].map(f64::from);
    sound.then_some((hour * 3600.0 + minute * 60.0 + second + fraction, end))
}

/// A number of one to four digits at a place, and how many these are.
fn number(bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    let rest = bytes.get(at..)?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let value = rest[..digits].iter().take(4).fold(0, |n, b| n * 10 + u16::from(b - b'0'));
    (1..=4).contains(&digits).then_some((value, digits))
}

/// `:02` at a place, and where it ends.
fn after_colon(bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    let (value, digits) = number(bytes, at + 1).filter(|_| bytes[at] == b':')?;
    (digits == 2).then_some((value, at + 3))
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

/// `AM` or `PM` at a place: its hours from midnight, and where it ends.
fn half(bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    // Node.js has a narrow blank there.
    let blank = [&b" "[..], "\u{202f}".as_bytes()].into_iter().find(|b| bytes[at..].starts_with(b));
    let from = at + blank.map_or(0, <[u8]>::len);
    let word = word(bytes, from);
    let end = from + word.len();
    let is_part = bytes.get(end).is_some_and(u8::is_ascii_digit);
    match [&b"AM"[..], b"PM"].iter().position(|half| half.eq_ignore_ascii_case(word))? {
        _ if is_part => None,
        0 => Some((0, end)),
        _ => Some((12, end)),
    }
}

/// The letters at a place.
fn word(bytes: &[u8], at: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    &rest[..rest.iter().take_while(|b| b.is_ascii_alphabetic()).count()]
}

/// Which of some names a word is, the whole of it or its first three letters.
fn which(word: &[u8], names: &[&str]) -> Option<usize> {
    let like = |name: &[u8]| name.eq_ignore_ascii_case(word);
    names.iter().position(|name| like(name.as_bytes()) || like(&name.as_bytes()[..3]))
}

/// Seconds east of Greenwich of `Z`, `+01:00`, ` +0100`, ` CET` or ` GMT+0100` at a place, and where it ends.
/// What has none that is known counts as UTC.
fn zone(bytes: &[u8], at: usize) -> (f64, usize) {
    let from = at + usize::from(bytes.get(at) == Some(&b' '));
    let name = word(bytes, from);
    let end = from + name.len();
    let is_part = bytes.get(end).is_some_and(|b| b.is_ascii_digit() || *b == b'_');
    let known = ZONES.iter().find(|(zone, _)| zone.as_bytes() == name && !is_part);
    match known {
        Some((_, 0)) => offset(bytes, end, true).unwrap_or((0.0, end)),
        Some((_, hours)) => (f64::from(*hours) * 3600.0, end),
        None => offset(bytes, from, from == at).unwrap_or((0.0, at)),
    }
}

/// `+01:00`, `+0100`, or `+01` where it is `close` to the time or a year follows; seconds, and where it ends.
fn offset(bytes: &[u8], at: usize, close: bool) -> Option<(f64, usize)> {
    let sign = match bytes.get(at)? {
        b'+' => 1.0,
        b'-' => -1.0,
        _ => return None,
    };
    let (value, digits) = number(bytes, at + 1)?;
    let end = at + 1 + digits;
    let (hours, minutes, end) = match (digits, after_colon(bytes, end)) {
        (2, Some((minutes, end))) => (value, minutes, end),
        (2, None) if close || year(bytes, end + 1).is_some() => (value, 0, end),
        (4, _) => (value / 100, value % 100, end),
        _ => return None,
    };
    let seconds = f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0;
    (hours < 15 && minutes < 60).then_some((sign * seconds, end))
}

/// A year at a place.
fn year(bytes: &[u8], at: usize) -> Option<u16> {
    let (value, digits) = number(bytes, at)?;
    let ends = bytes.get(at + digits).is_none_or(|b| !b.is_ascii_alphanumeric());
    (digits == 4 && ends && YEARS.contains(&value)).then_some(value)
}

/// `2026-11-30T11:02:03.5+01:00` at a place, where a number begins.
fn in_numbers(bytes: &[u8], at: usize) -> Option<Date> {
    let parts = bytes.get(at..at + 11)?;
    let is_dash = |at: usize| matches!(parts[at], b'-' | b'/');
    if !is_dash(4) || !is_dash(7) || !matches!(parts[10], b'T' | b't' | b' ' | b'_') {
        return None;
    }
    let digits = |from: usize, many: usize| {
        number(bytes, at + from).filter(|(_, digits)| *digits == many).map(|(value, _)| value)
    };
    let (year, month, day) = (digits(0, 4)?, digits(5, 2)?, digits(8, 2)?);
    let (seconds, end) = clock(bytes, at + 11)?;
    let (zone, end) = zone(bytes, end);
    let year = Some(year.cast_signed());
    let [month, day] = [month, day].map(|part| i8::try_from(part).unwrap_or_default());
    Date { year, month, day, seconds: seconds - zone, end }.checked()
}

/// What stands around a month's name at a place: day and year on either side of it, the time behind it, a
/// weekday before all.
fn in_words(bytes: &[u8], at: usize) -> Option<Date> {
    let name = word(bytes, at);
    let month = i8::try_from(which(name, &MONTHS)? + 1).ok()?;
    let (mut from, mut end) = (at, at + name.len());
    let (mut date_year, mut day) = (None, None);
    if let Some((begin, value, digits)) = number_before(bytes, at) {
        match digits {
            4 if YEARS.contains(&value) => (date_year, from) = (Some(value), begin),
            1 | 2 => (day, from) = (Some(value), begin),
            _ => {}
        }
    }
    let joined = matches!(bytes.get(end), Some(b'-' | b'/'));
    let mut day_behind = None;
    let seconds = loop {
        end = after_separators(bytes, end);
        if let Some((seconds, behind)) = clock(bytes, end) {
            end = behind;
            break seconds;
        }
        let (value, digits) = number(bytes, end)?;
        end += digits;
        match digits {
            4 if date_year.is_none() => date_year = Some(value),
            1 | 2 if bytes.get(end) == Some(&b':') => return None,
            // `30-Nov-26`.
            2 if joined && day.is_some() && date_year.is_none() => date_year = Some(2000 + value),
            1 | 2 if day_behind.is_none() && (date_year.is_none() || day.is_none()) => {
                day_behind = Some(value);
            }
            _ => return None,
        }
    };
    // What stands before `Nov 30` is no day then.
    let day = day_behind.or(day)?;
    let (zone, mut end) = zone(bytes, end);
    if date_year.is_none() && is_after_weekday(bytes, from) {
        (date_year, end) = year_behind(bytes, end).unwrap_or((None, end));
    }
    let year = date_year.map(u16::cast_signed);
    Date { year, month, day: i8::try_from(day).ok()?, seconds: seconds - zone, end }.checked()
}

/// A number before a place that is no part of a name or of another number: where it begins, what it is, and
/// how many digits it has.
fn number_before(bytes: &[u8], at: usize) -> Option<(usize, u16, usize)> {
    let between = |b: &u8| matches!(b, b' ' | b'-' | b'/' | b',' | b'.');
    let end = at - bytes[..at].iter().rev().take_while(|b| between(b)).count();
    let begin = end - bytes[..end].iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let is_part =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'/');
    let (value, digits) = number(bytes, begin).filter(|_| begin < end)?;
    (!bytes[..begin].last().is_some_and(is_part)).then_some((begin, value, digits))
}

/// Behind what may stand between two parts of a date: `, `, `-`, ` at `.
fn after_separators(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let between = |b: &u8| matches!(b, b' ' | b',' | b'-' | b'/' | b':' | b'.');
    let at = at + rest.iter().take_while(|b| between(b)).count();
    match word(bytes, at) {
        b"T" => at + 1,
        b"at" => at + 2 + usize::from(bytes.get(at + 2) == Some(&b' ')),
        _ => at,
    }
}

/// Whether a weekday's name ends before a place.
fn is_after_weekday(bytes: &[u8], at: usize) -> bool {
    let between = |b: &u8| matches!(b, b' ' | b',' | b'.');
    let end = at - bytes[..at].iter().rev().take_while(|b| between(b)).count();
    let letters = bytes[..end].iter().rev().take_while(|b| b.is_ascii_alphabetic()).count();
    which(&bytes[end - letters..end], &WEEKDAYS).is_some()
}

/// The year at the end of a date as `date` and asctime() have it, behind the zone, whatever that is called.
fn year_behind(bytes: &[u8], at: usize) -> Option<(Option<u16>, usize)> {
    let part = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        let ends = |b: &u8| !b.is_ascii_alphanumeric() && !matches!(b, b'+' | b'-');
        rest.iter().position(ends).unwrap_or(rest.len())
    };
    let from = at + 1;
    let length = part(from);
    let behind = from + length + 1;
    let later = (1..=LONGEST_ZONE).contains(&length).then_some(behind);
    let found = [Some(from), later].into_iter().flatten().find_map(|at| {
        let year = year(bytes, at)?;
        (bytes[at - 1] == b' ').then_some((Some(year), at + 4))
    })?;
    (bytes.get(at) == Some(&b' ')).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The noon of 30 November 2025 and a bit, in seconds since 1970.
    const NOON: f64 = 1_764_504_123.0;

    fn seconds(text: &str) -> Option<f64> {
        let date = first(text)?;
        Some(midnight(date.year?, date.month, date.day)? + date.seconds)
    }

    #[test]
    fn parts_stand_in_any_order() {
        for text in [
            "2025-11-30T12:02:03Z",
            "2025/11/30 12:02:03 PM",
            "2025-11-30 13:02:03+01",
            "2025-11-30 07:02:03 EST",
            "Sun Nov 30 12:02:03 UTC 2025",
            "Sun Nov 30 12:02:03 PM UTC 2025",
            "Sun Nov 30 12:02:03 2025",
            "Sun Nov 30 13:02:03 CET 2025",
            "Sun Nov 30 15:02:03 +03 2025",
            "Sun Nov 30 12:02:03 PHX 2025",
            "Sun 30 Nov 2025 12:02:03 UTC",
            "Sun 30 Nov 2025 12:02:03 PM UTC",
            "Sun 30 Nov 12:02:03 GMT 2025",
            "Sun, 30 Nov 2025 13:02:03 +0100",
            "Sun, 30 Nov 2025 12:02:03 GMT",
            "Sun Nov 30 2025 13:02:03 GMT+0100 (Central European Standard Time)",
            "November 30, 2025 at 12:02:03 PM",
            "Nov 30, 2025, 12:02:03 PM",
            "30-NOV-25 12:02:03",
            "30 Nov 2025 12:02:03",
            "2025 Nov 30 12:02:03",
            "30/Nov/2025:12:02:03 +0000",
            "7:M 30 Nov 2025 12:02:03",
            "<30>7 Nov 30 2025 12:02:03",
        ] {
            assert_eq!(seconds(text), Some(NOON), "{text}");
            assert_eq!(seconds(&format!("[{text}] heap 1999")), Some(NOON), "{text}");
        }
        assert_eq!(seconds("Nov 30, 2025, 12:02 PM"), Some(NOON - 3.0));
        assert_eq!(seconds("Sun Nov 30 12:02:03 AM UTC 2025"), Some(NOON - 43_200.0));
    }

    #[test]
    fn a_year_that_is_left_out_is_none() {
        for text in [
            "Nov 30 12:02:03 host 2025",
            "Nov 30 12:02:03 2025",
            "Sun Nov 30 12:02:03 web node[7]: 2025",
            "app-1 Nov 30 12:02:03",
            "12 Nov 30 12:02:03",
            "Nov 30 12:02:03",
            "30 Nov 12:02:03",
        ] {
            let date = first(text).unwrap();
            let found = (date.year, date.month, date.day, date.seconds);
            assert_eq!(found, (None, 11, 30, 43_323.0), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "May",
            "it may 12",
            "2025-13-45T12:02:03Z",
            "2025-11-30",
            "12025-11-30T12:02:03",
            "Nov 31 12:02:03",
            "Nov 30 13:02:03 PM",
            "Nov 30 12:62:03",
            "12/Nov",
            "Nov 30 2025 2025 12:02:03",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
