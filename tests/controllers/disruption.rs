//! Budgets of disruption, seen by those who empty a node.

use testkit::images::{self, Contents};
use testkit::{Cluster, wait_until};

const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: 'busybox:1.35', command: [sleep, '3600']}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  minAvailable: 50%
  selector: {matchLabels: {app: web}}
";

const COUNTS: &str =
    "get pdb web -o 'jsonpath={.status.expectedPods} {.status.desiredHealthy} {.status.currentHealthy} {.status.disruptionsAllowed}'";

/// A drain takes one pod and waits for the other until the first has a successor.
#[test]
fn a_drain_waits_for_the_budget() {
    let cluster = Cluster::start(crate::program());
    images::add(&cluster, Contents::Busybox, &["busybox:1.35"]);
    let namespace = cluster.namespace("disruption");
    namespace.k_with("apply -f -", WEB).ok();
    namespace.wait_for(COUNTS, |counts| counts == "2 1 2 1");
    let condition = "get pdb web -o 'jsonpath={.status.conditions[*].type} {.status.conditions[*].status} {.status.conditions[*].reason}'";
    assert_eq!(namespace.k(condition).ok(), "DisruptionAllowed True SufficientPods");
    let before = namespace.k("get pods -o name").ok();

    let mut drain = cluster.kubectl_running("drain node1 --ignore-daemonsets --force --delete-emptydir-data --timeout=100s");
    // it says so each time that it tries
    drain.wait_for("the drain is held up", |said| said.matches("evicting pod").count() > 3);
    namespace.wait_for(COUNTS, |counts| counts == "2 1 1 0");
    assert_eq!(namespace.k(condition).ok(), "DisruptionAllowed False InsufficientPods");

    // its successor cannot run on a node that takes no pods
    cluster.k("uncordon node1").ok();
    assert_eq!(drain.end(), 0, "{}", drain.printed());
    assert!(drain.printed().contains("node/node1 drained"), "{}", drain.printed());
    namespace.wait_for(COUNTS, |counts| counts == "2 1 2 1");
    let after = namespace.k("get pods -o name").ok();
    assert!(before.lines().all(|name| !after.contains(name)), "{before}\n{after}");
}

/// Owners that only their scale says anything of: custom resources. And those that have none.
#[test]
fn owners_are_asked_for_their_scale() {
    let namespace = crate::shared::namespace("disruption-scale");
    let definition = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: fleets.disruption.example.com}
spec:
  group: disruption.example.com
  scope: Namespaced
  names: {plural: fleets, kind: Fleet}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
    subresources: {status: {}, scale: {specReplicasPath: .spec.ships, statusReplicasPath: .status.ships}}
";
    namespace.k_with("apply -f -", definition).ok();
    namespace.k("wait --for=condition=Established crd/fleets.disruption.example.com").ok();
    let fleet = "apiVersion: disruption.example.com/v1\nkind: Fleet\nmetadata: {name: north}\nspec: {ships: 8}\n";
    wait_until("the definition is served", || {
        let outcome = namespace.k_with("apply -f -", fleet);
        if outcome.code == 0 { Ok(()) } else { Err(outcome.to_string()) }
    });
    let owned = |pod: &str, kind: &str, version: &str, name: &str, uid: &str| {
        let owner = format!("{{apiVersion: {version}, kind: {kind}, name: {name}, uid: {uid}, controller: true}}");
        let spec = "{nodeSelector: {none: here}, containers: [{name: main, image: 'busybox:1.35'}]}";
        let manifest = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {pod}, labels: {{app: {pod}}}, ownerReferences: [{owner}]}}\nspec: {spec}\n"
        );
        let budget = format!(
            "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: {pod}}}\nspec: {{maxUnavailable: 25%, selector: {{matchLabels: {{app: {pod}}}}}}}\n"
        );
        namespace.k_with("apply -f -", &format!("{manifest}{budget}")).ok();
    };
    let uid = namespace.k("get fleet north -o jsonpath={.metadata.uid}").ok();
    owned("ship", "Fleet", "disruption.example.com/v1", "north", &uid);
    namespace.wait_for("get pdb ship -o 'jsonpath={.status.expectedPods} {.status.desiredHealthy}'", |counts| counts == "8 6");

    namespace.k("create configmap owner").ok();
    let uid = namespace.k("get configmap owner -o jsonpath={.metadata.uid}").ok();
    owned("other", "ConfigMap", "v1", "owner", &uid);
    let message = "get pdb other -o 'jsonpath={.status.conditions[0].reason}: {.status.conditions[0].message}'";
    namespace.wait_for(message, |said| said == "SyncFailed: configmaps does not implement the scale subresource");
    let event = "get events --field-selector involvedObject.name=other,reason=CalculateExpectedPodCountFailed -o 'jsonpath={.items[0].source.component}: {.items[0].message}'";
    namespace.wait_for(event, |said| {
        said == "controllermanager: Failed to calculate the number of expected pods: configmaps does not implement the scale subresource"
    });
    namespace.k("delete crd fleets.disruption.example.com").ok();
}
