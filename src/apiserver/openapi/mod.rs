//! OpenAPI: what kubectl reads to explain types and to see which parameters the server knows. One document a group and version, and one of version 2 for all of
//! them, each made when it is first asked for from the schemas of the types themselves; then it stands in memory with its hash.

mod custom;
mod gnostic;
mod paths;
mod schemas;
mod types;
pub mod version_2;
mod version_3;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use http::{HeaderMap, Response, StatusCode};
use kinds::Kind;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::aggregation::Remote;
use crate::cache::Resource;
use crate::catalog::{Catalog, Version};
use crate::registry::Registry;
use crate::request::Query;
use crate::{negotiate, respond};

const PREFIX: &str = "/openapi/v3";

/// Documents of the built-in versions, by `apis/apps/v1`: they depend on nothing but the build.
static BUILT_IN: LazyLock<Documents> = LazyLock::new(Documents::default);

/// Documents that have been made.
#[derive(Default)]
pub struct Documents(Mutex<BTreeMap<String, Arc<Document>>>);

/// A document as it is handed out.
#[derive(Debug, PartialEq)]
pub struct Document {
    body: Bytes,
    /// Of its content.
    hash: String,
}

impl Document {
    fn new(body: Bytes) -> Self {
        Self { hash: hex::encode_upper(Sha256::digest(&body)), body }
    }
}

/// What an extension API server tells of a group version.
#[derive(Clone, Debug, PartialEq)]
pub enum Extended {
    /// An entry for the index; the document is asked of the extension itself.
    Entry(Value),
    /// It knows version 2 alone, of which this has been made.
    Converted(Arc<Document>),
}

impl Extended {
    /// Of a document of version 2.
    pub fn converted(version_2: &Value) -> Self {
        Self::Converted(Arc::new(Document::new(version_3::of_version_2(version_2).to_string().into())))
    }
    /// The document, where it is here.
    fn document(&self) -> Option<&Document> {
        match self {
            Self::Entry(_) => None,
            Self::Converted(document) => Some(document),
        }
    }
    fn entry(&self, path: &str) -> Value {
        match self {
            Self::Entry(entry) => entry.clone(),
            Self::Converted(document) => entry(path, &document.hash),
        }
    }
}

/// An entry of the index.
fn entry(path: &str, hash: &str) -> Value {
    json!({"serverRelativeURL": format!("{PREFIX}/{path}?hash={hash}")})
}

impl Documents {
    fn made(&self, name: String, make: impl FnOnce() -> Bytes) -> Arc<Document> {
        let there = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
        there.unwrap_or_else(|| {
            let document = Arc::new(Document::new(make()));
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, document.clone());
            document
        })
    }
}

/// What there is to tell of.
#[derive(Clone, Copy)]
struct Served<'a> {
    /// Those of custom resources.
    definitions: &'a Resource,
    catalog: &'a Catalog,
    git_version: &'a str,
}

impl<'a> Served<'a> {
    fn versions(self) -> impl Iterator<Item = (&'a str, &'a Version)> {
        self.all_versions().filter(|(_, version)| version.remote.is_none())
    }
    fn all_versions(self) -> impl Iterator<Item = (&'a str, &'a Version)> {
        self.catalog.groups().iter().flat_map(|group| group.versions.iter().map(|version| (&*group.name, version)))
    }
    /// Those of extension API servers.
    fn remotes(self) -> impl Iterator<Item = &'a Remote> {
        self.all_versions().filter_map(|(_, version)| version.remote.as_deref())
    }
    /// A document of version 3.
    fn tree(self, version: &Version) -> Value {
        let own: Vec<&Kind> = version.kinds.iter().map(|served| &*served.kind).collect();
        let mut schemas = schemas::of(&own);
        for kind in own.iter().filter(|kind| kind.behaviour.custom().is_some()) {
            let item = self.definitions.get(&self.definitions.key("", &format!("{}.{}", kind.plural, kind.group)));
            if let Some(definition) = item.and_then(|item| serde_json::from_slice(item.stored_json()).ok()) {
                custom::add(&mut schemas, kind, &definition);
            }
        }
        json!({
            "openapi": "3.0.0",
            "info": {"title": "Kubernetes", "version": self.git_version},
            "paths": paths::of(&own),
            "components": {"schemas": schemas},
        })
    }
    fn document(self, group: &str, version: &Version) -> Arc<Document> {
        if version.is_built_in() {
            return BUILT_IN.made(path_of(group, &version.name), || self.tree(version).to_string().into());
        }
        // made anew each time: there may be many, and clients keep them
        Arc::new(Document { body: self.tree(version).to_string().into(), hash: self.hash(group, version) })
    }
    /// Of what a document tells; of custom resources without making it.
    fn hash(self, group: &str, version: &Version) -> String {
        if version.is_built_in() {
            return self.document(group, version).hash.clone();
        }
        let mut hasher = Sha256::new_with_prefix(format!("{} {} {group} {}", env!("CARGO_PKG_VERSION"), self.git_version, version.name));
        version.kinds.iter().filter_map(|served| served.digest.as_ref()).for_each(|digest| hasher.update(digest.as_bytes()));
        hex::encode_upper(hasher.finalize())
    }
    fn index(self) -> Value {
        let remotes = self.remotes().filter_map(|remote| {
            let path = path_of(&remote.group, &remote.version);
            Some((path.clone(), remote.told.openapi.as_ref()?.entry(&path)))
        });
        let paths: Map<String, Value> = self
            .versions()
            .map(|(group, version)| {
                let name = path_of(group, &version.name);
                let entry = entry(&name, &self.hash(group, version));
                (name, entry)
            })
            .chain(remotes)
            .collect();
        json!({"paths": paths})
    }
    fn version_2(self) -> Value {
        let kinds = self.versions().flat_map(|(_, version)| version.kinds.iter().map(|served| &*served.kind));
        let free = kinds
            .filter(|kind| schemas::is_free(kind))
            .filter_map(|kind| schemas::name_of(&kind.group, &kind.version, &kind.kind))
            .collect();
        let mut document = version_2::document(self.git_version, self.versions().map(|(_, version)| self.tree(version)), &free);
        self.remotes().filter_map(|remote| remote.told.openapi_2.as_ref()).for_each(|part| version_2::join(&mut document, part));
        document
    }
}

