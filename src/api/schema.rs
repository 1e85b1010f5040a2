//! How the fields of every built-in type merge: which lists are keyed and by what, which are sets, which are replaced whole. One table of facts
//! (`merge_keys.tsv`, from upstream's struct tags and markers) and the edges between types that lead to them (`merge_types.tsv`, generated from
//! the OpenAPI schemas; a test keeps it fresh). Strategic merge patches and server-side apply walk it with [`Schema`].
//! Types that it does not know merge field by field and replace lists, as JSON merge patches do.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::gvk::Gvk;

const FACTS: &str = include_str!("merge_keys.tsv");
const EDGES: &str = include_str!("merge_types.tsv");

/// Groups whose types are built in, with their short names in the tables.
const GROUPS: [(&str, &str); 22] = [
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
];

/// Types that server-side apply owns as a whole.
const ATOMIC_TYPES: [&str; 27] = [
    "admissionregistration.v1.MatchResources",
    "admissionregistration.v1.NamedRuleWithOperations",
    "admissionregistration.v1.ParamKind",
    "admissionregistration.v1.ParamRef",
    "admissionregistration.v1.Variable",
    "autoscaling.v1.CrossVersionObjectReference",
    "core.v1.ConfigMapKeySelector",
    "core.v1.EndpointAddress",
    "core.v1.EndpointPort",
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
    /// The map, or the struct, is owned as a whole.
    pub atomic_map: bool,
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
    return Tables::parse(&[FACTS], &[EDGES]);
    #[cfg(test)]
    Tables::parse(&[FACTS, include_str!("schema/test_facts.tsv")], &[EDGES, include_str!("schema/test_types.tsv")])
});
static NO_FACTS: LazyLock<Facts> = LazyLock::new(Facts::default);

impl Schema {
    /// The type of objects of a kind; unknown for custom resources.
    pub fn of(gvk: &Gvk) -> Self {
        let group = GROUPS.iter().find(|(group, _)| *group == gvk.group).map(|(_, short)| short);
        group.map_or_else(Self::default, |group| Self::named(&format!("{group}.{}.{}", gvk.version, gvk.kind)))
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
    /// Whether server-side apply owns values of this type as a whole.
    pub fn is_atomic(self) -> bool {
        !self.map && self.type_name.is_some_and(|name| ATOMIC_TYPES.contains(&name))
    }
    pub fn type_name(self) -> Option<&'static str> {
        self.type_name
    }
}

impl Tables {
    fn parse(facts: &[&'static str], edges: &[&'static str]) -> Self {
        let mut tables = Self(HashMap::new());
        for row in facts.iter().flat_map(|text| text.lines()).filter(|row| !row.starts_with("type\t")) {
            let cells: Vec<&'static str> = row.split('\t').collect();
            if let [type_name, field, strategies, merge_key, list_type, keys, map_type] = cells[..] {
                tables.field(type_name, field).facts = Facts::parse(strategies, merge_key, list_type, keys, map_type);
            }
        }
        for row in edges.iter().flat_map(|text| text.lines()) {
            if let [type_name, field, target] = row.split('\t').collect::<Vec<&'static str>>()[..] {
                let (map, target) = target.strip_prefix("{}").map_or((false, target), |target| (true, target));
                tables.0.entry(target).or_default();
                tables.field(type_name, field).next = Schema { type_name: Some(target), map };
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
            atomic_map: map_type == "atomic",
        }
    }
}

#[cfg(test)]
mod tests;
