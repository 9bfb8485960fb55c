//! A condition that is wrong is pointed at, and none makes the program fall over.

use crate::cli::run;
use crate::gates::{err, fail_on, gated, plain};
use crate::laws::Random;
use heapdiff::compare::compare;
use heapdiff::gate::{Condition, Gates};
use heapdiff::pair::Pair;
use heapdiff::report::Options;

/// A condition, carets below what is wrong with it, words of the message and of the hint.
const WRONG: [[&str; 4]; 36] = [
    ["", "^", "a metric belongs here", "heap.delta > 5MB"],
    ["> 5", "^", "a metric belongs here", ""],
    ["heap.dleta > 5MB", "^^^^^^^^^^", "there is no metric heap.dleta", "did you mean heap.delta?"],
    ["Heap.Delta > 5MB", "^^^^^^^^^^", "no metric", "did you mean heap.delta?"],
    ["growth > 5", "^^^^^^", "no metric", "there are heap.delta, heap.after"],
    ["containers.growth > 5", "^^^^^^^^^^^^^^^^^", "no metric", "did you mean container.growth?"],
    ["delta > 0", "^^^^^", "delta needs the name of a class", "delta(Session)"],
    ["class.new > 0", "^^^^^^^^^", "needs the name of a class", "class.new(*)"],
    ["heap.delta(Foo) > 0", "          ^^^^^", "nothing to choose", ""],
    ["verdict(x) == leak", "       ^^^", "nothing to choose", ""],
    ["delta() > 0", "      ^", "a name or a pattern belongs here", ""],
    ["delta(Foo > 0", "     ^", "this parenthesis is not closed", ""],
    ["delta(Foo", "     ^", "this parenthesis is not closed", ""],
    ["delta({a, b}) > 0", "      ^", "'{' in it needs quotes", "delta(\"{request, started}\") > 0"],
    ["delta(system / Context) > 0", "             ^", "'/' in it needs quotes", "such as delta("],
    ["delta(\"Foo) > 0", "      ^", "this quote is not closed", ""],
    ["delta(Foo) = 0", "           ^", "a comparator belongs here", "equal is =="],
    ["delta(Foo) 0", "           ^", "a comparator belongs here", ""],
    ["delta(Foo)", "          ^", "a comparator belongs here", ""],
    ["delta(Foo) >", "            ^", "a number belongs here", ""],
    ["delta(Foo) > many", "             ^", "a number belongs here", ""],
    ["delta(Foo) > 1.", "             ^", "a number belongs here", ""],
    ["delta(Foo) > 1.5", "             ^^^", "objects and entries are whole", ""],
    ["delta(Foo) > 5kB", "              ^^", "has no unit", ""],
    ["delta(Foo) > 5%", "              ^", "only heap.delta and objects.delta", ""],
    ["per_call(heap.delta) > 5%", "                        ^", "only heap.delta", ""],
    ["heap.delta > 5", "             ^", "a size needs a unit", "B, kB, MB, GB, or KiB, MiB, GiB"],
    ["heap.delta > 1.5B", "             ^^^", "bytes are whole", ""],
    ["heap.delta > 5 TB", "               ^^", "there is no unit TB", "B, kB, MB"],
    ["heap.delta > 99999999999GB", "             ^^^^^^^^^^^", "too large", ""],
    [
        "heap.delta > 5MB or delta(x) > 0",
        "                 ^^^^^^^^^^^^^^^",
        "ends before this",
        "one condition each",
    ],
    ["per_call > 5", "        ^", "per_call needs a metric", "per_call(heap.delta)"],
    ["per_call(heap.after) > 5kB", "         ^^^^^^^^^^", "does not grow with the calls", ""],
    ["per_call(heap.delta > 5kB", "                    ^", "a closing parenthesis", ""],
    ["verdict > leak", "        ^", "neither more nor less", "== or !="],
    ["verdict == leek", "           ^^^^", "a verdict belongs here", "did you mean leak?"],
];

#[test]
fn a_wrong_condition_is_pointed_at() {
    for [condition, carets, what, hint] in WRONG {
        let mistake = Condition::parse(condition, "").unwrap_err();
        let told = mistake.to_string();
        assert!(told.contains(what), "{condition}: {told}");
        assert!(!told.ends_with('.') && !told.contains('\n'), "{told}");
        let told = mistake.hint.map(|hint| hint.to_string()).unwrap_or_default();
        assert!(told.contains(hint), "{condition}: {told}");
        let (from, until) = (mistake.at.start, mistake.at.end);
        let below = " ".repeat(from) + &"^".repeat((until - from).max(1));
        assert_eq!(below, carets, "{condition}");
    }
}

