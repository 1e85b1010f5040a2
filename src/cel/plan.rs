//! A checked tree in the form in which it is run. The form is that of cel-go's planner, because costs follow it: chains of selections are one step, constant lists
//! and conversions are made once, membership in a constant list is a look into a set.

use std::collections::BTreeSet;

use regex::Regex;

use crate::ast::{Comprehension, Expr, Id, Kind, Literal, operator};
use crate::check::Checked;
use crate::cost::CallCost;
use crate::environment::Environment;
use crate::evaluate;
use crate::library;
use crate::signature::{Function, Overload};
use crate::value::{Failure, Key, List, Value};

/// A step of a program.
pub(crate) enum Node {
    Constant(Value<'static>),
    Attribute(Attribute),
    /// `has(...)`
    Test(Attribute),
    And(Box<[Node; 2]>),
    Or(Box<[Node; 2]>),
    Equal {
        sides: Box<[Node; 2]>,
        negated: bool,
    },
    /// Membership in a constant list of texts, numbers and booleans.
    Member {
        element: Box<Node>,
        set: BTreeSet<Key<'static>>,
    },
    /// `optional.or(optional)` and `optional.orValue(value)`.
    Fallback {
        sides: Box<[Node; 2]>,
        to_value: bool,
    },
    Call(Box<Call>),
    List(Vec<(Node, bool)>),
    Map(Vec<(Node, Node, bool)>),
    Object {
        name: String,
        fields: Vec<(String, Node, bool)>,
    },
    Fold(Box<Fold>),
    /// `accumulator + [element]`, in place.
    Append {
        accumulator: usize,
        element: Box<Node>,
    },
    /// `cel.@mapInsert(accumulator, key, value)`, in place.
    Insert {
        accumulator: usize,
        key: Box<Node>,
        value: Box<Node>,
    },
}

/// A place to start from and the selections behind it.
pub(crate) struct Attribute {
    pub(crate) base: Base,
    pub(crate) qualifiers: Vec<Qualifier>,
}

pub(crate) enum Base {
    /// A variable of the environment, by its number in the program.
    Variable(usize),
    /// A variable of a fold around, by its place on the stack.
    Local(usize),
    Relative(Box<Node>),
    Conditional(Box<(Node, Attribute, Attribute)>),
}

pub(crate) struct Qualifier {
    pub(crate) key: QualifierKey,
    pub(crate) optional: bool,
}

pub(crate) enum QualifierKey {
    /// `.field` or a constant index.
    Constant(Value<'static>),
    /// A variable as an index; to look at it costs nothing of its own.
    Attribute(Attribute),
    /// Anything else as an index.
    Computed(Node),
}

pub(crate) struct Call {
    pub(crate) function: &'static Function,
    pub(crate) overloads: Vec<&'static Overload>,
    /// Whether the receiver is an argument.
    pub(crate) args: Vec<Node>,
    pub(crate) cost: CallCost,
    /// The constant pattern of a call that has one.
    pub(crate) regex: Option<Regex>,
}

pub(crate) struct Fold {
    pub(crate) range: Node,
    pub(crate) two_variables: bool,
    /// The place of the accumulator on the stack; the variables are above it.
    pub(crate) accumulator: usize,
    pub(crate) initial: Node,
    pub(crate) condition: Node,
    pub(crate) step: Node,
    pub(crate) result: Node,
    /// Whether the fold only names a value: it has no range, and its result is computed once.
    pub(crate) bind: bool,
}

/// A plan and the variables it names.
pub(crate) struct Plan {
    pub(crate) root: Node,
    pub(crate) variables: Vec<String>,
}

/// Plans a checked tree. An error is one of a constant that cannot be converted.
pub(crate) fn plan(checked: &Checked, environment: &Environment) -> Result<Plan, Failure> {
    let mut planner = Planner { checked, environment, variables: Vec::new(), scopes: Vec::new() };
    let root = planner.node(&checked.ast.root)?;
    Ok(Plan { root, variables: planner.variables })
}

type Planned = Result<Node, Failure>;

struct Planner<'p> {
    checked: &'p Checked,
    environment: &'p Environment,
    variables: Vec<String>,
    /// The names on the stack.
    scopes: Vec<String>,
}

impl Planner<'_> {
    fn node(&mut self, expr: &Expr) -> Planned {
        match &expr.kind {
            Kind::Unspecified => Ok(Node::Constant(Value::Null)),
            Kind::Literal(literal) => Ok(Node::Constant(constant(literal))),
            Kind::Ident(name) => Ok(self.identifier(name)),
            Kind::Select { operand, field, test } => {
                let mut attribute = self.attribute(operand)?;
                attribute.push(Qualifier { key: QualifierKey::Constant(Value::text(field.as_str())), optional: false });
                Ok(if *test { Node::Test(attribute) } else { Node::Attribute(attribute) })
            }
            Kind::Call { target, function, args } => self.call(expr.id, target.as_deref(), function, args),
            Kind::List(elements) => {
                let nodes = elements
                    .iter()
                    .map(|element| Ok((self.node(&element.value)?, element.optional)))
                    .collect::<Result<Vec<_>, Failure>>()?;
                folded(nodes.iter().all(|(node, _)| node.is_constant()), Node::List(nodes))
            }
            Kind::Map(entries) => {
                let nodes = entries
                    .iter()
                    .map(|entry| Ok((self.node(&entry.key)?, self.node(&entry.value)?, entry.optional)))
                    .collect::<Result<Vec<_>, Failure>>()?;
                folded(nodes.iter().all(|(key, value, _)| key.is_constant() && value.is_constant()), Node::Map(nodes))
            }
            Kind::Struct { name, fields } => {
                let fields = fields
                    .iter()
                    .map(|field| Ok((field.name.clone(), self.node(&field.value)?, field.optional)))
                    .collect::<Result<Vec<_>, Failure>>()?;
                Ok(Node::Object { name: name.trim_start_matches('.').to_owned(), fields })
            }
            Kind::Comprehension(fold) => self.fold(fold),
        }
    }

