//! The names of all metrics in, what they measure out.

use crate::glob::Glob;
use crate::trend::Kind as Memory;

/// A figure of the whole heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfHeap {
    HeapDelta,
    HeapAfter,
    ObjectsDelta,
    ObjectsAfter,
}

/// A figure of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfClass {
    New,
    Deleted,
    Delta,
    Size,
    Retained,
}

/// A figure of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfContainer {
    Growth,
    Retained,
}

/// What logs tell of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfTrend {
    /// How fast something grows.
    Rate(Memory),
    /// What stays for each of the load.
    Per,
}

/// What a name measures, without a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Heap(OfHeap),
    /// All classes that fit, added up.
    Classes(OfClass),
    /// Each class that fits on its own.
    EachClass(OfClass),
    Containers(OfContainer),
    Verdict,
    Trend(OfTrend),
}

/// Every metric by its name.
pub(super) const METRICS: [(&str, Kind); 22] = [
    ("heap.delta", Kind::Heap(OfHeap::HeapDelta)),
    ("heap.after", Kind::Heap(OfHeap::HeapAfter)),
    ("objects.delta", Kind::Heap(OfHeap::ObjectsDelta)),
    ("objects.after", Kind::Heap(OfHeap::ObjectsAfter)),
    ("new", Kind::Classes(OfClass::New)),
    ("deleted", Kind::Classes(OfClass::Deleted)),
    ("delta", Kind::Classes(OfClass::Delta)),
    ("size", Kind::Classes(OfClass::Size)),
    ("retained", Kind::Classes(OfClass::Retained)),
    ("class.new", Kind::EachClass(OfClass::New)),
    ("class.deleted", Kind::EachClass(OfClass::Deleted)),
    ("class.delta", Kind::EachClass(OfClass::Delta)),
    ("class.size", Kind::EachClass(OfClass::Size)),
    ("class.retained", Kind::EachClass(OfClass::Retained)),
    ("container.growth", Kind::Containers(OfContainer::Growth)),
    ("container.retained", Kind::Containers(OfContainer::Retained)),
    ("verdict", Kind::Verdict),
    ("trend.heap", Kind::Trend(OfTrend::Rate(Memory::Heap))),
    ("trend.external", Kind::Trend(OfTrend::Rate(Memory::External))),
    ("trend.array_buffers", Kind::Trend(OfTrend::Rate(Memory::ArrayBuffers))),
    ("trend.rss", Kind::Trend(OfTrend::Rate(Memory::Rss))),
    ("trend.per", Kind::Trend(OfTrend::Per)),
];

impl Kind {
    /// Whether it is measured in bytes (or else counted).
    pub(super) const fn is_bytes(self) -> bool {
        matches!(
            self,
            Self::Heap(OfHeap::HeapDelta | OfHeap::HeapAfter)
                | Self::Classes(OfClass::Size | OfClass::Retained)
                | Self::EachClass(OfClass::Size | OfClass::Retained)
                | Self::Containers(OfContainer::Retained)
                | Self::Trend(_)
        )
    }

    /// Whether it says what changed, and not what there is.
    pub(super) const fn is_change(self) -> bool {
        !matches!(
            self,
            Self::Heap(OfHeap::HeapAfter | OfHeap::ObjectsAfter) | Self::Verdict | Self::Trend(_)
        )
    }

    /// Whether logs tell it.
    pub(super) const fn is_trend(self) -> bool {
        matches!(self, Self::Trend(_))
    }

    /// Whether it goes by a time.
    pub(super) const fn is_rate(self) -> bool {
        matches!(self, Self::Trend(OfTrend::Rate(_)))
    }

    /// Whether it can be held against what was there before.
    pub(super) const fn has_percent(self) -> bool {
        matches!(self, Self::Heap(OfHeap::HeapDelta | OfHeap::ObjectsDelta))
    }
}

/// A metric of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metric {
    pub kind: Kind,
    /// Which classes or containers, as written and as a glob; none where there is no choice.
    pub pattern: Option<(String, Glob)>,
    /// Whether to divide by the number of calls.
    pub per_call: bool,
}
