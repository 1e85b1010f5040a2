//! The faults of volumes, and of mounts and devices that refer to them.

use std::collections::{BTreeMap, BTreeSet};

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{
    ConfigMapProjection, Container, DownwardAPIVolumeFile, EphemeralVolumeSource, HostPathVolumeSource, KeyToPath, ProjectedVolumeSource,
    ServiceAccountTokenProjection, Volume, VolumeMount,
};

use super::environment;
use super::spec::Context;
use crate::rules::{amount, invalid, json, label, one_of, text};

const MORE_THAN_ONE: &str = "may not specify more than 1 volume type";
const MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";
const DOWNWARD_FIELDS: &[&str] = &["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
const HOST_PATH_TYPES: &[&str] = &["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
const TOKEN_MIN_SECONDS: i64 = 600;

/// All volumes; those without a fault in name or source are what mounts may refer to.
pub(super) fn volumes<'a>(list: &'a [Volume], context: Context<'_>, path: &Path) -> (BTreeMap<&'a str, &'a Volume>, ErrorList) {
    let mut known = BTreeMap::new();
    let mut errors = ErrorList::new();
    let created: BTreeSet<String> = if context.pod_name.is_empty() {
        BTreeSet::new()
    } else {
        let ephemeral = list.iter().filter(|volume| volume.ephemeral.is_some() && !volume.name.is_empty());
        ephemeral.map(|volume| format!("{}-{}", context.pod_name, volume.name)).collect()
    };
    for (index, volume) in list.iter().enumerate() {
        let path = path.index(index);
        let mut own = source(volume, context, &path);
        let name = path.child("name");
        if volume.name.is_empty() {
            own.push(FieldError::required(&name, ""));
        } else {
            own.extend(label(&volume.name, &name));
        }
        if known.contains_key(volume.name.as_str()) {
            own.push(FieldError::duplicate(&name, volume.name.as_str()));
        }
        if own.is_empty() {
            known.insert(volume.name.as_str(), volume);
        }
        errors.extend(own);
        if let Some(claim) = volume.persistent_volume_claim.as_ref().filter(|claim| created.contains(&claim.claim_name)) {
            let path = path.child("persistentVolumeClaim").child("claimName");
            let detail = "must not reference a PVC that gets created for an ephemeral volume";
            errors.push(FieldError::invalid(&path, claim.claim_name.as_str(), detail));
        }
    }
    (known, errors)
}

fn required(value: &str, path: &Path) -> ErrorList {
    if value.is_empty() { vec![FieldError::required(path, "")] } else { ErrorList::new() }
}

fn source(volume: &Volume, context: Context<'_>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut first = true;
    let mut take = |field: &str, faults: Option<ErrorList>| {
        let Some(faults) = faults else { return };
        if first {
            errors.extend(faults);
        } else {
            errors.push(FieldError::forbidden(&path.child(field), MORE_THAN_ONE));
        }
        first = false;
    };
    take(
        "emptyDir",
        volume.empty_dir.as_ref().map(|source| {
            let negative = source.size_limit.as_ref().is_some_and(|limit| amount(limit).sign() < 0);
            let path = path.child("emptyDir").child("sizeLimit");
            if negative {
                vec![FieldError::forbidden(&path, "SizeLimit field must be a valid resource quantity")]
            } else {
                ErrorList::new()
            }
        }),
    );
    take("hostPath", volume.host_path.as_ref().map(|source| host_path(source, &path.child("hostPath"))));
    take("gitRepo", volume.git_repo.as_ref().map(|source| required(&source.repository, &path.child("gitRepo").child("repository"))));
    take(
        "gcePersistentDisk",
        volume.gce_persistent_disk.as_ref().map(|source| required(&source.pd_name, &path.child("persistentDisk").child("pdName"))),
    );
    take(
        "awsElasticBlockStore",
        volume
            .aws_elastic_block_store
            .as_ref()
            .map(|source| required(&source.volume_id, &path.child("awsElasticBlockStore").child("volumeID"))),
    );
    take(
        "secret",
        volume.secret.as_ref().map(|source| {
            let path = path.child("secret");
            let mut errors = required(text(&source.secret_name), &path.child("secretName"));
            errors.extend(mode(source.default_mode, &path.child("defaultMode")));
            errors.extend(keys(source.items.as_deref().unwrap_or_default(), &path));
            errors
        }),
    );
    take("nfs", volume.nfs.as_ref().map(|source| nfs(&source.server, &source.path, &path.child("nfs"))));
    take(
        "iscsi",
        volume.iscsi.as_ref().map(|source| {
            let path = path.child("iscsi");
            let mut errors = required(&source.target_portal, &path.child("targetPortal"));
            errors.extend(required(&source.iqn, &path.child("iqn")));
            errors
        }),
    );
    take("glusterfs", volume.glusterfs.as_ref().map(|source| required(&source.endpoints, &path.child("glusterfs").child("endpoints"))));
    take("flocker", volume.flocker.as_ref().map(|_| ErrorList::new()));
    take(
        "persistentVolumeClaim",
        volume
            .persistent_volume_claim
            .as_ref()
            .map(|source| required(&source.claim_name, &path.child("persistentVolumeClaim").child("claimName"))),
    );
    take("rbd", volume.rbd.as_ref().map(|source| required(&source.image, &path.child("rbd").child("image"))));
    take("cinder", volume.cinder.as_ref().map(|source| required(&source.volume_id, &path.child("cinder").child("volumeID"))));
    take(
        "cephFS",
        volume.cephfs.as_ref().map(|source| {
            if source.monitors.is_empty() {
                vec![FieldError::required(&path.child("cephfs").child("monitors"), "")]
            } else {
                ErrorList::new()
            }
        }),
    );
    take("quobyte", volume.quobyte.as_ref().map(|source| required(&source.registry, &path.child("quobyte").child("registry"))));
    take(
        "downwarAPI",
        volume.downward_api.as_ref().map(|source| {
            let path = path.child("downwardAPI");
            let mut errors: ErrorList = mode(source.default_mode, &path.child("defaultMode")).into_iter().collect();
            errors.extend(source.items.iter().flatten().flat_map(|file| downward_file(file, &path)));
            errors
        }),
    );
    take("fc", volume.fc.as_ref().map(|_| ErrorList::new()));
    take("flexVolume", volume.flex_volume.as_ref().map(|source| required(&source.driver, &path.child("flexVolume").child("driver"))));
    take(
        "configMap",
        volume.config_map.as_ref().map(|source| {
            let path = path.child("configMap");
            let mut errors = required(&source.name, &path.child("name"));
            errors.extend(mode(source.default_mode, &path.child("defaultMode")));
            errors.extend(keys(source.items.as_deref().unwrap_or_default(), &path));
            errors
        }),
    );
    take("azureFile", volume.azure_file.as_ref().map(|source| required(&source.secret_name, &path.child("azureFile").child("secretName"))));
    take(
        "vsphereVolume",
        volume.vsphere_volume.as_ref().map(|source| required(&source.volume_path, &path.child("vsphereVolume").child("volumePath"))),
    );
    take(
        "photonPersistentDisk",
        volume.photon_persistent_disk.as_ref().map(|source| required(&source.pd_id, &path.child("photonPersistentDisk").child("pdID"))),
    );
    take(
        "portworxVolume",
        volume.portworx_volume.as_ref().map(|source| required(&source.volume_id, &path.child("portworxVolume").child("volumeID"))),
    );
    take("azureDisk", volume.azure_disk.as_ref().map(|source| required(&source.disk_name, &path.child("azureDisk").child("diskName"))));
    take(
        "storageos",
        volume.storageos.as_ref().map(|source| required(text(&source.volume_name), &path.child("storageos").child("volumeName"))),
    );
    take("projected", volume.projected.as_ref().map(|source| projected(source, &path.child("projected"))));
    take("scaleIO", volume.scale_io.as_ref().map(|source| required(&source.gateway, &path.child("scaleIO").child("gateway"))));
    take("csi", volume.csi.as_ref().map(|source| required(&source.driver, &path.child("csi").child("driver"))));
    take("ephemeral", volume.ephemeral.as_ref().map(|source| ephemeral(source, volume, context, path)));
    take(
        "image",
        volume.image.as_ref().map(|source| {
            let path = path.child("image");
            let reference = text(&source.reference);
            let mut errors = ErrorList::new();
            if reference.trim() != reference {
                let detail = "must not have leading or trailing whitespace";
                errors.push(FieldError::invalid(&path.child("reference"), reference, detail));
            } else if context.is_pod && reference.is_empty() {
                errors.push(FieldError::required(&path.child("reference"), ""));
            }
            errors.extend(crate::rules::required_one_of(
                text(&source.pull_policy),
                &["Always", "IfNotPresent", "Never"],
                &path.child("pullPolicy"),
            ));
            errors
        }),
    );
    if first {
        errors.push(FieldError::required(path, "must specify a volume type"));
    }
    errors
}

fn host_path(source: &HostPathVolumeSource, path: &Path) -> ErrorList {
    if source.path.is_empty() {
        return vec![FieldError::required(&path.child("path"), "")];
    }
    let mut errors: ErrorList = no_backsteps(&source.path, &path.child("path")).into_iter().collect();
    if let Some(kind) = &source.type_ {
        errors.extend(one_of(kind, HOST_PATH_TYPES, &path.child("type")));
    }
    errors
}

/// Also of persistent volumes.
pub(crate) fn nfs(server: &str, export: &str, path: &Path) -> ErrorList {
    let mut errors = required(server, &path.child("server"));
    errors.extend(required(export, &path.child("path")));
    if !export.is_empty() && !export.starts_with('/') {
        errors.push(FieldError::invalid(&path.child("path"), export, "must be an absolute path"));
    }
    errors
}

fn mode(mode: Option<i32>, path: &Path) -> Option<FieldError> {
    mode.filter(|mode| !(0..=0o777).contains(mode)).map(|mode| FieldError::invalid(path, mode, MODE))
}

fn keys(items: &[KeyToPath], path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    for (index, item) in items.iter().enumerate() {
        let path = path.child("items").index(index);
        errors.extend(required(&item.key, &path.child("key")));
        errors.extend(required(&item.path, &path.child("path")));
        errors.extend(local_path(&item.path, &path.child("path")));
        errors.extend(mode(item.mode, &path.child("mode")));
    }
    errors
}

fn downward_file(file: &DownwardAPIVolumeFile, path: &Path) -> ErrorList {
    let mut errors = required(&file.path, &path.child("path"));
    errors.extend(local_path(&file.path, &path.child("path")));
    match (&file.field_ref, &file.resource_field_ref) {
        (Some(field), resource) => {
            errors.extend(environment::field_selector(field, DOWNWARD_FIELDS, &path.child("fieldRef")));
            if resource.is_some() {
                errors.push(FieldError::invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
            }
        }
        (None, Some(resource)) => errors.extend(environment::resource_selector(resource, true, &path.child("resourceFieldRef"))),
        (None, None) => errors.push(FieldError::required(path, "one of fieldRef and resourceFieldRef is required")),
    }
    errors.extend(mode(file.mode, &path.child("mode")));
    errors
}

fn projected(source: &ProjectedVolumeSource, path: &Path) -> ErrorList {
    let mut errors: ErrorList = mode(source.default_mode, &path.child("defaultMode")).into_iter().collect();
    let mut paths = BTreeSet::new();
    let mut conflict = |file: &str, path: &Path| {
        (!file.is_empty() && !paths.insert(file.to_owned())).then(|| FieldError::invalid(path, file, "conflicting duplicate paths"))
    };
    for (index, projection) in source.sources.iter().flatten().enumerate() {
        let path = path.child("sources").index(index);
        let mut count = 0;
        let mut claim = |errors: &mut ErrorList, field: &str| {
            count += 1;
            if count > 1 {
                errors.push(FieldError::forbidden(&path.child(field), MORE_THAN_ONE));
            }
            count == 1
        };
        if let Some(secret) = &projection.secret
            && claim(&mut errors, "secret")
        {
            let like = ConfigMapProjection { items: secret.items.clone(), name: secret.name.clone(), optional: secret.optional };
            errors.extend(keyed_projection(&like, &path.child("secret"), &mut conflict));
        }
        if let Some(config_map) = &projection.config_map
            && claim(&mut errors, "configMap")
        {
            errors.extend(keyed_projection(config_map, &path.child("configMap"), &mut conflict));
        }
        if let Some(downward) = &projection.downward_api
            && claim(&mut errors, "downwardAPI")
        {
            let path = path.child("downwardAPI");
            for file in downward.items.iter().flatten() {
                errors.extend(downward_file(file, &path));
                errors.extend(conflict(&file.path, &path));
            }
        }
        if let Some(token) = &projection.service_account_token
            && claim(&mut errors, "serviceAccountToken")
        {
            let path = path.child("serviceAccountToken");
            errors.extend(service_account_token(token, &path));
            errors.extend(conflict(&token.path, &path));
        }
        if let Some(bundle) = &projection.cluster_trust_bundle
            && claim(&mut errors, "clusterTrustBundle")
        {
            let path = path.child("clusterTrustBundle");
            if bundle.name.is_some() == bundle.signer_name.is_some() {
                let detail = if bundle.name.is_some() {
                    "only one of name and signerName may be used"
                } else {
                    "either name or signerName must be specified"
                };
                let error = if bundle.name.is_some() {
                    FieldError::invalid(&path, json(bundle), detail)
                } else {
                    FieldError::required(&path, detail)
                };
                errors.push(error);
            }
            errors.extend(required(&bundle.path, &path.child("path")));
            errors.extend(local_path(&bundle.path, &path.child("path")));
            errors.extend(conflict(&bundle.path, &path));
        }
        if count == 0 && projection.pod_certificate.is_none() {
            errors.push(FieldError::required(
                &path,
                "must specify at least one of configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle or podCertificate",
            ));
        }
    }
    errors
}

fn keyed_projection(source: &ConfigMapProjection, path: &Path, conflict: &mut dyn FnMut(&str, &Path) -> Option<FieldError>) -> ErrorList {
    let mut errors = required(&source.name, &path.child("name"));
    for (index, item) in source.items.iter().flatten().enumerate() {
        let at = path.child("items").index(index);
        errors.extend(required(&item.key, &at.child("key")));
        errors.extend(required(&item.path, &at.child("path")));
        errors.extend(local_path(&item.path, &at.child("path")));
        errors.extend(mode(item.mode, &at.child("mode")));
        errors.extend(conflict(&item.path, path));
    }
    errors
}

fn service_account_token(token: &ServiceAccountTokenProjection, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let seconds = token.expiration_seconds.unwrap_or_default();
    if seconds < TOKEN_MIN_SECONDS {
        errors.push(FieldError::invalid(&path.child("expirationSeconds"), seconds, "may not specify a duration less than 10 minutes"));
    }
    if seconds > 1 << 32 {
        errors.push(FieldError::invalid(&path.child("expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds"));
    }
    errors.extend(required(&token.path, &path.child("path")));
    errors.extend(local_path(&token.path, &path.child("path")));
    errors
}

fn ephemeral(source: &EphemeralVolumeSource, volume: &Volume, context: Context<'_>, path: &Path) -> ErrorList {
    let at = path.child("ephemeral").child("volumeClaimTemplate");
    let mut errors = ErrorList::new();
    match &source.volume_claim_template {
        None => errors.push(FieldError::required(&at, "")),
        Some(template) => errors.extend(crate::storage::claim::spec(&template.spec, &at.child("spec"))),
    }
    if !context.pod_name.is_empty() && !volume.name.is_empty() {
        let claim = format!("{}-{}", context.pod_name, volume.name);
        let faults = api::names::dns1123_subdomain(&claim, false);
        let faults = faults.into_iter().map(|fault| format!("PVC name {}: {fault}", api::field::quoted(&claim))).collect();
        errors.extend(invalid(&path.child("name"), &volume.name, faults));
    }
    errors
}

/// `volumeMounts` of a container.
pub(super) fn mounts(container: &Container, volumes: &BTreeMap<&str, &Volume>, path: &Path) -> ErrorList {
    let devices = container.volume_devices.as_deref().unwrap_or_default();
    let mut errors = ErrorList::new();
    let mut mount_points = BTreeSet::new();
    for (index, mount) in container.volume_mounts.iter().flatten().enumerate() {
        let at = path.index(index);
        errors.extend(required(&mount.name, &at.child("name")));
        if !volumes.contains_key(mount.name.as_str()) {
            errors.push(FieldError::not_found(&at.child("name"), mount.name.as_str()));
        }
        errors.extend(required(&mount.mount_path, &at.child("mountPath")));
        if !mount_points.insert(mount.mount_path.as_str()) {
            errors.push(FieldError::invalid(&at.child("mountPath"), mount.mount_path.as_str(), "must be unique"));
        }
        if devices.iter().any(|device| device.name == mount.name) {
            errors.push(FieldError::invalid(&at.child("name"), mount.name.as_str(), "must not already exist in volumeDevices"));
        }
        if devices.iter().any(|device| device.device_path == mount.mount_path) {
            let detail = "must not already exist as a path in volumeDevices";
            errors.push(FieldError::invalid(&at.child("mountPath"), mount.mount_path.as_str(), detail));
        }
        errors.extend(mount_options(mount, container, path, &at));
    }
    errors
}

// upstream reports these on the list, without the index
fn mount_options(mount: &VolumeMount, container: &Container, list: &Path, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let (sub_path, expression) = (text(&mount.sub_path), text(&mount.sub_path_expr));
    if !sub_path.is_empty() {
        errors.extend(local_descending_path(sub_path, &list.child("subPath")));
    }
    if !expression.is_empty() {
        if !sub_path.is_empty() {
            errors.push(FieldError::invalid(&path.child("subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive"));
        }
        errors.extend(local_descending_path(expression, &list.child("subPathExpr")));
    }
    if let Some(propagation) = &mount.mount_propagation {
        let at = list.child("mountPropagation");
        errors.extend(one_of(propagation, &["Bidirectional", "HostToContainer", "None"], &at));
        let privileged = container.security_context.as_ref().is_some_and(|context| context.privileged == Some(true));
        if propagation == "Bidirectional" && !privileged {
            errors.push(FieldError::forbidden(&at, "Bidirectional mount propagation is available only to privileged containers"));
        }
    }
    let at = list.child("recursiveReadOnly");
    match mount.recursive_read_only.as_deref() {
        None | Some("Disabled") => {}
        Some("Enabled" | "IfPossible") => {
            if mount.read_only != Some(true) {
                errors.push(FieldError::forbidden(&at, "may only be specified when readOnly is true"));
            }
            if let Some(propagation) = mount.mount_propagation.as_deref().filter(|propagation| *propagation != "None") {
                errors.push(FieldError::forbidden(
                    &at,
                    format!(
                        "may only be specified when mountPropagation is None or not specified, got {}",
                        api::field::quoted(propagation)
                    ),
                ));
            }
        }
        Some(other) => errors.push(FieldError::not_supported(&at, other, &["Disabled", "IfPossible", "Enabled"])),
    }
    errors
}

/// `volumeDevices` of a container.
pub(super) fn devices(container: &Container, volumes: &BTreeMap<&str, &Volume>, path: &Path) -> ErrorList {
    let mounts = container.volume_mounts.as_deref().unwrap_or_default();
    let mut errors = ErrorList::new();
    let (mut names, mut paths) = (BTreeSet::new(), BTreeSet::new());
    for (index, device) in container.volume_devices.iter().flatten().enumerate() {
        let path = path.index(index);
        let (name, file) = (device.name.as_str(), device.device_path.as_str());
        errors.extend(required(name, &path.child("name")));
        if names.contains(name) {
            errors.push(FieldError::invalid(&path.child("name"), name, "must be unique"));
        }
        match volumes.get(name) {
            None => errors.push(FieldError::not_found(&path.child("name"), name)),
            Some(volume) if volume.persistent_volume_claim.is_none() && volume.ephemeral.is_none() => {
                let detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                errors.push(FieldError::invalid(&path.child("name"), name, detail));
            }
            Some(_) => {}
        }
        errors.extend(required(file, &path.child("devicePath")));
        if paths.contains(file) {
            errors.push(FieldError::invalid(&path.child("devicePath"), file, "must be unique"));
        }
        if no_backsteps(file, &path).is_some() {
            errors.push(FieldError::invalid(&path.child("devicePath"), file, "can not contain backsteps ('..')"));
        } else {
            paths.insert(file);
        }
        if mounts.iter().any(|mount| mount.name == name) {
            errors.push(FieldError::invalid(&path.child("name"), name, "must not already exist in volumeMounts"));
        }
        if mounts.iter().any(|mount| mount.mount_path == file) {
            errors.push(FieldError::invalid(&path.child("devicePath"), file, "must not already exist as a path in volumeMounts"));
        }
        names.insert(name);
    }
    errors
}

fn no_backsteps(file: &str, path: &Path) -> Option<FieldError> {
    file.split('/').any(|part| part == "..").then(|| FieldError::invalid(path, file, "must not contain '..'"))
}

/// A path within a volume: relative, and not out of it.
pub(super) fn local_descending_path(file: &str, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if file.starts_with('/') {
        errors.push(FieldError::invalid(path, file, "must be a relative path"));
    }
    errors.extend(no_backsteps(file, path));
    errors
}

/// As [`local_descending_path`], and not beginning with two dots, which writers of such volumes keep for themselves.
fn local_path(file: &str, path: &Path) -> ErrorList {
    let mut errors = local_descending_path(file, path);
    if file.starts_with("..") && !file.starts_with("../") && file != ".." {
        errors.push(FieldError::invalid(path, file, "must not start with '..'"));
    }
    errors
}
