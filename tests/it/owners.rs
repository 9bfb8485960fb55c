//! Two snapshots of a program with packages in; whose what leaks is, and the first place that is the
//! program's, out: in every format.

use crate::cli::{files, program, report, shown};
use crate::fixtures::scratch;
use crate::layouts::{GLOBAL, array, closure, script};
use crate::source_maps_found::{lay, map};
use heapdiff::pair::Pair;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Where the program's and the package's scripts lie.
struct Scripts<'a> {
    program: &'a str,
    package: &'a str,
}

const SCRIPTS: Scripts<'static> =
    Scripts { program: "/app/server.mjs", package: "/app/node_modules/undici/lib/pool.js" };

/// `pool._handlers`: an Array of functions, of a Pool of the package; `pool` is a variable of a function
/// written at `holder`, and the functions are written at `filler`.
fn heap(scripts: &Scripts<'_>, holder: &str, filler: &str, functions: usize) -> String {
    let of_package = closure("request", "request", "none", "8:9:1");
    let handler = |i: usize| format!("h{i}");
    let handlers: String = (0..functions)
        .map(|i| {
            closure(&format!("h{i}"), "onData", &format!("c{i}"), filler)
                + &format!("c{i} -<row>-> r{i}:Array(900)\n")
        })
        .collect();
    format!(
        "{GLOBAL}g -main-> main\n{}g -request-> request\n{of_package}{}{}
         ctx -<pool>-> pool:Pool(40)@8:2:4 -_handlers-> a:Array(32)\n{}{handlers}",
        closure("main", "main", "ctx", holder),
        script(7, scripts.program),
        script(8, scripts.package),
        array("a", 0..functions, handler),
    )
}

fn pair(name: &str, scripts: &Scripts<'_>, holder: &str, filler: &str) -> Pair<PathBuf> {
    let [before, after] = [3, 103].map(|n| heap(scripts, holder, filler, n));
    files(name, &before, &after)
}

fn finding(pair: &Pair<PathBuf>) -> Value {
    report(&pair.before, &pair.after, &[])["findings"][0].clone()
}

/// A folder with a program and a package, and a pair of snapshots of it.
fn installed(name: &str, package: &str) -> (PathBuf, Pair<PathBuf>) {
    let dir = scratch(name);
    lay(&dir, &[("server.mjs", ""), ("node_modules/undici/package.json", package)]);
    let path = |below: &str| dir.join(below).display().to_string();
    let (program, package) = (path("server.mjs"), path("node_modules/undici/lib/pool.js"));
    let scripts = Scripts { program: &program, package: &package };
    let pair = pair(&format!("{name}-heaps"), &scripts, "7:1:2", "7:40:4");
    (dir, pair)
}

const MANIFEST: &str = r#"{"name":"undici","version":"6.21.0"}"#;

#[test]
fn what_a_dependency_holds_is_told_with_the_first_place_that_is_the_programs() {
    let (dir, pair) = installed("dependency", MANIFEST);
    let finding = finding(&pair);
    let by = &finding["held_by"];
    assert_eq!(by["owner"], "package");
    assert_eq!(by["package"], serde_json::json!({ "name": "undici", "version": "6.21.0" }));
    assert_eq!(by["location"]["line"], 3);
    assert_eq!(finding["own"]["part"], "filled_from");
    assert_eq!(finding["own"]["location"], finding["locations"][0]);
    assert_eq!(finding["locations"][0]["line"], 41);
    assert_eq!(finding["dependency_only"], false);
    let told = "held by undici 6.21.0 (dependency), filled from server.mjs:41:5 (yours)";
    for (format, told) in [
        ("text", told),
        ("github", told),
        ("sarif", told),
        ("junit", told),
        ("html", &format!("H{}", &told[1..])),
        (
            "agent",
            "held by \"undici 6.21.0\" (dependency), filled from \"server.mjs:41:5\" (yours)",
        ),
        ("markdown", "held by `undici 6.21.0` (dependency), filled from `server.mjs:41:5` (yours)"),
    ] {
        let mut program = program();
        program.env("GITHUB_WORKSPACE", &dir).args([&pair.before, &pair.after]);
        let out = program.args(["--format", format]).output().unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(text.contains(told), "{format}: {text}");
        let place = match format {
            "github" => "file=server.mjs,line=41,col=5",
            "sarif" => "\"uri\": \"server.mjs\"",
            _ => "",
        };
        assert!(text.contains(place), "{format}: {text}");
    }
    let text = shown([&pair.before, &pair.after]);
    assert!(text.contains("undici@6.21.0 lib/pool.js:3:5"), "{text}");
}

