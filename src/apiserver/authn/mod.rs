//! Who asks: by client certificate (CN is the user, O its groups), by service-account token, or nobody.

mod bootstrap_token;
mod certificate;
pub mod oidc;
pub mod service_account;
pub mod signing;

use std::sync::Arc;

use api::ApiError;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::authz::{Ask, Authorizer, Decision, refusal};
use crate::context::UserInfo;
use crate::server::Inner;

pub use certificate::identity as certificate_identity;
pub use service_account::{TokenAuthority, Verified};

/// What the connection says about its other end.
#[derive(Clone, Debug, Default)]
pub enum Peer {
    /// Nothing.
    #[default]
    Unknown,
    /// Its certificate, which one of our authorities has signed.
    Certificate(Arc<UserInfo>),
    /// It is a part of this process.
    Internal(Arc<UserInfo>),
}

/// Finds out who asks. Whoever shows something that is not valid is refused; whoever shows nothing is anonymous.
pub(crate) async fn authenticate(peer: &Peer, headers: &HeaderMap, inner: &Inner) -> Result<Arc<UserInfo>, ApiError> {
    if let Peer::Internal(user) | Peer::Certificate(user) = peer {
        return Ok(user.clone());
    }
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(Arc::new(UserInfo::anonymous())) };
    let text = value.to_str().map_err(|_| ApiError::unauthorized())?;
    let Some((_, token)) = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
        return Ok(Arc::new(UserInfo::anonymous()));
    };
    match verify(token.trim(), None, inner).await {
        Ok(verified) => Ok(verified.user),
        Err(error) => {
            tracing::debug!(%error, "a bearer token was refused");
            Err(ApiError::unauthorized())
        }
    }
}

/// Why no authenticator takes a token.
#[derive(Debug, thiserror::Error)]
pub enum RefusedToken {
    #[error(transparent)]
    ServiceAccount(#[from] service_account::TokenError),
    #[error(transparent)]
    Oidc(#[from] oidc::OidcError),
    #[error("the bootstrap token is not valid")]
    Bootstrap,
}

/// Verifies a bearer token, whoever made it: a bootstrap token by its shape, a foreign issuer's by the issuer in it, all others as service accounts'.
pub(crate) async fn verify(token: &str, audiences: Option<&[String]>, inner: &Inner) -> Result<Verified, RefusedToken> {
    let own = || audiences.map_or_else(|| inner.tokens.audiences().to_vec(), <[String]>::to_vec);
    if bootstrap_token::parse(token).is_some() {
        let user = bootstrap_token::verify(token, &inner.registry.cache, jiff::Timestamp::now());
        return user.map(|user| Verified { user: Arc::new(user), audiences: own() }).ok_or(RefusedToken::Bootstrap);
    }
    if let Some(oidc) = inner.oidc.as_ref().filter(|oidc| oidc.issued(token)) {
        return Ok(Verified { user: Arc::new(oidc.verify(token).await?), audiences: own() });
    }
    Ok(inner.tokens.verify(token, audiences, &inner.registry.cache)?)
}

/// Acts as another, where the headers say so and the user may.
pub fn impersonate(user: Arc<UserInfo>, headers: &HeaderMap, authorizer: &Authorizer) -> Result<Arc<UserInfo>, ApiError> {
    const EXTRA: &str = "impersonate-extra-";
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let name = text("impersonate-user");
    let groups: Vec<String> =
        headers.get_all("impersonate-group").iter().filter_map(|value| value.to_str().ok()).map(str::to_owned).collect();
    let extra: Vec<(String, String)> = headers
        .iter()
        .filter_map(|(header, value)| {
            Some((crate::request::percent_decode(header.as_str().strip_prefix(EXTRA)?, false), value.to_str().ok()?.to_owned()))
        })
        .collect();
    let uid = text("impersonate-uid");
    if name.is_empty() {
        if groups.is_empty() && extra.is_empty() && uid.is_empty() {
            return Ok(user);
        }
        return Err(ApiError::internal("requested impersonation without impersonating a user"));
    }
    let check = |group: &str, resource: &str, subresource: &str, namespace: &str, name: &str| {
        let ask = Ask { user: &user, verb: "impersonate", path: None, group, resource, subresource, namespace, name, node: None };
        match authorizer.decide(&ask) {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(why) => Err(refusal(&ask, &why)),
        }
    };
    let account = name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
    let account = account.map(|(namespace, account)| (namespace.to_owned(), account.to_owned()));
    match &account {
        Some((namespace, account)) => check("", "serviceaccounts", "", namespace, account)?,
        None => check("", "users", "", "", &name)?,
    }
    for group in &groups {
        check("", "groups", "", "", group)?;
    }
    if !uid.is_empty() {
        check("authentication.k8s.io", "uids", "", "", &uid)?;
    }
    let mut acting = UserInfo { name, uid, groups, ..UserInfo::default() };
    for (key, value) in extra {
        check("authentication.k8s.io", "userextras", &key, "", &value)?;
        acting.extra.entry(key).or_default().push(value);
    }
    if let Some((namespace, _)) = account.filter(|_| acting.groups.is_empty()) {
        acting.groups = vec!["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")];
    }
    let (known, unknown) = ("system:authenticated", "system:unauthenticated");
    let anonymous = acting.name == "system:anonymous";
    // whoever says that they are nobody known is believed
    if !acting.in_group(unknown) && (anonymous || !acting.in_group(known)) {
        acting.groups.push(if anonymous { unknown } else { known }.to_owned());
    }
    Ok(Arc::new(acting))
}
