//! The tokens of a script in, what it calls its functions and classes, and which scopes declare which
//! variables, out.
//!
//! ```text
//!   var l = new Map, s = class { constructor(e) { ... } }; function w(e) { return () => l.get(e) }
//!   scopes        whole script: l s w        class: -   constructor: e     w: e     arrow: -
//!   functions     constructor( is called s, w( is called w
//! ```
//!
//! It reads what bundlers write. What it takes for a declaration and is none is a reference, which is to
//! the same variable.

use super::tokens::{Kind, Token, Tokens, is_operator};

/// Scopes, functions with names, brackets in each other, and declarations of one script.
const MOST_SCOPES: usize = 1 << 20;
const MOST_NAMES: usize = 1 << 20;
const DEEPEST: usize = 10_000;
/// Scopes in each other.
const DEEPEST_SCOPES: usize = 1000;
const MOST_DECLARED: usize = 1 << 21;
/// Parameters of one function.
const MOST_CANDIDATES: usize = 1 << 16;
/// Tokens before a bracket that may say what the function behind it is called.
pub(super) const LEAD: usize = 6;

/// Words that go on with what a value has ended before.
const GOES_ON: [&[u8]; 2] = [b"instanceof", b"extends"];

/// A name in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub at: u32,
    pub end: u32,
}

impl Span {
    pub(super) fn of(self, text: &[u8]) -> &[u8] {
        &text[self.at as usize..self.end as usize]
    }
}

/// What stands in brackets of its own, or is a function's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub start: u32,
    pub end: u32,
    pub parent: u32,
    pub kind: Of,
}

/// What a scope is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Function,
    Class,
    Block,
}

/// What was found, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub scopes: Vec<Scope>,
    /// Where a runtime says that a function or class is, and what it is called.
    pub functions: Vec<(u32, Span)>,
    /// By scope and name.
    pub declared: Vec<(u32, Span)>,
}

/// What names in brackets may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Plain,
    /// Parameters, if it turns out so behind the brackets.
    Perhaps,
    /// Variables that are declared in a scope.
    Pattern(u32),
    /// Members of a class, and what that is called.
    Class(Option<Span>),
}

pub(super) struct Frame {
    pub at: u32,
    pub bracket: u8,
    pub lead: [Option<Token>; LEAD],
    pub candidates: usize,
    pub role: Role,
    /// Statements stand in it.
    pub is_block: bool,
    /// A block behind the head of a loop that has variables.
    pub ends_loop: bool,
}

/// A scope that is open.
pub(super) struct Inside {
    pub scope: u32,
    /// The function's that it is in, or itself.
    pub function: u32,
    pub depth: usize,
    /// The body of an arrow function without braces.
    pub is_expression: bool,
    pub is_loop: bool,
}

/// A declaration that is not over.
pub(super) struct Declaration {
    pub depth: usize,
    pub scope: u32,
    pub expects: bool,
}

pub(super) struct Class {
    pub at: u32,
    pub depth: usize,
    pub name: Option<Span>,
    pub outer: Option<Span>,
    pub is_statement: bool,
}

/// Brackets that have just been closed.
pub(super) struct Closed {
    pub frame: Frame,
    pub candidates: Vec<Span>,
}

pub(super) struct Reader<'a> {
    pub text: &'a [u8],
    pub lead: [Option<Token>; LEAD],
    pub frames: Vec<Frame>,
    pub inside: Vec<Inside>,
    pub declarations: Vec<Declaration>,
    pub classes: Vec<Class>,
    pub candidates: Vec<Span>,
    pub closed: Option<Closed>,
    pub imports: bool,
    pub out: Outline,
}

