//! Where the data of volumes comes from, for pods and for persistent volumes.

use serde_json::Value;

use super::page::{Page, put};
use super::storage;
use super::tree::{Tree, quantity};

/// A kind of source that is told by its fields alone.
struct Source {
    field: &'static str,
    title: &'static str,
    /// What stands before the tab, the field, and what is shown where it is absent.
    rows: &'static [(&'static str, &'static str, &'static str)],
}

const fn source(field: &'static str, title: &'static str, rows: &'static [(&'static str, &'static str, &'static str)]) -> Source {
    Source { field, title, rows }
}

const ISCSI: &[(&str, &str, &str)] = &[
    ("TargetPortal:", "targetPortal", ""),
    ("IQN:", "iqn", ""),
    ("Lun:", "lun", "0"),
    ("ISCSIInterface", "iscsiInterface", ""),
    ("FSType:", "fsType", ""),
    ("ReadOnly:", "readOnly", "false"),
    ("Portals:", "portals", "[]"),
    ("DiscoveryCHAPAuth:", "chapAuthDiscovery", "false"),
    ("SessionCHAPAuth:", "chapAuthSession", "false"),
    ("SecretRef:", "secretRef", "nil"),
    ("InitiatorName:", "initiatorName", "<none>"),
];
const DISK: &[(&str, &str, &str)] =
    &[("VolumeID:", "volumeID", ""), ("FSType:", "fsType", ""), ("Partition:", "partition", "0"), ("ReadOnly:", "readOnly", "false")];

