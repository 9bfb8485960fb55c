//! A summary in, its lines out: a section for each part that has anything.

use super::pen::{Pen, steps};
use crate::explore::{ClosureRow, CopiesRow, Object, Reply, Rows, Summary, Unread, WaitingRow};
use crate::render::safe::fit;
use crate::text::visible;
use crate::units::{count, counted, size};

/// Variables of a function that a row tells.
const VARIABLES: usize = 3;
/// Columns of a function beside its variables.
const FUNCTION: usize = 46;

pub(super) fn summary(summary: &Summary, reply: &Reply, pen: &mut Pen<'_>) {
    head(summary, reply, pen);
    dominators(summary, pen);
    classes(summary, pen);
    containers(summary, pen);
    copies(summary, pen);
    detached(summary, pen);
    closures(&summary.closures, pen);
    if let Some(unread) = &summary.unread {
        self::unread(unread, pen);
    }
    waiting(&summary.waiting, pen);
    listeners(summary, pen);
    timers(summary, pen);
    outside(summary, pen);
    kinds(summary, pen);
    if let Some(heaviest) = summary.dominators.rows.first() {
        pen.blank();
        let (file, id) = (visible(&reply.snapshot.path), heaviest.object.id);
        pen.line(&format!("next: {}", pen.show(&file, id)));
    }
}

fn head(summary: &Summary, reply: &Reply, pen: &mut Pen<'_>) {
    let objects = counted(summary.nodes, "object", "objects");
    let file = visible(&reply.snapshot.path);
    pen.head(&format!("{file}: {} in {objects}", size(summary.total_size)), None);
    let sums = &summary.statistics;
    let sums = [
        ("code", sums.code),
        ("strings", sums.strings),
        ("arrays", sums.js_arrays),
        ("system", sums.system),
        ("other objects", sums.other),
        ("native", sums.native),
    ];
    let told = sums.iter().filter(|(_, bytes)| *bytes > 0);
    let told: Vec<String> = told.map(|(what, bytes)| format!("{what} {}", size(*bytes))).collect();
    pen.prose(&told.join(", "), 2);
}

/// The rows of a section below its title, and how many more there are; nothing if there are none.
fn section(
    pen: &mut Pen<'_>,
    (title, what): (&str, [&str; 2]),
    (rows, total): (Vec<Vec<String>>, u64),
    (heads, right, cut): (&[&str], &[usize], usize),
) {
    if total == 0 {
        return;
    }
    pen.title(title);
    let told = rows.len() as u64;
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let all: Vec<Vec<String>> = [heads].into_iter().chain(rows).collect();
    if told > 0 {
        pen.rows(&all, right, cut);
    }
    if let Some(more) = total.checked_sub(told).filter(|more| *more > 0) {
        let [one, many] = what;
        let more = counted(more, &format!("more {one}"), &format!("more {many}"));
        pen.dim(&format!("{more} ({} tells all)", pen.option("limit 0")), 2);
    }
}

fn path(path: Option<&String>, pen: &Pen<'_>) -> String {
    path.map_or_else(String::new, |path| pen.word(path))
}

fn dominators(summary: &Summary, pen: &mut Pen<'_>) {
    let list = &summary.dominators;
    let row = |heavy: &crate::explore::Heavy| {
        let object = pen.object(&heavy.object);
        vec![size(heavy.object.retained), object, path(heavy.path.as_ref(), pen)]
    };
    let rows = list.rows.iter().map(row).collect();
    let what = ["object that retains others", "objects that retain others"];
    let heads: &[&str] = &["Retained", "What", "Held as"];
    section(pen, ("HEAVIEST OBJECTS", what), (rows, list.total), (heads, &[0], 2));
}

fn classes(summary: &Summary, pen: &mut Pen<'_>) {
    let told = usize::try_from(summary.limit).unwrap_or(usize::MAX);
    let compares = summary.classes.iter().any(|class| class.new.is_some());
    let row = |class: &crate::explore::ClassSummary| {
        let mut row =
            vec![pen.name(class.original.as_ref().unwrap_or(&class.name)), count(class.count)];
        if compares {
            row.push(class.new.map(count).unwrap_or_default());
        }
        row.extend([size(class.shallow), size(class.retained), steps(class.distance)]);
        row
    };
    let rows = summary.classes.iter().take(told).map(row).collect();
    let mut heads = vec!["Constructor", "Count", "Shallow", "Retained", "Distance"];
    if compares {
        heads.insert(2, "New");
    }
    let all = (rows, summary.classes.len() as u64);
    section(pen, ("CLASSES", ["class", "classes"]), all, (&heads, &[1, 2, 3, 4, 5], 0));
}

