//! Foreign and bootstrap tokens, the audit log, and secrets at rest.

use std::sync::Arc;

use apiserver::audit::{Audit, Log, LogConfig, Policy};
use apiserver::authn::Peer;
use apiserver::{OidcConfig, Security, UserInfo};
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use crate::harness::{Harness, JSON, config_map, read, tls_listener};

async fn whoami(harness: &Harness, token: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/apis/authentication.k8s.io/v1/selfsubjectreviews")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", JSON)
        .body(Body::from("{}"))
        .unwrap();
    let (code, answer) = read(harness.raw(Peer::Unknown, request).await).await;
    (code, answer["status"]["userInfo"].clone())
}

#[tokio::test]
async fn a_bootstrap_token_lets_in_until_it_ends() {
    let harness = Harness::new().await;
    let encoded = |text: &str| STANDARD.encode(text);
    let secret = json!({"metadata": {"name": "bootstrap-token-abcdef"}, "type": "bootstrap.kubernetes.io/token", "data": {
        "token-id": encoded("abcdef"), "token-secret": encoded("0123456789abcdef"), "usage-bootstrap-authentication": encoded("true")}});
    let (code, answer) = harness.post("/api/v1/namespaces/kube-system/secrets", &secret).await;
    assert_eq!(code, 201, "{answer}");
    let (code, user) = whoami(&harness, "abcdef.0123456789abcdef").await;
    assert_eq!(code, 201);
    assert_eq!(user, json!({"username": "system:bootstrap:abcdef", "groups": ["system:bootstrappers", "system:authenticated"]}));
    assert_eq!(whoami(&harness, "abcdef.0123456789abcdeg").await.0, 401);
    harness.delete("/api/v1/namespaces/kube-system/secrets/bootstrap-token-abcdef", "").await;
    assert_eq!(whoami(&harness, "abcdef.0123456789abcdef").await.0, 401);
}

/// An issuer with one key.
struct Issuer {
    url: String,
    ca_pem: Vec<u8>,
    key: EcdsaKeyPair,
}

