//! Tokens of a foreign issuer by OpenID Connect: verified with the issuer's own keys, which are fetched over TLS when a token first needs them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

use crate::callout::{CallError, Caller};
use crate::context::UserInfo;

const FETCH_WITHIN: Duration = Duration::from_secs(10);
/// A token with an unknown key has the keys fetched again, but no sooner than this after the last time.
const FETCH_AGAIN_AFTER: Duration = Duration::from_secs(10);
const LEEWAY_SECONDS: i64 = 10;
/// Keys of one issuer.
const KEYS: usize = 64;

/// What the `--oidc-*` flags say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OidcConfig {
    /// `https://...`; tokens of this issuer are taken.
    pub issuer_url: String,
    pub client_id: String,
    /// The authority of the issuer's certificate, in PEM; the host's where empty.
    pub ca_pem: Vec<u8>,
    /// `sub` where empty.
    pub username_claim: String,
    /// Before every name; none is the issuer and `#` unless the claim is `email`; `-` is nothing.
    pub username_prefix: Option<String>,
    pub groups_claim: String,
    pub groups_prefix: String,
    pub required_claims: BTreeMap<String, String>,
    /// `RS256` where empty.
    pub signing_algorithms: Vec<String>,
}

/// Why a token is refused.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    #[error("oidc: malformed token")]
    Malformed,
    #[error("oidc: verify token: oidc: id token signed with unsupported algorithm, expected {expected:?} got {got:?}")]
    Algorithm { expected: Vec<String>, got: String },
    #[error("oidc: verify token: failed to verify signature: failed to verify id token signature")]
    Signature,
    #[error("oidc: verify token: oidc: token is expired")]
    Expired,
    #[error("oidc: verify token: oidc: current time is before the nbf (not before) time")]
    Early,
    #[error("oidc: verify token: oidc: expected audience {expected:?} got {got:?}")]
    Audience { expected: String, got: Vec<String> },
    #[error("oidc: {0}")]
    Claim(String),
    #[error("oidc: fetching keys: {0}")]
    Fetch(#[from] CallError),
    #[error("oidc: the issuer's {0} is not what it should be")]
    Provider(&'static str),
}

struct WebKey {
    id: String,
    value: Value,
}

#[derive(Default)]
struct Keys {
    keys: Arc<Vec<WebKey>>,
    fetched: Option<Instant>,
}

/// Verifies tokens of one issuer.
pub struct Oidc {
    config: OidcConfig,
    caller: Arc<Caller>,
    keys: RwLock<Keys>,
    /// One fetch at a time.
    fetching: tokio::sync::Mutex<()>,
}

/// A token taken apart, with nothing verified.
struct Parts<'a> {
    header: Value,
    claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

fn take_apart(token: &str) -> Option<Parts<'_>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let value = |part: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    Some(Parts { header: value(header)?, claims: value(claims)?, signed, signature: URL_SAFE_NO_PAD.decode(signature).ok()? })
}

