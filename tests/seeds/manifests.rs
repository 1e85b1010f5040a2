//! Manifests as people write them, each brought to the state that it should reach.

use testkit::{Namespace, wait_until};

fn apply(namespace: &Namespace<'_>, file: &str) {
    namespace.k(&format!("apply -f {}", crate::repository("tests/seeds").join(file).display())).ok();
}

fn logs(namespace: &Namespace<'_>, pod: &str, part: &str) {
    namespace.wait_for(&format!("logs {pod}"), |text| text.contains(part));
}

/// A server's answer, asked at its pod's address.
fn answers(namespace: &Namespace<'_>, pod: &str) {
    let address = namespace.k(&format!("get pod {pod} -o jsonpath={{.status.podIP}}")).ok();
    wait_until(&format!("an answer of {pod}"), || {
        let outcome = namespace.cluster.inside(&format!("curl -sS --max-time 5 http://{address}/"));
        if outcome.stdout.contains("Welcome to nginx!") { Ok(()) } else { Err(outcome.to_string()) }
    });
}

#[test]
fn pods_of_one_container() {
    let namespace = crate::shared::namespace("seed-pods");
    for file in ["01-nginx-pod.yaml", "06-command-args.yaml", "07-fortune-env.yaml", "08-simple-pod.yaml"] {
        apply(&namespace, file);
    }
    for pod in ["my-nginx-pod", "nys", "fortune-env", "simple-pod"] {
        namespace.ready(pod);
    }
    answers(&namespace, "my-nginx-pod");
    answers(&namespace, "simple-pod");
    logs(&namespace, "nys", "arguments: arg1 arg2 arg3\n");
    logs(&namespace, "fortune-env", "every 30\n");
}

#[test]
fn containers_before_the_container() {
    let namespace = crate::shared::namespace("seed-init");
    apply(&namespace, "09-simple-init-pod.yaml");
    namespace.ready("simple-pod");
    assert_eq!(namespace.k("logs simple-pod -c init-a-service").ok(), "init a service\n");
    assert_eq!(namespace.k("logs simple-pod -c init-db").ok(), "init db\n");
    logs(&namespace, "simple-pod", "init app running\n");
    let path = "{.status.initContainerStatuses[*].state.terminated.reason}";
    assert_eq!(namespace.k(&format!("get pod simple-pod -o jsonpath={path}")).ok(), "Completed Completed");
}

#[test]
fn variables_from_fields_and_resources() {
    let namespace = crate::shared::namespace("seed-all");
    apply(&namespace, "10-simple-all-pod.yaml");
    namespace.ready("simple-pod");
    let address = namespace.k("get pod simple-pod -o jsonpath={.status.podIP}").ok();
    let text = namespace.k("exec simple-pod -- env").ok();
    // Fractions of a processor are rounded up to whole ones without a divisor.
    for line in ["E1=v1", "HOSTNAME=node1", "POD_NAME=simple-pod", &format!("POD_IP={address}"), "CPU_REQUEST=1", "CPU_LIMIT=1"] {
        assert!(text.lines().any(|seen| seen == line), "{line} is not in\n{text}");
    }
    assert_eq!(namespace.k("get pod simple-pod -o jsonpath={.status.qosClass}").ok(), "Burstable");
}

#[test]
fn a_deployment_with_a_change_cause() {
    let namespace = crate::shared::namespace("seed-deployment");
    apply(&namespace, "11-nginx-deployment.yaml");
    namespace.k("rollout status deployment/nginx-deployment --timeout=100s").ok();
    let history = namespace.k("rollout history deployment/nginx-deployment").ok();
    assert_eq!(history, "deployment.apps/nginx-deployment \nREVISION  CHANGE-CAUSE\n1         nginx:1.7.9\n\n");
    assert_eq!(namespace.k("get deployment nginx-deployment -o jsonpath={.status.readyReplicas}").ok(), "3");
}

#[test]
fn a_pod_waits_for_a_node_with_its_label() {
    let namespace = crate::shared::namespace("seed-selector");
    apply(&namespace, "12-node-selector-pod.yaml");
    let path = r#"{.status.conditions[?(@.type=="PodScheduled")].message}"#;
    let message = namespace.wait_for(&format!("get pod nginx -o 'jsonpath={path}'"), |text| !text.is_empty());
    assert!(message.starts_with("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."), "{message}");
    namespace.k("label node node1 disktype=ssd").ok();
    namespace.ready("nginx");
    namespace.k("label node node1 disktype-").ok();
}

#[test]
fn volumes_shared_and_of_the_host() {
    let namespace = crate::shared::namespace("seed-volumes");
    apply(&namespace, "15-shared-volumes.yaml");
    apply(&namespace, "16-hostpath.yaml");
    namespace.ready("shared-volumes");
    namespace.k("exec shared-volumes -c redis -- sh -c 'echo shared > /data/shared/file'").ok();
    assert_eq!(namespace.k("exec shared-volumes -c nginx -- cat /data/shared/file").ok(), "shared\n");
    namespace.ready("hostpath");
    let name = format!("{}-hostpath", namespace.cluster.name());
    std::fs::write(std::path::Path::new("/tmp").join(&name), "of the host\n").unwrap();
    let seen = namespace.k(&format!("exec hostpath -- cat /data/shared/{name}"));
    std::fs::remove_file(std::path::Path::new("/tmp").join(&name)).unwrap();
    assert_eq!(seen.ok(), "of the host\n");
}

#[test]
fn configuration_and_secrets() {
    // The manifest names the namespace default.
    let cluster = crate::shared::cluster();
    let namespace = Namespace { cluster, name: "default".to_owned() };
    apply(&namespace, "19-configmaps.yaml");
    apply(&namespace, "20-configmap-pod.yaml");
    logs(&namespace, "dapi-test-pod", "SPECIAL_LEVEL_KEY=very\n");
    logs(&namespace, "dapi-test-pod", "LOG_LEVEL=INFO\n");
    apply(&namespace, "21-secret-pod.yaml");
    namespace.ready("mypod");
    assert_eq!(namespace.k("exec mypod -- cat /etc/foo/username").ok(), "admin");
    assert_eq!(namespace.k("exec mypod -- cat /etc/foo/password").ok(), "1f2d1e2e67df");
    assert_ne!(namespace.k("exec mypod -- sh -c 'echo x > /etc/foo/x'").code, 0, "the volume is read-only");
    apply(&namespace, "28-customer1-configmap.yaml");
    assert_eq!(namespace.k("get configmap customer1 -o jsonpath={.data.TEXT2}").ok(), "Welcomes You");
    let files = ["19-configmaps.yaml", "20-configmap-pod.yaml", "21-secret-pod.yaml", "28-customer1-configmap.yaml"];
    for file in files {
        namespace.k(&format!("delete --wait=false --now -f {}", crate::repository("tests/seeds").join(file).display())).ok();
    }
    std::mem::forget(namespace);
}
