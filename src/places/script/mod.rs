//! A script's text in, where what is called so in it stands out: the names of functions and classes, and
//! the declarations of variables.

mod brackets;
mod outline;
mod tokens;

use super::Variable;
use outline::{Of, Outline, Span};
use tokens::is_of_name;

/// Variables that nobody declares.
const IMPLICIT: [&str; 7] =
    ["this", "arguments", "exports", "require", "module", "__filename", "__dirname"];
/// Bytes between two that are counted up to.
const STEP: usize = 512;

/// A script that has been read.
#[derive(Debug)]
pub(super) struct Script {
    text: Vec<u8>,
    is_ascii: bool,
    /// Where lines begin.
    lines: Vec<u32>,
    /// UTF-16 code units before every [`STEP`]th byte.
    units: Vec<u32>,
    outline: Outline,
}

/// Line and column, from 0; columns in UTF-16 code units.
pub(super) type Position = (u32, u32);

/// Where a variable is declared.
pub(super) struct Declared {
    /// Its declarations.
    pub at: Vec<Position>,
    /// All that it can be seen from.
    pub within: (Position, Position),
    pub scope: u32,
}

impl Script {
    /// None of a text that is stranger than any script.
    pub(super) fn of(text: Vec<u8>) -> Option<Self> {
        let outline = Outline::of(&text)?;
        let mut lines = vec![0];
        let mut units = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0_u32;
        for (at, byte) in text.iter().enumerate() {
            if at % STEP == 0 {
                units.push(count);
            }
            count += units_of(*byte);
            let is_end = match byte {
                b'\n' => true,
                b'\r' => text.get(at + 1) != Some(&b'\n'),
                // U+2028 and U+2029.
                0xa8 | 0xa9 => at >= 2 && text[at - 2..at] == [0xe2, 0x80],
                _ => false,
            };
            if is_end {
                lines.push(at as u32 + 1);
            }
        }
        let is_ascii = text.is_ascii();
        Some(Self { text, is_ascii, lines, units, outline })
    }

    /// Where the name of the function or class stands that a runtime says is at a place, if it is called
    /// so there.
    pub(super) fn called(&self, place: Position, name: &str) -> Option<Position> {
        let at = self.offset(place)?;
        let functions = &self.outline.functions;
        let first = functions.partition_point(|(start, _)| *start < at);
        let mut named = functions[first..].iter().take_while(|(start, _)| *start == at);
        named.find(|(_, span)| self.is(*span, name)).map(|(_, span)| self.position(span.at))
    }

    /// Where a variable is declared; none where several may be meant.
    pub(super) fn variable(&self, asked: &Variable<'_>) -> Option<Declared> {
        let mut scope = self.scope(self.offset(asked.function)?)?;
        let begun = self.outline.scopes[scope as usize];
        if !asked.inside && begun.kind == Of::Function {
            scope = begun.parent;
        }
        let mut found = None;
        loop {
            let declares = !self.declared(scope, asked.name).is_empty()
                && asked.beside.iter().all(|other| self.has(scope, other));
            if declares && found.replace(scope).is_some() {
                return None;
            }
            if scope == 0 {
                break;
            }
            scope = self.outline.scopes[scope as usize].parent;
        }
        let scope = found?;
        let whole = self.outline.scopes[scope as usize];
        let declared = self.declared(scope, asked.name).iter();
        Some(Declared {
            at: declared.map(|(_, span)| self.position(span.at)).collect(),
            within: (self.position(whole.start), self.position(whole.end)),
            scope,
        })
    }

