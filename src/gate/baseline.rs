//! Accepted growth: a report in, a small sorted JSON file out, and back.
//!
//! Classes go by their names and containers by their paths, since ids, numbers of scripts and
//! lines change from one run to the next; a container whose path has a key in it, or that a source map
//! calls otherwise, by a fingerprint.

use super::figures::{Class, Figures, signed};
use super::metric::{OfClass, OfContainer, OfHeap};
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::text::Text;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fmt::Write as _;
use std::marker::PhantomData;

/// Number of the file's schema. Files of the first one may lack fingerprints.
const SCHEMA: u32 = 2;

const NEW: &str = "{} makes a new one";

/// Growth that is accepted. The default accepts none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: u32,
    /// Bytes, and objects.
    heap: u64,
    objects: u64,
    #[serde(deserialize_with = "each_once")]
    classes: BTreeMap<String, Accepted>,
    #[serde(deserialize_with = "each_once")]
    containers: BTreeMap<String, Container>,
}

/// A map that refuses a key that stands in it twice: one of both would be forgotten.
fn each_once<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> std::result::Result<BTreeMap<String, T>, D::Error> {
    struct Once<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Once<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(
            self,
            mut from: A,
        ) -> std::result::Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = from.next_entry::<String, T>()? {
                if map.insert(key.clone(), value).is_some() {
                    return Err(A::Error::custom(format!("{key:?} stands there twice")));
                }
            }
            Ok(map)
        }
    }
    from.deserialize_map(Once(PhantomData))
}

/// Growth of one container, and what it is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Container {
    #[serde(skip_serializing_if = "is_zero")]
    growth: u64,
    #[serde(skip_serializing_if = "is_zero")]
    retained: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    fingerprint: String,
    /// The same without source maps, where these change it.
    #[serde(skip_serializing_if = "String::is_empty")]
    compiled: String,
}

/// Growth of one class; what is absent is 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Accepted {
    #[serde(skip_serializing_if = "is_zero")]
    new: u64,
    #[serde(skip_serializing_if = "is_zero")]
    delta: u64,
    #[serde(skip_serializing_if = "is_zero")]
    size: u64,
    #[serde(skip_serializing_if = "is_zero")]
    retained: u64,
    /// What it is called without source maps, where these change it.
    #[serde(skip_serializing_if = "String::is_empty")]
    compiled: String,
}

impl Accepted {
    fn is_nothing(&self) -> bool {
        [self.new, self.delta, self.size, self.retained] == [0; 4]
    }

