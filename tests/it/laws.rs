//! What must hold for any heap and any pair, and slow obvious oracles for random ones.

use crate::cli::shown;
use crate::drawing::{Drawing, Edge, KINDS, LINKS, Node, compared, comparison, drawn};
use crate::fixtures::{pairs, snapshot};
use crate::invariants::{figures, laws_of_one_comparison, laws_of_one_heap, turned};
use heapdiff::compare::read;
use heapdiff::ids::NodeIdx;
use heapdiff::pair::Pair;
use std::path::Path;

/// A small generator of numbers, so that a seed is a test (xorshift64).
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub const fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    pub fn pick<'a>(&mut self, words: &'a str) -> &'a str {
        let words: Vec<&str> = words.split(' ').collect();
        words[self.below(words.len() as u64) as usize]
    }
}

/// A random heap: some kinds and edges of every sort, few enough nodes to think about.
fn random_heap(seed: u64) -> Drawing {
    let mut random = Random::new(seed);
    let mut drawing = Drawing::new();
    for at in 1..4 + random.below(12) {
        let mut node = Node::new(&format!("n{at}"));
        let kind = random.pick("object object object array array hidden native closure synthetic");
        node.kind = KINDS.iter().find(|k| **k == kind).unwrap();
        node.name = random.pick("A B C D").to_owned();
        (node.id, node.size) = (at * 2 + 1, random.below(5) * 8);
        drawing.nodes.push(node);
    }
    let count = drawing.nodes.len() as u64;
    for at in 0..count + random.below(2 * count) {
        let kinds = "property property property internal element context hidden shortcut weak";
        let kind = random.pick(kinds);
        let kind = LINKS.iter().find(|k| **k == kind);
        let from = if random.below(4) == 0 { 0 } else { random.below(count) as usize };
        let to = random.below(count) as usize;
        drawing.edges.push(Edge { from, kind: kind.unwrap(), label: at.to_string(), to });
    }
    drawing.edges.sort_by_key(|e| e.from);
    drawing
}

/// Which nodes can be reached over some edges.
fn reach(
    count: usize,
    edges: &[(usize, usize)],
    from: &[usize],
    without: Option<usize>,
) -> Vec<bool> {
    let mut seen = vec![false; count];
    let mut stack: Vec<usize> = from.iter().copied().filter(|n| Some(*n) != without).collect();
    while let Some(node) = stack.pop() {
        if !std::mem::replace(&mut seen[node], true) {
            let next = edges.iter().filter(|(from, to)| *from == node && Some(*to) != without);
            stack.extend(next.map(|(_, to)| *to));
        }
    }
    seen
}

/// The edges that keep something alive, by the book.
fn strong(drawing: &Drawing) -> Vec<(usize, usize)> {
    let pairs = |keep: &dyn Fn(&Edge) -> bool| -> Vec<(usize, usize)> {
        drawing.edges.iter().filter(|e| keep(e)).map(|e| (e.from, e.to)).collect()
    };
    let globals = pairs(&|e| e.from == 0 && e.kind == "shortcut");
    let globals: Vec<usize> = globals.into_iter().map(|(_, to)| to).collect();
    let page = reach(drawing.nodes.len(), &pairs(&|e| e.kind != "weak"), &globals, None);
    pairs(&|e| {
        e.kind != "weak"
            && e.from != e.to
            && (e.from == 0 || (e.kind != "shortcut" && (page[e.from] || !page[e.to])))
    })
}

/// Immediate dominators and retained sizes by taking nodes away, one after the other.
fn dominators(drawing: &Drawing, shallow: &[u64]) -> Vec<(usize, u64)> {
    let count = drawing.nodes.len();
    let mut edges = strong(drawing);
    for node in 0..count {
        let lonely = !edges.iter().any(|(_, to)| *to == node);
        if lonely && !reach(count, &edges, &[0], None)[node] {
            edges.push((0, node));
        }
    }
    let living = reach(count, &edges, &[0], None);
    let lost: Vec<Vec<bool>> = (0..count)
        .map(|gone| {
            let left = reach(count, &edges, &[0], Some(gone));
            (0..count).map(|n| living[n] && !left[n]).collect()
        })
        .collect();
    let of = |node: usize| {
        if node == 0 {
            return (0, shallow.iter().sum());
        }
        if !living[node] {
            return (0, shallow[node]);
        }
        let above = (0..count).filter(|d| *d != node && lost[*d][node]);
        let depth = |d: &usize| (0..count).filter(|above| lost[*above][*d]).count();
        let retained = (0..count).filter(|n| lost[node][*n]).map(|n| shallow[n]).sum();
        (above.max_by_key(depth).unwrap(), retained)
    };
    (0..count).map(of).collect()
}

/// Sizes after every part has gone to its only owner, each part asked by itself.
fn shallow(drawing: &Drawing) -> Vec<u64> {
    let nodes = &drawing.nodes;
    let mut sizes: Vec<u64> = nodes.iter().map(|n| n.size).collect();
    if !drawing.edges.iter().any(|e| e.from == 0 && nodes[e.to].kind != "synthetic") {
        return sizes;
    }
    let part = |n: usize| matches!(nodes[n].kind, "hidden" | "array");
    let edges = drawing.edges.iter().filter(|e| e.kind != "weak" && part(e.to));
    let edges: Vec<(usize, usize)> = edges.map(|e| (e.from, e.to)).collect();
    for at in (0..nodes.len()).filter(|n| part(*n)) {
        let owner = |n: &usize| !part(*n) && reach(nodes.len(), &edges, &[*n], None)[at];
        let owners: Vec<usize> = (0..nodes.len()).filter(owner).collect();
        if let [only] = owners[..]
            && nodes[only].kind != "synthetic"
        {
            sizes[only] += nodes[at].size;
            sizes[at] -= nodes[at].size;
        }
    }
    sizes
}

