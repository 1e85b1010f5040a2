//! The roles and bindings that every cluster starts with: upstream's names and contents for those that users meet, and one role for each component of ours.

use k8s_openapi::api::rbac::v1::{AggregationRule, ClusterRole, ClusterRoleBinding, PolicyRule, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

const RBAC: &str = "rbac.authorization.k8s.io";
const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "delete", "deletecollection", "patch", "update"];
const ALL: &[&str] = &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// Verbs, groups, resources (or paths where there are no groups).
type Row = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

struct RoleRow {
    name: &'static str,
    /// `admin`, `edit` or `view`: the role that takes this one in.
    part_of: &'static [&'static str],
    /// The role of this name takes in the parts of it.
    aggregates: &'static str,
    rules: &'static [Row],
    /// The signer that all rules are about, where there is one.
    signer: &'static str,
}

/// A role that approves the requests of one signer.
const fn signer(name: &'static str, signer: &'static str) -> RoleRow {
    RoleRow { name, part_of: &[], aggregates: "", rules: &[(&["approve"], &["certificates.k8s.io"], &["signers"])], signer }
}

const fn role(name: &'static str, rules: &'static [Row]) -> RoleRow {
    RoleRow { name, part_of: &[], aggregates: "", rules, signer: "" }
}

const PATHS: &[&str] = &[];