/// The schema of a kind, with all that it refers to in its place.
pub fn whole_schema(registry: &Registry, group: &str, version: &str, kind: &str) -> Option<Value> {
    let catalog = registry.catalog();
    let definitions = &registry.of(&kinds::CUSTOM_RESOURCE_DEFINITION).resource;
    let served = Served { definitions, catalog: &catalog, git_version: "" };
    let mut tree = served.tree(catalog.version(group, version).filter(|version| version.remote.is_none())?);
    let schemas = match tree.pointer_mut("/components/schemas").map(Value::take) {
        Some(Value::Object(schemas)) => schemas,
        _ => return None,
    };
    let wanted = json!({"group": group, "version": version, "kind": kind});
    let is_of = |schema: &Value| schema["x-kubernetes-group-version-kind"].as_array().is_some_and(|kinds| kinds.contains(&wanted));
    let (name, schema) = schemas.iter().find(|(_, schema)| is_of(schema))?;
    Some(whole(schema, &schemas, &mut vec![name.clone()]))
}

/// A schema with what it refers to in the place of the references; what is inside of itself is some object.
fn whole(schema: &Value, schemas: &Map<String, Value>, inside: &mut Vec<String>) -> Value {
    if let Some(name) = reference_of(schema) {
        if inside.iter().any(|known| known == name) {
            return json!({"type": "object"});
        }
        let Some(target) = schemas.get(name) else { return json!({}) };
        inside.push(name.to_owned());
        let made = whole(target, schemas, inside);
        inside.pop();
        return made;
    }
    let mut made = schema.clone();
    if schema["format"] == "int-or-string" {
        made["x-kubernetes-int-or-string"] = true.into();
    }
    if let Some(properties) = made.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(|property| *property = whole(property, schemas, inside));
    }
    for field in ["additionalProperties", "items"] {
        if let Some(below) = made.get_mut(field).filter(|below| below.is_object()) {
            *below = whole(below, schemas, inside);
        }
    }
    made
}

/// The name that a schema refers to, itself or by the one schema that it is all of.
fn reference_of(schema: &Value) -> Option<&str> {
    let own = schema.get("$ref").and_then(Value::as_str);
    let of = own.or_else(|| schema.get("allOf")?.as_array()?.iter().find_map(|one| one.get("$ref")?.as_str()));
    of?.strip_prefix(schemas::SCHEMAS)
}

/// The answer at a path, where it is one of OpenAPI's.
pub fn answer(
    definitions: &Resource,
    catalog: &Catalog,
    path: &str,
    headers: &HeaderMap,
    query: &Query,
    git_version: &str,
) -> Option<Response<Body>> {
    let served = Served { definitions, catalog, git_version };
    let path = path.strip_suffix('/').unwrap_or(path);
    if path == "/openapi/v2" {
        return Some(answer_2(headers, served));
    }
    let below = path.strip_prefix(PREFIX)?;
    if below.is_empty() {
        return Some(respond::json(StatusCode::OK, served.index().to_string()));
    }
    let name = below.strip_prefix('/')?;
    let Some((group, version)) = served.all_versions().find(|(group, version)| path_of(group, &version.name) == name) else {
        let mut nothing = Response::new(Body::empty());
        *nothing.status_mut() = StatusCode::NOT_FOUND;
        return Some(nothing);
    };
    let own;
    let document = match &version.remote {
        Some(remote) => remote.told.openapi.as_ref().and_then(Extended::document)?,
        None => {
            own = served.document(group, version);
            &*own
        }
    };
    let mut response = handed_out(headers, respond::JSON, document);
    // under its hash a document never changes
    if query.get("hash").is_some_and(|hash| hash == document.hash) {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, immutable"));
    }
    Some(response)
}