/// Distances by asking again and again who is one step away.
fn distances(drawing: &Drawing) -> Vec<i32> {
    let user = |n: usize| drawing.nodes[n].kind != "synthetic";
    let mut distance = vec![-5; drawing.nodes.len()];
    let starts = drawing.edges.iter().filter(|e| e.from == 0 && user(e.to));
    starts.for_each(|e| distance[e.to] = 1);
    let spread = |distance: &mut Vec<i32>, from: i32| {
        for now in from..from + 100 {
            for edge in drawing.edges.iter().filter(|e| e.kind != "weak") {
                if distance[edge.from] == now && distance[edge.to] == -5 {
                    distance[edge.to] = now + 1;
                }
            }
        }
    };
    let any = distance.contains(&1);
    spread(&mut distance, 1);
    distance[0] = if any { 100_000_000 } else { 0 };
    spread(&mut distance, if any { 100_000_000 } else { 0 });
    distance
}

#[test]
fn random_heaps_equal_slow_obvious_oracles() {
    let (mut cliques, mut merged) = (0, 0);
    for seed in 0..400 {
        let drawing = random_heap(seed);
        let heap = drawing.heap();
        let sizes = shallow(&drawing);
        assert!(
            heap.shallow().iter().eq(sizes.iter().copied()),
            "seed {seed}: shallow sizes of {drawing:#?}"
        );
        let expected = dominators(&drawing, &sizes);
        let ours: Vec<(usize, u64)> =
            heap.dominators().idom.iter().map(|n| n.at()).zip(heap.retained().iter()).collect();
        assert_eq!(ours, expected, "seed {seed}: dominators of {drawing:#?}");
        assert_eq!(heap.shortest().distance, distances(&drawing), "seed {seed}: {drawing:#?}");
        laws_of_one_heap(&heap, &format!("seed {seed}"));
        merged += usize::from(sizes.iter().zip(&drawing.nodes).any(|(s, n)| *s > n.size));
        cliques += usize::from(heap.shortest().distance.contains(&-5));
    }
    assert!(cliques > 40 && merged > 40, "{cliques} and {merged} of the heaps are interesting");
}

#[test]
fn real_heaps_obey_the_laws() {
    for pair in pairs() {
        let which = pair.display().to_string();
        let open = |which: &str| read(&snapshot(&pair, which)).unwrap();
        let heaps = Pair::new(open("before"), open("after"));
        laws_of_one_heap(&heaps.before, &which);
        laws_of_one_heap(&heaps.after, &which);
        let forward = comparison(heaps);
        laws_of_one_comparison(&forward, &which);
        let backward = comparison(Pair::new(open("after"), open("before")));
        laws_of_one_comparison(&backward, &which);
        assert_eq!(figures(&forward), turned(&backward), "{which}: swapped, New and Deleted swap");
        let same = comparison(Pair::new(open("before"), open("before")));
        assert!(same.deltas().is_empty(), "{which}: compared with itself");
    }
}

#[test]
fn random_pairs_obey_the_laws() {
    for seed in 0..200 {
        let heaps = || Pair::new(random_heap(seed), random_heap(seed + 1000)).map(|d| d.heap());
        let forward = comparison(heaps());
        laws_of_one_comparison(&forward, &format!("seed {seed}"));
        let Pair { before, after } = heaps();
        let backward = comparison(Pair::new(after, before));
        assert_eq!(figures(&forward), turned(&backward), "seed {seed}");
    }
}

#[test]
fn a_heap_compared_with_itself_has_no_rows() {
    let text = "root -> app:App(48) -cache-> map:Map(32)\n map -[0]-> s:Object(900)@1:2:3";
    assert_eq!(compared(text, text).rows(), [""; 0]);
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let all = pairs();
    let named = |name: &str| all.iter().find(|p| p.ends_with(name)).unwrap().clone();
    for pair in [named("plain"), named("chromium-detached-rows"), named("lru-churn")] {
        let files = ["before", "after"].map(|which| snapshot(&pair, which));
        let run = |more: [&str; 2]| {
            let more = more.map(Path::new);
            shown(files.iter().map(|f| f.as_path()).chain(more).map(|a| a.as_os_str().to_owned()))
        };
        let one = run(["--threads=1", "--format=json"]);
        assert_eq!(one, run(["--threads=2", "--format=json"]), "{pair:?}");
        assert_eq!(one, run(["--threads=8", "--format=json"]), "{pair:?}");
        assert_eq!(run(["--threads=1", "--all"]), run(["--threads=8", "--all"]), "{pair:?}");
    }
}

#[test]
fn a_list_of_a_hundred_thousand_objects_needs_no_deep_stack() {
    let mut drawing = crate::drawing::draw("root -> n0:Node(8)");
    for at in 1..100_000 {
        let node = drawing.nodes[1].clone();
        drawing.nodes.push(Node { id: at * 2 + 3, ..node });
        let (from, to) = (at as usize, at as usize + 1);
        drawing.edges.push(Edge { from, kind: "property", label: "next".to_owned(), to });
    }
    let heap = drawing.heap();
    assert_eq!(
        (heap.retained().of(NodeIdx(1)), heap.shortest().distance[100_000]),
        (800_000, 100_000)
    );
    assert_eq!(drawn("root -> a:A(1)").retained("a"), 1);
}
