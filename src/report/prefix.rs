//! An answer in, what the paths in it have in common out.

use super::Answer;
use crate::objects::Owner;

/// Of Windows too.
const SLASHES: [char; 2] = ['/', '\\'];

/// The folder that all the program's own scripts in an answer lie in, with its last slash;
/// libraries and the runtime do not count.
pub(super) fn common_prefix(answer: &Answer) -> String {
    let steps = answer.suspects.iter().flat_map(|s| &s.ways).flat_map(|c| &c.steps);
    let places = steps.filter_map(|s| s.location.as_ref());
    let places = places.chain(answer.containers.iter().filter_map(|c| c.location.as_ref()));
    // What a bundler calls by its path in the project has nothing before that.
    let is_whole = |file: &str| file.starts_with(SLASHES) || file.contains(':');
    let places = places.filter(|p| p.compiled.is_none() || is_whole(&p.file.to_string_lossy()));
    let files = places.map(|p| p.file.to_string_lossy());
    let files = files.map(|f| f.strip_prefix("file://").map_or(f.clone(), str::to_owned));
    let own = files.filter(|f| Owner::of(f) == Owner::Program && f.contains(SLASHES));
    own.map(|file| folder(&file))
        .reduce(|a, b| {
            let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
            let common: String = a.chars().take(same).collect();
            folder(&common)
        })
        .unwrap_or_default()
}

fn folder(file: &str) -> String {
    file.rfind(SLASHES).map_or(String::new(), |at| file[..=at].to_owned())
}
