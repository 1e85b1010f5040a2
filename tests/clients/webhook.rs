//! An admission webhook that runs as a pod of the cluster and is reached through its Service, over TLS with a certificate of its own authority: what a user of the real kubectl
//! sees of it. Skipped where kubectl is missing.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use testkit::images::{self, Contents};
use testkit::{Namespace, real_client, wait_until};

/// Certificate of the authority, certificate and key for a name, as PEM.
fn certificates(name: &str) -> (String, String, String) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    (authority.pem(), certificate.pem(), key.serialize_pem())
}

const POD: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: hook, labels: {app: hook}}
spec:
  terminationGracePeriodSeconds: 1
  volumes: [{name: tls, secret: {secretName: hook}}, {name: program, configMap: {name: hook}}]
  containers:
  - name: hook
    image: python:test
    imagePullPolicy: Never
    command: [python3, /program/webhook.py, /tls/tls.crt, /tls/tls.key]
    volumeMounts: [{name: tls, mountPath: /tls}, {name: program, mountPath: /program}]
    readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 1}
"#;

/// A configuration of either kind, for config maps of one namespace.
fn configuration(kind: &str, namespace: &str, path: &str, authority: &str) -> String {
    let webhook = serde_json::json!({
        "name": format!("{path}.example.com"),
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "failurePolicy": "Fail",
        "timeoutSeconds": 30,
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["configmaps"]}],
        "clientConfig": {"caBundle": authority, "service": {"namespace": namespace, "name": "hook", "path": format!("/{path}")}},
    });
    let name = format!("{path}.example.com");
    serde_json::json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": {"name": name}, "webhooks": [webhook]})
        .to_string()
}

#[test]
fn a_webhook_in_a_pod() {
    if real_client("kubectl").is_none() {
        return;
    }
    let namespace = crate::shared::namespace("webhook");
    images::add(namespace.cluster, Contents::Python, &["python:test"]);
    let (authority, certificate, key) = certificates(&format!("hook.{}.svc", namespace.name));
    let folder = namespace.cluster.dir();
    for (name, text) in [("hook.crt", &certificate), ("hook.key", &key), ("hook.ca", &authority)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let encoded = namespace.cluster.inside(&format!("base64 -w0 {}", folder.join("hook.ca").display())).ok();
    namespace.kubectl("create secret tls hook --cert=hook.crt --key=hook.key").ok();
    let program = crate::repository("tests/clients/webhook.py");
    namespace.kubectl(&format!("create configmap hook --from-file={}", program.display())).ok();
    namespace.cluster.kubectl_with(&format!("-n {} apply -f -", namespace.name), POD).ok();
    namespace.kubectl("expose pod hook --port=443 --target-port=8443").ok();
    namespace.ready("hook");
    for (kind, path) in [("ValidatingWebhookConfiguration", "validate"), ("MutatingWebhookConfiguration", "mutate")] {
        let configuration = configuration(kind, &namespace.name, path, &encoded);
        namespace.cluster.kubectl_with("apply -f -", &configuration).ok();
    }
    check(&namespace);
    for kind in ["validatingwebhookconfiguration/validate.example.com", "mutatingwebhookconfiguration/mutate.example.com"] {
        namespace.kubectl(&format!("delete {kind}")).ok();
    }
}

fn check(namespace: &Namespace<'_>) {
    let manifest = |name: &str, labels: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, labels: {labels}}}\n");
    let create =
        |name: &str, labels: &str| namespace.cluster.kubectl_with(&format!("-n {} create -f -", namespace.name), &manifest(name, labels));
    // New configurations and endpoints are known after a moment.
    wait_until("the webhooks are called", || {
        let outcome = namespace.kubectl("create configmap probe --dry-run=server -o 'jsonpath={.metadata.annotations.seen}'");
        if outcome.stdout == "CREATE" { Ok(()) } else { Err(outcome.to_string()) }
    });
    let denied = "Error from server: error when creating \"STDIN\": admission webhook \"mutate.example.com\" denied the request: ConfigMap unwanted is not wanted by kubernetes-admin\n";
    assert_eq!(create("unwanted", "{forbidden: 'yes'}").failed(1), denied);
    let odd = create("odd", "{odd: 'yes'}");
    assert_eq!((odd.code, odd.stdout.as_str()), (0, "configmap/odd created\n"), "{odd}");
    assert_eq!(odd.stderr, "Warning: CREATE of something odd\n");
    let labelled = namespace.kubectl("label configmap odd forbidden=yes").failed(1);
    assert!(
        labelled.contains("Error from server: admission webhook \"mutate.example.com\" denied the request: ConfigMap odd is not wanted"),
        "{labelled}"
    );
    assert_eq!(namespace.kubectl("get configmap odd -o 'jsonpath={.metadata.annotations.seen}'").ok(), "CREATE");
    // Without its pod nothing passes that it is to judge, and all else does.
    namespace.kubectl("delete pod hook").ok();
    wait_until("the webhook is missed", || {
        let outcome = namespace.kubectl("create configmap late --dry-run=server");
        let expected = "error: failed to create configmap: Internal error occurred: failed calling webhook \"mutate.example.com\": failed to call webhook: Post \"https://hook.webhook.svc:443/mutate?timeout=30s\": ";
        if outcome.code == 1 && outcome.stderr.starts_with(expected) { Ok(()) } else { Err(outcome.to_string()) }
    });
    assert_eq!(namespace.kubectl("create serviceaccount other").ok(), "serviceaccount/other created\n");
}
