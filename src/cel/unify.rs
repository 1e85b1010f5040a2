//! Whether one type may stand where another is wanted, and what that says about the variables in them.

use std::sync::Arc;

use crate::types::Type;

/// What is known of the checker's type variables. A failed attempt leaves no trace.
#[derive(Default)]
pub(crate) struct Bindings {
    bound: Vec<Option<Type>>,
    /// What was overwritten, newest last, so that an attempt can be taken back.
    trail: Vec<(u32, Option<Type>)>,
}

impl Bindings {
    /// A new variable.
    pub(crate) fn variable(&mut self) -> Type {
        let number = u32::try_from(self.bound.len()).unwrap_or(u32::MAX);
        self.bound.push(None);
        Type::Parameter(number)
    }

    /// A signature's types with variables in place of its parameters.
    pub(crate) fn instantiate(&mut self, types: &[Type], parameters: u32) -> Vec<Type> {
        if parameters == 0 {
            return types.to_vec();
        }
        let variables: Vec<Type> = (0..parameters).map(|_| self.variable()).collect();
        types.iter().map(|kind| replace(kind, &|number| variables.get(number as usize).cloned())).collect()
    }

    pub(crate) fn is_assignable(&mut self, from: &Type, to: &Type) -> bool {
        self.attempt(|bindings| bindings.assignable(from, to))
    }

    pub(crate) fn are_assignable(&mut self, from: &[Type], to: &[Type]) -> bool {
        self.attempt(|bindings| from.len() == to.len() && from.iter().zip(to).all(|(from, to)| bindings.assignable(from, to)))
    }

    fn attempt(&mut self, act: impl FnOnce(&mut Self) -> bool) -> bool {
        self.trail.clear();
        let done = act(self);
        if !done {
            while let Some((number, before)) = self.trail.pop() {
                if let Some(place) = self.bound.get_mut(number as usize) {
                    *place = before;
                }
            }
        }
        done
    }

    fn bind(&mut self, number: u32, to: Type) {
        if let Some(place) = self.bound.get_mut(number as usize) {
            self.trail.push((number, place.replace(to)));
        }
    }

    fn bound(&self, number: u32) -> Option<&Type> {
        self.bound.get(number as usize)?.as_ref()
    }

    /// The type with all that is known of its variables; what is not known becomes dyn if asked for.
    pub(crate) fn substitute(&self, kind: &Type, free_to_dyn: bool) -> Type {
        replace(kind, &|number| match self.bound(number) {
            Some(bound) => Some(self.substitute(&bound.clone(), free_to_dyn)),
            None => free_to_dyn.then_some(Type::Dyn),
        })
    }

    fn assignable(&mut self, from: &Type, to: &Type) -> bool {
        if let Type::Parameter(number) = to {
            match self.substitution(from, *number) {
                (true, _) => return true,
                (false, true) => return false,
                (false, false) => {}
            }
        }
        if let Type::Parameter(number) = from {
            return self.substitution(to, *number).0;
        }
        if from.is_dyn_or_error() || to.is_dyn_or_error() {
            return true;
        }
        match (from, to) {
            (Type::Null, other) | (other, Type::Null) => {
                matches!(other, Type::Null | Type::Opaque(..) | Type::Object(_) | Type::Library(_) | Type::Duration | Type::Timestamp)
            }
            (Type::List(from), Type::List(to)) => self.assignable(from, to),
            (Type::Map(from), Type::Map(to)) => self.assignable(&from.0, &to.0) && self.assignable(&from.1, &to.1),
            (Type::Opaque(left, from), Type::Opaque(right, to)) => {
                left == right && from.len() == to.len() && from.iter().zip(to.iter()).all(|(from, to)| self.assignable(from, to))
            }
            (Type::Type(_), Type::Type(_)) => true,
            _ => from.is_exactly(to),
        }
    }

    /// Whether a type may stand for a variable, and whether the variable stood for something before.
    fn substitution(&mut self, kind: &Type, number: u32) -> (bool, bool) {
        if matches!(kind, Type::Parameter(other) if *other == number) {
            return (true, true);
        }
        let Some(before) = self.bound(number).cloned() else {
            let free = self.is_free_in(number, kind);
            if free {
                self.bind(number, kind.clone());
            }
            return (free, false);
        };
        if before.is_exactly(kind) {
            return (true, true);
        }
        if !self.assignable(kind, &before) {
            return (false, true);
        }
        let general = if less_specific(kind, &before) { kind.clone() } else { before };
        if self.is_free_in(number, &general) {
            self.bind(number, general);
        }
        (true, true)
    }

    /// Whether a variable does not occur within a type.
    fn is_free_in(&self, number: u32, kind: &Type) -> bool {
        match kind {
            Type::Parameter(other) => *other != number && self.bound(*other).is_none_or(|bound| self.is_free_in(number, bound)),
            Type::List(element) => self.is_free_in(number, element),
            Type::Map(entry) => self.is_free_in(number, &entry.0) && self.is_free_in(number, &entry.1),
            Type::Opaque(_, parameters) => parameters.iter().all(|parameter| self.is_free_in(number, parameter)),
            Type::Type(Some(of)) => self.is_free_in(number, of),
            _ => true,
        }
    }
}

/// Of two types that agree, whether the first is no more specific than the second.
fn less_specific(left: &Type, right: &Type) -> bool {
    if matches!(left, Type::Dyn | Type::Parameter(_)) {
        return true;
    }
    if matches!(right, Type::Dyn | Type::Parameter(_)) {
        return false;
    }
    match (left, right) {
        (Type::List(left), Type::List(right)) => less_specific(left, right),
        (Type::Map(left), Type::Map(right)) => less_specific(&left.0, &right.0) && less_specific(&left.1, &right.1),
        (Type::Opaque(left, ours), Type::Opaque(right, theirs)) => {
            left == right && ours.len() == theirs.len() && ours.iter().zip(theirs.iter()).all(|(left, right)| less_specific(left, right))
        }
        (Type::Type(_), Type::Type(_)) => true,
        _ => left.is_exactly(right),
    }
}

/// The more general of two types that agree.
pub(crate) fn most_general(left: Type, right: Type) -> Type {
    if less_specific(&left, &right) { left } else { right }
}

fn replace(kind: &Type, with: &dyn Fn(u32) -> Option<Type>) -> Type {
    match kind {
        Type::Parameter(number) => with(*number).unwrap_or_else(|| kind.clone()),
        Type::List(element) => Type::list(replace(element, with)),
        Type::Map(entry) => Type::map(replace(&entry.0, with), replace(&entry.1, with)),
        Type::Opaque(name, parameters) if !parameters.is_empty() => {
            Type::Opaque(name, parameters.iter().map(|parameter| replace(parameter, with)).collect())
        }
        Type::Type(Some(of)) => Type::Type(Some(Arc::new(replace(of, with)))),
        _ => kind.clone(),
    }
}
