//! Sets that were written when a type had other markers: where something has become atomic since, its owner owns it as a whole.

use super::field_set::FieldSet;
use super::path::{Path, PathElement};
use super::types::{List, Map, Relation, Shape, TypeRef};

impl FieldSet {
    /// The set as it would have been written today.
    #[must_use]
    pub(super) fn reconciled(self, schema: TypeRef<'_>) -> Self {
        let mut wholes = Vec::new();
        visit(&self, schema, false, &mut Vec::new(), &mut wholes);
        if wholes.is_empty() {
            return self;
        }
        let mut whole = Self::new();
        wholes.iter().for_each(|path| whole.insert(path));
        self.recursive_difference(&whole).union(whole)
    }
}

fn visit(set: &FieldSet, schema: TypeRef<'_>, leaf: bool, path: &mut Path, wholes: &mut Vec<Path>) {
    match schema.shape(None) {
        Some(Shape::Map(map)) if TypeRef::is_deduced_map(map) => {}
        Some(Shape::Map(map)) if !map.atomic => steps(set, path, wholes, |step| of_map(schema, map, step)),
        Some(Shape::List(list)) if list.relation != Relation::Atomic => steps(set, path, wholes, |step| of_list(schema, list, step)),
        Some(Shape::Map(_)) if !leaf && !set.is_empty() => wholes.push(path.clone()),
        Some(Shape::List(_)) if !leaf => wholes.push(path.clone()),
        _ => {}
    }
}

fn of_map<'a>(schema: TypeRef<'a>, map: &Map, step: &PathElement) -> Option<TypeRef<'a>> {
    let PathElement::Field(name) = step else { return None };
    schema.member(map, name)
}
fn of_list<'a>(schema: TypeRef<'a>, list: &List, _: &PathElement) -> Option<TypeRef<'a>> {
    Some(schema.at(list.items))
}

fn steps<'a>(set: &FieldSet, path: &mut Path, wholes: &mut Vec<Path>, schema: impl Fn(&PathElement) -> Option<TypeRef<'a>>) {
    for (step, node) in set.nodes() {
        if let Some(schema) = schema(step) {
            path.push(step.clone());
            visit(&node.below, schema, node.member && node.below.is_empty(), path, wholes);
            path.pop();
        }
    }
}
