//! A typed client that speaks protobuf, as upstream's components do: messages of its own with the numbers of upstream's definitions, so that the server's table is not
//! measured by itself.

use std::collections::HashMap;

use apiserver::UserInfo;
use apiserver::authn::Peer;
use axum::body::Body;
use http::{Method, Request};
use http_body_util::BodyExt;
use prost::Message;
use serde_json::{Value, json};

use crate::harness::{Harness, JSON, MERGE};

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";
const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[derive(Clone, PartialEq, Message)]
struct TypeMeta {
    #[prost(string, tag = "1")]
    api_version: String,
    #[prost(string, tag = "2")]
    kind: String,
}

/// What follows the four bytes that every document begins with.
#[derive(Clone, PartialEq, Message)]
struct Unknown {
    #[prost(message, optional, tag = "1")]
    type_meta: Option<TypeMeta>,
    #[prost(bytes = "vec", tag = "2")]
    raw: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct Time {
    #[prost(int64, tag = "1")]
    seconds: i64,
}

#[derive(Clone, PartialEq, Message)]
struct ManagedFieldsEntry {
    #[prost(string, tag = "1")]
    manager: String,
    #[prost(string, tag = "2")]
    operation: String,
}

#[derive(Clone, PartialEq, Message)]
struct ObjectMeta {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    generate_name: String,
    #[prost(string, tag = "3")]
    namespace: String,
    #[prost(string, tag = "5")]
    uid: String,
    #[prost(string, tag = "6")]
    resource_version: String,
    #[prost(message, optional, tag = "8")]
    creation_timestamp: Option<Time>,
    #[prost(map = "string, string", tag = "11")]
    labels: HashMap<String, String>,
    #[prost(map = "string, string", tag = "12")]
    annotations: HashMap<String, String>,
    #[prost(message, repeated, tag = "17")]
    managed_fields: Vec<ManagedFieldsEntry>,
}

#[derive(Clone, PartialEq, Message)]
struct ListMeta {
    #[prost(string, tag = "2")]
    resource_version: String,
    #[prost(string, tag = "3")]
    rest: String,
    #[prost(int64, optional, tag = "4")]
    remaining_item_count: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct ConfigMap {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(map = "string, string", tag = "2")]
    data: HashMap<String, String>,
    #[prost(map = "string, bytes", tag = "3")]
    binary_data: HashMap<String, Vec<u8>>,
    #[prost(bool, optional, tag = "4")]
    immutable: Option<bool>,
}

#[derive(Clone, PartialEq, Message)]
struct ConfigMapList {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ListMeta>,
    #[prost(message, repeated, tag = "2")]
    items: Vec<ConfigMap>,
}

#[derive(Clone, PartialEq, Message)]
struct IntOrString {
    #[prost(int64, tag = "1")]
    form: i64,
    #[prost(int32, tag = "2")]
    number: i32,
    #[prost(string, tag = "3")]
    text: String,
}

#[derive(Clone, PartialEq, Message)]
struct ServicePort {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    protocol: String,
    #[prost(int32, tag = "3")]
    port: i32,
    #[prost(message, optional, tag = "4")]
    target_port: Option<IntOrString>,
}

#[derive(Clone, PartialEq, Message)]
struct ServiceSpec {
    #[prost(message, repeated, tag = "1")]
    ports: Vec<ServicePort>,
    #[prost(map = "string, string", tag = "2")]
    selector: HashMap<String, String>,
    #[prost(string, tag = "3")]
    cluster_ip: String,
    #[prost(string, tag = "4")]
    kind: String,
}

#[derive(Clone, PartialEq, Message)]
struct Service {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<ServiceSpec>,
}

#[derive(Clone, PartialEq, Message)]
struct Quantity {
    #[prost(string, tag = "1")]
    text: String,
}

#[derive(Clone, PartialEq, Message)]
struct Resources {
    #[prost(map = "string, message", tag = "1")]
    limits: HashMap<String, Quantity>,
    #[prost(map = "string, message", tag = "2")]
    requests: HashMap<String, Quantity>,
}

#[derive(Clone, PartialEq, Message)]
struct Container {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    image: String,
    #[prost(string, repeated, tag = "3")]
    command: Vec<String>,
    #[prost(message, optional, tag = "8")]
    resources: Option<Resources>,
}

#[derive(Clone, PartialEq, Message)]
struct PodSpec {
    #[prost(message, repeated, tag = "2")]
    containers: Vec<Container>,
    #[prost(string, tag = "3")]
    restart_policy: String,
    #[prost(int64, optional, tag = "4")]
    grace_period: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Pod {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<PodSpec>,
}

#[derive(Clone, PartialEq, Message)]
struct Cause {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(string, tag = "3")]
    field: String,
}

#[derive(Clone, PartialEq, Message)]
struct Details {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "3")]
    kind: String,
    #[prost(message, repeated, tag = "4")]
    causes: Vec<Cause>,
    #[prost(string, tag = "6")]
    uid: String,
}

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(string, tag = "2")]
    status: String,
    #[prost(string, tag = "3")]
    message: String,
    #[prost(string, tag = "4")]
    reason: String,
    #[prost(message, optional, tag = "5")]
    details: Option<Details>,
    #[prost(int32, tag = "6")]
    code: i32,
}

