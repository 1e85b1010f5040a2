//! Finds kinds by what clients name them: paths, `apiVersion` and `kind`, and all that a user of kubectl may type for a resource.

use crate::{ALL, Kind, older};

/// Every kind and version that is served: those of today, then the older ones.
pub fn served() -> impl Iterator<Item = &'static Kind> {
    ALL.iter().copied().chain(older())
}

/// By path: `apps`, `v1`, `deployments`.
pub fn by_resource(group: &str, version: &str, plural: &str) -> Option<&'static Kind> {
    served().find(|kind| kind.plural == plural && kind.group == group && kind.version == version)
}

/// By the type that an object claims: group, version, kind. Kinds that are served only below others ([`crate::BODIES`]) are found too.
pub fn by_kind(group: &str, version: &str, name: &str) -> Option<&'static Kind> {
    served().chain(crate::BODIES.iter().copied()).find(|kind| kind.kind == name && kind.group == group && kind.version == version)
}

/// By `apiVersion` and `kind` as they stand in an object.
pub fn by_api_version(api_version: &str, name: &str) -> Option<&'static Kind> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    by_kind(group, version, name)
}

/// What a user of kubectl types: a plural, singular, short name or kind, in any case, alone or with a group (`deployments.apps`, `deploy.apps`), a beginning of one
/// (`deployments.ap`), or version and group (`deployments.v1.apps`). Names that several groups share go to the first in the order of discovery;
/// a plural beats a singular, and both beat a short name.
pub fn by_user_name(text: &str) -> Option<&'static Kind> {
    let text = text.to_lowercase();
    let mut parts = text.splitn(3, '.');
    let name = parts.next().unwrap_or_default();
    let qualified = match (parts.next(), parts.next()) {
        (Some(version), Some(group)) => by_parts(name, Some(version), group),
        _ => None,
    };
    qualified.or_else(|| {
        let (name, group) = text.split_once('.').unwrap_or((&text, ""));
        by_parts(name, None, group)
    })
}

/// All kinds of a category, such as `all`, in the order of discovery.
pub fn by_category(category: &str) -> Vec<&'static Kind> {
    let mut found: Vec<&'static Kind> = Vec::new();
    for kind in ALL.iter().copied().filter(|kind| kind.categories.iter().any(|own| own == category)) {
        if !found.iter().any(|other| other.group == kind.group && other.plural == kind.plural) {
            found.push(kind);
        }
    }
    found
}

/// Group and version in the order of discovery, each once.
pub fn group_versions() -> Vec<(&'static str, &'static str)> {
    versions_of(ALL.iter().copied())
}

/// Group and version of some kinds, each once.
pub fn versions_of(kinds: impl Iterator<Item = &'static Kind>) -> Vec<(&'static str, &'static str)> {
    let mut found: Vec<(&'static str, &'static str)> = Vec::new();
    for kind in kinds {
        let pair: (&str, &str) = (&kind.group, &kind.version);
        if found.last() != Some(&pair) && !found.contains(&pair) {
            found.push(pair);
        }
    }
    found
}

fn by_parts(name: &str, version: Option<&str>, group: &str) -> Option<&'static Kind> {
    let names: [fn(&Kind, &str) -> bool; 3] = [
        |kind, name| kind.plural == name,
        |kind, name| kind.singular == name,
        |kind, name| kind.short_names.iter().any(|short| short == name),
    ];
    let groups: [fn(&Kind, &str) -> bool; 2] = [|kind, group| kind.group == group, |kind, group| kind.group.starts_with(group)];
    // without a group the names alone decide; with a version the group is exact
    let groups = match (version, group) {
        (None, "") => &groups[1..],
        (Some(_), _) => &groups[..1],
        _ => &groups[..],
    };
    // an older version is meant only where its group or version is said
    let among = if version.is_none() && group.is_empty() { ALL.len() } else { usize::MAX };
    names.iter().find_map(|matches| {
        groups.iter().find_map(|in_group| {
            served()
                .take(among)
                .find(|kind| matches(kind, name) && in_group(kind, group) && version.is_none_or(|version| kind.version == version))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_users() {
        let check = |text: &str, expected: Option<&str>| {
            let found = by_user_name(text).map(|kind| format!("{kind:?}"));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        for text in ["po", "pods", "pod", "Pod", "PODS", "pods.v1."] {
            check(text, Some("v1/Pod"));
        }
        for text in [
            "deploy",
            "deployment",
            "Deployment",
            "deployments.apps",
            "deploy.apps",
            "deployments.v1.apps",
            "Deployment.v1.apps",
            "deployments.ap",
        ] {
            check(text, Some("apps/v1/Deployment"));
        }
        check("events", Some("v1/Event"));
        check("ev", Some("v1/Event"));
        check("events.events.k8s.io", Some("events.k8s.io/v1/Event"));
        check("events.v1.events.k8s.io", Some("events.k8s.io/v1/Event"));
        check("hpa", Some("autoscaling/v2/HorizontalPodAutoscaler"));
        check("hpa.v1.autoscaling", Some("autoscaling/v1/HorizontalPodAutoscaler"));
        check("ep", Some("v1/Endpoints"));
        check("endpoints", Some("v1/Endpoints"));
        check("crds", Some("apiextensions.k8s.io/v1/CustomResourceDefinition"));
        check("netpol.networking.k8s.io", Some("networking.k8s.io/v1/NetworkPolicy"));
        check("deployments.v1beta1.apps", Some("apps/v1beta1/Deployment"));
        check("ingress", Some("networking.k8s.io/v1/Ingress"));
        check("ingresses.extensions", Some("extensions/v1beta1/Ingress"));
        check("ingresses.networking.k8s.io", Some("networking.k8s.io/v1/Ingress"));
        check("deployments.v1alpha1.apps", None);
        check("pods.apps", None);
        check("po.v2.", None);
        check("", None);
        check("nothing", None);
    }

    #[test]
    fn types_of_objects() {
        assert_eq!(by_api_version("apps/v1", "ReplicaSet").unwrap().plural, "replicasets");
        assert_eq!(by_api_version("v1", "Pod").unwrap().plural, "pods");
        assert_eq!(by_api_version("policy/v1", "Eviction").unwrap().singular, "eviction");
        assert!(by_api_version("v1", "pod").is_none());
        assert_eq!(by_resource("autoscaling", "v1", "horizontalpodautoscalers").unwrap().stored_as().version, "v2");
    }

    #[test]
    fn category_all() {
        let names: Vec<_> = by_category("all").iter().map(|kind| &*kind.plural).collect();
        let expected = [
            "pods",
            "replicationcontrollers",
            "services",
            "daemonsets",
            "deployments",
            "replicasets",
            "statefulsets",
            "horizontalpodautoscalers",
            "cronjobs",
            "jobs",
        ];
        assert_eq!(names, expected);
    }
}
