//! docs/patterns.md shows the examples of the patterns as they are, one section each. That they leak and do not leak
//! is tried by tests/live/patterns/run.

use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn every_section_shows_its_example_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/patterns.md")).unwrap();
    let sections: BTreeMap<&str, &str> =
        page.split("\n## ").skip(1).map(|section| section.split_once('\n').unwrap()).collect();
    let mut named = Vec::new();
    for file in std::fs::read_dir(root.join("examples/patterns")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "run" {
            continue;
        }
        let language = if path.extension().unwrap() == "html" { "html" } else { "js" };
        let code = std::fs::read_to_string(&path).unwrap();
        let block = format!("```{language}\n{code}```\n");
        let section = sections.get(&*name).unwrap_or_else(|| panic!("no section {name}"));
        assert!(section.contains(&block), "docs/patterns.md does not show {}", path.display());
        named.push(name);
    }
    named.sort_unstable();
    assert_eq!(named, sections.into_keys().collect::<Vec<_>>());
}