impl Oidc {
    pub fn new(config: OidcConfig, caller: Arc<Caller>) -> Self {
        Self { config, caller, keys: RwLock::default(), fetching: tokio::sync::Mutex::default() }
    }
    /// True where a token says that it is of this issuer.
    pub fn issued(&self, token: &str) -> bool {
        take_apart(token).is_some_and(|parts| parts.claims["iss"] == self.config.issuer_url.as_str())
    }
    /// The user of a token.
    pub async fn verify(&self, token: &str) -> Result<UserInfo, OidcError> {
        let parts = take_apart(token).ok_or(OidcError::Malformed)?;
        let algorithm = parts.header["alg"].as_str().unwrap_or_default().to_owned();
        let allowed =
            if self.config.signing_algorithms.is_empty() { vec!["RS256".to_owned()] } else { self.config.signing_algorithms.clone() };
        if !allowed.contains(&algorithm) {
            return Err(OidcError::Algorithm { expected: allowed, got: algorithm });
        }
        let id = parts.header["kid"].as_str();
        let good = |keys: &[WebKey]| {
            let mut tried = keys.iter().filter(|key| id.is_none_or(|id| id == key.id));
            tried.any(|key| verifies(&key.value, &algorithm, parts.signed.as_bytes(), &parts.signature))
        };
        if !good(&self.known()) && !good(&self.fetch().await?) {
            return Err(OidcError::Signature);
        }
        user(&self.config, &parts.claims, jiff::Timestamp::now().as_second())
    }
    fn known(&self) -> Arc<Vec<WebKey>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).keys.clone()
    }
    async fn fetch(&self) -> Result<Arc<Vec<WebKey>>, OidcError> {
        let _turn = self.fetching.lock().await;
        let last = self.keys.read().unwrap_or_else(PoisonError::into_inner).fetched;
        if last.is_some_and(|last| last.elapsed() < FETCH_AGAIN_AFTER) {
            return Ok(self.known());
        }
        let issuer = self.config.issuer_url.trim_end_matches('/');
        let get = async |url: &str| -> Result<Value, OidcError> {
            let body = self.caller.get(url, &self.config.ca_pem, FETCH_WITHIN).await?;
            serde_json::from_slice(&body).map_err(|_| OidcError::Provider("answer"))
        };
        let fetched = async {
            let provider = get(&format!("{issuer}/.well-known/openid-configuration")).await?;
            if provider["issuer"] != self.config.issuer_url.as_str() {
                return Err(OidcError::Provider("name of itself"));
            }
            let url = provider["jwks_uri"].as_str().filter(|url| url.starts_with("https://")).ok_or(OidcError::Provider("jwks_uri"))?;
            get(url).await
        }
        .await;
        let mut stored = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        stored.fetched = Some(Instant::now());
        let set = fetched?;
        let keys = set["keys"].as_array().into_iter().flatten().take(KEYS);
        let keys = keys.map(|key| WebKey { id: key["kid"].as_str().unwrap_or_default().to_owned(), value: key.clone() });
        stored.keys = Arc::new(keys.collect());
        Ok(stored.keys.clone())
    }
}

/// Whether a signature over a text is that of a JSON Web Key.
fn verifies(key: &Value, algorithm: &str, text: &[u8], signed: &[u8]) -> bool {
    let bytes = |name: &str| key[name].as_str().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).unwrap_or_default();
    if key["use"].as_str().is_some_and(|used_for| used_for != "sig") {
        return false;
    }
    let rsa: Option<&signature::RsaParameters> = match algorithm {
        "RS256" => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => Some(&signature::RSA_PSS_2048_8192_SHA256),
        "PS384" => Some(&signature::RSA_PSS_2048_8192_SHA384),
        "PS512" => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    };
    if let Some(parameters) = rsa {
        return key["kty"] == "RSA" && RsaPublicKeyComponents { n: bytes("n"), e: bytes("e") }.verify(parameters, text, signed).is_ok();
    }
    let (curve, parameters): (&str, &dyn signature::VerificationAlgorithm) = match algorithm {
        "ES256" => ("P-256", &signature::ECDSA_P256_SHA256_FIXED),
        "ES384" => ("P-384", &signature::ECDSA_P384_SHA384_FIXED),
        _ => return false,
    };
    let point: Vec<u8> = [vec![4], bytes("x"), bytes("y")].concat();
    key["kty"] == "EC" && key["crv"] == curve && UnparsedPublicKey::new(parameters, point).verify(text, signed).is_ok()
}

