//! A request for an aggregated API goes on to its extension API server, with who asks in headers that are believed of this server's certificate.

use std::time::Duration;

use axum::body::Body;
use http::header::{HeaderName, HeaderValue, UPGRADE};
use http::{HeaderMap, Request, Response, StatusCode, Uri};

use super::remote::Extension;
use crate::callout::Caller;
use crate::context::UserInfo;
use crate::relay;
use crate::request::RequestInfo;
use crate::respond::plain;
use crate::serve::ClientAddress;

const USER: &str = "x-remote-user";
const UID: &str = "x-remote-uid";
const GROUP: &str = "x-remote-group";
const EXTRA: &str = "x-remote-extra-";
/// Discovery is quick everywhere, or clients wait for all of it.
const DISCOVERY: Duration = Duration::from_secs(5);
/// A request that neither watches nor streams is answered within this time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

/// Puts who asks into the headers, in the place of all that claims to say so.
pub fn identify(headers: &mut HeaderMap, user: &UserInfo) {
    let claims = |name: &HeaderName| [USER, UID, GROUP].contains(&name.as_str()) || name.as_str().starts_with(EXTRA);
    let claimed: Vec<HeaderName> = headers.keys().filter(|name| claims(name)).cloned().collect();
    for name in claimed {
        headers.remove(name);
    }
    let mut add = |name: &str, value: &str| {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name, value);
        }
    };
    add(USER, &user.name);
    if !user.uid.is_empty() {
        add(UID, &user.uid);
    }
    user.groups.iter().for_each(|group| add(GROUP, group));
    for (key, values) in &user.extra {
        let name = format!("{EXTRA}{}", escaped(key));
        values.iter().for_each(|value| add(&name, value));
    }
}

/// A key of an extra field as a part of a header's name.
fn escaped(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The answer of an extension API server; `lasts` where nobody knows how long it takes.
pub async fn answer(
    caller: &Caller,
    extension: &Extension,
    user: &UserInfo,
    info: &RequestInfo,
    lasts: bool,
    mut request: Request<Body>,
) -> Response<Body> {
    let unavailable = || plain(StatusCode::SERVICE_UNAVAILABLE, "service unavailable");
    if !extension.available {
        return unavailable();
    }
    if let Err(error) = caller.resolver().resolve(&extension.service) {
        tracing::warn!(name = extension.name, %error, "an extension API server can not be found");
        return unavailable();
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let Ok(uri) = format!("{}{path}", extension.origin()).parse::<Uri>() else {
        return plain(StatusCode::BAD_REQUEST, "invalid path");
    };
    let address = request.extensions_mut().remove::<ClientAddress>();
    let mut onward = relay::onward(request, uri);
    let headers = onward.request.headers_mut();
    let impersonation: Vec<HeaderName> = headers.keys().filter(|name| name.as_str().starts_with("impersonate-")).cloned().collect();
    for name in impersonation {
        headers.remove(name);
    }
    identify(headers, user);
    if let Some(ClientAddress(address)) = address {
        let before = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).map(|before| format!("{before}, "));
        if let Ok(value) = HeaderValue::from_str(&format!("{}{}", before.unwrap_or_default(), address.ip())) {
            headers.insert("x-forwarded-for", value);
        }
    }
    let discovers = !info.is_resource && info.path.trim_matches('/').split('/').count() == 3;
    let work = caller.send(&extension.trust, onward.request);
    let outcome = if lasts || onward.upgrade.is_some() {
        work.await
    } else {
        let within = if discovers { DISCOVERY } else { ANSWERED_WITHIN };
        match tokio::time::timeout(within, work).await {
            Ok(outcome) => outcome,
            Err(_) => return plain(StatusCode::SERVICE_UNAVAILABLE, "context deadline exceeded"),
        }
    };
    match outcome {
        Ok(response) => relay::back(response, onward.upgrade, ()),
        Err(error) => plain(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
    }
}

/// Whether a request wants another protocol.
pub fn upgrades(headers: &HeaderMap) -> bool {
    headers.contains_key(UPGRADE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_is_told_and_what_claims_to_is_not() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("X-Remote-User", "root"), ("X-Remote-Group", "system:masters"), ("X-Remote-Extra-a", "b"), ("X-Other", "c")]
        {
            headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_static(value));
        }
        let user = UserInfo {
            name: "jane".to_owned(),
            uid: "7".to_owned(),
            groups: vec!["one".to_owned(), "two".to_owned()],
            extra: [("example.com/sco pe".to_owned(), vec!["x".to_owned(), "y".to_owned()])].into(),
        };
        identify(&mut headers, &user);
        let mut told: Vec<(String, String)> =
            headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        told.sort();
        let expected = [
            ("x-other", "c"),
            ("x-remote-extra-example.com%2fsco%20pe", "x"),
            ("x-remote-extra-example.com%2fsco%20pe", "y"),
            ("x-remote-group", "one"),
            ("x-remote-group", "two"),
            ("x-remote-uid", "7"),
            ("x-remote-user", "jane"),
        ];
        assert_eq!(told, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
