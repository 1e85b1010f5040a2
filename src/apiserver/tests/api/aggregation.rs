//! Aggregated APIs: an extension API server in the same process, behind a service, that believes only the front proxy.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use apiserver::authn::Peer;
use apiserver::{FrontProxy, Security, UserInfo};
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};

use crate::custom::define;
use crate::harness::{Harness, read};
use crate::kubectl::Cluster;

const SERVICES: &str = "/apis/apiregistration.k8s.io/v1/apiservices";
const FLUNDERS: &str = "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

#[derive(Debug)]
struct Identity(Arc<CertifiedKey>);

impl ResolvesClientCert for Identity {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
    fn has_certs(&self) -> bool {
        true
    }
}

/// How the server shows that it is the front proxy.
fn front_proxy(authority: &Authority) -> FrontProxy {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "front-proxy-client");
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let private = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let key = rustls::crypto::ring::sign::any_supported_type(&private).unwrap();
    FrontProxy {
        client_ca_pem: "the cluster's".to_owned(),
        ca_pem: authority.pem(),
        allowed_names: vec!["front-proxy-client".to_owned()],
        certificate: Arc::new(Identity(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], key)))),
    }
}

type Asked = Arc<Mutex<Vec<(String, HeaderMap)>>>;

/// An extension API server; clones share what it was asked.
pub struct Extension {
    pub port: u16,
    pub bundle: String,
    asked: Asked,
    task: tokio::task::JoinHandle<()>,
}

impl Extension {
    async fn start(trusted: &Authority, aggregated: bool) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["wardle.default.svc".to_owned()]).unwrap().self_signed(&key).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(trusted.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let clients = rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
        let tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap())
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(tls));
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Asked::default();
        let log = asked.clone();
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, log) = (acceptor.clone(), log.clone());
                connections.spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = hyper::service::service_fn(move |request| respond(request, log.clone(), aggregated));
                    let builder = hyper::server::conn::http1::Builder::new();
                    let _ = builder.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
                });
            }
        });
        Self { port, bundle: STANDARD.encode(certificate.pem()), asked, task }
    }
    fn last(&self, path: &str) -> HeaderMap {
        self.asked.lock().unwrap().iter().rev().find(|(asked, _)| asked == path).unwrap().1.clone()
    }
}

async fn respond(mut request: Request<Incoming>, log: Asked, aggregated: bool) -> Result<Response<Body>, std::convert::Infallible> {
    let path = request.uri().path().to_owned();
    log.lock().unwrap().push((request.uri().to_string(), request.headers().clone()));
    let mut answer = Response::builder().header("content-type", "application/json");
    let kind = json!({"group": "wardle.example.com", "version": "v1alpha1", "kind": "Flunder"});
    let body = match path.as_str() {
        "/apis" if aggregated => {
            answer = Response::builder().header("content-type", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
            json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": [{
                "metadata": {"name": "wardle.example.com"},
                "versions": [{"version": "v1alpha1", "freshness": "Current", "resources": [
                    {"resource": "flunders", "responseKind": kind, "scope": "Namespaced", "singularResource": "flunder", "verbs": ["get", "list"]},
                ]}],
            }]})
        }
        "/apis/wardle.example.com/v1alpha1" => {
            json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "wardle.example.com/v1alpha1", "resources": [
                {"name": "flunders", "singularName": "flunder", "namespaced": true, "kind": "Flunder", "verbs": ["get", "list"]},
            ]})
        }
        "/openapi/v3" if aggregated => {
            json!({"paths": {"apis/wardle.example.com/v1alpha1": {"serverRelativeURL": "/openapi/v3/apis/wardle.example.com/v1alpha1?hash=7"}, "apis/apps/v1": {}}})
        }
        "/openapi/v3/apis/wardle.example.com/v1alpha1" => json!({"openapi": "3.0.0", "paths": {}}),
        "/openapi/v2" => {
            json!({"paths": {"/apis/wardle.example.com/v1alpha1/flunders": {"get": {"schema": {"$ref": "#/definitions/Flunder"}}}, "/version": {}}, "definitions": {"Flunder": {"type": "object"}, "Other": {}}})
        }
        "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders/echo/exec" => {
            let upgrade = hyper::upgrade::on(&mut request);
            tokio::spawn(async move {
                let mut stream = TokioIo::new(upgrade.await.unwrap());
                let (mut reader, mut writer) = tokio::io::split(&mut stream);
                let _ = tokio::io::copy(&mut reader, &mut writer).await;
            });
            let switched = Response::builder().status(101).header("connection", "Upgrade").header("upgrade", "echo");
            return Ok(switched.body(Body::empty()).unwrap());
        }
        FLUNDERS => json!({"kind": "FlunderList", "apiVersion": "wardle.example.com/v1alpha1", "metadata": {}, "items": [
            {"apiVersion": "wardle.example.com/v1alpha1", "kind": "Flunder", "metadata": {"name": "a", "namespace": "default"}},
        ]}),
        _ => {
            let _ = request.into_body().collect().await;
            answer = answer.status(404);
            json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "not of this server", "reason": "NotFound", "code": 404})
        }
    };
    Ok(answer.body(Body::from(body.to_string())).unwrap())
}

