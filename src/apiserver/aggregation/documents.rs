//! What an extension API server tells of itself: its resources, in the aggregated form or the old one, and where its OpenAPI is.

use std::time::Duration;

use axum::body::Body;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use serde_json::{Value, json};

use super::availability::{TIMEOUT, aggregator};
use super::proxy::identify;
use super::remote::Extension;
use crate::callout::Caller;
use crate::openapi::{Extended, version_2};

/// Bytes of one document.
const BYTES: usize = 16 << 20;
const ACCEPT_DISCOVERY: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
/// OpenAPI takes longer to make.
const OPENAPI_TIMEOUT: Duration = Duration::from_secs(60);

/// What a group version of an extension API server consists of. By default it is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// It has been told at the last time of asking.
    pub fresh: bool,
    /// In the aggregated form of discovery.
    pub resources: Vec<Value>,
    /// In OpenAPI version 3.
    pub openapi: Option<Extended>,
    /// What concerns it of the document of OpenAPI version 2.
    pub openapi_2: Option<Value>,
}

/// Asks where its OpenAPI is, in version 3 and in version 2.
pub async fn openapi(caller: &Caller, extension: &Extension) -> (Option<Extended>, Option<Value>) {
    let index = get(caller, extension, "/openapi/v3", "application/json", OPENAPI_TIMEOUT).await.map(|(value, _)| value);
    let own = format!("apis/{}/{}", extension.group, extension.version);
    let document = get(caller, extension, "/openapi/v2", "application/json", OPENAPI_TIMEOUT).await.map(|(document, _)| document);
    let openapi = match index {
        Some(mut index) => index["paths"].get_mut(&own).map(Value::take).filter(Value::is_object).map(Extended::Entry),
        None => document.as_ref().map(Extended::converted),
    };
    (openapi, document.map(|document| version_2::part(document, &extension.discovery_path())))
}

/// Asks for its resources, in the aggregated form of discovery.
pub async fn resources(caller: &Caller, extension: &Extension) -> Option<Vec<Value>> {
    if let Some((list, media_type)) = get(caller, extension, "/apis", ACCEPT_DISCOVERY, TIMEOUT).await
        && media_type.contains("g=apidiscovery.k8s.io")
        && media_type.contains("v=v2")
    {
        return Some(of_aggregated(&list, extension));
    }
    let (list, _) = get(caller, extension, &extension.discovery_path(), "application/json", TIMEOUT).await?;
    of_list(&list)
}

/// The entry of the group version in an aggregated document; nothing where it does not tell of it.
fn of_aggregated(list: &Value, extension: &Extension) -> Vec<Value> {
    let items = |value: &Value, field: &str| value.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
    let groups = items(list, "items");
    let group = groups.iter().find(|group| group.pointer("/metadata/name").and_then(Value::as_str) == Some(extension.group.as_str()));
    let versions = group.map(|group| items(group, "versions")).unwrap_or_default();
    let version = versions.iter().find(|version| version["version"] == extension.version.as_str());
    let mut resources = version.map(|version| items(version, "resources")).unwrap_or_default();
    // clients of 1.26 fall over what has none
    for resource in resources.iter_mut().filter_map(Value::as_object_mut) {
        resource.entry("responseKind").or_insert_with(no_kind);
        let below = resource.get_mut("subresources").and_then(Value::as_array_mut);
        for subresource in below.into_iter().flatten().filter_map(Value::as_object_mut) {
            subresource.entry("responseKind").or_insert_with(no_kind);
        }
    }
    resources
}

fn no_kind() -> Value {
    json!({"group": "", "version": "", "kind": ""})
}

/// The aggregated form of an `APIResourceList`. None where it is none.
fn of_list(list: &Value) -> Option<Vec<Value>> {
    let all = list.get("resources")?.as_array()?;
    let text = |entry: &Value, field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let kind = |entry: &Value| json!({"group": text(entry, "group"), "version": text(entry, "version"), "kind": text(entry, "kind")});
    let scope = |entry: &Value| if entry["namespaced"] == true { "Namespaced" } else { "Cluster" };
    let mut resources: Vec<Value> = Vec::new();
    for entry in all.iter().filter(|entry| !text(entry, "name").contains('/')) {
        let mut resource = json!({
            "resource": text(entry, "name"),
            "responseKind": kind(entry),
            "scope": scope(entry),
            "singularResource": text(entry, "singularName"),
            "verbs": entry.get("verbs").cloned().unwrap_or_else(|| json!([])),
        });
        for field in ["shortNames", "categories"] {
            if let Some(names) = entry.get(field).filter(|names| !names.is_null()) {
                resource[field] = names.clone();
            }
        }
        resources.push(resource);
    }
    for entry in all {
        let name = text(entry, "name");
        let Some((parent, below)) = name.split_once('/') else { continue };
        let at = resources.iter().position(|resource| resource["resource"] == parent).unwrap_or_else(|| {
            resources
                .push(json!({"resource": parent, "responseKind": no_kind(), "scope": scope(entry), "singularResource": "", "verbs": []}));
            resources.len() - 1
        });
        if resources[at]["scope"] != scope(entry) {
            return None;
        }
        let subresource = json!({
            "subresource": below,
            "responseKind": if text(entry, "kind").is_empty() { no_kind() } else { kind(entry) },
            "verbs": entry.get("verbs").cloned().unwrap_or_else(|| json!([])),
        });
        match resources[at].get_mut("subresources").and_then(Value::as_array_mut) {
            Some(list) => list.push(subresource),
            None => resources[at]["subresources"] = json!([subresource]),
        }
    }
    Some(resources)
}

/// A document and its type, where it is there.
async fn get(caller: &Caller, extension: &Extension, path: &str, accept: &str, timeout: Duration) -> Option<(Value, String)> {
    let request = Request::builder().uri(format!("{}{path}", extension.origin())).header(ACCEPT, accept);
    let mut request = request.body(Body::empty()).ok()?;
    identify(request.headers_mut(), &aggregator());
    let work = async {
        let response = caller.send(&extension.trust, request).await.ok()?;
        if response.status() != StatusCode::OK {
            return None;
        }
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let body = Limited::new(response.into_body(), BYTES).collect().await.ok()?.to_bytes();
        Some((serde_json::from_slice(&body).ok()?, media_type))
    };
    tokio::time::timeout(timeout, work).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_form_becomes_the_aggregated_one() {
        let list = json!({"kind": "APIResourceList", "resources": [
            {"name": "flunders/status", "namespaced": true, "kind": "Flunder", "verbs": ["get"]},
            {"name": "flunders", "singularName": "flunder", "namespaced": true, "kind": "Flunder", "verbs": ["get", "list"], "shortNames": ["fl"]},
            {"name": "orphans/scale", "namespaced": false, "verbs": ["get"]},
        ]});
        let kind = |kind: &str| json!({"group": "", "version": "", "kind": kind});
        let expected = json!([
            {"resource": "flunders", "responseKind": kind("Flunder"), "scope": "Namespaced", "singularResource": "flunder", "verbs": ["get", "list"],
                "shortNames": ["fl"], "subresources": [{"subresource": "status", "responseKind": kind("Flunder"), "verbs": ["get"]}]},
            {"resource": "orphans", "responseKind": kind(""), "scope": "Cluster", "singularResource": "", "verbs": [],
                "subresources": [{"subresource": "scale", "responseKind": kind(""), "verbs": ["get"]}]},
        ]);
        assert_eq!(of_list(&list).map(Value::from), Some(expected));
        assert_eq!(of_list(&json!({"kind": "Status"})), None);
    }
}
