//! ResourceQuotas.

use std::collections::{BTreeMap, BTreeSet};

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{ResourceQuota, ResourceQuotaSpec, ResourceQuotaStatus};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::Part;
use crate::rules::{IMMUTABLE, json, qualified_name, resource_amount};

const STANDARD: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "persistentvolumeclaims",
    "configmaps",
    "services.nodeports",
    "services.loadbalancers",
];
const SCOPES: &[&str] = &[
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];
const EXCLUSIVE: [[&str; 2]; 2] = [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]];

pub(crate) struct ResourceQuotaBehaviour;

impl crate::Behaviour<ResourceQuota> for ResourceQuotaBehaviour {
    fn quantities(&self, quota: &mut ResourceQuota, visit: &mut dyn FnMut(&mut Quantity)) {
        let hard = quota.spec.iter_mut().map(|spec| &mut spec.hard);
        let status = quota.status.iter_mut().flat_map(|status| [&mut status.hard, &mut status.used]);
        hard.chain(status).flatten().flat_map(|list| list.values_mut()).for_each(visit);
    }

    fn default(&self, quota: &mut ResourceQuota) {
        quota.spec.get_or_insert_default();
        quota.status.get_or_insert_default();
    }

    fn prepare_create(&self, quota: &mut ResourceQuota) {
        quota.status = Some(ResourceQuotaStatus::default());
    }

    fn prepare_update(&self, part: Part, quota: &mut ResourceQuota, old: &ResourceQuota) {
        match part {
            Part::Main => quota.status.clone_from(&old.status),
            Part::Status => quota.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, quota: &ResourceQuota) -> ErrorList {
        spec(&quota.spec.clone().unwrap_or_default(), &Path::new("spec"))
    }

    fn validate_update(&self, part: Part, quota: &ResourceQuota, old: &ResourceQuota) -> ErrorList {
        if part == Part::Status {
            let status = quota.status.clone().unwrap_or_default();
            let path = Path::new("status");
            let mut errors = amounts(status.hard.as_ref(), &path.child("hard"));
            errors.extend(amounts(status.used.as_ref(), &path.child("used")));
            return errors;
        }
        let mut errors = self.validate(quota);
        let scopes = |quota: &ResourceQuota| quota.spec.as_ref().and_then(|spec| spec.scopes.clone()).unwrap_or_default();
        let set = |quota: &ResourceQuota| scopes(quota).into_iter().collect::<BTreeSet<_>>();
        if set(quota) != set(old) {
            errors.push(FieldError::invalid(&Path::new("spec").child("scopes"), json(&scopes(quota)), IMMUTABLE));
        }
        errors
    }
}

fn amounts(list: Option<&BTreeMap<String, Quantity>>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (name, quantity) in list.into_iter().flatten() {
        let path = path.key(name);
        let faults = qualified_name(name, &path);
        let hugepages = name.starts_with("hugepages-") || name.starts_with("requests.hugepages-");
        if faults.is_empty() && !name.contains('/') && !STANDARD.contains(&name.as_str()) && !hugepages {
            errors.push(FieldError::invalid(&path, name.as_str(), "must be a standard resource for quota"));
        }
        errors.extend(faults);
        errors.extend(resource_amount(name, quantity, &path));
    }
    errors
}

fn spec(spec: &ResourceQuotaSpec, path: &Path) -> ErrorList {
    let mut errors = amounts(spec.hard.as_ref(), &path.child("hard"));
    let scopes = spec.scopes.clone().unwrap_or_default();
    let at = path.child("scopes");
    let conflict = |set: &BTreeSet<&str>| EXCLUSIVE.iter().any(|pair| pair.iter().all(|scope| set.contains(scope)));
    let tracked = |scope: &str, name: &str| match scope {
        "BestEffort" => name == "pods",
        "Terminating" | "NotTerminating" | "NotBestEffort" | "PriorityClass" | "CrossNamespacePodAffinity" => {
            let compute = [
                "cpu",
                "memory",
                "ephemeral-storage",
                "requests.cpu",
                "requests.memory",
                "requests.ephemeral-storage",
                "limits.cpu",
                "limits.memory",
                "limits.ephemeral-storage",
            ];
            name == "pods" || compute.contains(&name)
        }
        _ => true,
    };
    let mut set = BTreeSet::new();
    for scope in &scopes {
        if !SCOPES.contains(&scope.as_str()) {
            errors.push(FieldError::invalid(&at, json(&scopes), "unsupported scope"));
        }
        for (name, _) in spec.hard.iter().flatten().filter(|(name, _)| STANDARD.contains(&name.as_str())) {
            if !tracked(scope, name) {
                errors.push(FieldError::invalid(&at, json(&scopes), "unsupported scope applied to resource"));
            }
        }
        set.insert(scope.as_str());
    }
    if conflict(&set) {
        errors.push(FieldError::invalid(&at, json(&scopes), "conflicting scopes"));
    }
    let at = path.child("scopeSelector").child("matchExpressions");
    for requirement in spec.scope_selector.iter().flat_map(|selector| selector.match_expressions.iter().flatten()) {
        let values = requirement.values.as_deref().unwrap_or_default();
        if !SCOPES.contains(&requirement.scope_name.as_str()) {
            errors.push(FieldError::invalid(&at.child("scopeName"), requirement.scope_name.as_str(), "unsupported scope"));
        }
        match requirement.operator.as_str() {
            "In" | "NotIn" if values.is_empty() => {
                let detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
                errors.push(FieldError::required(&at.child("values"), detail));
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
                errors.push(FieldError::invalid(&at.child("values"), json(&values), detail));
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.push(FieldError::invalid(&at.child("operator"), other, "not a valid selector operator")),
        }
    }
    errors
}
