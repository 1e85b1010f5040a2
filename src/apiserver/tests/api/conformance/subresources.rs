//! Subresources with a rule of their own for what may change.

use serde_json::{Value, json};

use crate::harness::{Harness, MERGE};

/// A request for a certificate, in base64.
fn certificate_request() -> String {
    use base64::Engine;
    let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "walker");
    let pem = params.serialize_request(&rcgen::KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    base64::engine::general_purpose::STANDARD.encode(pem)
}

fn types(request: &Value) -> Vec<&str> {
    request["status"]["conditions"].as_array().unwrap().iter().map(|condition| condition["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_certificate_request_is_approved_step_by_step() {
    let harness = Harness::new().await;
    let path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    let request = json!({"metadata": {"name": "walk"}, "spec": {
        "request": certificate_request(), "signerName": "example.com/walk", "expirationSeconds": 3600, "usages": ["digital signature", "server auth"],
    }});
    let (code, made) = harness.post(path, &request).await;
    assert_eq!(code, 201, "{made}");
    let path = format!("{path}/walk");
    assert_eq!(harness.get(&format!("{path}/approval")).await.1["metadata"]["uid"], made["metadata"]["uid"]);

    let condition = |of: &str| json!({"type": of, "status": "True", "reason": "Walk", "message": "by a test"});
    let patch = json!({"metadata": {"annotations": {"patched": "approval"}}, "status": {"conditions": [condition("ApprovalPatch")]}});
    let (code, mut patched) = harness.patch(&format!("{path}/approval"), MERGE, &patch).await;
    assert_eq!((code, types(&patched)), (200, vec!["ApprovalPatch"]));
    assert_eq!(patched["metadata"]["annotations"], json!({"patched": "approval"}));
    patched["status"]["conditions"].as_array_mut().unwrap().push(condition("Approved"));
    // what is told of the object besides is not taken
    patched["spec"]["signerName"] = "example.com/other".into();
    patched["metadata"]["creationTimestamp"] = "2001-01-01T00:00:00Z".into();
    let (code, approved) = harness.put(&format!("{path}/approval"), &patched).await;
    assert_eq!((code, types(&approved)), (200, vec!["ApprovalPatch", "Approved"]));
    assert_eq!((&approved["spec"], &approved["metadata"]["creationTimestamp"]), (&made["spec"], &made["metadata"]["creationTimestamp"]));
    let wrong = json!({"metadata": {"labels": {"not a label!": "x"}}});
    assert_eq!(harness.patch(&format!("{path}/approval"), MERGE, &wrong).await.0, 422);

    // status may not decide
    let patch = json!({"metadata": {"annotations": {"patched": "status"}}, "status": {"conditions": [condition("StatusPatch"), condition("Denied")]}});
    let (code, patched) = harness.patch(&format!("{path}/status"), MERGE, &patch).await;
    assert_eq!((code, types(&patched)), (200, vec!["Approved", "StatusPatch"]));
    assert_eq!(patched["metadata"]["annotations"], json!({"patched": "status"}));
}

#[tokio::test]
async fn a_namespace_is_held_by_its_own_finalizers() {
    let harness = Harness::new().await;
    let path = "/api/v1/namespaces/walk";
    let (code, mut namespace) = harness.post("/api/v1/namespaces", &json!({"metadata": {"name": "walk"}})).await;
    assert_eq!(code, 201);
    assert_eq!(namespace["spec"]["finalizers"], json!(["kubernetes"]));
    namespace["spec"]["finalizers"] = json!(["kubernetes", "example.com/hold"]);
    namespace["metadata"]["labels"]["walk"] = "1".into();
    // only by the subresource
    let (_, unchanged) = harness.put(path, &namespace).await;
    assert_eq!(unchanged["spec"]["finalizers"], json!(["kubernetes"]));
    namespace["metadata"]["resourceVersion"] = unchanged["metadata"]["resourceVersion"].clone();
    let (code, held) = harness.put(&format!("{path}/finalize"), &namespace).await;
    assert_eq!((code, &held["spec"]["finalizers"]), (200, &json!(["kubernetes", "example.com/hold"])));
    assert_eq!(held["metadata"]["labels"]["walk"], "1");

    let condition = json!({"type": "Walked", "status": "True", "reason": "Walk", "message": "by a test"});
    let patch = json!({"metadata": {"annotations": {"patched": "status"}}, "status": {"conditions": [condition]}});
    let (code, patched) = harness.patch(&format!("{path}/status"), MERGE, &patch).await;
    assert_eq!((code, &patched["metadata"]["annotations"]["patched"]), (200, &json!("status")));
    assert_eq!(patched["status"]["conditions"][0]["type"], "Walked");
    let (code, going) = harness.delete(path, "").await;
    assert_eq!((code, going["status"]["phase"].as_str()), (200, Some("Terminating")));
}
