//! A heap and what its file says of the scopes of its scripts in, variables that no function reads any
//! more out. The rule is that of DevTools' context analysis.
//!
//! A variable in a context is read if a closure reads it that is there, or one that such a closure may
//! yet make, and whose chain of contexts leads to this context. Contexts are a forest by the contexts
//! around them, so a chain leads there if it begins below:
//!
//! ```text
//!   context 1 [0, 4)                       numbers of a walk: what lies below is one stretch
//!     context 2 [1, 3)   closure f at 2    f reaches the contexts 3, 2 and 1
//!       context 3 [2, 3)
//! ```

use super::whole::Most;
use super::{Rows, Unread, UnreadRow};
use crate::error::Result;
use crate::explore::Explorer;
use crate::ids::{NodeIdx, StrIdx};
use crate::objects::{ScopeNames, script_name};
use crate::parse::{EdgeKind, NodeKind, Scopes};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

/// A scope in which so many others lie is taken for read.
const DEEPEST: usize = 100;
/// So many looks for each node and edge of the file.
const LOOKS: u64 = 16;
const NONE: u32 = u32::MAX;

/// A variable that nobody reads, of one context.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Dead {
    scope: u32,
    name: StrIdx,
    value: NodeIdx,
    context: NodeIdx,
}

impl Explorer {
    /// Variables that nobody reads, heaviest first; `None` if the file does not tell.
    pub(super) fn unread(&self, most: Most) -> Result<Option<Unread>> {
        let file = self.heap.tables.strings.input().path();
        let scopes = Scopes::read(&self.heap.tables).map_err(|e| e.in_file(file))?;
        let Some(scopes) = scopes else { return Ok(None) };
        let (dead, skipped) = Analysis::new(self, &scopes).dead();
        let retained = |value: NodeIdx| self.heap.retained().of(value);
        let sum = |all: &[Dead]| {
            let values = all.chunk_by(|a, b| a.value == b.value).map(|one| retained(one[0].value));
            values.fold(0, u64::saturating_add)
        };
        let groups = dead.chunk_by(|a, b| (a.scope, a.name) == (b.scope, b.name));
        let mut found: Vec<(u64, &[Dead])> = groups.map(|all| (sum(all), all)).collect();
        found.sort_by_key(|(retained, all)| (Reverse(*retained), all[0]));
        let variables = self.unread_rows(most, found, &scopes);
        Ok(Some(Unread { variables, skipped }))
    }

    fn unread_rows(
        &self,
        most: Most,
        found: Vec<(u64, &[Dead])>,
        scopes: &Scopes,
    ) -> Rows<UnreadRow> {
        let heap = &self.heap;
        let names = ScopeNames::of(heap);
        let redactor = self.redactor();
        let mut teller = self.teller(most.objects());
        most.of(found, |(retained, all)| {
            let heaviest =
                all.iter().max_by_key(|one| (heap.retained().of(one.value), Reverse(**one)));
            let info = names.info(all[0].context);
            let declared_in = info.and_then(|info| names.function_name(info));
            let declared_in = declared_in.map(|name| redactor.name(&heap.tables.strings.get(name)));
            let script = script_name(heap, scopes.list[all[0].scope as usize].script);
            let mut contexts: Vec<NodeIdx> = all.iter().map(|one| one.context).collect();
            contexts.sort_unstable();
            contexts.dedup();
            UnreadRow {
                name: redactor.label(&heap.tables.strings.get(all[0].name)),
                declared_in: declared_in.unwrap_or_default(),
                script: script.map(|node| redactor.name(&heap.raw_name(node))).unwrap_or_default(),
                contexts: contexts.len() as u64,
                retained,
                value: teller.object(heaviest.map_or(all[0].value, |one| one.value)),
            }
        })
    }
}

/// What is needed to tell.
struct Analysis<'a> {
    explorer: &'a Explorer,
    names: ScopeNames<'a>,
    scopes: &'a Scopes,
    /// By script and number: the scope. Of several the last one counts.
    numbered: HashMap<(NodeIdx, i64), u32>,
    contexts: Vec<NodeIdx>,
    /// By context: the stretch of what lies below; empty for those that lie in each other.
    below: Vec<Range<u32>>,
    /// Where closures of scopes begin in the forest, in order.
    live: Vec<(u32, u32)>,
    /// Variables and the scopes that read them, in order.
    users: Vec<(u32, u32)>,
}

