//! The hunt in docs/hunt.md: every command is run, and says what stands below it.

#![cfg(unix)]

use crate::fixtures::scratch;
use regex::Regex;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// The port on the page. Another one is taken, since this one may be in use.
const PORT: &str = "3921";

/// A block's commands as a script, and what they say.
fn parts(block: &str) -> (String, String) {
    let (mut script, mut said) = (String::new(), String::new());
    for line in block.lines() {
        match line.strip_prefix("$ ").or_else(|| line.strip_prefix("> ")) {
            Some(command) => script += &format!("{command}\n"),
            None => said += &format!("{line}\n"),
        }
    }
    (script, said)
}

/// The same without what differs from run to run: sizes, shares, ids, large numbers, how far columns
/// are apart.
fn alike(text: &str) -> String {
    let rules = [
        (r"[+-]?\d[\d,.]* (B|kB|MB)\b", "SIZE"),
        (r"[+-]?\d[\d.]*%", "SHARE"),
        (r"@\d+", "@ID"),
        (r"\d{1,3}(,\d{3})+", "MANY"),
        (r"\d+ packages in \d+m?s", "PACKAGES"),
        (r"(\S) +", "$1 "),
    ];
    let alike = |text: String, (what, with): &(&str, &str)| {
        Regex::new(what).unwrap().replace_all(&text, *with).into_owned()
    };
    rules.iter().fold(text.to_owned(), alike)
}

#[test]
#[ignore = "tests/live/hunt/run starts it: it needs Node.js, npm and a network"]
fn every_command_of_the_hunt_says_what_stands_below_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = scratch("hunt");
    for file in std::fs::read_dir(root.join("examples/hunt")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    let programs = scratch("hunt-programs");
    let program = std::env::var_os("HEAPDIFF").unwrap_or(env!("CARGO_BIN_EXE_heapdiff").into());
    std::os::unix::fs::symlink(program, programs.join("heapdiff")).unwrap();
    let known = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths([programs].into_iter().chain(std::env::split_paths(&known)));
    let path = path.unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();

    let page = std::fs::read_to_string(root.join("docs/hunt.md")).unwrap().replace(PORT, &free);
    let blocks: Vec<&str> = page.split("```console\n").skip(1).collect();
    assert!(blocks.len() >= 6, "{} blocks", blocks.len());
    for block in blocks {
        let (script, said) = parts(block.split("```").next().unwrap());
        let run = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{script}")])
            .current_dir(&folder)
            .envs([("COLUMNS", "100"), ("PORT", &free), ("NO_COLOR", "1")])
            .env("PATH", &path)
            .output()
            .unwrap();
        let output = String::from_utf8(run.stdout).unwrap();
        assert!(run.status.success(), "{script}{output}");
        // The whole answer comes with a difference: what is cut on the page may tell why.
        eprintln!("$ {script}{output}");
        snapbox::assert_data_eq!(alike(&output), alike(&said));
    }
}
