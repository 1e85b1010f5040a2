//! Priority classes.

use jiff::Timestamp;
use k8s_openapi::api::scheduling::v1::PriorityClass;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, boolean, integer, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    integer(
        "Value",
        "value represents the integer value of this priority class. This is the actual priority that pods receive when they have the name of this class in their pod spec.",
    ),
    boolean(
        "Global-Default",
        "globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class. Only one PriorityClass can be marked as `globalDefault`. However, if more than one PriorityClasses exists with their `globalDefault` field set to true, the smallest value of such global default PriorityClasses will be used as the default priority.",
    ),
    AGE,
    text(
        "PreemptionPolicy",
        "preemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to PreemptLowerPriority if unset.",
    ),
];

pub fn cells(class: &PriorityClass, now: Timestamp) -> Vec<Cell> {
    row![
        name(class),
        class.value.unwrap_or(0),
        class.global_default.unwrap_or(false),
        age(class, now),
        class.preemption_policy.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::json;

    #[test]
    fn classes() {
        let class = json!({"metadata": {"name": "test2", "creationTimestamp": FIVE_MINUTES_AGO}, "value": 1_000_000_000, "globalDefault": true, "preemptionPolicy": "Never"});
        check(&crate::PRIORITY_CLASS, class, "test2|1000000000|true|5m|Never");
    }
}
