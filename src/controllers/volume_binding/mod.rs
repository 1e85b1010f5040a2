//! Claims and volumes are bound to each other: each claim to the smallest volume that suits it, or to the one that it names, as upstream's binder. Volumes that have
//! to be made are asked for, of the provisioner that a class names; what makes and deletes them is not here.

mod claim;
mod suit;
mod volume;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim};
use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use runtime::{Action, Announcement, Change, Index, Informer, Key, Plan, Reconciler, reference};

use crate::House;
use crate::controller::Controller;

const NAME: &str = "persistentvolume-controller";
/// One at a time, as upstream's: no two claims are after the same volume.
const WORKERS: usize = 1;
/// The claim says that its binding is whole.
const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// On a claim or a volume: the other side was chosen here, not by its author.
const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";

/// On the class that claims without any get.
const IS_DEFAULT: [&str; 2] = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Claim(Key),
    Volume(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(key) => write!(f, "claim {key}"),
            Self::Volume(name) => write!(f, "volume {name}"),
        }
    }
}

enum Snapshot {
    Claim(claim::Snapshot),
    Volume(volume::Snapshot),
}

struct Binder {
    claims: Informer<PersistentVolumeClaim>,
    volumes: Informer<PersistentVolume>,
    classes: Informer<StorageClass>,
    /// Volumes by their class.
    of_class: Index<PersistentVolume>,
}

/// | change | keys |
/// |---|---|
/// | PersistentVolumeClaim | itself; the PersistentVolumes that it names, and that name it |
/// | PersistentVolume | itself; the claims that it names and that name it; where it is to be had, the claims of its class that have none |
/// | StorageClass | the claims of it, and of none, that have no volume |
pub(crate) async fn run(house: House) {
    let informers = &house.informers;
    let (claims, volumes, classes) =
        (informers.of::<PersistentVolumeClaim>(), informers.of::<PersistentVolume>(), informers.of::<StorageClass>());
    let of_class = volumes.index("class", |volume| vec![suit::class_of_volume(volume).to_owned()]);
    let of_claim: Index<PersistentVolume> =
        volumes.index("claim", |volume| suit::claim_of(volume).map(|key| key.to_string()).into_iter().collect());
    let of_volume: Index<PersistentVolumeClaim> =
        claims.index("volume", |claim| suit::volume_of(claim).map(str::to_owned).into_iter().collect());
    let waiting: Index<PersistentVolumeClaim> = claims
        .index("waiting", |claim| suit::volume_of(claim).is_none().then(|| suit::class_of_claim(claim).to_owned()).into_iter().collect());
    let reconciler = Binder { claims: claims.clone(), volumes: volumes.clone(), classes: classes.clone(), of_class };
    let of_class = waiting.clone();
    Controller::new(house, NAME, WORKERS, reconciler)
        .on(&claims, move |change| {
            let named = change.both().filter_map(|claim| suit::volume_of(claim).map(str::to_owned));
            let naming = of_claim.get(&Key::of(&change.latest().metadata).to_string());
            let naming: Vec<String> = naming.iter().map(|volume| name(&volume.metadata)).collect();
            std::iter::once(Subject::Claim(Key::of(&change.latest().metadata))).chain(named.chain(naming).map(Subject::Volume)).collect()
        })
        .on(&volumes, move |change: &Change<PersistentVolume>| {
            let own = name(&change.latest().metadata);
            let claims = change.both().filter_map(|volume| suit::claim_of(volume));
            let named = of_volume.get(&own).into_iter().map(|claim| Key::of(&claim.metadata));
            let free = change.new.iter().filter(|volume| suit::phase(volume) == "Available");
            let waiting = free.flat_map(|volume| waiting.get(suit::class_of_volume(volume))).map(|claim| Key::of(&claim.metadata));
            let keys = claims.chain(named).chain(waiting).map(Subject::Claim);
            std::iter::once(Subject::Volume(own.clone())).chain(keys).collect()
        })
        .on(&classes, move |change| {
            let claims = [name(&change.latest().metadata), String::new()].into_iter().flat_map(|class| of_class.get(&class));
            claims.map(|claim| Subject::Claim(Key::of(&claim.metadata))).collect()
        })
        .run()
        .await;
}

impl Reconciler for Binder {
    type Key = Subject;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        NAME
    }
    fn observe(&self, key: &Subject) -> Option<Snapshot> {
        match key {
            Subject::Claim(key) => {
                let claim = self.claims.get(&key.namespace, &key.name)?;
                let named = suit::volume_of(&claim).and_then(|name| self.volumes.get("", name));
                let class = self.classes.get("", suit::class_of_claim(&claim));
                let default_class = default_class(&self.classes.list());
                let candidates =
                    if suit::volume_of(&claim).is_none() { self.of_class.get(suit::class_of_claim(&claim)) } else { Vec::new() };
                Some(Snapshot::Claim(claim::Snapshot { claim, named, class, default_class, candidates }))
            }
            Subject::Volume(name) => {
                let volume = self.volumes.get("", name)?;
                let claim = suit::claim_of(&volume).and_then(|key| self.claims.get(&key.namespace, &key.name));
                Some(Snapshot::Volume(volume::Snapshot { volume, claim }))
            }
        }
    }
    fn plan(&self, snapshot: &Snapshot, _now: Timestamp) -> Plan {
        let actions = match snapshot {
            Snapshot::Claim(snapshot) => claim::plan(snapshot),
            Snapshot::Volume(snapshot) => volume::plan(snapshot),
        };
        Plan { actions, requeue_at: None }
    }
}

fn name(meta: &ObjectMeta) -> String {
    meta.name.clone().unwrap_or_default()
}

/// Of several, the newest.
fn default_class(classes: &[Arc<StorageClass>]) -> Option<String> {
    let is_default = |class: &&Arc<StorageClass>| {
        let annotations = class.metadata.annotations.as_ref();
        IS_DEFAULT.iter().any(|name| annotations.and_then(|annotations| annotations.get(*name)).is_some_and(|value| value == "true"))
    };
    let made = |class: &Arc<StorageClass>| class.metadata.creation_timestamp.as_ref().map(|time| time.0);
    let newest = |one: &&Arc<StorageClass>, other: &&Arc<StorageClass>| {
        made(one).cmp(&made(other)).then_with(|| other.metadata.name.cmp(&one.metadata.name))
    };
    classes.iter().filter(is_default).max_by(newest).and_then(|class| class.metadata.name.clone())
}

fn has_annotation(meta: &ObjectMeta, annotation: &str) -> bool {
    meta.annotations.as_ref().is_some_and(|annotations| annotations.contains_key(annotation))
}

fn annotate(meta: &mut ObjectMeta, annotation: &str, value: &str) {
    meta.annotations.get_or_insert_default().insert(annotation.to_owned(), value.to_owned());
}

/// Only an Event about an object.
fn tell<K: api::Typed>(object: &Arc<K>, kind: &'static str, reason: &'static str, message: impl Into<String>) -> Action {
    Action::announce(Announcement { regarding: reference(object.as_ref()), kind, reason, message: message.into() })
}
