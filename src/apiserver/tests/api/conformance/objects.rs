//! Single steps of upstream's tests of objects that nothing else here takes: what is asked of one kind alone.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use apiserver::UserInfo;
use apiserver::authn::Peer;

use super::holds;
use crate::harness::{Harness, MERGE, read};

const CORE: &str = "/api/v1/namespaces/default";
const STRATEGIC: &str = "application/strategic-merge-patch+json";

/// Times before our era's first minute are over, with microseconds.
#[tokio::test]
async fn a_lease_keeps_its_times() {
    let harness = Harness::new().await;
    let leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    let spec = |seconds: u32, transitions: u32| {
        json!({"holderIdentity": "h", "leaseDurationSeconds": 30, "acquireTime": format!("0001-01-01T00:00:{seconds:02}.000000Z"),
            "renewTime": format!("0001-01-01T00:00:{:02}.000000Z", seconds + 3), "leaseTransitions": transitions})
    };
    let (code, mut lease) = harness.post(leases, &json!({"metadata": {"name": "lease"}, "spec": spec(2, 0)})).await;
    assert_eq!((code, &lease["spec"]), (201, &spec(2, 0)));
    lease["spec"] = spec(20, 1);
    assert_eq!(harness.put(&format!("{leases}/lease"), &lease).await.1["spec"], spec(20, 1));
    let (code, patched) = harness.patch(&format!("{leases}/lease"), STRATEGIC, &json!({"spec": spec(50, 2)})).await;
    assert_eq!((code, &patched["spec"]), (200, &spec(50, 2)));
}

/// Whom somebody acts as is told as the headers say it, in their order.
#[tokio::test]
async fn a_review_tells_who_is_acted_as() {
    let harness = Harness::new().await;
    let review = async |groups: &[&str]| {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri("/apis/authentication.k8s.io/v1/selfsubjectreviews")
            .header("content-type", "application/json")
            .header("impersonate-user", "jane-doe")
            .header("impersonate-uid", "uniq-id")
            .header("impersonate-extra-known-languages", "python")
            .header("impersonate-extra-known-languages", "javascript");
        for group in groups {
            request = request.header("impersonate-group", *group);
        }
        let peer = Peer::Internal(std::sync::Arc::new(UserInfo::administrator()));
        read(harness.raw(peer, request.body(Body::from("{}")).unwrap()).await).await
    };
    for (groups, expected) in [
        (&["system:authenticated", "developers"][..], ["system:authenticated", "developers"]),
        (&["developers"], ["developers", "system:authenticated"]),
    ] {
        let user =
            json!({"username": "jane-doe", "uid": "uniq-id", "groups": expected, "extra": {"known-languages": ["python", "javascript"]}});
        let (code, review) = review(groups).await;
        assert_eq!((code, &review["status"]["userInfo"]), (201, &user));
    }
    // nobody who is known is asked about what they are
    assert_eq!(review(&["system:unauthenticated"]).await.0, 403);
}

#[tokio::test]
async fn addresses_and_ranges_of_services_are_objects() {
    let harness = Harness::new().await;
    let base = "/apis/networking.k8s.io/v1";
    let (code, range) = harness.get(&format!("{base}/servicecidrs/kubernetes")).await;
    assert_eq!(code, 200);
    let (code, status) = harness.get(&format!("{base}/servicecidrs/kubernetes/status")).await;
    assert_eq!((code, &status["kind"], &status["metadata"]["uid"]), (200, &json!("ServiceCIDR"), &range["metadata"]["uid"]));
    let addresses = format!("{base}/ipaddresses");
    let parent = json!({"group": "mygroup", "resource": "myresources", "namespace": "foo", "name": "bar"});
    let address = |name: &str, kind: &str| json!({"metadata": {"name": name, "labels": {"type": kind}}, "spec": {"parentRef": parent}});
    for (name, kind) in [("255.255.255.255", "broadcast"), ("fe80::42:1dff:fe84:f9e2", "link-local")] {
        let (code, made) = harness.post(&addresses, &address(name, kind)).await;
        assert_eq!((code, &made["spec"]["parentRef"]), (201, &parent), "{made}");
    }
    let path = format!("{addresses}/255.255.255.255");
    let (_, mut patched) = harness.patch(&path, MERGE, &json!({"metadata": {"annotations": {"patched": "true"}}})).await;
    patched["metadata"]["annotations"]["updated"] = "true".into();
    let (code, updated) = harness.put(&path, &patched).await;
    assert_eq!((code, &updated["metadata"]["annotations"]), (200, &json!({"patched": "true", "updated": "true"})));
    let count =
        async |kind: &str| harness.get(&format!("{addresses}?labelSelector=type%3D{kind}")).await.1["items"].as_array().unwrap().len();
    assert_eq!(count("broadcast").await, 1);
    assert_eq!(harness.delete(&path, "").await.0, 200);
    assert_eq!(harness.delete(&format!("{addresses}?labelSelector=type%3Dlink-local"), "").await.0, 200);
    assert_eq!((count("broadcast").await, count("link-local").await), (0, 0));
}

