//! Calls that are not calls: `has`, the quantifiers and transformations over lists and maps, and `optMap`. Each becomes a presence test or a fold.

use crate::ast::{Comprehension, Element, Expr, Kind, Literal, operator};
use crate::parse::Parser;

const SIMPLE_NAME: &str = "argument must be a simple name";
const NOT_IDENTIFIER: &str = "argument is not an identifier";
const OVERWRITES: &str = "iteration variable overwrites accumulator variable";
const UNUSED: &str = "#unused";
const SORTED: &str = "@__sortBy_input__";

/// Expressions of more nodes are not copied by `optMap`, whose chains double with each link.
const NODE_LIMIT: usize = 100_000;

/// What is wrong with the arguments of a macro: the node and the words.
type Expansion = Result<Kind, (u32, String)>;

/// A call as read, or what the macro of that name and number of arguments makes of it. `offset` is where the call's bracket is.
pub(crate) fn expand(parser: &mut Parser<'_, '_>, offset: u32, function: &str, target: Option<Expr>, mut args: Vec<Expr>) -> Expr {
    let mut maker = Maker { parser, offset };
    let expansion = match (target, function, args.len()) {
        (None, "has", 1) => has(args.remove(0)),
        (Some(range), "all" | "exists" | "exists_one", 2) | (Some(range), "all" | "exists" | "existsOne", 3) => {
            maker.quantifier(function, range, args)
        }
        (Some(range), "map", 2 | 3) | (Some(range), "filter", 2) => maker.list(range, args, function == "filter", NOT_IDENTIFIER),
        (Some(range), "transformList", 3 | 4) => maker.list(range, args, false, SIMPLE_NAME),
        (Some(range), "transformMap" | "transformMapEntry", 3 | 4) => maker.map(range, args, function == "transformMap"),
        (Some(list), "sortBy", 2) => maker.sort_by(list, args),
        (Some(optional), "optMap" | "optFlatMap", 2) => maker.optional(function, optional, args),
        (target, _, _) => Ok(Kind::Call { target: target.map(Box::new), function: function.to_owned(), args }),
    };
    match expansion {
        Ok(kind) => parser.node(offset, kind),
        Err((id, message)) => {
            parser.report_at(id, &message);
            parser.node(offset, Kind::Unspecified)
        }
    }
}

fn has(argument: Expr) -> Expansion {
    match argument.kind {
        Kind::Select { operand, field, .. } => Ok(Kind::Select { operand, field, test: true }),
        _ => Err((argument.id, "invalid argument to has() macro".to_owned())),
    }
}

/// Makes the nodes of an expansion; all stand where the call does.
struct Maker<'m, 's, 'i> {
    parser: &'m mut Parser<'s, 'i>,
    offset: u32,
}

