//! Nodes.

use std::collections::{BTreeMap, BTreeSet};

use api::addresses::cidr_warnings;
use api::{ErrorList, FieldError, Path, metadata, names};
use k8s_openapi::api::core::v1::{Node, NodeSpec, Taint};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::Part;
use crate::pod::taint_effect;
use crate::rules::{json, resource_amount, text};

pub(crate) struct NodeBehaviour;

impl crate::Behaviour<Node> for NodeBehaviour {
    fn quantities(&self, node: &mut Node, visit: &mut dyn FnMut(&mut Quantity)) {
        let lists = node.status.iter_mut().flat_map(|status| [&mut status.capacity, &mut status.allocatable]).flatten();
        lists.flat_map(|list| list.values_mut()).for_each(visit);
    }

    fn default(&self, node: &mut Node) {
        let spec = node.spec.get_or_insert_default();
        spec.unschedulable.take_if(|flag| !*flag);
        // the first range stands in both fields
        match (&spec.pod_cidr, &spec.pod_cidrs) {
            (Some(cidr), ranges) if ranges.as_ref().is_none_or(Vec::is_empty) && !cidr.is_empty() => {
                spec.pod_cidrs = Some(vec![cidr.clone()]);
            }
            (cidr, Some(ranges)) if text(cidr).is_empty() => spec.pod_cidr = ranges.first().cloned(),
            _ => {}
        }
        let status = node.status.get_or_insert_default();
        if status.allocatable.is_none() {
            status.allocatable.clone_from(&status.capacity);
        }
        status
            .daemon_endpoints
            .get_or_insert_default()
            .kubelet_endpoint
            .get_or_insert(k8s_openapi::api::core::v1::DaemonEndpoint { port: 0 });
        status.node_info.get_or_insert_default();
    }

    fn prepare_update(&self, part: Part, node: &mut Node, old: &Node) {
        match part {
            Part::Main => node.status.clone_from(&old.status),
            Part::Status => node.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, node: &Node) -> ErrorList {
        let spec = node.spec.clone().unwrap_or_default();
        let mut errors = taints(spec.taints.as_deref().unwrap_or_default(), &Path::new("metadata").child("taints"));
        errors.extend(amounts(node));
        errors.extend(pod_ranges(&spec));
        errors
    }

    fn warnings(&self, node: &Node, _old: Option<&Node>) -> Vec<String> {
        let Some(spec) = &node.spec else { return Vec::new() };
        let mut warnings = Vec::new();
        if spec.config_source.is_some() {
            warnings.push("spec.configSource: the feature is removed".to_owned());
        }
        if !text(&spec.external_id).is_empty() {
            warnings.push("spec.externalID: this field is deprecated, and is unused by Kubernetes".to_owned());
        }
        let ranges = spec.pod_cidrs.iter().flatten().enumerate();
        warnings.extend(ranges.flat_map(|(index, range)| cidr_warnings(range, &Path::new("spec").child("podCIDRs").index(index))));
        warnings
    }

    fn validate_update(&self, _part: Part, node: &Node, old: &Node) -> ErrorList {
        let (spec, before) = (node.spec.clone().unwrap_or_default(), old.spec.clone().unwrap_or_default());
        let path = Path::new("spec");
        let mut errors = amounts(node);
        let mut seen = BTreeSet::new();
        let addresses = node.status.iter().flat_map(|status| status.addresses.iter().flatten());
        for (index, address) in addresses.enumerate() {
            if !seen.insert((&address.type_, &address.address)) {
                errors.push(FieldError::duplicate(&Path::new("status").child("addresses").index(index), json(address)));
            }
        }
        let kept = before.pod_cidrs.clone().unwrap_or_default();
        if !kept.is_empty() && spec.pod_cidrs.clone().unwrap_or_default() != kept {
            let detail = "node updates may not change podCIDR except from \"\" to valid";
            errors.push(FieldError::forbidden(&path.child("podCIDRs"), detail));
        } else {
            errors.extend(pod_ranges(&spec));
        }
        if !text(&before.provider_id).is_empty() && spec.provider_id != before.provider_id {
            let detail = "node updates may not change providerID except from \"\" to valid";
            errors.push(FieldError::forbidden(&path.child("providerID"), detail));
        }
        errors.extend(taints(spec.taints.as_deref().unwrap_or_default(), &Path::new("metadata").child("taints")));
        if spec.external_id != before.external_id {
            errors.push(FieldError::forbidden(&path.child("externalID"), "may not be updated"));
        }
        errors
    }

    fn fields(&self, node: &Node) -> Vec<(&'static str, String)> {
        let unschedulable = node.spec.as_ref().is_some_and(|spec| spec.unschedulable == Some(true));
        vec![("spec.unschedulable", unschedulable.to_string())]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["spec.unschedulable"]
    }
}

fn taints(list: &[Taint], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, taint) in list.iter().enumerate() {
        let path = path.index(index);
        errors.extend(metadata::label_name(&taint.key, &path.child("key")));
        let faults = names::label_value(text(&taint.value));
        if !faults.is_empty() {
            errors.push(FieldError::invalid(&path.child("value"), text(&taint.value), faults.join(";")));
        }
        errors.extend(taint_effect(&taint.effect, &path.child("effect")));
        if !seen.insert((&taint.effect, &taint.key)) {
            let mut error = FieldError::duplicate(&path, json(taint));
            error.detail = "taints must be unique by key and effect pair".to_owned();
            errors.push(error);
        }
    }
    errors
}

fn amounts(node: &Node) -> ErrorList {
    let Some(status) = &node.status else { return ErrorList::new() };
    let empty = BTreeMap::new();
    let lists = [("capacity", status.capacity.as_ref()), ("allocatable", status.allocatable.as_ref())];
    let mut errors = ErrorList::new();
    for (field, list) in lists {
        for (name, quantity) in list.unwrap_or(&empty) {
            errors.extend(resource_amount(name, quantity, &Path::new("status").child(field).child(name)));
        }
    }
    errors
}

fn pod_ranges(spec: &NodeSpec) -> ErrorList {
    let path = Path::new("spec").child("podCIDRs");
    let ranges = spec.pod_cidrs.as_deref().unwrap_or_default();
    let mut errors: ErrorList =
        ranges.iter().enumerate().flat_map(|(index, range)| api::addresses::legacy_cidr(range, false, &path.index(index))).collect();
    if ranges.len() > 1 {
        let sixes = ranges.iter().filter(|range| range.contains(':')).count();
        if ranges.len() > 2 || sixes != 1 {
            errors.push(FieldError::invalid(&path, json(&ranges), "may specify no more than one CIDR for each IP family"));
        }
        for (index, range) in ranges.iter().enumerate().filter(|(index, range)| ranges[..*index].contains(range)) {
            errors.push(FieldError::duplicate(&path.index(index), range.as_str()));
        }
    }
    errors
}
