//! The files of config map, secret, downward API and projected volumes.

use k8s_openapi::api::core::v1::{ConfigMap, DownwardAPIVolumeFile, KeyToPath, Pod, Secret, ServiceAccountTokenProjection, Volume};

use super::atomic::{File, Files};
use super::{Error, Ownership};
use crate::kubelet::Shared;
use crate::{fields, pod};

/// Files, and when they are to be made again because a token in them grows old.
#[derive(Debug, Default)]
pub struct Payload {
    pub files: Files,
    pub refresh_at: Option<jiff::Timestamp>,
}

/// What the files of one volume are made of.
struct Maker<'a> {
    shared: &'a Shared,
    pod: &'a Pod,
    pod_ips: &'a [String],
    payload: Payload,
}

/// The files of a volume.
pub async fn of(shared: &Shared, pod: &Pod, volume: &Volume, pod_ips: &[String]) -> Result<Payload, Error> {
    let mut maker = Maker { shared, pod, pod_ips, payload: Payload::default() };
    if let Some(source) = &volume.config_map {
        maker.config_map(&source.name, source.items.as_deref(), source.optional, mode(source.default_mode)).await?;
    }
    if let Some(source) = &volume.secret {
        let name = source.secret_name.as_deref().unwrap_or_default();
        maker.secret(name, source.items.as_deref(), source.optional, mode(source.default_mode)).await?;
    }
    if let Some(source) = &volume.downward_api {
        maker.downward(source.items.as_deref().unwrap_or_default(), mode(source.default_mode))?;
    }
    if let Some(source) = &volume.projected {
        let mode = mode(source.default_mode);
        for part in source.sources.iter().flatten() {
            if let Some(source) = &part.config_map {
                maker.config_map(&source.name, source.items.as_deref(), source.optional, mode).await?;
            }
            if let Some(source) = &part.secret {
                maker.secret(&source.name, source.items.as_deref(), source.optional, mode).await?;
            }
            if let Some(source) = &part.downward_api {
                maker.downward(source.items.as_deref().unwrap_or_default(), mode)?;
            }
            if let Some(source) = &part.service_account_token {
                maker.token(source, mode).await?;
            }
            if part.cluster_trust_bundle.is_some() || part.pod_certificate.is_some() {
                return Err(Error::Unsupported);
            }
        }
    }
    Ok(maker.payload)
}

fn mode(mode: Option<i32>) -> u32 {
    mode.and_then(|mode| u32::try_from(mode).ok()).unwrap_or(0o644)
}

impl Maker<'_> {
    async fn config_map(&mut self, name: &str, items: Option<&[KeyToPath]>, optional: Option<bool>, mode: u32) -> Result<(), Error> {
        let namespace = pod::namespace(self.pod);
        let found = self.shared.objects.config_map(namespace, name).await;
        let found = found.map_err(|error| Error::Read { what: format!("configmap {namespace}/{name}"), message: error.to_string() })?;
        match found {
            Some(found) => self.keys(&config_map_data(&found), items, optional, mode, "config"),
            None if optional == Some(true) => Ok(()),
            None => Err(Error::NoConfigMap(name.to_owned())),
        }
    }
    async fn secret(&mut self, name: &str, items: Option<&[KeyToPath]>, optional: Option<bool>, mode: u32) -> Result<(), Error> {
        let namespace = pod::namespace(self.pod);
        let found = self.shared.objects.secret(namespace, name).await;
        let found = found.map_err(|error| Error::Read { what: format!("secret {namespace}/{name}"), message: error.to_string() })?;
        match found {
            Some(found) => self.keys(&secret_data(&found), items, optional, mode, "secret"),
            None if optional == Some(true) => Ok(()),
            None => Err(Error::NoSecret(name.to_owned())),
        }
    }
    /// All keys as files, or the chosen ones at their paths.
    fn keys(
        &mut self,
        data: &[(String, Vec<u8>)],
        items: Option<&[KeyToPath]>,
        optional: Option<bool>,
        mode: u32,
        what: &'static str,
    ) -> Result<(), Error> {
        match items.filter(|items| !items.is_empty()) {
            None => self.payload.files.extend(data.iter().map(|(key, data)| (key.clone(), File { data: data.clone(), mode }))),
            Some(items) => {
                for item in items {
                    match data.iter().find(|(key, _)| *key == item.key) {
                        Some((_, data)) => {
                            let file = File { data: data.clone(), mode: item.mode.map_or(mode, |own| self::mode(Some(own))) };
                            self.payload.files.insert(item.path.clone(), file);
                        }
                        None if optional == Some(true) => {}
                        None => return Err(Error::NoKey { what, key: item.key.clone() }),
                    }
                }
            }
        }
        Ok(())
    }
    fn downward(&mut self, items: &[DownwardAPIVolumeFile], mode: u32) -> Result<(), Error> {
        for item in items {
            let facts = self.shared.facts(self.pod_ips);
            let text = match (&item.field_ref, &item.resource_field_ref) {
                (Some(field), _) => fields::of_pod(self.pod, &field.field_path, facts)?,
                (None, Some(selector)) => fields::of_resources(self.pod, None, selector, facts)?,
                (None, None) => String::new(),
            };
            let file = File { data: text.into_bytes(), mode: item.mode.map_or(mode, |own| self::mode(Some(own))) };
            self.payload.files.insert(item.path.clone(), file);
        }
        Ok(())
    }
    /// A token is for its pod alone: readable by its group, its one user, or (where neither is known) as the volume says.
    async fn token(&mut self, source: &ServiceAccountTokenProjection, mode: u32) -> Result<(), Error> {
        let shared = self.shared;
        let seconds = source.expiration_seconds.unwrap_or(3600);
        let audience = source.audience.as_deref().filter(|audience| !audience.is_empty());
        let (token, refresh_at) =
            shared.tokens.get(&shared.client, self.pod, audience, seconds, jiff::Timestamp::now()).await.map_err(Error::Token)?;
        let mode = if Ownership::of(self.pod).fs_group.is_some() { 0o600 } else { mode };
        self.payload.files.insert(source.path.clone(), File { data: token.into_bytes(), mode });
        self.payload.refresh_at = Some(self.payload.refresh_at.map_or(refresh_at, |earlier| earlier.min(refresh_at)));
        Ok(())
    }
}

fn config_map_data(map: &ConfigMap) -> Vec<(String, Vec<u8>)> {
    let text = map.data.iter().flatten().map(|(key, value)| (key.clone(), value.clone().into_bytes()));
    let binary = map.binary_data.iter().flatten().map(|(key, value)| (key.clone(), value.0.clone()));
    text.chain(binary).collect()
}

fn secret_data(secret: &Secret) -> Vec<(String, Vec<u8>)> {
    secret.data.iter().flatten().map(|(key, value)| (key.clone(), value.0.clone())).collect()
}
