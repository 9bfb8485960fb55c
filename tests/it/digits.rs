//! Numbers are read alike, and refused alike, with vectors and without.

use crate::cli::program;
use crate::fixtures::scratch;
use crate::hostile_mutations::{mutated, sound};
use crate::laws::Random;
use crate::writing::Lines;
use heapdiff::input::Input;
use heapdiff::parse::{numbers, streamed};
use std::process::Command;

/// What turns the quick ways off.
const WITHOUT: [(&str, &str); 3] =
    [("HEAPDIFF_VECTOR", "avx2"), ("HEAPDIFF_VECTOR", "off"), ("HEAPDIFF_READ", "patient")];
const SPACES: [char; 4] = [' ', '\n', '\r', '\t'];
/// Vectors look back from a token's end, and are not used where nothing lies before it.
const BEFORE: &str = "                ";

/// As one would write it at first; the error is the first one of the array, and where it is.
fn obvious(inside: &str) -> Result<Vec<u64>, (usize, String)> {
    if inside.chars().all(|c| SPACES.contains(&c)) {
        return Ok(Vec::new());
    }
    let mut at = 0;
    let mut values = Vec::new();
    for token in inside.split(',') {
        let digits = token.trim_start_matches(SPACES);
        let start = at + token.len() - digits.len();
        let digits = digits.trim_end_matches(SPACES);
        at += token.len() + 1;
        let error = |at: usize, what: &str| Err((at, what.to_owned()));
        if digits.is_empty() {
            return error(start, "a number is missing");
        }
        if let Some(odd) = digits.bytes().position(|b| !b.is_ascii_digit()) {
            let shown = char::from(digits.as_bytes()[odd]).escape_default();
            return error(start + odd, &format!("only whole numbers belong here, not '{shown}'"));
        }
        if digits.len() > 1 && digits.starts_with('0') {
            return error(start, "a number has a leading zero");
        }
        match digits.parse() {
            Ok(value) => values.push(value),
            Err(_) => return error(start, "a number is beyond 2^64"),
        }
    }
    Ok(values)
}

/// Rows as a snapshot may have them: most numbers are short, some columns are alike, and rows may
/// end with a line feed.
struct Rows {
    random: Random,
    width: usize,
    /// How many digits the numbers of a column have at most.
    digits: Vec<u64>,
    feed: &'static str,
}

impl Rows {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let width = 1 + random.below(8) as usize;
        let most = [1, 3, 8, 9, 16, 19][random.below(6) as usize];
        let digits = (0..width).map(|_| 1 + random.below(most)).collect();
        let feed = ["", "\n"][random.below(2) as usize];
        Self { random, width, digits, feed }
    }

    fn below(&mut self, n: usize) -> usize {
        self.random.below(n.max(1) as u64) as usize
    }

    fn tokens(&mut self, rows: usize) -> Vec<String> {
        let mut tokens = Vec::new();
        for at in 0..rows * self.width {
            let digits = 1 + self.random.below(self.digits[at % self.width]);
            let number = self.random.below(10_u64.pow(digits as u32));
            let feed = if (at + 1) % self.width == 0 { self.feed } else { "" };
            tokens.push(format!("{number}{feed}"));
        }
        tokens
    }

    /// Writes one number otherwise.
    fn spoil(&mut self, token: &mut String) {
        let long = 1 + self.below(21);
        let digits: String = (0..long).map(|_| char::from(b'0' + self.below(10) as u8)).collect();
        let place = self.below(token.len() + 1);
        match self.below(12) {
            0 => *token = digits,
            1 => *token = format!("1{digits}{}", self.feed),
            2 => *token = format!("0{token}"),
            3 => token
                .insert(place, self.random.pick("- + . e / : x [ { \" \0 \u{7f}").parse().unwrap()),
            4 => token.insert(place, SPACES[self.below(4)]),
            5 => *token = token.replace('\n', ""),
            6 => token.push('\n'),
            7 => token.clear(),
            8 => token.insert(0, '\n'),
            9 => *token = "18446744073709551615".to_owned(),
            10 => *token = "18446744073709551616".to_owned(),
            _ => *token = format!("{}{token}", " ".repeat(place * 9)),
        }
    }
}

