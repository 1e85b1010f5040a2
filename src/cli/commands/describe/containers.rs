//! The containers of pods and pod templates: image, command, state, resources, probes, environment and mounts.

use output::go_text;
use serde_json::Value;

use super::page::{Page, put};
use super::tree::{Tree, host_port, quantity};

/// A list of containers. `pod` resolves references to the pod's own fields; templates have none. `space` is what templates are indented by.
pub fn containers(page: &mut Page, title: &str, containers: &[Value], statuses: &[Value], pod: Option<&Value>, space: &str) {
    let none = if containers.is_empty() { " <none>" } else { "" };
    put!(page, 0, "{space}{title}:{none}\n");
    for container in containers {
        let status = statuses.iter().rfind(|status| status.text("name") == container.text("name"));
        basics(page, container, status, space);
        command(page, "Command", &container.texts("command"));
        command(page, "Args", &container.texts("args"));
        if let Some(status) = status {
            state(page, "State", status.at("state"));
            if status.has("lastState.terminated") {
                state(page, "Last State", status.at("lastState"));
            }
            page.field(2, "Ready", if status.flag("ready") { "True" } else { "False" });
            page.field(2, "Restart Count", &status.integer("restartCount").to_string());
        }
        resources(page, container.at("resources"), 2);
        for (title, field) in [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")] {
            if container.has(field) {
                page.field(2, title, &probe(container.at(field)));
            }
        }
        environment_sources(page, container.list("envFrom"));
        environment(page, container, pod);
        mounts(page, container);
    }
}

fn basics(page: &mut Page, container: &Value, status: Option<&Value>, space: &str) {
    let indent = if space.is_empty() { "" } else { " " };
    put!(page, 1, "{indent}{}:\n", container.text("name"));
    if let Some(status) = status {
        page.field(2, "Container ID", status.text("containerID"));
    }
    page.field(2, "Image", container.text("image"));
    if let Some(status) = status {
        page.field(2, "Image ID", status.text("imageID"));
    }
    for (one, several, field) in [("Port", "Ports", "containerPort"), ("Host Port", "Host Ports", "hostPort")] {
        let ports: Vec<String> = container
            .list("ports")
            .iter()
            .map(|port| {
                let text = format!("{}/{}", port.integer(field), port.text("protocol"));
                port.filled("name").map_or_else(|| text.clone(), |name| format!("{text} ({name})"))
            })
            .collect();
        match ports.len() {
            0 => page.field(2, one, "<none>"),
            1 => page.field(2, one, &ports[0]),
            _ => page.field(2, several, &ports.join(", ")),
        }
    }
    if container.has("securityContext.seccompProfile") {
        let profile = container.at("securityContext.seccompProfile");
        page.field(2, "SeccompProfile", profile.text("type"));
        if profile.text("type") == "Localhost" {
            page.field(3, "LocalhostProfile", profile.text("localhostProfile"));
        }
    }
}

fn command(page: &mut Page, title: &str, words: &[&str]) {
    if words.is_empty() {
        return;
    }
    put!(page, 2, "{title}:\n");
    for line in words.iter().flat_map(|word| word.split('\n')) {
        put!(page, 3, "{line}\n");
    }
}

fn state(page: &mut Page, title: &str, state: &Value) {
    if state.has("running") {
        page.field(2, title, "Running");
        page.field(3, "Started", &state.time("running.startedAt"));
    } else if state.has("terminated") && !state.has("waiting") {
        let ended = state.at("terminated");
        page.field(2, title, "Terminated");
        for (title, field) in [("Reason", "reason"), ("Message", "message")] {
            if let Some(text) = ended.filled(field) {
                page.field(3, title, text);
            }
        }
        page.field(3, "Exit Code", &ended.integer("exitCode").to_string());
        if ended.integer("signal") > 0 {
            page.field(3, "Signal", &ended.integer("signal").to_string());
        }
        page.field(3, "Started", &ended.time("startedAt"));
        page.field(3, "Finished", &ended.time("finishedAt"));
    } else {
        page.field(2, title, "Waiting");
        if let Some(reason) = state.filled("waiting.reason") {
            page.field(3, "Reason", reason);
        }
    }
}

