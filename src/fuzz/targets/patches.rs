//! Patches of all types on objects of all shapes: an original, a patch, and what somebody else has made of it.

use api::Gvk;
use api::patch::{json, merge, strategic};
use serde_json::Value;

use super::{Target, parts};

pub const TARGET: Target = Target {
    name: "patches",
    seeds: &[
        br#"{"metadata":{"name":"a","labels":{"x":"1"}},"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"A","value":"b"}],"ports":[{"containerPort":80,"protocol":"TCP"}]}]}}}}
%
{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"j"},{"name":"d"}],"$setElementOrder/containers":[{"name":"d"},{"name":"c"}]}}}}
%
{"metadata":{"name":"a"},"spec":{"replicas":3}}"#,
        br#"{"a":[1,2,{"b":null}],"c/d":{"~":1}}
%
[{"op":"add","path":"/a/-","value":3},{"op":"remove","path":"/c~1d/~0"},{"op":"move","from":"/a/0","path":"/e"},{"op":"copy","from":"/a","path":"/f"},{"op":"test","path":"/a/0","value":2},{"op":"replace","path":"","value":{}}]
%
{}"#,
        br#"{"metadata":{"finalizers":["a","b"],"annotations":{"k":"v"}},"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}
%
{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"annotations":null},"spec":{"$retainKeys":["containers"],"volumes":[{"$patch":"delete","name":"v"},{"$patch":"replace"}],"$patch":"merge"}}
%
{"spec":{"volumes":[{"name":"w"}]}}"#,
    ],
    run,
    rounds: 20_000,
};

fn run(input: &[u8]) {
    let trees: Vec<Value> = parts(input).into_iter().filter_map(|part| serde_json::from_slice(part).ok()).collect();
    let [original, patch, other] = trees.as_slice() else { return };
    let _ = json::apply(original.clone(), patch);
    let _ = merge::apply(original.clone(), patch);
    let _ = merge::three_way(original, patch, other);
    // A patch that makes one of the other does so, as far as a merge patch can tell them apart.
    let made = merge::create(original, other);
    if let (Ok(result), false) = (merge::apply(original.clone(), &made), has_null(other) || has_null(original)) {
        if original.is_object() && other.is_object() {
            assert_eq!(&result, other, "by {made}");
        }
    }
    for (group, version, kind) in [("apps", "v1", "Deployment"), ("", "v1", "Pod"), ("", "v1", "Service")] {
        let gvk = Gvk::new(group, version, kind);
        let _ = strategic::apply(&gvk, original.clone(), patch);
        let _ = strategic::two_way(&gvk, original, patch);
        for overwrite in [false, true] {
            let _ = strategic::three_way(&gvk, original, patch, other, overwrite);
        }
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}