    fn raise(&mut self, other: Self) {
        self.new = self.new.max(other.new);
        self.delta = self.delta.max(other.delta);
        self.size = self.size.max(other.size);
        self.retained = self.retained.max(other.retained);
        self.compiled = other.compiled;
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

#[derive(Deserialize)]
struct Version {
    schema: u32,
}

/// Neither a text nor a number can fail to be written.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Growth alone; what shrank is accepted as it is.
fn grown(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

impl Baseline {
    /// Accepts all growth there is.
    pub(super) fn of(figures: &Figures<'_>) -> Self {
        // Some objects of the runtime are all new in every snapshot.
        let grew = |class: &Class| {
            !class.engine || class.get(OfClass::Delta) > 0 || class.get(OfClass::Size) > 0
        };
        let grown_ones = figures.classes.values().filter(|class| grew(class));
        // It may be committed, so that names stand in it as they are shown; of several that are shown
        // alike each may grow as much as the one that grew most.
        let mut classes: BTreeMap<String, Accepted> = BTreeMap::new();
        for class in grown_ones {
            let figure = |figure| grown(class.get(figure));
            let accepted = Accepted {
                new: figure(OfClass::New),
                delta: figure(OfClass::Delta),
                size: figure(OfClass::Size),
                retained: figure(OfClass::Retained),
                compiled: class.compiled.clone().unwrap_or_default(),
            };
            classes.entry(class.shown.clone()).or_default().raise(accepted);
        }
        classes.retain(|_, accepted| !accepted.is_nothing());
        let mut containers: BTreeMap<String, Container> = BTreeMap::new();
        for container in &figures.containers {
            // Of several at like places each may grow as much as the one that grew most.
            let accepted = containers.entry(container.path.clone()).or_default();
            let figure = |figure| grown(container.get(figure));
            accepted.growth = accepted.growth.max(figure(OfContainer::Growth));
            accepted.retained = accepted.retained.max(figure(OfContainer::Retained));
            accepted.fingerprint.clone_from(&container.fingerprint);
            let compiled = container.compiled.as_ref().map(|known| known.fingerprint.clone());
            accepted.compiled = compiled.unwrap_or_default();
        }
        containers.retain(|_, accepted| accepted.growth > 0 || accepted.retained > 0);
        Self {
            schema: SCHEMA,
            heap: grown(figures.get(OfHeap::HeapDelta)),
            objects: grown(figures.get(OfHeap::ObjectsDelta)),
            classes,
            containers,
        }
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// If it is no baseline, or of another schema.
    pub fn read(text: &str) -> Result<Self> {
        let broken = |e: serde_json::Error| {
            Error::new(ErrorKind::Usage, format!("this is no baseline: {e}"))
                .with_remedies(NEW, &[Remedy::Accept])
        };
        let Version { schema } = serde_json::from_str(text).map_err(broken)?;
        if !(1..=SCHEMA).contains(&schema) {
            let what = format!("a baseline of schema {schema}; this version reads 1 to {SCHEMA}");
            return Err(Error::new(ErrorKind::Usage, what).with_remedies(NEW, &[Remedy::Accept]));
        }
        serde_json::from_str(text).map_err(broken)
    }

    /// A note if it looks like another program's: it accepts classes, and none of them is there.
    pub(super) fn is_strange(&self, names: &BTreeSet<Text>) -> Option<String> {
        let own = self.classes.iter().filter(|(name, _)| !name.starts_with('('));
        let is_known = |(name, accepted): (&String, &Accepted)| {
            [name, &accepted.compiled].iter().any(|name| names.contains(&Text::from(name.as_str())))
        };
        let count = own.clone().count();
        (count > 0 && !own.clone().any(is_known)).then(|| {
            format!(
                "the baseline accepts {count} classes, and neither file has any of them: it may be \
                 another program's"
            )
        })
    }

    /// The file's text: one line for each class and container, sorted.
    #[must_use]
    pub fn write(&self) -> String {
        let Self { schema, heap, objects, .. } = self;
        let mut out =
            format!("{{\n  \"schema\": {schema},\n  \"heap\": {heap},\n  \"objects\": {objects}");
        let classes = self.classes.iter().map(|(name, accepted)| (name, json(accepted)));
        let containers = self.containers.iter().map(|(path, accepted)| (path, json(accepted)));
        let lists =
            [("classes", classes.collect::<Vec<_>>()), ("containers", containers.collect())];
        for (title, list) in lists {
            let _ = write!(out, ",\n  \"{title}\": {{");
            for (at, (name, accepted)) in list.iter().enumerate() {
                let comma = if at > 0 { "," } else { "" };
                let _ = write!(out, "{comma}\n    {}: {accepted}", json(name));
            }
            out += if list.is_empty() { "}" } else { "\n  }" };
        }
        out + "\n}\n"
    }

    pub(super) fn of_heap(&self, figure: OfHeap) -> i64 {
        signed(match figure {
            OfHeap::HeapDelta => self.heap,
            OfHeap::ObjectsDelta => self.objects,
            OfHeap::HeapAfter | OfHeap::ObjectsAfter => 0,
        })
    }

    /// What was accepted of a class: by its name, or else by the one that it has without source maps, or
    /// had in the baseline.
    pub(super) fn class(&self, class: &Class, figure: OfClass) -> i64 {
        let figure = |accepted: &Accepted| match figure {
            OfClass::New => accepted.new,
            OfClass::Deleted => 0,
            OfClass::Delta => accepted.delta,
            OfClass::Size => accepted.size,
            OfClass::Retained => accepted.retained,
        };
        let compiled = class.compiled.as_ref().and_then(|name| self.classes.get(name));
        let known = self.classes.get(&class.shown).or(compiled).map(figure);
        // Several that a bundler calls alike may have had names of their own.
        let alike = || self.classes.values().filter(|known| known.compiled == class.shown);
        signed(known.unwrap_or_else(|| alike().map(figure).fold(0, u64::saturating_add)))
    }

    /// What was accepted of a container: of that path, or else of a fingerprint that it has, with source
    /// maps or without.
    pub(super) fn container(
        &self,
        container: &super::figures::Container<'_>,
        figure: OfContainer,
    ) -> i64 {
        let figure = |accepted: &Container| match figure {
            OfContainer::Growth => accepted.growth,
            OfContainer::Retained => accepted.retained,
        };
        let compiled = container.compiled.as_ref().map(|known| &known.fingerprint);
        let own = || [Some(&container.fingerprint), compiled].into_iter().flatten();
        let is_alike = |accepted: &&Container| {
            own().any(|own| *own == accepted.fingerprint || *own == accepted.compiled)
        };
        let alike = self.containers.values().filter(is_alike);
        let known = self.containers.get(&container.path).map(figure);
        signed(known.or_else(|| alike.map(figure).max()).unwrap_or(0))
    }
}
