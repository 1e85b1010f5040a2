//! Templates cut into tokens, with the trim markers applied.

use crate::go_text;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Error,
    Eof,
    Text,
    Left,
    Right,
    Bool,
    Char,
    CharConstant,
    Assign,
    Declare,
    Field,
    Identifier,
    LeftParen,
    RightParen,
    Number,
    Pipe,
    RawString,
    String,
    Space,
    Variable,
    Dot,
    Nil,
    Keyword,
}

/// A token, its place and its text.
#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    pub position: usize,
    pub line: usize,
    pub text: String,
}

impl Token {
    /// As error messages show it.
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.text.clone(),
            Kind::Keyword | Kind::Dot | Kind::Nil => format!("<{}>", self.text),
            _ if self.text.len() > 10 => format!("{}...", go_text::quote(&self.text.chars().take(10).collect::<String>())),
            _ => go_text::quote(&self.text),
        }
    }
}

const KEYWORDS: &[&str] = &["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"];

/// All tokens; the last is [`Kind::Eof`] or [`Kind::Error`].
pub fn tokens(input: &str) -> Vec<Token> {
    let mut lexer = Lexer { input, at: 0, parens: 0, tokens: Vec::new() };
    lexer.run();
    lexer.tokens
}

struct Lexer<'a> {
    input: &'a str,
    at: usize,
    parens: usize,
    tokens: Vec<Token>,
}

