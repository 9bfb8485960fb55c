//! A node in, what it is to a reader of JavaScript out: an object or a part of one, what holds
//! entries and how many. Only here is known what runtimes call their own: rooms above ask what a
//! thing is.

mod alive;
mod blink;
mod entries;
mod hermes;
mod holding;
mod label;
mod listeners;
mod members;
mod modules;
mod node;
mod packages;
mod part;
mod promises;
mod protocols;
mod purpose;
mod scopes;
mod scripts;
mod v8;

pub(crate) use alive::holds;
pub(crate) use blink::{attached, is_element, is_embedders, names_listener};
pub use entries::{Shape, entries};
pub(crate) use entries::{
    TableShapes, fresh_entries, hash_table, internal, is_weak, property, slot,
};
pub(crate) use hermes::{has_registers, is_inside, is_of_map, leads_to_key, shape_above};
pub(crate) use holding::{Holdings, elements};
pub(crate) use listeners::{Listened, Listeners};
pub(crate) use members::{
    Has, Member, Members, Parts, literal, members, own, scope_above, scope_of,
};
pub(crate) use modules::{file_of_url, is_commonjs, module_file, nameless_lists, names_exports};
pub(crate) use node::{
    LOADERS, Plumbing, SOCKETS, STREAMS, bounded_by_runtime, has_stream_state, holds_async_context,
    is_emitter, is_handle, is_listener, is_listener_table, is_made_for_snapshot, is_stream_state,
    is_target_table, is_timeout, is_timer_callback, is_timer_list, links_signals, timer_callback,
    timer_names, whole_of,
};
pub use packages::Package;
pub(crate) use packages::{in_package, is_package_name, is_version, package_of, packaged};
pub(crate) use part::is_part;
pub(crate) use promises::{Promises, unbound};
pub(crate) use protocols::{Connected, has_transport, waits, waits_beside};
pub(crate) use purpose::Purpose;
pub(crate) use scopes::{ScopeNames, Statistic, has_scope, statistic};
pub use scripts::Owner;
pub(crate) use scripts::{is_loader_file, script, script_map, script_name, shared};
pub(crate) use v8::{
    PROTO, ROPE_HALVES, has_registered, is_byte_store, is_bytes, is_cell, is_engine_class,
    is_engine_object, is_engine_root, is_finalization_registry, is_generator, is_in_reach_of_call,
    is_module_record, is_of_promise, is_promise, is_scope, is_symbol, is_unwritten,
    leads_to_elements, leads_to_global, leads_to_table, names_context, symbol,
};

use crate::graph::Heap;
use crate::ids::{NodeIdx, ROOT};

/// Whether a class is one of the language's or the runtime's that any program has objects of.
pub(crate) fn is_builtin(class: &str) -> bool {
    let known = [v8::CLASSES, node::CLASSES, blink::CLASSES, hermes::CLASSES];
    known.iter().any(|classes| classes.contains(&class))
}

/// Whether a node is told as a part of the object that holds it: plumbing, and a function's variables and
/// the entries of a Map of Hermes, which are objects to the engine alone.
pub(crate) fn implements(heap: &Heap, node: NodeIdx) -> bool {
    is_part(heap, node) || is_scope(heap, node) || is_of_map(heap, node)
}

/// Whether a class is that of object literals, which are called after their fields: by DevTools where
/// the file is V8's.
pub(crate) fn is_literal(class: &str) -> bool {
    class.starts_with('{') || hermes::is_literal(class)
}

/// Whether a class is that of parts which only the engine has. Strings and numbers are a program's own.
pub(crate) fn is_engine_part(class: &str) -> bool {
    v8::is_part(class) || hermes::is_inside(class) || class.starts_with(blink::OWN)
}

/// Whether things of a class only connect others: closures, contexts, promises, parts of a runtime.
pub(crate) fn is_glue(class: &str) -> bool {
    v8::is_glue(class) || class.starts_with(node::OWN) || class.starts_with(blink::OWN)
}

/// Whether a node is the global object, as what holds it tells: V8's hangs from the root, that of Hermes
/// from a root of its own.
pub(crate) fn is_global(heap: &Heap, node: NodeIdx, holder: NodeIdx) -> bool {
    v8::is_global(heap, node) && holder == ROOT || hermes::is_global(heap, node, holder)
}
