//! OpenAPI: what kubectl reads to explain types and to see which parameters the server knows. One document a group and version, made when it is first asked for
//! from the schemas of the types themselves; then it stands in memory with its hash.

mod paths;
mod types;

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH};
use http::{HeaderMap, Response, StatusCode};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::catalog::{Catalog, Version};
use crate::request::Query;
use crate::respond;

const PREFIX: &str = "/openapi/v3";
const SCHEMAS: &str = "#/components/schemas/";

/// Documents by `apis/apps/v1`. A document depends on nothing but the build.
static DOCUMENTS: LazyLock<Mutex<BTreeMap<String, Bytes>>> = LazyLock::new(Mutex::default);

/// The answer at a path, where it is one of OpenAPI's.
pub fn answer(catalog: &Catalog, path: &str, headers: &HeaderMap, query: &Query, git_version: &str) -> Option<Response<Body>> {
    let path = path.strip_suffix('/').unwrap_or(path);
    if path == "/openapi/v2" {
        return Some(version_2(headers, git_version));
    }
    let below = path.strip_prefix(PREFIX)?;
    if below.is_empty() {
        return Some(respond::json(StatusCode::OK, index(catalog, git_version).to_string()));
    }
    let name = below.trim_start_matches('/');
    let (group, version) = versions(catalog).find(|(group, version)| path_of(group, &version.name) == name)?;
    let body = document(group, version, git_version);
    let tag = format!("\"{}\"", hash(git_version, name));
    let mut response = if headers.get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        respond::content(StatusCode::NOT_MODIFIED, respond::JSON, Body::empty())
    } else {
        respond::json(StatusCode::OK, body)
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    // under its hash a document never changes
    if query.get("hash").is_some() {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, immutable"));
    }
    Some(response)
}

fn path_of(group: &str, version: &str) -> String {
    if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") }
}

/// Changes with every build: what is served depends on nothing else.
fn hash(git_version: &str, name: &str) -> String {
    hex::encode_upper(Sha256::digest(format!("{} {git_version} {name}", env!("CARGO_PKG_VERSION"))))
}

fn versions(catalog: &Catalog) -> impl Iterator<Item = (&str, &Version)> {
    catalog.groups().iter().flat_map(|group| group.versions.iter().map(|version| (&*group.name, version)))
}

fn index(catalog: &Catalog, git_version: &str) -> Value {
    let paths: Map<String, Value> = versions(catalog)
        .map(|(group, version)| {
            let name = path_of(group, &version.name);
            let url = format!("{PREFIX}/{name}?hash={}", hash(git_version, &name));
            (name, json!({"serverRelativeURL": url}))
        })
        .collect();
    json!({"paths": paths})
}

fn document(group: &str, version: &Version, git_version: &str) -> Bytes {
    let name = path_of(group, &version.name);
    if let Some(document) = DOCUMENTS.lock().unwrap_or_else(PoisonError::into_inner).get(&name) {
        return document.clone();
    }
    let document: Bytes = json!({
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": git_version},
        "paths": paths::of(group, &version.name, version.kinds.iter().map(|served| &*served.kind)),
        "components": {"schemas": schemas(group, &version.name)},
    })
    .to_string()
    .into();
    DOCUMENTS.lock().unwrap_or_else(PoisonError::into_inner).insert(name, document.clone());
    document
}

/// The schemas of all types of a group and version, and of what they refer to.
fn schemas(group: &str, version: &str) -> Map<String, Value> {
    let settings = SchemaSettings::default().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        settings.transforms.clear();
    });
    let mut generator = settings.into_generator();
    let own: Vec<_> = types::TYPES.iter().filter(|row| row.group == group && row.version == version).collect();
    for row in &own {
        (row.add)(&mut generator);
    }
    generator.subschema_for::<k8s_openapi::apimachinery::pkg::apis::meta::v1::DeleteOptions>();
    generator.subschema_for::<k8s_openapi::apimachinery::pkg::apis::meta::v1::Status>();
    let mut all = generator.take_definitions(false);
    for (name, schema) in &mut all {
        as_upstream(name, schema);
    }
    for row in own {
        if let Some(schema) = all.get_mut((row.name)().as_ref()) {
            schema["x-kubernetes-group-version-kind"] = json!([{"group": row.group, "version": row.version, "kind": row.kind}]);
        }
    }
    all
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

/// The older form, which current clients only fall back to: that there is one, without types. It is not offered in protobuf.
fn version_2(headers: &HeaderMap, git_version: &str) -> Response<Body> {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    if accept.contains(VERSION_2_PROTOBUF) {
        return respond::content(StatusCode::OK, VERSION_2_PROTOBUF, version_2_protobuf(git_version));
    }
    if !accept.contains("json") && !accept.contains("*/*") {
        return respond::failure(&api::ApiError::not_acceptable(&["application/json"]));
    }
    let body = json!({"swagger": "2.0", "info": {"title": "Kubernetes", "version": git_version}, "paths": {}, "definitions": {}});
    respond::json(StatusCode::OK, body.to_string())
}

/// The one form of version 2 that kubectl reads.
const VERSION_2_PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// The same document as gnostic's `openapi.v2.Document`: swagger (1), info (2) with title (1) and version (2), paths (8).
fn version_2_protobuf(git_version: &str) -> Vec<u8> {
    let field = |number: u8, bytes: &[u8]| {
        let length = u8::try_from(bytes.len()).expect("names and versions are short");
        [&[number << 3 | 2, length], bytes].concat()
    };
    let info = [field(1, b"Kubernetes"), field(2, git_version.as_bytes())].concat();
    [field(1, b"2.0"), field(2, &info), field(8, b"")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_schema() {
        for (group, version) in kinds::group_versions() {
            let all = schemas(group, version);
            for kind in kinds::ALL.iter().filter(|kind| kind.group == group && kind.version == version) {
                let found = all.values().any(|schema| schema["x-kubernetes-group-version-kind"][0]["kind"] == *kind.kind);
                assert!(found, "{kind:?}");
            }
        }
    }

    #[test]
    fn every_reference_resolves() {
        let all = schemas("apps", "v1");
        let text = Value::Object(all.clone()).to_string();
        for target in text.split("\"$ref\":\"").skip(1) {
            let name = target.split('"').next().unwrap().strip_prefix(SCHEMAS).unwrap();
            assert!(all.contains_key(name), "{name}");
        }
    }
}
