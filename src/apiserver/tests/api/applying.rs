//! Server-side apply and the owners of fields.

use apiserver::UserInfo;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, JSON, MERGE, config_map};

const APPLY: &str = "application/apply-patch+yaml";
const MAP: &str = "/api/v1/namespaces/default/configmaps/one";
const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";

/// manager, operation, subresource, fields; by manager, as the order of the entries depends on the time
fn owners(object: &Value) -> Value {
    let entry = |entry: &Value| {
        assert_eq!(entry["fieldsType"], "FieldsV1");
        json!([entry["manager"], entry["operation"], entry["subresource"].as_str().unwrap_or_default(), entry["fieldsV1"]])
    };
    let mut entries: Vec<Value> = object["metadata"]["managedFields"].as_array().into_iter().flatten().map(entry).collect();
    entries.sort_by_key(ToString::to_string);
    entries.into()
}

fn map(data: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}, "data": data})
}

fn deployment(replicas: Option<u32>, image: &str) -> Value {
    let mut object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "c", "image": image, "ports": [{"containerPort": 80}]}]},
            },
        },
    });
    if let Some(replicas) = replicas {
        object["spec"]["replicas"] = replicas.into();
    }
    object
}

#[tokio::test]
async fn applies_create_change_and_remove() {
    let harness = Harness::new().await;
    let apply = async |manager: &str, query: &str, data: Value| {
        harness.patch(&format!("{MAP}?fieldManager={manager}{query}"), APPLY, &map(&data)).await
    };
    let (code, created) = apply("a", "", json!({"x": "1", "y": "2"})).await;
    assert_eq!(code, 201, "{created}");
    assert_eq!(owners(&created), json!([["a", "Apply", "", {"f:data": {"f:x": {}, "f:y": {}}}]]));
    assert!(created["metadata"]["managedFields"][0]["time"].is_string());
    // the same again changes nothing, not even the version
    let (code, same) = apply("a", "", json!({"x": "1", "y": "2"})).await;
    assert_eq!((code, &same), (200, &created));
    // another one owns the same, and something more
    let (_, shared) = apply("b", "", json!({"x": "1", "z": "3"})).await;
    assert_eq!(shared["data"], json!({"x": "1", "y": "2", "z": "3"}));
    // what is no longer listed goes, unless somebody else owns it
    let nothing = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}});
    let (_, less) = harness.patch(&format!("{MAP}?fieldManager=a"), APPLY, &nothing).await;
    assert_eq!(less["data"], json!({"x": "1", "z": "3"}));
    assert_eq!(owners(&less), json!([["b", "Apply", "", {"f:data": {"f:x": {}, "f:z": {}}}]]));

    let (code, refused) = apply("a", "", json!({"x": "9"})).await;
    assert_eq!((code, refused["reason"].as_str()), (409, Some("Conflict")));
    assert_eq!(refused["message"], "Apply failed with 1 conflict: conflict with \"b\": .data.x");
    assert_eq!(
        refused["details"]["causes"],
        json!([{"reason": "FieldManagerConflict", "message": "conflict with \"b\"", "field": ".data.x"}])
    );
    let (code, dry) = apply("a", "&force=true&dryRun=All", json!({"x": "9"})).await;
    assert_eq!((code, &dry["data"]["x"]), (200, &json!("9")));
    assert_eq!(harness.get(MAP).await.1["data"]["x"], "1", "a dry run writes nothing");
    let (code, forced) = apply("a", "&force=true", json!({"x": "9"})).await;
    assert_eq!(
        (code, owners(&forced)),
        (200, json!([["a", "Apply", "", {"f:data": {"f:x": {}}}], ["b", "Apply", "", {"f:data": {"f:z": {}}}]]))
    );
}