    fn identifier(&mut self, name: &str) -> Node {
        if let Some(place) = self.local(name) {
            return Node::Attribute(Attribute { base: Base::Local(place), qualifiers: Vec::new() });
        }
        let name = name.strip_prefix('.').unwrap_or(name);
        if self.environment.declared(name).is_none()
            && let Some(kind) = self.environment.type_named(name)
        {
            return Node::Constant(Value::Type(kind));
        }
        let known = self.variables.iter().position(|variable| variable == name);
        let number = known.unwrap_or_else(|| {
            self.variables.push(name.to_owned());
            self.variables.len() - 1
        });
        Node::Attribute(Attribute { base: Base::Variable(number), qualifiers: Vec::new() })
    }

    fn local(&self, name: &str) -> Option<usize> {
        self.scopes.iter().rposition(|scope| scope == name)
    }

    fn attribute(&mut self, operand: &Expr) -> Result<Attribute, Failure> {
        Ok(match self.node(operand)? {
            Node::Attribute(attribute) => attribute,
            other => Attribute { base: Base::Relative(Box::new(other)), qualifiers: Vec::new() },
        })
    }

    fn pair(&mut self, args: &[Expr]) -> Result<Box<[Node; 2]>, Failure> {
        let [left, right] = args else { return evaluate::malformed() };
        Ok(Box::new([self.node(left)?, self.node(right)?]))
    }

    fn call(&mut self, id: Id, target: Option<&Expr>, function: &str, args: &[Expr]) -> Planned {
        match function {
            operator::AND => return self.pair(args).map(Node::And),
            operator::OR => return self.pair(args).map(Node::Or),
            operator::EQUALS | operator::NOT_EQUALS => {
                return Ok(Node::Equal { sides: self.pair(args)?, negated: function == operator::NOT_EQUALS });
            }
            operator::CONDITIONAL => return self.conditional(args),
            operator::INDEX | operator::OPTIONAL_INDEX | operator::OPTIONAL_SELECT => return self.index(function, args),
            operator::ADD | operator::MAP_INSERT => {
                if let Some(node) = self.in_place(args)? {
                    return Ok(node);
                }
            }
            _ => {}
        }
        let Some((function, overloads)) = self.checked.overloads.get(&id) else { return evaluate::malformed() };
        let nodes = target.into_iter().chain(args).map(|arg| self.node(arg)).collect::<Result<Vec<_>, Failure>>()?;
        self.planned_call(function, overloads, nodes)
    }

