//! Points in, how surely and how fast they rise out, by orders alone: one value that is far off moves nothing.
//!
//! Mann's and Kendall's test with the correction of Hamed and Rao (1998) for values that depend on the ones
//! before them, and the slope of Theil and Sen with Sen's interval (1968).

/// A time and a value.
pub(super) type Spot = (f64, f64);

/// A slope, and what it lies between with 95 % certainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slope {
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// What the test of Mann and Kendall says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kendall {
    /// How many standard deviations more pairs rise than fall.
    pub z: f64,
    /// How much wider than that of independent values their spread is.
    pub spread: f64,
    deviation: f64,
}

/// The quantile of the normal distribution of a 95 % interval.
const Z95: f64 = 1.96;

/// The middle of some numbers; of none 0.
pub(super) fn median(numbers: &mut [f64]) -> f64 {
    quantile(numbers, 0.5)
}

/// The number that a share of the others lies below.
pub(super) fn quantile(numbers: &mut [f64], share: f64) -> f64 {
    let Some(last) = numbers.len().checked_sub(1) else { return 0.0 };
    let at = (last as f64 * share).round() as usize;
    *numbers.select_nth_unstable_by(at.min(last), f64::total_cmp).1
}

/// Slopes of all pairs.
fn slopes(spots: &[Spot]) -> Vec<f64> {
    let mut all = Vec::with_capacity(spots.len() * spots.len().saturating_sub(1) / 2);
    for (at, before) in spots.iter().enumerate() {
        let later = spots[at + 1..].iter().filter(|after| after.0 > before.0);
        all.extend(later.map(|after| (after.1 - before.1) / (after.0 - before.0)));
    }
    all
}

/// The slope of Theil and Sen.
pub(super) fn slope(spots: &[Spot]) -> Option<Slope> {
    let mut all = slopes(spots);
    let last = all.len().checked_sub(1)?;
    let test = kendall(spots, median(&mut all));
    let off = Z95 * test.deviation / 2.0;
    let mut at = |place: f64| {
        let place = (place.round().max(0.0) as usize).min(last);
        *all.select_nth_unstable_by(place, f64::total_cmp).1
    };
    let middle = last as f64 / 2.0;
    Some(Slope { low: at(middle - off), middle: at(middle), high: at(middle + off) })
}

/// The test, for values that a line of this slope has been taken from for their dependence.
pub(super) fn kendall(spots: &[Spot], slope: f64) -> Kendall {
    let n = spots.len() as f64;
    let mut sum = 0.0;
    for (at, before) in spots.iter().enumerate() {
        let signs = spots[at + 1..].iter().map(|after| match after.1.total_cmp(&before.1) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Less => -1.0,
            std::cmp::Ordering::Equal => 0.0,
        });
        sum += signs.sum::<f64>();
    }
    let ties: f64 = ties(spots).into_iter().map(variance).sum();
    let spread = dependence(spots, slope);
    let deviation = ((variance(n) - ties).max(0.0) * spread).sqrt();
    let z = if deviation > 0.0 { (sum - sum.signum()) / deviation } else { 0.0 };
    Kendall { z: if sum == 0.0 { 0.0 } else { z }, spread, deviation }
}

fn variance(n: f64) -> f64 {
    n * (n - 1.0) * (2.0 * n + 5.0) / 18.0
}

/// How many there are of each value that there is more than once.
fn ties(spots: &[Spot]) -> Vec<f64> {
    let mut values: Vec<f64> = spots.iter().map(|spot| spot.1).collect();
    values.sort_by(f64::total_cmp);
    let groups = values.chunk_by(|a, b| a == b).map(<[f64]>::len);
    groups.filter(|many| *many > 1).map(|many| many as f64).collect()
}

/// How much wider the spread of the test is for the dependence of neighbours.
fn dependence(spots: &[Spot], slope: f64) -> f64 {
    let n = spots.len();
    let most = spots.iter().map(|spot| spot.1.abs()).fold(f64::MIN_POSITIVE, f64::max);
    // What differs by no more than arithmetic does is equal.
    let rest = |(time, value): &Spot| ((value - slope * time) / most * 1e9).round();
    let rests: Vec<f64> = spots.iter().map(rest).collect();
    let ranks = ranks(&rests);
    let mean = (n as f64 + 1.0) / 2.0;
    let square = |rank: &f64| (rank - mean) * (rank - mean);
    let whole: f64 = ranks.iter().map(square).sum();
    if n < 8 || whole <= 0.0 {
        return 1.0;
    }
    let counts = n as f64;
    let significant = Z95 / counts.sqrt();
    let mut sum = 0.0;
    for lag in 1..=n / 4 {
        let pairs = ranks.iter().zip(&ranks[lag..]);
        let together: f64 = pairs.map(|(a, b)| (a - mean) * (b - mean)).sum();
        let correlation = together / whole;
        // Farther neighbours depend over the nearer ones; behind the first that does not, chance begins.
        if correlation < significant {
            break;
        }
        let left = counts - lag as f64;
        sum += left * (left - 1.0) * (left - 2.0) * correlation;
    }
    1.0 + 2.0 / (counts * (counts - 1.0) * (counts - 2.0)) * sum
}

/// Places in their order; equal values share the middle one of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for same in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let middle = before as f64 + (same.len() as f64 + 1.0) / 2.0;
        same.iter().for_each(|at| ranks[*at] = middle);
        before += same.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope_and_is_surely_rising() {
        let spots: Vec<Spot> = (0..40).map(|x| (f64::from(x), 3.0 + 2.0 * f64::from(x))).collect();
        let slope = slope(&spots).unwrap();
        assert_eq!((slope.low, slope.middle, slope.high), (2.0, 2.0, 2.0));
        assert!(kendall(&spots, 2.0).z > 8.0);
    }

    #[test]
    fn a_fourth_of_wild_values_moves_no_slope() {
        let wild = |x: i32| if x % 4 == 1 { 1e6 } else { f64::from(x) };
        let spots: Vec<Spot> = (0..60).map(|x| (f64::from(x), wild(x))).collect();
        assert_eq!(slope(&spots).unwrap().middle, 1.0);
    }

    #[test]
    fn values_that_depend_on_each_other_are_no_trend() {
        // A slow wave that ends on top.
        let spots: Vec<Spot> =
            (0..100).map(|x| (f64::from(x), (f64::from(x) / 16.0).sin())).collect();
        let plain = kendall(&spots, 0.0);
        assert!(plain.spread > 4.0, "{plain:?}");
        assert!(plain.z.abs() < 2.0, "{plain:?}");
    }

    #[test]
    fn nothing_and_equal_values_are_no_trend() {
        assert_eq!(slope(&[]), None);
        assert_eq!(slope(&[(1.0, 2.0), (1.0, 3.0)]), None);
        let flat: Vec<Spot> = (0..30).map(|x| (f64::from(x), 5.0)).collect();
        assert_eq!(kendall(&flat, 0.0).z, 0.0);
        assert_eq!(slope(&flat).unwrap().high, 0.0);
    }
}
