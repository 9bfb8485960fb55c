//! Objects of a class, or strings, in, their lines out.

use super::pen::Pen;
use crate::explore::{Age, Common, Group, List, Listed, StringRow, Strings};
use crate::units::{count, counted, size};

pub(super) fn list(list: &List, pen: &mut Pen<'_>) {
    let retained = match list.retained {
        0 => String::new(),
        bytes => format!(", retaining {} together", size(bytes)),
    };
    let all = counted(list.total, "object", "objects");
    pen.head(&format!("{all} of {}{retained}", size(list.shallow)), None);
    if list.total == 0 {
        pen.prose("no object of this class is so", 2);
    } else if let Some(groups) = &list.groups {
        let rows: Vec<Vec<String>> = groups.iter().map(|one| group(one, pen)).collect();
        pen.title("BY VALUE");
        pen.rows(&rows, &[0, 2], 1);
        pen.rest((list.from, groups.len() as u64, list.groups_total), "groups");
    } else if let Some(common) = &list.common {
        in_common(list, common, pen);
    } else {
        pen.title("OBJECTS");
        let rows: Vec<Vec<String>> = list.rows.iter().map(|one| listed(one, pen)).collect();
        pen.rows(&rows, &[1], 2);
        pen.rest((list.from, list.rows.len() as u64, list.total), "objects");
    }
}

fn group(group: &Group, pen: &Pen<'_>) -> Vec<String> {
    vec![
        format!("{} ×", count(group.count)),
        pen.value(&group.value),
        format!("retain {}", size(group.retained)),
        format!("such as @{}", group.example.id),
    ]
}

fn listed(listed: &Listed, pen: &Pen<'_>) -> Vec<String> {
    let fields: Vec<String> = listed
        .fields
        .iter()
        .map(|field| format!("{}: {}", pen.name(&field.name), pen.object(&field.value)))
        .collect();
    let age = if listed.age == Some(Age::New) { "new" } else { "" };
    let fields =
        if fields.is_empty() { String::new() } else { format!("{{{}}}", fields.join(", ")) };
    let bytes = listed.object.retained.max(listed.object.shallow);
    let place = listed.object.location.as_ref().filter(|_| listed.object.kind == "closure");
    let at = place.map(|place| pen.at(place)).unwrap_or_default();
    let what = if fields.is_empty() { at } else { fields };
    vec![pen.object(&listed.object), size(bytes), what, age.to_owned()]
}

fn in_common(list: &List, common: &[Common], pen: &mut Pen<'_>) {
    pen.title("IN COMMON");
    if list.others == 0 {
        pen.dim("there are no others of this class to compare them with", 2);
    } else if common.is_empty() {
        let (chosen, others) = (count(list.total), count(list.others));
        pen.dim(&format!("the {chosen} look like the {others} others in every field"), 2);
    }
    let row = |one: &Common| {
        let begins = match one.beginning {
            Some(units) => format!("begins with {} characters, ", count(units)),
            None => String::new(),
        };
        let others = match list.others {
            0 => String::new(),
            all => format!("{} of {} others", count(one.others), count(all)),
        };
        vec![
            format!(".{}", pen.name(&one.field)),
            format!("{begins}{}", pen.value(&one.value)),
            format!("{} of {}", count(one.count), count(list.total)),
            others,
        ]
    };
    let rows: Vec<Vec<String>> = common.iter().map(row).collect();
    pen.rows(&rows, &[2, 3], 1);
    pen.rest((list.from, common.len() as u64, list.common_total), "fields");
}

pub(super) fn strings(strings: &Strings, pen: &mut Pen<'_>) {
    let all = counted(strings.count, "string", "strings");
    let texts = counted(strings.total, "text", "texts");
    let (bytes, saved) = (size(strings.bytes), size(strings.saved));
    pen.head(&format!("{all} of {texts}, {bytes}; one copy of each would save {saved}"), None);
    if strings.total == 0 {
        return;
    }
    pen.title("STRINGS");
    let row = |row: &StringRow| {
        vec![
            format!("{} ×", count(row.count)),
            size(row.bytes),
            format!("{} @{}", pen.string(&row.string), row.example),
            row.path.as_ref().map(|path| pen.word(path)).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = strings.rows.iter().map(row).collect();
    pen.rows(&rows, &[0, 1], 3);
    pen.rest((strings.from, strings.rows.len() as u64, strings.total), "texts");
}
