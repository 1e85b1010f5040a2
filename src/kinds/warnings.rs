//! What upstream accepts and warns of, where several kinds do alike.

use api::{Path, names};
use k8s_openapi::api::core::v1::{NodeSelectorTerm, PersistentVolumeClaimSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// Labels of nodes that have been replaced, and what is said of each.
const OLD_NODE_LABELS: [(&str, &str); 8] = [
    ("app.kubernetes.io/created-by", "deprecated since v1.9"),
    ("beta.kubernetes.io/arch", r#"deprecated since v1.14; use "kubernetes.io/arch" instead"#),
    ("beta.kubernetes.io/instance-type", r#"deprecated since v1.17; use "node.kubernetes.io/instance-type" instead"#),
    ("beta.kubernetes.io/os", r#"deprecated since v1.14; use "kubernetes.io/os" instead"#),
    ("failure-domain.beta.kubernetes.io/region", r#"deprecated since v1.17; use "topology.kubernetes.io/region" instead"#),
    ("failure-domain.beta.kubernetes.io/zone", r#"deprecated since v1.17; use "topology.kubernetes.io/zone" instead"#),
    ("node-role.kubernetes.io/master", r#"use "node-role.kubernetes.io/control-plane" instead"#),
    ("scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead"),
];

/// Sources of volumes that are old, and what is said of each.
const OLD_VOLUMES: [(&str, &str); 9] = [
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("storageOS", "deprecated in v1.22, non-functional in v1.25+"),
];

/// Warnings of the sources of a volume that are old: each is told with whether it is used.
pub(crate) fn old_volumes(sources: &[(&str, bool)], path: &Path) -> Vec<String> {
    let used = sources.iter().filter(|(_, used)| *used);
    let told = used.filter_map(|(source, _)| OLD_VOLUMES.iter().find(|(old, _)| old == source));
    told.map(|(source, message)| format!("{}: {message}", path.child(source))).collect()
}

/// An annotation that a field has replaced.
pub(crate) fn old_annotation(meta: &ObjectMeta, key: &str, since: &str, field: &str) -> Option<String> {
    let used = meta.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(key));
    used.then(|| format!("metadata.annotations[{key}]: deprecated since {since}; use \"{field}\" attribute instead"))
}

/// The annotation that named the storage class of a volume or a claim.
pub(crate) fn old_storage_class(meta: &ObjectMeta) -> Option<String> {
    old_annotation(meta, "volume.beta.kubernetes.io/storage-class", "v1.8", "storageClassName")
}

/// What is said of a label of nodes, where it has been replaced.
pub(crate) fn old_node_label(label: &str) -> Option<&'static str> {
    OLD_NODE_LABELS.iter().find(|(old, _)| *old == label).map(|(_, message)| *message)
}

/// Expressions over labels of nodes that have been replaced; `at` makes the path of each.
pub(crate) fn old_node_labels<'a>(keys: impl Iterator<Item = &'a str>, at: impl Fn(usize) -> Path) -> Vec<String> {
    let told = |(index, key): (usize, &str)| old_node_label(key).map(|message| format!("{}: {key} is {message}", at(index)));
    keys.enumerate().filter_map(told).collect()
}

/// A term over labels of nodes. The values of terms that are only preferred are checked here: validation lets them pass.
pub(crate) fn node_selector_term(term: &NodeSelectorTerm, check_values: bool, path: &Path) -> Vec<String> {
    let expressions = term.match_expressions.as_deref().unwrap_or_default();
    let at = |index: usize| path.child("matchExpressions").index(index);
    let mut warnings = old_node_labels(expressions.iter().map(|one| one.key.as_str()), |index| at(index).child("key"));
    for (index, expression) in expressions.iter().enumerate().filter(|_| check_values) {
        for (number, value) in expression.values.iter().flatten().enumerate() {
            let faults = names::label_value(value);
            warnings.extend(faults.iter().map(|fault| format!("{}: {value} is invalid, {fault}", at(index).child("values").index(number))));
        }
    }
    warnings
}

/// A name that becomes part of pods' names and host names.
pub(crate) fn name_of_pods(name: &str) -> Option<String> {
    not_a_label(name, "this is used in Pod names and hostnames")
}

/// A name that becomes a host name: `use_` says how.
pub(crate) fn not_a_label(name: &str, use_: &str) -> Option<String> {
    let faults = names::dns1123_label(name, false);
    let told =
        || format!("metadata.name: {use_}, which can result in surprising behavior; a DNS label is recommended: [{}]", faults.join(" "));
    (!faults.is_empty()).then(told)
}

/// Bytes come whole.
pub(crate) fn fractional_bytes(quantity: Option<&Quantity>, path: impl FnOnce() -> Path) -> Option<String> {
    let quantity = quantity.filter(|quantity| crate::rules::amount(quantity).milli_value() % 1000 != 0)?;
    Some(format!("{}: fractional byte value {} is invalid, must be an integer", path(), api::field::quoted(&quantity.0)))
}

/// What a claim asks for.
pub(crate) fn claim(spec: &PersistentVolumeClaimSpec, path: &Path) -> Vec<String> {
    let resources = spec.resources.as_ref();
    let lists = [
        ("requests", resources.and_then(|resources| resources.requests.as_ref())),
        ("limits", resources.and_then(|resources| resources.limits.as_ref())),
    ];
    let told = |(field, list): (&str, Option<&std::collections::BTreeMap<String, Quantity>>)| {
        fractional_bytes(list.and_then(|list| list.get("storage")), || path.child("resources").child(field).key("storage"))
    };
    lists.into_iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::test_support::{check_warnings, decoded};
    use crate::{
        CRON_JOB, CSI_STORAGE_CAPACITY, DEPLOYMENT, ENDPOINT_SLICE, ENDPOINTS, JOB, Kind, NETWORK_POLICY, NODE, PERSISTENT_VOLUME,
        PERSISTENT_VOLUME_CLAIM, RUNTIME_CLASS, SECRET, SERVICE, SERVICE_ACCOUNT, STATEFUL_SET, STORAGE_CLASS,
    };

    // expected: upstream's strategies and the tests of their warnings
    fn check(kind: &Kind, fields: Value, expected: &[&str]) {
        let mut object = json!({"apiVersion": kind.api_version(), "kind": &*kind.kind, "metadata": {"name": "a"}});
        let fields = fields.as_object().unwrap().clone();
        object.as_object_mut().unwrap().extend(fields);
        check_warnings(kind, object, expected);
    }

    const DOTS: &str = "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";

    fn template() -> Value {
        json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}], "hostAliases": [{"ip": "01.1.1.1"}]}})
    }

    #[test]
    fn makers_of_pods() {
        let ip = |path: &str| format!(r#"{path}.spec.hostAliases[0].ip: non-standard IP address "01.1.1.1" is invalid: use "1.1.1.1""#);
        let spec = json!({"selector": {"matchLabels": {"a": "b"}}, "template": template()});
        check(&DEPLOYMENT, json!({"metadata": {"name": "a.b"}, "spec": spec}), &[DOTS, &ip("spec.template")]);
        let job = json!({"template": template(), "completionMode": "Indexed", "completions": 100_001, "parallelism": 10_001});
        let many = "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes \
                    when a big number of indexes fail";
        check(&JOB, json!({"spec": job}), &[&format!("spec: {many}"), &ip("spec.template")]);
        check(
            &CRON_JOB,
            json!({"metadata": {"name": "a.b"}, "spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": template()}}}}),
            &[DOTS, &ip("spec.jobTemplate.spec.template")],
        );
        let claim =
            json!({"metadata": {"name": "c"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1500m"}}}});
        check(
            &STATEFUL_SET,
            json!({"metadata": {"name": "a.b"}, "spec": {
                "selector": {"matchLabels": {"a": "b"}}, "serviceName": "s", "template": template(), "revisionHistoryLimit": -1, "volumeClaimTemplates": [claim]
            }}),
            &[
                &ip("spec.template"),
                r#"spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer"#,
                "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended",
            ],
        );
        let deployment = |labels: Value, replicas: u32| {
            let spec = json!({"selector": {"matchLabels": {"a": "b"}}, "template": template(), "replicas": replicas});
            decoded(&DEPLOYMENT, json!({"metadata": {"name": "a.b", "labels": labels}, "spec": spec}))
        };
        let old = deployment(json!({}), 1);
        let said = |new: Box<dyn api::Object>| DEPLOYMENT.behaviour.warnings(new.as_ref(), Some(old.as_ref()));
        assert_eq!(said(deployment(json!({"x": "y"}), 1)), Vec::<String>::new());
        assert_eq!(said(deployment(json!({}), 2)), [ip("spec.template")]);
    }

    #[test]
    fn networks() {
        let spec = |fields: Value| {
            let mut spec = json!({"ports": [{"port": 80}]});
            let fields = fields.as_object().unwrap().clone();
            spec.as_object_mut().unwrap().extend(fields);
            json!({"spec": spec})
        };
        check(
            &SERVICE,
            spec(json!({"clusterIP": "None", "sessionAffinity": "ClientIP", "externalIPs": ["1.2.3.4"]})),
            &["spec.externalIPs is ignored for headless services", "spec.SessionAffinity is ignored for headless services"],
        );
        check(
            &SERVICE,
            spec(json!({"externalIPs": ["1.2.3.04"], "externalName": "x", "trafficDistribution": "PreferClose"})),
            &[
                r#"spec.externalIPs[0]: non-standard IP address "1.2.3.04" is invalid: use "1.2.3.4""#,
                "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
                r#"spec.externalName is ignored when spec.type is not "ExternalName""#,
                r#"spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone""#,
            ],
        );
        check(
            &SERVICE,
            spec(json!({"type": "LoadBalancer", "loadBalancerSourceRanges": ["192.12.2.8/24", "2001:db8:0:0::/64"]})),
            &[
                r#"spec.loadBalancerSourceRanges[0]: CIDR value "192.12.2.8/24" is ambiguous in this context (should be "192.12.2.0/24" or "192.12.2.8/32"?)"#,
                r#"spec.loadBalancerSourceRanges[1]: IPv6 CIDR value "2001:db8:0:0::/64" should be in RFC 5952 canonical format ("2001:db8::/64")"#,
            ],
        );
        check(
            &NETWORK_POLICY,
            json!({"spec": {"podSelector": {}, "egress": [{"to": [{"ipBlock": {"cidr": "192.012.2.0/24"}}]}]}}),
            &[r#"spec.egress[0].to[0].ipBlock.cidr: non-standard CIDR value "192.012.2.0/24" is invalid: use "192.12.2.0/24""#],
        );
        let subset = json!([{"addresses": [{"ip": "1.2.3.4"}], "notReadyAddresses": [{"ip": "1.2.3.05"}], "ports": [{"port": 80}]}]);
        let bad = r#"subsets[0].notReadyAddresses[0].ip: non-standard IP address "1.2.3.05" is invalid: use "1.2.3.5""#;
        check(&ENDPOINTS, json!({"subsets": subset}), &[bad]);
        check(
            &ENDPOINTS,
            json!({"subsets": subset, "metadata": {"name": "a", "labels": {"endpoints.kubernetes.io/managed-by": "endpoint-controller"}}}),
            &[],
        );
        check(
            &ENDPOINT_SLICE,
            json!({"addressType": "FQDN", "endpoints": [{"addresses": ["a.b.c"]}]}),
            &["spec.addressType: FQDN endpoints are deprecated"],
        );
    }

    #[test]
    fn storage_and_nodes() {
        check(
            &PERSISTENT_VOLUME,
            json!({"metadata": {"name": "a", "annotations": {"volume.beta.kubernetes.io/storage-class": "x"}}, "spec": {
                "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": "Recycle", "glusterfs": {"endpoints": "e", "path": "p"},
                "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "beta.kubernetes.io/os", "operator": "Exists"}]}]}}
            }}),
            &[
                r#"metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead"#,
                "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
                r#"spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead"#,
                "spec.glusterfs: deprecated in v1.25, non-functional in v1.26+",
            ],
        );
        check(
            &PERSISTENT_VOLUME_CLAIM,
            json!({"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "200200m"}}}}),
            &[r#"spec.resources.requests[storage]: fractional byte value "200200m" is invalid, must be an integer"#],
        );
        let zone = "failure-domain.beta.kubernetes.io/zone";
        let instead = r#"deprecated since v1.17; use "topology.kubernetes.io/zone" instead"#;
        check(
            &STORAGE_CLASS,
            json!({"provisioner": "p", "allowedTopologies": [{"matchLabelExpressions": [{"key": zone, "values": ["z"]}]}]}),
            &[&format!("allowedTopologies[0].matchLabelExpressions[0].key: {instead}")],
        );
        check(
            &CSI_STORAGE_CAPACITY,
            json!({"storageClassName": "s", "nodeTopology": {"matchExpressions": [{"key": zone, "operator": "Exists"}]}}),
            &[&format!("nodeTopology.matchExpressions[0].key: {zone} is {instead}")],
        );
        check(
            &RUNTIME_CLASS,
            json!({"handler": "h", "scheduling": {"nodeSelector": {(zone): "z"}}}),
            &[&format!("scheduling.nodeSelector: {instead}")],
        );
        check(
            &NODE,
            json!({"spec": {"externalID": "x", "podCIDRs": ["10.0.0.1/24"], "podCIDR": "10.0.0.1/24"}}),
            &[
                "spec.externalID: this field is deprecated, and is unused by Kubernetes",
                r#"spec.podCIDRs[0]: CIDR value "10.0.0.1/24" is ambiguous in this context (should be "10.0.0.0/24" or "10.0.0.1/32"?)"#,
            ],
        );
    }

    #[test]
    fn configuration() {
        let annotated = json!({"metadata": {"name": "a", "annotations": {"kubernetes.io/enforce-mountable-secrets": "true"}}});
        let why = "metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets";
        check(&SERVICE_ACCOUNT, annotated.clone(), &[why]);
        let account = decoded(&SERVICE_ACCOUNT, annotated);
        assert!(SERVICE_ACCOUNT.behaviour.warnings(account.as_ref(), Some(account.as_ref())).is_empty());
        let secret = |certificate: &str| json!({"type": "kubernetes.io/tls", "stringData": {"tls.crt": certificate, "tls.key": "x"}});
        check(&SECRET, secret("x"), &["tls: failed to find any PEM data in certificate input"]);
        check(&SECRET, secret("-----BEGIN CERTIFICATE-----\n"), &["tls: failed to find any PEM data in key input"]);
    }
}
