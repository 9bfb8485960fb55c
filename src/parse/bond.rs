//! An edge's kind and name in, how the edge binds out.
//!
//! Walks over millions of edges must not look at names. What a name can mean to any of them is
//! decided once for each name of the file, and stands beside the edge's target (see `Hop`).

use super::meta::EdgeKind;
use super::{Ephemerons, Strings};
use crate::ids::StrIdx;

/// How an edge binds: its kind, told more finely where its name says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Bond {
    Context,
    Element,
    Property,
    Internal,
    Hidden,
    Shortcut,
    Weak,
    Invisible,
    Other,
    /// A property over which one reaches everything from anything.
    Prototype,
    /// Internal: what an object is made of.
    Made,
    /// Internal: what one part of an object has beside another.
    Beside,
    /// Internal: what describes an object's scope.
    Scope,
    /// Internal: what many objects have in common, such as their hidden class.
    Common,
    /// Internal: a WeakMap's entry, from its key or from its table; or what would be one if V8 had
    /// filled in its name.
    Entry,
}

/// Number of bonds.
pub(crate) const BONDS: usize = 15;

impl Bond {
    /// All bonds by their number, up to what four bits hold.
    pub(super) const ALL: [Self; 16] = [
        Self::Context,
        Self::Element,
        Self::Property,
        Self::Internal,
        Self::Hidden,
        Self::Shortcut,
        Self::Weak,
        Self::Invisible,
        Self::Other,
        Self::Prototype,
        Self::Made,
        Self::Beside,
        Self::Scope,
        Self::Common,
        Self::Entry,
        Self::Other,
    ];

    const fn of(kind: EdgeKind) -> Self {
        match kind {
            EdgeKind::Context => Self::Context,
            EdgeKind::Element => Self::Element,
            EdgeKind::Property => Self::Property,
            EdgeKind::Internal => Self::Internal,
            EdgeKind::Hidden => Self::Hidden,
            EdgeKind::Shortcut => Self::Shortcut,
            EdgeKind::Weak => Self::Weak,
            EdgeKind::Invisible => Self::Invisible,
            EdgeKind::Other => Self::Other,
        }
    }

    /// V8's kind.
    #[inline(always)]
    pub(crate) const fn kind(self) -> EdgeKind {
        match self {
            Self::Context => EdgeKind::Context,
            Self::Element => EdgeKind::Element,
            Self::Property | Self::Prototype => EdgeKind::Property,
            Self::Internal
            | Self::Made
            | Self::Beside
            | Self::Scope
            | Self::Common
            | Self::Entry => EdgeKind::Internal,
            Self::Hidden => EdgeKind::Hidden,
            Self::Shortcut => EdgeKind::Shortcut,
            Self::Weak => EdgeKind::Weak,
            Self::Invisible => EdgeKind::Invisible,
            Self::Other => EdgeKind::Other,
        }
    }
}

/// Names of properties that lead to a prototype.
const PROTOTYPES: [&str; 2] = ["__proto__", "constructor"];

/// V8's names of internal references, by what they lead to.
const INTERNAL: [(Bond, &[&str]); 4] = [
    (
        Bond::Made,
        &["context", "table", "elements", "properties", "value", "extension", "global_object"],
    ),
    (Bond::Beside, &["previous", "script_context_table", "reactions_or_result", "native_context"]),
    (Bond::Common, &["map", "code", "shared", "feedback_cell"]),
    (Bond::Scope, &["", "name_or_scope_info", "raw_outer_scope_info_or_feedback_metadata"]),
];

/// By name: what it says of an edge, in four bits.
///
/// ```text
///   bit 0        a property of this name leads to a prototype
///   bits 1 to 3  an internal reference of this name: 0 nothing, 1 to 4 as in INTERNAL, 5 an entry
/// ```
#[derive(Debug)]
pub(super) struct NameBonds(Vec<u8>);

const ENTRY: u8 = 5;

impl NameBonds {
    pub(super) fn of(strings: &Strings, ephemerons: &Ephemerons) -> Self {
        // One more, which says nothing, for labels that are no name.
        let mut says = vec![0; strings.len() + 1];
        let find = |name: &str| strings.find(&name.into());
        for name in PROTOTYPES.iter().filter_map(|name| find(name)) {
            says[name.at()] |= 1;
        }
        for ((_, names), number) in INTERNAL.iter().zip(1_u8..) {
            for name in names.iter().filter_map(|name| find(name)) {
                says[name.at()] |= number << 1;
            }
        }
        if strings.repeat() {
            for name in (0..strings.len()).map(StrIdx::from_at) {
                says[name.at()] = says[strings.canonical(name).at()];
            }
        }
        for name in ephemerons.names() {
            says[name.at()] = ENTRY << 1;
        }
        Self(says)
    }

    /// What a label says, be it a name or not.
    #[inline(always)]
    pub(super) fn of_label(&self, label: u64) -> usize {
        usize::from(self.0[(label as usize).min(self.0.len() - 1)] & 15)
    }

    /// By what the name says: the bond of an edge of some kind.
    pub(super) fn with(kind: EdgeKind) -> [Bond; 16] {
        std::array::from_fn(|says| match (kind, says >> 1) {
            (EdgeKind::Property, _) if says & 1 != 0 => Bond::Prototype,
            (EdgeKind::Internal, number @ 1..=4) => INTERNAL[number - 1].0,
            (EdgeKind::Internal, 5) => Bond::Entry,
            _ => Bond::of(kind),
        })
    }
}
