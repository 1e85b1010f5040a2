//! Services, endpoints, endpoint slices and service networks.

use serde_json::Value;

use super::page::{Page, put};
use super::tree::{Tree, host_port};

/// So many endpoints are listed before `+ n more...`.
const ENDPOINTS: usize = 3;

pub fn service(page: &mut Page, service: &Value, slices: &[Value], events: Option<&[Value]>) {
    let spec = service.at("spec");
    page.header(service);
    page.field(0, "Selector", &spec.joined_labels("selector"));
    page.field(0, "Type", spec.text("type"));
    if spec.has("ipFamilyPolicy") {
        page.field(0, "IP Family Policy", spec.text("ipFamilyPolicy"));
    }
    let joined_or_none = |field| {
        let texts = spec.texts(field);
        if texts.is_empty() { "<none>".to_owned() } else { texts.join(",") }
    };
    page.field(0, "IP Families", &joined_or_none("ipFamilies"));
    page.field(0, "IP", spec.text("clusterIP"));
    page.field(0, "IPs", &joined_or_none("clusterIPs"));
    if !spec.list("externalIPs").is_empty() {
        page.field(0, "External IPs", &joined_or_none("externalIPs"));
    }
    for (title, field) in [("Desired LoadBalancer IP", "loadBalancerIP"), ("External Name", "externalName")] {
        if let Some(text) = spec.filled(field) {
            page.field(0, title, text);
        }
    }
    let balancers: Vec<String> = service.list("status.loadBalancer.ingress").iter().map(balancer).collect();
    if !balancers.is_empty() {
        page.field(0, "LoadBalancer Ingress", &balancers.join(", "));
    }
    for port in spec.list("ports") {
        service_port(page, port, slices);
    }
    page.field(0, "Session Affinity", spec.text("sessionAffinity"));
    if let Some(policy) = spec.filled("externalTrafficPolicy") {
        page.field(0, "External Traffic Policy", policy);
    }
    if spec.has("internalTrafficPolicy") {
        page.field(0, "Internal Traffic Policy", spec.text("internalTrafficPolicy"));
    }
    if spec.integer("healthCheckNodePort") != 0 {
        page.field(0, "HealthCheck NodePort", &spec.integer("healthCheckNodePort").to_string());
    }
    if !spec.list("loadBalancerSourceRanges").is_empty() {
        page.field(0, "LoadBalancer Source Ranges", &joined_or_none("loadBalancerSourceRanges"));
    }
    if spec.has("trafficDistribution") {
        page.field(0, "Traffic Distribution", spec.text("trafficDistribution"));
    }
    page.events(events);
}

fn balancer(ingress: &Value) -> String {
    match (ingress.filled("ip"), ingress.at("ipMode").as_str()) {
        (Some(address), Some(mode)) => format!("{address} ({mode})"),
        (Some(address), None) => address.to_owned(),
        (None, _) => ingress.text("hostname").to_owned(),
    }
}

fn service_port(page: &mut Page, port: &Value, slices: &[Value]) {
    let (name, protocol) = (port.filled("name").unwrap_or("<unset>"), port.text("protocol"));
    put!(page, 0, "Port:\t{name}\t{}/{protocol}\n", port.integer("port"));
    put!(page, 0, "TargetPort:\t{}/{protocol}\n", port.shown("targetPort", "0"));
    if port.has("appProtocol") {
        page.field(0, "AppProtocol", port.text("appProtocol"));
    }
    if port.integer("nodePort") != 0 {
        put!(page, 0, "NodePort:\t{name}\t{}/{protocol}\n", port.integer("nodePort"));
    }
    page.field(0, "Endpoints", &endpoints_of_port(slices, port.text("name")));
}

/// The ready endpoints behind a port: the first few, and how many more.
pub fn endpoints_of_port(slices: &[Value], port: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let (mut shown, mut more, mut count) = (Vec::new(), false, 0);
    for slice in slices {
        let ports = slice.list("ports");
        let numbers: Vec<Option<i64>> = if ports.is_empty() {
            // a headless service may have no ports
            vec![None]
        } else {
            ports.iter().filter(|own| own.text("name") == port).map(|own| Some(own.integer("port"))).collect()
        };
        for number in numbers {
            for endpoint in slice.list("endpoints") {
                more |= shown.len() == ENDPOINTS;
                if endpoint.at("conditions.ready").as_bool() == Some(false) {
                    continue;
                }
                if !more {
                    let address = endpoint.texts("addresses").first().copied().unwrap_or_default();
                    shown.push(number.map_or_else(|| address.to_owned(), |number| host_port(address, &number.to_string())));
                }
                count += 1;
            }
        }
    }
    let list = shown.join(",");
    if more { format!("{list} + {} more...", count as i64 - ENDPOINTS as i64) } else { list }
}

