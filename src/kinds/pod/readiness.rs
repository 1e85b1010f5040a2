//! Whether a pod is ready, available, done: questions that controllers and printers ask.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Pod, PodCondition};

use crate::rules::text;

/// A condition of the pod.
pub fn condition<'a>(pod: &'a Pod, name: &str) -> Option<&'a PodCondition> {
    pod.status.as_ref()?.conditions.iter().flatten().find(|condition| condition.type_ == name)
}

/// The condition `Ready` is true.
pub fn is_ready(pod: &Pod) -> bool {
    condition(pod, "Ready").is_some_and(|condition| condition.status == "True")
}

/// Ready for at least `min_ready_seconds`.
pub fn is_available(pod: &Pod, min_ready_seconds: i32, now: Timestamp) -> bool {
    let Some(ready) = condition(pod, "Ready").filter(|condition| condition.status == "True") else { return false };
    if min_ready_seconds <= 0 {
        return true;
    }
    ready.last_transition_time.as_ref().is_some_and(|since| {
        let least = jiff::SignedDuration::from_secs(min_ready_seconds.into());
        now.duration_since(since.0) >= least
    })
}

/// Its containers have ended for good.
pub fn is_terminal(pod: &Pod) -> bool {
    matches!(phase(pod), "Succeeded" | "Failed")
}

/// Neither ended nor to be deleted.
pub fn is_active(pod: &Pod) -> bool {
    !is_terminal(pod) && pod.metadata.deletion_timestamp.is_none()
}

/// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`, or nothing.
pub fn phase(pod: &Pod) -> &str {
    pod.status.as_ref().map(|status| text(&status.phase)).unwrap_or_default()
}
