//! Service account tokens by TokenRequest, bound to their pod, asked again when 80% of their life is over (or after 24 h).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use serde_json::json;

use crate::pod;

const OLDEST: SignedDuration = SignedDuration::from_hours(24);

#[derive(Clone, Debug)]
struct Token {
    text: String,
    refresh_at: Timestamp,
}

/// Tokens that are still good, by pod, audience and life.
#[derive(Debug, Default)]
pub struct Tokens(Mutex<HashMap<(String, String, i64), Token>>);

impl Tokens {
    /// The pod's token and when to ask for the next.
    pub async fn get(
        &self,
        client: &kube::Client,
        pod: &Pod,
        audience: Option<&str>,
        expiration_seconds: i64,
        now: Timestamp,
    ) -> Result<(String, Timestamp), String> {
        let key = (pod::uid(pod).to_owned(), audience.unwrap_or_default().to_owned(), expiration_seconds);
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(token) = known.filter(|token| token.refresh_at > now) {
            return Ok((token.text, token.refresh_at));
        }
        let account = pod::spec(pod).service_account_name.as_deref().filter(|name| !name.is_empty()).unwrap_or("default");
        let request = json!({
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {
                "audiences": audience.map(|audience| vec![audience]).unwrap_or_default(),
                "expirationSeconds": expiration_seconds,
                "boundObjectRef": { "apiVersion": "v1", "kind": "Pod", "name": pod::name(pod), "uid": pod::uid(pod) },
            },
        });
        let accounts: Api<k8s_openapi::api::core::v1::ServiceAccount> = Api::namespaced(client.clone(), pod::namespace(pod));
        let answer: serde_json::Value = accounts
            .create_subresource("token", account, &kube::api::PostParams::default(), &request)
            .await
            .map_err(|error| error.to_string())?;
        let status = &answer["status"];
        let text = status["token"].as_str().ok_or("the answer has no token")?.to_owned();
        let expires: Timestamp =
            status["expirationTimestamp"].as_str().and_then(|text| text.parse().ok()).ok_or("the answer has no expirationTimestamp")?;
        let life = expires.duration_since(now);
        let refresh_at = now + (life * 4 / 5).min(OLDEST);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Token { text: text.clone(), refresh_at });
        Ok((text, refresh_at))
    }
    /// The pod is gone.
    pub fn forget(&self, uid: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(pod, ..), _| pod != uid);
    }
}
