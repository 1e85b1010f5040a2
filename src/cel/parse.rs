//! From text to a tree: CEL's grammar by precedence, with macros expanded as soon as their arguments are read. Syntax errors are in the words of the parser that
//! upstream generates from the grammar; reading stops at the first that upstream could not repair by one token.

mod collections;
mod literal;
mod repair;

use crate::ast::{Ast, Expr, Id, Kind, Literal, operator};
use crate::macros;
use crate::source::{Issues, Location, Source};
use crate::token::{Token, TokenKind, tokens};

/// Expressions of more characters are refused.
const SIZE_LIMIT: usize = 100_000;
/// Nesting, and links in a chain of operators or selections, beyond this are refused.
pub(crate) const DEPTH_LIMIT: usize = 250;
/// Words that no identifier may be.
pub(crate) const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];
/// What may start an expression.
const STARTS: &str = "'.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const STARTS_OPTIONAL: &str = "'.', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

const LITERAL_STARTS: &str = "'.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/// Reading cannot go on; what is wrong is reported.
pub(crate) struct Stop;
type Parsed<T> = Result<T, Stop>;

/// Reads an expression. What is wrong is in `issues`; the tree is whole where there is nothing.
pub(crate) fn parse(source: &Source, issues: &mut Issues) -> Option<Ast> {
    let size = source.text().chars().count();
    if size > SIZE_LIMIT {
        issues.report(Location::NONE, format!("expression code point size exceeds limit: size: {size}, limit {SIZE_LIMIT}"));
        return None;
    }
    let tokens = tokens(source, issues);
    let mut parser = Parser { source, issues, tokens, at: 0, depth: 0, offsets: Vec::new(), open: Vec::new(), heights: Vec::new() };
    let root = parser.start().ok()?;
    let offsets = parser.offsets;
    issues.is_empty().then_some(Ast { root, offsets })
}

pub(crate) struct Parser<'s, 'i> {
    source: &'s Source,
    issues: &'i mut Issues,
    tokens: Vec<Token<'s>>,
    at: usize,
    depth: usize,
    offsets: Vec<u32>,
    /// The marks that will close what is open, innermost last.
    open: Vec<&'static str>,
    /// How many operators, selections, calls and indices are above each other, by node.
    heights: Vec<u16>,
}

