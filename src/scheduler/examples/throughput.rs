//! How many decisions a second the pure core makes: `cargo run -p scheduler --example throughput --release [NODES] [PODS]`.
#![expect(clippy::print_stdout, reason = "an example tells its result")]

use std::sync::Arc;
use std::time::Instant;

use scheduler::{Cluster, Decision, PodInfo, schedule};
use serde_json::json;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse().expect("a number"));
    let (nodes, pods): (usize, usize) = (numbers.next().unwrap_or(100), numbers.next().unwrap_or(5000));
    let mut cluster = Cluster::default();
    for number in 0..nodes {
        let name = format!("node-{number}");
        let labels = json!({"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": format!("zone-{}", number % 3)});
        let node = json!({"metadata": {"name": name, "labels": labels}, "status": {"allocatable": {"cpu": "64", "memory": "256Gi", "pods": "500"}}});
        cluster.set_node(&Arc::new(serde_json::from_value(node).expect("a node")));
    }
    let pods: Vec<_> = (0..pods)
        .map(|number| {
            let owner = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": format!("rs-{}", number % 50), "controller": true});
            let resources = json!({"requests": {"cpu": "10m", "memory": "16Mi"}});
            let pod = json!({"metadata": {"name": format!("p{number}"), "namespace": "default", "uid": format!("u{number}"), "ownerReferences": [owner]},
                "spec": {"containers": [{"name": "c", "resources": resources}]}});
            Arc::new(serde_json::from_value(pod).expect("a pod"))
        })
        .collect();
    let (started, count) = (Instant::now(), pods.len());
    let mut placed = 0;
    for (start, pod) in pods.into_iter().enumerate() {
        let pod = Arc::new(PodInfo::new(&pod));
        if let Decision::Place { node, .. } = schedule(&cluster, &pod, start) {
            cluster.place(pod, &node, true);
            placed += 1;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{placed} of {count} pods on {nodes} nodes in {seconds:.3} s: {:.0} a second", count as f64 / seconds);
}