/// Sources that both pods and persistent volumes have, or only pods.
const SOURCES: &[Source] = &[
    source("hostPath", "HostPath (bare host directory volume)", &[("Path:", "path", ""), ("HostPathType:", "type", "<none>")]),
    source(
        "gcePersistentDisk",
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        &[("PDName:", "pdName", ""), ("FSType:", "fsType", ""), ("Partition:", "partition", "0"), ("ReadOnly:", "readOnly", "false")],
    ),
    source("awsElasticBlockStore", "AWSElasticBlockStore (a Persistent Disk resource in AWS)", DISK),
    source(
        "gitRepo",
        "GitRepo (a volume that is pulled from git when the pod is created)",
        &[("Repository:", "repository", ""), ("Revision:", "revision", "")],
    ),
    source("secret", "Secret (a volume populated by a Secret)", &[("SecretName:", "secretName", ""), ("Optional:", "optional", "false")]),
    source("configMap", "ConfigMap (a volume populated by a ConfigMap)", &[("Name:", "name", ""), ("Optional:", "optional", "false")]),
    source(
        "nfs",
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        &[("Server:", "server", ""), ("Path:", "path", ""), ("ReadOnly:", "readOnly", "false")],
    ),
    source("iscsi", "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)", ISCSI),
    source(
        "glusterfs",
        "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        &[("EndpointsName:", "endpoints", ""), ("Path:", "path", ""), ("ReadOnly:", "readOnly", "false")],
    ),
    source(
        "persistentVolumeClaim",
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        &[("ClaimName:", "claimName", ""), ("ReadOnly:", "readOnly", "false")],
    ),
    source(
        "rbd",
        "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
        &[
            ("CephMonitors:", "monitors", "[]"),
            ("RBDImage:", "image", ""),
            ("FSType:", "fsType", ""),
            ("RBDPool:", "pool", ""),
            ("RadosUser:", "user", ""),
            ("Keyring:", "keyring", ""),
            ("SecretRef:", "secretRef", "nil"),
            ("ReadOnly:", "readOnly", "false"),
        ],
    ),
    source(
        "quobyte",
        "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
        &[("Registry:", "registry", ""), ("Volume:", "volume", ""), ("ReadOnly:", "readOnly", "false")],
    ),
    source(
        "azureDisk",
        "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        &[
            ("DiskName:", "diskName", ""),
            ("DiskURI:", "diskURI", ""),
            ("Kind: ", "kind", ""),
            ("FSType:", "fsType", ""),
            ("CachingMode:", "cachingMode", ""),
            ("ReadOnly:", "readOnly", "false"),
        ],
    ),
    source(
        "vsphereVolume",
        "vSphereVolume (a Persistent Disk resource in vSphere)",
        &[("VolumePath:", "volumePath", ""), ("FSType:", "fsType", ""), ("StoragePolicyName:", "storagePolicyName", "")],
    ),
    source(
        "cinder",
        "Cinder (a Persistent Disk resource in OpenStack)",
        &[("VolumeID:", "volumeID", ""), ("FSType:", "fsType", ""), ("ReadOnly:", "readOnly", "false"), ("SecretRef:", "secretRef", "nil")],
    ),
    source(
        "photonPersistentDisk",
        "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
        &[("PdID:", "pdID", ""), ("FSType:", "fsType", "")],
    ),
    source("portworxVolume", "PortworxVolume (a Portworx Volume resource)", &[("VolumeID:", "volumeID", "")]),
    source(
        "scaleIO",
        "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
        &[
            ("Gateway:", "gateway", ""),
            ("System:", "system", ""),
            ("Protection Domain:", "protectionDomain", ""),
            ("Storage Pool:", "storagePool", ""),
            ("Storage Mode:", "storageMode", ""),
            ("VolumeName:", "volumeName", ""),
            ("FSType:", "fsType", ""),
            ("ReadOnly:", "readOnly", "false"),
        ],
    ),
    source(
        "cephfs",
        "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
        &[
            ("Monitors:", "monitors", "[]"),
            ("Path:", "path", ""),
            ("User:", "user", ""),
            ("SecretFile:", "secretFile", ""),
            ("SecretRef:", "secretRef", "nil"),
            ("ReadOnly:", "readOnly", "false"),
        ],
    ),
    source(
        "storageos",
        "StorageOS (a StorageOS Persistent Disk resource)",
        &[
            ("VolumeName:", "volumeName", ""),
            ("VolumeNamespace:", "volumeNamespace", ""),
            ("FSType:", "fsType", ""),
            ("ReadOnly:", "readOnly", "false"),
        ],
    ),
    source(
        "azureFile",
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        &[("SecretName:", "secretName", ""), ("ShareName:", "shareName", ""), ("ReadOnly:", "readOnly", "false")],
    ),
    source(
        "flexVolume",
        "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
        &[
            ("Driver:", "driver", ""),
            ("FSType:", "fsType", ""),
            ("SecretRef:", "secretRef", "nil"),
            ("ReadOnly:", "readOnly", "false"),
            ("Options:", "options", "map[]"),
        ],
    ),
    source(
        "flocker",
        "Flocker (a Flocker volume mounted by the Flocker agent)",
        &[("DatasetName:", "datasetName", ""), ("DatasetUUID:", "datasetUUID", "")],
    ),
    source("image", "Image (a container image or OCI artifact)", &[("Reference:", "reference", ""), ("PullPolicy:", "pullPolicy", "")]),
    source("local", "LocalVolume (a persistent volume backed by local storage on a node)", &[("Path:", "path", "")]),
];

/// Sources that persistent volumes tell otherwise than pods.
const PERSISTENT: &[Source] = &[
    source(
        "glusterfs",
        "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        &[
            ("EndpointsName:", "endpoints", ""),
            ("EndpointsNamespace:", "endpointsNamespace", "<unset>"),
            ("Path:", "path", ""),
            ("ReadOnly:", "readOnly", "false"),
        ],
    ),
    source(
        "scaleIO",
        "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
        &[
            ("Gateway:", "gateway", ""),
            ("System:", "system", ""),
            ("Protection Domain:", "protectionDomain", ""),
            ("Storage Pool:", "storagePool", ""),
            ("Storage Mode:", "storageMode", ""),
            ("VolumeName:", "volumeName", ""),
            ("SecretName:", "secretRef.name", ""),
            ("SecretNamespace:", "secretRef.namespace", ""),
            ("FSType:", "fsType", ""),
            ("ReadOnly:", "readOnly", "false"),
        ],
    ),
    source(
        "azureFile",
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        &[
            ("SecretName:", "secretName", ""),
            ("SecretNamespace:", "secretNamespace", ""),
            ("ShareName:", "shareName", ""),
            ("ReadOnly:", "readOnly", "false"),
        ],
    ),
];