#[derive(Clone, PartialEq, Message)]
struct Preconditions {
    #[prost(string, optional, tag = "1")]
    uid: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
struct DeleteOptions {
    #[prost(int64, optional, tag = "1")]
    grace_period: Option<i64>,
    #[prost(message, optional, tag = "2")]
    preconditions: Option<Preconditions>,
}

#[derive(Clone, PartialEq, Message)]
struct RawExtension {
    #[prost(bytes = "vec", tag = "1")]
    raw: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct WatchEvent {
    #[prost(string, tag = "1")]
    kind: String,
    #[prost(message, optional, tag = "2")]
    object: Option<RawExtension>,
}

#[derive(Clone, PartialEq, Message)]
struct PartialObjectMetadata {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
}

#[derive(Clone, PartialEq, Message)]
struct PartialObjectMetadataList {
    #[prost(message, repeated, tag = "2")]
    items: Vec<PartialObjectMetadata>,
}

fn document(api_version: &str, kind: &str, message: &impl Message) -> Vec<u8> {
    let type_meta = Some(TypeMeta { api_version: api_version.to_owned(), kind: kind.to_owned() });
    let unknown = Unknown { type_meta, raw: message.encode_to_vec() };
    [&b"k8s\0"[..], &unknown.encode_to_vec()].concat()
}

/// Type and message of a document.
fn read<M: Message + Default>(document: &[u8]) -> (String, M) {
    let rest = document.strip_prefix(b"k8s\0").unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(document)));
    let unknown = Unknown::decode(rest).unwrap();
    let of = unknown.type_meta.unwrap();
    (format!("{} {}", of.api_version, of.kind), M::decode(&*unknown.raw).unwrap())
}

fn meta(name: &str) -> Option<ObjectMeta> {
    Some(ObjectMeta { name: name.to_owned(), ..ObjectMeta::default() })
}

/// An answer: code, media type, bytes.
struct Answer(u16, String, Vec<u8>);

impl Answer {
    #[track_caller]
    fn ok<M: Message + Default>(self, of: &str) -> M {
        assert!(self.0 < 300, "{}: {:?}", self.0, read::<Status>(&self.2));
        let (found, message) = read(&self.2);
        assert_eq!((self.1.as_str(), found.as_str()), (PROTOBUF, of));
        message
    }
    #[track_caller]
    fn refused(self, code: u16, reason: &str, message: &str) -> Status {
        let (of, status) = read::<Status>(&self.2);
        assert_eq!((self.0, self.1.as_str(), of.as_str()), (code, PROTOBUF, "v1 Status"), "{status:?}");
        assert_eq!((status.code, status.status.as_str()), (i32::from(code), "Failure"));
        assert_eq!((status.reason.as_str(), status.message.as_str()), (reason, message));
        status
    }
}

