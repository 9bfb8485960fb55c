//! A container and the ways to it in, whose it is and the places to look at out: those of the program
//! first.
//!
//! ```text
//!   pool: Pool (undici) -> _clients: Map -> onMessage() (server.mjs:41:5)
//!   held by undici,        filled from server.mjs:41:5
//! ```

use super::answer::{ContainerReport, Holder, OwnPlace, Part, Place, Role, SuspectReport, WayStep};
use super::callbacks::callback;
use super::words::Words;
use crate::classes::FUNCTION;
use crate::diagnose::{Case, Standing, Suspect, standing};
use crate::growth::Growth;
use crate::ids::NodeIdx;
use crate::objects::{Owner, Shape, is_generator};
use crate::parse::NodeKind;
use crate::text::Text;
use crate::ways::{Access, Label};

/// So many objects above a container are asked for the place where their class is written.
const OWNERS: usize = 4;

/// Where to look first: the function that was put into it, or the class of what holds it.
pub(super) fn container_location(
    case: &Case<'_>,
    words: &Words<'_>,
    growth: &Growth,
    steps: &[Access],
) -> Option<Place> {
    let function = callback(case, growth).map(|function| words.place(function));
    function.unwrap_or_else(|| written(case, words, growth, steps))
}

/// Where the class of the object is written that has a container as a property, or else its own class. The
/// function over which a variable is found is any of those that share it, and no place to look.
fn written(case: &Case<'_>, words: &Words<'_>, growth: &Growth, steps: &[Access]) -> Option<Place> {
    let owned = |step: &&Access| !matches!(step.label, Label::Variable(_) | Label::Export(_));
    let owned = steps.iter().rev().take_while(owned).count().min(OWNERS);
    let above = steps.iter().rev().skip(1).take(owned).map(|step| step.node);
    let itself = matches!(growth.shape, Shape::Object | Shape::Other).then_some(growth.holder);
    let own = |node: &NodeIdx| is_written(case, *node);
    let places = itself.into_iter().chain(above).filter(own).filter_map(|node| words.place(node));
    places.into_iter().find(|place| place.owner != Owner::Runtime)
}

/// Whether an object's place is that of its class. One of the language's own may be told to be written
/// where a program has changed what makes it.
fn is_written(case: &Case<'_>, node: NodeIdx) -> bool {
    let heap = case.matched.heaps.after;
    let class = case.matched.naming.after.of(node);
    heap.tables.nodes.kind(node) != NodeKind::Object
        || is_generator(heap, node)
        || standing(class, case.scripts) > Standing::Builtin
}

/// What holds a container: an object of a class that is written somewhere, or the runtime. Whose a variable
/// is is told with its name.
pub(super) fn holder(
    case: &Case<'_>,
    words: &Words<'_>,
    growth: &Growth,
    steps: &[Access],
) -> Option<Holder> {
    if words.heap.tables.nodes.kind(growth.holder) == NodeKind::Synthetic {
        return Some(Holder { owner: Owner::Runtime, package: None, location: None });
    }
    written(case, words, growth, steps).map(Holder::at)
}

