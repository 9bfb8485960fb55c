//! One object in, its lines out.

use super::pen::{Pen, distance};
use crate::explore::{Age, Change, Former, Object, Reply, Shown, Waiter};
use crate::text::visible;
use crate::units::{count, counted, size};

pub(super) fn show(shown: &Shown, reply: &Reply, pen: &mut Pen<'_>) {
    let object = &shown.object;
    pen.head(&pen.object(object), object.location.as_ref());
    let age = match shown.age {
        Some(Age::New) => ", new since the older snapshot",
        Some(Age::Survived) => ", in both snapshots",
        _ => "",
    };
    let far = distance(shown.distance);
    let own = if object.name.is_empty() { &object.class } else { &object.name };
    let called = object.original.as_ref().map(|_| format!(", {} in the script", pen.name(own)));
    let sizes = format!("{}, retains {}", size(object.shallow), size(object.retained));
    let called = called.unwrap_or_default();
    pen.prose(&format!("{} of {sizes}, {far}{age}{called}", visible(&object.kind)), 2);
    match &shown.path {
        Some(path) => pen.prose(&format!("held as {}", pen.word(path)), 2),
        None => pen.prose("nothing in the file leads to it", 2),
    }
    if let Some(dominator) = shown.dominator.as_ref().filter(|_| shown.path.is_some()) {
        pen.prose(&format!("only reached through {}", pen.object(dominator)), 2);
    }
    waiting(&shown.waiting, pen);
    members(shown, pen);
    if let (Some(former), Some(older)) = (&shown.former, &reply.older) {
        changes(former, shown, &visible(&older.path), pen);
    }
}

/// Who waits for a promise.
fn waiting(waiting: &[Waiter], pen: &mut Pen<'_>) {
    if waiting.is_empty() {
        return;
    }
    pen.title("WAITING FOR IT");
    let row = |waiter: &Waiter| {
        let place = waiter.function.as_ref().and_then(|function| function.location.as_ref());
        let function = waiter.function.as_ref().map(|function| pen.object(function));
        vec![
            format!("{} ×", count(waiter.count)),
            function.unwrap_or_else(|| "another promise".into()),
            place.map(|place| pen.at(place)).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = waiting.iter().map(row).collect();
    pen.rows(&rows, &[0], 1);
}

fn members(shown: &Shown, pen: &mut Pen<'_>) {
    let says_enough = shown.object.literal.is_some() || shown.object.string.is_some();
    if shown.total == 0 && (says_enough || !shown.waiting.is_empty()) {
        return;
    }
    pen.title(if shown.raw { "REFERENCES" } else { "WHAT IT HAS" });
    let rows: Vec<Vec<String>> = shown.members.iter().map(|m| pen.member_row(m)).collect();
    if shown.total == 0 {
        pen.dim("nothing that leaves a trace in the file (small integers do not)", 2);
    }
    pen.rows(&rows, &[2], 1);
    pen.rest((shown.from, shown.members.len() as u64, shown.total), "members");
    if shown.engine_references > 0 {
        let many = counted(shown.engine_references, "reference", "references");
        let raw = pen.option("raw");
        pen.dim(&format!("{many} of the engine not shown ({raw} shows all)"), 2);
    }
}

fn changes(former: &Former, shown: &Shown, older: &str, pen: &mut Pen<'_>) {
    pen.title(&format!("SINCE {older}"));
    let now = shown.object.retained;
    if former.retained != now {
        pen.prose(&format!("retained {} then, and {} now", size(former.retained), size(now)), 2);
    }
    let waiting: u64 = shown.waiting.iter().map(|waiter| waiter.count).sum();
    if former.waiting != waiting {
        let (then, now) = (count(former.waiting), count(waiting));
        pen.prose(&format!("{then} waited for it then, and {now} do now"), 2);
    }
    let lists = [("+", &former.added), ("-", &former.removed), ("~", &former.changed)];
    let mut rows = Vec::new();
    for (sign, list) in lists {
        rows.extend(list.iter().map(|change| row(sign, change, pen)));
    }
    rows.extend(former.grown.iter().map(|change| grown(change, pen)));
    if rows.is_empty() && former.waiting == waiting {
        pen.dim("nothing that it has is new, gone or another, and nothing retains more", 2);
    }
    pen.rows(&rows, &[], 1);
    if former.left_out > 0 {
        let more = counted(former.left_out, "more change", "more changes");
        pen.dim(&format!("{more} ({} tells all)", pen.option("limit 0")), 2);
    }
}

fn row(sign: &str, change: &Change, pen: &Pen<'_>) -> Vec<String> {
    let key = change.key.as_ref().map(|key| pen.object(key));
    let values = match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{} → {}", pen.object(before), pen.object(after)),
        (Some(one), None) | (None, Some(one)) => pen.object(one),
        (None, None) => String::new(),
    };
    let what = match key {
        Some(key) if values.is_empty() => key,
        Some(key) => format!("{key} => {values}"),
        None => values,
    };
    vec![format!("{sign} {}", pen.member(change.held, &change.name, None)), what]
}

/// What is the same and retains more.
fn grown(change: &Change, pen: &Pen<'_>) -> Vec<String> {
    let what = change.after.as_ref().map(|object| pen.object(object)).unwrap_or_default();
    let retained = |object: Option<&Object>| size(object.map_or(0, |object| object.retained));
    let (before, after) = (retained(change.before.as_ref()), retained(change.after.as_ref()));
    let name = pen.member(change.held, &change.name, None);
    vec![format!("  {name}"), format!("{what} retains {before} → {after}")]
}
