//! The table a person reads: nothing is lost, nothing is too wide, nothing is obeyed.

use crate::cli::{files, program, report, shown};
use crate::fixtures::{path, scratch};
use heapdiff::pair::Pair;
use serde_json::Value;
use std::path::PathBuf;
use unicode_width::UnicodeWidthStr;

fn plain() -> Pair<PathBuf> {
    Pair::new(path("plain/before.heapsnapshot"), path("plain/after.heapsnapshot"))
}

fn text(pair: &Pair<PathBuf>, more: &[&str]) -> String {
    let files = [pair.before.as_os_str(), pair.after.as_os_str()];
    shown(files.into_iter().chain(more.iter().map(std::ffi::OsStr::new)))
}

/// The table's lines, from its header to its sum, whatever stands before and after.
fn table(text: &str) -> Vec<&str> {
    let from = text.lines().skip_while(|l| !l.starts_with("Constructor"));
    let mut lines = Vec::new();
    for line in from {
        lines.push(line);
        if line.starts_with("all ") {
            return lines;
        }
    }
    panic!("no table in {text}");
}

/// Cells of a line: two blanks and more part them.
fn cells(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// New, deleted and delta of a line.
fn counts(line: &str) -> [i64; 3] {
    let cells = cells(line);
    [1, 2, 3]
        .map(|at| cells[at].replace([',', '+'], "").parse().unwrap_or_else(|_| panic!("{line}")))
}

fn is_sum(line: &str) -> bool {
    ["all ", "more class", "engine class", "other classes"].iter().any(|s| line.contains(s))
        && line.starts_with(|c: char| c == 'a' || c.is_ascii_digit())
}

/// What is shown and what is summed up, added.
fn added(lines: &[&str]) -> [i64; 3] {
    let rows = &lines[1..lines.len() - 1];
    rows.iter().map(|line| counts(line)).fold([0; 3], |sum, row| [0, 1, 2].map(|i| sum[i] + row[i]))
}

fn whole(report: &Value) -> [i64; 3] {
    let classes = report["classes"].as_array().unwrap();
    ["new", "deleted", "delta"]
        .map(|field| classes.iter().map(|row| row[field].as_i64().unwrap()).sum())
}

#[test]
fn the_readme_shows_what_its_command_prints() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let begin = "<!-- output: begin -->\n```text\n";
    let shown = readme.split_once(begin).unwrap().1.split_once("```\n").unwrap().0;
    assert_eq!(shown, text(&plain(), &["--width", "100"]));
}

