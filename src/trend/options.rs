//! What is asked for in words in, what the logs are searched for out.

use super::read::{Chosen, Wanted, unit};
use super::sample::{Kind, Says};

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
    /// Bytes that the heap may have, where the logs do not tell.
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
    /// Reads `KIND=NAME` or `KIND=NAME:UNIT`: `heap=mem.used:kB`.
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
            Some((name, text)) if unit(text).is_some() => (name, unit(text)),
            _ => (name, None),
        };
        if name.is_empty() {
            return Err("the name of the field is missing".into());
        }
        Ok(Self { says, name: name.into(), unit })
    }
}

impl TrendOptions {
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
