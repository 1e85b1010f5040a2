//! Bootstrap tokens: secrets of `kube-system` with which new nodes first show themselves. A token is `id.secret`, six and sixteen letters and digits.

use k8s_openapi::api::core::v1::Secret;
use sha2::{Digest, Sha256};

use crate::cache::Cache;
use crate::context::UserInfo;

const NAMESPACE: &str = "kube-system";
const TYPE: &str = "bootstrap.kubernetes.io/token";
const NAME_PREFIX: &str = "bootstrap-token-";
const USER_PREFIX: &str = "system:bootstrap:";
const GROUP: &str = "system:bootstrappers";

/// The two parts of a token; none where a text is of another shape.
pub fn parse(token: &str) -> Option<(&str, &str)> {
    let (id, secret) = token.split_once('.')?;
    let of =
        |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    (of(id, 6) && of(secret, 16)).then_some((id, secret))
}

/// The user of a token that is valid now.
pub fn verify(token: &str, cache: &Cache, now: jiff::Timestamp) -> Option<UserInfo> {
    let (id, secret) = parse(token)?;
    let secrets = cache.resource("", "secrets");
    let item = secrets.get(&secrets.key(NAMESPACE, &format!("{NAME_PREFIX}{id}")))?;
    let object = item.object(&kinds::SECRET).ok()?;
    user(object.downcast_ref()?, id, secret, now)
}

fn user(stored: &Secret, id: &str, secret: &str, now: jiff::Timestamp) -> Option<UserInfo> {
    let value = |key: &str| stored.data.as_ref()?.get(key).and_then(|bytes| std::str::from_utf8(&bytes.0).ok());
    let right = stored.type_.as_deref() == Some(TYPE)
        && stored.metadata.deletion_timestamp.is_none()
        && value("token-id") == Some(id)
        // digests differ in no place that a caller chooses, so the time of their comparison tells nothing
        && Sha256::digest(value("token-secret").unwrap_or_default()) == Sha256::digest(secret);
    let lives = value("expiration").is_none_or(|text| text.parse::<jiff::Timestamp>().is_ok_and(|end| end > now));
    if !right || !lives || value("usage-bootstrap-authentication") != Some("true") {
        return None;
    }
    let extra = value("auth-extra-groups").unwrap_or_default().split(',').filter(|group| !group.is_empty());
    let mut groups = vec![GROUP];
    for group in extra {
        // a group beyond these would make more of the token than a way in
        if !group.starts_with("system:bootstrappers:") {
            return None;
        }
        groups.push(group);
    }
    Some(UserInfo::new(&format!("{USER_PREFIX}{id}"), &groups))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(data: Value, secret: &str, expected: Option<&[&str]>) {
        let stored: Secret = serde_json::from_value(json!({"type": TYPE, "metadata": {"name": "bootstrap-token-abcdef"}})).unwrap();
        let data: std::collections::BTreeMap<String, String> = serde_json::from_value(data).unwrap();
        let data = data.into_iter().map(|(key, value)| (key, k8s_openapi::ByteString(value.into_bytes()))).collect();
        let stored = Secret { data: Some(data), ..stored };
        let user = user(&stored, "abcdef", secret, jiff::Timestamp::from_second(1_000_000_000).unwrap());
        let expected = expected.map(|groups| UserInfo::new("system:bootstrap:abcdef", groups));
        assert_eq!(user, expected);
    }

    #[test]
    fn tokens_that_let_in_and_not() {
        let good = json!({"token-id": "abcdef", "token-secret": "0123456789abcdef", "usage-bootstrap-authentication": "true",
            "expiration": "2030-01-01T00:00:00Z", "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token"});
        let with = |key: &str, value: &str| {
            let mut data = good.clone();
            data[key] = value.into();
            data
        };
        let groups: &[&str] = &["system:bootstrappers", "system:bootstrappers:kubeadm:default-node-token"];
        check(good.clone(), "0123456789abcdef", Some(groups));
        check(good.clone(), "0123456789abcdeg", None);
        check(with("expiration", "2001-01-01T00:00:00Z"), "0123456789abcdef", None);
        check(with("usage-bootstrap-authentication", "false"), "0123456789abcdef", None);
        check(with("auth-extra-groups", "system:masters"), "0123456789abcdef", None);
        check(with("token-id", "ghijkl"), "0123456789abcdef", None);
    }

    #[test]
    fn shapes() {
        assert_eq!(parse("abcdef.0123456789abcdef"), Some(("abcdef", "0123456789abcdef")));
        for text in ["abcdef", "abcdeF.0123456789abcdef", "abcdef.0123", "a.b.c"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
