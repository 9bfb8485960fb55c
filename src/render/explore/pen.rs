//! Objects, names and rows in, lines out.

use super::tree::{Row, lines};
use crate::explore::{Held, MemberReport, Object, ValueReport};
use crate::render::paint::Paint;
use crate::render::safe::{fit, shown};
use crate::render::view::{View, prose};
use crate::report::answer::{Owner, Place, Role, WayStep};
use crate::report::{Key, StringFacts, key};
use crate::text::{Text, quoted, visible};
use crate::units::{count, counted, size};
use unicode_width::UnicodeWidthStr;

/// Columns of a name within a line.
const NAME: usize = 80;
/// Levels of a tree that are indented.
const DEEPEST: usize = 12;
/// Between two columns of a table.
const GAP: usize = 2;

/// Who reads an answer, and so how names stand there and how one asks for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// At a terminal.
    Person,
    /// A language model at a command line. Names stand in quotes.
    Agent,
    /// A language model that asks by tools, with arguments for options. Names stand in quotes.
    #[cfg(feature = "mcp")]
    Client,
}

/// Writes an answer.
pub(super) struct Pen<'a> {
    pub out: String,
    view: &'a View,
    paint: Paint<'a>,
    reader: Reader,
}

impl<'a> Pen<'a> {
    pub(super) const fn new(view: &'a View, paint: Paint<'a>, reader: Reader) -> Self {
        Self { out: String::new(), view, paint, reader }
    }

    /// Whether names stand in quotes: a language model reads them.
    pub(super) const fn quotes(&self) -> bool {
        !matches!(self.reader, Reader::Person)
    }

    /// What is asked for by an option, or by an argument of that name.
    pub(super) fn option(&self, option: &str) -> String {
        match self.reader {
            Reader::Person | Reader::Agent => format!("--{option}"),
            #[cfg(feature = "mcp")]
            Reader::Client => option.to_owned(),
        }
    }

    /// How to look at an object.
    pub(super) fn show(&self, file: &str, id: u64) -> String {
        match self.reader {
            Reader::Person | Reader::Agent => format!("heapdiff show {file} @{id}"),
            #[cfg(feature = "mcp")]
            Reader::Client => format!("show with id {id}"),
        }
    }

    /// A name from the heap.
    pub(super) fn name(&self, name: &Text) -> String {
        self.word(&shown(name))
    }

    /// The same of one that is a Rust string.
    pub(super) fn word(&self, name: &str) -> String {
        let name = fit(&visible(name), NAME);
        if self.quotes() { quoted(&name) } else { name }
    }

    /// A line, cut to the terminal's width.
    pub(super) fn line(&mut self, line: &str) {
        let line = line.trim_end();
        self.out += &self.view.width.map_or_else(|| line.to_owned(), |w| fit(line, w.max(20)));
        self.out.push('\n');
    }

    /// Prose, broken into lines.
    pub(super) fn prose(&mut self, text: &str, indent: usize) {
        for line in prose(text, indent, self.view) {
            self.out += &line;
            self.out.push('\n');
        }
    }

    pub(super) fn dim(&mut self, text: &str, indent: usize) {
        for line in prose(text, indent, self.view) {
            self.out += &self.paint.dim(&line);
            self.out.push('\n');
        }
    }

