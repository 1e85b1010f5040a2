//! Endpoints: the first addresses with their ports.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::Endpoints;
use output::table::Cell;

use super::cell::{age, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "Endpoints",
        "The set of all endpoints is the union of all subsets. Addresses are placed into subsets according to the IPs they share. A single address with multiple ports, some of which are ready and some of which are not (because they come from different containers) will result in the address being displayed in different subsets for the different ports. No address will appear in both Addresses and NotReadyAddresses in the same subset. Sets of addresses and ports that comprise a service.",
    ),
    AGE,
];

/// How many are shown.
const MOST: usize = 3;

pub fn cells(endpoints: &Endpoints, now: Timestamp) -> Vec<Cell> {
    row![name(endpoints), addresses(endpoints), age(endpoints, now)]
}

fn addresses(endpoints: &Endpoints) -> String {
    let subsets = endpoints.subsets.as_deref().unwrap_or_default();
    if subsets.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for subset in subsets {
        let addresses = || subset.addresses.iter().flatten();
        match subset.ports.as_deref().unwrap_or_default() {
            // a service without ports
            [] => all.extend(addresses().map(|address| address.ip.clone())),
            ports => all.extend(ports.iter().flat_map(|port| addresses().map(|address| with_port(&address.ip, port.port)))),
        }
    }
    if all.len() > MOST { format!("{} + {} more...", all[..MOST].join(","), all.len() - MOST) } else { all.join(",") }
}

fn with_port(address: &str, port: i32) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_subsets(subsets: Value, expected: &str) {
        let endpoints = json!({"metadata": {"name": "ep", "creationTimestamp": FIVE_MINUTES_AGO}, "subsets": subsets});
        check(&crate::ENDPOINTS, endpoints, &format!("ep|{expected}|5m"));
    }

    #[test]
    fn endpoints() {
        let addresses = json!([{"ip": "1.2.3.4"}, {"ip": "5.6.7.8"}]);
        let ports = json!([{"port": 8001}, {"port": 8002}]);
        check_subsets(json!([]), "<none>");
        check_subsets(json!([{"addresses": addresses}]), "1.2.3.4,5.6.7.8");
        check_subsets(json!([{"addresses": [{"ip": "fd00::1"}], "ports": [{"port": 80}]}]), "[fd00::1]:80");
        check_subsets(json!([{"addresses": addresses, "ports": ports}]), "1.2.3.4:8001,5.6.7.8:8001,1.2.3.4:8002 + 1 more...");
        // none of them is ready
        check_subsets(json!([{"notReadyAddresses": addresses, "ports": ports}]), "");
    }
}
