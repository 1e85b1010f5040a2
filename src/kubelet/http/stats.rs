//! What containers, pods and the node use of CPU and memory: `/stats/summary` as JSON, `/metrics/resource` for Prometheus and the metrics API.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use cri::v1::ContainerStats;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Failure, Kubelet, json};
use crate::kubelet::Shared;
use crate::observation::timestamp;
use crate::{labels, pod};

/// One container's use, with whose it is.
struct Usage {
    namespace: String,
    pod: String,
    uid: String,
    container: String,
    /// Nanoseconds of CPU since the start.
    cpu_nanoseconds: u64,
    nano_cores: Option<u64>,
    working_set: u64,
    memory: u64,
    rss: u64,
    disk: Option<(u64, u64)>,
    time_ns: i64,
    started_ns: i64,
}

async fn usages(shared: &Shared) -> Result<Vec<Usage>, Failure> {
    let containers = shared.engine.list_containers(None).await.map_err(Failure::internal)?;
    let started: BTreeMap<String, i64> = containers.into_iter().map(|container| (container.id, container.created_at)).collect();
    let stats = shared.engine.container_stats().await.map_err(Failure::internal)?;
    Ok(stats.into_iter().filter_map(|stats| usage(stats, &started)).collect())
}

fn usage(stats: ContainerStats, started: &BTreeMap<String, i64>) -> Option<Usage> {
    let attributes = stats.attributes?;
    let label = |name: &str| attributes.labels.get(name).cloned();
    let cpu = stats.cpu?;
    let memory = stats.memory?;
    let number = |value: Option<cri::v1::UInt64Value>| value.map_or(0, |value| value.value);
    Some(Usage {
        namespace: label(labels::POD_NAMESPACE)?,
        pod: label(labels::POD_NAME)?,
        uid: label(labels::POD_UID)?,
        container: label(labels::CONTAINER_NAME)?,
        cpu_nanoseconds: number(cpu.usage_core_nano_seconds),
        nano_cores: cpu.usage_nano_cores.map(|value| value.value),
        working_set: number(memory.working_set_bytes),
        memory: number(memory.usage_bytes),
        rss: number(memory.rss_bytes),
        disk: stats.writable_layer.map(|layer| (number(layer.used_bytes), number(layer.inodes_used))),
        time_ns: cpu.timestamp,
        started_ns: started.get(&attributes.id).copied().unwrap_or(0),
    })
}

