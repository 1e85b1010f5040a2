//! The parts of a parsed template, and how error messages spell them.

use std::fmt;

/// A sequence of parts.
pub type List = Vec<Node>;

/// What stands in the body of a template.
#[derive(Clone, Debug)]
pub enum Node {
    Text(String),
    Action(Pipe),
    If(Branch),
    Range(Branch),
    With(Branch),
    /// A call of another template; `shown` is its source as error messages spell it.
    Template {
        position: usize,
        shown: String,
        name: String,
        pipe: Option<Pipe>,
    },
    Break,
    Continue,
}

/// `{{if}}`, `{{range}}` or `{{with}}`.
#[derive(Clone, Debug)]
pub struct Branch {
    pub pipe: Pipe,
    pub list: List,
    pub otherwise: List,
}

/// Commands, each of which gets the result of the one before as its last argument; variables get the result.
#[derive(Clone, Debug)]
pub struct Pipe {
    pub position: usize,
    pub variables: Vec<String>,
    /// `=` instead of `:=`.
    pub assigns: bool,
    pub commands: Vec<Command>,
}

/// A function or value with its arguments.
#[derive(Clone, Debug)]
pub struct Command {
    pub position: usize,
    pub arguments: Vec<Operand>,
}

/// One operand and where it stands.
#[derive(Clone, Debug)]
pub struct Operand {
    pub position: usize,
    pub term: Term,
}

/// A value in a command.
#[derive(Clone, Debug)]
pub enum Term {
    Dot,
    Nil,
    Bool(bool),
    Int(i64, String),
    /// A character constant.
    Rune(i64, String),
    Float(f64, String),
    /// A string and its source.
    Text(String, String),
    Field(Vec<String>),
    /// `$x`, with fields after it.
    Variable(Vec<String>),
    Function(String),
    Pipe(Box<Pipe>),
    /// Fields of a parenthesized pipeline or of a function's result.
    Chain(Box<Operand>, Vec<String>),
}

impl fmt::Display for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dot => formatter.write_str("."),
            Self::Nil => formatter.write_str("nil"),
            Self::Bool(flag) => write!(formatter, "{flag}"),
            Self::Int(_, source) | Self::Rune(_, source) | Self::Float(_, source) | Self::Text(_, source) => formatter.write_str(source),
            Self::Field(names) => names.iter().try_for_each(|name| write!(formatter, ".{name}")),
            Self::Variable(names) => formatter.write_str(&names.join(".")),
            Self::Function(name) => formatter.write_str(name),
            Self::Pipe(pipe) => write!(formatter, "({pipe})"),
            Self::Chain(operand, names) => {
                write!(formatter, "{}", operand.term)?;
                names.iter().try_for_each(|name| write!(formatter, ".{name}"))
            }
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, argument) in self.arguments.iter().enumerate() {
            let blank = if index > 0 { " " } else { "" };
            write!(formatter, "{blank}{}", argument.term)?;
        }
        Ok(())
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            write!(formatter, "{} {} ", self.variables.join(", "), if self.assigns { "=" } else { ":=" })?;
        }
        for (index, command) in self.commands.iter().enumerate() {
            let bar = if index > 0 { " | " } else { "" };
            write!(formatter, "{bar}{command}")?;
        }
        Ok(())
    }
}
