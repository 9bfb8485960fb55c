//! A location in, the place that its author knows out: the original one where a source map tells, with
//! the compiled one beside it; and what the author calls what is there.

use crate::chains::{Compiled, Place, Script, Scripts};
use crate::classes::ClassKey;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::{
    Owner, Package, has_scope, is_package_name, is_version, package_of, packaged,
};
use crate::parse::{EdgeKind, Location, NodeKind};
use crate::places::{self, Declared, Manifest, Maps};
use crate::text::Text;

/// Variables of a scope that tell it from others.
const BESIDE: usize = 8;

/// What the scripts of a heap were made from.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub heap: &'a Heap,
    pub scripts: &'a Scripts,
    pub maps: &'a Maps,
}

impl<'a> Sources<'a> {
    /// A place of a heap, of a script that has a name, and the package that it is of.
    pub(crate) fn place(self, location: Location) -> Option<Place> {
        let place = self.original(location)?;
        if place.owner != Owner::Package {
            return Some(place);
        }
        let script = place.compiled.as_ref().map_or(&place.file, |compiled| &compiled.file);
        let (file, script) = (place.file.to_string_lossy(), script.to_string_lossy());
        let (_, package) = whose(self.maps, &file, &script);
        Some(Place { package, ..place })
    }

    fn original(self, location: Location) -> Option<Place> {
        let compiled = self.scripts.named(location).filter(|place| !place.file.is_empty())?;
        let original = (compiled.owner != Owner::Runtime).then(|| {
            let asked = |script: places::Script<'_>| {
                self.maps.original(script, location.line, location.column)
            };
            self.of_script(self.scripts.get(location)?, asked)
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
    pub(crate) fn file(self, file: Text) -> Text {
        let only = |script: &Script| self.of_script(script, |script| self.maps.only_file(script));
        let only = self
            .scripts
            .by_name(&file)
            .filter(|script| script.owner != Owner::Runtime)
            .and_then(only);
        only.map_or(file, |only| only.as_str().into())
    }

    /// What the author calls the function, or the class, that a script has at a location, if otherwise
    /// than the script.
    pub(crate) fn name(self, location: Location, compiled: &Text) -> Option<Text> {
        let script = self.own_script(location).filter(|_| !compiled.is_empty())?;
        let compiled = compiled.to_string_lossy();
        let place = (location.line, location.column);
        let name = self.of_script(script, |script| self.maps.name(script, place, &compiled))?;
        Some(name.as_str().into())
    }

    /// The same of a class.
    pub(crate) fn class(self, key: &ClassKey) -> Option<Text> {
        self.name(key.location?, &key.name)
    }

    /// What the author calls a variable that a function shares with others, and where it is declared.
    pub(crate) fn variable(self, function: NodeIdx, edge: EdgeIdx) -> Option<Declared> {
        let tables = &self.heap.tables;
        let text = |edge| Some(tables.strings.get(tables.edges.name(edge)?).to_string_lossy());
        let scope = (!edge.is_none()).then(|| tables.nodes.source(edge))?;
        let location = tables.locations.of(function)?;
        let script = self.own_script(location).filter(|_| has_scope(self.heap, function, scope))?;
        let name = text(edge)?;
        let variables =
            tables.edges_of(scope).filter(|edge| tables.edges.kind(*edge) == EdgeKind::Context);
        let beside: Vec<String> = variables.take(BESIDE).filter_map(text).collect();
        let asked = places::Variable {
            function: (location.line, location.column),
            // Code that is being run leads to its own variables.
            inside: tables.nodes.kind(function) != NodeKind::Closure,
            name: &name,
            beside: &beside,
        };
        self.of_script(script, |script| Some(self.maps.variable(script, &asked)))
    }

    /// The program's own script, which a bundler may have written. Packages are bundled with it, or call
    /// things as their authors do.
    fn own_script(self, location: Location) -> Option<&'a Script> {
        self.scripts.get(location).filter(|script| script.owner == Owner::Program)
    }

    fn of_script<T>(
        self,
        script: &Script,
        asked: impl FnOnce(places::Script<'_>) -> Option<T>,
    ) -> Option<T> {
        let name = script.name.to_string_lossy();
        let map = script.map(self.heap).map(|map| map.to_string_lossy());
        asked(places::Script { name: &name, map: map.as_deref() })
    }
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
