//! A chart's life under the real Helm on the real cluster: definitions, hooks, waiting, upgrade, test, rollback, an upgrade that fails, removal. Skipped where Helm is missing.

use testkit::{Namespace, Outcome, real_client, wait_until};

/// Each operation's patience, far above what it needs on an idle machine.
const WAIT: &str = "--wait --timeout 100s";

fn helm(namespace: &Namespace<'_>, line: &str) -> Outcome {
    let helm = real_client("helm").expect("the test has looked for it");
    namespace.cluster.inside(&format!("{} -n {} {line}", helm.display(), namespace.name))
}

/// The history of a release: status and description of each revision.
fn history(namespace: &Namespace<'_>, release: &str) -> Vec<(String, String)> {
    let text = helm(namespace, &format!("history {release} -o json")).ok();
    let revisions: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let word = |revision: &serde_json::Value, field: &str| revision[field].as_str().unwrap_or_default().to_owned();
    revisions.iter().map(|revision| (word(revision, "status"), word(revision, "description"))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(status, description)| ((*status).to_owned(), (*description).to_owned())).collect()
}

#[test]
fn a_release_from_install_to_uninstall() {
    if real_client("helm").is_none() {
        return;
    }
    let namespace = crate::shared::namespace("helm");
    let chart = crate::repository("tests/clients/chart");
    let chart = chart.display();
    let get = |line: &str| namespace.k(&format!("get {line}")).ok();

    // Definitions first, then the hook before, everything, readiness, and the hook after.
    let installed = helm(&namespace, &format!("install demo {chart} {WAIT}")).ok();
    assert!(installed.contains("\nSTATUS: deployed\nREVISION: 1\nDESCRIPTION: Install complete\n"), "{installed}");
    assert!(installed.ends_with("NOTES:\nRevision 1 of demo on Kubernetes 37.\n"), "{installed}");
    assert_eq!(get("deployment demo -o jsonpath={.status.availableReplicas}"), "1");
    assert_eq!(get("gear demo -o jsonpath={.spec.teeth}"), "11");
    assert_eq!(get("configmap demo-after -o jsonpath={.data.revision}"), "1");
    // The hook was deleted when it had succeeded.
    wait_until("the hook is gone", || {
        let outcome = namespace.k("get pod demo-before");
        if outcome.code == 1 { Ok(()) } else { Err(outcome.to_string()) }
    });
    assert_eq!(helm(&namespace, "list -q").ok(), "demo\n");
    assert_eq!(get("secrets -l owner=helm -o 'jsonpath={.items[*].type}'"), "helm.sh/release.v1");
    let taken = helm(&namespace, &format!("install demo {chart}")).failed(1);
    assert!(taken.contains("cannot reuse a name that is still in use"), "{taken}");

    helm(&namespace, &format!("upgrade demo {chart} --set replicas=2 {WAIT}")).ok();
    assert_eq!(get("deployment demo -o jsonpath={.status.availableReplicas}"), "2");
    assert_eq!(get("gear demo -o jsonpath={.spec.teeth}"), "12");
    // Fields are Helm's; what somebody else has changed is a conflict, which can be forced.
    let owners = get("deployment demo --show-managed-fields -o 'jsonpath={.metadata.managedFields[?(@.operation==\"Apply\")].manager}'");
    assert_eq!(owners, "helm");
    namespace.k("scale deployment demo --replicas=1").ok();
    let conflict = helm(&namespace, &format!("upgrade demo {chart} --set replicas=3")).failed(1);
    let words = "Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas";
    assert!(conflict.contains("conflict occurred while applying object") && conflict.contains(words), "{conflict}");
    helm(&namespace, &format!("upgrade demo {chart} --set replicas=2 --force-conflicts {WAIT}")).ok();

    let tested = helm(&namespace, "test demo --logs --timeout 100s").ok();
    assert!(tested.contains("\nPhase:          Succeeded\n"), "{tested}");
    assert!(tested.contains("POD LOGS: demo-test (c)\nrelease 4\n"), "{tested}");

    // Wrong values are refused in the server's words.
    let invalid = helm(&namespace, &format!("upgrade demo {chart} --set port=99999")).failed(1);
    let fault = "spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive";
    assert!(invalid.contains(&format!("Deployment.apps \"demo\" is invalid: {fault}")), "{invalid}");
    let typed = helm(&namespace, &format!("upgrade demo {chart} --set replicas=many")).failed(1);
    assert!(typed.contains(".spec.replicas: expected numeric (int or float), got string"), "{typed}");

    // What does not get ready is rolled back. With as many replicas as before, so that going back is progress at once, which ends the failure that Helm looks at.
    let failed =
        helm(&namespace, &format!("upgrade demo {chart} --set image=missing:1,replicas=2,deadline=2 --rollback-on-failure --timeout 100s"));
    let failed = failed.failed(1);
    assert!(failed.contains("release demo failed, and has been rolled back due to rollback-on-failure being set"), "{failed}");
    assert!(failed.contains("not ready. status: Failed, message: Progress deadline exceeded"), "{failed}");
    assert_eq!(get("deployment demo -o 'jsonpath={.spec.template.spec.containers[0].image}'"), "busybox:1.35");

    helm(&namespace, &format!("rollback demo 1 {WAIT}")).ok();
    assert_eq!(get("deployment demo -o jsonpath={.spec.replicas}"), "1");
    assert_eq!(get("gear demo -o jsonpath={.spec.teeth}"), "11");
    let seen = history(&namespace, "demo");
    let expected = pairs(&[
        ("superseded", "Install complete"),
        ("superseded", "Upgrade complete"),
        ("failed", ""),
        ("superseded", "Upgrade complete"),
        ("failed", ""),
        ("failed", ""),
        ("failed", ""),
        ("superseded", "Rollback to 4"),
        ("deployed", "Rollback to 1"),
    ]);
    for (seen, expected) in seen.iter().zip(&expected) {
        assert!(seen.0 == expected.0 && (seen.0 == "failed" || seen.1 == expected.1), "{seen:?} {expected:?}");
    }
    assert_eq!(seen.len(), expected.len(), "{seen:#?}");
    let status = helm(&namespace, "status demo").ok();
    assert!(
        status.contains("RESOURCES:\n==> ")
            && status.contains("==> v1/Deployment\nNAME   READY   UP-TO-DATE   AVAILABLE   AGE\ndemo   1/1"),
        "{status}"
    );

    assert_eq!(helm(&namespace, "uninstall demo --wait --timeout 100s").ok(), "release \"demo\" uninstalled\n");
    for kind in ["deployments", "replicasets", "services", "gears"] {
        assert_eq!(get(&format!("{kind} -o name")), "", "{kind}");
    }
    // Its definitions stay, as Helm never deletes any. What a chart says can be applied without Helm as well.
    let rendered = helm(&namespace, &format!("template plain {chart} --no-hooks")).ok();
    let applied = namespace.cluster.kubectl_with(&format!("-n {} apply -f -", namespace.name), &rendered).ok();
    assert_eq!(applied, "service/plain created\ndeployment.apps/plain created\ngear.helm.example.com/plain created\n");
    assert_eq!(get("gear plain -o jsonpath={.spec.teeth}"), "11");
    namespace.k("delete customresourcedefinition gears.helm.example.com").ok();
}
