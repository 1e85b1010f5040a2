//! The template's syntax.

use std::sync::LazyLock;

use regex::Regex;

use super::unquote;

/// One part of a template or of an action.
#[derive(Clone, Debug)]
pub enum Node {
    /// Literal text.
    Text(String),
    /// An action: its parts work one on the results of the other.
    List(Vec<Node>),
    Field(String),
    Array([Bound; 3]),
    Filter {
        left: Vec<Node>,
        right: Vec<Node>,
        operator: String,
    },
    Int(i64),
    Float(f64),
    Bool(bool),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
    /// `range`, `end`, or a word without meaning.
    Identifier(String),
}

/// Start, end or step of a slice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bound {
    pub value: i64,
    pub known: bool,
    /// The end that follows from a lone index.
    pub derived: bool,
}

/// Why a template is no template; the words are upstream's.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ParseError {
    #[error("unclosed action")]
    UnclosedAction,
    #[error("unrecognized character in action: U+{:04X} '{_0}'", *_0 as u32)]
    UnrecognizedCharacter(char),
    #[error("invalid multiple recursive descent")]
    MultipleRecursiveDescent,
    #[error("cannot parse number {0}")]
    Number(String),
    #[error("unterminated array")]
    UnterminatedArray,
    #[error("invalid array index {0}")]
    ArrayIndex(String),
    #[error("array index {0} is not a number")]
    IndexNotANumber(String),
    #[error("unterminated filter")]
    UnterminatedFilter,
    #[error("unclosed array expect ]")]
    UnclosedArray,
    #[error("unterminated quoted string")]
    UnterminatedString,
    #[error("unquote string {0} error invalid syntax")]
    Unquote(String),
}

/// The parts of a template.
pub fn parse(text: &str) -> Result<Vec<Node>, ParseError> {
    let mut parser = Parser { input: text, at: 0 };
    let mut nodes = Vec::new();
    loop {
        let rest = parser.rest();
        let brace = rest.find('{');
        let literal = &rest[..brace.unwrap_or(rest.len())];
        if !literal.is_empty() {
            nodes.push(Node::Text(literal.to_owned()));
        }
        parser.at += literal.len();
        if brace.is_none() {
            return Ok(nodes);
        }
        parser.at += 1;
        nodes.push(Node::List(parser.action()?));
    }
}

/// What stands between braces.
fn parse_action(text: &str) -> Result<Vec<Node>, ParseError> {
    let wrapped = format!("{{{text}}}");
    match parse(&wrapped)?.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

static DICTIONARY_KEY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^'([^']*)'$").expect("a fixed pattern"));
static SLICE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?$").expect("a fixed pattern"));
static COMPARISON: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^([^!<>=]+)([!<>=]+)(.+?)$").expect("a fixed pattern"));

