//! The garbage collector and the end of namespaces, with the controllers of the cluster: what upstream's tests of both ask for.

use serde_json::{Value, json};

use super::{define_versions, holds, until};
use crate::harness::{Harness, MERGE};

const CORE: &str = "/api/v1/namespaces/default";
const STRATEGIC: &str = "application/strategic-merge-patch+json";

async fn controller(harness: &Harness, name: &str, replicas: u32) -> Value {
    harness.post(&format!("{CORE}/serviceaccounts"), &json!({"metadata": {"name": "default"}})).await;
    let template = json!({"metadata": {"labels": {"gc": name}},
        "spec": {"terminationGracePeriodSeconds": 0, "nodeSelector": {"none": "such"}, "containers": [{"name": "c", "image": "i"}]}});
    let object = json!({"metadata": {"name": name}, "spec": {"replicas": replicas, "selector": {"gc": name}, "template": template}});
    let (code, made) = harness.post(&format!("{CORE}/replicationcontrollers"), &object).await;
    assert_eq!(code, 201, "{made}");
    let path = format!("{CORE}/replicationcontrollers/{name}");
    until("the controller has its pods", async || harness.get(&path).await.1["status"]["replicas"] == replicas).await;
    made
}

async fn pods(harness: &Harness) -> Vec<Value> {
    harness.get(&format!("{CORE}/pods")).await.1["items"].as_array().cloned().unwrap_or_default()
}

fn options(object: &Value, policy: Option<&str>) -> String {
    let mut options = json!({"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": object["metadata"]["uid"]}});
    if let Some(policy) = policy {
        options["propagationPolicy"] = policy.into();
    }
    options.to_string()
}

async fn gone(harness: &Harness, path: &str) {
    until(&format!("{path} is gone"), async || harness.get(path).await.0 == 404).await;
}

#[tokio::test]
async fn what_a_replication_controller_owns_goes_or_is_set_free_as_the_options_say() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    for (name, policy, kept) in [
        ("default", None, true),
        ("orphan", Some("Orphan"), true),
        ("background", Some("Background"), false),
        ("foreground", Some("Foreground"), false),
    ] {
        let made = controller(&harness, name, 3).await;
        let path = format!("{CORE}/replicationcontrollers/{name}");
        let (code, answer) = harness.delete(&path, &options(&made, policy)).await;
        assert_eq!(code, 200, "{answer}");
        gone(&harness, &path).await;
        if policy == Some("Foreground") {
            assert!(pods(&harness).await.is_empty(), "an owner that waits goes last");
        }
        if kept {
            let free = async || {
                let pods = pods(&harness).await;
                pods.len() == 3 && pods.iter().all(|pod| pod["metadata"]["ownerReferences"].is_null())
            };
            until("the pods are free", free).await;
            harness.delete(&format!("{CORE}/pods"), "").await;
        }
        until("the pods are gone", async || pods(&harness).await.is_empty()).await;
    }
}

#[tokio::test]
async fn what_has_another_owner_stays() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    let going = controller(&harness, "to-be-deleted", 4).await;
    let staying = controller(&harness, "to-stay", 0).await;
    let owner = json!({"apiVersion": "v1", "kind": "ReplicationController", "name": "to-stay", "uid": staying["metadata"]["uid"]});
    for pod in &pods(&harness).await[..2] {
        let path = format!("{CORE}/pods/{}", pod["metadata"]["name"].as_str().unwrap());
        let (code, answer) = harness.patch(&path, STRATEGIC, &json!({"metadata": {"ownerReferences": [owner]}})).await;
        assert_eq!((code, answer["metadata"]["ownerReferences"].as_array().map(Vec::len)), (200, Some(2)));
    }
    let path = format!("{CORE}/replicationcontrollers/to-be-deleted");
    assert_eq!(harness.delete(&path, &options(&going, Some("Foreground"))).await.0, 200);
    gone(&harness, &path).await;
    let left = pods(&harness).await;
    assert_eq!(left.len(), 2);
    for pod in left {
        assert_eq!((&pod["metadata"]["deletionTimestamp"], &pod["metadata"]["ownerReferences"]), (&Value::Null, &json!([owner])));
    }
}

