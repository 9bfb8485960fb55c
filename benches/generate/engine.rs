//! What a program asks for in, the nodes and edges V8 makes of it out: hidden maps with
//! descriptors and transitions, objects, backing stores, tables.

use super::functions::Module;
use super::heap::{By, Heap, Id, Kind, Life};
use super::names;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// A class, or the shape of a plain object.
#[derive(Clone)]
pub struct Class {
    name: String,
    fields: Vec<String>,
    pub map: Id,
    pub prototype: Id,
    /// Where the constructor is: script, line, column. Plain objects have none.
    place: Option<(u32, u32, u32)>,
}

pub struct Engine {
    pub heap: Heap,
    pub root: Id,
    gc_roots: Id,
    roots: HashMap<&'static str, (Id, usize), FixedState>,
    metas: HashMap<&'static str, Id, FixedState>,
    internalized: HashMap<String, Id, FixedState>,
    /// The shapes of what the language brings along, by name.
    builtin: HashMap<&'static str, Class, FixedState>,
    pub undefined: Id,
    /// The code of a function that has not run yet.
    pub lazy: Id,
    /// The number the next source file gets.
    pub next_script: u32,
}

impl Engine {
    pub fn new() -> Self {
        let mut heap = Heap::new();
        let root = heap.node(Kind::Synthetic, "", 0);
        let gc_roots = heap.node(Kind::Synthetic, "(GC roots)", 0);
        heap.link(root, By::Element(1), gc_roots);
        let undefined = heap.node(Kind::Hidden, "system / Oddball", 48);
        let lazy = heap.node(Kind::Code, "(CompileLazy builtin code)", 88);
        let mut engine = Self {
            heap,
            root,
            gc_roots,
            roots: HashMap::default(),
            metas: HashMap::default(),
            internalized: HashMap::default(),
            builtin: HashMap::default(),
            undefined,
            lazy,
            next_script: 1,
        };
        engine.hold("(Read-only roots)", undefined);
        engine.hold("(Builtins)", lazy);
        for n in 0..1_000 {
            let name = format!("({}Builtin builtin code)", names::identifier(7 * n));
            let code = engine.part(Kind::Code, &name, 88);
            engine.hold("(Builtins)", code);
        }
        engine
    }

    /// Hangs a node at one of the roots.
    pub fn hold(&mut self, root: &'static str, node: Id) {
        let count = self.roots.len();
        let (id, used) = self.roots.entry(root).or_insert_with(|| {
            let id = self.heap.node(Kind::Synthetic, root, 0);
            self.heap.link(self.gc_roots, By::Element(count + 1), id);
            (id, 0)
        });
        *used += 1;
        self.heap.link(*id, By::Slot(*used), node);
    }

    /// A part of the engine, with the map of its kind.
    pub fn part(&mut self, kind: Kind, name: &str, size: usize) -> Id {
        let id = self.heap.node(kind, name, size);
        let map = self.meta(match kind {
            Kind::Array => "FixedArray",
            Kind::String | Kind::Symbol => "String",
            Kind::Cons => "ConsString",
            Kind::Sliced => "SlicedString",
            Kind::Number => "HeapNumber",
            Kind::Code => "Code",
            Kind::Shape => "Shape",
            _ => "Struct",
        });
        self.heap.link(id, By::Internal("map"), map);
        id
    }

    fn meta(&mut self, name: &'static str) -> Id {
        if let Some(map) = self.metas.get(name) {
            return *map;
        }
        let life = std::mem::replace(&mut self.heap.life, Life::Both);
        let map = self.heap.node(Kind::Hidden, "system / Map", 72);
        self.metas.insert(name, map);
        self.hold("(Read-only roots)", map);
        self.heap.life = life;
        map
    }

    /// The one string of this text.
    pub fn text(&mut self, text: &str) -> Id {
        if let Some(string) = self.internalized.get(text) {
            return *string;
        }
        let life = std::mem::replace(&mut self.heap.life, Life::Both);
        let string = self.part(Kind::String, text, 16 + text.len().next_multiple_of(8));
        self.internalized.insert(text.to_owned(), string);
        // Some are the engine's own; the others are held by whoever uses them.
        if self.internalized.len().is_multiple_of(4) {
            self.hold("(Read-only roots)", string);
        }
        self.heap.life = life;
        string
    }

    /// A hidden map for every field that is added, one array of descriptors for all of them.
    fn shapes(&mut self, fields: &[String], prototype: Id) -> (Id, Id) {
        let size = 24 + 24 * fields.len();
        let descriptors = self.part(Kind::Shape, "system / DescriptorArray", size);
        for (n, field) in fields.iter().enumerate() {
            let name = self.text(field);
            self.heap.link(descriptors, By::Slot(3 * n), name);
        }
        let mut maps: Vec<Id> = Vec::new();
        // The first steps are mostly shared with others, so that few are this shape's own.
        for _ in 0..=fields.len().min(3) {
            let map = self.part(Kind::Shape, "system / Map", 72);
            self.heap.link(map, By::Internal("descriptors"), descriptors);
            self.heap.link(map, By::Internal("prototype"), prototype);
            if let Some(last) = maps.last() {
                self.heap.link(*last, By::Weak("transition"), map);
                self.heap.link(map, By::Internal("back_pointer"), *last);
            }
            maps.push(map);
        }
        (maps[0], maps[maps.len() - 1])
    }

    /// The shape of a plain object.
    pub fn plain(&mut self, fields: &[&str]) -> Class {
        let prototype = self.builtin("Object").prototype;
        let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
        let (_, map) = self.shapes(&fields, prototype);
        Class { name: "Object".to_owned(), fields, map, prototype, place: None }
    }

