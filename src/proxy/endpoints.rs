//! Which endpoints of a service a node uses: ready ones, near ones where all of them carry hints, and where none is ready those that still serve while they terminate.
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use k8s_openapi::api::discovery::v1::{Endpoint as SliceEndpoint, EndpointSlice};

use crate::snapshot::{Endpoint, Protocol};

/// Where this node is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub node: String,
    pub zone: Option<String>,
}

/// An endpoint with the conditions that decide about its use.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    endpoint: Endpoint,
    ready: bool,
    serving: bool,
    terminating: bool,
    nodes: Vec<String>,
    zones: Vec<String>,
}

/// The endpoints chosen for the two traffic policies.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub cluster: Vec<Endpoint>,
    pub local: Vec<Endpoint>,
    pub any: bool,
}

/// Chooses among the slices of one service for the port of this name and protocol.
pub(crate) fn choose<'a>(slices: impl Iterator<Item = &'a EndpointSlice>, port: &str, protocol: Protocol, place: &Place) -> Chosen {
    let candidates = candidates(slices, port, protocol, &place.node);
    let near = nearness(&candidates, place);
    let mut cluster: Vec<&Candidate> = candidates.iter().filter(|one| one.ready && near.includes(one, place)).collect();
    if cluster.is_empty() {
        cluster = candidates.iter().filter(|one| one.serving && one.terminating).collect();
    }
    let of_node = || candidates.iter().filter(|one| one.endpoint.local);
    let mut local: Vec<&Candidate> = of_node().filter(|one| one.ready).collect();
    if local.is_empty() {
        local = of_node().filter(|one| one.serving && one.terminating).collect();
    }
    let take = |chosen: Vec<&Candidate>| chosen.into_iter().map(|one| one.endpoint).collect();
    Chosen { any: !cluster.is_empty(), cluster: take(cluster), local: take(local) }
}

/// Every address and port once, ordered; of two entries the ready one counts.
fn candidates<'a>(slices: impl Iterator<Item = &'a EndpointSlice>, port: &str, protocol: Protocol, node: &str) -> Vec<Candidate> {
    let mut found: BTreeMap<(Ipv4Addr, u16), Candidate> = BTreeMap::new();
    for slice in slices.filter(|slice| slice.address_type == "IPv4") {
        let matching = slice
            .ports
            .iter()
            .flatten()
            .find(|one| one.name.as_deref().unwrap_or_default() == port && Protocol::parse(one.protocol.as_deref()) == Some(protocol));
        let Some(number) = matching.and_then(|one| one.port).and_then(|number| u16::try_from(number).ok()) else { continue };
        for candidate in slice.endpoints.iter().flatten().filter_map(|endpoint| candidate(endpoint, number, node)) {
            let key = (candidate.endpoint.address, candidate.endpoint.port);
            if found.get(&key).is_none_or(|known| !known.ready && candidate.ready) {
                found.insert(key, candidate);
            }
        }
    }
    found.into_values().collect()
}

fn candidate(endpoint: &SliceEndpoint, port: u16, node: &str) -> Option<Candidate> {
    let address = endpoint.addresses.first()?.parse().ok()?;
    let conditions = endpoint.conditions.as_ref();
    let ready = conditions.and_then(|conditions| conditions.ready).unwrap_or(true);
    let hints = endpoint.hints.as_ref();
    Some(Candidate {
        endpoint: Endpoint { address, port, local: endpoint.node_name.as_deref() == Some(node) },
        ready,
        serving: conditions.and_then(|conditions| conditions.serving).unwrap_or(ready),
        terminating: conditions.and_then(|conditions| conditions.terminating).unwrap_or(false),
        nodes: hints.and_then(|hints| hints.for_nodes.as_ref()).into_iter().flatten().map(|node| node.name.clone()).collect(),
        zones: hints.and_then(|hints| hints.for_zones.as_ref()).into_iter().flatten().map(|zone| zone.name.clone()).collect(),
    })
}

/// How near an endpoint has to be.
enum Nearness {
    Anywhere,
    SameZone,
    SameNode,
}

