//! The built-in types and how their fields merge: which lists are keyed and by what, which are sets, which are replaced whole. Three tables: the fields
//! of every type (`types.tsv`, generated from the OpenAPI schemas; a test keeps it fresh), the facts about merging (`merge_keys.tsv`, from upstream's
//! struct tags and markers), and what stands in a field that nobody has set (`zero_values.tsv`, from upstream's struct tags). Strategic merge patches walk
//! them with [`Schema`], server-side apply with [`crate::apply::Types`].
//! Types that they do not know merge field by field and replace lists, as JSON merge patches do.

mod fault;
mod unknown;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::gvk::Gvk;

pub use fault::type_fault;
pub use unknown::unknown_fields;

const FACTS: &str = include_str!("merge_keys.tsv");
/// A type a row: `core.v1.Container`, then `name=type` for each of its fields. See [`FieldType`].
const TYPES: &str = include_str!("types.tsv");
/// A type a row, then `name=value` for the fields that upstream's structs always have.
const ZERO_VALUES: &str = include_str!("zero_values.tsv");

/// Groups whose types are built in, with their short names in the tables.
const GROUPS: [(&str, &str); 23] = [
    ("", "core"),
    ("admissionregistration.k8s.io", "admissionregistration"),
    ("apiextensions.k8s.io", "apiextensions"),
    ("apiregistration.k8s.io", "apiregistration"),
    ("apps", "apps"),
    ("authentication.k8s.io", "authentication"),
    ("authorization.k8s.io", "authorization"),
    ("autoscaling", "autoscaling"),
    ("batch", "batch"),
    ("certificates.k8s.io", "certificates"),
    ("coordination.k8s.io", "coordination"),
    ("discovery.k8s.io", "discovery"),
    ("events.k8s.io", "events"),
    ("flowcontrol.apiserver.k8s.io", "flowcontrol"),
    ("internal.apiserver.k8s.io", "apiserverinternal"),
    ("networking.k8s.io", "networking"),
    ("node.k8s.io", "node"),
    ("policy", "policy"),
    ("rbac.authorization.k8s.io", "rbac"),
    ("resource.k8s.io", "resource"),
    ("scheduling.k8s.io", "scheduling"),
    ("storage.k8s.io", "storage"),
    ("storagemigration.k8s.io", "storagemigration"),
];

/// Types that server-side apply owns as a whole.
pub(crate) const ATOMIC_TYPES: [&str; 39] = [
    "admissionregistration.v1.MatchResources",
    "admissionregistration.v1.NamedRuleWithOperations",
    "admissionregistration.v1.ParamKind",
    "admissionregistration.v1.ParamRef",
    "admissionregistration.v1.Variable",
    "admissionregistration.v1alpha1.MatchResources",
    "admissionregistration.v1alpha1.NamedRuleWithOperations",
    "admissionregistration.v1alpha1.ParamKind",
    "admissionregistration.v1alpha1.ParamRef",
    "admissionregistration.v1beta1.MatchResources",
    "admissionregistration.v1beta1.NamedRuleWithOperations",
    "admissionregistration.v1beta1.ParamKind",
    "admissionregistration.v1beta1.ParamRef",
    "admissionregistration.v1beta1.Variable",
    "autoscaling.v1.CrossVersionObjectReference",
    "core.v1.ConfigMapKeySelector",
    "core.v1.EndpointAddress",
    "core.v1.EndpointPort",
    "core.v1.EvictionResponder",
    "core.v1.FileKeySelector",
    "core.v1.LocalObjectReference",
    "core.v1.NodeSelector",
    "core.v1.NodeSelectorTerm",
    "core.v1.ObjectFieldSelector",
    "core.v1.ObjectReference",
    "core.v1.ResourceFieldSelector",
    "core.v1.ScopeSelector",
    "core.v1.SecretKeySelector",
    "core.v1.SecretReference",
    "core.v1.TopologySelectorTerm",
    "core.v1.TypedLocalObjectReference",
    "discovery.v1.EndpointPort",
    "lifecycle.v1alpha1.Requester",
    "lifecycle.v1alpha1.TargetResponder",
    "meta.v1.LabelSelector",
    "meta.v1.OwnerReference",
    "networking.v1.ServiceBackendPort",
    "rbac.v1.RoleRef",
    "rbac.v1.Subject",
];

