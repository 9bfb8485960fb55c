//! A shape, a size and a seed in, a drawing out: who leads to whom by the shape, how by chance.

use crate::drawing::{Drawing, Edge, KINDS, LINKS, Node};
use crate::laws::Random;

type Edges = Vec<(usize, usize)>;
type Shape = fn(usize, &mut Random) -> Edges;

/// Shapes by name. Each gets the number of nodes, the root among them, of which there are at least
/// two, and gives pairs of nodes.
pub const SHAPES: [(&str, Shape); 10] = [
    ("sparse", sparse),
    ("dense", dense),
    ("hubs", hubs),
    ("list and index", list_and_index),
    ("comb", comb),
    ("bundles", bundles),
    ("nested", nested),
    ("ladder", ladder),
    ("islands", islands),
    ("irreducible", irreducible),
];

fn node(random: &mut Random, from: usize, until: usize) -> usize {
    from + random.below((until - from) as u64) as usize
}

fn chance(random: &mut Random, one_in: u64) -> bool {
    random.below(one_in) == 0
}

/// Each node below one of those before it, near or far.
fn tree(count: usize, random: &mut Random) -> Edges {
    let near = 1 + random.below(count as u64) as usize;
    (1..count).map(|to| (node(random, to.saturating_sub(near), to), to)).collect()
}

fn sparse(count: usize, random: &mut Random) -> Edges {
    let mut edges = tree(count, random);
    edges.retain(|_| !chance(random, 12));
    for _ in 0..random.below(count as u64) {
        edges.push((node(random, 0, count), node(random, 1, count)));
    }
    edges
}

fn dense(count: usize, random: &mut Random) -> Edges {
    let many = (count * count / 4).min(20 * count) as u64;
    (0..count as u64 + random.below(many + 1))
        .map(|_| (node(random, 0, count), node(random, 1, count)))
        .collect()
}

/// Most nodes lead to a few, and these to some.
fn hubs(count: usize, random: &mut Random) -> Edges {
    let mut edges = tree(count, random);
    let hubs: Vec<usize> = (0..1 + random.below(4)).map(|_| node(random, 1, count)).collect();
    for from in 1..count {
        for hub in &hubs {
            if !chance(random, 3) {
                edges.push((from, *hub));
            }
        }
    }
    for hub in hubs {
        edges.push((hub, node(random, 1, count)));
        edges.push((node(random, 0, count), hub));
    }
    edges
}

/// A list of values, all or some of them in an array as well, which stands before it or behind.
fn list_and_index(count: usize, random: &mut Random) -> Edges {
    let (start, index) = (count / 3, 1);
    let mut edges = vec![(0, index), (0, 2.min(count - 1))];
    let both_ways = chance(random, 2);
    for at in 2..start {
        edges.push((at, at + 1));
        if both_ways {
            edges.push((at + 1, at));
        }
    }
    for value in start + 1..count {
        edges.push((2 + (value - start - 1) % start.max(1), value));
        if !chance(random, 8) {
            edges.push((index, value));
        }
    }
    if chance(random, 2) {
        edges.push((value_or_root(count, random), node(random, 1, count)));
    }
    edges
}

fn value_or_root(count: usize, random: &mut Random) -> usize {
    if chance(random, 2) { 0 } else { node(random, count / 2, count) }
}

/// A chain with teeth at its end that somebody near its beginning leads to, too.
fn comb(count: usize, random: &mut Random) -> Edges {
    let length = 1 + count / 2;
    let mut edges: Edges = (1..length).map(|to| (to - 1, to)).collect();
    let high = node(random, 0, length);
    for tooth in length..count {
        edges.push((length - 1 - node(random, 0, length.min(3)), tooth));
        if !chance(random, 6) {
            edges.push((if chance(random, 9) { node(random, 0, length) } else { high }, tooth));
        }
    }
    edges
}

/// Several trees side by side with edges within, and a few between them.
fn bundles(count: usize, random: &mut Random) -> Edges {
    let many = 1 + random.below(5) as usize;
    let mut edges: Edges = (1..count.min(many + 1)).map(|to| (0, to)).collect();
    let above = |node: usize| node - many;
    for to in many + 1..count {
        let stay = above(to) % many + 1;
        let from = node(random, 1, to);
        edges.push((if from % many == to % many { from } else { stay.max(above(to)) }, to));
    }
    for _ in 0..random.below(count as u64) {
        let (from, to) = (node(random, 1, count), node(random, 1, count));
        if from % many == to % many || chance(random, 6) {
            edges.push((from, to));
        }
    }
    edges
}

/// Trees whose nodes lead up, and down by more than a step.
fn nested(count: usize, random: &mut Random) -> Edges {
    let edges = tree(count, random);
    let mut above = vec![0; count];
    edges.iter().for_each(|(from, to)| above[*to] = *from);
    let mut more = Vec::new();
    for start in 1..count {
        let (mut to, mut steps) = (start, random.below(4));
        while to != 0 && steps > 0 {
            (to, steps) = (above[to], steps - 1);
        }
        if to != 0 && chance(random, 2) {
            more.push(if chance(random, 2) { (start, to) } else { (to, start) });
        }
    }
    edges.into_iter().chain(more).collect()
}

