//! What drivers of volumes say of themselves: CSIDrivers, CSINodes, CSIStorageCapacities, VolumeAttachments.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::storage::v1::{CSIDriver, CSINode, CSIStorageCapacity, VolumeAttachment, VolumeAttachmentStatus};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::Part;
use crate::rules::{fill, immutable, invalid, one_of, required_one_of, subdomain, text};
use crate::warnings::{old_node_label, old_node_labels};

const MAX_NAME_BYTES: usize = 63;
const MAX_NODE_ID_BYTES: usize = 256;

pub(crate) struct CsiDriverBehaviour;

impl crate::Behaviour<CSIDriver> for CsiDriverBehaviour {
    fn default(&self, driver: &mut CSIDriver) {
        let spec = &mut driver.spec;
        spec.attach_required.get_or_insert(true);
        for flag in [&mut spec.pod_info_on_mount, &mut spec.storage_capacity, &mut spec.requires_republish, &mut spec.se_linux_mount] {
            flag.get_or_insert(false);
        }
        fill(&mut spec.fs_group_policy, "ReadWriteOnceWithFSType");
        if spec.volume_lifecycle_modes.as_ref().is_none_or(Vec::is_empty) {
            spec.volume_lifecycle_modes = Some(vec!["Persistent".to_owned()]);
        }
    }

    fn validate(&self, driver: &CSIDriver) -> ErrorList {
        let path = Path::new("spec");
        let mut errors = driver_name(text(&driver.metadata.name), &Path::new("metadata").child("name"));
        let policies = &["File", "None", "ReadWriteOnceWithFSType"];
        errors.extend(required_one_of(text(&driver.spec.fs_group_policy), policies, &path.child("fsGroupPolicy")));
        for mode in driver.spec.volume_lifecycle_modes.iter().flatten() {
            errors.extend(one_of(mode, &["Ephemeral", "Persistent"], &path.child("volumeLifecycleModes")));
        }
        let mut audiences = BTreeSet::new();
        for (index, request) in driver.spec.token_requests.iter().flatten().enumerate() {
            let path = path.child("tokenRequests").index(index);
            if !audiences.insert(&request.audience) {
                errors.push(FieldError::duplicate(&path.child("audience"), request.audience.as_str()));
            }
            if request.expiration_seconds.is_some_and(|seconds| seconds < 600) {
                let detail = "may not specify a duration less than 10 minutes";
                errors.push(FieldError::invalid(&path.child("expirationSeconds"), request.expiration_seconds.unwrap_or_default(), detail));
            }
        }
        errors
    }

    fn validate_update(&self, _part: Part, driver: &CSIDriver, old: &CSIDriver) -> ErrorList {
        let (new, before) = (&driver.spec, &old.spec);
        let path = Path::new("spec");
        let mut errors = self.validate(driver);
        errors.extend(immutable(&new.attach_required, &before.attach_required, &path.child("attachedRequired")));
        errors.extend(immutable(&new.volume_lifecycle_modes, &before.volume_lifecycle_modes, &path.child("volumeLifecycleModes")));
        errors
    }
}

/// `metadata.name` is the name of the driver.
fn driver_name(name: &str, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if name.len() > MAX_NAME_BYTES {
        errors.push(FieldError::too_long(path, MAX_NAME_BYTES));
    }
    errors.extend(invalid(path, name, names::dns1123_subdomain(&name.to_lowercase(), false)));
    errors
}

pub(crate) struct CsiNodeBehaviour;

impl crate::Behaviour<CSINode> for CsiNodeBehaviour {
    fn validate(&self, node: &CSINode) -> ErrorList {
        let mut errors = ErrorList::new();
        let mut seen = BTreeSet::new();
        for (index, driver) in node.spec.drivers.iter().enumerate() {
            let path = Path::new("spec").child("drivers").index(index);
            if driver.name.is_empty() {
                errors.push(FieldError::required(&path.child("name"), ""));
            } else {
                errors.extend(driver_name(&driver.name, &path.child("name")));
            }
            if driver.node_id.is_empty() {
                errors.push(FieldError::required(&path.child("nodeID"), ""));
            }
            if driver.node_id.len() > MAX_NODE_ID_BYTES {
                let detail = format!("must be {MAX_NODE_ID_BYTES} characters or less");
                errors.push(FieldError::invalid(&path.child("nodeID"), driver.node_id.as_str(), detail));
            }
            if !seen.insert(&driver.name) {
                errors.push(FieldError::duplicate(&path.child("name"), driver.name.as_str()));
            }
        }
        errors
    }

