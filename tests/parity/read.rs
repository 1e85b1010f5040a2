//! The same command lines by our binary under the name kubectl and by the real kubectl: standard output, standard error and exit code are equal to the byte.

use std::time::{Duration, Instant};

use testkit::{Namespace, wait_until};

/// What both look at.
const OBJECTS: &str = "
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {app: web, tier: front}, annotations: {note: 'two words'}}
data: {color: blue, text: \"one\\ntwo\\n\"}
---
apiVersion: v1
kind: Secret
metadata: {name: hidden}
type: Opaque
stringData: {password: abc}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: web
        image: busybox:1.28
        command: [sh, -c, 'echo started; sleep 3600']
        ports: [{containerPort: 8080}]
        env: [{name: A, value: b}]
        resources: {requests: {cpu: 10m, memory: 8Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
";

/// Command lines that change nothing.
const LINES: &[&str] = &[
    "get pods",
    "get pods -o wide",
    "get pods --show-labels",
    "get pods -L app,tier",
    "get pods --no-headers",
    "get pods -o name",
    "get pods -o json",
    "get pods -o yaml",
    "get pods -o jsonpath='{range .items[*]}{.metadata.name}{\"\\n\"}{end}'",
    "get pods -o jsonpath-as-json='{.items[*].spec.containers[0].image}'",
    "get pods -o go-template='{{range .items}}{{.metadata.name}} {{end}}'",
    "get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image",
    "get pods --sort-by=.metadata.name",
    "get pods -l app=web",
    "get pods -l 'app in (web,other),!tier'",
    "get pods -l app=none",
    "get pods --field-selector status.phase=Running",
    "get pods --field-selector status.phase=Nothing",
    "get po,svc,deploy",
    "get deploy/web svc/web",
    "get all",
    "get rs",
    "get deployment web -o yaml",
    "get deployment web -o wide",
    "get service web -o json",
    "get svc -o wide",
    "get endpoints",
    "get endpointslices",
    "get configmap settings -o yaml",
    "get cm",
    "get secret hidden",
    "get secret hidden -o yaml",
    "get sa",
    "get ns",
    "get nodes",
    "get nodes -o wide --show-labels",
    "get node node1 -o jsonpath={.spec.podCIDR}",
    "get pods -A -o name",
    "get pod missing",
    "get pod missing --ignore-not-found",
    "get nothing",
    "get",
    "get pods -o nonsense",
    "get pods -l '='",
    "get pods a b --selector=x=y",
    "get --raw /readyz",
    "get --raw /version",
    "get events --field-selector involvedObject.kind=Deployment -o name",
    "describe pods",
    "describe deployment web",
    "describe service web",
    "describe configmap settings",
    "describe secret hidden",
    "describe node node1",
    "describe pod missing",
    "describe namespace default",
    "describe rs",
    "logs deployment/web",
    "logs -l app=web --prefix=false",
    "logs missing",
    "exec deploy/web -- sh -c 'echo out; echo err >&2; exit 3'",
    "exec missing -- true",
    "rollout status deployment/web",
    "rollout history deployment/web",
    "rollout history deployment/web --revision=1",
    "rollout history deployment/web --revision=9",
    "api-versions",
    "api-resources --namespaced=true -o name",
    "api-resources --api-group=apps",
    "cluster-info",
    "config current-context",
    "config get-contexts",
    "config view",
    "config view --minify -o jsonpath={.clusters[0].cluster.server}",
    "create configmap x --from-literal=a=b --dry-run=client -o yaml",
    "create deployment x --image=busybox:1.28 --replicas=2 --dry-run=client -o yaml",
    "create secret generic x --from-literal=a=b --dry-run=client -o yaml",
    "create namespace x --dry-run=client -o yaml",
    "run x --image=busybox:1.28 --dry-run=client -o yaml -- sleep 1",
    "expose deployment web --port=80 --name=x --dry-run=client -o yaml",
    "scale deployment missing --replicas=2",
    "set image deployment/missing a=b",
    "label pod missing a=b",
    "delete pod missing",
    "delete pod missing --ignore-not-found",
    "nonsense",
    "get pods --nonsense",
];

/// Tries for a while: objects, ages and counters move on between the two commands. From the fourth time on, the seconds of an age may differ: on a busy machine
/// the two commands are never answered in the same second.
fn same(namespace: &Namespace<'_>, line: &str, stdin: &str) -> Result<(), String> {
    let line = format!("-n {} {line}", namespace.name);
    let start = Instant::now();
    for attempt in 1.. {
        // At the same moment, so that ages are the same on a busy machine too.
        let (mut ours, mut real) = std::thread::scope(|scope| {
            let real = scope.spawn(|| namespace.cluster.kubectl_with(&line, stdin));
            (namespace.cluster.as_kubectl(&line, stdin), real.join().unwrap())
        });
        if attempt > 3 {
            ours.stdout = without_seconds(&ours.stdout);
            real.stdout = without_seconds(&real.stdout);
        }
        match ours.difference(&real) {
            None => break,
            Some(difference) if attempt > 6 && start.elapsed() > Duration::from_secs(30) => return Err(difference),
            Some(_) => {}
        }
    }
    Ok(())
}

/// The text with the last two digits before each `s` at the end of a word as zeros: `49s` and `2m7s` become `00s` and `2m0s`.
fn without_seconds(text: &str) -> String {
    let mut text = text.as_bytes().to_vec();
    for end in 1..text.len() {
        if text[end] == b's' && text.get(end + 1).is_none_or(u8::is_ascii_whitespace) {
            for digit in text[end.saturating_sub(2)..end].iter_mut().rev().take_while(|byte| byte.is_ascii_digit()) {
                *digit = b'0';
            }
        }
    }
    String::from_utf8(text).unwrap()
}

#[test]
fn command_lines_that_change_nothing() {
    let namespace = crate::shared::namespace("parity-read");
    namespace.k_with("apply -f -", OBJECTS).ok();
    namespace.k("rollout status deployment/web --timeout=100s").ok();
    wait_until("endpoints", || {
        let text = namespace.k("get endpoints web").stdout;
        if text.matches(":8080").count() == 2 { Ok(()) } else { Err(text) }
    });
    let wrong: Vec<String> = LINES.iter().filter_map(|line| same(&namespace, line, "").err()).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), LINES.len(), wrong.join("\n\n"));
}
