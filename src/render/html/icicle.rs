//! Retained growth by retainer path, as an icicle: the way to a container from top to bottom,
//! as wide as what hangs below it.
//!
//! ```text
//!   +---------------------- new entries of 3 containers ----------------------+
//!   | sessionManager                                        | registry        |
//!   | .sessions                       | .catalog.listeners  | .byName         |
//!   | ToolSession × 96                | ToolCall × 32       |
//! ```

use super::{shortened, suspects};
use crate::report::Report;
use crate::report::answer::{Role, SuspectReport, Way};
use crate::units::{count, size};
use maud::{Markup, html};
use std::collections::HashSet;

/// Containers drawn: what is lighter would be too narrow to be seen.
const MOST: usize = 60;
/// Rows drawn.
const DEEPEST: usize = 10;
/// Narrower boxes are left out, in hundredths of the width.
const NARROWEST: f64 = 0.3;
/// Height of a box, and of a row with the gap below it.
const BOX: usize = 40;
const ROW: usize = 42;

/// A box, as wide as its bytes.
struct Node {
    /// Of the object that it stands for; 0 where it stands for none.
    id: u64,
    label: String,
    kind: &'static str,
    bytes: u64,
    children: Vec<Node>,
}

pub(super) fn draw(report: &Report) -> Markup {
    let Some(root) = grown(report) else { return html! {} };
    let mut boxes = Vec::new();
    place(&root, Area { left: 0.0, width: 100.0, depth: 0 }, &mut boxes);
    let rows = boxes.iter().map(|(_, area)| area.depth + 1).max().unwrap_or(0);
    let label = format!(
        "{}: {}. The list of suspects says the same in words.",
        root.label,
        size(root.bytes)
    );
    html! {
        section #held {
            h2 { "What holds the growth" }
            p.legend {
                span.key.holder { "on the way" } " "
                span.key.piling { "piles up" } " "
                span.key.more { "holds more" } " "
                span.key.object { "new objects in it" }
            }
            svg.icicle width="100%" height=(rows * ROW) role="img" aria-label=(label) {
                @for (node, area) in &boxes { (picture(node, area)) }
            }
            p.small {
                "From top to bottom the way to each container, as wide as what its new entries "
                "retain. What is held in several ways is drawn on each of them."
            }
        }
    }
}

/// All containers in one tree.
fn grown(report: &Report) -> Option<Node> {
    let mut placed = HashSet::new();
    let mut root = Node::new(0, String::new(), "holder");
    for suspect in report.answer.suspects.iter().take(MOST) {
        for chain in &suspect.ways {
            insert(&mut root, suspect, chain, report, &mut placed);
        }
    }
    let heavy = report.answer.containers.iter().take(MOST);
    for container in heavy.filter(|c| c.retained_new > 0) {
        if placed.insert(container.id) {
            let kind = if container.piles_up { "piling" } else { "more" };
            let mut node = Node::new(container.id, container.path.clone(), kind);
            node.bytes = container.retained_new;
            root.bytes += node.bytes;
            root.children.push(node);
        }
    }
    let containers = count(placed.len() as u64);
    root.label = format!(
        "New entries of {containers} container{}",
        if placed.len() == 1 { "" } else { "s" }
    );
    root.tidy();
    (root.bytes > 0).then_some(root)
}

/// Hangs a way's container into the tree if it is not there, and the suspect below it.
fn insert(
    root: &mut Node,
    suspect: &SuspectReport,
    chain: &Way,
    report: &Report,
    placed: &mut HashSet<u64>,
) {
    let Some(at) = chain.steps.iter().position(|s| s.role == Role::Container) else { return };
    let id = chain.steps[at].id;
    let Some(container) = report.answer.containers.iter().find(|c| c.id == id) else { return };
    if container.retained_new == 0 || !placed.insert(id) {
        return;
    }
    let bytes = container.retained_new;
    root.bytes += bytes;
    let mut node = root;
    for step in &chain.steps[suspects::from(chain).min(at)..=at] {
        node = node.child(step.id, &step.label);
        node.bytes += bytes;
    }
    node.kind = if container.piles_up { "piling" } else { "more" };
    let share = suspect.retained as f64 * chain.share as f64 / chain.total.max(1) as f64;
    let label = format!("{} × {}", suspect.class, count(chain.share));
    let mut object = Node::new(0, label, "object");
    object.bytes = (share as u64).min(bytes);
    if object.bytes > 0 {
        node.children.push(object);
    }
}

impl Node {
    fn new(id: u64, label: String, kind: &'static str) -> Self {
        Self { id, label, kind, bytes: 0, children: Vec::new() }
    }

    fn child(&mut self, id: u64, label: &str) -> &mut Self {
        let found = self.children.iter().position(|c| c.id == id).unwrap_or_else(|| {
            self.children.push(Self::new(id, label.to_owned(), "holder"));
            self.children.len() - 1
        });
        &mut self.children[found]
    }

    /// Heaviest first; and a step that only leads to one other makes one box with it.
    fn tidy(&mut self) {
        self.children.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.label.cmp(&b.label)));
        for child in &mut self.children {
            while child.kind == "holder" && child.children.len() == 1 {
                let Some(only) = child.children.pop() else { break };
                let between = if only.label.starts_with(['.', '[']) { "" } else { " → " };
                let label = format!("{}{between}{}", child.label, only.label);
                *child = Self { label, ..only };
            }
            child.tidy();
        }
    }
}

/// Where a box is, in hundredths of the width.
#[derive(Clone, Copy)]
struct Area {
    left: f64,
    width: f64,
    depth: usize,
}

fn place<'a>(node: &'a Node, area: Area, boxes: &mut Vec<(&'a Node, Area)>) {
    if area.width < NARROWEST || area.depth >= DEEPEST {
        return;
    }
    boxes.push((node, area));
    let mut left = area.left;
    for child in &node.children {
        let width = area.width * child.bytes as f64 / node.bytes.max(1) as f64;
        let width = width.min(area.left + area.width - left);
        place(child, Area { left, width, depth: area.depth + 1 }, boxes);
        left += width;
    }
}

/// A box is a drawing of its own, which cuts what does not fit into it.
fn picture(node: &Node, area: &Area) -> Markup {
    let label = shortened(&node.label, super::LONGEST_NAME);
    html! {
        svg x=(format!("{:.3}%", area.left)) y=(area.depth * ROW) width=(format!("{:.3}%", area.width)) height=(BOX) {
            title { (label) ": " (size(node.bytes)) }
            rect class=(node.kind) width="100%" height="100%" {}
            @if area.width > 2.0 {
                text x="8" y="17" { (label) }
                text.soft x="8" y="33" { (size(node.bytes)) }
            }
        }
    }
}
