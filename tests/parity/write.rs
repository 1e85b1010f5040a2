//! The same changes by our binary and by the real kubectl, each in a namespace of its own: they say the same and leave the same behind.

use testkit::{Namespace, Outcome};

/// A session: command lines, run by both in order, and what is on their standard input.
const SESSION: &[(&str, &str)] = &[
    ("create configmap a --from-literal=x=1", ""),
    ("create configmap a --from-literal=x=1", ""),
    ("create secret generic s --from-literal=p=q", ""),
    ("apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {k: v, l: w}\n"),
    ("apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {k: v, l: w}\n"),
    ("apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {k: changed}\n"),
    ("get configmap b -o jsonpath={.data}", ""),
    ("get configmap b -o 'jsonpath={.metadata.annotations}'", ""),
    ("apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: \"2\"}\n"),
    ("apply -f - --dry-run=server", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {k: dry}\n"),
    ("apply -f - --dry-run=client", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: dry}\n"),
    ("apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad_Name}\n"),
    ("apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\nextra: 1\n"),
    ("apply -f -", "not: [closed\n"),
    ("label configmap a color=blue", ""),
    ("label configmap a color=blue", ""),
    ("label configmap a color=red", ""),
    ("label configmap a color=red --overwrite", ""),
    ("label configmap a color-", ""),
    ("label configmap a color-", ""),
    ("label configmap --all all=true", ""),
    ("label configmap a 'bad label=x'", ""),
    ("annotate configmap a note='two words'", ""),
    ("annotate configmap a note=other", ""),
    ("annotate configmap a note-", ""),
    ("create deployment web --image=busybox:1.28 --replicas=0", ""),
    ("scale deployment web --replicas=0 --current-replicas=7", ""),
    ("scale deployment/web --replicas=0", ""),
    ("set image deployment/web busybox=busybox:1.35", ""),
    ("set image deployment/web busybox=busybox:1.35", ""),
    ("set image deployment/web other=x", ""),
    ("rollout pause deployment/web", ""),
    ("rollout pause deployment/web", ""),
    ("rollout undo deployment/web", ""),
    ("rollout resume deployment/web", ""),
    ("rollout restart deployment/web --dry-run=client", ""),
    ("expose deployment web --port=80", ""),
    ("expose deployment web --port=80", ""),
    ("expose deployment missing --port=80", ""),
    ("get service web -o jsonpath={.spec.selector}{.spec.ports}", ""),
    ("run one --image=busybox:1.28 --restart=Never --dry-run=server", ""),
    ("run 'Bad Name' --image=x", ""),
    ("delete service web", ""),
    ("delete deployment/web --cascade=background", ""),
    ("delete configmap a b", ""),
    ("delete configmap a", ""),
    ("delete secret --all", ""),
    ("delete -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: none}\n"),
];

/// What both say, with the one name that differs made equal.
fn said(namespace: &Namespace<'_>, outcome: &Outcome) -> (i32, String, String) {
    let plain = |text: &str| text.replace(&namespace.name, "NAMESPACE");
    (outcome.code, plain(&outcome.stdout), plain(&outcome.stderr))
}

#[test]
fn command_lines_that_change_something() {
    let ours = crate::shared::namespace("parity-write-a");
    let real = crate::shared::namespace("parity-write-b");
    let mut wrong = Vec::new();
    for (line, stdin) in SESSION {
        let a = ours.cluster.as_kubectl(&format!("-n {} {line}", ours.name), stdin);
        let b = real.cluster.kubectl_with(&format!("-n {} {line}", real.name), stdin);
        if said(&ours, &a) != said(&real, &b) {
            wrong.push(format!("=== ours: {a}\n=== kubectl: {b}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), SESSION.len(), wrong.join("\n\n"));
}
