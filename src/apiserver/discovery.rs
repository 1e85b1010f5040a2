//! Discovery: which groups, versions and resources there are, in the old form and the aggregated one. Made once; the answers never change while the server runs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use http::{HeaderMap, Response, StatusCode};
use kinds::{Kind, Verb};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::respond;

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// All documents, by path; the aggregated ones under `/api` and `/apis` with a mark before.
struct Documents {
    plain: BTreeMap<String, Bytes>,
    api: Aggregated,
    apis: Aggregated,
}

struct Aggregated {
    body: Bytes,
    tag: HeaderValue,
}

static DOCUMENTS: LazyLock<Documents> = LazyLock::new(Documents::new);

/// The answer at a path, where it is one of discovery's. `address` is this server's, as `/api` tells it.
pub fn answer(path: &str, headers: &HeaderMap, address: &str) -> Option<Response<Body>> {
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    let aggregated = match path {
        "/api" => Some(&DOCUMENTS.api),
        "/apis" => Some(&DOCUMENTS.apis),
        _ => None,
    };
    if let Some(document) = aggregated {
        if wants_aggregated(headers) {
            return Some(document.respond(headers));
        }
        if path == "/api" {
            let body = json!({
                "kind": "APIVersions",
                "versions": ["v1"],
                "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}],
            });
            return Some(respond::json(StatusCode::OK, body.to_string()));
        }
    }
    DOCUMENTS.plain.get(path).map(|body| respond::json(StatusCode::OK, body.clone()))
}

/// All paths that `/` lists.
pub fn paths() -> Vec<String> {
    let others = [
        "/api",
        "/healthz",
        "/healthz/ping",
        "/livez",
        "/livez/ping",
        "/openapi/v2",
        "/openapi/v3",
        "/openid/v1/jwks",
        "/readyz",
        "/readyz/ping",
        "/version",
    ];
    let mut all: Vec<String> = DOCUMENTS.plain.keys().cloned().chain(others.map(str::to_owned)).collect();
    all.push("/.well-known/openid-configuration".to_owned());
    all.sort();
    all
}

/// Whether the aggregated form is among the first that the client reads.
fn wants_aggregated(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next() == Some("application/json");
        let parameters: Vec<&str> = parts.collect();
        media && ["g=apidiscovery.k8s.io", "v=v2", "as=APIGroupDiscoveryList"].iter().all(|wanted| parameters.contains(wanted))
    })
}

impl Aggregated {
    fn new(groups: &[&str], named: bool) -> Self {
        let items: Vec<Value> = groups.iter().map(|group| group_discovery(group, named)).collect();
        let body: Bytes = json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items})
            .to_string()
            .into();
        let tag = format!("\"{}\"", hex::encode_upper(Sha256::digest(&body)));
        Self { body, tag: HeaderValue::from_str(&tag).expect("hexadecimal digits are a header value") }
    }
    fn respond(&self, headers: &HeaderMap) -> Response<Body> {
        let mut response = if headers.get(IF_NONE_MATCH) == Some(&self.tag) {
            respond::content(StatusCode::NOT_MODIFIED, AGGREGATED, Body::empty())
        } else {
            respond::content(StatusCode::OK, AGGREGATED, self.body.clone())
        };
        response.headers_mut().insert(ETAG, self.tag.clone());
        response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
        response.headers_mut().insert(http::header::CACHE_CONTROL, HeaderValue::from_static("public"));
        response
    }
}

impl Documents {
    fn new() -> Self {
        let mut groups: Vec<&str> = Vec::new();
        for kind in kinds::ALL {
            if !groups.contains(&kind.group) {
                groups.push(kind.group);
            }
        }
        let mut plain = BTreeMap::new();
        for (group, version) in kinds::group_versions() {
            let path = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
            plain.insert(path, resource_list(group, version).to_string().into());
        }
        groups.retain(|group| !group.is_empty());
        for group in &groups {
            plain.insert(format!("/apis/{group}"), with_type(api_group(group), "APIGroup").to_string().into());
        }
        let all: Vec<Value> = groups.iter().map(|group| api_group(group)).collect();
        plain.insert("/apis".to_owned(), json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": all}).to_string().into());
        Self { plain, api: Aggregated::new(&[""], false), apis: Aggregated::new(&groups, true) }
    }
}

fn with_type(mut value: Value, kind: &str) -> Value {
    value["kind"] = kind.into();
    value["apiVersion"] = "v1".into();
    value
}

fn versions(group: &str) -> Vec<&'static str> {
    kinds::group_versions().into_iter().filter(|(name, _)| *name == group).map(|(_, version)| version).collect()
}

