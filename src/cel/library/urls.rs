//! URLs, read as Go reads them.

use std::collections::BTreeMap;

use super::Extension;
use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::value::{Failure, Key, Outcome, Text, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("string_to_url", "url", "(string) -> URL", to_url),
    row("is_url_string", "isURL", "(string) -> bool", is_url),
    row("url_get_scheme", "getScheme", "URL.() -> string", scheme),
    row("url_get_host", "getHost", "URL.() -> string", host),
    row("url_get_hostname", "getHostname", "URL.() -> string", hostname),
    row("url_get_port", "getPort", "URL.() -> string", port),
    row("url_get_escaped_path", "getEscapedPath", "URL.() -> string", escaped_path),
    row("url_get_query", "getQuery", "URL.() -> map(string, list(string))", query),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    scheme: String,
    user: Option<String>,
    host: String,
    path: String,
    query: Option<String>,
    fragment: String,
}

/// Characters beside letters and digits that need no escape in a part of a URL.
const HOST: &[u8] = b"!\"$&'()*+,-.:;<=>[]_~";
const PATH: &[u8] = b"$&+,-./:=@_~";
const VALID_PATH: &[u8] = b"!'()*;[]%";
const USER: &[u8] = b"-._:~!$&'()*+,;=%@";

fn plain(byte: u8, allowed: &[u8]) -> bool {
    byte.is_ascii_alphanumeric() || allowed.contains(&byte)
}

/// What is wrong with a URL, where a request for it could not be made.
pub(crate) fn request_error(text: &str) -> Option<String> {
    parse(text, true).err().map(|why| format!("parse {text:?}: {why}"))
}

/// Reads a URL: with a fragment, or as a request has it.
fn parse(text: &str, via_request: bool) -> Result<Url, String> {
    let (text, fragment) = match text.split_once('#') {
        Some((text, fragment)) if !via_request => (text, fragment),
        _ => (text, ""),
    };
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    if text.is_empty() && via_request {
        return Err("empty url".to_owned());
    }
    let mut url =
        Url { scheme: String::new(), user: None, host: String::new(), path: String::new(), query: None, fragment: fragment.to_owned() };
    if text == "*" {
        url.path = text.to_owned();
        return Ok(url);
    }
    let (scheme, rest) = split_scheme(text)?;
    url.scheme = scheme.to_lowercase();
    let rest = match rest.split_once('?') {
        Some((rest, query)) => {
            url.query = Some(query.to_owned());
            rest
        }
        None => rest,
    };
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            return Ok(url);
        }
        if via_request {
            return Err("invalid URI for request".to_owned());
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    let has_authority = !scheme.is_empty() || (!via_request && !rest.starts_with("///"));
    let path = match rest.strip_prefix("//").filter(|_| has_authority) {
        Some(rest) => {
            let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
            let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
            url.host = parse_host(&url.scheme, host)?;
            if let Some(user) = user {
                if !user.bytes().all(|byte| plain(byte, USER)) {
                    return Err("net/url: invalid userinfo".to_owned());
                }
                url.user = Some(unescape(user, None, false)?);
            }
            path
        }
        None => rest,
    };
    unescape(path, None, false)?;
    url.path = path.to_owned();
    Ok(url)
}

fn split_scheme(text: &str) -> Result<(&str, &str), String> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => return Ok(("", text)),
        }
    }
    Ok(("", text))
}

fn is_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
}

