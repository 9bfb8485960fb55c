//! Names that a terminal would obey, wherever a heap or a command line has names; and the table of
//! hostile cases in docs/robustness.md.

use crate::cli::{complaint, run, shown};
use crate::drawing::draw_all;
use crate::fixtures::{path, scratch};
use crate::layouts::{GLOBAL, array, map, script};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What somebody may have put into a name: a title and the clipboard set, a link, text turned
/// round or hidden, a new line, and what other formats than a terminal's obey.
const EVIL: [&str; 9] = [
    "T\u{1b}]2;PWNED\u{7}",
    "C\u{1b}]52;c;cm0gLXJm\u{1b}\\",
    "L\u{1b}]8;;http://x.invalid\u{1b}\\click\u{1b}]8;;\u{1b}\\",
    "B\u{202e}gpj.exe\u{2066}",
    "Z\u{200b}\u{feff}\u{ad}",
    "N\n::error file=a::b\r",
    "M\u{9b}31m\u{85}\u{7f}",
    "P|a|`b`<img src=x onerror=y>",
    "E\u{e0041}\u{2028}\0",
];

/// A leak in which everything has this name.
fn story(evil: &str, calls: usize) -> String {
    let entry = |i: usize| format!("s{i}:\"{evil}\"(900)@7:3:4");
    let listener = |i: usize| {
        format!(
            "f{i}:(closure)\"{evil}\"(64)@7:5:6 -<\"{evil}\">-> c{i}:\"system / Context\"(40)\n
             f{i} -(shared)-> h{i}:(code)\"{evil}\"(8) -(script_or_debug_info)-> script7"
        )
    };
    let text = |i: usize| format!("t{i}:(string)\"{evil} {i}\"(24)");
    let closures: String =
        (0..calls).map(|i| format!("{}\nlog -[{i}]-> f{i}\n", listener(i))).collect();
    format!(
        "{GLOBAL}{}{}{}{closures}g -\"{evil}\"-> m\n g -log-> log:Array(16)\n g -texts-> a\n
         g -\"k{evil}\"-> d:(native)\"{evil}\"(8)+detached",
        script(7, evil),
        map("m", 0..calls, entry),
        array("a", 0..calls, text),
    )
}

/// Nothing but line feeds is left of what a terminal obeys or a reader would not see.
#[track_caller]
fn tame(text: &str, what: &str) {
    let unseen = "\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}\u{2028}\u{e0041}";
    let bad = text.chars().find(|c| (c.is_control() && *c != '\n') || unseen.contains(*c));
    assert_eq!(bad, None, "{what}: {text:?}");
}

fn pair(folder: &Path, evil: &str) -> [PathBuf; 2] {
    // A line of a drawing has no line feed; the name gets it afterwards, as JSON has it.
    let stand_ins = [("\n", "LF_"), ("\r", "CR_"), ("\u{85}", "NEL_"), ("\u{2028}", "LS_")];
    let plain = stand_ins.iter().fold(evil.to_owned(), |text, (c, word)| text.replace(c, word));
    let stories = [3, 120].map(|calls| story(&plain, calls));
    let drawings = draw_all(&[&stories[0], &stories[1]]);
    let names = ["before.heapsnapshot", "after.heapsnapshot"];
    let mut files = drawings.iter().zip(names).map(|(drawing, name)| {
        let mut drawing = drawing.clone();
        for (c, word) in stand_ins {
            drawing.nodes.iter_mut().for_each(|n| n.name = n.name.replace(word, c));
            drawing.edges.iter_mut().for_each(|e| e.label = e.label.replace(word, c));
        }
        std::fs::write(folder.join(name), drawing.bytes()).unwrap();
        folder.join(name)
    });
    [(); 2].map(|()| files.next().unwrap())
}

#[test]
fn a_terminal_does_not_obey_any_name_in_the_heap() {
    let dir = scratch("hostile-text");
    for evil in EVIL {
        let files = pair(&dir, evil);
        for more in [
            &[][..],
            &["--all", "--show-strings", "--chains=9"],
            &["--class=*", "--show-strings", "--chains=99"],
            &["--width=40", "--chains=9"],
        ] {
            let args = files.iter().map(|f| f.as_os_str()).chain(more.iter().map(AsRef::as_ref));
            let text = shown(args);
            assert!(text.contains(&evil[..1]), "{text}");
            tame(&text, &format!("{evil:?} {more:?}"));
        }
        let args = files.iter().map(|f| f.as_os_str());
        let json = shown(args.chain(["--format=json", "--show-strings"].map(AsRef::as_ref)));
        assert!(json.chars().all(|c| c == '\n' || c >= ' '), "{evil:?}");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        let whole = |row: &serde_json::Value| row["name"] == evil;
        assert!(report["classes"].as_array().unwrap().iter().any(whole), "JSON has the name whole");
    }
}

#[cfg(unix)]
#[test]
fn a_terminal_does_not_obey_a_path() {
    let dir = scratch("hostile-paths");
    for evil in EVIL.map(|evil| evil.replace(['\0', '/'], "")) {
        let [before, after] = pair(&dir, "App");
        let named = dir.join(&evil);
        std::fs::rename(after, &named).unwrap();
        for more in ["--all", "--class=*", "--width=60", "--calls=3"] {
            tame(&shown([before.as_os_str(), named.as_os_str(), more.as_ref()]), &evil);
        }
        std::fs::write(&named, "{").unwrap();
        tame(&complaint(&run([&before, &named]), 3), &evil);
        std::fs::remove_file(&named).unwrap();
        tame(&complaint(&run([&before, &named]), 3), &evil);
    }
}

/// Every test that the table names is a function of that file.
#[test]
fn the_table_of_hostile_cases_names_tests_that_exist() {
    let table = std::fs::read_to_string(path("../docs/robustness.md")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .filter(|cells: &Vec<&str>| {
            cells.len() == 3 && cells[0].starts_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    let mut sources = BTreeMap::new();
    for row in &rows {
        let tests: Vec<&str> = row[2].split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "case {} names no test", row[0]);
        for test in tests {
            let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{test}"));
            let source = sources.entry(file.to_owned()).or_insert_with(|| {
                let file = path("../tests/it").join(format!("{file}.rs"));
                std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
            });
            assert!(source.contains(&format!("\nfn {name}()")), "case {}: no {test}", row[0]);
        }
    }
    let numbers: Vec<u32> =
        rows.iter().filter_map(|r| r[0].split(' ').next()?.parse().ok()).collect();
    assert!(numbers.is_sorted() && rows.len() > 40, "{numbers:?}");
}