/// The user that verified claims are about.
fn user(config: &OidcConfig, claims: &Value, now: i64) -> Result<UserInfo, OidcError> {
    let number = |name: &str| claims[name].as_i64().or_else(|| claims[name].as_f64().map(|number| number as i64));
    if number("exp").is_none_or(|end| end < now - LEEWAY_SECONDS) {
        return Err(OidcError::Expired);
    }
    if number("nbf").is_some_and(|start| start > now + LEEWAY_SECONDS) {
        return Err(OidcError::Early);
    }
    let audiences = texts(&claims["aud"]).unwrap_or_default();
    if !audiences.contains(&config.client_id) {
        return Err(OidcError::Audience { expected: config.client_id.clone(), got: audiences });
    }
    let claim = if config.username_claim.is_empty() { "sub" } else { &config.username_claim };
    let name = claims[claim].as_str().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| OidcError::Claim(format!("parse username claims {claim:?}: claim not present")))?;
    if claim == "email" && claims.get("email_verified").is_some_and(|verified| *verified != true) {
        return Err(OidcError::Claim("email not verified".to_owned()));
    }
    for (key, wanted) in &config.required_claims {
        if claims[key] != wanted.as_str() {
            return Err(OidcError::Claim(format!("required claim {key} value does not match. Got = {}, want = {wanted}", claims[key])));
        }
    }
    let prefix = match config.username_prefix.as_deref() {
        Some("-") => String::new(),
        Some(prefix) => prefix.to_owned(),
        None if claim == "email" => String::new(),
        None => format!("{}#", config.issuer_url),
    };
    let groups = if config.groups_claim.is_empty() { Vec::new() } else { texts(&claims[&config.groups_claim]).unwrap_or_default() };
    let groups: Vec<String> = groups.into_iter().map(|group| format!("{}{group}", config.groups_prefix)).collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    let mut user = UserInfo::new(&format!("{prefix}{name}"), &groups);
    if let Some(id) = claims["jti"].as_str() {
        user.extra.insert("authentication.kubernetes.io/credential-id".to_owned(), vec![format!("JTI={id}")]);
    }
    Ok(user)
}

/// One text or a list of them.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(all) => Some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config() -> OidcConfig {
        OidcConfig {
            issuer_url: "https://i".into(),
            client_id: "k".into(),
            groups_claim: "groups".into(),
            groups_prefix: "oidc:".into(),
            ..OidcConfig::default()
        }
    }
    fn check(config: &OidcConfig, claims: Value, expected: Result<(&str, &[&str]), &str>) {
        let mut all = json!({"iss": "https://i", "aud": ["k"], "sub": "jane", "exp": 2000});
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let got = user(config, &all, 1000).map(|user| (user.name, user.groups)).map_err(|error| error.to_string());
        let expected = expected.map(|(name, groups)| (name.to_owned(), UserInfo::new("", groups).groups));
        assert_eq!(got, expected.map_err(str::to_owned));
    }

    #[test]
    fn users_of_claims() {
        check(&config(), json!({"groups": ["a", "b"]}), Ok(("https://i#jane", &["oidc:a", "oidc:b"])));
        check(&config(), json!({"groups": "a"}), Ok(("https://i#jane", &["oidc:a"])));
        let email = OidcConfig { username_claim: "email".into(), ..config() };
        check(&email, json!({"email": "j@x", "email_verified": true}), Ok(("j@x", &[])));
        check(&email, json!({"email": "j@x", "email_verified": false}), Err("oidc: email not verified"));
        check(&email, json!({}), Err("oidc: parse username claims \"email\": claim not present"));
        check(&OidcConfig { username_prefix: Some("-".into()), ..config() }, json!({}), Ok(("jane", &[])));
        check(&config(), json!({"exp": 10}), Err("oidc: verify token: oidc: token is expired"));
        check(&config(), json!({"aud": "other"}), Err("oidc: verify token: oidc: expected audience \"k\" got [\"other\"]"));
        let strict = OidcConfig { required_claims: [("hd".to_owned(), "x".to_owned())].into(), ..config() };
        check(&strict, json!({"hd": "y"}), Err("oidc: required claim hd value does not match. Got = \"y\", want = x"));
    }
}
