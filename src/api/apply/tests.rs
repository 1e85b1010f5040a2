//! Walks, sets and whole applies; expected values are upstream's.
#![allow(clippy::needless_pass_by_value, reason = "trees are written where they are checked")]

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, Time};
use serde_json::{Value, json};

use super::*;

fn set(wire: Value) -> FieldSet {
    FieldSet::from_wire(&wire).unwrap()
}

mod sets {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wire_form() {
        let wire = json!({
            "f:metadata": {"f:labels": {".": {}, "f:app": {}}},
            "f:spec": {"f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}}}, "f:finalizers": {"v:\"a\"": {}}, "f:old": {"i:1": {}}},
        });
        assert_eq!(set(wire.clone()).to_wire(), wire);
        assert_eq!(set(json!({"f:a": {"x:future": {}}, "f:b": {}})).to_wire(), json!({"f:a": {}, "f:b": {}}));
        let paths: Vec<String> = set(wire).paths().iter().map(|path| path_text(path)).collect();
        assert_eq!(
            paths,
            [
                ".metadata.labels",
                ".metadata.labels.app",
                ".spec.finalizers[=\"a\"]",
                ".spec.old[1]",
                ".spec.ports[port=80,protocol=\"TCP\"]",
                ".spec.ports[port=80,protocol=\"TCP\"].port",
            ]
        );
        for broken in
            [json!([]), json!({"f:a": 1}), json!({"f": {}}), json!({"fx": {}}), json!({"k:1": {}}), json!({"v:{": {}}), json!({"i:x": {}})]
        {
            assert!(FieldSet::from_wire(&broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn order_of_steps() {
        let steps = ["f:b", "k:{\"n\":9}", "k:{\"n\":80}", "k:{\"n\":\"1\"}", "v:9", "v:80", "v:\"a\"", "v:true", "i:0"];
        let decoded: Vec<PathElement> = steps.iter().map(|step| PathElement::from_wire(step).unwrap().unwrap()).collect();
        let mut sorted = decoded.clone();
        sorted.reverse();
        sorted.sort();
        assert_eq!(sorted, decoded);
    }

    fn step() -> impl Strategy<Value = PathElement> {
        prop_oneof![
            "[a-c]".prop_map(|name| PathElement::field(&name)),
            (0..3i64).prop_map(|port| PathElement::Key(vec![("port".into(), Scalar(port.into()))])),
            "[a-b<]".prop_map(|text| PathElement::Value(Scalar(text.into()))),
        ]
    }
    fn sets() -> impl Strategy<Value = FieldSet> {
        prop::collection::vec(prop::collection::vec(step(), 1..4), 0..12).prop_map(|paths| {
            let mut set = FieldSet::new();
            paths.iter().for_each(|path| set.insert(path));
            set
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn wire_form_round_trips(set in sets()) {
            prop_assert_eq!(FieldSet::from_wire(&set.to_wire()).unwrap(), set);
        }

        #[test]
        fn set_algebra(one in sets(), two in sets()) {
            let union = one.clone().union(two.clone());
            for path in one.paths().iter().chain(&two.paths()) {
                prop_assert!(union.has(path));
            }
            for path in union.paths() {
                let (mine, theirs) = (one.has(&path), two.has(&path));
                prop_assert!(mine || theirs);
                prop_assert_eq!(one.intersection(&two).has(&path), mine && theirs);
                prop_assert_eq!(one.clone().difference(&two).has(&path), mine && !theirs);
            }
            prop_assert!(one.clone().difference(&one).is_empty());
            prop_assert!(one.clone().recursive_difference(&two).difference(&one).is_empty());
            prop_assert_eq!(one.clone().difference(&two).union(one.intersection(&two)), one);
        }
    }
}

/// Two versions of one kind: `v2` calls `spec.replicas` `spec.count`. Everything else is of built-in types.
struct OneKind(&'static str, &'static str);

impl Versions for OneKind {
    fn schema(&self, api_version: &str) -> Option<TypeRef<'_>> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        if self.0 != api_version {
            return None;
        }
        Types::of_kind(&crate::gvk::Gvk::new(group, version, self.1))
    }
    fn convert(&self, object: &Value, _: &str, _: &str) -> Option<Value> {
        Some(object.clone())
    }
}

fn schema(kind: (&'static str, &'static str)) -> TypeRef<'static> {
    let (group, version) = kind.0.split_once('/').unwrap_or(("", kind.0));
    Types::of_kind(&crate::gvk::Gvk::new(group, version, kind.1)).unwrap()
}

const POD: (&str, &str) = ("v1", "Pod");
const SERVICE: (&str, &str) = ("v1", "Service");
const DEPLOYMENT: (&str, &str) = ("apps/v1", "Deployment");
const CONFIG_MAP: (&str, &str) = ("v1", "ConfigMap");

mod walks {
    use super::*;

    fn check_set(kind: (&'static str, &'static str), object: Value, expected: Value) {
        assert_eq!(TypedValue::new(&object, schema(kind)).to_field_set().unwrap().to_wire(), expected);
    }

    #[test]
    fn fields_of_an_object() {
        check_set(CONFIG_MAP, json!({"data": {"a": "1"}, "binaryData": {}}), json!({"f:binaryData": {}, "f:data": {"f:a": {}}}));
        check_set(
            SERVICE,
            json!({"spec": {"selector": {"app": "a"}, "ports": [{"port": 80}, {"port": 53, "protocol": "UDP", "name": null}]}}),
            json!({"f:spec": {
                "f:ports": {
                    "k:{\"port\":53,\"protocol\":\"UDP\"}": {".": {}, "f:name": {}, "f:port": {}, "f:protocol": {}},
                    "k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}},
                },
                "f:selector": {},
            }}),
        );
        check_set(
            POD,
            json!({"metadata": {"finalizers": ["a", "b", "a"]}, "spec": {"containers": [{"name": "c", "args": ["x"], "env": [{"name": "E"}]}]}}),
            json!({
                "f:metadata": {"f:finalizers": {"v:\"a\"": {}, "v:\"b\"": {}}},
                "f:spec": {"f:containers": {"k:{\"name\":\"c\"}": {
                    ".": {}, "f:args": {}, "f:env": {"k:{\"name\":\"E\"}": {".": {}, "f:name": {}}}, "f:name": {},
                }}},
            }),
        );
    }

    /// What creating an object makes of it, which is what upstream's structs say about an empty one.
    fn check_created(kind: (&'static str, &'static str), mut object: Value, expected: Value) {
        let nothing = json!({"apiVersion": kind.0, "kind": kind.1});
        object["apiVersion"] = kind.0.into();
        object["kind"] = kind.1.into();
        let changes = TypedValue::new(&nothing, schema(kind)).compare(&object).unwrap();
        assert_eq!(changes.added.union(changes.modified).to_wire(), expected);
        assert!(changes.removed.is_empty());
    }

    #[test]
    fn creation() {
        check_created(CONFIG_MAP, json!({"data": {"a": "1"}}), json!({"f:data": {".": {}, "f:a": {}}}));
        let template = json!({"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]}]}});
        check_created(
            DEPLOYMENT,
            json!({"spec": {"replicas": 1, "selector": {"matchLabels": {"app": "a"}}, "strategy": {"rollingUpdate": {"maxSurge": 1}, "type": "RollingUpdate"}, "template": template}}),
            json!({"f:spec": {
                "f:replicas": {},
                "f:selector": {},
                "f:strategy": {"f:rollingUpdate": {".": {}, "f:maxSurge": {}}, "f:type": {}},
                "f:template": {
                    "f:metadata": {"f:labels": {".": {}, "f:app": {}}},
                    "f:spec": {"f:containers": {"k:{\"name\":\"c\"}": {
                        ".": {}, "f:image": {}, "f:name": {},
                        "f:ports": {".": {}, "k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {".": {}, "f:containerPort": {}}},
                        "f:resources": {},
                    }}},
                },
            }}),
        );
    }

    fn check_changes(kind: (&'static str, &'static str), old: Value, new: Value, expected: (Value, Value, Value)) {
        let changes = TypedValue::new(&old, schema(kind)).compare(&new).unwrap();
        assert_eq!((changes.added.to_wire(), changes.modified.to_wire(), changes.removed.to_wire()), expected);
    }

    #[test]
    fn changes() {
        check_changes(
            CONFIG_MAP,
            json!({"data": {"a": "1", "b": "2"}}),
            json!({"data": {"a": "1", "b": "3", "c": "4"}, "immutable": true}),
            (json!({"f:data": {"f:c": {}}, "f:immutable": {}}), json!({"f:data": {"f:b": {}}}), json!({})),
        );
        check_changes(CONFIG_MAP, json!({"data": {"a": "1"}}), json!({}), (json!({}), json!({}), json!({"f:data": {".": {}, "f:a": {}}})));
        // an atomic map is one field, and so is an atomic list
        check_changes(
            SERVICE,
            json!({"spec": {"selector": {"a": "b"}, "ports": [{"port": 80, "name": "x"}], "externalIPs": ["1.1.1.1"]}}),
            json!({"spec": {"selector": {"a": "c"}, "ports": [{"port": 81, "name": "x"}], "externalIPs": ["1.1.1.1", "1.1.1.2"]}}),
            (
                json!({"f:spec": {"f:ports": {"k:{\"port\":81,\"protocol\":\"TCP\"}": {".": {}, "f:name": {}, "f:port": {}, "f:targetPort": {}}}}}),
                json!({"f:spec": {"f:externalIPs": {}, "f:selector": {}}}),
                json!({"f:spec": {"f:ports": {"k:{\"port\":80,\"protocol\":\"TCP\"}": {".": {}, "f:name": {}, "f:port": {}, "f:targetPort": {}}}}}),
            ),
        );
        // text or number, and quantities, are what they are written as
        check_changes(
            POD,
            json!({"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": "1"}}, "readinessProbe": {"httpGet": {"port": 80}}}]}}),
            json!({"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": "2"}}, "readinessProbe": {"httpGet": {"port": "http"}}}]}}),
            (
                json!({}),
                json!({"f:spec": {"f:containers": {"k:{\"name\":\"a\"}": {"f:readinessProbe": {"f:httpGet": {"f:port": {}}}, "f:resources": {"f:limits": {"f:cpu": {}}}}}}}),
                json!({}),
            ),
        );
    }

    #[test]
    fn items_that_stand_twice_are_one_leaf() {
        let env = |names: &[(&str, &str)]| {
            let items: Vec<Value> = names.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
            json!({"spec": {"containers": [{"name": "c", "env": items}]}})
        };
        let at = |below: Value| json!({"f:spec": {"f:containers": {"k:{\"name\":\"c\"}": {"f:env": {"k:{\"name\":\"A\"}": below}}}}});
        let whole = || at(json!({}));
        let item = || at(json!({".": {}, "f:name": {}, "f:value": {}}));
        let twice = [("A", "1"), ("A", "2")];
        check_changes(POD, env(&twice), env(&[("A", "1"), ("A", "3")]), (json!({}), whole(), json!({})));
        check_changes(POD, env(&twice), env(&[("A", "1")]), (item(), json!({}), whole()));
        check_changes(POD, env(&[("A", "1")]), env(&twice), (whole(), json!({}), item()));
    }

    fn check_merged(kind: (&'static str, &'static str), old: Value, new: Value, expected: Value) {
        assert_eq!(TypedValue::new(&old, schema(kind)).merge(&new).unwrap(), expected);
    }

    #[test]
    fn merging() {
        check_merged(
            CONFIG_MAP,
            json!({"data": {"a": "1", "b": "2"}, "immutable": true}),
            json!({"data": {"b": "3", "c": "4"}, "immutable": null}),
            json!({"data": {"a": "1", "b": "3", "c": "4"}, "immutable": null}),
        );
        check_merged(CONFIG_MAP, json!({"data": {"a": "1"}}), json!({"data": null}), json!({"data": {"a": "1"}}));
        let finalizers = |names: &[&str]| json!({"metadata": {"finalizers": names}});
        for (old, new, expected) in [
            (&["a", "b"][..], &["b", "c"][..], &["a", "b", "c"][..]),
            (&["a", "b", "c"], &["c", "a"], &["b", "c", "a"]),
            (&["a", "b", "c"], &["c", "x", "a"], &["b", "c", "x", "a"]),
            (&["a"], &[], &["a"]),
            (&[], &["b", "a"], &["b", "a"]),
            (&["a", "b", "c", "d"], &["b", "y", "d"], &["a", "b", "c", "y", "d"]),
        ] {
            check_merged(POD, finalizers(old), finalizers(new), finalizers(expected));
        }
        check_merged(
            SERVICE,
            json!({"spec": {"ports": [{"name": "a", "port": 80, "protocol": "TCP", "nodePort": 3}]}}),
            json!({"spec": {"ports": [{"port": 443}, {"port": 80, "targetPort": 8080}]}}),
            json!({"spec": {"ports": [{"port": 443}, {"name": "a", "port": 80, "protocol": "TCP", "nodePort": 3, "targetPort": 8080}]}}),
        );
    }

    #[test]
    fn removing() {
        let check = |object: Value, wire: Value, expected: Value| {
            assert_eq!(TypedValue::new(&object, schema(POD)).remove(&set(wire)), expected);
        };
        let pod =
            json!({"metadata": {"labels": {"a": "1", "b": "2"}}, "spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b"}]}});
        check(
            pod.clone(),
            json!({"f:metadata": {"f:labels": {"f:a": {}}}, "f:spec": {"f:containers": {"k:{\"name\":\"a\"}": {"f:image": {}}, "k:{\"name\":\"b\"}": {}}}}),
            json!({"metadata": {"labels": {"b": "2"}}, "spec": {"containers": [{"name": "a"}]}}),
        );
        check(pod, json!({"f:metadata": {"f:labels": {"f:a": {}, "f:b": {}}}, "f:spec": {}}), json!({"metadata": {"labels": null}}));
    }

    #[test]
    fn validation() {
        let check = |object: Value, expected: &str| {
            let got = TypedValue::new(&object, schema(DEPLOYMENT)).validate(false).unwrap_err().to_string();
            assert_eq!(got, expected);
        };
        check(json!({"spec": {"foo": 1}}), ".spec.foo: field not declared in schema");
        check(json!({"spec": {"replicas": "3"}}), ".spec.replicas: expected numeric (int or float), got string");
        check(
            json!({"spec": {"template": {"spec": {"containers": [{"name": "a", "image": 5}]}}}}),
            ".spec.template.spec.containers[name=\"a\"].image: expected string, got &value.valueUnstructured{Value:5}",
        );
        check(json!({"spec": []}), ".spec: expected map, got &{[]}");
        check(
            json!({"spec": {"paused": "x", "template": {"spec": {"containers": [{"name": "a"}, {"name": "a"}]}}}}),
            "errors:\n  .spec.paused: expected boolean, got &{x}\n  .spec.template.spec.containers: duplicate entries for key [name=\"a\"]",
        );
        check(
            json!({"spec": {"template": {"spec": {"topologySpreadConstraints": [7]}}}}),
            ".spec.template.spec.topologySpreadConstraints: element 0: associative list with keys may not have non-map elements",
        );
        assert!(
            TypedValue::new(&json!({"spec": {"replicas": null, "template": {"spec": null}}}), schema(DEPLOYMENT)).validate(false).is_ok()
        );
    }

    #[test]
    fn sets_of_other_markers_are_brought_up_to_date() {
        let reconciled = set(json!({"f:spec": {"f:selector": {".": {}, "f:app": {}}, "f:type": {}}})).reconciled(schema(SERVICE));
        assert_eq!(reconciled.to_wire(), json!({"f:spec": {"f:selector": {}, "f:type": {}}}));
    }
}

