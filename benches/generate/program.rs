//! Numbers of modules and documents in, the heap of the program out: a server that parses
//! documents, caches their trees and never forgets one, and adds a listener for each.

use super::engine::{Class, Engine};
use super::functions::Module;
use super::heap::{By, Heap, Id, Kind, Life};
use super::names;

/// Runs the program.
pub fn run(modules: u32, documents: [u32; 2]) -> Heap {
    let mut program = Program::load(modules);
    let mut kept = Vec::new();
    for n in 0..documents[1] {
        program.engine.heap.life = if n < documents[0] { Life::Both } else { Life::After };
        kept.push(program.document(n as usize));
    }
    // The ring of recent documents is as long before as after, with other ones in it.
    let recent = [Life::Before, Life::After].map(|life| {
        program.engine.heap.life = life;
        let ring: Vec<Document> =
            (0..documents[0] / 25 + 1).map(|n| program.document(n as usize)).collect();
        ring.iter().map(|document| document.object).collect::<Vec<_>>()
    });
    program.engine.heap.life = Life::Both;
    program.globals(&kept, &recent.concat());
    program.engine.heap
}

struct Document {
    key: Id,
    object: Id,
    listener: Id,
}

struct Program {
    engine: Engine,
    main: Module,
    modules: Vec<Module>,
    document: Class,
    nodes: Vec<Class>,
    identifier: Class,
    token: Class,
    symbol: Class,
    flow: Class,
    record: Class,
    cache: Class,
    element: Class,
    /// Code of the function that is added as a listener.
    on_reload: Id,
}

const STRUCTURE: [&str; 4] = [
    "pos end kind flags parent original left right third jsDoc locals next emitNode modifiers",
    "pos end kind flags parent original left right third symbol flowNode emitNode questionToken",
    "pos end kind flags parent expression name type emitNode flowNode jsDoc",
    "pos end kind flags parent body name members emitNode symbol locals modifiers asteriskToken",
];

impl Program {
    fn load(modules: u32) -> Self {
        let mut engine = Engine::new();
        let loaded: Vec<Module> = (0..modules)
            .map(|n| {
                let name = names::identifier(37 * n as usize + 5);
                engine.module(&format!("/srv/app/node_modules/{name}/lib/index-{n}.js"))
            })
            .collect();
        let main = engine.module("/srv/app/server.js");
        let mut class = |name: &str, fields: &[&str]| engine.class(main, name, fields);
        let document =
            class("Document", &["text", "tree", "symbols", "records", "flow", "title", "size"]);
        let nodes = STRUCTURE
            .map(|fields| class("SyntaxNode", &fields.split(' ').collect::<Vec<_>>()))
            .to_vec();
        let identifier =
            class("Identifier", &["pos", "end", "parent", "text", "symbol", "flowNode", "jsDoc"]);
        let token = class("Token", &["pos", "end", "kind", "parent"]);
        let symbol = class(
            "Symbol_",
            &["flags", "name", "declarations", "valueDeclaration", "parent", "members", "exports"],
        );
        let cache = class("DocumentCache", &["byPath", "hits", "recent", "meta"]);
        let element = class("HTMLDivElement", &["wrapped"]);
        let flow = engine.plain(&["flags", "node", "antecedent"]);
        let record = engine.plain(&["id", "name", "roles", "score"]);
        let on_reload = engine.shared(main, "onReload");
        Self {
            engine,
            main,
            modules: loaded,
            document,
            nodes,
            identifier,
            token,
            symbol,
            flow,
            record,
            cache,
            element,
            on_reload,
        }
    }

    fn document(&mut self, number: usize) -> Document {
        let text = names::source(&mut self.engine.heap.random, number);
        let size = 4_000 + self.engine.heap.random.below(30_000);
        let text = self.engine.part(Kind::String, &text, size);
        let mut symbols = Vec::new();
        let tree = self.tree(text, &mut symbols);
        let symbols = self.engine.map(&symbols);
        let records = self.records();
        let flow = self.list_of(tree);
        let title = self.rope(text);
        let values = [text, tree, symbols, records, flow, title].map(Some);
        let class = self.document.clone();
        let object = self.engine.object(&class, &values);
        let key = format!("/srv/docs/{}-{number}.ts", names::identifier(number));
        let key = self.engine.part(Kind::String, &key, 56);
        let context = self.engine.context(&[("document", object), ("path", key)]);
        let previous = self.main.context;
        self.engine.heap.link(context, By::Internal("previous"), previous);
        let (main, shared) = (self.main, self.on_reload);
        let listener = self.engine.closure_of(main, shared, "onReload", context, (88, 27));
        Document { key, object, listener }
    }