fn containers(summary: &Summary, pen: &mut Pen<'_>) {
    let list = &summary.containers;
    let row = |held: &crate::explore::Holding| {
        let what = object_without_entries(&held.object, pen);
        let path = path(held.path.as_ref(), pen);
        vec![count(held.entries), size(held.object.retained), what, path]
    };
    let rows = list.rows.iter().map(row).collect();
    let heads: &[&str] = &["Entries", "Retained", "Container", "Held as"];
    let title = ("CONTAINERS BY ENTRIES", ["container", "containers"]);
    section(pen, title, (rows, list.total), (heads, &[0, 1], 3));
}

/// An object whose entries stand beside it.
fn object_without_entries(object: &Object, pen: &Pen<'_>) -> String {
    format!("{} @{}", pen.class(object), object.id)
}

fn copies(summary: &Summary, pen: &mut Pen<'_>) {
    let list = &summary.copies.texts;
    let row = |copies: &CopiesRow| {
        let mark = if copies.cut { " *" } else { "" };
        let (saved, many) = (size(copies.saved), count(copies.count));
        let one = pen.object(&copies.object) + mark;
        vec![saved, many, one, path(copies.path.as_ref(), pen)]
    };
    let rows = list.rows.iter().map(row).collect();
    let heads: &[&str] = &["Saved", "Copies", "One of them", "Held as"];
    let title =
        format!("DUPLICATE STRINGS: one copy each would save {}", size(summary.copies.saved));
    section(pen, (&title, ["text", "texts"]), (rows, list.total), (heads, &[0, 1], 3));
    if list.rows.iter().any(|copies| copies.cut) {
        pen.dim("* of these the file has but the beginning; they may differ behind it", 2);
    }
}

fn detached(summary: &Summary, pen: &mut Pen<'_>) {
    let list = &summary.detached;
    let row = |row: &crate::explore::DetachedRow| {
        let heaviest = format!("@{}", row.object.id);
        let sizes = [count(row.count), size(row.retained)];
        let [many, retained] = sizes;
        vec![retained, many, pen.name(&row.class), heaviest, path(row.path.as_ref(), pen)]
    };
    let rows = list.rows.iter().map(row).collect();
    let heads: &[&str] = &["Retained", "Count", "Class", "Heaviest", "Held as"];
    let title = ("DETACHED DOM NODES", ["class", "classes"]);
    section(pen, title, (rows, list.total), (heads, &[0, 1], 4));
}

/// A function by its name, and where it is written.
fn function(object: &Object, pen: &Pen<'_>) -> String {
    let name = match object.name.is_empty() {
        true => "a function".to_owned(),
        false => pen.class(object),
    };
    match &object.location {
        Some(place) if pen.quotes() => format!("{name} @{} {}", object.id, pen.at(place)),
        Some(place) => format!("{name} {}", pen.at(place)),
        None => format!("{name} @{}", object.id),
    }
}

fn closures(list: &Rows<ClosureRow>, pen: &mut Pen<'_>) {
    let row = |row: &ClosureRow| {
        let variables = row.variables.rows.iter().take(VARIABLES);
        let variables = variables.map(|v| format!("{} {}", pen.name(&v.name), size(v.retained)));
        let mut variables: Vec<String> = variables.collect();
        let more = row.variables.total.saturating_sub(variables.len() as u64);
        if more > 0 {
            variables.push(format!("{} more", count(more)));
        }
        let more = match row.functions.saturating_sub(1) {
            0 => String::new(),
            more => format!(" and {} more", count(more)),
        };
        let who = fit(&function(&row.function, pen), FUNCTION - more.len().min(FUNCTION)) + &more;
        vec![size(row.retained), count(row.contexts), who, variables.join(", ")]
    };
    let rows = list.rows.iter().map(row).collect();
    let heads: &[&str] = &["Retained", "Contexts", "Functions that have them", "Variables"];
    let title = ("VARIABLES THAT CLOSURES KEEP", ["function's variables", "functions' variables"]);
    section(pen, title, (rows, list.total), (heads, &[0, 1], 3));
}

