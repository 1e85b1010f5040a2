//! Where the built-in groups stand among others, as upstream's API server registers them.

/// Group, version, priority of the group, priority of the version.
const BUILT_IN: &[(&str, &str, i32, i32)] = &[
    ("", "v1", 18000, 1),
    ("apps", "v1", 17800, 15),
    ("events.k8s.io", "v1", 17750, 15),
    ("authentication.k8s.io", "v1", 17700, 15),
    ("authorization.k8s.io", "v1", 17600, 15),
    ("autoscaling", "v1", 17500, 15),
    ("autoscaling", "v2", 17500, 30),
    ("batch", "v1", 17400, 15),
    ("certificates.k8s.io", "v1", 17300, 15),
    ("certificates.k8s.io", "v1beta1", 17300, 9),
    ("certificates.k8s.io", "v1alpha1", 17300, 1),
    ("networking.k8s.io", "v1", 17200, 15),
    ("networking.k8s.io", "v1beta1", 17200, 9),
    ("policy", "v1", 17100, 15),
    ("rbac.authorization.k8s.io", "v1", 17000, 15),
    ("storage.k8s.io", "v1", 16800, 15),
    ("storage.k8s.io", "v1beta1", 16800, 9),
    ("apiextensions.k8s.io", "v1", 16700, 15),
    ("admissionregistration.k8s.io", "v1", 16700, 15),
    ("admissionregistration.k8s.io", "v1beta1", 16700, 12),
    ("scheduling.k8s.io", "v1", 16600, 15),
    ("coordination.k8s.io", "v1", 16500, 15),
    ("node.k8s.io", "v1", 16300, 15),
    ("discovery.k8s.io", "v1", 16200, 15),
    ("resource.k8s.io", "v1", 16200, 20),
    ("flowcontrol.apiserver.k8s.io", "v1", 16100, 21),
    ("internal.apiserver.k8s.io", "v1alpha1", 16000, 9),
    ("storagemigration.k8s.io", "v1", 15800, 15),
    ("storagemigration.k8s.io", "v1beta1", 15800, 9),
];
/// Of custom resources: low, and ordered among themselves by the names of versions.
pub const CUSTOM: (i32, i32) = (1000, 100);

/// The priorities of a built-in group and version. None where it is not registered as an API service.
pub fn built_in(group: &str, version: &str) -> Option<(i32, i32)> {
    BUILT_IN.iter().find(|row| (row.0, row.1) == (group, version)).map(|row| (row.2, row.3))
}

/// The priority of a built-in group. That of API services itself comes before all others; what is not registered stands with custom resources.
pub fn of_group(group: &str) -> i32 {
    match group {
        "apiregistration.k8s.io" => 20001,
        _ => BUILT_IN.iter().find(|row| row.0 == group).map_or(CUSTOM.0, |row| row.2),
    }
}

/// The priority of a version that this server serves itself.
pub fn of_version(group: &str, version: &str) -> i32 {
    built_in(group, version).map_or(if group.contains('.') { CUSTOM.1 } else { 0 }, |(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_group_has_a_row() {
        for (group, version) in kinds::lookup::group_versions() {
            assert!(group == "apiregistration.k8s.io" || built_in(group, version).is_some(), "{group}/{version}");
        }
    }
}
