//! How many pods the owners of pods want: from the caches for the workloads that have some, from the `scale` subresource for whatever else owns pods, as custom resources do.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{ApiError, Gvk};
use client::{Body, Resource, call};
use http::Method;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v1::Scale;
use k8s_openapi::api::core::v1::{Pod, ReplicationController};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{APIResource, APIResourceList, ObjectMeta, OwnerReference};
use runtime::{Informer, Informers};

use crate::ownership::controller_of;

/// What is known of the owner of a pod.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// The one that decides, which may be the owner's owner, and how many pods it wants.
    Wants { uid: String, replicas: i32 },
    /// There is no such owner.
    Nobody,
    /// No cache has it.
    Unasked { owner: OwnerReference, namespace: String },
    /// Why nobody can say.
    Failed(String),
}

/// By the uid of the owner that the pod names.
pub(super) type Scales = BTreeMap<String, Found>;

#[derive(Clone)]
pub(super) struct Owners {
    client: kube::Client,
    pub(super) replica_sets: Informer<ReplicaSet>,
    pub(super) deployments: Informer<Deployment>,
    pub(super) stateful_sets: Informer<StatefulSet>,
    pub(super) replication_controllers: Informer<ReplicationController>,
}

impl Owners {
    pub(super) fn new(informers: &Informers) -> Self {
        Self {
            client: informers.client(),
            replica_sets: informers.of(),
            deployments: informers.of(),
            stateful_sets: informers.of(),
            replication_controllers: informers.of(),
        }
    }

    /// What the caches know of the owners of pods.
    pub(super) fn scales(&self, pods: &[Arc<Pod>]) -> Scales {
        let mut scales = Scales::new();
        for pod in pods {
            let Some(owner) = controller_of(&pod.metadata) else { continue };
            let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
            scales.entry(owner.uid.clone()).or_insert_with(|| self.found(owner, namespace));
        }
        scales
    }

    fn found(&self, owner: &OwnerReference, namespace: &str) -> Found {
        let kind = match Gvk::parse(&owner.api_version, &owner.kind) {
            Ok(kind) => kind,
            Err(error) => return Found::Failed(error.to_string()),
        };
        let name = owner.name.as_str();
        let held = match (kind.group.as_str(), kind.kind.as_str()) {
            ("apps" | "extensions", "ReplicaSet") => this(owner, self.replica_sets.get(namespace, name), |set| &set.metadata)
                .map(|set| self.of_deployment(&set).unwrap_or_else(|| wants(&set.metadata, set.spec.replicas))),
            ("apps", "StatefulSet") => {
                this(owner, self.stateful_sets.get(namespace, name), |set| &set.metadata).map(|set| wants(&set.metadata, set.spec.replicas))
            }
            ("", "ReplicationController") => this(owner, self.replication_controllers.get(namespace, name), |set| &set.metadata)
                .map(|set| wants(&set.metadata, set.spec.as_ref().and_then(|spec| spec.replicas))),
            _ => None,
        };
        held.unwrap_or_else(|| Found::Unasked { owner: owner.clone(), namespace: namespace.to_owned() })
    }

    /// What the deployment of a set wants, where it has one.
    fn of_deployment(&self, set: &ReplicaSet) -> Option<Found> {
        let owner = controller_of(&set.metadata).filter(|owner| owner.kind == "Deployment")?;
        let group = match Gvk::parse(&owner.api_version, &owner.kind) {
            Ok(kind) => kind.group,
            Err(error) => return Some(Found::Failed(error.to_string())),
        };
        if !matches!(group.as_str(), "apps" | "extensions") {
            return None;
        }
        let found = self.deployments.get(set.metadata.namespace.as_deref().unwrap_or_default(), &owner.name);
        let deployment = this(owner, found, |deployment| &deployment.metadata)?;
        Some(wants(&deployment.metadata, deployment.spec.replicas))
    }

    /// Asks the server where the caches do not know.
    pub(super) async fn ask(&self, scales: &mut Scales) {
        for found in scales.values_mut() {
            if let Found::Unasked { owner, namespace } = found {
                *found = self.asked(owner, namespace).await.unwrap_or_else(Found::Failed);
            }
        }
    }

    async fn asked(&self, owner: &OwnerReference, namespace: &str) -> Result<Found, String> {
        let kind = Gvk::parse(&owner.api_version, &owner.kind).map_err(|error| error.to_string())?;
        let served = match self.served(&kind).await {
            Ok(served) => served,
            Err(error) if error.code() == 404 => Vec::new(),
            Err(error) => return Err(error.message().to_owned()),
        };
        let unknown = || format!("no matches for kind {:?} in version {:?}", kind.kind, owner.api_version);
        let main = served.iter().find(|served| served.kind == kind.kind && !served.name.contains('/')).ok_or_else(unknown)?;
        let resource = Resource {
            group: kind.group.clone().into(),
            version: kind.version.clone().into(),
            kind: kind.kind.clone().into(),
            plural: main.name.clone().into(),
            namespaced: main.namespaced,
        };
        if !served.iter().any(|below| is_scale(below, &main.name)) {
            return Err(format!("{} does not implement the scale subresource", resource.qualified()));
        }
        let path = format!("{}/scale", resource.object(namespace, &owner.name));
        let answer = match call(&self.client, Method::GET, &path, Body::Empty).await {
            Ok(answer) => answer,
            Err(error) if error.code() == 404 => return Ok(Found::Nobody),
            Err(error) => return Err(error.message().to_owned()),
        };
        let scale: Scale = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        let replicas = scale.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or_default();
        Ok(match scale.metadata.uid {
            Some(uid) if uid == owner.uid => Found::Wants { uid, replicas },
            _ => Found::Nobody,
        })
    }

    /// What is served at the version of a kind.
    async fn served(&self, kind: &Gvk) -> Result<Vec<APIResource>, ApiError> {
        let path = if kind.group.is_empty() { format!("/api/{}", kind.version) } else { format!("/apis/{}", kind.api_version()) };
        let answer = call(&self.client, Method::GET, &path, Body::Empty).await?;
        Ok(serde_json::from_slice::<APIResourceList>(&answer).map_err(ApiError::internal)?.resources)
    }
}

/// The very object that is meant, not another of its name.
fn this<K>(owner: &OwnerReference, found: Option<Arc<K>>, meta: impl Fn(&K) -> &ObjectMeta) -> Option<Arc<K>> {
    found.filter(|found| meta(found).uid.as_deref() == Some(owner.uid.as_str()))
}

fn wants(meta: &ObjectMeta, replicas: Option<i32>) -> Found {
    Found::Wants { uid: meta.uid.clone().unwrap_or_default(), replicas: replicas.unwrap_or(1) }
}

/// Whether this is the scale subresource of a resource, in one of the forms that it has had.
fn is_scale(served: &APIResource, plural: &str) -> bool {
    let group = served.group.as_deref().unwrap_or_default();
    served.name.strip_suffix("/scale") == Some(plural) && served.kind == "Scale" && matches!(group, "autoscaling" | "extensions" | "apps")
}
