//! Priority levels of requests.

use jiff::Timestamp;
use k8s_openapi::api::flowcontrol::v1::PriorityLevelConfiguration;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Type",
        "`type` indicates whether this priority level is subject to limitation on request execution.  A value of `\"Exempt\"` means that requests of this priority level are not subject to a limit (and thus are never queued) and do not detract from the capacity made available to other priority levels.  A value of `\"Limited\"` means that (a) requests of this priority level _are_ subject to limits and (b) some of the server's limited capacity is made available exclusively to this priority level. Required.",
    ),
    text(
        "NominalConcurrencyShares",
        "`nominalConcurrencyShares` (NCS) contributes to the computation of the NominalConcurrencyLimit (NominalCL) of this level. This is the number of execution seats available at this priority level. This is used both for requests dispatched from this priority level as well as requests dispatched from other priority levels borrowing seats from this level. The server's concurrency limit (ServerCL) is divided among the Limited priority levels in proportion to their NCS values:\n\nNominalCL(i)  = ceil( ServerCL * NCS(i) / sum_ncs ) sum_ncs = sum[priority level k] NCS(k)\n\nBigger numbers mean a larger nominal concurrency limit, at the expense of every other priority level.\n\nIf not specified, this field defaults to a value of 30.\n\nSetting this field to zero supports the construction of a \"jail\" for this priority level that is used to hold some request(s)",
    ),
    text(
        "Queues",
        "`queues` is the number of queues for this priority level. The queues exist independently at each apiserver. The value must be positive.  Setting it to 1 effectively precludes shufflesharding and thus makes the distinguisher method of associated flow schemas irrelevant.  This field has a default value of 64.",
    ),
    text(
        "HandSize",
        "`handSize` is a small positive number that configures the shuffle sharding of requests into queues.  When enqueuing a request at this priority level the request's flow identifier (a string pair) is hashed and the hash value is used to shuffle the list of queues and deal a hand of the size specified here.  The request is put into one of the shortest queues in that hand. `handSize` must be no larger than `queues`, and should be significantly smaller (so that a few heavy flows do not saturate most of the queues).  See the user-facing documentation for more extensive guidance on setting this field.  This field has a default value of 8.",
    ),
    text(
        "QueueLengthLimit",
        "`queueLengthLimit` is the maximum number of requests allowed to be waiting in a given queue of this priority level at a time; excess requests are rejected.  This value must be positive.  If not specified, it will be defaulted to 50.",
    ),
    AGE,
];

pub fn cells(level: &PriorityLevelConfiguration, now: Timestamp) -> Vec<Cell> {
    let limited = level.spec.limited.as_ref();
    let queuing = limited.and_then(|limited| limited.limit_response.queuing.as_ref());
    let number = |number: Option<Option<i32>>| number.map_or_else(|| Cell::from("<none>"), |number| number.unwrap_or(0).into());
    row![
        name(level),
        level.spec.type_.clone(),
        number(limited.map(|limited| limited.nominal_concurrency_shares)),
        number(queuing.map(|queuing| queuing.queues)),
        number(queuing.map(|queuing| queuing.hand_size)),
        number(queuing.map(|queuing| queuing.queue_length_limit)),
        age(level, now),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_level(spec: Value, expected: &str) {
        let metadata = json!({"name": "level", "creationTimestamp": FIVE_MINUTES_AGO});
        check(&crate::PRIORITY_LEVEL_CONFIGURATION, json!({"metadata": metadata, "spec": spec}), &format!("level|{expected}|5m"));
    }

    #[test]
    fn levels() {
        check_level(json!({"type": "Exempt"}), "Exempt|<none>|<none>|<none>|<none>");
        check_level(
            json!({"type": "Limited", "limited": {"nominalConcurrencyShares": 47, "limitResponse": {"type": "Reject"}}}),
            "Limited|47|<none>|<none>|<none>",
        );
        let queuing = json!({"queues": 8, "handSize": 3, "queueLengthLimit": 4});
        check_level(
            json!({"type": "Limited", "limited": {"nominalConcurrencyShares": 47, "limitResponse": {"type": "Queue", "queuing": queuing}}}),
            "Limited|47|8|3|4",
        );
    }
}
