//! A series in, whether what is left after its collections goes on growing out.

use super::envelope::{Envelope, envelope};
use super::robust::{Slope, Spot, kendall, median, slope};
use super::shape::{Fit, Shape};
use serde::Serialize;

/// Fewest samples and fewest bottoms that are judged.
pub(super) const SAMPLES: usize = 20;
pub(super) const BOTTOMS: usize = 6;
/// Standard deviations by which more pairs of bottoms must rise than fall: chance does that in 2 of 1,000.
const SURE: f64 = 2.6;
/// A rise below this share of the level is none.
pub(super) const SMALLEST: f64 = 0.01;
/// How much better a form with a flat end must fit than one without, to be believed.
const FLATTER: f64 = 5.0;
/// A slope that is so much lower than the one before has flattened.
const SLOWER: f64 = 0.5;
/// A level is one when it has lasted for such a share of the series.
const LASTING: f64 = 0.2;
/// And what rises after a warm-up is a leak when it has done so for such a share.
const LONG: f64 = 0.7;

/// What becomes of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// What is left after collections goes on growing.
    Leak,
    /// It grows, and slower and slower.
    StillWarming,
    /// It has stopped growing, or has never grown.
    Plateau,
    /// Garbage comes and goes; what is left after collections does not grow.
    SawtoothOnly,
    /// There is too little to tell.
    TooShort,
}

impl Verdict {
    /// All of them, the worst first.
    #[cfg(feature = "render")]
    pub(crate) const ALL: [Self; 5] =
        [Self::Leak, Self::StillWarming, Self::Plateau, Self::SawtoothOnly, Self::TooShort];

    /// As people read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Leak => "LEAK",
            Self::StillWarming => "STILL WARMING",
            Self::Plateau => "PLATEAU",
            Self::SawtoothOnly => "SAWTOOTH ONLY",
            Self::TooShort => "TOO SHORT",
        }
    }

    /// As JSON and conditions have it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Leak => "leak",
            Self::StillWarming => "still_warming",
            Self::Plateau => "plateau",
            Self::SawtoothOnly => "sawtooth_only",
            Self::TooShort => "too_short",
        }
    }

    /// Of several processes or series the one that has the say: a leak, whatever the others are.
    #[must_use]
    pub(super) const fn weight(self) -> u8 {
        match self {
            Self::Leak => 4,
            Self::StillWarming => 3,
            Self::Plateau => 2,
            Self::SawtoothOnly => 1,
            Self::TooShort => 0,
        }
    }
}

/// Why a series is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    Samples,
    /// Too few collections, or none.
    Collections,
}

/// What was found of a series. Rates are in bytes a second, or a sample.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub verdict: Verdict,
    pub envelope: Envelope,
    pub lack: Option<Lack>,
    pub slope: Option<Slope>,
    /// In the first and in the last third.
    pub thirds: Option<[f64; 2]>,
    pub z: f64,
    /// What is left after collections at the beginning and at the end.
    pub levels: [f64; 2],
}

/// How a series is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// How much it may rise by before anything is collected, if anything is: a heap.
    pub fills: Option<f64>,
    /// A rise by less can be neglected.
    pub least: f64,
    /// Whether each sample is what is left after a collection.
    pub bottoms: bool,
}

/// Judges a series in the order of time.
pub(super) fn judge(spots: &[Spot], rules: Rules) -> Judged {
    let few = match rules.fills {
        _ if rules.bottoms => usize::MAX,
        Some(_) => 1,
        None => BOTTOMS,
    };
    let mut envelope = envelope(spots, few);
    if rules.bottoms {
        envelope.collections = spots.len();
    }
    let levels = levels(&envelope.spots);
    let mut judged = Judged {
        verdict: Verdict::TooShort,
        lack: None,
        slope: slope(&envelope.spots),
        thirds: thirds(&envelope.spots),
        z: 0.0,
        levels,
        envelope,
    };
    judged.lack = lack(spots, &judged, rules.fills);
    let Some(slope) = judged.slope.filter(|_| judged.lack.is_none()) else { return judged };
    judged.z = kendall(&judged.envelope.spots, slope.middle).z;
    let rise = rises(&judged.envelope.spots, rules.least);
    judged.verdict = match () {
        () if rise == Rise::Sure => form(&judged.envelope.spots, rules.least),
        // What has risen and is level now is no line, and so its rests depend on each other.
        () if rise == Rise::Once && form(&judged.envelope.spots, rules.least) != Verdict::Leak => {
            Verdict::Plateau
        }
        // A saw has teeth that are seen.
        () if judged.envelope.teeth > SMALLEST * levels[1] => Verdict::SawtoothOnly,
        () => Verdict::Plateau,
    };
    judged
}

