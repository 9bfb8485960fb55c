//! The page that a browser shows: everything of the report is on it, and nothing of a heap
//! becomes an element, an attribute, a link or code.

use crate::cli::{report, run, shown};
use crate::fixtures::{path, scratch};
use crate::markup::{Element, elements};
use base64::Engine as _;
use heapdiff::classes::ClassKey;
use heapdiff::compare::compare;
use heapdiff::pair::Pair;
use heapdiff::report::{Comparator, Gate, Ignored, Measure, Options, Outcome, Report};
use heapdiff::text::Text;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// What goes wrong in a page that trusts a name.
const HOSTILE: [&str; 9] = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "</style><style>*{display:none}</style>",
    "\"><svg onload=alert(3)>",
    "' onmouseover='alert(4)",
    "javascript:alert(5)",
    "&lt;b&gt; &amp; <!-- ]]> --!>",
    "\u{202e}evil\u{200b}\u{2028}\u{1b}]2;x\u{7}\0\r\n\t",
    "</title></code></td></details><base href=//example.org>",
];

/// Elements that a page may be made of.
const ELEMENTS: [&str; 45] = [
    "html", "head", "meta", "title", "style", "body", "main", "script", "header", "section",
    "footer", "h1", "h2", "h3", "p", "ul", "ol", "li", "dl", "dt", "dd", "div", "span", "strong",
    "code", "a", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "details", "summary",
    "label", "input", "output", "svg", "rect", "text", "title", "br", "b", "i",
];
fn plain() -> Pair<PathBuf> {
    Pair::new(path("plain/before.heapsnapshot"), path("plain/after.heapsnapshot"))
}

fn page(pair: &Pair<PathBuf>, more: &[&str]) -> String {
    let files = [pair.before.to_str().unwrap(), pair.after.to_str().unwrap(), "--format=html"];
    shown(files.into_iter().chain(more.iter().copied()))
}

fn plain_report() -> Report {
    let pair = plain();
    compare(pair.as_ref().map(PathBuf::as_path), &[], &Options::default()).unwrap()
}

/// Rows of the table of classes: names and numbers.
fn rows(elements: &[Element]) -> Vec<(String, Vec<i64>)> {
    let from = elements.iter().position(|e| e.attribute("class") == Some("classes")).unwrap();
    let mut rows: Vec<(String, Vec<i64>)> = Vec::new();
    for element in elements[from..].iter().take_while(|e| e.name != "tfoot") {
        match (element.name.as_str(), element.attribute("data-n")) {
            ("code", _) => rows.push((element.text.clone(), Vec::new())),
            (_, Some(n)) => rows.last_mut().unwrap().1.push(n.parse().unwrap()),
            _ => {}
        }
    }
    rows
}

/// What every page has to be, whatever is in it.
#[track_caller]
fn is_safe(page: &str) -> Vec<Element> {
    let elements = elements(page);
    for element in &elements {
        let name = element.name.as_str();
        assert!(ELEMENTS.contains(&name), "<{name}>");
        for (attribute, value) in &element.attributes {
            assert!(!attribute.starts_with("on") && attribute != "style", "{attribute}={value}");
            assert!(!["src", "action", "xlink:href", "srcset"].contains(&attribute.as_str()));
            assert!(attribute != "href" || value.starts_with("#chain-"), "href={value}");
        }
        assert!(element.depth < 100, "browsers give up at 512 elements inside each other");
    }
    let count = |name: &str| elements.iter().filter(|e| e.name == name).count();
    assert_eq!((count("script"), count("style"), count("body"), count("base")), (1, 1, 1, 0));
    let unseen = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}\u{2028}".contains(c);
    assert!(!page.contains(unseen));
    for scheme in ["http:", "https:", "url(", "@import"] {
        assert!(!page.contains(scheme), "{scheme}");
    }
    elements
}

#[test]
fn the_policy_allows_this_style_and_this_script_and_nothing_else() {
    let elements = elements(&page(&plain(), &[]));
    let policy = elements
        .iter()
        .find(|e| e.attribute("http-equiv") == Some("Content-Security-Policy"))
        .and_then(|e| e.attribute("content"))
        .unwrap();
    let source = |name: &str| {
        let text = &elements.iter().find(|e| e.name == name).unwrap().text;
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
        format!("{name}-src 'sha256-{hash}'")
    };
    let expected = format!(
        "default-src 'none'; {}; {}; base-uri 'none'; form-action 'none'",
        source("style"),
        source("script")
    );
    assert_eq!(policy, expected, "write these hashes into src/render/html/mod.rs");
    let before = elements.iter().position(|e| e.attribute("http-equiv").is_some());
    assert!(before < elements.iter().position(|e| e.name == "style"), "it has to come first");
}

