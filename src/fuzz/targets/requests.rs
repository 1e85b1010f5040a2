//! Sessions with the whole server: requests as text, one after the other, through authentication, flow control, admission, the registry and the store. No request
//! makes it panic, hang, or answer that it is its own fault; what fails comes as a `Status`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use apiserver::authn::Peer;
use apiserver::{Config, Server, UserInfo};
use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt;

use super::{Target, parts};

/// A request is a line `METHOD PATH CONTENT-TYPE ACCEPT`, and a body.
pub const TARGET: Target = Target {
    name: "requests",
    seeds: &[
        b"POST /api/v1/namespaces/default/configmaps application/json application/json\n{\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"y\"}},\"data\":{\"k\":\"v\"}}\n%\nGET /api/v1/namespaces/default/configmaps?labelSelector=x%3Dy&limit=1&resourceVersion=0&resourceVersionMatch=NotOlderThan - application/json;as=Table;v=v1;g=meta.k8s.io",
        b"POST /api/v1/namespaces/default/pods?fieldValidation=Strict&dryRun=All application/yaml application/yaml\napiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\nspec:\n  containers:\n  - {name: c, image: i, ports: [{containerPort: 80}], resources: {requests: {cpu: 100m, memory: 1Gi}}, env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}\n",
        b"PATCH /apis/apps/v1/namespaces/default/deployments/d?fieldManager=me&force=true application/apply-patch+yaml application/json\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: 2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}\n%\nPATCH /apis/apps/v1/namespaces/default/deployments/d application/strategic-merge-patch+json application/json\n{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"$patch\":\"delete\"}]}}},\"metadata\":{\"managedFields\":[{}]}}",
        b"POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions application/json application/json\n{\"metadata\":{\"name\":\"things.example.com\"},\"spec\":{\"group\":\"example.com\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"things\",\"kind\":\"Thing\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"subresources\":{\"status\":{},\"scale\":{\"specReplicasPath\":\".spec.n\",\"statusReplicasPath\":\".status.n\"}},\"additionalPrinterColumns\":[{\"name\":\"N\",\"type\":\"integer\",\"jsonPath\":\".spec.n\"}],\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"x-kubernetes-validations\":[{\"rule\":\"self.n > 1\",\"messageExpression\":\"'not ' + string(self.n)\"}],\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":0,\"default\":3},\"items\":{\"type\":\"array\",\"x-kubernetes-list-type\":\"map\",\"x-kubernetes-list-map-keys\":[\"k\"],\"items\":{\"type\":\"object\",\"required\":[\"k\"],\"properties\":{\"k\":{\"type\":\"string\",\"pattern\":\"^a+$\"},\"q\":{\"x-kubernetes-int-or-string\":true}}}}}}}}}}]}}\n%\nPOST /apis/example.com/v1/namespaces/default/things application/json application/json\n{\"apiVersion\":\"example.com/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"t\"},\"spec\":{\"n\":2,\"items\":[{\"k\":\"a\",\"q\":\"1\"}],\"unknown\":1}}\n%\nPATCH /apis/example.com/v1/namespaces/default/things/t?fieldManager=x application/apply-patch+yaml application/json\n{\"apiVersion\":\"example.com/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"t\"},\"spec\":{\"items\":[{\"k\":\"aa\"}]}}\n%\nDELETE /apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.example.com application/json application/json\n{\"propagationPolicy\":\"Foreground\",\"preconditions\":{\"uid\":\"x\"}}",
        b"POST /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies application/json application/json\n{\"metadata\":{\"name\":\"p\"},\"spec\":{\"matchConstraints\":{\"resourceRules\":[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"configmaps\"]}]},\"variables\":[{\"name\":\"v\",\"expression\":\"object.data\"}],\"validations\":[{\"expression\":\"!('bad' in variables.v)\",\"message\":\"no\"}],\"failurePolicy\":\"Fail\"}}\n%\nPOST /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings application/json application/json\n{\"metadata\":{\"name\":\"b\"},\"spec\":{\"policyName\":\"p\",\"validationActions\":[\"Deny\"]}}",
        b"POST /api/v1/namespaces/default/configmaps application/vnd.kubernetes.protobuf application/vnd.kubernetes.protobuf\nk8s\x00\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12\x10\x0a\x06\x0a\x04name\x12\x06\x0a\x01a\x12\x011\x1a\x00\x22\x00",
        b"POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews application/json application/json\n{\"spec\":{\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\",\"fieldSelector\":{\"rawSelector\":\"a=b\"}}}}\n%\nPOST /apis/authentication.k8s.io/v1/tokenreviews application/json application/json\n{\"spec\":{\"token\":\"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.x\"}}\n%\nPOST /api/v1/namespaces/default/serviceaccounts/default/token application/json application/json\n{\"spec\":{\"audiences\":[\"a\"],\"expirationSeconds\":600}}",
        b"GET /api/v1/namespaces/default/pods?watch=1&resourceVersion=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1&fieldSelector=spec.nodeName%3Da - application/json;stream=watch\n%\nGET /openapi/v3/apis/apps/v1?hash=X - application/com.github.proto-openapi.spec.v3@v1.0+protobuf\n%\nGET /apis - application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        b"PUT /api/v1/namespaces/default/services/s/status application/json application/json\n{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\",\"resourceVersion\":\"7\"},\"spec\":{\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":30000}],\"clusterIP\":\"10.96.0.9\"},\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"1.2.3.4\"}]}}}\n%\nDELETE /api/v1/namespaces/default/services?labelSelector=a&gracePeriodSeconds=0&propagationPolicy=Orphan application/json application/json\n{}",
        b"PATCH /api/v1/namespaces/default/configmaps/a application/json-patch+json application/json\n[{\"op\":\"add\",\"path\":\"/data/x\",\"value\":\"y\"},{\"op\":\"test\",\"path\":\"/metadata/name\",\"value\":\"a\"}]\n%\nPOST /apis/extensions/v1beta1/namespaces/default/ingresses application/json application/json\n{\"metadata\":{\"name\":\"i\"},\"spec\":{\"backend\":{\"serviceName\":\"s\",\"servicePort\":\"http\"}}}",
    ],
    run,
    rounds: 3_000,
};

