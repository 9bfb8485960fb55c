//! The name of a field in, what it says and in which unit out: `heapUsedMB`, `process_resident_memory_bytes`.

use crate::trend::sample::{Kind, Meaning, Says};

/// Endings of names, words put together, by what they say.
const ENDINGS: [(Says, &[&str]); 6] = [
    (
        Says::Memory(Kind::Heap),
        &[
            "heapused",
            "heapusage",
            "heapsizeused",
            "heapusedsize",
            "heapinuse",
            "usedheap",
            "usedheapsize",
            "usedjsheapsize",
        ],
    ),
    (Says::Memory(Kind::External), &["externalmemory", "externalmem", "externalsize"]),
    (
        Says::Memory(Kind::ArrayBuffers),
        &["arraybuffers", "arraybuffer", "arraybuffersize", "arraybuffersmemory"],
    ),
    (
        Says::Memory(Kind::Rss),
        &["residentmemory", "residentset", "residentsetsize", "rsssize", "vmrss", "workingset"],
    ),
    (Says::HeapLimit, &["heapsizelimit", "heaplimit", "maxoldspacesize", "jsheapsizelimit"]),
    (Says::GroupLimit, &["memorylimit", "memlimit", "memorymax", "grouplimit", "cgrouplimit"]),
];
/// The same of names whose last word is all.
const LAST: [(Says, &str); 3] = [
    (Says::Memory(Kind::Heap), "heap"),
    (Says::Memory(Kind::External), "external"),
    (Says::Memory(Kind::Rss), "rss"),
];
/// A name with such a word is of another figure.
const OTHERS: [&str; 17] = [
    "alert",
    "average",
    "avg",
    "before",
    "initial",
    "last",
    "max",
    "mean",
    "min",
    "peak",
    "prev",
    "previous",
    "space",
    "start",
    "threshold",
    "warn",
    "warning",
];

/// What one of a unit of memory is. Programs that print MB have divided by 1,024 twice.
pub(in crate::trend) fn bytes(unit: &str) -> Option<f64> {
    let unit = unit.to_ascii_lowercase();
    Some(match unit.as_str() {
        "b" | "byte" | "bytes" => 1.0,
        "k" | "kb" | "kib" | "kilobytes" => 1024.0,
        "m" | "mb" | "mib" | "megabytes" => 1024.0 * 1024.0,
        "g" | "gb" | "gib" | "gigabytes" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    })
}

/// What one of a unit of time is, in seconds.
fn seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" | "millis" | "milliseconds" => 0.001,
        "s" | "sec" | "secs" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minutes" => 60.0,
        "h" | "hours" => 3600.0,
        _ => return None,
    })
}

/// The words of a name in lower case: `usedJSHeapSize` has four.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    let mut fresh = true;
    for (at, c) in letters.iter().enumerate() {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        let before = at.checked_sub(1).map(|before| letters[before]);
        let follows = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let turns = c.is_uppercase()
            && before.is_some_and(|b| !b.is_uppercase() || (follows && b.is_uppercase()));
        if fresh || turns {
            words.push(String::new());
        }
        fresh = false;
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words
}

/// Letters of a name that are looked at.
const LONGEST: usize = 200;

/// What a field of such a name says; of nested ones the way to it is the name. `sure` tells that a last
/// word alone is enough.
pub(super) fn meaning(name: &str, sure: bool) -> Option<Meaning> {
    let from = name.len().saturating_sub(LONGEST);
    let mut words = words(name.get(from..)?);
    let last = words.last()?.clone();
    if let Some(said) = time(&words, &last) {
        return Some(said);
    }
    let unit = bytes(&last).filter(|_| words.len() > 1);
    if unit.is_some() {
        words.pop();
        if words.last().is_some_and(|word| word == "in") {
            words.pop();
        }
    }
    // Browsers and some writers put the unit's letters behind the name without a capital.
    let joined = words.concat();
    let limit = |says| matches!(says, Says::HeapLimit | Says::GroupLimit);
    let found = ENDINGS
        .iter()
        .find(|(_, endings)| endings.iter().any(|ending| joined.ends_with(ending)))
        .map(|(says, _)| *says)
        .or_else(|| {
            let last = words.last().filter(|_| sure)?;
            LAST.iter().find(|(_, word)| last == word).map(|(says, _)| *says)
        })?;
    if !limit(found) && words.iter().any(|word| OTHERS.contains(&word.as_str())) {
        return None;
    }
    let unit = if joined.ends_with("maxoldspacesize") { bytes("mb") } else { unit };
    Some(Meaning { says: found, unit })
}

/// How long a process has been there, or since when.
fn time(words: &[String], last: &str) -> Option<Meaning> {
    let unit = seconds(last).filter(|_| words.len() > 1);
    let rest = if unit.is_some() { &words[..words.len() - 1] } else { words };
    let joined = rest.concat();
    let unit = Some(unit.unwrap_or(1.0));
    match () {
        () if joined == "uptime" || joined.ends_with("processuptime") => {
            Some(Meaning { says: Says::Uptime, unit })
        }
        () if joined.ends_with("processstarttime") => Some(Meaning { says: Says::Started, unit }),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> Option<(Says, Option<f64>)> {
        meaning(name, true).map(|meaning| (meaning.says, meaning.unit))
    }

    #[test]
    fn names_of_all_writers_are_understood() {
        const MB: Option<f64> = Some(1024.0 * 1024.0);
        let heap = Says::Memory(Kind::Heap);
        let rss = Says::Memory(Kind::Rss);
        for (name, says, unit) in [
            ("heapUsed", heap, None),
            ("heapUsedMB", heap, MB),
            ("heap_used_mb", heap, MB),
            ("memory.heapUsed", heap, None),
            ("heap.used", heap, None),
            ("usedJSHeapSize", heap, None),
            ("nodejs_heap_size_used_bytes", heap, Some(1.0)),
            ("mcp_heap_used_bytes", heap, Some(1.0)),
            ("Heap Used", heap, None),
            ("rss", rss, None),
            ("RSS", rss, None),
            ("rssMb", rss, MB),
            ("process_resident_memory_bytes", rss, Some(1.0)),
            ("container_memory_working_set_bytes", rss, Some(1.0)),
            ("external", Says::Memory(Kind::External), None),
            ("nodejs_external_memory_bytes", Says::Memory(Kind::External), Some(1.0)),
            ("arrayBuffers", Says::Memory(Kind::ArrayBuffers), None),
            ("heap_size_limit", Says::HeapLimit, None),
            ("max-old-space-size", Says::HeapLimit, MB),
            ("container_spec_memory_limit_bytes", Says::GroupLimit, Some(1.0)),
            ("uptime", Says::Uptime, Some(1.0)),
            ("uptimeMs", Says::Uptime, Some(0.001)),
            ("process_start_time_seconds", Says::Started, Some(1.0)),
        ] {
            assert_eq!(said(name), Some((says, unit)), "{name}");
        }
    }

    #[test]
    fn other_figures_are_left_alone() {
        for name in [
            "heapTotal",
            "nodejs_heap_space_size_used_bytes",
            "peakRss",
            "maxHeapUsed",
            "heapUsedPercent",
            "rssDelta",
            "externalId",
            "memory",
            "",
            "-",
        ] {
            assert_eq!(said(name), None, "{name}");
        }
        assert_eq!(meaning("the external", false), None);
    }
}
