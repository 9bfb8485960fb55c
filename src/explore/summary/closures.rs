//! A heap in, what functions keep by their variables out.
//!
//! Functions that are written in one function share its variables, so these are told once: each row is
//! one function's variables, those of all its calls, and names a function that has them. What the
//! runtime's own functions keep comes last, however heavy it is.

use super::whole::Most;
use super::{ClosureRow, Rows, VariableRow};
use crate::explore::Explorer;
use crate::ids::{NodeIdx, StrIdx};
use crate::objects::{Owner, ScopeNames};
use crate::parse::{EdgeKind, NodeKind};
use std::cmp::Reverse;
use std::ops::Range;

/// A closure and the variables around it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Around {
    /// What all contexts of a function have in common.
    scope: NodeIdx,
    context: NodeIdx,
    closure: NodeIdx,
}

/// One function's variables: a stretch of a list of closures.
struct Scope {
    closures: Range<usize>,
    contexts: Vec<NodeIdx>,
    retained: u64,
    /// Number of functions that have them, and a closure of the one with most closures.
    functions: u64,
    usual: NodeIdx,
    /// Whether that is the runtime's own.
    of_runtime: bool,
}

impl Explorer {
    /// Variables that closures keep, heaviest first.
    pub(super) fn closures(&self, most: Most) -> Rows<ClosureRow> {
        let names = ScopeNames::of(&self.heap);
        let all = self.closures_by_scope(names);
        let mut scopes = Vec::new();
        let mut from = 0;
        for group in all.chunk_by(|a, b| a.scope == b.scope) {
            let mut contexts: Vec<NodeIdx> = group.iter().map(|one| one.context).collect();
            contexts.dedup();
            let retained = self.retained_together(contexts.clone());
            let (functions, usual) = usual(group, names);
            let place = self.scripts().place(&self.heap, usual);
            let of_runtime = place.is_none_or(|place| place.owner == Owner::Runtime);
            let closures = from..from + group.len();
            from = closures.end;
            scopes.push(Scope { closures, contexts, retained, functions, usual, of_runtime });
        }
        scopes.sort_by_key(|s| (s.of_runtime, Reverse(s.retained), s.closures.start));
        most.of(scopes, |scope| self.closure_row(&scope, &all[scope.closures.clone()], names, most))
    }

    /// Closures by what describes their variables.
    fn closures_by_scope(&self, names: ScopeNames<'_>) -> Vec<Around> {
        let nodes = &self.heap.tables.nodes;
        let closures = nodes.indices().filter(|node| nodes.kind(*node) == NodeKind::Closure);
        let around = |closure| {
            let context = names.of_closure(closure)?;
            Some(Around { scope: context, context, closure })
        };
        let mut all: Vec<Around> = closures.filter_map(around).collect();
        all.sort_unstable();
        for group in all.chunk_by_mut(|a, b| a.context == b.context) {
            let scope = names.info(group[0].context).unwrap_or(group[0].context);
            group.iter_mut().for_each(|one| one.scope = scope);
        }
        all.sort_unstable();
        all
    }

    fn closure_row(
        &self,
        scope: &Scope,
        closures: &[Around],
        names: ScopeNames<'_>,
        most: Most,
    ) -> ClosureRow {
        let strings = &self.heap.tables.strings;
        let declared_in = (closures[0].scope != closures[0].context)
            .then(|| names.function_name(closures[0].scope))
            .flatten()
            .map(|name| self.redactor().name(&strings.get(name)));
        ClosureRow {
            function: self.teller(most.objects()).object(scope.usual),
            declared_in: declared_in.unwrap_or_default(),
            functions: scope.functions,
            closures: closures.len() as u64,
            contexts: scope.contexts.len() as u64,
            retained: scope.retained,
            variables: self.variables(&scope.contexts, most),
        }
    }

    /// The variables of some contexts by name, heaviest first.
    fn variables(&self, contexts: &[NodeIdx], most: Most) -> Rows<VariableRow> {
        let tables = &self.heap.tables;
        let edges = contexts.iter().flat_map(|context| tables.edges_of(*context));
        let variables = edges.filter(|edge| tables.edges.kind(*edge) == EdgeKind::Context);
        let named = variables.map(|edge| {
            let name = tables.strings.canonical(StrIdx(tables.edges.label(edge)));
            (name, tables.edges.target(edge))
        });
        let mut values: Vec<(StrIdx, NodeIdx)> = named.collect();
        values.sort_unstable();
        values.dedup();
        let sum = |all: &[(StrIdx, NodeIdx)]| {
            let sizes = all.iter().map(|(_, value)| self.heap.retained().of(*value));
            (all[0].0, sizes.fold(0, u64::saturating_add))
        };
        let mut sums: Vec<(StrIdx, u64)> = values.chunk_by(|a, b| a.0 == b.0).map(sum).collect();
        sums.sort_by_key(|(name, retained)| (Reverse(*retained), *name));
        let shown = |name| self.redactor().label(&tables.strings.get(name));
        most.of(sums, |(name, retained)| VariableRow { name: shown(name), retained })
    }
}

/// How many functions have some variables, and a closure of the one that has most closures.
fn usual(closures: &[Around], names: ScopeNames<'_>) -> (u64, NodeIdx) {
    let function = |one: &Around| (names.shared(one.closure).unwrap_or(one.closure), one.closure);
    let mut functions: Vec<(NodeIdx, NodeIdx)> = closures.iter().map(function).collect();
    functions.sort_unstable();
    let by_function = || functions.chunk_by(|a, b| a.0 == b.0);
    let usual = by_function().max_by_key(|all| (all.len(), Reverse(all[0].1)));
    (by_function().count() as u64, usual.map_or(closures[0].closure, |all| all[0].1))
}
