//! Patterns of names in, whether a name fits out: `*` is any text, `?` any one character, all
//! else itself. Names of classes hold braces and brackets, so these cannot be special.

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(Vec<char>);

impl Glob {
    /// From its text; every text is a pattern.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        Self(pattern.chars().collect())
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().collect()
    }

    /// Whether it is one name, with nothing special in it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.0.iter().any(|c| matches!(c, '*' | '?'))
    }

    /// Whether the whole name fits.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut p, mut n) = (0, 0);
        // Where to go back to: behind the last star, with one more character under it.
        let mut star: Option<(usize, usize)> = None;
        while n < name.len() {
            match self.0.get(p) {
                Some('*') => {
                    star = Some((p + 1, n));
                    p += 1;
                }
                Some(c) if *c == '?' || *c == name[n] => {
                    p += 1;
                    n += 1;
                }
                _ => match star {
                    Some((after, taken)) => {
                        star = Some((after, taken + 1));
                        p = after;
                        n = taken + 1;
                    }
                    None => return false,
                },
            }
        }
        self.0[p..].iter().all(|c| *c == '*')
    }
}

/// The candidate that was most likely meant.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const NEAR: f64 = 0.6;
    let name = name.to_lowercase();
    // What differs in length by more than that cannot be near, and may be very long.
    let length = name.chars().count() as f64;
    let like = |other: &&str| {
        let other = other.chars().count() as f64;
        length.min(other) >= NEAR * length.max(other)
    };
    let rated = candidates.into_iter().filter(like).map(|candidate| {
        (strsim::normalized_damerau_levenshtein(&name, &candidate.to_lowercase()), candidate)
    });
    // Of equally near ones the first.
    let best = rated.reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.filter(|(rate, _)| *rate >= NEAR).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn only_stars_and_question_marks_are_special() {
        let yes = [
            ("*", ""),
            ("Foo*", "FooBar"),
            ("*Bar", "FooBar"),
            ("F?o", "Foo"),
            ("{a, b}", "{a, b}"),
            ("a[1]", "a[1]"),
            ("*a*b*", "xxaxxbxx"),
            ("**", "x"),
        ];
        let no = [("Foo", "Foobar"), ("F?o", "Fo"), ("*a", "ab"), ("[ab]", "a"), ("{a,b}", "a")];
        assert!(yes.iter().all(|(p, n)| Glob::new(p).matches(n)));
        assert!(no.iter().all(|(p, n)| !Glob::new(p).matches(n)));
    }
}
