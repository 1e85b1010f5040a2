//! One slice for each address family and set of ports, changed rather than replaced.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use k8s_openapi::api::core::v1::{self as core, EndpointAddress, EndpointSubset, Endpoints, Service};
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointConditions, EndpointPort, EndpointSlice};
use runtime::Action;

use super::Snapshot;
use crate::ownership::controller_reference;

/// Addresses of a slice: the rest is left out, as upstream does.
const LIMIT: usize = 1000;
pub(super) const SERVICE_NAME: &str = "kubernetes.io/service-name";
pub(super) const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
pub(super) const MANAGER: &str = "endpointslicemirroring-controller.k8s.io";
const SKIP_MIRROR: &str = "endpointslice.kubernetes.io/skip-mirror";
/// On Endpoints that only elect a leader.
const LEADER: &str = "control-plane.alpha.kubernetes.io/leader";
/// Annotations that say something of the Endpoints themselves.
const NOT_MIRRORED: [&str; 2] = ["endpoints.kubernetes.io/last-change-trigger-time", "kubectl.kubernetes.io/last-applied-configuration"];

pub(super) fn plan(snapshot: &Snapshot) -> Vec<Action> {
    let mirrored = snapshot.endpoints.as_deref().filter(|endpoints| {
        endpoints.metadata.deletion_timestamp.is_none()
            && !is_set(endpoints.metadata.labels.as_ref(), SKIP_MIRROR)
            && !endpoints.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(LEADER))
            && snapshot.service.as_deref().is_some_and(selects_nothing)
    });
    let mut spare: Vec<&Arc<EndpointSlice>> = snapshot.slices.iter().collect();
    let mut actions = Vec::new();
    for slice in mirrored.map(slices).unwrap_or_default() {
        let place = spare.iter().position(|existing| existing.address_type == slice.address_type && ports(existing) == ports(&slice));
        let Some(existing) = place.map(|place| spare.swap_remove(place)) else {
            actions.push(Action::create(slice));
            continue;
        };
        let same = existing.metadata.labels == slice.metadata.labels
            && existing.metadata.annotations.clone().unwrap_or_default() == slice.metadata.annotations.clone().unwrap_or_default()
            && existing.endpoints == slice.endpoints;
        if !same {
            let mut changed = (**existing).clone();
            (changed.metadata.labels, changed.metadata.annotations) = (slice.metadata.labels, slice.metadata.annotations);
            changed.endpoints = slice.endpoints;
            actions.push(Action::update(changed));
        }
    }
    actions.extend(spare.into_iter().map(|slice| Action::delete(&**slice)));
    actions
}

fn is_set(labels: Option<&BTreeMap<String, String>>, name: &str) -> bool {
    labels.and_then(|labels| labels.get(name)).is_some_and(|value| value == "true")
}

fn selects_nothing(service: &Service) -> bool {
    let selector = service.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    service.metadata.deletion_timestamp.is_none() && selector.is_none_or(BTreeMap::is_empty)
}

fn ports(slice: &EndpointSlice) -> &[EndpointPort] {
    slice.ports.as_deref().unwrap_or_default()
}

/// The slices that Endpoints make.
fn slices(endpoints: &Endpoints) -> Vec<EndpointSlice> {
    let mut slices: Vec<EndpointSlice> = Vec::new();
    for subset in endpoints.subsets.iter().flatten() {
        let ports = ports_of(subset);
        let of = |addresses: &Option<Vec<EndpointAddress>>, ready: bool| -> Vec<(&'static str, Endpoint)> {
            addresses.iter().flatten().filter_map(|address| endpoint(address, ready)).collect()
        };
        for (family, endpoint) in of(&subset.addresses, true).into_iter().chain(of(&subset.not_ready_addresses, false)) {
            let place = slices.iter().position(|slice| slice.address_type == family && self::ports(slice) == ports).unwrap_or(slices.len());
            if place == slices.len() {
                slices.push(empty(endpoints, family, ports.clone()));
            }
            let all = slices[place].endpoints.get_or_insert_default();
            if all.len() < LIMIT {
                all.push(endpoint);
            }
        }
    }
    slices
}

fn empty(endpoints: &Endpoints, family: &str, ports: Vec<EndpointPort>) -> EndpointSlice {
    let name = endpoints.metadata.name.clone().unwrap_or_default();
    let mut slice = EndpointSlice { address_type: family.to_owned(), ports: Some(ports), ..Default::default() };
    slice.metadata.generate_name = Some(format!("{name}-"));
    slice.metadata.namespace.clone_from(&endpoints.metadata.namespace);
    slice.metadata.owner_references = Some(vec![controller_reference::<Endpoints>(&endpoints.metadata)]);
    let labels = slice.metadata.labels.insert(endpoints.metadata.labels.clone().unwrap_or_default());
    labels.insert(SERVICE_NAME.to_owned(), name);
    labels.insert(MANAGED_BY.to_owned(), MANAGER.to_owned());
    let mut annotations = endpoints.metadata.annotations.clone().unwrap_or_default();
    annotations.retain(|name, _| !NOT_MIRRORED.contains(&name.as_str()));
    slice.metadata.annotations = Some(annotations).filter(|annotations| !annotations.is_empty());
    slice
}

