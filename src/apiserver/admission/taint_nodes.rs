//! TaintNodesByCondition: a new node is not ready, and gets no pods until it says otherwise.

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::{Node, Taint};

use super::{Attributes, Plugin};

const NOT_READY: &str = "node.kubernetes.io/not-ready";
const NO_SCHEDULE: &str = "NoSchedule";

pub struct TaintNodesByCondition;

#[async_trait]
impl Plugin for TaintNodesByCondition {
    fn name(&self) -> &'static str {
        "TaintNodesByCondition"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.creates(&kinds::NODE)
    }
    async fn mutate(&self, _attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let Some(node) = object.and_then(|object| object.downcast_mut::<Node>()) else { return Ok(()) };
        let taints = node.spec.get_or_insert_default().taints.get_or_insert_default();
        if !taints.iter().any(|taint| taint.key == NOT_READY && taint.effect == NO_SCHEDULE) {
            taints.push(Taint { key: NOT_READY.to_owned(), effect: NO_SCHEDULE.to_owned(), ..Default::default() });
        }
        Ok(())
    }
}
