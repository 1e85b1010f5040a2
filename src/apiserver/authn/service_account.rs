//! Service-account tokens: signed, for an audience, with an end, and bound to the account and to the pod or secret that they were made for. A token dies with
//! what it is bound to.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::signing::{KeyError, SigningKey};
use crate::cache::{Cache, Item};
use crate::context::UserInfo;

/// Clocks may differ by this much.
const LEEWAY_SECONDS: i64 = 10;

/// Why a token is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is malformed")]
    Malformed,
    #[error("the token is of another issuer")]
    Issuer,
    #[error("the token is not signed by a known key")]
    Signature,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    Early,
    #[error("token audiences {have:?} is invalid for the target audiences {want:?}")]
    Audience { have: Vec<String>, want: Vec<String> },
    #[error("{0} has been deleted")]
    Gone(String),
    #[error("the UID of {0} does not match the token's")]
    Uid(String),
}

/// What a token is bound to beside its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// `Pod`, `Secret` or `Node`.
    pub kind: String,
    pub name: String,
    pub uid: String,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct TokenRequest<'a> {
    pub namespace: &'a str,
    pub account: &'a str,
    pub account_uid: &'a str,
    pub audiences: Vec<String>,
    pub lasts_seconds: i64,
    pub bound: Option<Bound>,
    /// The node of the bound pod: name and uid.
    pub node: Option<(String, String)>,
}

/// A token that has been found good.
#[derive(Debug)]
pub struct Verified {
    pub user: UserInfo,
    pub audiences: Vec<String>,
}

/// Makes and checks tokens.
pub struct TokenAuthority {
    issuer: String,
    audiences: Vec<String>,
    /// The first signs; all of them verify.
    keys: Vec<SigningKey>,
}

