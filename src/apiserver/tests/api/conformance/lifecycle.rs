//! Every operation on every kind whose life conformance walks through: found in discovery, created, read, listed, watched, patched, updated, its status
//! likewise, deleted alone and together with others.

use serde_json::{Value, json};

use super::holds;
use crate::harness::{Harness, MERGE};

/// A kind: its group, version, plural and kind, an object without metadata, and two statuses to be seen in it.
struct Row {
    of: (&'static str, &'static str, &'static str, &'static str),
    namespaced: bool,
    object: Value,
    statuses: Option<[Value; 2]>,
}

/// Kinds whose status is written without their metadata.
const METADATA_KEPT: &[&str] = &["FlowSchema", "PriorityLevelConfiguration", "ValidatingAdmissionPolicy", "VolumeAttachment"];

fn condition(kind: &str) -> Value {
    json!({"conditions": [{"type": kind, "status": "True", "reason": "Walked", "message": "by a test", "lastTransitionTime": "2024-01-01T00:00:00Z"}]})
}

fn conditions() -> Option<[Value; 2]> {
    Some([condition("StatusPatched"), condition("StatusUpdated")])
}

fn rows() -> Vec<Row> {
    let spec = || json!({"containers": [{"name": "c", "image": "i"}]});
    let template = || json!({"metadata": {"labels": {"a": "b"}}, "spec": spec()});
    let selector = || json!({"matchLabels": {"a": "b"}});
    let job = |policy: &str| json!({"spec": {"restartPolicy": policy, "containers": [{"name": "c", "image": "i"}]}});
    let rules = || json!([{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}]);
    let claim = || json!({"devices": {"requests": [{"name": "r", "exactly": {"deviceClassName": "c"}}]}});
    let namespaced = |of, object, statuses| Row { of, namespaced: true, object, statuses };
    let cluster = |of, object, statuses| Row { of, namespaced: false, object, statuses };
    vec![
        namespaced(("", "v1", "configmaps", "ConfigMap"), json!({"data": {"a": "b"}}), None),
        namespaced(("", "v1", "secrets", "Secret"), json!({"data": {"a": "YQ=="}}), None),
        namespaced(("", "v1", "podtemplates", "PodTemplate"), json!({"template": template()}), None),
        namespaced(("", "v1", "serviceaccounts", "ServiceAccount"), json!({}), None),
        namespaced(("", "v1", "limitranges", "LimitRange"), json!({"spec": {"limits": [{"type": "Pod", "max": {"cpu": "9"}}]}}), None),
        namespaced(
            ("", "v1", "resourcequotas", "ResourceQuota"),
            json!({"spec": {"hard": {"secrets": "500"}}}),
            Some([json!({"hard": {"secrets": "500"}}), json!({"hard": {"secrets": "501"}})]),
        ),
        namespaced(
            ("", "v1", "endpoints", "Endpoints"),
            json!({"subsets": [{"addresses": [{"ip": "10.0.0.24"}], "ports": [{"name": "http", "port": 80}]}]}),
            None,
        ),
        namespaced(
            ("", "v1", "services", "Service"),
            json!({"spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}),
            Some([json!({"loadBalancer": {"ingress": [{"ip": "203.0.113.1"}]}}), condition("StatusUpdated")]),
        ),
        namespaced(
            ("", "v1", "replicationcontrollers", "ReplicationController"),
            json!({"spec": {"replicas": 0, "selector": {"a": "b"}, "template": template()}}),
            conditions(),
        ),
        namespaced(
            ("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
            json!({"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "x"}}),
            conditions(),
        ),
        cluster(
            ("", "v1", "persistentvolumes", "PersistentVolume"),
            json!({"spec": {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "csi": {"driver": "d", "volumeHandle": "h"}}}),
            Some([json!({"message": "patched", "reason": "Walk"}), json!({"message": "updated", "reason": "Walk"})]),
        ),
        cluster(("", "v1", "nodes", "Node"), json!({"spec": {}}), conditions()),
        namespaced(("apps", "v1", "controllerrevisions", "ControllerRevision"), json!({"revision": 1, "data": {"a": 1}}), None),
        namespaced(
            ("apps", "v1", "deployments", "Deployment"),
            json!({"spec": {"selector": selector(), "template": template()}}),
            conditions(),
        ),
        namespaced(
            ("apps", "v1", "replicasets", "ReplicaSet"),
            json!({"spec": {"selector": selector(), "template": template()}}),
            conditions(),
        ),
        namespaced(
            ("apps", "v1", "daemonsets", "DaemonSet"),
            json!({"spec": {"selector": selector(), "template": template()}}),
            conditions(),
        ),
        namespaced(
            ("apps", "v1", "statefulsets", "StatefulSet"),
            json!({"spec": {"serviceName": "s", "selector": selector(), "template": template()}}),
            conditions(),
        ),
        namespaced(("batch", "v1", "jobs", "Job"), json!({"spec": {"suspend": true, "template": job("Never")}}), conditions()),
        namespaced(
            ("batch", "v1", "cronjobs", "CronJob"),
            json!({"spec": {"schedule": "* */1 * * ?", "jobTemplate": {"spec": {"template": job("OnFailure")}}}}),
            Some([json!({"lastScheduleTime": "2024-01-01T00:00:00Z"}), json!({"lastScheduleTime": "2024-01-02T00:00:00Z"})]),
        ),
        namespaced(
            ("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
            json!({"spec": {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"}}}),
            Some([json!({"currentReplicas": 1, "desiredReplicas": 1}), json!({"currentReplicas": 2})]),
        ),
        namespaced(
            ("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),
            json!({"spec": {"minAvailable": 1, "selector": selector()}}),
            Some([json!({"currentHealthy": 5}), json!({"observedGeneration": 7})]),
        ),
        namespaced(("coordination.k8s.io", "v1", "leases", "Lease"), json!({"spec": {}}), None),
        namespaced(
            ("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
            json!({"addressType": "IPv4", "endpoints": [{"addresses": ["1.2.3.4", "5.6.7.8"]}]}),
            None,
        ),
        namespaced(
            ("networking.k8s.io", "v1", "ingresses", "Ingress"),
            json!({"spec": {"rules": [{"host": "a.example.com", "http": {"paths": [
                {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "s", "port": {"number": 8080}}}},
            ]}}]}}),
            Some([
                json!({"loadBalancer": {"ingress": [{"ip": "169.1.1.1"}]}}),
                json!({"loadBalancer": {"ingress": [{"ip": "169.1.1.2"}]}}),
            ]),
        ),
        cluster(("networking.k8s.io", "v1", "ingressclasses", "IngressClass"), json!({"spec": {"controller": "example.com/c"}}), None),
        namespaced(
            ("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"),
            json!({"spec": {"podSelector": {}, "egress": [{"ports": [{"protocol": "TCP", "port": 80}]}], "policyTypes": ["Ingress", "Egress"]}}),
            None,
        ),
        cluster(("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass"), json!({"handler": "h"}), None),
        cluster(("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass"), json!({"value": 1}), None),
        cluster(("storage.k8s.io", "v1", "csidrivers", "CSIDriver"), json!({"spec": {}}), None),
        cluster(("storage.k8s.io", "v1", "csinodes", "CSINode"), json!({"spec": {"drivers": []}}), None),
        cluster(("storage.k8s.io", "v1", "storageclasses", "StorageClass"), json!({"provisioner": "p"}), None),
        cluster(
            ("storage.k8s.io", "v1", "volumeattributesclasses", "VolumeAttributesClass"),
            json!({"driverName": "d", "parameters": {"a": "b"}}),
            None,
        ),
        namespaced(("storage.k8s.io", "v1", "csistoragecapacities", "CSIStorageCapacity"), json!({"storageClassName": "x"}), None),
        cluster(
            ("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment"),
            json!({"spec": {"attacher": "a", "nodeName": "n", "source": {"persistentVolumeName": "v"}}}),
            Some([json!({"attached": true}), json!({"attached": false})]),
        ),
        cluster(
            ("flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema"),
            json!({"spec": {"matchingPrecedence": 9999, "priorityLevelConfiguration": {"name": "global-default"}, "distinguisherMethod": {"type": "ByUser"},
                "rules": [{"subjects": [{"kind": "User", "user": {"name": "nobody"}}], "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}]}]}}),
            conditions(),
        ),
        cluster(
            ("flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration"),
            json!({"spec": {"type": "Limited", "limited": {"nominalConcurrencyShares": 2, "limitResponse": {"type": "Reject"}}}}),
            conditions(),
        ),
        cluster(
            ("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy"),
            json!({"spec": {"failurePolicy": "Ignore", "matchConstraints": {"resourceRules": rules()}, "validations": [{"expression": "object.spec.replicas <= 100"}]}}),
            conditions(),
        ),
        cluster(
            ("admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding"),
            json!({"spec": {"policyName": "p.example.com", "validationActions": ["Deny"]}}),
            None,
        ),
        cluster(
            ("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicies", "MutatingAdmissionPolicy"),
            json!({"spec": {"failurePolicy": "Ignore", "reinvocationPolicy": "Never", "matchConstraints": {"resourceRules": rules()},
                "mutations": [{"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": "Object{spec: Object.spec{replicas: 1}}"}}]}}),
            None,
        ),
        cluster(
            ("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding"),
            json!({"spec": {"policyName": "p.example.com"}}),
            None,
        ),
        cluster(("resource.k8s.io", "v1", "deviceclasses", "DeviceClass"), json!({"spec": {}}), None),
        namespaced(("resource.k8s.io", "v1", "resourceclaims", "ResourceClaim"), json!({"spec": claim()}), None),
        namespaced(("resource.k8s.io", "v1", "resourceclaimtemplates", "ResourceClaimTemplate"), json!({"spec": {"spec": claim()}}), None),
        cluster(
            ("resource.k8s.io", "v1", "resourceslices", "ResourceSlice"),
            json!({"spec": {"driver": "d.example.com", "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1}, "allNodes": true}}),
            None,
        ),
    ]
}

#[tokio::test]
async fn every_operation_works_on_every_kind() {
    let harness = Harness::new().await;
    for row in rows() {
        walk(&harness, &row).await;
    }
}

fn revision(object: &Value) -> u64 {
    object["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap()
}

async fn discovered(harness: &Harness, row: &Row) -> String {
    let (group, version, plural, kind) = row.of;
    let base = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    if !group.is_empty() {
        let (_, groups) = harness.get("/apis").await;
        assert!(holds(&groups["groups"], &json!([{"name": group, "versions": [{"version": version}]}])), "{group}/{version}");
        let (_, found) = harness.get(&format!("/apis/{group}")).await;
        assert!(holds(&found["versions"], &json!([{"version": version}])), "{found}");
    }
    let (_, resources) = harness.get(&base).await;
    let status = row.statuses.is_some().then(|| json!({"name": format!("{plural}/status"), "kind": kind}));
    for expected in [Some(json!({"name": plural, "kind": kind, "namespaced": row.namespaced})), status].into_iter().flatten() {
        assert!(holds(&resources["resources"], &json!([expected])), "{expected} in {resources}");
    }
    base
}

async fn walk(harness: &Harness, row: &Row) {
    let (_, _, plural, kind) = row.of;
    let base = discovered(harness, row).await;
    let all = format!("{base}{}/{plural}", if row.namespaced { "/namespaces/default" } else { "" });
    let selected = format!("{all}?labelSelector=walk%3D{plural}");
    let count = async |path: &str| harness.get(path).await.1["items"].as_array().map(Vec::len);

    let mut object = row.object.clone();
    object["metadata"] = json!({"generateName": "walk-", "labels": {"walk": plural}});
    let mut made = Value::Null;
    for _ in 0..3 {
        let (code, answer) = harness.post(&all, &object).await;
        assert_eq!(code, 201, "{kind}: {answer}");
        made = answer;
    }
    let path = format!("{all}/{}", made["metadata"]["name"].as_str().unwrap());
    let (code, read) = harness.get(&path).await;
    // others may write the status meanwhile
    assert_eq!((code, &read["metadata"]["uid"], &read["spec"]), (200, &made["metadata"]["uid"], &made["spec"]));
    assert_eq!(count(&selected).await, Some(3));
    assert_eq!(count(&format!("{base}/{plural}?labelSelector=walk%3D{plural}")).await, Some(3));

    let (_, list) = harness.get(&selected).await;
    let mut watch = harness.watch(&format!("{selected}&watch=true&resourceVersion={}", revision(&list))).await;
    let (code, patched) = harness.patch(&path, MERGE, &json!({"metadata": {"annotations": {"patched": "true"}}})).await;
    assert_eq!((code, &patched["metadata"]["annotations"]["patched"]), (200, &json!("true")), "{kind}: {patched}");
    assert!(revision(&patched) > revision(&made));
    let updated = update(harness, &path, |object| object["metadata"]["annotations"]["updated"] = "true".into()).await;
    assert_eq!(updated["metadata"]["annotations"]["updated"], "true", "{kind}: {updated}");
    let mut due = vec![&patched, &updated];
    while !due.is_empty() {
        // others may write the status meanwhile
        let event = watch.next().await.unwrap();
        assert_eq!((event["type"].as_str(), event["object"]["kind"].as_str()), (Some("MODIFIED"), Some(kind)));
        due.retain(|expected| event["object"] != **expected);
    }
    if let Some(statuses) = &row.statuses {
        walk_status(harness, &format!("{path}/status"), kind, statuses).await;
    }

    let (code, answer) = harness.delete(&path, r#"{"propagationPolicy": "Background"}"#).await;
    assert_eq!(code, 200, "{kind}: {answer}");
    // what protects an object from going would be taken away by a controller
    let (code, _) = harness.patch(&path, MERGE, &json!({"metadata": {"finalizers": null}})).await;
    assert!(matches!(code, 200 | 404), "{code}");
    assert_eq!(harness.get(&path).await.0, 404, "{kind}");
    assert_eq!(count(&selected).await, Some(2));
    let (code, answer) = harness.delete(&selected, "").await;
    assert_eq!(code, 200, "{kind}: {answer}");
    let (_, left) = harness.get(&selected).await;
    assert!(left["items"].as_array().unwrap().iter().all(|item| item["metadata"]["deletionTimestamp"].is_string()), "{left}");
}

/// Writes an object anew, as often as somebody else was faster.
async fn update(harness: &Harness, path: &str, change: impl Fn(&mut Value)) -> Value {
    loop {
        let (_, mut object) = harness.get(path).await;
        change(&mut object);
        match harness.put(path, &object).await {
            (200, updated) => return updated,
            (code, refused) => assert_eq!(code, 409, "{path}: {refused}"),
        }
    }
}

async fn walk_status(harness: &Harness, path: &str, kind: &str, [patched, updated]: &[Value; 2]) {
    let (code, read) = harness.get(path).await;
    assert_eq!((code, read["kind"].as_str()), (200, Some(kind)));
    let patch = json!({"metadata": {"annotations": {"patchedStatus": "true"}}, "status": patched});
    let (code, answer) = harness.patch(path, MERGE, &patch).await;
    assert!(code == 200 && holds(&answer["status"], patched), "{kind}: {answer}");
    let open = !METADATA_KEPT.contains(&kind);
    assert_eq!(answer["metadata"]["annotations"]["patchedStatus"] == "true", open, "{kind}");
    let answer = update(harness, path, |object| {
        for (name, value) in updated.as_object().unwrap() {
            object["status"][name] = value.clone();
        }
    })
    .await;
    assert!(holds(&answer["status"], updated), "{kind}: {answer}");
    assert!(revision(&answer) > revision(&read));
}