/// An APIService for the extension API server behind the service `wardle`.
fn api_service(extension: &Extension) -> Value {
    json!({"metadata": {"name": "v1alpha1.wardle.example.com"}, "spec": {
        "group": "wardle.example.com", "version": "v1alpha1", "groupPriorityMinimum": 2000, "versionPriority": 10,
        "service": {"namespace": "default", "name": "wardle", "port": extension.port}, "caBundle": extension.bundle,
    }})
}

/// Waits until a condition is as wanted: its reason and message.
async fn condition(harness: &Harness, wanted: impl Fn(&Value) -> bool) -> (String, String) {
    let mut lines = harness.watch(&format!("{SERVICES}?watch=true&fieldSelector=metadata.name%3Dv1alpha1.wardle.example.com")).await;
    loop {
        let line = lines.next().await.unwrap();
        if let Some(condition) = line["object"]["status"]["conditions"].as_array().into_iter().flatten().find(|found| wanted(found)) {
            return (condition["reason"].as_str().unwrap().to_owned(), condition["message"].as_str().unwrap().to_owned());
        }
    }
}

async fn available(harness: &Harness, status: &str) -> (String, String) {
    condition(harness, |condition| condition["status"] == status).await
}

async fn told_by(harness: &Harness, reason: &str) -> String {
    condition(harness, |condition| condition["reason"] == reason).await.1
}

/// A service that is this host: endpoints may not be on it.
async fn serve(harness: &Harness) {
    let service = json!({"metadata": {"name": "wardle"}, "spec": {"type": "ExternalName", "externalName": "localhost"}});
    assert_eq!(harness.post("/api/v1/namespaces/default/services", &service).await.0, 201);
}

async fn discovered(harness: &Harness) -> Value {
    let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    let request = Request::builder().uri("/apis").header("accept", accept).body(Body::empty()).unwrap();
    let (_, list) = read(harness.raw(Peer::Internal(Arc::new(UserInfo::administrator())), request).await).await;
    let groups = list["items"].as_array().unwrap();
    groups.iter().find(|group| group["metadata"]["name"] == "wardle.example.com").cloned().unwrap_or_default()
}

