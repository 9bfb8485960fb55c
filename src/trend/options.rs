//! What is asked for in words in, what the logs are searched for out.

use super::read::{Chosen, Wanted, unit};
use super::sample::{Kind, Says};
use std::collections::BTreeMap;

/// How logs are read.
#[derive(Debug, Clone, Default)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct TrendOptions {
    /// Fields to take, where their names do not tell what they are.
    pub fields: Vec<FieldChoice>,
    /// The field of the load that memory is held against.
    pub per: Option<String>,
    /// Seconds between two samples, where the logs have no times.
    pub interval: Option<f64>,
    /// Bytes that the heap may have, whatever the logs tell.
    pub heap_limit: Option<u64>,
    /// The same of RSS.
    pub rss_limit: Option<u64>,
}

/// A field, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChoice {
    says: Says,
    name: String,
    unit: Option<f64>,
}

impl FieldChoice {
    /// Reads `KIND=NAME` or `KIND=NAME:UNIT`: `heap=mem.used:kB`. What follows the last colon is the unit.
    ///
    /// # Errors
    /// If it is none, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (kind, name) =
            text.split_once('=').ok_or("KIND=NAME belongs here, such as heap=mem.used:kB")?;
        let kinds = Kind::ALL.map(|kind| (kind.id(), Says::Memory(kind)));
        let limits = [("heap_limit", Says::HeapLimit), ("rss_limit", Says::GroupLimit)];
        let all = kinds.into_iter().chain(limits);
        let names: Vec<&str> = all.clone().map(|(name, _)| name).collect();
        let says = all.into_iter().find(|(name, _)| *name == kind);
        let (_, says) = says.ok_or_else(|| format!("KIND is one of {}", names.join(", ")))?;
        let (name, unit) = match name.rsplit_once(':') {
            Some((name, text)) => (name, Some(unit(text).ok_or_else(|| no_unit(text))?)),
            None => (name, None),
        };
        if name.is_empty() {
            return Err("the name of the field is missing".into());
        }
        Ok(Self { says, name: name.into(), unit })
    }
}

fn no_unit(text: &str) -> String {
    let units = "one of B, kB, MB and GB belongs behind the last colon";
    format!("{text} is no unit: {units}, also of a name that has colons itself")
}

impl TrendOptions {
    /// What the fields say that were named, and the names of all that say it.
    pub(super) fn named(&self) -> BTreeMap<Says, Vec<&str>> {
        let mut named: BTreeMap<Says, Vec<&str>> = BTreeMap::new();
        for choice in &self.fields {
            named.entry(choice.says).or_default().push(&choice.name);
        }
        named
    }

    pub(super) fn wanted(&self) -> Wanted {
        let field = |choice: &FieldChoice| Chosen {
            says: choice.says,
            name: choice.name.clone(),
            unit: choice.unit,
        };
        let load = self.per.iter().map(|name| Chosen {
            says: Says::Load,
            name: name.clone(),
            unit: Some(1.0),
        });
        Wanted::new(self.fields.iter().map(field).chain(load).collect())
    }
}
