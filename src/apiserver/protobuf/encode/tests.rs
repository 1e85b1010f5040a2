use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::protobuf::decode;

/// Objects made up from the message table: every field is there or not, no value is its type's zero where that can not be told from nothing.
struct Maker(u64);

impl Maker {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
    fn message(&mut self, message: &str, depth: usize) -> Map<String, Value> {
        let mut object = Map::new();
        for field in MESSAGES.get(message).into_iter().flatten() {
            if self.next(4) == 0 || (depth > 4 && self.next(6) > 0) || depth > 12 {
                continue;
            }
            if field.in_place {
                object.extend(self.message(field.of, depth + 1));
                continue;
            }
            let value = if field.map {
                let entries: Map<String, Value> =
                    (0..1 + self.next(2)).filter_map(|_| Some((format!("k{}", self.next(90)), self.value(field.of, depth)?))).collect();
                Some(entries).filter(|entries| !entries.is_empty()).map(Value::Object)
            } else if field.repeated {
                let items: Vec<Value> = (0..1 + self.next(2)).filter_map(|_| self.value(field.of, depth)).collect();
                Some(items).filter(|items| !items.is_empty()).map(Value::Array)
            } else {
                self.value(field.of, depth)
            };
            object.extend(value.map(|value| (field.name.to_owned(), value)));
        }
        object
    }
    fn value(&mut self, of: &str, depth: usize) -> Option<Value> {
        Some(match of {
            "string" => format!("text-{}-ä", self.next(1000)).into(),
            "bytes" => STANDARD.encode([self.next(256) as u8, 0, 255]).into(),
            "bool" => true.into(),
            "int32" => json!(1 + self.next(1000) as i32 * if self.next(2) == 0 { 1 } else { -1_000_000 }),
            "int64" => json!((1 + self.next(1000) as i64) * if self.next(2) == 0 { 1 } else { -1_000_000_000_000 }),
            "uint32" | "uint64" => json!(1 + self.next(1_000_000)),
            "double" => json!(1.5),
            "api.resource.Quantity" => format!("{}Mi", 1 + self.next(100)).into(),
            "util.intstr.IntOrString" if self.next(2) == 0 => json!(1 + self.next(60_000)),
            "util.intstr.IntOrString" => "25%".into(),
            "meta.Time" => "2026-01-02T03:04:05Z".into(),
            "meta.MicroTime" => "2026-01-02T03:04:05.000006Z".into(),
            "runtime.RawExtension" | "meta.FieldsV1" => json!({"f:a": {"x": [1, null, "y"]}}),
            "authentication.v1.ExtraValue" | "authorization.v1.ExtraValue" | "certificates.v1.ExtraValue" => json!(["a", "b"]),
            _ => Some(self.message(of, depth + 1)).filter(|object| !object.is_empty())?.into(),
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_kind_there_and_back(seed: u64) {
        for kind in kinds::ALL.iter().filter(|kind| knows(kind)) {
            let mut object = Maker(seed).message(&message_name(&kind.api_version(), &kind.kind), 0);
            object.insert("apiVersion".to_owned(), kind.api_version().into());
            object.insert("kind".to_owned(), kind.kind.as_ref().into());
            let value = Value::Object(object);
            prop_assert_eq!(decode(&encode(&value).unwrap()).unwrap(), value);
        }
    }
}

#[test]
fn the_bytes_are_those_of_a_typed_client() {
    let value = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "y"}});
    let expected = b"k8s\0\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12\x0d\x0a\x03\x0a\x01a\x12\x06\x0a\x01x\x12\x01y\x1a\x00\x22\x00";
    assert_eq!(encode(&value).unwrap(), expected.as_slice());
    let list =
        json!({"apiVersion": "v1", "kind": "ConfigMapList", "metadata": {"resourceVersion": "7"}, "items": [{"metadata": {"name": "a"}}]});
    let expected = b"k8s\0\x0a\x13\x0a\x02v1\x12\x0dConfigMapList\x12\x0c\x0a\x03\x12\x017\x12\x05\x0a\x03\x0a\x01a\x1a\x00\x22\x00";
    assert_eq!(encode(&list).unwrap(), expected.as_slice());
    assert_eq!(frame("ADDED", b"x"), b"\0\0\0\x0c\x0a\x05ADDED\x12\x03\x0a\x01x".as_slice());
}

#[test]
fn what_is_not_known_is_refused() {
    assert_eq!(encode(&json!({"apiVersion": "v9", "kind": "No"})), Err(EncodeError::Unknown("core.v9.No".to_owned())));
    assert!(encode(&json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": 1}})).is_err());
}