fn parse_host(scheme: &str, host: &str) -> Result<String, String> {
    let bad_port = |port: &str| format!("invalid port {port:?} after host");
    match host.rfind('[') {
        Some(0) => {
            let close = host.rfind(']').ok_or("missing ']' in host")?;
            let (address, port) = (&host[1..close], &host[close + 1..]);
            if !is_port(port) {
                return Err(bad_port(port));
            }
            let (literal, zone) = address.split_once("%25").map_or((address, None), |(literal, zone)| (literal, Some(zone)));
            let literal = unescape(literal, Some(HOST), false)?;
            literal.parse::<std::net::Ipv6Addr>().map_err(|_| format!("invalid host: ParseAddr({literal:?}): unable to parse IP"))?;
            let zone = zone.map_or_else(|| Ok(String::new()), |zone| unescape(zone, None, false).map(|zone| format!("%{zone}")))?;
            return Ok(format!("[{literal}{zone}]{port}"));
        }
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    let strict = matches!(scheme, "http" | "https");
    let colon = if strict { host.find(':') } else { host.rfind(':') };
    if let Some(port) = colon.map(|at| &host[at..]).filter(|port| !is_port(port)) {
        return Err(bad_port(port));
    }
    unescape(host, Some(HOST), false)
}

/// The text behind `%` escapes. In a host only what is not ASCII may be escaped, and only some characters stand for themselves.
fn unescape(text: &str, host: Option<&[u8]>, plus_is_space: bool) -> Result<String, String> {
    let bytes = text.as_bytes();
    let mut unescaped = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'%' => {
                let shown = || format!("invalid URL escape {:?}", String::from_utf8_lossy(&bytes[at..bytes.len().min(at + 3)]));
                let digits = bytes.get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit)).ok_or_else(shown)?;
                let decoded = std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or_else(shown)?;
                if host.is_some() && decoded < 0x80 && decoded != b'%' {
                    return Err(shown());
                }
                unescaped.push(decoded);
                at += 3;
                continue;
            }
            b'+' if plus_is_space => unescaped.push(b' '),
            _ => {
                if byte.is_ascii() && host.is_some_and(|allowed| !plain(byte, allowed)) {
                    return Err(format!("invalid character {:?} in host name", char::from(byte).to_string()));
                }
                unescaped.push(byte);
            }
        }
        at += 1;
    }
    Ok(String::from_utf8_lossy(&unescaped).into_owned())
}

impl Url {
    fn escaped_path(&self) -> String {
        if self.path == "*" || self.path.bytes().all(|byte| plain(byte, PATH) || VALID_PATH.contains(&byte)) {
            return self.path.clone();
        }
        let decoded = unescape(&self.path, None, false).unwrap_or_default();
        let mut escaped = String::new();
        for byte in decoded.bytes() {
            if plain(byte, PATH) {
                escaped.push(char::from(byte));
            } else {
                escaped.push_str(&format!("%{byte:02X}"));
            }
        }
        escaped
    }

    /// The host's name and port, brackets removed.
    fn host_and_port(&self) -> (&str, &str) {
        let (host, port) = match self.host.rfind(':') {
            Some(colon) if is_port(&self.host[colon..]) => (&self.host[..colon], &self.host[colon + 1..]),
            _ => (self.host.as_str(), ""),
        };
        (host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host), port)
    }
}

fn to_url<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let Some(text) = args.first().and_then(Value::as_str) else { return no_such_overload() };
    let failed = |why: String| error(format!("URL parse error during conversion from string: {why}"));
    if let Some(why) = request_error(text) {
        return failed(why);
    }
    match parse(text, false) {
        Ok(url) => Ok(Value::extension(Extension::Url(url))),
        Err(why) => failed(format!("parse {text:?}: {why}")),
    }
}

fn is_url<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    args.first().and_then(Value::as_str).map_or_else(no_such_overload, |text| Ok(Value::Bool(parse(text, true).is_ok())))
}

fn url<'v>(args: &'v [Value<'_>]) -> Result<&'v Url, Failure> {
    match args.first() {
        Some(Value::Extension(extension)) => match &**extension {
            Extension::Url(url) => Ok(url),
            _ => no_such_overload(),
        },
        _ => no_such_overload(),
    }
}

fn scheme<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::text(url(args)?.scheme.as_str()))
}

fn host<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::text(url(args)?.host.as_str()))
}

fn hostname<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::text(url(args)?.host_and_port().0))
}

fn port<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::text(url(args)?.host_and_port().1))
}

fn escaped_path<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::text(url(args)?.escaped_path()))
}

fn query<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let mut found: BTreeMap<String, Vec<Value<'a>>> = BTreeMap::new();
    for pair in url(args)?.query.iter().flat_map(|query| query.split('&')) {
        if pair.is_empty() || pair.contains(';') {
            continue;
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if let (Ok(key), Ok(value)) = (unescape(key, None, true), unescape(value, None, true)) {
            found.entry(key).or_default().push(Value::text(value));
        }
    }
    Ok(Value::map(found.into_iter().map(|(key, values)| (Key::String(Text::Shared(key.into())), Value::list(values))).collect()))
}
