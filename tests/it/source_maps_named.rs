//! Two snapshots of a minified bundle in; the author's names out, everywhere, with those of the script
//! beside them.

use crate::cli::{files, program, report, shown};
use crate::fixtures::scratch;
use crate::layouts::{closure, script};
use crate::source_maps_found::lay;
use heapdiff::pair::Pair;
use serde_json::Value;
use sourcemap::SourceMapBuilder;
use std::fmt::Write;
use std::path::PathBuf;

const TEXT: &str = "var l=[],e=class{constructor(t){this.id=t}};function r(t){l.push(new e(t))}";
/// What is declared where in the script, and the author's name and file.
const NAMES: [(&str, &str, &str); 3] = [
    ("l=[]", "sessions", "src/registry.ts"),
    ("e=class", "Session", "src/session.ts"),
    ("r(t){l", "open", "src/registry.ts"),
];

fn column(of: &str) -> u32 {
    u32::try_from(TEXT.find(of).unwrap()).unwrap()
}

fn heap(script_name: &str, sessions: usize) -> String {
    let mut out = format!(
        "root -> g:App(48)
         {}{}ctx -<r>-> run
         g -run-> run
         ctx -<l>-> list:Array(32)\n",
        closure("run", "r", "ctx", &format!("7:0:{}", column("(t){l"))),
        script(7, script_name),
    );
    let place = column("(t){this");
    for i in 0..sessions {
        let _ = writeln!(out, "list -[{i}]-> s{i}:e(2000)@7:0:{place}");
    }
    out
}

/// A folder with a script, and its map if it is to have one, and a pair of snapshots.
fn minified(name: &str, has_map: bool) -> (PathBuf, Pair<PathBuf>) {
    let dir = scratch(name);
    lay(&dir, &[("dist/server.mjs", TEXT)]);
    if has_map {
        lay_map(&dir);
    }
    let path = dir.join("dist/server.mjs").display().to_string();
    (dir.clone(), files(&format!("{name}-heaps"), &heap(&path, 30), &heap(&path, 130)))
}

fn lay_map(dir: &std::path::Path) {
    let mut map = SourceMapBuilder::new(None);
    for (at, (place, name, file)) in (0..).zip(NAMES) {
        map.add(0, column(place), at, 0, Some(&format!("../{file}")), Some(name), false);
    }
    let mut bytes = Vec::new();
    map.into_sourcemap().to_writer(&mut bytes).unwrap();
    lay(dir, &[("dist/server.mjs.map", &String::from_utf8(bytes).unwrap())]);
}

fn row<'a>(report: &'a Value, name: &str) -> &'a Value {
    report["classes"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap()
}

#[test]
fn names_are_the_authors_and_have_those_of_the_script_beside_them() {
    let (dir, pair) = minified("named-report", false);
    let without = report(&pair.before, &pair.after, &[]);
    lay_map(&dir);
    let with = report(&pair.before, &pair.after, &[]);
    // The row is that of DevTools.
    let mut class = row(&with, "e").clone();
    assert_eq!(class["original"], "Session");
    class.as_object_mut().unwrap().remove("original");
    assert_eq!(class, *row(&without, "e"));
    let suspect = &with["suspects"][0];
    assert_eq!((&suspect["class"], &suspect["compiled_class"]), (&"Session".into(), &"e".into()));
    assert_eq!(suspect["key"], without["suspects"][0]["key"]);
    let container = &with["containers"][0];
    assert_eq!(container["path"], "registry.ts: sessions");
    assert_eq!(container["compiled"]["path"], "server.mjs: l");
    assert_eq!(container["file"], dir.join("src/registry.ts").display().to_string());
    let steps = suspect["chains"][0]["steps"].as_array().unwrap();
    let of = |name: &str| steps.iter().find(|step| step["compiled_name"] == name).unwrap();
    assert_eq!((&of("r")["name"], &of("e")["class"]), (&"open".into(), &"Session".into()));
    assert!(steps.iter().any(|step| step["label"] == "variable sessions"), "{steps:?}");
    let (finding, before) = (&with["findings"][0], &without["findings"][0]);
    assert_eq!((&finding["class"], &finding["compiled_class"]), (&"Session".into(), &"e".into()));
    assert_eq!(finding["compiled_fingerprint"], before["fingerprint"]);
    assert_ne!(finding["fingerprint"], before["fingerprint"]);
    assert!(!without.to_string().contains("compiled_") && without.to_string().contains("\"e\""));
    for format in ["text", "markdown", "agent", "html"] {
        let text = shown([
            pair.before.as_os_str(),
            pair.after.as_os_str(),
            "--format".as_ref(),
            format.as_ref(),
        ]);
        assert!(text.contains("Session") && text.contains("sessions"), "{format}: {text}");
    }
}

