//! A series in, what is left after each collection out: the lower envelope of a sawtooth.
//!
//! ```text
//!    /|  /|    /|   /       a collection is a fall by a good part of the teeth;
//!   / | / | /|/ |  /        where it ends is a bottom
//!  /  |/  |/    | /
//!     *   *     *           the last rise has no bottom, however high it ends
//! ```

use super::robust::{Spot, median, quantile};

/// Points of an envelope: more tell no more, and cost by their square.
const MOST: usize = 120;
/// Parts of a series in which the height of its teeth is looked for.
const PARTS: usize = 8;
/// A part may lie between two collections: of so many of them it counts how far they fall.
const USUAL: f64 = 0.6;
/// A fall by such a share of the teeth is a collection.
const FALL: f64 = 0.4;
/// The lowest of so many samples is what is left.
const LOWEST: usize = 8;

/// What is left after collections.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Envelope {
    pub spots: Vec<Spot>,
    /// Falls that were seen.
    pub collections: usize,
    /// How high the teeth are, in the middle.
    pub teeth: f64,
}

/// The envelope of a series in the order of time. What falls less than `few` times is its own.
pub(super) fn envelope(spots: &[Spot], few: usize) -> Envelope {
    let teeth = teeth(spots);
    let bottoms = bottoms(spots, teeth * FALL);
    let collections = bottoms.len();
    let from = if collections < few { spots } else { &bottoms };
    let each = from.len().div_ceil(MOST).max(1);
    let lowest = |part: &[Spot]| part.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
    Envelope { spots: from.chunks(each).filter_map(lowest).collect(), collections, teeth }
}

/// How far a series falls within a short time: what it rises by meanwhile does not count.
fn teeth(spots: &[Spot]) -> f64 {
    let each = (spots.len() / PARTS).max(4);
    let fall = |part: &[Spot]| {
        let falls = part.iter().scan(f64::MIN, |top, spot| {
            *top = top.max(spot.1);
            Some(*top - spot.1)
        });
        falls.fold(0.0, f64::max)
    };
    // Each with the next, so that no fall is between two.
    let pairs = spots.windows((2 * each).min(spots.len().max(1))).step_by(each);
    let mut falls: Vec<f64> = pairs.map(fall).collect();
    quantile(&mut falls, USUAL)
}

/// What is left in each valley between a fall and a rise of such a height: the lowest part of all that is
/// measured from one collection to the next, so that noise of single samples goes.
fn bottoms(spots: &[Spot], height: f64) -> Vec<Spot> {
    let valleys = valleys(spots, height);
    let ends = valleys.iter().skip(1).copied().chain([spots.len()]);
    let lengths = valleys.windows(2).map(|pair| (pair[1] - pair[0]) as f64);
    let usual = median(&mut lengths.collect::<Vec<f64>>()) as usize;
    let of = |(from, to): (usize, usize)| {
        // As many of each, of the last one too, which is not over.
        let few = (usual / LOWEST).clamp(1, to - from);
        // The rise begins at the bottom.
        let mut values: Vec<f64> = spots[from..to].iter().map(|spot| spot.1).collect();
        let (low, last, _) = values.select_nth_unstable_by(few - 1, f64::total_cmp);
        let sum = low.iter().sum::<f64>() + *last;
        (spots[from].0, sum / few as f64)
    };
    valleys.iter().copied().zip(ends).map(of).collect()
}

/// Where the valleys are lowest.
fn valleys(spots: &[Spot], height: f64) -> Vec<usize> {
    let mut valleys = Vec::new();
    let Some(first) = spots.first() else { return valleys };
    let (mut low, mut high, mut at) = (first.1, first.1, 0);
    let mut falling = false;
    for (here, spot) in spots.iter().enumerate() {
        if falling {
            if spot.1 < low {
                (low, at) = (spot.1, here);
            } else if spot.1 > low + height {
                valleys.push(at);
                falling = false;
                high = spot.1;
            }
        } else if spot.1 > high {
            high = spot.1;
        } else if spot.1 < high - height {
            falling = true;
            (low, at) = (spot.1, here);
        }
    }
    valleys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saw(n: usize, period: usize, rise: f64) -> Vec<Spot> {
        let value = |x: usize| 100.0 + (x % period) as f64 + rise * x as f64;
        (0..n).map(|x| (x as f64, value(x))).collect()
    }

    #[test]
    fn the_bottoms_of_a_sawtooth_are_its_envelope() {
        let found = envelope(&saw(95, 10, 0.0), 1);
        assert_eq!(found.collections, 9);
        assert!(found.spots.iter().all(|spot| spot.1 < 101.0), "{found:?}");
        let found = envelope(&saw(1999, 10, 0.1), 1);
        assert_eq!((found.collections, found.spots.len()), (199, 100));
    }

    #[test]
    fn what_only_rises_is_its_own_envelope() {
        let rising: Vec<Spot> = (0..600).map(|x| (f64::from(x), f64::from(x))).collect();
        let found = envelope(&rising, 1);
        assert_eq!((found.collections, found.spots.len()), (0, 120));
        assert_eq!(envelope(&[], 1), Envelope::default());
    }
}
