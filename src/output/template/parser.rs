//! Tokens made into trees.

use std::collections::BTreeMap;

use super::functions;
use super::lexer::{Kind, Token, tokens};
use super::node::{Branch, Command, List, Node, Operand, Pipe, Term};
use super::{NAME, ParseError};
use crate::{go_text, jsonpath};

/// Every template defined by `source`, the whole itself under [`NAME`].
pub fn parse(source: &str) -> Result<BTreeMap<String, List>, ParseError> {
    let mut parser =
        Parser { tokens: tokens(source), at: 0, variables: vec!["$".to_owned()], range_depth: 0, action_line: 0, trees: BTreeMap::new() };
    let list = parser.body()?;
    parser.add(NAME.to_owned(), list)?;
    Ok(parser.trees)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// Variables in scope, innermost last.
    variables: Vec<String>,
    range_depth: usize,
    /// Line where the action being parsed starts.
    action_line: usize,
    trees: BTreeMap<String, List>,
}

type Parsed<T> = Result<T, ParseError>;

/// How a list of parts ended.
enum End {
    End,
    Else,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn skip_space(&mut self) {
        while self.peek().kind == Kind::Space {
            self.at += 1;
        }
    }

    fn next_non_space(&mut self) -> Token {
        self.skip_space();
        self.next()
    }

    fn peek_non_space(&mut self) -> Token {
        self.skip_space();
        self.peek().clone()
    }

    fn fail<T>(&self, problem: impl Into<String>) -> Parsed<T> {
        let line = self.tokens[self.at.saturating_sub(1).min(self.tokens.len() - 1)].line;
        Err(ParseError { line, problem: problem.into() })
    }

    fn unexpected<T>(&self, token: &Token, context: &str) -> Parsed<T> {
        if token.kind == Kind::Error {
            let mut extra = String::new();
            if self.action_line != 0 && self.action_line != token.line {
                extra = format!(" in action started at {NAME}:{}", self.action_line);
                if token.text.ends_with(" action") {
                    extra = extra[" in action".len()..].to_owned();
                }
            }
            return self.fail(format!("{}{extra}", token.text));
        }
        self.fail(format!("unexpected {} in {context}", token.shown()))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Token> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { self.unexpected(&token, context) }
    }

