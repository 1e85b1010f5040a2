//! What may change in an object and what may not, step by step.

use serde_json::{Value, json};

use crate::harness::{Harness, MERGE};

const DEFAULT: &str = "/api/v1/namespaces/default";
const STRATEGIC: &str = "application/strategic-merge-patch+json";

#[tokio::test]
async fn what_is_immutable_stays_so() {
    let harness = Harness::new().await;
    for plural in ["configmaps", "secrets"] {
        let path = format!("{DEFAULT}/{plural}/walk");
        let object = json!({"metadata": {"name": "walk"}, "data": {"a": "YQ=="}});
        let (_, mut object) = harness.post(&format!("{DEFAULT}/{plural}"), &object).await;
        object["immutable"] = true.into();
        let (code, object) = harness.put(&path, &object).await;
        assert_eq!((code, &object["immutable"]), (200, &json!(true)), "{object}");
        for (field, value) in [("data", json!({"a": "Yg=="})), ("immutable", json!(false))] {
            let mut changed = object.clone();
            changed[field] = value;
            assert_eq!(harness.put(&path, &changed).await.0, 422, "{plural} {field}");
        }
        assert_eq!(harness.patch(&path, MERGE, &json!({"metadata": {"labels": {"a": "b"}}})).await.0, 200);
        assert_eq!(harness.delete(&path, "").await.0, 200);
        assert_eq!(harness.post(&format!("{DEFAULT}/{plural}"), &json!({"metadata": {"name": "e"}, "data": {"": "YQ=="}})).await.0, 422);
    }
    let classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    let (_, mut class) = harness.post(classes, &json!({"metadata": {"name": "walk"}, "value": 1})).await;
    let (code, refused) = harness.patch(&format!("{classes}/walk"), MERGE, &json!({"value": 10})).await;
    let expected = "PriorityClass.scheduling.k8s.io \"walk\" is invalid: value: Forbidden: may not be changed in an update.";
    assert_eq!((code, refused["message"].as_str()), (422, Some(expected)));
    class["description"] = "walked".into();
    assert_eq!(harness.put(&format!("{classes}/walk"), &class).await.0, 200);
}

#[tokio::test]
async fn a_service_goes_from_type_to_type() {
    let harness = Harness::new().await;
    let path = format!("{DEFAULT}/services/walk");
    let service = json!({"metadata": {"name": "walk"}, "spec": {"type": "ExternalName", "externalName": "walk.example.com"}});
    let (code, mut service) = harness.post(&format!("{DEFAULT}/services"), &service).await;
    assert_eq!(code, 201, "{service}");
    let spec = |service: &mut Value, spec: Value| service["spec"] = spec;
    spec(&mut service, json!({"type": "ClusterIP", "ports": [{"name": "http", "port": 80}]}));
    let (code, mut service) = harness.put(&path, &service).await;
    assert_eq!((code, service["spec"]["clusterIP"].is_string()), (200, true), "{service}");
    service["spec"]["type"] = "NodePort".into();
    let (code, mut service) = harness.put(&path, &service).await;
    assert_eq!((code, service["spec"]["ports"][0]["nodePort"].is_u64()), (200, true), "{service}");
    spec(&mut service, json!({"type": "ExternalName", "externalName": "walk.example.com", "clusterIP": ""}));
    let (code, service) = harness.put(&path, &service).await;
    assert_eq!((code, service["spec"]["clusterIP"].as_str()), (200, None), "{service}");
    assert_eq!(harness.delete(&format!("{DEFAULT}/services?fieldSelector=metadata.name%3Dwalk"), "").await.0, 200);
}

#[tokio::test]
async fn both_kinds_of_events_are_one() {
    let harness = Harness::new().await;
    let path = "/apis/events.k8s.io/v1/namespaces/default/events";
    let event = json!({
        "metadata": {"name": "walk"}, "regarding": {"namespace": "default"}, "eventTime": "2024-01-01T00:00:00.000000Z", "note": "n",
        "type": "Normal", "reason": "Walk", "action": "Walk", "reportingController": "walker", "reportingInstance": "walker-1",
    });
    assert_eq!(harness.post(path, &event).await.0, 201);
    let series = json!({"series": {"count": 2, "lastObservedTime": "2024-01-01T00:00:00.000005Z"}});
    let (code, patched) = harness.patch(&format!("{path}/walk"), STRATEGIC, &series).await;
    assert_eq!((code, &patched["series"]), (200, &series["series"]));
    for list in [
        "/apis/events.k8s.io/v1/events?fieldSelector=reportingController%3Dwalker",
        "/api/v1/events?fieldSelector=reportingComponent%3Dwalker",
    ] {
        assert_eq!(harness.get(list).await.1["items"].as_array().map(Vec::len), Some(1), "{list}");
    }
    let (_, core) = harness.get(&format!("{DEFAULT}/events/walk")).await;
    assert_eq!((core["message"].as_str(), core["reportingComponent"].as_str()), (Some("n"), Some("walker")));
    assert_eq!(harness.delete(path, "").await.0, 200);
    assert_eq!(harness.get(&format!("{DEFAULT}/events/walk")).await.0, 404);
}

/// How long an author waits is told in the request; what is no time is refused before anything else.
#[tokio::test]
async fn a_request_names_its_timeout() {
    let harness = Harness::new().await;
    for (path, code) in
        [("/version?timeout=3m", 200), ("/version?timeout=0s", 200), ("/version?timeout=", 200), ("/api/v1/nodes?timeout=32s", 200)]
    {
        assert_eq!(harness.get(path).await.0, code, "{path}");
    }
    for path in ["/version?timeout=invalid", "/api/v1/nodes?timeout=invalid"] {
        let (code, answer) = harness.get(path).await;
        let message = "invalid timeout specified in the request URL - time: invalid duration \"invalid\"";
        assert_eq!((code, &answer["reason"], &answer["message"]), (400, &json!("BadRequest"), &json!(message)));
    }
    // what lasts has no such time
    let mut lines = harness.watch("/api/v1/configmaps?watch=true&timeoutSeconds=1&timeout=invalid").await;
    while lines.next().await.is_some() {}
}
