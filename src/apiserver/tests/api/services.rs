//! Addresses and ports of services: no two have the same, whichever server gives them.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use api::addresses::Cidr;
use apiserver::authn::Peer;
use apiserver::{Config, Server, UserInfo};
use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::harness::{Harness, MERGE, read};

const SERVICES: &str = "/api/v1/namespaces/default/services";

fn service(name: &str, extra: &Value) -> Value {
    let mut spec = json!({"selector": {"a": "b"}, "ports": [{"port": 80}]});
    spec.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    json!({"metadata": {"name": name}, "spec": spec})
}

#[tokio::test]
async fn the_first_address_is_the_servers() {
    let harness = Harness::new().await;
    let (_, own) = harness.get(&format!("{SERVICES}/kubernetes")).await;
    assert_eq!((own["spec"]["clusterIP"].as_str(), own["spec"]["ports"][0]["targetPort"].as_i64()), (Some("10.96.0.1"), Some(6443)));
    let (_, slice) = harness.get("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes").await;
    assert_eq!(slice["endpoints"][0]["addresses"], json!(["192.0.2.1"]));
}

#[tokio::test]
async fn no_two_services_share_an_address_and_deletion_frees_it() {
    let harness = Harness::new().await;
    let (code, one) = harness.post(SERVICES, &service("one", &json!({"clusterIP": "10.96.0.10"}))).await;
    assert_eq!(code, 201, "{one}");
    let (code, refused) = harness.post(SERVICES, &service("two", &json!({"clusterIP": "10.96.0.10"}))).await;
    assert_eq!(code, 422);
    assert!(
        refused["message"].as_str().unwrap().ends_with("failed to allocate IP 10.96.0.10: provided IP is already allocated"),
        "{refused}"
    );
    let harness = harness.restart().await;
    assert_eq!(harness.post(SERVICES, &service("two", &json!({"clusterIP": "10.96.0.10"}))).await.0, 422, "known after a restart");
    harness.delete(&format!("{SERVICES}/one"), "").await;
    assert_eq!(harness.post(SERVICES, &service("two", &json!({"clusterIP": "10.96.0.10"}))).await.0, 201);
}

