//! Quotas that count themselves, and what the server tells of flow control.

use serde_json::{Value, json};

use super::{define_versions, holds, until};
use crate::harness::{Harness, MERGE};

#[tokio::test]
async fn a_quota_that_counts_quotas_can_be_deleted() {
    let harness = Harness::new().await;
    let path = "/api/v1/namespaces/default/resourcequotas";
    let quota = |name: &str| json!({"metadata": {"name": name}, "spec": {"hard": {"resourcequotas": "1"}}});
    assert_eq!(harness.post(path, &quota("one")).await.0, 201);
    let counted = json!({"status": {"hard": {"resourcequotas": "1"}, "used": {"resourcequotas": "1"}}});
    assert_eq!(harness.patch(&format!("{path}/one/status"), MERGE, &counted).await.0, 200);
    assert_eq!(harness.post(path, &quota("two")).await.0, 403);
    let (code, answer) = harness.delete(&format!("{path}/one"), "").await;
    assert_eq!(code, 200, "{answer}");
    assert_eq!(harness.post(path, &quota("two")).await.0, 201);
    assert_eq!(harness.delete(path, "").await.0, 200);
}

#[tokio::test]
async fn a_flow_schema_tells_whether_its_level_is_there() {
    let harness = Harness::new().await;
    let base = "/apis/flowcontrol.apiserver.k8s.io/v1";
    let schema = format!("{base}/flowschemas/walk");
    let told = async |expected: &Value| {
        let says = async || holds(&harness.get(&schema).await.1["status"]["conditions"], &json!([expected]));
        until("the condition is told", says).await;
    };
    let object = json!({"metadata": {"name": "walk"}, "spec": {
        "matchingPrecedence": 1000, "priorityLevelConfiguration": {"name": "walk"}, "distinguisherMethod": {"type": "ByUser"},
        "rules": [{"subjects": [{"kind": "User", "user": {"name": "walker"}}], "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}]}],
    }});
    assert_eq!(harness.post(&format!("{base}/flowschemas"), &object).await.0, 201);
    let words = "This FlowSchema references the PriorityLevelConfiguration object named \"walk\"";
    told(&json!({"type": "Dangling", "status": "True", "reason": "NotFound", "message": format!("{words} but there is no such object")}))
        .await;
    let level = json!({"metadata": {"name": "walk"}, "spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": 1, "limitResponse": {"type": "Reject"}}}});
    assert_eq!(harness.post(&format!("{base}/prioritylevelconfigurations"), &level).await.0, 201);
    told(&json!({"type": "Dangling", "status": "False", "reason": "Found", "message": format!("{words} and it exists")})).await;
    // those that every cluster has are told of as well
    let all = async || {
        let (_, list) = harness.get(&format!("{base}/flowschemas")).await;
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|schema| holds(&schema["status"], &json!({"conditions": [{"type": "Dangling", "status": "False"}]})))
    };
    until("all are told of", all).await;
}

#[tokio::test]
async fn health_tells_of_the_parts_of_a_start_under_their_names() {
    let harness = Harness::new().await;
    for (path, more) in [("/healthz", &[][..]), ("/livez", &[]), ("/readyz", &["informer-sync", "etcd-readiness", "shutdown"])] {
        let (code, text) = harness.get(&format!("{path}?verbose=1")).await;
        assert_eq!(code, 200);
        let lines: Vec<&str> = text.as_str().unwrap().lines().collect();
        let hooks =
            ["crd-informer-synced", "start-apiextensions-controllers", "apiservice-registration-controller", "rbac/bootstrap-roles"];
        let hooks = hooks.iter().map(|name| format!("poststarthook/{name}"));
        for name in ["ping", "log", "etcd", "autoregister-completion"].iter().chain(more).map(ToString::to_string).chain(hooks) {
            assert!(lines.contains(&format!("[+]{name} ok").as_str()), "{name} in {text}");
        }
    }
}

const QUOTAS: &str = "/api/v1/namespaces/default/resourcequotas";

/// Waits until so much is used of a quota.
async fn used(harness: &Harness, name: &str, expected: Value) {
    let path = format!("{QUOTAS}/{name}");
    let is = async || holds(&harness.get(&path).await.1["status"]["used"], &expected);
    until(&format!("{name} {expected}"), is).await;
}

async fn limit(harness: &Harness, name: &str, spec: Value) {
    let (code, made) = harness.post(QUOTAS, &json!({"metadata": {"name": name}, "spec": spec})).await;
    assert_eq!(code, 201, "{made}");
}

