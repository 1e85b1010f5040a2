//! Metadata of every object: what the server fills in, and what may stand in it.

use api::{ErrorList, Object, Path};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use kinds::Kind;

/// Characters that a generated name may have before its random end.
const GENERATED_BASE: usize = 63 - RANDOM;
const RANDOM: usize = 5;
/// Upstream's alphabet: nothing that spells words or is mistaken for another.
const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// The time as objects carry it: whole seconds.
pub(crate) fn now() -> Time {
    Time(api::time::truncated(jiff::Timestamp::now()))
}

/// A name that begins with `prefix`.
pub fn generate_name(prefix: &str) -> String {
    let mut end = prefix.len().min(GENERATED_BASE);
    while !prefix.is_char_boundary(end) {
        end -= 1;
    }
    let random = uuid::Uuid::new_v4();
    let tail = random.as_bytes()[..RANDOM].iter().map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
    prefix[..end].chars().chain(tail).collect()
}

/// What the server decides at creation.
pub fn stamp(kind: &Kind, meta: &mut ObjectMeta) {
    meta.uid = Some(uuid::Uuid::new_v4().to_string());
    meta.creation_timestamp = Some(now());
    meta.deletion_timestamp = None;
    meta.deletion_grace_period_seconds = None;
    meta.self_link = None;
    meta.resource_version = None;
    meta.generation = kind.behaviour.has_generation().then_some(1);
}

/// The faults of new metadata.
pub fn validate(kind: &Kind, object: &dyn Object) -> ErrorList {
    let name_errors = |name: &str, prefix| match &*kind.group {
        // names of roles are parts of a path and nothing more
        "rbac.authorization.k8s.io" => api::names::path_segment(name, prefix),
        _ => kind.behaviour.name_errors(name, prefix),
    };
    api::metadata::validate(object.meta(), kind.namespaced, name_errors, &Path::new("metadata"))
}

/// The faults of changed metadata.
pub fn validate_update(object: &dyn Object, old: &dyn Object) -> ErrorList {
    api::metadata::validate_update(object.meta(), old.meta(), &Path::new("metadata"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_names_keep_within_a_label() {
        let name = generate_name("web-");
        assert!(name.starts_with("web-") && name.len() == 9, "{name}");
        assert_eq!(generate_name(&"x".repeat(100)).len(), 63);
        assert!(name[4..].bytes().all(|byte| ALPHABET.contains(&byte)), "{name}");
    }
}
