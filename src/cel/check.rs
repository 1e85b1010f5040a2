//! The type checker: which variable a name is, which overloads a call can mean, and the type of every node. It follows cel-go's, so that the same expressions
//! pass and the others fail in the same words.

use std::collections::HashMap;

use crate::ast::{Ast, Comprehension, Element, Entry, Expr, Field, Id, Kind, Literal, operator};
use crate::environment::Environment;
use crate::signature::{Function, Overload};
use crate::source::{Issues, Source};
use crate::types::Type;
use crate::unify::{Bindings, most_general};

/// A tree with the type of each node and what its names mean.
pub(crate) struct Checked {
    pub(crate) ast: Ast,
    types: Vec<Type>,
    /// The overloads that a call can mean, by the call's node.
    pub(crate) overloads: HashMap<Id, (&'static Function, Vec<&'static Overload>)>,
}

impl Checked {
    pub(crate) fn kind(&self, id: Id) -> &Type {
        self.types.get(id as usize).unwrap_or(&Type::Dyn)
    }
}

/// Checks a tree; what is wrong with it goes to `issues`.
pub(crate) fn check(mut ast: Ast, source: &Source, environment: &Environment, issues: &mut Issues) -> Checked {
    let count = ast.offsets.len();
    let mut checker = Checker {
        source,
        offsets: std::mem::take(&mut ast.offsets),
        environment,
        issues,
        bindings: Bindings::default(),
        types: vec![Type::Error; count],
        overloads: HashMap::new(),
        scopes: Vec::new(),
    };
    checker.check(&mut ast.root);
    let types = checker.types.iter().map(|kind| checker.bindings.substitute(kind, true)).collect();
    ast.offsets = checker.offsets;
    Checked { ast, types, overloads: checker.overloads }
}

struct Checker<'c> {
    source: &'c Source,
    offsets: Vec<u32>,
    environment: &'c Environment,
    issues: &'c mut Issues,
    bindings: Bindings,
    types: Vec<Type>,
    overloads: HashMap<Id, (&'static Function, Vec<&'static Overload>)>,
    /// The variables of the folds around, innermost last.
    scopes: Vec<(String, Type)>,
}

