//! `autoscaling/v2beta1`: the metrics of v2 in the shape that `autoscaling/v1` has in its annotations.

use serde_json::Value;

use super::map;
use crate::versions::autoscaler::{metrics_from_v2, metrics_to_v2};

pub fn to_v2(autoscaler: &mut Value) {
    map(autoscaler, "/spec").into_iter().for_each(|spec| metrics_to_v2(spec, "metrics"));
    map(autoscaler, "/status").into_iter().for_each(|status| metrics_to_v2(status, "currentMetrics"));
}

pub fn from_v2(autoscaler: &mut Value) {
    map(autoscaler, "/spec").into_iter().for_each(|spec| metrics_from_v2(spec, "metrics"));
    map(autoscaler, "/status").into_iter().for_each(|status| metrics_from_v2(status, "currentMetrics"));
}
