//! Service-account tokens: signed, for an audience, with an end, and bound to the account and to the pod or secret that they were made for. A token dies with
//! what it is bound to.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::signing::{KeyError, SigningKey};
use crate::cache::{Cache, Item};
use crate::context::UserInfo;

/// Clocks may differ by this much.
const LEEWAY_SECONDS: i64 = 10;
/// Tokens that are known at a time, twice: those of late, and those before them.
const KNOWN_TOKENS: usize = 2048;

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
    pub user: Arc<UserInfo>,
    pub audiences: Vec<String>,
}

/// What a token says.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audiences,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    jti: String,
    #[serde(rename = "kubernetes.io")]
    about: About,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct About {
    namespace: String,
    #[serde(rename = "serviceaccount")]
    account: Reference,
    pod: Option<Reference>,
    secret: Option<Reference>,
    node: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    name: String,
    uid: String,
}

/// A token whose signature, issuer and shape are good. That does not change; what does is looked at whenever it is shown.
struct Genuine {
    claims: Claims,
    user: Arc<UserInfo>,
    /// The revisions at which the account, the pod and the secret were last seen to be those that the token is bound to.
    seen: [AtomicU64; 3],
}

/// Genuine tokens by their digests, so that a client that shows its token with every request has its signature checked once.
#[derive(Default)]
struct Known {
    late: HashMap<[u8; 32], Arc<Genuine>>,
    before: HashMap<[u8; 32], Arc<Genuine>>,
}

impl Known {
    fn get(&mut self, digest: &[u8; 32]) -> Option<Arc<Genuine>> {
        if let Some(genuine) = self.late.get(digest) {
            return Some(genuine.clone());
        }
        let genuine = self.before.remove(digest)?;
        self.put(*digest, genuine.clone());
        Some(genuine)
    }
    fn put(&mut self, digest: [u8; 32], genuine: Arc<Genuine>) {
        if self.late.len() >= KNOWN_TOKENS {
            self.before = std::mem::take(&mut self.late);
        }
        self.late.insert(digest, genuine);
    }
}

/// Makes and checks tokens.
pub struct TokenAuthority {
    issuer: String,
    audiences: Vec<String>,
    /// The first signs; all of them verify.
    keys: Vec<SigningKey>,
    known: Mutex<Known>,
}

impl TokenAuthority {
    pub fn new(issuer: String, audiences: Vec<String>, keys: Vec<SigningKey>) -> Self {
        Self { issuer, audiences, keys, known: Mutex::default() }
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
        let genuine = self.genuine(token)?;
        let claims = &genuine.claims;
        let now = jiff::Timestamp::now().as_second();
        if claims.exp < now - LEEWAY_SECONDS {
            return Err(TokenError::Expired);
        }
        if claims.nbf.is_some_and(|start| start > now + LEEWAY_SECONDS) {
            return Err(TokenError::Early);
        }
        let have = match &claims.aud {
            Audiences::One(one) => std::slice::from_ref(one),
            Audiences::Many(all) => all,
        };
        let want = audiences.unwrap_or(&self.audiences);
        let common: Vec<String> = have.iter().filter(|audience| want.contains(audience)).cloned().collect();
        if common.is_empty() {
            return Err(TokenError::Audience { have: have.to_vec(), want: want.to_vec() });
        }
        let About { namespace, account, pod, secret, .. } = &claims.about;
        let bound =
            [("serviceaccounts", "service account", Some(account)), ("pods", "pod", pod.as_ref()), ("secrets", "secret", secret.as_ref())];
        for ((plural, what, reference), seen) in bound.into_iter().zip(&genuine.seen) {
            if let Some(reference) = reference {
                alive(cache, (plural, what), namespace, reference, seen)?;
            }
        }
        Ok(Verified { user: genuine.user.clone(), audiences: common })
    }
    /// A token of this authority, whether it is still good or not.
    fn genuine(&self, token: &str) -> Result<Arc<Genuine>, TokenError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let digest: [u8; 32] = Sha256::digest(token).into();
        if let Some(genuine) = known().get(&digest) {
            return Ok(genuine);
        }
        let claims = self.claims(token)?;
        if claims.iss != self.issuer {
            return Err(TokenError::Issuer);
        }
        let About { namespace, account, pod, node, .. } = &claims.about;
        let name = format!("system:serviceaccount:{namespace}:{}", account.name);
        if namespace.is_empty() || account.name.is_empty() || claims.sub != name {
            return Err(TokenError::Malformed);
        }
        let mut extra: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut note = |key: &str, value: String| {
            extra.insert(format!("authentication.kubernetes.io/{key}"), vec![value]);
        };
        note("credential-id", format!("JTI={}", claims.jti));
        for (what, reference) in [("pod", pod), ("node", node)] {
            if let Some(reference) = reference {
                note(&format!("{what}-name"), reference.name.clone());
                note(&format!("{what}-uid"), reference.uid.clone());
            }
        }
        let groups = ["system:serviceaccounts", &format!("system:serviceaccounts:{namespace}")];
        let user = Arc::new(UserInfo { uid: account.uid.clone(), extra, ..UserInfo::new(&name, &groups) });
        let genuine = Arc::new(Genuine { claims, user, seen: Default::default() });
        known().put(digest, genuine.clone());
        Ok(genuine)
    }
    /// What a token says that one of the keys has signed.
    fn claims(&self, token: &str) -> Result<Claims, TokenError> {
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

/// That the object which a token is bound to is there, and the same. `seen` spares the look at its uid while it has not changed.
fn alive(cache: &Cache, (plural, what): (&str, &str), namespace: &str, reference: &Reference, seen: &AtomicU64) -> Result<(), TokenError> {
    let resource = cache.resource("", plural);
    let named = || format!("{what} {namespace}/{}", reference.name);
    let item = resource.get(&resource.key(namespace, &reference.name)).ok_or_else(|| TokenError::Gone(named()))?;
    if seen.load(Ordering::Relaxed) == item.revision() {
        return Ok(());
    }
    if uid_of(&item) != reference.uid {
        return Err(TokenError::Uid(named()));
    }
    seen.store(item.revision(), Ordering::Relaxed);
    Ok(())
}

/// The uid of a cached object, without decoding all of it.
pub fn uid_of(item: &Item) -> String {
    #[derive(Deserialize)]
    struct Partial {
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        #[serde(default)]
        uid: String,
    }
    serde_json::from_slice::<Partial>(item.stored_json()).map(|partial| partial.metadata.uid).unwrap_or_default()
}