#[tokio::test]
async fn applies_that_are_refused() {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/configmaps", &config_map("one", &json!({}))).await;
    let check = async |path: &str, content_type: &str, body: Value, code: u16, message: &str| {
        let (got, answer) = harness.patch(path, content_type, &body).await;
        assert_eq!((got, answer["message"].as_str().unwrap()), (code, message), "{path} {body}");
    };
    let apply = |body: Value, code: u16, message: &'static str| {
        check(concat!("/api/v1/namespaces/default/configmaps/one", "?fieldManager=a"), APPLY, body, code, message)
    };
    check(
        MAP,
        APPLY,
        map(&json!({})),
        422,
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch",
    )
    .await;
    check(
        &format!("{MAP}?force=true"),
        MERGE,
        json!({}),
        422,
        "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch",
    )
    .await;
    check(
        &format!("{MAP}?fieldManager={}", "x".repeat(129)),
        MERGE,
        json!({}),
        422,
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than 128 bytes",
    )
    .await;
    check(
        &format!("{MAP}?fieldManager=a"),
        "application/apply-patch+cbor",
        map(&json!({})),
        415,
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
    )
    .await;
    let mut config = map(&json!({}));
    config["metadata"]["managedFields"] = json!([]);
    apply(config, 400, "metadata.managedFields must be nil").await;
    apply(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one"}}), 400, "invalid object type: /v1, Kind=Pod").await;
    let mut config = map(&json!({}));
    config["foo"] = 1.into();
    apply(config, 500, "failed to create typed patch object (/one; /v1, Kind=ConfigMap): .foo: field not declared in schema").await;
    let mut config = map(&json!({"a": "1"}));
    config["metadata"]["resourceVersion"] = "1".into();
    apply(
        config,
        409,
        "Operation cannot be fulfilled on configmaps \"one\": the object has been modified; please apply your changes to the latest version and try again",
    )
    .await;
    let mut config = map(&json!({}));
    config["metadata"]["name"] = "two".into();
    check(
        "/api/v1/namespaces/default/configmaps/three?fieldManager=a",
        APPLY,
        config.clone(),
        400,
        "the name of the object (two) does not match the name on the URL (three)",
    )
    .await;
    config["metadata"]["uid"] = "u".into();
    check(
        "/api/v1/namespaces/default/configmaps/two?fieldManager=a",
        APPLY,
        config,
        409,
        "Operation cannot be fulfilled on configmaps \"two\": uid mismatch: the provided object specified uid u, and no existing object was found",
    )
    .await;
    // who may patch may not create for that
    let user = UserInfo::new("patcher", &[]);
    let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "patcher"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["patch", "get"]}]});
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "patcher"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "patcher"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "patcher"}],
    });
    harness.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", &role).await;
    harness.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", &binding).await;
    let body = map(&json!({"p": "1"})).to_string();
    let path = format!("{MAP}?fieldManager=a");
    assert_eq!(harness.call_as(user.clone(), Method::PATCH, &path, APPLY, &body).await.0, 200);
    harness.delete(MAP, "").await;
    let (code, refused) = harness.call_as(user, Method::PATCH, &path, APPLY, &body).await;
    assert_eq!(code, 403, "{refused}");
}

#[tokio::test]
async fn yaml_is_applied_too() {
    let harness = Harness::new().await;
    let body = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\ndata:\n  x: \"1\"\n";
    let path = format!("{MAP}?fieldManager=a");
    let (code, created) = harness.call_as(UserInfo::administrator(), Method::PATCH, &path, APPLY, body).await;
    assert_eq!((code, &created["data"]), (201, &json!({"x": "1"})));
    let (code, refused) = harness.call_as(UserInfo::administrator(), Method::PATCH, &path, APPLY, "a: [").await;
    assert_eq!(code, 400);
    assert!(refused["message"].as_str().unwrap().starts_with("error encoding patch: error converting YAML to JSON: yaml: "), "{refused}");
}

