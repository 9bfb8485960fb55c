//! A script's name in, the author's place out: where maps are found, and what is never opened.

use crate::fixtures::scratch;
use heapdiff::places::{Maps, Original, Script};
use serde_json::{Value, json};
use std::fs::{create_dir_all, write};
use std::path::{Path, PathBuf};

/// Line 3, column 8 of the script is line 41, column 5 of the source, both counted from 1.
const MAPPINGS: &str = ";;AAAA,OAwCIA";

pub fn map(source: &str) -> Value {
    json!({ "version": 3, "sources": [source], "names": ["Session"], "mappings": MAPPINGS })
}

/// Writes files into a folder, and whatever folders they need.
pub fn lay(dir: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let file = dir.join(name);
        create_dir_all(file.parent().unwrap()).unwrap();
        write(file, text).unwrap();
    }
}

fn asked(maps: &Maps, script: &Path, said: Option<&str>) -> Option<Original> {
    maps.original(Script { name: &script.to_string_lossy(), map: said }, 2, 7)
}

fn found(dir: &Path, said: Option<&str>) -> Option<String> {
    let maps = Maps::new(&[], None);
    let found = asked(&maps, &dir.join("dist/server.mjs"), said);
    assert_eq!(maps.notes(), [""; 0]);
    found.map(|place| format!("{}:{}:{}", place.file, place.line + 1, place.column + 1))
}

fn expected(dir: &Path) -> Option<String> {
    Some(format!("{}:41:5", dir.join("src/session.ts").display()))
}

#[test]
fn a_map_is_found_by_what_the_snapshot_says_by_what_the_script_says_and_beside_it() {
    let text = map("../src/session.ts").to_string();
    let by = |which: &str, files: &[(&str, &str)], said: Option<&str>| {
        let dir = scratch(&format!("found-{which}"));
        lay(&dir, files);
        assert_eq!(found(&dir, said), expected(&dir), "{which}");
    };
    by("said", &[("dist/a.map", &text)], Some("a.map"));
    by(
        "written",
        &[("dist/server.mjs", "x\n//# sourceMappingURL=a.map\n"), ("dist/a.map", &text)],
        None,
    );
    by("old", &[("dist/server.mjs", "//@ sourceMappingURL=a.map"), ("dist/a.map", &text)], None);
    by("beside", &[("dist/server.mjs.map", &text)], None);
    by("gone", &[("dist/server.mjs.map", &text)], Some("https://cdn.example/a.map"));
    by("guarded", &[("dist/a.map", &format!(")]}}'\n{text}"))], Some("a.map"));
    let below = map("../../src/session.ts").to_string();
    by("below", &[("dist/maps/a.map", &below)], Some("maps/a.map"));
    let rooted = json!({ "sourceRoot": "../src/", "sources": ["session.ts"], "mappings": MAPPINGS,
        "names": ["Session"], "sourcesContent": ["x"] });
    by("rooted", &[("dist/a.map", &rooted.to_string())], Some("a.map"));
}

#[test]
fn a_script_may_hold_its_map_in_itself() {
    use base64::Engine;
    let text = map("../src/session.ts").to_string();
    let base64 = base64::engine::general_purpose::STANDARD.encode(&text);
    let percent: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
    for (which, url) in [
        ("base64", format!("data:application/json;charset=utf-8;base64,{base64}")),
        ("percent", format!("data:application/json,{percent}")),
    ] {
        let dir = scratch(which);
        lay(&dir, &[("dist/server.mjs", &format!("let a = 1;\n//# sourceMappingURL={url}"))]);
        assert_eq!(found(&dir, None), expected(&dir), "{which}");
        // What the snapshot says is cut off.
        let cut = format!("{url:0<1024}");
        assert_eq!(found(&dir, Some(&cut[..1024])), expected(&dir), "{which}");
        let dir = scratch("nowhere");
        assert_eq!(found(&dir, Some(&url)), expected(&dir), "{which}");
    }
}

#[test]
fn files_by_url_are_files() {
    let dir = scratch("a b");
    lay(&dir, &[("dist/a.map", &map("../src/session.ts").to_string())]);
    let url =
        |name: &str| format!("file://{}/{name}", dir.display().to_string().replace(' ', "%20"));
    let maps = Maps::new(&[], None);
    let script = PathBuf::from(url("dist/server.mjs?v=1"));
    let place = asked(&maps, &script, Some("a.map")).unwrap();
    assert_eq!(place.file, url("src/session.ts"));
    let place =
        asked(&Maps::new(&[], None), &dir.join("dist/x.js"), Some(&url("dist/a.map"))).unwrap();
    assert_eq!(Path::new(&place.file), dir.join("src/session.ts"));
}

