//! The name of a tool and its arguments in, a question out; and its answer.

use super::answers::{Place, Told};
use super::arguments::{
    self, Age, Diff, Inside, List, MORE, Path, Retainers, Show, Sort, Strings, Summary, Whole,
};
use crate::error::{Error, ErrorKind, Result};
use crate::explore::{Answer, By, Explorer, Extent, Filter, Order, Page, Pattern, Wanted};
use crate::glob::Glob;
use crate::render::answer_lines;
use rmcp::model::JsonObject;

/// A call of a tool.
#[derive(Debug)]
pub(super) struct Call {
    pub question: Question,
    /// Which page of the answer is wanted.
    pub place: Place,
    /// The question as text, by which its answer is known again.
    pub key: String,
}

#[derive(Debug)]
pub(super) enum Question {
    /// Of two snapshots, and perhaps others between them.
    Diff(Diff),
    /// Of one snapshot, and perhaps an older one.
    Heap(OfHeap),
}

/// What is asked of a heap.
#[derive(Debug)]
pub(super) enum OfHeap {
    Summary(Summary),
    Show(Show),
    Retainers(Retainers),
    Path(Path),
    Inside(Inside),
    List(List),
    Strings(Strings),
}

impl Call {
    /// What a tool is asked; `None` if there is no such tool.
    ///
    /// # Errors
    /// What is wrong with the arguments.
    pub(super) fn read(tool: &str, mut given: JsonObject) -> Option<Result<Self>> {
        let place = place(given.remove(MORE));
        let key = format!("{tool} {}", serde_json::Value::from(given.clone()));
        let question = Question::read(tool, given)?.map_err(|what| usage(&what));
        Some(question.and_then(|question| Ok(Self { question, place: place?, key })))
    }
}

/// Where a page begins.
fn place(more: Option<serde_json::Value>) -> Result<Place> {
    match more {
        None | Some(serde_json::Value::Null) => Ok(Place::default()),
        Some(word) => word.as_str().and_then(Place::read).ok_or_else(|| {
            usage("more is the word that ends a page, such as 40:0")
                .with_hint("leave it out for the first page")
        }),
    }
}

impl Question {
    fn read(tool: &str, given: JsonObject) -> Option<std::result::Result<Self, String>> {
        let of_heap = match tool {
            "diff" => return Some(arguments::read(given).map(Self::Diff)),
            "summary" => arguments::read(given).map(OfHeap::Summary),
            "show" => arguments::read(given).map(OfHeap::Show),
            "retainers" => arguments::read(given).map(OfHeap::Retainers),
            "path" => arguments::read(given).map(OfHeap::Path),
            "inside" => arguments::read(given).map(OfHeap::Inside),
            "list" => arguments::read(given).map(OfHeap::List),
            "strings" => arguments::read(given).map(OfHeap::Strings),
            _ => return None,
        };
        Some(of_heap.map(Self::Heap))
    }
}

impl OfHeap {
    /// The names of the snapshot, and of an older one.
    pub(super) fn files(&self) -> (&str, Option<&str>) {
        let (file, older) = match self {
            Self::Summary(Summary { file, older, .. })
            | Self::Show(Show { file, older, .. })
            | Self::Retainers(Retainers { file, older, .. })
            | Self::Path(Path { file, older, .. })
            | Self::Inside(Inside { file, older, .. })
            | Self::List(List { file, older, .. })
            | Self::Strings(Strings { file, older, .. }) => (file, older),
        };
        (file, older.as_deref())
    }

    /// The answer, from some row on. Where values of strings are hidden, nobody can ask for a part of one: a
    /// part more with each question would tell the whole.
    ///
    /// # Errors
    /// As of the questions of an [`Explorer`]; `Usage` for arguments that do not fit together.
    pub(super) fn ask(&self, heap: &Explorer, from: u64, hides: bool) -> Result<Told> {
        let answer = match self {
            Self::Summary(Summary { limit, .. }) => {
                Answer::Summary(Box::new(heap.summary(all(*limit, 10))?))
            }
            Self::Show(Show { id: Whole(id), raw, limit, .. }) => {
                Answer::Show(Box::new(heap.show(*id, page(from, *limit), *raw)?))
            }
            Self::Retainers(asked) => {
                let Retainers { id: Whole(id), distance, dominators, depth, breadth, .. } = asked;
                let extent = extent((*depth, 4), (*breadth, 4));
                Answer::Retainers(Box::new(heap.retainers(*id, extent, *distance, *dominators)?))
            }
            Self::Path(Path { id: Whole(id), ways, .. }) => {
                Answer::Path(Box::new(heap.paths(*id, ways.map_or(3, |ways| ways.0))?))
            }
            Self::Inside(asked) => inside(asked, heap)?,
            Self::List(asked) => list(asked, heap, from, hides)?,
            Self::Strings(asked) => strings(asked, heap, from, hides)?,
        };
        let next = next_row(&answer);
        Ok(Told { lines: answer_lines(&heap.reply(answer)), next })
    }
}

