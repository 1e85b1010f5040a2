//! The types of a custom resource, out of its structural schema (`spec.versions[].schema.openAPIV3Schema`).

use serde_json::Value;

use super::types::{ANY, Atom, Field, List, Map, MapKey, Relation, SCALAR, ScalarType, TypeId, Types};

/// The name of the root in the graph of a custom resource.
const ROOT: &str = "root";

impl Types {
    /// The types of objects that a structural schema describes; [`Types::root`] is the object itself. A schema that preserves unknown fields at its root is
    /// taken for what it says as well.
    pub fn of_structural(schema: &Value) -> Self {
        let mut types = Self::new();
        let root = types.object(schema, true);
        types.name(ROOT, root);
        types
    }
    /// The object of [`Types::of_structural`].
    pub fn root(&self) -> Option<super::TypeRef<'_>> {
        self.named(ROOT)
    }

    fn structural(&mut self, schema: &Value) -> TypeId {
        let flag = |name: &str| schema.get(name) == Some(&Value::Bool(true));
        if flag("x-kubernetes-int-or-string") {
            return SCALAR;
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => {
                let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
                Self::scalar(if format == "date-time" { ScalarType::Any } else { ScalarType::Text })
            }
            Some("integer" | "number") => Self::scalar(ScalarType::Number),
            Some("boolean") => Self::scalar(ScalarType::Boolean),
            Some("array") => self.array(schema),
            Some("object") => self.object(schema, flag("x-kubernetes-embedded-resource")),
            _ => ANY,
        }
    }

    fn array(&mut self, schema: &Value) -> TypeId {
        let item = schema.get("items").unwrap_or(&Value::Null);
        let relation = match schema.get("x-kubernetes-list-type").and_then(Value::as_str) {
            Some("set") => Relation::Set,
            Some("map") => {
                let keys =
                    schema.get("x-kubernetes-list-map-keys").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
                let default = |key: &str| item.get("properties")?.get(key)?.get("default").cloned();
                Relation::Map(keys.map(|key| MapKey { name: key.into(), default: default(key) }).collect())
            }
            _ => Relation::Atomic,
        };
        let items = self.structural(item);
        self.add(Atom { list: Some(List { items, relation }), ..Atom::default() })
    }

    fn object(&mut self, schema: &Value, embedded: bool) -> TypeId {
        let mut map = Map { atomic: schema.get("x-kubernetes-map-type").and_then(Value::as_str) == Some("atomic"), ..Map::default() };
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let holds = self.structural(property);
            map.fields.insert(name.as_str().into(), Field { holds, zero: None, omits_empty: false });
        }
        let preserves = schema.get("x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(true));
        map.values = match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => Some(self.structural(values)),
            Some(Value::Bool(true)) => Some(ANY),
            _ if preserves || map.fields.is_empty() && !embedded => Some(ANY),
            _ => None,
        };
        if embedded {
            for name in ["apiVersion", "kind"] {
                map.fields.insert(name.into(), Field { holds: Self::scalar(ScalarType::Text), zero: None, omits_empty: false });
            }
            let metadata = Types::built_in().named("meta.v1.ObjectMeta").expect("the table has the metadata of objects");
            let holds = self.import(metadata);
            map.fields.insert("metadata".into(), Field { holds, zero: None, omits_empty: false });
        }
        self.add(Atom { map: Some(map), ..Atom::default() })
    }
}