/// The volumes of a pod or, indented by `space`, of a pod template.
pub fn volumes(page: &mut Page, volumes: &[Value], space: &str) {
    if volumes.is_empty() {
        put!(page, 0, "{space}Volumes:\t<none>\n");
        return;
    }
    put!(page, 0, "{space}Volumes:\n");
    let indent = if space.is_empty() { "" } else { " " };
    for volume in volumes {
        put!(page, 1, "{indent}{}:\n", volume.text("name"));
        one(page, volume);
    }
}

fn one(page: &mut Page, volume: &Value) {
    if volume.has("emptyDir") {
        empty_dir(page, volume.at("emptyDir"));
    } else if volume.has("projected") {
        projected(page, volume.list("projected.sources"));
    } else if volume.has("ephemeral") {
        ephemeral(page, volume.at("ephemeral"));
    } else if volume.has("downwardAPI") {
        downward_api(page, volume.list("downwardAPI.items"));
    } else if volume.has("fc") {
        fibre_channel(page, volume.at("fc"));
    } else if volume.has("csi") {
        let csi = volume.at("csi");
        page.write(2, "Type:\tCSI (a Container Storage Interface (CSI) volume source)\n");
        rows(page, csi, &[("Driver:", "driver", ""), ("FSType:", "fsType", ""), ("ReadOnly:", "readOnly", "false")], "");
        csi_attributes(page, csi.at("volumeAttributes"));
    } else if let Some(source) = SOURCES.iter().find(|source| volume.has(source.field)) {
        told(page, source, volume.at(source.field), "LocalObjectReference");
    } else {
        page.write(1, "<unknown>\n");
    }
}

/// The source of a persistent volume, from its spec.
pub fn persistent(page: &mut Page, spec: &Value) {
    if spec.has("csi") {
        let csi = spec.at("csi");
        page.write(2, "Type:\tCSI (a Container Storage Interface (CSI) volume source)\n");
        let fields = &[
            ("Driver:", "driver", ""),
            ("FSType:", "fsType", ""),
            ("VolumeHandle:", "volumeHandle", ""),
            ("ReadOnly:", "readOnly", "false"),
        ];
        rows(page, csi, fields, "");
        csi_attributes(page, csi.at("volumeAttributes"));
    } else if spec.has("fc") {
        fibre_channel(page, spec.at("fc"));
    } else if let Some(source) = PERSISTENT.iter().chain(SOURCES).find(|source| spec.has(source.field)) {
        told(page, source, spec.at(source.field), "SecretReference");
    } else {
        page.write(1, "<unknown>\n");
    }
}

fn told(page: &mut Page, source: &Source, fields: &Value, secret_type: &str) {
    put!(page, 2, "Type:\t{}\n", source.title);
    rows(page, fields, source.rows, secret_type);
}

fn rows(page: &mut Page, fields: &Value, rows: &[(&str, &str, &str)], secret_type: &str) {
    for (title, path, absent) in rows {
        let value = match fields.at(path) {
            reference if *path == "secretRef" && !reference.is_null() => secret_reference(reference, secret_type),
            _ => fields.shown(path, absent),
        };
        put!(page, 2, "{title}\t{value}\n");
    }
}

/// A reference as Go prints upstream's struct.
fn secret_reference(reference: &Value, secret_type: &str) -> String {
    let name = reference.text("name");
    match secret_type {
        "SecretReference" => format!("&SecretReference{{Name:{name},Namespace:{},}}", reference.text("namespace")),
        other => format!("&{other}{{Name:{name},}}"),
    }
}

fn empty_dir(page: &mut Page, source: &Value) {
    let limit = quantity(source.at("sizeLimit"));
    let limit = if limit.sign() > 0 { limit.to_string() } else { "<unset>".to_owned() };
    page.write(2, "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)\n");
    page.field(2, "Medium", source.text("medium"));
    page.field(2, "SizeLimit", &limit);
}