impl Nearness {
    fn includes(&self, candidate: &Candidate, place: &Place) -> bool {
        match self {
            Nearness::Anywhere => true,
            Nearness::SameNode => candidate.nodes.contains(&place.node),
            Nearness::SameZone => place.zone.as_ref().is_some_and(|zone| candidate.zones.contains(zone)),
        }
    }
}

/// Hints count only when every ready endpoint has some and one of them is meant for this place.
fn nearness(candidates: &[Candidate], place: &Place) -> Nearness {
    let ready = || candidates.iter().filter(|one| one.ready);
    for (mode, hinted) in [
        (Nearness::SameNode, (|one: &Candidate| !one.nodes.is_empty()) as fn(&Candidate) -> bool),
        (Nearness::SameZone, |one: &Candidate| !one.zones.is_empty()),
    ] {
        if ready().all(hinted) && ready().any(|one| mode.includes(one, place)) {
            return mode;
        }
    }
    Nearness::Anywhere
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn check(endpoints: Value, zone: Option<&str>, cluster: &[u8], local: &[u8], any: bool) {
        let slice = json!({ "addressType": "IPv4", "metadata": {}, "endpoints": endpoints, "ports": [
            { "name": "http", "protocol": "TCP", "port": 8080 }, { "name": "dns", "protocol": "UDP", "port": 53 } ] });
        let slice: EndpointSlice = serde_json::from_value(slice).unwrap();
        let place = Place { node: "here".to_owned(), zone: zone.map(str::to_owned) };
        let chosen = choose([&slice].into_iter(), "http", Protocol::Tcp, &place);
        let last = |endpoints: &[Endpoint]| endpoints.iter().map(|one| one.address.octets()[3]).collect::<Vec<_>>();
        assert_eq!((last(&chosen.cluster), last(&chosen.local), chosen.any), (cluster.to_vec(), local.to_vec(), any));
        assert!(chosen.cluster.iter().all(|one| one.port == 8080));
        assert_eq!(choose([&slice].into_iter(), "dns", Protocol::Tcp, &place), Chosen::default());
    }

    #[test]
    fn ready_ones_first_then_those_that_still_serve() {
        let one = |last: u8, node: &str, conditions: Value| json!({ "addresses": [format!("10.0.0.{last}")], "nodeName": node, "conditions": conditions });
        let ready = || json!({ "ready": true, "serving": true, "terminating": false });
        let leaving = || json!({ "ready": false, "serving": true, "terminating": true });
        let unready = || json!({ "ready": false, "serving": false, "terminating": false });
        check(json!([]), None, &[], &[], false);
        check(json!([one(1, "here", json!({})), one(2, "there", ready())]), None, &[1, 2], &[1], true);
        check(json!([one(1, "here", leaving()), one(2, "there", ready())]), None, &[2], &[1], true);
        check(json!([one(1, "here", leaving()), one(2, "there", leaving())]), None, &[1, 2], &[1], true);
        check(json!([one(1, "here", unready()), one(2, "there", unready())]), None, &[], &[], false);
        check(json!([one(1, "there", ready())]), None, &[1], &[], true);
        check(json!([one(1, "here", unready()), one(1, "here", ready())]), None, &[1], &[1], true);
    }

    #[test]
    fn hints_count_when_all_have_them_and_one_is_meant_for_here() {
        let one = |last: u8, hints: Value| json!({ "addresses": [format!("10.0.0.{last}")], "nodeName": "there", "conditions": { "ready": true }, "hints": hints });
        let zone = |name: &str| json!({ "forZones": [{ "name": name }] });
        let node = |name: &str| json!({ "forNodes": [{ "name": name }], "forZones": [{ "name": "a" }] });
        check(json!([one(1, zone("a")), one(2, zone("b"))]), Some("a"), &[1], &[], true);
        check(json!([one(1, zone("a")), one(2, zone("b"))]), Some("c"), &[1, 2], &[], true);
        check(json!([one(1, zone("a")), one(2, zone("b"))]), None, &[1, 2], &[], true);
        check(json!([one(1, zone("a")), one(2, json!({}))]), Some("a"), &[1, 2], &[], true);
        check(json!([one(1, node("here")), one(2, node("there"))]), Some("b"), &[1], &[], true);
        check(json!([one(1, node("else")), one(2, node("there"))]), Some("a"), &[1, 2], &[], true);
    }
}