impl<'s> Parser<'s, '_> {
    fn start(&mut self) -> Parsed<Expr> {
        let root = self.expression()?;
        let token = self.token();
        if token.kind != TokenKind::End {
            let single = self.tokens.get(self.at + 1).is_some_and(|next| next.kind == TokenKind::End);
            let act = if single { "extraneous" } else { "mismatched" };
            self.syntax_error(token, &format!("{act} input {} expecting <EOF>", token.quoted()));
            return Err(Stop);
        }
        Ok(root)
    }

    fn token(&self) -> Token<'s> {
        self.tokens.get(self.at).or(self.tokens.last()).copied().unwrap_or(Token { kind: TokenKind::End, text: "", offset: 0 })
    }

    fn advance(&mut self) -> Token<'s> {
        let token = self.token();
        self.at += 1;
        token
    }

    fn take(&mut self, mark: &str) -> Option<Token<'s>> {
        self.token().is(mark).then(|| self.advance())
    }

    fn syntax_error(&mut self, token: Token<'_>, message: &str) {
        self.issues.report(self.source.location(token.offset), format!("Syntax error: {message}"));
    }

    pub(crate) fn report_at(&mut self, id: Id, message: &str) {
        let offset = self.offset(id);
        self.issues.report(self.source.location(offset as usize), message);
    }

    pub(crate) fn offset(&self, id: Id) -> u32 {
        self.offsets.get(id as usize).copied().unwrap_or(0)
    }

    /// A new node that stands at a byte of the text.
    pub(crate) fn node(&mut self, offset: u32, kind: Kind) -> Expr {
        Expr { id: self.id(offset), kind }
    }

    pub(crate) fn id(&mut self, offset: u32) -> Id {
        let id = Id::try_from(self.offsets.len()).unwrap_or(Id::MAX);
        self.offsets.push(offset);
        self.heights.push(0);
        id
    }

    /// How many nodes there are.
    pub(crate) fn nodes(&self) -> usize {
        self.offsets.len()
    }

    fn at(token: Token<'_>) -> u32 {
        u32::try_from(token.offset).unwrap_or(u32::MAX)
    }

    fn call(&mut self, token: Token<'_>, function: &str, args: Vec<Expr>) -> Expr {
        self.node(Self::at(token), Kind::Call { target: None, function: function.to_owned(), args })
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth <= DEPTH_LIMIT {
            return Ok(());
        }
        self.issues.report(Location::NONE, format!("expression recursion limit exceeded: {DEPTH_LIMIT}"));
        Err(Stop)
    }

    fn height(&self, expr: &Expr) -> usize {
        self.heights.get(expr.id as usize).copied().unwrap_or(0).into()
    }

    /// The height of what stands above parts of these heights; some nodes add to it.
    fn raise(&mut self, expr: Expr, below: usize, own: usize) -> Parsed<Expr> {
        let height = below + own;
        if height > DEPTH_LIMIT {
            self.issues.report(Location::NONE, "max recursion depth exceeded");
            return Err(Stop);
        }
        if let Some(place) = self.heights.get_mut(expr.id as usize) {
            *place = u16::try_from(height).unwrap_or(u16::MAX);
        }
        Ok(expr)
    }

    fn tallest(&self, parts: &[Expr]) -> usize {
        parts.iter().map(|part| self.height(part)).max().unwrap_or(0)
    }

    fn expression(&mut self) -> Parsed<Expr> {
        self.deeper()?;
        let condition = self.logical(operator::OR, "||")?;
        let whole = match self.take("?") {
            None => condition,
            Some(question) => {
                let truthy = self.logical(operator::OR, "||")?;
                self.expect(":", "")?;
                let falsy = self.expression()?;
                let parts = vec![condition, truthy, falsy];
                let below = self.tallest(&parts);
                let whole = self.call(question, operator::CONDITIONAL, parts);
                self.raise(whole, below, 1)?
            }
        };
        self.depth -= 1;
        Ok(whole)
    }

    /// `a || b || c` or `a && b && c`, as a balanced tree.
    fn logical(&mut self, function: &str, mark: &str) -> Parsed<Expr> {
        let mut terms = vec![self.logical_term(function)?];
        let mut marks = Vec::new();
        while let Some(token) = self.take(mark) {
            marks.push(token);
            terms.push(self.logical_term(function)?);
        }
        let mut terms = terms.into_iter();
        Ok(self.balanced(function, &marks, &mut terms))
    }

    fn logical_term(&mut self, function: &str) -> Parsed<Expr> {
        if function == operator::OR { self.logical(operator::AND, "&&") } else { self.binary(0) }
    }

    fn balanced(&mut self, function: &str, marks: &[Token<'s>], terms: &mut std::vec::IntoIter<Expr>) -> Expr {
        let middle = marks.len() / 2;
        let Some(mark) = marks.get(middle).copied() else {
            return terms.next().unwrap_or(Expr { id: 0, kind: Kind::Unspecified });
        };
        let left = self.balanced(function, &marks[..middle], terms);
        let right = self.balanced(function, &marks[middle + 1..], terms);
        let parts = vec![left, right];
        let below = self.tallest(&parts);
        let whole = self.call(mark, function, parts);
        if let Some(place) = self.heights.get_mut(whole.id as usize) {
            *place = u16::try_from(below).unwrap_or(u16::MAX);
        }
        whole
    }

    /// Relations (level 0), sums (1) and products (2), each from left to right.
    fn binary(&mut self, level: usize) -> Parsed<Expr> {
        if level > 2 {
            return self.unary();
        }
        let mut left = self.binary(level + 1)?;
        while let Some(function) = binary_operator(self.token(), level) {
            let mark = self.advance();
            let right = self.binary(level + 1)?;
            let parts = vec![left, right];
            let below = self.tallest(&parts);
            let whole = self.call(mark, function, parts);
            left = self.raise(whole, below, 1)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let first = self.token();
        let (mark, function) = match () {
            () if first.is("!") => ("!", operator::NOT),
            () if first.is("-") && !self.literal_sign() => ("-", operator::NEGATE),
            () => return self.member(),
        };
        let mut count = 0;
        while self.token().is(mark) {
            self.advance();
            count += 1;
        }
        let operand = self.member()?;
        if count % 2 == 0 {
            return Ok(operand);
        }
        let below = self.height(&operand);
        let whole = self.call(first, function, vec![operand]);
        self.raise(whole, below, 0)
    }

    /// Whether a `-` belongs to the number behind it.
    fn literal_sign(&self) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|next| matches!(next.kind, TokenKind::Int | TokenKind::Float))
    }

    fn member(&mut self) -> Parsed<Expr> {
        let mut operand = self.primary()?;
        loop {
            let mark = self.token();
            if mark.is(".") {
                self.advance();
                operand = self.selection(mark, operand)?;
            } else if mark.is("[") {
                self.advance();
                let function = if self.take("?").is_some() { operator::OPTIONAL_INDEX } else { operator::INDEX };
                let others = if function == operator::INDEX { STARTS_OPTIONAL } else { STARTS };
                self.expect_start(&format!("{{'[', '{{', '(', {others}"))?;
                let index = self.enclosed("]", "", Self::expression)?;
                let parts = vec![operand, index];
                let below = self.tallest(&parts);
                let whole = self.call(mark, function, parts);
                operand = self.raise(whole, below, 1)?;
            } else {
                return Ok(operand);
            }
        }
    }

    fn selection(&mut self, dot: Token<'s>, operand: Expr) -> Parsed<Expr> {
        let optional = self.take("?").is_some();
        let name = self.token();
        let escaped = name.kind == TokenKind::EscapedIdentifier;
        if !escaped && name.kind != TokenKind::Identifier {
            let before = if optional { ".?" } else { "." };
            self.bad_name(name, before);
            return Err(Stop);
        }
        self.advance();
        let field = field_name(name);
        let below = self.height(&operand);
        if !optional
            && !escaped
            && let Some(open) = self.take("(")
        {
            let args = self.arguments()?;
            let below = self.tallest(&args).max(below);
            let whole = macros::expand(self, Self::at(open), &field, Some(operand), args);
            return self.raise(whole, below, 1);
        }
        let whole = if optional {
            let literal = self.node(Self::at(name), Kind::Literal(Literal::String(field)));
            self.call(dot, operator::OPTIONAL_SELECT, vec![operand, literal])
        } else {
            self.node(Self::at(dot), Kind::Select { operand: Box::new(operand), field, test: false })
        };
        self.raise(whole, below, 1)
    }

    /// What is between `(` and `)` of a call.
    fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        if self.take(")").is_some() {
            return Ok(Vec::new());
        }
        self.expect_start(&format!("{{'[', '{{', '(', ')', {STARTS}"))?;
        self.enclosed(")", "", |parser| {
            let mut args = vec![parser.expression()?];
            while parser.take(",").is_some() {
                args.push(parser.expression()?);
            }
            Ok(args)
        })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let token = self.token();
        match token.kind {
            TokenKind::Identifier => self.named(token, ""),
            TokenKind::Mark => self.marked(token),
            TokenKind::End | TokenKind::EscapedIdentifier => self.unexpected(token),
            TokenKind::Int | TokenKind::Uint | TokenKind::Float | TokenKind::String | TokenKind::Bytes => {
                self.advance();
                Ok(self.literal(token, token, ""))
            }
        }
    }

    fn marked(&mut self, token: Token<'s>) -> Parsed<Expr> {
        match token.text {
            "(" => {
                self.advance();
                self.enclosed(")", "", Self::expression)
            }
            "[" => self.list(),
            "{" => self.map(),
            "." => {
                self.advance();
                let name = self.token();
                if name.kind != TokenKind::Identifier {
                    self.bad_name(name, ".");
                    return Err(Stop);
                }
                self.named(name, ".")
            }
            "-" if self.literal_sign() => {
                self.advance();
                let number = self.advance();
                Ok(self.literal(token, number, "-"))
            }
            "true" | "false" => {
                self.advance();
                Ok(self.node(Self::at(token), Kind::Literal(Literal::Bool(token.text == "true"))))
            }
            "null" => {
                self.advance();
                Ok(self.node(Self::at(token), Kind::Literal(Literal::Null)))
            }
            _ => self.unexpected(token),
        }
    }

    /// A name that starts with an identifier: a variable, a call, or the type of an object that is made.
    fn named(&mut self, first: Token<'s>, dot: &str) -> Parsed<Expr> {
        if let Some((name, after)) = self.object_name(dot) {
            self.at = after;
            let open = self.advance();
            return self.object(open, name);
        }
        self.advance();
        if RESERVED.contains(&first.text) {
            let id = self.id(Self::at(first));
            self.report_at(id, &format!("reserved identifier: {}", first.text));
        }
        let name = format!("{dot}{}", first.text);
        if let Some(open) = self.take("(") {
            let args = self.arguments()?;
            let below = self.tallest(&args);
            let whole = macros::expand(self, Self::at(open), &name, None, args);
            return self.raise(whole, below, 0);
        }
        Ok(self.node(Self::at(first), Kind::Ident(name)))
    }

    /// `a.b.C {`: the name and where the brace is.
    fn object_name(&self, dot: &str) -> Option<(String, usize)> {
        let mut name = dot.to_owned();
        let mut at = self.at;
        loop {
            let part = self.tokens.get(at).filter(|token| token.kind == TokenKind::Identifier)?;
            name.push_str(part.text);
            let next = self.tokens.get(at + 1)?;
            if next.is("{") {
                return Some((name, at + 1));
            }
            if !next.is(".") {
                return None;
            }
            name.push('.');
            at += 2;
        }
    }
}

fn starts_expression(token: Token<'_>) -> bool {
    match token.kind {
        TokenKind::End | TokenKind::EscapedIdentifier => false,
        TokenKind::Mark => ["[", "{", "(", ".", "-", "!", "true", "false", "null"].contains(&token.text),
        _ => true,
    }
}

fn field_name(token: Token<'_>) -> String {
    token.text.trim_matches('`').to_owned()
}

fn binary_operator(token: Token<'_>, level: usize) -> Option<&'static str> {
    if token.kind != TokenKind::Mark {
        return None;
    }
    match (level, token.text) {
        (0, "<") => Some("_<_"),
        (0, "<=") => Some("_<=_"),
        (0, ">") => Some("_>_"),
        (0, ">=") => Some("_>=_"),
        (0, "==") => Some(operator::EQUALS),
        (0, "!=") => Some(operator::NOT_EQUALS),
        (0, "in") => Some("@in"),
        (1, "+") => Some(operator::ADD),
        (1, "-") => Some("_-_"),
        (2, "*") => Some("_*_"),
        (2, "/") => Some("_/_"),
        (2, "%") => Some("_%_"),
        _ => None,
    }
}
