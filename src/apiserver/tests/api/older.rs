//! Versions of kinds that upstream has removed.

use apiserver::UserInfo;
use apiserver::authn::Peer;
use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::harness::{Harness, MERGE, read};

const OLD: &str = "/apis/extensions/v1beta1/namespaces/default/ingresses";
const NEW: &str = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";

fn ingress() -> Value {
    json!({"apiVersion": "extensions/v1beta1", "kind": "Ingress", "metadata": {"name": "web"}, "spec": {"rules": [
        {"host": "blue.example.com", "http": {"paths": [{"backend": {"serviceName": "blue", "servicePort": 80}}]}}]}})
}

async fn warned(harness: &Harness, method: Method, path: &str, body: &Value) -> (u16, Vec<String>, Value) {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let response = harness.raw(Peer::Internal(UserInfo::administrator().into()), request.body(Body::from(body.to_string())).unwrap()).await;
    let warnings = response.headers().get_all("warning").iter().map(|text| text.to_str().unwrap().to_owned()).collect();
    let (code, body) = read(response).await;
    (code, warnings, body)
}

#[tokio::test]
async fn an_old_ingress_is_one_of_today() {
    let harness = Harness::new().await;
    let (code, warnings, made) = warned(&harness, Method::POST, OLD, &ingress()).await;
    assert_eq!((code, made["apiVersion"].as_str()), (201, Some("extensions/v1beta1")), "{made}");
    assert_eq!(
        warnings,
        ["299 - \"extensions/v1beta1 Ingress is deprecated in v1.14+, unavailable in v1.22+; use networking.k8s.io/v1 Ingress\""]
    );
    assert_eq!(made["spec"]["rules"][0]["http"]["paths"][0]["backend"], json!({"serviceName": "blue", "servicePort": 80}));
    let (_, today) = harness.get(&format!("{NEW}/web")).await;
    assert_eq!(
        today["spec"]["rules"][0]["http"]["paths"][0],
        json!({"pathType": "ImplementationSpecific", "backend": {"service": {"name": "blue", "port": {"number": 80}}}})
    );
    // a patch speaks the words of its version
    let patch = json!({"spec": {"backend": {"serviceName": "rest", "servicePort": "http"}}});
    let (code, patched) = harness.patch(&format!("{OLD}/web"), MERGE, &patch).await;
    assert_eq!((code, &patched["spec"]["backend"]["servicePort"]), (200, &json!("http")), "{patched}");
    let (_, today) = harness.get(&format!("{NEW}/web")).await;
    assert_eq!(today["spec"]["defaultBackend"]["service"]["port"], json!({"name": "http"}));
    let (_, list) = harness.get(OLD).await;
    assert_eq!((list["kind"].as_str(), list["items"].as_array().map(Vec::len)), (Some("IngressList"), Some(1)));
    let mut watch = harness.watch(&format!("{OLD}?watch=1")).await;
    assert_eq!(watch.next().await.unwrap()["object"]["apiVersion"], "extensions/v1beta1");
}

#[tokio::test]
async fn unknown_fields_of_an_old_version_are_told() {
    let harness = Harness::new().await;
    let mut wrong = ingress();
    wrong["spec"]["colour"] = json!("red");
    let (code, refused) = harness.post(&format!("{OLD}?fieldValidation=Strict"), &wrong).await;
    assert_eq!(code, 400);
    assert!(refused["message"].as_str().unwrap().ends_with("strict decoding error: unknown field \"spec.colour\""), "{refused}");
}

#[tokio::test]
async fn an_old_cron_job_and_an_old_review() {
    let harness = Harness::new().await;
    let template =
        json!({"spec": {"template": {"spec": {"restartPolicy": "OnFailure", "containers": [{"name": "hello", "image": "busybox"}]}}}});
    let job = json!({"apiVersion": "batch/v1beta1", "kind": "CronJob", "metadata": {"name": "hello"}, "spec": {"schedule": "*/1 * * * *", "jobTemplate": template}});
    let (code, made) = harness.post("/apis/batch/v1beta1/namespaces/default/cronjobs", &job).await;
    assert_eq!((code, made["apiVersion"].as_str()), (201, Some("batch/v1beta1")), "{made}");
    let review = json!({"apiVersion": "authorization.k8s.io/v1beta1", "kind": "SubjectAccessReview",
        "spec": {"user": "u", "group": ["system:masters"], "resourceAttributes": {"verb": "get", "resource": "pods"}}});
    let (code, answer) = harness.post("/apis/authorization.k8s.io/v1beta1/subjectaccessreviews", &review).await;
    assert_eq!((code, &answer["status"]["allowed"], &answer["spec"]["group"]), (201, &json!(true), &json!(["system:masters"])), "{answer}");
}

#[tokio::test]
async fn discovery_prefers_today() {
    let harness = Harness::new().await;
    let (_, groups) = harness.get("/apis").await;
    let groups = groups["groups"].as_array().unwrap();
    assert_eq!(groups.last().unwrap()["name"], "extensions");
    let batch = groups.iter().find(|group| group["name"] == "batch").unwrap();
    assert_eq!(batch["preferredVersion"]["groupVersion"], "batch/v1");
    let versions: Vec<&str> = batch["versions"].as_array().unwrap().iter().map(|version| version["version"].as_str().unwrap()).collect();
    assert_eq!(versions, ["v1", "v1beta1", "v2alpha1"]);
}

#[tokio::test]
async fn a_server_without_them_has_none() {
    let harness = Harness::without_older_versions().await;
    assert_eq!(harness.post(OLD, &ingress()).await.0, 404);
    let (_, groups) = harness.get("/apis").await;
    assert!(groups["groups"].as_array().unwrap().iter().all(|group| group["name"] != "extensions"));
}