/// A client that marshals whole objects sends what it has not set too.
#[tokio::test]
async fn patches_carry_what_their_author_left_empty() {
    let harness = Harness::new().await;
    harness.post(&format!("{CORE}/serviceaccounts"), &json!({"metadata": {"name": "default", "labels": {"static": "true"}}})).await;
    let patch = json!({"metadata": {"creationTimestamp": null}, "automountServiceAccountToken": false});
    let (code, account) = harness.patch(&format!("{CORE}/serviceaccounts/default"), STRATEGIC, &patch).await;
    assert_eq!((code, &account["automountServiceAccountToken"]), (200, &json!(false)));
    assert!(account["metadata"]["creationTimestamp"].is_string(), "{account}");

    let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let set = json!({"metadata": {"name": "rs"}, "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": template}});
    let sets = "/apis/apps/v1/namespaces/default/replicasets";
    assert_eq!(harness.post(sets, &set).await.0, 201);
    let scale = json!({"metadata": {"creationTimestamp": null}, "spec": {"replicas": 4}, "status": {"replicas": 0}});
    let (code, scaled) = harness.patch(&format!("{sets}/rs/scale"), STRATEGIC, &scale).await;
    assert_eq!((code, &scaled["spec"]["replicas"]), (200, &json!(4)));
    let whole = json!({"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": {"name": "rs", "namespace": "default"}, "spec": {"replicas": 2}});
    assert_eq!(harness.put(&format!("{sets}/rs/scale"), &whole).await.1["spec"]["replicas"], 2);
    let status = json!({"status": {"conditions": [{"type": "StatusPatched", "status": "True"}]}});
    let (code, patched) = harness.patch(&format!("{sets}/rs/status"), MERGE, &status).await;
    assert_eq!((code, &patched["status"]["conditions"]), (200, &status["status"]["conditions"]));
    assert_eq!(patched["spec"]["replicas"], 2);

    let controllers = format!("{CORE}/replicationcontrollers");
    let made = json!({"metadata": {"name": "rc"}, "spec": {"replicas": 0, "selector": {"a": "b"}, "template": template}});
    assert_eq!(harness.post(&controllers, &made).await.0, 201);
    let counts = json!({"status": {"readyReplicas": 0, "availableReplicas": 0}});
    assert_eq!(harness.patch(&format!("{controllers}/rc/status"), STRATEGIC, &counts).await.0, 200);
    assert_eq!(
        harness.patch(&format!("{controllers}/rc/scale"), STRATEGIC, &json!({"spec": {"replicas": 2}})).await.1["spec"]["replicas"],
        2
    );
}

