//! The session that a new user has: the example applied, reached, scaled, updated, rolled back, looked into and deleted.

use std::collections::BTreeSet;

use testkit::images::{self, Contents};
use testkit::{Cluster, wait_until};

/// Asks until every one of `count` pods has answered, and gives their names.
fn answers(cluster: &Cluster, line: &str, greeting: &str, count: usize) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    wait_until(&format!("answers of {count} pods to {line}"), || {
        let outcome = cluster.inside(line);
        if outcome.code != 0 {
            return Err(outcome.to_string());
        }
        let name = outcome.stdout.strip_prefix(greeting).map(|rest| rest.trim().trim_start_matches("from ").to_owned());
        seen.insert(name.ok_or_else(|| outcome.to_string())?);
        if seen.len() >= count { Ok(()) } else { Err(format!("{seen:?}")) }
    });
    seen
}

fn pods(cluster: &Cluster) -> BTreeSet<String> {
    let text = cluster.k("get pods -l app=hello --field-selector status.phase=Running -o jsonpath={.items[*].metadata.name}").ok();
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

fn settled(cluster: &Cluster, replicas: usize) -> BTreeSet<String> {
    cluster.k("rollout status deployment/hello --timeout=100s").ok();
    wait_until("old pods are gone", || {
        let names = pods(cluster);
        if names.len() == replicas { Ok(names) } else { Err(format!("{names:?}")) }
    })
}

#[test]
fn the_example_from_apply_to_delete() {
    let cluster = Cluster::start(crate::program());
    images::add(&cluster, Contents::Hello, &["hello:1"]);
    images::add(&cluster, Contents::Curl, &["client:1"]);
    // An image on top of another one, as the next release of the program.
    let next = cluster.dir().join("next");
    std::fs::create_dir(&next).unwrap();
    std::fs::write(next.join("Dockerfile"), "FROM hello:1\nENV GREETING=welcome\n").unwrap();
    cluster.image("build", &format!("-t hello:2 {}", next.display())).ok();

    let example = crate::repository("examples/hello.yaml");
    let example = example.display();
    assert_eq!(cluster.k(&format!("apply -f {example}")).ok(), "deployment.apps/hello created\nservice/hello created\n");
    let first = settled(&cluster, 3);
    assert_eq!(cluster.k(&format!("apply -f {example}")).ok(), "deployment.apps/hello unchanged\nservice/hello unchanged\n");

    // Who owns what, as with upstream's components.
    let managers = |what: &str| {
        let path = "-o jsonpath={.items[*].metadata.managedFields[*].manager}";
        let text = cluster.k(&format!("get {what} -l app=hello {path}")).ok();
        text.split_whitespace().map(ToOwned::to_owned).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(managers("replicasets"), "kube-controller-manager");
    assert_eq!(managers("pods"), "kube-controller-manager kubelet");

    // Reached on the node's port, on the cluster's address, and by name from another pod.
    let node = cluster.k("get node node1 -o 'jsonpath={.status.addresses[?(@.type==\"InternalIP\")].address}'").ok();
    let address = cluster.k("get service hello -o jsonpath={.spec.clusterIP}").ok();
    let at_node = format!("curl -sS --max-time 5 http://{node}:30080/");
    assert_eq!(answers(&cluster, &at_node, "hello", 3), first);
    assert_eq!(answers(&cluster, &format!("curl -sS --max-time 5 http://{address}/"), "hello", 3), first);
    cluster.k("run client --image=client:1 --restart=Never -- sleep 3600").ok();
    cluster.wait_for("get pod client -o jsonpath={.status.phase}", |phase| phase == "Running");
    let mut by_name = BTreeSet::new();
    for name in ["hello", "hello.default.svc.cluster.local"] {
        wait_until(&format!("answers of all pods to {name}"), || {
            let outcome = cluster.k(&format!("exec client -- curl -sS --max-time 5 http://{name}/"));
            by_name.extend(outcome.stdout.strip_prefix("hello from ").map(|rest| rest.trim().to_owned()));
            if by_name == first { Ok(()) } else { Err(outcome.to_string()) }
        });
        by_name.clear();
    }

    // Scaled up and down.
    assert_eq!(cluster.k("scale deployment hello --replicas=5").ok(), "deployment.apps/hello scaled\n");
    let five = settled(&cluster, 5);
    assert!(five.is_superset(&first), "{five:?} {first:?}");
    assert_eq!(answers(&cluster, &at_node, "hello", 5), five);
    cluster.k("scale deployment/hello --replicas=3").ok();
    let three = settled(&cluster, 3);
    assert!(three.is_subset(&five), "{three:?} {five:?}");

    // The next release, and back.
    assert_eq!(cluster.k("set image deployment/hello hello=hello:2").ok(), "deployment.apps/hello image updated\n");
    let second = settled(&cluster, 3);
    assert!(second.is_disjoint(&three), "{second:?} {three:?}");
    answers(&cluster, &at_node, "welcome", 3);
    let history = cluster.k("rollout history deployment/hello").ok();
    assert_eq!(history, "deployment.apps/hello \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n");
    assert_eq!(cluster.k("rollout undo deployment/hello").ok(), "deployment.apps/hello rolled back\n");
    let third = settled(&cluster, 3);
    answers(&cluster, &at_node, "hello", 3);
    let history = cluster.k("rollout history deployment/hello").ok();
    assert_eq!(history, "deployment.apps/hello \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n");
    assert_eq!(cluster.k("rollout status deployment/hello").ok(), "deployment \"hello\" successfully rolled out\n");

    // Looked into.
    let pod = third.first().unwrap();
    assert!(cluster.k(&format!("logs {pod}")).ok().starts_with(&format!("serving as {pod}\n")));
    let follow = cluster.running(&format!("logs -f {pod}"));
    follow.wait_for("what was logged before", |text| text.contains("serving as"));
    let own = cluster.k(&format!("get pod {pod} -o jsonpath={{.status.podIP}}")).ok();
    cluster.inside(&format!("curl -sS --max-time 5 http://{own}:8080/followed")).ok();
    follow.wait_for("what is logged now", |text| text.contains("followed"));
    assert_eq!(cluster.k_with(&format!("exec -i {pod} -- tr a-z A-Z"), "quiet\n").ok(), "QUIET\n");
    let outcome = cluster.k(&format!("exec {pod} -- sh -c 'echo out; echo err >&2; exit 7'"));
    assert_eq!(outcome.seen(), (7, "out\n", "err\ncommand terminated with exit code 7\n"));
    let table = cluster.k("get pods -o wide -l app=hello").ok();
    let heading: Vec<&str> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(heading.join(" "), "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES");
    assert_eq!(table.matches(" 1/1 ").count(), 3, "{table}");
    for (line, parts) in [
        (format!("describe pod {pod}"), vec!["Name:", "hello:1", "Controlled By:", "ReplicaSet/hello-", "Events:", "Started"]),
        ("describe node node1".to_owned(), vec!["Name:               node1", "Non-terminated Pods:", "Allocated resources:", "Ready"]),
        (
            "describe deployment hello".to_owned(),
            vec!["Replicas:               3 desired | 3 updated | 3 total | 3 available | 0 unavailable", "RollingUpdateStrategy:"],
        ),
        ("describe service hello".to_owned(), vec!["NodePort:                 http  30080/TCP", "Endpoints:", ":8080"]),
    ] {
        let text = cluster.k(&line).ok();
        parts.iter().for_each(|part| assert!(text.contains(part), "{line} without {part:?}:\n{text}"));
    }

    // A label away from its owner, and the owner makes up for it.
    assert_eq!(cluster.k(&format!("label pod {pod} app=apart --overwrite")).ok(), format!("pod/{pod} labeled\n"));
    let without = settled(&cluster, 3);
    assert!(!without.contains(pod), "{without:?}");
    assert_eq!(cluster.k(&format!("get pod {pod} -o jsonpath={{.metadata.ownerReferences}}")).ok(), "");
    cluster.k(&format!("delete pod {pod} --now")).ok();

    // A second service over the same pods.
    assert_eq!(cluster.k("expose deployment hello --port=81 --target-port=8080 --name=second").ok(), "service/second exposed\n");
    let second = cluster.k("get service second -o jsonpath={.spec.clusterIP}").ok();
    assert_eq!(answers(&cluster, &format!("curl -sS --max-time 5 http://{second}:81/"), "hello", 3), without);

    // Deleted, with all that belonged to it.
    let outcome = cluster.k(&format!("delete -f {example}")).ok();
    assert_eq!(outcome, "deployment.apps \"hello\" deleted from default namespace\nservice \"hello\" deleted from default namespace\n");
    cluster.wait_for("get replicasets,pods -l app=hello -o name", str::is_empty);
    cluster.wait_for("get endpointslices -l kubernetes.io/service-name=hello -o name", str::is_empty);
    assert_ne!(cluster.inside(&at_node).code, 0, "the node's port is closed");
}
