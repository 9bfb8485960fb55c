//! A report in, what ids tell of its files out: one process, ids that were renumbered, two processes.

use crate::report::answer::IdentityKind;
use crate::report::{ClassRow, Report};
use crate::text::Text;
use crate::units::count;
use std::collections::HashSet;

/// How objects are known again without ids.
const BY_STRUCTURE: &str = "objects are matched by structure";
/// Below this share of object ids in both files, these few say nothing.
const FEW_IDS: f64 = 0.05;

pub(super) fn identity(report: &Report) -> String {
    let identity = &report.answer.identity;
    let why = few(report);
    match identity.kind {
        IdentityKind::SameProcess => {
            let by =
                if identity.by_id { "" } else { "; objects are matched by structure, as asked" };
            format!("same process: yes ({}){by}", kept(report))
        }
        IdentityKind::DifferentProcess if identity.by_id => format!(
            "same process: no, or ids were renumbered ({why}); objects are matched by id, as asked"
        ),
        IdentityKind::DifferentProcess => match in_common(report) {
            Some(classes) => {
                format!("two programs or runtimes: {why}, and {classes}; {BY_STRUCTURE}")
            }
            None if identity.in_order => format!(
                "ids were renumbered: {why}, as happens when the inspector or DevTools window that \
                 took a snapshot closes: keep one open for all, or call v8.writeHeapSnapshot(); \
                 {BY_STRUCTURE}"
            ),
            None => {
                format!("two processes: {why}; snapshots of one process tell more; {BY_STRUCTURE}")
            }
        },
        IdentityKind::UnstableIds => format!(
            "ids were renumbered, as Bun does for every snapshot, and Node.js when the inspector \
             session that took one closes; {BY_STRUCTURE}"
        ),
    }
}

/// What the columns that go by id are worth, where ids say nothing.
pub(super) fn caution(report: &Report) -> Option<String> {
    let identity = &report.answer.identity;
    let why = match identity.kind {
        IdentityKind::SameProcess => return None,
        IdentityKind::UnstableIds => "ids were renumbered",
        IdentityKind::DifferentProcess if identity.in_order && in_common(report).is_none() => {
            "ids were renumbered"
        }
        IdentityKind::DifferentProcess => "ids of two processes say nothing",
    };
    let columns = "# New, # Deleted and Retained new count old objects too; go by # Delta";
    Some(format!("{why}: {columns}"))
}

fn kept(report: &Report) -> String {
    let identity = &report.answer.identity;
    let kept = format!("{:.1}% of the object ids are in both files", identity.ids_kept * 100.0);
    match percent(identity.agreement) {
        whole if whole == "100%" => kept,
        part => format!("{kept}, {part} of these name the same object"),
    }
}

/// Why ids are no evidence: few are in both files, or name other objects there.
fn few(report: &Report) -> String {
    let identity = &report.answer.identity;
    if identity.ids_kept < FEW_IDS {
        return format!("only {} of the object ids are in both files", percent(identity.ids_kept));
    }
    match percent(identity.agreement) {
        none if none == "0%" => "hardly any of the equal ids name the same object".to_owned(),
        some => format!("only {some} of equal ids name the same object"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// `33 of 750 class names are in both files`, where these are so few that the files can hardly be of
/// one program. Names of the engine are in all.
fn in_common(report: &Report) -> Option<String> {
    /// Of one program: shares of the shorter list of names, and of all.
    const SHORTER: f64 = 0.85;
    const ALL: f64 = 0.6;
    let program = || report.classes.iter().filter(|row| !row.engine);
    let names = |is_there: fn(&ClassRow) -> bool| -> HashSet<&Text> {
        program().filter(|row| is_there(row)).map(|row| &row.name).collect()
    };
    let (before, after) = (names(|row| row.before.count > 0), names(|row| row.after.count > 0));
    let [common, all] = [before.intersection(&after).count(), before.union(&after).count()];
    let shorter = before.len().min(after.len());
    let is_few = |whole: usize, share: f64| (common as f64) < whole as f64 * share;
    (is_few(shorter, SHORTER) && is_few(all, ALL)).then(|| {
        format!("{} of {} class names are in both files", count(common as u64), count(all as u64))
    })
}