#[tokio::test]
async fn every_write_has_an_owner() {
    let harness = Harness::new().await;
    let (_, created) = harness.post(&format!("{DEPLOYMENTS}?fieldManager=maker"), &deployment(None, "a")).await;
    // what upstream writes for `kubectl create`, but for what its defaults for a deployment's container add
    assert_eq!(
        owners(&created),
        json!([["maker", "Update", "", {"f:spec": {
            "f:progressDeadlineSeconds": {}, "f:replicas": {}, "f:revisionHistoryLimit": {}, "f:selector": {},
            "f:strategy": {"f:rollingUpdate": {".": {}, "f:maxSurge": {}, "f:maxUnavailable": {}}, "f:type": {}},
            "f:template": {
                "f:metadata": {"f:labels": {".": {}, "f:app": {}}},
                "f:spec": {
                    "f:containers": {"k:{\"name\":\"c\"}": {
                        ".": {}, "f:image": {}, "f:imagePullPolicy": {}, "f:name": {},
                        "f:ports": {".": {}, "k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {".": {}, "f:containerPort": {}, "f:protocol": {}}},
                        "f:resources": {}, "f:terminationMessagePath": {}, "f:terminationMessagePolicy": {},
                    }},
                    "f:dnsPolicy": {}, "f:restartPolicy": {}, "f:schedulerName": {}, "f:securityContext": {}, "f:terminationGracePeriodSeconds": {},
                },
            },
        }}]])
    );
    // the status has owners of its own, and what does not count there is nobody's
    let path = format!("{DEPLOYMENTS}/web");
    let status = json!({"metadata": {"labels": {"x": "y"}, "annotations": {"a": "b"}}, "spec": {"replicas": 9}, "status": {"observedGeneration": 1}});
    let (_, reported) = harness.patch(&format!("{path}/status?fieldManager=controller"), MERGE, &status).await;
    let mine = json!(["controller", "Update", "status", {"f:metadata": {"f:annotations": {".": {}, "f:a": {}}}, "f:status": {"f:observedGeneration": {}}}]);
    assert!(owners(&reported).as_array().unwrap().contains(&mine), "{}", owners(&reported));
    // a write to the status does not touch the entries, whatever it says of them
    let (_, same) = harness.patch(&format!("{path}/status?fieldManager=other"), MERGE, &json!({"metadata": {"managedFields": []}})).await;
    assert_eq!(owners(&same), owners(&reported));

    let (code, scaled) = harness.patch(&format!("{path}/scale?fieldManager=scaler"), MERGE, &json!({"spec": {"replicas": 3}})).await;
    assert_eq!((code, &scaled["spec"]["replicas"], &scaled["metadata"]["managedFields"]), (200, &json!(3), &Value::Null));
    let (_, after) = harness.get(&path).await;
    let entries = owners(&after);
    let scaler = entries.as_array().unwrap().iter().find(|entry| entry[0] == "scaler").unwrap();
    assert_eq!(*scaler, json!(["scaler", "Update", "scale", {"f:spec": {"f:replicas": {}}}]));
    let maker = entries.as_array().unwrap().iter().find(|entry| entry[0] == "maker").unwrap();
    assert!(maker[3]["f:spec"].get("f:replicas").is_none());
    let (code, refused) = harness.patch(&format!("{path}?fieldManager=a"), APPLY, &deployment(Some(1), "a")).await;
    assert_eq!(code, 409);
    assert_eq!(
        refused["message"],
        "Apply failed with 1 conflict: conflict with \"scaler\" with subresource \"scale\" using apps/v1: .spec.replicas"
    );
    // the scale can be applied to as well
    let scale = json!({"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web", "namespace": "default"}, "spec": {"replicas": 2}});
    let (code, applied) = harness.patch(&format!("{path}/scale?fieldManager=a&force=true"), APPLY, &scale).await;
    assert_eq!((code, &applied["spec"]["replicas"]), (200, &json!(2)), "{applied}");
    let (_, after) = harness.get(&path).await;
    assert!(
        owners(&after).as_array().unwrap().contains(&json!(["a", "Apply", "scale", {"f:spec": {"f:replicas": {}}}])),
        "{}",
        owners(&after)
    );
}

#[tokio::test]
async fn entries_that_authors_send() {
    let harness = Harness::new().await;
    let maps = "/api/v1/namespaces/default/configmaps";
    let (_, created) = harness.post(&format!("{maps}?fieldManager=a"), &config_map("one", &json!({}))).await;
    assert_eq!(owners(&created), json!([["a", "Update", "", {"f:data": {".": {}, "f:a": {}}}]]));
    // an author who does not know of them does not lose them
    let mut object = created.clone();
    object["metadata"].as_object_mut().unwrap().remove("managedFields");
    object["data"]["b"] = "2".into();
    let (_, updated) = harness.put(&format!("{MAP}?fieldManager=b"), &object).await;
    assert_eq!(
        owners(&updated),
        json!([["a", "Update", "", {"f:data": {".": {}, "f:a": {}}}], ["b", "Update", "", {"f:data": {"f:b": {}}}]])
    );
    // neither does one who sends nonsense
    let mut object = updated.clone();
    object["metadata"]["managedFields"][0]["operation"] = "Guess".into();
    let (_, kept) = harness.put(MAP, &object).await;
    assert_eq!(owners(&kept), owners(&updated));
    // one who writes what is there takes nothing
    let (_, same) = harness.put(&format!("{MAP}?fieldManager=c"), &updated).await;
    assert_eq!(same, updated);
    // and an empty list forgets all
    let mut object = updated;
    object["metadata"]["managedFields"] = json!([]);
    let (_, reset) = harness.put(MAP, &object).await;
    assert_eq!(reset["metadata"].get("managedFields"), None);
    let (_, untracked) = harness.patch(&format!("{MAP}?fieldManager=d"), MERGE, &json!({"data": {"d": "4"}})).await;
    assert_eq!(owners(&untracked), json!([]));
    // the first apply finds what was there before
    let (_, applied) = harness.patch(&format!("{MAP}?fieldManager=e"), APPLY, &map(&json!({"e": "5"}))).await;
    assert_eq!(
        owners(&applied),
        json!([
            ["before-first-apply", "Update", "", {"f:data": {".": {}, "f:a": {}, "f:b": {}, "f:d": {}}}],
            ["e", "Apply", "", {"f:data": {"f:e": {}}}],
        ])
    );
}