/// What strategic merge patches do with a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// Maps merge, lists are replaced.
    #[default]
    None,
    /// A list merges with the other, by its merge key or as a set.
    Merge,
    /// A map is replaced.
    Replace,
}

/// What server-side apply does with a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListType {
    #[default]
    Atomic,
    /// Of scalars, each owned.
    Set,
    /// Of maps, told apart by [`Facts::list_map_keys`].
    Map,
}

/// How one field merges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub strategy: Strategy,
    /// Keys that the patch does not name are dropped from the merged map.
    pub retain_keys: bool,
    pub merge_key: Option<&'static str>,
    pub list_type: ListType,
    pub list_map_keys: Vec<&'static str>,
    pub map_type: MapType,
}

/// What server-side apply does with a map or a struct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapType {
    /// As its type says.
    #[default]
    OfType,
    /// It is owned field by field, whatever its type says.
    Granular,
    /// It is owned as a whole.
    Atomic,
}

/// A place in a type: what is known of an object or of one of its parts. The default knows nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    type_name: Option<&'static str>,
    /// A map from free keys to values of the type.
    map: bool,
}

/// Every field that has facts or leads to some, by type and name.
struct Tables(HashMap<&'static str, HashMap<&'static str, Field>>);

#[derive(Default)]
struct Field {
    facts: Facts,
    next: Schema,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    #[cfg(not(test))]
    return Tables::parse(&[FACTS], &[TYPES]);
    #[cfg(test)]
    Tables::parse(&[FACTS, include_str!("schema/test_facts.tsv")], &[TYPES, include_str!("schema/test_types.tsv")])
});
static NO_FACTS: LazyLock<Facts> = LazyLock::new(Facts::default);

impl Schema {
    /// The type of objects of a kind; unknown for custom resources.
    pub fn of(gvk: &Gvk) -> Self {
        type_name(gvk).map_or_else(Self::default, |name| Self::named(&name))
    }
    /// A type by its name in the tables: `core.v1.PodSpec`.
    pub fn named(name: &str) -> Self {
        Self { type_name: TABLES.0.get_key_value(name).map(|(name, _)| *name), map: false }
    }
    /// Whether a kind is built in, so that strategic merge patches work on it.
    pub fn is_built_in(gvk: &Gvk) -> bool {
        let version = gvk.version.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        version && GROUPS.iter().any(|(group, _)| *group == gvk.group)
    }
    /// What stands at a field, or in each element of its list, and how the field merges.
    pub fn field(self, name: &str) -> (Self, &'static Facts) {
        let Some(type_name) = self.type_name else { return (Self::default(), &NO_FACTS) };
        if self.map {
            return (Self { map: false, ..self }, &NO_FACTS);
        }
        let field = TABLES.0.get(type_name).and_then(|fields| fields.get(name));
        field.map_or((Self::default(), &NO_FACTS), |field| (field.next, &field.facts))
    }
}

/// The name in the tables of the type of a kind, if its group is built in: `core.v1.Pod`.
pub(crate) fn type_name(gvk: &Gvk) -> Option<String> {
    name_of(&gvk.group, &gvk.version, &gvk.kind)
}
/// The same of a type of k8s-openapi.
pub fn type_name_of<T: k8s_openapi::Resource>() -> Option<String> {
    name_of(T::GROUP, T::VERSION, T::KIND)
}
fn name_of(group: &str, version: &str, kind: &str) -> Option<String> {
    let (_, short) = GROUPS.iter().find(|(known, _)| *known == group)?;
    Some(format!("{short}.{version}.{kind}"))
}

