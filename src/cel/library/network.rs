//! IP addresses and CIDRs.

use std::net::{IpAddr, Ipv6Addr};

use api::addresses::Cidr;

use super::Extension;
use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("string_to_ip", "ip", "(string) -> IP", to_ip),
    row("cidr_ip", "ip", "CIDR.() -> IP", ip_of_cidr),
    row("ip_family", "family", "IP.() -> int", family),
    row("ip_is_canonical", "ip.isCanonical", "(string) -> bool", is_canonical),
    row("ip_is_unspecified", "isUnspecified", "IP.() -> bool", is_unspecified),
    row("ip_is_loopback", "isLoopback", "IP.() -> bool", is_loopback),
    row("ip_is_link_local_multicast", "isLinkLocalMulticast", "IP.() -> bool", is_link_local_multicast),
    row("ip_is_link_local_unicast", "isLinkLocalUnicast", "IP.() -> bool", is_link_local_unicast),
    row("ip_is_global_unicast", "isGlobalUnicast", "IP.() -> bool", is_global_unicast),
    row("is_ip", "isIP", "(string) -> bool", is_ip),
    row("ip_to_string", "string", "(IP) -> string", ip_text),
    row("string_to_cidr", "cidr", "(string) -> CIDR", to_cidr),
    row("cidr_contains_ip_string", "containsIP", "CIDR.(string) -> bool", contains_ip),
    row("cidr_contains_ip_ip", "containsIP", "CIDR.(IP) -> bool", contains_ip),
    row("cidr_contains_cidr_string", "containsCIDR", "CIDR.(string) -> bool", contains_cidr),
    row("cidr_contains_cidr", "containsCIDR", "CIDR.(CIDR) -> bool", contains_cidr),
    row("cidr_prefix_length", "prefixLength", "CIDR.() -> int", prefix_length),
    row("cidr_masked", "masked", "CIDR.() -> CIDR", masked),
    row("is_cidr", "isCIDR", "(string) -> bool", is_cidr),
    row("cidr_to_string", "string", "(CIDR) -> string", cidr_text),
];

/// An address; those of IPv4 inside IPv6, and those with zones, are refused.
fn parse_ip(text: &str) -> Result<IpAddr, String> {
    if text.contains('%') && text.contains(':') {
        return Err(format!("IP address {text:?} with zone value is not allowed"));
    }
    let address: IpAddr =
        text.parse().map_err(|_| format!("IP Address {text:?} parse error during conversion from string: {}", parse_error(text)))?;
    match address {
        IpAddr::V6(address) if is_mapped(address) => Err(format!("IPv4-mapped IPv6 address {text:?} is not allowed")),
        other => Ok(other),
    }
}

fn is_mapped(address: Ipv6Addr) -> bool {
    address.to_ipv4_mapped().is_some()
}

/// What Go says of a text that is no address.
fn parse_error(text: &str) -> String {
    let said = match text.find(['.', ':', '%']).map(|at| text.as_bytes().get(at)) {
        Some(Some(b'.')) => ipv4_error(text),
        Some(Some(b'%')) => "missing IPv6 address".to_owned(),
        _ => "unable to parse IP".to_owned(),
    };
    format!("ParseAddr({text:?}): {said}")
}

fn ipv4_error(text: &str) -> String {
    let (mut value, mut digits, mut fields) = (0_u32, 0, 0);
    for (at, byte) in text.bytes().enumerate() {
        let here = text.get(at..).unwrap_or("");
        match byte {
            b'0'..=b'9' if digits == 1 && value == 0 => return "IPv4 field has octet with leading zero".to_owned(),
            b'0'..=b'9' => {
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return "IPv4 field has value >255".to_owned();
                }
            }
            b'.' if digits == 0 || at + 1 == text.len() => return format!("IPv4 field must have at least one digit (at {here:?})"),
            b'.' if fields == 3 => return "IPv4 address too long".to_owned(),
            b'.' => {
                fields += 1;
                (value, digits) = (0, 0);
            }
            _ => return format!("unexpected character (at {here:?})"),
        }
    }
    "IPv4 address too short".to_owned()
}

fn parse_cidr(text: &str) -> Result<Cidr, String> {
    let refused = |why: String| format!("network address parse error during conversion from string: netip.ParsePrefix({text:?}): {why}");
    let Some((address, bits)) = text.rsplit_once('/') else { return Err(refused("no '/'".to_owned())) };
    let address: IpAddr = address.parse().map_err(|_| refused(parse_error(address)))?;
    let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (bits.len() > 1 && bits.starts_with('0')) {
        return Err(refused(format!("bad bits after slash: {bits:?}")));
    }
    let limit = if address.is_ipv4() { 32 } else { 128 };
    let prefix_bits =
        bits.parse().ok().filter(|bits: &u8| *bits <= limit).ok_or_else(|| refused("prefix length out of range".to_owned()))?;
    match address {
        IpAddr::V6(inner) if is_mapped(inner) => Err(format!("IPv4-mapped IPv6 address {text:?} is not allowed")),
        address => Ok(Cidr { address, prefix_bits }),
    }
}

