//! Events, of the core group and of `events.k8s.io`.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::Event;
use k8s_openapi::api::events::v1 as events;

use crate::Part;
use crate::rules::{qualified_name, text};

const SHORT_BYTES: usize = 128;
const MESSAGE_BYTES: usize = 1024;

/// Of `events.k8s.io/v1`, which is stored as core `v1`.
pub(crate) struct EventsEventBehaviour;

impl crate::Behaviour<events::Event> for EventsEventBehaviour {
    fn field_aliases(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("reason", "reason"),
            ("regarding.kind", "involvedObject.kind"),
            ("regarding.namespace", "involvedObject.namespace"),
            ("regarding.name", "involvedObject.name"),
            ("regarding.uid", "involvedObject.uid"),
            ("regarding.apiVersion", "involvedObject.apiVersion"),
            ("regarding.resourceVersion", "involvedObject.resourceVersion"),
            ("regarding.fieldPath", "involvedObject.fieldPath"),
            ("reportingController", "reportingComponent"),
            ("type", "type"),
        ]
    }
}

pub(crate) struct EventBehaviour;

impl crate::Behaviour<Event> for EventBehaviour {
    // what upstream's encoder always writes
    fn default(&self, event: &mut Event) {
        event.source.get_or_insert_default();
        event.reporting_component.get_or_insert_default();
        event.reporting_instance.get_or_insert_default();
    }

    fn nulls(&self, event: &Event) -> &'static [&'static str] {
        let whole = event.event_time.is_some() && event.first_timestamp.is_some() && event.last_timestamp.is_some();
        if whole { &[] } else { &["eventTime", "firstTimestamp", "lastTimestamp"] }
    }

    fn validate(&self, event: &Event) -> ErrorList {
        let mut errors = ErrorList::new();
        let (own, of_object) = (text(&event.metadata.namespace), text(&event.involved_object.namespace));
        let path = Path::new("involvedObject").child("namespace");
        let mismatch = || FieldError::invalid(&path, of_object, "does not match event.namespace");
        if event.event_time.is_none() {
            // an object without a namespace has its events in the default one
            let matches = if of_object.is_empty() { matches!(own, "" | "default") } else { own == of_object };
            if !matches {
                errors.push(mismatch());
            }
            return errors;
        }
        if of_object.is_empty() && !matches!(own, "default" | "kube-system") {
            errors.push(mismatch());
        }
        let controller = text(&event.reporting_component);
        if controller.is_empty() {
            errors.push(FieldError::required(&Path::new("reportingComponent"), ""));
        }
        errors.extend(qualified_name(controller, &Path::new("reportingComponent")));
        for (field, value) in [("reportingInstance", &event.reporting_instance), ("action", &event.action), ("reason", &event.reason)] {
            let path = Path::new(field);
            if text(value).is_empty() {
                errors.push(FieldError::required(&path, ""));
            }
            if text(value).len() > SHORT_BYTES {
                errors.push(FieldError::invalid(&path, "", format!("can have at most {SHORT_BYTES} characters")));
            }
        }
        if text(&event.message).len() > MESSAGE_BYTES {
            errors.push(FieldError::invalid(&Path::new("message"), "", format!("can have at most {MESSAGE_BYTES} characters")));
        }
        errors
    }

    fn validate_update(&self, _part: Part, event: &Event, _old: &Event) -> ErrorList {
        self.validate(event)
    }

    fn fields(&self, event: &Event) -> Vec<(&'static str, String)> {
        let object = &event.involved_object;
        let component = event.source.as_ref().map(|source| text(&source.component)).filter(|component| !component.is_empty());
        let source = component.unwrap_or_else(|| text(&event.reporting_component));
        [
            ("involvedObject.kind", text(&object.kind)),
            ("involvedObject.namespace", text(&object.namespace)),
            ("involvedObject.name", text(&object.name)),
            ("involvedObject.uid", text(&object.uid)),
            ("involvedObject.apiVersion", text(&object.api_version)),
            ("involvedObject.resourceVersion", text(&object.resource_version)),
            ("involvedObject.fieldPath", text(&object.field_path)),
            ("reason", text(&event.reason)),
            ("reportingComponent", text(&event.reporting_component)),
            ("source", source),
            ("type", text(&event.type_)),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
    }

    fn field_names(&self) -> &'static [&'static str] {
        &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::EVENT;
    use crate::test_support::check_create;

    #[test]
    fn namespaces_agree() {
        let event = |namespace: &str, of_object: &str| json!({"metadata": {"name": "e", "namespace": namespace}, "involvedObject": {"namespace": of_object, "kind": "Pod"}});
        check_create(&EVENT, event("a", "a"), &[]);
        check_create(&EVENT, event("default", ""), &[]);
        check_create(&EVENT, event("a", ""), &[r#"involvedObject.namespace: Invalid value: "": does not match event.namespace"#]);
        check_create(&EVENT, event("a", "b"), &[r#"involvedObject.namespace: Invalid value: "b": does not match event.namespace"#]);
        let mut new = event("a", "a");
        new["eventTime"] = json!("2026-01-01T00:00:00.000000Z");
        new["reportingComponent"] = json!("k8s.io/x");
        check_create(&EVENT, new, &["reportingInstance: Required value", "action: Required value", "reason: Required value"]);
    }
}
