//! Decisions on small clusters, in upstream's words; and a simulation that checks what must hold for every placement.

#![expect(clippy::needless_pass_by_value, reason = "tests read better with literals in place")]

use serde_json::{Value, json};

use super::*;

fn node(name: &str, labels: Value, allocatable: Value) -> Value {
    let mut all = json!({"kubernetes.io/hostname": name});
    all.as_object_mut().unwrap().extend(labels.as_object().unwrap().clone());
    let mut given = json!({"cpu": "4", "memory": "8Gi", "pods": "110"});
    given.as_object_mut().unwrap().extend(allocatable.as_object().unwrap().clone());
    json!({"metadata": {"name": name, "labels": all}, "status": {"allocatable": given}})
}

fn pod(name: &str, labels: Value, spec: Value) -> Arc<PodInfo> {
    let mut whole = json!({"containers": [{"name": "c"}]});
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    let pod = json!({"metadata": {"name": name, "namespace": "default", "uid": name, "labels": labels}, "spec": whole});
    Arc::new(PodInfo::new(&Arc::new(serde_json::from_value(pod).unwrap())))
}

fn requesting(name: &str, cpu: &str, spec: Value) -> Arc<PodInfo> {
    let mut whole = json!({"containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}]});
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    pod(name, json!({}), whole)
}

fn cluster(nodes: &[Value]) -> Cluster {
    let mut cluster = Cluster::default();
    for node in nodes {
        cluster.set_node(&Arc::new(serde_json::from_value(node.clone()).unwrap()));
    }
    cluster
}

/// The node, or the message.
fn outcome(cluster: &Cluster, pod: &PodInfo) -> String {
    match schedule(cluster, pod, 0) {
        Decision::Place { node, .. } => node,
        Decision::Refuse(refusal) => refusal.message,
    }
}

fn check(cluster: &Cluster, pod: &PodInfo, expected: &str) {
    assert_eq!(outcome(cluster, pod), expected, "{}", pod.name);
}

fn plain(name: &str) -> Value {
    node(name, json!({}), json!({}))
}

#[test]
fn messages_are_upstreams() {
    let one = cluster(&[plain("n1")]);
    let hopeless = "no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    let selecting = pod("selecting", json!({}), json!({"nodeSelector": {"disk": "ssd"}}));
    check(&one, &selecting, &format!("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. {hopeless}"));
    check(&one, &requesting("large", "5", json!({})), &format!("0/1 nodes are available: 1 Insufficient cpu. {hopeless}"));
    check(&Cluster::default(), &selecting, "no nodes available to schedule pods");

    let mut busy = cluster(&[plain("n1")]);
    busy.place(requesting("there", "3", json!({})), "n1", false);
    let no_victims = "no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
    check(&busy, &requesting("more", "2", json!({})), &format!("0/1 nodes are available: 1 Insufficient cpu. {no_victims}"));
    let never = requesting("never", "2", json!({"priority": 5, "preemptionPolicy": "Never"}));
    let not_eligible = "no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.";
    check(&busy, &never, &format!("0/1 nodes are available: 1 Insufficient cpu. {not_eligible}"));

    let claiming = pod("claiming", json!({}), json!({"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]}));
    check(&one, &claiming, &format!("0/1 nodes are available: persistentvolumeclaim \"data\" not found. {hopeless}"));
}

#[test]
fn reasons_are_counted() {
    let mut tainted = plain("n1");
    tainted["spec"] = json!({"taints": [{"key": "dedicated", "value": "x", "effect": "NoSchedule"}]});
    let mut cordoned = plain("n2");
    cordoned["spec"] = json!({"unschedulable": true, "taints": [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}]});
    let cluster = cluster(&[tainted, cordoned, node("n3", json!({}), json!({"cpu": "1", "pods": "0"}))]);
    check(
        &cluster,
        &requesting("p", "2", json!({})),
        "0/3 nodes are available: 1 Insufficient cpu, 1 Too many pods, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    );
    let tolerant = json!({"tolerations": [{"key": "dedicated", "operator": "Exists"}]});
    check(&cluster, &requesting("q", "2", tolerant), "n1");
    check(
        &cluster,
        &pod("daemon", json!({}), json!({"tolerations": [{"operator": "Exists"}], "nodeSelector": {"kubernetes.io/hostname": "n2"}})),
        "n2",
    );
}

#[test]
fn ports_are_taken_once() {
    let mut cluster = cluster(&[plain("n1")]);
    let port = |name: &str, address: &str| {
        pod(name, json!({}), json!({"containers": [{"name": "c", "ports": [{"containerPort": 80, "hostPort": 80, "hostIP": address}]}]}))
    };
    cluster.place(port("a", "127.0.0.1"), "n1", false);
    check(&cluster, &port("b", "127.0.0.2"), "n1");
    assert!(
        outcome(&cluster, &port("c", ""))
            .starts_with("0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.")
    );
    cluster.remove_pod("a");
    check(&cluster, &port("c", ""), "n1");
}

#[test]
fn scores_spread() {
    let mut spreading = cluster(&[plain("n1"), plain("n2")]);
    spreading.place(requesting("there", "1", json!({})), "n1", false);
    check(&spreading, &requesting("p", "1", json!({})), "n2");
    let wish = json!([{"weight": 100, "preference": {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": ["n1"]}]}}]);
    let preferring = json!({"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": wish}}});
    check(&spreading, &requesting("q", "1", preferring), "n1");
    let mut disliked = plain("n2");
    disliked["spec"] = json!({"taints": [{"key": "slow", "effect": "PreferNoSchedule"}]});
    let mut tainted = cluster(&[plain("n1"), disliked]);
    tainted.place(requesting("there", "1", json!({})), "n1", false);
    check(&tainted, &requesting("p", "1", json!({})), "n1");
}

#[test]
fn hard_spreading() {
    let zoned = |name: &str, zone: &str| node(name, json!({"zone": zone}), json!({}));
    let mut cluster = cluster(&[zoned("a1", "a"), zoned("b1", "b"), plain("none")]);
    let spreading = |name: &str| {
        let constraint = json!([{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "x"}}}]);
        pod(name, json!({"app": "x"}), json!({"topologySpreadConstraints": constraint}))
    };
    cluster.place(spreading("1"), "a1", false);
    check(&cluster, &spreading("2"), "b1");
    cluster.set_node(&Arc::new(
        serde_json::from_value(json!({"metadata": {"name": "b1", "labels": {"zone": "b"}}, "spec": {"unschedulable": true}, "status": {}}))
            .unwrap(),
    ));
    let message = outcome(&cluster, &spreading("3"));
    assert!(message.starts_with("0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label), 1 node(s) were unschedulable."), "{message}");
}

#[test]
fn pods_near_and_far() {
    let term = json!([{"labelSelector": {"matchLabels": {"app": "x"}}, "topologyKey": "kubernetes.io/hostname"}]);
    let near = json!({"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": term}}});
    let far = json!({"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": term}}});
    let mut cluster = cluster(&[plain("n1"), plain("n2")]);
    let message = outcome(&cluster, &pod("stranger", json!({}), near.clone()));
    assert!(message.starts_with("0/2 nodes are available: 2 node(s) didn't match pod affinity rules."), "{message}");
    // the first of a group that wants itself near
    check(&cluster, &pod("first", json!({"app": "x"}), near.clone()), "n1");
    cluster.place(pod("x", json!({"app": "x"}), json!({})), "n2", false);
    check(&cluster, &pod("friend", json!({}), near), "n2");
    check(&cluster, &pod("foe", json!({}), far.clone()), "n1");
    cluster.place(pod("guard", json!({"app": "x"}), far.clone()), "n1", false);
    let message = outcome(&cluster, &pod("x2", json!({"app": "x"}), json!({"nodeSelector": {"kubernetes.io/hostname": "n1"}})));
    assert!(message.starts_with("0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) didn't satisfy existing pods anti-affinity rules."), "{message}");
    let message = outcome(&cluster, &pod("x3", json!({"app": "x"}), far));
    assert!(message.starts_with("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules."), "{message}");
}

fn victims(cluster: &Cluster, pod: &PodInfo) -> (String, Vec<String>) {
    let Decision::Refuse(Refusal { preemption: Some(preemption), .. }) = schedule(cluster, pod, 0) else { panic!("no preemption") };
    (preemption.node, preemption.victims.iter().map(|victim| victim.name.clone()).collect())
}

#[test]
fn the_least_important_make_room() {
    let mut cluster = cluster(&[plain("n1"), plain("n2")]);
    for (name, cpu, priority, place) in [("low", "1", 1, "n1"), ("lower", "2", 0, "n1"), ("small", "1", 0, "n1"), ("middle", "4", 5, "n2")]
    {
        cluster.place(requesting(name, cpu, json!({"priority": priority})), place, false);
    }
    let high = requesting("high", "2", json!({"priority": 10}));
    assert_eq!(victims(&cluster, &high), ("n1".to_owned(), vec!["lower".to_owned()]));
    cluster.nominate(high.clone(), "n1");
    cluster.remove_pod("lower");
    // what has been made room for is not given to another
    assert!(outcome(&cluster, &requesting("other", "1", json!({}))).contains("2 Insufficient cpu"));
    check(&cluster, &high, "n1");
    let budget = json!({"metadata": {"name": "b", "namespace": "default"}, "spec": {"selector": {"matchLabels": {"keep": "me"}}}, "status": {"disruptionsAllowed": 0, "currentHealthy": 1, "desiredHealthy": 1, "expectedPods": 1}});
    let mut guarded = super::tests::cluster(&[plain("n1"), plain("n2")]);
    guarded.budgets.insert(("default".to_owned(), "b".to_owned()), Arc::new(serde_json::from_value(budget).unwrap()));
    let kept = pod("kept", json!({"keep": "me"}), json!({"containers": [{"name": "c", "resources": {"requests": {"cpu": "4"}}}]}));
    guarded.place(kept, "n1", false);
    guarded.place(requesting("free", "4", json!({"priority": 3})), "n2", false);
    assert_eq!(victims(&guarded, &high), ("n2".to_owned(), vec!["free".to_owned()]));
}

#[test]
fn volumes_tie_pods_to_nodes() {
    let mut cluster = cluster(&[plain("n1"), plain("n2")]);
    let claim = |name: &str, spec: Value, bound: bool| {
        let annotations = if bound { json!({"pv.kubernetes.io/bind-completed": "yes"}) } else { json!({}) };
        let mut whole = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}});
        whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        let claim = json!({"metadata": {"name": name, "namespace": "default", "uid": name, "annotations": annotations}, "spec": whole});
        (("default".to_owned(), name.to_owned()), Arc::new(serde_json::from_value(claim).unwrap()))
    };
    let volume = |name: &str, place: &str| {
        let term = json!([{"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": [place]}]}]);
        let volume = json!({"metadata": {"name": name}, "spec": {"capacity": {"storage": "2Gi"}, "accessModes": ["ReadWriteOnce"],
            "storageClassName": "static", "nodeAffinity": {"required": {"nodeSelectorTerms": term}}}});
        (name.to_owned(), Arc::new(serde_json::from_value(volume).unwrap()))
    };
    let class = |name: &str, provisioner: &str, mode: &str| {
        (
            name.to_owned(),
            Arc::new(
                serde_json::from_value(json!({"metadata": {"name": name}, "provisioner": provisioner, "volumeBindingMode": mode})).unwrap(),
            ),
        )
    };
    cluster.classes.extend([
        class("local", "k/local", "WaitForFirstConsumer"),
        class("static", "kubernetes.io/no-provisioner", "WaitForFirstConsumer"),
        class("now", "k/now", "Immediate"),
    ]);
    cluster.volumes.extend([volume("v1", "n1"), volume("v2", "n2")]);
    cluster.claims.extend([
        claim("bound", json!({"volumeName": "v2", "storageClassName": "static"}), true),
        claim("made", json!({"storageClassName": "local"}), false),
        claim("matched", json!({"storageClassName": "static"}), false),
        claim("huge", json!({"storageClassName": "static", "resources": {"requests": {"storage": "3Gi"}}}), false),
        claim("early", json!({"storageClassName": "now"}), false),
    ]);
    let using = |claim: &str, spec: Value| {
        let mut whole = json!({"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": claim}}]});
        whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        pod(claim, json!({}), whole)
    };
    check(&cluster, &using("bound", json!({})), "n2");
    let on_n1 = json!({"nodeSelector": {"kubernetes.io/hostname": "n1"}});
    assert!(outcome(&cluster, &using("bound", on_n1.clone())).starts_with("0/2 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity, 1 node(s) didn't match Pod's node affinity/selector."));
    let bindings = |claim: &str| match schedule(&cluster, &using(claim, on_n1.clone()), 0) {
        Decision::Place { bindings, .. } => bindings.into_iter().map(|binding| binding.volume).collect::<Vec<_>>(),
        Decision::Refuse(refusal) => panic!("{}", refusal.message),
    };
    assert_eq!(bindings("made"), [None]);
    assert_eq!(bindings("matched"), [Some("v1".to_owned())]);
    assert!(
        outcome(&cluster, &using("huge", json!({})))
            .starts_with("0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.")
    );
    assert!(
        outcome(&cluster, &using("early", json!({})))
            .starts_with("0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. ")
    );
}

