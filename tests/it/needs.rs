//! What a report holds beside the answer is computed where something shows it, and nowhere else; and
//! the answer is the same with and without.

use crate::fixtures::{pairs, snapshot};
use heapdiff::compare::compare;
use heapdiff::pair::Pair;
use heapdiff::report::{Need, Options, Report};
use std::path::Path;

const NEEDS: [Need; 4] = [
    Need::NOTHING,
    Need { figures: true, chains: false },
    Need { figures: false, chains: true },
    Need::ALL,
];

fn reported(pair: &Path, need: Need, by_id: Option<bool>) -> Report {
    let files = Pair::new("before", "after").map(|which| snapshot(pair, which));
    let options = Options { need, by_id, ..Options::default() };
    compare(files.as_ref().map(std::path::PathBuf::as_path), &[], &options).unwrap()
}

#[test]
fn the_answer_does_not_depend_on_what_else_is_shown() {
    for pair in pairs() {
        for by_id in [None, Some(false)] {
            let whole = reported(&pair, Need::ALL, by_id);
            let mut told = reported(&pair, Need::NOTHING, by_id);
            assert!(told.chains.is_empty() && !whole.chains.is_empty(), "{pair:?}");
            told.chains.clone_from(&whole.chains);
            for (told, whole) in told.classes.iter_mut().zip(&whole.classes) {
                assert_eq!([told.before.retained, told.after.retained], [None, None]);
                assert_eq!([told.before.distance, told.after.distance], [None, None]);
                assert_eq!(
                    (told.before.count, told.after.shallow),
                    (whole.before.count, whole.after.shallow)
                );
                (told.before, told.after) = (whole.before, whole.after);
            }
            let json = |report| serde_json::to_string(report).unwrap();
            assert_eq!(json(&told), json(&whole), "{pair:?} {by_id:?}");
        }
    }
}

#[test]
fn figures_and_chains_are_there_where_they_are_needed() {
    let pair = &pairs()[0];
    let whole = reported(pair, Need::ALL, None);
    for need in NEEDS {
        let report = reported(pair, need, None);
        assert_eq!(report.chains.len(), if need.chains { whole.chains.len() } else { 0 });
        for (row, same) in report.classes.iter().zip(&whole.classes) {
            let figures = need.figures.then_some((same.before, same.after));
            assert_eq!(row.before.retained, figures.and_then(|(before, _)| before.retained));
            assert_eq!(row.after.distance, figures.and_then(|(_, after)| after.distance));
        }
    }
    let [nothing, figures, chains, all] = NEEDS;
    assert_eq!((nothing.and(nothing), figures.and(chains), all.and(nothing)), (nothing, all, all));
}
