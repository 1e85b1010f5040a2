//! Events: when, what and to which object. A time and a count stand in the series, where there is one.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Event;
use output::table::Cell;

use super::cell::{name, or, row, since, since_micro};
use super::column::{NAME, text, wide};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    text("Last Seen", "The time at which the most recent occurrence of this event was recorded."),
    text("Type", "Type of this event (Normal, Warning), new types could be added in the future"),
    text(
        "Reason",
        "This should be a short, machine understandable string that gives the reason for the transition into the object's current status.",
    ),
    text("Object", "The object that this event is about."),
    wide(
        "Subobject",
        "If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take on a value like: \"spec.containers{name}\" (where \"name\" refers to the name of the container that triggered the event) or if no container name is specified \"spec.containers[2]\" (container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object.",
    ),
    wide("Source", "The component reporting this event. Should be a short machine understandable string."),
    text("Message", "A human-readable description of the status of this operation."),
    wide("First Seen", "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)"),
    wide("Count", "The number of times this event has occurred."),
    Column { priority: 1, ..NAME },
];

pub fn cells(event: &Event, now: Timestamp) -> Vec<Cell> {
    let first = match &event.first_timestamp {
        Some(time) => since(Some(time), now),
        None => since_micro(event.event_time.as_ref(), now),
    };
    let (last, count) = match (&event.series, &event.last_timestamp) {
        (Some(series), _) => (since_micro(series.last_observed_time.as_ref(), now), series.count.unwrap_or(0)),
        (None, Some(time)) => (since(Some(time), now), event.count.unwrap_or(0).max(1)),
        (None, None) => (first.clone(), event.count.unwrap_or(0).max(1)),
    };
    row![
        last,
        event.type_.clone().unwrap_or_default(),
        event.reason.clone().unwrap_or_default(),
        target(event),
        event.involved_object.field_path.clone().unwrap_or_default(),
        source(event),
        event.message.as_deref().unwrap_or_default().trim(),
        first,
        count,
        name(event),
    ]
}

/// `pod/web-1`.
fn target(event: &Event) -> String {
    let kind = event.involved_object.kind.as_deref().unwrap_or_default().to_lowercase();
    match event.involved_object.name.as_deref() {
        Some(name) if !name.is_empty() => format!("{kind}/{name}"),
        _ => kind,
    }
}

/// Who saw it, and where: `kubelet, node1`.
fn source(event: &Event) -> String {
    let source = event.source.as_ref();
    let component = or(source.and_then(|source| source.component.as_deref()), event.reporting_component.as_deref().unwrap_or_default());
    let host = or(source.and_then(|source| source.host.as_deref()), event.reporting_instance.as_deref().unwrap_or_default());
    if host.is_empty() { component.to_owned() } else { format!("{component}, {host}") }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::check;
    use serde_json::{Value, json};

    fn check_event(fields: Value, expected: &str) {
        let mut event = json!({
            "metadata": {"name": "event1"}, "source": {"component": "kubelet"}, "type": "Warning", "reason": "Event Reason", "message": " Message Data\n",
            "involvedObject": {"kind": "Deployment", "name": "Deployment Name", "fieldPath": "spec.containers{foo}"},
        });
        event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        check(&crate::EVENT, event, expected);
    }

    #[test]
    fn times_and_sources() {
        let path = "spec.containers{foo}";
        check_event(
            json!({"firstTimestamp": "2024-12-30T01:00:00Z", "lastTimestamp": "2024-12-31T01:00:00Z", "count": 6}),
            &format!("24h|Warning|Event Reason|deployment/Deployment Name|{path}|kubelet|Message Data|2d|6|event1"),
        );
        check_event(
            json!({"source": {"component": "kubelet", "host": "Node1"}, "firstTimestamp": "2024-12-30T01:00:00Z"}),
            &format!("2d|Warning|Event Reason|deployment/Deployment Name|{path}|kubelet, Node1|Message Data|2d|1|event1"),
        );
        check_event(
            json!({"source": {}, "reportingComponent": "fake", "reportingInstance": "n", "eventTime": "2025-01-01T00:59:00.000000Z",
                   "series": {"count": 3, "lastObservedTime": "2025-01-01T00:59:58.000000Z"}}),
            &format!("2s|Warning|Event Reason|deployment/Deployment Name|{path}|fake, n|Message Data|60s|3|event1"),
        );
        check_event(
            json!({"involvedObject": {"kind": "Node"}, "source": {}}),
            "<unknown>|Warning|Event Reason|node|||Message Data|<unknown>|1|event1",
        );
    }

    #[test]
    fn of_the_newer_group() {
        check(
            &crate::EVENTS_EVENT,
            json!({"metadata": {"name": "e"}, "regarding": {"kind": "Pod", "name": "p"}, "note": "n", "reason": "Started", "type": "Normal",
                   "reportingController": "kubelet", "deprecatedCount": 2, "deprecatedLastTimestamp": "2025-01-01T00:59:58Z"}),
            "2s|Normal|Started|pod/p||kubelet|n|<unknown>|2|e",
        );
    }
}
