//! The arrays of a file that say which function reads which variable in, the scopes of its scripts out.
//! V8 writes them from 14.7 on. They are read when somebody asks, and nothing else needs them.
//!
//! ```text
//!   scopes              script_node_index, scope_id, depth, scope_context_vars_count, scope_uses_count
//!   scope_context_vars  name                           so many for each scope, in its order
//!   scope_uses          declaring_scope_id, slot_index the same: which variable of which scope is read
//! ```

use super::Tables;
use super::around::{first, further_on};
use super::meta::Layout;
use super::sections::Cursor;
use crate::error::{Error, Result};
use crate::ids::{NodeIdx, StrIdx};
use crate::input::Input;
use serde::Deserialize;
use std::ops::Range;

/// The scopes of all scripts, as a tree: functions, blocks, classes.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    pub list: Vec<Scope>,
    /// Names of variables; each scope has a stretch.
    pub variables: Vec<StrIdx>,
    /// What is read; each scope has a stretch.
    pub uses: Vec<Use>,
}

/// One scope.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub script: NodeIdx,
    /// Its number in its script.
    pub number: i64,
    /// The scope that it lies in, by its place in the list.
    pub parent: Option<u32>,
    pub variables: Range<usize>,
    pub uses: Range<usize>,
}

/// A variable that is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    /// The scope that declares it, by its number in the same script.
    pub scope: i64,
    /// Its place among the variables of that scope.
    pub slot: i64,
}

#[derive(Deserialize)]
struct Header {
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    scope_fields: Option<Vec<String>>,
    scope_context_var_fields: Option<Vec<String>>,
    scope_use_fields: Option<Vec<String>>,
}

const NAMES: [&[u8]; 3] = [b"scopes", b"scope_context_vars", b"scope_uses"];
const SCOPE: [&str; 5] =
    ["script_node_index", "scope_id", "depth", "scope_context_vars_count", "scope_uses_count"];
const VARIABLE: [&str; 1] = ["name"];
const USE: [&str; 2] = ["declaring_scope_id", "slot_index"];
/// Fields of a row.
const MOST_FIELDS: usize = 64;

impl Scopes {
    /// Reads the scopes of a file; `None` if it has none, or is cut off, which loses them.
    ///
    /// # Errors
    /// `Damaged` with the byte offset if anything in them is inconsistent.
    pub(crate) fn read(tables: &Tables) -> Result<Option<Self>> {
        if tables.truncated.is_some() {
            return Ok(None);
        }
        let input = tables.strings.input();
        let header = &input.bytes()[tables.header.clone()];
        let Ok(Header { meta }) = serde_json::from_slice(header) else { return Ok(None) };
        let (Some(scopes), Some(variables), Some(uses)) =
            (meta.scope_fields, meta.scope_context_var_fields, meta.scope_use_fields)
        else {
            return Ok(None);
        };
        let Some([scope_array, variable_array, use_array]) = arrays(input)? else {
            return Ok(None);
        };
        let layout = Layout::read(header, tables.header.start)?;
        let bytes = input.bytes();
        let list = rows(bytes, &scope_array, (&scopes, SCOPE), "the scopes")?;
        let names = rows(bytes, &variable_array, (&variables, VARIABLE), "the scopes' variables")?;
        let uses = rows(bytes, &use_array, (&uses, USE), "the scopes' uses")?;
        let strings = tables.strings.len() as u64;
        if let Some([name]) =
            names.iter().find(|[name]| u64::try_from(*name).map_or(true, |n| n >= strings))
        {
            let what = format!("the scopes' variables: there is no string {name}");
            return Err(Error::damaged(variable_array.start, what));
        }
        let found = Self {
            list: tree(&list, (layout.node.width, tables.nodes.len()), (names.len(), uses.len()))
                .map_err(|what| {
                Error::damaged(scope_array.start, format!("the scopes: {what}"))
            })?,
            variables: names.into_iter().map(|[name]| StrIdx(name as u32)).collect(),
            uses: uses.into_iter().map(|[scope, slot]| Use { scope, slot }).collect(),
        };
        Ok(Some(found))
    }
}

/// Where the three arrays lie, if all of them are there.
fn arrays(input: &Input) -> Result<Option<[Range<usize>; 3]>> {
    let bytes = input.bytes();
    let begin = first(bytes);
    arrays_at(input, begin).or_else(|error| match further_on(bytes) {
        Some(begin) => arrays_at(input, begin),
        None => Err(error),
    })
}

