//! Ingresses, their classes, and network policies.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::page::{Page, put};
use super::tree::Tree;

/// `web:80`: the service of a backend.
pub fn service_backend(backend: &Value) -> String {
    let number = backend.integer("service.port.number");
    let port = if number == 0 { backend.text("service.port.name").to_owned() } else { number.to_string() };
    format!("{}:{port}", backend.text("service.name"))
}

/// A backend that is no service; empty for none.
pub fn resource_backend(backend: &Value) -> String {
    if !backend.has("resource") {
        return String::new();
    }
    let resource = backend.at("resource");
    let group = resource.text_or("apiGroup", "<none>");
    format!("APIGroup: {group}, Kind: {}, Name: {}", resource.text("kind"), resource.text("name"))
}

/// An ingress; `backends` tells a backend with its endpoints.
pub fn ingress(page: &mut Page, ingress: &Value, backends: impl Fn(&Value) -> String, events: Option<&[Value]>) {
    let spec = ingress.at("spec");
    page.field(0, "Name", ingress.text("metadata.name"));
    page.labels("", "Labels", ingress.at("metadata.labels"));
    page.field(0, "Namespace", ingress.text("metadata.namespace"));
    let addresses: BTreeSet<&str> = ingress
        .list("status.loadBalancer.ingress")
        .iter()
        .filter_map(|balancer| balancer.filled("ip").or_else(|| balancer.filled("hostname")))
        .collect();
    page.field(0, "Address", &addresses.into_iter().collect::<Vec<_>>().join(","));
    page.field(0, "Ingress Class", spec.text_or("ingressClassName", "<none>"));
    let default = if spec.has("defaultBackend") { backends(spec.at("defaultBackend")) } else { "<default>".to_owned() };
    page.field(0, "Default backend", &default);
    let certificates = spec.list("tls");
    if !certificates.is_empty() {
        page.write(0, "TLS:\n");
    }
    for certificate in certificates {
        let hosts = certificate.texts("hosts").join(",");
        match certificate.filled("secretName") {
            None => put!(page, 1, "SNI routes {hosts}\n"),
            Some(secret) => put!(page, 1, "{secret} terminates {hosts}\n"),
        }
    }
    page.write(0, "Rules:\n  Host\tPath\tBackends\n");
    page.write(1, "----\t----\t--------\n");
    let mut rules = spec.list("rules").iter().filter(|rule| rule.has("http")).peekable();
    if rules.peek().is_none() {
        put!(page, 1, "*\t*\t{default}\n");
    }
    for rule in rules {
        put!(page, 1, "{}\t\n", rule.filled("host").unwrap_or("*"));
        for path in rule.list("http.paths") {
            put!(page, 2, "\t{} \t{}\n", path.text("path"), backends(path.at("backend")));
        }
    }
    page.annotations("Annotations", ingress.at("metadata.annotations"));
    page.events(events);
}

pub fn ingress_class(page: &mut Page, class: &Value, events: Option<&[Value]>) {
    page.field(0, "Name", class.text("metadata.name"));
    page.labels_and_annotations(class);
    page.field(0, "Controller", class.text("spec.controller"));
    if class.has("spec.parameters") {
        let parameters = class.at("spec.parameters");
        page.write(0, "Parameters:\n");
        if parameters.has("apiGroup") {
            page.field(1, "APIGroup", parameters.text("apiGroup"));
        }
        page.field(1, "Kind", parameters.text("kind"));
        page.field(1, "Name", parameters.text("name"));
    }
    page.events(events);
}

pub fn network_policy(page: &mut Page, policy: &Value) {
    let spec = policy.at("spec");
    page.field(0, "Name", policy.text("metadata.name"));
    page.field(0, "Namespace", policy.text("metadata.namespace"));
    let created = policy.text("metadata.creationTimestamp").parse::<Timestamp>().map_or_else(
        |_| "0001-01-01 00:00:00 +0000 UTC".to_owned(),
        |time| time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S %z %Z").to_string(),
    );
    page.field(0, "Created on", &created);
    page.labels_and_annotations(policy);
    page.write(0, "Spec:\n");
    page.write(1, "PodSelector: ");
    match spec.label_selector("podSelector").as_str() {
        "<none>" => page.write(2, "<none> (Allowing the specific traffic to all pods in this namespace)\n"),
        selector => put!(page, 2, "{selector}\n"),
    }
    let types = spec.texts("policyTypes");
    for direction in [&INGRESS, &EGRESS] {
        if types.contains(&direction.kind) {
            put!(page, 1, "Allowing {} traffic:\n", direction.name);
            rules(page, spec.list(direction.name), direction);
        } else {
            put!(page, 1, "Not affecting {} traffic\n", direction.name);
        }
    }
    put!(page, 1, "Policy Types: {}\n", if types.is_empty() { "<none>".to_owned() } else { types.join(", ") });
}

