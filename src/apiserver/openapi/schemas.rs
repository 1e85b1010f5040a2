//! The schemas of a group and version, from the types themselves, in upstream's form: references beside other keys in `allOf`, the kinds they belong to, and how
//! their fields merge.

use std::collections::HashMap;
use std::sync::LazyLock;

use k8s_openapi::apimachinery::pkg::apis::meta::v1 as meta;
use kinds::{Kind, Storage};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::types::{TYPES, Type};

pub const SCHEMAS: &str = "#/components/schemas/";
const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";

/// The name of a type's schema, where the types have one. A version whose shape is another's goes by that one's name.
pub fn name_of(group: &str, version: &str, kind: &str) -> Option<String> {
    row(group, version, kind).map(|row| (row.name)().into_owned()).or_else(|| {
        let older = kinds::lookup::by_kind(group, version, kind).filter(|older| older.is_older())?;
        let stored = older.stored_as();
        let today = name_of(&stored.group, &stored.version, &stored.kind)?;
        if older.same_shape {
            return Some(today);
        }
        let package = group.split('.').next().filter(|package| !package.is_empty()).unwrap_or("core");
        Some(format!("io.k8s.api.{package}.{version}.{kind}"))
    })
}

fn row(group: &str, version: &str, kind: &str) -> Option<&'static Type> {
    TYPES.iter().find(|row| row.group == group && row.version == version && row.kind == kind)
}

/// The schemas of some kinds and their lists, of bodies below them, and of all that they refer to.
pub fn of(own: &[&Kind]) -> Map<String, Value> {
    let settings = SchemaSettings::default().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        settings.transforms.clear();
    });
    let mut generator = settings.into_generator();
    generator.subschema_for::<meta::DeleteOptions>();
    generator.subschema_for::<meta::Status>();
    generator.subschema_for::<meta::ListMeta>();
    generator.subschema_for::<meta::ObjectMeta>();
    let mut named: Vec<(String, [&str; 3])> = Vec::new();
    for kind in own.iter().copied() {
        let below = kind.subresources.iter().filter_map(|below| below.kind);
        for (group, version, name) in std::iter::once((&*kind.group, &*kind.version, &*kind.kind)).chain(below) {
            let shape = if kind.is_older() && kind.same_shape && name == kind.kind { kind.stored_as() } else { kind };
            let row = if name == kind.kind { row(&shape.group, &shape.version, name) } else { row(group, version, name) };
            if let Some(row) = row {
                (row.add)(&mut generator);
                named.push(((row.name)().into_owned(), [group, version, name]));
            }
        }
    }
    let mut all = generator.take_definitions(false);
    all.insert(format!("{META}.Patch"), json!({"type": "object", "description": "Patch is provided to give a concrete name and type to the Kubernetes PATCH request body."}));
    all.insert(
        format!("{META}.WatchEvent"),
        json!({"type": "object", "description": "Event represents a single event to a watched resource.", "required": ["type", "object"], "properties": {
            "type": {"type": "string"},
            "object": {"type": "object", "description": "Object is the object that was added, modified, deleted or bookmarked, or the Status of an error."},
        }}),
    );
    for (name, schema) in &mut all {
        as_upstream(name, schema);
    }
    for kind in own.iter().copied() {
        let Some(name) = name_of(&kind.group, &kind.version, &kind.kind) else { continue };
        if is_free(kind) {
            all.insert(name.clone(), free(kind));
            named.push((name.clone(), [&kind.group, &kind.version, &kind.kind]));
        }
        if kind.storage == Storage::Stored || kind.verbs.contains(&kinds::Verb::List) {
            let list = format!("{}List", kind.kind);
            all.insert(format!("{name}List"), list_of(kind, &name, &list));
        }
    }
    named.dedup();
    for (name, [group, version, kind]) in named {
        if let Some(schema) = all.get_mut(&name) {
            optional_metadata(schema);
            let gvk = json!({"group": group, "version": version, "kind": kind});
            match schema.get_mut("x-kubernetes-group-version-kind").and_then(Value::as_array_mut) {
                Some(list) if !list.contains(&gvk) => list.push(gvk),
                Some(_) => {}
                None => schema["x-kubernetes-group-version-kind"] = json!([gvk]),
            }
        }
    }
    all
}

/// The types demand metadata, upstream's schemas do not: a name may be generated.
fn optional_metadata(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    if let Some(Value::Array(required)) = map.get_mut("required") {
        required.retain(|field| field != "metadata");
        if required.is_empty() {
            map.remove("required");
        }
    }
}

