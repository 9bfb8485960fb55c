//! The dominator tree of random graphs of every shape, against plain oracles written on the rules.

use crate::dominating_oracle::{by_removal, by_walking_up, essential, rooted};
use crate::dominating_shapes::{SHAPES, graph};
use crate::drawing::Drawing;
use heapdiff::graph::Heap;

/// The heap's dominators, after the laws of the tree's other columns.
fn dominators(heap: &Heap, which: &str) -> Vec<usize> {
    let tree = heap.dominators();
    let idom: Vec<usize> = tree.idom.iter().map(|node| node.at()).collect();
    let mut at = vec![usize::MAX; idom.len()];
    tree.order.iter().enumerate().for_each(|(position, node)| at[node.at()] = position);
    assert_eq!((at[0], tree.end[0] as usize), (0, idom.len()), "{which}");
    // Every stretch lies within its dominator's and is as long as those within it are together.
    let mut inside = vec![0; idom.len()];
    for (position, node) in tree.order.iter().enumerate().skip(1) {
        let (above, end) = (at[idom[node.at()]], tree.end[position]);
        assert!(above < position && end <= tree.end[above], "{which}: the stretch of {node:?}");
        inside[above] += end as usize - position;
    }
    for (position, end) in tree.end.iter().enumerate() {
        assert_eq!(*end as usize - position, inside[position] + 1, "{which}: {position} in order");
    }
    idom
}

fn check(shape: usize, size: usize, seed: u64) -> Drawing {
    let name = SHAPES[shape].0;
    let drawing = graph(shape, size, seed);
    let which = format!("{name} of {size} nodes, seed {seed}");
    let ours = dominators(&drawing.heap(), &which);
    let edges = rooted(&drawing, &essential(&drawing));
    let theirs = by_walking_up(drawing.nodes.len(), &edges);
    if let Some(wrong) = (0..ours.len()).find(|node| ours[*node] != theirs[*node]) {
        let (ours, theirs) = (ours[wrong], theirs[wrong]);
        let small = if size <= 40 { format!(" of {drawing:#?}") } else { String::new() };
        panic!("{which}: {ours} dominates {wrong} instead of {theirs}{small}");
    }
    if size <= 12 {
        assert_eq!(theirs, by_removal(drawing.nodes.len(), &edges), "{which}: the oracles differ");
    }
    drawing
}

#[test]
fn dominators_of_thousands_of_small_graphs_equal_those_by_the_rules() {
    for seed in 0..400 {
        for shape in 0..SHAPES.len() {
            let size = [2 + seed as usize % 11, 13 + seed as usize % 28][seed as usize % 2];
            check(shape, size, seed);
        }
    }
}

#[test]
fn dominators_of_large_graphs_equal_those_by_the_rules() {
    for seed in 0..6 {
        for shape in 0..SHAPES.len() {
            check(shape, 300 << (seed % 4), 1_000_000 + seed);
        }
    }
}
