//! Every form of patch, of an object and of its status, as upstream's common test of resources sends them: each on an object that has just been made, strictly
//! checked, with what identifies the object in it.

use serde_json::{Value, json};

use super::{APPLY, holds};
use crate::harness::{Harness, MERGE};

const STRATEGIC: &str = "application/strategic-merge-patch+json";
const JSON_PATCH: &str = "application/json-patch+json";

struct Row {
    /// Group, version and plural.
    at: (&'static str, &'static str, &'static str),
    kind: &'static str,
    namespaced: bool,
    spec: Value,
    status: Value,
}

fn rows() -> Vec<Row> {
    let condition = json!({"conditions": [{"type": "TestCondition", "status": "True", "reason": "TestReason", "message": "TestMessage", "lastTransitionTime": "2026-01-01T00:00:00Z"}]});
    let claim = json!({"devices": {"requests": [{"name": "r", "exactly": {"deviceClassName": "c"}}]}});
    let none = Value::Null;
    let row = |at, kind, namespaced, spec: Value, status: &Value| Row {
        at,
        kind,
        namespaced,
        spec: json!({"spec": spec}),
        status: status.clone(),
    };
    let migration = json!({"resource": {"group": "", "resource": "foo"}});
    let slice = json!({"driver": "d.example.com", "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1}, "allNodes": true});
    let devices = json!({"devices": [{"driver": "d.example.com", "pool": "p", "device": "d", "conditions": condition["conditions"]}],
        "allocation": {"devices": {"results": [{"request": "r", "driver": "d.example.com", "pool": "p", "device": "d"}]}}});
    vec![
        row(("storagemigration.k8s.io", "v1", "storageversionmigrations"), "StorageVersionMigration", false, migration.clone(), &condition),
        row(("storagemigration.k8s.io", "v1beta1", "storageversionmigrations"), "StorageVersionMigration", false, migration, &condition),
        row(("resource.k8s.io", "v1", "deviceclasses"), "DeviceClass", false, json!({}), &none),
        row(("resource.k8s.io", "v1", "resourceclaims"), "ResourceClaim", true, claim.clone(), &devices),
        row(("resource.k8s.io", "v1", "resourceclaimtemplates"), "ResourceClaimTemplate", true, json!({"spec": claim}), &none),
        row(("resource.k8s.io", "v1", "resourceslices"), "ResourceSlice", false, slice, &none),
        row(("networking.k8s.io", "v1", "servicecidrs"), "ServiceCIDR", false, json!({"cidrs": ["10.10.0.0/24"]}), &condition),
    ]
}

#[tokio::test]
async fn every_form_of_patch_changes_objects_and_their_status() {
    let harness = Harness::new().await;
    for row in rows() {
        let (group, version, plural) = row.at;
        let base = format!("/apis/{group}/{version}{}/{plural}", if row.namespaced { "/namespaces/default" } else { "" });
        let label = json!({"metadata": {"labels": {"test.example.com": "test"}}});
        let added = json!([{"op": "add", "path": "/metadata/labels/test.example.com", "value": "test"}]);
        patched(&harness, &row, &base, "", &label, &added).await;
        if !row.status.is_null() {
            let whole: Vec<Value> = row
                .status
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| json!({"op": "add", "path": format!("/status/{name}"), "value": value}))
                .collect();
            patched(&harness, &row, &base, "/status", &json!({"status": row.status}), &json!(whole)).await;
        }
    }
}

async fn patched(harness: &Harness, row: &Row, base: &str, subresource: &str, change: &Value, operations: &Value) {
    for form in [STRATEGIC, APPLY, MERGE, JSON_PATCH] {
        let mut object = row.spec.clone();
        object["metadata"] = json!({"name": "test-walk", "labels": {"e2e-test.kubernetes.io": "walk"}});
        object["apiVersion"] = json!(format!("{}/{}", row.at.0, row.at.1));
        object["kind"] = json!(row.kind);
        let (code, made) = harness.post(&format!("{base}?fieldValidation=Strict"), &object).await;
        assert_eq!(code, 201, "{} {made}", row.kind);
        let path = format!("{base}/test-walk{subresource}");
        let patch = if form == JSON_PATCH {
            // a status that is empty is not there in what is patched, unless it was written
            let mut operations = operations.clone();
            if !subresource.is_empty() && made["status"].is_null() {
                operations.as_array_mut().unwrap().insert(0, json!({"op": "add", "path": "/status", "value": {}}));
            }
            operations
        } else {
            let mut patch = change.clone();
            for field in ["apiVersion", "kind"] {
                patch[field] = made[field].clone();
            }
            for field in ["name", "namespace", "uid"] {
                if !made["metadata"][field].is_null() {
                    patch["metadata"][field] = made["metadata"][field].clone();
                }
            }
            patch
        };
        let force = if form == APPLY { "&fieldManager=test-apply&force=true" } else { "" };
        let (code, answer) = harness.patch(&format!("{path}?fieldValidation=Strict{force}"), form, &patch).await;
        assert_eq!(code, 200, "{} {subresource} {form}: {answer}", row.kind);
        assert!(holds(&answer, change), "{} {subresource} {form}: {answer}", row.kind);
        assert_eq!(answer["metadata"]["uid"], made["metadata"]["uid"]);
        let (code, answer) = harness.delete(&format!("{base}/test-walk"), "").await;
        assert_eq!(code, 200, "{answer}");
        if harness.get(&format!("{base}/test-walk")).await.0 == 200 {
            harness.patch(&format!("{base}/test-walk"), MERGE, &json!({"metadata": {"finalizers": null}})).await;
        }
    }
}