#[test]
fn arrays_are_read_and_refused_as_by_an_obvious_reader() {
    let (mut sound, mut refused, mut in_windows) = (0, 0, 0);
    for seed in 0..6000 {
        let mut rows = Rows::new(seed);
        let many = [3, 40, 600][rows.below(3)];
        let count = 1 + rows.below(many);
        let mut tokens = rows.tokens(count);
        for _ in 0..[0, 0, 1, 1, 2, 30][rows.below(6)] {
            let at = rows.below(tokens.len());
            rows.spoil(&mut tokens[at]);
        }
        let inside = tokens.join(",");
        let expected = obvious(&inside).map_err(|(at, what)| {
            let byte = BEFORE.len() + 1 + at;
            format!("the array: {what} (at byte {byte})")
        });
        let input = Input::from_bytes(format!("{BEFORE}[{inside}]").into_bytes());
        let some = 1 + rows.below(inside.len());
        for step in [1 << 20, some, some.min(90), 1 + rows.below(3)] {
            if step < 4 && inside.len() > 3000 {
                continue;
            }
            for vector in ["on", "avx2", "off"] {
                let read = numbers(&input, rows.width, step, vector).map_err(|e| e.to_string());
                assert_eq!(read, expected, "seed {seed}, step {step}, vector {vector}");
            }
        }
        for step in [1 << 18, some, 1 + rows.below(200)] {
            let streamed = streamed(&input, rows.width, step);
            if let Some(values) = streamed {
                assert_eq!(Ok(values), expected, "seed {seed}, windows of {step}");
                in_windows += 1;
            }
        }
        sound += usize::from(expected.is_ok());
        refused += usize::from(expected.is_err());
    }
    assert!(sound > 2000 && refused > 1000, "{sound} are read, {refused} refused");
    assert!(in_windows > 2 * sound, "of {sound} only {in_windows} in windows");
}

/// At every place of a group of four, with every neighbour.
#[test]
fn numbers_of_all_lengths_stand_beside_each_other() {
    let number = |digits: usize| "9876543219876543"[..digits].to_owned();
    let lengths = (1..17).flat_map(|one| (1..17).flat_map(move |other| [one, other, 1]));
    for feed in ["", "\n"] {
        let rows: Vec<String> = lengths.clone().map(number).collect();
        let rows: Vec<String> = rows.chunks(3).map(|row| row.join(",") + feed).collect();
        let inside = rows.join(",");
        let input = Input::from_bytes(format!("{BEFORE}[{inside}]").into_bytes());
        for vector in ["on", "avx2", "off"] {
            assert_eq!(numbers(&input, 3, 1 << 20, vector).ok(), obvious(&inside).ok());
        }
    }
}

/// The program says the same of broken files.
#[test]
fn the_program_says_the_same_without_vectors_and_patiently() {
    let dir = scratch("files");
    let (before, after) = (dir.join("before"), dir.join("after"));
    let files = sound(Lines::Records);
    std::fs::write(&before, &files.before).unwrap();
    for seed in 0..60 {
        std::fs::write(&after, mutated(&files.after, &mut Random::new(seed))).unwrap();
        let told = |(variable, value)| {
            let output = program().args([&before, &after]).env(variable, value).output().unwrap();
            (output.status.code(), output.stdout, output.stderr)
        };
        let with = told(("HEAPDIFF_VECTOR", "on"));
        for without in WITHOUT {
            assert_eq!(told(without), with, "seed {seed}: {without:?}");
        }
    }
}

/// All tests of what is read and what is refused, in a process of their own.
#[test]
fn what_is_tested_of_files_holds_without_vectors_and_patiently() {
    for (variable, value) in WITHOUT {
        let mut tests = Command::new(std::env::current_exe().unwrap());
        tests.args(["parsing::", "refusals::", "a_mutated_snapshot_is_refused_in_one_line"]);
        let output = tests.env(variable, value).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}");
        assert!(text.contains("hostile_mutations::") && text.contains("refusals::"), "{text}");
    }
}