impl<'a> Analysis<'a> {
    fn new(explorer: &'a Explorer, scopes: &'a Scopes) -> Self {
        let names = ScopeNames::of(&explorer.heap);
        let numbered: HashMap<(NodeIdx, i64), u32> =
            (0..).zip(&scopes.list).map(|(at, s)| ((s.script, s.number), at)).collect();
        let contexts = explorer.objects().filter(|node| names.is_context(*node)).collect();
        let (below, live, users) = (Vec::new(), Vec::new(), Vec::new());
        let mut new = Self { explorer, names, scopes, numbered, contexts, below, live, users };
        new.below = new.forest();
        new.live = new.live();
        new.users = new.users();
        new
    }

    /// Numbers all contexts so that what lies below one is a stretch.
    fn forest(&self) -> Vec<Range<u32>> {
        let above: Vec<u32> = self
            .contexts
            .iter()
            .map(|context| self.names.previous(*context).map_or(NONE, |above| self.at(above)))
            .collect();
        let mut by_above: Vec<(u32, u32)> = above.iter().copied().zip(0..).collect();
        by_above.sort_unstable();
        let inner = |of: u32| {
            let from = by_above.partition_point(|(above, _)| *above < of);
            by_above[from..].iter().take_while(move |(above, _)| *above == of)
        };
        let mut below = vec![0..0; self.contexts.len()];
        let mut next = 0;
        // Each is met twice: on the way down, and where all below it have been.
        let mut open: Vec<(u32, bool)> = inner(NONE).map(|(_, at)| (*at, false)).collect();
        while let Some((at, done)) = open.pop() {
            if done {
                below[at as usize].end = next;
                continue;
            }
            below[at as usize].start = next;
            next += 1;
            open.push((at, true));
            open.extend(inner(at).map(|(_, at)| (*at, false)));
        }
        below
    }

    /// The number of a context; contexts are in the order of the file.
    fn at(&self, context: NodeIdx) -> u32 {
        self.contexts.binary_search(&context).map_or(NONE, |at| at as u32)
    }

    /// Closures that are there, by scope.
    fn live(&self) -> Vec<(u32, u32)> {
        let heap = &self.explorer.heap;
        let mut known: HashMap<NodeIdx, Option<u32>> = HashMap::new();
        let mut live = Vec::new();
        for closure in self.explorer.objects() {
            if heap.tables.nodes.kind(closure) != NodeKind::Closure {
                continue;
            }
            let Some(shared) = self.names.shared(closure) else { continue };
            let Some(context) = self.names.of_closure(closure) else { continue };
            let scope = *known.entry(shared).or_insert_with(|| {
                let script = self.names.script(shared)?;
                self.numbered.get(&(script, self.names.number(shared)?)).copied()
            });
            let at = self.below.get(self.at(context) as usize).filter(|below| !below.is_empty());
            live.extend(scope.zip(at.map(|below| below.start)));
        }
        live.sort_unstable();
        live.dedup();
        live
    }

    /// Who reads what: the scopes in which a variable is read.
    fn users(&self) -> Vec<(u32, u32)> {
        let mut users = Vec::new();
        for (at, scope) in (0..).zip(&self.scopes.list) {
            for used in &self.scopes.uses[scope.uses.clone()] {
                let Some(of) = self.numbered.get(&(scope.script, used.scope)) else { continue };
                let variables = self.scopes.list[*of as usize].variables.clone();
                let slot = usize::try_from(used.slot).ok().filter(|slot| *slot < variables.len());
                users.extend(slot.map(|slot| ((variables.start + slot) as u32, at)));
            }
        }
        users.sort_unstable();
        users.dedup();
        users
    }

    /// Scopes with closures that read a variable, or may make one that does; `None` if they are too many.
    fn readers(&self, variable: u32) -> Option<Vec<u32>> {
        let from = self.users.partition_point(|(of, _)| *of < variable);
        let users = self.users[from..].iter().take_while(|(of, _)| *of == variable);
        let mut readers = Vec::new();
        for (_, user) in users {
            let mut scope = Some(*user);
            for _ in 0..DEEPEST {
                let Some(at) = scope else { break };
                let live = self.live.partition_point(|(of, _)| *of < at);
                if self.live.get(live).is_some_and(|(of, _)| *of == at) {
                    readers.push(at);
                }
                scope = self.scopes.list[at as usize].parent;
            }
            if scope.is_some() {
                return None;
            }
        }
        readers.sort_unstable();
        readers.dedup();
        Some(readers)
    }