#[tokio::test]
async fn a_quota_captures_the_life_of_what_it_counts() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    define_versions(&harness, ("walk.example.com", "things", "Thing"), "Namespaced", &json!({"type": "object"}), &["v1"]).await;
    let hard = json!({
        "pods": "5", "services": "10", "services.nodeports": "1", "services.loadbalancers": "1", "replicationcontrollers": "10", "resourcequotas": "1",
        "configmaps": "10", "persistentvolumeclaims": "10", "requests.storage": "10Gi", "gold.storageclass.storage.k8s.io/persistentvolumeclaims": "10",
        "gold.storageclass.storage.k8s.io/requests.storage": "10Gi", "count/replicasets.apps": "5", "count/things.walk.example.com": "1",
        "count/resourceclaims.resource.k8s.io": "1", "gold.deviceclass.resource.k8s.io/devices": "1",
    });
    limit(&harness, "test-quota", json!({"hard": hard})).await;
    let zero = json!({"resourcequotas": "1", "count/things.walk.example.com": "0", "gold.deviceclass.resource.k8s.io/devices": "0", "requests.storage": "0"});
    used(&harness, "test-quota", zero.clone()).await;

    let core = "/api/v1/namespaces/default";
    let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let claim = json!({"devices": {"requests": [{"name": "req-0", "exactly": {"deviceClassName": "gold"}}]}});
    let volume = json!({"storageClassName": "gold", "accessModes": ["ReadWriteOnce", "ReadOnlyMany"], "resources": {"requests": {"storage": "1Gi"}}});
    let walks = [
        (
            format!("{core}/services"),
            json!({"spec": {"type": "NodePort", "ports": [{"port": 80}]}}),
            json!({"services.nodeports": "1"}),
            None,
        ),
        (
            format!("{core}/replicationcontrollers"),
            json!({"spec": {"replicas": 0, "selector": {"a": "b"}, "template": template}}),
            json!({"replicationcontrollers": "1"}),
            None,
        ),
        (
            "/apis/apps/v1/namespaces/default/replicasets".to_owned(),
            json!({"spec": {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "template": template}}),
            json!({"count/replicasets.apps": "1"}),
            None,
        ),
        (
            format!("{core}/persistentvolumeclaims"),
            json!({"spec": volume}),
            json!({"persistentvolumeclaims": "1", "requests.storage": "1Gi", "gold.storageclass.storage.k8s.io/persistentvolumeclaims": "1",
                "gold.storageclass.storage.k8s.io/requests.storage": "1Gi"}),
            None,
        ),
        (
            "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims".to_owned(),
            json!({"spec": claim}),
            json!({"count/resourceclaims.resource.k8s.io": "1", "gold.deviceclass.resource.k8s.io/devices": "1"}),
            Some(
                "exceeded quota: test-quota, requested: count/resourceclaims.resource.k8s.io=1,gold.deviceclass.resource.k8s.io/devices=1",
            ),
        ),
        (
            "/apis/walk.example.com/v1/namespaces/default/things".to_owned(),
            json!({"apiVersion": "walk.example.com/v1", "kind": "Thing"}),
            json!({"count/things.walk.example.com": "1"}),
            Some(
                "exceeded quota: test-quota, requested: count/things.walk.example.com=1, used: count/things.walk.example.com=1, limited: count/things.walk.example.com=1",
            ),
        ),
    ];
    for (path, object, expected, refused) in walks {
        let named = |name: &str| {
            let mut object = object.clone();
            object["metadata"] = json!({"name": name});
            object
        };
        let (code, made) = harness.post(&path, &named("one")).await;
        assert_eq!(code, 201, "{made}");
        used(&harness, "test-quota", expected.clone()).await;
        if let Some(words) = refused {
            let (code, answer) = harness.post(&path, &named("two")).await;
            assert_eq!(code, 403, "{answer}");
            assert!(answer["message"].as_str().unwrap().contains(words), "{answer}");
        }
        let (code, answer) = harness.delete(&format!("{path}/one"), &json!({"propagationPolicy": "Background"}).to_string()).await;
        assert_eq!(code, 200, "{answer}");
        let none: serde_json::Map<String, Value> = expected.as_object().unwrap().keys().map(|name| (name.clone(), json!("0"))).collect();
        used(&harness, "test-quota", none.into()).await;
    }
    let balancer = json!({"metadata": {"name": "lb"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], "allocateLoadBalancerNodePorts": true}});
    let node_port = json!({"metadata": {"name": "np"}, "spec": {"type": "NodePort", "ports": [{"port": 80}]}});
    assert_eq!(harness.post(&format!("{core}/services"), &node_port).await.0, 201);
    assert_eq!(harness.post(&format!("{core}/services"), &balancer).await.0, 403);
}