/// The token that ends everything has been made.
struct Stop;

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.input[self.at..]
    }

    fn line(&self, position: usize) -> usize {
        1 + self.input[..position].matches('\n').count()
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let text = self.rest()[..length].to_owned();
        self.tokens.push(Token { kind, position: self.at, line: self.line(self.at), text });
        self.at += length;
    }

    fn error(&mut self, position: usize, text: &str) -> Stop {
        self.tokens.push(Token { kind: Kind::Error, position, line: self.line(position), text: text.to_owned() });
        Stop
    }

    fn run(&mut self) {
        while self.text().is_ok() && self.action().is_ok() {}
    }

    /// Up to and including the next left delimiter.
    fn text(&mut self) -> Result<(), Stop> {
        loop {
            let rest = self.rest();
            let delimiter = rest.find("{{");
            let mut length = delimiter.unwrap_or(rest.len());
            let trims = delimiter.is_some_and(|at| has_left_trim(&rest[at + 2..]));
            if trims {
                length = rest[..length].trim_end_matches(is_space).len();
            }
            if length > 0 {
                self.push(Kind::Text, length);
            }
            let Some(delimiter) = delimiter else {
                self.push(Kind::Eof, 0);
                return Err(Stop);
            };
            self.at += delimiter - length;
            let marker = if trims { 2 } else { 0 };
            if self.rest()[2 + marker..].starts_with("/*") {
                self.comment(2 + marker)?;
                continue;
            }
            self.push(Kind::Left, 2);
            self.at += marker;
            self.parens = 0;
            return Ok(());
        }
    }

    fn comment(&mut self, skip: usize) -> Result<(), Stop> {
        let rest = &self.rest()[skip..];
        let Some(end) = rest.find("*/") else { return Err(self.error(self.at, "unclosed comment")) };
        let after = &rest[end + 2..];
        let (trims, delimiter) = right_delimiter(after);
        if !delimiter {
            return Err(self.error(self.at, "comment ends before closing delimiter"));
        }
        self.at += skip + end + 2 + if trims { 4 } else { 2 };
        if trims {
            self.skip_space();
        }
        Ok(())
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_space).len();
    }

    /// Up to and including the right delimiter.
    fn action(&mut self) -> Result<(), Stop> {
        loop {
            let rest = self.rest();
            let (trims, delimiter) = right_delimiter(rest);
            if delimiter {
                if self.parens > 0 {
                    return Err(self.error(self.at, "unclosed left paren"));
                }
                if trims {
                    self.at += 2;
                }
                self.push(Kind::Right, 2);
                if trims {
                    self.skip_space();
                }
                return Ok(());
            }
            let Some(character) = rest.chars().next() else { return Err(self.error(self.at, "unclosed action")) };
            match character {
                _ if is_space(character) => {
                    let mut length = rest.len() - rest.trim_start_matches(is_space).len();
                    // the blank before "-}}" is part of the delimiter
                    if length > 1 && right_delimiter(&rest[length - 1..]) == (true, true) {
                        length -= 1;
                    }
                    self.push(Kind::Space, length);
                }
                '=' => self.push(Kind::Assign, 1),
                ':' if rest[1..].starts_with('=') => self.push(Kind::Declare, 2),
                ':' => return Err(self.error(self.at, "expected :=")),
                '|' => self.push(Kind::Pipe, 1),
                '"' => self.quoted('"', Kind::String, "unterminated quoted string")?,
                '\'' => self.quoted('\'', Kind::CharConstant, "unterminated character constant")?,
                '`' => match rest[1..].find('`') {
                    Some(end) => self.push(Kind::RawString, end + 2),
                    None => return Err(self.error(self.at, "unterminated raw quoted string")),
                },
                '$' => self.word(Kind::Variable)?,
                '.' if !rest[1..].starts_with(|next: char| next.is_ascii_digit()) => {
                    if is_terminator(rest[1..].chars().next()) {
                        self.push(Kind::Dot, 1);
                    } else {
                        self.word(Kind::Field)?;
                    }
                }
                '.' | '+' | '-' | '0'..='9' => self.number()?,
                _ if is_alphanumeric(character) => self.word(Kind::Identifier)?,
                '(' => {
                    self.push(Kind::LeftParen, 1);
                    self.parens += 1;
                }
                ')' if self.parens == 0 => return Err(self.error(self.at, "unexpected right paren")),
                ')' => {
                    self.push(Kind::RightParen, 1);
                    self.parens -= 1;
                }
                ' '..='~' => self.push(Kind::Char, 1),
                _ => return Err(self.error(self.at, &format!("unrecognized character in action: {}", unicode(character)))),
            }
        }
    }

    fn quoted(&mut self, quote: char, kind: Kind, problem: &str) -> Result<(), Stop> {
        let mut escaped = false;
        for (at, character) in self.rest().char_indices().skip(1) {
            match character {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if character == quote => {
                    self.push(kind, at + 1);
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(self.error(self.at, problem))
    }

    /// An identifier, or one after `.` or `$`.
    fn word(&mut self, kind: Kind) -> Result<(), Stop> {
        let rest = self.rest();
        let prefix = usize::from(kind != Kind::Identifier);
        let length = prefix + rest[prefix..].find(|character| !is_alphanumeric(character)).unwrap_or(rest.len() - prefix);
        if let Some(next) = rest[length..].chars().next()
            && !is_terminator(Some(next))
        {
            return Err(self.error(self.at, &format!("bad character {}", unicode(next))));
        }
        let word = &rest[..length];
        let kind = match (kind, word) {
            (Kind::Identifier, "true" | "false") => Kind::Bool,
            (Kind::Identifier, "nil") => Kind::Nil,
            (Kind::Identifier, _) if KEYWORDS.contains(&word) => Kind::Keyword,
            _ => kind,
        };
        self.push(kind, length);
        Ok(())
    }

    fn number(&mut self) -> Result<(), Stop> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut at = usize::from(matches!(bytes[0], b'+' | b'-'));
        let mut digits: fn(u8) -> bool = |byte| byte.is_ascii_digit() || byte == b'_';
        let mut exponent = [b'e', b'E'];
        if bytes.get(at) == Some(&b'0') {
            at += 1;
            let prefix = bytes.get(at).map(u8::to_ascii_lowercase);
            match prefix {
                Some(b'x') => {
                    digits = |byte| byte.is_ascii_hexdigit() || byte == b'_';
                    exponent = [b'p', b'P'];
                }
                Some(b'o') => digits = |byte| matches!(byte, b'0'..=b'7' | b'_'),
                Some(b'b') => digits = |byte| matches!(byte, b'0' | b'1' | b'_'),
                _ => at -= 1,
            }
            at += 1;
        }
        let run = |at: &mut usize, digits: fn(u8) -> bool| {
            while bytes.get(*at).is_some_and(|byte| digits(*byte)) {
                *at += 1;
            }
        };
        run(&mut at, digits);
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            run(&mut at, digits);
        }
        if bytes.get(at).is_some_and(|byte| exponent.contains(byte)) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            run(&mut at, |byte| byte.is_ascii_digit() || byte == b'_');
        }
        if let Some(next) = rest[at..].chars().next().filter(|next| is_alphanumeric(*next)) {
            let text = rest[..at + next.len_utf8()].to_owned();
            return Err(self.error(self.at, &format!("bad number syntax: {}", go_text::quote(&text))));
        }
        self.push(Kind::Number, at);
        Ok(())
    }
}

fn has_left_trim(after: &str) -> bool {
    after.starts_with('-') && after[1..].starts_with(is_space)
}

/// Whether `rest` starts with a trimming one, and whether it starts with a right delimiter at all.
fn right_delimiter(rest: &str) -> (bool, bool) {
    if rest.starts_with(is_space) && rest[1..].starts_with("-}}") {
        return (true, true);
    }
    (false, rest.starts_with("}}"))
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn is_alphanumeric(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

fn is_terminator(next: Option<char>) -> bool {
    next.is_none_or(|next| is_space(next) || matches!(next, '.' | ',' | '|' | ':' | ')' | '(' | '}'))
}

fn unicode(character: char) -> String {
    format!("U+{:04X} '{character}'", character as u32)
}