#[tokio::test]
async fn requests_go_on_with_who_asks() {
    let trusted = authority("front-proxy-ca");
    let harness = Harness::secured(Security { front_proxy: Some(front_proxy(&trusted)), ..Security::default() }).await;
    let extension = Extension::start(&trusted, true).await;
    serve(&harness).await;
    assert_eq!(harness.post(SERVICES, &api_service(&extension)).await.0, 201);
    assert_eq!(available(&harness, "True").await, ("Passed".to_owned(), "all checks passed".to_owned()));

    let user = UserInfo {
        name: "jane".to_owned(),
        uid: "7".to_owned(),
        groups: vec!["system:masters".to_owned()],
        extra: [("example.com/x".to_owned(), vec!["y".to_owned()])].into(),
    };
    let request = Request::builder()
        .uri(format!("{FLUNDERS}?limit=5"))
        .header("x-remote-user", "root")
        .header("x-remote-extra-z", "z")
        .header("authorization", "Bearer secret")
        .body(Body::empty())
        .unwrap();
    let (code, list) = read(harness.raw(Peer::Internal(Arc::new(user)), request).await).await;
    assert_eq!((code, &list["items"][0]["metadata"]["name"]), (200, &json!("a")));
    let headers = extension.last(&format!("{FLUNDERS}?limit=5"));
    let told = |name: &str| headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!([told("x-remote-user"), told("x-remote-uid"), told("x-remote-group")], [["jane"], ["7"], ["system:masters"]]);
    assert_eq!([told("x-remote-extra-example.com%2fx").len(), told("x-remote-extra-z").len(), told("authorization").len()], [1, 0, 0]);
    // its failures are its own
    let (code, status) = harness.get(&format!("{FLUNDERS}/none")).await;
    assert_eq!((code, &status["message"]), (404, &json!("not of this server")));
    // and who may not ask here does not get there
    let nobody = UserInfo::new("nobody", &[]);
    let (code, refused) = harness.call_as(nobody, Method::GET, FLUNDERS, "application/json", "").await;
    let why = "flunders.wardle.example.com is forbidden: User \"nobody\" cannot list resource \"flunders\" in API group \"wardle.example.com\" in the namespace \"default\"";
    assert_eq!((code, refused["message"].as_str().unwrap()), (403, why));

    let (_, map) = harness.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication").await;
    assert_eq!(map["data"]["requestheader-client-ca-file"], trusted.pem());
    assert_eq!(map["data"]["requestheader-allowed-names"], "[\"front-proxy-client\"]");
    assert_eq!(map["data"]["requestheader-extra-headers-prefix"], "[\"X-Remote-Extra-\"]");
}

#[tokio::test]
async fn connections_are_upgraded() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let trusted = authority("front-proxy-ca");
    let harness = Harness::secured(Security { front_proxy: Some(front_proxy(&trusted)), ..Security::default() }).await;
    let extension = Extension::start(&trusted, false).await;
    serve(&harness).await;
    harness.post(SERVICES, &api_service(&extension)).await;
    available(&harness, "True").await;
    let (near, far) = tokio::io::duplex(1 << 16);
    let service = hyper_util::service::TowerToHyperService::new(harness.server.service(UserInfo::administrator()));
    tokio::spawn(async move {
        let builder = hyper::server::conn::http1::Builder::new();
        let _ = builder.serve_connection(TokioIo::new(far), service).with_upgrades().await;
    });
    let (mut sender, connection) = hyper::client::conn::http1::handshake::<_, Body>(TokioIo::new(near)).await.unwrap();
    tokio::spawn(connection.with_upgrades());
    let request = Request::builder().method("POST").uri(format!("{FLUNDERS}/echo/exec")).header("connection", "Upgrade");
    let response = sender.send_request(request.header("upgrade", "echo").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 101);
    let mut stream = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
    stream.write_all(b"hello").await.unwrap();
    let mut back = [0; 5];
    stream.read_exact(&mut back).await.unwrap();
    assert_eq!(&back, b"hello");
    assert_eq!(extension.last(&format!("{FLUNDERS}/echo/exec"))["x-remote-user"], "kubernetes-admin");
}

