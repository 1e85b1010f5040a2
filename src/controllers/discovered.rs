//! Resources beside the built-in kinds, for the controllers that work on objects of any kind: those that discovery tells of are followed for as long as it does,
//! whether their objects are custom resources or an extension API server's. Discovery is looked at when a definition or an APIService changes; what extension API
//! servers serve changes without an event, so that while there are any it is looked at every while.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::ApiError;
use client::{Body, Resource};
use http::Method;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kinds::{API_SERVICE, CUSTOM_RESOURCE_DEFINITION};
use runtime::{Backoff, Change, Informer, Key, PartialObject};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::House;
use crate::resources::resource;
use crate::sources::Outside;

const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
/// As upstream's garbage collector looks for new resources.
const EVERY: Duration = Duration::from_secs(30);
/// A definition that has just gone may still be served for a moment.
const GOING: Duration = Duration::from_millis(100);
/// What is still served after so many looks is served by somebody else.
const LOOKS: u32 = 50;
/// The label of APIServices that the API server keeps for groups of its own.
const OWN: &str = "kube-aggregator.kubernetes.io/automanaged";

#[derive(Default, Deserialize)]
struct Document<'a> {
    #[serde(default, borrow)]
    items: Vec<Group<'a>>,
}
#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow)]
    metadata: Named<'a>,
    #[serde(default, borrow)]
    versions: Vec<Version<'a>>,
}
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(default, borrow)]
    name: Cow<'a, str>,
}
#[derive(Deserialize)]
struct Version<'a> {
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(default, borrow)]
    freshness: Cow<'a, str>,
    #[serde(default, borrow)]
    resources: Vec<Told<'a>>,
}
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    #[serde(borrow)]
    resource: Cow<'a, str>,
    #[serde(default, borrow)]
    response_kind: Option<ResponseKind<'a>>,
    #[serde(default, borrow)]
    scope: Cow<'a, str>,
    #[serde(default, borrow)]
    verbs: Vec<Cow<'a, str>>,
}
#[derive(Deserialize)]
struct ResponseKind<'a> {
    #[serde(default, borrow)]
    kind: Cow<'a, str>,
}

/// A resource that is followed, and what ends that.
type Followed = BTreeMap<Resource, CancellationToken>;

struct Follower {
    house: House,
    definitions: Informer<PartialObject>,
    services: Informer<PartialObject>,
    followed: Followed,
    /// Definitions that have gone, while discovery still tells of their resources, and how often it was asked since.
    going: BTreeMap<String, u32>,
    /// The version that a definition stores, as of a version of the definition itself.
    stored: BTreeMap<String, (String, Option<String>)>,
}

pub(crate) async fn run(house: House) {
    let definitions = house.informers.metadata(&resource(&CUSTOM_RESOURCE_DEFINITION));
    let services = house.informers.metadata(&resource(&API_SERVICE));
    let (mut defined, mut registered) = (definitions.subscribe(), services.subscribe());
    let stop = house.stop.clone();
    let mut follower =
        Follower { house, definitions, services, followed: Followed::new(), going: BTreeMap::new(), stored: BTreeMap::new() };
    let mut backoff = Backoff::new(Duration::from_millis(100), EVERY, 1.0);
    let mut wait = Duration::ZERO;
    tokio::select! {
        () = stop.cancelled() => return,
        () = follower.definitions.synced() => {}
    }
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            change = defined.recv() => follower.note(&change),
            _ = registered.recv() => {}
            () = tokio::time::sleep(wait) => {}
        }
        // what has changed together is looked at once
        while let Some(change) = defined.try_recv() {
            follower.note(&change);
        }
        while registered.try_recv().is_some() {}
        wait = match follower.look().await {
            Ok(()) => {
                backoff.reset();
                follower.again()
            }
            Err(error) => {
                let wait = backoff.next();
                tracing::warn!(code = error.code(), ?wait, "discovery failed: {}", error.message());
                wait
            }
        };
    }
}

