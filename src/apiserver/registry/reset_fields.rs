//! Fields that a write sets for nothing, because the server keeps what it has there: nobody comes to own them by such a write. Upstream's `GetResetFields`.

use api::Gvk;
use api::apply::{FieldFilter, FieldSet, Types};
use kinds::Kind;

/// Where it is not `status` for the object and `spec` for its status: group, plural, subresource, fields.
const EXCLUDED: &[(&str, &str, &str, &[&str])] = &[
    ("", "namespaces", "finalize", &["status"]),
    ("", "pods", "status", &["spec", "metadata.deletionTimestamp", "metadata.ownerReferences"]),
    ("admissionregistration.k8s.io", "validatingadmissionpolicies", "status", &["metadata", "spec"]),
    ("apiregistration.k8s.io", "apiservices", "status", &["metadata", "spec"]),
    ("apps", "deployments", "status", &["metadata.labels", "spec"]),
    ("certificates.k8s.io", "certificatesigningrequests", "", &["spec", "status"]),
    ("certificates.k8s.io", "certificatesigningrequests", "approval", &["spec", "status.certificate"]),
    ("certificates.k8s.io", "certificatesigningrequests", "status", &["spec", "status.conditions"]),
    ("flowcontrol.apiserver.k8s.io", "flowschemas", "status", &["metadata", "spec"]),
    ("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations", "status", &["metadata", "spec"]),
    ("storage.k8s.io", "volumeattachments", "status", &["metadata", "spec"]),
];

/// Where only a few fields count: group, plural, subresource, patterns.
const INCLUDED: &[(&str, &str, &str, &[&str])] = &[
    ("", "pods", "ephemeralcontainers", &["spec.ephemeralContainers"]),
    (
        "",
        "pods",
        "resize",
        &[
            "spec.containers.*.resources",
            "spec.containers.*.resizePolicy",
            "spec.initContainers.*.resources",
            "spec.initContainers.*.resizePolicy",
        ],
    ),
];

/// What can be owned by writes of a kind at a subresource; none where everything can.
pub fn filter(kind: &Kind, subresource: &str) -> Option<FieldFilter> {
    let find = |table: &'static [(&str, &str, &str, &'static [&'static str])]| {
        let row = table.iter().find(|(group, plural, at, _)| (*group, *plural, *at) == (&*kind.group, &*kind.plural, subresource));
        row.map(|(_, _, _, fields)| *fields)
    };
    if let Some(patterns) = find(INCLUDED) {
        return Some(FieldFilter::Include(patterns.iter().map(|pattern| pattern.split('.').collect()).collect()));
    }
    let custom = || kind.conversion.is_none() && Types::of_kind(&Gvk::new(&kind.group, &kind.version, &kind.kind)).is_none();
    let excluded = find(EXCLUDED).or(match subresource {
        "" => kind.subresource("status").map(|_| &["status"][..]),
        "status" if custom() => Some(&["metadata", "spec"]),
        "status" => Some(&["spec"]),
        _ => None,
    })?;
    Some(FieldFilter::Exclude(FieldSet::of_fields(excluded)))
}

/// Whether a write of a kind at a subresource leaves its metadata as they are. Custom resources see to it themselves.
pub fn keeps_metadata(kind: &Kind, subresource: &str) -> bool {
    EXCLUDED.iter().any(|(group, plural, at, fields)| {
        (*group, *plural, *at) == (&*kind.group, &*kind.plural, subresource) && fields.contains(&"metadata")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_of_kinds_that_exist() {
        for (group, plural, subresource, _) in EXCLUDED.iter().chain(INCLUDED) {
            let kind = kinds::ALL.iter().find(|kind| kind.group == *group && kind.plural == *plural);
            let kind = kind.unwrap_or_else(|| panic!("{group} {plural}"));
            assert!(subresource.is_empty() || kind.subresource(subresource).is_some(), "{plural}/{subresource}");
        }
    }

    #[test]
    fn defaults() {
        let excluded = |fields: &[&str]| Some(FieldFilter::Exclude(FieldSet::of_fields(fields)));
        assert_eq!(filter(&kinds::CONFIG_MAP, ""), None);
        assert_eq!(filter(&kinds::SERVICE, ""), excluded(&["status"]));
        assert_eq!(filter(&kinds::SERVICE, "status"), excluded(&["spec"]));
        assert_eq!(filter(&kinds::DEPLOYMENT, "status"), excluded(&["metadata.labels", "spec"]));
    }
}
