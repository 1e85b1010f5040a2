//! Literals as values.

use super::Parser;
use crate::ast::{Expr, Kind, Literal};
use crate::token::{Token, TokenKind};
use crate::unescape::unescape;

impl<'s> Parser<'s, '_> {
    pub(super) fn literal(&mut self, start: Token<'s>, token: Token<'s>, sign: &str) -> Expr {
        let read = match token.kind {
            TokenKind::Int => int(sign, token.text).map(Literal::Int).ok_or("invalid int literal"),
            TokenKind::Uint => uint(token.text).map(Literal::Uint).ok_or("invalid uint literal"),
            TokenKind::Float => float(sign, token.text).map(Literal::Double).ok_or("invalid double literal"),
            TokenKind::Bytes => unescape(&token.text[1..], true).map(Literal::Bytes),
            _ => unescape(token.text, false)
                .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "invalid unicode code point"))
                .map(Literal::String),
        };
        match read {
            Ok(literal) => self.node(Self::at(start), Kind::Literal(literal)),
            Err(message) => {
                let id = self.id(Self::at(start));
                self.report_at(id, message);
                Expr { id, kind: Kind::Unspecified }
            }
        }
    }
}

fn int(sign: &str, text: &str) -> Option<i64> {
    match text.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(&format!("{sign}{hex}"), 16).ok(),
        None => format!("{sign}{text}").parse().ok(),
    }
}

fn uint(text: &str) -> Option<u64> {
    let digits = text.get(..text.len() - 1)?;
    match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

fn float(sign: &str, text: &str) -> Option<f64> {
    format!("{sign}{text}").parse::<f64>().ok().filter(|number| number.is_finite())
}
