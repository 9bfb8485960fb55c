//! Numbers as people read them. Sizes are decimal, as in DevTools: below 1,000 in bytes,
//! then kB and MB of 1,000, with one decimal below 100.

/// `2,100`.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1st`, `2nd`, `13th`.
#[must_use]
pub fn ordinal(n: u64) -> String {
    let end = match (n % 100 / 10, n % 10) {
        (tens, 1) if tens != 1 => "st",
        (tens, 2) if tens != 1 => "nd",
        (tens, 3) if tens != 1 => "rd",
        _ => "th",
    };
    format!("{}{end}", count(n))
}

/// `1 class`, `2,100 classes`.
#[must_use]
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// `+2,000`, `-7`, `0`.
#[must_use]
pub fn signed_count(n: i64) -> String {
    format!("{}{}", sign(n), count(n.unsigned_abs()))
}

/// `64 B`, `5.6 kB`, `128 kB`, `13.7 MB`, `1,288 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let (unit, name) = if bytes < 1_000_000 { (1e3, "kB") } else { (1e6, "MB") };
    let value = bytes as f64 / unit;
    if value < 100.0 {
        format!("{value:.1} {name}")
    } else {
        format!("{} {name}", count(value.round() as u64))
    }
}

/// `+13.7 MB`, `-64 B`, `0 B`.
#[must_use]
pub fn signed_size(bytes: i64) -> String {
    format!("{}{}", sign(bytes), size(bytes.unsigned_abs()))
}

/// How much more the first number is than the second; as far as 63 bits go, and never with another sign.
#[must_use]
pub fn difference(after: u64, before: u64) -> i64 {
    let more = i128::from(after) - i128::from(before);
    more.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// `+96.5%`: how much `after` is above `before`, above ten times as much `×16.6`; empty if there was
/// nothing before.
#[must_use]
#[cfg(any(feature = "render", feature = "internals"))]
pub fn growth(before: u64, after: u64) -> String {
    if before == 0 {
        return String::new();
    }
    let percent = (after as f64 - before as f64) / before as f64 * 100.0;
    if percent > 1000.0 {
        return format!("×{:.1}", after as f64 / before as f64);
    }
    format!("{percent:+.1}%")
}

const fn sign(n: i64) -> &'static str {
    match n {
        1.. => "+",
        0 => "",
        _ => "-",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_in_devtools() {
        let shown =
            [0, 999, 1000, 99_940, 128_000, 999_900, 13_712_345, 128_400_000, 1_288_000_000]
                .map(size);
        let expected = [
            "0 B", "999 B", "1.0 kB", "99.9 kB", "128 kB", "1,000 kB", "13.7 MB", "128 MB",
            "1,288 MB",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn ordinals_end_as_they_are_read() {
        let all = [1, 2, 3, 4, 11, 12, 13, 21, 102, 112].map(super::ordinal).join(" ");
        assert_eq!(all, "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 112th");
    }

    #[test]
    fn counts_have_commas_and_deltas_a_sign() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!([signed_count(2000), signed_count(-7), signed_count(0)], ["+2,000", "-7", "0"]);
        assert_eq!([growth(200, 100), growth(10, 166)], ["-50.0%", "×16.6"]);
    }
}
