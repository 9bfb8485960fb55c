//! Reports for the tests of formats, and files to hold them against.

use crate::fixtures::{path, scratch};
use crate::writing::swapped;
use heapdiff::compare::compare;
use heapdiff::pair::Pair;
use heapdiff::render::{self, Sources, View};
use heapdiff::report::{Comparator, Gate, Ignored, Measure, Method, Options, Outcome, Report};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Where the program of the plain pair lay.
pub const ROOT: &str = "/srv/toolserver";

/// Names that somebody puts into a heap to steer whoever reads the report. None begins with
/// `<`: of such names DevTools shows no more than a tag.
pub const HOSTILE: [&str; 16] = [
    "\u{1b}[31mred\u{1b}]8;;https://evil.example\u{7}click\u{1b}]8;;\u{7}",
    "\u{202e}desrever\u{2066}\u{200b}",
    "a\n::error::pwned\r\n##[error]pwned",
    "::error file=a.js,line=1::pwned%0A",
    "a|b|c\\|d\\\\|e",
    "`code` ``` ~~~ `` \\`",
    "x<img src=x onerror=alert(1)>&lt;&amp;&#60;",
    "]]><x>&bad;\u{fffe}",
    "=cmd|' /C calc'!A0",
    " @SUM(1+1)*cmd",
    "--><script>alert(1)</script><!--",
    "[text](https://evil.example) ![x](y) <https://evil.example> www.evil.example",
    "https://evil.example/x @someone #1 **bold** _it_ </details></summary>",
    "\"quoted\"} 1\nother{a=\"b\" \\",
    "x\n<!-- heapdiff -->\n# Heading\n\n- item",
    "{0} {name} \t tab \0 nul",
];

/// The report of the plain pair, without the folder it lies in and the program's version.
pub fn plain() -> Report {
    let files = Pair::new("plain/before.heapsnapshot", "plain/after.heapsnapshot").map(path);
    relative(&compare(files.as_ref().map(|p| p.as_path()), &[], &Options::default()).unwrap())
}

fn relative(report: &Report) -> Report {
    let mut report = report.clone();
    report.snapshots.before.path = "before.heapsnapshot".into();
    report.snapshots.after.path = "after.heapsnapshot".into();
    report.tool.version = "0.0.0";
    report
}

/// The same with gates: one kept, one broken, one that names nothing, one not judged; and with growth
/// that is left out.
pub fn gated() -> Report {
    let mut report = plain();
    let gate = |condition: &str, ok, measured, limit| Gate {
        condition: condition.into(),
        source: "--fail-on".into(),
        ok,
        outcome: if ok { Outcome::Kept } else { Outcome::Broken },
        method: Some(Method::Id),
        matched_nothing: false,
        measured,
        allowed: Comparator::AtMost,
        limit,
        decided_by: None,
        note: None,
    };
    let bytes = |n| Measure::Bytes(n);
    report.gates.push(gate("heap.delta > 5MB", true, Some(bytes(86_088)), bytes(5_000_000)));
    report.gates.push(Gate {
        decided_by: Some("ToolSession".into()),
        note: Some("the heaviest of 2 classes".into()),
        ..gate("delta(Tool*) > 0", false, Some(Measure::Count(96)), Measure::Count(0))
    });
    report.gates.push(Gate {
        matched_nothing: true,
        note: Some("matched nothing: neither file has such a class".into()),
        ..gate("delta(Nothing) > 0", true, Some(Measure::Count(0)), Measure::Count(0))
    });
    report.gates.push(Gate {
        outcome: Outcome::Unjudged,
        method: None,
        note: Some("a file is cut off, and has lost edges or names".into()),
        ..gate("container.growth > 50", false, None, Measure::Count(50))
    });
    report.ignored = Some(Ignored { classes: 2, containers: 1, bytes: 5_600 });
    report
}