    pub(super) fn blank(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    pub(super) fn title(&mut self, title: &str) {
        self.blank();
        self.out += &self.paint.bold(title);
        self.out.push('\n');
    }

    /// A heading: bold, broken into lines, with the place where an object is written.
    pub(super) fn head(&mut self, text: &str, place: Option<&Place>) {
        let lines = prose(text, 0, self.view);
        let bold: Vec<String> = lines.iter().map(|line| self.paint.bold(line)).collect();
        self.out += &bold.join("\n");
        if let Some(place) = place {
            let at = self.at(place);
            let last = lines.last().map_or(0, |line| line.width());
            let fits = self.view.width.is_none_or(|w| last + 3 + at.width() <= w);
            self.out += if fits { "   " } else { "\n  " };
            self.out += &self.paint.place(&at, place);
        }
        self.out.push('\n');
    }

    /// Rows below each other, those of the columns in `right` to the right; the widest cells of the
    /// column `cut` are cut so that all fits. The first row may be titles.
    pub(super) fn rows(&mut self, rows: &[Vec<String>], right: &[usize], cut: usize) {
        if self.quotes() {
            return self.plain_rows(rows);
        }
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.width())
                .max()
                .unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns).map(width).collect();
        let all = widths.iter().sum::<usize>() + GAP * columns;
        if let Some(over) = self.view.width.and_then(|w| all.checked_sub(w.max(40)))
            && let Some(widest) = widths.get_mut(cut)
        {
            *widest = widest.saturating_sub(over).max(12);
        }
        for row in rows {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let cell = fit(cell, widths[column]);
                let pad = " ".repeat(widths[column].saturating_sub(cell.width()));
                line += &" ".repeat(GAP);
                line += &match right.contains(&column) {
                    true => pad + &cell,
                    false => cell + &pad,
                };
            }
            self.line(&line);
        }
    }

    /// The same for a language model, to which columns are but blanks: a sign stands for an empty cell.
    fn plain_rows(&mut self, rows: &[Vec<String>]) {
        for row in rows {
            let full = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
            let cells = row[..full].iter().map(|cell| if cell.is_empty() { "-" } else { cell });
            let gap = " ".repeat(GAP);
            self.line(&format!("{gap}{}", cells.collect::<Vec<_>>().join(&gap)));
        }
    }

    /// How many of how many are told, and how to see the next ones.
    pub(super) fn rest(&mut self, (from, told, total): (u64, u64, u64), what: &str) {
        let end = from.saturating_add(told);
        if total > 0 && from >= total {
            self.dim(&format!("there are only {}", count(total)), 2);
        } else if told < total {
            let more = if end < total { self.next_page(end) } else { String::new() };
            let first = count(if told == 0 { from } else { from + 1 });
            self.dim(&format!("{first} to {} of {} {what}{more}", count(end), count(total)), 2);
        }
    }

    /// How to go on. A client gets the next page with the word that ends its answer.
    fn next_page(&self, end: u64) -> String {
        match self.reader {
            Reader::Person | Reader::Agent => {
                format!("; --from {end} goes on, --limit 0 tells all")
            }
            #[cfg(feature = "mcp")]
            Reader::Client => String::new(),
        }
    }

    /// `server.mjs:6:32`; of a package its name and the path in it.
    pub(super) fn at(&self, place: &Place) -> String {
        let file = place.file.to_string_lossy();
        let last = |file: &str| file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let file = match place.owner {
            Owner::Package => place.in_package().unwrap_or_else(|| last(&file)),
            Owner::Runtime => file,
            // Who reads it cannot point at it, and has to open it by its path.
            _ if self.quotes() => file.strip_prefix("file://").unwrap_or(&file).to_owned(),
            _ => last(&file),
        };
        let at = format!("{}:{}:{}", visible(&file), place.line, place.column);
        if self.quotes() { quoted(&at) } else { at }
    }

    /// Rows of a tree.
    pub(super) fn tree(&mut self, rows: &[Row]) {
        if self.quotes() {
            for row in rows {
                let cells = [&row.label, &row.object, &row.says, &row.place];
                let cells = cells.into_iter().filter(|cell| !cell.is_empty());
                let gap = " ".repeat(GAP);
                let cells: Vec<&str> = cells.map(String::as_str).collect();
                self.line(&format!("{gap}{}", cells.join(&gap)));
            }
            return;
        }
        let columns = self.view.width.map_or(usize::MAX, |width| width.max(20));
        for line in lines(rows, columns) {
            self.line(&line);
        }
    }

    /// A way, a step a line, from where it begins for a reader.
    pub(super) fn way(&mut self, steps: &[WayStep]) {
        let mut rows = Vec::new();
        let first = steps.iter().position(|s| s.role != Role::Root).unwrap_or(0).saturating_sub(1);
        let above: u64 = steps.iter().take(first).map(|step| u64::from(step.times)).sum();
        if above > 0 {
            self.dim(&format!("… {} above", counted(above, "step", "steps")), GAP);
        }
        for (depth, step) in steps.iter().skip(first).enumerate() {
            let branch = match depth {
                0 => String::new(),
                _ => format!("{}└─ ", "   ".repeat((depth - 1).min(DEEPEST))),
            };
            let times = match step.times {
                0 | 1 => String::new(),
                times => format!(" × {}", count(u64::from(times))),
            };
            let what = match step.name.is_empty() {
                true => self.name(&step.class),
                false => format!("{}()", self.name(&step.name)),
            };
            rows.push(Row {
                label: format!("{branch}{}{times}", self.word(&step.label)),
                object: format!("{what} @{}", step.id),
                says: size(step.retained),
                says_less: String::new(),
                place: step.location.as_ref().map(|place| self.at(place)).unwrap_or_default(),
            });
        }
        self.tree(&rows);
    }

    /// `Session @79565`, `Map @4 (2 entries)`, `"ann"`, `true`.
    pub(super) fn object(&self, object: &Object) -> String {
        if let Some(literal) = &object.literal {
            let literal = self.name(literal);
            return match object.kind.as_str() {
                "symbol" => format!("Symbol({literal}) @{}", object.id),
                "regexp" => format!("/{literal}/ @{}", object.id),
                _ => literal,
            };
        }
        if let Some(string) = &object.string {
            return format!("{} @{}", self.string(string), object.id);
        }
        let entries = object
            .entries
            .map_or_else(String::new, |n| format!(" ({})", counted(n, "entry", "entries")));
        format!("{} @{}{entries}", self.class(object), object.id)
    }

    /// What an object is called: a function by its own name.
    pub(super) fn class(&self, object: &Object) -> String {
        let own = if object.name.is_empty() { &object.class } else { &object.name };
        let name = self.name(object.original.as_ref().unwrap_or(own));
        match object.name.is_empty() {
            false if object.kind == "closure" => format!("{name}()"),
            _ => name,
        }
    }

    /// A string: its value if it may be shown, or else what tells it from others.
    pub(super) fn string(&self, string: &StringFacts) -> String {
        match &string.value {
            Some(value) => quoted(&fit(&visible(&value.to_string_lossy()), NAME)),
            None => format!("string of {}, #{}", characters(string.length), string.hash),
        }
    }

    /// What a field is worth.
    pub(super) fn value(&self, value: &ValueReport) -> String {
        let names = |names: &Vec<Text>| {
            let names: Vec<String> = names.iter().map(|name| self.name(name)).collect();
            format!("{{{}}}", names.join(", "))
        };
        let string = value.string.as_ref().map(|string| self.string(string));
        let literal = || value.literal.as_ref().map(|literal| self.name(literal));
        let class = || value.class.as_ref().map(|class| self.name(class));
        let shape = || value.shape.as_ref().map(names);
        let place = || value.location.as_ref().map(|place| self.at(place));
        let said = string.or_else(literal).or_else(class).or_else(shape).or_else(place);
        said.unwrap_or_else(|| "nothing, or a number".into())
    }

    /// How an object has a member, as code would write it.
    pub(super) fn member(&self, held: Held, name: &Text, out: Option<u32>) -> String {
        let field = || match key(&name.to_string_lossy()) {
            Key::Plain(name) => format!(".{}", self.word(name)),
            Key::Symbol(name) => format!("[{}]", self.word(name)),
            Key::Text(name) if self.quotes() => format!("[{}]", self.word(name)),
            Key::Text(name) => format!("[\"{}\"]", self.word(name)),
        };
        let name = self.name(name);
        match held {
            Held::Field => field(),
            Held::Element => format!("[{name}]"),
            Held::Variable => match out {
                Some(out @ 1..) => format!("variable {name}, {} out", count(u64::from(out))),
                _ => format!("variable {name}"),
            },
            Held::Local => "local value".into(),
            Held::Entry => "entry".into(),
            Held::Item => "item".into(),
            Held::Internal => format!("<{name}>"),
        }
    }

    /// The row of a member: how, what, and what it retains.
    pub(super) fn member_row(&self, member: &MemberReport) -> Vec<String> {
        let mut what = match (&member.key, &member.value) {
            (Some(key), Some(value)) => format!("{} => {}", self.object(key), self.object(value)),
            (Some(key), None) if member.held == Held::Entry => {
                format!("{} => (a number)", self.object(key))
            }
            (None, Some(value)) if member.held == Held::Entry => {
                format!("(a number) => {}", self.object(value))
            }
            (Some(one), None) | (None, Some(one)) => self.object(one),
            (None, None) => String::new(),
        };
        if member.weak {
            what += " (weak)";
        }
        // What is one of a kind in a heap, such as true and null, weighs nothing here.
        let both = [&member.key, &member.value].into_iter().flatten();
        let weighed = both.filter(|object| object.literal.is_none());
        let retained = weighed.map(|object| object.retained).max();
        let retained = retained.filter(|bytes| *bytes > 0).map(size).unwrap_or_default();
        vec![self.member(member.held, &member.name, member.out), what, retained]
    }
}

/// A distance as DevTools counts.
pub(super) fn distance(distance: i32) -> String {
    match distance {
        ..0 => "unreached".to_owned(),
        far => format!("distance {}", steps(far)),
    }
}

/// How many steps: where only the engine holds something, DevTools counts from a hundred million.
pub(super) fn steps(distance: i32) -> String {
    const ENGINE: i32 = 100_000_000;
    match distance {
        ..0 => "-".to_owned(),
        ENGINE.. => format!("{} (engine)", distance - ENGINE),
        far => far.to_string(),
    }
}

/// Code units of a string that V8 writes: a longer one is cut off there.
const WRITTEN: u64 = 1024;

pub(super) fn characters(length: u64) -> String {
    match length {
        WRITTEN.. => format!("{} characters or more", count(WRITTEN)),
        _ => counted(length, "character", "characters"),
    }
}
