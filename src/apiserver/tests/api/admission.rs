//! What admission adds and refuses, and how quotas count.

use apiserver::UserInfo;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Harness, JSON, config_map};

const PODS: &str = "/api/v1/namespaces/default/pods";
const QUOTAS: &str = "/api/v1/namespaces/default/resourcequotas";

pub fn pod(name: &str, container: &Value) -> Value {
    let mut container = container.clone();
    container["name"] = "c".into();
    container["image"] = "i".into();
    json!({"metadata": {"name": name}, "spec": {"containers": [container]}})
}

async fn ready() -> Harness {
    let harness = Harness::new().await;
    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    harness
}

/// A quota whose limits have been taken note of, as its controller does.
async fn quota(harness: &Harness, name: &str, hard: &Value, used: &Value) {
    let (code, mut created) = harness.post(QUOTAS, &json!({"metadata": {"name": name}, "spec": {"hard": hard}})).await;
    assert_eq!(code, 201, "{created}");
    created["status"] = json!({"hard": hard, "used": used});
    let (code, answer) = harness.put(&format!("{QUOTAS}/{name}/status"), &created).await;
    assert_eq!(code, 200, "{answer}");
}

async fn used(harness: &Harness, name: &str) -> Value {
    harness.get(&format!("{QUOTAS}/{name}")).await.1["status"]["used"].clone()
}

#[tokio::test]
async fn what_is_used_of_storage_is_protected() {
    let harness = ready().await;
    let spec = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}});
    let path = "/api/v1/namespaces/default/persistentvolumeclaims";
    let (code, claim) = harness.post(path, &json!({"metadata": {"name": "c"}, "spec": spec})).await;
    assert_eq!((code, &claim["metadata"]["finalizers"]), (201, &json!(["kubernetes.io/pvc-protection"])));
    let (_, gone) = harness.delete(&format!("{path}/c"), "").await;
    assert!(gone["metadata"]["deletionTimestamp"].is_string(), "{gone}");
    let volume = json!({"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "csi": {"driver": "d", "volumeHandle": "h"}});
    let (_, volume) = harness.post("/api/v1/persistentvolumes", &json!({"metadata": {"name": "v"}, "spec": volume})).await;
    assert_eq!(volume["metadata"]["finalizers"], json!(["kubernetes.io/pv-protection"]));
}

#[tokio::test]
async fn a_quota_is_exact_whoever_writes_at_once() {
    let harness = ready().await;
    quota(&harness, "q", &json!({"configmaps": "10", "count/configmaps": "20"}), &json!({"configmaps": "0", "count/configmaps": "0"}))
        .await;
    let create = |number: usize| {
        let harness = &harness;
        async move { harness.post("/api/v1/namespaces/default/configmaps", &config_map(&format!("m{number}"), &json!({}))).await }
    };
    let answers = futures::future::join_all((0..50).map(create)).await;
    let created = answers.iter().filter(|(code, _)| *code == 201).count();
    assert_eq!(created, 10);
    let (_, refused) = answers.iter().find(|(code, _)| *code == 403).unwrap();
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.ends_with("is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=10, limited: configmaps=10"),
        "{message}"
    );
    assert_eq!(used(&harness, "q").await, json!({"configmaps": "10", "count/configmaps": "10"}));
    // a write that fails charges nothing, and what goes is free at once
    let (_, list) = harness.get("/api/v1/namespaces/default/configmaps").await;
    let names: Vec<&str> = list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap()).collect();
    let delete = |name: String| {
        let harness = &harness;
        async move { harness.delete(&format!("/api/v1/namespaces/default/configmaps/{name}"), "").await.0 }
    };
    let codes = futures::future::join_all(names[..4].iter().map(|name| delete((*name).to_owned()))).await;
    assert_eq!(codes, [200; 4]);
    assert_eq!(harness.post("/api/v1/namespaces/default/configmaps", &config_map(names[5], &json!({}))).await.0, 409);
    assert_eq!(used(&harness, "q").await, json!({"configmaps": "6", "count/configmaps": "6"}));
    let dry = harness.post("/api/v1/namespaces/default/configmaps?dryRun=All", &config_map("dry", &json!({}))).await;
    assert_eq!(dry.0, 201);
    assert_eq!(used(&harness, "q").await["configmaps"], "6");
}