#[tokio::test]
async fn a_circle_of_owners_holds_nothing_up() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    harness.post(&format!("{CORE}/serviceaccounts"), &json!({"metadata": {"name": "default"}})).await;
    let mut made = Vec::new();
    for name in ["pod1", "pod2", "pod3"] {
        let pod =
            json!({"metadata": {"name": name}, "spec": {"terminationGracePeriodSeconds": 0, "containers": [{"name": "c", "image": "i"}]}});
        made.push(harness.post(&format!("{CORE}/pods"), &pod).await.1);
    }
    for (index, name) in ["pod1", "pod2", "pod3"].into_iter().enumerate() {
        let owner = &made[(index + 2) % 3]["metadata"];
        let reference = json!({"apiVersion": "v1", "kind": "Pod", "name": owner["name"], "uid": owner["uid"], "controller": true, "blockOwnerDeletion": true});
        let (code, _) =
            harness.patch(&format!("{CORE}/pods/{name}"), STRATEGIC, &json!({"metadata": {"ownerReferences": [reference]}})).await;
        assert_eq!(code, 200);
    }
    assert_eq!(harness.delete(&format!("{CORE}/pods/pod1"), &options(&made[0], Some("Foreground"))).await.0, 200);
    until("all of them are gone", async || pods(&harness).await.is_empty()).await;
}

#[tokio::test]
async fn custom_resources_are_collected_and_set_free() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    define_versions(&harness, ("walk.example.com", "things", "Thing"), "Cluster", &json!({"type": "object"}), &["v1", "v2"]).await;
    let things = "/apis/walk.example.com/v1/things";
    for (policy, kept) in [("Background", false), ("Orphan", true)] {
        let thing = |metadata: Value| json!({"apiVersion": "walk.example.com/v1", "kind": "Thing", "metadata": metadata});
        let (_, owner) = harness.post(things, &thing(json!({"name": "owner"}))).await;
        let reference = json!({"uid": owner["metadata"]["uid"], "apiVersion": "walk.example.com/v1", "kind": "Thing", "name": "owner"});
        let (code, made) = harness.post(things, &thing(json!({"name": "dependent", "ownerReferences": [reference]}))).await;
        assert_eq!(code, 201, "{made}");
        assert_eq!(harness.delete(&format!("{things}/owner"), &json!({"propagationPolicy": policy}).to_string()).await.0, 200);
        gone(&harness, &format!("{things}/owner")).await;
        if kept {
            assert_eq!(harness.get(&format!("{things}/dependent")).await.1["metadata"]["ownerReferences"], Value::Null);
            harness.delete(&format!("{things}/dependent"), "").await;
        }
        gone(&harness, &format!("{things}/dependent")).await;
    }
}

#[tokio::test]
async fn a_namespace_goes_with_all_that_is_in_it_pods_first() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    define_versions(&harness, ("walk.example.com", "things", "Thing"), "Namespaced", &json!({"type": "object"}), &["v1"]).await;
    let namespaces = "/api/v1/namespaces";
    assert_eq!(harness.post(namespaces, &json!({"metadata": {"name": "walked"}})).await.0, 201);
    let inside = format!("{namespaces}/walked");
    until("the account is there", async || harness.get(&format!("{inside}/serviceaccounts/default")).await.0 == 200).await;
    let finalizers = json!(["e2e.example.com/finalizer"]);
    let pod = json!({"metadata": {"name": "p", "finalizers": finalizers}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    assert_eq!(harness.post(&format!("{inside}/pods"), &pod).await.0, 201);
    let map = json!({"metadata": {"name": "m", "finalizers": finalizers}});
    assert_eq!(harness.post(&format!("{inside}/configmaps"), &map).await.0, 201);
    let thing = json!({"apiVersion": "walk.example.com/v1", "kind": "Thing", "metadata": {"name": "t"}});
    assert_eq!(harness.post("/apis/walk.example.com/v1/namespaces/walked/things", &thing).await.0, 201);
    let (code, going) = harness.delete(&inside, "").await;
    assert_eq!((code, &going["status"]["phase"]), (200, &json!("Terminating")));
    let told = async |expected: &Value| {
        let says = async || holds(&harness.get(&inside).await.1["status"]["conditions"], &json!([expected]));
        until(&expected.to_string(), says).await;
    };
    told(&json!({"type": "NamespaceContentRemaining", "status": "True", "message": "Some resources are remaining: pods. has 1 resource instances"})).await;
    told(&json!({"type": "NamespaceFinalizersRemaining", "status": "True",
        "message": "Some content in the namespace has finalizers remaining: e2e.example.com/finalizer in 1 resource instances"}))
    .await;
    assert_eq!(harness.get(&format!("{inside}/configmaps/m")).await.1["metadata"]["deletionTimestamp"], Value::Null);
    let (code, refused) = harness.post(&format!("{inside}/configmaps"), &json!({"metadata": {"name": "late"}})).await;
    assert_eq!((code, &refused["details"]["causes"][0]["reason"]), (403, &json!("NamespaceTerminating")));
    let free = json!({"metadata": {"finalizers": null}});
    assert_eq!(harness.patch(&format!("{inside}/pods/p"), MERGE, &free).await.0, 200);
    told(&json!({"type": "NamespaceContentRemaining", "message": "Some resources are remaining: configmaps. has 1 resource instances"}))
        .await;
    assert_eq!(harness.patch(&format!("{inside}/configmaps/m"), MERGE, &free).await.0, 200);
    gone(&harness, &inside).await;
}

#[tokio::test]
async fn a_namespace_is_held_by_finalizers_of_others() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    let namespaces = "/api/v1/namespaces";
    let (_, mut made) = harness.post(namespaces, &json!({"metadata": {"name": "held"}})).await;
    made["spec"]["finalizers"] = json!(["kubernetes", "e2e.example.com/fakeFinalizer"]);
    let (code, held) = harness.put(&format!("{namespaces}/held/finalize"), &made).await;
    assert_eq!((code, &held["spec"]["finalizers"]), (200, &json!(["kubernetes", "e2e.example.com/fakeFinalizer"])));
    assert_eq!(harness.delete(&format!("{namespaces}/held"), "").await.0, 200);
    let path = format!("{namespaces}/held");
    until("its own is off", async || harness.get(&path).await.1["spec"]["finalizers"] == json!(["e2e.example.com/fakeFinalizer"])).await;
    let (_, mut last) = harness.get(&path).await;
    last["spec"]["finalizers"] = json!([]);
    assert_eq!(harness.put(&format!("{path}/finalize"), &last).await.0, 200);
    gone(&harness, &path).await;
}

