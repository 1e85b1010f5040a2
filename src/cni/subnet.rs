//! An IPv4 range in CIDR form and the host addresses in it.
use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An IPv4 range. The address is kept masked to the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet {
    network: u32,
    prefix: u8,
}

/// The text is not an IPv4 range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid CIDR address: {0}")]
pub struct InvalidSubnet(String);

impl Subnet {
    /// The range of the given prefix length that contains `address`; `None` when the prefix is longer than 32.
    pub fn new(address: Ipv4Addr, prefix: u8) -> Option<Subnet> {
        (prefix <= 32).then(|| Subnet { network: address.to_bits() & mask(prefix), prefix })
    }

    /// The length of the prefix in bits.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// The first address of the range.
    pub fn network(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.network)
    }

    /// Whether the range contains the address.
    pub fn contains(self, address: Ipv4Addr) -> bool {
        address.to_bits() & mask(self.prefix) == self.network
    }

    /// The first usable address, which is by convention the node's own.
    pub fn first_host(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.host_bounds().0)
    }

    /// All usable addresses once, in order, beginning after `last` and wrapping around at the end of the range.
    pub fn hosts_after(self, last: Option<Ipv4Addr>) -> impl Iterator<Item = Ipv4Addr> {
        let (low, high) = self.host_bounds();
        let count = high - low + 1;
        let start = match last.map(Ipv4Addr::to_bits) {
            Some(last) if (low..high).contains(&last) => last + 1 - low,
            _ => 0,
        };
        (0..count).map(move |step| Ipv4Addr::from_bits(low + ((u64::from(start) + u64::from(step)) % u64::from(count)) as u32))
    }

    /// First and last usable address: the network and broadcast addresses are left out where the range has them (prefix up to 30).
    fn host_bounds(self) -> (u32, u32) {
        let last = self.network | !mask(self.prefix);
        if self.prefix > 30 { (self.network, last) } else { (self.network + 1, last - 1) }
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

impl FromStr for Subnet {
    type Err = InvalidSubnet;

    fn from_str(text: &str) -> Result<Subnet, InvalidSubnet> {
        text.split_once('/')
            .and_then(|(address, prefix)| Subnet::new(address.parse().ok()?, prefix.parse().ok()?))
            .ok_or_else(|| InvalidSubnet(text.to_owned()))
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.network(), self.prefix)
    }
}

impl Serialize for Subnet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subnet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Subnet, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subnet: &str, last: Option<&str>, expected: &[&str]) {
        let hosts: Vec<String> =
            subnet.parse::<Subnet>().unwrap().hosts_after(last.map(|last| last.parse().unwrap())).map(|host| host.to_string()).collect();
        assert_eq!(hosts, expected);
    }

    #[test]
    fn hosts_wrap_around_after_the_last_one_given_out() {
        check("10.0.0.0/29", None, &["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"]);
        check("10.0.0.0/29", Some("10.0.0.4"), &["10.0.0.5", "10.0.0.6", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]);
        check("10.0.0.0/29", Some("10.0.0.6"), &["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"]);
        check("10.0.0.0/30", Some("192.168.0.1"), &["10.0.0.1", "10.0.0.2"]);
        check("10.0.0.6/31", None, &["10.0.0.6", "10.0.0.7"]);
        check("10.0.0.6/32", None, &["10.0.0.6"]);
    }

    #[test]
    fn text_form_is_masked() {
        let subnet: Subnet = "10.244.3.7/24".parse().unwrap();
        assert_eq!(subnet.to_string(), "10.244.3.0/24");
        assert_eq!(subnet.first_host(), Ipv4Addr::new(10, 244, 3, 1));
        assert!(subnet.contains(Ipv4Addr::new(10, 244, 3, 255)) && !subnet.contains(Ipv4Addr::new(10, 244, 4, 0)));
        assert_eq!("0.0.0.0/0".parse::<Subnet>().unwrap().hosts_after(None).next(), Some(Ipv4Addr::new(0, 0, 0, 1)));
        for text in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/24", "fd00::/64"] {
            assert_eq!(text.parse::<Subnet>().unwrap_err().to_string(), format!("invalid CIDR address: {text}"));
        }
    }
}
