//! The objects that pods refer to. In the API server's process they come from the shared caches; on another node each is asked for by name,
//! which is all that such a node may do.

use std::sync::Arc;

use api::ApiError;
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolume, PersistentVolumeClaim, Secret, Service};
use kube::Api;
use runtime::{Informer, Informers};

use crate::environment::Sources;
use crate::{environment, pod};

/// Where config maps, secrets, services, claims and volumes are read.
#[derive(Clone)]
pub struct Objects {
    client: kube::Client,
    cached: Option<Cached>,
    services: Informer<Service>,
}

#[derive(Clone)]
struct Cached {
    config_maps: Informer<ConfigMap>,
    secrets: Informer<Secret>,
}

impl Objects {
    pub fn new(informers: &Informers, in_process: bool) -> Self {
        let cached = in_process.then(|| Cached { config_maps: informers.of(), secrets: informers.of() });
        Self { client: informers.client(), cached, services: informers.of() }
    }
    /// What the cache lacks may be too new for it: then the server is asked.
    pub async fn config_map(&self, namespace: &str, name: &str) -> Result<Option<Arc<ConfigMap>>, ApiError> {
        if let Some(found) = self.cached.as_ref().and_then(|cached| cached.config_maps.get(namespace, name)) {
            return Ok(Some(found));
        }
        Ok(get(Api::<ConfigMap>::namespaced(self.client.clone(), namespace), name).await?.map(Arc::new))
    }
    pub async fn secret(&self, namespace: &str, name: &str) -> Result<Option<Arc<Secret>>, ApiError> {
        if let Some(found) = self.cached.as_ref().and_then(|cached| cached.secrets.get(namespace, name)) {
            return Ok(Some(found));
        }
        Ok(get(Api::<Secret>::namespaced(self.client.clone(), namespace), name).await?.map(Arc::new))
    }
    pub async fn claim(&self, namespace: &str, name: &str) -> Result<Option<PersistentVolumeClaim>, ApiError> {
        get(Api::namespaced(self.client.clone(), namespace), name).await
    }
    pub async fn volume(&self, name: &str) -> Result<Option<PersistentVolume>, ApiError> {
        get(Api::all(self.client.clone()), name).await
    }
    /// All that the environments of a pod's containers refer to.
    pub async fn sources(&self, pod: &k8s_openapi::api::core::v1::Pod) -> Result<Sources, ApiError> {
        let namespace = pod::namespace(pod);
        let (config_maps, secrets) = environment::references(pod);
        let mut sources = Sources::default();
        for name in config_maps {
            let found = self.config_map(namespace, &name).await?;
            sources.config_maps.insert(name, found);
        }
        for name in secrets {
            let found = self.secret(namespace, &name).await?;
            sources.secrets.insert(name, found);
        }
        self.services.synced().await;
        sources.services = self.services.in_namespace(namespace);
        if namespace != "default" {
            sources.services.extend(self.services.get("default", "kubernetes"));
        }
        Ok(sources)
    }
    /// Tells of every change to a config map or secret, by namespace and name; for ever pending where nothing is cached.
    pub async fn follow(&self, mut changed: impl FnMut(Dependency)) {
        let Some(cached) = &self.cached else { return std::future::pending().await };
        let (mut config_maps, mut secrets) = (cached.config_maps.subscribe(), cached.secrets.subscribe());
        loop {
            let dependency = tokio::select! {
                change = config_maps.recv() => Dependency::of("ConfigMap", &change.latest().metadata),
                change = secrets.recv() => Dependency::of("Secret", &change.latest().metadata),
            };
            changed(dependency);
        }
    }
}

/// An object that pods may refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    pub kind: &'static str,
    pub namespace: String,
    pub name: String,
}

impl Dependency {
    fn of(kind: &'static str, meta: &k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta) -> Self {
        Self { kind, namespace: meta.namespace.clone().unwrap_or_default(), name: meta.name.clone().unwrap_or_default() }
    }
    /// Whether the pod's volumes or environments use it.
    pub fn is_of(&self, pod: &k8s_openapi::api::core::v1::Pod) -> bool {
        if pod::namespace(pod) != self.namespace {
            return false;
        }
        let (config_maps, secrets) = environment::references(pod);
        let mut names = if self.kind == "ConfigMap" { config_maps } else { secrets };
        for volume in pod::spec(pod).volumes.iter().flatten() {
            let projections = volume.projected.iter().flat_map(|projected| projected.sources.iter().flatten());
            if self.kind == "ConfigMap" {
                names.extend(volume.config_map.as_ref().map(|source| source.name.clone()));
                names.extend(projections.filter_map(|part| part.config_map.as_ref().map(|source| source.name.clone())));
            } else {
                names.extend(volume.secret.as_ref().and_then(|source| source.secret_name.clone()));
                names.extend(projections.filter_map(|part| part.secret.as_ref().map(|source| source.name.clone())));
            }
        }
        names.contains(&self.name)
    }
}

async fn get<K>(api: Api<K>, name: &str) -> Result<Option<K>, ApiError>
where
    K: Clone + serde::de::DeserializeOwned + std::fmt::Debug,
{
    api.get_opt(name).await.map_err(|error| client::api_error(&error))
}
