//! A class in, how much its name tells the reader out: `ToolSession` is where to look,
//! `Array` is not.

use crate::chains::Scripts;
use crate::classes::ClassKey;
use crate::objects::{
    Owner, attached, is_builtin, is_embedders, is_engine_class, is_inside, is_literal,
};

/// From what tells nothing to what names the culprit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Parts of the engine, strings, numbers.
    Engine,
    /// What the language or the runtime brings: Array, Map, Function, Timeout.
    Builtin,
    /// Object literals, and classes of libraries and of the runtime (Socket).
    Library,
    /// A class of the program itself.
    Program,
}

/// Names that objects of any program have.
pub(super) fn is_common(name: &str) -> bool {
    is_engine_class(name) || is_literal(name) || is_builtin(name)
}

/// The standing of a class.
#[must_use]
pub fn standing(class: &ClassKey, scripts: &Scripts) -> Standing {
    let name = class.name.to_string_lossy();
    if is_engine_class(&name) || name.is_empty() {
        return Standing::Engine;
    }
    if let Some(location) = class.location {
        // A script whose name the file does not tell is rather the program's than Node's.
        let place = scripts.named(location).filter(|place| !place.file.is_empty());
        return match () {
            () if is_builtin(&name) => Standing::Builtin,
            () if place.is_some_and(|place| place.owner != Owner::Program) => Standing::Library,
            () if is_literal(&name) => Standing::Library,
            () => Standing::Program,
        };
    }
    if is_inside(&name) {
        return Standing::Engine;
    }
    let class = attached(&name);
    if is_builtin(class) || is_embedders(class) {
        return Standing::Builtin;
    }
    match () {
        () if is_literal(&name) || name.starts_with('<') => Standing::Library,
        // Where there are locations, an object without one is hardly the program's own.
        () if !scripts.is_empty() => Standing::Library,
        () => Standing::Program,
    }
}