const ROLES: &[RoleRow] = &[
    role("cluster-admin", &[(&["*"], &["*"], &["*"]), (&["*"], PATHS, &["*"])]),
    role(
        "system:discovery",
        &[(
            &["get"],
            PATHS,
            &["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/"],
        )],
    ),
    role("system:public-info-viewer", &[(&["get"], PATHS, &["/healthz", "/livez", "/readyz", "/version", "/version/"])]),
    role(
        "system:monitoring",
        &[(&["get"], PATHS, &["/healthz", "/healthz/*", "/livez", "/livez/*", "/metrics", "/metrics/slis", "/readyz", "/readyz/*"])],
    ),
    role(
        "system:basic-user",
        &[
            (&["create"], &["authorization.k8s.io"], &["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
            (&["create"], &["authentication.k8s.io"], &["selfsubjectreviews"]),
        ],
    ),
    role(
        "system:service-account-issuer-discovery",
        &[(
            &["get"],
            PATHS,
            &["/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks", "/openid/v1/jwks/"],
        )],
    ),
    role(
        "system:auth-delegator",
        &[
            (&["create"], &["authentication.k8s.io"], &["tokenreviews"]),
            (&["create"], &["authorization.k8s.io"], &["subjectaccessreviews"]),
        ],
    ),
    RoleRow { name: "admin", part_of: &[], aggregates: "admin", rules: &[], signer: "" },
    RoleRow { name: "edit", part_of: &["admin"], aggregates: "edit", rules: &[], signer: "" },
    RoleRow { name: "view", part_of: &["edit"], aggregates: "view", rules: &[], signer: "" },
    RoleRow {
        name: "system:aggregate-to-admin",
        part_of: &["admin"],
        aggregates: "",
        signer: "",
        rules: &[(&["create"], &["authorization.k8s.io"], &["localsubjectaccessreviews"]), (ALL, &[RBAC], &["roles", "rolebindings"])],
    },
    RoleRow {
        name: "system:aggregate-to-edit",
        part_of: &["edit"],
        aggregates: "",
        signer: "",
        rules: &[
            (READ, &[""], &["pods/attach", "pods/proxy", "pods/exec", "pods/portforward", "secrets", "services/proxy"]),
            (&["impersonate"], &[""], &["serviceaccounts"]),
            (WRITE, &[""], &["pods", "pods/attach", "pods/proxy", "pods/exec", "pods/portforward"]),
            (&["create"], &[""], &["pods/eviction"]),
            (
                WRITE,
                &[""],
                &[
                    "configmaps",
                    "events",
                    "persistentvolumeclaims",
                    "replicationcontrollers",
                    "replicationcontrollers/scale",
                    "secrets",
                    "serviceaccounts",
                    "services",
                    "services/proxy",
                ],
            ),
            (&["create"], &[""], &["serviceaccounts/token"]),
            (
                WRITE,
                &["apps"],
                &[
                    "daemonsets",
                    "deployments",
                    "deployments/rollback",
                    "deployments/scale",
                    "replicasets",
                    "replicasets/scale",
                    "statefulsets",
                    "statefulsets/scale",
                ],
            ),
            (WRITE, &["autoscaling"], &["horizontalpodautoscalers"]),
            (WRITE, &["batch"], &["cronjobs", "jobs"]),
            (WRITE, &["networking.k8s.io"], &["ingresses", "networkpolicies"]),
            (WRITE, &["policy"], &["poddisruptionbudgets"]),
            (ALL, &["coordination.k8s.io"], &["leases"]),
        ],
    },
    RoleRow {
        name: "system:aggregate-to-view",
        part_of: &["view"],
        aggregates: "",
        signer: "",
        rules: &[
            (
                READ,
                &[""],
                &[
                    "configmaps",
                    "endpoints",
                    "persistentvolumeclaims",
                    "persistentvolumeclaims/status",
                    "pods",
                    "replicationcontrollers",
                    "replicationcontrollers/scale",
                    "serviceaccounts",
                    "services",
                    "services/status",
                ],
            ),
            (
                READ,
                &[""],
                &[
                    "bindings",
                    "events",
                    "limitranges",
                    "namespaces",
                    "namespaces/status",
                    "pods/log",
                    "pods/status",
                    "replicationcontrollers/status",
                    "resourcequotas",
                    "resourcequotas/status",
                ],
            ),
            (READ, &["discovery.k8s.io"], &["endpointslices"]),
            (
                READ,
                &["apps"],
                &[
                    "controllerrevisions",
                    "daemonsets",
                    "daemonsets/status",
                    "deployments",
                    "deployments/scale",
                    "deployments/status",
                    "replicasets",
                    "replicasets/scale",
                    "replicasets/status",
                    "statefulsets",
                    "statefulsets/scale",
                    "statefulsets/status",
                ],
            ),
            (READ, &["autoscaling"], &["horizontalpodautoscalers", "horizontalpodautoscalers/status"]),
            (READ, &["batch"], &["cronjobs", "cronjobs/status", "jobs", "jobs/status"]),
            (READ, &["policy"], &["poddisruptionbudgets", "poddisruptionbudgets/status"]),
            (READ, &["networking.k8s.io"], &["ingresses", "ingresses/status", "networkpolicies"]),
        ],
    },
    // the sum of upstream's controllers, whose garbage collector and namespace controller read and delete everything; it can neither grant rights nor act as others
    role(
        "system:kube-controller-manager",
        &[(ALL, &["*"], &["*"]), (&["get"], PATHS, &["*"]), (&["approve", "sign"], &["certificates.k8s.io"], &["signers"])],
    ),
    role(
        "system:kube-scheduler",
        &[
            (&["create", "patch", "update"], &["", "events.k8s.io"], &["events"]),
            (&["create", "get", "list", "patch", "update", "watch"], &["coordination.k8s.io"], &["leases"]),
            (READ, &[""], &["nodes", "namespaces", "persistentvolumeclaims", "persistentvolumes", "replicationcontrollers", "services"]),
            (&["delete", "get", "list", "watch"], &[""], &["pods"]),
            (&["create"], &[""], &["bindings", "pods/binding"]),
            (&["patch", "update"], &[""], &["pods/status"]),
            (&["patch", "update"], &[""], &["persistentvolumeclaims"]),
            (READ, &["apps"], &["replicasets", "statefulsets"]),
            (READ, &["policy"], &["poddisruptionbudgets"]),
            (READ, &["scheduling.k8s.io"], &["priorityclasses"]),
            (READ, &["storage.k8s.io"], &["*"]),
            (READ, &["resource.k8s.io"], &["*"]),
            (&["patch", "update"], &["resource.k8s.io"], &["resourceclaims", "resourceclaims/status"]),
            (&["create"], &["authentication.k8s.io"], &["tokenreviews"]),
            (&["create"], &["authorization.k8s.io"], &["subjectaccessreviews"]),
        ],
    ),
    role(
        "system:node-proxier",
        &[
            (&["list", "watch"], &[""], &["services", "endpoints"]),
            (READ, &[""], &["nodes"]),
            (&["create", "patch", "update"], &["", "events.k8s.io"], &["events"]),
            (&["list", "watch"], &["discovery.k8s.io"], &["endpointslices"]),
            (&["list", "watch"], &["networking.k8s.io"], &["servicecidrs", "networkpolicies"]),
        ],
    ),
    role(
        "system:kube-dns",
        &[(READ, &[""], &["services", "endpoints", "pods", "namespaces", "nodes"]), (READ, &["discovery.k8s.io"], &["endpointslices"])],
    ),
    // the authorizer of nodes decides for them; this shows what a kubelet does
    role(
        "system:node",
        &[
            (&["create"], &["authentication.k8s.io"], &["tokenreviews"]),
            (&["create"], &["authorization.k8s.io"], &["localsubjectaccessreviews", "subjectaccessreviews"]),
            (READ, &[""], &["services"]),
            (&["create", "get", "list", "watch"], &[""], &["nodes"]),
            (&["patch", "update"], &[""], &["nodes/status"]),
            (&["patch", "update"], &[""], &["nodes"]),
            (&["create", "patch", "update"], &["", "events.k8s.io"], &["events"]),
            (READ, &[""], &["pods"]),
            (&["create", "delete"], &[""], &["pods"]),
            (&["patch", "update"], &[""], &["pods/status"]),
            (&["create"], &[""], &["pods/eviction"]),
            (READ, &[""], &["configmaps", "secrets"]),
            (&["get"], &[""], &["persistentvolumeclaims", "persistentvolumes"]),
            (&["get"], &[""], &["endpoints"]),
            (&["create", "get", "list", "watch"], &["certificates.k8s.io"], &["certificatesigningrequests"]),
            (&["create", "delete", "get", "patch", "update"], &["coordination.k8s.io"], &["leases"]),
            (&["get"], &["storage.k8s.io"], &["volumeattachments"]),
            (&["create"], &[""], &["serviceaccounts/token"]),
            (&["get", "patch", "update"], &[""], &["persistentvolumeclaims/status"]),
            (READ, &["storage.k8s.io"], &["csidrivers"]),
            (&["create", "delete", "get", "patch", "update"], &["storage.k8s.io"], &["csinodes"]),
            (READ, &["node.k8s.io"], &["runtimeclasses"]),
            (&["get"], &["resource.k8s.io"], &["resourceclaims"]),
            (&["deletecollection"], &["resource.k8s.io"], &["resourceslices"]),
        ],
    ),
    role("system:node-bootstrapper", &[(&["create", "get", "list", "watch"], &["certificates.k8s.io"], &["certificatesigningrequests"])]),
    role(
        "system:node-problem-detector",
        &[
            (&["get"], &[""], &["nodes"]),
            (&["patch"], &[""], &["nodes/status"]),
            (&["create", "patch", "update"], &["", "events.k8s.io"], &["events"]),
        ],
    ),
    role("system:kube-aggregator", &[(READ, &[""], &["endpoints", "services"])]),
    role(
        "system:volume-scheduler",
        &[
            (&["get", "list", "patch", "update", "watch"], &[""], &["persistentvolumes"]),
            (READ, &["storage.k8s.io"], &["storageclasses"]),
            (&["get", "list", "patch", "update", "watch"], &[""], &["persistentvolumeclaims"]),
        ],
    ),
    role(
        "system:kubelet-api-admin",
        &[
            (READ, &[""], &["nodes"]),
            (&["proxy"], &[""], &["nodes"]),
            (
                &["*"],
                &[""],
                &[
                    "nodes/checkpoint",
                    "nodes/configz",
                    "nodes/healthz",
                    "nodes/log",
                    "nodes/metrics",
                    "nodes/pods",
                    "nodes/proxy",
                    "nodes/stats",
                ],
            ),
        ],
    ),
    role(
        "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
        &[(&["create"], &["certificates.k8s.io"], &["certificatesigningrequests/nodeclient"])],
    ),
    role(
        "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        &[(&["create"], &["certificates.k8s.io"], &["certificatesigningrequests/selfnodeclient"])],
    ),
    signer("system:certificates.k8s.io:kube-apiserver-client-approver", "kubernetes.io/kube-apiserver-client"),
    signer("system:certificates.k8s.io:kube-apiserver-client-kubelet-approver", "kubernetes.io/kube-apiserver-client-kubelet"),
    signer("system:certificates.k8s.io:kubelet-serving-approver", "kubernetes.io/kubelet-serving"),
    signer("system:certificates.k8s.io:legacy-unknown-approver", "kubernetes.io/legacy-unknown"),
    role(
        "system:persistent-volume-provisioner",
        &[
            (&["get", "list", "watch", "create", "delete", "patch", "update"], &[""], &["persistentvolumes"]),
            (&["get", "list", "watch", "update"], &[""], &["persistentvolumeclaims"]),
            (READ, &["storage.k8s.io"], &["storageclasses"]),
            (&["watch", "create", "update", "patch"], &[""], &["events"]),
        ],
    ),
];

/// Role, then groups, then users that have it.
type BindingRow = (&'static str, &'static [&'static str], &'static [&'static str]);

const BINDINGS: &[BindingRow] = &[
    ("cluster-admin", &["system:masters"], &[]),
    ("system:discovery", &["system:authenticated"], &[]),
    ("system:basic-user", &["system:authenticated"], &[]),
    ("system:public-info-viewer", &["system:authenticated", "system:unauthenticated"], &[]),
    ("system:monitoring", &["system:monitoring"], &[]),
    ("system:service-account-issuer-discovery", &["system:serviceaccounts"], &[]),
    ("system:kube-controller-manager", &[], &["system:kube-controller-manager"]),
    ("system:kube-scheduler", &[], &["system:kube-scheduler"]),
    ("system:node-proxier", &["system:nodes"], &["system:kube-proxy"]),
    ("system:kube-dns", &[], &["system:kube-dns"]),
    ("system:volume-scheduler", &[], &["system:kube-scheduler"]),
    // nodes are let in by their authorizer; upstream keeps the binding for whoever adds subjects to it
    ("system:node", &[], &[]),
];

fn meta(name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        labels: Some([("kubernetes.io/bootstrapping".to_owned(), "rbac-defaults".to_owned())].into()),
        annotations: Some([("rbac.authorization.kubernetes.io/autoupdate".to_owned(), "true".to_owned())].into()),
        ..Default::default()
    }
}

fn list(items: &[&str]) -> Option<Vec<String>> {
    (!items.is_empty()).then(|| items.iter().map(|item| (*item).to_owned()).collect())
}

fn rule((verbs, groups, targets): &Row) -> PolicyRule {
    let verbs = list(verbs).unwrap_or_default();
    if groups.is_empty() {
        return PolicyRule { verbs, non_resource_urls: list(targets), ..Default::default() };
    }
    PolicyRule { verbs, api_groups: list(groups), resources: list(targets), ..Default::default() }
}

fn aggregation_label(role: &str) -> (String, String) {
    (format!("rbac.authorization.k8s.io/aggregate-to-{role}"), "true".to_owned())
}

/// The cluster roles.
pub fn cluster_roles() -> Vec<ClusterRole> {
    ROLES
        .iter()
        .map(|row| {
            let mut metadata = meta(row.name);
            metadata.labels.get_or_insert_default().extend(row.part_of.iter().map(|role| aggregation_label(role)));
            let selector = || LabelSelector { match_labels: Some([aggregation_label(row.aggregates)].into()), match_expressions: None };
            let aggregation_rule = (!row.aggregates.is_empty()).then(|| AggregationRule { cluster_role_selectors: Some(vec![selector()]) });
            let mut rules: Vec<PolicyRule> = row.rules.iter().map(rule).collect();
            if !row.signer.is_empty() {
                rules.iter_mut().for_each(|rule| rule.resource_names = list(&[row.signer]));
            }
            ClusterRole { metadata, aggregation_rule, rules: Some(rules) }
        })
        .collect()
}

/// Their bindings, each of the role's own name.
pub fn cluster_role_bindings() -> Vec<ClusterRoleBinding> {
    BINDINGS
        .iter()
        .map(|(name, groups, users)| {
            let subject = |kind: &str, name: &&str| Subject {
                kind: kind.to_owned(),
                name: (*name).to_owned(),
                api_group: Some(RBAC.to_owned()),
                namespace: None,
            };
            let subjects =
                groups.iter().map(|group| subject("Group", group)).chain(users.iter().map(|user| subject("User", user))).collect();
            ClusterRoleBinding {
                metadata: meta(name),
                role_ref: RoleRef { api_group: Some(RBAC.to_owned()), kind: "ClusterRole".to_owned(), name: (*name).to_owned() },
                subjects: Some(subjects).filter(|subjects: &Vec<Subject>| !subjects.is_empty()),
            }
        })
        .collect()
}

/// Keeps what others have added to a role or a binding: defaults are added to it, never taken away.
pub fn keep(new: &mut dyn api::Object, old: &dyn api::Object) {
    if let (Some(new), Some(old)) = (new.downcast_mut::<ClusterRole>(), old.downcast_ref::<ClusterRole>()) {
        if new.aggregation_rule.is_some() {
            new.rules.clone_from(&old.rules);
            return;
        }
        let mut rules = old.rules.clone().unwrap_or_default();
        let missing: Vec<PolicyRule> = new.rules.iter().flatten().filter(|rule| !super::rbac::covered_by(&rules, rule)).cloned().collect();
        rules.extend(missing);
        new.rules = Some(rules);
    } else if let (Some(new), Some(old)) = (new.downcast_mut::<ClusterRoleBinding>(), old.downcast_ref::<ClusterRoleBinding>()) {
        let mut subjects = old.subjects.clone().unwrap_or_default();
        let missing: Vec<Subject> = new.subjects.iter().flatten().filter(|subject| !subjects.contains(subject)).cloned().collect();
        subjects.extend(missing);
        new.subjects = Some(subjects);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_have_added_stays() {
        let rule = |resource: &str| {
            rule(&(
                &["get"],
                &[""],
                match resource {
                    "pods" => &["pods"],
                    _ => &["secrets"],
                },
            ))
        };
        let role = |rules: Vec<PolicyRule>| ClusterRole { rules: Some(rules), ..ClusterRole::default() };
        let mut new = role(vec![rule("pods")]);
        keep(&mut new, &role(vec![rule("secrets")]));
        assert_eq!(new.rules.unwrap(), [rule("secrets"), rule("pods")]);
        let mut new = role(vec![rule("pods")]);
        keep(&mut new, &role(vec![rule("pods"), rule("secrets")]));
        assert_eq!(new.rules.unwrap(), [rule("pods"), rule("secrets")]);
    }
}
