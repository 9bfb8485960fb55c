//! An envelope that rises in, in which form it does out: along a line, to a level, or slower and slower.
//!
//! ```text
//!        /            ____             ___            .--
//!      /          ___|               /             .'
//!    /           |                  /             /
//!  line         step             knee, flat      knee, slower
//! ```
//! The form is the one that fits best for what it costs in parameters (Schwarz 1978).

use super::robust::Spot;

/// Fewest spots on either side of where a form changes.
const FEWEST: usize = 3;

/// A form that was fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    /// Squares of what it leaves, together.
    rest: f64,
    parameters: f64,
    /// How many spots are before the place where it changes.
    pub at: usize,
    /// Its slopes before and after that place.
    pub before: f64,
    pub after: f64,
}

/// All forms, fitted to one envelope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    spots: f64,
    pub line: Fit,
    /// From one level to another at once.
    pub step: Fit,
    /// And from there to a third.
    pub stairs: Fit,
    /// A line that goes on with another slope.
    pub knee: Fit,
    /// A line to a level.
    pub flat: Fit,
}

impl Shape {
    /// None for fewer spots than tell a form.
    pub(super) fn of(spots: &[Spot]) -> Option<Self> {
        let n = spots.len();
        if n < 2 * FEWEST {
            return None;
        }
        let line = fit(spots, 0, 2.0, |_| 0.0, true)?;
        let places = || FEWEST..=n - FEWEST;
        let best =
            |fits: &mut dyn Iterator<Item = Fit>| fits.min_by(|a, b| a.rest.total_cmp(&b.rest));
        let step = best(&mut places().filter_map(|at| step(spots, at)))?;
        let stairs = stairs(spots).unwrap_or(step);
        let knee = best(&mut places().filter_map(|at| knee(spots, at)))?;
        let flat = best(&mut places().filter_map(|at| flat(spots, at)))?;
        Some(Self { spots: n as f64, line, step, stairs, knee, flat })
    }

    /// How much worse than another form one is; what neither leaves counts as a thousandth of the rise.
    pub(super) fn worse(&self, one: &Fit, other: &Fit) -> f64 {
        let rise = self.line.before.abs() + f64::MIN_POSITIVE;
        let least = self.spots * (rise / 1000.0).powi(2).max(1e-12);
        let cost = |fit: &Fit| {
            self.spots * ((fit.rest + least) / self.spots).ln() + fit.parameters * self.spots.ln()
        };
        cost(one) - cost(other)
    }
}

/// The least squares of a level, and of slopes as they are asked for.
fn fit(
    spots: &[Spot],
    at: usize,
    parameters: f64,
    second: impl Fn(f64) -> f64,
    sloped: bool,
) -> Option<Fit> {
    let first = |x: f64| if sloped { x } else { 0.0 };
    let n = spots.len() as f64;
    let mean = |of: &dyn Fn(&Spot) -> f64| spots.iter().map(of).sum::<f64>() / n;
    let (mx, mz, my) = (mean(&|s| first(s.0)), mean(&|s| second(s.0)), mean(&|s| s.1));
    let [mut xx, mut xz, mut zz, mut xy, mut zy, mut yy] = [0.0; 6];
    for spot in spots {
        let (x, z, y) = (first(spot.0) - mx, second(spot.0) - mz, spot.1 - my);
        (xx, xz, zz) = (xx + x * x, xz + x * z, zz + z * z);
        (xy, zy, yy) = (xy + x * y, zy + z * y, yy + y * y);
    }
    let both = xx * zz - xz * xz;
    let (a, b) = match () {
        () if both > 1e-12 * xx * zz && both > 0.0 => {
            ((xy * zz - zy * xz) / both, (zy * xx - xy * xz) / both)
        }
        () if xx > 0.0 => (xy / xx, 0.0),
        () if zz > 0.0 => (0.0, zy / zz),
        () => (0.0, 0.0),
    };
    let rest = (yy - a * xy - b * zy).max(0.0);
    Some(Fit { rest, parameters, at, before: a, after: b }).filter(|fit| fit.rest.is_finite())
}

fn step(spots: &[Spot], at: usize) -> Option<Fit> {
    let place = (spots[at - 1].0 + spots[at].0) / 2.0;
    let found = fit(spots, at, 3.0, |x| f64::from(u8::from(x > place)), false)?;
    Some(Fit { before: 0.0, after: 0.0, ..found })
}

/// The best three levels.
fn stairs(spots: &[Spot]) -> Option<Fit> {
    let sums = |power: i32| -> Vec<f64> {
        let add = |sum: &mut f64, spot: &Spot| {
            *sum += spot.1.powi(power);
            Some(*sum)
        };
        std::iter::once(0.0).chain(spots.iter().scan(0.0, add)).collect()
    };
    let (sum, squares) = (sums(1), sums(2));
    // What the mean of a part leaves.
    let rest = |from: usize, to: usize| {
        let part = sum[to] - sum[from];
        (squares[to] - squares[from] - part * part / (to - from) as f64).max(0.0)
    };
    let n = spots.len();
    let mut best: Option<Fit> = None;
    for first in FEWEST..n.saturating_sub(2 * FEWEST) {
        for second in first + FEWEST..=n - FEWEST {
            let rest = rest(0, first) + rest(first, second) + rest(second, n);
            if best.is_none_or(|best| rest < best.rest) {
                let fit = Fit { rest, parameters: 5.0, at: second, before: 0.0, after: 0.0 };
                best = Some(fit);
            }
        }
    }
    best
}

fn knee(spots: &[Spot], at: usize) -> Option<Fit> {
    let place = spots[at].0;
    let found = fit(spots, at, 4.0, |x| (x - place).max(0.0), true)?;
    Some(Fit { after: found.before + found.after, ..found })
}

fn flat(spots: &[Spot], at: usize) -> Option<Fit> {
    let place = spots[at].0;
    let found = fit(spots, at, 3.0, |x| x.min(place), false)?;
    Some(Fit { before: found.after, after: 0.0, ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(value: impl Fn(f64) -> f64) -> Shape {
        let noise = |x: f64| ((x * 7919.0).sin() * 43_758.5).fract() * 0.05;
        let spots: Vec<Spot> =
            (0..40).map(|x| f64::from(x) / 39.0).map(|x| (x, value(x) + noise(x))).collect();
        Shape::of(&spots).unwrap()
    }

    #[test]
    fn each_form_is_known_again() {
        let line = shape(|x| x);
        for other in [line.step, line.knee, line.flat] {
            assert!(line.worse(&other, &line.line) > 0.0, "{line:?}");
        }
        let step = shape(|x| f64::from(u8::from(x > 0.7)));
        assert!(step.worse(&step.line, &step.step) > 20.0);
        assert_eq!(step.step.at, 28);
        let flat = shape(|x| x.min(0.5));
        assert!(flat.worse(&flat.line, &flat.flat) > 20.0);
        assert!((flat.flat.before - 1.0).abs() < 0.2, "{flat:?}");
        let slower = shape(|x| if x < 0.5 { x } else { 0.5 + (x - 0.5) * 0.3 });
        assert!(slower.worse(&slower.line, &slower.knee) > 5.0);
        assert!((slower.knee.after - 0.3).abs() < 0.1, "{slower:?}");
    }

    #[test]
    fn equal_values_and_few_have_no_form_that_fails() {
        assert!(Shape::of(&[(0.0, 1.0); 5]).is_none());
        let same = Shape::of(&[(0.0, 1.0); 9]).unwrap();
        assert!(same.worse(&same.line, &same.knee).is_finite());
    }
}