    /// Whether a place that a map tells of is one where a variable is meant.
    pub(super) fn refers(&self, place: Position, variable: &Declared, name: &str) -> bool {
        let Some(at) = self.offset(place) else { return false };
        let span = Span { at, end: at.saturating_add(name.len() as u32) };
        let byte = |at: Option<usize>| at.and_then(|at| self.text.get(at)).copied().unwrap_or(0);
        let before = byte((at as usize).checked_sub(1));
        let is_whole = !is_of_name(before) && !is_of_name(byte(Some(span.end as usize)));
        if !is_whole || matches!(before, b'.') || !self.is(span, name) {
            return false;
        }
        let behind = self.text[span.end as usize..].iter().find(|b| !b.is_ascii_whitespace());
        // What has a colon behind it may be the name of a member.
        if matches!(behind, Some(b':')) {
            return false;
        }
        let mut scope = self.around(at);
        while scope != variable.scope {
            if scope == 0 || !self.declared(scope, name).is_empty() {
                return false;
            }
            scope = self.outline.scopes[scope as usize].parent;
        }
        true
    }

    fn is(&self, span: Span, name: &str) -> bool {
        self.text.get(span.at as usize..span.end as usize) == Some(name.as_bytes())
    }

    /// Whether a scope has a variable of a name. Those that have no declaration may be anywhere.
    fn has(&self, scope: u32, name: &str) -> bool {
        let is_implicit = IMPLICIT.contains(&name) || !name.bytes().all(is_of_name);
        is_implicit || !self.declared(scope, name).is_empty()
    }

    fn declared(&self, scope: u32, name: &str) -> &[(u32, Span)] {
        let key = |(of, span): &(u32, Span)| (*of, span.of(&self.text));
        let wanted = (scope, name.as_bytes());
        let all = &self.outline.declared;
        let first = all.partition_point(|one| key(one) < wanted);
        let end = all.partition_point(|one| key(one) <= wanted);
        &all[first..end]
    }

    /// The innermost scope that has a byte in it.
    fn around(&self, at: u32) -> u32 {
        let scopes = &self.outline.scopes;
        let mut scope = scopes.partition_point(|scope| scope.start <= at).saturating_sub(1) as u32;
        while scope != 0 && scopes[scope as usize].end <= at {
            scope = scopes[scope as usize].parent;
        }
        scope
    }

    /// The scope of the function or class that begins at a byte.
    fn scope(&self, at: u32) -> Option<u32> {
        if at == 0 {
            return Some(0);
        }
        let scope = self.around(at);
        let found = self.outline.scopes.get(scope as usize)?;
        (found.start == at && found.kind != Of::Block).then_some(scope)
    }

    /// The code units before a byte.
    fn units_before(&self, at: u32) -> u32 {
        let step = (at as usize / STEP).min(self.units.len().saturating_sub(1));
        let rest = self.text.get(step * STEP..at as usize).unwrap_or_default();
        self.units.get(step).copied().unwrap_or(0) + rest.iter().map(|b| units_of(*b)).sum::<u32>()
    }

    fn position(&self, at: u32) -> Position {
        let line = self.lines.partition_point(|start| *start <= at).saturating_sub(1);
        (line as u32, self.units_before(at) - self.units_before(self.lines[line]))
    }

    fn offset(&self, (line, column): Position) -> Option<u32> {
        let start = *self.lines.get(line as usize)?;
        if self.is_ascii {
            let end = self.lines.get(line as usize + 1).map_or(self.text.len() as u32, |end| *end);
            return start.checked_add(column).filter(|at| *at <= end);
        }
        let end = self.lines.get(line as usize + 1).map_or(self.text.len(), |end| *end as usize);
        let wanted = self.units_before(start).checked_add(column)?;
        let step = self.units.partition_point(|units| *units <= wanted).saturating_sub(1);
        let from = (step * STEP).max(start as usize);
        let mut units = self.units_before(from as u32);
        for (at, byte) in self.text[..end].iter().enumerate().skip(from) {
            let is_first = byte & 0xc0 != 0x80;
            if is_first && units >= wanted {
                return (units == wanted).then_some(at as u32);
            }
            units += units_of(*byte);
        }
        (units == wanted).then_some(end as u32)
    }
}

/// UTF-16 code units of the character that a byte begins.
const fn units_of(byte: u8) -> u32 {
    (byte & 0xc0 != 0x80) as u32 + (byte >= 0xf0) as u32
}
