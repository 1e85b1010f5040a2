//! Lists, maps and objects.

use super::{Parsed, Parser, Stop, field_name};
use crate::ast::{Element, Entry, Expr, Field, Kind};
use crate::token::{Token, TokenKind};

impl<'s> Parser<'s, '_> {
    /// Members with commas between them, up to the closing mark. A comma may stand behind the last, or alone.
    fn members<T>(&mut self, mark: &'static str, mut read: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut members = Vec::new();
        let mut expecting = String::new();
        self.open.push(mark);
        while !self.token().is(mark) {
            if self.token().is(",") {
                if members.is_empty() {
                    self.advance();
                }
                break;
            }
            members.push(read(self)?);
            if self.take(",").is_none() {
                expecting = format!("{{'{mark}', ','}}");
                break;
            }
        }
        self.open.pop();
        self.expect(mark, &expecting)?;
        Ok(members)
    }

    pub(super) fn list(&mut self) -> Parsed<Expr> {
        let open = self.advance();
        self.expect_members("'[', ']', '{', '('")?;
        let elements = self.members("]", |parser| {
            let optional = parser.take("?").is_some();
            Ok(Element { value: parser.expression()?, optional })
        })?;
        let below = elements.iter().map(|element| self.height(&element.value)).max().unwrap_or(0);
        let whole = self.node(Self::at(open), Kind::List(elements));
        self.raise(whole, below, 0)
    }

    pub(super) fn map(&mut self) -> Parsed<Expr> {
        let open = self.advance();
        self.expect_members("'[', '{', '}', '('")?;
        let entries = self.members("}", |parser| {
            let optional = parser.take("?").is_some();
            let key = parser.expression()?;
            parser.expect(":", "")?;
            Ok(Entry { key, value: parser.expression()?, optional })
        })?;
        let below = entries.iter().map(|entry| self.height(&entry.key).max(self.height(&entry.value))).max().unwrap_or(0);
        let whole = self.node(Self::at(open), Kind::Map(entries));
        self.raise(whole, below, 0)
    }

    pub(super) fn object(&mut self, open: Token<'s>, name: String) -> Parsed<Expr> {
        let fields = self.members("}", |parser| {
            let optional = parser.take("?").is_some();
            let field = parser.advance();
            if !matches!(field.kind, TokenKind::Identifier | TokenKind::EscapedIdentifier) {
                parser.syntax_error(
                    field,
                    &format!("mismatched input {} expecting {{'}}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}}", field.quoted()),
                );
                return Err(Stop);
            }
            let colon = parser.token();
            parser.expect(":", "")?;
            let id = parser.id(Self::at(colon));
            Ok(Field { id, name: field_name(field), value: parser.expression()?, optional })
        })?;
        let below = fields.iter().map(|field| self.height(&field.value)).max().unwrap_or(0);
        let whole = self.node(Self::at(open), Kind::Struct { name, fields });
        self.raise(whole, below, 0)
    }
}
