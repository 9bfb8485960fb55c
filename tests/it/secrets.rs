//! Text of a heap is a stranger's: no output obeys it, and none tells a secret in it.

use crate::cli::{files, run};
use crate::drawing::draw_pair;
use crate::fixtures::scratch;
use crate::layouts::{GLOBAL, closure, map, map_from_numbers, script, weak_map};
use heapdiff::pair::Pair;
use std::path::PathBuf;

/// Every format, with what its text may not hold whatever a heap is called.
const FORMATS: [(&str, &[char]); 12] = [
    ("text", &STEERING),
    ("json", &CONTROL),
    ("html", &STEERING),
    ("ndjson", &CONTROL),
    ("csv", &STEERING),
    ("tsv", &STEERING),
    ("markdown", &STEERING),
    ("github", &STEERING),
    ("junit", &STEERING),
    ("sarif", &STEERING),
    ("agent", &STEERING),
    ("openmetrics", &STEERING),
];
const CONTROL: [char; 2] = ['\u{1b}', '\u{7}'];
const STEERING: [char; 5] = ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{200b}'];
const EVIL: &str = "\u{1b}]2;PWNED\u{7}\u{9b}31m\u{202e}\u{200b}|`<img src=x>[a](b)::error::x";

/// What would be taken for a leaked secret if it stood here in one piece.
fn secrets() -> Vec<String> {
    let chance = "q7RzK2mWx9TbLc4VfYhN8sJdGp3ZaQeU";
    vec![
        ["sk", "-proj-", chance].concat(),
        ["gh", "p_", chance, "1234"].concat(),
        ["AK", "IAQ7RZK2MWX9TBLC4V"].concat(),
        ["ey", "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.", chance].concat(),
        ["gl", "rt-q7RzK2mWx9TbLc4VfYhN"].concat(),
        ["hf", "_", chance, "ab"].concat(),
        ["da", "pi", &"3f9a61c07be24d58".repeat(2)].concat(),
        "3f9a61c07be24d58".repeat(2),
        chance.to_owned(),
    ]
}

/// A leak in which the texts stand in names of all sorts.
fn planted(test: &str, texts: &[String]) -> Pair<PathBuf> {
    let draw = |n: usize| {
        let each = texts.iter().enumerate().map(|(i, text)| {
            let entries =
                map(&format!("m{i}"), 0..n, |e| format!("s{i}_{e}:\"Cls {text}\"(300)@7:{i}:1"));
            // Long enough before it that a name is cut in its middle.
            let key = format!("a key of the dictionary {text}");
            let weak = weak_map(
                &format!("w{i}"),
                0..2,
                |k| format!("k{i}_{k}"),
                |v| format!("v{i}_{v}:(string)\"{text}\"(4000)"),
            );
            let weak = weak.replace("(Value @", &format!("({text} @"));
            let plain: String = (0..n)
                .map(|p| {
                    format!("g -[{i}0{p}]-> p{i}_{p}:Object(40) -\"{text}\"-> p{i}_{p}v:X{i}(16)\n")
                })
                .collect();
            let code = closure(&format!("f{i}"), &format!("fn {text}"), &format!("c{i}"), "7:1:1");
            format!(
                "g -\"{key}\"-> h{i}:Holder(24) -\"{text}\"-> m{i}:Map(32)\n{entries}\
                 g -w{i}-> w{i}:WeakMap(32)\n{weak}{plain}{code}g -f{i}-> f{i}\n\
                 c{i} -<{text}>-> m{i}\n\
                 g -str{i}-> str{i}_{n}:(string)\"value {text} {n}\"(100)\n"
            )
        });
        let url = format!("https://host/app.js?token={}", texts[0]);
        format!("{GLOBAL}{}{}", each.collect::<String>(), script(7, &url))
    };
    files(test, &draw(3), &draw(63))
}

/// Every format, and the text in several views.
fn outputs(pair: &Pair<PathBuf>, more: &[&str]) -> Vec<(&'static str, String)> {
    let views: [&[&str]; 3] =
        [&[], &["--all", "--chains=9", "--ways=3"], &["--class=*", "--width=70"]];
    let mut all = Vec::new();
    for (format, _) in FORMATS {
        for view in if format == "text" { &views[..] } else { &views[..1] } {
            let mut args = vec![pair.before.to_str().unwrap(), pair.after.to_str().unwrap()];
            args.extend(["--format", format]);
            args.extend(view.iter().chain(more));
            let output = run(&args);
            assert_eq!(output.status.code(), Some(0), "{args:?}");
            assert_eq!(output.stderr, b"");
            all.push((format, String::from_utf8(output.stdout).unwrap()));
        }
    }
    all
}

