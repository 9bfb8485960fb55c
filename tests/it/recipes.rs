//! The recipes in docs/recipes.md: they are the files in examples/ci, and they fail what leaks.

use crate::fixtures::scratch;
use std::path::{Path, PathBuf};
use std::process::Command;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_page_shows_the_files() {
    let page = std::fs::read_to_string(file("docs/recipes.md")).unwrap();
    for name in ["heap.mjs", "node.test.mjs", "vitest.test.mjs", "jest.test.mjs"] {
        let code = std::fs::read_to_string(file("examples/ci").join(name)).unwrap();
        let block = format!("```js\n{code}```\n");
        assert!(page.contains(&block), "docs/recipes.md does not show examples/ci/{name} as it is");
    }
}

/// Runs the recipe for `node:test` with this server: whether it passes, what it tells, and how many
/// files it keeps. Nothing where there is no Node.js.
fn node(server: &str) -> Option<(bool, String, usize)> {
    if Command::new("node").arg("--version").output().is_err() {
        eprintln!("Node.js is not on the PATH: the recipe is not run");
        return None;
    }
    let dir = scratch(&format!("recipe-{server}"));
    for name in ["heap.mjs", "node.test.mjs"] {
        std::fs::copy(file("examples/ci").join(name), dir.join(name)).unwrap();
    }
    std::fs::copy(file("examples/ci").join(server), dir.join("server.mjs")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_heapdiff")).parent().unwrap().to_owned();
    let known = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([program].into_iter().chain(std::env::split_paths(&known)));
    let run = Command::new("node")
        .args(["--test", "node.test.mjs"])
        .env("PATH", path.unwrap())
        .env_remove("HEAPDIFF_KEEP")
        .env_remove("NODE_TEST_CONTEXT")
        .env_remove("FORCE_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .current_dir(&dir)
        .output()
        .unwrap();
    let told = [run.stdout, run.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    let kept = std::fs::read_dir(dir.join("heapdiff-failed")).unwrap();
    let kept = kept.map(|check| std::fs::read_dir(check.unwrap().path()).unwrap().count()).sum();
    let _ = std::fs::remove_dir_all(dir);
    Some((run.status.success(), told.concat(), kept))
}

#[test]
fn a_leaking_server_fails_the_test_and_the_report_says_why() {
    let Some((passed, told, kept)) = node("server.mjs") else { return };
    assert!(!passed && kept == 2, "{kept} files: {told}");
    let first = told.split_once("error: ").unwrap().1.lines().find(|line| line.len() > 3);
    assert!(first.unwrap().contains("LEAK LIKELY   heap "), "{first:?}: {told}");
    assert!(told.contains("the snapshots are in /") && told.contains("heapdiff-failed"), "{told}");
    for reason in ["✗ heap.delta > 10MB", "LEAK LIKELY", "Session", "500 → 5,500 entries"] {
        assert!(told.contains(reason), "{reason} is missing: {told}");
    }
}

#[test]
fn the_fixed_server_passes() {
    let Some((passed, told, kept)) = node("server.fixed.mjs") else { return };
    assert!(passed && kept == 0, "{kept} files: {told}");
}
