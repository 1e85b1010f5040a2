//! PersistentVolumes.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeSpec, PersistentVolumeStatus};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::claim::{VOLUME_MODES, access_modes};
use crate::Part;
use crate::rules::{drop_empty, fill, immutable, json, not_negative, one_of, resource_amount, subdomain, text};
use crate::warnings::{node_selector_term, old_annotation, old_storage_class, old_volumes};

pub(crate) struct VolumeBehaviour;

impl crate::Behaviour<PersistentVolume> for VolumeBehaviour {
    fn quantities(&self, volume: &mut PersistentVolume, visit: &mut dyn FnMut(&mut Quantity)) {
        volume.spec.iter_mut().filter_map(|spec| spec.capacity.as_mut()).flat_map(|list| list.values_mut()).for_each(visit);
    }

    fn default(&self, volume: &mut PersistentVolume) {
        let spec = volume.spec.get_or_insert_default();
        fill(&mut spec.persistent_volume_reclaim_policy, "Retain");
        fill(&mut spec.volume_mode, "Filesystem");
        drop_empty(&mut spec.storage_class_name);
        if let Some(source) = &mut spec.host_path {
            source.type_.get_or_insert_default();
        }
        if let Some(source) = &mut spec.iscsi {
            fill(&mut source.iscsi_interface, "default");
        }
        fill(&mut volume.status.get_or_insert_default().phase, "Pending");
    }

    fn prepare_create(&self, volume: &mut PersistentVolume) {
        volume.status = Some(PersistentVolumeStatus { phase: Some("Pending".to_owned()), ..PersistentVolumeStatus::default() });
    }

    fn prepare_update(&self, part: Part, volume: &mut PersistentVolume, old: &PersistentVolume) {
        match part {
            Part::Main => volume.status.clone_from(&old.status),
            Part::Status => volume.spec.clone_from(&old.spec),
        }
    }

    fn warnings(&self, volume: &PersistentVolume, _old: Option<&PersistentVolume>) -> Vec<String> {
        warnings(volume)
    }

    fn validate(&self, volume: &PersistentVolume) -> ErrorList {
        spec(&volume.spec.clone().unwrap_or_default(), &Path::new("spec"))
    }

    fn validate_update(&self, part: Part, volume: &PersistentVolume, old: &PersistentVolume) -> ErrorList {
        if part == Part::Status {
            return ErrorList::new();
        }
        let (new, before) = (volume.spec.clone().unwrap_or_default(), old.spec.clone().unwrap_or_default());
        let mut errors = spec(&new, &Path::new("spec"));
        let (mine, theirs) = (source(&new), source(&before));
        if mine != theirs {
            let path = Path::new("spec").child("persistentvolumesource");
            let difference = crate::difference::text(&theirs, &mine);
            errors.push(FieldError::forbidden(&path, format!("spec.persistentvolumesource is immutable after creation\n{difference}")));
        }
        errors.extend(immutable(&new.volume_mode, &before.volume_mode, &Path::new("volumeMode")));
        if before.node_affinity.is_some() {
            errors.extend(immutable(&new.node_affinity, &before.node_affinity, &Path::new("nodeAffinity")));
        }
        errors
    }
}

/// The specification without all that is not the source: what is immutable.
fn warnings(volume: &PersistentVolume) -> Vec<String> {
    let Some(spec) = &volume.spec else { return Vec::new() };
    let path = Path::new("spec");
    let mount_options = old_annotation(&volume.metadata, "volume.beta.kubernetes.io/mount-options", "v1.31", "mountOptions");
    let mut warnings: Vec<String> = old_storage_class(&volume.metadata).into_iter().chain(mount_options).collect();
    if text(&spec.persistent_volume_reclaim_policy) == "Recycle" {
        let why = "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.";
        warnings.push(format!("{}: {why}", path.child("persistentVolumeReclaimPolicy")));
    }
    let terms =
        spec.node_affinity.iter().filter_map(|affinity| affinity.required.as_ref()).flat_map(|required| &required.node_selector_terms);
    let at = path.child("nodeAffinity").child("required").child("nodeSelectorTerms");
    warnings.extend(terms.enumerate().flat_map(|(index, term)| node_selector_term(term, false, &at.index(index))));
    let sources = [
        ("cephfs", spec.cephfs.is_some()),
        ("photonPersistentDisk", spec.photon_persistent_disk.is_some()),
        ("scaleIO", spec.scale_io.is_some()),
        ("storageOS", spec.storageos.is_some()),
        ("glusterfs", spec.glusterfs.is_some()),
        ("rbd", spec.rbd.is_some()),
    ];
    warnings.extend(old_volumes(&sources, &path));
    warnings
}

fn source(spec: &PersistentVolumeSpec) -> PersistentVolumeSpec {
    PersistentVolumeSpec {
        access_modes: None,
        capacity: None,
        claim_ref: None,
        mount_options: None,
        node_affinity: None,
        persistent_volume_reclaim_policy: None,
        storage_class_name: None,
        volume_attributes_class_name: None,
        volume_mode: None,
        ..spec.clone()
    }
}