#[tokio::test]
async fn a_pod_is_patched_and_its_status_too() {
    let harness = Harness::new().await;
    harness.post(&format!("{CORE}/serviceaccounts"), &json!({"metadata": {"name": "default"}})).await;
    let volumes = json!([{"name": "v1", "csi": {"driver": "e2e.example.com"}}, {"name": "v2", "csi": {"driver": "e2e.example.com", "fsType": "ext4", "readOnly": true}}]);
    let mounts = json!([{"name": "v1", "mountPath": "/mnt/1"}, {"name": "v2", "mountPath": "/mnt/2"}]);
    let container = json!({"name": "pod-test", "image": "one", "volumeMounts": mounts});
    let spec = json!({"terminationGracePeriodSeconds": 1, "containers": [container], "volumes": volumes});
    let (code, made) =
        harness.post(&format!("{CORE}/pods"), &json!({"metadata": {"name": "pod-test", "labels": {"static": "true"}}, "spec": spec})).await;
    assert_eq!(code, 201, "{made}");
    assert!(holds(&made["spec"]["volumes"], &volumes), "{made}");
    let path = format!("{CORE}/pods/pod-test");
    let patch = json!({
        "metadata": {"creationTimestamp": null, "labels": {"test-pod": "patched"}}, "status": {},
        "spec": {"terminationGracePeriodSeconds": 1, "containers": [{"name": "pod-test", "image": "two", "resources": {}}]},
    });
    let (code, patched) = harness.patch(&path, STRATEGIC, &patch).await;
    assert_eq!((code, &patched["spec"]["containers"][0]["image"]), (200, &json!("two")), "{patched}");
    assert_eq!(patched["metadata"]["labels"], json!({"static": "true", "test-pod": "patched"}));

    let patch =
        json!({"metadata": {"annotations": {"patchedstatus": "true"}}, "status": {"message": "Patched by e2e test", "reason": "E2E"}});
    let (code, patched) = harness.patch(&format!("{path}/status"), MERGE, &patch).await;
    assert_eq!(
        (code, &patched["metadata"]["annotations"]["patchedstatus"], &patched["status"]["reason"]),
        (200, &json!("true"), &json!("E2E"))
    );
    let (_, mut whole) = harness.get(&format!("{path}/status")).await;
    whole["status"]["conditions"] = json!([{"type": "Ready", "status": "False"}, {"type": "ContainersReady", "status": "False"}]);
    let (code, written) = harness.put(&format!("{path}/status"), &whole).await;
    assert_eq!((code, written["status"]["conditions"].as_array().map(Vec::len)), (200, Some(2)));
    let (code, _) = harness.delete(&format!("{CORE}/pods?labelSelector=static%3Dtrue"), r#"{"gracePeriodSeconds": 1}"#).await;
    assert_eq!((code, harness.get(&path).await.0), (200, 404));
}

/// Limits of a container have no key to be merged by: a patch brings all of them.
#[tokio::test]
async fn a_limit_range_is_patched_as_a_whole() {
    let harness = Harness::new().await;
    let amounts = |cpu: &str, memory: &str, storage: &str| json!({"cpu": cpu, "memory": memory, "ephemeral-storage": storage});
    let limits = |min: Value| {
        json!([{"type": "Container", "min": min, "max": amounts("500m", "500Mi", "500Gi"), "default": amounts("500m", "500Mi", "500Gi"),
            "defaultRequest": amounts("100m", "200Mi", "200Gi")}])
    };
    let ranges = format!("{CORE}/limitranges");
    let range =
        json!({"metadata": {"name": "r", "labels": {"walk": "created"}}, "spec": {"limits": limits(amounts("50m", "100Mi", "100Gi"))}});
    let (code, made) = harness.post(&ranges, &range).await;
    assert_eq!((code, &made["spec"]["limits"]), (201, &range["spec"]["limits"]));
    let least = limits(amounts("9m", "49Mi", "49Gi"));
    let patch = json!({"metadata": {"creationTimestamp": made["metadata"]["creationTimestamp"], "labels": {"walk": "patched"}}, "spec": {"limits": least}});
    let (code, patched) = harness.patch(&format!("{ranges}/r"), STRATEGIC, &patch).await;
    assert_eq!((code, &patched["spec"]["limits"], &patched["metadata"]["labels"]["walk"]), (200, &least, &json!("patched")));
    assert_eq!(harness.delete(&format!("{ranges}?labelSelector=walk%3Dpatched"), "").await.0, 200);
    assert_eq!(harness.get("/api/v1/limitranges?labelSelector=walk").await.1["items"], json!([]));
}

/// Requests for certificates are told apart by who is to sign them.
#[tokio::test]
async fn objects_are_deleted_together_by_their_fields() {
    let harness = Harness::new().await;
    let requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    let pem = super::subresources::certificate_request();
    for signer in ["example.com/a", "example.com/a", "example.com/b"] {
        let spec = json!({"request": pem, "signerName": signer, "usages": ["digital signature", "key encipherment", "server auth"]});
        assert_eq!(harness.post(requests, &json!({"metadata": {"generateName": "e2e-example-csr-"}, "spec": spec})).await.0, 201);
    }
    let count = async |selector: &str| harness.get(&format!("{requests}{selector}")).await.1["items"].as_array().unwrap().len();
    let selector = "?fieldSelector=spec.signerName%3Dexample.com%2Fa";
    assert_eq!((count("").await, count(selector).await), (3, 2));
    assert_eq!(harness.delete(&format!("{requests}{selector}"), "").await.0, 200);
    assert_eq!((count("").await, count(selector).await), (1, 0));
}

/// A condition that says nothing of when it came has no time, whoever the type demands one of.
#[tokio::test]
async fn conditions_may_come_without_a_time() {
    let harness = Harness::new().await;
    let service = json!({"metadata": {"name": "s"}, "spec": {"type": "LoadBalancer", "loadBalancerClass": "example.com/internal-vip", "ports": [{"port": 80}]}});
    let (code, made) = harness.post(&format!("{CORE}/services"), &service).await;
    assert_eq!(code, 201, "{made}");
    let path = format!("{CORE}/services/s/status");
    let balancer = json!({"ingress": [{"ip": "203.0.113.1"}]});
    let patch = json!({"metadata": {"annotations": {"patchedstatus": "true"}}, "status": {"loadBalancer": balancer}});
    let (code, mut patched) = harness.patch(&path, MERGE, &patch).await;
    assert_eq!((code, &patched["metadata"]["annotations"]["patchedstatus"]), (200, &json!("true")));
    assert_eq!(patched["status"]["loadBalancer"]["ingress"][0]["ip"], "203.0.113.1");
    let condition =
        json!({"type": "StatusUpdate", "status": "True", "lastTransitionTime": null, "reason": "E2E", "message": "Set from e2e test"});
    patched["status"]["conditions"] = json!([condition]);
    let (code, updated) = harness.put(&path, &patched).await;
    assert_eq!((code, &updated["status"]["conditions"]), (200, &json!([condition])));
    let short = json!({"status": {"conditions": [{"type": "StatusPatched", "status": "True"}]}});
    let (code, patched) = harness.patch(&path, MERGE, &short).await;
    let filled = json!([{"type": "StatusPatched", "status": "True", "lastTransitionTime": null, "reason": "", "message": ""}]);
    assert_eq!((code, &patched["status"]["conditions"]), (200, &filled));
    assert_eq!(harness.get(&path).await.1["status"]["conditions"], filled);
}
