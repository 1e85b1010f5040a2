use serde_json::{Value, json};

use super::{older, rows};
use crate::by_api_version;

/// What an old manifest becomes at today's version: it decodes without unknown fields.
fn today(manifest: &Value) -> Value {
    let text = |name: &str| manifest[name].as_str().unwrap();
    let kind = by_api_version(text("apiVersion"), text("kind")).unwrap();
    let mut unknown = Vec::new();
    let object = kind.behaviour.decode(manifest.clone(), &mut unknown).unwrap();
    assert!(unknown.is_empty(), "{unknown:?}");
    let conversion = kind.conversion.as_ref().unwrap();
    let mut value = object.to_value();
    (conversion.to_stored)(&mut value);
    conversion.stored_as.behaviour.decode(value, &mut unknown).unwrap().to_value()
}

fn check(manifest: &Value, pointer: &str, expected: &Value) {
    assert_eq!(today(manifest).pointer(pointer).unwrap_or(&Value::Null), expected, "{pointer} of {manifest}");
}

/// There and back again.
fn check_round(manifest: &Value) {
    let kind = by_api_version(manifest["apiVersion"].as_str().unwrap(), manifest["kind"].as_str().unwrap()).unwrap();
    let conversion = kind.conversion.as_ref().unwrap();
    let mut value = manifest.clone();
    (conversion.to_stored)(&mut value);
    (conversion.from_stored)(&mut value);
    assert_eq!(&value, manifest);
}

#[test]
fn warnings_are_upstreams() {
    let check = |api_version: &str, kind: &str, expected: &str| {
        assert_eq!(by_api_version(api_version, kind).unwrap().deprecation.as_deref(), Some(expected));
    };
    check(
        "extensions/v1beta1",
        "Ingress",
        "extensions/v1beta1 Ingress is deprecated in v1.14+, unavailable in v1.22+; use networking.k8s.io/v1 Ingress",
    );
    check("batch/v1beta1", "CronJob", "batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob");
    check("events.k8s.io/v1beta1", "Event", "events.k8s.io/v1beta1 Event is deprecated in v1.22+, unavailable in v1.25+");
    check("v1", "ComponentStatus", "v1 ComponentStatus is deprecated in v1.19+");
}

#[test]
fn every_row_stands_once_beside_its_kind_of_today() {
    assert_eq!(rows().into_iter().count(), older().len());
    for kind in older() {
        let of = kind.stored_as();
        assert!(of.conversion.is_none() && of.kind == kind.kind && of.plural == kind.plural, "{kind:?}");
        assert_ne!(of.api_version(), kind.api_version());
        let twins = older().iter().filter(|other| other.api_version() == kind.api_version() && other.kind == kind.kind).count();
        assert_eq!(twins, 1, "{kind:?}");
    }
}

#[test]
fn ingresses() {
    let ingress = json!({"apiVersion": "extensions/v1beta1", "kind": "Ingress", "metadata": {"name": "web"}, "spec": {
        "backend": {"serviceName": "other", "servicePort": "http"},
        "rules": [{"host": "h", "http": {"paths": [{"path": "/a", "pathType": "Prefix", "backend": {"serviceName": "s", "servicePort": 80}}]}}]}});
    check(&ingress, "/apiVersion", &json!("networking.k8s.io/v1"));
    check(&ingress, "/spec/defaultBackend", &json!({"service": {"name": "other", "port": {"name": "http"}}}));
    check(&ingress, "/spec/rules/0/http/paths/0/backend", &json!({"service": {"name": "s", "port": {"number": 80}}}));
    check_round(&ingress);
    let mut without = ingress;
    without["spec"]["rules"][0]["http"]["paths"][0].as_object_mut().unwrap().remove("pathType");
    check(&without, "/spec/rules/0/http/paths/0/pathType", &json!("ImplementationSpecific"));
}

