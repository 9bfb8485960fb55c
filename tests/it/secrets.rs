//! Text of a heap is a stranger's: no output obeys it, and none tells a secret in it.

use crate::cli::{files, run};
use crate::fixtures::scratch;
use crate::layouts::{GLOBAL, closure, map, script, weak_map};
use heapdiff::pair::Pair;
use std::path::PathBuf;

/// Every format, with what its text may not hold whatever a heap is called.
const FORMATS: [(&str, &[char]); 2] = [
    ("text", &['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{200b}']),
    ("json", &['\u{1b}', '\u{7}']),
];
const EVIL: &str = "\u{1b}]2;PWNED\u{7}\u{9b}31m\u{202e}\u{200b}|`<img src=x>[a](b)::error::x";

/// What would be taken for a leaked secret if it stood here in one piece.
fn secrets() -> Vec<String> {
    let chance = "q7RzK2mWx9TbLc4VfYhN8sJdGp3ZaQeU";
    vec![
        ["sk", "-proj-", chance].concat(),
        ["gh", "p_", chance, "1234"].concat(),
        ["AK", "IAQ7RZK2MWX9TBLC4V"].concat(),
        ["ey", "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.", chance].concat(),
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

fn outputs(pair: &Pair<PathBuf>, more: &[&str]) -> Vec<(&'static str, String)> {
    let views: [&[&str]; 3] =
        [&[], &["--all", "--chains=9", "--paths=3"], &["--class=*", "--width=70"]];
    let mut all = Vec::new();
    for (format, _) in FORMATS {
        for view in views {
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
    let json = &outputs(&pair, &["--show-strings"])[3].1;
    for mask in
        ["Cls sk-…(40)", "ghp_…(40)", "AKIA…(20)", "hex…(32)", "base64…(32)", "?token=…(40)"]
    {
        assert!(json.contains(mask), "{mask}");
    }
    let shown = outputs(&pair, &["--show-strings", "--show-secrets"]);
    assert!(secrets.iter().all(|secret| shown[3].1.contains(secret.as_str())));
}

#[test]
fn no_output_obeys_a_name() {
    let pair = planted("secrets-evil", &[EVIL.to_owned()]);
    for (format, out) in outputs(&pair, &["--show-strings"]) {
        let (_, bad) = FORMATS.iter().find(|(name, _)| *name == format).unwrap();
        assert!(!out.contains(*bad), "{format}: {out:?}");
        assert!(!out.lines().any(|line| line.starts_with("::")), "{format}");
        assert!(out.contains("PWNED"), "the name is there: {out}");
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
