//! Numbers as they were written or measured in, exact comparisons out.

use std::cmp::Ordering;

/// An exact number: a fraction whose denominator is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount {
    numerator: i128,
    denominator: i128,
}

impl Amount {
    /// `numerator / denominator`; a denominator of 0 counts as 1.
    pub(super) fn new(numerator: i64, denominator: u64) -> Self {
        Self { numerator: i128::from(numerator), denominator: i128::from(denominator.max(1)) }
    }

    /// `part / whole` in hundredths; none if there is no whole.
    pub(super) fn percent(part: i64, whole: u64) -> Option<Self> {
        let denominator = i128::from(whole);
        let numerator = i128::from(part).saturating_mul(100);
        (whole > 0).then_some(Self { numerator, denominator })
    }

    /// `digits` with the point before the last `decimals` of them, times `unit`. None if it is
    /// too large or has too many decimals.
    pub(super) fn decimal(digits: &str, decimals: u32, unit: u64) -> Option<Self> {
        let all: i128 = digits.parse().ok()?;
        let mut numerator = all.checked_mul(i128::from(unit))?;
        let mut denominator = 10_i128.checked_pow(decimals)?;
        while denominator > 1 && numerator % 10 == 0 {
            numerator /= 10;
            denominator /= 10;
        }
        // Whatever is compared with it then fits: see `compare`.
        let small = i64::try_from(numerator).is_ok() && denominator <= 1_000_000_000;
        small.then_some(Self { numerator, denominator })
    }

    pub(super) const fn negated(self) -> Self {
        Self { numerator: -self.numerator, denominator: self.denominator }
    }

    /// Times one number and by another, neither of which is large.
    pub(super) const fn times(self, times: u64, by: u64) -> Self {
        let (times, by) = (times as i128, by as i128);
        Self { numerator: self.numerator * times, denominator: self.denominator * by }
    }

    pub(super) const fn is_whole(self) -> bool {
        self.denominator == 1
    }

    /// The nearest whole number, away from zero if two are.
    pub(super) fn rounded(self) -> i64 {
        let (half, sign) = (self.denominator / 2, self.numerator.signum());
        let nearest = self.numerator.abs().saturating_add(half) / self.denominator;
        i64::try_from(nearest.saturating_mul(sign)).unwrap_or(i64::MAX)
    }

    pub(super) fn as_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// A measured number has a numerator below 2^70 and a denominator below 2^64, a written one
    /// has 2^63 and 2^30: neither product can overflow.
    pub(super) fn compare(self, other: Self) -> Ordering {
        let left = self.numerator.saturating_mul(other.denominator);
        left.cmp(&other.numerator.saturating_mul(self.denominator))
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;
    use std::cmp::Ordering;

    #[test]
    fn extremes_neither_overflow_nor_lie() {
        let most = Amount::new(i64::MAX, 1);
        let least = Amount::new(i64::MIN, u64::MAX);
        let limit = Amount::decimal("9223372036854775807", 0, 1).unwrap();
        assert_eq!(most.compare(limit), Ordering::Equal);
        assert_eq!(least.compare(limit), Ordering::Less);
        assert_eq!(least.compare(limit.negated()), Ordering::Greater);
        assert_eq!(Amount::new(5, 0), Amount::new(5, 1));
        let share = Amount::percent(i64::MAX, u64::MAX).unwrap();
        assert_eq!(share.compare(Amount::decimal("50", 0, 1).unwrap()), Ordering::Less);
        assert!(Amount::percent(1, 0).is_none());
    }

    #[test]
    fn what_is_too_large_or_too_exact_is_no_number() {
        let amount = |digits, unit| Amount::decimal(digits, 1, unit).unwrap();
        assert_eq!((amount("15", 1000).is_whole(), amount("15", 1000).rounded()), (true, 1500));
        assert_eq!((amount("15", 1).is_whole(), amount("15", 1).rounded()), (false, 2));
        assert_eq!(amount("15", 1).negated().rounded(), -2);
        assert_eq!(amount("14", 1).negated().rounded(), -1);
        for (digits, decimals, unit) in
            [("9223372036854775808", 0, 1), ("9999999999", 0, 1 << 30), ("1", 30, 1), ("1", 99, 1)]
        {
            assert_eq!(Amount::decimal(digits, decimals, unit), None, "{digits} {decimals}");
        }
        assert_eq!(Amount::decimal(&"9".repeat(60), 0, 1), None);
    }
}