mod structural {
    use super::*;

    #[test]
    fn custom_resources() {
        let types = Types::of_structural(&json!({"type": "object", "properties": {
            "spec": {"type": "object", "properties": {
                "size": {"type": "integer"},
                "tags": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
                "ports": {
                    "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"],
                    "items": {"type": "object", "properties": {"port": {"type": "integer"}, "protocol": {"type": "string", "default": "TCP"}}},
                },
                "whole": {"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"type": "string"}},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                "either": {"x-kubernetes-int-or-string": true},
            }},
        }}));
        let object = json!({
            "apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "labels": {"a": "b"}},
            "spec": {
                "size": 1, "tags": ["x"], "ports": [{"port": 1}], "whole": {"a": "b"}, "free": {"deep": {"x": [1]}, "empty": {}}, "either": "5%",
            },
        });
        let typed = TypedValue::new(&object, types.root().unwrap());
        typed.validate(false).unwrap();
        assert_eq!(
            typed.to_field_set().unwrap().to_wire(),
            json!({
                "f:apiVersion": {}, "f:kind": {}, "f:metadata": {"f:name": {}, "f:labels": {"f:a": {}}},
                "f:spec": {
                    "f:size": {}, "f:tags": {"v:\"x\"": {}}, "f:ports": {"k:{\"port\":1,\"protocol\":\"TCP\"}": {".": {}, "f:port": {}}},
                    "f:whole": {}, "f:free": {"f:deep": {".": {}, "f:x": {}}, "f:empty": {}}, "f:either": {},
                },
            })
        );
        let unknown = json!({"spec": {"nope": 1}});
        let fault = TypedValue::new(&unknown, types.root().unwrap()).validate(false).unwrap_err();
        assert_eq!(fault.to_string(), ".spec.nope: field not declared in schema");
    }

