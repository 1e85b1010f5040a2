//! PodSecurity: labels of a namespace choose a level of the Pod Security Standards at a version, for what is refused, what is noted in the audit log and what its author
//! is warned of. Pods are refused; of what makes pods, authors are warned only.

mod checks;
mod facts;
mod policy;

use std::collections::{BTreeMap, HashSet};

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{Namespace, Pod, PodSpec, PodTemplate, PodTemplateSpec, ReplicationController};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{Attributes, Operation, Plugin, find, list};
use crate::notes;
use checks::Violation;
use policy::{At, Level, Policy};

/// Existing pods that a stricter level is tried on.
const PODS_TRIED: usize = 3000;
const AUDIT_PREFIX: &str = "pod-security.kubernetes.io";

pub struct PodSecurity;

#[async_trait]
impl Plugin for PodSecurity {
    fn name(&self) -> &'static str {
        "PodSecurity"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        let written = matches!(attributes.operation, Operation::Create | Operation::Update);
        let of_pod = attributes.kind.group.is_empty() && attributes.kind.plural == "pods";
        written
            && match attributes.subresource {
                "" => has_pod_spec(attributes) || attributes.is(&kinds::NAMESPACE),
                "ephemeralcontainers" | "resize" => of_pod,
                _ => false,
            }
    }
    async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        let Some(object) = object else { return Ok(()) };
        if let Some(namespace) = object.downcast_ref::<Namespace>() {
            return of_namespace(attributes, namespace);
        }
        let found: Option<Namespace> = find(attributes.registry, &kinds::NAMESPACE, "", attributes.namespace)?;
        let Some(namespace) = found else { return Ok(()) };
        let (policy, faults) = Policy::of(namespace.metadata.labels.as_ref());
        let pod = object.downcast_ref::<Pod>();
        let least = if pod.is_some() { policy.enforce.level } else { Level::Privileged };
        if faults.is_empty() && [least, policy.audit.level, policy.warn.level].iter().all(|level| *level == Level::Privileged) {
            return Ok(());
        }
        if let (Some(new), Some(old)) = (pod, attributes.old_as::<Pod>())
            && !is_significant(new, old)
        {
            return Ok(());
        }
        if !faults.is_empty() {
            let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
            notes::annotate(format!("{AUDIT_PREFIX}/error"), format!("Failed to parse policy: {}", text.join(", ")));
        }
        let Some((meta, spec)) = pod_of(object) else { return Ok(()) };
        evaluate(attributes, &policy, &meta, &spec, pod.is_some())
    }
}

fn has_pod_spec(attributes: &Attributes<'_>) -> bool {
    matches!(
        (&*attributes.kind.group, &*attributes.kind.plural),
        ("", "pods" | "replicationcontrollers" | "podtemplates")
            | ("apps", "replicasets" | "deployments" | "statefulsets" | "daemonsets")
            | ("batch", "jobs" | "cronjobs")
    )
}

/// The pod, or the one that an object makes more of.
fn pod_of(object: &dyn Object) -> Option<(ObjectMeta, PodSpec)> {
    if let Some(pod) = object.downcast_ref::<Pod>() {
        return Some((pod.metadata.clone(), pod.spec.clone().unwrap_or_default()));
    }
    let template: &PodTemplateSpec = if let Some(object) = object.downcast_ref::<Deployment>() {
        &object.spec.template
    } else if let Some(object) = object.downcast_ref::<ReplicaSet>() {
        object.spec.template.as_ref()?
    } else if let Some(object) = object.downcast_ref::<StatefulSet>() {
        &object.spec.template
    } else if let Some(object) = object.downcast_ref::<DaemonSet>() {
        &object.spec.template
    } else if let Some(object) = object.downcast_ref::<Job>() {
        &object.spec.as_ref()?.template
    } else if let Some(object) = object.downcast_ref::<CronJob>() {
        &object.spec.job_template.spec.as_ref()?.template
    } else if let Some(object) = object.downcast_ref::<ReplicationController>() {
        object.spec.as_ref()?.template.as_ref()?
    } else {
        object.downcast_ref::<PodTemplate>()?.template.as_ref()?
    };
    Some((template.metadata.clone().unwrap_or_default(), template.spec.clone().unwrap_or_default()))
}