fn arrays_at(input: &Input, begin: usize) -> Result<Option<[Range<usize>; 3]>> {
    let mut at = Cursor { bytes: input.bytes(), at: begin };
    at.expect(b'{', "a snapshot is one JSON object")?;
    let mut found: [Option<Range<usize>>; 3] = [None, None, None];
    loop {
        let key = at.string("the name of a member")?;
        at.expect(b':', "a colon belongs after a member's name")?;
        let name = &at.bytes[key.start + 1..key.end - 1];
        match NAMES.iter().position(|known| *known == name) {
            Some(place) => found[place] = Some(at.value(None)?.range),
            None => drop(at.value(None)?),
        }
        if !at.accept(b',') {
            break;
        }
    }
    let [scopes, variables, uses] = found;
    Ok(scopes.zip(variables).zip(uses).map(|((scopes, variables), uses)| [scopes, variables, uses]))
}

/// Some columns of an array. There are negative numbers: those of the scope of a script, and of a module.
fn rows<const N: usize>(
    bytes: &[u8],
    array: &Range<usize>,
    (fields, wanted): (&[String], [&str; N]),
    what: &'static str,
) -> Result<Vec<[i64; N]>> {
    let damaged = |at: usize, why: &str| Error::damaged(at, format!("{what}: {why}"));
    let mut columns = [0; N];
    for (column, name) in columns.iter_mut().zip(wanted) {
        let found = fields.iter().take(MOST_FIELDS).position(|field| field == name);
        let lacks = || damaged(array.start, &format!("the header lacks their field \"{name}\""));
        *column = found.ok_or_else(lacks)?;
    }
    let mut at = Cursor { bytes: &bytes[..array.end], at: array.start };
    at.expect(b'[', "an array belongs here")?;
    let mut rows = Vec::new();
    if at.accept(b']') {
        return Ok(rows);
    }
    let mut row = [0; N];
    for column in (0..fields.len()).cycle() {
        let value = number(&mut at).ok_or_else(|| damaged(at.at, NUMBER))?;
        for (cell, _) in row.iter_mut().zip(columns).filter(|(_, wanted)| *wanted == column) {
            *cell = value;
        }
        let last = column + 1 == fields.len();
        if last {
            rows.push(row);
        }
        if !at.accept(b',') {
            at.expect(b']', "a comma or the end of the array belongs here")?;
            return if last { Ok(rows) } else { Err(damaged(at.at, "the last row is cut")) };
        }
    }
    Ok(rows)
}

const NUMBER: &str = "a whole number of 32 bits belongs here";

/// The next number.
fn number(at: &mut Cursor<'_>) -> Option<i64> {
    const DIGITS: usize = 11;
    at.skip_space();
    let rest = &at.bytes[at.at..];
    let of_number = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
    let length = rest.iter().take(DIGITS + 1).take_while(|byte| of_number(byte)).count();
    let value: i64 = std::str::from_utf8(&rest[..length]).ok()?.parse().ok()?;
    at.at += length;
    (length <= DIGITS && value.unsigned_abs() <= u64::from(u32::MAX)).then_some(value)
}

/// The scopes of some rows, where there are nodes of so many numbers and so many of them, and so many
/// variables and uses.
fn tree(
    rows: &[[i64; 5]],
    (width, nodes): (usize, usize),
    (variables, uses): (usize, usize),
) -> std::result::Result<Vec<Scope>, String> {
    let mut list: Vec<Scope> = Vec::with_capacity(rows.len());
    // The scopes that the last one lies in, and itself.
    let mut open: Vec<u32> = Vec::new();
    let (mut variable, mut used) = (0, 0);
    for (at, [script, number, depth, variables, uses]) in (0..).zip(rows) {
        let whole = |n: &i64| {
            usize::try_from(*n)
                .map_err(|_| format!("{n} of scope {number} is no number of anything"))
        };
        let index = whole(script)?;
        if index % width != 0 || index / width >= nodes {
            return Err(format!("no node starts at {script}"));
        }
        let script = NodeIdx::from_at(index / width);
        if list.last().is_some_and(|last| last.script != script) {
            open.clear();
        }
        let depth = whole(depth)?;
        if depth > open.len() {
            return Err(format!("scope {number} lies in none, at depth {depth}"));
        }
        open.truncate(depth);
        let parent = open.last().copied();
        open.push(at);
        let (variables, uses) = (variable..variable + whole(variables)?, used..used + whole(uses)?);
        (variable, used) = (variables.end, uses.end);
        list.push(Scope { script, number: *number, parent, variables, uses });
    }
    match (variable, used) == (variables, uses) {
        true => Ok(list),
        false => Err(format!(
            "they count {variable} variables and {used} uses, and there are {variables} and {uses}"
        )),
    }
}
