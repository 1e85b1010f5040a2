//! ServiceAccount: every pod runs as an account of its namespace, whose token, root certificate and namespace are mounted into its containers.

use std::time::Duration;

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::{
    ConfigMapProjection, Container, DownwardAPIProjection, DownwardAPIVolumeFile, KeyToPath, ObjectFieldSelector, Pod, PodSpec,
    ProjectedVolumeSource, ServiceAccount, ServiceAccountTokenProjection, Volume, VolumeMount, VolumeProjection,
};

use super::{Attributes, Plugin, pod};
use crate::registry::Registry;

const DEFAULT: &str = "default";
/// Where clients inside containers look.
const MOUNT_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
const VOLUME_PREFIX: &str = "kube-api-access-";
/// An hour, and what upstream recognizes its own mounts by.
const TOKEN_SECONDS: i64 = 3607;
/// A new namespace gets its default account from a controller; a pod that comes first waits for it this long.
const DEFAULT_APPEARS: Duration = Duration::from_secs(1);
/// An account so annotated gives its pods the secrets that it lists and no others.
const ENFORCE_MOUNTABLE: &str = "kubernetes.io/enforce-mountable-secrets";
const MIRROR: &str = "kubernetes.io/config.mirror";

pub struct ServiceAccounts;

#[async_trait]
impl Plugin for ServiceAccounts {
    fn name(&self) -> &'static str {
        "ServiceAccount"
    }
    fn handles(&self, attributes: &Attributes<'_>) -> bool {
        attributes.creates(&kinds::POD)
    }
    async fn mutate(&self, attributes: &Attributes<'_>, object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        let Some(pod) = pod(object) else { return Ok(()) };
        admit(attributes, pod).await
    }
}

async fn admit(attributes: &Attributes<'_>, pod: &mut Pod) -> Result<(), ApiError> {
    if pod.metadata.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(MIRROR)) {
        return mirror(attributes, pod);
    }
    let spec = pod.spec.get_or_insert_default();
    let name = spec.service_account_name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| DEFAULT.to_owned());
    spec.service_account_name = Some(name.clone());
    spec.service_account = Some(name.clone());
    let account = find(attributes.registry, attributes.namespace, &name).await.ok_or_else(|| {
        attributes.forbidden(format!("error looking up service account {}/{name}: serviceaccount {name:?} not found", attributes.namespace))
    })?;
    let account = account.downcast_ref::<ServiceAccount>().ok_or_else(|| ApiError::internal("a service account is none"))?;
    if account.metadata.annotations.as_ref().and_then(|annotations| annotations.get(ENFORCE_MOUNTABLE)).is_some_and(|value| truthy(value)) {
        limit_secrets(attributes, account, spec)?;
    }
    let mounts = spec.automount_service_account_token.or(account.automount_service_account_token).unwrap_or(true);
    if mounts {
        mount(spec);
    }
    if spec.image_pull_secrets.as_ref().is_none_or(Vec::is_empty) {
        spec.image_pull_secrets = account.image_pull_secrets.clone().filter(|secrets| !secrets.is_empty());
    }
    Ok(())
}

/// A pod that only shows a static pod of a node must lean on nothing of the API.
fn mirror(attributes: &Attributes<'_>, pod: &Pod) -> Result<(), ApiError> {
    let spec = pod.spec.as_ref();
    if spec.and_then(|spec| spec.service_account_name.as_deref()).is_some_and(|name| !name.is_empty()) {
        return Err(attributes.forbidden("a mirror pod may not reference service accounts"));
    }
    if spec.and_then(|spec| spec.volumes.as_ref()).into_iter().flatten().any(|volume| volume.secret.is_some()) {
        return Err(attributes.forbidden("a mirror pod may not reference secrets"));
    }
    Ok(())
}

