//! Sound files with something broken at random: each is refused in one line, or is read, and then
//! the laws of heaps and pairs hold. A seed is a test; a bad one is told with its number.

use crate::cli::program;
use crate::drawing::draw_pair;
use crate::fixtures::scratch;
use crate::invariants::{figures, laws_of_one_comparison, laws_of_one_heap, turned};
use crate::laws::Random;
use crate::layouts::{GLOBAL, call, map, weak_map};
use crate::writing::{Lines, Style};
use heapdiff::compare::compare;
use heapdiff::diff::Comparison;
use heapdiff::error::{Error, ErrorKind};
use heapdiff::graph::Heap;
use heapdiff::input::Input;
use heapdiff::pair::Pair;
use heapdiff::parse::{Tables, numbers};
use heapdiff::render::json;
use heapdiff::report::Options;
use std::path::Path;
use std::sync::Arc;

/// Two snapshots of one process in which most sorts of things are.
pub fn sound(lines: Lines) -> Pair<Vec<u8>> {
    let story = |calls: usize| {
        format!(
            "{GLOBAL}{}{}g -sessions-> m\n g -cache-> w
             root -> app:App(48)@7:3:4 -\"o'h \u{e9}\\ud83d\"-> s:(string)\"text, [x] {{y}}\"(24)
             row:(native)Row(8)+detached -> cell:(native)Cell(8)
             app -[3]-> f:(closure)onData(64)@12:5:6 -<held>-> s\n app ~> row",
            map("m", 0..calls, call),
            weak_map("w", 0..2, |i| format!("k{i}:Key(16)"), |i| format!("v{i}:Value(32)")),
        )
    };
    let style = Style { lines, ..Style::default() };
    draw_pair(&story(2), &story(6)).map(|drawing| style.write(&drawing))
}

const WORDS: [&str; 24] = [
    "0",
    "1",
    "-1",
    "7",
    "01",
    "1.0",
    "1e3",
    "255",
    "256",
    "65535",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    ",",
    "\0",
    "\\ud800",
];

/// A number's place: digits from somewhere on.
fn number(file: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
    let start = from + file[from..].iter().position(u8::is_ascii_digit)?;
    let length = file[start..].iter().take_while(|b| b.is_ascii_digit()).count();
    Some(start..start + length)
}

pub fn mutated(file: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = file.to_vec();
    for _ in 0..1 + random.below(3) {
        let below = |random: &mut Random, n: usize| random.below(n.max(1) as u64) as usize;
        let (at, other) = (below(random, out.len()), below(random, out.len()));
        let (first, last) = (at.min(other), at.max(other));
        match random.below(9) {
            0 if !out.is_empty() => out[at] ^= 1 << random.below(8),
            1 if !out.is_empty() => out[at] = random.below(256) as u8,
            2 => out.truncate(at),
            3 => drop(out.drain(first..last.min(first + 40))),
            4 => {
                let piece = out[first..last.min(first + 60)].to_vec();
                out.splice(other..other, piece);
            }
            5 => drop(out.splice(at..at, WORDS[below(random, 24)].bytes())),
            6 | 7 => {
                if let Some(place) = number(&out, at) {
                    out.splice(place, WORDS[below(random, 15)].bytes());
                }
            }
            _ => {
                if let (Some(a), Some(b)) = (number(&out, first), number(&out, last))
                    && a.end < b.start
                {
                    let (left, right) = (out[a.clone()].to_vec(), out[b.clone()].to_vec());
                    out.splice(b, left);
                    out.splice(a, right);
                }
            }
        }
    }
    out
}

fn read(bytes: &[u8]) -> Result<Arc<Heap>, Error> {
    Tables::read(&Arc::new(Input::from_bytes(bytes.to_vec()))).map(|t| Arc::new(Heap::new(t)))
}

fn one_line(error: &Error, which: &str) {
    let text = error.to_string();
    assert!(!text.is_empty() && text.len() < 400, "{which}: {text:?}");
    assert!(!text.chars().any(char::is_control), "{which}: {text:?}");
    assert!(matches!(error.kind(), ErrorKind::Damaged | ErrorKind::NotASnapshot), "{which}");
    assert!(error.byte().is_some() || error.kind() == ErrorKind::NotASnapshot, "{which}: {text}");
}

/// Compared both ways and with itself.
fn laws_of(before: &Arc<Heap>, after: &Arc<Heap>, which: &str) {
    let both = |a: &Arc<Heap>, b: &Arc<Heap>| Comparison::new(Pair::new(a.clone(), b.clone()));
    let (forward, backward) = (both(before, after), both(after, before));
    laws_of_one_comparison(&forward, which);
    laws_of_one_comparison(&backward, which);
    assert_eq!(figures(&forward), turned(&backward), "{which}: swapped, New and Deleted swap");
    assert!(both(after, after).deltas().is_empty(), "{which}: compared with itself");
}

