//! The text of a script in, its words and brackets out. No tree is made: texts, numbers, patterns and
//! comments are passed over, whatever is in them.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Word,
    /// A bracket or another sign; `$` opens what stands in a template, and any operator that says no
    /// more is `+`.
    Sign(u8),
    /// `=>`
    Arrow,
    /// `...`
    Rest,
    /// A text, a number, a pattern.
    Value,
}

/// A token, and the bytes that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub at: u32,
    pub end: u32,
    /// Whether a value ended before it.
    pub behind_value: bool,
}

/// What a bracket was opened as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Behind `if` and the like: a statement follows.
    Head,
    Paren,
    Square,
    Block,
    Object,
    Template,
}

/// The tokens of a text.
pub(super) struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
    open: Vec<Open>,
    /// Whether a value has just ended, so that `/` divides.
    value: bool,
    /// Whether a template goes on here.
    goes_on: bool,
    before: Option<Token>,
    /// The same before that.
    second: Option<Token>,
}

/// Words behind which a value begins, or goes on.
const OPERATORS: [&[u8]; 16] = [
    b"return",
    b"typeof",
    b"case",
    b"in",
    b"of",
    b"instanceof",
    b"new",
    b"delete",
    b"void",
    b"throw",
    b"yield",
    b"await",
    b"default",
    b"class",
    b"extends",
    b"function",
];
/// Words behind which a statement begins.
const STATEMENTS: [&[u8]; 4] = [b"else", b"do", b"try", b"finally"];
/// Words with brackets behind which a statement begins.
const HEADS: [&[u8]; 6] = [b"if", b"for", b"while", b"switch", b"with", b"catch"];

/// Whether a statement or a block follows on the brackets behind a word.
pub(super) fn is_head(word: &[u8]) -> bool {
    HEADS.contains(&word)
}

/// Whether a word is an operator, or begins a statement.
pub(super) fn is_operator(word: &[u8]) -> bool {
    OPERATORS.contains(&word) || STATEMENTS.contains(&word)
}

