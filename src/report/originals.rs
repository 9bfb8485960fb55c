//! A location in, the place that its author knows out: the original one where a source map tells, with
//! the compiled one beside it.

use crate::chains::{Compiled, Place, Script, Scripts};
use crate::graph::Heap;
use crate::objects::{Owner, Package, is_package_name, is_version, package_of, packaged};
use crate::parse::Location;
use crate::places::{self, Manifest, Maps};
use crate::text::Text;

/// A place of a heap, of a script that has a name, and the package that it is of.
pub(crate) fn place(
    heap: &Heap,
    scripts: &Scripts,
    maps: &Maps,
    location: Location,
) -> Option<Place> {
    let place = original(heap, scripts, maps, location)?;
    if place.owner != Owner::Package {
        return Some(place);
    }
    let script = place.compiled.as_ref().map_or(&place.file, |compiled| &compiled.file);
    let (_, package) = whose(maps, &place.file.to_string_lossy(), &script.to_string_lossy());
    Some(Place { package, ..place })
}

fn original(heap: &Heap, scripts: &Scripts, maps: &Maps, location: Location) -> Option<Place> {
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
        package: None,
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

/// Whose a file is that a script is made from, or the script itself. What a bundle is made from has a name
/// alone: its packages are not looked for.
pub(super) fn whose(maps: &Maps, file: &str, script: &str) -> (Owner, Option<Package>) {
    let owner = owner_of(file, Owner::of(script));
    let told = package_of(file).filter(|told| package_of(script).as_ref() != Some(told));
    let package = || told.or_else(|| installed(maps, script));
    (owner, (owner == Owner::Package).then(package).flatten())
}

/// The package of a script: as its `package.json` tells, if that is here, or else the path.
pub(crate) fn installed(maps: &Maps, script: &str) -> Option<Package> {
    let path = script.replace('\\', "/");
    let script = packaged(&path)?;
    let Manifest { name, version } = maps.manifest(script.root);
    let name = name.filter(|name| is_package_name(name)).unwrap_or(script.package.name);
    let version = version.filter(|version| is_version(version)).or(script.package.version);
    Some(Package { name, version })
}