#[tokio::test]
async fn a_limit_for_what_is_not_served_yet_is_counted_when_it_is() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    limit(&harness, "early", json!({"hard": {"count/things.walk.example.com": "1", "pods": "1"}})).await;
    used(&harness, "early", json!({"pods": "0"})).await;
    define_versions(&harness, ("walk.example.com", "things", "Thing"), "Namespaced", &json!({"type": "object"}), &["v1"]).await;
    used(&harness, "early", json!({"count/things.walk.example.com": "0"})).await;
}

#[tokio::test]
async fn a_claim_counts_in_each_quota_of_its_volume_attributes_classes() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    let claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    for class in ["gold", "silver"] {
        let selector = json!({"matchExpressions": [{"scopeName": "VolumeAttributesClass", "operator": "In", "values": [class]}]});
        limit(&harness, class, json!({"hard": {"requests.storage": "5Gi", "persistentvolumeclaims": "1"}, "scopeSelector": selector}))
            .await;
        used(&harness, class, json!({"persistentvolumeclaims": "0"})).await;
    }
    let claim = |name: &str| {
        json!({"metadata": {"name": name}, "spec": {"storageClassName": "", "volumeName": "v", "volumeAttributesClassName": "gold",
            "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}})
    };
    assert_eq!(harness.post(claims, &claim("one")).await.0, 201);
    used(&harness, "gold", json!({"persistentvolumeclaims": "1", "requests.storage": "1Gi"})).await;
    assert_eq!(harness.post(claims, &claim("two")).await.0, 403);
    let volume = json!({"metadata": {"name": "v"}, "spec": {"storageClassName": "", "volumeAttributesClassName": "gold", "persistentVolumeReclaimPolicy": "Delete",
        "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "csi": {"driver": "fake.csi.k8s.io", "volumeHandle": "volume-handle"},
        "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": "default", "name": "one"}}});
    let (code, answer) = harness.post("/api/v1/persistentvolumes", &volume).await;
    assert_eq!(code, 201, "{answer}");
    let bound = json!({"phase": "Bound", "currentVolumeAttributesClassName": "gold", "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"]});
    until("the claim is bound", async || holds(&harness.get(&format!("{claims}/one")).await.1["status"], &bound)).await;
    let (_, told) = harness.get("/api/v1/persistentvolumes/v").await;
    assert!(holds(&told["spec"]["claimRef"], &json!({"name": "one", "kind": "PersistentVolumeClaim", "apiVersion": "v1"})));
    let (code, answer) = harness.patch(&format!("{claims}/one"), MERGE, &json!({"spec": {"volumeAttributesClassName": "silver"}})).await;
    assert_eq!(code, 200, "{answer}");
    used(&harness, "silver", json!({"persistentvolumeclaims": "1", "requests.storage": "1Gi"})).await;
    used(&harness, "gold", json!({"persistentvolumeclaims": "1", "requests.storage": "1Gi"})).await;
    let moved = json!({"status": {"currentVolumeAttributesClassName": "silver"}});
    assert_eq!(harness.patch(&format!("{claims}/one/status"), MERGE, &moved).await.0, 200);
    used(&harness, "gold", json!({"persistentvolumeclaims": "0", "requests.storage": "0"})).await;
    used(&harness, "silver", json!({"persistentvolumeclaims": "1"})).await;
}