    fn planned_call(&mut self, function: &'static Function, overloads: &[&'static Overload], mut args: Vec<Node>) -> Planned {
        let overload = match overloads {
            [only] => only.id,
            _ => "",
        };
        if matches!(function.name, "or" | "orValue") && args.len() == 2 && overload.starts_with("optional_or") {
            let (Some(right), Some(left)) = (args.pop(), args.pop()) else { return evaluate::malformed() };
            return Ok(Node::Fallback { sides: Box::new([left, right]), to_value: function.name == "orValue" });
        }
        if overload == "in_list" {
            match membership(args) {
                Ok(node) => return Ok(node),
                Err(unchanged) => args = unchanged,
            }
        }
        let conversion = library::CONVERSIONS.contains(&function.name) && args.len() == 1 && args.iter().all(Node::is_constant);
        let regex = constant_pattern(function.name, &args)?;
        let cost = CallCost::of(function.name, overload);
        folded(conversion, Node::Call(Box::new(Call { function, overloads: overloads.to_vec(), args, cost, regex })))
    }

    fn conditional(&mut self, args: &[Expr]) -> Planned {
        let [condition, truthy, falsy] = args else { return evaluate::malformed() };
        let parts = (self.node(condition)?, self.attribute(truthy)?, self.attribute(falsy)?);
        Ok(Node::Attribute(Attribute { base: Base::Conditional(Box::new(parts)), qualifiers: Vec::new() }))
    }

    fn index(&mut self, function: &str, args: &[Expr]) -> Planned {
        let [operand, index] = args else { return evaluate::malformed() };
        let mut attribute = self.attribute(operand)?;
        let key = match self.node(index)? {
            Node::Constant(value) => QualifierKey::Constant(value),
            Node::Attribute(index) => QualifierKey::Attribute(index),
            other => QualifierKey::Computed(other),
        };
        attribute.push(Qualifier { key, optional: function != operator::INDEX });
        Ok(Node::Attribute(attribute))
    }

    /// A step of a fold that adds to its accumulator, which then is changed, not copied.
    fn in_place(&mut self, args: &[Expr]) -> Result<Option<Node>, Failure> {
        let Some((Expr { kind: Kind::Ident(name), .. }, rest)) = args.split_first() else { return Ok(None) };
        let Some(accumulator) = self.local(name).filter(|_| name == operator::RESULT) else { return Ok(None) };
        Ok(match rest {
            [Expr { kind: Kind::List(elements), .. }] => match elements.as_slice() {
                [element] => Some(Node::Append { accumulator, element: Box::new(self.node(&element.value)?) }),
                _ => None,
            },
            [key, value] => Some(Node::Insert { accumulator, key: Box::new(self.node(key)?), value: Box::new(self.node(value)?) }),
            _ => None,
        })
    }

    fn fold(&mut self, fold: &Comprehension) -> Planned {
        let range = self.node(&fold.range)?;
        let initial = self.node(&fold.initial)?;
        let accumulator = self.scopes.len();
        self.scopes.push(fold.accumulator.clone());
        self.scopes.push(fold.variable.clone());
        self.scopes.extend(fold.second_variable.clone());
        let condition = self.node(&fold.condition)?;
        let step = self.node(&fold.step)?;
        self.scopes.truncate(accumulator + 1);
        let result = self.node(&fold.result)?;
        self.scopes.truncate(accumulator);
        let bind = matches!(&fold.condition.kind, Kind::Literal(Literal::Bool(false)));
        let two_variables = fold.second_variable.is_some();
        Ok(Node::Fold(Box::new(Fold { range, two_variables, accumulator, initial, condition, step, result, bind })))
    }
}

impl Node {
    fn is_constant(&self) -> bool {
        matches!(self, Node::Constant(_))
    }
}

impl Attribute {
    /// One selection more. Behind a condition it belongs to both branches.
    fn push(&mut self, qualifier: Qualifier) {
        self.qualifiers.push(qualifier);
    }
}

/// The node, or its value where it only has constants.
fn folded(constant: bool, node: Node) -> Planned {
    if !constant {
        return Ok(node);
    }
    evaluate::constant(&node).map(Node::Constant)
}

fn constant(literal: &Literal) -> Value<'static> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Uint(value) => Value::Uint(*value),
        Literal::Double(value) => Value::Double(*value),
        Literal::String(text) => Value::text(text.as_str()),
        Literal::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
    }
}

/// Membership in a constant list as a look into a set, or the arguments as they were.
fn membership(mut args: Vec<Node>) -> Result<Node, Vec<Node>> {
    let Some(Node::Constant(Value::List(List::Values(values)))) = args.get(1) else { return Err(args) };
    if values.is_empty() {
        return Ok(Node::Constant(Value::Bool(false)));
    }
    let keys: Option<BTreeSet<Key<'static>>> = values.iter().map(Key::of).collect();
    match (keys, args.is_empty()) {
        (Some(set), false) => Ok(Node::Member { element: Box::new(args.swap_remove(0)), set }),
        _ => Err(args),
    }
}

fn constant_pattern(function: &str, args: &[Node]) -> Result<Option<Regex>, Failure> {
    if !matches!(function, "matches" | "find" | "findAll") {
        return Ok(None);
    }
    let Some(Node::Constant(Value::String(pattern))) = args.get(1) else { return Ok(None) };
    library::regex(pattern).map(Some)
}
