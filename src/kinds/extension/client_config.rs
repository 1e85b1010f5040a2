//! How the API server reaches a webhook: a URL or a service, and a bundle of certificates. Upstream checks those of admission and of conversion alike.

use api::{ErrorList, FieldError, Path, names};
use base64::Engine;

use crate::rules::json;

/// Where a service is that a webhook runs as.
pub(super) struct ServiceReference<'a> {
    pub name: &'a str,
    pub namespace: &'a str,
    pub path: Option<&'a str>,
    pub port: i32,
}

pub(super) fn url(url: &str, at: &Path) -> ErrorList {
    const FORM: &str = "; desired format: https://host[/path]";
    let (before, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (before, query) = before.split_once('?').unwrap_or((before, ""));
    let (scheme, rest) = match before.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_lowercase(), rest),
        _ => (String::new(), before),
    };
    let authority = rest.strip_prefix("//").map(|rest| rest.split('/').next().unwrap_or_default()).unwrap_or_default();
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let mut errors = ErrorList::new();
    if scheme != "https" {
        errors.push(FieldError::invalid(at, scheme, format!("'https' is the only allowed URL scheme{FORM}")));
    }
    if host.is_empty() {
        errors.push(FieldError::invalid(at, host, format!("host must be specified{FORM}")));
    }
    for (given, what) in [
        (user, "user information is not permitted in the URL"),
        (fragment, "fragments are not permitted in the URL"),
        (query, "query parameters are not permitted in the URL"),
    ] {
        if !given.is_empty() {
            errors.push(FieldError::invalid(at, given, what));
        }
    }
    errors
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
}

pub(super) fn service(service: &ServiceReference<'_>, at: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    // upstream hands the two over the other way round, so a missing name is told of the namespace
    for (field, value) in [("name", service.namespace), ("namespace", service.name)] {
        if value.is_empty() {
            errors.push(FieldError::required(&at.child(field), ""));
        }
    }
    let faults = names::port_number(service.port.into());
    if !faults.is_empty() {
        errors.push(FieldError::invalid(&at.child("port"), service.port, format!("port is not valid: {}", faults.join(", "))));
    }
    let path = service.path.unwrap_or_default();
    let at = at.child("path");
    let mut invalid = |detail: String| errors.push(FieldError::invalid(&at, path, detail));
    match path {
        "" | "/" => return errors,
        "//" => invalid("segment[0] may not be empty".to_owned()),
        _ => {
            if !path.starts_with('/') {
                invalid("must start with a '/'".to_owned());
            }
            let inner: String = path.chars().skip(1).collect();
            let inner = inner.strip_suffix('/').unwrap_or(&inner);
            for (index, segment) in inner.split('/').enumerate() {
                if segment.is_empty() {
                    invalid(format!("segment[{index}] may not be empty"));
                    continue;
                }
                for fault in names::dns1123_subdomain(segment, false) {
                    invalid(format!("segment[{index}]: {fault}"));
                }
            }
        }
    }
    errors
}

/// Certificates in PEM.
pub(super) fn bundle(bundle: &[u8], at: &Path) -> Option<FieldError> {
    let why = bundle_fault(bundle)?;
    let given = base64::engine::general_purpose::STANDARD.encode(bundle);
    Some(FieldError::invalid(at, json(&given), format!("unable to load root certificates: {why}")))
}

/// What keeps a bundle from being read; none where it has a certificate.
pub(super) fn bundle_fault(bundle: &[u8]) -> Option<&'static str> {
    const BEGIN: &str = "-----BEGIN ";
    let text = String::from_utf8_lossy(bundle);
    let mut blocks = 0;
    for block in text.split(BEGIN).skip(1) {
        let Some((label, rest)) = block.split_once("-----") else { continue };
        let Some((body, _)) = rest.split_once(&format!("-----END {label}-----")) else { continue };
        blocks += 1;
        let body: String = body.split_whitespace().collect();
        let der = base64::engine::general_purpose::STANDARD.decode(body).ok();
        // a certificate is a sequence of a known length
        if label == "CERTIFICATE" && der.is_some_and(|der| der.len() > 4 && der[0] == 0x30) {
            return None;
        }
    }
    Some(if blocks == 0 { "unable to parse bytes as PEM block" } else { "no valid certificate authority data seen" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(errors: &ErrorList) -> Vec<String> {
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn urls() {
        let check = |given: &str, expected: &[&str]| assert_eq!(texts(&url(given, &Path::new("u"))), expected, "{given}");
        check("https://host/path", &[]);
        check("https://[::1]:8443/", &[]);
        check("http://host", &["u: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]"]);
        check("https:///x", &["u: Invalid value: \"\": host must be specified; desired format: https://host[/path]"]);
        check(
            "https://me@host/?a=b#c",
            &[
                "u: Invalid value: \"me\": user information is not permitted in the URL",
                "u: Invalid value: \"c\": fragments are not permitted in the URL",
                "u: Invalid value: \"a=b\": query parameters are not permitted in the URL",
            ],
        );
    }

    #[test]
    fn services() {
        let check = |name: &str, path: Option<&str>, port: i32, expected: &[&str]| {
            let given = ServiceReference { name, namespace: "n", path, port };
            assert_eq!(texts(&service(&given, &Path::new("s"))), expected);
        };
        check("a", None, 443, &[]);
        check("a", Some("/x/y.z/"), 443, &[]);
        check("", None, 443, &["s.namespace: Required value"]);
        check("a", None, 0, &["s.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive"]);
        check("a", Some("//"), 1, &["s.path: Invalid value: \"//\": segment[0] may not be empty"]);
        check("a", Some("/a//b"), 1, &["s.path: Invalid value: \"/a//b\": segment[1] may not be empty"]);
        check("a", Some("aa/b"), 1, &["s.path: Invalid value: \"aa/b\": must start with a '/'"]);
    }

    #[test]
    fn bundles() {
        let check = |given: &str, expected: Option<&str>| assert_eq!(bundle_fault(given.as_bytes()), expected);
        check("x", Some("unable to parse bytes as PEM block"));
        check("-----BEGIN KEY-----\nMAA=\n-----END KEY-----\n", Some("no valid certificate authority data seen"));
        check("-----BEGIN CERTIFICATE-----\nMAIBAAA=\n-----END CERTIFICATE-----\n", None);
    }
}