#[tokio::test]
async fn versions_share_their_owners() {
    let harness = Harness::new().await;
    let scaler = |version: &str, spec: Value| json!({"apiVersion": version, "kind": "HorizontalPodAutoscaler", "metadata": {"name": "h"}, "spec": spec});
    let path = |version: &str, manager: &str| {
        format!("/apis/autoscaling/{version}/namespaces/default/horizontalpodautoscalers/h?fieldManager={manager}")
    };
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"});
    let (code, created) = harness
        .patch(
            &path("v1", "a"),
            APPLY,
            &scaler("autoscaling/v1", json!({"maxReplicas": 5, "scaleTargetRef": target, "targetCPUUtilizationPercentage": 50})),
        )
        .await;
    assert_eq!(code, 201, "{created}");
    let (code, refused) = harness.patch(&path("v2", "b"), APPLY, &scaler("autoscaling/v2", json!({"maxReplicas": 6}))).await;
    assert_eq!((code, refused["message"].as_str()), (409, Some("Apply failed with 1 conflict: conflict with \"a\": .spec.maxReplicas")));
    let (code, shown) =
        harness.patch(&path("v2", "b"), APPLY, &scaler("autoscaling/v2", json!({"maxReplicas": 5, "minReplicas": 2}))).await;
    assert_eq!(code, 200, "{shown}");
    let mut versions: Vec<&str> =
        shown["metadata"]["managedFields"].as_array().unwrap().iter().map(|entry| entry["apiVersion"].as_str().unwrap()).collect();
    versions.sort_unstable();
    assert_eq!(versions, ["autoscaling/v1", "autoscaling/v2"]);
    let (code, less) =
        harness.patch(&path("v1", "a"), APPLY, &scaler("autoscaling/v1", json!({"maxReplicas": 5, "scaleTargetRef": target}))).await;
    assert_eq!((code, &less["spec"]["minReplicas"]), (200, &json!(2)), "{less}");
    assert_ne!(less["spec"]["targetCPUUtilizationPercentage"], 50);
}

#[tokio::test]
async fn user_agents_are_managers() {
    let harness = Harness::new().await;
    let request = http::Request::builder()
        .method(Method::POST)
        .uri("/api/v1/namespaces/default/configmaps")
        .header("content-type", JSON)
        .header("user-agent", "my-controller/v1.2 (linux/amd64)")
        .body(axum::body::Body::from(config_map("ua", &json!({})).to_string()))
        .unwrap();
    let peer = apiserver::authn::Peer::Internal(std::sync::Arc::new(UserInfo::administrator()));
    let (_, created) = crate::harness::read(harness.raw(peer, request).await).await;
    assert_eq!(created["metadata"]["managedFields"][0]["manager"], "my-controller");
    let (_, unknown) = harness.post("/api/v1/namespaces/default/configmaps", &config_map("none", &json!({}))).await;
    assert_eq!(unknown["metadata"]["managedFields"][0]["manager"], "unknown");
}

#[tokio::test]
async fn faults_of_patches() {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/configmaps", &config_map("one", &json!({}))).await;
    let check = async |query: &str, content_type: &str, body: &str, code: u16, message: &str| {
        let path = format!("{MAP}?dryRun=All{query}");
        let (got, answer) = harness.call_as(UserInfo::administrator(), Method::PATCH, &path, content_type, body).await;
        let said = answer["message"].as_str().unwrap_or_default();
        assert!(
            got == code && said.starts_with(message.split('*').next().unwrap()) && said.ends_with(message.split('*').next_back().unwrap()),
            "{got} {said}"
        );
    };
    let strategic = "application/strategic-merge-patch+json";
    let strict = "&fieldValidation=Strict";
    check("", MERGE, r#"{"foo":1}"#, 200, "").await;
    check("&fieldValidation=Ignore", MERGE, r#"{"foo":1,"foo":2}"#, 200, "").await;
    check(
        strict,
        MERGE,
        r#"{"foo":1}"#,
        422,
        " \"\" is invalid: patch: Invalid value: \"{*}\": strict decoding error: unknown field \"foo\"",
    )
    .await;
    check(
        strict,
        strategic,
        r#"{"data":{"a":"1","a":"2"},"foo":{"x":[1,"b"]}}"#,
        422,
        " \"\" is invalid: patch: Invalid value: \"map[data:map[a:2] foo:map[x:[1 b]]]\": strict decoding error: duplicate field \"data.a\", unknown field \"foo\"",
    )
    .await;
    check(
        strict,
        "application/json-patch+json",
        r#"[{"op":"add","path":"/data/b","value":"x","extra":1}]"#,
        422,
        " \"\" is invalid: patch: Invalid value: \"{*}\": strict decoding error: json patch unknown field \"[0].extra\"",
    )
    .await;
    check("", MERGE, "{", 400, "invalid JSON patch").await;
    check(
        "",
        "application/json-patch+json",
        r#"[{"op":"test","path":"/data/a","value":"x"}]"#,
        422,
        "the server rejected our request due to an error in our request",
    )
    .await;
}