impl Maker<'_, '_, '_> {
    fn node(&mut self, kind: Kind) -> Expr {
        self.parser.node(self.offset, kind)
    }

    fn call(&mut self, function: &str, args: Vec<Expr>) -> Expr {
        self.node(Kind::Call { target: None, function: function.to_owned(), args })
    }

    fn literal(&mut self, literal: Literal) -> Expr {
        self.node(Kind::Literal(literal))
    }

    fn accumulator(&mut self) -> Expr {
        self.node(Kind::Ident(operator::RESULT.to_owned()))
    }

    fn single(&mut self, value: Expr) -> Expr {
        self.node(Kind::List(vec![Element { value, optional: false }]))
    }

    fn quantifier(&mut self, function: &str, range: Expr, args: Vec<Expr>) -> Expansion {
        let (variables, mut rest) = variables(args, |count| count - 1, SIMPLE_NAME)?;
        let predicate = rest.remove(0);
        let (initial, condition, step, result);
        match function {
            "all" => {
                initial = self.literal(Literal::Bool(true));
                let accumulator = self.accumulator();
                condition = self.call(operator::NOT_STRICTLY_FALSE, vec![accumulator]);
                let accumulator = self.accumulator();
                step = self.call(operator::AND, vec![accumulator, predicate]);
                result = self.accumulator();
            }
            "exists" => {
                initial = self.literal(Literal::Bool(false));
                let accumulator = self.accumulator();
                let not = self.call(operator::NOT, vec![accumulator]);
                condition = self.call(operator::NOT_STRICTLY_FALSE, vec![not]);
                let accumulator = self.accumulator();
                step = self.call(operator::OR, vec![accumulator, predicate]);
                result = self.accumulator();
            }
            _ => {
                initial = self.literal(Literal::Int(0));
                condition = self.literal(Literal::Bool(true));
                let (accumulator, one) = (self.accumulator(), self.literal(Literal::Int(1)));
                let more = self.call(operator::ADD, vec![accumulator, one]);
                let accumulator = self.accumulator();
                step = self.call(operator::CONDITIONAL, vec![predicate, more, accumulator]);
                let (accumulator, one) = (self.accumulator(), self.literal(Literal::Int(1)));
                result = self.call(operator::EQUALS, vec![accumulator, one]);
            }
        }
        Ok(fold(range, variables, initial, condition, step, result))
    }

    /// `map`, `filter` and `transformList`: elements appended one by one.
    fn list(&mut self, range: Expr, args: Vec<Expr>, filter: bool, message: &str) -> Expansion {
        let named = if message == SIMPLE_NAME { 2 } else { 1 };
        let variable = args.first().cloned();
        let (variables, mut rest) = variables(args, |_| named, message)?;
        let last = rest.pop();
        let (predicate, element) = match (filter, variable, last) {
            (true, Some(variable), last) => (last, variable),
            (_, _, Some(last)) => (rest.pop(), last),
            _ => return Ok(Kind::Unspecified),
        };
        let initial = self.node(Kind::List(Vec::new()));
        let accumulator = self.accumulator();
        let element = self.single(element);
        let step = self.call(operator::ADD, vec![accumulator, element]);
        Ok(self.transformation(range, variables, initial, predicate, step))
    }

    fn map(&mut self, range: Expr, args: Vec<Expr>, keyed: bool) -> Expansion {
        let (variables, mut rest) = variables(args, |_| 2, SIMPLE_NAME)?;
        let Some(value) = rest.pop() else { return Ok(Kind::Unspecified) };
        let predicate = rest.pop();
        let initial = self.node(Kind::Map(Vec::new()));
        let mut inserted = vec![self.accumulator()];
        if keyed {
            inserted.push(self.node(Kind::Ident(variables.0.clone())));
        }
        inserted.push(value);
        let step = self.call(operator::MAP_INSERT, inserted);
        Ok(self.transformation(range, variables, initial, predicate, step))
    }

    fn transformation(&mut self, range: Expr, variables: Variables, initial: Expr, predicate: Option<Expr>, step: Expr) -> Kind {
        let condition = self.literal(Literal::Bool(true));
        let step = match predicate {
            None => step,
            Some(predicate) => {
                let accumulator = self.accumulator();
                self.call(operator::CONDITIONAL, vec![predicate, step, accumulator])
            }
        };
        let result = self.accumulator();
        fold(range, variables, initial, condition, step, result)
    }

    fn optional(&mut self, function: &str, optional: Expr, mut args: Vec<Expr>) -> Expansion {
        let (transform, name) = (args.remove(1), args.remove(0));
        let Kind::Ident(variable) = name.kind else {
            return Err((name.id, format!("{function}() variable name must be a simple identifier")));
        };
        if self.parser.nodes() > NODE_LIMIT {
            return Err((name.id, format!("expression exceeds limit of {NODE_LIMIT} nodes")));
        }
        let copy = self.copy(&optional);
        let has_value = self.node(Kind::Call { target: Some(Box::new(optional)), function: "hasValue".to_owned(), args: Vec::new() });
        let value = self.node(Kind::Call { target: Some(Box::new(copy)), function: "value".to_owned(), args: Vec::new() });
        let step = self.node(Kind::Ident(variable.clone()));
        let bound = self.bind(&variable, value, step, transform);
        let bound = self.node(bound);
        let present = if function == "optMap" { self.call("optional.of", vec![bound]) } else { bound };
        let none = self.call("optional.none", Vec::new());
        Ok(Kind::Call { target: None, function: operator::CONDITIONAL.to_owned(), args: vec![has_value, present, none] })
    }

    /// `list.sortBy(e, key)`: the list is named, its keys are computed, and both are sorted together.
    fn sort_by(&mut self, list: Expr, args: Vec<Expr>) -> Expansion {
        if matches!(list.kind, Kind::Literal(_) | Kind::Map(_) | Kind::Struct { .. }) {
            return Err((list.id, "sortBy can only be applied to a list, identifier, comprehension, call or select expression".to_owned()));
        }
        let name = || Kind::Ident(SORTED.to_owned());
        let step = self.node(name());
        let range = self.node(name());
        let keys = self.list(range, args, false, NOT_IDENTIFIER)?;
        let keys = self.node(keys);
        let target = self.node(name());
        let result =
            self.node(Kind::Call { target: Some(Box::new(target)), function: "@sortByAssociatedKeys".to_owned(), args: vec![keys] });
        Ok(self.bind(SORTED, list, step, result))
    }

    /// A value under a name for an expression: a fold over nothing.
    fn bind(&mut self, name: &str, value: Expr, step: Expr, result: Expr) -> Kind {
        Kind::Comprehension(Box::new(Comprehension {
            range: self.node(Kind::List(Vec::new())),
            variable: UNUSED.to_owned(),
            second_variable: None,
            accumulator: name.to_owned(),
            initial: value,
            condition: self.literal(Literal::Bool(false)),
            step,
            result,
        }))
    }

    /// The same tree with numbers of its own.
    fn copy(&mut self, expr: &Expr) -> Expr {
        let mut copy = expr.clone();
        self.renumber(&mut copy);
        copy
    }

    fn renumber(&mut self, expr: &mut Expr) {
        expr.id = self.parser.id(self.parser.offset(expr.id));
        match &mut expr.kind {
            Kind::Unspecified | Kind::Literal(_) | Kind::Ident(_) => {}
            Kind::Select { operand, .. } => self.renumber(operand),
            Kind::Call { target, args, .. } => {
                target.iter_mut().for_each(|target| self.renumber(target));
                args.iter_mut().for_each(|arg| self.renumber(arg));
            }
            Kind::List(elements) => elements.iter_mut().for_each(|element| self.renumber(&mut element.value)),
            Kind::Map(entries) => {
                for entry in entries {
                    self.renumber(&mut entry.key);
                    self.renumber(&mut entry.value);
                }
            }
            Kind::Struct { fields, .. } => {
                for field in fields {
                    field.id = self.parser.id(self.parser.offset(field.id));
                    self.renumber(&mut field.value);
                }
            }
            Kind::Comprehension(fold) => {
                let fold = fold.as_mut();
                for part in [&mut fold.range, &mut fold.initial, &mut fold.condition, &mut fold.step, &mut fold.result] {
                    self.renumber(part);
                }
            }
        }
    }
}

