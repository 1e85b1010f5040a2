//! The functions an expression can call: their overloads, read from tables that write a signature as documentation does.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::evaluate::{Context, Outcome};
use crate::library;
use crate::types::Type;
use crate::value::Value;

/// What a function does with its arguments; a receiver is the first.
pub(crate) type Implementation = for<'a, 'c> fn(&Context<'a, 'c>, &[Value<'a>]) -> Outcome<'a>;

/// One row of a library's table.
pub(crate) struct Row {
    /// The name by which costs know the overload.
    pub(crate) id: &'static str,
    pub(crate) function: &'static str,
    /// `(string, int) -> bool`, or `string.(int) -> bool` for a method. `A`, `B` and `V` are any type.
    pub(crate) signature: &'static str,
    pub(crate) implementation: Implementation,
    /// The minor version of Kubernetes from which new expressions may use it.
    pub(crate) since: u32,
}

pub(crate) const fn row(id: &'static str, function: &'static str, signature: &'static str, implementation: Implementation) -> Row {
    Row { id, function, signature, implementation, since: 0 }
}

/// A way to call a function.
pub(crate) struct Overload {
    pub(crate) id: &'static str,
    pub(crate) member: bool,
    pub(crate) args: Vec<Type>,
    pub(crate) result: Type,
    /// How many type parameters the signature has.
    pub(crate) parameters: u32,
    pub(crate) implementation: Implementation,
    pub(crate) since: u32,
}

pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) overloads: Vec<Overload>,
}

static FUNCTIONS: LazyLock<HashMap<&'static str, Function>> = LazyLock::new(|| {
    let mut functions: HashMap<&'static str, Function> = HashMap::new();
    for row in library::tables() {
        let function = functions.entry(row.function).or_insert_with(|| Function { name: row.function, overloads: Vec::new() });
        function.overloads.push(overload(row));
    }
    functions
});

/// The function of a name, whatever version it came with.
pub(crate) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.get(name)
}

fn overload(row: &Row) -> Overload {
    let mut reader = Reader { rest: row.signature, names: Vec::new() };
    let mut args = Vec::new();
    let member = !reader.rest.starts_with('(');
    if member {
        args.push(reader.kind());
        reader.skip(".");
    }
    reader.skip("(");
    while !reader.rest.starts_with(')') {
        args.push(reader.kind());
        reader.skip(",");
    }
    reader.skip(")");
    reader.skip("->");
    let result = reader.kind();
    let parameters = u32::try_from(reader.names.len()).unwrap_or(0);
    Overload { id: row.id, member, args, result, parameters, implementation: row.implementation, since: row.since }
}

/// Reads the types of a signature. The tables are our own: what is not known there is dyn, and a test looks for it.
struct Reader {
    rest: &'static str,
    /// The parameters' letters, by number.
    names: Vec<&'static str>,
}

impl Reader {
    fn skip(&mut self, mark: &str) {
        self.rest = self.rest.trim_start();
        self.rest = self.rest.strip_prefix(mark).unwrap_or(self.rest).trim_start();
    }

    fn kind(&mut self) -> Type {
        let end = self.rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        match name {
            "list" => Type::list(self.inside()),
            "map" => {
                self.skip("(");
                let key = self.kind();
                self.skip(",");
                let value = self.kind();
                self.skip(")");
                Type::map(key, value)
            }
            "optional" => Type::optional(self.inside()),
            "type" => Type::Type(Some(self.inside().into())),
            _ if name.len() == 1 => {
                let known = self.names.iter().position(|known| *known == name);
                let number = known.unwrap_or_else(|| {
                    self.names.push(name);
                    self.names.len() - 1
                });
                Type::Parameter(u32::try_from(number).unwrap_or(0))
            }
            _ => library::type_of(name).unwrap_or(Type::Dyn),
        }
    }

    fn inside(&mut self) -> Type {
        self.skip("(");
        let inside = self.kind();
        self.skip(")");
        inside
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_tables_are_sound() {
        let mut ids = HashSet::new();
        for row in library::tables() {
            assert!(ids.insert(row.id), "{} is twice in the tables", row.id);
            for word in row.signature.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| word.len() > 1) {
                assert!(matches!(word, "list" | "map" | "optional" | "type") || library::type_of(word).is_some(), "{word} in {}", row.id);
            }
        }
        assert_eq!(function("indexOf").map(|function| function.overloads.len()), Some(3));
    }
}
