//! Checks of literals that the types do not show: durations, timestamps and patterns.

use std::collections::HashSet;

use crate::ast::{Expr, Id, Kind, Literal};
use crate::check::Checked;
use crate::library;
use crate::library::formatting::{Clause, Refusal, interpolate};
use crate::source::{Issues, Source};
use crate::time::{Timestamp, parse_duration};
use crate::types::Type;

/// Functions whose list of arguments may have members of any types.
const MIXED_ARGUMENTS: &str = "format";

/// Reports literals that can never be what the functions around them need, and lists and maps whose members differ in type.
pub(crate) fn validate(checked: &Checked, source: &Source, issues: &mut Issues) {
    let mut validator = Validator { checked, source, issues };
    walk(&checked.ast.root, &mut |expr| validator.call(expr));
    walk(&checked.ast.root, &mut |expr| validator.format(expr));
    validator.members(&checked.ast.root);
}

struct Validator<'v> {
    checked: &'v Checked,
    source: &'v Source,
    issues: &'v mut Issues,
}

impl Validator<'_> {
    fn report(&mut self, id: Id, message: String) {
        let offset = self.checked.ast.offsets.get(id as usize).copied().unwrap_or(0);
        self.issues.report(self.source.location(offset as usize), message);
    }

    fn call(&mut self, expr: &Expr) {
        let Kind::Call { function, args, .. } = &expr.kind else { return };
        let Some(Expr { id, kind: Kind::Literal(literal) }) = args.first() else { return };
        let valid = match (function.as_str(), literal) {
            ("duration", Literal::String(text)) => parse_duration(text).is_some(),
            ("timestamp", Literal::String(text)) => Timestamp::parse(text).is_some(),
            ("timestamp", Literal::Int(seconds)) => Timestamp::from_seconds(*seconds).is_some(),
            ("matches", Literal::String(text)) => library::regex(text).is_ok(),
            _ => return,
        };
        if !valid {
            self.report(*id, format!("invalid {function} argument"));
        }
    }

    /// A constant format with a list of arguments: the clauses, their number, and the types of the arguments.
    fn format(&mut self, expr: &Expr) {
        let Kind::Call { target: Some(target), function, args } = &expr.kind else { return };
        let (Kind::Literal(Literal::String(text)), [Expr { kind: Kind::List(elements), .. }]) = (&target.kind, args.as_slice()) else {
            return;
        };
        if function != MIXED_ARGUMENTS {
            return;
        }
        let done = interpolate(text, elements.len(), &mut Vec::new(), |index, clause, _| match elements.get(index) {
            Some(element) => self.argument(&element.value, clause),
            None => Ok(()),
        });
        match done {
            Ok(asked) if elements.len() > asked => {
                self.report(expr.id, format!("too many arguments supplied to string.format (expected {asked}, got {})", elements.len()));
            }
            Ok(_) => {}
            Err(Refusal::Text(why)) => self.report(expr.id, why),
            Err(Refusal::Argument((id, why))) => self.report(id, format!("error during formatting: {why}")),
        }
    }

    /// Whether an argument fits its clause, members of literal lists and maps included.
    fn argument(&self, expr: &Expr, clause: Clause) -> Result<(), (Id, String)> {
        let kind = self.checked.kind(expr.id);
        if !clause.takes(kind) {
            return Err((expr.id, clause.refusal(kind.runtime_name())));
        }
        match &expr.kind {
            Kind::List(elements) => elements.iter().try_for_each(|element| self.argument(&element.value, clause)),
            Kind::Map(entries) => {
                entries.iter().try_for_each(|entry| self.argument(&entry.key, clause).and_then(|()| self.argument(&entry.value, clause)))
            }
            _ => Ok(()),
        }
    }

    /// Walks all lists and maps but those that are arguments of a function that takes any.
    fn members(&mut self, root: &Expr) {
        let mut mixed = HashSet::new();
        walk(root, &mut |expr| {
            if let Kind::Call { function, .. } = &expr.kind
                && function == MIXED_ARGUMENTS
            {
                walk(expr, &mut |below| {
                    mixed.insert(below.id);
                });
            }
        });
        let mut containers = Vec::new();
        walk(root, &mut |expr| containers.push(expr));
        for expr in containers.into_iter().filter(|expr| !mixed.contains(&expr.id)) {
            match &expr.kind {
                Kind::List(elements) => self.same(elements.iter().map(|element| (&element.value, element.optional)), true),
                Kind::Map(entries) => {
                    self.same(entries.iter().map(|entry| (&entry.key, false)), false);
                    self.same(entries.iter().map(|entry| (&entry.value, entry.optional)), false);
                }
                _ => {}
            }
        }
    }

    fn same<'e>(&mut self, members: impl Iterator<Item = (&'e Expr, bool)>, only_first: bool) {
        let mut wanted: Option<Type> = None;
        for (member, optional) in members {
            let kind = self.checked.kind(member.id);
            let kind = kind.unwrapped().filter(|_| optional).unwrap_or(kind).clone();
            match &wanted {
                None => wanted = Some(kind),
                Some(wanted) if wanted.is_exactly(&kind) => {}
                Some(wanted) => {
                    self.report(member.id, format!("expected type '{wanted}' but found '{kind}'"));
                    if only_first {
                        return;
                    }
                }
            }
        }
    }
}

/// Visits every node.
pub(crate) fn walk<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    visit(expr);
    match &expr.kind {
        Kind::Unspecified | Kind::Literal(_) | Kind::Ident(_) => {}
        Kind::Select { operand, .. } => walk(operand, visit),
        Kind::Call { target, args, .. } => {
            target.iter().for_each(|target| walk(target, visit));
            args.iter().for_each(|arg| walk(arg, visit));
        }
        Kind::List(elements) => elements.iter().for_each(|element| walk(&element.value, visit)),
        Kind::Map(entries) => {
            for entry in entries {
                walk(&entry.key, visit);
                walk(&entry.value, visit);
            }
        }
        Kind::Struct { fields, .. } => fields.iter().for_each(|field| walk(&field.value, visit)),
        Kind::Comprehension(fold) => {
            for part in [&fold.range, &fold.initial, &fold.condition, &fold.step, &fold.result] {
                walk(part, visit);
            }
        }
    }
}
