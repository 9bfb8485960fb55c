//! Any two graphs of one process: every question that can be asked of the newer one is answered or
//! refused, for any id and any name, and nothing in an answer is obeyed by a terminal.
#![no_main]

use heapdiff::explore::{Answer, By, Explorer, Extent, Filter, Order, Page, Pattern, Wanted};
use heapdiff::glob::Glob;
use heapdiff::render::{View, answer_agent, answer_json, answer_text};
use heapdiff::{ExploreOptions, Result, Source};
use heapdiff_fuzz::{arbitrary_pair, file, one_line, tame};
use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut data = Unstructured::new(data);
    let Ok((before, after)) = arbitrary_pair(&mut data) else { return };
    let (before, after) = (file("before", &before.write()), file("after", &after.write()));
    let older: Option<Source> = data.arbitrary().unwrap_or(true).then(|| before.as_path().into());
    let options = ExploreOptions {
        show_strings: data.arbitrary().unwrap_or(true),
        ..ExploreOptions::default()
    };
    let heap = Explorer::open(after.as_path(), older, options).expect("a sound file is read");
    let id = u64::from(data.arbitrary::<u16>().unwrap_or(3));
    let name = data.arbitrary::<&str>().unwrap_or("*");
    for answer in answers(&heap, id, name) {
        match answer {
            Ok(answer) => told(&heap, answer),
            Err(refused) => one_line(&refused),
        }
    }
});

fn answers(heap: &Explorer, id: u64, name: &str) -> Vec<Result<Answer>> {
    let (page, extent) = (Page { from: id % 3, limit: 9 }, Extent { depth: 5, breadth: 3 });
    let all = Filter { class: Glob::new("*"), age: None, conditions: Vec::new() };
    let named = Filter { class: Glob::new(name), age: Some(Wanted::New), conditions: Vec::new() };
    let list = |list: Result<_>| list.map(|list| Answer::List(Box::new(list)));
    vec![
        heap.summary(5).map(|it| Answer::Summary(Box::new(it))),
        heap.show(id, page, id.is_multiple_of(2)).map(|it| Answer::Show(Box::new(it))),
        heap.retainers(id, extent, id.is_multiple_of(3), true)
            .map(|it| Answer::Retainers(Box::new(it))),
        heap.paths(id, 9).map(|it| Answer::Path(Box::new(it))),
        heap.inside(id, extent).map(|it| Answer::Inside(Box::new(it))),
        heap.inside_class(&Glob::new("*"), extent).map(|it| Answer::Inside(Box::new(it))),
        list(heap.list(&all, Order::Retained, page)),
        list(heap.list(&named, Order::Id, page)),
        list(heap.group(&all, &By::Field(name.to_owned()), page)),
        list(heap.group(&all, &By::Shape, page)),
        list(heap.common(&named, page)),
        heap.strings(&Pattern::glob(name), false, page).map(|it| Answer::Strings(Box::new(it))),
        heap.strings(&Pattern::copies(), true, page).map(|it| Answer::Strings(Box::new(it))),
    ]
}

fn told(heap: &Explorer, answer: Answer) {
    let reply = heap.reply(answer);
    for width in [None, Some(40)] {
        tame(&answer_text(&reply, &View { width, ..View::plain(None) }));
    }
    let agent = answer_agent(&reply);
    assert!(agent.len() <= 4_000, "{}", agent.len());
    tame(&agent);
    let json = answer_json(&reply).expect("an answer can be written");
    let _: serde_json::Value = serde_json::from_str(&json).expect("an answer is JSON");
}