/// The whole machine: nanoseconds of CPU, memory in use and free, in bytes.
fn machine() -> (u64, u64, u64) {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks: Vec<u64> = stat.lines().next().unwrap_or_default().split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect();
    // user, nice, system, irq, softirq, steal: all but idle and waiting for disks. A tick is 10 ms.
    let busy: u64 = [0, 1, 2, 5, 6, 7].iter().filter_map(|place| ticks.get(*place)).sum();
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let bytes = |key: &str| {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    let available = bytes("MemAvailable");
    (busy * 10_000_000, bytes("MemTotal").saturating_sub(available), available)
}

pub async fn summary(State(shared): Kubelet) -> Result<Response, Failure> {
    let usages = usages(&shared).await?;
    let now = Timestamp::now().to_string();
    let time = |ns: i64| timestamp(ns).map_or_else(|| now.clone(), |time| time.to_string());
    let mut pods: BTreeMap<String, (Value, Vec<Value>, u64, u64, u64)> = BTreeMap::new();
    for usage in &usages {
        let reference = json!({ "name": usage.pod, "namespace": usage.namespace, "uid": usage.uid });
        let pod = pods.entry(usage.uid.clone()).or_insert((reference, Vec::new(), 0, 0, 0));
        pod.2 += usage.cpu_nanoseconds;
        pod.3 += usage.nano_cores.unwrap_or(0);
        pod.4 += usage.working_set;
        let at = time(usage.time_ns);
        let mut container = json!({
            "name": usage.container,
            "startTime": time(usage.started_ns),
            "cpu": { "time": at, "usageCoreNanoSeconds": usage.cpu_nanoseconds, "usageNanoCores": usage.nano_cores },
            "memory": { "time": at, "usageBytes": usage.memory, "workingSetBytes": usage.working_set, "rssBytes": usage.rss },
        });
        if let Some((bytes, inodes)) = usage.disk {
            container["rootfs"] = json!({ "time": at, "usedBytes": bytes, "inodesUsed": inodes });
        }
        pod.1.push(container);
    }
    let starts: BTreeMap<String, String> = shared
        .known_pods()
        .iter()
        .filter_map(|found| Some((pod::uid(found).to_owned(), found.status.as_ref()?.start_time.as_ref()?.0.to_string())))
        .collect();
    let pods: Vec<Value> = pods
        .into_iter()
        .map(|(uid, (reference, containers, cpu, cores, memory))| {
            json!({
                "podRef": reference,
                "startTime": starts.get(&uid),
                "containers": containers,
                "cpu": { "time": now, "usageCoreNanoSeconds": cpu, "usageNanoCores": cores },
                "memory": { "time": now, "workingSetBytes": memory },
            })
        })
        .collect();
    let (cpu, used, available) = machine();
    Ok(json(&json!({
        "node": {
            "nodeName": shared.config.node_name,
            "cpu": { "time": now, "usageCoreNanoSeconds": cpu },
            "memory": { "time": now, "workingSetBytes": used, "usageBytes": used, "availableBytes": available },
        },
        "pods": pods,
    })))
}

pub async fn metrics(State(shared): Kubelet) -> Result<Response, Failure> {
    let usages = usages(&shared).await?;
    Ok(([(axum::http::header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], exposition(&usages, machine())).into_response())
}

/// Prometheus' text format, with upstream's names.
fn exposition(usages: &[Usage], machine: (u64, u64, u64)) -> String {
    let mut text = String::new();
    let seconds = |nanoseconds: u64| nanoseconds as f64 / 1e9;
    let mut family = |name: &str, kind: &str, help: &str, rows: Vec<(String, f64, i64)>| {
        let _ = writeln!(text, "# HELP {name} [STABLE] {help}\n# TYPE {name} {kind}");
        for (labels, value, time_ns) in rows {
            let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
            let time = if time_ns > 0 { format!(" {}", time_ns / 1_000_000) } else { String::new() };
            let _ = writeln!(text, "{name}{labels} {value}{time}");
        }
    };
    let container = |usage: &Usage| format!("container=\"{}\",namespace=\"{}\",pod=\"{}\"", usage.container, usage.namespace, usage.pod);
    let each = |value: &dyn Fn(&Usage) -> f64| usages.iter().map(|usage| (container(usage), value(usage), usage.time_ns)).collect();
    family(
        "container_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the container in core-seconds",
        each(&|usage| seconds(usage.cpu_nanoseconds)),
    );
    family(
        "container_memory_working_set_bytes",
        "gauge",
        "Current working set of the container in bytes",
        each(&|usage| usage.working_set as f64),
    );
    family(
        "container_start_time_seconds",
        "gauge",
        "Start time of the container since unix epoch in seconds",
        usages.iter().map(|usage| (container(usage), usage.started_ns as f64 / 1e9, 0)).collect(),
    );
    family(
        "node_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the node in core-seconds",
        vec![(String::new(), seconds(machine.0), 0)],
    );
    family(
        "node_memory_working_set_bytes",
        "gauge",
        "Current working set of the node in bytes",
        vec![(String::new(), machine.1 as f64, 0)],
    );
    let mut pods: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for usage in usages {
        let sum = pods.entry(format!("namespace=\"{}\",pod=\"{}\"", usage.namespace, usage.pod)).or_default();
        sum.0 += usage.cpu_nanoseconds;
        sum.1 += usage.working_set;
    }
    family(
        "pod_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the pod in core-seconds",
        pods.iter().map(|(labels, sum)| (labels.clone(), seconds(sum.0), 0)).collect(),
    );
    family(
        "pod_memory_working_set_bytes",
        "gauge",
        "Current working set of the pod in bytes",
        pods.iter().map(|(labels, sum)| (labels.clone(), sum.1 as f64, 0)).collect(),
    );
    family(
        "resource_scrape_error",
        "gauge",
        "1 if there was an error while getting container metrics, 0 otherwise",
        vec![(String::new(), 0.0, 0)],
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_upstream() {
        let usage = Usage {
            namespace: "default".into(),
            pod: "p".into(),
            uid: "u".into(),
            container: "a".into(),
            cpu_nanoseconds: 1_500_000_000,
            nano_cores: None,
            working_set: 4096,
            memory: 0,
            rss: 0,
            disk: None,
            time_ns: 7_000_000,
            started_ns: 0,
        };
        let text = exposition(&[usage], (2_000_000_000, 10, 20));
        assert!(text.contains("container_cpu_usage_seconds_total{container=\"a\",namespace=\"default\",pod=\"p\"} 1.5 7\n"));
        assert!(text.contains("pod_memory_working_set_bytes{namespace=\"default\",pod=\"p\"} 4096\n"));
        assert!(text.contains("node_cpu_usage_seconds_total 2\n"));
    }
}
