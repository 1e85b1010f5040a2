//! Sets of paths, as trees: what a manager owns.

use super::path::{Path, PathElement};
use super::types::TypeRef;

/// A set of paths. A path may be in it with or without paths below it. The steps are sorted: most sets are made in that order and have few steps at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(Vec<(PathElement, Node)>);

/// A step: whether the path that ends here is in the set, and what is below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) member: bool,
    pub(super) below: FieldSet,
}

impl Node {
    /// A path that ends here.
    pub(super) const LEAF: Self = Self { member: true, below: FieldSet(Vec::new()) };

    pub(super) fn is_empty(&self) -> bool {
        !self.member && self.below.is_empty()
    }
    pub(super) fn add(&mut self, other: Self) {
        self.member |= other.member;
        self.below.add(other.below);
    }
}

impl FieldSet {
    pub fn new() -> Self {
        Self::default()
    }
    /// Sets of plain fields, for tables: `spec`, `metadata.labels`.
    pub fn of_fields(paths: &[&str]) -> Self {
        let mut set = Self::new();
        for path in paths {
            set.insert(&path.split('.').map(PathElement::field).collect::<Vec<_>>());
        }
        set
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Where a step stands, or where it would.
    fn place(&self, element: &PathElement) -> Result<usize, usize> {
        match self.0.last() {
            Some((last, _)) if last >= element => self.0.binary_search_by(|(step, _)| step.cmp(element)),
            _ => Err(self.0.len()),
        }
    }
    fn get(&self, element: &PathElement) -> Option<&Node> {
        self.place(element).ok().map(|at| &self.0[at].1)
    }
    fn node_mut(&mut self, element: &PathElement) -> &mut Node {
        let at = self.place(element).unwrap_or_else(|at| {
            self.0.insert(at, (element.clone(), Node::default()));
            at
        });
        &mut self.0[at].1
    }
    /// Adds a path. The empty path is in no set.
    pub fn insert(&mut self, path: &[PathElement]) {
        let Some((first, rest)) = path.split_first() else { return };
        let node = self.node_mut(first);
        if rest.is_empty() {
            node.member = true;
        } else {
            node.below.insert(rest);
        }
    }
    pub fn has(&self, path: &[PathElement]) -> bool {
        let Some((first, rest)) = path.split_first() else { return false };
        self.get(first).is_some_and(|node| if rest.is_empty() { node.member } else { node.below.has(rest) })
    }
    pub(super) fn has_element(&self, element: &PathElement) -> bool {
        self.get(element).is_some_and(|node| node.member)
    }
    /// What is below a step, if anything is.
    pub(super) fn below(&self, element: &PathElement) -> Option<&Self> {
        self.get(element).map(|node| &node.below).filter(|below| !below.is_empty())
    }
    pub(super) fn nodes(&self) -> impl Iterator<Item = (&PathElement, &Node)> {
        self.0.iter().map(|(element, node)| (element, node))
    }
    /// Adds what is at and below a step.
    pub(super) fn put(&mut self, element: PathElement, node: Node) {
        if node.is_empty() {
            return;
        }
        match self.place(&element) {
            Ok(at) => self.0[at].1.add(node),
            Err(at) => self.0.insert(at, (element, node)),
        }
    }
    /// Every path, in order.
    pub fn paths(&self) -> Vec<Path> {
        let mut all = Vec::new();
        self.collect(&mut Vec::new(), &mut all);
        all
    }
    fn collect(&self, at: &mut Path, all: &mut Vec<Path>) {
        for (element, node) in &self.0 {
            at.push(element.clone());
            if node.member {
                all.push(at.clone());
            }
            node.below.collect(at, all);
            at.pop();
        }
    }
    /// The paths of either.
    #[must_use]
    pub fn union(mut self, other: Self) -> Self {
        self.add(other);
        self
    }
    pub(super) fn add(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
            return;
        }
        for (element, node) in other.0 {
            self.put(element, node);
        }
    }
    /// The paths of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut both = Self::new();
        for (element, node) in &self.0 {
            if let Some(theirs) = other.get(element) {
                let node = Node { member: node.member && theirs.member, below: node.below.intersection(&theirs.below) };
                both.put(element.clone(), node);
            }
        }
        both
    }
    /// The paths that the other does not have.
    #[must_use]
    pub fn difference(mut self, other: &Self) -> Self {
        self.take_off(other, false);
        self
    }
    /// The paths that are neither in the other nor below a path of it.
    #[must_use]
    pub fn recursive_difference(mut self, other: &Self) -> Self {
        self.take_off(other, true);
        self
    }
    fn take_off(&mut self, other: &Self, recursive: bool) {
        if other.is_empty() {
            return;
        }
        self.0.retain_mut(|(element, node)| {
            let Some(theirs) = other.get(element) else { return true };
            node.member &= !theirs.member;
            if recursive && theirs.member {
                return false;
            }
            node.below.take_off(&theirs.below, recursive);
            !node.is_empty()
        });
    }
    /// The set with the fields of structs on the way to its paths: they are not told in a set, and have to be where sets decide what is removed.
    #[must_use]
    pub(super) fn with_named_fields(&self, schema: Option<TypeRef<'_>>) -> Self {
        let map = schema.and_then(TypeRef::map);
        let list = schema.and_then(TypeRef::list);
        let mut all = Self::new();
        for (element, node) in &self.0 {
            let (named, below) = match (element, map, list) {
                (PathElement::Field(name), Some(map), _) => {
                    let field = map.fields.get(name);
                    let below = field.map(|field| field.holds).or(map.values);
                    (field.is_some() && !node.below.is_empty(), below)
                }
                (PathElement::Key(_), _, Some(list)) => (false, Some(list.items)),
                _ => (false, None),
            };
            let below = below.and_then(|id| schema.map(|schema| schema.at(id)));
            all.put(element.clone(), Node { member: node.member || named, below: node.below.with_named_fields(below) });
        }
        all
    }
}

/// Which fields of an endpoint nobody can own, because what is written to them there is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldFilter {
    /// All but these and what is below them.
    Exclude(FieldSet),
    /// Nothing but what is at or below these; `*` stands for any step.
    Include(Vec<Vec<&'static str>>),
}

impl FieldFilter {
    #[must_use]
    pub fn apply(&self, set: FieldSet) -> FieldSet {
        match self {
            Self::Exclude(excluded) => set.recursive_difference(excluded),
            Self::Include(patterns) => included(&set, &patterns.iter().map(Vec::as_slice).collect::<Vec<_>>()),
        }
    }
}

fn included(set: &FieldSet, patterns: &[&[&'static str]]) -> FieldSet {
    let mut kept = FieldSet::new();
    for (element, node) in set.nodes() {
        let matches = |step: &str| step == "*" || matches!(element, PathElement::Field(name) if **name == *step);
        let rest: Vec<&[&'static str]> =
            patterns.iter().filter_map(|pattern| pattern.split_first().filter(|(step, _)| matches(step)).map(|(_, rest)| rest)).collect();
        if rest.iter().any(|rest| rest.is_empty()) {
            kept.put(element.clone(), node.clone());
        } else if !rest.is_empty() {
            // a path that ends before its pattern does is not the pattern's
            kept.put(element.clone(), Node { member: false, below: included(&node.below, &rest) });
        }
    }
    kept
}