/// Two chains with rungs.
fn ladder(count: usize, random: &mut Random) -> Edges {
    let mut edges = vec![(0, 1), (0, 2.min(count - 1))];
    edges.extend((3..count).map(|to| (to - 2, to)));
    for from in 1..count {
        match random.below(4) {
            0 => edges.push((from, count - from)),
            1 => edges.push((from, node(random, 1, count))),
            _ => {}
        }
    }
    edges
}

/// Some of the nodes are held by nothing, or by each other alone; they may lead to the others.
fn islands(count: usize, random: &mut Random) -> Edges {
    let main = 1 + node(random, 0, count);
    let mut edges = tree(main, random);
    for from in main..count {
        for _ in 0..random.below(3) {
            let start = if chance(random, 3) { 1 } else { main };
            edges.push((from, node(random, start.min(count - 1), count)));
        }
    }
    for _ in 0..random.below(main as u64) {
        edges.push((node(random, 0, main), node(random, 0, main)));
    }
    edges
}

fn irreducible(count: usize, random: &mut Random) -> Edges {
    let degree = 2 + random.below(3);
    let mut edges = vec![(0, node(random, 1, count))];
    for from in 1..count {
        (0..degree).for_each(|_| edges.push((from, node(random, 1, count))));
    }
    edges
}

/// How the edges of one graph are drawn.
struct Manner {
    /// What edges of the root are; words as for [`Random::pick`].
    root: &'static str,
    /// Of how many edges between nodes one keeps nothing, or nothing in some places.
    odd: u64,
}

/// Without a page, with one global object, with several, with documents, and of every sort.
const ROOTS: [&str; 5] = [
    "property element internal hidden",
    "shortcut element element element element element element",
    "shortcut",
    "element element element property",
    "shortcut element property hidden weak internal shortcut context",
];

/// Draws a graph.
pub fn graph(shape: usize, count: usize, seed: u64) -> Drawing {
    let mut random = Random::new(seed * 64 + shape as u64);
    (0..8).for_each(|_| _ = random.below(2));
    let mut edges = SHAPES[shape].1(count, &mut random);
    // Of few nodes not every shape can be made.
    edges
        .iter_mut()
        .for_each(|(from, to)| (*from, *to) = ((*from).min(count - 1), (*to).min(count - 1)));
    for _ in 0..random.below(4) {
        // To the root, to oneself, or once more.
        let (from, to) =
            edges.get(random.below(edges.len() as u64 + 1) as usize).map_or((0, 0), |e| *e);
        edges.push(*[(from, 0), (to, to), (from, to)].get(random.below(3) as usize).unwrap());
    }
    let place = shuffled(count, &mut random);
    let mut drawing = Drawing::new();
    nodes(&mut drawing, count, &mut random);
    let manner = Manner {
        root: ROOTS[random.below(5) as usize],
        odd: [3, 12, 12, 1000][random.below(4) as usize],
    };
    for (from, to) in edges {
        let edge = edge(&drawing, &manner, [place[from], place[to]], &mut random);
        drawing.edges.push(edge);
    }
    if chance(&mut random, 3) {
        (1..drawing.edges.len()).for_each(|at| drawing.edges.swap(at, node(&mut random, 0, at)));
    }
    drawing.edges.sort_by_key(|edge| edge.from);
    drawing
}

/// Numbers in some order, but for the root.
fn shuffled(count: usize, random: &mut Random) -> Vec<usize> {
    let mut place: Vec<usize> = (0..count).collect();
    if !chance(random, 3) {
        (2..count).for_each(|at| place.swap(at, node(random, 1, at + 1)));
    }
    place
}

fn nodes(drawing: &mut Drawing, count: usize, random: &mut Random) {
    let documents = "(Document DOM trees)";
    if chance(random, 20) {
        drawing.nodes[0].name = documents.to_owned();
    }
    for at in 1..count {
        let kind = random.pick("object object object array hidden native synthetic");
        let name = if chance(random, 4) { documents } else { "A" };
        drawing.nodes.push(Node {
            kind: KINDS.iter().find(|known| **known == kind).unwrap(),
            name: name.to_owned(),
            id: at as u64 * 2 + 1,
            ..Node::new(&format!("n{at}"))
        });
    }
}

fn edge(drawing: &Drawing, manner: &Manner, [from, to]: [usize; 2], random: &mut Random) -> Edge {
    let odd = from != 0 && chance(random, manner.odd);
    let kind = match (from, odd) {
        (0, _) => random.pick(manner.root),
        (_, true) => random.pick("weak shortcut internal internal"),
        _ => random.pick("property property element internal hidden context"),
    };
    let id = |at: usize| drawing.nodes[at].id;
    let label = if kind == "internal" && (odd || from == 0) {
        let table = if chance(random, 3) { node(random, 0, drawing.nodes.len()) } else { from };
        let (before, key) = (random.pick("7 7 7 123 -"), random.pick("K K K K \n"));
        let (value, table) = (id(to), id(table));
        let before = before.trim_end_matches('-');
        format!(
            "{before} / part of key ({key} @5) -> value (V @{value}) pair in WeakMap (table @{table})"
        )
    } else {
        random.below(100).to_string()
    };
    Edge { from, kind: LINKS.iter().find(|known| **known == kind).unwrap(), label, to }
}