/// A server is replaced after so many inputs: what they have made is gone with it.
const INPUTS_OF_A_SERVER: usize = 2_000;
/// No answer takes longer, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much is read of an answer that does not end by itself.
const GLIMPSE: Duration = Duration::from_millis(20);

struct Running {
    runtime: tokio::runtime::Runtime,
    server: Server,
    inputs: usize,
    _dir: tempfile::TempDir,
}

impl Running {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = runtime.block_on(async {
            let store = store::Store::open(dir.path(), store::Options::default()).unwrap();
            let config = Config::standalone(store, rcgen::KeyPair::generate().unwrap().serialize_pem());
            let server = Server::new(config).await.unwrap();
            for (path, body) in [
                ("namespaces", "{\"metadata\":{\"name\":\"default\"}}"),
                ("namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}"),
            ] {
                let request =
                    Request::post(format!("/api/v1/{path}")).header("content-type", "application/json").body(Body::from(body)).unwrap();
                drop(server.handle(request, Peer::Internal(Arc::new(UserInfo::administrator()))).await);
            }
            server
        });
        Self { runtime, server, inputs: 0, _dir: dir }
    }
}

fn run(input: &[u8]) {
    static RUNNING: Mutex<Option<Running>> = Mutex::new(None);
    let mut place = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut running = place.take().filter(|running| running.inputs < INPUTS_OF_A_SERVER).unwrap_or_else(Running::start);
    running.inputs += 1;
    for part in parts(input) {
        running.runtime.block_on(ask(&running.server, part));
    }
    // one that panicked is not used again
    *place = Some(running);
}

async fn ask(server: &Server, text: &[u8]) {
    let (line, body) = text.split_at(text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len()));
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let [method, path, content_type, accept] = words.as_slice() else { return };
    let request = Request::builder().method(*method).uri(*path).header("content-type", *content_type).header("accept", *accept);
    // what hyper would not let through does not reach the server
    let Ok(request) = request.body(Body::from(body.get(1..).unwrap_or_default().to_vec())) else { return };
    let asked = format!("{} {}", request.method(), request.uri());
    let endless = ["watch", "follow"].iter().any(|word| asked.contains(word));
    let peer = Peer::Internal(Arc::new(UserInfo::administrator()));
    let response = tokio::time::timeout(PATIENCE, server.handle(request, peer)).await.unwrap_or_else(|_| panic!("{asked} hangs"));
    let limit = if endless { GLIMPSE } else { PATIENCE };
    let status = response.status();
    let Ok(body) = tokio::time::timeout(limit, whole(response)).await else {
        assert!(endless, "the answer to {asked} hangs");
        return;
    };
    let said = String::from_utf8_lossy(&body);
    let answer: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    // A kubelet or an extension that is not there is somebody else's fault; what upstream fails to type, such as a patch of server-side apply, has no reason.
    let untyped = status == 500 && answer["kind"] == "Status" && answer["reason"].is_null();
    assert!(!status.is_server_error() || untyped || matches!(status.as_u16(), 501..=504), "{asked}: {status}: {said}");
    if status.is_client_error() && answer.is_object() {
        assert_eq!((answer["kind"].as_str(), answer["code"].as_u64()), (Some("Status"), Some(status.as_u16().into())), "{asked}: {said}");
    }
}

async fn whole(response: Response<Body>) -> bytes::Bytes {
    response.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default()
}
