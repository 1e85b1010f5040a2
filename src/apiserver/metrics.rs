//! `/metrics`, under upstream's names: requests, what is in flight, flow control, stored objects, and the process itself.

use std::sync::LazyLock;
use std::time::Instant;

use axum::body::Body;
use http::Response;
use http_body_util::BodyExt;
use kinds::Storage;
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry as Collectors, TextEncoder};

use crate::flow::Flow;
use crate::registry::Registry;
use crate::request::{Query, RequestInfo};

/// Upstream's bounds of `apiserver_request_duration_seconds`.
const SECONDS: &[f64] =
    &[0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0];

struct Metrics {
    collectors: Collectors,
    requests: IntCounterVec,
    durations: HistogramVec,
    in_flight: IntGaugeVec,
    long_running: IntGaugeVec,
    deprecated: IntGaugeVec,
    rejected: IntCounterVec,
    dispatched: IntCounterVec,
    objects: IntGaugeVec,
    storage_objects: IntGaugeVec,
    level_seats: IntGaugeVec,
    level_busy: IntGaugeVec,
    level_waiting: IntGaugeVec,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

impl Metrics {
    fn new() -> Self {
        let collectors = Collectors::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels).expect("the names are well-formed");
            collectors.register(Box::new(counter.clone())).expect("each name is there once");
            counter
        };
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            let gauge = IntGaugeVec::new(Opts::new(name, help), labels).expect("the names are well-formed");
            collectors.register(Box::new(gauge.clone())).expect("each name is there once");
            gauge
        };
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "apiserver_request_duration_seconds",
                "Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.",
            )
            .buckets(SECONDS.to_vec()),
            &["verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component"],
        )
        .expect("the names are well-formed");
        collectors.register(Box::new(durations.clone())).expect("each name is there once");
        Self {
            requests: counter(
                "apiserver_request_total",
                "Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.",
                &["verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component", "code"],
            ),
            durations,
            in_flight: gauge(
                "apiserver_current_inflight_requests",
                "Maximal number of currently used inflight request limit of this apiserver per request kind in last second.",
                &["request_kind"],
            ),
            long_running: gauge(
                "apiserver_longrunning_requests",
                "Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component.",
                &["verb", "group", "version", "resource", "subresource", "scope", "component"],
            ),
            deprecated: gauge(
                "apiserver_requested_deprecated_apis",
                "Gauge of deprecated APIs that have been requested, broken out by API group, version, resource, subresource, and removed_release.",
                &["group", "version", "resource", "subresource", "removed_release"],
            ),
            rejected: counter(
                "apiserver_flowcontrol_rejected_requests_total",
                "Number of requests rejected by API Priority and Fairness subsystem",
                &["priority_level", "flow_schema", "reason"],
            ),
            dispatched: counter(
                "apiserver_flowcontrol_dispatched_requests_total",
                "Number of requests executed by API Priority and Fairness subsystem",
                &["priority_level", "flow_schema"],
            ),
            objects: gauge(
                "apiserver_resource_objects",
                "Number of stored objects at the time of last check split by kind.",
                &["group", "resource"],
            ),
            storage_objects: gauge(
                "apiserver_storage_objects",
                "Number of stored objects at the time of last check split by kind.",
                &["resource"],
            ),
            level_seats: gauge(
                "apiserver_flowcontrol_nominal_limit_seats",
                "Nominal number of execution seats configured for each priority level",
                &["priority_level"],
            ),
            level_busy: gauge(
                "apiserver_flowcontrol_current_executing_seats",
                "Concurrency (number of seats) occupied by the currently executing requests in the API Priority and Fairness subsystem",
                &["priority_level"],
            ),
            level_waiting: gauge(
                "apiserver_flowcontrol_current_inqueue_requests",
                "Number of requests currently pending in queues of the API Priority and Fairness subsystem",
                &["priority_level"],
            ),
            collectors,
        }
    }
}

/// A request that flow control refused.
pub fn rejected(level: &str, schema: &str, reason: &str) {
    METRICS.rejected.with_label_values(&[level, schema, reason]).inc();
}

/// A request that flow control let through.
pub fn dispatched(level: &str, schema: &str) {
    METRICS.dispatched.with_label_values(&[level, schema]).inc();
}

/// One request, from its arrival to the end of its answer.
pub struct Observed {
    started: Instant,
    /// Verb, dry run, group, version, resource, subresource, scope.
    labels: [String; 7],
    gauge: IntGauge,
    long: bool,
}