#[test]
fn the_program_shows_the_condition_with_carets_below() {
    let cases = [
        (
            "delta(Föö\u{1f600}) >\u{202e} 0",
            "error: --fail-on: a name with '😀' in it needs quotes\n  \
             delta(Föö😀) >\\u{202e} 0\n           ^^\n\
             hint: such as delta(\"{request, started}\") > 0\n",
        ),
        (
            "per_call(heap.delta) > 1kB",
            "error: --fail-on: per_call(heap.delta) > 1kB needs a number of calls\n\
             hint: give --calls N: how often the operation ran between the snapshots\n",
        ),
        (
            "verdict == leak or",
            "error: --fail-on: the condition ends before this\n  \
             verdict == leak or\n                  ^^\n\
             hint: one condition each: give --fail-on once more for another\n",
        ),
    ];
    for (condition, told) in cases {
        let output = gated(&plain(), &fail_on(&[condition]));
        assert_eq!((output.status.code(), err(&output).as_str()), (Some(2), told));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn blanks_do_not_matter() {
    let tight = Condition::parse("per_call(delta(Foo*))>=-1.50", "").unwrap();
    let wide = Condition::parse(" per_call ( delta ( 'Foo*' ) )  >=  - 1.5 ", "");
    assert!(wide.is_err(), "a sign stands before its number");
    let mut wide = Condition::parse(" per_call ( delta ( Foo* ) )  >=  -1.5 ", "").unwrap();
    wide.text.clone_from(&tight.text);
    assert_eq!(wide, tight);
    assert!(Condition::parse("heap.delta>5 mb", "").is_ok());
}

/// Sound conditions, cut, doubled and mixed with each other and with odd characters.
fn mutant(random: &mut Random) -> String {
    const SEEDS: [&str; 7] = [
        "heap.delta > 5MB",
        "class.delta(\"{request, started}\") >= 100",
        "per_call(container.retained('a.b*')) != -0.5KiB",
        "verdict == leak_likely",
        "retained(system?Context) <= 99999999999999999999",
        "objects.delta > 10.25%",
        "new(Föö) < \u{1f600}\u{202e}\0\u{7f}é",
    ];
    let mut text: Vec<char> = SEEDS[random.below(7) as usize].chars().collect();
    for _ in 0..random.below(5) {
        let other: Vec<char> = SEEDS[random.below(7) as usize].chars().collect();
        let at = random.below(text.len() as u64 + 1) as usize;
        let from = random.below(other.len() as u64) as usize;
        let until = from + random.below(4) as usize;
        let end = (at + random.below(3) as usize).min(text.len());
        text.splice(at..end, other[from..until.min(other.len())].iter().copied());
    }
    text.into_iter().collect()
}

#[test]
fn no_condition_makes_the_program_fall_over() {
    let [before, after] = plain();
    let ends = Pair::new(before.as_path(), after.as_path());
    let options = Options { calls: Some(7), ..Options::default() };
    let mut report = compare(ends, &[], &options).unwrap();
    let mut random = Random::new(20);
    let (mut sound, mut wrong) = (0, 0);
    for _ in 0..20_000 {
        let text = mutant(&mut random);
        match Condition::parse(&text, "a test") {
            Ok(condition) => {
                sound += 1;
                if sound % 50 == 0 {
                    Gates { conditions: vec![condition], ..Gates::default() }.judge(&mut report);
                    assert_eq!(report.gates.len(), 1, "{text}");
                }
            }
            Err(mistake) => {
                wrong += 1;
                assert!(text.get(mistake.at.clone()).is_some(), "{text:?}: {mistake:?}");
            }
        }
    }
    assert!(sound > 2_000 && wrong > 5_000, "{sound} and {wrong}");
}

#[test]
fn the_program_survives_mutants_too() {
    let mut random = Random::new(7);
    let [before, _] = plain();
    let missing = before.with_file_name("nowhere");
    for _ in 0..40 {
        let text = mutant(&mut random).replace('\0', "");
        let option = format!("--fail-on={text}");
        let args = [missing.as_os_str(), missing.as_os_str(), option.as_ref()];
        let output = run(args);
        let code = output.status.code();
        assert!(code == Some(2) || code == Some(3), "{text:?}: {}", err(&output));
    }
}
