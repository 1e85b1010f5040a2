//! Ingress classes.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::IngressClass;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Controller", "Controller that is responsible for handling this class"),
    text("Parameters", "A reference to a resource with additional parameters"),
    AGE,
];

pub fn cells(class: &IngressClass, now: Timestamp) -> Vec<Cell> {
    let spec = class.spec.as_ref();
    let parameters = spec.and_then(|spec| spec.parameters.as_ref()).map_or_else(
        || "<none>".to_owned(),
        |reference| {
            let group = reference.api_group.as_ref().map(|group| format!(".{group}")).unwrap_or_default();
            format!("{}{group}/{}", reference.kind, reference.name)
        },
    );
    row![name(class), spec.and_then(|spec| spec.controller.clone()).unwrap_or_default(), parameters, age(class, now)]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn classes() {
        let metadata = json!({"name": "test1", "creationTimestamp": FIVE_MINUTES_AGO});
        let class = |parameters: serde_json::Value| json!({"metadata": metadata, "spec": {"controller": "example.com/controller", "parameters": parameters}});
        check(&crate::INGRESS_CLASS, class(json!(null)), "test1|example.com/controller|<none>|5m");
        check(
            &crate::INGRESS_CLASS,
            class(json!({"kind": "customresource", "name": "example"})),
            "test1|example.com/controller|customresource/example|5m",
        );
        check(
            &crate::INGRESS_CLASS,
            class(json!({"apiGroup": "example.com", "kind": "customresource", "name": "example"})),
            "test1|example.com/controller|customresource.example.com/example|5m",
        );
    }
}
