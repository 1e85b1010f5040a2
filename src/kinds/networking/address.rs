//! ServiceCIDRs and IPAddresses.

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::networking::v1::{IPAddress, ServiceCIDR};

use crate::Part;
use crate::rules::{immutable, json};

pub(crate) struct ServiceCidrBehaviour;

impl crate::Behaviour<ServiceCIDR> for ServiceCidrBehaviour {
    fn default(&self, range: &mut ServiceCIDR) {
        range.spec.get_or_insert_default();
        range.status.get_or_insert_default();
    }
    crate::parts::separate_status!(ServiceCIDR);
    fn validate(&self, range: &ServiceCIDR) -> ErrorList {
        let path = Path::new("spec").child("cidrs");
        let ranges = range.spec.as_ref().and_then(|spec| spec.cidrs.clone()).unwrap_or_default();
        let mut errors = ErrorList::new();
        if ranges.is_empty() {
            return vec![FieldError::required(&path, "at least one CIDR required")];
        }
        if ranges.len() > 2 {
            errors.push(FieldError::invalid(&path, json(&ranges), "may only hold up to 2 values"));
        } else if ranges.len() == 2 && ranges.iter().filter(|range| range.contains(':')).count() != 1 {
            errors.push(FieldError::invalid(
                &path,
                json(&ranges),
                "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64",
            ));
        }
        errors.extend(ranges.iter().enumerate().flat_map(|(index, range)| api::addresses::cidr(range, &path.index(index))));
        errors
    }
    fn validate_update(&self, part: Part, range: &ServiceCIDR, old: &ServiceCIDR) -> ErrorList {
        if part == Part::Status {
            return ErrorList::new();
        }
        let of = |range: &ServiceCIDR| range.spec.as_ref().and_then(|spec| spec.cidrs.clone()).unwrap_or_default();
        let (new, before) = (of(range), of(old));
        // a second family may be added
        let kept = new.len() >= before.len() && new[..before.len()] == before[..];
        let path = Path::new("spec").child("cidrs");
        let mut errors = self.validate(range);
        if !kept {
            errors.extend(immutable(&new, &before, &path));
        }
        errors
    }
}

pub(crate) struct IpAddressBehaviour;

impl crate::Behaviour<IPAddress> for IpAddressBehaviour {
    fn validate(&self, address: &IPAddress) -> ErrorList {
        let (parent, path) = (&address.spec.parent_ref, Path::new("spec").child("parentRef"));
        let mut errors = ErrorList::new();
        for (field, value) in [("resource", &parent.resource), ("name", &parent.name)] {
            if value.is_empty() {
                errors.push(FieldError::required(&path.child(field), ""));
            }
        }
        errors
    }
    fn validate_update(&self, _part: Part, address: &IPAddress, old: &IPAddress) -> ErrorList {
        let path = Path::new("spec").child("parentRef");
        immutable(&address.spec.parent_ref, &old.spec.parent_ref, &path).into_iter().collect()
    }
    fn name_errors(&self, name: &str, _prefix: bool) -> Vec<String> {
        match name.parse::<std::net::IpAddr>() {
            Ok(address) if address.to_string() == name => Vec::new(),
            Ok(_) => vec!["must be a valid IP address in canonical form".to_owned()],
            Err(_) => vec!["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)".to_owned()],
        }
    }
    fn fields(&self, address: &IPAddress) -> Vec<(&'static str, String)> {
        let parent = &address.spec.parent_ref;
        let group = parent.group.clone().unwrap_or_default();
        vec![
            ("spec.parentRef.group", group),
            ("spec.parentRef.resource", parent.resource.clone()),
            ("spec.parentRef.name", parent.name.clone()),
        ]
    }
    fn field_names(&self) -> &'static [&'static str] {
        &["spec.parentRef.group", "spec.parentRef.resource", "spec.parentRef.name"]
    }
}