#[test]
fn where_only_the_file_is_the_programs_it_is_told() {
    let pair = pair("file-alone", &SCRIPTS, "7:1:2", "8:40:4");
    let finding = finding(&pair);
    assert_eq!(finding["own"]["part"], "leads");
    assert_eq!(finding["own"]["file"], "/app/server.mjs");
    assert!(finding["own"]["location"].is_null());
    assert_eq!(finding["dependency_only"], false);
    let text = shown([&pair.before, &pair.after]);
    assert!(text.contains("held by undici (dependency), reached from "), "{text}");
}

/// The same held by the runtime's loader, and nothing of the program on the way.
fn within(n: usize) -> String {
    let loader = closure("load", "load", "loaded", "9:1:2") + &script(9, "node:internal/load");
    let heap = heap(&SCRIPTS, "8:1:2", "8:40:4", n).replace("g -main->", "loaded -<main>->");
    format!("{loader}{heap}g -load-> load\n")
}

#[test]
fn a_leak_within_a_dependency_says_so_and_names_it() {
    let pair = files("within", &within(3), &within(103));
    let found = finding(&pair);
    assert_eq!(found["own"], Value::Null);
    assert_eq!(found["dependency_only"], true);
    let text = shown([&pair.before, &pair.after]);
    let told = "held by undici (dependency); nothing of yours is on the way: upgrade it, or report";
    assert!(text.contains(told), "{text}");
}

#[test]
fn what_the_program_holds_too_is_not_within_the_dependency() {
    let both = |n: usize| {
        let seen = array("seen", 0..n, |i| format!("h{i}"));
        let program = closure("see", "see", "sees", "7:60:2");
        format!("{}g -see-> see\n{program}sees -<seen>-> seen:Array(32)\n{seen}", within(n))
    };
    let pair = files("within-too", &both(3), &both(103));
    let report = report(&pair.before, &pair.after, &[]);
    assert_eq!(report["suspects"][0]["chains"].as_array().unwrap().len(), 2);
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|f| f["dependency_only"] == false), "{findings:?}");
}

#[test]
fn what_hangs_at_the_global_object_may_be_anybodys() {
    let global = |n| heap(&SCRIPTS, "8:1:2", "8:40:4", n).replace("ctx -<pool>->", "g -pool->");
    let pair = files("anybody", &global(3), &global(103));
    let finding = finding(&pair);
    assert_eq!(finding["held_by"]["owner"], "package");
    assert_eq!(finding["dependency_only"], false);
}

#[test]
fn what_the_program_holds_is_the_programs() {
    let scripts = Scripts { package: "/app/lib/pool.js", ..SCRIPTS };
    let pair = pair("of-program", &scripts, "7:1:2", "8:40:4");
    let finding = finding(&pair);
    assert_eq!(finding["held_by"]["owner"], "program");
    assert_eq!(finding["own"]["location"]["line"], 41);
    let text = shown([&pair.before, &pair.after]);
    let told = "held by lib/pool.js:3:5 (yours), filled from lib/pool.js:41:5 (yours)";
    assert!(text.contains(told), "{text}");
}