fn of_ip<'a>(address: IpAddr) -> Value<'a> {
    Value::extension(Extension::Ip(address))
}

fn of_cidr<'a>(cidr: Cidr) -> Value<'a> {
    Value::extension(Extension::Cidr(cidr))
}

fn text<'v>(args: &'v [Value<'_>]) -> Option<&'v str> {
    args.first().and_then(Value::as_str)
}

fn to_ip<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match text(args).map(parse_ip) {
        Some(Ok(address)) => Ok(of_ip(address)),
        Some(Err(message)) => error(message),
        None => no_such_overload(),
    }
}

fn is_ip<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    text(args).map_or_else(no_such_overload, |text| Ok(Value::Bool(parse_ip(text).is_ok())))
}

fn is_canonical<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let Some(text) = text(args) else { return no_such_overload() };
    match parse_ip(text) {
        Ok(address) => Ok(Value::Bool(address.to_string() == text)),
        Err(message) => error(message),
    }
}

fn with_ip<'a>(args: &[Value<'a>], act: impl FnOnce(&IpAddr) -> Value<'a>) -> Outcome<'a> {
    match args.first() {
        Some(Value::Extension(extension)) => match &**extension {
            Extension::Ip(address) => Ok(act(address)),
            _ => no_such_overload(),
        },
        _ => no_such_overload(),
    }
}

fn family<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_ip(args, |address| Value::Int(if address.is_ipv4() { 4 } else { 6 }))
}

fn is_unspecified<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_ip(args, |address| Value::Bool(address.is_unspecified()))
}

fn is_loopback<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_ip(args, |address| Value::Bool(address.is_loopback()))
}

fn is_link_local_multicast<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_ip(args, |address| {
        Value::Bool(match address {
            IpAddr::V4(address) => address.octets().starts_with(&[224, 0, 0]),
            IpAddr::V6(address) => address.segments().first().is_some_and(|first| first & 0xff0f == 0xff02),
        })
    })
}

fn link_local(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

fn is_link_local_unicast<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_ip(args, |address| Value::Bool(link_local(address)))
}

fn is_global_unicast<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_ip(args, |address| {
        let broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
        Value::Bool(!(broadcast || address.is_unspecified() || address.is_loopback() || address.is_multicast() || link_local(address)))
    })
}

fn ip_text<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_ip(args, |address| Value::text(address.to_string()))
}

fn to_cidr<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    match text(args).map(parse_cidr) {
        Some(Ok(cidr)) => Ok(of_cidr(cidr)),
        Some(Err(message)) => error(format!("network address parse error during conversion from string: {message}")),
        None => no_such_overload(),
    }
}

fn is_cidr<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    text(args).map_or_else(no_such_overload, |text| Ok(Value::Bool(parse_cidr(text).is_ok())))
}

fn with_cidr<'a>(args: &[Value<'a>], act: impl FnOnce(&Cidr) -> Outcome<'a>) -> Outcome<'a> {
    match args.first() {
        Some(Value::Extension(extension)) => match &**extension {
            Extension::Cidr(cidr) => act(cidr),
            _ => no_such_overload(),
        },
        _ => no_such_overload(),
    }
}

fn ip_of_cidr<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_cidr(args, |cidr| Ok(of_ip(cidr.address)))
}

fn contains_ip<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let other = match args.get(1) {
        Some(text @ Value::String(_)) => to_ip(context, std::slice::from_ref(text)).or_else(|_| no_such_overload())?,
        Some(other) => other.clone(),
        None => return no_such_overload(),
    };
    with_cidr(args, |cidr| with_ip(std::slice::from_ref(&other), |address| Value::Bool(cidr.contains(*address))))
}

fn contains_cidr<'a>(context: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let other = match args.get(1) {
        Some(text @ Value::String(_)) => to_cidr(context, std::slice::from_ref(text)).or_else(|_| no_such_overload())?,
        Some(other) => other.clone(),
        None => return no_such_overload(),
    };
    with_cidr(args, |cidr| {
        with_cidr(std::slice::from_ref(&other), |other| {
            Ok(Value::Bool(cidr.contains(other.address) && cidr.prefix_bits <= other.prefix_bits))
        })
    })
}

fn prefix_length<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_cidr(args, |cidr| Ok(Value::Int(cidr.prefix_bits.into())))
}

fn masked<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_cidr(args, |cidr| Ok(of_cidr(Cidr { address: cidr.network(), prefix_bits: cidr.prefix_bits })))
}

fn cidr_text<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with_cidr(args, |cidr| Ok(Value::text(cidr.to_string())))
}
