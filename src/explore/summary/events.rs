//! A heap in, listeners by emitter and event out, and timers by what they call.

use super::grouped::Functions;
use super::whole::Most;
use super::{ListenerRow, Rows, TimerRow};
use crate::explore::Explorer;
use crate::ids::{ClassIdx, NodeIdx, StrIdx};
use crate::objects::{Listened, Listeners, timer_callback, timer_names};
use crate::parse::NodeKind;
use std::cmp::Reverse;

/// Listeners of one emitter for one event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Heard {
    class: ClassIdx,
    event: StrIdx,
    emitter: NodeIdx,
    listeners: u64,
}

impl Explorer {
    /// Listeners by class and event, those with most first.
    pub(super) fn listeners(&self, most: Most) -> Rows<ListenerRow> {
        let heard = self.heard();
        let alike = |a: &Heard, b: &Heard| (a.class, a.event) == (b.class, b.event);
        let sum = |all: &[Heard]| all.iter().map(|one| one.listeners).sum::<u64>();
        let mut found: Vec<&[Heard]> = heard.chunk_by(alike).collect();
        found.sort_by_key(|all| (Reverse(sum(all)), all[0]));
        let mut teller = self.teller(most.objects());
        most.of(found, |all| {
            let loudest = all.iter().max_by_key(|one| (one.listeners, Reverse(one.emitter)));
            let emitter = loudest.map_or(all[0].emitter, |one| one.emitter);
            ListenerRow {
                class: teller.class(emitter),
                event: self.redactor().label(&self.heap.tables.strings.get(all[0].event)),
                listeners: sum(all),
                emitters: all.len() as u64,
                emitter: teller.object(emitter),
                path: self.path_to(emitter),
            }
        })
    }

    fn heard(&self) -> Vec<Heard> {
        let naming = &self.census().naming;
        let mut listeners = Listeners::of(&self.heap);
        let (mut heard, mut found) = (Vec::new(), Vec::new());
        for emitter in self.objects() {
            listeners.take(emitter, &mut found);
            let class = naming.class_of[emitter.at()];
            heard.extend(found.drain(..).map(|Listened { event, listeners }| Heard {
                class,
                event,
                emitter,
                listeners,
            }));
        }
        heard.sort_unstable();
        heard
    }

    /// Timers by what they call, those of which there are most first.
    pub(super) fn timers(&self, most: Most) -> Rows<TimerRow> {
        let timers = self.set_timers();
        let mut found: Vec<_> = timers.chunk_by(|a, b| a.0 == b.0).collect();
        found.sort_by_key(|all| (Reverse(all.len()), all[0]));
        let mut teller = self.teller(most.objects());
        most.of(found, |all| TimerRow {
            function: teller.object(all[0].1),
            count: all.len() as u64,
            retained: self.retained_together(all.iter().map(|(.., timer)| *timer).collect()),
        })
    }

    /// Timers that have something to call: what its closures share, a closure, and the timer.
    fn set_timers(&self) -> Vec<(NodeIdx, NodeIdx, NodeIdx)> {
        let tables = &self.heap.tables;
        let names = timer_names(&self.heap);
        let mut functions = Functions::of(&self.heap);
        let mut timers = Vec::new();
        for timer in self.objects().filter(|_| !names.is_empty()) {
            let name = tables.strings.canonical(tables.nodes.name(timer));
            if tables.nodes.kind(timer) != NodeKind::Object || !names.contains(&name) {
                continue;
            }
            let callback = timer_callback(&self.heap, timer)
                .filter(|callback| tables.nodes.kind(*callback) == NodeKind::Closure);
            if let Some(callback) = callback {
                let (function, closure) = functions.get(callback);
                timers.push((function, closure, timer));
            }
        }
        timers.sort_unstable();
        timers
    }
}
