//! What the server serves, from its discovery documents: two requests with aggregated discovery, one a group version without. The documents are kept on disk with
//! their ETags, so that an unchanged server answers without sending them again.

use std::path::PathBuf;

use http::Request;
use http::header::{ACCEPT, ETAG, IF_NONE_MATCH};
use kube::client::Body;
use serde_json::{Value, json};

use super::{Mapping, text};
use crate::error::{CommandError, Result};
use crate::session::{Call, Session};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/// A group and its versions, the preferred one first.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    pub versions: Vec<Version>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub name: String,
    pub resources: Vec<Resource>,
}

/// A resource type; subresources are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    pub mapping: Mapping,
    pub singular: String,
    pub short_names: Vec<String>,
    pub categories: Vec<String>,
    pub verbs: Vec<String>,
}

/// Everything that the server serves.
pub async fn groups(session: &mut Session<'_>) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for path in ["/api", "/apis"] {
        let document = fetch(session, path).await?;
        if text(&document, "/kind") == "APIGroupDiscoveryList" {
            groups.extend(array(&document, "/items").iter().map(aggregated));
        } else {
            groups.extend(legacy(session, path, &document).await?);
        }
    }
    Ok(groups)
}

fn aggregated(group: &Value) -> Group {
    let name = text(group, "/metadata/name").to_owned();
    let versions = array(group, "/versions")
        .iter()
        .map(|version| {
            let version_name = text(version, "/version").to_owned();
            let resources = array(version, "/resources").iter().map(|resource| Resource {
                mapping: Mapping {
                    group: name.clone(),
                    version: version_name.clone(),
                    kind: text(resource, "/responseKind/kind").to_owned(),
                    plural: text(resource, "/resource").to_owned(),
                    namespaced: text(resource, "/scope") == "Namespaced",
                },
                singular: text(resource, "/singularResource").to_owned(),
                short_names: strings(resource, "/shortNames"),
                categories: strings(resource, "/categories"),
                verbs: strings(resource, "/verbs"),
            });
            Version { name: version_name.clone(), resources: resources.collect() }
        })
        .collect();
    Group { name, versions }
}

/// Servers without aggregated discovery: a request for every group version.
async fn legacy(session: &mut Session<'_>, path: &str, document: &Value) -> Result<Vec<Group>> {
    let mut names: Vec<(String, Vec<String>)> = Vec::new();
    if path == "/api" {
        names.push((String::new(), strings(document, "/versions")));
    }
    for group in array(document, "/groups") {
        let preferred = text(group, "/preferredVersion/version").to_owned();
        let mut versions: Vec<String> = array(group, "/versions").iter().map(|version| text(version, "/version").to_owned()).collect();
        versions.sort_by_key(|version| *version != preferred);
        names.push((text(group, "/name").to_owned(), versions));
    }
    let mut groups = Vec::new();
    for (name, version_names) in names {
        let mut versions = Vec::new();
        for version in version_names {
            let list_path = if name.is_empty() { format!("{path}/{version}") } else { format!("{path}/{name}/{version}") };
            let list = session.call_json(&Call::get(list_path)).await?;
            let resources =
                array(&list, "/resources").iter().filter(|resource| !text(resource, "/name").contains('/')).map(|resource| Resource {
                    mapping: Mapping {
                        group: name.clone(),
                        version: version.clone(),
                        kind: text(resource, "/kind").to_owned(),
                        plural: text(resource, "/name").to_owned(),
                        namespaced: resource["namespaced"] == true,
                    },
                    singular: text(resource, "/singularName").to_owned(),
                    short_names: strings(resource, "/shortNames"),
                    categories: strings(resource, "/categories"),
                    verbs: strings(resource, "/verbs"),
                });
            versions.push(Version { name: version.clone(), resources: resources.collect() });
        }
        groups.push(Group { name, versions });
    }
    Ok(groups)
}

/// A discovery document, from disk where the server says that it has not changed.
async fn fetch(session: &mut Session<'_>, path: &str) -> Result<Value> {
    let file = cache_file(session, path).await?;
    let cached: Option<Value> = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let mut request = Request::get(path).header(ACCEPT, AGGREGATED);
    if let Some(etag) = cached.as_ref().and_then(|cached| cached["etag"].as_str()).filter(|etag| !etag.is_empty()) {
        request = request.header(IF_NONE_MATCH, etag);
    }
    let request = request.body(Body::empty()).map_err(|error| CommandError::message(format!("bad request: {error}")))?;
    let response = session.send_request(request).await?;
    if response.status() == http::StatusCode::NOT_MODIFIED
        && let Some(mut cached) = cached
    {
        return Ok(cached["document"].take());
    }
    let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).unwrap_or_default().to_owned();
    let body = response.into_body().collect_bytes().await.map_err(|error| CommandError::Unreachable(error.to_string()))?;
    let document: Value =
        serde_json::from_slice(&body).map_err(|error| CommandError::message(format!("the server's answer is no JSON: {error}")))?;
    if !etag.is_empty() {
        keep(&file, &json!({ "etag": etag, "document": document }));
    }
    Ok(document)
}

/// `CACHE/discovery/HOST_PORT/k-api.json`, beside kubectl's own files.
async fn cache_file(session: &mut Session<'_>, path: &str) -> Result<PathBuf> {
    let host = session.server_host().await?;
    let root = match (&session.globals.cache_dir, std::env::var("KUBECACHEDIR"), std::env::var("HOME")) {
        (Some(folder), ..) => PathBuf::from(folder),
        (None, Ok(folder), _) if !folder.is_empty() => PathBuf::from(folder),
        (None, _, home) => PathBuf::from(home.unwrap_or_default()).join(".kube/cache"),
    };
    let host: String =
        host.chars().map(|letter| if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-') { letter } else { '_' }).collect();
    Ok(root.join("discovery").join(host).join(format!("k-{}.json", path.trim_start_matches('/'))))
}

/// The cache is a convenience: where it can not be written, the next command asks again.
fn keep(file: &std::path::Path, content: &Value) {
    let Some(folder) = file.parent() else { return };
    let written = std::fs::create_dir_all(folder).and_then(|()| tempfile::NamedTempFile::new_in(folder)).and_then(|temporary| {
        std::fs::write(temporary.path(), content.to_string())?;
        temporary.persist(file).map_err(|error| error.error)
    });
    if let Err(error) = written {
        tracing::debug!(%error, file = %file.display(), "discovery is not cached");
    }
}

fn array<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn strings(value: &Value, pointer: &str) -> Vec<String> {
    array(value, pointer).iter().filter_map(|text| text.as_str().map(ToOwned::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aggregated_groups() {
        let group = aggregated(&json!({"metadata": {"name": "apps"}, "versions": [{"version": "v1", "resources": [
            {"resource": "deployments", "singularResource": "deployment", "scope": "Namespaced", "responseKind": {"kind": "Deployment"}, "shortNames": ["deploy"], "verbs": ["get"], "categories": ["all"]}
        ]}]}));
        let resource = &group.versions[0].resources[0];
        assert_eq!(resource.mapping.path("ns", "x"), "/apis/apps/v1/namespaces/ns/deployments/x");
        assert_eq!(
            (resource.short_names.as_slice(), resource.categories.as_slice()),
            (["deploy".to_owned()].as_slice(), ["all".to_owned()].as_slice())
        );
    }
}