    #[test]
    fn without_a_schema() {
        let object = json!({"spec": {"list": [1], "map": {"a": {"b": 1}}, "nothing": null}});
        assert_eq!(
            TypedValue::new(&object, Types::deduced()).to_field_set().unwrap().to_wire(),
            json!({"f:spec": {".": {}, "f:list": {}, "f:map": {".": {}, "f:a": {".": {}, "f:b": {}}}, "f:nothing": {}}})
        );
    }
}

fn without_empty(value: &mut Value) {
    let keep = |value: &mut Value| {
        without_empty(value);
        !value.is_null() && value.as_object().is_none_or(|map| !map.is_empty()) && value.as_array().is_none_or(|items| !items.is_empty())
    };
    if let Value::Object(map) = value {
        map.retain(|_, value| keep(value));
    }
}

/// Writes in a row, as they come to a server.
struct Server {
    kind: OneKind,
    object: Value,
    entries: Option<Vec<ManagedFieldsEntry>>,
    clock: i64,
}

impl Server {
    fn new(kind: (&'static str, &'static str)) -> Self {
        Self { kind: OneKind(kind.0, kind.1), object: json!({"apiVersion": kind.0, "kind": kind.1}), entries: None, clock: 0 }
    }
    fn now(&mut self) -> Time {
        self.clock += 1;
        Time(k8s_openapi::jiff::Timestamp::from_second(self.clock).unwrap())
    }
    fn typed(&self, mut object: Value) -> Value {
        object["apiVersion"] = self.kind.0.into();
        object["kind"] = self.kind.1.into();
        object["metadata"]["name"] = "x".into();
        object
    }
    /// Keeps an object as a server with types does: what is empty is not written.
    fn stored(&mut self, mut object: Value) {
        without_empty(&mut object);
        object["metadata"]["uid"] = "1".into();
        self.object = object;
    }
    fn update_at(&mut self, subresource: &str, manager: &str, object: Value) -> &mut Self {
        let now = self.now();
        let new = self.typed(object);
        let fields =
            FieldManager { versions: &self.kind, api_version: self.kind.0, kind: self.kind.1, subresource, filter: None, now: &now };
        self.entries = fields.update(&self.object, &new, None, self.entries.as_deref(), manager);
        self.stored(new);
        self
    }
    fn update(&mut self, manager: &str, object: Value) -> &mut Self {
        self.update_at("", manager, object)
    }
    fn try_apply(&mut self, manager: &str, config: Value, force: bool) -> Result<(), ApplyError> {
        let now = self.now();
        let config = self.typed(config);
        let fields =
            FieldManager { versions: &self.kind, api_version: self.kind.0, kind: self.kind.1, subresource: "", filter: None, now: &now };
        let (object, entries) = fields.apply(&self.object, &config, self.entries.as_deref(), manager, force)?;
        self.entries = entries;
        self.stored(object);
        Ok(())
    }
    fn apply(&mut self, manager: &str, config: Value) -> &mut Self {
        self.try_apply(manager, config, false).unwrap();
        self
    }
    /// manager, operation, seconds, fields
    fn owners(&self) -> Vec<(String, String, i64, Value)> {
        let entries = self.entries.iter().flatten();
        entries
            .map(|entry| {
                (
                    entry.manager.clone().unwrap(),
                    entry.operation.clone().unwrap(),
                    entry.time.as_ref().map_or(0, |time| time.0.as_second()),
                    entry.fields_v1.clone().unwrap().0,
                )
            })
            .collect()
    }
    fn check_owners(&self, expected: &[(&str, &str, i64, Value)]) {
        let expected: Vec<_> =
            expected.iter().map(|(manager, how, at, set)| ((*manager).to_owned(), (*how).to_owned(), *at, set.clone())).collect();
        assert_eq!(self.owners(), expected);
    }
}

