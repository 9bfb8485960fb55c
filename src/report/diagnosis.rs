//! A diagnosis in, the answer's part of the report out.

use super::Options;
use super::answer::{
    Answer, CompiledContainer, ContainerReport, FixReport, IdentityReport, Inside, Outside, Role,
    SuspectReport, Verdict, Way, WayStep,
};
use super::facts::facts;
use super::findings::findings;
use super::fingerprint::{fingerprint, stable};
use super::redact::Redactor;
use super::whose::{container_location, holder};
use super::words::{Called, OF_RUNTIME, Words, step};
use crate::chains::Place;
use crate::classes::FUNCTION;
use crate::diagnose::{
    Case, Diagnosis, Fix, Harmless, Judged, Path, Suspect, are_two_programs, is_unheld, kept,
};
use crate::graph::Heap;
use crate::growth::{Growth, How};
use crate::ids::ClassIdx;
use crate::objects::{Owner, Shape, is_engine_part};
use crate::parse::NodeKind;
use crate::places::Maps;
use crate::ways::{Access, Label, Preferred, access_to_ends, anchor};
use std::cell::RefCell;

/// So many classes that come along are named.
const COMPANIONS: usize = 6;

/// Puts a diagnosis into words. `calls` is how often the leaking operation ran, if known.
pub(super) fn answer(
    case: &Case<'_>,
    diagnosis: &Diagnosis,
    options: &Options,
    maps: &Maps,
) -> Answer {
    let calls = options.calls;
    let redactor = Redactor::new(options, case.comparison);
    let told = RefCell::default();
    let (heap, scripts) = (case.matched.heaps.after, case.scripts);
    let words = Words { heap, scripts, maps, redactor, told: &told };
    let mut containers: Vec<ContainerReport> =
        diagnosis.containers.iter().map(|one| container(case, &words, one)).collect();
    let suspects: Vec<SuspectReport> =
        diagnosis.suspects.iter().map(|s| suspect(case, &words, s, &containers)).collect();
    prefer_own_places(&mut containers, &suspects);
    let identity = case.matched.identity;
    Answer {
        identity: IdentityReport {
            kind: identity.kind,
            ids_kept: identity.ids_kept,
            agreement: identity.agreement,
            swapped: identity.swapped,
            same_snapshot: identity.same_snapshot,
            two_programs: are_two_programs(case),
            by_id: case.matched.by_id,
            in_order: case.matched.in_order,
        },
        verdict: Verdict {
            kind: diagnosis.verdict,
            reasons: facts(case, diagnosis, &suspects, &containers, calls),
        },
        outside: case.matched.heaps.map(outside),
        findings: findings(diagnosis, &suspects, &containers),
        fixes: diagnosis.fixes.iter().map(|one| fix(one, &containers)).collect(),
        containers,
        suspects,
    }
}

fn fix(fix: &Fix, containers: &[ContainerReport]) -> FixReport {
    let mut paths: Vec<String> = Vec::new();
    for path in fix.containers.iter().map(|at| &containers[*at].path) {
        if !paths.contains(path) {
            paths.push(path.clone());
        }
    }
    FixReport { containers: paths, frees: fix.frees, frees_so_far: fix.frees_so_far }
}

fn container(case: &Case<'_>, words: &Words<'_>, judged: &Judged) -> ContainerReport {
    let growth = &judged.growth;
    let heap = words.heap;
    let mut steps = access_to_ends(heap, &case.matched.tree.ends(heap, growth.holder));
    steps.extend(field_of_list(heap, &case.matched.tree, growth));
    // Which of its keys is the heaviest one is by chance.
    if let Some(last) = steps.last_mut()
        && growth.keyed
        && matches!(last.label, Label::Property(_))
    {
        last.label = Label::Value;
    }
    let called = if heap.tables.nodes.kind(growth.holder) == crate::parse::NodeKind::Synthetic {
        let class = growth.new_entries.first().map(|n| case.matched.naming.after.of(*n));
        let class = class.map(|class| words.class(class).0).unwrap_or_default();
        Called { file: None, name: format!("{class}{OF_RUNTIME}"), owner: None }
    } else {
        words.path(&steps)
    };
    let open = Words { redactor: words.redactor.open(), ..*words };
    let real = open.path(&steps);
    let is_real = real.path() == called.path()
        || heap.tables.nodes.kind(growth.holder) == crate::parse::NodeKind::Synthetic;
    ContainerReport {
        real: (!is_real).then(|| [real.path(), real.name]),
        fingerprint: fingerprint(&[&stable(&called.path()), growth.shape.word()]),
        compiled: compiled(words, &steps, growth).filter(|known| known.path != called.path()),
        path: called.path(),
        file_owner: called.owner.as_ref().map(|by| by.owner),
        held_by: holder(case, words, growth, &steps).or(called.owner),
        name: called.name,
        file: called.file,
        kind: growth.shape.word(),
        class: words.redactor.name(&case.matched.naming.after.of(growth.holder).name),
        id: heap.tables.nodes.whole_id(growth.holder),
        entries_before: growth.entries_before,
        entries_after: growth.entries_after,
        matched: matched(case, growth),
        known_again: known_again(case, growth),
        entries: judged.series.clone(),
        approximate: growth.is_approximate(),
        together: growth.together.len() as u64,
        retained_new: growth.retained_new,
        piles_up: judged.piles_up,
        note: judged.harmless.map(Harmless::note),
        location: container_location(case, words, growth, &steps),
    }
}

/// What a container is called and known by without source maps.
fn compiled(words: &Words<'_>, steps: &[Access], growth: &Growth) -> Option<CompiledContainer> {
    let is_of_runtime = words.heap.tables.nodes.kind(growth.holder) == NodeKind::Synthetic;
    if is_of_runtime || !words.maps.has_any() {
        return None;
    }
    let path = Words { maps: &Maps::none(), ..*words }.path(steps).path();
    let fingerprint = fingerprint(&[&stable(&path), growth.shape.word()]);
    Some(CompiledContainer { path, fingerprint })
}