fn ports_of(subset: &EndpointSubset) -> Vec<EndpointPort> {
    let port = |port: &core::EndpointPort| EndpointPort {
        // The server writes out an empty name, too.
        name: Some(port.name.clone().unwrap_or_default()),
        port: Some(port.port),
        protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".to_owned())),
        app_protocol: port.app_protocol.clone(),
    };
    subset.ports.iter().flatten().map(port).collect()
}

/// An address with its family; none where it is not an address.
fn endpoint(address: &EndpointAddress, ready: bool) -> Option<(&'static str, Endpoint)> {
    let family = match api::addresses::parse_sloppy(&address.ip)? {
        IpAddr::V4(_) => "IPv4",
        IpAddr::V6(_) => "IPv6",
    };
    let endpoint = Endpoint {
        addresses: vec![address.ip.clone()],
        conditions: Some(EndpointConditions { ready: Some(ready), ..Default::default() }),
        hostname: address.hostname.clone().filter(|name| !name.is_empty()),
        node_name: address.node_name.clone(),
        target_ref: address.target_ref.clone(),
        ..Default::default()
    };
    Some((family, endpoint))
}

#[cfg(test)]
mod tests {
    use runtime::Verb;
    use serde_json::{Value, json};

    use super::*;

    fn snapshot(selector: Value, labels: Value, subsets: Value) -> Snapshot {
        let service = json!({"metadata": {"namespace": "n", "name": "web"}, "spec": {"selector": selector}});
        let endpoints = json!({"metadata": {
            "namespace": "n", "name": "web", "uid": "e", "labels": labels,
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "team": "a"},
        }, "subsets": subsets});
        Snapshot {
            service: Some(Arc::new(serde_json::from_value(service).unwrap())),
            endpoints: Some(Arc::new(serde_json::from_value(endpoints).unwrap())),
            slices: Vec::new(),
        }
    }
    fn one(ip: &str, port: i32) -> Value {
        json!([{"addresses": [{"ip": ip}], "ports": [{"name": "http", "port": port}]}])
    }
    fn apply(snapshot: &mut Snapshot) -> Vec<&'static str> {
        let planned = plan(snapshot);
        let verbs = planned.iter().map(|action| match &action.verb {
            Verb::Create(_) => "create",
            Verb::Update { .. } => "update",
            _ => "delete",
        });
        let verbs = verbs.collect();
        for action in &planned {
            if !matches!(action.verb, Verb::Create(_)) {
                snapshot.slices.retain(|slice| slice.metadata.name.as_deref() != Some(&action.name));
            }
            if let Some(slice) = action.object::<EndpointSlice>() {
                let mut slice = slice.clone();
                let port = ports(&slice)[0].port.unwrap_or_default();
                slice.metadata.name.get_or_insert_with(|| format!("web-{}-{port}", slice.address_type));
                snapshot.slices.push(Arc::new(slice));
            }
        }
        verbs
    }

    #[test]
    fn endpoints_without_a_selector_are_mirrored() {
        let subsets = json!([{
            "addresses": [{"ip": "10.0.0.1", "nodeName": "n1"}, {"ip": "fd00::1"}], "notReadyAddresses": [{"ip": "10.0.0.2"}],
            "ports": [{"name": "http", "port": 80}],
        }]);
        let mut state = snapshot(Value::Null, json!({"app": "x"}), subsets);
        assert_eq!(apply(&mut state), ["create", "create"]);
        assert_eq!(apply(&mut state), [""; 0], "one plan is enough");
        let written = serde_json::to_value(&*state.slices[0]).unwrap();
        let labels = json!({"app": "x", SERVICE_NAME: "web", MANAGED_BY: MANAGER});
        assert_eq!((&written["metadata"]["labels"], &written["metadata"]["annotations"]), (&labels, &json!({"team": "a"})));
        assert_eq!(written["metadata"]["ownerReferences"][0]["kind"], "Endpoints");
        let endpoints = json!([
            {"addresses": ["10.0.0.1"], "conditions": {"ready": true}, "nodeName": "n1"},
            {"addresses": ["10.0.0.2"], "conditions": {"ready": false}},
        ]);
        assert_eq!((&written["addressType"], &written["endpoints"]), (&json!("IPv4"), &endpoints));

        state.endpoints = snapshot(Value::Null, json!({}), one("10.0.0.9", 80)).endpoints;
        assert_eq!(apply(&mut state), ["update", "delete"]);
        state.endpoints = snapshot(Value::Null, json!({}), one("10.0.0.9", 81)).endpoints;
        assert_eq!(apply(&mut state), ["create", "delete"]);
        state.endpoints = None;
        assert_eq!(apply(&mut state), ["delete"]);
    }

    #[test]
    fn what_others_see_to_is_not_mirrored() {
        assert!(plan(&snapshot(json!({"app": "x"}), json!({}), one("10.0.0.1", 80))).is_empty());
        assert!(plan(&snapshot(Value::Null, json!({SKIP_MIRROR: "true"}), one("10.0.0.1", 80))).is_empty());
        assert!(plan(&Snapshot { service: None, ..snapshot(Value::Null, json!({}), one("10.0.0.1", 80)) }).is_empty());
    }
}