mod applies {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn create_change_and_remove() {
        let mut server = Server::new(CONFIG_MAP);
        server.apply("a", json!({"data": {"x": "1", "y": "2"}}));
        server.check_owners(&[("a", "Apply", 1, json!({"f:data": {"f:x": {}, "f:y": {}}}))]);
        server.update("edit", json!({"data": {"x": "1", "y": "2", "z": "3"}}));
        server.check_owners(&[
            ("a", "Apply", 1, json!({"f:data": {"f:x": {}, "f:y": {}}})),
            ("edit", "Update", 2, json!({"f:data": {"f:z": {}}})),
        ]);
        server.apply("a", json!({"data": {"x": "4"}}));
        assert_eq!(server.object["data"], json!({"x": "4", "z": "3"}));
        server.check_owners(&[("a", "Apply", 3, json!({"f:data": {"f:x": {}}})), ("edit", "Update", 2, json!({"f:data": {"f:z": {}}}))]);
        // nothing changes, and nothing is told
        server.apply("a", json!({"data": {"x": "4"}}));
        server.check_owners(&[("a", "Apply", 3, json!({"f:data": {"f:x": {}}})), ("edit", "Update", 2, json!({"f:data": {"f:z": {}}}))]);
    }

    #[test]
    fn what_two_own_stays() {
        let mut server = Server::new(CONFIG_MAP);
        server.apply("a", json!({"data": {"x": "1", "y": "2"}})).apply("b", json!({"data": {"x": "1"}}));
        server.apply("a", json!({"data": {"y": "2"}}));
        assert_eq!(server.object["data"], json!({"x": "1", "y": "2"}));
        server.apply("b", json!({}));
        assert_eq!(server.object["data"], json!({"y": "2"}));
    }

