//! Endpoint slices.

use jiff::Timestamp;
use k8s_openapi::api::discovery::v1::{EndpointPort, EndpointSlice};
use output::table::Cell;

use super::cell::{age, first_of, name, row};
use super::column::{AGE, NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text(
        "AddressType",
        "addressType specifies the type of address carried by this EndpointSlice. All addresses in this slice must be the same type. This field is immutable after creation. The following address types are currently supported: * IPv4: Represents an IPv4 Address. * IPv6: Represents an IPv6 Address. * FQDN: Represents a Fully Qualified Domain Name.",
    ),
    text(
        "Ports",
        "ports specifies the list of network ports exposed by each endpoint in this slice. Each port must have a unique name. When ports is empty, it indicates that there are no defined ports. When a port is defined with a nil port value, it indicates \"all ports\". Each slice may include a maximum of 100 ports.",
    ),
    text("Endpoints", "endpoints is a list of unique endpoints in this slice. Each slice may include a maximum of 1000 endpoints."),
    AGE,
];

/// How many ports and addresses are shown.
const MOST: usize = 3;

pub fn cells(slice: &EndpointSlice, now: Timestamp) -> Vec<Cell> {
    let port = |port: &EndpointPort| match (port.port, &port.name) {
        (Some(number), _) => number.to_string(),
        (None, Some(name)) => name.clone(),
        (None, None) => "*".to_owned(),
    };
    let ports: Vec<String> = slice.ports.iter().flatten().map(port).collect();
    let addresses: Vec<String> = slice.endpoints.iter().flatten().flat_map(|endpoint| endpoint.addresses.clone()).collect();
    row![name(slice), slice.address_type.clone(), first_of(MOST, &ports), first_of(MOST, &addresses), age(slice, now)]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{FIVE_MINUTES_AGO, check};
    use serde_json::{Value, json};

    fn check_slice(ports: Value, endpoints: Value, expected: &str) {
        let metadata = json!({"name": "abcslice.123", "creationTimestamp": FIVE_MINUTES_AGO});
        check(
            &crate::ENDPOINT_SLICE,
            json!({"metadata": metadata, "addressType": "IPv4", "ports": ports, "endpoints": endpoints}),
            &format!("abcslice.123|IPv4|{expected}|5m"),
        );
    }

    #[test]
    fn slices() {
        check_slice(
            json!([{"name": "http", "port": 80, "protocol": "TCP"}]),
            json!([{"addresses": ["10.1.2.3", "2001:db8::1234:5678"]}]),
            "80|10.1.2.3,2001:db8::1234:5678",
        );
        check_slice(
            json!([{"port": 80}, {"port": 443}, {"port": 3000}, {"port": 3001}]),
            json!([{"addresses": ["10.1.2.3"]}, {"addresses": ["10.2.3.4", "10.3.4.5"]}, {"addresses": ["10.4.5.6"]}]),
            "80,443,3000 + 1 more...|10.1.2.3,10.2.3.4,10.3.4.5 + 1 more...",
        );
        check_slice(json!([]), json!([]), "<unset>|<unset>");
        check_slice(json!([{"name": "x"}, {}]), json!([]), "x,*|<unset>");
    }
}
