//! Reads the text form of a label selector, with upstream's grammar, tolerance of white space, and messages.

use std::collections::BTreeSet;

use super::{Operator, Requirement, SelectorError, joined, key_error};
use crate::field::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Error,
    End,
    Close,
    Comma,
    Not,
    DoubleEquals,
    Equals,
    Greater,
    Identifier,
    In,
    Less,
    NotEquals,
    NotIn,
    Open,
}

const SYMBOLS: [(&str, Token); 9] = [
    (")", Token::Close),
    (",", Token::Comma),
    ("!", Token::Not),
    ("==", Token::DoubleEquals),
    ("=", Token::Equals),
    (">", Token::Greater),
    ("<", Token::Less),
    ("!=", Token::NotEquals),
    ("(", Token::Open),
];

/// `found 'X', expected: Y`.
fn unexpected(found: &str, expected: &str) -> String {
    format!("found '{found}', expected: {expected}")
}

/// The conditions of a selector, in the order written.
pub(super) fn requirements(text: &str) -> Result<Vec<Requirement>, SelectorError> {
    let mut parser = Parser { tokens: tokens(text), position: 0 };
    let mut requirements = Vec::new();
    loop {
        match parser.value_ahead() {
            (Token::Identifier | Token::Not, _) => {
                requirements.push(parser.requirement().map_err(SelectorError::Requirement)?);
                match parser.take_value() {
                    (Token::End, _) => return Ok(requirements),
                    (Token::Comma, _) => {
                        let (token, found) = parser.value_ahead();
                        if !matches!(token, Token::Identifier | Token::Not) {
                            return Err(SelectorError::Selector(unexpected(found, "identifier after ','")));
                        }
                    }
                    (_, found) => return Err(SelectorError::Selector(unexpected(found, "',' or 'end of string'"))),
                }
            }
            (Token::End, _) => return Ok(requirements),
            (_, found) => return Err(SelectorError::Selector(unexpected(found, "!, identifier, or 'end of string'"))),
        }
    }
}

fn tokens(text: &str) -> Vec<(Token, &str)> {
    let mut tokens = Vec::new();
    let mut rest = text.split('\0').next().unwrap_or_default();
    loop {
        rest = rest.trim_start_matches(is_space);
        let Some(first) = rest.chars().next() else { break };
        let (token, length) = if is_symbol(first) { symbol(rest) } else { word(rest) };
        let (literal, after) = rest.split_at(length);
        tokens.push((token, literal));
        rest = after;
    }
    tokens.push((Token::End, ""));
    tokens
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn is_symbol(character: char) -> bool {
    matches!(character, '=' | '!' | '(' | ')' | ',' | '>' | '<')
}

/// The longest operator at the front of a text that starts with a symbol.
fn symbol(text: &str) -> (Token, usize) {
    let longest = SYMBOLS.iter().filter(|(literal, _)| text.starts_with(literal)).max_by_key(|(literal, _)| literal.len());
    longest.map_or((Token::Error, 1), |(literal, token)| (*token, literal.len()))
}

fn word(text: &str) -> (Token, usize) {
    let length = text.find(|character| is_symbol(character) || is_space(character)).unwrap_or(text.len());
    let token = match &text[..length] {
        "in" => Token::In,
        "notin" => Token::NotIn,
        _ => Token::Identifier,
    };
    (token, length)
}

struct Parser<'a> {
    tokens: Vec<(Token, &'a str)>,
    position: usize,
}

impl<'a> Parser<'a> {
    /// The next token where a key or value may stand: `in` and `notin` are plain words there.
    fn value_ahead(&self) -> (Token, &'a str) {
        let (token, literal) = self.ahead();
        (if matches!(token, Token::In | Token::NotIn) { Token::Identifier } else { token }, literal)
    }
    /// The end repeats itself, so that nothing can be read past it.
    fn ahead(&self) -> (Token, &'a str) {
        self.tokens.get(self.position).copied().unwrap_or((Token::End, ""))
    }
    fn take_value(&mut self) -> (Token, &'a str) {
        let token = self.value_ahead();
        self.position += 1;
        token
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let (mut token, mut key) = self.take_value();
        let negated = token == Token::Not;
        if negated {
            (token, key) = self.take_value();
        }
        if token != Token::Identifier {
            return Err(unexpected(key, "identifier"));
        }
        if let Some(error) = key_error(key, &Path::default()) {
            return Err(error.to_string());
        }
        let bare = matches!(self.value_ahead().0, Token::End | Token::Comma);
        let (operator, values) = if negated {
            (Operator::DoesNotExist, Vec::new())
        } else if bare {
            (Operator::Exists, Vec::new())
        } else {
            let operator = self.operator()?;
            let values = match operator {
                Operator::In | Operator::NotIn => self.values()?,
                _ => vec![self.exact_value()?],
            };
            (operator, values)
        };
        Requirement::new(key, operator, values).map_err(|errors| joined(&errors))
    }

    fn operator(&mut self) -> Result<Operator, String> {
        let (token, literal) = self.ahead();
        self.position += 1;
        match token {
            Token::In => Ok(Operator::In),
            Token::NotIn => Ok(Operator::NotIn),
            Token::Equals => Ok(Operator::Equals),
            Token::DoubleEquals => Ok(Operator::DoubleEquals),
            Token::NotEquals => Ok(Operator::NotEquals),
            Token::Greater => Ok(Operator::GreaterThan),
            Token::Less => Ok(Operator::LessThan),
            _ => Err(unexpected(literal, "in, notin, =, ==, !=, gt, lt")),
        }
    }

    fn exact_value(&mut self) -> Result<String, String> {
        if matches!(self.value_ahead().0, Token::End | Token::Comma) {
            return Ok(String::new());
        }
        match self.take_value() {
            (Token::Identifier, literal) => Ok(literal.to_owned()),
            (_, literal) => Err(unexpected(literal, "identifier")),
        }
    }

    /// `(a,b)`, with empty values wherever a comma has nothing beside it.
    fn values(&mut self) -> Result<Vec<String>, String> {
        let (token, literal) = self.take_value();
        if token != Token::Open {
            return Err(format!("found '{literal}' expected: '('"));
        }
        let mut values = BTreeSet::new();
        match self.value_ahead() {
            (Token::Identifier | Token::Comma, _) => self.identifiers(&mut values)?,
            (Token::Close, _) => {
                values.insert("");
            }
            (_, literal) => return Err(unexpected(literal, "',', ')' or identifier")),
        }
        // identifiers() stops only in front of the parenthesis
        self.position += 1;
        Ok(values.into_iter().map(str::to_owned).collect())
    }

    fn identifiers(&mut self, values: &mut BTreeSet<&'a str>) -> Result<(), String> {
        loop {
            match self.take_value() {
                (Token::Identifier, literal) => {
                    values.insert(literal);
                    match self.value_ahead() {
                        (Token::Comma, _) => {}
                        (Token::Close, _) => return Ok(()),
                        (_, found) => return Err(unexpected(found, "',' or ')'")),
                    }
                }
                (Token::Comma, _) => {
                    if values.is_empty() {
                        values.insert("");
                    }
                    match self.value_ahead().0 {
                        Token::Close => {
                            values.insert("");
                            return Ok(());
                        }
                        Token::Comma => {
                            values.insert("");
                        }
                        _ => {}
                    }
                }
                (_, found) => return Err(unexpected(found, "',', or identifier")),
            }
        }
    }
}
