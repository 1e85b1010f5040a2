//! Flow schemas.

use jiff::Timestamp;
use k8s_openapi::api::flowcontrol::v1::FlowSchema;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("PriorityLevel", "`name` is the name of the priority level configuration being referenced Required."),
    text(
        "MatchingPrecedence",
        "`matchingPrecedence` is used to choose among the FlowSchemas that match a given request. The chosen FlowSchema is among those with the numerically lowest (which we take to be logically highest) MatchingPrecedence.  Each MatchingPrecedence value must be ranged in [1,10000]. Note that if the precedence is not specified, it will be set to 1000 as default.",
    ),
    text(
        "DistinguisherMethod",
        "`distinguisherMethod` defines how to compute the flow distinguisher for requests that match this schema. `nil` specifies that the distinguisher is disabled and thus will always be the empty string.",
    ),
    AGE,
    text("MissingPL", "references a broken or non-existent PriorityLevelConfiguration"),
];

pub fn cells(schema: &FlowSchema, now: Timestamp) -> Vec<Cell> {
    let spec = &schema.spec;
    let dangling =
        schema.status.iter().flat_map(|status| status.conditions.iter().flatten()).find(|condition| condition.type_ == "Dangling");
    row![
        name(schema),
        spec.priority_level_configuration.name.clone(),
        spec.matching_precedence.unwrap_or(0),
        spec.distinguisher_method.as_ref().map_or("<none>", |method| &method.type_),
        age(schema, now),
        dangling.map_or_else(|| "?".to_owned(), |condition| condition.status.clone().unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn schemas() {
        let metadata = json!({"name": "all-matcher", "creationTimestamp": FIVE_MINUTES_AGO});
        let mut schema =
            json!({"metadata": metadata, "spec": {"priorityLevelConfiguration": {"name": "allee"}, "matchingPrecedence": 100}});
        check(&crate::FLOW_SCHEMA, schema.clone(), "all-matcher|allee|100|<none>|5m|?");
        schema["spec"]["distinguisherMethod"] = json!({"type": "ByUser"});
        schema["status"] = json!({"conditions": [{"type": "Dangling", "status": "True"}]});
        check(&crate::FLOW_SCHEMA, schema, "all-matcher|allee|100|ByUser|5m|True");
    }
}
