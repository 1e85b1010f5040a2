//! Processes that are killed: nothing that was acknowledged is lost, containers go on, and so does the cluster.

use testkit::images::{self, Contents};
use testkit::{Cluster, wait_until};

const MANIFEST: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - {name: web, image: 'busybox:1.28', command: [sh, -c, 'while :; do date; sleep 1; done']}
";

fn cluster() -> Cluster {
    let cluster = Cluster::start(crate::program());
    images::add(&cluster, Contents::Busybox, &["busybox:1.28"]);
    cluster.k_with("apply -f -", MANIFEST).ok();
    cluster.k("rollout status deployment/web --timeout=100s").ok();
    cluster
}

/// Name, container and restarts of every pod, in order of their names.
fn containers(cluster: &Cluster) -> Vec<String> {
    let path = r#"{range .items[*]}{.metadata.name} {.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}{"\n"}{end}"#;
    let text = cluster.k(&format!("get pods -l app=web -o 'jsonpath={path}'")).ok();
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn a_killed_server_leaves_its_containers_running() {
    let cluster = cluster();
    let before = containers(&cluster);
    assert_eq!(before.len(), 2);
    let names: Vec<String> = (0..20).map(|index| format!("kept-{index:02}")).collect();
    for name in &names {
        cluster.k(&format!("create configmap {name} --from-literal=a={name}")).ok();
    }
    cluster.kill_server();
    let outcome = cluster.k("get pods");
    assert_eq!(outcome.code, 1, "{outcome}");
    assert!(outcome.stderr.contains("The connection to the server 127.0.0.1:6443 was refused"), "{outcome}");
    assert_eq!(cluster.manage("status", "").code, 1);

    cluster.start_again();
    for name in &names {
        assert_eq!(cluster.k(&format!("get configmap {name} -o jsonpath={{.data.a}}")).ok(), *name);
    }
    assert_eq!(containers(&cluster), before, "the same containers, without a restart");
    // It goes on: new pods run, old ones answer.
    cluster.k("scale deployment web --replicas=3").ok();
    cluster.k("rollout status deployment/web --timeout=100s").ok();
    let after = containers(&cluster);
    assert!(after.len() == 3 && before.iter().all(|line| after.contains(line)), "{before:?} {after:?}");
    let pod = before[0].split(' ').next().unwrap();
    assert_eq!(cluster.k(&format!("exec {pod} -- echo here")).ok(), "here\n");
    assert!(!cluster.k(&format!("logs --tail=1 {pod}")).ok().is_empty());
}

#[test]
fn a_killed_containerd_comes_back_with_its_containers() {
    let cluster = cluster();
    let before = containers(&cluster);
    let killed = cluster.containerd_pid();
    testkit::kill(killed);
    wait_until("a new containerd", || {
        let pid = cluster.containerd_pid();
        if pid != killed && testkit::alive(pid) { Ok(()) } else { Err(format!("{pid}")) }
    });
    cluster.k("scale deployment web --replicas=3").ok();
    cluster.k("rollout status deployment/web --timeout=100s").ok();
    let after = containers(&cluster);
    assert!(before.iter().all(|line| after.contains(line)), "{before:?} {after:?}");
}

#[test]
fn a_killed_container_is_started_anew() {
    let namespace = crate::shared::namespace("killed-container");
    namespace.k("run one --image=busybox:1.28 --command -- sleep 3600").ok();
    namespace.ready("one");
    let before = namespace.k("get pod one -o jsonpath={.status.containerStatuses[0].containerID}").ok();
    let cgroup_pid = wait_until("the container's process", || {
        let id = before.trim_start_matches("containerd://");
        let found = std::fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
            let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
            let groups = std::fs::read_to_string(entry.path().join("cgroup")).ok()?;
            groups.contains(id).then_some(pid)
        });
        found.ok_or_else(|| id.to_owned())
    });
    testkit::kill(cgroup_pid);
    namespace.wait_for("get pod one -o jsonpath={.status.containerStatuses[0].restartCount}", |count| count == "1");
    namespace.ready("one");
    let path = "{.status.containerStatuses[0].lastState.terminated.exitCode}";
    assert_eq!(namespace.k(&format!("get pod one -o jsonpath={path}")).ok(), "137");
    assert_ne!(namespace.k("get pod one -o jsonpath={.status.containerStatuses[0].containerID}").ok(), before);
}

#[test]
fn a_cluster_that_keeps_its_state_in_etcd() {
    let cluster = Cluster::prepare(crate::program());
    let dir = cluster.dir().join("etcd");
    let client = "http://127.0.0.1:2379";
    let urls = format!("--listen-client-urls {client} --advertise-client-urls {client} --listen-peer-urls http://127.0.0.1:2380");
    let peers = "--initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster default=http://127.0.0.1:2380";
    let words = testkit::words(&format!("--data-dir {} {urls} {peers}", dir.display()));
    let mut etcd = cluster.command(std::path::Path::new("etcd"), &words).stderr(std::process::Stdio::null()).spawn().unwrap();
    wait_until("etcd answers", || {
        let outcome = cluster.inside(&format!("curl -sS {client}/health"));
        if outcome.stdout.contains("true") { Ok(()) } else { Err(outcome.to_string()) }
    });
    let started = cluster.try_start(&format!("--datastore-endpoints {client}"));
    assert_eq!(started.code, 0, "{started}");
    cluster.k("create configmap kept --from-literal=a=b").ok();
    assert!(!cluster.data().join("store/state.db").exists(), "nothing is stored here");
    cluster.kill_server();
    // The next start knows where its state is.
    cluster.start_again();
    assert_eq!(cluster.k("get configmap kept -o jsonpath={.data.a}").ok(), "b");
    // Controllers go on as soon as the Lease of the dead leader has run out.
    cluster.k("create deployment none --image=none --replicas=0").ok();
    cluster.k("rollout status deployment/none --timeout=100s").ok();
    cluster.manage("stop", "").ok();
    etcd.kill().unwrap();
    etcd.wait().unwrap();
    let refused = cluster.try_start("").failed(1);
    assert!(refused.contains("cannot read from etcd at http://127.0.0.1:2379"), "{refused}");
}