    /// Whether a closure of a scope reaches the contexts of a stretch.
    fn reaches(&self, scope: u32, below: &Range<u32>) -> bool {
        let first = self.live.partition_point(|live| *live < (scope, below.start));
        self.live.get(first).is_some_and(|(of, at)| *of == scope && *at < below.end)
    }

    /// What nobody reads, and how many contexts were not looked at.
    fn dead(&self) -> (Vec<Dead>, u64) {
        let tables = &self.explorer.heap.tables;
        let mut looks = LOOKS * (tables.nodes.len() as u64 + tables.edges.len() as u64);
        let (mut dead, mut skipped) = (Vec::new(), 0);
        for group in self.by_scope().chunk_by(|a, b| a.0 == b.0) {
            let scope = group[0].0;
            let readers = self.readers_by_name(scope);
            for (_, at) in group {
                let (context, below) = (self.contexts[*at as usize], &self.below[*at as usize]);
                for edge in tables.edges_of(context) {
                    if below.is_empty() || tables.edges.kind(edge) != EdgeKind::Context {
                        continue;
                    }
                    let name = tables.strings.canonical(StrIdx(tables.edges.label(edge)));
                    let Some(Some(readers)) = readers.get(&name) else { continue };
                    let Some(left) = looks.checked_sub(readers.len() as u64 + 1) else {
                        skipped += 1;
                        break;
                    };
                    looks = left;
                    if !readers.iter().any(|reader| self.reaches(*reader, below)) {
                        dead.push(Dead { scope, name, value: tables.edges.target(edge), context });
                    }
                }
            }
        }
        dead.sort_unstable();
        (dead, skipped)
    }

    fn readers_by_name(&self, scope: u32) -> HashMap<StrIdx, Option<Vec<u32>>> {
        let strings = &self.explorer.heap.tables.strings;
        let mut readers = HashMap::new();
        for variable in self.scopes.list[scope as usize].variables.clone() {
            let name = strings.canonical(self.scopes.variables[variable]);
            readers.entry(name).or_insert_with(|| self.readers(variable as u32));
        }
        readers
    }

    /// Contexts by scope, both by number.
    fn by_scope(&self) -> Vec<(u32, u32)> {
        let mut scripts = self.scripts();
        let mut known: HashMap<NodeIdx, Option<u32>> = HashMap::new();
        let mut found = Vec::new();
        for (at, context) in (0..).zip(&self.contexts) {
            let Some(info) = self.names.info(*context) else { continue };
            let scope = *known.entry(info).or_insert_with(|| {
                let number = self.names.number(info)?;
                let script = self.script(info, &mut scripts)?;
                self.numbered.get(&(script, number)).copied()
            });
            found.extend(scope.map(|scope| (scope, at)));
        }
        found.sort_unstable();
        found
    }

    /// By what describes a function's variables: its script.
    fn scripts(&self) -> HashMap<NodeIdx, Option<NodeIdx>> {
        let nodes = &self.explorer.heap.tables.nodes;
        let is_part =
            |node: &NodeIdx| matches!(nodes.kind(*node), NodeKind::Code | NodeKind::Hidden);
        let described =
            nodes.indices().filter(is_part).filter_map(|node| self.names.described(node));
        described.map(|(info, script)| (info, Some(script))).collect()
    }

    /// The same of one that no function has, over those around it.
    fn script(
        &self,
        info: NodeIdx,
        known: &mut HashMap<NodeIdx, Option<NodeIdx>>,
    ) -> Option<NodeIdx> {
        let mut way = Vec::new();
        let mut at = Some(info);
        let script = loop {
            let Some(info) = at else { break None };
            if let Some(script) = known.get(&info) {
                break *script;
            }
            // Met again, where they lie in each other, it is of none.
            known.insert(info, None);
            way.push(info);
            at = self.names.outer(info);
        };
        known.extend(way.into_iter().map(|info| (info, script)));
        script
    }
}
