//! Rules that many kinds share, in upstream's words.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::Serialize;

pub(crate) const NOT_NEGATIVE: &str = "must be greater than or equal to 0";
pub(crate) const POSITIVE: &str = "must be greater than 0";
pub(crate) const IMMUTABLE: &str = "field is immutable";
pub(crate) const NOT_INTEGER: &str = "must be an integer";
pub(crate) const PROTOCOLS: &[&str] = &["SCTP", "TCP", "UDP"];

/// The text, or nothing.
pub(crate) fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

/// Sets what is absent or empty.
pub(crate) fn fill(field: &mut Option<String>, value: &str) {
    if text(field).is_empty() {
        *field = Some(value.to_owned());
    }
}

/// Drops what Go's encoder would not write: an empty text.
pub(crate) fn drop_empty(field: &mut Option<String>) {
    if field.as_deref() == Some("") {
        *field = None;
    }
}

/// As [`drop_empty`], of a flag that upstream has no third state for.
pub(crate) fn drop_false(field: &mut Option<bool>) {
    if *field == Some(false) {
        *field = None;
    }
}

pub(crate) fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// One fault a message.
pub(crate) fn invalid(path: &Path, value: &str, faults: Vec<String>) -> impl Iterator<Item = FieldError> {
    faults.into_iter().map(move |fault| FieldError::invalid(path, value, fault))
}

pub(crate) fn label(value: &str, path: &Path) -> ErrorList {
    invalid(path, value, names::dns1123_label(value, false)).collect()
}

pub(crate) fn subdomain(value: &str, path: &Path) -> ErrorList {
    invalid(path, value, names::dns1123_subdomain(value, false)).collect()
}

pub(crate) fn qualified_name(value: &str, path: &Path) -> ErrorList {
    invalid(path, value, names::qualified_name(value)).collect()
}

pub(crate) fn not_negative(value: impl Into<i64>, path: &Path) -> Option<FieldError> {
    let value = value.into();
    (value < 0).then(|| FieldError::invalid(path, value, NOT_NEGATIVE))
}

pub(crate) fn immutable<T: PartialEq + Serialize>(new: &T, old: &T, path: &Path) -> Option<FieldError> {
    (new != old).then(|| FieldError::invalid(path, json(new), IMMUTABLE))
}

/// A value from a fixed list, in the order in which upstream lists it.
pub(crate) fn one_of(value: &str, supported: &[&str], path: &Path) -> Option<FieldError> {
    (!supported.contains(&value)).then(|| FieldError::not_supported_in_order(path, value, supported))
}

/// As [`one_of`]; nothing is a fault of its own.
pub(crate) fn required_one_of(value: &str, supported: &[&str], path: &Path) -> Option<FieldError> {
    if value.is_empty() { Some(FieldError::required(path, "")) } else { one_of(value, supported, path) }
}

pub(crate) fn port_number(port: i32, path: &Path) -> ErrorList {
    names::port_number(port.into()).into_iter().map(|fault| FieldError::invalid(path, port, fault)).collect()
}

/// A port's number or name.
pub(crate) fn port(port: &IntOrString, path: &Path) -> ErrorList {
    match port {
        IntOrString::Int(number) => port_number(*number, path),
        IntOrString::String(name) => invalid(path, name, names::port_name(name)).collect(),
    }
}

/// A quantity as a number. What is none has been refused by decoding.
pub(crate) fn amount(quantity: &Quantity) -> api::Quantity {
    quantity.0.parse().unwrap_or_else(|_| api::Quantity::new(0, api::quantity::Format::DecimalSi))
}

/// True where the selector has neither labels nor expressions.
pub(crate) fn is_empty_selector(selector: &LabelSelector) -> bool {
    selector.match_labels.as_ref().is_none_or(std::collections::BTreeMap::is_empty)
        && selector.match_expressions.as_ref().is_none_or(Vec::is_empty)
}

/// The address as it counts for families: IPv4 or IPv6.
pub(crate) fn is_ipv6(address: &str) -> bool {
    address.parse::<std::net::Ipv6Addr>().is_ok()
}

/// Addresses that mean nothing to somebody else: unspecified, loopback, link-local.
pub(crate) fn not_special_ip(value: &str, path: &Path) -> ErrorList {
    let Some(address) = api::addresses::parse_sloppy(value) else {
        return vec![FieldError::invalid(path, value, "must be a valid IP address")];
    };
    let (local, local_multicast) = match address {
        std::net::IpAddr::V4(v4) => (v4.is_link_local(), v4.octets()[..3] == [224, 0, 0]),
        std::net::IpAddr::V6(v6) => (v6.is_unicast_link_local(), v6.segments()[0] & 0xff0f == 0xff02),
    };
    let mut errors = ErrorList::new();
    if address.is_unspecified() {
        errors.push(FieldError::invalid(path, value, format!("may not be unspecified ({value})")));
    }
    if address.is_loopback() {
        errors.push(FieldError::invalid(path, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)"));
    }
    if local {
        errors.push(FieldError::invalid(path, value, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"));
    }
    if local_multicast {
        errors.push(FieldError::invalid(path, value, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"));
    }
    errors
}

/// An amount of a resource: not negative, and whole where it counts things.
pub(crate) fn resource_amount(name: &str, quantity: &Quantity, path: &Path) -> ErrorList {
    let value = amount(quantity);
    let mut errors = ErrorList::new();
    if value.sign() < 0 {
        errors.push(FieldError::invalid(path, quantity.0.as_str(), NOT_NEGATIVE));
    }
    if counts_things(name) && value.milli_value() % 1000 != 0 {
        errors.push(FieldError::invalid(path, quantity.0.as_str(), NOT_INTEGER));
    }
    errors
}

/// Resources of which there are only whole ones.
pub(crate) fn counts_things(name: &str) -> bool {
    const COUNTED: &[&str] = &[
        "pods",
        "services",
        "replicationcontrollers",
        "resourcequotas",
        "secrets",
        "configmaps",
        "persistentvolumeclaims",
        "services.nodeports",
        "services.loadbalancers",
    ];
    COUNTED.contains(&name) || is_extended(name)
}

/// `example.com/device`: neither Kubernetes' own nor a quota's.
pub fn is_extended(name: &str) -> bool {
    !is_native(name) && !name.starts_with("requests.") && names::qualified_name(&format!("requests.{name}")).is_empty()
}

/// Without a prefix, or with one of Kubernetes.
pub(crate) fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

pub(crate) fn is_huge_page(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Requests below limits are possible.
pub(crate) fn overcommits(name: &str) -> bool {
    is_native(name) && !is_huge_page(name)
}
