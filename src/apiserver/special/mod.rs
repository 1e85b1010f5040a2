//! The few things that a write of some kinds needs beyond the object itself: addresses and ports that no two services share, the graceful deletion of pods, the
//! two-step deletion of namespaces. Everything else about kinds is in `kinds`.

mod addresses;
mod claims;
mod service;

use api::{ApiError, Object};
use k8s_openapi::api::certificates::v1::CertificateSigningRequest;
use k8s_openapi::api::core::v1::{Namespace, NamespaceStatus, Pod, Service};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kinds::Kind;
use store::Write;

pub use addresses::{AddressRange, PortRange};
pub use claims::{Claims, Clashes};
pub use service::Allocator;

/// State behind the special rules.
pub struct Special {
    allocator: Allocator,
}

impl Special {
    pub fn new(allocator: Allocator) -> Self {
        Self { allocator }
    }
    /// The address of the `kubernetes` service.
    pub fn first_address(&self) -> std::net::IpAddr {
        self.allocator.first_address()
    }
    fn claims(&self) -> &Claims {
        &self.allocator.claims
    }
    /// What the server decides about a new object from the kind alone.
    pub fn prepare_create(&self, _kind: &Kind, object: &mut dyn Object) {
        if let Some(namespace) = object.downcast_mut::<Namespace>() {
            let finalizers = namespace.spec.get_or_insert_default().finalizers.get_or_insert_default();
            if !finalizers.iter().any(|finalizer| finalizer == "kubernetes") {
                finalizers.push("kubernetes".to_owned());
            }
            namespace.status = Some(NamespaceStatus { phase: Some("Active".to_owned()), conditions: None });
            // selectors of namespaces by name lean on it
            let name = namespace.metadata.name.clone().unwrap_or_default();
            if !name.is_empty() {
                namespace.metadata.labels.get_or_insert_default().insert("kubernetes.io/metadata.name".to_owned(), name);
            }
        }
    }
    /// Whether a write of this kind may be given what no two objects may have.
    pub fn fills(&self, kind: &Kind) -> bool {
        kind.group.is_empty() && kind.kind == "Service"
    }
    /// What the server fills in before a write. Others may be faster at claiming it: `clashes` are those that were.
    pub fn fill(&self, new: &mut dyn Object, old: Option<&dyn Object>, clashes: &Clashes) -> Result<(), ApiError> {
        if let Some(namespace) = new.downcast_mut::<Namespace>() {
            let name = namespace.metadata.name.clone().unwrap_or_default();
            namespace.metadata.labels.get_or_insert_default().insert("kubernetes.io/metadata.name".to_owned(), name);
            return Ok(());
        }
        if let Some(request) = new.downcast_mut::<CertificateSigningRequest>() {
            tell_when(request, old.and_then(|old| old.downcast_ref()));
            return Ok(());
        }
        let Some(service) = new.downcast_mut::<Service>() else { return Ok(()) };
        self.allocator.fill(service, old.and_then(|old| old.downcast_ref()), clashes)
    }
    /// What has to be written with an object so that nobody else gets what it has, and others may have what it has no more.
    pub fn writes(&self, old: Option<&dyn Object>, new: Option<&dyn Object>) -> Vec<Write> {
        let (old, new) = (old.and_then(|old| old.downcast_ref::<Service>()), new.and_then(|new| new.downcast_ref::<Service>()));
        if old.is_none() && new.is_none() { Vec::new() } else { self.claims().writes(old, new) }
    }
    /// True where an update has taken away the last thing that kept a deleted object.
    pub fn removed_by_update(&self, _kind: &Kind, object: &dyn Object) -> bool {
        object.downcast_ref::<Namespace>().is_some_and(|namespace| {
            let meta = &namespace.metadata;
            meta.deletion_timestamp.is_some()
                && meta.finalizers.as_ref().is_none_or(Vec::is_empty)
                && namespace.spec.as_ref().and_then(|spec| spec.finalizers.as_ref()).is_none_or(Vec::is_empty)
        })
    }
    /// True where something besides `metadata.finalizers` holds a deletion back.
    pub fn holds_deletion(&self, _kind: &Kind, object: &dyn Object) -> bool {
        object.downcast_ref::<Namespace>().is_some_and(|namespace| {
            namespace.spec.as_ref().and_then(|spec| spec.finalizers.as_ref()).is_some_and(|finalizers| !finalizers.is_empty())
        })
    }
    /// An object is to be deleted, and nothing has been done about it yet.
    pub fn before_deletion(&self, _kind: &Kind, object: &mut dyn Object) {
        if let Some(definition) = object.downcast_mut::<CustomResourceDefinition>()
            && definition.metadata.deletion_timestamp.is_none()
        {
            crate::custom::mark(definition);
        }
    }
    /// An object has been marked for deletion.
    pub fn marked(&self, _kind: &Kind, object: &mut dyn Object) {
        if let Some(namespace) = object.downcast_mut::<Namespace>() {
            namespace.metadata.deletion_grace_period_seconds = None;
            namespace.status.get_or_insert_default().phase = Some("Terminating".to_owned());
        }
    }
    /// True for kinds of which upstream answers a deletion with the object instead of a Status.
    pub fn returns_deleted(&self, kind: &Kind) -> bool {
        kind.group.is_empty()
            && matches!(
                &*kind.plural,
                "pods"
                    | "podtemplates"
                    | "persistentvolumes"
                    | "persistentvolumeclaims"
                    | "resourcequotas"
                    | "serviceaccounts"
                    | "services"
            )
            || kind.group == "storage.k8s.io"
    }
    /// What happens to dependents where the author does not say: upstream's default of each kind; none means background.
    pub fn default_propagation(&self, kind: &Kind) -> Option<&'static str> {
        match (&*kind.group, &*kind.kind) {
            ("", "ReplicationController") | ("batch", "Job") => Some("Orphan"),
            _ => None,
        }
    }
    /// Seconds that an object has to end by itself; none where its kind knows no graceful deletion.
    pub fn grace_period_seconds(&self, _kind: &Kind, object: &dyn Object, wanted: Option<i64>) -> Option<i64> {
        let pod = object.downcast_ref::<Pod>()?;
        let spec = pod.spec.as_ref();
        let mut period = wanted.or_else(|| spec.and_then(|spec| spec.termination_grace_period_seconds)).unwrap_or(30);
        let bound = spec.and_then(|spec| spec.node_name.as_deref()).is_some_and(|node| !node.is_empty());
        let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default();
        // nobody runs it, or nobody does any more
        if !bound || matches!(phase, "Succeeded" | "Failed") {
            period = 0;
        }
        Some(if period < 0 { 1 } else { period })
    }
}

/// Gives the conditions of a request the times that their author left out.
fn tell_when(request: &mut CertificateSigningRequest, old: Option<&CertificateSigningRequest>) {
    let now = crate::registry::now();
    let before: Vec<_> = old.iter().flat_map(|old| old.status.iter().flat_map(|status| status.conditions.iter().flatten())).collect();
    for condition in request.status.iter_mut().flat_map(|status| status.conditions.iter_mut().flatten()) {
        condition.last_update_time.get_or_insert_with(|| now.clone());
        if condition.last_transition_time.is_none() {
            let same = before.iter().find(|before| before.type_ == condition.type_ && before.status == condition.status);
            condition.last_transition_time = same.and_then(|same| same.last_transition_time.clone()).or_else(|| Some(now.clone()));
        }
    }
}
