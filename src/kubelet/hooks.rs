//! Lifecycle hooks: a command in the container, an HTTP request to it, or a sleep.

use std::time::Duration;

use k8s_openapi::api::core::v1::{Container, LifecycleHandler, Pod};

use crate::kubelet::Shared;
use crate::observation::Observation;
use crate::{pod, probe};

/// Runs a hook; the error is worded for an Event.
pub async fn run(
    shared: &Shared,
    pod: &Pod,
    observation: &Observation,
    container: &Container,
    id: &str,
    hook: &LifecycleHandler,
) -> Result<(), String> {
    if let Some(exec) = &hook.exec {
        let command = exec.command.clone().unwrap_or_default();
        let outcome = shared.engine.exec_sync(id, command.clone(), Duration::ZERO).await;
        return match outcome {
            Ok(answer) if answer.exit_code == 0 => Ok(()),
            Ok(answer) => {
                let output = String::from_utf8_lossy(&[answer.stdout, answer.stderr].concat()).into_owned();
                Err(format!(
                    "Exec lifecycle hook ({command:?}) for Container \"{}\" in Pod \"{}\" failed - error: command '{}' exited with {}: {output}, message: {output:?}",
                    container.name,
                    pod::full_name(pod),
                    command.join(" "),
                    answer.exit_code
                ))
            }
            Err(error) => Err(format!(
                "Exec lifecycle hook ({command:?}) for Container \"{}\" in Pod \"{}\" failed - error: {error}, message: \"\"",
                container.name,
                pod::full_name(pod)
            )),
        };
    }
    if let Some(action) = &hook.http_get {
        let address = probe::address(shared, pod, observation);
        let (url, headers) = probe::http::target(action, container, address.as_deref())?;
        let limit = Duration::from_secs(60);
        return shared.prober.http.get(&url, headers, limit).await.map(drop).map_err(|error| {
            let path = action.path.as_deref().unwrap_or_default();
            format!(
                "HTTP lifecycle hook ({path}) for Container \"{}\" in Pod \"{}\" failed - error: {error}",
                container.name,
                pod::full_name(pod)
            )
        });
    }
    if let Some(sleep) = &hook.sleep {
        tokio::time::sleep(Duration::from_secs(u64::try_from(sleep.seconds).unwrap_or(0))).await;
    }
    Ok(())
}
