//! A bracket of a script in, the scope that begins or ends with it out.

use super::outline::{Closed, Frame, LEAD, Of, Reader, Role, Span};
use super::tokens::{Kind, Token, is_head, is_operator};

/// What stands before brackets and a brace behind them.
enum Head {
    /// A function, perhaps with a name that it is declared by.
    Function(Option<Span>, usize),
    /// A method, perhaps with a plain name.
    Method(Option<Span>),
    Catch,
    /// The head of a statement.
    Statement,
}

impl Reader<'_> {
    /// A function without a bracket of its own, or whose body's is the next.
    pub(super) fn arrow(&mut self, token: Token, closed: Option<Closed>) {
        let (at, lead, parameters) = match (closed, self.lead[0]) {
            (Some(closed), _) => (closed.frame.at, closed.frame.lead, closed.candidates),
            (None, Some(Token { kind: Kind::Word, at, end, .. })) => {
                let mut lead = self.lead;
                lead.rotate_left(1);
                (at, lead, vec![Span { at, end }])
            }
            _ => (token.at, [None; LEAD], Vec::new()),
        };
        let start = match lead[0] {
            Some(word) if self.word(Some(word)) == b"async" => word.at,
            _ => at,
        };
        if let Some(name) = self.assigned(0, &lead) {
            self.out.functions.push((start, name));
        }
        let scope = self.scope(start, Of::Function);
        parameters.into_iter().for_each(|name| self.declare(scope, name));
        let depth = self.frames.len();
        self.inside(scope, depth).is_expression = true;
    }

    pub(super) fn open(&mut self, token: Token, closed: Option<Closed>) {
        let Kind::Sign(bracket) = token.kind else { return };
        let depth = self.frames.len();
        let mut frame = Frame {
            at: token.at,
            bracket,
            lead: self.lead,
            candidates: self.candidates.len(),
            role: self.nested(),
            is_block: false,
            ends_loop: false,
        };
        if let Some(last) = self.declarations.last_mut().filter(|d| d.depth == depth && d.expects)
            && bracket != b'('
        {
            last.expects = false;
            frame.role = Role::Pattern(last.scope);
        } else if bracket == b'(' {
            frame.role = Role::Perhaps;
            let is_loop = self.word(self.lead[0]) == b"for"
                || (self.word(self.lead[0]) == b"await" && self.word(self.lead[1]) == b"for");
            if is_loop {
                let scope = self.scope(token.at, Of::Block);
                self.inside(scope, depth).is_loop = true;
            }
        } else if bracket == b'{' {
            self.brace(&mut frame, closed);
        } else if bracket == b'$' {
            frame.role = Role::Plain;
        }
        self.frames.push(frame);
    }

    /// What names in brackets that stand in others may be.
    fn nested(&self) -> Role {
        let begins = self.lead[0].is_some_and(|before| {
            matches!(before.kind, Kind::Rest | Kind::Sign(b'(' | b',' | b'[' | b'{' | b':'))
        });
        match self.frames.last().map(|frame| frame.role).filter(|_| begins) {
            Some(role @ (Role::Perhaps | Role::Pattern(_))) => role,
            _ => Role::Plain,
        }
    }

    fn brace(&mut self, frame: &mut Frame, closed: Option<Closed>) {
        let depth = self.frames.len();
        if self.lead[0].is_some_and(|before| before.kind == Kind::Arrow) {
            if let Some(last) = self.inside.last_mut() {
                (last.is_expression, last.depth) = (false, depth + 1);
            }
            (frame.role, frame.is_block) = (Role::Plain, true);
        } else if self.classes.last().is_some_and(|class| class.depth == depth) {
            frame.role = self.class();
        } else if let Some(closed) = closed {
            (frame.role, frame.is_block) = (Role::Plain, true);
            frame.ends_loop = self.inside.last().is_some_and(|l| l.is_loop && l.depth == depth);
            self.body(closed);
        } else if frame.role == Role::Plain && self.is_block() {
            frame.is_block = true;
            self.enter(frame.at, Of::Block);
        }
    }

    /// A scope whose brace is being opened.
    fn enter(&mut self, start: u32, kind: Of) -> u32 {
        let scope = self.scope(start, kind);
        let depth = self.frames.len() + 1;
        self.inside(scope, depth);
        scope
    }

    /// Whether a brace begins a block, and no object.
    fn is_block(&self) -> bool {
        let Some(before) = self.lead[0] else { return true };
        let in_block = || self.frames.last().is_none_or(|frame| frame.is_block);
        match before.kind {
            Kind::Sign(b':') => in_block(),
            Kind::Sign(sign) => matches!(sign, b')' | b'}' | b';' | b'{'),
            Kind::Word => {
                let word = self.word(Some(before));
                !is_operator(word) || [&b"else"[..], b"do", b"try", b"finally"].contains(&word)
            }
            Kind::Arrow | Kind::Rest | Kind::Value => false,
        }
    }

    fn class(&mut self) -> Role {
        let Some(class) = self.classes.pop() else { return Role::Plain };
        let name = class.name.or(class.outer);
        if let Some(name) = name {
            self.out.functions.push((class.at, name));
        }
        if let Some(name) = class.name.filter(|_| class.is_statement) {
            self.declare(self.current(), name);
        }
        let scope = self.enter(class.at, Of::Class);
        if let Some(name) = class.name.filter(|_| !class.is_statement) {
            self.declare(scope, name);
        }
        Role::Class(name)
    }

    /// What follows on brackets: the body of a function, or a block.
    fn body(&mut self, closed: Closed) {
        let Closed { frame: Frame { at, lead, .. }, candidates } = closed;
        let head = self.head(&lead);
        if matches!(head, Head::Statement | Head::Catch) {
            let scope = self.enter(at, Of::Block);
            if matches!(head, Head::Catch) {
                candidates.into_iter().for_each(|name| self.declare(scope, name));
            }
            return;
        }
        let outer = self.current();
        let scope = self.enter(at, Of::Function);
        candidates.into_iter().for_each(|name| self.declare(scope, name));
        match head {
            Head::Function(Some(name), behind) => {
                self.out.functions.push((at, name));
                let of = if self.is_statement(&lead, behind) { outer } else { scope };
                self.declare(of, name);
            }
            Head::Function(None, behind) => {
                let assigned = self.assigned(behind, &lead);
                self.out.functions.extend(assigned.map(|name| (at, name)));
            }
            Head::Method(Some(name)) => {
                let class = self.frames.last().map(|frame| frame.role);
                let name = match class {
                    Some(Role::Class(class)) if self.of(name) == b"constructor" => class,
                    _ => Some(name),
                };
                self.out.functions.extend(name.map(|name| (at, name)));
            }
            _ => {}
        }
    }

    fn head(&self, lead: &[Option<Token>; LEAD]) -> Head {
        let word = |at: usize| self.word(lead[at]);
        let is_star = |at: usize| lead[at].is_some_and(|token| token.kind == Kind::Sign(b'+'));
        let name = lead[0].map(|token| Span { at: token.at, end: token.end });
        let name = name.filter(|_| !word(0).is_empty());
        // A word behind a dot is a member.
        let is_function = |at: usize| word(at) == b"function" && !lead[at + 1].is_some_and(is_dot);
        match () {
            () if is_function(0) => Head::Function(None, 1),
            () if is_star(0) && is_function(1) => Head::Function(None, 2),
            () if name.is_some() && is_function(1) => Head::Function(name, 2),
            () if name.is_some() && is_star(1) && is_function(2) => Head::Function(name, 3),
            () if lead[1].is_some_and(is_dot) => Head::Statement,
            () if word(0) == b"catch" => Head::Catch,
            () if is_head(word(0)) || is_operator(word(0)) || word(0) == b"await" => {
                Head::Statement
            }
            () => match lead[0].map(|token| token.kind) {
                Some(Kind::Word) => Head::Method(name),
                Some(Kind::Value | Kind::Sign(b']')) => Head::Method(None),
                _ => Head::Statement,
            },
        }
    }

    pub(super) fn close(&mut self, token: Token) {
        let depth = self.frames.len();
        while depth > 0 && self.inside.last().is_some_and(|last| last.depth == depth) {
            self.leave(token.end);
        }
        while self.declarations.last().is_some_and(|last| last.depth >= depth) {
            self.declarations.pop();
        }
        while self.classes.last().is_some_and(|last| last.depth >= depth) {
            self.classes.pop();
        }
        let Some(frame) = self.frames.pop() else { return };
        if frame.ends_loop && self.inside.last().is_some_and(|l| l.is_loop && l.depth + 1 == depth)
        {
            self.leave(token.end);
        }
        if frame.bracket == b'(' {
            let candidates = self.candidates.split_off(frame.candidates);
            self.closed = Some(Closed { frame, candidates });
        } else if frame.role != Role::Perhaps {
            self.candidates.truncate(frame.candidates);
        }
    }
}

fn is_dot(token: Token) -> bool {
    token.kind == Kind::Sign(b'.')
}