/// A small generator of numbers, the same at each run.
struct Numbers(u64);
impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn nothing_is_ever_overfull() {
    let nodes: Vec<Value> =
        (0..40).map(|place| node(&format!("n{place}"), json!({"zone": format!("z{}", place % 4)}), json!({"pods": "60"}))).collect();
    let mut cluster = cluster(&nodes);
    let mut numbers = Numbers(7);
    let mut placed: Vec<String> = Vec::new();
    let mut refused = 0;
    for number in 0..4000 {
        if numbers.below(4) == 0 && !placed.is_empty() {
            let gone = placed.swap_remove(numbers.below(placed.len() as u64) as usize);
            cluster.remove_pod(&gone);
            continue;
        }
        let cpu = format!("{}m", 50 + numbers.below(400));
        let memory = format!("{}Mi", 10 + numbers.below(500));
        let mut container = json!({"name": "c", "resources": {"requests": {"cpu": cpu, "memory": memory}}});
        if numbers.below(10) == 0 {
            container["ports"] = json!([{"containerPort": 80, "hostPort": 8000 + numbers.below(5)}]);
        }
        let mut spec = json!({"containers": [container]});
        if numbers.below(5) == 0 {
            spec["nodeSelector"] = json!({"zone": format!("z{}", numbers.below(4))});
        }
        let pod = pod(&format!("p{number}"), json!({"app": format!("a{}", numbers.below(9))}), spec);
        match schedule(&cluster, &pod, number) {
            Decision::Place { node, .. } => {
                cluster.place(pod.clone(), &node, true);
                placed.push(pod.uid.clone());
            }
            Decision::Refuse(_) => refused += 1,
        }
    }
    assert!(placed.len() > 500 && refused > 50, "{} placed, {refused} refused", placed.len());
    for node in cluster.nodes() {
        assert!(
            node.requested.milli_cpu <= node.allocatable.milli_cpu && node.requested.memory <= node.allocatable.memory,
            "{}",
            node.name
        );
        assert!(node.pods.len() as i64 <= node.max_pods);
        let mut ports: Vec<i32> = node.pods.values().flat_map(|pod| pod.host_ports.iter().map(|port| port.port)).collect();
        let all = ports.len();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), all, "{}", node.name);
        let sum: i64 = node.pods.values().map(|pod| pod.requests.milli_cpu).sum();
        assert_eq!(sum, node.requested.milli_cpu);
    }
    let uids: Vec<String> = placed;
    uids.iter().for_each(|uid| assert!(cluster.remove_pod(uid).is_some()));
    for node in cluster.nodes() {
        assert_eq!((node.requested.clone(), node.assumed, node.pods.len()), (crate::resources::Resources::default(), (0, 0), 0));
    }
}
