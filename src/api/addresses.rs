//! IP addresses and CIDRs in objects: what is wrong with one, in upstream's words. Old fields accept leading zeros and IPv4-mapped IPv6, new
//! ones demand the canonical form.

use std::net::{IpAddr, Ipv4Addr};

use crate::field::{ErrorList, FieldError, Path, quoted};

/// An address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    pub address: IpAddr,
    pub prefix_bits: u8,
}

impl Cidr {
    /// Reads `10.0.0.0/8`, leading zeros allowed.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let address = parse_sloppy(address)?;
        let prefix_bits: u8 = if bits.bytes().all(|byte| byte.is_ascii_digit()) { bits.parse().ok()? } else { return None };
        (prefix_bits <= address_bits(address)).then_some(Self { address, prefix_bits })
    }
    /// The address with what stands beyond the prefix cleared.
    pub fn network(&self) -> IpAddr {
        let host_bits = u32::from(address_bits(self.address) - self.prefix_bits);
        match self.address {
            IpAddr::V4(address) => IpAddr::V4((u32::from(address) & u32::MAX.checked_shl(host_bits).unwrap_or(0)).into()),
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) & u128::MAX.checked_shl(host_bits).unwrap_or(0)).into()),
        }
    }
    pub fn contains(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4() && Self { address, ..*self }.network() == self.network()
    }
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_bits)
    }
}

fn address_bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Reads an address with leading zeros in its decimal parts, as Kubernetes once did everywhere.
pub fn parse_sloppy(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let (before, decimal) = text.rfind(':').map_or(("", text), |colon| text.split_at(colon + 1));
    let parts: Vec<&str> = decimal.split('.').collect();
    if parts.len() != 4 {
        return None;
    }
    let part = |text: &&str| if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse::<u8>().ok() } else { None };
    let bytes: Vec<u8> = parts.iter().map(part).collect::<Option<_>>()?;
    let decimal = Ipv4Addr::new(bytes[0], bytes[1], bytes[2], bytes[3]);
    format!("{before}{decimal}").parse().ok()
}

fn mapped(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some())
}