/// Whether a byte may stand in a name.
pub(super) const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'\\') || byte >= 0x80
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        let at = if text.starts_with(b"#!") { end_of_line(text, 0) } else { 0 };
        Self {
            text,
            at,
            open: Vec::new(),
            value: false,
            goes_on: false,
            before: None,
            second: None,
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn word(&self, token: Option<Token>) -> &'a [u8] {
        match token {
            Some(Token { kind: Kind::Word, at, end, .. }) => &self.text[at as usize..end as usize],
            _ => b"",
        }
    }

    fn is_member(&self) -> bool {
        self.second.is_some_and(|token| token.kind == Kind::Sign(b'.'))
    }

    fn skip(&mut self) {
        loop {
            match self.peek(0) {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'/' if self.peek(1) == b'/' => self.at = end_of_line(self.text, self.at),
                b'/' if self.peek(1) == b'*' => {
                    let inside = &self.text[self.at + 2..];
                    let end = memchr::memmem::find(inside, b"*/");
                    self.at += end.map_or(inside.len() + 2, |end| end + 4);
                }
                _ => return,
            }
        }
    }

    /// Passes over a text in quotes, or a pattern, whose sets may have slashes in them.
    fn quoted(&mut self, quote: u8) {
        self.at += 1;
        let mut in_set = false;
        while let Some(byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                // A pattern that does not end was none.
                b'\n' => return,
                b'[' if quote == b'/' => in_set = true,
                b']' => in_set = false,
                byte if *byte == quote && !in_set => return,
                _ => {}
            }
        }
    }

    /// Passes over the rest of a template, or up to the next value in it.
    fn template(&mut self) -> (Kind, bool) {
        while let Some(byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'`' => break,
                b'$' if self.peek(0) == b'{' => {
                    self.at += 1;
                    self.open.push(Open::Template);
                    return (Kind::Sign(b'$'), false);
                }
                _ => {}
            }
        }
        (Kind::Value, true)
    }

    fn number(&mut self) {
        let is_hex = self.peek(0) == b'0' && matches!(self.peek(1), b'x' | b'X');
        while is_of_name(self.peek(0)) || self.peek(0) == b'.' {
            let exponent = !is_hex && matches!(self.peek(0), b'e' | b'E');
            self.at += if exponent && matches!(self.peek(1), b'+' | b'-') { 2 } else { 1 };
        }
    }

    fn opened(&self, bracket: u8) -> Open {
        let word = if self.is_member() { b"".as_slice() } else { self.word(self.before) };
        match (bracket, self.before.map(|token| token.kind)) {
            (b'(', _) if is_head(word) => Open::Head,
            (b'(', _) => Open::Paren,
            (b'[', _) => Open::Square,
            (_, Some(Kind::Sign(b')' | b'}' | b';' | b'{') | Kind::Arrow) | None) => Open::Block,
            (_, Some(Kind::Word)) if !OPERATORS.contains(&word) => Open::Block,
            _ => Open::Object,
        }
    }

    /// A bracket, and whether a value has ended with it.
    fn bracket(&mut self, bracket: u8) -> (Kind, bool) {
        self.at += 1;
        let mut value = false;
        if matches!(bracket, b'(' | b'[' | b'{') {
            self.open.push(self.opened(bracket));
        } else {
            let was = self.open.pop();
            value = matches!(was, Some(Open::Paren | Open::Square | Open::Object));
            self.goes_on = was == Some(Open::Template);
        }
        (Kind::Sign(bracket), value)
    }

    fn operator(&mut self, first: u8) -> (Kind, bool) {
        self.at += 1;
        let (next, behind) = (self.peek(0), self.peek(1));
        match (first, next) {
            (b'=', b'>') => {
                self.at += 1;
                return (Kind::Arrow, false);
            }
            (b'?', b'.') if !behind.is_ascii_digit() => {
                self.at += 1;
                return (Kind::Sign(b'.'), false);
            }
            (b'=', next) if next != b'=' => return (Kind::Sign(b'='), false),
            // What steps up or down is a value before it or behind it.
            (b'+' | b'-', next) if next == first => {
                self.at += 1;
                return (Kind::Sign(b'+'), self.value);
            }
            _ => {}
        }
        while self.peek(0) == first || self.peek(0) == b'=' {
            self.at += 1;
        }
        (Kind::Sign(b'+'), false)
    }

    /// What begins with a byte, and whether a value has ended with it.
    fn kind(&mut self, byte: u8) -> (Kind, bool) {
        let start = self.at;
        match byte {
            b'(' | b')' | b'[' | b']' | b'{' | b'}' => self.bracket(byte),
            b'.' if self.peek(1) == b'.' && self.peek(2) == b'.' => {
                self.at += 3;
                (Kind::Rest, false)
            }
            b'.' if !self.peek(1).is_ascii_digit() => self.sign(byte),
            b',' | b';' | b':' => self.sign(byte),
            b'`' => {
                self.at += 1;
                self.template()
            }
            b'"' | b'\'' => {
                self.quoted(byte);
                (Kind::Value, true)
            }
            b'/' if !self.value => {
                self.quoted(byte);
                while is_of_name(self.peek(0)) {
                    self.at += 1;
                }
                (Kind::Value, true)
            }
            b'0'..=b'9' | b'.' => {
                self.number();
                (Kind::Value, true)
            }
            byte if is_of_name(byte) => {
                while is_of_name(self.peek(0)) {
                    self.at += 1;
                }
                let is_member = self.before.is_some_and(|token| token.kind == Kind::Sign(b'.'));
                (Kind::Word, is_member || !is_operator(&self.text[start..self.at]))
            }
            byte => self.operator(byte),
        }
    }

    fn sign(&mut self, sign: u8) -> (Kind, bool) {
        self.at += 1;
        (Kind::Sign(sign), false)
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start;
        let (kind, value) = if std::mem::take(&mut self.goes_on) {
            start = self.at;
            self.template()
        } else {
            self.skip();
            start = self.at;
            self.kind(*self.text.get(start)?)
        };
        self.at = self.at.min(self.text.len());
        let behind_value = std::mem::replace(&mut self.value, value);
        let token = Token { kind, at: start as u32, end: self.at as u32, behind_value };
        self.second = self.before.replace(token);
        Some(token)
    }
}

fn end_of_line(text: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &text[from..]).map_or(text.len(), |end| from + end)
}
