//! The name of a format in, a text that has it out.

/// A text for the call of this number, if the format is known.
pub(super) fn make(format: &str, number: u64) -> Option<String> {
    // Dates of one year, which repeat themselves late enough.
    let (day, hour) = (number % 28 + 1, number / 28 % 24);
    let (minute, second) = (number / 672 % 60, number / 40_320 % 60);
    let date = format!("2026-01-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}Z");
    Some(match format {
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => {
            format!("https://example.com/{number}")
        }
        "date-time" => format!("{date}T{time}"),
        "date" => date,
        "time" => time,
        "duration" => format!("PT{number}S"),
        "email" | "idn-email" => format!("user{number}@example.com"),
        "hostname" | "idn-hostname" => format!("host{number}.example.com"),
        "uuid" => format!("00000000-0000-4000-8000-{:012x}", number & 0xffff_ffff_ffff),
        // The addresses that are for examples.
        "ipv4" => format!("192.0.2.{}", number % 254 + 1),
        "ipv6" => format!("2001:db8::{:x}", number % 0xffff + 1),
        "json-pointer" => format!("/{number}"),
        _ => return None,
    })
}
