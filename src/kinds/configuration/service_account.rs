//! ServiceAccounts.

use api::ErrorList;
use k8s_openapi::api::core::v1::{ObjectReference, ServiceAccount};

use crate::Part;

const MOUNTABLE_SECRETS: &str = "kubernetes.io/enforce-mountable-secrets";

pub(crate) struct ServiceAccountBehaviour;

impl crate::Behaviour<ServiceAccount> for ServiceAccountBehaviour {
    fn prepare_create(&self, account: &mut ServiceAccount) {
        only_names(account);
    }
    fn prepare_update(&self, _part: Part, account: &mut ServiceAccount, _old: &ServiceAccount) {
        only_names(account);
    }
    fn warnings(&self, account: &ServiceAccount, old: Option<&ServiceAccount>) -> Vec<String> {
        let annotated =
            |account: &ServiceAccount| account.metadata.annotations.as_ref().is_some_and(|all| all.contains_key(MOUNTABLE_SECRETS));
        if !annotated(account) || old.is_some_and(annotated) {
            return Vec::new();
        }
        let why = "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets";
        vec![format!("metadata.annotations[{MOUNTABLE_SECRETS}]: {why}")]
    }
    fn validate(&self, _account: &ServiceAccount) -> ErrorList {
        ErrorList::new()
    }
}

/// Secrets are in the account's own namespace: nothing but their name counts.
fn only_names(account: &mut ServiceAccount) {
    for secret in account.secrets.iter_mut().flatten() {
        *secret = ObjectReference { name: secret.name.take(), ..ObjectReference::default() };
    }
}
