//! Names of objects, labels and the like: what is wrong with one, in upstream's words (`k8s.io/apimachinery/pkg/util/validation`).

/// Faults of a DNS-1123 subdomain; `prefix` allows a trailing dash, as for `generateName`.
pub fn dns1123_subdomain(_name: &str, _prefix: bool) -> Vec<String> {
    Vec::new()
}
