//! A regular expression in, a text that it matches out.

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How long a text may become.
const LONGEST: usize = 10_000;
/// How many times what may come without end comes at least: so many of ten characters tell a hundred million
/// calls apart.
const TIMES: u32 = 8;
/// How many parts may be written: what repeats nothing writes nothing, and has no end either.
const PARTS: u32 = 100_000;

/// A text for the call of this number, of so many characters.
///
/// # Errors
/// Says why there is none.
pub(super) fn make(
    pattern: &str,
    number: u64,
    (least, most): (u64, u64),
) -> Result<String, String> {
    let unknown = || format!("its pattern {pattern} is not understood");
    let parsed = regex_syntax::parse(pattern).map_err(|_| unknown())?;
    let regex = Regex::new(pattern).map_err(|_| unknown())?;
    // As many as it takes, and then as few.
    for times in [TIMES, 1, u32::try_from(least).unwrap_or(u32::MAX), 0] {
        let mut writer = Writer { made: String::new(), left: number, times, parts: PARTS };
        writer.write(&parsed).map_err(|()| unknown())?;
        let length = writer.made.chars().count() as u64;
        if (least..=most).contains(&length) && regex.is_match(&writer.made) {
            return Ok(writer.made);
        }
    }
    Err(format!("no text was found for its pattern {pattern}"))
}

struct Writer {
    made: String,
    /// What is left of the number of the call: each choice takes a part of it.
    left: u64,
    times: u32,
    parts: u32,
}

impl Writer {
    fn write(&mut self, part: &Hir) -> Result<(), ()> {
        self.parts = self.parts.checked_sub(1).filter(|_| self.made.len() <= LONGEST).ok_or(())?;
        match part.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => {
                self.made.push_str(std::str::from_utf8(&literal.0).map_err(|_| ())?);
            }
            HirKind::Class(class) => {
                let c = self.choose(class).ok_or(())?;
                self.made.push(c);
            }
            HirKind::Capture(capture) => self.write(&capture.sub)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.write(part))?,
            HirKind::Alternation(parts) => {
                let chosen = self.turn(parts.len());
                self.write(parts.get(chosen).ok_or(())?)?;
            }
            HirKind::Repetition(repetition) => {
                let most = repetition.max.unwrap_or(u32::MAX);
                for _ in 0..self.times.clamp(repetition.min, most) {
                    self.write(&repetition.sub)?;
                }
            }
        }
        Ok(())
    }

    fn turn(&mut self, of: usize) -> usize {
        let of = of.max(1) as u64;
        let turn = self.left % of;
        self.left /= of;
        usize::try_from(turn).unwrap_or_default()
    }

    /// One of the characters, a plain one if there is one.
    fn choose(&mut self, class: &Class) -> Option<char> {
        let ranges: Vec<(char, char)> = match class {
            Class::Unicode(class) => {
                class.iter().map(|range| (range.start(), range.end())).collect()
            }
            Class::Bytes(class) => {
                class.iter().map(|range| (range.start().into(), range.end().into())).collect()
            }
        };
        let has = |c: &char| ranges.iter().any(|(from, to)| (from..=to).contains(&c));
        let plain: Vec<char> = ('0'..='9').chain('a'..='z').chain('A'..='Z').filter(has).collect();
        let other: Vec<char> = ('!'..='~').filter(has).collect();
        let chosen = if plain.is_empty() { other } else { plain };
        let turn = self.turn(chosen.len());
        chosen.get(turn).copied().or_else(|| ranges.first().map(|(from, _)| *from))
    }
}