/// Counts a gauge down where it ends.
struct Running(IntGauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Observed {
    /// `known`: the path names something that is served. What is not is counted without its names, which are the client's to choose.
    pub fn start(info: &RequestInfo, query: &Query, known: bool, long: bool) -> Self {
        let connects = matches!(info.subresource.as_str(), "exec" | "attach" | "portforward" | "proxy");
        let verb = match info.verb {
            _ if connects => "CONNECT",
            "create" | "post" => "POST",
            "update" | "put" => "PUT",
            "patch" => "PATCH",
            "delete" => "DELETE",
            "deletecollection" => "DELETECOLLECTION",
            "list" => "LIST",
            "watch" => "WATCH",
            "get" => "GET",
            _ => "other",
        };
        let scope = match info {
            _ if !known => "",
            _ if info.names_one() && !info.name.is_empty() => "resource",
            _ if !info.namespace.is_empty() => "namespace",
            _ => "cluster",
        };
        let own = |text: &str| if known { text.to_owned() } else { String::new() };
        let dry_run = if query.filled("dryRun").is_some() { "All" } else { "" };
        let labels = [
            verb.to_owned(),
            dry_run.to_owned(),
            own(&info.group),
            own(&info.version),
            own(&info.resource),
            own(&info.subresource),
            scope.to_owned(),
        ];
        let [verb_label, _, group, version, resource, subresource, scope] = &labels;
        let gauge = if long {
            METRICS.long_running.with_label_values(&[verb_label, group, version, resource, subresource, scope, &"apiserver".to_owned()])
        } else {
            let reads = matches!(info.verb, "get" | "list" | "watch" | "head");
            METRICS.in_flight.with_label_values(&[if reads { "readOnly" } else { "mutating" }])
        };
        gauge.inc();
        Self { started: Instant::now(), labels, gauge, long }
    }

    /// Counts the answer; a long-running one counts as running until its body ends.
    pub fn finish(self, response: Response<Body>) -> Response<Body> {
        let running = Running(self.gauge);
        let [verb, dry_run, group, version, resource, subresource, scope] = self.labels.each_ref().map(String::as_str);
        let code = response.status().as_u16().to_string();
        METRICS.requests.with_label_values(&[verb, dry_run, group, version, resource, subresource, scope, "apiserver", &code]).inc();
        let refused = response.status().is_client_error() || response.status().is_server_error();
        if !self.long {
            let seconds = self.started.elapsed().as_secs_f64();
            METRICS
                .durations
                .with_label_values(&[verb, dry_run, group, version, resource, subresource, scope, "apiserver"])
                .observe(seconds);
        }
        // A refusal keeps its length, which clients read that asked for an upgrade.
        if !self.long || refused {
            return response;
        }
        response.map(|body| {
            Body::new(body.map_frame(move |frame| {
                // the count goes with the body
                let _ = &running;
                frame
            }))
        })
    }
}

/// A version that upstream has removed has been asked for.
pub fn deprecated(info: &RequestInfo, removed: &str) {
    METRICS.deprecated.with_label_values(&[info.group.as_str(), &info.version, &info.resource, &info.subresource, removed]).set(1);
}

/// Everything, as Prometheus reads it.
pub fn text(registry: &Registry, flow: &Flow, git_version: &str) -> Vec<u8> {
    for kind in kinds::ALL.iter().filter(|kind| kind.storage == Storage::Stored && kind.conversion.is_none()) {
        let count = i64::try_from(registry.of(kind).resource.len()).unwrap_or(i64::MAX);
        METRICS.objects.with_label_values(&[&*kind.group, &*kind.plural]).set(count);
        METRICS.storage_objects.with_label_values(&[&api::status::qualified(&kind.group, &kind.plural)]).set(count);
    }
    for (level, seats, busy, waiting) in flow.usage() {
        for (gauge, value) in [(&METRICS.level_seats, seats), (&METRICS.level_busy, busy), (&METRICS.level_waiting, waiting)] {
            gauge.with_label_values(&[&*level]).set(i64::try_from(value).unwrap_or(i64::MAX));
        }
    }
    let mut out = Vec::new();
    if let Err(error) = TextEncoder::new().encode(&METRICS.collectors.gather(), &mut out) {
        tracing::error!(%error, "metrics can not be written");
    }
    out.extend_from_slice(
        format!(
            "# HELP kubernetes_build_info A metric with a constant '1' value labeled by major, minor, git version and platform from which Kubernetes was built.\n# TYPE kubernetes_build_info gauge\nkubernetes_build_info{{git_version=\"{git_version}\",major=\"1\",minor=\"37\"}} 1\n"
        )
        .as_bytes(),
    );
    out.extend_from_slice(process().as_bytes());
    out
}

/// What the kernel knows of this process. What it does not tell is left out.
fn process() -> String {
    let mut out = String::new();
    let mut line = |name: &str, kind: &str, help: &str, value: Option<f64>| {
        if let Some(value) = value {
            out.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n"));
        }
    };
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // the name in brackets may hold blanks; the third field is the first after it
    let fields: Vec<&str> = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
    let field = |number: usize| fields.get(number - 3).and_then(|text| text.parse::<f64>().ok());
    let system = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let booted = system.lines().find_map(|line| line.strip_prefix("btime ")).and_then(|text| text.trim().parse::<f64>().ok());
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files =
        limits.lines().find_map(|line| line.strip_prefix("Max open files")).and_then(|line| line.split_whitespace().next()?.parse().ok());
    let open = std::fs::read_dir("/proc/self/fd").ok().map(|entries| entries.count());
    let seconds = field(14).zip(field(15)).map(|(user, system)| (user + system) / TICKS);
    line("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.", seconds);
    line("process_max_fds", "gauge", "Maximum number of open file descriptors.", files);
    line("process_open_fds", "gauge", "Number of open file descriptors.", open.and_then(|open| u32::try_from(open).ok()).map(f64::from));
    line("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", field(24).map(|pages| pages * PAGE));
    let started = booted.zip(field(22)).map(|(booted, ticks)| booted + ticks / TICKS);
    line("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.", started);
    line("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.", field(23));
    out
}

/// Clock ticks a second and bytes a page, as Linux has them on all machines that this runs on.
const TICKS: f64 = 100.0;
const PAGE: f64 = 4096.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_is_described() {
        let text = process();
        for name in ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"] {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap();
            assert!(line.split_once(' ').unwrap().1.parse::<f64>().unwrap() >= 0.0, "{line}");
        }
    }
}
