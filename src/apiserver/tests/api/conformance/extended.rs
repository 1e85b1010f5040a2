//! Objects of an aggregated API: collected, and gone with their namespace, as those of this server are. The extension API server is another server like this one, in
//! which they are custom resources.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{define_versions, holds, until};
use crate::harness::{Harness, tls_listener};

const SERVICES: &str = "/apis/apiregistration.k8s.io/v1/apiservices";
const NAME: &str = "v1alpha1.wardle.example.com";
const NAMESPACES: &str = "/api/v1/namespaces";

/// The extension API server, and whether it answers.
struct Extension {
    harness: Harness,
    port: u16,
    answers: watch::Sender<bool>,
}

impl Extension {
    async fn start() -> Self {
        let harness = Harness::new().await;
        define_versions(&harness, ("wardle.example.com", "flunders", "Flunder"), "Namespaced", &json!({"type": "object"}), &["v1alpha1"])
            .await;
        let (listener, acceptor, _) = tls_listener(&["wardle.default.svc"]).await;
        let port = listener.local_addr().unwrap().port();
        let answers = watch::Sender::new(true);
        let (service, open) = (harness.server.service(apiserver::UserInfo::administrator()), answers.subscribe());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, service, open) = (acceptor.clone(), service.clone(), open.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let held = tower::service_fn(move |request: http::Request<hyper::body::Incoming>| {
                        let (mut service, mut open) = (service.clone(), open.clone());
                        async move {
                            let _ = open.wait_for(|open| *open).await;
                            tower::Service::call(&mut service, request).await
                        }
                    });
                    let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                    drop(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(held)).await);
                });
            }
        });
        Self { harness, port, answers }
    }
}

/// A service that is this host: endpoints may not be on it.
async fn serve(harness: &Harness) {
    let service = json!({"metadata": {"name": "wardle"}, "spec": {"type": "ExternalName", "externalName": "localhost"}});
    assert_eq!(harness.post("/api/v1/namespaces/default/services", &service).await.0, 201);
}

async fn register(harness: &Harness, extension: &Extension) {
    serve(harness).await;
    let service = json!({"metadata": {"name": NAME}, "spec": {
        "group": "wardle.example.com", "version": "v1alpha1", "groupPriorityMinimum": 2000, "versionPriority": 10,
        "service": {"namespace": "default", "name": "wardle", "port": extension.port}, "insecureSkipTLSVerify": true,
    }});
    assert_eq!(harness.post(SERVICES, &service).await.0, 201);
    available(harness, "True").await;
}

async fn available(harness: &Harness, status: &str) {
    let condition = json!([{"type": "Available", "status": status}]);
    let is = async || holds(&harness.get(&format!("{SERVICES}/{NAME}")).await.1["status"]["conditions"], &condition);
    until(&format!("availability is {status}"), is).await;
}

fn flunders(namespace: &str) -> String {
    format!("/apis/wardle.example.com/v1alpha1/namespaces/{namespace}/flunders")
}

fn flunder(name: &str, owners: Value) -> Value {
    json!({"apiVersion": "wardle.example.com/v1alpha1", "kind": "Flunder", "metadata": {"name": name, "ownerReferences": owners}})
}

fn owner(object: &Value, api_version: &str, kind: &str) -> Value {
    let meta = &object["metadata"];
    json!([{"apiVersion": api_version, "kind": kind, "name": meta["name"], "uid": meta["uid"], "blockOwnerDeletion": true}])
}

async fn gone(harness: &Harness, path: &str) {
    until(&format!("{path} is gone"), async || harness.get(path).await.0 == 404).await;
}

/// Makes a config map that is owned by another, deletes that one, and waits for the end of the other.
async fn collected(harness: &Harness) {
    let maps = "/api/v1/namespaces/default/configmaps";
    let (_, first) = harness.post(maps, &json!({"metadata": {"name": "first"}})).await;
    let dependent = json!({"metadata": {"name": "second", "ownerReferences": owner(&first, "v1", "ConfigMap")}});
    assert_eq!(harness.post(maps, &dependent).await.0, 201);
    harness.delete(&format!("{maps}/first"), "").await;
    gone(harness, &format!("{maps}/second")).await;
}