impl Follower {
    fn note(&mut self, change: &Change<PartialObject>) {
        let name = Key::of(&change.latest().metadata).name;
        if change.new.is_some() {
            self.going.remove(&name);
        } else {
            self.stored.remove(&name);
            self.going.insert(name, 0);
        }
    }
    /// When to look again even without an event.
    fn again(&self) -> Duration {
        let own = |service: &PartialObject| service.metadata.labels.as_ref().is_some_and(|labels| labels.contains_key(OWN));
        if !self.going.is_empty() {
            GOING
        } else if self.services.list().iter().any(|service| !own(service)) {
            EVERY
        } else {
            Duration::MAX
        }
    }
    /// Follows what is served now, and no more than that.
    async fn look(&mut self) -> Result<(), ApiError> {
        let bytes = client::get_accepting(&self.house.informers.client(), "/apis", ACCEPT).await?;
        let document: Document<'_> = serde_json::from_slice(&bytes).map_err(ApiError::internal)?;
        for name in several_versions(&document) {
            self.learn_stored(&name).await;
        }
        let mut outside = outside(&document, &self.going, |name| self.stored.get(name).and_then(|(_, version)| version.as_deref()));
        let served = |name: &str| document.told().any(|(group, _, told)| is_named(name, &told.resource, group));
        self.going.retain(|name, looks| {
            *looks += 1;
            *looks < LOOKS && served(name)
        });
        // of what is not told of now, what was told last holds
        let kept = self.followed.keys().filter(|resource| outside.failing.contains(&resource.api_version()));
        let before = self.house.sources.outside();
        let kept: Vec<(Resource, bool)> =
            kept.map(|resource| (resource.clone(), before.resources.get(resource).copied().unwrap_or_default())).collect();
        outside.resources.extend(kept);
        self.follow(&outside);
        self.house.sources.tell(outside);
        Ok(())
    }
    fn follow(&mut self, outside: &Outside) {
        let house = &self.house;
        self.followed.retain(|resource, gone| {
            let stays = outside.resources.contains_key(resource);
            if !stays {
                gone.cancel();
                house.sources.remove(&house.informers, resource);
            }
            stays
        });
        for resource in outside.resources.keys() {
            if !self.followed.contains_key(resource) {
                let gone = house.stop.child_token();
                self.followed.insert(resource.clone(), gone.clone());
                let (house, resource) = (house.clone(), resource.clone());
                tokio::spawn(async move { house.sources.add(&house.informers, resource, gone).await });
            }
        }
    }
    /// Objects of several versions are followed at the one that is stored, which nobody has to convert.
    async fn learn_stored(&mut self, name: &str) {
        let Some(definition) = self.definitions.get("", name) else { return };
        let version = definition.metadata.resource_version.clone().unwrap_or_default();
        if self.stored.get(name).is_some_and(|(known, _)| *known == version) {
            return;
        }
        let path = resource(&CUSTOM_RESOURCE_DEFINITION).object("", name);
        // without an answer, the version that discovery prefers does as well
        let Ok(bytes) = client::call(&self.house.informers.client(), Method::GET, &path, Body::Empty).await else { return };
        let Ok(definition) = serde_json::from_slice::<CustomResourceDefinition>(&bytes) else { return };
        let stored = definition.spec.versions.into_iter().find(|version| version.storage && version.served);
        self.stored.insert(name.to_owned(), (version, stored.map(|version| version.name)));
    }
}

impl<'a> Document<'a> {
    /// Every resource beside the built-in ones, with its group and version, the preferred version first.
    fn told(&self) -> impl Iterator<Item = (&str, &Version<'a>, &Told<'a>)> {
        self.items.iter().flat_map(|group| {
            let told = group.versions.iter().flat_map(|version| version.resources.iter().map(move |told| (version, told)));
            told.map(|(version, told)| (group.metadata.name.as_ref(), version, told))
                .filter(|(group, _, told)| !kinds::lookup::served().any(|kind| kind.group == *group && kind.plural == told.resource))
        })
    }
}

impl Told<'_> {
    fn can(&self, verb: &str) -> bool {
        self.verbs.iter().any(|known| known == verb)
    }
    fn kind(&self) -> &str {
        self.response_kind.as_ref().map(|kind| kind.kind.as_ref()).unwrap_or_default()
    }
    fn is_followable(&self) -> bool {
        !self.kind().is_empty() && ["list", "watch", "delete"].iter().all(|verb| self.can(verb))
    }
    fn resource_of(&self, group: &str, version: &Version<'_>) -> Resource {
        Resource {
            group: group.to_owned().into(),
            version: version.version.clone().into_owned().into(),
            kind: self.kind().to_owned().into(),
            plural: self.resource.clone().into_owned().into(),
            namespaced: self.scope == "Namespaced",
        }
    }
}

