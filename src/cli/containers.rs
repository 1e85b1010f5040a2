//! Which pod and which container a command means.

use std::time::Duration;

use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::resources::{Info, Mapping, Target, text};
use crate::session::{Call, Session};
use crate::watch::Events;

const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

/// The object that `POD` or `TYPE/NAME` names.
pub async fn named(session: &mut Session<'_>, written: &str) -> Result<Info> {
    let words = if written.contains('/') { vec![written.to_owned()] } else { vec!["pods".to_owned(), written.to_owned()] };
    let selection = crate::resources::Selection { words, ..Default::default() };
    let targets = selection.targets(session).await?;
    let [Target::Named { mapping, namespace, name }] = targets.as_slice() else {
        return Err(CommandError::message("expected a resource"));
    };
    let object = session.call_json(&Call::get(mapping.path(namespace, name))).await?;
    Ok(Info { mapping: mapping.clone(), namespace: namespace.clone(), name: name.clone(), source: String::new(), object })
}

/// A pod: the object itself, or the first of the pods that it selects, waited for until there is one.
///
/// With `tell`, it is said which of several pods was taken.
pub async fn pod_of(session: &mut Session<'_>, info: Info, limit: Duration, tell: bool) -> Result<Info> {
    if info.mapping.kind == "Pod" {
        return Ok(info);
    }
    let labels = selector_of(&info)?;
    let found = tokio::time::timeout(limit, first_pod(session, &info.namespace, &labels, tell)).await;
    found.unwrap_or_else(|_| Err(CommandError::message("timed out waiting for the condition")))
}

/// The pods that a workload or service selects, as kubectl's `SelectorsForObject` knows them.
pub fn selector_of(info: &Info) -> Result<String> {
    let selector = &info.object["spec"]["selector"];
    let simple = |labels: &Value| {
        let labels = labels.as_object().filter(|labels| !labels.is_empty())?;
        Some(labels.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect::<Vec<_>>().join(","))
    };
    let found = match info.mapping.kind.as_str() {
        "ReplicationController" | "Service" => simple(selector),
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" | "Job" => serde_json::from_value(selector.clone())
            .ok()
            .and_then(|selector| api::labels::Selector::from_label_selector(Some(&selector)).ok())
            .map(|selector| selector.to_string()),
        _ => return Err(CommandError::message(format!("selector for {} not implemented", info.mapping.kind))),
    };
    found.ok_or_else(|| CommandError::message(format!("invalid {} {:?}: no selector set", info.mapping.kind.to_lowercase(), info.name)))
}

async fn first_pod(session: &mut Session<'_>, namespace: &str, labels: &str, tell: bool) -> Result<Info> {
    let kind = kinds::lookup::by_resource("", "v1", "pods").expect("pods are built in");
    let mapping = Mapping::from(kind);
    let call = Call::get(mapping.path(namespace, "")).query("labelSelector", labels);
    let mut list = session.call_json(&call).await?;
    let mut pods: Vec<Value> = list.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    let info = |object: Value| Info {
        mapping: mapping.clone(),
        namespace: namespace.to_owned(),
        name: text(&object, "/metadata/name").to_owned(),
        source: String::new(),
        object,
    };
    // Running and ready ones first, older ones before younger ones.
    pods.sort_by_key(|pod| (text(pod, "/status/phase") != "Running", !is_ready(pod), text(pod, "/metadata/creationTimestamp").to_owned()));
    if !pods.is_empty() {
        let name = text(&pods[0], "/metadata/name").to_owned();
        if pods.len() > 1 && tell {
            session.ui.error_line(&format!("Found {} pods, using pod/{name}", pods.len()));
        }
        return Ok(info(pods.remove(0)));
    }
    let mut events =
        Events::open(session, &call.query("watch", "true").query("resourceVersion", text(&list, "/metadata/resourceVersion"))).await?;
    while let Some(event) = events.next().await? {
        if event.kind == "ADDED" || event.kind == "MODIFIED" {
            return Ok(info(event.object));
        }
    }
    Err(CommandError::message("timed out waiting for the condition"))
}

fn is_ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    conditions.iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
}

/// Names of containers in kubectl's order: containers, ephemeral ones, init containers.
pub fn all_names(pod: &Value) -> String {
    let lists = [("containers", ""), ("ephemeralContainers", " (ephem)"), ("initContainers", " (init)")];
    let names = lists.iter().flat_map(|(list, note)| names(pod, list).map(move |name| format!("{name}{note}")));
    names.collect::<Vec<_>>().join(", ")
}

/// Names of the containers of one list of the spec.
pub fn names<'a>(pod: &'a Value, list: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    pod["spec"][list].as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(|container| container["name"].as_str())
}

/// The container spec of this name.
pub fn find<'a>(pod: &'a Value, name: &str) -> Option<&'a Value> {
    ["containers", "initContainers", "ephemeralContainers"]
        .into_iter()
        .flat_map(|list| pod["spec"][list].as_array().map(Vec::as_slice).unwrap_or_default())
        .find(|container| container["name"] == name)
}

/// The container to use: the named one, the annotated one, or the first, which is told where there are others.
pub fn choose(session: &mut Session<'_>, pod: &Value, wanted: Option<&str>, quiet: bool) -> Result<String> {
    let annotated = pod["metadata"]["annotations"][DEFAULT_CONTAINER].as_str();
    if let Some(name) = wanted.or(annotated).filter(|name| !name.is_empty()) {
        return match find(pod, name) {
            Some(_) => Ok(name.to_owned()),
            None => Err(CommandError::message(format!(
                "container {name} is not valid for pod {} out of: {}",
                text(pod, "/metadata/name"),
                all_names(pod)
            ))),
        };
    }
    let Some(first) = names(pod, "containers").next() else {
        return Err(CommandError::message(format!(
            "pod {}/{} does not have any containers",
            text(pod, "/metadata/namespace"),
            text(pod, "/metadata/name")
        )));
    };
    let count: usize = ["containers", "initContainers", "ephemeralContainers"].iter().map(|list| names(pod, list).count()).sum();
    if count > 1 && !quiet {
        session.ui.error_line(&format!("Defaulted container {first:?} out of: {}", all_names(pod)));
    }
    Ok(first.to_owned())
}
