//! Admission webhooks: an HTTPS server in the same process that answers as each test wants.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use apiserver::service_reference::{Backend, ServiceReference, ServiceResolver};

use crate::harness::{Harness, config_map, tls_listener};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";
const VALIDATING: &str = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
const MUTATING: &str = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

type Answer = dyn Fn(&str, &Value) -> Option<Value> + Send + Sync;

/// What a webhook was asked, with its path, and its certificate.
pub struct Webhook {
    pub port: u16,
    pub bundle: String,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
    connections: Arc<Mutex<usize>>,
}

impl Webhook {
    /// `answer` is given the path and the `request` of a review, and returns the `response` without its uid; none hangs for ever.
    pub async fn start(answer: impl Fn(&str, &Value) -> Option<Value> + Send + Sync + 'static) -> Self {
        Self::named(&["localhost"], answer).await
    }
    async fn named(names: &[&str], answer: impl Fn(&str, &Value) -> Option<Value> + Send + Sync + 'static) -> Self {
        let (listener, acceptor, certificate) = tls_listener(names).await;
        let port = listener.local_addr().unwrap().port();
        let (asked, connections) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<usize>>::default());
        let answer: Arc<Answer> = Arc::new(answer);
        let (log, count) = (asked.clone(), connections.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, answer, log, count) = (acceptor.clone(), answer.clone(), log.clone(), count.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    *count.lock().unwrap() += 1;
                    let service = hyper::service::service_fn(move |request| respond(request, answer.clone(), log.clone()));
                    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { port, bundle: STANDARD.encode(certificate), asked, connections }
    }
    pub fn asked(&self) -> Vec<(String, Value)> {
        self.asked.lock().unwrap().clone()
    }
    pub fn hook(&self, path: &str, more: &Value) -> Value {
        let mut hook = json!({
            "name": format!("{}.example.com", path.trim_matches('/')),
            "clientConfig": {"url": format!("https://127.0.0.1:{}{path}", self.port), "caBundle": self.bundle},
            "rules": [{"operations": ["*"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"]}],
            "sideEffects": "None", "admissionReviewVersions": ["v1"], "timeoutSeconds": 1,
        });
        hook.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        hook
    }
}

async fn respond(
    request: Request<Incoming>,
    answer: Arc<Answer>,
    log: Arc<Mutex<Vec<(String, Value)>>>,
) -> Result<Response<Full<bytes::Bytes>>, std::convert::Infallible> {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let review: Value = serde_json::from_slice(&body).unwrap();
    let asked = review["request"].clone();
    log.lock().unwrap().push((path.clone(), asked.clone()));
    let Some(mut response) = answer(&path, &asked) else { std::future::pending().await };
    if response.is_object() && response.get("uid").is_none() {
        response["uid"] = asked["uid"].clone();
    }
    let body = json!({"kind": review["kind"], "apiVersion": review["apiVersion"], "response": response});
    Ok(Response::new(Full::new(body.to_string().into())))
}

async fn configure(harness: &Harness, path: &str, hooks: Vec<Value>) {
    let (code, answer) = harness.post(path, &json!({"metadata": {"name": "w"}, "webhooks": hooks})).await;
    assert_eq!(code, 201, "{answer}");
}

#[tokio::test]
async fn a_webhook_refuses_and_warns() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(|_, request| {
        Some(match request["object"]["data"]["a"].as_str() {
            Some("1") => json!({"allowed": false, "status": {"message": "no ones", "code": 403, "reason": "Forbidden"}}),
            _ => json!({"allowed": true, "warnings": ["think again"]}),
        })
    })
    .await;
    configure(&harness, VALIDATING, vec![webhook.hook("/check", &json!({}))]).await;
    let (code, refused) = harness.post(MAPS, &config_map("m", &json!({}))).await;
    assert_eq!((code, refused["message"].as_str().unwrap()), (403, "admission webhook \"check.example.com\" denied the request: no ones"));
    let (code, warnings) = harness.warned(Method::POST, MAPS, &json!({"metadata": {"name": "m"}, "data": {"a": "2"}})).await;
    assert_eq!((code, warnings), (201, vec!["299 - \"think again\"".to_owned()]));
    assert_eq!(harness.delete(&format!("{MAPS}/m"), "").await.0, 200);
    let asked = webhook.asked();
    let (_, first) = &asked[0];
    assert_eq!(first["operation"], "CREATE");
    assert_eq!(first["kind"], json!({"group": "", "version": "v1", "kind": "ConfigMap"}));
    assert_eq!(first["resource"], json!({"group": "", "version": "v1", "resource": "configmaps"}));
    assert_eq!((&first["name"], &first["namespace"]), (&json!("m"), &json!("default")));
    assert_eq!(first["userInfo"]["username"], "kubernetes-admin");
    assert_eq!(first["options"], json!({"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}));
    assert_eq!(first["object"]["kind"], "ConfigMap");
    let (_, last) = asked.last().unwrap();
    assert_eq!(
        (last["operation"].as_str(), &last["object"], &last["oldObject"]["data"]),
        (Some("DELETE"), &Value::Null, &json!({"a": "2"}))
    );
    assert_eq!(*webhook.connections.lock().unwrap(), 1, "connections are used again");
}

#[tokio::test]
async fn a_hanging_or_lying_webhook_costs_no_more_than_its_timeout() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(|path, _| match path {
        "/hang" => None,
        "/lie" => Some(json!({"uid": "another", "allowed": true})),
        "/flood" => Some(json!({"allowed": true, "warnings": ["x".repeat(4 << 20)]})),
        _ => Some(Value::Null),
    })
    .await;
    let port = webhook.port;
    let check = async |path: &str, policy: &str, expected: u16, message: &str| {
        let seconds = if path == "/hang" { 1 } else { 30 };
        configure(&harness, VALIDATING, vec![webhook.hook(path, &json!({"failurePolicy": policy, "timeoutSeconds": seconds}))]).await;
        let start = Instant::now();
        let (code, answer) = harness.post(&format!("{MAPS}?dryRun=All"), &config_map("m", &json!({}))).await;
        assert!(path != "/hang" || start.elapsed() < Duration::from_secs(5));
        assert_eq!((code, answer["message"].as_str().unwrap_or_default()), (expected, message));
        harness.delete(&format!("{VALIDATING}/w"), "").await;
    };
    let failed = |name: &str, why: &str| format!("Internal error occurred: failed calling webhook \"{name}.example.com\": {why}");
    let url = |path: &str, seconds: u8| format!("failed to call webhook: Post \"https://127.0.0.1:{port}/{path}?timeout={seconds}s\"");
    check("/hang", "Fail", 500, &failed("hang", &format!("{}: context deadline exceeded", url("hang", 1)))).await;
    check("/hang", "Ignore", 201, "").await;
    check("/lie", "Ignore", 201, "").await;
    check("/flood", "Fail", 500, &failed("flood", &format!("{}: the answer is larger than 3145728 bytes", url("flood", 30)))).await;
    check("/empty", "Fail", 500, &failed("empty", "received invalid webhook response: webhook response was absent")).await;
}

#[tokio::test]
async fn an_author_waits_no_longer_than_said() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(|_, _| None).await;
    configure(&harness, VALIDATING, vec![webhook.hook("/hang", &json!({"timeoutSeconds": 30}))]).await;
    let start = Instant::now();
    let (code, answer) = harness.post(&format!("{MAPS}?timeout=100ms"), &config_map("m", &json!({}))).await;
    assert_eq!((code, &answer["message"]), (504, &json!("request did not complete within the allotted timeout")));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_fails_to_connect_says_why() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(|_, _| Some(json!({"allowed": true}))).await;
    let check = async |config: Value, message: &str| {
        configure(&harness, VALIDATING, vec![webhook.hook("/x", &json!({"clientConfig": config, "failurePolicy": "Fail"}))]).await;
        let (code, answer) = harness.post(MAPS, &config_map("m", &json!({}))).await;
        let expected = format!("Internal error occurred: failed calling webhook \"x.example.com\": failed to call webhook: {message}");
        assert_eq!((code, answer["message"].as_str().unwrap()), (500, expected.as_str()));
        harness.delete(&format!("{VALIDATING}/w"), "").await;
    };
    let service = json!({"service": {"namespace": "default", "name": "gone", "path": "/x"}, "caBundle": webhook.bundle});
    check(service, "Post \"https://gone.default.svc:443/x?timeout=1s\": service \"gone\" not found").await;
    harness.post("/api/v1/namespaces/default/services", &json!({"metadata": {"name": "gone"}, "spec": {"ports": [{"port": 443}]}})).await;
    let service = json!({"service": {"namespace": "default", "name": "gone"}, "caBundle": webhook.bundle});
    check(service, "Post \"https://gone.default.svc:443/?timeout=1s\": no endpoints available for service \"gone\"").await;
    let other = Webhook::start(|_, _| None).await;
    let distrusted = json!({"url": format!("https://127.0.0.1:{}/", webhook.port), "caBundle": other.bundle});
    let url = format!("Post \"https://127.0.0.1:{}/?timeout=1s\"", webhook.port);
    check(distrusted, &format!("{url}: tls: failed to verify certificate: x509: certificate signed by unknown authority")).await;
    let port = {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let nobody = json!({"url": format!("https://127.0.0.1:{port}/"), "caBundle": webhook.bundle});
    check(nobody, &format!("Post \"https://127.0.0.1:{port}/?timeout=1s\": dial tcp 127.0.0.1:{port}: connect: connection refused")).await;
}

#[tokio::test]
async fn a_service_is_reached_under_its_name() {
    let harness = Harness::new().await;
    let webhook = Webhook::named(&["hook.default.svc"], |_, _| Some(json!({"allowed": false}))).await;
    let service = json!({"metadata": {"name": "hook"}, "spec": {"type": "ExternalName", "externalName": "localhost"}});
    assert_eq!(harness.post("/api/v1/namespaces/default/services", &service).await.0, 201);
    let config = json!({"service": {"namespace": "default", "name": "hook", "port": webhook.port}, "caBundle": webhook.bundle});
    configure(&harness, VALIDATING, vec![webhook.hook("/x", &json!({"clientConfig": config}))]).await;
    let (code, answer) = harness.post(MAPS, &config_map("m", &json!({}))).await;
    assert_eq!(
        (code, answer["message"].as_str().unwrap()),
        (400, "admission webhook \"x.example.com\" denied the request without explanation")
    );
}

#[tokio::test]
async fn a_service_is_where_its_ready_endpoints_are() {
    let harness = Harness::new().await;
    let resolver = ServiceResolver::new(harness.server.cache());
    let reference = |port: i32| ServiceReference { namespace: "default".to_owned(), name: "s".to_owned(), port };
    let told = |port: i32| resolver.resolve(&reference(port)).map_err(|error| error.to_string());
    assert_eq!(told(443).unwrap_err(), "service \"s\" not found");
    let service = json!({"metadata": {"name": "s"}, "spec": {"ports": [{"name": "https", "port": 443, "targetPort": 8443}]}});
    assert_eq!(harness.post("/api/v1/namespaces/default/services", &service).await.0, 201);
    assert_eq!(told(80).unwrap_err(), "no service port 80 found for service \"s\"");
    assert_eq!(told(443).unwrap_err(), "no endpoints available for service \"s\"");
    let endpoint = |address: &str, ready: bool| json!({"addresses": [address], "conditions": {"ready": ready}});
    let slice = json!({"metadata": {"name": "s-1", "labels": {"kubernetes.io/service-name": "s"}}, "addressType": "IPv4",
        "endpoints": [endpoint("10.0.0.1", false), endpoint("10.0.0.2", true)], "ports": [{"name": "https", "port": 8443}]});
    let (code, answer) = harness.post("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", &slice).await;
    assert_eq!(code, 201, "{answer}");
    assert_eq!(told(443).unwrap(), Backend::Address("10.0.0.2:8443".parse().unwrap()));
}

fn patch(operations: &Value) -> Value {
    json!({"allowed": true, "patchType": "JSONPatch", "patch": STANDARD.encode(operations.to_string())})
}

#[tokio::test]
async fn webhooks_change_objects_and_come_back_where_others_did() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(|path, request| {
        let data = request["object"]["data"].clone();
        Some(match path {
            "/first" if data["late"].is_null() => patch(&json!([{"op": "add", "path": "/data/first", "value": "1"}])),
            "/first" => patch(&json!([{"op": "add", "path": "/data/saw", "value": data["late"]}])),
            "/second" => patch(&json!([{"op": "add", "path": "/data/late", "value": data["first"]}])),
            _ => json!({"allowed": true}),
        })
    })
    .await;
    let hooks = vec![
        webhook.hook("/first", &json!({"reinvocationPolicy": "IfNeeded"})),
        webhook.hook("/second", &json!({})),
        webhook.hook("/third", &json!({"sideEffects": "NoneOnDryRun"})),
    ];
    configure(&harness, MUTATING, hooks).await;
    let (code, made) = harness.post(MAPS, &config_map("m", &json!({}))).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["data"], json!({"a": "1", "first": "1", "late": "1", "saw": "1"}));
    let paths: Vec<String> = webhook.asked().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/first", "/second", "/third", "/first"]);
}

#[tokio::test]
async fn rules_selectors_and_dry_runs_choose_the_webhooks() {
    let harness = Harness::new().await;
    let webhook = Webhook::start(|_, _| Some(json!({"allowed": false}))).await;
    let check = async |more: Value, map: Value, expected: u16| {
        configure(&harness, VALIDATING, vec![webhook.hook("/x", &more)]).await;
        let (code, answer) = harness.post(&format!("{MAPS}?dryRun=All"), &map).await;
        assert_eq!(code, expected, "{more} {answer}");
        harness.delete(&format!("{VALIDATING}/w"), "").await;
        answer
    };
    let plain = config_map("m", &json!({}));
    let rule = |operations: Value, group: &str, resource: &str, scope: &str| json!({"rules": [{"operations": operations, "apiGroups": [group], "apiVersions": ["*"], "resources": [resource], "scope": scope}]});
    check(rule(json!(["UPDATE"]), "", "configmaps", "*"), plain.clone(), 201).await;
    check(rule(json!(["CREATE"]), "apps", "*", "*"), plain.clone(), 201).await;
    check(rule(json!(["CREATE"]), "*", "*/*", "Namespaced"), plain.clone(), 400).await;
    check(rule(json!(["CREATE"]), "*", "*", "Cluster"), plain.clone(), 201).await;
    let labelled = json!({"objectSelector": {"matchLabels": {"a": "b"}}});
    check(labelled.clone(), plain.clone(), 201).await;
    check(labelled, config_map("m", &json!({"a": "b"})), 400).await;
    let here = |name: &str| json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}});
    check(here("default"), plain.clone(), 400).await;
    check(here("other"), plain.clone(), 201).await;
    // the same objects under another version of theirs
    let scaler = json!({"metadata": {"name": "s"}, "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "d"}, "maxReplicas": 2}});
    let seen = async |policy: &str| {
        let rules = json!([{"operations": ["CREATE"], "apiGroups": ["autoscaling"], "apiVersions": ["v1"], "resources": ["horizontalpodautoscalers"]}]);
        configure(&harness, VALIDATING, vec![webhook.hook("/hpa", &json!({"rules": rules, "matchPolicy": policy}))]).await;
        let code = harness.post("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers?dryRun=All", &scaler).await.0;
        harness.delete(&format!("{VALIDATING}/w"), "").await;
        code
    };
    assert_eq!(seen("Exact").await, 201);
    assert_eq!(seen("Equivalent").await, 400);
    let (_, asked) = webhook.asked().pop().unwrap();
    assert_eq!(
        (&asked["kind"]["version"], &asked["requestKind"]["version"], &asked["object"]["apiVersion"]),
        (&json!("v1"), &json!("v2"), &json!("autoscaling/v1"))
    );
    let stubborn = check(json!({"sideEffects": "NoneOnDryRun"}), plain.clone(), 400).await;
    assert_eq!(stubborn["message"], "admission webhook \"x.example.com\" denied the request without explanation");
}

#[tokio::test]
async fn bodies_of_subresources_are_looked_at_as_what_they_are() {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    let pod = json!({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    assert_eq!(harness.post("/api/v1/namespaces/default/pods", &pod).await.0, 201);
    let webhook = Webhook::start(|_, _| Some(json!({"allowed": false, "status": {"message": "stay out"}}))).await;
    let rules = json!([{"operations": ["CONNECT", "CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods/*", "serviceaccounts/token"]}]);
    configure(&harness, VALIDATING, vec![webhook.hook("/x", &json!({"rules": rules}))]).await;
    let refused = async |method: Method, path: &str, body: Value, operation: &str, kind: &str| {
        let (code, answer) =
            harness.call_as(apiserver::UserInfo::administrator(), method, path, "application/json", &body.to_string()).await;
        assert_eq!((code, answer["message"].as_str().unwrap()), (400, "admission webhook \"x.example.com\" denied the request: stay out"));
        let (_, asked) = webhook.asked().pop().unwrap();
        assert_eq!((asked["operation"].as_str().unwrap(), asked["kind"]["kind"].as_str().unwrap()), (operation, kind));
        assert_eq!(asked["object"]["kind"], kind);
    };
    let pods = "/api/v1/namespaces/default/pods/p";
    refused(Method::POST, &format!("{pods}/exec?command=sh&stdin=true"), Value::Null, "CONNECT", "PodExecOptions").await;
    refused(Method::POST, &format!("{pods}/eviction"), json!({"metadata": {"name": "p"}}), "CREATE", "Eviction").await;
    refused(Method::POST, &format!("{pods}/binding"), json!({"metadata": {"name": "p"}, "target": {"name": "n"}}), "CREATE", "Binding")
        .await;
    refused(
        Method::POST,
        "/api/v1/namespaces/default/serviceaccounts/default/token",
        json!({"spec": {"audiences": []}}),
        "CREATE",
        "TokenRequest",
    )
    .await;
}
