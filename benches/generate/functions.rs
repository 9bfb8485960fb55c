//! Source files and functions in, the nodes and edges V8 makes of them out: scripts, contexts,
//! closures, and the code that closures of one function share.

use super::engine::Engine;
use super::heap::{By, Id, Kind};
use super::names;

/// A source file that was loaded.
#[derive(Clone, Copy)]
pub struct Module {
    pub script: Id,
    pub number: u32,
    pub context: Id,
}

impl Engine {
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
