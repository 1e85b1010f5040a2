//! Ranges of addresses and ports, and choices out of them. A part at the bottom of each is left to those who ask for a certain one, as upstream does, so that
//! a chosen address is rarely taken already.

use std::net::IpAddr;

use api::addresses::Cidr;

/// Why an address or port can not be had; the words are upstream's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    #[error("provided IP is already allocated")]
    AddressTaken,
    #[error("provided port is already allocated")]
    PortTaken,
    #[error("range is full")]
    Full,
    #[error("the provided network does not match the current range")]
    AddressOutside,
    #[error("provided port is not in the valid range. The range of valid ports is {first}-{last}")]
    PortOutside { first: u16, last: u16 },
}

/// Random probes before the range is searched in order.
const PROBES: usize = 32;
/// Bits of a large range that are looked into, as upstream's.
const BITS: u32 = 20;

fn random(below: u128) -> u128 {
    uuid::Uuid::new_v4().as_u128() % below.max(1)
}

/// Addresses of services.
#[derive(Clone, Copy, Debug)]
pub struct AddressRange(Cidr);

impl AddressRange {
    pub fn new(cidr: Cidr) -> Self {
        Self(cidr)
    }
    pub fn is_ipv6(&self) -> bool {
        self.0.address.is_ipv6()
    }
    fn host_bits(&self) -> u32 {
        let bits = if self.is_ipv6() { 128 } else { 32 };
        bits - u32::from(self.0.prefix_bits).min(bits)
    }
    /// Addresses that can be given away: neither the first nor, in IPv4, the last of the range.
    fn size(&self) -> u128 {
        let reserved = if self.is_ipv6() { 1 } else { 2 };
        (1_u128 << self.host_bits().min(BITS)).saturating_sub(reserved)
    }
    /// The address at an index, from 0.
    pub fn at(&self, index: u128) -> IpAddr {
        match self.0.network() {
            IpAddr::V4(first) => IpAddr::V4(u32::from(first).wrapping_add(u32::try_from(index + 1).unwrap_or_default()).into()),
            IpAddr::V6(first) => IpAddr::V6((u128::from(first).wrapping_add(index + 1)).into()),
        }
    }
    /// Whether an address can be given out of it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let last = (1_u128 << self.host_bits().min(32)) - 1;
        let broadcast = last.checked_sub(1).map(|index| self.at(index));
        self.0.contains(address) && address != self.0.network() && (address.is_ipv6() || Some(address) != broadcast)
    }
    /// Any address that is free.
    pub fn pick(&self, free: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
        pick(self.size(), static_band(self.size(), 16, 256), |index| self.at(index), |address| free(*address))
    }
}

/// Node ports of services.
#[derive(Clone, Copy, Debug)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    pub fn new(first: u16, last: u16) -> Self {
        Self { first, last }
    }
    /// What is wrong with asking for a port.
    pub fn check(&self, port: u16) -> Result<(), RangeError> {
        let inside = (self.first..=self.last).contains(&port);
        if inside { Ok(()) } else { Err(self.outside()) }
    }
    pub fn outside(&self) -> RangeError {
        RangeError::PortOutside { first: self.first, last: self.last }
    }
    /// Any port that is free.
    pub fn pick(&self, free: impl Fn(u16) -> bool) -> Option<u16> {
        let size = u128::from(self.last.saturating_sub(self.first)) + 1;
        let at = |index: u128| self.first.saturating_add(u16::try_from(index).unwrap_or_default());
        pick(size, static_band(size, 32, 128), at, |port| free(*port))
    }
}

/// One of `size` that is free: by chance, then in order, those of the band last.
fn pick<T>(size: u128, band: u128, at: impl Fn(u128) -> T, free: impl Fn(&T) -> bool) -> Option<T> {
    let probes = (0..PROBES).filter(|_| size > band).map(|_| band + random(size - band));
    probes.chain(band..size).chain(0..band.min(size)).map(at).find(free)
}

/// The bottom part that is not given away unasked.
fn static_band(size: u128, divisor: u128, most: u128) -> u128 {
    if size <= 16 { 0 } else { (size / divisor).clamp(16, most) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> AddressRange {
        AddressRange::new(Cidr::parse(text).unwrap())
    }

    #[test]
    fn addresses_are_given_until_the_range_is_full() {
        let range = range("10.96.0.0/29");
        let mut all: Vec<IpAddr> = Vec::new();
        while let Some(address) = range.pick(|address| !all.contains(&address)) {
            all.push(address);
        }
        all.sort();
        assert_eq!(all.len(), 6);
        assert_eq!(all.first().unwrap().to_string(), "10.96.0.1");
        assert_eq!(all.last().unwrap().to_string(), "10.96.0.6");
        assert!(all.iter().all(|address| range.contains(*address)));
    }

    #[test]
    fn addresses_outside() {
        let check = |range_text: &str, address: &str, expected: bool| {
            assert_eq!(range(range_text).contains(address.parse().unwrap()), expected, "{address} of {range_text}");
        };
        for address in ["10.95.0.1", "10.96.0.0", "10.96.255.255", "fd00::1"] {
            check("10.96.0.0/16", address, false);
        }
        check("10.96.0.0/16", "10.96.255.254", true);
        check("10.0.0.0/8", "10.255.255.255", false);
        check("10.0.0.0/8", "10.15.255.255", true);
        check("10.0.0.1/32", "10.0.0.1", false);
        check("fd00::/64", "fd00::ffff:ffff:ffff:ffff", true);
    }

    #[test]
    fn ports() {
        let range = PortRange::new(30000, 30002);
        assert_eq!(range.check(30001), Ok(()));
        assert_eq!(range.check(29999), Err(RangeError::PortOutside { first: 30000, last: 30002 }));
        let mut all = vec![30001];
        while let Some(port) = range.pick(|port| !all.contains(&port)) {
            all.push(port);
        }
        all.sort_unstable();
        assert_eq!(all, [30000, 30001, 30002]);
    }
}
