//! A heap in, its classes out: what every object is called and how much each class has.

mod census;
mod display;
mod naming;
mod rope;
mod shapes;

pub use crate::parse::Location;
pub use census::ClassFigures;
pub(crate) use census::{Members, retained, topmost};
pub use display::DisplayNames;
pub(crate) use naming::FUNCTION;
pub use naming::{ClassKey, Naming};
pub use shapes::Definition;

use crate::graph::Heap;
use shapes::Shapes;
use std::sync::OnceLock;

/// A heap's plain objects, grouped, and the definitions inferred from them.
#[derive(Debug)]
pub struct Interfaces {
    shapes: Shapes,
    /// What DevTools would call this heap's plain objects, most frequent first.
    pub own: Vec<Definition>,
}

impl Interfaces {
    /// Groups the plain objects of a heap.
    #[must_use]
    pub fn of(heap: &Heap) -> Self {
        let shapes = Shapes::find(heap);
        let own = shapes.infer(heap);
        Self { shapes, own }
    }
}

/// One heap's classes under some list of definitions.
#[derive(Debug)]
pub struct Census {
    /// Which class every node belongs to.
    pub naming: Naming,
    /// By class: without what is weighed.
    counts: Vec<ClassFigures>,
    weighed: OnceLock<Vec<ClassFigures>>,
}

impl Census {
    /// Takes the census. For a comparison the definitions are the newer heap's, for both.
    #[cfg(any(feature = "cli", feature = "internals"))]
    #[must_use]
    pub fn take(heap: &Heap, interfaces: &Interfaces, definitions: &[Definition]) -> Self {
        let census = Self::count(heap, interfaces, definitions);
        census.weigh(heap);
        census
    }

    /// The same without what the classes retain and how far they are.
    pub(crate) fn count(heap: &Heap, interfaces: &Interfaces, definitions: &[Definition]) -> Self {
        let naming = Naming::new(heap, &interfaces.shapes, definitions);
        let counts = census::count(heap, &naming);
        Self { naming, counts, weighed: OnceLock::new() }
    }

    /// Adds that, once.
    pub(crate) fn weigh(&self, heap: &Heap) {
        self.weighed.get_or_init(|| {
            let mut figures = self.counts.clone();
            census::weigh(heap, &self.naming, &mut figures);
            figures
        });
    }

    /// Bytes of compiled code.
    pub(crate) fn compiled(&self) -> u64 {
        let name = naming::kind_class("code");
        let classes = self.naming.classes.iter().zip(self.figures());
        classes.filter(|(class, _)| class.name == name).map(|(_, figures)| figures.shallow).sum()
    }

    /// By class; all of them, once they are weighed.
    #[must_use]
    pub fn figures(&self) -> &[ClassFigures] {
        self.weighed.get().unwrap_or(&self.counts)
    }
}