/// Limits and requests, where there are any.
pub fn resources(page: &mut Page, resources: &Value, level: usize) {
    for (title, field) in [("Limits", "limits"), ("Requests", "requests")] {
        let amounts = resources.members(field);
        if !amounts.is_empty() {
            put!(page, level, "{title}:\n");
        }
        for (name, amount) in amounts {
            page.field(level + 1, name, &quantity(amount).to_string());
        }
    }
}

fn probe(probe: &Value) -> String {
    let rhythm = format!(
        "delay={}s timeout={}s period={}s successThreshold={} failureThreshold={}",
        probe.integer("initialDelaySeconds"),
        probe.integer("timeoutSeconds"),
        probe.integer("periodSeconds"),
        probe.integer("successThreshold"),
        probe.integer("failureThreshold")
    );
    if probe.has("exec") {
        format!("exec {} {rhythm}", probe.shown("exec.command", "[]"))
    } else if probe.has("httpGet") {
        format!("http-get {} {rhythm}", probe_url(probe.at("httpGet")))
    } else if probe.has("tcpSocket") {
        format!("tcp-socket {}:{} {rhythm}", probe.text("tcpSocket.host"), probe.shown("tcpSocket.port", "0"))
    } else if probe.has("grpc") {
        format!("grpc <pod>:{} {} {rhythm}", probe.integer("grpc.port"), probe.text("grpc.service"))
    } else {
        format!("unknown {rhythm}")
    }
}

/// A URL as Go's `url.URL` writes it.
fn probe_url(get: &Value) -> String {
    let port = get.shown("port", "0");
    let host = if port.is_empty() { get.text("host").to_owned() } else { host_port(get.text("host"), &port) };
    let scheme = get.text("scheme").to_lowercase();
    let path: String = get
        .text("path")
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other if b"-_.~$&+,/:;=@".contains(&other) => char::from(other).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let colon = if scheme.is_empty() { "" } else { ":" };
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    format!("{scheme}{colon}//{host}{slash}{path}")
}

fn environment_sources(page: &mut Page, sources: &[Value]) {
    if sources.is_empty() {
        return;
    }
    page.write(2, "Environment Variables from:\n");
    for source in sources {
        let (from, reference) = if source.has("configMapRef") {
            ("ConfigMap", source.at("configMapRef"))
        } else if source.has("secretRef") {
            ("Secret", source.at("secretRef"))
        } else {
            ("", &Value::Null)
        };
        let (name, optional) = (reference.text("name"), reference.flag("optional"));
        match source.filled("prefix") {
            None => put!(page, 3, "{name}\t{from}\tOptional: {optional}\n"),
            Some(prefix) => put!(page, 3, "{name}\t{from} with prefix '{prefix}'\tOptional: {optional}\n"),
        }
    }
}

fn environment(page: &mut Page, container: &Value, pod: Option<&Value>) {
    let variables = container.list("env");
    put!(page, 2, "Environment:{}\n", if variables.is_empty() { "\t<none>" } else { "" });
    for variable in variables {
        let name = variable.text("name");
        let source = variable.at("valueFrom");
        if source.is_null() {
            for (index, line) in variable.text("value").split('\n').enumerate() {
                if index == 0 {
                    page.field(3, name, line);
                } else {
                    put!(page, 3, "\t{line}\n");
                }
            }
        } else if source.has("fieldRef") {
            let (version, path) = (source.text("fieldRef.apiVersion"), source.text("fieldRef.fieldPath"));
            let value = pod.map(|pod| own_field(pod, path)).unwrap_or_default();
            put!(page, 3, "{name}:\t{value} ({version}:{path})\n");
        } else if source.has("resourceFieldRef") {
            let resource = source.text("resourceFieldRef.resource");
            let mut value = own_resource(container, source.at("resourceFieldRef"));
            if value == "0" && matches!(resource, "limits.cpu" | "limits.memory") {
                "node allocatable".clone_into(&mut value);
            }
            put!(page, 3, "{name}:\t{value} ({resource})\n");
        } else {
            for (field, what) in [("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")] {
                if source.has(field) {
                    let reference = source.at(field);
                    let (key, of, optional) = (reference.text("key"), reference.text("name"), reference.flag("optional"));
                    put!(page, 3, "{name}:\t<set to the key '{key}' {what} '{of}'>\tOptional: {optional}\n");
                    break;
                }
            }
        }
    }
}