impl Issuer {
    async fn start() -> Self {
        let (listener, acceptor, certificate) = tls_listener(&[]).await;
        let url = format!("https://{}", listener.local_addr().unwrap());
        let random = ring::rand::SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let point = key.public_key().as_ref().to_vec();
        let half = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
        let keys = json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "x": half(1), "y": half(33)}]});
        let provider = json!({"issuer": url, "jwks_uri": format!("{url}/keys")});
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, keys, provider) = (acceptor.clone(), keys.clone(), provider.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
                        let body = if request.uri().path() == "/keys" { keys.clone() } else { provider.clone() };
                        async move { Ok::<_, std::convert::Infallible>(Response::new(Full::<bytes::Bytes>::from(body.to_string()))) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { url, ca_pem: certificate.into_bytes(), key }
    }
    fn token(&self, id: &str, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "kid": id});
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.key.sign(&ring::rand::SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

#[tokio::test]
async fn tokens_of_a_foreign_issuer() {
    let issuer = Issuer::start().await;
    let oidc = OidcConfig {
        issuer_url: issuer.url.clone(),
        client_id: "k".to_owned(),
        ca_pem: issuer.ca_pem.clone(),
        groups_claim: "groups".to_owned(),
        username_prefix: Some("oidc:".to_owned()),
        signing_algorithms: vec!["ES256".to_owned()],
        ..OidcConfig::default()
    };
    let harness = Harness::secured(Security { oidc: Some(oidc), ..Security::default() }).await;
    let claims = json!({"iss": issuer.url, "aud": "k", "sub": "jane", "exp": 4_000_000_000_u64, "groups": ["dev"]});
    let (code, user) = whoami(&harness, &issuer.token("one", &claims)).await;
    assert_eq!((code, user), (201, json!({"username": "oidc:jane", "groups": ["dev", "system:authenticated"]})));
    let mut old = claims.clone();
    old["exp"] = 1.into();
    assert_eq!(whoami(&harness, &issuer.token("one", &old)).await.0, 401);
    assert_eq!(whoami(&harness, &issuer.token("two", &claims)).await.0, 401);
    let mut forged = issuer.token("one", &claims);
    forged.truncate(forged.len() - 6);
    assert_eq!(whoami(&harness, &forged).await.0, 401);
    let review = json!({"spec": {"token": issuer.token("one", &claims)}});
    let (_, reviewed) = harness.post("/apis/authentication.k8s.io/v1/tokenreviews", &review).await;
    assert_eq!(reviewed["status"]["user"]["username"], "oidc:jane");
}

#[tokio::test]
async fn the_audit_log_tells_what_its_policy_wants() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.log");
    let policy = Policy::parse(
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n\
         - {level: RequestResponse, verbs: [create], resources: [{group: '', resources: [configmaps]}]}\n\
         - {level: Metadata, resources: [{group: '', resources: [secrets]}]}\n",
    )
    .unwrap();
    let log = Log::open(LogConfig { path: path.clone(), most_bytes: 1 << 20, backups: 1 }).unwrap();
    let harness = Harness::secured(Security { audit: Some(Audit::new(policy, log)), ..Security::default() }).await;
    let maps = "/api/v1/namespaces/default/configmaps";
    assert_eq!(harness.post(maps, &config_map("m", &json!({}))).await.0, 201);
    assert_eq!(harness.get(maps).await.0, 200);
    let request = Request::builder()
        .uri("/api/v1/namespaces/default/secrets/none")
        .header("impersonate-user", "jane")
        .header("user-agent", "test")
        .body(Body::empty())
        .unwrap();
    let response = harness.raw(Peer::Internal(Arc::new(UserInfo::administrator())), request).await;
    let id = response.headers()["audit-id"].to_str().unwrap().to_owned();
    assert_eq!(response.status(), 403);
    let lines = async {
        loop {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.lines().count() >= 2 {
                return text;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let text = tokio::time::timeout(std::time::Duration::from_secs(20), lines).await.unwrap();
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 2, "{text}");
    let first = &events[0];
    assert_eq!((first["kind"].as_str(), first["apiVersion"].as_str()), (Some("Event"), Some("audit.k8s.io/v1")));
    assert_eq!(
        (first["level"].as_str(), first["stage"].as_str(), first["verb"].as_str()),
        (Some("RequestResponse"), Some("ResponseComplete"), Some("create"))
    );
    assert_eq!(first["requestURI"], maps);
    assert_eq!(first["objectRef"], json!({"resource": "configmaps", "namespace": "default", "apiVersion": "v1"}));
    assert_eq!(first["responseStatus"], json!({"metadata": {}, "code": 201}));
    assert_eq!((&first["requestObject"]["metadata"]["name"], &first["responseObject"]["data"]), (&json!("m"), &json!({"a": "1"})));
    assert_eq!(first["annotations"]["authorization.k8s.io/decision"], "allow");
    let second = &events[1];
    assert_eq!(second["auditID"], id.as_str());
    assert_eq!((&second["user"]["username"], &second["impersonatedUser"]["username"]), (&json!("kubernetes-admin"), &json!("jane")));
    assert_eq!((&second["responseStatus"]["code"], &second["responseStatus"]["reason"]), (&json!(403), &json!("Forbidden")));
    assert_eq!((&second["userAgent"], &second["requestObject"]), (&json!("test"), &Value::Null));
    assert_eq!(second["annotations"]["authorization.k8s.io/decision"], "forbid");
}

/// Whether any file of the store has these bytes.
fn is_on_disk(harness: &Harness, text: &str) -> bool {
    let has =
        |path: std::path::PathBuf| std::fs::read(path).is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()));
    std::fs::read_dir(harness.dir.path()).unwrap().any(|entry| has(entry.unwrap().path()))
}

#[tokio::test]
async fn secrets_are_sealed_at_rest() {
    let keys = |keys: &[u8]| Security { encryption_keys: keys.iter().map(|byte| vec![*byte; 32]).collect(), ..Security::default() };
    let secrets = "/api/v1/namespaces/default/secrets";
    let secret = |name: &str, text: &str| json!({"metadata": {"name": name}, "data": {"password": STANDARD.encode(text)}});
    let harness = Harness::new().await;
    harness.post(secrets, &secret("before", "written in the open")).await;
    assert!(is_on_disk(&harness, &STANDARD.encode("written in the open")));
    let harness = harness.restart_secured(keys(&[1])).await;
    assert_eq!(harness.post(secrets, &secret("after", "never to be seen")).await.0, 201);
    assert_eq!(harness.post("/api/v1/namespaces/default/configmaps", &config_map("m", &json!({}))).await.0, 201);
    let shown = |answer: Value| answer["data"]["password"].as_str().unwrap().to_owned();
    assert_eq!(shown(harness.get(&format!("{secrets}/before")).await.1), STANDARD.encode("written in the open"));
    assert!(!is_on_disk(&harness, &STANDARD.encode("never to be seen")));
    // a new key is put before the old one, and then the old one may go
    let harness = harness.restart_secured(keys(&[2, 1])).await;
    assert_eq!(shown(harness.get(&format!("{secrets}/after")).await.1), STANDARD.encode("never to be seen"));
    let (code, _) = harness.put(&format!("{secrets}/after"), &secret("after", "changed")).await;
    assert_eq!(code, 200);
    let (_, list) = harness.get(secrets).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}