/// Definitions are named after what they define.
fn is_named(name: &str, plural: &str, group: &str) -> bool {
    name.split_once('.') == Some((plural, group))
}

/// The names of resources that are served at more than one version.
fn several_versions(document: &Document<'_>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let names = document.told().map(|(group, _, told)| format!("{}.{group}", told.resource));
    names.filter(|name| !seen.insert(name.clone())).collect()
}

/// What a document tells of, without the resources of definitions that are going. `stored` is the version that a definition stores.
fn outside<'a>(document: &Document<'_>, going: &BTreeMap<String, u32>, stored: impl Fn(&str) -> Option<&'a str>) -> Outside {
    let mut found = Outside::default();
    let stale = document.items.iter().flat_map(|group| {
        let stale = group.versions.iter().filter(|version| version.freshness == "Stale");
        stale.map(|version| format!("{}/{}", group.metadata.name, version.version))
    });
    found.failing.extend(stale);
    let mut candidates: BTreeMap<String, Vec<(&str, &Version<'_>, &Told<'_>)>> = BTreeMap::new();
    for (group, version, told) in document.told().filter(|(_, _, told)| told.is_followable()) {
        candidates.entry(format!("{}.{group}", told.resource)).or_default().push((group, version, told));
    }
    for (name, candidates) in candidates.iter().filter(|(name, _)| !going.contains_key(*name)) {
        let is_stored = |version: &Version<'_>| stored(name).is_some_and(|stored| stored == version.version);
        let chosen = candidates.iter().find(|(_, version, _)| is_stored(version)).or(candidates.first());
        found.resources.extend(chosen.map(|(group, version, told)| (told.resource_of(group, version), told.can("deletecollection"))));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn resource(plural: &str, verbs: &[&str]) -> Value {
        json!({"resource": plural, "responseKind": {"group": "", "version": "", "kind": "K"}, "scope": "Namespaced", "singularResource": "k", "verbs": verbs})
    }
    fn version(name: &str, freshness: &str, resources: Vec<Value>) -> Value {
        json!({"version": name, "freshness": freshness, "resources": resources})
    }
    fn check(groups: Vec<(&str, Vec<Value>)>, going: &[&str], stored: Option<&str>, expected: (&[&str], &[&str])) {
        let items: Vec<Value> =
            groups.into_iter().map(|(name, versions)| json!({"metadata": {"name": name}, "versions": versions})).collect();
        let text = json!({"items": items}).to_string();
        let document: Document<'_> = serde_json::from_str(&text).unwrap();
        let going = going.iter().map(|name| (name.to_string(), 0)).collect();
        let found = outside(&document, &going, |_| stored);
        let told = |(resource, by_collection): (&Resource, &bool)| format!("{} {} {by_collection}", resource.qualified(), resource.version);
        let resources: Vec<String> = found.resources.iter().map(told).collect();
        assert_eq!(
            (resources, found.failing.into_iter().collect::<Vec<_>>()),
            (expected.0.iter().map(ToString::to_string).collect(), expected.1.iter().map(ToString::to_string).collect(),)
        );
    }

    #[test]
    fn what_can_be_listed_watched_and_deleted_is_followed_once() {
        let all: &[&str] = &["delete", "deletecollection", "get", "list", "watch"];
        let few: &[&str] = &["delete", "list", "watch"];
        check(vec![("apps", vec![version("v1", "Current", vec![resource("deployments", all)])])], &[], None, (&[], &[]));
        check(vec![("extensions", vec![version("v1beta1", "Current", vec![resource("ingresses", all)])])], &[], None, (&[], &[]));
        let served = |freshness: &str| {
            let versions = vec![
                version("v2", "Current", vec![resource("as", all), resource("bs", few), resource("cs", &["get", "list"])]),
                version("v1", "Current", vec![resource("as", all)]),
                version("v1alpha1", freshness, vec![]),
            ];
            vec![("x.io", versions)]
        };
        check(served("Current"), &[], None, (&["as.x.io v2 true", "bs.x.io v2 false"], &[]));
        check(served("Stale"), &["bs.x.io"], Some("v1"), (&["as.x.io v1 true"], &["x.io/v1alpha1"]));
    }
}