fn evaluate(attributes: &Attributes<'_>, policy: &Policy, meta: &ObjectMeta, spec: &PodSpec, enforce: bool) -> Result<(), ApiError> {
    let violations = |at: At| details(&checks::run(at, meta, spec));
    let mut refused = None;
    if enforce {
        notes::annotate(format!("{AUDIT_PREFIX}/enforce-policy"), policy.enforce.to_string());
        refused = violations(policy.enforce);
    }
    if let Some(details) = violations(policy.audit) {
        let text = format!("would violate PodSecurity {:?}: {details}", policy.audit.to_string());
        notes::annotate(format!("{AUDIT_PREFIX}/audit-violations"), text);
    }
    if let Some(details) = refused {
        return Err(attributes.forbidden(format!("violates PodSecurity {:?}: {details}", policy.enforce.to_string())));
    }
    if let Some(details) = violations(policy.warn) {
        notes::warn(format!("would violate PodSecurity {:?}: {details}", policy.warn.to_string()));
    }
    Ok(())
}

/// `host namespaces (hostNetwork=true), privileged (...)`; none where nothing is violated.
fn details(violations: &[Violation]) -> Option<String> {
    let texts: Vec<String> =
        violations
            .iter()
            .map(|violation| {
                if violation.detail.is_empty() { violation.reason.clone() } else { format!("{} ({})", violation.reason, violation.detail) }
            })
            .collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// Does an update change what a pod may do?
fn is_significant(new: &Pod, old: &Pod) -> bool {
    let spec = |pod: &Pod| pod.spec.clone().unwrap_or_default();
    let (new, old) = (spec(new), spec(old));
    let images = |spec: &PodSpec| -> Vec<Option<String>> { spec.containers.iter().map(|container| container.image.clone()).collect() };
    let first = |spec: &PodSpec| -> Vec<Option<String>> {
        spec.init_containers.iter().flatten().map(|container| container.image.clone()).collect()
    };
    let before = |name: &str| old.ephemeral_containers.iter().flatten().find(|container| container.name == name);
    images(&new) != images(&old)
        || first(&new) != first(&old)
        || new
            .ephemeral_containers
            .iter()
            .flatten()
            .any(|container| before(&container.name).is_none_or(|before| before.image != container.image))
}

/// Labels must say something; a stricter level is tried on the pods that are there.
fn of_namespace(attributes: &Attributes<'_>, namespace: &Namespace) -> Result<(), ApiError> {
    let (new, faults) = Policy::of(namespace.metadata.labels.as_ref());
    let before = attributes.old_as::<Namespace>().map(|old| Policy::of(old.metadata.labels.as_ref()));
    let same_faults = |old: &api::ErrorList| {
        let texts = |faults: &api::ErrorList| faults.iter().map(ToString::to_string).collect::<Vec<_>>();
        texts(old) == texts(&faults)
    };
    if !faults.is_empty() && !before.as_ref().is_some_and(|(_, old)| same_faults(old)) {
        return Err(ApiError::invalid("", "Namespace", attributes.name, &faults));
    }
    let Some((old, _)) = before else { return Ok(()) };
    let stricter = new.enforce.version != old.enforce.version || new.enforce.level > old.enforce.level;
    if new.enforce == old.enforce || new.enforce.level == Level::Privileged || !stricter {
        return Ok(());
    }
    let pods: Vec<Pod> = list(attributes.registry, &kinds::POD, attributes.name)?;
    try_on(new.enforce, attributes.name, pods).into_iter().for_each(notes::warn);
    Ok(())
}

fn try_on(enforce: At, namespace: &str, pods: Vec<Pod>) -> Vec<String> {
    // one of each controller first
    let mut seen = HashSet::new();
    let (mut first, rest): (Vec<Pod>, Vec<Pod>) = pods.into_iter().partition(|pod| {
        let owners = pod.metadata.owner_references.iter().flatten();
        owners.into_iter().find(|owner| owner.controller == Some(true)).is_none_or(|owner| seen.insert(owner.uid.clone()))
    });
    first.extend(rest);
    let total = first.len();
    first.truncate(PODS_TRIED);
    let mut warnings = Vec::new();
    if first.len() < total {
        let checked = first.len();
        warnings.push(format!("new PodSecurity enforce level only checked against the first {checked} of {total} existing pods"));
    }
    let mut found: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for pod in &first {
        let violations = checks::run(enforce, &pod.metadata, pod.spec.as_ref().unwrap_or(&PodSpec::default()));
        if violations.is_empty() {
            continue;
        }
        let reasons: Vec<&str> = violations.iter().map(|violation| violation.reason.as_str()).collect();
        let name = pod.metadata.name.clone().unwrap_or_default();
        let (least, count) = found.entry(reasons.join(", ")).or_insert_with(|| (name.clone(), 0));
        *count += 1;
        if name < *least {
            *least = name;
        }
    }
    if !found.is_empty() {
        let level = enforce.to_string();
        warnings.push(format!("existing pods in namespace {namespace:?} violate the new PodSecurity enforce level {level:?}"));
    }
    let mut lines: Vec<String> = found
        .into_iter()
        .map(|(reasons, (name, count))| match count {
            1 => format!("{name}: {reasons}"),
            2 => format!("{name} (and 1 other pod): {reasons}"),
            more => format!("{name} (and {} other pods): {reasons}", more - 1),
        })
        .collect();
    lines.sort();
    warnings.extend(lines);
    warnings
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(level: Level, minor: Option<u32>, pod: Value, expected: &str) {
        let pod: Pod = serde_json::from_value(pod).unwrap();
        let violations = checks::run(At { level, version: policy::Version(minor) }, &pod.metadata, pod.spec.as_ref().unwrap());
        assert_eq!(details(&violations).unwrap_or_default(), expected);
    }

    #[test]
    fn the_words_for_a_plain_pod() {
        let plain = json!({"spec": {"containers": [{"name": "c", "image": "i"}]}});
        check(Level::Baseline, None, plain.clone(), "");
        check(
            Level::Restricted,
            None,
            plain,
            "allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
        );
    }

    #[test]
    fn a_good_pod_is_let_in() {
        check(
            Level::Restricted,
            None,
            json!({"spec": {"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
                "volumes": [{"name": "v", "emptyDir": {}}],
                "containers": [{"name": "c", "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}}]}}),
            "",
        );
    }

    #[test]
    fn baseline_refuses_the_host() {
        let bad = json!({"spec": {"hostNetwork": true, "hostPID": true, "volumes": [{"name": "h", "hostPath": {"path": "/"}}],
            "securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]},
            "initContainers": [{"name": "a", "securityContext": {"privileged": true}}],
            "containers": [{"name": "b", "ports": [{"containerPort": 1, "hostPort": 80}, {"containerPort": 2, "hostPort": 443}],
                "securityContext": {"procMount": "Unmasked", "capabilities": {"add": ["NET_ADMIN"]}, "seLinuxOptions": {"type": "x", "user": "u"}}}]}});
        check(
            Level::Baseline,
            None,
            bad,
            "non-default capabilities (container \"b\" must not include \"NET_ADMIN\" in securityContext.capabilities.add), host namespaces (hostNetwork=true, hostPID=true), hostPath volumes (volume \"h\"), hostPort (container \"b\" uses hostPorts 443, 80), privileged (container \"a\" must not set securityContext.privileged=true), procMount (container \"b\" must not set securityContext.procMount to \"Unmasked\"), seLinuxOptions (container \"b\" set forbidden securityContext.seLinuxOptions: type \"x\"; user may not be set), forbidden sysctls (kernel.msgmax)",
        );
    }

    #[test]
    fn versions_differ() {
        let keepalive =
            json!({"spec": {"containers": [], "securityContext": {"sysctls": [{"name": "net.ipv4.tcp_keepalive_time", "value": "1"}]}}});
        check(Level::Baseline, Some(28), keepalive.clone(), "forbidden sysctls (net.ipv4.tcp_keepalive_time)");
        check(Level::Baseline, Some(29), keepalive, "");
        let probe = json!({"spec": {"containers": [{"name": "c", "livenessProbe": {"httpGet": {"host": "h", "port": 1}}}]}});
        check(Level::Baseline, Some(33), probe.clone(), "");
        check(Level::Baseline, None, probe, "probe or lifecycle host (container \"c\" uses probe or lifecycle host \"h\")");
    }

    #[test]
    fn labels_that_say_nothing_are_refused() {
        let labels = |value: Value| serde_json::from_value(value).unwrap();
        let (policy, faults) = Policy::of(Some(&labels(
            json!({"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/enforce-version": "v1.30"}),
        )));
        assert!(faults.is_empty());
        assert_eq!((policy.enforce.to_string().as_str(), policy.warn.to_string().as_str()), ("baseline:v1.30", "baseline:v1.30"));
        let (policy, faults) = Policy::of(Some(&labels(
            json!({"pod-security.kubernetes.io/enforce": "strict", "pod-security.kubernetes.io/warn-version": "1"}),
        )));
        assert_eq!(policy.enforce.level, Level::Restricted);
        let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must be one of privileged, baseline, restricted",
                "metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: \"1\": must be \"latest\" or \"v1.x\"",
            ]
        );
    }
}