fn truthy(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

fn limit_secrets(attributes: &Attributes<'_>, account: &ServiceAccount, spec: &PodSpec) -> Result<(), ApiError> {
    let listed = |name: &str| account.secrets.iter().flatten().any(|secret| secret.name.as_deref() == Some(name));
    let owner = account.metadata.name.as_deref().unwrap_or_default();
    for volume in spec.volumes.iter().flatten() {
        let Some(secret) = volume.secret.as_ref().and_then(|source| source.secret_name.as_deref()) else { continue };
        if !listed(secret) {
            return Err(attributes.forbidden(format!(
                "volume with secret.secretName={secret:?} is not allowed because service account {owner} does not reference that secret"
            )));
        }
    }
    let kinds_of = [("init container", spec.init_containers.as_deref().unwrap_or_default()), ("container", spec.containers.as_slice())];
    for (what, containers) in kinds_of {
        for container in containers {
            for variable in container.env.iter().flatten() {
                let Some(key) = variable.value_from.as_ref().and_then(|source| source.secret_key_ref.as_ref()) else { continue };
                if !listed(&key.name) {
                    return Err(attributes.forbidden(format!(
                        "{what} {} with envVar {} referencing secret.secretName={:?} is not allowed because service account {owner} does not reference that secret",
                        container.name, variable.name, key.name
                    )));
                }
            }
            for source in container.env_from.iter().flatten() {
                let Some(secret) = source.secret_ref.as_ref() else { continue };
                if !listed(&secret.name) {
                    return Err(attributes.forbidden(format!(
                        "{what} {} with envFrom referencing secret.secretName={:?} is not allowed because service account {owner} does not reference that secret",
                        container.name, secret.name
                    )));
                }
            }
        }
    }
    let may_pull = |name: &str| account.image_pull_secrets.iter().flatten().any(|secret| secret.name == name);
    match spec.image_pull_secrets.iter().flatten().enumerate().find(|(_, secret)| !may_pull(&secret.name)) {
        Some((index, secret)) => Err(attributes.forbidden(format!(
            "imagePullSecrets[{index}].name={:?} is not allowed because service account {owner} does not reference that imagePullSecret",
            secret.name
        ))),
        None => Ok(()),
    }
}

async fn find(registry: &Registry, namespace: &str, name: &str) -> Option<std::sync::Arc<dyn Object>> {
    let accounts = registry.of(&kinds::SERVICE_ACCOUNT);
    let get = || registry.get(accounts, namespace, name).ok().and_then(|item| item.object(&kinds::SERVICE_ACCOUNT).ok());
    if let Some(account) = get() {
        return Some(account);
    }
    if name != DEFAULT {
        return None;
    }
    let mut changed = accounts.resource.subscribe();
    tokio::time::timeout(DEFAULT_APPEARS, async {
        loop {
            changed.borrow_and_update();
            if let Some(account) = get() {
                return Some(account);
            }
            changed.changed().await.ok()?;
        }
    })
    .await
    .ok()
    .flatten()
}

fn mount(spec: &mut PodSpec) {
    let volumes = spec.volumes.get_or_insert_default();
    let existing = volumes
        .iter()
        .find(|volume| volume.name.starts_with(VOLUME_PREFIX) && volume.projected.is_some())
        .map(|volume| volume.name.clone());
    let name = existing.clone().unwrap_or_else(|| crate::registry::generate_name(VOLUME_PREFIX));
    let mut used = false;
    let containers = spec.init_containers.iter_mut().flatten().chain(&mut spec.containers);
    for container in containers {
        used |= mount_into(container, &name);
    }
    if used && existing.is_none() {
        volumes.push(volume(name));
    }
    if volumes.is_empty() {
        spec.volumes = None;
    }
}

/// A container that has something at the path already keeps it.
fn mount_into(container: &mut Container, volume: &str) -> bool {
    let mounts = container.volume_mounts.get_or_insert_default();
    if mounts.iter().any(|mount| mount.mount_path == MOUNT_PATH) {
        return false;
    }
    mounts.push(VolumeMount { name: volume.to_owned(), read_only: Some(true), mount_path: MOUNT_PATH.to_owned(), ..Default::default() });
    true
}

fn volume(name: String) -> Volume {
    let token = ServiceAccountTokenProjection { expiration_seconds: Some(TOKEN_SECONDS), path: "token".to_owned(), ..Default::default() };
    let root = ConfigMapProjection {
        name: "kube-root-ca.crt".to_owned(),
        items: Some(vec![KeyToPath { key: "ca.crt".to_owned(), path: "ca.crt".to_owned(), ..Default::default() }]),
        optional: None,
    };
    let field = ObjectFieldSelector { api_version: Some("v1".to_owned()), field_path: "metadata.namespace".to_owned() };
    let namespace = DownwardAPIVolumeFile { path: "namespace".to_owned(), field_ref: Some(field), ..Default::default() };
    let sources = vec![
        VolumeProjection { service_account_token: Some(token), ..Default::default() },
        VolumeProjection { config_map: Some(root), ..Default::default() },
        VolumeProjection { downward_api: Some(DownwardAPIProjection { items: Some(vec![namespace]) }), ..Default::default() },
    ];
    Volume {
        name,
        projected: Some(ProjectedVolumeSource { default_mode: Some(0o644), sources: Some(sources), ..Default::default() }),
        ..Default::default()
    }
}