#[test]
fn sections_of_a_map_count_from_where_they_begin() {
    let dir = scratch("sections");
    let section = |line: u32, column: u32, source: &str| {
        json!({ "offset": { "line": line, "column": column },
                "map": { "version": 3, "sources": [source], "names": [], "mappings": "AAAA,IAEI" } })
    };
    let text =
        json!({ "version": 3, "sections": [section(0, 0, "/a.ts"), section(2, 3, "/b.ts")] });
    lay(&dir, &[("server.mjs.map", &text.to_string())]);
    let maps = Maps::new(&[], None);
    let name = dir.join("server.mjs").display().to_string();
    let at = |line, column| {
        let place = maps.original(Script { name: &name, map: None }, line, column)?;
        Some((place.file, place.line, place.column))
    };
    assert_eq!(at(0, 2), Some(("/a.ts".to_owned(), 0, 0)));
    assert_eq!(at(0, 9), Some(("/a.ts".to_owned(), 2, 4)));
    assert_eq!(at(1, 9), None, "a line without mappings has none");
    assert_eq!(at(2, 4), Some(("/b.ts".to_owned(), 0, 0)));
    assert_eq!(at(2, 7), Some(("/b.ts".to_owned(), 2, 4)));
    assert_eq!(maps.notes(), [""; 0]);
}

#[test]
fn maps_may_be_kept_apart() {
    let dir = scratch("apart");
    let text = json!({ "version": 3, "file": "other.js", "sources": ["webpack://shop/./src/session.ts"],
        "names": ["Session"], "mappings": MAPPINGS });
    lay(&dir, &[("maps/assets/server.mjs.map", &text.to_string()), ("one.map", &text.to_string())]);
    for (given, script) in [
        ("maps", "/gone/app/assets/server.mjs"),
        ("maps", "https://cdn.example/x/assets/server.mjs?v=2"),
        ("maps/assets", "https://cdn.example/server.mjs"),
        ("maps/assets/server.mjs.map", "/gone/server.mjs"),
        ("one.map", "/gone/other.js"),
    ] {
        let maps = Maps::new(&[dir.join(given)], None);
        let place = asked(&maps, Path::new(script), None);
        let place = place.unwrap_or_else(|| panic!("{given} {script} {:?}", maps.notes()));
        assert_eq!((place.file.as_str(), place.line), ("src/session.ts", 40));
        assert_eq!(place.name.as_deref(), Some("Session"));
    }
    let maps = Maps::new(&[dir.join("maps"), dir.join("none")], None);
    assert_eq!(asked(&maps, Path::new("/gone/client.js"), None), None);
    let notes = maps.notes();
    assert!(notes.len() == 1 && notes[0].contains("none"), "{notes:?}");
}