#[tokio::test]
async fn a_namespace_and_its_status_are_patched_and_updated() {
    let harness = Harness::new().await;
    let path = "/api/v1/namespaces/walked";
    assert_eq!(harness.post("/api/v1/namespaces", &json!({"metadata": {"name": "walked"}})).await.0, 201);
    let (code, patched) = harness.patch(path, STRATEGIC, &json!({"metadata": {"labels": {"testLabel": "testValue"}}})).await;
    assert_eq!((code, &patched["metadata"]["labels"]["testLabel"]), (200, &json!("testValue")));
    let condition = |kind: &str| json!({"type": kind, "status": "True", "reason": "E2E", "message": "Set by an e2e test"});
    let status = format!("{path}/status");
    let patch =
        json!({"metadata": {"annotations": {"e2e-patched-ns-status": "walked"}}, "status": {"conditions": [condition("StatusPatch")]}});
    let (code, patched) = harness.patch(&status, MERGE, &patch).await;
    assert_eq!((code, &patched["metadata"]["annotations"]["e2e-patched-ns-status"]), (200, &json!("walked")), "{patched}");
    assert!(holds(&patched["status"], &json!({"phase": "Active", "conditions": [condition("StatusPatch")]})));
    let mut read = harness.get(path).await.1;
    read["status"]["conditions"].as_array_mut().unwrap().push(condition("StatusUpdate"));
    let (code, updated) = harness.put(&status, &read).await;
    assert_eq!(code, 200, "{updated}");
    assert!(holds(&updated["status"]["conditions"], &json!([condition("StatusPatch"), condition("StatusUpdate")])));
}

#[tokio::test]
async fn a_claim_gets_the_default_class_that_comes_later() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    let claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    let claim =
        json!({"metadata": {"name": "c"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}});
    assert_eq!(harness.post(claims, &claim).await.0, 201);
    let events = async |reason: &str| {
        let (_, list) = harness.get(&format!("/api/v1/namespaces/default/events?fieldSelector=reason%3D{reason}")).await;
        list["items"].as_array().is_some_and(|items| !items.is_empty())
    };
    until("it is told that there is none", async || events("FailedBinding").await).await;
    let class = json!({"metadata": {"name": "late", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}, "provisioner": "example.com/p"});
    assert_eq!(harness.post("/apis/storage.k8s.io/v1/storageclasses", &class).await.0, 201);
    let path = format!("{claims}/c");
    until("it has the class", async || harness.get(&path).await.1["spec"]["storageClassName"] == "late").await;
    let asked = json!({"volume.kubernetes.io/storage-provisioner": "example.com/p", "volume.beta.kubernetes.io/storage-provisioner": "example.com/p"});
    until("a volume is asked for", async || holds(&harness.get(&path).await.1["metadata"]["annotations"], &asked)).await;
    until("and waited for", async || events("ExternalProvisioning").await).await;
}