fn inside(asked: &Inside, heap: &Explorer) -> Result<Answer> {
    let Inside { id, class, depth, breadth, .. } = asked;
    let extent = extent((*depth, 3), (*breadth, 6));
    let inside = match (id, class) {
        (Some(Whole(id)), None) => heap.inside(*id, extent)?,
        (None, Some(class)) => heap.inside_class(&Glob::new(class), extent)?,
        _ => return Err(usage("give either an id or a class")),
    };
    Ok(Answer::Inside(Box::new(inside)))
}

fn list(asked: &List, heap: &Explorer, from: u64, hides: bool) -> Result<Answer> {
    let List { class, age, conditions, sort, by, shape, common, limit, .. } = asked;
    if usize::from(by.is_some()) + usize::from(*shape) + usize::from(*common) > 1 {
        return Err(usage("give one of by, shape and common"));
    }
    let condition = |text: &String| match text.split_once('=') {
        Some((field, value)) if !field.is_empty() => {
            let value = Glob::new(value);
            if hides {
                whole(&value)?
            }
            Ok((field.to_owned(), value))
        }
        _ => Err(usage("where is a list of FIELD=VALUE, such as state=open")),
    };
    let conditions = conditions.iter().map(condition).collect::<Result<_>>()?;
    let age = age.map(|age| match age {
        Age::New => Wanted::New,
        Age::Survived => Wanted::Survived,
        Age::Gone => Wanted::Gone,
    });
    let filter = Filter { class: Glob::new(class), age, conditions };
    let order = match sort {
        None | Some(Sort::Retained) => Order::Retained,
        Some(Sort::Shallow) => Order::Shallow,
        Some(Sort::Id) => Order::Id,
    };
    let page = page(from, *limit);
    let by = by.clone().map(By::Field).or_else(|| shape.then_some(By::Shape));
    let list = match by {
        Some(by) => heap.group(&filter, &by, page),
        None if *common => heap.common(&filter, page),
        None => heap.list(&filter, order, page),
    };
    Ok(Answer::List(Box::new(list?)))
}

fn strings(asked: &Strings, heap: &Explorer, from: u64, hides: bool) -> Result<Answer> {
    let Strings { text, glob, regex, new, limit, .. } = asked;
    let glob = glob.as_ref().map(|glob| Glob::new(glob));
    match (text, &glob, regex) {
        (None, None, None) => {}
        (None, Some(glob), None) if hides => whole(glob)?,
        (Some(_), None, None) | (None, None, Some(_)) if hides => return Err(hidden()),
        _ => {}
    }
    let pattern = match (text, glob, regex) {
        (None, None, None) => Pattern::copies(),
        (Some(text), None, None) => Pattern::text(text),
        (None, Some(glob), None) => Pattern::glob(&glob.text()),
        (None, None, Some(regex)) => Pattern::regex(regex)?,
        _ => return Err(usage("give one of text, glob and regex")),
    };
    Ok(Answer::Strings(Box::new(heap.strings(&pattern, *new, page(from, *limit))?)))
}

/// Lets through a whole value, or any.
fn whole(value: &Glob) -> Result<()> {
    if value.is_plain() || value.text() == "*" { Ok(()) } else { Err(hidden()) }
}

fn hidden() -> Error {
    usage("values of strings are hidden here: parts of them cannot be asked for")
        .with_hint("give a whole value, or * for any; or ask the user to start the server so that it shows strings")
}

fn usage(what: &str) -> Error {
    Error::new(ErrorKind::Usage, what)
}

/// 0 stands for all.
fn all(limit: Option<Whole>, usual: u64) -> u64 {
    match limit {
        Some(Whole(0)) => u64::MAX,
        limit => limit.map_or(usual, |limit| limit.0),
    }
}

/// How far and how broad, and what is usual.
fn extent(depth: (Option<Whole>, u32), breadth: (Option<Whole>, u64)) -> Extent {
    let far = |depth: Whole| u32::try_from(depth.0).unwrap_or(u32::MAX);
    Extent {
        depth: depth.0.map_or(depth.1, far),
        breadth: breadth.0.map_or(breadth.1, |breadth| breadth.0),
    }
}

fn page(from: u64, limit: Option<Whole>) -> Page {
    Page { from, limit: all(limit, 40) }
}

/// The row behind those that an answer tells, if there is one.
fn next_row(answer: &Answer) -> Option<u64> {
    let (from, told, total) = match answer {
        Answer::Show(shown) => (shown.from, shown.members.len(), shown.total),
        Answer::Strings(strings) => (strings.from, strings.rows.len(), strings.total),
        Answer::List(list) => match (&list.groups, &list.common) {
            (Some(groups), _) => (list.from, groups.len(), list.groups_total),
            (None, Some(common)) => (list.from, common.len(), list.common_total),
            (None, None) => (list.from, list.rows.len(), list.total),
        },
        Answer::Summary(_) | Answer::Retainers(_) | Answer::Path(_) | Answer::Inside(_) => {
            return None;
        }
    };
    let next = from.saturating_add(told as u64);
    (told > 0 && next < total).then_some(next)
}
