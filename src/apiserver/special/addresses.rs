//! Sets of taken addresses and ports out of a range. A part at the bottom of each range is left to those who ask for a certain one, as upstream does, so that
//! a chosen address is rarely taken already.

use std::collections::HashSet;
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
    #[error("the provided IP ({address}) is not in the valid range. The range of valid IPs is {range}")]
    AddressOutside { address: IpAddr, range: String },
    #[error("provided port is not in the valid range. The range of valid ports is {first}-{last}")]
    PortOutside { first: u16, last: u16 },
}

/// Random probes before the range is searched in order.
const PROBES: usize = 32;

fn random(below: u128) -> u128 {
    uuid::Uuid::new_v4().as_u128() % below.max(1)
}

/// Addresses of services.
#[derive(Debug)]
pub struct AddressRange {
    cidr: Cidr,
    taken: HashSet<IpAddr>,
}

impl AddressRange {
    pub fn new(cidr: Cidr) -> Self {
        Self { cidr, taken: HashSet::new() }
    }
    /// Addresses that can be given away: neither the first nor, in IPv4, the last of the range.
    fn size(&self) -> u128 {
        let (bits, reserved) = match self.cidr.address {
            IpAddr::V4(_) => (32, 2),
            IpAddr::V6(_) => (128, 1),
        };
        // upstream also looks no further than this into a large range
        let host_bits = u32::from(bits - self.cidr.prefix_bits.min(bits)).min(20);
        (1_u128 << host_bits).saturating_sub(reserved)
    }
    /// The address at an index, from 0.
    pub fn at(&self, index: u128) -> IpAddr {
        match self.cidr.network() {
            IpAddr::V4(first) => IpAddr::V4(u32::from(first).wrapping_add(u32::try_from(index + 1).unwrap_or_default()).into()),
            IpAddr::V6(first) => IpAddr::V6((u128::from(first) + index + 1).into()),
        }
    }
    fn contains(&self, address: IpAddr) -> bool {
        self.cidr.contains(address) && address != self.cidr.network() && (address.is_ipv6() || address != self.at(self.size()))
    }
    /// Takes a certain address.
    pub fn take(&mut self, address: IpAddr) -> Result<(), RangeError> {
        if !self.contains(address) {
            return Err(RangeError::AddressOutside { address, range: self.cidr.to_string() });
        }
        if self.taken.insert(address) { Ok(()) } else { Err(RangeError::AddressTaken) }
    }
    /// Takes any address.
    pub fn take_any(&mut self) -> Result<IpAddr, RangeError> {
        let size = self.size();
        let band = static_band(size, 16, 256);
        let probes = (0..PROBES).map(|_| band + random(size - band));
        let found = probes.chain(band..size).chain(0..band).map(|index| self.at(index)).find(|address| !self.taken.contains(address));
        let address = found.ok_or(RangeError::Full)?;
        self.taken.insert(address);
        Ok(address)
    }
    pub fn release(&mut self, address: IpAddr) {
        self.taken.remove(&address);
    }
}

/// Node ports of services.
#[derive(Debug)]
pub struct PortRange {
    first: u16,
    last: u16,
    taken: HashSet<u16>,
}

impl PortRange {
    pub fn new(first: u16, last: u16) -> Self {
        Self { first, last, taken: HashSet::new() }
    }
    pub fn take(&mut self, port: u16) -> Result<(), RangeError> {
        if !(self.first..=self.last).contains(&port) {
            return Err(RangeError::PortOutside { first: self.first, last: self.last });
        }
        if self.taken.insert(port) { Ok(()) } else { Err(RangeError::PortTaken) }
    }
    pub fn take_any(&mut self) -> Result<u16, RangeError> {
        let size = u128::from(self.last - self.first) + 1;
        let band = static_band(size, 32, 128);
        let probes = (0..PROBES).map(|_| band + random(size - band));
        let port = |index: u128| self.first + u16::try_from(index).unwrap_or_default();
        let found = probes.chain(band..size).chain(0..band).map(port).find(|port| !self.taken.contains(port));
        let port = found.ok_or(RangeError::Full)?;
        self.taken.insert(port);
        Ok(port)
    }
    pub fn release(&mut self, port: u16) {
        self.taken.remove(&port);
    }
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
    fn addresses_are_given_once_until_the_range_is_full() {
        let mut range = range("10.96.0.0/29");
        let mut all: Vec<IpAddr> = (0..6).map(|_| range.take_any().unwrap()).collect();
        all.sort();
        assert_eq!(all.first().unwrap().to_string(), "10.96.0.1");
        assert_eq!(all.last().unwrap().to_string(), "10.96.0.6");
        assert_eq!(range.take_any(), Err(RangeError::Full));
        range.release(all[3]);
        assert_eq!(range.take(all[3]), Ok(()));
        assert_eq!(range.take(all[3]), Err(RangeError::AddressTaken));
    }

    #[test]
    fn addresses_outside_are_refused() {
        for address in ["10.95.0.1", "10.96.0.0", "10.96.255.255"] {
            let address: IpAddr = address.parse().unwrap();
            let expected = RangeError::AddressOutside { address, range: "10.96.0.0/16".to_owned() };
            assert_eq!(range("10.96.0.0/16").take(address), Err(expected), "{address}");
        }
    }

    #[test]
    fn ports() {
        let mut range = PortRange::new(30000, 30002);
        assert_eq!(range.take(30001), Ok(()));
        assert_eq!(range.take(30001), Err(RangeError::PortTaken));
        assert_eq!(range.take(29999), Err(RangeError::PortOutside { first: 30000, last: 30002 }));
        let mut rest = vec![range.take_any().unwrap(), range.take_any().unwrap()];
        rest.sort_unstable();
        assert_eq!(rest, [30000, 30002]);
        assert_eq!(range.take_any(), Err(RangeError::Full));
    }
}
