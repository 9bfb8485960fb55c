//! Indices and ids: small numbers that must not be mixed up.
//!
//! A `*Idx` is a position inside one snapshot and means nothing in another. Only
//! [`NodeId`] and names may cross from one snapshot to the other.

use std::fmt;

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// "No such thing", so that a column needs no `Option`.
            pub const NONE: Self = Self(u32::MAX);

            /// The position, for indexing a column.
            #[inline]
            #[must_use]
            pub const fn at(self) -> usize {
                self.0 as usize
            }

            /// From a position; positions are checked to be below `u32::MAX` when a file is read.
            #[inline]
            #[must_use]
            pub const fn from_at(at: usize) -> Self {
                Self(at as u32)
            }

            /// Whether this is [`Self::NONE`].
            #[inline]
            #[must_use]
            pub const fn is_none(self) -> bool {
                self.0 == u32::MAX
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if self.is_none() { f.write_str("-") } else { write!(f, "{}", self.0) }
            }
        }
    };
}

index!(
    /// A node's ordinal: its position in the node table, from 0 (the root).
    NodeIdx
);
index!(
    /// An edge's position in the edge table.
    EdgeIdx
);
index!(
    /// A position in the file's string table.
    StrIdx
);
index!(
    /// A class within one [`Census`](crate::classes::Census).
    ClassIdx
);

/// The number V8 gives an object for life: the same object has the same id in every snapshot
/// of one process, and ids of two processes have nothing to do with each other.
pub type NodeId = u32;

/// The root's ordinal.
pub const ROOT: NodeIdx = NodeIdx(0);
