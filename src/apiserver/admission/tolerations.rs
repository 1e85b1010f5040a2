//! DefaultTolerationSeconds: a pod stays for five minutes on a node that is not ready or can not be reached, unless it says otherwise.

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::{PodSpec, Toleration};

use super::{Attributes, Plugin, pod};

const SECONDS: i64 = 300;
const TAINTS: &[&str] = &["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
const NO_EXECUTE: &str = "NoExecute";

pub struct DefaultTolerationSeconds;

#[async_trait]
impl Plugin for DefaultTolerationSeconds {
    fn name(&self) -> &'static str {
        "DefaultTolerationSeconds"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.writes(&kinds::POD)
    }
    async fn mutate(&self, _attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        pod(object).and_then(|pod| pod.spec.as_mut()).into_iter().for_each(tolerate);
        Ok(())
    }
}

fn tolerate(spec: &mut PodSpec) {
    for taint in TAINTS {
        let tolerations = spec.tolerations.get_or_insert_default();
        if tolerations.iter().any(|toleration| covers(toleration, taint)) {
            continue;
        }
        tolerations.push(Toleration {
            key: Some((*taint).to_owned()),
            operator: Some("Exists".to_owned()),
            effect: Some(NO_EXECUTE.to_owned()),
            toleration_seconds: Some(SECONDS),
            value: None,
        });
    }
}

fn covers(toleration: &Toleration, taint: &str) -> bool {
    let empty_or = |text: Option<&String>, wanted: &str| text.is_none_or(|text| text.is_empty() || text == wanted);
    empty_or(toleration.key.as_ref(), taint) && empty_or(toleration.effect.as_ref(), NO_EXECUTE)
}
