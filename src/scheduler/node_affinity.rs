//! Which nodes a pod asks for: `nodeSelector` and node affinity, also of volumes.

use std::collections::{BTreeMap, BTreeSet};

use api::labels::{Operator, Requirement};
use k8s_openapi::api::core::v1::{Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodSpec};

/// One of several alternatives: all of its conditions must hold. One without conditions matches nothing.
#[derive(Clone, Debug, Default)]
pub struct NodeTerm {
    labels: Vec<Requirement>,
    /// Conditions on the node's name.
    names: Vec<Requirement>,
}

/// What a pod demands of nodes.
#[derive(Clone, Debug, Default)]
pub struct NodeDemand {
    selector: BTreeMap<String, String>,
    /// `None` where there is no required affinity.
    terms: Option<Vec<NodeTerm>>,
}

impl NodeTerm {
    pub fn of(term: &NodeSelectorTerm) -> Self {
        let all = |list: &Option<Vec<NodeSelectorRequirement>>| list.iter().flatten().filter_map(requirement).collect();
        Self { labels: all(&term.match_expressions), names: all(&term.match_fields) }
    }
    pub fn matches(&self, node: &Node) -> bool {
        if self.labels.is_empty() && self.names.is_empty() {
            return false;
        }
        static NO_LABELS: BTreeMap<String, String> = BTreeMap::new();
        let labels = node.metadata.labels.as_ref().unwrap_or(&NO_LABELS);
        let name = node.metadata.name.clone().unwrap_or_default();
        let fields = || BTreeMap::from([("metadata.name".to_owned(), name)]);
        self.labels.iter().all(|requirement| requirement.matches(labels))
            && (self.names.is_empty() || {
                let fields = fields();
                self.names.iter().all(|requirement| requirement.matches(&fields))
            })
    }
}

fn requirement(requirement: &NodeSelectorRequirement) -> Option<Requirement> {
    let operator = match requirement.operator.as_str() {
        "In" => Operator::In,
        "NotIn" => Operator::NotIn,
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        "Gt" => Operator::GreaterThan,
        "Lt" => Operator::LessThan,
        _ => return None,
    };
    Some(Requirement { key: requirement.key.clone(), operator, values: requirement.values.clone().unwrap_or_default() })
}

/// The alternatives of a node selector, as required affinities and volumes have it.
pub fn any_of(selector: &NodeSelector) -> Vec<NodeTerm> {
    selector.node_selector_terms.iter().map(NodeTerm::of).collect()
}

impl NodeDemand {
    pub fn of(spec: &PodSpec) -> Self {
        let affinity = spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref());
        let required = affinity.and_then(|affinity| affinity.required_during_scheduling_ignored_during_execution.as_ref());
        Self { selector: spec.node_selector.clone().unwrap_or_default(), terms: required.map(any_of) }
    }
    /// The only nodes that can meet it, where every alternative names its nodes: pods of DaemonSets do.
    pub fn named_nodes(&self) -> Option<BTreeSet<&str>> {
        let mut names = BTreeSet::new();
        for term in self.terms.as_ref()? {
            let named = term.names.iter().find(|requirement| requirement.operator == Operator::In && requirement.key == "metadata.name")?;
            names.extend(named.values.iter().map(String::as_str));
        }
        Some(names)
    }
    pub fn is_met_by(&self, node: &Node) -> bool {
        let label = |key: &str| node.metadata.labels.as_ref().and_then(|labels| labels.get(key));
        self.selector.iter().all(|(key, value)| label(key) == Some(value))
            && self.terms.as_ref().is_none_or(|terms| terms.iter().any(|term| term.matches(node)))
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with literals in place")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(spec: Value, node: Value, expected: bool) {
        let spec: PodSpec = serde_json::from_value(spec).unwrap();
        let node: Node = serde_json::from_value(json!({"metadata": node})).unwrap();
        assert_eq!(NodeDemand::of(&spec).is_met_by(&node), expected, "{spec:?} {node:?}");
    }

    fn required(terms: Value) -> Value {
        json!({"containers": [], "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}})
    }

    #[test]
    fn demands() {
        let node = json!({"name": "n1", "labels": {"disk": "ssd", "cores": "8"}});
        check(json!({"containers": []}), node.clone(), true);
        check(json!({"containers": [], "nodeSelector": {"disk": "ssd"}}), node.clone(), true);
        check(json!({"containers": [], "nodeSelector": {"disk": "hdd"}}), node.clone(), false);
        check(required(json!([{"matchExpressions": [{"key": "cores", "operator": "Gt", "values": ["4"]}]}])), node.clone(), true);
        check(required(json!([{"matchExpressions": [{"key": "cores", "operator": "Lt", "values": ["4"]}]}])), node.clone(), false);
        check(required(json!([{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n1"]}]}])), node.clone(), true);
        check(required(json!([{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n2"]}]}])), node.clone(), false);
        check(
            required(
                json!([{"matchExpressions": [{"key": "gpu", "operator": "Exists"}]}, {"matchExpressions": [{"key": "gpu", "operator": "DoesNotExist"}]}]),
            ),
            node.clone(),
            true,
        );
        check(required(json!([{}])), node.clone(), false);
        check(required(json!([])), node, false);
    }
}