#[test]
fn a_class_is_asked_for_by_either_name() {
    let (_, pair) = minified("named-either", true);
    for (condition, code) in [
        ("delta(Session) > 99", 1),
        ("delta(e) > 99", 1),
        ("delta(Sess*) > 100", 0),
        ("class.delta(*) > 99", 1),
        ("container.growth(sessions) > 99", 1),
        ("container.growth(\"server.mjs: l\") > 99", 1),
    ] {
        let mut program = program();
        program.args([&pair.before, &pair.after]).arg("-q").args([
            "--strict",
            "--fail-on",
            condition,
        ]);
        let out = program.output().unwrap();
        let errors = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(code), "{condition}: {errors}");
    }
    for name in ["Session", "e"] {
        let class = format!("--class={name}");
        let table = shown([pair.before.as_os_str(), pair.after.as_os_str(), class.as_ref()]);
        assert!(table.contains("Session"), "{table}");
        let list = shown(["list".as_ref(), class.as_ref(), pair.after.as_os_str()]);
        assert!(list.contains("Session @"), "{list}");
    }
}

#[test]
fn an_ignored_class_is_ignored_by_either_name() {
    let (dir, pair) = minified("named-ignored", true);
    for name in ["Session", "e"] {
        let config = dir.join("heapdiff.toml");
        std::fs::write(&config, format!("[ignore]\nclasses = [\"{name}\"]\n")).unwrap();
        let mut program = program();
        program.args([&pair.before, &pair.after]).arg("-q").arg("--config").arg(&config);
        let out = program.arg("--fail-on=class.delta(*) > 9").output().unwrap();
        let errors = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(0), "{name}: {errors}");
    }
}

#[test]
fn a_baseline_of_classes_counts_with_maps_and_without() {
    for (made_with, used_with) in [(true, false), (false, true), (true, true), (false, false)] {
        let (dir, pair) = minified("named-baseline", made_with);
        let baseline = dir.join("baseline.json");
        let write = format!("--write-baseline={}", baseline.display());
        shown([pair.before.as_os_str(), pair.after.as_os_str(), "-q".as_ref(), write.as_ref()]);
        match used_with {
            true => lay_map(&dir),
            false => {
                let _ = std::fs::remove_file(dir.join("dist/server.mjs.map"));
            }
        }
        let judged = |condition: &str| {
            let mut program = program();
            program.args([&pair.before, &pair.after]).arg("-q").arg("--baseline").arg(&baseline);
            program.args(["--fail-on", condition]).output().unwrap()
        };
        for condition in ["class.delta(*) > 0", "delta(e) > 0", "verdict == leak"] {
            let out = judged(condition);
            let errors = String::from_utf8_lossy(&out.stderr).into_owned();
            assert_eq!(out.status.code(), Some(0), "{made_with} {used_with} {condition}: {errors}");
            assert!(!errors.contains("another program"), "{errors}");
        }
        assert_eq!(judged("delta(e) > -1").status.code(), Some(1));
    }
}

#[test]
fn an_object_is_shown_by_its_authors_name() {
    let (_, pair) = minified("named-shown", true);
    let args = ["list", "--class=Session", "--format=json"].map(Into::into);
    let list = shown(args.into_iter().chain([pair.after.clone().into_os_string()]));
    let list: Value = serde_json::from_str(&list).unwrap();
    let object = &list["list"]["rows"][0]["object"];
    assert_eq!((&object["class"], &object["original"]), (&"e".into(), &"Session".into()), "{list}");
    let id = format!("@{}", object["id"]);
    let text = shown(["show".as_ref(), pair.after.as_os_str(), id.as_ref()]);
    assert!(text.starts_with("Session @") && text.contains(", e in the script"), "{text}");
    assert!(text.contains("held as registry.ts: sessions[…]"), "{text}");
}

#[test]
fn a_script_that_is_not_there_has_no_names() {
    let (dir, pair) = minified("named-gone", true);
    std::fs::remove_file(dir.join("dist/server.mjs")).unwrap();
    let report = report(&pair.before, &pair.after, &[]);
    assert_eq!(report["suspects"][0]["class"], "e");
    assert!(row(&report, "e").get("original").is_none());
}

#[test]
fn a_map_that_the_memory_has_no_room_for_is_a_note() {
    use heapdiff::places::{Maps, Script};
    let (dir, _) = minified("named-room", true);
    let name = dir.join("dist/server.mjs").display().to_string();
    let maps = Maps::new(&[], Some(300));
    assert_eq!(maps.original(Script { name: &name, map: None }, 0, 0), None);
    let notes = maps.notes();
    assert!(notes[0].contains("all maps together may have 37 B"), "{notes:?}");
}
