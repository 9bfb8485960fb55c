//! One snapshot or two and a question in, an answer out: plain owned data, complete or with the number
//! of what is left out, for every face to show.
//!
//! Questions are asked of the newer of two snapshots; the older one tells what is new since, and what an
//! object was before.

mod answer;
mod common;
mod find;
mod former;
mod incoming;
mod inside;
mod list;
mod object;
mod paths;
mod retainers;
mod show;
mod strings;
mod summary;
mod values;
mod way;

pub use answer::{
    Age, Answer, Change, Common, Extent, FieldValue, Former, Group, Held, Inside, List, Listed,
    MemberReport, Object, OneWay, Page, Paths, Portion, Reply, Retainer, Retainers, SCHEMA, Shown,
    StringRow, Strings, ValueReport, Waiter,
};
pub use list::{By, Filter, Order, Wanted};
#[cfg(any(feature = "render", feature = "cli"))]
pub(crate) use paths::MOST as MOST_WAYS;
pub use strings::Pattern;
pub use summary::{
    ClassSummary, ClosureRow, Copies, CopiesRow, DetachedRow, Heavy, Holding, KindRow, ListenerRow,
    Rows, Statistics, Summary, TimerRow, Unread, UnreadRow, VariableRow, WaitingRow,
};

use crate::cancel::Cancel;
use crate::chains::Scripts;
use crate::classes::{Census, Interfaces};
use crate::diff::{ById, Identified, IdentityKind, identify};
use crate::error::Result;
use crate::graph::Heap;
use crate::input::Source;
use crate::memory;
use crate::objects::TableShapes;
use crate::pair::Pair;
use crate::parse::Tables;
use crate::phase::phase;
use crate::places::Maps;
use crate::report::{self, Redactor, Sources, Words};
use crate::ways::Preferred;
use incoming::Incoming;
use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

/// What may be shown, and what it may take. The default keeps values of strings and secrets to itself.
#[derive(Debug, Clone, Default)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct ExploreOptions {
    /// Shows the values of strings.
    pub show_strings: bool,
    /// Shows what looks like a secret, in names and (with `show_strings`) in values; masked otherwise.
    pub show_secrets: bool,
    /// Bytes of memory that it may take; `None` for any number.
    pub memory: Option<u64>,
    /// Source maps, as of [`Options`](crate::Options::source_maps).
    pub source_maps: Vec<PathBuf>,
    /// As of [`Options::confined_to`](crate::Options::confined_to).
    pub confined_to: Vec<PathBuf>,
    /// Whether somebody still waits for the snapshots to be read.
    pub cancel: Cancel,
}

/// A snapshot, or two, to be asked. What takes long is computed when it is first needed, and kept.
///
/// ```
/// use heapdiff::explore::Page;
/// use heapdiff::{ExploreOptions, Explorer};
///
/// let file = "fixtures/plain/after.heapsnapshot";
/// let heap = Explorer::open(file, None, ExploreOptions::default())?;
/// let shown = heap.show(79_939, Page { from: 0, limit: 10 }, false)?;
/// assert_eq!(shown.object.class.to_string(), "ToolSession");
/// assert_eq!(shown.path.as_deref(), Some("sessionManager.sessions[…]"));
/// assert_eq!(shown.object.retained, 432); // bytes
/// # Ok::<(), heapdiff::Error>(())
/// ```
#[derive(Debug)]
pub struct Explorer {
    heap: Heap,
    older: Option<Older>,
    options: ExploreOptions,
    census: OnceLock<Census>,
    scripts: OnceLock<Scripts>,
    maps: Maps,
    ways: OnceLock<Preferred>,
    incoming: OnceLock<Incoming>,
    places: OnceLock<Vec<u32>>,
    needs: u64,
    /// What kind of container has which table, as far as somebody has asked.
    shapes: Mutex<TableShapes>,
}

/// The snapshot from before.
#[derive(Debug)]
struct Older {
    heap: Heap,
    kind: IdentityKind,
    by_id: ById,
    census: OnceLock<Census>,
}

impl Explorer {
    /// Reads a snapshot, and perhaps one from before.
    ///
    /// # Errors
    /// As of [`compare`](crate::compare()), for each of the files;
    /// [`Cancelled`](crate::ErrorKind::Cancelled) by [`ExploreOptions::cancel`].
    pub fn open(
        file: impl Into<Source>,
        older: Option<Source>,
        options: ExploreOptions,
    ) -> Result<Self> {
        let file = file.into();
        let (input, before) =
            rayon::join(|| file.open(), || older.as_ref().map(Source::open).transpose());
        let (input, before) = (input?, before?);
        let needs = memory::explore(&input, before.as_ref(), options.memory)
            .map_err(|e| e.in_file(file.path()))?;
        options.cancel.check()?;
        let newest = || Tables::of_file(&input).map(Heap::new);
        let older = || before.as_ref().map(|input| Tables::of_file(input).map(Heap::older));
        let (heap, older) = rayon::join(newest, || older().transpose());
        let (heap, older) = (heap?, older?);
        options.cancel.check()?;
        let older = older.map(|older| Older::of(older, &heap));
        let (census, scripts) = (OnceLock::new(), OnceLock::new());
        let shapes = Mutex::default();
        let (ways, incoming, places) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let room = options.memory.map(|limit| limit.saturating_sub(needs));
        let maps = Maps::new(&options.source_maps, room).confined_to(&options.confined_to);
        Ok(Self {
            heap,
            older,
            options,
            census,
            scripts,
            maps,
            ways,
            incoming,
            places,
            needs,
            shapes,
        })
    }