struct Direction {
    kind: &'static str,
    name: &'static str,
    /// The field with the other side.
    peers: &'static str,
    title: &'static str,
    unrestricted: &'static str,
}

const INGRESS: Direction =
    Direction { kind: "Ingress", name: "ingress", peers: "from", title: "From", unrestricted: "traffic not restricted by source" };
const EGRESS: Direction =
    Direction { kind: "Egress", name: "egress", peers: "to", title: "To", unrestricted: "traffic not restricted by destination" };

fn rules(page: &mut Page, rules: &[Value], direction: &Direction) {
    let Direction { name, title, unrestricted, .. } = direction;
    if rules.is_empty() {
        put!(page, 2, "<none> (Selected pods are isolated for {name} connectivity)\n");
    }
    for (index, rule) in rules.iter().enumerate() {
        if index > 0 {
            page.write(2, "----------\n");
        }
        let ports = rule.list("ports");
        if ports.is_empty() {
            page.write(2, "To Port: <any> (traffic allowed to all ports)\n");
        }
        for port in ports {
            let (number, protocol) = (port.shown("port", "<nil>"), port.text_or("protocol", "TCP"));
            match port.at("endPort").as_i64() {
                None => put!(page, 2, "To Port: {number}/{protocol}\n"),
                Some(end) => put!(page, 2, "To Port Range: {number}-{end}/{protocol}\n"),
            }
        }
        let peers = rule.list(direction.peers);
        if peers.is_empty() {
            put!(page, 2, "{title}: <any> ({unrestricted})\n");
        }
        for peer in peers {
            put!(page, 2, "{title}:\n");
            if peer.has("podSelector") || peer.has("namespaceSelector") {
                for (title, field) in [("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")] {
                    if peer.has(field) {
                        put!(page, 3, "{title}: {}\n", peer.label_selector(field));
                    }
                }
            } else if peer.has("ipBlock") {
                page.write(3, "IPBlock:\n");
                put!(page, 4, "CIDR: {}\n", peer.text("ipBlock.cidr"));
                put!(page, 4, "Except: {}\n", peer.texts("ipBlock.except").join(", "));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(write: impl FnOnce(&mut Page, &Value), yaml: &str, expected: &str) {
        let mut page = Page::new(Timestamp::UNIX_EPOCH);
        write(&mut page, &serde_yaml::from_str(yaml).unwrap());
        assert_eq!(page.finish(), expected);
    }

    #[test]
    fn backends() {
        let check = |yaml: &str, expected: &str| assert_eq!(service_backend(&serde_yaml::from_str(yaml).unwrap()), expected);
        check("service: {name: web, port: {number: 80}}", "web:80");
        check("service: {name: web, port: {name: http}}", "web:http");
        let resource = serde_yaml::from_str("resource: {kind: K, name: n}").unwrap();
        assert_eq!(resource_backend(&resource), "APIGroup: <none>, Kind: K, Name: n");
    }

    #[test]
    fn rules_of_policies() {
        check(
            |page, rules| super::rules(page, rules.as_array().unwrap(), &EGRESS),
            "
- ports: [{port: 80, protocol: TCP}, {port: 1000, endPort: 2000, protocol: UDP}]
  to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}, {podSelector: {}, namespaceSelector: {matchLabels: {a: b}}}]
- {}
",
            "    To Port: 80/TCP
    To Port Range: 1000-2000/UDP
    To:
      IPBlock:
        CIDR: 10.0.0.0/8
        Except: 10.1.0.0/16, 10.2.0.0/16
    To:
      NamespaceSelector: a=b
      PodSelector: <none>
    ----------
    To Port: <any> (traffic allowed to all ports)
    To: <any> (traffic not restricted by destination)
",
        );
        check(|page, _| super::rules(page, &[], &INGRESS), "[]", "    <none> (Selected pods are isolated for ingress connectivity)\n");
    }
}
