//! What controllers do without being asked: what is used stays, what may be approved is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// A claim that a pod on a node uses goes when the pod has gone.
#[test]
fn a_claim_stays_while_a_pod_uses_it() {
    let namespace = crate::shared::namespace("upkeep-claim");
    let manifest = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec:\n  accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: user}\nspec:\n  nodeName: node1\n  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n  containers: [{name: main, image: 'busybox:1.35', command: [sleep, '3600']}]\n";
    namespace.k_with("apply -f -", manifest).ok();
    assert_eq!(namespace.k("get pvc data -o jsonpath={.metadata.finalizers}").ok(), "[\"kubernetes.io/pvc-protection\"]");
    namespace.k("delete pvc data --wait=false").ok();
    namespace.wait_for("get pvc data", |text| text.contains("Terminating"));
    namespace.k("delete pod user --grace-period=0 --force").ok();
    namespace.wait_for("get pvc --ignore-not-found", str::is_empty);
}

/// A range is ready and protected, and its deletion waits for the addresses that are given out of it.
#[test]
fn a_range_of_addresses_stays_while_a_service_needs_it() {
    let namespace = crate::shared::namespace("upkeep-range");
    let condition = "-o jsonpath={.status.conditions[0].message}";
    namespace.wait_for(&format!("get servicecidr kubernetes {condition}"), |text| text == "Kubernetes Service CIDR is ready");
    let manifest = "apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: {name: upkeep}\nspec: {cidrs: [10.201.0.0/24]}\n";
    namespace.k_with("apply -f -", manifest).ok();
    namespace.wait_for("get servicecidr upkeep -o jsonpath={.metadata.finalizers}", |text| text.contains("service-cidr-finalizer"));
    namespace.k("create service clusterip far --tcp=80 --clusterip=10.201.0.7").ok();
    assert_eq!(namespace.k("get ipaddress 10.201.0.7 -o jsonpath={.spec.parentRef.name}").ok(), "far");
    namespace.k("delete servicecidr upkeep --wait=false").ok();
    namespace.wait_for(&format!("get servicecidr upkeep {condition}"), |text| text.starts_with("There are still IPAddresses"));
    namespace.k("delete service far").ok();
    namespace.wait_for("get servicecidr upkeep --ignore-not-found", str::is_empty);
}

/// A kubelet's request for a client certificate is approved where its author may have one, and signed.
#[test]
fn a_kubelet_gets_its_certificate() {
    let namespace = crate::shared::namespace("upkeep-certificate");
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, "system:node:upkeep");
    params.distinguished_name.push(rcgen::DnType::OrganizationName, "system:nodes");
    let pem = params.serialize_request(&rcgen::KeyPair::generate().unwrap()).unwrap().pem().unwrap();
    let request = |name: &str| {
        let spec = json!({"request": STANDARD.encode(&pem), "signerName": "kubernetes.io/kube-apiserver-client-kubelet",
            "usages": ["client auth", "digital signature"]});
        let object =
            json!({"apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest", "metadata": {"name": name}, "spec": spec});
        namespace.k_with("create -f - --as=system:node:upkeep --as-group=system:nodes", &object.to_string()).ok();
    };
    request("upkeep-early");
    let role = "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient";
    namespace.k(&format!("create clusterrolebinding upkeep-renewal --clusterrole={role} --user=system:node:upkeep")).ok();
    request("upkeep");
    let message = "get csr upkeep -o jsonpath={.status.conditions[*].message}";
    let own = "Auto approving self kubelet client certificate after SubjectAccessReview.";
    namespace.wait_for(message, |text| text == own);
    namespace.wait_for("get csr upkeep -o jsonpath={.status.certificate}", |text| !text.is_empty());
    // the other was asked for before its author had the right
    assert_eq!(namespace.k("get csr upkeep-early -o jsonpath={.status}").ok(), "{}");
    namespace.k("delete csr upkeep upkeep-early").ok();
    namespace.k("delete clusterrolebinding upkeep-renewal").ok();
}
