//! Upstream's own tables, and what real kinds add to them.

use serde_json::json;

use super::*;

const CASES: &str = include_str!("testdata/cases.json");

fn merge_item() -> Schema {
    Schema::named("test.v1.MergeItem")
}

fn cases(group: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(CASES).unwrap();
    all[group].as_array().unwrap().clone()
}

fn check_applied(case: &Value, original: &Value, patch: &Value, expected: &Value) {
    let result = apply_to(merge_item(), original.clone(), patch);
    let description = &case["description"];
    match case["expectedError"].as_str() {
        Some(error) => assert!(result.clone().is_err_and(|actual| actual.to_string().contains(error)), "{description}: {result:?}"),
        None => assert_eq!(result.as_ref(), Ok(expected), "{description}: {patch} to {original}"),
    }
}

fn or_empty(value: &Value) -> Value {
    if value.is_null() { json!({}) } else { value.clone() }
}

#[test]
fn two_way_patches() {
    for case in cases("tables").into_iter().chain(cases("raw")) {
        let patch = two_way_of(merge_item(), &case["original"], &case["modified"]).unwrap();
        assert_eq!(patch, or_empty(&case["twoWay"]), "{}", case["description"]);
        let expected = if case["twoWayResult"].is_null() { &case["modified"] } else { &case["twoWayResult"] };
        check_applied(&case, &case["original"], &patch, &or_empty(expected));
    }
}

#[test]
fn three_way_patches() {
    for case in cases("tables").into_iter().chain(cases("raw")) {
        let description = case["description"].as_str().unwrap();
        let make = |overwrite| three_way_of(merge_item(), &case["original"], &case["modified"], &case["current"], overwrite);
        let patch = match make(false) {
            Err(PatchError::Conflict { .. }) => {
                assert!(description.contains("conflict"), "{description}: unexpected conflict");
                if case["result"].is_null() {
                    continue;
                }
                make(true)
            }
            patch => {
                assert!(!description.contains("conflict"), "{description}: no conflict");
                patch
            }
        };
        let patch = patch.unwrap_or_else(|error| panic!("{description}: {error}"));
        assert_eq!(patch, or_empty(&case["threeWay"]), "{description}");
        check_applied(&json!({"description": description}), &case["current"], &patch, &or_empty(&case["result"]));
    }
}

#[test]
fn applied_patches() {
    for case in cases("apply") {
        check_applied(&case, &case["original"], &case["twoWay"], &or_empty(&case["modified"]));
    }
}

#[test]
fn real_kinds() {
    let pod = Gvk::new("", "v1", "Pod");
    let original = json!({"spec": {"containers": [{"name": "a", "image": "x:1", "ports": [{"containerPort": 80, "protocol": "TCP"}]}]}});
    let patch = json!({"spec": {"containers": [
        {"name": "a", "ports": [{"containerPort": 80, "name": "web"}, {"containerPort": 81}]}, {"name": "b", "image": "y"}]}});
    let expected = json!({"spec": {"containers": [
        {"name": "a", "image": "x:1", "ports": [{"containerPort": 80, "protocol": "TCP", "name": "web"}, {"containerPort": 81}]},
        {"name": "b", "image": "y"}]}});
    assert_eq!(apply(&pod, original, &patch), Ok(expected));

    let deployment = Gvk::new("apps", "v1", "Deployment");
    let rolling = json!({"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}});
    let recreate = json!({"spec": {"strategy": {"type": "Recreate"}}});
    let patch = two_way(&deployment, &rolling, &recreate).unwrap();
    assert_eq!(patch, json!({"spec": {"strategy": {"$retainKeys": ["type"], "rollingUpdate": null, "type": "Recreate"}}}));
    assert_eq!(apply(&deployment, rolling, &patch), Ok(recreate));

    let service = Gvk::new("", "v1", "Service");
    let ports = |ports: Value| json!({"spec": {"ports": ports}});
    let current = ports(json!([{"port": 80, "nodePort": 30000}, {"port": 443}]));
    let patch =
        three_way(&service, &ports(json!([{"port": 80}, {"port": 443}])), &ports(json!([{"port": 80}, {"port": 8080}])), &current, true);
    assert_eq!(
        patch,
        Ok(
            json!({"spec": {"$setElementOrder/ports": [{"port": 80}, {"port": 8080}], "ports": [{"port": 8080}, {"port": 443, "$patch": "delete"}]}})
        )
    );
    assert_eq!(apply(&service, current, &patch.unwrap()), Ok(ports(json!([{"port": 80, "nodePort": 30000}, {"port": 8080}]))));
}
