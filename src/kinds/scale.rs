//! The `scale` subresource: of how many pods a workload consists, whatever its kind.

use api::{ErrorList, FieldError, Object, Path, labels};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v1::{Scale, ScaleSpec, ScaleStatus};
use k8s_openapi::api::core::v1::ReplicationController;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use crate::rules::NOT_NEGATIVE;

/// The scale of an object; `None` where its kind has none.
pub fn of(object: &dyn Object) -> Option<Scale> {
    let (wanted, present, selector) = if let Some(deployment) = object.downcast_ref::<Deployment>() {
        (deployment.spec.replicas, deployment.status.as_ref().and_then(|status| status.replicas), selector(&deployment.spec.selector))
    } else if let Some(set) = object.downcast_ref::<ReplicaSet>() {
        (set.spec.replicas, set.status.as_ref().map(|status| status.replicas), selector(&set.spec.selector))
    } else if let Some(set) = object.downcast_ref::<StatefulSet>() {
        (set.spec.replicas, set.status.as_ref().map(|status| status.replicas), selector(&set.spec.selector))
    } else if let Some(controller) = object.downcast_ref::<ReplicationController>() {
        let spec = controller.spec.clone().unwrap_or_default();
        let all = spec.selector.unwrap_or_default();
        (spec.replicas, controller.status.as_ref().map(|status| status.replicas), labels::Selector::from_set(&all).to_string())
    } else {
        return None;
    };
    let meta = object.meta();
    Some(Scale {
        metadata: ObjectMeta {
            name: meta.name.clone(),
            namespace: meta.namespace.clone(),
            uid: meta.uid.clone(),
            resource_version: meta.resource_version.clone(),
            creation_timestamp: meta.creation_timestamp.clone(),
            ..ObjectMeta::default()
        },
        spec: Some(ScaleSpec { replicas: wanted.filter(|count| *count != 0) }),
        status: Some(ScaleStatus { replicas: present.unwrap_or_default(), selector: Some(selector).filter(|text| !text.is_empty()) }),
    })
}

/// Sets how many pods there are to be. False where the kind has no scale.
pub fn set(object: &mut dyn Object, scale: &Scale) -> bool {
    let replicas = Some(scale.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or_default());
    if let Some(deployment) = object.downcast_mut::<Deployment>() {
        deployment.spec.replicas = replicas;
    } else if let Some(set) = object.downcast_mut::<ReplicaSet>() {
        set.spec.replicas = replicas;
    } else if let Some(set) = object.downcast_mut::<StatefulSet>() {
        set.spec.replicas = replicas;
    } else if let Some(controller) = object.downcast_mut::<ReplicationController>() {
        controller.spec.get_or_insert_default().replicas = replicas;
    } else {
        return false;
    }
    true
}

/// The faults of a scale.
pub fn validate(scale: &Scale) -> ErrorList {
    let replicas = scale.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or_default();
    let path = Path::new("spec").child("replicas");
    if replicas < 0 { vec![FieldError::invalid(&path, replicas, NOT_NEGATIVE)] } else { ErrorList::new() }
}

fn selector(selector: &LabelSelector) -> String {
    labels::Selector::from_label_selector(Some(selector)).map(|selector| selector.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::test_support::decoded;
    use crate::{CONFIG_MAP, DEPLOYMENT};

    #[test]
    fn there_and_back() {
        let mut object = decoded(
            &DEPLOYMENT,
            json!({"metadata": {"name": "d", "resourceVersion": "7"}, "spec": {"replicas": 3, "selector": {"matchLabels": {"a": "b", "c": "d"}}, "template": {}}, "status": {"replicas": 2}}),
        );
        let mut scale = super::of(object.as_ref()).unwrap();
        assert_eq!(
            serde_json::to_value(&scale).unwrap(),
            json!({
                "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "d", "resourceVersion": "7"},
                "spec": {"replicas": 3}, "status": {"replicas": 2, "selector": "a=b,c=d"}
            })
        );
        scale.spec.as_mut().unwrap().replicas = Some(0);
        assert!(super::set(object.as_mut(), &scale));
        assert_eq!(object.to_value()["spec"]["replicas"], 0);
        let config_map = decoded(&CONFIG_MAP, json!({"metadata": {"name": "c"}}));
        assert!(super::of(config_map.as_ref()).is_none());
    }
}