#[tokio::test]
async fn availability_follows_what_happens() {
    let trusted = authority("front-proxy-ca");
    let harness = Harness::secured(Security { front_proxy: Some(front_proxy(&trusted)), ..Security::default() }).await;
    let extension = Extension::start(&trusted, false).await;
    assert_eq!(harness.post(SERVICES, &api_service(&extension)).await.0, 201);
    let told = |reason: &str, message: &str| (reason.to_owned(), message.to_owned());
    assert_eq!(available(&harness, "False").await, told("ServiceNotFound", "service/wardle in \"default\" is not present"));
    let (code, body) = harness.get(FLUNDERS).await;
    assert_eq!((code, body), (503, json!("service unavailable\n")));
    // it is there and stale
    let stale = json!({"metadata": {"creationTimestamp": null, "name": "wardle.example.com"}, "versions": [{"version": "v1alpha1", "freshness": "Stale"}]});
    assert_eq!(discovered(&harness).await, stale);

    let services = "/api/v1/namespaces/default/services";
    let slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
    let port =
        |port: u16| json!({"metadata": {"name": "wardle"}, "spec": {"ports": [{"name": "https", "port": port, "targetPort": 8443}]}});
    harness.post(services, &port(1)).await;
    let message = format!("service/wardle in \"default\" is not listening on port {}", extension.port);
    assert_eq!(told_by(&harness, "ServicePortError").await, message);
    harness.delete(&format!("{services}/wardle"), "").await;
    harness.post(services, &port(extension.port)).await;
    assert_eq!(told_by(&harness, "EndpointsNotFound").await, "cannot find endpointslices for service/wardle in \"default\"");
    let slice = json!({"metadata": {"name": "wardle-1", "labels": {"kubernetes.io/service-name": "wardle"}}, "addressType": "IPv4",
        "endpoints": [{"addresses": ["192.0.2.7"], "conditions": {"ready": false}}], "ports": [{"name": "https", "port": 8443}]});
    assert_eq!(harness.post(slices, &slice).await.0, 201);
    let none = "endpointslices for service/wardle in \"default\" have no addresses with port name \"https\"";
    assert_eq!(told_by(&harness, "MissingEndpoints").await, none);
    harness.delete(&format!("{services}/wardle"), "").await;
    told_by(&harness, "ServiceNotFound").await;
    serve(&harness).await;
    assert_eq!(told_by(&harness, "Passed").await, "all checks passed");
    assert_eq!(harness.get(FLUNDERS).await.0, 200);

    // one that has died
    extension.task.abort();
    harness.delete(&format!("{services}/wardle"), "").await;
    told_by(&harness, "ServiceNotFound").await;
    serve(&harness).await;
    let url = format!("https://localhost:{}/apis/wardle.example.com/v1alpha1", extension.port);
    let refused = format!(
        "failing or missing response from {url}: Get \"{url}\": dial tcp localhost:{}: connect: connection refused",
        extension.port
    );
    assert_eq!(told_by(&harness, "FailedDiscoveryCheck").await, refused);
    assert_eq!(harness.delete(&format!("{SERVICES}/v1alpha1.wardle.example.com"), "").await.0, 200);
    assert_eq!(harness.get(FLUNDERS).await.0, 404);
}

#[tokio::test]
async fn what_it_tells_is_told_with_the_rest() {
    for aggregated in [true, false] {
        let trusted = authority("front-proxy-ca");
        let harness = Harness::secured(Security { front_proxy: Some(front_proxy(&trusted)), ..Security::default() }).await;
        let extension = Extension::start(&trusted, aggregated).await;
        serve(&harness).await;
        harness.post(SERVICES, &api_service(&extension)).await;
        available(&harness, "True").await;
        let mut group = discovered(&harness).await;
        while group["versions"][0]["freshness"] != "Current" {
            tokio::task::yield_now().await;
            group = discovered(&harness).await;
        }
        assert_eq!(group["versions"][0]["resources"][0]["resource"], "flunders");
        let (_, groups) = harness.get("/apis").await;
        let names: Vec<&str> = groups["groups"].as_array().unwrap().iter().map(|group| group["name"].as_str().unwrap()).collect();
        // above those of older versions, which upstream does not have
        assert_eq!(names[names.len() - 2..], ["wardle.example.com", "extensions"]);
        let (_, own) = harness.get("/apis/wardle.example.com").await;
        assert_eq!(own["preferredVersion"]["groupVersion"], "wardle.example.com/v1alpha1");
        let (_, list) = harness.get("/apis/wardle.example.com/v1alpha1").await;
        assert_eq!(list["resources"][0]["name"], "flunders");
        let mut index = harness.get("/openapi/v3").await.1;
        while index["paths"]["apis/wardle.example.com/v1alpha1"].is_null() {
            tokio::task::yield_now().await;
            index = harness.get("/openapi/v3").await.1;
        }
        let url = index["paths"]["apis/wardle.example.com/v1alpha1"]["serverRelativeURL"].as_str().unwrap();
        assert_eq!(url == "/openapi/v3/apis/wardle.example.com/v1alpha1?hash=7", aggregated, "{url}");
        assert_ne!(index["paths"]["apis/apps/v1"], json!({}));
        let (_, document) = harness.get(url).await;
        assert_eq!(document["openapi"], "3.0.0");
        // one that knows version 2 alone is told in version 3 by this server
        let flunder = &document["components"]["schemas"]["Flunder"]["type"];
        assert_eq!(flunder, &if aggregated { Value::Null } else { json!("object") });
        let (_, document) = harness.get("/openapi/v2").await;
        assert_eq!(document["paths"]["/apis/wardle.example.com/v1alpha1/flunders"]["get"]["schema"]["$ref"], "#/definitions/Flunder");
        assert_eq!((&document["definitions"]["Flunder"]["type"], &document["definitions"]["Other"]), (&json!("object"), &Value::Null));
    }
}