impl TokenAuthority {
    pub fn new(issuer: String, audiences: Vec<String>, keys: Vec<SigningKey>) -> Self {
        Self { issuer, audiences, keys }
    }
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
    /// Those of this server.
    pub fn audiences(&self) -> &[String] {
        &self.audiences
    }
    /// Those of its keys, for the discovery of the issuer.
    pub fn algorithms(&self) -> Vec<&'static str> {
        let mut all: Vec<_> = self.keys.iter().map(SigningKey::algorithm).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
    /// `/openid/v1/jwks`.
    pub fn key_set(&self) -> Value {
        json!({"keys": self.keys.iter().map(SigningKey::web_key).collect::<Vec<_>>()})
    }
    /// Makes a token; answers with it and its end in seconds since 1970.
    pub fn issue(&self, request: &TokenRequest<'_>) -> Result<(String, i64), KeyError> {
        let now = jiff::Timestamp::now().as_second();
        let end = now + request.lasts_seconds;
        let mut about = json!({
            "namespace": request.namespace,
            "serviceaccount": {"name": request.account, "uid": request.account_uid},
        });
        if let Some(bound) = &request.bound {
            about[bound.kind.to_lowercase()] = json!({"name": bound.name, "uid": bound.uid});
        }
        if let Some((name, uid)) = &request.node {
            about["node"] = json!({"name": name, "uid": uid});
        }
        let claims = json!({
            "aud": request.audiences,
            "exp": end,
            "iat": now,
            "iss": self.issuer,
            "jti": uuid::Uuid::new_v4().to_string(),
            "kubernetes.io": about,
            "nbf": now,
            "sub": format!("system:serviceaccount:{}:{}", request.namespace, request.account),
        });
        let key = self.keys.first().ok_or(KeyError::Unsupported)?;
        Ok((key.sign(&claims)?, end))
    }
    /// Checks a token for some audiences (the server's own where none are given).
    pub fn verify(&self, token: &str, audiences: Option<&[String]>, cache: &Cache) -> Result<Verified, TokenError> {
        let claims = self.claims(token)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if claims["iss"] != self.issuer.as_str() {
            return Err(TokenError::Issuer);
        }
        let now = jiff::Timestamp::now().as_second();
        if claims["exp"].as_i64().is_none_or(|end| end < now - LEEWAY_SECONDS) {
            return Err(TokenError::Expired);
        }
        if claims["nbf"].as_i64().is_some_and(|start| start > now + LEEWAY_SECONDS) {
            return Err(TokenError::Early);
        }
        let have: Vec<String> = match &claims["aud"] {
            Value::Array(all) => all.iter().map(text).collect(),
            Value::String(one) => vec![one.clone()],
            _ => Vec::new(),
        };
        let want = audiences.unwrap_or(&self.audiences);
        let common: Vec<String> = have.iter().filter(|audience| want.contains(audience)).cloned().collect();
        if common.is_empty() {
            return Err(TokenError::Audience { have, want: want.to_vec() });
        }
        let about = &claims["kubernetes.io"];
        let namespace = text(&about["namespace"]);
        let (account, uid) = (text(&about["serviceaccount"]["name"]), text(&about["serviceaccount"]["uid"]));
        if namespace.is_empty() || account.is_empty() || claims["sub"] != format!("system:serviceaccount:{namespace}:{account}") {
            return Err(TokenError::Malformed);
        }
        alive(cache, "serviceaccounts", "service account", &namespace, &account, &uid)?;
        let mut extra: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut note = |key: &str, value: String| {
            extra.insert(format!("authentication.kubernetes.io/{key}"), vec![value]);
        };
        note("credential-id", format!("JTI={}", text(&claims["jti"])));
        if about["pod"].is_object() {
            let (name, uid) = (text(&about["pod"]["name"]), text(&about["pod"]["uid"]));
            alive(cache, "pods", "pod", &namespace, &name, &uid)?;
            note("pod-name", name);
            note("pod-uid", uid);
        }
        if about["secret"].is_object() {
            alive(cache, "secrets", "secret", &namespace, &text(&about["secret"]["name"]), &text(&about["secret"]["uid"]))?;
        }
        if about["node"].is_object() {
            let (name, uid) = (text(&about["node"]["name"]), text(&about["node"]["uid"]));
            note("node-name", name);
            note("node-uid", uid);
        }
        let groups = ["system:serviceaccounts", &format!("system:serviceaccounts:{namespace}")];
        let user = UserInfo { uid, extra, ..UserInfo::new(&format!("system:serviceaccount:{namespace}:{account}"), &groups) };
        Ok(Verified { user, audiences: common })
    }
    fn claims(&self, token: &str) -> Result<Value, TokenError> {
        let (text, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = text.split_once('.').ok_or(TokenError::Malformed)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed);
        let header: Value = serde_json::from_slice(&bytes(header)?).map_err(|_| TokenError::Malformed)?;
        let signature = bytes(signature)?;
        let algorithm = header["alg"].as_str().unwrap_or_default();
        let id = header["kid"].as_str();
        let known = self.keys.iter().filter(|key| id.is_none_or(|id| id == key.id())).any(|key| key.verifies(algorithm, text, &signature));
        if !known {
            return Err(TokenError::Signature);
        }
        serde_json::from_slice(&bytes(payload)?).map_err(|_| TokenError::Malformed)
    }
}

fn alive(cache: &Cache, plural: &str, what: &str, namespace: &str, name: &str, uid: &str) -> Result<(), TokenError> {
    let resource = cache.resource("", plural);
    let named = || format!("{what} {namespace}/{name}");
    let item = resource.get(&resource.key(namespace, name)).ok_or_else(|| TokenError::Gone(named()))?;
    if uid_of(&item) != uid {
        return Err(TokenError::Uid(named()));
    }
    Ok(())
}

/// The uid of a cached object, without decoding all of it.
pub fn uid_of(item: &Item) -> String {
    #[derive(serde::Deserialize)]
    struct Partial {
        metadata: Metadata,
    }
    #[derive(serde::Deserialize)]
    struct Metadata {
        #[serde(default)]
        uid: String,
    }
    serde_json::from_slice::<Partial>(item.stored_json()).map(|partial| partial.metadata.uid).unwrap_or_default()
}
