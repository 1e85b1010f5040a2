//! Ingresses.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::{Ingress, IngressRule, IngressSpec};
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("Class", "The name of the IngressClass resource that should be used for additional configuration"),
    text("Hosts", "Hosts that incoming requests are matched against before the ingress rule"),
    text("Address", "Address is a list containing ingress points for the load-balancer"),
    text("Ports", "Ports of TLS configurations that open"),
    AGE,
];

/// How many hosts are shown.
const MOST: usize = 3;

pub fn cells(ingress: &Ingress, now: Timestamp) -> Vec<Cell> {
    let nothing = IngressSpec::default();
    let spec = ingress.spec.as_ref().unwrap_or(&nothing);
    let balancer = ingress.status.as_ref().and_then(|status| status.load_balancer.as_ref());
    let points = balancer.into_iter().flat_map(|balancer| balancer.ingress.iter().flatten());
    let points = super::service::ingress_points(points.map(|point| (point.ip.as_deref(), point.hostname.as_deref())));
    row![
        name(ingress),
        spec.ingress_class_name.as_deref().unwrap_or("<none>"),
        hosts(spec.rules.as_deref().unwrap_or_default()),
        points.join(","),
        if spec.tls.as_deref().is_some_and(|tls| !tls.is_empty()) { "80, 443" } else { "80" },
        age(ingress, now),
    ]
}

/// The first hosts; `*` without any. What is left out is counted in rules, with or without a host.
fn hosts(rules: &[IngressRule]) -> String {
    let named = |rule: &IngressRule| rule.host.clone().filter(|host| !host.is_empty());
    let shown: Vec<(usize, String)> = rules.iter().enumerate().filter_map(|(index, rule)| Some((index, named(rule)?))).take(MOST).collect();
    let hosts: Vec<&str> = shown.iter().map(|(_, host)| host.as_str()).collect();
    match shown.last() {
        None => "*".to_owned(),
        Some((last, _)) if hosts.len() == MOST && rules.len() > last + 1 => format!("{} + {} more...", hosts.join(","), rules.len() - MOST),
        Some(_) => hosts.join(","),
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_ingress(spec: Value, status: Value, expected: &str) {
        let metadata = json!({"name": "test1", "creationTimestamp": FIVE_MINUTES_AGO});
        check(&crate::INGRESS, json!({"metadata": metadata, "spec": spec, "status": status}), &format!("test1|{expected}|5m"));
    }

    #[test]
    fn ingresses() {
        check_ingress(
            json!({"ingressClassName": "foo", "rules": [{"host": "abc.com"}], "tls": [{}]}),
            json!({"loadBalancer": {"ingress": [{"ip": "2.3.4.5", "hostname": "localhost.localdomain"}]}}),
            "foo|abc.com|2.3.4.5|80, 443",
        );
        check_ingress(json!({"defaultBackend": {}}), json!({}), "<none>|*||80");
        let rules = |hosts: &[&str]| json!({"rules": hosts.iter().map(|host| json!({"host": host})).collect::<Vec<_>>()});
        check_ingress(rules(&["a", "b", "c"]), json!({}), "<none>|a,b,c||80");
        check_ingress(rules(&["a", "b", "c", "d", "e"]), json!({}), "<none>|a,b,c + 2 more...||80");
    }
}