fn projected(page: &mut Page, sources: &[Value]) {
    page.write(2, "Type:\tProjected (a volume that contains injected data from multiple sources)\n");
    for source in sources {
        if source.has("secret") {
            page.field(2, "SecretName", source.text("secret.name"));
            page.field(2, "Optional", &source.shown("secret.optional", "false"));
        } else if source.has("downwardAPI") {
            page.field(2, "DownwardAPI", "true");
        } else if source.has("configMap") {
            page.field(2, "ConfigMapName", source.text("configMap.name"));
            page.field(2, "Optional", &source.shown("configMap.optional", "false"));
        } else if source.has("serviceAccountToken") {
            page.field(2, "TokenExpirationSeconds", &source.shown("serviceAccountToken.expirationSeconds", "0"));
        }
    }
}

fn ephemeral(page: &mut Page, source: &Value) {
    page.write(2, "Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)\n");
    if source.has("volumeClaimTemplate") {
        page.nesting += 2;
        storage::claim(page, source.at("volumeClaimTemplate"), false);
        page.nesting -= 2;
    }
}

fn downward_api(page: &mut Page, items: &[Value]) {
    page.write(2, "Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:\n");
    for item in items {
        for field in ["fieldRef.fieldPath", "resourceFieldRef.resource"] {
            if let Some(origin) = item.at(field).as_str() {
                put!(page, 3, "{origin} -> {}\n", item.text("path"));
            }
        }
    }
}

fn fibre_channel(page: &mut Page, source: &Value) {
    page.write(2, "Type:\tFC (a Fibre Channel disk)\n");
    page.field(2, "TargetWWNs", &source.texts("targetWWNs").join(", "));
    rows(page, source, &[("LUN:", "lun", "<none>"), ("FSType:", "fsType", ""), ("ReadOnly:", "readOnly", "false")], "");
}

fn csi_attributes(page: &mut Page, attributes: &Value) {
    page.write(2, "VolumeAttributes:\t");
    let attributes = attributes.members("");
    if attributes.is_empty() {
        page.rest("<none>\n");
    }
    for (index, (key, value)) in attributes.into_iter().enumerate() {
        if index > 0 {
            page.write(2, "");
            page.write(2, "\t");
        }
        let line = format!("{key}={}", value.as_str().unwrap_or_default());
        if line.len() > 140 {
            put!(page, 2, "{}...\n", &line[..line.floor_char_boundary(140)]);
        } else {
            put!(page, 2, "{line}\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn check(yaml: &str, expected: &str) {
        let mut page = Page::new(Timestamp::UNIX_EPOCH);
        let list: Value = serde_yaml::from_str(yaml).unwrap();
        volumes(&mut page, list.as_array().unwrap(), "");
        assert_eq!(page.finish(), expected);
    }

    #[test]
    fn sources_are_told() {
        check("[]", "Volumes:  <none>\n");
        check(
            "- {name: h, hostPath: {path: /x, type: ''}}",
            "Volumes:\n  h:\n    Type:          HostPath (bare host directory volume)\n    Path:          /x\n    HostPathType:  \n",
        );
        check(
            "- {name: e, emptyDir: {sizeLimit: 1024Mi}}",
            "Volumes:\n  e:\n    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)\n    Medium:     \n    SizeLimit:  1Gi\n",
        );
        check(
            "- {name: p, projected: {sources: [{serviceAccountToken: {expirationSeconds: 3607}}, {configMap: {name: c}}, {downwardAPI: {}}]}}",
            "Volumes:\n  p:\n    Type:                    Projected (a volume that contains injected data from multiple sources)\n    TokenExpirationSeconds:  3607\n    ConfigMapName:           c\n    Optional:                false\n    DownwardAPI:             true\n",
        );
        check(
            "- {name: f, flexVolume: {driver: d, secretRef: {name: s}, options: {b: '1', a: '2'}}}",
            "Volumes:\n  f:\n    Type:       FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)\n    Driver:     d\n    FSType:     \n    SecretRef:  &LocalObjectReference{Name:s,}\n    ReadOnly:   false\n    Options:    map[a:2 b:1]\n",
        );
        check("- {name: u}", "Volumes:\n  u:\n  <unknown>\n");
    }
}
