//! What is said of a syntax error, and what reading does about it: upstream's parser passes over one token too many and makes up one that is missing.

use super::{LITERAL_STARTS, Parsed, Parser, STARTS, Stop, binary_operator, starts_expression};
use crate::ast::Expr;
use crate::token::{Token, TokenKind};

impl<'s> Parser<'s, '_> {
    /// What is between a bracket that was read and the mark that closes it. One token too many in front of that mark is passed over; where only the mark is missing,
    /// reading goes on as if it were there.
    pub(super) fn enclosed<T>(&mut self, mark: &'static str, expecting: &str, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.open.push(mark);
        let inside = read(self)?;
        self.open.pop();
        self.expect(mark, expecting)?;
        Ok(inside)
    }

    pub(super) fn expect(&mut self, mark: &str, expecting: &str) -> Parsed<()> {
        if self.take(mark).is_some() {
            return Ok(());
        }
        let token = self.token();
        let wanted = if expecting.is_empty() { format!("'{mark}'") } else { expecting.to_owned() };
        if token.kind != TokenKind::End && self.tokens.get(self.at + 1).is_some_and(|next| next.is(mark)) {
            self.syntax_error(token, &format!("extraneous input {} expecting {wanted}", token.quoted()));
            self.at += 2;
            return Ok(());
        }
        let may_follow = if mark == ":" { starts_expression(token) } else { self.follows_operand(token) };
        if expecting.is_empty() && may_follow {
            self.syntax_error(token, &format!("missing '{mark}' at {}", token.quoted()));
            return Ok(());
        }
        self.syntax_error(token, &format!("mismatched input {} expecting {wanted}", token.quoted()));
        Err(Stop)
    }

    /// Whether a token may stand behind a whole operand here.
    fn follows_operand(&self, token: Token<'_>) -> bool {
        match self.open.last() {
            None if token.kind == TokenKind::End => true,
            Some(open) if token.is(open) || token.is(",") => true,
            _ => {
                let marks = [".", "[", "?", "&&", "||"];
                (token.kind == TokenKind::Mark && marks.contains(&token.text))
                    || (0..3).any(|level| binary_operator(token, level).is_some())
            }
        }
    }

    /// Sees to it that an expression can start here, in words that also name what else could be here.
    pub(super) fn expect_start(&mut self, expecting: &str) -> Parsed<()> {
        let token = self.token();
        if starts_expression(token) {
            return Ok(());
        }
        let extraneous = token.kind != TokenKind::End && self.tokens.get(self.at + 1).is_some_and(|next| starts_expression(*next));
        let act = if extraneous { "extraneous" } else { "mismatched" };
        self.syntax_error(token, &format!("{act} input {} expecting {expecting}", token.quoted()));
        if extraneous {
            self.at += 1;
            return Ok(());
        }
        Err(Stop)
    }

    pub(super) fn unexpected(&mut self, token: Token<'s>) -> Parsed<Expr> {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).copied();
        if token.kind == TokenKind::End && before.is_some_and(|before| before.is("!") || before.is("-")) {
            self.syntax_error(token, &format!("extraneous input {} expecting {{'[', '{{', '(', {STARTS}", token.quoted()));
            return Err(Stop);
        }
        if let Some(before) = before.filter(|_| starts_expression(token)) {
            self.syntax_error(token, &format!("no viable alternative at input '{}{}'", before.text, token.text));
            return Err(Stop);
        }
        self.expect_start(&format!("{{'[', '{{', '(', {STARTS}"))?;
        self.deeper()?;
        let found = self.primary();
        self.depth -= 1;
        found
    }

    pub(super) fn bad_name(&mut self, token: Token<'s>, before: &str) {
        let shown = if token.kind == TokenKind::End { "" } else { token.text };
        if matches!(shown, "true" | "false" | "null") {
            self.syntax_error(token, &format!("mismatched input '{shown}' expecting IDENTIFIER"));
        } else {
            self.syntax_error(token, &format!("no viable alternative at input '{before}{shown}'"));
        }
    }

    /// Sees to it that a list or map goes on behind its opening mark. `opening` has the marks that could be next in front of the others.
    pub(super) fn expect_members(&mut self, opening: &str) -> Parsed<()> {
        if self.token().kind == TokenKind::End { self.expect_start(&format!("{{{opening}, {LITERAL_STARTS}")) } else { Ok(()) }
    }
}
