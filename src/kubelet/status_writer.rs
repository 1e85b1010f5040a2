//! Writes a pod's status to the API server: the newest one only, as a patch of what differs, again until it is accepted; and at the end of
//! the pod's life the deletion.

use std::sync::Arc;
use std::time::Duration;

use api::ApiError;
use k8s_openapi::api::core::v1::{Pod, PodCondition, PodStatus};
use kube::Api;
use kube::api::{DeleteParams, Patch, PatchParams, Preconditions};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::kubelet::Shared;
use crate::{pod, status};

/// Waits between attempts while the API server does not take it.
const RETRY: [Duration; 4] = [Duration::from_millis(50), Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(10)];

/// What is to be written.
#[derive(Clone, Debug, Default)]
struct Wanted {
    pod: Option<Arc<Pod>>,
    status: Option<PodStatus>,
    delete: bool,
}

/// One pod's writer; ends when it is dropped and everything is written.
#[derive(Debug)]
pub struct StatusWriter {
    wanted: watch::Sender<Wanted>,
}

impl StatusWriter {
    pub fn start(shared: Arc<Shared>) -> Self {
        let (wanted, receiver) = watch::channel(Wanted::default());
        tokio::spawn(write_all(shared, receiver));
        Self { wanted }
    }
    /// Replaces what waits to be written.
    pub fn write(&self, pod: &Arc<Pod>, status: PodStatus) {
        self.wanted.send_if_modified(|wanted| {
            let changed = wanted.status.as_ref() != Some(&status);
            wanted.pod = Some(pod.clone());
            wanted.status = Some(status);
            changed
        });
    }
    /// After the last status the pod itself is removed.
    pub fn delete(&self, pod: &Arc<Pod>) {
        self.wanted.send_modify(|wanted| {
            wanted.pod = Some(pod.clone());
            wanted.delete = true;
        });
    }
}

async fn write_all(shared: Arc<Shared>, mut receiver: watch::Receiver<Wanted>) {
    let mut written: Option<PodStatus> = None;
    let mut failures = 0;
    loop {
        // After a failure what is wanted is still wanted, changed or not.
        if failures == 0 && receiver.changed().await.is_err() {
            return;
        }
        let wanted = receiver.borrow_and_update().clone();
        let Some(pod) = &wanted.pod else { continue };
        match write(&shared, pod, &wanted, &mut written).await {
            Ok(()) => failures = 0,
            Err(error) if error.code() == 404 || error.code() == 409 => failures = 0,
            Err(error) => {
                tracing::warn!(pod = pod::full_name(pod), %error, "writing a pod's status");
                let wait = RETRY[usize::min(failures, RETRY.len() - 1)];
                failures += 1;
                tokio::select! { () = tokio::time::sleep(wait) => {} _ = receiver.changed() => {} }
                // Nobody waits for the status of a pod that this kubelet has forgotten.
                if failures > 20 && receiver.has_changed().is_err() {
                    return;
                }
            }
        }
    }
}

async fn write(shared: &Shared, pod: &Pod, wanted: &Wanted, written: &mut Option<PodStatus>) -> Result<(), ApiError> {
    let api: Api<Pod> = Api::namespaced(shared.client.clone(), pod::namespace(pod));
    let name = pod::name(pod);
    let mirror = pod::is_static(pod).then(|| shared.pods.get(pod::namespace(pod), name)).flatten();
    let target = if pod::is_static(pod) {
        match mirror.as_deref() {
            Some(mirror) => mirror,
            None => return Err(ApiError::service_unavailable("the static pod has no mirror yet")),
        }
    } else {
        pod
    };
    if let Some(status) = &wanted.status {
        let old = written.clone().or(target.status.clone()).unwrap_or_default();
        if let Some(patch) = patch(pod::uid(target), &old, status) {
            api.patch_status(name, &PatchParams::default(), &Patch::Strategic(patch)).await.map_err(|error| client::api_error(&error))?;
            *written = Some(status.clone());
        }
    }
    if wanted.delete {
        let preconditions = Preconditions { uid: Some(pod::uid(target).to_owned()), resource_version: None };
        let parameters = DeleteParams { grace_period_seconds: Some(0), preconditions: Some(preconditions), ..DeleteParams::default() };
        api.delete(name, &parameters).await.map_err(|error| client::api_error(&error))?;
    }
    Ok(())
}

/// The patch from one status to another; none where they are equal.
fn patch(uid: &str, old: &PodStatus, new: &PodStatus) -> Option<Value> {
    let fields = |status: &PodStatus| match serde_json::to_value(status) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (before, after) = (fields(old), fields(new));
    let mut changed = Map::new();
    for (key, value) in &after {
        if key != "conditions" && before.get(key) != Some(value) {
            changed.insert(key.clone(), value.clone());
        }
    }
    for key in before.keys().filter(|key| *key != "conditions" && !after.contains_key(*key)) {
        changed.insert(key.clone(), Value::Null);
    }
    let differs = |condition: &&PodCondition| {
        let same = old.conditions.iter().flatten().find(|known| known.type_ == condition.type_);
        status::OWN.contains(&condition.type_.as_str()) && same != Some(*condition)
    };
    let conditions: Vec<Value> = new.conditions.iter().flatten().filter(differs).map(|condition| condition_patch(old, condition)).collect();
    if !conditions.is_empty() {
        changed.insert("conditions".to_owned(), Value::Array(conditions));
    }
    (!changed.is_empty()).then(|| json!({ "metadata": { "uid": uid }, "status": changed }))
}

/// A condition whose reason or message has gone says so, since patches merge.
fn condition_patch(old: &PodStatus, condition: &PodCondition) -> Value {
    let mut value = serde_json::to_value(condition).unwrap_or_default();
    let known = old.conditions.iter().flatten().find(|known| known.type_ == condition.type_);
    if let (Some(known), Some(fields)) = (known, value.as_object_mut()) {
        for (key, had) in [("reason", known.reason.is_some()), ("message", known.message.is_some())] {
            if had && !fields.contains_key(key) {
                fields.insert(key.to_owned(), Value::Null);
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(value: &str, reason: Option<&str>) -> PodCondition {
        PodCondition { type_: "Ready".into(), status: value.into(), reason: reason.map(str::to_owned), ..Default::default() }
    }

    #[test]
    fn only_what_differs() {
        let old = PodStatus {
            phase: Some("Pending".into()),
            host_ip: Some("192.0.2.1".into()),
            message: Some("m".into()),
            conditions: Some(vec![condition("False", Some("ContainersNotReady"))]),
            ..Default::default()
        };
        assert_eq!(patch("u", &old, &old.clone()), None);
        let new =
            PodStatus { phase: Some("Running".into()), message: None, conditions: Some(vec![condition("True", None)]), ..old.clone() };
        let expected = json!({"metadata": {"uid": "u"}, "status": {
            "phase": "Running", "message": null, "conditions": [{"type": "Ready", "status": "True", "reason": null}],
        }});
        assert_eq!(patch("u", &old, &new), Some(expected));
    }
}