/// What a field holds, as the tables write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldType {
    /// `[]` before what its items are.
    List(&'static str),
    /// `{}` before what its values are.
    Map(&'static str),
    /// Another type of the tables.
    Type(&'static str),
    /// `s`, `n`, `b`, `u`: text, number (in the tables also `i` and `l`: whole ones of 32 and 64 bits), boolean, any scalar.
    Scalar(char),
    /// `m`: a map of anything.
    AnyMap,
    /// `d`: anything.
    Any,
}

impl FieldType {
    pub(crate) fn parse(text: &'static str) -> Self {
        if let Some(items) = text.strip_prefix("[]") {
            Self::List(items)
        } else if let Some(values) = text.strip_prefix("{}") {
            Self::Map(values)
        } else {
            match text {
                "m" => Self::AnyMap,
                "d" => Self::Any,
                "s" => Self::Scalar('s'),
                "i" | "l" | "n" => Self::Scalar('n'),
                "b" => Self::Scalar('b'),
                "u" => Self::Scalar('u'),
                name => Self::Type(name),
            }
        }
    }
    /// The type that the field leads to: itself, its items, or the values of its map, which the second says.
    pub(crate) fn leads_to(self) -> Option<(&'static str, bool)> {
        match self {
            Self::Type(name) => Some((name, false)),
            Self::List(items) => Self::parse(items).leads_to(),
            Self::Map(values) => Self::parse(values).leads_to().map(|(name, _)| (name, true)),
            Self::Scalar(_) | Self::AnyMap | Self::Any => None,
        }
    }
}

/// The fields of every built-in type: (type, [(field, what it holds)]).
pub(crate) fn built_in_types() -> impl Iterator<Item = (&'static str, Vec<(&'static str, &'static str)>)> {
    rows(TYPES)
}
/// What upstream's structs have in fields that nobody has set, as JSON: (type, [(field, value)]).
pub(crate) fn zero_values() -> impl Iterator<Item = (&'static str, Vec<(&'static str, &'static str)>)> {
    rows(ZERO_VALUES)
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Vec<(&'static str, &'static str)>)> {
    table.lines().filter_map(|row| {
        let (name, fields) = row.split_once('\t')?;
        Some((name, fields.split(' ').filter_map(|field| field.split_once('=')).collect()))
    })
}

/// How server-side apply treats a field.
pub(crate) fn facts_of(type_name: &str, field: &str) -> &'static Facts {
    TABLES.0.get(type_name).and_then(|fields| fields.get(field)).map_or(&NO_FACTS, |field| &field.facts)
}

impl Tables {
    fn parse(facts: &[&'static str], types: &[&'static str]) -> Self {
        let mut tables = Self(HashMap::new());
        for row in facts.iter().flat_map(|text| text.lines()).filter(|row| !row.starts_with("type\t")) {
            let cells: Vec<&'static str> = row.split('\t').collect();
            if let [type_name, field, strategies, merge_key, list_type, keys, map_type] = cells[..] {
                tables.field(type_name, field).facts = Facts::parse(strategies, merge_key, list_type, keys, map_type);
            }
        }
        for (type_name, fields) in types.iter().flat_map(|table| rows(table)) {
            tables.0.entry(type_name).or_default();
            for (field, holds) in fields {
                if let Some((target, map)) = FieldType::parse(holds).leads_to() {
                    tables.field(type_name, field).next = Schema { type_name: Some(target), map };
                }
            }
        }
        tables
    }

    fn field(&mut self, type_name: &'static str, field: &'static str) -> &mut Field {
        self.0.entry(type_name).or_default().entry(field).or_default()
    }
}

impl Facts {
    fn parse(strategies: &str, merge_key: &'static str, list_type: &str, keys: &'static str, map_type: &str) -> Self {
        let has = |name| strategies.split(',').any(|strategy| strategy == name);
        Self {
            strategy: if has("merge") {
                Strategy::Merge
            } else if has("replace") {
                Strategy::Replace
            } else {
                Strategy::None
            },
            retain_keys: has("retainKeys"),
            merge_key: Some(merge_key).filter(|key| *key != "-"),
            list_type: match list_type {
                "set" => ListType::Set,
                "map" => ListType::Map,
                _ => ListType::Atomic,
            },
            list_map_keys: keys.split(',').filter(|key| *key != "-").collect(),
            map_type: match map_type {
                "atomic" => MapType::Atomic,
                "granular" => MapType::Granular,
                _ => MapType::OfType,
            },
        }
    }
}

#[cfg(test)]
mod tests;
