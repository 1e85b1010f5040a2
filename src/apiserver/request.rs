//! What a request asks for, read off its method, path and query, as upstream's `RequestInfo`.

use std::time::Duration;

use api::ApiError;
use http::Method;

/// Query parameters, decoded, in order.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn parse(query: Option<&str>) -> Self {
        let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (percent_decode(key, true), percent_decode(value, true))
                })
                .collect(),
        )
    }
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
    /// The value, where it is there and not empty.
    pub fn filled(&self, key: &str) -> Option<&str> {
        self.get(key).filter(|value| !value.is_empty())
    }
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }
    /// Present and neither `false` nor `0`, as upstream's conversion of query parameters to bool.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "false" | "0"))
    }
    /// A number; something that is none is the author's error.
    pub fn number(&self, key: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.filled(key) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| ApiError::bad_request(format!("strconv.ParseInt: parsing {text:?}: invalid syntax")))
    }
    /// How long the author would wait for an answer; none where that is left to the server.
    pub fn timeout(&self) -> Result<Option<Duration>, ApiError> {
        let Some(text) = self.filled("timeout") else { return Ok(None) };
        let nanoseconds = cel::parse_duration(text).ok_or_else(|| {
            ApiError::bad_request(format!("invalid timeout specified in the request URL - time: {}", duration_fault(text)))
        })?;
        Ok(u64::try_from(nanoseconds).ok().filter(|nanoseconds| *nanoseconds > 0).map(Duration::from_nanos))
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What Go says of a text that is no duration.
fn duration_fault(text: &str) -> String {
    let numeric = |letter: char| letter == '.' || letter.is_ascii_digit();
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(numeric);
        if !rest[..rest.len() - behind.len()].contains(|letter: char| letter.is_ascii_digit()) {
            break;
        }
        let next = behind.trim_start_matches(|letter| !numeric(letter));
        match &behind[..behind.len() - next.len()] {
            "" => return format!("missing unit in duration {text:?}"),
            "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h" => rest = next,
            unit => return format!("unknown unit {unit:?} in duration {text:?}"),
        }
    }
    format!("invalid duration {text:?}")
}