/// The places where a leak may be mended: first what was put into the container or the class that has it,
/// then the functions on the way, and the suspect's class. What only leads there, or hangs below, is
/// told where it is the program's and nothing else is. The program's own files go before those of its
/// packages; the runtime's are left out.
pub(super) fn places(
    suspect: &SuspectReport,
    container: Option<&ContainerReport>,
) -> Vec<(Part, Place)> {
    let steps = || suspect.ways.first().into_iter().flat_map(|way| &way.steps);
    let at = |roles: &'static [Role]| steps().filter(move |step| roles.contains(&step.role));
    let entries = at(&[Role::Entry]).filter_map(below);
    let class = suspect.location.as_ref().map(|place| (part_of(&suspect.class), place));
    let first = container.and_then(|container| first(container, suspect));
    let mut places: Vec<(Part, &Place)> = Vec::new();
    for (part, place) in first.into_iter().chain(entries).chain(class) {
        if place.owner != Owner::Runtime && !places.iter().any(|(_, known)| *known == place) {
            places.push((part, place));
        }
    }
    let is_own = |(_, place): &(Part, &Place)| place.owner == Owner::Program;
    let has_file = container.is_some_and(|container| container.file_owner == Some(Owner::Program));
    if !has_file && !places.iter().any(is_own) {
        let holder = container.and_then(|container| container.held_by.as_ref()?.location.as_ref());
        let holder = holder.map(|place| (Part::Holds, place)).into_iter();
        let below = at(&[Role::Object, Role::Inside]).filter_map(below);
        let above: Vec<_> = at(&[Role::Root, Role::Holder]).collect();
        // A function above is any of those that share a variable: an object says more.
        let objects = above.iter().rev().filter(|step| step.class != *FUNCTION);
        let functions = above.iter().rev().filter(|step| step.class == *FUNCTION);
        let above = objects.chain(functions).filter_map(|step| step.location.as_ref());
        places.extend(
            holder.chain(below).chain(above.map(|place| (Part::Leads, place))).find(is_own),
        );
    }
    places.sort_by_key(|(_, place)| place.owner != Owner::Program);
    places.into_iter().map(|(part, place)| (part, place.clone())).collect()
}

/// The place of a container, and what it is.
fn first<'a>(container: &'a ContainerReport, suspect: &SuspectReport) -> Option<(Part, &'a Place)> {
    let place = container.location.as_ref()?;
    let holder = container.held_by.as_ref().and_then(|holder| holder.location.as_ref());
    let part = match () {
        () if holder == Some(place) => Part::Holds,
        () if suspect.location.as_ref() == Some(place) => part_of(&suspect.class),
        () => Part::FilledFrom,
    };
    Some((part, place))
}

/// A place below a container.
fn below(step: &WayStep) -> Option<(Part, &Place)> {
    Some((part_of(&step.class), step.location.as_ref()?))
}

fn part_of(class: &Text) -> Part {
    if *class == *FUNCTION { Part::FilledFrom } else { Part::Class }
}

/// The first of these places that is the program's, or else the file whose variable has the container.
pub(super) fn own(
    places: &[(Part, Place)],
    container: Option<&ContainerReport>,
) -> Option<OwnPlace> {
    let is_own = |owner: Owner| owner == Owner::Program;
    if let Some((part, place)) = places.first().filter(|(_, place)| is_own(place.owner)) {
        let (file, location) = (place.file.clone(), Some(place.clone()));
        return Some(OwnPlace { part: *part, file, location });
    }
    let container = container.filter(|container| container.file_owner.is_some_and(is_own))?;
    let holds = container.held_by.as_ref().is_some_and(|by| is_own(by.owner));
    let part = if holds { Part::Holds } else { Part::Leads };
    Some(OwnPlace { part, file: container.file.clone()?, location: None })
}

/// Whether nothing of the program leads to what a package holds. What hangs at the global object may have
/// been put there by anybody, unless it is the runtime's, as may what a variable of an unknown script has.
pub(super) fn is_of_dependency(
    found: &Suspect,
    suspect: &SuspectReport,
    container: &ContainerReport,
) -> bool {
    let of_package = container.held_by.as_ref().is_some_and(|by| by.owner == Owner::Package);
    let Some((path, way)) = found.paths.first().zip(suspect.ways.first()) else { return false };
    let of_runtime = |at: usize| {
        let place = way.steps.get(at).and_then(|step| step.location.as_ref());
        place.is_some_and(|place| place.owner == Owner::Runtime)
    };
    let steps = &path.steps[..=path.container_at];
    let is_named = |step: &Access| matches!(step.label, Label::Variable(_) | Label::Export(_));
    let named = steps.iter().rposition(is_named);
    let by_anybody = |(at, step): (usize, &Access)| match step.label {
        Label::Global => !of_runtime(at + 1),
        _ => Some(at) == named && container.file_owner.is_none(),
    };
    let mut places = suspect.ways.iter().flat_map(|way| &way.steps);
    let is_own =
        |step: &WayStep| step.location.as_ref().is_some_and(|place| place.owner == Owner::Program);
    of_package && !places.any(is_own) && !steps.iter().enumerate().any(by_anybody)
}
