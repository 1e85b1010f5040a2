//! The real kubectl and Helm against the server, on a loopback socket without TLS. Skipped where they are missing.
//! What they say is what they say of upstream's server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use testkit::{real_client, words};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::harness::Harness;

/// A server that kubectl reaches.
pub struct Cluster {
    kubectl: PathBuf,
    address: SocketAddr,
    home: tempfile::TempDir,
    _harness: Harness,
}

impl Cluster {
    async fn start() -> Option<Self> {
        Self::of(Harness::new().await).await
    }
    pub async fn of(harness: Harness) -> Option<Self> {
        let kubectl = real_client("kubectl")?;
        let address = harness.listen().await;
        Some(Self { kubectl, address, home: tempfile::tempdir().unwrap(), _harness: harness })
    }

    /// Runs kubectl to its end, with `input` on standard input: exit code, stdout, stderr.
    pub async fn run(&self, line: &str, input: &str) -> (i32, String, String) {
        let mut child = Command::new(&self.kubectl)
            .arg(format!("--server=http://{}", self.address))
            .args(words(line))
            .env("HOME", self.home.path())
            .env("KUBECONFIG", "/dev/null")
            .env("KUBE_EDITOR", "sed -i s/old/new/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).await.unwrap();
        drop(stdin);
        let output = tokio::time::timeout(Duration::from_secs(60), child.wait_with_output()).await;
        let output = output.unwrap_or_else(|_| panic!("kubectl {line} hangs")).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// Runs kubectl and compares all that it says.
    pub async fn check(&self, line: &str, input: &str, code: i32, said: &str) {
        let (got, stdout, stderr) = self.run(line, input).await;
        assert_eq!((got, format!("{stdout}{stderr}").as_str()), (code, said), "kubectl {line}");
    }
}

const WEB: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: c
        image: nginx:1
        ports: [{containerPort: 80}, {containerPort: 53, protocol: UDP}]
        env: [{name: A, value: "1"}, {name: B, value: "2"}]
      - {name: side, image: busybox}
"#;
const LESS: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: c
        image: nginx:2
        ports: [{containerPort: 80}]
        env: [{name: A, value: "1"}]
"#;
const OWNERS: &str = "--show-managed-fields -o 'jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.apiVersion} {.subresource} {.fieldsV1}{\"\\n\"}{end}'";
const APPLIED: &str = r#"{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:env":{"k:{\"name\":\"A\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}"#;
const HOW_TO_RESOLVE: &str = "Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
";

#[tokio::test(flavor = "multi_thread")]
async fn server_side_apply() {
    let Some(cluster) = Cluster::start().await else { return };
    cluster.check("apply --server-side -f -", WEB, 0, "deployment.apps/web serverside-applied\n").await;
    let version = cluster.run("get deployment web -o jsonpath={.metadata.resourceVersion}", "").await.1;
    cluster.check("apply --server-side -f -", WEB, 0, "deployment.apps/web serverside-applied\n").await;
    cluster.check("get deployment web -o jsonpath={.metadata.resourceVersion}", "", 0, &version).await;

    // items of lists and fields that are no longer listed go
    let (code, difference, _) = cluster.run("diff --server-side -f -", LESS).await;
    assert_eq!(code, 1, "{difference}");
    for line in
        ["-        - name: B", "-        image: nginx:1", "+        image: nginx:2", "-        - containerPort: 53", "-        name: side"]
    {
        assert!(difference.lines().any(|there| there == line), "{line}\n{difference}");
    }
    cluster.check("apply --server-side -f -", LESS, 0, "deployment.apps/web serverside-applied\n").await;
    cluster.check("diff --server-side -f -", LESS, 0, "").await;
    let container = r#"[{"env":[{"name":"A","value":"1"}],"image":"nginx:2","imagePullPolicy":"IfNotPresent","name":"c","ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}]"#;
    cluster.check("get deployment web -o jsonpath={.spec.template.spec.containers}", "", 0, container).await;

    // others come
    cluster.check("scale deployment web --replicas=5", "", 0, "deployment.apps/web scaled\n").await;
    cluster.check("label deployment web tier=front", "", 0, "deployment.apps/web labeled\n").await;
    cluster.check("annotate deployment web note=x", "", 0, "deployment.apps/web annotated\n").await;
    cluster.check("set image deployment/web c=nginx:9", "", 0, "deployment.apps/web image updated\n").await;
    let conflicts = format!(
        "error: Apply failed with 2 conflicts: conflicts with \"kubectl\" with subresource \"scale\" using apps/v1:\n- .spec.replicas\nconflicts with \"kubectl-set\" using apps/v1:\n- .spec.template.spec.containers[name=\"c\"].image\n{HOW_TO_RESOLVE}"
    );
    cluster.check("apply --server-side -f -", LESS, 1, &conflicts).await;
    cluster.check("apply --server-side -f - --field-manager=other", LESS, 1, &conflicts).await;
    cluster.check("apply --server-side -f - --force-conflicts", LESS, 0, "deployment.apps/web serverside-applied\n").await;
    let (_, owners, _) = cluster.run(&format!("get deployment web {OWNERS}"), "").await;
    let mut owners: Vec<&str> = owners.lines().collect();
    owners.sort_unstable();
    let labels = r#"kubectl-label Update apps/v1  {"f:metadata":{"f:labels":{"f:tier":{}}}}"#;
    let annotations = r#"kubectl-annotate Update apps/v1  {"f:metadata":{"f:annotations":{".":{},"f:note":{}}}}"#;
    assert_eq!(owners, [&format!("kubectl Apply apps/v1  {APPLIED}"), annotations, labels]);
    cluster
        .check(
            "apply --server-side -f -",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: bad}, datum: {}}",
            1,
            "Error from server: failed to create typed patch object (default/bad; /v1, Kind=ConfigMap): .datum: field not declared in schema\n",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_client_side_apply_to_the_server_and_back() {
    let Some(cluster) = Cluster::start().await else { return };
    let map = |value: &str| format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: cm}}, data: {{a: {value}, b: same}}}}");
    let owners = format!("get configmap cm {OWNERS}");
    let annotation = "get configmap cm -o 'jsonpath={.metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration}'";
    cluster.check("apply -f -", &map("one"), 0, "configmap/cm created\n").await;
    let client_side = r#"kubectl-client-side-apply Update v1  {"f:data":{".":{},"f:a":{},"f:b":{}},"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/last-applied-configuration":{}}}}"#;
    cluster.check(&owners, "", 0, &format!("{client_side}\n")).await;
    cluster.check("apply --server-side -f -", &map("two"), 0, "configmap/cm serverside-applied\n").await;
    cluster
        .check(annotation, "", 0, "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"two\",\"b\":\"same\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"cm\",\"namespace\":\"default\"}}\n")
        .await;
    let (_, said, _) = cluster.run(&owners, "").await;
    let mut said: Vec<&str> = said.lines().collect();
    said.sort_unstable();
    let server_side = r#"kubectl Apply v1  {"f:data":{"f:a":{},"f:b":{}}}"#;
    let kept =
        r#"kubectl-last-applied Apply v1  {"f:metadata":{"f:annotations":{"f:kubectl.kubernetes.io/last-applied-configuration":{}}}}"#;
    assert_eq!(said, [server_side, kept]);
    // somebody patches, somebody edits, and the client goes on from what the server has kept for it
    cluster.check("patch configmap cm --type merge -p '{\"data\":{\"a\":\"old\"}}'", "", 0, "configmap/cm patched\n").await;
    let (code, _, refused) = cluster.run("apply --server-side -f -", &map("three")).await;
    assert_eq!(
        (code, refused.lines().next()),
        (1, Some("error: Apply failed with 1 conflict: conflict with \"kubectl-patch\" using v1: .data.a"))
    );
    cluster.check("edit configmap cm", "", 0, "configmap/cm edited\n").await;
    cluster.check("get configmap cm -o jsonpath={.data.a}", "", 0, "new").await;
    cluster.check("apply -f -", &map("four"), 0, "configmap/cm configured\n").await;
    cluster.check("diff -f -", &map("four"), 0, "").await;
    assert_eq!(cluster.run("diff -f -", &map("five")).await.0, 1);
    cluster.check("get configmap cm -o jsonpath={.data}", "", 0, r#"{"a":"four","b":"same"}"#).await;
}

