//! `clusterIP` and `clusterIPs`, families and their policy: one thing said in several fields.

use k8s_openapi::api::core::v1::ServiceSpec;

use super::HEADLESS;
use crate::rules::{is_ipv6, text};

/// Brings `clusterIP` and `clusterIPs` together, so that authors may set either, and clear both by clearing one.
pub fn normalize(spec: &mut ServiceSpec, before: Option<&ServiceSpec>) {
    let primary = text(&spec.cluster_ip).to_owned();
    let list = spec.cluster_ips.clone().unwrap_or_default();
    let Some(before) = before else {
        if !primary.is_empty() && list.is_empty() {
            spec.cluster_ips = Some(vec![primary]);
        }
        return;
    };
    let (old_primary, old_list) = (text(&before.cluster_ip), before.cluster_ips.clone().unwrap_or_default());
    if primary.is_empty() && !old_primary.is_empty() && list == old_list {
        spec.cluster_ips = None;
    } else if list.is_empty() && !old_list.is_empty() && primary == old_primary {
        spec.cluster_ip = None;
    } else if primary != old_primary && list == old_list {
        spec.cluster_ips = Some(vec![primary]).filter(|list| !list[0].is_empty());
    } else if list.is_empty() && !primary.is_empty() {
        spec.cluster_ips = Some(vec![primary]);
    }
}

/// Families of a cluster with IPv4 addresses: one family unless the author has said more. Services without any address family stay so.
pub(super) fn default_families(spec: &mut ServiceSpec) {
    if text(&spec.type_) == "ExternalName" {
        return;
    }
    let addresses: Vec<String> = spec.cluster_ips.iter().flatten().filter(|address| *address != HEADLESS).cloned().collect();
    if spec.ip_family_policy.is_none() {
        let several = addresses.len() > 1 || spec.ip_families.as_ref().is_some_and(|families| families.len() > 1);
        spec.ip_family_policy = Some(if several { "RequireDualStack" } else { "SingleStack" }.to_owned());
    }
    if spec.ip_families.as_ref().is_none_or(Vec::is_empty) {
        let of = |address: &String| if is_ipv6(address) { "IPv6" } else { "IPv4" }.to_owned();
        let mut families: Vec<String> = addresses.iter().map(of).collect();
        if families.is_empty() {
            families.push("IPv4".to_owned());
        }
        // a headless service without a selector is told of by its endpoints alone, whatever their family
        let selectorless = super::is_headless(spec) && spec.selector.as_ref().is_none_or(std::collections::BTreeMap::is_empty);
        if selectorless && text(&spec.ip_family_policy) != "SingleStack" {
            families = vec!["IPv4".to_owned(), "IPv6".to_owned()];
        }
        spec.ip_families = Some(families);
    }
}
