//! Which of all ways is preferred: the cheapest by the prices of docs/diagnosis.md, whatever order
//! the edges have in the file. An oracle without haste has its own table of prices.

use crate::drawing::{Drawing, Edge, KINDS, LINKS, Node, draw};
use crate::laws::Random;
use heapdiff::graph::Heap;
use heapdiff::ways::Preferred;

/// A tier, and a sum.
type Cost = (u64, u64);

const fn cost(price: u64) -> Cost {
    let tier = match price {
        0..150 => 0,
        150..400 => 1,
        400..600 => 2,
        _ => 3,
    };
    (tier, price)
}

fn and(way: Cost, step: Cost) -> Cost {
    (way.0.max(step.0), way.1 + step.1)
}

fn price(drawing: &Drawing, edge: &Edge) -> Option<Cost> {
    let (from, to) = (&drawing.nodes[edge.from], &drawing.nodes[edge.to]);
    let in_hand = toll(from).1 == 500 && to.kind != "closure";
    match bare_price(edge) {
        Some(_) if in_hand => Some(cost(600)),
        price => price,
    }
}

fn bare_price(edge: &Edge) -> Option<Cost> {
    let price = match (edge.kind, edge.label.as_str()) {
        ("weak", _) => return None,
        ("shortcut", _) => return (edge.from == 0).then_some(cost(1)),
        ("element", _) if edge.from == 0 => 40,
        ("property", "__proto__" | "constructor") => 150,
        ("context" | "element" | "property", _) => 1,
        ("hidden", _) => 4,
        (_, "map" | "code" | "shared" | "feedback_cell") => 200,
        (_, "previous" | "native_context") => 2,
        (_, "name_or_scope_info") => 60,
        (_, "table" | "context" | "elements" | "value") => 1,
        _ => 3,
    };
    Some(cost(price))
}

fn toll(node: &Node) -> Cost {
    let price = match (node.kind, node.name.as_str()) {
        ("code", _) => 300,
        ("object shape", _) => 200,
        ("native", _) => 30,
        ("object", "Timeout" | "Immediate") => 20,
        ("synthetic" | "hidden" | "array", name) => match name {
            "" | "(GC roots)" => 0,
            "(Global handles)" => 60,
            "(Stack roots)" => 500,
            "(Builtins)" => 450,
            "system / Context" | "system / Cell" => 1,
            "system / Map" => 200,
            "system / Other" => 15,
            "Node / Environment" => 100,
            "(Eternal handles)" => 150,
            _ => 40,
        },
        _ => 0,
    };
    cost(price)
}

/// An edge as a reader sees it, if the way to it says no more than another one: the node before,
/// what sort of edge, and its name.
type Step = (usize, usize, bool, String);

fn step(edge: &Edge) -> Step {
    let bond = ["context", "element", "property", "internal", "hidden", "shortcut"];
    let mut rank = bond.iter().position(|kind| *kind == edge.kind).unwrap();
    // What an object is made of, what parts have beside each other, scopes, and what is common.
    for (at, names) in [
        "table context elements value",
        "previous native_context",
        "name_or_scope_info",
        "map code shared feedback_cell",
    ]
    .iter()
    .enumerate()
    {
        if edge.kind == "internal" && names.split(' ').any(|name| name == edge.label) {
            rank = 10 + at;
        }
    }
    if edge.kind == "property" && bare_price(edge) == Some(cost(150)) {
        rank = 9;
    }
    let number = edge.kind == "element" || edge.kind == "hidden";
    let label = if number { format!("{:>4}", edge.label) } else { edge.label.clone() };
    (edge.from, rank, label.starts_with("<symbol "), label)
}

