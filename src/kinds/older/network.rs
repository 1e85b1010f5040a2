//! Ingresses before `networking.k8s.io/v1`, whose backends were a name and a port side by side, and endpoint slices before `discovery.k8s.io/v1`, whose topology
//! was a map.

use serde_json::{Map, Value, json};

use super::{default, map};

const ZONE: &str = "topology.kubernetes.io/zone";
const HOST: &str = "kubernetes.io/hostname";

pub fn ingress(ingress: &mut Value) {
    each_backend(ingress, "backend", "defaultBackend", backend);
    for path in paths(ingress) {
        default(path, "pathType", "ImplementationSpecific");
    }
}

pub fn ingress_back(ingress: &mut Value) {
    each_backend(ingress, "defaultBackend", "backend", backend_back);
}

fn each_backend(ingress: &mut Value, from: &str, to: &str, change: fn(&mut Map<String, Value>)) {
    if let Some(spec) = map(ingress, "/spec")
        && let Some(mut whole) = spec.remove(from)
    {
        whole.as_object_mut().into_iter().for_each(change);
        spec.insert(to.to_owned(), whole);
    }
    for path in paths(ingress) {
        path.get_mut("backend").and_then(Value::as_object_mut).into_iter().for_each(change);
    }
}

fn paths(ingress: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let rules = ingress.pointer_mut("/spec/rules").and_then(Value::as_array_mut).into_iter().flatten();
    rules.filter_map(|rule| rule.pointer_mut("/http/paths").and_then(Value::as_array_mut)).flatten().filter_map(Value::as_object_mut)
}

fn backend(backend: &mut Map<String, Value>) {
    let (name, port) = (backend.remove("serviceName"), backend.remove("servicePort"));
    if name.is_none() && port.is_none() {
        return;
    }
    let mut service = Map::new();
    service.insert("name".to_owned(), name.unwrap_or_else(|| "".into()));
    match port {
        Some(Value::Number(number)) => service.insert("port".to_owned(), json!({"number": number})),
        Some(Value::String(name)) => service.insert("port".to_owned(), json!({"name": name})),
        _ => None,
    };
    backend.insert("service".to_owned(), service.into());
}

fn backend_back(backend: &mut Map<String, Value>) {
    let Some(Value::Object(mut service)) = backend.remove("service") else { return };
    backend.extend(service.remove("name").map(|name| ("serviceName".to_owned(), name)));
    if let Some(Value::Object(mut port)) = service.remove("port")
        && let Some(port) = port.remove("name").or_else(|| port.remove("number"))
    {
        backend.insert("servicePort".to_owned(), port);
    }
}

fn endpoints(slice: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    slice.pointer_mut("/endpoints").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

pub fn endpoint_slice(slice: &mut Value) {
    for endpoint in endpoints(slice) {
        let Some(Value::Object(mut topology)) = endpoint.remove("topology") else { continue };
        if let Some(zone) = topology.remove(ZONE) {
            endpoint.insert("zone".to_owned(), zone);
        }
        if let Some(host) = topology.remove(HOST) {
            default(endpoint, "nodeName", host);
        }
        if !topology.is_empty() {
            endpoint.insert("deprecatedTopology".to_owned(), topology.into());
        }
    }
}

pub fn endpoint_slice_back(slice: &mut Value) {
    for endpoint in endpoints(slice) {
        let mut topology = match endpoint.remove("deprecatedTopology") {
            Some(Value::Object(topology)) => topology,
            _ => Map::new(),
        };
        topology.extend(endpoint.remove("zone").map(|zone| (ZONE.to_owned(), zone)));
        topology.extend(endpoint.get("nodeName").map(|node| (HOST.to_owned(), node.clone())));
        if !topology.is_empty() {
            endpoint.insert("topology".to_owned(), topology.into());
        }
    }
}