#[test]
fn a_bundle_has_the_names_of_its_packages_and_the_script_has_the_version() {
    let dir = scratch("bundled-package");
    let told = |source: &str, script: &str| {
        lay(&dir, &[(&format!("{script}.map"), &map(source).to_string())]);
        let path = dir.join(script).display().to_string();
        let scripts = Scripts { program: "/app/server.mjs", package: &path };
        let pair = pair("bundled-package-heaps", &scripts, "7:1:2", "7:40:4");
        finding(&pair)["held_by"]["package"].clone()
    };
    let manifest = r#"{"name":"undici","version":"7.0.0"}"#;
    lay(
        &dir,
        &[("node_modules/undici/package.json", manifest), ("node_modules/undici/dist/x", "")],
    );
    let named = |version: Option<&str>| serde_json::json!({ "name": "undici", "version": version });
    let webpack = "webpack://shop/node_modules/undici/lib/pool.js";
    assert_eq!(told(webpack, "server.mjs"), named(None));
    assert_eq!(told("node_modules/undici/lib/pool.js", "server.mjs"), named(None));
    let pnpm = "webpack://shop/node_modules/.pnpm/undici@6.0.1/node_modules/undici/lib/pool.js";
    assert_eq!(told(pnpm, "server.mjs"), named(Some("6.0.1")));
    assert_eq!(told("../src/pool.ts", "node_modules/undici/dist/pool.js"), named(Some("7.0.0")));
}

/// What is said of the package of a script that holds what leaks.
fn package(script: &Path) -> Value {
    let path = script.display().to_string();
    let scripts = Scripts { program: "/app/server.mjs", package: &path };
    finding(&pair("manifest-heaps", &scripts, "7:1:2", "7:40:4"))["held_by"]["package"].clone()
}

fn version(dir: &Path) -> Value {
    let package = package(&dir.join("node_modules/undici/lib/pool.js"));
    assert_eq!(package["name"], "undici");
    package["version"].clone()
}

#[test]
fn a_package_is_called_as_its_manifest_says_and_else_as_its_folder() {
    let dir = scratch("manifest");
    assert_eq!(version(&dir), Value::Null, "from another machine");
    let script = dir.join("node_modules/pool/lib/pool.js");
    lay(&dir, &[("node_modules/pool/package.json", MANIFEST)]);
    for script in [script.clone(), format!("file://{}", script.display()).into()] {
        let expected = serde_json::json!({ "name": "undici", "version": "6.21.0" });
        assert_eq!(package(&script), expected, "{}", script.display());
    }
}

#[test]
fn of_a_manifest_only_a_name_and_a_version_are_believed() {
    let deep = format!("{{\"version\":{}1{}}}", "[".repeat(9_999), "]".repeat(9_999));
    let long = format!(r#"{{"version":"1.{}"}}"#, "0".repeat(64));
    for text in [
        "",
        "no JSON",
        r#"{"version":6}"#,
        r#"{"version":["6.21.0"]}"#,
        r#"{"version":"latest"}"#,
        r#"{"version":"6.21.0\u001b[2J"}"#,
        r#"{"version":"6.21.0 (yours)"}"#,
        r#"{"name":"../x","version":null}"#,
        r#"{"name":"a b"}"#,
        r#"{"name":{"undici":1}}"#,
        &deep,
        &long,
    ] {
        let dir = scratch("believed");
        lay(&dir, &[("node_modules/undici/package.json", text)]);
        assert_eq!(version(&dir), Value::Null, "{:.60}", text);
    }
}

#[cfg(unix)]
#[test]
fn a_manifest_is_a_small_regular_file_in_its_packages_folder() {
    use std::os::unix::fs::symlink;
    let dir = scratch("regular");
    let file = dir.join("node_modules/undici/package.json");
    lay(&dir, &[("elsewhere.json", MANIFEST), ("node_modules/undici/lib/pool.js", "")]);
    symlink("../../elsewhere.json", &file).unwrap();
    assert_eq!(version(&dir), Value::Null, "a link out of the folder");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert_eq!(version(&dir), Value::Null, "a folder");
    std::fs::remove_dir(&file).unwrap();
    // A pipe would wait for ever.
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    assert_eq!(version(&dir), Value::Null, "a pipe");
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, format!("{MANIFEST}{}", " ".repeat(1_000_000))).unwrap();
    assert_eq!(version(&dir), Value::Null, "a megabyte");
    std::fs::write(&file, MANIFEST).unwrap();
    assert_eq!(version(&dir), "6.21.0");
}
