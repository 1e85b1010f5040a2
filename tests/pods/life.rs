//! What a pod goes through on a node: hooks, probes, deadlines, restarts, limits, and the ways in from outside. On real containers, because all of it is promised by
//! the kernel or by containerd.

use testkit::{Namespace, wait_until};

/// A pod of one busybox container with further fields of the container and of the pod, in JSON's flow.
fn pod(namespace: &Namespace<'_>, name: &str, command: &str, container: &str, spec: &str) {
    let manifest = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {name}}}}}\nspec:\n  terminationGracePeriodSeconds: 10\n{spec}  containers:\n  - name: main\n    image: busybox:1.35\n    command: [sh, -c, {command:?}]\n{container}"
    );
    namespace.k_with("apply -f -", &manifest).ok();
}

fn restarts(namespace: &Namespace<'_>, pod: &str) -> String {
    namespace.k(&format!("get pod {pod} -o jsonpath={{.status.containerStatuses[0].restartCount}}")).ok()
}

#[test]
fn hooks_run_after_the_start_and_before_the_end() {
    let namespace = crate::shared::namespace("life-hooks");
    let shared = "  volumes: [{name: told, hostPath: {path: /run/kt-hooks, type: DirectoryOrCreate}}]\n";
    let hooks = "    volumeMounts: [{name: told, mountPath: /told}]\n    lifecycle:\n      postStart: {exec: {command: [sh, -c, 'echo started > /told/start']}}\n      preStop: {exec: {command: [sh, -c, 'echo stopping > /told/stop']}}\n";
    pod(&namespace, "hooked", "trap 'exit 0' TERM; while :; do sleep 0.1; done", hooks, shared);
    namespace.ready("hooked");
    let read = |name: &str| std::fs::read_to_string(format!("/run/kt-hooks/{name}")).unwrap_or_default();
    let started = read("start");
    namespace.k("delete pod hooked").ok();
    let stopped = read("stop");
    std::fs::remove_dir_all("/run/kt-hooks").unwrap();
    assert_eq!((started.as_str(), stopped.as_str()), ("started\n", "stopping\n"));
    // A hook that fails kills the container and says so.
    pod(&namespace, "unhooked", "sleep 3600", "    lifecycle: {postStart: {exec: {command: ['false']}}}\n", "");
    let events =
        namespace.wait_for("get events --field-selector involvedObject.name=unhooked", |text| text.contains("FailedPostStartHook"));
    assert!(events.contains("PostStartHook failed"), "{events}");
}

#[test]
fn probes_decide_over_traffic_and_restarts() {
    let namespace = crate::shared::namespace("life-probes");
    let readiness = "    readinessProbe: {exec: {command: [cat, /tmp/ready]}, periodSeconds: 1, failureThreshold: 1}\n";
    pod(&namespace, "gated", "sleep 3600", readiness, "");
    namespace.phase("gated", "Running");
    namespace.k("expose pod gated --port=80").ok();
    let addresses = "get endpoints gated -o jsonpath={.subsets[*].addresses[*].ip}";
    let waiting = "get endpoints gated -o jsonpath={.subsets[*].notReadyAddresses[*].ip}";
    namespace.wait_for(waiting, |text| !text.is_empty());
    assert_eq!(namespace.k(addresses).ok(), "");
    namespace.k("exec gated -- touch /tmp/ready").ok();
    namespace.ready("gated");
    namespace.wait_for(addresses, |text| !text.is_empty());
    namespace.k("exec gated -- rm /tmp/ready").ok();
    namespace.wait_for(addresses, str::is_empty);
    // Liveness restarts; the address stays.
    let liveness =
        "    livenessProbe: {exec: {command: [cat, /tmp/alive]}, periodSeconds: 1, failureThreshold: 1, initialDelaySeconds: 1}\n";
    pod(&namespace, "mortal", "touch /tmp/alive; sleep 3600", liveness, "");
    namespace.ready("mortal");
    let address = namespace.k("get pod mortal -o jsonpath={.status.podIP}").ok();
    namespace.k("exec mortal -- rm /tmp/alive").ok();
    wait_until("the container is restarted", || {
        let count = restarts(&namespace, "mortal");
        if count == "1" { Ok(()) } else { Err(count) }
    });
    assert_eq!(namespace.k("get pod mortal -o jsonpath={.status.podIP}").ok(), address);
    let events = namespace.k("get events --field-selector involvedObject.name=mortal").ok();
    assert!(events.contains("Liveness probe failed: cat: can't open '/tmp/alive': No such file or directory"), "{events}");
    assert!(events.contains("Container main failed liveness probe, will be restarted"), "{events}");
    // The startup probe holds the liveness probe back.
    let held = "    startupProbe: {exec: {command: [cat, /tmp/started]}, periodSeconds: 1, failureThreshold: 100}\n    livenessProbe: {exec: {command: [cat, /tmp/started]}, periodSeconds: 1, failureThreshold: 1}\n";
    pod(&namespace, "slow", "sleep 3; touch /tmp/started; sleep 3600", held, "");
    namespace.ready("slow");
    assert_eq!(restarts(&namespace, "slow"), "0");
}

#[test]
fn a_pod_that_takes_too_long_is_failed() {
    let namespace = crate::shared::namespace("life-deadline");
    pod(&namespace, "late", "sleep 3600", "", "  activeDeadlineSeconds: 2\n  restartPolicy: Never\n");
    namespace.phase("late", "Failed");
    assert_eq!(namespace.k("get pod late -o jsonpath={.status.reason}").ok(), "DeadlineExceeded");
    assert_eq!(
        namespace.k("get pod late -o jsonpath={.status.message}").ok(),
        "Pod was active on the node longer than the specified deadline"
    );
}