/// Undoes percent-encoding; `plus` also reads `+` as a blank.
pub fn percent_decode(text: &str, plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = |at: usize| tail.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits are a byte"));
                rest = &tail[2..];
            }
            (b'+', ..) if plus => {
                bytes.push(b' ');
                rest = tail;
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where a request goes and what it wants there.
#[derive(Clone, Debug, Default)]
pub struct RequestInfo {
    pub path: String,
    /// `get`, `list`, `watch`, `create`, ... for resources; the method in lower case otherwise.
    pub verb: &'static str,
    pub is_resource: bool,
    pub group: String,
    pub version: String,
    pub resource: String,
    pub namespace: String,
    pub name: String,
    pub subresource: String,
    /// Path below the subresource: what proxy passes on. Starts with a slash where there is any.
    pub rest: String,
}

impl RequestInfo {
    pub fn new(method: &Method, path: &str, query: &Query) -> Self {
        let plain = Self { path: path.to_owned(), verb: method_name(method), ..Self::default() };
        let mut parts: Vec<String> = path.trim_matches('/').split('/').map(|part| percent_decode(part, false)).collect();
        let (group, at) = match parts.first().map(String::as_str) {
            Some("api") if parts.len() >= 3 => (String::new(), 1),
            Some("apis") if parts.len() >= 4 => (parts[1].clone(), 2),
            _ => return plain,
        };
        let mut info = Self { is_resource: true, group, version: parts[at].clone(), ..plain };
        parts.drain(..=at);
        let mut verb = match *method {
            Method::POST => "create",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE => "delete",
            Method::GET | Method::HEAD => "get",
            _ => "",
        };
        if parts.first().is_some_and(|part| part == "watch") && parts.len() > 1 {
            verb = "watch";
            parts.remove(0);
        }
        if parts.first().is_some_and(|part| part == "namespaces")
            && let Some(namespace) = parts.get(1)
        {
            info.namespace.clone_from(namespace);
            if parts.len() > 2 && !matches!(parts[2].as_str(), "status" | "finalize") {
                parts.drain(..2);
            }
        }
        let mut rest = parts.into_iter();
        info.resource = rest.next().unwrap_or_default();
        info.name = rest.next().unwrap_or_default();
        info.subresource = rest.next().unwrap_or_default();
        if !info.subresource.is_empty() {
            let depth = path.trim_start_matches('/').split('/').count() - rest.len();
            let below: Vec<&str> = path.trim_start_matches('/').split('/').skip(depth).collect();
            // a trailing slash belongs to what proxy passes on
            info.rest = below.iter().map(|part| format!("/{part}")).collect();
            if path.ends_with('/') && info.rest.is_empty() {
                info.rest = "/".to_owned();
            }
        }
        if info.name.is_empty() {
            verb = match verb {
                "get" if query.flag("watch") => "watch",
                "get" => "list",
                "delete" => "deletecollection",
                other => other,
            };
            if matches!(verb, "list" | "watch" | "deletecollection")
                && let Some(name) = query.get("fieldSelector").and_then(named)
            {
                info.name = name;
            }
        }
        info.verb = verb;
        info
    }
    /// The name in the path itself, not one from a field selector.
    pub fn names_one(&self) -> bool {
        !matches!(self.verb, "list" | "watch" | "deletecollection")
    }
}

/// The name that a field selector pins.
fn named(selector: &str) -> Option<String> {
    let pinned = selector.split(',').find_map(|term| term.strip_prefix("metadata.name="))?;
    let name = pinned.trim_start_matches('=');
    (!name.is_empty()).then(|| name.to_owned())
}

fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "get",
        Method::HEAD => "head",
        Method::POST => "post",
        Method::PUT => "put",
        Method::PATCH => "patch",
        Method::DELETE => "delete",
        Method::OPTIONS => "options",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &Method, path: &str, query: &str, expected: (&str, &str, &str, &str, &str, &str, &str)) {
        let info = RequestInfo::new(method, path, &Query::parse(Some(query)));
        let got = (
            info.verb,
            info.group.as_str(),
            info.resource.as_str(),
            info.namespace.as_str(),
            info.name.as_str(),
            info.subresource.as_str(),
            info.rest.as_str(),
        );
        assert_eq!(got, expected, "{method} {path}?{query}");
    }

    fn check_timeout(text: &str, expected: Result<Option<u64>, &str>) {
        let got = Query::parse(Some(&format!("timeout={text}"))).timeout();
        let got = got.map(|timeout| timeout.map(|timeout| timeout.as_secs())).map_err(|error| error.message().to_owned());
        let fault = |fault: &str| format!("invalid timeout specified in the request URL - time: {fault}");
        assert_eq!(got, expected.map_err(fault), "{text}");
    }

    #[test]
    fn timeouts() {
        check_timeout("", Ok(None));
        check_timeout("0s", Ok(None));
        check_timeout("-5s", Ok(None));
        check_timeout("1m30s", Ok(Some(90)));
        check_timeout("invalid", Err("invalid duration \"invalid\""));
        check_timeout("5", Err("missing unit in duration \"5\""));
        check_timeout("5s6x", Err("unknown unit \"x\" in duration \"5s6x\""));
        check_timeout(".s", Err("invalid duration \".s\""));
    }

    #[test]
    fn paths() {
        check(&Method::GET, "/api/v1/namespaces", "", ("list", "", "namespaces", "", "", "", ""));
        check(&Method::GET, "/api/v1/namespaces/a", "", ("get", "", "namespaces", "a", "a", "", ""));
        check(&Method::PUT, "/api/v1/namespaces/a/finalize", "", ("update", "", "namespaces", "a", "a", "finalize", ""));
        check(&Method::GET, "/api/v1/namespaces/a/pods", "watch=true", ("watch", "", "pods", "a", "", "", ""));
        check(&Method::DELETE, "/apis/apps/v1/namespaces/a/deployments", "", ("deletecollection", "apps", "deployments", "a", "", "", ""));
        check(
            &Method::PATCH,
            "/apis/apps/v1/namespaces/a/deployments/d/scale",
            "",
            ("patch", "apps", "deployments", "a", "d", "scale", ""),
        );
        check(&Method::GET, "/api/v1/namespaces/a/services/s/proxy/x/y", "", ("get", "", "services", "a", "s", "proxy", "/x/y"));
        check(&Method::GET, "/api/v1/nodes/n/proxy/", "", ("get", "", "nodes", "", "n", "proxy", "/"));
        check(&Method::GET, "/api/v1/pods", "fieldSelector=metadata.name%3Dx", ("list", "", "pods", "", "x", "", ""));
        check(&Method::GET, "/healthz", "", ("get", "", "", "", "", "", ""));
    }
}