#[test]
fn what_is_wrong_with_a_map_is_a_note() {
    let deep = "[".repeat(100_000);
    let many =
        json!({ "sources": ["a"], "names": [], "mappings": ",".repeat(1 << 23) }).to_string();
    let names = format!("{{\"names\":[{}1],\"mappings\":\"\"}}", "1,".repeat(1 << 20));
    for (which, text, expected) in [
        ("text", "no map", "it is no source map"),
        ("list", "[]", "it is no source map"),
        ("empty", "", "it is no source map"),
        ("bare", "{}", "it has no mappings"),
        ("deep", &deep, "it is no source map"),
        ("number", r#"{"sources":["a"],"mappings":"AAAA,gggggggggggggA"}"#, "too long"),
        ("source", r#"{"sources":["a"],"mappings":"ACAA"}"#, "bad reference to source"),
        ("digits", r#"{"sources":["a"],"mappings":"AAAA,é"}"#, ""),
        ("many", &many, "too many places"),
        ("names", &names, "too long"),
        ("section", r#"{"sections":[{"offset":{"line":-1,"column":0}}]}"#, "no source map"),
        (
            "inner",
            r#"{"sections":[{"offset":{"line":0,"column":0},"map":{"sections":[]}}]}"#,
            "no mappings",
        ),
    ] {
        let dir = scratch(which);
        lay(&dir, &[("dist/server.mjs.map", text)]);
        let maps = Maps::new(&[], None);
        assert_eq!(asked(&maps, &dir.join("dist/server.mjs"), None), None, "{which}");
        let notes = maps.notes();
        assert_eq!(notes.len(), 1, "{which}: {notes:?}");
        assert!(notes[0].contains("server.mjs.map") && notes[0].contains(expected), "{notes:?}");
        assert_eq!(asked(&maps, &dir.join("dist/server.mjs"), None), None, "{which}");
        assert_eq!(maps.notes().len(), 1, "it is looked for once");
    }
}

#[test]
fn a_huge_map_is_a_note() {
    let dir = scratch("huge");
    let file = dir.join("server.mjs.map");
    std::fs::File::create(&file).unwrap().set_len(64_000_001).unwrap();
    let maps = Maps::new(&[], None);
    assert_eq!(asked(&maps, &dir.join("server.mjs"), None), None);
    assert!(maps.notes()[0].contains("a map may have 64.0 MB"), "{:?}", maps.notes());
}

#[cfg(unix)]
#[test]
fn nothing_is_opened_outside_of_the_scripts_folder_and_those_given() {
    use std::os::unix::fs::symlink;
    let dir = scratch("outside");
    let text = map("../src/session.ts").to_string();
    lay(&dir, &[("maps/a.map", &text), ("dist/x", "")]);
    symlink("../maps/a.map", dir.join("dist/linked.map")).unwrap();
    let outside = dir.join("maps/a.map").display().to_string();
    for said in ["../maps/a.map", "linked.map", &outside, &format!("file://{outside}")] {
        let maps = Maps::new(&[], None);
        assert_eq!(asked(&maps, &dir.join("dist/server.mjs"), Some(said)), None, "{said}");
        assert!(maps.notes()[0].contains("outside of the script's folder"), "{:?}", maps.notes());
    }
    let maps = Maps::new(&[dir.join("maps")], None);
    assert!(asked(&maps, &dir.join("dist/server.mjs"), Some("../maps/a.map")).is_some());
    assert_eq!(maps.notes(), [""; 0]);
    for said in
        ["https://cdn.example/a.map", "//cdn.example/a.map", "file://cdn.example/a.map", "dist"]
    {
        let maps = Maps::new(&[], None);
        assert_eq!(asked(&maps, &dir.join("dist/server.mjs"), Some(said)), None, "{said}");
        assert_eq!(maps.notes(), [""; 0], "{said}");
    }
    // A pipe would wait for ever.
    let pipe = dir.join("dist/server.mjs.map");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let maps = Maps::new(&[], None);
    assert_eq!(asked(&maps, &dir.join("dist/server.mjs"), None), None);
    assert!(maps.notes()[0].contains("it is no file"), "{:?}", maps.notes());
}

#[test]
fn nothing_is_opened_outside_of_the_folders_that_it_is_confined_to() {
    let dir = scratch("confined");
    lay(
        &dir,
        &[
            ("app/a.js", "//# sourceMappingURL=a.map"),
            ("app/a.map", &map("src/session.ts").to_string()),
            ("other/b.js", "//# sourceMappingURL=b.map"),
            ("other/b.map", &map("src/session.ts").to_string()),
            ("app/node_modules/undici/package.json", r#"{"version":"6.21.0"}"#),
        ],
    );
    let [app, other] = ["app", "other"].map(|folder| dir.join(folder));
    let is_found = |maps: &Maps, script: &Path| asked(maps, script, None).is_some();
    let confined = Maps::new(&[], None).confined_to(std::slice::from_ref(&app));
    assert!(is_found(&confined, &app.join("a.js")) && !is_found(&confined, &other.join("b.js")));
    assert!(confined.notes().is_empty(), "what lies elsewhere looks as if it were not there");
    // What is given is meant.
    let given =
        Maps::new(std::slice::from_ref(&other), None).confined_to(std::slice::from_ref(&app));
    assert!(is_found(&given, &other.join("b.js")));
    let package = app.join("node_modules/undici").display().to_string();
    let version = |to: &Path| {
        let maps = Maps::new(&[], None).confined_to(&[to.to_owned()]);
        maps.manifest(&package).version
    };
    assert_eq!((version(&app).as_deref(), version(&other)), (Some("6.21.0"), None));
}
