//! Holders of one object, or ways to it, in, their lines out.

use super::pen::{Pen, distance};
use super::tree::Row;
use crate::explore::{MOST_WAYS, Object, Paths, Retainer, Retainers};
use crate::units::{count, counted, size};

pub(super) fn retainers(held: &Retainers, pen: &mut Pen<'_>) {
    head(&held.object, Some(held.distance), pen);
    pen.title("HELD BY");
    if held.retainers.is_empty() && held.left_out == 0 {
        pen.dim("nothing in the file holds it", 2);
    }
    let mut rows = Vec::new();
    for retainer in &held.retainers {
        holder(retainer, 0, &mut rows, pen);
    }
    more(held.left_out, 0, &mut rows, pen);
    pen.tree(&rows);
    if held.retainers.iter().any(is_cut) {
        let depth = pen.option("depth");
        pen.dim(&format!("…: its holders are told by a greater {depth}"), 2);
    }
    if let Some(dominators) = &held.dominators {
        pen.title("EVERY WAY TO IT LEADS OVER");
        let row = |object: &Object| vec![pen.object(object), size(object.retained)];
        let rows: Vec<Vec<String>> = dominators.iter().map(row).collect();
        pen.rows(&rows, &[1], 0);
    }
}

fn head(object: &Object, far: Option<i32>, pen: &mut Pen<'_>) {
    pen.head(&pen.object(object), object.location.as_ref());
    let far = far.map_or_else(String::new, |far| format!(", {}", distance(far)));
    let sizes = format!("{}, retains {}", size(object.shallow), size(object.retained));
    pen.prose(&format!("{sizes}{far}"), 2);
}

fn holder(retainer: &Retainer, depth: usize, rows: &mut Vec<Row>, pen: &Pen<'_>) {
    let branch = indent(depth);
    let alike = match retainer.alike {
        0 | 1 => String::new(),
        alike => format!(" × {}", count(alike)),
    };
    let preferred = retainer.preferred && depth == 0;
    let marks = |marks: &[(bool, &str)]| {
        let marks = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark);
        marks.collect::<Vec<_>>().join(", ")
    };
    let (weak, is_loop) = ((!retainer.strong, "weak"), (retainer.is_loop, "loop"));
    let cut = (is_cut_here(retainer), "…");
    let far = distance(retainer.distance);
    rows.push(Row {
        label: format!("{branch}{}", pen.word(&retainer.label)),
        object: format!("{}{alike}", pen.object(&retainer.object)),
        says: marks(&[weak, is_loop, (preferred, "preferred"), (true, &far), cut]),
        says_less: marks(&[weak, is_loop, cut]),
        place: retainer.object.location.as_ref().map(|place| pen.at(place)).unwrap_or_default(),
    });
    for next in &retainer.retainers {
        holder(next, depth + 1, rows, pen);
    }
    if !retainer.retainers.is_empty() {
        more(retainer.left_out, depth + 1, rows, pen);
    }
}

/// Whether the tree ends at a holder because it is deep enough.
fn is_cut_here(retainer: &Retainer) -> bool {
    retainer.retainers.is_empty() && retainer.left_out > 0
}

fn is_cut(retainer: &Retainer) -> bool {
    is_cut_here(retainer) || retainer.retainers.iter().any(is_cut)
}

fn more(left_out: u64, depth: usize, rows: &mut Vec<Row>, pen: &Pen<'_>) {
    if left_out > 0 {
        let holders = counted(left_out, "more holder", "more holders");
        let label = format!("{}… {holders} ({})", indent(depth), pen.option("breadth"));
        rows.push(Row { label, ..Row::default() });
    }
}

fn indent(depth: usize) -> String {
    match depth {
        0 => String::new(),
        _ => format!("{}└─ ", "   ".repeat(depth - 1)),
    }
}

pub(super) fn paths(paths: &Paths, pen: &mut Pen<'_>) {
    head(&paths.object, None, pen);
    pen.prose(&over(paths, pen), 2);
    for (at, way) in (1..).zip(&paths.ways) {
        let frees = match paths.ways.len() {
            1 => String::new(),
            _ => format!("   cutting it alone frees {}", size(way.frees)),
        };
        pen.title(&format!("WAY {at}   {}{frees}", pen.word(&way.path)));
        pen.way(&way.steps);
    }
    if let Some(shortest) = &paths.shortest {
        pen.title("SHORTEST WAY");
        pen.way(shortest);
    }
}

/// Over how many ways an object is held, and what cutting these frees.
fn over(paths: &Paths, pen: &Pen<'_>) -> String {
    let frees = size(paths.frees_together);
    let stays = match paths.object.retained.checked_sub(paths.frees_together) {
        Some(stays @ 1..) if !paths.more => {
            format!(" ({} more counts as retained in DevTools, but stays)", size(stays))
        }
        _ => String::new(),
    };
    let ways = pen.option("ways");
    let more = match paths.ways.len() as u64 {
        _ if !paths.more => String::new(),
        MOST_WAYS => ", and there are more than are told".to_owned(),
        _ => format!(", and there are more ({ways} tells up to {MOST_WAYS})"),
    };
    let shared = paths.ways.iter().filter(|way| way.shares).count();
    match paths.ways.as_slice() {
        [] => "nothing in the file leads to it".to_owned(),
        first if paths.more && (first.len() == 1 || paths.frees_together == 0) => {
            let (first, them) = match first.len() {
                1 => ("the first way".to_owned(), "it"),
                ways => (format!("the first {ways} ways"), "them"),
            };
            let frees = match paths.frees_together {
                0 => "nothing, since others hold it too".to_owned(),
                _ => frees,
            };
            format!("{first}; {ways} tells up to {MOST_WAYS}: cutting {them} frees {frees}")
        }
        [_] => format!("the only way: cutting it frees {frees}{stays}"),
        several if shared == 0 => {
            let all = several.len();
            format!("held over {all} independent ways{more}: cutting these frees {frees}{stays}")
        }
        several => {
            let all = several.len();
            format!(
                "held over {all} ways{more}, {shared} of which share references with others: cutting the \
                 last reference of each frees {frees}{stays}"
            )
        }
    }
}
