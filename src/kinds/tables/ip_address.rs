//! Addresses of services, and whose they are.

use jiff::Timestamp;
use k8s_openapi::api::networking::v1::IPAddress;
use output::table::Cell;

use super::cell::{name, row};
use super::column::{NAME, text};
use crate::Column;

pub const COLUMNS: &[Column] = &[
    NAME,
    text("ParentRef", "parentRef references the resource that an IPAddress is attached to. An IPAddress must reference a parent object."),
];

pub fn cells(address: &IPAddress, _now: Timestamp) -> Vec<Cell> {
    let parent = &address.spec.parent_ref;
    let filled = |text: &Option<String>, before: &str| {
        text.as_deref().filter(|text| !text.is_empty()).map(|text| format!("{before}{text}")).unwrap_or_default()
    };
    let resource = format!("{}{}", parent.resource, filled(&parent.group, ".")).to_lowercase();
    row![name(address), format!("{resource}{}/{}", filled(&parent.namespace, "/"), parent.name)]
}

#[cfg(test)]
mod tests {
    use super::super::test_support::check;
    use serde_json::json;

    #[test]
    fn addresses() {
        let address = |parent: serde_json::Value| json!({"metadata": {"name": "192.168.2.2"}, "spec": {"parentRef": parent}});
        check(
            &crate::IP_ADDRESS,
            address(json!({"group": "mygroup", "resource": "myresource", "namespace": "mynamespace", "name": "myname"})),
            "192.168.2.2|myresource.mygroup/mynamespace/myname",
        );
        check(
            &crate::IP_ADDRESS,
            address(json!({"resource": "services", "namespace": "default", "name": "kubernetes"})),
            "192.168.2.2|services/default/kubernetes",
        );
    }
}