#[tokio::test]
async fn a_node_port_comes_and_goes_with_the_type() {
    let harness = Harness::new().await;
    let (_, created) = harness.post(SERVICES, &service("web", &json!({"type": "NodePort"}))).await;
    let port = created["spec"]["ports"][0]["nodePort"].as_i64().unwrap();
    assert!((30000..=32767).contains(&port));
    let (_, refused) =
        harness.post(SERVICES, &service("other", &json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]}))).await;
    assert!(refused["message"].as_str().unwrap().contains("provided port is already allocated"), "{refused}");
    let path = format!("{SERVICES}/web");
    let (_, plain) = harness.patch(&path, MERGE, &json!({"spec": {"type": "ClusterIP"}})).await;
    assert_eq!(plain["spec"]["ports"][0]["nodePort"], Value::Null, "{plain}");
    let (code, _) =
        harness.post(SERVICES, &service("other", &json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": port}]}))).await;
    assert_eq!(code, 201);
}

const ADDRESSES: &str = "/apis/networking.k8s.io/v1/ipaddresses";
const RANGES: &str = "/apis/networking.k8s.io/v1/servicecidrs";

#[tokio::test]
async fn an_address_is_an_object_for_as_long_as_its_service_has_it() {
    let harness = Harness::new().await;
    harness.post(SERVICES, &service("one", &json!({"clusterIP": "10.96.0.10"}))).await;
    let (_, address) = harness.get(&format!("{ADDRESSES}/10.96.0.10")).await;
    assert_eq!(address["spec"], json!({"parentRef": {"resource": "services", "namespace": "default", "name": "one"}}), "{address}");
    assert_eq!(
        address["metadata"]["labels"],
        json!({"ipaddress.kubernetes.io/ip-family": "IPv4", "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io"})
    );
    assert_eq!(harness.get(&format!("{ADDRESSES}/10.96.0.1")).await.1["spec"]["parentRef"]["name"], "kubernetes");
    let name = json!({"spec": {"type": "ExternalName", "externalName": "example.org", "clusterIP": "", "clusterIPs": null}});
    let (code, changed) = harness.patch(&format!("{SERVICES}/one"), MERGE, &name).await;
    assert_eq!(code, 200, "{changed}");
    assert_eq!(harness.get(&format!("{ADDRESSES}/10.96.0.10")).await.0, 404);
}

#[tokio::test]
async fn another_range_gives_more_addresses() {
    let harness = Harness::new().await;
    let (_, own) = harness.get(&format!("{RANGES}/kubernetes")).await;
    assert_eq!(own["spec"]["cidrs"], json!(["10.96.0.0/16"]));
    let condition = &own["status"]["conditions"][0];
    assert_eq!([&condition["type"], &condition["status"]], ["Ready", "True"]);
    let wanted = service("far", &json!({"clusterIP": "10.97.0.5"}));
    let (code, refused) = harness.post(SERVICES, &wanted).await;
    let why = "failed to allocate IP 10.97.0.5: the provided network does not match the current range";
    assert!(code == 422 && refused["message"].as_str().unwrap().ends_with(why), "{refused}");
    let (code, more) = harness.post(RANGES, &json!({"metadata": {"name": "more"}, "spec": {"cidrs": ["10.97.0.0/24"]}})).await;
    assert_eq!(code, 201, "{more}");
    assert_eq!(harness.post(SERVICES, &wanted).await.0, 201);
}

#[tokio::test]
async fn writers_at_once_get_different_ones() {
    let harness = Harness::new().await;
    let same = service("same", &json!({"clusterIP": "10.96.0.10"}));
    let requests = (0..40).map(|index| {
        let (harness, mut body) = (&harness, service("", &json!({"type": "NodePort"})));
        body["metadata"] = json!({"generateName": "web-"});
        let same = (index % 20 == 0).then(|| {
            let mut same = same.clone();
            same["metadata"]["name"] = format!("same-{index}").into();
            same
        });
        async move { harness.post(SERVICES, &same.unwrap_or(body)).await }
    });
    let answers = futures::future::join_all(requests).await;
    assert_eq!(answers.iter().filter(|(code, _)| *code == 422).count(), 1, "one of the two that want the same");
    let made = answers.iter().filter(|(code, _)| *code == 201).map(|(_, made)| &made["spec"]);
    let addresses: BTreeSet<String> = made.clone().map(|spec| spec["clusterIP"].to_string()).collect();
    let ports: BTreeSet<String> = made.map(|spec| spec["ports"][0]["nodePort"].to_string()).filter(|port| port != "null").collect();
    assert_eq!((addresses.len(), ports.len()), (39, 38));
}

/// An etcd of its own, where one is installed.
struct Etcd {
    child: Child,
    url: String,
    _dir: tempfile::TempDir,
}

impl Etcd {
    fn start() -> Option<Self> {
        if !std::path::Path::new("/usr/bin/etcd").exists() {
            eprintln!("skipped: etcd is not installed (package etcd-server)");
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        let port = || std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (url, peer) = (format!("http://127.0.0.1:{}", port()), format!("http://127.0.0.1:{}", port()));
        let child = Command::new("/usr/bin/etcd")
            .args(["--data-dir", dir.path().to_str().unwrap(), "--listen-client-urls", &url, "--advertise-client-urls", &url])
            .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer, "--initial-cluster", &format!("default={peer}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { child, url, _dir: dir })
    }
    /// A server on it, with room for 29 services besides `kubernetes`.
    async fn server(&self) -> Server {
        let begun = std::time::Instant::now();
        let store = loop {
            match store::Store::connect(&store::EtcdOptions::new(vec![self.url.clone()], None)).await {
                Ok(store) => break store,
                Err(error) if begun.elapsed() > Duration::from_secs(30) => panic!("{error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
        let service_cidr = Cidr::parse("10.96.0.0/27").unwrap();
        Server::new(Config { service_cidr, ..Config::standalone(store, key) }).await.unwrap()
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn ask(server: &Server, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = request.body(Body::from(body.to_string())).unwrap();
    read(server.handle(request, Peer::Internal(Arc::new(UserInfo::administrator()))).await).await
}

#[tokio::test]
async fn servers_of_one_etcd_give_different_ones() {
    let Some(etcd) = Etcd::start() else { return };
    let servers = [etcd.server().await, etcd.server().await];
    let requests = (0..29).map(|index| {
        let body = service(&format!("web-{index}"), &json!({"type": "NodePort"}));
        let server = &servers[index % 2];
        async move { ask(server, Method::POST, SERVICES, &body).await }
    });
    let answers = futures::future::join_all(requests).await;
    let taken: BTreeSet<String> =
        answers.iter().map(|(_, made)| made["spec"]["clusterIP"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(taken.len(), 29, "{answers:?}");
    // what one server knows nothing of yet is refused all the same
    let one = taken.first().unwrap();
    let port = &answers[0].1["spec"]["ports"][0]["nodePort"];
    for server in &servers {
        let (code, refused) = ask(server, Method::POST, SERVICES, &service("clash", &json!({"clusterIP": one}))).await;
        assert!(code == 422 && refused["message"].as_str().unwrap().ends_with("provided IP is already allocated"), "{refused}");
        let asked = json!({"type": "NodePort", "clusterIP": "None", "ports": [{"port": 80, "nodePort": port}]});
        let (_, refused) = ask(server, Method::POST, SERVICES, &service("clash", &asked)).await;
        assert!(refused["message"].as_str().unwrap().contains("provided port is already allocated"), "{refused}");
        let (_, refused) = ask(server, Method::POST, SERVICES, &service("full", &json!({}))).await;
        assert!(refused["message"].as_str().unwrap().ends_with("failed to allocate a serviceIP: range is full"), "{refused}");
    }
    // what one gives back the other gives away
    let named = answers.iter().find(|(_, made)| made["spec"]["clusterIP"] == one.as_str()).unwrap().1["metadata"]["name"].clone();
    let path = format!("{SERVICES}/{}", named.as_str().unwrap());
    assert_eq!(ask(&servers[0], Method::DELETE, &path, &json!({})).await.0, 200);
    let mut code = 0;
    while code != 201 {
        code = ask(&servers[1], Method::POST, SERVICES, &service("heir", &json!({"clusterIP": one}))).await.0;
        tokio::task::yield_now().await;
    }
    for server in servers {
        server.close().await;
    }
}

#[tokio::test]
async fn an_address_that_is_deleted_by_hand_comes_back() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    let (_, made) = harness.post(SERVICES, &json!({"metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}})).await;
    let path = format!("/apis/networking.k8s.io/v1/ipaddresses/{}", made["spec"]["clusterIP"].as_str().unwrap());
    let before = harness.get(&path).await.1;
    assert_eq!(harness.delete(&path, "").await.0, 200);
    let after = loop {
        let (code, found) = harness.get(&path).await;
        if code == 200 {
            break found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert_eq!((&after["spec"], &after["metadata"]["labels"]), (&before["spec"], &before["metadata"]["labels"]));
    assert_ne!(after["metadata"]["uid"], before["metadata"]["uid"]);
    let events = "/api/v1/namespaces/default/events?fieldSelector=reason%3DClusterIPNotAllocated";
    let event = loop {
        if let Some(event) = harness.get(events).await.1["items"].as_array().and_then(|items| items.first().cloned()) {
            break event;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    let words = format!("Cluster IP [IPv4]: {} is not allocated; repairing", made["spec"]["clusterIP"].as_str().unwrap());
    assert_eq!(
        (&event["message"], &event["source"]["component"], &event["type"]),
        (&json!(words), &json!("ipallocator-repair-controller"), &json!("Warning"))
    );
    assert_eq!(harness.delete(&format!("{SERVICES}/s"), "").await.0, 200);
    assert_eq!(harness.get(&path).await.0, 404);
}
