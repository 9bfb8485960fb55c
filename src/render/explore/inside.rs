//! What some retained bytes consist of in, its lines out.

use super::pen::Pen;
use crate::explore::{Inside, Portion};
use crate::units::{count, counted, size};

pub(super) fn inside(inside: &Inside, pen: &mut Pen<'_>) {
    let whole = &inside.whole;
    match &inside.object {
        Some(object) => pen.head(&pen.object(object), object.location.as_ref()),
        None => {
            let objects = count(inside.objects);
            let title = match whole.class.is_empty() {
                true => format!("{objects} objects of several classes"),
                false => format!("{} × {objects}", pen.name(&whole.class)),
            };
            pen.head(&title, None);
        }
    }
    let below = inside.objects.saturating_sub(whole.count);
    let below = match below {
        0 => String::new(),
        below => format!("; {} of them lie inside others", count(below)),
    };
    let together = if inside.objects == 1 { "" } else { " together" };
    pen.prose(&format!("retains {}{together}{below}", size(whole.bytes)), 2);
    pen.title("INSIDE");
    let mut rows = Vec::new();
    parts(whole, whole.bytes, 0, &mut rows, pen);
    pen.rows(&rows, &[2, 3], 1);
}

/// The portions of a whole, of so many bytes.
fn parts(portion: &Portion, whole: u64, depth: usize, rows: &mut Vec<Vec<String>>, pen: &Pen<'_>) {
    let row = |label: &str, what: String, bytes: u64| {
        let share = bytes as f64 / whole.max(1) as f64 * 100.0;
        vec![format!("{}{label}", "  ".repeat(depth)), what, size(bytes), format!("{share:.0}%")]
    };
    if depth > 0 && portion.parts.is_empty() {
        return;
    }
    rows.push(row("own", String::new(), portion.own));
    for part in &portion.parts {
        let times =
            if part.count == 1 { String::new() } else { format!(" × {}", count(part.count)) };
        let what = format!("{}{times}", pen.name(&part.class));
        rows.push(row(&pen.word(&part.label), what, part.bytes));
        parts(part, whole, depth + 1, rows, pen);
    }
    if portion.more > 0 {
        let more = counted(portion.more, "more part", "more parts");
        rows.push(row(&format!("{more} ({})", pen.option("breadth")), String::new(), portion.rest));
    }
}