    fn validate_update(&self, _part: Part, node: &CSINode, _old: &CSINode) -> ErrorList {
        self.validate(node)
    }
}

pub(crate) struct CsiStorageCapacityBehaviour;

impl crate::Behaviour<CSIStorageCapacity> for CsiStorageCapacityBehaviour {
    fn quantities(&self, capacity: &mut CSIStorageCapacity, visit: &mut dyn FnMut(&mut Quantity)) {
        [&mut capacity.capacity, &mut capacity.maximum_volume_size].into_iter().flatten().for_each(visit);
    }

    fn validate(&self, capacity: &CSIStorageCapacity) -> ErrorList {
        let path = Path::new("storageClassName");
        let mut errors = api::metadata::label_selector(capacity.node_topology.as_ref(), &Path::new("nodeTopology"));
        errors.extend(subdomain(&capacity.storage_class_name, &path));
        for (field, quantity) in [("capacity", &capacity.capacity), ("maximumVolumeSize", &capacity.maximum_volume_size)] {
            if let Some(quantity) = quantity.as_ref().filter(|quantity| crate::rules::amount(quantity).sign() < 0) {
                errors.push(FieldError::invalid(&Path::new(field), quantity.0.as_str(), crate::rules::NOT_NEGATIVE));
            }
        }
        errors
    }

    fn warnings(&self, capacity: &CSIStorageCapacity, _old: Option<&CSIStorageCapacity>) -> Vec<String> {
        let Some(selector) = &capacity.node_topology else { return Vec::new() };
        let path = Path::new("nodeTopology");
        let expressions = selector.match_expressions.iter().flatten().map(|one| one.key.as_str());
        let mut warnings = old_node_labels(expressions, |index| path.child("matchExpressions").index(index).child("key"));
        for label in selector.match_labels.iter().flatten().map(|(label, _)| label) {
            warnings.extend(old_node_label(label).map(|message| format!("{}: {message}", path.child("matchLabels").child(label))));
        }
        warnings
    }

    fn validate_update(&self, _part: Part, capacity: &CSIStorageCapacity, old: &CSIStorageCapacity) -> ErrorList {
        let mut errors = self.validate(capacity);
        errors.extend(immutable(&capacity.node_topology, &old.node_topology, &Path::new("nodeTopology")));
        errors.extend(immutable(&capacity.storage_class_name, &old.storage_class_name, &Path::new("storageClassName")));
        errors
    }
}

pub(crate) struct VolumeAttachmentBehaviour;

impl crate::Behaviour<VolumeAttachment> for VolumeAttachmentBehaviour {
    fn prepare_create(&self, attachment: &mut VolumeAttachment) {
        attachment.status = Some(VolumeAttachmentStatus::default());
    }

    fn prepare_update(&self, part: Part, attachment: &mut VolumeAttachment, old: &VolumeAttachment) {
        match part {
            Part::Main => attachment.status.clone_from(&old.status),
            Part::Status => attachment.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, attachment: &VolumeAttachment) -> ErrorList {
        let (spec, path) = (&attachment.spec, Path::new("spec"));
        let mut errors = ErrorList::new();
        if spec.attacher.is_empty() {
            errors.push(FieldError::required(&path.child("attacher"), ""));
        } else {
            errors.extend(driver_name(&spec.attacher, &path.child("attacher")));
        }
        let source = (&spec.source.persistent_volume_name, &spec.source.inline_volume_spec);
        let at = path.child("source");
        match source {
            (None, None) => errors.push(FieldError::required(&at, "must specify exactly one of inlineVolumeSpec and persistentVolumeName")),
            (Some(_), Some(_)) => {
                errors.push(FieldError::forbidden(&at, "must specify exactly one of inlineVolumeSpec and persistentVolumeName"));
            }
            (Some(name), None) if name.is_empty() => {
                errors.push(FieldError::required(&at.child("persistentVolumeName"), "must specify non empty persistentVolumeName"));
            }
            _ => {}
        }
        errors.extend(subdomain(&spec.node_name, &path.child("nodeName")));
        errors
    }

    fn validate_update(&self, part: Part, attachment: &VolumeAttachment, old: &VolumeAttachment) -> ErrorList {
        if part == Part::Status {
            return ErrorList::new();
        }
        let mut errors = self.validate(attachment);
        if attachment.spec != old.spec {
            errors.push(FieldError::invalid(&Path::new("spec"), crate::rules::json(&attachment.spec), "field is immutable"));
        }
        errors
    }
}
