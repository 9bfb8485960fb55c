//! Any text where a condition belongs: it is one, or it is told what is wrong with it and where.
#![no_main]

use heapdiff::gate::Condition;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Condition::parse(text, "here") {
        Ok(condition) => {
            assert_eq!(condition.text, text);
            assert_eq!(Condition::parse(&condition.text, "here"), Ok(condition));
        }
        Err(mistake) => {
            assert!(text.get(mistake.at.clone()).is_some(), "{:?}", mistake.at);
            let hint = mistake.hint.map_or_else(|| "none".into(), |hint| hint.to_string());
            for told in [mistake.what, hint] {
                assert!(!told.is_empty() && !told.chars().any(char::is_control), "{told:?}");
            }
        }
    }
});