    fn add(&mut self, name: String, list: List) -> Parsed<()> {
        let is_empty = |list: &List| list.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()));
        match self.trees.get(&name) {
            Some(earlier) if !is_empty(earlier) && !is_empty(&list) => {
                self.fail(format!("template: multiple definition of template {}", go_text::quote(&name)))
            }
            Some(earlier) if !is_empty(earlier) => Ok(()),
            _ => {
                self.trees.insert(name, list);
                Ok(())
            }
        }
    }

    fn is_keyword(token: &Token, word: &str) -> bool {
        token.kind == Kind::Keyword && token.text == word
    }

    /// The whole text.
    fn body(&mut self) -> Parsed<List> {
        let mut list = Vec::new();
        while self.peek().kind != Kind::Eof {
            if self.peek().kind == Kind::Left {
                let start = self.at;
                self.next();
                let keyword = self.next_non_space();
                if Self::is_keyword(&keyword, "define") {
                    self.definition()?;
                    continue;
                }
                self.at = start;
            }
            match self.text_or_action()? {
                Ok(node) => list.extend(node),
                Err(End::End) => return self.fail("unexpected {{end}}"),
                Err(End::Else) => return self.fail("unexpected {{else}}"),
            }
        }
        Ok(list)
    }

    fn definition(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return self.unexpected(&token, CONTEXT);
        }
        let name = self.unquoted(&token)?;
        self.expect(Kind::Right, CONTEXT)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let (list, end) = self.list()?;
        self.variables = outer;
        if matches!(end, End::Else) {
            return self.fail(format!("unexpected {{{{else}}}} in {CONTEXT}"));
        }
        self.add(name, list)
    }

    /// Parts up to `{{end}}` or `{{else}}`.
    fn list(&mut self) -> Parsed<(List, End)> {
        let mut list = Vec::new();
        while self.peek().kind != Kind::Eof {
            match self.text_or_action()? {
                Ok(node) => list.extend(node),
                Err(end) => return Ok((list, end)),
            }
        }
        self.next();
        self.fail("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Parsed<Result<Option<Node>, End>> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Text => Ok(Ok(Some(Node::Text(token.text)))),
            Kind::Left => {
                self.action_line = token.line;
                let node = self.action();
                if node.is_ok() {
                    self.action_line = 0;
                }
                node
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    fn action(&mut self) -> Parsed<Result<Option<Node>, End>> {
        let token = self.next_non_space();
        if token.kind != Kind::Keyword {
            self.at -= 1;
            let pipe = self.pipeline("command", Kind::Right)?;
            return Ok(Ok(Some(Node::Action(pipe))));
        }
        let node = match token.text.as_str() {
            "block" => self.block()?,
            "break" | "continue" => {
                let word = token.text.as_str();
                let end = self.next_non_space();
                if end.kind != Kind::Right {
                    return self.unexpected(&end, &format!("{{{{{word}}}}}"));
                }
                if self.range_depth == 0 {
                    return self.fail(format!("{{{{{word}}}}} outside {{{{range}}}}"));
                }
                if word == "break" { Node::Break } else { Node::Continue }
            }
            "else" => {
                let next = self.peek_non_space();
                // the branch that is open decides what "else if" and "else with" mean
                if !Self::is_keyword(&next, "if") && !Self::is_keyword(&next, "with") {
                    self.expect(Kind::Right, "else")?;
                }
                return Ok(Err(End::Else));
            }
            "end" => {
                self.expect(Kind::Right, "end")?;
                return Ok(Err(End::End));
            }
            "if" => Node::If(self.branch("if")?),
            "range" => Node::Range(self.branch("range")?),
            "with" => Node::With(self.branch("with")?),
            "template" => self.template()?,
            _ => return self.unexpected(&token, "command"),
        };
        Ok(Ok(Some(node)))
    }

    fn branch(&mut self, context: &str) -> Parsed<Branch> {
        let scope = self.variables.len();
        let pipe = self.pipeline(context, Kind::Right)?;
        if context == "range" {
            self.range_depth += 1;
        }
        let (list, end) = self.list()?;
        if context == "range" {
            self.range_depth -= 1;
        }
        let mut otherwise = Vec::new();
        if matches!(end, End::Else) {
            let next = self.peek_non_space();
            if context != "range" && Self::is_keyword(&next, context) {
                self.next();
                let inner = self.branch(context)?;
                otherwise.push(if context == "if" { Node::If(inner) } else { Node::With(inner) });
            } else if matches!(self.peek().kind, Kind::Keyword) {
                let token = self.next();
                return self.unexpected(&token, "else");
            } else {
                let (list, end) = self.list()?;
                otherwise = list;
                if matches!(end, End::Else) {
                    return self.fail("expected end; found {{else}}");
                }
            }
        }
        self.variables.truncate(scope);
        Ok(Branch { pipe, list, otherwise })
    }

    fn block(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let token = self.next_non_space();
        let name = self.template_name(&token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::Right)?;
        let outer = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let (list, end) = self.list()?;
        self.variables = outer;
        if matches!(end, End::Else) {
            return self.fail(format!("unexpected {{{{else}}}} in {CONTEXT}"));
        }
        self.add(name.clone(), list)?;
        Ok(call(token.position, name, Some(pipe)))
    }

    fn template(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_non_space();
        let name = self.template_name(&token, CONTEXT)?;
        let pipe = if self.next_non_space().kind == Kind::Right {
            None
        } else {
            self.at -= 1;
            Some(self.pipeline(CONTEXT, Kind::Right)?)
        };
        Ok(call(token.position, name, pipe))
    }

    fn template_name(&mut self, token: &Token, context: &str) -> Parsed<String> {
        match token.kind {
            Kind::String | Kind::RawString => self.unquoted(token),
            _ => self.unexpected(token, context),
        }
    }

    fn unquoted(&self, token: &Token) -> Parsed<String> {
        let inner = &token.text[1..token.text.len() - 1];
        if token.kind == Kind::RawString {
            return Ok(inner.replace('\r', ""));
        }
        match jsonpath::unquote(inner, '"') {
            Some(text) => Ok(text),
            None => self.fail("invalid syntax"),
        }
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<Pipe> {
        let position = self.peek_non_space().position;
        let mut pipe = Pipe { position, variables: Vec::new(), assigns: false, commands: Vec::new() };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.next_non_space();
            match token.kind {
                _ if token.kind == end => {
                    if pipe.commands.is_empty() {
                        return self.fail(format!("missing value for {context}"));
                    }
                    for (index, command) in pipe.commands.iter().enumerate().skip(1) {
                        if matches!(
                            command.arguments[0].term,
                            Term::Bool(_) | Term::Dot | Term::Nil | Term::Int(..) | Term::Rune(..) | Term::Float(..) | Term::Text(..)
                        ) {
                            return self.fail(format!("non executable command in pipeline stage {}", index + 1));
                        }
                    }
                    return Ok(pipe);
                }
                Kind::Bool
                | Kind::CharConstant
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.at -= 1;
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                _ => return self.unexpected(&token, context),
            }
        }
    }

    /// `$x :=`, `$x =`, and `$i, $x :=` of a range.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Parsed<()> {
        loop {
            let variable = self.peek_non_space();
            if variable.kind != Kind::Variable {
                return Ok(());
            }
            let start = self.at;
            self.next();
            let next = self.peek_non_space();
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    self.next();
                    pipe.assigns = next.kind == Kind::Assign;
                    pipe.variables.push(variable.text.clone());
                    self.variables.push(variable.text);
                    return Ok(());
                }
                Kind::Char if next.text == "," => {
                    self.next();
                    pipe.variables.push(variable.text.clone());
                    self.variables.push(variable.text);
                    if context == "range" && pipe.variables.len() < 2 {
                        let after = self.peek_non_space();
                        if matches!(after.kind, Kind::Variable | Kind::Right | Kind::RightParen) {
                            continue;
                        }
                        return self.fail("range can only initialize variables");
                    }
                    return self.fail(format!("too many declarations in {context}"));
                }
                _ => {
                    self.at = start;
                    return Ok(());
                }
            }
        }
    }

    fn command(&mut self) -> Parsed<Command> {
        let position = self.peek_non_space().position;
        let mut arguments = Vec::new();
        loop {
            self.skip_space();
            if let Some(operand) = self.operand()? {
                arguments.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::Right | Kind::RightParen => self.at -= 1,
                Kind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if arguments.is_empty() {
            return self.fail("empty command");
        }
        Ok(Command { position, arguments })
    }

    fn operand(&mut self) -> Parsed<Option<Operand>> {
        let Some(operand) = self.term()? else { return Ok(None) };
        if self.peek().kind != Kind::Field {
            return Ok(Some(operand));
        }
        let position = self.peek().position;
        let mut names = Vec::new();
        while self.peek().kind == Kind::Field {
            names.push(self.next().text[1..].to_owned());
        }
        let term = match operand.term {
            Term::Field(mut fields) => {
                fields.extend(names);
                Term::Field(fields)
            }
            Term::Variable(mut fields) => {
                fields.extend(names);
                Term::Variable(fields)
            }
            Term::Bool(_) | Term::Text(..) | Term::Int(..) | Term::Rune(..) | Term::Float(..) | Term::Nil | Term::Dot => {
                return self.fail(format!("unexpected . after term {}", go_text::quote(&operand.term.to_string())));
            }
            Term::Function(_) | Term::Pipe(_) | Term::Chain(..) => Term::Chain(Box::new(operand), names),
        };
        Ok(Some(Operand { position, term }))
    }

    fn term(&mut self) -> Parsed<Option<Operand>> {
        let token = self.next_non_space();
        let term = match token.kind {
            Kind::Identifier => {
                if !functions::exists(&token.text) {
                    return self.fail(format!("function {} not defined", go_text::quote(&token.text)));
                }
                Term::Function(token.text)
            }
            Kind::Dot => Term::Dot,
            Kind::Nil => Term::Nil,
            Kind::Variable => {
                if !self.variables.contains(&token.text) {
                    return self.fail(format!("undefined variable {}", go_text::quote(&token.text)));
                }
                Term::Variable(vec![token.text])
            }
            Kind::Field => Term::Field(vec![token.text[1..].to_owned()]),
            Kind::Bool => Term::Bool(token.text == "true"),
            Kind::CharConstant => self.character(token.text)?,
            Kind::Number => self.number(token.text)?,
            Kind::LeftParen => Term::Pipe(Box::new(self.pipeline("parenthesized pipeline", Kind::RightParen)?)),
            Kind::String | Kind::RawString => Term::Text(self.unquoted(&token)?, token.text),
            _ => {
                self.at -= 1;
                return Ok(None);
            }
        };
        Ok(Some(Operand { position: token.position, term }))
    }

    fn character(&self, source: String) -> Parsed<Term> {
        let inner = &source[1..source.len() - 1];
        match jsonpath::unquote(inner, '\'').as_deref().map(|text| text.chars().collect::<Vec<_>>()).as_deref() {
            Some([character]) => Ok(Term::Rune(i64::from(*character as u32), source)),
            _ => self.fail(format!("malformed character constant: {source}")),
        }
    }

    fn number(&self, source: String) -> Parsed<Term> {
        if let Some(integer) = integer(&source) {
            return Ok(Term::Int(integer, source));
        }
        let plain = source.replace('_', "");
        match plain.parse::<f64>() {
            Ok(float) if float.is_finite() => Ok(Term::Float(float, source)),
            _ => self.fail(format!("illegal number syntax: {}", go_text::quote(&source))),
        }
    }
}

fn call(position: usize, name: String, pipe: Option<Pipe>) -> Node {
    let argument = pipe.as_ref().map_or_else(String::new, |pipe| format!(" {pipe}"));
    Node::Template { position, shown: format!("{{{{template {}{argument}}}}}", go_text::quote(&name)), name, pipe }
}

/// An integer with Go's base prefixes.
fn integer(source: &str) -> Option<i64> {
    let plain = source.replace('_', "");
    i64::try_from(crate::yaml::integer(&plain)?).ok()
}
