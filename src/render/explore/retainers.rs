//! Holders of one object, or ways to it, in, their lines out.

use super::pen::{Pen, distance};
use crate::explore::{Object, Paths, Retainer, Retainers};
use crate::units::{count, counted, size};

pub(super) fn retainers(held: &Retainers, pen: &mut Pen<'_>) {
    head(&held.object, Some(held.distance), pen);
    pen.title("HELD BY");
    if held.retainers.is_empty() {
        pen.dim("nothing in the file holds it", 2);
    }
    let mut rows = Vec::new();
    for retainer in &held.retainers {
        holder(retainer, 0, &mut rows, pen);
    }
    more(held.left_out, 0, &mut rows);
    pen.rows(&rows, &[2], 1);
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

fn holder(retainer: &Retainer, depth: usize, rows: &mut Vec<Vec<String>>, pen: &Pen<'_>) {
    let branch = indent(depth);
    let alike = match retainer.alike {
        0 | 1 => String::new(),
        alike => format!(" × {}", count(alike)),
    };
    let mut marks = Vec::new();
    if !retainer.strong {
        marks.push("weak".to_owned());
    }
    if retainer.is_loop {
        marks.push("loop".to_owned());
    }
    if retainer.preferred && depth == 0 {
        marks.push("preferred".to_owned());
    }
    marks.push(distance(retainer.distance));
    let place = retainer.object.location.as_ref().map(|place| pen.at(place)).unwrap_or_default();
    rows.push(vec![
        format!("{branch}{}", pen.word(&retainer.label)),
        format!("{}{alike}", pen.object(&retainer.object)),
        marks.join(", "),
        place,
    ]);
    for next in &retainer.retainers {
        holder(next, depth + 1, rows, pen);
    }
    if !retainer.retainers.is_empty() {
        more(retainer.left_out, depth + 1, rows);
    }
}

fn more(left_out: u64, depth: usize, rows: &mut Vec<Vec<String>>) {
    if left_out > 0 {
        let holders = counted(left_out, "more holder", "more holders");
        rows.push(vec![format!("{}… {holders} (--breadth)", indent(depth))]);
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
    match paths.ways.as_slice() {
        [] => pen.prose("nothing in the file leads to it", 2),
        [one] => {
            let only = if paths.more { "the first way; --ways tells more" } else { "the only way" };
            pen.prose(&format!("{only}: cutting it frees {}", size(one.frees)), 2);
        }
        several => {
            let all = several.len();
            let more = if paths.more { ", and there are more (--ways)" } else { "" };
            let frees = size(paths.frees_together);
            pen.prose(
                &format!("held over {all} independent ways{more}: cutting these frees {frees}"),
                2,
            );
        }
    }
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
