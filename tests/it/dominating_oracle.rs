//! A drawing in, its dominators out, by the book and without haste.

use crate::drawing::{Drawing, Edge};

/// What the page owns: all that can be reached from the globals and the documents over anything
/// but weak edges.
fn page(drawing: &Drawing) -> Vec<bool> {
    let document = |to: usize| {
        let node = &drawing.nodes[to];
        node.kind == "synthetic" && node.name == "(Document DOM trees)"
    };
    let starts = |edge: &&Edge| {
        edge.from == 0 && (edge.kind == "shortcut" || (edge.kind == "element" && document(edge.to)))
    };
    let starts = drawing.edges.iter().filter(starts).map(|edge| edge.to);
    let edges: Vec<(usize, usize)> =
        drawing.edges.iter().filter(|e| e.kind != "weak").map(|e| (e.from, e.to)).collect();
    reach(drawing.nodes.len(), &edges, starts.collect(), None)
}

/// Whether the edge is an entry of a WeakMap as its table has it.
fn is_from_table(drawing: &Drawing, edge: &Edge) -> bool {
    let table = format!(" pair in WeakMap (table @{})", drawing.nodes[edge.from].id);
    edge.kind == "internal"
        && edge.label.starts_with(|c: char| c.is_ascii_digit())
        && edge.label.contains(" / part of key (")
        && !edge.label.contains('\n')
        && edge.label.ends_with(&table)
}

/// The edges that keep their target, in the words of `isEssentialEdge`.
pub fn essential(drawing: &Drawing) -> Vec<(usize, usize)> {
    let page = page(drawing);
    let keeps = |edge: &&Edge| {
        if is_from_table(drawing, edge) || edge.kind == "weak" || edge.from == edge.to {
            return false;
        }
        if edge.from == 0 {
            return true;
        }
        edge.kind != "shortcut" && (page[edge.from] || !page[edge.to])
    };
    drawing.edges.iter().filter(keeps).map(|edge| (edge.from, edge.to)).collect()
}

/// With an edge from the root to everything that is not reached and has no retainer.
pub fn rooted(drawing: &Drawing, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let count = drawing.nodes.len();
    let reached = reach(count, edges, vec![0], None);
    let mut held = vec![false; count];
    edges.iter().for_each(|(_, to)| held[*to] = true);
    let orphans = (0..count).filter(|node| !reached[*node] && !held[*node]);
    edges.iter().copied().chain(orphans.map(|orphan| (0, orphan))).collect()
}

fn heads(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut heads = vec![Vec::new(); count];
    edges.iter().for_each(|(from, to)| heads[*from].push(*to));
    heads
}

/// Which nodes can be reached over some edges, without one of them.
fn reach(
    count: usize,
    edges: &[(usize, usize)],
    from: Vec<usize>,
    without: Option<usize>,
) -> Vec<bool> {
    let heads = heads(count, edges);
    let mut seen = vec![false; count];
    let mut stack = from;
    while let Some(node) = stack.pop() {
        if Some(node) != without && !std::mem::replace(&mut seen[node], true) {
            stack.extend(&heads[node]);
        }
    }
    seen
}

/// Immediate dominators: takes every node away once and looks what is lost. What is not reached is
/// the root's.
pub fn by_removal(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let reached = reach(count, edges, vec![0], None);
    let left: Vec<Vec<bool>> =
        (0..count).map(|gone| reach(count, edges, vec![0], Some(gone))).collect();
    let dominates = |d: usize, node: usize| d != node && reached[node] && !left[d][node];
    let depth = |node: usize| (0..count).filter(|d| dominates(*d, node)).count();
    let nearest =
        |node: usize| (0..count).filter(|d| dominates(*d, node)).max_by_key(|d| depth(*d));
    (0..count).map(|node| nearest(node).unwrap_or(0)).collect()
}

/// Immediate dominators as the nearest common ones of all retainers, again and again until nothing
/// changes (Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm", 2001).
pub fn by_walking_up(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let order = leaving_order(&heads(count, edges));
    let mut rank = vec![usize::MAX; count];
    order.iter().enumerate().for_each(|(at, node)| rank[*node] = at);
    // Retainers by rank; the root leaves last, so its rank is the highest.
    let root = order.len() - 1;
    let mut retainers = vec![Vec::new(); order.len()];
    for (from, to) in edges.iter().filter(|(from, _)| rank[*from] != usize::MAX) {
        retainers[rank[*to]].push(rank[*from]);
    }
    let mut idom = vec![usize::MAX; order.len()];
    idom[root] = root;
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for node in (0..root).rev() {
            let known = retainers[node].iter().copied().filter(|from| idom[*from] != usize::MAX);
            let nearest = known.reduce(|a, b| common(&idom, a, b)).expect("its parent is known");
            changed |= std::mem::replace(&mut idom[node], nearest) != nearest;
        }
    }
    let of = |node: usize| if rank[node] == usize::MAX { 0 } else { order[idom[rank[node]]] };
    (0..count).map(of).collect()
}

fn common(idom: &[usize], mut a: usize, mut b: usize) -> usize {
    while a != b {
        if a < b { a = idom[a] } else { b = idom[b] }
    }
    a
}

/// Nodes in the order in which a depth-first search from the root leaves them.
fn leaving_order(heads: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut seen = vec![false; heads.len()];
    seen[0] = true;
    let mut stack = vec![(0, 0)];
    while let Some((node, at)) = stack.pop() {
        match heads[node].get(at) {
            None => order.push(node),
            Some(next) => {
                stack.push((node, at + 1));
                if !std::mem::replace(&mut seen[*next], true) {
                    stack.push((*next, 0));
                }
            }
        }
    }
    order
}