fn matched(case: &Case<'_>, growth: &Growth) -> &'static str {
    match growth.how {
        How::Root => "class",
        How::Replaced => "place",
        _ if case.matched.by_id => "id",
        _ => "structure",
    }
}

/// The share of a container's first entries that it still has.
fn known_again(case: &Case<'_>, growth: &Growth) -> Option<f64> {
    let share = kept(case, growth) as f64 / growth.entries_before as f64;
    (growth.entries_before > 0).then_some((share * 10_000.0).round() / 10_000.0)
}

/// Where a container is a package's, or a variable, a function of the program that its entries lead to
/// says more: what was registered, and where. So does the class of what a package keeps.
fn prefer_own_places(containers: &mut [ContainerReport], suspects: &[SuspectReport]) {
    let is_own = |place: &Place| place.owner == Owner::Program;
    for container in containers.iter_mut().filter(|c| !c.location.as_ref().is_some_and(is_own)) {
        let mut chains = suspects.iter().flat_map(|suspect| &suspect.ways);
        let Some(chain) = chains.find(|chain| chain.container == container.path) else { continue };
        let below = |role| chain.steps.iter().filter(move |step| step.role == role);
        let functions = [Role::Entry, Role::Object, Role::Inside].into_iter().flat_map(below);
        let functions = functions.filter(|step| step.class == *FUNCTION);
        let own = functions.filter_map(|step| step.location.as_ref()).find(|place| is_own(place));
        let of_package = container.location.is_some();
        let class = || below(Role::Object).find_map(|step| step.location.as_ref());
        let class = || class().filter(|place| of_package && is_own(place));
        container.location = own.or_else(class).cloned().or(container.location.take());
    }
}

/// A list is known by the field or variable in which its head has it.
fn field_of_list(heap: &Heap, tree: &Preferred, growth: &Growth) -> Option<Access> {
    if !matches!(growth.shape, Shape::List | Shape::Rope) {
        return None;
    }
    let own = growth.field(heap, tree)?;
    let name = heap.tables.edges.name(own)?;
    let label = match heap.tables.edges.kind(own) {
        crate::parse::EdgeKind::Property => Label::Property(name),
        crate::parse::EdgeKind::Context => Label::Variable(name),
        _ => return None,
    };
    Some(Access { label, edge: own, node: heap.tables.edges.target(own), times: 1, left_out: 0 })
}

fn suspect(
    case: &Case<'_>,
    words: &Words<'_>,
    suspect: &Suspect,
    containers: &[ContainerReport],
) -> SuspectReport {
    let class = &case.matched.naming.after.classes[suspect.class.at()];
    let growth = suspect.paths.first().map(|p| p.container).or(suspect.guess);
    let chains = suspect.paths.iter().map(|path| Way {
        share: path.share,
        total: suspect.count,
        frees: path.frees,
        container: containers[path.container].path.clone(),
        steps: steps(case, words, path, containers[path.container].kind == Shape::Object.word()),
    });
    let (name, compiled_class) = words.class(class);
    SuspectReport {
        class: name,
        compiled_class,
        real: words.redactor.hides(&class.name).then(|| class.name.clone()),
        key: words.redactor.key(class),
        count: suspect.count,
        retained: suspect.retained,
        container: growth.map(|g| containers[g].path.clone()),
        location: words.place(suspect.typical),
        inside: inside(case, words, suspect),
        ways: chains.collect(),
        frees_together: suspect.frees_together,
        goes_with: suspect.retained.max(suspect.goes_with),
        unheld: is_unheld(suspect),
    }
}

fn inside(case: &Case<'_>, words: &Words<'_>, suspect: &Suspect) -> Vec<Inside> {
    let key = |class: &ClassIdx| &case.matched.naming.after.classes[class.at()];
    let others = suspect.companions.iter();
    let others = others.filter(|(class, _)| !is_engine_part(&key(class).name.to_string_lossy()));
    others
        .take(COMPANIONS)
        .map(|(class, count)| {
            let (class, compiled_class) = words.class(key(class));
            Inside { class, compiled_class, count: *count }
        })
        .collect()
}

fn steps(case: &Case<'_>, words: &Words<'_>, path: &Path, dictionary: bool) -> Vec<WayStep> {
    let heap = words.heap;
    let named = anchor(heap, &path.steps[..=path.container_at]);
    let role = |at: usize| match () {
        () if at == path.container_at => Role::Container,
        () if at == path.object_at => Role::Object,
        () if at > path.object_at => Role::Inside,
        () if at > path.container_at => Role::Entry,
        () if at >= named => Role::Holder,
        () => Role::Root,
    };
    let naming = case.matched.naming.after;
    let told = path.steps.iter().enumerate().map(|(at, access)| {
        let mut told = step(words, naming, (&path.steps, at), role(at));
        // Which of a dictionary's keys leads to the typical object does not matter.
        if dictionary && at == path.container_at + 1 && matches!(access.label, Label::Property(_)) {
            told.label = "value of key".into();
        }
        told
    });
    told.collect()
}

/// Memory outside the heap that a file tells of.
pub(crate) fn outside(heap: &Heap) -> Outside {
    // Such memory is known by its name.
    let named = heap.tables.truncated.as_ref().is_none_or(|cut| cut.names_lost == 0);
    Outside {
        array_buffers: named.then_some(heap.outside.array_buffers),
        external_strings: named.then_some(heap.outside.external_strings),
        extra_native_bytes: heap.tables.extra_native_bytes,
    }
}