pub fn endpoints(page: &mut Page, endpoints: &Value, events: Option<&[Value]>) {
    page.header(endpoints);
    page.write(0, "Subsets:\n");
    for subset in endpoints.list("subsets") {
        for (title, field) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
            let addresses: Vec<&str> = subset.list(field).iter().map(|address| address.text("ip")).collect();
            page.field(1, title, &Some(addresses.join(",")).filter(|text| !text.is_empty()).unwrap_or_else(|| "<none>".to_owned()));
        }
        let ports = subset.list("ports");
        if !ports.is_empty() {
            page.write(1, "Ports:\n");
            page.write(2, "Name\tPort\tProtocol\n");
            page.write(2, "----\t----\t--------\n");
        }
        for port in ports {
            let name = port.filled("name").unwrap_or("<unset>");
            put!(page, 2, "{name}\t{}\t{}\n", port.integer("port"), port.text("protocol"));
        }
        page.write(0, "\n");
    }
    page.events(events);
}

pub fn endpoint_slice(page: &mut Page, slice: &Value, events: Option<&[Value]>) {
    page.header(slice);
    page.field(0, "AddressType", slice.text("addressType"));
    let ports = slice.list("ports");
    if ports.is_empty() {
        page.write(0, "Ports: <unset>\n");
    } else {
        page.write(0, "Ports:\n");
        page.write(1, "Name\tPort\tProtocol\n");
        page.write(1, "----\t----\t--------\n");
    }
    for port in ports {
        let name = port.filled("name").unwrap_or("<unset>");
        put!(page, 1, "{name}\t{}\t{}\n", port.shown("port", "<unset>"), port.text("protocol"));
    }
    let endpoints = slice.list("endpoints");
    page.write(0, if endpoints.is_empty() { "Endpoints: <none>\n" } else { "Endpoints:\n" });
    for endpoint in endpoints {
        let addresses = endpoint.texts("addresses").join(", ");
        put!(page, 1, "- Addresses:\t{}\n", if addresses.is_empty() { "<none>" } else { &addresses });
        page.write(2, "Conditions:\n");
        page.field(3, "Ready", &endpoint.shown("conditions.ready", "<unset>"));
        page.field(2, "Hostname", endpoint.text_or("hostname", "<unset>"));
        if endpoint.has("targetRef") {
            put!(page, 2, "TargetRef:\t{}/{}\n", endpoint.text("targetRef.kind"), endpoint.text("targetRef.name"));
        }
        page.field(2, "NodeName", endpoint.text_or("nodeName", "<unset>"));
        page.field(2, "Zone", endpoint.text_or("zone", "<unset>"));
    }
    page.events(events);
}

pub fn service_cidr(page: &mut Page, object: &Value, events: Option<&[Value]>) {
    page.field(0, "Name", object.text("metadata.name"));
    page.labels_and_annotations(object);
    page.field(0, "CIDRs", &object.texts("spec.cidrs").join(", "));
    let conditions = object.list("status.conditions");
    if !conditions.is_empty() {
        page.write(0, "Status:\n");
    }
    dated_conditions(page, conditions);
    page.events(events);
}

/// Conditions with the time of their last change.
pub fn dated_conditions(page: &mut Page, conditions: &[Value]) {
    if conditions.is_empty() {
        return;
    }
    page.write(0, "Conditions:\n");
    page.write(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage\n");
    page.write(1, "----\t------\t------------------\t------\t-------\n");
    for condition in conditions {
        let (kind, status, reason) = (condition.text("type"), condition.text("status"), condition.text("reason"));
        put!(page, 1, "{kind}\t{status}\t{}\t{reason}\t{}\n", condition.time("lastTransitionTime"), condition.text("message"));
    }
}

pub fn ip_address(page: &mut Page, object: &Value, events: Option<&[Value]>) {
    page.field(0, "Name", object.text("metadata.name"));
    page.labels_and_annotations(object);
    if object.has("spec.parentRef") {
        let parent = object.at("spec.parentRef");
        page.write(0, "Parent Reference:\n");
        for (title, field) in [("Group", "group"), ("Resource", "resource"), ("Namespace", "namespace"), ("Name", "name")] {
            page.field(1, title, parent.text(field));
        }
    }
    page.events(events);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_few_ready_endpoints_are_listed() {
        let slice = |count: usize, ready: bool| {
            let endpoints: Vec<Value> =
                (1..=count).map(|index| json!({ "addresses": [format!("10.0.0.{index}")], "conditions": { "ready": ready } })).collect();
            json!({ "ports": [{ "name": "web", "port": 80 }, { "name": "admin", "port": 81 }], "endpoints": endpoints })
        };
        let check = |slices: &[Value], port: &str, expected: &str| assert_eq!(endpoints_of_port(slices, port), expected);
        check(&[], "web", "<none>");
        check(&[slice(2, true)], "web", "10.0.0.1:80,10.0.0.2:80");
        check(&[slice(2, false)], "web", "");
        check(&[slice(5, true)], "admin", "10.0.0.1:81,10.0.0.2:81,10.0.0.3:81 + 2 more...");
        check(&[json!({ "endpoints": [{ "addresses": ["fd00::1"] }] })], "", "fd00::1");
    }
}