fn api_group(group: &str) -> Value {
    let versions: Vec<Value> =
        versions(group).into_iter().map(|version| json!({"groupVersion": format!("{group}/{version}"), "version": version})).collect();
    json!({"name": group, "versions": versions, "preferredVersion": versions.first()})
}

fn of(group: &str, version: &str) -> impl Iterator<Item = &'static Kind> {
    kinds::ALL.iter().copied().filter(move |kind| kind.group == group && kind.version == version)
}

/// Sorted by name, as upstream lists them.
fn verb_names(verbs: &[Verb]) -> Vec<&'static str> {
    let mut names: Vec<&str> = verbs.iter().map(|verb| verb.name()).collect();
    names.sort_unstable();
    names
}

/// Upstream's hash of where a resource is stored; here of its name, which is as stable.
fn storage_hash(kind: &'static Kind) -> String {
    use base64::Engine;
    let digest = Sha256::digest(format!("{}/{}/{}", kind.stored_as().group, kind.stored_as().version, kind.stored_as().kind));
    base64::engine::general_purpose::STANDARD.encode(&digest[..8])
}

fn resource_list(group: &str, version: &str) -> Value {
    let mut resources = Vec::new();
    for kind in of(group, version) {
        let mut entry = json!({
            "name": kind.plural,
            "singularName": kind.singular,
            "namespaced": kind.namespaced,
            "kind": kind.kind,
            "verbs": verb_names(kind.verbs),
        });
        if !kind.short_names.is_empty() {
            entry["shortNames"] = json!(kind.short_names);
        }
        if !kind.categories.is_empty() {
            entry["categories"] = json!(kind.categories);
        }
        if kind.storage == kinds::Storage::Stored {
            entry["storageVersionHash"] = storage_hash(kind).into();
        }
        resources.push(entry);
        for subresource in kind.subresources {
            let mut entry = json!({
                "name": format!("{}/{}", kind.plural, subresource.name),
                "singularName": "",
                "namespaced": kind.namespaced,
                "kind": subresource.kind.map_or(kind.kind, |(_, _, name)| name),
                "verbs": verb_names(subresource.verbs),
            });
            if let Some((group, version, _)) = subresource.kind.filter(|(other, at, _)| (*other, *at) != (kind.group, kind.version)) {
                entry["group"] = group.into();
                entry["version"] = version.into();
            }
            resources.push(entry);
        }
    }
    resources.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let mut list = json!({"kind": "APIResourceList", "groupVersion": group_version, "resources": resources});
    if !group.is_empty() {
        list["apiVersion"] = "v1".into();
    }
    list
}

fn group_discovery(group: &str, named: bool) -> Value {
    let versions: Vec<Value> = versions(group)
        .into_iter()
        .map(|version| {
            let mut kinds: Vec<&'static Kind> = of(group, version).collect();
            kinds.sort_by_key(|kind| kind.plural);
            json!({"version": version, "freshness": "Current", "resources": kinds.into_iter().map(resource_discovery).collect::<Vec<_>>()})
        })
        .collect();
    let metadata = if named { json!({"name": group, "creationTimestamp": null}) } else { json!({"creationTimestamp": null}) };
    json!({"metadata": metadata, "versions": versions})
}

fn resource_discovery(kind: &'static Kind) -> Value {
    let mut entry = json!({
        "resource": kind.plural,
        "responseKind": {"group": kind.group, "version": kind.version, "kind": kind.kind},
        "scope": if kind.namespaced { "Namespaced" } else { "Cluster" },
        "singularResource": kind.singular,
        "verbs": verb_names(kind.verbs),
    });
    if !kind.short_names.is_empty() {
        entry["shortNames"] = json!(kind.short_names);
    }
    if !kind.categories.is_empty() {
        entry["categories"] = json!(kind.categories);
    }
    if !kind.subresources.is_empty() {
        let mut all: Vec<_> = kind.subresources.iter().collect();
        all.sort_by_key(|subresource| subresource.name);
        let below: Vec<Value> = all
            .into_iter()
            .map(|subresource| {
                let (group, version, name) = subresource.kind.unwrap_or((kind.group, kind.version, kind.kind));
                json!({
                    "subresource": subresource.name,
                    "responseKind": {"group": group, "version": version, "kind": name},
                    "verbs": verb_names(subresource.verbs),
                })
            })
            .collect();
        entry["subresources"] = below.into();
    }
    entry
}