/// A small chart: a map and a deployment that depend on values.
const CHART: &[(&str, &str)] = &[
    ("Chart.yaml", "apiVersion: v2\nname: small\nversion: 0.1.0\n"),
    ("values.yaml", "image: nginx:1\nextra: true\nreplicas: 1\n"),
    (
        "templates/all.yaml",
        "apiVersion: v1
kind: ConfigMap
metadata: {name: \"{{ .Release.Name }}-config\"}
data:
  image: {{ .Values.image | quote }}
{{- if .Values.extra }}
  extra: \"yes\"
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: \"{{ .Release.Name }}-web\"}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: c, image: {{ .Values.image | quote }}, ports: [{containerPort: 80}]}
",
    ),
];

/// Helm applies on the server.
#[tokio::test(flavor = "multi_thread")]
async fn helm() {
    let Some(helm) = real_client("helm") else { return };
    let Some(cluster) = Cluster::start().await else { return };
    let home = cluster.home.path();
    std::fs::create_dir_all(home.join("chart/templates")).unwrap();
    for (name, text) in CHART {
        std::fs::write(home.join("chart").join(name), text).unwrap();
    }
    let run = async |line: &str| {
        let mut command = Command::new(&helm);
        command
            .args(words(line))
            .current_dir(home)
            .env("HOME", home)
            .env("KUBECONFIG", "/dev/null")
            .env("HELM_KUBEAPISERVER", format!("http://{}", cluster.address));
        let output = tokio::time::timeout(Duration::from_secs(60), command.kill_on_drop(true).output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "helm {line}\n{said}");
        said
    };
    let data = "get configmap rel-config -o jsonpath={.data}";
    run("install rel ./chart --set replicas=2").await;
    cluster.check(data, "", 0, r#"{"extra":"yes","image":"nginx:1"}"#).await;
    let (_, owners, _) = cluster.run(&format!("get configmap rel-config {OWNERS}"), "").await;
    assert_eq!(
        owners,
        "helm Apply v1  {\"f:data\":{\"f:extra\":{},\"f:image\":{}},\"f:metadata\":{\"f:annotations\":{\"f:meta.helm.sh/release-name\":{},\"f:meta.helm.sh/release-namespace\":{}},\"f:labels\":{\"f:app.kubernetes.io/managed-by\":{}}}}\n"
    );
    run("upgrade rel ./chart --set image=nginx:2,extra=false").await;
    cluster.check(data, "", 0, r#"{"image":"nginx:2"}"#).await;
    run("rollback rel 1").await;
    cluster.check(data, "", 0, r#"{"extra":"yes","image":"nginx:1"}"#).await;
    let replicas = "get deployment rel-web -o 'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image}'";
    cluster.check(replicas, "", 0, "2 nginx:1").await;
    assert!(run("status rel").await.contains("STATUS: deployed\nREVISION: 3\n"));
    run("uninstall rel").await;
    assert_eq!(cluster.run("get configmap rel-config", "").await.0, 1);
}