    /// A syntax tree, from the bottom up: leaves are shifted, and some of the last subtrees
    /// become children of a new node.
    fn tree(&mut self, text: Id, symbols: &mut Vec<(Id, Id)>) -> Id {
        let mut open: Vec<Id> = Vec::new();
        for _ in 0..100 + self.engine.heap.random.below(300) {
            let leaf = self.leaf(text, symbols);
            open.push(leaf);
            while open.len() > 2 && self.engine.heap.random.chance(45) {
                let count = (2 + self.engine.heap.random.below(3)).min(open.len());
                let children = open.split_off(open.len() - count);
                open.push(self.branch(&children));
            }
        }
        let top = self.branch(&[]);
        let statements = self.node_list(&open);
        self.engine.heap.link(top, By::Property("statements"), statements);
        for statement in open {
            self.engine.heap.link(statement, By::Property("parent"), top);
        }
        top
    }

    fn leaf(&mut self, text: Id, symbols: &mut Vec<(Id, Id)>) -> Id {
        let undefined = Some(self.engine.undefined);
        if self.engine.heap.random.chance(25) {
            let class = self.token.clone();
            return self.engine.object(&class, &[]);
        }
        let name = if self.engine.heap.random.chance(20) {
            let slice = self.engine.part(Kind::Sliced, "(sliced string)", 32);
            self.engine.heap.link(slice, By::Internal("parent"), text);
            slice
        } else {
            let name = names::drawn(&mut self.engine.heap.random, 40_000);
            self.engine.text(&name)
        };
        let class = self.identifier.clone();
        let leaf = self
            .engine
            .object(&class, &[None, None, None, Some(name), undefined, undefined, undefined]);
        if self.engine.heap.random.chance(40) {
            let symbol = self.symbol(name, leaf);
            self.engine.heap.link(leaf, By::Property("symbol"), symbol);
            symbols.push((name, symbol));
        }
        leaf
    }

    fn symbol(&mut self, name: Id, leaf: Id) -> Id {
        let undefined = Some(self.engine.undefined);
        let declarations = Some(self.engine.array(&[leaf]));
        let members = if self.engine.heap.random.chance(40) {
            Some(self.engine.map(&[(name, leaf)]))
        } else {
            undefined
        };
        let class = self.symbol.clone();
        let values = [None, Some(name), declarations, Some(leaf), undefined, members, undefined];
        self.engine.object(&class, &values)
    }

    fn branch(&mut self, children: &[Id]) -> Id {
        let undefined = Some(self.engine.undefined);
        let which = self.engine.heap.random.below(self.nodes.len());
        let class = self.nodes[which].clone();
        let mut values = vec![None; 4];
        values.extend([undefined; 12]);
        // The parent's edge comes once there is one; a short list is an array of its own.
        values[4] = None;
        let (single, listed) = children.split_at(children.len().min(2));
        for (at, child) in (6..).zip(single) {
            values[at] = Some(*child);
        }
        if !listed.is_empty() || self.engine.heap.random.chance(35) {
            values[8] = Some(self.node_list(listed));
        }
        let node = self.engine.object(&class, &values);
        for child in children {
            self.engine.heap.link(*child, By::Property("parent"), node);
        }
        node
    }

    /// An array with properties of its own, as parsers make them.
    fn node_list(&mut self, items: &[Id]) -> Id {
        let list = self.engine.array(items);
        let properties = self.engine.part(Kind::Hidden, "system / PropertyArray", 40);
        let undefined = self.engine.undefined;
        self.engine.heap.link(list, By::Property("hasTrailingComma"), undefined);
        self.engine.heap.link(list, By::Internal("properties"), properties);
        list
    }

    /// Objects that hold one another in a row; now and then in a very long one.
    fn list_of(&mut self, node: Id) -> Id {
        let class = self.flow.clone();
        let mut last = self.engine.undefined;
        let length = if self.engine.heap.random.chance(8) { 300 } else { 12 };
        for _ in 0..length {
            last = self.engine.object(&class, &[None, Some(node), Some(last)]);
        }
        last
    }

