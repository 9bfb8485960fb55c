//! What a program asks for in, the nodes and edges V8 makes of it out: hidden maps with
//! descriptors and transitions, backing stores, tables, functions with their code.

use super::heap::{By, Heap, Id, Kind, Life};
use super::names;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// A class, or the shape of a plain object.
#[derive(Clone)]
pub struct Class {
    name: String,
    fields: Vec<String>,
    map: Id,
    prototype: Id,
    /// Where the constructor is: script, line, column. Plain objects have none.
    place: Option<(u32, u32, u32)>,
}

/// A source file that was loaded.
#[derive(Clone, Copy)]
pub struct Module {
    pub script: Id,
    pub number: u32,
    pub context: Id,
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
    lazy: Id,
    next_script: u32,
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

    /// A function with all it takes, in a context.
    pub fn closure(&mut self, module: Module, name: &str, context: Id) -> Id {
        let shared = self.shared(module, name);
        let at = (shared.0 % 900, shared.0 % 60);
        self.closure_of(module, shared, name, context, at)
    }

    /// One more closure over the same code.
    pub fn closure_of(
        &mut self,
        module: Module,
        shared: Id,
        name: &str,
        context: Id,
        at: (u32, u32),
    ) -> Id {
        let class = self.builtin("Function");
        let cell = self.part(Kind::Code, "system / FeedbackCell", 24);
        let closure = self.heap.node(Kind::Closure, name, 56);
        let heap = &mut self.heap;
        heap.link(cell, By::Internal("value"), self.undefined);
        heap.link(closure, By::Property("__proto__"), class.prototype);
        heap.link(closure, By::Internal("feedback_cell"), cell);
        heap.link(closure, By::Internal("shared"), shared);
        heap.link(closure, By::Internal("context"), context);
        heap.link(closure, By::Internal("code"), self.lazy);
        heap.link(closure, By::Internal("map"), class.map);
        heap.locate(closure, module.number, at.0, at.1);
        closure
    }

    /// What all closures of one function share; a third of the functions were compiled.
    pub fn shared(&mut self, module: Module, name: &str) -> Id {
        let scope = self.part(Kind::Code, "system / ScopeInfo", 80);
        for n in 0..self.heap.random.below(5) {
            let variable = names::drawn(&mut self.heap.random, 4_000);
            let variable = self.text(&variable);
            self.heap.link(scope, By::Hidden(n), variable);
        }
        let code = if self.heap.random.chance(33) { self.bytecode() } else { self.uncompiled() };
        let shared = self.part(Kind::Code, name, 64);
        self.heap.link(shared, By::Internal("name_or_scope_info"), scope);
        self.heap.link(shared, By::Internal("script"), module.script);
        self.heap.link(shared, By::Internal("function_data"), code);
        shared
    }

    fn uncompiled(&mut self) -> Id {
        let data = self.part(Kind::Code, "system / UncompiledDataWithoutPreparseData", 24);
        let name = self.text("");
        self.heap.link(data, By::Hidden(0), name);
        data
    }

    fn bytecode(&mut self) -> Id {
        let size = 64 + 8 * self.heap.random.below(80);
        let code = self.part(Kind::Code, "system / BytecodeArray", size);
        let wrapper = self.part(Kind::Hidden, "system / BytecodeWrapper", 24);
        let positions = self.part(Kind::Code, "system / TrustedByteArray", 32);
        let constants = self.part(Kind::Code, "(constant pool)", 48);
        for n in 0..self.heap.random.below(6) {
            let name = names::drawn(&mut self.heap.random, 9_000);
            let name = self.text(&name);
            self.heap.link(constants, By::Hidden(n), name);
        }
        self.heap.link(wrapper, By::Hidden(0), code);
        for (n, part) in [wrapper, positions, constants].into_iter().enumerate() {
            self.heap.link(code, By::Hidden(n), part);
        }
        code
    }

    /// Loads a source file with its functions; exports are in the module's context.
    pub fn module(&mut self, path: &str) -> Module {
        let number = self.next_script;
        self.next_script += 1;
        let source = names::source(&mut self.heap.random, number as usize);
        let source = self.part(Kind::String, &source, 4_000 + 16 * number as usize);
        let script = self.part(Kind::Code, path, 144);
        let path = self.text(path);
        self.heap.link(script, By::Internal("source"), source);
        self.heap.link(script, By::Internal("name"), path);
        let context = self.context(&[]);
        let module = Module { script, number, context };
        for _ in 0..30 + self.heap.random.below(40) {
            let name = names::drawn(&mut self.heap.random, 9_000);
            let function = self.closure(module, &name, context);
            self.heap.link(context, By::Context(&name), function);
        }
        for _ in 0..12 {
            let name = names::drawn(&mut self.heap.random, 9_000);
            let constant = self.constant();
            self.heap.link(context, By::Context(&name), constant);
        }
        module
    }

    /// What modules keep in constants: options, symbols, regular expressions, large numbers.
    fn constant(&mut self) -> Id {
        match self.heap.random.below(10) {
            0 => {
                let symbol = self.part(Kind::Symbol, "symbol", 24);
                let name = names::drawn(&mut self.heap.random, 9_000);
                let name = self.text(&name);
                self.heap.link(symbol, By::Internal("name"), name);
                symbol
            }
            1 => self.part(Kind::Regexp, "^(?:.*)[\\/]node_modules[\\/]", 56),
            2 => self.part(Kind::Bigint, "bigint", 24),
            _ => {
                let count = 2 + self.heap.random.below(9);
                let fields: Vec<String> =
                    (0..count).map(|_| names::drawn(&mut self.heap.random, 9_000)).collect();
                let shape = self.plain(&fields.iter().map(String::as_str).collect::<Vec<_>>());
                let values = vec![Some(self.undefined); count];
                self.object(&shape, &values)
            }
        }
    }

    /// The variables of a call that closures have captured.
    pub fn context(&mut self, variables: &[(&str, Id)]) -> Id {
        let size = 32 + 8 * variables.len();
        let context = self.part(Kind::Object, "system / Context", size);
        for (name, value) in variables {
            self.heap.link(context, By::Context(name), *value);
        }
        context
    }
}