#[test]
fn containers_that_end() {
    let namespace = crate::shared::namespace("life-ends");
    pod(&namespace, "done", "exit 0", "", "  restartPolicy: OnFailure\n");
    pod(&namespace, "failed", "exit 3", "", "  restartPolicy: Never\n");
    pod(&namespace, "loops", "echo round; exit 1", "", "");
    namespace.phase("done", "Succeeded");
    namespace.phase("failed", "Failed");
    namespace.wait_for("get pod failed", |text| text.contains("Error"));
    namespace.wait_for("get pod done", |text| text.contains("Completed"));
    let code = "get pod failed -o jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
    assert_eq!(namespace.k(code).ok(), "3");
    namespace.wait_for("get pod loops", |text| text.contains("CrashLoopBackOff"));
    namespace.wait_for("logs loops --previous", |text| text == "round\n");
    let events = namespace.wait_for("get events --field-selector involvedObject.name=loops", |text| text.contains("BackOff"));
    assert!(events.contains("Back-off restarting failed container main in pod loops_"), "{events}");
}

#[test]
fn limits_are_the_kernels() {
    let namespace = crate::shared::namespace("life-limits");
    let limits = "    resources: {requests: {cpu: 100m, memory: 16Mi}, limits: {cpu: 250m, memory: 32Mi}}\n";
    pod(&namespace, "bounded", "sleep 3600", limits, "");
    namespace.ready("bounded");
    let read = |version1: &str, version2: &str| {
        namespace.k(&format!("exec bounded -- sh -c 'cat /sys/fs/cgroup/{version1} 2>/dev/null || cat /sys/fs/cgroup/{version2}'")).ok()
    };
    assert_eq!(read("memory/memory.limit_in_bytes", "memory.max").trim(), "33554432");
    assert_eq!(read("cpu/cpu.cfs_quota_us", "cpu.max").split_whitespace().next(), Some("25000"));
    // More than that is the end of the container, and it shows.
    pod(&namespace, "greedy", "x=a; while :; do x=$x$x; done", limits, "  restartPolicy: Never\n");
    namespace.phase("greedy", "Failed");
    let reason = "get pod greedy -o jsonpath={.status.containerStatuses[0].state.terminated.reason}";
    assert_eq!(namespace.k(reason).ok(), "OOMKilled");
    let code = "get pod greedy -o jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
    assert_eq!(namespace.k(code).ok(), "137");
}

/// The local port of `Forwarding from 127.0.0.1:40123 -> 80`.
fn local_port(printed: &str) -> Option<String> {
    let line = printed.lines().find_map(|line| line.strip_prefix("Forwarding from 127.0.0.1:"))?;
    Some(line.split(' ').next()?.to_owned())
}

#[test]
fn ports_are_forwarded_by_both_clients() {
    let namespace = crate::shared::namespace("life-forward");
    pod(
        &namespace,
        "web",
        "mkdir /w; echo hello > /w/index.html; exec httpd -f -p 8080 -h /w",
        "    ports: [{name: http, containerPort: 8080}]\n",
        "",
    );
    namespace.ready("web");
    namespace.k("expose pod web --port=80 --target-port=http").ok();
    let real = testkit::real_client("kubectl").is_some();
    for (real, target) in
        [(false, "pod/web :8080"), (false, "service/web :80"), (true, "pod/web :8080")].into_iter().filter(|(needs, _)| !needs || real)
    {
        let line = format!("port-forward {target} --address 127.0.0.1");
        let forward = if real { namespace.kubectl_running(&line) } else { namespace.running(&line) };
        let printed = forward.wait_for("the port", |text| local_port(text).is_some());
        let url = format!("http://127.0.0.1:{}/", local_port(&printed).unwrap());
        for _ in 0..3 {
            assert_eq!(namespace.cluster.inside(&format!("curl -sS --max-time 10 {url}")).ok(), "hello\n", "{line}");
        }
    }
}

#[test]
fn attaching_sees_what_a_container_says_and_hears() {
    let namespace = crate::shared::namespace("life-attach");
    pod(
        &namespace,
        "echo",
        "while read line; do echo \"heard $line\"; done; echo ended; sleep 3600",
        "    stdin: true\n    stdinOnce: true\n",
        "",
    );
    namespace.ready("echo");
    let mut attached = namespace.running("attach -i echo");
    attached.write("one\n");
    attached.wait_for("the answer", |text| text.contains("heard one\n"));
    drop(attached);
    namespace.wait_for("logs echo", |text| text.contains("heard one\n"));
}

#[test]
fn configuration_that_changes_reaches_running_containers() {
    let namespace = crate::shared::namespace("life-config");
    namespace.k("create configmap settings --from-literal=key=old").ok();
    namespace.k("create secret generic hidden --from-literal=key=old").ok();
    let volumes = "  volumes: [{name: c, configMap: {name: settings}}, {name: s, secret: {secretName: hidden}}]\n";
    let mounts = "    volumeMounts: [{name: c, mountPath: /c}, {name: s, mountPath: /s}]\n";
    pod(&namespace, "reader", "sleep 3600", mounts, volumes);
    namespace.ready("reader");
    assert_eq!(namespace.k("exec reader -- cat /c/key /s/key").ok(), "oldold");
    assert!(namespace.k("exec reader -- grep ' /s ' /proc/mounts").ok().starts_with("tmpfs "));
    namespace.k("patch configmap settings -p '{\"data\":{\"key\":\"new\"}}'").ok();
    namespace.k("patch secret hidden -p '{\"stringData\":{\"key\":\"new\"}}'").ok();
    namespace.wait_for("exec reader -- cat /c/key /s/key", |text| text == "newnew");
}