#[tokio::test]
async fn kubectl_works_with_it() {
    let trusted = authority("front-proxy-ca");
    let harness = Harness::secured(Security { front_proxy: Some(front_proxy(&trusted)), ..Security::default() }).await;
    let extension = Extension::start(&trusted, true).await;
    serve(&harness).await;
    harness.post(SERVICES, &api_service(&extension)).await;
    available(&harness, "True").await;
    while discovered(&harness).await["versions"][0]["freshness"] != "Current" {
        tokio::task::yield_now().await;
    }
    let Some(cluster) = Cluster::of(harness).await else { return };
    let resources = "NAME       SHORTNAMES   APIVERSION                    NAMESPACED   KIND\nflunders                wardle.example.com/v1alpha1   true         Flunder\n";
    cluster.check("api-resources --api-group=wardle.example.com", "", 0, resources).await;
    cluster.check("get flunders -o name", "", 0, "flunder.wardle.example.com/a\n").await;
    let listed =
        "NAME                           SERVICE          AVAILABLE   AGE\nv1alpha1.wardle.example.com    default/wardle   True        ";
    let (code, stdout, stderr) = cluster.run("get apiservices v1alpha1.wardle.example.com", "").await;
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(stdout.split_whitespace().collect::<Vec<_>>()[..7], listed.split_whitespace().collect::<Vec<_>>());
    let waited = "apiservice.apiregistration.k8s.io/v1.apps condition met\n";
    cluster.check("wait --for=condition=Available apiservice/v1.apps", "", 0, waited).await;
    extension.task.abort();
    cluster.check("delete service wardle", "", 0, "service \"wardle\" deleted from default namespace\n").await;
    cluster
        .check(
            "wait --for=condition=Available=false apiservice/v1alpha1.wardle.example.com",
            "",
            0,
            "apiservice.apiregistration.k8s.io/v1alpha1.wardle.example.com condition met\n",
        )
        .await;
    let (code, _, stderr) = cluster.run(&format!("get --raw {FLUNDERS}"), "").await;
    let unable = "Error from server (ServiceUnavailable): the server is currently unable to handle the request\n";
    assert_eq!((code, stderr.as_str()), (1, unable));
}

#[tokio::test]
async fn own_groups_are_registered() {
    let harness = Harness::new().await;
    let (_, list) = harness.get(SERVICES).await;
    let items = list["items"].as_array().unwrap();
    let of = |name: &str| items.iter().find(|item| item["metadata"]["name"] == name).unwrap_or(&Value::Null).clone();
    let apps = of("v1.apps");
    assert_eq!(apps["spec"], json!({"group": "apps", "version": "v1", "groupPriorityMinimum": 17800, "versionPriority": 15}));
    assert_eq!(apps["metadata"]["labels"], json!({"kube-aggregator.kubernetes.io/automanaged": "onstart"}));
    let condition = &apps["status"]["conditions"][0];
    assert_eq!((&condition["reason"], &condition["message"]), (&json!("Local"), &json!("Local APIServices are always available")));
    assert_eq!(of("v1.")["spec"]["groupPriorityMinimum"], 18000);
    assert_eq!((of("v1.apiregistration.k8s.io"), of("v1beta1.apps")), (Value::Null, Value::Null));

    let schema = json!({"type": "object"});
    let definition = json!({"metadata": {"name": "widgets.example.com"}, "spec": {"group": "example.com", "scope": "Namespaced",
        "names": {"plural": "widgets", "kind": "Widget"}, "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}]}});
    let mut lines = harness.watch(&format!("{SERVICES}?watch=true&fieldSelector=metadata.name%3Dv1.example.com")).await;
    define(&harness, &definition).await;
    let made = lines.next().await.unwrap()["object"].clone();
    assert_eq!(made["spec"], json!({"group": "example.com", "version": "v1", "groupPriorityMinimum": 1000, "versionPriority": 100}));
    assert_eq!(made["metadata"]["labels"], json!({"kube-aggregator.kubernetes.io/automanaged": "true"}));
    assert_eq!(lines.next().await.unwrap()["object"]["status"]["conditions"][0]["reason"], "Local");
    harness.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com", "").await;
    assert_eq!(lines.next().await.unwrap()["type"], "DELETED");
}
