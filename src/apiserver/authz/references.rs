//! What a pod names: the objects that its node may read for it.

use k8s_openapi::api::core::v1::PodSpec;

fn containers(spec: &PodSpec) -> impl Iterator<Item = &k8s_openapi::api::core::v1::Container> {
    spec.init_containers.iter().flatten().chain(&spec.containers)
}

pub fn secrets(spec: &PodSpec) -> impl Iterator<Item = &str> {
    let pulls = spec.image_pull_secrets.iter().flatten().map(|secret| secret.name.as_str());
    let environment = containers(spec).flat_map(|container| {
        let keys = container
            .env
            .iter()
            .flatten()
            .filter_map(|variable| variable.value_from.as_ref()?.secret_key_ref.as_ref())
            .map(|key| key.name.as_str());
        let whole = container.env_from.iter().flatten().filter_map(|source| source.secret_ref.as_ref()).map(|secret| secret.name.as_str());
        keys.chain(whole)
    });
    let volumes = spec.volumes.iter().flatten().flat_map(|volume| {
        let own = volume.secret.as_ref().and_then(|secret| secret.secret_name.as_deref());
        let projected = volume.projected.iter().flat_map(|projected| projected.sources.iter().flatten());
        own.into_iter().chain(projected.filter_map(|source| source.secret.as_ref()).map(|secret| secret.name.as_str()))
    });
    pulls.chain(environment).chain(volumes)
}

pub fn config_maps(spec: &PodSpec) -> impl Iterator<Item = &str> {
    let environment = containers(spec).flat_map(|container| {
        let keys = container
            .env
            .iter()
            .flatten()
            .filter_map(|variable| variable.value_from.as_ref()?.config_map_key_ref.as_ref())
            .map(|key| key.name.as_str());
        let whole = container.env_from.iter().flatten().filter_map(|source| source.config_map_ref.as_ref()).map(|map| map.name.as_str());
        keys.chain(whole)
    });
    let volumes = spec.volumes.iter().flatten().flat_map(|volume| {
        let own = volume.config_map.as_ref().map(|map| map.name.as_str());
        let projected = volume.projected.iter().flat_map(|projected| projected.sources.iter().flatten());
        own.into_iter().chain(projected.filter_map(|source| source.config_map.as_ref()).map(|map| map.name.as_str()))
    });
    environment.chain(volumes)
}

pub fn claims(spec: &PodSpec) -> impl Iterator<Item = &str> {
    spec.volumes.iter().flatten().filter_map(|volume| volume.persistent_volume_claim.as_ref()).map(|claim| claim.claim_name.as_str())
}

pub fn trust_bundles(spec: &PodSpec) -> impl Iterator<Item = &k8s_openapi::api::core::v1::ClusterTrustBundleProjection> {
    let projected = spec.volumes.iter().flatten().filter_map(|volume| volume.projected.as_ref());
    projected.flat_map(|projected| projected.sources.iter().flatten()).filter_map(|source| source.cluster_trust_bundle.as_ref())
}
