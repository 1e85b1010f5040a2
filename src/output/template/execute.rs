//! A template at work on data.

use std::fmt;

use serde_json::Value;

use super::functions::{self, Arity};
use super::node::{Branch, Command, List, Node, Operand, Pipe, Term};
use super::value::{Data, Val};
use super::{NAME, Template};
use crate::go_text;

/// Templates may call each other this deep; upstream stops at 100,000 of its smaller frames.
const MAX_DEPTH: usize = 1_000;

/// Executes `template` on `data`. What was written before an error stays in `out`.
pub fn execute(template: &Template, data: &Value, out: &mut String) -> Result<(), String> {
    let root = Val::of(Data::from_json(data));
    let tree = &template.trees[NAME];
    let mut state = State { template, out, name: NAME, variables: vec![("$".to_owned(), root.clone())], place: None, depth: 0 };
    state.walk_list(&root, tree)?;
    Ok(())
}

/// What goes on after a part.
enum Flow {
    On,
    Break,
    Continue,
}

#[derive(Clone, Copy)]
struct Place<'t> {
    position: usize,
    what: &'t dyn fmt::Display,
}

struct State<'t, 'a, 'o> {
    template: &'t Template,
    out: &'o mut String,
    /// The template being executed.
    name: &'t str,
    variables: Vec<(String, Val<'a>)>,
    place: Option<Place<'t>>,
    depth: usize,
}

type Run<T> = Result<T, String>;

