//! Names that somebody planted in a heap stay names in every format.

use crate::sample::{HOSTILE, all, in_format, renamed};
use heapdiff::report::Report;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;
use std::sync::OnceLock;

fn reports() -> &'static [(&'static str, Report)] {
    static REPORTS: OnceLock<Vec<(&'static str, Report)>> = OnceLock::new();
    REPORTS.get_or_init(|| {
        let reports: Vec<_> = HOSTILE.into_iter().map(|name| (name, renamed(name))).collect();
        for (name, report) in &reports {
            let finding = &report.answer.findings[0];
            assert_eq!(finding.class.as_ref().unwrap().to_string_lossy(), *name);
            assert!(!finding.locations.is_empty() && finding.container.is_some());
        }
        reports
    })
}

/// Whether a file may be called so.
fn is_plain(name: &str) -> bool {
    heapdiff::text::visible(name) == name
}

#[test]
fn no_format_but_json_has_a_control_or_an_invisible_character() {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for (name, report) in reports() {
        for (extension, text) in all(report).into_iter().skip(2) {
            let own = |c: char| c == '\n' || (c == '\t' && extension == "tsv");
            let found = text.chars().find(|c| steers(*c) && !own(*c));
            assert_eq!(found, None, "{extension} of {name:?}");
        }
        for line in in_format(report, "ndjson").lines() {
            assert!(serde_json::from_str::<Value>(line).unwrap()["type"].is_string());
        }
    }
}

/// What the Markdown is made of: the tags of HTML, and how often each element occurs.
fn elements(markdown: &str) -> (Vec<String>, Vec<String>) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let (mut tags, mut elements) = (Vec::new(), Vec::new());
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let parts = html.split_inclusive('>').map(str::trim);
                let parts = parts.map(|p| p[p.find('<').unwrap_or(p.len())..].to_owned());
                tags.extend(parts.filter(|p| !p.is_empty() && !p.contains("code>")));
            }
            Event::Start(Tag::CodeBlock(_)) => elements.push("code".to_owned()),
            Event::Start(tag) => elements.push(format!("{tag:?}")),
            Event::Rule | Event::HardBreak => elements.push(format!("{event:?}")),
            _ => {}
        }
    }
    (tags, elements)
}

#[test]
fn markdown_has_the_same_elements_whatever_the_names() {
    let tame = elements(&in_format(&renamed("ordinary"), "md"));
    assert!(tame.1.iter().any(|e| e == "TableCell"), "{tame:?}");
    for tag in &tame.0 {
        let own =
            ["<!-- heapdiff -->", "<details>", "<summary>", "</summary>", "</details>", "<br>"];
        assert!(own.contains(&tag.as_str()), "{tag}");
    }
    for (name, report) in reports() {
        let text = in_format(report, "md");
        assert_eq!(elements(&text), tame, "{name:?} in\n{text}");
        assert!(text.starts_with("<!-- heapdiff -->\n"), "{text}");
        let prose = prose(&text);
        assert!(!prose.contains("@someone") && !prose.contains("#1 "), "{prose}");
    }
}

/// The text outside of code: GitHub looks for mentions and links there.
fn prose(markdown: &str) -> String {
    let mut code = false;
    let mut out = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::InlineHtml(html) | Event::Html(html) if html.contains("code>") => {
                code = html.rfind("<code>") > html.rfind("</code>");
            }
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(text) if !code => out.push_str(&text),
            _ => {}
        }
    }
    assert!(out.contains("Piling up"), "{markdown}");
    out
}

#[test]
fn markdown_shows_a_hostile_name_as_it_is() {
    for (name, report) in reports() {
        let text = in_format(report, "md");
        let parser = Parser::new_ext(&text, Options::ENABLE_TABLES);
        let shown: String = parser
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.to_string()),
                _ => None,
            })
            .collect();
        let visible = heapdiff::text::visible(name);
        assert!(shown.contains(&format!("delta({visible}) > 0")), "{visible} is not in {shown}");
    }
}

#[test]
fn github_sees_no_command_but_ours() {
    for (name, report) in reports() {
        let text = in_format(report, "github");
        let mut lines = text.lines();
        assert!(lines.next().unwrap().starts_with("heapdiff: LEAK LIKELY, heap "), "{text}");
        let commands: Vec<&str> = lines.collect();
        assert!(commands.len() >= 2 && commands.len() <= 10, "{text}");
        for line in commands {
            let (head, message) = line[2..].split_once("::").unwrap();
            let (command, properties) = head.split_once(' ').unwrap();
            assert!(["error", "warning"].contains(&command), "{name:?}: {line}");
            let names: Vec<&str> =
                properties.split(',').map(|p| p.split_once('=').unwrap().0).collect();
            let place = ["title", "file", "line", "col"];
            assert_eq!(names, if is_plain(name) { &place[..] } else { &place[..1] }, "{line}");
            assert!(!properties.contains(':') && !message.is_empty());
            for text in [properties, message] {
                let codes = ["%25", "%0D", "%0A", "%3A", "%2C"];
                let ours = |at: usize| codes.iter().any(|code| text[at..].starts_with(code));
                assert!(text.match_indices('%').all(|(at, _)| ours(at)), "{line}");
            }
        }
    }
}

