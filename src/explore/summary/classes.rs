//! An explorer in, a row for each class out, in the order of DevTools' Summary.

use super::ClassSummary;
use crate::classes::ClassKey;
use crate::explore::Explorer;
use crate::report::{Redactor, longest};
use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;

impl Explorer {
    /// Classes of objects that have a size.
    pub(super) fn class_summaries(&self) -> Vec<ClassSummary> {
        let census = self.weighed();
        let new = self.new_by_class();
        let classes = &census.naming.classes;
        let mut rows: Vec<usize> =
            (0..classes.len()).filter(|class| census.figures()[*class].count > 0).collect();
        rows.sort_by(|a, b| {
            let retained = |class: usize| Reverse(census.figures()[class].retained);
            retained(*a).cmp(&retained(*b)).then_with(|| {
                let [a, b] = [&classes[*a], &classes[*b]];
                let same = a.name.is_copy_of(&b.name);
                let names = if same { Ordering::Equal } else { a.name.cmp(&b.name) };
                names.then_with(|| a.location.cmp(&b.location))
            })
        });
        let (strings, secrets) = (self.options.show_strings, self.options.show_secrets);
        let longest = longest(self.heap.tables.file_bytes, rows.len());
        let redactor = Redactor::of(strings, secrets, longest);
        let sources = self.sources();
        // Many classes may have one long name.
        let mut known = HashMap::new();
        let row = |class: usize| {
            let (key, figures) = (&classes[class], census.figures()[class]);
            let shown = || redactor.name(&key.name);
            let name = known.entry(key.name.units().as_ptr()).or_insert_with(shown).clone();
            ClassSummary {
                original: sources.class(key).map(|name| redactor.name(&name)),
                key: ClassKey { name: name.clone(), location: key.location },
                name,
                count: figures.count,
                shallow: figures.shallow,
                retained: figures.retained.unwrap_or(0),
                distance: figures.distance.unwrap_or(0),
                new: new.as_ref().map(|new| new[class]),
            }
        };
        rows.into_iter().map(row).collect()
    }

    /// How many objects of each class the older snapshot does not have.
    fn new_by_class(&self) -> Option<Vec<u64>> {
        let older = self.older.as_ref().filter(|older| older.goes_by_id())?;
        let naming = &self.census().naming;
        let mut new = vec![0; naming.classes.len()];
        for node in self.heap.tables.nodes.indices() {
            if !self.heap.shallow().is_zero(node) && older.same(&self.heap, node).is_none() {
                new[naming.class_of[node.at()].at()] += 1;
            }
        }
        Some(new)
    }
}