/// What the heap has grown by is what the classes have, and what objects in both have more.
#[test]
fn the_rows_add_up_to_the_growth_of_the_heap() {
    let report = report(&plain().before, &plain().after, &[]);
    let total = |which: &str| report["snapshots"][which]["total_size"].as_i64().unwrap();
    let rows: i64 = report["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["size_delta"].as_i64().unwrap())
        .sum();
    let resized = report["resized"].as_i64().unwrap();
    assert_eq!(rows + resized, total("after") - total("before"));
    let text = text(&plain(), &[]);
    let line = text.lines().find(|line| line.starts_with("in both, size changed")).unwrap();
    assert_eq!(cells(line)[1], "+3.2 kB");
}

#[test]
fn shown_and_omitted_are_the_whole() {
    let pair = plain();
    let whole = whole(&report(&pair.before, &pair.after, &[]));
    let views: [&[&str]; 8] = [
        &["--sort=new"],
        &["--sort=new", "--top=1"],
        &["--sort=new", "--top=0"],
        &["--sort=delta", "--top=7"],
        &["--sort=retained", "--top=100000"],
        &["--sort=name", "--all"],
        &["--sort=alloc", "--class=*a*"],
        &["--sort=new", "--all", "--class=(*", "--top=2"],
    ];
    for view in views {
        let text = text(&pair, view);
        let table = table(&text);
        assert_eq!(added(&table), whole, "{view:?}\n{text}");
        assert_eq!(counts(table[table.len() - 1]), whole, "{view:?}\n{text}");
    }
}

#[test]
fn the_engine_s_rows_are_folded_and_not_lost() {
    let pair = plain();
    let report = report(&pair.before, &pair.after, &[]);
    let classes = report["classes"].as_array().unwrap();
    let engine = classes.iter().filter(|row| row["engine"] == true);
    let (number, new) =
        engine.fold((0, 0), |(n, new), row| (n + 1, new + row["new"].as_i64().unwrap()));
    assert!(number > 3);
    let folded = text(&pair, &["--sort=new", "--top=0"]);
    assert!(!table(&folded).iter().any(|line| line.starts_with("(compiled code) ")), "{folded}");
    let line = table(&folded).into_iter().find(|line| line.contains("engine classes")).unwrap();
    assert!(line.starts_with(&format!("{number} engine classes")), "{line}");
    assert_eq!(counts(line)[0], new);
    let all = text(&pair, &["--sort=new", "--all"]);
    assert!(table(&all).iter().any(|line| line.starts_with("(compiled code) ")), "{all}");
    assert_eq!(table(&all).len(), classes.len() + 2);
}

#[test]
fn top_limits_the_rows_and_0_shows_all() {
    let pair = plain();
    let rows = |top: &str| {
        let text = text(&pair, &["--sort=new", top]);
        let lines = table(&text);
        lines[1..].iter().filter(|line| !is_sum(line)).count()
    };
    let report = report(&pair.before, &pair.after, &[]);
    let users =
        report["classes"].as_array().unwrap().iter().filter(|r| r["engine"] == false).count();
    assert!(users > 15);
    assert_eq!([rows("--top=0"), rows("--top=15"), rows("--top=3")], [users, 15, 3]);
    assert_eq!(rows("--top=99999"), users);
}

#[test]
fn rows_are_in_the_order_asked_for() {
    let pair = plain();
    let report = report(&pair.before, &pair.after, &[]);
    let orders = [
        ("new", "new"),
        ("delta", "delta"),
        ("alloc", "alloc_size"),
        ("size", "size_delta"),
        ("retained", "retained_new"),
    ];
    for (sort, field) in orders {
        let mut rows: Vec<(i64, &str)> = report["classes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (-row[field].as_i64().unwrap(), row["name"].as_str().unwrap()))
            .collect();
        rows.sort_unstable();
        let text = text(&pair, &[&format!("--sort={sort}"), "--all"]);
        let lines = table(&text);
        for ((_, name), line) in rows.iter().zip(&lines[1..]) {
            assert_eq!(cells(line)[0], cells(name).join(" "), "--sort {sort}");
        }
    }
    let text = text(&pair, &["--sort=name", "--all"]);
    let names: Vec<&str> = table(&text)[1..].iter().map(|line| cells(line)[0]).collect();
    assert!(names[..names.len() - 1].is_sorted(), "{names:?}");
}

#[test]
fn a_glob_chooses_classes_and_the_others_are_one_line() {
    let pair = files(
        "text-glob",
        "root -> app:App(1)",
        "root -> app:App(1) -a-> a:FooBar(8)\n app -b-> b:FooBaz(8)\n app -c-> c:\"{a, b}\"(8)
         app -d-> d:\"Foo[1]\"(8)\n app -e-> e:Qux(8)\n app -f-> f:Qux(8)",
    );
    let names = |glob: &str| {
        let text = text(&pair, &["--sort=name", &format!("--class={glob}")]);
        let lines = table(&text).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let others = lines.iter().find(|line| line.contains("other classes")).map(|l| counts(l)[0]);
        let shown = lines[1..].iter().filter(|line| !is_sum(line));
        (shown.map(|l| cells(l)[0].to_owned()).collect::<Vec<_>>().join("|"), others)
    };
    assert_eq!(names("Foo*"), ("FooBar|FooBaz|Foo[1]".to_owned(), Some(3)));
    assert_eq!(names("FooBa?"), ("FooBar|FooBaz".to_owned(), Some(4)));
    assert_eq!(names("{a, b}"), ("{a, b}".to_owned(), Some(5)));
    assert_eq!(names("Foo[1]"), ("Foo[1]".to_owned(), Some(5)));
    let nothing = text(&pair, &["--class=qux"]);
    assert!(nothing.contains("CLASSES\nneither file") && !nothing.contains("all 5"), "{nothing}");
    assert_eq!(names("*"), ("FooBar|FooBaz|Foo[1]|Qux|{a, b}".to_owned(), None));
}

#[test]
fn numbers_have_commas_units_and_signs() {
    let many: String = (0..1234).map(|i| format!("app -[{i}]-> n{i}:Row(1000)\n")).collect();
    let pair = files(
        "text-numbers",
        "root -> app:App(1) -gone-> g:Gone(64)",
        &format!("root -> app:App(1)\n{many}"),
    );
    let text = text(&pair, &["--sort=new", "--width=200"]);
    let lines: Vec<Vec<&str>> = table(&text).into_iter().map(cells).collect();
    assert_eq!(
        lines[0],
        [
            "Constructor",
            "# New",
            "# Deleted",
            "# Delta",
            "Alloc. Size",
            "Freed Size",
            "Size Delta",
            "Retained new"
        ]
    );
    assert_eq!(lines[1], ["Row", "1,234", "0", "+1,234", "1.2 MB", "0 B", "+1.2 MB", "1.2 MB"]);
    assert_eq!(lines[2], ["Gone", "0", "1", "-1", "0 B", "64 B", "-64 B", "0 B"]);
    assert_eq!(lines[3][..4], ["all 2 classes", "1,234", "1", "+1,233"]);
}

#[test]
fn a_narrow_terminal_gets_narrow_lines() {
    for pair in [plain(), wide()] {
        for width in [60, 72, 80, 100, 140] {
            let text = text(&pair, &["--sort=new", "--top=0", &format!("--width={width}")]);
            for line in table(&text) {
                assert!(line.width() <= width, "{} > {width}: {line}", line.width());
            }
            assert!(table(&text)[0].contains("# New"), "{text}");
        }
    }
}

#[test]
fn columns_is_the_width_of_what_is_no_terminal() {
    let pair = wide();
    let at = |columns: &str, more: &[&str]| {
        let mut command = program();
        command.args([&pair.before, &pair.after]).arg("--sort=new").args(more);
        let output = command.env("COLUMNS", columns).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let unlimited = text(&pair, &["--sort=new"]);
    assert_eq!(at("60", &[]), text(&pair, &["--sort=new", "--width=60"]));
    assert_eq!(at("60", &["--width=90"]), text(&pair, &["--sort=new", "--width=90"]));
    for nonsense in ["", "0", "wide", "-5"] {
        assert_eq!(at(nonsense, &[]), unlimited);
    }
    assert!(table(&unlimited).iter().any(|line| line.width() > 250), "{unlimited}");
}

fn wide() -> Pair<PathBuf> {
    let long = "LongName".repeat(30);
    files(
        "text-wide",
        "root -> app:App(1)",
        &format!(
            "root -> app:App(1) -a-> a:{long}(123456)\n app -b-> b:\"{}\"(8)
             app -c-> c:\"e\u{301}\u{1f468}\u{200d}\u{1f469}{}\"(8)",
            "データ漏洩".repeat(20),
            "\u{1f600}".repeat(50),
        ),
    )
}

#[test]
fn a_name_of_wide_characters_keeps_the_columns_straight() {
    let pair = files(
        "text-cjk",
        "root -> app:App(1)",
        "root -> app:App(1) -a-> a:データ(8)\n app -b-> b:Data(8)",
    );
    let text = text(&pair, &["--sort=new"]);
    let ends: Vec<usize> = table(&text)[1..3].iter().map(|l| l.width()).collect();
    assert_eq!(ends[0], ends[1], "{text}");
}

#[test]
fn a_terminal_does_not_obey_a_class_name() {
    let evil = "Ev\u{1b}]2;PWNED\u{7}il\u{9b}31m\u{202e}\r\u{200b}";
    let pair = files(
        "text-evil",
        "root -> app:App(1)",
        &format!(
            "root -> app:App(1) -\"p{evil}\"-> a:\"{evil}\"(8)
             app -f-> f:(closure)\"{evil}\"(8)\n app -s-> s:(string)\"{evil}\"(8)"
        ),
    );
    for more in [&["--all"][..], &["--chains=9", "--show-strings"], &["--width=60"], &[]] {
        let table = text(&pair, &["--sort=new"]);
        assert!(table.contains("Ev\\u{1b}]2;PWNED\\u{7}il"), "{table}");
        let text = text(&pair, more);
        let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c);
        assert!(!text.contains(bad), "{text:?}");
    }
}

#[test]
fn colours_are_for_terminals_or_if_asked_for() {
    let pair = plain();
    for more in [
        &["--sort=new"][..],
        &["--sort=new", "--color=auto"],
        &["--color=never"],
        &["--format=json"],
    ] {
        assert!(!text(&pair, more).contains('\x1b'), "{more:?}");
    }
    let coloured = text(&pair, &["--sort=new", "--color=always"]);
    assert!(coloured.contains("\x1b["), "{coloured}");
    let mut bare = String::new();
    for (i, part) in coloured.split('\x1b').enumerate() {
        bare += if i == 0 { part } else { &part[part.find('m').unwrap() + 1..] };
    }
    assert_eq!(bare, text(&pair, &["--sort=new"]), "they change nothing else");
}

#[test]
fn two_equal_files_have_nothing_to_tell() {
    let same = path("plain/before.heapsnapshot");
    let report = report(&same, &same, &[]);
    assert_eq!(
        (report["classes"].as_array(), report["chains"].as_array()),
        (Some(&vec![]), Some(&vec![]))
    );
    let text = text(&Pair::new(same.clone(), same), &["--sort=new"]);
    assert!(!text.contains("Constructor") && !text.is_empty(), "{text}");
}

#[test]
fn the_folder_of_a_program_is_left_out_on_windows_too() {
    let dir = scratch("text-windows");
    let there = plain().zip(Pair::new("before", "after")).map(|(file, name)| {
        let text = String::from_utf8(std::fs::read(file).unwrap()).unwrap();
        let text = text.replace("/srv/toolserver/", r"C:\\Users\\Ann\\");
        let copy = dir.join(format!("{name}.heapsnapshot"));
        std::fs::write(&copy, text).unwrap();
        copy
    });
    assert_eq!(text(&there, &["--width=100"]), text(&plain(), &["--width=100"]));
}