type Variables = (String, Option<String>);

/// The names at the start of a macro's arguments, and the arguments behind them.
fn variables(mut args: Vec<Expr>, named: impl Fn(usize) -> usize, message: &str) -> Result<(Variables, Vec<Expr>), (u32, String)> {
    let count = named(args.len());
    let rest = args.split_off(count);
    let mut names: Vec<(u32, String)> = Vec::new();
    for arg in args {
        match arg.kind {
            Kind::Ident(name) => names.push((arg.id, name)),
            _ => return Err((arg.id, message.to_owned())),
        }
    }
    if let [(_, first), (id, second)] = names.as_slice()
        && first == second
    {
        return Err((*id, format!("duplicate variable name: {first}")));
    }
    if let Some((id, _)) = names.iter().find(|(_, name)| name == "__result__") {
        return Err((*id, OVERWRITES.to_owned()));
    }
    let mut names = names.into_iter().map(|(_, name)| name);
    Ok(((names.next().unwrap_or_default(), names.next()), rest))
}

fn fold(range: Expr, variables: Variables, initial: Expr, condition: Expr, step: Expr, result: Expr) -> Kind {
    let (variable, second_variable) = variables;
    let accumulator = operator::RESULT.to_owned();
    Kind::Comprehension(Box::new(Comprehension { range, variable, second_variable, accumulator, initial, condition, step, result }))
}