/// Whether and how bottoms rise, by more than can be neglected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rise {
    None,
    /// More surely than by chance, if each is independent of those before.
    Once,
    /// Even if they are not.
    Sure,
}

/// How bottoms rise.
pub(super) fn rises(bottoms: &[Spot], least: f64) -> Rise {
    let Some(slope) = slope(bottoms) else { return Rise::None };
    let [first, last] = levels(bottoms);
    let test = kendall(bottoms, slope.middle);
    let least = least.max(SMALLEST * first.max(last));
    match () {
        () if test.z >= SURE && slope.low > 0.0 && slope.middle * length(bottoms) > least => {
            Rise::Sure
        }
        () if test.z * test.spread.sqrt() >= SURE && last - first > least => Rise::Once,
        () => Rise::None,
    }
}

fn lack(spots: &[Spot], judged: &Judged, fills: Option<f64>) -> Option<Lack> {
    let all = judged.envelope.spots.len();
    let rises = spots.windows(2).filter(|pair| pair[1].1 >= pair[0].1).count();
    let only_rises = rises * 20 >= spots.len().saturating_sub(1) * 19;
    let rise = judged.levels[1] - judged.levels[0];
    match judged.envelope.collections {
        _ if spots.len() < SAMPLES => Some(Lack::Samples),
        _ if fills.is_none() => None,
        0 if only_rises && rise > 0.0 && rise < fills.unwrap_or(0.0) => Some(Lack::Collections),
        0 => None,
        _ if all < BOTTOMS => Some(Lack::Collections),
        _ => None,
    }
}

/// In which form bottoms rise that do. Where they rise less from some place on, what follows has the say.
fn form(bottoms: &[Spot], least: f64) -> Verdict {
    let [first, last] = levels(bottoms);
    let (start, time) = (bottoms.first().map_or(0.0, |spot| spot.0), length(bottoms));
    let growth = (last - first).max(f64::MIN_POSITIVE);
    let unit = |spot: &Spot| ((spot.0 - start) / time, (spot.1 - first) / growth);
    let spots: Vec<Spot> = bottoms.iter().map(unit).collect();
    let Some(shape) = Shape::of(&spots) else { return Verdict::Leak };
    let Shape { line, step, stairs, knee, flat, .. } = shape;
    let better = |fit: &Fit| shape.worse(&line, fit) > FLATTER;
    let cheapest = |a: Fit, b: Fit| if shape.worse(&a, &b) > 0.0 { b } else { a };
    let bent = cheapest(cheapest(cheapest(step, stairs), flat), knee);
    // What begins to rise late rises.
    if !better(&bent) || bent.after > SLOWER * bent.before.max(0.0) && bent.after > 0.0 {
        return Verdict::Leak;
    }
    let rest = &bottoms[bent.at..];
    let lasting = 1.0 - spots[bent.at.min(spots.len() - 1)].0;
    match () {
        () if rest.len() >= BOTTOMS && rises(rest, least) == Rise::Sure => {
            match form(rest, least) {
                Verdict::Leak if lasting < LONG => Verdict::StillWarming,
                verdict => verdict,
            }
        }
        () if lasting >= LASTING => Verdict::Plateau,
        () => Verdict::StillWarming,
    }
}

fn length(spots: &[Spot]) -> f64 {
    match (spots.first(), spots.last()) {
        (Some(first), Some(last)) => (last.0 - first.0).max(f64::MIN_POSITIVE),
        _ => f64::MIN_POSITIVE,
    }
}

/// Slopes of the first and the last third.
fn thirds(spots: &[Spot]) -> Option<[f64; 2]> {
    let third = spots.len() / 3;
    let of = |part: &[Spot]| slope(part).map(|slope| slope.middle);
    (third >= 3).then(|| Some([of(&spots[..third])?, of(&spots[spots.len() - third..])?]))?
}

/// The middle of the first and of the last few values.
fn levels(spots: &[Spot]) -> [f64; 2] {
    let few = (spots.len() / 8).clamp(1, 8).min(spots.len());
    let middle = |part: &[Spot]| {
        let mut values: Vec<f64> = part.iter().map(|spot| spot.1).collect();
        median(&mut values)
    };
    [middle(&spots[..few]), middle(&spots[spots.len() - few..])]
}