#[test]
fn junit_is_well_formed_and_keeps_the_names() {
    for (name, report) in reports() {
        let text = in_format(report, "xml");
        let xml = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{name:?}: {e}"));
        let cases: Vec<_> = xml.descendants().filter(|n| n.has_tag_name("testcase")).collect();
        let [case] = cases[..] else { panic!("{text}") };
        let visible = heapdiff::text::visible(name).replace('\u{fffe}', "\u{fffd}");
        assert_eq!(case.attribute("name"), Some(&*format!("delta({visible}) > 0")));
        let children: Vec<_> = case.children().filter(roxmltree::Node::is_element).collect();
        assert!(children.len() == 1 && children[0].has_tag_name("failure"), "{text}");
    }
}

#[test]
fn a_spreadsheet_gets_no_formula() {
    for (name, report) in reports() {
        for (extension, delimiter) in [("csv", b','), ("tsv", b'\t')] {
            let text = in_format(report, extension);
            let mut reader =
                csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), report.classes.len(), "{name:?}");
            for row in &rows {
                assert_eq!(row.len(), 19);
                let active = |cell: &str| cell.trim_start().starts_with(['=', '+', '-', '@']);
                assert!(!active(&row[0]) && !active(&row[1]), "{row:?}");
            }
            let visible = heapdiff::text::visible(name).into_owned();
            let first = heapdiff::text::without_commands(visible.clone());
            let shown = |cell: &str| [&*visible, &first].contains(&cell.trim_start_matches('\''));
            assert!(rows.iter().any(|row| shown(&row[0])), "{text}");
        }
    }
}

#[test]
fn sarif_has_what_the_standard_asks_for() {
    for (name, report) in reports() {
        let log: Value = serde_json::from_str(&in_format(report, "sarif")).unwrap();
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(run["tool"]["driver"]["name"], "heapdiff");
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 1 + report.answer.findings.len());
        for result in results {
            let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            let message = result["message"]["text"].as_str().unwrap();
            assert!(!message.is_empty() && !message.contains("]("), "{message}");
            assert!(
                result["partialFingerprints"].as_object().is_some_and(|known| known.len() == 1)
            );
        }
        let place = &results[1]["locations"][0]["physicalLocation"];
        assert_eq!(place.is_object(), is_plain(name), "{name:?}");
        if place.is_null() {
            continue;
        }
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        let plain = |c: char| c.is_ascii_alphanumeric() || "%/.-_~".contains(c);
        assert!(uri.ends_with(".cjs") && uri.chars().all(plain), "{name:?}: {uri}");
        assert!(place["region"]["startLine"].as_u64() > Some(0));
    }
}

#[test]
fn gauges_have_one_line_each_and_end_with_eof() {
    for (name, report) in reports() {
        let text = in_format(report, "prom");
        assert!(text.ends_with("# EOF\n"));
        let mut seen = std::collections::HashSet::new();
        for line in text.lines().filter(|line| !line.starts_with("# ")) {
            assert!(line.starts_with("heapdiff_"), "{name:?}: {line}");
            let (series, value) = line.rsplit_once(' ').unwrap();
            value.parse::<f64>().unwrap();
            assert!(seen.insert(series), "{series} occurs twice");
            let bare = series.replace("\\\\", "").replace("\\\"", "").replace("\\n", "");
            assert!(!bare.contains('\\') && bare.matches('"').count() % 2 == 0, "{series}");
        }
    }
}

#[test]
fn an_agent_reads_names_in_quotes_after_known_words() {
    let words = "heapdiff truncated verdict heap gates broken ignored fact piles-up suspect way next fix whose grower \
                 note left-out";
    for (name, report) in reports() {
        for line in in_format(report, "agent").lines() {
            let (word, rest) = line.split_once(": ").unwrap();
            assert!(words.split_whitespace().any(|w| w == word), "{name:?}: {line}");
            let bare = rest.replace("\\\\", "").replace("\\\"", "");
            let outside: String = bare.split('"').step_by(2).collect();
            assert!(!outside.contains("evil") && !outside.contains("pwned"), "{line}");
        }
    }
}