#[tokio::test]
async fn owners_and_what_they_own_may_be_of_either_server() {
    let harness = Harness::new().await;
    let extension = Extension::start().await;
    let _controllers = harness.control();
    register(&harness, &extension).await;
    let (maps, flunders) = ("/api/v1/namespaces/default/configmaps", flunders("default"));
    for policy in ["Background", "Foreground"] {
        let delete = json!({"propagationPolicy": policy}).to_string();
        let (_, map) = harness.post(maps, &json!({"metadata": {"name": "owner"}})).await;
        let (code, made) = harness.post(&flunders, &flunder("owned", owner(&map, "v1", "ConfigMap"))).await;
        assert_eq!(code, 201, "{made}");
        assert_eq!(harness.delete(&format!("{maps}/owner"), &delete).await.0, 200);
        gone(&harness, &format!("{flunders}/owned")).await;
        gone(&harness, &format!("{maps}/owner")).await;

        let (_, parent) = harness.post(&flunders, &flunder("owner", json!([]))).await;
        let owned = json!({"metadata": {"name": "owned", "ownerReferences": owner(&parent, "wardle.example.com/v1alpha1", "Flunder")}});
        assert_eq!(harness.post(maps, &owned).await.0, 201);
        assert_eq!(harness.delete(&format!("{flunders}/owner"), &delete).await.0, 200);
        gone(&harness, &format!("{maps}/owned")).await;
        gone(&harness, &format!("{flunders}/owner")).await;
    }
    // one that is there keeps what it owns
    let (_, map) = harness.post(maps, &json!({"metadata": {"name": "stays"}})).await;
    harness.post(&flunders, &flunder("kept", owner(&map, "v1", "ConfigMap"))).await;
    collected(&harness).await;
    assert_eq!(extension.harness.get(&format!("{flunders}/kept")).await.0, 200);
}

#[tokio::test]
async fn a_namespace_takes_them_along_and_waits_for_who_can_not_be_asked() {
    let harness = Harness::new().await;
    let extension = Extension::start().await;
    extension.harness.post(NAMESPACES, &json!({"metadata": {"name": "one"}})).await;
    extension.harness.post(NAMESPACES, &json!({"metadata": {"name": "two"}})).await;
    let _controllers = harness.control();
    register(&harness, &extension).await;
    for name in ["one", "two"] {
        assert_eq!(harness.post(NAMESPACES, &json!({"metadata": {"name": name}})).await.0, 201);
        let (code, made) = harness.post(&flunders(name), &flunder("f", json!([]))).await;
        assert_eq!(code, 201, "{made}");
    }
    assert_eq!(harness.delete(&format!("{NAMESPACES}/one"), "").await.0, 200);
    gone(&harness, &format!("{NAMESPACES}/one")).await;
    assert_eq!(extension.harness.get(&format!("{}/f", flunders("one"))).await.0, 404);

    harness.delete("/api/v1/namespaces/default/services/wardle", "").await;
    available(&harness, "False").await;
    assert_eq!(harness.delete(&format!("{NAMESPACES}/two"), "").await.0, 200);
    let told = json!([{"type": "NamespaceDeletionDiscoveryFailure", "status": "True", "reason": "DiscoveryFailed",
        "message": "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: \
            wardle.example.com/v1alpha1: stale GroupVersion discovery: wardle.example.com/v1alpha1"}]);
    let says = async || holds(&harness.get(&format!("{NAMESPACES}/two")).await.1["status"]["conditions"], &told);
    until("the failure is told", says).await;
    // nothing else waits
    collected(&harness).await;
    serve(&harness).await;
    gone(&harness, &format!("{NAMESPACES}/two")).await;
    assert_eq!(extension.harness.get(&format!("{}/f", flunders("two"))).await.0, 404);
}

#[tokio::test]
async fn one_that_hangs_holds_up_nothing_else() {
    let harness = Harness::new().await;
    let extension = Extension::start().await;
    let _controllers = harness.control();
    register(&harness, &extension).await;
    let (_, map) = harness.post("/api/v1/namespaces/default/configmaps", &json!({"metadata": {"name": "owner"}})).await;
    for index in 0..40 {
        let (code, made) = harness.post(&flunders("default"), &flunder(&format!("f{index}"), owner(&map, "v1", "ConfigMap"))).await;
        assert_eq!(code, 201, "{made}");
    }
    extension.answers.send_replace(false);
    // more deletions than the collector has workers, none of which is answered
    harness.delete("/api/v1/namespaces/default/configmaps/owner", "").await;
    tokio::time::timeout(std::time::Duration::from_secs(10), collected(&harness)).await.expect("others are collected");
    extension.answers.send_replace(true);
    let none = async || extension.harness.get(&flunders("default")).await.1["items"].as_array().is_some_and(Vec::is_empty);
    until("and these at last", none).await;
    // when it is not registered any more, nobody asks it
    harness.delete(&format!("{SERVICES}/{NAME}"), "").await;
    extension.answers.send_replace(false);
    assert_eq!(harness.post(NAMESPACES, &json!({"metadata": {"name": "three"}})).await.0, 201);
    harness.delete(&format!("{NAMESPACES}/three"), "").await;
    gone(&harness, &format!("{NAMESPACES}/three")).await;
}
