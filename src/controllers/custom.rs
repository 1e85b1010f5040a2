//! Custom resources for the controllers that work on objects of any kind: each that is established is followed for as long as it is.

use std::collections::BTreeMap;

use client::{Body, Resource};
use http::Method;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kinds::CUSTOM_RESOURCE_DEFINITION;
use runtime::Key;
use tokio_util::sync::CancellationToken;

use crate::House;
use crate::resources::resource;

/// A resource that is followed, and what ends that.
struct Followed {
    resource: Resource,
    gone: CancellationToken,
}

/// Follows the definitions. Only their metadata is held; each is read when it has changed.
pub(crate) async fn run(house: House) {
    let definitions = resource(&CUSTOM_RESOURCE_DEFINITION);
    let mut changes = house.informers.metadata(&definitions).subscribe();
    let mut followed: BTreeMap<String, Followed> = BTreeMap::new();
    loop {
        let change = tokio::select! {
            () = house.stop.cancelled() => return,
            change = changes.recv() => change,
        };
        let name = Key::of(&change.latest().metadata).name;
        let wanted = if change.new.is_some() { read(&house, &definitions, &name).await } else { None };
        if followed.get(&name).map(|followed| &followed.resource) == wanted.as_ref() {
            continue;
        }
        if let Some(former) = followed.remove(&name) {
            former.gone.cancel();
            house.sources.remove(&house.informers, &former.resource);
        }
        let Some(resource) = wanted else { continue };
        let gone = house.stop.child_token();
        followed.insert(name, Followed { resource: resource.clone(), gone: gone.clone() });
        let house = house.clone();
        tokio::spawn(async move { house.sources.add(&house.informers, resource, gone).await });
    }
}

/// The resource of a definition at a version that is served; none before it is established.
async fn read(house: &House, definitions: &Resource, name: &str) -> Option<Resource> {
    let bytes = client::call(&house.informers.client(), Method::GET, &definitions.object("", name), Body::Empty).await.ok()?;
    let definition: CustomResourceDefinition = serde_json::from_slice(&bytes).ok()?;
    let spec = &definition.spec;
    let served = || spec.versions.iter().filter(|version| version.served);
    let version = served().find(|version| version.storage).or_else(|| served().next())?;
    let names = definition.status.as_ref()?.accepted_names.clone()?;
    kinds::custom::is_true(&definition, "Established").then(|| Resource {
        group: spec.group.clone().into(),
        version: version.name.clone().into(),
        kind: names.kind.into(),
        plural: names.plural.into(),
        namespaced: spec.scope == "Namespaced",
    })
}