    /// An array of plain objects of one shape.
    fn records(&mut self) -> Id {
        let class = self.record.clone();
        let records: Vec<Id> = (0..self.engine.heap.random.below(60))
            .map(|n| {
                let name = names::drawn(&mut self.engine.heap.random, 9_000);
                let name = self.engine.part(Kind::String, &name, 32);
                let role = self.engine.text(["reader", "writer", "admin"][n % 3]);
                let roles = self.engine.array(&[role]);
                let score = self.engine.part(Kind::Number, "heap number", 16);
                self.engine.object(&class, &[None, Some(name), Some(roles), Some(score)])
            })
            .collect();
        self.engine.array(&records)
    }

    /// A string that was joined and never flattened.
    fn rope(&mut self, text: Id) -> Id {
        let mut rope = text;
        for n in 0..6 + self.engine.heap.random.below(20) {
            let piece = self.engine.text(&names::identifier(n));
            let joined = self.engine.part(Kind::Cons, "(concatenated string)", 32);
            self.engine.heap.link(joined, By::Internal("first"), rope);
            self.engine.heap.link(joined, By::Internal("second"), piece);
            rope = joined;
        }
        rope
    }

    /// Nodes of a page, some of them removed from it.
    fn page(&mut self) -> Id {
        let class = self.element.clone();
        let elements: Vec<Id> = (0..60)
            .map(|n| {
                let (name, state) = if n < 40 { ("<div>", 1) } else { ("Detached <div>", 2) };
                let element = self.engine.heap.node(Kind::Native, name, 96);
                self.engine.heap.nodes[element.0 as usize].detachedness = state;
                let wrapper = self.engine.object(&class, &[Some(element)]);
                self.engine.heap.link(element, By::Internal("wrapper"), wrapper);
                wrapper
            })
            .collect();
        self.engine.array(&elements)
    }

    fn buffers(&mut self) -> Id {
        let buffers: Vec<Id> = (0..200)
            .map(|n| {
                let buffer = self.engine.instance("ArrayBuffer");
                let store =
                    self.engine.heap.node(Kind::Native, "system / JSArrayBufferData", 64 * n);
                self.engine.heap.link(buffer, By::Internal("backing_store"), store);
                buffer
            })
            .collect();
        self.engine.array(&buffers)
    }

    /// What the global object and the main module hold.
    fn globals(&mut self, kept: &[Document], recent: &[Id]) {
        let entries: Vec<(Id, Id)> = kept.iter().map(|d| (d.key, d.object)).collect();
        let listeners: Vec<Id> = kept.iter().map(|d| d.listener).collect();
        let by_path = self.engine.map(&entries);
        let recent = self.engine.array(recent);
        let note = self.engine.plain(&["note"]);
        let notes: Vec<(Id, &str, Id)> = kept
            .iter()
            .step_by(4)
            .map(|document| {
                self.engine.heap.life = self.engine.heap.nodes[document.object.0 as usize].life;
                (document.object, "Document", self.engine.object(&note, &[Some(document.key)]))
            })
            .collect();
        self.engine.heap.life = Life::Both;
        let meta = self.engine.weak_map(&notes);
        let class = self.cache.clone();
        let cache = self.engine.object(&class, &[Some(by_path), None, Some(recent), Some(meta)]);
        let emitter = self.engine.plain(&["reload", "page", "buffers"]);
        let (page, buffers) = (self.page(), self.buffers());
        let reload = self.engine.array(&listeners);
        let emitter = self.engine.object(&emitter, &[reload, page, buffers].map(Some));
        let global = self.engine.heap.node(Kind::Object, "global", 32);
        let map = self.engine.builtin("Object");
        let map = self.engine.object(&map, &[]);
        for (name, value) in [("documents", cache), ("events", emitter), ("Object", map)] {
            self.engine.heap.link(global, By::Property(name), value);
        }
        for module in self.modules.iter().chain([&self.main]) {
            self.engine.heap.link(self.engine.root, By::Weak("script"), module.script);
        }
        let contexts: Vec<Id> = self.modules.iter().map(|module| module.context).collect();
        for context in contexts.into_iter().chain([self.main.context]) {
            self.engine.hold("(Global handles)", context);
        }
        self.engine.heap.link(self.main.context, By::Context("documents"), cache);
        let root = self.engine.root;
        self.engine.heap.link(root, By::Shortcut("2"), global);
        self.engine.hold("(Handle scope)", global);
    }
}