/// The pod's name or namespace; kubectl resolves no other field.
fn own_field(pod: &Value, path: &str) -> String {
    match path {
        "metadata.name" | "metadata.namespace" => pod.text(path).to_owned(),
        _ => String::new(),
    }
}

/// An amount of the container's own resources, in units of the divisor, rounded up; empty for what is no such resource.
fn own_resource(container: &Value, reference: &Value) -> String {
    let divisor = quantity(reference.at("divisor"));
    let divisor = if divisor.is_zero() { api::quantity::Quantity::new(1, divisor.format()) } else { divisor };
    let Some((list, name)) = reference.text("resource").split_once('.') else { return String::new() };
    if !matches!(list, "limits" | "requests") || !(matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-"))
    {
        return String::new();
    }
    let amount = container.at("resources").at(list).quantity(name);
    let (amount, divisor) = if name == "cpu" { (amount.milli_value(), divisor.milli_value()) } else { (amount.value(), divisor.value()) };
    ((amount as f64 / divisor as f64).ceil() as i64).to_string()
}

fn mounts(page: &mut Page, container: &Value) {
    let mut mounts: Vec<&Value> = container.list("volumeMounts").iter().collect();
    let none = if mounts.is_empty() { "\t<none>" } else { "" };
    put!(page, 2, "Mounts:{none}\n");
    mounts.sort_by_key(|mount| mount.text("mountPath"));
    for mount in mounts {
        let mut flags = if mount.flag("readOnly") { "ro".to_owned() } else { "rw".to_owned() };
        if let Some(path) = mount.filled("subPath") {
            flags.push_str(&format!(",path={}", go_text::quote(path)));
        }
        put!(page, 3, "{} from {} ({flags})\n", mount.text("mountPath"), mount.text("name"));
    }
    let mut devices: Vec<&Value> = container.list("volumeDevices").iter().collect();
    if devices.is_empty() {
        return;
    }
    put!(page, 2, "Devices:{none}\n");
    devices.sort_by_key(|device| device.text("devicePath"));
    for device in devices {
        put!(page, 3, "{} from {}\n", device.text("devicePath"), device.text("name"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn probes() {
        let check = |handler: Value, expected: &str| {
            let mut value = json!({ "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3 });
            value.as_object_mut().unwrap().extend(handler.as_object().unwrap().clone());
            assert_eq!(probe(&value), format!("{expected} delay=0s timeout=1s period=10s successThreshold=1 failureThreshold=3"));
        };
        check(json!({ "exec": { "command": ["sh", "-c", "true"] } }), "exec [sh -c true]");
        check(json!({ "httpGet": { "path": "/a b?c", "port": 80, "scheme": "HTTP" } }), "http-get http://:80/a%20b%3Fc");
        check(
            json!({ "httpGet": { "path": "healthz", "port": "web", "host": "fd00::1", "scheme": "HTTPS" } }),
            "http-get https://[fd00::1]:web/healthz",
        );
        check(json!({ "tcpSocket": { "port": "db" } }), "tcp-socket :db");
        check(json!({ "grpc": { "port": 9, "service": "" } }), "grpc <pod>:9 ");
        check(json!({}), "unknown");
    }

    #[test]
    fn references_to_oneself() {
        let pod = json!({ "metadata": { "name": "p", "uid": "u", "labels": { "b": "2", "a": "1" } }, "spec": { "nodeName": "n" } });
        let check = |path: &str, expected: &str| assert_eq!(own_field(&pod, path), expected, "{path}");
        check("metadata.name", "p");
        check("metadata.labels['a']", "");
        check("spec.nodeName", "");
        let container = json!({ "resources": { "limits": { "cpu": "1500m", "memory": "1Gi" } } });
        let check = |resource: &str, divisor: &str, expected: &str| {
            assert_eq!(own_resource(&container, &json!({ "resource": resource, "divisor": divisor })), expected, "{resource}");
        };
        check("limits.cpu", "0", "2");
        check("limits.cpu", "1m", "1500");
        check("limits.memory", "1Mi", "1024");
        check("requests.cpu", "0", "0");
        check("limits.pods", "0", "");
    }
}
