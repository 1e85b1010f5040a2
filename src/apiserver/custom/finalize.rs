//! The end of a definition: its instances are deleted as anybody would delete them, and it goes when the last of them has gone.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;

use super::{change, status};
use crate::context::UserInfo;
use crate::registry::delete::Deletion;
use crate::registry::{DeleteOptions, Endpoint, Registry};
use crate::server::Inner;

/// Holds a definition until its instances are gone.
const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";
/// Instances that could not be deleted are tried again after this long.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Marks a definition that is being deleted: what upstream's registry does with it before anybody else.
pub fn mark(definition: &mut CustomResourceDefinition) {
    let finalizers = definition.metadata.finalizers.get_or_insert_default();
    if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        finalizers.push(FINALIZER.to_owned());
    }
    let message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
    status::set(
        definition.status.get_or_insert_default(),
        "Terminating",
        true,
        "InstanceDeletionPending",
        message,
        &crate::registry::now(),
    );
}

/// Ends a definition, if that is not under way.
pub fn begin(inner: &Arc<Inner>, name: &str, uid: String, endpoint: Option<Endpoint>) {
    if !inner.ending.lock().unwrap_or_else(PoisonError::into_inner).insert(uid.clone()) {
        return;
    }
    let (weak, name) = (Arc::downgrade(inner), name.to_owned());
    tokio::spawn(async move {
        end(&weak, &name, endpoint).await;
        if let Some(inner) = weak.upgrade() {
            inner.ending.lock().unwrap_or_else(PoisonError::into_inner).remove(&uid);
        }
    });
}

async fn end(inner: &Weak<Inner>, name: &str, endpoint: Option<Endpoint>) {
    let told = |is: bool, reason: &'static str, message: String| {
        move |definition: &mut CustomResourceDefinition| {
            let status = definition.status.get_or_insert_default();
            status::set(status, "Terminating", is, reason, &message, &crate::registry::now());
        }
    };
    let Some(strong) = inner.upgrade() else { return };
    let began = told(true, "InstanceDeletionInProgress", "CustomResource deletion is in progress".to_owned());
    if let Err(error) = change(&strong.registry, name, began).await {
        tracing::warn!(%name, %error, "the end of a definition can not be told");
    }
    drop(strong);
    let last = match endpoint {
        None => told(false, "NeverEstablished", "resource was never established".to_owned()),
        Some(endpoint) => {
            let mut changed = endpoint.resource.subscribe();
            loop {
                let Some(strong) = inner.upgrade() else { return };
                let failure = delete_instances(&strong.registry, &endpoint).await;
                if endpoint.resource.is_empty() {
                    break;
                }
                if let Some(message) = &failure {
                    let failed = told(true, "InstanceDeletionFailed", format!("could not issue all deletes: {message}"));
                    if let Err(error) = change(&strong.registry, name, failed).await {
                        tracing::warn!(%name, %error, "the end of a definition can not be told");
                    }
                }
                drop(strong);
                // an event when somebody takes a finalizer off, or what failed once more
                let wait = if failure.is_some() { AGAIN_AFTER } else { Duration::MAX };
                tokio::select! {
                    changed = changed.changed() => if changed.is_err() { return },
                    () = tokio::time::sleep(wait) => {}
                }
            }
            told(false, "InstanceDeletionCompleted", "removed all instances".to_owned())
        }
    };
    let Some(strong) = inner.upgrade() else { return };
    let done = change(&strong.registry, name, |definition| {
        last(definition);
        definition.metadata.finalizers.iter_mut().for_each(|finalizers| finalizers.retain(|finalizer| finalizer != FINALIZER));
    });
    if let Err(error) = done.await
        && error.code() != 404
    {
        tracing::warn!(%name, %error, "a definition whose instances are gone can not be let go");
    }
}

/// Deletes all that is not being deleted; what went wrong comes back.
async fn delete_instances(registry: &Registry, endpoint: &Endpoint) -> Option<String> {
    let user = UserInfo::server();
    let options = DeleteOptions { propagation_policy: None, ..DeleteOptions::default() };
    let (items, _) = endpoint.resource.list("", || 0);
    let mut failures = Vec::new();
    for item in items {
        match registry.delete(endpoint, item.namespace(), item.name(), &user, &options).await {
            Ok(Deletion::Gone(_) | Deletion::Pending(_)) => {}
            Err(error) if error.code() == 404 => {}
            Err(error) => failures.push(error.to_string()),
        }
    }
    (!failures.is_empty()).then(|| failures.join(", "))
}