#[test]
fn a_mutated_snapshot_is_refused_in_one_line_or_obeys_the_laws() {
    let (mut sound_ones, mut refused) = (0, 0);
    for lines in [Lines::Records, Lines::One] {
        let files = sound(lines);
        let before = read(&files.before).unwrap();
        laws_of(&before, &read(&files.after).unwrap(), "as written");
        for seed in 0..4000 {
            let which = format!("seed {seed} of {lines:?}");
            let mut random = Random::new(seed);
            match read(&mutated(&files.after, &mut random)) {
                Err(error) => {
                    one_line(&error, &which);
                    refused += 1;
                }
                Ok(heap) => {
                    laws_of_one_heap(&heap, &which);
                    laws_of(&before, &heap, &which);
                    sound_ones += 1;
                }
            }
        }
    }
    assert!(sound_ones > 400 && refused > 4000, "{sound_ones} are read, {refused} refused");
}

/// The whole report of a mutated file, in pools of 1, 2 and 8 threads.
#[test]
fn a_mutated_snapshot_gives_the_same_bytes_for_any_number_of_threads() {
    let dir = scratch("mutations-threads");
    let (before, after) = (dir.join("before"), dir.join("after"));
    let files = sound(Lines::Records);
    std::fs::write(&before, &files.before).unwrap();
    let pools = [1, 2, 8].map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap());
    let told = |pool: &rayon::ThreadPool| {
        let paths = Pair::new(before.as_path(), after.as_path());
        match pool.install(|| compare(paths, &[], &Options::default())) {
            Ok(report) => json(&report).unwrap(),
            Err(error) => format!("{error} {:?}", error.hint().map(ToString::to_string)),
        }
    };
    let mut reports = 0;
    for seed in 0..300 {
        let content = mutated(&files.after, &mut Random::new(seed));
        if content.is_empty() {
            continue;
        }
        std::fs::write(&after, content).unwrap();
        let [one, two, eight] = pools.each_ref().map(told);
        assert!(one == two && one == eight, "seed {seed}: {one}\n{two}\n{eight}");
        reports += usize::from(one.starts_with('{'));
    }
    assert!(reports > 20, "{reports} of the files are read");
}

/// Some through the program, with what stands in the report.
#[test]
fn a_mutated_snapshot_never_makes_the_program_panic() {
    let dir = scratch("mutations-program");
    let (before, after) = (dir.join("before"), dir.join("after"));
    let files = sound(Lines::Records);
    std::fs::write(&before, &files.before).unwrap();
    for seed in 5000..5060 {
        std::fs::write(&after, mutated(&files.after, &mut Random::new(seed))).unwrap();
        let output = program().args([&before, &after].map(Path::new)).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        match output.status.code() {
            Some(0) => assert_eq!(errors, "", "seed {seed}"),
            code => assert!(code == Some(3) && errors.starts_with("error: "), "{seed}: {errors}"),
        }
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "seed {seed}: {text:?}");
    }
}

/// As one would write it at first: split at commas, parse.
fn naive(inside: &str, width: usize) -> Option<Vec<u64>> {
    if inside.trim_matches([' ', '\n', '\r', '\t']).is_empty() {
        return Some(Vec::new());
    }
    let number = |token: &str| {
        let token = token.trim_matches([' ', '\n', '\r', '\t']);
        let plain = !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
        (plain && (token == "0" || !token.starts_with('0'))).then(|| token.parse().ok())?
    };
    let values = inside.split(',').map(number).collect::<Option<Vec<u64>>>()?;
    values.len().is_multiple_of(width).then_some(values)
}

#[test]
fn arrays_read_the_same_in_any_number_of_chunks() {
    let (mut sound_ones, mut refused) = (0, 0);
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        let width = 1 + random.below(8) as usize;
        let rows = random.below(if seed % 50 == 0 { 900 } else { 30 }) as usize;
        let mut tokens: Vec<String> = (0..rows * width)
            .map(|_| {
                let digits = 1 + random.below(10) as u32;
                let space = ["", "", "", "", "\n", " ", "\r\n\t"][random.below(7) as usize];
                format!("{space}{}{space}", random.below(10_u64.pow(digits)))
            })
            .collect();
        if seed % 3 == 0 && !tokens.is_empty() {
            let at = random.below(tokens.len() as u64) as usize;
            tokens[at] = WORDS[random.below(15) as usize].to_owned();
        }
        let inside = tokens.join(",");
        let expected = naive(&inside, width);
        let input = Input::from_bytes(format!("[{inside}]").into_bytes());
        let read = [1, 2, 3, 7, 64].map(|chunks| {
            let step = inside.len().div_ceil(chunks).max(1);
            numbers(&input, width, step, "on").map_err(|e| e.to_string())
        });
        assert!(read.iter().all(|r| *r == read[0]), "seed {seed}: {read:?}");
        assert_eq!(read[0].as_ref().ok(), expected.as_ref(), "seed {seed}");
        sound_ones += usize::from(expected.is_some());
        refused += usize::from(expected.is_none());
    }
    assert!(sound_ones > 1000 && refused > 200, "{sound_ones} are read, {refused} refused");
}
