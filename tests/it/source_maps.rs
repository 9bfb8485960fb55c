//! Two snapshots of a bundle in; the author's places out, everywhere, with the compiled ones beside
//! them.

use crate::cli::{files, program, report, shown};
use crate::fixtures::scratch;
use crate::layouts::{closure, script};
use crate::source_maps_found::{lay, map};
use heapdiff::pair::Pair;
use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A registry of sessions, of a class at line 3, column 8 of a script that has such a name.
fn heap(script_name: &str, sessions: usize) -> String {
    let mut out = format!(
        "root -> g:App(48)
         {}{}script7 -{{5}}-> url:(string)\"server.mjs.map\"(32)
         ctx -<open>-> run
         g -run-> run
         ctx -<sessions>-> list:Array(32)\n",
        closure("run", "run", "ctx", "7:2:7"),
        script(7, script_name),
    );
    for i in 0..sessions {
        let _ = writeln!(out, "list -[{i}]-> s{i}:Session(2000)@7:2:7");
    }
    out
}

fn pair(folder: &str, script: &Path) -> Pair<PathBuf> {
    let name = script.display().to_string();
    files(folder, &heap(&name, 30), &heap(&name, 130))
}

/// A folder with a script, its map, and a pair of snapshots of it.
fn bundled(name: &str) -> (PathBuf, Pair<PathBuf>) {
    let dir = scratch(name);
    lay(&dir, &[("dist/server.mjs", ""), ("src/session.ts", "")]);
    let pair = pair(&format!("{name}-heaps"), &dir.join("dist/server.mjs"));
    (dir, pair)
}

fn lay_map(dir: &Path) {
    lay(dir, &[("dist/server.mjs.map", &map("../src/session.ts").to_string())]);
}

fn first<'a>(report: &'a Value, list: &str) -> &'a Value {
    &report[list][0]
}

#[test]
fn places_are_the_authors_and_have_the_compiled_ones_beside_them() {
    let (dir, pair) = bundled("authors");
    let without = report(&pair.before, &pair.after, &[]);
    assert_eq!(first(&without, "containers")["path"], "server.mjs: sessions");
    assert!(!without.to_string().contains("\"compiled"));
    lay_map(&dir);
    let with = report(&pair.before, &pair.after, &[]);
    let place = &first(&with, "suspects")["location"];
    let path = |name: &str| dir.join(name).display().to_string();
    assert_eq!(place["file"], path("src/session.ts"));
    assert_eq!((&place["line"], &place["column"]), (&41.into(), &5.into()));
    assert_eq!(place["owner"], "program");
    let compiled = &place["compiled"];
    assert_eq!(compiled["file"], path("dist/server.mjs"));
    assert_eq!((&compiled["line"], &compiled["column"]), (&3.into(), &8.into()));
    let (container, before) = (first(&with, "containers"), first(&without, "containers"));
    assert_eq!(container["path"], "session.ts: sessions");
    assert_eq!(container["file"], path("src/session.ts"));
    assert_eq!(container["compiled"]["path"], before["path"]);
    assert_eq!(container["compiled"]["fingerprint"], before["fingerprint"]);
    assert_ne!(container["fingerprint"], before["fingerprint"]);
    let (finding, before) = (first(&with, "findings"), first(&without, "findings"));
    assert_eq!(finding["compiled_fingerprint"], before["fingerprint"]);
    let text = shown([&pair.before, &pair.after]);
    assert!(text.contains("session.ts:41:5") && !text.contains("server.mjs"), "{text}");
}

#[test]
fn a_question_is_answered_with_the_authors_places() {
    let (dir, pair) = bundled("asked");
    lay(&dir, &[("apart/server.mjs.map", &map("../src/session.ts").to_string())]);
    let maps = dir.join("apart");
    let args = ["list", "--class=Session", "--format=json", "--source-maps"].map(Into::into);
    let args = args.into_iter().chain([maps.into_os_string(), pair.after.into_os_string()]);
    let text = shown(args);
    assert!(text.contains("src/session.ts") && text.contains("\"line\":41"), "{text}");
}

#[test]
fn annotations_stand_at_the_source() {
    let (dir, pair) = bundled("annotated");
    for source in ["../src/session.ts", "webpack://shop/./src/session.ts?1f2e"] {
        lay(&dir, &[("dist/server.mjs.map", &map(source).to_string())]);
        for format in ["github", "sarif"] {
            let mut program = program();
            program.env("GITHUB_WORKSPACE", &dir).args([&pair.before, &pair.after]);
            let out = program.args(["--format", format]).output().unwrap();
            let text = String::from_utf8(out.stdout).unwrap();
            let place = match format {
                "github" => "file=src/session.ts,line=41,col=5",
                _ => "\"uri\": \"src/session.ts\"",
            };
            assert!(text.contains(place), "{source}: {text}");
        }
    }
}

#[test]
fn of_a_bundle_of_several_files_a_variable_keeps_the_bundles_name() {
    let (dir, pair) = bundled("several");
    let mut map = map("../src/session.ts");
    map["sources"] = ["../src/session.ts", "../src/main.ts"].as_slice().into();
    lay(&dir, &[("dist/server.mjs.map", &map.to_string())]);
    let report = report(&pair.before, &pair.after, &[]);
    assert_eq!(first(&report, "containers")["path"], "server.mjs: sessions");
    assert_eq!(first(&report, "suspects")["location"]["line"], 41);
}

#[test]
fn a_bad_map_is_one_note_and_never_an_error() {
    let (dir, pair) = bundled("bad");
    lay(&dir, &[("dist/server.mjs.map", "no map")]);
    let with = report(&pair.before, &pair.after, &[]);
    let notes = with["notes"].as_array().unwrap();
    let about = notes.iter().filter(|note| note.as_str().unwrap().contains("source map"));
    assert_eq!(about.count(), 1, "{notes:?}");
    assert_eq!(first(&with, "containers")["path"], "server.mjs: sessions");
}

#[test]
fn a_baseline_counts_with_maps_and_without() {
    let (dir, pair) = bundled("baseline");
    let baseline = dir.join("baseline.json");
    let write = format!("--write-baseline={}", baseline.display());
    let judged = |what: &str| {
        let mut program = program();
        program.args([&pair.before, &pair.after]).arg("-q").arg("--baseline").arg(&baseline);
        let out = program.arg("--fail-on=container.growth > 0").output().unwrap();
        let errors = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(0), "{what}: {errors}");
    };
    let made =
        || shown([pair.before.as_os_str(), pair.after.as_os_str(), "-q".as_ref(), write.as_ref()]);
    made();
    judged("without, without");
    let plain = std::fs::read_to_string(&baseline).unwrap();
    lay_map(&dir);
    judged("with maps, of a baseline without");
    made();
    let mapped = std::fs::read_to_string(&baseline).unwrap();
    assert!(plain.contains("server.mjs: sessions") && mapped.contains("session.ts: sessions"));
    judged("with maps, with maps");
    std::fs::remove_file(dir.join("dist/server.mjs.map")).unwrap();
    judged("without maps, of a baseline with");
}