#[tokio::test]
async fn a_pod_counts_in_the_quotas_of_its_scopes() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    let core = "/api/v1/namespaces/default";
    harness.post(&format!("{core}/serviceaccounts"), &json!({"metadata": {"name": "default"}})).await;
    let class = json!({"metadata": {"name": "pclass"}, "value": 1000});
    assert_eq!(harness.post("/apis/scheduling.k8s.io/v1/priorityclasses", &class).await.0, 201);
    let selected = |scope: &str, operator: &str, values: Value, hard: Value| json!({"hard": hard, "scopeSelector": {"matchExpressions": [{"scopeName": scope, "operator": operator, "values": values}]}});
    let compute = json!({"pods": "1", "requests.cpu": "1", "requests.memory": "500Mi", "limits.cpu": "2", "limits.memory": "1Gi"});
    for (name, scope) in [("terminating", "Terminating"), ("not-terminating", "NotTerminating")] {
        limit(&harness, name, selected(scope, "Exists", json!([]), compute.clone())).await;
    }
    let five = json!({"pods": "5"});
    limit(&harness, "besteffort", json!({"hard": five, "scopes": ["BestEffort"]})).await;
    limit(&harness, "class-in", selected("PriorityClass", "In", json!(["pclass"]), five.clone())).await;
    limit(&harness, "class-not-in", selected("PriorityClass", "NotIn", json!(["pclass"]), five.clone())).await;
    limit(&harness, "class-exists", selected("PriorityClass", "Exists", json!([]), five.clone())).await;
    limit(&harness, "affinity", selected("CrossNamespacePodAffinity", "Exists", json!([]), five)).await;
    let all = ["terminating", "not-terminating", "besteffort", "class-in", "class-not-in", "class-exists", "affinity"];
    let each = async |counts: [&str; 7]| {
        for (name, count) in all.into_iter().zip(counts) {
            used(&harness, name, json!({"pods": count})).await;
        }
    };
    each(["0"; 7]).await;
    let resources = json!({"requests": {"cpu": "500m", "memory": "200Mi"}, "limits": {"cpu": "1", "memory": "400Mi"}});
    let pod = |name: &str, more: Value| {
        let mut spec = json!({"nodeSelector": {"x-test.k8s.io/unsatisfiable": "not-schedulable"}, "containers": [{"name": "pause", "image": "i", "resources": resources}]});
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"metadata": {"name": name}, "spec": spec})
    };
    let pods = format!("{core}/pods");
    let create = async |pod: Value| harness.post(&pods, &pod).await.0;
    assert_eq!(create(pod("test-pod", json!({}))).await, 201);
    each(["0", "1", "0", "0", "1", "0", "0"]).await;
    used(&harness, "not-terminating", json!({"requests.cpu": "500m", "limits.memory": "400Mi"})).await;
    // the same pod with a deadline
    let (code, answer) = harness.patch(&format!("{pods}/test-pod"), MERGE, &json!({"spec": {"activeDeadlineSeconds": 3600}})).await;
    assert_eq!(code, 200, "{answer}");
    assert_eq!(create(pod("terminating-pod", json!({"activeDeadlineSeconds": 3600}))).await, 403);
    each(["1", "0", "0", "0", "1", "0", "0"]).await;
    used(&harness, "terminating", json!({"requests.cpu": "500m", "limits.memory": "400Mi"})).await;
    let now = json!({"gracePeriodSeconds": 0}).to_string();
    assert_eq!(harness.delete(&format!("{pods}/test-pod"), &now).await.0, 200);
    each(["0"; 7]).await;
    assert_eq!(create(pod("classy", json!({"priorityClassName": "pclass"}))).await, 201);
    each(["0", "1", "0", "1", "0", "1", "0"]).await;
    harness.delete(&format!("{pods}/classy"), &now).await;
    let near = |more: Value| {
        let mut term = json!({"topologyKey": "region"});
        term.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}})
    };
    for (name, more, count) in
        [("none", json!({}), "0"), ("names", json!({"namespaces": ["ns1"]}), "1"), ("selector", json!({"namespaceSelector": {}}), "1")]
    {
        assert_eq!(create(pod(name, near(more))).await, 201);
        used(&harness, "affinity", json!({"pods": count})).await;
        harness.delete(&format!("{pods}/{name}"), &now).await;
    }
    // a pod that says nothing of what it needs is not let in where some quota wants to know
    assert_eq!(create(pod("silent", json!({"containers": [{"name": "pause", "image": "i"}]}))).await, 403);
    for name in ["terminating", "not-terminating"] {
        harness.delete(&format!("{QUOTAS}/{name}"), "").await;
    }
    assert_eq!(create(pod("silent", json!({"containers": [{"name": "pause", "image": "i"}]}))).await, 201);
    used(&harness, "besteffort", json!({"pods": "1"})).await;
}

#[tokio::test]
async fn limits_that_somebody_wrote_into_the_status_are_put_right() {
    let harness = Harness::new().await;
    let _controllers = harness.control();
    limit(&harness, "q", json!({"hard": {"cpu": "500m", "memory": "500Mi"}})).await;
    used(&harness, "q", json!({"cpu": "0"})).await;
    let path = format!("{QUOTAS}/q");
    let written = json!({"status": {"hard": {"cpu": "2", "memory": "2Gi"}}});
    let (code, answer) = harness.patch(&format!("{path}/status"), MERGE, &written).await;
    assert_eq!((code, &answer["status"]["hard"]["cpu"], &answer["spec"]["hard"]["cpu"]), (200, &json!("2"), &json!("500m")));
    let put_right = async || harness.get(&path).await.1["status"]["hard"] == json!({"cpu": "500m", "memory": "500Mi"});
    until("the limits are those of the specification", put_right).await;
}