#[test]
fn the_page_says_what_json_says() {
    let pair = plain();
    let elements = is_safe(&page(&pair, &["--calls=96"]));
    let json = report(&pair.before, &pair.after, &["--calls=96"]);
    let all: String = elements.iter().map(|e| format!("{}\n", e.text)).collect();
    let has = |value: &Value| assert!(all.contains(value.as_str().unwrap()), "{value}\n{all}");
    for reason in json["verdict"]["reasons"].as_array().unwrap() {
        has(reason);
    }
    for container in json["containers"].as_array().unwrap() {
        has(&container["path"]);
    }
    for finding in json["findings"].as_array().unwrap() {
        for member in ["title", "advice", "evidence", "pattern"] {
            has(&finding[member]);
        }
    }
    for suspect in json["suspects"].as_array().unwrap() {
        for step in suspect["chains"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|c| c["steps"].as_array().unwrap())
        {
            has(&step["label"]);
            has(&step["class"]);
        }
    }
    for words in ["LEAK LIKELY", "story.cjs:38:14", "+1.00", "onReload()", "30 → 126"] {
        assert!(all.contains(words), "{words}");
    }
}

#[test]
fn the_table_has_every_class_with_devtools_numbers() {
    let pair = plain();
    let mut rows = rows(&elements(&page(&pair, &[])));
    let json = report(&pair.before, &pair.after, &[]);
    let fields =
        ["new", "deleted", "delta", "alloc_size", "freed_size", "size_delta", "retained_new"];
    let mut expected: Vec<(String, Vec<i64>)> = json["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let numbers = fields.map(|field| row[field].as_i64().unwrap()).to_vec();
            (row["name"].as_str().unwrap().to_owned(), numbers)
        })
        .collect();
    assert_eq!(rows[0].0, "ToolSession", "as the text has it");
    rows.sort();
    expected.sort();
    assert_eq!(rows, expected);
}

#[test]
fn each_class_leads_to_its_shortest_chain() {
    let elements = elements(&page(&plain(), &[]));
    let links: Vec<&str> = elements.iter().filter_map(|e| e.attribute("href")).collect();
    assert!(links.len() > 40, "{links:?}");
    for link in links {
        let targets = elements.iter().filter(|e| e.attribute("id") == Some(&link[1..])).count();
        assert_eq!(targets, 1, "{link}");
    }
}

#[test]
fn bars_add_up_to_the_growth_of_all_classes() {
    let report = plain_report();
    let page = heapdiff::render::html(&report);
    let elements = elements(&page);
    let total = heapdiff::units::signed_size(report.totals.size_delta);
    assert!(page.contains(&format!("The Size Deltas add up to {total}")));
    let from = elements.iter().position(|e| e.attribute("class") == Some("bars")).unwrap();
    let to = elements.iter().position(|e| e.attribute("id") == Some("classes")).unwrap();
    let widths = |class: &str| -> Vec<f64> {
        let bars = elements[from..to].iter().filter(|e| e.attribute("class") == Some(class));
        bars.map(|e| e.attribute("width").unwrap().parse().unwrap()).collect()
    };
    let own = widths("own").iter().sum::<f64>() - widths("own less").iter().sum::<f64>();
    let widest = widths("retained").into_iter().fold(0.0, f64::max);
    let scale =
        report.classes.iter().filter(|c| c.delta > 0 && !c.engine).map(|c| c.retained_new).max();
    let expected = report.totals.size_delta as f64 / scale.unwrap() as f64;
    assert!((own / widest - expected).abs() < 0.002, "{own} of {widest}, not {expected}");
}

#[test]
fn names_in_a_snapshot_stay_text() {
    let dir = scratch("html-hostile");
    let plant = |which: &str, at: usize| {
        let mut text =
            std::fs::read_to_string(path(&format!("plain/{which}.heapsnapshot"))).unwrap();
        let names = [
            "ToolSession",
            "SessionManager",
            "sessionManager",
            "sessions",
            "onReload",
            "call",
            "/srv/toolserver/story.cjs",
        ];
        for (i, name) in names.iter().enumerate() {
            let evil = serde_json::to_string(HOSTILE[(i + at) % HOSTILE.len()]).unwrap();
            text = text.replace(&format!("\"{name}\""), &evil);
        }
        let file = dir.join(format!("{which}-{at}.heapsnapshot"));
        std::fs::write(&file, text).unwrap();
        file
    };
    for at in 0..HOSTILE.len() {
        let pair = Pair::new(plant("before", at), plant("after", at));
        let page = page(&pair, &["--show-strings"]);
        let all: String = is_safe(&page).iter().map(|e| e.text.clone()).collect();
        assert!(all.contains("alert("), "{at}: the names are there");
    }
}

#[test]
fn no_member_of_a_report_becomes_more_than_text() {
    for evil in HOSTILE {
        let page = heapdiff::render::html(&poisoned(plain_report(), evil));
        let elements = is_safe(&page);
        let seen = heapdiff::text::visible(evil);
        let times = elements.iter().filter(|e| e.text.contains(&*seen)).count();
        assert!(times > 100, "{evil:?} is shown {times} times");
    }
}

