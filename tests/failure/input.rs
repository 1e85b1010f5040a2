//! Bad input and missing things: said in kubectl's or upstream's words, with its exit code, and nothing created.

/// What is applied or asked, and what comes of it: the exit code and a part of standard error.
const MANIFESTS: &[(&str, &str)] = &[
    ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n data: {\n", "error converting YAML to JSON: yaml: line "),
    ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndatta: {a: b}\n", "strict decoding error: unknown field \"datta\""),
    (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: a, image: b, ports: [{containerPort: many}]}]}\n",
        "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
    ),
    (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_Valid}\n",
        "Invalid value: \"Not_Valid\": a lowercase RFC 1123 subdomain must consist of",
    ),
    ("apiVersion: v1\nkind: Nothing\nmetadata: {name: x}\n", "no matches for kind \"Nothing\" in version \"v1\""),
    ("apiVersion: v1\nmetadata: {name: x}\n", "kind not set"),
    ("kind: Pod\nmetadata: {name: x}\n", "apiVersion not set"),
    ("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: []}\n", "spec.containers: Required value"),
    ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: nowhere}\n", "namespaces \"nowhere\" not found"),
];

#[test]
fn manifests_that_are_wrong() {
    let namespace = crate::shared::namespace("bad-input");
    for (manifest, part) in MANIFESTS {
        let line = if manifest.contains("namespace:") { "create --namespace= -f -" } else { "apply -f -" };
        let outcome =
            if manifest.contains("namespace:") { namespace.cluster.k_with(line, manifest) } else { namespace.k_with(line, manifest) };
        let stderr = outcome.clone().failed(1);
        assert!(stderr.contains(part), "{manifest}\nwithout {part:?}: {outcome}");
    }
    assert_eq!(namespace.k("get configmap x").failed(1), "Error from server (NotFound): configmaps \"x\" not found\n");
    assert_eq!(namespace.k("get pods").ok(), "");
}

#[test]
fn references_that_lead_nowhere() {
    let namespace = crate::shared::namespace("bad-reference");
    let manifest = "
apiVersion: v1
kind: Pod
metadata: {name: waits}
spec:
  containers:
  - name: a
    image: busybox:1.28
    command: [sleep, '3600']
    env: [{name: A, valueFrom: {configMapKeyRef: {name: later, key: a}}}]
";
    namespace.k_with("apply -f -", manifest).ok();
    namespace.wait_for("get pod waits", |text| text.contains("CreateContainerConfigError"));
    let path = "{.status.containerStatuses[0].state.waiting.message}";
    assert_eq!(namespace.k(&format!("get pod waits -o jsonpath={path}")).ok(), "configmap \"later\" not found");
    namespace.k("create configmap later --from-literal=a=b").ok();
    namespace.ready("waits");
}

#[test]
fn an_image_that_is_nowhere() {
    let namespace = crate::shared::namespace("bad-image");
    namespace.k("run lost --image=localhost:1/not/there:1").ok();
    namespace.wait_for("get pod lost", |text| text.contains("ErrImagePull"));
    namespace.wait_for("get pod lost", |text| text.contains("ImagePullBackOff"));
    let events = namespace.k("get events --field-selector involvedObject.name=lost").ok();
    assert!(events.contains("Failed to pull image \"localhost:1/not/there:1\""), "{events}");
    namespace.k("delete pod lost --now").ok();
}

#[test]
fn a_command_that_is_not_in_the_image() {
    let namespace = crate::shared::namespace("bad-command");
    namespace.k("run bad --image=busybox:1.28 --restart=Never --command -- /not/there").ok();
    namespace.wait_for("get pod bad", |text| {
        text.contains("StartError") || text.contains("ContainerCannotRun") || text.contains("RunContainerError")
    });
    assert_eq!(namespace.k("get pod bad -o jsonpath={.status.phase}").ok(), "Failed");
}