impl<'t, 'a> State<'t, 'a, '_> {
    fn at(&mut self, position: usize, what: &'t dyn fmt::Display) {
        self.place = Some(Place { position, what });
    }

    fn fail<T>(&self, problem: impl fmt::Display) -> Run<T> {
        let Some(place) = self.place else { return Err(format!("template: {}: {problem}", self.name)) };
        let before = &self.template.source[..place.position];
        let line = 1 + before.matches('\n').count();
        let column = place.position - before.rfind('\n').map_or(0, |at| at + 1);
        let context = place.what;
        Err(format!("template: {NAME}:{line}:{column}: executing {} at <{context}>: {problem}", go_text::quote(self.name)))
    }

    fn walk_list(&mut self, dot: &Val<'a>, list: &'t List) -> Run<Flow> {
        for node in list {
            match self.walk(dot, node)? {
                Flow::On => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::On)
    }

    fn walk(&mut self, dot: &Val<'a>, node: &'t Node) -> Run<Flow> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Action(pipe) => {
                let value = self.pipeline(dot, pipe)?;
                if pipe.variables.is_empty() {
                    match value.data {
                        Data::Nothing => self.out.push_str("<no value>"),
                        data => self.out.push_str(&data.sprint()),
                    }
                }
            }
            Node::If(branch) => return self.branch(dot, branch, false),
            Node::With(branch) => return self.branch(dot, branch, true),
            Node::Range(branch) => return self.range(dot, branch),
            Node::Template { position, shown, name, pipe } => {
                self.at(*position, shown);
                self.call_template(dot, name, pipe.as_ref())?;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn branch(&mut self, dot: &Val<'a>, branch: &'t Branch, with: bool) -> Run<Flow> {
        let scope = self.variables.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let flow = if value.data.truth() {
            self.walk_list(if with { &value } else { dot }, &branch.list)
        } else {
            self.walk_list(dot, &branch.otherwise)
        };
        self.variables.truncate(scope);
        flow
    }

    fn range(&mut self, dot: &Val<'a>, branch: &'t Branch) -> Run<Flow> {
        let scope = self.variables.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let marked = self.variables.len();
        let elements: Vec<(Val<'a>, Val<'a>)> = match &value.data {
            Data::List(items) => items.iter().enumerate().map(|(index, item)| (Val::int(index), Val::element(item))).collect(),
            Data::Map(map) => map.iter().map(|(key, item)| (Val::text(key.as_str()), Val::element(item))).collect(),
            Data::Int(count, name) => {
                if branch.pipe.variables.len() > 1 {
                    return self.fail(format!("can't use {} to iterate over more than one variable", value.data.sprint()));
                }
                (0..*count).map(|index| (Val::of(Data::Int(index, name)), Val::of(Data::Int(index, name)))).collect()
            }
            Data::Nothing => Vec::new(),
            other => return self.fail(format!("range can't iterate over {}", other.sprint())),
        };
        let empty = elements.is_empty();
        let mut flow = Flow::On;
        for (index, element) in elements {
            match branch.pipe.variables.as_slice() {
                [] => {}
                [only] => self.bind(branch.pipe.assigns, marked, 1, only, element.clone()),
                [first, second, ..] => {
                    self.bind(branch.pipe.assigns, marked, 1, second, element.clone());
                    self.bind(branch.pipe.assigns, marked, 2, first, index);
                }
            }
            let outcome = self.walk_list(&element, &branch.list)?;
            self.variables.truncate(marked);
            if matches!(outcome, Flow::Break) {
                break;
            }
        }
        if empty {
            flow = self.walk_list(dot, &branch.otherwise)?;
        }
        self.variables.truncate(scope);
        Ok(flow)
    }

    /// Sets a variable of a range: one that is there, or the one declared `from_top` places below the top.
    fn bind(&mut self, assigns: bool, marked: usize, from_top: usize, name: &str, value: Val<'a>) {
        if assigns {
            self.set(name, value);
        } else if let Some(variable) = self.variables.get_mut(marked - from_top) {
            variable.1 = value;
        }
    }

    fn set(&mut self, name: &str, value: Val<'a>) {
        if let Some(variable) = self.variables.iter_mut().rev().find(|variable| variable.0 == name) {
            variable.1 = value;
        }
    }

    fn call_template(&mut self, dot: &Val<'a>, name: &'t str, pipe: Option<&'t Pipe>) -> Run<()> {
        let Some(tree) = self.template.trees.get(name) else { return self.fail(format!("template {} not defined", go_text::quote(name))) };
        if self.depth == MAX_DEPTH {
            return self.fail(format!("exceeded maximum template depth ({MAX_DEPTH})"));
        }
        let inner = match pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Val::NOTHING,
        };
        let variables = std::mem::replace(&mut self.variables, vec![("$".to_owned(), inner.clone())]);
        let outer = std::mem::replace(&mut self.name, name);
        self.depth += 1;
        self.walk_list(&inner, tree)?;
        self.depth -= 1;
        self.name = outer;
        self.variables = variables;
        Ok(())
    }

    fn pipeline(&mut self, dot: &Val<'a>, pipe: &'t Pipe) -> Run<Val<'a>> {
        self.at(pipe.position, pipe);
        let mut value: Option<Val<'a>> = None;
        for command in &pipe.commands {
            value = Some(self.command(dot, command, value)?.unwrapped());
        }
        let value = value.unwrap_or(Val::NOTHING);
        for name in &pipe.variables {
            if pipe.assigns {
                self.set(name, value.clone());
            } else {
                self.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    fn command(&mut self, dot: &Val<'a>, command: &'t Command, last: Option<Val<'a>>) -> Run<Val<'a>> {
        let first = &command.arguments[0];
        let has_arguments = command.arguments.len() > 1 || last.is_some();
        match &first.term {
            Term::Field(names) => {
                self.at(first.position, &first.term);
                self.fields(dot.clone(), names, has_arguments)
            }
            Term::Chain(operand, names) => {
                self.at(first.position, &first.term);
                let value = self.argument(dot, operand)?;
                self.fields(value, names, has_arguments)
            }
            Term::Function(name) => self.call(dot, name, first, Some(command), &command.arguments[1..], last),
            Term::Variable(names) => self.variable(names, first, has_arguments),
            Term::Pipe(pipe) => {
                if has_arguments {
                    return self.not_a_function(first);
                }
                self.pipeline(dot, pipe)
            }
            term => {
                self.at(first.position, term);
                if has_arguments {
                    return self.not_a_function(first);
                }
                match term {
                    Term::Nil => self.fail("nil is not a command"),
                    _ => Ok(constant(dot, term)),
                }
            }
        }
    }

    fn not_a_function<T>(&self, operand: &Operand) -> Run<T> {
        match &operand.term {
            Term::Pipe(pipe) => self.fail(format!("can't give argument to non-function {pipe}")),
            term => self.fail(format!("can't give argument to non-function {term}")),
        }
    }

    fn variable(&mut self, names: &'t [String], operand: &'t Operand, has_arguments: bool) -> Run<Val<'a>> {
        self.at(operand.position, &operand.term);
        let Some(value) = self.variables.iter().rev().find(|variable| variable.0 == names[0]).map(|variable| variable.1.clone()) else {
            return self.fail(format!("undefined variable: {}", names[0]));
        };
        if names.len() == 1 {
            return if has_arguments { self.not_a_function(operand) } else { Ok(value) };
        }
        self.fields(value, &names[1..], has_arguments)
    }

    /// Follows field names; only the last could take arguments, and no field of data does.
    fn fields(&mut self, mut value: Val<'a>, names: &[String], has_arguments: bool) -> Run<Val<'a>> {
        for (index, name) in names.iter().enumerate() {
            let called = has_arguments && index + 1 == names.len();
            value = match &value.data {
                Data::Nothing if value.wrapped => return self.fail(format!("nil pointer evaluating interface {{}}.{name}")),
                Data::Nothing if self.template.missing_is_error => {
                    return self.fail(format!("nil data; no entry for key {}", go_text::quote(name)));
                }
                Data::Nothing => Val::NOTHING,
                Data::Map(_) if called => return self.fail(format!("{name} is not a method but has arguments")),
                Data::Map(map) => match map.get(name) {
                    Some(element) => Val::element(element),
                    None if self.template.missing_is_error => {
                        return self.fail(format!("map has no entry for key {}", go_text::quote(name)));
                    }
                    None => Val::NOTHING,
                },
                _ => return self.fail(format!("can't evaluate field {name} in type {}", value.type_name())),
            };
        }
        Ok(value)
    }

    fn argument(&mut self, dot: &Val<'a>, operand: &'t Operand) -> Run<Val<'a>> {
        self.at(operand.position, &operand.term);
        match &operand.term {
            Term::Field(names) => self.fields(dot.clone(), names, false),
            Term::Variable(names) => self.variable(names, operand, false),
            Term::Pipe(pipe) => self.pipeline(dot, pipe),
            Term::Function(name) => self.call(dot, name, operand, None, &[], None),
            Term::Chain(inner, names) => {
                let value = self.argument(dot, inner)?;
                self.fields(value, names, false)
            }
            term => Ok(constant(dot, term)),
        }
    }

    fn call(
        &mut self,
        dot: &Val<'a>,
        name: &'t str,
        operand: &'t Operand,
        command: Option<&'t Command>,
        arguments: &'t [Operand],
        last: Option<Val<'a>>,
    ) -> Run<Val<'a>> {
        self.at(operand.position, &operand.term);
        let given = arguments.len() + usize::from(last.is_some());
        match functions::arity(name) {
            Arity::Exactly(wanted) if given != wanted => {
                return self.fail(format!("wrong number of args for {name}: want {wanted} got {given}"));
            }
            Arity::AtLeast(wanted) if given < wanted => {
                return self.fail(format!("wrong number of args for {name}: want at least {wanted} got {given}"));
            }
            _ => {}
        }
        if matches!(name, "and" | "or") {
            let mut value = Val::NOTHING;
            for argument in arguments {
                value = self.argument(dot, argument)?;
                if value.data.truth() == (name == "or") {
                    return Ok(value);
                }
            }
            return Ok(last.unwrap_or(value));
        }
        let mut values = Vec::with_capacity(given);
        for (index, argument) in arguments.iter().enumerate() {
            let value = self.argument(dot, argument)?;
            if index == 0 && functions::wants_text(name) {
                self.check_text(&value, &argument.term)?;
            }
            values.push(value);
        }
        if let Some(last) = last {
            if values.is_empty() && functions::wants_text(name) {
                self.check_text(&last, &Term::Dot)?;
            }
            values.push(last);
        }
        match functions::call(name, &values) {
            Ok(value) => Ok(value),
            Err(problem) => {
                match command {
                    Some(command) => self.at(command.position, command),
                    None => self.at(operand.position, &operand.term),
                }
                let problem = match (name, arguments.first()) {
                    ("call", Some(argument)) => problem.replace("non-function", &format!("non-function {}", argument.term)),
                    _ => problem,
                };
                self.fail(format!("error calling {name}: {problem}"))
            }
        }
    }

    /// Arguments of Go type `string` are checked before the call.
    fn check_text(&self, value: &Val<'a>, term: &Term) -> Run<()> {
        let is_constant = matches!(term, Term::Bool(_) | Term::Int(..) | Term::Rune(..) | Term::Float(..));
        match &value.data {
            Data::Text(_) => Ok(()),
            _ if is_constant => self.fail(format!("expected string; found {term}")),
            _ if matches!(term, Term::Nil) => self.fail("cannot assign nil to string"),
            Data::Nothing => self.fail("invalid value; expected string"),
            other => self.fail(format!("wrong type for value; expected string; got {}", other.type_name())),
        }
    }
}

fn constant<'a>(dot: &Val<'a>, term: &Term) -> Val<'a> {
    Val::of(match term {
        Term::Dot => return dot.clone(),
        Term::Bool(flag) => Data::Bool(*flag),
        Term::Int(value, _) => Data::Int(*value, "int"),
        Term::Rune(value, _) => Data::Int(*value, "int32"),
        Term::Float(value, _) => Data::Float(*value),
        Term::Text(text, _) => Data::Text(text.clone().into()),
        _ => Data::Nothing,
    })
}