/// Settles the cheapest node that is open, again and again.
fn by_settling(drawing: &Drawing) -> Vec<Option<Step>> {
    let count = drawing.nodes.len();
    let mut ways: Vec<Option<(Cost, Step)>> = vec![None; count];
    let mut settled: Vec<Option<Cost>> = vec![None; count];
    settled[0] = Some((0, 0));
    let mut last = 0;
    loop {
        for edge in drawing.edges.iter().filter(|edge| edge.from == last) {
            let Some(price) = price(drawing, edge).filter(|_| settled[edge.to].is_none()) else {
                continue;
            };
            let way = (and(settled[last].unwrap(), price), step(edge));
            if ways[edge.to].as_ref().is_none_or(|known| way < *known) {
                ways[edge.to] = Some(way);
            }
        }
        let whole = |node: &usize| {
            let way = ways[*node].as_ref().filter(|_| settled[*node].is_none());
            way.map(|(cost, _)| and(*cost, toll(&drawing.nodes[*node])))
        };
        let next = (0..count).filter(|node| whole(node).is_some()).min_by_key(whole);
        let Some(next) = next else { break };
        settled[next] = whole(&next);
        last = next;
    }
    ways.into_iter().map(|way| way.map(|(_, step)| step)).collect()
}

fn found(drawing: &Drawing, heap: &Heap) -> Vec<Option<Step>> {
    let tree = Preferred::find(heap);
    let edges = &heap.tables.edges;
    let told = |node| {
        let edge = tree.via(node)?;
        let label = match edges.name(edge) {
            Some(name) => heap.tables.strings.get(name).to_string_lossy(),
            None => edges.label(edge).to_string(),
        };
        let from = heap.tables.nodes.source(edge).at();
        let kind = edges.kind(edge).name();
        let kind = LINKS.iter().find(|link| **link == kind).unwrap();
        Some(step(&Edge { from, kind, label, to: edges.target(edge).at() }))
    };
    let found: Vec<_> = heap.tables.nodes.indices().map(told).collect();
    assert_eq!(found.len(), drawing.nodes.len());
    found
}

/// Kinds and names in all combinations.
fn random_heap(random: &mut Random) -> Drawing {
    let mut drawing = Drawing::new();
    for at in 1..3 + random.below(30) {
        let mut node = Node::new(&format!("n{at}"));
        let kinds = "object object object closure native code shape hidden array synthetic";
        let kind = random.pick(kinds).replace("shape", "object shape");
        node.kind = KINDS.iter().find(|k| **k == kind).unwrap();
        let names = "_ (GC~roots) (Global~handles) (Stack~roots) (Builtins) system~/~Context \
                     system~/~Cell system~/~Map system~/~Other Node~/~Environment Other \
                     (Eternal~handles)";
        let plain = node.kind == "object" || node.kind == "closure";
        let objects = "A A A Timeout Immediate";
        let name = random.pick(if plain { objects } else { names });
        node.name = name.replace('~', " ").replace('_', "");
        node.id = at * 2 + 1;
        drawing.nodes.push(node);
    }
    let count = drawing.nodes.len() as u64;
    for _ in 0..count + random.below(4 * count) {
        let kind = random.pick("context element property property internal internal hidden weak");
        let names = match kind {
            "element" | "hidden" => "1 2 3 10",
            "property" => "a b c a b <symbol~s> __proto__ constructor",
            _ => "x y table context map code shared previous name_or_scope_info 7",
        };
        let from = if random.below(8) == 0 { 0 } else { random.below(count) as usize };
        let shortcut = from == 0 && random.below(3) == 0;
        let kind = if shortcut { "shortcut" } else { kind };
        let kind = LINKS.iter().find(|k| **k == kind).unwrap();
        let label = random.pick(names).replace('~', " ");
        drawing.edges.push(Edge { from, kind, label, to: random.below(count) as usize });
    }
    drawing.edges.sort_by_key(|edge| edge.from);
    drawing
}

/// The same heap with the edges of each node in another order.
fn shuffled(drawing: &Drawing, random: &mut Random) -> Drawing {
    let mut other = drawing.clone();
    for at in (1..other.edges.len()).rev() {
        other.edges.swap(at, random.below(at as u64 + 1) as usize);
    }
    other.edges.sort_by_key(|edge| edge.from);
    other
}

#[test]
fn preferred_ways_of_random_heaps_are_the_cheapest_in_any_order_of_edges() {
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        let drawing = random_heap(&mut random);
        let theirs = by_settling(&drawing);
        let ours = found(&drawing, &drawing.heap());
        let wrong = (0..ours.len()).find(|node| ours[*node] != theirs[*node]);
        if let Some(at) = wrong {
            panic!("seed {seed}, node {at}: {:?} for {:?}: {drawing:#?}", ours[at], theirs[at]);
        }
        for _ in 0..3 {
            let other = shuffled(&drawing, &mut random);
            assert_eq!(found(&other, &other.heap()), ours, "seed {seed}, edges in another order");
        }
    }
}