#[tokio::test]
async fn quotas_of_compute_want_to_be_told() {
    let harness = ready().await;
    quota(
        &harness,
        "compute",
        &json!({"limits.cpu": "2", "requests.memory": "1Gi", "pods": "2"}),
        &json!({"limits.cpu": "0", "requests.memory": "0", "pods": "0"}),
    )
    .await;
    let refused = async |pod: Value, why: &str| {
        let (code, answer) = harness.post(PODS, &pod).await;
        assert_eq!((code, answer["message"].as_str().unwrap()), (403, format!("pods \"p\" is forbidden: {why}").as_str()));
    };
    refused(pod("p", &json!({})), "failed quota: compute: must specify limits.cpu for: c; requests.memory for: c").await;
    let asks = |cpu: &str| json!({"resources": {"limits": {"cpu": cpu}, "requests": {"memory": "100Mi"}}});
    refused(pod("p", &asks("3")), "exceeded quota: compute, requested: limits.cpu=3, used: limits.cpu=0, limited: limits.cpu=2").await;
    assert_eq!(harness.post(PODS, &pod("p", &asks("2"))).await.0, 201);
    assert_eq!(used(&harness, "compute").await, json!({"limits.cpu": "2", "requests.memory": "100Mi", "pods": "1"}));
    // a pod that has ended uses nothing
    let (_, mut ended) = harness.get(&format!("{PODS}/p")).await;
    ended["status"]["phase"] = "Succeeded".into();
    assert_eq!(harness.put(&format!("{PODS}/p/status"), &ended).await.0, 200);
    assert_eq!(used(&harness, "compute").await, json!({"limits.cpu": "0", "requests.memory": "0", "pods": "0"}));
    harness.post(QUOTAS, &json!({"metadata": {"name": "new"}, "spec": {"hard": {"services": "1"}}})).await;
    let service = json!({"metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}});
    assert_eq!(harness.post("/api/v1/namespaces/default/services", &service).await.0, 201, "limits that nobody has noted yet do not count");
}

#[tokio::test]
async fn limit_ranges_fill_in_and_bound() {
    let harness = ready().await;
    let range = json!({"metadata": {"name": "l"}, "spec": {"limits": [{"type": "Container", "default": {"cpu": "500m"}, "defaultRequest": {"cpu": "100m"}, "max": {"cpu": "1"}}]}});
    assert_eq!(harness.post("/api/v1/namespaces/default/limitranges", &range).await.0, 201);
    let (code, made) = harness.post(PODS, &pod("p", &json!({}))).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["spec"]["containers"][0]["resources"], json!({"limits": {"cpu": "500m"}, "requests": {"cpu": "100m"}}));
    assert_eq!(
        made["metadata"]["annotations"]["kubernetes.io/limit-ranger"],
        "LimitRanger plugin set: cpu request for container c; cpu limit for container c"
    );
    let (code, refused) = harness.post(PODS, &pod("q", &json!({"resources": {"limits": {"cpu": "2"}}}))).await;
    assert_eq!(code, 403);
    assert_eq!(refused["message"], "pods \"q\" is forbidden: maximum cpu usage per Container is 1, but limit is 2");
}

#[tokio::test]
async fn pod_security_refuses_pods_and_warns_of_what_makes_them() {
    let harness = ready().await;
    let labels = json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "baseline"}}});
    assert_eq!(harness.patch("/api/v1/namespaces/default", "application/merge-patch+json", &labels).await.0, 200);
    let mut bad = pod("p", &json!({}));
    bad["spec"]["hostNetwork"] = true.into();
    let (code, refused) = harness.post(PODS, &bad).await;
    assert_eq!(code, 403);
    assert_eq!(refused["message"], "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)");
    let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": bad["spec"]});
    let deployment = json!({"metadata": {"name": "d"}, "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template}});
    let (code, warnings) = harness.warned(Method::POST, "/apis/apps/v1/namespaces/default/deployments", &deployment).await;
    assert_eq!(code, 201);
    assert_eq!(warnings, ["299 - \"would violate PodSecurity \\\"baseline:latest\\\": host namespaces (hostNetwork=true)\""]);
    assert_eq!(harness.post(PODS, &pod("plain", &json!({}))).await.0, 201);
    let stricter = json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}});
    let (code, warnings) = harness.warned_patch("/api/v1/namespaces/default", &stricter).await;
    assert_eq!(code, 200);
    assert_eq!(
        warnings,
        [
            "299 - \"existing pods in namespace \\\"default\\\" violate the new PodSecurity enforce level \\\"restricted:latest\\\"\"",
            "299 - \"plain: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile\""
        ]
    );
    let wrong = json!({"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "most"}}});
    let (code, refused) = harness.patch("/api/v1/namespaces/default", "application/merge-patch+json", &wrong).await;
    assert_eq!(code, 422);
    assert_eq!(
        refused["message"],
        "Namespace \"default\" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"most\": must be one of privileged, baseline, restricted"
    );
}

#[tokio::test]
async fn only_who_may_speak_for_a_signer_approves() {
    let harness = Harness::new().await;
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, "jane");
    params.distinguished_name.push(rcgen::DnType::OrganizationName, "system:masters");
    let pem = params.serialize_request(&key).unwrap().pem().unwrap();
    let encoded = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(pem)
    };
    let request = |signer: &str| json!({"metadata": {"name": "r"}, "spec": {"request": encoded, "signerName": signer, "usages": ["client auth"], "username": "somebody"}});
    let path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    let (code, refused) = harness.post(path, &request("kubernetes.io/kube-apiserver-client")).await;
    assert_eq!(code, 403);
    assert_eq!(
        refused["message"],
        "certificatesigningrequests.certificates.k8s.io \"r\" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed"
    );
    let (code, made) = harness.post(path, &request("example.com/x")).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["spec"]["username"], "kubernetes-admin", "who asks is not for the author to say");
    let role = json!({"metadata": {"name": "csr"}, "rules": [{"apiGroups": ["certificates.k8s.io"], "resources": ["*"], "verbs": ["get", "update"]}]});
    harness.post("/apis/rbac.authorization.k8s.io/v1/clusterroles", &role).await;
    let binding = json!({"metadata": {"name": "csr"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "csr"},
        "subjects": [{"kind": "User", "name": "jane", "apiGroup": "rbac.authorization.k8s.io"}]});
    harness.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", &binding).await;
    let mut approved = made.clone();
    approved["status"]["conditions"] = json!([{"type": "Approved", "status": "True", "reason": "x"}]);
    let (code, refused) =
        harness.call_as(UserInfo::new("jane", &[]), Method::PUT, &format!("{path}/r/approval"), JSON, &approved.to_string()).await;
    assert_eq!(code, 403);
    assert_eq!(
        refused["message"],
        "certificatesigningrequests.certificates.k8s.io \"r\" is forbidden: user not permitted to approve requests with signerName \"example.com/x\""
    );
    assert_eq!(harness.put(&format!("{path}/r/approval"), &approved).await.0, 200);
}