impl Outline {
    /// None of a text that is stranger than any script.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let mut reader = Reader {
            text,
            lead: [None; LEAD],
            frames: Vec::new(),
            inside: Vec::new(),
            declarations: Vec::new(),
            classes: Vec::new(),
            candidates: Vec::new(),
            closed: None,
            imports: false,
            out: Self::default(),
        };
        let whole = reader.scope(0, Of::Function);
        reader.inside(whole, 0);
        for token in Tokens::of(text) {
            reader.step(token);
            reader.lead.rotate_right(1);
            reader.lead[0] = Some(token);
            let out = &reader.out;
            if out.scopes.len() > MOST_SCOPES
                || out.functions.len() > MOST_NAMES
                || out.declared.len() > MOST_DECLARED
                || reader.frames.len() > DEEPEST
                || reader.inside.len() > DEEPEST_SCOPES
            {
                return None;
            }
        }
        Some(reader.out.ordered(text))
    }

    /// Scopes by where they begin, the outer ones first, each with the one around it.
    fn ordered(mut self, text: &[u8]) -> Self {
        let mut order: Vec<u32> = (0..self.scopes.len() as u32).collect();
        order.sort_by_key(|at| {
            let scope = &self.scopes[*at as usize];
            (scope.start, std::cmp::Reverse(scope.end), *at)
        });
        let mut number = vec![0_u32; order.len()];
        let mut scopes: Vec<Scope> = Vec::with_capacity(order.len());
        let mut around: Vec<u32> = Vec::new();
        for (new, old) in (0_u32..).zip(&order) {
            number[*old as usize] = new;
            let scope = self.scopes[*old as usize];
            while around.last().is_some_and(|last| scopes[*last as usize].end < scope.end) {
                around.pop();
            }
            scopes.push(Scope { parent: around.last().copied().unwrap_or(0), ..scope });
            around.push(new);
        }
        self.declared.iter_mut().for_each(|(scope, _)| *scope = number[*scope as usize]);
        let by_name = |(scope, name): &(u32, Span)| (*scope, name.of(text));
        self.declared.sort_unstable_by(|a, b| by_name(a).cmp(&by_name(b)).then(a.cmp(b)));
        self.functions.sort_unstable();
        Self { scopes, ..self }
    }
}

