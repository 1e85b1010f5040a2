//! Pod templates of a deployment: whether a ReplicaSet has the deployment's own, and the hash that names it.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use serde_json::Value;

pub(crate) const HASH_LABEL: &str = "pod-template-hash";

/// Upstream's alphabet of safe names: no vowels, and no digits that look like letters.
const SAFE: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// The name of a template: FNV-1a of its JSON (upstream hashes the printed Go struct, which nothing else can reproduce) and of the count of collisions, written in
/// upstream's safe alphabet. Equal templates have equal hashes, in every release that encodes them alike.
pub(crate) fn hash(template: &PodTemplateSpec, collisions: Option<i32>) -> String {
    let mut hash = 0x811c_9dc5_u32;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    };
    add(&serde_json::to_vec(template).expect("k8s-openapi types always serialize"));
    if let Some(collisions) = collisions {
        add(&collisions.to_le_bytes());
    }
    hash.to_string().bytes().map(|digit| char::from(SAFE[usize::from(digit) % SAFE.len()])).collect()
}

/// The name of the ReplicaSet for the deployment's template.
pub(super) fn set_name(deployment: &Deployment) -> String {
    let collisions = deployment.status.as_ref().and_then(|status| status.collision_count);
    format!("{}-{}", deployment.metadata.name.as_deref().unwrap_or_default(), hash(&deployment.spec.template, collisions))
}

/// True where the ReplicaSet has this template, the hash label aside.
pub(super) fn has_template(set: &ReplicaSet, template: &PodTemplateSpec) -> bool {
    let Some(found) = &set.spec.template else { return false };
    if found.spec == template.spec && without_hash(found).metadata == without_hash(template).metadata {
        return true;
    }
    // What is empty and what is missing is the same.
    let plain = |template: &PodTemplateSpec| serde_json::to_value(without_hash(template)).map(pruned).ok();
    plain(found) == plain(template)
}

fn without_hash(template: &PodTemplateSpec) -> PodTemplateSpec {
    let mut template = template.clone();
    if let Some(meta) = &mut template.metadata {
        if let Some(labels) = &mut meta.labels {
            labels.remove(HASH_LABEL);
        }
        meta.labels.take_if(|labels| labels.is_empty());
        meta.annotations.take_if(|annotations| annotations.is_empty());
    }
    template
}

fn pruned(value: Value) -> Value {
    let keeps = |value: &Value| match value {
        Value::Null => false,
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, pruned(value)))
            .filter(|(_, value)| keeps(value))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().map(pruned).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(value: Value) -> PodTemplateSpec {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn hashes_are_short_safe_and_stable() {
        let one = template(json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}));
        let two = template(json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "a:2"}]}}));
        assert_eq!(hash(&one, None), hash(&one.clone(), None));
        assert_ne!(hash(&one, None), hash(&two, None));
        assert_ne!(hash(&one, None), hash(&one, Some(1)));
        assert!(hash(&one, None).len() <= 10 && hash(&one, None).bytes().all(|byte| SAFE.contains(&byte)));
        // The released names of sets depend on this value.
        assert_eq!(hash(&PodTemplateSpec::default(), None), expected_of(b"{}"));
    }
    fn expected_of(bytes: &[u8]) -> String {
        let hash = bytes.iter().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(16_777_619));
        hash.to_string().chars().map(|digit| char::from(SAFE[usize::from(digit as u8) % 27])).collect()
    }

    #[test]
    fn the_hash_label_and_empty_fields_do_not_count() {
        let set = |value: Value| ReplicaSet {
            spec: k8s_openapi::api::apps::v1::ReplicaSetSpec { template: Some(template(value)), ..Default::default() },
            ..Default::default()
        };
        let of = template(json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a"}]}}));
        assert!(has_template(
            &set(
                json!({"metadata": {"labels": {"app": "web", HASH_LABEL: "x"}, "annotations": {}}, "spec": {"containers": [{"name": "a"}]}})
            ),
            &of
        ));
        assert!(has_template(
            &set(json!({"metadata": {"labels": {"app": "web"}}, "spec": {"volumes": [], "containers": [{"name": "a", "env": []}]}})),
            &of
        ));
        assert!(!has_template(
            &set(json!({"metadata": {"labels": {"app": "web", "b": "c"}}, "spec": {"containers": [{"name": "a"}]}})),
            &of
        ));
        assert!(!has_template(&set(json!({"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "b"}]}})), &of));
    }
}