async fn send(harness: &Harness, method: Method, path: &str, accept: &str, content_type: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder().method(method).uri(path).header("accept", accept).header("content-type", content_type);
    let request = request.body(Body::from(body)).unwrap();
    let response = harness.raw(Peer::Internal(UserInfo::administrator().into()), request).await;
    let code = response.status().as_u16();
    let media = response.headers()["content-type"].to_str().unwrap().to_owned();
    Answer(code, media, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

async fn call(harness: &Harness, method: Method, path: &str, body: Vec<u8>) -> Answer {
    send(harness, method, path, PROTOBUF, PROTOBUF, body).await
}

#[tokio::test]
async fn objects_both_ways() {
    let harness = Harness::new().await;
    let wanted = ConfigMap {
        metadata: Some(ObjectMeta { name: "m".to_owned(), labels: [("a".to_owned(), "b".to_owned())].into(), ..ObjectMeta::default() }),
        data: [("k".to_owned(), "v".to_owned()), ("empty".to_owned(), String::new())].into(),
        binary_data: [("raw".to_owned(), vec![0, 255, 1])].into(),
        immutable: None,
    };
    let made: ConfigMap = call(&harness, Method::POST, MAPS, document("v1", "ConfigMap", &wanted)).await.ok("v1 ConfigMap");
    let metadata = made.metadata.clone().unwrap();
    assert_eq!((metadata.namespace.as_str(), metadata.labels["a"].as_str()), ("default", "b"));
    assert!(metadata.creation_timestamp.unwrap().seconds > 0 && !metadata.resource_version.is_empty());
    assert_eq!((&made.data, &made.binary_data), (&wanted.data, &wanted.binary_data));
    assert_eq!(metadata.managed_fields[0].operation, "Update");
    let again = document("v1", "ConfigMap", &wanted);
    let already = call(&harness, Method::POST, MAPS, again).await.refused(409, "AlreadyExists", "configmaps \"m\" already exists");
    assert_eq!(already.details.map(|details| (details.name, details.kind)), Some(("m".to_owned(), "configmaps".to_owned())));

    let one = format!("{MAPS}/m");
    let mut changed = made.clone();
    changed.data.insert("k".to_owned(), "w".to_owned());
    changed.immutable = Some(true);
    let stored: ConfigMap = call(&harness, Method::PUT, &one, document("v1", "ConfigMap", &changed)).await.ok("v1 ConfigMap");
    assert_eq!((stored.data["k"].as_str(), stored.immutable), ("w", Some(true)));
    let stale = "Operation cannot be fulfilled on configmaps \"m\": the object has been modified; please apply your changes to the latest version and try again";
    call(&harness, Method::PUT, &one, document("v1", "ConfigMap", &changed)).await.refused(409, "Conflict", stale);
    // The same in JSON.
    let (_, json) = harness.get(&one).await;
    assert_eq!(json["binaryData"], json!({"raw": "AP8B"}));

    // Patches are JSON, whatever the answer is.
    let patch = Vec::from(br#"{"metadata":{"labels":{"a":null,"c":"d"}}}"#);
    let patched: ConfigMap = send(&harness, Method::PATCH, &one, PROTOBUF, MERGE, patch.clone()).await.ok("v1 ConfigMap");
    assert_eq!(patched.metadata.unwrap().labels, HashMap::from([("c".to_owned(), "d".to_owned())]));
    let media = "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml";
    send(&harness, Method::PATCH, &one, PROTOBUF, PROTOBUF, patch).await.refused(415, "UnsupportedMediaType", media);
    let applied = Vec::from(&br#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","annotations":{"x":"y"}}}"#[..]);
    let path = format!("{one}?fieldManager=typed");
    let applied: ConfigMap =
        send(&harness, Method::PATCH, &path, PROTOBUF, "application/apply-patch+yaml", applied).await.ok("v1 ConfigMap");
    assert_eq!(applied.metadata.unwrap().managed_fields[0].manager, "typed");

    // Options of a deletion, in its body.
    let other = DeleteOptions { preconditions: Some(Preconditions { uid: Some("other".to_owned()) }), grace_period: None };
    let conflict = format!(
        "Operation cannot be fulfilled on ConfigMap \"m\": the UID in the precondition (other) does not match the UID in record ({}). The object might have been deleted and then recreated",
        metadata.uid
    );
    call(&harness, Method::DELETE, &one, document("v1", "DeleteOptions", &other)).await.refused(409, "Conflict", &conflict);
    let right = DeleteOptions { preconditions: Some(Preconditions { uid: Some(metadata.uid.clone()) }), grace_period: Some(0) };
    let gone: Status = call(&harness, Method::DELETE, &one, document("v1", "DeleteOptions", &right)).await.ok("v1 Status");
    assert_eq!((gone.status.as_str(), gone.details.unwrap().uid), ("Success", metadata.uid));
    call(&harness, Method::GET, &one, Vec::new()).await.refused(404, "NotFound", "configmaps \"m\" not found");
    assert_eq!(call(&harness, Method::POST, MAPS, b"{}".to_vec()).await.0, 400);
}

#[tokio::test]
async fn values_with_forms_of_their_own() {
    let harness = Harness::new().await;
    let port = |name: &str, port, target_port| ServicePort { name: name.to_owned(), protocol: String::new(), port, target_port };
    let number = IntOrString { form: 0, number: 8080, text: String::new() };
    let text = IntOrString { form: 1, number: 0, text: "http".to_owned() };
    let ports = vec![port("a", 80, Some(number.clone())), port("b", 81, Some(text.clone())), port("c", 82, None)];
    let spec = ServiceSpec { ports, selector: [("app".to_owned(), "web".to_owned())].into(), ..ServiceSpec::default() };
    let service = Service { metadata: meta("s"), spec: Some(spec) };
    let path = "/api/v1/namespaces/default/services";
    let made: Service = call(&harness, Method::POST, path, document("v1", "Service", &service)).await.ok("v1 Service");
    let spec = made.spec.unwrap();
    let targets: Vec<_> = spec.ports.iter().map(|port| port.target_port.clone().unwrap()).collect();
    assert_eq!(targets, [number, text, IntOrString { form: 0, number: 82, text: String::new() }]);
    assert_eq!((spec.kind.as_str(), spec.ports[0].protocol.as_str()), ("ClusterIP", "TCP"));
    assert!(spec.cluster_ip.starts_with("10.96."), "{}", spec.cluster_ip);

    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    let quantity = |text: &str| Quantity { text: text.to_owned() };
    let limits = [("cpu".to_owned(), quantity("1500m")), ("memory".to_owned(), quantity("1.5Gi"))].into();
    let resources = Some(Resources { limits, requests: HashMap::new() });
    let container = Container { name: "c".to_owned(), image: "i".to_owned(), command: vec!["a".to_owned(), String::new()], resources };
    let spec = PodSpec { containers: vec![container], restart_policy: String::new(), grace_period: Some(0) };
    let pod = Pod { metadata: meta("p"), spec: Some(spec) };
    let path = "/api/v1/namespaces/default/pods";
    let made: Pod = call(&harness, Method::POST, path, document("v1", "Pod", &pod)).await.ok("v1 Pod");
    let spec = made.spec.unwrap();
    assert_eq!((spec.restart_policy.as_str(), spec.grace_period), ("Always", Some(0)));
    let container = &spec.containers[0];
    assert_eq!(container.command, ["a", ""]);
    let resources = container.resources.clone().unwrap();
    assert_eq!((resources.limits["memory"].text.as_str(), resources.requests["cpu"].text.as_str()), ("1536Mi", "1500m"));
    let bad = Service { metadata: meta("bad"), spec: Some(ServiceSpec { ports: vec![port("", 0, None)], ..ServiceSpec::default() }) };
    let path = "/api/v1/namespaces/default/services";
    let fault = "Service \"bad\" is invalid: [spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive]";
    let status = call(&harness, Method::POST, path, document("v1", "Service", &bad)).await.refused(422, "Invalid", fault);
    let cause = status.details.unwrap().causes[0].clone();
    assert_eq!((cause.reason.as_str(), cause.field.as_str()), ("FieldValueInvalid", "spec.ports[0].port"));
}

/// The next frame of a watch: four bytes with its length, and an event whose object is a document.
async fn event<M: Message + Default>(body: &mut Body, rest: &mut Vec<u8>) -> (String, String, M) {
    loop {
        let length = rest.first_chunk::<4>().map(|length| u32::from_be_bytes(*length) as usize + 4);
        if let Some(length) = length.filter(|length| rest.len() >= *length) {
            let frame: Vec<u8> = rest.drain(..length).collect();
            let event = WatchEvent::decode(&frame[4..]).unwrap();
            let (of, message) = read(&event.object.unwrap().raw);
            return (event.kind, of, message);
        }
        let more = tokio::time::timeout(std::time::Duration::from_secs(20), body.frame()).await.expect("an event comes");
        rest.extend_from_slice(&more.unwrap().unwrap().into_data().unwrap());
    }
}

async fn watch(harness: &Harness, path: &str, accept: &str) -> Body {
    let request = Request::builder().uri(path).header("accept", accept).body(Body::empty()).unwrap();
    let response = harness.raw(Peer::Internal(UserInfo::administrator().into()), request).await;
    assert_eq!(response.headers()["content-type"], format!("{PROTOBUF};stream=watch"));
    response.into_body()
}

#[tokio::test]
async fn lists_and_watches() {
    let harness = Harness::new().await;
    for name in ["a", "b", "c"] {
        call(&harness, Method::POST, MAPS, document("v1", "ConfigMap", &ConfigMap { metadata: meta(name), ..ConfigMap::default() })).await;
    }
    let page: ConfigMapList = call(&harness, Method::GET, &format!("{MAPS}?limit=2"), Vec::new()).await.ok("v1 ConfigMapList");
    let listed = page.metadata.unwrap();
    assert_eq!((page.items.len(), listed.remaining_item_count), (2, Some(1)));
    let path = format!("{MAPS}?limit=2&continue={}", listed.rest);
    let last: ConfigMapList = call(&harness, Method::GET, &path, Vec::new()).await.ok("v1 ConfigMapList");
    let (names, metadata): (Vec<_>, _) =
        (last.items.iter().map(|item| item.metadata.clone().unwrap().name).collect(), last.metadata.unwrap());
    assert_eq!((names, metadata.rest.as_str(), metadata.resource_version), (vec!["c".to_owned()], "", listed.resource_version.clone()));

    let path = format!(
        "{MAPS}?watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&fieldSelector=metadata.name%3Dc"
    );
    let (mut body, mut rest) = (watch(&harness, &path, PROTOBUF).await, Vec::new());
    let (kind, of, object) = event::<ConfigMap>(&mut body, &mut rest).await;
    assert_eq!((kind.as_str(), of.as_str(), object.metadata.unwrap().name.as_str()), ("ADDED", "v1 ConfigMap", "c"));
    let (kind, of, bookmark) = event::<ConfigMap>(&mut body, &mut rest).await;
    let metadata = bookmark.metadata.unwrap();
    assert_eq!(
        (kind.as_str(), of.as_str(), metadata.annotations["k8s.io/initial-events-end"].as_str()),
        ("BOOKMARK", "v1 ConfigMap", "true")
    );
    harness.patch(&format!("{MAPS}/c"), MERGE, &json!({"data": {"x": "y"}})).await;
    harness.delete(&format!("{MAPS}/c"), "").await;
    let (kind, _, object) = event::<ConfigMap>(&mut body, &mut rest).await;
    assert_eq!((kind.as_str(), object.data["x"].as_str()), ("MODIFIED", "y"));
    assert_eq!(event::<ConfigMap>(&mut body, &mut rest).await.0, "DELETED");

    // What is wrong with a watch that has begun is one of its events.
    let wrong = call(&harness, Method::GET, &format!("{MAPS}?watch=1&resourceVersion=wrong"), Vec::new()).await;
    assert_eq!((wrong.0, read::<Status>(&wrong.2).1.reason.as_str()), (422, "Invalid"));
}

#[tokio::test]
async fn metadata_alone_and_tables() {
    let harness = Harness::new().await;
    call(&harness, Method::POST, MAPS, document("v1", "ConfigMap", &ConfigMap { metadata: meta("a"), ..ConfigMap::default() })).await;
    let one = format!("{PROTOBUF};as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    let many = format!("{PROTOBUF};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    let alone: PartialObjectMetadata =
        send(&harness, Method::GET, &format!("{MAPS}/a"), &one, JSON, Vec::new()).await.ok("meta.k8s.io/v1 PartialObjectMetadata");
    assert_eq!(alone.metadata.unwrap().name, "a");
    let list: PartialObjectMetadataList =
        send(&harness, Method::GET, MAPS, &many, JSON, Vec::new()).await.ok("meta.k8s.io/v1 PartialObjectMetadataList");
    assert_eq!(list.items.len(), 1);
    let (mut body, mut rest) = (watch(&harness, &format!("{MAPS}?watch=1"), &one).await, Vec::new());
    let (kind, of, object) = event::<PartialObjectMetadata>(&mut body, &mut rest).await;
    assert_eq!(
        (kind.as_str(), of.as_str(), object.metadata.unwrap().name.as_str()),
        ("ADDED", "meta.k8s.io/v1 PartialObjectMetadata", "a")
    );

    // There are no tables in protobuf: the next form that the client reads, or none.
    let table = format!("{PROTOBUF};as=Table;g=meta.k8s.io;v=v1");
    let next = send(&harness, Method::GET, MAPS, &format!("{table},application/json;as=Table;g=meta.k8s.io;v=v1"), JSON, Vec::new()).await;
    assert_eq!(serde_json::from_slice::<Value>(&next.2).unwrap()["kind"], "Table");
    assert_eq!(send(&harness, Method::GET, MAPS, &table, JSON, Vec::new()).await.0, 406);
}

#[tokio::test]
async fn custom_resources_have_no_form_but_their_metadata() {
    let harness = Harness::new().await;
    let schema = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "things", "kind": "Thing"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    });
    crate::custom::define(&harness, &definition).await;
    let things = "/apis/example.com/v1/namespaces/default/things";
    let (code, made) = harness.post(things, &json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "t"}})).await;
    assert_eq!(code, 201, "{made}");
    let one = format!("{things}/t");
    let next = send(&harness, Method::GET, &one, &format!("{PROTOBUF},application/json"), JSON, Vec::new()).await;
    assert_eq!((next.0, next.1.as_str()), (200, JSON));
    assert_eq!(send(&harness, Method::GET, &one, PROTOBUF, JSON, Vec::new()).await.0, 406);
    // Collectors of garbage ask for this.
    let alone = format!("{PROTOBUF};as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
    let alone: PartialObjectMetadata =
        send(&harness, Method::GET, &one, &alone, JSON, Vec::new()).await.ok("meta.k8s.io/v1 PartialObjectMetadata");
    assert_eq!(alone.metadata.unwrap().name, "t");
}