    #[test]
    fn conflicts() {
        let mut server = Server::new(DEPLOYMENT);
        server.apply("a", json!({"spec": {"replicas": 1, "paused": true}})).update("hpa", json!({"spec": {"replicas": 5, "paused": true}}));
        let error = server.try_apply("a", json!({"spec": {"replicas": 1, "paused": true}}), false).unwrap_err();
        assert_eq!(error.to_string(), "Apply failed with 1 conflict: conflict with \"hpa\" using apps/v1: .spec.replicas");
        let status = error.to_status();
        assert_eq!((status.code(), status.reason()), (409, "Conflict"));
        let causes = status.0.details.unwrap().causes.unwrap();
        assert_eq!(causes[0].message.as_deref(), Some("conflict with \"hpa\" using apps/v1"));
        assert_eq!(causes[0].field.as_deref(), Some(".spec.replicas"));

        let error = server.try_apply("b", json!({"spec": {"replicas": 2, "paused": false}}), false).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Apply failed with 2 conflicts: conflicts with \"a\":\n- .spec.paused\nconflicts with \"hpa\" using apps/v1:\n- .spec.replicas"
        );
        server.try_apply("b", json!({"spec": {"replicas": 2, "paused": false}}), true).unwrap();
        server.check_owners(&[("b", "Apply", 5, json!({"f:spec": {"f:paused": {}, "f:replicas": {}}}))]);
    }

    #[test]
    fn items_of_lists() {
        let mut server = Server::new(SERVICE);
        let port = |port: u16, name: &str| json!({"port": port, "name": name, "protocol": "TCP"});
        server.apply("a", json!({"spec": {"ports": [port(80, "a"), port(81, "b")]}}));
        server.apply("b", json!({"spec": {"ports": [port(82, "c")]}}));
        assert_eq!(server.object["spec"]["ports"], json!([port(80, "a"), port(81, "b"), port(82, "c")]));
        server.apply("a", json!({"spec": {"ports": [port(81, "b")]}}));
        assert_eq!(server.object["spec"]["ports"], json!([port(81, "b"), port(82, "c")]));
        server.apply("a", json!({}));
        assert_eq!(server.object["spec"]["ports"], json!([port(82, "c")]));
    }

    #[test]
    fn a_map_that_an_updater_shares_stays() {
        let mut server = Server::new(DEPLOYMENT);
        let template = |context: Value| json!({"spec": {"template": {"spec": {"securityContext": context}}}});
        server.apply("a", template(json!({"runAsUser": 1})));
        server.update("b", template(json!({"runAsUser": 1, "runAsGroup": 2})));
        server.apply("a", json!({}));
        assert_eq!(server.object["spec"]["template"]["spec"]["securityContext"], json!({"runAsGroup": 2}));
    }

    #[test]
    fn over_from_client_side_apply() {
        let applied =
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "annotations": {}}, "data": {"x": "1", "y": "2"}});
        let object = |data: Value| json!({"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": applied.to_string()}}, "data": data});
        let mut server = Server::new(CONFIG_MAP);
        server.update("kubectl-client-side-apply", object(json!({"x": "1", "y": "2"})));
        // what has not been changed since may be taken over
        server.apply("kubectl", json!({"data": {"x": "9", "y": "2"}}));
        assert_eq!(server.object["data"], json!({"x": "9", "y": "2"}));
        let annotation = server.object["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"].as_str().unwrap();
        assert_eq!(
            annotation,
            "{\"apiVersion\":\"v1\",\"data\":{\"x\":\"9\",\"y\":\"2\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"}}\n"
        );

        let mut server = Server::new(CONFIG_MAP);
        server.update("kubectl-client-side-apply", object(json!({"x": "1", "y": "2"})));
        server.update("kubectl-edit", object(json!({"x": "7", "y": "2"})));
        let error = server.try_apply("kubectl", json!({"data": {"x": "9", "y": "3"}}), false).unwrap_err();
        assert_eq!(error.to_string(), "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .data.x");
        let error = server.try_apply("other", json!({"data": {"y": "3"}}), false).unwrap_err();
        assert_eq!(error.to_string(), "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using v1: .data.y");
    }

    #[test]
    fn entries_of_an_untracked_object() {
        let mut server = Server::new(CONFIG_MAP);
        server.update("a", json!({"data": {"x": "1"}}));
        server.entries = None;
        server.update("a", json!({"data": {"x": "2"}}));
        assert_eq!(server.entries, None, "who owns nothing is not asked about");
        let error = server.try_apply("b", json!({"data": {"x": "3"}}), false).unwrap_err();
        assert_eq!(error.to_string(), "Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.x");
        server.apply("b", json!({"data": {"y": "3"}}));
        server.check_owners(&[
            ("b", "Apply", 4, json!({"f:data": {"f:y": {}}})),
            ("before-first-apply", "Update", 4, json!({"f:data": {".": {}, "f:x": {}}})),
        ]);
    }

    #[test]
    fn updaters_are_capped() {
        let mut server = Server::new(CONFIG_MAP);
        let mut data = serde_json::Map::new();
        for number in 0..13 {
            data.insert(format!("k{number:02}"), "v".into());
            server.update(&format!("m{number:02}"), json!({"data": data}));
        }
        let owners = server.owners();
        assert_eq!(owners.len(), 10);
        assert_eq!(owners[0].0, "ancient-changes");
        assert_eq!(owners[0].3, json!({"f:data": {".": {}, "f:k00": {}, "f:k01": {}, "f:k02": {}, "f:k03": {}}}));
        assert_eq!((owners[0].2, owners[9].0.as_str()), (4, "m12"));
    }

    /// The short way for writes of what is owned already ends where the long one does.
    #[test]
    fn writing_again() {
        let status =
            |ip: &str| json!({"spec": {"nodeName": "n"}, "status": {"podIP": ip, "conditions": [{"type": "Ready", "status": ip}]}});
        let mut server = Server::new(POD);
        server.update("maker", json!({"spec": {"nodeName": "n"}}));
        server.update_at("status", "kubelet", status("1")).update_at("status", "kubelet", status("2"));
        let mine = json!({"f:status": {"f:conditions": {".": {}, "k:{\"type\":\"Ready\"}": {".": {}, "f:lastProbeTime": {}, "f:lastTransitionTime": {}, "f:status": {}, "f:type": {}}}, "f:podIP": {}}});
        let made = json!({"f:spec": {"f:nodeName": {}}});
        server.check_owners(&[("maker", "Update", 1, made.clone()), ("kubelet", "Update", 3, mine.clone())]);
        // somebody else takes a field, and another is new
        server.update_at(
            "status",
            "other",
            json!({"spec": {"nodeName": "n"}, "status": {"podIP": "3", "conditions": [{"type": "Ready", "status": "2"}]}}),
        );
        server.update_at("status", "kubelet", json!({"spec": {"nodeName": "n"}, "status": {"podIP": "3", "phase": "Running", "conditions": [{"type": "Ready", "status": "4"}]}}));
        let mut less = mine;
        less["f:status"].as_object_mut().unwrap().remove("f:podIP");
        less["f:status"]["f:phase"] = json!({});
        server.check_owners(&[
            ("maker", "Update", 1, made),
            ("other", "Update", 4, json!({"f:status": {"f:podIP": {}}})),
            ("kubelet", "Update", 5, less),
        ]);
        // what goes is nobody's any more
        server.update_at("status", "kubelet", json!({"spec": {"nodeName": "n"}, "status": {"podIP": "3", "phase": "Running"}}));
        assert_eq!(server.owners()[2].3, json!({"f:status": {"f:phase": {}}}));
    }

    #[test]
    fn resets_and_refusals() {
        let now = Time(k8s_openapi::jiff::Timestamp::from_second(9).unwrap());
        let kind = OneKind("v1", "ConfigMap");
        let fields = FieldManager { versions: &kind, api_version: "v1", kind: "ConfigMap", subresource: "", filter: None, now: &now };
        let live = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "uid": "1"}, "data": {"a": "1"}});
        let mut new = live.clone();
        new["data"]["a"] = "2".into();
        let mut server = Server::new(CONFIG_MAP);
        server.update("a", json!({"data": {"a": "1"}}));
        let before = server.entries.unwrap();
        for reset in [vec![], vec![ManagedFieldsEntry::default()]] {
            assert_eq!(fields.update(&live, &new, Some(&reset), Some(&before), "b"), None);
        }
        // entries that are none count for nothing
        let broken = vec![ManagedFieldsEntry { operation: Some("Guess".to_owned()), ..before[0].clone() }];
        let kept = fields.update(&live, &new, Some(&broken), Some(&before), "b").unwrap();
        assert_eq!(kept[0].manager.as_deref(), Some("a"));
        // unknown versions go with the next write
        let old = vec![ManagedFieldsEntry { api_version: Some("v0".to_owned()), manager: Some("old".to_owned()), ..before[0].clone() }];
        let kept = fields.update(&live, &new, None, Some(&old), "b").unwrap();
        assert_eq!(kept.iter().map(|entry| entry.manager.as_deref().unwrap()).collect::<Vec<_>>(), ["b"]);

        let refused = |config: Value| fields.apply(&live, &config, Some(&before), "b", false).unwrap_err().to_string();
        assert_eq!(refused(json!({"apiVersion": "v1", "kind": "Pod"})), "invalid object type: /v1, Kind=Pod");
        assert_eq!(
            refused(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"managedFields": []}})),
            "metadata.managedFields must be nil"
        );
        assert_eq!(
            refused(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": "d"}, "foo": 1})),
            "failed to create typed patch object (d/x; /v1, Kind=ConfigMap): .foo: field not declared in schema"
        );
    }

    #[test]
    fn subresources_own_apart() {
        let mut server = Server::new(DEPLOYMENT);
        server.apply("a", json!({"spec": {"replicas": 1}}));
        server.update_at("status", "controller", json!({"spec": {"replicas": 1}, "status": {"replicas": 1}}));
        let entry = &server.entries.as_ref().unwrap()[1];
        assert_eq!(
            (entry.subresource.as_deref(), &entry.fields_v1.as_ref().unwrap().0),
            (Some("status"), &json!({"f:status": {"f:replicas": {}}}))
        );
        let error = server.try_apply("b", json!({"status": {"replicas": 4}}), false).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Apply failed with 1 conflict: conflict with \"controller\" with subresource \"status\" using apps/v1: .status.replicas"
        );
    }

    fn configs() -> impl Strategy<Value = Value> {
        let data = prop::collection::btree_map("[a-c]", "[0-2]", 0..3);
        let ports = prop::collection::btree_set(80..83u16, 0..3);
        let finalizers = prop::collection::btree_set("[a-c]", 0..3);
        (data, ports, finalizers).prop_map(|(labels, ports, finalizers)| {
            let ports: Vec<Value> = ports.iter().map(|port| json!({"port": port, "name": format!("p{port}")})).collect();
            let mut config = json!({"metadata": {"labels": labels, "finalizers": finalizers}, "spec": {"ports": ports}});
            without_empty(&mut config);
            config
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whoever applies and whatever, applying it again changes nothing, the applier owns exactly what it lists, and what nobody owns is gone.
        #[test]
        fn applies_in_a_row(writes in prop::collection::vec(("[ab]", configs()), 1..8)) {
            let mut server = Server::new(SERVICE);
            for (manager, config) in writes {
                server.try_apply(&manager, config.clone(), true).unwrap();
                let (object, owners) = (server.object.clone(), server.owners());
                server.try_apply(&manager, config.clone(), false).unwrap();
                prop_assert_eq!(&server.object, &object);
                prop_assert_eq!(&server.owners(), &owners);

                let schema = schema(SERVICE);
                let listed = TypedValue::new(&server.typed(config), schema).to_field_set().unwrap();
                let mine = owners.iter().find(|owner| owner.0 == manager).map(|owner| set(owner.3.clone())).unwrap_or_default();
                prop_assert!(mine.clone().difference(&listed).is_empty());
                let all = owners.iter().fold(FieldSet::new(), |all, owner| all.union(set(owner.3.clone())));
                let there = TypedValue::new(&object, schema).to_field_set().unwrap();
                for path in there.paths().iter().filter(|path| path_text(path).starts_with(".spec") || path_text(path).starts_with(".metadata.labels.")) {
                    prop_assert!(all.has(path), "{} is nobody's", path_text(path));
                }
            }
        }
    }
}

mod scales {
    use super::*;

    fn entry(manager: &str, operation: &str, version: &str, subresource: &str, fields: Value) -> ManagedFieldsEntry {
        ManagedFieldsEntry {
            manager: Some(manager.to_owned()),
            operation: Some(operation.to_owned()),
            api_version: Some(version.to_owned()),
            fields_type: Some("FieldsV1".to_owned()),
            fields_v1: Some(k8s_openapi::apimachinery::pkg::apis::meta::v1::FieldsV1(fields)),
            subresource: Some(subresource.to_owned()).filter(|name| !name.is_empty()),
            time: None,
        }
    }
    fn replicas(version: &str) -> Option<Path> {
        (version == "apps/v1").then(|| vec![PathElement::field("spec"), PathElement::field("replicas")])
    }
    fn both() -> Value {
        json!({"f:spec": {"f:replicas": {}, "f:selector": {}}})
    }
    fn only() -> Value {
        json!({"f:spec": {"f:replicas": {}}})
    }
    fn rest() -> Value {
        json!({"f:spec": {"f:selector": {}}})
    }

    #[test]
    fn to_the_scale() {
        let parent = [
            entry("a", "Apply", "apps/v1", "", both()),
            entry("b", "Update", "apps/v1", "", rest()),
            entry("c", "Update", "apps/v1", "", both()),
            entry("d", "Update", "apps/v0", "", both()),
        ];
        let expected = vec![entry("a", "Apply", "autoscaling/v1", "", only()), entry("c", "Update", "autoscaling/v1", "", only())];
        assert_eq!(entries_of_scale(&parent, replicas).unwrap(), Some(expected));
    }

    fn check(parent: ManagedFieldsEntry, scale: &[ManagedFieldsEntry], expected: &[ManagedFieldsEntry]) {
        let after = entries_after_scale(&[parent], scale, "apps/v1", replicas).unwrap();
        assert_eq!(after.unwrap_or_default(), expected);
    }

    #[test]
    fn and_back() {
        for (before, after) in [("Update", "Update"), ("Update", "Apply"), ("Apply", "Update"), ("Apply", "Apply")] {
            for scaler in ["scale", "test"] {
                let mut expected = vec![entry("test", before, "apps/v1", "", rest()), entry(scaler, after, "apps/v1", "scale", only())];
                expected.sort_by_key(|entry| (entry.operation.clone(), entry.manager.clone(), entry.subresource.clone()));
                check(entry("test", before, "apps/v1", "", both()), &[entry(scaler, after, "autoscaling/v1", "scale", only())], &expected);
            }
        }
        let status = json!({"f:status": {"f:replicas": {}}});
        check(
            entry("test", "Apply", "apps/v1", "", rest()),
            &[entry("s", "Update", "autoscaling/v1", "scale", status)],
            &[entry("test", "Apply", "apps/v1", "", rest())],
        );
        check(
            entry("test", "Apply", "apps/v1", "", only()),
            &[entry("s", "Update", "autoscaling/v1", "scale", only())],
            &[entry("s", "Update", "apps/v1", "scale", only())],
        );
        check(
            entry("test", "Apply", "apps/v1", "", both()),
            &[entry("test", "Apply", "autoscaling/v1", "", only()), entry("test", "Apply", "autoscaling/v1", "scale", only())],
            &[entry("test", "Apply", "apps/v1", "", both()), entry("test", "Apply", "apps/v1", "scale", only())],
        );
        check(entry("test", "Apply", "apps/v0", "", both()), &[], &[]);
    }
}