#[test]
fn no_output_tells_a_secret() {
    let secrets = secrets();
    let pair = planted("secrets-told", &secrets);
    for more in [&[][..], &["--show-strings"]] {
        for (format, out) in outputs(&pair, more) {
            for secret in &secrets {
                let begin = &secret[..secret.len().min(20)];
                let at = out.find(begin).map(|at| out[at.saturating_sub(200)..].lines().nth(1));
                assert!(at.is_none(), "{format} {more:?} tells {secret}: {at:?}");
            }
        }
    }
    let json = json_of(&pair, &["--show-strings"]);
    for mask in [
        "Cls sk-…(40)",
        "ghp_…(40)",
        "glrt-…(25)",
        "hf_…(37)",
        "dapi…(36)",
        "AKIA…(20)",
        "hex…(32)",
        "base64…(32)",
        "?token=…(40)",
    ] {
        assert!(json.contains(mask), "{mask}");
    }
    let shown = json_of(&pair, &["--show-strings", "--show-secrets"]);
    assert!(secrets.iter().all(|secret| shown.contains(secret.as_str())));
}

#[test]
fn a_value_that_its_name_calls_secret_is_masked_and_no_other() {
    // A drawing has no `#` in it: that is for the tests of `secret`.
    let secret = ["/cb?access_", "token=blue-marlin&a=harmless"].concat();
    let texts = [
        secret,
        ["Server=harmless;Pass", "word=blue marlin;a=b"].concat(),
        ["Cook", "ie: connect.sid=blue-marlin; path=blue-marlin"].concat(),
        "/?monkey=harmless&sort_key=name".to_owned(),
    ];
    let pair = planted("secrets-named", &texts);
    for (format, out) in outputs(&pair, &["--show-strings"]) {
        assert!(!out.contains("marlin"), "{format}: {out}");
    }
    let json = json_of(&pair, &["--show-strings"]);
    for shown in ["?access_token=…(11)&a=harmless", "Server=harmless;Password=…(11);a=b"] {
        assert!(json.contains(shown), "{shown}");
    }
    assert!(json.contains("Cls /?monkey=harmless&sort_key=name"));
}

/// V8 names a WeakMap's entry after its value. DevTools takes no name with a line break in it for
/// an entry's, and a value may hold the very words that stand around it.
#[test]
fn no_output_tells_a_string_that_a_weak_map_holds() {
    let between = [
        "\n",
        "\r",
        "\u{2028}",
        "\u{2029}",
        " / part of key (",
        ") -> value (a @7) pair in WeakMap (table @9)",
        " @",
    ];
    for (at, between) in between.into_iter().enumerate() {
        let draw = |n: usize| {
            let sessions = map_from_numbers("m", 0..n, |i| format!("k{i}:Session(100)"));
            let value = |v| format!("v{v}:(string)\"alpha¶omega\"(4000)");
            let weak = weak_map("w", 0..n, |k| format!("k{k}"), value);
            let weak = weak.replace("(Value @", "(alpha¶omega @");
            format!("{GLOBAL}g -sessions-> m:Map(32)\n{sessions}g -w-> w:WeakMap(32)\n{weak}")
        };
        let dir = scratch(&format!("secrets-weak-{at}"));
        let names = Pair::new("before.heapsnapshot", "after.heapsnapshot");
        let pair = draw_pair(&draw(3), &draw(63)).zip(names).map(|(mut drawing, name)| {
            let edges = drawing.edges.iter_mut().map(|edge| &mut edge.label);
            let names = edges.chain(drawing.nodes.iter_mut().map(|node| &mut node.name));
            names.for_each(|name| *name = name.replace('¶', between));
            std::fs::write(dir.join(name), drawing.bytes()).unwrap();
            dir.join(name)
        });
        for (format, out) in outputs(&pair, &[]) {
            for word in ["alpha", "omega"] {
                assert!(!out.contains(word), "{format} tells {word} of {between:?}: {out}");
            }
        }
        let shown = json_of(&pair, &["--show-strings"]);
        assert!(shown.contains("-> value (alpha") && shown.contains("omega @"), "{shown}");
    }
}

fn json_of(pair: &Pair<PathBuf>, more: &[&str]) -> String {
    let found = outputs(pair, more).into_iter().find(|(format, _)| *format == "json");
    found.unwrap().1
}

#[test]
fn no_output_obeys_a_name() {
    let pair = planted("secrets-evil", &[EVIL.to_owned()]);
    for (format, out) in outputs(&pair, &["--show-strings"]) {
        let (_, bad) = FORMATS.iter().find(|(name, _)| *name == format).unwrap();
        assert!(!out.contains(*bad), "{format}: {out:?}");
        assert!(!out.lines().any(|line| line.starts_with("::error::")), "{format}");
        assert!(format != "html" || !out.contains("<img"), "{out}");
        assert!(out.contains("PWNED") || format == "openmetrics", "{format}: {out}");
    }
}

#[cfg(unix)]
#[test]
fn no_error_obeys_the_name_of_a_file() {
    let file = scratch("secrets-file").join(format!("{}.heapsnapshot", EVIL.replace('/', "")));
    std::fs::write(&file, "{}").unwrap();
    let name = file.to_str().unwrap();
    for args in [&[name, name][..], &["scrub", name, "-o-"]] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(3));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!error.contains(FORMATS[0].1) && error.contains("PWNED"), "{error:?}");
    }
}
