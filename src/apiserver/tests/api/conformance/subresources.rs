//! Subresources with a rule of their own for what may change.

use serde_json::{Value, json};

use crate::harness::{Harness, MERGE};

/// A request for a certificate, in base64.
pub(super) fn certificate_request() -> String {
    let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "walker");
    let pem = params.serialize_request(&rcgen::KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    encoded(&pem)
}

fn encoded(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
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

    assert!(approved["status"]["conditions"][1]["lastTransitionTime"].is_string(), "{approved}");

    // what is decided stays, and there is one decision
    let conditions = |list: Value| json!({"status": {"conditions": list}});
    let faults = async |part: &str, list: Value| {
        let (code, answer) = harness.patch(&format!("{path}/{part}"), MERGE, &conditions(list)).await;
        assert_eq!((code, answer["reason"].as_str()), (422, Some("Invalid")), "{answer}");
        let causes = answer["details"]["causes"].as_array().unwrap().iter();
        causes.map(|cause| format!("{}: {}", cause["field"].as_str().unwrap(), cause["message"].as_str().unwrap())).collect::<Vec<_>>()
    };
    let removed = "status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"";
    assert_eq!(faults("approval", json!([condition("ApprovalPatch")])).await, [removed]);
    let both = "status.conditions[1].type: Invalid value: \"Denied\": Approved and Denied conditions are mutually exclusive";
    assert_eq!(faults("approval", json!([condition("Approved"), condition("Denied")])).await, [both]);
    let wrong = json!([condition("Approved"), {"type": "Failed", "status": "False"}, {"type": "Other", "status": ""}, {"type": "Other", "status": "x"}]);
    let expected = [
        "status.conditions[1].status: Unsupported value: \"False\": supported values: \"True\"",
        "status.conditions[2].status: Required value",
        "status.conditions[3].status: Unsupported value: \"x\": supported values: \"False\", \"True\", \"Unknown\"",
        "status.conditions[3].type: Duplicate value: \"Other\"",
    ];
    assert_eq!(faults("approval", wrong).await, expected);

    // status may not decide, but tell of a decision as it is
    let added = "status.conditions: Forbidden: updates may not add a condition of type \"Denied\"";
    assert_eq!(faults("status", json!([condition("Approved"), condition("Denied")])).await, [both, added]);
    let mut altered = condition("Approved");
    altered["reason"] = "Other".into();
    let patch = json!({"metadata": {"annotations": {"patched": "status"}}, "status": {"conditions": [condition("StatusPatch"), altered]}});
    let (code, patched) = harness.patch(&format!("{path}/status"), MERGE, &patch).await;
    assert_eq!((code, types(&patched)), (200, vec!["StatusPatch", "Approved"]));
    assert_eq!(
        (&patched["metadata"]["annotations"], &patched["status"]["conditions"][1]["reason"]),
        (&json!({"patched": "status"}), &json!("Walk"))
    );

    // a certificate is given once
    let block = |kind: &str, headers: &str| encoded(&format!("-----BEGIN {kind}-----\n{headers}MAA=\n-----END {kind}-----\n"));
    for (certificate, fault) in [
        (encoded("nothing"), "must contain at least one CERTIFICATE PEM block"),
        (block("PRIVATE KEY", ""), "only CERTIFICATE PEM blocks are allowed, found \"PRIVATE KEY\""),
        (block("CERTIFICATE", "a: b\n\n"), "no PEM block headers are permitted"),
    ] {
        let (code, answer) = harness.patch(&format!("{path}/status"), MERGE, &json!({"status": {"certificate": certificate}})).await;
        let message = format!("Invalid value: \"<certificate data>\": {fault}");
        assert_eq!((code, &answer["details"]["causes"][0]["message"]), (422, &json!(message)));
    }
    let given = json!({"status": {"certificate": block("CERTIFICATE", "")}});
    assert_eq!(harness.patch(&format!("{path}/status"), MERGE, &given).await.0, 200);
    let another = encoded("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n");
    let (code, answer) = harness.patch(&format!("{path}/status"), MERGE, &json!({"status": {"certificate": another}})).await;
    let message = "Forbidden: updates may not modify existing certificate content";
    assert_eq!((code, &answer["details"]["causes"][0]["message"]), (422, &json!(message)));

    let legacy = json!({"metadata": {"name": "old"}, "spec": {
        "request": certificate_request(), "signerName": "kubernetes.io/legacy-unknown", "usages": ["digital signature"],
    }});
    let (code, answer) = harness.post("/apis/certificates.k8s.io/v1/certificatesigningrequests", &legacy).await;
    let message = "Invalid value: \"kubernetes.io/legacy-unknown\": the legacy signerName is not allowed via this API version";
    assert_eq!((code, &answer["details"]["causes"][0]["message"]), (422, &json!(message)));
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