    /// Bytes of memory that it takes at most, whatever is asked; an estimate, rounded up.
    #[must_use]
    pub const fn needs(&self) -> u64 {
        self.needs
    }

    /// The answer with what it was asked of.
    #[must_use]
    pub fn reply(&self, answer: Answer) -> Reply {
        let mut notes: Vec<String> = report::notes_of(&self.heap).collect();
        if let Some(older) = &self.older {
            notes.extend(report::notes_of(&older.heap));
            notes.extend(older.note().map(str::to_owned));
        }
        notes.extend(self.maps.notes().iter().map(|note| report::masked(note)));
        Reply {
            schema: SCHEMA,
            tool: report::Tool::this(),
            snapshot: report::snapshot(&self.heap),
            older: self.older.as_ref().map(|older| report::snapshot(&older.heap)),
            answer,
            notes,
        }
    }

    /// Which class every node belongs to, and how many each has.
    fn census(&self) -> &Census {
        self.census.get_or_init(|| counted(&self.heap))
    }

    /// The same with what classes retain and how far they are.
    fn weighed(&self) -> &Census {
        let census = self.census();
        census.weigh(&self.heap);
        census
    }

    fn scripts(&self) -> &Scripts {
        self.scripts.get_or_init(|| Scripts::of(&self.heap))
    }

    fn ways(&self) -> &Preferred {
        self.ways.get_or_init(|| phase!("preferred ways", Preferred::find(&self.heap)))
    }

    fn incoming(&self) -> &Incoming {
        self.incoming.get_or_init(|| phase!("retainers", Incoming::of(&self.heap)))
    }

    fn sources(&self) -> Sources<'_> {
        Sources { heap: &self.heap, scripts: self.scripts(), maps: &self.maps }
    }

    /// Has done at once what nearly every answer needs.
    fn prepare(&self) {
        let names = || rayon::join(|| self.census(), || self.scripts());
        rayon::join(|| self.heap.retained(), names);
    }

    /// By node: its place in the order of the dominators.
    fn places(&self) -> &[u32] {
        self.places.get_or_init(|| {
            let order = &self.heap.dominators().order;
            let mut places = vec![0; order.len()];
            for (at, node) in (0..).zip(order) {
                places[node.at()] = at;
            }
            places
        })
    }

    fn redactor(&self) -> Redactor {
        Redactor::of(self.options.show_strings, self.options.show_secrets, LONGEST)
    }

    /// Puts ways into words.
    fn say<T>(&self, say: impl FnOnce(&Words<'_>) -> T) -> T {
        let told = RefCell::default();
        let (heap, scripts) = (&self.heap, self.scripts());
        let maps = &self.maps;
        say(&Words { heap, scripts, maps, redactor: self.redactor(), told: &told })
    }
}

/// The classes of a heap by its own definitions.
fn counted(heap: &Heap) -> Census {
    let interfaces = phase!("shapes", Interfaces::of(heap));
    Census::count(heap, &interfaces, &interfaces.own)
}

/// Code units of a name.
const LONGEST: usize = 1000;

impl Older {
    fn of(heap: Heap, newest: &Heap) -> Self {
        let Identified { identity, .. } = identify(Pair::new(&heap, newest));
        let by_id = ById::new(&heap, heap.tables.nodes.indices());
        Self { heap, kind: identity.kind, by_id, census: OnceLock::new() }
    }

    /// Whether ids tell which objects are the same.
    fn goes_by_id(&self) -> bool {
        self.kind == IdentityKind::SameProcess
    }

    /// What to know of the two files.
    fn note(&self) -> Option<&'static str> {
        match self.kind {
            IdentityKind::SameProcess => None,
            IdentityKind::UnstableIds => Some(
                "ids were renumbered, as Bun does for every snapshot, and Node.js when the inspector \
                 session that took one closes: what is new cannot be told",
            ),
            IdentityKind::DifferentProcess => Some(
                "the files are of two processes, or the inspector session that took one closed, which \
                 renumbers ids: what is new cannot be told",
            ),
        }
    }

    fn census(&self) -> &Census {
        self.census.get_or_init(|| counted(&self.heap))
    }
}