/// A document, or that the client has it already.
fn handed_out(headers: &HeaderMap, media_type: &str, document: &Document) -> Response<Body> {
    let tag = format!("\"{}\"", document.hash);
    let mut response = if headers.get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        respond::content(StatusCode::NOT_MODIFIED, media_type, Body::empty())
    } else if negotiate::reads_gzip(headers) {
        respond::compressed(StatusCode::OK, media_type, document.body.clone())
    } else {
        respond::content(StatusCode::OK, media_type, document.body.clone())
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding, Accept"));
    response
}

fn path_of(group: &str, version: &str) -> String {
    if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") }
}

/// What Go clients read version 2 as, in its current and its former name, which is no proper media type and is only asked for.
const VERSION_2_PROTOBUF: [&str; 2] =
    ["application/com.github.proto-openapi.spec.v2.v1.0+protobuf", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"];

fn answer_2(headers: &HeaderMap, served: Served<'_>) -> Response<Body> {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    if VERSION_2_PROTOBUF.iter().any(|media_type| accept.contains(media_type)) {
        let document = served.catalog.openapi().made("v2/protobuf".to_owned(), || gnostic::encode(&served.version_2()).into());
        return handed_out(headers, VERSION_2_PROTOBUF[0], &document);
    }
    if !accept.contains("json") && !accept.contains("*/*") {
        return respond::failure(&api::ApiError::not_acceptable(&["application/json", VERSION_2_PROTOBUF[0]]));
    }
    let document = served.catalog.openapi().made("v2/json".to_owned(), || served.version_2().to_string().into());
    handed_out(headers, respond::JSON, &document)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        Catalog::new([], &[], true)
    }
    fn tree(group: &str, version: &str) -> Value {
        let catalog = catalog();
        Served { definitions: &Resource::new("/definitions/", 0), catalog: &catalog, git_version: "v1.37.1" }
            .tree(catalog.version(group, version).unwrap())
    }

    #[test]
    fn every_kind_has_a_schema() {
        let catalog = catalog();
        let definitions = Resource::new("/definitions/", 0);
        let all = Served { definitions: &definitions, catalog: &catalog, git_version: "v1.37.1" };
        for (group, version) in all.versions() {
            let document = all.tree(version);
            let schemas = document["components"]["schemas"].as_object().unwrap();
            for kind in version.kinds.iter().map(|served| &*served.kind) {
                let gvk = json!({"group": group, "version": kind.version, "kind": kind.kind});
                let found = schemas
                    .values()
                    .any(|schema| schema["x-kubernetes-group-version-kind"].as_array().is_some_and(|kinds| kinds.contains(&gvk)));
                assert!(found, "{kind:?}");
            }
        }
    }

    #[test]
    fn every_reference_resolves() {
        let catalog = catalog();
        let definitions = Resource::new("/definitions/", 0);
        let all = Served { definitions: &definitions, catalog: &catalog, git_version: "v1.37.1" };
        for (group, version) in all.versions() {
            let document = all.tree(version);
            for target in document.to_string().split("\"$ref\":\"").skip(1) {
                let name = target.split('"').next().unwrap().strip_prefix(schemas::SCHEMAS).unwrap();
                assert!(document["components"]["schemas"].get(name).is_some(), "{group}: {name}");
            }
        }
        let document = all.version_2();
        for target in document.to_string().split("\"$ref\":\"").skip(1) {
            let name = target.split('"').next().unwrap().strip_prefix("#/definitions/").unwrap();
            assert!(document["definitions"].get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn fields_say_how_they_merge() {
        let document = tree("", "v1");
        let containers = &document["components"]["schemas"]["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"];
        assert_eq!(
            [
                &containers["x-kubernetes-list-type"],
                &containers["x-kubernetes-patch-merge-key"],
                &containers["x-kubernetes-patch-strategy"]
            ],
            ["map", "name", "merge"]
        );
        assert_eq!(containers["x-kubernetes-list-map-keys"], json!(["name"]));
        assert_eq!(document["components"]["schemas"]["io.k8s.api.core.v1.NodeSelector"]["x-kubernetes-map-type"], "atomic");
    }

    #[test]
    fn operations_are_named_as_upstream_names_them() {
        let check = |group: &str, version: &str, path: &str, method: &str, expected: &str| {
            assert_eq!(tree(group, version)["paths"][path][method]["operationId"], expected);
        };
        check("", "v1", "/api/v1/namespaces/{namespace}/pods/{name}", "get", "readCoreV1NamespacedPod");
        check("", "v1", "/api/v1/pods", "get", "listCoreV1PodForAllNamespaces");
        check("", "v1", "/api/v1/namespaces", "post", "createCoreV1Namespace");
        check(
            "apps",
            "v1",
            "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale",
            "put",
            "replaceAppsV1NamespacedDeploymentScale",
        );
        check(
            "rbac.authorization.k8s.io",
            "v1",
            "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            "delete",
            "deleteRbacAuthorizationV1CollectionClusterRole",
        );
        check("", "v1", "/api/v1/namespaces/{namespace}/pods/{name}/exec", "post", "connectCoreV1PostNamespacedPodExec");
        check("", "v1", "/api/v1/watch/pods", "get", "watchCoreV1PodListForAllNamespaces");
    }
}