/// The report of the plain pair in which a class, a property, a global variable and a script
/// are called so.
pub fn renamed(name: &str) -> Report {
    let files = renamed_files(&scratch("formats-hostile"), name);
    let report = compare(files.as_ref().map(|p| p.as_path()), &[], &Options::default()).unwrap();
    let mut report = relative(&report);
    report.gates = gated_with(name);
    report.snapshots.after.path = format!("{name}.heapsnapshot");
    report.notes.push(format!("about {name}"));
    report
}

/// The same as files in a folder.
pub fn renamed_files(dir: &Path, name: &str) -> Pair<PathBuf> {
    let json = serde_json::to_string(name).unwrap();
    let script = serde_json::to_string(&format!("{ROOT}/{}.cjs", name.replace('/', "_"))).unwrap();
    Pair::new("before.heapsnapshot", "after.heapsnapshot").map(|file| {
        let mut bytes = std::fs::read(path("plain").join(file)).unwrap();
        for known in ["\"ToolSession\"", "\"sessions\"", "\"sessionManager\""] {
            bytes = swapped(&bytes, known, &json);
        }
        bytes = swapped(&bytes, &format!("\"{ROOT}/story.cjs\""), &script);
        std::fs::write(dir.join(file), bytes).unwrap();
        dir.join(file)
    })
}

fn gated_with(name: &str) -> Vec<Gate> {
    vec![Gate {
        condition: format!("delta({name}) > 0"),
        source: name.into(),
        ok: false,
        outcome: Outcome::Broken,
        method: Some(Method::Id),
        matched_nothing: false,
        measured: Some(Measure::Count(96)),
        allowed: Comparator::AtMost,
        limit: Measure::Count(0),
        decided_by: Some(name.into()),
        note: Some(name.into()),
    }]
}

/// Checks values against a JSON Schema.
pub struct Validator(boon::Schemas, boon::SchemaIndex);

impl Validator {
    pub fn of(text: &str) -> Self {
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.add_resource("schema.json", serde_json::from_str(text).unwrap()).unwrap();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Self(schemas, index)
    }

    pub fn check(&self, value: &Value) -> Result<(), String> {
        self.0.validate(value, self.1).map_err(|e| e.to_string())
    }
}

/// The extensions of the formats' files, JSON's first.
const EXTENSIONS: [&str; 11] =
    ["json", "ndjson", "txt", "csv", "tsv", "md", "github", "xml", "sarif", "agent", "prom"];

/// The report in all formats.
pub fn all(report: &Report) -> Vec<(&'static str, String)> {
    EXTENSIONS.into_iter().map(|extension| (extension, in_format(report, extension))).collect()
}

/// The report in one format.
pub fn in_format(report: &Report, extension: &str) -> String {
    let sources = Sources::below(ROOT);
    match extension {
        "json" => render::json(report).unwrap(),
        "ndjson" => render::ndjson(report).unwrap(),
        "txt" => render::text(report, &view()),
        "csv" => render::csv(report).unwrap(),
        "tsv" => render::tsv(report).unwrap(),
        "md" => render::markdown(report, render::COMMENT),
        "github" => render::github(report, &sources),
        "xml" => render::junit(report).unwrap(),
        "sarif" => render::sarif(report, &sources).unwrap(),
        "agent" => render::agent(report),
        "prom" => render::openmetrics(report),
        _ => panic!("{extension}"),
    }
}

fn view() -> View {
    View::plain(Some(100))
}

/// Holds a text against a file. With `HEAPDIFF_BLESS=1` the file is written instead.
#[track_caller]
pub fn same_as(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("HEAPDIFF_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let line = known.lines().zip(text.lines()).position(|(a, b)| a != b);
    assert!(
        known == text,
        "{file} differs, from line {}; HEAPDIFF_BLESS=1 writes it anew",
        line.unwrap_or(known.lines().count().min(text.lines().count())) + 1
    );
}
