//! Five hundred made series whose sawtooth is up to five times their drift: leaks are found, and healthy processes are
//! not accused. Least squares over the same series stands beside.

use crate::fixtures::scratch;
use heapdiff::trend::{TrendOptions, Verdict, trend};
use std::fmt::Write as _;
use std::path::Path;

/// Of each kind.
const SERIES: usize = 250;

/// Numbers that look random, the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    /// As many small values as large ones.
    fn even(&mut self, low: f64, high: f64) -> f64 {
        low * (self.next() * (high / low).ln()).exp()
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Leak,
    /// After a warm-up.
    WarmLeak,
    /// That begins at some time.
    LateLeak,
    Flat,
    /// Whose last sample is just before a collection.
    OnTop,
    Step,
    Steps,
    /// A cache that fills and is full.
    Plateau,
    WarmUp,
    /// A rise that ends with an eviction.
    Falls,
}

const LEAKS: [Form; 4] = [Form::Leak, Form::WarmLeak, Form::Leak, Form::LateLeak];
const HEALTHY: [Form; 7] =
    [Form::Flat, Form::OnTop, Form::Step, Form::Steps, Form::Plateau, Form::WarmUp, Form::Falls];

/// What is left after collections at a time from 0 to 1, above the level, in drifts.
fn base(form: Form, chance: &mut Chance) -> impl Fn(f64) -> f64 + use<> {
    let rise = chance.between(0.5, 3.0);
    let [one, two] = [0, 1].map(|_| chance.between(0.15, 0.85));
    let full = chance.between(0.1, 0.6);
    let warm = chance.between(0.03, 0.15);
    let after = |x: f64, place: f64| f64::from(u8::from(x > place));
    move |x| match form {
        Form::Leak => x,
        Form::WarmLeak => x + rise * (1.0 - (-x / 0.04).exp()),
        Form::LateLeak => ((x - 0.3) / 0.7).max(0.0),
        Form::Flat | Form::OnTop => 0.0,
        Form::Step => rise * after(x, one),
        Form::Steps => rise * (after(x, one) + after(x, two)),
        Form::Plateau => rise * (x / full).min(1.0),
        Form::WarmUp => rise * (1.0 - (-x / warm).exp()),
        Form::Falls => rise * x * after(one, x),
    }
}

/// A heap in bytes: 60 to 2,000 samples, of which at least 12 collections.
fn series(form: Form, chance: &mut Chance) -> Vec<f64> {
    let samples = chance.between(60.0, 2_000.0).round();
    let level = chance.between(30e6, 500e6);
    let drift = 0.05 * level;
    let teeth = chance.between(0.2, 5.0) * drift;
    let period = chance.even(3.0, samples / 12.0);
    let jitter = chance.between(0.02, 0.3);
    let noise = chance.between(0.0, 0.03) * teeth + chance.between(0.0, 0.001) * level;
    let base = base(form, chance);
    let mut tooth = period;
    let mut at = if form == Form::OnTop { 0.0 } else { chance.next() * period };
    let mut heap = Vec::new();
    for sample in 0..samples as usize {
        let x = sample as f64 / (samples - 1.0);
        heap.push(level + drift * base(x) + teeth * at / tooth + noise * chance.normal());
        at += 1.0;
        if at >= tooth {
            at -= tooth;
            tooth = period * (1.0 + jitter * chance.between(-1.0, 1.0));
        }
    }
    if form == Form::OnTop {
        while heap.len() > 60 && heap.last().is_some_and(|last| *last < level + 0.8 * teeth) {
            heap.pop();
        }
    }
    heap
}

/// The verdict on a log with a sample a minute.
fn verdict(heap: &[f64], log: &Path) -> Verdict {
    let mut text = String::new();
    for (at, bytes) in heap.iter().enumerate() {
        let time = 1_764_504_000 + at * 60;
        writeln!(text, "{{\"time\":{time},\"heapUsed\":{bytes:.0}}}").unwrap();
    }
    std::fs::write(log, text).unwrap();
    trend(&[log], &TrendOptions::default()).unwrap().verdict
}

/// Whether a line through all samples rises as surely as the verdict asks for: by 2.6 standard errors.
fn least_squares(heap: &[f64]) -> bool {
    let n = heap.len() as f64;
    let (mx, my) = ((n - 1.0) / 2.0, heap.iter().sum::<f64>() / n);
    let off = |at: usize| at as f64 - mx;
    let xx: f64 = (0..heap.len()).map(|at| off(at) * off(at)).sum();
    let xy: f64 = heap.iter().enumerate().map(|(at, y)| off(at) * (y - my)).sum();
    let yy: f64 = heap.iter().map(|y| (y - my) * (y - my)).sum();
    let slope = xy / xx;
    slope / ((yy - slope * xy) / (n - 2.0) / xx).sqrt() > 2.6
}

#[test]
fn leaks_are_found_and_healthy_processes_are_not_accused() {
    let log = scratch("series").join("heap.jsonl");
    let mut chance = Chance(88_172_645_463_325_252);
    let (mut found, mut accused, mut accused_by_squares) = (0, 0, 0);
    let mut told = String::new();
    for at in 0..SERIES {
        let leaking = series(LEAKS[at % LEAKS.len()], &mut chance);
        found += usize::from(verdict(&leaking, &log) == Verdict::Leak);
        let form = HEALTHY[at % HEALTHY.len()];
        let healthy = series(form, &mut chance);
        let wrong = verdict(&healthy, &log) == Verdict::Leak;
        accused += usize::from(wrong);
        accused_by_squares += usize::from(least_squares(&healthy));
        if wrong {
            writeln!(told, "{at}: {form:?}, {} samples", healthy.len()).unwrap();
        }
    }
    assert!(found * 100 >= SERIES * 95, "{found} of {SERIES} leaks are found");
    assert!(accused * 100 <= SERIES * 2, "{accused} of {SERIES} are accused:\n{told}");
    // A rise that is over, or a collection that is due, is a trend to it.
    assert!(accused_by_squares * 2 > SERIES, "{accused_by_squares}");
}