fn spec(spec: &PersistentVolumeSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let modes = spec.access_modes.as_deref().unwrap_or_default();
    if modes.is_empty() {
        errors.push(FieldError::required(&path.child("accessModes"), ""));
    }
    errors.extend(access_modes(modes, &path.child("accessModes")));
    let capacity = spec.capacity.clone().unwrap_or_default();
    let at = path.child("capacity");
    if capacity.is_empty() {
        errors.push(FieldError::required(&at, ""));
    }
    if !capacity.contains_key("storage") || capacity.len() > 1 {
        errors.push(FieldError::not_supported(&at, json(&capacity), &["storage"]));
    }
    for (name, quantity) in &capacity {
        if crate::rules::amount(quantity).sign() <= 0 {
            errors.push(FieldError::invalid(&at.key(name), quantity.0.as_str(), "must be greater than zero"));
        }
        errors.extend(resource_amount(name, quantity, &at.key(name)));
    }
    let policies = &["Delete", "Recycle", "Retain"];
    errors.extend(one_of(text(&spec.persistent_volume_reclaim_policy), policies, &path.child("persistentVolumeReclaimPolicy")));
    if let Some(required) = spec.node_affinity.as_ref().map(|affinity| affinity.required.as_ref()) {
        let at = path.child("nodeAffinity").child("required");
        match required {
            None => errors.push(FieldError::required(&at, "must specify required node constraints")),
            Some(selector) => errors.extend(crate::pod::node_selector(selector, &at)),
        }
    }
    errors.extend(sources(spec, path));
    if !text(&spec.storage_class_name).is_empty() {
        errors.extend(subdomain(text(&spec.storage_class_name), &path.child("storageClassName")));
    }
    if let Some(mode) = &spec.volume_mode {
        errors.extend(one_of(mode, VOLUME_MODES, &path.child("volumeMode")));
    }
    errors
}

/// One source, and its own faults.
fn sources(spec: &PersistentVolumeSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let required = |value: &str, path: Path| value.is_empty().then(|| FieldError::required(&path, ""));
    if let Some(source) = &spec.host_path {
        let at = path.child("hostPath");
        errors.extend(required(&source.path, at.child("path")));
        if source.path.split('/').any(|part| part == "..") {
            errors.push(FieldError::invalid(&at.child("path"), source.path.as_str(), "must not contain '..'"));
        }
        if source.path == "/" && text(&spec.persistent_volume_reclaim_policy) == "Recycle" {
            let detail = "may not be 'recycle' for a hostPath mount of '/'";
            errors.push(FieldError::forbidden(&path.child("persistentVolumeReclaimPolicy"), detail));
        }
    }
    if let Some(source) = &spec.local {
        let at = path.child("local");
        errors.extend(required(&source.path, at.child("path")));
        if source.path.split('/').any(|part| part == "..") {
            errors.push(FieldError::invalid(&at.child("path"), source.path.as_str(), "must not contain '..'"));
        }
        if spec.node_affinity.is_none() {
            errors.push(FieldError::required(&path.child("nodeAffinity"), "Local volume requires node affinity"));
        }
    }
    if let Some(source) = &spec.nfs {
        errors.extend(crate::pod::nfs(&source.server, &source.path, &path.child("nfs")));
    }
    if let Some(source) = &spec.csi {
        let at = path.child("csi");
        errors.extend(required(&source.driver, at.child("driver")));
        errors.extend(required(&source.volume_handle, at.child("volumeHandle")));
    }
    if let Some(source) = &spec.iscsi {
        let at = path.child("iscsi");
        errors.extend(required(&source.target_portal, at.child("targetPortal")));
        errors.extend(required(&source.iqn, at.child("iqn")));
        errors.extend(not_negative(source.lun, &at.child("lun")));
    }
    let named = [
        ("hostPath", spec.host_path.is_some()),
        ("gcePersistentDisk", spec.gce_persistent_disk.is_some()),
        ("awsElasticBlockStore", spec.aws_elastic_block_store.is_some()),
        ("glusterfs", spec.glusterfs.is_some()),
        ("flocker", spec.flocker.is_some()),
        ("nfs", spec.nfs.is_some()),
        ("rbd", spec.rbd.is_some()),
        ("quobyte", spec.quobyte.is_some()),
        ("cephFS", spec.cephfs.is_some()),
        ("iscsi", spec.iscsi.is_some()),
        ("cinder", spec.cinder.is_some()),
        ("fc", spec.fc.is_some()),
        ("flexVolume", spec.flex_volume.is_some()),
        ("azureFile", spec.azure_file.is_some()),
        ("vsphereVolume", spec.vsphere_volume.is_some()),
        ("photonPersistentDisk", spec.photon_persistent_disk.is_some()),
        ("portworxVolume", spec.portworx_volume.is_some()),
        ("azureDisk", spec.azure_disk.is_some()),
        ("scaleIO", spec.scale_io.is_some()),
        ("local", spec.local.is_some()),
        ("storageos", spec.storageos.is_some()),
        ("csi", spec.csi.is_some()),
    ];
    let mut set = named.into_iter().filter(|(_, set)| *set).map(|(field, _)| field);
    if set.next().is_none() {
        errors.push(FieldError::required(path, "must specify a volume type"));
    }
    errors.extend(set.map(|field| FieldError::forbidden(&path.child(field), "may not specify more than 1 volume type")));
    errors
}