/// Whether a kind's schema leaves open what its objects hold.
pub fn is_free(kind: &Kind) -> bool {
    kind.is_older() && !kind.same_shape
}

/// An older version in words of its own: what it may hold is checked when it is translated.
fn free(kind: &Kind) -> Value {
    json!({
        "type": "object",
        "description": format!("{} as {} had it.", kind.kind, kind.api_version()),
        "properties": head(&format!("{META}.ObjectMeta")),
        "x-kubernetes-preserve-unknown-fields": true,
    })
}

fn head(metadata: &str) -> Value {
    json!({
        "apiVersion": {"type": "string", "description": "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources"},
        "kind": {"type": "string", "description": "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"},
        "metadata": {"allOf": [{"$ref": format!("{SCHEMAS}{metadata}")}], "description": "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"},
    })
}

fn list_of(kind: &Kind, item: &str, list: &str) -> Value {
    let mut properties = head(&format!("{META}.ListMeta"));
    properties["items"] = json!({"type": "array", "description": format!("Items is the list of {}.", kind.kind), "items": {"$ref": format!("{SCHEMAS}{item}")}});
    json!({
        "type": "object",
        "description": format!("{list} is a list of {}", kind.kind),
        "required": ["items"],
        "properties": properties,
        "x-kubernetes-group-version-kind": [{"group": kind.group, "version": kind.version, "kind": list}],
    })
}

/// A schema in the form of upstream's documents: a reference beside other keys stands in `allOf`, and the scalar types say what they are.
fn as_upstream(name: &str, schema: &mut Value) {
    match name {
        "io.k8s.apimachinery.pkg.api.resource.Quantity" => {
            schema["oneOf"] = json!([{"type": "string"}, {"type": "number"}]);
        }
        "io.k8s.apimachinery.pkg.util.intstr.IntOrString" => {
            schema["format"] = "int-or-string".into();
            schema["oneOf"] = json!([{"type": "integer"}, {"type": "string"}]);
        }
        _ => {}
    }
    wrap_references(schema);
    let Some(type_name) = table_name(name) else { return };
    if api::merge_facts::is_atomic(&type_name) {
        schema["x-kubernetes-map-type"] = "atomic".into();
    }
    for (field, row) in FACTS.get(type_name.as_str()).into_iter().flatten() {
        if let Some(property) = schema.pointer_mut(&format!("/properties/{field}")).and_then(Value::as_object_mut) {
            merging(row, property);
        }
    }
}

/// `core.v1.PodSpec` of `io.k8s.api.core.v1.PodSpec`.
fn table_name(name: &str) -> Option<String> {
    let mut parts = name.rsplitn(4, '.');
    let (kind, version, group) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{group}.{version}.{kind}"))
}

type Row = [&'static str; 7];

/// How fields merge, by type and field.
static FACTS: LazyLock<HashMap<&'static str, Vec<(&'static str, Row)>>> = LazyLock::new(|| {
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for row in api::merge_facts::rows() {
        all.entry(row[0]).or_default().push((row[1], row));
    }
    all
});

fn merging(row: &Row, property: &mut Map<String, Value>) {
    let [_, _, strategy, merge_key, list_type, list_keys, map_type] = *row;
    let said = |text: &'static str| Some(text).filter(|text| *text != "-");
    let keys = said(list_keys).map(|keys| keys.split(',').map(Value::from).collect::<Vec<_>>());
    let markers = [
        ("x-kubernetes-list-map-keys", keys.map(Value::from)),
        ("x-kubernetes-list-type", said(list_type).map(Value::from)),
        ("x-kubernetes-map-type", said(map_type).map(Value::from)),
        ("x-kubernetes-patch-merge-key", said(merge_key).map(Value::from)),
        ("x-kubernetes-patch-strategy", said(strategy).map(Value::from)),
    ];
    property.extend(markers.into_iter().filter_map(|(name, value)| value.map(|value| (name.to_owned(), value))));
}

fn wrap_references(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.remove("x-kubernetes-int-or-string");
            let refers = map.get("$ref").and_then(Value::as_str).is_some_and(|target| target.starts_with(SCHEMAS));
            if refers
                && map.len() > 1
                && let Some(reference) = map.remove("$ref")
            {
                map.insert("allOf".to_owned(), json!([{"$ref": reference}]));
            }
            map.values_mut().for_each(wrap_references);
        }
        Value::Array(items) => items.iter_mut().for_each(wrap_references),
        _ => {}
    }
}
