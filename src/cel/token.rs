//! An expression's text as tokens, by CEL's lexical rules.

use crate::source::{Issues, Source};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    End,
    Int,
    Uint,
    Float,
    String,
    Bytes,
    Identifier,
    /// `` `kubernetes.io/name` ``
    EscapedIdentifier,
    /// `in`, `true`, `false`, `null` and all marks: the text says which.
    Mark,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'s> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'s str,
    pub(crate) offset: usize,
}

impl Token<'_> {
    pub(crate) fn is(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// How a syntax error names the token.
    pub(crate) fn quoted(&self) -> String {
        let text = if self.kind == TokenKind::End { "<EOF>" } else { self.text };
        format!("'{}'", text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t"))
    }
}

const MARKS: [&str; 23] =
    ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "[", "]", "{", "}", "(", ")", ".", ",", "-", "!", "?", ":", "+", "*", "/"];
const WORDS: [&str; 4] = ["in", "true", "false", "null"];

/// All tokens, with `End` last. What is no token is reported and left out.
pub(crate) fn tokens<'s>(source: &'s Source, issues: &mut Issues) -> Vec<Token<'s>> {
    let text = source.text();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(skipped) = hidden(rest) {
            at += skipped;
            continue;
        }
        match longest(rest) {
            Some((kind, length)) => {
                found.push(Token { kind, text: &rest[..length], offset: at });
                at += length;
            }
            None => {
                let length = unrecognized(rest);
                let quoted = rest[..length].replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
                issues.report(source.location(at), format!("Syntax error: token recognition error at: '{quoted}'"));
                at += length;
            }
        }
    }
    found.push(Token { kind: TokenKind::End, text: "", offset: text.len() });
    found
}

/// The length of leading white space or of a comment.
fn hidden(rest: &str) -> Option<usize> {
    let spaces = rest.len() - rest.trim_start_matches(['\t', ' ', '\r', '\n', '\u{c}']).len();
    if spaces > 0 {
        return Some(spaces);
    }
    rest.starts_with("//").then(|| rest.find('\n').unwrap_or(rest.len()))
}

fn longest(rest: &str) -> Option<(TokenKind, usize)> {
    let first = rest.bytes().next()?;
    if let Some(found) = text_literal(rest) {
        return Some(found);
    }
    if first.is_ascii_digit() || (first == b'.' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)) {
        return Some(number(rest));
    }
    if first.is_ascii_alphabetic() || first == b'_' {
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let kind = if WORDS.contains(&&rest[..length]) { TokenKind::Mark } else { TokenKind::Identifier };
        return Some((kind, length));
    }
    if first == b'`' {
        let inside = rest[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.-/ ".contains(byte)).count();
        return (inside > 0 && rest.as_bytes().get(inside + 1) == Some(&b'`')).then_some((TokenKind::EscapedIdentifier, inside + 2));
    }
    if first == b'%' {
        return Some((TokenKind::Mark, 1));
    }
    MARKS.iter().find(|mark| rest.starts_with(**mark)).map(|mark| (TokenKind::Mark, mark.len()))
}

fn number(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    if rest.starts_with("0x") {
        let hex = bytes.iter().skip(2).take_while(|byte| byte.is_ascii_hexdigit()).count();
        if hex > 0 {
            return integer_suffix(bytes, 2 + hex);
        }
    }
    let whole = digits(0);
    let mut length = whole;
    let mut float = false;
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
        float = true;
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            return (TokenKind::Float, length + 1 + sign + exponent);
        }
    }
    if float { (TokenKind::Float, length) } else { integer_suffix(bytes, length) }
}

fn integer_suffix(bytes: &[u8], length: usize) -> (TokenKind, usize) {
    if matches!(bytes.get(length), Some(b'u' | b'U')) { (TokenKind::Uint, length + 1) } else { (TokenKind::Int, length) }
}

/// A string or bytes literal with its prefixes: `b` first, then `r`.
fn text_literal(rest: &str) -> Option<(TokenKind, usize)> {
    let bytes = rest.as_bytes();
    let (inside, quote, raw) = literal_start(bytes)?;
    let kind = if matches!(bytes.first(), Some(b'b' | b'B')) { TokenKind::Bytes } else { TokenKind::String };
    let triple = bytes.get(inside) == Some(&quote) && bytes.get(inside + 1) == Some(&quote);
    if triple && let Ok(end) = closing(bytes, inside + 2, quote, raw, true) {
        return Some((kind, end));
    }
    closing(bytes, inside, quote, raw, false).ok().map(|end| (kind, end))
}

/// Where the inside of a literal starts, its quote, and whether escapes are left alone.
fn literal_start(bytes: &[u8]) -> Option<(usize, u8, bool)> {
    let mut at = usize::from(matches!(bytes.first(), Some(b'b' | b'B')));
    let raw = matches!(bytes.get(at), Some(b'r' | b'R'));
    at += usize::from(raw);
    bytes.get(at).filter(|byte| matches!(byte, b'"' | b'\'')).map(|quote| (at + 1, *quote, raw))
}

/// The end of a literal whose inside starts at `at`, past its closing quotes, or where it stops being one.
fn closing(bytes: &[u8], mut at: usize, quote: u8, raw: bool, triple: bool) -> Result<usize, usize> {
    loop {
        let byte = *bytes.get(at).ok_or(bytes.len())?;
        if byte == quote {
            if !triple {
                return Ok(at + 1);
            }
            if bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote) {
                return Ok(at + 3);
            }
        } else if !triple && matches!(byte, b'\n' | b'\r') {
            return Err(at);
        }
        at += if byte == b'\\' && !raw { escape(bytes, at)? } else { 1 };
    }
}

/// The length of an escape sequence that the lexer knows, or where it stops being one.
fn escape(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let digits = |count: usize, valid: fn(&u8) -> bool| match bytes.iter().skip(at + 2).take(count).position(|digit| !valid(digit)) {
        Some(wrong) => Err(at + 2 + wrong),
        None if bytes.len() < at + 2 + count => Err(bytes.len()),
        None => Ok(2 + count),
    };
    match bytes.get(at + 1) {
        Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'"' | b'\'' | b'\\' | b'?' | b'`') => Ok(2),
        Some(b'x' | b'X') => digits(2, u8::is_ascii_hexdigit),
        Some(b'u') => digits(4, u8::is_ascii_hexdigit),
        Some(b'U') => digits(8, u8::is_ascii_hexdigit),
        Some(b'0'..=b'3') => digits(2, |digit| (b'0'..=b'7').contains(digit)),
        _ => Err((at + 1).min(bytes.len())),
    }
}

/// How much of the text a lexer skips that has found no token: what could have been the start of one, and one character more.
fn unrecognized(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut characters = rest.char_indices();
    let Some((_, first)) = characters.next() else { return 0 };
    let with_next = |end: usize| rest.get(end..).and_then(|behind| behind.chars().next()).map_or(rest.len(), |next| end + next.len_utf8());
    if let Some((inside, quote, raw)) = literal_start(bytes) {
        return closing(bytes, inside, quote, raw, false).unwrap_or_else(with_next);
    }
    match first {
        '`' => with_next(1 + bytes.iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || b"_.-/ ".contains(byte)).count()),
        '&' | '|' | '=' => with_next(1),
        _ => first.len_utf8(),
    }
}