    pub fn builtin(&mut self, name: &'static str) -> Class {
        if let Some(class) = self.builtin.get(name) {
            return class.clone();
        }
        let life = std::mem::replace(&mut self.heap.life, Life::Both);
        let prototype = self.heap.node(Kind::Object, name, 56);
        let (_, map) = self.shapes(&[], prototype);
        let class =
            Class { name: name.to_owned(), fields: Vec::new(), map, prototype, place: None };
        self.builtin.insert(name, class.clone());
        self.hold("(Global handles)", prototype);
        self.heap.life = life;
        class
    }

    /// A class with its constructor, prototype and a few methods.
    pub fn class(&mut self, module: Module, name: &str, fields: &[&str]) -> Class {
        let constructor = self.closure(module, name, module.context);
        let parent = self.builtin("Object").prototype;
        let prototype = self.heap.node(Kind::Object, "Object", 56);
        self.heap.link(prototype, By::Property("constructor"), constructor);
        for n in 0..4 {
            let method = names::identifier(name.len() * 31 + n);
            let function = self.closure(module, &method, module.context);
            self.heap.link(prototype, By::Property(&method), function);
        }
        self.heap.link(prototype, By::Property("__proto__"), parent);
        self.heap.link(constructor, By::Property("prototype"), prototype);
        let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
        let (initial, map) = self.shapes(&fields, prototype);
        self.heap.link(constructor, By::Internal("initial_map"), initial);
        self.heap.link(module.context, By::Context(name), constructor);
        let place = Some((module.number, 7 * fields.len() as u32 + 11, 13));
        Class { name: name.to_owned(), fields, map, prototype, place }
    }

    /// An object; fields without a value are small integers, which leave no edge.
    pub fn object(&mut self, class: &Class, values: &[Option<Id>]) -> Id {
        let size = 24 + 8 * class.fields.len();
        let object = self.heap.node(Kind::Object, &class.name, size);
        for (field, value) in class.fields.iter().zip(values) {
            if let Some(value) = value {
                self.heap.link(object, By::Property(field), *value);
            }
        }
        self.heap.link(object, By::Property("__proto__"), class.prototype);
        self.heap.link(object, By::Internal("map"), class.map);
        if let Some((script, line, column)) = class.place {
            self.heap.locate(object, script, line, column);
        }
        object
    }

    /// An object that the language brings along, without properties.
    pub fn instance(&mut self, name: &'static str) -> Id {
        let class = self.builtin(name);
        self.object(&class, &[])
    }

    pub fn array(&mut self, items: &[Id]) -> Id {
        let array = self.instance("Array");
        self.elements(array, items);
        array
    }

    /// A backing store, which changes when the array has grown.
    pub fn elements(&mut self, array: Id, items: &[Id]) {
        for (n, item) in items.iter().enumerate() {
            self.heap.link(array, By::Element(n), *item);
        }
        for life in self.lives(items) {
            let before = std::mem::replace(&mut self.heap.life, life);
            let size = 16 + 8 * items.len();
            let store = self.part(Kind::Array, "(object elements)", size);
            for (n, item) in items.iter().enumerate() {
                self.heap.link(store, By::Slot(n), *item);
            }
            self.heap.link(array, By::Internal("elements"), store);
            self.heap.life = before;
        }
    }

    /// One store, or one for each snapshot if what is in it differs.
    fn lives(&self, items: &[Id]) -> Vec<Life> {
        let own = self.heap.life;
        let same = |id: &Id| [Life::Both, own].contains(&self.heap.nodes[id.0 as usize].life);
        if items.iter().all(same) { vec![own] } else { vec![Life::Before, Life::After] }
    }

    /// A Map with these entries. As in V8 a third of the table is for buckets, and every entry
    /// has three slots.
    pub fn map(&mut self, entries: &[(Id, Id)]) -> Id {
        let map = self.instance("Map");
        let values: Vec<Id> = entries.iter().map(|entry| entry.1).collect();
        for life in self.lives(&values) {
            let before = std::mem::replace(&mut self.heap.life, life);
            let room = entries.len().next_power_of_two().max(4);
            let buckets = 3 + room / 2;
            let table = self.part(Kind::Array, "", 16 + 8 * (buckets + 3 * room));
            for (n, (key, value)) in entries.iter().enumerate() {
                self.heap.link(table, By::Slot(buckets + 3 * n), *key);
                self.heap.link(table, By::Slot(buckets + 3 * n + 1), *value);
            }
            self.heap.link(map, By::Internal("table"), table);
            self.heap.life = before;
        }
        map
    }

    /// A WeakMap: values are held by the table and by the key.
    pub fn weak_map(&mut self, entries: &[(Id, &str, Id)]) -> Id {
        let map = self.instance("WeakMap");
        let table = self.part(Kind::Array, "", 40 + 16 * entries.len());
        let heap = &mut self.heap;
        heap.link(map, By::Internal("table"), table);
        let id = |node: Id| 2 * node.0 + 1;
        for (n, (key, class, value)) in entries.iter().enumerate() {
            let name = format!(
                "{} / part of key ({class} @{}) -> value (Object @{}) pair in WeakMap (table @{})",
                n + 1,
                id(*key),
                id(*value),
                id(table),
            );
            heap.link(table, By::Weak(&(2 * n).to_string()), *key);
            heap.link(table, By::Internal(&name), *value);
            heap.link(*key, By::Internal(&name), *value);
        }
        map
    }
}
