//! Discovery: which groups, versions and resources there are, in the old form and the aggregated one, told from the catalog of what is served.

use axum::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use http::{HeaderMap, Response, StatusCode};
use kinds::{Kind, Verb};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::aggregation::Remote;
use crate::catalog::{Catalog, Group, Version};
use crate::respond;

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// The documents that are the longest to make.
pub struct Documents {
    groups: Bytes,
    api: Aggregated,
    apis: Aggregated,
}

struct Aggregated {
    body: Bytes,
    tag: HeaderValue,
}

/// The answer at a path, where it is one of discovery's. `address` is this server's, as `/api` tells it.
pub fn answer(catalog: &Catalog, path: &str, headers: &HeaderMap, address: &str) -> Option<Response<Body>> {
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let body = match parts[..] {
        ["api"] if wants_aggregated(headers) => return Some(catalog.documents().api.respond(headers)),
        ["apis"] if wants_aggregated(headers) => return Some(catalog.documents().apis.respond(headers)),
        ["api"] => json!({
            "kind": "APIVersions",
            "versions": ["v1"],
            "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}],
        }),
        ["apis"] => return Some(respond::json(StatusCode::OK, catalog.documents().groups.clone())),
        ["api", version] => resource_list("", catalog.version("", version)?),
        ["apis", group] if !group.is_empty() => with_type(api_group(catalog.group(group)?), "APIGroup"),
        ["apis", group, version] if !group.is_empty() => {
            resource_list(group, catalog.version(group, version).filter(|version| !version.kinds.is_empty())?)
        }
        _ => return None,
    };
    Some(respond::json(StatusCode::OK, body.to_string()))
}

/// All paths that `/` lists.
pub fn paths(catalog: &Catalog) -> Vec<String> {
    let others = [
        "/api",
        "/healthz",
        "/healthz/ping",
        "/livez",
        "/livez/ping",
        "/metrics",
        "/openapi/v2",
        "/openapi/v3",
        "/openid/v1/jwks",
        "/readyz",
        "/readyz/ping",
        "/version",
    ];
    let mut all: Vec<String> = others.map(str::to_owned).into();
    for group in catalog.groups() {
        let root = if group.name.is_empty() { "/api".to_owned() } else { format!("/apis/{}", group.name) };
        all.extend(group.versions.iter().map(|version| format!("{root}/{}", version.name)));
        all.extend((!group.name.is_empty()).then_some(root));
    }
    all.push("/apis".to_owned());
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
    fn new<'a>(groups: impl Iterator<Item = &'a Group>) -> Self {
        let items: Vec<Value> = groups.map(group_discovery).collect();
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
    pub fn new(catalog: &Catalog) -> Self {
        let named = || catalog.groups().iter().filter(|group| !group.name.is_empty());
        let groups: Vec<Value> = named().map(api_group).collect();
        Self {
            groups: json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}).to_string().into(),
            api: Aggregated::new(catalog.group("").into_iter()),
            apis: Aggregated::new(named()),
        }
    }
}

fn with_type(mut value: Value, kind: &str) -> Value {
    value["kind"] = kind.into();
    value["apiVersion"] = "v1".into();
    value
}

fn api_group(group: &Group) -> Value {
    let versions: Vec<Value> = group
        .versions
        .iter()
        .map(|version| json!({"groupVersion": format!("{}/{}", group.name, version.name), "version": &*version.name}))
        .collect();
    json!({"name": &*group.name, "versions": versions, "preferredVersion": versions.first()})
}

/// In the order of the row, which is that of upstream.
fn verb_names(verbs: &[Verb]) -> Vec<&'static str> {
    verbs.iter().map(|verb| verb.name()).collect()
}

/// What can be done with a kind at this moment.
fn verbs_of(kind: &Kind) -> Vec<&'static str> {
    let ends = kind.behaviour.custom().is_some_and(|custom| custom.terminating);
    let left = |name: &&str| !ends || ["delete", "deletecollection", "get", "list", "watch"].contains(name);
    verb_names(kind.verbs).into_iter().filter(left).collect()
}

/// Upstream's hash of where a resource is stored; here of its name, which is as stable.
fn storage_hash(kind: &Kind) -> String {
    use base64::Engine;
    let stored = kind.stored_as();
    let version = stored.behaviour.custom().map_or(&*stored.version, |custom| &custom.storage_version);
    let digest = Sha256::digest(format!("{}/{version}/{}", stored.group, stored.kind));
    base64::engine::general_purpose::STANDARD.encode(&digest[..8])
}

fn resource_list(group: &str, version: &Version) -> Value {
    let mut resources = Vec::new();
    for kind in version.kinds.iter().map(|served| &*served.kind) {
        let mut entry = json!({
            "name": kind.plural,
            "singularName": kind.singular,
            "namespaced": kind.namespaced,
            "kind": kind.kind,
            "verbs": verbs_of(kind),
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
                "kind": subresource.kind.map_or(&*kind.kind, |(_, _, name)| name),
                "verbs": verb_names(subresource.verbs),
            });
            if let Some((group, version, _)) = subresource.kind.filter(|(other, at, _)| (*other, *at) != (&*kind.group, &*kind.version)) {
                entry["group"] = group.into();
                entry["version"] = version.into();
            }
            resources.push(entry);
        }
    }
    resources.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
    let group_version = if group.is_empty() { version.name.to_string() } else { format!("{group}/{}", version.name) };
    let mut list = json!({"kind": "APIResourceList", "groupVersion": group_version, "resources": resources});
    if !group.is_empty() {
        list["apiVersion"] = "v1".into();
    }
    list
}

fn group_discovery(group: &Group) -> Value {
    let versions: Vec<Value> = group
        .versions
        .iter()
        .map(|version| {
            if let Some(remote) = &version.remote {
                return remote_discovery(remote);
            }
            let mut kinds: Vec<&Kind> = version.kinds.iter().map(|served| &*served.kind).collect();
            kinds.sort_by_key(|kind| &*kind.plural);
            let resources: Vec<Value> = kinds.into_iter().map(resource_discovery).collect();
            json!({"version": &*version.name, "freshness": "Current", "resources": resources})
        })
        .collect();
    let mut metadata = json!({"creationTimestamp": null});
    if !group.name.is_empty() {
        metadata["name"] = (&*group.name).into();
    }
    json!({"metadata": metadata, "versions": versions})
}

/// What an extension API server told last, or that it is stale.
fn remote_discovery(remote: &Remote) -> Value {
    let freshness = if remote.told.fresh { "Current" } else { "Stale" };
    let mut entry = json!({"version": remote.version, "freshness": freshness});
    if !remote.told.resources.is_empty() {
        entry["resources"] = remote.told.resources.clone().into();
    }
    entry
}

fn resource_discovery(kind: &Kind) -> Value {
    let mut entry = json!({
        "resource": kind.plural,
        "responseKind": {"group": kind.group, "version": kind.version, "kind": kind.kind},
        "scope": if kind.namespaced { "Namespaced" } else { "Cluster" },
        "singularResource": kind.singular,
        "verbs": verbs_of(kind),
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
                let (group, version, name) = subresource.kind.unwrap_or((&kind.group, &kind.version, &kind.kind));
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