impl Checker<'_> {
    fn report(&mut self, id: Id, message: impl Into<String>) {
        let offset = self.offsets.get(id as usize).copied().unwrap_or(0);
        self.issues.report(self.source.location(offset as usize), message);
    }

    fn undeclared(&mut self, id: Id, name: &str) -> Type {
        self.report(id, format!("undeclared reference to '{name}' (in container '')"));
        Type::Error
    }

    fn set(&mut self, id: Id, kind: Type) {
        if let Some(place) = self.types.get_mut(id as usize) {
            *place = kind;
        }
    }

    fn kind(&self, id: Id) -> Type {
        self.types.get(id as usize).cloned().unwrap_or(Type::Error)
    }

    /// Checks a node and everything below it, and returns its type.
    fn check(&mut self, expr: &mut Expr) -> Type {
        let kind = match &mut expr.kind {
            Kind::Unspecified => Type::Error,
            Kind::Literal(literal) => literal_type(literal),
            Kind::Ident(name) => match self.variable(name) {
                Some(kind) => kind,
                None => self.undeclared(expr.id, &name.clone()),
            },
            Kind::Select { .. } => self.select(expr),
            Kind::Call { .. } => self.call(expr),
            Kind::List(elements) => self.list(elements),
            Kind::Map(entries) => self.map(entries),
            Kind::Struct { name, fields } => self.object(expr.id, name, fields),
            Kind::Comprehension(fold) => self.fold(fold),
        };
        self.set(expr.id, kind.clone());
        kind
    }

    /// The type of a name: a variable of a fold around, one of the environment, or a type.
    fn variable(&self, name: &str) -> Option<Type> {
        let local = self.scopes.iter().rev().find(|(local, _)| local == name);
        local.map(|(_, kind)| kind.clone()).or_else(|| self.environment.identifier(name))
    }

    fn select(&mut self, expr: &mut Expr) -> Type {
        if let Some(name) = qualified(expr)
            && !self.scopes.iter().any(|(local, _)| name.split('.').next() == Some(local))
            && let Some(kind) = self.environment.identifier(&name)
        {
            expr.kind = Kind::Ident(name);
            return kind;
        }
        let Kind::Select { operand, field, test } = &mut expr.kind else { return Type::Error };
        let (field, test) = (field.clone(), *test);
        let found = self.field(expr.id, operand, &field, false);
        if test { Type::Bool } else { self.bindings.substitute(&found, false) }
    }

    fn field(&mut self, id: Id, operand: &mut Expr, field: &str, optional: bool) -> Type {
        let operand = self.check(operand);
        let operand = self.bindings.substitute(&operand, false);
        let (target, is_optional) = match operand.unwrapped() {
            Some(inside) => (inside.clone(), true),
            None => (operand, false),
        };
        let found = match &target {
            Type::Map(entry) => entry.1.clone(),
            Type::Object(object) => match object.field(field) {
                Some(declared) => declared.kind.clone(),
                None if object.open => Type::Dyn,
                None => {
                    self.report(id, format!("undefined field '{field}'"));
                    Type::Error
                }
            },
            Type::Library(name) => {
                self.report(id, format!("unexpected failed resolution of '{name}'"));
                Type::Error
            }
            Type::Parameter(_) => {
                self.bindings.is_assignable(&Type::Dyn, &target);
                Type::Dyn
            }
            Type::Dyn | Type::Error => Type::Dyn,
            _ => {
                self.report(id, format!("type '{target}' does not support field selection"));
                Type::Dyn
            }
        };
        if is_optional || optional { Type::optional(found) } else { found }
    }

    fn call(&mut self, expr: &mut Expr) -> Type {
        let id = expr.id;
        let Kind::Call { target, function, args } = &mut expr.kind else { return Type::Error };
        if function == operator::OPTIONAL_SELECT {
            return self.optional_select(id, args);
        }
        let arg_types: Vec<Type> = args.iter_mut().map(|arg| self.check(arg)).collect();
        if let Some(receiver) = target {
            let namespaced = qualified(receiver).map(|prefix| format!("{prefix}.{function}"));
            if let Some(found) = namespaced.and_then(|name| self.environment.function(&name)) {
                found.name.clone_into(function);
                *target = None;
                return self.resolve(id, found, false, &arg_types, args);
            }
            let receiver = self.check(receiver);
            return match self.environment.function(function) {
                Some(found) => {
                    let types: Vec<Type> = std::iter::once(receiver).chain(arg_types).collect();
                    self.resolve(id, found, true, &types, args)
                }
                None => self.undeclared(id, &function.clone()),
            };
        }
        let name = function.strip_prefix('.').unwrap_or(function).to_owned();
        match self.environment.function(&name) {
            Some(found) => {
                *function = name;
                self.resolve(id, found, false, &arg_types, args)
            }
            None => self.undeclared(id, &function.clone()),
        }
    }

    fn optional_select(&mut self, id: Id, args: &mut [Expr]) -> Type {
        let [operand, field] = args else { return Type::Error };
        let Kind::Literal(Literal::String(name)) = &field.kind else { return Type::Error };
        let name = name.clone();
        self.set(field.id, Type::String);
        let found = self.field(id, operand, &name, true);
        self.bindings.substitute(&found, false)
    }

    fn resolve(&mut self, id: Id, function: &'static Function, member: bool, args: &[Type], exprs: &[Expr]) -> Type {
        if matches!(function.name, operator::AND | operator::OR) {
            return self.logical(id, function, args, exprs);
        }
        let mut result: Option<Type> = None;
        let mut found = Vec::new();
        for overload in &function.overloads {
            if overload.member != member || overload.since > self.environment.minor() || overload.args.len() != args.len() {
                continue;
            }
            let mut types = overload.args.clone();
            types.push(overload.result.clone());
            let mut wanted = self.bindings.instantiate(&types, overload.parameters);
            let returned = wanted.pop().unwrap_or(Type::Dyn);
            if !self.bindings.are_assignable(args, &wanted) {
                continue;
            }
            found.push(overload);
            let returned = self.bindings.substitute(&returned, false);
            result = Some(match result {
                None => returned,
                Some(before) if !before.is_dyn() && !returned.is_exactly(&before) => Type::Dyn,
                Some(before) => before,
            });
        }
        let Some(result) = result else {
            let shown: Vec<String> = args.iter().map(|arg| self.bindings.substitute(arg, true).to_string()).collect();
            let signature = match shown.split_first() {
                Some((receiver, rest)) if member => format!("{receiver}.({})", rest.join(", ")),
                _ => format!("({})", shown.join(", ")),
            };
            self.report(id, format!("found no matching overload for '{}' applied to '{signature}'", function.name));
            return Type::Error;
        };
        self.overloads.insert(id, (function, found));
        result
    }

    fn logical(&mut self, id: Id, function: &'static Function, args: &[Type], exprs: &[Expr]) -> Type {
        let mut result = Type::Bool;
        for (kind, expr) in args.iter().zip(exprs) {
            if !self.bindings.is_assignable(kind, &Type::Bool) {
                self.report(expr.id, format!("expected type 'bool' but found '{kind}'"));
                result = Type::Error;
            }
        }
        self.overloads.insert(id, (function, function.overloads.iter().collect()));
        result
    }

    fn list(&mut self, elements: &mut [Element]) -> Type {
        let mut joined = None;
        for element in elements {
            let kind = self.check(&mut element.value);
            let kind = self.unwrapped(element.value.id, kind, element.optional);
            joined = Some(self.join(joined, kind));
        }
        Type::list(joined.unwrap_or_else(|| self.bindings.variable()))
    }

    fn map(&mut self, entries: &mut [Entry]) -> Type {
        let (mut keys, mut values) = (None, None);
        for entry in entries {
            let key = self.check(&mut entry.key);
            keys = Some(self.join(keys, key));
            let value = self.check(&mut entry.value);
            let value = self.unwrapped(entry.value.id, value, entry.optional);
            values = Some(self.join(values, value));
        }
        let keys = keys.unwrap_or_else(|| self.bindings.variable());
        Type::map(keys, values.unwrap_or_else(|| self.bindings.variable()))
    }

    /// The type inside the optional that a `?` in front of an element asks for.
    fn unwrapped(&mut self, id: Id, kind: Type, optional: bool) -> Type {
        if !optional {
            return kind;
        }
        if let Some(inside) = kind.unwrapped() {
            return inside.clone();
        }
        if !kind.is_dyn() {
            self.report(id, format!("expected type '{}' but found '{kind}'", Type::optional(kind.clone())));
        }
        kind
    }

    /// The type of a container's members: one that fits all, or dyn. That literals have members of one type is validated later.
    fn join(&mut self, previous: Option<Type>, current: Type) -> Type {
        match previous {
            None => current,
            Some(previous) if self.bindings.is_assignable(&previous, &current) => most_general(previous, current),
            Some(_) => Type::Dyn,
        }
    }

    fn object(&mut self, id: Id, name: &str, fields: &mut [Field]) -> Type {
        let result = match self.environment.type_named(name) {
            Some(kind) => kind,
            None => self.undeclared(id, name),
        };
        let object = match &result {
            Type::Object(object) => Some(object.clone()),
            Type::Error => None,
            other => {
                self.report(id, format!("'{other}' is not a message type"));
                None
            }
        };
        for field in fields {
            let value = self.check(&mut field.value);
            let wanted = match &object {
                None => Type::Error,
                Some(object) => match object.fields.get(&field.name) {
                    Some(declared) => declared.kind.clone(),
                    None if object.open => Type::Dyn,
                    None => {
                        self.report(field.id, format!("undefined field '{}'", field.name));
                        Type::Error
                    }
                },
            };
            let value = self.unwrapped(field.value.id, value, field.optional);
            if !self.bindings.is_assignable(&wanted, &value) {
                let value = self.bindings.substitute(&value, true);
                self.report(field.id, format!("expected type of field '{}' is '{wanted}' but provided type is '{value}'", field.name));
            }
        }
        if object.is_some() { result } else { Type::Error }
    }

    fn fold(&mut self, fold: &mut Comprehension) -> Type {
        let range = self.check(&mut fold.range);
        let accumulator = self.check(&mut fold.initial);
        let range = self.bindings.substitute(&range, false);
        let scope = self.scopes.len();
        self.scopes.push((fold.accumulator.clone(), accumulator.clone()));
        let (first, second) = self.range_variables(fold, &range);
        let inner = self.scopes.len();
        self.scopes.push((fold.variable.clone(), first));
        if let Some(name) = &fold.second_variable {
            self.scopes.push((name.clone(), second));
        }
        self.check(&mut fold.condition);
        self.assert(fold.condition.id, &Type::Bool);
        self.check(&mut fold.step);
        self.assert(fold.step.id, &accumulator);
        self.scopes.truncate(inner);
        let result = self.check(&mut fold.result);
        self.scopes.truncate(scope);
        self.bindings.substitute(&result, false)
    }

    /// The types of the one or two variables of a fold over a range.
    fn range_variables(&mut self, fold: &Comprehension, range: &Type) -> (Type, Type) {
        let two = fold.second_variable.is_some();
        match range {
            Type::List(element) if two => (Type::Int, Type::clone(element)),
            Type::List(element) => (Type::clone(element), Type::Error),
            Type::Map(entry) => (entry.0.clone(), entry.1.clone()),
            Type::Dyn | Type::Error | Type::Parameter(_) => {
                self.bindings.is_assignable(&Type::Dyn, range);
                (Type::Dyn, Type::Dyn)
            }
            _ => {
                self.report(
                    fold.range.id,
                    format!("expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)"),
                );
                (Type::Error, Type::Error)
            }
        }
    }

    fn assert(&mut self, id: Id, wanted: &Type) {
        let kind = self.kind(id);
        if !self.bindings.is_assignable(wanted, &kind) {
            self.report(id, format!("expected type '{wanted}' but found '{kind}'"));
        }
    }
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Uint(_) => Type::Uint,
        Literal::Double(_) => Type::Double,
        Literal::String(_) => Type::String,
        Literal::Bytes(_) => Type::Bytes,
    }
}

/// `a.b.c` as a name, if the expression is nothing else.
fn qualified(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Ident(name) => Some(name.clone()),
        Kind::Select { operand, field, test: false } => Some(format!("{}.{field}", qualified(operand)?)),
        _ => None,
    }
}