/// An address as Go's `net.IP` prints it: IPv4-mapped IPv6 as IPv4.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Faults of an address in a field that has always been there; `strict` refuses leading zeros and IPv4-mapped IPv6.
pub fn legacy_ip(value: &str, strict: bool, path: &Path) -> ErrorList {
    let invalid = |detail: &str| vec![FieldError::invalid(path, value, detail)];
    match parse_sloppy(value) {
        None => invalid("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
        Some(_) if strict && value.parse::<IpAddr>().is_err() => invalid("must not have leading 0s"),
        Some(address) if strict && mapped(address) => invalid("must not be an IPv4-mapped IPv6 address"),
        Some(_) => ErrorList::new(),
    }
}

/// Faults of an address in a new field: canonical form only.
pub fn ip(value: &str, path: &Path) -> ErrorList {
    let errors = legacy_ip(value, true, path);
    if !errors.is_empty() {
        return errors;
    }
    match parse_sloppy(value).map(|address| canonical(address).to_string()) {
        Some(text) if text != value => {
            vec![FieldError::invalid(path, value, format!("must be in canonical form ({})", quoted(&text)))]
        }
        _ => ErrorList::new(),
    }
}

/// Faults of a CIDR in a field that has always been there; `strict` as in [`legacy_ip`], and refuses bits beyond the prefix.
pub fn legacy_cidr(value: &str, strict: bool, path: &Path) -> ErrorList {
    let invalid = |detail: &str| vec![FieldError::invalid(path, value, detail)];
    let Some(cidr) = Cidr::parse(value) else { return invalid("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)") };
    if !strict {
        return ErrorList::new();
    }
    let (address, bits) = value.split_once('/').unwrap_or_default();
    if address.parse::<IpAddr>().is_err() || (bits.len() > 1 && bits.starts_with('0')) {
        invalid("must not have leading 0s in IP or prefix length")
    } else if mapped(cidr.address) {
        invalid("must not have an IPv4-mapped IPv6 address")
    } else if cidr.network() != cidr.address {
        invalid("must not have bits set beyond the prefix length")
    } else {
        ErrorList::new()
    }
}

/// Faults of a CIDR in a new field: canonical form only.
pub fn cidr(value: &str, path: &Path) -> ErrorList {
    let errors = legacy_cidr(value, true, path);
    if !errors.is_empty() {
        return errors;
    }
    match Cidr::parse(value).map(|cidr| cidr.to_string()) {
        Some(text) if text != value => {
            vec![FieldError::invalid(path, value, format!("must be in canonical form ({})", quoted(&text)))]
        }
        _ => ErrorList::new(),
    }
}

/// Warnings for an address that an old field accepts and a new one would not.
pub fn ip_warning(value: &str, path: &Path) -> Option<String> {
    let address = parse_sloppy(value)?;
    let (shown, plain) = (quoted(value), quoted(&canonical(address).to_string()));
    if value.parse::<IpAddr>().is_err() || mapped(address) {
        return Some(format!("{path}: non-standard IP address {shown} is invalid: use {plain}"));
    }
    (address.is_ipv6() && address.to_string() != value)
        .then(|| format!("{path}: IPv6 address {shown} should be in RFC 5952 canonical format ({plain})"))
}

/// Warnings for a range that an old field accepts and a new one would not.
pub fn cidr_warnings(value: &str, path: &Path) -> Vec<String> {
    let Some(cidr) = Cidr::parse(value) else { return Vec::new() };
    let network = Cidr { address: canonical(cidr.network()), prefix_bits: cidr.prefix_bits };
    let shown = quoted(value);
    let mut warnings = Vec::new();
    if cidr.address != cidr.network() {
        let only = Cidr { address: canonical(cidr.address), prefix_bits: address_bits(cidr.address) };
        let (network, only) = (quoted(&network.to_string()), quoted(&only.to_string()));
        warnings.push(format!("{path}: CIDR value {shown} is ambiguous in this context (should be {network} or {only}?)"));
    }
    if !is_strict_cidr(value) || mapped(cidr.address) {
        warnings.push(format!("{path}: non-standard CIDR value {shown} is invalid: use {}", quoted(&network.to_string())));
    }
    if warnings.is_empty() && cidr.address.is_ipv6() && cidr.to_string() != value {
        warnings.push(format!("{path}: IPv6 CIDR value {shown} should be in RFC 5952 canonical format ({})", quoted(&cidr.to_string())));
    }
    warnings
}

/// Whether neither the address nor the length has leading zeros.
fn is_strict_cidr(value: &str) -> bool {
    value.split_once('/').is_some_and(|(address, bits)| {
        address.parse::<IpAddr>().is_ok() && (bits.len() == 1 || !bits.starts_with('0')) && bits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: impl Fn(&str, &Path) -> ErrorList, value: &str, expected: &str) {
        let text = rule(value, &Path::new("ip")).first().map(|error| error.detail.clone()).unwrap_or_default();
        assert_eq!(text, expected, "{value}");
    }

    #[test]
    fn addresses() {
        for good in ["10.9.8.7", "2001:db8::ffff", "::"] {
            check(ip, good, "");
        }
        check(|value, path| legacy_ip(value, false, path), "010.002.003.004", "");
        check(|value, path| legacy_ip(value, false, path), "::ffff:1.2.3.4", "");
        check(|value, path| legacy_ip(value, false, path), "::ffff:1.2.3.04", "");
        check(ip, "010.002.003.004", "must not have leading 0s");
        check(ip, "::ffff:1.2.3.4", "must not be an IPv4-mapped IPv6 address");
        check(ip, "2001:DB8::1", r#"must be in canonical form ("2001:db8::1")"#);
        for bad in ["", "myhost", "1.2.3", "1.2.3.400", "1.2.3.4/8", "-1.0.0.0", "[::1]"] {
            check(ip, bad, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        assert_eq!(
            ip_warning("012.1.1.1", &Path::new("a")).as_deref(),
            Some(r#"a: non-standard IP address "012.1.1.1" is invalid: use "12.1.1.1""#)
        );
    }

    #[test]
    fn ranges() {
        for good in ["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/64", "1.2.3.4/32", "::/0"] {
            check(cidr, good, "");
        }
        check(cidr, "10.0.0.1/8", "must not have bits set beyond the prefix length");
        check(cidr, "10.0.0.0/08", "must not have leading 0s in IP or prefix length");
        check(cidr, "010.0.0.0/8", "must not have leading 0s in IP or prefix length");
        check(cidr, "2001:DB8::/64", r#"must be in canonical form ("2001:db8::/64")"#);
        for bad in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/+8", "::/129", "10.0.0/8"] {
            check(cidr, bad, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
        let range = Cidr::parse("10.96.0.0/16").unwrap();
        assert!(range.contains("10.96.255.1".parse().unwrap()) && !range.contains("10.97.0.1".parse().unwrap()));
        assert!(!Cidr::parse("0.0.0.0/0").unwrap().contains("::1".parse().unwrap()));
    }
}