fn unread(unread: &Unread, pen: &mut Pen<'_>) {
    let list = &unread.variables;
    let row = |row: &crate::explore::UnreadRow| {
        let function = match row.declared_in.is_empty() {
            true => pen.name(&row.script),
            false => format!("{}() of {}", pen.name(&row.declared_in), pen.name(&row.script)),
        };
        let name = pen.name(&row.name);
        vec![size(row.retained), count(row.contexts), name, function, pen.object(&row.value)]
    };
    let rows = list.rows.iter().map(row).collect();
    let heads: &[&str] = &["Retained", "Contexts", "Variable", "Of", "Heaviest value"];
    let title = ("VARIABLES THAT NOBODY READS", ["variable", "variables"]);
    section(pen, title, (rows, list.total), (heads, &[0, 1], 3));
    if unread.skipped > 0 {
        let many = counted(unread.skipped, "context was", "contexts were");
        pen.dim(&format!("{many} not looked at: that would take too long"), 2);
    }
}

fn waiting(list: &Rows<WaitingRow>, pen: &mut Pen<'_>) {
    let row = |row: &WaitingRow| {
        let who = row.function.as_ref().map(|one| function(one, pen));
        let promise = format!("@{} {}", row.promise.id, path(row.path.as_ref(), pen));
        let who = who.unwrap_or_else(|| "other promises".into());
        vec![count(row.count), count(row.promises), who, promise]
    };
    let rows = list.rows.iter().map(row).collect();
    let heads: &[&str] = &["Waits", "Promises", "Who waits", "For"];
    section(
        pen,
        ("WAITING FOR PROMISES", ["function", "functions"]),
        (rows, list.total),
        (heads, &[0, 1], 3),
    );
}

fn listeners(summary: &Summary, pen: &mut Pen<'_>) {
    let list = &summary.listeners;
    let row = |row: &crate::explore::ListenerRow| {
        let most = format!("@{} {}", row.emitter.id, path(row.path.as_ref(), pen));
        let (many, emitters) = (count(row.listeners), count(row.emitters));
        vec![many, emitters, pen.name(&row.class), pen.name(&row.event), most]
    };
    let rows = list.rows.iter().map(row).collect();
    let heads: &[&str] = &["Listeners", "Emitters", "Emitter", "Event", "With most"];
    let title = ("LISTENERS", ["emitter and event", "emitters and events"]);
    section(pen, title, (rows, list.total), (heads, &[0, 1], 4));
}

fn timers(summary: &Summary, pen: &mut Pen<'_>) {
    let list = &summary.timers;
    let row = |row: &crate::explore::TimerRow| {
        vec![count(row.count), size(row.retained), function(&row.function, pen)]
    };
    let rows = list.rows.iter().map(row).collect();
    let heads: &[&str] = &["Timers", "Retained", "Calls"];
    section(pen, ("TIMERS", ["function", "functions"]), (rows, list.total), (heads, &[0, 1], 2));
}

fn outside(summary: &Summary, pen: &mut Pen<'_>) {
    let outside = &summary.outside;
    let sums = [
        ("array buffers", outside.array_buffers),
        ("external strings", outside.external_strings),
        ("beside all objects", outside.extra_native_bytes),
    ];
    let told = sums.iter().filter_map(|(what, bytes)| Some((what, bytes.filter(|b| *b > 0)?)));
    let told: Vec<String> = told.map(|(what, bytes)| format!("{what} {}", size(bytes))).collect();
    if !told.is_empty() {
        pen.title("NATIVE MEMORY");
        pen.prose(&told.join(", "), 2);
    }
}

fn kinds(summary: &Summary, pen: &mut Pen<'_>) {
    let row = |row: &crate::explore::KindRow| {
        vec![size(row.shallow), count(row.count), visible(&row.kind).into_owned()]
    };
    let rows: Vec<Vec<String>> = summary.kinds.iter().map(row).collect();
    let total = rows.len() as u64;
    let heads: &[&str] = &["Shallow", "Count", "Kind"];
    section(pen, ("KINDS", ["kind", "kinds"]), (rows, total), (heads, &[0, 1], 2));
}