struct Parser<'a> {
    input: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.input[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// From after the opening brace to after the closing one.
    fn action(&mut self) -> Result<Vec<Node>, ParseError> {
        let mut nodes = Vec::new();
        loop {
            let rest = self.rest();
            if rest.starts_with('}') {
                self.at += 1;
                return Ok(nodes);
            }
            if rest.starts_with("[?(") {
                nodes.push(self.filter()?);
                continue;
            }
            if rest.starts_with("..") {
                if matches!(nodes.last(), Some(Node::Recursive)) {
                    return Err(ParseError::MultipleRecursiveDescent);
                }
                self.at += 2;
                nodes.push(Node::Recursive);
                if self.peek().is_some_and(is_alphanumeric) {
                    nodes.push(self.field());
                }
                continue;
            }
            let Some(character) = self.next() else { return Err(ParseError::UnclosedAction) };
            match character {
                '\r' | '\n' => return Err(ParseError::UnclosedAction),
                ' ' | '@' | '$' => {}
                '[' => self.array(&mut nodes)?,
                '"' | '\'' => nodes.push(self.quoted(character)?),
                '.' => nodes.push(self.field()),
                _ if matches!(character, '+' | '-') || character.is_numeric() => {
                    self.at -= character.len_utf8();
                    nodes.push(self.number()?);
                }
                _ if is_alphanumeric(character) => {
                    self.at -= character.len_utf8();
                    nodes.push(self.identifier());
                }
                _ => return Err(ParseError::UnrecognizedCharacter(character)),
            }
        }
    }

    fn identifier(&mut self) -> Node {
        let rest = self.rest();
        let word = &rest[..rest.find(is_terminator).unwrap_or(rest.len())];
        self.at += word.len();
        match word {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            _ => Node::Identifier(word.to_owned()),
        }
    }

    fn number(&mut self) -> Result<Node, ParseError> {
        let rest = self.rest();
        let signed = usize::from(rest.starts_with(['+', '-']));
        let digits = rest[signed..].find(|character: char| character != '.' && !character.is_numeric()).unwrap_or(rest.len() - signed);
        let text = &rest[..signed + digits];
        self.at += text.len();
        if let Ok(integer) = text.parse() {
            return Ok(Node::Int(integer));
        }
        text.parse().map(Node::Float).map_err(|_| ParseError::Number(text.to_owned()))
    }

    /// From after the bracket.
    fn array(&mut self, nodes: &mut Vec<Node>) -> Result<(), ParseError> {
        let rest = self.rest();
        let end = rest.find([']', '\n']).filter(|at| rest.as_bytes()[*at] == b']').ok_or(ParseError::UnterminatedArray)?;
        self.at += end + 1;
        let text = if &rest[..end] == "*" { ":" } else { &rest[..end] };
        if text.contains(',') {
            let alternatives = text.split(',').map(|alternative| parse_action(&format!("[{}]", alternative.trim_matches(' '))));
            nodes.push(Node::Union(alternatives.collect::<Result<_, _>>()?));
        } else if let Some(key) = DICTIONARY_KEY.captures(text) {
            nodes.extend(parse_action(&format!(".{}", &key[1]))?);
        } else {
            nodes.push(Node::Array(slice(text)?));
        }
        Ok(())
    }

    fn filter(&mut self) -> Result<Node, ParseError> {
        self.at += "[?(".len();
        let start = self.at;
        let (mut opened, mut closed) = (None, false);
        loop {
            match self.next() {
                None | Some('\n') => return Err(ParseError::UnterminatedFilter),
                Some(quote @ ('"' | '\'')) => match opened {
                    None => opened = Some(quote),
                    Some(pair) => closed |= pair == quote && !self.input[..self.at - 1].ends_with('\\'),
                },
                Some(')') if opened.is_some() == closed => break,
                Some(_) => {}
            }
        }
        let text = &self.input[start..self.at - 1];
        if self.next() != Some(']') {
            return Err(ParseError::UnclosedArray);
        }
        Ok(match COMPARISON.captures(text) {
            None => Node::Filter { left: parse_action(text)?, right: Vec::new(), operator: "exists".to_owned() },
            Some(parts) => Node::Filter { left: parse_action(&parts[1])?, right: parse_action(&parts[3])?, operator: parts[2].to_owned() },
        })
    }

    /// From after the opening quote.
    fn quoted(&mut self, quote: char) -> Result<Node, ParseError> {
        let start = self.at;
        loop {
            match self.next() {
                None | Some('\n') => return Err(ParseError::UnterminatedString),
                Some(character) if character == quote && !self.input[..self.at - 1].ends_with('\\') => break,
                Some(_) => {}
            }
        }
        let inner = &self.input[start..self.at - 1];
        if !inner.contains('\\') {
            return Ok(Node::Text(inner.to_owned()));
        }
        unquote(inner, quote).map(Node::Text).ok_or_else(|| ParseError::Unquote(self.input[start - 1..self.at].to_owned()))
    }

    /// From after the dot; a backslash takes the next character in.
    fn field(&mut self) -> Node {
        let start = self.at;
        while let Some(character) = self.peek() {
            if character == '\\' {
                self.next();
                self.next();
            } else if is_terminator(character) {
                break;
            } else {
                self.next();
            }
        }
        match &self.input[start..self.at] {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }
}

fn slice(text: &str) -> Result<[Bound; 3], ParseError> {
    let parts = SLICE.captures(text).ok_or_else(|| ParseError::ArrayIndex(text.to_owned()))?;
    let mut bounds = [Bound::default(); 3];
    for index in 0..3 {
        let part = parts.get(index + 1).map_or("", |part| part.as_str());
        let digits = part.strip_prefix(':').unwrap_or(part);
        if part.is_empty() {
            if index == 1 {
                bounds[1] = Bound { value: bounds[0].value + 1, known: true, derived: true };
            }
        } else if !digits.is_empty() {
            bounds[index] =
                Bound { value: digits.parse().map_err(|_| ParseError::IndexNotANumber(digits.to_owned()))?, known: true, derived: false };
        }
    }
    Ok(bounds)
}

fn is_terminator(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

fn is_alphanumeric(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}
