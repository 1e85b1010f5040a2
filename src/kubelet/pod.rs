//! Reading a Pod: its identity, its containers of each kind, its class of service. Everything here is a plain question to the object.

use k8s_openapi::api::core::v1::{Container, ObjectReference, Pod, PodSpec};

use crate::resources;

/// Annotations of pods that did not come from the API server.
pub const SOURCE: &str = "kubernetes.io/config.source";
pub const HASH: &str = "kubernetes.io/config.hash";
pub const MIRROR: &str = "kubernetes.io/config.mirror";
pub const SEEN: &str = "kubernetes.io/config.seen";

/// What a container is in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Runs to its end before the next one.
    Init,
    /// An init container that restarts always and stays beside the others.
    Sidecar,
    /// One of `spec.containers`.
    App,
}

pub fn uid(pod: &Pod) -> &str {
    pod.metadata.uid.as_deref().unwrap_or_default()
}
pub fn name(pod: &Pod) -> &str {
    pod.metadata.name.as_deref().unwrap_or_default()
}
pub fn namespace(pod: &Pod) -> &str {
    pod.metadata.namespace.as_deref().unwrap_or("default")
}
/// `name_namespace(uid)`, as messages name a pod.
pub fn full_name(pod: &Pod) -> String {
    format!("{}_{}({})", name(pod), namespace(pod), uid(pod))
}
/// The spec; an empty one where a manifest has none.
pub fn spec(pod: &Pod) -> &PodSpec {
    static NONE: std::sync::LazyLock<PodSpec> = std::sync::LazyLock::new(PodSpec::default);
    pod.spec.as_ref().unwrap_or(&NONE)
}
pub fn annotation<'a>(pod: &'a Pod, key: &str) -> Option<&'a str> {
    pod.metadata.annotations.as_ref()?.get(key).map(String::as_str)
}
pub fn is_static(pod: &Pod) -> bool {
    annotation(pod, SOURCE).is_some_and(|source| source != "api")
}
pub fn is_mirror(pod: &Pod) -> bool {
    annotation(pod, MIRROR).is_some()
}
pub fn phase(pod: &Pod) -> &str {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or("Pending")
}
pub fn is_finished(pod: &Pod) -> bool {
    matches!(phase(pod), "Succeeded" | "Failed")
}
pub fn restart_policy(pod: &Pod) -> &str {
    spec(pod).restart_policy.as_deref().unwrap_or("Always")
}
pub fn role_of_init(container: &Container) -> Role {
    if container.restart_policy.as_deref() == Some("Always") { Role::Sidecar } else { Role::Init }
}
/// Init containers and sidecars in order, then the others.
pub fn containers(pod: &Pod) -> impl Iterator<Item = (Role, &Container)> {
    let init = spec(pod).init_containers.iter().flatten().map(|container| (role_of_init(container), container));
    init.chain(spec(pod).containers.iter().map(|container| (Role::App, container)))
}
pub fn container<'a>(pod: &'a Pod, name: &str) -> Option<(Role, &'a Container)> {
    containers(pod).find(|(_, container)| container.name == name)
}
/// What a container is started again for when it changes: its image.
pub fn container_hash(container: &Container) -> String {
    let text = format!("{}\0{}", container.name, container.image.as_deref().unwrap_or_default());
    hex::encode(&<sha2::Sha256 as sha2::Digest>::digest(text)[..4])
}
/// The pod's seconds of grace: asked by the deletion, else by the spec.
pub fn grace_seconds(pod: &Pod) -> i64 {
    pod.metadata.deletion_grace_period_seconds.or(spec(pod).termination_grace_period_seconds).unwrap_or(30)
}
pub fn host_network(pod: &Pod) -> bool {
    spec(pod).host_network.unwrap_or(false)
}
/// `Guaranteed`, `Burstable`, `BestEffort`.
pub fn qos_class(pod: &Pod) -> &'static str {
    resources::qos_class(pod)
}

/// The pod in an Event.
pub fn reference(pod: &Pod) -> ObjectReference {
    ObjectReference {
        api_version: Some("v1".to_owned()),
        kind: Some("Pod".to_owned()),
        name: pod.metadata.name.clone(),
        namespace: pod.metadata.namespace.clone(),
        uid: Some(annotation(pod, MIRROR).or(Some(uid(pod))).unwrap_or_default().to_owned()),
        resource_version: pod.metadata.resource_version.clone(),
        field_path: None,
    }
}
/// One container of the pod in an Event.
pub fn container_reference(pod: &Pod, container: &str) -> ObjectReference {
    let list = match self::container(pod, container) {
        Some((Role::App, _)) | None => "containers",
        Some(_) => "initContainers",
    };
    ObjectReference { field_path: Some(format!("spec.{list}{{{container}}}")), ..reference(pod) }
}