#[test]
fn deployments_have_the_defaults_of_their_version() {
    let of = |api_version: &str| {
        json!({"apiVersion": api_version, "kind": "Deployment", "metadata": {"name": "web"},
            "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}}})
    };
    for (api_version, pods, revisions, seconds) in
        [("extensions/v1beta1", json!(1), 2_147_483_647, 2_147_483_647), ("apps/v1beta1", json!("25%"), 2, 600)]
    {
        let deployment = of(api_version);
        check(&deployment, "/spec/selector", &json!({"matchLabels": {"app": "web"}}));
        check(&deployment, "/metadata/labels", &json!({"app": "web"}));
        check(&deployment, "/spec/strategy/rollingUpdate/maxSurge", &pods);
        check(&deployment, "/spec/revisionHistoryLimit", &json!(revisions));
        check(&deployment, "/spec/progressDeadlineSeconds", &json!(seconds));
    }
    let mut back = of("extensions/v1beta1");
    back["spec"]["rollbackTo"] = json!({"revision": 3});
    check(&back, "/metadata/annotations", &json!({"deprecated.deployment.rollback.revision": "3"}));
}

#[test]
fn sets_wait_for_somebody_to_delete_their_pods() {
    let template = json!({"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let set = json!({"apiVersion": "apps/v1beta1", "kind": "StatefulSet", "metadata": {"name": "s"}, "spec": {"serviceName": "s", "template": template}});
    check(&set, "/spec/updateStrategy/type", &json!("OnDelete"));
    let set = json!({"apiVersion": "extensions/v1beta1", "kind": "DaemonSet", "metadata": {"name": "s"}, "spec": {"template": template, "templateGeneration": 2}});
    check(&set, "/spec/updateStrategy/type", &json!("OnDelete"));
    check(&set, "/metadata/annotations", &json!({"deprecated.daemonset.template.generation": "2"}));
}

#[test]
fn an_empty_selector_of_an_old_budget_selects_nothing() {
    let budget = json!({"apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": {"selector": {}, "minAvailable": 1}});
    check(&budget, "/spec/selector/matchExpressions/0/operator", &json!("Exists"));
    check_round(&budget);
}

#[test]
fn autoscalers() {
    check_round(&json!({"apiVersion": "autoscaling/v2beta1", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a"}, "spec": {
        "maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "d"},
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "targetAverageUtilization": 50}}, {"type": "Pods", "pods": {"metricName": "rps", "targetAverageValue": "1k"}}]}}));
}

#[test]
fn definitions() {
    let definition = json!({"apiVersion": "apiextensions.k8s.io/v1beta1", "kind": "CustomResourceDefinition", "metadata": {"name": "foos.example.com"}, "spec": {
        "group": "example.com", "version": "v1", "names": {"plural": "foos", "kind": "Foo"}, "subresources": {"status": {}},
        "additionalPrinterColumns": [{"name": "A", "type": "string", "JSONPath": ".spec.a"}]}});
    check(&definition, "/spec/scope", &json!("Namespaced"));
    check(&definition, "/spec/versions/0/subresources", &json!({"status": {}}));
    check(&definition, "/spec/versions/0/additionalPrinterColumns/0/jsonPath", &json!(".spec.a"));
    check(&definition, "/spec/versions/0/schema/openAPIV3Schema", &json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}));
}

#[test]
fn slices_reviews_and_bindings() {
    check_round(&json!({"apiVersion": "discovery.k8s.io/v1beta1", "kind": "EndpointSlice", "addressType": "IPv4", "endpoints": [
        {"addresses": ["10.0.0.1"], "nodeName": "n", "topology": {"kubernetes.io/hostname": "n", "topology.kubernetes.io/zone": "z", "x": "y"}}]}));
    check_round(
        &json!({"apiVersion": "authorization.k8s.io/v1beta1", "kind": "SubjectAccessReview", "spec": {"user": "u", "group": ["g"]}}),
    );
    let binding = json!({"apiVersion": "rbac.authorization.k8s.io/v1alpha1", "kind": "RoleBinding", "metadata": {"name": "b"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"},
        "subjects": [{"apiVersion": "rbac.authorization.k8s.io/v1alpha1", "kind": "User", "name": "u"}, {"apiVersion": "v1", "kind": "ServiceAccount", "name": "s", "namespace": "d"}]});
    check(&binding, "/subjects/0/apiGroup", &json!("rbac.authorization.k8s.io"));
    check_round(&binding);
}
