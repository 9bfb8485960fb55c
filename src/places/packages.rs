//! The folder of a package in, the name and version that its `package.json` has out. It is read as source
//! maps are: a regular file in that folder, within limits, or not at all.

use super::file::Reader;
use super::names::local;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::path::PathBuf;

/// Bytes of a `package.json`.
const LARGEST: u64 = 1_000_000;

/// The packages that were asked for.
#[derive(Debug)]
pub(super) struct Packages {
    /// By folder.
    told: HashMap<String, Manifest>,
    reader: Reader,
}

impl Default for Packages {
    fn default() -> Self {
        Self { told: HashMap::new(), reader: Reader::of(LARGEST) }
    }
}

/// What a `package.json` says of its package.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Its name, whatever it is.
    pub name: Option<String>,
    /// Its version, whatever it is.
    pub version: Option<String>,
}

impl Packages {
    /// As of [`Reader::confine`].
    pub(super) fn confine(&mut self, to: &[PathBuf]) {
        self.reader.confine(to);
    }

    /// What that of a package says whose folder has such a path or URL.
    pub(super) fn manifest(&mut self, folder: &str) -> Manifest {
        let Some(path) = local(folder) else { return Manifest::default() };
        let Self { told, reader } = self;
        let read = || {
            let text = reader.read(&path.join("package.json"), std::slice::from_ref(&path));
            text.ok().flatten().map(|text| Manifest::read(&text)).unwrap_or_default()
        };
        told.entry(folder.to_owned()).or_insert_with(read).clone()
    }
}

impl Manifest {
    fn read(text: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Head<'a> {
            #[serde(borrow, default)]
            name: Option<&'a RawValue>,
            #[serde(borrow, default)]
            version: Option<&'a RawValue>,
        }
        let Ok(head) = serde_json::from_slice::<Head<'_>>(text) else { return Self::default() };
        let string = |raw: &RawValue| serde_json::from_str(raw.get()).ok();
        Self { name: head.name.and_then(string), version: head.version.and_then(string) }
    }
}