/// The node before another one on the way to it.
fn before<'a>(drawing: &'a Drawing, node: &str) -> &'a str {
    let heap = drawing.heap();
    let parent = Preferred::find(&heap).parent(&heap, drawing.index(node)).expect("a way");
    &drawing.nodes[parent.at()].handle
}

#[test]
fn a_price_of_the_engine_and_another_make_no_dearer_tier() {
    // A hidden class costs what it costs, over `map` or not: two such prices are no root's.
    let both = "root -> g:global(8) -a-> a:A(16) -(map)-> shape:\"(object shape)\"(16)";
    let drawing = draw(&format!(
        "{both}\nroot -[1]-> gc:(synthetic)\"(GC roots)\"(0) -[2]-> \
                  st:(synthetic)\"(Stack roots)\"(0) -[0]-> m:Array(16)\n\
                  a -(map)-> t:(object shape)\"system / Map\"(80) -(prototype)-> m"
    ));
    assert_eq!(before(&drawing, "m"), "t");
}

#[test]
fn a_name_is_preferred_to_the_hand_of_a_call_however_long_the_way() {
    let roots = "root -[1]-> gc:(synthetic)\"(GC roots)\"(0)
                 gc -[2]-> stack:(synthetic)\"(Stack roots)\"(0)
                 gc -[3]-> strong:(synthetic)\"(Strong roots)\"(0)
                 stack -[0]-> main:(closure)main(32) -(context)-> cx:\"system / Context\"(32)
                 cx -<store>-> store:Store(16) -a-> a:A(16) -b-> b:B(16)";
    let by_name = draw(&format!("{roots}\ngc -[4]-> x:X(16)\nb -open-> open:Map(32)"));
    for hand in ["stack -[7]-> open", "strong -(393 / IdentityMapBase)-> open"] {
        let both = draw(&format!("{roots}\n{hand}:Map(32)\nb -open-> open"));
        assert_eq!(before(&both, "open"), before(&by_name, "open"));
        // Where no name leads, the hand does.
        let alone = draw(&format!("{roots}\n{hand}:Map(32)"));
        assert_eq!(before(&alone, "open"), hand.split(' ').next().unwrap());
    }
    // What V8's own list of strong roots holds is not in a hand.
    let listed = draw(&format!("{roots}\nstrong -(symbols)-> open:Map(32)\nb -open-> open"));
    assert_eq!(before(&listed, "open"), "strong");
}

#[test]
fn a_timer_is_no_name_for_what_has_another_one() {
    let pending = "root -> g:global(8) -timers-> t:Timeout(88) -_onTimeout-> retry:(closure)(32)
                   retry -(context)-> cx:\"system / Context\"(32)
                   cx -<self>-> client:Client(16) -queue-> q:Array(32)";
    let drawing = draw(&format!(
        "{pending}\ng -app-> app:App(16) -http-> http:Http(16)
                   http -(context)-> c2:\"system / Context\"(32) -<redis>-> client"
    ));
    assert_eq!(before(&drawing, "client"), "c2");
    assert_eq!(before(&draw(pending), "client"), "cx");
}

#[test]
fn of_dear_ways_the_cheaper_one_is_preferred_and_not_the_first() {
    let far: String = (1..60).map(|i| format!("d{} -next-> d{i}:Deep(24)\n", i - 1)).collect();
    for (one, other) in [("-{1}->", "-(map)->"), ("-(map)->", "-{1}->")] {
        let drawing = draw(&format!(
            "root -> g:global(8) -next-> d0:Deep(24)
             {far}
             d59 -e1-> e1:E1(24) -e2-> e2:E2(24)
             e1 {one} t:(object shape)\"system / Map\"(80) -(prototype)-> m:Array(16)
             e2 {other} t"
        ));
        let cheaper = if one == "-{1}->" { "e1" } else { "e2" };
        assert_eq!(before(&drawing, "t"), cheaper);
        assert_eq!(before(&drawing, "m"), "t");
    }
}
