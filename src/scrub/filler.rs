//! A text in, as many letters out.

use crate::text::Text;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

/// Up to this length there are so few different letters that chance alone would make two texts
/// equal.
const SHORT: usize = 5;
/// So often others are tried.
const ATTEMPTS: u32 = 200;
/// Letters that a hash gives.
const BLOCK: usize = 13;

/// Equal texts get equal letters, different ones different letters (of a single character, or
/// two, there may be more than letters).
///
/// The letters are hashes under random keys, which end with the program: who does not know them
/// cannot try out guesses. Lower case only, so that they are neither taken for a secret nor for a
/// name that V8 gives.
#[derive(Debug, Default)]
pub(super) struct Filler {
    /// Two, for 128 bits of each text.
    salts: [RandomState; 2],
    short: HashMap<Vec<u16>, Text>,
    taken: HashSet<Text>,
}

impl Filler {
    pub(super) fn fill(&mut self, text: &[u16]) -> Text {
        if text.len() > SHORT {
            return self.letters(text, 0);
        }
        if let Some(known) = self.short.get(text) {
            return known.clone();
        }
        let tried = (0..ATTEMPTS).map(|attempt| self.letters(text, attempt));
        let free = tried.into_iter().find(|letters| !self.taken.contains(letters));
        let letters = free.unwrap_or_else(|| self.letters(text, 0));
        self.taken.insert(letters.clone());
        self.short.insert(text.to_vec(), letters.clone());
        letters
    }

    /// The text is hashed once, however many blocks it has.
    fn letters(&self, text: &[u16], attempt: u32) -> Text {
        let [salt, _] = &self.salts;
        let digest = self.salts.each_ref().map(|salt| salt.hash_one(text));
        let blocks = (0..text.len().div_ceil(BLOCK)).flat_map(|block| {
            let mut hash = salt.hash_one((digest, attempt, block));
            std::iter::repeat_with(move || {
                let letter = hash % 26;
                hash /= 26;
                u16::from(b'a') + letter as u16
            })
            .take(BLOCK)
        });
        let mut letters = Vec::with_capacity(text.len());
        letters.extend(blocks.take(text.len()));
        Text::from(letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_four_digits_stay_different() {
        let mut filler = Filler::default();
        let fill = |n: u16| filler.fill(Text::from(n.to_string().as_str()).units());
        let first: Vec<Text> = (1000..9999).map(fill).collect();
        assert_eq!(first.iter().collect::<HashSet<_>>().len(), first.len());
        let again: Vec<Text> = (1000..9999_u16)
            .map(|n| filler.fill(&n.to_string().encode_utf16().collect::<Vec<_>>()))
            .collect();
        assert_eq!(first, again);
    }

    #[test]
    fn a_filler_has_the_length_of_the_text_and_nothing_else_of_it() {
        let mut filler = Filler::default();
        for text in ["", "x", "größe", "\u{1f600}\u{1f600}", &"a".repeat(1024)] {
            let text = Text::from(text);
            let letters = filler.fill(text.units());
            assert_eq!(letters.len(), text.len());
            assert!(letters.units().iter().all(|u| (0x61..=0x7a).contains(u)));
        }
        let other = Filler::default();
        let text = Text::from("correct horse");
        assert_ne!(filler.fill(text.units()), { other }.fill(text.units()), "salts differ");
    }
}
