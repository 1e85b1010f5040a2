use serde_json::json;

use crate::test_support::{check_create, check_default, check_update, decoded};
use crate::{CSI_DRIVER, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, Part, STORAGE_CLASS};

#[test]
fn claims() {
    let claim = |size: &str| {
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "c"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}})
    };
    let object = decoded(&PERSISTENT_VOLUME_CLAIM, claim("0.5Gi")).to_value();
    assert_eq!(
        object["spec"],
        json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "512Mi"}}, "volumeMode": "Filesystem"})
    );
    assert_eq!(object["status"], json!({"phase": "Pending"}));
    check_create(&PERSISTENT_VOLUME_CLAIM, claim("1Gi"), &[]);
    check_create(
        &PERSISTENT_VOLUME_CLAIM,
        json!({"metadata": {"name": "c"}, "spec": {"accessModes": ["RWO"], "volumeMode": "x"}}),
        &[
            r#"spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod""#,
            "spec.resources.storage: Required value",
            r#"spec.volumeMode: Unsupported value: "x": supported values: "Block", "Filesystem""#,
        ],
    );
    let mut other = claim("1Gi");
    other["spec"]["volumeName"] = json!("v");
    check_update(&PERSISTENT_VOLUME_CLAIM, Part::Main, other.clone(), claim("1Gi"), &[]);
    other["spec"]["accessModes"] = json!(["ReadWriteMany"]);
    check_update(
        &PERSISTENT_VOLUME_CLAIM,
        Part::Main,
        other,
        claim("1Gi"),
        &[
            "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n- \taccessModes[0]: \"ReadWriteOnce\"\n+ \taccessModes[0]: \"ReadWriteMany\"",
        ],
    );
}

#[test]
fn volumes() {
    let volume = |spec: serde_json::Value| json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"}, "spec": spec});
    check_default(
        &PERSISTENT_VOLUME,
        volume(json!({"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/d"}})),
        json!({
            "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/d", "type": ""},
            "persistentVolumeReclaimPolicy": "Retain", "volumeMode": "Filesystem"
        }),
    );
    check_create(
        &PERSISTENT_VOLUME,
        volume(json!({"hostPath": {"path": "/../d"}, "local": {"path": "/x"}})),
        &[
            "spec.accessModes: Required value",
            "spec.capacity: Required value",
            r#"spec.capacity: Unsupported value: {}: supported values: "storage""#,
            r#"spec.hostPath.path: Invalid value: "/../d": must not contain '..'"#,
            "spec.nodeAffinity: Required value: Local volume requires node affinity",
            "spec.local: Forbidden: may not specify more than 1 volume type",
        ],
    );
}

#[test]
fn classes() {
    let class = |provisioner: &str| json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "s"}, "provisioner": provisioner});
    check_default(
        &STORAGE_CLASS,
        class("a/b"),
        json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "s"}, "provisioner": "a/b", "reclaimPolicy": "Delete",
            "volumeBindingMode": "Immediate"
        }),
    );
    check_create(&STORAGE_CLASS, class(""), &["provisioner: Required value"]);
    check_update(
        &STORAGE_CLASS,
        Part::Main,
        class("a/c"),
        class("a/b"),
        &["provisioner: Forbidden: updates to provisioner are forbidden."],
    );
    check_default(
        &CSI_DRIVER,
        json!({"metadata": {"name": "d.example.com"}, "spec": {}}),
        json!({
            "attachRequired": true, "fsGroupPolicy": "ReadWriteOnceWithFSType", "podInfoOnMount": false, "requiresRepublish": false, "seLinuxMount": false,
            "storageCapacity": false, "volumeLifecycleModes": ["Persistent"]
        }),
    );
}
