//! A location in, the place that its author knows out: the original one where a source map tells, with
//! the compiled one beside it.

use crate::chains::{Compiled, Place, Script, Scripts};
use crate::graph::Heap;
use crate::objects::Owner;
use crate::parse::Location;
use crate::places::{self, Maps};
use crate::text::Text;

/// A place of a heap, of a script that has a name.
pub(crate) fn place(
    heap: &Heap,
    scripts: &Scripts,
    maps: &Maps,
    location: Location,
) -> Option<Place> {
    let compiled = scripts.named(location).filter(|place| !place.file.is_empty())?;
    let original = (compiled.owner != Owner::Runtime).then(|| {
        let asked =
            |script: places::Script<'_>| maps.original(script, location.line, location.column);
        of_script(heap, scripts.get(location)?, asked)
    });
    let Some(original) = original.flatten() else { return Some(compiled) };
    let Place { file, line, column, owner, .. } = compiled;
    Some(Place {
        owner: owner_of(&original.file, owner),
        file: original.file.as_str().into(),
        line: original.line.saturating_add(1),
        column: original.column.saturating_add(1),
        compiled: Some(Compiled { file, line, column }),
    })
}

/// The file that a script is from, if it is from one alone; else the script.
pub(crate) fn file(heap: &Heap, scripts: &Scripts, maps: &Maps, file: Text) -> Text {
    let only = |script: &Script| of_script(heap, script, |script| maps.only_file(script));
    let only =
        scripts.by_name(&file).filter(|script| script.owner != Owner::Runtime).and_then(only);
    only.map_or(file, |only| only.as_str().into())
}

fn of_script<T>(
    heap: &Heap,
    script: &Script,
    asked: impl FnOnce(places::Script<'_>) -> Option<T>,
) -> Option<T> {
    let name = script.name.to_string_lossy();
    let map = script.map(heap).map(|map| map.to_string_lossy());
    asked(places::Script { name: &name, map: map.as_deref() })
}

/// A package's script is made from its own files, whatever they are called; the runtime has no map.
fn owner_of(file: &str, compiled: Owner) -> Owner {
    match Owner::of(file) {
        Owner::Package => Owner::Package,
        _ => compiled,
    }
}
