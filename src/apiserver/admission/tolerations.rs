//! DefaultTolerationSeconds: a pod stays for five minutes on a node that is not ready or can not be reached, unless it says otherwise.

use api::Object;
use k8s_openapi::api::core::v1::{Pod, Toleration};

use super::{Attributes, Operation};

const SECONDS: i64 = 300;
const TAINTS: &[&str] = &["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
const NO_EXECUTE: &str = "NoExecute";

pub fn admit(attributes: &Attributes<'_>, object: &mut dyn Object) {
    if attributes.operation == Operation::Delete || !attributes.is(&kinds::POD) {
        return;
    }
    let Some(spec) = object.downcast_mut::<Pod>().and_then(|pod| pod.spec.as_mut()) else { return };
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
