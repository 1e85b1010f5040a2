//! What an expression may name: variables with their types, the functions of a version, the types of objects it can make.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::declaration::Declared;
use crate::library;
use crate::signature::{self, Function};
use crate::types::{ObjectType, Type};

/// The version whose new functions stored expressions may use: the server's own.
const CURRENT_MINOR: u32 = 37;

/// Variables, functions and types of an expression.
#[derive(Clone, Debug)]
pub struct Environment {
    minor: u32,
    variables: HashMap<String, Declared>,
    /// Whether expressions can make `Object`s and `JSONPatch`es.
    patches: bool,
}

impl Environment {
    /// For expressions that are stored already, by this version or an older one.
    pub fn stored() -> Self {
        Self { minor: CURRENT_MINOR, variables: HashMap::new(), patches: false }
    }

    /// For expressions that a request brings: only what the version before this one also knows, so that going back to it is safe.
    pub fn new_expressions() -> Self {
        Self { minor: CURRENT_MINOR - 1, ..Self::stored() }
    }

    /// With one more variable. A name may have dots.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, declared: impl Into<Declared>) -> Self {
        self.variables.insert(name.into(), declared.into());
        self
    }

    /// With the objects and functions of mutating policies: `Object{...}`, `JSONPatch{...}`, `jsonpatch.escapeKey`.
    #[must_use]
    pub fn patches(mut self) -> Self {
        self.patches = true;
        self
    }

    pub(crate) fn minor(&self) -> u32 {
        self.minor
    }

    pub(crate) fn declared(&self, name: &str) -> Option<&Declared> {
        self.variables.get(name)
    }

    /// The type of a name: a variable, or the type of a type.
    pub(crate) fn identifier(&self, name: &str) -> Option<Type> {
        let name = name.strip_prefix('.').unwrap_or(name);
        if let Some(declared) = self.variables.get(name) {
            return Some(declared.kind.clone());
        }
        self.type_named(name).map(|named| Type::Type(Some(Arc::new(named))))
    }

    /// The type that a name is.
    pub(crate) fn type_named(&self, name: &str) -> Option<Type> {
        let name = name.strip_prefix('.').unwrap_or(name);
        if self.patches
            && let Some(object) = patch_type(name)
        {
            return Some(object);
        }
        library::type_named(name).or_else(|| self.variables.values().find_map(|declared| object_named(&declared.kind, name)))
    }

    /// The function of a name, if any of its overloads may be used.
    pub(crate) fn function(&self, name: &str) -> Option<&'static Function> {
        let name = name.strip_prefix('.').unwrap_or(name);
        if name.starts_with("jsonpatch.") && !self.patches {
            return None;
        }
        signature::function(name).filter(|function| function.overloads.iter().any(|overload| overload.since <= self.minor))
    }
}

/// The objects of mutating policies. Nothing is known of an object's fields.
pub(crate) fn patch_type(name: &str) -> Option<Type> {
    let object = |fields, open| Some(Type::Object(Arc::new(ObjectType { name: name.to_owned(), fields, open })));
    if name == "JSONPatch" {
        let fields = [("op", Type::String), ("path", Type::String), ("from", Type::String), ("value", Type::Dyn)];
        return object(fields.into_iter().map(|(name, kind)| (name.to_owned(), kind.into())).collect(), false);
    }
    if name == "Object" || name.starts_with("Object.") { object(BTreeMap::new(), true) } else { None }
}

/// The object type of a name within a type. Names within are longer than those around them.
fn object_named(kind: &Type, name: &str) -> Option<Type> {
    match kind {
        Type::Object(object) if object.name == name => Some(kind.clone()),
        Type::Object(object) => object.fields.values().find_map(|declared| object_named(&declared.kind, name)),
        Type::List(element) => object_named(element, name),
        Type::Map(entry) => object_named(&entry.1, name),
        _ => None,
    }
}
