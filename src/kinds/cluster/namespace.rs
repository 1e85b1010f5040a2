//! Namespaces.

use api::{ErrorList, FieldError, Path, metadata, names};
use k8s_openapi::api::core::v1::{Namespace, NamespaceStatus};

use crate::Part;
use crate::rules::{fill, text};

const NAME_LABEL: &str = "kubernetes.io/metadata.name";
const FINALIZER: &str = "kubernetes";

pub(crate) struct NamespaceBehaviour;

impl crate::Behaviour<Namespace> for NamespaceBehaviour {
    fn default(&self, namespace: &mut Namespace) {
        name_label(namespace);
        namespace.spec.get_or_insert_default();
        fill(&mut namespace.status.get_or_insert_default().phase, "Active");
    }

    fn prepare_create(&self, namespace: &mut Namespace) {
        // a generated name is known only now
        name_label(namespace);
        namespace.status = Some(NamespaceStatus { phase: Some("Active".to_owned()), conditions: None });
        let finalizers = namespace.spec.get_or_insert_default().finalizers.get_or_insert_default();
        if !finalizers.iter().any(|name| name == FINALIZER) {
            finalizers.push(FINALIZER.to_owned());
        }
    }

    fn prepare_update(&self, part: Part, namespace: &mut Namespace, old: &Namespace) {
        name_label(namespace);
        namespace.spec.clone_from(&old.spec);
        if part == Part::Main {
            namespace.status.clone_from(&old.status);
        }
    }

    fn validate(&self, namespace: &Namespace) -> ErrorList {
        let path = Path::new("spec").child("finalizers");
        let finalizers = namespace.spec.iter().flat_map(|spec| spec.finalizers.iter().flatten());
        finalizers.flat_map(|name| finalizer(name, &path)).collect()
    }

    fn validate_update(&self, part: Part, namespace: &Namespace, _old: &Namespace) -> ErrorList {
        if part == Part::Main {
            return ErrorList::new();
        }
        let phase = namespace.status.as_ref().map(|status| text(&status.phase)).unwrap_or_default();
        let path = Path::new("status").child("Phase");
        let detail = match (namespace.metadata.deletion_timestamp.is_some(), phase) {
            (false, "Active") | (true, "Terminating") => return ErrorList::new(),
            (false, _) => "may only be 'Active' if `deletionTimestamp` is empty",
            (true, _) => "may only be 'Terminating' if `deletionTimestamp` is not empty",
        };
        vec![FieldError::invalid(&path, phase, detail)]
    }

    fn name_errors(&self, name: &str, prefix: bool) -> Vec<String> {
        names::dns1123_label(name, prefix)
    }

    fn fields(&self, namespace: &Namespace) -> Vec<(&'static str, String)> {
        let phase = namespace.status.as_ref().map(|status| text(&status.phase)).unwrap_or_default();
        vec![("status.phase", phase.to_owned()), ("name", text(&namespace.metadata.name).to_owned())]
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["status.phase", "name"]
    }
}

/// The label by which namespaces are selected by name; nobody changes it.
fn name_label(namespace: &mut Namespace) {
    if let Some(name) = namespace.metadata.name.clone().filter(|name| !name.is_empty()) {
        namespace.metadata.labels.get_or_insert_default().insert(NAME_LABEL.to_owned(), name);
    }
}

/// The faults of one entry of `spec.finalizers`.
pub fn finalizer(name: &str, path: &Path) -> ErrorList {
    let mut errors = metadata::finalizer_name(name, path);
    if !name.contains('/') && !matches!(name, "kubernetes" | "orphan" | "foregroundDeletion") {
        errors.push(FieldError::invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified"));
    }
    errors
}