impl Reader<'_> {
    pub(super) fn scope(&mut self, start: u32, kind: Of) -> u32 {
        let end = self.text.len() as u32;
        self.out.scopes.push(Scope { start, end, parent: 0, kind });
        self.out.scopes.len() as u32 - 1
    }

    pub(super) fn current(&self) -> u32 {
        self.inside.last().map_or(0, |inside| inside.scope)
    }

    fn function_around(&self) -> u32 {
        self.inside.last().map_or(0, |inside| inside.function)
    }

    /// Opens a scope at a depth of brackets.
    pub(super) fn inside(&mut self, scope: u32, depth: usize) -> &mut Inside {
        let is_function = self.out.scopes[scope as usize].kind == Of::Function;
        let function = if is_function { scope } else { self.function_around() };
        let inside = Inside { scope, function, depth, is_expression: false, is_loop: false };
        self.inside.push(inside);
        let last = self.inside.len() - 1;
        &mut self.inside[last]
    }

    pub(super) fn word(&self, token: Option<Token>) -> &[u8] {
        match token {
            Some(Token { kind: Kind::Word, at, end, .. }) => &self.text[at as usize..end as usize],
            _ => b"",
        }
    }

    pub(super) fn of(&self, name: Span) -> &[u8] {
        name.of(self.text)
    }

    pub(super) fn declare(&mut self, scope: u32, name: Span) {
        self.out.declared.push((scope, name));
    }

    fn step(&mut self, token: Token) {
        self.settle(token);
        // A member may be called so as well.
        let is_class = |class: &mut Class| self.lead[0].is_some_and(|t| t.at == class.at);
        if matches!(token.kind, Kind::Sign(b':' | b'(' | b'=' | b',' | b';' | b'}'))
            && self.classes.last_mut().is_some_and(is_class)
        {
            self.classes.pop();
        }
        let closed = self.closed.take();
        self.end_expressions(token);
        self.end_declarations(token);
        match token.kind {
            Kind::Arrow => self.arrow(token, closed),
            Kind::Sign(b'(' | b'[' | b'{' | b'$') => self.open(token, closed),
            Kind::Sign(b')' | b']' | b'}') => self.close(token),
            Kind::Word => self.said(token),
            Kind::Value => self.imports = false,
            Kind::Sign(_) | Kind::Rest => {}
        }
    }

    /// Whether the token before was a name that stands where one is declared, as the next one tells.
    fn settle(&mut self, next: Token) {
        let Some(word @ Token { kind: Kind::Word, at, end, .. }) = self.lead[0] else { return };
        let name = Span { at, end };
        // A call for a module is no declaration.
        let calls = matches!(next.kind, Kind::Sign(b'(' | b'.'));
        self.imports &= !(calls && self.of(name) == b"import") && next.kind != Kind::Sign(b';');
        if self.imports {
            let is_sign = [&b"as"[..], b"from", b"import", b"default", b"type"]
                .contains(&self.word(Some(word)));
            if !is_sign && self.word(Some(next)) != b"as" {
                self.declare(0, name);
            }
            return;
        }
        let ends = matches!(next.kind, Kind::Sign(b',' | b')' | b'=' | b'}' | b']'));
        let begins = match self.lead[1] {
            None => false,
            Some(before) => {
                matches!(before.kind, Kind::Rest | Kind::Sign(b'(' | b',' | b'[' | b'{' | b':'))
            }
        };
        let Some(frame) = self.frames.last().filter(|_| begins && ends) else { return };
        match frame.role {
            Role::Pattern(scope) => self.declare(scope, name),
            Role::Perhaps if self.candidates.len() < MOST_CANDIDATES => self.candidates.push(name),
            _ => {}
        }
    }

    /// An arrow function without braces ends with its expression.
    fn end_expressions(&mut self, token: Token) {
        if !matches!(token.kind, Kind::Sign(b',' | b';')) {
            return;
        }
        let depth = self.frames.len();
        while self.inside.last().is_some_and(|last| last.is_expression && last.depth == depth) {
            self.leave(token.at);
        }
    }

    pub(super) fn leave(&mut self, end: u32) {
        if let Some(last) = self.inside.pop() {
            self.out.scopes[last.scope as usize].end = end;
        }
    }

    fn end_declarations(&mut self, token: Token) {
        let depth = self.frames.len();
        let is_loop = self.frames.last().is_some_and(|f| f.bracket == b'(');
        let (text, before) = (self.text, self.lead[0]);
        let is_async = self.word(before) == b"async";
        let last = self.declarations.last_mut().filter(|last| last.depth == depth);
        let Some(last) = last else { return };
        let word = &text[token.at as usize..token.end as usize];
        let over = match token.kind {
            Kind::Sign(b',') => {
                last.expects = true;
                false
            }
            Kind::Sign(b';') => true,
            Kind::Word if word == b"in" || word == b"of" => is_loop,
            // No sign stands between two statements on lines of their own.
            Kind::Word if !last.expects && !is_async && !GOES_ON.contains(&word) => {
                token.behind_value || before.is_some_and(|t| t.kind == Kind::Sign(b'}'))
            }
            _ => false,
        };
        if over {
            self.declarations.pop();
        }
    }

    /// A word: a keyword that begins something, or a name.
    fn said(&mut self, token: Token) {
        let depth = self.frames.len();
        let name = Span { at: token.at, end: token.end };
        if let Some(class) = self.classes.last_mut().filter(|class| class.depth == depth)
            && self.lead[0].is_some_and(|before| before.at == class.at)
        {
            if &self.text[token.at as usize..token.end as usize] != b"extends" {
                class.name = Some(name);
            }
            return;
        }
        if let Some(last) = self.declarations.last_mut().filter(|d| d.depth == depth && d.expects) {
            last.expects = false;
            let scope = last.scope;
            return self.declare(scope, name);
        }
        if self.lead[0].is_some_and(|before| before.kind == Kind::Sign(b'.')) {
            return;
        }
        match self.word(Some(token)) {
            b"var" => self.begin(self.function_around()),
            b"let" | b"const" => self.begin(self.current()),
            b"import" if depth == 0 => self.imports = true,
            b"class" => {
                let (is_statement, outer) =
                    (self.is_statement(&self.lead, 0), self.assigned(0, &self.lead));
                self.classes.push(Class { at: token.at, depth, name: None, outer, is_statement });
            }
            _ => {}
        }
    }

    fn begin(&mut self, scope: u32) {
        self.declarations.push(Declaration { depth: self.frames.len(), scope, expects: true });
    }

    /// Whether what follows on the tokens from `at` on begins a statement.
    pub(super) fn is_statement(&self, lead: &[Option<Token>; LEAD], at: usize) -> bool {
        let at = if self.word(lead[at]) == b"async" { at + 1 } else { at };
        let Some(before) = lead[at] else { return true };
        let word = self.word(Some(before));
        match before.kind {
            Kind::Sign(sign) => matches!(sign, b';' | b'{' | b'}' | b')' | b']'),
            Kind::Arrow | Kind::Rest => false,
            Kind::Value => true,
            Kind::Word => word == b"default" || word == b"else" || !is_operator(word),
        }
    }

    /// The name that the tokens before give to what follows.
    pub(super) fn assigned(&self, at: usize, lead: &[Option<Token>; LEAD]) -> Option<Span> {
        let at = if self.word(*lead.get(at)?) == b"async" { at + 1 } else { at };
        let sign = (*lead.get(at)?)?;
        let name = (*lead.get(at + 1)?)?;
        (matches!(sign.kind, Kind::Sign(b'=' | b':')) && name.kind == Kind::Word)
            .then_some(Span { at: name.at, end: name.end })
    }
}
