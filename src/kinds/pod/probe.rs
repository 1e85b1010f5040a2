//! The faults of probes and lifecycle handlers.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::core::v1::{Container, ExecAction, GRPCAction, HTTPGetAction, LifecycleHandler, Probe, SleepAction, TCPSocketAction};

use crate::rules::{invalid, not_negative, one_of, port, port_number, text};

/// Lifecycle and probes of a container that may have them.
pub(super) fn of_container(container: &Container, grace_period_seconds: Option<i64>, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if let Some(lifecycle) = &container.lifecycle {
        let path = path.child("lifecycle");
        for (field, handler) in [("postStart", &lifecycle.post_start), ("preStop", &lifecycle.pre_stop)] {
            errors
                .extend(handler.iter().flat_map(|handler| Handler::of_lifecycle(handler).faults(grace_period_seconds, &path.child(field))));
        }
    }
    if let Some(probe) = &container.liveness_probe {
        errors.extend(once_succeeding(probe, grace_period_seconds, &path.child("livenessProbe")));
    }
    if let Some(probe) = &container.readiness_probe {
        let path = path.child("readinessProbe");
        errors.extend(any_probe(probe, grace_period_seconds, &path));
        if let Some(seconds) = probe.termination_grace_period_seconds {
            errors.push(FieldError::invalid(&path.child("terminationGracePeriodSeconds"), seconds, "must not be set for readinessProbes"));
        }
    }
    if let Some(probe) = &container.startup_probe {
        errors.extend(once_succeeding(probe, grace_period_seconds, &path.child("startupProbe")));
    }
    errors
}

fn once_succeeding(probe: &Probe, grace_period_seconds: Option<i64>, path: &Path) -> ErrorList {
    let mut errors = any_probe(probe, grace_period_seconds, path);
    let threshold = probe.success_threshold.unwrap_or_default();
    if threshold != 1 {
        errors.push(FieldError::invalid(&path.child("successThreshold"), threshold, "must be 1"));
    }
    errors
}

fn any_probe(probe: &Probe, grace_period_seconds: Option<i64>, path: &Path) -> ErrorList {
    let mut errors = Handler::of_probe(probe).faults(grace_period_seconds, path);
    let numbers = [
        ("initialDelaySeconds", probe.initial_delay_seconds),
        ("timeoutSeconds", probe.timeout_seconds),
        ("periodSeconds", probe.period_seconds),
        ("successThreshold", probe.success_threshold),
        ("failureThreshold", probe.failure_threshold),
    ];
    errors.extend(numbers.into_iter().filter_map(|(field, value)| not_negative(value.unwrap_or_default(), &path.child(field))));
    if let Some(seconds) = probe.termination_grace_period_seconds.filter(|seconds| *seconds <= 0) {
        errors.push(FieldError::invalid(&path.child("terminationGracePeriodSeconds"), seconds, "must be greater than 0"));
    }
    errors
}

/// What probes and lifecycle hooks do: one of these.
#[derive(Default)]
struct Handler<'a> {
    exec: Option<&'a ExecAction>,
    http_get: Option<&'a HTTPGetAction>,
    tcp_socket: Option<&'a TCPSocketAction>,
    grpc: Option<&'a GRPCAction>,
    sleep: Option<&'a SleepAction>,
}

impl<'a> Handler<'a> {
    fn of_probe(probe: &'a Probe) -> Self {
        Self {
            exec: probe.exec.as_ref(),
            http_get: probe.http_get.as_ref(),
            tcp_socket: probe.tcp_socket.as_ref(),
            grpc: probe.grpc.as_ref(),
            sleep: None,
        }
    }
    fn of_lifecycle(handler: &'a LifecycleHandler) -> Self {
        Self {
            exec: handler.exec.as_ref(),
            http_get: handler.http_get.as_ref(),
            tcp_socket: handler.tcp_socket.as_ref(),
            grpc: None,
            sleep: handler.sleep.as_ref(),
        }
    }

    fn faults(&self, grace_period_seconds: Option<i64>, path: &Path) -> ErrorList {
        type Check<'b> = Box<dyn Fn(&Path) -> ErrorList + 'b>;
        let mut checks: Vec<(&str, Check<'_>)> = Vec::new();
        if let Some(action) = self.exec {
            checks.push(("exec", Box::new(move |path| exec(action, path))));
        }
        if let Some(action) = self.http_get {
            checks.push(("httpGet", Box::new(move |path| http_get(action, path))));
        }
        if let Some(action) = self.tcp_socket {
            checks.push(("tcpSocket", Box::new(move |path| port(&action.port, &path.child("port")))));
        }
        if let Some(action) = self.grpc {
            checks.push(("grpc", Box::new(move |path| port_number(action.port, &path.child("port")))));
        }
        if let Some(action) = self.sleep {
            checks.push(("sleep", Box::new(move |path| sleep(action, grace_period_seconds, path))));
        }
        let Some(((name, check), others)) = checks.split_first() else {
            return vec![FieldError::required(path, "must specify a handler type")];
        };
        let mut errors = check(&path.child(name));
        errors.extend(others.iter().map(|(name, _)| FieldError::forbidden(&path.child(name), "may not specify more than 1 handler type")));
        errors
    }
}

fn exec(action: &ExecAction, path: &Path) -> ErrorList {
    if action.command.as_ref().is_none_or(Vec::is_empty) {
        vec![FieldError::required(&path.child("command"), "")]
    } else {
        ErrorList::new()
    }
}

fn http_get(action: &HTTPGetAction, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if text(&action.path).is_empty() {
        errors.push(FieldError::required(&path.child("path"), ""));
    }
    errors.extend(port(&action.port, &path.child("port")));
    errors.extend(one_of(text(&action.scheme), &["HTTP", "HTTPS"], &path.child("scheme")));
    for header in action.http_headers.iter().flatten() {
        errors.extend(invalid(&path.child("httpHeaders"), &header.name, names::http_header_name(&header.name)));
    }
    errors
}

fn sleep(action: &SleepAction, grace_period_seconds: Option<i64>, path: &Path) -> ErrorList {
    match grace_period_seconds {
        Some(most) if !(0..=most).contains(&action.seconds) => {
            let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({most})");
            vec![FieldError::invalid(path, action.seconds, detail)]
        }
        _ => ErrorList::new(),
    }
}