/// A report with the same words wherever a file, a name or a path is.
fn poisoned(mut report: Report, evil: &str) -> Report {
    let own = || evil.to_owned();
    let name = || Text::from(evil);
    let place = |place: &mut Option<heapdiff::report::answer::Place>| {
        if let Some(place) = place {
            place.file = name();
        }
    };
    report.snapshots.before.path = own();
    report.snapshots.after.path = own();
    report.notes = vec![own()];
    report.answer.verdict.reasons = vec![own()];
    for row in &mut report.classes {
        row.name = name();
    }
    for chain in &mut report.chains {
        chain.class = name();
        for step in &mut chain.steps {
            (step.edge, step.class, step.name) = (Some(name()), name(), name());
        }
    }
    for container in &mut report.answer.containers {
        (container.path, container.class) = (own(), name());
        place(&mut container.location);
    }
    for suspect in &mut report.answer.suspects {
        (suspect.class, suspect.container) = (name(), Some(own()));
        suspect.inside.iter_mut().for_each(|inside| inside.class = name());
        place(&mut suspect.location);
        for step in suspect.ways.iter_mut().flat_map(|chain| &mut chain.steps) {
            (step.label, step.edge, step.class, step.name) = (own(), name(), name(), name());
            place(&mut step.location);
        }
    }
    for finding in &mut report.answer.findings {
        (finding.title, finding.evidence) = (own(), own());
    }
    report.gates = vec![Gate {
        condition: own(),
        source: own(),
        ok: false,
        outcome: Outcome::Broken,
        method: None,
        matched_nothing: false,
        measured: Some(Measure::Count(3)),
        allowed: Comparator::AtMost,
        limit: Measure::Count(1),
        decided_by: Some(own()),
        note: Some(own()),
    }];
    report
}

#[test]
fn gates_are_marked_by_words_and_not_by_colour_alone() {
    let mut report = plain_report();
    let gate = |ok: bool| Gate {
        condition: "heap.delta > 5 MB".into(),
        source: "--fail-on".into(),
        ok,
        outcome: if ok { Outcome::Kept } else { Outcome::Broken },
        method: None,
        matched_nothing: false,
        measured: Some(Measure::Bytes(13_700_000)),
        allowed: Comparator::AtMost,
        limit: Measure::Bytes(5_000_000),
        decided_by: None,
        note: None,
    };
    assert!(!heapdiff::render::html(&report).contains("Gates"));
    report.gates = vec![gate(false), gate(true), gate(false)];
    report.ignored = Some(Ignored { classes: 3, containers: 1, bytes: 12_000 });
    let page = heapdiff::render::html(&report);
    is_safe(&page);
    assert_eq!(page.matches("✗ </span>broken").count(), 2);
    for words in [
        "2 of 3 gates broken",
        "✗ </span>broken",
        "✓ </span>kept",
        "+13.7 MB",
        "+5.0 MB",
        "3 classes and 1 containers",
        "12.0 kB",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_page_of_very_many_classes_is_cut_and_says_so() {
    let mut report = plain_report();
    let (row, chain) = (report.classes[0].clone(), report.chains[0].clone());
    for i in 0..5000 {
        let name = Text::from(format!("Class{i}{}", "x".repeat(3000)).as_str());
        let key = ClassKey { name: format!("Class{i}").as_str().into(), location: None };
        report.classes.push(heapdiff::report::ClassRow { key: key.clone(), name, ..row.clone() });
        let mut chain = chain.clone();
        chain.key = key;
        chain.steps = chain.steps.iter().cycle().take(100).cloned().collect();
        report.chains.push(chain);
    }
    let page = heapdiff::render::html(&report);
    let elements = is_safe(&page);
    let chains = elements.iter().filter(|e| e.attribute("class") == Some("chain")).count();
    assert_eq!(chains, 200);
    assert_eq!(rows(&elements).len(), 1000);
    assert!(page.contains("The table has the first 1,000 classes. 4,044 more are in the sums"));
    assert!(page.contains("The first 200 in the order of the table"));
    assert!(page.len() < 6_000_000, "{} bytes", page.len());
}

#[test]
fn values_of_strings_are_shown_only_if_asked_for() {
    let pair = plain();
    let (hidden, open) = (page(&pair, &[]), page(&pair, &["--show-strings"]));
    assert!(hidden.contains("characters, #") && !open.contains("characters, #"));
}

#[test]
fn the_same_files_give_the_same_page() {
    let pair = plain();
    assert_eq!(page(&pair, &["--threads=1"]), page(&pair, &["--threads=2"]));
}

#[test]
fn a_pair_without_growth_has_a_page_too() {
    let same = path("plain/before.heapsnapshot");
    let page = page(&Pair::new(same.clone(), same), &[]);
    is_safe(&page);
    assert!(page.contains("NO GROWTH") && page.contains("Nothing is new and nothing is gone."));
    let output = run(["--help"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("html"));
}

#[test]
fn the_advice_stands_above_the_tables_and_says_where_to_begin() {
    let page = heapdiff::render::html(&crate::sample::plain());
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    assert!(place("What to do") < place("Piling up"));
    assert!(place("Begin at <code>story.cjs:38:14</code>") < place("Piling up"));
}
