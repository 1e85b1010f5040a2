//! ServiceAccounts.

use api::ErrorList;
use k8s_openapi::api::core::v1::{ObjectReference, ServiceAccount};

use crate::Part;

pub(crate) struct ServiceAccountBehaviour;

impl crate::Behaviour<ServiceAccount> for ServiceAccountBehaviour {
    fn prepare_create(&self, account: &mut ServiceAccount) {
        only_names(account);
    }
    fn prepare_update(&self, _part: Part, account: &mut ServiceAccount, _old: &ServiceAccount) {
        only_names(account);
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
